"""The name under which the crawler asks the site, and whom the site can reach about it."""

from __future__ import annotations

import re

from vovcrawl import __version__

_CONTACT = re.compile(r"(?:https?://[^\s/@]+\.[^\s@]*|(?:mailto:)?[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+)", re.ASCII)
_LONGEST = 200


def user_agent(contact: str | None = None) -> str:
    """The crawler's `User-Agent`.

    Args:
        contact: url or mail address of whoever crawls, as `VOV_CONTACT` gives it; None leaves it out.
    """
    return f"Mozilla/5.0 (compatible; vovcrawl/{__version__}{f'; +{contact}' if contact else ''})"


def is_contact(text: str) -> bool:
    """Whether `text` is an address that the site can write to or look at, and stands in a header as it is."""
    return (
        len(text) <= _LONGEST
        and text.isprintable()
        and not set(text) & set('()<>;"\\,')
        and bool(_CONTACT.fullmatch(text))
    )
