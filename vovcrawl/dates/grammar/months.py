"""Months, quarters, and so many months of a year."""

from __future__ import annotations

from vovcrawl.dates.meanings import Month, Months, Quarter, Shift, Year
from vovcrawl.dates.rules import Made, Rules
from vovcrawl.dates.syllables import DIGITS, Row

RULES = Rules()

_PREPOSITIONS = ("từ", "đến", "hết", "trong", "vào", "hồi", "đầu", "giữa", "cuối")


def _is_no_name(row: Row, start: int, end: int) -> bool:
    """Capitals on both words within a sentence, "rạp Tháng Tám", are a name; figures never are."""
    first = next(place for place in range(start, end) if row.token(place) == "tháng")
    if row.codes[end - 1] in DIGITS or row.is_upper(first) or not row.is_capital(first):
        return True
    if row.opens_sentence(first):
        return True
    before = first - 1
    # "Đến Tháng Mười" opens a sentence; within one it ends a title.
    return row.token(before) in _PREPOSITIONS and (not row.is_capital(before) or row.opens_sentence(before))


@RULES.rule("{mod}? tháng {in_month}", not_before="triệu | nghìn | ngàn | tỷ | đồng | trăm", where=_is_no_name)
def month(in_month: Month) -> Made:
    return in_month


@RULES.rule("{mod}? tháng {in_month} ,? {in_year}")
def month_in_year(in_month: Month, in_year: Year) -> Made:
    return Month(in_month.month, in_year, lunar=in_month.lunar)


@RULES.rule(
    "{mod}? tháng {month} (/ | - | . | ,)? {year}", "{mod}? tháng {month_name:month} / {year}", "{mod} {month} / {year}"
)
@RULES.rule("t {month} / {year}")
@RULES.rule("{month} / {year}", not_after="{document} | / | - | số | {scored}")
def month_and_year(month: int, year: int) -> Made:
    return Month(month, Year(year))


@RULES.rule(
    "{mod}? tháng {in_month} {recent_tail:recent}", not_before="hết? {mod}? tháng | {month} | ngày | nay | {mod} năm"
)
def recent_month(in_month: Month, recent: str) -> Made:
    return Month(in_month.month, recent=recent, lunar=in_month.lunar)


@RULES.rule("{mod}? tháng {period_tail:months}", not_before="đó | nay", not_after="những | các")
def near_month(months: int) -> Made:
    return Shift("month", months)


@RULES.rule("{mod} tháng", not_before="{in_month} | {any_number}")
def part_of_this_month() -> Made:
    return Shift("month", 0)


@RULES.rule("{mod}? quý {quarter}")
def quarter(quarter: int) -> Made:
    return Quarter(quarter)


@RULES.rule("{mod}? quý {quarter} ,? {in_year}", "{mod}? quý {quarter} / {in_year}")
def quarter_in_year(quarter: int, in_year: Year) -> Made:
    return Quarter(quarter, in_year)


@RULES.rule("{mod}? quý {quarter} (/ | - | ~ | . | ,)? {year}", "q {quarter} / {year}")
def quarter_and_year(quarter: int, year: int) -> Made:
    return Quarter(quarter, Year(year))


@RULES.rule("{mod}? quý {quarter} {recent_tail:recent}", not_before="quý | {quarter} | nay")
def recent_quarter(quarter: int, recent: str) -> Made:
    return Quarter(quarter, recent=recent)


@RULES.rule("{mod}? quý {period_tail:quarters}", not_before="đó | nay", not_after="{title} | những | các")
def near_quarter(quarters: int) -> Made:
    return Shift("quarter", quarters)


@RULES.rule("{mod} quý", not_before="{quarter}")
def part_of_this_quarter() -> Made:
    return Shift("quarter", 0)


@RULES.rule("{mod}? tháng trước nữa", not_after="những | các")
def month_before_last() -> Made:
    return Shift("month", -2)


def _is_capital(row: Row, start: int, end: int) -> bool:
    """The letter of "H1/2023", "1H2023" or "9T2023" is a capital: "h1" may be an hour."""
    return any(row.is_capital(place) for place in (start, start + 1)) and row.is_joined(start + 1)


@RULES.rule(
    "h {two:half} (/ | -)? {year}", "h {two:half} (/ | -)? {in_year}", "{two:half} h /? {year}", where=_is_capital
)
def half(half: int, in_year: Year | None = None, year: int | None = None) -> Made:
    if half not in (1, 2):
        return None
    return Months(6 * half - 5, 6 * half, _in(in_year, year))


@RULES.rule("{two:count} t /? {year}", where=_is_capital)
def first_months_in_short(count: int, year: int) -> Made:
    return Months(1, count, Year(year)) if 1 < count <= 12 else None


RULES.define("of_year", "{in_year} | (của | trong)? năm | {year}")


def _in(in_year: Year | None, year: int | None) -> Year | None:
    return Year(year) if year is not None else in_year


@RULES.rule("nửa đầu {of_year}", "nửa năm đầu {year}?")
def first_half(in_year: Year | None = None, year: int | None = None) -> Made:
    return Months(1, 6, _in(in_year, year))


@RULES.rule("(nửa cuối | nửa sau) {of_year}", "nửa năm cuối {year}?")
def second_half(in_year: Year | None = None, year: int | None = None) -> Made:
    return Months(7, 12, _in(in_year, year))


@RULES.rule("{count} tháng đầu tiên? {of_year}")
def first_months(count: float, in_year: Year | None = None, year: int | None = None) -> Made:
    return Months(1, int(count), _in(in_year, year)) if 1 < count <= 12 else None


@RULES.rule("{count} tháng (cuối | còn lại | sau) {of_year}")
def last_months(count: float, in_year: Year | None = None, year: int | None = None) -> Made:
    return Months(13 - int(count), 12, _in(in_year, year)) if 1 < count <= 12 else None


@RULES.rule("{count} tháng {in_year}", "{count} tháng (/ | -) {year}", not_after="tháng")
def months_of_year(count: float, in_year: Year | None = None, year: int | None = None) -> Made:
    if in_year is not None and in_year.shift is not None and in_year.shift > 0:
        return None
    return Months(1, int(count), _in(in_year, year)) if 1 < count <= 12 else None


@RULES.rule("{count} quý đầu tiên? {of_year}", "{count} quý {in_year}")
def first_quarters(count: float, in_year: Year | None = None, year: int | None = None) -> Made:
    return Months(1, 3 * int(count), _in(in_year, year)) if 1 < count <= 4 else None
