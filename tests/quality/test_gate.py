"""`make quality`: no figure falls below its floor, and no floor in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quality import __main__ as gate
from quality import floors
from quality.floors import BadFloors
from quality.generator import evaluation_set
from quality.scores import Scores, read

pytestmark = pytest.mark.long

PAGES = evaluation_set.load()
FIGURES = floors.figures(Scores(PAGES, [read(page) for page in PAGES]))


def pinned(folder: Path, **changes: float | None) -> Path:
    """Floors that are today's figures, but for some; None leaves one out."""
    values = {name: value for name, value in (FIGURES | changes).items() if value is not None}
    file = folder / "floors.json"
    floors.save(values, file)
    return file


def run(file: Path, *arguments: str) -> int:
    return gate.main(["--floors", str(file), *arguments])


def test_no_figure_is_below_its_pinned_floor() -> None:
    assert floors.below(FIGURES, floors.load()) == []


def test_the_reader_reaches_what_it_must() -> None:
    assert FIGURES["body on current layouts"] >= gate.GOAL_BODY
    assert FIGURES["pages"] >= gate.GOAL_PAGES


def test_every_field_is_printed_with_both_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(pinned(tmp_path)) == 0
    printed = capsys.readouterr().out
    for field in PAGES[0].record:
        assert f"| {field} " in printed
    assert "Nothing is below its floor." in printed


def test_a_figure_below_its_floor_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled = {name: value - 0.01 for name, value in FIGURES.items() if name == "headline exact"}
    monkeypatch.setattr(floors, "figures", lambda scores: FIGURES | spoiled)
    assert run(pinned(tmp_path)) == 1
    assert f"Below its floor of {100 * FIGURES['headline exact']:.2f} %: headline exact" in capsys.readouterr().err


def test_a_floor_falls_with_the_flag_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pinned(tmp_path)
    spoiled = FIGURES | {"headline exact": 0.5}
    monkeypatch.setattr(floors, "figures", lambda scores: spoiled)
    for arguments in ((), ("--raise-floors",)):
        assert run(file, *arguments) == 1
        assert floors.load(file) == FIGURES
    assert run(file, "--lower-floors") == 0
    assert floors.load(file) == spoiled


def test_a_better_figure_is_offered_and_pinned_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = pinned(tmp_path, pages=0.5)
    assert run(file) == 0
    assert "Better than their floors: pages. To pin them: make quality ARGS=--raise-floors" in capsys.readouterr().out
    assert floors.load(file)["pages"] == 0.5
    assert run(file, "--raise-floors") == 0
    assert floors.load(file) == FIGURES


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"authors F1": None}, "lacks authors F1"),
        ({"titles exact": 1.0}, "names figures that there are not: titles exact"),
        ({"authors F1": 1.5}, "no number between 0 and 1 for authors F1"),
    ],
)
def test_floors_of_other_figures_are_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, float | None], message: str
) -> None:
    assert run(pinned(tmp_path, **changes)) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("written", ["", "{", "[]", '{"pages": true}', '{"pages": "1"}', None])
def test_floors_that_cannot_be_read_are_an_error(tmp_path: Path, written: str | None) -> None:
    file = tmp_path / "floors.json"
    if written is not None:
        file.write_text(written, encoding="utf-8")
    with pytest.raises(BadFloors, match=r"floors\.json"):
        floors.load(file)


def test_the_pinned_floors_are_a_figure_a_line() -> None:
    lines = floors.FILE.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(json.loads("\n".join(lines))) + 2


def test_a_page_can_be_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main(["--page", PAGES[0].name]) == 0
    assert PAGES[0].record["headline"].partition(" ")[0] in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--page", "none"], ["--seed", "2", "--lower-floors"], ["--unknown"]])
def test_a_bad_argument_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        gate.main(arguments)
    assert stopped.value.code == 2
