"""Every link and every path in the pages of the manual leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.docs import manual

FOLDERS = sorted(path for path in PROJECT.iterdir() if path.is_dir() and not path.name.startswith((".", "data")))
ROOMS = {folder.name for top in (PROJECT, PROJECT / "vovcrawl") for folder in top.iterdir() if folder.is_dir()}
EXAMPLES = ("NAME", "VERB_OBJECT", "FOLDER")


PATHS = {f"/{path.relative_to(PROJECT)}" for folder in FOLDERS for path in (folder, *folder.rglob("*"))}


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether a relative link names a file that is there, and a heading that it has."""
    file, _, heading = link.partition("#")
    target = (page.parent / file).resolve() if file else page
    return target.exists() and (not heading or heading in manual.anchors(target))


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file_and_its_heading(page: Path) -> None:
    relative = [link for link in manual.links(page) if "://" not in link]
    assert [link for link in relative if not leads_somewhere(page, link)] == []


def test_a_link_to_a_heading_that_is_not_there_leads_nowhere() -> None:
    assert leads_somewhere(PROJECT / "README.md", "docs/store.md#queries")
    assert not leads_somewhere(PROJECT / "README.md", "docs/store.md#answers")


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_every_path_named_is_there(page: Path) -> None:
    code = [text for text in manual.code(manual.prose(page)) if not any(example in text for example in EXAMPLES)]
    named = [text for text in code if re.fullmatch(r"[\w/-]+(\.py|\.toml|/)|[\w-]+/[\w./-]+", text)]
    own = [text for text in named if "/" not in text or (text.split("/")[0] in ROOMS and not text.startswith("data/"))]
    assert [text for text in own if not any(path.endswith(f"/{text.rstrip('/')}") for path in PATHS)] == []
