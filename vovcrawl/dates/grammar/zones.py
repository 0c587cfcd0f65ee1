"""Whose clock a time is given by."""

from __future__ import annotations

from vovcrawl.dates.meanings import Zone
from vovcrawl.dates.rules import Made, Rules
from vovcrawl.dates.syllables import Row

RULES = Rules()

LONGEST_NAME = 5
"""How many syllables the name of a city or country may have."""


def _name(row: Row, end: int) -> int:
    """The end of the capitalised syllables from `end` on."""
    stop = end
    while (
        stop < min(len(row.codes), end + LONGEST_NAME)
        and row.is_capital(stop)
        and row.token(stop) not in ("gmt", "utc")
    ):
        stop += 1
    return stop


def _name_in_parentheses(row: Row, end: int) -> int:
    """The same with the parenthesis that closes."""
    stop = _name(row, end)
    return stop + 1 if stop > end and row.codes[stop : stop + 1] == ")" else end


@RULES.rule("theo? giờ {zone_here}", "<(> theo? giờ {zone_here} <)>")
def zone_here(zone_here: int) -> Made:
    return Zone("here")


RULES.define("elsewhere", "theo? giờ (địa phương | bản địa | sở tại) | theo? giờ miền (đông | tây) (nước? mỹ)?")


@RULES.rule("{elsewhere}", "<(> {elsewhere} <)>")
@RULES.rule("theo? giờ (miền | nước | bờ)?", extend=_name)
@RULES.rule("<(> theo? giờ (miền | nước | bờ)?", extend=_name_in_parentheses)
def zone_elsewhere() -> Made:
    return Zone("local")


RULES.define("utc", "(theo? giờ (quốc tế | chuẩn)?)? (gmt | utc) (+ {two:east} | (- | ~) {two:west})?")


@RULES.rule("{utc}", "<(> {utc} <)>")
def zone_utc(east: int = 0, west: int = 0) -> Made:
    return Zone("utc", east - west)
