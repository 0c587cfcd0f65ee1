"""Points in time by their distance from now or from the date named before."""

from __future__ import annotations

from vovcrawl.dates.grammar.common import END
from vovcrawl.dates.meanings import Base, Shift, Unit
from vovcrawl.dates.patterns import Patterns
from vovcrawl.dates.rules import Made, Rules
from vovcrawl.dates.syllables import NAME, Row

RULES = Rules()

_UNITS: dict[str, tuple[Unit, int]] = {
    "M": ("minute", 1),
    "H": ("hour", 1),
    "D": ("day", 1),
    "W": ("week", 1),
    "MONTH": ("month", 1),
    "QUARTER": ("month", 3),
    "Y": ("year", 1),
    "DECADE": ("year", 10),
    "CENTURY": ("year", 100),
}
_HALVES: dict[str, tuple[Unit, int]] = {
    "H": ("minute", 30),
    "D": ("hour", 12),
    "MONTH": ("day", 15),
    "Y": ("month", 6),
    "DECADE": ("year", 5),
    "CENTURY": ("year", 50),
}

RULES.define("an_amount", "{count} {unit}")
RULES.define("ago_tail", "trước đây | về trước | trước")

_BOUNDARY = Patterns().compiled(f"{END} | {{after_a_date}}")


def _is_no_event(row: Row, start: int, end: int) -> bool:
    """Not the hours since an event: "ba giờ sau bữa", where any word may follow, unlike "ba ngày sau mất"."""
    if row.token(end - 2) not in ("giờ", "phút", "tiếng", "giây", "hồ"):
        return True
    return end == len(row.codes) or _BOUNDARY.match(row.codes, end) is not None


def _moved(unit: str, count: float, base: Base = "reference") -> Made:
    if unit not in _UNITS or count != int(count) or abs(count) > 10_000:
        return None
    name, factor = _UNITS[unit]
    return Shift(name, factor * int(count), base)


def _moved_half(unit: str, sign: int, base: Base = "reference") -> Made:
    if unit not in _HALVES:
        return None
    name, count = _HALVES[unit]
    return Shift(name, sign * count, base)


@RULES.rule("cách (đây | nay) ({ago_about})? {about}? {an_amount}")
@RULES.rule("{an_amount} ({ago_tail})", not_before="{event} | {name}")
@RULES.rule("{an_amount} trước", before="{name}", after='<.> | , | " | :')
def ago(count: float, unit: str, about: int = 1, ago_about: int = 1) -> Made:
    return _moved(unit, -count)


@RULES.rule("cách (đây | nay) ({ago_about})? {about}? nửa {unit}")
@RULES.rule("nửa {unit} ({ago_tail})", not_before="{event}")
def half_ago(unit: str, about: int = 1, ago_about: int = 1) -> Made:
    return _moved_half(unit, -1)


@RULES.rule("{an_amount} nữa")
def ahead(count: float, unit: str) -> Made:
    return _moved(unit, count)


@RULES.rule("nửa {unit} nữa")
def half_ahead(unit: str) -> Made:
    return _moved_half(unit, 1)


def _opens_or_is_no_event(row: Row, start: int, end: int) -> bool:
    """ "Ba ngày sau Nam trở lại" opens a sentence; within one the name is that of an event: "20 năm sau Euro 2004"."""
    if not _is_no_event(row, start, end):
        return False
    return row.token(end - 1) == "đó" or row.codes[end : end + 1] != NAME or row.opens_sentence(start)


@RULES.rule("{an_amount} sau đó?", not_before="{event}", where=_opens_or_is_no_event)
def later(count: float, unit: str) -> Made:
    return _moved(unit, count, "mention")


@RULES.rule("nửa {unit} sau đó?", not_before="{event}", where=_is_no_event)
def half_later(unit: str) -> Made:
    return _moved_half(unit, 1, "mention")


@RULES.rule("{an_amount} trước đó")
def earlier(count: float, unit: str) -> Made:
    return _moved(unit, -count, "mention")


@RULES.rule("{unit} trước đó", not_after="{any_number} | {spelt}")
def period_before(unit: str) -> Made:
    return _moved(unit, -1, "mention") if unit in ("Y", "MONTH", "W") else None
