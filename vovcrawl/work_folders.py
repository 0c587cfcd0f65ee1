"""Folders beside a target in which it is written, locked while their process lives, and renaming as Python cannot."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
from pathlib import Path

NO_REPLACE, EXCHANGE = 1, 2
"""Flags of `renameat2`, as Linux has them in `fs.h`."""

_HERE = -100
"""`AT_FDCWD`: paths start at the current folder."""

_NOT_KNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
"""How a system or a file system says that it has not got a flag."""


def locked(folder: Path) -> int | None:
    """A descriptor that locks a folder while this process lives; None where another has it, or it is gone.

    Raises:
        OSError: it cannot be locked there at all.
    """
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    is_ours = False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever had it before may have removed the folder.
        is_ours = os.path.samestat(os.fstat(lock), folder.lstat())
    except (BlockingIOError, FileNotFoundError):
        pass
    finally:
        if not is_ours:
            os.close(lock)
    return lock if is_ours else None


def sync(path: Path) -> None:
    """Has a file or a folder be on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(source: Path, target: Path, flags: int) -> bool:
    """Renames as Python cannot; False where the system or the file system cannot either.

    Raises:
        OSError: it fails.
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(source), _HERE, os.fsencode(target), flags) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_KNOWN:
        return False
    raise OSError(number, os.strerror(number), str(target))
