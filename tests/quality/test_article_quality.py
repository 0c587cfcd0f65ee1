"""How peers are judged on the pages of the evaluation set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.article_quality import HEAD, columns, leaks, load_pages
from benchmarks.peers.timed import Reading
from benchmarks.read_articles import Row

PAGES = [page for page in load_pages() if page.record["related"]][:1]
GOLD: dict[str, Any] = PAGES[0].record
EVERY = frozenset(("body", "headline", "lead", "authors", "date", "keywords"))
EXACT = Reading(
    GOLD["headline"],
    GOLD["description"],
    GOLD["body"],
    GOLD["date_published"],
    [author["name"] for author in GOLD["authors"]],
    GOLD["keywords"],
)


def cells(reading: Reading, fields: frozenset[str] = EVERY) -> dict[str, str]:
    row = Row("peer", [1.0], 0.0, readings=[reading])
    return dict(zip(HEAD[1:], columns(row, fields, PAGES, strict=False), strict=True))


def test_what_is_read_as_it_is_counts_in_full() -> None:
    assert list(cells(EXACT).values()) == ["1.00", "100.0", "1.000", *["100.0"] * 5, "0.0"]


@pytest.mark.parametrize(
    "body",
    [
        f"{GOLD['headline']}\nVOV.VN - {GOLD['description']}\n{GOLD['body']}",
        GOLD["body"].replace(" ", " \u200b"),
        f"VOV.VN - {GOLD['body']}",
    ],
)
def test_what_peers_put_around_a_body_is_forgiven(body: str) -> None:
    assert cells(replace(EXACT, body=body))["body exact %"] == "100.0"


def test_a_body_that_lacks_a_word_is_not_exact() -> None:
    assert cells(replace(EXACT, body=GOLD["body"].rpartition(" ")[0]))["body exact %"] == "0.0"


def test_the_headline_of_another_article_in_the_body_is_a_leak() -> None:
    other = GOLD["related"][0]["headline"]
    assert leaks(replace(EXACT, body=f"{GOLD['body']}\n{other}"), GOLD)
    assert not leaks(EXACT, GOLD)


def test_a_field_that_a_peer_does_not_give_has_no_figure() -> None:
    shown = cells(EXACT, frozenset(("body", "headline")))
    assert [shown[name] for name in ("lead %", "authors %", "date %", "keywords %")] == ["-"] * 4
