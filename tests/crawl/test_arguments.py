"""What a crawl may be asked for, and the one line that a wrong argument gets."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import LISTING_URLS, STORY_URLS, url_like
from vovcrawl import urls
from vovcrawl.crawl.arguments import NAMES, Arguments, check
from vovcrawl.crawl.estimate import expected_requests
from vovcrawl.crawl.given_urls import read_url
from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.crawl.window import Window
from vovcrawl.pages.publication import from_iso

VIETNAM = timezone(timedelta(hours=7))
NOW = datetime(2026, 7, 16, 12, 0, tzinfo=VIETNAM)
STORY = "https://vov.vn/xa-hoi/cho-noi-vao-mua-nuoc-post1315001.vov"
ANY = st.characters(codec=None)
AROUND = st.one_of(
    st.text(alphabet=ANY, max_size=5),
    st.text(alphabet="\"'<>()[]{}.,;:!?*_-#/\\%&=@~ \t\n\r\x0b\x85\xa0\u200b\u2028\ufeff“”‘’«»…12ahtps", max_size=4),
)
"""What may be copied along with a url."""


def checked(**given: str) -> Arguments:
    return check(given, NOW)


def refusal(**given: str) -> str:
    """The one line that says what is wrong."""
    with pytest.raises(ArgumentError) as caught:
        check(given, NOW)
    line = str(caught.value)
    assert line.isprintable()
    return line


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


class TestNames:
    def test_an_unknown_argument_is_refused_with_a_hint(self) -> None:
        line = refusal(section="the-thao")
        assert "unknown argument 'section'" in line
        assert "did you mean 'sections'" in line

    def test_the_known_arguments_are_named_to_who_errs(self) -> None:
        line = refusal(zzz="1")
        assert "did you mean" not in line
        assert all(name in line for name in NAMES)

    @pytest.mark.parametrize("value", ["yes", "2", "true", "-1"])
    def test_fresh_is_one_or_nought(self, value: str) -> None:
        assert refusal(fresh=value) == f"-a fresh: '{value}' is neither 1, to forget unfinished work, nor 0"

    @pytest.mark.parametrize("value", ["old", "New", "1", "new,new"])
    def test_only_is_new(self, value: str) -> None:
        assert refusal(only=value).startswith(f"-a only: '{value}' is not new, ")

    def test_only_new_is_asked_for_or_not(self) -> None:
        assert checked(only="new").only_new
        assert not checked().only_new

    def test_only_new_says_nothing_of_what_is_asked_for(self) -> None:
        assert checked(only="new").window == checked().window
        assert checked(only="new", since="7d").window == checked(since="7d").window
        assert checked(only="new").all_sections

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("value", ["", "  "])
    def test_an_empty_value_is_refused(self, name: str, value: str) -> None:
        assert refusal(**{name: value}) == f"-a {name}: no value given"

    @pytest.mark.parametrize("name", [*NAMES, "zzz", "mau\x1b[31m\n"])
    def test_control_characters_of_a_value_do_not_reach_the_message(self, name: str) -> None:
        assert "\x1b" not in refusal(**{name: "\x1b[31mđỏ\r\n\x00x"})

    @pytest.mark.parametrize("name", [*NAMES, "zzz", "\ud800"])
    @pytest.mark.parametrize("value", ["\ud800", "\udcff.txt", "https://vov.vn/\udcff", "2023\udcff"])
    def test_a_lone_surrogate_is_refused_in_one_line(self, name: str, value: str) -> None:
        assert value not in refusal(**{name: value})

    def test_an_endless_value_is_cut(self) -> None:
        assert len(refusal(pages="9" * 5000)) < 250


class TestSections:
    def test_all_sections_are_walked_when_nothing_is_asked(self) -> None:
        arguments = checked()
        assert arguments.all_sections
        assert arguments.sections == ()

    @pytest.mark.parametrize(("name", "value"), [("urls", STORY), ("tags", "bao-so-4-tag77001")])
    def test_no_section_is_walked_where_something_else_is_asked(self, name: str, value: str) -> None:
        arguments = checked(**{name: value})
        assert not arguments.all_sections
        assert arguments.sections == ()

    def test_sections_may_be_asked_beside_urls(self) -> None:
        arguments = checked(sections="the-thao", urls=STORY)
        assert arguments.sections == ("https://vov.vn/the-thao",)
        assert arguments.urls == (STORY,)

    @pytest.mark.parametrize(
        "value",
        [
            "the-gioi,the-thao/bong-da",
            "/the-gioi , bong-da",
            "https://vov.vn/the-gioi,bong-da/",
            "the-gioi,,bong-da,the-gioi",
        ],
    )
    def test_sections_are_named_by_slug_path_or_address(self, value: str) -> None:
        assert checked(sections=value).sections == ("https://vov.vn/the-gioi", "https://vov.vn/the-thao/bong-da")

    @pytest.mark.parametrize(
        "value", ['"https://vov.vn/the-gioi"', "vov.vn/the-gioi", "<https://www.vov.vn/the-gioi/>"]
    )
    def test_the_url_of_a_section_is_read_as_the_urls_of_pages_are(self, value: str) -> None:
        assert checked(sections=value).sections == ("https://vov.vn/the-gioi",)

    @pytest.mark.parametrize(
        "value",
        [
            *("https://vov.vn/the-gioi.", '"https://vov.vn/the-gioi', "- https://vov.vn/the-gioi"),
            *("https://vov.vn//the-gioi", "https://vov.vn/the-gioi?page=x", '"the-gioi"'),
        ],
    )
    def test_a_section_with_something_glued_to_it_is_refused(self, value: str) -> None:
        assert "-a sections" in refusal(sections=value)

    def test_the_url_of_another_page_is_no_short_name_of_a_section(self) -> None:
        assert checked(sections="bong-da").sections == ("https://vov.vn/the-thao/bong-da",)
        assert "unknown section 'https://vov.vn/bong-da'" in refusal(sections="https://vov.vn/bong-da")

    def test_all_is_every_section(self) -> None:
        assert checked(sections="all").all_sections

    def test_an_unknown_section_is_refused_with_a_hint(self) -> None:
        line = refusal(sections="the-gioi,the-thoa")
        assert "-a sections: unknown section 'the-thoa'" in line
        assert "did you mean 'the-thao'" in line

    @pytest.mark.parametrize("value", [",", "Thể thao", "https://english.vov.vn/en/society", "https://vov.vn/", STORY])
    def test_what_is_no_section_is_refused(self, value: str) -> None:
        assert "-a sections" in refusal(sections=value)


class TestTags:
    @pytest.mark.parametrize(
        "value",
        [
            "bao-so-4-tag77001",
            "tu-khoa/bao-so-4-tag77001",
            "/tu-khoa/bao-so-4-tag77001",
            "vov.vn/tu-khoa/bao-so-4-tag77001",
            '"https://vov.vn/tu-khoa/bao-so-4-tag77001"',
            "https://vov.vn/tu-khoa/bao-so-4-tag77001",
            "https://baoxuan.vov.vn/tu-khoa/bao-so-4-tag77001?page=7&gidzl=x",
            "bao-so-4-tag77001,bao-so-4-tag77001",
        ],
    )
    def test_a_tag_is_named_by_slug_path_or_address(self, value: str) -> None:
        assert checked(tags=value).tags == ("https://vov.vn/tu-khoa/bao-so-4-tag77001",)

    def test_an_older_tag_is_named_by_its_address(self) -> None:
        assert checked(tags="https://vov.vn/tag/gi%C3%A1+v%C3%A0ng").tags == (
            "https://vov.vn/tag/gi%C3%A1%20v%C3%A0ng",
        )

    @pytest.mark.parametrize(
        "value",
        [
            *("bao-so-4", "the-thao", STORY, "https://english.vov.vn/en/tags/x-tag22860", "a-tag1,b"),
            *('"bao-so-4-tag77001"', "“bao-so-4-tag77001", "bao-so-4-tag77001.", "bao\u200b-so-4-tag77001", "bão-tag1"),
            *("- https://vov.vn/tu-khoa/a-tag1", "https://vov.vn/tu-khoa/a-tag1)", "https://vov.vn/tag/%22Gaza%22"),
            *("https://vov.vn/tag/giá vàng", "https://vov.vn/tag/gia\u0301", "https://vov.vn/tag/Ｇaza"),
            *("//vov.vn/tu-khoa/a-tag1", "https://vov.vn/tag/%FF", "https://vov.vn/tag/a%2"),
        ],
    )
    def test_what_is_no_tag_is_refused(self, value: str) -> None:
        assert "-a tags" in refusal(tags=value)


class TestUrls:
    def test_addresses_are_taken_in_order_and_once(self) -> None:
        other = "https://vov.vn/xa-hoi/hoi-lang-890001.vov"
        assert checked(urls=f"{other}, {STORY}?gidzl=x,{STORY}").urls == (other, STORY)

    @pytest.mark.parametrize("host", ["vov.vn", "www.vov.vn", "baoxuan.vov.vn"])
    def test_an_address_may_lack_its_scheme(self, host: str) -> None:
        assert checked(urls=STORY.replace("https://vov.vn", host)).urls == (STORY,)

    @pytest.mark.parametrize(
        "value", ["https://example.org/a.vov", f"{STORY},https://english.vov.vn/en/x-post1.vov", "https://vov.vn:x/"]
    )
    def test_a_foreign_address_is_refused(self, value: str) -> None:
        line = refusal(urls=value)
        assert "-a urls" in line
        assert "is no page of vov.vn in Vietnamese" in line

    def test_a_file_gives_one_address_a_line(self, tmp_path: Path) -> None:
        file = tmp_path / "dia-chi.txt"
        text = f"\ufeff# đã chọn\r\n\r\n  {STORY}  \r\n   # thêm\r\nhttps://www.vov.vn/xa-hoi/hoi-lang-890001.vov"
        file.write_text(text, encoding="utf-8", newline="")
        assert checked(urls=str(file)).urls == (STORY, "https://vov.vn/xa-hoi/hoi-lang-890001.vov")

    def test_a_file_whose_first_line_is_an_address_may_carry_a_mark(self, tmp_path: Path) -> None:
        file = tmp_path / "dia-chi.txt"
        file.write_text(f"\ufeff{STORY}\n", encoding="utf-8")
        assert checked(urls=str(file)).urls == (STORY,)

    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            (b"", ": no url in the file"),
            (b"# only a remark\n\n", ": no url in the file"),
            (b"https://example.org/\n", ", line 1: 'https://example.org/' is no page of vov.vn"),
            (b"ti\xff\xfe\n", ", line 1: it is not UTF-8 text"),
            (b"# a\r\n\rhttps://vov.vn/the-gioi\nti\xff\n", ", line 4: it is not UTF-8 text"),
            (f"# a\r\n\r\n{STORY}\r\n{STORY}.\r\n".encode(), f", line 4: '{STORY}.' is no url"),
            (f"{STORY}\n\ufeff{STORY}\n".encode(), ", line 2: "),
            (STORY.encode("utf-16"), ", line 1: it is not UTF-8 text"),
            (b"url\n", ", line 1: 'url' is no page of vov.vn"),
        ],
    )
    def test_a_bad_file_is_refused_with_the_line(self, tmp_path: Path, content: bytes, complaint: str) -> None:
        file = tmp_path / "dia-chi.txt"
        file.write_bytes(content)
        assert refusal(urls=str(file)).startswith(f"-a urls: {quoted(str(file))}{complaint}")

    def test_a_missing_file_or_a_folder_is_refused(self, tmp_path: Path) -> None:
        assert "-a urls: cannot read" in refusal(urls=str(tmp_path / "khong-co.txt"))
        assert "-a urls: cannot read" in refusal(urls=str(tmp_path))

    @pytest.mark.parametrize("name", ["x" * 300, "a\0b", "\ud800", "\udcff"])
    def test_a_name_that_no_file_has_is_refused(self, name: str) -> None:
        assert "-a urls: cannot read" in refusal(urls=name)

    def test_a_pipe_is_read_to_its_end(self) -> None:
        # So a shell gives what another program prints.
        out, into = os.pipe()
        os.write(into, b"https://vov.vn/xa-hoi/a-post1.vov\n")
        os.close(into)
        try:
            assert checked(urls=f"/dev/fd/{out}").urls == ("https://vov.vn/xa-hoi/a-post1.vov",)
        finally:
            os.close(out)

    def test_a_file_that_does_not_end_is_refused(self) -> None:
        assert refusal(urls="/dev/zero") == "-a urls: '/dev/zero': larger than 100000000 bytes"

    def test_a_file_whose_name_is_no_utf_8_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "dia-chi\udcff.txt"
        file.write_text(STORY, encoding="utf-8")
        assert checked(urls=str(file)).urls == (STORY,)


@pytest.fixture
def in_file(tmp_path: Path) -> Callable[[str], str]:
    """Writes a line into a file; what to give as `urls`."""

    def written(line: str) -> str:
        file = tmp_path / "dia-chi.txt"
        file.write_text(f"# một ghi chú\n{line}\n", encoding="utf-8", newline="")
        return str(file)

    return written


InFile = Callable[[str], str]


class TestGivenUrl:
    """A single url, typed or in a file."""

    @pytest.mark.parametrize(
        ("given_url", "url"),
        [
            (f'"{STORY}"', STORY),
            (f"'{STORY}'", STORY),
            (f"<{STORY}>", STORY),
            (f"“{STORY}”", STORY),
            (f"‘{STORY}’", STORY),
            (f"«{STORY}»", STORY),
            (f'" {STORY} "', STORY),
            (f'"{STORY.removeprefix("https://")}"', STORY),
            (f"\xa0\t{STORY}\u3000", STORY),
            ("Https://Vov.Vn/xa-hoi", "https://vov.vn/xa-hoi"),
            (STORY.replace("https", "http"), STORY),
            (f"{STORY}/", STORY),
            (f"{STORY}#", STORY),
            (f"{STORY}#binh-luan", STORY),
            (f"{STORY}?gidzl=kQ2_-yX&gidzl=kQ2_-", STORY),
            (f"{STORY}?&utm_source=zalo&utm_campaign=T%E1%BB%91i", STORY),
            (f"{STORY}#:~:text=Th%E1%BB%A7%20t", STORY),
            ("https://vov.vn", "https://vov.vn/"),
            ("https://vov.vn/xa-hoi?page=2&gidzl=x", "https://vov.vn/xa-hoi?page=2"),
            ("https://vov.vn/author?keyword=PV/VOV.VN", "https://vov.vn/author?keyword=PV/VOV.VN"),
            ("https://vov.vn/author?keyword=TS.V%C5%A9+An", "https://vov.vn/author?keyword=TS.V%C5%A9+An"),
            ("https://vov.vn/tac-gia/an-author12?page=7", "https://vov.vn/tac-gia/an-author12?page=7"),
            ("https://vov.vn/tag/gi%C3%A1+v%C3%A0ng", "https://vov.vn/tag/gi%C3%A1%20v%C3%A0ng"),
            ("https://vov.vn/tag/gi%C3%A1%20v%C3%A0ng", "https://vov.vn/tag/gi%C3%A1%20v%C3%A0ng"),
            ("https://vov.vn/tag/giá+vàng", "https://vov.vn/tag/gi%C3%A1%20v%C3%A0ng"),
            ("https://vov.vn/tag/R%26D+(2020)", "https://vov.vn/tag/R&D%20(2020)"),
            ("https://vov.vn/Van-hoa/Ten-bai/228256.vov", "https://vov.vn/Van-hoa/Ten-bai/228256.vov"),
            ("https://vov.vn/RadioPlayer.vov?c=vov1", "https://vov.vn/RadioPlayer.vov?c=vov1"),
            ("https://vov.vn/rss/xa-hoi.rss", "https://vov.vn/rss/xa-hoi.rss"),
        ],
    )
    def test_it_is_read_for_what_it_plainly_means(self, in_file: InFile, given_url: str, url: str) -> None:
        assert checked(urls=given_url).urls == (url,)
        assert checked(urls=in_file(given_url)).urls == (url,)

    @pytest.mark.parametrize(
        "item",
        [
            *(f'"{STORY}', f'{STORY}"', f"“{STORY}", f"{STORY}”", f"„{STORY}“", f'"<{STORY}>"', f'""{STORY}""'),
            *(
                f"<{STORY}",
                f"{STORY}>",
                f"({STORY})",
                f"{STORY})",
                f"{STORY}]",
                f"[một bài]({STORY})",
                f"<URL:{STORY}>",
            ),
            *(f'<a href="{STORY}">một bài</a>', f'href="{STORY}"', f"{STORY}\\", f"`{STORY}`", f"{{{STORY}}}"),
            *(f"- {STORY}", f"* {STORY}", f"• {STORY}", f"1. {STORY}", f"1) {STORY}", f"> {STORY}", f"URL: {STORY}"),
            *(f"{STORY}.", f"{STORY};", f"{STORY}:", f"{STORY}!", f"{STORY}?", f"{STORY}…", f"{STORY}*", f"{STORY}_"),
            *(f"*{STORY}*", f"_{STORY}_", f"{STORY}’s", f"{STORY}-", f"{STORY}Xem", f"{STORY}/x", f"{STORY}//"),
            *(f"{STORY} Một bài", f"{STORY}\tMột bài", f"{STORY};Một bài", f"{STORY} {STORY}", f"{STORY}{STORY}"),
            *(f"{STORY}\xa0Một bài", f"{STORY}?q=a b", f"{STORY}?u={STORY}", f"{STORY}#{STORY}", f"{STORY}?q=%2"),
            *(f"{STORY}%22", f"%22{STORY}%22", f"{STORY}%20", f"{STORY}%0A", f"{STORY}?q=%22", f"{STORY}?q=%FF"),
            *(f"{STORY}?q=%00", f"{STORY}?q=a.", f"{STORY}?q=(a)", f"{STORY}#a)", "https://vov.vn/%78a-hoi"),
            *(
                f"\ufeff\ufeff{STORY}",
                f"{STORY}\u200b",
                f"{STORY}\xad",
                f"{STORY}\x00",
                f"{STORY}\x1b[0m",
                f"{STORY}\u202e",
            ),
            *("https://vov\u200b.vn/xa-hoi", "https://vov.vn/xa\ufeff-hoi", "https://vov.vn/xa-hoi\x0b/a-post1.vov"),
            *("https://vov.vn/the-gioi\u2028vov.vn/xa-hoi", "https://vov.vn/xa-hoi\x85vov.vn/the-gioi"),
            *(
                "https://ｖｏｖ.vn/xa-hoi",
                "https://vov.vn/ｘa-hoi",
                "ｈttps://vov.vn/",
                "https://vov。vn/",
                "hſttps://vov.vn/",
            ),
            *("https://vov.vn/xã-hội", "https://vov.vn:443/xa-hoi", "https://vov.vn:x/", "https://an@vov.vn/xa-hoi"),
            *(
                "https://an:bi@vov.vn/",
                "https://vov.vn@example.org/",
                "https://vov.vn./xa-hoi",
                "https:///vov.vn/xa-hoi",
            ),
            *(
                "https://vov.vn//xa-hoi",
                "https://vov.vn/./xa-hoi",
                "https://vov.vn/a/../xa-hoi",
                "https://vov.vn\\xa-hoi",
            ),
            *(
                "https://vov.vn/xa-hoi.",
                "https://vov.vn/xa-hoi'",
                "https://vov.vn/xa-hoi?page=x",
                "https://vov.vn/xa-hoi?",
            ),
            *(
                "https://vov.vn/xa-hoi?a=1&amp;page=2",
                "https://vov.vn/xa-hoi?page=1&page=2",
                "https://vov.vn/xa-hoi?page=01",
            ),
            *(
                "https://vov.vn/tag/Gaza)",
                "https://vov.vn/tag/Gaza.",
                "https://vov.vn/tag/%22Gaza%22",
                "https://vov.vn/tag/Gaza%",
            ),
            *(
                "https://vov.vn/tag/a%252e",
                "https://vov.vn/tag/gia\u0301",
                "https://vov.vn/tag/%E2%80%8B",
                "ftp://vov.vn/",
            ),
        ],
    )
    def test_it_is_refused_where_something_does_not_belong_to_it(self, in_file: InFile, item: str) -> None:
        assert refusal(urls=item).startswith(f"-a urls: {quoted(item.strip())} ")
        file = in_file(item)
        assert refusal(urls=file).startswith(f"-a urls: {quoted(file)}, line 2: {quoted(item.strip())} ")

    @pytest.mark.parametrize("line", [f"{STORY},", f"{STORY},Một bài,2023", f'"{STORY}","Một bài"', f"{STORY},{STORY}"])
    def test_a_line_of_a_file_is_one_url_and_no_row_of_cells(self, in_file: InFile, line: str) -> None:
        assert f"line 2: {quoted(line)} " in refusal(urls=in_file(line))

    def test_the_character_that_cannot_be_seen_is_named(self) -> None:
        assert refusal(urls=f"{STORY}\u200b").endswith("is no url: U+200B has no place in one")
        assert refusal(urls=f"- {STORY}").endswith("is no url: a blank has no place in one")
        assert refusal(urls=f"{STORY}.").endswith("is no url as the site writes one: it ends with '.'")

    @given(AROUND, AROUND)
    @settings(max_examples=400, deadline=None)
    def test_whatever_stands_around_it_that_very_url_is_read_or_none(self, before: str, after: str) -> None:
        try:
            found = checked(urls=f"{before}{STORY}{after}").urls
        except ArgumentError as error:
            assert str(error).isprintable()
        else:
            assert found == (STORY,)

    @given(
        st.one_of(url_like(), st.tuples(AROUND, url_like(), AROUND).map("".join), st.builds("vov.vn/{}".format, AROUND))
    )
    @settings(max_examples=400, deadline=None)
    def test_what_is_read_is_canonical_and_may_be_given_again(self, text: str) -> None:
        try:
            found = read_url("-a urls", text)
        except ArgumentError as error:
            assert str(error).isprintable()
        else:
            assert urls.parse(found.url) == found
            assert read_url("-a urls", found.url) == found

    @given(
        STORY_URLS | LISTING_URLS,
        st.sampled_from(["", "?gidzl=kQ2_-yX", "?utm_source=zalo&fbclid=IwAR0", "#binh-luan"]),
    )
    @settings(max_examples=60, deadline=None)
    def test_what_the_site_links_to_is_read(self, url: str, rest: str) -> None:
        assert checked(urls=f"{url}{rest}").urls == (url,)


class TestArchive:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "trong").mkdir()
        for name in ("b.html", "a.txt", "c.HTM", "ghi-chu.md", "trong/d.html"):
            (tmp_path / name).write_text("x", encoding="utf-8")
        return tmp_path

    def test_a_file_is_taken(self, folder: Path) -> None:
        arguments = checked(archive=str(folder / "a.txt"))
        assert arguments.archive.files == (folder / "a.txt",)
        assert not arguments.uses_network
        assert not arguments.all_sections

    def test_a_folder_is_all_that_is_readable_in_it_in_order(self, folder: Path) -> None:
        arguments = checked(archive=str(folder))
        names = [path.relative_to(folder).as_posix() for path in arguments.archive.files]
        assert names == sorted(["a.txt", "b.html", "c.HTM", "trong/d.html"])
        assert arguments.archive.skipped == 1

    def test_several_are_taken_in_order_and_once(self, folder: Path) -> None:
        value = f"{folder / 'b.html'}, {folder / 'a.txt'},{folder / 'b.html'}"
        assert checked(archive=value).archive.files == (folder / "b.html", folder / "a.txt")

    def test_a_file_is_named_by_its_own_path_and_not_by_its_folder(self, folder: Path) -> None:
        assert checked(archive=f"{folder / 'trong'},{folder / 'a.txt'}").named_files == {folder / "a.txt"}

    def test_a_name_with_a_comma_is_one_file(self, folder: Path) -> None:
        file = folder / "mot, hai.txt"
        file.write_text("x", encoding="utf-8")
        assert checked(archive=str(file)).archive.files == (file,)

    @pytest.mark.parametrize("name", ["tr\udcffang.txt", "a\nb.txt", "50%41#?;.txt", f"{'x' * 251}.txt", "a\x1b.txt"])
    def test_a_file_may_have_any_name(self, folder: Path, name: str) -> None:
        file = folder / name
        file.write_text("x", encoding="utf-8")
        assert checked(archive=str(file)).archive.files == (file,)
        assert file in checked(archive=str(folder)).archive.files

    @pytest.mark.parametrize("name", ["saved\udcff", "saved\n", " saved ", "x" * 255])
    def test_a_folder_may_have_any_name(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("x", encoding="utf-8")
        assert checked(archive=str(tmp_path / name)).archive.files == (tmp_path / name / "a.txt",)

    @pytest.mark.parametrize("name", ["x" * 256, "\udcff" * 256, "x/" * 3000, "a\0b", "\ud800", f"{'x' * 300}/a.html"])
    def test_a_name_that_no_file_has_is_refused(self, name: str) -> None:
        assert refusal(archive=name).startswith("-a archive: there is no file or folder '")

    def test_what_belongs_to_unfinished_work_can_be_stored(self, folder: Path) -> None:
        file = folder / "tr\udcffang.txt"
        file.write_text("x", encoding="utf-8")
        typed = checked(archive=str(file)).typed
        assert typed.isascii()
        assert json.loads(typed) == {"archive": str(file)}

    def test_a_missing_file_is_refused(self, folder: Path) -> None:
        assert "-a archive: there is no file or folder" in refusal(archive=str(folder / "khong-co.html"))

    def test_a_folder_without_pages_is_refused(self, folder: Path) -> None:
        (folder / "rong").mkdir()
        assert "holds no file that is .html, .txt, .warc" in refusal(archive=str(folder / "rong"))

    @pytest.mark.parametrize("suffix", [".warc", ".warc.gz", ".wacz", ".jsonl", ".jsonl.gz", ".jsonl.zst", ".WARC"])
    def test_a_file_of_many_pages_is_taken_by_itself_and_from_its_folder(self, folder: Path, suffix: str) -> None:
        file = folder / f"luu{suffix}"
        file.write_bytes(b"x" * 7)
        assert checked(archive=str(file)).archive.files == (file,)
        assert file in checked(archive=str(folder)).archive.files
        assert checked(archive=str(folder)).archive.container_bytes == 7

    @pytest.mark.parametrize("name", ["luu.gz", "luu.zst", "luu.arc.gz", "luu.json", "warc", "luu.warc.bz2"])
    def test_a_file_that_is_packed_otherwise_is_refused(self, folder: Path, name: str) -> None:
        (folder / name).write_bytes(b"x")
        assert "is not .html, .txt, .warc[.gz], .wacz or .jsonl[.gz|.zst]" in refusal(archive=str(folder / name))

    def test_other_names_of_fields_are_taken(self, folder: Path) -> None:
        given = checked(archive=str(folder), fields="text:noi_dung, url:meta.link")
        assert given.fields == {"text": "noi_dung", "url": "meta.link"}

    @pytest.mark.parametrize(
        ("value", "line"),
        [
            ("body:a", "-a fields: unknown field 'body'; known are text, url, published, captured"),
            (
                "txt:a",
                "-a fields: unknown field 'txt' (did you mean 'text'?); known are text, url, published, captured",
            ),
            ("text", "-a fields: 'text' gives no name; right would be text:NAME"),
            ("text:", "-a fields: 'text:' gives no name; right would be text:NAME"),
            (",", "-a fields: ',' names nothing"),
        ],
    )
    def test_names_of_fields_that_make_no_sense_are_refused(self, folder: Path, value: str, line: str) -> None:
        assert refusal(archive=str(folder), fields=value) == line

    def test_names_of_fields_are_for_archives_only(self) -> None:
        assert "-a fields goes with -a archive only" in refusal(fields="text:a")

    @pytest.mark.parametrize("name", ["anh.jpg", "khong-duoi", "trang.html.bak"])
    def test_another_kind_of_file_is_refused(self, folder: Path, name: str) -> None:
        (folder / name).write_bytes(b"x")
        assert "is not .html, .txt, .warc[.gz]" in refusal(archive=str(folder / name))

    @pytest.mark.parametrize("name", ["sections", "tags", "urls", "sources", "related", "pages"])
    def test_nothing_that_asks_the_site_goes_with_it(self, folder: Path, name: str) -> None:
        line = refusal(archive=str(folder), **{name: "1"})
        assert f"-a {name} does not go with -a archive" in line

    def test_a_window_goes_with_it(self, folder: Path) -> None:
        assert checked(archive=str(folder), since="2023-10-01").window.start == day("2023-10-01")

    def test_nothing_is_requested(self, folder: Path) -> None:
        assert expected_requests(checked(archive=str(folder)), NOW) == 0

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("2023-10-14T14:05", "2023-10-14T14:05:00+07:00"),
            ("2023-10-14T14:05:00Z", "2023-10-14T21:05:00+07:00"),
            ("2023-10-14T14:05+09:00", "2023-10-14T12:05:00+07:00"),
            ("2023-10-14", "2023-10-14T00:00:00+07:00"),
        ],
    )
    def test_the_time_of_publication_is_vietnamese_unless_it_says_otherwise(
        self, folder: Path, value: str, expected: str
    ) -> None:
        published = checked(archive=str(folder), published=value).published
        assert published is not None
        assert published.isoformat() == expected

    @pytest.mark.parametrize("value", ["14/10/2023", "hôm qua", "2023-13-01", "2023-10-14T25:00"])
    def test_a_time_of_publication_that_is_none_is_refused(self, folder: Path, value: str) -> None:
        assert "-a published" in refusal(archive=str(folder), published=value)

    def test_a_time_of_publication_is_for_texts_only(self) -> None:
        assert "-a published goes with -a archive only" in refusal(published="2023-10-14T14:05")


class TestSources:
    @pytest.mark.parametrize(
        ("given", "sources"),
        [
            ({}, ("sitemap",)),
            ({"since": "2023-10-01"}, ("sitemap",)),
            ({"sections": "all", "since": "all"}, ("sitemap",)),
            ({"sections": "the-thao"}, ("listing",)),
            ({"pages": "3"}, ("listing",)),
            ({"sections": "all", "tags": "a-tag1"}, ("listing",)),
            ({"tags": "a-tag1"}, ()),
            ({"urls": "https://vov.vn/xa-hoi/a-post1.vov"}, ()),
            ({"sources": "rss,listing,rss"}, ("rss", "listing")),
        ],
    )
    def test_the_cheapest_that_cover_the_request_are_taken(
        self, given: dict[str, str], sources: tuple[str, ...]
    ) -> None:
        assert checked(**given).sources == sources

    @pytest.mark.parametrize(
        ("given", "related"),
        [({}, 0), ({"sources": "listing"}, 1), ({"sections": "the-thao"}, 1), ({"sources": "sitemap,rss"}, 0)],
    )
    def test_a_complete_source_needs_no_related_stories(self, given: dict[str, str], related: int) -> None:
        assert checked(**given).related == related

    @pytest.mark.parametrize("given", [{"urls": "https://vov.vn/xa-hoi/a-post1.vov"}, {"tags": "a-tag1"}])
    def test_sources_are_those_of_sections(self, given: dict[str, str]) -> None:
        assert "-a sources says where" in refusal(sources="sitemap", **given)

    def test_an_unknown_source_is_refused_with_a_hint(self) -> None:
        line = refusal(sources="listings")
        assert "-a sources: unknown source 'listings'" in line
        assert "did you mean 'listing'" in line


class TestWindow:
    def test_without_any_argument_it_is_the_last_two_days(self) -> None:
        assert checked().window == Window(day("2026-07-14"), None)

    @pytest.mark.parametrize("given", [{"sections": "all"}, {"urls": STORY}, {"pages": "1"}, {"related": "0"}])
    def test_with_any_argument_there_is_no_limit(self, given: dict[str, str]) -> None:
        assert check(given, NOW).window.is_open

    @pytest.mark.parametrize(
        ("since", "start"),
        [
            ("2023-10-01", "2023-10-01T00:00"),
            ("7d", "2026-07-09T00:00"),
            ("1d", "2026-07-15T00:00"),
            ("0d", "2026-07-16T00:00"),
            ("2w", "2026-07-02T00:00"),
            ("12h", "2026-07-16T00:00"),
            ("3h", "2026-07-16T09:00"),
        ],
    )
    def test_since_is_a_day_or_an_age(self, since: str, start: str) -> None:
        assert checked(since=since).window == Window(day(start), None)

    @pytest.mark.parametrize(
        ("given", "start", "end"),
        [
            ({"since": "2023-10"}, "2023-10-01", None),
            ({"since": "2023"}, "2023-01-01", None),
            ({"until": "2023-10"}, None, "2023-11-01"),
            ({"until": "2023-12"}, None, "2024-01-01"),
            ({"until": "2024-02"}, None, "2024-03-01"),
            ({"until": "2023"}, None, "2024-01-01"),
            ({"since": "2023-10", "until": "2023-10"}, "2023-10-01", "2023-11-01"),
            ({"since": "2023", "until": "2023"}, "2023-01-01", "2024-01-01"),
            ({"since": "2023-10-31", "until": "2023-10"}, "2023-10-31", "2023-11-01"),
            ({"since": "2023", "until": "2023-01-01"}, "2023-01-01", "2023-01-02"),
            ({"since": "9999", "until": "9999"}, "9999-01-01", None),
            ({"until": "9999-12"}, None, None),
        ],
    )
    def test_a_month_or_a_year_is_the_whole_of_it(
        self, given: dict[str, str], start: str | None, end: str | None
    ) -> None:
        assert check(given, NOW).window == Window(day(start) if start else None, day(end) if end else None)

    @pytest.mark.parametrize(
        ("since", "moves"), [("7d", True), ("12h", True), ("2023", False), ("2023-10", False), ("all", False)]
    )
    def test_only_a_span_back_from_now_moves(self, since: str, moves: bool) -> None:
        assert checked(since=since).window.moves is moves

    @pytest.mark.parametrize("name", ["since", "until"])
    @pytest.mark.parametrize(
        "value",
        [
            *(
                "2023-13",
                "2023-00",
                "2023-1",
                "2023-10-0",
                "2023-02-29",
                "0000",
                "0000-01",
                "23",
                "202",
                "20231",
                "２０２３",
            ),
            *("2023-", "2023-10-", "2023/10", "10/2023", "2023-10-01-01", "-2023", "٢٠٢٣"),
        ],
    )
    def test_a_month_or_day_that_is_none_is_refused_with_what_would_be_right(self, name: str, value: str) -> None:
        line = refusal(**{name: value})
        assert line.startswith(f"-a {name}: '{value}' is ")
        assert "2023-10 or 2023" in line

    def test_all_is_no_limit(self) -> None:
        assert checked(since="all").window.is_open

    def test_an_age_counts_in_vietnamese_days(self) -> None:
        late_in_london = datetime(2026, 7, 15, 20, 0, tzinfo=UTC)
        assert check({"since": "1d"}, late_in_london).window.start == day("2026-07-15")

    def test_until_closes_its_day(self) -> None:
        window = checked(since="2023-10-01", until="2023-10-31").window
        assert window == Window(day("2023-10-01"), day("2023-11-01"))
        assert window.holds(day("2023-10-01"))
        assert window.holds(day("2023-10-31T23:59"))
        assert not window.holds(day("2023-11-01"))
        assert not window.holds(day("2023-09-30T23:59"))

    def test_a_day_is_a_vietnamese_day(self) -> None:
        window = checked(since="2023-10-01", until="2023-10-01").window
        assert window.holds(datetime(2023, 9, 30, 17, 0, tzinfo=UTC))
        assert not window.holds(datetime(2023, 10, 1, 17, 0, tzinfo=UTC))

    def test_until_alone_has_no_since(self) -> None:
        assert checked(until="2023-10-31").window == Window(None, day("2023-11-01"))

    def test_what_is_newer_than_the_window_is_not_before_it(self) -> None:
        window = checked(since="2023-10-01", until="2023-10-31").window
        assert window.is_before(day("2023-09-30"))
        assert not window.is_before(day("2023-12-01"))

    @pytest.mark.parametrize(
        ("since", "until"),
        [
            ("2023-10-02", "2023-10-01"),
            ("2d", "2026-07-13"),
            ("12h", "2026-07-15"),
            ("9999-01-01", "2026-07-15"),
            ("2023-11", "2023-10"),
            ("2024", "2023"),
            ("2023-11", "2023-10-31"),
        ],
    )
    def test_since_after_until_is_refused(self, since: str, until: str) -> None:
        assert f"-a since={since} lies after -a until={until}" in refusal(since=since, until=until)

    @pytest.mark.parametrize(
        "since",
        ["hôm qua", "2023-13-01", "2023-02-30", "01/10/2023", "20231001", "7", "d", "-7d", "7m", "7D", "999999d"],
    )
    def test_a_since_that_is_none_is_refused(self, since: str) -> None:
        assert refusal(since=since).startswith("-a since: ")

    @pytest.mark.parametrize("until", ["7d", "all", "31/10/2023", "2023-10-32", "2023-13", "2023-10-31T10:00"])
    def test_an_until_that_is_no_day_is_refused(self, until: str) -> None:
        assert refusal(until=until).startswith("-a until: ")

    def test_the_last_day_of_all_has_no_end(self) -> None:
        assert checked(until="9999-12-31").window.end is None


class TestNumbers:
    @pytest.mark.parametrize(
        ("given", "steps"),
        [
            ({"sources": "listing"}, 1),
            ({"sections": "the-thao"}, 1),
            ({"tags": "bao-so-4-tag77001"}, 1),
            ({"urls": STORY}, 0),
            ({"urls": STORY, "sections": "the-thao"}, 1),
            ({"urls": STORY, "related": "2"}, 2),
            ({"sections": "the-thao", "related": "0"}, 0),
        ],
    )
    def test_related_stories_are_followed_from_listings_but_not_from_urls(
        self, given: dict[str, str], steps: int
    ) -> None:
        assert check(given, NOW).related == steps

    @pytest.mark.parametrize("value", ["-1", "1.5", "một", "1e3", "٣", "9" * 20])
    def test_a_number_of_steps_that_is_none_is_refused(self, value: str) -> None:
        assert "-a related" in refusal(related=value)

    def test_pages_are_without_limit_unless_given(self) -> None:
        assert checked().pages is None
        assert checked(pages="3").pages == 3

    @pytest.mark.parametrize("value", ["0", "-1", "hai", "1.0"])
    def test_a_number_of_pages_below_one_is_refused(self, value: str) -> None:
        assert "-a pages" in refusal(pages=value)


class TestIdentityAndSize:
    def test_the_order_of_arguments_says_nothing(self) -> None:
        one = check({"sections": "the-thao", "since": "7d"}, NOW)
        other = check({"since": "7d", "sections": " the-thao "}, NOW)
        assert one.typed == other.typed

    @pytest.mark.parametrize("given", [{"only": "new"}, {"fresh": "1"}, {"fresh": "0", "only": "new"}])
    def test_what_is_fed_or_forgotten_makes_no_other_crawl(self, given: dict[str, str]) -> None:
        assert check({"since": "7d", **given}, NOW).typed == checked(since="7d").typed

    def test_other_arguments_are_another_crawl(self) -> None:
        assert checked(since="7d").typed != checked(since="8d").typed != checked().typed

    def test_a_secret_in_a_url_is_not_part_of_it_but_told_apart(self) -> None:
        one, other = (checked(urls=f"{STORY}?token={secret}").typed for secret in ("kingfisher", "bittern"))
        assert "kingfisher" not in one
        assert one != other

    def test_a_wider_request_is_expected_to_take_more(self) -> None:
        sizes = [
            checked(urls=STORY),
            checked(sections="the-thao", pages="1"),
            checked(sections="the-thao", since="7d"),
            checked(since="7d"),
            checked(since="all"),
        ]
        expected = [expected_requests(arguments, NOW) for arguments in sizes]
        assert expected == sorted(expected)
        assert expected[0] == 1
        assert expected[-1] > 1000

    @pytest.mark.parametrize("given", [{"urls": STORY}, {"sections": "the-thao", "pages": "1"}])
    def test_asking_for_tags_is_expected_to_take_a_request_more_an_article(self, given: dict[str, str]) -> None:
        plain, tagged = (expected_requests(checked(**given), NOW, asks_for_tags=asks) for asks in (False, True))
        assert plain < tagged <= 2 * plain


@given(st.dictionaries(st.sampled_from(NAMES), st.text(alphabet=ANY, max_size=40), max_size=4))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_is_checked_or_refused_in_one_printable_line(given: dict[str, str]) -> None:
    try:
        check(given, NOW)
    except ArgumentError as error:
        assert str(error).isprintable()


@pytest.mark.parametrize("text", ["", "nay", "2023-10-14T14:05+99:00", "0001-01-01T00:00+14:00"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert from_iso(text) is None
