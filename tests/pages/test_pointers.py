"""Lines and lists in a text that do nothing but point to other articles are related ones, and none of the text."""

from __future__ import annotations

import pytest

from tests.pages.snippets import assert_offsets_hold, read_page

A = '<a href="/a/le-hoi-post1315002.vov">Lễ hội bến sông</a>'
B = '<a href="https://vov.vn/a/mua-hoa-890001.vov">Mùa hoa mới</a>'
BOTH = ["Lễ hội bến sông", "Mùa hoa mới"]


def pointed(markup: str) -> tuple[str, list[str]]:
    """The body of a page with this between two paragraphs, and the headlines of its inline related articles."""
    article = read_page(f"<p>Một.</p>{markup}<p>Hai.</p>")
    assert_offsets_hold(article)
    assert {(story.placement, story.description) for story in article.related} <= {("inline", None)}
    return article.body, [story.headline for story in article.related]


@pytest.mark.parametrize(
    "markup",
    [
        f"<p><strong>Tin liên quan:</strong></p><ul><li>{A}</li><li>{B}</li></ul>",
        f"<p>Tin liên quan</p><ul><li>{A}</li><li>{B}</li></ul>",
        f"<h3>Bài liên quan</h3><ol><li><strong>{A}</strong></li><li>{B}</li></ol>",
        f"<p>Các tin liên quan:</p><p>{A}</p><p>{B}</p>",
        f"<p>Tin, bài liên quan:</p><p>- {A}</p><p>- {B}</p>",
        f"<p>Tin liên quan:<br>{A}<br>{B}</p>",
        f"<p>Tin liên quan:<br>- {A}<br><br>• {B}<br></p>",
        f"<div>Tin cùng chủ đề:<br>+ {A}<br>+ {B}</div>",
        f"<div><b>Tin liên quan</b><ul><li>{A} (12/3/2016)</li><li>{B}</li></ul></div>",
        f"<p>Xem thêm: {A} và {B}</p>",
        f"<p>Đọc thêm: {A}; {B}.</p>",
        f"<p><em>Mời quý độc giả xem thêm: {A}, {B}</em></p>",
        f"<p>Bạn có thể quan tâm: 1. {A} 2. {B}</p>",
        f"<p>&gt;&gt; {A}</p><p>&gt;&gt; {B}</p>",
        f"<p>&gt;&gt; {A}<br>&gt;&gt; {B}</p>",
        f"<p>» {A}</p><p>→ {B}</p>",
        f"<p>&gt;&gt; Tin liên quan: {A}</p><p>{B}</p>",
        f"<ul><li>&gt;&gt; {A}</li><li>&gt;&gt; {B}</li></ul>",
        f"<div>&gt;&gt; {A}</div><div>&gt;&gt; {B}</div>",
        '<p><a href="/a/le-hoi-post1315002.vov"><strong>&gt;&gt; Lễ hội bến sông</strong></a></p>'
        '<p><a href="/a/mua-hoa-890001.vov">Xem thêm: Mùa hoa mới</a></p>',
        f'<ul class="story-listing"><li>{A}</li><li>{B}</li></ul>',
        f'<div class="story-listing"><p>{A}</p><p>{B}</p></div>',
        '<ul class="story-listing"><li><a href="/a/le-hoi-post1315002.vov"><img alt="le-hoi.jpg" src="/x.jpg"></a>'
        f"{A}</li><li>{B}</li></ul>",
        f"<table><tr><td><strong>Tin liên quan</strong></td></tr><tr><td>{A}</td></tr><tr><td>{B}</td></tr></table>",
        f"<blockquote><p>Xem thêm: {A}, {B}</p></blockquote>",
        f'<p>Tin liên quan:</p><div class="inner-article">{A}</div><p>&gt;&gt; {B}</p>',
    ],
)
def test_a_pointer_is_no_text_but_each_of_its_links_a_related_article(markup: str) -> None:
    assert pointed(markup) == ("Một.\n\nHai.", BOTH)


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        (f"<p>Ba.<br>&gt;&gt; {A}<br>&gt;&gt; {B}</p>", "Ba."),
        (f"<p>Ba.<br><br>Xem thêm: {A}, {B}</p>", "Ba."),
        (f"<p>Ba.<br>Bốn.<br>&gt;&gt; {A}<br>&gt;&gt; {B}<br>Năm.</p>", "Ba. Bốn.\n\nNăm."),
        (f"<ul><li>Ba</li></ul><p>Tin liên quan:</p><ul><li>{A}</li><li>{B}</li></ul>", "Ba"),
    ],
)
def test_text_beside_a_pointer_stays(markup: str, body: str) -> None:
    assert pointed(markup) == (f"Một.\n\n{body}\n\nHai.", BOTH)


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        ('<p>Xem thêm: <a href="https://hoi.example/a">Trang của hội</a></p>', "Xem thêm: Trang của hội"),
        (f"<p>Xem thêm: {A} và chợ nổi ở bên kia sông</p>", "Xem thêm: Lễ hội bến sông và chợ nổi ở bên kia sông"),
        ("<p>Tin liên quan:</p><p>Ba.</p>", "Tin liên quan:\n\nBa."),
        ("<h2>Xem thêm</h2><p>Ba.</p>", "Xem thêm\n\nBa."),
        (f"<p>{A}</p>", "Lễ hội bến sông"),
        (f"<ul><li>{A}</li><li>{B}</li></ul>", "Lễ hội bến sông\n\nMùa hoa mới"),
        ("<p>Tin liên quan:</p><ul><li>Sen</li></ul>", "Tin liên quan:\n\nSen"),
        (f"<p>Năm nay, {A} &gt;&gt; {B} đều vui.</p>", "Năm nay, Lễ hội bến sông >> Mùa hoa mới đều vui."),
        ("<p>Xem thêm: trang 5</p>", "Xem thêm: trang 5"),
        ("<table><tr><td>Tin liên quan</td><td>5</td></tr></table>", "Tin liên quan\t5"),
    ],
)
def test_what_says_more_than_a_pointer_is_text(markup: str, body: str) -> None:
    assert pointed(markup) == (f"Một.\n\n{body}\n\nHai.", [])


def test_a_line_that_announces_nothing_at_the_end_is_dropped() -> None:
    assert read_page("<p>Một.</p><p><strong>Tin liên quan:</strong></p>").body == "Một."


def test_pointers_stand_in_page_order_with_boxes() -> None:
    box = '<div class="inner-article"><a href="/a/ben-pha-post1315009.vov">Bến phà cũ</a></div>'
    assert pointed(f"<p>&gt;&gt; {A}</p>{box}<p>Ba.<br>&gt;&gt; {B}</p>")[1] == [BOTH[0], "Bến phà cũ", BOTH[1]]


@pytest.mark.parametrize(("count", "is_pointer"), [(500, True), (501, False)])
def test_a_line_with_more_links_than_any_pointer_has_is_text(count: int, is_pointer: bool) -> None:
    links = ", ".join(f'<a href="/a/b-post{number}.vov">Tin {number}</a>' for number in range(1, count + 1))
    body, headlines = pointed(f"<p>Xem thêm: {links}</p>")
    assert (body == "Một.\n\nHai.") is is_pointer
    assert len(headlines) == (count if is_pointer else 0)
