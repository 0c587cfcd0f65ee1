"""What it costs to keep the responses of a crawl (`VOV_WARC`), in CPU milliseconds a page.

Run as `python -m benchmarks.kept_responses`. Pages of the sample site are written as a crawl writes them, beside
warcio's own writer as it comes and, as the floor, gzip alone at the same level; then the same site is crawled with and
without `VOV_WARC`, by turns.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import tempfile
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import median
from time import process_time

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.crawling import ROOT, crawl_command, environment
from benchmarks.report import Check, report
from sample_site.apart import served_apart
from sample_site.pages import Pages
from sample_site.replica import Replica
from sample_site.server import SampleServer
from vovcrawl.archives.warc_writing import Exchange, ResponseArchive

_PAGES = 200
_ROUNDS = 3
_ARTICLES = 150
_HEAD = {"Server": "nginx", "Content-Type": "text/html; charset=UTF-8", "ETag": '"58f4a1199a2c20f5b233"'}
_MB = 1_000_000


def replica() -> Replica:
    """The site that is crawled."""
    return Replica(days=3, a_day=_ARTICLES // 3, older=12, seed=1)


def server() -> SampleServer:
    """The server of that site."""
    return SampleServer(replica())


def main() -> None:
    """Measures and prints the table."""
    report(measured())


def measured() -> list[Check]:
    """The figures."""
    site = replica()
    pages = Pages(site)
    bodies = [(story.url, pages.get(story.address).body) for story in site.newest[:_PAGES]]
    packed = [(url, gzip.compress(body, 6)) for url, body in bodies]
    checks = []
    for what, given in (("a plain page", bodies), ("a page packed by the server", packed)):
        for how, write in (("as a crawl writes it", _own), ("by warcio's own writer", _warcio), ("gzip alone", _gzip)):
            checks.append(Check("writing", f"{what}, {how}", f"{min(write(given) for _ in range(_ROUNDS)):.2f} ms"))
    checks.append(Check("memory", "peak of 200 pages, then of 2,000", " and ".join(_peaks(bodies))))
    return checks + _crawls()


def _exchange(url: str, body: bytes) -> Exchange:
    head = "".join(f"{name}: {value}\r\n" for name, value in _HEAD.items())
    return Exchange(
        url,
        datetime.now(UTC),
        f"GET {url.partition('vov.vn')[2]} HTTP/1.1\r\nHost: vov.vn\r\n".encode(),
        b"",
        f"HTTP/1.1 200 OK\r\n{head}".encode(),
        body,
    )


def _each(given: list[tuple[str, bytes]], do: Callable[[str, bytes], object]) -> float:
    """CPU milliseconds a page."""
    began = process_time()
    for url, body in given:
        do(url, body)
    return 1000 * (process_time() - began) / len(given)


def _own(given: list[tuple[str, bytes]]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        responses = ResponseArchive(Path(folder), {"software": "benchmark"})

        def write(url: str, body: bytes) -> None:
            responses.write(_exchange(url, body))
            responses.sync()

        spent = _each(given, write)
        responses.close()
    return spent


def _warcio(given: list[tuple[str, bytes]]) -> float:
    with tempfile.TemporaryFile() as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")

        def write(url: str, body: bytes) -> None:
            head = StatusAndHeaders("200 OK", list(_HEAD.items()), protocol="HTTP/1.1")
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "vov.vn")], is_http_request=True)
            response = writer.create_warc_record(url, "response", BytesIO(body), len(body), http_headers=head)
            request = writer.create_warc_record(url, "request", http_headers=asked)
            writer.write_request_response_pair(request, response)
            os.fsync(file.fileno())

        return _each(given, write)


def _gzip(given: list[tuple[str, bytes]]) -> float:
    return _each(given, lambda url, body: gzip.compress(body, 6))


def _peaks(given: list[tuple[str, bytes]]) -> list[str]:
    peaks = []
    for times in (1, 10):
        tracemalloc.start()
        _own(given * times)
        peaks.append(f"{tracemalloc.get_traced_memory()[1] / _MB:.2f} MB")
        tracemalloc.stop()
    return peaks


def _crawls() -> list[Check]:
    """CPU milliseconds a response of whole crawls, by turns, so that the machine's load meets both."""
    spent: dict[bool, list[float]] = {False: [], True: []}
    with served_apart(server) as site:
        for _ in range(_ROUNDS):
            for keeps in (False, True):
                spent[keeps].append(_crawl(site.url, keeps=keeps))
    without, kept = median(spent[False]), median(spent[True])
    return [
        Check("crawl", "CPU a response, without VOV_WARC", f"{without:.2f} ms"),
        Check("crawl", "CPU a response, with it", f"{kept:.2f} ms, {(kept / without - 1) * 100:+.0f} %"),
    ]


def _crawl(mirror: str, *, keeps: bool) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = folder / "result.json"
        settings = {
            "VOV_MIRROR": mirror,
            "VOV_NOW": replica().now.isoformat(),
            "VOV_DATABASE": str(folder / "vov.sqlite"),
            "DOWNLOAD_DELAY": "0",
            "ADDONS": json.dumps({"benchmarks.stopwatch.Addon": 1}),
            "BENCHMARK_RESULT": str(result),
        }
        if keeps:
            settings["VOV_WARC"] = str(folder / "warc")
        line = crawl_command(["since=all", "sources=sitemap"], settings, folder / "vov.jsonl")
        subprocess.run(line, cwd=ROOT, env=environment(), check=True, capture_output=True)
        said = json.loads(result.read_text(encoding="utf-8"))
    return 1000 * float(said["cpu_s"]) / int(said["pages"])


if __name__ == "__main__":
    main()
