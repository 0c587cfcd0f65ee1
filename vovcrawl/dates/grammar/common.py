"""Patterns that the rules of several files are made of, and what they look at beside the words."""

from __future__ import annotations

from vovcrawl.dates.meanings import Month, Year
from vovcrawl.dates.rules import Rules
from vovcrawl.dates.syllables import Row

RULES = Rules()


def _month(month: int | None = None, lunar_month: int | None = None) -> Month | None:
    number = month or lunar_month
    return Month(number, lunar=month is None) if number else None


def _year(year: int | None = None, shift: int | None = None, same_year: int | None = None) -> Year:
    if year is not None:
        return Year(year)
    return Year(shift=shift) if shift is not None else Year(shift=same_year, base="mention")


def _lunar_year(stem: int, branch: int, year: int | None = None) -> Year | None:
    """A year by its name; without its number the one of that name from 1984 to 2043, counted on in sixties later."""
    if year is not None:
        return Year(year)
    for number in range(1984, 2044):
        if ((number + 6) % 10, (number + 8) % 12) == (stem, branch):
            return Year(number, base="mention")
    return None


RULES.define("the", "ngày (mùng | mồng)? | hôm (mùng | mồng | ngày)? | mùng | mồng")
RULES.define("a_day", "{day} | {spelt:day}")
RULES.define("in_month", "{month} | {month_name:month} | {lunar_month}", _month)
RULES.define("in_year", "(của | trong)? (năm {year} | năm {period_tail:shift} | {same_year})", _year)
RULES.define("lunar_year", "năm? {stem} {branch} (<(>? {year} <)>)?", _lunar_year)
RULES.define("a_weekday", "{weekday} | {sunday:weekday}")
RULES.define("each", "hằng | hàng | mỗi")

END = '(<.> | , | ; | : | <(> | <)> | ~ | ") | <$>'
"""What ends a clause, or parts it; the single characters apart, which a regular expression makes one set of."""

RULES.define("end", END)
# What may follow a date that no word announces, when its figures could be a fraction as well.
RULES.define("boundary", "{end} | {name} | {after_a_date}")

RULES.define("loose_joint", "và | hoặc | hay | , | <,> | ~ | (đến | tới) (hết | khoảng)? | cho đến | cho tới")
RULES.define("joint", "- | {loose_joint}")
RULES.define("day_prefix", "{part_of_day}? {the}?")
RULES.define("day_in_list", "{day} ({joint}) {day_prefix}")
RULES.define("its_month", "/ {month} | - {month} | . {month} | tháng {in_month}")
# A list or range that ends in a day with its month: what makes a bare number before it a day. What follows a dash
# without a blank is the last day of it: "16-7, rạng sáng 17-7" begins with a date.
RULES.define(
    "more_days",
    "- {day} ({its_month})"
    " | ({loose_joint}) {day_prefix} {day_in_list}? {day_in_list}? {day_in_list}? {day} ({its_month})",
)


def is_no_name(row: Row, start: int, end: int) -> bool:
    """No capital on the last syllable: "sáng Mai" may be a person, "SÁNG MAI" is not."""
    return not row.is_capital(end - 1) or row.is_upper(end - 1)
