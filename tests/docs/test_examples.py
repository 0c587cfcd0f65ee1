"""The notebooks of examples/ run from their first cell to their last, on a store of the sample site."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT, Crawler
from tests.export.readers import PYTHON, WITHOUT_THEM

pytestmark = pytest.mark.long

NOTEBOOKS = sorted((PROJECT / "examples").glob("*.ipynb"))

_RUN = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], 4)
nbformat.validate(notebook)
NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
print(sum("data" in output for output in shown))
"""


@pytest.mark.skipif(not PYTHON.exists(), reason=WITHOUT_THEM)
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_runs_and_shows_something(notebook: Path, crawl: Crawler, tmp_path: Path) -> None:
    made = crawl("since=all", "related=2")
    shutil.copy(notebook, tmp_path)
    ended = subprocess.run(
        [PYTHON, "-c", _RUN, notebook.name],
        cwd=tmp_path,
        env={**os.environ, "VOV_STORE": str(made.store), "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) >= 2
    assert {path.name for path in tmp_path.glob("*.png")} == {"articles-a-day.png", "days-named.png"}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_is_kept_without_what_it_showed(notebook: Path) -> None:
    text = notebook.read_text(encoding="utf-8")
    assert '"outputs": []' in text
    assert '"output_type"' not in text
