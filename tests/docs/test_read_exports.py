"""The lines by which the manual opens exports can be pasted: they run with the real libraries on exports of a store.

They are the blocks in `py`; those in `python` run without these libraries, see `test_pasted_lines`.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.docs import manual
from tests.export.invented import invented, request_of
from tests.export.readers import PYTHON, WITHOUT_THEM, offline
from tests.stores import open_store
from vovcrawl.export import hf, parquet

BLOCKS = [pytest.param(block, id=block.name) for block in manual.blocks("py")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the exports that the manual names."""
    path = tmp_path_factory.mktemp("exports")
    database = open_store(path / "vov.sqlite")
    request = request_of(database, invented())
    for name in ("vov-by-month", "vov-dataset"):
        (path / name).mkdir()
        (path / name / "manifest.json").write_text("{}\n", encoding="utf-8")
    parquet.write(request, path / "vov.parquet")
    parquet.write(request, path / "vov-by-month")
    hf.write(request, path / "vov-dataset")
    database.close()
    return path


@pytest.mark.skipif(not PYTHON.exists(), reason=WITHOUT_THEM)
@pytest.mark.parametrize("block", BLOCKS)
def test_an_export_is_opened_as_the_manual_says(block: manual.Block, folder: Path, tmp_path: Path) -> None:
    environment = {**os.environ, **offline(tmp_path)}
    ran = subprocess.run(
        [str(PYTHON), "-c", block.text], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
