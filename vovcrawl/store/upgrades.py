"""Bringing a store of an earlier schema version up to this one, in place and in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import Connection, select, update

from vovcrawl.store.tables import metadata, revisions

_LAST_TWO_DAYS = "the last two days"


def _to_3(connection: Connection) -> None:
    """Version 3 keeps revisions in the order of their lines, and what is owed to walks and feeds."""
    kept = ", ".join(column.name for column in revisions.columns if column.name not in ("sequence", "run"))
    connection.exec_driver_sql("ALTER TABLE revisions RENAME TO revisions_before")
    metadata.create_all(connection)
    connection.exec_driver_sql(
        f"INSERT INTO revisions ({kept}) SELECT {kept} FROM revisions_before ORDER BY first_seen, canonical_url, number"  # noqa: S608 - the names are the table's own
    )
    connection.exec_driver_sql("DROP TABLE revisions_before")
    for column in ("since", "keeps_from"):
        connection.exec_driver_sql(f"ALTER TABLE walks ADD COLUMN {column} TEXT")
    for walk, arguments in connection.execute(select(walks.c.id, walks.c.arguments)).all():
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
        update(walks).where(walks.c.id == walk).values(arguments=json.dumps(arguments, ensure_ascii=False), since=since)
    )


UPGRADES: dict[int, Callable[[Connection], None]] = {2: _to_3}
"""By the version that a store has: what brings it up to the next one."""


def upgrade(connection: Connection, version: int, wanted: int) -> bool:
    """Brings the store from `version` to `wanted` within the open transaction; False where no way leads there."""
    while version in UPGRADES and version < wanted:
        UPGRADES[version](connection)
        version += 1
    return version == wanted
