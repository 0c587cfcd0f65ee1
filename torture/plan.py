"""When a crawl is killed: drawn beforehand from a seed, so that the same seed kills alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from torture.self_killing import Point
from torture.server import Moment

CLOCK = "by the clock"

_BUDGET = 0.7
"""So much of the crawl is spent on the starts that are killed, on average: all of them are to hit."""

_LONGEST_STARTUP = 0.95
_LATEST_KILL_S = 0.025
_STATEMENTS_THAT_MAKE_A_STORE = 45
_STATEMENTS_OF_A_START = 12
_STATEMENTS_A_PAGE = 8
_COMMITS_OF_A_START = 5
_COMMITS_A_PAGE = 2

_LATE_COMMIT = _COMMITS_OF_A_START + 3 * _COMMITS_A_PAGE
_LATE_REQUEST = 8
_LATE_ARTICLE = 2

_AT_ARTICLES = frozenset({Point.COMMITTED, Point.LINE, Point.WRITTEN})
_SHARES = {
    CLOCK: 14,
    Moment.ASKED: 12,
    Moment.HALF_ANSWERED: 12,
    Moment.ANSWERED: 26,
    Point.STATEMENT: 10,
    Point.COMMIT: 5,
    Point.WITHIN_COMMIT: 7,
    Point.COMMITTED: 5,
    Point.LINE: 5,
    Point.WRITTEN: 4,
    Point.RESPONSE: 12,
}


OF_RESPONSES = frozenset(_SHARES)
"""Kinds of kills of a crawl that keeps its responses."""
EVERY_KIND = OF_RESPONSES - {Point.RESPONSE}
WITHOUT_SERVER = EVERY_KIND - frozenset(Moment)
FROM_OUTSIDE = EVERY_KIND - frozenset(Point)


@dataclass(frozen=True)
class Kill:
    """One kill, around the `number`th request, statement, commit or article of its start."""

    kind: str
    """`CLOCK`, a `Moment` of the server's, or a `Point` in the crawl."""
    number: int = 0
    after: float = 0.0
    """By the clock: the share of a start-up after which to kill; by the server: the seconds after its moment."""


def plan(
    seed: int, kills: int, pages: int, sources: int = 0, *, kinds: frozenset[str] = EVERY_KIND, group: int = 1
) -> list[Kill]:
    """Kills of a crawl; where it can kill itself, the first two meet the making of the store.

    Args:
        pages: how many pages the crawl visits.
        sources: how many of them come first and hold no article, so that no line of a feed is written meanwhile.
        kinds: which kinds of kill there are.
        group: how many pages are committed together.
    """
    random = Random(f"{seed} kills")
    most = max(2, round(2 * _BUDGET * pages / max(1, kills)))
    early = _drawn_kinds(kills * sources // pages, kinds - _AT_ARTICLES, random)
    late = _drawn_kinds(kills - len(early), kinds, random)
    drawn = []
    for kind in early + late:
        drawn.append(_drawn(kind, most, random, group))
        if kind == Point.COMMITTED:
            # What that one leaves out of the feed the next start adds, and is killed while it does.
            drawn.append(Kill(Point.CATCH_UP))
    if Point.STATEMENT in kinds:
        making = range(1, _STATEMENTS_THAT_MAKE_A_STORE + 1)
        drawn = [Kill(Point.STATEMENT, number) for number in random.sample(making, 2)] + drawn
    return drawn[:kills]


def _drawn_kinds(count: int, kinds: frozenset[str], random: Random) -> list[str]:
    """Every kind once, as far as the count goes, then by shares; in any order."""
    # The order of a set is another one in every process.
    every = [kind for kind in _SHARES if kind in kinds]
    drawn = every[:count] + random.choices(every, [_SHARES[kind] for kind in every], k=max(0, count - len(every)))
    random.shuffle(drawn)
    return drawn


def within(kill: Kill, pages: int, kills: int, group: int = 1) -> Kill:
    """A kill that comes early enough for as many more kills to meet what is left of the pages."""
    most = max(1, 2 * pages // kills)
    return replace(kill, number=min(kill.number, _latest(kill.kind, most, group)))


def sparing(kill: Kill) -> Kill:
    """A kill so late that the page which comes first is kept before it."""
    if kill.kind == Point.CATCH_UP:
        # Before any page.
        return kill
    if kill.kind in _AT_ARTICLES:
        return replace(kill, number=max(kill.number, _LATE_ARTICLE))
    if isinstance(kill.kind, Moment):
        return replace(kill, number=max(kill.number, _LATE_REQUEST))
    kind = Point.WITHIN_COMMIT if kill.kind == Point.WITHIN_COMMIT else Point.COMMIT
    return Kill(kind, max(kill.number, _LATE_COMMIT) if kind == kill.kind else _LATE_COMMIT)


def _latest(kind: str, most: int, group: int) -> int:
    """The highest number of a kill that meets one of so many pages."""
    if kind == Point.STATEMENT:
        return _STATEMENTS_OF_A_START + _STATEMENTS_A_PAGE * most
    if kind in (Point.COMMIT, Point.WITHIN_COMMIT):
        return _COMMITS_OF_A_START + _COMMITS_A_PAGE * most // group
    # The first request is for robots.txt.
    return most + 1 if isinstance(kind, Moment) or kind == Point.RESPONSE else most


def _drawn(kind: str, most: int, random: Random, group: int) -> Kill:
    if kind == CLOCK:
        return Kill(kind, after=random.uniform(0.02, _LONGEST_STARTUP))
    number = random.randint(1, _latest(kind, most, group))
    late = kind == Moment.ANSWERED and random.random() < 0.8
    return Kill(kind, number, random.uniform(0, _LATEST_KILL_S) if late else 0.0)
