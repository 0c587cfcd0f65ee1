"""Which articles nearly repeat each other, kept up with every article that comes, changes, moves or goes.

Two articles are a pair by their texts (`vovcrawl.near_duplicates`) and their dates, no more than `WINDOW` apart. A
group is what pairs connect, and `duplicate_of` of its articles names the earliest one. So the marks depend on the set
of articles alone: not on their order, on runs, nor on the texts that an article had before. Pairs are kept, and
whatever happens to an article takes its pairs out and finds them anew, with the marks of all articles that they
connected, in the transaction that keeps the article.

A pair is looked at if its articles are near each other in a band: of the articles in it, by date and then by number, no
more than `NEIGHBOURS` places apart. So a flood of pages that are alike costs each of them no more than those, and
its copies stay one group by their neighbours. An article without a date is compared with others without one, near each
other by number, and with the first ones of the band that have a date.
"""

from __future__ import annotations

import logging
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from hashlib import blake2b
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    MetaData,
    Table,
    bindparam,
    delete,
    insert,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from vovcrawl import near_duplicates as texts
from vovcrawl.items import Article
from vovcrawl.near_duplicates import Wording, Words
from vovcrawl.pages.publication import from_iso
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import IS_UNDATED, UNDATED, articles, bands, fingerprints, near_duplicates

WINDOW = timedelta(days=30)
"""How far apart two articles may be published for one to repeat the other. It is fixed, since another one would make
other marks of the same articles."""

NEIGHBOURS = 32
"""Places on either side in a band: more than a daily series has within the window."""

_WINDOW_SECONDS = int(WINDOW.total_seconds())
_MOST_ROWS = 4_096
"""Rows of all bands that are looked at together; where there are more, each band is asked for its nearest ones."""

_REMEMBERED = 512
"""Texts that are remembered as they are compared, so that those of a flood are not read again for each of its pages."""

_READY = 64
"""Articles at hand between the pipeline that reads their words and the commit of their group."""

_BATCH = 400

_TOLD = 10_000
"""Articles after which a pass over all of them says how far it has come."""

logger = logging.getLogger(__name__)

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Member:
    """An article as its group knows it."""

    canonical_url: str
    date_published: str | None
    section: str | None
    headline: str
    description: str | None
    body: str


def number_of(canonical_url: str) -> int:
    """The number of an article: 63 bits of its url's hash."""
    return int.from_bytes(blake2b(canonical_url.encode(errors="replace"), digest_size=8).digest()) >> 1


def seconds_of(date_published: str | None) -> int:
    """The moment of publication in seconds since 1970, `UNDATED` where there is none that can be read."""
    moment = from_iso(date_published)
    return UNDATED if moment is None else int(moment.timestamp())


def groups(connection: Connection) -> Iterator[Iterator[Member]]:
    """The groups of near-duplicates, in the order of their leaders; of each the leader first, then the others by date.

    One article at a time is in memory. A group is to be read before the next one is asked for.
    """
    leading, own = fingerprints.alias("leading"), fingerprints.c
    columns = [articles.c[field.name] for field in fields(Member)]
    found = (
        select(own.leader, own.canonical_url)
        .join(leading, leading.c.article == own.leader)
        .order_by(
            leading.c.published == UNDATED,
            leading.c.published,
            leading.c.canonical_url,
            own.published == UNDATED,
            own.published,
            own.canonical_url,
        )
    )
    member = Prepared(connection, select(*columns).where(articles.c.canonical_url == bindparam("key")))
    rows = Prepared(connection, found).stream()
    for _, of_group in groupby(rows, key=itemgetter(0)):
        yield (Member(*member.first({"key": row.canonical_url}) or ()) for row in of_group)


class DuplicateStore:
    """The near-duplicates of an open store. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._sql = _Statements(connection)
        self._wordings: OrderedDict[tuple[int, int], Wording] = OrderedDict()
        self._ready: dict[tuple[str, str | None, str], Wording] = {}

    def wording(self, article: Article) -> Wording:
        """What is compared of an article; that of the last ones asked for is at hand."""
        said = (article.headline, article.description, article.body)
        found = self._ready.get(said)
        return found if found is not None else self._have(said, texts.read(*said))

    def have_at_hand(self, article: Article, words: Words) -> None:
        """Takes what another process has found of an article's texts; it holds for these texts alone."""
        self._have((article.headline, article.description, article.body), words.wording())

    def _have(self, said: tuple[str, str | None, str], wording: Wording) -> Wording:
        self._ready[said] = wording
        if len(self._ready) > _READY:
            del self._ready[next(iter(self._ready))]
        return wording

    def put(self, article: Article) -> str | None:
        """Finds what an article, new or changed, nearly repeats; the canonical url that is its `duplicate_of`.

        The marks of other articles are written; its own is for the caller to write.
        """
        wording = self.wording(article)
        number, known = self._find(article.canonical_url)
        published = seconds_of(article.date_published)
        if known is None or (known.text, known.published) != (wording.fingerprint.text, published):
            if known is not None:
                self._remove(known)
            self._add(number, article.canonical_url, published, wording)
        leader = self._sql.leader.first({"of_article": number})
        return None if leader is None or leader.article == number else str(leader.canonical_url)

    def remove(self, canonical_url: str) -> None:
        """Forgets an article, which goes or gets another url."""
        _, known = self._find(canonical_url)
        if known is not None:
            self._remove(known)

    def fill(self) -> None:
        """Finds the near-duplicates of all articles of a store anew, in a few passes over them.

        Rows go into the tables in the order of their keys: each at its random place would be written many times over.
        """
        for forget in self._sql.forget_all:
            forget.run()
        self._sql.make_temporary()
        found = self._sql.all_texts.stream()
        count = 0
        while some := list(islice(found, _BATCH)):
            rows, of_bands = [], []
            for said in some:
                fingerprint = texts.read(said.headline, said.description, said.body).fingerprint
                row = _row(
                    number_of(said.canonical_url), said.canonical_url, seconds_of(said.date_published), fingerprint
                )
                rows.append(row)
                of_bands += _band_rows(row, fingerprint)
            self._sql.add_temporary.run_many(rows)
            self._sql.add_temporary_bands.run_many(of_bands)
            count = _tell(count, len(rows), "Reading texts to find near-duplicates")
        self._sql.sort_temporary()
        self._find_pairs()
        self._regroup({end for row in self._sql.all_pairs.stream() for end in (row.article, row.other)})

    def _find_pairs(self) -> None:
        after, count = -1, 0
        while some := self._sql.next.rows({"after": after}):
            for row in some:
                met, _ = self._near(_fingerprint(row).bands, row.published, row.article)
                later = {other: bands_met for other, bands_met in met.items() if other > row.article}
                self._sql.add_pairs.run_many(
                    [
                        _pair_row(row.article, other.article, later[other.article])
                        for other in self._rows(later).values()
                        if self._are_alike(row, other)
                    ]
                )
            after = some[-1].article
            count = _tell(count, len(some), "Finding near-duplicates")

    def _find(self, canonical_url: str) -> tuple[int, Any]:
        """The number of an article and its fingerprint; without one, a number that no other article has."""
        number = number_of(canonical_url)
        while (found := self._sql.get.first({"of_article": number})) is not None:
            if found.canonical_url == canonical_url:
                break
            number += 1
        return number, found

    def _add(self, number: int, canonical_url: str, published: int, wording: Wording) -> None:
        fingerprint = wording.fingerprint
        met, parted = self._near(fingerprint.bands, published, number)
        rows = self._rows(met)
        pairs = {
            other: met[other]
            for other, row in rows.items()
            if texts.may_repeat(fingerprint, _fingerprint(row))
            and texts.are_near_duplicates(wording, self._wording_of(row))
        }
        self._remember((number, fingerprint.text), wording)
        row = _row(number, canonical_url, published, fingerprint)
        self._sql.add.run(row)
        self._sql.add_bands.run_many(_band_rows(row, fingerprint))
        self._sql.add_pairs.run_many([_pair_row(number, other, count) for other, count in pairs.items()])
        cut = self._cut(parted)
        if pairs:
            self._join(number, [rows[other] for other in pairs])
        loose = {end for pair in cut if not (pair[0] in pairs and pair[1] in pairs) for end in pair}
        if loose:
            self._regroup(loose)

    def _remove(self, known: Any) -> None:
        number = known.article
        of_bands = _fingerprint(known).bands
        others = [row.other for row in self._sql.pairs.rows({"ends": [number]})]
        self._sql.remove.run({"of_article": number})
        self._sql.remove_bands.run_many(
            [{"of_band": band, "of_published": known.published, "of_article": number} for band in of_bands]
        )
        self._sql.remove_pairs.run({"of_article": number})
        _, parted = self._near(of_bands, known.published, number)
        touched = {*others, *self._bring_together(parted)}
        if touched:
            self._regroup(touched)

    def _near(self, of_bands: Sequence[int], published: int, number: int) -> tuple[Counter[int], Counter[Pair]]:
        """By how many bands each article near one is met, and by how many two others are near each other only where
        that one is not there."""
        met: Counter[int] = Counter()
        parted: Counter[Pair] = Counter()
        for before, after in self._neighbours(of_bands, published, number):
            met.update(before)
            met.update(after)
            nearest = before[::-1]
            for place in range(max(0, NEIGHBOURS - len(after)), min(len(nearest), NEIGHBOURS)):
                parted[_pair(nearest[place], after[NEIGHBOURS - 1 - place])] += 1
        if published == UNDATED or self._sql.any_undated.first() is not None:
            for band in of_bands:
                self._near_undated(band, published, number, met, parted)
        return met, parted

    def _near_undated(self, band: int, published: int, number: int, met: Counter[int], parted: Counter[Pair]) -> None:
        """Adds those articles of a band of which one has a date and the other has none."""
        values = {"of_band": band, "at": UNDATED, "of_article": number, "most": NEIGHBOURS}
        undated = [row.article for row in self._sql.first_undated.rows(values)]
        if not undated and published != UNDATED:
            return
        dated = [(row.published, row.article) for row in self._sql.first_dated.rows(values)]
        if published == UNDATED:
            mine, its = [(UNDATED, other) for other in undated], dated
        else:
            mine, its = dated, [(UNDATED, other) for other in undated]
        if len(mine) == NEIGHBOURS and mine[-1] < (published, number):
            return
        met.update(other for _, other in its)
        if len(mine) == NEIGHBOURS:
            parted.update(_pair(mine[-1][1], other) for _, other in its)

    def _neighbours(
        self, of_bands: Sequence[int], published: int, number: int
    ) -> Iterable[tuple[list[int], list[int]]]:
        """Of each band the articles before and after a place, within the window and `NEIGHBOURS`, in their order."""
        if not of_bands:
            return
        is_dated = published != UNDATED
        values = {
            "least": published - _WINDOW_SECONDS if is_dated else UNDATED,
            "greatest": published + _WINDOW_SECONDS if is_dated else UNDATED,
            "most": _MOST_ROWS,
            "at": published,
            "of_article": number,
        }
        rows = self._sql.near.rows({**values, "of_bands": of_bands})
        here = (published, number)
        if len(rows) < _MOST_ROWS:
            rows.sort()
            for _, found in groupby(rows, key=itemgetter(0)):
                before: list[int] = []
                after: list[int] = []
                for row in found:
                    if row.article != number:
                        (before if (row.published, row.article) < here else after).append(row.article)
                yield before[-NEIGHBOURS:], after[:NEIGHBOURS]
            return
        values["most"] = NEIGHBOURS
        for band in of_bands:
            of_band = {**values, "of_band": band}
            before = [row.article for row in self._sql.before.rows(of_band)][::-1]
            yield before, [row.article for row in self._sql.after.rows(of_band)]

    def _cut(self, parted: Counter[Pair]) -> list[Pair]:
        """Takes bands from pairs that are no more near each other in them; those pairs that have none left."""
        if not parted:
            return []
        self._sql.change_pairs.run_many(
            [{"of_article": one, "of_other": other, "more": -count} for (one, other), count in parted.items()]
        )
        ends = ({"of_article": one, "of_other": other} for one, other in parted)
        return [(pair["of_article"], pair["of_other"]) for pair in ends if self._sql.remove_empty.run(pair)]

    def _bring_together(self, parted: Counter[Pair]) -> set[int]:
        """Looks at pairs that are near each other again in bands; the articles of those that are pairs."""
        touched: set[int] = set()
        rows = self._rows({end for pair in parted for end in pair})
        for (one, other), count in parted.items():
            if self._sql.change_pairs.run({"of_article": one, "of_other": other, "more": count}):
                continue
            first, second = rows[one], rows[other]
            is_near = UNDATED in (first.published, second.published) or (
                abs(first.published - second.published) <= _WINDOW_SECONDS
            )
            if is_near and self._are_alike(first, second):
                self._sql.add_pairs.run(_pair_row(one, other, count))
                touched |= {one, other}
        return touched

    def _are_alike(self, one: Any, other: Any) -> bool:
        return texts.may_repeat(_fingerprint(one), _fingerprint(other)) and texts.are_near_duplicates(
            self._wording_of(one), self._wording_of(other)
        )

    def _join(self, number: int, others: Sequence[Any]) -> None:
        """Makes one group of an article, which belongs to none, and those that it nearly repeats, with their groups."""
        groups = {row.leader for row in others if row.leader is not None}
        alone = [row.article for row in others if row.leader is None]
        known = self._rows({number, *groups, *alone})
        leader = min(known.values(), key=_rank)
        for group in groups - {leader.article}:
            members = [row.article for row in self._sql.members.rows({"of_leader": group})]
            self._mark(self._rows(members).values(), leader)
        self._mark([known[each] for each in {number, *alone}], leader)

    def _regroup(self, touched: set[int]) -> None:
        """Finds the groups of some articles anew, by their pairs."""
        seen: set[int] = set()
        for start in touched:
            if start in seen:
                continue
            group = {start}
            edge = [start]
            while edge:
                found = {
                    row.other
                    for at in range(0, len(edge), _BATCH)
                    for row in self._sql.pairs.rows({"ends": edge[at : at + _BATCH]})
                }
                edge = list(found - group)
                group |= found
            seen |= group
            rows = self._rows(group)
            if len(group) == 1:
                self._mark(rows.values(), None)
            else:
                leader = min(rows.values(), key=_rank)
                self._mark([row for row in rows.values() if row.leader != leader.article], leader)

    def _mark(self, rows: Iterable[Any], leader: Any) -> None:
        """Gives articles another leader; None: they repeat none."""
        rows = list(rows)
        number = None if leader is None else leader.article
        url = None if leader is None else leader.canonical_url
        self._sql.set_leader.run_many([{"of_article": row.article, "leader": number} for row in rows])
        self._sql.set_mark.run_many(
            [
                {"key": row.canonical_url, "duplicate_of": None if row.article == number else url}
                for row in rows
                # What has been its own leader, or none's, has no mark to lose.
                if not (row.leader in (None, row.article) and number in (None, row.article))
            ]
        )

    def _rows(self, numbers: Iterable[int]) -> dict[int, Any]:
        """The fingerprints of some articles, by number."""
        wanted = sorted(numbers)
        found = (
            row
            for at in range(0, len(wanted), _BATCH)
            for row in self._sql.get_all.rows({"of_articles": wanted[at : at + _BATCH]})
        )
        return {row.article: row for row in found}

    def _wording_of(self, row: Any) -> Wording:
        key = (row.article, row.text)
        known = self._wordings.get(key)
        if known is None:
            said = self._sql.text.first({"key": row.canonical_url})
            known = (
                texts.read(said.headline, said.description, said.body) if said is not None else texts.read("", "", "")
            )
        self._remember(key, known)
        return known

    def _remember(self, key: tuple[int, int], wording: Wording) -> None:
        self._wordings[key] = wording
        self._wordings.move_to_end(key)
        if len(self._wordings) > _REMEMBERED:
            self._wordings.popitem(last=False)


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _pair_row(one: int, other: int, count: int) -> dict[str, int]:
    article, larger = _pair(one, other)
    return {"article": article, "other": larger, "bands": count}


def _row(number: int, canonical_url: str, published: int, fingerprint: texts.Fingerprint) -> dict[str, Any]:
    return {
        "article": number,
        "canonical_url": canonical_url,
        "published": published,
        "text": fingerprint.text,
        "words": fingerprint.words,
        "sketch": fingerprint.sketch,
        "leader": None,
    }


def _band_rows(row: dict[str, Any], fingerprint: texts.Fingerprint) -> list[dict[str, int]]:
    return [{"band": band, "published": row["published"], "article": row["article"]} for band in fingerprint.bands]


def _tell(count: int, more: int, what: str) -> int:
    """Says once for every so many articles how far a pass has come; the new count."""
    if (count + more) // _TOLD > count // _TOLD:
        logger.info("%s: %d articles", what, count + more)
    return count + more


def _fingerprint(row: Any) -> texts.Fingerprint:
    return texts.Fingerprint(row.text, row.words, row.sketch)


def _rank(row: Any) -> tuple[bool, int, str]:
    """By what the leader of a group is the first: date, those without one last, then url."""
    return row.published == UNDATED, row.published, row.canonical_url


class _Statements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

        def prepared(statement: Any, columns: Sequence[str] | None = None) -> Prepared:
            return Prepared(connection, statement, columns)

        own = fingerprints.c
        key: BindParameter[int] = bindparam("of_article")
        pairs = near_duplicates.c
        self.get = prepared(select(fingerprints).where(own.article == key))
        self.get_all = prepared(select(fingerprints).where(own.article.in_(bindparam("of_articles", expanding=True))))
        leader = fingerprints.alias("leading")
        self.leader = prepared(
            select(leader.c.article, leader.c.canonical_url)
            .join(fingerprints, own.leader == leader.c.article)
            .where(own.article == key)
        )
        self.text = prepared(
            select(articles.c.headline, articles.c.description, articles.c.body).where(
                articles.c.canonical_url == bindparam("key")
            )
        )
        self.add = prepared(insert(fingerprints), [column.name for column in fingerprints.columns])
        self.add_bands = prepared(insert(bands), [column.name for column in bands.columns])
        self.add_pairs = prepared(insert(near_duplicates), [column.name for column in near_duplicates.columns])
        self.remove = prepared(delete(fingerprints).where(own.article == key))
        of_band = bands.c.band == bindparam("of_band")
        self.remove_bands = prepared(
            delete(bands).where(of_band, bands.c.published == bindparam("of_published"), bands.c.article == key)
        )
        self.remove_pairs = prepared(delete(near_duplicates).where(or_(pairs.article == key, pairs.other == key)))
        within = bands.c.published.between(bindparam("least"), bindparam("greatest"))
        self.near = prepared(
            select(bands)
            .where(bands.c.band.in_(bindparam("of_bands", expanding=True)), within)
            .limit(bindparam("most"))
        )
        place, here = tuple_(bands.c.published, bands.c.article), tuple_(bindparam("at"), key)
        found = select(bands.c.article).where(of_band, within).limit(bindparam("most"))
        self.before = prepared(found.where(place < here).order_by(bands.c.published.desc(), bands.c.article.desc()))
        self.after = prepared(found.where(place > here).order_by(bands.c.published, bands.c.article))
        first = (
            select(bands.c.published, bands.c.article)
            .where(of_band, bands.c.article != key)
            .order_by(bands.c.published, bands.c.article)
            .limit(bindparam("most"))
        )
        self.first_undated = prepared(first.where(bands.c.published == UNDATED))
        self.first_dated = prepared(first.where(bands.c.published > UNDATED))
        self.any_undated = prepared(select(own.article).where(IS_UNDATED).limit(1))
        of_pair = (pairs.article == key, pairs.other == bindparam("of_other"))
        self.change_pairs = prepared(
            update(near_duplicates).where(*of_pair).values(bands=pairs.bands + bindparam("more"))
        )
        self.remove_empty = prepared(delete(near_duplicates).where(*of_pair, pairs.bands <= 0))
        ends: BindParameter[Any] = bindparam("ends", expanding=True)
        self.pairs = prepared(
            union_all(
                select(pairs.other.label("other")).where(pairs.article.in_(ends)),
                select(pairs.article.label("other")).where(pairs.other.in_(ends)),
            )
        )
        self.members = prepared(select(own.article).where(own.leader == bindparam("of_leader")))
        self.set_leader = prepared(update(fingerprints).where(own.article == key), ["leader"])
        self.set_mark = prepared(update(articles).where(articles.c.canonical_url == bindparam("key")), ["duplicate_of"])
        marked = articles.c.duplicate_of.is_not(None)
        self.forget_all = [
            prepared(update(articles).where(marked).values(duplicate_of=None)),
            *(prepared(delete(table)) for table in (near_duplicates, bands, fingerprints)),
        ]
        said = ("canonical_url", "date_published", "headline", "description", "body")
        self.all_texts = prepared(select(*(articles.c[name] for name in said)))
        self.all_pairs = prepared(select(near_duplicates))
        self.next = prepared(
            select(fingerprints).where(own.article > bindparam("after")).order_by(own.article).limit(_BATCH)
        )
        self.add_temporary = prepared(insert(_UNSORTED[0]), [column.name for column in fingerprints.columns])
        self.add_temporary_bands = prepared(insert(_UNSORTED[1]), [column.name for column in bands.columns])

    def make_temporary(self) -> None:
        for made in _UNSORTED:
            made.create(self._connection)

    def sort_temporary(self) -> None:
        for made, kept in zip(_UNSORTED, (fingerprints, bands), strict=True):
            names = [column.name for column in kept.columns]
            rows = select(*(made.c[name] for name in names)).order_by(*(made.c[key.name] for key in kept.primary_key))
            self._connection.execute(insert(kept).from_select(names, rows))
            made.drop(self._connection)


def _unsorted(kept: Table) -> Table:
    columns = [Column(column.name, column.type) for column in kept.columns]
    return Table(f"unsorted_{kept.name}", MetaData(), *columns, prefixes=["TEMPORARY"])


_UNSORTED = (_unsorted(fingerprints), _unsorted(bands))
"""Where rows wait that go into the tables in the order of their keys."""
