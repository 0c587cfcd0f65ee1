"""What is asked of the tokens of articles, in no database's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand in a row."""

    tokens: tuple[str, ...]
    """None of them is empty or has a blank; without any, nothing is found."""
    is_prefix: bool = False
    """Whether the last one is but the begin of a token."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """What must all be there; at least one."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What need be there once; at least one."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ButNot:
    """What must be there, and what must not be there with it."""

    part: Expression
    without: Expression


Expression = Phrase | AllOf | AnyOf | ButNot
