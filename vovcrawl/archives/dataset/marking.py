"""Near-duplicates across a whole dataset: the marks that a store with these articles would have.

Articles are brought together by the bands of their signatures, those near each other in one are compared, and what is
connected is a group. `vovcrawl.store.duplicates` says which are near: a pair is looked at if, of the articles in a
band, by date and then by number, it is no more than `NEIGHBOURS` places apart. No task has more in memory than a few
articles and a bounded number of rows; whoever joins the groups, the articles that are in one.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple, TypeVar

from vovcrawl.archives.dataset.merging import BAND_ROW, PLACE_ROW, SHIFT, Part, part_and_article
from vovcrawl.archives.dataset.spilling import Row, Rows, Values, between, write_rows, write_sorted_rows
from vovcrawl.items import Article
from vovcrawl.near_duplicates import Fingerprint, Wording, are_near_duplicates, may_repeat
from vovcrawl.near_duplicates import read as wording_of
from vovcrawl.store.duplicates import NEIGHBOURS, WINDOW
from vovcrawl.store.tables import UNDATED

_Value = TypeVar("_Value")

PAIR_ROW, FOUND_ROW, MARK_ROW = 4, 6, 2

_WINDOW_SECONDS = int(WINDOW.total_seconds())
_UNDATED = UNDATED + SHIFT
_MOST_PAIRS = 200_000
"""Pairs that are in memory at a time, before they are written."""

_MOST_RUNS = 100
"""Files of pairs that one task writes before it puts them together."""

_REMEMBERED = 512
"""Articles that are remembered as they are compared."""

_FINGERPRINTS_REMEMBERED = 16 * 1024
"""Fingerprints, of less than a kilobyte each."""


class _Member(NamedTuple):
    published: int
    number: int
    place: int


def pairs(folder: Path, number: int, least: int, most: int, parts: Sequence[Part]) -> Path:
    """The pairs to look at of a range of bands, in a file of rows: numbers of the two articles, the smaller one first,
    and their places.

    Args:
        folder: where they are written to.
        number: of the range.
        least: the smallest band.
        most: the largest one.
        parts: of the dataset.

    Raises:
        OSError: the folder cannot be read or written to.
    """
    runs: list[Path] = []
    some: set[Row] = set()

    def write() -> None:
        runs.append(_new(folder, number))
        write_rows(runs[-1], some)
        some.clear()
        if len(runs) == _MOST_RUNS:
            runs[:] = [_merged(folder, number, runs)]

    rows = heapq.merge(*(between(part.bands, BAND_ROW, least, most) for part in parts))
    for _, members in groupby(rows, key=itemgetter(0)):
        for pair in _near(_Member(*row[1:]) for row in members):
            some.add(pair)
            if len(some) >= _MOST_PAIRS:
                write()
    write()
    return runs[0] if len(runs) == 1 else _merged(folder, number, runs)


def _merged(folder: Path, number: int, runs: Sequence[Path]) -> Path:
    """One file of the pairs of several, each once."""
    made = _new(folder, number)
    write_sorted_rows(made, (pair for pair, _ in groupby(heapq.merge(*(between(run, PAIR_ROW) for run in runs)))))
    for run in runs:
        run.unlink()
    return made


def _new(folder: Path, number: int) -> Path:
    return folder / f"pairs-{number}.{token_hex(8)}"


def _near(members: Iterable[_Member]) -> Iterator[Row]:
    """The pairs of a band whose members come by date and then by number, those without a date first."""
    before: deque[_Member] = deque(maxlen=NEIGHBOURS)
    undated: list[_Member] = []
    dated = 0
    for member in members:
        if member.published == _UNDATED:
            if len(undated) < NEIGHBOURS:
                undated.append(member)
        else:
            if not dated:
                before.clear()
            while before and member.published - before[0].published > _WINDOW_SECONDS:
                before.popleft()
            dated += 1
            if dated <= NEIGHBOURS:
                yield from (_pair(other, member) for other in undated)
        yield from (_pair(other, member) for other in before)
        before.append(member)


def _pair(one: _Member, other: _Member) -> Row:
    first, second = (one, other) if one.number < other.number else (other, one)
    return (first.number, second.number, first.place, second.place)


def compare(folder: Path, number: int, least: int, most: int, files: Sequence[Path], parts: Sequence[Part]) -> Path:
    """Looks at the pairs whose smaller number is in a range; those that are near-duplicates, in a file of rows: the two
    articles' numbers, places, and seconds of publication.

    Args:
        folder: where they are written to.
        number: of the range.
        least: the smallest number.
        most: the largest one.
        files: of all pairs.
        parts: of the dataset.

    Raises:
        OSError: the folder cannot be read or written to.
    """
    found: list[Row] = []
    with Articles(parts) as articles:
        # One pair comes from each range with a band that two articles share.
        for pair, _ in groupby(heapq.merge(*(between(path, PAIR_ROW, least, most) for path in files))):
            one, other = pair[2:]
            if may_repeat(articles.fingerprint(one), articles.fingerprint(other)) and are_near_duplicates(
                articles.wording(one), articles.wording(other)
            ):
                found.append((*pair, articles.published(one), articles.published(other)))
    path = folder / f"found-{number}.{token_hex(8)}"
    write_rows(path, found)
    return path


def mark(folder: Path, files: Sequence[Path], parts: Sequence[Part]) -> dict[int, Path]:
    """The articles that repeat another one, by part, in files of rows: the article's number in its part, and the place
    of the one that leads its group.

    Args:
        folder: where they are written to.
        files: what `compare` gives.
        parts: of the dataset.

    Raises:
        OSError: the folder cannot be read or written to.
    """
    above: dict[int, int] = {}
    published: dict[int, int] = {}

    def root(place: int) -> int:
        while (higher := above[place]) != place:
            above[place] = above[higher]
            place = higher
        return place

    for path in files:
        for _, _, one, other, of_one, of_other in between(path, FOUND_ROW):
            for place, seconds in ((one, of_one), (other, of_other)):
                above.setdefault(place, place)
                published[place] = seconds
            first, second = root(one), root(other)
            if first != second:
                above[second] = first
    leaders: dict[int, int] = {}
    with Articles(parts) as articles:

        def is_earlier(one: int, other: int) -> bool:
            mine, its = published[one], published[other]
            if mine != its:
                return its == _UNDATED or (mine != _UNDATED and mine < its)
            return articles.read(one).canonical_url < articles.read(other).canonical_url

        for place in above:
            group = root(place)
            if group not in leaders or is_earlier(place, leaders[group]):
                leaders[group] = place
    rows: dict[int, list[Row]] = {}
    for place in above:
        leader = leaders[root(place)]
        if place != leader:
            part, article = part_and_article(place)
            rows.setdefault(part, []).append((article, leader))
    made = {}
    for part, of_part in rows.items():
        made[part] = folder / f"marks-{part}"
        write_rows(made[part], of_part)
    return made


class Articles:
    """Reads the articles of all parts by their places; the last ones are at hand. Open within `with`.

    Args:
        parts: of the dataset.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._open: OrderedDict[int, _OpenPart] = OrderedDict()
        self._articles: OrderedDict[int, Article] = OrderedDict()
        self._fingerprints: OrderedDict[int, Fingerprint] = OrderedDict()
        self._wordings: OrderedDict[int, Wording] = OrderedDict()

    def __enter__(self) -> Articles:
        return self

    def __exit__(self, kind: object, error: object, at: object) -> None:
        for part in self._open.values():
            part.close()
        self._open.clear()

    def read(self, place: int) -> Article:
        """The article that stands there."""
        found = self._articles.get(place)
        if found is None:
            part, row = self._row(place)
            found = part.articles.read(*row[0:2])
            _remember(self._articles, place, found, _REMEMBERED)
        return found

    def fingerprint(self, place: int) -> Fingerprint:
        """That of the article that stands there."""
        found = self._fingerprints.get(place)
        if found is None:
            part, row = self._row(place)
            found = part.fingerprints.read(*row[2:4])
            _remember(self._fingerprints, place, found, _FINGERPRINTS_REMEMBERED)
        return found

    def published(self, place: int) -> int:
        """The seconds of publication of the article that stands there, and `SHIFT`."""
        return self._row(place)[1][4]

    def wording(self, place: int) -> Wording:
        """What is compared of that article."""
        found = self._wordings.get(place)
        if found is None:
            article = self.read(place)
            found = wording_of(article.headline, article.description, article.body)
            _remember(self._wordings, place, found, _REMEMBERED)
        return found

    def _row(self, place: int) -> tuple[_OpenPart, Row]:
        number, article = part_and_article(place)
        found = self._open.get(number)
        if found is None:
            if len(self._open) >= _MOST_OPEN:
                self._open.popitem(last=False)[1].close()
            found = self._open[number] = _OpenPart(self._parts[number])
        return found, found.places.read(article)


class _OpenPart:
    """The files of a part that are read from any place."""

    def __init__(self, part: Part) -> None:
        self.places = Rows(part.places, PLACE_ROW)
        self.articles = Values(part.articles, Article)
        self.fingerprints = Values(part.fingerprints, Fingerprint)

    def close(self) -> None:
        self.places.close()
        self.articles.close()
        self.fingerprints.close()


_MOST_OPEN = 100
"""Parts that are open at a time, with three files each."""


def _remember(known: OrderedDict[int, _Value], place: int, value: _Value, most: int) -> None:
    known[place] = value
    if len(known) > most:
        known.popitem(last=False)


def mark_of(place: int, marks: Mapping[int, Path], articles: Articles) -> str | None:
    """The `duplicate_of` of the article at a place.

    Args:
        place: of the article.
        marks: what `mark` gives.
        articles: of all parts.
    """
    part, number = part_and_article(place)
    if part not in marks:
        return None
    found = next(between(marks[part], MARK_ROW, number, number), None)
    return articles.read(found[1]).canonical_url if found is not None else None
