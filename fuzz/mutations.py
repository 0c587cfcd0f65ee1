"""Mutation that knows where a page, a list of records or a sentence can be cut.

Plain flips of bytes rarely get past a parser. Here inputs are cut into tags, words and the blanks between them, and
those are dropped, doubled, moved, repeated, wrapped in each other, and mixed with pieces of other inputs and with the
words of the dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

_PIECE = re.compile(rb"<[^<>]*>|\s+|[^\s<]+|<")
_NAME = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]*)")
_LONGEST_STRETCH = 60


class Mutator:
    """Makes new inputs out of known ones.

    Args:
        words: the dictionary.
        inputs: known inputs, which pieces are taken from.
    """

    def __init__(self, words: Sequence[bytes], inputs: Sequence[bytes]) -> None:
        self._words = words
        self._inputs = inputs
        self._ways: tuple[Callable[[list[bytes], Random], list[bytes]], ...] = (
            self._drop,
            self._double,
            self._move,
            self._repeat,
            self._insert,
            self._insert,
            self._replace,
            self._splice,
            self._splice,
            self._wrap,
            self._close,
            self._garble,
        )

    def mutate(self, data: bytes, most: int, seed: int) -> bytes:
        """A changed form of `data`, at most `most` bytes long; the same for the same seed."""
        random = Random(seed)
        pieces = _PIECE.findall(data)
        for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
            pieces = random.choice(self._ways)(pieces, random)
        return b"".join(pieces)[:most]

    @staticmethod
    def _stretch(pieces: Sequence[bytes], random: Random) -> tuple[int, int]:
        start = random.randrange(len(pieces) + 1)
        return start, min(len(pieces), start + random.randint(1, _LONGEST_STRETCH))

    def _drop(self, pieces: list[bytes], random: Random) -> list[bytes]:
        start, end = self._stretch(pieces, random)
        return pieces[:start] + pieces[end:]

    def _double(self, pieces: list[bytes], random: Random) -> list[bytes]:
        start, end = self._stretch(pieces, random)
        return pieces[:end] + pieces[start:]

    def _move(self, pieces: list[bytes], random: Random) -> list[bytes]:
        start, end = self._stretch(pieces, random)
        rest = pieces[:start] + pieces[end:]
        place = random.randrange(len(rest) + 1)
        return rest[:place] + pieces[start:end] + rest[place:]

    def _repeat(self, pieces: list[bytes], random: Random) -> list[bytes]:
        start = random.randrange(len(pieces) + 1)
        again = pieces[start : start + random.randint(1, 6)] or [random.choice(self._words)]
        return pieces[:start] + again * random.choice((2, 10, 100, 1000, 4000)) + pieces[start:]

    def _insert(self, pieces: list[bytes], random: Random) -> list[bytes]:
        place = random.randrange(len(pieces) + 1)
        return [*pieces[:place], random.choice(self._words), *pieces[place:]]

    def _replace(self, pieces: list[bytes], random: Random) -> list[bytes]:
        if pieces:
            pieces[random.randrange(len(pieces))] = random.choice(self._words)
        return pieces

    def _splice(self, pieces: list[bytes], random: Random) -> list[bytes]:
        other = _PIECE.findall(random.choice(self._inputs))
        start, end = self._stretch(other, random)
        place, after = self._stretch(pieces, random)
        return pieces[:place] + other[start:end] + pieces[random.choice((place, after)) :]

    def _wrap(self, pieces: list[bytes], random: Random) -> list[bytes]:
        start, end = self._stretch(pieces, random)
        opening = random.choice(self._words)
        name = _NAME.match(opening)
        closing = b"</" + name[1] + b">" if name is not None else opening
        times = random.choice((1, 3, 30, 200, 300))
        return pieces[:start] + [opening] * times + pieces[start:end] + [closing] * times + pieces[end:]

    def _close(self, pieces: list[bytes], random: Random) -> list[bytes]:
        return pieces[: random.randrange(len(pieces) + 1)]

    def _garble(self, pieces: list[bytes], random: Random) -> list[bytes]:
        if pieces:
            place = random.randrange(len(pieces))
            piece = bytearray(pieces[place])
            piece[random.randrange(len(piece))] = random.randrange(256)
            pieces[place] = bytes(piece)
        return pieces
