"""What the files of an archive hold, one after the other: saved pages and texts, whatever file they stand in.

Without a store and without Scrapy. A crawl of an archive reads the same, a group of captures at a time in other
processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vovcrawl.archives.files import FileOptions, UnreadableFile, content, decoded
from vovcrawl.archives.paths import TEXT_SUFFIXES, ArchivePaths
from vovcrawl.evidence import Evidence, page_hash
from vovcrawl.pages import Reading, flat_text
from vovcrawl.pages import read as read_page


class Became(StrEnum):
    """What became of a record of an archive; the words of stats, log lines and `archive_files.counts`."""

    ARTICLE = "article"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Capture:
    """A page or text as an archive holds it."""

    url: str | None
    """Where the archive says that it was captured, as written there; None where it does not say, as of a saved file."""
    data: bytes
    """The page as its reader gets it: no HTTP header, unpacked; of a text, UTF-8. `page_hash` of it knows it again."""
    where: str
    """The file and the place in it, for people."""
    charset: str | None = None
    """The encoding that the server declared."""
    is_text: bool = False
    """Whether it is a flat text, and no page."""
    published: datetime | None = None
    """Of a text: when it was published, as far as its file or `FileOptions.published` says."""
    captured_at: str | None = None
    """When it was captured: ISO 8601 in UTC, to the second; None where the archive does not say."""

    @property
    def evidence(self) -> Evidence:
        """What the store keeps of it with its article."""
        return Evidence(page_hash(self.data), self.captured_at)

    def read(self) -> Reading:
        """The article in it, with `source` archive, and `fetched_at` where it is known when it was captured.

        `cleaning.rules.use_also` says which rules of the user's hold.

        Raises:
            NotAnArticle: it holds none; the error says why.
        """
        if self.is_text:
            reading = flat_text.read(self.data.decode("utf-8"), self.url, self.published)
        else:
            reading = read_page(self.data, self.url or "", self.charset)
        reading.article.source = "archive"
        if self.captured_at is not None:
            reading.article.fetched_at = self.captured_at
        return reading


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record, or a whole file, that holds no page of the newspaper's, or that cannot be read."""

    became: Became
    where: str
    """As of a `Capture`."""
    url: str | None = None
    """As of a `Capture`."""
    reason: str | None = None
    """More about it, for people."""
    is_unread: bool = False
    """Whether an article may be lost with it: its url is that of an article, or it was named as a saved page."""


def captures(paths: ArchivePaths, options: FileOptions) -> Iterator[Capture | Skipped]:
    """All captures of VOV pages in an archive, file by file in the order of `paths`, each in the order of its records.

    Memory holds one record at a time, whatever the size of a file. Each record gives either a `Capture` or a `Skipped`;
    whether a capture holds an article, reading it tells.

    Args:
        paths: as `archive_paths` gives them.
        options: `largest` bounds the bytes of a capture, packed and unpacked; `published` is for texts.
    """
    for path, file in paths.found.items():
        where = str(path)
        if file is None:
            yield Skipped(
                Became.UNREADABLE, where, reason="a link that leads out of the archive's folder", is_unread=True
            )
            continue
        try:
            data = content(file, options.largest)
            if file.name.lower().endswith(TEXT_SUFFIXES):
                yield Capture(None, decoded(data).encode(), where, is_text=True, published=options.published)
            else:
                yield Capture(None, data, where)
        except OSError as error:
            yield Skipped(Became.UNREADABLE, where, reason=error.strerror or str(error), is_unread=True)
        except UnreadableFile as error:
            yield Skipped(Became.UNREADABLE, where, reason=str(error), is_unread=True)
