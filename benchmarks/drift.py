"""Whether a changed template is noticed at the end of a crawl, and how often an unchanged one seems changed.

Run as `python -m benchmarks.drift`. Pages of the sample site, of a month of its replica and the frozen ones are read,
and crawls are made of what was read. Changed: each class name that a page has is renamed on all pages, or on every
other one, of a first crawl and of one that follows others. Unchanged: thousands of windows of few or many pages, of
one section, of one kind of page, of single odd ones; and series of 50 crawls, each compared with those before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import process_time

from benchmarks.report import Check, report, table
from sample_site.pages import Pages
from sample_site.replica import Replica
from sample_site.site import Site, load_site
from vovcrawl.crawl import drift
from vovcrawl.pages import NotAnArticle, read
from vovcrawl.pages.markup import DRUPAL_MARKS

WINDOWS, SERIES, IN_A_ROW = 5000, 200, 50
"""Windows of a first crawl, and series of so many crawls."""

RENAMED = sorted(
    DRUPAL_MARKS - {"video__summary", "news-list-live__content", "wp-block-column", "detail--", "page-node-type-"}
)
"""Class names that stand on most pages of articles."""

_FROZEN = Path(__file__).resolve().parent.parent / "tests" / "frozen"


@dataclass(frozen=True)
class Seen:
    """A page, and what a crawl notes of it."""

    url: str
    html: bytes
    shapes: tuple[drift.Shape, ...]
    kind: str
    """The content type; '' where the page is no article."""


def seen(html: bytes, url: str) -> Seen:
    """A page as a crawl sees it that a source of the site led to."""
    try:
        reading = read(html, url)
    except NotAnArticle as error:
        return Seen(url, html, (drift.of_article_page(error, listed=True),), "")
    shapes = (drift.of_reading(reading), drift.of_article_page(None, listed=True))
    return Seen(url, html, shapes, reading.article.content_type)


def pages_of(site: Site, most: int = 10_000) -> list[Seen]:
    """The articles of a site, newest first."""
    pages = Pages(site)
    return [seen(pages.get(story.address).body, story.url) for story in site.newest[:most]]


def frozen() -> list[Seen]:
    """The frozen pages that are articles."""
    pairs = {path: json.loads(path.with_suffix(".json").read_text("utf-8")) for path in sorted(_FROZEN.glob("*.html"))}
    return [seen(path.read_bytes(), pair["url"]) for path, pair in pairs.items() if "record" in pair]


def renamed(pages: Iterable[Seen], name: str, every: int = 1) -> list[Seen]:
    """The pages with a class renamed on every so many of them."""
    pattern = re.compile(rb'(?<=[" ])' + re.escape(name).encode() + rb'(?=[" ])(?=[^<>"]*+")')
    return [
        seen(pattern.sub(b"zz-renamed", page.html), page.url) if number % every == 0 else page
        for number, page in enumerate(pages)
    ]


def tallied(pages: Iterable[Seen]) -> dict[drift.Key, drift.Tally]:
    """What a crawl of these pages counts."""
    observed = drift.Observed()
    for page in pages:
        for shape in page.shapes:
            observed.add(shape, page.url)
    return drift.tallied(observed)


def kept(now: dict[drift.Key, drift.Tally]) -> drift.Earlier:
    """A crawl as later ones know it."""
    return drift.Earlier({key: (tally.pages, tally.held) for key, tally in now.items()}, is_sound=True)


def windows(pages: Sequence[Seen], random: Random) -> Callable[[], list[Seen]]:
    """Draws the pages of one crawl: by chance, newest ones in a row, of one section, of one kind, a single odd one."""
    by_section: dict[str, list[Seen]] = {}
    by_kind: dict[str, list[Seen]] = {}
    for page in pages:
        by_section.setdefault(page.url.split("/")[3], []).append(page)
        by_kind.setdefault(page.kind, []).append(page)
    groups = [list(by_section.values()), list(by_kind.values())]

    def draw() -> list[Seen]:
        size = random.choice((1, 1, 2, 3, 5, 8, 12, 20, 30, 60, 100))
        how = random.randrange(5)
        if how == 0:
            return random.sample(pages, min(size, len(pages)))
        if how == 1:
            start = random.randrange(len(pages))
            return list(pages[start : start + size])
        if how < 4:
            group = random.choice(groups[how - 2])
            return random.sample(group, min(size, len(group)))
        # A page of the same odd sort several times over, as in a list of urls.
        return [random.choice(pages)] * min(size, 3)

    return draw


def false_alarms(pages: Sequence[Seen], first: int, series: int, seed: int) -> tuple[int, int, list[str]]:
    """Alarms of so many first crawls and of series of `IN_A_ROW`, and what was said."""
    random = Random(seed)
    draw = windows(pages, random)
    said: list[str] = []
    of_first = of_series = 0
    for _ in range(first):
        found = drift.changes(tallied(draw()), [])
        of_first += bool(found)
        said += [change.line for change in found]
    for _ in range(series):
        earlier: list[drift.Earlier] = []
        for _ in range(IN_A_ROW):
            now = tallied(draw())
            found = drift.changes(now, earlier)
            of_series += bool(found)
            said += [change.line for change in found]
            earlier = [kept(now), *earlier][:30]
    return of_first, of_series, said


def measured() -> list[Check]:
    """Prints which names are noticed, and counts false alarms."""
    sample, replica = pages_of(load_site()), pages_of(Replica(days=5))
    every = [*sample, *replica, *frozen()]
    day, before = replica[:40], [kept(tallied(replica[start : start + 60])) for start in range(40, 280, 60)]
    rows = []
    missed = 0
    for name in RENAMED:
        cells = []
        for step in (1, 2):
            now = tallied(renamed(day, name, step))
            for earlier in ([], before):
                fields = [change.field for change in drift.changes(now, earlier)]
                missed += not fields
                cells.append(", ".join(fields) or "-")
        rows.append((f"`{name}`", *cells))
    heads = ("all, first crawl", "all, later crawl", "every other page, first", "every other page, later")
    print(f"A class renamed on {len(day)} pages, and the fields that are named:\n")
    print(table(("class", *heads), rows))
    first = series = 0
    said: list[str] = []
    # Each site by itself: its texts are five times as long as the other's, as no site's become from day to day.
    for number, site in enumerate(([*sample, *frozen()], replica)):
        of_first, of_series, of_site = false_alarms(site, WINDOWS // 2, SERIES // 2, seed=number)
        first, series, said = first + of_first, series + of_series, said + of_site
    for line in sorted(set(said))[:20]:
        print(f"\nfalse alarm: {line}")
    began = process_time()
    rounds = 20
    for _ in range(rounds):
        observed = drift.Observed()
        for page in every:
            for shape in page.shapes:
                observed.add(shape, page.url)
    counting = (process_time() - began) / rounds / len(every) * 1e6
    shaped = process_time()
    readings = [read(page.html, page.url) for page in replica]
    reading = (process_time() - shaped) / len(replica) * 1e6
    shaped = process_time()
    for one in readings * rounds:
        drift.of_reading(one)
    shaping = (process_time() - shaped) / rounds / len(readings) * 1e6
    share = (counting + shaping) / reading
    return [
        Check("a", f"names of {len(RENAMED)} that are not noticed, in 4 ways each", str(missed), "0", not missed),
        Check("b", f"false alarms in {WINDOWS:,} first crawls", str(first), "0", not first),
        Check("c", f"false alarms in {SERIES} series of {IN_A_ROW} crawls", str(series), "0", not series),
        Check(
            "d", "share of the time of reading a page", f"{share:.2%} ({counting + shaping:.1f} us)", "1%", share < 0.01
        ),
    ]


if __name__ == "__main__":
    report(measured())
