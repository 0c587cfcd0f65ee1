"""`scrapy merge`: takes another store into that of the project."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.masking import masked
from vovcrawl.project_command import StoreCommand
from vovcrawl.store import StoreError, StoreHeld, open_database, read_database
from vovcrawl.store.database import check_integrity, explain
from vovcrawl.store.merge import Merged, merge
from vovcrawl.text import shown


class Command(StoreCommand):
    """Holds the store as a crawl does, and only reads the other."""

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

    def check_words(self, args: list[str]) -> None:
        """Takes the name of one store."""
        if len(args) != 1 or args[0].startswith("-"):
            raise ArgumentError(f"one other store is to be named; right would be {self.syntax()}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Merges."""
        # A signal ends it at once, without a traceback: what is not committed is not kept.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        other = args[0] if "://" in args[0] else str(Path(args[0]).absolute())
        try:
            merged = _merge(self._configuration.database, other)
        except StoreHeld as error:
            self.leave(ExitStatus.HELD, str(error))
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))
        count = merged.new + merged.revised + merged.unchanged
        print(
            f"{count:,} articles: {merged.new:,} new, {merged.revised:,} revised, {merged.unchanged:,} unchanged; "
            f"{merged.pages:,} pages; kept in {shown(masked(self._configuration.database))}"
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
