"""Reading saved pages and flat texts from files: no network.

The files of an archive are pages of the walk like any other, so that an interrupted reading goes on where it stopped.
They come through a download handler of their own, which hands out the files that the user named and nothing else.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response

from vovcrawl.arguments import TEXT_SUFFIXES
from vovcrawl.job import Job
from vovcrawl.pages import Reading, flat_text
from vovcrawl.pages import read as read_page
from vovcrawl.visits import PAGE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

FILE = "file"
"""Kind of the pages of a walk that are files of an archive."""

SLOT = "archive"
"""Download slot of files: without the delay that a server is owed."""

FILE_META: dict[str, Any] = {"download_slot": SLOT, "dont_obey_robotstxt": True, "dont_retry": True}


class Unreadable(Exception):
    """A file that cannot be read; its text says why."""


class ArchiveHandler(BaseDownloadHandler):
    """Hands out the files that the crawl's arguments name."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        arguments = Job.of(crawler).arguments
        self._files = {path.as_uri(): path for path in arguments.archive}
        self._outside = arguments.outside

    async def download_request(self, request: Request) -> Response:
        """The file's bytes.

        Raises:
            Unreadable: the file cannot be opened, is too large, is none of the archive's, or leads out of it.
        """
        path = self._files.get(request.meta.get(PAGE, ""))
        if path is None:
            raise Unreadable("no file of the archive")
        if path in self._outside:
            raise Unreadable("a link that leads out of the archive's folder")
        try:
            if self._largest and path.stat().st_size > self._largest:
                raise Unreadable(f"larger than {self._largest} bytes")
            return Response(request.url, body=path.read_bytes())
        except OSError as error:
            raise Unreadable(error.strerror or str(error)) from None


def read(data: bytes, name: str, published: datetime | None = None) -> Reading:
    """The article in a file, marked as from an archive.

    Args:
        data: what the file holds.
        name: its name, by whose suffix it is a saved page (`.html`, `.htm`) or a flat text (`.txt`).
        published: publication time of a flat text that carries none.

    Raises:
        Unreadable: it is a text in no known encoding.
        NotAnArticle: it holds no article.
    """
    if name.lower().endswith(TEXT_SUFFIXES):
        return flat_text.read(_decoded(data), published=published)
    reading = read_page(data, "")
    reading.article.source = "archive"
    return reading


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise Unreadable(f"not {name} text: byte {error.start} cannot be read") from None
