"""Further members of a list or range, which leave out the word that the first one has: "năm 2010, 2012 và 2015"."""

from __future__ import annotations

from vovcrawl.dates.meanings import Century, Day, Decade, Mod, Month, Quarter, Shift, Weekday, Weekend, Year
from vovcrawl.dates.rules import Made, Rules
from vovcrawl.dates.syllables import Row

CONTINUING = {name: Rules() for name in ("now", "day", "weekday", "month", "quarter", "year", "decade", "century")}
"""The rules, by what the first member is."""


def _has_capital(row: Row, start: int, end: int) -> bool:
    return row.is_capital(start)


@CONTINUING["now"].rule("cuối tuần")
def until_the_weekend() -> Made:
    return Mod("END"), Weekend("this")


@CONTINUING["now"].rule("tuần", after="hết")
def until_the_end_of_the_week() -> Made:
    return Shift("week", 0)


@CONTINUING["now"].rule("tháng", after="hết")
def until_the_end_of_the_month() -> Made:
    return Shift("month", 0)


@CONTINUING["now"].rule("quý", after="hết")
def until_the_end_of_the_quarter() -> Made:
    return Shift("quarter", 0)


@CONTINUING["now"].rule("năm", after="hết")
def until_the_end_of_the_year() -> Made:
    return Year(shift=0)


@CONTINUING["day"].rule("{day} (/ | - | .) {month}")
@CONTINUING["day"].rule("{day}", before="{more_days}")
def further_day(day: int, month: int | None = None) -> Made:
    return Day(day, month)


@CONTINUING["weekday"].rule(
    "{weekday_number:weekday}",
    "{weekday_number:weekday} ({week_tail:tail} | {weekday_tail:tail})",
    where=_has_capital,
)
def further_weekday(weekday: int, tail: str | None = None) -> Made:
    return Weekday(weekday, tail)


@CONTINUING["weekday"].rule("{weekday_number:weekday} ({each}) tuần")
def further_every_weekday(weekday: int) -> Made:
    return Weekday(weekday, every=True)


@CONTINUING["month"].rule("{month}", "{month} (/ | -) {year}", "{month} ,? {in_year}", before="{boundary} | -")
@CONTINUING["month"].rule("{month_name:month}", where=_has_capital)
def further_month(month: int, year: int | None = None, in_year: Year | None = None) -> Made:
    return Month(month, Year(year) if year is not None else in_year)


@CONTINUING["quarter"].rule("{quarter}", "{quarter} (/ | -) {year}", "{quarter} ,? {in_year}", before="{boundary}")
def further_quarter(quarter: int, year: int | None = None, in_year: Year | None = None) -> Made:
    return Quarter(quarter, Year(year) if year is not None else in_year)


@CONTINUING["year"].rule("{year}", before="{boundary} | - | <,> | nay")
@CONTINUING["year"].rule("{year}", after="- | ~ | / | đến | tới")
def further_year(year: int) -> Made:
    return Year(year) if year <= 2100 else None


@CONTINUING["decade"].rule("{year}")
def further_decade_in_full(year: int) -> Made:
    return Decade(year // 10) if year % 10 == 0 else None


@CONTINUING["decade"].rule("{two:tens}", before="{boundary}")
def further_decade(tens: int) -> Made:
    return Decade(190 + tens // 10) if tens % 10 == 0 and 10 <= tens < 100 else None


@CONTINUING["century"].rule("{two:century} | {roman:century}")
def further_century(century: int) -> Made:
    return Century(century - 1) if 0 < century <= 30 else None
