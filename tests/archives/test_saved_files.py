"""Reading saved pages and flat texts from files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.pages.snippets import STORY, page
from vovcrawl.archives import files
from vovcrawl.archives.files import FileOptions, Found, UnreadableFile
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle, Reason

TEXT = "Chợ nổi vào mùa nước\n\nVOV.VN - Chợ đông từ tờ mờ sáng.\n\nGhe thuyền đậu kín bến."


def read(name: str, content: str | bytes, published: datetime | None = None) -> Article:
    return files.read(content.encode() if isinstance(content, str) else content, name, published).article


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
    with pytest.raises(files.UnreadableFile, match="not UTF-8 text: byte 2"):
        read("bai.txt", b"ab\xff\xfe")


def test_half_a_text_in_two_byte_letters_is_unreadable() -> None:
    with pytest.raises(files.UnreadableFile, match="not UTF-16 text"):
        read("bai.txt", TEXT.encode("utf-16")[:-1])


class TestReadFile:
    """Reading a file, in this process or another."""

    def test_what_it_holds_is_given(self, tmp_path: Path) -> None:
        file = tmp_path / "bai.txt"
        file.write_text(TEXT, encoding="utf-8")
        found = files.read_one(ArchiveFile.of(file), FileOptions())
        assert isinstance(found, Found)
        assert found.reading.article.headline == "Chợ nổi vào mùa nước"

    def test_why_there_is_no_article_is_given_and_not_raised(self, tmp_path: Path) -> None:
        file = tmp_path / "bai.html"
        file.write_text("<html></html>", encoding="utf-8")
        assert isinstance(files.read_one(ArchiveFile.of(file), FileOptions()), NotAnArticle)

    def test_a_file_too_large_for_a_page_is_unreadable(self, tmp_path: Path) -> None:
        file = tmp_path / "tin.txt"
        file.write_text("Tin dài", encoding="utf-8")
        found = files.read_one(ArchiveFile.of(file), FileOptions(largest=3))
        assert (type(found), str(found)) == (UnreadableFile, "larger than 3 bytes")

    def test_a_file_that_is_not_there_is_unreadable(self, tmp_path: Path) -> None:
        found = files.read_one(ArchiveFile.of(tmp_path / "khong-co.txt"), FileOptions())
        assert (type(found), str(found)) == (UnreadableFile, "No such file or directory")
