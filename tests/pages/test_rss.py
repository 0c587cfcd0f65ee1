"""Feeds: articles with their times of publication, the page that lists the feeds, and what is no feed."""

from __future__ import annotations

import gzip
import time
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_site import special_pages
from sample_site.pages import Pages
from sample_site.render_feeds import FEED_LENGTH, NEWEST_FEED
from sample_site.site import load_site
from tests.strategies import damaged
from vovcrawl.pages import rss
from vovcrawl.pages.errors import BrokenSource, Reason
from vovcrawl.pages.rss import Feed, Item

SITE = load_site()
PAGES = Pages(SITE)
SECTION = "https://vov.vn/rss/xa-hoi.rss"
STORY = "https://vov.vn/xa-hoi/cho-noi-hop-som-post1315001.vov"
OTHER = "https://vov.vn/xa-hoi/cau-moi-thong-xe-post1315002.vov"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
FEEDS = [path for path in SITE.section_by_path if "/" not in path]


def channel(*items: str) -> str:
    head = f"<title>VOV.VN - Xã hội</title><link>{OTHER}</link><pubDate>Sun, 13 Sep 2026 09:00:00 +0700</pubDate>"
    return f'{DECLARATION}<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def item(link: str = STORY, date: str | None = None, title: str | None = None, more: str = "") -> str:
    fields = f"<link>{link}</link>" + (f"<pubDate>{date}</pubDate>" if date is not None else "")
    return f"<item>{'' if title is None else f'<title>{title}</title>'}{fields}{more}</item>"


def atom(*entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>VOV</title>{"".join(entries)}</feed>'


def read(document: str | bytes) -> Feed:
    return rss.read_feed(document.encode() if isinstance(document, str) else document, SECTION)


def refusal(document: str | bytes) -> BrokenSource:
    with pytest.raises(BrokenSource) as caught:
        read(document)
    return caught.value


# What the site serves


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_names_its_stories_with_their_times_of_publication(path: str) -> None:
    stories = SITE.listings[path][:FEED_LENGTH]
    assert rss.read_feed(PAGES.get(f"/rss/{path}.rss").body, rss.feed_url(path)) == Feed(
        tuple(Item(story.url, story.published.isoformat(), story.headline) for story in stories)
    )


def test_a_feed_without_items_is_a_feed_all_the_same() -> None:
    assert read(channel()) == Feed(())


@pytest.mark.parametrize("path", ["xa-hoi", "/xa-hoi/", "the-thao/bong-da", NEWEST_FEED])
def test_a_section_has_a_feed(path: str) -> None:
    assert rss.feed_url(path) == f"https://vov.vn/rss/{path.strip('/')}.rss"


@pytest.mark.parametrize("path", ["", "/", "..", "a//b", "https://vov.vn/xa-hoi", "xã hội", "a?b", "a\n"])
def test_what_is_no_section_has_no_feed(path: str) -> None:
    with pytest.raises(ValueError, match="no path of a section"):
        rss.feed_url(path)


def test_the_page_of_feeds_names_them_in_order() -> None:
    found = rss.find_feeds(PAGES.get("/rss").body, "https://vov.vn/rss")
    assert found == [rss.feed_url(path) for path in [NEWEST_FEED, *FEEDS]]


def test_the_page_of_feeds_names_each_feed_of_the_site_once() -> None:
    hrefs = [
        *("/rss/xa-hoi.rss", "http://www.vov.vn/rss/xa-hoi.rss#x", "the-thao.rss", "/rss/chinh-tri-209.rss?x=1"),
        *("/rss", "/xa-hoi", "https://english.vov.vn/rss/a.rss", "/rss/../admin.rss", "http://[", "", "/rss/.rss"),
    ]
    page = "".join(f'<a href="{href}">Tin</a>' for href in hrefs)
    assert rss.find_feeds(f"<html><body>{page}</body></html>", "https://vov.vn/rss/") == [
        "https://vov.vn/rss/xa-hoi.rss",
        "https://vov.vn/rss/the-thao.rss",
        "https://vov.vn/rss/chinh-tri-209.rss",
    ]


@pytest.mark.parametrize("page", ["", b"", "<!-- -->", PAGES.get(special_pages.BLOCK_PAGE_ADDRESS).body])
def test_a_page_without_feeds_names_none(page: str | bytes) -> None:
    assert rss.find_feeds(page, "https://vov.vn/rss") == []


# Urls of articles


@pytest.mark.parametrize(
    "link",
    [
        f"\n  {STORY}\n",
        f"<![CDATA[ {STORY} ]]>",
        "http://www.vov.vn/xa-hoi/cho-noi-hop-som-post1315001.vov",
        "https://baoxuan.vov.vn/xa-hoi/cho-noi-hop-som-post1315001.vov",
        f"{STORY}?utm_source=rss&amp;gidzl=x#x",
        "/xa-hoi/cho-noi-hop-som-post1315001.vov",
    ],
)
def test_every_way_to_write_a_story_s_address_gives_its_canonical_one(link: str) -> None:
    assert read(channel(item(link))).items == (Item(STORY, None, None),)


def test_a_story_without_a_link_is_known_by_its_identifier() -> None:
    assert read(channel(item("", more=f"<guid>{STORY}</guid>"))).items == (Item(STORY, None, None),)


@pytest.mark.parametrize(
    "link", ["https://english.vov.vn/en/a-post1315001.vov", "https://vov.vn/xa-hoi", "javascript:x", "http://[", ""]
)
def test_what_is_no_story_is_counted_and_left_out(link: str) -> None:
    found = read(channel(item(link, more="<guid>1315001</guid>"), item()))
    assert found == Feed((Item(STORY, None, None),), others=1)


def test_a_story_is_listed_once_as_it_is_given_first() -> None:
    found = read(channel(item(title="Chợ nổi"), item(OTHER), item(f"{STORY}?x=1", title="Chợ nổi họp sớm")))
    assert found.items == (Item(STORY, None, "Chợ nổi"), Item(OTHER, None, None))


def test_items_beyond_the_limit_are_counted_and_not_read() -> None:
    links = (f"https://vov.vn/xa-hoi/tin-post{number}.vov" for number in range(1, rss.MOST_ITEMS + 6))
    found = read(channel(*map(item, links)))
    assert (len(found.items), found.over) == (rss.MOST_ITEMS, 5)


# Times of publication


@pytest.mark.parametrize(
    "date",
    [
        "Sun, 13 Sep 2026 08:46:00 +0700",
        "Sun, 13 Sep 2026 08:46:00 +07:00",
        "Sun, 13 Sep 2026 08:46:00 GMT+7",
        "Sun, 13 Sep 2026 08:46:00 (GMT+7)",
        "Sun, 13 Sep 2026 08:46:00 UTC+0700",
        "Sun, 13 Sep 2026 08:46:00 ICT",
        "Sun, 13 Sep 2026 08:46:00 +0700 (ICT)",
        "Sun, 13 Sep 2026 08:46:00",
        "Sun, 13 Sep 2026 08:46 +0700",
        "Sun, 13 Sep 26 08:46:00 +0700",
        "13 Sep 2026 8:46:00 +0700",
        "Sunday, 13 September 2026 08:46:00 +0700",
        "Sun,13 Sep 2026 08:46:00 +0700",
        "Sun,  13  Sep  2026  08:46:00  +0700",
        "Sun 13 Sep 2026 08:46:00 +0700",
        "Sun., 13 Sep. 2026 08:46:00 +0700",
        "sun, 13 sep 2026 08:46:00 +0700",
        "SUN,13 SEPTEMBER 2026 08:46:00 +0700",
        "Sun, 13 Sept 2026 08:46:00 +0700",
        "Sun, 13-Sep-2026 08:46:00 +0700",
        "13-Sep-26 08:46 GMT+7",
        "13 Sep, 2026, 08:46",
        "Sun,&#160;13 Sep 2026 08:46:00 +0700",
        "Sun, 13 Sep 2026 08:46:00 GMT +7",
        "Sun, 13 Sep 2026 08:46:00 GMT+07:00",
        "Sun, 13 Sep 2026 08:46:00 +7",
        "Sun, 13 Sep 2026 08:46:00+0700",
        "Sun, 13 Sep 2026 01:46:00 gmt",
        "Sun, 13 Sep 2026 01:46:00 UT",
        "Sun, 13 Sep 2026 01:46:00 GMT",
        "Sun, 13 Sep 2026 01:46:00 Z",
        "Sun, 13 Sep 2026 01:46:00 -0000",
        "Sat, 12 Sep 2026 20:16:00 -0530",
        "2026-09-13T08:46:00+07:00",
        "2026-09-13T01:46:00.25Z",
        "2026-09-13 08:46:00",
        "\n<![CDATA[ Sun, 13 Sep 2026 08:46:00 +0700 ]]>",
    ],
)
def test_the_time_of_publication_is_given_in_vietnamese_time(date: str) -> None:
    assert read(channel(item(date=date))).items[0].published == "2026-09-13T08:46:00+07:00"


@pytest.mark.parametrize(
    "date",
    [
        "",
        "hôm nay",
        "Sun, 13 Sep 2026",
        "2026-09-13",
        "9/3/2026 8:46:00 AM",
        "Sun, 13 Sep 2026 08:46:00 PM",
        "Sun, 13 Sep 2026 08:46:00 EST",
        "Sun, 31 Sep 2026 08:46:00 +0700",
        "Sun, 13 Xyz 2026 08:46:00 +0700",
        "Sun,,13 Sep 2026 08:46:00 +0700",
        "13Sep2026 08:46:00 +0700",
        "Sep 13 2026 08:46:00 +0700",
        "Sun, 13 Sep 126 08:46:00 +0700",
        "Sun, 13 Sep 2026 24:46:00 +0700",
        "Sun, 13 Sep 2026 08:46:00 +9900",
        "Mon, 01 Jan 0001 00:00:00 +0700",
        "Fri, 31 Dec 9999 23:59:00 -0700",
        "Sun, 13 Sep 2026 08:46:00 +0700" + " x" * 5000,
        None,
    ],
)
def test_a_time_that_is_not_sure_is_none(date: str | None) -> None:
    assert read(channel(item(date=date))).items == (Item(STORY, None, None),)


# Headlines


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Chợ nổi họp sớm", "Chợ nổi họp sớm"),
        ("<![CDATA[ Chợ nổi \n họp sớm ]]>", "Chợ nổi họp sớm"),
        ("Gạo &amp; cá", "Gạo & cá"),
        ("<![CDATA[&quot;Gạo&quot; &amp; cá]]>", '"Gạo" & cá'),
        ("Cho\u031b\u0323 nổi\u200b\x02", "Chợ nổi"),
        ("", None),
        (" \n ", None),
        (None, None),
    ],
)
def test_the_headline_is_cleaned(title: str | None, headline: str | None) -> None:
    assert read(channel(item(title=title))).items[0].headline == headline


def test_a_headline_beyond_measure_is_cut() -> None:
    assert read(channel(item(title="a" * 100_000))).items[0].headline == "a" * rss.LONGEST_HEADLINE


def test_fields_of_other_vocabularies_are_not_the_item_s() -> None:
    other = (
        f'<m:title xmlns:m="http://search.yahoo.com/mrss/">Ảnh</m:title><a:link xmlns:a="urn:a" href="{OTHER}"/>'
        f"<source><title>Khác</title><link>{OTHER}</link></source>"
    )
    document = channel(f"<item>{other}<title>Chợ nổi</title><link>{STORY}</link></item>")
    assert read(document).items == (Item(STORY, None, "Chợ nổi"),)


# Atom, and ways to write the document


def test_an_atom_feed_is_read() -> None:
    links = f'<link rel="self" href="{OTHER}"/><link rel="alternate" href="{STORY}"/>'
    date = "<updated>2026-09-14T00:00:00Z</updated><published>2026-09-13T01:46:00Z</published>"
    entry = f"<entry><title type='html'>Chợ &lt;nổi</title>{links}{date}</entry>"
    assert read(atom(entry)).items == (Item(STORY, "2026-09-13T08:46:00+07:00", "Chợ <nổi"),)


def test_an_atom_entry_without_a_link_is_known_by_its_identifier() -> None:
    assert read(atom(f"<entry><id>{STORY}</id></entry>")).items == (Item(STORY, None, None),)


@pytest.mark.parametrize(
    "document",
    [
        "\ufeff" + channel(item(title="Chợ nổi")),
        "\n" + channel(item(title="Chợ nổi")),
        channel(item(title="Chợ nổi")).replace("utf-8", "iso-8859-1"),
        channel(item(title="Chợ nổi")).replace("<rss", '<!DOCTYPE rss PUBLIC "-//X//EN" "http://127.0.0.1:9/a"><rss'),
        channel(item(title="Chợ nổi")).replace("utf-8", "utf-16").encode("utf-16"),
        gzip.compress(channel(item(title="Chợ nổi")).encode(), mtime=0),
    ],
)
def test_a_feed_is_read_however_it_is_written(document: str | bytes) -> None:
    assert read(document).items == (Item(STORY, None, "Chợ nổi"),)


# What is no feed


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (special_pages.BLOCK_PAGE_ADDRESS, Reason.BLOCKED),
        (special_pages.SCRIPT_REDIRECT_ADDRESS, Reason.REDIRECT),
        (special_pages.MISSING_ADDRESS, Reason.ERROR),
        ("/rss", Reason.MALFORMED),
        ("/sitemap.xml", Reason.MALFORMED),
    ],
)
def test_a_page_that_stands_in_for_a_feed_is_refused(address: str, reason: Reason) -> None:
    assert refusal(PAGES.get(address).body).reason is reason


@pytest.mark.parametrize("document", ["", " ", DECLARATION])
def test_nothing_at_all_is_refused_as_empty(document: str) -> None:
    assert refusal(document).reason is Reason.EMPTY


@pytest.mark.parametrize(
    "document",
    [
        channel(item())[:-3],
        channel(item(title="<b>Gạo")),
        channel(item()) + channel(item()),
    ],
)
def test_a_broken_feed_is_refused_as_a_whole(document: str) -> None:
    assert refusal(document).reason is Reason.MALFORMED


@pytest.mark.parametrize("title", ["Gạo & cá", "Gạo&nbsp;&amp; cá", "Gạo &#0;& cá"])
def test_a_slip_in_the_text_costs_no_item(title: str) -> None:
    found = read(channel(item(title=title)))
    assert [each.headline for each in found.items] == ["Gạo & cá"]
    assert found.mended > 0


@pytest.mark.parametrize("value", ['"x"', 'SYSTEM "file:///etc/hostname"', 'SYSTEM "http://127.0.0.1:9/"'])
def test_a_feed_that_declares_entities_is_refused(value: str) -> None:
    document = channel(item(title="&a;")).replace("<rss", f"<!DOCTYPE rss [<!ENTITY a {value}>]><rss")
    assert "declares entities" in refusal(document).detail


def test_time_grows_no_faster_than_the_document() -> None:
    date = "Sun, 13 Sep 2026 08:46:00 " + " " * 4000
    begin = time.perf_counter()
    read(channel(*[item(date=date + "x", title="<![CDATA[" + "&amp; " * 600 + "]]>")] * 1000))
    assert time.perf_counter() - begin < 5


# Properties


def only_refuses(document: bytes) -> None:
    rss.find_feeds(document, "https://vov.vn/rss")
    try:
        found = read(document)
    except BrokenSource:
        return
    urls = [each.url for each in found.items]
    assert len(urls) == len(set(urls))


MANGLED = [
    channel(item(date="Sun, 13 Sep 2026 08:46:00 +0700", title="<![CDATA[Chợ]]>"), item(OTHER, more="<guid>1</guid>")),
    atom(f"<entry><title>Chợ</title><link href='{STORY}'/><published>2026-09-13T01:46:00Z</published></entry>"),
    f'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel>{item(title="&a;")}</channel></rss>',
    PAGES.get("/rss").body.decode(),
]


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_refused_or_read(document: bytes) -> None:
    only_refuses(document)


@given(st.sampled_from(MANGLED).flatmap(damaged))
def test_a_mangled_feed_is_refused_or_read(document: str) -> None:
    only_refuses(document.encode())


@given(st.sampled_from(MANGLED), st.data())
def test_a_feed_with_arbitrary_bytes_in_it_is_refused_or_read(document: str, data: st.DataObject) -> None:
    whole = document.encode()
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, min(begin + 30, len(whole))))
    only_refuses(whole[:begin] + data.draw(st.binary(max_size=20)) + whole[end:])


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_whatever_the_fields_hold_the_feed_is_read(link: str, date: str, title: str) -> None:
    shown = [escape("".join(c for c in text if c >= " ")) for text in (link, date, title)]
    found = read(channel(item(*shown)))
    assert len(found.items) + found.others == 1
