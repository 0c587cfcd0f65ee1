"""The command `vovcrawl`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import scrapy

from tests.conftest import environment
from vovcrawl import __version__
from vovcrawl.__main__ import with_spider

pytestmark = pytest.mark.long


def vovcrawl(folder: Path, *arguments: str, **added: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in environment().items() if not name.startswith("SCRAPY")}
    return subprocess.run(
        [sys.executable, "-m", "vovcrawl", *arguments],
        cwd=folder,
        env={**inherited, **added},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("given", "run"),
    [
        ("crawl", "crawl vov"),
        ("crawl -a since=7d", "crawl vov -a since=7d"),
        ("crawl -asince=7d -o x.jsonl", "crawl vov -asince=7d -o x.jsonl"),
        ("crawl --logf vov.log --nolog", "crawl vov --logf vov.log --nolog"),
        ("crawl --set=A=1 -O -:jsonlines", "crawl vov --set=A=1 -O -:jsonlines"),
        ("--nolog crawl -a since=7d", "--nolog crawl vov -a since=7d"),
        ("crawl -h", "crawl vov -h"),
    ],
)
def test_a_crawl_without_a_spider_is_one_of_vov(given: str, run: str) -> None:
    assert with_spider(given.split()) == run.split()


@pytest.mark.parametrize(
    "given",
    [
        "crawl vov",
        "crawl vov -a since=7d",
        "crawl -a since=7d vov",
        "crawl another -a since=7d",
        "runs -n 3",
        "list",
        "--help",
        "",
    ],
)
def test_whatever_names_its_spider_or_needs_none_is_left_as_it_is(given: str) -> None:
    assert with_spider(given.split()) == given.split()


def test_an_option_without_its_value_is_a_wrong_argument(tmp_path: Path) -> None:
    ended = vovcrawl(tmp_path, "crawl", "-a")
    assert (ended.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "argument -a: expected one argument" in ended.stderr


def test_an_unknown_option_is_a_wrong_argument(tmp_path: Path) -> None:
    assert vovcrawl(tmp_path, "crawl", "--sine").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_help_is_help(tmp_path: Path) -> None:
    ended = vovcrawl(tmp_path, "crawl", "-h")
    assert ended.returncode == 0
    assert "-a NAME=VALUE" in ended.stdout


@pytest.mark.parametrize("given", ["version", "--version", "-V"])
def test_it_says_its_version_and_scrapy_s(given: str, tmp_path: Path) -> None:
    ended = vovcrawl(tmp_path, given)
    assert (ended.returncode, ended.stdout) == (0, f"vovcrawl {__version__}, Scrapy {scrapy.__version__}\n")


def test_it_brings_its_settings_into_a_folder_of_another_scrapy_project(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = another.settings\n")
    assert vovcrawl(tmp_path, "settings", "--get", "BOT_NAME").stdout == "vovcrawl\n"


def test_settings_of_one_s_own_win(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("from vovcrawl.settings import *\nBOT_NAME = 'own'\n")
    path = os.pathsep.join([environment()["PYTHONPATH"], str(tmp_path)])
    own = {"SCRAPY_SETTINGS_MODULE": "own", "PYTHONPATH": path}
    assert vovcrawl(tmp_path, "settings", "--get", "BOT_NAME", **own).stdout == "own\n"


def test_the_job_that_scrapyd_names_is_no_argument_of_the_crawl(tmp_path: Path) -> None:
    (tmp_path / "chợ.txt").write_text("Chợ nổi\nVOV.VN - Chợ đông.\nGhe thuyền đậu kín bến.\n", encoding="utf-8")
    assert vovcrawl(tmp_path, "crawl", "vov", "-a", "archive=chợ.txt", "-a", "_job=9d36").returncode == 0
    (run,) = vovcrawl(tmp_path, "runs", "--json").stdout.splitlines()
    assert json.loads(run)["arguments"] == {"archive": "chợ.txt"}


def test_the_exit_status_is_the_command_s(tmp_path: Path) -> None:
    ended = vovcrawl(tmp_path, "runs")
    assert (ended.returncode, ended.stderr) == (6, f"scrapy runs: there is no store {tmp_path}/data/vov.sqlite\n")
