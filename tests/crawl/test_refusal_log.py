"""Why a crawl did not begin stands in its log."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from scrapy.settings import Settings

from vovcrawl.crawl.refusal_log import log_refusal


def test_the_reason_and_the_status_are_added_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "crawl.log"
    log.write_text("a line of the crawl that holds the store\n")
    log_refusal(Settings({"LOG_FILE": str(log), "LOG_FILE_APPEND": False}), 75, "another crawl holds the store")
    before, added = log.read_text().splitlines()
    assert before == "a line of the crawl that holds the store"
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[vovcrawl\.crawl\.refusal_log\] ERROR: "
        r"another crawl holds the store \(exit status 75\)",
        added,
    )


def test_a_log_that_is_not_there_is_made_for_the_group_to_read(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        log_refusal(Settings({"LOG_FILE": str(tmp_path / "crawl.log")}), 2, "wrong")
    finally:
        os.umask(before)
    assert (tmp_path / "crawl.log").stat().st_mode & 0o777 == 0o640


def test_neither_a_secret_nor_a_control_character_comes_into_the_log(tmp_path: Path) -> None:
    log = tmp_path / "crawl.log"
    log_refusal(Settings({"LOG_FILE": str(log)}), 6, "cannot open postgresql://lan:mat-khau@db/vov\x1b[2J\nINFO: fine")
    (line,) = log.read_text().splitlines()
    assert "mat-khau" not in line
    assert r"\u001b[2J\nINFO: fine" in line


@pytest.mark.parametrize(
    "settings",
    [
        {"LOG_FILE": "{folder}/none/crawl.log"},
        {"LOG_FILE": "{folder}/crawl.log", "LOG_ENCODING": "latin-99"},
        {"LOG_FILE": "{folder}/crawl.log", "LOG_FORMAT": "%(nothing"},
        {"LOG_FILE": "{folder}/crawl.log", "LOG_ENABLED": "perhaps"},
        {"LOG_FILE": "{folder}/crawl.log", "LOG_ENABLED": "0"},
        {},
    ],
)
def test_where_no_log_can_be_written_nothing_is(settings: dict[str, str], tmp_path: Path) -> None:
    log_refusal(Settings({name: value.format(folder=tmp_path) for name, value in settings.items()}), 2, "wrong")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "crawl.log")
    log_refusal(Settings({"LOG_FILE": str(tmp_path / "crawl.log")}), 2, "wrong")
