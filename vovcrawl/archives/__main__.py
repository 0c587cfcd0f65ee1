"""`python -m vovcrawl.archives`: archives of pages as a dataset in Parquet, read by many processes."""

from __future__ import annotations

import argparse
import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from vovcrawl.archives.needed import MissingParts, check_parts
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError, quoted, why_unreadable
from vovcrawl.export.stopping import Stopped, stopped_by_signals
from vovcrawl.masking import masked
from vovcrawl.text import encodable, shown

if TYPE_CHECKING:
    from distributed import Client

    from vovcrawl.archives.dataset.making import Made

_PROGRAM = "python -m vovcrawl.archives"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        _leave(ExitStatus.WRONG_ARGUMENTS, message)


def main() -> None:
    """Makes the dataset, and leaves with an exit status as a crawl's."""
    given = _parser().parse_args()
    try:
        check_parts()
    except MissingParts as error:
        _leave(ExitStatus.WRONG_ARGUMENTS, str(error))
    from vovcrawl.archives.dataset.engine import EngineError

    try:
        with stopped_by_signals():
            made = _make(given)
    except ArgumentError as error:
        _leave(ExitStatus.WRONG_ARGUMENTS, str(error))
    except EngineError as error:
        _leave(ExitStatus.ERROR, str(error))
    except OSError as error:
        _leave(ExitStatus.ERROR, f"cannot write {quoted(given.output)}: {why_unreadable(error)}")
    except Stopped as stopped:
        sys.exit(128 + stopped.number)
    _report(made, given.output)
    sys.exit(ExitStatus.INCOMPLETE if made.unread else ExitStatus.COMPLETE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=_PROGRAM, description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "archives", nargs="*", metavar="ARCHIVE", help="a file, a folder, or a url such as s3://bucket/"
    )
    parser.add_argument("-o", dest="output", metavar="FOLDER", help="the dataset to make")
    parser.add_argument("--workers", metavar="N", help="processes on this machine (default: one a processor)")
    parser.add_argument("--scheduler", metavar="URL", help="a Dask scheduler whose workers are taken instead")
    parser.add_argument(
        "--storage-option",
        dest="storage",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what fsspec gets beside urls",
    )
    parser.add_argument("--since", metavar="DAY", help="only articles published on this day or later")
    parser.add_argument("--until", metavar="DAY", help="only articles published on this day or earlier")
    parser.add_argument("--published", metavar="TIME", help="publication time of texts that carry none")
    parser.add_argument("--fields", metavar="NAMES", help="names of fields in JSON Lines, such as text:content")
    parser.add_argument("--cleaning-rules", dest="rules", metavar="FILE", help="your own rules of cleaning")
    parser.add_argument("--read-at", metavar="TIME", help="`fetched_at` of captures without a time (default: now)")
    parser.add_argument("--force", action="store_true", help="replace a dataset that is there")
    return parser


def _make(given: argparse.Namespace) -> Made:
    from vovcrawl.archives.dataset import engine, inputs, making
    from vovcrawl.archives.dataset.choosing import options_of
    from vovcrawl.export.target import Target

    if not given.output:
        raise ArgumentError("-o is missing; right would be -o and the path of the folder that is made")
    if given.workers is not None and given.scheduler is not None:
        raise ArgumentError("--workers and --scheduler exclude each other: a scheduler has workers of its own")
    count = _number("--workers", given.workers) if given.workers is not None else engine.processors()
    options = options_of(
        since=given.since,
        until=given.until,
        published=given.published,
        fields=given.fields,
        cleaning_rules=given.rules,
        read_at=given.read_at,
        now=datetime.now(UTC),
    )
    target = Target(given.output, is_folder=True, force=given.force)
    target.check()
    files = inputs.find(given.archives, dict(map(_named_value, given.storage)))
    workers: AbstractContextManager[Client] = (
        engine.cluster_at(given.scheduler) if given.scheduler is not None else engine.workers_of_this_machine(count)
    )
    return making.make(workers, files, options, target, tell=_say)


def _named_value(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ArgumentError(f"--storage-option: {quoted(name)} has no value; right would be NAME=VALUE")
    # fsspec's own switches are no texts.
    return name, {"true": True, "false": False}.get(value.lower(), value)


def _number(option: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 1000):
        raise ArgumentError(f"{option}: {quoted(text)} is not a whole number from 1 to 1000")
    return int(text)


def _report(made: Made, output: str) -> None:
    records = ", ".join(f"{count:,} {became.value}" for became, count in made.records.most_common())
    print(shown(f"{made.articles:,} articles in {output}; {made.records.total():,} records: {records or 'none'}"))
    if made.unread:
        _say(f"{made.unread:,} records could not be read: see {output}/failures")


def _say(line: str) -> None:
    print(shown(masked(encodable(f"{_PROGRAM}: {line}"))), file=sys.stderr)


def _leave(status: int, line: str) -> NoReturn:
    _say(line)
    sys.exit(status)


if __name__ == "__main__":
    main()
