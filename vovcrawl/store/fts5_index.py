"""Tokens in SQLite: a table of FTS5, which splits what it is given at blanks alone and has no opinion about Vietnamese.

Nothing is stored but the index, so that an article's own tokens are needed to take it out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, column, text

from vovcrawl.search_tokens import SIGNS
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.search_expressions import AllOf, AnyOf, ButNot, Expression, Phrase

_FOUND = """
    SELECT search_articles.number AS number
    FROM search_index CROSS JOIN search_articles ON search_articles.number = search_index.rowid
    WHERE search_index MATCH :match AND search_index.rowid >= :least AND search_index.rowid < :end
        AND search_articles.canonical_url IS NOT NULL
    ORDER BY search_index.rowid DESC LIMIT :most
"""
_COUNTED = "SELECT count(*) AS count FROM (SELECT rowid FROM search_index WHERE search_index MATCH :match LIMIT :most)"


class Fts5Index:
    """See `vovcrawl.store.token_index.TokenIndex`."""

    listed = "json_each(:numbers) AS listed"
    joined = "CROSS JOIN"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._add = self._prepared("INSERT INTO search_index (rowid, tokens) VALUES (:number, :tokens)")
        self._remove = self._prepared(
            "INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', :number, :tokens)"
        )
        self._add_words = self._prepared(
            "INSERT INTO search_words (word, articles) VALUES (:word, 0) ON CONFLICT DO NOTHING"
        )
        self._count_words = self._prepared(
            "INSERT INTO search_words (word, articles) VALUES (:word, 1) "
            "ON CONFLICT (word) DO UPDATE SET articles = articles + 1"
        )
        self._found = self._prepared(_FOUND, "number")
        self._counted = self._prepared(_COUNTED, "count")

    def create(self) -> None:
        """See `TokenIndex`."""
        self._connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE IF NOT EXISTS search_index "
            f"USING fts5(tokens, content = '', tokenize = \"ascii tokenchars '{SIGNS}'\")"
        )
        # Whoever deletes an article by SQL of his own leaves its tokens, which nobody can tell then.
        self._connection.exec_driver_sql(
            "CREATE TRIGGER IF NOT EXISTS search_articles_gone AFTER DELETE ON articles BEGIN "
            "UPDATE search_articles SET canonical_url = NULL WHERE canonical_url = OLD.canonical_url; END"
        )

    def drop(self) -> None:
        """See `TokenIndex`."""
        self._connection.exec_driver_sql("DROP TABLE IF EXISTS search_index")

    def take_turn(self) -> None:
        """SQLite has one program write at a time."""

    def add(self, number: int, tokens: str) -> None:
        """See `TokenIndex`."""
        self._add.run({"number": number, "tokens": tokens})

    def remove(self, number: int, tokens: str) -> None:
        """See `TokenIndex`."""
        self._remove.run({"number": number, "tokens": tokens})

    def add_words(self, words: Sequence[str]) -> None:
        """See `TokenIndex`."""
        self._add_words.run_many([{"word": word} for word in words])

    def count_words(self, words: Sequence[str]) -> None:
        """See `TokenIndex`."""
        self._count_words.run_many([{"word": word} for word in words])

    def newest(self, expression: Expression, least: int, end: int, most: int) -> list[int]:
        """See `TokenIndex`."""
        values = {"match": _match(expression), "least": least, "end": end, "most": most}
        return [row.number for row in self._found.rows(values)]

    def count(self, expression: Expression, most: int) -> int:
        """See `TokenIndex`."""
        return int(self._counted.scalar({"match": _match(expression), "most": most}) or 0)

    def bound(self, numbers: Sequence[int]) -> str:
        """See `TokenIndex`."""
        return json.dumps(numbers)

    def lines(self, column: str) -> str:
        """See `TokenIndex`."""
        return f"group_concat({column}, char(10))"

    def _prepared(self, sql: str, *columns: str) -> Prepared:
        statement = text(sql)
        return Prepared(
            self._connection, statement.columns(*(column(name) for name in columns)) if columns else statement
        )


def _match(expression: Expression) -> str:
    """An expression in the words of FTS5, which sees tokens and operators alone: so it always is one."""
    if isinstance(expression, Phrase):
        return f'"{" ".join(expression.tokens)}"{"*" if expression.is_prefix else ""}'
    if isinstance(expression, ButNot):
        return f"({_match(expression.part)}) NOT ({_match(expression.without)})"
    operator = " AND " if isinstance(expression, AllOf) else " OR "
    assert isinstance(expression, AllOf | AnyOf)
    return operator.join(f"({_match(part)})" for part in expression.parts)
