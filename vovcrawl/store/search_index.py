"""The index that articles are searched by, kept in the transactions that keep the articles.

SQLite's FTS5 splits what it is given at blanks alone, and so has no opinion about Vietnamese: each article is one
string of tokens. It has the text, the captions, the authors and the tags three times: folded, as it is spelt, and what
of it is written without marks. Words of the headline, of what stands at the head, of tags and authors come once more
with a sign before them, so that to ask for these alone is a short list of articles and no look into long ones.

An article's number in the index is its time of publication: so newer articles are found first without sorting, and a
window of days is a range of numbers.

Nothing is stored but the index, so that an article's own tokens are needed to take it out. They follow from what
`articles` and its lists hold.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from vovcrawl.folding import WORD, forms
from vovcrawl.items import Article
from vovcrawl.pages.publication import VIETNAM, from_iso
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import articles, search_articles, search_words

BARE, HEADLINE, HEAD, TAG, AUTHOR, SECTION, KIND, PATH = "~^%#@/_:"
"""What stands before a token: a word of a text without marks, or a name without them; the headline; the head, which is
headline, lead and tags; a tag; an author; the section's name; the kind of page; a part of the url."""

EVERY = KIND
"""A token that every article has."""

APART = "|"
"""A token between two lines, so that no phrase is found across them."""

FIRST_DATED = 1 << 34
"""Number of the first second of the year 1; articles without a date have lower ones."""

SECONDS_A_DAY = 86_400
_SITE = "https://vov.vn/"
_LONGEST_URL = 200
_SAME_MINUTE = 60
_TRIES = 64

COUNTED_IN = 16
"""Of so many articles the words of one are counted: enough to know the frequent ones."""

_MOST_REMEMBERED = 1 << 16
_MOST_KNOWN = 50_000
"""Words that are known to be in `search_words`, so that each article writes only those that are new."""

_TOLD = 10_000
_BATCH = 200

logger = logging.getLogger(__name__)


class Document(NamedTuple):
    """What the index has of an article."""

    tokens: str
    words: frozenset[str]
    """Folded."""


def create_search_index(connection: Connection) -> None:
    """Makes the index in a store of SQLite; another database has none."""
    if connection.dialect.name != "sqlite":
        return
    signs = f"{BARE}{HEADLINE}{HEAD}{TAG}{AUTHOR}{SECTION}{KIND}{PATH}{APART}-"
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS search_index "
        f"USING fts5(tokens, content = '', tokenize = \"ascii tokenchars '{signs}'\")"
    )
    # Whoever deletes an article by SQL of his own leaves its tokens, which nobody can tell then.
    connection.exec_driver_sql(
        "CREATE TRIGGER IF NOT EXISTS search_articles_gone AFTER DELETE ON articles BEGIN "
        "UPDATE search_articles SET canonical_url = NULL WHERE canonical_url = OLD.canonical_url; END"
    )


class _Tokens(dict[str, tuple[str, str, str, str]]):
    """Of each word: folded, its spelling, and the token of a bare one where it has no marks, and where it is a name.

    A dictionary takes a third of the time that a function with a memory takes.
    """

    def __missing__(self, word: str) -> tuple[str, str, str, str]:
        folded, spelling = forms(word)
        bare = BARE + folded if folded == spelling else ""
        if len(self) == _MOST_REMEMBERED:
            self.clear()
        self[word] = found = folded, spelling, bare, bare if word[0].isupper() else ""
        return found


_TOKENS = _Tokens()


def document(article: Article) -> Document:
    """The tokens of an article."""
    head = [article.headline, article.description or "", *article.keywords]
    signed = [text for author in article.authors for text in _signed(author.name, author.affiliation, author.name_raw)]
    captions = [image.caption for image in article.images if image.caption and image.caption not in article.body]
    folded, spelt, bare = streams([*head, *article.body.split("\n"), *captions, *signed])
    tokens = [
        *folded,
        *spelt,
        *bare,
        *_lines(HEADLINE, head[:1]),
        *_lines(HEAD, head),
        *_lines(TAG, article.keywords),
        *_lines(AUTHOR, signed),
        *_lines(SECTION, [(article.section or "").replace("-", " "), article.section_name or ""]),
        EVERY,
        *(f"{KIND}{token}" for token in folded_words(article.content_type)),
        *_paths(article),
    ]
    words = frozenset(folded)
    return Document(" ".join(tokens), words - {APART})


def streams(lines: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """The tokens of some lines: folded, as they are spelt, and what of them is written without marks."""
    folded: list[str] = []
    spelt: list[str] = []
    bare: list[str] = []
    for line in lines:
        found = [_TOKENS[word] for word in WORD.findall(line)]
        if not found:
            continue
        of_line, as_spelt, without_marks, names = zip(*found, strict=True)
        folded += of_line
        spelt += as_spelt
        folded.append(APART)
        spelt.append(APART)
        if without := without_marks if all(without_marks) else tuple(filter(None, names)):
            bare += without
            bare.append(APART)
    return folded, spelt, bare


def _signed(name: str, affiliation: str | None, raw: str) -> Iterator[str]:
    yield raw
    yield from (each for each in (name, affiliation) if each and each not in raw)


def folded_words(text: str) -> list[str]:
    """The folded words of a text."""
    return [_TOKENS[word][0] for word in WORD.findall(text)]


def _lines(sign: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if found := folded_words(line):
            yield from (f"{sign}{token}" for token in found)
            yield APART


def _mark(of_document: Document) -> int:
    """What a document is known by."""
    return zlib.crc32(of_document.tokens.encode(errors="replace"))


def path_of(url: str) -> str:
    """The token of the articles whose section is that of a listing's url."""
    return PATH + url.removeprefix(_SITE)[:_LONGEST_URL]


def _paths(article: Article) -> list[str]:
    """The tokens by which `path_of` finds an article: its section, and each folder of its url."""
    found = [PATH + article.section[:_LONGEST_URL]] if article.section else []
    url = article.canonical_url[:_LONGEST_URL]
    if url.startswith(_SITE):
        *folders, _ = url.removeprefix(_SITE).split("/")
        found += [PATH + "/".join(folders[: length + 1]) for length in range(len(folders))]
    return list(dict.fromkeys(found))


def number_at(moment: datetime) -> int:
    """The lowest number of an article published at a moment or later."""
    local = moment.astimezone(VIETNAM).replace(tzinfo=None)
    return FIRST_DATED + int((local - datetime.min) / timedelta(seconds=1))


def day_of(number: int) -> date | None:
    """The day on which the article with a number was published, in +07:00; None where it has no date."""
    if number < FIRST_DATED:
        return None
    return date.min + timedelta(days=(number - FIRST_DATED) // SECONDS_A_DAY)


class SearchIndex:
    """Writes the index of an open store; in a database that has none, nothing. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_there = connection.dialect.name == "sqlite"
        self._known: set[str] = set()
        if not self._is_there:
            return
        number = search_articles.c.number
        of_article = search_articles.c.canonical_url == bindparam("key")
        self._find = Prepared(connection, select(number, search_articles.c.mark).where(of_article))
        self._taken = Prepared(
            connection, select(number).where(number >= bindparam("least"), number < bindparam("end")).order_by(number)
        )
        self._last = Prepared(connection, select(func.max(number)).where(number < bindparam("end")))
        self._add = Prepared(connection, insert(search_articles), [each.name for each in search_articles.columns])
        self._remove = Prepared(connection, delete(search_articles).where(of_article))
        self._index = Prepared(connection, text("INSERT INTO search_index (rowid, tokens) VALUES (:number, :tokens)"))
        self._unindex = Prepared(
            connection,
            text("INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', :number, :tokens)"),
        )
        self._give_up = Prepared(connection, update(search_articles).where(of_article).values(canonical_url=None))
        new_words = "INSERT INTO search_words (word, articles) VALUES (:word, 0) ON CONFLICT DO NOTHING"
        self._add_words = Prepared(connection, text(new_words))
        counted = (
            "INSERT INTO search_words (word, articles) VALUES (:word, 1) "
            "ON CONFLICT (word) DO UPDATE SET articles = articles + 1"
        )
        self._count_words = Prepared(connection, text(counted))

    def put(self, article: Article, new: Document, before: Document | None = None) -> None:
        """Indexes an article.

        Args:
            article: as it is from now on.
            new: its document.
            before: that of what is kept under its `canonical_url`, if anything is.
        """
        if not self._is_there:
            return
        mark = _mark(new)
        known = self._find.first({"key": article.canonical_url})
        number = None
        if known is not None:
            if self._is_at(known.number, article.date_published):
                if known.mark == mark and before is not None and before.tokens == new.tokens:
                    return
                number = known.number
            if not self.remove(article.canonical_url, before):
                number = None
        if number is None:
            number = self._free_number(article)
        self._add.run(
            {
                "number": number,
                "canonical_url": article.canonical_url,
                "section": article.section,
                "content_type": article.content_type,
                "mark": mark,
            }
        )
        self._index.run({"number": number, "tokens": new.tokens})
        self._learn(article, new.words)

    def remove(self, canonical_url: str, before: Document | None) -> bool:
        """Takes an article out, which goes or gets another url.

        What another program has changed or deleted, or another version has indexed, is given up: its tokens stay under
        a number that is no article's.

        Args:
            canonical_url: under which it is kept.
            before: the document of what is kept, None where nothing is.

        Returns:
            Whether its number is free.
        """
        if not self._is_there:
            return True
        known = self._find.first({"key": canonical_url})
        if known is None:
            return True
        if before is None or known.mark != _mark(before):
            self._give_up.run({"key": canonical_url})
            return False
        self._unindex.run({"number": known.number, "tokens": before.tokens})
        self._remove.run({"key": canonical_url})
        return True

    def fill(self, read: Callable[[Sequence[str]], Iterator[Article]]) -> None:
        """Indexes all articles of the store anew.

        Args:
            read: gives the articles of some urls, in their order.
        """
        if not self._is_there:
            return
        self._connection.exec_driver_sql("DROP TABLE IF EXISTS search_index")
        create_search_index(self._connection)
        for table in (search_articles, search_words):
            self._connection.execute(delete(table))
        total = self._connection.scalar(select(func.count()).select_from(articles)) or 0
        by_date = select(articles.c.canonical_url).order_by(articles.c.date_published, articles.c.canonical_url)
        urls: list[str] = []
        for count, row in enumerate(Prepared(self._connection, by_date).stream(), 1):
            urls.append(row.canonical_url)
            if len(urls) == _BATCH or count == total:
                for article in read(urls):
                    self.put(article, document(article))
                urls = []
            if count % _TOLD == 0:
                logger.info("Making the search index: %d of %d articles", count, total)

    def _is_at(self, number: int, date_published: str | None) -> bool:
        """Whether a number is right for an article of that time."""
        moment = from_iso(date_published)
        if moment is None:
            return number < FIRST_DATED
        wanted = number_at(moment)
        if wanted <= number < wanted + _SAME_MINUTE:
            return True
        return day_of(number) == day_of(wanted) and self._is_full(wanted)

    def _is_full(self, wanted: int) -> bool:
        return len(self._taken.rows({"least": wanted, "end": wanted + _SAME_MINUTE})) == _SAME_MINUTE

    def _free_number(self, article: Article) -> int:
        """A number of the minute, or else of the day, of publication that no article has.

        Days with more than 86,400 articles spill into the next.
        """
        moment = from_iso(article.date_published)
        if moment is None:
            return int(self._last.scalar({"end": FIRST_DATED}) or 0) + 1
        wanted = number_at(moment)
        taken = {row.number for row in self._taken.rows({"least": wanted, "end": wanted + _SAME_MINUTE})}
        for number in range(wanted, wanted + _SAME_MINUTE):
            if number not in taken:
                return number
        # Many have a date but no time. A few of the day's seconds are tried, the same ones for the same url.
        midnight = wanted - (wanted - FIRST_DATED) % SECONDS_A_DAY
        seed = zlib.crc32(article.canonical_url.encode(errors="replace"))
        for step in range(_TRIES):
            number = midnight + (seed + step * 7_919) % SECONDS_A_DAY
            if not self._taken.rows({"least": number, "end": number + 1}):
                return number
        number = midnight
        while found := self._taken.rows({"least": number, "end": number + SECONDS_A_DAY}):
            for row in found:
                if row.number != number:
                    return number
                number += 1
        return number

    def _learn(self, article: Article, words: frozenset[str]) -> None:
        """Adds new words to those that prefixes and suggestions are made of."""
        if zlib.crc32(article.canonical_url.encode(errors="replace")) % COUNTED_IN == 0:
            self._count_words.run_many([{"word": word} for word in words])
        elif new := words - self._known:
            self._add_words.run_many([{"word": word} for word in new])
        if len(self._known) + len(words) > _MOST_KNOWN:
            self._known.clear()
        self._known |= words
