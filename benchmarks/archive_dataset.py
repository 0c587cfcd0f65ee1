"""What a dataset of an archive costs, from the pages to the last file: processor, memory and disk.

Run as `python -m benchmarks.archive_dataset`. The start of the workers is in it; processor seconds are those of all
processes, as seen five times a second.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.archive_reading import write_warc
from sample_site.full_pages import full_pages


def main() -> None:
    """Measures with one worker and with two."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=12_000, help="full pages, in one WARC file (default: 12,000)")
    count = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = folder / "pages.warc.gz"
        write_warc(archive, ((page.url, page.html) for page in full_pages(count)))
        print(f"{count:,} pages, {archive.stat().st_size / 1e6:.0f} MB packed")
        one, two = (_measure(archive, folder / f"dataset-{workers}", workers, count) for workers in (1, 2))
        print(f"two workers {two / one:.2f} times one")


def _measure(archive: Path, target: Path, workers: int, count: int) -> float:
    """Measures so many workers; pages a second."""
    line = [sys.executable, "-m", "vovcrawl.archives", str(archive), "-o", str(target), "--workers", str(workers)]
    begin = time.monotonic()
    running = psutil.Popen(line, stdout=subprocess.DEVNULL)
    cpu_s = memory = disk = 0.0
    while running.poll() is None:
        with suppress(psutil.NoSuchProcess, FileNotFoundError):
            processes = [running, *running.children(recursive=True)]
            cpu_s = max(cpu_s, sum(sum(process.cpu_times()[:2]) for process in processes))
            memory = max(memory, *(process.memory_info().rss for process in processes))
            disk = max(disk, _size(target.parent, f".{target.name}.*/**/*"))
        time.sleep(0.2)
    speed = count / (time.monotonic() - begin)
    print(
        f"{workers} workers: {speed:.0f} pages/s, {cpu_s / count * 1000:.2f} CPU ms a page, "
        f"{memory / 1e6:.0f} MB in the largest process, {disk / count / 1000:.1f} kB of the disk a page meanwhile, "
        f"{_size(target, '**/*') / count / 1000:.2f} kB in the dataset",
        flush=True,
    )
    return speed


def _size(folder: Path, pattern: str) -> float:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())


if __name__ == "__main__":
    main()
