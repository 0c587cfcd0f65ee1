"""The formats of exports.

Each is a module of this package with `IS_FOLDER`, which may depend on the target, and `write`. It is imported only
where it is asked for, since some need libraries that others can do without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from vovcrawl.crawl.values import ArgumentError
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ExportRequest


class Format(Protocol):
    """What the module of a format has.

    A module may also have `check`, which takes the request and the target and raises `ArgumentError` where the two do
    not go with the format.
    """

    IS_FOLDER: bool | Callable[[Path], bool]
    """Whether an export is a folder, for every target or by the target's name."""

    def write(self, request: ExportRequest, place: Path) -> Counts:
        """Writes an export; what it holds.

        Args:
            request: what was asked for.
            place: the file to make, which is not there yet, or the empty folder to fill. It has a temporary name:
                nothing that is written may depend on it. Other files beside it are removed with it.

        Raises:
            StoreError: the store cannot be read.
            OSError: something cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Entry:
    module: str
    what: str
    """What it is, in a few words."""
    extra: str | None = None
    """The extra of the package that its libraries are in; None where it needs none."""
    is_compressed: bool = False
    """Whether a target whose name ends in `.gz` or `.zst` is compressed."""


FORMATS = MappingProxyType(
    {
        "jsonl": _Entry("jsonl", "JSON Lines, as a feed has them", is_compressed=True),
        "csv": _Entry("csv", "CSV for spreadsheets", is_compressed=True),
        "parquet": _Entry("parquet", "Parquet, typed", extra="parquet"),
        "sqlite": _Entry("sqlite", "a database in SQLite with indexes and views"),
        "hf": _Entry("hf", "a folder that Hugging Face datasets open", extra="parquet"),
        "txt": _Entry("txt", "a folder with a text file an article and a table"),
    }
)
"""By the name that the command takes."""

COMPRESSED = (".gz", ".zst")
"""Ends of names of files that are compressed."""


def format_named(name: str) -> Format:
    """The module of a format.

    Raises:
        ArgumentError: its libraries are not installed.
    """
    entry = FORMATS[name]
    try:
        return cast("Format", import_module(f"vovcrawl.export.{entry.module}"))
    except ModuleNotFoundError as error:
        if entry.extra is None or (error.name or "").startswith("vovcrawl"):
            raise
        raise ArgumentError(
            f"{name} needs the Python package {error.name}; right would be: pip install 'vovcrawl[{entry.extra}]'"
        ) from None


def is_folder(format: Format, target: Path) -> bool:
    """Whether an export to a target is a folder."""
    return format.IS_FOLDER(target) if callable(format.IS_FOLDER) else format.IS_FOLDER
