"""`scrapy export`: the store's articles as a feed, whatever became of the feeds that the crawls wrote."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from typing import Any, ClassVar, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.misc import load_object
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl import arguments, configuration
from vovcrawl.arguments import ArgumentError
from vovcrawl.pages.publication import to_iso
from vovcrawl.stopping import ExitStatus
from vovcrawl.store import ArticleStore, Database, StoreError, read_database
from vovcrawl.store.database import explain
from vovcrawl.text import shown


class Command(ScrapyCommand):
    """Reads the store; a crawl may hold it all the while."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    _database: str
    _exporter: Any
    _bounds: tuple[str | None, str | None]

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--since DAY] [--until DAY] [--format FORMAT] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Write the articles of the store to standard output"

    def long_desc(self) -> str:
        """What `scrapy export -h` shows."""
        return (
            "Write the articles of the store to standard output, each as its latest text, in the order in which the "
            "store kept those. It may be asked while a crawl is going on."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, which articles, and in what form."""
        super().add_options(parser)
        parser.add_argument("--since", help="first day of publication, or 7d, 12h, 2w, all (default: all)")
        parser.add_argument("--until", help="last day of publication")
        parser.add_argument("--format", default="jsonlines", help="as in FEED_EXPORTERS: jsonlines, csv, json, xml")
        # A mistake is one line, without the usage before it.
        parser.error = _wrong  # type: ignore[method-assign]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the command line."""
        assert self.settings is not None
        try:
            super().process_options(args, opts)
            if args:
                _wrong(f"unknown option or argument {shown(args[0])}; right would be {self.syntax()}")
            exporters = self.settings.getwithbase("FEED_EXPORTERS")
            if exporters.get(opts.format) is None:
                _wrong(f"--format: '{shown(opts.format)}' is none of {', '.join(sorted(map(str, exporters)))}")
            self._exporter = load_object(exporters[opts.format])
            configured = configuration.check(self.settings)
            self._database = configured.database
            given = {"since": opts.since or "all"} | ({"until": opts.until} if opts.until else {})
            window = arguments.check(given, configured.now).window
            self._bounds = (
                to_iso(window.start) if window.start else None,
                to_iso(window.end) if window.end else None,
            )
        except ArgumentError as error:
            _wrong(shown(str(error).replace("-a since", "--since").replace("-a until", "--until")))
        except UsageError as error:
            _wrong(shown(str(error)))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes the articles."""
        try:
            database = read_database(self._database)
        except StoreError as error:
            _leave(ExitStatus.STORE, str(error))
        try:
            self._export(database)
            sys.stdout.flush()
        except SQLAlchemyError as error:
            _leave(ExitStatus.STORE, f"cannot read the store {database.name}: {explain(error)}")
        except BrokenPipeError:
            # Python would try again while it ends.
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            database.close()

    def _export(self, database: Database) -> None:
        database.hold_view()
        exporter = self._exporter(sys.stdout.buffer, encoding="utf-8")
        exporter.start_exporting()
        for article in ArticleStore(database.connection).stream(*self._bounds):
            exporter.export_item(article)
        exporter.finish_exporting()


def _wrong(message: str) -> NoReturn:
    _leave(ExitStatus.WRONG_ARGUMENTS, message)


def _leave(status: ExitStatus, line: str) -> NoReturn:
    print(f"scrapy export: {shown(line)}", file=sys.stderr)
    sys.exit(status)
