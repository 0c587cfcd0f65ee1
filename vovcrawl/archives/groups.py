"""Forms the groups of files and records that are read and committed together, in the order of the archive."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from vovcrawl import urls
from vovcrawl.archives.containers import Containers, Identity, is_container
from vovcrawl.archives.files import FileOptions, OwnRecords, UnreadableFile
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.archives.pool import Read, ReaderPool, Unread
from vovcrawl.archives.records import Became, Entry, Packed, Skipped, target_of
from vovcrawl.store import ArchiveFileStore, ArchiveProgress
from vovcrawl.text import encodable
from vovcrawl.visits import GIVEN_UP, ArchiveRecord, Outcome, VisitResult

if TYPE_CHECKING:
    from vovcrawl.archives.containers import Container
    from vovcrawl.store import Frontier, Page

logger = logging.getLogger(__name__)

GROUP = 16
"""Files and records that are committed together: a kill makes at most the groups at work be read again."""

_MOST_BYTES = 4 * 1024 * 1024
"""Of the records of a group, packed: it is handed over to another process at once."""

_MOST_LEFT_OUT = 500
"""Records of a group that need not be read: between two groups the crawl looks whether it is to end."""

_END = Entry(Skipped(Became.BROKEN, ""), "", "")
"""Stands after the last record of a file."""

_ALONE = 64
"""Records that come alone after a kill: as many as may have been at work then."""


@dataclass(slots=True)
class Work:
    """One file or record."""

    visit: VisitResult
    to_read: Unread | None = None
    read: Read | None = None
    """What is known without reading it."""
    container: OpenContainer | None = None


@dataclass(slots=True)
class Group:
    """Files and records that are read and committed together."""

    works: list[Work] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    """Those that are files."""
    reached: dict[str, tuple[OpenContainer, str]] = field(default_factory=dict)
    """By url of its file, the position up to which the group's records lead."""
    left_out: dict[str, Counter[Became]] = field(default_factory=dict)
    """By url, what became of records that need not be read nor kept."""
    size: int = 0
    reading: Future[list[Read]] | None = None
    """Where it is read in another process."""
    found: list[Read] | None = None

    @property
    def to_read(self) -> list[Unread]:
        """What is to be read of it."""
        return [work.to_read for work in self.works if work.to_read is not None]

    @property
    def is_read(self) -> bool:
        """Whether it only waits to be committed."""
        return self.found is not None or (self.reading is not None and self.reading.done())

    async def results(self, pool: ReaderPool) -> deque[Read]:
        """What was read, in the order of `to_read`."""
        if self.found is None and self.reading is not None:
            try:
                self.found = await asyncio.wrap_future(self.reading)
            except BrokenProcessPool:
                self.found = pool.read_each(self.to_read)
        return deque(self.found if self.found is not None else pool.read_here(self.to_read))


class OpenContainer:
    """A file of many pages while it is read.

    Args:
        page: its row.
        container: the open file.
        identity: of the file.
        before: how far it was read by an earlier run; None where it was not.
    """

    def __init__(self, page: Page, container: Container, identity: Identity, before: ArchiveProgress | None) -> None:
        self.page = page
        self.container = container
        self.identity = identity
        is_same = before is not None and (before.size, before.mark) == (identity.size, identity.mark)
        if before is not None and not is_same:
            logger.info("%s was written to since it was begun: it is read from its beginning", page.url)
        self.start = before.position if before is not None and is_same else ""
        self.counts: Counter[str] = Counter(before.counts if before is not None and is_same else {})
        self.kills = page.kills
        self._alone = _ALONE if page.kills else 0

    @property
    def comes_alone(self) -> bool:
        """Whether its next record is read with nothing else at work, since one of them may have killed the crawl."""
        return self._alone > 0

    def has_passed(self) -> None:
        """Notes that a record was read and kept."""
        self._alone = max(0, self._alone - 1)

    def progress(self, position: str) -> ArchiveProgress:
        """How far it is read, once the record before that position is kept."""
        # At the kill all of these may have been in flight, and each was so alone in those that followed.
        kills = 1 if self._alone else 0
        counts: Mapping[str, int] = dict(self.counts)
        return ArchiveProgress(self.page.url, self.identity.size, self.identity.mark, position, counts, kills)


class Groups:
    """The groups of a crawl, formed one after the other as they are asked for.

    Args:
        frontier: hands out the files.
        store: knows how far each is read.
        found: the files of the archive by their paths.
        options: how they are read.
    """

    def __init__(
        self,
        frontier: Frontier,
        store: ArchiveFileStore,
        found: Mapping[Path, ArchiveFile | None],
        options: FileOptions,
    ) -> None:
        self._frontier = frontier
        self._store = store
        self._found = found
        self._options = options
        self._containers = Containers([file for file in found.values() if file is not None], options)
        self._files = ExitStack()
        self._pages: deque[Page] = deque()
        self._open: OpenContainer | None = None
        self._entries: Iterator[Entry | None] | None = None
        self._held: Entry | None = None
        """The next one, where it is known already."""
        self._must_wait = False
        self.is_busy = False
        """Whether another group may come though `next` gave none: finding it takes longer."""

    def next(self) -> Group | None:
        """The next group; None where none can be formed before others are kept, or at all."""
        self.is_busy = False
        if self._must_wait:
            return None
        group = Group()
        while len(group.works) < GROUP and group.size < _MOST_BYTES and not (self._must_wait or self.is_busy):
            if self._open is not None:
                self._take_records(group, self._open)
            elif not self._take_file(group):
                break
            if sum(map(Counter.total, group.left_out.values())) >= _MOST_LEFT_OUT:
                break
        return group if group.works or group.reached else None

    def kept(self, left: int) -> None:
        """Notes that a group is kept, and how many are left."""
        if not left:
            self._must_wait = False

    def close(self) -> list[Page]:
        """Closes what is open; the files that nothing was read of, or not all."""
        self._files.close()
        pages = list(self._pages)
        if self._open is not None:
            pages.append(self._open.page)
        return pages

    def _take_file(self, group: Group) -> bool:
        """Adds the next file to the group, or opens it; whether there is one."""
        if not self._pages:
            self._pages.extend(self._frontier.take(GROUP, lambda url: is_container(path_of(url).name)))
        if not self._pages:
            return False
        page = self._pages.popleft()
        path = path_of(page.url)
        file = self._found.get(path)
        if file is not None and is_container(file.name):
            self._begin(group, page, file, path)
            return True
        work = Work(VisitResult(page.url))
        if page.is_given_up:
            work.read = UnreadableFile(GIVEN_UP)
        elif file is not None:
            work.to_read = file
        elif path in self._found:
            work.read = UnreadableFile("a link that leads out of the archive's folder")
        else:
            work.read = UnreadableFile("no file of the archive")
        group.works.append(work)
        group.pages.append(page)
        return True

    def _begin(self, group: Group, page: Page, file: ArchiveFile, path: Path) -> None:
        try:
            container, identity = self._files.enter_context(self._containers.opened(file, str(path)))
        except OSError as error:
            self._end(group, page, UnreadableFile(error.strerror or str(error)))
        except UnreadableFile as error:
            self._end(group, page, error)
        else:
            self._open = OpenContainer(page, container, identity, self._store.read(page.url))
            self._entries = container.entries(self._open.start)

    def _end(self, group: Group, page: Page, failure: UnreadableFile | None) -> None:
        self._files.close()
        visit = VisitResult(page.url, Outcome.ARCHIVE)
        if isinstance(failure, OwnRecords) and not page.requested:
            # A feed may well lie in the folder that was named.
            visit.outcome, visit.reason, failure = Outcome.NO_ARTICLE, str(failure), None
        group.works.append(Work(visit, read=failure, container=self._open))
        group.pages.append(page)
        self._open = self._entries = None

    def _take_records(self, group: Group, opened: OpenContainer) -> None:
        """Adds records of the open file to the group, until it is large enough or the file ends."""
        assert self._entries is not None
        url = opened.page.url
        count = 0
        while len(group.works) < GROUP and group.size < _MOST_BYTES and count < _MOST_LEFT_OUT:
            if opened.comes_alone and group.works:
                self._must_wait = True
                return
            try:
                entry, self._held = self._held or next(self._entries, _END), None
            except OSError as error:
                self._end(group, opened.page, UnreadableFile(error.strerror or str(error)))
                return
            except UnreadableFile as error:
                self._end(group, opened.page, error)
                return
            if entry is None:
                self.is_busy = True
                return
            if entry is _END:
                self._end(group, opened.page, None)
                return
            if opened.comes_alone and group.reached and isinstance(entry.found, Packed):
                # What is left out before it must not be taken for what killed the crawl.
                self._held, self._must_wait = entry, True
                return
            count += 1
            self._add(group, opened, entry)
            group.reached[url] = opened, entry.after

    def _add(self, group: Group, opened: OpenContainer, entry: Entry) -> None:
        found = entry.found
        if opened.page.is_given_up and opened.comes_alone and opened.kills:
            found = Skipped(Became.GIVEN_UP, found.where, found.url, GIVEN_UP, is_unread=True)
            opened.kills = 0
        url = opened.page.url
        if isinstance(found, Skipped) and not found.is_unread:
            group.left_out.setdefault(url, Counter())[found.became] += 1
            return
        visit = VisitResult(_record_url(url, found), record=ArchiveRecord(url, entry.position, target_of(found.url)))
        if isinstance(found, Packed):
            group.works.append(Work(visit, to_read=found, container=opened))
            group.size += len(found.data)
        else:
            group.works.append(Work(visit, read=found, container=opened))


def path_of(url: str) -> Path:
    """The path of a file from its url."""
    # As bytes: a file's name need not be UTF-8.
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(url).path)))


def _record_url(container: str, found: Packed | Skipped) -> str:
    """The url by which an unread record is known: by its own, or else by its place."""
    if found.url:
        return f"{container}#{encodable(urls.as_written(found.url)[: urls.LONGEST])}"
    place = found.where.rpartition(", ")[2]
    return f"{container}#{place.replace(' ', '=')}"
