"""Crawls that ask the site's tag service for the tags that readers see."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from sample_site.expected import expected_record
from sample_site.server import Answer, RequestRecord, SampleServer
from sample_site.site import SERVICE_HOST
from sample_site.story import Story
from tests.conftest import Crawler
from vovcrawl.pages.tag_service import MOST_BYTES

pytestmark = pytest.mark.long

ASKED = ("-s", "VOV_TAGS=service")
SERVICE = f"{SERVICE_HOST}/api/tags/by-article"


def stories(site: SampleServer) -> list[Story]:
    """Articles of which the service names tags that their pages do not."""
    return [story for story in site.site.stories.values() if story.by_script]


def urls(chosen: list[Story]) -> str:
    return "urls=" + ",".join(story.url for story in chosen)


def of_service(site: SampleServer) -> list[str]:
    return [request.path for request in site.requests if request.host == SERVICE_HOST]


def test_each_article_gets_its_own_tags_by_one_request(crawl: Crawler, site: SampleServer) -> None:
    chosen = stories(site)
    ended = crawl(urls(chosen), *ASKED)
    assert ended.status == 0
    gold = {story.url: expected_record(story, site.site, rendered=True)["keywords"] for story in chosen}
    assert {record["canonical_url"]: record["keywords"] for record in ended.records()} == gold
    numbers = [f"/api/tags/by-article?lang=vi&nid={story.number}" for story in chosen]
    assert of_service(site)[0] == "/robots.txt"
    assert sorted(of_service(site)[1:]) == sorted(numbers)
    assert f"Visible tags: of {len(chosen)} articles" in ended.log
    site.requests.clear()
    again = crawl(urls(chosen), *ASKED)
    assert (again.status, of_service(site)) == (0, [])
    assert len(again.records()) == len(chosen)


def test_without_the_setting_the_service_is_not_asked(crawl: Crawler, site: SampleServer) -> None:
    ended = crawl(urls(stories(site)))
    assert (ended.status, of_service(site)) == (0, [])


def test_whatever_the_service_answers_the_articles_are_kept(crawl: Crawler, site: SampleServer) -> None:
    chosen = stories(site)[:4]
    answers = [
        Answer(500, b"loi"),
        Answer(200, b'{"data": [{"tag": "cut', {"Content-Type": "application/json"}),
        Answer(200, b'{"data": [{"tag": "' + b"x" * MOST_BYTES + b'"}]}'),
        Answer(302, b"", {"Location": "https://vov.vn/the-thao"}),
    ]
    for story, answer in zip(chosen, answers, strict=True):
        site.answer(
            f"{SERVICE}?lang=vi&nid={story.number}", status=answer.status, body=answer.body, headers=answer.headers
        )
    ended = crawl(urls(chosen), *ASKED)
    assert ended.status == 0
    assert {record["canonical_url"]: record["keywords"] for record in ended.records()} == {
        story.url: list(story.keywords) for story in chosen
    }
    assert {tuple(record["warnings"]) for record in ended.records()} == {("untagged",)}
    assert ended.log.count("Kept without visible tags") == 1
    # A failing server is asked again as for a page; three articles in a row without an answer are enough.
    assert len(of_service(site)) == 1 + 3 + 1 + 1


def test_rules_of_the_services_host_are_obeyed(crawl: Crawler, site: SampleServer) -> None:
    site.answer(f"{SERVICE_HOST}/robots.txt", body="User-agent: *\nDisallow: /api/\n")
    ended = crawl(urls(stories(site)), *ASKED)
    assert (ended.status, of_service(site)) == (0, ["/robots.txt"])
    assert {tuple(record["warnings"]) for record in ended.records()} == {("untagged",)}


def test_a_service_whose_rules_cannot_be_had_is_not_asked(crawl: Crawler, site: SampleServer) -> None:
    site.answer(f"{SERVICE_HOST}/robots.txt", status=503, body="bận")
    ended = crawl(urls(stories(site)), *ASKED)
    assert ended.status == 0
    assert set(of_service(site)) == {"/robots.txt"}


def test_a_service_that_asks_to_wait_long_does_not_end_the_crawl(crawl: Crawler, site: SampleServer) -> None:
    site.answer(SERVICE, status=503, body="bận", headers={"Retry-After": "3600"})
    chosen = stories(site)
    ended = crawl(urls(chosen), *ASKED)
    assert (ended.status, len(ended.records()), len(of_service(site))) == (0, len(chosen), 2)


def test_the_service_is_asked_no_faster_than_the_delay(crawl: Crawler, site: SampleServer) -> None:
    ended = crawl(urls(stories(site)[:3]), *ASKED, "-s", "DOWNLOAD_DELAY=0.5", "-s", "DOWNLOAD_DELAY_JITTER=0")
    times = [request.at for request in site.requests if request.host == SERVICE_HOST]
    assert ended.status == 0
    assert len(times) == 4
    assert all(later - earlier >= 0.4 for earlier, later in pairwise(times))


@pytest.mark.long
def test_a_service_that_never_answers_costs_three_articles_their_time(crawl: Crawler, site: SampleServer) -> None:
    came: list[str] = []

    def silent(request: RequestRecord) -> Answer:
        came.append(request.path)
        time.sleep(12)
        return Answer(200, b"{}")

    site.answer(SERVICE, silent)
    ended = crawl(urls(stories(site)), *ASKED, "-s", "RETRY_TIMES=0")
    assert ended.status == 0
    assert {tuple(record["warnings"]) for record in ended.records()} == {("untagged",)}
    assert len(came) == 3


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            ("urls=https://vov.vn/a-post1.vov", "-s", "VOV_TAGS=yes"),
            "-s VOV_TAGS: 'yes' is unknown; right would be service",
        ),
        (("archive=tests/frozen", *ASKED), "-s VOV_TAGS: the pages of an archive are read without a request"),
    ],
)
def test_a_crawl_that_cannot_ask_is_refused_in_one_line(
    crawl: Crawler, site: SampleServer, given: tuple[str, ...], line: str
) -> None:
    ended = crawl(*given)
    assert (ended.status, site.requests) == (2, [])
    assert line in ended.log
    assert "Traceback" not in ended.log
