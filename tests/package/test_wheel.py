"""What is installed from the built package works without a checkout."""

from __future__ import annotations

import os
import site as python_site
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.package.building import PROJECT, Package, articles, build, crawl, run
from vovcrawl import __version__

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return build(tmp_path_factory.mktemp("scratch"), tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def programs(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel, with the libraries of this one."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check"),
        *("--no-index", "--no-deps", package.wheel),
        folder=home,
    )
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=home).strip()
    (Path(packages) / "libraries.pth").write_text("\n".join(python_site.getsitepackages()))
    return python.parent


@pytest.fixture(scope="module")
def installed(programs: Path) -> Distribution:
    (found,) = programs.parent.glob("lib/*/site-packages/vovcrawl-*.dist-info")
    return PathDistribution(found)


def sources(folder: Path) -> Iterator[Path]:
    """The files of a folder that people wrote."""
    for path, _, names in os.walk(folder):
        yield from (Path(path, name) for name in names if "__pycache__" not in path and name[0] != ".")


class TestContent:
    """What the files hold."""

    def test_the_wheel_holds_every_file_of_the_code(self, package: Package) -> None:
        with zipfile.ZipFile(package.wheel) as wheel:
            held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        assert held == {str(path.relative_to(PROJECT)) for path in sources(PROJECT / "vovcrawl")}
        assert {"vovcrawl/py.typed", "vovcrawl/dates/words.toml", "vovcrawl/dates/README.md"} <= held

    def test_the_wheel_is_under_the_project_s_licence(self, installed: Distribution) -> None:
        assert installed.read_text("licenses/LICENSE") == (PROJECT / "LICENSE").read_text(encoding="utf-8")
        assert installed.metadata["License-Expression"] == "MIT"

    @pytest.mark.parametrize(
        "name",
        [
            *("README.md", "scrapy.cfg", "setup.py", "Makefile", "Dockerfile", "compose.yaml", "requirements-dev.txt"),
            *("docs/article.schema.json", "data/README.md"),
        ],
    )
    def test_the_source_distribution_holds_what_a_checkout_does(self, package: Package, name: str) -> None:
        assert f"vovcrawl-{__version__}/{name}" in self.names(package)

    def test_the_source_distribution_holds_the_tests_and_what_they_use(self, package: Package) -> None:
        folders = ("tests", "sample_site", "benchmarks", "fuzz", "quality", "torture", "docs", "deploy")
        names = self.names(package)
        kept = {path for folder in folders for path in sources(PROJECT / folder)}
        for path in kept:
            name = str(path.relative_to(PROJECT))
            if not name.startswith(("fuzz/corpus", "fuzz/findings", "benchmarks/peers/chrono/node_modules")):
                assert f"vovcrawl-{__version__}/{name}" in names

    @staticmethod
    def names(package: Package) -> set[str]:
        with tarfile.open(package.sdist) as sdist:
            return set(sdist.getnames())


class TestInstalled:
    """The command, in folders that hold nothing."""

    def test_a_crawl_keeps_every_article_in_the_current_folder(
        self, programs: Path, site: SampleServer, tmp_path: Path
    ) -> None:
        assert crawl(programs / "vovcrawl", site, tmp_path) == articles(site)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]
        assert (tmp_path / "data" / "vov.sqlite").exists()

    def test_it_uses_the_code_of_the_wheel(self, programs: Path, tmp_path: Path) -> None:
        where = run(programs / "python", "-c", "import vovcrawl; print(vovcrawl.__file__)", folder=tmp_path)
        assert Path(where.strip()).is_relative_to(programs.parent)

    def test_files_of_an_archive_are_read_by_a_pool_of_processes(self, programs: Path, tmp_path: Path) -> None:
        text = "Chợ nổi vào mùa nước\nVOV.VN - Chợ đông.\nGhe thuyền đậu kín bến.\n"
        (tmp_path / "chợ.txt").write_text(text, encoding="utf-8")
        run(programs / "vovcrawl", "crawl", "-a", "archive=chợ.txt", folder=tmp_path)
        assert "Chợ nổi vào mùa nước" in (tmp_path / "data" / "vov.jsonl").read_text(encoding="utf-8")

    def test_it_runs_out_of_the_archive_itself_as_eggs_do(self, package: Package, tmp_path: Path) -> None:
        text = "Chợ nổi vào mùa nước\nVOV.VN - Chợ đông.\nGhe thuyền đậu kín bến.\n"
        (tmp_path / "chợ.txt").write_text(text, encoding="utf-8")
        line = (sys.executable, "-m", "vovcrawl")
        run(*line, "crawl", "-a", "archive=chợ.txt", folder=tmp_path, PYTHONPATH=str(package.wheel))
        run(*line, "report", "-o", "report.html", folder=tmp_path, PYTHONPATH=str(package.wheel))
        assert "Chợ nổi vào mùa nước" in (tmp_path / "data" / "vov.jsonl").read_text(encoding="utf-8")

    def test_python_runs_it_too(self, programs: Path, tmp_path: Path) -> None:
        listed = run(programs / "python", "-m", "vovcrawl", folder=tmp_path)
        assert {"crawl", "runs", "coverage"} <= set(listed.split())

    def test_programs_that_run_scrapy_projects_find_its_settings(self, installed: Distribution) -> None:
        (found,) = (entry for entry in installed.entry_points if entry.group == "scrapy")
        assert (found.name, found.value) == ("settings", "vovcrawl.settings")
