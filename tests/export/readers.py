"""The environment of the libraries that exports are opened with.

`make readers` makes it; `VOVCRAWL_READERS_PYTHON` names the Python of another one.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.conftest import PROJECT

PYTHON = Path(os.environ.get("VOVCRAWL_READERS_PYTHON") or PROJECT / ".venv-readers" / "bin" / "python")

WITHOUT_THEM = "no environment with the readers: make readers"
"""Why a test of them is skipped."""


def offline(cache: Path) -> dict[str, str]:
    """What keeps the libraries off the network, and has them keep what they make in a folder."""
    return {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(cache)}
