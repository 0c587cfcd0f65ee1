"""What a page can be refused for: the words for it, and the errors that carry them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial


class Reason(StrEnum):
    """Why a page is not read. The words are what logs and the store's list of failures say."""

    BLOCKED = "blocked by the site's firewall"
    REDIRECT = "a page that only leads to another"
    EMPTY = "an article page without text or media"
    ERROR = "an error page"
    LISTING = "a listing, not an article"
    OTHER_EDITION = "a page of another edition or site"
    NO_ARTICLE = "no article on the page"
    OVERSIZED = "a page too long or too deep to be read whole"
    """See `vovcrawl.pages.bounds`."""
    MALFORMED = "not the XML it should be"
    """Of a sitemap or feed only: broken or cut XML, another kind of document, or one that declares entities."""


READ_BUT_NO_ARTICLE = frozenset({Reason.ERROR, Reason.LISTING, Reason.OTHER_EDITION, Reason.NO_ARTICLE})
"""Reasons that account for a page; the others leave it unread, and another attempt may succeed."""


class PageError(ValueError):
    """Raised for a page that is refused; `reason` says why.

    `target` is where a page of reason REDIRECT leads, as written there; None where it does not say so plainly.
    `claims_article` is whether the page says in its metadata that it is an article.
    """

    def __init__(
        self, reason: Reason, detail: str = "", target: str | None = None, *, claims_article: bool = False
    ) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.target = target
        self.claims_article = claims_article

    def __reduce__(self) -> tuple[Callable[..., PageError], tuple[object, ...]]:
        # Saved pages are read in other processes, which hand their refusals over.
        made = partial(type(self), claims_article=self.claims_article)
        return made, (self.reason, self.detail, self.target)


class NotAnArticle(PageError):
    """Raised for a page that holds no article; `reason` says which kind of page it is instead."""


class NotAListing(PageError):
    """Raised for a page that lists no articles, sections or feeds."""


class BrokenSource(PageError):
    """Raised for a sitemap or feed that cannot be read, or for what stands in its place."""


@contextmanager
def refused_as(kind: type[PageError]) -> Iterator[None]:
    """Turns a refusal from within, which does not know what the page was asked for, into one that says so."""
    try:
        yield
    except PageError as error:
        raise kind(error.reason, error.detail, error.target, claims_article=error.claims_article) from None
