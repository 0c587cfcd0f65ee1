"""Pages that a browser rendered, in web archives: what they became is read, and not what was served."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.archives.exchanges import SENT_AT, exchange
from tests.archives.warc_files import article, article_url
from vovcrawl.archives.captures import Became, Capture, Skipped, captures
from vovcrawl.archives.files import FileOptions
from vovcrawl.archives.paths import archive_paths
from vovcrawl.archives.warc_writing import ResponseArchive
from vovcrawl.visits import RENDERED

ABOUT = {"rendering": "splash"}


def read(folder: Path) -> list[Capture | Skipped]:
    return list(captures(archive_paths(str(folder)), FileOptions()))


def pages(found: list[Capture | Skipped]) -> list[tuple[str | None, bytes]]:
    return [(one.url, one.data) for one in found if isinstance(one, Capture)]


def became(found: list[Capture | Skipped]) -> list[Became]:
    return [one.became for one in found if isinstance(one, Skipped)]


@pytest.mark.parametrize("between", [0, 1200])
def test_of_a_page_that_was_rendered_what_it_became_is_read(tmp_path: Path, between: int) -> None:
    archive = ResponseArchive(tmp_path, ABOUT)
    written = archive.write(exchange(article_url(1), body=article(1)))
    for _ in range(between):
        archive.write(exchange("https://vov.vn/robots.txt", body=b""))
    archive.write_conversion(written, article_url(1), SENT_AT + timedelta(seconds=9), article(1, "Thêm."))
    archive.write(exchange(article_url(2), body=article(2)))
    archive.close()
    found = read(tmp_path)
    assert pages(found) == [(article_url(1), article(1, "Thêm.")), (article_url(2), article(2))]
    assert became(found).count(Became.RENDERED) == 1


def test_it_is_of_the_time_at_which_the_site_sent_it_and_says_that_it_was_rendered(tmp_path: Path) -> None:
    archive = ResponseArchive(tmp_path, ABOUT)
    written = archive.write(exchange(article_url(1), body=article(1)))
    archive.write_conversion(written, article_url(1), SENT_AT + timedelta(seconds=9), article(1))
    archive.close()
    (capture,) = (one for one in read(tmp_path) if isinstance(one, Capture))
    assert capture.captured_at == "2026-07-16T05:00:00+00:00"
    assert capture.read().article.warnings[0] == RENDERED


def test_a_response_whose_conversion_a_kill_has_torn_off_is_read(tmp_path: Path) -> None:
    archive = ResponseArchive(tmp_path, ABOUT)
    written = archive.write(exchange(article_url(1), body=article(1)))
    archive.sync()
    (path,) = tmp_path.glob("*.warc.gz")
    whole = path.stat().st_size
    archive.write_conversion(written, article_url(1), SENT_AT, article(1, "Thêm."))
    archive.close()
    path.write_bytes(path.read_bytes()[: whole + 200])
    assert pages(read(tmp_path)) == [(article_url(1), article(1))]


def test_a_conversion_stands_in_the_file_of_its_response_however_long_that_is(tmp_path: Path) -> None:
    archive = ResponseArchive(tmp_path, ABOUT, largest=1)
    written = archive.write(exchange(article_url(1), body=article(1)))
    archive.write_conversion(written, article_url(1), SENT_AT, article(1, "Thêm."))
    archive.write(exchange(article_url(2), body=article(2)))
    archive.close()
    assert len(list(tmp_path.glob("*.warc.gz"))) == 2
    assert pages(read(tmp_path)) == [(article_url(1), article(1, "Thêm.")), (article_url(2), article(2))]
