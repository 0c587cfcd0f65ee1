"""Which articles an export holds, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.export.exported import article, stored
from tests.stores import open_store, store_at
from vovcrawl.crawl.window import read_window
from vovcrawl.export.request import ExportRequest
from vovcrawl.items import Article
from vovcrawl.pages.publication import from_iso
from vovcrawl.project_command import Selection
from vovcrawl.store import ArticleStore, Database, read_database

Asking = Callable[..., ExportRequest]


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    """Makes a store with these articles and a request for it."""
    opened: list[Database] = []

    def asked(*kept: Article, **options: Any) -> ExportRequest:
        opened.append(read_database(store_at(stored(tmp_path / f"{len(opened)}.sqlite", kept))))
        opened[-1].hold_view()
        return ExportRequest("jsonl", opened[-1], **options)

    yield asked
    for database in opened:
        database.close()


def ids(request: ExportRequest) -> list[str]:
    return [each.id.removeprefix("post") for each in request.articles()]


def window(**given: str) -> Selection:
    now = from_iso("2026-07-16T12:00:00+07:00")
    assert now is not None
    return Selection(read_window(given, now))


def test_articles_come_by_date_then_url_and_those_without_a_date_last(asking: Asking) -> None:
    request = asking(
        article(3, None), article(5, "2026-07-12"), article(2, "2026-07-10"), article(4), article(1, "2026-07-11")
    )
    assert ids(request) == ["2", "4", "1", "5", "3"]


def test_each_pass_gives_the_same_articles(asking: Asking) -> None:
    request = asking(*map(article, range(250)))
    assert list(request.articles()) == list(request.articles())


def test_articles_are_those_of_the_store_field_for_field(asking: Asking) -> None:
    given_ones = [article(number) for number in range(3)]
    assert list(asking(*given_ones).articles()) == given_ones


def test_a_crawl_that_writes_meanwhile_changes_nothing(tmp_path: Path) -> None:
    path = stored(tmp_path / "vov.sqlite", map(article, range(250)))
    writing = open_store(path)
    reading = read_database(store_at(path))
    reading.hold_view()
    found = ExportRequest("jsonl", reading).articles()
    first = next(found)
    kept = ArticleStore(writing.connection)
    for number in range(50):
        kept.keep(article(number * 5, headline="Tin sửa"))
        kept.keep(article(number + 1000))
    writing.connection.commit()
    rest = [first, *found]
    assert len(rest) == 250
    assert not any(each.headline == "Tin sửa" for each in rest)
    reading.close()
    writing.close()


def test_a_window_takes_its_first_and_last_day_and_none_without_a_date(asking: Asking) -> None:
    kept = [article(number, f"2026-07-{number:02}") for number in range(1, 10)]
    edges = [article(30, "2026-07-03T00:00:00+07:00"), article(50, "2026-07-05T23:59:59+07:00"), article(60, None)]
    request = asking(*kept, *edges, selection=window(since="2026-07-03", until="2026-07-05"))
    assert ids(request) == ["30", "3", "4", "5", "50"]


def test_a_date_with_another_offset_is_in_the_window_of_its_vietnamese_day(asking: Asking) -> None:
    late, early = article(1, "2026-07-02T20:00:00+00:00"), article(2, "2026-07-04T01:00:00+14:00")
    assert set(ids(asking(late, early, selection=window(since="2026-07-03", until="2026-07-03")))) == {"1", "2"}


@pytest.mark.parametrize(("given", "found"), [({"until": "9999"}, ["1", "2"]), ({"since": "0001"}, ["1", "2"])])
def test_a_window_to_the_end_of_time_takes_all_that_have_a_date(
    asking: Asking, given: dict[str, str], found: list[str]
) -> None:
    assert ids(asking(article(1), article(2), article(3, None), selection=window(**given))) == found


def test_kinds_and_sections_are_those_asked_for(asking: Asking) -> None:
    other = "https://vov.vn/the-thao/tin-post3.vov"
    request = asking(
        article(1),
        article(2, content_type="photo"),
        article(3, content_type="photo", section="the-thao", canonical_url=other, url=other),
        kinds=("photo", "video"),
        selection=Selection(sections=("https://vov.vn/the-thao",)),
    )
    assert ids(request) == ["3"]


def test_duplicates_are_left_out_where_they_are_not_wanted(asking: Asking) -> None:
    text = " ".join(f"Người dân bản {number} dựng lại nhà sau mưa lũ." for number in range(40))
    kept = [article(1, body=text), article(2, "2026-07-11", body=f"{text} Thêm."), article(3)]
    assert [each.duplicate_of is None for each in asking(*kept).articles()].count(False) == 1
    assert all(each.duplicate_of is None for each in asking(*kept, no_duplicates=True).articles())


class TestSamples:
    """Articles chosen by hash."""

    def test_a_sample_is_as_large_as_asked_and_in_the_same_order(self, asking: Asking) -> None:
        everything = ids(asking(*map(article, range(50))))
        sample = ids(asking(*map(article, range(50)), sample=20))
        assert len(sample) == 20
        assert sample == [each for each in everything if each in sample]

    def test_a_sample_larger_than_the_store_is_all_of_it(self, asking: Asking) -> None:
        assert len(ids(asking(*map(article, range(5)), sample=20))) == 5

    def test_a_sample_is_the_same_each_time_and_another_for_another_seed(self, asking: Asking) -> None:
        kept = list(map(article, range(50)))
        assert ids(asking(*kept, sample=20)) == ids(asking(*kept, sample=20))
        assert ids(asking(*kept, sample=20)) != ids(asking(*kept, sample=20, seed=1))

    def test_a_larger_sample_holds_the_smaller_one(self, asking: Asking) -> None:
        kept = list(map(article, range(50)))
        assert set(ids(asking(*kept, sample=10))) < set(ids(asking(*kept, sample=20)))

    @pytest.mark.parametrize("seed", [0, 7])
    def test_another_article_puts_out_one_at_most(self, asking: Asking, seed: int) -> None:
        before = set(ids(asking(*map(article, range(30)), sample=10, seed=seed)))
        after = set(ids(asking(*map(article, range(31)), sample=10, seed=seed)))
        assert len(before - after) <= 1

    def test_a_sample_is_taken_of_what_is_chosen(self, asking: Asking) -> None:
        kept = [article(number, content_type="photo" if number % 2 else "article") for number in range(20)]
        assert len(ids(asking(*kept, kinds=("photo",), sample=10))) == 10


def test_arguments_are_the_same_in_whatever_words(asking: Asking) -> None:
    one = asking(article(1), selection=window(since="2026-07", until="2026-07"))
    other = asking(article(1), selection=window(since="2026-07-01", until="2026-07-31"))
    assert one.arguments == other.arguments
    assert (one.arguments["since"], one.arguments["until"]) == (
        "2026-07-01T00:00:00+07:00",
        "2026-08-01T00:00:00+07:00",
    )
