"""How what a reader gives is held against a gold record: most generously, as peers read any site."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

_VIETNAM = timezone(timedelta(hours=7))
_PREFIX = re.compile(r"^\(?VOV(?:\.VN)?\)?\s*[-–—]\s*")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+", re.MULTILINE)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def plain(text: str | None) -> str:
    """A text in NFC with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def seen(text: str | None) -> str:
    """A text as readers see it: without soft hyphens and characters that have no width."""
    return plain(_UNSEEN.sub("", unicodedata.normalize("NFC", text or "")))


def lead(text: str | None) -> str:
    """A lead without the newspaper's prefix."""
    return _PREFIX.sub("", seen(text))


def body_tokens(text: str | None, gold: dict[str, Any]) -> list[str]:
    """The tokens of a body.

    Unseen characters, list marks, table bars, and a headline or lead put before the body do not count.
    """
    words = _UNSEEN.sub("", unicodedata.normalize("NFC", text or ""))
    tokens = _LIST_MARK.sub("", words).replace("|", " ").split()
    own_lead = plain(gold["description"]).split()
    if own_lead:
        # A lead may follow the headline, the date and the prefix, never text of the body.
        before = len(plain(gold["headline"]).split()) + 12
        for start in range(min(before, len(tokens))):
            if tokens[start : start + len(own_lead)] == own_lead:
                return tokens[start + len(own_lead) :]
    headline = plain(gold["headline"]).split()
    if tokens[: len(headline)] == headline:
        tokens = tokens[len(headline) :]
    return tokens[2:] if tokens[:2] == ["VOV.VN", "-"] else tokens


def f1(found: Iterable[str], wanted: Iterable[str]) -> float:
    """Harmonic mean of precision and recall over two bags; 1 where both are empty."""
    left, right = Counter(found), Counter(wanted)
    if not left and not right:
        return 1.0
    return 2 * (left & right).total() / (left.total() + right.total())


def minute(text: str | None) -> datetime | None:
    """A time in Vietnam, to the minute; None where there is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=_VIETNAM) if moment.tzinfo is None else moment.astimezone(_VIETNAM)
    return moment.replace(second=0, microsecond=0)


def authors_right(found: Sequence[str], gold: Sequence[dict[str, Any]]) -> bool:
    """Whether one of the authors was found, as signed or by name alone; none, where there is none."""
    names = {plain(name).casefold() for name in found}
    if not gold:
        return not names
    wanted = {plain(author[key]).casefold() for author in gold for key in ("name", "name_raw")}
    return bool(names & wanted)
