"""Bringing a store of an earlier schema version up to this one, in place and in one transaction.

What a step needs of the tables of its own time stands here, so that it stays as it is when they change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    update,
)

from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.store.articles import ArticleStore
from vovcrawl.store.duplicates import DuplicateStore
from vovcrawl.store.search_index import SearchIndex
from vovcrawl.store.tables import (
    archive_files,
    articles,
    bands,
    crawls,
    create_views,
    drift_checks,
    drift_counts,
    fingerprints,
    lists,
    metadata,
    near_duplicates,
    pages,
    revisions,
    runs,
    search_articles,
    search_words,
    sightings,
)
from vovcrawl.store.token_index import create_search_index
from vovcrawl.visits import Outcome, State

_LAST_TWO_DAYS = "the last two days"

_VERSION_3 = MetaData()
_walks_3 = Table(
    "walks",
    _VERSION_3,
    Column("id", Integer, primary_key=True),
    Column("arguments", Text, nullable=False),
    Column("since", Text),
)
_revisions_3 = Table(
    "revisions",
    _VERSION_3,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("canonical_url", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("run", Integer),
    Column("content_hash", Text, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("record", Text, nullable=False),
    UniqueConstraint("canonical_url", "number"),
)
Index("revisions_run", _revisions_3.c.run, _revisions_3.c.sequence)
_claims_3 = Table(
    "claims",
    _VERSION_3,
    Column("walk", Integer, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("asked_for", Boolean, nullable=False),
    Column("found_on", Text),
    Column("source_modified", Text),
    Column("waits_for", Text),
    Column("covered", Text),
)
_feeds_3 = Table(
    "feeds",
    _VERSION_3,
    Column("name", Text, primary_key=True),
    Column("path", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("mark", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("synced_size", Integer, nullable=False),
    Column("synced_mark", Text, nullable=False),
    Column("synced_sequence", Integer, nullable=False),
    Column("boot", Text, nullable=False),
    Column("run", Integer, nullable=False),
)


def _to_3(connection: Connection) -> None:
    """Version 3 keeps revisions in the order of their lines, and what walks and feeds still have to get."""
    kept = ", ".join(each.name for each in _revisions_3.columns if each.name not in ("sequence", "run"))
    connection.exec_driver_sql("ALTER TABLE revisions RENAME TO revisions_before")
    for made in (_revisions_3, _claims_3, _feeds_3):
        made.create(connection)
    connection.exec_driver_sql(
        f"INSERT INTO revisions ({kept}) SELECT {kept} FROM revisions_before ORDER BY first_seen, canonical_url, number"  # noqa: S608 - the names are the table's own
    )
    connection.exec_driver_sql("DROP TABLE revisions_before")
    for name in ("since", "keeps_from"):
        connection.exec_driver_sql(f"ALTER TABLE walks ADD COLUMN {name} TEXT")
    for walk, arguments in connection.execute(select(_walks_3.c.id, _walks_3.c.arguments)).all():
        _part_since(connection, walk, json.loads(arguments))


def _part_since(connection: Connection, walk: int, arguments: dict[str, str]) -> None:
    """A relative window stood among the arguments with the day on which it began: "7d from 2026-07-09"."""
    typed, _, day = arguments.get("since", "").partition(" from ")
    if typed == _LAST_TWO_DAYS:
        del arguments["since"]
    elif typed:
        arguments["since"] = typed
    since = None if typed in ("", "all") else day or typed
    connection.execute(
        update(_walks_3)
        .where(_walks_3.c.id == walk)
        .values(arguments=json.dumps(arguments, ensure_ascii=False), since=since)
    )


_INDEXES_3 = (
    *(f"articles_{name}" for name in ("id", "date_published", "section", "content_type", "content_hash")),
    *("articles_duplicate_of", "keywords_keyword", "authors_name", "related_url", "time_expressions_days"),
    "revisions_run",
)


_REVISIONS_4 = "sequence canonical_url number run content_hash first_seen last_seen earlier".split()

_RENAMED_4 = {
    "pages": {
        "address": "url",
        "asked_for": "requested",
        "found_on": "discovered_on",
        "first_walk": "first_crawl",
        "walk": "crawl",
    },
    "claims": {"address": "url", "asked_for": "requested", "found_on": "discovered_on", "walk": "crawl"},
    "runs": {"walk": "crawl"},
}


def _to_4(connection: Connection) -> None:
    """Version 4 keeps every text once: the current one in `articles`, those before it as differences.

    The queue has the names by which everything else calls its things, and an index of what is unfinished alone.
    """
    _rename_columns(connection)
    replaced = ("articles", "revisions", *lists)
    for index in _INDEXES_3:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {index}")
    for name in replaced:
        connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {name}_before")
    metadata.create_all(connection)
    _copy_articles(connection)
    _copy_lists(connection)
    _part_revisions(connection)
    # What refers to articles goes before them.
    for name in reversed(replaced):
        connection.exec_driver_sql(f"DROP TABLE {name}_before")


def _rename_columns(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE walks RENAME TO crawls")
    for name, columns in _RENAMED_4.items():
        for before, now in columns.items():
            connection.exec_driver_sql(f"ALTER TABLE {name} RENAME COLUMN {before} TO {now}")
    for index in ("pages_queue", "pages_canonical_url"):
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {index}")
    for made in pages.indexes:
        if made.name not in (*_INDEXES_5, *_INDEXES_8):
            made.create(connection, checkfirst=True)


def _copy_articles(connection: Connection) -> None:
    """The current texts, with what the last revision of each says of it."""
    names = ", ".join(
        each.name
        for each in articles.columns
        if each.name
        not in ("sequence", "run", "revision", "first_seen", "last_seen", "record_hash", "page_hash", "extra")
    )
    kept = ", ".join(f"a.{name}" for name in names.split(", "))
    connection.exec_driver_sql(
        f"INSERT INTO articles ({names}, sequence, run, revision, first_seen, last_seen) "  # noqa: S608 - the names are the table's own
        f"SELECT {kept}, r.sequence, r.run, r.number, r.first_seen, r.last_seen "
        "FROM articles_before a JOIN revisions_before r ON r.canonical_url = a.canonical_url WHERE r.number = "
        "(SELECT max(l.number) FROM revisions_before l WHERE l.canonical_url = a.canonical_url) ORDER BY r.sequence"
    )
    connection.exec_driver_sql(
        f"INSERT INTO articles ({names}, sequence, run, revision, first_seen, last_seen) "  # noqa: S608
        f"SELECT {kept}, (SELECT coalesce(max(sequence), 0) FROM revisions_before) + row_number() OVER "
        "(ORDER BY a.canonical_url), NULL, 1, coalesce(a.fetched_at, ''), coalesce(a.fetched_at, '') "
        "FROM articles_before a WHERE NOT EXISTS "
        "(SELECT 1 FROM revisions_before r WHERE r.canonical_url = a.canonical_url)"
    )


def _copy_lists(connection: Connection) -> None:
    for name, listed in lists.items():
        names = ", ".join(f'"{each.name}"' for each in listed.table.columns)
        connection.exec_driver_sql(
            f"INSERT INTO {name} ({names}) SELECT {names} FROM {name}_before ORDER BY canonical_url, position"  # noqa: S608 - the names are the table's own
        )


def _part_revisions(connection: Connection) -> None:
    """Earlier texts become differences to the next one, the last of them to what stands in `articles`."""
    store = ArticleStore(connection)
    for url, rows in groupby(_earlier_revisions(connection), key=itemgetter("canonical_url")):
        article = store.read(url)
        assert article is not None
        record = article.to_dict()
        for row in rows:
            said = json.loads(row["record"])
            earlier = {name: value for name, value in said.items() if name in record and value != record[name]}
            earlier.pop("content_hash", None)
            record |= earlier
            values = {name: row[name] for name in _REVISIONS_4 if name != "earlier"}
            text = json.dumps(earlier, ensure_ascii=False, separators=(",", ":"))
            connection.execute(insert(revisions), {**values, "earlier": text})


def _earlier_revisions(connection: Connection) -> Iterator[RowMapping]:
    """The revisions of version 3 that are not the last of their article, the latest of each first."""
    before = table("revisions_before", *(column(each.name) for each in _revisions_3.columns))
    later = before.alias("later")
    found = (
        select(before)
        .where(
            select(later.c.number)
            .where(later.c.canonical_url == before.c.canonical_url, later.c.number > before.c.number)
            .exists()
        )
        .order_by(before.c.canonical_url, before.c.number.desc())
    )
    for row in connection.execute(found, execution_options={"yield_per": 100}):
        yield row._mapping


_INDEXES_5 = ("pages_listed_by",)


def _to_5(connection: Connection) -> None:
    """Version 5 knows since when a page is unread, what sitemaps list, and up to when crawls were whole.

    Earlier crawls count as whole that ended with status 0, and the dates of change that sources gave as known.
    """
    connection.exec_driver_sql("ALTER TABLE crawls ADD COLUMN reckoned_at TEXT")
    connection.exec_driver_sql("ALTER TABLE crawls ADD COLUMN is_whole BOOLEAN")
    for crawl, started in connection.execute(select(crawls.c.id, crawls.c.started_at)).all():
        moment = to_iso(datetime.fromisoformat(started).astimezone(VIETNAM)) if started else None
        connection.execute(update(crawls).where(crawls.c.id == crawl).values(reckoned_at=moment))
    ended_well = select(runs.c.crawl).where(runs.c.exit_status == 0)
    finished = update(crawls).where(crawls.c.finished_at.is_not(None))
    connection.execute(finished.values(is_whole=crawls.c.id.in_(ended_well)))
    for table_name in ("pages", "claims"):
        connection.exec_driver_sql(f"ALTER TABLE {table_name} ADD COLUMN listed BOOLEAN NOT NULL DEFAULT 0")
    connection.exec_driver_sql("ALTER TABLE claims RENAME COLUMN source_modified TO listed_modified")
    for added in ("listed_modified TEXT", "listed_by INTEGER", "visited_at TEXT", "unread_since TEXT"):
        connection.exec_driver_sql(f"ALTER TABLE pages ADD COLUMN {added}")
    connection.execute(update(pages).values(listed_modified=pages.c.source_modified))
    visited = update(pages).where(pages.c.outcome.is_not(None)).values(visited_at=pages.c.changed_at)
    connection.execute(visited)
    unread = pages.c.outcome.in_([outcome for outcome in Outcome if outcome.state in (State.FAILED, State.GONE)])
    connection.execute(update(pages).where(unread).values(unread_since=pages.c.changed_at))
    # What is queued has not been fetched with the date that stands there.
    queued = pages.c.state.in_([State.QUEUED, State.IN_FLIGHT])
    connection.execute(update(pages).where(queued | pages.c.outcome.is_(None)).values(source_modified=None))
    for made in pages.indexes:
        if made.name in _INDEXES_5:
            made.create(connection)


def _to_6(connection: Connection) -> None:
    """Version 6 keeps what a user's pipelines add to articles."""
    if "extra" not in {column["name"] for column in inspect(connection).get_columns(articles.name)}:
        connection.exec_driver_sql("ALTER TABLE articles ADD COLUMN extra TEXT NOT NULL DEFAULT '{}'")


def _to_7(connection: Connection) -> None:
    """Version 7 counts at how many kills a page was in flight."""
    connection.exec_driver_sql("ALTER TABLE pages ADD COLUMN kills INTEGER NOT NULL DEFAULT 0")


_INDEXES_8 = ("articles_id", "pages_elsewhere")


def _to_8(connection: Connection) -> None:
    """Version 8 finds articles by their id, and pages that lead to an article under another url.

    An article that the site has moved has one record: what is kept under its former urls stands before the last one.
    """
    # Joining two articles looks into the tables of near-duplicates and of the search, which are filled later, and into
    # later columns.
    metadata.create_all(connection, (*_TABLES_9, *_TABLES_11))
    create_search_index(connection)
    _add_columns_10(connection)
    sightings.create(connection, checkfirst=True)
    for made in (*articles.indexes, *pages.indexes):
        if made.name in _INDEXES_8:
            made.create(connection, checkfirst=True)
    twice = select(articles.c.id).where(articles.c.id.like("post%")).group_by(articles.c.id).having(func.count() > 1)
    found = select(articles.c.id, articles.c.canonical_url).where(articles.c.id.in_(twice))
    rows = connection.execute(found.order_by(articles.c.id, articles.c.sequence)).all()
    store = ArticleStore(connection) if rows else None
    for _, same in groupby(rows, key=itemgetter(0)):
        *before, last = (row.canonical_url for row in same)
        for url in before:
            assert store is not None
            store.lead(url, last)


_TABLES_9 = (fingerprints, bands, near_duplicates, drift_checks, drift_counts)


def _to_9(connection: Connection) -> None:
    """Version 9 knows which articles nearly repeat each other and who points to whom, and keeps what runs counted."""
    metadata.create_all(connection, _TABLES_9)
    DuplicateStore(connection).fill()
    create_views(connection)


_COLUMNS_10 = (
    (articles.name, "page_hash", "TEXT"),
    (revisions.name, "page_hash", "TEXT"),
    (revisions.name, "replaced_by", "TEXT NOT NULL DEFAULT 'edit'"),
)


def _add_columns_10(connection: Connection) -> None:
    for name, added, kind in _COLUMNS_10:
        if added not in {column["name"] for column in inspect(connection).get_columns(name)}:
            connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {added} {kind}")


def _to_10(connection: Connection) -> None:
    """Version 10 knows which page a text was read from and when captures were made, and how far archives are read."""
    _add_columns_10(connection)
    sightings.create(connection, checkfirst=True)
    archive_files.create(connection, checkfirst=True)


_TABLES_11 = (search_articles, search_words)


def _to_11(connection: Connection) -> None:
    """Version 11 finds articles by their words."""
    metadata.create_all(connection, _TABLES_11)
    # With section and kind in it.
    connection.exec_driver_sql("DROP INDEX IF EXISTS articles_date_published")
    for made in articles.indexes:
        if made.name == "articles_date_published":
            made.create(connection)
    SearchIndex(connection).fill(ArticleStore(connection).read_all)


UPGRADES: dict[int, Callable[[Connection], None]] = {
    **{2: _to_3, 3: _to_4, 4: _to_5, 5: _to_6, 6: _to_7, 7: _to_8},
    **{8: _to_9, 9: _to_10, 10: _to_11},
}
"""By the version that a store has: what brings it up to the next one."""


def upgrade(connection: Connection, version: int, wanted: int) -> bool:
    """Brings the store from `version` to `wanted` within the open transaction; False where no way leads there."""
    while version in UPGRADES and version < wanted:
        UPGRADES[version](connection)
        version += 1
    return version == wanted
