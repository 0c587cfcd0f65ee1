"""Pages before 2017, of which no whole one is known: read by the names that their readers relied on, with a warning."""

from __future__ import annotations

import pytest

from tests.pages.snippets import blocks
from vovcrawl.items import Article
from vovcrawl.pages import parse_article
from vovcrawl.pages.layout import TEMPLATES, UNCERTAIN

URL = "https://vov.vn/xa-hoi/cau-moi-171234.vov"


def old_page(
    *,
    text: str = "<p>Đoạn một.</p><p>Đoạn hai.</p>",
    headline: str = '<h1 class="title">Cầu mới</h1>',
    date: str = '<span id="ctl00_mContent_lbDate">12:21 PM, 26/04/2011</span>',
    summary: str = '<p class="summary">(VOV) - Cây cầu thông xe.</p>',
    holder: str = '<span id="ctl00_mContent_lbBody">{}</span>',
    after: str = "",
) -> str:
    return f"""<html><head><title>Cầu mới | VOV</title></head><body><div id="menu"><h1>VOV Online</h1>
    <a href="/">Trang chủ</a></div><div class="left">{headline}{date}{summary}{holder.format(text)}{after}</div>
    <div class="right"><p>Tin đọc nhiều</p></div><div id="footer">Tòa soạn: một nơi nào đó</div></body></html>"""


def read(**parts: str) -> Article:
    return parse_article(old_page(**parts), URL)


def test_a_page_of_2011_is_read_by_its_names() -> None:
    article = read(after='<p class="author">Lan Anh</p>')
    assert (article.headline, article.description) == ("Cầu mới", "Cây cầu thông xe.")
    assert article.body == "Đoạn một.\n\nĐoạn hai."
    assert (article.date_published, article.date_published_raw) == (
        "2011-04-26T12:21:00+07:00",
        "12:21 PM, 26/04/2011",
    )
    assert [author.name for author in article.authors] == ["Lan Anh"]
    assert (article.template, article.warnings) == ("aspnet-2011", ["fallback:template"])


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("12:21 PM, 26/04/2011", "2011-04-26T12:21:00+07:00"),
        ("12:05 AM, 26/04/2011", "2011-04-26T00:05:00+07:00"),
        ("1:21 PM, 26/04/2011", "2011-04-26T13:21:00+07:00"),
        ("9:05 am, 2/4/2012", "2012-04-02T09:05:00+07:00"),
        ("14:30 PM, 26/04/2011", "2011-04-26T14:30:00+07:00"),
        ("08:15 CH, 26/04/2013", "2013-04-26T20:15:00+07:00"),
        ("08:15 SA, 26/04/2013", "2013-04-26T08:15:00+07:00"),
        ("Thứ 3, 26/04/2011, 3:07:09 PM", "2011-04-26T15:07:00+07:00"),
        ("26/04/2011 - 12:21 PM", "2011-04-26T12:21:00+07:00"),
        ("12:21 | 26/04/2011", "2011-04-26T12:21:00+07:00"),
    ],
)
def test_the_half_of_the_day_belongs_to_the_time(written: str, moment: str) -> None:
    assert read(date=f'<span id="ctl00_mContent_lbDate">{written}</span>').date_published == moment


@pytest.mark.parametrize(
    "holder",
    [
        '<span id="ctl00_mContent_lbBody">{}</span>',
        '<div id="ctl00_mContent_ctl00_lbBody">{}</div>',
        '<div id="lbBody">{}</div>',
    ],
)
@pytest.mark.parametrize(
    "headline", ['<h1 class="title">Cầu mới</h1>', '<span id="ctl00_mContent_lbTitle">Cầu mới</span>']
)
def test_a_control_is_known_by_the_end_of_its_id(holder: str, headline: str) -> None:
    article = read(holder=holder, headline=headline)
    assert (article.headline, article.body) == ("Cầu mới", "Đoạn một.\n\nĐoạn hai.")


def test_what_stands_within_the_text_is_taken_out_of_it() -> None:
    text = (
        '<h1 class="title">Cầu mới</h1><span id="ctl00_mContent_lbDate">12:21 PM, 26/04/2011</span>'
        '<p class="summary">(VOV) - Cây cầu thông xe.</p><p>Đoạn một.</p><p class="author">Lan Anh/VOV</p>'
    )
    article = read(text=text, headline="", date="", summary="")
    assert (article.headline, article.description) == ("Cầu mới", "Cây cầu thông xe.")
    assert article.date_published == "2011-04-26T12:21:00+07:00"
    assert (article.body, [author.name for author in article.authors]) == ("Đoạn một.", ["Lan Anh"])


@pytest.mark.parametrize(
    "photo",
    [
        '<div class="story-photo"><img src="/a.jpg"><p>Cầu lúc sáng (Ảnh: KT)</p></div>',
        '<div class="story-photo"><img src="/a.jpg"><br>Cầu lúc sáng (Ảnh: KT)</div>',
        '<div class="story-photo"><a href="/a.jpg"><img src="/a.jpg"></a><span>Cầu lúc sáng (Ảnh: KT)</span></div>',
    ],
)
def test_a_photo_has_what_stands_in_its_box_as_its_caption(photo: str) -> None:
    article = read(text=f"<p>Đoạn một.</p>{photo}<p>Đoạn hai.</p>")
    assert article.body == "Đoạn một.\n\nĐoạn hai."
    assert [(image.url, image.caption, image.credit) for image in article.images] == [
        ("https://vov.vn/a.jpg", "Cầu lúc sáng", "KT")
    ]


def test_running_text_with_breaks_is_paragraphs() -> None:
    article = read(text="Đoạn một,<br>tiếp.<br><br>Đoạn <b>hai</b>.<br/>\n<br/>Đoạn ba.")
    assert blocks(article) == [
        ("paragraph", "Đoạn một, tiếp."),
        ("paragraph", "Đoạn hai."),
        ("paragraph", "Đoạn ba."),
    ]


def test_the_list_under_the_text_is_related_and_no_text() -> None:
    stories = '<ul class="story-listing"><li><a href="/xa-hoi/ben-pha-171200.vov">Bến phà cũ</a></li></ul>'
    for parts in ({"after": stories}, {"text": f"<p>Đoạn một.</p><p>Đoạn hai.</p>{stories}"}):
        article = read(**parts)
        assert article.body == "Đoạn một.\n\nĐoạn hai."
        assert [story.headline for story in article.related] == ["Bến phà cũ"]


@pytest.mark.parametrize("outside", ["{}", '<div class="main-article">{}</div>'])
def test_a_text_without_the_usual_id_is_read_alone(outside: str) -> None:
    html = f"""<html><body>{
        outside.format(
            '<h1>Cầu mới</h1><div class="meta"><time>Thứ 5, 19:21, 21/05/2015</time></div>'
            '<div class="article__sapo">VOV.VN - Cây cầu thông xe.</div><div class="social-button">Chia sẻ</div>'
            '<div class="cms-body"><p>Đoạn một.</p><p class="cms-author">Lan Anh/VOV</p></div><p>Đọc nhiều</p>'
        )
    }</body></html>"""
    article = parse_article(html, URL)
    assert (article.headline, article.description, article.body) == ("Cầu mới", "Cây cầu thông xe.", "Đoạn một.")
    assert article.date_published == "2015-05-21T19:21:00+07:00"
    assert [author.name for author in article.authors] == ["Lan Anh"]
    assert (article.template, article.warnings) == ("aspnet-cms-body", ["fallback:template"])


def test_a_text_without_the_usual_id_may_have_the_marks_of_2011_around_it() -> None:
    article = read(holder='<div class="cms-body">{}</div>', headline='<h1 class="title">Cầu mới</h1>')
    assert (article.description, article.date_published) == ("Cây cầu thông xe.", "2011-04-26T12:21:00+07:00")


def test_the_usual_page_before_2020_is_certain() -> None:
    html = """<html><body><div class="main-article"><h1>Cầu mới</h1><div class="meta"><time>Thứ 5, 19:21, 21/05/2020
    </time></div><div class="article__sapo">VOV.VN - Cây cầu thông xe.</div>
    <div id="article-body" class="cms-body"><p>Đoạn một.</p></div></div></body></html>"""
    article = parse_article(html, URL)
    assert (article.template, article.warnings) == ("aspnet", [])
    assert set(TEMPLATES) > UNCERTAIN
