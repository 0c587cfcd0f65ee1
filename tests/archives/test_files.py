"""Reading saved pages and flat texts from files."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from scrapy import Request

from tests.crawlers import make_crawler
from tests.pages.snippets import STORY, page
from vovcrawl import archive
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle, Reason
from vovcrawl.visits import PAGE

TEXT = "Chợ nổi vào mùa nước\n\nVOV.VN - Chợ đông từ tờ mờ sáng.\n\nGhe thuyền đậu kín bến."


def read(name: str, content: str | bytes, published: datetime | None = None) -> Article:
    return archive.read(content.encode() if isinstance(content, str) else content, name, published).article


@pytest.mark.parametrize("name", ["bai.html", "bai.htm", "BAI.HTML"])
def test_a_saved_page_names_its_own_address(name: str) -> None:
    article = read(name, page("<p>Chợ họp sớm.</p>"))
    assert (article.source, article.canonical_url, article.url) == ("archive", STORY, STORY)
    assert article.body == "Chợ họp sớm."


def test_a_saved_page_without_an_address_is_named_by_its_words() -> None:
    article = read("bai.html", page("<p>Chợ họp sớm.</p>", address=None))
    assert article.url is None
    assert article.canonical_url.startswith("urn:vovcrawl:text:")
    assert article.section is None


def test_a_saved_page_of_another_edition_is_refused() -> None:
    foreign = page("<p>Market day.</p>", address="https://english.vov.vn/en/society/market-post1311001.vov")
    with pytest.raises(NotAnArticle) as refusal:
        read("bai.html", foreign)
    assert refusal.value.reason is Reason.OTHER_EDITION


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["bai.txt", "BAI.TXT"])
def test_a_text_reads_alike_in_every_unicode_encoding(encoding: str, name: str) -> None:
    article = read(name, TEXT.encode(encoding))
    assert article.headline == "Chợ nổi vào mùa nước"
    assert article.body == "Ghe thuyền đậu kín bến."
    assert article.source == "archive"


def test_the_time_of_publication_is_given_to_a_text() -> None:
    article = read("bai.txt", TEXT, datetime(2023, 10, 14, 14, 5))
    assert article.date_published == "2023-10-14T14:05:00+07:00"


def test_the_time_of_publication_is_not_given_to_a_page() -> None:
    article = read("bai.html", page("<p>Chợ họp sớm.</p>"), datetime(2023, 10, 14))
    assert article.date_published == "2026-07-16T08:46:00+07:00"


def test_a_text_in_no_known_encoding_is_unreadable() -> None:
    with pytest.raises(archive.Unreadable, match="not UTF-8 text: byte 2"):
        read("bai.txt", b"ab\xff\xfe")


def test_half_a_text_in_two_byte_letters_is_unreadable() -> None:
    with pytest.raises(archive.Unreadable, match="not UTF-16 text"):
        read("bai.txt", TEXT.encode("utf-16")[:-1])


class TestHandler:
    """Handing out files."""

    def fetch(self, tmp_path: Path, named: Path, asked: str, **own: object) -> bytes:
        crawler, job, _ = make_crawler(tmp_path, own=own, archive=str(named))
        job.close()
        request = Request("file:///any", meta={PAGE: asked})
        return asyncio.run(archive.ArchiveHandler(crawler).download_request(request)).body

    def test_a_named_file_is_handed_out(self, tmp_path: Path) -> None:
        file = tmp_path / "tin.txt"
        file.write_text("Tin")
        assert self.fetch(tmp_path, file, file.as_uri()) == b"Tin"

    def test_no_other_file_is(self, tmp_path: Path) -> None:
        (tmp_path / "tin.txt").write_text("Tin")
        (tmp_path / "khac.txt").write_text("Riêng")
        with pytest.raises(archive.Unreadable, match="no file of the archive"):
            self.fetch(tmp_path, tmp_path / "tin.txt", (tmp_path / "khac.txt").as_uri())

    def test_a_file_too_large_for_a_page_is_unreadable(self, tmp_path: Path) -> None:
        file = tmp_path / "tin.txt"
        file.write_text("Tin dài")
        with pytest.raises(archive.Unreadable, match="larger than 3 bytes"):
            self.fetch(tmp_path, file, file.as_uri(), DOWNLOAD_MAXSIZE=3)
