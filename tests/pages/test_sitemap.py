"""Sitemaps: articles with their dates of change, the index of months, and what is no sitemap."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_site import special_pages
from sample_site.pages import Pages
from sample_site.site import load_site
from tests.strategies import STORY_URLS, damaged, url_like
from vovcrawl import urls
from vovcrawl.pages import sitemap, xml_records
from vovcrawl.pages.errors import READ_BUT_NO_ARTICLE, BrokenSource, Reason
from vovcrawl.pages.sitemap import Entry, Sitemap

SITE = load_site()
PAGES = Pages(SITE)
JULY = "https://vov.vn/sitemaps/2026/7/article.xml"
STORY = "https://vov.vn/xa-hoi/cho-noi-hop-som-post1315001.vov"
OTHER = "https://vov.vn/xa-hoi/cau-moi-thong-xe-post1315002.vov"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
ONE_STORY = Sitemap((Entry(STORY, None),))


def urlset(*entries: str) -> str:
    return f'{DECLARATION}<urlset xmlns="{NAMESPACE}" xmlns:image="{IMAGES}">{"".join(entries)}</urlset>'


def entry(loc: str, lastmod: str | None = None, more: str = "") -> str:
    return f"<url><loc>{loc}</loc>{'' if lastmod is None else f'<lastmod>{lastmod}</lastmod>'}{more}</url>"


def index(*locs: str) -> str:
    entries = "".join(f"<sitemap><loc>{loc}</loc></sitemap>" for loc in locs)
    return f'{DECLARATION}<sitemapindex xmlns="{NAMESPACE}">{entries}</sitemapindex>'


def read(document: str | bytes, url: str = JULY) -> Sitemap:
    return sitemap.read(document.encode() if isinstance(document, str) else document, url)


def refusal(document: str | bytes) -> BrokenSource:
    with pytest.raises(BrokenSource) as caught:
        read(document)
    return caught.value


# What the site serves


@pytest.mark.parametrize(("year", "month"), sorted(SITE.months()))
def test_a_month_names_its_stories_with_their_dates_of_change(year: int, month: int) -> None:
    address = sitemap.month(year, month)
    found = sitemap.read(PAGES.get(address.removeprefix("https://vov.vn")).body, address)
    assert found == Sitemap(
        tuple(Entry(story.url, story.modified.isoformat()) for story in SITE.published_in(year, month)),
        mended=sum("raw-ampersand" in story.traps for story in SITE.published_in(year, month)),
    )


def test_the_index_names_the_months() -> None:
    found = sitemap.read(PAGES.get("/sitemap.xml").body, sitemap.INDEX)
    running = (SITE.now.year, SITE.now.month)
    assert found == Sitemap(sitemaps=tuple(sitemap.month(*month) for month in SITE.months() if month != running))


def test_a_month_without_stories_is_a_sitemap_all_the_same() -> None:
    assert read(urlset()) == Sitemap()


# Urls of months


def test_the_month_in_an_address_is_not_padded() -> None:
    assert sitemap.month(2026, 7) == JULY


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (26, 7), (-1, 1), (10_000, 1)])
def test_there_is_no_address_of_what_is_no_month(year: int, month: int) -> None:
    with pytest.raises(ValueError, match="no month"):
        sitemap.month(year, month)


@given(st.integers(1000, 9999), st.integers(1, 12))
def test_an_address_tells_its_month(year: int, month: int) -> None:
    assert sitemap.month_of(sitemap.month(year, month)) == (year, month)


@pytest.mark.parametrize(
    ("url", "month"),
    [
        ("http://www.vov.vn/sitemaps/2026/07/article.xml", (2026, 7)),
        ("https://vov.vn/sitemaps/2026/7/article.xml?page=2", (2026, 7)),
        ("https://vov.vn/sitemaps/2026/13/article.xml", None),
        ("https://vov.vn/sitemaps/2026/0/article.xml", None),
        ("https://vov.vn/sitemaps/2026/7/video.xml", None),
        ("https://english.vov.vn/sitemaps/2026/7/article.xml", None),
        (sitemap.INDEX, None),
        (STORY, None),
        ("", None),
        ("http://[", None),
    ],
)
def test_only_the_address_of_a_month_s_sitemap_tells_a_month(url: str, month: tuple[int, int] | None) -> None:
    assert sitemap.month_of(url) == month


# Urls of articles


@pytest.mark.parametrize(
    "loc",
    [
        f"\n   {STORY}\t\n",
        f"<![CDATA[{STORY}]]>",
        f"<![CDATA[\n {STORY.partition('post')[0]}]]>post{STORY.partition('post')[2]}",
        "http://vov.vn/xa-hoi/cho-noi-hop-som-post1315001.vov",
        "https://www.vov.vn/xa-hoi/cho-noi-hop-som-post1315001.vov",
        f"{STORY}?gidzl=x&amp;utm_source=y#binh-luan",
        "/xa-hoi/cho-noi-hop-som-post1315001.vov",
        "<!-- a comment -->" + STORY,
        "&#104;ttps://vov.vn/xa-hoi/cho-noi-hop-som-post1315001.vov",
    ],
)
def test_every_way_to_write_a_story_s_address_gives_its_canonical_one(loc: str) -> None:
    assert read(urlset(entry(loc))) == ONE_STORY


@pytest.mark.parametrize(
    "loc",
    [
        "https://english.vov.vn/en/society/floating-market-post1315001.vov",
        "https://vov.vn/km-KH/x/43977.vov",
        "https://vov.vn/xa-hoi",
        "https://vov.vn/",
        "https://vov.vn.example/xa-hoi/a-post1315001.vov",
        JULY,
        "javascript:alert(1)",
        "http://[",
        "",
        "x" * 10_000,
        "https://vov.vn/" + "a" * 5000 + "-post1315001.vov",
    ],
)
def test_what_is_no_story_is_counted_and_left_out(loc: str) -> None:
    assert read(urlset(entry(loc), entry(STORY))) == Sitemap((Entry(STORY, None),), others=1)


def test_an_entry_without_an_address_is_counted_and_left_out() -> None:
    assert read(urlset("<url><lastmod>2026-07-16</lastmod></url>")) == Sitemap(others=1)


def test_the_address_of_a_picture_is_not_the_entry_s() -> None:
    picture = f"<image:image><image:loc>{OTHER}</image:loc><image:caption>Chợ nổi</image:caption></image:image>"
    document = urlset(f"<url>{picture}<image:loc>{OTHER}</image:loc><loc>{STORY}</loc></url>")
    assert read(document) == ONE_STORY


def test_of_two_addresses_in_an_entry_the_first_is_its_own() -> None:
    assert read(urlset(entry("", more=f"<loc>{STORY}</loc><loc>{OTHER}</loc>"))) == ONE_STORY


def test_an_entry_elsewhere_than_in_the_list_is_none() -> None:
    assert read(urlset(f"<group>{entry(OTHER)}</group>", entry(STORY))) == ONE_STORY


# Dates of change


@pytest.mark.parametrize(
    ("lastmod", "modified"),
    [
        ("2026-07-16T11:23:01+07:00", "2026-07-16T11:23:01+07:00"),
        ("2026-07-16T04:23:01Z", "2026-07-16T11:23:01+07:00"),
        ("2026-07-16T04:23:01.987+00:00", "2026-07-16T11:23:01+07:00"),
        ("2026-07-15T23:30+00:00", "2026-07-16T06:30:00+07:00"),
        ("2026-07-16T11:23:01", "2026-07-16T11:23:01+07:00"),
        ("\n <![CDATA[2026-07-16T11:23:01+07:00]]> ", "2026-07-16T11:23:01+07:00"),
        ("2026-07-16", "2026-07-16T23:59:59+07:00"),
        ("2026-07", None),
        ("2026", None),
        ("20260716", None),
        ("2026-W29-4", None),
        ("2026-02-30", None),
        ("2026-07-16T25:00:00+07:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("hôm qua", None),
        ("", None),
        (None, None),
    ],
)
def test_the_date_of_change_is_given_in_vietnamese_time(lastmod: str | None, modified: str | None) -> None:
    assert read(urlset(entry(STORY, lastmod))).entries == (Entry(STORY, modified),)


@pytest.mark.parametrize(
    ("first", "second", "modified"),
    [
        ("2026-07-16T08:00:00+07:00", "2026-07-16T02:00:00Z", "2026-07-16T09:00:00+07:00"),
        ("2026-07-16T02:00:00Z", "2026-07-16T08:00:00+07:00", "2026-07-16T09:00:00+07:00"),
        ("2026-07-16T08:00:00+07:00", None, "2026-07-16T08:00:00+07:00"),
        (None, "2026-07-16T08:00:00+07:00", "2026-07-16T08:00:00+07:00"),
        (None, None, None),
    ],
)
def test_a_story_is_listed_once_with_its_latest_change(
    first: str | None, second: str | None, modified: str | None
) -> None:
    document = urlset(entry(STORY, first), entry(OTHER), entry(STORY.replace("https", "http"), second))
    assert read(document).entries == (Entry(STORY, modified), Entry(OTHER, None))


# The index


def test_an_index_names_each_sitemap_once_in_order() -> None:
    found = read(index(sitemap.month(2026, 5), JULY, "http://www.vov.vn/sitemaps/2026/5/article.xml"), sitemap.INDEX)
    assert found == Sitemap(sitemaps=(sitemap.month(2026, 5), JULY))


@pytest.mark.parametrize(
    "loc",
    [
        "https://english.vov.vn/sitemaps/2026/7/article.xml",
        "https://vov.vn.example/sitemaps/2026/7/article.xml",
        "https://vov.vn/sitemaps/../admin/x.xml",
        "https://vov.vn/sitemaps/%2e%2e/admin/x.xml",
        "https://vov.vn/sitemaps/2026/7/article.html",
        "https://vov.vn/sitemap.xml",
        "file:///sitemaps/2026/7/article.xml",
        STORY,
        "",
    ],
)
def test_an_index_leads_nowhere_but_to_the_site_s_sitemaps(loc: str) -> None:
    assert read(index(loc), sitemap.INDEX) == Sitemap(others=1)


# Ways to write the document


@pytest.mark.parametrize(
    "document",
    [
        f"<urlset>{entry(STORY)}</urlset>",
        f'<s:urlset xmlns:s="{NAMESPACE}"><s:url><s:loc>{STORY}</s:loc></s:url></s:urlset>',
        f'<urlset xmlns="https://www.google.com/schemas/sitemap/0.84">{entry(STORY)}</urlset>',
        "\ufeff" + urlset(entry(STORY)),
        "\n\n  " + urlset(entry(STORY)) + "\n\x00\n",
        urlset(entry(STORY)).replace("utf-8", "utf-16"),
        urlset(entry(STORY)).replace("utf-8", "no-such-encoding"),
        urlset(entry(STORY)).replace("<urlset", '<?xml-stylesheet href="/a.xsl"?><!-- tháng 7 --><urlset'),
        urlset(entry(STORY)).replace("<urlset", '<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/a.dtd"><urlset'),
        urlset(entry(STORY, more="<image:image><image:caption>Chợ\x03 nổi</image:caption></image:image>")),
        urlset(entry(STORY), "<!-- </urlset> -->"),
    ],
)
def test_a_sitemap_is_read_however_it_is_written(document: str) -> None:
    assert read(document) == ONE_STORY


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1258", "iso-8859-1"])
def test_a_sitemap_is_read_in_the_encoding_it_has(encoding: str) -> None:
    document = urlset(entry(STORY, more="<image:image><image:caption>Café à la</image:caption></image:image>"))
    assert read(document.replace("utf-8", encoding.removesuffix("-sig")).encode(encoding)) == ONE_STORY


def test_bytes_of_no_encoding_cost_no_address() -> None:
    caption = b"<image:image><image:caption>\xff\xfe\x80</image:caption></image:image></url>"
    assert read(urlset(entry(STORY)).encode().replace(b"</url>", caption)) == ONE_STORY


def test_a_packed_sitemap_is_unpacked() -> None:
    assert read(gzip.compress(urlset(entry(STORY)).encode())) == ONE_STORY


# What is no sitemap


@pytest.mark.parametrize(
    "document", ["", " \n", "\ufeff", "\x00", "<!-- -->", DECLARATION, gzip.compress(b"", mtime=0)]
)
def test_nothing_at_all_is_refused_as_empty(document: str | bytes) -> None:
    assert refusal(document).reason is Reason.EMPTY


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (special_pages.BLOCK_PAGE_ADDRESS, Reason.BLOCKED),
        (special_pages.SCRIPT_REDIRECT_ADDRESS, Reason.REDIRECT),
        (special_pages.MISSING_ADDRESS, Reason.ERROR),
        (special_pages.SOFT_ERROR_ADDRESS, Reason.ERROR),
        ("/", Reason.MALFORMED),
        ("/xa-hoi", Reason.MALFORMED),
        ("/rss/xa-hoi.rss", Reason.MALFORMED),
    ],
)
def test_a_page_that_stands_in_for_a_sitemap_is_refused(address: str, reason: Reason) -> None:
    assert refusal(PAGES.get(address).body).reason is reason


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ('<script>window.location.href="https%3A%2F%2Fvov.vn%2Fsitemap.xml"</script>', Reason.REDIRECT),
        ("<html><head><title>403 Forbidden</title></head><body></body></html>", Reason.BLOCKED),
        ("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>", Reason.ERROR),
        ("Access denied", Reason.BLOCKED),
        ("một dòng chữ", Reason.MALFORMED),
        ('{"loc": "https://vov.vn/"}', Reason.MALFORMED),
        ("<html></html>", Reason.MALFORMED),
        ("<catalogue/>", Reason.MALFORMED),
        (f"<urls>{entry(STORY)}</urls>", Reason.MALFORMED),
    ],
)
def test_another_document_is_named_by_what_it_shows(document: str, reason: Reason) -> None:
    assert refusal(document).reason is reason


@pytest.mark.parametrize(
    "document",
    [
        urlset(entry(STORY))[:-3],
        urlset(entry(STORY)).removesuffix("</url></urlset>"),
        urlset(entry(STORY), "<url><loc></url>"),
        urlset(entry(STORY)) + urlset(entry(OTHER)),
        urlset(entry(STORY)) + "<p>403 Forbidden</p>",
        urlset("<a>" * 100_000, "</a>" * 100_000),
    ],
)
def test_a_broken_sitemap_is_refused_as_a_whole(document: str) -> None:
    assert refusal(document).reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("slip", "count"),
    [
        ("?a=1&b=2", 1),
        ("?a=1&b=2&c", 2),
        ("?a=&nbsp;", 1),
        ("?a=&agrave;&ndash;&#7841;", 2),
        ("?a=&lt;&LT;", 1),
        ("?a=&la;", 1),
        ("?a=&#0;&#xD83D;&#xFFFF;&#99999999;", 4),
        ("?a=&#12", 1),
        ("?a=1 < 2 & 3", 2),
        ("?a=&", 1),
        ("?a=<![CDATA[1&2]]>&3", 1),
        ("?a=<!-- 1&2 --><?x 1&2?>&3", 1),
    ],
)
def test_a_slip_in_the_text_costs_no_entry(slip: str, count: int) -> None:
    found = read(urlset(entry(STORY + slip), entry(OTHER)))
    assert [each.url for each in found.entries] == [STORY, OTHER]
    assert found.mended == count


def test_a_whole_sitemap_is_mended_nowhere() -> None:
    assert read(urlset(entry(f"{STORY}?a=1&amp;b=2&#160;"))).mended == 0


def test_a_slip_mends_no_other_fault() -> None:
    assert refusal(urlset(entry(f"{STORY}?a=1&b=2"))[:-3]).reason is Reason.MALFORMED


def test_a_document_of_nothing_but_slips_is_refused() -> None:
    slips = "&" * (xml_records.MOST_MENDED + 1)
    assert "damaged in more than" in refusal(urlset(entry(STORY), f"<url>{slips}</url>")).detail


@given(
    st.lists(
        st.sampled_from(["&", "&nbsp;", "<", "< ", "<![CDATA[", "]]>", "<!--", "-->", "&#0;", "&amp;", "a", ";", "<?"])
    )
)
def test_any_slips_are_refused_or_read_with_what_stands_around_them(parts: list[str]) -> None:
    try:
        found = read(urlset(entry(STORY), f"<url><x>{''.join(parts)}</x></url>", entry(OTHER)))
    except BrokenSource:
        return
    assert [each.url for each in found.entries] == [STORY, OTHER]


def test_a_broken_sitemap_may_be_asked_for_again() -> None:
    assert Reason.MALFORMED not in READ_BUT_NO_ARTICLE


def test_the_words_of_a_broken_sitemap_make_it_no_error_page() -> None:
    assert refusal("<urlset><url><loc>403 Forbidden: lỗi hệ thống</loc>").reason is Reason.MALFORMED


def test_a_refusal_says_in_one_short_line_what_is_wrong() -> None:
    detail = refusal(f"<{'a' * 10_000}/>").detail
    assert len(detail) <= 120
    assert detail.startswith("the root element is aaa")


# Attacks


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "https://vov.vn/xa-hoi/a-post1.vov">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/a.dtd"> %p;<!ENTITY a "x">',
        "<!ELEMENT urlset ANY>",
        '<!ATTLIST url a CDATA "x">',
        "",
    ],
)
@pytest.mark.parametrize("before", ["", "<!-- x -->", "<?x y?>", '<!DOCTYPE urlset SYSTEM "[">'])
def test_a_document_that_declares_entities_or_other_markup_is_refused(subset: str, before: str) -> None:
    document = f"{before}<!DOCTYPE urlset [{subset}]><urlset>{entry(STORY)}</urlset>"
    assert refusal(document).reason is Reason.MALFORMED


def test_declared_entities_are_found_in_every_encoding() -> None:
    document = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE urlset [<!ENTITY a "x">]><urlset>&a;</urlset>'
    assert refusal(document.encode("utf-16")).reason is Reason.MALFORMED


@pytest.mark.parametrize("place", ["<urlset><url><loc>{}</loc></url></urlset>", "<urlset a='{}'/>"])
def test_entities_that_grow_beyond_measure_are_never_resolved(place: str) -> None:
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 30))
    document = f'<!DOCTYPE urlset [<!ENTITY e0 "ha">{levels}]>' + place.format("&e29;")
    begin = time.perf_counter()
    assert "declares entities" in refusal(document).detail
    assert time.perf_counter() - begin < 1


def test_a_reference_into_a_document_type_elsewhere_is_refused() -> None:
    document = f'<!DOCTYPE urlset SYSTEM "file:///etc/hostname"><urlset>{entry(STORY + "&a;")}</urlset>'
    assert refusal(document).reason is Reason.MALFORMED


@pytest.mark.parametrize("cuts", [1, 2, 30])
def test_a_gzip_file_of_several_members_is_read_to_its_end(cuts: int) -> None:
    document = urlset(entry(STORY), *(entry(OTHER) for _ in range(500))).encode()
    size = len(document) // (cuts + 1) + 1
    members = [gzip.compress(document[start : start + size]) for start in range(0, len(document), size)]
    assert read(b"".join(members)) == read(document)
    assert read(gzip.compress(b"").join(members) + b"\0" * 100) == read(document)


def test_the_last_member_of_a_gzip_file_must_have_an_end() -> None:
    document = urlset(entry(STORY)).encode()
    packed = gzip.compress(document[:50]) + gzip.compress(document[50:])
    assert refusal(packed[:-1]).reason is Reason.MALFORMED


def test_members_without_number_are_refused() -> None:
    document = urlset(entry(STORY)).encode()
    assert "members" in refusal(gzip.compress(b"") * 100_000 + gzip.compress(document)).detail


def test_members_that_unpack_beyond_the_bound_together_are_refused() -> None:
    member = gzip.compress(b" " * (xml_records.MOST_BYTES // 2))
    assert "bytes" in refusal(member * 3).detail


def test_a_packed_sitemap_that_unpacks_beyond_the_bound_is_refused() -> None:
    bomb = gzip.compress(b" " * (xml_records.MOST_BYTES + 1))
    assert len(bomb) < 100_000
    assert str(xml_records.MOST_BYTES) in refusal(bomb).detail


def test_a_sitemap_beyond_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    document = urlset(entry(STORY))
    monkeypatch.setattr(xml_records, "MOST_BYTES", len(document))
    assert read(document) == read(gzip.compress(document.encode())) == ONE_STORY
    assert refusal(document + " ").reason is Reason.MALFORMED


@pytest.mark.parametrize("cut", [2, 3, 10, 40, -1])
def test_packed_data_that_are_cut_or_broken_are_refused(cut: int) -> None:
    packed = gzip.compress(urlset(entry(STORY)).encode())
    assert refusal(packed[:cut]).reason is Reason.MALFORMED
    assert refusal(packed[:10] + b"\xff" * 20).reason is Reason.MALFORMED


def test_entries_beyond_the_protocol_s_limit_are_counted_and_not_read() -> None:
    locs = (f"https://vov.vn/xa-hoi/tin-post{number}.vov" for number in range(1, sitemap.MOST_ENTRIES + 4))
    found = read(urlset(*map(entry, locs)))
    assert (len(found.entries), found.over) == (sitemap.MOST_ENTRIES, 3)


@pytest.mark.parametrize(
    "document",
    [
        urlset("<a/>" * 300_000),
        urlset(entry("<a>x</a>" * 200_000)),
        urlset("<url>" + "<loc> </loc>" * 100_000 + "</url>"),
        "<!-- - -->" * 100_000 + urlset(),
        "<!-- -" * 200_000,
        "<?a " * 200_000,
        '<!DOCTYPE a "' + "'" * 500_000,
        "\x01" * 1_000_000,
        "<urlset " + " ".join(f"a{number}='{number}'" for number in range(50_000)) + "/>",
    ],
)
def test_time_grows_no_faster_than_the_document(document: str) -> None:
    begin = time.perf_counter()
    try:
        read(document)
    except BrokenSource as error:
        assert error.reason in (Reason.MALFORMED, Reason.EMPTY)
    assert time.perf_counter() - begin < 5


# Properties


def only_refuses(document: bytes) -> None:
    for data in (document, gzip.compress(document, compresslevel=1)):
        try:
            found = read(data)
        except BrokenSource:
            continue
        urls = [each.url for each in found.entries]
        assert len(urls) == len(set(urls))


@given(st.binary(max_size=400) | st.builds(lambda tail: b"\x1f\x8b\x08\x00" + tail, st.binary(max_size=60)))
def test_arbitrary_bytes_are_refused_or_read(document: bytes) -> None:
    only_refuses(document)


MANGLED = [
    urlset(entry(STORY, "2026-07-16"), entry(OTHER, more="<image:image><image:loc>/a.jpg</image:loc></image:image>")),
    index(JULY, sitemap.month(2026, 6)),
    f'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset>{entry("<![CDATA[&a;]]>", "&a;")}</urlset>',
    PAGES.get(special_pages.BLOCK_PAGE_ADDRESS).body.decode(),
]


@given(st.sampled_from(MANGLED).flatmap(damaged))
def test_a_mangled_sitemap_is_refused_or_read(document: str) -> None:
    only_refuses(document.encode())


@given(st.sampled_from(MANGLED), st.data())
def test_a_sitemap_with_arbitrary_bytes_in_it_is_refused_or_read(document: str, data: st.DataObject) -> None:
    whole = document.encode()
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, min(begin + 30, len(whole))))
    only_refuses(whole[:begin] + data.draw(st.binary(max_size=20)) + whole[end:])


@given(st.integers(0, len(MANGLED[0]) - 2))
def test_half_a_sitemap_is_never_taken_for_a_whole(length: int) -> None:
    refusal(MANGLED[0][:length])


@given(st.lists(STORY_URLS | url_like(), max_size=8))
def test_every_address_is_an_entry_or_counted(written: list[str]) -> None:
    escaped = [url.replace("&", "&amp;") for url in written]
    found = read(urlset(*map(entry, escaped)))
    assert {each.url for each in found.entries} == {url for url in _canonical(written) if url is not None}
    assert found.others == _canonical(written).count(None)


def _canonical(written: list[str]) -> list[str | None]:
    parsed = [urls.article(url, JULY) for url in written]
    return [article.url if article is not None else None for article in parsed]


# What costs more than a sitemap may


def test_byte_order_marks_before_a_document_are_passed_over_however_many() -> None:
    assert read("\ufeff \n" * 400_000 + urlset(entry(STORY))) == ONE_STORY


def test_byte_order_marks_alone_are_no_document() -> None:
    assert refusal(gzip.compress("\ufeff".encode() * 5_500_000)).reason is Reason.EMPTY


@pytest.mark.parametrize(
    "markup",
    ["<a/>" * (xml_records.MOST_TAGS + 1), "<a b='1'/>" * (xml_records.MOST_ATTRIBUTES + 1)],
    ids=["tags", "attributes"],
)
def test_a_document_of_more_markup_is_refused(markup: str) -> None:
    error = refusal(urlset(entry(STORY), markup))
    assert (error.reason, error.detail) == (Reason.MALFORMED, "more than 1000000 tags or 200000 attributes")
