"""What a crawl needs of a browser; `vovcrawl.render.splash` and `vovcrawl.render.playwright` are such."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class RenderError(Exception):
    """A page was not rendered; the text says why, in a few words for people to read."""


class BrowserGone(RenderError):
    """The browser does not answer, or died: another page would fare no better right now."""


class BrowserDied(BrowserGone):
    """The browser ended, or fell silent, with a page that it was given: it may be for the page's sake."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What has become of a page."""

    html: str
    """The document after the page's scripts have run."""
    blocked: dict[str, int] = field(default_factory=dict)
    """How many requests of the page's were not sent, by the words of `scope.Blocked`."""
    asked: int = 0
    """How many requests of the page's were sent to the newspaper."""


class Browser(Protocol):
    """A browser that renders one page at a time."""

    async def render(self, url: str, html: str) -> Rendered:
        """What a page becomes, within the time and the memory that a page is given.

        Args:
            url: of the page; its scripts see it as theirs.
            html: the page as it was served.

        Raises:
            BrowserGone: the browser does not answer, or died meanwhile.
            RenderError: the page was not rendered, as one that takes longer or becomes larger than a page may.
        """
        ...

    async def check(self) -> None:
        """Asks the browser for a sign of life.

        Raises:
            BrowserGone: it does not answer, or cannot be started; the text says what would help.
        """
        ...

    async def close(self) -> None:
        """Lets go of the browser; safe to call twice."""
        ...
