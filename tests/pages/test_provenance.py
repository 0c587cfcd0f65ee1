"""Where on a page each field of its record stands."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest

from sample_site.pages import Pages
from sample_site.site import load_site
from tests.conftest import PROJECT
from tests.pages.snippets import page
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle, parse_article, parse_text, read
from vovcrawl.pages.provenance import Place, Trace, Traced, of_page, of_text
from vovcrawl.pages.publication import VIETNAM

URL = "https://vov.vn/xa-hoi/cho-noi-vao-mua-nuoc-post1315001.vov"
FROZEN = sorted((PROJECT / "tests" / "frozen").glob("*.html"))
SAVED = """Chợ nổi vào mùa nước

VOV.VN - Chợ đông từ tờ mờ sáng.

Thuyền về kín bến từ ba giờ sáng.
Người bán quen mặt người mua.
"""


def line_of(html: str, text: str) -> int:
    """The number of the line on which a text begins."""
    return html[: html.index(text)].count("\n") + 1


def traced(body: str = "<p>Thuyền về.</p>", **given: str) -> tuple[str, Traced]:
    """A page, and how it is traced."""
    html = page(body, **given)  # type: ignore[arg-type]
    return html, of_page(html, URL)


class TestPlaces:
    """The element or the metadata that gave a field, with its line."""

    @pytest.mark.parametrize(
        ("name", "selector", "begins"),
        [
            ("headline", "h1.article-title", '<h1 class="article-title'),
            ("description", "div.article-summary", '<div class="row article-summary'),
            ("body", "div.text-long", '<div class="text-long'),
            ("date_published_raw", "div.article-date", '<div class="row article-date'),
            ("date_published", 'meta[property="article:published_time"]', '<meta property="article:published_time"'),
            ("canonical_url", 'link[rel="canonical"]', '<link rel="canonical"'),
        ],
    )
    def test_a_field_of_the_template(self, name: str, selector: str, begins: str) -> None:
        html, found = traced()
        assert found.of(name).places == (Place(line_of(html, begins), selector),)

    def test_a_headline_from_metadata(self) -> None:
        html, found = traced(h1="", head='\n<meta property="og:title" content="Chợ nổi">')
        trace = found.of("headline")
        assert (trace.value, trace.source) == ("Chợ nổi", "og:title")
        assert trace.places == (Place(line_of(html, '<meta property="og:title"'), 'meta[property="og:title"]'),)

    def test_a_time_in_json_ld_with_its_key(self) -> None:
        html = page(
            "<p>A.</p>", json_ld={"@type": "NewsArticle", "headline": "A", "dateModified": "2026-07-16T09:00:00"}
        )
        (place,) = of_page(html, URL).of("date_modified").places
        assert place.selector == 'script[type="application/ld+json"] NewsArticle.dateModified'
        assert place.line == line_of(html, '<script type="application/ld+json"')

    def test_tags_each_with_its_own_line(self) -> None:
        head = "".join(f'\n<meta property="article:tag" content="{name}">' for name in ("một", "hai"))
        html, found = traced(head=head)
        lines = [place.line for place in found.of("keywords").places]
        assert lines == [line_of(html, 'content="một"'), line_of(html, 'content="hai"')]

    def test_a_signature_in_the_text(self) -> None:
        html, found = traced("<p>Thuyền về.</p>\n<p><strong>Thu Hà/VOV-Miền Tây</strong></p>")
        (place,) = found.of("authors").places
        assert (found.of("authors").source, place.line) == ("signature", line_of(html, "<p><strong>"))

    def test_the_class_that_says_which_kind_of_page_it_is(self) -> None:
        _, found = traced("<p>A.</p>", article_class="detail detail--photo")
        (place,) = found.of("content_type").places
        assert (found.of("content_type").source, place.selector) == ("class", "article.detail")

    def test_a_field_that_is_absent(self) -> None:
        trace = traced()[1].of("videos")
        assert (trace.is_absent, trace.source, trace.places, trace.entries) == (True, None, (), ())

    def test_a_field_that_no_record_has(self) -> None:
        with pytest.raises(KeyError):
            traced()[1].of("title")


class TestEntries:
    """Pictures, players, links and related articles, each with its own place."""

    def test_pictures(self) -> None:
        body = "\n".join(
            f'<figure><img src="https://media.vov.vn/{name}.jpg?w=1"><figcaption>A</figcaption></figure>'
            for name in ("mot", "hai")
        )
        html, found = traced(body)
        lines = [place.line for place in found.of("images").entries if place is not None]
        assert lines == [line_of(html, "mot.jpg"), line_of(html, "hai.jpg")]

    def test_links_to_the_same_url_in_turn(self) -> None:
        link = '<a href="/xa-hoi/khac-post7.vov">chợ</a>'
        html, found = traced(f"<p>Một {link}.</p>\n<p>Hai {link}.</p>")
        lines = [place.line for place in found.of("links").entries if place is not None]
        assert lines == [line_of(html, "Một <a"), line_of(html, "Hai <a")]

    def test_related_articles_in_the_text_and_below_it(self) -> None:
        teaser = '\n<article class="inner-article"><a href="/xa-hoi/a-post8.vov"><h2>Bến cũ</h2></a></article>'
        box = '\n<div class="field-related-article"><a href="/xa-hoi/b-post9.vov"><h5>Bến mới</h5></a></div>'
        html, found = traced(f"<p>Một.</p>{teaser}", outside=box)
        lines = [place.line for place in found.of("related").entries if place is not None]
        assert lines == [line_of(html, "a-post8.vov"), line_of(html, "b-post9.vov")]

    def test_one_that_no_attribute_names_has_no_place(self) -> None:
        script = "<script>jwplayer('a').setup({file: 'https://streaming.vov.vn/a.mp4'});</script>"
        entries = traced(f"<p>Một.</p>{script}")[1].of("videos").entries
        assert entries == (None,)


class TestTexts:
    """Texts without markup."""

    def test_the_lines_of_a_text(self) -> None:
        found = of_text(SAVED)
        places = {name: [one.line for one in found.of(name).places] for name in ("headline", "description", "body")}
        assert places == {"headline": [1], "description": [3], "body": [5, 6]}

    def test_authors_tags_dates_and_related_articles_of_a_text(self) -> None:
        lines = [
            *("Chợ nổi vào mùa nước", "Thứ Năm, 08:46, 16/07/2026", "VOV.VN - Chợ đông từ tờ mờ sáng."),
            *("Thuyền về kín bến từ ba giờ sáng.", "Ai cũng vội./.", "Thu Hà/VOV-Miền Tây", "Tag:", "chợ nổi"),
            *("mùa nước", "Tin liên quan", "Bến cũ nay đã khác", "Bến cũ nay đã khác"),
            "VOV.VN - Bến cũ có thêm nhiều thuyền mới mỗi ngày.",
        ]
        found = of_text("\n".join(lines))
        named = ("body", "authors", "keywords", "date_published", "date_published_raw")
        places = {name: [one.line for one in found.of(name).places] for name in named}
        assert places == {
            "body": [4, 5],
            "authors": [6],
            "keywords": [8, 9],
            "date_published": [2],
            "date_published_raw": [2],
        }
        assert found.of("related").entries == (Place(11, "text"),)

    def test_a_text_reads_as_parse_text_reads_it(self) -> None:
        published = datetime(2026, 7, 16, 8, 0, tzinfo=VIETNAM)
        assert of_text(SAVED, URL, published).reading.article == parse_text(SAVED, URL, published, dates=True)


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
def test_a_traced_page_reads_as_any_other(path: Path) -> None:
    html = path.read_bytes()
    try:
        article = parse_article(html, "", dates=True)
    except NotAnArticle as error:
        with pytest.raises(NotAnArticle) as refused:
            of_page(html, "")
        assert refused.value.reason is error.reason
        return
    found = of_page(html, "")
    assert found.reading.article == article
    assert [trace.field for trace in found.traces] == [one.name for one in fields(Article)]


def test_each_field_of_every_page_of_the_sample_site_has_a_source() -> None:
    site = load_site()
    pages = Pages(site)
    for story in site.newest:
        for trace in of_page(pages.get(story.address).body, story.url).traces:
            assert trace.is_absent or trace.source, (story.url, trace.field)


def test_each_field_of_the_template_has_a_place_on_the_sample_site() -> None:
    site = load_site()
    pages = Pages(site)
    named = ("headline", "body", "date_published", "date_published_raw", "canonical_url", "authors", "breadcrumbs")
    missing = [
        (story.url, trace.field)
        for story in site.newest
        for trace in of_page(pages.get(story.address).body, story.url).traces
        if trace.field in named and not trace.is_absent and not trace.places and trace.source != "url"
    ]
    assert missing == []


def test_sources_name_the_fields_that_come_from_lists_and_urls() -> None:
    html = page(
        '<p>Một <a href="/xa-hoi/khac-post7.vov">chợ</a>.</p><figure><img src="https://media.vov.vn/a.jpg"></figure>',
        outside='<div class="field-related-article"><a href="/xa-hoi/b-post9.vov"><h5>Bến mới</h5></a></div>',
    )
    sources = read(html, URL).sources
    named = {name: sources.get(name) for name in ("canonical_url", "section", "images", "links", "related", "videos")}
    assert named == {
        "canonical_url": "canonical link",
        "section": "url",
        "images": "body",
        "links": "body",
        "related": "related box",
        "videos": None,
    }


def test_an_element_is_called_by_its_telling_class_or_by_what_it_stands_in() -> None:
    _, found = traced("<p>A.</p>", h1='<div class="row article-title"><div><h1><span>Chợ nổi</span></h1></div></div>')
    assert found.of("headline").places[0].selector == "div.article-title h1"


def test_a_name_that_never_ends_is_cut() -> None:
    _, found = traced(h1=f'<h1 class="{"x" * 5000}">Chợ nổi</h1>')
    assert len(found.of("headline").places[0].selector) < 60


def test_a_trace_is_absent_where_its_value_is() -> None:
    values: list[object] = [None, [], {}, "", 0, "a"]
    assert [Trace("a", value, None).is_absent for value in values] == [True, True, True, True, False, False]
