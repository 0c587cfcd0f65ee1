"""What must hold of a crawl that was killed again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.report import Check
from torture.kills import Killed, Start
from torture.responses import Responses
from torture.server import Asked

ROBOTS = "/robots.txt"
_SITE = "https://vov.vn"
_SHOWN = 3
"""So many examples of what went wrong are shown."""


def all_checks(killed: Killed) -> Iterator[Check]:
    """All that must hold."""
    yield every_kill_hit(killed)
    yield ended_well(killed)
    yield every_article_is_stored_once(killed)
    yield every_article_has_one_line(killed)
    yield every_line_is_whole(killed)
    yield stored_articles_are_as_undisturbed(killed)
    yield lines_are_as_undisturbed(killed)
    yield store_is_sound(killed)
    if any(start.asked for start in killed.campaign.starts):
        yield from faults_met(killed)
        yield only_pages_in_flight_are_repeated(killed)
        yield finished_sources_are_not_repeated(killed)
        yield robots_is_asked_for_once_a_start(killed)
        yield every_start_gains(killed)
    yield no_failure_without_a_fault(killed)
    if killed.responses is not None:
        yield every_article_has_its_response(killed, killed.responses)
        yield responses_are_readable(killed, killed.responses)
        yield no_record_is_there_twice(killed, killed.responses)


def _check(killed: Killed, what: str, wrong: Sequence[object], measured: str, target: str) -> Check:
    """A check that holds where nothing is wrong."""
    return Check(killed.name, what, measured, target, not wrong, tuple(map(str, wrong[:_SHOWN])))


def every_kill_hit(killed: Killed) -> Check:
    """Whether the crawl was killed as often as planned before it came to its end."""
    hit = killed.campaign.kills
    return Check(killed.name, "kills that hit", f"{hit} of {killed.kills}", "all", hit == killed.kills)


def ended_well(killed: Killed) -> Check:
    """Whether the last start ended with status 0."""
    starts = killed.campaign.starts
    further = len(starts) - killed.campaign.kills
    statuses = [start.status for start in starts if not start.was_killed]
    shown = f"{starts[-1].status} after {further} starts without a kill"
    return _check(killed, "exit status in the end", statuses if starts[-1].status else (), shown, "0")


def every_article_is_stored_once(killed: Killed) -> Check:
    """Whether the store holds all articles and no others; its key lets none be there twice."""
    wanted, stored = set(killed.undisturbed.stored), set(killed.kept.stored)
    measured = f"{len(wanted & stored)} of {len(wanted)}, {len(stored - wanted)} else"
    return _check(killed, "articles in SQLite", sorted(wanted ^ stored), measured, "all, 0 else")


def every_article_has_one_line(killed: Killed) -> Check:
    """Whether the feed holds all articles, none of them twice, and no others."""
    wanted = set(killed.undisturbed.stored)
    times = Counter(record["canonical_url"] for record in killed.kept.lines.records)
    twice = sorted(key for key, count in times.items() if count > 1)
    lined = set(times)
    measured = f"{len(wanted & lined)} of {len(wanted)}, {len(twice)} twice, {len(lined - wanted)} else"
    wrong = [*sorted(wanted ^ lined), *twice]
    return _check(killed, "articles in JSON Lines", wrong, measured, "all, 0 twice, 0 else")


def every_line_is_whole(killed: Killed) -> Check:
    """Whether each line of the feed is a JSON object with an end of line."""
    invalid = killed.kept.lines.invalid
    return Check(killed.name, "lines that are no JSON", f"{invalid}", "0", invalid == 0)


def stored_articles_are_as_undisturbed(killed: Killed) -> Check:
    """Whether all tables say of every article what they say after an undisturbed crawl."""
    differing = _differing(killed.kept.stored, killed.undisturbed.stored)
    what = "articles in SQLite unlike those of an undisturbed crawl"
    return _check(killed, what, differing, f"{len(differing)}", "0")


def lines_are_as_undisturbed(killed: Killed) -> Check:
    """Whether the lines are those of an undisturbed crawl, but for their order and the times."""
    differing = _differing(killed.kept.lines.by_key, killed.undisturbed.lines.by_key)
    return _check(killed, "lines unlike those of an undisturbed crawl", differing, f"{len(differing)}", "0")


def _differing(found: Mapping[str, dict[str, Any]], wanted: Mapping[str, dict[str, Any]]) -> list[str]:
    """Where two collections hold different records of an article: its key, and the fields that differ."""
    return [
        f"{key} ({', '.join(sorted(name for name in record if record[name] != wanted[key].get(name)))})"
        for key, record in sorted(found.items())
        if key in wanted and record != wanted[key]
    ]


def store_is_sound(killed: Killed) -> Check:
    """Whether SQLite finds the file whole after each start, however it ended."""
    starts = killed.campaign.starts
    damage = [line for start in starts for line in start.after.damage]
    measured = f"{sum(bool(start.after.damage) for start in starts)} of {len(starts)}, after each start"
    what = "stores that PRAGMA integrity_check or foreign_key_check complain of"
    return _check(killed, what, damage, measured, "0")


def faults_met(killed: Killed) -> Iterator[Check]:
    """How many faults the requests met, if any."""
    requests = [asked for start in killed.campaign.starts for asked in start.asked]
    met = Counter(asked.fault for asked in requests if asked.fault is not None)
    if met:
        measured = f"{met.total()} of {len(met)} kinds, in {len(requests)} requests"
        yield Check(killed.name, "faults that the requests met", measured)


def every_article_has_its_response(killed: Killed, responses: Responses) -> Check:
    """Whether what every article was read from is in the WARC files."""
    wanted = {str(article["url"]) for article in killed.kept.stored.values()}
    missing = sorted(wanted - responses.answered)
    return _check(killed, "articles without their response", missing, f"{len(missing)} of {len(wanted)}", "0")


def responses_are_readable(killed: Killed, responses: Responses) -> Check:
    """Whether warcio reads every file to its end, and every digest is right."""
    measured = f"{len(responses.problems)} in {responses.files} files"
    return _check(killed, "what warcio complains of", responses.problems, measured, "0")


def no_record_is_there_twice(killed: Killed, responses: Responses) -> Check:
    """Whether every record has an id of its own, and a run has a page once; where faults are met, it tries again."""
    twice = [str(key) for key, count in responses.ids.items() if count > 1]
    if not any(asked.fault for start in killed.campaign.starts for asked in start.asked):
        twice += [url for (_, url), count in responses.asked.items() if count > 1]
    return _check(killed, "records that are there twice", twice, f"{len(twice)} of {responses.ids.total()}", "0")


def _is_spoilt(asked: Asked) -> bool:
    return asked.fault is not None and asked.fault.spoils


def _asked(start: Start) -> Counter[str]:
    """How often a start asked for each page."""
    return Counter(_SITE + asked.path for asked in start.asked if asked.path != ROBOTS)


def _spoilt(start: Start) -> Counter[str]:
    """How often each page that a start asked for met a fault, after which it is rightly asked for again."""
    return Counter(_SITE + asked.path for asked in start.asked if _is_spoilt(asked))


def _going_on(killed: Killed) -> list[Start]:
    """The starts that had unfinished work to resume; the others crawl the site anew, if only for its changes."""
    return [start for start in killed.campaign.starts if not start.is_anew]


def only_pages_in_flight_are_repeated(killed: Killed) -> Check:
    """Whether a start asks only for pages that no start before it has finished, and once for each.

    So a page is repeated at most once for each kill at which it had been asked for and was not finished. A request that
    met a fault is another matter: it is repeated within the same start.
    """
    starts = _going_on(killed)
    finished = [address for start in starts for address in _asked(start) if address in start.before.done]
    more = [address for start in starts for address, times in (_asked(start) - _spoilt(start)).items() if times > 1]
    times = Counter(address for start in starts for address in _asked(start))
    again = sum(count - 1 for count in times.values())
    in_flight = sum(len(set(_asked(start)) - start.after.done) for start in starts if start.was_killed)
    return _check(
        killed,
        "pages asked for again that were not in flight at a kill, or more than once a kill",
        [*finished, *more],
        f"{len(finished) + len(more)}; {again} asked for again, {in_flight} in flight at kills",
        "0",
    )


def finished_sources_are_not_repeated(killed: Killed) -> Check:
    """Whether no listing, sitemap or feed is read again that was read."""
    starts = _going_on(killed)
    again = [
        address
        for start in starts
        for address in _asked(start)
        if address in start.before.done and start.before.is_source(address)
    ]
    read = {address for start in starts for address in start.after.done if start.after.is_source(address)}
    measured = f"{len(again)} of {len(read)}"
    return _check(killed, "listings, sitemaps and feeds asked for again once read", again, measured, "0")


def robots_is_asked_for_once_a_start(killed: Killed) -> Check:
    """Whether no start asks for robots.txt twice, unless the first response was a fault."""
    requests = [[asked for asked in start.asked if asked.path == ROBOTS] for start in killed.campaign.starts]
    more = [f"start {place}" for place, asked in enumerate(requests) if len(asked) > 1 + sum(map(_is_spoilt, asked))]
    measured = f"{sum(map(len, requests))} in {len(requests)} starts"
    return _check(killed, "requests for robots.txt", more, measured, "one a start")


def _got_on(start: Start) -> bool:
    """Whether another request followed a page that was sent whole: then that page is to be kept."""
    pages = [asked for asked in start.asked if asked.path != ROBOTS]
    return any(asked.answered and not _is_spoilt(asked) for asked in pages[:-1])


def every_start_gains(killed: Killed) -> Check:
    """Whether every start finishes a page that was not finished before.

    A start counts that got a page and asked for another after it: one that is killed before that may have
    had no time to keep the page.
    """
    starts = [start for start in killed.campaign.starts if start.was_killed]
    gained = [start for start in starts if start.after.done - start.before.done]
    able = [start for start in starts if _got_on(start)]
    idle = [start.kill for start in able if start not in gained]
    answered = sum(any(asked.answered and asked.path != ROBOTS for asked in start.asked) for start in starts)
    return _check(
        killed,
        "killed starts that asked for more after an answered page and gained none",
        idle,
        f"{len(idle)} of {len(able)}; {answered} were answered a page, {len(gained)} gained one",
        "0",
    )


def no_failure_without_a_fault(killed: Killed) -> Check:
    """Whether only such pages count as not read that met a fault of the site in that start, or whose robots.txt did."""
    causeless, failed = [], 0
    for start in killed.campaign.starts:
        new = start.after.failed - start.before.failed
        failed += len(new)
        if not any(asked.path == ROBOTS and _is_spoilt(asked) for asked in start.asked):
            causeless += sorted(new - set(_spoilt(start)))
    what = "pages counted as not read that met no fault"
    return _check(killed, what, causeless, f"{len(causeless)} of {failed} counted as not read", "0")
