"""What it costs to keep an article and to write its line, in CPU milliseconds.

Run as `python -m benchmarks.keep_articles`. Articles of real length go into a store one by one: first as new ones, then
unchanged, then revised. The end of each transaction is counted apart, since it depends on the disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from statistics import mean
from time import process_time

from benchmarks.report import Check, report
from benchmarks.store_size import LENGTHS
from sample_site.render_article import render_article
from sample_site.replica import Replica
from vovcrawl.feeds.exporters import JsonLinesExporter
from vovcrawl.items import Article
from vovcrawl.pages import parse_article
from vovcrawl.pipelines.tag_dates import TagDates
from vovcrawl.store import ArticleStore, open_database

KEEP_MS, LINE_MS = 1.0, 0.1
"""Targets for a new article and for its line."""

_ROUNDS = 3


def main() -> None:
    """Measures and prints the table."""
    site = Replica(days=4, a_day=60, older=20, words=LENGTHS["real"])
    articles = [TagDates().process_item(parse_article(render_article(story, site), story.url)) for story in site.newest]
    again = [replace(article, fetched_at="2026-07-17T05:00:00+00:00") for article in articles]
    edited = [
        replace(article, headline=f"{article.headline} nay", content_hash=article.content_hash[::-1])
        for article in again
    ]
    checks: list[list[Check]] = []
    for _ in range(_ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            database = open_database(str(Path(folder) / "vov.sqlite"))
            store = ArticleStore(database.connection)
            commit = database.connection.commit
            checks.append(
                [
                    *_timed("a new article", store.keep, commit, articles, KEEP_MS),
                    *_timed("an unchanged article", store.keep, commit, again),
                    *_timed("a revised article", store.keep, commit, edited),
                    *_timed(
                        "a line of JSON", JsonLinesExporter(BytesIO(), encoding="utf-8").line, None, articles, LINE_MS
                    ),
                ]
            )
            database.close()
    print(f"{len(articles)} articles of {mean(len(article.body) for article in articles):,.0f} characters\n")
    report([min(round_, key=lambda check: float(check.measured)) for round_ in zip(*checks, strict=True)])


def _timed(
    what: str,
    do: Callable[[Article], object],
    then: Callable[[], None] | None,
    articles: Sequence[Article],
    target: float | None = None,
) -> list[Check]:
    """CPU milliseconds an article, and of what follows on each."""
    done = ended = 0.0
    for article in articles:
        start = process_time()
        do(article)
        done += process_time() - start
        if then is not None:
            start = process_time()
            then()
            ended += process_time() - start
    each = 1000 * done / len(articles)
    wanted = f"under {target}" if target else ""
    found = [Check("CPU ms", what, f"{each:.3f}", wanted, each < target if target else None)]
    if then is not None:
        found.append(Check("CPU ms", f"{what}: the end of its transaction", f"{1000 * ended / len(articles):.3f}"))
    return found


if __name__ == "__main__":
    main()
