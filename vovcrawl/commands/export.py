"""`scrapy export`: articles of the store as a file or folder that other programs open."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError, hint, items, quoted, why_unreadable
from vovcrawl.export.formats import COMPRESSED, FORMATS, Format, format_named, is_folder
from vovcrawl.export.manifest import Counts, described
from vovcrawl.export.request import ALL_FIELDS, ExportRequest
from vovcrawl.export.stopping import Stopped, stopped_by_signals
from vovcrawl.export.target import Target
from vovcrawl.items import ContentType
from vovcrawl.project_command import Selection, StoreCommand
from vovcrawl.store import StoreError, read_database
from vovcrawl.store.database import explain
from vovcrawl.store.snapshot import undisturbed
from vovcrawl.text import shown

_KINDS = get_args(ContentType)
_FORMATS = ", ".join(FORMATS)
_LARGEST_SEED = 10**18


class Command(StoreCommand):
    """Reads the store, and writes the export."""

    _format: Format
    _target: Target
    _selection: Selection
    _fields: tuple[str, ...]
    _kinds: tuple[str, ...]
    _sample: int | None
    _seed: int
    _compression: str

    def syntax(self) -> str:
        """What follows the command's name."""
        return "FORMAT -o PATH [--since DAY] [--until DAY] [--sections SLUGS] [options] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Write articles of the store as a dataset"

    def long_desc(self) -> str:
        """What `scrapy export -h` shows."""
        formats = "; ".join(f"{name}: {entry.what}" for name, entry in FORMATS.items())
        return (
            "Write articles of the store to PATH, in the order of their publication, with a manifest that says what "
            "was asked for and what came of it. The same store and options give the same bytes. PATH appears whole or "
            f"not at all. A crawl may be going on meanwhile. FORMAT is one of these. {formats}."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, and what to write where."""
        super().add_options(parser)
        parser.add_argument("-o", dest="output", metavar="PATH", help="the file or folder to make")
        self.add_selection(parser)
        parser.add_argument("--kinds", metavar="KINDS", help=f"articles of these kinds: {', '.join(_KINDS)}")
        parser.add_argument("--no-duplicates", action="store_true", help="no articles that nearly repeat another one")
        parser.add_argument("--fields", metavar="NAMES", help="only these fields of the record (default: all)")
        parser.add_argument("--sample", metavar="NUMBER", help="so many articles, chosen by chance (default: all)")
        parser.add_argument("--seed", metavar="NUMBER", help="another sample for each number (default: 0)")
        parser.add_argument("--force", action="store_true", help="replace an export that is there")

    def check_words(self, args: list[str]) -> None:
        """Takes the name of one format."""
        if not args:
            raise ArgumentError(f"a format is to be named; right would be one of {_FORMATS}")
        if unknown := [word for word in args if word.startswith("-")]:
            raise ArgumentError(f"unknown option {quoted(unknown[0])}; right would be {self.syntax()}")
        if len(args) > 1:
            raise ArgumentError(f"one format is to be named, {len(args)} were given; right would be {self.syntax()}")
        if args[0] not in FORMATS:
            raise ArgumentError(
                f"unknown format {quoted(args[0])}{hint(args[0], FORMATS)}; right would be one of {_FORMATS}"
            )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks what is to be written where."""
        if not opts.output:
            raise ArgumentError("-o is missing; right would be -o and the path of what is to be made")
        self._selection = self.selection(opts)
        self._kinds = _named("--kinds", opts.kinds, _KINDS)
        self._fields = _named("--fields", opts.fields, ALL_FIELDS) or ALL_FIELDS
        self._sample = _number("--sample", opts.sample, 1) if opts.sample is not None else None
        self._seed = _number("--seed", opts.seed, 0) if opts.seed is not None else 0
        if opts.seed is not None and self._sample is None:
            raise ArgumentError("--seed is that of a sample; right would be --sample NUMBER beside it")
        self._format = format_named(args[0])
        in_folder = is_folder(self._format, Path(opts.output))
        self._compression = "" if in_folder else _compression(args[0], opts.output)
        self._target = Target(opts.output, is_folder=in_folder, force=opts.force)
        self._target.check()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exports."""
        try:
            with stopped_by_signals():
                counts = self._export(args[0], opts)
        except ArgumentError as error:
            self.wrong(str(error))
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))
        except OSError as error:
            self.leave(ExitStatus.ERROR, f"cannot write {quoted(opts.output)}: {why_unreadable(error)}")
        except Stopped as stopped:
            sys.exit(128 + stopped.number)
        print(shown(f"{counts.articles:,} articles in {opts.output}"))

    def _export(self, name: str, opts: argparse.Namespace) -> Counts:
        database = read_database(self._configuration.database)
        try:
            database.hold_view()
            request = ExportRequest(
                format=name,
                database=database,
                fields=self._fields,
                selection=self._selection,
                kinds=self._kinds,
                no_duplicates=opts.no_duplicates,
                sample=self._sample,
                seed=self._seed,
                compression=self._compression,
            )
            if (check := getattr(self._format, "check", None)) is not None:
                check(request, self._target.path)
            if request.is_empty():
                raise ArgumentError("no article of the store is one of those asked for; nothing is written")
            with self._target as target:
                database = undisturbed(database, target.beside("store"))
                request = replace(request, database=database)
                counts = self._format.write(request, target.place)
                database.close()
                target.install(described(request, counts))
        except SQLAlchemyError as error:
            raise StoreError(f"cannot read the store {database.name}: {explain(error)}") from None
        finally:
            database.close()
        return counts


def _named(option: str, value: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """The words in an option's value, each once and in the order of `known`; none where it was not given.

    Raises:
        ArgumentError: one of them is not known, or there is none.
    """
    if value is None:
        return ()
    words = items(value)
    if not words:
        raise ArgumentError(f"{option} names nothing; right would be some of {', '.join(known)}")
    for word in words:
        if word not in known:
            right = hint(word, known) or f"; right would be some of {', '.join(known)}"
            raise ArgumentError(f"{option}: unknown {quoted(word)}{right}")
    return tuple(name for name in known if name in words)


def _number(option: str, text: str, least: int) -> int:
    """The number in an option.

    Raises:
        ArgumentError: it is none, or less than `least`.
    """
    if not (text.isascii() and text.isdigit() and least <= int(text[:20]) < _LARGEST_SEED):
        raise ArgumentError(f"{option}: {quoted(text)} is not a whole number from {least} on")
    return int(text)


def _compression(format: str, path: str) -> str:
    """How the file is compressed, by the end of its name.

    Raises:
        ArgumentError: the format is not compressed.
    """
    end = Path(path).suffix
    if end not in COMPRESSED:
        return ""
    if not FORMATS[format].is_compressed:
        raise ArgumentError(f"-o: {quoted(path)}: {format} is not compressed; right would be a name without {end}")
    return end
