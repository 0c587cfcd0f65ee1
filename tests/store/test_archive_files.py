"""How far files of many pages are read, and their records that are unread."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from tests.store.opened import OpenedCrawl
from vovcrawl.store import ArchiveFileStore, ArchiveProgress
from vovcrawl.store.tables import pages
from vovcrawl.visits import ArchiveRecord, Discovered, Outcome, VisitResult

FILE = "file:///a/b.warc.gz"
OTHER = "file:///a/b.warc.gz.warc"
STORY = "https://vov.vn/xa-hoi/cho-noi-post1.vov"
PROGRESS = ArchiveProgress(FILE, 1000, "mark", "512", {"article": 3})


@pytest.fixture
def store(connection: Connection) -> ArchiveFileStore:
    return ArchiveFileStore(connection)


def begun(connection: Connection, arguments: str = "{}", modified: str = "1", *, fresh: bool = False) -> OpenedCrawl:
    """A crawl that reads a file, which is in flight where it is to be read."""
    crawl = OpenedCrawl(connection, arguments, fresh=fresh)
    crawl.add(Discovered(FILE, "file", modified=modified))
    crawl.frontier.take(8)
    crawl.seeded()
    return crawl


def unread(outcome: Outcome = Outcome.UNREADABLE, reason: str = "broken", container: str = FILE) -> VisitResult:
    """The result of a visit to a record."""
    record = ArchiveRecord(container, "512", STORY)
    return VisitResult(f"{container}#{STORY}", outcome, reason, record=record)


def states(connection: Connection) -> dict[str, str]:
    return {row.url: row.state for row in connection.execute(select(pages.c.url, pages.c.state))}


def end(crawl: OpenedCrawl) -> None:
    crawl.keep(VisitResult(FILE, Outcome.ARCHIVE))
    crawl.end()


def test_how_far_a_file_is_read_is_kept_with_what_its_records_gave(
    connection: Connection, store: ArchiveFileStore
) -> None:
    crawl = begun(connection)
    crawl.visits.keep_all([unread()], [PROGRESS])
    connection.rollback()
    assert store.read(FILE) == PROGRESS
    assert states(connection)[f"{FILE}#{STORY}"] == "failed"


def test_a_record_that_was_read_has_no_row(connection: Connection) -> None:
    begun(connection).visits.keep_all([unread(Outcome.NO_ARTICLE)], [PROGRESS])
    assert states(connection).keys() == {FILE}


def test_a_resumed_crawl_reads_on_and_leaves_what_is_unread(connection: Connection, store: ArchiveFileStore) -> None:
    begun(connection).visits.keep_all([unread()], [PROGRESS])
    again = OpenedCrawl(connection)
    assert [page.url for page in again.frontier.take(8)] == [FILE]
    assert store.read(FILE) == PROGRESS
    assert states(connection)[f"{FILE}#{STORY}"] == "failed"


@pytest.mark.parametrize("how", ["other arguments", "fresh"])
def test_another_crawl_reads_it_from_its_beginning(connection: Connection, store: ArchiveFileStore, how: str) -> None:
    begun(connection).visits.keep_all([], [PROGRESS])
    begun(connection, "{}" if how == "fresh" else '{"since": "2020"}', fresh=how == "fresh")
    assert store.read(FILE) is None


@pytest.mark.parametrize(("modified", "expected"), [("1", []), ("2", [FILE])])
def test_a_file_that_was_read_is_read_again_if_it_was_written_to(
    connection: Connection, modified: str, expected: list[str]
) -> None:
    end(begun(connection))
    assert list(begun(connection, modified=modified).frontier.in_flight) == expected


def test_a_file_that_is_named_is_read_again(connection: Connection) -> None:
    end(begun(connection))
    crawl = OpenedCrawl(connection)
    assert crawl.add(Discovered(FILE, "file", modified="1", requested=True)) == 1


def test_an_unread_record_is_told_once_as_news(connection: Connection) -> None:
    crawl = begun(connection)
    kept = [crawl.visits.keep_all([unread(reason=reason)])[0] for reason in ("broken", "broken", "truncated")]
    assert [one.fails_anew for one in kept] == [True, False, True]


def test_a_file_that_is_read_to_its_end_settles_what_earlier_crawls_could_not_read_of_it(
    connection: Connection, store: ArchiveFileStore
) -> None:
    first = begun(connection)
    first.visits.keep_all([unread(), unread(container=OTHER)])
    end(first)
    end(begun(connection, modified="2"))
    assert [one.url for one in store.unread(frozenset({FILE, OTHER}))] == [f"{OTHER}#{STORY}"]


def test_an_unread_record_is_settled_once_the_article_is_known(connection: Connection, store: ArchiveFileStore) -> None:
    crawl = begun(connection)
    crawl.visits.keep_all([unread()])
    store.settle_read()
    assert len(store.unread(frozenset({FILE}))) == 1
    outside = VisitResult(
        f"{FILE}#x", Outcome.OUTSIDE_WINDOW, canonical_url=STORY, published="2020-01-01T00:00:00+07:00"
    )
    outside.record = ArchiveRecord(FILE, "600", STORY)
    crawl.visits.keep_all([outside])
    store.settle_read()
    assert store.unread(frozenset({FILE})) == []


def test_files_of_many_pages_come_alone(connection: Connection) -> None:
    crawl = OpenedCrawl(connection)
    names = [f"file:///a/{number}.html" for number in range(3)]
    crawl.add(*(Discovered(url, "file") for url in (*names[:2], FILE, OTHER, names[2])))

    def taken() -> list[str]:
        return [page.url for page in crawl.frontier.take(8, lambda url: ".warc" in url)]

    assert [taken() for _ in range(5)] == [names[:2], [FILE], [OTHER], names[2:], []]
