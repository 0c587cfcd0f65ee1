"""What is said where the libraries for many processes are not installed, and that nothing else needs them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import PROJECT, environment
from vovcrawl.archives import needed


def test_one_line_says_what_is_missing_and_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needed, "find_spec", lambda name: None if name == "dask" else name)
    with pytest.raises(ImportError, match=r"dask is not installed; right would be: pip install 'vovcrawl\[scale\]'"):
        needed.check_parts()


def test_what_a_crawl_of_an_archive_imports_needs_no_dask() -> None:
    code = "import sys, vovcrawl.archives.reading; print({'dask', 'distributed', 'fsspec'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, env=environment(), check=True
    )
    assert done.stdout == "set()\n"
