"""Lengths of time."""

from __future__ import annotations

from vovcrawl.dates.meanings import Length
from vovcrawl.dates.patterns import VOCABULARY, Patterns
from vovcrawl.dates.rules import Made, Rules
from vovcrawl.dates.syllables import Row

RULES = Rules()

ISO = {"S": "T{}S", "M": "T{}M", "H": "T{}H", "D": "{}D", "W": "{}W", "MONTH": "{}M", "Y": "{}Y"}
FACTORS = {"QUARTER": ("MONTH", 3), "DECADE": ("Y", 10), "CENTURY": ("Y", 100), "MILLENNIUM": ("Y", 1000)}
_HALVES = {"Y": "6M", "MONTH": "15D", "D": "T12H", "H": "T30M", "M": "T30S", "DECADE": "5Y", "CENTURY": "50Y"}
_ORDER = ("S", "M", "H", "D", "W", "MONTH", "Y")


def iso(unit: str, count: float | str) -> str:
    """An ISO 8601 duration without its P; `X` stands for a number that the text leaves open."""
    if unit in FACTORS:
        unit, factor = FACTORS[unit]
        count = count if isinstance(count, str) else count * factor
    return ISO[unit].format(f"{count:g}" if isinstance(count, float) else count)


def _names_nothing(row: Row, start: int, end: int) -> bool:
    """No capital after the first syllable: "ngã ba Quý Cao" is a place."""
    return not any(row.is_capital(place) and not row.is_upper(place) for place in range(start + 1, end))


_SOUND = Patterns().compiled("{sound}")
_HOUR, _YEAR, _SCHOOL = (VOCABULARY.code(syllable) for syllable in ("tiếng", "năm", "học"))


def _is_heard_as_hours(row: Row, start: int, end: int) -> bool:
    """ "Hai tiếng nổ" are no hours."""
    return row.codes[end - 1] != _HOUR or _SOUND.match(row.codes, end) is None


def _is_a_length(row: Row, start: int, end: int) -> bool:
    """Nor are "hai năm học 2017-2018" two years."""
    if row.codes[end - 1] == _YEAR and row.codes[end : end + 1] == _SCHOOL:
        return False
    return _is_heard_as_hours(row, start, end) and _names_nothing(row, start, end)


@RULES.rule(
    "{count} {unit} {duration_tail}?",
    not_before="{no_unit} | ({two} | {hundreds}) (/ | - | <,> | , | và) | tháng {month} | {digits} {unit}"
    " | (đầu | cuối) tuần",
    where=_is_a_length,
)
@RULES.rule("{count} h {duration_tail}", not_before="{two}")
@RULES.rule("{count} h", after="({lasting}) {about}?", not_before="{and_a_day}")
@RULES.rule("{count} h", before="(sau | trước) khi")
def length(count: float, unit: str = "H", duration_tail: str = "") -> Made:
    return Length("P" + iso(unit, count)) if count else None


@RULES.rule("{count} h {count:more} (phút | p)?", after="({lasting}) {about}?", not_before="{and_a_day}")
@RULES.rule("{count} h {count:more} (phút | p)?", before="(sau | trước) khi")
def hours_and_minutes(count: float, more: float) -> Made:
    return Length(f"P{iso('H', count)}{iso('M', more).removeprefix('T')}") if more < 60 else None


@RULES.rule(
    "{count} (- | ~ | đến | tới) {count:most} {unit} {duration_tail}?",
    not_before="{no_unit} | {digits} | {and_a_day} | {lunar_month} | tư | bảy | tám | chín | mười",
)
def length_between(count: float, most: float, unit: str, duration_tail: str = "") -> Made:
    if count > most:
        return None
    return Length(f"P{iso(unit, count)}/P{iso(unit, most)}")


@RULES.rule("{count} {unit} {count:more} {unit:smaller} {duration_tail}?", not_before="{no_unit} | {digits}")
def length_in_two_units(count: float, unit: str, more: float, smaller: str, duration_tail: str = "") -> Made:
    if unit not in _ORDER or smaller not in _ORDER or _ORDER.index(unit) <= _ORDER.index(smaller):
        return None
    large, small = iso(unit, count), iso(smaller, more)
    return Length(f"P{large}{small.removeprefix('T') if large.startswith('T') else small}")


@RULES.rule(
    "{count} {unit} {count:more} {unit:smaller} {count:most} {unit:smallest} {duration_tail}?", not_before="{no_unit}"
)
def length_in_three_units(
    count: float, unit: str, more: float, smaller: str, most: float, smallest: str, duration_tail: str = ""
) -> Made:
    units = (unit, smaller, smallest)
    if any(one not in _ORDER for one in units) or not _ORDER.index(unit) > _ORDER.index(smaller) > _ORDER.index(
        smallest
    ):
        return None
    days = "".join(iso(one, times) for one, times in zip(units, (count, more, most), strict=True))
    return Length("P" + days.replace("T", "\0", 1).replace("T", "").replace("\0", "T"))


@RULES.rule("{count} {unit} rưỡi {duration_tail}?")
def length_and_a_half(count: float, unit: str, duration_tail: str = "") -> Made:
    if unit not in _HALVES or unit in FACTORS:
        return None
    large, small = iso(unit, count), _HALVES[unit]
    return Length(f"P{large}{small.removeprefix('T') if large.startswith('T') else small}")


@RULES.rule("nửa {unit} {duration_tail}?", not_before="đầu | cuối | ngoái")
def half_length(unit: str, duration_tail: str = "") -> Made:
    return Length(f"P{_HALVES[unit]}") if unit in _HALVES else None


@RULES.rule("{vague_count} {unit} {duration_tail}?", not_before="{no_unit}", where=_is_heard_as_hours)
def vague_length(vague_count: str, unit: str, duration_tail: str = "") -> Made:
    return Length("P" + iso(unit, vague_count))
