"""Several workers on one store in PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.postgresql import server
from tests.store.opened import LISTING, A, B, C, article_at, pointing
from vovcrawl.store import (
    ArticleStore,
    CrawlStore,
    Database,
    Frontier,
    ListingStore,
    RunStore,
    StoreHeld,
    VisitStore,
    is_held,
    open_database,
)
from vovcrawl.store import workers as module
from vovcrawl.store.crawls import Beginning, begin_or_resume
from vovcrawl.store.database import Work
from vovcrawl.store.turns import Turn
from vovcrawl.store.workers import LeaseLost, Workers, live_runs
from vovcrawl.visits import Discovered, Outcome, Reach, VisitResult

ARGUMENTS = '{"sections": "xa-hoi"}'


class Worker:
    """A crawl that has joined the work on a store."""

    def __init__(
        self, store: str, arguments: str = ARGUMENTS, *, shares: bool = True, turn: Turn | None = None
    ) -> None:
        self.database: Database = open_database(store, turn, Work(arguments, shares))
        connection = self.database.connection
        assert self.database.workers is not None
        self.workers: Workers = self.database.workers
        self.crawls = CrawlStore(connection)
        self.beginning: Beginning
        self.beginning, self.frontier = begin_or_resume(
            self.crawls,
            arguments,
            lambda crawl: Frontier(connection, crawl, reach=Reach(related=1), workers=self.workers),
            others=self.workers.others,
        )
        connection.commit()
        listings = ListingStore(connection, self.frontier.crawl, Reach(related=1))
        self.articles = ArticleStore(connection)
        self.visits = VisitStore(connection, self.frontier, listings, self.articles)

    def seed(self, *found: Discovered) -> None:
        self.frontier.add(found)
        self.crawls.seeded(self.frontier.crawl)
        self.database.connection.commit()

    def next(self) -> str | None:
        page = self.frontier.next()
        return page.url if page is not None else None

    def keep(self, url: str, *discovered: Discovered) -> None:
        self.visits.keep(VisitResult(url, Outcome.NO_ARTICLE, discovered=list(discovered)))

    def vanish(self) -> None:
        """Loses its connections without a word, as in a kill of another machine's process."""
        for connection in (self.database.connection, self.workers._own):
            connection.invalidate()

    def close(self) -> None:
        self.database.close()


@pytest.fixture
def store() -> Iterator[str]:
    url = server().new_store()
    yield url
    server().drop_store(url)


@pytest.fixture
def two(store: str) -> Iterator[tuple[Worker, Worker]]:
    """Two workers at one crawl."""
    first = Worker(store)
    first.seed(article_at(A), article_at(B))
    second = Worker(store)
    yield first, second
    for worker in (first, second):
        worker.close()


def states(worker: Worker) -> dict[str, tuple[str, int]]:
    """The state of each page, and at how many kills it was in flight."""
    with worker.workers._own.engine.connect() as connection:
        return {row.url: (row.state, row.kills) for row in connection.execute(text("SELECT * FROM pages"))}


def as_on_another_machine(worker: Worker, *, seconds_ago: float = 0) -> None:
    """Has a worker's row be of another machine, and renewed so long ago."""
    values: dict[str, Any] = {"me": worker.workers._me, "seconds": seconds_ago}
    worker.workers._own.execute(
        text(
            "UPDATE workers SET machine = 'another', seen_at = clock_timestamp() - make_interval(secs => :seconds)"
            " WHERE id = :me"
        ),
        values,
    )


class TestQueue:
    def test_each_page_goes_to_one_worker(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        assert [first.next(), second.next(), first.next(), second.next()] == [A, B, None, None]

    def test_workers_of_the_same_arguments_are_at_the_same_crawl(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        assert (first.beginning.others, second.beginning.others) == (0, 1)
        assert first.frontier.crawl == second.frontier.crawl

    def test_what_one_discovers_another_visits(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        assert first.next() == A
        assert second.next() == B
        first.keep(A, article_at(C, discovered_on=A, steps=1))
        assert second.frontier.has_pending()
        assert second.next() == C

    def test_two_that_discover_the_same_page_have_it_once(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        first.next()
        second.next()
        first.keep(A, article_at(C, discovered_on=A, steps=1))
        second.keep(B, article_at(C, discovered_on=B, steps=1))
        assert [first.next(), second.next()] == [C, None]

    def test_a_worker_without_work_waits_for_what_others_have_in_flight(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        first.next()
        first.keep(A)
        assert second.next() == B
        assert first.next() is None
        assert first.frontier.has_pending()
        second.keep(B)
        assert not first.frontier.has_pending()

    def test_a_page_of_a_listing_that_waits_goes_to_one_worker(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        for worker, url in ((first, A), (second, B)):
            assert worker.next() == url
            worker.keep(url)
        first.seed(Discovered(f"{LISTING}?page=1", "listing", waits_for=(A,)))
        assert [first.next(), second.next()] == [f"{LISTING}?page=1", None]

    def test_a_page_that_is_put_back_is_for_whoever_comes(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        first.next()
        first.frontier.release(A)
        assert second.next() == A

    def test_the_crawl_is_finished_by_one_of_them(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        first.next()
        second.next()
        first.keep(A)
        assert not first.crawls.finish_if_done(first.frontier.crawl)
        first.database.connection.commit()
        second.keep(B)
        assert second.crawls.finish_if_done(second.frontier.crawl)
        second.database.connection.commit()
        assert not first.crawls.finish_if_done(first.frontier.crawl)

    def test_texts_are_numbered_over_all_workers(self, two: tuple[Worker, Worker]) -> None:
        for number, worker in enumerate((*two, *two)):
            url = f"https://vov.vn/xa-hoi/x-post{number}.vov"
            worker.articles.keep(replace(pointing(url), id=f"post{number}", headline=f"Tin {number}"))
            worker.database.connection.commit()
        rows = two[0].database.connection.execute(text("SELECT id, sequence FROM articles ORDER BY id"))
        assert [tuple(row) for row in rows] == [("post0", 1), ("post1", 2), ("post2", 3), ("post3", 4)]


class TestDeath:
    def test_a_process_of_this_machine_that_is_gone_is_dead_at_once(self, store: str) -> None:
        gone = subprocess.run(
            [sys.executable, "-c", "from vovcrawl.store.workers import _this_process; print(_this_process())"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        first = Worker(store)
        first.seed(article_at(A))
        assert first.next() == A
        first.workers._own.execute(text("UPDATE workers SET process = :gone"), {"gone": gone})
        first.vanish()
        second = Worker(store)
        assert second.next() == A
        assert states(second)[A] == ("in flight", 1)
        second.close()

    def test_one_of_another_machine_is_dead_after_its_lease(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        assert first.next() == A
        as_on_another_machine(first, seconds_ago=module.LEASE - 5)
        second.workers.renew()
        assert states(second)[A] == ("in flight", 0)
        as_on_another_machine(first, seconds_ago=module.LEASE + 1)
        second.workers.renew()
        assert states(second)[A] == ("queued", 1)

    def test_one_that_was_taken_for_dead_is_told_so(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        as_on_another_machine(first, seconds_ago=module.LEASE + 1)
        second.workers.renew()
        with pytest.raises(LeaseLost):
            first.workers.renew()

    def test_nothing_of_a_page_is_kept_that_another_one_has_by_now(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        assert first.next() == A
        as_on_another_machine(first, seconds_ago=module.LEASE + 1)
        second.workers.renew()
        assert second.next() == A
        with pytest.raises(LeaseLost):
            first.keep(A, article_at(C, discovered_on=A, steps=1))
        first.database.connection.rollback()
        second.keep(A)
        assert states(second) == {A: ("done", 0), B: ("queued", 0)}

    def test_one_that_ends_puts_its_pages_back(self, store: str) -> None:
        first = Worker(store)
        first.seed(article_at(A))
        assert first.next() == A
        first.close()
        second = Worker(store)
        assert second.beginning.others == 0
        assert states(second)[A] == ("queued", 0)
        second.close()

    def test_a_program_that_begins_anew_is_none_that_was_killed(
        self, store: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = Worker(store)
        first.seed(article_at(A))
        first.next()
        first.vanish()
        monkeypatch.setattr(module, "_TOKEN", "another")
        second = Worker(store)
        assert second.beginning.others == 0
        assert states(second)[A] == ("queued", 0)
        second.close()


class TestCompany:
    def test_other_arguments_are_refused(self, store: str) -> None:
        first = Worker(store)
        with pytest.raises(StoreHeld):
            Worker(store, '{"sections": "the-thao"}')
        first.close()
        Worker(store, '{"sections": "the-thao"}').close()

    @pytest.mark.parametrize(("first_shares", "second_shares"), [(False, True), (True, False)])
    def test_one_that_does_not_share_is_alone(self, store: str, first_shares: bool, second_shares: bool) -> None:
        first = Worker(store, shares=first_shares)
        with pytest.raises(StoreHeld):
            Worker(store, shares=second_shares)
        first.close()

    def test_what_is_no_crawl_is_alone(self, store: str) -> None:
        first = open_database(store)
        with pytest.raises(StoreHeld):
            Worker(store)
        with pytest.raises(StoreHeld):
            open_database(store)
        first.close()

    def test_whether_anybody_is_at_work_can_be_asked(self, store: str) -> None:
        first = Worker(store)
        assert is_held(store) is True
        first.close()
        assert is_held(store) is False

    def test_the_runs_at_work_are_known(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        numbers = []
        for worker in two:
            numbers.append(RunStore(worker.database.connection).begin(worker.frontier.crawl, ARGUMENTS))
            worker.workers.begin_run(numbers[-1])
            worker.database.connection.commit()
        assert live_runs(first.database.connection) == numbers
        as_on_another_machine(second, seconds_ago=module.LEASE + 1)
        assert live_runs(first.database.connection) == numbers[:1]

    def test_a_run_at_work_was_not_killed(self, two: tuple[Worker, Worker]) -> None:
        runs = RunStore(two[0].database.connection)
        numbers = [runs.begin(1, ARGUMENTS) for _ in two]
        assert runs.was_killed_before(numbers[1])
        assert not runs.was_killed_before(numbers[1], at_work=numbers)

    def test_a_crawl_of_later_days_is_heard(self, store: str) -> None:
        begins = datetime(2026, 7, 1, tzinfo=UTC)
        first = Worker(store, turn=Turn(begins))
        waiting = {"begins": (begins + timedelta(days=9)).isoformat()}
        first.workers._own.execute(module._WAIT, {**waiting, "machine": "another", "process": ""})
        assert first.database.is_asked_for_room(begins)
        assert not first.database.is_asked_for_room(begins + timedelta(days=9))
        first.close()

    def test_a_file_of_this_machine_is_held_by_one(self, two: tuple[Worker, Worker]) -> None:
        first, second = two
        assert first.workers.hold("/data/vov.jsonl")
        assert not second.workers.hold("/data/vov.jsonl")
        assert second.workers.hold("/data/vov-2.jsonl")
        first.close()
        assert second.workers.hold("/data/vov.jsonl")


class TestTurns:
    def test_a_host_has_one_turn(self, two: tuple[Worker, Worker]) -> None:
        first, second = (worker.workers for worker in two)
        assert first.take_turn("vov.vn", 0) is None
        assert second.take_turn("vov.vn", 0) is not None
        assert second.take_turn("mirror:80", 0) is None
        first.end_turn("vov.vn")
        assert second.take_turn("vov.vn", 0) is None

    def test_a_delay_is_kept_by_all(self, two: tuple[Worker, Worker]) -> None:
        first, second = (worker.workers for worker in two)
        began = time.monotonic()
        assert first.take_turn("vov.vn", 30) is None
        first.end_turn("vov.vn")
        for worker in (first, second):
            left = worker.take_turn("vov.vn", 30)
            assert left is not None
            assert 30 - (time.monotonic() - began) - 1 < left <= 30

    def test_a_pause_is_kept_by_all(self, two: tuple[Worker, Worker]) -> None:
        first, second = (worker.workers for worker in two)
        first.pause("vov.vn", 30)
        first.pause("vov.vn", 5)
        left = second.take_turn("vov.vn", 0)
        assert left is not None
        assert 25 < left <= 30

    def test_several_requests_of_one_worker_are_one_turn(self, two: tuple[Worker, Worker]) -> None:
        first, second = (worker.workers for worker in two)
        assert first.take_turn("vov.vn", 0) is None
        assert first.take_turn("vov.vn", 0) is None
        first.end_turn("vov.vn")
        assert second.take_turn("vov.vn", 0) is not None
        first.end_turn("vov.vn")
        assert second.take_turn("vov.vn", 0) is None

    def test_the_turn_of_a_dead_worker_is_free(self, two: tuple[Worker, Worker]) -> None:
        first, second = (worker.workers for worker in two)
        assert first.take_turn("vov.vn", 0) is None
        as_on_another_machine(two[0], seconds_ago=module.LEASE + 1)
        second.renew()
        assert second.take_turn("vov.vn", 0) is None


def test_this_process_is_known_and_alive() -> None:
    known = module._this_process()
    assert known.startswith(f"{os.getpid()} ")
    assert module.machine()
