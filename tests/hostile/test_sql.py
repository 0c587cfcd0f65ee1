"""SQL, placeholders and endless strings in every field and every argument are text, and nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from sample_site.server import SampleServer
from sample_site.site import NOW
from tests.hostile.watching import MOST_MEMORY, WatchedCrawl, crawl_watched, healthy
from tests.pages.snippets import page
from tests.stores import damage, tables
from vovcrawl.crawl.arguments import check
from vovcrawl.crawl.values import ArgumentError

WORDS = {
    "drop": "x'); DROP TABLE articles; --",
    "double": 'x"); DROP TABLE pages; --',
    "or": "' OR '1'='1",
    "union": "x' UNION SELECT * FROM store_properties --",
    "comment": "/* x */ ; -- # x",
    "format": "%s %d %(x)s %% %n {} {0} {x!r}",
    "bound": ":name :1 ? ?1 @x $x $1",
    "like": "%_[a-z]\\%",
    "emoji": "\U0001f600 chợ \U0001f1fb\U0001f1f3",
    "backslash": "\\' \\\" \\0 \\x00 \\u0000",
    "template": "${jndi:ldap://127.0.0.1/a} {{7*7}} <%= 7*7 %>",
    "shell": "`id` $(id) | id ; id & id",
    "formula": '=HYPERLINK("http://evil.example";"tin")',
    "NUL": "a\0b",
}


@dataclass
class Scene:
    """A crawl of a site that speaks SQL."""

    site: SampleServer
    crawl: WatchedCrawl


def address(number: int) -> str:
    return f"/xa-hoi/lenh-post{9_700_000 + number}.vov"


def article(words: str, path: str) -> str:
    written = escape(words)
    head = f'<meta name="keywords" content="{written}"><meta property="article:tag" content="{written}">'
    box = f'<div class="field-related-article"><a href="/xa-hoi/{quote(words, safe="")}-post1.vov">{written}</a></div>'
    authors = f'<div class="article-author"><a href="#">{written}</a></div>'
    caption = f'<figure><img src="/{quote(words)}.jpg"><figcaption>{written}</figcaption></figure>'
    trail = f'<ol class="breadcrumb"><li><a href="/xa-hoi?{quote(words)}">{written}</a></li></ol>'
    return page(
        f'<p>{written} <a href="https://evil.example/{written}">{written}</a></p>{caption}',
        address=f"https://vov.vn{path}",
        head=head,
        h1=f'{trail}<h1 class="article-title">{written}</h1>',
        after=authors,
        outside=box,
    )


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("sql")
    with SampleServer() as site:
        wanted = folder / "'; DROP TABLE articles; -- .txt"
        lines = [story.url for story in healthy(site)]
        for number, words in enumerate(WORDS.values()):
            site.answer(address(number), body=article(words, address(number)), headers={"ETag": '"\'; DROP"'})
            lines.append(f"https://vov.vn{address(number)}")
        wanted.write_text("\n".join(lines))
        feeds = ("-o", str(folder / "vov.jsonl"), "-o", str(folder / "vov.csv"))
        # What the articles point to has words of SQL in its urls as well. Their pages are plainer than the site's.
        given = (f"urls={wanted}", "related=1", "-s", "VOV_DRIFT=accept")
        yield Scene(site, crawl_watched(folder, site.url, *given, *feeds))


def record(scene: Scene, name: str) -> dict[str, object]:
    url = f"https://vov.vn{address(list(WORDS).index(name))}"
    (found,) = (each for each in scene.crawl.records() if each["canonical_url"] == url)
    return found


@pytest.mark.parametrize("name", WORDS)
def test_words_are_kept_as_they_are_written(scene: Scene, name: str) -> None:
    expected = " ".join(WORDS[name].replace("\0", "").split())
    kept = record(scene, name)
    assert (kept["headline"], kept["keywords"]) == (expected, [expected])
    assert str(kept["body"]).startswith(expected)
    (row,) = scene.crawl.rows("SELECT headline FROM articles WHERE canonical_url = ?", kept["canonical_url"])
    assert row == (expected,)


def test_the_store_stays_whole(scene: Scene) -> None:
    assert damage(scene.crawl.store) == []
    assert {"articles", "pages", "crawls", "runs", "keywords", "store_properties"} <= tables(scene.crawl.store)


def test_healthy_stories_are_kept(scene: Scene) -> None:
    assert {story.url for story in healthy(scene.site)} <= scene.crawl.addresses()
    assert scene.crawl.status == 0


def test_arguments_are_kept_as_they_were_typed(scene: Scene) -> None:
    ((typed,),) = scene.crawl.rows("SELECT arguments FROM runs")
    assert json.loads(typed)["urls"] == str(scene.crawl.folder / "'; DROP TABLE articles; -- .txt")


def test_the_feed_in_csv_opens_no_formula(scene: Scene) -> None:
    with (scene.crawl.folder / "vov.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(scene.crawl.records())
    assert not [cell for line in lines for cell in line.values() if cell.startswith(("=", "+", "-", "@"))]
    assert f"'{WORDS['formula']}" in {line["headline"] for line in lines}


ARGUMENTS = ["sections", "tags", "urls", "since", "until", "pages", "sources", "published"]
HOSTILE = ["'; DROP TABLE pages; --", "%s%n", "x" * 100_000, "\x1b[2J\u202e"]


@pytest.mark.parametrize("argument", ARGUMENTS)
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_argument_is_refused_in_one_short_line(argument: str, value: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        check({argument: value}, NOW)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_with_a_hostile_argument_nothing_is_asked_or_written(tmp_path: Path) -> None:
    crawl = crawl_watched(tmp_path, None, f"tags={''.join(HOSTILE)}")
    assert crawl.status == 2
    assert len(crawl.log.splitlines()) == 1
    assert crawl.log.rstrip("\n").isprintable()
    assert not crawl.contacted()
    assert tables(crawl.store) == set()


# Endless strings


def test_strings_of_a_megabyte_stay_within_bounds(tmp_path: Path) -> None:
    with SampleServer() as site:
        own = healthy(site)
        long = "chữ " * 100_000
        word = "".join(map(str, range(20_000)))
        hostile = {
            "/xa-hoi/dai-post9900001.vov": page("<p>a</p>", h1=f'<h1 class="article-title">{long * 2}</h1>'),
            "/xa-hoi/dai-post9900002.vov": page("<p>a</p>", head=f'<meta name="keywords" content="{long}">'),
            "/xa-hoi/dai-post9900003.vov": page(f'<p><a href="https://evil.example/{"a" * 1_000_000}">a</a></p>'),
            "/xa-hoi/dai-post9900004.vov": page("<p>a</p>", address="https://vov.vn/" + "a" * 100_000 + "-post2.vov"),
            "/xa-hoi/dai-post9900005.vov": page(f'<p>a</p><img src="/{"a" * 1_000_000}.jpg">'),
            "/xa-hoi/dai-post9900007.vov": page(
                f"<p>Một từ: {word}</p>",
                address="https://vov.vn/xa-hoi/dai-post9900007.vov",
                head=f'<meta name="keywords" content="{word}">',
                h1=f'<h1 class="article-title">{word}</h1>',
                after=f'<div class="article-author"><a href="#">{word}</a></div>',
            ),
        }
        for path, html in hostile.items():
            site.answer(path, body=html)
        site.answer("/xa-hoi/dai-post9900006.vov", status=302, headers={"Location": "/" + "a" * 100_000})
        links = "".join(f'<a href="/xa-hoi/{"a" * 100_000}-post{n}.vov">a</a>' for n in range(30))
        site.answer("/kinh-te", body=f'<div class="taxonomy-content">{links}<a href="{own[0].address}">a</a></div>')
        paths = [*hostile, "/xa-hoi/dai-post9900006.vov"]
        wanted = ",".join([*(f"https://vov.vn{path}" for path in paths), own[1].url])
        crawl = crawl_watched(tmp_path, site.url, f"urls={wanted}", "sections=kinh-te", "related=0")
        assert {own[0].url, own[1].url, "https://vov.vn/xa-hoi/dai-post9900007.vov"} <= crawl.addresses()
        ((address, reason),) = crawl.rows("SELECT max(length(url)), max(length(reason)) FROM pages")
        assert address <= 2_100
        assert reason <= 1_000
        assert crawl.page("https://vov.vn/xa-hoi/dai-post9900006.vov")[0] in ("failed", "done")
        assert max(map(len, crawl.log.splitlines())) < 5_000
        assert crawl.status in (0, 3)
        assert crawl.peak < MOST_MEMORY
