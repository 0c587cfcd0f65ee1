"""Searching the articles of a store: what a `Query` finds, ranked, with a piece of each text, and counted by facets.

Newer articles come first where nothing else tells them apart, and whatever would take long for a frequent word is done
for the newest ones that have it: counting beyond `COUNTED`, the facets, and the order within a class of articles.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, bindparam, column, text

from vovcrawl.queries import All, Either, Part, Query, Term, Without
from vovcrawl.search_tokens import AUTHOR, BARE, EVERY, HEAD, HEADLINE, KIND, SECTION, TAG, normal, path_of
from vovcrawl.snippets import Excerpt, Finder, score
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.search_expressions import AllOf, AnyOf, ButNot, Expression, Phrase
from vovcrawl.store.search_index import FIRST_DATED, SECONDS_A_DAY, day_of, number_at
from vovcrawl.store.token_index import TokenIndex, token_index

COUNTED = 10_000
"""Articles that are counted; of more, the newest are."""

_RERANKED = 120
"""Articles that are put in order by their texts; the others stand in the order in which they were found."""

_READ = 20_000
_WHOLE = 1 << 20
"""Characters of a body that are read to rank an article, and to show a piece of it."""

_MOST_WEIGHED = 50_000
"""Articles from which on a word weighs nearly nothing."""

_MOST_BEGUN = 64
"""Words with a begin that are asked for one by one."""

_END = 1 << 62
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are searched, beside what the query says."""

    start: datetime | None = None
    """Only those published then or later; with a start or an end, one without a date is none of them."""
    end: datetime | None = None
    """Only those published before."""
    sections: tuple[str, ...] = ()
    """Urls of section listings, as `--sections` gives them; empty for all."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    canonical_url: str
    headline: Excerpt
    snippet: Excerpt
    """Of the text where most of what was searched for stands close together."""
    date_published: str | None
    section: str | None
    section_name: str | None
    content_type: str
    authors: tuple[str, ...]
    score: float
    """The higher, the better; says something only beside others of the same query."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the articles that were found, the best first."""

    hits: tuple[Hit, ...]
    count: int
    """How many there are in all."""
    is_counted: bool
    """False where there are more than `count`: then the newest `count` of them were ranked."""
    are_marks_ignored: bool
    """Whether nothing has the marks that were typed, so that words with other ones were found."""
    suggestions: tuple[str, ...] = ()
    """Queries that find something, where this one finds nothing."""


Facets = Mapping[str, Sequence[tuple[str, int]]]
"""By `section`, `kind`, `month`, `author` and `tag`: its values with the number of articles, the most frequent first;
months, as `2026-07`, in their order."""


class SearchStore:
    """The search index of an open store."""

    def __init__(self, connection: Connection) -> None:
        self._index = token_index(connection)
        self._sql = _Statements(connection, self._index)

    def find(self, query: Query, *, limit: int = 20, offset: int = 0, within: Filter = Filter()) -> Page:
        """The articles that a query finds, the best first, and newer ones first among equals.

        Args:
            query: what is searched for; an empty one finds all articles, the newest first.
            limit: how many to read.
            offset: how many better ones to leave out, at most `COUNTED`.
            within: which articles are searched.
        """
        search = self._search(query, within)
        numbers = self._ranked(search, min(offset, COUNTED), limit)
        hits = tuple(self._hits(numbers, search))
        suggestions = tuple(self._suggestions(query)) if query and not search.newest else ()
        count = min(len(search.newest), COUNTED)
        return Page(hits, count, len(search.newest) <= COUNTED, search.ignores_marks and bool(count), suggestions)

    def facets(self, query: Query, *, most: int = 12, within: Filter = Filter()) -> Facets:
        """How many of the articles that a query finds have each section, kind, month, author and tag.

        Where more than `COUNTED` are found, the newest of them are counted.

        Args:
            query: as for `find`.
            most: how many values of each to give; months are given all.
            within: which articles are searched.
        """
        search = self._search(query, within)
        values = {"numbers": self._index.bound(search.newest[:COUNTED])}
        sections: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        months: Counter[str] = Counter()
        for row in self._sql.facets.rows(values):
            day = day_of(row.day * SECONDS_A_DAY + FIRST_DATED) if row.day >= 0 else None
            if row.section:
                sections[row.section] += row.count
            kinds[row.content_type] += row.count
            if day is not None:
                months[f"{day:%Y-%m}"] += row.count
        return {
            "section": _most(sections, most),
            "kind": _most(kinds, most),
            "month": sorted(months.items()),
            "author": [(row.value, row.count) for row in self._sql.authors.rows({**values, "values": most})],
            "tag": [(row.value, row.count) for row in self._sql.tags.rows({**values, "values": most})],
        }

    def _search(self, query: Query, within: Filter) -> _Search:
        """What is asked of the index: with the marks that were typed, or, where nothing has them, without."""
        search = _Search(query, within, self._count_word, self._frequent)
        search.newest = self._newest(search)
        if search.is_cut and len(search.newest) <= COUNTED:
            # What the frequent words leave out may be most of it.
            search = _Search(query, within, self._count_word)
            search.newest = self._newest(search)
        if not search.newest and query.has_marks:
            search = _Search(query, within, self._count_word, ignores_marks=True)
            search.newest = self._newest(search)
        return search

    def _newest(self, search: _Search) -> list[int]:
        """The numbers of the newest articles that are found, up to one more than `COUNTED`."""
        return self._numbers(search, search.loose, COUNTED + 1)

    def _numbers(self, search: _Search, expression: Expression, most: int) -> list[int]:
        return self._index.newest(expression, search.least, search.end, most)

    def _count_word(self, word: str) -> int:
        """How many articles have a folded word, up to `_MOST_WEIGHED`."""
        return self._index.count(_phrase([word]), _MOST_WEIGHED)

    def _frequent(self, begin: str) -> list[str]:
        """The most frequent words with a begin."""
        values = {"begin": begin, "end": begin + chr(0x10FFFF), "most": _MOST_BEGUN}
        return [row.word for row in self._sql.begun.rows(values)]

    def _ranked(self, search: _Search, offset: int, limit: int) -> list[tuple[int, float]]:
        """The numbers of some articles with their scores.

        Articles are found class by class, from those with all words in a row in the headline to those that have them
        anywhere, and the newest first within a class. The first of them are looked at closely and put in order.
        """
        wanted = max(offset + limit, _RERANKED) if search.query else offset + limit
        found: dict[int, bool] = {}
        # All of a few are looked at closely, in whichever class they are.
        classes = search.classes if len(search.newest) > _RERANKED else [search.strict, search.loose]
        for expression in dict.fromkeys(classes):
            if expression == search.loose and wanted <= len(search.newest):
                numbers = search.newest
            else:
                numbers = self._numbers(search, expression, wanted + len(found))
            for number in numbers:
                if len(found) == wanted:
                    break
                found.setdefault(number, expression == search.loose)
        numbers = list(found)
        ranked = [(number, 0.0) for number in numbers]
        if search.query and offset < _RERANKED:
            scores = self._scores(numbers[:_RERANKED], search)
            # Whoever types marks means them: what has them comes first, however well the rest answers.
            best = sorted(scores.items(), key=lambda each: (found[each[0]], -round(each[1], 3), -each[0]))
            ranked[: len(best)] = best
        return ranked[offset : offset + limit]

    def _scores(self, numbers: Sequence[int], search: _Search) -> dict[int, float]:
        weights = [math.log(1 + _MOST_WEIGHED / max(search.frequency(term), 1)) for term in search.query.terms]
        finder = search.finder
        scores = {}
        for row in self._sql.texts.rows({"numbers": numbers, "length": _READ}):
            texts = (("headline", row.headline), ("description", row.description or ""), ("body", row.body))
            places = {field: finder.places(text, field) for field, text in texts}
            places["tag"] = finder.places(row.tags or "", "tag")
            places["author"] = finder.places(row.authors or "", "author")
            scores[row.number] = score(places, weights)
        return scores

    def _hits(self, ranked: Sequence[tuple[int, float]], search: _Search) -> Iterator[Hit]:
        for start in range(0, len(ranked), _BATCH):
            some = ranked[start : start + _BATCH]
            rows = {
                row.number: row
                for row in self._sql.texts.rows({"numbers": [number for number, _ in some], "length": _WHOLE})
            }
            for number, of_article in some:
                if number in rows:
                    yield self._hit(rows[number], of_article, search.finder)

    def _hit(self, row: Any, of_article: float, finder: Finder) -> Hit:
        key = {"key": row.canonical_url}
        authors = [each.name for each in self._sql.authors_of.rows(key)]
        tags = [each.keyword for each in self._sql.tags_of.rows(key)]
        captions = [each.caption for each in self._sql.captions_of.rows(key)]
        body = [("description", row.description or ""), ("body", row.body)]
        if not row.description:
            body.reverse()
        others = [*(("caption", text) for text in captions), *(("author", text) for text in authors)]
        others += [("tag", text) for text in tags]
        return Hit(
            row.canonical_url,
            finder.excerpt(row.headline, "headline"),
            finder.snippet([*body, *others]),
            row.date_published,
            row.section,
            row.section_name,
            row.content_type,
            tuple(authors),
            of_article,
        )

    def _suggestions(self, query: Query) -> Iterator[str]:
        """Queries that find something: with a word that is spelt nearly as one that no article has, or without it."""
        unknown = []
        for word in (word for term in query.terms if not term.is_prefix for word in term.words):
            if self._sql.is_known.first({"word": word.folded}) is None:
                unknown.append(word)
        if not unknown:
            return
        typed = query.typed
        for word in unknown[:1]:
            near = self._sql.begun.rows({"begin": word.folded[0], "end": word.folded[0] + chr(0x10FFFF), "most": 5_000})
            for other in get_close_matches(word.folded, [row.word for row in near], n=3, cutoff=0.75):
                yield f"{typed[: word.start]}{other}{typed[word.end :]}"
        known = [
            word for term in query.terms for word in term.words if all(word.folded != each.folded for each in unknown)
        ]
        if known:
            yield " ".join(typed[word.start : word.end] for word in known)


def _most(counts: Counter[str], most: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:most]


class _Search:
    """A query as what is asked of the tokens of articles.

    Args:
        query: what is searched for.
        within: which articles are searched.
        count_word: how many articles have a folded word, roughly where they are many.
        frequent: gives the most frequent words with a begin, in place of all; None for all.
        ignores_marks: whether a word with other marks than those that were typed is found.
    """

    def __init__(
        self,
        query: Query,
        within: Filter,
        count_word: Callable[[str], int],
        frequent: Callable[[str], list[str]] | None = None,
        *,
        ignores_marks: bool = False,
    ) -> None:
        self.query = query
        self.ignores_marks = ignores_marks
        self.finder = Finder(query, ignores_marks=ignores_marks)
        self.newest: list[int] = []
        """The numbers of the newest articles that are found."""
        self.is_cut = False
        """Whether words that are not frequent were left out for a prefix."""
        self._frequent = frequent
        self._count_word = cache(count_word)
        self._is_negated = False
        self.least = 0 if within.start is None and within.end is None else FIRST_DATED
        self.end = _END if within.end is None else number_at(within.end)
        if within.start is not None:
            self.least = number_at(within.start)
        self._of_sections = tuple(_phrase([path_of(url)]) for url in within.sections)
        part = query.part
        if part is None:
            self.strict = self.loose = self._filtered(_EVERY)
            self.classes = [self.loose]
            return
        strict = self._made(part, self.of_term)
        self.loose = self._filtered(self._made(part, self._loosely))
        in_a_row = _in_a_row(part)
        classes = []
        for found, sign in ((in_a_row, HEADLINE), (in_a_row, HEAD), (part, HEADLINE), (in_a_row, ""), (part, HEAD)):
            if found is None:
                continue
            head = self._made(found, partial(self._signed, sign)) if sign else self._made(found, self.of_term)
            if head is not None and strict is not None:
                classes.append(self._filtered(AllOf((head, strict))))
        self.strict = self._filtered(strict)
        self.classes = [*classes, self.strict, self.loose]

    def _filtered(self, expression: Expression | None) -> Expression:
        found = expression or _EVERY
        return AllOf((found, AnyOf(self._of_sections))) if self._of_sections else found

    def _made(self, part: Part, of_term: Callable[[Term], Expression | None]) -> Expression | None:
        """The expression for a part; None where nothing is asked of it."""
        if isinstance(part, Term):
            return of_term(part)
        if isinstance(part, Without):
            return self._without(_EVERY, [part], of_term)
        if isinstance(part, Either):
            found = [made for each in part.parts if (made := self._made(each, of_term)) is not None]
            # What asks nothing of one side asks nothing of either.
            return AnyOf(tuple(found)) if len(found) == len(part.parts) else None
        # FTS5 walks along the first of the words, and looks for the others where that one is.
        wanted = sorted((each for each in part.parts if not isinstance(each, Without)), key=self._frequency_of)
        found = [made for each in wanted if (made := self._made(each, of_term)) is not None]
        if not found and wanted:
            return None
        joined = AllOf(tuple(found)) if found else _EVERY
        return self._without(joined, [each for each in part.parts if isinstance(each, Without)], of_term)

    def _without(
        self, expression: Expression, parts: Sequence[Without], of_term: Callable[[Term], Expression | None]
    ) -> Expression:
        for each in parts:
            # What must not be there is the same for all classes, and is spelt as it was typed.
            was, self._is_negated = self._is_negated, True
            made = self._made(each.part, self.of_term)
            self._is_negated = was
            if made is not None:
                expression = ButNot(expression, made)
        return expression

    def frequency(self, term: Term) -> int:
        """How many articles a term may be in: as many as have the rarest of its words."""
        return _MOST_WEIGHED if term.is_prefix else min(self._count_word(word.folded) for word in term.words)

    def _frequency_of(self, part: Part) -> int:
        return self.frequency(part) if isinstance(part, Term) and not part.field else _MOST_WEIGHED

    def of_term(self, term: Term) -> Expression:
        """A term with the marks that were typed."""
        folded = [word.folded for word in term.words]
        if term.field:
            return _phrase(folded, term.is_prefix, _SIGNS[term.field])
        if term.is_prefix:
            return self._begun(folded)
        if self.ignores_marks or all(word.spelling == word.folded for word in term.words):
            return _phrase(folded)
        return _phrase([word.spelling for word in term.words])

    def _loosely(self, term: Term) -> Expression:
        """A term with the marks that were typed, or without any."""
        strict = self.of_term(term)
        has_marks = any(word.spelling != word.folded for word in term.words)
        if term.field or term.is_prefix or self.ignores_marks or not has_marks:
            return strict
        return AnyOf((strict, _phrase([word.folded for word in term.words], sign=BARE)))

    def _signed(self, sign: str, term: Term) -> Expression | None:
        """A term in the headline, or at the head."""
        if term.field:
            return None
        return _phrase([word.folded for word in term.words], term.is_prefix, sign)

    def _begun(self, words: Sequence[str]) -> Expression:
        """Words of which the last one is but the begin of one."""
        if len(words) == 1 and self._frequent is not None and not self._is_negated:
            found = self._frequent(words[0])
            self.is_cut = True
            if found:
                return AnyOf(tuple(_phrase([word]) for word in found))
        return _phrase(words, is_prefix=True)


_SIGNS = {"tag": TAG, "author": AUTHOR, "section": SECTION, "kind": KIND}


_EVERY = Phrase((EVERY,))


def _phrase(words: Sequence[str], is_prefix: bool = False, sign: str = "") -> Phrase:
    # A url of a section may hold anything; what is no token parts tokens.
    tokens = " ".join(sign + normal(word) for word in words).split(" ")
    return Phrase(tuple(filter(None, tokens)), is_prefix)


def _in_a_row(part: Part) -> Part | None:
    """The same with plain words beside each other as one phrase; None where there are none."""
    if not isinstance(part, All):
        return None
    joined: list[Part] = []
    run: list[Term] = []
    for each in (*part.parts, None):
        if isinstance(each, Term) and not (each.field or each.is_prefix or each.is_quoted):
            run.append(each)
            continue
        if run:
            joined.append(Term(tuple(word for term in run for word in term.words)))
            run = []
        if each is not None:
            joined.append(each)
    if len(joined) == len(part.parts):
        return None
    return joined[0] if len(joined) == 1 else All(tuple(joined))


class _Statements:
    """What is asked of the database."""

    def __init__(self, connection: Connection, index: TokenIndex) -> None:
        def prepared(sql: str, *columns: str, lists: Sequence[str] = ()) -> Prepared:
            bound = text(sql).bindparams(*(bindparam(name, expanding=True) for name in lists))
            return Prepared(connection, bound.columns(*(column(name) for name in columns)))

        listed = f"{index.listed} {index.joined} search_articles ON number = listed.value"
        self.facets = prepared(
            f"SELECT section, content_type, (number - {FIRST_DATED}) / {SECONDS_A_DAY} AS day, count(*) AS count "  # noqa: S608
            f"FROM {listed} GROUP BY 1, 2, 3",
            *("section", "content_type", "day", "count"),
        )
        facet = partial(_FACET.format, listed=listed, joined=index.joined)
        self.authors = prepared(facet(table="authors", value="name"), "value", "count")
        self.tags = prepared(facet(table="keywords", value="keyword"), "value", "count")
        texts = _TEXTS.format(tags=index.lines("keyword"), authors=index.lines("name_raw"))
        self.texts = prepared(texts, *_TEXT_COLUMNS, lists=["numbers"])
        self.begun = prepared(
            "SELECT word FROM search_words WHERE word >= :begin AND word < :end "
            "ORDER BY articles DESC, word LIMIT :most",
            "word",
        )
        self.is_known = prepared("SELECT word FROM search_words WHERE word = :word", "word")
        self.authors_of = prepared("SELECT name FROM authors WHERE canonical_url = :key ORDER BY position", "name")
        self.tags_of = prepared("SELECT keyword FROM keywords WHERE canonical_url = :key ORDER BY position", "keyword")
        self.captions_of = prepared(
            "SELECT caption FROM images WHERE canonical_url = :key AND caption IS NOT NULL ORDER BY position", "caption"
        )


_FACET = """
    SELECT named.{value} AS value, count(DISTINCT number) AS count
    FROM {listed} {joined} {table} AS named ON named.canonical_url = search_articles.canonical_url
    GROUP BY named.{value} ORDER BY count DESC, value LIMIT :values
"""

_TEXT_COLUMNS = (
    *("number", "canonical_url", "headline", "description", "body", "date_published", "section", "section_name"),
    *("content_type", "tags", "authors"),
)
_TEXTS = """
    SELECT search_articles.number, a.canonical_url, a.headline, a.description, substr(a.body, 1, :length) AS body,
        a.date_published, a.section, a.section_name, a.content_type,
        (SELECT {tags} FROM keywords WHERE canonical_url = a.canonical_url) AS tags,
        (SELECT {authors} FROM authors WHERE canonical_url = a.canonical_url) AS authors
    FROM search_articles JOIN articles AS a ON a.canonical_url = search_articles.canonical_url
    WHERE search_articles.number IN :numbers
"""
