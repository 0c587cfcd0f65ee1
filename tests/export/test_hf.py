"""The dataset folder: its splits, its card, and its Croissant metadata."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.export.invented import article, invented, record_of, repeated, request_of
from vovcrawl.crawl.window import Window
from vovcrawl.export import hf, parquet_files
from vovcrawl.export.dataset_card import dataset_card
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ExportRequest
from vovcrawl.export.splits import SHARES, split_of
from vovcrawl.pages.publication import from_iso
from vovcrawl.project_command import Selection
from vovcrawl.store import ArticleStore, CrawlStore, Database, Frontier, ListingStore, VisitStore
from vovcrawl.store.by_date import Listed
from vovcrawl.visits import Discovered, Outcome, Reach, VisitResult


def written(request: ExportRequest, folder: Path) -> Path:
    folder.mkdir()
    hf.write(request, folder)
    return folder


def card(request: ExportRequest, folder: Path) -> str:
    return (written(request, folder) / "README.md").read_text(encoding="utf-8")


def by_split(folder: Path) -> dict[str, set[str]]:
    """The articles of each split."""
    found: dict[str, set[str]] = {}
    for path in sorted((folder / "data").iterdir()):
        urls = pq.ParquetFile(path).read(["canonical_url"])["canonical_url"].to_pylist()
        found.setdefault(path.name.partition("-")[0], set()).update(urls)
    return found


def listed(url: str, duplicate_of: str | None = None) -> Listed:
    return Listed(url, "xa-hoi", "article", None, duplicate_of, 5)


def test_every_article_is_in_one_split_as_it_is_in_the_store(database: Database, tmp_path: Path) -> None:
    request = request_of(database, invented())
    folder = written(request, tmp_path / "a")
    found = [record_of(row) for path in (folder / "data").iterdir() for row in pq.ParquetFile(path).read().to_pylist()]
    expected = [each.to_dict() for each in request.articles()]
    assert sorted(found, key=_url) == sorted(expected, key=_url)


def _url(record: Mapping[str, Any]) -> str:
    return str(record["canonical_url"])


def test_the_splits_have_about_the_shares_that_they_should_have() -> None:
    counts = dict.fromkeys(SHARES, 0)
    for number in range(10_000):
        counts[split_of(listed(f"https://vov.vn/xa-hoi/a-post{number}.vov"))] += 1
    assert {name: round(count / 100) for name, count in counts.items()} == pytest.approx(SHARES, abs=1)


def test_an_article_is_in_the_split_of_the_one_that_it_nearly_repeats(database: Database, tmp_path: Path) -> None:
    again = [repeated(number, f"2023-10-{number:02}T08:00:00+07:00") for number in range(1, 21)]
    others = [article(number) for number in range(100, 140)]
    splits = by_split(written(request_of(database, [*again, *others]), tmp_path / "a"))
    assert len(splits) > 1
    assert [name for name, urls in splits.items() if urls & {each.canonical_url for each in again}] == [
        split_of(listed(again[0].canonical_url))
    ]


def test_an_article_stays_in_its_split_when_others_come(database: Database, tmp_path: Path) -> None:
    before = by_split(written(request_of(database, [article(number) for number in range(1, 41)]), tmp_path / "a"))
    more = [article(number, "2022-01-01T00:00:00+07:00") for number in range(41, 81)]
    after = by_split(written(request_of(database, more), tmp_path / "b"))
    assert all(urls <= after[name] for name, urls in before.items())
    assert sum(len(urls) for urls in after.values()) == 80


def test_a_split_without_articles_has_no_files_and_is_not_named_to_programs(database: Database, tmp_path: Path) -> None:
    text = card(request_of(database, [article(1)]), tmp_path / "a")
    (only,) = by_split(tmp_path / "a")
    front = text.split("---\n")[1]
    assert [name for name in SHARES if f'split: "{name}"' in front] == [only]
    absent = ", ".join(name for name in SHARES if name != only)
    assert f"There are too few articles for any to be in: {absent}." in text


def test_files_say_how_many_there_are(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "_BATCH", 4)
    monkeypatch.setattr(parquet_files, "_GROUP_ROWS", 4)
    monkeypatch.setattr(parquet_files, "_PART_BYTES", 1)
    request = request_of(database, [article(number) for number in range(1, 61)])
    names = sorted(path.name for path in (written(request, tmp_path / "a") / "data").iterdir())
    train = [name for name in names if name.startswith("train")]
    assert len(train) > 5
    assert train == [f"train-{number:05}-of-{len(train):05}.parquet" for number in range(len(train))]


def test_all_splits_have_the_same_types(database: Database, tmp_path: Path) -> None:
    folder = written(request_of(database, invented()), tmp_path / "a")
    first, *others = [pq.read_schema(path) for path in (folder / "data").iterdir()]
    assert others
    assert all(schema.equals(first, check_metadata=True) for schema in others)


def test_the_card_counts_what_is_there(database: Database, tmp_path: Path) -> None:
    text = card(request_of(database, invented()), tmp_path / "a")
    sizes = {name: len(urls) for name, urls in by_split(tmp_path / "a").items()}
    assert "- 26 articles, published 2023-10-14 to 2024-02-29\n- 1 of them without a time of publication\n" in text
    assert "- 1 that nearly repeat another one" in text
    assert "| video | 1 |" in text
    assert "| Xã hội | `xa-hoi` | 25 |\n" in text
    assert all(f"| {name} | {size} | 1 |\n" in text for name, size in sizes.items())


def test_the_card_says_what_was_chosen(database: Database, tmp_path: Path) -> None:
    request = request_of(database, invented(), kinds=("video",), no_duplicates=True, sample=5)
    text = card(request, tmp_path / "a")
    assert "- chosen by `kinds`: video; `no_duplicates`: yes; `sample`: 5; `seed`: 0\n" in text


def test_the_card_describes_every_field_and_part_of_a_field(database: Database, tmp_path: Path) -> None:
    text = card(request_of(database, invented()), tmp_path / "a")
    assert "| `keywords` | list of string | Tags, distinct regardless of case, in the page's order |\n" in text
    assert "| `images[].credit` | string | `Reuters` of `(Ảnh: Reuters)` |\n" in text


def two_whole_crawls(database: Database) -> None:
    """Whole crawls of all sections, with two days between them that neither was to cover."""
    crawls = CrawlStore(database.connection)
    for start, end in (("2023-10-01", "2023-10-10"), ("2023-10-12", "2023-10-20")):
        reach = Reach(since=f"{start}T00:00:00+07:00")
        crawls.finish(crawls.begin(f'{{"since": "{start}"}}', start, reach, f"{end}T06:30:00+07:00"), whole=True)


def test_the_card_names_the_times_that_no_crawl_was_to_cover(database: Database, tmp_path: Path) -> None:
    two_whole_crawls(database)
    text = card(request_of(database, invented()), tmp_path / "a")
    assert "- Whole crawls of all sections: 2; times between them that none was to cover: 1.\n" in text
    assert "  - 2023-10-10 06:30 to 2023-10-12 00:00\n" in text


def test_gaps_outside_the_window_asked_for_are_none_of_the_dataset(database: Database, tmp_path: Path) -> None:
    two_whole_crawls(database)
    window = Window(from_iso("2023-10-14T00:00:00+07:00"), from_iso("2023-10-15T00:00:00+07:00"))
    text = card(request_of(database, invented(), selection=Selection(window)), tmp_path / "a")
    assert "times between them that none was to cover: 0." in text


def test_the_card_counts_articles_that_could_not_be_read(database: Database, tmp_path: Path) -> None:
    connection = database.connection
    frontier = Frontier(connection, CrawlStore(connection).begin("{}", None, Reach()))
    listings = ListingStore(connection, frontier.crawl, Reach())
    visits = VisitStore(connection, frontier, listings, ArticleStore(connection))
    urls = [f"https://vov.vn/xa-hoi/a-post{number}.vov" for number in range(1, 4)]
    frontier.add(Discovered(url, "article") for url in urls)
    for outcome in (Outcome.GONE, Outcome.UNREADABLE, Outcome.UNREADABLE):
        page = frontier.next()
        assert page is not None
        visits.keep(VisitResult(page.url, outcome))
    text = card(request_of(database, invented()), tmp_path / "a")
    assert "whose pages could not be read: gone 1, unreadable 2." in text


def test_nothing_in_the_card_is_of_the_machine_or_the_moment(database: Database, tmp_path: Path) -> None:
    request = request_of(database, invented())
    one, two = (written(request, tmp_path / name) for name in ("a", "b"))
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert Path("README.md") in names
    assert [(one / name).read_bytes() for name in names] == [(two / name).read_bytes() for name in names]


def test_croissant_names_every_file_with_its_hash(database: Database, tmp_path: Path) -> None:
    folder = written(request_of(database, invented()), tmp_path / "a")
    croissant = json.loads((folder / "croissant.json").read_bytes())
    files = {each["contentUrl"]: each["sha256"] for each in croissant["distribution"] if "sha256" in each}
    assert files == {
        f"data/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "data").iterdir()
    }


def test_croissant_names_the_fields_that_the_dataset_has(database: Database, tmp_path: Path) -> None:
    folder = written(request_of(database, invented(), fields=("headline", "authors")), tmp_path / "a")
    _, records = json.loads((folder / "croissant.json").read_bytes())["recordSet"]
    assert [field["@id"] for field in records["field"]] == ["articles/split", "articles/headline", "articles/authors"]
    assert "key" not in records


@pytest.mark.parametrize(
    ("articles", "size"),
    [(1, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (123_456, "100K<n<1M"), (5 * 10**7, "n>10M")],
)
def test_the_size_is_said_as_the_hub_says_it(database: Database, articles: int, size: str) -> None:
    assert f'size_categories:\n  - "{size}"\n' in dataset_card(request_of(database, []), Counts(articles=articles), [])
