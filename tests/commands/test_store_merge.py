"""`scrapy merge`, with stores of real crawls."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import Crawl, Crawler, ask, command, run_line
from tests.postgresql import server
from tests.store.dumped import dumped, records
from tests.stores import change, damage, open_store, rows, store_at
from tests.stores import copy_store as give_copy
from vovcrawl.store.copying import copy_store

ONE = ("sections=xa-hoi", "related=0")
TWO = ("sections=kinh-te", "related=0")
BOTH = ("sections=xa-hoi,kinh-te", "related=0")


def merge(store: Path | str, *given: str) -> subprocess.CompletedProcess[str]:
    return ask("merge", store, *given)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the stores of two crawls of different sections."""
    made = tmp_path_factory.mktemp("made")
    with SampleServer() as server:
        for name, given in (("one", ONE), ("two", TWO)):
            (made / name).mkdir()
            line = command(made / name, server.url, given)
            run_line(line).check_returncode()
    return made


@pytest.fixture
def stores(made: Path, tmp_path: Path) -> tuple[Crawl, Crawl]:
    """Copies of them."""
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        give_copy(made / name / "vov.sqlite", tmp_path / name / "vov.sqlite")
        shutil.copy(made / name / "vov.jsonl", tmp_path / name)
        found.append(Crawl(0, "", tmp_path / name))
    return found[0], found[1]


def test_two_stores_become_what_one_crawl_of_both_gives(
    stores: tuple[Crawl, Crawl], crawl: Crawler, tmp_path: Path
) -> None:
    one, two = stores
    merged = merge(one.store, str(two.store))
    assert (merged.returncode, merged.stderr) == (0, "")
    assert f"{len(two.addresses()):,} articles: " in merged.stdout
    (tmp_path / "both").mkdir()
    both = crawl(*BOTH, folder=tmp_path / "both")
    assert records(one.store) == records(both.store)
    kept = "SELECT url, kind, state, outcome, canonical_url, published FROM pages WHERE kind = 'article' ORDER BY url"
    assert one.rows(kept) == both.rows(kept)
    assert damage(one.store) == []


@pytest.mark.parametrize("given", [ONE, TWO, BOTH], ids=["one", "two", "both"])
def test_the_next_crawl_asks_for_no_article_of_either(
    stores: tuple[Crawl, Crawl], crawl: Crawler, site: SampleServer, tmp_path: Path, given: tuple[str, ...]
) -> None:
    assert merge(stores[0].store, str(stores[1].store)).returncode == 0
    site.requests.clear()
    # Young articles are asked for again by every crawl of a listing, to see whether they were edited.
    again = crawl(*given, "-s", "VOV_REVISIT=0d", folder=tmp_path / "one")
    assert again.status == 0
    assert [request.path for request in site.requests if request.path.endswith(".vov")] == []


@pytest.mark.sqlite("the bytes of a file")
def test_the_other_store_is_left_as_it_is(stores: tuple[Crawl, Crawl]) -> None:
    one, two = stores
    before = {path.name: path.read_bytes() for path in two.folder.iterdir()}
    assert merge(one.store, str(two.store)).returncode == 0
    assert {path.name: path.read_bytes() for path in two.folder.iterdir()} == before


def test_a_second_merge_and_one_with_itself_change_nothing(stores: tuple[Crawl, Crawl]) -> None:
    one, two = stores
    assert merge(one.store, str(two.store)).returncode == 0
    before = dumped(one.store)
    for other in (two.store, one.store):
        merged = merge(one.store, other)
        assert (merged.returncode, merged.stderr) == (0, "")
        assert " 0 new, 0 revised, " in merged.stdout
        assert "; 0 pages; " in merged.stdout
    assert dumped(one.store) == before


@pytest.mark.sqlite("names stores in both databases by itself")
@pytest.mark.parametrize(
    ("into", "other"), [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]
)
def test_it_is_the_same_whichever_database_each_store_is_in(
    made: Path, tmp_path: Path, new_in: Callable[[str], str], into: str, other: str
) -> None:
    files, stores = [], []
    for name, kind in (("one", into), ("two", other)):
        copy_store(store_at(made / name / "vov.sqlite"), str(tmp_path / f"{name}.sqlite"))
        files.append(str(tmp_path / f"{name}.sqlite"))
        stores.append(new_in(kind))
        copy_store(files[-1], stores[-1])
    expected, found = merge(files[0], files[1]), merge(*stores)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.partition(";")[0] == expected.stdout.partition(";")[0]
    assert records(stores[0]) == records(files[0])
    kept = (
        "SELECT url, kind, state, outcome, canonical_url, first_crawl, crawl, listed_by FROM pages",
        "SELECT canonical_url, number, content_hash, first_seen, last_seen, replaced_by FROM revisions",
        "SELECT id, arguments, started_at, CASE WHEN finished_at IS NULL THEN 1 ELSE 0 END FROM crawls",
        "SELECT canonical_url, sequence, revision, first_seen, last_seen, duplicate_of FROM articles",
        "SELECT article, leader FROM fingerprints",
    )
    for statement in kept:
        assert sorted(map(repr, rows(stores[0], statement))) == sorted(map(repr, rows(files[0], statement)))
    before = dumped(stores[0])
    assert " 0 new, 0 revised, " in merge(*stores).stdout
    assert dumped(stores[0]) == before


@pytest.fixture
def new_in(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes the name of a store in a database of a kind, where nothing is yet."""
    made: list[str] = []

    def name(kind: str) -> str:
        made.append(server().new_store() if kind == "postgresql" else str(tmp_path / f"new-{len(made)}.sqlite"))
        return made[-1]

    yield name
    for url in made:
        if "://" in url:
            server().drop_store(url)


def test_a_store_is_merged_into_none_as_a_copy(stores: tuple[Crawl, Crawl], tmp_path: Path) -> None:
    made = tmp_path / "made.sqlite"
    assert merge(made, str(stores[0].store)).returncode == 0
    assert records(made) == records(stores[0].store)


def test_a_crawl_that_was_killed_is_merged_without_what_it_had_left(
    stores: tuple[Crawl, Crawl], crawl: Crawler, tmp_path: Path
) -> None:
    one, two = stores
    change(two.store, "UPDATE crawls SET finished_at = NULL, is_whole = NULL")
    change(two.store, "UPDATE pages SET state = 'queued', outcome = NULL WHERE kind = 'listing'")
    assert merge(one.store, str(two.store)).returncode == 0
    assert one.rows("SELECT count(*) FROM crawls WHERE finished_at IS NULL") == [(0,)]
    assert one.rows("SELECT count(*) FROM pages WHERE state IN ('queued', 'in flight')") == [(0,)]
    again = crawl(*TWO, folder=one.folder)
    assert "Resuming" not in again.log
    assert again.addresses() >= two.addresses()


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ([], 2, "one other store is to be named"),
        (["a.sqlite", "b.sqlite"], 2, "one other store is to be named"),
        (["--what"], 2, "one other store is to be named"),
        (["a.sqlite"], 6, "there is no store"),
    ],
)
def test_what_cannot_be_merged_is_said_in_one_line(tmp_path: Path, given: list[str], status: int, said: str) -> None:
    merged = merge(tmp_path / "vov.sqlite", *given)
    assert (merged.returncode, merged.stdout) == (status, "")
    assert said in merged.stderr
    assert merged.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite("one crawl at a time holds a file")
def test_a_store_that_a_crawl_holds_is_not_merged_into(stores: tuple[Crawl, Crawl]) -> None:
    one, two = stores
    held = open_store(two.store)
    refused = merge(two.store, str(one.store))
    assert (refused.returncode, refused.stdout) == (75, "")
    held.close()


def test_a_store_that_a_crawl_holds_is_read(stores: tuple[Crawl, Crawl]) -> None:
    one, two = stores
    held = open_store(two.store)
    assert merge(one.store, str(two.store)).returncode == 0
    held.close()
    assert one.addresses() >= two.addresses()


@pytest.mark.sqlite("the bytes of a file")
def test_a_damaged_store_changes_nothing(stores: tuple[Crawl, Crawl], tmp_path: Path) -> None:
    one, two = stores
    damaged = tmp_path / "damaged.sqlite"
    shutil.copy(two.file, damaged)
    with damaged.open("r+b") as file:
        file.seek(-5 * 4096, 2)
        file.write(b"\xa5" * 3 * 4096)
    before = dumped(one.store)
    merged = merge(one.store, str(damaged))
    assert merged.returncode == 6
    assert "Traceback" not in merged.stderr
    assert dumped(one.store) == before
