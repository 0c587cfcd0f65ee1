"""How long a search takes in a store of a million articles, and what the index costs.

Run as `python -m benchmarks.search_speed --articles 1000000 --store /tmp/searched.sqlite`. The store is made where
there is none, with only what a search reads: words by Zipf's law, single syllables and pairs of them as Vietnamese has
them, in articles of real length, over ten years. Each query is asked once before it is measured, so that what it reads
is in the memory. The first line is a floor: SQLite counts the articles with two frequent words, in the index alone and
without an order.

With `--postgresql` the same articles are also in a PostgreSQL of this program's own, and each query is asked of both.
The figures are of the processor, and of a store on a server that of the server's process as well.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import insert

from benchmarks.report import Check, report
from tests.postgresql import Server, need_server, schema_of
from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.queries import parse
from vovcrawl.search_tokens import APART, AUTHOR, EVERY, HEAD, HEADLINE, KIND, PATH, SECTION, TAG, streams
from vovcrawl.store import Database, open_database, read_database
from vovcrawl.store.search import Filter, SearchStore
from vovcrawl.store.search_index import number_at
from vovcrawl.store.tables import articles, lists, search_articles, search_words
from vovcrawl.store.token_index import token_index

_INITIALS = "b c d đ g h k l m n p r s t v x th tr ch nh ng ph kh gi qu".split()
_FINALS = "a o u i ê an on un in ang ong ung anh ai oi ui oa ao eo uông ươc iên iêt ac at am em ôm uân oan".split()
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_FREQUENT = ("của", "và", "việt nam", "các", "trong", "có", "được", "năm", "người", "báo", "anh", "số", "bao", "tháng")
_PARAGRAPHS, _WORDS_A_PARAGRAPH, _A_BODY = 20_000, 45, 8
_SECTIONS = ("xa-hoi", "kinh-te", "the-thao", "the-gioi", "van-hoa", "phap-luat", "doi-song", "cong-nghe")
_FIRST = datetime(2016, 1, 1, tzinfo=VIETNAM)
_BATCH = 5_000

QUERIES = {
    "a word in every article": "của",
    "the same without marks": "cua",
    "two frequent words": "việt nam",
    "two frequent words without marks": "viet nam",
    "a phrase of frequent words": '"việt nam"',
    "a prefix of one letter": "a*",
    "a prefix of two letters": "th*",
    "a typical name": "ten77 ten210",
    "typical words": "bão số ten40",
    "a word with marks that another spelling drowns": "bão",
    "either of two": "bão OR ten300",
    "without a frequent word": "ten300 -việt",
    "a tag": 'tag:"việt nam"',
    "a section alone": "section:the-thao",
    "a rare word": "ten55000",
    "nothing": "khongcotunay",
}
WITHIN_MS = 100


def main() -> None:
    """Makes the store if there is none, asks, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path, default=Path("/tmp/vovcrawl-searched.sqlite"))
    parser.add_argument("--postgresql", action="store_true", help="ask the same of a PostgreSQL")
    options = parser.parse_args()
    if not options.store.exists():
        database = open_database(str(options.store))
        fill(database, options.articles)
        database.close()
    database = read_database(str(options.store))
    floor = 'SELECT count(*) FROM search_index WHERE search_index MATCH \'"viet" AND "nam"\''
    try:
        counted = _Clock(database).check("floor: SQLite counts viet AND nam", lambda: _scalar(database, floor))
        checks = [counted, *measured(database, "SQLite")]
    finally:
        database.close()
    if options.postgresql:
        with _on_server(options.articles) as database:
            checks += measured(database, "PostgreSQL")
    report(checks)


@contextmanager
def _on_server(count: int) -> Iterator[Database]:
    """The same articles in a PostgreSQL that is there as long."""
    server = Server(need_server())
    try:
        url = server.new_store()
        database = open_database(url)
        fill(database, count)
        database.close()
        server.run("VACUUM ANALYZE")
        for table in ("search_index", "articles"):
            ((size,),) = server.run(f"SELECT pg_table_size('{schema_of(url)}.{table}')")
            ((of_indexes,),) = server.run(f"SELECT pg_indexes_size('{schema_of(url)}.{table}')")
            print(f"{table}: {size / count:,.0f} bytes an article, its indexes {of_indexes / count:,.0f}")
        database = read_database(url)
        yield database
        database.close()
    finally:
        server.remove()


def measured(database: Database, where: str) -> list[Check]:
    """Milliseconds of each query, and of its counts by section, month and the like."""
    store = SearchStore(database.connection)
    clock = _Clock(database, where)
    checks = []
    for what, typed in QUERIES.items():
        query = parse(typed)
        page = store.find(query, limit=20)
        found = f"{page.count:,}" if page.is_counted else f"more than {page.count:,}"
        checks.append(clock.check(f"{what}: {typed} ({found})", lambda query=query: store.find(query, limit=20)))  # type: ignore[misc]
    month = Filter(
        datetime(2020, 5, 1, tzinfo=VIETNAM), datetime(2020, 6, 1, tzinfo=VIETNAM), ("https://vov.vn/the-thao",)
    )
    checks.append(
        clock.check("of a month and a section: việt nam", lambda: store.find(parse("việt nam"), within=month))
    )
    for typed in ("của", "việt nam", "bão số ten40"):
        checks.append(clock.check(f"counts: {typed}", lambda typed=typed: store.facets(parse(typed))))  # type: ignore[misc]
    return checks


class _Clock:
    """Measures what asking a store takes.

    Args:
        database: the store.
        where: what it is called.
    """

    def __init__(self, database: Database, where: str = "") -> None:
        self._where = f"{where}: " if where else ""
        self._server = None
        if database.connection.dialect.name != "sqlite":
            self._server = int(_scalar(database, "SELECT pg_backend_pid()"))

    def check(self, what: str, ask: Callable[[], object]) -> Check:
        """Asks four times; the quickest after the first."""
        ask()
        times = []
        for _ in range(3):
            start = self._now()
            ask()
            times.append(1000 * (self._now() - start))
        ended = min(times)
        return Check("CPU ms", f"{self._where}{what}", f"{ended:.1f}", f"under {WITHIN_MS}", ended < WITHIN_MS)

    def _now(self) -> float:
        """Seconds of the processor that this process has used, and the server's for it."""
        return process_time() + (_of_process(self._server) if self._server is not None else 0)


def _of_process(pid: int) -> float:
    used = Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]
    return int(used) / 1e9


def _scalar(database: Database, sql: str) -> Any:
    return database.connection.exec_driver_sql(sql).scalar()


def _units(chance: random.Random) -> list[str]:
    """Words, the most frequent first: single syllables and pairs, then names."""
    syllables = [f"{first}{final}" for first in _INITIALS for final in _FINALS]
    weights = list(accumulate(1 / rank for rank in range(1, len(syllables) + 1)))
    chance.shuffle(syllables)

    def syllable() -> str:
        (plain,) = chance.choices(syllables, cum_weights=weights)
        return plain + chance.choice(_TONES)

    units = list(_FREQUENT)
    units += [syllable() if n < 300 or n % 3 == 0 else f"{syllable()} {syllable()}" for n in range(4_000)]
    units[120] = "bão"
    return units + [f"ten{number}" for number in range(60_000)]


def fill(database: Database, count: int) -> None:
    """Makes the articles of ten years."""
    chance = random.Random(7)
    units = _units(chance)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(units))))

    def line(words: int) -> str:
        return " ".join(chance.choices(units, cum_weights=weights, k=words)).capitalize() + "."

    paragraphs = []
    for _ in range(_PARAGRAPHS):
        text = line(_WORDS_A_PARAGRAPH)
        paragraphs.append((text, *(" ".join(each) for each in streams([text]))))
    connection = database.connection
    words = {word: index for index, word in enumerate(streams(units)[0]) if word != APART}
    connection.execute(
        insert(search_words), [{"word": word, "articles": len(words) - place} for word, place in words.items()]
    )
    step = timedelta(days=3_652) / count
    for first in range(0, count, _BATCH):
        rows, found, indexed, tags, authors = [], [], [], [], []
        for place in range(first, min(first + _BATCH, count)):
            moment = _FIRST + place * step
            headline, lead, tag = line(9), line(22), [line(2)[:-1] for _ in range(3)]
            body = chance.choices(paragraphs, k=_A_BODY)
            author, section = f"Ten{chance.randrange(400)} Anh", chance.choice(_SECTIONS)
            url = f"https://vov.vn/{section}/bai-viet-so-{place}-post{place}.vov"
            head = streams([headline, lead, *tag, author])
            parts = [
                *(
                    " ".join((*of_head, *(paragraph[stream] for paragraph in body)))
                    for stream, of_head in enumerate(head, 1)
                ),
                *_signed(HEADLINE, [headline]),
                *_signed(HEAD, [headline, lead, *tag]),
                *_signed(TAG, tag),
                *_signed(AUTHOR, [author]),
                *_signed(SECTION, [section.replace("-", " ")]),
                f"{EVERY} {KIND}article {PATH}{section}",
            ]
            number = number_at(moment) + place % 7
            indexed.append((number, " ".join(parts)))
            found.append(
                {"number": number, "canonical_url": url, "section": section, "content_type": "article", "mark": 0}
            )
            rows.append(
                _row(place, url, section, to_iso(moment) or "", headline, lead, "\n\n".join(one[0] for one in body))
            )
            tags += [{"canonical_url": url, "position": n, "keyword": each} for n, each in enumerate(tag)]
            authors.append(
                {"canonical_url": url, "position": 0, "name": author, "affiliation": "VOV", "name_raw": author}
            )
        connection.execute(insert(articles), rows)
        connection.execute(insert(search_articles), found)
        connection.execute(insert(lists["keywords"].table), tags)
        connection.execute(insert(lists["authors"].table), authors)
        index = token_index(connection)
        for number, tokens in indexed:
            index.add(number, tokens)
        connection.commit()
        if first % 50_000 == 0:
            print(f"{first:,} of {count:,} articles", flush=True)


def _signed(sign: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield from (word if word == APART else f"{sign}{word}" for word in streams([line])[0])


def _row(place: int, url: str, section: str, moment: str, headline: str, lead: str, body: str) -> dict[str, object]:
    return {
        "id": f"post{place}",
        "url": url,
        "canonical_url": url,
        "content_type": "article",
        "headline": headline,
        "description": lead,
        "body": body,
        "section": section,
        "section_name": section,
        "date_published": moment,
        "in_language": "vi",
        "content_hash": "",
        "source": "live",
        "template": "drupal-2026",
        "reader_version": 1,
        "schema_version": 1,
        "sequence": place + 1,
        "revision": 1,
        "first_seen": moment,
        "last_seen": moment,
        "extra": "{}",
    }


if __name__ == "__main__":
    main()
