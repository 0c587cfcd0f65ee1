"""Days of the week. In lower case "thứ ba" is far more often "the third" than Tuesday, so it needs a witness."""

from __future__ import annotations

from vovcrawl.dates.meanings import Weekday
from vovcrawl.dates.rules import Made, Rules
from vovcrawl.dates.syllables import Row

RULES = Rules()

_DATE_AFTER = ",? ngày? {day} (/ | - | .) {month} | <(> {the}? {day} (/ | - | .) {month} | , ngày {day} tháng"


def _has_capital(row: Row, start: int, end: int) -> bool:
    """A capital inside ("thứ Hai") distinguishes a weekday from an ordinal; a sentence in capitals shows nothing.

    Two capitals within a sentence ("quán Thứ Bảy") are a name.
    """
    last = end - 1
    if row.is_upper(last) and row.is_upper(last - 1):
        return False
    return row.is_capital(last) and (not row.is_capital(last - 1) or row.opens_sentence(last - 1))


def _begins_with_capital(row: Row, start: int, end: int) -> bool:
    """The same where more words follow; a Sunday cannot be an ordinal."""
    tokens = [row.token(place) for place in range(start, end)]
    return "nhật" in tokens or row.is_capital(start + tokens.index("thứ") + 1)


@RULES.rule("ngày? {sunday:weekday}", not_after="báo")
@RULES.rule("ngày? {weekday}", where=_has_capital, not_after="{ordinal_before}")
@RULES.rule("{weekday}", after="<(>", before="<)>")
@RULES.rule(
    "{weekday}",
    after="{before_weekday} | {part_of_day} | h | g | giờ",
    before="{end} | {week_tail} | {weekday_tail} | và | {after_a_date}",
    not_before=", {day_prefix} {word}",
)
@RULES.rule("{weekday}", after="{part_of_day} | h | g | giờ | phút | rưỡi | vào")
@RULES.rule("ngày? {weekday}", before=_DATE_AFTER)
@RULES.rule(
    "{weekday}", before=", {two} (: | h | g | giờ) {two}", where=lambda row, start, end: row.opens_sentence(start)
)
def weekday(weekday: int) -> Made:
    return Weekday(weekday)


@RULES.rule("hôm ({a_weekday})")
def past_weekday(weekday: int) -> Made:
    return Weekday(weekday, "past")


@RULES.rule("(hôm | ngày)? ({a_weekday}) (của | trong)? {week_tail:tail}", not_after="lần | vị trí")
@RULES.rule(
    "(hôm | ngày)? ({a_weekday}) {weekday_tail:tail}",
    before="{end} | {after_a_date}",
    not_before="({a_weekday}) | {the} {day}",
    not_after="lần | vị trí",
)
@RULES.rule(
    "(hôm | ngày)? ({a_weekday}) {weekday_tail:tail}",
    where=_begins_with_capital,
    not_before="({a_weekday}) | {the} {day} | nay | {part_of_day} ({a_weekday})",
)
def near_weekday(weekday: int, tail: str) -> Made:
    return Weekday(weekday, tail)


@RULES.rule("(mỗi | các)? ({a_weekday}) ({each}) tuần", "mỗi ({a_weekday})")
def every_weekday(weekday: int) -> Made:
    return Weekday(weekday, every=True)
