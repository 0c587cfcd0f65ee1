"""What is too large to be a page of the newspaper is refused before it costs memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pages.snippets import STORY, page
from vovcrawl.pages import (
    NotAListing,
    NotAnArticle,
    PageError,
    Reason,
    bounds,
    listing,
    menu,
    parse_article,
    parse_text,
    rss,
)

SECTION = "https://vov.vn/xa-hoi"


def refusal(read: Callable[[], object], kind: type[PageError] = NotAnArticle) -> PageError:
    with pytest.raises(kind) as caught:
        read()
    return caught.value


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (lambda html: parse_article(html, STORY), NotAnArticle),
        (lambda html: listing.read(html, SECTION), NotAListing),
        (lambda html: menu.read(html, SECTION), NotAListing),
        (lambda html: rss.find_feeds(html, SECTION), NotAListing),
    ],
)
@pytest.mark.parametrize("of_bytes", [True, False])
def test_a_page_of_more_bytes_is_refused_by_every_reader(
    read: Callable[[str | bytes], object], kind: type[PageError], of_bytes: bool
) -> None:
    html = page("<p>Một.</p>" + " " * bounds.MOST_BYTES)
    error = refusal(lambda: read(html.encode() if of_bytes else html), kind)
    assert (error.reason, error.detail) == (Reason.OVERSIZED, f"more than {bounds.MOST_BYTES} bytes")


def test_a_page_of_as_many_bytes_is_read() -> None:
    html = page("<p>Một.</p>@")
    filled = html.replace("@", " " * (bounds.MOST_BYTES - len(html.encode()) + 1))
    assert len(filled.encode()) == bounds.MOST_BYTES
    assert parse_article(filled, STORY).body == "Một."


@pytest.mark.parametrize("tag", ["<b>", "<p>", "<a href=/a>", "<div></div>", "<br>"])
def test_a_page_of_more_tags_is_refused(tag: str) -> None:
    error = refusal(lambda: parse_article(page(tag * bounds.MOST_TAGS), STORY))
    assert (error.reason, error.detail) == (Reason.OVERSIZED, f"more than {bounds.MOST_TAGS} tags")


@pytest.mark.parametrize("value", ["", "=b", '=">"', "='<'"])
def test_a_page_with_an_element_of_more_attributes_is_refused(value: str) -> None:
    attributes = " ".join(f"a{number}{value}" for number in range(40_000))
    error = refusal(lambda: parse_article(page(f"<p {attributes}>Một.</p>"), STORY))
    assert (error.reason, error.detail) == (Reason.OVERSIZED, "an element with more than 200 attributes")


def test_a_page_of_more_attributes_is_refused() -> None:
    written = " ".join(f"a{number}" for number in range(bounds.MOST_ATTRIBUTES_OF_ONE))
    error = refusal(lambda: parse_article(page(f"<p {written}>Một.</p>" * 600), STORY))
    assert (error.reason, error.detail) == (Reason.OVERSIZED, f"more than {bounds.MOST_ATTRIBUTES} attributes")


@pytest.mark.parametrize("script", ["{},", '{"@type":"NewsArticle"},', "["])
def test_a_page_of_more_json_ld_is_refused(script: str) -> None:
    written = script * (bounds.MOST_LINKED_DATA // len(script) // 2 + 1)
    html = page("<p>Một.</p>", head=f'<script type="application/ld+json">[{written}1]</script>' * 2)
    error = refusal(lambda: parse_article(html, STORY))
    assert (error.reason, error.detail) == (
        Reason.OVERSIZED,
        f"more than {bounds.MOST_LINKED_DATA} characters of JSON-LD",
    )


def test_a_picture_pasted_into_the_text_is_no_reason_to_refuse_it() -> None:
    picture = f'<img src="data:image/png;base64,{"QUJD" * 500_000}">'
    assert parse_article(page(f"<p>Một.</p><p>{picture}</p>"), STORY).body == "Một."


def test_an_article_of_more_characters_is_refused() -> None:
    error = refusal(lambda: parse_article(page(f"<p>{'chữ ' * 200_000}</p>"), STORY))
    assert (error.reason, error.detail) == (Reason.OVERSIZED, f"more than {bounds.MOST_CHARACTERS} characters")


def test_a_text_of_more_characters_is_refused() -> None:
    assert refusal(lambda: parse_text("dòng\n" * 200_000)).reason is Reason.OVERSIZED


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("blocks", "<p>a</p>" * 12_000),
        ("links", "".join(f"<a href=/{number}>a</a> " for number in range(12_000))),
        ("images", "".join(f"<img src=/{number}.jpg>" for number in range(12_000))),
        ("images", "<img>" * 12_000),
    ],
)
def test_an_article_with_more_parts_is_refused(name: str, markup: str) -> None:
    error = refusal(lambda: parse_article(page(f"<p>Một.</p>{markup}"), STORY))
    assert error.detail == f"more than {bounds.MOST_ELEMENTS} {name}"


@pytest.mark.parametrize(
    "markup",
    [
        "<p class=article-author>@</p>",
        "<figure><img src=/a.jpg></figure><p class=caption>@</p>",
        "<p class=article-title></p><h1 class=article-title>@</h1>",
        "<p>@</p><p>Nguyễn Văn A/VOV.VN</p>",
    ],
)
def test_a_field_that_says_more_than_an_article_may_is_refused(markup: str) -> None:
    html = page(f"<p>Một.</p>{markup.replace('@', '&amp;amp; ' * bounds.MOST_CHARACTERS)}", h1="")
    error = refusal(lambda: parse_article(html, STORY))
    assert error.detail == f"more than {bounds.MOST_CHARACTERS} characters"


def test_an_article_with_more_keywords_is_refused() -> None:
    words = ",".join(map(str, range(12_000)))
    html = page("<p>Một.</p>", head=f'<meta name="keywords" content="{words}">')
    assert refusal(lambda: parse_article(html, STORY)).detail == f"more than {bounds.MOST_ELEMENTS} keywords"


def test_a_lead_that_many_related_stories_share_does_not_multiply() -> None:
    links = "".join(f'<a href="/xa-hoi/a-post{number}.vov">Bài {number}</a>' for number in range(100, 400))
    box = (
        f'<div class="field-related-article"><div class="card"><h3>Bài</h3><p>{"chữ " * 10_000}</p>{links}</div></div>'
    )
    assert refusal(lambda: parse_article(page("<p>Một.</p>", outside=box), STORY)).reason is Reason.OVERSIZED
