"""Times on the clock and parts of day."""

from __future__ import annotations

from vovcrawl.dates.grammar.common import is_no_name
from vovcrawl.dates.meanings import Clock, Day, Part, Shift
from vovcrawl.dates.patterns import Patterns
from vovcrawl.dates.rules import Made, Rules
from vovcrawl.dates.syllables import Row

RULES = Rules()


def _is_joined(row: Row, start: int, end: int) -> bool:
    """No blank before the last syllable, which is no capital: "18g", but neither "4 g/l" nor "5G"."""
    return row.is_joined(end - 1) and not row.is_capital(end - 1)


@RULES.rule(
    "{two:hour} giờ {two:minute} phút ({two:second} giây)?",
    "{count:hour} giờ {count:minute} phút ({count:second} giây)?",
)
def clock_or_length(hour: float, minute: float, second: float = 0) -> Made:
    if hour > 24 or minute >= 60 or second >= 60:
        return None
    return Clock(int(hour), int(minute), bare=True, second=int(second))


def _has_two_figures(row: Row, start: int, end: int) -> bool:
    """Minutes are written with two figures after a colon: "10:01", but not "10:1"."""
    return len(row.token(end - 1)) == 2


@RULES.rule(
    "{two:hour} h {two:minute} (phút | p | ')? {two:second} (giây | s | ' ' | \")", not_after="({lasting}) {about}?"
)
def clock_with_seconds(hour: int, minute: int, second: int) -> Made:
    return Clock(hour, minute) if hour <= 24 and minute < 60 and second < 60 else None


RULES.define(
    "and_a_day",
    "cùng ngày | ,? {the} {day} | ,? ({part_of_day} | hôm | {day_word} | {weekday} | {sunday} | {day} / {month})",
)
RULES.define("and_more", "/ {month} | - {month} {end} | (sau | trước) khi")

_MONTH_OF_DAY = Patterns().compiled("(- | .) {month}")
_HOUR_AFTER = Patterns().compiled("h | g | giờ | :")


def _is_no_day(row: Row, start: int, end: int) -> bool:
    """The figures after the hour are its minutes, unless a blank parts them and they go on as "19h 16-7" does."""
    month = _MONTH_OF_DAY.match(row.codes, end)
    if month is None or row.is_joined(end - 1):
        return True
    return _HOUR_AFTER.match(row.codes, month.end()) is not None


@RULES.rule(
    "{two:hour} giờ {two:minute}",
    "{two:hour} h {two:minute} (phút | p | ')?",
    not_after="({lasting}) {about}?",
    not_before="{and_more}",
    where=_is_no_day,
)
@RULES.rule(
    "{two:hour} giờ {two:minute}",
    "{two:hour} h {two:minute} (phút | p | ')?",
    before="{and_a_day}",
    where=_is_no_day,
)
@RULES.rule("{two:hour} g {two:minute} p?", not_before="{and_more}", where=_is_no_day)
@RULES.rule("{two:hour} : {two:minute} (: {two:second})?", where=_has_two_figures)
def clock(hour: int, minute: int, second: int = 0) -> Made:
    return Clock(hour, minute) if hour <= 24 and minute < 60 and second < 60 else None


@RULES.rule("{count:hour} (giờ | h | g) rưỡi", "{two:hour} (giờ | h) rưỡi")
@RULES.rule("{count:hour} rưỡi", before="{part_of_day}")
def half_past(hour: float) -> Made:
    return Clock(int(hour), 30, bare=True) if hour <= 24 else None


@RULES.rule("{count:hour} (giờ | h | g) kém {count:minute} phút?")
def clock_to(hour: int, minute: int) -> Made:
    return Clock((hour - 1) % 24, 60 - minute) if 0 < minute < 60 and hour <= 24 else None


def _is_not_24(row: Row, start: int, end: int) -> bool:
    """ "24h" by itself says "all day long" and names shops and shows."""
    return row.token(start) != "24"


_DATED = Patterns().compiled(",? ngày {day} (/ | - | . | tháng)")


def _is_not_24_or_dated(row: Row, start: int, end: int) -> bool:
    """ "24h ngày 20/5" is the end of that day."""
    return _is_not_24(row, start, end) or _DATED.match(row.codes, end) is not None


@RULES.rule("{two:hour} h", not_after="({lasting}) {about}? | /", not_before="(sau | trước) khi", where=_is_not_24)
@RULES.rule("{two:hour} h", after="{pointing}", not_after="({lasting}) {about}?", not_before="(sau | trước) khi")
@RULES.rule("{two:hour} h", before="{and_a_day}", not_after="{surely_lasting}", where=_is_not_24_or_dated)
@RULES.rule("{late:hour} h", after="sau | trước | quá", before="{end}")
@RULES.rule(
    "{two:hour} g", before="{part_of_day} | ngày | hôm | , ngày | ,? {two} (/ | -) | {two} . {month}", where=_is_joined
)
@RULES.rule("{two:hour} g", after="{pointing}", where=_is_joined)
def hour_sign(hour: int) -> Made:
    return Clock(hour) if hour <= 24 else None


@RULES.rule("{two:hour} giờ đúng?", "{count:hour} giờ đúng?")
def hour_word(hour: float) -> Made:
    return Clock(int(hour), bare=True) if hour <= 24 and hour == int(hour) else None


@RULES.rule("{two:hour}", before="({joint}) {two} (h | giờ | :)", after="từ | lúc | khoảng | <(>")
@RULES.rule("{two:hour}", before="(- | ~) {two} h", where=lambda row, start, end: row.opens_sentence(start))
@RULES.rule("{two:hour}", before="(- | đến | tới) {two} (h | giờ) {two}? {and_a_day}")
def hour_before_another(hour: int) -> Made:
    return Clock(hour, bare=True) if hour <= 24 else None


@RULES.rule("{part_of_day:part}")
def part_of_day(part: str) -> Made:
    return Part(part)


@RULES.rule("{part_of_day:part} {day_tail:days}", not_before="đời", where=is_no_name)
def part_of_near_day(part: str, days: int) -> Made:
    return Part(part), Shift("day", days)


@RULES.rule("{part_of_day:part} {day}", before="{more_days} | {part_of_day} {the}? {day} ({its_month})")
def part_of_numbered_day(part: str, day: int) -> Made:
    return Part(part), Day(day)
