"""Reading slices: what comes of each goes to the disk, sorted by article, so that others find it there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from secrets import token_hex

from vovcrawl import urls
from vovcrawl.archives.dataset.attempts import Attempt, GivenUp
from vovcrawl.archives.dataset.inputs import Input
from vovcrawl.archives.dataset.slices import Options, Seen, Slice, Waiting, Watch, read_revisit, read_slice
from vovcrawl.archives.dataset.spilling import Row, Values, ValueWriter, between, write_rows
from vovcrawl.archives.records import Became
from vovcrawl.archives.revisits import MOST_CANDIDATES, wanted_keys
from vovcrawl.archives.unpacking import Place
from vovcrawl.archives.warc import WarcRecord
from vovcrawl.items import Article
from vovcrawl.text import encodable

ROW = 4
"""Numbers in a row of a spill: the key of the article, the place of the record in its slice, offset and length."""

ATTEMPTS = "attempts"
"""Name of the folder in which attempts leave where they are."""

_CAPTURE_ROW = 4
"""Key, member, and the two numbers of the place."""


@dataclass(slots=True)
class Spill:
    """What was read of a slice, or of the revisits in it."""

    number: int
    """Of the slice."""
    values: Path
    """What became of the records that are an article, or may have lost one: `Seen`."""
    rows: Path
    """Where each stands, sorted by article."""
    size: int = 0
    """Bytes of the values."""
    counts: Counter[Became] = field(default_factory=Counter)
    """All records."""
    edges: set[tuple[int, int]] = field(default_factory=set)
    """Keys that one page names, so that their articles may be one."""
    captures: Path | None = None
    """Rows of what revisits may refer to."""
    waiting: Path | None = None
    """The revisits, where there are some: `Waiting`."""
    waiting_rows: Path | None = None
    """The place in the slice of each, offset and length."""


@dataclass(frozen=True, slots=True)
class Captures:
    """Where revisits look for what they refer to: a file of the archive, and the rows of one of its slices."""

    file: Input
    rows: Path


def read(folder: Path, number: int, one: Slice, options: Options, is_limited: bool) -> Spill:
    """Reads a slice.

    Args:
        folder: where it is written to.
        number: of the slice.
        one: the slice.
        options: how archives are read.
        is_limited: see `Attempt`.

    Raises:
        OSError: the folder cannot be written to.
    """
    captures: list[Row] = []

    def noted(key: int, member: int, record: WarcRecord) -> None:
        captures.append((key, member, *record.place))

    with (
        Attempt(folder / ATTEMPTS, f"read-{number}", is_limited=is_limited) as attempt,
        _Spilling(folder, number, "read") as into,
    ):
        watch = Watch(attempt.before, attempt.after, noted)
        try:
            for place, seen in enumerate(read_slice(one, options, watch)):
                into.add(place, seen)
        except GivenUp as error:
            path = one.files[0].path
            into.add(into.last + 1, Seen(Became.GIVEN_UP, path, one.begin, None, None, str(error), is_unread=True))
    spill = into.spill
    if captures:
        spill.captures = spill.rows.with_suffix(".captures")
        write_rows(spill.captures, captures)
    return spill


def read_revisits(
    folder: Path, spill: Spill, captures: Sequence[Captures], options: Options, is_limited: bool
) -> Spill:
    """Reads the revisits of a slice, once all captures of the archive are known.

    Args:
        folder: where it is written to.
        spill: of the slice.
        captures: of all slices.
        options: how archives are read.
        is_limited: see `Attempt`.

    Raises:
        OSError: the folder cannot be written to.
    """
    assert spill.waiting is not None
    assert spill.waiting_rows is not None
    with (
        Attempt(folder / ATTEMPTS, f"revisits-{spill.number}", is_limited=is_limited) as attempt,
        _Spilling(folder, spill.number, "revisits") as into,
    ):
        watch = Watch(attempt.before, attempt.after)
        waiting = Values(spill.waiting, Waiting)
        for place, offset, length in between(spill.waiting_rows, 3):
            one = waiting.read(offset, length)
            try:
                seen = read_revisit(one, list(_places(one, captures)), options, watch)
            except GivenUp as error:
                seen = Seen(Became.GIVEN_UP, one.path, one.position, None, None, str(error), is_unread=True)
            into.add(place, seen)
        waiting.close()
    return into.spill


def _places(one: Waiting, captures: Sequence[Captures]) -> Iterator[tuple[Input, int, Place]]:
    found = (
        (each.file, member, Place(at, within))
        for key in wanted_keys(one.fields)
        for each in captures
        for _, member, at, within in between(each.rows, _CAPTURE_ROW, key, key)
    )
    return islice(found, MOST_CANDIDATES)


def key_of(canonical_url: str) -> int:
    """By what the records that may be of one article are brought together: the number in its url, whatever else that
    says, and of a text without a url the text itself."""
    named = urls.article(canonical_url)
    number = named.number if named is not None else None
    return _hashed(number if number is not None else canonical_url)


def edges_of(key: int, article: Article) -> set[tuple[int, int]]:
    """The key of an article with others that its page names, so that what has them may be one with it."""
    if urls.article(article.canonical_url) is None:
        return set()
    numbers = [article.id.removeprefix("post")]
    if article.url and (own := urls.article(article.url)) is not None and own.number is not None:
        numbers.append(own.number)
    return {(key, other) for number in numbers if (other := _hashed(number)) != key}


def _encodable(seen: Seen) -> Seen:
    """The same in characters that can be written: names of files and urls in JSON may hold others."""
    path, url, target, reason = (text and encodable(text) for text in (seen.path, seen.url, seen.target, seen.reason))
    return seen._replace(path=path or "", url=url, target=target, reason=reason)


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest())


class _Spilling:
    """Writes a spill, within `with`."""

    def __init__(self, folder: Path, number: int, what: str) -> None:
        # Another attempt at the same may be going on.
        stem = folder / f"{what}-{number}.{token_hex(8)}"
        self.spill = Spill(number, stem.with_suffix(f"{stem.suffix}.values"), stem.with_suffix(f"{stem.suffix}.rows"))
        self.last = -1
        self._values = ValueWriter(self.spill.values)
        self._rows: list[Row] = []
        self._waiting: ValueWriter | None = None
        self._waiting_rows: list[Row] = []

    def __enter__(self) -> _Spilling:
        return self

    def add(self, place: int, seen: Seen | Waiting) -> None:
        """Writes what became of a record, by its place in the slice."""
        self.last = place
        if isinstance(seen, Waiting):
            if self._waiting is None:
                self.spill.waiting = self.spill.rows.with_suffix(".waiting")
                self._waiting = ValueWriter(self.spill.waiting)
            seen = seen._replace(path=encodable(seen.path), where=encodable(seen.where))
            self._waiting_rows.append((place, *self._waiting.add(seen)))
            return
        self.spill.counts[seen.became] += 1
        seen = _encodable(seen)
        if seen.capture is None and not seen.is_unread and seen.became is not Became.OUTSIDE_WINDOW:
            return
        key = key_of(seen.target) if seen.target else _hashed(f"{seen.path}\0{seen.position}")
        if seen.capture is not None:
            self.spill.edges |= edges_of(key, seen.capture.article)
        self._rows.append((key, place, *self._values.add(seen)))

    def __exit__(self, kind: object, error: object, at: object) -> None:
        self._values.__exit__(None, None, None)
        self.spill.size = self._values.size
        if self._waiting is not None:
            self._waiting.__exit__(None, None, None)
            self.spill.waiting_rows = self.spill.rows.with_suffix(".places")
        if kind is None:
            write_rows(self.spill.rows, self._rows)
            if self.spill.waiting_rows is not None:
                write_rows(self.spill.waiting_rows, self._waiting_rows)
