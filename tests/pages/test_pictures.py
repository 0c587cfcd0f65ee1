"""Pictures in their largest version, captions apart from credits, and players."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.pages.snippets import blocks, read_page
from tests.strategies import MESSY_TEXT
from vovcrawl.cleaning.credits import split_credit
from vovcrawl.items import Image, Media
from vovcrawl.text import clean

TEXT = "<p>Chợ họp sớm.</p>"
MEDIA = "https://media.vov.vn/sites/default/files"
STYLES = f"{MEDIA}/styles"


@pytest.mark.parametrize(
    ("shown", "caption", "credit"),
    [
        ("Ghe đầy hoa (Ảnh: Reuters).", "Ghe đầy hoa", "Reuters"),
        ("Ghe đầy hoa (Ảnh: Reuters)", "Ghe đầy hoa", "Reuters"),
        ("Ghe đầy hoa. (Ảnh: Lan Chi)", "Ghe đầy hoa.", "Lan Chi"),
        ("Ghe đầy hoa [Nguồn: AP]", "Ghe đầy hoa", "AP"),
        ("Ghe đầy hoa (ảnh: TTXVN).", "Ghe đầy hoa", "TTXVN"),
        ("Ghe đầy hoa (Ảnh minh họa: KT)", "Ghe đầy hoa", "KT"),
        ("Ghe đầy hoa (Nguồn ảnh: KT)", "Ghe đầy hoa", "KT"),
        ("Ghe đầy hoa (Ảnh: Hội An (Phú Thọ))", "Ghe đầy hoa", "Hội An (Phú Thọ)"),
        ("Ghe đầy hoa. Ảnh: Lan Chi", "Ghe đầy hoa.", "Lan Chi"),
        ("Ghe đầy hoa. Ảnh: VOV.VN", "Ghe đầy hoa.", "VOV.VN"),
        ("Ghe đầy hoa - Ảnh: KT", "Ghe đầy hoa", "KT"),
        ("Ảnh: Reuters", None, "Reuters"),
        ("(Ảnh: Reuters)", None, "Reuters"),
        ("Ghe đầy hoa", "Ghe đầy hoa", None),
        ("Ghe đầy hoa (chợ sáng).", "Ghe đầy hoa (chợ sáng).", None),
        ("Ảnh chụp lúc 5h: ghe đầy hoa.", "Ảnh chụp lúc 5h: ghe đầy hoa.", None),
        ("Theo ảnh: ghe đầy hoa ở bến, khách đông", "Theo ảnh: ghe đầy hoa ở bến, khách đông", None),
        ("", None, None),
    ],
)
def test_a_caption_is_parted_from_its_credit(shown: str, caption: str | None, credit: str | None) -> None:
    assert split_credit(shown) == (caption, credit)


def test_the_credit_of_a_long_caption_is_found() -> None:
    long = "Ghe đầy hoa trôi trên sông. " * 30
    assert split_credit(f"{long}(Ảnh: Lan Chi)") == (long.rstrip(), "Lan Chi")


@given(MESSY_TEXT)
@settings(max_examples=100, deadline=None)
def test_a_caption_without_a_credit_stays_whole(raw: str) -> None:
    caption = clean(raw).replace(":", "")
    assert split_credit(caption) == (caption or None, None)


def figure(picture: str, caption: str = "", attributes: str = "") -> str:
    return f"<figure><div {attributes}><article>{picture}</article></div><figcaption>{caption}</figcaption></figure>"


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        (figure(f'<img src="{STYLES}/large/public/a.jpg">'), f"{STYLES}/large/public/a.jpg"),
        (
            figure(
                f'<img src="{STYLES}/small/public/a.jpg">',
                attributes=(
                    f'data-large-src="{STYLES}/large/public/a.jpg" data-medium-src="{STYLES}/medium/public/a.jpg"'
                ),
            ),
            f"{STYLES}/large/public/a.jpg",
        ),
        (
            figure(
                f'<img src="{STYLES}/small/public/a.jpg">',
                attributes=(
                    f'data-large-src="{STYLES}/large/public/a.jpg" data-large-size="600x400" '
                    f'data-medium-src="{STYLES}/medium/public/a.jpg" data-medium-size="800x540"'
                ),
            ),
            f"{STYLES}/medium/public/a.jpg",
        ),
        (
            figure(
                f'<picture><source data-srcset="{STYLES}/large/public/a.jpg 1x">'
                f'<source srcset="{STYLES}/small/public/a.jpg 1x"><img src="{STYLES}/medium/public/a.jpg"></picture>'
            ),
            f"{STYLES}/large/public/a.jpg",
        ),
        (figure('<img srcset="/s.jpg 480w, /l.jpg 1200w, /m.jpg 800w" src="/x.jpg">'), "https://vov.vn/l.jpg"),
        (figure('<img src="data:image/gif;base64,R0lG" data-src="/that.jpg">'), "https://vov.vn/that.jpg"),
        (figure(f'<img src="{STYLES}/large/public/a.jpg?resize=p_8,w_370&v=3">'), f"{STYLES}/large/public/a.jpg?v=3"),
        (figure(f'<img src="{STYLES}/small/public/a.jpg" data-original="{MEDIA}/a.jpg">'), f"{MEDIA}/a.jpg"),
        ('<p><img src="//images.vov.vn/w800/uploaded/a.jpg"></p>', "https://images.vov.vn/w800/uploaded/a.jpg"),
    ],
)
def test_the_largest_version_offered_is_kept(markup: str, url: str) -> None:
    assert [image.url for image in read_page(TEXT + markup).images] == [url]


def test_the_widest_version_that_can_be_a_url_is_kept() -> None:
    markup = '<p><img srcset="/a.jpg 1w, /c.jpg 3w, data:x 9w, /b.jpg 2w"></p>'
    assert [image.url for image in read_page(TEXT + markup).images] == ["https://vov.vn/c.jpg"]


def test_of_hundreds_of_versions_the_first_ones_are_compared() -> None:
    markup = f'<p><img srcset="{", ".join(f"/{width}.jpg {width}w" for width in range(1, 900))}"></p>'
    assert [image.url for image in read_page(TEXT + markup).images] == ["https://vov.vn/50.jpg"]


def test_of_galleries_in_each_other_the_innermost_figures_are_read_in_page_order() -> None:
    one, two, three = (figure(f'<img src="/{name}.jpg">', name) for name in "abc")
    images = read_page(TEXT + f"<figure><figure>{one}{two}</figure>{three}</figure>").images
    assert [(image.url[-5:], image.caption) for image in images] == [("a.jpg", "a"), ("b.jpg", "b"), ("c.jpg", "c")]


def test_a_caption_in_a_caption_is_said_once() -> None:
    markup = "<figure><img src=/a.jpg><figcaption>Ghe <figcaption>hoa</figcaption></figcaption></figure>"
    assert [image.caption for image in read_page(TEXT + markup).images] == ["Ghe hoa"]


def test_images_stand_in_order_with_caption_and_credit() -> None:
    article = read_page(figure('<img src="/a.jpg">', "Ghe hoa (Ảnh: KT).") + TEXT + figure('<img src="/b.jpg">'))
    assert article.images == [
        Image("https://vov.vn/a.jpg", "Ghe hoa", "KT"),
        Image("https://vov.vn/b.jpg", None, None),
    ]
    assert article.body == "Chợ họp sớm."


def test_the_text_made_of_the_slug_is_no_caption() -> None:
    article = read_page(TEXT + '<p><img src="/a.jpg" alt="cho noi hinh anh 1" title="cho noi hình ảnh 1"></p>')
    assert article.images == [Image("https://vov.vn/a.jpg", None, None)]


@pytest.mark.parametrize("src", ["", "data:image/gif;base64,R0lG", "javascript:x", "http://["])
def test_a_picture_without_an_address_is_none(src: str) -> None:
    assert read_page(TEXT + f'<p><img src="{src}"></p>').images == []


def test_pictures_outside_the_text_are_not_the_article_s() -> None:
    outside = '<div class="field-related-article"><img src="/khac.jpg"></div><img src="/logo.svg">'
    assert read_page(TEXT, outside=outside).images == []


def test_the_table_of_an_old_picture_is_its_frame() -> None:
    table = (
        '<table class="contentimg"><tr><td><img class="cms-photo" src="/a.jpg"></td></tr>'
        "<tr><td>Ghe hoa (Ảnh: KT)</td></tr></table>"
    )
    article = read_page(table + TEXT)
    assert article.images == [Image("https://vov.vn/a.jpg", "Ghe hoa", "KT")]
    assert article.body == "Chợ họp sớm."


def test_the_caption_of_an_old_picture_is_its_attribute() -> None:
    article = read_page(TEXT + '<img class="cms-photo" src="/a.jpg" cms-photo-caption="Ghe hoa (Ảnh: KT)">')
    assert article.images == [Image("https://vov.vn/a.jpg", "Ghe hoa", "KT")]


def test_captions_are_the_text_of_a_photo_page() -> None:
    body = figure('<img src="/a.jpg">', "Ghe hoa (Ảnh: KT).") + figure('<img src="/b.jpg">', "Bến đò.")
    article = read_page(body, article_class="detail detail--photo")
    assert article.content_type == "photo"
    assert blocks(article) == [("caption", "Ghe hoa"), ("caption", "Bến đò.")]
    assert [image.caption for image in article.images] == ["Ghe hoa", "Bến đò."]


@pytest.mark.parametrize(
    ("markup", "videos", "audios"),
    [
        (
            '<div class="gallery-embed video_file videojs-player" data-url="/v.mp4" data-thumb="/t.jpg"></div>',
            [Media("https://vov.vn/v.mp4", "https://vov.vn/t.jpg")],
            [],
        ),
        (
            '<video poster="/t.jpg"><source src="/v.mp4"></video>',
            [Media("https://vov.vn/v.mp4", "https://vov.vn/t.jpg")],
            [],
        ),
        ('<div class="videojs-player" data-url="/v.m3u8?x=1"></div>', [Media("https://vov.vn/v.m3u8?x=1", None)], []),
        ('<audio src="/a.mp3"></audio>', [], [Media("https://vov.vn/a.mp3", None)]),
        (
            '<div class="node-content-audio"><audio class="stream-audio"><source src="/a.mp3"></audio></div>',
            [],
            [Media("https://vov.vn/a.mp3", None)],
        ),
        ('<div class="videojs-player" data-url="/a.mp3"></div>', [], [Media("https://vov.vn/a.mp3", None)]),
        ('<div class="video_file" data-url="javascript:x"></div>', [], []),
        ("<video></video>", [], []),
    ],
)
def test_players_give_their_files(markup: str, videos: list[Media], audios: list[Media]) -> None:
    article = read_page(TEXT + markup)
    assert (article.videos, article.audios) == (videos, audios)
    assert article.body == "Chợ họp sớm."


def test_the_same_file_counts_once() -> None:
    player = '<div class="videojs-player" data-url="/v.mp4"></div>'
    assert read_page(player + TEXT + player).videos == [Media("https://vov.vn/v.mp4", None)]


def test_a_player_below_the_text_belongs_to_the_article() -> None:
    after = '<div class="videojs-player" data-url="/v.mp4"></div>'
    assert read_page(TEXT, after=after).videos == [Media("https://vov.vn/v.mp4", None)]
