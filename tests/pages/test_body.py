"""The body of an article from small pieces of markup, one behaviour each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pages.snippets import assert_offsets_hold, blocks, page, read_page
from tests.strategies import SENTENCE
from vovcrawl.items import Link
from vovcrawl.pages import NotAnArticle, Reason, parse_article


def links(markup: str) -> list[tuple[str, str]]:
    article = read_page(markup)
    assert_offsets_hold(article)
    return [(link.text, link.url) for link in article.links]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Một.</p><p>Hai.</p>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ('<p>Ở <st1:city w:st="on">Hà Nội</st1:city>, vui.<o:p></o:p></p>', [("paragraph", "Ở Hà Nội, vui.")]),
        ("<p>Ghe <nobr>cập bến</nobr>.</p>", [("paragraph", "Ghe cập bến.")]),
        ("<p>Một.</p><p>&nbsp;</p><p></p><p>Hai.</p>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<p>Một<br>hai<br/>ba.</p>", [("paragraph", "Một hai ba.")]),
        ("<p>Một\n  hai&nbsp;&nbsp;ba.</p>", [("paragraph", "Một hai ba.")]),
        ("<p>M<b>ộ</b>t <i>ha</i>i.</p>", [("paragraph", "Một hai.")]),
        ("Một.<br><br>Hai.", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("Một<br>hai.", [("paragraph", "Một hai.")]),
        ("<div><div><p>Một.</p></div></div>", [("paragraph", "Một.")]),
        ("<div>Một.</div><div>Hai.</div>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<div>Một.<p>Hai.</p>Ba.</div>", [("paragraph", "Một."), ("paragraph", "Hai."), ("paragraph", "Ba.")]),
        ("<section><article><p>Một.</p></article></section>", [("paragraph", "Một.")]),
        ("<p>A &amp; B &lt;3 &ldquo;x&rdquo;.</p>", [("paragraph", "A & B <3 “x”.")]),
        ("<p>ho\u200ba\u00ad.</p>", [("paragraph", "hoa.")]),
        ("<p>Viê\u0323t.</p>", [("paragraph", "Việt.")]),
    ],
)
def test_paragraphs(markup: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(read_page(markup)) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Một.<br><br>Hai.</p>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<p>Một.<br />\n&nbsp;<br />Hai.</p>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<p>Một.<br>\u200b<br>Hai.</p>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<p>Một.<br><span> </span><br>Hai.</p>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<p>Một.<br><br><br>Hai<br>ba.</p>", [("paragraph", "Một."), ("paragraph", "Hai ba.")]),
        ("<p><br><br>Một.<br><br></p>", [("paragraph", "Một.")]),
        ("<p><span>Một.<br><br>Hai.</span></p>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<div><span>Một.<br><br>Hai.</span></div>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<p>Một <b>hai.<br><br>Ba</b> bốn.</p>", [("paragraph", "Một hai."), ("paragraph", "Ba bốn.")]),
        ("<p><strong>Bến mới</strong><br><br>Một.</p>", [("subhead", "Bến mới"), ("paragraph", "Một.")]),
        ("<p><b>Bến<br>mới</b><br><br>Một.</p>", [("subhead", "Bến mới"), ("paragraph", "Một.")]),
        ("<p>Một.<br><br><b>Gồm có:</b><br><br>Hai.</p>", [("paragraph", x) for x in ("Một.", "Gồm có:", "Hai.")]),
        ("<ul><li>Một<br><br>hai</li></ul>", [("list_item", "Một hai")]),
        ("<blockquote>Một<br><br>hai.</blockquote>", [("quote", "Một hai.")]),
        ("<table><tr><td>Một<br><br>hai</td><td>3</td></tr></table>", [("table", "Một hai\t3")]),
        ("<h2>Một<br><br>hai</h2>", [("subhead", "Một hai")]),
    ],
)
def test_two_line_breaks_end_a_paragraph_and_one_is_a_blank(markup: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(read_page(markup)) == expected


def test_links_stay_in_their_paragraph_where_breaks_part_it() -> None:
    article = read_page('<p>Ở <a href="/x">bến<br>sông</a>.<br><br>Tại <a href="/y">chợ<br><br>nổi</a>.</p>')
    assert_offsets_hold(article)
    assert article.body == "Ở bến sông.\n\nTại chợ\n\nnổi."
    assert [(link.text, link.url) for link in article.links] == [("bến sông", "/x"), ("chợ", "/y"), ("nổi", "/y")]


@given(st.lists(st.tuples(SENTENCE, st.sampled_from([" ", "<br>", "<br><br>", "<br> <br>\n<br>"])), min_size=1))
@settings(max_examples=60, deadline=None)
def test_sentences_are_parted_by_two_breaks_alone_and_none_is_lost(parts: list[tuple[str, str]]) -> None:
    article = read_page(f"<p>{''.join(sentence + parting for sentence, parting in parts)}</p>")
    expected = "".join(text + (" " if parting.count("<br>") < 2 else "\n\n") for text, parting in parts).strip()
    assert article.body == expected
    assert_offsets_hold(article)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2>Bến mới</h2><p>Một.</p>", [("subhead", "Bến mới"), ("paragraph", "Một.")]),
        ("<h3>Bến mới</h3><p>Một.</p>", [("subhead", "Bến mới"), ("paragraph", "Một.")]),
        ("<p><strong>Bến mới</strong></p><p>Một.</p>", [("subhead", "Bến mới"), ("paragraph", "Một.")]),
        ("<p><em><b>Bến mới</b></em><br></p><p>Một.</p>", [("subhead", "Bến mới"), ("paragraph", "Một.")]),
        ("<p><b>Bến</b> <b>mới</b></p><p>Một.</p>", [("subhead", "Bến mới"), ("paragraph", "Một.")]),
        ("<p><strong>Bến</strong> mới</p>", [("paragraph", "Bến mới")]),
        ("<p><strong>Chợ đã mở cửa.</strong></p>", [("paragraph", "Chợ đã mở cửa.")]),
        ("<p><strong>Gồm có:</strong></p>", [("paragraph", "Gồm có:")]),
        ("<p><strong>PV: Chợ mở lúc nào?</strong></p>", [("paragraph", "PV: Chợ mở lúc nào?")]),
        ("<p><strong>Phóng viên: Ông thấy sao?</strong></p>", [("paragraph", "Phóng viên: Ông thấy sao?")]),
        ("<p><strong>Chợ mở lúc nào?</strong></p>", [("subhead", "Chợ mở lúc nào?")]),
        (f"<p><strong>{'dài ' * 60}</strong></p>", [("paragraph", ("dài " * 60).strip())]),
    ],
)
def test_subheads_and_bold_paragraphs(markup: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(read_page(markup)) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ul><li>Một</li><li>Hai</li></ul>", ["Một", "Hai"]),
        ("<ol><li><p>Một</p></li><li>Hai<br>ba</li></ol>", ["Một", "Hai ba"]),
        ("<ul><li>Một<ul><li>Một a</li><li>Một b</li></ul></li><li>Hai</li></ul>", ["Một", "Một a", "Một b", "Hai"]),
        ("<ul><li></li><li>&nbsp;</li><li>Hai</li></ul>", ["Hai"]),
        ("<ul>\n<li><strong>Một</strong>: hai</li>\n</ul>", ["Một: hai"]),
    ],
)
def test_list_items_are_blocks_of_their_own(markup: str, expected: list[str]) -> None:
    assert blocks(read_page(markup)) == [("list_item", item) for item in expected]


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote>Nước lên rồi.</blockquote>",
        "<blockquote><p>Nước lên rồi.</p></blockquote>",
        "<blockquote><p>Nước lên</p><p>rồi.</p></blockquote>",
        '<div class="quote--block-highlighted"><p>Nước lên</p>rồi.</div>',
    ],
)
def test_a_quotation_is_one_block(markup: str) -> None:
    assert blocks(read_page(f"<p>Ông nói.</p>{markup}")) == [("paragraph", "Ông nói."), ("quote", "Nước lên rồi.")]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<table><thead><tr><th>Loại</th><th>Giá</th></tr></thead><tbody><tr><td>Sen</td><td>5.000</td></tr></tbody></table>",
            "Loại\tGiá\nSen\t5.000",
        ),
        ("<table><tr><td>Sen\n trắng<br>to</td><td></td><td>5</td></tr></table>", "Sen trắng to\t\t5"),
        ("<table><tr><td></td></tr><tr><td>Sen</td><td>5</td></tr></table>", "Sen\t5"),
        ("<figure><table><tr><td>Sen</td><td>5</td></tr></table></figure>", "Sen\t5"),
        ("<table><tr><td><p>Sen</p><p>trắng</p></td><td>5</td></tr></table>", "Sen trắng\t5"),
    ],
)
def test_a_table_is_one_line_a_row_and_a_tab_between_cells(markup: str, expected: str) -> None:
    assert blocks(read_page(markup)) == [("table", expected)]


def test_the_caption_of_the_frame_around_a_table_is_that_of_the_table() -> None:
    table = "<table><tr><td>Xã</td><td>Hộ</td></tr></table>"
    framed = f'<p>Một.</p><figure class="table">{table}<figcaption>Số hộ</figcaption></figure><p>Hai.</p>'
    assert blocks(read_page(framed)) == [("paragraph", "Một."), ("table", "Số hộ\nXã\tHộ"), ("paragraph", "Hai.")]


@pytest.mark.parametrize(
    "noise",
    [
        '<div><div id="block-ads-69" class="block-ads block-ads69">Mua đi</div></div>',
        '<div class="ads_detail_middle_6 advertisement ads-bg">Mua đi</div>',
        '<div class="ajax-article-by-category">Mua đi</div>',
        "<script>var muaDi = 1;</script>",
        "<style>.mua-di{}</style>",
        "<noscript>Mua đi</noscript>",
        "<form><input value='Mua đi'><button>Gửi tin</button></form>",
        "<iframe src='/x'>Mua đi</iframe>",
        "<!-- Mua đi -->",
        '<div class="socials-share"><p>Chia sẻ</p></div>',
        "<p>Mời quý độc giả theo dõi VOV.VN trên</p>",
        '<div class="article-tags">Mua đi</div>',
        '<figure><img src="/a.jpg"><figcaption>Mua đi</figcaption></figure>',
    ],
)
def test_what_is_no_text_is_left_out(noise: str) -> None:
    article = read_page(f"<p>Một.</p>{noise}<p>Hai.</p>")
    assert article.body == "Một.\n\nHai."


@pytest.mark.parametrize("name", [" ads-detail-center", "ads_detail_middle", "advertisement"])
def test_a_paragraph_with_the_class_of_an_ad_is_text(name: str) -> None:
    assert read_page(f'<p>Một.</p><p class="{name}">Hai.</p>').body == "Một.\n\nHai."


def test_what_stands_outside_the_text_is_no_text() -> None:
    article = read_page("<p>Một.</p>", outside='<div class="comment-block"><p>Ý kiến</p></div><p>Thừa.</p>')
    assert article.body == "Một."


def test_text_behind_noise_is_kept() -> None:
    assert read_page("<div>Một <script>x</script>hai.<div class='block-ads'>Mua</div> Ba.</div>").body.endswith("Ba.")


@pytest.mark.parametrize(
    "teaser",
    [
        '<p>&gt;&gt; <a href="/a/b-post1315002.vov">Lễ hội bến sông</a></p>',
        '<p>Xem thêm: <a href="/a/b-post1315002.vov">Lễ hội bến sông</a></p>',
        '<div class="cms-relate"><a href="/a/b-post1315002.vov">Lễ hội bến sông</a></div>',
        '<article class="inner-article"><a href="/a/b-post1315002.vov">Lễ hội bến sông</a></article>',
        '<div class="quote--block-highlighted box-no-sapo"><div class="article__inner-story">'
        '<a href="/a/b-post1315002.vov">Lễ hội bến sông</a></div></div>',
    ],
)
def test_teasers_are_no_text_but_related_stories(teaser: str) -> None:
    article = read_page(f"<p>Một.</p>{teaser}<p>Hai.</p>")
    assert article.body == "Một.\n\nHai."
    assert [(story.headline, story.placement) for story in article.related] == [("Lễ hội bến sông", "inline")]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<p>Theo <a href="/a/b-post1315002.vov?gidzl=x">tin cũ</a>.</p>',
            [("tin cũ", "https://vov.vn/a/b-post1315002.vov")],
        ),
        ('<p>Theo<a href="/a/b-890001.vov"> tin cũ </a>thì.</p>', [("tin cũ", "https://vov.vn/a/b-890001.vov")]),
        (
            '<p>Theo <b><a href="http://hoi.example/?a=1&amp;b=2">hội</a></b>.</p>',
            [("hội", "http://hoi.example/?a=1&b=2")],
        ),
        ('<p><a href="/the-thao">Mục <i>này</i></a> hay.</p>', [("Mục này", "/the-thao")]),
        ('<p><a href="/x">Một</a><a href="/y">hai</a></p>', [("Một", "/x"), ("hai", "/y")]),
        ('<p>A\n\n <a href="/x">b\n c</a>&nbsp; d</p>', [("b c", "/x")]),
        ('<ul><li>Theo <a href="/x">tin</a></li></ul>', [("tin", "/x")]),
        ('<blockquote><p>A.</p><p>Theo <a href="/x">tin</a>.</p></blockquote>', [("tin", "/x")]),
        ('<p>Theo <a href="mailto:a@hoi.example">thư</a>.</p>', [("thư", "mailto:a@hoi.example")]),
        ('<p><a href="/x"></a> <a href="/y">&nbsp;</a> hết</p>', []),
        ('<p><a href="#">a</a> <a href="javascript:x">b</a> <a name="n">c</a></p>', []),
        ('<figure><a href="/x"><img src="/a.jpg"></a><figcaption><a href="/y">Ảnh</a></figcaption></figure>', []),
    ],
)
def test_links_in_running_text_have_sound_offsets(markup: str, expected: list[tuple[str, str]]) -> None:
    assert links(f"<p>Mở đầu.</p>{markup}<p>Hết.</p>") == expected


def test_offsets_of_links_count_from_the_start_of_the_body() -> None:
    article = read_page('<p>Một.</p><p>Theo <a href="/x">tin</a>.</p>')
    assert article.links == [Link(url="/x", text="tin", start=11, end=14)]


def test_a_picture_in_a_paragraph_leaves_its_text() -> None:
    article = read_page('<p>Một <img src="/a.jpg"> hai.</p>')
    assert article.body == "Một hai."
    assert [image.url for image in article.images] == ["https://vov.vn/a.jpg"]


def test_a_link_may_hold_the_end_mark() -> None:
    article = read_page('<p>Theo <a href="/x">tin cũ./.</a></p><p>Hết.</p>')
    assert_offsets_hold(article)
    assert [link.text for link in article.links] == ["tin cũ."]


@pytest.mark.parametrize("line", ["Facebook", "Bình luận", "Điện thoại: 0123 là số của chợ."])
def test_a_line_of_the_text_that_reads_like_a_button_stays(line: str) -> None:
    assert read_page(f"<h2>{line}</h2><p>Một.</p>").body == f"{line}\n\nMột."


@pytest.mark.parametrize(
    ("ending", "last", "name", "affiliation"),
    [
        ("<p>Hết./.</p><p>Hạ Lan/VOV.VN</p>", "Hết.", "Hạ Lan", "VOV.VN"),
        ("<p>Hết./. Hạ Lan/VOV online</p>", "Hết.", "Hạ Lan", "VOV online"),
        ("<p>Hết./.<br><strong>Hạ Lan/VOV online</strong></p>", "Hết.", "Hạ Lan", "VOV online"),
        ("<p>Hết.</p><p><strong>Hạ Lan/VOV-Tây Bắc</strong></p>", "Hết.", "Hạ Lan", "VOV-Tây Bắc"),
        ('<p>Hết./.</p><p class="article__author cms-author">Hạ Lan</p>', "Hết.", "Hạ Lan", None),
    ],
)
def test_the_signature_is_no_text_but_the_author(ending: str, last: str, name: str, affiliation: str | None) -> None:
    article = read_page(f"<p>Một.</p>{ending}")
    assert article.body == f"Một.\n\n{last}"
    assert [(author.name, author.affiliation) for author in article.authors] == [(name, affiliation)]


def test_a_signature_inside_the_text_stays() -> None:
    article = read_page("<p>Một.</p><p>Hạ Lan/VOV.VN</p><p>Hết.</p>")
    assert article.body == "Một.\n\nHạ Lan/VOV.VN\n\nHết."
    assert article.authors == []


def test_the_end_mark_is_a_full_stop() -> None:
    assert read_page("<p>Một./.</p><p>Hết./.</p>").body == "Một.\n\nHết."


def test_the_prefix_of_a_lead_is_taken_from_the_first_block() -> None:
    article = read_page('<p>VOV.VN - Theo <a href="/x">tin</a>.</p><p>VOV.VN - hai.</p>')
    assert_offsets_hold(article)
    assert article.body == "Theo tin.\n\nVOV.VN - hai."


def test_a_live_page_is_its_entries_behind_the_opening() -> None:
    entries = '<div class="news-list-live__content"><div><h3>9h00</h3><p>Ghe cập bến.</p></div></div>'
    article = read_page("<p>Mở đầu.</p>", after=entries, article_class="detail detail--live")
    assert article.content_type == "live"
    assert blocks(article) == [("paragraph", "Mở đầu."), ("subhead", "9h00"), ("paragraph", "Ghe cập bến.")]


def test_the_columns_of_an_e_magazine_are_its_text() -> None:
    columns = '<div class="wp-block-column"><p>Một.</p></div><div class="wp-block-column"><p>Hai.</p></div>'
    article = read_page("", after=columns, article_class="detail detail--emagazine")
    assert article.content_type == "emagazine"
    assert article.body == "Một.\n\nHai."


def test_the_summary_of_a_video_is_its_text_where_there_is_no_other() -> None:
    after = (
        '<div class="videojs-player" data-url="/v.mp4"></div><div class="video__summary">VOV.VN - Ghe cập bến./.</div>'
    )
    article = read_page("", after=after, article_class="detail detail--video")
    assert blocks(article) == [("paragraph", "Ghe cập bến.")]


@given(st.lists(SENTENCE, min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_plain_paragraphs_come_out_as_they_are(sentences: list[str]) -> None:
    article = read_page("".join(f"<p>{sentence}</p>\n" for sentence in sentences))
    assert article.body == "\n\n".join(sentences)
    assert_offsets_hold(article)


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td", "span", "p"])
@pytest.mark.parametrize("depth", [10, 80])
def test_deep_markup_is_read_to_its_end(tag: str, depth: int) -> None:
    names = tag.split("><")
    closing = "".join(f"</{name}>" for name in reversed(names))
    inner = f"<p>Một.</p>{f'<{tag}>' * depth}sâu{closing * depth}<p>Hai.</p>"
    article = parse_article(page(inner), "https://vov.vn/a/b-post1315001.vov")
    assert article.body.startswith("Một.")
    assert "sâu" in article.body
    assert article.body.endswith("Hai.")


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td", "span", "section", "figure"])
@pytest.mark.parametrize("depth", [300, 100_000])
def test_a_page_too_deep_to_be_read_whole_is_refused(tag: str, depth: int) -> None:
    html = page(f"<p>Một.</p>{f'<{tag}>' * depth}sâu<p>Hai.</p>")
    with pytest.raises(NotAnArticle) as refusal:
        parse_article(html, "https://vov.vn/a/b-post1315001.vov")
    assert refusal.value.reason is Reason.OVERSIZED


@pytest.mark.parametrize("tag", ["p", "li", "a", "option"])
def test_elements_that_close_each_other_are_not_deep(tag: str) -> None:
    article = parse_article(page(f"{f'<{tag}>' * 90_000}<p>Hai.</p>"), "https://vov.vn/a/b-post1315001.vov")
    assert article.body.endswith("Hai.")


def test_long_text_is_read_in_proportion() -> None:
    article = read_page("<p>Chợ họp sớm ở bến sông. Ghe đầy hoa!</p>" * 3000)
    assert len(article.blocks) == 3000


def test_marks_behind_links_belong_to_the_letters_before_them() -> None:
    article = read_page("<p>" + "<a href='/a'>ho</a>\u0300a " * 300 + "</p>")
    assert_offsets_hold(article)
    assert article.body == " ".join(["hòa"] * 300)
    assert {link.text for link in article.links} == {"hò"}
    assert len(article.links) == 300


def test_a_link_that_begins_with_a_mark_begins_behind_its_letter() -> None:
    article = read_page("<p>Ho<a href='/a'>\u0300a bình</a> rồi.</p>")
    assert_offsets_hold(article)
    assert [link.text for link in article.links] == ["a bình"]


def test_letters_that_compose_across_a_link_keep_its_offsets_within_the_text() -> None:
    article = read_page("<p>" + "<a href='/a'>\u1100</a>\u1161" * 50 + "</p>")
    assert_offsets_hold(article)
    assert article.body == "\uac00" * 50


def test_an_address_as_written_shows_no_control_characters() -> None:
    article = read_page("<p>Xem <a href='https://a.vn/\n\u202e&#27;[31m x'>đây</a>.</p><img src='/b&#7;.jpg'>")
    assert [link.url for link in article.links] == ["https://a.vn/%E2%80%AE%1B[31m x"]
    assert [image.url for image in article.images] == ["https://vov.vn/b%07.jpg"]


def test_blocks_in_inline_elements_within_each_other_are_blocks() -> None:
    markup = f"{'<font><b>' * 60}<i>Một.</i> {'<p>Hai.</p>' * 3}{'</b></font>' * 60}<span>Ba.</span>"
    assert blocks(read_page(markup)) == [("paragraph", text) for text in ("Một.", "Hai.", "Hai.", "Hai.", "Ba.")]


def test_a_player_within_players_without_a_file_is_found() -> None:
    nested = "<div class='video' data-url='javascript:x.mp4'>" * 40
    article = read_page(f"<p>Một.</p>{nested}<div class='video' data-url='/a.mp4'>{'</div>' * 41}")
    assert [video.url for video in article.videos] == ["https://vov.vn/a.mp4"]
