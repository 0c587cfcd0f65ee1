"""Builds the package and crawls the sample site with it under every Python there is, each in an empty environment.

    python -m tests.package.everywhere [--versions pinned|lowest|newest] [--python 3.12 ...] [--keep FOLDER]

The libraries come from the registry: in the versions of requirements.txt, or the lowest or the newest that
pyproject.toml allows. The exit status is 1 where a Python does not give the records that the site must give.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sample_site.server import SampleServer
from tests.package import declared
from tests.package.building import PROJECT, Failed, Package, articles, build, crawl, run


def main() -> int:
    """Prints a line a Python."""
    parser = argparse.ArgumentParser(prog="python -m tests.package.everywhere", description=__doc__.splitlines()[0])
    parser.add_argument("--versions", choices=["pinned", "lowest", "newest"], default="pinned")
    parser.add_argument("--python", action="append", choices=declared.pythons(), help="only this one (may be repeated)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="put the built files there")
    asked = parser.parse_args()
    wanted = asked.python or declared.pythons()
    found = {version: python for version in wanted if (python := find(version)) is not None}
    for version in wanted:
        if version not in found:
            print(f"Python {version}: not on this machine")
    wrong = not found
    with tempfile.TemporaryDirectory() as folder, SampleServer() as site:
        scratch = Path(folder)
        (scratch / "dist").mkdir()
        package = build(scratch, scratch / "dist")
        if asked.keep is not None:
            asked.keep.mkdir(exist_ok=True)
            for file in (package.sdist, package.wheel):
                shutil.copy(file, asked.keep)
        for version, python in found.items():
            try:
                urls, programs = try_python(python, package, asked.versions, site, scratch / version)
            except Failed as error:
                print(f"Python {version}: {error}")
                wrong = True
                continue
            print(f"Python {version}, {asked.versions} versions, {programs}: {len(urls)} records")
            wrong |= urls != articles(site)
    return int(wrong)


def find(version: str) -> str | None:
    """The program of a version of Python, `3.12`, if this machine has it."""
    if sys.version.startswith(f"{version}."):
        return sys.executable
    environment = dict(os.environ)
    if shutil.which("pyenv"):
        # Its programs are on the path under every version's name, but start only those that are named here.
        listed = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True, check=False)
        environment["PYENV_VERSION"] = ":".join(listed.stdout.split())
    try:
        asked = subprocess.run(
            [f"python{version}", "-c", "import ensurepip, sys; print(sys.executable)"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def try_python(python: str, package: Package, versions: str, site: SampleServer, home: Path) -> tuple[list[str], str]:
    """The urls of the records that a crawl with this Python gave, and what the command says of its version.

    Raises:
        Failed: the package cannot be installed, or the crawl is not complete.
    """
    run(python, "-m", "venv", home / "environment", folder=home.parent)
    limits = home / "limits.txt"
    limits.write_text(
        {
            "pinned": (PROJECT / "requirements.txt").read_text(encoding="utf-8"),
            "lowest": "\n".join(f"{each.name}=={declared.lowest(each)}" for each in declared.NEEDED),
            "newest": "",
        }[versions],
        encoding="utf-8",
    )
    programs = home / "environment" / "bin"
    install = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*install, "--constraint", limits, package.wheel, folder=home)
    (home / "crawl").mkdir()
    return crawl(programs / "vovcrawl", site, home / "crawl"), run(
        programs / "vovcrawl", "--version", folder=home
    ).strip()


if __name__ == "__main__":
    sys.exit(main())
