"""The tokens of articles as the store's database keeps them, and finds articles by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from vovcrawl.store.fts5_index import Fts5Index
from vovcrawl.store.gin_index import GinIndex
from vovcrawl.store.search_expressions import Expression


class TokenIndex(Protocol):
    """What differs between databases in an index of tokens; nothing here ends a transaction."""

    listed: str
    """SQL for a table `listed` with the column `value`, the numbers of the parameter `numbers`."""
    joined: str
    """What joins two tables of which the first is to be read first."""

    def create(self) -> None:
        """Makes the tables of the index where there are none."""

    def drop(self) -> None:
        """Removes the tables of the index."""

    def take_turn(self) -> None:
        """Waits until no other program is writing to the index, and has others wait until the transaction ends."""

    def add(self, number: int, tokens: str) -> None:
        """Adds an article, whose number is free."""

    def remove(self, number: int, tokens: str) -> None:
        """Takes an article out, which was added with these tokens."""

    def add_words(self, words: Sequence[str]) -> None:
        """Adds to `search_words` what is not there."""

    def count_words(self, words: Sequence[str]) -> None:
        """Counts in `search_words` one more article of each, in order."""

    def newest(self, expression: Expression, least: int, end: int, most: int) -> list[int]:
        """The numbers of the newest articles that an expression finds, without tokens that are no article's.

        Args:
            expression: what is asked for.
            least: the lowest number that is wanted.
            end: a number above all that are wanted.
            most: how many are wanted.
        """

    def count(self, expression: Expression, most: int) -> int:
        """How many articles an expression finds, up to `most`, with those that are none any more."""

    def bound(self, numbers: Sequence[int]) -> Any:
        """The value of the parameter `numbers` in `listed`."""

    def lines(self, column: str) -> str:
        """SQL for the values of a column of a list, in their order, one a line."""


def token_index(connection: Connection) -> TokenIndex:
    """That of an open store."""
    return Fts5Index(connection) if connection.dialect.name == "sqlite" else GinIndex(connection)


def create_search_index(connection: Connection) -> None:
    """Makes what is beside the tables that every database has in the same way."""
    token_index(connection).create()
