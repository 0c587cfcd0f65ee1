"""What the crawler assumes of the site, held against the sample site and against sites that are otherwise."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from sample_site import special_pages
from sample_site.pages import Page, Pages
from sample_site.replica import Replica
from sample_site.site import load_site
from sample_site.story import VIETNAM
from tests.crawl.examined import Change, at, examine, renamed
from vovcrawl.crawl.assumptions import ASSUMPTIONS, Verdict
from vovcrawl.crawl.examination import ARTICLES, MOST_REQUESTS
from vovcrawl.crawl.failures import Failure
from vovcrawl.visits import Outcome

MONTH = "/sitemaps/2026/7/article.xml"
INDEX = "/sitemap.xml"
BLOCK_PAGE = special_pages.render_block_page()
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def everywhere(body: str, status: int = 200) -> Change:
    return lambda path, page: Page(body.encode(), status=status)


def urlset(*entries: tuple[str, str | None]) -> str:
    """A sitemap of articles with these urls and dates of change."""
    lines = [
        f"<url><loc>https://vov.vn{path}</loc>" + (f"<lastmod>{date}</lastmod></url>" if date else "</url>")
        for path, date in entries
    ]
    return f"<urlset {NAMESPACE}>{''.join(lines)}</urlset>"


def test_the_sample_site_is_as_expected() -> None:
    examined = examine()
    assert (examined.status, examined.differing, examined.named(Verdict.NOT_ASKED)) == (0, [], [])


def test_no_more_is_asked_for_than_is_allowed_and_nothing_but_an_article_twice() -> None:
    asked = examine().asked
    assert len(asked) <= MOST_REQUESTS
    assert [url for url in asked if asked.count(url) > 1] == [asked[-1]] * 2
    assert asked[-1].endswith(".vov")


def test_articles_of_different_kinds_are_looked_at() -> None:
    kinds = [one.reading.article.content_type for one in examine().evidence.read_articles()]
    assert len(kinds) == ARTICLES
    assert "article" in kinds
    assert len(set(kinds)) == ARTICLES


@pytest.mark.parametrize("seed", range(6))
def test_no_window_of_an_unchanged_site_gives_an_alarm(seed: int) -> None:
    now = datetime(2026, 7, 4 + 4 * seed, seed * 4, 5, tzinfo=VIETNAM)
    replica = Replica(days=6, a_day=20, older=10, seed=seed, now=now)
    examined = examine(site=replica, now=replica.now)
    assert (examined.status, examined.differing) == (0, [])


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (renamed("article-title"), "headline"),
        (renamed("article-summary"), "lead"),
        (renamed("text-long"), "text"),
        (renamed("article-author"), "authors"),
        (renamed("article-date"), "date shown"),
        (renamed("breadcrumb"), "breadcrumb"),
        (renamed("article-tags"), "keywords"),
        (renamed("article:tag"), "keywords"),
        (renamed("field-related-article"), "related"),
        (renamed('class="detail '), "layout"),
        (renamed("article:published_time"), "publication"),
        (renamed("dateModified"), "last change"),
        (renamed('rel="canonical"'), "canonical link"),
    ],
)
def test_what_is_called_otherwise_on_all_pages_differs_in_its_own_line(change: Change, name: str) -> None:
    examined = examine(change)
    assert examined.status == 7
    # What is missing may have a warning, too.
    assert [line for line in examined.differing if line != "warnings"] == [name]


def test_what_was_met_instead_is_named_with_its_place() -> None:
    met = examine(renamed("article-title", "article-headline")).found["headline"].met
    assert re.search(r"h1, h1\.article-headline, line \d+ \(https://vov\.vn/.+\.vov\)", met)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (at("/", "<html><body><h1>VOV</h1><p>Trang chủ</p></body></html>"), "menu"),
        (at("/", status=404), "menu"),
        (at(INDEX, f"<sitemapindex {NAMESPACE}></sitemapindex>"), "sitemap index"),
        (at(INDEX, "<html><body>Sơ đồ trang</body></html>"), "sitemap index"),
        (at(INDEX, status=404), "sitemap index"),
        (at(MONTH, status=404), "this month"),
        (at(MONTH, urlset()), "this month"),
        (at(MONTH, urlset(*((f"/xa-hoi/a-{n}.html", "2026-07-02") for n in range(5)))), "this month"),
        (at(MONTH, urlset(*((f"/xa-hoi/a-{890000 + n}.vov", "2026-07-02") for n in range(5)))), "article ids"),
        (at(MONTH, urlset(*((f"/xa-hoi/a-post{n}.vov", None) for n in range(5)))), "dates of change"),
        (at(MONTH, urlset(*((f"/xa-hoi/a-post{n}.vov", "2026-05-02") for n in range(5)))), "dates of change"),
        (
            at(MONTH, urlset(*((f"/xa-hoi/a-post{50 - n}.vov", f"2026-07-{n:02}T08:00:00") for n in range(1, 15)))),
            "order of ids",
        ),
        (at("/rss", "<html><body>RSS</body></html>"), "page of feeds"),
        (at("/rss/xa-hoi.rss", "<rss version='2.0'><channel></channel></rss>"), "feed"),
        (at("/rss/xa-hoi.rss", status=404), "feed"),
        (lambda path, page: Page(page.body.replace(b"pubDate", b"ngay")), "feed dates"),
        (at("/xa-hoi", status=404), "listing"),
        (at("/xa-hoi", "<html><body class='path-taxonomy'></body></html>"), "listing"),
        (renamed("?page="), "pager"),
    ],
)
def test_a_source_that_is_otherwise_differs_in_its_own_line(change: Change, name: str) -> None:
    examined = examine(change)
    assert examined.status == 7
    assert examined.differing[0] == name


def test_a_listing_whose_container_has_another_name_differs() -> None:
    def change(path: str, page: Page) -> Page:
        body = page.body
        for name in (b"views-element-container", b"views-content", b"taxonomy-content"):
            body = body.replace(name, b"ten-khac")
        return Page(body, page.content_type, page.status)

    assert examine(change).differing == ["listing part"]


def test_a_second_page_with_the_articles_of_the_first_differs() -> None:
    first = examine().evidence.answers
    body = next(one.body for role, one in first.items() if role == "a listing").decode()

    def change(path: str, page: Page) -> Page:
        return Page(body.encode()) if path == "/xa-hoi?page=1" else page

    assert examine(change).found["second page"].met == "the same articles again"


def test_a_menu_of_other_sections_differs_and_a_new_one_does_not() -> None:
    links = "".join(f'<a class="nav-link" href="/muc-moi-{n}">Mục {n}</a>' for n in range(20))
    few = examine(at("/", f"<html><body><header>{links}</header></body></html>"))
    assert few.differing[0] == "sections"
    more = examine(lambda path, page: Page(page.body.replace(b"</header>", b'<a href="/muc-moi">Moi</a></header>')))
    assert (more.status, "new: https://vov.vn/muc-moi" in more.found["sections"].met) == (0, True)


def test_an_article_with_a_warning_or_with_dates_that_differ_is_named() -> None:
    examined = examine(
        lambda path, page: Page(re.sub(rb'"datePublished":"20\d\d', b'"datePublished":"2019', page.body))
    )
    assert examined.differing == ["dates agree"]
    assert "https://vov.vn/" in examined.found["dates agree"].met


def test_pages_that_are_no_articles_differ_and_nothing_is_said_of_their_fields() -> None:
    def change(path: str, page: Page) -> Page:
        return Page(b"<html><body><p>Trang trong</p></body></html>") if path.endswith(".vov") else page

    examined = examine(change)
    assert (examined.status, examined.differing) == (7, ["articles"])
    assert {"layout", "headline", "lead", "text"} <= set(examined.named(Verdict.NOT_ASKED))


class TestTheFirstDayOfAMonth:
    """The sitemap of the month may be missing or empty, if that of the month before can be read."""

    NOW = datetime(2026, 8, 1, 6, 0, tzinfo=VIETNAM)
    AUGUST = "/sitemaps/2026/8/article.xml"

    @pytest.mark.parametrize("change", [at(AUGUST, status=404), at(AUGUST, urlset())])
    def test_it_is_too_early_to_tell(self, change: Change) -> None:
        examined = examine(change, now=self.NOW)
        assert (examined.status, examined.differing) == (0, [])
        assert examined.found["this month"].verdict is Verdict.NOTE
        assert len(examined.asked) <= MOST_REQUESTS
        assert f"https://vov.vn{MONTH}" in examined.asked

    def test_a_month_before_that_cannot_be_read_either_differs(self) -> None:
        examined = examine(at(MONTH, status=404), now=self.NOW)
        assert (examined.status, examined.differing) == (7, ["this month"])

    def test_on_the_second_day_it_must_be_there(self) -> None:
        examined = examine(now=self.NOW + timedelta(days=1))
        assert (examined.status, examined.differing) == (7, ["this month"])


class TestWhatCouldNotBeAsked:
    """It is said, and never counts as right."""

    @pytest.mark.parametrize("change", [everywhere(BLOCK_PAGE), everywhere(BLOCK_PAGE, 403), everywhere("", 403)])
    def test_a_firewall(self, change: Change) -> None:
        examined = examine(change)
        assert (examined.status, examined.differing) == (4, [])
        assert len(examined.asked) <= 4

    def test_a_firewall_before_the_articles_alone(self) -> None:
        examined = examine(lambda path, page: Page(BLOCK_PAGE.encode()) if path.endswith(".vov") else page)
        assert (examined.status, examined.differing) == (4, [])
        assert examined.found["articles"].verdict is Verdict.NOT_ASKED
        assert examined.found["listing"].verdict is Verdict.HOLDS

    def test_no_network(self) -> None:
        failure = Failure(Outcome.UNREACHABLE, "CannotResolveHostError: DNS lookup failed")
        examined = examine(lambda path, page: failure)
        assert (examined.status, examined.differing) == (5, [])
        needed = {one.name for one in ASSUMPTIONS if one.is_needed}
        assert set(examined.named(Verdict.NOT_ASKED)) == needed
        assert "DNS lookup failed" in examined.found["robots.txt"].met

    @pytest.mark.parametrize(
        ("path", "name"), [("/rss/xa-hoi.rss", "feed"), (MONTH, "this month"), ("/xa-hoi", "listing"), ("/", "menu")]
    )
    def test_one_page_that_the_server_fails_to_give(self, path: str, name: str) -> None:
        examined = examine(at(path, status=503))
        assert examined.status == 5
        assert name in examined.named(Verdict.NOT_ASKED)
        assert examined.differing == []

    def test_what_differs_counts_more_than_what_could_not_be_asked(self) -> None:
        def change(path: str, page: Page) -> Page:
            return Page(b"", status={INDEX: 404, "/rss": 503}[path]) if path in (INDEX, "/rss") else page

        assert examine(change).status == 7

    def test_robots_that_the_server_fails_to_give(self) -> None:
        assert examine(at("/robots.txt", status=503)).found["robots.txt"].verdict is Verdict.NOT_ASKED


class TestRobots:
    """robots.txt."""

    def test_without_one_everything_may_be_asked(self) -> None:
        examined = examine(at("/robots.txt", status=404))
        assert (examined.status, examined.found["robots.txt"].verdict) == (0, Verdict.HOLDS)

    def test_one_that_forbids_a_source_differs(self) -> None:
        forbidden = Failure(Outcome.FORBIDDEN, "Forbidden by robots.txt")
        examined = examine(lambda path, page: forbidden if path == MONTH else page)
        assert (examined.status, examined.differing) == (7, ["robots.txt"])
        assert MONTH in examined.found["robots.txt"].met

    def test_one_article_that_it_forbids_is_passed_over(self) -> None:
        allowed = examine().evidence.articles[0].asked.removeprefix("https://vov.vn")
        forbidden = Failure(Outcome.FORBIDDEN, "Forbidden by robots.txt")
        examined = examine(lambda path, page: forbidden if path == allowed else page)
        assert (examined.status, len(examined.evidence.articles)) == (0, ARTICLES)

    def test_a_web_page_in_its_place_differs(self) -> None:
        examined = examine(at("/robots.txt", "<html><body>Trang chủ</body></html>"))
        assert examined.differing == ["robots.txt"]


def test_a_page_that_leads_elsewhere_by_a_script_is_followed() -> None:
    script = special_pages.render_script_redirect("https://vov.vn/rss?token=1")

    def change(path: str, page: Page) -> Page:
        return Page(script.encode()) if path == "/rss" else page

    examined = examine(change)
    assert (examined.status, examined.found["page of feeds"].verdict) == (0, Verdict.HOLDS)
    assert len(examined.asked) <= MOST_REQUESTS


def test_a_server_without_marks_of_versions_is_worth_a_note() -> None:
    def change(path: str, page: Page) -> Page:
        return Page(page.body, page.content_type, page.status, etag="")

    examined = examine(change)
    assert (examined.status, examined.found["unchanged pages"].verdict) == (0, Verdict.NOTE)
    assert "neither ETag nor Last-Modified" in examined.found["unchanged pages"].met


def test_articles_in_the_layout_of_archives_differ() -> None:
    site = load_site()
    old = next(story for story in site.newest if story.template == "aspnet")

    def change(path: str, page: Page) -> Page:
        return Pages(site).get(old.address) if path.endswith(".vov") else page

    assert "layout" in examine(change).differing


def test_the_names_of_assumptions_are_distinct() -> None:
    names = [one.name for one in ASSUMPTIONS]
    assert sorted(set(names)) == sorted(names)
    assert all(one.expected for one in ASSUMPTIONS)
