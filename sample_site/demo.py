"""Crawls the sample site, as `make demo` does, and shows what came of it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from sample_site.server import SampleServer
from sample_site.site import NOW

_PROJECT = Path(__file__).resolve().parent.parent
_FOLDER = _PROJECT / "data" / "demo"
_WIDTH = 72


def main() -> int:
    """Serves the site on loopback, crawls it into `data/demo`, and prints the collection; the crawl's exit status."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir(parents=True)
    store, feed = _FOLDER / "vov.sqlite", _FOLDER / "vov.jsonl"
    with SampleServer() as server:
        print(f"Crawling the sample site on {server.url}, as if it were {NOW:%d/%m/%Y, %H:%M} ...", flush=True)
        crawl = subprocess.run(
            [
                *(
                    sys.executable,
                    "-m",
                    "scrapy",
                    "crawl",
                    "vov",
                    "-a",
                    "since=all",
                    "-a",
                    "related=2",
                    "-o",
                    str(feed),
                ),
                *("-s", f"VOV_MIRROR={server.url}", "-s", f"VOV_NOW={NOW.isoformat()}"),
                *("-s", f"VOV_DATABASE={store}", "-s", "DOWNLOAD_DELAY=0", "-s", "LOG_LEVEL=WARNING"),
            ],
            cwd=_PROJECT,
            check=False,
            # The estimate of requests that a crawl begins with is for the real site.
            stderr=subprocess.PIPE,
            text=True,
        )
        asked = len(server.requests)
    if crawl.returncode == 0:
        _show(store, feed, asked)
    else:
        print(crawl.stderr, file=sys.stderr)
    return crawl.returncode


def _show(store: Path, feed: Path, requests: int) -> None:
    with sqlite3.connect(store) as connection:
        total = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        print(f"\n{total} articles with {requests} requests.\n")
        print(f"{'kind':<12}{'articles':>9}{'words':>9}{'pictures':>10}   published")
        for kind, count, words, pictures, first, last in connection.execute(
            """
            SELECT content_type, count(*), sum(length(body) - length(replace(body, ' ', '')) + 1),
                   sum((SELECT count(*) FROM images WHERE images.canonical_url = articles.canonical_url)),
                   min(date(date_published, '+7 hours')), max(date(date_published, '+7 hours'))
            FROM articles GROUP BY content_type ORDER BY 2 DESC, 1
            """
        ):
            print(f"{kind:<12}{count:>9}{words:>9}{pictures:>10}   {first} to {last}")
        print(f"\n{'published':<18}{'section':<16}headline")
        for published, section, headline in connection.execute(
            "SELECT substr(date_published, 1, 16), section_name, headline FROM articles "
            "ORDER BY date_published DESC LIMIT 10"
        ):
            shown = headline if len(headline) <= _WIDTH else headline[: _WIDTH - 1] + "…"
            print(f"{published.replace('T', ' '):<18}{section or '':<16}{shown}")
    with feed.open(encoding="utf-8") as lines:
        record = json.loads(next(lines))
    print("\nOne record, shortened:")
    for name in ("canonical_url", "headline", "description", "date_published", "authors", "keywords", "related"):
        value = json.dumps(record[name], ensure_ascii=False)
        print(f"  {name}: {value if len(value) <= _WIDTH else value[: _WIDTH - 1] + '…'}")
    with sqlite3.connect(store) as connection:
        print("\nWhat the texts say of time, for example:")
        for text, value, sentence in connection.execute(
            "SELECT text, value, sentence FROM time_expressions "
            "WHERE field = 'body' AND first_day IS NOT NULL AND length(sentence) < ? "
            "GROUP BY value ORDER BY length(text) DESC LIMIT 5",
            (_WIDTH - 30,),
        ):
            print(f"  {text} = {value}: {sentence}")
    print(
        f"\nThe records, one a line:  {feed.relative_to(_PROJECT)}"
        f"\nThe same as a database:   {store.relative_to(_PROJECT)}"
    )


if __name__ == "__main__":
    sys.exit(main())
