"""The pieces that an archive is read in, each by one task, and what stands in one.

A large file is cut where its records begin: as their lengths say, since a page may hold what looks like a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from vovcrawl.archives.containers import container_of, packed_capture, record_at
from vovcrawl.archives.dataset.inputs import Input, opened
from vovcrawl.archives.files import FileOptions, Found, OwnRecords, UnreadableFile, read_one
from vovcrawl.archives.records import Became, Entry, Skipped, holds_no_article, leaves_nothing_unread, target_of
from vovcrawl.archives.revisits import is_capture, own_keys, refers_to
from vovcrawl.archives.unpacking import Place
from vovcrawl.archives.warc import WarcRecord
from vovcrawl.cleaning import drop_repeated_related, strip_boilerplate
from vovcrawl.crawl.reading import accepted
from vovcrawl.crawl.window import Window
from vovcrawl.evidence import Evidence
from vovcrawl.items import Article
from vovcrawl.near_duplicates import Fingerprint
from vovcrawl.pages import NotAnArticle
from vovcrawl.pages.time_expressions import MOST_EXPRESSIONS, tag
from vovcrawl.visits import Outcome, VisitResult

SLICE = 16 * 1024 * 1024
"""Bytes of a slice: some thousand pages, packed, which take a few seconds."""

_FEW = 50
"""Files of one page each that are a slice together."""

_MOST_OF_WHOLE = 16
"""Slices of a file that is packed as a whole: to come to one, all before it is unpacked."""

_WHOLE_SUFFIXES = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Slice:
    """What one task reads: a stretch of a file of many pages, or some files of one page each."""

    files: tuple[Input, ...]
    begin: str = ""
    """Where the stretch begins, '' at the beginning."""
    end: str = ""
    """Where it ends, '' at the end of the file."""


@dataclass(frozen=True, slots=True)
class Options:
    """How archives are read. What a crawl with the same arguments gives, these give."""

    files: FileOptions
    window: Window
    """The publication times asked for."""
    read_at: str
    """What `fetched_at` is where an archive does not say when a page was captured: ISO 8601 in UTC."""


@dataclass(frozen=True, slots=True)
class Capture:
    """An article as one record of an archive has it."""

    article: Article
    evidence: Evidence
    fingerprint: Fingerprint


class Seen(NamedTuple):
    """What became of one record."""

    became: Became
    path: str
    """Of the file."""
    position: str
    """Where the record stands there, see `Container`."""
    url: str | None
    """As the archive has it."""
    target: str | None
    """Canonical url of the article that the record is about, as far as it is known."""
    reason: str | None = None
    """Why it could not be read, for people."""
    capture: Capture | None = None
    is_unread: bool = False
    """Whether an article may be lost with it."""


class Waiting(NamedTuple):
    """A revisit, to be read once it is known where what it refers to stands."""

    path: str
    position: str
    where: str
    fields: Mapping[str, str]


@dataclass(slots=True)
class Watch:
    """Is let know of each record before and after it is read."""

    before: Callable[[str], str | None] = lambda position: None
    """Gets the position; a reason is why the record is not to be read."""
    after: Callable[[str], None] = lambda position: None
    capture: Callable[[int, int, WarcRecord], None] | None = None
    """Gets the key of a capture that revisits may refer to, the number of its member, and the record."""


_NO_WATCH = Watch()


def slices_of(files: Sequence[Input], size: int, cuts: Mapping[str, Sequence[str]]) -> list[Slice]:
    """The slices of an archive, in its order, which does not depend on who reads them.

    Args:
        files: of the archive.
        size: bytes of a slice.
        cuts: of the large files, by their path, what `cuts_of` gives.
    """
    found: list[Slice] = []
    few: list[Input] = []
    for file in files:
        if few and (file.holds_many or len(few) == _FEW):
            found.append(Slice(tuple(few)))
            few = []
        if not file.holds_many:
            few.append(file)
            continue
        ends = ["", *cuts.get(file.path, ()), ""]
        found += [Slice((file,), begin, end) for begin, end in pairwise(ends)]
    if few:
        found.append(Slice(tuple(few)))
    return found


def is_to_be_cut(file: Input, size: int) -> bool:
    """Whether a file is read in several slices."""
    return file.holds_many and file.size > size + size // 2


def cuts_of(file: Input, size: int) -> list[str]:
    """The positions at which a large file is cut; none where it cannot be read, which reading it says."""
    try:
        with opened(file) as source:
            container = container_of(source, file.name, file.path, FileOptions(), lambda fields: None)
            cuts = list(container.cuts(size))
    except (OSError, UnreadableFile):
        return []
    if len(cuts) >= _MOST_OF_WHOLE and file.name.lower().endswith(_WHOLE_SUFFIXES) and "+" in cuts[-1]:
        step = -(-len(cuts) // (_MOST_OF_WHOLE - 1))
        cuts = cuts[step - 1 :: step]
    return cuts


def read_slice(one: Slice, options: Options, watch: Watch = _NO_WATCH) -> Iterator[Seen | Waiting]:
    """What the records of a slice hold, in their order: one for each."""
    if not one.files[0].holds_many:
        for file in one.files:
            yield _read_file(file, options, watch)
        return
    file = one.files[0]
    waiting: list[Mapping[str, str]] = []

    def resolved(fields: Mapping[str, str]) -> None:
        waiting.append(fields)

    def noted(member: int, record: WarcRecord) -> None:
        if watch.capture is not None and is_capture(record):
            for key in own_keys(record.fields):
                watch.capture(key, member, record)

    end = _order(one.end) if one.end else None
    position = one.begin
    try:
        with opened(file) as source:
            container = container_of(source, file.name, file.path, options.files, resolved, noted=noted)
            for entry in filter(None, container.entries(one.begin)):
                if end is not None and _order(entry.position) >= end:
                    return
                position = entry.position
                if waiting:
                    fields = waiting.pop()
                    if isinstance(entry.found, Skipped) and entry.found.became is Became.UNRESOLVED_REVISIT:
                        yield Waiting(file.path, position, entry.found.where, fields)
                        continue
                yield _read_entry(file.path, entry, options, watch)
    except OSError as error:
        yield _unreadable(file.path, position, error.strerror or str(error))
    except OwnRecords as error:
        # A feed may well lie in the folder that was named.
        became = Became.UNREADABLE if file.is_named else Became.NO_ARTICLE
        yield Seen(became, file.path, position, None, None, str(error), is_unread=file.is_named)
    except UnreadableFile as error:
        yield _unreadable(file.path, position, str(error))


def read_revisit(
    one: Waiting, places: Sequence[tuple[Input, int, Place]], options: Options, watch: Watch = _NO_WATCH
) -> Seen:
    """What a revisit holds.

    Args:
        one: the revisit.
        places: file, number of the member and place of the captures that it may refer to, the surest first.
        options: how archives are read.
        watch: is let know.
    """
    for file, member, place in places:
        try:
            with opened(file) as source:
                record = record_at(source, file.name, member, place, options.files.largest)
        except (OSError, UnreadableFile):
            continue
        if record is not None and record.block is not None and refers_to(one.fields, record.fields):
            found = packed_capture(record, one.where, one.fields)
            return _read_entry(one.path, Entry(found, one.position, one.position), options, watch)
    url = one.fields.get("warc-target-uri", "").strip("<> ") or None
    return Seen(Became.UNRESOLVED_REVISIT, one.path, one.position, url, None)


def _read_file(file: Input, options: Options, watch: Watch) -> Seen:
    if (reason := watch.before(file.path)) is not None:
        return Seen(Became.GIVEN_UP, file.path, "", None, None, reason, is_unread=True)
    if file.local is None:
        return _unreadable(file.path, "", "a link that leads out of the archive's folder")
    seen = _seen(read_one(file.local, options.files), file.path, "", None, options)
    watch.after(file.path)
    return seen


def _read_entry(path: str, entry: Entry, options: Options, watch: Watch) -> Seen:
    found, url = entry.found, entry.found.url
    if isinstance(found, Skipped):
        return Seen(found.became, path, entry.position, url, target_of(url), found.reason, is_unread=found.is_unread)
    if (reason := watch.before(entry.position)) is not None:
        return Seen(Became.GIVEN_UP, path, entry.position, url, target_of(url), reason, is_unread=True)
    seen = _seen(read_one(found, options.files), path, entry.position, url, options, is_record=True)
    watch.after(entry.position)
    return seen


def _seen(
    read: Found | NotAnArticle | UnreadableFile | Skipped,
    path: str,
    position: str,
    url: str | None,
    options: Options,
    *,
    is_record: bool = False,
) -> Seen:
    """What reading a record or a file means, as for a crawl."""
    target = target_of(url)
    if isinstance(read, UnreadableFile):
        return Seen(Became.UNREADABLE, path, position, url, target, str(read), is_unread=True)
    if isinstance(read, Skipped):
        return Seen(read.became, path, position, url, target, read.reason, is_unread=read.is_unread)
    if isinstance(read, NotAnArticle):
        is_settled = leaves_nothing_unread(read, target) if is_record else holds_no_article(read)
        became = Became.NO_ARTICLE if is_settled else Became.UNREADABLE
        return Seen(became, path, position, url, target, str(read), is_unread=not is_settled)
    visit = VisitResult(path)
    article = accepted(read.reading, visit, options.window)
    if article is None:
        outside = visit.outcome is Outcome.OUTSIDE_WINDOW
        became = Became.OUTSIDE_WINDOW if outside else Became.UNREADABLE
        return Seen(became, path, position, url, visit.canonical_url or target, visit.reason, is_unread=not outside)
    article = drop_repeated_related(strip_boilerplate(article))
    if options.files.dates:
        article.time_expressions = (article.time_expressions or tag(article))[:MOST_EXPRESSIONS]
    if article.fetched_at is None:
        article.fetched_at = options.read_at
    capture = Capture(article, read.evidence, read.words.fingerprint)
    return Seen(Became.ARTICLE, path, position, url, article.canonical_url, capture=capture)


def _unreadable(path: str, position: str, reason: str) -> Seen:
    return Seen(Became.UNREADABLE, path, position, None, None, reason, is_unread=True)


def _order(position: str) -> tuple[int, int, int, int]:
    """By what the positions of a file are in order: member of a WACZ, gzip member, place within it, line."""
    member, _, rest = position.rpartition("|")
    place, _, line = rest.partition("@")
    return int(member or 0), *Place.read(place), int(line or 0)
