"""`python -m vovcrawl.dates`: the time expressions of a file or of standard input.

JSON Lines in, JSON Lines out: `{"id", "text", "ref"}` becomes `{"id", "spans"}`. Of any other text a readable view is
printed: each expression marked, its value after it, in the form in which the project keeps its test sentences. The
output is UTF-8 whatever the locale, and steers no terminal: control characters are written as JSON writes them.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from vovcrawl.dates import TimeExpression, find_dates
from vovcrawl.dates.references import moment_of
from vovcrawl.text import shown

WRONG_INPUT = 2
"""Exit status for arguments or input that cannot be read, and for output that cannot be written."""

_LONGEST_SHOWN = 120
# Not tabs and line ends, which a text has; marks of direction would show a line in another order than it has.
_STEERING = re.compile("(?!\r\n)[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of JSON Lines, checked."""

    id: Any
    text: str
    reference: datetime | None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        _leave(message)


def marked(text: str, expressions: list[TimeExpression]) -> str:
    """`text` with each expression in the form `[Hôm nay (8/6)](DATE 2016-06-08 conflict)`."""
    pieces = []
    position = 0
    for one in expressions:
        notes = " ".join(filter(None, (one.type, one.value, one.mod, "conflict" if one.conflict else None)))
        pieces += [text[position : one.start], f"[{one.text}]({notes})"]
        position = one.end
    return "".join(pieces) + text[position:]


def main(arguments: list[str] | None = None) -> None:
    """Reads the file that the command line names, or standard input."""
    if sys.stdin is None or sys.stdout is None:
        _leave("standard input and standard output must be open")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A lone surrogate, which JSON may hold and UTF-8 may not, is written as JSON writes it.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        try:
            _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough.
        _drop_output()
    except OSError as error:
        _drop_output()
        _leave(f"standard output: {error.strerror}")


def _run(arguments: list[str] | None) -> None:
    parser = _Parser(
        prog="python -m vovcrawl.dates", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--reference", metavar="ISO", help="time of publication, such as 2023-10-14T14:05 or 2023-10-14"
    )
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="JSON Lines or plain text in UTF-8; standard input if left out"
    )
    options = parser.parse_args(arguments)
    reference = None
    if options.reference is not None:
        reference = _moment(options.reference)
        if reference is None:
            _leave(f"--reference {_short(options.reference)}: not an ISO 8601 time such as 2023-10-14T14:05")
    name = "standard input" if options.file is None else _short(options.file)
    text = _read(options.file, name)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        # Everything is checked before anything is written.
        for line in [_checked(name, number, line, reference) for number, line in _lines(text)]:
            spans = [asdict(one) for one in find_dates(line.text, line.reference)]
            print(shown(json.dumps({"id": line.id, "spans": spans}, ensure_ascii=False)))
    else:
        view = _STEERING.sub(lambda found: shown(found[0]), marked(text, find_dates(text, reference)))
        print(view, end="" if text.endswith("\n") else "\n")


def _drop_output() -> None:
    """Sends nowhere what is still to be written, which Python would try once more while it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read(file: str | None, name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file is None else Path(file).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        _leave(f"{name}: {error.strerror}")
    except UnicodeDecodeError as error:
        _leave(f"{name}: no UTF-8 at byte {error.start}")
    except ValueError:
        _leave(f"{name}: no file can have that name")


def _lines(text: str) -> list[tuple[int, str]]:
    # Not splitlines(): a JSON string may hold other characters that it takes for line ends.
    return [(number, line) for number, line in enumerate(text.lstrip("\ufeff").split("\n"), 1) if line.strip()]


def _checked(name: str, number: int, line: str, reference: datetime | None) -> _Line:
    try:
        row = json.loads(line)
        if isinstance(row, dict):
            # What is handed back must be JSON: Python reads NaN and Infinity, too.
            json.dumps(row.get("id"), allow_nan=False)
    except ValueError as error:
        _leave(f"{name}, line {number}: no JSON ({error})")
    except RecursionError:
        _leave(f"{name}, line {number}: no JSON that can be read (nested too deeply)")
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        _leave(f'{name}, line {number}: no object with a string "text"')
    if row.get("ref") is not None:
        reference = _moment(row["ref"])
        if reference is None:
            given = _short(repr(row["ref"]))
            _leave(f'{name}, line {number}: "ref" {given} is not an ISO 8601 time such as 2023-10-14T14:05+07:00')
    return _Line(row.get("id"), row["text"], reference)


def _moment(value: object) -> datetime | None:
    try:
        return moment_of(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _leave(message: str) -> NoReturn:
    # Without standard error, print() would take standard output.
    if sys.stderr is not None:
        print(f"python -m vovcrawl.dates: {shown(message)}", file=sys.stderr)
    raise SystemExit(WRONG_INPUT)


if __name__ == "__main__":
    # Ends it as it ends any other program, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main()
