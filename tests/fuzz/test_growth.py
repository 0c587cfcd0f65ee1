"""Work grows as the input does: counted in calls, since a clock measures other work as well."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from fuzz.growth import Shape, made_for
from fuzz.targets import TARGETS, Target

SIZE = 20_000
"""Bytes of the smaller inputs; the larger ones have twice as many."""

MOST_GROWTH = 2.6
"""So many times the calls, at most, for twice the input: the square would be four times."""

MOST_CALLS_A_BYTE = 2
"""Of shapes that have one thing hundreds of times in each other, or beside each other, where one or a few say all."""

CROWDED = [
    "candidates of a picture",
    "candidates without a width",
    "pictures of many candidates",
    "figures deep in galleries",
    "captions in each other",
    "captions deep",
    "all roles at the bottom",
    "text-long at the bottom",
    "videojs-player at the bottom",
]
"""Shapes of articles that took much more."""

ONCE_SLOW = {
    "article": [
        "<span><p> 240 deep",
        "<em><p> 240 deep",
        "inner-article nested with links",
        "inner-article of an article, links",
        "article-card nested with links",
        "500 links in one card",
        "links without words",
    ],
    "sitemap": ["slip 'a & b '", "one slip, then <!--", "one slip, then <![CDATA[", "one slip and entries"],
    "listing": [
        "text-long nested",
        "field-related-article nested with links",
        "ul.article-content deep",
        "deep menu links",
        "deep links",
        "deep pagers",
        "menu links in each other",
    ],
    "dates": ["'8/6 tức ' ..."],
}
"""Shapes of each target that took or may take more than their share, by the name that `fuzz.growth` gives them."""


def calls(target: Target, data: bytes) -> int:
    """Calls that reading an input takes, of functions written in Python and in C."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        target.read(data)
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize(("name", "shape"), [(name, shape) for name, found in ONCE_SLOW.items() for shape in found])
def test_work_grows_no_faster_than_a_hostile_input(name: str, shape: str) -> None:
    target = TARGETS[name]
    made = next(one for one in made_for(name) if one.name == shape)
    small, large = made.make(SIZE), made.make(2 * SIZE)
    target.read(large)
    assert calls(target, large) < MOST_GROWTH * calls(target, small)


@pytest.mark.parametrize("shape", CROWDED)
def test_what_stands_on_a_page_hundreds_of_times_takes_a_call_or_two_a_byte(shape: str) -> None:
    made = next(one for one in made_for("article") if one.name == shape)
    crowded = made.make(2 * SIZE)
    TARGETS["article"].read(crowded)
    assert calls(TARGETS["article"], crowded) < MOST_CALLS_A_BYTE * len(crowded)


@pytest.mark.parametrize("name", TARGETS)
def test_every_hostile_shape_is_read(name: str) -> None:
    for shape in made_for(name):
        TARGETS[name].run(shape.make(2_000))


def test_a_shape_has_about_the_size_asked_for() -> None:
    assert 900 < len(Shape("x", "<b>x</b>", "<p>", "</p>").make(1000)) <= 1100
    assert 900 < len(Shape("x", "<b>", "<p>", "</p>", "</b>", 5).make(1000)) <= 1100


def test_a_shape_closes_what_it_opens() -> None:
    assert Shape("x", "<b>", "(", ")", "</b>", 2, "x").make(16) == b"(<b><b>xx</b></b>)"
