"""The page stands alone, is well formed, and shows what comes from outside as text."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, cast

import html5lib
import pytest
from lxml import html

from benchmarks.newspaper_year import Year
from tests.conftest import PROJECT, environment
from tests.report.made import ENGLISH, SMALL, VIETNAMESE, article, facts_of, filled, page_of
from tests.stores import open_store, store_at
from vovcrawl.items import Author
from vovcrawl.report.language import Language
from vovcrawl.report.page import render

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">&amp;\x1b[31m{{ 7 * 7 }}\'"</svg></style>'


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("report") / "vov.sqlite")


def found(page: str, path: str) -> list[Any]:
    """What XPath finds."""
    return cast("list[Any]", html.fromstring(page).xpath(path))


def words(page: str, path: str) -> str:
    """The text of the first element that XPath finds."""
    element, *_ = found(page, path)
    return " ".join(element.text_content().split())


def check_stands_alone(page: str) -> None:
    """The page is valid as a strict parser has it, and nothing in it is run or loaded."""
    html5lib.HTMLParser(strict=True).parse(page)
    assert found(page, "//script | //iframe | //object | //embed | //img | //link | //form | //base | //use") == []
    assert found(page, "//@style | //@src | //@srcset | //@*[starts-with(name(), 'on')]") == []
    ids = found(page, "//@id")
    assert len(ids) == len(set(ids))
    assert set(found(page, "//@aria-labelledby")) <= set(ids)
    assert set(re.findall(r"url\(#(\w+)\)", page)) <= set(ids)
    assert {target[1:] for target in found(page, "//@href") if target.startswith("#")} <= set(ids)


@pytest.mark.parametrize("language", [VIETNAMESE, ENGLISH], ids=["vi", "en"])
def test_the_page_is_valid_and_loads_and_runs_nothing(year: Path, language: Language) -> None:
    page = render(facts_of(year), language, str(year))
    check_stands_alone(page)
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{language.code}">' in page
    (policy,) = found(page, "//meta[@http-equiv]/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_what_is_missing_and_what_changed_comes_before_all_else(year: Path) -> None:
    page = render(facts_of(year), ENGLISH, str(year))
    assert words(page, "//h1") == "Not whole: 3 days have no article; the pages’ template changed"
    points = words(page, "//ul[@class='points']")
    assert "No article: 20–22 January 2026 (about 3" in points
    assert "drupal-2022 → drupal-2026" in points
    assert "no longer look as expected in: author." in points


def test_the_vietnamese_page_says_the_same(year: Path) -> None:
    page = render(facts_of(year), VIETNAMESE, str(year))
    assert words(page, "//h1") == "Chưa trọn vẹn: 3 ngày không có bài; mẫu trang đã thay đổi"
    assert "Không có bài: 20–22/1/2026" in words(page, "//ul[@class='points']")


def test_a_store_without_a_hole_or_a_change_is_whole(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.sqlite", Year(days=40, a_day=20, hole=None, changes=None, words=30, seed=3))
    facts = facts_of(path)
    facts.unread.clear()
    facts.run_days.clear()
    assert words(render(facts, ENGLISH, "a"), "//h1") == "Whole: no day seems to be missing"


def test_every_figure_has_words_and_a_table_with_its_numbers(year: Path) -> None:
    page = render(facts_of(year), ENGLISH, str(year))
    for section in found(page, "//section"):
        assert section.xpath("string(.//figcaption)").strip(), section.get("id")
        if section.xpath(".//svg"):
            assert section.xpath(".//details//table"), section.get("id")
    assert {svg.get("role") for svg in found(page, "//svg")} == {"img"}


def test_the_table_of_days_has_each_day_s_number(year: Path) -> None:
    facts = facts_of(year)
    january, *_ = found(render(facts, ENGLISH, str(year)), "//section[@id='days']//tbody/tr")
    cells = [cell.text_content() for cell in january]
    expected = [str(facts.days.get(date(2026, 1, day), "")) for day in range(1, 32)]
    assert cells == ["Jan 2026", *expected, str(sum(count for day, count in facts.days.items() if day.month == 1))]


def test_missing_days_are_marked_in_the_calendar(year: Path) -> None:
    page = render(facts_of(year), ENGLISH, str(year))
    cells = found(page, "//section[@id='days']//*[local-name() = 'path'][@fill = 'var(--gap)']/*/text()")
    assert cells == ["20 January 2026: 0", "21 January 2026: 0", "22 January 2026: 0"]


def test_of_many_years_the_last_two_are_seen_at_once(tmp_path: Path) -> None:
    made = [article(year, f"{year}-07-10T08:00:00+07:00") for year in range(2015, 2027)]
    page = page_of(made, tmp_path / "a.sqlite")
    check_stands_alone(page)
    titles = [title.text_content().strip() for title in found(page, "//section[@id='days']/figure//h3")]
    folded = [title.text_content().strip() for title in found(page, "//section[@id='days']/details//h3")]
    assert (titles, folded) == (["2025", "2026"], [str(year) for year in range(2024, 2016, -1)])
    assert "2 articles of earlier years are in the table." in words(page, "//section[@id='days']//figcaption")


def test_markup_in_articles_is_shown_as_text(tmp_path: Path) -> None:
    outside: dict[str, Any] = {"headline": HOSTILE, "section": HOSTILE, "template": HOSTILE, "warnings": [HOSTILE]}
    author = Author(HOSTILE, HOSTILE, HOSTILE)
    text = " ".join(f"chữ{number}" for number in range(200))
    page = page_of(
        [article(number, body=text, authors=[author], content_type=HOSTILE, **outside) for number in (1, 2)],
        tmp_path / "a.sqlite",
    )
    check_stands_alone(page)
    assert "\x1b" not in page
    assert "49" not in words(page, "//section[@id='authors']//details")
    assert "<script>alert(1)</script>" in words(page, "//section[@id='duplicates']//details")
    assert "<script>" in words(page, "//section[@id='authors']")


def test_only_urls_of_the_web_can_be_followed(tmp_path: Path) -> None:
    text = " ".join(f"chữ{number}" for number in range(200))
    made = [article(1, body=text, url=None), article(2, "2026-07-11T08:00:00+07:00", body=text)]
    made[0].canonical_url = "javascript:alert(1)"
    page = page_of(made, tmp_path / "a.sqlite")
    assert "Bài 1" in words(page, "//section[@id='duplicates']//details")
    assert "javascript:" not in page


def test_the_same_store_gives_the_same_bytes_in_every_process(year: Path) -> None:
    store = store_at(year)
    page = render(facts_of(year), ENGLISH, store)
    assert render(facts_of(year), ENGLISH, store) == page
    code = (
        "import sys; from tests.report.made import *; p = sys.argv[1];"
        "sys.stdout.buffer.write(render(facts_of(p), ENGLISH, p).encode())"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, store],
        cwd=PROJECT,
        env={**environment(), "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
    )
    assert made.stdout.decode() == page


def test_an_empty_store_has_a_page(tmp_path: Path) -> None:
    page = page_of([], tmp_path / "a.sqlite", VIETNAMESE)
    check_stands_alone(page)
    assert words(page, "//h1") == "Kho chưa có bài nào"


def test_a_store_with_one_article_has_a_page(tmp_path: Path) -> None:
    page = page_of([article(1)], tmp_path / "a.sqlite")
    check_stands_alone(page)
    assert "One article, of 10 July 2026." in words(page, "//p[@class='summary']")


def test_a_store_with_articles_on_few_days_is_not_called_whole(tmp_path: Path) -> None:
    made = [article(day, f"2026-07-{day:02}T08:00:00+07:00") for day in (1, 9, 20, 31)]
    page = page_of(made, tmp_path / "a.sqlite")
    assert words(page, "//h1") == "Too few articles a day to tell whether a day is missing"


def test_texts_without_dates_have_a_page(tmp_path: Path) -> None:
    page = page_of((article(number, None, section=None) for number in range(30)), tmp_path / "a.sqlite")
    check_stands_alone(page)
    assert words(page, "//h1") == "No article has a date, so nothing can be said of missing days"


@pytest.mark.parametrize(
    "days", [("0001-01-01", "9999-12-31"), ("1970-01-01", "2026-07-10"), ("9999-12-30", "9999-12-31")]
)
def test_dates_of_any_year_have_a_page(tmp_path: Path, days: tuple[str, str]) -> None:
    made = [article(number, f"{day}T08:00:00+07:00") for number, day in enumerate(days)]
    page = page_of(made, tmp_path / "a.sqlite")
    check_stands_alone(page)


def test_hundreds_of_odd_sections_and_templates_have_a_small_page(tmp_path: Path) -> None:
    made = [article(number, section=f"s{number}", template=f"t{number}") for number in range(300)]
    page = page_of(made, tmp_path / "a.sqlite")
    check_stands_alone(page)
    assert len(page) < 300_000


def test_ten_years_are_well_below_three_megabytes(tmp_path: Path) -> None:
    database = open_store(tmp_path / "a.sqlite")
    database.close()
    facts = facts_of(filled(tmp_path / "b.sqlite", Year(**{**vars(SMALL), "days": 1})))
    facts.days = {date.fromordinal(day): day % 50 + 1 for day in range(date(2010, 1, 1).toordinal(), 739_000)}
    facts.section_days = {f"s{number}": facts.days for number in range(24)}
    facts.sections = [type(facts.sections[0])(name, 1_000) for name in facts.section_days if name]
    assert len(render(facts, VIETNAMESE, "a").encode()) < 2_000_000
