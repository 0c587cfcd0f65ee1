"""The quality gate: reads the frozen evaluation set and compares each field with its gold.

Run as `make quality`. The exit status is 1 where a figure is below its floor, and 2 where the floors are not those of
the figures that there are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import table
from quality import floors
from quality.floors import BadFloors, Figures
from quality.generator import evaluation_set
from quality.scores import CURRENT, Difference, Scores, read

_SHOWN = 300
"""Characters of a value that are shown."""

GOAL_BODY, GOAL_PAGES = 0.995, 0.99
"""Exact bodies on current layouts, and pages exact in every field, that the reader must reach on any pages."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures, holds them against the floors, and moves the floors where it is told to."""
    parser = argparse.ArgumentParser(prog="python -m quality", description=__doc__)
    parser.add_argument("--raise-floors", action="store_true", help="pin the figures that are better than their floors")
    parser.add_argument("--lower-floors", action="store_true", help="pin all figures, those that are worse too")
    parser.add_argument("--seed", type=int, help="read other pages of the same kinds, of this seed, without floors")
    parser.add_argument("--page", metavar="NAME", help="print one page and how it was read, and nothing else")
    parser.add_argument("--floors", type=Path, default=floors.FILE, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.seed is not None and (given.raise_floors or given.lower_floors):
        parser.error("floors are those of the frozen set: leave out --seed")
    pages = evaluation_set.load() if given.seed is None else evaluation_set.pages(given.seed)
    if given.page is not None:
        pages = [page for page in pages if page.name == given.page]
        if not pages:
            parser.error(f"no page {given.page!r}; pages are named as aspnet-article-03")
        print(pages[0].content)
    scores = Scores(pages, [read(page) for page in pages])
    for difference in scores.differences:
        print(_told(difference), file=sys.stderr)
    if given.page is not None:
        return int(bool(scores.differences))
    found = floors.figures(scores)
    print(_tables(scores))
    if given.seed is not None:
        return 0
    try:
        return _held(found, given.floors, may_rise=given.raise_floors, may_fall=given.lower_floors)
    except BadFloors as error:
        print(f"{error}; to pin the figures of today: make quality ARGS=--lower-floors", file=sys.stderr)
        return 2


def _held(found: Figures, file: Path, *, may_rise: bool, may_fall: bool) -> int:
    if may_fall:
        floors.save(found, file)
        print(f"\nAll floors are the figures of today: {file.name}")
        return 0
    pinned = floors.load(file)
    low = floors.below(found, pinned)
    better = floors.above(found, pinned)
    if better and may_rise:
        pinned |= {name: found[name] for name in better}
        floors.save(pinned, file)
        print(f"\nRaised: {', '.join(better)}")
    elif better:
        print(f"\nBetter than their floors: {', '.join(better)}. To pin them: make quality ARGS=--raise-floors")
    for name in low:
        print(f"Below its floor of {100 * pinned[name]:.2f} %: {name}, {100 * found[name]:.2f} %", file=sys.stderr)
    print("\nBelow its floor." if low else "\nNothing is below its floor.")
    return int(bool(low))


def _tables(scores: Scores) -> str:
    fields = [[name, _percent(score.exact), f"{score.f1:.4f}"] for name, score in scores.fields.items()]
    layouts = [[layout, str(scores.count(layout)), _percent(share)] for layout, share in scores.layouts.items()]
    worse = [
        [name, layout, _percent(score.exact), f"{score.f1:.4f}"]
        for name, over_all in scores.fields.items()
        if over_all.exact < 1
        for layout in scores.layouts
        if (score := scores.field(name, layout)).exact < 1
    ]
    parts = [
        table(("field", "exact %", "F1"), fields),
        table(("layout", "pages", "exact in every field %"), layouts),
        *([table(("field", "layout", "exact %", "F1"), worse)] if worse else []),
        f"{scores.count()} pages, {_percent(scores.whole())} % exact in every field; must reach {100 * GOAL_PAGES:g} %",
        f"{scores.count(*CURRENT)} pages of current layouts, {_percent(scores.field('body', *CURRENT).exact)} % "
        f"with an exact body; must reach {100 * GOAL_BODY:g} %",
    ]
    return "\n\n".join(parts)


def _percent(share: float) -> str:
    # Cut: only what is whole is 100.00.
    return f"{int(share * 10_000) / 100:.2f}"


def _told(difference: Difference) -> str:
    gold, found = difference.gold, difference.read
    if isinstance(gold, str) and isinstance(found, str):
        same = next(
            (place for place, (a, b) in enumerate(zip(gold, found, strict=False)) if a != b), min(len(gold), len(found))
        )
        start = max(0, same - 40)
        gold, found = gold[start:], found[start:]
    elif isinstance(gold, list) and isinstance(found, list):
        gold, found = [one for one in gold if one not in found], [one for one in found if one not in gold]
    return f"{difference.page.name}: {difference.field}\n  gold {gold!r:.{_SHOWN}}\n  read {found!r:.{_SHOWN}}"


if __name__ == "__main__":
    sys.exit(main())
