"""scrapy-splash on the Scrapy that is installed."""

from __future__ import annotations

import subprocess
import sys


def imported(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", code], capture_output=True, text=True
    )


def test_the_library_by_itself_still_cannot_be_imported_so_that_the_adapter_is_needed() -> None:
    ended = imported("import scrapy_splash")
    assert "cannot import name 'canonicalize_url' from 'scrapy.utils.url'" in ended.stderr


def test_the_adapter_imports_it() -> None:
    ended = imported(
        "from vovcrawl.render.splash_adapter import SplashRequest; print(SplashRequest('https://vov.vn/'))"
    )
    assert (ended.stdout, ended.returncode) == ("<GET https://vov.vn/>\n", 0), ended.stderr
