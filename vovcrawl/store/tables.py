"""The store's tables.

`articles` and one table per list field follow the record's dataclasses, column by field; `revisions` holds what
articles said before they were revised. `pages` holds one row per url ever discovered, and with `crawls` is what the
scheduler works from.

Each index costs about as much as a short list, so that only these are there: by day of publication, by keyword, by
author and by the days that a text speaks of, for whoever looks something up; by id, for articles that the site moves;
by sequence, for feeds that must be completed; by `canonical_url` of `revisions`, for an article's history; and those of
`pages`, for the queue.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, fields
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from vovcrawl.items import Article, element_types

STORE_VERSION = 11
"""Of the tables below; that of the record is `vovcrawl.items.SCHEMA_VERSION`."""

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared and sorted by its characters' numbers in every database: a server may sort as a language does, and times,
urls and bounds such as '~' would be in another order."""

WHOLE: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")
"""A whole number of 64 bits. SQLite's have them anyway, and it keeps rows by a key only where that is an INTEGER."""

metadata = MetaData()

_ELEMENT_COLUMNS = {"keywords": "keyword", "warnings": "warning"}
"""Lists of plain text, and the name of the column that holds one element."""

_STORE_ONLY = {"time_expressions": ("first_day", "last_day", "sentence")}
"""Columns of a list's table that the record does not have."""

_LONG = "body"
"""Stands last in its row, so that a query of other fields need not read past it."""


@dataclass(frozen=True, slots=True)
class ListTable:
    """The table of one list field."""

    table: Table
    columns: tuple[str, ...]
    """The columns that hold an element, in the order of its fields."""
    element: type
    """The dataclass of an element; `str` where it is plain text."""


def _sql_type(hint: Any) -> TypeEngine[Any]:
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (arg for arg in get_args(hint) if arg is not types.NoneType)
    if hint is bool:
        return Boolean()
    return WHOLE if hint is int else TEXT


def _nullable(hint: Any) -> bool:
    return types.NoneType in get_args(hint)


def _columns(cls: type, without: frozenset[str] = frozenset()) -> list[Column[Any]]:
    hints = get_type_hints(cls)
    return [
        Column(
            name,
            _sql_type(hints[name]),
            nullable=_nullable(hints[name]),
            primary_key=name == "canonical_url",
            server_default="{}" if get_origin(hints[name]) is dict else None,
        )
        for name in (f.name for f in fields(cls))
        if name not in without
    ]


def _list_table(name: str, element: type) -> ListTable:
    is_text = element is str
    columns: list[Column[Any]] = (
        [Column(_ELEMENT_COLUMNS[name], TEXT, nullable=False)] if is_text else _columns(element)
    )
    kept = tuple(column.name for column in columns)
    columns += [Column(extra, TEXT) for extra in _STORE_ONLY.get(name, ())]
    table = Table(
        name,
        metadata,
        Column("canonical_url", TEXT, ForeignKey("articles.canonical_url", ondelete="CASCADE"), primary_key=True),
        Column("position", WHOLE, primary_key=True, autoincrement=False),
        *columns,
        # The key is stored once, and an article's elements stand together.
        sqlite_with_rowid=False,
    )
    return ListTable(table, kept, element)


_ELEMENTS = element_types()

articles = Table(
    "articles",
    metadata,
    *_columns(Article, without=frozenset({*_ELEMENTS, _LONG})),
    # Since when the site answers that the article is gone; it stays all the same.
    Column("gone_at", TEXT),
    # Rises with each text that the store keeps, new or revised, of whichever article: the order of a feed's lines.
    Column("sequence", WHOLE, nullable=False),
    # The run that kept this text, whose feeds get it as a line; NULL where that is not known.
    Column("run", WHOLE),
    # How many texts the article has had with this one.
    Column("revision", WHOLE, nullable=False),
    # When the crawler saw this text first and last, in UTC.
    Column("first_seen", TEXT, nullable=False),
    Column("last_seen", TEXT, nullable=False),
    # By it the same reading of the same page is known again, see `ArticleStore.keep`; NULL where it is not known.
    Column("record_hash", TEXT),
    # By it the page is known again that this text was read from, see `vovcrawl.evidence`; NULL where it is not known.
    Column("page_hash", TEXT),
    *(column for column in _columns(Article) if column.name == _LONG),
)
"""Scalar fields of the record, `extra` as JSON, and what is known of the current text; the key is `canonical_url`."""

lists: dict[str, ListTable] = {name: _list_table(name, element) for name, element in _ELEMENTS.items()}
"""The table of each list field: `canonical_url`, `position` from 0, and the element's fields."""

Index("articles_id", articles.c.id)
# With these two, counts by day, section and kind are read from the index alone.
Index("articles_date_published", articles.c.date_published, articles.c.section, articles.c.content_type)
Index("articles_sequence", articles.c.sequence)
# A page may name somebody or something at any length, which an ordered index of PostgreSQL does not hold.
Index("keywords_keyword", lists["keywords"].table.c.keyword, postgresql_using="hash")
Index("authors_name", lists["authors"].table.c.name, postgresql_using="hash")
_days = lists["time_expressions"].table.c
Index(
    "time_expressions_days",
    _days.first_day,
    _days.last_day,
    # A duration such as "3 ngày" covers no day, and is no answer to a question for one.
    sqlite_where=_days.first_day.is_not(None),
    postgresql_where=_days.first_day.is_not(None),
)

revisions = Table(
    "revisions",
    metadata,
    Column("sequence", WHOLE, primary_key=True, autoincrement=False),
    Column("canonical_url", TEXT, ForeignKey("articles.canonical_url", ondelete="CASCADE"), nullable=False),
    # From 1 on; the one after the last is what stands in `articles`.
    Column("number", WHOLE, nullable=False),
    Column("run", WHOLE),
    Column("content_hash", TEXT, nullable=False),
    Column("first_seen", TEXT, nullable=False),
    Column("last_seen", TEXT, nullable=False),
    # The fields that the next revision changed, with the values that they had, as a JSON object.
    Column("earlier", TEXT, nullable=False),
    # As in `articles`.
    Column("page_hash", TEXT),
    # Why there is a next one: `edit`, since the newspaper changed the text, or `reading`, since a later reader read
    # the same page otherwise.
    Column("replaced_by", TEXT, nullable=False, server_default="edit"),
    UniqueConstraint("canonical_url", "number"),
)
"""The texts that an article had before its current one, each as the difference to the next; the other columns are as
in `articles`."""

sightings = Table(
    "sightings",
    metadata,
    Column("canonical_url", TEXT, ForeignKey("articles.canonical_url", ondelete="CASCADE"), primary_key=True),
    # Of the text that was seen, as in `revisions`.
    Column("number", WHOLE, primary_key=True, autoincrement=False),
    # In UTC.
    Column("seen_at", TEXT, primary_key=True),
    # As in `articles`; '' where it is not known.
    Column("page_hash", TEXT, primary_key=True),
    # The fields in which the page differed from the text as it is kept, with their values, as a JSON object.
    Column("differing", TEXT, nullable=False),
    sqlite_with_rowid=False,
)
"""When the texts of an article were seen, of articles of which an archive holds a capture that says when it was made:
by them the history is the same in whatever order captures come, see `vovcrawl.store.history`."""

fingerprints = Table(
    "fingerprints",
    metadata,
    # Made of the canonical url, so that it does not depend on when the article was kept.
    Column("article", BigInteger, primary_key=True, autoincrement=False),
    Column("canonical_url", TEXT, nullable=False),
    # When it was published, in seconds since 1970; `UNDATED` where that is not known.
    Column("published", BigInteger, nullable=False),
    # What `vovcrawl.near_duplicates.Fingerprint` says of its text.
    Column("text", BigInteger, nullable=False),
    Column("words", WHOLE, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    # The article that leads its group, itself for the leader; NULL where it repeats none and none repeats it.
    Column("leader", BigInteger),
)
"""By what near-duplicates of an article are found, and the group that it belongs to; one row an article."""

Index(
    "fingerprints_leader",
    fingerprints.c.leader,
    sqlite_where=fingerprints.c.leader.is_not(None),
    postgresql_where=fingerprints.c.leader.is_not(None),
)

UNDATED = -(10**12)
"""`published` of an article without a date: before every date that there is."""

IS_UNDATED = text(f"published = {UNDATED}")
"""A condition on `fingerprints`, in the words of the index of such articles."""

Index("fingerprints_undated", fingerprints.c.published, sqlite_where=IS_UNDATED, postgresql_where=IS_UNDATED)

bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("published", BigInteger, primary_key=True, autoincrement=False),
    Column("article", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The bands of the fingerprints: articles with one in common are compared if their days are close enough."""

near_duplicates = Table(
    "near_duplicates",
    metadata,
    Column("article", BigInteger, primary_key=True, autoincrement=False),
    # Has the larger number.
    Column("other", BigInteger, primary_key=True, autoincrement=False),
    # By how many bands the two are found.
    Column("bands", WHOLE, nullable=False),
    sqlite_with_rowid=False,
)
"""Pairs of articles of which each nearly repeats the other: what `duplicate_of` follows from."""

Index("near_duplicates_other", near_duplicates.c.other)

crawls = Table(
    "crawls",
    metadata,
    Column("id", WHOLE, primary_key=True, autoincrement=True),
    # As typed, order aside: unfinished work belongs to the arguments it was started with.
    Column("arguments", TEXT, nullable=False),
    Column("started_at", TEXT, nullable=False),
    # The day on which the window began as the arguments were understood then ("7d"), and the ISO time from which on
    # the crawl keeps articles: earlier where it resumes an unfinished one of an earlier day. NULL without a limit.
    Column("since", TEXT),
    Column("keeps_from", TEXT),
    # The moment from which windows and ages are reckoned, in +07:00; NULL where it is not known.
    Column("reckoned_at", TEXT),
    # Set once every seed is in `pages`.
    Column("seeded", Boolean, nullable=False, default=False),
    Column("finished_at", TEXT),
    # Of a finished one: whether its sources were read, see `CrawlStore.finish_if_done`.
    Column("is_whole", Boolean),
)
"""What was asked for: one row for each set of arguments, until nothing of it is left to do."""

runs = Table(
    "runs",
    metadata,
    Column("id", WHOLE, primary_key=True, autoincrement=True),
    Column("crawl", WHOLE, ForeignKey("crawls.id")),
    # As typed.
    Column("arguments", TEXT, nullable=False),
    # In UTC; a run without an end was killed, or still goes on.
    Column("started_at", TEXT, nullable=False),
    Column("ended_at", TEXT),
    # Scrapy's finish reason, and the exit status that follows from the run.
    Column("outcome", TEXT),
    Column("exit_status", WHOLE),
    Column("requests", WHOLE, nullable=False, default=0),
    Column("bytes", WHOLE, nullable=False, default=0),
    Column("new", WHOLE, nullable=False, default=0),
    Column("revised", WHOLE, nullable=False, default=0),
    Column("unchanged", WHOLE, nullable=False, default=0),
    Column("failed", WHOLE, nullable=False, default=0),
)
"""Every process that crawled into the store."""

drift_checks = Table(
    "drift_checks",
    metadata,
    Column("run", WHOLE, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    # The arguments by which runs are of one kind, as JSON, and the reader of its pages.
    Column("same", TEXT, nullable=False),
    Column("reader_version", WHOLE, nullable=False),
    # `as expected`, `changed`, or `accepted` where the owner takes changed pages for right.
    Column("verdict", TEXT, nullable=False),
    # The fields that looked otherwise, each with a line in words and three urls, as JSON.
    Column("findings", TEXT, nullable=False),
)
"""Whether the pages of a run looked as expected: one row for each run that read any."""

Index("drift_checks_same", drift_checks.c.same, drift_checks.c.run)

drift_counts = Table(
    "drift_counts",
    metadata,
    Column("run", WHOLE, ForeignKey("drift_checks.run"), primary_key=True, autoincrement=False),
    # The template and the content type of the pages that were counted together; '' is all of them.
    Column("layout", TEXT, primary_key=True),
    Column("content_type", TEXT, primary_key=True),
    # What was counted, in words: `headline: from h1`.
    Column("what", TEXT, primary_key=True),
    # How many pages there were, and on how many of them it held.
    Column("pages", WHOLE, nullable=False),
    Column("held", WHOLE, nullable=False),
    sqlite_with_rowid=False,
)
"""What the last runs of each kind counted on their pages."""

pages = Table(
    "pages",
    metadata,
    Column("number", WHOLE, primary_key=True, autoincrement=True),
    Column("url", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    # How the last visit ended, in the words of `vovcrawl.visits.Outcome`.
    Column("outcome", TEXT),
    Column("reason", TEXT),
    Column("status", WHOLE),
    Column("attempts", WHOLE, nullable=False, default=0),
    # How often the crawl was killed with the page in flight since a visit to it last ended.
    Column("kills", WHOLE, nullable=False, server_default="0"),
    Column("depth", WHOLE, nullable=False, default=0),
    Column("priority", WHOLE, nullable=False, default=0),
    # Named by the user, or what such a page redirects to.
    Column("requested", Boolean, nullable=False, default=False),
    Column("discovered_on", TEXT),
    Column("first_crawl", WHOLE, ForeignKey("crawls.id"), nullable=False),
    Column("crawl", WHOLE, ForeignKey("crawls.id"), nullable=False),
    Column("canonical_url", TEXT),
    Column("published", TEXT),
    # Whether a source of that crawl lists it, and the date of change that the source gave. Of an article that sitemaps
    # list: the number of the last one that does.
    Column("listed", Boolean, nullable=False, default=False),
    Column("listed_modified", TEXT),
    Column("listed_by", WHOLE),
    # When the last visit ended, and since when every one has ended without the page, in UTC; as windows are reckoned.
    Column("visited_at", TEXT),
    Column("unread_since", TEXT),
    # The date of change that a source gave when the page was fetched last, and what the server sent with it: by them
    # an unchanged page is not fetched again.
    Column("source_modified", TEXT),
    Column("etag", TEXT),
    Column("last_modified", TEXT),
    # Of a listing's page that waits to learn whether the articles before it are still in the window: their urls.
    Column("waits_for", TEXT),
    # Of a listing's first page: what has been kept of the whole listing, a `Reach` as JSON; NULL where a gap may be
    # left. Of a further page: what the first page said when the crawl began.
    Column("covered", TEXT),
    Column("discovered_at", TEXT, nullable=False),
    Column("changed_at", TEXT, nullable=False),
    UniqueConstraint("url"),
)
"""Every page ever discovered, one row a url; those that are queued are the queue."""

UNFINISHED = text("(state = 'queued' OR state = 'in flight' OR state = 'failed')")
"""A condition on `pages`, in the words of the index of such pages: only so SQLite takes the index."""

# Few pages of a store are unfinished, and only they are looked for by crawl.
Index(
    "pages_unfinished",
    pages.c.crawl,
    pages.c.state,
    pages.c.priority.desc(),
    pages.c.number,
    sqlite_where=UNFINISHED,
    postgresql_where=UNFINISHED,
)
REDIRECTED = text("outcome = 'redirected'")
"""A condition on `pages`, in the words of the index of such pages."""

Index("pages_redirected", pages.c.canonical_url, sqlite_where=REDIRECTED, postgresql_where=REDIRECTED)
LEADS_ELSEWHERE = text("(kind = 'article' AND outcome = 'article' AND canonical_url <> url)")
"""A condition on `pages`, in the words of the index of such pages: those whose article is kept under another url."""

Index("pages_elsewhere", pages.c.canonical_url, sqlite_where=LEADS_ELSEWHERE, postgresql_where=LEADS_ELSEWHERE)
Index("pages_published", pages.c.published)
Index(
    "pages_listed_by",
    pages.c.listed_by,
    sqlite_where=pages.c.listed_by.is_not(None),
    postgresql_where=pages.c.listed_by.is_not(None),
)

claims = Table(
    "claims",
    metadata,
    # An unfinished crawl, and a page that it has still to visit and that another crawl has come to in the meantime.
    Column("crawl", WHOLE, ForeignKey("crawls.id"), primary_key=True),
    Column("url", TEXT, primary_key=True),
    # As in `pages` before the other crawl came.
    Column("kind", TEXT, nullable=False),
    Column("depth", WHOLE, nullable=False),
    Column("priority", WHOLE, nullable=False),
    Column("requested", Boolean, nullable=False),
    Column("discovered_on", TEXT),
    Column("listed", Boolean, nullable=False),
    Column("listed_modified", TEXT),
    Column("waits_for", TEXT),
    Column("covered", TEXT),
)
"""What unfinished crawls still have to visit: a page has one row, and belongs to the crawl that came to it last."""

archive_files = Table(
    "archive_files",
    metadata,
    # Of the file's row in `pages`.
    Column("url", TEXT, primary_key=True),
    # By these the file is known again: its size in bytes, and a hash of its beginning.
    Column("size", BigInteger, nullable=False),
    Column("mark", TEXT, nullable=False),
    # The next record to read, as its reader has it; '' is the first one.
    Column("position", TEXT, nullable=False),
    # How many records were read or left out so far, by what became of them, as a JSON object.
    Column("counts", TEXT, nullable=False),
)
"""How far each file of an archive is read that holds many pages."""

feeds = Table(
    "feeds",
    metadata,
    # The feed's absolute path as the settings give it, placeholders and all.
    Column("name", TEXT, primary_key=True),
    # The file that was written last under that name.
    Column("path", TEXT, nullable=False),
    # The last line that was handed to the system: where it ended, in bytes, the SHA-256 of what stood before that, and
    # its revision.
    Column("size", WHOLE, nullable=False),
    Column("mark", TEXT, nullable=False),
    Column("sequence", WHOLE, nullable=False),
    # The same of the last line that was seen to be on the disk, and the machine's start in which all that was.
    Column("synced_size", WHOLE, nullable=False),
    Column("synced_mark", TEXT, nullable=False),
    Column("synced_sequence", WHOLE, nullable=False),
    Column("boot", TEXT, nullable=False),
    # The run whose lines the feed gets.
    Column("run", WHOLE, nullable=False),
)
"""How far each feed in JSON Lines is written, so that a start after a kill can complete it."""

search_articles = Table(
    "search_articles",
    metadata,
    # In the index; the time of publication in seconds, see `vovcrawl.store.search_index`.
    Column("number", WHOLE, primary_key=True, autoincrement=False),
    # NULL where the index has tokens of no article that there is.
    Column("canonical_url", TEXT),
    # As in `articles`, so that a search that counts them need not look there.
    Column("section", TEXT),
    Column("content_type", TEXT, nullable=False),
    # By it the tokens are known again that the index has.
    Column("mark", BigInteger, nullable=False),
    UniqueConstraint("canonical_url"),
)
"""The articles of the search index, whose own tables hold numbers alone."""

search_words = Table(
    "search_words",
    metadata,
    Column("word", TEXT, primary_key=True),
    # How many of those articles have it whose words were counted, about one in sixteen.
    Column("articles", WHOLE, nullable=False),
    sqlite_with_rowid=False,
)
"""Every word that an article has or had, folded: what a prefix and a suggestion are made of."""

properties = Table(
    "store_properties",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("value", TEXT, nullable=False),
)
"""What the store says of itself: its schema version, and which program made it."""


def create_views(connection: Connection) -> None:
    """Makes the views, which no table depends on."""
    connection.exec_driver_sql("DROP VIEW IF EXISTS article_links")
    # As text of SQLAlchemy's, so that psycopg does not take its `%` for a value.
    connection.execute(text(article_links(connection.dialect.name)))


def article_links(dialect: str, *, has_pages: bool = True) -> str:
    """The statement that makes the view of this name.

    Args:
        dialect: of the database, as SQLAlchemy calls it.
        has_pages: whether the table `pages` is there, which knows under which other urls articles were found.
    """
    at_post = "instr(url, '-post')" if dialect == "sqlite" else "strpos(url, '-post')"
    by_page = """,
                (SELECT a.canonical_url FROM pages p JOIN articles a ON a.canonical_url = p.canonical_url
                    WHERE p.url = pointers.url)"""
    if not has_pages:
        by_page = ""
    return f"""
        CREATE VIEW article_links AS
        WITH pointers AS (
            SELECT canonical_url, url, id, headline, placement,
                CASE placement WHEN 'inline' THEN 0 ELSE 1 END AS rank, position FROM related
            UNION ALL
            SELECT canonical_url, url,
                CASE WHEN {at_post} > 0 THEN replace(substr(url, {at_post} + 1), '.vov', '') END,
                text, 'link', 2, position FROM links WHERE url LIKE 'https://vov.vn/%.vov'
        ), resolved AS (
            SELECT pointers.*, coalesce(
                (SELECT a.canonical_url FROM articles a WHERE a.canonical_url = pointers.url){by_page},
                (SELECT max(a.canonical_url) FROM articles a WHERE a.id = pointers.id AND a.id LIKE 'post%')
            ) AS target FROM pointers
        ), numbered AS (
            SELECT resolved.*, row_number() OVER (
                PARTITION BY canonical_url, coalesce(target, url, headline) ORDER BY rank, position
            ) AS place FROM resolved
            WHERE coalesce(target, url, '') <> canonical_url
        )
        SELECT canonical_url, target, url, headline, placement FROM numbered WHERE place = 1
        """  # noqa: S608 - what is put in stands above
