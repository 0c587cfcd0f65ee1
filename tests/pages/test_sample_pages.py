"""Every article of the sample site is read from its page exactly as it was written."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from sample_site import special_pages
from sample_site.expected import expected_record
from sample_site.pages import Pages
from sample_site.site import load_site
from sample_site.story import Story
from vovcrawl.pages import NotAnArticle, Reason, parse_article

SITE = load_site()
PAGES = Pages(SITE)


@pytest.mark.parametrize("story", SITE.stories.values(), ids=lambda story: story.id)
def test_a_story_reads_as_it_was_written(story: Story) -> None:
    article = parse_article(PAGES.get(story.address).body, story.url)
    expected = expected_record(story, SITE)
    record = asdict(article)
    assert {field: record[field] for field in expected} == expected
    assert article.template == story.template


@pytest.mark.parametrize("prefix", ["https://www.", "http://baoxuan.", "http://"])
def test_a_story_is_the_same_on_every_host(prefix: str) -> None:
    story = SITE.newest[0]
    url = story.url.replace("https://", prefix) + "?gidzl=a&gidzl=b"
    article = parse_article(PAGES.get(story.address).body, url)
    assert (article.url, article.canonical_url, article.id) == (url, story.url, story.id)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (special_pages.EMPTY_SHELL_ADDRESS, Reason.EMPTY),
        (special_pages.BLOCK_PAGE_ADDRESS, Reason.BLOCKED),
        (special_pages.MISSING_ADDRESS, Reason.ERROR),
        (special_pages.SOFT_ERROR_ADDRESS, Reason.ERROR),
        ("/", Reason.LISTING),
        ("/the-thao", Reason.LISTING),
        ("/tin-moi-cap-nhat", Reason.LISTING),
        ("/search?keyword=x", Reason.NO_ARTICLE),
    ],
)
def test_a_page_that_is_no_story_is_refused_with_the_reason(address: str, reason: Reason) -> None:
    with pytest.raises(NotAnArticle) as refusal:
        parse_article(PAGES.get(address).body, "https://vov.vn" + address)
    assert refusal.value.reason is reason
