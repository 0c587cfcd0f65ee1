"""How well article pages are read: vovcrawl and its peers on the pages of `quality/`, against the same gold.

Run as `python -m benchmarks.article_quality`. The peers are judged generously: unseen characters, list marks, table
bars, and a headline or lead put before the body do not count against them, nor does the `VOV.VN - ` of a lead, and one
right author is enough. Texts that others saved are left out: the peers read pages alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks import judging
from benchmarks.peers.timed import Reading, cpu_ms
from benchmarks.read_articles import HOW_TO_MAKE_PEERS, PEERS_PYTHON, ROOT, Row, measure_peer
from benchmarks.report import Check, report, table
from quality.generator import evaluation_set
from quality.generator.evaluation_set import Page
from vovcrawl.pages import NotAnArticle, parse_article

FUNDUS_PYTHON = ROOT / ".venv-fundus" / "bin" / "python"

_TEXTS = frozenset(("body", "headline"))
_EVERY = frozenset(("body", "headline", "lead", "authors", "date", "keywords"))


@dataclass(frozen=True)
class Peer:
    """Another reader: its module in `benchmarks/peers/`, and the fields that it gives."""

    name: str
    module: str
    fields: frozenset[str] = _EVERY


PEERS = (
    Peer("trafilatura", "run_trafilatura"),
    Peer("newspaper4k", "run_newspaper"),
    Peer("news-please", "run_news_please", _EVERY - {"keywords"}),
    Peer("readability-lxml", "run_readability", _TEXTS),
)
FUNDUS = Peer("Fundus, with a VOV publisher", "run_fundus_pages")

HEAD = (
    "reader",
    "CPU ms a page",
    "body exact %",
    "body token F1",
    "headline %",
    "lead %",
    "authors %",
    "date %",
    "keywords %",
    "other articles in the body %",
)


def load_pages() -> list[Page]:
    """The pages of the evaluation set, without the texts."""
    return [page for page in evaluation_set.load() if page.layout != "text"]


def measure_here(pages: Sequence[Page], rounds: int) -> Row:
    """vovcrawl."""
    row = Row("vovcrawl", [float("inf")] * len(pages), 0.0)
    contents = [page.content.encode() for page in pages]
    for _ in range(rounds):
        for number, page in enumerate(pages):
            row.cpu_ms[number] = min(row.cpu_ms[number], cpu_ms(lambda page=page, at=number: _read(contents[at], page)))  # type: ignore[misc]
    row.readings = [_read(content, page) for content, page in zip(contents, pages, strict=True)]
    return row


def _read(content: bytes, page: Page) -> Reading:
    try:
        article = parse_article(content, page.url or "")
    except NotAnArticle:
        return Reading()
    return Reading(
        article.headline,
        article.description,
        article.body,
        article.date_published,
        [author.name for author in article.authors],
        article.keywords,
    )


def leaks(reading: Reading, gold: dict[str, Any]) -> bool:
    """Whether a body holds the headline or the lead of another article that the page points to."""
    body = judging.seen(reading.body)
    own = judging.plain(gold["body"])
    others = (
        judging.plain(other[key]) for other in gold["related"] for key in ("headline", "description") if other[key]
    )
    return any(other in body and other not in own for other in others)


def _keywords(values: Sequence[str]) -> set[str]:
    return {judging.plain(value).casefold() for value in values if value.strip()}


_JUDGED: dict[str, Callable[[Reading, dict[str, Any]], bool]] = {
    "headline": lambda reading, gold: judging.seen(reading.headline) == judging.plain(gold["headline"]),
    "lead": lambda reading, gold: judging.lead(reading.lead) == judging.lead(gold["description"]),
    "authors": lambda reading, gold: judging.authors_right(reading.authors, gold["authors"]),
    "date": lambda reading, gold: judging.minute(reading.date) == judging.minute(gold["date_published"]),
    "keywords": lambda reading, gold: _keywords(reading.keywords) == _keywords(gold["keywords"]),
}


def columns(row: Row, fields: frozenset[str], pages: Sequence[Page], *, strict: bool) -> list[str]:
    """The cells of a reader's line after its name; `strict` for the body as it is."""
    golds = [page.record for page in pages]
    pairs = list(zip(row.readings, golds, strict=True))
    tokens = [
        (judging.plain(one.body).split() if strict else judging.body_tokens(one.body, gold), gold["body"].split())
        for one, gold in pairs
    ]
    cells = [f"{mean(row.cpu_ms):.2f}"]
    cells.append(f"{100 * mean(found == wanted for found, wanted in tokens):.1f}")
    cells.append(f"{mean(judging.f1(found, wanted) for found, wanted in tokens):.3f}")
    for field, judged in _JUDGED.items():
        cells.append(f"{100 * mean(judged(one, gold) for one, gold in pairs):.1f}" if field in fields else "-")
    pointing = [(one, gold) for one, gold in pairs if gold["related"]]
    cells.append(f"{100 * mean(leaks(one, gold) for one, gold in pointing):.1f}")
    return cells


def measured(rounds: int = 3, peers: Path = PEERS_PYTHON, fundus: Path = FUNDUS_PYTHON) -> list[Check]:
    """All readers; prints the table.

    Args:
        rounds: over all pages, of which the best counts.
        peers: Python of the peers' environment.
        fundus: Python of that of Fundus.
    """
    pages = load_pages()
    layouts = dict.fromkeys(page.layout for page in pages)
    print(f"{len(pages)} pages of {len(layouts)} layouts, best of {rounds} rounds\n")
    lines = [["vovcrawl", *columns(measure_here(pages, rounds), _EVERY, pages, strict=True)]]
    chosen = [*((peer, peers) for peer in PEERS), (FUNDUS, fundus)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "index.json").write_text(json.dumps([page.url for page in pages]), encoding="utf-8")
        for number, page in enumerate(pages):
            (folder / f"{number}.html").write_bytes(page.content.encode())
        for peer, python in chosen:
            if not python.exists():
                print(f"Without {peer.name}; to make its environment: {HOW_TO_MAKE_PEERS}\n")
                continue
            row = measure_peer(peer.name, f"benchmarks.peers.{peer.module}", folder, python, rounds)
            lines.append([peer.name, *columns(row, peer.fields, pages, strict=False)])
    print(table(HEAD, lines))
    checks = []
    for place, what in ((2, "body exact %"), (3, "body token F1")):
        ours, best = float(lines[0][place]), max((float(line[place]) for line in lines[1:]), default=None)
        target = "-" if best is None else f"above {best:g}, the best peer's"
        checks.append(Check("quality", what, lines[0][place], target, None if best is None else ours > best))
    return checks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.article_quality", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all pages, of which the best counts")
    parser.add_argument("--peers", type=Path, default=PEERS_PYTHON, help="Python of the peers' environment")
    parser.add_argument("--fundus", type=Path, default=FUNDUS_PYTHON, help="Python of the environment of Fundus")
    arguments = parser.parse_args()
    checks = measured(arguments.rounds, arguments.peers, arguments.fundus)
    print()
    report(checks)


if __name__ == "__main__":
    main()
