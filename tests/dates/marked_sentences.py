"""The project's own sentences with their time expressions, read from the files in `sentences/`.

One file a category, one sentence a line, expressions marked in place: `[extent](TYPE VALUE)`, with START, MID or END
and `conflict` after the value where they apply. `@ 2023-10-14T14:05` sets the time of publication for the lines below
it, `@ none` says that there is none. `\\n` is a line break in the text. A line that begins with `? ` is still read
wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vovcrawl.dates import TimeExpression

FOLDER = Path(__file__).with_name("sentences")

MARK = re.compile(
    r"\[(?P<text>[^\[\]]+)\]"
    r"\((?P<type>DATE|TIME|DURATION|SET) (?P<value>[^ ()]+)(?: (?P<mod>START|MID|END))?(?P<conflict> conflict)?\)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what should be found in it."""

    id: str
    category: str
    text: str
    reference: datetime | None
    expressions: tuple[TimeExpression, ...]
    is_open: bool
    """Whether it is known to be read wrongly still."""


def load() -> list[Sentence]:
    """All sentences, by category and line."""
    return [sentence for file in sorted(FOLDER.glob("*.txt")) for sentence in _sentences(file)]


def _sentences(file: Path) -> Iterator[Sentence]:
    reference: datetime | None = None
    for number, line in enumerate(file.read_text("utf-8").split("\n"), 1):
        if line.startswith("@ "):
            reference = None if line == "@ none" else datetime.fromisoformat(line[2:])
        elif line and not line.startswith("#"):
            text, expressions = unmarked(line.removeprefix("? ").replace("\\n", "\n"))
            yield Sentence(f"{file.stem}:{number}", file.stem, text, reference, expressions, line.startswith("? "))


def unmarked(line: str) -> tuple[str, tuple[TimeExpression, ...]]:
    """The text of a marked line, and its expressions.

    Raises:
        ValueError: for a bracket that is no whole mark.
    """
    pieces: list[str] = []
    expressions: list[TimeExpression] = []
    position = length = 0
    for match in MARK.finditer(line):
        before = line[position : match.start()]
        start = length + len(before)
        length = start + len(match["text"])
        pieces += [before, match["text"]]
        expressions.append(
            TimeExpression(
                start,
                length,
                match["text"],
                match["type"],  # type: ignore[arg-type]
                match["value"],
                match["mod"],  # type: ignore[arg-type]
                match["conflict"] is not None,
            )
        )
        position = match.end()
    text = "".join([*pieces, line[position:]])
    if "[" in text or "]" in text:
        raise ValueError(f"a bracket that is no mark: {line}")
    return text, tuple(expressions)
