"""Feeds that survive a kill: the store knows what every one of them must hold.

A line is written behind the transaction that keeps its article, so that a kill may leave a line torn or missing, never
one too many. What a feed lacks is added when the next crawl starts. This holds for feeds in JSON Lines that are
appended, as they are, to files of this machine; any other is as safe as Scrapy makes it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from scrapy.extensions.feedexport import ItemFilter
from scrapy.settings import BaseSettings
from scrapy.utils.conf import feed_complete_default_values_from_settings
from scrapy.utils.misc import load_object
from w3lib.url import file_uri_to_path

from vovcrawl.exporters import JsonLinesExporter
from vovcrawl.items import from_plain
from vovcrawl.store.feeds import Account, FeedStore

_MARKED = 4096
"""Bytes at the end of what is known of a file by which it is known again."""

_STRETCH = 64 * 1024


@dataclass(frozen=True)
class Feed:
    """A feed that is completed after a kill."""

    uri: str
    """As in `FEEDS`."""
    name: str
    """Its absolute path, placeholders such as `%(time)s` as they are."""
    options: dict[str, Any]

    @property
    def path(self) -> Path | None:
        """Its file; None where each run has another one."""
        return Path(self.name) if "%(" not in self.name else None

    def exporter(self, file: BinaryIO) -> JsonLinesExporter:
        """What writes the feed's lines to `file`."""
        kind = load_object(self.options["exporter"])
        made: JsonLinesExporter = kind(
            file,
            fields_to_export=self.options["fields"],
            encoding=self.options["encoding"],
            indent=self.options["indent"],
            **self.options["item_export_kwargs"],
        )
        return made


def safe_feeds(settings: BaseSettings) -> list[Feed]:
    """The feeds of a crawl that are completed after a kill."""
    found = []
    exporters = settings.getwithbase("FEED_EXPORTERS")
    for uri, given in settings.getdict("FEEDS").items():
        name = str(uri)
        options = feed_complete_default_values_from_settings(given, settings, name)
        exporter = exporters.get(options["format"])
        options["exporter"] = exporter
        path = Path(file_uri_to_path(name) if name.startswith("file:") else name).absolute()
        if (
            ("://" not in name or name.startswith("file:"))
            and not name.startswith("stdout:")
            and not options.get("overwrite")
            and not options.get("postprocessing")
            and not options["batch_item_count"]
            and "\n".encode(options["encoding"] or "ascii") == b"\n"
            and (path.is_file() or not path.exists())
            and issubclass(load_object(exporter), JsonLinesExporter)
        ):
            found.append(Feed(name, str(path), options))
    return found


def catch_up(settings: BaseSettings, store: FeedStore) -> list[str]:
    """Completes the feeds that an earlier crawl was writing when it was killed; what was done, a line a feed.

    A torn last line is cut, and lines of committed articles are added where they are missing. A file that is not the
    one that was written, or is shorter, belongs to its owner: only a torn line at its end is cut.

    Raises:
        OSError: a feed cannot be read or written; `filename` says which.
    """
    said = []
    for feed in safe_feeds(settings):
        account = store.account(feed.name)
        path = feed.path if account is None else Path(account.path)
        if path is None:
            continue
        if path.is_file() and (cut := _end_with_a_line(path)):
            said.append(f"The feed {path} ended in a torn line: {cut} bytes were cut")
        if account is None:
            continue
        if not _is_known(path, account):
            said.append(f"The feed {path} was moved, shortened or replaced: begun afresh")
        elif added := _add_missing(feed, path, account, store):
            said.append(f"The feed {path} lacked {added} lines of an interrupted crawl: added")
    return said


def state_of(path: Path) -> tuple[int, str]:
    """Size in bytes and mark of a feed's file as it is; of one that is not there yet, 0 and the mark of nothing."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            return size, _mark(file, size)
    except FileNotFoundError:
        return 0, _mark(BytesIO(), 0)


def _mark(file: BinaryIO, size: int) -> str:
    file.seek(max(0, size - _MARKED))
    return hashlib.sha256(file.read(min(size, _MARKED))).hexdigest()


def _is_known(path: Path, account: Account) -> bool:
    """Whether a file still begins with what the store knows of it."""
    try:
        with path.open("rb") as file:
            return file.seek(0, os.SEEK_END) >= account.size and _mark(file, account.size) == account.mark
    except FileNotFoundError:
        # Scrapy makes the file for the first line.
        return account.size == 0


def _end_with_a_line(path: Path) -> int:
    """Sees to it that a file ends with a whole line; the number of bytes that were cut.

    A last line that lacks nothing but its end gets that.
    """
    with path.open("r+b") as file:
        size = end = file.seek(0, os.SEEK_END)
        rest = b""
        while end and b"\n" not in rest:
            end = max(0, end - _STRETCH)
            file.seek(end)
            rest = file.read(size - end if not rest else min(_STRETCH, size - end - len(rest))) + rest
        torn = rest[rest.rfind(b"\n") + 1 :]
        if not torn:
            return 0
        try:
            json.loads(torn)
        except ValueError:
            file.truncate(size - len(torn))
            return len(torn)
        file.seek(0, os.SEEK_END)
        file.write(b"\n")
        return 0


def _add_missing(feed: Feed, path: Path, account: Account, store: FeedStore) -> int:
    """Adds the lines that the feed's run owes it and that do not stand behind what is known; how many."""
    missing = iter(_missing(feed, path, account, store))
    first = next(missing, None)
    if first is None:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    added = 0
    with path.open("ab") as file:
        for line in (first, *missing):
            file.write(line)
            added += 1
        file.flush()
        os.fsync(file.fileno())
    return added


def _missing(feed: Feed, path: Path, account: Account, store: FeedStore) -> Iterator[bytes]:
    exporter = feed.exporter(BytesIO())
    accepts = load_object(feed.options.get("item_filter", ItemFilter))(feed.options).accepts
    written: Counter[bytes] | None = None
    for _, record in store.owed(account):
        article = from_plain(json.loads(record))
        if not accepts(article):
            continue
        line = exporter.line(article)
        if written is None:
            written = _lines_behind(path, account.size)
        key = hashlib.sha256(line).digest()
        if written[key]:
            written[key] -= 1
        else:
            yield line


def _lines_behind(path: Path, size: int) -> Counter[bytes]:
    """The digests of the lines behind the first `size` bytes of a file."""
    try:
        with path.open("rb") as file:
            file.seek(size)
            return Counter(hashlib.sha256(line).digest() for line in file)
    except FileNotFoundError:
        return Counter()
