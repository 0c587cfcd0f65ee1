"""Dockerfile and compose.yaml, as far as they can be held against something without Docker.

What their lines name exists, the keys are those of the specification, and the ordinary commands in them are run.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import site as python_site
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from sample_site.server import SampleServer
from sample_site.site import NOW
from tests import postgresql
from tests.conftest import PROJECT
from tests.package.declared import EXTRAS
from vovcrawl.crawl.signals import CUT, GRACE

LONGEST_STOP = GRACE + CUT + 1
"""Seconds within which a crawl ends on a signal."""

OF_A_SERVICE = frozenset(
    "build cap_drop command depends_on environment healthcheck image init networks pids_limit read_only restart "
    "security_opt shm_size stop_grace_period tmpfs volumes".split()
)
"""Those keys of the Compose Specification's services that are used here."""
OF_THE_FILE = frozenset("name services volumes networks".split())
OF_A_HEALTH_CHECK = frozenset("test interval timeout retries start_period".split())


@dataclass(frozen=True)
class Instruction:
    """One instruction of the Dockerfile; a line that ends in a backslash goes on."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """What follows the name: of an array of JSON its values."""
        return list(json.loads(self.text)) if self.text.startswith("[") else shlex.split(self.text)


def stages() -> list[list[Instruction]]:
    """The instructions of each stage of the Dockerfile."""
    lines = [line for line in (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    joined = "\n".join(lines).replace("\\\n", " ")
    found: list[list[Instruction]] = []
    for line in filter(None, joined.splitlines()):
        name, _, text = line.partition(" ")
        if name == "FROM":
            found.append([])
        found[-1].append(Instruction(name, text.strip()))
    return found


BUILD, IMAGE = stages()


def of(name: str, stage: list[Instruction]) -> list[Instruction]:
    return [each for each in stage if each.name == name]


def one(name: str) -> Instruction:
    (found,) = of(name, IMAGE)
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found = yaml.safe_load((PROJECT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


class TestImage:
    """The Dockerfile."""

    def test_it_knows_each_of_its_instructions(self) -> None:
        known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
        assert {each.name for each in [*BUILD, *IMAGE]} == known

    def test_both_stages_have_the_same_python_one_that_the_package_names(self) -> None:
        images = {each.text.partition(" ")[0] for stage in (BUILD, IMAGE) for each in of("FROM", stage)}
        (image,) = images
        version = re.fullmatch(r"python:(3\.\d+)-slim", image)
        assert version is not None
        assert f"Python :: {version[1]}" in (PROJECT / "pyproject.toml").read_text(encoding="utf-8")

    def test_whatever_it_copies_is_there_and_not_ignored(self) -> None:
        ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        for copied in of("COPY", BUILD):
            for source in copied.words[:-1]:
                assert (PROJECT / source).exists()
                assert f"!{source}" in ignored

    def test_nothing_else_of_the_checkout_comes_into_it(self) -> None:
        ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        copied = {f"!{source}" for each in of("COPY", BUILD) for source in each.words[:-1]}
        assert "*" in ignored
        assert {line for line in ignored if line.startswith("!")} == copied

    def test_it_runs_as_the_user_that_it_makes_and_not_as_root(self) -> None:
        number, _, group = one("USER").text.partition(":")
        assert number == group != "0"
        assert f"--uid {number} " in of("RUN", IMAGE)[0].text
        assert [each.name for each in IMAGE].index("USER") > [each.name for each in IMAGE].index("RUN")

    def test_the_folder_that_it_works_in_is_its_volume_and_the_user_s(self) -> None:
        assert one("WORKDIR").text == one("VOLUME").text == "/data"
        assert "--owner=vovcrawl --group=vovcrawl /data" in of("RUN", IMAGE)[0].text

    def test_it_installs_extras_that_there_are_the_driver_among_them(self) -> None:
        (extras,) = re.findall(r'"\.\[(.+)\]"', of("RUN", BUILD)[-1].text)
        assert "postgres" in extras.split(",")
        assert set(extras.split(",")) <= EXTRAS.keys()

    def test_the_file_of_versions_is_one_that_pip_takes_for_that(self) -> None:
        lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if not line.startswith("#") and "[" in line] == []


class TestCompose:
    """compose.yaml."""

    def test_it_has_no_key_that_the_specification_does_not_know(self, compose: dict[str, Any]) -> None:
        assert compose.keys() <= OF_THE_FILE
        for service in compose["services"].values():
            assert service.keys() <= OF_A_SERVICE
            assert service.get("healthcheck", {}).keys() <= OF_A_HEALTH_CHECK
        for network in compose["networks"].values():
            assert network is None or network == {"internal": True}

    def test_whatever_it_names_is_there(self, compose: dict[str, Any]) -> None:
        services = compose["services"]
        for service in services.values():
            assert set(service["networks"]) <= compose["networks"].keys()
            assert service.get("depends_on", {}).keys() <= services.keys()
            for volume in service["volumes"]:
                source = volume.partition(":")[0]
                assert (PROJECT / source).is_file() if source.startswith(".") else source in compose["volumes"]

    def test_no_port_is_open_and_the_store_reaches_no_other_network(self, compose: dict[str, Any]) -> None:
        assert all("ports" not in service for service in compose["services"].values())
        assert compose["services"]["db"]["networks"] == ["store"]
        assert compose["networks"]["store"] == {"internal": True}

    def test_the_password_stands_in_no_file_and_has_to_be_given(self, compose: dict[str, Any]) -> None:
        services = compose["services"]
        given = services["db"]["environment"]["POSTGRES_PASSWORD"]
        assert given.startswith("${POSTGRES_PASSWORD:?")
        assert services["crawl"]["environment"]["PGPASSWORD"] == given
        assert "/.env\n" in (PROJECT / ".gitignore").read_text(encoding="utf-8")

    def test_a_worker_can_write_nothing_but_its_volume_and_has_no_rights(self, compose: dict[str, Any]) -> None:
        worker = compose["services"]["crawl"]
        assert worker["read_only"] is True
        assert worker["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in worker["security_opt"]
        assert [volume for volume in worker["volumes"] if not volume.endswith(":ro")] == ["data:/data"]

    def test_a_worker_has_the_time_that_a_stop_needs(self, compose: dict[str, Any]) -> None:
        minutes = re.fullmatch(r"(\d+)m", compose["services"]["crawl"]["stop_grace_period"])
        assert minutes is not None
        assert 60 * int(minutes[1]) > 2 * LONGEST_STOP

    def test_workers_may_be_several(self, compose: dict[str, Any]) -> None:
        assert "container_name" not in compose["services"]["crawl"]

    def test_no_status_of_a_crawl_has_it_begin_again_at_once(self, compose: dict[str, Any]) -> None:
        assert compose["services"]["crawl"]["restart"] == "no"

    def test_a_worker_waits_until_the_store_answers(self, compose: dict[str, Any]) -> None:
        assert compose["services"]["crawl"]["depends_on"] == {"db": {"condition": "service_healthy"}}
        test = compose["services"]["db"]["healthcheck"]["test"]
        assert test[:2] == ["CMD", "pg_isready"]
        named = compose["services"]["db"]["environment"]
        assert {f"--username={named['POSTGRES_USER']}", f"--dbname={named['POSTGRES_DB']}"} <= set(test)


def test_the_health_check_is_one_that_postgresql_answers(compose: dict[str, Any]) -> None:
    programs = postgresql.need_server()
    server = postgresql.server()
    line = compose["services"]["db"]["healthcheck"]["test"][1:]
    asked = [str(programs / line[0]), *line[1:], f"--port={server.port}"]
    assert subprocess.run(asked, timeout=30, check=False).returncode == 0


@dataclass(frozen=True)
class Built:
    """What the lines of the Dockerfile make, in folders of a test."""

    programs: Path
    compose: dict[str, Any]

    def run(self, folder: Path, settings: Path, *more: str) -> subprocess.CompletedProcess[str]:
        """Starts the image's entry point as Compose does, with some more words."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SCRAPY"))}
        asked = self.compose["services"]["crawl"]
        own = {**asked["environment"], "PYTHONPATH": str(settings), "PGPASSWORD": "any"}
        line = [*one("ENTRYPOINT").words, *(more or asked["command"])]
        return subprocess.run(
            [self.programs / line[0], *line[1:]],
            cwd=folder,
            env={**inherited, "PYTHONDONTWRITEBYTECODE": "1", **own},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def built(compose: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The lines of the first stage, run with this Python; the libraries are those of this environment."""
    scratch = tmp_path_factory.mktemp("image")
    source, target = scratch / "src", scratch / "opt"
    source.mkdir()
    (scratch / "bin").mkdir()
    (scratch / "bin" / "python").symlink_to(sys.executable)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "SCRAPY"))},
        "PATH": f"{scratch / 'bin'}:{os.environ['PATH']}",
        # Nothing is asked of a registry.
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        # Its value is whether they are isolated.
        "PIP_NO_BUILD_ISOLATION": "0",
    }
    for copied in of("COPY", BUILD):
        for name in copied.words[:-1]:
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(PROJECT / name, source)
    for ran in of("RUN", BUILD):
        line = ran.text.replace("/opt/", f"{target}/")
        ended = subprocess.run(["sh", "-c", line], cwd=source, env=environment, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        for packages in target.glob("vovcrawl/lib/*/site-packages"):
            # Before the setuptools that a new environment has.
            (packages / "libraries.pth").write_text(f"import sys; sys.path[:0] = {python_site.getsitepackages()!r}\n")
    return Built(target / "vovcrawl" / "bin", compose)


@pytest.fixture
def sample() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


def settings_of(folder: Path, url: str, site: SampleServer) -> Path:
    """The folder with the settings of the containers, their store and site replaced by those of a test."""
    name = "compose_settings.py"
    text = (PROJECT / "deploy" / name).read_text(encoding="utf-8")
    text, changed = re.subn(r'(?m)^VOV_DATABASE = ".*"$', lambda _: f"VOV_DATABASE = {url!r}", text)
    assert changed == 1
    folder.mkdir()
    own = f"VOV_MIRROR = {site.url!r}\nVOV_NOW = {NOW.isoformat()!r}\nDOWNLOAD_DELAY = 0\n"
    (folder / name).write_text(text + own, encoding="utf-8")
    return folder


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_container_crawls_as_the_lines_say(built: Built, sample: SampleServer, tmp_path: Path, kind: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if kind == "postgresql":
        postgresql.need_server()
        url = postgresql.server().new_store()
    else:
        url = str(data / "vov.sqlite")
    settings = settings_of(tmp_path / "etc", url, sample)
    crawled = built.run(data, settings)
    assert crawled.returncode == 0, crawled.stderr
    assert "Ended: complete (exit status 0)" in crawled.stderr
    (run,) = built.run(data, settings, "runs", "--json").stdout.splitlines()
    assert json.loads(run)["arguments"] == {"since": "2d"}
    assert json.loads(run)["new"] > 0
    assert not list(data.glob("*.jsonl"))


def test_the_image_s_own_command_is_that_of_compose(compose: dict[str, Any]) -> None:
    assert one("CMD").words == compose["services"]["crawl"]["command"]
