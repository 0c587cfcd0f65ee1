"""The sample site itself: complete, reachable, well formed and honest about its own records."""

from __future__ import annotations

import http.client
import json
import unicodedata
from collections.abc import Iterator
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree
from lxml import html as lxml_html

from sample_site import special_pages
from sample_site.expected import expected_record
from sample_site.pages import Pages
from sample_site.render_article import render_article
from sample_site.server import Answer, RequestRecord, SampleServer
from sample_site.site import FORBIDDEN_FOLDER, NEWEST_PATH, Site, load_site
from sample_site.story import (
    KINDS,
    SCRIPTS,
    TEMPLATES,
    TRAPS,
    Story,
    StoryError,
    check_references,
    parse_story,
    slugify,
)

SITE = load_site()
PAGES = Pages(SITE)
STORIES = list(SITE.stories.values())


def story_by(**wanted: Any) -> Story:
    return next(s for s in STORIES if all(getattr(s, name) == value for name, value in wanted.items()))


def document(address: str) -> Any:
    return lxml_html.document_fromstring(PAGES.get(address).body.decode())


def linked_addresses(address: str) -> set[str]:
    """Urls of this site's articles that a page links to, whatever host or query the link has."""
    paths = {urlsplit(href).path for href in document(address).xpath("//a/@href")}
    return paths & SITE.story_by_address.keys()


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with SampleServer(SITE) as running:
        yield running


def ask(server: SampleServer, path: str, host: str = "vov.vn", **headers: str) -> tuple[int, bytes, Message]:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": host, **sent})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def test_every_kind_template_and_trap_is_present() -> None:
    assert len(STORIES) >= 66
    assert {story.kind for story in STORIES} == set(KINDS)
    assert {story.template for story in STORIES} == set(TEMPLATES)
    assert set().union(*(story.traps for story in STORIES)) == TRAPS
    assert {story.card_link for story in STORIES} == {"plain", "tracking", "www", "baoxuan"}


def test_the_last_two_days_hold_enough_for_a_demonstration() -> None:
    days = [story.published.date().isoformat() for story in SITE.newest]
    assert sum(day >= "2026-07-14" for day in days) >= 20
    assert max(story.published for story in STORIES) <= SITE.now
    assert max(story.modified for story in STORIES) <= SITE.now


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_article_page_is_well_formed(story: Story) -> None:
    page = PAGES.get(story.address)
    assert page.status == 200
    assert 30_000 < len(page.body) < 100_000
    tree = document(story.address)
    headline = tree.xpath("string(//h1)").strip()
    assert unicodedata.normalize("NFC", headline) == story.headline
    assert len(tree.xpath("//h1")) == 1


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_record_agrees_with_itself(story: Story) -> None:
    record = expected_record(story, SITE)
    body = record["body"]
    assert "\n\n".join(body[b["start"] : b["end"]] for b in record["blocks"]) == body
    for link in record["links"]:
        assert body[link["start"] : link["end"]] == link["text"]
    assert body == unicodedata.normalize("NFC", body)
    assert body
    assert "VOV.VN - " not in body
    assert len({entry["url"] for entry in record["related"]}) == len(record["related"])


def test_same_number_may_name_two_stories() -> None:
    numbers = [story.number for story in STORIES]
    assert numbers.count("1076232") == 2


def test_story_in_teaser_and_related_counts_once() -> None:
    story = next(story for story in STORIES if set(story.teasers) & set(story.related))
    related = expected_record(story, SITE)["related"]
    assert [entry["placement"] for entry in related if entry["id"] in story.teasers] == ["inline"]


def test_every_listed_story_is_reachable_from_its_listings() -> None:
    for story in SITE.newest:
        for path in SITE.listings_of(story):
            stories = SITE.listings[path]
            number = stories.index(story) // SITE.page_size
            assert story.address in linked_addresses(f"/{path}?page={number}")


def test_every_menu_entry_has_a_listing() -> None:
    menu = document("/").xpath("//div[contains(@class, 'main-menu')]//a/@href")
    assert len(menu) == 86
    assert all(PAGES.get(address).status == 200 for address in menu)
    empty = [path for path in SITE.section_by_path if not SITE.listings[path]]
    assert empty
    assert not linked_addresses("/" + empty[0])


def test_hidden_stories_are_reached_through_other_stories_only() -> None:
    hidden = {story.address for story in STORIES if not story.listed}
    pages = ["/", "/sitemaps/2026/7/article.xml", "/rss/tin-moi-nhat.rss", *("/" + p for p in SITE.listings)]
    assert not any(address.encode() in PAGES.get(page).body for page in pages for address in hidden)
    first = {a for story in SITE.newest for a in linked_addresses(story.address)} & hidden
    second = {a for address in first for a in linked_addresses(address)} & hidden
    assert first | second == hidden
    assert second - first


BY_SCRIPT = [story for story in STORIES if story.by_script]


def test_scripts_bring_tags_in_both_forms_and_the_rest_of_texts_and_listings() -> None:
    assert {story.by_script for story in BY_SCRIPT} == set(SCRIPTS)
    assert {story.kind for story in BY_SCRIPT if story.blocks_by_script} == {"emagazine", "live"}
    assert [story for story in STORIES if story.listed_by_script]


@pytest.mark.parametrize("story", BY_SCRIPT, ids=lambda story: story.id)
def test_a_page_with_a_script_serves_nothing_of_what_that_brings(story: Story) -> None:
    served, rendered = (expected_record(story, SITE, rendered=rendered) for rendered in (False, True))
    body = PAGES.get(story.address).body.decode()
    assert rendered["keywords"] == [*served["keywords"], *story.visible_tags]
    assert not any(f">{tag}<" in body for tag in story.visible_tags)
    for block in rendered["blocks"][len(served["blocks"]) :]:
        assert rendered["body"][block["start"] : block["end"]] not in body
    assert rendered["body"].startswith(served["body"])


def test_the_tag_service_names_the_tags_of_a_story_on_its_own_host(server: SampleServer) -> None:
    story = BY_SCRIPT[0]
    path = f"/api/tags/by-article?lang=vi&nid={story.number}"
    status, body, headers = ask(server, path, "vov-api.vov.vn")
    found = json.loads(body)["data"]
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert [one["tag"] for one in found] == [*story.keywords, *story.visible_tags]
    assert all(one["url"].startswith("https://vov.vn/tu-khoa/") for one in found)
    assert ask(server, path)[0] == 404
    assert ask(server, "/robots.txt", "vov-api.vov.vn")[0] == 200


def test_the_tag_service_has_no_tags_for_a_number_that_no_story_has(server: SampleServer) -> None:
    status, body, _ = ask(server, "/api/tags/by-article?lang=vi&nid=1", "vov-api.vov.vn")
    assert (status, json.loads(body)) == (200, {"data": []})


def test_an_answer_may_be_given_for_one_host_alone(server: SampleServer) -> None:
    server.answer("vov-api.vov.vn/robots.txt", status=503)
    assert ask(server, "/robots.txt", "vov-api.vov.vn")[0] == 503
    assert ask(server, "/robots.txt")[0] == 200


def test_pager_counts_from_zero_and_listings_end_in_two_ways() -> None:
    tag = next(path for path, tag in SITE.tags.items() if tag.name == "Việt Nam")
    assert linked_addresses(f"/{tag}") == linked_addresses(f"/{tag}?page=0") != linked_addresses(f"/{tag}?page=1")
    assert linked_addresses(f"/{tag}?page=50") == linked_addresses(f"/{tag}?page=1")
    assert not linked_addresses("/kinh-te?page=50")
    assert linked_addresses("/xa-hoi?page=1") - linked_addresses("/xa-hoi")
    links = document(f"/{tag}").xpath("//ul[contains(@class, 'pagination')]//a/@href")
    assert links == ["?page=0", "?page=1"]
    assert len(SITE.listings[NEWEST_PATH]) == len(SITE.newest)


def test_one_listed_story_is_forbidden() -> None:
    forbidden = [story for story in SITE.newest if story.address.startswith(FORBIDDEN_FOLDER)]
    assert len(forbidden) == 1
    assert f"Disallow: {FORBIDDEN_FOLDER}" in PAGES.get("/robots.txt").body.decode()


def test_sitemaps_hold_every_listed_story_and_the_index_misses_the_running_month() -> None:
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    index = etree.fromstring(PAGES.get("/sitemap.xml").body)
    months = [element.text for element in index.iter(namespace)]
    running = "https://vov.vn/sitemaps/2026/7/article.xml"
    assert running not in months
    found = []
    for month in [running, *months]:
        tree = etree.fromstring(PAGES.get(urlsplit(str(month)).path).body.replace(b" & ", b" &amp; "))
        found += [element.text for element in tree.iter(namespace)]
    assert sorted(str(url) for url in found) == sorted(story.url for story in SITE.newest)
    assert PAGES.get("/sitemaps/2001/1/article.xml").status == 404


def test_one_sitemap_has_a_slip_that_a_strict_parser_refuses() -> None:
    damaged = []
    for year, month in SITE.months():
        try:
            etree.fromstring(PAGES.get(f"/sitemaps/{year}/{month}/article.xml").body)
        except etree.XMLSyntaxError:
            damaged.append((year, month))
    assert damaged == [(2022, 12)]


def test_early_articles_have_early_urls() -> None:
    early = {story.address for story in STORIES if story.template == "aspnet-2011"}
    assert {address.split("/")[1] for address in early} == {"Van-hoa", "Home"}
    assert all(PAGES.get(address).status == 200 for address in early)


def test_feeds_parse() -> None:
    tree = etree.fromstring(PAGES.get("/rss/xa-hoi.rss").body)
    assert [link.text for link in tree.iter("link")][1] == SITE.listings["xa-hoi"][0].url
    assert PAGES.get("/rss").status == 200
    assert PAGES.get("/rss/khong-co.rss").status == 404


def test_special_addresses() -> None:
    assert PAGES.get(special_pages.MISSING_ADDRESS).status == 404
    assert PAGES.get(special_pages.GONE_ADDRESS).status == 410
    assert not document(special_pages.SOFT_ERROR_ADDRESS).xpath("//article")
    shell = document(special_pages.EMPTY_SHELL_ADDRESS).xpath("//div[@class='text-long']")
    assert [element.text_content().strip() for element in shell] == [""]
    assert b"Attention Required" in PAGES.get(special_pages.BLOCK_PAGE_ADDRESS).body
    assert b"window.location.href" in PAGES.get(special_pages.SCRIPT_REDIRECT_ADDRESS).body
    for old, new in SITE.redirects.items():
        page = PAGES.get(old)
        assert (page.status, dict(page.headers)["Location"]) == (301, "https://vov.vn" + new)


def test_server_answers_and_records(server: SampleServer) -> None:
    status, body, headers = ask(server, "/xa-hoi?page=1", User_Agent="test")
    assert (status, headers["Content-Length"]) == (200, str(len(body)))
    (request,) = server.requests
    assert (request.method, request.host, request.path) == ("GET", "vov.vn", "/xa-hoi?page=1")
    assert (request.status, request.user_agent) == (200, "test")


def test_server_answers_304(server: SampleServer) -> None:
    address = SITE.newest[0].address
    _, _, headers = ask(server, address)
    status, body, _ = ask(server, address, If_None_Match=headers["ETag"])
    assert (status, body) == (304, b"")
    status, _, _ = ask(server, address, If_Modified_Since=headers["Last-Modified"])
    assert status == 304
    assert server.requests[1].if_none_match == headers["ETag"]


def test_server_tells_hosts_apart(server: SampleServer) -> None:
    address = SITE.newest[0].address
    bodies = [ask(server, address, host)[1] for host in ("vov.vn", "www.vov.vn", "baoxuan.vov.vn")]
    assert bodies[0] == bodies[1] == bodies[2]
    assert b"wrong host: english.vov.vn" in ask(server, address, "english.vov.vn")[1]


def test_server_overrides(server: SampleServer) -> None:
    server.answer("/xa-hoi", status=503, body="busy", headers={"Retry-After": "1"}, times=1)
    status, body, headers = ask(server, "/xa-hoi?page=1")
    assert (status, body, headers["Retry-After"]) == (503, b"busy", "1")
    assert ask(server, "/xa-hoi")[0] == 200

    def only_page_one(request: RequestRecord) -> Answer | None:
        return Answer(404) if request.path.endswith("page=1") else None

    server.answer("/the-thao", only_page_one)
    assert [ask(server, path)[0] for path in ("/the-thao?page=1", "/the-thao")] == [404, 200]


def test_server_goes_down_and_comes_up_again(server: SampleServer) -> None:
    server.down()
    with pytest.raises(ConnectionError):
        ask(server, "/")
    server.up()
    assert ask(server, "/robots.txt")[0] == 200


def test_a_site_can_be_made_of_other_stories() -> None:
    model = story_by(kind="article", template="drupal-2026", related=())
    assert Site([model]).newest == [model]
    assert model.headline in render_article(model, SITE)


def test_bad_stories_are_refused() -> None:
    with pytest.raises(StoryError, match="headline"):
        parse_story({"id": "post1000000", "path": "xa-hoi", "published": SITE.now})
    with pytest.raises(StoryError, match="used twice"):
        check_references(STORIES + STORIES[:1])


def test_slugs_follow_the_site() -> None:
    assert slugify("Dư âm: “Đỗ xe” về...nhà, 1-2") == "du-am-do-xe-venha-1-2"
