"""Feeds that survive a kill: the store knows what every one of them must hold.

A line is written after the transaction that keeps its article, so that a kill may leave a line torn or missing, never
one too many. What a feed lacks is added when the next crawl starts. This holds for feeds in JSON Lines that are
appended, as they are, to files of this machine; any other is as safe as Scrapy makes it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from scrapy.extensions.feedexport import ItemFilter
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.utils.conf import feed_complete_default_values_from_settings
from scrapy.utils.misc import load_object
from w3lib.url import file_uri_to_path

from vovcrawl.feeds.exporters import JsonLinesExporter
from vovcrawl.feeds.formats import DOCUMENTS
from vovcrawl.items import Article
from vovcrawl.opening import NotRegularFile, open_regular
from vovcrawl.store import ArticleStore, Checkpoint, FeedCheckpoints, Position

MARKED = 1024
"""Bytes at the end of what is known of a file by which it is known again."""

_STRETCH = 64 * 1024


_MOST_WRITERS = 1_000


class OtherWriter(Exception):
    """Another worker on this machine writes to a feed; its text is the one line to show."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another worker writes to the feed {path}; each needs one of its own: -o FEED")


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


def gives_known(settings: BaseSettings) -> bool:
    """Whether a feed of a crawl is written anew, and so is to hold the known articles too."""
    return any(options.get("overwrite") for options in settings.getdict("FEEDS").values())


def can_be_continued(settings: BaseSettings, *, only_new: bool) -> bool:
    """Whether another process can continue each feed of a crawl: what is written anew gets the known articles then, and
    what is appended to is no document."""
    return all(
        not only_new
        if options.get("overwrite")
        else str(options.get("format")) not in DOCUMENTS and not str(uri).startswith("stdout:")
        for uri, options in settings.getdict("FEEDS").items()
    )


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


def hold_feeds(settings: BaseSettings, hold: Callable[[str], bool]) -> str | None:
    """Sees to it that no two workers on a machine write to one file; what to say where that makes a difference.

    One that nobody named gets another name where a worker has it.

    Args:
        settings: of the crawl.
        hold: has no other worker use a path; whether it was free.

    Raises:
        OtherWriter: another worker writes to a feed that was named.
    """
    feeds = settings.getdict("FEEDS")
    is_named = (settings.getpriority("FEEDS") or 0) > SETTINGS_PRIORITIES["addon"]
    for uri, options in feeds.items():
        path = _file_of(str(uri))
        if path is None or hold(str(path)):
            continue
        if is_named:
            raise OtherWriter(path)
        others = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(2, _MOST_WRITERS))
        free = next((other for other in others if hold(str(other))), None)
        if free is None:
            raise OtherWriter(path)
        settings.set("FEEDS", {str(free): options}, priority="addon")
        return f"Another worker writes to the feed {path}: writing to {free}"
    return None


def _file_of(uri: str) -> Path | None:
    """The file of a feed, by its absolute path; None where it is none of this machine, or each run has another one."""
    if uri.startswith("stdout:") or ("://" in uri and not uri.startswith("file:")) or "%(" in uri:
        return None
    path = Path(file_uri_to_path(uri) if uri.startswith("file:") else uri).absolute()
    return path if path.is_file() or not path.exists() else None


def is_pipe(uri: str) -> bool:
    """Whether a feed goes to a named pipe, which cannot be opened until another program reads it."""
    if "://" in uri and not uri.startswith("file:"):
        return False
    return Path(file_uri_to_path(uri) if uri.startswith("file:") else uri).is_fifo()


def catch_up(settings: BaseSettings, checkpoints: FeedCheckpoints, articles: ArticleStore) -> list[str]:
    """Completes the feeds that an earlier crawl was writing when it was killed; what was done, a line a feed.

    A torn last line is cut, and lines of committed articles are added where they are missing. A file that is not the
    one that was written, or is shorter, belongs to its owner: only a torn line at its end is cut.

    Raises:
        OSError: a feed cannot be read or written; `filename` says which.
    """
    said = []
    for feed in safe_feeds(settings):
        last = checkpoints.last(feed.name)
        path = feed.path if last is None else Path(last.path)
        if path is None or (path.exists() and not path.is_file()):
            continue
        known = _known_end(feed, path, last, articles) if last is not None else None
        if last is not None and known is last.synced is not last.written:
            # What the power cut left after this may be anything.
            os.truncate(path, known.size)
        if path.is_file() and (cut := _end_with_a_line(path)):
            said.append(f"The feed {path} ended in a torn line: {cut} bytes were cut")
        if last is None:
            continue
        if known is None:
            said.append(f"The feed {path} was moved, shortened or replaced: begun afresh")
        elif added := _add_missing(feed, path, known.size, articles.owed(last.run, known.sequence)):
            said.append(f"The feed {path} lacked {added} lines of an interrupted crawl: added")
    return said


def end_of(path: Path, sequence: int) -> Position:
    """Where a feed's file ends as it is; one that is not there yet ends where it begins."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            size = file.seek(0, os.SEEK_END)
            return Position(size, mark(_before(file, size)), sequence)
    except FileNotFoundError:
        return Position(0, mark(b""), sequence)


def mark(before: bytes) -> str:
    """What a file is known by that holds the bytes `before`, or at least the last `MARKED` of them."""
    return hashlib.sha256(before[-MARKED:]).hexdigest()


def this_boot() -> str:
    """What tells this start of the machine from others; '' where the machine does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _before(file: BinaryIO, size: int) -> bytes:
    file.seek(max(0, size - MARKED))
    return file.read(min(size, MARKED))


def _known_end(feed: Feed, path: Path, last: Checkpoint, articles: ArticleStore) -> Position | None:
    """How far a file is what the store knows it to be; None where it is its owner's.

    One that is shorter than what was handed to the system was shortened, unless it ends within the last line or the
    machine was started anew since.
    """
    if _stands(path, last.written):
        return last.written
    if (before := _before_torn_line(feed, path, last, articles)) is not None:
        return before
    return last.synced if last.boot != this_boot() and _stands(path, last.synced) else None


def _before_torn_line(feed: Feed, path: Path, last: Checkpoint, articles: ArticleStore) -> Position | None:
    """Where the last line begins, if the file ends within it."""
    end = last.written
    article = next(articles.owed(last.run, end.sequence - 1), None)
    if article is None or not path.is_file():
        return None
    size = path.stat().st_size
    exporter = feed.exporter(BytesIO())
    # An earlier version of this program may have begun it.
    for line in (exporter.line(article), exporter.spaced_line(article)):
        start = end.size - len(line)
        if start < size < end.size:
            with os.fdopen(open_regular(path), "rb") as file:
                file.seek(start)
                if line.startswith(file.read()):
                    return Position(start, "", end.sequence - 1)
    return None


def _stands(path: Path, end: Position) -> bool:
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            return file.seek(0, os.SEEK_END) >= end.size and mark(_before(file, end.size)) == end.mark
    except FileNotFoundError:
        # Scrapy makes the file for the first line.
        return end.size == 0
    except NotRegularFile:
        # A pipe would be waited for.
        return False


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


def _add_missing(feed: Feed, path: Path, known: int, owed: Iterator[Article]) -> int:
    """Adds the lines of `owed` that do not stand after the first `known` bytes of a file; how many."""
    count = 0
    with ExitStack() as opened:
        file: BinaryIO | None = None
        for line in _missing(feed, path, known, owed):
            if file is None:
                path.parent.mkdir(parents=True, exist_ok=True)
                file = opened.enter_context(path.open("ab"))
            file.write(line)
            count += 1
        if file is not None:
            file.flush()
            os.fsync(file.fileno())
    return count


def _missing(feed: Feed, path: Path, known: int, owed: Iterator[Article]) -> Iterator[bytes]:
    exporter = feed.exporter(BytesIO())
    accepts = load_object(feed.options.get("item_filter", ItemFilter))(feed.options).accepts
    written: Counter[bytes] | None = None
    for article in owed:
        if not accepts(article):
            continue
        line = exporter.line(article)
        if written is None:
            written = _lines_after(path, known)
        key = _said(line)
        if written[key]:
            written[key] -= 1
        else:
            yield line


def _lines_after(path: Path, size: int) -> Counter[bytes]:
    """What the lines after the first `size` bytes of a file say."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            file.seek(size)
            return Counter(_said(line) for line in file)
    except FileNotFoundError:
        return Counter()


def _said(line: bytes) -> bytes:
    """By what a line is known, however its JSON was written: the article and its text, or else all that it says."""
    try:
        record = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return hashlib.sha256(line).digest()
    if isinstance(record, dict) and record.get("canonical_url") and record.get("content_hash"):
        record = [record["canonical_url"], record["content_hash"]]
    return hashlib.sha256(msgspec.json.encode(record, order="sorted")).digest()
