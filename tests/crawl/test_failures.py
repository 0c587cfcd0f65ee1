"""What a response or an exception means."""

from __future__ import annotations

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from vovcrawl.crawl import failures
from vovcrawl.crawl.failures import Failure
from vovcrawl.middlewares.robots import ForbiddenByRobots, RobotsUnavailable
from vovcrawl.middlewares.scope import OutOfScope
from vovcrawl.pages import NotAnArticle, Reason
from vovcrawl.visits import Outcome

LARGEST = 1_000


def of(error: BaseException) -> Failure:
    return failures.of_exception(error, str(error), LARGEST)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (403, Outcome.BLOCKED),
        (429, Outcome.BLOCKED),
        (500, Outcome.UNREADABLE),
        (400, Outcome.UNREADABLE),
    ],
)
def test_a_status_is_kept_with_what_it_means(status: int, outcome: Outcome) -> None:
    error = HttpError(Response("https://vov.vn/", status=status))
    assert of(error) == Failure(outcome, f"the site answers {status}", status)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RobotsUnavailable("robots.txt cannot be had"), Outcome.UNREACHABLE),
        (ForbiddenByRobots("forbidden"), Outcome.FORBIDDEN),
        (OutOfScope("leads out of vov.vn"), Outcome.OUT_OF_SCOPE),
        (IgnoreRequest("ignored"), Outcome.UNREADABLE),
        (ResponseDataLossError("cut"), Outcome.UNREADABLE),
        (DownloadCancelledError("too large"), Outcome.UNREADABLE),
        (CannotResolveHostError("no such host"), Outcome.UNREACHABLE),
        (DownloadTimeoutError("too long"), Outcome.UNREACHABLE),
        (ValueError("odd"), Outcome.UNREADABLE),
    ],
)
def test_an_exception_has_its_outcome(error: BaseException, outcome: Outcome) -> None:
    assert of(error).outcome is outcome


def test_a_response_that_is_too_large_is_measured_by_the_setting() -> None:
    assert of(DownloadCancelledError("x")).reason == "larger than 1000 bytes"


def test_a_response_that_breaks_off_without_a_word_has_a_reason_all_the_same() -> None:
    assert of(ResponseDataLossError()).reason == "the response breaks off"


def test_an_exception_s_reason_is_not_endless() -> None:
    assert len(of(ValueError("x" * 9_000)).reason) == 500


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        (Reason.ERROR, Outcome.NO_ARTICLE),
        (Reason.LISTING, Outcome.NO_ARTICLE),
        (Reason.BLOCKED, Outcome.BLOCKED),
        (Reason.EMPTY, Outcome.UNREADABLE),
        (Reason.OVERSIZED, Outcome.UNREADABLE),
    ],
)
def test_a_page_that_is_no_article_is_accounted_for_or_not_by_what_it_is(reason: Reason, outcome: Outcome) -> None:
    assert failures.of_page(NotAnArticle(reason), 200).outcome is outcome


@pytest.mark.parametrize(
    ("kind", "outcome", "seen"),
    [
        ("menu", Outcome.GONE, Outcome.UNREADABLE),
        ("menu", Outcome.OUT_OF_SCOPE, Outcome.UNREADABLE),
        ("menu", Outcome.BLOCKED, Outcome.BLOCKED),
        ("listing", Outcome.OUT_OF_SCOPE, Outcome.UNREADABLE),
        ("listing", Outcome.GONE, Outcome.GONE),
        ("article", Outcome.GONE, Outcome.GONE),
        ("article", Outcome.OUT_OF_SCOPE, Outcome.OUT_OF_SCOPE),
    ],
)
def test_a_menu_or_listing_that_is_lost_accounts_for_nothing(kind: str, outcome: Outcome, seen: Outcome) -> None:
    assert failures.for_kind(Failure(outcome, "why"), kind) == Failure(seen, "why")


@pytest.mark.parametrize(
    ("reason", "again"),
    [(Reason.EMPTY, True), (Reason.BLOCKED, True), (Reason.ERROR, False), (Reason.OVERSIZED, False)],
)
def test_only_what_may_come_whole_next_time_is_worth_another_attempt(reason: Reason, again: bool) -> None:
    assert failures.is_worth_another_attempt(NotAnArticle(reason)) is again


@pytest.mark.parametrize(("claims", "outcome"), [(False, Outcome.NO_ARTICLE), (True, Outcome.UNREADABLE)])
def test_a_page_of_an_unknown_layout_that_says_it_is_an_article_stays_unread(claims: bool, outcome: Outcome) -> None:
    error = NotAnArticle(Reason.NO_ARTICLE, claims_article=claims)
    assert failures.of_page(error, 200).outcome is outcome
