"""How well near-duplicates are told from look-alikes, and what marking costs in a small store and in a large one.

Run as `python -m benchmarks.near_duplicates`; `--articles 1000000` fills the large store further. Quality is measured
on invented re-issues and series (`benchmarks.near_duplicate_texts`), those on which limits were chosen apart from
others. Marking is what a new article costs beyond keeping it: reading its words, finding, comparing, and writing pairs
and marks, without the end of the transaction.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import accumulate, combinations, islice
from pathlib import Path
from random import Random
from time import process_time

from sqlalchemy import Connection, insert

from benchmarks.near_duplicate_texts import EXTRAS, HELD_OUT, SERIES, Series, Text, article, edited
from benchmarks.report import Check, report
from vovcrawl import near_duplicates as texts
from vovcrawl.items import Article
from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.store import open_database
from vovcrawl.store.duplicates import DuplicateStore
from vovcrawl.store.tables import articles

PRECISION, RECALL, LOOK_ALIKES = 0.99, 0.97, 0.01
MARK_MS, GROWTH = 2.0, 1.3

_SMALL = 1_000
_MEASURED, _TURN = 600, 20
_A_DAY = 150
_PAIRS = 300
_UNRELATED = 300
_CHANGED = (0.0, 0.05, 0.1)
_PARTS = 12
_LAST_DAY = datetime(2026, 7, 16, 20, tzinfo=VIETNAM)


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=100_000, help="of the large store (default: 100,000)")
    large = parser.parse_args().articles
    checks = [*quality("chosen on", SERIES, "a"), *quality("held out", HELD_OUT, "b")]
    small_ms, large_ms = marking(_SMALL, large)
    checks += [
        Check("CPU ms", f"marking an article, store of {_SMALL:,}", f"{small_ms:.3f}"),
        Check(
            "CPU ms", f"marking an article, store of {large:,}", f"{large_ms:.3f}", f"< {MARK_MS}", large_ms < MARK_MS
        ),
        Check(
            "cost",
            "large store to small one",
            f"{large_ms / small_ms:.2f}",
            f"<= {GROWTH}",
            large_ms <= GROWTH * small_ms,
        ),
    ]
    report(checks)


def quality(name: str, series: Sequence[Series], seed: str) -> list[Check]:
    """Recall of re-issues, look-alikes that are taken for such, and precision of all that is marked."""
    random = Random(seed)
    found = unfound = wrong = 0
    originals = []
    for number in range(_PAIRS):
        original = article(f"{seed} {number}", random.randint(150, 750), random.choice((0, 1, 2, 4, 8, 20)))
        originals.append(_read(original))
        for extra in EXTRAS:
            again = _read(edited(original, random.uniform(0.05, 0.08), random, extra))
            if _are_marked(originals[-1], again):
                found += 1
            else:
                unfound += 1
    unrelated = sum(_are_marked(*pair) for pair in combinations(originals[:_UNRELATED], 2))
    alike = 0
    for each in series:
        for changed in _CHANGED:
            parts = [_read(each.part(number, changed)) for number in range(_PARTS)]
            for pair in combinations(parts, 2):
                alike += 1
                wrong += _are_marked(*pair)
    recall, share = found / (found + unfound), wrong / alike
    precision = found / (found + wrong + unrelated)
    return [
        Check(name, f"recall of {found + unfound:,} re-issues", f"{recall:.4f}", f">= {RECALL}", recall >= RECALL),
        Check(name, "precision of all pairs", f"{precision:.4f}", f">= {PRECISION}", precision >= PRECISION),
        Check(name, f"{alike:,} look-alikes marked", f"{share:.4f}", f"<= {LOOK_ALIKES}", share <= LOOK_ALIKES),
    ]


def _read(text: Text) -> texts.Wording:
    return texts.read(*text.parts)


def _are_marked(one: texts.Wording, other: texts.Wording) -> bool:
    """As the store would: by bands, by fingerprints, then exactly."""
    prints = one.fingerprint, other.fingerprint
    if not {*prints[0].bands} & {*prints[1].bands}:
        return False
    return texts.may_repeat(*prints) and texts.are_near_duplicates(one, other)


def marking(*counts: int) -> list[float]:
    """CPU milliseconds of marking a new article in a store of so many, the latest of the newspaper's days.

    The stores take turns, so that what else the machine does falls on all of them.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        filled = []
        for count in counts:
            database = open_database(str(Path(folder) / f"{count}.sqlite"))
            opened.callback(database.close)
            stream = _newspaper(count + _MEASURED)
            for start in range(0, count, 1_000):
                _keep(database.connection, list(islice(stream, min(1_000, count - start))))
            store = DuplicateStore(database.connection)
            store.fill()
            database.connection.commit()
            filled.append((database.connection, store, stream))
        taken = [0.0] * len(counts)
        for _ in range(_MEASURED // _TURN):
            for place, (connection, store, stream) in enumerate(filled):
                for made in islice(stream, _TURN):
                    begun = process_time()
                    store.wording(made)
                    made.duplicate_of = store.put(made)
                    taken[place] += process_time() - begun
                    _keep(connection, [made])
                    connection.commit()
    return [1000 * each / _MEASURED for each in taken]


def _keep(connection: Connection, made: Sequence[Article]) -> None:
    rows = [
        {**{name: value for name, value in vars(each).items() if name in articles.c}, "extra": "{}"}
        | {"sequence": 0, "revision": 1, "first_seen": "", "last_seen": ""}
        for each in made
    ]
    connection.execute(insert(articles), rows)


def _newspaper(count: int) -> Iterator[Article]:
    """So many articles in the order of publication: one in 40 a re-issue, one in 30 a part of a daily series."""
    random = Random(count)
    words = [f"{onset}{rhyme}" for onset in _ONSETS for rhyme in _RHYMES]
    random.shuffle(words)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    recent: list[Text] = []
    for number in range(count):
        chance = random.random()
        if chance < 1 / 40 and recent:
            text = edited(random.choice(recent), 0.06, random)
        elif chance < 1 / 40 + 1 / 30:
            text = random.choice(SERIES).part(number, 0.03)
        else:
            said = random.choices(words, cum_weights=weights, k=random.randint(200, 700))
            sentences = [" ".join(said[place : place + 20]).capitalize() + "." for place in range(0, len(said), 20)]
            text = Text(" ".join(said[:10]), sentences[-1], "\n\n".join(sentences))
        recent = [*recent[-500:], text]
        url = f"https://vov.vn/xa-hoi/bai-post{number}.vov"
        published = _LAST_DAY - timedelta(days=(count - number) / _A_DAY)
        yield Article(
            id=f"post{number}",
            url=url,
            canonical_url=url,
            content_type="article",
            headline=text.headline,
            description=text.description,
            body=text.body,
            date_published=to_iso(published),
            template="drupal-2026",
        )


_ONSETS = "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x".split()
_RHYMES = """a á à ạ an án ang áng anh ành ao áo ay ày âm ấm ân ần âng ấy e é em en eo ê ế ên ền ệnh i ì ía
iên iện inh ình o ó oa oà oan oán oàn oi ói on ong òng ô ố ồ ôi ội ôn ồn ông ống ộng ơ ở ờ ới ời
ơn u ú ũ ua ùa ui ung úng uôi uốn uống ư ừ ử ưa ứa ưng ước ược ương ường ượng""".split()


if __name__ == "__main__":
    main()
