"""`scrapy search`: articles of the store that have some words, the best first."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.project_command import Selection, StoreCommand, print_lines
from vovcrawl.queries import Query, parse
from vovcrawl.snippets import Excerpt
from vovcrawl.store import StoreError, read_database
from vovcrawl.store.database import explain
from vovcrawl.store.search import Filter, Hit, Page, SearchStore
from vovcrawl.text import encodable, shown

_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_EXCLUDED = re.compile(r"""-(?!-)["“«(]?[^\W\d_][^=]*""")
_BOLD, _PLAIN = "\x1b[1m", "\x1b[22m"


class Command(StoreCommand):
    """Reads the store."""

    _limit: int
    _query: Query
    _wanted: Selection

    def syntax(self) -> str:
        """What follows the command's name."""
        return "WORDS [--limit NUMBER] [--since DAY] [--until DAY] [--sections SLUGS] [--json] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Search the articles of the store"

    def long_desc(self) -> str:
        """What `scrapy search -h` shows."""
        return (
            "Show the articles that have all of some words, the best first: with marks or without (da nang finds "
            "Đà Nẵng), '\"words in a row\"', -excluded, begi*, this OR that, author:, tag:, section:, kind:. It may be "
            "asked while a crawl is going on."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, and which articles to show in what form."""
        super().add_options(parser)
        parser.add_argument("--limit", default="10", metavar="NUMBER", help="so many articles (default: 10)")
        self.add_selection(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object a line and article")
        known = set(parser._option_string_actions)
        parse_known = parser.parse_known_args

        def parse_with_exclusions(args: Sequence[str] | None = None, namespace: Any = None) -> Any:
            """As the parser does, but a word with a minus before it is no option."""
            given = sys.argv[1:] if args is None else args
            return parse_known([f" {arg}" if _is_excluded(arg, known) else arg for arg in given], namespace)

        parser.parse_known_args = parse_with_exclusions  # type: ignore[method-assign,assignment]

    def check_words(self, args: list[str]) -> None:
        """Reads the words; whatever they are, they are searched for."""
        for arg in args:
            if arg.startswith("--") and len(arg) > len("--"):
                raise ArgumentError(f"unknown option {shown(arg)}; right would be {self.syntax()}")
        words = encodable(" ".join(arg.strip() for arg in args if arg != "--"))
        if not words.strip():
            raise ArgumentError(f"the words to search for are missing; right would be {self.syntax()}")
        self._query = parse(words)

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks which articles are to be shown."""
        if not _NUMBER.fullmatch(opts.limit):
            raise ArgumentError(f"--limit: '{shown(opts.limit)}' is not a whole number from 1 to 9999")
        self._limit = int(opts.limit)
        self._wanted = self.selection(opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Shows the articles."""
        if not self._query:
            self.say("there is no word in what is searched for")
            return
        try:
            page = self._find()
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))
        if page.are_marks_ignored:
            self.say("no article has these words with these marks; those with other marks are shown")
        if opts.json:
            print_lines(_json_line(hit) for hit in page.hits)
        else:
            print_lines(_text_lines(page, is_bold=_shows_bold()))

    def _find(self) -> Page:
        window, sections = self._wanted.window, self._wanted.sections
        within = Filter(sections=sections) if window is None else Filter(window.start, window.end, sections)
        database = read_database(self._configuration.database)
        try:
            database.hold_view()
            return SearchStore(database.connection).find(self._query, limit=self._limit, within=within)
        except SQLAlchemyError as error:
            raise StoreError(f"cannot read the store {database.name}: {explain(error)}") from None
        finally:
            database.close()


def _is_excluded(arg: str, known: set[str]) -> bool:
    """Whether an argument is a word that must not be there; `-sNAME=VALUE` is none."""
    return arg not in known and _EXCLUDED.fullmatch(arg) is not None


def _shows_bold() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _json_line(hit: Hit) -> str:
    line = {
        "canonical_url": hit.canonical_url,
        "headline": hit.headline.text,
        "headline_marks": hit.headline.marks,
        "snippet": hit.snippet.text,
        "snippet_field": hit.snippet.field,
        "snippet_marks": hit.snippet.marks,
        "date_published": hit.date_published,
        "section": hit.section,
        "section_name": hit.section_name,
        "content_type": hit.content_type,
        "authors": hit.authors,
        "score": round(hit.score, 3),
    }
    return shown(json.dumps(line, ensure_ascii=False))


def _text_lines(page: Page, *, is_bold: bool) -> Iterator[str]:
    if not page.hits:
        yield "No article has what is searched for."
        if page.suggestions:
            yield f"Some have: {shown('; '.join(page.suggestions))}"
        return
    for hit in page.hits:
        when = (hit.date_published or "without a date")[:16].replace("T", " ")
        yield f"{shown(when)}  {_marked(hit.headline, is_bold)}"
        about = " · ".join(filter(None, (hit.section_name or hit.section, ", ".join(hit.authors))))
        if about:
            yield f"  {shown(about)}"
        if hit.snippet.text:
            yield f"  {_marked(hit.snippet, is_bold)}"
        yield f"  {shown(hit.canonical_url)}"
        yield ""
    count = f"{page.count:,}" if page.is_counted else f"More than {page.count:,}"
    articles = "article" if page.count == 1 else "articles"
    best = f", the best {len(page.hits):,} of them above" if page.count > len(page.hits) else ""
    yield f"{count} {articles}{best}"


def _marked(excerpt: Excerpt, is_bold: bool) -> str:
    """A text as a terminal may show it, with what was found in bold."""
    if not is_bold:
        return shown(excerpt.text)
    pieces = []
    at = 0
    for start, end in excerpt.marks:
        pieces += [shown(excerpt.text[at:start]), _BOLD, shown(excerpt.text[start:end]), _PLAIN]
        at = end
    return "".join([*pieces, shown(excerpt.text[at:])])
