"""`scrapy pack`: a WACZ of the responses that crawls have kept."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.archives.new_file import NewFile
from vovcrawl.archives.surt import surt
from vovcrawl.archives.wacz_writing import NothingToPack, Packed, PageOfArticle, warc_names, write_wacz
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.signals import SIGNALS
from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.project_command import StoreCommand
from vovcrawl.store import Database, StoreError, read_database
from vovcrawl.store.article_urls import article_urls
from vovcrawl.store.database import explain
from vovcrawl.text import shown


class Command(StoreCommand):
    """Reads the store and the files of `VOV_WARC`; a crawl may be writing both."""

    _target: NewFile
    _folder: Path
    _names: list[str]

    def syntax(self) -> str:
        """What follows the command's name."""
        return "-o FILE.wacz [--since DAY] [--until DAY] [--force] [-s VOV_WARC=FOLDER] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Pack the responses that crawls have kept into a WACZ"

    def long_desc(self) -> str:
        """What `scrapy pack -h` shows."""
        return (
            "Pack what VOV_WARC holds into a WACZ, a file that replay programs open, with the articles of the store as "
            "its pages: all of it, or the responses of the articles that were published in a window. It may be asked "
            "while a crawl is going on."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, the file, and what to pack."""
        super().add_options(parser)
        parser.add_argument("-o", dest="target", metavar="FILE.wacz", help="the file to write")
        parser.add_argument("--since", help="articles of this day or later (as of a crawl; default: all that was kept)")
        parser.add_argument("--until", help="articles of this day or earlier")
        parser.add_argument("--force", action="store_true", help="replace a file that is there")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks what is to be packed, and where to."""
        if not opts.target:
            raise ArgumentError(f"no file is named; right would be {self.syntax()}")
        if not opts.target.endswith(".wacz"):
            raise ArgumentError(f"-o: {quoted(opts.target)} is no name of a WACZ; right would be {opts.target}.wacz")
        is_windowed = opts.since is not None or opts.until is not None
        self._window = self.window(opts) if is_windowed else None
        folder = self._configuration.warc
        if folder is None:
            raise ArgumentError(
                "VOV_WARC is not set, so that no response is kept; right would be -s VOV_WARC=data/warc/"
            )
        self._folder = folder
        try:
            self._names = warc_names(folder)
        except OSError as error:
            raise ArgumentError(
                f"-s VOV_WARC: the folder {quoted(str(folder))} cannot be read: {error.strerror}"
            ) from None
        if not self._names:
            raise ArgumentError(f"-s VOV_WARC: the folder {quoted(str(folder))} holds no .warc.gz file of a crawl")
        self._target = NewFile(opts.target, force=opts.force)
        self._target.check()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Packs."""
        for each in SIGNALS:
            signal.signal(each, _leave)
        database: Database | None = None
        try:
            database = read_database(self._configuration.database)
            database.hold_view()
            takes = self._taken(database) if self._window is not None else None
            with self._target as target:
                packed = write_wacz(target, self._folder, self._names, _pages(database), takes)
        except NothingToPack:
            where = "in that window " if self._window is not None else ""
            self.wrong(f"there is nothing to pack: no response {where}is kept in {self._folder}")
        except ArgumentError as error:
            self.wrong(str(error))
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))
        except SQLAlchemyError as error:
            self.leave(ExitStatus.STORE, f"cannot read the store: {explain(error)}")
        except OSError as error:
            self.leave(ExitStatus.STORE, f"{opts.target} was not written: {error.strerror or error}")
        finally:
            if database is not None:
                database.close()
        print(_summary(packed, opts.target))
        for name in packed.torn:
            self.say(f"{name} was packed up to its last whole record")

    def _taken(self, database: Database) -> Callable[[str], bool]:
        """Whether a url with some SURT is one of an article of the window."""
        window = self._window
        assert window is not None
        # A hash each: a million articles take 60 MB.
        wanted = {
            _hash(surt(each.url))
            for each in article_urls(database.connection)
            if each.date_published is not None and window.holds_iso(each.date_published)
        }
        return lambda key: _hash(key) in wanted


def _pages(database: Database) -> Iterator[PageOfArticle]:
    for each in article_urls(database.connection):
        if each.has_answered:
            yield PageOfArticle(each.url, each.headline, each.date_published)


def _hash(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest())


def _summary(packed: Packed, target: str) -> str:
    size = os.stat(target).st_size  # noqa: PTH116 - as it was named
    return shown(
        f"{packed.responses:,} responses of {packed.files:,} files, {packed.pages:,} articles, "
        f"{size / 1e6:,.1f} MB; written to {target}"
    )


def _leave(number: int, frame: FrameType | None) -> None:
    # What is half written is removed on the way out.
    sys.exit(128 + number)
