"""What an article was read from: by it, another reading of the same page is told from another text of the article."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

_BYTES = 16


@dataclass(frozen=True, slots=True)
class Evidence:
    """The page that an article was read from."""

    page_hash: str
    """`page_hash` of its bytes."""
    captured_at: str | None = None
    """When an archive says that the site sent it: ISO 8601 in UTC; None of a page that came from the site itself, and
    of a file that does not say."""


def page_hash(data: bytes) -> str:
    """By what a page is known again: a hash of its bytes as its reader gets them, unpacked, in hexadecimal."""
    return blake2b(data, digest_size=_BYTES).hexdigest()
