"""`scrapy reread`: reads kept pages again with today's reader, and keeps what it reads otherwise."""

from __future__ import annotations

import argparse
import json
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from scrapy.settings import BaseSettings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.archives.captures import captures
from vovcrawl.archives.files import FileOptions
from vovcrawl.archives.paths import ArchivePaths, archive_paths
from vovcrawl.archives.rereading import Became, Completing, Rereader
from vovcrawl.cleaning.rules import use_also
from vovcrawl.crawl.components import add_components
from vovcrawl.crawl.configuration import project_folder
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.items import Article
from vovcrawl.masking import masked
from vovcrawl.near_duplicates import changes
from vovcrawl.pipelines.drop_repeated_related import DropRepeatedRelated
from vovcrawl.pipelines.strip_boilerplate import StripBoilerplate
from vovcrawl.pipelines.tag_dates import TagDates
from vovcrawl.project_command import ProjectCommand, StoreCommand, print_lines
from vovcrawl.store import ArticleStore, Database, StoreError, StoreHeld, open_database, read_database
from vovcrawl.store.database import commit, explain
from vovcrawl.store.rereadings import Rereading, Rereadings
from vovcrawl.text import encodable, shown

_BATCH = 200
"""Pages that are committed together."""

_NAMED = 20
"""Pages that cannot be read any more and are named one by one."""

_LONG = 100
"""Characters of a value beyond which only what has changed in it is shown, and of what is shown of a change."""

_MOST_CHANGES = 20
"""Changes that are shown of one text or list."""

_COMPLETING = (StripBoilerplate, DropRepeatedRelated, TagDates)
"""The pipelines that depend on the page alone."""


class Command(StoreCommand):
    """Reads an archive and the store; writes to the store in the end, unless it is only asked for."""

    _paths: ArchivePaths

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--archive PATH[,PATH]] [--diff] [--dry-run] [--json] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Read kept pages again with today's reader"

    def long_desc(self) -> str:
        """What `scrapy reread -h` shows."""
        return (
            "Read the pages that the store's articles were read from again, out of VOV_WARC or another archive, and "
            "keep what today's reader reads otherwise, as a reading beside that before. Everything is read before "
            "anything is written; it holds the store as a crawl does."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, where the pages are, and what is shown and done."""
        super().add_options(parser)
        parser.add_argument("--archive", help="files and folders, as a crawl's -a archive takes them")
        parser.add_argument("--diff", action="store_true", help="show what is read otherwise, field by field")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--json", action="store_true", help="JSON lines: with --diff each page, then the counts")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Finds the archive."""
        assert self.settings is not None
        kept = self.settings.get("VOV_WARC")
        if opts.archive is None and not kept:
            raise ArgumentError("no archive is named; right would be --archive PATH, or -s VOV_WARC=FOLDER")
        option, text = "--archive", opts.archive
        if text is None:
            option, text = "-s VOV_WARC", str(project_folder() / str(kept))
        try:
            self._paths = archive_paths(text)
        except ArgumentError as error:
            raise ArgumentError(str(error).replace("-a archive", option)) from None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads, shows and writes."""
        # A signal ends it at once, without a traceback: what is not committed is read again the next time.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            database = self._open(is_read_only=opts.dry_run)
        except StoreHeld as error:
            self.leave(ExitStatus.HELD, str(error))
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))
        try:
            unreadable = self._reread(database, opts)
        except (SQLAlchemyError, StoreError) as error:
            line = str(error) if isinstance(error, StoreError) else f"the store {database.name}: {explain(error)}"
            self.leave(ExitStatus.STORE, line)
        except sqlite3.Error as error:
            self.leave(ExitStatus.STORE, f"the folder for temporary files cannot be written: {error}")
        finally:
            database.close()
        if unreadable:
            sys.exit(ExitStatus.INCOMPLETE)

    def _open(self, *, is_read_only: bool) -> Database:
        # Only a store that is there, and of this version: opening one to write would make it.
        database = read_database(self._configuration.database)
        if is_read_only:
            return database
        database.close()
        return open_database(self._configuration.database)

    def _reread(self, database: Database, opts: argparse.Namespace) -> int:
        """Does it all; how many pages could not be read."""
        assert self.settings is not None
        use_also(self._configuration.cleaning_rules)
        store = ArticleStore(database.connection)
        rereadings = Rereadings(store.pages())
        try:
            rereader = Rereader(store, rereadings, completing(self.settings))
            options = FileOptions(largest=self.settings.getint("DOWNLOAD_MAXSIZE"))
            progress = _Progress(self)
            unread = 0
            for line in rereader.run(captures(self._paths, options)):
                progress.show(rereader)
                if line is not None:
                    unread += 1
                    if unread <= _NAMED:
                        self.say(f"not readable: {line}")
            progress.close()
            if unread > _NAMED:
                self.say(f"not readable: {unread - _NAMED:,} more")
            # Nothing of the store is locked while somebody reads what is shown.
            database.connection.rollback()
            if opts.diff:
                print_lines(_shown(rereadings, as_json=opts.json))
            if not opts.dry_run:
                _write(database, store, rereadings)
        finally:
            rereadings.close()
        print_lines([_ending(rereader, as_json=opts.json, is_dry=opts.dry_run)])
        return rereader.counts[Became.UNREADABLE]


def completing(settings: BaseSettings) -> list[Completing]:
    """What the pipelines of a crawl with these settings do with an article that was read, in their order; those of the
    user's have no part."""
    settings = settings.copy()
    add_components(settings)
    kinds = [load_object(one) for one in build_component_list(settings.getwithbase("ITEM_PIPELINES"))]
    return [_process(kind) for kind in kinds if kind in _COMPLETING]


def _process(kind: type[Any]) -> Completing:
    def process(article: Article) -> Article:
        made: Article = kind().process_item(article)
        return made

    return process


def _write(database: Database, store: ArticleStore, rereadings: Rereadings) -> None:
    for count, found in enumerate(rereadings, 1):
        store.apply(found)
        if count % _BATCH == 0:
            commit(database.connection)
    commit(database.connection)


def _ending(rereader: Rereader, *, as_json: bool, is_dry: bool) -> str:
    counts = rereader.counts
    read = counts[Became.CHANGED] + counts[Became.SAME]
    if as_json:
        return json.dumps({"counts": {"read": read, **{became.value: counts[became] for became in Became}}})
    found = [
        f"{read:,} pages read again: {counts[Became.CHANGED]:,} {'would change' if is_dry else 'changed'}, "
        f"{counts[Became.SAME]:,} the same"
    ]
    if counts[Became.UNREADABLE]:
        found.append(f"{counts[Became.UNREADABLE]:,} not readable")
    if counts[Became.OTHER_PAGE]:
        found.append(f"{counts[Became.OTHER_PAGE]:,} other pages of kept articles")
    if counts[Became.NOT_KEPT]:
        hint = "scrapy crawl vov -a archive=PATH takes them in"
        found.append(f"{counts[Became.NOT_KEPT]:,} not in the store ({hint})")
    return "; ".join(found)


class _Progress:
    """How far the reading has come: on a terminal below all lines, elsewhere a line a minute."""

    def __init__(self, command: ProjectCommand, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = command.say
        self._clock = clock
        self._is_terminal = sys.stderr.isatty()
        self._shown_at = clock()
        self._looked_at = 0

    def show(self, rereader: Rereader) -> None:
        """Takes note of one more capture."""
        self._looked_at += 1
        now = self._clock()
        if now - self._shown_at < (1 if self._is_terminal else 60):
            return
        self._shown_at = now
        counts = rereader.counts
        read = counts[Became.CHANGED] + counts[Became.SAME]
        line = f"{self._looked_at:,} pages looked at, {read:,} read again, {counts[Became.CHANGED]:,} otherwise"
        if self._is_terminal:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        else:
            self._say(line)

    def close(self) -> None:
        """Clears the line."""
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _shown(rereadings: Rereadings, *, as_json: bool) -> Iterator[str]:
    for found in rereadings:
        if not found.changed:
            continue
        if as_json:
            fields = {name: {"before": before, "after": after} for name, (before, after) in found.changed.items()}
            names = {"canonical_url": found.canonical_url, "page_hash": found.page_hash, "where": found.where}
            yield shown(encodable(json.dumps({**names, "fields": fields}, ensure_ascii=False)))
        else:
            yield from _lines(found)


def _lines(found: Rereading) -> Iterator[str]:
    yield _safe(f"{found.canonical_url} ({found.where})")
    for name, (before, after) in found.changed.items():
        for line in _differing(before, after):
            yield _safe(f"  {name}: {line}")


def _differing(before: Any, after: Any) -> Sequence[str]:
    """What differs between two values of a field, in a few short lines."""
    values = _written(before), _written(after)
    if max(map(len, values)) <= _LONG:
        return [f"{values[0]} → {values[1]}"]
    if isinstance(before, list) and isinstance(after, list):
        found = [f"- {_cut(_written(one))}" for one in before if one not in after]
        found += [f"+ {_cut(_written(one))}" for one in after if one not in before]
        otherwise = "another order"
    else:
        parts = changes(str(before or ""), str(after or ""))
        found = [f"[{_cut(part.before)} → {_cut(part.after)}]" for part in parts]
        otherwise = "other case, punctuation or blanks, or far from its beginning"
    if len(found) > _MOST_CHANGES:
        return [*found[:_MOST_CHANGES], f"and {len(found) - _MOST_CHANGES:,} more"]
    return found or [otherwise]


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _safe(line: str) -> str:
    return shown(masked(encodable(line)))
