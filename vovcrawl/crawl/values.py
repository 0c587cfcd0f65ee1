"""Values as typed: reading them, and the one line that a wrong one gets."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from vovcrawl.masking import masked

_LONGEST_SHOWN = 120


class ArgumentError(ValueError):
    """A wrong argument or setting; its text is the one line to show, without secrets."""

    def __init__(self, line: str) -> None:
        super().__init__(masked(line))


def quoted(text: str) -> str:
    """A typed value fit for a message: no control characters, not endless."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in masked(text))
    return f"'{plain}'" if len(plain) <= _LONGEST_SHOWN else f"'{plain[:_LONGEST_SHOWN]}...'"


def hint(word: str, known: Iterable[str]) -> str:
    """The known word that was likely meant, as the end of a message; '' where none is close."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def items(text: str) -> list[str]:
    """The parts of a comma-separated value, without empty ones."""
    return [item.strip() for item in text.split(",") if item.strip()]


def whole_number(name: str, text: str, least: int) -> int:
    """The number in an argument.

    Raises:
        ArgumentError: it is none, or less than `least`.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise ArgumentError(f"-a {name}: {quoted(text)} is not a whole number from {least} on")
    return int(text)


def why_unreadable(error: Exception) -> str:
    """Why a file cannot be read, in a few words."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "no file can have that name"
