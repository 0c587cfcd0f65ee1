"""Sorting more lines than fit into memory."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.archives import sorted_lines
from vovcrawl.archives.sorted_lines import SortedLines

LINE = st.text(st.characters(min_codepoint=32, codec="utf-8"), max_size=5)


@given(st.lists(LINE, max_size=30), st.integers(1, 20))
def test_lines_come_back_in_the_order_of_their_bytes_each_once(lines: list[str], room: int) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        TemporaryDirectory() as folder,
        SortedLines(Path(folder)) as taken,
    ):
        patch.setattr(sorted_lines, "_MOST_BYTES", room)
        for line in lines:
            taken.add(line)
        assert list(taken) == sorted(set(lines), key=str.encode)


def test_what_is_put_away_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_lines, "_MOST_BYTES", 1)
    with SortedLines(tmp_path) as taken:
        taken.add("b")
        taken.add("a")
        assert list(taken) == ["a", "b"]
        assert list(tmp_path.iterdir()) == []
