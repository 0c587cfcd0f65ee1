"""`scrapy inspect`: how one page is read, field by field, and from which place in it."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import signal
import sys
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.settings import SETTINGS_PRIORITIES

from vovcrawl import __version__, urls
from vovcrawl.archives.files import UnreadableFile, decoded
from vovcrawl.archives.paths import TEXT_SUFFIXES
from vovcrawl.cleaning.rules import use_also
from vovcrawl.crawl import configuration, failures
from vovcrawl.crawl.asking import Answer, AskingSpider
from vovcrawl.crawl.configuration import Rendering
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.failures import Failure
from vovcrawl.crawl.given_urls import looks_like_url, read_url
from vovcrawl.crawl.single_rendering import render_once
from vovcrawl.crawl.values import ArgumentError, quoted, why_unreadable
from vovcrawl.items import READER_VERSION, SCHEMA_VERSION, WARNINGS
from vovcrawl.masking import masked
from vovcrawl.opening import NotRegularFile, open_regular, read_at_most
from vovcrawl.pages import PageError, provenance
from vovcrawl.pages.provenance import Place, Trace, Traced
from vovcrawl.project_command import ProjectCommand
from vovcrawl.render.browser import RenderError
from vovcrawl.render.engines import ENGINES
from vovcrawl.text import encodable, shown
from vovcrawl.visits import Outcome

if TYPE_CHECKING:
    from vovcrawl.render.browser import Rendered

_STDIN = "-"
_ENTRIES = 6
"""Entries of a list that are shown with their places; `--json` has them all."""
_NARROWEST, _WIDEST_PLACE = 20, 60
"""Columns of a value at least, and of a place at most."""
_ABSENT = "-"
_OF_READING = ("fetched_at", "source", "content_hash", "reader_version", "schema_version")
"""Fields that differ without saying anything of the page."""
_MOST_URGENT = max(SETTINGS_PRIORITIES.values()) + 1
"""What `--render` says stands above `-s`."""

_STATUSES = {
    Outcome.UNREADABLE: ExitStatus.INCOMPLETE,
    Outcome.BLOCKED: ExitStatus.BLOCKED,
    Outcome.UNREACHABLE: ExitStatus.UNREACHABLE,
}
"""As a crawl of this one page would end."""


@dataclass(frozen=True, slots=True)
class _Input:
    """What is looked at."""

    data: bytes
    url: str
    """The url that answered, or that was given for a file; '' where only the page itself can tell."""
    name: str
    """What it is called: the url that was asked for, or the file's name."""
    is_file: bool = False
    is_text: bool = False
    """Without markup."""
    charset: str | None = None
    failure: Failure | None = None
    rendered: Rendered | RenderError | None = None
    """Of a page that was asked for: what it became, or why it did not."""


class PageReader(AskingSpider):
    """Asks for one page, and has a browser render it where one is named.

    Args:
        url: of the page.
        page: as it was saved, if it is not to be asked for.
        rendering: how it is rendered; None where it is not.
    """

    name = "inspect"
    # Of robots.txt, also those of the hosts that a rendered page asks, the page, and where it leads.
    most_requests = 16

    def __init__(self, url: str, page: bytes | None = None, rendering: Rendering | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._url = url
        self._rendering = rendering
        self.answer = Answer(url, url, page) if page is not None else None
        self.rendered: Rendered | RenderError | None = None

    async def work(self) -> None:
        """Asks for the page, unless it is there, and renders it."""
        if self.answer is None:
            self.answer = await self.ask(self._url)
        if self._rendering is None or self.answer.failure is not None:
            return
        found = self.answer
        try:
            self.rendered = await render_once(self.crawler, self._rendering, found.url, found.body, found.charset)
        except RenderError as error:
            self.rendered = error


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A page as a browser leaves it, beside what was served."""

    engine: str
    error: str | None = None
    """Why it is not rendered, or no article as it is rendered."""
    asked: int = 0
    blocked: dict[str, int] = field(default_factory=dict)
    """As of `Rendered`."""
    changed: list[tuple[str, Any, Any]] = field(default_factory=list)
    """The fields that differ: name, value without rendering and with it."""


class Command(ProjectCommand):
    """Shows how a page is read."""

    def syntax(self) -> str:
        """What `scrapy inspect -h` shows first."""
        return "[options] URL|FILE|-"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show how one page is read: each field's value, source and place"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The url of a saved page, and the form of the report."""
        super().add_options(parser)
        parser.add_argument("--url", help="the url of a saved page, where the page itself does not name it")
        parser.add_argument("--json", action="store_true", help="everything, as one JSON document")
        parser.add_argument(
            "--render",
            nargs="?",
            const="",
            metavar="splash|playwright",
            help="also each field once a browser has run the page's scripts (default: that of VOV_RENDER, or splash)",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """As ever; what stands after `--render` is a browser, or else the page."""
        if opts.render and not args:
            args.append(opts.render)
            opts.render = ""
        super().process_options(args, opts)

    def check_words(self, args: list[str]) -> None:
        """Takes one page."""
        if len(args) != 1:
            found = f"{len(args)} were given" if args else "none was given"
            raise ArgumentError(f"one url or file was expected, {found}")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks everything before a request is made or a file is read."""
        use_also(self._configuration.cleaning_rules)
        self._url = _url_of(args[0])
        self._given_url = read_url("--url", opts.url).url if opts.url is not None else ""
        if self._url is not None and opts.url is not None:
            raise ArgumentError("--url is for a saved page; the page's own url was given already")
        self._rendering = self._rendering_of(opts)
        # What goes wrong with the page is part of the report.
        self.be_quiet("CRITICAL")

    def _rendering_of(self, opts: argparse.Namespace) -> Rendering | None:
        """How the page is rendered; None where it is not to be."""
        if opts.render is None:
            return None
        if opts.render not in ("", *ENGINES):
            right = " or ".join(f"--render {engine}" for engine in ENGINES)
            raise ArgumentError(f"--render: {quoted(opts.render)} is unknown; right would be {right}")
        assert self.settings is not None
        engine = opts.render or self.settings.get("VOV_RENDER") or next(iter(ENGINES))
        self.settings.set("VOV_RENDER", engine, priority=_MOST_URGENT)
        return configuration.rendering(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads the page, and says how."""
        found = self._fetched(self._url) if self._url is not None else self._read_file(args[0])
        traced, failure = None, found.failure
        if failure is None:
            try:
                traced = _traced(found)
            except PageError as error:
                failure = failures.of_page(error, None)
            except UnreadableFile as error:
                failure = Failure(Outcome.UNREADABLE, str(error))
        compared = self._compared(found, traced)
        if opts.json:
            document = _document(found, traced, failure)
            if compared is not None:
                document["rendering"] = _rendering_document(compared)
            print(shown(json.dumps(document, ensure_ascii=False)))
        else:
            lines = _lines(found, traced, failure) + (_rendering_lines(compared) if compared is not None else [])
            for line in lines:
                print(shown(line).rstrip())
        self.exitcode = _STATUSES.get(failure.outcome, ExitStatus.COMPLETE) if failure is not None else 0
        if not self.exitcode and compared is not None and compared.error is not None:
            self.exitcode = ExitStatus.INCOMPLETE

    def _compared(self, found: _Input, traced: Traced | None) -> _Comparison | None:
        """The page rendered beside the page as it was served; None where there was none to render."""
        if self._rendering is None or (found.failure is not None and found.rendered is None):
            return None
        engine = self._rendering.engine
        rendered = found.rendered
        if found.is_text:
            return _Comparison(engine, "a text has no scripts")
        if found.is_file:
            url = found.url or (traced.reading.article.canonical_url if traced is not None else "")
            if urls.in_scope(url) is None:
                return _Comparison(engine, "the page names no url of the newspaper; right would be --url")
            rendered = self._reader_of(url, found.data).rendered
        if rendered is None or isinstance(rendered, RenderError):
            return _Comparison(engine, f"not rendered: {masked(str(rendered or 'it did not come to its end'))}")
        page = rendered.html.encode("utf-8", "replace")
        try:
            became = provenance.of_page(page, found.url, "utf-8", is_saved=found.is_file)
        except PageError as error:
            return _Comparison(engine, f"no article once it is rendered: {error}", rendered.asked, rendered.blocked)
        return _Comparison(engine, None, rendered.asked, rendered.blocked, _changed(traced, became))

    def _fetched(self, url: str) -> _Input:
        reader = self._reader_of(url)
        answer = reader.answer
        assert answer is not None
        return _Input(
            answer.body, answer.url, url, charset=answer.charset, failure=answer.failure, rendered=reader.rendered
        )

    def _reader_of(self, url: str, page: bytes | None = None) -> PageReader:
        """The spider that has asked for a page, or rendered the one that was given."""
        assert self.crawler_process is not None
        crawler = self.crawler_process.create_crawler(PageReader)
        self.crawler_process.crawl(crawler, url=url, page=page, rendering=self._rendering)
        self.crawler_process.start()
        reader = crawler.spider
        if crawler.stats.get_value("finish_reason") == "shutdown":
            sys.exit(128 + signal.SIGINT)
        if not isinstance(reader, PageReader) or reader.answer is None:
            self.leave(ExitStatus.ERROR, f"{quoted(url)} was not asked for; -s LOG_LEVEL=ERROR shows why")
        return reader

    def _read_file(self, name: str) -> _Input:
        assert self.settings is not None
        largest = self.settings.getint("DOWNLOAD_MAXSIZE") or sys.maxsize
        called = "standard input" if name == _STDIN else quoted(name)
        try:
            if name == _STDIN:
                data = sys.stdin.buffer.read(largest + 1 if largest < sys.maxsize else -1)
            else:
                with open(open_regular(name), "rb") as file:  # noqa: PTH123
                    data = read_at_most(file.fileno(), min(largest + 1, sys.maxsize))
        except NotRegularFile:
            self.leave(
                ExitStatus.WRONG_ARGUMENTS, f"cannot read {called}: no regular file; right would be - for a pipe"
            )
        except (OSError, ValueError) as error:
            self.wrong(f"cannot read {called}: {why_unreadable(error)}")
        if len(data) > largest:
            self.wrong(f"cannot read {called}: larger than {largest} bytes")
        return _Input(data, self._given_url, name, is_file=True, is_text=_is_text(name, data))


def _url_of(given: str) -> str | None:
    """The url that is meant; None for a file.

    Raises:
        ArgumentError: it is a url, and none of the newspaper's.
    """
    if given == _STDIN or not looks_like_url(given) or Path(given).exists():
        return None
    return read_url("the url", given).url


def _is_text(name: str, data: bytes) -> bool:
    """Whether what was given is a flat text: by its name, or else by its first character."""
    suffix = Path(name).suffix.lower()
    if suffix in TEXT_SUFFIXES or suffix in (".html", ".htm"):
        return suffix in TEXT_SUFFIXES
    return not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _traced(found: _Input) -> Traced:
    if found.is_text:
        return provenance.of_text(decoded(found.data), found.url or None)
    return provenance.of_page(found.data, found.url, found.charset, is_saved=found.is_file)


def _document(found: _Input, traced: Traced | None, failure: Failure | None) -> dict[str, Any]:
    """Everything, as JSON has it."""
    reading = traced.reading if traced is not None else None
    return {
        "version": __version__,
        "reader_version": READER_VERSION,
        "schema_version": SCHEMA_VERSION,
        "given": encodable(found.name),
        "url": (reading.article.url if reading is not None else found.url) or None,
        "size": len(found.data),
        "sha256": hashlib.sha256(found.data).hexdigest(),
        "outcome": failure.outcome.value if failure is not None else Outcome.ARTICLE.value,
        "reason": failure.reason if failure is not None else None,
        "fields": [_field(trace) for trace in traced.traces] if traced is not None else [],
        "warnings": [{"warning": one, "meaning": WARNINGS.get(one)} for one in reading.article.warnings]
        if reading is not None
        else [],
        "stripped": [asdict(one) for one in reading.stripped] if reading is not None else [],
    }


def _field(trace: Trace) -> dict[str, Any]:
    return {
        "field": trace.field,
        "value": trace.value,
        "source": trace.source,
        "places": [asdict(place) for place in trace.places],
        "entries": [asdict(place) if place is not None else None for place in trace.entries],
    }


def _lines(found: _Input, traced: Traced | None, failure: Failure | None) -> list[str]:
    """The report as lines for people."""
    document = _document(found, traced, failure)
    lines = [
        f"vovcrawl {__version__}, reader {READER_VERSION}, schema {SCHEMA_VERSION}",
        f"given    {document['given']}",
        f"url      {document['url'] or 'the page names none'}",
        f"size     {len(found.data):,} bytes",
        f"sha256   {document['sha256']}",
    ]
    if failure is not None:
        return [*lines, "", f"no article: {failure.reason}"]
    assert traced is not None
    lines += ["", *_table(traced.traces)]
    warnings = document["warnings"]
    lines += ["", "warnings" if warnings else "no warnings"]
    lines += [f"  {one['warning']}: {one['meaning'] or 'not of this version'}" for one in warnings]
    taken = document["stripped"]
    lines += ["", "stripped as boilerplate" if taken else "nothing stripped as boilerplate"]
    lines += [f"  {one['field']}, rule {one['rule']}: {_folded(one['text'])}" for one in taken]
    return lines


def _changed(before: Traced | None, after: Traced) -> list[tuple[str, Any, Any]]:
    """The fields that rendering changes, but for those that say when and how the page was read."""
    found = []
    for trace in after.traces:
        value = before.of(trace.field).value if before is not None else None
        if value != trace.value and trace.field not in _OF_READING:
            found.append((trace.field, value, trace.value))
    return found


def _rendering_document(compared: _Comparison) -> dict[str, Any]:
    return {
        "engine": compared.engine,
        "error": compared.error,
        "asked": compared.asked,
        "blocked": compared.blocked,
        "fields": [{"field": name, "without": before, "with": after} for name, before, after in compared.changed],
    }


def _rendering_lines(compared: _Comparison) -> list[str]:
    """What rendering changes, as lines for people: a row a field, and for a list a row an entry that only one has."""
    head = ["", f"rendered by {compared.engine}"]
    if compared.error is not None:
        return [*head, f"  {compared.error}"]
    blocked = ", ".join(f"{why} {count}" for why, count in sorted(compared.blocked.items())) or "nothing"
    head.append(f"  its scripts asked the site {compared.asked} times; blocked: {blocked}")
    if not compared.changed:
        return [*head, "  no field differs"]
    rows = [("field", "without", "with")]
    for name, before, after in compared.changed:
        rows.extend(_compared_rows(name, before, after))
    room = max(_NARROWEST, (shutil.get_terminal_size().columns - 20) // 2) if sys.stdout.isatty() else sys.maxsize
    cut = [[cell if len(cell) <= room else f"{cell[: room - 1]}…" for cell in cells] for cells in rows]
    first, second = (max(len(row[column]) for row in cut) for column in (0, 1))
    second = min(second, max(_WIDEST_PLACE, _NARROWEST))
    return [*head, *(f"  {row[0]:<{first}}  {row[1]:<{second}}  {row[2]}" for row in cut)]


def _compared_rows(name: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    if not (isinstance(before or after, list) and isinstance(after or before, list)):
        was, becomes = (_folded(str(value)) if value else _ABSENT for value in (before, after))
        return [(name, was, becomes)]
    before, after = before or [], after or []
    gone = [_folded(_entry(value)) for value in before if value not in after]
    come = [_folded(_entry(value)) for value in after if value not in before]
    shown_rows = zip_longest(gone[:_ENTRIES], come[:_ENTRIES], fillvalue="")
    rows = [(name, f"{len(before)}", f"{len(after)}")]
    rows += [("", was, becomes) for was, becomes in shown_rows]
    if max(len(gone), len(come)) > _ENTRIES:
        rows.append(("", "and more; --json shows all", ""))
    return rows


def _table(traces: tuple[Trace, ...]) -> list[str]:
    rows = [("field", "value", "source", "place")]
    for trace in traces:
        rows += _rows(trace)
    first, source = (max(len(row[column]) for row in rows) for column in (0, 2))
    place = min(_WIDEST_PLACE, max(len(row[3]) for row in rows))
    # Whoever sends the report somewhere gets the values whole.
    room = shutil.get_terminal_size().columns - first - source - place - 6 if sys.stdout.isatty() else sys.maxsize
    room = max(room, _NARROWEST)
    shortened = [_shortened(row, room) for row in rows]
    value = max(len(row[1]) for row in shortened) if sys.stdout.isatty() else 0
    if not value:
        return [f"{row[0]:<{first}}  {row[2]:<{source}}  {row[3]:<{place}}  {row[1]}" for row in shortened]
    return [f"{row[0]:<{first}}  {row[1]:<{value}}  {row[2]:<{source}}  {row[3]}" for row in shortened]


_Row = tuple[str, str, str, str]


def _shortened(row: _Row, room: int) -> _Row:
    """A row with a value that takes `room` columns at most."""
    value = row[1]
    return (row[0], value if len(value) <= room else f"{value[: room - 1]}…", row[2], row[3])


def _rows(trace: Trace) -> list[_Row]:
    """The rows of a field: one, and for a list one for each of its first entries."""
    if trace.is_absent:
        return [(trace.field, _ABSENT, "absent", "")]
    source = trace.source or ""
    places = _together(trace.places)
    if not isinstance(trace.value, list):
        return [(trace.field, _folded(str(trace.value)), source, places)]
    if not trace.entries:
        return [(trace.field, _folded(_summed_up(trace.value)), source, places)]
    rows: list[_Row] = [(trace.field, f"{len(trace.value)}", source, places)]
    for value, place in list(zip(trace.value, trace.entries, strict=True))[:_ENTRIES]:
        where = _place(place) if place is not None else "place not found"
        rows.append(("", _folded(_entry(value)), "", where))
    if len(trace.value) > _ENTRIES:
        rows.append(("", f"and {len(trace.value) - _ENTRIES} more; --json shows all", "", ""))
    return rows


def _summed_up(values: list[Any]) -> str:
    return f"{len(values)}: " + "; ".join(_entry(value) for value in values)


def _entry(value: Any) -> str:
    """One entry of a list in a few words."""
    if not isinstance(value, dict):
        return str(value)
    if "type" in value and "start" in value and "value" not in value:
        return f"{value['type']} {value['start']}-{value['end']}"
    named = ("name_raw", "headline", "text", "name", "caption", "value", "url", "placement", "credit")
    return ", ".join(str(value[key]) for key in named if value.get(key))


def _together(places: tuple[Place, ...]) -> str:
    """Places in a few words, those with the same name together."""
    by_name: dict[str, list[str]] = {}
    for place in places:
        by_name.setdefault(place.selector, []).append(str(place.line or "?"))
    return "; ".join(f"line {_some(lines)}: {name}" for name, lines in by_name.items())


def _some(lines: list[str]) -> str:
    return ", ".join(lines) if len(lines) <= 3 else f"{lines[0]}-{lines[-1]}"


def _place(place: Place) -> str:
    return _together((place,))


def _folded(text: str) -> str:
    """A text on one line."""
    return " ".join(text.replace("\n\n", " ¶ ").split())
