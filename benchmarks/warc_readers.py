"""Readers of WARC files: how long each takes a record, and how many records each still finds in damaged files.

Run as `python -m benchmarks.warc_readers`. Times are CPU time. Each damage is done to one record of a file of many, by
itself, in a process of its own; a reader that crashes has found none.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, suppress
from pathlib import Path
from statistics import median
from time import process_time

from fastwarc.warc import ArchiveIterator as FastwarcIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from benchmarks.report import Check, report, table
from sample_site.full_pages import full_pages
from vovcrawl.archives.unpacking import FileSource, Place
from vovcrawl.archives.warc import WarcFile

_RECORDS = 40
_HIT = 20
"""Which of them is damaged."""
_TIMEOUT_S = 60


def by_warcio(path: Path) -> Iterator[str]:
    """The urls of a file's records, each read whole, by warcio."""
    with path.open("rb") as file:
        for record in WarcioIterator(file, no_record_parse=True):
            record.raw_stream.read()
            yield record.rec_headers.get_header("WARC-Target-URI") or ""


def by_fastwarc(path: Path) -> Iterator[str]:
    """The same by fastwarc."""
    with path.open("rb") as file:
        for record in FastwarcIterator(file, parse_http=False):
            record.reader.read()
            yield record.headers.get("WARC-Target-URI") or ""


def by_vovcrawl(path: Path) -> Iterator[str]:
    """The same by this project."""
    with path.open("rb") as file:
        for record in WarcFile(FileSource(file.fileno()), path.name).records(Place(0), lambda _: True):
            if not record.is_broken:
                yield record.fields.get("warc-target-uri", "")


READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "warcio": by_warcio,
    "fastwarc": by_fastwarc,
    "vovcrawl": by_vovcrawl,
}


def record(number: int, body: bytes, length: int | None = None) -> bytes:
    """A response record."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    fields = {
        "WARC-Type": "response",
        "WARC-Target-URI": f"https://vov.vn/xa-hoi/bai-viet-post{number}.vov",
        "WARC-Date": "2026-07-16T05:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012}>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block) if length is None else length),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :]


def damages() -> dict[str, Callable[[list[bytes], bool], list[bytes]]]:
    """By name, what is done to the records of a file, packed or not."""

    def to_one(change: Callable[[bytes], bytes]) -> Callable[[list[bytes], bool], list[bytes]]:
        return lambda parts, packed: [change(part) if at == _HIT else part for at, part in enumerate(parts)]

    def wrong_length(length: int) -> Callable[[list[bytes], bool], list[bytes]]:
        def change(parts: list[bytes], packed: bool) -> list[bytes]:
            wrong = record(_HIT, random.Random(_HIT).randbytes(3000), length)
            return [*parts[:_HIT], gzip.compress(wrong) if packed else wrong, *parts[_HIT + 1 :]]

        return change

    return {
        "nothing": lambda parts, packed: parts,
        "a byte of it changed": to_one(_flipped),
        "its end cut off": to_one(lambda part: part[:-100]),
        "garbage after it": to_one(lambda part: part + b"garbage\n" * 20),
        "its length too short": wrong_length(100),
        "its length too long": wrong_length(5_000),
        "its length endless": wrong_length(10**15),
    }


def _found(reader: str, path: str, found: multiprocessing.SimpleQueue[int]) -> None:
    urls: set[str] = set()
    # warcio says there what it finds wrong.
    with suppress(Exception), Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        urls.update(READERS[reader](Path(path)))
    found.put(len(urls - {""}))


def surviving(reader: str, path: Path) -> int:
    """How many records a reader finds in a file; 0 if it crashes or hangs."""
    found: multiprocessing.SimpleQueue[int] = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=_found, args=(reader, str(path), found))
    process.start()
    process.join(_TIMEOUT_S)
    process.kill()
    return 0 if found.empty() else found.get()


def measured(rounds: int) -> list[Check]:
    """The speed of each, and what each finds."""
    checks = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "pages.warc.gz")
        path.write_bytes(b"".join(gzip.compress(record(at, page.html)) for at, page in enumerate(full_pages(300))))
        for reader, read in READERS.items():
            times = []
            for _ in range(rounds):
                start = process_time()
                count = sum(1 for _ in read(path))
                times.append((process_time() - start) / count)
            checks.append(Check("readers", f"{reader}: a record of 84 kB", f"{median(times) * 1e6:.0f} µs"))
        rows = []
        bodies = [record(at, random.Random(at).randbytes(3000)) for at in range(_RECORDS)]
        for packed in (False, True):
            for damage, change in damages().items():
                parts = change([gzip.compress(one) if packed else one for one in bodies], packed)
                path = Path(name, "damaged.warc.gz" if packed else "damaged.warc")
                path.write_bytes(b"".join(parts))
                kind = "gzipped by record" if packed else "plain"
                rows.append((f"{kind}: {damage}", *(str(surviving(reader, path)) for reader in READERS)))
        print(table((f"records found of {_RECORDS}; done to one", *READERS), rows), end="\n\n")
        least = min(int(row[-1]) for row in rows)
        reached = least >= _RECORDS - 1
        checks.append(Check("readers", "vovcrawl: fewest found in any file", str(least), f"{_RECORDS - 1}", reached))
    return checks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warc_readers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    report(measured(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
