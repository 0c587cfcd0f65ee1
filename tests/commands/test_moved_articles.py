"""Crawls of a site that moves an article, and of one where two pages name the same canonical link."""

from __future__ import annotations

import pytest

from sample_site.server import SampleServer
from tests.conftest import Crawler
from tests.pages.snippets import page
from tests.stores import damage

SITE = "https://vov.vn"
OLD, NEW = "/xa-hoi/cho-noi-post9000001.vov", "/kinh-te/cho-noi-mua-nuoc-post9000001.vov"
OTHER = "/xa-hoi/cau-tre-post9000002.vov"


@pytest.mark.parametrize("way", ["redirect", "canonical link"])
def test_an_article_that_moves_between_two_crawls_has_one_record(site: SampleServer, crawl: Crawler, way: str) -> None:
    site.answer(OLD, body=page("<p>Chợ họp sớm.</p>", address=SITE + OLD))
    assert crawl(f"urls={SITE}{OLD}").status == 0
    if way == "redirect":
        site.answer(OLD, status=301, headers={"Location": SITE + NEW})
    else:
        site.answer(OLD, body=page("<p>Chợ họp muộn.</p>", address=SITE + NEW))
    site.answer(NEW, body=page("<p>Chợ họp muộn.</p>", address=SITE + NEW))
    ended = crawl(f"urls={SITE}{OLD}")
    assert ended.status == 0
    assert ended.addresses() == {SITE + NEW}
    assert ended.rows("SELECT canonical_url, revision, body FROM articles") == [(SITE + NEW, 2, "Chợ họp muộn.")]
    assert ended.rows("SELECT canonical_url, number FROM revisions") == [(SITE + NEW, 1)]
    outcome = "redirected" if way == "redirect" else "article"
    led_to = "SELECT outcome, canonical_url FROM pages WHERE url = ?"
    assert ended.rows(led_to, SITE + OLD) == [(outcome, SITE + NEW)]
    lines = [(record["canonical_url"], record["body"]) for record in ended.records()]
    assert lines == [(SITE + OLD, "Chợ họp sớm."), (SITE + NEW, "Chợ họp muộn.")]
    assert damage(ended.store) == []


@pytest.mark.parametrize("order", [(OLD, OTHER), (OTHER, OLD)])
def test_two_articles_that_name_one_canonical_link_are_both_kept(
    site: SampleServer, crawl: Crawler, order: tuple[str, str]
) -> None:
    site.answer(OLD, body=page("<p>Chợ họp sớm.</p>", address=SITE + OLD))
    other = page("<p>Cầu tre bắc qua mương.</p>", address=SITE + OLD, h1='<h1 class="article-title">Cầu tre</h1>')
    site.answer(OTHER, body=other)
    ended = crawl(f"urls={','.join(SITE + path for path in order)}")
    assert ended.status == 0
    kept = {(SITE + OLD, "Chợ họp sớm."), (SITE + OTHER, "Cầu tre bắc qua mương.")}
    assert set(ended.rows("SELECT canonical_url, body FROM articles")) == kept
    assert ended.rows("SELECT canonical_url, warning FROM warnings") == [(SITE + OTHER, "disagree:canonical_url")]
    lines = {record["canonical_url"]: record["body"] for record in ended.records()}
    assert lines.items() == kept
