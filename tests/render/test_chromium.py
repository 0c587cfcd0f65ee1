"""Which Chromium is started, and how."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from scrapy.settings import Settings

from vovcrawl.crawl.values import ArgumentError
from vovcrawl.render import chromium, processes


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no programs but those in this folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "own"))
    return folder


def add(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text("")
    path.chmod(0o755)
    return str(path)


def settings(**given: object) -> Settings:
    return Settings(given)


def test_without_a_chromium_one_line_says_what_to_install(programs: Path) -> None:
    with pytest.raises(ArgumentError) as raised:
        chromium.check(settings())
    message = str(raised.value)
    assert "\n" not in message
    assert "playwright install chromium" in message


@pytest.mark.parametrize("name", chromium.PROGRAMS)
def test_a_chromium_of_the_system_is_found(programs: Path, name: str) -> None:
    path = add(programs, name)
    assert chromium.launch_options(settings())["executable_path"] == path


def test_the_chromium_that_playwright_installed_comes_first(programs: Path, tmp_path: Path) -> None:
    import playwright

    add(programs, "chromium")
    described = Path(playwright.__file__).parent / "driver" / "package" / "browsers.json"
    revision = next(each["revision"] for each in json.loads(described.read_text())["browsers"])
    own = tmp_path / "own" / f"chromium-{revision}"
    own.mkdir(parents=True)
    (own / "INSTALLATION_COMPLETE").write_text("")
    assert "executable_path" not in chromium.launch_options(settings())


def test_a_path_that_is_no_program_is_refused(programs: Path) -> None:
    with pytest.raises(ArgumentError, match="executable_path '/nirgends/chromium' is no program"):
        chromium.check(settings(PLAYWRIGHT_LAUNCH_OPTIONS={"executable_path": "/nirgends/chromium"}))


@pytest.mark.parametrize("wrong", ["{", "[1]", {"args": "--x"}, {"args": [1]}, {"ignore_default_args": "--x"}])
def test_launch_options_of_another_form_are_refused(programs: Path, wrong: object) -> None:
    add(programs, "chromium")
    with pytest.raises(ArgumentError, match="PLAYWRIGHT_LAUNCH_OPTIONS"):
        chromium.check(settings(PLAYWRIGHT_LAUNCH_OPTIONS=wrong))


def test_a_browser_of_another_kind_is_refused(programs: Path) -> None:
    with pytest.raises(ArgumentError, match="right would be chromium"):
        chromium.check(settings(PLAYWRIGHT_BROWSER_TYPE="firefox"))


def test_two_browsers_that_run_already_are_one_too_many() -> None:
    with pytest.raises(ArgumentError, match="one of the two"):
        chromium.check(settings(PLAYWRIGHT_CDP_URL="http://127.0.0.1:1", PLAYWRIGHT_CONNECT_URL="ws://127.0.0.1:1"))


def test_where_a_browser_runs_already_none_is_looked_for(programs: Path) -> None:
    chromium.check(settings(PLAYWRIGHT_CDP_URL="http://127.0.0.1:9222"))


def test_a_user_s_options_are_added_and_the_network_stays_closed(programs: Path) -> None:
    add(programs, "chromium")
    own = {"args": ["--lang=vi"], "headless": False, "slow_mo": 5, "handle_sigint": True}
    found = chromium.launch_options(settings(PLAYWRIGHT_LAUNCH_OPTIONS=json.dumps(own)))
    assert found["args"][-1] == "--lang=vi"
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in found["args"]
    assert (found["headless"], found["slow_mo"], found["handle_sigint"]) == (False, 5, False)


@pytest.mark.parametrize(("user", "has_sandbox"), [(0, False), (1000, True)])
def test_the_sandbox_is_off_for_root_alone(
    programs: Path, monkeypatch: pytest.MonkeyPatch, user: int, has_sandbox: bool
) -> None:
    add(programs, "chromium")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert chromium.launch_options(settings())["chromium_sandbox"] is has_sandbox


def test_no_process_but_one_below_another_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, _: killed.append(pid))
    for pid in (None, 1, os.getpid(), os.getppid()):
        processes.kill(pid, os.getpid())
    assert killed == []
    processes.kill(os.getpid(), os.getppid())
    assert killed == [os.getpid()]


def test_the_memory_of_a_process_that_has_ended_is_none() -> None:
    assert processes.own_memory([2**22 + 1]) == 0
    assert processes.own_memory([os.getpid()]) > 1_000_000
