"""`python -m vovcrawl.dates`."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (["--reference", "\udcff\x1b[31m"], "a", "--reference \\udcff\\u001b[31m: not an ISO 8601 time"),
        (["\udcff\n\x1b.txt"], "", "\\udcff\\n\\u001b.txt: No such file or directory"),
        (["x" * 5_000], "", "...: File name too long"),
        (["--\udcff\n"], "", "unrecognized arguments: --\\udcff\\n"),
        ([], '{"text": "a", "ref": "\\ud800"}', "\"ref\" '\\ud800' is not an ISO 8601 time"),
        ([], '{"text": "a", "ref": "' + "x" * 5_000 + '"}', "... is not an ISO 8601 time"),
        ([], '{"id": NaN, "text": "a"}', "standard input, line 1: no JSON"),
        ([], '{"id": 1e999, "text": "a"}', "standard input, line 1: no JSON"),
        ([], '{"id": ' + "1" * 5_000 + ', "text": "a"}', "standard input, line 1: no JSON"),
        ([], '{"id": ' + "[" * 50_000 + ', "text": "a"}', "standard input, line 1: no JSON that can be read"),
        ([], b'{"id": 1, "text": "a\xff"}', "standard input: no UTF-8 at byte 20"),
    ],
)
def test_what_no_terminal_shows_is_written_out_in_the_one_line(
    arguments: list[str], given: str | bytes, says: str
) -> None:
    done = run(*arguments, given=given)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.removesuffix("\n").isprintable()
    assert says in done.stderr


def test_lone_surrogates_and_line_separators_in_json_come_back_as_escapes() -> None:
    row = {"id": "\ud800", "text": "Hôm nay\u2028\udcff (14/10)\u2028", "ref": "2023-10-14"}
    done = run(given=json.dumps(row))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    answer = json.loads(done.stdout)
    assert answer["id"] == "\ud800"
    assert all(row["text"][one["start"] : one["end"]] == one["text"] for one in answer["spans"])
    assert answer["spans"]


def test_what_is_not_handed_back_need_not_be_json() -> None:
    done = run(given='{"id": 1, "text": "a", "score": NaN}')
    assert (done.returncode, done.stdout) == (0, '{"id": 1, "spans": []}\n')


@pytest.mark.parametrize("depth", range(900, 1010, 10))
def test_an_id_of_any_depth_is_handed_back_or_refused(depth: int, capsys: pytest.CaptureFixture[str]) -> None:
    row = '{"id": ' + "[" * depth + "]" * depth + ', "text": "a"}'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(row.encode())))
        try:
            main([])
        except SystemExit:
            assert capsys.readouterr().err.endswith("(nested too deeply)\n")
        else:
            assert capsys.readouterr().out.count("[") == depth + 1


def test_control_characters_of_a_text_do_not_reach_the_terminal() -> None:
    done = run(given="Ngày 8/6\x1b[31m\r\n\tông\xa0An\u202e\x85\n".encode())
    assert done.stdout == "[Ngày 8/6](DATE XXXX-06-08)\\u001b[31m\r\n\tông\xa0An\\u202e\\u0085\n"


def test_output_is_utf_8_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    assert run(given="Sáng ngày 8/6 ấy").stdout.endswith(" ấy\n")


@pytest.mark.parametrize(
    ("redirection", "status", "lines"),
    [("<&-", 2, 1), (">&-", 2, 1), (">/dev/full", 2, 1), ("khong-co.txt 2>&-", 2, 0)],
)
def test_a_stream_that_cannot_be_used_is_one_line_if_it_can_be_said(redirection: str, status: int, lines: int) -> None:
    command = f"{sys.executable} -m vovcrawl.dates {redirection}"
    done = subprocess.run(command, shell=True, input=b"ng\xc3\xa0y 8/6", capture_output=True, cwd=PROJECT, check=False)
    assert (done.returncode, done.stdout) == (status, b"")
    assert done.stderr.count(b"\n") == lines
    assert b"Traceback" not in done.stderr


def test_help_for_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m vovcrawl.dates --help | true"
    done = subprocess.run(command, shell=True, capture_output=True, cwd=PROJECT, check=True)
    assert done.stderr == b""


def test_a_name_that_no_file_can_have_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["a\0b"])
    assert capsys.readouterr().err == "python -m vovcrawl.dates: a\\u0000b: no file can have that name\n"


@given(
    st.text(alphabet=st.characters(codec=None), max_size=30),
    st.one_of(st.none(), st.text(alphabet=st.characters(codec=None), max_size=10), st.datetimes().map(str)),
)
@settings(max_examples=60, deadline=None)
def test_whatever_json_holds_is_answered_or_refused_in_one_line(text: str, ref: str | None) -> None:
    row = json.dumps({"id": text, "text": f"Hôm qua {text}", "ref": ref})
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(row.encode())))
        try:
            main([])
        except SystemExit:
            assert (out.getvalue(), err.getvalue().count("\n")) == ("", 1)
            assert err.getvalue().removesuffix("\n").isprintable()
        else:
            assert json.loads(out.getvalue())["id"] == text
            assert out.getvalue().removesuffix("\n").isprintable()
