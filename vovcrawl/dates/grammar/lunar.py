"""Dates of the lunar calendar."""

from __future__ import annotations

from dataclasses import replace

from vovcrawl.dates.meanings import Day, Month, Year
from vovcrawl.dates.rules import Made, Rules

RULES = Rules()

RULES.define("of_lunar_year", "{lunar_year:lunar} | {in_year:lunar}")


@RULES.rule(
    "{the}? {a_day} tết (nguyên đán)? {of_lunar_year}? (nguyên đán)?",
    "{the}? {a_day} tết (nguyên đán)? {year}",
)
def day_of_tet(day: int, lunar: Year | None = None, year: int | None = None) -> Made:
    known = Year(year) if year is not None else lunar
    if 1 <= day <= 10:
        return Day(day, 1, known, lunar=True)
    if not 20 <= day <= 30:
        return None
    # The last days before Tết are of the year before the one that Tết opens.
    return Day(day, 12, replace(known, number=known.number - 1) if known and known.number else known, lunar=True)


@RULES.rule("{the}? rằm tháng {in_month} {lunar_marker}? {of_lunar_year}?")
def full_moon(in_month: Month, lunar_marker: str = "", lunar: Year | None = None) -> Made:
    return Day(15, in_month.month, lunar, lunar=True)


@RULES.rule(
    "{the}? {a_day} tháng {in_month} {lunar_marker} {of_lunar_year}?",
    "{the}? {a_day} tháng {in_month} {lunar_year:lunar} {lunar_marker}?",
    "{the}? {a_day} tháng {in_month} {in_year:lunar} {lunar_marker}",
)
def lunar_date(day: int, in_month: Month, lunar_marker: str = "", lunar: Year | None = None) -> Made:
    return Day(day, in_month.month, lunar, lunar=True) if 1 <= day <= 30 else None


@RULES.rule(
    "{the}? {day} (/ | - | .) {month} ({lunar_marker} {of_lunar_year}? | {lunar_year:lunar})",
)
def lunar_figures(day: int, month: int, lunar_marker: str = "", lunar: Year | None = None) -> Made:
    return Day(day, month, lunar, lunar=True) if day <= 30 else None


@RULES.rule("tháng {in_month} {lunar_marker} {of_lunar_year}?", "tháng {in_month} {lunar_year:lunar}")
def month_of_lunar_year(in_month: Month, lunar_marker: str = "", lunar: Year | None = None) -> Made:
    return Month(in_month.month, lunar, lunar=True)
