"""Which kind of article a page holds, told before it is read."""

from __future__ import annotations

import pytest

from sample_site.render_article import render_article
from sample_site.site import load_site
from sample_site.story import Story
from vovcrawl.pages import parse_article
from vovcrawl.pages.served_kind import served_kind

SITE = load_site()
# Which is told by its captions alone, once it is read.
LATE = "photo"


@pytest.mark.parametrize("story", SITE.newest, ids=lambda story: story.path)
def test_a_page_of_the_sample_site_is_told_to_be_what_it_is_read_as(story: Story) -> None:
    page = render_article(story, SITE)
    found, read = served_kind(page.encode(), story.url), parse_article(page, story.url).content_type
    assert found == read or (found, read) == ("article", LATE)


def test_the_url_tells_where_the_page_does_not() -> None:
    url = "https://vov.vn/multimedia/e-magazine/lang-nghe-post1.vov"
    assert served_kind(b"<html><body class='x'><article id=a>", url) == "emagazine"


@pytest.mark.parametrize(
    "page", [b"", b"<body", b"<article class='", b'<body class="' + b"a" * 100_000, b"<body>" * 9999]
)
def test_a_page_that_says_nothing_is_an_article(page: bytes) -> None:
    assert served_kind(page, "https://vov.vn/xa-hoi/tin-post1.vov") == "article"
