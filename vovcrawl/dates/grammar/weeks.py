"""Weeks and weekends."""

from __future__ import annotations

from vovcrawl.dates.meanings import Mod, Shift, Weekend
from vovcrawl.dates.rules import Made, Rules

RULES = Rules()


@RULES.rule("cuối tuần (này | nay)")
def this_weekend() -> Made:
    return Mod("END"), Weekend("this")


@RULES.rule("cuối tuần (qua | trước | rồi | vừa qua | vừa rồi)")
def past_weekend() -> Made:
    return Mod("END"), Weekend("past")


@RULES.rule("cuối tuần (tới | sau | tới đây | sắp tới)")
def next_weekend() -> Made:
    return Mod("END"), Weekend("next")


@RULES.rule("{mod}? tuần qua", not_after="những | các")
def past_week() -> Made:
    return Shift("week", -1, at_weekend=True)


@RULES.rule("sang tuần", not_before="{period_tail}")
def next_week() -> Made:
    return Shift("week", 1)


@RULES.rule("{mod}? tuần {period_tail:weeks}", not_before="đó | nay", not_after="những | các")
def near_week(weeks: int) -> Made:
    return Shift("week", weeks)


@RULES.rule("{mod}? tuần trước nữa", not_after="những | các")
def week_before_last() -> Made:
    return Shift("week", -2)


@RULES.rule("{mod}? tuần (sau | tới) nữa", not_after="những | các")
def week_after_next() -> Made:
    return Shift("week", 2)


@RULES.rule("cuối tuần", after="vào | vào dịp", not_after="những | các", not_before="qua | trước | này")
def weekend() -> Made:
    return Mod("END"), Weekend("this")


@RULES.rule("{mod} tuần", after="từ | vào | hồi | kể từ | so với | ngay", not_after="những | các | ngày")
@RULES.rule("(đầu | giữa) tuần", before=",", where=lambda row, start, end: row.opens_sentence(start))
def part_of_this_week() -> Made:
    return Shift("week", 0)
