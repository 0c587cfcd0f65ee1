"""Whether pages still look as expected: what a run saw, compared with its last runs and with floors. Pure.

Each page is reduced to a `Shape`: by what its facts were found. Few shapes are met, so that counting them costs next to
nothing. In the end the shapes of a run are held against the lines of `drift.toml`: on how many pages does the headline
come from its `h1`?

A share has fallen when two things hold. It is below three quarters of what it was (or the part that the line says), so
that small differences between days are none. And of all runs of an unchanged site a part of `LEVEL` at most would have
so few pages by chance: by the binomial distribution against a floor, by Fisher's exact test against the last runs, at a
level that is divided by the number of comparisons. Five pages are the fewest that can tell, if all of them lack what
nearly every page has.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from vovcrawl.pages import PageError, Reading, Reason, flat_text, markup
from vovcrawl.pages.article import UNREAD_RELATED

LEVEL = 1e-4
"""In which part of all runs an unchanged site may seem changed, all comparisons of a run together."""

FEWEST = 5
"""Pages that can tell of a change, but for what one page shows."""

_FEWEST_RUNS = 5
"""Runs with `FEWEST` pages or more that tell how much contents differ from run to run."""

ENOUGH = 20
"""Pages of a kind that are looked at together: where a run has read fewer, those of the runs before it are added."""

EXAMPLES = 3
_MOST_SHAPES = 2000
"""Shapes of one run that are told apart; pages of further ones are not counted."""

ARTICLE_PAGE, LISTING, MENU = "article page", "listing", "menu"
"""Stand for a template where a page of an article, of a listing or the front page is counted as such."""

_LENGTHS = (150, 600)
"""The lengths of text that lines of the table ask for."""

_SINCE_2026 = "2026-07"
"""The month of the real page that is known of the newest template."""

_MENU_NAMES = frozenset(("vovvn-header", "main-menu", "nav-link", "sub-menu", "widget-title"))
_MOST_MENU_NAMES = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """By what the facts of a page were found."""

    layout: str
    """The template, or `ARTICLE_PAGE`, `LISTING`, `MENU`."""
    kind: str = ""
    """The content type."""
    sources: frozenset[tuple[str, str]] = frozenset()
    """Each field that has a value, with its source."""
    marks: frozenset[str] = frozenset()
    """Class names of the template on the page, and words of the table such as "recognised"."""
    warnings: frozenset[str] = frozenset()
    length: int = 0
    """The largest of `_LENGTHS` that the text has."""


def of_reading(reading: Reading) -> Shape:
    """The shape of an article's page."""
    article = reading.article
    sources = set(reading.sources.items())
    if any(image.caption for image in article.images):
        sources.add(("captions", "body"))
    marks = reading.marks
    if markup.RELATED in marks or UNREAD_RELATED in marks:
        marks |= {"related announced"}
    if article.template.startswith("drupal") and (article.date_published or "") >= _SINCE_2026:
        marks |= {"of July 2026 or later", article.template}
    length = len(article.body)
    return Shape(
        article.template,
        article.content_type,
        frozenset(sources),
        marks,
        frozenset(article.warnings),
        max((least for least in _LENGTHS if length >= least), default=0),
    )


def of_article_page(error: PageError | None, *, listed: bool) -> Shape:
    """The shape of a page that was asked for as an article's.

    Args:
        error: why it was not read; None where it was.
        listed: whether a source of the crawl lists it.
    """
    marks = {"listed"} if listed else set()
    if error is None:
        marks |= {"claims", "recognised", "an article", "no block page"}
    else:
        if error.reason is not Reason.BLOCKED:
            marks.add("no block page")
        if error.claims_article:
            marks.add("claims")
    return Shape(ARTICLE_PAGE, marks=frozenset(marks))


def of_file(reading: Reading) -> tuple[Shape, ...]:
    """The shapes of a saved page with an article, or of a flat text, which has no markup."""
    shape = of_reading(reading)
    return (shape,) if shape.layout == flat_text.TEMPLATE else (shape, of_article_page(None, listed=False))


def of_listing(marks: frozenset[str], articles: int) -> Shape:
    """The shape of a listing's page, by the class names on it and the number of its articles."""
    found = set(marks)
    if articles:
        found.add("articles")
    if articles or "listing container" in marks:
        found.add("articles or an empty container")
    return Shape(LISTING, marks=frozenset(found))


def of_menu(marks: frozenset[str], sections: int) -> Shape:
    """The shape of the front page, by the class names of its menu and the number of sections that it names."""
    found = set(marks)
    if sections:
        found.add("sections")
    if len(_MENU_NAMES & marks) >= _MOST_MENU_NAMES:
        found.add("menu names")
    return Shape(MENU, marks=frozenset(found))


class Observed:
    """The shapes of the pages of a run, with some urls of each."""

    def __init__(self) -> None:
        self.shapes: dict[Shape, tuple[int, list[str]]] = {}

    def add(self, shape: Shape, url: str) -> None:
        """Counts a page."""
        known = self.shapes.get(shape)
        if known is not None:
            count, examples = known
            if count < EXAMPLES:
                examples.append(url)
            self.shapes[shape] = (count + 1, examples)
        elif len(self.shapes) < _MOST_SHAPES:
            self.shapes[shape] = (1, [url])


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of the table, see there."""

    field: str
    layouts: tuple[str, ...]
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    mark: str
    without: str
    length: int
    given: str
    share: float
    apart: bool
    falls_to: float
    at_once: bool
    label: str
    """What is counted, in words: `from h1`."""

    @property
    def what(self) -> str:
        """The line in words, by which the counts of earlier runs are found: `headline: from h1`."""
        return f"{self.field}: {self.label}" + (f", given {self.given}" if self.given else "")

    def holds(self, shape: Shape) -> bool:
        """Whether pages of this shape have what is expected."""
        if self.mark:
            return self.mark in shape.marks
        if self.without:
            return self.without not in shape.warnings
        if self.length:
            return shape.length >= self.length
        return any(
            name == self.field and (not self.sources or source in self.sources) for name, source in shape.sources
        )

    def counts(self, shape: Shape) -> bool:
        """Whether pages of this shape are counted."""
        if not any(shape.layout == one or (one == "drupal" and shape.layout.startswith(one)) for one in self.layouts):
            return False
        if self.kinds and shape.kind not in self.kinds:
            return False
        return not self.given or self.given in shape.marks or any(name == self.given for name, _ in shape.sources)

    def group(self, shape: Shape) -> tuple[str, str]:
        """The template and content type with which a page is counted together; '' is all of them."""
        if self.apart:
            return shape.layout, shape.kind
        layout = next(one for one in self.layouts if shape.layout.startswith(one))
        return layout, self.kinds[0] if len(self.kinds) == 1 else ""


_NAMES = frozenset("field layouts kinds sources mark without length given share apart falls_to at_once reason".split())


@cache
def expectations() -> tuple[Expected, ...]:
    """The lines of `drift.toml`."""
    table = tomllib.loads(files("vovcrawl.crawl").joinpath("drift.toml").read_text("utf-8"))
    found = []
    for line in table["expected"]:
        assert line.keys() <= _NAMES, line
        sources = tuple(line.get("sources", ()))
        if sources:
            label = f"from {' or '.join(sources)}"
        elif line.get("mark"):
            label = line["mark"]
        elif line.get("without"):
            label = f"no {line['without']}"
        elif line.get("length"):
            label = f"{line['length']} characters or more"
        else:
            label = "any"
        found.append(
            Expected(
                line["field"],
                tuple(line["layouts"]),
                tuple(line.get("kinds", ())),
                sources,
                line.get("mark", ""),
                line.get("without", ""),
                line.get("length", 0),
                line.get("given", ""),
                line.get("share", 0.0),
                line.get("apart", False),
                line.get("falls_to", 0.75),
                line.get("at_once", False),
                label,
            )
        )
    return tuple(found)


Key = tuple[str, str, str]
"""Template, content type and what is counted; see `Expected.group` and `Expected.what`."""


@dataclass(slots=True)
class Tally:
    """On how many of the pages of a kind something holds."""

    expected: Expected
    pages: int = 0
    held: int = 0
    lacking: list[str] = field(default_factory=list)
    """Urls of pages on which it does not."""
    instead: Counter[str] = field(default_factory=Counter)
    """The sources of the field there."""


Counts = Mapping[Key, tuple[int, int]]
"""How many pages of each kind an earlier run saw, and on how many of them it held."""


def tallied(observed: Observed) -> dict[Key, Tally]:
    """The shapes of a run held against the table."""
    found: dict[Key, Tally] = {}
    for shape, (count, urls) in observed.shapes.items():
        for expected in expectations():
            if not expected.counts(shape):
                continue
            key = (*expected.group(shape), expected.what)
            tally = found.get(key)
            if tally is None:
                tally = found[key] = Tally(expected)
            tally.pages += count
            if expected.holds(shape):
                tally.held += count
                continue
            tally.lacking = [*tally.lacking, *urls][:EXAMPLES]
            for name, source in shape.sources:
                if name == expected.field:
                    tally.instead[source] += count
    return found


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run of the same kind counted."""

    counts: Counts
    is_sound: bool
    """Whether its pages looked as expected, so that later ones are compared with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Pages that no longer look as expected."""

    field: str
    line: str
    """What was found and what was expected, in words."""
    examples: tuple[str, ...]
    """Urls of pages that show it, three at most."""
    share_lost: float


def changes(now: Mapping[Key, Tally], earlier: Sequence[Earlier], accepted: Counts | None = None) -> list[Change]:
    """The fields that no longer look as expected, one change each, the most telling first.

    Args:
        now: of the run.
        earlier: the last runs of the same kind, the latest first.
        accepted: of the run whose pages the owner took for right, if there is one: where it saw less, no floor holds.
    """
    level = LEVEL / max(1, 2 * len(now))
    found: dict[str, list[Change]] = {}
    for key, tally in now.items():
        change = _change(key, tally, earlier, accepted, level)
        if change is not None:
            found.setdefault(tally.expected.field, []).append(change)
    order = {expected.field: place for place, expected in enumerate(expectations())}
    worst = [max(of_field, key=lambda change: change.share_lost) for of_field in found.values()]
    return sorted(worst, key=lambda change: (-round(change.share_lost, 1), order[change.field]))


def _change(key: Key, tally: Tally, earlier: Sequence[Earlier], accepted: Counts | None, level: float) -> Change | None:
    expected = tally.expected
    pages, held, rest = _with_runs_before(key, tally, earlier)
    enough = 1 if expected.at_once else FEWEST
    if pages < enough:
        return None
    before = [run.counts[key] for run in rest if run.is_sound and key in run.counts]
    known, known_held = sum(count for count, _ in before), sum(count for _, count in before)
    own = tally.held / tally.pages
    shares = [count_held / count for count, count_held in before if count >= FEWEST]
    if expected.apart and len(shares) < _FEWEST_RUNS:
        # How much contents differ from run to run is not known yet.
        known = 0

    def falls_below(share: float) -> bool:
        # The run itself must show it, and not just those before.
        return max(own, held / pages) < expected.falls_to * share

    usual = known_held / known if known else 0.0
    least = min(shares) if expected.apart and shares else usual
    was = None
    if known and falls_below(min(usual, least)) and hypergeometric_tail(held, pages, known_held, known) < level:
        was = usual, f"{usual:.0%} of {known:,} in the last runs"
    floor = _floor(key, expected, accepted)
    if floor and falls_below(floor) and (expected.at_once or binomial_tail(held, pages, floor) < level):
        was = max(was or (0.0, ""), (floor, f"at least {floor:.0%} are expected"))
    if was is None:
        return None
    return Change(expected.field, _line(key, tally, pages, held, was[1]), tuple(tally.lacking[:EXAMPLES]), was[0] - own)


def _with_runs_before(key: Key, tally: Tally, earlier: Sequence[Earlier]) -> tuple[int, int, Sequence[Earlier]]:
    """The pages that are looked at together and on how many of them it holds; and the runs before those."""
    pages, held = tally.pages, tally.held
    for place, run in enumerate(earlier):
        if pages >= ENOUGH:
            return pages, held, earlier[place:]
        if key in run.counts:
            more, more_held = run.counts[key]
            if run.is_sound and more_held >= tally.expected.falls_to * more and more >= FEWEST:
                # What it was like before the change.
                return pages, held, earlier[place:]
            pages, held = pages + more, held + more_held
    return pages, held, ()


def _floor(key: Key, expected: Expected, accepted: Counts | None) -> float:
    """The share to be expected of a first run; 0 where none is."""
    if accepted is not None and key in accepted:
        pages, held = accepted[key]
        if held < expected.share * pages:
            return 0.0
    return expected.share


def _line(key: Key, tally: Tally, pages: int, held: int, expectation: str) -> str:
    layout, kind, _ = key
    of = " ".join(filter(None, (layout, kind)))
    expected = tally.expected
    which = f"pages with {expected.given}" if expected.given else "pages"
    which += " of this run and those before" if pages > tally.pages else ""
    line = f"{expected.field}: {expected.label} on {held:,} of {pages:,} {which} ({of}; {expectation})"
    instead = [f"{source} on {count:,}" for source, count in tally.instead.most_common(2)]
    if instead and expected.sources:
        line += f"; instead from {' and '.join(instead)}"
    return line


def binomial_tail(held: int, pages: int, share: float) -> float:
    """How probable so few are, or fewer, where each of `pages` has it with this probability."""
    log, log_not = math.log(share), math.log1p(-share)
    terms = (
        math.lgamma(pages + 1) - math.lgamma(k + 1) - math.lgamma(pages - k + 1) + k * log + (pages - k) * log_not
        for k in _downwards(held)
    )
    return _sum(terms)


def hypergeometric_tail(held: int, pages: int, known_held: int, known: int) -> float:
    """How probable so few are, or fewer, where `pages` are drawn of all, `known` among them, without regard to it."""
    having = held + known_held
    lacking = pages + known - having

    def choose(n: int, k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    everything = choose(pages + known, pages)
    least = max(0, pages - lacking)
    return _sum(choose(having, k) + choose(lacking, pages - k) - everything for k in _downwards(held, least))


_MOST_TERMS = 2000


def _downwards(held: int, least: int = 0) -> Iterator[int]:
    """From `held` down; further down the terms are too small to count, since the largest stands first."""
    return iter(range(held, max(least - 1, held - _MOST_TERMS), -1))


def _sum(logarithms: Iterable[float]) -> float:
    return min(1.0, math.fsum(math.exp(one) for one in logarithms))
