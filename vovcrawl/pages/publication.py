"""When a page says it was published and modified."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
"""Indochina Time, without daylight saving; what a VOV date without an offset means."""

# "Thứ Năm, 08:46, 16/07/2026"; with a digit weekday before 2020: "Thứ 5, 19:21, 21/05/2020"; "12:21 PM, 26/04/2011".
_CLOCK = r"(?P<{0}hour>\d{{1,2}})[:hg](?P<{0}minute>\d{{2}})(?::\d{{2}})?(?:\s*(?P<{0}half>[AP]M|SA|CH)\b)?"
SHOWN = re.compile(
    r"(?:(?:Thứ\s+(?:Hai|Ba|Tư|Năm|Sáu|Bảy|[2-7])|Chủ\s+[Nn]hật|CN)\s*,?\s*)?"
    rf"(?:{_CLOCK.format('')}\s*[,|–-]?\s*(?:ngày\s+)?)?"
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
    rf"(?:\s*[,|–-]?\s*{_CLOCK.format('late_')})?",
    re.IGNORECASE,
)

# The time of an entry of a live page: "20h15", "[20:15 | 24/05/2026]", "Phút 90+4", "71'".
_ENTRY_TIME = re.compile(
    r"[\[(]?\s*(?:(?:lúc|cập nhật)\s*:?\s*)?(?:"
    r"(?:(?:ngày\s*)?\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?\s*[,|–-]?\s*)?"
    r"\d{1,2}\s*(?:[:hg]|giờ)\s*(?:\d{2}(?:\s*phút)?(?::\d{2})?)?(?:\s*(?:[AP]M|SA|CH))?"
    r"(?:\s*[,|–-]?\s*(?:ngày\s*)?\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?)?"
    r"|phút\s*(?:thứ\s*)?\d{1,3}(?:\s*\+\s*\d{1,2})?\s*['’′]?|\d{1,3}(?:\s*\+\s*\d{1,2})?\s*['’′]"
    r")\s*[\])]?\s*[:.|–-]?",
    re.IGNORECASE,
)
_LONGEST_TIME = 40

_FIRST_YEAR = 1999
"""The newspaper's first year on the web."""
_CLOSE = timedelta(days=1)


def from_iso(value: object) -> datetime | None:
    """A machine-readable time as an aware one in +07:00; without an offset it is Vietnamese time."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment.astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return None
    return moment


def from_shown(text: str) -> datetime | None:
    """The time that a shown date gives, in +07:00; None where there is no such date or it gives no time."""
    match = SHOWN.search(text)
    if match is None:
        return None
    side = "" if match["hour"] else "late_"
    hour, minute = match[f"{side}hour"], match[f"{side}minute"]
    if hour is None:
        return None
    try:
        return datetime(
            int(match["year"]),
            int(match["month"]),
            int(match["day"]),
            _hour_of_day(int(hour), match[f"{side}half"]),
            int(minute),
            tzinfo=VIETNAM,
        )
    except ValueError:
        return None


def _hour_of_day(hour: int, half: str | None) -> int:
    """The hour of a clock that shows the half of the day too: 12 AM is midnight; 14 PM says it twice."""
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if half.upper() in ("PM", "CH") else 0)


def believed(moments: list[datetime], day: date | None = None) -> int:
    """The place of the one that is believed of the times that a page's sources give, which stand in order of trust.

    That is the first, unless no article can be from then, or two other sources that agree say that it lay ahead.
    `day` is what one more source says that names the day alone.
    """
    possible = [place for place, moment in enumerate(moments) if moment.year >= _FIRST_YEAR]
    if not possible:
        return 0
    first, *others = possible
    for number, place in enumerate(others):
        agree = moments[place].date() == day or any(
            moments[other].replace(second=0, microsecond=0) == moments[place].replace(second=0, microsecond=0)
            for other in others[number + 1 :]
        )
        if agree and moments[first] - moments[place] > _CLOSE:
            return place
    return first


def from_shown_day(text: str) -> date | None:
    """The day that a shown date gives; None where there is no such date."""
    match = SHOWN.search(text)
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"])) if match is not None else None
    except ValueError:
        return None


def shown_date(text: str) -> str | None:
    """The date as readers see it, out of a cleaned line that may go on after it; None if there is none."""
    match = SHOWN.search(text)
    return text[match.start() : match.end()] if match else None


def is_clock(text: str) -> bool:
    """Whether a clean text is a time of day alone, or a minute of a match, as entries of live pages open with."""
    return len(text) <= _LONGEST_TIME and _ENTRY_TIME.fullmatch(text) is not None


def to_iso(moment: datetime) -> str:
    """ISO 8601 with offset, to the second."""
    return moment.isoformat(timespec="seconds")
