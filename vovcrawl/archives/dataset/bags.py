"""The articles of an archive as a Dask bag, for whoever goes on computing with them on the same workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import dask.bag
from dask.base import compute
from dask.delayed import delayed

from vovcrawl.archives.dataset.inputs import Input
from vovcrawl.archives.dataset.merging import components
from vovcrawl.archives.dataset.reading import edges_of, key_of
from vovcrawl.archives.dataset.slices import (
    Capture,
    Options,
    Slice,
    Waiting,
    Watch,
    cuts_of,
    is_to_be_cut,
    read_revisit,
    read_slice,
    slices_of,
)
from vovcrawl.archives.revisits import MOST_CANDIDATES, wanted_keys
from vovcrawl.archives.unpacking import Place
from vovcrawl.archives.warc import WarcRecord
from vovcrawl.store.passing import PassingStore

_Places = dict[int, list[tuple[Input, int, Place]]]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A capture, and what its place in the archive is: by it captures without a date are ordered."""

    key: int
    slice: int
    place: int
    capture: Capture


@dataclass(slots=True)
class _Read:
    """What was read of a slice."""

    captures: list[_Placed] = field(default_factory=list)
    edges: set[tuple[int, int]] = field(default_factory=set)
    places: list[tuple[int, Input, int, Place]] = field(default_factory=list)
    """What revisits may refer to, by key."""
    waiting: list[tuple[int, Waiting]] = field(default_factory=list)
    """The revisits, with their places in the slice."""

    def add(self, number: int, place: int, capture: Capture) -> None:
        key = key_of(capture.article.canonical_url)
        self.captures.append(_Placed(key, number, place, capture))
        self.edges |= edges_of(key, capture.article)


def bag(files: Sequence[Input], options: Options, slice_bytes: int) -> dask.bag.Bag:
    """The bag of the articles' records.

    Args:
        files: of the archive.
        options: how they are read.
        slice_bytes: how much of a file is one partition.
    """
    large = [file for file in files if is_to_be_cut(file, slice_bytes)]
    cuts = compute(*(delayed(cuts_of)(file, slice_bytes) for file in large))
    slices = slices_of(files, slice_bytes, dict(zip((file.path for file in large), cuts, strict=True)))
    count = len(slices)
    read = [delayed(_read)(one, number, options) for number, one in enumerate(slices)]
    places = delayed(_wanted)([delayed(attrgetter("places", "waiting"))(one) for one in read])
    whole = [delayed(_with_revisits)(one, number, places, options) for number, one in enumerate(read)]
    moved = delayed(_moved)([delayed(attrgetter("edges"))(one) for one in whole])
    parted = [delayed(_parted, nout=count)(one, moved, count) for one in whole]
    made: dask.bag.Bag = dask.bag.from_delayed(
        [delayed(_records)([each[part] for each in parted]) for part in range(count)]
    )
    return made


def _read(one: Slice, number: int, options: Options) -> _Read:
    made = _Read()

    def noted(key: int, member: int, record: WarcRecord) -> None:
        made.places.append((key, one.files[0], member, record.place))

    for place, seen in enumerate(read_slice(one, options, Watch(capture=noted))):
        if isinstance(seen, Waiting):
            made.waiting.append((place, seen))
        elif seen.capture is not None:
            made.add(number, place, seen.capture)
    return made


def _wanted(found: Iterable[tuple[list[tuple[int, Input, int, Place]], list[tuple[int, Waiting]]]]) -> _Places:
    """What the archive's revisits refer to, by key."""
    found = list(found)
    wanted = {key for _, waiting in found for _, one in waiting for key in wanted_keys(one.fields)}
    places: _Places = {}
    for of_slice, _ in found:
        for key, file, member, place in of_slice:
            if key in wanted:
                places.setdefault(key, []).append((file, member, place))
    return places


def _with_revisits(read: _Read, number: int, places: _Places, options: Options) -> _Read:
    made = _Read(list(read.captures), set(read.edges))
    for place, one in read.waiting:
        found = (candidate for key in wanted_keys(one.fields) for candidate in places.get(key, ()))
        seen = read_revisit(one, list(islice(found, MOST_CANDIDATES)), options)
        if seen.capture is not None:
            made.add(number, place, seen.capture)
    return made


def _moved(edges: Iterable[set[tuple[int, int]]]) -> dict[int, int]:
    return components(sorted(edge for some in edges for edge in some))


def _parted(read: _Read, moved: Mapping[int, int], count: int) -> list[list[_Placed]]:
    parts: list[list[_Placed]] = [[] for _ in range(count)]
    for one in read.captures:
        key = moved.get(one.key, one.key)
        parts[key % count].append(_Placed(key, one.slice, one.place, one.capture))
    return parts


def _records(parts: Iterable[list[_Placed]]) -> list[dict[str, Any]]:
    captures = sorted((one for part in parts for one in part), key=attrgetter("key", "slice", "place"))
    found = []
    with PassingStore() as store:
        for _, group in groupby(captures, key=attrgetter("key")):
            several = [(one.capture.article, one.capture.evidence) for one in group]
            if len(several) == 1:
                found.append(several[0][0].to_dict())
            else:
                found += [history[-1].article.to_dict() for history in store.histories(several)]
    return found
