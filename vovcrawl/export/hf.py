"""A folder that `datasets.load_dataset` opens, as it is on the Hugging Face hub: Parquet by split, card, Croissant."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from vovcrawl.export.croissant import encoded_croissant
from vovcrawl.export.dataset_card import dataset_card
from vovcrawl.export.manifest import Counts
from vovcrawl.export.parquet_files import ParquetFiles
from vovcrawl.export.request import ExportRequest
from vovcrawl.export.splits import SHARES, Split, split_of

IS_FOLDER = True

_DATA = "data"


def write(request: ExportRequest, place: Path) -> Counts:
    """Fills the folder; see `Format.write`."""
    counts = Counts()
    splits = _write_splits(request, place, counts)
    (place / "README.md").write_text(dataset_card(request, counts, splits), encoding="utf-8", newline="\n")
    (place / "croissant.json").write_bytes(encoded_croissant(request, counts, splits, place))
    return counts


def _write_splits(request: ExportRequest, place: Path, counts: Counts) -> list[Split]:
    """Writes the articles; the splits that have some, since `datasets` opens no empty one."""
    (place / _DATA).mkdir()
    with ExitStack() as stack:
        writers = {name: stack.enter_context(ParquetFiles(request, _Numbered(place / _DATA, name))) for name in SHARES}
        for article in counts.watch(request.chosen()):
            writers[split_of(article)].add(article.canonical_url)
    return [
        Split(name, files.rows, _name_all(place, name, files.count), files.bytes)
        for name, files in writers.items()
        if files.count
    ]


class _Numbered:
    """The path of a split's file before it is known how many there are."""

    def __init__(self, folder: Path, split: str) -> None:
        self._folder = folder
        self._split = split

    def __call__(self, number: int) -> Path:
        return self._folder / f"{self._split}-{number:05}"


def _name_all(place: Path, split: str, count: int) -> tuple[str, ...]:
    """Gives a split's files the names that they have on the hub, which say how many there are."""
    names = []
    for number in range(count):
        name = f"{_DATA}/{split}-{number:05}-of-{count:05}.parquet"
        _Numbered(place / _DATA, split)(number).rename(place / name)
        names.append(name)
    return tuple(names)
