"""Answers of the site's tag service, which may say anything."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_site.pages import Pages
from sample_site.site import load_site
from vovcrawl.pages.tag_service import (
    MOST_BYTES,
    MOST_TAGS,
    UnreadableTags,
    is_tag_service,
    node_of,
    read_tags,
    url_of,
)
from vovcrawl.text import clean

SITE = load_site()
PAGES = Pages(SITE)


def answer(*tags: object) -> bytes:
    return json.dumps({"data": [{"tag": tag, "url": "https://vov.vn/tu-khoa/x-tag1"} for tag in tags]}).encode()


def test_tags_are_read_in_order_each_once() -> None:
    assert read_tags(answer("Chợ nổi", "ghe", "chợ NỔI", " ", "Sông Hậu")) == ["Chợ nổi", "ghe", "Sông Hậu"]


def test_markup_in_a_tag_is_no_part_of_it() -> None:
    tags = read_tags(
        answer("<b>Chợ</b> nổi", "R&amp;D", "<script>alert(1)</script>", "Ghe\x1b[31m\u200b", "<img src=x>")
    )
    assert tags == ["Chợ nổi", "R&D", "alert(1)", "Ghe[31m"]


def test_what_is_no_tag_is_left_out() -> None:
    assert read_tags(answer("x" * 201, "Ghe", *map(str, range(2 * MOST_TAGS))))[0] == "Ghe"
    assert len(read_tags(answer(*map(str, range(2 * MOST_TAGS))))) == MOST_TAGS


def test_an_article_may_have_no_tags() -> None:
    assert read_tags(b'{"data": []}') == []


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (b"", "no JSON"),
        (b"<html><body>Attention Required</body></html>", "no JSON"),
        (b'{"data": [{"tag": "Gh', "no JSON"),
        (b'{"a": ' + b"[" * 60_000, "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[]", "its JSON is another"),
        (b'{"data": {"tag": "Ghe"}}', "its JSON is another"),
        (b'{"data": [{"tag": 7}]}', "its JSON is another"),
        (b'{"error": "none"}', "its JSON is another"),
        (b" " * (MOST_BYTES + 1), "larger than"),
    ],
)
def test_another_answer_is_refused_with_the_reason(broken: bytes, why: str) -> None:
    with pytest.raises(UnreadableTags, match=why):
        read_tags(broken)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: answer(text)))
def test_whatever_is_answered_gives_clean_tags_or_is_refused(data: bytes) -> None:
    try:
        tags = read_tags(data)
    except UnreadableTags:
        return
    assert all(
        tag and tag == clean(tag) and not any(unicodedata.category(sign) == "Cc" for sign in tag) for tag in tags
    )


def test_the_number_of_an_article_stands_where_its_tags_will() -> None:
    for story in SITE.stories.values():
        page = PAGES.get(story.address).body
        assert node_of(page) == (story.number if story.template == "drupal-2026" else None), story.id


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b'id="list-tags"',
        b'<div id="list-tags">',
        b'<div id="list-tags" data-nid="7"',
        b'<div id="list-tags" data-nid="7x"></div>',
        b'<div id="list-tags" data-nid="' + b"7" * 13 + b'"></div>',
        b'<div id="list-tags" data-nid="7"><div class="col"><a href="/tu-khoa/ghe-tag1">Ghe</a></div></div>',
    ],
)
def test_a_page_that_leaves_no_place_for_tags_has_no_number(page: bytes) -> None:
    assert node_of(page) is None


@given(st.binary(max_size=400))
def test_any_page_has_a_number_or_none(page: bytes) -> None:
    found = node_of(page + b'<div id="list-tags"' + page)
    assert found is None or found.isdecimal()


def test_only_the_one_url_is_that_of_the_service() -> None:
    assert is_tag_service(url_of("1315698"))
    for url in ("https://vov-api.vov.vn/vov-data", url_of("1").replace("https", "http"), url_of("1") + "&x=1"):
        assert not is_tag_service(url)
