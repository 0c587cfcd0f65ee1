"""The project's own settings."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from vovcrawl.crawl.components import add_components, default_feed
from vovcrawl.crawl.configuration import Rendering, check, check_feeds, project_folder
from vovcrawl.crawl.values import ArgumentError


def settings(**given: object) -> Settings:
    made = get_project_settings()
    made.setdict(given, priority="cmdline")
    return made


def test_the_store_is_in_the_projects_data_folder_by_default() -> None:
    assert check(settings()).database == str(project_folder() / "data" / "vov.sqlite")


def test_a_relative_store_starts_at_the_projects_folder() -> None:
    assert check(settings(VOV_DATABASE="x/y.sqlite")).database == str(project_folder() / "x" / "y.sqlite")


def test_a_database_url_stays_as_it_is() -> None:
    assert check(settings(VOV_DATABASE="postgresql://u@h/d")).database == "postgresql://u@h/d"


@pytest.mark.parametrize(
    ("store", "feed"),
    [
        ("data/vov.sqlite", "data/vov.jsonl"),
        ("2023.db", "2023.jsonl"),
        ("2023.10", "2023.10.jsonl"),
        ("store", "store.jsonl"),
        ("vov.jsonl", "vov.jsonl.jsonl"),
        ("/srv/a/b.sqlite3", "/srv/a/b.jsonl"),
        ("sqlite:///x/y.sqlite", "x/y.jsonl"),
        ("sqlite:////srv/y.sqlite", "/srv/y.jsonl"),
        ("postgresql://me:secret@db.example.org:5432/news", "data/news.jsonl"),
        ("postgresql://db.example.org", "data/vov.jsonl"),
    ],
)
def test_a_store_has_a_feed_of_its_own_name(store: str, feed: str) -> None:
    assert default_feed(store) == str(project_folder() / feed)


def test_now_without_an_offset_is_vietnamese_time() -> None:
    assert check(settings(VOV_NOW="2023-10-14T14:05")).now.isoformat() == "2023-10-14T14:05:00+07:00"


def test_now_in_another_zone_is_told_in_vietnamese_time() -> None:
    assert check(settings(VOV_NOW="2023-10-14T20:00:00+00:00")).now.isoformat() == "2023-10-15T03:00:00+07:00"


def test_a_mirrors_closing_slash_does_not_matter() -> None:
    assert check(settings(VOV_MIRROR="http://127.0.0.1:8080/")).mirror == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VOV_NOW", "yesterday"),
        ("VOV_MIRROR", "127.0.0.1:8080"),
        ("VOV_MIRROR", "file:///etc"),
        ("VOV_MIRROR", "http://127.0.0.1:99999"),
        ("VOV_MIRROR", "http://127.0.0.1/folder"),
        ("VOV_DATABASE", ""),
        ("VOV_QUIET", "perhaps"),
        ("DOWNLOAD_DELAY", "soon"),
        ("DOWNLOAD_DELAY", "inf"),
        ("DOWNLOAD_TIMEOUT", "-1"),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", "0"),
        ("RETRY_TIMES", "1.5"),
        ("ROBOTSTXT_OBEY", "perhaps"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FILE", "/nowhere/at/all/crawl.log"),
        ("VOV_DATABASE", ":memory:"),
        ("VOV_RENDER", "lynx"),
        ("VOV_TAGS", "yes"),
        ("VOV_RENDER_KINDS", "emagazine,poem"),
        ("VOV_RENDER_TIMEOUT", "0"),
        ("VOV_RENDER_TIMEOUT", "nan"),
        ("VOV_RENDER_TIMEOUT", "soon"),
        ("VOV_RENDER_TIMEOUT", "601"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(ArgumentError, match=f"^-s {name}") as caught:
        check(settings(**{name: value}))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8050", "ftp://h", "http://h:x", "http://h?a=b", "http://u:p@h", "http://ñ"]
)
def test_a_splash_that_has_no_server_s_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ArgumentError, match=r"^-s SPLASH_URL") as caught:
        check(settings(VOV_RENDER="splash", SPLASH_URL=url))
    assert "u:p" not in str(caught.value)


def test_tags_are_asked_for_where_the_service_is_named_alone() -> None:
    assert not check(settings()).asks_for_tags
    assert check(settings(VOV_TAGS="service")).asks_for_tags


def test_no_page_is_rendered_by_default() -> None:
    assert check(settings()).rendering is None


def test_pages_of_kinds_that_need_it_are_rendered_where_a_browser_is_named() -> None:
    found = check(settings(VOV_RENDER="splash")).rendering
    assert found == Rendering("splash", frozenset({"emagazine", "live"}), 30)


def test_the_kinds_to_be_rendered_are_those_given() -> None:
    found = check(settings(VOV_RENDER="splash", VOV_RENDER_KINDS=" menu, listing ,article,")).rendering
    assert found is not None
    assert found.kinds == {"menu", "listing", "article"}


def test_a_browser_whose_package_is_missing_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vovcrawl.render.engines.find_spec", lambda name: None)
    with pytest.raises(ArgumentError, match=r"^-s VOV_RENDER=splash .*pip install scrapy-splash$"):
        check(settings(VOV_RENDER="splash"))


def test_a_crawl_that_renders_nothing_has_no_component_for_it() -> None:
    plain, rendering = settings(), settings(VOV_RENDER="splash")
    for one in (plain, rendering):
        add_components(one)
    assert "vovcrawl.middlewares.render.RenderMiddleware" not in plain.getwithbase("DOWNLOADER_MIDDLEWARES")
    assert "vovcrawl.middlewares.render.RenderMiddleware" in rendering.getwithbase("DOWNLOADER_MIDDLEWARES")


def test_an_unknown_setting_of_the_projects_own_is_refused() -> None:
    with pytest.raises(ArgumentError, match="unknown setting VOV_DATABSE"):
        check(settings(VOV_DATABSE="a.sqlite"))


@pytest.mark.parametrize("value", ["0.5", "0"])
def test_a_fraction_of_a_second_is_a_delay(value: str) -> None:
    check(settings(DOWNLOAD_DELAY=value))


@pytest.mark.parametrize(
    ("feeds", "words"),
    [
        ({"a.xyz": {"format": "xyz"}}, "unknown format 'xyz'"),
        ({"a.jsonl": {}}, "unknown format 'None'"),
        ({"gopher://x/a": {"format": "jsonlines"}}, "cannot write to gopher://"),
        ({"a.jsonl": {"format": "jsonlines", "encoding": "utf-9"}}, "unknown encoding 'utf-9'"),
    ],
)
def test_a_feed_that_nothing_can_write_is_refused(feeds: dict[str, dict[str, str]], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        check_feeds(settings(FEEDS=feeds))


@pytest.mark.parametrize("name", ["folder", "file.txt/a.jsonl"])
def test_a_feed_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(ArgumentError, match="cannot be written"):
        check_feeds(settings(FEEDS={str(tmp_path / name): {"format": "jsonlines"}}))


def test_a_pipe_in_the_place_of_the_default_feed_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "vov.jsonl")
    given = settings(VOV_DATABASE=str(tmp_path / "vov.sqlite"))
    add_components(given)
    with pytest.raises(ArgumentError, match="is no file, and cannot be written; right would be -o FEED"):
        check_feeds(given)


@pytest.mark.parametrize("name", ["a.jsonl", "new/deep/a.jsonl"])
def test_a_feed_that_can_be_written_is_not_touched(tmp_path: Path, name: str) -> None:
    check_feeds(settings(FEEDS={str(tmp_path / name): {"format": "jsonlines"}}))
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_lets_others_run_code_is_refused() -> None:
    with pytest.raises(ArgumentError, match="opens no port"):
        check(settings(REMOTE_CONTROL_ENABLED=True))


def test_the_defaults_are_polite_and_closed() -> None:
    given = get_project_settings()
    assert given.getbool("ROBOTSTXT_OBEY")
    assert given.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert given.getfloat("DOWNLOAD_DELAY") == 2
    assert given.getfloat("DOWNLOAD_TIMEOUT") == 30
    assert given.getint("DOWNLOAD_MAXSIZE") == 16 * 1024 * 1024
    assert "compatible; vovcrawl/" in given["USER_AGENT"]
    assert not given.getbool("TELNETCONSOLE_ENABLED")
    assert not given.getbool("REMOTE_CONTROL_ENABLED")
    assert all(given["DOWNLOAD_HANDLERS"][scheme] is None for scheme in ("ftp", "s3", "data", "file"))


@pytest.mark.parametrize(
    ("value", "span"),
    [("7d", timedelta(days=7)), ("12h", timedelta(hours=12)), ("2w", timedelta(weeks=2)), ("0d", timedelta())],
)
def test_the_times_to_revisit_and_catch_up_are_spans(value: str, span: timedelta) -> None:
    checked = check(settings(VOV_REVISIT=value, VOV_CATCH_UP=value))
    assert (checked.revisit, checked.catch_up) == (span, span)


@pytest.mark.parametrize("name", ["VOV_REVISIT", "VOV_CATCH_UP"])
@pytest.mark.parametrize("value", ["", "7", "seven days", "-1d", "1.5d", "7m"])
def test_a_time_to_revisit_or_catch_up_that_is_no_span_is_refused(name: str, value: str) -> None:
    with pytest.raises(ArgumentError, match=name):
        check(settings(**{name: value}))


def test_the_clock_stands_still_where_now_is_given() -> None:
    given = check(settings(VOV_NOW="2026-07-16T12:00"))
    assert given.clock() == given.now == given.clock()
    assert check(settings()).clock() > check(settings()).now - timedelta(minutes=1)


OWN_RULE = """[[rule]]
name = "farewell"
where = "block"
text = ["chào tạm biệt"]
before = "Chào tạm biệt"
after = "{after}"
"""


def test_rules_of_cleaning_are_read_from_the_user_s_own_file(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(OWN_RULE.format(after=""), encoding="utf-8")
    assert [rule.name for rule in check(settings(VOV_CLEANING_RULES=tmp_path / "rules.toml")).cleaning_rules] == [
        "farewell"
    ]
    assert check(settings()).cleaning_rules == ()


def test_a_wrong_rule_is_refused_in_one_line_that_names_file_and_rule(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(OWN_RULE.format(after="Chào"), encoding="utf-8")
    with pytest.raises(ArgumentError) as refusal:
        check(settings(VOV_CLEANING_RULES=path))
    line = str(refusal.value)
    assert line.startswith("-s VOV_CLEANING_RULES: ")
    assert str(path) in line
    assert line.endswith("rule \"farewell\": before, 'Chào tạm biệt', becomes '', not 'Chào'")


def test_rules_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=r"none\.toml'?: there is no such file"):
        check(settings(VOV_CLEANING_RULES=tmp_path / "none.toml"))


def test_the_folder_of_responses_starts_where_the_store_does() -> None:
    assert check(settings(VOV_WARC="data/warc/")).warc == project_folder() / "data" / "warc"
    assert check(settings()).warc is None
