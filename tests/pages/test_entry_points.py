"""Reading a page or a text in Python: with dates as a crawl tags them, and without what that needs if not asked."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import pytest

from sample_site.render_article import render_article
from sample_site.site import load_site
from sample_site.story import Story
from tests.conftest import PROJECT, environment
from vovcrawl.items import Article
from vovcrawl.pages import parse_article, parse_text
from vovcrawl.pages.time_expressions import MOST_EXPRESSIONS
from vovcrawl.pipelines.tag_dates import TagDates

SITE = load_site()
TEXT = "Chợ nổi vào mùa nước\nVOV.VN - Tối qua, chợ đông.\nNgày 12/10, ghe thuyền đậu kín bến."


def tagged(article: Article) -> Article:
    """The article as the crawl's pipeline leaves it."""
    done: Article = TagDates().process_item(replace(article))
    return done


@pytest.mark.parametrize("story", SITE.stories.values(), ids=lambda story: story.id)
def test_a_page_read_with_dates_is_as_a_crawl_tags_it(story: Story) -> None:
    page = render_article(story, SITE)
    assert parse_article(page, story.url, dates=True) == tagged(parse_article(page, story.url))


def test_a_text_read_with_dates_is_as_a_crawl_tags_it() -> None:
    published = datetime(2023, 10, 14, 8)
    article = parse_text(TEXT, published=published, dates=True)
    assert article == tagged(parse_text(TEXT, published=published))
    assert [(one.field, one.value) for one in article.time_expressions] == [
        ("description", "2023-10-13TEV"),
        ("body", "2023-10-12"),
    ]


def test_without_a_time_of_publication_no_year_is_invented() -> None:
    assert [one.value for one in parse_text(TEXT, dates=True).time_expressions] == ["XXXX-10-12"]


def test_dates_are_read_only_if_asked_for() -> None:
    assert parse_text(TEXT, published=datetime(2023, 10, 14, 8)).time_expressions == []


def test_no_more_dates_are_kept_than_by_a_crawl() -> None:
    text = f"Chợ nổi\n{'Năm 2020, năm 2021. ' * MOST_EXPRESSIONS}"
    assert len(parse_text(text, dates=True).time_expressions) == MOST_EXPRESSIONS


def test_reading_without_dates_loads_neither_scrapy_nor_the_grammar() -> None:
    loaded = "print(sorted({'scrapy', 'twisted', 'sqlalchemy', 'vovcrawl.dates.recognition'} & sys.modules.keys()))"
    program = f"""
import sys
from vovcrawl.pages import parse_text
parse_text({TEXT!r})
{loaded}
parse_text({TEXT!r}, dates=True)
{loaded}
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == ["[]", "['vovcrawl.dates.recognition']"]
