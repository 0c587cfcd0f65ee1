"""Reading urls: scope, kinds, and one canonical form for every way to write the same page."""

from __future__ import annotations

import hashlib
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.strategies import ANY_TEXT, LISTING_URLS, STORY_URLS, TRACKING, url_like
from vovcrawl import urls
from vovcrawl.items import ContentType
from vovcrawl.urls import Kind

STORY = "https://vov.vn/the-thao/doi-bong-que-nha-post1315001.vov"


@pytest.mark.parametrize(
    ("url", "article_id", "section"),
    [
        (STORY, "post1315001", "the-thao"),
        ("https://vov.vn/phap-luat/tin-nong/bat-xe-do-qua-tai-post1056001.vov", "post1056001", "phap-luat"),
        ("https://vov.vn/multimedia/anh/cho-noi-post1070001.vov", "post1070001", "multimedia"),
        ("https://vov.vn/chinh-tri/hop-to-dan-pho-890001.vov", "890001", "chinh-tri"),
        ("https://vov.vn/emagazine/nguoi-giu-lua-1076001.vov", "1076001", "emagazine"),
        ("https://vov.vn/ban-tin-trua-post1315002.vov", "post1315002", None),
    ],
)
def test_a_story_is_named_by_the_last_token_of_its_address(url: str, article_id: str, section: str | None) -> None:
    address = urls.parse(url)
    assert address is not None
    assert (address.kind, address.url, address.id, address.section) == (Kind.ARTICLE, url, article_id, section)


@pytest.mark.parametrize(
    ("url", "article_id", "section"),
    [
        ("http://vov.vn/Van-hoa/Le-Hoi-Dua-Thuyen/228256.vov", "228256", "van-hoa"),
        ("https://vov.vn/Xa-hoi/Giao-duc/Truong-Lang-Khai-Giang/210011.vov", "210011", "xa-hoi"),
        ("https://vov.vn/Home/Ben-do-ngay-lu/20114/171234.vov", "171234", None),
        ("https://vov.vn/Kinh-te/Gia-lua-dau-vu/98765.vov", "98765", "kinh-te"),
    ],
)
def test_the_forms_before_2013_are_articles_with_their_id(url: str, article_id: str, section: str | None) -> None:
    address = urls.parse(url)
    assert address is not None
    assert (address.kind, address.id, address.section) == (Kind.ARTICLE, article_id, section)
    assert not address.has_post
    assert urls.article_id(url) == article_id


@pytest.mark.parametrize(
    "url",
    [
        "https://vov.vn/van-hoa/43977.vov",
        "https://vov.vn/43977.vov",
        "https://vov.vn/RadioPlayer.vov?c=vov1",
        "https://vov.vn/Van-hoa/Le-Hoi/214.vov",
        "https://vov.vn/Van-hoa/Le-Hoi/228256.html",
    ],
)
def test_a_number_alone_makes_no_article_of_a_page(url: str) -> None:
    assert urls.article(url) is None


@pytest.mark.parametrize(
    "path",
    [
        "the-thao/doi-bong-que-nha-post1315001",
        "the-thao/bong-da/doi-bong-que-nha-post1315001",
        "doi-bong-que-nha-post1315001",
        "chinh-tri/hop-to-dan-pho-890001",
        "Van-hoa/Le-Hoi-Dua-Thuyen/228256",
    ],
)
@pytest.mark.parametrize("end", ["", "/", "?gidzl=abc", "#binh-luan"])
def test_an_article_without_its_ending_is_the_article(path: str, end: str) -> None:
    assert urls.article(f"https://vov.vn/{path}{end}") == urls.article(f"https://vov.vn/{path}.vov")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("the-thao/giai-lang-2026", Kind.SECTION),
        ("xa-hoi/tin-24h", Kind.SECTION),
        ("tu-khoa/giai-lang-tag84001", Kind.TAG),
        ("tag/giai-lang-20265", Kind.TAG),
        ("tac-gia/lan-chi-author1211001", Kind.OTHER),
        ("su-kien-12345", Kind.SECTION),
    ],
)
def test_a_listing_whose_name_ends_in_a_number_is_no_article(path: str, kind: Kind) -> None:
    address = urls.parse(f"https://vov.vn/{path}")
    assert address is not None
    assert address.kind is kind


@pytest.mark.parametrize(
    ("written", "canonical", "kind"),
    [
        ("/xa-hoi/trang2", "https://vov.vn/xa-hoi?page=1", Kind.SECTION),
        ("/xa-hoi/giao-duc/trang12", "https://vov.vn/xa-hoi/giao-duc?page=11", Kind.SECTION),
        ("/xa-hoi/trang1", "https://vov.vn/xa-hoi", Kind.SECTION),
        ("/xa-hoi/trang0", "https://vov.vn/xa-hoi", Kind.SECTION),
        ("/tag/gia+vang/trang3", "https://vov.vn/tag/gia%20vang?page=2", Kind.TAG),
        ("/tu-khoa/bao-tag77001/trang2", "https://vov.vn/tu-khoa/bao-tag77001?page=1", Kind.TAG),
    ],
)
def test_a_page_of_the_old_paging_is_a_page_of_its_listing(written: str, canonical: str, kind: Kind) -> None:
    address = urls.parse(written)
    assert address is not None
    assert (address.url, address.kind) == (canonical, kind)
    assert address.listing == canonical.partition("?")[0]


def test_the_old_paging_of_the_front_page_is_no_listing() -> None:
    address = urls.parse("https://vov.vn/trang2")
    assert address is not None
    assert address.kind is Kind.OTHER


def test_the_two_eras_of_ids_are_told_apart() -> None:
    new, old = urls.parse("https://vov.vn/a/b-post1076232.vov"), urls.parse("https://vov.vn/a/b-1076232.vov")
    assert new is not None
    assert old is not None
    assert (new.has_post, old.has_post) == (True, False)
    assert new.number == old.number == "1076232"
    assert new.id != old.id


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://vov.vn", Kind.HOME),
        ("https://vov.vn/?gidzl=abc", Kind.HOME),
        ("https://vov.vn/the-gioi", Kind.SECTION),
        ("https://vov.vn/the-thao/bong-da", Kind.SECTION),
        ("https://vov.vn/tin-moi-cap-nhat", Kind.SECTION),
        ("https://vov.vn/tu-khoa/bao-so-4-tag77001", Kind.TAG),
        ("https://vov.vn/tag/gi%C3%A1+v%C3%A0ng", Kind.TAG),
        ("https://vov.vn/search?keyword=bao", Kind.OTHER),
        ("https://vov.vn/author?keyword=PV/VOV.VN", Kind.OTHER),
        ("https://vov.vn/tac-gia/lan-chi-author1211001", Kind.OTHER),
        ("https://vov.vn/RadioPlayer.vov?c=vov1", Kind.OTHER),
        ("https://vov.vn/rss", Kind.OTHER),
        ("https://vov.vn/rss/xa-hoi.rss", Kind.OTHER),
        ("https://vov.vn/sitemap.xml", Kind.OTHER),
        ("https://vov.vn/node/1315001", Kind.OTHER),
    ],
)
def test_each_kind_of_page_is_known_by_its_address(url: str, kind: Kind) -> None:
    address = urls.parse(url)
    assert address is not None
    assert address.kind is kind


@pytest.mark.parametrize(
    "url",
    [
        "https://english.vov.vn/en/society/market-day-post1311001.vov",
        "https://vovworld.vn/en-US/spotlight/harvest-504001.vov",
        "https://vov1.vov.vn/",
        "https://vov2.vov.vn/x-1.vov",
        "https://media.vov.vn/sites/default/files/a.jpg",
        "https://vov.gov.vn/",
        "https://m.vov.vn/the-gioi",
        "https://vov.vn.example/the-gioi",
        "https://notvov.vn/the-gioi",
        "https://example.org/https://vov.vn/the-gioi",
        "https://vov.vn@example.org/",
        "https://user:word@vov.vn/the-gioi",
        "https://vov.vn:8080/the-gioi",
        "https://vov.vn/zh-CN/tin",
        "https://vov.vn/km-KH/ten/43977.vov",
        "https://vov.vn/en/society",
        "https://vov.vn/en",
        "ftp://vov.vn/the-gioi",
        "mailto:toasoan@vov.vn",
        "javascript:void(0)",
        "data:text/html,vov.vn",
        "tel:+842400000",
        "#main-content",
        "",
        "   ",
        "http://[",
        "https://vov.vn:x/",
        "https://vov.vn/\udcff",
        "https://vov.vn/tag/\udcff",
        "https://vov.vn/" + "a" * urls.LONGEST,
    ],
)
def test_what_is_not_this_newspaper_is_out_of_scope(url: str) -> None:
    assert urls.parse(url) is None


@pytest.mark.parametrize(
    "written",
    [
        "http://vov.vn/the-thao/doi-bong-que-nha-post1315001.vov",
        "https://www.vov.vn/the-thao/doi-bong-que-nha-post1315001.vov",
        "http://baoxuan.vov.vn/the-thao/doi-bong-que-nha-post1315001.vov",
        "https://VOV.VN/the-thao/doi-bong-que-nha-post1315001.vov",
        "https://vov.vn:443/the-thao/doi-bong-que-nha-post1315001.vov",
        "http://vov.vn:80/the-thao/doi-bong-que-nha-post1315001.vov",
        "https://vov.vn//the-thao//doi-bong-que-nha-post1315001.vov",
        "https://vov.vn/the-thao/doi-bong-que-nha-post1315001.vov/",
        "https://vov.vn/the-thao/doi-bong-que-nha-post1315001.vov#binh-luan",
        "https://vov.vn/the-thao/doi-bong-que-nha-post1315001.vov?gidzl=a&gidzl=b",
        "https://vov.vn/the-thao/doi-bong-que-nha-post1315001.vov?page=3",
        "//vov.vn/the-thao/doi-bong-que-nha-post1315001.vov",
        "/the-thao/doi-bong-que-nha-post1315001.vov",
        " \n/the-thao/doi-bong-que-nha-post1315001.vov\t",
    ],
)
def test_one_story_has_one_canonical_address(written: str) -> None:
    address = urls.parse(written)
    assert address is not None
    assert address.url == STORY


def test_a_relative_address_is_read_against_its_page() -> None:
    address = urls.parse("doi-bong-que-nha-post1315001.vov", "https://vov.vn/the-thao/ban-tin-post1.vov")
    assert address is not None
    assert address.url == STORY


def test_a_relative_address_on_a_page_of_an_endless_url_is_none() -> None:
    base = "https://vov.vn/" + "a/" * urls.LONGEST
    assert urls.parse("b-post1.vov", base) is None
    assert urls.absolute("b-post1.vov", base) is None
    assert urls.absolute("https://vov.vn/b-post1.vov", base) == "https://vov.vn/b-post1.vov"


def test_a_relative_address_on_a_foreign_page_is_foreign() -> None:
    assert urls.parse("/society/market-day-post1311001.vov", "https://english.vov.vn/en") is None


@pytest.mark.parametrize(
    ("url", "canonical", "page"),
    [
        ("https://vov.vn/xa-hoi?page=0", "https://vov.vn/xa-hoi", 0),
        ("https://vov.vn/xa-hoi?page=2", "https://vov.vn/xa-hoi?page=2", 2),
        ("https://vov.vn/xa-hoi?fbclid=x&page=2&utm_source=zalo", "https://vov.vn/xa-hoi?page=2", 2),
        ("https://baoxuan.vov.vn/tu-khoa/bao-tag77001?page=433", "https://vov.vn/tu-khoa/bao-tag77001?page=433", 433),
        ("https://vov.vn/xa-hoi?page=-1", "https://vov.vn/xa-hoi", 0),
        ("https://vov.vn/xa-hoi?page=x", "https://vov.vn/xa-hoi", 0),
        ("https://vov.vn/xa-hoi?page=99999999", "https://vov.vn/xa-hoi", 0),
        ("https://vov.vn/tag/gi%C3%A1+v%C3%A0ng?page=1", "https://vov.vn/tag/gi%C3%A1%20v%C3%A0ng?page=1", 1),
        ("https://vov.vn/tag/giá vàng", "https://vov.vn/tag/gi%C3%A1%20v%C3%A0ng", 0),
    ],
)
def test_a_listing_keeps_its_page_and_nothing_else_of_its_query(url: str, canonical: str, page: int) -> None:
    address = urls.parse(url)
    assert address is not None
    assert (address.url, address.page) == (canonical, page)
    assert address.listing == canonical.partition("?")[0]


def test_a_search_keeps_its_query() -> None:
    one, two = urls.parse("/search?keyword=bao"), urls.parse("/search?keyword=lu")
    assert one is not None
    assert two is not None
    assert one.url != two.url


@given(st.one_of(st.text(max_size=100), url_like()))
@example("https://vov.vn\\@example.org/")
@example("https:vov.vn")
@example("https://vov.vn/\x00")
@example("https://[vov.vn]/")
@example("https://vov.vn%2eexample.org/")
@example("https://vov.vn\u2024example.org/")
@settings(max_examples=400, deadline=None)
def test_whatever_is_written_only_this_newspaper_comes_out(text: str) -> None:
    address = urls.parse(text)
    if address is not None:
        parts = urlsplit(address.url)
        assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "vov.vn", "")
        assert address.url.isascii()
        assert " " not in address.url


@given(url_like())
@settings(max_examples=400, deadline=None)
def test_a_canonical_address_reads_as_itself(text: str) -> None:
    address = urls.parse(text)
    if address is not None:
        again = urls.parse(address.url)
        assert again is not None
        assert (again.url, again.kind, again.id, again.page) == (address.url, address.kind, address.id, address.page)


@given(STORY_URLS, st.lists(st.tuples(TRACKING, st.text(alphabet="aZ9_-.%", max_size=6)), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_tracking_never_changes_a_story(url: str, tracking: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in tracking)
    address = urls.parse(f"{url}?{query}")
    assert address is not None
    assert address.url == url


@given(
    LISTING_URLS,
    st.integers(1, 999),
    st.lists(st.tuples(TRACKING, st.text(alphabet="aZ9_-.", max_size=6)), max_size=4),
    st.integers(0, 4),
)
@settings(max_examples=100, deadline=None)
def test_tracking_never_changes_a_listing_page(
    url: str, page: int, tracking: list[tuple[str, str]], place: int
) -> None:
    parameters = [f"{name}={value}" for name, value in tracking]
    parameters.insert(min(place, len(parameters)), f"page={page}")
    address = urls.parse(f"{url}?{'&'.join(parameters)}")
    assert address is not None
    assert address.url == urls.nth_page(url, page)


@given(st.one_of(STORY_URLS, LISTING_URLS), st.sampled_from(["www.", "baoxuan."]), st.sampled_from(["http", "https"]))
@settings(max_examples=60, deadline=None)
def test_the_hosts_of_the_newspaper_fold_into_one(url: str, prefix: str, scheme: str) -> None:
    address = urls.parse(url.replace("https://", f"{scheme}://{prefix}"))
    assert address is not None
    assert address.url == url


def test_only_a_story_is_an_article() -> None:
    story = urls.article("/the-thao/doi-bong-que-nha-post1315001.vov?gidzl=x")
    assert story is not None
    assert story.url == STORY
    assert urls.article("/the-thao") is None
    assert urls.article("https://english.vov.vn/en/x-post1.vov") is None


def test_a_story_of_another_edition_has_an_id_all_the_same() -> None:
    assert urls.article_id("https://english.vov.vn/en/society/market-day-post1311001.vov") == "post1311001"
    assert urls.article_id("https://english.vov.vn/en/society") is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("multimedia/anh", "photo"),
        ("multimedia/video", "video"),
        ("video-clip", "video"),
        ("multimedia/e-magazine", "emagazine"),
        ("emagazine", "emagazine"),
        ("multimedia/infographic", "infographic"),
        ("podcast/cau-chuyen-thoi-su", "podcast"),
        ("vov-plus/podcast", "podcast"),
        ("the-thao", None),
        ("multimedia", None),
        ("xa-hoi/multimedia", None),
    ],
)
def test_some_paths_promise_a_kind_of_story(path: str, kind: ContentType | None) -> None:
    address = urls.parse(f"https://vov.vn/{path}/ten-bai-post1315001.vov")
    assert address is not None
    assert urls.content_type(address) == kind


def test_the_first_page_of_a_listing_has_no_parameter() -> None:
    assert urls.nth_page("https://vov.vn/xa-hoi", 0) == "https://vov.vn/xa-hoi"
    assert urls.nth_page("https://vov.vn/xa-hoi", 3) == "https://vov.vn/xa-hoi?page=3"


def test_a_text_without_an_address_is_named_by_its_words() -> None:
    digest = hashlib.sha256("Mưa lớn\nTrời mưa to.".encode()).hexdigest()
    key = urls.text_key("Mưa lớn", "Trời mưa to.")
    assert key == f"urn:vovcrawl:text:{digest}"
    assert urls.short_key(key) == digest[:16]


@pytest.mark.parametrize(
    ("written", "absolute"),
    [
        ("/a.jpg", "https://vov.vn/a.jpg"),
        ("//media.vov.vn/a.jpg", "https://media.vov.vn/a.jpg"),
        ("http://images.vov.vn/a.jpg", "http://images.vov.vn/a.jpg"),
        ("data:image/gif;base64,R0lGOD", None),
        ("javascript:void(0)", None),
        ("", None),
        ("#dau-trang", None),
        ("http://[", None),
    ],
)
def test_only_web_addresses_are_made_absolute(written: str, absolute: str | None) -> None:
    assert urls.absolute(written, "https://vov.vn/the-thao") == absolute


@pytest.mark.parametrize(
    ("written", "absolute"),
    [
        ("/a\x1b[31m.jpg", "https://vov.vn/a%1B[31m.jpg"),
        ("/a\u202egpj.exe", "https://vov.vn/a%E2%80%AEgpj.exe"),
        ("/a\u200b.jpg", "https://vov.vn/a%E2%80%8B.jpg"),
        ("/a\n\t.jpg", "https://vov.vn/a.jpg"),
        ("\0\0https://vov.vn/a.jpg\x1f \xa0", "https://vov.vn/a.jpg"),
        ("/ảnh 1.jpg", "https://vov.vn/ảnh 1.jpg"),
        ("/a\udc80.jpg", None),
    ],
)
def test_an_absolute_address_holds_nothing_unseen(written: str, absolute: str | None) -> None:
    assert urls.absolute(written, "https://vov.vn/the-thao") == absolute


@given(url_like() | st.text(), url_like() | ANY_TEXT)
def test_an_absolute_address_can_be_printed_and_encoded(written: str, base: str) -> None:
    absolute = urls.absolute(written, base)
    if absolute is not None:
        assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in absolute)
        assert absolute == urls.as_written(absolute)


def test_an_address_on_a_page_whose_own_has_lone_surrogates_is_none() -> None:
    assert urls.parse("b-post1.vov", "https://vov.vn/a\udcc6/c") is None


@pytest.mark.parametrize("base", ["http://vov.vn/the-thao", "https://vov.vn/the-thao", ""])
@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("a/../xa-hoi/b-post1.vov", "xa-hoi/b-post1.vov"),
        ("./xa-hoi/b-post1.vov", "xa-hoi/b-post1.vov"),
        ("a/%2E%2e/xa-hoi/b-post1.vov", "xa-hoi/b-post1.vov"),
        ("../../xa-hoi/./b-post1.vov", "xa-hoi/b-post1.vov"),
        ("a/b/..", "a"),
        ("a/..", ""),
        ("a;", "a"),
        ("a;/b/../", "a"),
        ("a/..;", ""),
        ("javascript:;", "javascript:"),
    ],
)
def test_dots_in_an_address_are_resolved_on_pages_of_either_scheme(base: str, path: str, canonical: str) -> None:
    address = urls.parse(f"https://vov.vn/{path}", base)
    assert address is not None
    assert address.url == f"https://vov.vn/{canonical}"


def test_a_path_that_hides_dots_in_each_other_is_none() -> None:
    assert urls.parse("https://vov.vn" + "/..;" * 400 + "/a/..") is None


@pytest.mark.parametrize("written", ["[" * 700, "?" + "[" * 700, "ộ" * 300 + "?x=" + "ộ" * 50])
def test_an_address_that_grows_too_long_is_none(written: str) -> None:
    assert len(written) < urls.LONGEST
    assert urls.parse(f"https://vov.vn/a.vov{written}") is None


def test_unseen_characters_do_not_hide_that_an_address_is_foreign() -> None:
    assert urls.is_out_of_scope("https://example.org/\u200b")
    assert urls.is_out_of_scope("https://english.vov.vn/a\x1b")


def test_a_text_without_an_address_is_not_out_of_scope() -> None:
    assert urls.is_out_of_scope("https://example.org/")
    assert not urls.is_out_of_scope(STORY)
    assert not urls.is_out_of_scope("urn:vovcrawl:text:00")
    assert not urls.is_out_of_scope("http://[")


@given(
    st.one_of(
        st.text(max_size=20).map(lambda rest: f"/{rest}"),
        st.text(alphabet="/.;?#%ab1-postv \\\t\n:@", max_size=25).map(lambda rest: f"https://vov.vn/{rest}"),
        st.text(alphabet="/.;?#%ab1-postv \\\t\n:@", max_size=25).map(lambda rest: f"/{rest}"),
        st.text(max_size=20).map(lambda rest: f"https://{rest}"),
    ),
    st.sampled_from(["https://vov.vn/xa-hoi/a-post1.vov", "https://vov.vn/xa-hoi?page=2", "https://vov.vn/a/b/c"]),
)
@settings(max_examples=500, deadline=None)
def test_a_link_from_the_root_names_the_same_page_wherever_it_stands(link: str, page: str) -> None:
    assert urls.parse(link, page) == urls._parse.__wrapped__(link, page)


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://{host}/a" for host in ("127.1", "0", "0x7f000001", "017700000001", "127.0.0.1.", "999.1.1.1")),
        *(f"http://{host}/a" for host in ("172.16.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255")),
        *(
            f"http://[{host}]/a"
            for host in ("::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")
        ),
        *(f"https://{host}/a" for host in ("localhost.", "tin.localhost", "may-in.local", "noi-bo", "kho.internal")),
        *(f"https://{host}/a" for host in ("１２７.0.0.1", "127。0。0。1", "%31%32%37.0.0.1", "ⓛocalhost")),
        *("https:///a", "http://[", "mailto:a@vov.vn", "ws://vov.vn/", "/xa-hoi", ""),
    ],
)
def test_a_private_address_is_not_public_however_it_is_written(url: str) -> None:
    assert not urls.is_public(url)


@pytest.mark.parametrize(
    "url",
    ["https://vov.vn/", "http://tin.example./a", "http://8.8.8.8/", "http://[2606:4700::1111]/", "http://1.tin.vn/"],
)
def test_the_hosts_of_others_are_public(url: str) -> None:
    assert urls.is_public(url)


@given(url_like() | ANY_TEXT)
def test_every_text_is_public_or_not(text: str) -> None:
    assert urls.is_public(text) in (True, False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "xa-hoi/cau-moi-post1.vov",
        "xa-hoi?u=http://vov.vn/",
        "/xa-hoi",
        "//vov.vn/xa-hoi",
        "///xa-hoi",
        "https:",
        "https:xa-hoi",
        "http:vov.vn",
        "http:/xa-hoi",
        "https:///xa-hoi",
        "https://?xa-hoi",
        "https:xa-hoi://vov.vn/",
        " https://vov.vn/xa-hoi",
        "https://vov.vn/xa hoi",
        "https://vov.vn\\@evil.example/",
        "https://user@vov.vn/xa-hoi",
        "https://vov.vn\t/xa-hoi",
    ],
)
def test_a_request_for_what_is_no_whole_url_is_out_of_scope(url: str) -> None:
    assert urls.in_scope(url) is None


@given(
    st.one_of(STORY_URLS, LISTING_URLS), st.sampled_from(["https://vov.vn", "http://www.vov.vn:80", "HTTPS://VOV.VN"])
)
def test_a_request_for_a_page_is_in_scope_under_each_of_its_hosts(url: str, site: str) -> None:
    assert urls.in_scope(url.replace(urls.SITE, site)) == urls.parse(url)


@given(
    st.one_of(
        url_like(),
        ANY_TEXT,
        st.text("htps:/.vn?#@\\ \txa", max_size=30),
        st.builds("".join, st.tuples(st.sampled_from(["https:", "http:/", "https:///", ""]), url_like())),
    )
)
@example("https:///xa-hoi")
def test_what_is_in_scope_has_a_scheme_and_a_host_of_the_newspaper(text: str) -> None:
    if urls.in_scope(text) is not None:
        assert urlsplit(text).scheme in ("http", "https")
        assert urlsplit(text).netloc.lower().partition(":")[0] in urls.HOSTS
