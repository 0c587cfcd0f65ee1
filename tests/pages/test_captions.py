"""Captions in a paragraph of their own below a picture, and real paragraphs below a picture."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.pages.snippets import assert_offsets_hold, blocks, read_page
from tests.strategies import SENTENCE
from vovcrawl.cleaning.credits import names_picture
from vovcrawl.items import Image

PICTURES = [
    '<p><img src="/a.jpg"></p>',
    '<p style="text-align:center"><img class="cms-photo" src="/a.jpg"></p>',
    '<p class="text-align-center"><a class="swipebox" href="/a.jpg"><img src="/b.jpg"></a></p><p>&nbsp;</p>',
    '<figure><div><article><img src="/a.jpg"></article></div></figure>',
    '<div align="center"><img src="/a.jpg"></div>\n',
    '<center><img src="/a.jpg"></center><br>',
    '<table align="center"><tr><td><img src="/a.jpg"></td></tr></table>',
    '<img src="/a.jpg">',
]
CAPTIONS = [
    ("<p><em>Ghe hoa ở bến</em></p>", "Ghe hoa ở bến", None),
    ("<p><i>Ghe hoa ở bến.</i></p>", "Ghe hoa ở bến.", None),
    ("<p><em>Ghe hoa</em> <em>ở bến (Ảnh: KT)</em></p>", "Ghe hoa ở bến", "KT"),
    ('<p><span style="font-style: italic">Ghe hoa ở bến</span></p>', "Ghe hoa ở bến", None),
    ('<p><span style="font-size: small">Ghe hoa ở bến</span></p>', "Ghe hoa ở bến", None),
    ('<p style="text-align: center;">Ghe hoa ở bến</p>', "Ghe hoa ở bến", None),
    ('<p class="text-align-center">Ghe hoa ở bến.</p>', "Ghe hoa ở bến.", None),
    ('<p align="center"><em>Ghe hoa ở bến. Ảnh: KT</em></p>', "Ghe hoa ở bến.", "KT"),
    ("<p>Ghe hoa ở bến (Ảnh: Lan Chi).</p>", "Ghe hoa ở bến", "Lan Chi"),
    ("<p>Ghe hoa ở bến. Ảnh: Lan Chi</p>", "Ghe hoa ở bến.", "Lan Chi"),
    ("<p>Ảnh: Lan Chi</p>", None, "Lan Chi"),
    ("<p>Ghe hoa ở bến (Ảnh minh họa)</p>", "Ghe hoa ở bến (Ảnh minh họa)", None),
    ('<p class="image-caption">Ghe hoa ở bến</p>', "Ghe hoa ở bến", None),
    ('<div class="cms-photo-caption">Ghe hoa ở bến</div>', "Ghe hoa ở bến", None),
    ('<div class="PhotoCMS_Caption"><p>Ghe hoa ở bến</p></div>', "Ghe hoa ở bến", None),
    ('<div style="text-align:center"><i>Ghe hoa ở bến</i></div>', "Ghe hoa ở bến", None),
    ("<center>Ghe hoa ở bến</center>", "Ghe hoa ở bến", None),
    ("<div>Ghe hoa ở bến (Ảnh: KT)</div>", "Ghe hoa ở bến", "KT"),
]


@pytest.mark.parametrize(("markup", "caption", "credit"), CAPTIONS)
def test_words_set_apart_below_a_picture_are_its_caption(markup: str, caption: str | None, credit: str | None) -> None:
    article = read_page(f"<p>Một.</p>{PICTURES[0]}{markup}<p>Hai.</p>")
    assert article.images == [Image("https://vov.vn/a.jpg", caption, credit)]
    assert article.body == "Một.\n\nHai."


@pytest.mark.parametrize("picture", PICTURES)
def test_the_caption_may_stand_below_a_picture_in_any_layout(picture: str) -> None:
    article = read_page(f"<p>Một.</p>{picture}<p><em>Ghe hoa (Ảnh: KT)</em></p><p>Hai.</p>")
    assert article.images == [Image("https://vov.vn/a.jpg", "Ghe hoa", "KT")]
    assert article.body == "Một.\n\nHai."


@pytest.mark.parametrize(
    "markup",
    [
        '<p><img src="/a.jpg"><br><em>Ghe hoa (Ảnh: KT)</em></p>',
        '<p><img src="/a.jpg"><br>Ghe hoa (Ảnh: KT)</p>',
        '<p><em><img src="/a.jpg"><br>Ghe hoa (Ảnh: KT)</em></p>',
        '<p style="text-align:center"><img src="/a.jpg"><br>Ghe hoa. Ảnh: KT</p>',
        '<div align="center"><img src="/a.jpg"><br><em>Ghe hoa (Ảnh: KT)</em></div>',
        '<div><img src="/a.jpg"><br>\n<span class="fig">Ghe hoa (Ảnh: KT)</span></div>',
        '<div class="story-photo"><img src="/a.jpg"><p>Ghe hoa (Ảnh: KT)</p></div>',
        '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">Ghe hoa (Ảnh: KT)</p></div>',
        '<img src="/a.jpg"><br><i>Ghe hoa (Ảnh: KT)</i><br><br>',
    ],
)
def test_the_caption_may_stand_in_the_same_box_as_the_picture(markup: str) -> None:
    article = read_page(f"<p>Một.</p>{markup}<p>Hai.</p>")
    assert [(image.url[-5:], image.credit) for image in article.images] == [("a.jpg", "KT")]
    assert article.images[0].caption in ("Ghe hoa", "Ghe hoa.")
    assert article.body == "Một.\n\nHai."


def test_pictures_in_one_paragraph_each_have_the_words_below_them() -> None:
    article = read_page(
        '<p>Một.</p><p><img src="/a.jpg"><br><em>Ghe hoa (Ảnh: KT)</em><br><img src="/b.jpg"><br><em>Bến đò</em></p>'
    )
    assert article.images == [
        Image("https://vov.vn/a.jpg", "Ghe hoa", "KT"),
        Image("https://vov.vn/b.jpg", "Bến đò", None),
    ]
    assert article.body == "Một."


LONG = "Ghe hoa về bến từ lúc trời còn chưa sáng và người mua đã đứng chờ sẵn ở hai bên bờ sông. "


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p>Ghe hoa về bến.</p>",
        "<p>Ghe hoa về bến</p>",
        f"<p>{LONG * 3}</p>",
        f"<p><em>{LONG * 4}</em></p>",
        f'<p style="text-align:center">{LONG * 2}</p>',
        '<p style="text-align:center">* * *</p>',
        '<p style="text-align:center"><strong>Bến mới</strong></p>',
        '<p style="text-align:justify">Ghe hoa về bến.</p>',
        "<p><strong>Bến mới</strong></p>",
        "<p><em>“Nước lên rồi”, ông nói.</em></p>",
        "<p><em>- Nước lên chưa ông?</em></p>",
        "<p><em>PV: Nước lên chưa ông</em></p>",
        "<p><em>Mời quý vị nghe bài tại đây</em></p>",
        "<p><em>Chợ có ba bến:</em></p>",
        "<p>Ghe hoa về <em>bến</em>.</p>",
        "<p>Giá hoa tăng ba lần so với năm ngoái (Nguồn: ban quản lý chợ).</p>",
        "<h2>Bến mới</h2>",
        f"<p>{LONG * 5}(Ảnh: KT)</p>",
    ],
)
def test_a_real_paragraph_below_a_picture_is_text(paragraph: str) -> None:
    alone = read_page(f"<p>Một.</p>{paragraph}<p>Hai.</p>")
    article = read_page(f"<p>Một.</p>{PICTURES[0]}{paragraph}<p>Hai.</p>")
    assert blocks(article) == blocks(alone)
    assert [image.caption for image in article.images] == [None]


@pytest.mark.parametrize(
    "between",
    [
        "<p>Hai.</p>",
        "<h2>Bến mới</h2>",
        "<ul><li>Hai</li></ul>",
        '<div class="videojs-player" data-url="/v.mp4"></div>',
    ],
)
def test_words_in_italics_further_below_are_text(between: str) -> None:
    article = read_page(f"<p>Một.</p>{PICTURES[0]}{between}<p><em>Ghe hoa về bến</em></p>")
    assert article.body.endswith("Ghe hoa về bến")


def test_words_in_italics_below_a_picture_with_a_caption_are_text() -> None:
    picture = '<figure><img src="/a.jpg"><figcaption>Bến đò (Ảnh: KT)</figcaption></figure>'
    article = read_page(f"<p>Một.</p>{picture}<p><em>Ghe hoa về bến</em></p>")
    assert article.body == "Một.\n\nGhe hoa về bến"
    assert [image.caption for image in article.images] == ["Bến đò"]


@pytest.mark.parametrize("signature", ["<p><em>Hạ Lan/VOV.VN</em></p>", "<p align=center><i>Theo Reuters</i></p>"])
def test_a_signature_below_a_picture_is_no_caption(signature: str) -> None:
    article = read_page(f"<p>Một.</p>{PICTURES[0]}{signature}")
    assert [image.caption for image in article.images] == [None]
    assert article.body == "Một."


def test_a_caption_below_a_picture_is_text_of_a_photo_page() -> None:
    article = read_page(f"{PICTURES[0]}<p><em>Ghe hoa (Ảnh: KT)</em></p>", article_class="detail detail--photo")
    assert blocks(article) == [("caption", "Ghe hoa")]


@given(SENTENCE, SENTENCE)
@settings(max_examples=40, deadline=None)
def test_plain_paragraphs_below_a_picture_come_out_as_they_are(first: str, second: str) -> None:
    article = read_page(f'<p>Một.</p><p><img src="/a.jpg"></p><p>{first}</p><p>{second}</p>')
    assert article.body == f"Một.\n\n{first}\n\n{second}"
    assert_offsets_hold(article)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ghe hoa (Ảnh: KT).", True),
        ("Ghe hoa [Ảnh: AP]", True),
        ("Ghe hoa - Ảnh: KT", True),
        ("Ảnh minh họa.", True),
        ("Ghe hoa. Ảnh tư liệu", True),
        ("Họ bàn về giá. Tranh cãi nổ ra.", False),
        ("Ông Hai (ảnh).", False),
        ("Giá tăng (Nguồn: ban quản lý chợ).", False),
        ("x " * 200 + "Ảnh", False),
    ],
)
def test_a_line_that_credits_a_picture_is_told(line: str, expected: bool) -> None:
    assert names_picture(line) is expected
