"""Crawls of files that hold many pages: what the store says of them, also after a kill."""

from __future__ import annotations

import gzip
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from sample_site.pages import Pages
from sample_site.site import load_site
from tests.archives.warc_files import Crawled, article, article_url, crawled, http, packed, record, response
from tests.conftest import Crawl, Crawler, ask
from tests.hostile.deadly import DEADLY_ARTICLES, KILLING
from tests.pages.snippets import page
from vovcrawl.visits import GIVEN_UP

pytestmark = pytest.mark.long

BLOCKED = b"<html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry</body></html>"
LIVE_ONLY = ("fetched_at", "source")


@pytest.fixture
def read(crawl: Crawler, tmp_path: Path) -> Iterator[Crawler]:
    """Runs a crawl of an archive in the test's folder, with no site to ask."""

    def run(*given: str, mirror: str | None = None, folder: Path = tmp_path) -> Crawl:
        return crawl(*given, mirror=mirror, folder=folder)

    yield run


def row(crawl: Crawl, url: str) -> tuple[str, str, str | None]:
    """State, outcome and reason of a row of `pages`."""
    (found,) = crawl.rows("SELECT state, outcome, reason FROM pages WHERE url = ?", url)
    return found


def counts(crawl: Crawl, path: Path) -> dict[str, int]:
    (found,) = crawl.rows("SELECT counts FROM archive_files WHERE url = ?", path.as_uri())
    made: dict[str, int] = json.loads(found[0])
    return made


def test_what_a_crawl_received_gives_the_records_of_that_crawl(crawl: Crawler, read: Crawler, tmp_path: Path) -> None:
    site = load_site()
    rendered = Pages(site)
    live = crawl("since=all", folder=_made(tmp_path / "live"))
    records = [record("warcinfo", b"software: invented\r\n")]
    for target in (
        "/robots.txt",
        "/sitemap.xml",
        "/",
        "/the-thao",
        *(story.address for story in site.stories.values()),
    ):
        answer = rendered.get(target)
        headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
        fields = [
            ("WARC-Target-URI", f"https://vov.vn{target}"),
            ("WARC-Date", "2026-07-16T05:00:00Z"),
            ("Content-Type", "application/http; msgtype=response"),
        ]
        records.append(record("response", http(answer.body, f"{answer.status} OK", headers), fields))
    path = tmp_path / "site.warc.gz"
    path.write_bytes(packed(*records))
    archived = read(f"archive={path}", folder=_made(tmp_path / "archived"))
    known = {one["canonical_url"]: one for one in live.records()}
    found = {one["canonical_url"]: one for one in archived.records()}
    shared = found.keys() & known.keys()
    assert len(shared) >= 20
    for url in shared:
        assert found[url]["source"] == "archive"
        assert found[url]["fetched_at"] == "2026-07-16T05:00:00+00:00"
        assert {**found[url], **{name: known[url][name] for name in LIVE_ONLY}} == known[url]
    assert known.keys() <= found.keys()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _check_of_many_sites(made: Crawled, read: Crawler, tmp_path: Path) -> None:
    path = tmp_path / "cc.warc.gz"
    path.write_bytes(made.data)
    ended = read(f"archive={path}")
    assert ended.status in (3, 7)
    assert ended.addresses() == set(made.articles)
    assert counts(ended, path) == {name: count for name, count in made.counts.items() if count}
    lost = {f"{path.as_uri()}#{url}" for url in made.lost}
    assert {url for (url,) in ended.rows("SELECT url FROM pages WHERE state = 'failed'")} == lost
    assert row(ended, path.as_uri()) == ("done", "archive", None)
    for name, count in made.counts.items():
        assert f"'vov/archive/{name}': {count}" in ended.log or not count


def test_a_file_of_many_sites_gives_the_newspaper_s_articles_and_the_rest_is_counted(
    read: Crawler, tmp_path: Path
) -> None:
    _check_of_many_sites(crawled(1_000, 50, lost=3), read, tmp_path)


@pytest.mark.long
def test_a_file_of_20_000_records_gives_its_300_articles_and_the_rest_is_counted(read: Crawler, tmp_path: Path) -> None:
    _check_of_many_sites(crawled(20_000, 300, lost=5), read, tmp_path)


def test_what_is_unread_is_told_unless_another_capture_gives_the_article(read: Crawler, tmp_path: Path) -> None:
    cut = [("WARC-Truncated", "length")]
    first, second = tmp_path / "a.warc.gz", tmp_path / "b.warc"
    first.write_bytes(
        packed(
            response(article_url(1), article(1)[:300], fields=cut),
            response(article_url(2), BLOCKED),
            response(article_url(3), article(3)[:300], fields=cut),
            response(article_url(4), BLOCKED),
            response(article_url(5), article(5)),
            response("https://vov.vn/xa-hoi", BLOCKED),
        )
    )
    second.write_bytes(response(article_url(2), article(2)) + response(f"{article_url(1)}?gidzl=abc", article(1)))
    ended = read(f"archive={first},{second}")
    assert ended.status == 3
    assert ended.addresses() == {article_url(number) for number in (1, 2, 5)}
    unread = {f"{first.as_uri()}#{article_url(number)}" for number in (3, 4)}
    assert {url for (url,) in ended.rows("SELECT url FROM pages WHERE state = 'failed'")} == unread
    assert ended.log.count("Not read: ") == 2
    assert "'vov/pages/unreadable': 2" in ended.log
    shown = ask("runs", ended.store, "--failed").stdout
    assert all(url in shown for url in unread)
    # A later crawl of the site need not ask for what was read.
    assert row(ended, article_url(1))[:2] == ("done", "article")

    again = read(f"archive={tmp_path}")
    assert again.status == 3
    assert again.log.count("Still not read: ") == 2
    first.write_bytes(packed(response(article_url(3), article(3)), response(article_url(4), article(4))))
    repaired = read(f"archive={tmp_path}")
    assert repaired.status == 0
    assert repaired.rows("SELECT url FROM pages WHERE state = 'failed'") == []


def test_lines_that_are_no_texts_are_unread_by_their_number(read: Crawler, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    text = "Chợ nổi vào mùa nước\n\nVOV.VN - Chợ đông từ tờ mờ sáng.\n\nGhe thuyền đậu kín bến."
    lines = [
        json.dumps({"noi_dung": text, "url": article_url(1)}),
        "{",
        json.dumps({"noi_dung": text, "url": "https://a.b/"}),
    ]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    ended = read(f"archive={path}", "fields=text:noi_dung", "published=2023-10-14T14:05")
    assert ended.status == 3
    assert counts(ended, path) == {"article": 1, "not JSON": 1, "other host": 1}
    assert row(ended, f"{path.as_uri()}#line=2") == ("failed", "unreadable", "the line is no JSON object")
    (article_read,) = ended.records()
    assert (article_read["canonical_url"], article_read["date_published"]) == (
        article_url(1),
        "2023-10-14T14:05:00+07:00",
    )


def test_a_feed_in_the_folder_is_no_archive_and_one_that_is_named_is_refused(read: Crawler, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(article(1))
    assert read(f"archive={tmp_path}").status == 0
    again = read(f"archive={tmp_path}", "fresh=1")
    assert (again.status, row(again, (tmp_path / "vov.jsonl").as_uri())[:2]) == (0, ("done", "no article"))
    named = read(f"archive={tmp_path / 'vov.jsonl'}")
    assert named.status == 3
    assert "line 1 is a record that this program wrote, and no text" in named.log


def test_a_file_that_is_no_warc_file_is_one_clear_line(read: Crawler, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"<html></html>")
    ended = read(f"archive={path}")
    assert ended.status == 3
    assert row(ended, path.as_uri()) == ("failed", "unreadable", "there is no WARC record in it")
    assert "Traceback" not in ended.log


DEADLY = ("-s", f"ITEM_PIPELINES={DEADLY_ARTICLES}", "-s", "VOV_DRIFT=accept")
KILLED = -signal.SIGKILL


def _with_a_deadly_one(number: int, count: int = 30) -> list[bytes]:
    """Records of articles, one of which kills the crawl that reads it."""
    deadly = page("<p>Chợ họp sớm.</p>", address=article_url(number), h1=f"<h1>{KILLING}</h1>").encode()
    return [
        response(article_url(place), deadly if place == number else article(place)) for place in range(1, count + 1)
    ]


@pytest.mark.parametrize("between", [0, 200])
def test_a_record_that_kills_the_crawl_three_times_is_given_up_and_no_other(
    read: Crawler, tmp_path: Path, between: int
) -> None:
    path = tmp_path / "a.warc.gz"
    other = packed(response("https://example.org/", b"<html></html>"))
    path.write_bytes(b"".join(packed(one) + between * other for one in _with_a_deadly_one(20)))
    statuses: list[int] = []
    kept = []
    while len(statuses) < 5 and (not statuses or statuses[-1] == KILLED):
        ended = read(f"archive={path}", *DEADLY)
        statuses.append(ended.status)
        kept.append(len(ended.addresses()))
    assert statuses == [KILLED] * 3 + [3]
    # Groups before the first kill, one after the other from then on.
    assert kept[1:] == [19, 19, 29]
    assert kept[0] == 16 or between
    assert row(ended, f"{path.as_uri()}#{article_url(20)}") == ("failed", "unreadable", GIVEN_UP)
    left_out = {"other host": 30 * between} if between else {}
    assert counts(ended, path) == {"article": 29, "given up": 1, **left_out}
    assert len(ended.records()) == 29


def test_a_file_that_was_written_to_after_a_kill_is_read_from_its_beginning(read: Crawler, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(*_with_a_deadly_one(20)))
    assert read(f"archive={path}", *DEADLY).status == KILLED
    path.write_bytes(packed(*(response(article_url(number), article(number)) for number in range(101, 131))))
    ended = read(f"archive={path}", *DEADLY)
    assert ended.status == 0
    assert len(ended.addresses()) == 16 + 30
    assert "was written to since it was begun: it is read from its beginning" in ended.log


def test_a_window_holds_for_records_too(read: Crawler, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    old = page("<p>Chợ họp sớm.</p>", address=article_url(1), published="2020-01-02T08:00:00+07:00").encode()
    path.write_bytes(response(article_url(1), old) + response(article_url(2), article(2)))
    ended = read(f"archive={path}", "since=2026-07-01", "-s", "VOV_DRIFT=accept")
    assert (ended.status, ended.addresses()) == (0, {article_url(2)})
    assert counts(ended, path) == {"article": 1, "outside window": 1}
