"""`scrapy duplicates`: the groups of articles that nearly repeat each other, and what differs within them."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.near_duplicates import Change, changes
from vovcrawl.project_command import Selection, StoreCommand, print_lines
from vovcrawl.store import StoreError, read_database
from vovcrawl.store.database import explain
from vovcrawl.store.duplicates import Member, groups
from vovcrawl.text import shown

_MOST_NAMED = 200
"""Articles of a group that are named; a longer one is counted. A flood of copies would fill the memory."""

_MOST_CHANGES = 20
"""Changes of an article that are named in JSON."""

_LONGEST = 24
"""Letters that are shown of what stands on either side of a change."""

_LINES = 2
"""Lines of a terminal that the changes of an article may take."""


class Command(StoreCommand):
    """Reads the store."""

    _wanted: Selection

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--since DAY] [--until DAY] [--sections SLUGS] [--json] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Show which articles nearly repeat each other"

    def long_desc(self) -> str:
        """What `scrapy duplicates -h` shows."""
        return (
            "Show the groups of articles that nearly repeat each other, the one that leads the group first, and in "
            "which words the others differ from it. It may be asked while a crawl is going on."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, and which groups to show in what form."""
        super().add_options(parser)
        self.add_selection(parser, "groups with an article")
        parser.add_argument("--json", action="store_true", help="one JSON object a line and group")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks which groups are to be shown."""
        self._wanted = self.selection(opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Shows the groups."""
        try:
            print_lines(_lines(self._configuration.database, self._wanted, as_json=opts.json))
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))


def _lines(target: str, wanted: Selection, *, as_json: bool) -> Iterator[str]:
    database = read_database(target)
    width = shutil.get_terminal_size().columns
    count = 0
    try:
        database.hold_view()
        for members in groups(database.connection):
            group = _read(members, wanted)
            if group is None:
                continue
            if as_json:
                yield group.as_json()
            else:
                yield from ([""] if count else [])
                yield from group.as_text(width)
            count += 1
    except SQLAlchemyError as error:
        raise StoreError(f"cannot read the store {database.name}: {explain(error)}") from None
    finally:
        database.close()
    if not count and not as_json:
        yield "No article nearly repeats another."


@dataclass(frozen=True, slots=True)
class _Repetition:
    """An article that nearly repeats the leader of its group, or another one of it."""

    canonical_url: str
    date_published: str | None
    headline: str
    changes: list[Change]
    """The first ones."""
    count: int
    """How many there are."""


@dataclass(frozen=True, slots=True)
class _Group:
    leader: Member
    repetitions: list[_Repetition]
    size: int

    def as_json(self) -> str:
        leader = self.leader
        document = {
            **_named(leader),
            "duplicates": [
                {
                    **_named(each),
                    "changes": [{"before": change.before, "after": change.after} for change in each.changes],
                    "number_of_changes": each.count,
                }
                for each in self.repetitions
            ],
            "articles": self.size,
        }
        return shown(json.dumps(document, ensure_ascii=False))

    def as_text(self, width: int) -> Iterator[str]:
        yield _headed(self.leader, "", width)
        yield f"  {shown(self.leader.canonical_url)}"
        for each in self.repetitions:
            yield _headed(each, "  = ", width)
            yield f"      {shown(each.canonical_url)}"
            yield from _differing(each, width)
        if self.size > len(self.repetitions) + 1:
            yield f"  and {self.size - len(self.repetitions) - 1:,} more"


def _named(article: Member | _Repetition) -> dict[str, Any]:
    return {
        "canonical_url": article.canonical_url,
        "date_published": article.date_published,
        "headline": article.headline,
    }


def _read(members: Iterator[Member], wanted: Selection) -> _Group | None:
    """A group, with its first articles; None where no article of it is wanted."""
    leader = next(members)
    is_wanted = False
    size = 0
    repetitions = []
    for member in chain([leader], members):
        size += 1
        is_wanted = is_wanted or wanted.takes(member.canonical_url, member.section, member.date_published)
        if 1 < size <= _MOST_NAMED:
            found = changes(leader.headline, member.headline) + changes(
                leader.description or "", member.description or ""
            )
            found += changes(leader.body, member.body)
            repetitions.append(
                _Repetition(
                    member.canonical_url, member.date_published, member.headline, found[:_MOST_CHANGES], len(found)
                )
            )
    return _Group(leader, repetitions, size) if is_wanted else None


def _headed(article: Member | _Repetition, before: str, width: int) -> str:
    when = (article.date_published or "without a date")[:16].replace("T", " ")
    return _cut(f"{before}{shown(when)}  {shown(article.headline)}", width)


def _differing(repetition: _Repetition, width: int) -> Iterator[str]:
    """In which words an article differs from the leader, in two lines."""
    if not repetition.count:
        yield "      the same words"
        return
    indent = "      "
    lines = [indent]
    named = 0
    for change in repetition.changes:
        word = f"[{_cut(shown(change.before), _LONGEST)} → {_cut(shown(change.after), _LONGEST)}]"
        more = f" and {repetition.count - named} more"
        if len(lines[-1]) + len(word) + 1 + len(more) > width:
            if len(lines) == _LINES or len(lines[-1]) == len(indent):
                break
            lines.append(indent)
            if len(indent) + len(word) + len(more) > width:
                break
        lines[-1] += word + " "
        named += 1
    if named < repetition.count:
        lines[-1] += f"and {repetition.count - named} more" if named else f"{repetition.count} changes"
    yield from (_cut(line.rstrip(), width) for line in lines if line.strip())


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: max(0, width - 1)]}…"
