"""`scrapy copy`: makes another store that holds what that of the project holds, and compares the two."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.export.stopping import Stopped, stopped_by_signals
from vovcrawl.project_command import StoreCommand, print_lines
from vovcrawl.store import StoreError, StoreHeld
from vovcrawl.store.copy_targets import TargetTaken
from vovcrawl.store.copying import Copied, copy_store
from vovcrawl.text import shown


class Command(StoreCommand):
    """Reads the store of the project, and writes another one."""

    def syntax(self) -> str:
        """What follows the command's name."""
        return "TARGET [--force] [--json] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Copy the store into another database"

    def long_desc(self) -> str:
        """What `scrapy copy -h` shows."""
        return (
            "Copy the whole store of the project to TARGET, a path or a database url: articles, revisions, pages, "
            "crawls and all else, from SQLite to PostgreSQL, back, or between two of a kind. What was written is read "
            "back and compared; a copy that is not the same is not kept. A crawl may be writing to the store meanwhile."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, and what becomes of a store that is there."""
        super().add_options(parser)
        parser.add_argument("--force", action="store_true", help="replace a store that is there")
        parser.add_argument("--json", action="store_true", help="what was compared as one JSON document")

    def check_words(self, args: list[str]) -> None:
        """Takes the name of one store."""
        if len(args) != 1 or not args[0] or args[0].startswith("-"):
            raise ArgumentError(f"one store to make is to be named; right would be {self.syntax()}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Copies, and shows what was compared."""
        target = args[0] if "://" in args[0] else str(Path(args[0]).absolute())
        progress = _Progress()
        try:
            with stopped_by_signals():
                copied = copy_store(self._configuration.database, target, force=opts.force, say=progress.show)
        except TargetTaken as error:
            progress.close()
            self.wrong(str(error))
        except StoreHeld as error:
            progress.close()
            self.leave(ExitStatus.HELD, str(error))
        except StoreError as error:
            progress.close()
            self.leave(ExitStatus.STORE, str(error))
        except Stopped as stopped:
            progress.close()
            sys.exit(128 + stopped.number)
        progress.close()
        print_lines(_json(copied) if opts.json else _table(copied))
        if not copied.is_same:
            differing = ", ".join(each.name for each in copied.tables if not each.is_same)
            self.leave(ExitStatus.STORE, f"nothing was copied: {differing} would not be the same in {copied.target}")


class _Progress:
    """How far the copy has come, on a terminal alone."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._shown_at = 0.0

    def show(self, words: str) -> None:
        """Shows some words in place of those before, a few times a second."""
        if self._is_terminal and time.monotonic() - self._shown_at > 0.2:
            self._shown_at = time.monotonic()
            print(f"\r\x1b[K{shown(words)}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Clears the line."""
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _json(copied: Copied) -> Iterator[str]:
    tables = [{**asdict(each), "same": each.is_same} for each in copied.tables]
    yield shown(json.dumps({**asdict(copied), "tables": tables, "same": copied.is_same}, ensure_ascii=False))


def _table(copied: Copied) -> Iterator[str]:
    width = max(len(each.name) for each in copied.tables)
    yield f"{'table':<{width}}  {'rows':>13}  {'hash':<32}  copy"
    for each in copied.tables:
        copy = "the same" if each.is_same else f"{each.copied_rows:,} rows, {each.copied_hash}"
        yield f"{each.name:<{width}}  {each.rows:>13,}  {each.hash}  {copy}"
    if copied.is_same:
        rows = sum(each.rows for each in copied.tables)
        yield shown(f"{rows:,} rows of {copied.source} are in {copied.target}")
