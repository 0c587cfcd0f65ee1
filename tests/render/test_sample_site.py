"""Every page of the sample site, rendered by each browser: the same record, and what only scripts bring."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from sample_site.expected import expected_record
from sample_site.server import SampleServer
from sample_site.site import FORBIDDEN_FOLDER
from sample_site.story import Story
from tests.browser import CHROMIUM
from tests.conftest import Crawl, Crawler, run_line
from tests.splash import splash
from vovcrawl.render.engines import missing_package

pytestmark = pytest.mark.long

ALL_KINDS = "article,photo,video,podcast,emagazine,infographic,live,listing,menu"


def settings_of(engine: str) -> tuple[str, ...]:
    """The settings of a crawl that this browser renders for; the test is skipped where it is not installed."""
    if (missing := missing_package(engine)) is not None:
        pytest.skip(f"needs {missing}")
    if engine == "splash":
        return ("-s", "VOV_RENDER=splash", "-s", f"SPLASH_URL={splash().url}")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    return ("-s", "VOV_RENDER=playwright")


def gold(story: Story, site: SampleServer, engine: str) -> dict[str, Any]:
    """The record of a rendered page. QtWebKit, which Splash has, knows neither `fetch` nor `async`."""
    can_run = not (engine == "splash" and story.by_script == "fetch")
    record = expected_record(story, site.site, rendered=can_run)
    return {**record, "warnings": ["rendered", *record["warnings"]]}


Rendering = Callable[..., Crawl]


@pytest.fixture(params=["splash", "playwright"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def render(crawl: Crawler, engine: str) -> Rendering:
    """A crawl that renders pages of the kinds given."""
    settings = settings_of(engine)

    def run(kinds: str, *given: str) -> Crawl:
        return crawl(*given, *settings, "-s", f"VOV_RENDER_KINDS={kinds}")

    return run


def assert_read(ended: Crawl, stories: list[Story], site: SampleServer, engine: str) -> None:
    """Fails unless these articles were read, as their scripts have left them, and no others."""
    assert ended.status == 0
    records = {record["canonical_url"]: record for record in ended.records()}
    assert records.keys() == {story.url for story in stories}
    for story in stories:
        wanted = gold(story, site, engine)
        record = records[story.url]
        assert {name: record[name] for name in wanted} == wanted, story.id


def test_what_scripts_bring_is_in_the_record(render: Rendering, site: SampleServer, engine: str) -> None:
    stories = [story for story in site.site.stories.values() if story.by_script]
    ended = render("article,emagazine,live", "urls=" + ",".join(story.url for story in stories))
    assert_read(ended, stories, site, engine)


def test_articles_that_the_script_of_a_listing_shows_are_discovered(
    render: Rendering, site: SampleServer, engine: str
) -> None:
    hidden = {story.url for story in site.site.stories.values() if story.listed_by_script}
    walk = ("sections=multimedia/e-magazine", "sources=listing", "since=all", "related=0")
    assert hidden <= render("listing", *walk).addresses()


@pytest.mark.long
def test_every_page_gives_the_record_that_it_gives_as_served_and_what_scripts_bring(
    render: Rendering, site: SampleServer, engine: str
) -> None:
    stories = [story for story in site.site.stories.values() if FORBIDDEN_FOLDER not in f"/{story.path}/"]
    ended = render(ALL_KINDS, "urls=" + ",".join(story.url for story in stories), "related=0")
    assert_read(ended, stories, site, engine)


def test_inspect_shows_field_by_field_what_a_browser_adds(site: SampleServer, engine: str) -> None:
    story = next(story for story in site.site.stories.values() if story.kind == "emagazine" and story.by_script)
    settings = (*settings_of(engine), "-s", f"VOV_MIRROR={site.url}", "-s", "DOWNLOAD_DELAY=0")
    line = [sys.executable, "-m", "scrapy", "inspect", story.url, *settings]
    ended = run_line([*line, "--json", "--render"])
    found = json.loads(ended.stdout)["rendering"]
    served, rendered = (expected_record(story, site.site, rendered=rendered) for rendered in (False, True))
    changed = {one["field"]: (one["without"], one["with"]) for one in found["fields"]}
    assert (ended.returncode, found["engine"], found["error"]) == (0, engine, None)
    assert {name: changed[name] for name in ("body", "keywords", "images")} == {
        name: (served[name], rendered[name]) for name in ("body", "keywords", "images")
    }
    assert "headline" not in changed
    assert found["asked"] >= 2
