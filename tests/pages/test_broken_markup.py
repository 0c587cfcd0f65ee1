"""Tags without their partners: a page shows its text all the same, and no record lacks it in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.broken_markup import SILENT, broken, verdict
from fuzz import seeds
from fuzz.words import LEFT_OPEN, STRAY_ENDS, UNPAIRED
from tests.pages.snippets import STORY, assert_offsets_hold, blocks, page, read_page
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle, broken_markup, parse_article

AFTER = """<div class="row article-author"><div class="col"><a href="/tac-gia/lan">Mai Lan/VOV.VN</a></div></div>
<div class="row article-tags"><a href="/tu-khoa/cho-tag1">chợ</a></div>"""
OUTSIDE = """<div class="field-related-article"><h2>Tin liên quan</h2>
<div class="article-card"><a href="/xa-hoi/ben-cu-post1315002.vov"><h3>Bến cũ</h3></a></div></div>
<div class="imprint"><p>Tòa soạn: số 1 phố Mẫu.</p><p>® Ghi rõ nguồn khi phát hành lại.</p></div>"""
PARAGRAPHS = ["Ghe về từ ba giờ sáng.", "Khách mua xong là đi.", "Trưa thì chợ tan."]


def read_broken(added: str, after: int = 1) -> Article:
    """The article on a page of three paragraphs with `added` after some of them."""
    written = [f"<p>{text}</p>" for text in PARAGRAPHS]
    written.insert(after, added)
    return read_page("\n".join(written), after=AFTER, outside=OUTSIDE)


@pytest.mark.parametrize("added", [*STRAY_ENDS, *LEFT_OPEN, "</div></div>", "</div></body></html>", "</div><div>"])
@pytest.mark.parametrize("after", [1, 2])
def test_a_tag_without_its_partner_costs_nothing_of_the_article(added: str, after: int) -> None:
    article = read_broken(added, after)
    assert article.body == "\n\n".join(PARAGRAPHS)
    assert [author.name for author in article.authors] == ["Mai Lan"]
    assert [related.headline for related in article.related] == ["Bến cũ"]
    assert article.keywords == ["chợ"]


@pytest.mark.parametrize(
    "added",
    ["</div>", "</body>", "</html>", "<form>", "<svg>", "<figure>", "<table><tr><td>", "</div><div>", "</div></div>"],
)
def test_what_is_settled_brings_no_warning(added: str) -> None:
    assert read_broken(added).warnings == []


@pytest.mark.parametrize("added", ['<p class="x>', "<p class='x>", "<!--", "<script>var a = 1;", "<textarea>"])
def test_what_is_guessed_brings_a_warning(added: str) -> None:
    article = read_broken(added)
    assert "damaged:markup" in article.warnings
    assert article.body == "\n\n".join(PARAGRAPHS)


def test_a_bold_paragraph_below_a_box_that_was_closed_and_opened_again_is_kept() -> None:
    assert read_page("<p>Một.</p></div><div><p><b>Hai</b></p>", after=AFTER).body == "Một.\n\nHai"


def test_an_ordinary_page_brings_no_warning() -> None:
    assert read_broken("").warnings == []


def test_boxes_left_open_bring_no_imprint_into_an_old_text() -> None:
    html = """<html><body><div class="main-article"><h1 class="cms-title">Chợ nổi</h1><div class="meta">
    <time>Chủ Nhật, 07:48, 10/11/2013</time></div><div class="article__sapo">VOV.VN - Chợ đông.</div>
    <div id="article-body" class="cms-body"><p>Ghe về sớm.</p><div><div><p>Trưa tan chợ.</p></div>
    <div class="box-content"><a href="/tag/cho">chợ</a></div></div>
    <div class="footer"><p>Tòa soạn: số 1 phố Mẫu.</p><p>® Ghi rõ nguồn.</p></div></body></html>"""
    article = parse_article(html, "https://vov.vn/xa-hoi/cho-noi-289441.vov")
    assert article.body == "Ghe về sớm.\n\nTrưa tan chợ."


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<table>Giá chợ <b>sớm</b><tr><td>Cá</td></tr></table>", ["Giá chợ sớm", "Cá"]),
        ("<table><tr>Giá chợ<td>Cá</td></tr></table>", ["Giá chợ", "Cá"]),
        ("<table><tr><td>Cá</td></tr>Hết</table>", ["Hết", "Cá"]),
        ("<table><tr><p>Giá chợ</p><td>Cá</td></tr></table>", ["Giá chợ", "Cá"]),
        ("<table><td>Cá</td><td>Tôm</td></table>", ["Cá\tTôm"]),
        ("<table><tbody><td>Cá<td>Tôm<tr><td>Cua</tbody></table>", ["Cá\tTôm\nCua"]),
        ("<table><tr><td>Cá</td></tr><td>Tôm</td></table>", ["Cá\nTôm"]),
    ],
)
def test_text_in_a_table_outside_its_cells_is_kept(markup: str, found: list[str]) -> None:
    article = read_page(markup)
    assert [text for _, text in blocks(article)] == found
    assert_offsets_hold(article)


@pytest.mark.parametrize("name", ["st1:place", "nobr", "o:p", "font", "x-ten", "blink"])
def test_an_unknown_element_adds_no_blank(name: str) -> None:
    assert read_page(f"<p>Chợ Ngã<{name}>Năm</{name}>, họp sớm.</p>").body == "Chợ NgãNăm, họp sớm."


def test_a_figure_left_open_ends_with_its_caption() -> None:
    article = read_broken('<figure><img src="/a.jpg"><figcaption>Ghe hàng</figcaption>')
    assert article.body == "\n\n".join(PARAGRAPHS)
    assert [image.caption for image in article.images] == ["Ghe hàng"]


def test_a_table_left_open_ends_with_its_last_row() -> None:
    article = read_broken("<table><tr><td>Cá</td><td>Tôm</td></tr>")
    assert [text for _, text in blocks(article)] == [PARAGRAPHS[0], "Cá\tTôm", *PARAGRAPHS[1:]]


def test_a_list_left_open_ends_with_its_last_item() -> None:
    article = read_broken("<ul><li>Cá</li><li>Tôm</li>")
    assert [text for _, text in blocks(article)] == [PARAGRAPHS[0], "Cá", "Tôm", *PARAGRAPHS[1:]]


def test_a_page_without_a_text_is_not_mended() -> None:
    assert broken_markup.mended(b"<html><body><p>x</div></body></html>") is None


def test_a_page_that_would_take_long_to_mend_is_read_as_it_is_with_a_warning() -> None:
    article = read_page("<p>Một.</p></div>" + "<b>" * 240 + "<p>Hai.</p>" * 4000, after=AFTER)
    assert article.warnings == ["damaged:markup"]
    assert article.body.startswith("Một.")


@given(st.lists(st.sampled_from([*UNPAIRED, "<p>", "</p>", "chữ ", "</div>", "<div class=text-long>"]), max_size=12))
def test_whatever_is_broken_the_page_is_read_or_refused(pieces: list[str]) -> None:
    try:
        article = parse_article(page("".join(pieces), after=AFTER, outside=OUTSIDE), STORY)
    except NotAnArticle:
        return
    assert_offsets_hold(article)


@pytest.mark.long
def test_hardly_a_page_loses_anything_in_silence() -> None:
    wrong = total = 0
    for url, html in seeds.html_pages():
        try:
            whole = parse_article(html, url)
        except NotAnArticle:
            continue
        for _, changed in broken(html, UNPAIRED, 1, 1):
            total += 1
            wrong += verdict(whole, changed, url) in SILENT
    assert total > 5000
    assert wrong <= total * 0.005
