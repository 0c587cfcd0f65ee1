"""A web archive of many pages, read by crawls that are killed: whether anything is lost, and how much memory it takes.

`python -m torture.large_archive --pages 100000 --kills 6`. The pages are invented, each of them different, and as short
as pages can be, so that it is the archive and not the pages that is large.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crawling import ROOT, environment
from benchmarks.report import Check, report

MOST_GROWTH_MB = 60
"""Target: so much more memory at most in the last quarter of a crawl than in its second one."""

_WORDS = "chợ nổi họp sớm ghe thuyền đậu kín bến trời sáng dần khách đến đông nước lên nhanh gió nhẹ mây cao".split()
_LOOK_S = 0.25


@dataclass
class Memory:
    """How much the processes of a crawl hold at a time."""

    looks: list[int] = field(default_factory=list)
    """In MB, one after the other."""

    def growth(self) -> int:
        """From the second quarter to the last one, so that what each crawl needs at first is left out."""
        quarter = len(self.looks) // 4
        if not quarter:
            return 0
        return max(self.looks[-quarter:]) - max(self.looks[quarter : 2 * quarter])


def page(number: int) -> tuple[str, bytes]:
    """The url and the page of an article."""
    chance = random.Random(number)
    url = f"https://vov.vn/xa-hoi/bai-viet-so-{number}-post{1_000_000 + number}.vov"
    text = "".join(f"<p>{' '.join(chance.choices(_WORDS, k=40)).capitalize()} {number}.</p>" for _ in range(4))
    return url, (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><link rel="canonical" href="{url}">'
        '<meta property="article:published_time" content="2026-07-16T08:46:00+07:00"></head>'
        '<body class="page-node-type-article"><article role="article" class="detail detail--normal">'
        f'<div class="row article-title"><h1 class="article-title">Bài viết số {number}</h1></div>'
        f'<div class="row article-content"><div class="text-long">{text}</div></div></article></body></html>'
    ).encode()


def write_archive(path: Path, pages: int) -> None:
    """Writes a WARC file, gzipped record by record."""
    with path.open("wb") as file:
        for number in range(pages):
            url, html = page(number)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(html)}\r\n\r\n"
            block = head.encode() + html
            fields = f"WARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-07-16T05:00:00Z\r\n"
            kind = "Content-Type: application/http; msgtype=response\r\n"
            record = f"WARC/1.1\r\n{fields}{kind}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
            file.write(gzip.compress(record, 1, mtime=0))


def start(folder: Path, archive: Path) -> subprocess.Popen[bytes]:
    """Begins or resumes the crawl."""
    settings = [f"VOV_DATABASE={folder / 'vov.sqlite'}", f"LOG_FILE={folder / 'log.txt'}", "VOV_DRIFT=accept"]
    given = [part for setting in settings for part in ("-s", setting)]
    command = [sys.executable, "-m", "scrapy", "crawl", "vov", "-a", f"archive={archive}"]
    return subprocess.Popen(
        [*command, "-o", f"{folder / 'vov.jsonl'}:jsonlines", *given],
        cwd=ROOT,
        env=environment(),
        stderr=subprocess.DEVNULL,
    )


def held_mb(pid: int) -> int:
    """What a process and its children hold of the machine's memory; 0 where it has ended."""
    total = 0
    with suppress(OSError, ValueError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        for one in (str(pid), *children):
            for line in Path(f"/proc/{one}/status").read_text(encoding="utf-8").splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
    return total // 1024


def kept(folder: Path) -> int:
    """How many articles the store holds; 0 where there is none yet."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{folder / 'vov.sqlite'}?mode=ro", uri=True)) as store:
        return int(store.execute("SELECT count(*) FROM articles").fetchone()[0])
    return 0


def read_and_kill(folder: Path, archive: Path, pages: int, kills: int, seed: int) -> tuple[Memory, list[int]]:
    """Reads an archive to its end; how much memory the last start took, and how many articles each start left."""
    chance = random.Random(seed)
    marks = sorted(chance.randint(1, max(1, pages * 9 // 10)) for _ in range(kills))
    left: list[int] = []
    memory = Memory()
    for mark in [*marks, pages + 1]:
        memory = Memory()
        crawl = start(folder, archive)
        while crawl.poll() is None:
            time.sleep(_LOOK_S)
            memory.looks.append(held_mb(crawl.pid))
            if kept(folder) >= mark:
                crawl.send_signal(signal.SIGKILL)
        left.append(kept(folder))
        if crawl.returncode != -signal.SIGKILL:
            break
    return memory, left


def measured(folder: Path, pages: int, kills: int, seed: int) -> list[Check]:
    """All checks of one archive."""
    archive = folder / "pages.warc.gz"
    write_archive(archive, pages)
    memory, left = read_and_kill(folder, archive, pages, kills, seed)
    lines = [json.loads(line)["canonical_url"] for line in (folder / "vov.jsonl").open(encoding="utf-8")]
    with closing(sqlite3.connect(folder / "vov.sqlite")) as store:
        counts = json.loads(store.execute("SELECT counts FROM archive_files").fetchone()[0])
        revised = store.execute("SELECT count(*) FROM revisions").fetchone()[0]
    twice = len(lines) - len(set(lines))
    whole = len(set(lines)) == left[-1] == pages
    steps = ", ".join(f"{count:,}" for count in left)
    growth = memory.growth()
    return [
        Check("archive", "kills, and articles in the store after each start", f"{len(left) - 1}: {steps}", "", None),
        Check("archive", "articles in store and feed", f"{left[-1]:,} and {len(set(lines)):,}", f"{pages:,}", whole),
        Check("archive", "articles twice in the feed, or revised", f"{twice} and {revised}", "0", not twice + revised),
        Check(
            "archive", "records counted as articles", f"{counts['article']:,}", f"{pages:,}", counts["article"] == pages
        ),
        Check(
            "archive",
            "memory of all processes, last start: most, and growth to its last quarter",
            f"{max(memory.looks)} MB, {growth} MB",
            f"at most {MOST_GROWTH_MB} MB more",
            growth <= MOST_GROWTH_MB,
        ),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m torture.large_archive", description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the archive and the store are written")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        report(measured(Path(name), given.pages, given.kills, given.seed))


if __name__ == "__main__":
    main()
