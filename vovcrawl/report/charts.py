"""The report's figures as SVG, drawn by Vega-Lite without a browser or a network.

Colours are the page's own variables (`page.css`), so that one drawing serves the light and the dark scheme and print.
What a figure shows is said in words and in a table beside it, so that a screen reader passes its marks by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from vovcrawl.report.language import Language

LEVELS = 5
"""Steps of colour by which days with articles are told apart."""

GAP, THIN = "gap", "thin"

_VEGA_LITE = "5.20"
_WIDTH = 336
_CELL = 10.4
_SMALL_CELL = 4.6
_FONT = 10.5
_ROW = 30
_COLUMNS_HIGH = 120

_ID = re.compile(r'(?<=id=")clip\d+|(?<=url\(#)clip\d+')
_PATH = re.compile(r'(?<= d=")[^"]*')
_LONG_NUMBER = re.compile(r"\d+\.\d{3,}")
_TITLED = re.compile(r'<path aria-label="([^"]*)" role="[^"]*" aria-roledescription="[^"]*" ([^>]*?)/>')
_SIZE = re.compile(r'<svg [^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>')
_CELL_PATH = re.compile(r'<path aria-hidden="true" d="([^"]*)" fill="(var\(--q\d\)|var\(--gap\))"/>')
_CELL_PATHS = re.compile(rf"(?:{_CELL_PATH.pattern})+")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    label: str
    value: float
    written: str
    """The value as the reader sees it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, of parts that stand on each other."""

    parts: tuple[float, ...]
    label: str = ""
    """What stands below it; few columns need one."""


def calendar(counts: Mapping[date, int], marks: Mapping[date, str], steps: Sequence[int], language: Language) -> str:
    """Days of a year as a grid, a month a row: the more articles a day has, the stronger its colour.

    Args:
        counts: articles of each day, which are of one year; a day that is not in it stays blank.
        marks: days that are missing (`GAP`), and others to be marked (`THIN`).
        steps: see `steps_of`.
        language: of months and titles.
    """
    rows = [
        {
            "day": day.day,
            "month": language.month(day.month),
            "level": GAP if marks.get(day) == GAP else level_of(count, steps),
            "mark": marks.get(day, ""),
            "title": f"{language.day(day)}: {language.number(count)}",
        }
        for day, count in sorted(counts.items())
    ]
    months = range(min(counts).month, max(counts).month + 1)
    return _with_titles(_drawn(_calendar([language.month(month) for month in months]), rows))


def small_calendar(
    months: Sequence[date], counts: Mapping[date, int], gaps: Iterable[date], steps: Sequence[int]
) -> str:
    """Months as a grid without labels, a month a row.

    Args:
        months: the first day of each.
        counts: articles of each day; a day that is not in it stays blank.
        gaps: days that are missing.
        steps: see `steps_of`.
    """
    missing, shown = frozenset(gaps), frozenset(months)
    rows = [
        {"day": day.day, "month": str(month), "level": GAP if day in missing else level_of(count, steps)}
        for day, count in sorted(counts.items())
        if (month := day.replace(day=1)) in shown
    ]
    spec = _grid([str(month) for month in months], _SMALL_CELL)
    return _CELL_PATHS.sub(_merged, _drawn(spec, rows))


def bars(rows: Sequence[Bar]) -> str:
    """Horizontal bars, each below its label."""
    values = [
        {"place": place, "label": row.label, "value": row.value, "written": row.written}
        for place, row in enumerate(rows)
    ]
    place = {"field": "place", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0, "paddingOuter": 0}}
    most = max([row.value for row in rows], default=0) or 1
    room = _WIDTH - 6 - 6.5 * max([len(row.written) for row in rows], default=0)
    width = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, most], "range": [0, room]}}
    spec = {
        "width": _WIDTH,
        "height": {"step": _ROW},
        "encoding": {"y": place},
        "layer": [
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "middle",
                    "dy": -7,
                    "limit": _WIDTH,
                    "fill": "var(--ink)",
                },
                "encoding": {"text": {"field": "label"}, "x": {"value": 0}},
            },
            {
                "mark": {"type": "rect", "fill": "var(--bar)", "height": 8, "yOffset": 6},
                "encoding": {"x": width, "x2": {"datum": 0}},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "middle",
                    "dx": 5,
                    "dy": 6.5,
                    "fill": "var(--muted)",
                },
                "encoding": {"text": {"field": "written"}, "x": width},
            },
        ],
    }
    return _drawn(spec, values)


def columns(rows: Sequence[Column], language: Language, colours: Sequence[str] = ("var(--bar)",)) -> str:
    """Columns along a line of time or of size.

    Args:
        rows: the columns, each with as many parts as there are colours.
        language: of the numbers of the scale.
        colours: of the parts, from below.
    """
    values = [
        {"place": place, "part": part, "value": value}
        for place, row in enumerate(rows)
        for part, value in enumerate(row.parts)
        if value
    ]
    labels = [{"place": place, "label": row.label} for place, row in enumerate(rows) if row.label]
    gap = 0.25 if len(rows) < 60 else 0.1
    place: dict[str, Any] = {"field": "place", "type": "ordinal", "axis": None}
    place["scale"] = {"domain": list(range(len(rows))), "paddingInner": gap, "paddingOuter": 0.1}
    most = max([sum(row.parts) for row in rows], default=0) or 1
    axis = {"tickCount": 4, "format": ",.0f" if most >= 4 else ",.2~f", "title": None}
    height = {"field": "value", "type": "quantitative", "stack": True, "axis": axis, "scale": {"domainMax": most}}
    colour: dict[str, Any] = {"field": "part", "type": "ordinal", "legend": None}
    colour["scale"] = {"domain": list(range(len(colours))), "range": list(colours)}
    spec = {
        "width": _WIDTH - 34,
        "height": _COLUMNS_HIGH,
        "layer": [
            {"mark": "bar", "encoding": {"x": place, "y": height, "color": colour, "order": {"field": "part"}}},
            {
                "data": {"values": labels},
                "mark": {"type": "text", "baseline": "top", "fill": "var(--muted)"},
                "encoding": {"x": place, "y": {"value": _COLUMNS_HIGH + 5}, "text": {"field": "label"}},
            },
        ],
    }
    return _drawn(spec, values, language)


def steps_of(counts: Iterable[int]) -> tuple[int, ...]:
    """The least numbers of articles of each step of colour; a few days of very many do not bleach the others."""
    found = sorted(count for count in counts if count)
    if not found:
        return (1,)
    high = max(1, found[int(0.9 * (len(found) - 1))])
    return tuple(dict.fromkeys(max(1, round(high * step / LEVELS)) for step in range(LEVELS)))


def level_of(count: int, steps: Sequence[int]) -> str:
    """The step of colour of a day: '0' is a day without articles."""
    return str(sum(count >= step for step in steps) * LEVELS // len(steps)) if count else "0"


def _grid(months: Sequence[str], cell: float) -> dict[str, Any]:
    scale = {"paddingInner": 0.14, "paddingOuter": 0}
    levels = [str(level) for level in range(LEVELS + 1)]
    return {
        "width": {"step": cell},
        "height": {"step": cell},
        "encoding": {
            "x": {"field": "day", "type": "ordinal", "axis": None, "scale": {**scale, "domain": list(range(1, 32))}},
            "y": {"field": "month", "type": "ordinal", "axis": None, "scale": {**scale, "domain": list(months)}},
        },
        "layer": [
            {
                "mark": {"type": "rect"},
                "encoding": {
                    "color": {
                        "field": "level",
                        "type": "nominal",
                        "legend": None,
                        "scale": {
                            "domain": [*levels, GAP],
                            "range": [*(f"var(--q{each})" for each in levels), "var(--gap)"],
                        },
                    }
                },
            }
        ],
    }


def _calendar(months: Sequence[str]) -> dict[str, Any]:
    spec = _grid(months, _CELL)
    encoding = spec["encoding"]
    encoding["x"]["axis"] = {"orient": "top", "values": [1, 5, 10, 15, 20, 25, 30], "labelAngle": 0, "title": None}
    # The same room for labels in every year, so that days stand below each other.
    encoding["y"]["axis"] = {"title": None, "minExtent": 27, "maxExtent": 27}
    (cells,) = spec["layer"]
    cells["mark"]["aria"] = True
    cells["encoding"]["description"] = {"field": "title"}
    spec["layer"] += [
        {
            # So that a gap is told not by its colour alone.
            "transform": [{"filter": f"datum.mark === '{GAP}'"}],
            "mark": {
                "type": "point",
                "shape": "M-1,-1L1,1M1,-1L-1,1",
                "size": 9,
                "stroke": "var(--on-gap)",
                "strokeWidth": 1.6,
            },
        },
        {
            "transform": [{"filter": f"datum.mark === '{THIN}'"}],
            "mark": {
                "type": "point",
                "shape": "circle",
                "size": 16,
                "fill": "var(--gap)",
                "stroke": "var(--page)",
                "strokeWidth": 0.8,
            },
        },
    ]
    return spec


def _drawn(spec: Mapping[str, Any], values: Sequence[Mapping[str, Any]], language: Language | None = None) -> str:
    converter = converter_of_vega_lite()
    whole = {"data": {"values": list(values)}, "background": None, "padding": 0, **spec, "config": _CONFIG}
    svg = converter.vegalite_to_svg(
        whole, vl_version=_VEGA_LITE, format_locale=_LOCALES[language.code if language is not None else "en"]
    )
    # Ids are counted on from drawing to drawing, and would depend on which were made before.
    names = {found: f"c{place}" for place, found in enumerate(dict.fromkeys(_ID.findall(svg)))}
    svg = _ID.sub(lambda match: names[match[0]], svg)
    return _PATH.sub(lambda path: _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}", path[0]), svg)


@cache
def converter_of_vega_lite() -> Any:
    """The library that draws.

    Raises:
        ImportError: it is not installed.
    """
    import vl_convert

    return vl_convert


def sized(svg: str, number: int, label: str) -> str:
    """A drawing as it stands in the page, which gives it its size.

    Args:
        svg: the drawing.
        number: by which its ids differ from those of others.
        label: id of the element that says what it shows.
    """
    svg = _SIZE.sub(
        lambda size: (
            f'<svg viewBox="0 0 {float(size[1]):.5g} {float(size[2]):.5g}" width="{float(size[1]):.0f}" '
            f'height="{float(size[2]):.0f}" role="img" aria-labelledby="{label}">'
        ),
        svg,
        count=1,
    )
    return re.sub(r'(id="|url\(#)c(\d+)', rf"\g<1>f{number}c\g<2>", svg)


def _with_titles(svg: str) -> str:
    """Marks with a description as marks with a title, which browsers show where the pointer rests."""
    return _TITLED.sub(r"<path \2><title>\1</title></path>", svg)


def _merged(match: re.Match[str]) -> str:
    """Neighbouring cells as one path a colour: a fifth of the bytes."""
    cells = sorted((fill, path) for path, fill in _CELL_PATH.findall(match[0]))
    return "".join(
        f'<path d="{"".join(path for _, path in of_colour)}" fill="{fill}"/>'
        for fill, of_colour in groupby(cells, key=lambda cell: cell[0])
    )


_LOCALES: dict[str, dict[str, Any]] = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]},
}

_CONFIG = {
    "aria": True,
    "view": {"stroke": None},
    "mark": {"aria": False},
    "text": {"fontSize": _FONT},
    "axis": {
        "aria": False,
        "domain": False,
        "ticks": False,
        "gridColor": "var(--grid)",
        "labelColor": "var(--muted)",
        "labelFontSize": _FONT,
        "labelPadding": 5,
    },
    "axisX": {"grid": False},
}
