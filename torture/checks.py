"""What must hold of a crawl that was killed again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.report import Check
from torture.kills import Campaign, Start
from torture.server import Asked
from torture.snapshot import Lines, read_lines, stored_articles

ROBOTS = "/robots.txt"
_SITE = "https://vov.vn"
_SHOWN = 3
"""So many examples of what went wrong are shown."""


@dataclass(frozen=True)
class Kept:
    """What a crawl has kept: articles by their key in the store, and the feed."""

    stored: Mapping[str, dict[str, Any]]
    lines: Lines

    @classmethod
    def in_folder(cls, folder: Path) -> Kept:
        """What the store and the feed of a folder hold."""
        return cls(stored_articles(folder), read_lines(folder))


def check(name: str, campaign: Campaign, undisturbed: Kept, kills: int) -> list[Check]:
    """All that must hold.

    Args:
        name: of the variant.
        campaign: what was done to the crawl.
        undisturbed: what a crawl of the same pages keeps that nothing disturbs.
        kills: how many kills were planned.
    """
    kept = Kept.in_folder(campaign.folder)
    judged: Iterable[Check] = chain(
        _ending(name, campaign, kills),
        _articles(name, kept, undisturbed),
        _soundness(name, campaign),
        _requests(name, campaign) if any(start.asked for start in campaign.starts) else (),
        _progress(name, campaign),
        _failures(name, campaign),
    )
    return list(judged)


def _check(part: str, what: str, wrong: Sequence[object], measured: str, target: str) -> Check:
    """A check that holds where nothing is wrong; else examples are shown."""
    return Check(part, what, measured, target, not wrong, tuple(map(str, wrong[:_SHOWN])))


def _ending(name: str, campaign: Campaign, kills: int) -> Iterator[Check]:
    last = campaign.starts[-1]
    further = len(campaign.starts) - campaign.kills
    yield Check(
        name,
        "kills that hit, and the exit status in the end",
        f"{campaign.kills} of {kills}, status {last.status} after {further} more",
        "all, status 0",
        campaign.kills == kills and last.status == 0,
    )
    met = Counter(asked.fault.value for start in campaign.starts for asked in start.asked if asked.fault is not None)
    requests = sum(len(start.asked) for start in campaign.starts)
    if met:
        yield Check(name, "faults that the requests met", f"{met.total()} of {len(met)} kinds, {requests} requests")


def _articles(name: str, kept: Kept, undisturbed: Kept) -> Iterator[Check]:
    wanted = set(undisturbed.stored)
    stored, lines = set(kept.stored), kept.lines
    yield _check(
        name,
        "articles in SQLite",
        sorted(wanted ^ stored),
        f"{len(wanted & stored)} of {len(wanted)}, {len(stored - wanted)} else",
        "all, 0 else",
    )
    times = Counter(record["canonical_url"] for record in lines.records)
    twice = sorted(key for key, count in times.items() if count > 1)
    yield _check(
        name,
        "articles in JSON Lines",
        [*sorted(wanted ^ set(times)), *twice],
        f"{len(wanted & set(times))} of {len(wanted)}, {len(twice)} twice, {len(set(times) - wanted)} else",
        "all, 0 twice, 0 else",
    )
    yield Check(name, "lines that are no JSON", f"{lines.invalid}", "0", lines.invalid == 0)
    differing = _differing(kept.stored, undisturbed.stored)
    yield _check(name, "articles in SQLite unlike those of an undisturbed crawl", differing, f"{len(differing)}", "0")
    differing = _differing(lines.by_key, undisturbed.lines.by_key)
    yield _check(name, "lines unlike those of an undisturbed crawl", differing, f"{len(differing)}", "0")


def _differing(found: Mapping[str, dict[str, Any]], wanted: Mapping[str, dict[str, Any]]) -> list[str]:
    """Where two collections hold different records of an article: its key, and the fields that differ."""
    return [
        f"{key} ({', '.join(sorted(name for name in record if record[name] != wanted[key].get(name)))})"
        for key, record in sorted(found.items())
        if key in wanted and record != wanted[key]
    ]


def _soundness(name: str, campaign: Campaign) -> Iterator[Check]:
    damage = [line for start in campaign.starts for line in start.after.damage]
    yield _check(
        name,
        "stores that PRAGMA integrity_check or foreign_key_check complain of",
        damage,
        f"{sum(bool(start.after.damage) for start in campaign.starts)} of {len(campaign.starts)}, after each start",
        "0",
    )


def _address(path: str) -> str:
    return _SITE + path


def _asked(start: Start) -> Counter[str]:
    """How often a start asked for each page."""
    return Counter(_address(asked.path) for asked in start.asked if asked.path != ROBOTS)


def _spoilt(start: Start) -> Counter[str]:
    """How often each page that a start asked for met a fault, after which it is rightly asked for again."""
    return Counter(_address(asked.path) for asked in start.asked if asked.fault is not None and asked.fault.spoils)


def _requests(name: str, campaign: Campaign) -> Iterator[Check]:
    going_on = [start for start in campaign.starts if not start.is_anew]
    finished = [address for start in going_on for address in _asked(start) if address in start.before.done]
    extra = [address for start in going_on for address, times in (_asked(start) - _spoilt(start)).items() if times > 1]
    repeated = sum((Counter(set(_asked(start))) for start in going_on), Counter[str]())
    again = sum(times - 1 for times in repeated.values())
    in_flight = sum(len(set(_asked(start)) - start.after.done) for start in going_on if start.was_killed)
    yield _check(
        name,
        "pages asked for again that were not in flight at a kill, or more than once a kill",
        [*finished, *extra],
        f"{len(finished) + len(extra)}; {again} asked for again, {in_flight} in flight at the kills",
        "0",
    )
    sources = [
        address
        for start in going_on
        for address in _asked(start)
        if address in start.before.done and start.before.is_source(address)
    ]
    read = sum(start.after.is_source(address) for start in going_on for address in start.after.done - start.before.done)
    yield _check(
        name, "listings, sitemaps and feeds read again once finished", sources, f"{len(sources)}, {read} read", "0"
    )
    robots = [sum(asked.path == ROBOTS for asked in start.asked) for start in campaign.starts]
    faulty = [
        sum(asked.path == ROBOTS and asked.fault is not None and asked.fault.spoils for asked in start.asked)
        for start in campaign.starts
    ]
    more = [f"start {place}" for place, (times, bad) in enumerate(zip(robots, faulty, strict=True)) if times > 1 + bad]
    yield _check(name, "requests for robots.txt", more, f"{sum(robots)} in {len(robots)} starts", "one a start")


def _gained(start: Start) -> int:
    return len(start.after.done - start.before.done)


def _got_on(start: Start) -> bool:
    """Whether another request followed a page that was answered well: then that page is to be kept."""
    pages = [asked for asked in start.asked if asked.path != ROBOTS]
    return any(asked.answered and not _is_spoilt(asked) for asked in pages[:-1])


def _progress(name: str, campaign: Campaign) -> Iterator[Check]:
    """Whether starts get on; not counted against those that were killed between a page's answer and its keeping."""
    killed = [start for start in campaign.starts if start.was_killed]
    gained = sum(_gained(start) > 0 for start in killed)
    if not any(start.asked for start in killed):
        yield Check(name, "killed starts that gained a page", f"{gained} of {len(killed)}")
        return
    able = [start for start in killed if _got_on(start)]
    idle = [start.kill for start in able if not _gained(start)]
    answered = sum(any(asked.answered and asked.path != ROBOTS for asked in start.asked) for start in killed)
    yield _check(
        name,
        "starts that asked for more behind an answered page and gained none",
        idle,
        f"{len(idle)} of {len(able)}; {answered} were answered a page, {gained} gained one",
        "0",
    )


def _is_spoilt(asked: Asked) -> bool:
    return asked.fault is not None and asked.fault.spoils


def _failures(name: str, campaign: Campaign) -> Iterator[Check]:
    causeless = []
    for start in campaign.starts:
        no_robots = any(asked.path == ROBOTS and _is_spoilt(asked) for asked in start.asked)
        new = start.after.failed - start.before.failed
        causeless += [] if no_robots else sorted(new - set(_spoilt(start)))
    counted = sum(len(start.after.failed - start.before.failed) for start in campaign.starts) - len(causeless)
    yield _check(
        name, "pages counted as not read that met no fault", causeless, f"{len(causeless)}; {counted} met one", "0"
    )
