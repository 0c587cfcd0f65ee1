"""When a crawl that was resumed reads its sources again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.crawlers import make_crawler
from tests.store.opened import LISTING, article_at
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.visits import Discovered, Outcome, VisitResult

MINUTE = timedelta(minutes=1)
BEGAN = datetime.fromisoformat("2026-07-16T12:00:00+07:00")


def resumed(folder: Path, after: timedelta, **given: str) -> CrawlContext:
    """A crawl that was begun and left, taken up so long after its beginning."""
    _, first, _ = make_crawler(folder, own={"VOV_NOW": BEGAN.isoformat()}, **given)
    first.frontier.add([Discovered(LISTING, "listing")])
    first.seeded()
    first.close()
    _, context, _ = make_crawler(folder, own={"VOV_NOW": (BEGAN + after).isoformat()}, **given)
    return context


def visit(context: CrawlContext, *found: Discovered) -> None:
    """Visits the page that is next, and all that it leads to."""
    page = context.frontier.next()
    assert page is not None
    context.visits.keep(VisitResult(page.url, Outcome.LISTING, discovered=list(found)))
    while (article := context.frontier.next()) is not None:
        context.visits.keep(VisitResult(article.url, Outcome.ARTICLE, canonical_url=article.url))


@pytest.mark.parametrize(("after", "needed"), [(59, False), (60, True)])
def test_one_that_an_earlier_run_read_is_read_again_unless_that_was_just_now(
    tmp_path: Path, after: int, needed: bool
) -> None:
    context = resumed(tmp_path, timedelta(seconds=after), sections="xa-hoi")
    assert context.needs_another_round is needed
    context.close()


def test_a_crawl_that_begins_reads_them_once(tmp_path: Path) -> None:
    _, context, _ = make_crawler(tmp_path, sections="xa-hoi")
    assert not context.needs_another_round
    context.close()


def test_pages_that_were_named_have_no_source(tmp_path: Path) -> None:
    context = resumed(tmp_path, MINUTE, urls="https://vov.vn/xa-hoi/a-post1.vov")
    assert not context.needs_another_round
    context.close()


def test_no_round_begins_before_the_one_before_it_is_done(tmp_path: Path) -> None:
    context = resumed(tmp_path, MINUTE, sections="xa-hoi")
    assert not context.begin_another_round()
    context.close()


@pytest.mark.parametrize(
    ("news", "took", "needed"), [(True, MINUTE, True), (True, MINUTE / 2, False), (False, MINUTE, False)]
)
def test_a_round_that_found_something_new_and_took_its_time_is_followed_by_another(
    tmp_path: Path, news: bool, took: timedelta, needed: bool
) -> None:
    context = resumed(tmp_path, MINUTE, sections="xa-hoi")
    visit(context)
    assert context.begin_another_round()
    context.frontier.add([Discovered("https://vov.vn/the-thao", "listing")])
    context.seeded()
    visit(context, *([article_at("https://vov.vn/xa-hoi/a-post1.vov")] if news else []))
    context.configuration = replace(context.configuration, clock=lambda: BEGAN + MINUTE + took)
    assert context.needs_another_round is needed
    context.close()


def test_a_source_that_this_run_read_after_what_was_left_is_not_read_once_more(tmp_path: Path) -> None:
    context = resumed(tmp_path, MINUTE, sections="xa-hoi")
    visit(context)
    assert context.begin_another_round()
    assert context.frontier.add([Discovered(LISTING, "listing")]) == 0
    context.seeded()
    assert context.begin_another_round()
    assert context.frontier.add([Discovered(LISTING, "listing")]) == 1
    context.close()
