"""What recognition finds: points in time, as far as the words around one place name them, and expressions of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vovcrawl.dates.meanings import Clock, Date, Day, Every, Length, Mod, Part, Shift, Weekday, Zone


@dataclass(slots=True)
class Point:
    """One time or period, as far as the words around one place say it."""

    start: int
    end: int
    clock: Clock | None = None
    part: Part | None = None
    weekday: Weekday | None = None
    near: Shift | None = None
    """A day by its distance; beside a date it only comments."""
    date: Date | None = None
    mod: Mod | None = None
    zone: Zone | None = None
    gloss: Sequence[Expression] = ()
    """The same time in other words, in parentheses or after "tức"."""

    @property
    def has_day(self) -> bool:
        """Whether a day is named, not only an hour or a part of day."""
        return self.date is not None or self.weekday is not None or self.near is not None

    @property
    def is_timed(self) -> bool:
        """Whether there is an hour or a part of day."""
        return self.clock is not None or self.part is not None

    @property
    def names_a_day(self) -> bool:
        """Whether a single day is named."""
        return self.weekday is not None or self.near is not None or isinstance(self.date, Day)


@dataclass(slots=True)
class Expression:
    """A stretch of text that says a time: a point, a range of two, a length, or a recurring time."""

    start: int
    end: int
    first: Point | None = None
    last: Point | None = None
    """The second end of a range."""
    length: Length | None = None
    every: Every | None = None
    in_list: bool = False
    """Whether the expression before it is of the same list."""

    @property
    def final(self) -> Point | None:
        """The point at the right side, which neighbours to the left borrow from."""
        return self.last or self.first
