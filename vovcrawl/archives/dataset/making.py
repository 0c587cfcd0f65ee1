"""Makes a dataset of archives: slices are read, captures become articles, those are compared and written by month."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from distributed import Client

from vovcrawl import __version__
from vovcrawl.archives.dataset import engine, marking, merging, reading, writing
from vovcrawl.archives.dataset.inputs import Input
from vovcrawl.archives.dataset.slices import SLICE, Options, Slice, cuts_of, is_to_be_cut, slices_of
from vovcrawl.archives.dataset.spilling import LARGEST
from vovcrawl.archives.records import Became
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ALL_FIELDS
from vovcrawl.export.target import Target
from vovcrawl.items import SCHEMA_VERSION

_PART = 8 * 1024 * 1024
"""Bytes of captures that are brought together by one task; more where there would be too many parts."""

_MOST_PARTS = 400
"""Each is a file that is open while they are put together."""

_BANDS, _NUMBERS = (1 << 48) - 1, (1 << 63) - 1


@dataclass(slots=True)
class Made:
    """What a dataset holds."""

    articles: int = 0
    earlier: int = 0
    """Earlier texts of articles."""
    records: Counter[Became] = field(default_factory=Counter)
    """What became of each record of the archive."""
    unread: int = 0
    """Records that could not be read, and whose article no other one gave."""
    settled: int = 0
    """Records that could not be read, and whose article another one gave."""


def make(
    client: AbstractContextManager[Client] | Client | None,
    files: Sequence[Input],
    options: Options,
    target: Target,
    slice_bytes: int = SLICE,
    tell: engine.Tell = lambda line: None,
) -> Made:
    """Makes a dataset, which appears whole or not at all.

    Args:
        client: to the workers, which all see the folder of `target`; or what starts them; None for this process.
        files: of the archive.
        options: how they are read.
        target: where it is to stand, checked.
        slice_bytes: how much of an archive one task reads.
        tell: gets a line a minute.

    Raises:
        ArgumentError: something has come to the target in the meantime.
        EngineError: the workers are gone.
        OSError: something cannot be written.
    """
    opened = nullcontext(client) if client is None or isinstance(client, Client) else client
    with target as place, opened as workers:
        scratch = place.beside("scratch")
        (scratch / reading.ATTEMPTS).mkdir(parents=True)
        making = _Making(workers, scratch, place.place, options, tell)
        spills = making.read(files, slice_bytes)
        parts = making.merge(spills)
        marks = making.mark(parts)
        counts = making.write(parts, marks)
        made = Made(counts.articles, sum(part.earlier for part in parts))
        for spill in spills:
            made.records.update(spill.counts)
        made.unread, made.settled = sum(part.failed for part in parts), sum(part.settled for part in parts)
        place.install(_described(files, options, counts, made))
    return made


class _Making:
    def __init__(self, client: Client | None, scratch: Path, folder: Path, options: Options, tell: engine.Tell) -> None:
        self._client = client
        self._scratch = scratch
        self._folder = folder
        self._options = options
        self._tell = tell

    def read(self, files: Sequence[Input], slice_bytes: int) -> list[reading.Spill]:
        large = [file for file in files if is_to_be_cut(file, slice_bytes)]
        found = self._run(cuts_of, [(file, slice_bytes) for file in large], "Cutting large files")
        cuts = dict(zip((file.path for file in large), found, strict=True))
        slices = slices_of(files, slice_bytes, cuts)
        tasks = [(self._scratch, number, one, self._options) for number, one in enumerate(slices)]
        spills = self._run(_read, tasks, "Slices read")
        return [*spills, *self._read_revisits(slices, spills)]

    def _read_revisits(self, slices: Sequence[Slice], spills: Sequence[reading.Spill]) -> list[reading.Spill]:
        waiting = [spill for spill in spills if spill.waiting is not None]
        captures = self._shared(
            [
                reading.Captures(one.files[0], spill.captures)
                for one, spill in zip(slices, spills, strict=True)
                if spill.captures is not None
            ]
        )
        tasks = [(self._scratch, spill, captures, self._options) for spill in waiting]
        return self._run(_read_revisits, tasks, "Revisits read")

    def merge(self, spills: Sequence[reading.Spill]) -> list[merging.Part]:
        total = sum(spill.size for spill in spills)
        count = max(1, min(_MOST_PARTS, -(-total // _PART)))
        moved = self._shared(merging.components(sorted(edge for spill in spills for edge in spill.edges)))
        for spill in spills:
            spill.edges.clear()
        shared = self._shared(spills)
        tasks = [
            (self._scratch, number, least, most, shared, moved)
            for number, (least, most) in enumerate(ranges(LARGEST, count))
        ]
        return self._run(merging.merge, tasks, "Captures brought together, parts")

    def mark(self, parts: Sequence[merging.Part]) -> Mapping[int, Path]:
        shared = self._shared(parts)
        tasks: list[tuple[Any, ...]] = [
            (self._scratch, number, least, most, shared)
            for number, (least, most) in enumerate(ranges(_BANDS, len(parts)))
        ]
        files = self._shared(self._run(marking.pairs, tasks, "Near-duplicates looked for, parts"))
        tasks = [
            (self._scratch, number, least, most, files, shared)
            for number, (least, most) in enumerate(ranges(_NUMBERS, len(parts)))
        ]
        found = self._run(marking.compare, tasks, "Near-duplicates compared, parts")
        return marking.mark(self._scratch, found, parts)

    def write(self, parts: Sequence[merging.Part], marks: Mapping[int, Path]) -> Counts:
        (self._folder / "data").mkdir()
        months = sorted({month for part in parts for month in part.in_months} - {merging.UNDATED})
        undated = [part.number for part in parts if merging.UNDATED in part.in_months]
        chosen: list[tuple[int, int | None]] = [(month, None) for month in months]
        # Those without a date may be as many as all others.
        chosen += [(merging.UNDATED, part) for part in undated]
        tasks = [(self._folder, self._scratch, month, only, self._shared(parts), marks) for month, only in chosen]
        counts = Counts()
        for of_month in self._run(writing.write_month, tasks, "Months written"):
            counts.add(of_month)
        earlier = [part.revisions for part in parts if part.revisions is not None]
        if earlier:
            (self._folder / "revisions").mkdir()
        for number, path in enumerate(earlier):
            path.rename(self._folder / "revisions" / f"part-{number}.parquet")
        (self._folder / "failures").mkdir()
        writing.write_failures(self._folder / "failures" / "part-0.parquet", parts)
        return counts

    def _run(self, function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], told: str) -> list[Any]:
        with_shared = partial(_with_shared, function)
        if self._client is None:
            return [with_shared(*task) for task in tasks]
        return engine.run(self._client, with_shared, tasks, told, self._tell)

    def _shared(self, value: Any) -> _Shared:
        path = self._scratch / f"shared-{token_hex(8)}"
        path.write_bytes(pickle.dumps(value))
        return _Shared(path)


class _Shared(NamedTuple):
    """A value that many tasks need: by way of the disk the scheduler does not hold it once for each."""

    path: Path


def _with_shared(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*(_loaded(one.path) if isinstance(one, _Shared) else one for one in arguments))


@lru_cache(maxsize=4)
def _loaded(path: Path) -> Any:
    return pickle.loads(path.read_bytes())


def _read(folder: Path, number: int, one: Slice, options: Options) -> reading.Spill:
    return reading.read(folder, number, one, options, engine.has_process_of_its_own())


def _read_revisits(
    folder: Path, spill: reading.Spill, captures: Sequence[reading.Captures], options: Options
) -> reading.Spill:
    return reading.read_revisits(folder, spill, captures, options, engine.has_process_of_its_own())


def ranges(largest: int, count: int) -> Iterable[tuple[int, int]]:
    """Ranges, both ends inclusive, that cover the numbers from 0 on."""
    bounds = [(largest + 1) * number // count for number in range(count + 1)]
    return ((bounds[number], bounds[number + 1] - 1) for number in range(count))


def _described(files: Sequence[Input], options: Options, counts: Counts, made: Made) -> dict[str, Any]:
    """What the manifest says of the dataset as a whole, in the order and the words of an export's."""
    window = options.window
    return {
        "made_by": "vovcrawl",
        "version": __version__,
        "format": "archives",
        "arguments": {
            "since": window.start.isoformat() if window.start is not None else None,
            "until": window.end.isoformat() if window.end is not None else None,
            "published": options.files.published.isoformat() if options.files.published is not None else None,
            "fields": dict(options.files.fields) or None,
        },
        "schema_version": SCHEMA_VERSION,
        "fields": list(ALL_FIELDS),
        "archive": [{"name": file.name, "bytes": file.size} for file in files],
        "counts": {
            **counts.as_dict(),
            "revisions": made.earlier,
            "records": {became.value: count for became, count in sorted(made.records.items())},
            "unread": made.unread,
            "settled": made.settled,
        },
        "period": {"first": counts.first, "last": counts.last},
    }


def now() -> str:
    """This moment, as `Options.read_at` has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
