"""`scrapy coverage`: whether the store holds what the newspaper's sitemaps list."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from vovcrawl.crawl.coverage import Held, Report, SourceReader, compare, holes, span_of
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.window import Window
from vovcrawl.pages.publication import to_iso
from vovcrawl.project_command import ProjectCommand
from vovcrawl.store import StoreError, read_database
from vovcrawl.store.crawls import whole_crawls
from vovcrawl.store.known import known
from vovcrawl.text import shown

_SHOWN = 20
"""So many articles that are not there are named; `--json` names them all."""


class Command(ProjectCommand):
    """Compares sources and store."""

    def syntax(self) -> str:
        """What `scrapy coverage -h` shows first."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Compare what the sitemaps list with what the store holds"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The window, and the form of the report."""
        super().add_options(parser)
        parser.add_argument("--since", help="first day, month or year, or 7d, 12h, 2w, all (default: 2d)")
        parser.add_argument("--until", help="last day, month or year")
        parser.add_argument("--json", action="store_true", help="the whole report as one JSON document")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the window, and opens the store, before the first request."""
        self._window: Window = self.window(opts)
        self.be_quiet("WARNING")
        try:
            self._database = read_database(self._configuration.database)
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Asks, compares, and says what is missing."""
        try:
            assert self.crawler_process is not None
            crawler = self.crawler_process.create_crawler(SourceReader)
            self.crawler_process.crawl(crawler, window=self._window, now=self._configuration.now)
            self.crawler_process.start()
            reader = crawler.spider
            assert isinstance(reader, SourceReader)
            listed = list(reader.listed.values())
            held = known(self._database.connection, reader.listed)
            articles = compare(listed, held, self._window, reader.left_out)
            spans = [span for each in whole_crawls(self._database.connection) if (span := span_of(each)) is not None]
        finally:
            self._database.close()
        report = Report(articles, reader.failed, holes(spans, self._window))
        _print_json(report) if opts.json else _print_table(report)
        self.exitcode = _status(report, answered=bool(crawler.stats.get_value("downloader/response_count")))


def _status(report: Report, *, answered: bool) -> int:
    if report.is_complete:
        return ExitStatus.COMPLETE
    return ExitStatus.INCOMPLETE if answered else ExitStatus.UNREACHABLE


def _print_json(report: Report) -> None:
    rows = [
        {"day": day or None, "section": section, "listed": count.total(), **{held.value: count[held] for held in Held}}
        for day, section, count in report.rows()
    ]
    open_ones = [asdict(article) for article in report.articles if article.held is not Held.STORED]
    document = {
        "complete": report.is_complete,
        "rows": rows,
        "not_stored": open_ones,
        "failed_sources": report.failed_sources,
        "holes": [{"start": to_iso(hole.start), "end": to_iso(hole.end)} for hole in report.holes],
    }
    print(shown(json.dumps(document, ensure_ascii=False)))


def _print_table(report: Report) -> None:
    head = ("day", "section", "listed", *(held.value for held in Held))
    lines = [
        (day or "?", section, str(count.total()), *(str(count[held]) if count[held] else "" for held in Held))
        for day, section, count in report.rows()
    ]
    total: dict[Held, int] = {held: sum(article.held is held for article in report.articles) for held in Held}
    lines.append(("all", "", str(len(report.articles)), *(str(total[held]) for held in Held)))
    widths = [max(len(line[place]) for line in (head, *lines)) for place in range(len(head))]
    for line in (head, *lines):
        words = [cell.ljust(width) for cell, width in zip(line[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(line[2:], widths[2:], strict=True)]
        print(shown("  ".join(words + numbers).rstrip()))
    for url, reason in report.failed_sources.items():
        print(shown(f"not read: {url} ({reason})"))
    for hole in report.holes:
        print(f"no whole crawl covers {hole.start:%Y-%m-%d %H:%M} to {hole.end:%Y-%m-%d %H:%M}")
    absent = [article for article in report.articles if article.held in (Held.MISSING, Held.FAILED)]
    for article in absent[:_SHOWN]:
        print(shown(f"{article.held.value}: {article.url} ({article.reason})"))
    if len(absent) > _SHOWN:
        print(f"and {len(absent) - _SHOWN} more; --json names them all")
