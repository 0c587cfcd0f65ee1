"""The grammar: which words make which meaning.

Every rule is a pattern (the language is described in patterns.py) and the meaning it makes (meanings.py). At each place
of a text the longest rule that fits wins, and among equals the one written first. How pieces join into one expression
("9h" + "sáng" + "thứ Năm" + "8/6"), ranges, lists and parentheses are in reading.py.
"""

from __future__ import annotations

import re
from dataclasses import replace

from vovcrawl.dates.meanings import (
    Century,
    Clock,
    Day,
    Decade,
    Every,
    Length,
    Mod,
    Month,
    Months,
    Now,
    Part,
    Piece,
    Quarter,
    Season,
    Shift,
    Unit,
    Weekday,
    Weekend,
    Year,
    Zone,
)
from vovcrawl.dates.patterns import define, expression
from vovcrawl.dates.rules import Made, Rule, rule, trap
from vovcrawl.dates.syllables import Row

CONTINUING: dict[str, list[Rule]] = {
    "day": [],
    "year": [],
    "month": [],
    "quarter": [],
    "century": [],
    "weekday": [],
    "decade": [],
}
"""Rules for the further members of a list or range, by what its first member is: "năm 2010, 2012 và 2015"."""

define("the", "ngày (mùng | mồng)? | hôm (mùng | mồng | ngày)? | mùng | mồng")
define("in_month", "{month} | {month_name:month} | {lunar_month}")
define("in_year", "(của | trong)? (năm {year} | năm {period_tail:year_shift} | {same_year})")
define("a_day", "{day} | {spelt:day}")
define("every_year", "(hằng | hàng | mỗi) năm")
define("a_weekday", "{weekday} | {sunday:weekday}")
define("lunar_year", "(năm? {stem} {branch}) (<(>? {year} <)>?)?")
define("end", '<.> | , | ; | : | <(> | <)> | ~ | " ')
# What may follow a date that no word announces, when the figures could be a fraction as well.
define("boundary", "{end} | {name} | {behind_a_date}")
define("joint", "và | hoặc | hay | , | <,> | - | ~ | đến hết? | tới hết? | cho đến | cho tới")
define("day_prefix", "{part_of_day}? {the}?")
# A list or range that ends in a day with its month: what makes a bare number before it a day.
define(
    "more_days",
    "({joint}) {day_prefix} ({day} ({joint}) {day_prefix})? ({day} ({joint}) {day_prefix})? ({day} ({joint}) {day_prefix})?"
    " {day} (/ {month} | - {month} | tháng {in_month})",
)


def _year(year: int | None, year_shift: int | None, same_year: int | None) -> Year | None:
    if year is not None:
        return Year(year)
    if year_shift is not None:
        return Year(shift=year_shift)
    return Year(shift=0, base="mention") if same_year is not None else None


def _with_mod(mod: str | None, piece: Piece) -> Made:
    return piece if mod is None else (Mod(mod), piece)


def _not_a_name(row: Row, start: int, end: int) -> bool:
    """No capital on the last syllable: "sáng Mai" may be a person, "SÁNG MAI" is not."""
    return not row.is_capital(end - 1) or row.is_upper(end - 1)


def _is_joined(row: Row, start: int, end: int) -> bool:
    """No blank before the last syllable, which is no capital: "18g", but neither "4 g/l" nor "5G"."""
    return row.ends[end - 2] == row.starts[end - 1] and not row.is_capital(end - 1)


# Clock


@rule("{two:hour} giờ {two:minute} phút", "{count:hour} giờ {count:minute} phút")
def clock_or_length(hour: float, minute: float) -> Made:
    return Clock(int(hour), int(minute), bare=True) if hour <= 24 and minute < 60 else None


@rule(
    "{two:hour} giờ {two:minute}",
    "{two:hour} h {two:minute} (phút | p | ')?",
    "{two:hour} g {two:minute} p?",
    "{two:hour} : {two:minute} (: {two:second})?",
)
def clock(hour: int, minute: int, second: int | None = None) -> Made:
    return Clock(hour, minute) if hour <= 24 and minute < 60 and (second or 0) < 60 else None


@rule("{count:hour} (giờ | h | g) rưỡi")
@rule("{count:hour} rưỡi", before="{part_of_day}")
def half_past(hour: float) -> Made:
    return Clock(int(hour), 30, bare=True) if hour <= 24 else None


@rule("{count:hour} (giờ | h | g) kém {count:minute} phút?")
def clock_to(hour: int, minute: int) -> Made:
    return Clock((hour - 1) % 24, 60 - minute) if 0 < minute < 60 and hour <= 24 else None


@rule("{two:hour} h")
@rule("{two:hour} g", before="{part_of_day} | ngày | hôm | , ngày | , {two} (/ | -)", where=_is_joined)
@rule("{two:hour} g", after="{pointing}", where=_is_joined)
def hour_sign(hour: int) -> Made:
    return Clock(hour) if hour <= 24 else None


@rule("{two:hour} giờ đúng?", "{count:hour} giờ đúng?")
def hour_word(hour: float) -> Made:
    return Clock(int(hour), bare=True) if hour <= 24 and hour == int(hour) else None


@rule("{two:hour}", before="({joint}) {two} (h | g | giờ | :)", after="từ | lúc | khoảng | <(>")
def bare_hour(hour: int) -> Made:
    return Clock(hour, bare=True) if hour <= 24 else None


# Parts of day


@rule("{part_of_day:part}", not_before="đa | thiểu | ưu | kiến | tạo | lập | chế | tác | hậu | mật")
def part_of_day(part: str) -> Made:
    return Part(part)


@rule("{part_of_day:part} {day_tail:tail}", not_before="đời", where=_not_a_name)
def part_of_named_day(part: str, tail: int) -> Made:
    return Part(part), Shift("day", tail)


@rule("{part_of_day:part} {day}", before="{more_days}")
def part_of_numbered_day(part: str, day: int) -> Made:
    return Part(part), Day(day)


# Days by distance


@rule("{day_word}")
def day_word(day_word: int) -> Made:
    return Shift("day", day_word)


@rule("mai", before="sẽ", where=_not_a_name)
@rule("mai", after='<.> | "', before="{pronoun}", where=lambda row, start, end: not row.is_capital(end))
def tomorrow_in_speech() -> Made:
    return Shift("day", 1)


@rule("cùng ngày", not_after="cuối")
def same_day() -> Made:
    return Shift("day", 0, "mention")


@rule("(ngày | bữa)? hôm sau", "bữa sau", "ngày kế tiếp")
def day_after() -> Made:
    return Shift("day", 1, "mention")


@rule("ngày hôm trước")
def day_before() -> Made:
    return Shift("day", -1, "mention")


# Days by their date


@rule(
    "{the}? {day} / {month} / {year}",
    "{the}? {day} - {month} - {year}",
    "{the}? {day} . {month} . {year}",
    "{the}? {day} / {month} - {year}",
    "{the}? {a_day} (/ | - | .) {month} ,? {in_year}",
    "{the}? {a_day} tháng {in_month} ,? {in_year}",
    "{the}? {day} tháng {month} (, | / | - | .)? {year}",
)
def full_date(
    day: int,
    month: int | None = None,
    lunar_month: int | None = None,
    year: int | None = None,
    year_shift: int | None = None,
    same_year: int | None = None,
) -> Made:
    number = month or lunar_month
    return Day(day, number, _year(year, year_shift, same_year), lunar=month is None) if number and day <= 31 else None


@rule("{the} {day} (/ | - | .) {month} (/ | - | .) {two:short_year}")
def short_year_date(day: int, month: int, short_year: int) -> Made:
    return Day(day, month, Year(short_year + (2000 if short_year < 50 else 1900)))


@rule("{the} {day} (/ | - | .) {month}", "{the}? {day} tháng {in_month}", "{the} {spelt:day} tháng {in_month}")
def day_and_month(day: int, month: int | None = None, lunar_month: int | None = None) -> Made:
    number = month or lunar_month
    return Day(day, number, lunar=month is None) if number and 1 <= day <= 31 else None


define(
    "announcing",
    "{part_of_day} | {day_word} | {part_of_day} {day_tail} | {weekday} | {sunday} | {holiday} | hôm | h | g | giờ | phút",
)
define(
    "before_figures",
    "{announcing} | từ | tới | đến | hết | trước | sau | vào | , | <(> | lúc | và | hoặc | - | ~ | diễn ra",
)


def _is_no_score(row: Row, start: int, end: int) -> bool:
    """Whether figures with a dash can hardly be a score: "30-8"."""
    return int(row.token(start)) > 12


def _stands_apart(row: Row, start: int, end: int) -> bool:
    """Whether bare figures can be a date where a fraction is possible as well ("9/10"): numerator not above denominator."""
    day, month = int(row.token(start)), int(row.token(end - 1))
    return day > month


@rule(
    "{day} / {month}",
    after="khủng bố | sự kiện | thảm kịch | vụ tấn công | vụ",
    where=lambda row, start, end: row.token(start) == "11",
)
def attacks_of_2001(day: int, month: int) -> Made:
    return Day(day, month, Year(2001)) if (day, month) == (11, 9) else None


@rule("{day} / {month}", not_after="gấp | {scored} | {document} | {named_by_date}", where=_stands_apart)
@rule("{day} / {month}", after="(sớm | muộn | trễ) hơn")
@rule("{day} / {month}", after="{announcing}")
@rule("{day} / {month}", after="{before_figures}", before="{boundary}")
@rule("{day} / {month}", not_after="{fraction_before} | {scored} | {document} | {named_by_date}", before="{boundary}")
def figures(day: int, month: int) -> Made:
    return None if (day, month) == (24, 7) else Day(day, month)


@rule(
    "{day} - {month}",
    "{day} . {month}",
    after="{announcing} | <(> | ({day_word} | {part_of_day} {day_tail} | {weekday} | {sunday}) ,",
)
@rule("{day} - {month}", before="{end}", where=_is_no_score)
@rule("{day} - {month}", after="từ | đến | tới | hết | trước | vào | sau", before="{boundary}")
@rule("{day} . {month}", before="{end} | tại | ở | trên", not_after="{fraction_before} | {scored} | {document}")
def dashed_figures(day: int, month: int) -> Made:
    return Day(day, month)


@rule("{the} {day}", before="{boundary} | {more_days} | {joint}")
@rule("(mùng | mồng) {a_day}", "ngày (mùng | mồng) {a_day}", "hôm (mùng | mồng) {a_day}")
@rule("{day}", before="(- | ~) {day_prefix} {day} (/ {month} | tháng {in_month})")
@rule("{day}", before="(đến hết? | tới hết? | cho đến) {day_prefix} {day} (/ {month} | - {month} | tháng {in_month})")
@rule("{day}", after="<(>", before="{more_days}")
def bare_day(day: int) -> Made:
    return Day(day) if 1 <= day <= 31 else None


@rule(
    "{the}? {day} (/ | - | .) {month} {sure_tail:recent}",
    "{the}? {a_day} tháng {in_month} {sure_tail:recent}",
    "{the} {day} {sure_tail:recent}",
)
@rule(
    "{the}? {day} (/ | - | .) {month} {bare_tail:recent}",
    "{the}? {a_day} tháng {in_month} {bare_tail:recent}",
    "{the} {day} {bare_tail:recent}",
    before="{end}",
)
def recent_day(day: int, recent: str, month: int | None = None, lunar_month: int | None = None) -> Made:
    return Day(day, month or lunar_month, lunar=lunar_month is not None, recent=recent)


@rule("{the} {day} tháng {period_tail:shift}")
def day_of_near_month(day: int, shift: int) -> Made:
    return Day(day, month_shift=shift)


# Lunar dates


@rule(
    "{the}? {a_day} tết ((nguyên đán)? {lunar_year})? (nguyên đán)?",
    "{the}? {a_day} tết (nguyên đán)? {year}",
    "{the}? {a_day} tết (nguyên đán)? {in_year}",
)
def tet_day(
    day: int,
    stem: int | None = None,
    branch: int | None = None,
    year: int | None = None,
    year_shift: int | None = None,
    same_year: int | None = None,
) -> Made:
    known = _lunar_year(stem, branch, year) or _year(year, year_shift, same_year)
    if 1 <= day <= 10:
        return Day(day, 1, known, lunar=True)
    if not 20 <= day <= 30:
        return None
    # The last days before Tết are of the lunar year before the one that Tết opens.
    return Day(day, 12, replace(known, number=known.number - 1) if known and known.number else known, lunar=True)


@rule("{the}? rằm tháng {in_month} {lunar_marker}? ({lunar_year} | {in_year})?")
def full_moon(
    month: int | None = None,
    lunar_month: int | None = None,
    lunar_marker: str | None = None,
    stem: int | None = None,
    branch: int | None = None,
    year: int | None = None,
    year_shift: int | None = None,
    same_year: int | None = None,
) -> Made:
    known = _lunar_year(stem, branch, year) or _year(year, year_shift, same_year)
    return Day(15, month or lunar_month or 1, known, lunar=True)


@rule(
    "{the}? {a_day} tháng {in_month} {lunar_marker} ({lunar_year} | {in_year})?",
    "{the}? {day} (/ | -) {month} {lunar_marker} ({lunar_year} | {in_year})?",
    "{the}? {a_day} tháng {in_month} ({lunar_year} | {in_year}) {lunar_marker}?",
    "{the}? {a_day} tháng {lunar_month} ({lunar_year} | {in_year})?",
)
def lunar_date(
    day: int,
    month: int | None = None,
    lunar_month: int | None = None,
    lunar_marker: str | None = None,
    stem: int | None = None,
    branch: int | None = None,
    year: int | None = None,
    year_shift: int | None = None,
    same_year: int | None = None,
) -> Made:
    if lunar_marker is None and lunar_month is None and stem is None:
        return None
    known = _lunar_year(stem, branch, year) or _year(year, year_shift, same_year)
    return Day(day, month or lunar_month or 1, known, lunar=True) if 1 <= day <= 30 else None


@rule("tháng {in_month} {lunar_marker} ({lunar_year} | {in_year})?", "tháng {lunar_month} ({lunar_year} | {in_year})?")
def lunar_month(
    month: int | None = None,
    lunar_month: int | None = None,
    lunar_marker: str | None = None,
    stem: int | None = None,
    branch: int | None = None,
    year: int | None = None,
    year_shift: int | None = None,
    same_year: int | None = None,
) -> Made:
    known = _lunar_year(stem, branch, year) or _year(year, year_shift, same_year)
    return Month(month or lunar_month or 1, known, lunar=True)


def _lunar_year(stem: int | None, branch: int | None, year: int | None) -> Year | None:
    """The year in [1964, 2023] that has this name, as its distance in a cycle of sixty; the resolver finds the nearest."""
    if stem is None or branch is None:
        return None if year is None else Year(year)
    if year is not None:
        return Year(year)
    for number in range(1984, 2044):
        if (number + 6) % 10 == stem and (number + 8) % 12 == branch:
            return Year(number, base="mention")
    return None


# Weekdays


def _is_weekday_by_sight(row: Row, start: int, end: int) -> bool:
    """A capital inside ("thứ Hai", "Thứ Hai") tells a weekday from an ordinal; a sentence in capitals tells nothing."""
    last = end - 1
    return row.is_capital(last) and not (row.is_upper(last) and row.is_upper(last - 1))


def _is_capital_weekday(row: Row, start: int, end: int) -> bool:
    """Whether the weekday before a word like "tới" has its capital, or is a Sunday: "thứ Bảy tới"."""
    tokens = [row.token(place) for place in range(start, end)]
    if "nhật" in tokens:
        return True
    place = start + tokens.index("thứ") + 1
    return row.is_capital(place)


@rule("hôm ({a_weekday})", "(hôm | ngày)? {sunday:weekday}", not_after="báo")
@rule("ngày? {weekday}", where=_is_weekday_by_sight, not_after="lần | hạng | vị trí | đứng | người | con")
@rule(
    "{weekday}",
    after="{before_weekday} | {part_of_day} | h | g | giờ",
    before="{end} | {week_tail} | {weekday_tail} | và | đến | tới | {behind_a_date}",
    not_before=", {day_prefix} {word}",
)
@rule("{weekday}", after="{part_of_day} | h | g | giờ | phút | rưỡi | vào")
@rule(
    "ngày? {weekday}",
    before=",? {the}? {day} (/ | - | .) {month} | <(> {the}? {day} (/ | - | .) {month} | , {the} {day} tháng | , {two} (: | h | g | giờ) {two}",
)
def weekday(weekday: int) -> Made:
    return Weekday(weekday)


@rule("(hôm | ngày)? ({a_weekday}) {week_tail:tail}", not_after="lần | vị trí")
@rule(
    "(hôm | ngày)? ({a_weekday}) {weekday_tail:tail}",
    before="{end} | {behind_a_date}",
    not_before="({a_weekday}) | {the} {day}",
    not_after="lần | vị trí",
)
@rule(
    "(hôm | ngày)? ({a_weekday}) {weekday_tail:tail}",
    where=_is_capital_weekday,
    not_before="({a_weekday}) | {the} {day}",
)
def near_weekday(weekday: int, tail: str) -> Made:
    return Weekday(weekday, tail)


@rule("(mỗi | các)? ({a_weekday}) (hằng | hàng | mỗi) tuần", "mỗi ({a_weekday})")
def every_weekday(weekday: int) -> Made:
    return Weekday(weekday, every=True)


# Weeks and weekends


@rule("cuối tuần (này | nay)")
def this_weekend() -> Made:
    return Mod("END"), Weekend("this")


@rule("cuối tuần (qua | trước | rồi | vừa qua | vừa rồi)")
def past_weekend() -> Made:
    return Mod("END"), Weekend("past")


@rule("cuối tuần (tới | sau | tới đây | sắp tới)")
def next_weekend() -> Made:
    return Mod("END"), Weekend("next")


@rule("{mod}? tuần (qua | rồi | vừa qua | vừa rồi)")
def past_week(mod: str | None = None) -> Made:
    return _with_mod(mod, Shift("week", -1, at_weekend=True))


@rule("{mod}? tuần {period_tail:shift}", not_before="đó")
def near_week(shift: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Shift("week", shift))


@rule("{mod} tuần", after="từ | vào | hồi | kể từ")
def part_of_this_week(mod: str) -> Made:
    return Mod(mod), Shift("week", 0)


# Months


@rule(
    "{mod}? tháng {in_month}",
    "{mod}? tháng {in_month} ,? {in_year}",
    "{mod}? tháng {month} (/ | - | . | ,)? {year}",
    "{mod}? tháng {month_name:month} / {year}",
)
def month(
    month: int | None = None,
    lunar_month: int | None = None,
    mod: str | None = None,
    year: int | None = None,
    year_shift: int | None = None,
    same_year: int | None = None,
) -> Made:
    number = month or lunar_month
    known = _year(year, year_shift, same_year)
    return _with_mod(mod, Month(number, known, lunar=month is None)) if number else None


@rule("{mod}? tháng {in_month} {recent_tail:recent}", not_before="tháng | {month} | ngày")
def recent_month(
    month: int | None = None, lunar_month: int | None = None, recent: str | None = None, mod: str | None = None
) -> Made:
    number = month or lunar_month
    return _with_mod(mod, Month(number, recent=recent, lunar=month is None)) if number else None


@rule("{mod} {month} / {year}", "{month} / {year}", not_after="{document} | / | - | số | {scored}")
def month_and_year(month: int, year: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Month(month, Year(year)))


@rule("{mod}? tháng {period_tail:shift}", not_before="đó")
def near_month(shift: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Shift("month", shift))


@rule("{mod} tháng", not_before="{in_month} | {any_number}")
def part_of_this_month(mod: str) -> Made:
    return Mod(mod), Shift("month", 0)


# Quarters, half years, months of a year


@rule(
    "{mod}? quý {quarter}",
    "{mod}? quý {quarter} (/ | - | . | ,)? {year}",
    "{mod}? quý {quarter} ,? {in_year}",
    "{mod}? quý {quarter} / {in_year}",
)
def quarter(
    quarter: int | None,
    mod: str | None = None,
    year: int | None = None,
    year_shift: int | None = None,
    same_year: int | None = None,
) -> Made:
    return _with_mod(mod, Quarter(quarter, _year(year, year_shift, same_year))) if quarter else None


@rule("{mod}? quý {quarter} {recent_tail:recent}", not_before="quý | {quarter}")
def recent_quarter(quarter: int | None, recent: str, mod: str | None = None) -> Made:
    return _with_mod(mod, Quarter(quarter, recent=recent)) if quarter else None


@rule("{mod}? quý {period_tail:shift}", not_after="{title}")
def near_quarter(shift: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Shift("quarter", shift))


@rule("{mod} quý", not_before="{quarter}")
def part_of_this_quarter(mod: str) -> Made:
    return Mod(mod), Shift("quarter", 0)


@rule("nửa đầu (của | trong)? năm", "nửa đầu {in_year}", "nửa năm đầu", "nửa đầu {year}", "nửa đầu năm {year}")
def first_half(year: int | None = None, year_shift: int | None = None, same_year: int | None = None) -> Made:
    return Months(1, 6, _year(year, year_shift, same_year))


@rule(
    "(nửa cuối | nửa sau) (của | trong)? năm",
    "(nửa cuối | nửa sau) {in_year}",
    "nửa năm cuối",
    "(nửa cuối | nửa sau) {year}",
)
def second_half(year: int | None = None, year_shift: int | None = None, same_year: int | None = None) -> Made:
    return Months(7, 12, _year(year, year_shift, same_year))


@rule(
    "{count} tháng đầu (của | trong)? năm",
    "{count} tháng đầu {in_year}",
    "{count} tháng đầu tiên (của | trong) {in_year}",
    "{count} tháng đầu {year}",
)
def first_months(
    count: float, year: int | None = None, year_shift: int | None = None, same_year: int | None = None
) -> Made:
    return Months(1, int(count), _year(year, year_shift, same_year)) if 1 < count <= 12 else None


@rule(
    "{count} tháng cuối (của | trong)? năm",
    "{count} tháng cuối {in_year}",
    "{count} tháng (còn lại | sau) (của | trong)? {in_year}",
    "{count} tháng còn lại (của | trong)? năm",
)
def last_months(
    count: float, year: int | None = None, year_shift: int | None = None, same_year: int | None = None
) -> Made:
    return Months(13 - int(count), 12, _year(year, year_shift, same_year)) if 1 < count <= 12 else None


@rule("{count} tháng {in_year}", "{count} tháng (/ | -) {year}", not_after="tháng")
def months_of_year(
    count: float, year: int | None = None, year_shift: int | None = None, same_year: int | None = None
) -> Made:
    if year_shift is not None and year_shift > 0:
        return None
    return Months(1, int(count), _year(year, year_shift, same_year)) if 1 < count <= 12 else None


@rule("{count} quý đầu (của | trong)? năm", "{count} quý đầu {in_year}", "{count} quý {in_year}")
def first_quarters(
    count: float, year: int | None = None, year_shift: int | None = None, same_year: int | None = None
) -> Made:
    return Months(1, 3 * int(count), _year(year, year_shift, same_year)) if 1 < count <= 4 else None


# Seasons, years, decades, centuries


@rule("{mod}? mùa {season} ,? {in_year}", "{mod}? mùa {season} {year}", "mùa {season} {period_tail:year_shift}")
@rule("{season} {in_year}", "{season} {year}", where=lambda row, start, end: row.token(start) == "hè")
def season(
    season: str,
    mod: str | None = None,
    year: int | None = None,
    year_shift: int | None = None,
    same_year: int | None = None,
) -> Made:
    known = _year(year, year_shift, same_year)
    return _with_mod(mod, Season(season, known)) if known else None


@rule(
    "mùa {season} {recent_tail:recent}",
    "{season} {recent_tail:recent}",
    where=lambda row, start, end: row.token(start) in ("mùa", "hè"),
)
def recent_season(season: str, recent: str) -> Made:
    return Season(season, None, recent)


@rule("{mod}? năm {year} này?", "{mod} {year}", not_after="{title}")
def year(year: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Year(year))


@rule(
    "{year}",
    before="(- | ~ | đến | tới | đến hết | cho đến | cho tới) (năm? {year} | nay)",
    not_after="số | / | - | . | {document}",
)
@rule(
    "{year}",
    after="đến | tới | từ | trước | sau | kể từ | tầm nhìn | giai đoạn | nhiệm kỳ | năm học | niên khóa | hồi | vào | tính đến",
    before="{end} | - | và | đến",
)
def bare_year(year: int) -> Made:
    return Year(year) if 1000 <= year <= 2100 else None


@rule("{mod}? năm {period_tail:shift}", not_before="đó | {year}", not_after="{title}")
def near_year(shift: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Year(shift=shift))


@rule("{same_year}", not_after="cuối")
def same_year(same_year: int) -> Made:
    return Year(shift=0, base="mention")


@rule("{mod} năm", not_before="{any_number} | học | thứ | âm")
def part_of_this_year(mod: str) -> Made:
    return Mod(mod), Year(shift=0)


@rule(
    "{mod}? những năm {year}",
    "{mod}? (thập niên | thập kỷ) {year}",
    "{mod}? những năm đầu {year}",
)
def decade_in_full(year: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Decade(year // 10)) if year % 10 == 0 else None


@rule(
    "{mod}? những năm ({two:tens} | {spelt:tens}) (của? thế kỷ ({digits:century} | {roman:century} | {last_century:century}))?",
    "{mod}? (những năm)? (thập niên | thập kỷ) ({two:tens} | {spelt:tens}) (của? thế kỷ ({digits:century} | {roman:century} | {last_century:century}))?",
)
def decade(tens: int, mod: str | None = None, century: int = 20) -> Made:
    return _with_mod(mod, Decade((century - 1) * 10 + tens // 10)) if tens % 10 == 0 and 10 <= tens < 100 else None


@rule("{mod}? (thập niên | thập kỷ) {period_tail:shift}")
def near_decade(shift: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Shift("decade", shift))


@rule("{mod}? thế kỷ thứ? ({digits:century} | {roman:century} | {spelt:century})", not_before="trước công nguyên | tcn")
def century(century: int | None, mod: str | None = None) -> Made:
    return _with_mod(mod, Century(century - 1)) if century and century <= 30 else None


@rule("{mod}? thế kỷ {period_tail:shift}")
def near_century(shift: int, mod: str | None = None) -> Made:
    return _with_mod(mod, Shift("century", shift))


@rule(
    "nay",
    before="(đến hết? | tới | cho đến | cho tới | - | ~) ",
    not_after="{period_tail} | {part_of_day} | tuần | tháng | năm | quý | hôm | ngày | hiện | đến | tới | đời | thời | xưa",
)
def now() -> Made:
    return Now()


# Ago and from now

_UNITS: dict[str, Unit] = {"M": "minute", "H": "hour", "D": "day", "W": "week", "MONTH": "month", "Y": "year"}
_MULTIPLES: dict[str, tuple[Unit, int]] = {"QUARTER": ("month", 3), "DECADE": ("year", 10), "CENTURY": ("year", 100)}

define("about", "gần | hơn | khoảng | chừng | độ | đúng | tròn | ngót | tầm")
define("an_amount", "{count} {unit}")


def _shift(unit: str, count: float, sign: int, base: str = "reference") -> Made:
    if count != int(count) or count > 10_000:
        return None
    name, factor = _MULTIPLES[unit] if unit in _MULTIPLES else (_UNITS.get(unit), 1)
    return Shift(name, sign * factor * int(count), "mention" if base == "mention" else "reference") if name else None


@rule(
    "cách (đây | nay) ({about})? {an_amount}",
    "{an_amount} (trước | trước đây | về trước)",
    not_before="({event}) | {name}",
)
@rule("{an_amount} trước", before="{name}", after='<.> | , | " | :')
@rule("cách (đây | nay) ({about})? {an_amount}")
def ago(count: float, unit: str) -> Made:
    return _shift(unit, count, -1)


@rule("cách (đây | nay) ({about})? nửa {unit}", "nửa {unit} (trước | trước đây)", not_before="{event}")
def half_ago(unit: str) -> Made:
    return _half_shift(unit, -1)


@rule("nửa {unit} nữa")
def half_ahead(unit: str) -> Made:
    return _half_shift(unit, 1)


def _half_shift(unit: str, sign: int) -> Made:
    halves: dict[str, tuple[Unit, int]] = {
        "H": ("minute", 30),
        "D": ("hour", 12),
        "MONTH": ("day", 15),
        "Y": ("month", 6),
        "DECADE": ("year", 5),
        "CENTURY": ("year", 50),
    }
    return Shift(halves[unit][0], sign * halves[unit][1]) if unit in halves else None


_BOUNDARY = re.compile(expression("{end} | {behind_a_date}", capture=False))


def _is_no_event(row: Row, start: int, end: int) -> bool:
    """Not the hours since an event: "ba giờ sau bữa", where any word may follow, unlike "ba ngày sau mất"."""
    if row.token(end - 2) not in ("giờ", "phút", "tiếng", "giây", "hồ"):
        return True
    return end == len(row.codes) or _BOUNDARY.match(row.codes, end) is not None


@rule("{an_amount} nữa")
def ahead(count: float, unit: str) -> Made:
    return _shift(unit, count, 1)


@rule("{an_amount} sau đó?", not_before="{event}", where=_is_no_event)
def later(count: float, unit: str) -> Made:
    return _shift(unit, count, 1, "mention")


@rule("{an_amount} trước đó")
def earlier(count: float, unit: str) -> Made:
    return _shift(unit, count, -1, "mention")


@rule("{unit} trước đó", not_after="{any_number} | {spelt}")
def period_before(unit: str) -> Made:
    return _shift(unit, 1, -1, "mention") if unit in ("Y", "MONTH", "W") else None


# Lengths of time

_ISO = {"S": "T{}S", "M": "T{}M", "H": "T{}H", "D": "{}D", "W": "{}W", "MONTH": "{}M", "Y": "{}Y"}
_FACTORS = {"QUARTER": ("MONTH", 3), "DECADE": ("Y", 10), "CENTURY": ("Y", 100), "MILLENNIUM": ("Y", 1000)}


def _iso(unit: str, count: float | str) -> str:
    if unit in _FACTORS:
        unit, factor = _FACTORS[unit]
        count = count if isinstance(count, str) else count * factor
    return _ISO[unit].format(f"{count:g}" if isinstance(count, float) else count)


define(
    "not_units",
    "tuổi | thứ | lần thứ | sinh | học sinh | nổ | súng | anh | việt | pháp | kêu | động | nói | gọi | mẹ | cha | vang | trống | chuông | hô | nọ | kia | nào | cười | lòng | thơm | vàng | càng | thai",
)


def _names_no_unit(row: Row, start: int, end: int) -> bool:
    """No capital behind the first syllable: "ngã ba Quý Cao" is a place."""
    return not any(row.is_capital(place) and not row.is_upper(place) for place in range(start + 1, end))


@rule(
    "{count} {unit} {duration_tail}?",
    not_before="{not_units} | {digits} (/ | - | <,> | , | và) | tháng {month} | {digits} {unit}",
    where=_names_no_unit,
)
@rule("{count} h {duration_tail}?", after="{lasting}")
@rule("{count} h {duration_tail}")
def length(count: float, unit: str = "H", duration_tail: str | None = None) -> Made:
    if count == 0:
        return None
    return Length("P" + _iso(unit, count))


@rule("{count} (- | ~ | đến | tới) {count:most} {unit} {duration_tail}?", not_before="{not_units}")
def length_range(count: float, most: float, unit: str, duration_tail: str | None = None) -> Made:
    return Length(f"P{_iso(unit, count)}/P{_iso(unit, most)}")


@rule("{count} {unit} {count:more} {unit:smaller} {duration_tail}?", not_before="{not_units}")
def length_in_two_units(count: float, unit: str, more: float, smaller: str, duration_tail: str | None = None) -> Made:
    order = "SMHDW"
    steps = {
        **{letter: position for position, letter in enumerate(order)},
        "MONTH": 5,
        "QUARTER": 6,
        "Y": 7,
        "DECADE": 8,
        "CENTURY": 9,
        "MILLENNIUM": 10,
    }
    if steps[unit] <= steps[smaller] or unit in _FACTORS or smaller in _FACTORS:
        return None
    large, small = _iso(unit, count), _iso(smaller, more)
    return Length(f"P{large}{small.lstrip('T') if large.startswith('T') else small}")


@rule("{count} {unit} rưỡi {duration_tail}?")
def length_and_a_half(count: float, unit: str, duration_tail: str | None = None) -> Made:
    halves = {"Y": ("Y", "6M"), "MONTH": ("MONTH", "15D"), "H": ("H", "30M"), "M": ("M", "30S"), "D": ("D", "T12H")}
    if unit not in halves:
        return None
    return Length(f"P{_iso(unit, count)}{halves[unit][1]}")


@rule("nửa {unit} {duration_tail}?", not_before="đầu | cuối | ngoái")
def half_length(unit: str, duration_tail: str | None = None) -> Made:
    halves = {"Y": "P6M", "MONTH": "P15D", "H": "PT30M", "M": "PT30S", "D": "PT12H", "DECADE": "P5Y", "CENTURY": "P50Y"}
    return Length(halves[unit]) if unit in halves else None


@rule("{vague_count} {unit} {duration_tail}?", not_before="{not_units}")
def vague_length(vague_count: str, unit: str, duration_tail: str | None = None) -> Made:
    return Length("P" + _iso(unit, "X"))


# Recurring times


@rule("(hàng | hằng | mỗi) {unit}", not_before="học | {not_units}", not_after="xếp")
def every_unit(unit: str) -> Made:
    return Every("P" + _iso(unit, 1))


@rule("mỗi? {count} {unit} (một lần | {month:once} lần)", "mỗi {count} {unit}", "{count} {unit} / lần")
def every_few(count: float, unit: str, once: int = 1) -> Made:
    return Every("P" + _iso(unit, count))


@rule("(hàng | hằng | mỗi) {part_of_day:part}", not_after="xếp")
def every_part(part: str) -> Made:
    return Every(f"XXXX-XX-XXT{part}")


@rule(
    "{the}? {day} (/ | - | .) {month} {every_year}",
    "{the}? {a_day} tháng {month} {every_year}",
    "{the}? {a_day} tháng {month_name:month} {every_year}",
)
def every_date(day: int, month: int) -> Made:
    return Every(f"XXXX-{month:02}-{day:02}")


@rule("{the} {a_day} (hằng | hàng | mỗi) tháng")
def every_month_day(day: int) -> Made:
    return Every(f"XXXX-XX-{day:02}")


@rule("tháng {month} {every_year}", "tháng {month_name:month} {every_year}")
def every_month(month: int) -> Made:
    return Every(f"XXXX-{month:02}")


# Zones


def _capitals(row: Row, end: int) -> int:
    """The end of the row of capitalised syllables from `end` on, five at most: a name."""
    stop = end
    while stop < len(row.codes) and stop < end + 5 and row.is_capital(stop) and row.token(stop) not in ("gmt", "utc"):
        stop += 1
    return stop


@rule("theo? giờ {zone_here}")
def zone_here(zone_here: int) -> Made:
    return Zone("here")


@rule("theo? giờ (địa phương | bản địa | sở tại)")
@rule("theo? giờ (miền | nước | bờ)?", extend=_capitals)
@rule("theo? giờ miền đông nước mỹ", "theo? giờ miền tây nước mỹ", "theo? giờ miền đông", "theo? giờ miền đông mỹ")
def zone_elsewhere() -> Made:
    return Zone("local")


@rule("(theo? giờ (quốc tế | chuẩn)?)? (gmt | utc) ((+ | - | ~) {two:offset})?")
@rule("(theo? giờ)? (gmt | utc) (- | ~) {two:west}")
def zone_utc(offset: int = 0, west: int = 0) -> Made:
    return Zone("utc", offset - west)


# Further members of a list or range


@rule("{day} (/ | - | .) {month}", into=CONTINUING["day"])
@rule("{day}", before="{more_days}", into=CONTINUING["day"])
def further_day(day: int, month: int | None = None) -> Made:
    return Day(day, month)


@rule("{year}", before="{boundary} | - | <,> | nay", into=CONTINUING["year"])
@rule("{year}", after="- | ~ | đến | tới", into=CONTINUING["year"])
def further_year(year: int) -> Made:
    return Year(year) if 1000 <= year <= 2100 else None


@rule("{month}", "{month} (/ | -) {year}", "{month} ,? {in_year}", before="{boundary} | -", into=CONTINUING["month"])
@rule("{month_name:month}", where=lambda row, start, end: row.is_capital(start), into=CONTINUING["month"])
def further_month(
    month: int, year: int | None = None, year_shift: int | None = None, same_year: int | None = None
) -> Made:
    return Month(month, _year(year, year_shift, same_year))


@rule(
    "{quarter}", "{quarter} (/ | -) {year}", "{quarter} ,? {in_year}", before="{boundary}", into=CONTINUING["quarter"]
)
def further_quarter(
    quarter: int | None, year: int | None = None, year_shift: int | None = None, same_year: int | None = None
) -> Made:
    return Quarter(quarter, _year(year, year_shift, same_year)) if quarter else None


@rule("{two:century} | {roman:century}", into=CONTINUING["century"])
def further_century(century: int) -> Made:
    return Century(century - 1) if 0 < century <= 30 else None


@rule("{two:tens}", before="{boundary}", into=CONTINUING["decade"])
def further_decade(tens: int) -> Made:
    return Decade(190 + tens // 10) if tens % 10 == 0 else None


@rule("{weekday_number:weekday}", where=lambda row, start, end: row.is_capital(start), into=CONTINUING["weekday"])
def further_weekday(weekday: int) -> Made:
    return Weekday(weekday)


@rule(
    "{weekday_number:weekday} {week_tail:tail}",
    "{weekday_number:weekday} {weekday_tail:tail}",
    where=lambda row, start, end: row.is_capital(start),
    into=CONTINUING["weekday"],
)
def further_near_weekday(weekday: int, tail: str) -> Made:
    return Weekday(weekday, tail)


@rule("{weekday_number:weekday} (hằng | hàng | mỗi) tuần", into=CONTINUING["weekday"])
def further_every_weekday(weekday: int) -> Made:
    return Weekday(weekday, every=True)


# Words that only look like a time


def _numbers_a_document(row: Row, start: int, end: int) -> bool:
    """A year or letters follow the number: "42/2017", "10/12/QĐ", but not "thông báo 8/6"."""
    return row.ends[end - 1] - row.starts[end - 1] > 2 or row.codes[end : end + 1] in ("/", "-")


define("a_score", "{any_number} (/ | - | : | ~) {any_number}")

trap(
    "({document}) số? {any_number} / {any_number}",
    "({document}) số? {any_number} / {any_number} / {any_number}",
    where=_numbers_a_document,
)
trap(
    "(điều | khoản | mục | nghị định | thông tư | nghị quyết | quyết định) {any_number}",
    not_before="{unit} | / | {month}",
)

trap(
    "thứ {any_number}",
    "thứ {count}",
    "({named_by_date} | (đường | phố | trường) (mang tên | tên)) {day} (/ | - | tháng) {month}",
    "(bệnh viện | trường | xưởng | nhà máy | công ty | nhà hát | khu) {word} {word}? {day} (/ | - | tháng) {month}",
    "(ở | tại | địa chỉ) {day} / {month} {name}",
    "({scored}) ({word} | {name})? {a_score} (, {a_score})? (, {a_score})? (, {a_score})?",
    "{any_number} / {any_number} (trong (đó | số) | số | tổng)",
    '" tháng {in_month} "',
    "phút thứ? {any_number} (+ {any_number})?",
    "xô viết tháng mười",
    "cách mạng tháng {in_month}",
    "{any_number} / {any_number} / {any_number} / {any_number}",
    "tối (đa | thiểu | ưu | hậu | mật | tân | nghĩa)",
    "sáng (kiến | tạo | lập | tác | chế | giá | suốt)",
    "chiều (cao | dài | rộng | sâu | ngang | hướng | lòng)",
    "năm (học | người | sinh)",
    "({title}) (năm | mai | quý | sáng | tư | bảy | ba | hai | sáu | tám)",
    "ban (ngày | đêm)",
)
