"""The index of a web archive, in CDXJ: a line for each response, by its SURT and time."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import NamedTuple

from vovcrawl.archives.surt import surt
from vovcrawl.archives.whole_records import WholeRecord

_SHOWN = ("response", "revisit", "resource")
"""Types of the records that replay programs show."""

STAMP = "%Y%m%d%H%M%S"
"""How a line says when a response was captured, in UTC."""

_STATUS = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})\b")
_LONGEST_FIELD = 200


class RecordHead(NamedTuple):
    """What a record's own header says."""

    kind: str
    url: str | None
    """None of a record that is about the whole file."""
    moment: datetime | None
    """Of its capture, in UTC to the second; None where it does not say."""
    digest: str | None
    """Of the payload, with the name of its algorithm."""


def read_head(record: WholeRecord) -> RecordHead:
    """What a record's own header says."""
    fields = _fields(record.header)
    return RecordHead(
        fields.get("warc-type", ""),
        fields.get("warc-target-uri", "").strip("<>") or None,
        _moment(fields.get("warc-date", "")),
        fields.get("warc-payload-digest"),
    )


def index_entry(record: WholeRecord, head: RecordHead, file: str, offset: int, digest: str) -> str | None:
    """The line of a record, without its end; None of one that replay programs do not show.

    Args:
        record: as it stands in its own file.
        head: of the record.
        file: the name of the file that it is indexed in.
        offset: where it stands there.
        digest: of its gzip member, with the name of the algorithm.
    """
    if head.kind not in _SHOWN or head.url is None or head.moment is None:
        return None
    http, _, _ = record.block.partition(b"\r\n\r\n")
    status = _STATUS.match(http)
    fields = _fields(http) if status is not None else _fields(record.header)
    mime = fields.get("content-type", "").partition(";")[0].strip()[:_LONGEST_FIELD] or None
    entry = {
        "url": head.url,
        "mime": "warc/revisit" if head.kind == "revisit" else mime,
        "status": status[1].decode() if status is not None else "200",
        "digest": head.digest,
        "length": str(record.length),
        "offset": str(offset),
        "filename": file,
        "recordDigest": digest,
    }
    found = {name: value for name, value in entry.items() if value is not None}
    return f"{surt(head.url)} {head.moment:{STAMP}} {json.dumps(found)}"


def _moment(date: str) -> datetime | None:
    try:
        return datetime.strptime(date[: len("2026-07-16T12:00:00")], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _fields(head: bytes) -> dict[str, str]:
    """The fields of a header by their names in small letters; of several with one name the first."""
    fields: dict[str, str] = {}
    for line in head.split(b"\r\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon and not line.startswith((b" ", b"\t")):
            fields.setdefault(name.decode("latin-1").strip().lower(), value.decode("utf-8", "replace").strip())
    return fields
