"""Every fault has the outcome that docs/faults.md gives it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sample_site.expected import expected_record
from sample_site.server import SampleServer
from sample_site.site import HOSTS
from tests.faults.scenarios import OF_FILES, SCENARIOS
from tests.faults.stage import VOV, Ended, Stage, as_urls
from tests.faults.table import Row, rows
from tests.stores import damage
from vovcrawl.visits import Outcome, State

pytestmark = pytest.mark.long

ROWS = rows()


@pytest.fixture
def stage(site: SampleServer, tmp_path: Path) -> Iterator[Stage]:
    """The site and a crawl to come, with another server beside."""
    with SampleServer() as elsewhere, ExitStack() as stack:
        yield Stage(site, elsewhere, tmp_path, stack.callback)


def test_every_fault_has_one_row_and_one_scenario() -> None:
    assert Counter(row.fault for row in ROWS) == Counter(list(SCENARIOS))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row.fault, marks=[pytest.mark.sqlite("its file")] if row.fault in OF_FILES else [])
        for row in ROWS
    ],
)
def test_a_fault_comes_to_what_the_table_says(row: Row, stage: Stage) -> None:
    SCENARIOS[row.fault](stage)
    ended = stage.run()
    assert ended.status == row.statuses[0], complaints(ended)
    assert [words for words in row.shown if words not in ended.log] == [], complaints(ended)
    check_the_page(row, stage, ended)
    assert stage.afterwards(ended)
    if row.goes_on:
        check_the_rest(stage, ended)
    for status in row.statuses[1:]:
        assert stage.run().status == status
    if row.can_be_gone_on_with:
        stage.site.reset()
        stage.mend()
        again = stage.run()
        assert again.status == 0, complaints(again)
        stage.healthy |= {VOV + stage.bad} & again.addresses()
        check_the_rest(stage, again)
    assert "Traceback" not in ended.log
    assert {request.host for request in stage.site.requests} <= {*HOSTS}
    assert stage.elsewhere.requests == []


@pytest.mark.parametrize("by", ["address", "section"])
def test_what_stayed_unread_is_read_by_the_same_command_once_the_faults_are_over(by: str, stage: Stage) -> None:
    listed = stage.site.site.listings["xa-hoi"]
    paths = [expected_record(story, stage.site.site)["canonical_url"].removeprefix(VOV) for story in listed]
    stage.given = (as_urls(paths),) if by == "address" else ("sections=xa-hoi", "related=0")
    stage.healthy = {VOV + path for path in paths}
    faults = [
        "500",
        "403",
        '"Attention Required" with status 200',
        "an article page without text",
        "a connection is reset",
        "fewer bytes than announced",
        "a packed page that was cut, its length right",
        "a script that leads off the site",
        "a script in place of an article that leads to the front page",
    ]
    for fault, path in zip(faults, paths[::2], strict=False):
        stage.bad = stage.page = path
        SCENARIOS[fault](stage)
    ended = stage.run()
    assert ended.status == 4
    assert stage.healthy - ended.addresses() == {VOV + path for path in paths[: 2 * len(faults) : 2]}
    stage.site.reset()
    again = stage.run()
    assert again.status == 0, complaints(again)
    check_the_rest(stage, again)


def check_the_page(row: Row, stage: Stage, ended: Ended) -> None:
    """The page at fault was asked for so often, and became what it should."""
    if row.asked is not None:
        path = "/robots.txt" if row.of_robots else stage.page
        seen = sum(request.path == path for request in stage.site.requests)
        assert (seen if stage.requests_seen else told(ended, VOV + path)) in row.asked
    if row.becomes == State.QUEUED:
        (waiting,) = ended.rows("SELECT count(*) FROM pages WHERE state IN ('queued', 'in flight')")
        assert waiting > (0,)
    elif row.becomes is not None:
        ((outcome, state, reason),) = ended.rows(
            "SELECT outcome, state, reason FROM pages WHERE url = ?", VOV + stage.page
        )
        follows = Outcome(row.becomes).state
        assert (outcome, state) == (row.becomes, stage.state or follows), complaints(ended)
        if follows is State.FAILED:
            assert f"Not read: {VOV}{stage.page} ({reason})" in ended.log


def complaints(ended: Ended) -> str:
    """The lines of the log that are no information."""
    return "\n".join(line for line in ended.log.splitlines() if " INFO: " not in line and line[:1] not in " {[")


def told(ended: Ended, address: str) -> int:
    """How often a page was asked for that was given up, as the crawl says."""
    (times,) = re.findall(rf"Gave up retrying <GET {re.escape(address)}> \(failed (\d+) times\)", ended.log)
    return int(times)


def check_the_rest(stage: Stage, ended: Ended) -> None:
    """Every other article is kept as it was published, once in the store and once in the feed."""
    gold = {record["canonical_url"]: record for record in golds(stage.site)}
    assert stage.healthy <= gold.keys()
    extra = ended.addresses() - stage.healthy
    assert extra <= {VOV + stage.bad}
    assert stage.healthy <= ended.addresses()
    records = ended.records()
    assert {record["canonical_url"] for record in records} == ended.addresses()
    assert len(records) == len(ended.addresses())
    for record in records:
        assert record["warnings"] or record["body"] == gold[record["canonical_url"]]["body"]
    assert damage(ended.store) == []


def golds(site: SampleServer) -> list[dict[str, Any]]:
    """The records that the site's articles must become."""
    return [expected_record(story, site.site) for story in site.site.stories.values()]
