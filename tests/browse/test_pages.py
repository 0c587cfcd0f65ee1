"""What the pages show of a store."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import insert

from tests.browse.conftest import Reply, Site, keep
from tests.stores import open_store
from vovcrawl.items import Article, Author, Block, Image, Link, Related, content_hash
from vovcrawl.store import ArticleStore
from vovcrawl.store.tables import crawls, pages

SiteOf = Callable[..., Site]


def article(number: int = 1, body: str = "Bão số 4 vào ngày 14/7/2026.", **changes: Any) -> Article:
    made = Article(
        id=f"post{number}",
        url=f"https://vov.vn/xa-hoi/tin-post{number}.vov",
        canonical_url=f"https://vov.vn/xa-hoi/tin-post{number}.vov",
        content_type="article",
        headline=f"Bài số {number}",
        body=body,
        blocks=[Block("paragraph", 0, len(body))],
        section="xa-hoi",
        section_name="Xã hội",
        date_published=f"2026-07-{number % 28 + 1:02}T08:00:00+07:00",
        template="drupal-2026",
    )
    for name, value in changes.items():
        setattr(made, name, value)
    made.content_hash = content_hash(made.headline, made.description, made.body)
    return made


def page_of(one: Article) -> str:
    return f"/article?url={quote(one.canonical_url, safe='')}"


class TestFront:
    def test_it_says_how_much_is_there_and_from_when_to_when(self, site: Site, articles: list[Article]) -> None:
        dated = sorted(one.date_published for one in articles if one.date_published)
        said = site.get("/").words("//section[@class='hero']")
        assert f"{len({one.canonical_url for one in articles}):,} articles" in said
        assert dated[0][:4] in said and dated[-1][:4] in said

    def test_an_empty_store_says_what_to_run(self, site_of: SiteOf) -> None:
        assert "scrapy crawl vov" in site_of().get("/").words()

    def test_the_last_runs_are_named(self, site: Site) -> None:
        assert "Last crawls" in site.get("/").words()

    def test_it_is_counted_anew_when_an_article_comes(self, site_of: SiteOf) -> None:
        site = site_of(article(1))
        assert "1 articles" in site.get("/").words("//h1")
        site_of(article(2))
        assert "2 articles" in site.get("/").words("//h1")


class TestLists:
    def test_all_articles_stand_there_the_newest_first(self, site_of: SiteOf) -> None:
        found = site_of(*(article(number) for number in (3, 1, 2))).get("/search").words("//ol[@class='rows']")
        assert [found.index(f"Bài số {number}") for number in (3, 2, 1)] == sorted(
            found.index(f"Bài số {number}") for number in (1, 2, 3)
        )

    @pytest.mark.parametrize(
        ("parameter", "field", "value"), [("section", "section", "the-thao"), ("kind", "content_type", "photo")]
    )
    def test_a_filter_leaves_the_others_out(
        self, site: Site, articles: list[Article], parameter: str, field: str, value: str
    ) -> None:
        wanted = {one.canonical_url for one in articles if getattr(one, field) == value}
        rows = json.loads(site.get(f"/search?{parameter}={value}&format=json").text)
        assert {row["canonical_url"] for row in rows} == wanted

    def test_a_month_a_year_and_undated_are_filters(self, site: Site, articles: list[Article]) -> None:
        for value, begin in (("2026-03", "2026-03"), ("2026", "2026")):
            wanted = {one.canonical_url for one in articles if (one.date_published or "").startswith(begin)}
            rows = json.loads(site.get(f"/search?month={value}&format=json").text)
            assert {row["canonical_url"] for row in rows} == wanted
        rows = json.loads(site.get("/search?month=-&format=json").text)
        assert {row["canonical_url"] for row in rows} == {
            one.canonical_url for one in articles if not one.date_published
        }

    def test_facets_count_what_a_filter_would_leave(self, site: Site, articles: list[Article]) -> None:
        link = site.get("/search?section=the-thao").tree.xpath("//aside//a[contains(@href, 'kind=article')]")[0]
        wanted = {one.canonical_url for one in articles if one.section == "the-thao" and one.content_type == "article"}
        assert link.xpath("./b")[0].text == str(len(wanted))

    def test_a_filter_can_be_taken_away(self, site: Site) -> None:
        (away,) = site.get("/search?section=the-thao&kind=photo").links("//ul[@class='chips']//a[contains(., 'Photo')]")
        assert away == "/search?section=the-thao"

    def test_pages_can_be_turned_and_together_have_every_article(self, site: Site, articles: list[Article]) -> None:
        seen: set[str] = set()
        path: str | None = "/search"
        while path:
            reply = site.get(path)
            seen.update(reply.links("//ol[@class='rows']//h3/a"))
            path = next(iter(reply.links("//a[@rel='next']")), None)
        assert len(seen) == len({one.canonical_url for one in articles})

    @pytest.mark.parametrize("given", ["page=0", "page=99999999", "page=x", "kind=nothing", "month=x", "section=%00"])
    def test_what_makes_no_sense_is_no_error(self, site: Site, given: str) -> None:
        assert site.get(f"/search?{given}").status == 200

    def test_an_empty_list_says_so(self, site: Site) -> None:
        assert "There is no such article" in site.get("/search?section=nothing").words()


class TestSearch:
    def test_words_are_found_without_their_marks(self, site_of: SiteOf) -> None:
        one, other = article(1, "Bão số 4 vào bờ."), article(2, "Trời nắng.")
        reply = site_of(one, other).get("/search?q=bao+so+4")
        assert reply.links("//ol[@class='rows']//h3/a") == [page_of(one)]
        assert [mark.text for mark in reply.tree.xpath("//p[@class='snippet']/mark")] == ["Bão", "số", "4"]

    @pytest.mark.parametrize(
        ("given", "found"),
        [
            ("section=the-thao", [2]),
            ("kind=photo", [3]),
            ("month=2026-07-04", [3]),
            ("month=2026", [1, 2, 3]),
            ("author=L%C3%AA+An", [1]),
            ("tag=b%C3%A3o", [2]),
            ("month=9999", []),
            ("month=0", [1, 2, 3]),
        ],
    )
    def test_filters_go_with_words(self, site_of: SiteOf, given: str, found: list[int]) -> None:
        made = [
            article(1, authors=[Author("Lê An", None, "Lê An")]),
            article(2, section="the-thao", section_name="Thể thao", keywords=["bão"]),
            article(3, content_type="photo"),
        ]
        rows = json.loads(site_of(*made).get(f"/search?q=bao+OR+mua&{given}&format=json").text)
        assert sorted(int(row["canonical_url"][-5]) for row in rows) == found

    def test_what_was_typed_stays_in_the_field(self, site: Site) -> None:
        (field,) = site.get("/search?q=%22b%C3%A3o%22+-m%C6%B0a").tree.xpath("//input[@name='q']")
        assert field.get("value") == '"bão" -mưa'

    def test_a_filter_keeps_the_words(self, site_of: SiteOf) -> None:
        links = site_of(article(1), article(2)).get("/search?q=bao").links("//aside//a[contains(@href, 'section=')]")
        assert links == ["/search?q=bao&section=xa-hoi"]


class TestDownloads:
    @pytest.mark.parametrize("path", ["/search", "/day/2026-07-14", "/coverage"])
    def test_every_list_names_its_csv_and_json(self, site: Site, path: str) -> None:
        links = site.get(path).links("//p[@class='downloads']/a")
        assert ["csv" in links[0], "json" in links[1]] == [True, True]
        assert [site.get(link).headers["content-type"].partition(";")[0] for link in links] == [
            "text/csv",
            "application/json",
        ]

    def test_csv_and_json_say_the_same(self, site: Site) -> None:
        text = site.get("/search?format=csv").text
        assert text.startswith("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert [row["canonical_url"] for row in rows] == [
            row["canonical_url"] for row in json.loads(site.get("/search?format=json").text)
        ]

    def test_a_cell_is_no_formula(self, site_of: SiteOf) -> None:
        text = site_of(article(1, headline="=1+1")).get("/search?format=csv").text
        assert "'=1+1" in text


class TestArticle:
    def test_it_has_headline_lead_text_authors_and_tags(self, site: Site, articles: list[Article]) -> None:
        one = next(one for one in articles if one.description and one.keywords and one.authors and len(one.blocks) > 2)
        said = site.get(page_of(one)).words()
        paragraph = one.body[one.blocks[0].start : one.blocks[0].end]
        for text in (one.headline, one.description, paragraph, one.authors[0].name, one.keywords[0]):
            assert text is not None and " ".join(text.split()) in said

    def test_every_article_has_a_page(self, site: Site, articles: list[Article]) -> None:
        for one in articles:
            assert site.get(page_of(one)).status == 200, one.canonical_url

    def test_blocks_are_shown_as_what_they_are(self, site_of: SiteOf) -> None:
        body = "Mở đầu\n\nPhần một\n\nMột\n\nHai\n\nLời nói\n\nA\tB"
        places = [(0, 6, "paragraph"), (8, 16, "subhead"), (18, 21, "list_item"), (23, 26, "list_item")]
        places += [(28, 35, "quote"), (37, 40, "table")]
        one = article(1, body, blocks=[Block(kind, start, end) for start, end, kind in places])  # type: ignore[arg-type]
        reply = site_of(one).get(page_of(one))
        assert reply.words("//div[@class='body']/h2") == "Phần một"
        assert [item.text_content() for item in reply.tree.xpath("//div[@class='body']/ul/li")] == ["Một", "Hai"]
        assert reply.words("//div[@class='body']/blockquote") == "Lời nói"
        assert [cell.text_content() for cell in reply.tree.xpath("//div[@class='body']//td")] == ["A", "B"]

    def test_dates_carry_their_values_and_lead_to_their_day(self, site_of: SiteOf) -> None:
        one = article(1)
        (said,) = site_of(one).get(page_of(one)).tree.xpath("//div[@class='body']//a[@class='said-day']")
        assert (said.get("href"), said.text_content()) == ("/day/2026-07-14", "ngày 14/7/2026")
        assert said.xpath("./time/@title") == ["DATE 2026-07-14"]

    def test_related_articles_that_are_kept_can_be_followed(self, site_of: SiteOf) -> None:
        other = article(2)
        related = [
            Related("post2", other.canonical_url, "Bài kia", None, "related"),
            Related("post9", "https://vov.vn/xa-hoi/x-post9.vov", "Bài xa", None, "related"),
        ]
        one = article(1, related=related)
        links = site_of(one, other).get(page_of(one)).links("//section[h2='Related']//a")
        assert links == [page_of(other), "https://vov.vn/xa-hoi/x-post9.vov"]

    def test_links_of_the_text_lead_to_kept_articles(self, site_of: SiteOf) -> None:
        other = article(2)
        one = article(1, "Xem bài kia đây.", links=[Link(other.canonical_url, "bài kia", 4, 11)])
        assert site_of(one, other).get(page_of(one)).links("//div[@class='body']//a") == [page_of(other)]

    def test_a_former_url_leads_to_the_article(self, site_of: SiteOf, tmp_path: Any) -> None:
        one = article(1)
        site = site_of(one)
        database = open_store(tmp_path / "vov.sqlite")
        database.connection.execute(insert(crawls).values(id=1, arguments="{}", started_at="", seeded=True))
        moved = {"url": "https://vov.vn/cu-post1.vov", "kind": "article", "state": "done", "outcome": "redirected"}
        times = {"discovered_at": "", "changed_at": "", "first_crawl": 1, "crawl": 1}
        database.connection.execute(insert(pages).values(**moved, **times, canonical_url=one.canonical_url))
        database.connection.commit()
        database.close()
        assert one.headline in site.get("/article?url=https://vov.vn/cu-post1.vov").words("//h1")

    def test_what_was_edited_is_shown_word_by_word(self, site_of: SiteOf) -> None:
        first, second = article(1, "Có ba người bị thương."), article(1, "Có bốn người bị thương.")
        site_of(first)
        reply = site_of(second).get(page_of(second))
        assert (reply.words("//del"), reply.words("//ins")) == ("ba", "bốn")

    def test_the_group_of_near_duplicates_is_named(self, site_of: SiteOf) -> None:
        words = " ".join(f"từ{number}" for number in range(200))
        one, other = article(1, words), article(2, f"{words} thêm")
        assert site_of(one, other).get(page_of(other)).links("//section[contains(h2, 'Nearly')]//a") == [page_of(one)]

    def test_its_record_is_that_of_the_store(self, site_of: SiteOf, tmp_path: Any) -> None:
        one = article(1)
        record = json.loads(site_of(one).get(f"{page_of(one)}&format=json").text)
        database = open_store(tmp_path / "vov.sqlite")
        kept = ArticleStore(database.connection).read(one.canonical_url)
        database.close()
        assert kept is not None and record == kept.to_dict()

    def test_one_that_is_not_there_is_not_found(self, site: Site) -> None:
        reply = site.get("/article?url=https://vov.vn/khong-co-post0.vov")
        assert (reply.status, "khong-co-post0" in reply.words()) == (404, True)


class TestDay:
    def test_it_has_the_sentences_that_speak_of_it(self, site_of: SiteOf) -> None:
        one = article(5, "Trời mưa. Cầu thông xe ngày 14/7/2026, sớm một tháng. Trời tạnh.")
        reply = site_of(one).get("/day/2026-07-14")
        assert reply.words("//blockquote") == "Cầu thông xe ngày 14/7/2026, sớm một tháng."
        assert reply.links("//ol[@class='sentences']//a") == [page_of(one)]

    def test_longer_times_that_hold_it_come_after_it(self, site_of: SiteOf) -> None:
        one = article(5, "Hội mở ngày 14/7/2026. Cả tháng 7/2026 đều nắng. Năm 2026 là năm nhuận.")
        rows = json.loads(site_of(one).get("/day/2026-07-14?format=json").text)
        assert [row["value"] for row in rows] == ["2026-07-14", "2026-07", "2026"]

    def test_a_century_and_a_season_hold_their_days(self, site_of: SiteOf) -> None:
        one = article(5, "Thế kỷ 21 đã tới. Mùa hè 2026 rất nóng.")
        values = {row["value"] for row in json.loads(site_of(one).get("/day/2026-07-14?format=json").text)}
        assert values == {"20", "2026-SU"}

    def test_it_has_what_was_published_then(self, site_of: SiteOf) -> None:
        one = article(5)
        assert site_of(one).get("/day/2026-07-06").links("//aside//a") == [page_of(one)]

    def test_the_days_beside_it_can_be_followed(self, site: Site) -> None:
        assert site.get("/day/2026-03-01").links("//nav[contains(@class, 'days')]/a") == [
            "/day/2026-02-28",
            "/day/2026-03-02",
        ]

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_the_first_and_last_day_have_pages(self, site: Site, day: str) -> None:
        assert site.get(f"/day/{day}").status == 200

    @pytest.mark.parametrize("day", ["x", "2026-02-30", "", "%00", "2026-7-1"])
    def test_what_is_no_day_is_not_found(self, site: Site, day: str) -> None:
        reply = site.get(f"/day/{day}")
        assert (reply.status, "2023-10-07" in reply.words()) == (404, True)

    def test_the_form_of_the_front_page_leads_there(self, site: Site) -> None:
        assert site.get("/day/?day=2026-07-14").words("//h1") == "Tuesday, 14 July 2026"


class TestAuthorsAndTags:
    def test_an_author_has_articles_and_affiliations(self, site_of: SiteOf) -> None:
        signed = [Author("Lê/An", "VOV-Đông Bắc", "Lê/An/VOV-Đông Bắc")]
        one, other = article(1, authors=signed), article(2)
        reply = site_of(one, other).get(f"/author/{quote('Lê/An', safe='')}")
        assert reply.links("//ol[@class='rows']//h3/a") == [page_of(one)]
        assert "VOV-Đông Bắc (1)" in reply.words()

    def test_a_tag_has_its_articles(self, site_of: SiteOf) -> None:
        one, other = article(1, keywords=["bão số 4"]), article(2)
        reply = site_of(one, other).get(f"/tag/{quote('bão số 4')}")
        assert reply.links("//ol[@class='rows']//h3/a") == [page_of(one)]

    @pytest.mark.parametrize("path", ["/author/Kh%C3%B4ng%20Ai", "/tag/nothing"])
    def test_one_that_nobody_has_is_not_found(self, site: Site, path: str) -> None:
        assert site.get(path).status == 404


class TestCoverage:
    def test_days_without_articles_among_others_stand_out(self, site_of: SiteOf) -> None:
        missing = [date(2026, 3, day) for day in (12, 13, 14)]
        days = [date(2026, 3, 1) + timedelta(place) for place in range(30)]
        made = [
            article(number, date_published=f"{day}T08:00:00+07:00")
            for number, day in enumerate(days)
            if day not in missing
        ]
        reply = site_of(*made).get("/coverage?year=2026")
        assert reply.links("//td[contains(@class, 'missing')]/a") == [f"/day/{day}" for day in missing]
        assert "3 days without an article" in reply.words()

    @pytest.mark.parametrize("year", ["", "0000", "0001", "9999", "x", "20233"])
    def test_every_year_has_a_page(self, site: Site, year: str) -> None:
        assert site.get(f"/coverage?year={year}").status == 200


class TestLanguages:
    @pytest.mark.parametrize(("language", "word"), [("vi", "Độ phủ theo ngày"), ("en-US,en;q=0.9", "Coverage by day")])
    def test_the_browser_chooses(self, site: Site, language: str, word: str) -> None:
        reply = site.get("/", language)
        assert word in reply.text
        assert reply.headers["vary"].startswith("Accept-Language")

    @pytest.mark.parametrize("path", ["/", "/search", "/coverage", "/day/2026-07-14", "/nothing"])
    def test_every_page_is_there_in_both(self, site: Site, path: str) -> None:
        assert [site.get(path, language).tree.get("lang") for language in ("vi", "en")] == ["vi", "en"]


class TestHostileTexts:
    EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'>&lt;b&gt;"

    def hostile(self) -> Article:
        return article(
            1,
            self.EVIL,
            headline=self.EVIL,
            description=self.EVIL + "\x1b[31m\u202e",
            section="<b>",
            section_name="<b>",
            keywords=[self.EVIL, "../x", "a/b?c#d"],
            authors=[Author(self.EVIL, self.EVIL, self.EVIL)],
            images=[Image("javascript:alert(3)", self.EVIL, self.EVIL)],
            related=[Related(None, "javascript:alert(4)", self.EVIL, None, "related")],
            links=[Link("javascript:alert(5)", "script", 1, 7)],
            warnings=["<i>"],
        )

    def test_markup_is_shown_as_text_on_every_page(self, site_of: SiteOf) -> None:
        one = self.hostile()
        site = site_of(one)
        for path in ("/", "/search", page_of(one), "/day/2026-07-02", f"/tag/{quote(self.EVIL, safe='')}"):
            reply = site.get(path)
            assert reply.status == 200
            assert not reply.tree.xpath("//script | //img | //main//i")
            assert "<script>alert(1)</script>" in reply.tree.text_content()

    def test_nothing_leads_to_a_script(self, site_of: SiteOf) -> None:
        one = self.hostile()
        links = site_of(one).get(page_of(one)).links("//a | //link")
        assert not [link for link in links if link.lower().startswith(("javascript", "data:text", "vbscript"))]

    def test_control_characters_are_shown(self, site_of: SiteOf) -> None:
        one = self.hostile()
        text = site_of(one).get(page_of(one)).text
        assert "\x1b" not in text and "\u202e" not in text
        assert "\\u001b[31m" in text

    def test_odd_names_lead_to_their_pages(self, site_of: SiteOf) -> None:
        one = self.hostile()
        site = site_of(one)
        links = site.get(page_of(one)).links("//p[@class='tags']/a[starts-with(@href, '/tag/')]")
        assert [site.get(link).status for link in links] == [200, 200, 200]

    def test_what_is_asked_for_is_shown_as_text(self, site: Site) -> None:
        evil = quote(self.EVIL, safe="")
        for path in (f"/day/{evil}", f"/author/{evil}", f"/search?section={evil}", f"/article?url={evil}"):
            assert not site.get(path).tree.xpath("//script")


class TestSafety:
    def test_another_name_of_the_server_is_refused(self, site: Site) -> None:
        assert site.get("/", host="evil.example:8001").status == 403

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
    def test_only_reading_is_answered(self, site: Site, method: str) -> None:
        assert site.get("/", method=method).status == 405

    @pytest.mark.parametrize("path", ["/", "/search", "/nothing", "/day/x"])
    def test_our_pages_may_load_nothing_but_their_own_style(self, site: Site, path: str) -> None:
        policy = site.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "script" not in policy

    @pytest.mark.parametrize("path", ["/vov", "/vov/articles"])
    def test_tables_may_load_nothing_from_elsewhere(self, site: Site, path: str) -> None:
        assert site.get(path).headers["content-security-policy"].startswith("default-src 'none';")

    @pytest.mark.parametrize("statement", ["DELETE FROM articles", "ATTACH 'x.db' AS x", "PRAGMA journal_mode=DELETE"])
    def test_nothing_is_written_by_a_query(self, site: Site, articles: list[Article], statement: str) -> None:
        assert site.get(f"/vov?sql={quote(statement)}").status in (400, 403, 500)
        assert len(json.loads(site.get("/vov/articles.json?_shape=array&_size=1000").text)) == len(
            {one.canonical_url for one in articles}
        )

    def test_no_page_names_another_host_for_the_browser_to_load(self, site: Site) -> None:
        for path in ("/", "/search", "/coverage", "/day/2026-07-14"):
            found = site.get(path).tree.xpath("//link/@href | //script/@src | //img/@src | //@action")
            assert all(str(url).startswith(("/", "data:,")) for url in found)


class TestTables:
    def test_they_are_served_below(self, site: Site, articles: list[Article]) -> None:
        rows = json.loads(site.get("/vov/articles.json?_shape=array&_size=1000").text)
        assert {row["canonical_url"] for row in rows} == {one.canonical_url for one in articles}

    def test_what_is_not_there_is_a_page_that_says_so(self, site: Site) -> None:
        assert [site.get(path).status for path in ("/vov/nothing", "/nothing", "/a/b/c")] == [404, 404, 404]


class TestWhileACrawlWrites:
    def test_pages_are_there_and_show_what_is_committed(self, site_of: SiteOf, tmp_path: Any) -> None:
        site = site_of(article(1))
        database = open_store(tmp_path / "vov.sqlite")
        store = ArticleStore(database.connection)
        store.keep(article(2))
        before: Reply = site.get("/search")
        database.connection.commit()
        after = site.get("/search")
        database.close()
        assert ("Bài số 2" in before.text, "Bài số 2" in after.text) == (False, True)

    @pytest.mark.sqlite("another file in the place of a store")
    def test_a_store_that_went_away_is_said(self, site_of: SiteOf, tmp_path: Any) -> None:
        site = site_of(deepcopy(article(1)))
        (tmp_path / "vov.sqlite").unlink()
        reply = site.get("/")
        assert (reply.status, "there is no store" in reply.words()) == (503, True)

    @pytest.mark.sqlite("another file in the place of a store")
    def test_another_store_in_its_place_is_shown(self, site_of: SiteOf, tmp_path: Any) -> None:
        site = site_of(article(1))
        keep(tmp_path / "other.sqlite", article(2)).replace(tmp_path / "vov.sqlite")
        assert "Bài số 2" in site.get("/search").text
