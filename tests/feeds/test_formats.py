"""What the end of a feed's name says of its format and how it is compressed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from scrapy.utils.conf import feed_process_params_from_cli

from vovcrawl.feeds.formats import COMPRESSED, with_compression, with_format

GZIP = ["scrapy.extensions.postprocessing.GzipPlugin"]
FORMATS = list(Settings().getwithbase("FEED_EXPORTERS"))


def feeds(*typed: str, **given: Any) -> dict[str, dict[str, Any]]:
    """`FEEDS` of a command line, with the settings given."""
    settings = Settings(given)
    values = [with_format(value, settings) for value in typed]
    return with_compression(feed_process_params_from_cli(settings, values), values)


@pytest.mark.parametrize("end", COMPRESSED)
@pytest.mark.parametrize("kind", FORMATS)
def test_the_format_stands_before_the_end_that_says_how_it_is_compressed(kind: str, end: str) -> None:
    name = f"/tin/%(time)s.a.{kind}{end}"
    assert feeds(name) == {name: {"format": kind, **COMPRESSED[end]}}


@pytest.mark.parametrize(
    ("typed", "uri", "kind"),
    [
        ("x.jsonl.gz:csv", "x.jsonl.gz", "csv"),
        ("x.gz:jsonl", "x.gz", "jsonl"),
        ("file:///tin/x.jsonl.gz", "file:///tin/x.jsonl.gz", "jsonl"),
        ("ftp://a:b@host:21/x.csv.gz", "ftp://a:b@host:21/x.csv.gz", "csv"),
        ("C:\\tin\\x.xml.gz", "C:\\tin\\x.xml.gz", "xml"),
    ],
)
def test_a_format_that_is_typed_and_a_whole_uri_are_understood(typed: str, uri: str, kind: str) -> None:
    assert feeds(typed) == {uri: {"format": kind, "postprocessing": GZIP}}


@pytest.mark.parametrize("typed", ["x.jsonl", "x.csv:jsonl", "-:csv", "x.gz.jsonl", "gz:csv"])
def test_what_is_not_compressed_is_left_to_scrapy(typed: str) -> None:
    settings = Settings()
    assert with_format(typed, settings) == typed
    assert feeds(typed) == feed_process_params_from_cli(settings, [typed])


@pytest.mark.parametrize("typed", ["x.gz", "x.txt.gz", "gz", "x.jsonl.zst", "x.jsonl.gz:txt", ".gz", "-"])
def test_an_unknown_format_is_refused_as_any_is(typed: str) -> None:
    with pytest.raises(UsageError, match="Unrecognized output format"):
        feeds(typed)


@given(st.text())
def test_any_value_that_is_no_compressed_name_stays(typed: str) -> None:
    assert with_format(f"{typed}.jsonl", Settings()) == f"{typed}.jsonl"


def test_a_format_of_the_users_own_is_known() -> None:
    own = {"tsv": "scrapy.exporters.CsvItemExporter"}
    assert feeds("x.tsv.gz", FEED_EXPORTERS=own) == {"x.tsv.gz": {"format": "tsv", "postprocessing": GZIP}}


def test_a_format_that_is_switched_off_is_unknown() -> None:
    with pytest.raises(UsageError):
        feeds("x.xml.gz", FEED_EXPORTERS={"xml": None})


@pytest.mark.parametrize("own", [[], ["own.Plugin"], GZIP], ids=str)
def test_postprocessing_that_feeds_names_stays(own: list[str]) -> None:
    given = {"x.jsonl.gz": {"format": "jsonlines", "postprocessing": own}}
    assert feeds("x.jsonl.gz", FEEDS=given) == given


def test_options_that_feeds_names_stay() -> None:
    given = {"x.jsonl.gz": {"format": "jl", "gzip_compresslevel": 1, "overwrite": True}}
    assert feeds("x.jsonl.gz", FEEDS=given) == {"x.jsonl.gz": {**given["x.jsonl.gz"], "postprocessing": GZIP}}


def test_a_feed_that_no_command_line_names_is_as_feeds_says() -> None:
    given = {"y.jsonl.gz": {"format": "jsonlines"}, Path("z.csv.gz"): {"format": "csv"}}
    assert feeds("x.jsonl.gz", FEEDS=given) == {**given, "x.jsonl.gz": {"format": "jsonl", "postprocessing": GZIP}}


def test_the_table_that_is_given_stays_as_it_is() -> None:
    given: dict[str, dict[str, Any]] = {"x.jsonl.gz": {"format": "jsonl"}}
    with_compression(given, ["x.jsonl.gz"])["x.jsonl.gz"]["overwrite"] = True
    assert given == {"x.jsonl.gz": {"format": "jsonl"}}
