"""Real pages and texts of VOV.VN, which are not part of this repository.

They are read from the folder that `VOVCRAWL_REAL_INPUT` names: `seed/*.txt` and `pages/*.html` under it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pages.dumps import MANNERS, dump
from tests.pages.snippets import assert_offsets_hold
from vovcrawl.archives.files import read
from vovcrawl.items import Article
from vovcrawl.pages import parse_article, parse_text
from vovcrawl.pages.time_expressions import tag

VARIABLE = "VOVCRAWL_REAL_INPUT"
FOLDER = os.environ.get(VARIABLE)

pytestmark = pytest.mark.skipif(not FOLDER, reason=f"{VARIABLE} does not name a folder of real pages and texts")


def files(pattern: str) -> list[Path]:
    return sorted(Path(FOLDER).glob(pattern)) if FOLDER else []


TEXTS = files("seed/*.txt")
PAGES = files("pages/*.html")
BOILERPLATE = ("VOV.VN -", "Mời quý độc giả", "Tin liên quan", "Viết bình luận", "Copy link", "./.")


def named(paths: list[Path], part: str) -> Article:
    found = [path for path in paths if part in path.read_text(encoding="utf-8")]
    if not found:
        pytest.skip(f"the folder named by {VARIABLE} lacks this file")
    return read(found[0].read_bytes(), found[0].name).article


@pytest.fixture(scope="module")
def call() -> Article:
    """The text about a call between two foreign ministers in October 2023."""
    return named(TEXTS, "Ngoại trưởng Trung Quốc Vương Nghị hôm nay (14/10)")


@pytest.fixture(scope="module")
def final() -> Article:
    """The saved page of July 2026 about a team that reached the final."""
    return named(PAGES, "post1315698")


def test_the_folder_holds_something() -> None:
    assert TEXTS or PAGES


class TestTexts:
    @pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
    def test_the_headline_is_the_first_line(self, path: Path) -> None:
        first = path.read_text(encoding="utf-8-sig").strip().splitlines()[0].strip()
        assert read(path.read_bytes(), path.name).article.headline == first

    @pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
    def test_no_boilerplate_is_left(self, path: Path) -> None:
        article = read(path.read_bytes(), path.name).article
        texts = [article.headline, article.description or "", article.body]
        texts += [f"{story.headline} {story.description}" for story in article.related]
        assert not [(mark, text) for mark in BOILERPLATE for text in texts if mark in text]
        assert_offsets_hold(article)

    @pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
    def test_reading_twice_gives_the_same_record(self, path: Path) -> None:
        assert read(path.read_bytes(), path.name) == read(path.read_bytes(), path.name)

    def test_the_lead_has_no_prefix(self, call: Article) -> None:
        assert call.description is not None
        assert call.description.startswith("Ngoại trưởng Trung Quốc Vương Nghị hôm nay (14/10)")

    def test_every_paragraph_is_a_block(self, call: Article) -> None:
        assert [block.type for block in call.blocks] == ["paragraph"] * 7

    def test_every_related_story_stands_once_with_its_lead(self, call: Article) -> None:
        assert len(call.related) == len({story.headline for story in call.related}) == 4
        assert all(story.description for story in call.related)
        assert {(story.id, story.url, story.placement) for story in call.related} == {(None, None, "related")}

    def test_no_year_is_invented(self, call: Article) -> None:
        assert (call.date_published, call.date_published_raw) == (None, None)

    def test_the_text_is_its_own_name(self, call: Article) -> None:
        assert call.canonical_url.startswith("urn:vovcrawl:text:")
        assert call.id == call.canonical_url.removeprefix("urn:vovcrawl:text:")[:16]
        assert call.warnings == []


class TestPages:
    @pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
    def test_a_page_read_as_fetched_is_the_page_read_as_saved(self, path: Path) -> None:
        saved = read(path.read_bytes(), path.name).article
        fetched = parse_article(path.read_bytes(), saved.canonical_url)
        saved.source = "live"
        assert fetched == saved

    def test_the_page_is_clean(self, final: Article) -> None:
        assert final.warnings == []
        assert (final.template, final.content_type) == ("drupal-2026", "article")

    def test_the_page_names_itself(self, final: Article) -> None:
        assert final.id == "post1315698"
        assert final.canonical_url.startswith("https://vov.vn/the-thao/argentina-")
        assert (final.section, final.section_name) == ("the-thao", "Thể thao")
        assert [crumb.name for crumb in final.breadcrumbs] == ["THỂ THAO"]

    def test_the_text_is_five_paragraphs_and_two_subheads(self, final: Article) -> None:
        types = [block.type for block in final.blocks]
        assert (types.count("paragraph"), types.count("subhead"), len(types)) == (5, 2, 7)
        assert_offsets_hold(final)

    def test_nothing_but_text_is_in_the_text(self, final: Article) -> None:
        texts = {final.body[block.start : block.end] for block in final.blocks}
        assert texts.isdisjoint(story.description for story in final.related)
        assert not [text for text in (*(story.headline for story in final.related), *BOILERPLATE) if text in final.body]

    def test_both_pictures_have_their_caption_apart_from_its_credit(self, final: Article) -> None:
        assert len(final.images) == 2
        assert all(image.caption and "Ảnh" not in image.caption and image.credit for image in final.images)
        assert all("/styles/large/" in image.url for image in final.images)

    def test_the_lead_is_the_full_one(self, final: Article) -> None:
        assert final.description is not None
        assert "(FIFA)" in final.description
        assert not final.description.startswith("VOV")

    def test_keywords_are_distinct(self, final: Article) -> None:
        assert len(final.keywords) == len({word.casefold() for word in final.keywords}) == 7

    def test_related_stories_stand_once(self, final: Article) -> None:
        assert [story.placement for story in final.related] == ["inline"] + ["related"] * 6
        assert len({story.url for story in final.related}) == 7
        assert all(story.id and story.headline and story.description for story in final.related)

    def test_the_dates_agree(self, final: Article) -> None:
        assert final.date_published == "2026-07-16T08:46:00+07:00"
        assert final.date_modified == "2026-07-16T11:23:01+07:00"
        assert final.date_published_raw == "Thứ Năm, 08:46, 16/07/2026"

    def test_the_author_is_the_reporter(self, final: Article) -> None:
        assert [(one.name, one.affiliation, one.name_raw) for one in final.authors] == [("PV", "VOV.VN", "PV/VOV.VN")]


class TestDumps:
    """The saved pages as other people's scripts would have saved them."""

    @pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
    @pytest.mark.parametrize("manner", MANNERS)
    def test_the_text_of_a_dump_is_the_text_of_the_page(self, path: Path, manner: str) -> None:
        page = read(path.read_bytes(), path.name).article
        found = parse_text(dump(path.read_bytes(), manner, page.keywords))
        whole = f"{found.description}\n{found.body}"
        paragraphs = [page.body[block.start : block.end] for block in page.blocks if block.type == "paragraph"]
        assert found.headline == page.headline
        assert [paragraph for paragraph in paragraphs if paragraph not in whole] == []
        assert not [text for text in BOILERPLATE if text in whole]
        assert not [story.description for story in page.related if story.description and story.description in whole]


class TestDates:
    def test_the_call_is_dated_by_what_it_says_itself(self, call: Article) -> None:
        found = tag(replace(call, date_published="2023-10-14T14:05:00+07:00"))
        own = [(one.field, one.text, one.value) for one in found if not one.field.startswith("related.")]
        assert own == [
            ("description", "hôm nay (14/10)", "2023-10-14"),
            ("body", "ngày 13/10", "2023-10-13"),
        ]
        related = {(one.text, one.value) for one in found if one.field.startswith("related.")}
        assert {("hôm 7/10", "2023-10-07"), ("Hôm qua (13/10)", "2023-10-13")} <= related

    def test_scores_and_titles_of_the_final_are_no_dates(self, final: Article) -> None:
        found = [one.value for one in tag(final) if one.field == "body"]
        assert found == ["1986", "PT90M"]
