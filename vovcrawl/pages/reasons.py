"""Why a page is no article: the words for it, and the exception that carries them."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a page is no article. The words are what logs and the store's list of failures say."""

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


class NotAnArticle(ValueError):
    """Raised for a page that holds no article; `reason` says which kind of page it is instead.

    `target` is where a page of reason REDIRECT leads, as written there; None where it does not say so plainly.
    """

    def __init__(self, reason: Reason, detail: str = "", target: str | None = None) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.target = target
