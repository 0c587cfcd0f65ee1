"""The largest documents, and what becomes of those that are too slow."""

from __future__ import annotations

import pytest

from fuzz import largest
from fuzz.growth import Shape, made_for
from vovcrawl.pages import bounds

PARAGRAPHS = Shape("paragraphs", "<p>x#</p>")


@pytest.mark.parametrize("name", ["article", "sitemap"])
def test_documents_stay_within_the_bounds_and_reach_one_of_them(name: str) -> None:
    made = list(largest.documents(name, PARAGRAPHS))
    assert all(len(data) <= bounds.MOST_BYTES for _, data in made)
    assert max(data.count(b"<") for _, data in made[1:]) in range(90_000, bounds.MOST_TAGS + 1)


def test_a_text_has_no_more_characters_than_an_article_may_have() -> None:
    shape = next(one for one in made_for("dates") if "và" in one.name)
    ((size, data),) = largest.documents("dates", shape)
    assert size == len(data)
    assert 450_000 < len(data.decode()) <= bounds.MOST_CHARACTERS


def test_a_reader_that_fails_counts_as_one_without_an_end() -> None:
    def fails(data: bytes) -> None:
        raise ValueError

    assert largest.measure(fails, b"") == float("inf")


@pytest.mark.parametrize(("most", "status"), [(60.0, 0), (0.0, 1)])
def test_the_exit_status_says_whether_a_document_took_too_long(
    most: float, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(largest, "MOST_S", most)
    assert largest.main(["dates", "--match", "'1/'"]) == status
    assert ("TOO MUCH" in capsys.readouterr().out) == bool(status)
