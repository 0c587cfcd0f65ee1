"""The sections an argument may name, and how the menu spells them."""

from __future__ import annotations

import pytest

from sample_site.menu import SECTIONS
from vovcrawl import sections, urls
from vovcrawl.urls import Kind


@pytest.mark.parametrize("path", sorted(sections.NAMES.keys()))
def test_every_section_has_an_address_that_reads_as_a_section(path: str) -> None:
    address = urls.parse(f"/{path}")
    assert address is not None
    assert (address.kind, address.url) == (Kind.SECTION, f"https://vov.vn/{path}")


@pytest.mark.parametrize("path", sections.NAMES)
def test_every_section_is_found_by_its_path(path: str) -> None:
    assert sections.path_of(path) == sections.path_of(f"/{path}/") == path


def test_the_menu_is_the_one_that_the_site_shows() -> None:
    assert {section.path: section.name for section in SECTIONS}.items() <= sections.MENU.items()


def test_no_former_section_is_in_the_menu() -> None:
    assert not sections.FORMER.keys() & sections.MENU.keys()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("bong-da", "the-thao/bong-da"),
        ("gia-vang", "thi-truong/gia-vang"),
        (" tin-24h ", "xa-hoi/tin-24h"),
        ("nghe-si", "van-hoa/nghe-si"),
        ("nhan-su", "nhan-su"),
        ("thi-truong", "thi-truong"),
    ],
)
def test_the_last_part_of_a_path_names_a_section(name: str, path: str) -> None:
    assert sections.path_of(name) == path


@pytest.mark.parametrize(
    "name", ["khong-co-muc-nay", "", "/", "Thể thao", "the-thao/khong-co", "bong-da/the-thao", "thao"]
)
def test_an_unknown_section_is_not_guessed(name: str) -> None:
    assert sections.path_of(name) is None


def test_an_ambiguous_last_part_names_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sections.NAMES, "du-lich/bong-da", "Bóng đá")
    assert sections.path_of("bong-da") is None
    assert sections.path_of("the-thao/bong-da") == "the-thao/bong-da"


def test_the_menu_spells_a_section() -> None:
    assert sections.name_of("the-thao") == "Thể thao"
    assert sections.name_of("oto-xe-may") == "Ô tô - Xe máy"
    assert sections.name_of("khong-co-muc-nay") is None
