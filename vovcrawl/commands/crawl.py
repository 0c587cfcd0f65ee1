"""`scrapy crawl`: Scrapy's own command, with everything checked before the first request and an exit status that
says how the crawl ended.

Arguments and settings are checked, and the store is opened and held, before Scrapy's process exists: only there is a
mistake one line, and a feed that was to be overwritten still whole.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from scrapy.commands import crawl
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.estimate import MANY_REQUESTS, expected_requests
from vovcrawl.crawl.exit_status import GONE_THOUGH_LISTED, ExitStatus, contradicts_itself, count_pages
from vovcrawl.crawl.signals import Signals
from vovcrawl.crawl.stopping import end_run
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.spiders.vov import VovSpider
from vovcrawl.store import StoreError, StoreHeld
from vovcrawl.visits import FAILURES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_PROJECT = SETTINGS_PRIORITIES["project"]


class Command(crawl.Command):
    """Runs the spider `vov`."""

    _context: CrawlContext

    def long_desc(self) -> str:
        """What `scrapy crawl -h` shows."""
        return (
            "Crawl VOV.VN, or read saved pages of it. With no argument: the last two days. Arguments, each given as "
            "-a NAME=VALUE: sections, tags, urls, archive, published, sources, since, until, related, pages, fresh; "
            "docs/crawling.md says what each means."
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the command line, and opens and holds the store."""
        assert self.settings is not None
        # Nothing is begun yet: a signal ends the process as it ends any other, without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if (opts.output or opts.overwrite_output) and self.settings.getpriority("FEEDS") == _PROJECT:
            # The project's feed is where articles go when nobody says where.
            self.settings.set("FEEDS", {}, priority="project")
        try:
            super().process_options(args, opts)
        except UsageError as error:
            _leave(ExitStatus.WRONG_ARGUMENTS, " ".join(str(error).split()))
        except (TypeError, ValueError):
            _leave(ExitStatus.WRONG_ARGUMENTS, "-s FEEDS: not a table of feeds")
        if len(args) != 1 or args[0].startswith("-"):
            raise UsageError
        if args[0] != VovSpider.name:
            _leave(ExitStatus.WRONG_ARGUMENTS, f"unknown spider '{args[0]}'; the project has one, {VovSpider.name}")
        try:
            self._context = CrawlContext.prepare(self.settings, opts.spargs)
        except ArgumentError as error:
            _leave(ExitStatus.WRONG_ARGUMENTS, str(error))
        except StoreHeld as error:
            _leave(ExitStatus.HELD, str(error))
        except StoreError as error:
            _leave(ExitStatus.STORE, str(error))
        if self._context.configuration.quiet:
            self._be_quiet()
        expected = expected_requests(self._context.arguments, self._context.now)
        if expected > MANY_REQUESTS and not self._context.configuration.quiet:
            print(
                f"This crawl is expected to need about {expected:,} requests; "
                f"-a since, -a sections and -a pages make it smaller.",
                file=sys.stderr,
            )

    def _be_quiet(self) -> None:
        """Keeps all but warnings and errors off stderr; a log of its own stays as it is."""
        assert self.settings is not None
        level = self.settings["LOG_LEVEL"]
        number = level if isinstance(level, int) else logging.getLevelNamesMapping()[level]
        if number < logging.WARNING and not self.settings["LOG_FILE"]:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawls, ends the run, and sets the exit status."""
        assert self.crawler_process is not None
        crawler = self._create_crawler(VovSpider)
        self._context.ended_by_command = True
        process: Any = self.crawler_process
        from twisted.internet import reactor

        if not self._context.arguments.uses_network:
            # Only here: what it needs takes long to import.
            from vovcrawl.archives.pool import ReaderPool

            self._context.readers = ReaderPool(len(self._context.arguments.archive.files))
        # What Scrapy does on a signal, which it offers no other way to ask for.
        signals = Signals(crawler, partial(process._signal_shutdown, _=None), reactor.callFromThread)
        signals.watch()
        if self._context.readers is not None:
            self._context.readers.start()
        try:
            self._context.give_to(crawler)
        except StoreError as error:
            _leave(ExitStatus.STORE, str(error))
        try:
            self.crawler_process.crawl(crawler, **opts.spargs)
            self.crawler_process.start()
        except BaseException:
            end_run(crawler, failed=True)
            raise
        # The signal is the one known now: a later one changes neither the run's row nor the exit status.
        self.exitcode, words = end_run(crawler, signals.signal, failed=self.crawler_process.bootstrap_failed)
        if self.exitcode and self._context.configuration.quiet:
            print(f"scrapy crawl: {words}{self._unread(crawler)} (exit status {self.exitcode})", file=sys.stderr)

    def _unread(self, crawler: Crawler) -> str:
        """What a cron job's mail says of the pages that stayed unread."""
        assert self.settings is not None
        results, stats = VisitResults.of(crawler), crawler.stats.get_stats()
        said = _counted(count_pages(stats, *FAILURES), "not read", results.unread)
        if contradicts_itself(stats):
            said += _counted(stats[GONE_THOUGH_LISTED], "gone though listed", results.gone_though_listed)
        return said + (f"; see {self.settings['LOG_FILE']}" if self.settings["LOG_FILE"] else "")


def _counted(count: int, what: str, named: list[str]) -> str:
    """How many pages, and the first of them; '' for none."""
    return f"; {count} {what}: {', '.join(named)}{', ...' if count > len(named) else ''}" if count else ""


def _leave(status: ExitStatus, line: str) -> NoReturn:
    print(f"scrapy crawl: {line}", file=sys.stderr)
    sys.exit(status)
