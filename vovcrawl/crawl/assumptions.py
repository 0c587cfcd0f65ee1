"""What this crawler assumes of the site, one object an assumption, each held against a few pages. Pure.

`Evidence` is what the site answered; `ASSUMPTIONS` are judged by it for `scrapy doctor`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from statistics import median
from typing import TypeVar

from vovcrawl import sections, urls
from vovcrawl.crawl import failures, sources
from vovcrawl.crawl.asking import Answer
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.items import ContentType
from vovcrawl.middlewares import robots_text
from vovcrawl.pages import NotAnArticle, PageError, Reason, listing, markup, menu, provenance, rss, sitemap
from vovcrawl.pages.document import Document, Element, classes
from vovcrawl.pages.layout import Layout
from vovcrawl.pages.listing import Listing
from vovcrawl.pages.provenance import Traced
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.pages.refusal import why_not
from vovcrawl.pages.rss import Feed
from vovcrawl.pages.sitemap import Entry, Sitemap
from vovcrawl.text import clean
from vovcrawl.visits import NOT_MODIFIED, Outcome

_T = TypeVar("_T")


class Role(StrEnum):
    """What a page was asked for as."""

    ROBOTS = "robots.txt"
    FRONT = "the front page"
    INDEX = "the index of sitemaps"
    MONTH = "this month's sitemap"
    MONTH_BEFORE = "the sitemap of the month before"
    FEEDS = "the page of feeds"
    FEED = "a feed"
    LISTING = "a listing"
    SECOND = "the listing's second page"
    AGAIN = "an article, asked for again"


class Verdict(StrEnum):
    """How an assumption stands."""

    HOLDS = "holds"
    DIFFERS = "differs"
    NOT_ASKED = "not asked"
    """It could not be asked, so that nothing is known of it."""
    NOTE = "note"
    """Worth knowing; a crawl can do without."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one assumption."""

    name: str
    """What it is about, in a word or two."""
    expected: str
    verdict: Verdict
    met: str
    """What was met instead or in detail, or why it could not be asked."""
    status: int = ExitStatus.COMPLETE
    """The exit status that it alone would give."""


class Differs(Exception):
    """The site is not as expected; the text says what was met."""


class NotAsked(Exception):
    """It could not be asked; the text says why."""

    def __init__(self, why: str, outcome: Outcome | None = None) -> None:
        super().__init__(why)
        self.outcome = outcome


class TooEarly(Exception):
    """There is too little yet to tell by; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that the crawler takes for granted of the site."""

    name: str
    expected: str
    judge: Callable[[Evidence], str]
    """What was met, where it holds; else it raises `Differs`, `NotAsked` or `TooEarly`."""
    is_needed: bool = True
    """Whether crawls are incomplete or wrong without it."""

    def find(self, evidence: Evidence) -> Finding:
        """How it stands."""
        try:
            met = self.judge(evidence)
        except TooEarly as error:
            return self._finding(Verdict.NOTE, str(error))
        except Differs as error:
            if not self.is_needed:
                return self._finding(Verdict.NOTE, str(error))
            return self._finding(Verdict.DIFFERS, str(error), ExitStatus.CHANGED)
        except NotAsked as error:
            if not self.is_needed:
                return self._finding(Verdict.NOTE, f"could not be asked: {error}")
            blocked = error.outcome is Outcome.BLOCKED
            status = ExitStatus.BLOCKED if blocked else ExitStatus.UNREACHABLE
            return self._finding(Verdict.NOT_ASKED, str(error), status)
        return self._finding(Verdict.HOLDS, met)

    def _finding(self, verdict: Verdict, met: str, status: int = ExitStatus.COMPLETE) -> Finding:
        return Finding(self.name, self.expected, verdict, met, status)


_UNKNOWN = "nothing was asked"


@dataclass
class Evidence:
    """What the site answered, and what that says."""

    now: datetime
    """In +07:00."""
    answers: dict[Role, Answer] = field(default_factory=dict)
    articles: list[Answer] = field(default_factory=list)
    """Pages that should hold articles."""
    traced: list[Traced | NotAnArticle] = field(default_factory=list)
    """Those that were had, as they are read, or why they are not."""

    def add_article(self, answer: Answer) -> None:
        """Takes in a page that should hold an article."""
        self.articles.append(answer)
        if answer.failure is None:
            self.traced.append(_traced(answer))

    def page(self, role: Role) -> Answer:
        """A page that was had.

        Raises:
            NotAsked: there is none.
        """
        answer = self.answers.get(role)
        if answer is None:
            raise NotAsked(_UNKNOWN)
        _check_blocked(answer)
        if answer.failure is not None:
            raise NotAsked(f"{role}: {answer.failure.reason}", answer.failure.outcome)
        return answer

    def had(self, role: Role) -> Answer:
        """A page that the site must have.

        Raises:
            Differs: the site says that it has none.
            NotAsked: the site did not say.
        """
        answer = self.answers.get(role)
        if answer is not None and answer.failure is not None and _is_lost(answer):
            raise Differs(f"{answer.asked}: {answer.failure.reason}")
        return self.page(role)

    def index(self) -> Sitemap:
        """The index of sitemaps.

        Raises:
            Differs: it is none.
            NotAsked: it was not had.
        """
        return self._read(Role.INDEX, sitemap.read)

    def month(self) -> Sitemap:
        """This month's sitemap; raises as `index` does."""
        return self._read(Role.MONTH, sitemap.read)

    def feed(self) -> Feed:
        """A feed; raises as `index` does."""
        return self._read(Role.FEED, rss.read_feed)

    def listing(self, role: Role) -> Listing:
        """A page of the listing; raises as `index` does."""
        return self._read(role, listing.read)

    def _read(self, role: Role, reader: Callable[[bytes, str], _T]) -> _T:
        answer = self.had(role)
        try:
            return reader(answer.body, answer.url)
        except PageError as error:
            if error.reason is Reason.BLOCKED:
                raise NotAsked(str(error), Outcome.BLOCKED) from None
            raise Differs(f"{answer.asked}: {error}") from None

    @cached_property
    def sections(self) -> list[str]:
        """Urls of the sections in the menu; empty where there is none."""
        return self._listed(Role.FRONT, menu.read)

    @cached_property
    def feeds(self) -> list[str]:
        """Urls of the feeds that their page names; empty where it names none."""
        return self._listed(Role.FEEDS, rss.find_feeds)

    def _listed(self, role: Role, reader: Callable[[bytes, str], list[str]]) -> list[str]:
        answer = self.answers.get(role)
        if answer is None or answer.failure is not None:
            return []
        try:
            return reader(answer.body, answer.url)
        except PageError:
            return []

    def read_articles(self) -> list[Traced]:
        """Those that were read.

        Raises:
            NotAsked: there is none.
        """
        found = [one for one in self.traced if isinstance(one, Traced)]
        if not found:
            outcome = next((_outcome_of(answer) for answer in self.articles if _outcome_of(answer) is not None), None)
            raise NotAsked("no article was read", outcome)
        return found


def _traced(answer: Answer) -> Traced | NotAnArticle:
    try:
        return provenance.of_page(answer.body, answer.url, answer.charset)
    except NotAnArticle as error:
        return error


def _is_lost(answer: Answer) -> bool:
    """Whether the site itself says that it has no such page."""
    assert answer.failure is not None
    return answer.failure.outcome in (Outcome.GONE, Outcome.OUT_OF_SCOPE) or (
        answer.failure.outcome is Outcome.UNREADABLE and answer.status is not None and answer.status < _SERVER_ERROR
    )


def refusal_of(answer: Answer) -> PageError | None:
    """What stands in the place of a page, where it is a block page or one that only leads elsewhere."""
    if answer.failure is not None or not answer.body:
        return None
    try:
        document = Document.of(answer.body[:_JUDGED], answer.charset)
    except PageError:
        return None
    if document is None or document.article is not None:
        return None
    error = why_not(document)
    return error if error.reason in (Reason.BLOCKED, Reason.REDIRECT) else None


def _outcome_of(answer: Answer) -> Outcome | None:
    """How a visit ends that gets this answer; None where there is a page."""
    if answer.failure is not None:
        return answer.failure.outcome
    refusal = refusal_of(answer)
    return failures.of_page(refusal, answer.status).outcome if refusal is not None else None


def _check_blocked(answer: Answer) -> None:
    refusal = refusal_of(answer)
    if refusal is not None and refusal.reason is Reason.BLOCKED:
        raise NotAsked(str(refusal), Outcome.BLOCKED)


def _already(read: Callable[[], _T]) -> _T:
    """What another assumption asks first, so that this one need not say the same of it.

    Raises:
        NotAsked: that one does not hold.
    """
    try:
        return read()
    except Differs:
        raise NotAsked("see above") from None


_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_TOO_MANY_REQUESTS = 429
_JUDGED = 300_000
"""Bytes of a page that are looked at to tell a block page; those are short."""
_MOST = 0.9
"""So large a share must be as expected: single entries of a source may be odd."""
_FEW = 10
"""So many dated urls at least tell whether ids rise."""
_SAMPLE = 200
_IN_ORDER = 0.75
"""Share of pairs that are in order where ids rise with dates. Drafts and edits put some out of it; without any relation
it is a half."""
_FAR_APART = timedelta(hours=6)
"""Dates as far apart are compared; articles of one morning may have any order."""
_HALF = 0.5
_FULL_PAGE = 15
"""Articles of a page of a listing at least, where there are more pages."""


def _robots(evidence: Evidence) -> str:
    answer = evidence.answers.get(Role.ROBOTS)
    if answer is None:
        raise NotAsked(_UNKNOWN)
    if answer.status is None or answer.status >= _SERVER_ERROR or answer.status == _TOO_MANY_REQUESTS:
        reason = answer.failure.reason if answer.failure is not None else "no response"
        raise NotAsked(f"without robots.txt nothing may be asked: {reason}", Outcome.UNREACHABLE)
    is_there = answer.status < _CLIENT_ERROR
    front = evidence.answers.get(Role.FRONT)
    if _outcome_of(answer) is Outcome.BLOCKED and (front is None or _outcome_of(front) is Outcome.BLOCKED):
        raise NotAsked(f"the site answers {answer.status}", Outcome.BLOCKED)
    if is_there and robots_text.is_web_page(robots_text.decode(answer.body)):
        _check_blocked(answer)
        raise Differs("a web page in its place, so that nothing may be asked")
    asked = [*evidence.answers.values(), *evidence.articles]
    forbidden = [one.asked for one in asked if one.failure is not None and one.failure.outcome is Outcome.FORBIDDEN]
    # Some articles may be forbidden: a crawl counts them as such.
    pages = [url for url in forbidden if urls.article(url) is None]
    if pages:
        raise Differs(f"it forbids {_few(pages)}")
    if not is_there:
        return f"there is none (the site answers {answer.status}), so that everything may be asked"
    return "it does" + (f", but {_few(forbidden)}" if forbidden else "")


def _front(evidence: Evidence) -> str:
    evidence.had(Role.FRONT)
    if not evidence.sections:
        raise Differs("a front page without a menu that names a section")
    return f"{len(evidence.sections)} sections"


def _known_sections(evidence: Evidence) -> str:
    evidence.page(Role.FRONT)
    if not evidence.sections:
        raise NotAsked("see above: there is no menu")
    known = {f"{urls.SITE}/{path}" for path in sections.MENU}
    named = known.intersection(evidence.sections)
    new = [url for url in evidence.sections if url not in known]
    text = f"{len(named)} of the {len(known)} known" + (f"; new: {_few(new)}" if new else "")
    if len(named) < len(known) * _HALF:
        raise Differs(text)
    return text


def _index(evidence: Evidence) -> str:
    found = evidence.index()
    months = [month for url in found.sitemaps if (month := sitemap.month_of(url)) is not None]
    if not months:
        raise Differs("no sitemap of a month in it")
    return f"{len(months)} months, the last one {_month(max(months))}"


def _reaches_last_month(evidence: Evidence) -> str:
    months = [month for url in _already(evidence.index).sitemaps if (month := sitemap.month_of(url)) is not None]
    if not months:
        raise NotAsked("see above: the index names no month")
    before = sitemap.month_of(sources.month_before(evidence.now))
    if before is not None and max(months) < before:
        raise Differs(f"it ends with {_month(max(months))}; a crawl of more than three months lacks what follows")
    return f"it reaches {_month(max(months))}"


def _this_month(evidence: Evidence) -> str:
    here = evidence.now.astimezone(VIETNAM)
    name = _month((here.year, here.month))
    has_just_begun = sources.has_just_begun(sitemap.month(here.year, here.month), here)
    try:
        found = evidence.month()
        if found.entries:
            return f"{len(found.entries)} articles of {name}"
        missing = "a sitemap without articles"
    except Differs as error:
        missing = str(error)
    if not has_just_begun:
        raise Differs(missing)
    # As a crawl does: the month before tells a new month from a broken sitemap.
    before = evidence.had(Role.MONTH_BEFORE)
    try:
        entries = sitemap.read(before.body, before.url).entries
    except PageError as error:
        raise Differs(f"{missing}; {before.asked}: {error}") from None
    if not entries:
        raise Differs(f"{missing}, nor in that of the month before")
    raise TooEarly(f"no article of {name} yet, on its first day; that of the month before has {len(entries)}")


def _month_entries(evidence: Evidence) -> Sequence[Entry]:
    """The articles of the month; on its first day there may be none yet."""
    entries: Sequence[Entry] = ()
    with suppress(Differs):
        entries = evidence.month().entries
    if entries:
        return entries
    if evidence.now.astimezone(VIETNAM).day == 1:
        raise TooEarly("no article of the month yet")
    raise NotAsked("see above")


def _ids(evidence: Evidence) -> str:
    entries, others = _month_entries(evidence), evidence.month().others
    with_post = sum((parsed := urls.article(entry.url)) is not None and parsed.has_post for entry in entries)
    if with_post < (len(entries) + others) * _MOST:
        odd = next((e.url for e in entries if (p := urls.article(e.url)) is None or not p.has_post), None)
        raise Differs(f"{with_post} of {len(entries) + others}" + (f"; another is {odd}" if odd else ""))
    return f"{with_post} of {len(entries) + others}"


def _dates_of_change(evidence: Evidence) -> str:
    entries = _month_entries(evidence)
    dated = [entry for entry in entries if entry.modified is not None]
    if len(dated) < len(entries) * _MOST:
        raise Differs(f"{len(dated)} of {len(entries)} have one")
    here = evidence.now.astimezone(VIETNAM)
    first, tomorrow = f"{here:%Y-%m}-01", f"{here + timedelta(days=1):%Y-%m-%d}"
    fitting = [one for one in dated if first <= (one.modified or "")[:10] <= tomorrow]
    if len(fitting) < len(dated) * _MOST:
        odd = next(one for one in dated if one not in fitting)
        raise Differs(f"{len(fitting)} of {len(dated)} lie in the month; another is {odd.modified}")
    return f"{len(dated)} of {len(entries)} have one, the latest {max(one.modified or '' for one in dated)[:16]}"


def _ids_rise(evidence: Evidence) -> str:
    dated = sorted(
        (datetime.fromisoformat(entry.modified), int(parsed.number or 0))
        for entry in _month_entries(evidence)
        if entry.modified is not None and (parsed := urls.article(entry.url)) is not None and parsed.has_post
    )
    step = max(1, len(dated) // _SAMPLE)
    pairs = [(a, b) for a, b in combinations(dated[::step], 2) if b[0] - a[0] >= _FAR_APART]
    if len(pairs) < _FEW:
        raise TooEarly(f"{len(dated)} dated articles are too few to tell")
    share = sum(earlier[1] < later[1] for earlier, later in pairs) / len(pairs)
    if share < _IN_ORDER:
        raise Differs(f"of two articles the later one has the higher id in {share:.0%} of the pairs")
    return f"in {share:.0%} of the pairs compared"


def _feeds(evidence: Evidence) -> str:
    evidence.had(Role.FEEDS)
    if not evidence.feeds:
        raise Differs("a page that links no feed")
    return f"{len(evidence.feeds)} feeds"


def _feed(evidence: Evidence) -> str:
    found = evidence.feed()
    if not found.items:
        raise Differs(f"no article in {evidence.page(Role.FEED).asked}")
    return f"{len(found.items)} articles"


def _feed_dates(evidence: Evidence) -> str:
    items = _already(evidence.feed).items
    if not items:
        raise NotAsked("see above: the feed has no article")
    dated = [item.published for item in items if item.published is not None]
    if len(dated) < len(items) * _MOST:
        raise Differs(f"{len(dated)} of {len(items)} have one")
    return f"{len(dated)} of {len(items)} have one, the latest {max(dated)[:16]}"


def _listing(evidence: Evidence) -> str:
    answer, found = evidence.had(Role.LISTING), evidence.listing(Role.LISTING)
    if not found.articles:
        raise Differs(f"no link to an article on {answer.asked}")
    return f"{len(found.articles)} articles on {answer.asked}"


def _listing_part(evidence: Evidence) -> str:
    answer = evidence.page(Role.LISTING)
    document = Document.of(answer.body)
    for element in document.root.iter("div") if document is not None else ():
        if not markup.LISTINGS.isdisjoint(classes(element)):
            return provenance.selector_of(element)
    raise Differs("none of them, so that any link on the page is taken for the listing's")


def _pager(evidence: Evidence) -> str:
    found = _first_page(evidence)
    if not found.last_page:
        raise Differs("no pager that names a further page")
    return f"up to page {found.last_page}"


def _first_page(evidence: Evidence) -> Listing:
    """A listing that must have further pages."""
    found = _already(lambda: evidence.listing(Role.LISTING))
    if not found.last_page and len(found.articles) < _FULL_PAGE:
        raise TooEarly(f"a listing of {len(found.articles)} articles needs no second page")
    return found


def _second_page(evidence: Evidence) -> str:
    first = _first_page(evidence).articles
    second = evidence.listing(Role.SECOND).articles
    others = [url for url in second if url not in first]
    if not others:
        raise Differs("the same articles again" if second else "a page without articles")
    return f"{len(others)} others"


def _newest_first(evidence: Evidence) -> str:
    numbers = [
        [int(parsed.number or 0) for url in found.articles if (parsed := urls.article(url)) is not None]
        for found in (_first_page(evidence), _already(lambda: evidence.listing(Role.SECOND)))
    ]
    if not all(numbers):
        raise NotAsked("see above")
    first, second = (median(of_page) for of_page in numbers)
    if first <= second:
        raise Differs("the second page has the higher ids")
    return "the second page has the lower ids"


def _articles(evidence: Evidence) -> str:
    if not evidence.articles:
        raise NotAsked("no source named an article")
    for answer in evidence.articles:
        if answer.failure is not None and not _is_lost(answer):
            raise NotAsked(f"{answer.asked}: {answer.failure.reason}", answer.failure.outcome)
        _check_blocked(answer)
    wrong = [f"{one.asked}: {one.failure.reason}" for one in evidence.articles if one.failure is not None]
    pages = [one for one in evidence.articles if one.failure is None]
    wrong += [
        f"{answer.asked}: {found}"
        for answer, found in zip(pages, evidence.traced, strict=True)
        if isinstance(found, NotAnArticle)
    ]
    if wrong:
        raise Differs("; ".join(wrong))
    kinds = [one.reading.article.content_type for one in evidence.read_articles()]
    return f"{len(kinds)} read: {', '.join(kinds)}"


def _layout(evidence: Evidence) -> str:
    found = evidence.read_articles()
    odd = [one for one in found if not one.has_root or not one.reading.article.template.startswith("drupal")]
    if odd:
        named = [f"{one.reading.article.template} in {_root(one)} ({one.reading.article.url})" for one in odd]
        raise Differs("; ".join(named))
    return ", ".join(dict.fromkeys(one.reading.article.template for one in found))


def _root(traced: Traced) -> str:
    return provenance.selector_of(traced.layout.root) if traced.layout is not None else "no element"


@dataclass(frozen=True, slots=True)
class _Part:
    """A field of an article, and what its layout should give it by."""

    field: str
    source: str
    """As `Reading.sources` names it."""
    element: Callable[[Layout], Element | None] | None = None
    """The element that holds it; None where it is from metadata."""
    mark: str = ""
    """The class of that element."""
    but: frozenset[ContentType] = frozenset()
    """Kinds of page that need not have it."""
    on_all: bool = True
    """Whether each page has it. Else one of them suffices: some articles have no author and no tags."""

    def judge(self, evidence: Evidence) -> str:
        """On how many pages it stands where it should; raises as an assumption does."""
        judged = [one for one in evidence.read_articles() if one.reading.article.content_type not in self.but]
        if not judged:
            raise TooEarly("none of the pages is of a kind that has it")
        wrong = [one for one in judged if not self._is_right(one)]
        if len(wrong) == len(judged) or (wrong and self.on_all):
            raise Differs("; ".join(self._met(one) for one in wrong))
        where = next(self._where(one) for one in judged if one not in wrong)
        return f"on {len(judged) - len(wrong)} of {len(judged)} pages: {where}"

    def _is_right(self, traced: Traced) -> bool:
        source = traced.of(self.field).source
        if source != self.source and not (self.source == "body" and source):
            return False
        element = self._element_of(traced)
        return self.element is None or (element is not None and self.mark in classes(element))

    def _met(self, traced: Traced) -> str:
        trace = traced.of(self.field)
        if trace.is_absent:
            met = f"no {self.field}"
        elif trace.source == self.source and self._element_of(traced) is None:
            met = f"no element of that class; {self.field} from {trace.source}"
        else:
            met = f"{trace.source}, {self._where(traced)}"
        return f"{met} ({traced.reading.article.url})"

    def _element_of(self, traced: Traced) -> Element | None:
        return self.element(traced.layout) if self.element is not None and traced.layout is not None else None

    def _where(self, traced: Traced) -> str:
        trace = traced.of(self.field)
        place = next(iter(trace.places), None)
        return f"{place.selector}, line {place.line}" if place is not None else (trace.source or "nowhere")


_VIDEOS: frozenset[ContentType] = frozenset(("video",))
_OF_LESS_KNOWN_KINDS: frozenset[ContentType] = frozenset(("video", "emagazine", "live", "infographic", "podcast"))

_PARTS: dict[str, tuple[str, _Part]] = {
    "headline": (
        f"the headline in h1.{markup.TITLE}",
        _Part("headline", "h1", lambda layout: layout.headline, markup.TITLE),
    ),
    "lead": (
        f"the lead in .{markup.SUMMARY}",
        _Part("description", "summary", lambda layout: layout.summary, markup.SUMMARY, _VIDEOS),
    ),
    "text": (
        f"the text in .{markup.TEXT}",
        _Part("body", "body", lambda layout: _text(layout), markup.TEXT, _OF_LESS_KNOWN_KINDS),
    ),
    "authors": (
        f"the authors in .{markup.AUTHORS}",
        _Part("authors", "author block", lambda layout: layout.authors, markup.AUTHORS, on_all=False),
    ),
    "date shown": (
        f"the date that readers see in .{markup.DATE}",
        _Part("date_published_raw", "shown", lambda layout: layout.date, markup.DATE),
    ),
    "publication": (
        "the time of publication in meta article:published_time",
        _Part("date_published", "article:published_time"),
    ),
    "last change": (
        "the time of the last change in JSON-LD",
        _Part("date_modified", "json-ld", on_all=False),
    ),
    "breadcrumb": (
        f"the breadcrumb in .{markup.BREADCRUMB}",
        _Part("breadcrumbs", "breadcrumb", lambda layout: layout.breadcrumb, markup.BREADCRUMB, on_all=False),
    ),
    "keywords": (
        f"the tags in meta article:tag, and a row for them in .{markup.TAGS}",
        _Part("keywords", "article:tag", lambda layout: layout.tags, markup.TAGS, on_all=False),
    ),
    "canonical link": (
        "a canonical link that names the article",
        _Part("canonical_url", "canonical link"),
    ),
}


def _text(layout: Layout) -> Element | None:
    return next(iter(layout.bodies), None)


def _related(evidence: Evidence) -> str:
    found = evidence.read_articles()
    with_box = [one for one in found if one.layout is not None and one.layout.related]
    if with_box:
        return f"on {len(with_box)} of {len(found)} pages"
    headed = [one for one in found if _has_related_heading(one)]
    if headed:
        raise Differs(f'"{_RELATED}" in another box ({headed[0].reading.article.url})')
    raise TooEarly("none of the pages shows related articles")


_RELATED = "Tin liên quan"


def _has_related_heading(traced: Traced) -> bool:
    if traced.layout is None:
        return False
    root = traced.layout.root.getroottree().getroot()
    return any(
        clean("".join(map(str, element.itertext()))[:100]).casefold() == _RELATED.casefold()
        for element in root.iter("h2", "h3", "h4", "div", "span")
    )


def _warned(evidence: Evidence, wanted: Callable[[str], bool]) -> list[str]:
    return [
        f"{warning} ({one.reading.article.url})"
        for one in evidence.read_articles()
        for warning in one.reading.article.warnings
        if wanted(warning)
    ]


_TOLD_ELSEWHERE = frozenset(("disagree:date_published", "missing:authors"))
"""Warnings of which other lines speak; an article that nobody signed is no fault of the site's."""


def _dates_agree(evidence: Evidence) -> str:
    if found := _warned(evidence, lambda warning: warning == "disagree:date_published"):
        raise Differs("; ".join(found))
    return "metadata, JSON-LD and the date shown"


def _no_warnings(evidence: Evidence) -> str:
    if found := _warned(evidence, lambda warning: warning not in _TOLD_ELSEWHERE):
        raise Differs("; ".join(found))
    return "none"


def _conditional(evidence: Evidence) -> str:
    marks = [
        name
        for name, header in (("ETag", "etag"), ("Last-Modified", "last-modified"))
        if any(header in answer.headers for answer in evidence.articles)
    ]
    if not any(answer.status is not None for answer in evidence.articles):
        raise NotAsked("no article was had")
    if not marks:
        raise Differs("articles have neither ETag nor Last-Modified: each is sent again whole")
    again = evidence.answers.get(Role.AGAIN)
    if again is None or again.status is None:
        return f"articles have {' and '.join(marks)}"
    if again.status != NOT_MODIFIED:
        raise Differs(f"articles have {' and '.join(marks)}, but the site answers {again.status} to a repetition")
    return f"articles have {' and '.join(marks)}, and the site answers 304 to a repetition"


def _few(found: Iterable[str]) -> str:
    several = list(found)
    return ", ".join(several[:3]) + (f" and {len(several) - 3} more" if len(several) > 3 else "")


def _month(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02}"


ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption("robots.txt", "robots.txt allows sitemaps, feeds, listings and articles", _robots),
    Assumption("menu", "the front page has a menu that names the sections", _front),
    Assumption("sections", "the sections are those known", _known_sections),
    Assumption("sitemap index", "the index names a sitemap a month", _index),
    Assumption("index reach", "the index reaches the month before this one", _reaches_last_month, is_needed=False),
    Assumption("this month", "this month has a sitemap with articles", _this_month),
    Assumption("article ids", "the urls in it end in -post and a number, .vov", _ids),
    Assumption("dates of change", "its urls have a lastmod of this month", _dates_of_change),
    Assumption("order of ids", "ids rise with time", _ids_rise),
    Assumption("page of feeds", "/rss links the feeds", _feeds),
    Assumption("feed", "a feed is RSS with articles", _feed),
    Assumption("feed dates", "its articles have a time of publication", _feed_dates),
    Assumption("listing", "a section's page links its articles", _listing),
    Assumption("listing part", "they stand in one of .views-content, .taxonomy-content", _listing_part),
    Assumption("pager", "it has a pager to further pages", _pager),
    Assumption("second page", "the next page has other articles", _second_page),
    Assumption("newest first", "a listing begins with the newest", _newest_first),
    Assumption("articles", "the pages of articles can be read", _articles),
    Assumption("layout", f"they are in the layout known, in article.{markup.DETAIL}", _layout),
    *(Assumption(name, expected, part.judge) for name, (expected, part) in _PARTS.items()),
    Assumption("related", f'"{_RELATED}" in .{markup.RELATED}', _related),
    Assumption("dates agree", "an article's dates agree with each other", _dates_agree),
    Assumption("warnings", "articles are read without a warning", _no_warnings),
    Assumption("unchanged pages", "an unchanged article need not be sent again", _conditional, is_needed=False),
)
"""In the order in which they are shown; those on a page after those on whether it could be read."""


def findings(evidence: Evidence) -> list[Finding]:
    """How each assumption stands."""
    return [assumption.find(evidence) for assumption in ASSUMPTIONS]


def worst(found: Iterable[Finding]) -> int:
    """The exit status of some findings: a broken store first, then what differs, then what could not be asked."""
    statuses = {one.status for one in found}
    order = (ExitStatus.STORE, ExitStatus.CHANGED, ExitStatus.BLOCKED, ExitStatus.UNREACHABLE)
    return next((int(status) for status in order if status in statuses), 0)
