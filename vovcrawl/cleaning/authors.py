"""The authors of an article, by the signatures under it."""

from __future__ import annotations

from collections.abc import Iterable

from vovcrawl.cleaning.signatures import in_list, name_and_affiliation
from vovcrawl.items import Author
from vovcrawl.text import distinct


def signed_by(signatures: Iterable[str]) -> list[Author]:
    """The authors in signatures that stand in a text, where they may name roles and sources too."""
    return [Author(*name_and_affiliation(one), name_raw=one) for one in distinct_signatures(signatures)]


def distinct_signatures(lines: Iterable[str]) -> list[str]:
    """Each signature in some lines once, in order."""
    return distinct(signature for line in lines for signature in in_list(line) if signature.strip("/ "))
