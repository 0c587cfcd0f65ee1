"""Live pages: the time of every entry is a subhead over its text, and no entry is lost."""

from __future__ import annotations

import pytest

from tests.pages.snippets import blocks, read_page
from vovcrawl.pages.publication import is_clock

EXPECTED = [
    ("paragraph", "Mở đầu."),
    ("subhead", "20h15"),
    ("paragraph", "Ghe cập bến."),
    ("subhead", "20h05"),
    ("paragraph", "Chợ mở cửa."),
    ("paragraph", "Nước lên."),
]


def entries(shape: str, wrapper: str = "{}") -> str:
    """Two entries of a live page; `T` in the shape stands for the time, `P` for the paragraphs."""
    parts = (("20h15", "<p>Ghe cập bến.</p>"), ("20h05", "<p>Chợ mở cửa.</p><p>Nước lên.</p>"))
    return wrapper.format("".join(shape.replace("T", time).replace("P", text) for time, text in parts))


@pytest.mark.parametrize(
    "markup",
    [
        entries('<div class="news-list-live__content"><h3>T</h3>P</div>'),
        entries('<div class="news-list-live__content"><p>T</p>P</div>'),
        entries('<div class="news-list-live__content"><p><strong>T</strong></p>P</div>'),
        entries('<div class="news-list-live__content"><span class="time">T</span>P</div>'),
        entries('<div class="news-list-live__content"><time datetime="x">T</time>P</div>'),
        entries('<div class="news-list-live__content"><div class="meta">T</div>P</div>'),
        entries('<div class="news-list-live"><div>T</div><div class="news-list-live__content">P</div></div>'),
        entries(
            '<div class="news-list-live__item"><span class="news-list-live__time">T</span>'
            '<div class="news-list-live__content">P</div></div>',
            '<div class="news-list-live">{}</div>',
        ),
        entries(
            '<li class="entry"><b>T</b><div class="news-list-live__content">P</div></li>', '<ul class="list">{}</ul>'
        ),
        entries('<div class="time">T</div><div class="news-list-live__content">P</div>', '<div class="list">{}</div>'),
        entries('<div class="item"><div class="clock">T</div><div>P</div></div>', '<div class="timeline">{}</div>'),
        entries("<dt>T</dt><dd>P</dd>", "<dl>{}</dl>"),
        entries('<li><span class="time">T</span>P</li>', '<ul class="timeline">{}</ul>'),
    ],
)
@pytest.mark.parametrize("around", ["{}", '<div class="row"><div class="col">{}</div></div>'])
def test_an_entry_is_its_time_and_its_text(markup: str, around: str) -> None:
    article = read_page("<p>Mở đầu.</p>", after=around.format(markup), article_class="detail detail--live")
    assert article.content_type == "live"
    assert blocks(article) == EXPECTED
    assert article.warnings == []


def test_entries_within_the_opening_text_are_read_the_same() -> None:
    shape = '<div class="news-list-live"><i class="time">T</i><div class="news-list-live__content">P</div></div>'
    article = read_page(f"<p>Mở đầu.</p>{entries(shape)}", article_class="detail detail--live")
    assert blocks(article) == EXPECTED


def test_a_time_marked_in_the_paragraph_itself_stands_over_it() -> None:
    entry = '<div class="news-list-live__content"><p><span class="time">20:15</span> Ghe cập bến.</p></div>'
    article = read_page("", after=entry, article_class="detail detail--live")
    assert blocks(article) == [("subhead", "20:15"), ("paragraph", "Ghe cập bến.")]


def test_a_time_that_opens_a_sentence_stays_in_it() -> None:
    entry = '<div class="news-list-live__content"><p><strong>20:15:</strong> Ghe cập bến.</p></div>'
    article = read_page("", after=entry, article_class="detail detail--live")
    assert blocks(article) == [("paragraph", "20:15: Ghe cập bến.")]


def test_the_titles_and_pictures_of_entries_are_kept() -> None:
    entry = (
        '<div class="news-list-live"><span class="time">20:15</span><h3>Bến đông</h3>'
        '<div class="news-list-live__content"><p>Ghe cập bến.</p><figure><img src="/a.jpg"></figure></div></div>'
    )
    article = read_page("", after=entry, article_class="detail detail--live")
    assert blocks(article) == [("subhead", "20:15"), ("subhead", "Bến đông"), ("paragraph", "Ghe cập bến.")]
    assert len(article.images) == 1


def test_what_stands_around_the_entries_of_a_page_is_no_text() -> None:
    rows = (
        '<div class="entries"><div class="item"><span class="time">20:15</span><p>Ghe cập bến.</p></div></div>'
        '<div class="row article-author"><a href="/author?keyword=a">Hạ Lan/VOV.VN</a></div><div>Theo dõi trang</div>'
    )
    article = read_page("<p>Mở đầu.</p>", after=rows, article_class="detail detail--live")
    assert article.body == "Mở đầu.\n\n20:15\n\nGhe cập bến."
    assert [author.name for author in article.authors] == ["Hạ Lan"]


@pytest.mark.parametrize(
    ("item", "text"),
    [('<div class="item">{}</div>', "news-list-live__content"), ('<div class="entry"><div>{}</div></div>', "words")],
)
def test_a_teaser_in_an_entry_costs_none(item: str, text: str) -> None:
    teaser = (
        '<article class="inner-article"><a href="/a/b-post1315002.vov"><h2 class="article-title">Lễ hội bến sông</h2>'
        "</a></article>"
    )
    parts = [("20h15", f"<p>Ghe cập bến.</p>{teaser}"), ("20h05", "<p>Chợ mở cửa.</p>")]
    rows = "".join(item.format(f'<b>{time}</b><div class="{text}">{inner}</div>') for time, inner in parts)
    article = read_page(f"<p>Mở đầu.</p>{teaser}", after=f"<div>{rows}</div>", article_class="detail detail--live")
    assert blocks(article) == EXPECTED[:-1]
    assert [story.headline for story in article.related] == ["Lễ hội bến sông"]


def test_a_time_alone_is_a_paragraph_on_other_pages() -> None:
    assert blocks(read_page("<p>20h15</p><p>Một.</p>")) == [("paragraph", "20h15"), ("paragraph", "Một.")]


@pytest.mark.parametrize(
    "text",
    [
        *("20:15", "8h", "20h15", "20 giờ 15 phút", "[20:15]", "20:15 | 24/05/2026", "24/5 20:15", "20:15:09"),
        *("08:15 PM:", "Phút 71", "Phút 90+4:", "71'", "90+4'", "Phút thứ 12", "Lúc 20h15"),
    ],
)
def test_a_clock_time_is_told(text: str) -> None:
    assert is_clock(text)


@pytest.mark.parametrize("text", ["", "20", "2026", "20:15 Ghe cập bến", "24/05/2026", "Phút", "Tỷ số 2:1", "90+4"])
def test_other_words_are_no_clock_time(text: str) -> None:
    assert not is_clock(text)
