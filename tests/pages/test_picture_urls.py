"""Which of the urls that a picture's markup offers is kept, and what is no picture."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pages.snippets import read_page
from vovcrawl.pages.picture_urls import candidates

TEXT = "<p>Chợ họp sớm.</p>"
OLD = "https://images.vov.vn"
FILES = "https://media.vov.vn/sites/default/files"
A = "https://vov.vn/a.jpg"
STYLES = f"{FILES}/styles"


def urls(markup: str) -> list[str]:
    return [image.url for image in read_page(TEXT + markup).images]


@pytest.mark.parametrize(
    ("srcset", "expected"),
    [
        ("/a.jpg", [("/a.jpg", [])]),
        ("/a.jpg 1x, /b.jpg 2x", [("/a.jpg", ["1x"]), ("/b.jpg", ["2x"])]),
        ("/a.jpg 480w,/b.jpg 800w", [("/a.jpg", ["480w"]), ("/b.jpg", ["800w"])]),
        ("\n  /a.jpg\t480w\n ,\n  /b.jpg\r\n 800w\n", [("/a.jpg", ["480w"]), ("/b.jpg", ["800w"])]),
        ("/w_1,h_2/a.jpg 1x, /b.jpg 2x", [("/w_1,h_2/a.jpg", ["1x"]), ("/b.jpg", ["2x"])]),
        ("/a.jpg, /b.jpg 2x", [("/a.jpg", []), ("/b.jpg", ["2x"])]),
        (",, /a.jpg 1x,,, /b.jpg 2x,", [("/a.jpg", ["1x"]), ("/b.jpg", ["2x"])]),
        ("/a.jpg 800w 600h, /b.jpg 2x", [("/a.jpg", ["800w", "600h"]), ("/b.jpg", ["2x"])]),
        ("data:image/gif;base64,R0lG 1w, /b.jpg 2w", [("data:image/gif;base64,R0lG", ["1w"]), ("/b.jpg", ["2w"])]),
        (" , ", []),
        ("", []),
    ],
)
def test_a_srcset_is_parted_as_browsers_part_it(srcset: str, expected: list[tuple[str, list[str]]]) -> None:
    assert list(candidates(srcset)) == expected


@given(
    st.lists(
        st.tuples(st.from_regex(r"\A/[a-z][a-z,]{0,8}[a-z]\.jpg\Z"), st.sampled_from(["480w", "2x", "1.5x", "9w 8h"])),
        max_size=8,
    ),
    st.sampled_from([",", ", ", " ,", "\n,\t", ",,"]),
)
@settings(max_examples=60, deadline=None)
def test_what_was_joined_to_a_srcset_is_parted_again(pairs: list[tuple[str, str]], comma: str) -> None:
    srcset = comma.join(f"{url} {how}" for url, how in pairs)
    assert list(candidates(srcset)) == [(url, how.split()) for url, how in pairs]


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        # The picture as uploaded, and the link around it.
        (
            f'<p><a class="swipebox" href="{OLD}/w990/uploaded/h/a.jpg"><img class="cms-photo" '
            f'src="{OLD}/w800/uploaded/h/a.jpg" data-photo-original-src="{OLD}/uploaded/h/a.jpg"></a></p>',
            f"{OLD}/uploaded/h/a.jpg",
        ),
        (
            f'<p><a class="swipebox" href="{OLD}/w990/uploaded/a.jpg"><img src="{OLD}/w800/uploaded/a.jpg"></a></p>',
            f"{OLD}/w990/uploaded/a.jpg",
        ),
        (
            f'<p><a href="{OLD}/w490/uploaded/h/a.jpg"><img src="{OLD}/w800/uploaded/h/a.jpg"></a></p>',
            f"{OLD}/w800/uploaded/h/a.jpg",
        ),
        (
            f'<table><tr><td><a href="/to.jpg"><img src="{OLD}/w800/uploaded/a.jpg"></a></td></tr></table>',
            "https://vov.vn/to.jpg",
        ),
        ('<p><a href="/to.jpg"><img srcset="/a.jpg 480w, /b.jpg 800w"></a></p>', "https://vov.vn/to.jpg"),
        ('<figure><a href="/to.jpg"><picture><img src="/a.jpg"></picture></a></figure>', "https://vov.vn/to.jpg"),
        ('<p><a class="swipebox" href="/anh?id=7"><img src="/w200/a.jpg"></a></p>', "https://vov.vn/anh?id=7"),
        ('<p><a class="swipebox" href="/a/b-post7.vov"><img src="/a.jpg"></a></p>', "https://vov.vn/a.jpg"),
        ('<p><a href="/the-thao"><img src="/a.jpg"></a></p>', "https://vov.vn/a.jpg"),
        ('<p><a class="swipebox" href="#to"><img src="/a.jpg"></a></p>', "https://vov.vn/a.jpg"),
        # Widths.
        ('<p><img src="/x.jpg" srcset="/s.jpg 480w,/l.jpg 1200w,/m.jpg 800w"></p>', "https://vov.vn/l.jpg"),
        ('<p><img src="/x.jpg" srcset="/s.jpg\n480w\n,\n/l.jpg\n1200w"></p>', "https://vov.vn/l.jpg"),
        ('<p><img src="/x.jpg" srcset="/s.jpg 480w 320h, /l.jpg 1200w 800h"></p>', "https://vov.vn/l.jpg"),
        ('<p><img srcset="/s.jpg 320h, /l.jpg 800h"></p>', "https://vov.vn/l.jpg"),
        ('<p><img src="/a.jpg" srcset="/a.jpg 1x, /a2.jpg 2x"></p>', "https://vov.vn/a2.jpg"),
        ('<p><img src="/a.jpg" srcset="/b.jpg 1.5x, /c.jpg 3x, /d.jpg 2x"></p>', "https://vov.vn/c.jpg"),
        (f'<p><img src="{OLD}/w400/uploaded/a.jpg" srcset="/a2.jpg 2x"></p>', "https://vov.vn/a2.jpg"),
        (
            f'<p><img src="{STYLES}/large/public/a.jpg" srcset="{STYLES}/small/public/a.jpg 480w, '
            f'{STYLES}/medium/public/a.jpg 800w"></p>',
            f"{STYLES}/large/public/a.jpg",
        ),
        (
            f'<p><img src="{STYLES}/max_650x650/public/a.jpg" srcset="{STYLES}/max_1300x1300/public/a.jpg"></p>',
            f"{STYLES}/max_1300x1300/public/a.jpg",
        ),
        (f'<p><img src="{FILES}/2026-07/a.jpg" srcset="/b.jpg 800w"></p>', f"{FILES}/2026-07/a.jpg"),
        ('<p><img src="/a-300x200.jpg" data-orig-file="/a.jpg"></p>', "https://vov.vn/a.jpg"),
        ('<p><img src="/a-300x200.jpg" srcset="/a-1024x683.jpg"></p>', "https://vov.vn/a-1024x683.jpg"),
        # The source for the widest screen.
        (
            '<picture><source media="(max-width: 600px)" srcset="/s.jpg"><source media="(min-width: 75em)" '
            'srcset="/l.jpg"><source media="(min-width: 700px)" srcset="/m.jpg"><img src="/x.jpg"></picture>',
            "https://vov.vn/l.jpg",
        ),
        (
            '<picture><source media="(max-width: 600px)" srcset="/s.jpg"><img src="/x.jpg"></picture>',
            "https://vov.vn/x.jpg",
        ),
        (
            f'<div data-large-src="{STYLES}/large/public/a.jpg"><img src="{STYLES}/small/public/a.jpg"></div>',
            f"{STYLES}/large/public/a.jpg",
        ),
        # Placeholders never win.
        ('<p><img src="/img/blank.gif" data-src="/a.jpg"></p>', "https://vov.vn/a.jpg"),
        ('<p><img src="/img/cho.png" data-src="/a.jpg"></p>', "https://vov.vn/a.jpg"),
        (f'<p><img src="/img/cho.png" data-original="{OLD}/w490/a.jpg"></p>', f"{OLD}/w490/a.jpg"),
        ('<p><img src="/img/cho.png" data-srcset="/a.jpg 480w, /b.jpg 800w"></p>', "https://vov.vn/b.jpg"),
        ('<p><img src="/1x1.png" width="1" height="1" data-lazy-src="/a.jpg"></p>', "https://vov.vn/a.jpg"),
        ('<p><img src="data:image/gif;base64,R0" srcset="data:image/gif;base64,R0 1w" data-src="/a.jpg"></p>', A),
        ('<figure><img src="/blank.gif"><noscript><img src="/a.jpg"></noscript></figure>', "https://vov.vn/a.jpg"),
        ('<p><img src="/blank.gif"><noscript><img src="/a.jpg"></noscript></p>', "https://vov.vn/a.jpg"),
        ('<p><img style="display:none" src="/cho.png" data-src="/a.jpg"></p>', "https://vov.vn/a.jpg"),
    ],
)
def test_the_widest_version_that_is_really_offered_is_kept(markup: str, url: str) -> None:
    assert urls(markup) == [url]


def test_a_link_around_several_pictures_is_none_of_them() -> None:
    assert urls('<p><a href="/to.jpg"><img src="/a.jpg"><img src="/b.jpg"></a></p>') == [
        "https://vov.vn/a.jpg",
        "https://vov.vn/b.jpg",
    ]


def test_the_pictures_of_a_figure_each_have_their_own_largest_version() -> None:
    one, two = (f'<div data-large-src="/{name}1.jpg"><img src="/{name}.jpg" width="300"></div>' for name in "ab")
    assert urls(f"<figure>{one}{two}</figure>") == ["https://vov.vn/a1.jpg", "https://vov.vn/b1.jpg"]


def test_a_picture_shown_twice_in_a_figure_for_two_kinds_of_screens_is_one() -> None:
    markup = '<figure><a href="/to.jpg"><img src="/a.jpg"></a><a href="/to.jpg"><img src="/b.jpg"></a></figure>'
    assert urls(markup) == ["https://vov.vn/to.jpg"]


@pytest.mark.parametrize(
    "img",
    [
        '<img src="/dem.php?bai=7" width="1" height="1">',
        '<img src="/dem.php?bai=7" style="width: 1px; height: 1px">',
        '<img src="/dem.php?bai=7" style="display:none">',
        '<img src="https://www.facebook.com/tr?id=7&amp;ev=PageView">',
        '<img src="https://www.google-analytics.com/collect?v=1">',
        '<img src="/images/spacer.gif" width="600" height="10">',
        '<img src="/images/blank.gif">',
        '<img src="/a.png" width="600" height="1">',
        '<img src="data:image/jpeg;base64,/9j/4AAQ">',
        '<img class="emoji" alt="🙂" src="https://s.w.org/images/core/emoji/14/72x72/1f642.png">',
        '<img src="https://static.xx.fbcdn.net/images/emoji.php/v9/t4c/1/16/1f642.png">',
        '<img class="avatar" src="/a.jpg">',
        '<img class="flag-icon" src="/vn.png">',
        '<img src="/a.png" width="24" height="16">',
        '<img src="/a.png" width="16px">',
        '<img src="/themes/custom/vovvn/images/phong-to.png">',
        '<img src="/images/icons/phong-to.png">',
    ],
)
def test_what_only_decorates_or_counts_is_no_picture(img: str) -> None:
    article = read_page(f"<p>Chợ {img} họp.</p><figure><img src='/a.jpg'>{img}</figure>")
    assert [image.url for image in article.images] == ["https://vov.vn/a.jpg"]
    assert article.body == "Chợ họp."


@pytest.mark.parametrize(
    "img",
    [
        '<img src="/le-thuong-co-flag.jpg">',
        '<img src="/a.jpg" width="600">',
        '<img src="/a.jpg" style="width: 100%; height: auto">',
        '<img src="/a.jpg" width="100%" height="">',
        '<img class="image-large lazyload" src="/a.jpg">',
        '<img src="/loading-hang.jpg">',
        '<img src="/uploaded/trang/anh-trong.gif">',
    ],
)
def test_a_picture_that_only_resembles_decoration_is_kept(img: str) -> None:
    assert len(urls(f"<p>{img}</p>")) == 1


def test_flags_in_a_table_of_results_are_no_pictures() -> None:
    rows = "".join(
        f'<tr><td><img src="https://upload.example/{name}.png"> Đội {name}</td><td>{name}</td></tr>' for name in "123"
    )
    article = read_page(f"{TEXT}<table>{rows}</table>")
    assert article.images == []
    assert article.body == "Chợ họp sớm.\n\nĐội 1\t1\nĐội 2\t2\nĐội 3\t3"


def test_photos_in_a_table_of_data_are_pictures() -> None:
    rows = "".join(
        f'<tr><td><img src="{STYLES}/medium/public/{name}.png"></td><td>Ông {name}</td><td>Số {name}</td></tr>'
        for name in "12"
    )
    article = read_page(f"{TEXT}<table>{rows}</table>")
    assert [image.url[-5:] for image in article.images] == ["1.png", "2.png"]
    assert "Ông 1\tSố 1" in article.body
