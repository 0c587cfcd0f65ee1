"""Credits in captions: "(Ảnh: Hạ Lan)", "[Nguồn: AP]", "... . Ảnh: KT"."""

from __future__ import annotations

import re
from functools import lru_cache

from vovcrawl.cleaning import rules

_CREDIT_WITHIN = 200
"""Characters at the end of a caption in which its credit stands."""
_PICTURE_WITHIN = 160
_WITHOUT_NAME = r"(?:minh h[oọ][aạ]|tư liệu|internet|chụp màn hình|cắt từ (?:clip|video))"


@lru_cache(maxsize=4)
def _credits(words: str) -> tuple[re.Pattern[str], ...]:
    """What credits look like, by what stands before the name in them."""
    credit = rf"(?:{words})\s*"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            # "... (Ảnh: Reuters)." and "... [Nguồn: AP]"; the full stop after the bracket belongs to the credit.
            rf"\s*[(\[]\s*{credit}(?P<credit>[^()\[\]]{{1,80}}(?:\([^()]{{0,40}}\))?[^()\[\]]{{0,20}})[)\]]\s*\.?\s*$",
            # "... . Ảnh: KT" after the end of a sentence, or alone.
            rf"(?:^|(?<=[.!?…”\"]))\s*[-–]?\s*{credit}(?P<credit>[^.:]{{1,60}}(?:\.[A-Z]{{2,3}}\b)?)\.?\s*$",
            # "... - Ảnh: KT"
            rf"\s+[-–/|]\s*{credit}(?P<credit>[^.:]{{1,60}})\.?\s*$",
        )
    )


@lru_cache(maxsize=4)
def _pictured(picture: str) -> re.Pattern[str]:
    """A credit that only pictures have: "(Ảnh: KT)", "... . Ảnh: KT", "(Ảnh minh họa)"."""
    picture = f"(?:{picture})"
    return re.compile(
        rf"[(\[]\s?{picture}(?:\s{_WITHOUT_NAME}|[^()\[\]:]{{0,30}}:[^()\[\]]{{1,80}})[)\]]\s?\.?$"
        rf"|(?:^|[.!?…”\"|/–-]\s?){picture}(?:\s{_WITHOUT_NAME}\.?|[^():.]{{0,30}}:[^:]{{1,80}})$",
        re.IGNORECASE,
    )


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """A clean caption as (caption without its credit, credit); either is None where there is none."""
    tail_start = max(0, len(caption) - _CREDIT_WITHIN)
    tail = caption[tail_start:]
    if ":" in tail:
        for pattern in _credits(rules.in_use().credit):
            match = pattern.search(tail)
            if match:
                rest = caption[: tail_start + match.start()].rstrip(" -–|/")
                return rest or None, match["credit"].strip().rstrip(".").strip() or None
    return caption or None, None


def names_picture(text: str) -> bool:
    """Whether a line ends as the caption of a picture does, "(Ảnh: KT)" or "(Ảnh minh họa)"."""
    return _pictured(rules.in_use().picture).search(text, max(0, len(text) - _PICTURE_WITHIN)) is not None
