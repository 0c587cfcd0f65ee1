"""The pages with their gold records, and the two files that hold them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from quality.generator import aspnet, drupal, gold, plain_text
from quality.generator.cases import stories
from quality.generator.facts import Story

FOLDER = Path(__file__).resolve().parent.parent
PAGES, GOLD = "pages.jsonl.gz", "gold.jsonl"


@dataclass(frozen=True)
class Page:
    """A page, or a text where `layout` is that, and the record that must be read from it."""

    name: str
    layout: str
    kind: str
    url: str | None
    published: str | None
    """What is known of a text's time of publication beside it: ISO 8601."""
    content: str
    record: dict[str, Any]


def pages(seed: int = 1) -> list[Page]:
    """All pages of the set that a seed gives."""
    return [_page(story, Random(f"page {seed} {story.name}")) for story in stories(seed)]


def _page(story: Story, random: Random) -> Page:
    if story.layout == "text":
        given = story.published.replace(second=0).isoformat() if "published:given" in story.manner else None
        content, record = plain_text.page(story, random), gold.text_record(story)
        return Page(story.name, story.layout, story.kind, story.asked, given, content, record)
    content = (aspnet if story.is_old else drupal).page(story, random)
    url = story.asked or story.url
    return Page(story.name, story.layout, story.kind, url, None, content, gold.record(story))


def page_lines(made: list[Page]) -> list[str]:
    """A line of JSON for each page, without its gold."""
    keys = ("name", "layout", "kind", "url", "published", "content")
    return [_line({key: getattr(page, key) for key in keys}) for page in made]


def gold_lines(made: list[Page]) -> list[str]:
    """A line of JSON for each page's gold."""
    return [_line({"name": page.name, "record": page.record}) for page in made]


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def write(made: list[Page], folder: Path = FOLDER) -> None:
    """Writes both files."""
    # Without a time and a name in it, the same pages give the same file.
    with (folder / PAGES).open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write("".join(f"{line}\n" for line in page_lines(made)).encode())
    (folder / GOLD).write_text("".join(f"{line}\n" for line in gold_lines(made)), encoding="utf-8")


def load(folder: Path = FOLDER) -> list[Page]:
    """The pages that `write` kept."""
    with gzip.open(folder / PAGES, "rt", encoding="utf-8", newline="\n") as file:
        contents = [json.loads(line) for line in file.read().split("\n") if line]
    with (folder / GOLD).open(encoding="utf-8", newline="\n") as file:
        records = {one["name"]: one["record"] for one in map(json.loads, file)}
    return [Page(**content, record=records[content["name"]]) for content in contents]
