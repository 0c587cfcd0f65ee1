"""Reading saved pages and flat texts from files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.pages.snippets import STORY, page
from vovcrawl import archive
from vovcrawl.pages import NotAnArticle, Reason

TEXT = "Chợ nổi vào mùa nước\n\nVOV.VN - Chợ đông từ tờ mờ sáng.\n\nGhe thuyền đậu kín bến."


def saved(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("name", ["bai.html", "bai.htm", "BAI.HTML"])
def test_a_saved_page_names_its_own_address(tmp_path: Path, name: str) -> None:
    article = archive.read(saved(tmp_path, name, page("<p>Chợ họp sớm.</p>"))).article
    assert (article.source, article.canonical_url, article.url) == ("archive", STORY, STORY)
    assert article.body == "Chợ họp sớm."


def test_a_saved_page_without_an_address_is_named_by_its_words(tmp_path: Path) -> None:
    article = archive.read(saved(tmp_path, "bai.html", page("<p>Chợ họp sớm.</p>", address=None))).article
    assert article.url is None
    assert article.canonical_url.startswith("urn:vovcrawl:text:")
    assert article.section is None


def test_a_saved_page_of_another_edition_is_refused(tmp_path: Path) -> None:
    foreign = page("<p>Market day.</p>", address="https://english.vov.vn/en/society/market-post1311001.vov")
    with pytest.raises(NotAnArticle) as refusal:
        archive.read(saved(tmp_path, "bai.html", foreign))
    assert refusal.value.reason is Reason.OTHER_EDITION


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["bai.txt", "BAI.TXT"])
def test_a_text_reads_alike_in_every_unicode_encoding(tmp_path: Path, encoding: str, name: str) -> None:
    article = archive.read(saved(tmp_path, name, TEXT.encode(encoding))).article
    assert article.headline == "Chợ nổi vào mùa nước"
    assert article.body == "Ghe thuyền đậu kín bến."
    assert article.source == "archive"


def test_the_time_of_publication_is_given_to_a_text(tmp_path: Path) -> None:
    article = archive.read(saved(tmp_path, "bai.txt", TEXT), datetime(2023, 10, 14, 14, 5)).article
    assert article.date_published == "2023-10-14T14:05:00+07:00"


def test_the_time_of_publication_is_not_given_to_a_page(tmp_path: Path) -> None:
    article = archive.read(saved(tmp_path, "bai.html", page("<p>Chợ họp sớm.</p>")), datetime(2023, 10, 14)).article
    assert article.date_published == "2026-07-16T08:46:00+07:00"


def test_a_text_in_no_known_encoding_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(archive.Unreadable, match="not UTF-8 text: byte 2"):
        archive.read(saved(tmp_path, "bai.txt", b"ab\xff\xfe"))


def test_half_a_text_in_two_byte_letters_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(archive.Unreadable, match="not UTF-16 text"):
        archive.read(saved(tmp_path, "bai.txt", TEXT.encode("utf-16")[:-1]))


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(archive.Unreadable, match="No such file"):
        archive.read(tmp_path / "khong-co.html")


@pytest.mark.parametrize("name", ["bai.txt", "bai.html"])
def test_a_file_that_is_too_large_is_unreadable(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(archive.LARGEST + 1)
    with pytest.raises(archive.Unreadable, match="larger than 16 MB"):
        archive.read(path)


@pytest.mark.parametrize("name", ["rong.html", "rong.txt"])
def test_an_empty_file_holds_no_article(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotAnArticle):
        archive.read(saved(tmp_path, name, b""))
