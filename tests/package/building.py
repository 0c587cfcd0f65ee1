"""The package built, installed in environments of its own, and made to crawl the sample site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sample_site.expected import expected_record
from sample_site.server import SampleServer
from sample_site.site import FORBIDDEN_FOLDER, NOW

PROJECT = Path(__file__).resolve().parent.parent.parent

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "data", "dist", "node_modules", "corpus")


class Failed(Exception):
    """A command ended with another status than 0; its text is what the command printed."""


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    """What a command prints that knows nothing of this checkout.

    Raises:
        Failed: its exit status is not 0.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SCRAPY"))}
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**inherited, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    if ended.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: exit status {ended.returncode}\n{ended.stdout}")
    return ended.stdout


@dataclass(frozen=True)
class Package:
    """The files that people install."""

    sdist: Path
    wheel: Path


def build(scratch: Path, target: Path) -> Package:
    """Builds the source distribution, and the wheel out of that, in a copy of the project without other people's files.

    Nothing is asked of a registry: setuptools is that of this environment.
    """
    source = scratch / "source"
    shutil.copytree(PROJECT, source, ignore=LEFT_OUT)
    # The only one of the folder that is the project's.
    (source / "data").mkdir()
    shutil.copy(PROJECT / "data" / "README.md", source / "data")
    sdist = target / _call_backend("build_sdist", source, target)
    run("tar", "-xzf", sdist, folder=scratch)
    unpacked = scratch / sdist.name.removesuffix(".tar.gz")
    return Package(sdist, target / _call_backend("build_wheel", unpacked, target))


def _call_backend(name: str, source: Path, target: Path) -> str:
    code = f"import sys; from setuptools import build_meta; print(build_meta.{name}(sys.argv[1]))"
    return run(sys.executable, "-c", code, target, folder=source).splitlines()[-1]


def crawl(program: str | Path, site: SampleServer, folder: Path) -> list[str]:
    """The urls of the records, sorted, of a crawl of the whole sample site that begins in an empty folder.

    Raises:
        Failed: the crawl was not complete.
    """
    settings = (f"VOV_MIRROR={site.url}", f"VOV_NOW={NOW.isoformat()}", "DOWNLOAD_DELAY=0")
    options = [part for setting in settings for part in ("-s", setting)]
    run(program, "crawl", "-a", "since=all", "-a", "related=2", *options, folder=folder)
    lines = (folder / "data" / "vov.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted(json.loads(line)["canonical_url"] for line in lines)


def articles(site: SampleServer) -> list[str]:
    """The urls of the articles that such a crawl must bring, sorted."""
    urls = [expected_record(story, site.site)["canonical_url"] for story in site.site.stories.values()]
    return sorted(url for url in urls if FORBIDDEN_FOLDER not in url)
