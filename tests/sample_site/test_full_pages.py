"""Pages as large as real ones."""

from __future__ import annotations

from sample_site.full_pages import SIZE, FullServer, FullSite, full_pages

PAGES = full_pages(40)


def test_every_page_is_about_as_large_as_asked_for_and_none_is_like_another() -> None:
    assert all(SIZE <= len(page.html) < 1.1 * SIZE for page in PAGES)
    assert len({page.html for page in PAGES}) == len({page.url for page in PAGES}) == 40


def test_the_same_number_makes_the_same_pages() -> None:
    assert full_pages(5, seed=3) == full_pages(5, seed=3)
    assert full_pages(5, seed=3) != full_pages(5, seed=4)


def test_the_description_of_the_article_is_the_last_thing_in_the_body() -> None:
    for page in PAGES:
        assert page.html.rpartition(b"<script")[2].count(b'"NewsArticle"') == 1


def test_articles_have_about_2500_characters_two_pictures_and_a_teaser() -> None:
    for page in PAGES[1:]:
        record = page.record
        assert 2_000 < len(record["body"]) < 3_000
        if record["content_type"] == "article":
            assert len(record["images"]) == 2
            assert record["related"][0]["placement"] == "inline"


def test_a_site_has_as_many_stories_as_asked_for() -> None:
    assert [len(FullSite(count).stories) for count in (1, 66, 67, 150)] == [1, 66, 67, 150]


def test_a_server_serves_the_pages_in_full_and_says_what_it_was_asked() -> None:
    server = FullServer(3)
    story = server.site.newest[0]
    assert len(server.pages.get(story.address).body) >= SIZE
    assert story.address.encode() in server.pages.get("/tin-moi-cap-nhat").body
    assert server.stories() == 3
    assert server.asked() == []
