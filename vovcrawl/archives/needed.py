"""What reading archives on many processes needs beside the package, and one line where it is missing."""

from __future__ import annotations

from importlib.util import find_spec

_PARTS = ("dask", "distributed", "fsspec", "pyarrow")


class MissingParts(ImportError):
    """Some of it is not installed; the text says which, and what would be right."""


def check_parts() -> None:
    """Sees to it that all of it is installed.

    Raises:
        MissingParts: something is not.
    """
    missing = [name for name in _PARTS if find_spec(name) is None]
    if missing:
        raise MissingParts(
            f"archives are read on many processes with {', '.join(_PARTS)}, and {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not installed; right would be: pip install 'vovcrawl[scale]'"
        )
