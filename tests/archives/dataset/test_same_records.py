"""A dataset of an archive holds what a crawl of it keeps, however the work is divided."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from dask.base import compute

from tests.archives.dataset.made import READ_AT, failures_of, made_here, mixed_up, records_of, text_of
from tests.archives.warc_files import article, article_url, packed, response
from tests.conftest import Crawler
from vovcrawl.archives import articles
from vovcrawl.store import ArticleStore, read_database

pytestmark = pytest.mark.long


def files_of(folder: Path) -> dict[str, str]:
    """The hash of each file of a dataset."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_dataset_holds_the_records_and_the_earlier_texts_that_a_crawl_keeps(crawl: Crawler, tmp_path: Path) -> None:
    paths = mixed_up(tmp_path / "archive", seed=1, records=60)
    crawled = crawl(f"archive={','.join(map(str, paths))}", mirror=None)
    database = read_database(str(crawled.store))
    store = ArticleStore(database.connection)
    expected = {one.canonical_url: one.to_dict() for one in store.stream()}
    earlier = {url: [text.article.content_hash for text in store.history(url)[:-1]] for url in expected}
    database.close()
    made_here(paths, tmp_path / "dataset", slice_bytes=4_000)
    found = {record["canonical_url"]: record for record in records_of(tmp_path / "dataset")}
    for url, record in found.items():
        if record["fetched_at"] == READ_AT:
            # A text without a time of capture was read at another moment.
            expected[url]["fetched_at"] = READ_AT
    assert found == expected
    kept: dict[str, list[str]] = {url: [] for url in expected}
    for record in records_of(tmp_path / "dataset", "revisions"):
        kept[record["revision_of"]].append(record["content_hash"])
    assert kept == earlier


@pytest.mark.parametrize("slice_bytes", [3_000, 20_000])
def test_how_an_archive_is_cut_changes_no_record(tmp_path: Path, slice_bytes: int) -> None:
    paths = mixed_up(tmp_path / "archive", seed=2, records=40)
    whole = made_here(paths, tmp_path / "whole")
    cut = made_here(paths, tmp_path / "cut", slice_bytes=slice_bytes)
    assert cut == whole
    assert records_of(tmp_path / "cut") == records_of(tmp_path / "whole")
    assert failures_of(tmp_path / "cut") == failures_of(tmp_path / "whole")


def test_the_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = mixed_up(tmp_path / "archive", seed=3, records=40)
    for name in ("one", "two"):
        made_here(paths, tmp_path / name)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_a_bag_gives_the_same_records_but_for_the_marks(tmp_path: Path) -> None:
    paths = mixed_up(tmp_path / "archive", seed=4, records=40)
    made_here(paths, tmp_path / "dataset")
    expected = {
        record["canonical_url"]: {**record, "duplicate_of": None} for record in records_of(tmp_path / "dataset")
    }
    bag = articles(paths, read_at=READ_AT, slice_bytes=5_000)
    assert bag.npartitions > len(paths)
    (found,) = compute(bag, scheduler="synchronous")
    assert {record["canonical_url"]: record for record in found} == expected


def test_each_record_of_an_archive_is_counted_once(tmp_path: Path) -> None:
    paths = mixed_up(tmp_path / "archive", seed=5, records=40)
    made = made_here(paths, tmp_path / "dataset", slice_bytes=3_000)
    # Of each file the first record says what wrote it; of texts, 13 lines were written.
    assert made.records.total() == 3 * (1 + 40) + 20 + 13
    assert made.unread + made.settled == len(failures_of(tmp_path / "dataset"))


def test_what_could_not_be_read_is_kept_with_its_place_and_its_reason(tmp_path: Path) -> None:
    lost, whole = article_url(1), article_url(2)
    parts = [
        response(lost, article(1)[:200], fields=[("WARC-Truncated", "length")]),
        response(whole, article(2)[:200], fields=[("WARC-Truncated", "length")]),
        response(whole, article(2)),
    ]
    (tmp_path / "a.warc.gz").write_bytes(packed(*parts))
    made = made_here([tmp_path / "a.warc.gz"], tmp_path / "dataset")
    first, second = failures_of(tmp_path / "dataset")
    assert (first["url"], first["offset"], first["became"], first["settled"]) == (lost, 0, "truncated", False)
    assert (second["url"], second["offset"], second["settled"]) == (whole, len(packed(parts[0])), True)
    assert first["reason"] == "the record is truncated"
    assert (made.articles, made.unread, made.settled) == (1, 1, 1)


def test_articles_outside_the_window_are_counted_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(packed(response(article_url(1), article(1, text_of("a")))))
    made = made_here([tmp_path / "a.warc.gz"], tmp_path / "dataset", until="2020")
    assert (made.articles, dict(made.records)) == (0, {"outside window": 1})


def test_names_and_urls_that_are_no_characters_end_nothing(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"t\xff.jsonl")
    url = r"https://vov.vn/xa-hoi/mot\ud800-post100001.vov"
    path.write_text(f'{{"url": "{url}"}}\n{{"text": "Một\\n\\nHai ba.", "url": "{url}"}}\n', encoding="utf-8")
    made = made_here([path], tmp_path / "dataset")
    assert made.records.total() == 2
    assert len(failures_of(tmp_path / "dataset")) == made.unread + made.settled
