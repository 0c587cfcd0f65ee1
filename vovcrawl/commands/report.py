"""`scrapy report`: one page that shows whether a store is whole, and what is in it."""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.crawl.window import Window
from vovcrawl.project_command import StoreCommand
from vovcrawl.report.facts import Facts, gather
from vovcrawl.report.language import LANGUAGES, Language
from vovcrawl.report.page import render
from vovcrawl.store import StoreError, read_database
from vovcrawl.store.database import explain

_LIBRARIES = ("vl_convert", "jinja2")
_OF_A_STORE = ("", "-wal", "-shm", "-journal", ".lock")
"""What the names of its files end with."""


class Command(StoreCommand):
    """Reads the store, and writes the page."""

    _window: Window
    _output: Path

    def syntax(self) -> str:
        """What follows the command's name."""
        return "-o FILE [--lang vi|en] [--since DAY] [--until DAY] [--force] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Write a page that shows whether the store is whole"

    def long_desc(self) -> str:
        """What `scrapy report -h` shows."""
        return (
            "Write one HTML page that shows whether the store is whole: articles per day and section, what is missing, "
            "how pages changed, and what is in it. The page needs no network. It may be asked for while a crawl is "
            "going on."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, where to write, in which language, and of which days."""
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="where to write the page")
        parser.add_argument("--lang", default="vi", metavar="vi|en", help="its language (default: vi)")
        parser.add_argument("--since", help="articles of this day or later (as of a crawl; default: all)")
        parser.add_argument("--until", help="articles of this day or earlier")
        parser.add_argument("--force", action="store_true", help="replace the file if it is there")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the options, and that the page can be written, before the store is read."""
        if opts.lang not in LANGUAGES:
            raise ArgumentError(f"--lang: {quoted(str(opts.lang))} is unknown; right would be vi or en")
        is_windowed = opts.since is not None or opts.until is not None
        self._window = self.window(opts) if is_windowed else Window()
        if not opts.output:
            raise ArgumentError("no file to write to; right would be -o report.html")
        self._output = Path(opts.output)
        _check_output(self._output, self._configuration.database, force=opts.force)
        self._check_libraries()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads, and writes the page."""
        target = self._configuration.database
        try:
            facts = _read(target, self._window)
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))
        page = render(facts, Language(opts.lang), target)
        try:
            _write(self._output, page, force=opts.force)
        except FileExistsError:
            self.wrong(_exists(self._output))
        except OSError as error:
            self.leave(ExitStatus.ERROR, f"cannot write {quoted(str(self._output))}: {error.strerror}")

    def _check_libraries(self) -> None:
        for name in _LIBRARIES:
            try:
                __import__(name)
            except ImportError:
                raise ArgumentError(
                    f"a report needs the Python package {name}: pip install 'vovcrawl[report]'"
                ) from None


def _read(target: str, window: Window) -> Facts:
    database = read_database(target)
    try:
        database.hold_view()
        return gather(database.connection, window)
    except SQLAlchemyError as error:
        raise StoreError(f"cannot read the store {database.name}: {explain(error)}") from None
    finally:
        database.close()


def _check_output(path: Path, store: str, *, force: bool) -> None:
    """Refuses a file that cannot be written, before anything is done.

    Raises:
        ArgumentError: it is there and `force` is not given, it is none, its folder does not take it, or it is a file of
            the store, which nothing must replace.
    """
    if "://" not in store and os.path.realpath(path) in {os.path.realpath(store) + end for end in _OF_A_STORE}:
        raise ArgumentError(f"-o: {quoted(str(path))} is the store; right would be -o report.html")
    folder = path.absolute().parent
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise ArgumentError(f"-o: {quoted(str(path))} is no file; right would be -o report.html")
    if (path.exists() or path.is_symlink()) and not force:
        raise ArgumentError(_exists(path))
    if not folder.is_dir():
        raise ArgumentError(f"-o: there is no folder {quoted(str(folder))}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ArgumentError(f"-o: nothing can be written into the folder {quoted(str(folder))}")


def _exists(path: Path) -> str:
    return f"-o: {quoted(str(path))} is there already; right would be another path, or --force to replace it"


def _write(path: Path, page: str, *, force: bool) -> None:
    """Writes the page so that the file appears whole or not at all.

    Raises:
        FileExistsError: somebody else made the file meanwhile, and `force` is not given.
        OSError: it cannot be written.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.absolute().parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            umask = os.umask(0)
            os.umask(umask)
            os.fchmod(file.fileno(), 0o666 & ~umask)
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        if force:
            os.replace(name, path)  # noqa: PTH105 - a name made above
        else:
            os.link(name, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)  # noqa: PTH108
