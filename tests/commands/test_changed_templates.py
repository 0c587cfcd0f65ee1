"""A crawl ends with status 7 when the pages no longer look as expected, and says what has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from sample_site.pages import Page
from sample_site.server import SampleServer
from tests.conftest import Crawler, ask

EVERYTHING = ("sections=all", "since=all")


def rename(site: SampleServer, name: str) -> Callable[[], None]:
    """Renames a class on all pages of the site; what is returned undoes it."""
    plain, marks = site.pages.get, count()
    pattern = re.compile(rb'(?<=[" ])' + name.encode() + rb'(?=[" ])(?=[^<>"]*+")')

    def renamed(target: str) -> Page:
        page = plain(target)
        # Never the mark of a copy that a crawl holds, so that every page is sent again.
        return replace(page, body=pattern.sub(b"zz-renamed", page.body), etag=f'"{next(marks)}"')

    site.pages.get = renamed  # type: ignore[method-assign]

    def undo() -> None:
        site.pages.get = plain  # type: ignore[method-assign]

    return undo


def test_a_first_crawl_names_the_field_and_three_pages(site: SampleServer, crawl: Crawler) -> None:
    rename(site, "article-title")
    ended = crawl(*EVERYTHING)
    assert ended.status == 7
    assert "The pages no longer look as expected: headline\n" in ended.log
    (line,) = [line for line in ended.log.splitlines() if "headline: from h1 on 0 of" in line]
    assert len(re.findall(r"https://vov\.vn/\S+\.vov", line)) == 3
    assert "Traceback" not in ended.log


@pytest.mark.long
def test_a_change_is_said_again_until_it_is_accepted(site: SampleServer, crawl: Crawler, tmp_path: Path) -> None:
    named = tmp_path / "urls.txt"
    named.write_text("\n".join(story.url for story in site.site.newest[:12]), encoding="utf-8")
    these = f"urls={named}"
    assert crawl(these).status == 0
    undo = rename(site, "article-author")
    for _ in range(2):
        ended = crawl(these)
        assert ended.status == 7
        assert "The pages no longer look as expected: authors" in ended.log
    shown = ask("runs", tmp_path / "vov.sqlite", "-n", "1").stdout
    assert "the pages no longer look as expected" in shown
    assert "authors: article-author on 0 of" in shown
    line = json.loads(ask("runs", tmp_path / "vov.sqlite", "-n", "1", "--json").stdout)
    assert [(change["field"], len(change["examples"])) for change in line["changed"]] == [("authors", 3)]
    accepted = crawl(these, "-s", "VOV_DRIFT=accept")
    assert accepted.status == 0
    assert "Taken for right: authors" in accepted.log
    assert crawl(these).status == 0
    undo()
    assert crawl(these).status == 0


@pytest.mark.long
@pytest.mark.parametrize(("name", "field"), [("main-menu", "menu"), ("taxonomy-content", "listing")])
def test_listings_and_the_menu_are_looked_at_too(site: SampleServer, crawl: Crawler, name: str, field: str) -> None:
    rename(site, name)
    ended = crawl("sections=all", "since=3d", "sources=listing")
    assert ended.status == 7
    assert f"The pages no longer look as expected: {field}\n" in ended.log


@pytest.mark.long
def test_an_archive_of_another_template_is_noticed(site: SampleServer, crawl: Crawler, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for story in site.site.newest[:60]:
        page = site.pages.get(story.address).body
        (folder / f"{story.id}.html").write_bytes(page.replace(b"text-long", b"text-of-article"))
    ended = crawl(f"archive={folder}", mirror=None)
    assert ended.status == 7
    assert "The pages no longer look as expected: body\n" in ended.log


def test_an_unknown_way_to_take_changes_is_refused(crawl: Crawler) -> None:
    ended = crawl("-s", "VOV_DRIFT=maybe")
    assert ended.status == 2
    assert "-s VOV_DRIFT: 'maybe' is unknown; right would be check or accept" in ended.log
