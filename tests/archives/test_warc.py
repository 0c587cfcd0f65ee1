"""Finding the records of WARC files, whole ones and damaged ones."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archives.sources import Bytes
from tests.archives.warc_files import article_url, packed, record, response
from vovcrawl.archives.unpacking import Place
from vovcrawl.archives.warc import WarcFile, WarcRecord

FILES: dict[str, Callable[..., bytes]] = {
    "plain": lambda *records: b"".join(records),
    "by record": packed,
    "as a whole": lambda *records: gzip.compress(b"".join(records), mtime=0),
}


def body(number: int) -> bytes:
    """A page that packs badly, as pages with pictures in them."""
    return random.Random(number).randbytes(600)


def one(number: int, length: int | None = None, content: bytes | None = None) -> bytes:
    return response(article_url(number), content or body(number), length=length)


BEGINNING = Place(0)


def read(data: bytes, start: Place = BEGINNING, largest: int = 0) -> list[WarcRecord]:
    name = "a.warc.gz" if data[:2] == b"\x1f\x8b" else "a.warc"
    return list(WarcFile(Bytes(data), name, largest).records(start, lambda _: True))


def numbers(records: list[WarcRecord]) -> list[str]:
    """The numbers of articles; a broken one has a mark, and one that nobody knows is no more than that."""
    found = [found.fields.get("warc-target-uri", "").rpartition("post")[2].removesuffix(".vov") for found in records]
    return [number + "!" * found.is_broken for number, found in zip(found, records, strict=True)]


@pytest.mark.parametrize("kind", FILES)
class TestWholeFiles:
    def test_records_come_in_their_order_with_what_they_hold(self, kind: str) -> None:
        found = read(FILES[kind](*(one(number) for number in range(1, 5))))
        assert numbers(found) == ["1", "2", "3", "4"]
        assert [record.block[-600:] for record in found if record.block] == [body(number) for number in range(1, 5)]

    def test_reading_goes_on_from_where_any_record_ends(self, kind: str) -> None:
        data = FILES[kind](*(one(number) for number in range(1, 5)))
        found = read(data)
        for place, record_found in enumerate(found):
            assert numbers(read(data, Place.read(str(record_found.after)))) == numbers(found)[place + 1 :]
            assert numbers(read(data, record_found.place)) == numbers(found)[place:]

    def test_a_page_that_is_a_warc_file_is_one_page(self, kind: str) -> None:
        within = b"".join(one(number) for number in range(7, 9))
        assert numbers(read(FILES[kind](one(1), one(2, content=within), one(3)))) == ["1", "2", "3"]

    def test_a_file_that_was_cut_has_one_broken_record_at_its_end(self, kind: str) -> None:
        data = FILES[kind](one(1), one(2), one(3))
        assert numbers(read(data[:-300])) == ["1", "2", "3!"]

    @pytest.mark.parametrize("length", [5, 10_000, 10**14, -1])
    def test_a_record_with_a_wrong_length_is_broken_and_the_next_ones_are_read(self, kind: str, length: int) -> None:
        assert numbers(read(FILES[kind](one(1), one(2, length), one(3), one(4)))) == ["1", "2!", "3", "4"]

    def test_a_record_beyond_the_bound_is_not_held(self, kind: str) -> None:
        large = one(2, content=bytes(200_000))
        found = read(FILES[kind](one(1), large, one(3)), largest=100_000)
        assert [(record.is_too_large, record.block is None) for record in found] == [
            (False, False),
            (True, True),
            (False, False),
        ]

    def test_an_empty_file_has_no_record(self, kind: str) -> None:
        assert read(FILES[kind]()) == []


@pytest.mark.parametrize("kind", ["plain", "by record"])
def test_garbage_between_records_is_one_broken_one(kind: str) -> None:
    first, second = (FILES[kind](one(number)) for number in (1, 2))
    assert numbers(read(first + b"garbage\n" * 30 + second)) == ["1", "!", "2"]


def test_a_gzip_member_with_a_wrong_checksum_is_broken_though_all_of_it_can_be_unpacked() -> None:
    parts = [packed(one(number)) for number in range(1, 4)]
    parts[1] = parts[1][:-8] + bytes(8)
    assert numbers(read(b"".join(parts))) == ["1", "2!", "3"]


def test_a_cut_gzip_member_takes_none_of_the_next_ones_with_it() -> None:
    parts = [packed(one(number)) for number in range(1, 5)]
    parts[1] = parts[1][:-40]
    assert numbers(read(b"".join(parts))) == ["1", "2!", "3", "4"]


def test_two_damaged_members_in_a_row_are_two_broken_records() -> None:
    parts = [packed(one(number)) for number in range(1, 5)]
    for place in (1, 2):
        parts[place] = parts[place][:-20] + bytes(20)
    assert numbers(read(b"".join(parts))) == ["1", "2!", "3!", "4"]


def test_a_broken_record_gives_no_records_out_of_its_page() -> None:
    within = b"".join(one(number) for number in range(7, 9))
    assert numbers(read(packed(one(1), one(2, length=40, content=within), one(3)))) == ["1", "2!", "3"]


def test_a_file_whose_first_bytes_are_damaged_is_read_from_the_next_record_on() -> None:
    data = bytearray(packed(one(1), one(2)))
    data[0] = 0
    found = WarcFile(Bytes(bytes(data)), "a.warc.gz").records(Place(0), lambda _: True)
    assert numbers(list(found)) == ["!", "2"]


def test_a_header_without_end_is_not_held() -> None:
    flood = b"WARC/1.1\r\n" + b"X-Field: 1\r\n" * 1_000_000
    assert numbers(read(flood + one(2))) == ["!", "2"]


def test_what_is_not_wanted_is_passed_over() -> None:
    data = packed(one(1), record("request", b"GET / HTTP/1.1\r\n\r\n"))
    found = list(WarcFile(Bytes(data), "a.warc.gz").records(Place(0), lambda fields: fields["warc-type"] == "response"))
    assert [record.block is None for record in found] == [False, True]


def test_a_file_of_broken_records_only_takes_no_longer_than_its_size_warrants() -> None:
    # Each begins as a record does, and claims all that follows: looking into each would take the square.
    claiming = one(1, length=10**9)[:300]
    reads = _Counting(claiming * 3_000)
    found = list(WarcFile(reads, "a.warc", 1 << 24).records(Place(0), lambda _: True))
    assert all(record.is_broken for record in found)
    assert reads.count < 400 * reads.size


@dataclass
class _Counting:
    data: bytes
    count: int = 0

    @property
    def size(self) -> int:
        return len(self.data)

    def read_at(self, offset: int, count: int) -> bytes:
        part = self.data[offset : offset + count]
        self.count += len(part)
        return part


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["plain", "by record"]),
    damage=st.sampled_from(["flip", "cut", "insert"]),
    where=st.floats(0.0, 1.0, exclude_max=True),
    seed=st.integers(0, 1000),
)
def test_damage_to_one_record_loses_no_other(kind: str, damage: str, where: float, seed: int) -> None:
    parts = [FILES[kind](one(number)) for number in range(1, 6)]
    hit = bytearray(parts[2])
    at = int(len(hit) * where)
    if damage == "flip":
        hit[at] ^= 1 + seed % 255
    elif damage == "cut":
        del hit[at : at + 1 + seed % 50]
    else:
        hit[at:at] = random.Random(seed).randbytes(1 + seed % 50)
    parts[2] = bytes(hit)
    found = [number for number in numbers(read(b"".join(parts))) if not number.endswith("!")]
    # Some damage, as to a page in a plain file, shows nowhere.
    assert [number for number in found if number in ("1", "2", "4", "5")] == ["1", "2", "4", "5"]


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=400), is_packed=st.booleans())
def test_any_bytes_end_in_broken_records_that_cover_them_in_order(data: bytes, is_packed: bool) -> None:
    data = packed(data) if is_packed else b"WARC/1.1\r\n" + data
    found = read(data)
    places = [record.place for record in found]
    assert places == sorted(places)
