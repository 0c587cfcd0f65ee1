"""What the search index costs: CPU time for keeping an article, and bytes on the disk.

Run as `python -m benchmarks.search_cost`. Articles of real length are kept one by one, each in its own transaction,
by the store as it is and by one without an index, in turns; the difference is the index. Then the size of its tables.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import process_time
from unittest.mock import patch

from benchmarks.report import Check, report
from benchmarks.store_size import LENGTHS
from sample_site.render_article import render_article
from sample_site.replica import Replica
from vovcrawl.items import Article
from vovcrawl.pages import parse_article
from vovcrawl.pipelines.tag_dates import TagDates
from vovcrawl.search_tokens import Document
from vovcrawl.store import ArticleStore, open_database
from vovcrawl.store.search_index import SearchIndex

MORE_MS, MORE_SIZE = 0.4, 0.25
"""Targets: CPU milliseconds an article, and part of the store without the index."""

_ROUNDS = 5
_NOTHING = Document("", frozenset())


def main() -> None:
    """Measures and prints the table."""
    site = Replica(days=4, a_day=60, older=20, words=LENGTHS["real"])
    kept = [TagDates().process_item(parse_article(render_article(story, site), story.url)) for story in site.newest]
    edited = [replace(each, headline=f"{each.headline} nay", content_hash=each.content_hash[::-1]) for each in kept]
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(_ROUNDS):
            for is_indexed in (True, False):
                path = Path(folder) / f"{number}-{is_indexed}.sqlite"
                new, revised = _keep(path, kept, edited, is_indexed=is_indexed)
                times.setdefault(f"new {is_indexed}", []).append(new)
                times.setdefault(f"revised {is_indexed}", []).append(revised)
        checks = [_more("a new article", "new", times, MORE_MS), _more("a revised article", "revised", times, None)]
        checks.append(_size(Path(folder) / "0-True.sqlite", len(kept)))
    report(checks)


def _keep(path: Path, kept: Sequence[Article], edited: Sequence[Article], *, is_indexed: bool) -> tuple[float, float]:
    """CPU milliseconds for each new and each revised article, its transaction included."""
    database = open_database(str(path))
    store = ArticleStore(database.connection)
    nothing = patch.multiple(SearchIndex, put=lambda *_: None, remove=lambda *_: True)
    tokens = patch("vovcrawl.store.articles.document", lambda _: _NOTHING)
    times = []
    try:
        if not is_indexed:
            nothing.start()
            tokens.start()
        for some in (kept, edited):
            start = process_time()
            for article in some:
                store.keep(replace(article))
                database.connection.commit()
            times.append(1000 * (process_time() - start) / len(some))
    finally:
        patch.stopall()
        database.close()
    return times[0], times[1]


def _more(what: str, name: str, times: dict[str, list[float]], target: float | None) -> Check:
    with_index, without = min(times[f"{name} True"]), min(times[f"{name} False"])
    more = with_index - without
    wanted = f"under {target}" if target is not None else ""
    is_met = more < target if target is not None else None
    return Check(
        "CPU ms", f"{what}: {with_index:.2f} with the index, {without:.2f} without", f"{more:.2f}", wanted, is_met
    )


def _size(path: Path, count: int) -> Check:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
        connection.commit()
        sizes = dict(connection.execute("SELECT name, sum(pgsize - unused) FROM dbstat GROUP BY name").fetchall())
    of_index = sum(size for name, size in sizes.items() if "search_" in name)
    rest = sum(sizes.values()) - of_index
    part = of_index / rest
    return Check(
        "size",
        f"{of_index / count / 1024:.2f} kB an article beside {rest / count / 1024:.2f} kB",
        f"{part:.0%}",
        f"under {MORE_SIZE:.0%}",
        part < MORE_SIZE,
    )


if __name__ == "__main__":
    main()
