"""The report as a reader sees it: on a telephone and on a desk, light and dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.newspaper_year import Year
from tests.browser import Seen, chromium
from tests.report.made import ENGLISH, VIETNAMESE, facts_of, filled
from vovcrawl.report.page import render

pytestmark = pytest.mark.long

SIZES = {"telephone": (390, 844), "desk": (1280, 800)}
HOLE = "#days path[fill='var(--gap)']"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module", params=["vi", "en"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a year with a hole of three days and a template that changes."""
    folder = tmp_path_factory.mktemp("report")
    store = filled(folder / "vov.sqlite", Year(a_day=20, words=40))
    path = folder / "report.html"
    language = VIETNAMESE if request.param == "vi" else ENGLISH
    path.write_text(render(facts_of(store), language, str(store)), encoding="utf-8")
    return path


@pytest.mark.parametrize("size", SIZES)
def test_the_page_opens_without_an_error_and_asks_for_nothing_else(browser: Any, report: Path, size: str) -> None:
    seen = Seen(browser, report, *SIZES[size])
    for summary in seen.page.locator("summary").all():
        summary.click()
    assert (seen.said, seen.asked) == ([], [report.as_uri()])


@pytest.mark.parametrize("size", SIZES)
def test_the_hole_and_the_change_are_in_the_first_screen(browser: Any, report: Path, size: str) -> None:
    seen = Seen(browser, report, *SIZES[size])
    assert seen.page.locator(HOLE).count() == 3
    for selector in ("h1", ".points .bad", ".points .changed", HOLE):
        assert seen.is_in_first_screen(selector), selector


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(browser: Any, report: Path, size: str) -> None:
    seen = Seen(browser, report, *SIZES[size])
    for summary in seen.page.locator("summary").all():
        summary.click()
    assert seen.page.evaluate("document.documentElement.scrollWidth") == SIZES[size][0]


def test_both_schemes_have_colours_of_their_own_and_paper_those_of_the_light_one(browser: Any, report: Path) -> None:
    def colours(scheme: str, media: str) -> tuple[str, str]:
        seen = Seen(browser, report, *SIZES["desk"], color_scheme=scheme)
        seen.page.emulate_media(media=media, color_scheme=scheme)
        style = "getComputedStyle(document.querySelector({!r})).{}"
        return (
            seen.page.evaluate(style.format("body", "backgroundColor")),
            seen.page.evaluate(style.format("#days path[fill='var(--q5)']", "fill")),
        )

    light, dark = colours("light", "screen"), colours("dark", "screen")
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    assert colours("dark", "print") == ("rgb(255, 255, 255)", light[1])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(browser: Any, report: Path, scheme: str) -> None:
    """At least 4.5 to 1, as WCAG 2.2 asks of text (1.4.3)."""
    seen = Seen(browser, report, *SIZES["desk"], color_scheme=scheme)
    for selector in ("h1", "figcaption", ".points .bad b", ".points .changed b", "main summary", "svg text"):
        assert seen.page.evaluate(_CONTRAST, selector) >= 4.5, selector


def test_a_screen_reader_is_told_what_each_figure_shows(browser: Any, report: Path) -> None:
    seen = Seen(browser, report, *SIZES["desk"])
    named = seen.page.get_by_role("img").all()
    assert len(named) == seen.page.locator("svg").count()
    assert all(
        seen.page.evaluate(
            "id => document.getElementById(id).textContent.trim()", each.get_attribute("aria-labelledby")
        )
        for each in named
    )


_CONTRAST = """selector => {
  const parse = colour => colour.match(/[0-9.]+/g).map(Number);
  const linear = c => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const element = document.querySelector(selector);
  const ink = element instanceof SVGElement ? getComputedStyle(element).fill : getComputedStyle(element).color;
  let behind = element;
  while (behind && (parse(getComputedStyle(behind).backgroundColor)[3] === 0)) behind = behind.parentElement;
  const shades = [light(parse(ink)), light(parse(getComputedStyle(behind).backgroundColor))].sort((a, b) => b - a);
  return (shades[0] + 0.05) / (shades[1] + 0.05);
}"""
