"""Completing the feeds of a crawl that was killed."""

from __future__ import annotations

import json
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.settings import BaseSettings, Settings

from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.stores import open_store
from vovcrawl.crawl.components import add_components
from vovcrawl.feeds import recovery
from vovcrawl.feeds.exporters import JsonLinesExporter
from vovcrawl.feeds.recovery import end_of, safe_feeds, this_boot
from vovcrawl.items import Article
from vovcrawl.store import ArticleStore, Checkpoint, Database, FeedCheckpoints


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return tmp_path / "vov.jsonl"


@pytest.fixture
def store(database: Database) -> FeedCheckpoints:
    return FeedCheckpoints(database.connection)


def feeds(path: Path | str, **options: Any) -> BaseSettings:
    made = Settings()
    add_components(made)
    made.set("FEEDS", {str(path): {"format": "jsonlines", "overwrite": False, **options}})
    return made


def article(number: int) -> Article:
    return Article(
        id=f"post{number}",
        url=f"https://vov.vn/xa-hoi/a-post{number}.vov",
        canonical_url=f"https://vov.vn/xa-hoi/a-post{number}.vov",
        content_type="article",
        headline=f"Cầu số {number}",
        template="drupal-2026",
        keywords=["cầu"],
        content_hash=str(number),
    )


def line(number: int, **options: Any) -> bytes:
    (found,) = safe_feeds(feeds("x.jsonl", **options))
    return found.exporter(BytesIO()).line(article(number))


def spaced_line(number: int) -> bytes:
    """A line as versions before had it, with blanks between its parts."""
    return json.dumps(article(number).to_dict(), ensure_ascii=False).encode() + b"\n"


def keep(database: Database, *numbers: int, run: int = 1) -> None:
    """What a run commits."""
    articles = ArticleStore(database.connection)
    articles.run = run
    for number in numbers:
        articles.keep(article(number))
    database.connection.commit()


def note(store: FeedCheckpoints, path: Path, run: int = 1) -> None:
    """What the store takes note of while a run writes."""
    end = end_of(path, store.last_sequence())
    store.open(str(path), Checkpoint(str(path), run, end, end, this_boot()))


def catch_up(given: BaseSettings, database: Database) -> list[str]:
    """What a crawl does when it opens the store."""
    return recovery.catch_up(given, FeedCheckpoints(database.connection), ArticleStore(database.connection))


def numbers(path: Path) -> list[str]:
    return [json.loads(each)["id"] for each in path.read_text(encoding="utf-8").splitlines()]


class TestAfterAKill:
    """A run that died between a commit and its line, or within the line."""

    def test_a_line_that_is_missing_is_added(self, database: Database, store: FeedCheckpoints, feed: Path) -> None:
        keep(database, 1)
        feed.write_bytes(line(1))
        note(store, feed)
        keep(database, 2, 3)
        (said,) = catch_up(feeds(feed), database)
        assert numbers(feed) == ["post1", "post2", "post3"]
        assert "lacked 2 lines" in said

    def test_lines_after_the_last_note_are_not_added_twice(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        keep(database, 1)
        feed.write_bytes(line(1))
        note(store, feed)
        keep(database, 2, 3)
        feed.write_bytes(line(1) + line(2))
        catch_up(feeds(feed), database)
        assert numbers(feed) == ["post1", "post2", "post3"]

    def test_a_torn_line_is_cut_and_written_anew(self, database: Database, store: FeedCheckpoints, feed: Path) -> None:
        feed.write_bytes(b"")
        note(store, feed)
        keep(database, 1, 2)
        feed.write_bytes(line(1) + line(2)[:-40])
        said = catch_up(feeds(feed), database)
        assert feed.read_bytes() == line(1) + line(2)
        assert "bytes were cut" in said[0]

    @pytest.mark.parametrize("left", [1, 100, -1])
    def test_a_torn_line_is_written_anew_though_it_was_noted_as_whole(
        self, database: Database, store: FeedCheckpoints, feed: Path, left: int
    ) -> None:
        keep(database, 1, 2)
        feed.write_bytes(line(1) + line(2))
        note(store, feed)
        keep(database, 3)
        feed.write_bytes(line(1) + line(2)[:left])
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == line(1) + line(2) + line(3)

    def test_a_line_that_lacks_only_its_end_is_ended(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        note(store, feed)
        keep(database, 1)
        feed.write_bytes(line(1)[:-1])
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == line(1)

    def test_the_file_may_not_be_there_yet(self, database: Database, store: FeedCheckpoints, feed: Path) -> None:
        note(store, feed)
        keep(database, 1)
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == line(1)

    def test_it_can_be_done_again_after_another_kill(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        note(store, feed)
        keep(database, 1, 2)
        catch_up(feeds(feed), database)
        feed.write_bytes(feed.read_bytes()[:-10])
        catch_up(feeds(feed), database)
        assert catch_up(feeds(feed), database) == []
        assert feed.read_bytes() == line(1) + line(2)

    def test_what_another_run_kept_belongs_to_its_feed(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        note(store, feed, run=1)
        keep(database, 1, run=2)
        assert catch_up(feeds(feed), database) == []
        assert not feed.exists()

    def test_a_feed_of_some_fields_is_completed_with_those(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        note(store, feed)
        keep(database, 1)
        catch_up(feeds(feed, fields=["id", "headline"]), database)
        assert feed.read_bytes() == '{"id": "post1", "headline": "Cầu số 1"}\n'.encode()

    def test_a_feed_gets_nothing_that_its_filter_refuses(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        note(store, feed)
        keep(database, 1)
        assert catch_up(feeds(feed, item_classes=["builtins.dict"]), database) == []

    def test_a_feed_with_the_time_in_its_name_is_completed_where_it_was(
        self, database: Database, store: FeedCheckpoints, tmp_path: Path
    ) -> None:
        written = tmp_path / "2026-07-16.jsonl"
        template = tmp_path / "%(time)s.jsonl"
        store.open(str(template), Checkpoint(str(written), 1, end_of(written, 0), end_of(written, 0), this_boot()))
        keep(database, 1)
        catch_up(feeds(template), database)
        assert numbers(written) == ["post1"]

    def test_lines_of_an_earlier_version_are_known_again(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        note(store, feed)
        keep(database, 1, 2, 3)
        feed.write_bytes(spaced_line(1) + spaced_line(2))
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == spaced_line(1) + spaced_line(2) + line(3)

    @pytest.mark.parametrize("left", [1, 100])
    def test_a_torn_line_of_an_earlier_version_is_written_anew_though_it_was_noted_as_whole(
        self, database: Database, store: FeedCheckpoints, feed: Path, left: int
    ) -> None:
        keep(database, 1, 2)
        feed.write_bytes(spaced_line(1) + spaced_line(2))
        note(store, feed)
        keep(database, 3)
        feed.write_bytes(spaced_line(1) + spaced_line(2)[:left])
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == spaced_line(1) + line(2) + line(3)

    def test_an_article_that_was_read_again_since_has_its_line_already(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        note(store, feed)
        keep(database, 1)
        feed.write_bytes(line(1))
        again = article(1)
        again.keywords = ["sông"]
        ArticleStore(database.connection).keep(again)
        assert catch_up(feeds(feed), database) == []
        assert feed.read_bytes() == line(1)

    def test_every_text_that_the_run_kept_of_an_article_has_a_line(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        note(store, feed)
        keep(database, 1)
        revised = article(1)
        revised.headline, revised.content_hash = "Cầu thông xe", "revised"
        articles = ArticleStore(database.connection)
        articles.run = 1
        articles.keep(revised)
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == line(1) + f"{revised.to_json()}\n".encode()

    @pytest.mark.long
    @given(data=st.data())
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=ONE_FIXTURE_FOR_ALL,
    )
    def test_wherever_it_died_every_line_is_there_once(
        self, database: Database, tmp_path: Path, data: st.DataObject
    ) -> None:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        feed = folder / "vov.jsonl"
        database = open_store(folder / "a.sqlite")
        store = FeedCheckpoints(database.connection)
        note(store, feed)
        whole = b""
        for number in range(1, data.draw(st.integers(1, 6)) + 1):
            keep(database, number)
            whole += line(number)
            kept_on_disk = data.draw(st.integers(0, len(whole)))
            if kept_on_disk == len(whole) and data.draw(st.booleans()):
                feed.write_bytes(whole)
                note(store, feed)
            else:
                known = store.last(str(feed))
                assert known is not None
                feed.write_bytes(whole[: max(kept_on_disk, known.written.size)])
                catch_up(feeds(feed), database)
        catch_up(feeds(feed), database)
        database.close()
        assert feed.read_bytes() == whole


class TestOfItsOwner:
    """A file that is not the one that was written."""

    def test_a_file_that_was_moved_is_not_refilled(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        keep(database, 1)
        feed.write_bytes(line(1))
        note(store, feed)
        keep(database, 2)
        feed.rename(feed.with_suffix(".1"))
        (said,) = catch_up(feeds(feed), database)
        assert not feed.exists()
        assert "begun afresh" in said

    def test_a_file_that_was_shortened_keeps_what_is_left(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        keep(database, 1, 2)
        feed.write_bytes(line(1) + line(2))
        note(store, feed)
        keep(database, 3)
        feed.write_bytes(line(1))
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == line(1)

    def test_a_file_that_was_replaced_keeps_its_lines(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        keep(database, 1)
        feed.write_bytes(line(1))
        note(store, feed)
        keep(database, 2)
        feed.write_bytes(line(7) * 5)
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == line(7) * 5

    def test_a_pipe_in_its_place_is_not_waited_for(
        self, database: Database, store: FeedCheckpoints, tmp_path: Path
    ) -> None:
        written = tmp_path / "2026-07-16.jsonl"
        template = tmp_path / "%(time)s.jsonl"
        store.open(str(template), Checkpoint(str(written), 1, end_of(written, 0), end_of(written, 0), this_boot()))
        keep(database, 1)
        os.mkfifo(written)
        assert not any("added" in said for said in catch_up(feeds(template), database))
        assert written.is_fifo()

    def test_a_file_that_was_copied_is_the_same(self, database: Database, store: FeedCheckpoints, feed: Path) -> None:
        keep(database, 1)
        feed.write_bytes(line(1))
        note(store, feed)
        keep(database, 2)
        content = feed.read_bytes()
        feed.unlink()
        feed.write_bytes(content)
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == line(1) + line(2)

    def test_a_file_that_the_store_never_wrote_is_only_ended_with_a_line(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        feed.write_bytes(b'{"a": 1}\n{"a": 2')
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == b'{"a": 1}\n'

    def test_a_torn_line_longer_than_a_stretch_is_cut_whole(
        self, database: Database, store: FeedCheckpoints, feed: Path
    ) -> None:
        feed.write_bytes(b'{"a": 1}\n{"a": "' + b"x" * 200_000)
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == b'{"a": 1}\n'


class TestAfterAPowerCut:
    """A run whose last lines were handed to the system, and not on the disk when the machine went down."""

    @pytest.fixture
    def written(self, database: Database, store: FeedCheckpoints, feed: Path) -> bytes:
        """One line that is on the disk and two that were only handed to the system, in another start of the machine."""
        keep(database, 1)
        feed.write_bytes(line(1))
        on_disk = end_of(feed, store.last_sequence())
        keep(database, 2, 3)
        whole = line(1) + line(2) + line(3)
        feed.write_bytes(whole)
        store.open(str(feed), Checkpoint(str(feed), 1, end_of(feed, store.last_sequence()), on_disk, "another start"))
        return whole

    @pytest.mark.parametrize("left", [0, 10, 300])
    def test_lines_that_the_disk_never_got_are_added(
        self, database: Database, store: FeedCheckpoints, feed: Path, written: bytes, left: int
    ) -> None:
        feed.write_bytes(written[: len(line(1)) + left])
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == written

    def test_what_the_disk_got_of_other_bytes_is_cut(
        self, database: Database, store: FeedCheckpoints, feed: Path, written: bytes
    ) -> None:
        feed.write_bytes(line(1) + b"\0" * (len(written) - len(line(1))))
        catch_up(feeds(feed), database)
        assert feed.read_bytes() == written

    def test_a_file_that_is_whole_stays_as_it_is(
        self, database: Database, store: FeedCheckpoints, feed: Path, written: bytes
    ) -> None:
        assert catch_up(feeds(feed), database) == []
        assert feed.read_bytes() == written

    def test_a_file_without_what_was_on_the_disk_is_its_owners(
        self, database: Database, store: FeedCheckpoints, feed: Path, written: bytes
    ) -> None:
        feed.write_bytes(b"")
        (said,) = catch_up(feeds(feed), database)
        assert "begun afresh" in said
        assert feed.read_bytes() == b""


class TestWhichFeeds:
    """Which feeds are completed: files in JSON Lines, as they are, that are appended to."""

    @pytest.mark.parametrize("name", ["a.jsonl", "folder/a.jl", "file:///data/a.jsonl", "a.txt"])
    def test_any_path_will_do(self, name: str) -> None:
        assert len(safe_feeds(feeds(name))) == 1

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("a.jsonl", {"overwrite": True}),
            ("a.json", {"format": "json"}),
            ("a.csv", {"format": "csv"}),
            ("a.jsonl.gz", {"postprocessing": ["scrapy.extensions.postprocessing.GzipPlugin"]}),
            ("a-%(batch_id)d.jsonl", {"batch_item_count": 10}),
            ("a.jsonl", {"encoding": "utf-16"}),
            ("stdout:", {}),
            ("s3://bucket/a.jsonl", {}),
            ("/dev/null", {}),
        ],
    )
    def test_others_are_as_scrapy_has_them(self, name: str, options: dict[str, Any]) -> None:
        assert safe_feeds(feeds(name, **options)) == []

    def test_a_relative_path_starts_at_the_current_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (found,) = safe_feeds(feeds("a.jsonl"))
        assert found.name == str(tmp_path / "a.jsonl")


def test_each_line_is_handed_to_the_system_as_it_is_written(feed: Path) -> None:
    with feed.open("ab") as file:
        JsonLinesExporter(file, encoding="utf-8").export_item(article(1))  # type: ignore[arg-type]
        assert numbers(feed) == ["post1"]
