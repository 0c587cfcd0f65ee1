"""How much the store takes on the disk for each article, table by table and index by index.

Run as `python -m benchmarks.store_size`. The articles of 40 days are kept day by day, as a crawl by cron keeps them,
with the row that each page has in the queue; two thirds of them are edited on the day after. Then the file is measured
as it is, once the write-ahead log is in it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import mean

from benchmarks.report import Check, report, table
from sample_site.render_article import render_article
from sample_site.replica import Replica
from sample_site.site import Site
from sample_site.story import Story
from vovcrawl.items import Article
from vovcrawl.pages import parse_article
from vovcrawl.pages.time_expressions import tag
from vovcrawl.store import ArticleStore, CrawlStore, Database, Frontier, ListingStore, VisitStore, open_database
from vovcrawl.visits import Discovered, Outcome, Reach, VisitResult

DAYS, A_DAY, EDITED = 40, 50, 33
LENGTHS = {"real": (475, 625), "short": (170, 220)}
"""Words of the shortest and the longest texts; real ones are about 2,500 characters long."""

KB_AN_ARTICLE = 18.0
"""Target for texts of real length."""

_KB = 1024
_DAY = timedelta(days=1)
_SITEMAP = "https://vov.vn/sitemap.xml?page=2026-07"


def measured() -> list[Check]:
    """Both lengths; prints the tables."""
    checks = []
    for name, words in LENGTHS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vov.sqlite"
            database = open_database(str(path))
            length = keep_all(database, words)
            database.close()
            checks += measure(path, name, length)
    return checks


def main() -> None:
    """Measures both and prints the tables."""
    checks = measured()
    print()
    report(checks)


def keep_all(database: Database, words: tuple[int, int]) -> float:
    """Keeps the articles of all days; how many characters a text has on average."""
    site = Replica(days=1, a_day=A_DAY, older=0, words=words)
    connection = database.connection
    crawls, articles = CrawlStore(connection), ArticleStore(connection)
    lengths = []
    for day in range(1, DAYS + 1):
        # A crawl a day, as of another run of the same command.
        frontier = Frontier(connection, crawls.begin(f'{{"since": "{day}"}}', None, Reach()))
        visits = VisitStore(connection, frontier, ListingStore(connection, frontier.crawl, Reach()), articles)
        articles.run = day
        if day == 1:
            changed = [story.url for story in site.newest]
        else:
            gone_by = site.advance(A_DAY, EDITED, edited_since=site.now - _DAY, edited_until=site.now)
            changed = [*gone_by.new, *gone_by.edited]
        stories = {story.url: story for story in site.newest}
        read = {url: _read(site, stories[url], day) for url in changed}
        frontier.add(
            Discovered(url, "article", discovered_on=_SITEMAP, modified=article.date_modified, requested=True)
            for url, article in read.items()
        )
        while (page := frontier.next()) is not None:
            article = read[page.url]
            etag = f'W/"{article.content_hash[:32]}"'
            visits.keep(VisitResult(page.url, Outcome.ARTICLE, status=200, etag=etag, article=article))
            lengths.append(len(article.body))
        crawls.seeded(frontier.crawl)
        crawls.finish_if_done(frontier.crawl)
        connection.commit()
    return mean(lengths)


def _read(site: Site, story: Story, day: int) -> Article:
    """The article of a page, as the pipelines hand it to the store."""
    article = parse_article(render_article(story, site), story.url)
    article.fetched_at = f"2026-07-16T05:00:00+00:{day:02}"
    article.time_expressions = tag(article)
    return article


def measure(path: Path, name: str, length: float) -> list[Check]:
    """What a store takes, in all and by table."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (count,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        (revised,) = connection.execute("SELECT count(*) FROM revisions").fetchone()
        rows = _by_table(connection)
    print(f"({name}) {count} articles of {length:,.0f} characters, {revised} of them edited\n")
    total = path.stat().st_size
    if rows:
        shown = [(each, f"{size / count / _KB:.2f}", f"{used / size:.0%}") for each, size, used in rows]
        print(table(("table or index", "kB an article", "of it in use"), shown), end="\n\n")
    kb = total / count / _KB
    target = KB_AN_ARTICLE if name == "real" else None
    wanted = f"at most {target:.0f}" if target else ""
    return [
        Check(
            "store",
            f"kB an article of {name} length, the whole file",
            f"{kb:.1f}",
            wanted,
            kb <= target if target else None,
        )
    ]


def _by_table(connection: sqlite3.Connection) -> list[tuple[str, int, int]]:
    """The bytes of each table and index, and of them those in use, the greatest first; none where SQLite cannot say."""
    try:
        return connection.execute(
            "SELECT name, sum(pgsize), sum(pgsize - unused) FROM dbstat "
            "GROUP BY name HAVING sum(pgsize) > 8192 ORDER BY 2 DESC"
        ).fetchall()
    except sqlite3.OperationalError:
        return []


if __name__ == "__main__":
    main()
