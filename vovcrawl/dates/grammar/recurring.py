"""Recurring times; those of weekdays are with the weekdays."""

from __future__ import annotations

from vovcrawl.dates.grammar.lengths import iso
from vovcrawl.dates.meanings import Every, Month
from vovcrawl.dates.rules import Made, Rules

RULES = Rules()


@RULES.rule(
    "({each}) {unit}",
    not_before="học | {no_unit} | {year} | này | nay | ngoái | mai",
    not_after="xếp | {goods}",
)
def every_unit(unit: str) -> Made:
    return Every("P" + iso(unit, 1))


@RULES.rule("mỗi? {count} {unit} (một | {month:once}) lần", "mỗi {count} {unit}", "{count} {unit} / lần")
def every_few(count: float, unit: str, once: int = 1) -> Made:
    return Every("P" + iso(unit, count)) if once == 1 else None


@RULES.rule("({each}) {part_of_day:part}", not_after="xếp | {goods}")
def every_part(part: str) -> Made:
    return Every(f"XXXX-XX-XXT{part}")


@RULES.rule("{the}? {day} (/ | - | .) {month} ({each}) năm", "{the}? {a_day} tháng {in_month} ({each}) năm")
def every_date(day: int, month: int | None = None, in_month: Month | None = None) -> Made:
    number = in_month.month if in_month is not None else month
    return Every(f"XXXX-{number:02}-{day:02}") if not (in_month and in_month.lunar) else None


@RULES.rule("{the} {a_day} ({each}) tháng")
def every_day_of_month(day: int) -> Made:
    return Every(f"XXXX-XX-{day:02}")


@RULES.rule("tháng {in_month} ({each}) năm")
def every_month(in_month: Month) -> Made:
    return Every(f"XXXX-{in_month.month:02}") if not in_month.lunar else None
