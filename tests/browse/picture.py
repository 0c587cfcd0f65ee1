"""Makes the pictures of docs/browse.md and docs/search.md: the web page of the sample site's articles.

python -m tests.browse.picture
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from sample_site.server import SampleServer
from tests.browse.test_browse_command import running
from tests.browser import Seen, chromium
from tests.conftest import PROJECT, command, environment

FOLDER = PROJECT / "docs" / "pictures"
SHOWN = {"browse.png": "", "search.png": "search?q=bao+so+4"}


def main() -> None:
    """Writes the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        with SampleServer() as server:
            line = command(Path(folder), server.url, ("since=all", "related=2"))
            subprocess.run(line, cwd=PROJECT, env=environment(), capture_output=True, check=True)
        with running(Path(folder) / "vov.sqlite", "--port", "0") as (_, address):
            for name, path in SHOWN.items():
                opened = Seen(browser, address + path, 1280, 800, color_scheme="light", locale="en")
                opened.page.screenshot(path=FOLDER / name)
                print(name, f"{(FOLDER / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
