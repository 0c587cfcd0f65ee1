"""How long each page of `scrapy browse` takes on a large store, without the network in between.

Run as `python -m benchmarks.browsing [STORE] [--articles N]`; without a store one of an invented newspaper is made.
Each page is asked for three times by a server that has just begun, and the slowest answer counts, since that is what a
person waits for.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

import httpx

from benchmarks.newspaper_year import Year, fill
from benchmarks.report import Check, report
from vovcrawl.browse.application import Browser
from vovcrawl.store import ArticleStore, open_database, read_database
from vovcrawl.store.browsing import Browsing, Filters
from vovcrawl.store.search_index import SearchIndex

ARTICLES = 100_000
MUST = 1.0
"""Seconds that a page may take."""

_A_DAY = 70
_ROUNDS = 3


def main() -> None:
    """Prints the seconds of each page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("store", nargs="?", type=Path)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    given = parser.parse_args()
    with _store(given.store, given.articles) as path:
        report(measure(path))


def measured() -> list[Check]:
    """The same for `python -m benchmarks`."""
    with _store(None, ARTICLES) as path:
        return measure(path)


@contextmanager
def _store(path: Path | None, count: int) -> Iterator[Path]:
    if path is not None:
        yield path.absolute()
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "vov.sqlite"
        database = open_database(str(made))
        fill(database.connection, Year(first=date(2022, 8, 1), days=count // _A_DAY, a_day=_A_DAY, hole=None))
        SearchIndex(database.connection).fill(ArticleStore(database.connection).read_all)
        database.connection.commit()
        database.close()
        yield made


def measure(path: Path) -> list[Check]:
    """Asks for each page."""
    pages = _pages(path)
    seconds = asyncio.run(_ask(path, list(pages.values())))
    checks = []
    for (name, _), slowest in zip(pages.items(), seconds, strict=True):
        checks.append(Check("browse", name, f"{slowest:.3f} s", f"{MUST} s", slowest < MUST))
    return checks


def _pages(path: Path) -> dict[str, str]:
    """The pages by what they are called; of an author, a tag and an article that the store has many of."""
    database = read_database(str(path))
    browsing = Browsing(database.connection)
    facets = browsing.facets(Filters())
    article = browsing.articles(Filters(), 1)[0]
    day = (article.date_published or "")[:10]
    word = article.headline.split()[0]
    database.close()
    author, tag = (quote(values[0][0], safe="") for values in (facets.authors, facets.tags))
    return {
        "front page": "/",
        "all articles": "/search",
        "their last page": "/search?page=500",
        "a section": f"/search?section={facets.sections[0][0]}",
        "a month": f"/search?month={facets.months[1][0]}",
        "search for a word": f"/search?q={quote(word)}",
        "search within a section": f"/search?q={quote(word)}&section={facets.sections[0][0]}",
        "search for many words": f"/search?q={quote(article.headline)}",
        "article": f"/article?url={quote(article.canonical_url, safe='')}",
        "day": f"/day/{day}",
        "author": f"/author/{author}",
        "tag": f"/tag/{tag}",
        "coverage": "/coverage",
        "a list as CSV": "/search?format=csv",
        "coverage as CSV": "/coverage?format=csv",
        "a table": "/vov/articles",
    }


async def _ask(path: Path, wanted: list[str]) -> list[float]:
    browser = Browser(str(path))
    transport = httpx.ASGITransport(app=await browser.app())
    slowest = [0.0] * len(wanted)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for _ in range(_ROUNDS):
            for place, page in enumerate(wanted):
                begin = perf_counter()
                reply = await client.get(page)
                slowest[place] = max(slowest[place], perf_counter() - begin)
                assert reply.status_code == 200, (page, reply.status_code)
    browser.close()
    return slowest


if __name__ == "__main__":
    main()
