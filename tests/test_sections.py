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
        ("san-khau-dien-anh", "van-hoa/dien-anh"),
        ("doanh-nghiep", "kinh-te/doanh-nghiep"),
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


@pytest.mark.parametrize(
    ("listing", "path"),
    [
        ("oto-xe-may", "o-to-xe-may"),
        ("oto-xe-may/oto", "o-to-xe-may/oto"),
        ("oto-xe-may", "o-to-xe-may/xe-may"),
        ("kinh-te/doanh-nghiep", "doanh-nghiep"),
        ("thong-tin-doanh-nghiep", "doanh-nghiep/thong-tin-doanh-nghiep"),
        ("doanh-nghiep-24h", "doanh-nghiep/doanh-nghiep-24h"),
        ("kinh-te", "doanh-nghiep"),
        ("van-hoa/dien-anh", "van-hoa/san-khau-dien-anh"),
        ("van-hoa/nghe-si", "giai-tri/nghe-si"),
        ("giai-tri", "van-hoa/nghe-si"),
        ("tin-nong", "phap-luat/tin-nong"),
        ("phap-luat", "tin-nong"),
        ("multimedia/e-magazine", "e-magazine"),
        ("multimedia/e-magazine", "emagazine"),
    ],
)
def test_the_articles_of_a_listing_stand_below_other_paths_too(listing: str, path: str) -> None:
    assert path in sections.paths_of(listing)


@pytest.mark.parametrize("listing", sections.NAMES)
def test_the_first_path_of_a_listing_is_its_own(listing: str) -> None:
    assert sections.paths_of(listing)[0] == listing


@pytest.mark.parametrize(("listing", "path"), [("oto-xe-may", "kinh-te"), ("the-gioi", "the-thao"), ("du-lich", "")])
def test_no_listing_has_the_articles_of_another_section(listing: str, path: str) -> None:
    assert path not in sections.paths_of(listing)


@pytest.mark.parametrize("path", sections.ELSEWHERE)
def test_a_path_where_articles_stand_names_the_listing(path: str) -> None:
    assert sections.listing_of(path) in sections.MENU
    assert path in sections.FORMER or sections.path_of(path) == sections.listing_of(path)


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("o-to-xe-may", "Ô tô - Xe máy"),
        ("doanh-nghiep", "Doanh nghiệp"),
        ("goc-nhin", "Góc nhìn"),
        ("nguoi-viet", "Người Việt"),
        ("e-magazine", "E-Magazine"),
        ("giai-tri/nghe-si", "Nghệ sĩ"),
    ],
)
def test_a_path_where_articles_stand_has_the_name_of_the_listing(slug: str, name: str) -> None:
    assert sections.name_of(slug) == name


def test_no_section_is_its_own_parent() -> None:
    assert all(parent in sections.MENU and parent != path for path, parent in sections.PARENTS.items())
