"""From captures to articles: those of one article are brought together, and the newest one counts, as in a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import pyarrow as pa

from vovcrawl.archives.dataset.reading import ROW, Spill
from vovcrawl.archives.dataset.slices import Capture, Seen
from vovcrawl.archives.dataset.spilling import Row, Values, ValueWriter, between, write_rows, write_sorted_rows
from vovcrawl.archives.records import target_of
from vovcrawl.export.arrow import arrow_schema, batch_of
from vovcrawl.export.parquet_files import BatchFiles
from vovcrawl.export.request import ALL_FIELDS
from vovcrawl.items import Article
from vovcrawl.near_duplicates import Fingerprint, words_of
from vovcrawl.pages.publication import VIETNAM, from_iso
from vovcrawl.store.duplicates import number_of, seconds_of
from vovcrawl.store.history import Revision
from vovcrawl.store.passing import PassingStore

UNDATED = 0
"""The month of articles without a date."""

SHIFT = 1 << 62
"""Added to seconds, so that rows hold no negative number."""

PLACE_ROW, BAND_ROW, MONTH_ROW, FAILURE_ROW = 5, 4, 2, 4

_AT_A_TIME = 100


class Failure(NamedTuple):
    """A record that could not be read."""

    seen: Seen
    is_settled: bool
    """Whether another capture gave its article."""


@dataclass(slots=True)
class Part:
    """The articles of a range of keys."""

    number: int
    articles: Path
    """`Article`."""
    fingerprints: Path
    """`Fingerprint`: apart, since many more of them are compared than articles are."""
    places: Path
    """A row for each article of the part: offset and length of the article, of its fingerprint, and seconds of
    publication and `SHIFT`."""
    months: Path
    """Rows: month as in 202310, place of the article, see `place_of`."""
    bands: Path
    """Rows: band, seconds of publication and `SHIFT`, number of the article's url, its place: see `place_of`."""
    failures: Path
    """`Failure`."""
    failure_rows: Path
    """Rows: slice, place in it, offset, length."""
    revisions: Path | None = None
    """A Parquet file of earlier texts, if there are some."""
    count: int = 0
    """Of its articles."""
    earlier: int = 0
    """Of its earlier texts."""
    failed: int = 0
    """Failures that are not settled."""
    settled: int = 0
    in_months: dict[int, int] = field(default_factory=dict)
    """How many articles each month has."""


def place_of(part: int, article: int) -> int:
    """Part and article in one number."""
    return part << 40 | article


def part_and_article(place: int) -> tuple[int, int]:
    """The two of `place_of`."""
    return place >> 40, place & (1 << 40) - 1


def components(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Keys that stand for the same as another one: the smallest of those that are connected."""
    above: dict[int, int] = {}

    def root(key: int) -> int:
        while (higher := above.get(key, key)) != key:
            above[key] = above.get(higher, higher)
            key = higher
        return key

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        if low != high:
            above[high] = low
    return {key: root(key) for key in above}


def merge(folder: Path, number: int, least: int, most: int, spills: Sequence[Spill], moved: Mapping[int, int]) -> Part:
    """Brings together the captures of the articles in a range of keys.

    Args:
        folder: where it is written to.
        number: of the part.
        least: the smallest key.
        most: the largest one.
        spills: of all slices.
        moved: `components` of all keys.

    Raises:
        OSError: the folder cannot be read or written to.
    """
    rows: list[Row] = []
    elsewhere = [key for key, stands_for in moved.items() if least <= stands_for <= most and not least <= key <= most]
    for at, spill in enumerate(spills):
        ranges = [(least, most), *((key, key) for key in elsewhere)]
        for low, high in ranges:
            for key, place, offset, length in between(spill.rows, ROW, low, high):
                stands_for = moved.get(key, key)
                if least <= stands_for <= most:
                    rows.append((stands_for, spill.number, place, at, offset, length))
    rows.sort()
    values: dict[int, Values[Seen]] = {}

    def seen_of(row: Row) -> Seen:
        at, offset, length = row[3:]
        if at not in values:
            if len(values) == _MOST_OPEN:
                values.pop(next(iter(values))).close()
            values[at] = Values(spills[at].values, Seen)
        return values[at].read(offset, length)

    with PartWriter(folder, number) as into, PassingStore() as store:
        for _, group in groupby(rows, key=itemgetter(0)):
            _merge_group(list(group), seen_of, store, into)
    for each in values.values():
        each.close()
    return into.part


_MOST_OPEN = 200
"""Files of slices that are open at a time."""


_REFUSED = "its page names a url that belongs to another article"


def _merge_group(group: list[Row], seen_of: Any, store: PassingStore, into: PartWriter) -> None:
    if len(group) == 1:
        seen = seen_of(group[0])
        if seen.capture is not None:
            into.add(seen.capture.article, seen.capture.fingerprint)
        elif seen.is_unread:
            into.fail(group[0], Failure(seen, False))
        return
    accounted: set[str] = set()
    unread: list[Row] = []
    captured: list[Row] = []

    def captures() -> Iterator[Capture]:
        for row in group:
            seen = seen_of(row)
            if seen.is_unread:
                unread.append(row)
            elif seen.target:
                accounted.add(seen.target)
            if seen.capture is not None:
                captured.append(row)
                yield seen.capture

    first = next(found := captures(), None)
    second = next(found, None)
    if first is not None and second is None:
        into.add(first.article, first.fingerprint)
    elif first is not None and second is not None:
        all_of_them = ((each.article, each.evidence) for several in ((first, second), found) for each in several)
        for history in store.histories(all_of_them):
            article = history[-1].article
            accounted.add(article.canonical_url)
            words = words_of(article.headline, article.description, article.body)
            into.add(article, words.fingerprint)
            into.add_earlier(article.canonical_url, history[:-1])
        for place in store.refused:
            seen = seen_of(captured[place])
            kept_elsewhere = seen.url is not None and target_of(seen.url) in accounted
            into.fail(captured[place], Failure(seen._replace(capture=None, reason=_REFUSED), kept_elsewhere))
    for row in unread:
        seen = seen_of(row)
        into.fail(row, Failure(seen, seen.target in accounted))


def revisions_schema() -> pa.Schema:
    """The types of earlier texts: the record, which of the article's texts it is, when it was seen, and by what it was
    replaced."""
    moment = pa.timestamp("us", "UTC")
    more = [
        pa.field("revision_of", pa.string(), nullable=False, metadata={"description": "The article's `canonical_url`"}),
        pa.field("revision", pa.int32(), nullable=False, metadata={"description": "1 for the article's first text"}),
        pa.field("first_seen", moment, metadata={"description": "When it was captured first"}),
        pa.field("last_seen", moment, metadata={"description": "When it was captured last"}),
        pa.field("replaced_by", pa.string(), metadata={"description": "`edit`: the newspaper changed the text"}),
        pa.field("page_hash", pa.string(), metadata={"description": "BLAKE2b of the page's bytes, 128 bits"}),
    ]
    return pa.schema([*arrow_schema(ALL_FIELDS), *more])


class PartWriter:
    """Writes a part, complete when the context ends.

    Args:
        folder: where it is written to.
        number: of the part.
    """

    def __init__(self, folder: Path, number: int) -> None:
        name = f"part-{number}.{token_hex(8)}"
        self._stem = folder / name
        self.part = Part(
            number,
            articles=folder / f"{name}.articles",
            fingerprints=folder / f"{name}.fingerprints",
            places=folder / f"{name}.places",
            months=folder / f"{name}.months",
            bands=folder / f"{name}.bands",
            failures=folder / f"{name}.failures",
            failure_rows=folder / f"{name}.failure-rows",
        )
        self._articles = ValueWriter(self.part.articles)
        self._fingerprints = ValueWriter(self.part.fingerprints)
        self._places: list[Row] = []
        self._failures = ValueWriter(self.part.failures)
        self._rows: dict[Path, list[Row]] = {
            path: [] for path in (self.part.months, self.part.bands, self.part.failure_rows)
        }
        self._revisions: BatchFiles | None = None
        self._earlier: list[dict[str, Any]] = []

    def __enter__(self) -> PartWriter:
        return self

    def add(self, article: Article, fingerprint: Fingerprint) -> None:
        """Writes an article."""
        part = self.part
        month = month_of(article.date_published)
        published = seconds_of(article.date_published) + SHIFT
        self._places.append((*self._articles.add(article), *self._fingerprints.add(fingerprint), published))
        url, place = number_of(article.canonical_url), place_of(part.number, part.count)
        self._rows[part.months].append((month, place))
        self._rows[part.bands] += [(band, published, url, place) for band in fingerprint.bands]
        part.in_months[month] = part.in_months.get(month, 0) + 1
        part.count += 1

    def add_earlier(self, url: str, revisions: Sequence[Revision]) -> None:
        """Writes the earlier texts of an article, by its url."""
        for revision in revisions:
            self._earlier.append(
                {
                    **revision.article.to_dict(),
                    "revision_of": url,
                    "revision": revision.number,
                    "first_seen": _moment(revision.first_seen),
                    "last_seen": _moment(revision.last_seen),
                    "replaced_by": revision.replaced_by,
                    "page_hash": revision.page_hash,
                }
            )
            if len(self._earlier) >= _AT_A_TIME:
                self._write_earlier()

    def fail(self, row: Row, failure: Failure) -> None:
        """Writes a record that could not be read, by its row."""
        _, number, place, *_ = row
        self._rows[self.part.failure_rows].append((number, place, *self._failures.add(failure)))
        self.part.settled += failure.is_settled
        self.part.failed += not failure.is_settled

    def _write_earlier(self) -> None:
        if self._revisions is None:
            self.part.revisions = self._stem.with_name(f"{self._stem.name}.revisions")
            self._revisions = BatchFiles(revisions_schema(), lambda _: self.part.revisions or self._stem, in_one=True)
        self._revisions.add_batch(batch_of(self._earlier, revisions_schema()))
        self.part.earlier += len(self._earlier)
        self._earlier.clear()

    def __exit__(self, kind: object, error: object, at: object) -> None:
        self._articles.__exit__(None, None, None)
        self._fingerprints.__exit__(None, None, None)
        self._failures.__exit__(None, None, None)
        if kind is None:
            if self._earlier:
                self._write_earlier()
            write_sorted_rows(self.part.places, self._places)
            for path, rows in self._rows.items():
                write_rows(path, rows)
        if self._revisions is not None:
            self._revisions.__exit__(None if kind is None else BaseException, None, None)


def _moment(written: str) -> datetime | None:
    """A moment of the store."""
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def month_of(date_published: str | None) -> int:
    """The month in Vietnam, as in 202310; `UNDATED` where there is no date."""
    moment = from_iso(date_published)
    if moment is None:
        return UNDATED
    there = moment.astimezone(VIETNAM)
    return there.year * 100 + there.month
