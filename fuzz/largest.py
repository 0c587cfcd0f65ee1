"""How long the largest documents take: `python -m fuzz.largest [TARGET...] [--match WORDS] [--words]`.

Every shape of `fuzz.growth` is read at its target's limit, and just under the bounds beyond which a page is refused,
since a refusal at once would say nothing of the time that an accepted page takes. All that a crawl does with a document
is counted: it is parsed, read, and its dates are found. Each one is read in a process of its own, which may not take
more than `_GIVEN_UP_S`. Prints the slowest; the exit status is 1 where one takes more than `MOST_S`.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import process_time
from typing import Any

from fuzz.growth import Shape, made_for, shapes
from fuzz.targets import TARGETS
from vovcrawl.items import Article
from vovcrawl.pages import bounds
from vovcrawl.pages.time_expressions import tag

MOST_S = 2.0
"""Seconds of CPU that a document may take."""

_GIVEN_UP_S = 8
"""Seconds of CPU after which reading is broken off."""

_NEARLY = 0.98
"""Part of each bound that is filled."""

_PAGES = frozenset({"article", "excerpt", "listing", "sitemap", "feed"})
"""Targets whose documents have tags; the others read the texts of an article."""

_ARTICLE = Article(id="post1", url=None, canonical_url="", content_type="article", headline="", template="text")

_SAMPLE = 300_000
"""Bytes from which the tags and letters of a shape are reckoned."""


@dataclass(frozen=True, order=True)
class Reading:
    """What one document took."""

    seconds: float
    shape: str
    size: int
    """Bytes, the comment that fills it up not counted."""

    def __str__(self) -> str:
        return f"  {self.seconds:7.2f} s  {self.size:10,} bytes  {self.shape[:60]}"


def reader(name: str) -> Callable[[bytes], Any]:
    """Does all that a crawl does with a document of a target."""
    if name == "dates":
        return _dates_of_article
    read = TARGETS["article" if name == "excerpt" else name].read

    def tagged(data: bytes) -> Any:
        found = read(data)
        return tag(found) if isinstance(found, Article) else found

    return tagged


def _dates_of_article(data: bytes) -> Any:
    moment, _, text = data.decode("utf-8", "replace").partition("\n")
    return tag(replace(_ARTICLE, date_published=f"{moment}:00+07:00", body=text))


def documents(name: str, shape: Shape) -> Iterator[tuple[int, bytes]]:
    """A shape at each bound of its target, with how much of it there is in bytes: at the largest size first."""
    sample = shape.make(_SAMPLE)
    letters = bounds.MOST_CHARACTERS * _SAMPLE // max(1, len(sample.decode("utf-8", "replace")))
    whole = bounds.MOST_BYTES * _SAMPLE // len(sample)
    if name not in _PAGES:
        limits = [letters] if name in ("text", "dates") else [whole]
    else:
        unit = len((shape.filling if shape.depth is not None else shape.piece + shape.closing).encode())
        opened = (shape.depth or 0) * len((shape.piece + shape.closing).encode())
        tags = bounds.MOST_TAGS * _SAMPLE // max(1, sample.count(b"<"))
        limits = [whole, tags, letters, opened + bounds.MOST_ELEMENTS * unit]
    known: list[int] = []
    for limit in sorted({int(min(limit, whole) * _NEARLY) for limit in limits}, reverse=True):
        if not known or limit < 0.9 * known[-1]:
            known.append(limit)
            data = shape.make(limit)
            while len(data) > bounds.MOST_BYTES:
                # The numbers of a shape grow longer.
                limit = limit * 9 // 10
                data = shape.make(limit)
            room = bounds.MOST_BYTES - len(data) - 100
            yield len(data), data + b"<!--%s-->" % (b"a" * room) if name in _PAGES and room > 0 else data


def measure(read: Callable[[bytes], Any], data: bytes) -> float:
    """Seconds of CPU that reading takes, infinity where it was broken off or failed."""
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (int(process_time()) + _GIVEN_UP_S, resource.RLIM_INFINITY))
        start = process_time()
        try:
            read(data)
            os.write(sending, repr(process_time() - start).encode())
        finally:
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as pipe:
        written = pipe.read()
    os.waitpid(child, 0)
    return float(written or "inf")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints.

    Returns:
        0 where no document takes longer than it may, 1 where one does.
    """
    parser = argparse.ArgumentParser(prog="python -m fuzz.largest", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all of them when left out")
    parser.add_argument("--match", default="", help="only shapes with these words in their name")
    parser.add_argument("--words", action="store_true", help="also a shape for every word of the dictionary")
    parser.add_argument("--part", default="1/1", help="every n-th shape alone, from the first, second ... on: 2/3")
    parser.add_argument("--shown", type=int, default=5, help="how many are printed that take no longer than they may")
    given = parser.parse_args(arguments)
    part, parts = map(int, given.part.split("/"))
    slow = 0
    for name in given.targets or TARGETS:
        read = reader(name)
        # What is loaded and compiled once for all documents is none of their time.
        for seed in TARGETS[name].seeds():
            read(seed)
        chosen = [one for one in (shapes if given.words else made_for)(name) if given.match in one.name]
        found: list[Reading] = []
        print(f"\n{name}", flush=True)
        for shape in chosen[part - 1 :: parts]:
            for size, data in documents(name, shape):
                one = Reading(measure(read, data), shape.name, size)
                found.append(one)
                if one.seconds > MOST_S:
                    slow += 1
                    print(f"{one}: TOO MUCH", flush=True)
        print(f"  the slowest of {len(found)} documents:")
        for one in sorted(found, reverse=True)[: given.shown]:
            print(one, flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
