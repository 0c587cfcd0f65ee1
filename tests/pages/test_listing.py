"""Listings: articles in order, how far the pager reaches, the menu, and pages that are no listing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sample_site import special_pages
from sample_site.pages import Pages
from sample_site.site import load_site
from sample_site.story import Story
from vovcrawl.pages import listing, menu
from vovcrawl.pages.errors import NotAListing, Reason

SITE = load_site()
PAGES = Pages(SITE)
SECTION = "https://vov.vn/xa-hoi"
CARDS = '<html><body class="path-taxonomy">{}<div class="views-content">{}</div>{}</body></html>'


def read(path: str) -> listing.Listing:
    return listing.read(PAGES.get(f"/{path}").body, f"https://vov.vn/{path}")


def cards(*hrefs: str, before: str = "", after: str = "") -> listing.Listing:
    items = "".join(f'<div class="taxonomy-content"><a href="{href}">Tin</a></div>' for href in hrefs)
    return listing.read(CARDS.format(before, items, after), SECTION)


def urls(stories: list[Story]) -> tuple[str, ...]:
    return tuple(story.url for story in stories)


@pytest.mark.parametrize("path", sorted(SITE.listings))
def test_a_listing_names_its_stories_in_order_each_once(path: str) -> None:
    assert read(path).articles == urls(SITE.listings[path][: SITE.page_size])


def test_the_second_page_goes_on_where_the_first_ends() -> None:
    assert read("xa-hoi?page=1").articles == urls(SITE.listings["xa-hoi"][SITE.page_size : 2 * SITE.page_size])


@pytest.mark.parametrize("path", sorted(SITE.listings))
def test_the_pager_tells_the_last_page(path: str) -> None:
    last = -(-len(SITE.listings[path]) // SITE.page_size) - 1
    assert read(path).last_page == (last if last > 0 else None)


def test_an_empty_listing_is_a_listing_all_the_same() -> None:
    empty = next(path for path in SITE.section_by_path if not SITE.listings[path])
    found = read(empty)
    assert (found.articles, found.last_page) == ((), None)


def test_every_way_to_link_a_story_gives_its_canonical_address() -> None:
    found = cards(
        "/xa-hoi/a-post1315001.vov",
        "http://www.vov.vn/xa-hoi/a-post1315001.vov?gidzl=x",
        "https://baoxuan.vov.vn/xa-hoi/b-890001.vov#x",
        "//vov.vn/xa-hoi/c-post1315003.vov",
    )
    assert found.articles == (
        "https://vov.vn/xa-hoi/a-post1315001.vov",
        "https://vov.vn/xa-hoi/b-890001.vov",
        "https://vov.vn/xa-hoi/c-post1315003.vov",
    )


@pytest.mark.parametrize(
    "href",
    [
        "/the-thao",
        "https://english.vov.vn/en/x-post1.vov",
        "javascript:void(0)",
        "#",
        "",
        "/km-KH/x/43977.vov",
        "http://[",
    ],
)
def test_what_is_no_story_is_not_listed(href: str) -> None:
    assert cards(href, "/xa-hoi/a-post1315001.vov").articles == ("https://vov.vn/xa-hoi/a-post1315001.vov",)


@pytest.mark.parametrize(
    "chrome",
    [
        "<header><a href='/xa-hoi/menu-post1.vov'>Tin</a></header>",
        "<nav><a href='/xa-hoi/menu-post1.vov'>Tin</a></nav>",
        "<footer><a href='/xa-hoi/menu-post1.vov'>Tin</a></footer>",
        "<div class='ajax-article-by-category'><a href='/xa-hoi/menu-post1.vov'>Tin</a></div>",
        "<div class='panel most-view'><a href='/xa-hoi/menu-post1.vov'>Tin</a></div>",
    ],
)
@pytest.mark.parametrize(
    "page", ["<html><body>{}{}</body></html>", "<html><body><div class='views-content'>{}{}</div></body></html>"]
)
def test_stories_of_menus_footers_and_side_boxes_are_not_the_listing_s(chrome: str, page: str) -> None:
    found = listing.read(page.format(chrome, "<a href='/xa-hoi/a-post1315001.vov'>Tin</a>"), SECTION)
    assert found.articles == ("https://vov.vn/xa-hoi/a-post1315001.vov",)


def test_a_story_beside_the_list_is_not_the_listing_s() -> None:
    found = cards("/xa-hoi/a-post1315001.vov", before="<div><a href='/xa-hoi/b-post1315002.vov'>Nổi bật</a></div>")
    assert found.articles == ("https://vov.vn/xa-hoi/a-post1315001.vov",)


@pytest.mark.parametrize(
    ("pager", "last_page"),
    [
        ("", None),
        ("<ul class='pagination'><li><a href='?page=0'>1</a></li></ul>", 0),
        ("<ul class='pagination'><li><a href='?page=4'>5</a></li><li><a href='?page=1'>2</a></li></ul>", 4),
        ("<ul class='pagination'><li><a href='/xa-hoi?page=2'>3</a></li></ul>", 2),
        ("<ul class='pagination'><li><a href='/the-thao?page=9'>Khác</a></li></ul>", None),
        ("<div class='pagination'><span><a class='next' href='?page=3'>Tiếp</a></span></div>", 3),
        ("<a class='btn--read-more' href='?page=1'>Xem thêm</a>", 1),
        ("<a href='?page=8'>Một liên kết khác</a>", None),
    ],
)
def test_the_pager_is_read_in_every_known_shape(pager: str, last_page: int | None) -> None:
    assert cards("/xa-hoi/a-post1315001.vov", after=pager).last_page == last_page


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (special_pages.BLOCK_PAGE_ADDRESS, Reason.BLOCKED),
        (special_pages.MISSING_ADDRESS, Reason.ERROR),
    ],
)
def test_a_page_that_stands_in_for_a_listing_is_refused(address: str, reason: Reason) -> None:
    with pytest.raises(NotAListing) as refusal:
        listing.read(PAGES.get(address).body, SECTION)
    assert refusal.value.reason is reason


@pytest.mark.parametrize("page", [b"", b"   ", b"<!-- -->"])
def test_nothing_at_all_is_refused(page: bytes) -> None:
    with pytest.raises(NotAListing) as refusal:
        listing.read(page, SECTION)
    assert refusal.value.reason is Reason.EMPTY


def test_the_menu_names_the_sections_in_order() -> None:
    main = [section.path for section in SITE.sections]
    found = menu.read(PAGES.get("/").body, "https://vov.vn/")
    assert {url.removeprefix("https://vov.vn/") for url in found} >= set(main)
    assert len(found) == len(set(found))
    top = [url for url in found if url in {f"https://vov.vn{s.address}" for s in SITE.sections if s.parent is None}]
    assert top[:3] == ["https://vov.vn/chinh-tri", "https://vov.vn/xa-hoi", "https://vov.vn/the-gioi"]


def test_the_menu_holds_sections_only() -> None:
    header = """<header><a href="/">Trang chủ</a><a href="/the-thao">Thể thao</a><a href="/search">Tìm</a>
    <a href="/xa-hoi/a-post1315001.vov">Tin</a><a href="https://vovworld.vn/">VOV5</a><a href="/van-hoa"><i></i></a>
    <a href="http://www.vov.vn/the-thao/">THỂ THAO</a></header><a href="/du-lich">Du lịch</a>"""
    assert menu.read(f"<html><body>{header}</body></html>", "https://vov.vn/") == ["https://vov.vn/the-thao"]


@pytest.mark.parametrize("page", ["", "<html><body><p>Không có gì</p></body></html>"])
def test_a_page_without_a_menu_names_no_section(page: str) -> None:
    assert menu.read(page, "https://vov.vn/") == []


@pytest.mark.parametrize(
    "markup",
    [
        '<header><a href="/the-thao">Thể thao</a></header>',
        '<nav><a class="nav-link fw-normal nowrap" href="/the-thao">Thể thao</a></nav>',
        '<div class="widget"><h5 class="widget-title"><a href="/the-thao">Thể thao</a></h5></div>',
        '<div class="sub-menu"><a href="/the-thao">Thể thao</a></div>',
    ],
)
def test_a_menu_is_known_by_its_place_or_by_its_links(markup: str) -> None:
    elsewhere = '<main><a href="/xa-hoi">Xã hội</a></main>'
    assert menu.read(f"<html><body>{markup}{elsewhere}</body></html>", "https://vov.vn/") == ["https://vov.vn/the-thao"]


def test_lists_within_each_other_are_gone_through_once() -> None:
    links = "".join(f"<a href='/xa-hoi/a-post{number}.vov'>x</a>" for number in range(1, 31))
    opening, closing = "<div class='col-main'><div class='views-content'>" * 50, "</div></div>" * 50
    side = "<div class='sub-menu'><div class='views-content'><a href='/xa-hoi/b-post99.vov'>x</a></div></div>"
    found = listing.read(f"<html><body>{opening}{links}{side}{closing}</body></html>", "https://vov.vn/xa-hoi")
    expected = [f"https://vov.vn/xa-hoi/a-post{number}.vov" for number in range(1, 31)]
    assert list(found.articles) == [*expected, "https://vov.vn/xa-hoi/b-post99.vov"]


@pytest.mark.parametrize("read", [listing.read, menu.read])
def test_a_page_too_deep_to_be_read_whole_is_no_listing(read: Callable[[str, str], object]) -> None:
    page = f"<html><body><header><a href='/xa-hoi'>x</a></header>{'<div>' * 300}"
    with pytest.raises(NotAListing) as refusal:
        read(page, "https://vov.vn/xa-hoi")
    assert refusal.value.reason is Reason.OVERSIZED


def test_links_deep_in_the_header_are_of_the_menu() -> None:
    page = f"<body><header>{'<div>' * 90}<a href='/xa-hoi'>x</a><a href='/kinh-te'>y</a>{'</div>' * 90}</header>"
    outside = "<div><a href='/van-hoa'>z</a></div><div class='main-menu'><b><a href='/the-thao'>t</a></b></div>"
    assert menu.read(page + outside, "https://vov.vn/") == [
        "https://vov.vn/xa-hoi",
        "https://vov.vn/kinh-te",
        "https://vov.vn/the-thao",
    ]
