"""What pyproject.toml asks for, and what the requirements files pin."""

from __future__ import annotations

import tomllib
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.package.building import PROJECT

METADATA: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = METADATA["project"]["optional-dependencies"]
NEEDED = [Requirement(line) for line in METADATA["project"]["dependencies"]]
_EXTRAS = ("postgres", "parquet", "browse", "report", "splash", "playwright", "scale")
OF_COMMANDS = [Requirement(line) for extra in _EXTRAS for line in EXTRAS[extra]]
"""What single commands need beside that."""


def pythons() -> list[str]:
    """The versions of Python that the package names, such as `3.11`."""
    start = "Programming Language :: Python :: "
    return [line.removeprefix(start) for line in METADATA["project"]["classifiers"] if line.startswith(start)]


def lowest(requirement: Requirement) -> str:
    """The version that is the requirement's lower bound; some have an upper one too."""
    (version,) = (bound.version for bound in requirement.specifier if bound.operator == ">=")
    return version


def pins(name: str) -> dict[str, str]:
    """Version by canonical name, of one of the requirements files and those it includes."""
    found: dict[str, str] = {}
    for line in (PROJECT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found |= pins(line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            requirement = Requirement(line)
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            found[canonicalize_name(requirement.name)] = pin.version
    return found
