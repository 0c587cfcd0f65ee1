"""Every claim of the threat model names tests that are there, and every hostile test holds a claim."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.conftest import PROJECT
from tests.docs import manual

PAGE = PROJECT / "docs" / "threat-model.md"
WHO = [heading for heading in re.findall(r"^## (.+)$", manual.read(PAGE), re.MULTILINE) if heading != "Not covered"]


def items(text: str) -> list[str]:
    """The items of a text's lists."""
    return re.findall(r"^- (.+(?:\n  .+)*)", text, re.MULTILINE)


def held_by(claim: str) -> list[str]:
    """The tests that a claim names."""
    return [name for name in manual.code(claim) if name.startswith("tests/")]


CLAIMS = [item for heading in WHO for item in items(manual.section(PAGE, heading))]


@cache
def found_in(file: str) -> frozenset[str]:
    """The tests in a file, those of a class with its name before theirs; none where there is no file."""
    path = PROJECT / file
    body = ast.parse(path.read_text(encoding="utf-8")).body if path.is_file() else []
    within = [("", body), *((f"{node.name}::", node.body) for node in body if isinstance(node, ast.ClassDef))]
    return frozenset(
        f"{before}{node.name}"
        for before, nodes in within
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def is_there(name: str) -> bool:
    """Whether there is such a test, or such a file with tests."""
    file, _, test = name.partition("::")
    return test in found_in(file) if test else bool(found_in(file))


def test_every_claim_names_a_test() -> None:
    assert [claim for claim in CLAIMS if not held_by(claim)] == []


def test_every_test_named_is_there() -> None:
    assert [name for claim in CLAIMS for name in held_by(claim) if not is_there(name)] == []


def test_every_hostile_test_holds_a_claim() -> None:
    named = {name.partition("::")[0] for claim in CLAIMS for name in held_by(claim)}
    hostile = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "tests" / "hostile").glob("test_*.py")}
    assert hostile - named == set()


def test_there_are_claims_about_everyone_named() -> None:
    assert [heading for heading in WHO if not items(manual.section(PAGE, heading))] == []
    assert "A dependency" in WHO


def test_a_claim_is_read_with_the_lines_that_go_on_with_it() -> None:
    claims = items("It could:\n\n- One.\n  `tests/a.py`\n- Two (`vovcrawl/b.py`).\n\nMore.\n")
    assert claims == ["One.\n  `tests/a.py`", "Two (`vovcrawl/b.py`)."]
    assert [held_by(claim) for claim in claims] == [["tests/a.py"], []]


def test_a_test_that_does_not_exist_is_found_nowhere() -> None:
    own = "tests/docs/test_threat_model.py"
    assert is_there(f"{own}::test_every_claim_names_a_test")
    assert is_there(own)
    for name in (f"{own}::test_nothing", "tests/docs/test_nothing.py", "tests/docs/manual.py"):
        assert not is_there(name)
