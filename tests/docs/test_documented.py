"""Whatever can be given, asked or read is documented in the page where it belongs, and nothing that does not exist."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from scrapy import commands as scrapy_commands
from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from tests.conftest import PROJECT
from tests.docs import manual
from vovcrawl import settings
from vovcrawl.cleaning.rules import KEYS, Where
from vovcrawl.crawl.arguments import NAMES
from vovcrawl.crawl.configuration import LATER
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.signals import SIGNALS
from vovcrawl.items import WARNINGS, Article, element_types
from vovcrawl.pages.layout import TEMPLATES
from vovcrawl.store.tables import articles, lists, metadata

README = PROJECT / "README.md"
DOCS = PROJECT / "docs"
COMMANDS = sorted(path.stem for path in (PROJECT / "vovcrawl" / "commands").glob("[a-z]*.py"))
OF_SCRAPY = sorted(path.stem for path in Path(scrapy_commands.__file__).parent.glob("[a-z]*.py"))
OWN_SETTINGS = {name: value for name, value in vars(settings).items() if name.startswith("VOV_")}
STATUSES = sorted([*(int(status) for status in ExitStatus), *(128 + number for number in SIGNALS)])


def rows(page: str, heading: str, table: int = 0) -> list[list[str]]:
    """The rows of a table under a heading."""
    return manual.tables(manual.section(DOCS / page, heading))[table]


def test_the_readme_stays_short() -> None:
    assert len(README.read_bytes()) <= 8_000


def test_every_argument_is_documented() -> None:
    assert sorted(manual.named(rows("crawling.md", "Arguments"))) == sorted(NAMES)


def test_every_setting_of_the_project_is_documented_with_its_default() -> None:
    found = {manual.code(row[0])[0]: row[2] for row in rows("crawling.md", "Settings")}
    assert found.keys() == OWN_SETTINGS.keys()
    wrong = {name for name, value in OWN_SETTINGS.items() if isinstance(value, str) and f"`{value}`" not in found[name]}
    assert wrong == set()


def test_scrapy_s_settings_that_are_documented_exist() -> None:
    known = Settings()
    known.setmodule(settings)
    assert [name for name in manual.named(rows("crawling.md", "Settings", 1)) if name not in known] == []


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_no_setting_is_named_that_does_not_exist(page: Path) -> None:
    text = manual.read(page)
    assert set(re.findall(r"\bVOV_[A-Z_]+\b", text)) <= OWN_SETTINGS.keys()
    assert [name for name in LATER if re.search(rf"\b{name}\b", text)] == []


def test_every_command_is_documented() -> None:
    headings = re.findall(r"^### `scrapy (.+)`$", manual.section(DOCS / "operations.md", "Commands"), re.MULTILINE)
    assert sorted(headings) == COMMANDS


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_no_command_is_named_that_does_not_exist(page: Path) -> None:
    assert set(re.findall(r"\bscrapy ([a-z]+)\b(?=[ \n]|$)", manual.all_code(page))) <= {*COMMANDS, *OF_SCRAPY}


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_no_target_of_make_is_named_that_does_not_exist(page: Path) -> None:
    targets = set(re.findall(r"^(\w+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", manual.all_code(page))) <= targets


def own_options(name: str) -> list[str]:
    """The options that a command has beyond those of Scrapy's command of its name, or of any."""
    made: list[set[str]] = []
    command = import_module(f"vovcrawl.commands.{name}").Command()
    try:
        bare: ScrapyCommand = import_module(f"scrapy.commands.{name}").Command()
    except ModuleNotFoundError:
        bare = type("Bare", (ScrapyCommand,), {"short_desc": lambda self: "", "run": None})()
    for one in (command, bare):
        one.settings = Settings()
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        one.add_options(parser)
        made.append({option for action in parser._actions for option in action.option_strings})
    return sorted(made[0] - made[1])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    tables = manual.tables(manual.section(DOCS / "operations.md", f"`scrapy {name}`"))
    assert sorted(manual.named(tables[0]) if tables else []) == own_options(name)


def test_every_option_of_the_command_of_dates_is_documented() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "vovcrawl.dates", "--help"], capture_output=True, text=True, cwd=PROJECT, check=True
    ).stdout
    options = set(re.findall(r"(?<!\w)--[a-z]+", shown)) - {"--help"}
    assert set(manual.named(rows("dates.md", "On the command line"))) == options


def test_every_option_of_the_command_of_archives_is_documented() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "vovcrawl.archives", "--help"], capture_output=True, text=True, cwd=PROJECT, check=True
    ).stdout
    options = set(re.findall(r"(?<!\w)--[a-z-]+", shown)) - {"--help"} | {"-o"}
    table = manual.tables(manual.section(DOCS / "archives.md", "Archives of millions of pages"))[0]
    assert set(manual.named(table)) == options


def test_every_field_of_the_record_is_documented_in_its_order() -> None:
    assert manual.named(rows("record.md", "Fields")) == [field.name for field in fields(Article)]


def test_every_part_of_a_record_is_documented_field_by_field() -> None:
    text = manual.section(DOCS / "record.md", "Parts of a record")
    found = {
        name: manual.named(rows("record.md", heading))
        for heading in re.findall(r"^### (.+)$", text, re.MULTILINE)
        for name in manual.code(heading)
    }
    parts = {name: element for name, element in element_types().items() if element is not str}
    assert found == {name: [field.name for field in fields(element)] for name, element in parts.items()}


def test_every_template_is_documented() -> None:
    assert manual.named(manual.tables(manual.read(DOCS / "layouts.md"))[0]) == list(TEMPLATES)


def test_every_place_and_key_of_a_rule_of_cleaning_is_documented() -> None:
    assert manual.named(rows("cleaning.md", "Places")) == [str(where) for where in Where]
    assert manual.named(rows("cleaning.md", "A rule")) == list(KEYS)


def test_every_warning_is_documented() -> None:
    assert manual.named(rows("record.md", "Warnings")) == list(WARNINGS)


@pytest.mark.parametrize(
    "table", [rows("operations.md", "Exit statuses"), manual.tables(manual.read(README))[-2]], ids=["manual", "readme"]
)
def test_every_exit_status_is_documented(table: list[list[str]]) -> None:
    assert [int(number) for row in table for number in row[0].split(", ")] == STATUSES


def test_every_table_of_the_store_is_documented() -> None:
    text = manual.read(DOCS / "store.md")
    headed = re.findall(r"^### `(.+)`$", text, re.MULTILINE)
    assert sorted([*headed, *manual.named(rows("store.md", "Lists"))]) == sorted(metadata.tables)


@pytest.mark.parametrize("table", [table for table in metadata.tables.values() if table.name not in lists])
def test_every_column_of_a_table_is_documented(table: object) -> None:
    name, columns = table.name, {column.name for column in table.columns}  # type: ignore[attr-defined]
    if name == articles.name:
        columns -= {field.name for field in fields(Article)}
    documented = manual.named(rows("store.md", f"`{name}`"))
    assert sorted(documented) == sorted(columns)


def test_every_column_of_a_list_is_documented() -> None:
    found = {manual.code(row[0])[0]: set(manual.code(row[1])) for row in rows("store.md", "Lists")}
    columns = {name: {column.name for column in each.table.columns} for name, each in lists.items()}
    assert found == {name: each - {"canonical_url", "position"} for name, each in columns.items()}
