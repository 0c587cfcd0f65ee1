"""Makes the picture of docs/report.md: the first screen of the report of an invented newspaper.

python -m tests.report.picture
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.newspaper_year import Year
from tests.browser import Seen, chromium
from tests.conftest import PROJECT
from tests.report.made import ENGLISH, facts_of, filled
from vovcrawl.report.page import render

PICTURE = PROJECT / "docs" / "pictures" / "report.png"


def main() -> None:
    """Writes the picture."""
    PICTURE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        store = filled(Path(folder) / "vov.sqlite", Year())
        page = Path(folder) / "report.html"
        page.write_text(render(facts_of(store), ENGLISH, str(store)), encoding="utf-8")
        Seen(browser, page, 1280, 800, color_scheme="light").page.screenshot(path=PICTURE)
    print(PICTURE.relative_to(PROJECT), f"{PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
