"""Where in an archive the captures stand that its `revisit` records refer to.

A revisit may come before what it refers to, or in another file. So the headers of all WARC files are read once when the
first one is met; an archive without revisits is not read twice.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b

from vovcrawl.archives.records import moment, outside
from vovcrawl.archives.unpacking import Place
from vovcrawl.archives.warc import WarcFile, WarcRecord

_NOT_MODIFIED = "server-not-modified"
_FARTHEST_WITHIN = 64 * 1024 * 1024
"""Bytes that are unpacked at most to come to one capture: files that are packed as a whole must be, from the start."""

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_KEY_BYTES = 8
MOST_CANDIDATES = 20
_A_STEP = 500
"""Records."""

Files = Callable[[], Iterator[tuple[int, WarcFile]]]
"""Gives all WARC files of the archive, each with its number, open until the next one is asked for."""


def is_not_modified(fields: Mapping[str, str]) -> bool:
    """Whether a revisit stands for the server's word that the page was as it had been."""
    return fields.get("warc-profile", "").rstrip("/").lower().endswith(_NOT_MODIFIED)


class Revisits:
    """Finds the captures of VOV pages in an archive by url and date, or by what they hold.

    It takes some 100 bytes of memory for each capture, and nothing as long as nothing is looked for.

    Args:
        files: gives the archive's WARC files.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._keys: array[int] | None = None
        self._places: array[int] = array("Q")

    def candidates(self, fields: Mapping[str, str]) -> list[tuple[int, Place]]:
        """The file and the place of the captures that a revisit may refer to, once all is prepared; whoever reads one
        there compares it."""
        assert self._keys is not None
        found: list[tuple[int, Place]] = []
        for key in wanted_keys(fields):
            at = bisect_left(self._keys, key)
            while at < len(self._keys) and self._keys[at] == key and len(found) < MOST_CANDIDATES:
                file, member, within = self._places[3 * at : 3 * at + 3]
                found.append((file, Place(member, within)))
                at += 1
        return found

    def prepare(self) -> Iterator[None]:
        """Reads all files, step by step: an archive may be large, and whoever waits may have other things to do."""
        if self._keys is not None:
            return
        count = 0
        keys: array[int] = array("Q")
        places: array[int] = array("Q")
        for number, warc in self._files():
            for record in warc.records(Place(0), lambda fields: False):
                count += 1
                if count % _A_STEP == 0:
                    yield
                if not is_capture(record):
                    continue
                for key in own_keys(record.fields):
                    keys.append(key)
                    places.extend((number, *record.place))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._keys = array("Q", (keys[at] for at in order))
        self._places = array("Q", (part for at in order for part in places[3 * at : 3 * at + 3]))


def refers_to(fields: Mapping[str, str], capture: Mapping[str, str]) -> bool:
    """Whether the record with the header `capture` is one that a revisit refers to."""
    return bool(set(wanted_keys(fields)) & set(own_keys(capture)))


def is_capture(record: WarcRecord) -> bool:
    """Whether a revisit may refer to a record, by its header, and where it stands."""
    fields = record.fields
    return (
        not record.is_broken
        and record.place.within <= _FARTHEST_WITHIN
        and fields.get("warc-type", "").lower() in ("response", "resource")
        and "warc-truncated" not in fields
        and outside(target(fields) or "") is None
    )


def target(fields: Mapping[str, str], name: str = "warc-target-uri") -> str | None:
    """The url in a header; some writers put it in brackets."""
    return fields.get(name, "").strip("<> ") or None


def own_keys(fields: Mapping[str, str]) -> Iterator[int]:
    """By which a capture with this header is found: 64 bits each."""
    if "warc-payload-digest" in fields:
        yield _key("digest", _digest(fields["warc-payload-digest"]))
    url, date = target(fields), moment(fields.get("warc-date"))
    if url and date:
        yield _key("capture", _plain(url), date)
    if record_id := fields.get("warc-record-id"):
        yield _key("record", record_id.strip("<> "))


def wanted_keys(fields: Mapping[str, str]) -> Iterator[int]:
    """Of the captures that a revisit may refer to, the surest first."""
    if record_id := fields.get("warc-refers-to"):
        yield _key("record", record_id.strip("<> "))
    url, date = target(fields, "warc-refers-to-target-uri"), moment(fields.get("warc-refers-to-date"))
    if date and (url := url or target(fields)):
        yield _key("capture", _plain(url), date)
    if "warc-payload-digest" in fields:
        yield _key("digest", _digest(fields["warc-payload-digest"]))


def _plain(url: str) -> str:
    return _SCHEME.sub("", url)


def _digest(written: str) -> str:
    algorithm, _, value = written.partition(":")
    # In base 32 letters are of either case.
    return f"{algorithm.lower().replace('-', '')}:{value.upper()}"


def _key(*parts: str) -> int:
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=_KEY_BYTES).digest())
