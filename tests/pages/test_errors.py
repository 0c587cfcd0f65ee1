"""What each reader raises for a page that it refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from vovcrawl.pages import (
    BrokenSource,
    NotAListing,
    NotAnArticle,
    PageError,
    Reason,
    listing,
    menu,
    parse_article,
    parse_text,
    read,
    rss,
    sitemap,
)

URL = "https://vov.vn/xa-hoi/a-post1300000.vov"
BLOCKED = "<html><head><title>Attention Required!</title></head><body><p>Cloudflare</p></body></html>"
DEEP = "<div>" * 100_000
REDIRECT = '<html><body><script>window.location.href="https%3A%2F%2Fvov.vn%2Fa"</script></body></html>'


@pytest.mark.parametrize(
    ("refuse", "kind", "reason"),
    [
        (lambda: parse_article(BLOCKED, URL), NotAnArticle, Reason.BLOCKED),
        (lambda: parse_article("", URL), NotAnArticle, Reason.EMPTY),
        (lambda: read(DEEP, URL), NotAnArticle, Reason.OVERSIZED),
        (lambda: parse_text(""), NotAnArticle, Reason.EMPTY),
        (lambda: parse_text("a" * 600_000), NotAnArticle, Reason.OVERSIZED),
        (lambda: listing.read(BLOCKED, URL), NotAListing, Reason.BLOCKED),
        (lambda: listing.read("", URL), NotAListing, Reason.EMPTY),
        (lambda: listing.read(DEEP, URL), NotAListing, Reason.OVERSIZED),
        (lambda: menu.read(DEEP, URL), NotAListing, Reason.OVERSIZED),
        (lambda: rss.find_feeds(DEEP, URL), NotAListing, Reason.OVERSIZED),
        (lambda: rss.read_feed(BLOCKED.encode(), URL), BrokenSource, Reason.BLOCKED),
        (lambda: rss.read_feed(b"<rss>", URL), BrokenSource, Reason.MALFORMED),
        (lambda: sitemap.read(b"", URL), BrokenSource, Reason.EMPTY),
        (lambda: sitemap.read(DEEP.encode(), URL), BrokenSource, Reason.OVERSIZED),
        (lambda: sitemap.read(b"<urlset", URL), BrokenSource, Reason.MALFORMED),
    ],
)
def test_a_refusal_says_what_the_page_was_asked_for_and_why(
    refuse: Callable[[], object], kind: type[PageError], reason: Reason
) -> None:
    with pytest.raises(PageError) as caught:
        refuse()
    assert type(caught.value) is kind
    assert caught.value.reason is reason
    assert str(caught.value).startswith(reason.value)


@pytest.mark.parametrize(
    "refuse",
    [
        lambda: parse_article(REDIRECT, URL),
        lambda: listing.read(REDIRECT, URL),
        lambda: sitemap.read(REDIRECT.encode(), URL),
        lambda: rss.read_feed(REDIRECT.encode(), URL),
    ],
)
def test_a_page_that_only_redirects_says_where_to(refuse: Callable[[], object]) -> None:
    with pytest.raises(PageError) as caught:
        refuse()
    assert (caught.value.reason, caught.value.target) == (Reason.REDIRECT, "https://vov.vn/a")


def test_a_refusal_is_a_value_error() -> None:
    assert issubclass(PageError, ValueError)
