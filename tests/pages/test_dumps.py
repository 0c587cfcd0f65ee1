"""A page saved as plain text, in whatever manner, gives the text that the page itself gives."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from sample_site.pages import Pages
from sample_site.site import load_site
from tests.pages.dumps import MANNERS, dump
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle, parse_article, parse_text

FROZEN = Path(__file__).parent.parent / "frozen"
FOOTER = (
    *("Trụ sở", "Tổng Biên tập", "Giấy phép số", "Điện thoại: 84", "reCAPTCHA", "Mời quý độc giả", "ĐÀI TIẾNG NÓI"),
    *("TIẾNG NÓI VIỆT NAM", "Tin liên quan", "Viết bình luận", "Copy link", "VOV.VN - ", "Tòa soạn", "Ghi rõ nguồn"),
)
RUNNING = ("paragraph", "subhead", "quote", "list_item")


@cache
def pages() -> dict[str, tuple[bytes, Article]]:
    """Every article of the sample site and every frozen one: its page and its record."""
    site = load_site()
    served = Pages(site)
    found = {story.id: (served.get(story.address).body, story.url) for story in site.stories.values()}
    for path in sorted(FROZEN.glob("*.json")):
        pair = json.loads(path.read_text(encoding="utf-8"))
        if "record" in pair:
            found[path.stem] = (path.with_suffix(".html").read_bytes(), pair["url"])
    return {name: (page, parse_article(page, url)) for name, (page, url) in found.items()}


def without_blanks(text: str) -> str:
    return "".join(text.split())


def running_text(article: Article) -> list[str]:
    return [article.body[block.start : block.end] for block in article.blocks if block.type in RUNNING]


@cache
def dumps(manner: str) -> dict[str, tuple[str, Article, Article]]:
    """By page: its text saved in a manner, what that is read as, and what the page is read as."""
    found = {}
    for name, (page, article) in pages().items():
        text = dump(page, manner, article.keywords)
        with suppress(NotAnArticle):
            found[name] = (text, parse_text(text), article)
    return found


@pytest.mark.parametrize("manner", MANNERS)
class TestDumps:
    def test_no_paragraph_is_lost(self, manner: str) -> None:
        lost = {}
        for name, (text, found, article) in dumps(manner).items():
            whole = without_blanks(f"{found.headline}\0{found.description}\0{found.body}")
            saved = without_blanks(text)
            parts = [part for part in map(without_blanks, running_text(article)) if part in saved and part not in whole]
            if parts:
                lost[name] = parts
        assert lost == {}

    def test_nothing_around_the_text_is_in_it(self, manner: str) -> None:
        left = {}
        for name, (_, found, article) in dumps(manner).items():
            own = set(running_text(article))
            around = {story.description for story in article.related} | {
                author.name_raw for author in article.authors if "/" in author.name_raw
            }
            lines = [line for line in found.body.split("\n\n") if line not in own]
            lines = [line for line in lines if line in around or any(mark in line for mark in FOOTER)]
            if lines:
                left[name] = lines
        assert left == {}

    def test_what_is_related_is_related_on_the_page_too(self, manner: str) -> None:
        for name, (_, found, article) in dumps(manner).items():
            known = {story.headline.casefold() for story in article.related}
            assert {story.headline.casefold() for story in found.related} <= known, name

    def test_few_pages_have_no_text_in_their_dump(self, manner: str) -> None:
        assert len(dumps(manner)) >= len(pages()) - 4

    def test_blank_lines_between_the_lines_say_nothing(self, manner: str) -> None:
        for name, (text, found, _) in list(dumps(manner).items())[::6]:
            assert parse_text(text.replace("\n", "\n\n")) == found, name


@pytest.mark.parametrize("manner", ["browser", "article", "without_menus"])
def test_a_whole_page_gives_headline_and_date(manner: str) -> None:
    for name, (_, found, article) in dumps(manner).items():
        if "h1" not in name:
            assert (found.headline, found.date_published_raw) == (article.headline, article.date_published_raw), name


@pytest.mark.parametrize("manner", ["article", "without_menus"])
def test_tags_one_a_line_are_the_keywords(manner: str) -> None:
    for name, (text, found, article) in dumps(manner).items():
        if text.count("Tag:") + text.count("Từ khóa") == 1:
            assert found.keywords == article.keywords, name
