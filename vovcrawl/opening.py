"""Opening files that others may swap for something else while a crawl runs.

What a name leads to can be another thing each time that it is looked up. So a file is judged once it is open, and read
from there.
"""

from __future__ import annotations

import errno
import os
import stat

_QUIETLY = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""Waits for no pipe's writer, and takes no terminal."""

# A folder that may be passed through need not be one that may be listed.
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

_NOT_FOLLOWED = (errno.ELOOP, errno.EMLINK)
_CHUNK = 256 * 1024


class NotRegularFile(OSError):
    """What a name leads to is a folder, a pipe or a device."""


def open_inside(folder: str, place: str) -> int:
    """The descriptor of a regular file below a folder, to read from; no link is followed on the way.

    Args:
        folder: its real path.
        place: path of the file from there, without `..`.

    Raises:
        OSError: there is no such file, or it may not be read; `strerror` is why, in words for a user.
    """
    *parents, name = place.split("/")
    try:
        at = os.open(folder, _FOLDER)
        for parent in parents:
            above = at
            try:
                at = os.open(parent, _FOLDER, dir_fd=above)
            finally:
                os.close(above)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, *_NOT_FOLLOWED):
            raise OSError(error.errno, "a link or a file stands where its folder was") from None
        raise
    try:
        return open_regular(name, os.O_RDONLY | os.O_NOFOLLOW, at)
    except OSError as error:
        if error.errno in _NOT_FOLLOWED:
            raise OSError(error.errno, "a link that is not followed") from None
        raise
    finally:
        os.close(at)


def open_regular(
    name: str | os.PathLike[str], flags: int = os.O_RDONLY, folder: int | None = None, mode: int = 0o640
) -> int:
    """The descriptor of a regular file.

    Args:
        name: its path.
        flags: of `os.open`.
        folder: descriptor of the folder that `name` starts from; None is the current one.
        mode: of a file that these flags make.

    Raises:
        NotRegularFile: it is something else.
        OSError: it cannot be opened.
    """
    descriptor = os.open(name, flags | _QUIETLY, mode, dir_fd=folder)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotRegularFile(errno.EINVAL, "no regular file", os.fspath(name))


def read_at_most(descriptor: int, most: int) -> bytes:
    """What can be read of an open file, up to `most` bytes, however large it says it is or becomes.

    Raises:
        OSError: reading fails.
    """
    parts = []
    while most > 0 and (part := os.read(descriptor, min(most, _CHUNK))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
