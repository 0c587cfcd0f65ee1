"""The replica of a month: as many articles as it says, in order, edited, listed, and the same every time."""

from __future__ import annotations

import dataclasses
import http.client
from collections import Counter
from datetime import date, datetime, timedelta
from email.message import Message
from functools import cache
from itertools import pairwise
from random import Random
from time import process_time
from urllib.parse import urlsplit

import pytest
from lxml import etree
from lxml import html as lxml_html

from sample_site.expected import expected_record
from sample_site.pages import Pages
from sample_site.replica import Replica
from sample_site.server import SampleServer
from sample_site.site import FORBIDDEN_FOLDER, NOW
from sample_site.story import VIETNAM, Story
from vovcrawl.pages import parse_article

pytestmark = pytest.mark.long

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
START = NOW - timedelta(days=30)
MONTHS = ("/sitemaps/2026/6/article.xml", "/sitemaps/2026/7/article.xml")


@cache
def month() -> Replica:
    """Shared by tests that leave it as it is."""
    return Replica()


@cache
def month_pages() -> Pages:
    return Pages(month())


def of_the_month(replica: Replica) -> list[Story]:
    return [story for story in reversed(replica.newest) if story.published > START]


def ask(server: SampleServer, path: str, **headers: str) -> tuple[int, bytes, Message]:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": "vov.vn", **sent})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def sitemap_dates(pages: Pages, path: str) -> dict[str, str | None]:
    """SiteUrl and date of change of every entry."""
    tree = etree.fromstring(pages.get(path).body)
    entries = ((url.findtext(f"{SITEMAP}loc"), url.findtext(f"{SITEMAP}lastmod")) for url in tree.iter(f"{SITEMAP}url"))
    return {str(address): changed for address, changed in entries}


def shingles(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}


def test_a_month_holds_its_stories_and_starts_soon() -> None:
    start = process_time()
    replica = Replica()
    seconds = process_time() - start
    assert len(of_the_month(replica)) == 30 * 66
    assert 0 < len(replica.stories) - 30 * 66 < 100
    assert seconds < 2
    with SampleServer(replica) as server:
        assert ask(server, replica.newest[0].address)[0] == 200
    assert process_time() - start < 3


def test_every_day_has_the_same_number() -> None:
    days = Counter((story.published - START - timedelta(minutes=1)).days for story in of_the_month(month()))
    assert set(days.values()) == {66}
    assert sorted(days) == list(range(30))
    by_hour = Counter(story.published.hour for story in of_the_month(month()))
    assert by_hour[9] > 5 * by_hour[3]


def test_the_same_seed_makes_the_same_month() -> None:
    again, other = Replica(), Replica(seed=2)
    assert again.stories == month().stories
    assert other.stories.keys() != month().stories.keys()
    assert again.advance() == (third := Replica()).advance()
    assert again.stories == third.stories


def test_ids_rise_with_gaps_and_a_little_disorder() -> None:
    stories = of_the_month(month())
    numbers = [int(story.number) for story in stories]
    assert numbers != sorted(numbers)
    by_number = sorted(stories, key=lambda story: int(story.number))
    moved = [abs(by_number.index(story) - place) for place, story in enumerate(stories)]
    assert 0.02 < sum(distance > 10 for distance in moved) / len(stories) < 0.08
    assert max(moved) < 150
    assert sum(distance > 0 for distance in moved) / len(stories) > 0.1
    gaps = [later - earlier for earlier, later in pairwise(sorted(numbers))]
    assert min(gaps) > 0
    assert sum(gap > 3 for gap in gaps) > 300
    # The ladder of real ids.
    assert 1_304_000 < numbers[0] < 1_310_000
    assert 1_315_500 < numbers[-1] < 1_316_000


def test_all_open_sections_have_stories_and_busy_ones_have_pages() -> None:
    replica = month()
    empty = [path for path in replica.section_by_path if not replica.listings[path]]
    assert empty in ([], [FORBIDDEN_FOLDER.strip("/")])
    assert not [story for story in replica.newest if story.address.startswith(FORBIDDEN_FOLDER)]
    busy = replica.listing_page("the-thao", 0)
    assert busy is not None
    assert busy.page_count > 10
    last = replica.listing_page("the-thao", busy.page_count - 1)
    assert last is not None
    assert last.stories
    assert len({story.kind for story in replica.newest}) == 6


def test_bodies_are_long_enough_and_unlike_each_other() -> None:
    replica = month()
    stories = of_the_month(replica)
    bodies = [expected_record(story, replica)["body"] for story in stories]
    assert all(150 <= len(body.split()) <= 400 for body in bodies)
    assert len(set(bodies)) == len(bodies)
    sets = [shingles(body) for body in bodies[:400]]
    pairs = [(a, b) for place, a in enumerate(sets) for b in Random(place).sample(sets[place + 1 :] or [set()], 1)]
    assert max(len(a & b) / len(a | b) for a, b in pairs) < 0.2


def test_stories_point_to_stories_of_the_month_and_a_few_older() -> None:
    replica = month()
    targets = [replica.stories[target] for story in of_the_month(replica) for target in story.related]
    older = sum(target.published < START for target in targets)
    assert 0 < older < 0.1 * len(targets)
    for story in of_the_month(replica):
        pointed = (*story.related, *story.teasers, *story.linked_ids)
        assert all(replica.stories[target].published <= story.published for target in pointed)
    assert all(2 <= len(story.keywords) <= 5 for story in of_the_month(replica))


def test_readers_find_what_the_record_says() -> None:
    replica = month()
    by_kind: dict[str, list[Story]] = {}
    for story in replica.newest:
        by_kind.setdefault(story.kind, []).append(story)
    for stories in by_kind.values():
        for story in stories[:8]:
            read = dataclasses.asdict(parse_article(month_pages().get(story.address).body, story.url))
            wanted = expected_record(story, replica)
            assert {name: read[name] for name in wanted} == wanted


def test_some_stories_have_been_edited() -> None:
    stories = of_the_month(month())
    edited = [story for story in stories if story.modified > story.published]
    assert 0.03 < len(edited) / len(stories) < 0.05
    assert all(story.modified <= month().now for story in stories)
    assert any(story.modified - story.published > timedelta(days=1) for story in edited)
    dates = {url: at for path in MONTHS for url, at in sitemap_dates(month_pages(), path).items()}
    for story in edited[:5]:
        assert dates[story.url] == story.modified.isoformat()
        assert f'"dateModified":"{story.modified.isoformat()}"' in month_pages().get(story.address).body.decode()


def test_sitemaps_hold_the_month_and_the_index_misses_the_running_one() -> None:
    pages = month_pages()
    found = [url for path in MONTHS for url in sitemap_dates(pages, path)]
    assert {story.url for story in of_the_month(month())} <= set(found)
    assert len(found) == len(set(found))
    index = pages.get("/sitemap.xml").body.decode()
    assert MONTHS[0] in index
    assert MONTHS[1] not in index


def test_feeds_and_tags_are_there() -> None:
    replica, pages = month(), month_pages()
    tree = etree.fromstring(pages.get("/rss/the-thao.rss").body)
    links = [item.findtext("link") for item in tree.iter("item")]
    assert links == [story.url for story in replica.listings["the-thao"][:20]]
    tag = next(path for path, tag in replica.tags.items() if tag.name == "bóng đá")
    tree = lxml_html.document_fromstring(pages.get(f"/{tag}?page=1").body)
    assert len(tree.findall(".//div[@class='taxonomy-content']")) == replica.page_size


@pytest.mark.parametrize(("choice", "wanted"), [("modified", "modified"), ("published", "published")])
def test_sitemap_dates_may_be_of_change_or_publication(choice: str, wanted: str) -> None:
    replica = Replica(days=3, sitemap_dates=choice)
    dates = sitemap_dates(Pages(replica), MONTHS[1])
    assert all(dates[story.url] == getattr(story, wanted).isoformat() for story in replica.newest if story.url in dates)


def test_sitemap_dates_may_be_absent_or_wrong() -> None:
    assert set(sitemap_dates(Pages(Replica(days=3, sitemap_dates="none")), MONTHS[1]).values()) == {None}
    with pytest.raises(ValueError, match="sitemap_dates"):
        Replica(days=1, sitemap_dates="sometimes")


def test_a_window_is_told_in_days_or_times() -> None:
    replica = month()
    found = replica.published_between(date(2026, 7, 1), date(2026, 7, 2))
    wanted = [s for s in replica.newest if s.published.date() in (date(2026, 7, 1), date(2026, 7, 2))]
    assert found == [story.url for story in reversed(wanted)]
    start = datetime(2026, 7, 1, tzinfo=VIETNAM)
    assert replica.published_between(start, start + timedelta(days=2)) == found
    first = wanted[-1].published
    assert wanted[-1].url not in replica.published_between(first + timedelta(minutes=1), start + timedelta(days=2))
    assert wanted[-1].url not in replica.published_between(start, first)


def test_a_day_goes_by() -> None:
    replica = Replica()
    before, now = dict(replica.stories), replica.now
    with SampleServer(replica) as server:
        since = date(2026, 7, 12)
        paths = [story.address for story in replica.newest[:300]]
        marks = {path: ask(server, path)[2] for path in paths}
        sitemap = ask(server, MONTHS[1])[2]
        day = replica.advance(new=66, edited=40, edited_since=since)
        assert replica.now == now + timedelta(days=1)
        assert (len(day.new), len(day.edited), len({*day.new, *day.edited})) == (66, 40, 106)
        assert day.new == tuple(replica.published_between(now, replica.now))
        by_url = {story.url: story for story in replica.newest}
        for url in day.edited:
            story = by_url[url]
            old = before[story.id]
            assert date(2026, 7, 12) <= story.published.date()
            assert now < story.modified < replica.now
            assert (story.headline, story.blocks) != (old.headline, old.blocks)
            assert (story.address, story.published) == (old.address, old.published)
            assert 150 <= len(expected_record(story, replica)["body"].split()) <= 430
        assert len({by_url[url].headline != before[by_url[url].id].headline for url in day.edited}) == 2
        unchanged = {story.url for story in replica.newest if before.get(story.id) == story}
        assert len(unchanged) == len(before) - 40

        for path, headers in marks.items():
            status, body, fresh = ask(server, path, If_None_Match=headers["ETag"])
            by_date, _, _ = ask(server, path, If_Modified_Since=headers["Last-Modified"])
            if "https://vov.vn" + path in day.edited:
                assert (status, by_date) == (200, 200)
                assert fresh["ETag"] != headers["ETag"]
                assert fresh["Last-Modified"] != headers["Last-Modified"]
                assert by_url["https://vov.vn" + path].headline in body.decode()
            else:
                assert (status, by_date, body) == (304, 304, b"")
                assert fresh["ETag"] == headers["ETag"]
        assert sum("https://vov.vn" + path in day.edited for path in marks) > 30
        assert ask(server, MONTHS[1], If_None_Match=sitemap["ETag"])[0] == 200
        assert ask(server, MONTHS[1], If_Modified_Since=sitemap["Last-Modified"])[0] == 200
        dates = sitemap_dates(server.pages, MONTHS[1])
        assert all(dates[url] == by_url[url].modified.isoformat() for url in (*day.new, *day.edited))
        assert day.new[-1] in ask(server, "/rss/tin-moi-nhat.rss")[1].decode()
        assert urlsplit(day.new[-1]).path in ask(server, "/tin-moi-cap-nhat")[1].decode()


def test_more_edits_than_stories_are_refused() -> None:
    with pytest.raises(ValueError, match="to choose from"):
        Replica(days=1, a_day=10).advance(edited=40, edited_since=date(2026, 7, 16))


def test_sitemaps_answer_304() -> None:
    with SampleServer(month()) as server:
        _, _, headers = ask(server, MONTHS[1])
        etag = headers["ETag"]
        for mark in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            status, body, again = ask(server, MONTHS[1], If_None_Match=mark)
            assert (status, body, again["ETag"]) == (304, b"", etag)
        assert ask(server, MONTHS[1], If_None_Match='"other"')[0] == 200
        assert ask(server, MONTHS[1], If_Modified_Since=headers["Last-Modified"])[0] == 304
        assert ask(server, MONTHS[1], If_Modified_Since="Thu, 01 Jan 2026 00:00:00 GMT")[0] == 200
        # The mark decides where both are given.
        both = {"If_None_Match": '"other"', "If_Modified_Since": headers["Last-Modified"]}
        assert ask(server, MONTHS[1], **both)[0] == 200


def test_articles_may_come_without_validators() -> None:
    replica = Replica(days=1, article_validators=False)
    with SampleServer(replica) as server:
        address = replica.newest[0].address
        status, _, headers = ask(server, address, If_None_Match="*", If_Modified_Since="Fri, 01 Jan 2027 00:00:00 GMT")
        assert (status, headers["ETag"], headers["Last-Modified"]) == (200, None, None)
        assert ask(server, MONTHS[1])[2]["ETag"]
