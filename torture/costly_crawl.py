"""Crawls of pages made to cost time and memory: what each kind costs, and whether very many pile up."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Check
from sample_site.apart import served_apart
from sample_site.pages import HTML, Page
from sample_site.server import RequestRecord, SampleServer
from tests.hostile.costly import PAGES
from tests.pages.snippets import page
from torture.long_crawl import judge, watch

MOST_MB = 400.0
MOST_CPU_S = 3.0
"""Targets: of resident memory, and of CPU a page, all that a crawl does with it included."""

_OF_EACH = 4
_ORDINARY = "ordinary"
_PATH = "/xa-hoi/ton-kem-post{}.vov"
_FIRST = 9_600_000


class CostlyServer(SampleServer):
    """Makes each page when it is asked for.

    Args:
        kinds: by name; the pages are of each in turn.
    """

    def __init__(self, *kinds: str) -> None:
        super().__init__()
        self._kinds = kinds
        self._answered = 0

    def respond(self, record: RequestRecord) -> Page:
        """The response to a request."""
        self._answered += 1
        number = int(record.path.rpartition("post")[2].removesuffix(".vov") or 0) if "post" in record.path else 0
        if number < _FIRST:
            return super().respond(record)
        name = self._kinds[(number - _FIRST) % len(self._kinds)]
        if name == _ORDINARY:
            return Page(page(f"<p>Trang {number}.</p>").encode(), HTML)
        kind = PAGES[name]
        return Page(kind.make(number), HTML, headers=tuple(kind.headers.items()))

    def answered(self) -> int:
        """How many requests there were."""
        return self._answered


def crawl_costly(folder: Path, pages: int) -> Iterator[Check]:
    """Crawls some pages of each kind by themselves, then many of all kinds in one crawl.

    Args:
        folder: an existing one, empty, for stores, feeds and logs.
        pages: of the long crawl.
    """
    floor, _ = _cost(folder, _ORDINARY)
    for name in PAGES:
        cpu_s, peak_mb = _cost(folder, name)
        a_page = (cpu_s - floor) / _OF_EACH
        yield Check(
            "costly",
            f"{name}: CPU a page, and memory at its highest",
            f"{a_page:.2f} s, {peak_mb:.0f} MB",
            f"under {MOST_CPU_S:.0f} s and {MOST_MB:.0f} MB",
            a_page < MOST_CPU_S and peak_mb < MOST_MB,
        )
    made = Path(tempfile.mkdtemp(dir=folder))
    with served_apart(CostlyServer, *PAGES) as server:
        _, samples = watch(server, made, f"urls={_list(made, pages)}")
    yield from judge("costly", samples, MOST_MB)


def _cost(folder: Path, name: str) -> tuple[float, float]:
    """CPU seconds of a crawl of some pages of a kind, start-up included, and its memory at its highest in MB."""
    made = Path(tempfile.mkdtemp(dir=folder))
    with served_apart(CostlyServer, name) as server:
        before = _children_s()
        _, samples = watch(server, made, f"urls={_list(made, _OF_EACH)}")
        return _children_s() - before, max(sample.resident_mb for sample in samples)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _list(folder: Path, pages: int) -> Path:
    path = folder / "urls.txt"
    path.write_text("\n".join(f"https://vov.vn{_PATH.format(_FIRST + number)}" for number in range(pages)))
    return path
