"""Pages that are no article are refused, with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pages.snippets import STORY, page
from tests.strategies import ANY_TEXT, HTML_SOUP
from vovcrawl.pages import NotAnArticle, Reason, parse_article
from vovcrawl.pages.errors import READ_BUT_NO_ARTICLE


def refusal(html: str | bytes, url: str = STORY) -> NotAnArticle:
    with pytest.raises(NotAnArticle) as caught:
        parse_article(html, url)
    return caught.value


def plain(title: str, body: str = "", lang: str = "vi", body_class: str = "") -> str:
    return f'<html lang="{lang}"><head><title>{title}</title></head><body class="{body_class}">{body}</body></html>'


@pytest.mark.parametrize("html", ["", "   ", b"", b"\n", b"\x00", "<!-- chỉ có lời ghi -->", "<html></html>"])
def test_nothing_is_no_article(html: str | bytes) -> None:
    assert refusal(html).reason is Reason.EMPTY


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (plain("Attention Required! | Cloudflare", lang="en-US"), Reason.BLOCKED),
        (plain("Just a moment..."), Reason.BLOCKED),
        (plain("403 Forbidden"), Reason.BLOCKED),
        (plain("VOV", "<h1>Access Denied</h1>"), Reason.BLOCKED),
        (plain("", "Sorry, you have been blocked"), Reason.BLOCKED),
        (plain("404 Not Found"), Reason.ERROR),
        (plain("502 Bad Gateway"), Reason.ERROR),
        (plain("VOV", "<h1>Không tìm thấy trang</h1>"), Reason.ERROR),
        (plain("", "<p>The website encountered an unexpected error. Please try again later.</p>"), Reason.ERROR),
        (plain("", '<script>window.location.href="https%3A%2F%2Fvov.vn"</script>'), Reason.REDIRECT),
        (plain("VOV", "<p>Xin chờ</p><script>location.replace('/x')</script>"), Reason.REDIRECT),
        (plain("Xã hội", "<div class='views-content'></div>"), Reason.LISTING),
        (plain("Xã hội", "<p>Tin</p>", body_class="path-taxonomy"), Reason.LISTING),
        (plain("Market day", "<p>Fresh fish.</p>", lang="en"), Reason.OTHER_EDITION),
        (plain("Tìm kiếm", "<p>Nhập từ khóa.</p>"), Reason.NO_ARTICLE),
        ("chỉ có chữ", Reason.NO_ARTICLE),
    ],
)
def test_a_page_without_an_article_is_named_by_what_it_shows(html: str, reason: Reason) -> None:
    assert refusal(html).reason is reason


def test_a_number_in_a_text_is_no_error_page() -> None:
    long = "<p>Quốc lộ 500 qua 404 xã, lỗi hệ thống thoát nước đã được khắc phục.</p>" * 10
    assert refusal(plain("Ban tổ chức", long)).reason is Reason.NO_ARTICLE


@pytest.mark.parametrize("body", ["", "<p>&nbsp;</p>", "<script>x</script>", "<div class='block-ads'>Mua</div>"])
def test_an_article_page_without_text_or_media_is_an_empty_shell(body: str) -> None:
    assert refusal(page(body)).reason is Reason.EMPTY


def test_an_article_page_without_a_headline_is_an_empty_shell() -> None:
    html = page("<p>Một.</p>", h1="").replace("<title>Chợ nổi vào mùa nước</title>", "")
    assert refusal(html).reason is Reason.EMPTY


@pytest.mark.parametrize(
    "url",
    [
        "https://english.vov.vn/en/society/market-day-post1311001.vov",
        "https://vovworld.vn/en-US/a-504001.vov",
        "https://vov.vn/zh-CN/a-post1.vov",
        "https://example.org/a-post1.vov",
    ],
)
def test_an_address_out_of_scope_is_refused_whatever_the_page(url: str) -> None:
    assert refusal(page("<p>Một.</p>"), url).reason is Reason.OTHER_EDITION


@pytest.mark.parametrize("lang", ["en", "zh-CN", "km"])
def test_an_article_in_another_language_is_refused(lang: str) -> None:
    assert refusal(page("<p>Một.</p>").replace('lang="vi"', f'lang="{lang}"')).reason is Reason.OTHER_EDITION


def test_an_article_whose_canonical_address_is_another_edition_is_refused() -> None:
    html = page("<p>Một.</p>", address="https://english.vov.vn/en/society/market-day-post1311001.vov")
    assert refusal(html).reason is Reason.OTHER_EDITION


@pytest.mark.parametrize("lang", ["vi", "vi-VN", "VI"])
def test_vietnamese_is_read_however_it_is_named(lang: str) -> None:
    html = page("<p>Một.</p>").replace('lang="vi"', f'lang="{lang}"')
    assert parse_article(html, STORY).body == "Một."


def test_the_message_gives_the_reason_and_what_was_seen() -> None:
    error = refusal(plain("404 Not Found"))
    assert str(error) == "an error page: 404 Not Found"
    assert error.detail == "404 Not Found"
    assert str(NotAnArticle(Reason.REDIRECT)) == "a page that only leads to another"


def test_a_page_that_another_attempt_may_read_is_not_accounted_for() -> None:
    assert frozenset(Reason) - READ_BUT_NO_ARTICLE == {
        Reason.BLOCKED,
        Reason.REDIRECT,
        Reason.EMPTY,
        Reason.OVERSIZED,
        Reason.MALFORMED,
        Reason.OVERSIZED,
    }


@given(st.one_of(ANY_TEXT, st.binary(max_size=300), HTML_SOUP))
@settings(max_examples=300, deadline=None)
def test_whatever_a_page_holds_it_is_read_or_refused(html: str | bytes) -> None:
    try:
        article = parse_article(html, STORY)
    except NotAnArticle as error:
        assert isinstance(error.reason, Reason)
    else:
        assert article.headline


@pytest.mark.parametrize("charset", ["hex", "idna", "base64", "undefined", "punycode", "khong-co"])
def test_an_encoding_that_is_none_does_not_stop_the_reading(charset: str) -> None:
    html = page("<p>Một.</p>").replace('charset="utf-8"', f'charset="{charset}"').encode()
    assert parse_article(html + b"\xff", STORY).canonical_url == STORY


@given(st.binary(max_size=40))
@settings(max_examples=100, deadline=None)
def test_broken_bytes_in_the_text_do_not_stop_the_reading(noise: bytes) -> None:
    before, after = page("<p>Một. CHỖ_HỎNG</p>").encode().split("CHỖ_HỎNG".encode())
    cleaned = noise.replace(b"<", b"").replace(b"&", b"")
    assert parse_article(before + cleaned + after, STORY).body
