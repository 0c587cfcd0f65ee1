"""`python -m fuzz`: every target in a process of its own, and what its end says."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fuzz import __main__ as command_line
from fuzz import growth
from fuzz.targets import TARGETS

STATISTICS = b"stat::number_of_executed_units: 1234\n"


class Engine:
    """Stands for the engine's processes; those of `failing` targets end as after a finding."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.started: list[Sequence[str]] = []

    def run(self, command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        self.started.append(command)
        return subprocess.CompletedProcess(command, 77 if command[3] in self.failing else 0, STATISTICS)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine("text")
    monkeypatch.setattr(subprocess, "run", engine.run)
    return engine


def test_each_target_runs_in_a_process_of_its_own(engine: Engine, tmp_path: Path) -> None:
    command_line.main(["--seconds", "7", "--folder", str(tmp_path)])
    assert [command[3] for command in engine.started] == list(TARGETS)
    assert all("-max_total_time=7" in command for command in engine.started)


def test_a_finding_makes_the_exit_status_1_and_the_others_run_all_the_same(engine: Engine, tmp_path: Path) -> None:
    assert command_line.main(["text", "dates", "--folder", str(tmp_path)]) == 1
    assert [command[3] for command in engine.started] == ["text", "dates"]


def test_targets_without_a_finding_end_with_0(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["dates", "--folder", str(tmp_path)]) == 0
    assert "1234 inputs" in capsys.readouterr().out
    assert (tmp_path / "findings" / "dates" / "log").read_bytes() == STATISTICS


def test_a_target_that_is_not_known_is_an_error(engine: Engine) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.main(["nothing"])
    assert ended.value.code == 2
    assert engine.started == []


def test_growth_tells_what_grows_too_much() -> None:
    assert growth.Growth("x", 0.01, 0.11, 1.0).is_too_much is False
    assert growth.Growth("x", 0.01, 0.9, 1.0).is_too_much
    assert growth.Growth("x", 0.01, 0.11, 200.0).is_too_much
    assert growth.Growth("x", 0.01, 0.11, 1.0, "RecursionError").is_too_much
