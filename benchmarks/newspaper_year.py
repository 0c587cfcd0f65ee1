"""A store filled with the articles of an invented newspaper: days, runs, a hole, and a template that changes.

Rows go into the tables as they are, without the pages they would be read from, so that a store of 100,000 articles is
made in a minute. The same arguments make the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate, islice
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from vovcrawl.items import READER_VERSION
from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.store.tables import articles, crawls, drift_checks, lists, pages, revisions, runs

_DAY = timedelta(days=1)
_BATCH = 1_000

_SECTIONS = {
    **{"xa-hoi": 26, "the-gioi": 24, "the-thao": 20, "kinh-te": 16, "chinh-tri": 14, "phap-luat": 12, "thi-truong": 10},
    **{"van-hoa": 8, "giai-tri": 8, "suc-khoe": 6, "du-lich": 5, "cong-nghe": 5, "doi-song": 4, "oto-xe-may": 4},
    **{"quan-su-quoc-phong": 4, "multimedia": 3, "podcast": 2, "goc-nhin": 1},
}
_KINDS = {"article": 88, "photo": 5, "video": 4, "podcast": 2, "emagazine": 1}
_HOURS = (1, 0, 0, 0, 1, 3, 6, 7, 7, 6, 6, 5, 4, 4, 5, 6, 6, 6, 5, 5, 4, 3, 3, 2)
_DISTANCES = (*(0,) * 9, *(-1,) * 5, 1, 1, -3, -5, 4, -20, 15, -90, -200, 120, -400, -1500, 700)
_ONSETS = "b c ch d đ g h kh l m n ng nh ph qu s t th tr v x".split()
_RHYMES = (
    "a á à ạ an ang anh ao ay ân âng e em ên êu i ia iên inh o oa oan oi ong ô ôn ông ơi u ui ung ư ưng ươn".split()
)
_NAMES = [
    f"{first} {last}"
    for first in ("Lữ", "Khúc", "Tăng", "Doãn", "Mạc")
    for last in "An Bình Chi Dung Giang Hà Khuê Lam Mai Ngân Oanh Phương".split()
]


@dataclass(frozen=True)
class Year:
    """What the newspaper and the crawls of it are like."""

    first: date = date(2025, 8, 1)
    days: int = 365
    a_day: int = 34
    hole: tuple[date, int] | None = (date(2026, 3, 12), 3)
    """The first day of which there is nothing, and how many there are."""
    changes: date | None = date(2026, 5, 20)
    """The day on which the newspaper's template changes, so that most pages name no author that is found."""
    silent: tuple[str, date] | None = None
    """A section of which there is nothing from a day on."""
    seed: int = 1
    words: int = 450

    def is_in_hole(self, day: date) -> bool:
        """Whether nothing of this day is kept."""
        return self.hole is not None and self.hole[0] <= day < self.hole[0] + self.hole[1] * _DAY

    def has_changed(self, day: date) -> bool:
        """Whether pages of this day have the new template."""
        return self.changes is not None and day >= self.changes


@dataclass
class _Rows:
    """What is to be inserted, by table."""

    of: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: Any, **values: Any) -> None:
        self.of.setdefault(table, []).append(values)

    def write(self, connection: Connection) -> None:
        for table, rows in self.of.items():
            connection.execute(insert(table), rows)
        self.of.clear()


def fill(connection: Connection, year: Year) -> int:
    """Fills an empty store; how many articles it has. Nothing is committed."""
    # Lists come in an order of their own.
    of_file, of_server = "PRAGMA foreign_keys = OFF", "SET LOCAL session_replication_role = replica"
    connection.exec_driver_sql(of_file if connection.dialect.name == "sqlite" else of_server)
    _crawl_daily(connection, year)
    stream = _articles(year)
    count = 0
    while some := list(islice(stream, _BATCH)):
        rows = _Rows()
        for made in some:
            count += 1
            _add(rows, count, *made)
        rows.write(connection)
    return count


@dataclass(frozen=True)
class _Made:
    url: str
    published: datetime
    crawl: int
    body: str
    headline: str


def _articles(year: Year) -> Iterator[tuple[Year, Random, _Made, Sequence[_Made]]]:
    random = Random(year.seed)
    words = [f"{onset}{rhyme}" for onset in _ONSETS for rhyme in _RHYMES]
    random.shuffle(words)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    recent: list[_Made] = []
    number = 1_100_000
    for place in range(year.days):
        day = year.first + place * _DAY
        if year.is_in_hole(day):
            continue
        usual = year.a_day * (0.72 if day.weekday() >= 5 else 1.1)
        hours = sorted(random.choices(range(24), _HOURS, k=max(1, round(random.gauss(usual, usual / 9)))))
        for hour in hours:
            section = random.choices(list(_SECTIONS), list(_SECTIONS.values()))[0]
            number += random.randint(1, 15)
            if year.silent is not None and section == year.silent[0] and day >= year.silent[1]:
                continue
            said = random.choices(words, cum_weights=weights, k=round(random.lognormvariate(0, 0.5) * year.words) + 20)
            sentences = [" ".join(said[at : at + 18]).capitalize() + "." for at in range(0, len(said), 18)]
            made = _Made(
                f"https://vov.vn/{section}/{'-'.join(said[:5]).translate(_PLAIN)}-post{number}.vov",
                datetime.combine(day, time(hour, random.randrange(60)), VIETNAM),
                place + 1,
                "\n\n".join(sentences),
                " ".join(said[:11]).capitalize(),
            )
            yield year, random, made, recent
            recent = [*recent[-400:], made]


_PLAIN = str.maketrans("áàạâêôơưđ", "aaaaeooud")


def _add(rows: _Rows, sequence: int, year: Year, random: Random, made: _Made, recent: Sequence[_Made]) -> None:
    day = made.published.date()
    seen = to_utc(made.published + timedelta(minutes=round(random.lognormvariate(5.5, 2)) + 6))
    is_edited = random.random() < 0.15
    again = random.choice(recent) if recent and random.random() < 0.02 else None
    section = made.url.split("/")[3]
    rows.add(
        articles,
        id=made.url.rpartition("-")[2].removesuffix(".vov"),
        url=made.url,
        canonical_url=made.url,
        content_type=random.choices(list(_KINDS), list(_KINDS.values()))[0],
        headline=made.headline,
        description=made.body.partition("\n")[0] if random.random() < 0.97 else None,
        body=made.body,
        section=section,
        section_name=section,
        date_published=to_iso(made.published),
        in_language="vi",
        duplicate_of=again.url if again is not None else None,
        content_hash=f"{sequence:064x}",
        source="live",
        template="drupal-2026" if year.has_changed(day) else "drupal-2022",
        extra="{}",
        reader_version=READER_VERSION,
        schema_version=5,
        sequence=2 * sequence + 1,
        run=made.crawl,
        revision=2 if is_edited else 1,
        first_seen=seen,
        last_seen=seen,
    )
    if is_edited:
        first = to_utc(made.published + timedelta(minutes=5))
        rows.add(
            revisions,
            sequence=2 * sequence,
            canonical_url=made.url,
            number=1,
            content_hash=f"{sequence + 1:064x}",
            first_seen=first,
            last_seen=first,
            earlier='{"headline": "Tin"}',
            replaced_by="edit",
        )
    moment = {"first_crawl": made.crawl, "crawl": made.crawl, "discovered_at": seen, "changed_at": seen}
    known = {"canonical_url": made.url, "published": to_iso(made.published), "visited_at": seen, "listed": True}
    rows.add(pages, url=made.url, kind="article", state="done", outcome="article", status=200, **known, **moment)
    _add_lists(rows, year, random, made, recent)


def _add_lists(rows: _Rows, year: Year, random: Random, made: _Made, recent: Sequence[_Made]) -> None:
    day = made.published.date()

    def add(table: str, position: int, /, **values: Any) -> None:
        rows.add(lists[table].table, canonical_url=made.url, position=position, **values)

    if random.random() < (0.25 if year.has_changed(day) else 0.93):
        name = random.choices(_NAMES, [1 / (rank + 4) for rank in range(len(_NAMES))])[0]
        add("authors", 0, name=name, affiliation=None, name_raw=name)
    else:
        add("warnings", 0, warning="missing:authors")
    for position in range(random.randrange(5)):
        add("keywords", position, keyword=" ".join(made.headline.split()[position : position + 2]).lower())
    for position in range(random.randrange(4)):
        add("images", position, url=f"https://media.vov.vn/{position}.jpg", caption="Ảnh minh họa", credit=None)
    popular = recent[::40] if len(recent) >= 400 else recent
    for position, other in enumerate(random.sample(popular, min(len(popular), 4))):
        number = other.url.rpartition("-")[2].removesuffix(".vov")
        named = {"id": number, "url": other.url, "headline": other.headline}
        add("related", position, **named, description=None, placement="related" if position else "inline")
    for position in range(random.randrange(1, 12)):
        about = (made.published + timedelta(days=random.choice(_DISTANCES))).date().isoformat()
        found = {"field": "body", "start": position, "end": position + 5, "text": "ngày đó", "type": "DATE"}
        covered = {"first_day": about, "last_day": about, "sentence": made.headline}
        add("time_expressions", position, **found, value=about, mod=None, conflict=False, **covered)


def _crawl_daily(connection: Connection, year: Year) -> None:
    """A crawl of two days on each day, but in the hole, after which the window does not reach back far enough."""
    random = Random(year.seed + 1)
    rows = _Rows()
    changed = 0
    for place in range(year.days):
        number = place + 1
        day = year.first + place * _DAY
        if year.is_in_hole(day):
            continue
        begun = datetime.combine(day, time(21, 30), VIETNAM)
        after_hole = year.hole is not None and day == year.hole[0] + year.hole[1] * _DAY
        since = day if after_hole else day - _DAY
        keeps_from = to_iso(datetime.combine(since, time(), VIETNAM))
        end = to_utc(begun + timedelta(minutes=4))
        given = {"arguments": '{"since": "1d"}', "started_at": to_utc(begun)}
        reckoned = {"since": since.isoformat(), "keeps_from": keeps_from, "reckoned_at": to_iso(begun)}
        rows.add(crawls, id=number, **given, **reckoned, seeded=True, finished_at=end, is_whole=True)
        has_changed = year.has_changed(day) and changed < 4
        changed += has_changed
        trouble = random.random()
        status, reason = (7, "finished") if has_changed else (4, "blocked") if trouble < 0.01 else (0, "finished")
        status = 3 if not status and trouble < 0.04 else status
        failed = random.randint(1, 9) if status in (3, 4) else 0
        counts = {"requests": year.a_day + 12, "bytes": 4_000_000, "new": year.a_day, "revised": 3, "unchanged": 4}
        ended = {"ended_at": end, "outcome": reason, "exit_status": status, "failed": failed}
        rows.add(runs, id=number, crawl=number, **given, **ended, **counts)
        moment = {"first_crawl": number, "crawl": number, "discovered_at": end, "changed_at": end, "visited_at": end}
        for page in range(failed):
            url = f"https://vov.vn/xa-hoi/khong-doc-duoc-post{9_000_000 + number * 10 + page}.vov"
            outcome = "blocked" if status == 4 else "unreadable"
            rows.add(pages, url=url, kind="article", state="failed", outcome=outcome, unread_since=end, **moment)
        line = f"authors: from page on 9 of {year.a_day} pages (drupal-2026; 93% of 1,000 in the last runs)"
        finding = [{"field": "authors", "line": line, "examples": ["https://vov.vn/xa-hoi/vi-du-post1100001.vov"]}]
        rows.add(
            drift_checks,
            run=number,
            same="{}",
            reader_version=READER_VERSION,
            verdict="changed" if has_changed else "as expected",
            findings=json.dumps(finding if has_changed else []),
        )
    rows.write(connection)


def to_utc(moment: datetime) -> str:
    """The moment as the store writes those of the crawler."""
    return (moment - timedelta(hours=7)).replace(tzinfo=None).isoformat(timespec="seconds") + "+00:00"
