"""Where a WARC file ends that was torn."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.archives.exchanges import exchange, warcs
from vovcrawl.archives.warc_writing import ResponseArchive
from vovcrawl.archives.whole_records import whole_length, whole_records

RECORD = b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
PACKED = gzip.compress(RECORD, mtime=0)


def length_of(data: bytes) -> int:
    return whole_length(BytesIO(data))


def test_records_are_found_where_they_stand() -> None:
    found = list(whole_records(BytesIO(PACKED * 3)))
    assert [(record.offset, record.length) for record in found] == [(n * len(PACKED), len(PACKED)) for n in range(3)]
    assert found[0].header == b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 3"
    assert found[0].block == b"abc\r\n\r\n"


@given(st.integers(0, 3 * len(PACKED)))
def test_a_file_cut_anywhere_is_whole_up_to_the_record_before(cut: int) -> None:
    assert length_of((PACKED * 3)[:cut]) == cut // len(PACKED) * len(PACKED)


@pytest.mark.parametrize(
    "record",
    [
        RECORD.replace(b"abc", b"ab"),
        RECORD.replace(b"abc", b"abcd"),
        RECORD[:-2],
        RECORD.replace(b"WARC/1.1", b"TEXT/1.1"),
        RECORD.replace(b"Content-Length: 3\r\n", b""),
        b"",
    ],
    ids=["short", "long", "without its end", "not WARC", "without a length", "empty"],
)
def test_a_whole_member_that_is_no_whole_record_ends_the_file(record: bytes) -> None:
    assert length_of(PACKED + gzip.compress(record) + PACKED) == len(PACKED)


@given(st.binary(max_size=200))
def test_whatever_follows_a_record_is_not_taken_for_one(rest: bytes) -> None:
    assert length_of(PACKED + rest) == len(PACKED)


def test_a_member_that_unpacks_to_very_much_takes_little_memory() -> None:
    import tracemalloc

    size = 100_000_000
    head = RECORD.partition(b"abc")[0].replace(b": 3", b": %d" % size)
    packed = gzip.compress(head + bytes(size) + b"\r\n\r\n", 1)
    tracemalloc.start()
    try:
        assert length_of(packed) == len(packed)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_what_a_crawl_writes_is_whole(tmp_path: Path) -> None:
    responses = ResponseArchive(tmp_path, {"software": "a"})
    responses.write(exchange(body=b"x" * 3_000_000))
    responses.close()
    (path,) = warcs(tmp_path)
    with path.open("rb") as file:
        assert whole_length(file) == path.stat().st_size
