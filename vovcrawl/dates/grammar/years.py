"""Seasons, years, decades and centuries."""

from __future__ import annotations

from vovcrawl.dates.meanings import Century, Decade, Now, Season, Shift, Year, Years
from vovcrawl.dates.patterns import Patterns
from vovcrawl.dates.rules import Made, Rules
from vovcrawl.dates.syllables import Row

RULES = Rules()


def _is_sure_season(row: Row, start: int, end: int) -> bool:
    """ "Hè 2023" says summer; "thu 2023" may be income, "đông" a crowd."""
    return row.token(start) == "hè"


@RULES.rule("{mod}? mùa {season} ,? {in_year}")
@RULES.rule("{season} {in_year}", where=_is_sure_season)
def season(season: str, in_year: Year) -> Made:
    return Season(season, in_year)


@RULES.rule("{mod}? mùa {season} {year}")
@RULES.rule("{season} {year}", where=_is_sure_season)
def season_and_year(season: str, year: int) -> Made:
    return Season(season, Year(year))


@RULES.rule("mùa {season} {recent_tail:recent}")
@RULES.rule("{season} {recent_tail:recent}", where=_is_sure_season)
def recent_season(season: str, recent: str) -> Made:
    return Season(season, None, recent)


@RULES.rule("mùa {season} {period_tail:years}")
def near_season(season: str, years: int) -> Made:
    return Season(season, Year(shift=years))


@RULES.rule("{mod}? năm {year} (này | vừa qua | vừa rồi)?", "{mod} {year}", not_after="{title}")
def year(year: int) -> Made:
    return Year(year)


_NAMED = Patterns().compiled("năm {stem} {branch} <(>?")
_IS = Patterns().compiled("là (một | năm)")


def _is_subject(row: Row, start: int, end: int) -> bool:
    """ "2024 là một năm ..." opens a sentence."""
    return _IS.match(row.codes, end) is not None and row.opens_sentence(start)


def _is_named(row: Row, start: int, end: int) -> bool:
    """The year's name stands before, whatever follows: "năm Giáp Thìn 2024"."""
    return any(_NAMED.fullmatch(row.codes, max(0, start - length), start) is not None for length in (3, 4))


@RULES.rule(
    "{year}",
    before="(- | ~ | đến hết? | tới | cho đến | cho tới) (năm? {year} | nay)",
    not_after="số | / | - | .",
)
@RULES.rule("{year}", after="mùa giải | mùa bóng | năm học | niên khóa | niên vụ", before="/ {year}")
@RULES.rule("{year}", after="{before_year}", before="{end} | - | và | đến")
@RULES.rule("{year}", before="là", where=_is_subject)
@RULES.rule("{year}", where=_is_named)
def year_alone(year: int) -> Made:
    return Year(year) if year <= 2100 else None


@RULES.rule(
    "{year} (/ | -) {two:short}", after="mùa | mùa giải | mùa bóng | năm học | niên khóa | niên vụ", not_before="/ | -"
)
def season_of_sport(year: int, short: int) -> Made:
    return Years(year, year + 1) if short == (year + 1) % 100 else None


@RULES.rule("{mod}? năm {hundreds:year}", before="{boundary}", not_after="{title} | {any_number} | {spelt}")
def early_year(year: int) -> Made:
    return Year(year) if year >= 100 else None


@RULES.rule("{mod}? năm {period_tail:years}", not_before="đó | nay | {year}", not_after="{title} | những | các")
def near_year(years: int) -> Made:
    return Year(shift=years)


@RULES.rule("sang năm", not_before="{year} | {period_tail}", not_after="bước")
def next_year() -> Made:
    return Year(shift=1)


@RULES.rule("{same_year:years}", not_after="cuối")
def same_year(years: int) -> Made:
    return Year(shift=years, base="mention")


@RULES.rule("{mod} năm", not_before="{any_number} | học | thứ | âm")
def part_of_this_year() -> Made:
    return Year(shift=0)


RULES.define("ten_years", "{two:tens} | {spelt:tens}")
RULES.define("its_century", "của? thế kỷ ({digits:century} | {roman:century} | {last_century:century})")


@RULES.rule("{mod}? những năm đầu? {year}", "{mod}? (thập niên | thập kỷ) {year}")
def decade_in_full(year: int) -> Made:
    return Decade(year // 10) if year % 10 == 0 else None


@RULES.rule(
    "{mod}? những năm {ten_years} {its_century}?",
    "{mod}? (những năm)? (thập niên | thập kỷ) {ten_years} {its_century}?",
)
def decade(tens: int, century: int = 20) -> Made:
    return Decade((century - 1) * 10 + tens // 10) if tens % 10 == 0 and 10 <= tens < 100 else None


@RULES.rule("{mod}? (thập niên | thập kỷ) {period_tail:decades}")
def near_decade(decades: int) -> Made:
    return Shift("decade", decades)


@RULES.rule(
    "{mod}? thế kỷ thứ? ({digits:century} | {roman:century} | {spelt:century})", not_before="trước công nguyên | tcn"
)
def century(century: int) -> Made:
    return Century(century - 1) if 0 < century <= 30 else None


@RULES.rule("{mod}? thế kỷ {period_tail:centuries}")
def near_century(centuries: int) -> Made:
    return Shift("century", centuries)


@RULES.rule("nay", before="đến hết? | tới | cho đến | cho tới | - | ~", not_after="{not_before_now}")
def now() -> Made:
    return Now()
