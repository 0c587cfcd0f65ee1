"""`python -m vovcrawl.dates`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dates.marked_sentences import unmarked
from vovcrawl.dates.__main__ import main

PROJECT = Path(__file__).resolve().parent.parent.parent


def run(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[str]:
    """The command, with `given` on standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "vovcrawl.dates", *arguments],
        input=given if isinstance(given, bytes) else given.encode(),
        capture_output=True,
        cwd=PROJECT,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_json_lines_become_json_lines_with_spans() -> None:
    row = {"id": "a1", "text": "Hôm nay (14/10), trời mưa.", "ref": "2023-10-14T08:00:00+07:00"}
    done = run(given=json.dumps(row) + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "id": "a1",
        "spans": [
            {
                "start": 0,
                "end": 15,
                "text": "Hôm nay (14/10)",
                "type": "DATE",
                "value": "2023-10-14",
                "mod": None,
                "conflict": False,
            }
        ],
    }


def test_a_line_without_ref_takes_the_reference_of_the_command() -> None:
    done = run("--reference", "2023-10-14", given='{"id": 1, "text": "Hôm qua."}\n\n{"id": 2, "text": "Hôm nay."}')
    values = [[span["value"] for span in json.loads(line)["spans"]] for line in done.stdout.splitlines()]
    assert values == [["2023-10-13"], ["2023-10-14"]]


def test_plain_text_is_shown_with_its_values_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bai.txt"
    file.write_text("Tối nay (8/6), đoàn đi.\nGiá tăng từ đầu tháng này.\n", "utf-8")
    main(["--reference", "2016-06-09T00:15", str(file)])
    shown = capsys.readouterr().out
    assert shown == (
        "[Tối nay (8/6)](TIME 2016-06-08TEV conflict), đoàn đi.\nGiá tăng từ [đầu tháng này](DATE 2016-06 START).\n"
    )
    assert unmarked(shown)[0] == file.read_text("utf-8")


def test_without_a_reference_what_needs_none_is_found() -> None:
    assert run(given="Hôm qua và ngày 8/6.").stdout == "Hôm qua và [ngày 8/6](DATE XXXX-06-08).\n"


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (["--reference", "hôm nay"], "a", "--reference hôm nay: not an ISO 8601 time"),
        (["khong-co.txt"], "", "khong-co.txt: No such file or directory"),
        ([], '{"id": 1, "text": "a"}\n{"id": 2}\n', 'standard input, line 2: no object with a string "text"'),
        ([], '{"id": 1, "text": "a"}\n{"id": 2,\n', "standard input, line 2: no JSON"),
        ([], '{"text": "a", "ref": "mai"}', "standard input, line 1: \"ref\" 'mai' is not an ISO 8601 time"),
        ([], b"h\xf4m nay", "standard input: no UTF-8 at byte 1"),
        (["--loud"], "", "unrecognized arguments: --loud"),
    ],
)
def test_bad_input_is_one_line_and_nothing_half_written(arguments: list[str], given: str | bytes, says: str) -> None:
    done = run(*arguments, given=given)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


def test_a_reader_that_leaves_early_is_no_error() -> None:
    line = json.dumps({"id": 1, "text": "Hôm nay. " * 2_000}) + "\n"
    command = f"{sys.executable} -m vovcrawl.dates --reference 2023-10-14 | head -c 10"
    done = subprocess.run(command, shell=True, input=(line * 50).encode(), capture_output=True, cwd=PROJECT, check=True)
    assert done.stderr == b""
