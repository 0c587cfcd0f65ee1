"""Reading saved pages and flat texts, with no network.

Archives of millions of pages are read by many processes: `articles` gives them as a Dask bag, `write_dataset` as
Parquet, and `python -m vovcrawl.archives` does so from a shell. Both need the extra `scale`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vovcrawl.archives.dataset.entry_points import articles, write_dataset

__all__ = ["articles", "write_dataset"]


def __getattr__(name: str) -> Any:
    # A crawl has no need of Dask, which takes a second to import and may be absent.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from vovcrawl.archives.needed import check_parts

    check_parts()
    from vovcrawl.archives.dataset import entry_points

    return getattr(entry_points, name)
