"""What readers cannot see on a page is not read, and what they can see is."""

from __future__ import annotations

import pytest

from tests.pages.snippets import HEADLINE, LEAD, blocks, page, read_page
from vovcrawl.pages import NotAnArticle, Reason, parse_article

HIDING = (
    "hidden",
    'hidden=""',
    'HIDDEN="hidden"',
    'hidden="until-found"',
    'style="display:none"',
    'style="DISPLAY : None"',
    'STYLE="color:red; display: none !important;"',
    'style="display:block;display:none"',
    'style="display:none!important;display:block"',
    'style="/* a */display:/* b */none"',
    'style="visibility:hidden"',
    'style="visibility: collapse"',
    'style="content-visibility:hidden"',
    'style="&#100;isplay:none"',
)
HARMLESS = (
    "",
    'class="hidden-xs"',
    'data-hidden="1"',
    'style="display:block"',
    'style="display:none;display:inline"',
    'style="overflow:hidden"',
    'style="x-display:none"',
    'style="background:url(display:none)"',
    'style="display:nonesuch"',
    'aria-hidden="false"',
)


@pytest.mark.parametrize("attribute", HIDING)
@pytest.mark.parametrize(
    "markup",
    [
        "<p>Một.</p><p {}>Ẩn.</p><p>Hai.</p>",
        "<p>Một.</p><div {}><p>Ẩn.</p><div>Ẩn nữa.</div></div><p>Hai.</p>",
        "<p>Một.<span {}>Ẩn.</span></p><p>Hai.</p>",
        "<p>Một.</p><p>Hai<a href='/a' {}> ẩn <b>kín</b></a>.</p>",
        "<p>Một.<span {}><p>Ẩn.</p></span></p><p>Hai.</p>",
        "<section>Một.<section {}>Ẩn.</section>Hai.</section>",
        "<p>Một.</p><h2 {}>Ẩn</h2><ul {}><li>Ẩn</li></ul><table {}><tr><td>Ẩn</td></tr></table><p>Hai.</p>",
        "<p>Một.</p><blockquote {}>Ẩn</blockquote><figure {}><figcaption>Ẩn</figcaption></figure><p>Hai.</p>",
    ],
)
def test_a_hidden_element_is_no_text(markup: str, attribute: str) -> None:
    article = read_page(markup.replace("{}", attribute))
    assert article.body == "Một.\n\nHai."
    assert article.links == []


@pytest.mark.parametrize("attribute", HARMLESS)
@pytest.mark.parametrize("markup", ["<p>Một <span {}>hai</span>.</p>", "<p {}>Một hai.</p>", "<div {}>Một hai.</div>"])
def test_an_element_that_only_seems_hidden_is_text(markup: str, attribute: str) -> None:
    assert read_page(markup.format(attribute)).body == "Một hai."


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        ("<p>Một.</p><div aria-hidden='true'><p>Ẩn.</p></div>", "Một."),
        ("<p>Một.</p><p ARIA-HIDDEN=' TRUE '>Ẩn.</p>", "Một."),
        ("<p>Giá <i class='icon' aria-hidden='true'></i>tăng.</p>", "Giá tăng."),
        ("<p>Giá <span aria-hidden='true'>rất</span> tăng.</p>", "Giá rất tăng."),
    ],
)
def test_a_block_that_is_hidden_from_listeners_is_none_but_a_mark_in_a_line_is(markup: str, body: str) -> None:
    assert read_page(markup).body == body


def test_a_picture_in_a_block_without_words_is_seen_by_readers() -> None:
    article = read_page("<p>Một.</p><div aria-hidden='true'><img src='/a.jpg'></div>")
    assert [image.url for image in article.images] == ["https://vov.vn/a.jpg"]


@pytest.mark.parametrize(
    "copy",
    [
        "<template><p>Ẩn.</p></template>",
        "<noscript><p>Ẩn.</p></noscript>",
        "<dialog><p>Ẩn.</p></dialog>",
    ],
)
def test_a_copy_for_scripts_is_no_text(copy: str) -> None:
    assert read_page(f"<p>Một.</p>{copy}<div>{copy}</div><p>Hai.</p>").body == "Một.\n\nHai."


def test_hidden_items_and_cells_are_left_out() -> None:
    article = read_page(
        "<ul><li>Sen</li><li hidden>Ẩn</li></ul><table><tr><td>Sen</td><td style='display:none'>Ẩn</td><td>5</td></tr>"
        "<tr hidden><td>Ẩn</td></tr></table>"
    )
    assert blocks(article) == [("list_item", "Sen"), ("table", "Sen\t5")]


def test_a_bold_line_with_something_hidden_in_it_is_a_subhead() -> None:
    article = read_page("<p><strong>Bến mới</strong><span hidden>ẩn</span></p><p>Một.</p>")
    assert blocks(article) == [("subhead", "Bến mới"), ("paragraph", "Một.")]


def test_what_is_hidden_in_a_caption_is_no_caption() -> None:
    article = read_page(
        "<p>Một.</p><figure><img src='/a.jpg'><figcaption>Ghe<span style='display:none'> ẩn</span> hoa</figcaption>"
        "</figure>"
    )
    assert [image.caption for image in article.images] == ["Ghe hoa"]


def test_what_is_hidden_in_headline_and_lead_is_not_read() -> None:
    hidden = "<span hidden>Ẩn</span>"
    article = read_page(
        "<p>Một.</p>",
        h1=f'<h1 class="article-title">{HEADLINE}{hidden}</h1>',
        summary_row=f'<div class="article-summary"><h2><div>VOV.VN - {LEAD}{hidden}</div></h2></div>',
    )
    assert (article.headline, article.description) == (HEADLINE, LEAD)


def test_a_hidden_teaser_and_a_hidden_card_are_no_related_articles() -> None:
    teaser = '<div class="inner-article" hidden><a href="/a/b-post1315002.vov">Lễ hội bến sông</a></div>'
    box = '<div class="field-related-article"><div hidden><a href="/a/c-post1315003.vov">Mùa hoa mới nở</a></div></div>'
    assert read_page(f"<p>Một.</p>{teaser}", outside=box).related == []


def test_of_two_texts_the_hidden_one_is_not_read() -> None:
    html = page("<p>Một.</p>").replace(
        '<div class="text-long">', '<div class="text-long" style="display:none"><p>Ẩn.</p></div><div class="text-long">'
    )
    assert parse_article(html, "https://vov.vn/xa-hoi/cho-noi-vao-mua-nuoc-post1315001.vov").body == "Một."


def test_a_page_hidden_until_its_script_runs_is_read() -> None:
    html = page("<p>Một.</p>").replace("<body ", '<body style="visibility:hidden" ')
    assert parse_article(html, "https://vov.vn/xa-hoi/cho-noi-vao-mua-nuoc-post1315001.vov").body == "Một."


def test_a_page_of_nothing_but_hidden_text_is_empty() -> None:
    with pytest.raises(NotAnArticle) as refusal:
        read_page("<div hidden><p>Ẩn.</p></div>")
    assert refusal.value.reason is Reason.EMPTY


def test_what_follows_hidden_words_stays_whatever_characters_it_holds() -> None:
    assert read_page("<p>Chợ <span hidden>kín</span>&#x1f;họp.</p>").body == "Chợ họp."
