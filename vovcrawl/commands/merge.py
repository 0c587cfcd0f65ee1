"""`scrapy merge`: takes another store into that of the project."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl import configuration
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.masking import masked
from vovcrawl.store import StoreError, StoreHeld, open_database, read_database
from vovcrawl.store.database import check_integrity, explain
from vovcrawl.store.merge import Merged, merge
from vovcrawl.text import shown


class Command(ScrapyCommand):
    """Holds the store as a crawl does, and only reads the other."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    _database: str

    def syntax(self) -> str:
        """What follows the command's name."""
        return "OTHER [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Take another store into that of the project"

    def long_desc(self) -> str:
        """What `scrapy merge -h` shows."""
        return (
            "Take the articles, revisions and pages of the store OTHER into that of the project, so that the next "
            "crawl asks for nothing that either of them holds. OTHER is only read; all is taken over or nothing."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options."""
        super().add_options(parser)
        # A mistake is one line, without the usage before it.
        parser.error = _wrong  # type: ignore[method-assign]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the command line."""
        assert self.settings is not None
        try:
            super().process_options(args, opts)
            if len(args) != 1 or args[0].startswith("-"):
                _wrong(f"one other store is to be named; right would be {self.syntax()}")
            self._database = configuration.check(self.settings).database
        except (UsageError, ArgumentError) as error:
            _wrong(shown(str(error)))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Merges."""
        # A signal ends it at once, without a traceback: what is not committed is not kept.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        other = args[0] if "://" in args[0] else str(Path(args[0]).absolute())
        try:
            merged = _merge(self._database, other)
        except StoreHeld as error:
            _leave(ExitStatus.HELD, str(error))
        except StoreError as error:
            _leave(ExitStatus.STORE, str(error))
        count = merged.new + merged.revised + merged.unchanged
        print(
            f"{count:,} articles: {merged.new:,} new, {merged.revised:,} revised, {merged.unchanged:,} unchanged; "
            f"{merged.pages:,} pages; kept in {shown(masked(self._database))}"
        )


def _merge(target: str, other: str) -> Merged:
    """Merges, and lets go of both stores."""
    given = read_database(other)
    try:
        check_integrity(given.connection, given.name)
        into = open_database(target)
        try:
            return merge(into, given)
        except SQLAlchemyError as error:
            raise StoreError(f"nothing was merged: {explain(error)}") from None
        finally:
            # First, since a store that is still read cannot be closed as one file: it may be the same.
            given.close()
            into.close()
    except SQLAlchemyError as error:
        raise StoreError(f"cannot read the store {given.name}: {explain(error)}") from None
    finally:
        given.close()


def _wrong(message: str) -> NoReturn:
    _leave(ExitStatus.WRONG_ARGUMENTS, message)


def _leave(status: ExitStatus, line: str) -> NoReturn:
    print(f"scrapy merge: {shown(masked(line))}", file=sys.stderr)
    sys.exit(status)
