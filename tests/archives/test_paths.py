"""Where the files of an archive are read from, links included."""

from __future__ import annotations

from pathlib import Path

import pytest

from vovcrawl.archives.paths import ArchiveFile, archive_paths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file, and a link to another file outside."""
    made = tmp_path / "saved"
    made.mkdir()
    for path in (made / "a.html", tmp_path / "outside.html"):
        path.write_text("x", encoding="utf-8")
    (made / "link.html").symlink_to(tmp_path / "outside.html")
    return made


def test_a_link_that_leads_out_of_its_folder_is_read_nowhere(folder: Path) -> None:
    assert archive_paths(str(folder)).found[folder / "link.html"] is None


@pytest.mark.parametrize("order", [("saved/link.html", "saved"), ("saved", "saved/link.html")])
def test_a_link_that_is_named_itself_is_read_though_it_leads_out_of_its_folder(
    folder: Path, order: tuple[str, str]
) -> None:
    found = archive_paths(",".join(str(folder.parent / name) for name in order)).found
    assert found[folder / "link.html"] == ArchiveFile("link.html", str(folder.parent), "outside.html")


def test_a_link_within_its_folder_keeps_its_own_name(folder: Path) -> None:
    (folder / "objects").mkdir()
    (folder / "objects" / "0").write_text("x", encoding="utf-8")
    (folder / "b.html").symlink_to("objects/0")
    assert archive_paths(str(folder)).found[folder / "b.html"] == ArchiveFile("b.html", str(folder), "objects/0")


@pytest.mark.parametrize("name", [".", "../saved", "../other"])
def test_a_folder_is_read_where_its_name_leads(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (folder.parent / "other").symlink_to("saved")
    monkeypatch.chdir(folder)
    assert archive_paths(name).found[Path(name, "a.html").absolute()] == ArchiveFile("a.html", str(folder), "a.html")
