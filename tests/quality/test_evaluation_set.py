"""The evaluation set is what its generator writes, and covers what the site has."""

from __future__ import annotations

import ast
import gzip
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

import quality.generator
from quality.generator import evaluation_set, plain_text
from quality.generator.body_parts import CLUTTER
from quality.generator.cases import stories
from quality.generator.evaluation_set import FOLDER, GOLD, PAGES, gold_lines, page_lines, pages
from quality.generator.facts import Clutter
from quality.generator.ink import MESSES
from sample_site.site import load_site
from vovcrawl.items import Article, ContentType, content_hash
from vovcrawl.pages import flat_text
from vovcrawl.pages.layout import TEMPLATES

SET = evaluation_set.load()

NOT_OF_THE_READER = {
    *("time_expressions", "duplicate_of", "fetched_at", "source", "extra", "reader_version", "schema_version"),
}
"""Fields that depend on the run, on versions, or on what has an evaluation of its own."""


def test_the_files_hold_what_the_generator_writes() -> None:
    made = pages()
    with gzip.open(FOLDER / PAGES, "rt", encoding="utf-8", newline="\n") as file:
        assert file.read() == "".join(f"{line}\n" for line in page_lines(made))
    assert (FOLDER / GOLD).read_text(encoding="utf-8") == "".join(f"{line}\n" for line in gold_lines(made))


def test_the_files_written_are_those_that_are_read(tmp_path: Path) -> None:
    made = pages(seed=2)[::40]
    evaluation_set.write(made, tmp_path)
    assert evaluation_set.load(tmp_path) == made


def test_the_set_is_small_enough_for_a_repository() -> None:
    assert sum((FOLDER / name).stat().st_size for name in (PAGES, GOLD)) < 3_000_000


@pytest.mark.parametrize(
    "file", sorted(Path(quality.generator.__file__).parent.glob("*.py")), ids=lambda path: path.name
)
def test_the_generator_knows_nothing_of_the_reader(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert not [name for name in names if name.partition(".")[0] in ("vovcrawl", "sample_site", "tests")]


def test_there_are_pages_of_every_layout_and_kind() -> None:
    assert len(SET) >= 200
    assert len({page.name for page in SET}) == len(SET)
    assert {page.layout for page in SET} == {*TEMPLATES, flat_text.TEMPLATE}
    assert {page.kind for page in SET} == set(ContentType.__args__)  # type: ignore[attr-defined]


def test_gold_has_every_field_that_the_reader_gives() -> None:
    wanted = {field.name for field in fields(Article)} - NOT_OF_THE_READER
    assert all(page.record.keys() == wanted for page in SET)


def test_gold_is_sound_in_itself() -> None:
    for page in SET:
        record = page.record
        body = record["body"]
        assert "\n\n".join(body[block["start"] : block["end"]] for block in record["blocks"]) == body
        assert all(body[link["start"] : link["end"]] == link["text"] for link in record["links"])
        assert record["content_hash"] == content_hash(record["headline"], record["description"], body)


def test_every_manner_of_writing_is_met_on_more_than_one_page() -> None:
    met = Counter(manner for story in stories() for manner in (*story.manner, *story.lacks))
    assert min(met.values()) > 1
    assert met.keys() >= {*MESSES, *plain_text.SHAPES}
    forms = {block.form for story in stories() for block in story.blocks if isinstance(block, Clutter)}
    assert forms == set(CLUTTER)


def test_the_texts_are_no_others() -> None:
    known = {
        block.text.plain for story in load_site().stories.values() for block in story.blocks if hasattr(block, "text")
    }
    assert not known & {line for page in SET for line in page.record["body"].split("\n\n")}
