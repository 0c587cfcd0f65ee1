"""Markup that editors and templates produce, one trap each, through the whole reader."""

from __future__ import annotations

import contextlib

import pytest

from vovcrawl.items import Article, Media
from vovcrawl.pages import NotAnArticle, parse_article

URL = "https://vov.vn/xa-hoi/cau-moi-post1.vov"


def page(text: str, *, authors: str = "", related: str = "", head: str = "") -> str:
    """A page of the current template around the inner markup of its text."""
    return f"""<!DOCTYPE html><html lang="vi"><head><link rel="canonical" href="{URL}">
    <meta property="article:published_time" content="2026-07-16T08:46:00+07:00">{head}</head>
    <body class="path-node page-node-type-article"><article class="detail detail--normal">
    <div class="row article-title"><h1 class="article-title mb-0">Cầu mới</h1></div>
    <div class="row article-date"><div class="col-md-4 mb-3 mb-lg-2">Thứ Năm, 08:46, 16/07/2026</div></div>
    <div class="row article-summary"><div class="col"><h2><div>VOV.VN - Cây cầu thông xe.</div></h2></div></div>
    <div class="row article-content"><div class="col"><div class="text-long">{text}</div></div></div>
    <div class="row article-author"><div class="col text-end">{authors}</div></div></article>
    <div class="field-related-article">{related}</div></body></html>"""


def read(text: str, **parts: str) -> Article:
    return parse_article(page(text, **parts), URL)


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(block.type, article.body[block.start : block.end]) for block in article.blocks]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p>từ<wbr>dài sau</p>", [("paragraph", "từdài sau")]),
        ("<p>a <embed src=x> b</p><p>c</p>", [("paragraph", "a b"), ("paragraph", "c")]),
        ("<ul><li>Một.</li><ul><li>Hai.</li></ul></ul>", [("list_item", "Một."), ("list_item", "Hai.")]),
        (
            '<figure class="wp-block-pullquote"><blockquote><p>Lời hay.</p></blockquote></figure>',
            [("quote", "Lời hay.")],
        ),
        ("<blockquote><p>Lời hay.</p><footer>Ông An</footer></blockquote>", [("quote", "Lời hay. Ông An")]),
        ("<strong><p>Một.</p><p>Hai.</p></strong>", [("paragraph", "Một."), ("paragraph", "Hai.")]),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", [("table", "a b\tc")]),
        ("<p>Đoạn.</p><p style='display: none'>Ẩn.</p>", [("paragraph", "Đoạn.")]),
        ("<ul><li>Facebook</li><li>Zalo</li></ul>", [("list_item", "Facebook"), ("list_item", "Zalo")]),
        ("<h2>Bình luận</h2><p>Ông nói.</p>", [("subhead", "Bình luận"), ("paragraph", "Ông nói.")]),
        (
            "<p>Giấy phép số 12/GP-UBND đã hết hạn.</p><p>Mời quý độc giả theo dõi VOV.VN trên</p>",
            [("paragraph", "Giấy phép số 12/GP-UBND đã hết hạn.")],
        ),
        ("<h2>VOV - 75 năm</h2><p>Đoạn.</p>", [("subhead", "VOV - 75 năm"), ("paragraph", "Đoạn.")]),
        ('<p>Đọc thêm: <a href="https://example.com/x">Bản gốc</a></p>', [("paragraph", "Đọc thêm: Bản gốc")]),
        ("<p>Hết./. (Còn nữa)</p>", [("paragraph", "Hết./. (Còn nữa)")]),
    ],
)
def test_text_comes_out_whole(markup: str, found: list[tuple[str, str]]) -> None:
    assert blocks(read(markup)) == found


@pytest.mark.parametrize(
    ("last", "name", "affiliation"),
    [
        ("<p>Đỗ Thanh Sơn/VOV online</p>", "Đỗ Thanh Sơn", "VOV online"),
        ("<p><strong>Bùi Đức Thịnh/VOV.VN</strong></p>", "Bùi Đức Thịnh", "VOV.VN"),
        ("<p>Thu Hoài/VOV1</p>", "Thu Hoài", "VOV1"),
        ("<p>Theo Sputnik News</p>", "Sputnik News", None),
        ('<p style="text-align: right">Việt Nga VOV-Sydney</p>', "Việt Nga VOV-Sydney", None),
        ('<p class="text-align-right"><strong>Thanh Nga/TTXVN</strong></p>', "Thanh Nga", "TTXVN"),
        ("<p>Xong./. Ưng Bảo/VOV-Tây Bắc</p>", "Ưng Bảo", "VOV-Tây Bắc"),
        ("<p>Kim Lan/VOV-TP.HCM</p>", "Kim Lan", "VOV-TP.HCM"),
        ("<p><em>Lan Kim/VOV - TP.HCM</em></p>", "Lan Kim", "VOV - TP.HCM"),
        ("<p>Xong. <strong>CTV Kim Lan/VOV-TP. HCM</strong></p>", "Kim Lan", "VOV-TP. HCM"),
        ("<p>Bến Chợ 1-1 Bờ Sông Lê Minh/VOV online</p>", "Lê Minh", "VOV online"),
        ("<p>Xong./.</p><p>Kim Lan/VOV.VN (biên dịch)</p><p>Theo Reuters</p>", "Kim Lan", "VOV.VN"),
        ("<p>Thái Sơn/Báo Bến Sông</p>", "Thái Sơn", "Báo Bến Sông"),
        ("<p>Kim Lan/VOV1<br>(Ảnh: BTC)</p>", "Kim Lan", "VOV1"),
    ],
)
def test_a_signature_in_the_text_is_the_author_and_no_text(last: str, name: str, affiliation: str | None) -> None:
    article = read(f"<p>Đoạn đầu của bài.</p>{last}")
    assert name not in article.body
    assert [(author.name, author.affiliation) for author in article.authors] == [(name, affiliation)]


@pytest.mark.parametrize(
    "last",
    [
        *("Ông nói với PV/VOV.VN rằng cầu đã xong.", "Việt Nam", "Theo ông An, cầu đã xong.", "Cầu dài 1.200 m."),
        *("Theo kế hoạch, cầu sẽ xong vào năm sau", "Ông A/Bà B", "Tốc độ 60 km/h", "Bến Chợ/Bờ Sông", "Nguyễn Văn An"),
    ],
)
def test_a_last_paragraph_that_is_no_signature_stays(last: str) -> None:
    article = read(f"<p>Đoạn đầu của bài.</p><p>{last}</p>")
    assert article.body.endswith(last)
    assert article.authors == []


def test_a_signature_that_the_author_block_repeats_is_no_text() -> None:
    article = read("<p>Đoạn đầu.</p><p><strong>Việt Nga VOV-Sydney</strong></p>", authors="Việt Nga VOV-Sydney")
    assert article.body == "Đoạn đầu."


@pytest.mark.parametrize("last", ["<ul><li>Kênh:</li><li>VOV1</li></ul>", "<blockquote>Theo Kinh Thi</blockquote>"])
def test_an_entry_of_a_list_and_a_quotation_are_no_signature_for_what_they_name(last: str) -> None:
    article = read(f"<p>Đoạn đầu của bài.</p>{last}")
    assert article.body.endswith(("VOV1", "Theo Kinh Thi"))
    assert article.authors == []


def test_what_the_author_block_says_is_no_text_at_the_end_of_the_last_sentence() -> None:
    article = read("<p>Đoạn đầu, cầu đã xong K.L/Báo Nhà</p>", authors="K.L/Báo Nhà")
    assert article.body == "Đoạn đầu, cầu đã xong"


def test_authors_of_a_text_without_an_author_block_are_each_one() -> None:
    article = read("<p>Đoạn đầu.</p><p>Lan Anh/VOV-TP.HCM</p><p>Hà My/VOV1, CTV Kim Lan/VOV2</p>")
    assert [(author.name, author.affiliation) for author in article.authors] == [
        ("Lan Anh", "VOV-TP.HCM"),
        ("Hà My", "VOV1"),
        ("Kim Lan", "VOV2"),
    ]


def test_end_marks_are_plain_in_every_block() -> None:
    article = read("<p>Vui quá ông!./.</p><ul><li>“Cầu đẹp.”/.</li></ul><p>Xong./. Mai thông xe./.</p>")
    assert article.body == "Vui quá ông!\n\n“Cầu đẹp.”\n\nXong. Mai thông xe."


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ('<a href="/author?keyword=a">Lan Anh/VOV1, Hà My/VOV-TP.HCM</a>', ["Lan Anh", "Hà My"]),
        ('<a href="/author?keyword=a">Lan Anh/VOV1 - Hà My/VOV2</a>', ["Lan Anh", "Hà My"]),
        ("Lan Anh/VOV1, Hà My/VOV2", ["Lan Anh", "Hà My"]),
        ("Lan Anh/VOV1; Hà My/VOV2", ["Lan Anh", "Hà My"]),
        ("Lan Anh/VOV1<br>Hà My/VOV2", ["Lan Anh", "Hà My"]),
        ("Lan Anh/VOV online (theo AP, Reuters)", ["Lan Anh"]),
        ("Lan Anh, Hà My/VOV2", ["Lan Anh, Hà My"]),
        ('<a href="/author?keyword=a">Lan Anh/VOV1</a><a href="/author?keyword=b">Hà My</a>', ["Lan Anh", "Hà My"]),
        ('<a href="/author?keyword=/VOV.VN">/VOV.VN</a>', ["VOV.VN"]),
    ],
)
def test_each_author_is_one(markup: str, names: list[str]) -> None:
    assert [author.name for author in read("<p>Đoạn.</p>", authors=markup).authors] == names


@pytest.mark.parametrize(
    "markup",
    [
        '<p>Ở <a href="/a/b-post7.vov">thành phố./.</a></p>',
        '<p>Ở <a href="/a/b-post7.vov">thành phố.</a>/.</p><table><tr><td>a</td></tr></table>',
        '<p>Ở <a href="/a/b-post7.vov">thành phố./.</a> Hừng La/VOV online</p>',
        '<p>Xong./. Ở <a href="/a/b-post7.vov">thành phố.</a></p>',
        '<p>Xong!./. Ở <a href="/a/b-post7.vov">thành phố./.</a> Mai thông xe.</p>',
        '<table><tr><td>a</td><td>ở <a href="/a/b-post7.vov">thành phố.</a></td></tr></table>',
    ],
)
def test_a_links_offsets_slice_to_its_words_whatever_is_cut_off(markup: str) -> None:
    article = read(markup)
    (link,) = article.links
    assert (link.text, article.body[link.start : link.end]) == ("thành phố.", "thành phố.")


def test_a_gallery_gives_every_picture_its_caption() -> None:
    figure = '<figure><img src="/{0}.jpg"><figcaption>Ảnh {0} (Ảnh: KT)</figcaption></figure>'
    article = read(f'<p>Đoạn.</p><figure class="wp-block-gallery">{figure.format(1)}{figure.format(2)}</figure>')
    assert [(image.url[-5:], image.caption, image.credit) for image in article.images] == [
        ("1.jpg", "Ảnh 1", "KT"),
        ("2.jpg", "Ảnh 2", "KT"),
    ]


def test_words_in_italics_under_a_picture_in_a_paragraph_are_its_caption() -> None:
    article = read('<p>Đoạn.</p><p><img src="/a.jpg"><br><em>Cầu mới (Ảnh: AFP)</em></p>')
    assert article.body == "Đoạn."
    assert [(image.caption, image.credit) for image in article.images] == [("Cầu mới", "AFP")]


def test_an_article_of_captioned_pictures_only_is_a_photo_story() -> None:
    article = read("<figure><img src='/a.jpg'><figcaption>Cầu lúc bình minh</figcaption></figure>")
    assert (article.content_type, article.body) == ("photo", "Cầu lúc bình minh")


def test_a_page_with_a_foreign_player_only_is_not_empty() -> None:
    article = read('<iframe src="https://www.youtube.com/embed/abc"></iframe>')
    assert (article.body, article.videos) == ("", [Media("https://www.youtube.com/embed/abc", None)])


@pytest.mark.parametrize("pointer", [">> Xem thêm: ", "XEM THÊM: ", "Tin liên quan: ", ">>> "])
def test_a_line_that_points_to_another_story_is_a_teaser(pointer: str) -> None:
    article = read(f'<p>Đoạn.</p><p><strong>{pointer}<a href="/a/b-post7.vov">Tin khác</a></strong></p>')
    assert article.body == "Đoạn."
    assert [(story.headline, story.placement) for story in article.related] == [("Tin khác", "inline")]


CARD = """<div class="article-media media"><a class="vovvn-title" href="{url}"><img alt="{title}"></a>
<div class="media-body"><a href="{url}"><h5 class="media-title">{title}</h5></a>{lead}</div></div>"""


def test_a_link_in_a_cards_lead_is_no_story_of_its_own() -> None:
    lead = '<p class="mt-2">VOV.VN - Dẫn <a href="/q/z-post9.vov">có liên kết</a> ở giữa.</p>'
    article = read("<p>Đoạn.</p>", related=CARD.format(url="/a/b-post7.vov", title="Tin khác", lead=lead))
    assert [(story.id, story.description) for story in article.related] == [("post7", "Dẫn có liên kết ở giữa.")]


def test_a_story_is_one_under_whatever_slug() -> None:
    cards = CARD.format(url="/a/b-post7.vov", title="Tin khác", lead="")
    cards += CARD.format(url="/a/ten-moi-post7.vov", title="Tin khác", lead="<p>Dẫn.</p>")
    cards += CARD.format(url="/xa-hoi/ten-cu-post1.vov", title="Chính tin này", lead="")
    article = read("<p>Đoạn.</p>", related=cards)
    assert [(story.url, story.description) for story in article.related] == [("https://vov.vn/a/b-post7.vov", "Dẫn.")]


def test_a_lead_of_two_blocks_is_not_run_together() -> None:
    html = page("<p>Đoạn.</p>").replace("VOV.VN - Cây cầu thông xe.", "<div>VOV.VN - Một.</div><div>Hai.</div>")
    assert parse_article(html, URL).description == "Một. Hai."


@pytest.mark.parametrize("charset", ["rot13", "hex", "idna", "undefined", "no-such"])
def test_a_declared_encoding_that_is_none_of_text_is_passed_over(charset: str) -> None:
    html = page("<p>Doan.</p>", head=f'<meta charset="{charset}">').encode() + b"\xff"
    assert parse_article(html, URL).body == "Doan."


@pytest.mark.parametrize("canonical", ["http://[bad", "khong phai dia chi", ""])
def test_a_broken_canonical_link_is_passed_over(canonical: str) -> None:
    assert parse_article(page("<p>Đoạn.</p>").replace(URL, canonical), URL).canonical_url == URL


def test_an_address_that_cannot_be_encoded_is_refused_or_read_but_never_an_error() -> None:
    with contextlib.suppress(NotAnArticle):
        parse_article(page("<p>Đoạn.</p>"), "https://vov.vn/\ud800-post1.vov")


def test_a_run_of_marks_that_no_letter_carries_is_cut() -> None:
    assert len(read("<p>a" + "\u0301\u0323" * 50_000 + "</p>").body) < 100


@pytest.mark.parametrize("kind", ["detail--emagazine", "detail--live"])
def test_a_special_page_of_unknown_markup_gives_its_text(kind: str) -> None:
    html = f"""<html lang="vi"><head><link rel="canonical" href="{URL}">
    <meta property="article:published_time" content="2026-07-16T08:46:00+07:00"></head><body>
    <div class="cover"><h1>Cầu mới</h1><div class="article-summary">VOV.VN - Cây cầu thông xe.</div></div>
    <article class="detail {kind}"><section class="chapter"><h2>Nhịp một</h2><p>Đoạn một.</p></section>
    <section class="chapter"><p>Đoạn hai.</p></section><div class="article-author"><a href="#">Lan Anh/VOV1</a></div>
    </article></body></html>"""
    article = parse_article(html, URL)
    assert (article.headline, article.description) == ("Cầu mới", "Cây cầu thông xe.")
    assert blocks(article) == [("subhead", "Nhịp một"), ("paragraph", "Đoạn một."), ("paragraph", "Đoạn hai.")]
    assert article.warnings == []


def test_the_headline_within_a_special_page_is_no_part_of_its_text() -> None:
    html = f"""<html lang="vi"><head><link rel="canonical" href="{URL}">
    <meta property="article:published_time" content="2026-07-16T08:46:00+07:00"></head><body>
    <article class="detail detail--live"><h1>Cầu mới</h1><section><p>Đoạn một.</p></section></article></body></html>"""
    assert blocks(parse_article(html, URL)) == [("paragraph", "Đoạn một.")]


def test_a_subhead_that_repeats_the_headline_is_text() -> None:
    assert read("<h2>Cầu mới</h2><p>Đoạn.</p>").body == "Cầu mới\n\nĐoạn."
