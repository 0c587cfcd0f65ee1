"""How many pages lose a part of their article in silence when a tag is added that has no partner.

Run as `python -m benchmarks.broken_markup`. Ordinary pages are broken in every way below at some of their blocks; the
record must be that of the unbroken page, or say `damaged:markup`.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from fuzz import seeds
from fuzz.words import UNPAIRED
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle, parse_article

SILENT = frozenset(("refused", "lost", "imprint", "authors", "related"))
"""What must not become of a page without a warning."""

_EDGE = re.compile(rb"</(?:p|figure|ul|h2|h3|table|blockquote|div)>")


def broken(page: bytes, breaks: Sequence[str], places: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """The page with one break each, at so many of the ends of its blocks; empty where it shows no headline."""
    start = max(page.find(b"article-title"), page.find(b"<h1"))
    end = max(page.find(b"vovvn-footer", start), page.find(b'class="footer"', start))
    edges = [match.end() for match in _EDGE.finditer(page, start, end if end > 0 else len(page))] if start > 0 else []
    chosen = random.Random(seed)
    for added in breaks:
        for edge in chosen.sample(edges, min(places, len(edges))):
            yield added, page[:edge] + added.encode() + page[edge:]


def verdict(whole: Article, page: bytes, url: str) -> str:
    """What became of the article `whole` on a broken page: `same`, `warned`, or what is wrong."""
    try:
        found = parse_article(page, url)
    except NotAnArticle:
        return "refused"
    if "damaged:markup" in found.warnings:
        return "warned"
    text = _letters(found.body)
    if any(_letters(whole.body[block.start : block.end]) not in text for block in whole.blocks):
        return "lost"
    if len(text) > len(_letters(whole.body)) + 20:
        return "imprint"
    if [author.name for author in whole.authors] != [author.name for author in found.authors]:
        return "authors"
    if {related.url for related in whole.related} - {related.url for related in found.related}:
        return "related"
    return "same"


def _letters(text: str) -> str:
    return "".join(text.split())


def main() -> None:
    """Prints the verdicts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.broken_markup", description=__doc__)
    parser.add_argument("--places", type=int, default=1, help="places of each page for each break")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    verdicts: Counter[str] = Counter()
    silent: Counter[tuple[str, str]] = Counter()
    for url, page in seeds.html_pages():
        try:
            whole = parse_article(page, url)
        except NotAnArticle:
            continue
        for added, html in broken(page, UNPAIRED, given.places, given.seed):
            found = verdict(whole, html, url)
            verdicts[found] += 1
            if found in SILENT:
                silent[found, added] += 1
    total = verdicts.total()
    print(f"{total} broken pages: " + ", ".join(f"{name} {count}" for name, count in verdicts.most_common()))
    print(f"wrong in silence: {sum(silent.values()) / total:.2%}")
    for (name, added), count in silent.most_common():
        print(f"  {name}: {added} {count}")


if __name__ == "__main__":
    main()
