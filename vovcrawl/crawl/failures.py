"""What a response or an exception means for the page that was asked for. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from vovcrawl.middlewares.redirect import NotPublic
from vovcrawl.middlewares.robots import ForbiddenByRobots, RobotsUnavailable
from vovcrawl.middlewares.scope import OutOfScope
from vovcrawl.pages import PageError, Reason
from vovcrawl.pages.errors import READ_BUT_NO_ARTICLE
from vovcrawl.visits import Outcome

_GONE = frozenset((404, 410))
_FIREWALL = frozenset((401, 403, 406, 429, 451))
_LONGEST_REASON = 500

_WITHOUT_RESPONSE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ConnectionDone,
    ConnectError,
    ConnectionLost,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A visit without an article."""

    outcome: Outcome
    reason: str
    """What to show."""
    status: int | None = None
    """HTTP status, if there was a response."""


def of_exception(error: BaseException | None, message: str, largest: int) -> Failure:
    """What an exception in place of a response means.

    Args:
        error: what Scrapy gives the errback.
        message: its text, as Twisted writes it.
        largest: the bytes that a response may have.
    """
    if isinstance(error, HttpError):
        return of_status(error.response.status)
    if isinstance(error, RobotsUnavailable):
        return Failure(Outcome.UNREACHABLE, str(error))
    if isinstance(error, ForbiddenByRobots):
        return Failure(Outcome.FORBIDDEN, str(error))
    if isinstance(error, NotPublic):
        return Failure(Outcome.UNREADABLE, str(error))
    if isinstance(error, OutOfScope):
        return Failure(Outcome.OUT_OF_SCOPE, str(error))
    if isinstance(error, IgnoreRequest):
        return Failure(Outcome.UNREADABLE, str(error))
    if isinstance(error, ResponseDataLossError):
        return Failure(Outcome.UNREADABLE, str(error) or "the response breaks off")
    if isinstance(error, DownloadCancelledError):
        return Failure(Outcome.UNREADABLE, f"larger than {largest} bytes")
    outcome = Outcome.UNREACHABLE if isinstance(error, _WITHOUT_RESPONSE) else Outcome.UNREADABLE
    return Failure(outcome, f"{type(error).__name__}: {message}"[:_LONGEST_REASON])


def of_status(status: int) -> Failure:
    """What an HTTP status that is no success means."""
    outcome = Outcome.UNREADABLE
    if status in _GONE:
        outcome = Outcome.GONE
    elif status in _FIREWALL:
        outcome = Outcome.BLOCKED
    return Failure(outcome, f"the site answers {status}", status)


def of_page(error: PageError, status: int | None) -> Failure:
    """What a page that is not what it should be means.

    One that says it is an article stays unread: a reader that knows its layout will find it.
    """
    if error.reason in READ_BUT_NO_ARTICLE and not error.claims_article:
        return Failure(Outcome.NO_ARTICLE, str(error), status)
    return Failure(Outcome.BLOCKED if error.reason is Reason.BLOCKED else Outcome.UNREADABLE, str(error), status)


def of_program(error: BaseException, message: str) -> Failure:
    """What a failure of the program itself means: the next crawl tries again."""
    return Failure(Outcome.ERROR, f"{type(error).__name__}: {message}"[:_LONGEST_REASON])


def for_kind(failure: Failure, kind: str) -> Failure:
    """What a failure means for a page of this kind: a menu or listing that the site has lost accounts for nothing."""
    lost = (Outcome.OUT_OF_SCOPE, Outcome.GONE) if kind == "menu" else (Outcome.OUT_OF_SCOPE,)
    if kind in ("menu", "listing") and failure.outcome in lost:
        return replace(failure, outcome=Outcome.UNREADABLE)
    return failure


def is_worth_another_attempt(error: PageError) -> bool:
    """Whether the same page may come whole next time: one that is empty or from the firewall often does."""
    return error.reason not in READ_BUT_NO_ARTICLE and error.reason is not Reason.OVERSIZED
