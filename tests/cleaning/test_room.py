"""What the room of cleaning depends on."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import PROJECT


def test_cleaning_needs_no_markup_no_engine_and_no_store() -> None:
    lines = (
        "import sys, vovcrawl.cleaning, vovcrawl.cleaning.examples",
        "others = ('vovcrawl.pages', 'vovcrawl.store', 'vovcrawl.crawl', 'vovcrawl.spiders', 'lxml', 'scrapy')",
        "print([name for name in others if name in sys.modules])",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
