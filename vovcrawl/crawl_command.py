"""What `scrapy crawl` and `scrapy runspider` add to Scrapy's own for `VovSpider`: everything is checked before the
first request, and the exit status says how the crawl ended.

Arguments and settings are checked, and the store is opened and held, before Scrapy's process exists: only there is a
mistake one line, and a feed that was to be overwritten still whole.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.conf import arglist_to_dict

from vovcrawl.crawl.components import add_components
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.estimate import MANY_REQUESTS, expected_requests
from vovcrawl.crawl.exit_status import MADE_ROOM, ExitStatus, contradicts_itself, count_pages
from vovcrawl.crawl.refusal_log import log_refusal
from vovcrawl.crawl.signals import SIGNALS, Signals
from vovcrawl.crawl.stopping import end_run, refusal
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.crawl.visit_results import News, VisitResults
from vovcrawl.feeds.formats import with_compression, with_format
from vovcrawl.feeds.recovery import can_be_continued
from vovcrawl.masking import masked
from vovcrawl.project_command import program
from vovcrawl.spiders.vov import VovSpider
from vovcrawl.store import StoreError
from vovcrawl.store.database import wait_for_store
from vovcrawl.store.place import restrict_umask
from vovcrawl.store.waiting import PATIENCE
from vovcrawl.text import shown
from vovcrawl.visits import FAILURES

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

_LASTING = (ExitStatus.INCOMPLETE, ExitStatus.BLOCKED, ExitStatus.UNREACHABLE)
"""Statuses that may be the same for hours."""

_PROGRAMS = ("scrapy", "vovcrawl", "__main__")
"""Names of the programs that run commands of Scrapy, and nothing else."""

_SCRAPYD = ("scrapyd", "runner.py")
"""Where the program stands by which scrapyd runs a job."""

_MADE_ROOM = "VOVCRAWL_MADE_ROOM"
"""The environment variable by which a crawl knows that it is resumed after one that it made room for."""

_LOSSES = "VOVCRAWL_STORE_LOST"
"""The environment variable that says how often in a row the store's server went away before anything was read."""

_MOST_LOSSES = 5

ARGUMENTS = (
    "Arguments, each given as -a NAME=VALUE: sections, tags, urls, archive, published, fields, sources, since, until, "
    "related, pages, fresh, only; docs/crawling.md says what each means."
)


class CrawlCommand(BaseRunSpiderCommand):
    """Runs a spider: `VovSpider` and its subclasses into the store, any other as Scrapy does."""

    _spider_class: type[Spider]
    _context: CrawlContext | None = None

    def find_spider(self, args: list[str]) -> type[Spider]:
        """The spider that the command line names.

        Raises:
            UsageError: none is named, or there is no such spider.
        """
        raise NotImplementedError

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the command line; for a crawl into the store, opens and holds that."""
        assert self.settings is not None
        # Nothing is begun yet: a signal ends the process as it ends any other, without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            self._take_options(args, opts)
            self._spider_class = self.find_spider(args)
        except UsageError as error:
            if not str(error):
                raise
            self._leave(ExitStatus.WRONG_ARGUMENTS, " ".join(str(error).split()))
        except (TypeError, ValueError):
            self._leave(ExitStatus.WRONG_ARGUMENTS, "-s FEEDS: not a table of feeds")
        if not issubclass(self._spider_class, VovSpider):
            return
        restrict_umask()
        settings = self._settings_of_crawl()
        try:
            self._context = CrawlContext.prepare(
                settings,
                opts.spargs,
                has_made_room=os.environ.pop(_MADE_ROOM, None) is not None,
                say=self._say_unless_quiet,
            )
        except (ArgumentError, StoreError) as error:
            self._leave(refusal(error), str(error))
        if settings.getpriority("FEEDS") == SETTINGS_PRIORITIES["addon"]:
            # The feed that nobody named, by the name that it has got.
            self.settings.set("FEEDS", settings.getdict("FEEDS"), priority="addon")
        if self._context.configuration.quiet:
            self._be_quiet()
        asks_for_tags = self._context.configuration.asks_for_tags
        expected = expected_requests(self._context.arguments, self._context.now, asks_for_tags=asks_for_tags)
        if expected > MANY_REQUESTS and not self._context.configuration.quiet:
            print(
                f"This crawl is expected to need about {expected:,} requests; "
                f"-a since, -a sections and -a pages make it smaller.",
                file=sys.stderr,
            )

    def _take_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """As Scrapy does, and names of feeds such as `x.jsonl.gz`."""
        assert self.settings is not None
        with suppress(ValueError):
            # A format of the user's own is to be known by then; what is wrong with it, Scrapy says.
            self.settings.setdict(arglist_to_dict(opts.set), priority="cmdline")
        for name in ("output", "overwrite_output"):
            setattr(opts, name, [with_format(one, self.settings) for one in getattr(opts, name) or []])
        super().process_options(args, opts)
        if typed := [*opts.output, *opts.overwrite_output]:
            feeds = with_compression(self.settings.getdict("FEEDS"), typed)
            self.settings.set("FEEDS", feeds, priority="cmdline")

    def _settings_of_crawl(self) -> BaseSettings:
        """The settings as the crawler will have them."""
        assert self.settings is not None
        settings = self.settings.copy()
        self._spider_class.update_settings(settings)
        add_components(settings)
        return settings

    def _say_unless_quiet(self, line: str) -> None:
        assert self.settings is not None
        if not self.settings.getbool("VOV_QUIET"):
            self._say(line)

    def _be_quiet(self) -> None:
        """Keeps all but warnings and errors off stderr; a log of its own stays as it is."""
        assert self.settings is not None
        level = self.settings["LOG_LEVEL"]
        number = level if isinstance(level, int) else logging.getLevelNamesMapping()[level]
        if number < logging.WARNING and not self.settings["LOG_FILE"]:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawls; ends the run of a crawl into the store, and sets its exit status."""
        if self._context is None:
            # The command of Scrapy that a subclass is made of as well.
            super().run(args, opts)  # type: ignore[safe-super]
        else:
            self._run_into_store(self._context, opts)

    def _run_into_store(self, context: CrawlContext, opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None
        crawler = self._create_crawler(self._spider_class)
        context.ended_by_command = True
        # A program of the user's own may do more than this command.
        called = Path(sys.argv[0])
        is_own = called.stem in _PROGRAMS or called.parts[-2:] == _SCRAPYD
        context.can_begin_again = is_own and can_be_continued(crawler.settings, only_new=context.arguments.only_new)
        process: Any = self.crawler_process
        from twisted.internet import reactor

        if not context.arguments.uses_network:
            # Only here: what it needs takes long to import.
            from vovcrawl.archives.pool import ReaderPool

            context.readers = ReaderPool(context.arguments.archive.pages_expected)
        # What Scrapy does on a signal, which it offers no other way to ask for.
        signals = Signals(crawler, partial(process._signal_shutdown, _=None), reactor.callFromThread)
        signals.watch()
        if context.readers is not None:
            context.readers.start()
        try:
            context.give_to(crawler)
        except StoreError as error:
            self._leave(ExitStatus.STORE, str(error))
        try:
            self.crawler_process.crawl(crawler, **opts.spargs)
            self.crawler_process.start()
        except BaseException:
            end_run(crawler, failed=True)
            raise
        # The signal is the one known now: a later one changes neither the run's row nor the exit status.
        self.exitcode, words = end_run(crawler, signals.signal, failed=self.crawler_process.bootstrap_failed)
        if self.exitcode == ExitStatus.HELD and crawler.stats.get_value("finish_reason") == MADE_ROOM:
            _begin_again(_MADE_ROOM, "1")
        if self.exitcode == ExitStatus.STORE and context.has_lost_store and context.can_begin_again:
            self._resume_when_there(crawler, context, signals)
        if context.configuration.quiet:
            self._tell_quietly(crawler, context, words)

    def _resume_when_there(self, crawler: Crawler, context: CrawlContext, signals: Signals) -> None:
        """Begins again once the store's server answers, if it does soon; what was not kept is done again."""
        was_of_use = crawler.stats.get_value("downloader/response_count", 0) > 0
        losses = 1 if was_of_use else int(os.environ.get(_LOSSES, "0")) + 1
        if losses > _MOST_LOSSES:
            logger.error("The store's server went away %d times before anything was read", losses)
            return
        logger.warning("Waiting for the store's server, for up to %.0f s", PATIENCE)
        target = context.configuration.database
        if wait_for_store(target, PATIENCE, lambda: signals.signal is not None):
            logger.info("The store's server answers again: resumed")
            _begin_again(_LOSSES, str(losses))
        if signals.signal is not None:
            self.exitcode = 128 + signals.signal

    def _tell_quietly(self, crawler: Crawler, context: CrawlContext, words: str) -> None:
        """What a cron job's mail says, once: pages that fail as they did in the run before are no news."""
        results, stats = VisitResults.of(crawler), crawler.stats.get_stats()
        # A few articles that are gone are no fault of the site's.
        told = [kind for kind in News if results.news[kind] and (kind is not News.GONE or contradicts_itself(stats))]
        if not told and (not self.exitcode or (self.exitcode == context.status_before and self.exitcode in _LASTING)):
            return
        count = count_pages(stats, *FAILURES)
        log = crawler.settings["LOG_FILE"]
        self._say(
            words
            + (f"; {count} not read" if count else "")
            + (f"; see {log}" if log else "")
            + f" (exit status {self.exitcode})"
        )
        for kind in told:
            for page in results.news[kind]:
                print(f"{kind}: {shown(masked(page))}", file=sys.stderr)
            if (more := results.news_counts[kind] - len(results.news[kind])) > 0:
                print(f"{kind}: {more} more", file=sys.stderr)

    def _leave(self, status: ExitStatus, line: str) -> NoReturn:
        assert self.settings is not None
        self._say(line)
        log_refusal(self.settings, status, line)
        sys.exit(status)

    def _say(self, line: str) -> None:
        print(shown(f"{program()} {type(self).__module__.rpartition('.')[2]}: {masked(line)}"), file=sys.stderr)


def _begin_again(name: str, value: str) -> NoReturn:
    """Runs the same command anew in this process, with a variable that says why: a reactor runs only once."""
    os.environ[name] = value
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
