"""A store of as many articles as are wanted, made in a minute: copies of some hundred articles, each with its own url.

Run as `python -m benchmarks.big_store PATH [ARTICLES]`.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import Table

from benchmarks.store_size import LENGTHS
from sample_site.render_article import render_article
from sample_site.replica import Replica
from vovcrawl.pages import parse_article
from vovcrawl.store import ArticleStore, open_database
from vovcrawl.store.tables import articles, lists

ARTICLES = 100_000
_READ = 200
"""Articles that are read; the others are copies of these."""


def make(path: Path, count: int = ARTICLES) -> None:
    """Makes the store.

    Each copy of an article was published a day before the last one. The copies are not compared with each other: only
    the articles that were read may have a `duplicate_of`, and their copies have the same.
    """
    site = Replica(days=4, a_day=_READ // 4, older=0, words=LENGTHS["real"])
    database = open_database(str(path))
    store = ArticleStore(database.connection)
    for story in site.newest:
        article = parse_article(render_article(story, site), story.url, dates=True)
        article.fetched_at = "2026-07-17T05:00:00+00:00"
        store.keep(article)
    database.connection.commit()
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        connection.execute("CREATE TEMP TABLE read AS SELECT canonical_url AS url FROM articles")
        for number in range(1, -(-count // len(site.newest))):
            for table in (articles, *(each.table for each in lists.values())):
                _copy(connection, table, number)
        connection.commit()


def _copy(connection: sqlite3.Connection, table: Table, number: int) -> None:
    """Adds the rows of the articles that were read again."""
    changed = {"canonical_url": f"replace(canonical_url, '-post', '-{number}-post')"}
    if table is articles:
        earlier = f"strftime('%Y-%m-%dT%H:%M:%S', substr(date_published, 1, 19), '-{number} days') || '+07:00'"
        changed |= {
            "url": changed["canonical_url"],
            "id": f"id || '{number}'",
            "sequence": f"sequence + {number * _READ}",
            "date_published": earlier,
            # Texts of their own, as in a real store: what finds equal ones has nothing to gain.
            "headline": f"headline || ' {number}'",
            "body": f"'{number}. ' || body",
        }
    values = ", ".join(changed.get(column.name, column.name) for column in table.columns)
    connection.execute(
        f"INSERT INTO {table.name} SELECT {values} FROM {table.name} WHERE canonical_url IN (SELECT url FROM read)"  # noqa: S608
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ARTICLES)
