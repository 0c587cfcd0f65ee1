"""What the files of an archive hold, one after the other: saved pages and texts, whatever file they stand in.

Without a store and without Scrapy. A crawl of an archive reads the same, a group of records at a time in other
processes.
"""

from __future__ import annotations

from collections.abc import Iterator

from vovcrawl.archives.containers import Containers, is_container
from vovcrawl.archives.files import FileOptions, UnreadableFile, capture_of
from vovcrawl.archives.paths import ArchiveFile, ArchivePaths
from vovcrawl.archives.records import Became, Capture, Packed, Skipped, unpack

__all__ = ["Became", "Capture", "Skipped", "captures"]


def captures(paths: ArchivePaths, options: FileOptions) -> Iterator[Capture | Skipped]:
    """All captures of VOV pages in an archive, file by file in the order of `paths`, each in the order of its records.

    Memory holds one record at a time, whatever the size of a file. Each record gives either a `Capture` or a `Skipped`;
    whether a capture holds an article, reading it tells.

    Args:
        paths: as `archive_paths` gives them.
        options: `largest` bounds the bytes of a capture, packed and unpacked; `published` and `fields` are for texts.
    """
    containers = Containers([file for file in paths.found.values() if file is not None], options)
    for path, file in paths.found.items():
        if file is None:
            reason = "a link that leads out of the archive's folder"
            yield Skipped(Became.UNREADABLE, str(path), reason=reason, is_unread=True)
            continue
        try:
            if is_container(file.name):
                yield from _captures_in(containers, file, str(path), options)
            else:
                yield capture_of(file, options, str(path))
        except OSError as error:
            yield Skipped(Became.UNREADABLE, str(path), reason=error.strerror or str(error), is_unread=True)
        except UnreadableFile as error:
            yield Skipped(Became.UNREADABLE, str(path), reason=str(error), is_unread=True)


def _captures_in(
    containers: Containers, file: ArchiveFile, path: str, options: FileOptions
) -> Iterator[Capture | Skipped]:
    with containers.opened(file, path) as (container, _):
        for entry in filter(None, container.entries("")):
            yield unpack(entry.found, options.largest) if isinstance(entry.found, Packed) else entry.found
