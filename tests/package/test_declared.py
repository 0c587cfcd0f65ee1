"""The package asks for what its code uses, and its bounds and the pinned versions agree."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.package import declared
from tests.package.building import PROJECT


def imported() -> Iterator[str]:
    """The modules that the code imports from elsewhere."""
    for path in (PROJECT / "vovcrawl").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [node.module]
            yield from (name.partition(".")[0] for name in names)


def test_every_library_that_the_code_imports_is_declared_and_no_other() -> None:
    modules = set(imported()) - sys.stdlib_module_names - {"vovcrawl"}
    libraries = packages_distributions()
    used = {canonicalize_name(name) for module in modules for name in libraries[module]}
    assert used == {canonicalize_name(requirement.name) for requirement in declared.NEEDED + declared.OF_COMMANDS}


@pytest.mark.parametrize(
    "requirement", declared.NEEDED + declared.OF_COMMANDS, ids=lambda requirement: requirement.name
)
def test_every_library_is_pinned_within_its_bound(requirement: Requirement) -> None:
    pin = declared.pins("requirements.txt")[canonicalize_name(requirement.name)]
    assert declared.lowest(requirement)
    assert pin in requirement.specifier


@pytest.mark.parametrize("line", declared.EXTRAS["test"])
def test_every_library_of_the_tests_is_pinned_within_its_bound(line: str) -> None:
    requirement = Requirement(line)
    assert declared.pins("requirements-dev.txt")[canonicalize_name(requirement.name)] in requirement.specifier


def test_what_builds_the_package_is_what_the_tests_build_it_with() -> None:
    assert declared.METADATA["build-system"]["requires"] == [
        line for line in declared.EXTRAS["test"] if Requirement(line).name == "setuptools"
    ]


def test_the_oldest_python_named_is_the_oldest_allowed() -> None:
    assert declared.METADATA["project"]["requires-python"] == f">={declared.pythons()[0]}"
