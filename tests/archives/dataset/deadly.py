"""What a worker of Dask imports to find some pages deadly: reading one kills it, or takes for ever."""

from __future__ import annotations

import os
import signal

from vovcrawl.archives.dataset import attempts, slices
from vovcrawl.archives.files import FileOptions, Found, UnreadableFile, read_one
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.archives.records import Packed, Skipped
from vovcrawl.pages import NotAnArticle

KILLING = b"giet-chuong-trinh"
HANGING = b"treo-chuong-trinh"


def _read_or_die(one: ArchiveFile | Packed, options: FileOptions) -> Found | NotAnArticle | UnreadableFile | Skipped:
    data = one.data if isinstance(one, Packed) else b""
    if KILLING in data:
        os.kill(os.getpid(), signal.SIGKILL)
    while HANGING in data:
        pass
    return read_one(one, options)


def dask_setup(worker: object) -> None:
    """Dask calls it in each worker."""
    setattr(slices, "read_one", _read_or_die)  # noqa: B010 - it is imported there
    attempts.SECONDS = 1
