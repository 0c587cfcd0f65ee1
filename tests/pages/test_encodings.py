"""Pages whose bytes are not what they are declared to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.encodings import in_windows_1258
from tests.pages.snippets import HEADLINE, LEAD, STORY, page
from vovcrawl.pages import parse_text, read

TEXT = "Người dân hai bên bờ đứng chờ từ sớm, mười giờ cầu thông xe."
PAGE = page(f"<p>{TEXT}</p>")


def declaring(charset: str) -> str:
    return PAGE.replace('charset="utf-8"', f'charset="{charset}"')


@pytest.mark.parametrize("charset", [None, "utf-8", "windows-1258", "iso-8859-1", "khong-co", "utf-7"])
@pytest.mark.parametrize("declared", ["utf-8", "windows-1258", "khong-co"])
def test_utf_8_is_read_whatever_is_declared(charset: str | None, declared: str) -> None:
    article = read(declaring(declared).encode(), STORY, charset).article
    assert (article.body, article.warnings) == (TEXT, [])


@pytest.mark.parametrize(
    ("charset", "declared"), [("windows-1258", "utf-8"), (None, "windows-1258"), ("utf-8", "windows-1258")]
)
def test_another_encoding_is_read_where_server_or_page_declares_it(charset: str | None, declared: str) -> None:
    article = read(in_windows_1258(declaring(declared)), STORY, charset).article
    assert (article.headline, article.description, article.body) == (HEADLINE, LEAD, TEXT)
    assert article.warnings == []


@pytest.mark.parametrize("charset", [None, "utf-8", "windows-1252", "windows-1258"])
def test_a_broken_byte_costs_one_letter_and_not_all_the_others(charset: str | None) -> None:
    broken = PAGE.encode().replace("chờ".encode(), b"ch\xe1\xbb", 1)
    article = read(broken, STORY, charset).article
    assert article.body == TEXT.replace("chờ", "ch\ufffd")
    assert article.warnings == ["damaged:body"]


def test_what_nothing_declares_is_marked_where_it_is_lost() -> None:
    article = read(in_windows_1258(PAGE), STORY).article
    assert {"damaged:headline", "damaged:description", "damaged:body"} <= set(article.warnings)


def test_damage_outside_the_article_is_no_warning() -> None:
    broken = PAGE.encode().replace("Tổng Biên tập".encode(), b"T\xff", 1)
    assert read(broken, STORY).article.warnings == []


def test_a_text_that_was_damaged_before_is_marked_too() -> None:
    assert "damaged:body" in read(page("<p>Ch\ufffd nổi.</p>"), STORY).article.warnings
    assert parse_text("Chợ nổi\n\nVOV.VN - Chợ đông.\n\nGhe ch\ufffd hàng.").warnings == ["damaged:body"]


@given(st.binary(max_size=60), st.sampled_from([None, "utf-8", "utf-16", "hex", "windows-1258", "gb18030"]))
def test_any_bytes_under_any_declaration_do_not_stop_the_reading(noise: bytes, charset: str | None) -> None:
    before, after = page("<p>Một. CHỖ_HỎNG</p>").encode().split("CHỖ_HỎNG".encode())
    cleaned = noise.replace(b"<", b"").replace(b"&", b"")
    assert read(before + cleaned + after, STORY, charset).article.body
