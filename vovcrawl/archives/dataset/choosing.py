"""What a dataset is made of, as a user says it: checked as the arguments of a crawl are."""

from __future__ import annotations

from datetime import UTC, datetime
from os import PathLike
from pathlib import Path

from vovcrawl.archives.dataset.slices import Options
from vovcrawl.archives.files import FileOptions
from vovcrawl.cleaning import examples
from vovcrawl.cleaning.rules import RuleError
from vovcrawl.crawl.arguments import read_fields, read_published
from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.crawl.window import read_window
from vovcrawl.pages.publication import from_iso
from vovcrawl.text import shown

LARGEST = 16 * 1024 * 1024
"""Bytes that a page may have, packed and unpacked: the crawl's `DOWNLOAD_MAXSIZE`."""

_NAMES = ("since", "until", "published", "fields")


def options_of(
    *,
    since: str | None = None,
    until: str | None = None,
    published: str | None = None,
    fields: str | None = None,
    cleaning_rules: str | PathLike[str] | None = None,
    read_at: str | None = None,
    now: datetime,
) -> Options:
    """How archives are read; arguments as of `scrapy crawl vov -a archive=`.

    Args:
        since: only articles published on this day or later.
        until: only articles published on this day or earlier.
        published: when texts were published that do not say so.
        fields: by which names the fields of JSON Lines are found.
        cleaning_rules: path of the user's own rules.
        read_at: `fetched_at` of captures that do not say when they were made, ISO 8601; None for now.
        now: the moment that relative windows count from, aware.

    Raises:
        ArgumentError: one of them is wrong.
    """
    try:
        window = read_window({name: value for name, value in (("since", since), ("until", until)) if value}, now)
        files = FileOptions(
            published=read_published(published) if published is not None else None,
            largest=LARGEST,
            dates=True,
            fields=read_fields(fields) if fields is not None else {},
            own_rules=examples.read_own(Path(cleaning_rules)) if cleaning_rules is not None else (),
        )
    except RuleError as error:
        raise ArgumentError(f"--cleaning-rules: {quoted(str(cleaning_rules))}: {shown(str(error))}") from None
    except ArgumentError as error:
        line = str(error)
        for name in _NAMES:
            line = line.replace(f"-a {name}", f"--{name}")
        raise ArgumentError(line) from None
    moment = from_iso(read_at) if read_at is not None else now
    if moment is None:
        raise ArgumentError(f"--read-at: {quoted(str(read_at))} is no ISO time; right would be 2023-10-14T14:05")
    return Options(files, window, moment.astimezone(UTC).isoformat(timespec="seconds"))
