"""Days: by their distance from today, and by their date."""

from __future__ import annotations

import re

from vovcrawl.dates.grammar.common import is_no_name
from vovcrawl.dates.meanings import Day, Month, Shift, Year
from vovcrawl.dates.patterns import Patterns
from vovcrawl.dates.rules import GUARD_LENGTH, Made, Rules
from vovcrawl.dates.syllables import DIGITS, Row

RULES = Rules()

_WORDS = Patterns()
_SAYING = [_WORDS.expression(word) for word in ("là", "bằng", "còn", "đạt")]
_HOURS = _WORDS.expression("giờ")
_SENTENCE = 24
"""How many syllables of a sentence are looked at for a ratio."""
_RATIO = _WORDS.compiled("tỷ lệ | tỉ lệ | tỷ số | tỉ số")
_EXPLAINED = re.compile(
    "(?:"
    + _WORDS.expression("{day_word} | {part_of_day} {day_tail} | {part_of_day} | {weekday} | {sunday} | {holiday}")
    + ")$"
)
_OF_A_DAY = _WORDS.compiled("ngày | hôm | lễ | dịp | kỷ niệm | {holiday} | {part_of_day} | sinh nhật")
_SCORING = _WORDS.compiled(
    "thắng | thua | hòa | dẫn | gỡ | hạ | bại | vượt qua | tỷ số | set | ván | hiệp | séc | trận"
)
_RANGE = _WORDS.compiled("(đến | tới | ~) {day}")
_AFTER_EXPLANATION = _WORDS.compiled(
    "<)> | , | ; | - | ~ | đến | và | tức | nhằm | âm lịch | dương lịch | theo | giờ | tới | tại | ở"
)


@RULES.rule("{day_word:days}")
def day_word(days: int) -> Made:
    return Shift("day", days)


def _opens_a_sentence(row: Row, start: int, end: int) -> bool:
    return row.opens_sentence(start)


@RULES.rule("mai", before="sẽ", where=is_no_name)
@RULES.rule(
    "mai", before=", (miền (bắc | trung | nam | tây) | (bắc | trung | nam) bộ | cả nước)", where=_opens_a_sentence
)
@RULES.rule("mai", after="lại", before="{end}", where=is_no_name)
@RULES.rule("mai", after='<.> | "', before="{pronoun}", where=lambda row, start, end: not row.is_capital(end))
def tomorrow() -> Made:
    return Shift("day", 1)


@RULES.rule("cùng ngày", not_after="cuối")
def same_day() -> Made:
    return Shift("day", 0, "mention")


@RULES.rule("(ngày | bữa)? hôm sau", "bữa sau", "ngày kế tiếp")
def day_after() -> Made:
    return Shift("day", 1, "mention")


@RULES.rule("ngày hôm trước")
def day_before() -> Made:
    return Shift("day", -1, "mention")


@RULES.rule(
    "{the}? {day} (/ {month} (/ | -) | - {month} - | . {month} .) {year}",
    "{the}? {day} tháng {month} (, | / | - | .)? {year}",
)
def full_date(day: int, month: int, year: int) -> Made:
    return Day(day, month, Year(year))


@RULES.rule("{the}? {a_day} (/ | - | .) {month} ,? {in_year}", "{the}? {a_day} tháng {in_month:named} ,? {in_year}")
def date_in_year(day: int, in_year: Year, month: int | None = None, named: Month | None = None) -> Made:
    if named is None:
        return Day(day, month, in_year) if month else None
    return Day(day, named.month, in_year, lunar=named.lunar)


@RULES.rule("{the} {day} (/ {month} / | . {month} .) {two:short_year}")
@RULES.rule("{the} {day} - {month} - {two:short_year}", not_before="/ | -")
def date_with_short_year(day: int, month: int, short_year: int) -> Made:
    return Day(day, month, Year(short_year + (2000 if short_year < 50 else 1900)))


@RULES.rule("{mod} ngày {day} (/ | - | .) {month}", not_before="/ | - {year} | tháng {in_month}", not_after="số | lần")
@RULES.rule("{the} {day} (/ | - | .) {month}", not_before="/ {month} | tháng {in_month}")
def figures_with_word(day: int, month: int) -> Made:
    return Day(day, month)


@RULES.rule("{the}? {day} tháng {in_month}", "{the} {spelt:day} tháng {in_month}")
def day_and_month(day: int, in_month: Month) -> Made:
    return Day(day, in_month.month, lunar=in_month.lunar) if 1 <= day <= 31 else None


@RULES.rule(
    "{the}? {day} (/ | - | .) {month} {sure_tail:recent}",
    "{the}? {a_day} tháng {in_month} {sure_tail:recent}",
    "{the} {day} {sure_tail:recent}",
)
@RULES.rule(
    "{the}? {day} (/ | - | .) {month} {bare_tail:recent}",
    "{the}? {a_day} tháng {in_month} {bare_tail:recent}",
    "{the} {day} {bare_tail:recent}",
    before="{end}",
)
def recent_day(day: int, recent: str, month: int | None = None, in_month: Month | None = None) -> Made:
    if in_month is None:
        return Day(day, month, recent=recent)
    return Day(day, in_month.month, lunar=in_month.lunar, recent=recent)


@RULES.rule("{the} {day} tháng {period_tail:months}")
def day_of_near_month(day: int, months: int) -> Made:
    return Day(day, month_shift=months)


# Figures without a word of their own can be a fraction, a score or a number: what stands around them decides.

RULES.define(
    "announcing",
    "{part_of_day} | {day_word} | {part_of_day} {day_tail} | {weekday} | {sunday} | {holiday}"
    " | hôm | h | g | giờ | phút | (sớm | muộn | trễ) hơn",
)
RULES.define(
    "before_figures",
    "{announcing} | từ | tới | đến | hết | trước | sau | vào | , | sang | <(> | lúc | và | hoặc | - | ~ | {dated}",
)
RULES.define("opening", "mở (lại | cửa | bán) | đóng cửa | khai trương | khai giảng | khai mạc | khởi công")
RULES.define("sign_of_hours", "(h | :) {two}? | giờ | phút")
RULES.define("no_date", "{scored} | {document} | {named_by_date}")


def _is_no_fraction(row: Row, start: int, end: int) -> bool:
    """Nobody counts 30 of 9."""
    return int(row.token(start)) > int(row.token(end - 1))


def _is_no_ratio(row: Row, start: int, end: int) -> bool:
    """No "tỷ lệ" in the clause that a number says: "tỷ lệ chọi vào trường là 3/1"."""
    if row.codes[start - 1 : start] not in _SAYING:
        return True
    first = max(0, start - GUARD_LENGTH)
    left = row.codes[max(first, row.codes.rfind(",", 0, start), row.codes.rfind("!", 0, start)) : start]
    return _RATIO.search(left) is None


def _is_no_further_ratio(row: Row, start: int, end: int) -> bool:
    """No ratio stands before in its sentence: "tỷ lệ chọi vào trường này là 1/12, cao hơn trường kia 1/8"."""
    first = max(0, start - _SENTENCE)
    left = row.codes[max(first, row.codes.rfind("!", 0, start)) : start]
    ratio = _RATIO.search(left)
    return ratio is None or "/" not in left[ratio.end() :]


def _is_no_fraction_nor_ratio(row: Row, start: int, end: int) -> bool:
    return _is_no_fraction(row, start, end) and _is_no_ratio(row, start, end)


def _is_no_score(row: Row, start: int, end: int) -> bool:
    """Nobody wins 30-8 or 12-10 in football, and no list is counted from 12 to 10."""
    day, month = int(row.token(start)), int(row.token(end - 1))
    return day > 12 or day > month >= 10


def _is_no_hour_range(row: Row, start: int, end: int) -> bool:
    """ "8-10 giờ" is so many hours, "13-10 giờ Việt Nam" a date with its zone."""
    if row.codes[end : end + 1] != _HOURS:
        return True
    return end + 1 < len(row.codes) and (row.is_capital(end + 1) or row.token(end + 1) in ("địa", "việt", "hà", "mỹ"))


def _explains_a_day(row: Row, start: int, end: int) -> bool:
    """A day in parentheses belongs to words of time or of a holiday; a score to a name, a verb or another score."""
    codes = row.codes
    if _AFTER_EXPLANATION.match(codes, end) is None:
        return False
    if _RANGE.match(codes, end) is not None:
        return True
    left = codes[max(0, start - GUARD_LENGTH) : start - 1]
    if _EXPLAINED.search(left) is not None:
        return True
    if not left or left[-1] in DIGITS or row.is_capital(start - 2) or _SCORING.search(left) is not None:
        return False
    return _OF_A_DAY.search(left) is not None or int(row.token(start)) > 25


def _is_announced(row: Row, start: int, end: int) -> bool:
    """Before the figures stand words of time, or a parenthesis that explains some."""
    return _is_no_hour_range(row, start, end) and (row.codes[start - 1] != "(" or _explains_a_day(row, start, end))


@RULES.rule(
    "{month:day} (/ | - | .) {month}",
    after="khủng bố | sự kiện | thảm kịch | vụ tấn công | vụ",
    not_before="/ | - | .",
)
def attacks_of_2001(day: int, month: int) -> Made:
    return Day(11, 9, Year(2001)) if {day, month} == {9, 11} else None


@RULES.rule("{day} / {month}", after="{announcing}")
@RULES.rule("{day} / {month}", not_after="gấp | bằng | {no_date}", where=_is_no_fraction_nor_ratio)
@RULES.rule("{day} / {month}", after="{before_figures}", before="{boundary} | {more_days}")
@RULES.rule(
    "{day} / {month}",
    not_after="{fraction_before} | {no_date}",
    before="{boundary} | {more_days}",
    where=_is_no_further_ratio,
)
@RULES.rule("{day} / {month}", not_after="{fraction_before} | {no_date}", before="{spelt}", not_before="năm")
@RULES.rule("{day} / {month}", after=":", before="{opening}")
def figures(day: int, month: int) -> Made:
    return Day(day, month) if (day, month) != (24, 7) else None


@RULES.rule(
    "{day} (- | .) {month}",
    after="{announcing} | <(> | ({day_word} | {part_of_day} {day_tail} | {weekday} | {sunday} | {sign_of_hours}) ,",
    not_before="/ {month} | tháng {in_month} | h | g | : {two}",
    where=_is_announced,
)
@RULES.rule("{day} - {month}", before="{end}", not_after="{no_date}", where=_is_no_score)
@RULES.rule(
    "{day} (- | .) {month}",
    after="từ | đến | tới | hết | trước | vào | sau | sang | {dated}",
    before="{boundary}",
)
@RULES.rule("{day} (- | .) {month}", after="ký | ban hành", not_before="/ | - | . | {unit} | triệu | tỷ | nghìn | ngàn")
@RULES.rule("{day} (- | .) {month}", after=":", before="{opening}")
@RULES.rule("{day} . {month}", before="tại | ở | trên", not_after="{fraction_before} | {scored} | {document}")
def figures_with_dash_or_dot(day: int, month: int) -> Made:
    return Day(day, month)


@RULES.rule("(ngày | hôm)? (mùng | mồng) {a_day}")
def lunar_day_alone(day: int) -> Made:
    return Day(day, lunar=True) if 1 <= day <= 30 else None


@RULES.rule("{the} {day}", before="{boundary} | {more_days} | {joint}")
@RULES.rule("{day}", before="(- | ~) {day_prefix} {day} (/ {month} | tháng {in_month})")
@RULES.rule(
    "{day}", before="(đến hết? | tới hết? | cho đến) {day_prefix} {day} (/ {month} | - {month} | tháng {in_month})"
)
@RULES.rule("{day}", after="<(>", before="{more_days}")
@RULES.rule("{day}", after="từ", before="(- | ~ | đến | tới) {day} . {month} ({boundary})")
def day_alone(day: int) -> Made:
    return Day(day) if 1 <= day <= 31 else None
