"""Tokens in PostgreSQL: the string itself, and its distinct tokens as a `tsvector` with a GIN index.

The vector has no positions: those end at 16,383, and a token has 256 of them at most, so that phrases in a long article
would not be found. It says which articles have all the words; the string says whether they stand in a row, in those
articles alone, the newest first, and no further than wanted. Nothing here needs an extension or a dictionary of texts.

An article whose vector could pass the megabyte that PostgreSQL allows has none, and its string is asked for everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, column, text

from vovcrawl.store.prepared import Prepared
from vovcrawl.store.search_expressions import AllOf, AnyOf, ButNot, Expression, Phrase

_LARGEST_VECTOR = 1 << 20
"""Bytes of distinct tokens from which on PostgreSQL refuses a vector."""

_CREATED = (
    'CREATE TABLE IF NOT EXISTS search_index (number BIGINT PRIMARY KEY, tokens TEXT COLLATE "C" NOT NULL, '
    "vector TSVECTOR)",
    "CREATE INDEX IF NOT EXISTS search_index_vector ON search_index USING gin (vector)",
    "CREATE INDEX IF NOT EXISTS search_index_long ON search_index (number) WHERE vector IS NULL",
    # Whoever deletes an article by SQL of his own leaves its tokens.
    "CREATE OR REPLACE FUNCTION search_articles_gone() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT "
    "AS $$ BEGIN UPDATE search_articles SET canonical_url = NULL WHERE canonical_url = OLD.canonical_url; "
    "RETURN NULL; END $$",
    "CREATE OR REPLACE TRIGGER search_articles_gone AFTER DELETE ON articles "
    "FOR EACH ROW EXECUTE FUNCTION search_articles_gone()",
)

_ADDED = """
    INSERT INTO search_index (number, tokens, vector) VALUES (:number, :tokens,
        CASE WHEN :is_long THEN NULL ELSE array_to_tsvector(array_remove(string_to_array(:tokens, ' '), '')) END)
"""
_ADDED_WORDS = (
    "INSERT INTO search_words (word, articles) SELECT unnest(CAST(:words AS TEXT[])), 0 ON CONFLICT DO NOTHING"
)
_COUNTED_WORDS = (
    "INSERT INTO search_words (word, articles) SELECT unnest(CAST(:words AS TEXT[])), 1 "
    "ON CONFLICT (word) DO UPDATE SET articles = search_words.articles + 1"
)

# By the vector first, and sorted, so that what is asked of a string is asked no further than wanted.
_FOUND = """
    SELECT number FROM (
        SELECT number, tokens, vector, -number AS place FROM ({candidates}) AS candidate ORDER BY place OFFSET 0
    ) AS candidate
    WHERE (vector IS NULL OR ({check}))
        AND number <> ALL (ARRAY(SELECT number FROM search_articles WHERE canonical_url IS NULL))
    ORDER BY place LIMIT :most
"""
_COUNTED = """
    SELECT count(*) FROM (
        SELECT FROM ({candidates}) AS candidate WHERE vector IS NULL OR ({check}) LIMIT :most
    ) AS found
"""
_CANDIDATES = """
    SELECT number, tokens, vector FROM search_index
    WHERE vector @@ CAST(:{query} AS tsquery) AND number >= :least AND number < :end
    UNION ALL
    SELECT number, tokens, vector FROM search_index
    WHERE vector IS NULL AND number >= :least AND number < :end AND ({in_string})
"""

_PLANNED_FOR = {"enable_seqscan": "off", "jit": "off", "plan_cache_mode": "force_custom_plan"}
"""Settings of a search: PostgreSQL does not know that to look into a vector means to unpack it, and a plan that is good
for frequent words is bad for rare ones."""


class GinIndex:
    """See `vovcrawl.store.token_index.TokenIndex`."""

    listed = "unnest(CAST(:numbers AS BIGINT[])) AS listed (value)"
    joined = "JOIN"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._add = Prepared(connection, text(_ADDED))
        self._remove = Prepared(connection, text("DELETE FROM search_index WHERE number = :number"))
        self._add_words = Prepared(connection, text(_ADDED_WORDS))
        self._count_words = Prepared(connection, text(_COUNTED_WORDS))
        # A crawl takes it again and again within one transaction, which has it already then.
        turn = "SELECT pg_advisory_xact_lock(hashtext('vovcrawl search'), hashtext(current_schema()))"
        self._turn = Prepared(connection, text(turn).columns(column("turn")))

    def create(self) -> None:
        """See `TokenIndex`."""
        for statement in _CREATED:
            self._connection.exec_driver_sql(statement)

    def drop(self) -> None:
        """See `TokenIndex`."""
        self._connection.exec_driver_sql("DROP TABLE IF EXISTS search_index")

    def take_turn(self) -> None:
        """See `TokenIndex`: two programs would choose the same number, or wait for each other's words."""
        self._turn.first()

    def add(self, number: int, tokens: str) -> None:
        """See `TokenIndex`."""
        # With a blank at either end, so that every token has one on both sides.
        self._add.run({"number": number, "tokens": f" {tokens} ", "is_long": _is_long(tokens)})

    def remove(self, number: int, tokens: str) -> None:
        """See `TokenIndex`."""
        self._remove.run({"number": number})

    def add_words(self, words: Sequence[str]) -> None:
        """See `TokenIndex`."""
        self._add_words.run({"words": list(words)})

    def count_words(self, words: Sequence[str]) -> None:
        """See `TokenIndex`."""
        self._count_words.run({"words": list(words)})

    def newest(self, expression: Expression, least: int, end: int, most: int) -> list[int]:
        """See `TokenIndex`."""
        return list(self._asked(_FOUND, expression, {"least": least, "end": end, "most": most}))

    def count(self, expression: Expression, most: int) -> int:
        """See `TokenIndex`."""
        (found,) = self._asked(_COUNTED, expression, {"least": 0, "end": 1 << 62, "most": most})
        return int(found)

    def bound(self, numbers: Sequence[int]) -> list[int]:
        """See `TokenIndex`."""
        return list(numbers)

    def lines(self, column: str) -> str:
        """See `TokenIndex`."""
        return f"string_agg({column}, chr(10) ORDER BY position)"

    def _asked(self, sql: str, expression: Expression, values: dict[str, Any]) -> Sequence[Any]:
        made = _Made(values)
        candidates = _CANDIDATES.format(
            query=made.named(_vector_query(expression)), in_string=made.in_string(expression)
        )
        check = made.check(expression) or "TRUE"
        statement = text(sql.format(candidates=candidates, check=check))
        for setting, value in _PLANNED_FOR.items():
            self._connection.exec_driver_sql(f"SET LOCAL {setting} = {value}")
        found = self._connection.scalars(statement, made.values).all()
        for setting in _PLANNED_FOR:
            self._connection.exec_driver_sql(f"SET LOCAL {setting} TO DEFAULT")
        return found


class _Made:
    """Conditions in SQL, and the values of their parameters."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = dict(values)

    def named(self, value: str) -> str:
        """The name of a new parameter."""
        name = f"value_{len(self.values)}"
        self.values[name] = value
        return name

    def check(self, expression: Expression) -> str | None:
        """What is to be asked beyond `_vector_query`; None for nothing."""
        if _is_exact(expression):
            return None
        if isinstance(expression, AllOf):
            return self._all(filter(None, map(self.check, expression.parts)))
        if isinstance(expression, ButNot):
            without = None if _is_exact(expression.without) else f"NOT ({self._whole(expression.without)})"
            return self._all(filter(None, (self.check(expression.part), without)))
        return self._whole(expression)

    def _whole(self, expression: Expression) -> str:
        """All that is asked, of an article that has a vector."""
        if _is_exact(expression):
            return f"vector @@ CAST(:{self.named(_vector_query(expression))} AS tsquery)"
        return self._of_parts(expression, self._whole)

    def in_string(self, expression: Expression) -> str:
        """All that is asked, of the string alone."""
        return self._of_parts(expression, self.in_string)

    def _of_parts(self, expression: Expression, of_part: Any) -> str:
        if isinstance(expression, Phrase):
            if not expression.tokens:
                return "FALSE"
            end = "" if expression.is_prefix else " "
            row = self.named(f" {' '.join(expression.tokens)}{end}")
            return f"strpos(tokens, :{row}) > 0"
        if isinstance(expression, ButNot):
            return f"({of_part(expression.part)}) AND NOT ({of_part(expression.without)})"
        operator = " AND " if isinstance(expression, AllOf) else " OR "
        return operator.join(f"({of_part(part)})" for part in expression.parts)

    @staticmethod
    def _all(conditions: Any) -> str:
        return " AND ".join(f"({each})" for each in conditions)


def _is_exact(expression: Expression) -> bool:
    """Whether the vector says all."""
    if isinstance(expression, Phrase):
        return len(expression.tokens) <= 1
    if isinstance(expression, ButNot):
        return _is_exact(expression.part) and _is_exact(expression.without)
    return all(map(_is_exact, expression.parts))


def _vector_query(expression: Expression) -> str:
    """A `tsquery` that finds no less than the expression does."""
    if isinstance(expression, Phrase):
        if not expression.tokens:
            return "('_' & !'_')"
        lexemes = [_lexeme(token) for token in expression.tokens]
        return f"({' & '.join(lexemes)}{':*' if expression.is_prefix else ''})"
    if isinstance(expression, ButNot):
        part = _vector_query(expression.part)
        # What has the words need not have them in a row.
        return f"({part} & !{_vector_query(expression.without)})" if _is_exact(expression.without) else part
    assert isinstance(expression, AllOf | AnyOf)
    operator = " & " if isinstance(expression, AllOf) else " | "
    return f"({operator.join(map(_vector_query, expression.parts))})"


def _lexeme(token: str) -> str:
    return "'{}'".format(token.replace("\\", "\\\\").replace("'", "''"))


def _is_long(tokens: str) -> bool:
    if 4 * len(tokens) < _LARGEST_VECTOR:
        return False
    return sum(len(token.encode()) for token in set(tokens.split(" "))) >= _LARGEST_VECTOR
