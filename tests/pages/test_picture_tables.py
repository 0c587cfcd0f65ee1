"""Tables that lay out pictures, and tables that hold data or text."""

from __future__ import annotations

import pytest

from tests.pages.snippets import assert_offsets_hold, blocks, read_page

TEXT = "<p>Chợ họp sớm.</p>"
IMG = '<img src="/{}.jpg">'
A, B = IMG.format("a"), IMG.format("b")
LONG = "Ghe hoa về bến từ lúc trời còn chưa sáng. Người mua đã đứng chờ sẵn ở hai bên bờ sông từ lâu. "


def laid_out(table: str) -> list[tuple[str, str | None, str | None]]:
    """The pictures of a page with a table from which nothing may come into the body."""
    article = read_page(f"{TEXT}{table}<p>Hết.</p>")
    assert article.body == "Chợ họp sớm.\n\nHết."
    return [(image.url.rpartition("/")[2], image.caption, image.credit) for image in article.images]


@pytest.mark.parametrize(
    "table",
    [
        f'<table class="picture"><tr><td>{A}</td></tr><tr><td class="caption">Ghe hoa (Ảnh: KT)</td></tr></table>',
        f'<table align="center"><tbody><tr><td>{A}<br>Ghe hoa (Ảnh: KT)</td></tr></tbody></table>',
        f"<table><tr><td><p>{A}</p><p><em>Ghe hoa (Ảnh: KT)</em></p></td></tr></table>",
        f"<table><tr><td>{A}</td></tr><tr><td>Ghe hoa</td></tr><tr><td>Ảnh: KT</td></tr></table>",
        f"<table><tr><td>{A}</td><td>Ghe hoa (Ảnh: KT)</td></tr></table>",
        f"<table><tr><td>Ghe hoa (Ảnh: KT)</td></tr><tr><td>{A}</td></tr></table>",
        f"<table><caption>Ghe hoa (Ảnh: KT)</caption><tr><td>{A}</td></tr></table>",
        f"<table><tr><td>{A}</td></tr><tr><td></td></tr><tr><td>Ghe hoa (Ảnh: KT)</td></tr></table>",
        f"<table><tr><th>{A}</th></tr><tr><th>Ghe hoa (Ảnh: KT)</th></tr></table>",
        f"<table><tr><td><table><tr><td>{A}</td></tr><tr><td>Ghe hoa (Ảnh: KT)</td></tr></table></td></tr></table>",
    ],
)
def test_a_table_laid_out_for_a_picture_gives_it_its_caption(table: str) -> None:
    ((name, caption, credit),) = laid_out(table)
    assert (name, caption, credit) == ("a.jpg", "Ghe hoa", "KT")


@pytest.mark.parametrize(
    "table",
    [
        f"<table><tr><td>{A}</td><td>{B}</td></tr><tr><td>Ghe hoa</td><td>Bến đò</td></tr></table>",
        f"<table><tr><td>{A}</td></tr><tr><td>Ghe hoa</td></tr><tr><td>{B}</td></tr><tr><td>Bến đò</td></tr></table>",
        f"<table><tr><td>{A}<br>Ghe hoa</td><td>{B}<br>Bến đò</td></tr></table>",
        f"<table><tr><td>{A}<p>Ghe hoa</p></td></tr><tr><td>{B}<p>Bến đò</p></td></tr></table>",
        f"<table><tr><td>{A}</td><td>Ghe hoa</td></tr><tr><td>{B}</td><td>Bến đò</td></tr></table>",
        f"<table><tr><td>{A}<br>Ghe hoa<br>{B}<br>Bến đò</td></tr></table>",
    ],
)
def test_pictures_laid_out_in_a_table_each_have_their_own_caption(table: str) -> None:
    assert laid_out(table) == [("a.jpg", "Ghe hoa", None), ("b.jpg", "Bến đò", None)]


def test_a_caption_below_two_pictures_is_that_of_the_last() -> None:
    table = f"<table><tr><td>{A}</td><td>{B}</td></tr><tr><td colspan=2>Ghe hoa và bến đò (Ảnh: KT)</td></tr></table>"
    assert laid_out(table) == [("a.jpg", None, None), ("b.jpg", "Ghe hoa và bến đò", "KT")]


def test_a_table_of_pictures_alone_gives_pictures() -> None:
    assert laid_out(f"<table><tr><td>{A}</td><td>{B}</td></tr></table>") == [
        ("a.jpg", None, None),
        ("b.jpg", None, None),
    ]


def test_the_captions_of_a_table_are_the_text_of_a_photo_page() -> None:
    table = f"<table><tr><td>{A}</td><td>{B}</td></tr><tr><td>Ghe hoa</td><td>Bến đò</td></tr></table>"
    article = read_page(table, article_class="detail detail--photo")
    assert blocks(article) == [("caption", "Ghe hoa"), ("caption", "Bến đò")]


@pytest.mark.parametrize(
    "table",
    [
        f"<table><tr><td>{A}</td></tr><tr><td><p>{LONG}</p><p>{LONG}</p></td></tr></table>",
        f"<table><tr><td><p>{LONG}</p>{A}<p>{LONG}</p></td></tr></table>",
        f"<table><tr><td>{A}</td><td><p>{LONG}</p><p>{LONG}</p></td></tr></table>",
        f"<table><tr><td><p>{LONG}</p><p>{LONG}</p></td><td>{A}</td></tr></table>",
    ],
)
def test_running_text_in_a_table_with_a_picture_stays_text(table: str) -> None:
    article = read_page(f"{TEXT}{table}<p>Hết.</p>")
    assert [text for _, text in blocks(article)] == ["Chợ họp sớm.", LONG.strip(), LONG.strip(), "Hết."]
    assert [image.caption for image in article.images] == [None]


def test_a_picture_with_a_caption_above_running_text_in_a_table_keeps_both() -> None:
    article = read_page(
        f"{TEXT}<table><tr><td>{A}<p><em>Ghe hoa (Ảnh: KT)</em></p><p>{LONG}</p><p>{LONG}</p></td></tr></table>"
    )
    assert [(image.caption, image.credit) for image in article.images] == [("Ghe hoa", "KT")]
    assert article.body.count(LONG.strip()) == 2


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "<table><caption>Giá</caption><tr><th>Loại</th><th>Giá</th></tr><tr><td>Sen</td><td>5</td></tr></table>",
            "Giá\nLoại\tGiá\nSen\t5",
        ),
        ("<table><caption> </caption><tr><td>Sen</td><td>5</td></tr></table>", "Sen\t5"),
        (
            '<table><tr><th>Đội</th><th>Điểm</th></tr><tr><td><img src="/vn.png"> A</td><td>3</td></tr>'
            '<tr><td><img src="/th.png"> B</td><td>1</td></tr></table>',
            "Đội\tĐiểm\nA\t3\nB\t1",
        ),
        (
            '<table><tr><td><img src="/vn.png"> A</td><td><img src="/th.png"> B</td></tr>'
            '<tr><td><img src="/la.png"> C</td><td><img src="/my.png"> D</td></tr></table>',
            "A\tB\nC\tD",
        ),
        (
            '<table><tr><td><img src="/1.png"><td>A</td></tr><tr><td><img src="/2.png"><td>B</td></tr></table>',
            "\tA\n\tB",
        ),
    ],
)
def test_a_table_of_data_keeps_its_rows_and_shows_no_flags(table: str, expected: str) -> None:
    article = read_page(f"{TEXT}{table}")
    assert "\n".join(text for _, text in blocks(article)[1:]) == expected
    assert article.images == []


def test_the_links_in_the_title_of_a_table_have_sound_offsets() -> None:
    article = read_page(
        '<table><caption>Giá ở <a href="/x">chợ</a></caption><tr><td>Sen</td><td><a href="/y">5</a></td></tr></table>'
    )
    assert_offsets_hold(article)
    assert [(link.url, link.text) for link in article.links] == [("/x", "chợ"), ("/y", "5")]


def test_text_in_a_table_whose_picture_cannot_be_read_stays_text() -> None:
    table = '<table><tr><td><img src="data:image/gif;base64,R0"></td></tr><tr><td>Ghe hoa về bến</td></tr></table>'
    assert read_page(TEXT + table).body == "Chợ họp sớm.\n\nGhe hoa về bến"
