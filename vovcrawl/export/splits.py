"""The splits of a dataset: which article is for training, which for validation, which for the test.

An article's split follows from its url alone, or from that of the article which it nearly repeats: it stays the same
however many articles come, and near-duplicates are never on two sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate

from vovcrawl.store.by_date import Listed

SHARES = {"train": 80, "validation": 10, "test": 10}
"""Parts in a hundred, by name: enough for the small ones to hold articles where there are some dozens in all."""

_ENDS = tuple(zip(SHARES, accumulate(SHARES.values()), strict=True))

_HASH_BYTES = 8


@dataclass(frozen=True, slots=True)
class Split:
    """A split as it was written."""

    name: str
    articles: int
    files: tuple[str, ...]
    """Their paths in the dataset's folder."""
    bytes: int
    """What its articles take in memory."""


def split_of(article: Listed) -> str:
    """The split of an article, by its group of near-duplicates."""
    leader = article.duplicate_of or article.canonical_url
    place = int.from_bytes(blake2b(leader.encode(), digest_size=_HASH_BYTES).digest()) * 100 >> 8 * _HASH_BYTES
    return next(name for name, end in _ENDS if place < end)
