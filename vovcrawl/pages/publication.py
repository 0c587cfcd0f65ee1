"""When a page says it was published and modified."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
"""Indochina Time, without daylight saving; what a VOV date without an offset means."""

# "Thứ Năm, 08:46, 16/07/2026", and with a digit weekday before 2020: "Thứ 5, 19:21, 21/05/2020".
SHOWN = re.compile(
    r"(?:(?:Thứ\s+(?:Hai|Ba|Tư|Năm|Sáu|Bảy|[2-7])|Chủ\s+[Nn]hật|CN)\s*,?\s*)?"
    r"(?:(?P<hour>\d{1,2})[:hg](?P<minute>\d{2})\s*,?\s*(?:ngày\s+)?)?"
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"
    r"(?:\s*,?\s*(?P<late_hour>\d{1,2})[:hg](?P<late_minute>\d{2}))?",
    re.IGNORECASE,
)


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
    hour = match["hour"] or match["late_hour"]
    minute = match["minute"] or match["late_minute"]
    if hour is None:
        return None
    try:
        return datetime(
            int(match["year"]), int(match["month"]), int(match["day"]), int(hour), int(minute), tzinfo=VIETNAM
        )
    except ValueError:
        return None


def shown_date(text: str) -> str | None:
    """The date as readers see it, out of a cleaned line that may go on after it; None if there is none."""
    match = SHOWN.search(text)
    return text[match.start() : match.end()] if match else None


def to_iso(moment: datetime) -> str:
    """ISO 8601 with offset, to the second."""
    return moment.isoformat(timespec="seconds")
