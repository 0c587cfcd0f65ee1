"""The pages: what each shows, read from the store, and the lists as CSV and JSON. Nothing here knows of a server."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import partial
from importlib.resources import files
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlalchemy import Connection

from vovcrawl import sections
from vovcrawl.browse import lists, marking
from vovcrawl.browse.calendar import Year, years
from vovcrawl.browse.language import Words, chosen
from vovcrawl.browse.lists import Asked
from vovcrawl.feeds.exporters import cell
from vovcrawl.items import Article
from vovcrawl.near_duplicates import changes
from vovcrawl.snippets import Excerpt
from vovcrawl.store import ArticleStore, RunStore
from vovcrawl.store.browsing import Browsing, Filters, Overview, Sentence
from vovcrawl.text import shown

HTML, CSV, JSON, CSS = (f"{kind}; charset=utf-8" for kind in ("text/html", "text/csv", "application/json", "text/css"))

_NEWEST = 8
_RUNS = 5
_SHOWN_SENTENCES = 60
_MOST_CHANGES = 40
"""Changes of a revision that are shown."""

_LIST_FIELDS = ("canonical_url", "date_published", "section", "content_type", "headline", "snippet")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request gets."""

    body: str
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request, without its server."""

    path: str
    """As sent, percent-encoded."""
    parameters: Sequence[tuple[str, str]] = ()
    accept_language: str = ""
    part: str = ""
    """The last part of the path, decoded: the name of an author or tag, or a day."""

    @property
    def format(self) -> str:
        """`csv`, `json`, or '' for a page."""
        given = next((value for name, value in self.parameters if name == "format"), "")
        return given if given in ("csv", "json") else ""

    def parameter(self, name: str) -> str:
        """The value of a parameter of the url; '' where it has none."""
        return next((value for key, value in self.parameters if key == name), "")


class Pages:
    """The pages of one store.

    Args:
        tables: path below which the tables are served as they are.
    """

    def __init__(self, tables: str = "/") -> None:
        self._tables = tables
        self._overview: tuple[tuple[int, int], Overview] | None = None
        self._templates = Environment(
            loader=PackageLoader("vovcrawl.browse"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=visible,
        )
        self._templates.filters |= {"marked": marked, "path_part": partial(quote, safe="")}
        self._templates.globals |= {"as_is": str, "most_downloaded": lists.MOST_DOWNLOADED}

    def front(self, connection: Connection, asking: Asking) -> Answer:
        """What is here, from when to when, and the last runs."""
        browsing = Browsing(connection)
        overview = self.overview(browsing)
        newest = lists.find(connection, Asked(), _NEWEST)
        runs = RunStore(connection).last(_RUNS)
        return self._page(asking, "front", overview=overview, newest=newest.rows, runs=runs, asked=Asked())

    def overview(self, browsing: Browsing) -> Overview:
        """What the store holds, counted anew only where an article came or changed."""
        state = browsing.state()
        if self._overview is None or self._overview[0] != state:
            self._overview = (state, browsing.overview())
        return self._overview[1]

    def search(self, connection: Connection, asking: Asking) -> Answer:
        """The articles that a search finds, or all of them, with filters."""
        return self._list(connection, asking, Asked.of(asking.parameters), "/search")

    def author(self, connection: Connection, asking: Asking) -> Answer:
        """The articles of an author."""
        browsing = Browsing(connection)
        if not browsing.has_author(asking.part):
            return self.missing(asking, "no_author", name=asking.part)
        asked = Asked.of([*asking.parameters, ("author", asking.part)])
        heading = {"heading": "author_title", "name": asking.part}
        return self._list(connection, asking, asked, asking.path, fixed="author", **heading)

    def tag(self, connection: Connection, asking: Asking) -> Answer:
        """The articles with a tag."""
        if not Browsing(connection).has_tag(asking.part):
            return self.missing(asking, "no_tag", name=asking.part)
        asked = Asked.of([*asking.parameters, ("tag", asking.part)])
        return self._list(connection, asking, asked, asking.path, fixed="tag", heading="tag_title", name=asking.part)

    def _list(
        self, connection: Connection, asking: Asking, asked: Asked, path: str, *, fixed: str = "", **heading: str
    ) -> Answer:
        """A list of articles.

        Args:
            connection: of the store.
            asking: the request.
            asked: which articles.
            path: of the list.
            fixed: the filter that the path itself names.
            heading: what the page is called, where it is no search.
        """
        if asking.format:
            found = lists.find(connection, asked, lists.MOST_DOWNLOADED, 0)
            return _download(asking.format, _LIST_FIELDS, (_plain(row) for row in found.rows))
        found = lists.find(connection, asked)
        facets = (
            self.overview(Browsing(connection)).facets
            if asked.filters.is_empty and not asked.words
            else lists.facets(connection, asked)
        )
        affiliations = Browsing(connection).affiliations(asking.part) if fixed == "author" else []
        drop: dict[str, None] = {fixed: None} if fixed else {}

        def to(**others: str | int | None) -> str:
            return asked.url(path, **{**drop, **others})

        return self._page(
            asking,
            "list",
            found=found,
            facets=facets,
            asked=asked,
            to=to,
            fixed=fixed,
            heading=heading.get("heading", ""),
            name=heading.get("name", ""),
            affiliations=affiliations,
            last_page=min(lists.MOST_PAGES, max(1, -(-found.count // lists.PAGE))),
        )

    def article(self, connection: Connection, asking: Asking) -> Answer:
        """One article, whole."""
        browsing, store = Browsing(connection), ArticleStore(connection)
        url = asking.parameter("url")
        article = store.read(url)
        if article is None and (led := browsing.led_to([url]).get(url)) is not None:
            article = store.read(led)
        if article is None:
            return self.missing(asking, "no_article", url=url)
        if asking.format == "json":
            return Answer(shown(article.to_json()), JSON)
        wanted = [*(one.url for one in article.related if one.url), *(link.url for link in article.links)]
        history = store.history(article.canonical_url)
        return self._page(
            asking,
            "article",
            article=article,
            headline=_marked_field(article, "headline"),
            lead=_marked_field(article, "description"),
            paragraphs=marking.paragraphs(article),
            led_to=browsing.led_to(wanted),
            group=browsing.group_of(article.canonical_url),
            history=history,
            differences=[_differences(before.article, after.article) for before, after in pairwise(history)],
            days=_days_named(article),
            gone_at=browsing.gone_at(article.canonical_url),
            asked=Asked(),
        )

    def day(self, connection: Connection, asking: Asking) -> Answer:
        """What the whole corpus says of a day."""
        words = Words(chosen(asking.accept_language))
        given = asking.part or asking.parameter("day")
        try:
            day = date.fromisoformat(given)
        except ValueError:
            return self.missing(asking, "day_wrong", text=given)
        browsing = Browsing(connection)
        sentences = browsing.sentences(day)
        if asking.format:
            names = tuple(Sentence.__dataclass_fields__)
            return _download(asking.format, names, (asdict(each) for each in sentences))
        of_day = [each for each in sentences if each.days == 1]
        of_period = [each for each in sentences if each.days > 1]
        published = browsing.articles(Filters(month=day.isoformat()), lists.PAGE)
        return self._page(
            asking,
            "day",
            day=day,
            of_day=of_day[:_SHOWN_SENTENCES],
            of_period=of_period[:_SHOWN_SENTENCES],
            has_more=len(of_day) > _SHOWN_SENTENCES or len(of_period) > _SHOWN_SENTENCES,
            published=published,
            number_published=browsing.count(Filters(month=day.isoformat())),
            before=_moved(day, -1),
            after=_moved(day, 1),
            title=words("day_title", day=words.day(day, weekday=True)),
            asked=Asked(),
        )

    def coverage(self, connection: Connection, asking: Asking) -> Answer:
        """How many articles there are of each day."""
        browsing = Browsing(connection)
        overview = self.overview(browsing)
        if overview.first is None or overview.last is None:
            return self._page(asking, "coverage", years=[], chosen=0, of_year=None, asked=Asked())
        first, last = (date.fromisoformat(moment[:10]) for moment in (overview.first, overview.last))
        if asking.format:
            names = ("day", "section", "articles")
            rows = (
                {"day": each.day, "section": section, "articles": number}
                for each in browsing.days(first.isoformat(), last.isoformat())
                for section, number in sorted(each.sections.items())
            )
            return _download(asking.format, names, rows)
        given = asking.parameter("year")
        year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 and int(given) else last.year
        counts = {
            date.fromisoformat(each.day): each.articles for each in browsing.days(first.isoformat(), last.isoformat())
        }
        of_year = Year.of(year, counts)
        return self._page(asking, "coverage", years=years(first, last), chosen=year, of_year=of_year, asked=Asked())

    def stylesheet(self, connection: Connection, asking: Asking) -> Answer:
        """How the pages look."""
        return Answer((files("vovcrawl.browse") / "static" / "browse.css").read_text("utf-8"), CSS)

    def missing(self, asking: Asking, message: str = "not_found", /, **values: str) -> Answer:
        """That there is no such page."""
        return self._page(asking, "missing", 404, message=message, values=values, asked=Asked())

    def failed(self, asking: Asking, reason: str, status: int = 503) -> Answer:
        """That something is wrong, with the store or with what was asked."""
        name = "store_error" if status == 503 else "wrong"
        return self._page(asking, "missing", status, message=name, values={"reason": reason}, asked=Asked())

    def _page(self, asking: Asking, template: str, status: int = 200, **values: Any) -> Answer:
        words = Words(chosen(asking.accept_language))

        def label_section(slug: str) -> str:
            return (sections.name_of(slug) or slug) if slug else words("no_section")

        given = {
            "t": words,
            "tables": self._tables,
            "path": asking.path,
            "section_name": sections.name_of,
            "label_section": label_section,
            **values,
        }
        text = self._templates.get_template(f"browse/{template}.html").render(given)
        return Answer(text, HTML, status, {"Vary": "Accept-Language"})


Page = Callable[[Pages, Connection, Asking], Answer]


def marked(excerpt: Excerpt) -> Markup:
    """A text with what was found in it marked, its control characters shown."""
    parts: list[str] = []
    at = 0
    for start, end in excerpt.marks:
        parts.append(escape(visible(_on_one_line(excerpt.text[at:start]))))
        parts.append(Markup("<mark>{}</mark>").format(visible(_on_one_line(excerpt.text[start:end]))))
        at = end
    parts.append(escape(visible(_on_one_line(excerpt.text[at:]))))
    return Markup("").join(parts)


def visible(value: Any) -> Any:
    """What a template writes: a text with its control characters shown, everything else as it is."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _on_one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")


def _marked_field(article: Article, name: str) -> list[marking.Piece]:
    text = getattr(article, name) or ""
    return marking.pieces(text, [each for each in article.time_expressions if each.field == name])


def _differences(before: Article, after: Article) -> list[Any]:
    """The first words that changed from one text to the next."""
    found = changes(before.headline, after.headline)
    found += changes(before.description or "", after.description or "")
    found += changes(before.body, after.body)
    return found[:_MOST_CHANGES]


def _days_named(article: Article) -> list[date]:
    """The single days that an article names, each once, in order."""
    found = {piece for each in article.time_expressions if (piece := marking.day_of(each)) is not None}
    return sorted(found)


def _moved(day: date, by: int) -> date | None:
    try:
        return day + timedelta(by)
    except OverflowError:
        return None


def _plain(row: lists.Row) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _LIST_FIELDS if name not in ("headline", "snippet")}
    return {**values, "headline": row.headline.text, "snippet": row.snippet.text if row.snippet else None}


def _download(form: str, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Answer:
    """A list as a file: JSON, or CSV that a spreadsheet opens."""
    if form == "json":
        return Answer(json.dumps([{name: row[name] for name in names} for row in rows], ensure_ascii=False), JSON)
    text = io.StringIO()
    written = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    written.writerow(names)
    for row in rows:
        written.writerow([cell("" if row[name] is None else str(row[name])) for name in names])
    return Answer("\ufeff" + text.getvalue(), CSV, headers={"Content-Disposition": 'attachment; filename="vov.csv"'})
