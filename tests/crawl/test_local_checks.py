"""What must be right on this machine before a crawl begins."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from tests.store.dumped import dumped
from tests.stores import change, open_store, store_at
from vovcrawl.crawl import configuration, local_checks
from vovcrawl.crawl.asking import Answer
from vovcrawl.crawl.assumptions import Finding, Verdict
from vovcrawl.pages.publication import VIETNAM

Usage = namedtuple("Usage", "total used free")


def found(database: Path | str, **settings: object) -> dict[str, Finding]:
    """What is found, by name."""
    project = get_project_settings()
    project.setdict({"VOV_DATABASE": store_at(database), **settings}, priority="cmdline")
    checked = configuration.check(project)
    return {one.name: one for one in local_checks.findings(project, checked)}


def stands(database: Path | str, name: str, **settings: object) -> tuple[Verdict, int]:
    """How one thing stands, and the exit status that it gives."""
    finding = found(database, **settings)[name]
    return finding.verdict, finding.status


class TestTheStore:
    """The store is looked at, and not changed."""

    def test_none_yet(self, tmp_path: Path) -> None:
        assert stands(tmp_path / "vov.sqlite", "store") == (Verdict.HOLDS, 0)
        assert list(tmp_path.iterdir()) == []

    def test_one_of_this_version(self, tmp_path: Path) -> None:
        open_store(tmp_path / "vov.sqlite").close()
        before = dumped(tmp_path / "vov.sqlite")
        assert stands(tmp_path / "vov.sqlite", "store") == (Verdict.HOLDS, 0)
        assert dumped(tmp_path / "vov.sqlite") == before

    def test_one_that_a_crawl_holds(self, tmp_path: Path) -> None:
        held = open_store(tmp_path / "vov.sqlite")
        try:
            finding = found(tmp_path / "vov.sqlite")["store"]
        finally:
            held.close()
        assert (finding.verdict, "a crawl holds right now" in finding.met) == (Verdict.HOLDS, True)

    @pytest.mark.parametrize(
        ("version", "stands_so"),
        [
            pytest.param(
                "3", (Verdict.NOTE, 0), marks=pytest.mark.sqlite("a schema version that was never in PostgreSQL")
            ),
            ("999", (Verdict.DIFFERS, 6)),
        ],
    )
    def test_one_of_another_version(self, tmp_path: Path, version: str, stands_so: tuple[Verdict, int]) -> None:
        open_store(tmp_path / "vov.sqlite").close()
        change(tmp_path / "vov.sqlite", "UPDATE store_properties SET value = ? WHERE name = 'schema_version'", version)
        assert stands(tmp_path / "vov.sqlite", "store") == stands_so

    @pytest.mark.sqlite("files and folders")
    def test_a_file_that_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "vov.sqlite").write_bytes(b"none" * 500)
        assert stands(tmp_path / "vov.sqlite", "store") == (Verdict.DIFFERS, 6)

    @pytest.mark.sqlite("files and folders")
    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        assert stands(tmp_path / "nowhere" / "vov.sqlite", "store") == (Verdict.DIFFERS, 6)

    @pytest.mark.parametrize("is_there", [True, False])
    @pytest.mark.sqlite("files and folders")
    def test_a_folder_that_may_not_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
    ) -> None:
        if is_there:
            open_store(tmp_path / "vov.sqlite").close()
        # Whoever runs the tests as root may write anywhere.
        monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
        assert stands(tmp_path / "vov.sqlite", "store") == (Verdict.DIFFERS, 6)

    def test_a_url_of_sqlite(self, tmp_path: Path) -> None:
        assert stands(f"sqlite:///{tmp_path / 'vov.sqlite'}", "store") == (Verdict.HOLDS, 0)

    def test_a_url_that_nobody_knows(self) -> None:
        assert stands("nothing://host/vov", "store") == (Verdict.DIFFERS, 6)


@pytest.mark.parametrize(
    ("free", "stands_so"),
    [(5 * 10**9, (Verdict.HOLDS, 0)), (5 * 10**8, (Verdict.NOTE, 0)), (10**7, (Verdict.DIFFERS, 6))],
)
@pytest.mark.sqlite("files and folders")
def test_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, stands_so: tuple[Verdict, int]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(free, 0, free))
    assert stands(tmp_path / "vov.sqlite", "disk space") == stands_so


def test_a_feed_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    feeds = {str(tmp_path / "folder"): {"format": "jsonlines"}}
    assert stands(tmp_path / "vov.sqlite", "feed", FEEDS=feeds) == (Verdict.DIFFERS, 6)
    assert stands(tmp_path / "vov.sqlite", "feed") == (Verdict.HOLDS, 0)


def test_who_crawls_is_worth_a_note_where_nobody_says_it(tmp_path: Path) -> None:
    assert stands(tmp_path / "a", "contact") == (Verdict.NOTE, 0)
    assert stands(tmp_path / "a", "contact", VOV_CONTACT="a@example.org") == (Verdict.HOLDS, 0)


def test_optional_parts_are_never_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_checks, "find_spec", lambda name: None)
    finding = found(tmp_path / "a")["optional parts"]
    assert (finding.verdict, finding.status, "psycopg" in finding.met) == (Verdict.NOTE, 0, True)


class TestTheClock:
    """The time of this machine against that of the site's responses."""

    NOW = datetime(2026, 7, 16, 12, 0, tzinfo=VIETNAM)

    def dated(self, apart: float | None = 0, *, written: str | None = None, age: str = "0") -> Answer:
        """An answer that came when this machine's clock was so many seconds ahead of the site's."""
        theirs = format_datetime((self.NOW - timedelta(seconds=apart or 0)).astimezone(UTC), usegmt=True)
        headers = {"date": theirs if written is None else written, "age": age} if apart is not None else {}
        return Answer("https://vov.vn/", "https://vov.vn/", status=200, headers=headers, received=self.NOW)

    def clock(self, *answers: Answer, is_given: bool = False) -> tuple[Verdict, int]:
        settings = get_project_settings()
        finding = local_checks.clock(list(answers), configuration.check(settings), is_given=is_given)
        return finding.verdict, finding.status

    @pytest.mark.parametrize(
        ("apart", "stands_so"),
        [
            (3, (Verdict.HOLDS, 0)),
            (-90, (Verdict.HOLDS, 0)),
            (3600, (Verdict.DIFFERS, 7)),
            (-86400, (Verdict.DIFFERS, 7)),
            (None, (Verdict.NOTE, 0)),
        ],
    )
    def test_how_far_they_are_apart(self, apart: float | None, stands_so: tuple[Verdict, int]) -> None:
        assert self.clock(self.dated(apart)) == stands_so

    def test_a_clock_that_is_given_is_not_compared(self) -> None:
        assert self.clock(self.dated(3600), is_given=True) == (Verdict.NOTE, 0)

    @pytest.mark.parametrize("written", ["", "yesterday", "Thu, 99 Jul 2026 05:00:00 GMT"])
    def test_a_date_that_is_none(self, written: str) -> None:
        assert self.clock(self.dated(written=written)) == (Verdict.NOTE, 0)

    def test_what_a_cache_dated_long_ago_is_left_out_of_account(self) -> None:
        assert self.clock(self.dated(7200), self.dated(2)) == (Verdict.HOLDS, 0)
        assert self.clock(self.dated(7200, age="7201")) == (Verdict.HOLDS, 0)
        assert self.clock(self.dated(2, age="long")) == (Verdict.NOTE, 0)


def test_a_browser_that_does_not_answer_is_a_note_since_a_crawl_can_do_without() -> None:
    rendering = configuration.Rendering("splash", frozenset({"live"}), 30)
    found = local_checks.browser(rendering, "no Splash listens")
    assert (found.verdict, found.status) == (Verdict.NOTE, 0)
    assert "no Splash listens" in found.met
    assert local_checks.browser(rendering, None).verdict is Verdict.HOLDS
