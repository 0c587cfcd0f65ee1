"""A store that fails while an archive is read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sample_site.render_article import render_article
from sample_site.server import SampleServer
from tests.conftest import PROJECT, Crawler, command, environment
from tests.stores import change


@pytest.mark.sqlite("a trigger in SQLite's words")
def test_it_ends_the_crawl_though_articles_are_in_the_pipelines(
    crawl: Crawler, site: SampleServer, tmp_path: Path
) -> None:
    first, *others = [story for story in site.site.stories.values() if story.kind == "article"][:4]
    saved = tmp_path / "saved"
    saved.mkdir()
    for story in (first, *others):
        (saved / f"{story.id}.html").write_text(render_article(story, site.site), encoding="utf-8")
    made = crawl(f"archive={saved / first.id}.html", "-s", "VOV_DRIFT=accept", mirror=None)
    refuse = "CREATE TRIGGER full BEFORE INSERT ON articles BEGIN SELECT RAISE(ABORT, 'no room'); END"
    change(made.store, refuse)
    line = command(tmp_path, None, (f"archive={saved}",))
    ended = subprocess.run(
        line, cwd=PROJECT, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 6
    assert "The store failed: no room" in ended.stderr
