"""Which rules of a robots.txt bind this crawler, by RFC 9309 and as administrators write them."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from vovcrawl.middlewares import robots_text

CRAWLER = "vovcrawl"


def read(robots: str | bytes, crawler: str = CRAWLER) -> Protego:
    body = robots.encode() if isinstance(robots, str) else robots
    return Protego.parse(robots_text.binding_rules(robots_text.decode(body), crawler))


def forbids(robots: str | bytes, path: str, crawler: str = CRAWLER) -> bool:
    return not read(robots, crawler).can_fetch(f"https://vov.vn{path}", crawler)


def delay(robots: str | bytes) -> float | None:
    return read(robots).crawl_delay(CRAWLER)


class TestLine:
    @pytest.mark.parametrize(
        "rule",
        [
            "Disallow: /tin",
            "disallow:/tin",
            "DISALLOW : /tin",
            " \t dIsAlLoW\t:\t/tin \t",
            "Disallow: /tin# vì lý do riêng",
            "Disallow /tin",
            "Disallow\t\t/tin",
            "Disallow\u00a0:\u00a0/tin",
            "\u00a0\u200bDisallow: /tin\ufeff",
            "Disallow：/tin",
            "Disallow: /tin\f",
        ],
    )
    def test_a_rule_binds_however_its_key_and_value_are_parted(self, rule: str) -> None:
        assert forbids(f"User-agent: *\n{rule}\n", "/tin-moi")

    @pytest.mark.parametrize(
        "key", ["Dissallow", "Dissalow", "Disalow", "Diasllow", "Disallaw", "Disallows", "Disallowed", "disalllow"]
    )
    def test_a_misspelt_disallow_binds(self, key: str) -> None:
        assert forbids(f"User-agent: *\n{key}: /tin", "/tin")

    @pytest.mark.parametrize(
        "key", ["User-agent", "USER-AGENT", "useragent", "User agent", "User_agent", "User\u2011agent", "User-agents"]
    )
    @pytest.mark.parametrize("separator", [":", " :", " "])
    def test_a_misspelt_user_agent_opens_a_group(self, key: str, separator: str) -> None:
        assert forbids(f"{key}{separator} vovcrawl\nDisallow: /tin", "/tin")

    @pytest.mark.parametrize(
        "line", ["Foo: /tin", "Noindex: /tin", "tin", "/tin", ": /tin", "Do not disallow: /tin", "X-Disallow: /tin"]
    )
    def test_any_other_line_forbids_nothing(self, line: str) -> None:
        assert not forbids(f"User-agent: *\n{line}\n", "/tin")

    def test_a_group_needs_its_key(self) -> None:
        assert not forbids("Foo: *\nDisallow: /tin", "/tin")

    def test_a_url_in_a_rule_without_a_colon_is_not_parted(self) -> None:
        assert forbids("User-agent: *\nDisallow /tin:moi", "/tin:moi")

    def test_a_comment_is_no_rule(self) -> None:
        assert not forbids("User-agent: *\n# Disallow: /tin\nAllow: / # Disallow: /tin", "/tin")

    @pytest.mark.parametrize("word", ["Allowed", "Alow", "Allows"])
    def test_a_misspelt_allow_allows_nothing(self, word: str) -> None:
        assert forbids(f"User-agent: *\nDisallow: /\n{word}: /tin", "/tin")

    def test_a_file_that_lost_its_line_ends_binds(self) -> None:
        robots = "User-agent: * Disallow: /tin Allow: /tin/moi"
        assert forbids(robots, "/tin/cu")
        assert not forbids(robots, "/tin/moi")

    @pytest.mark.parametrize("length", [20_000, 400_000])
    def test_a_long_line_is_read_to_its_end(self, length: int) -> None:
        long = "/" + "a" * length
        robots = f"User-agent: *\nDisallow: {long}/tin\nDisallow: /cuoi\n"
        assert forbids(robots, f"{long}/tin")
        assert not forbids(robots, f"{long}/khac")
        assert forbids(robots, "/cuoi")


class TestLineEnds:
    @pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n\r", "\r\r\n"])
    @pytest.mark.parametrize("last", [True, False])
    def test_cr_lf_and_both_end_a_line(self, end: str, last: bool) -> None:
        lines = ["User-agent: a", "Allow: /", "User-agent: vovcrawl", "", "", "Disallow: /tin"]
        assert forbids(end.join(lines) + end * last, "/tin")

    def test_they_may_be_mixed(self) -> None:
        assert forbids("User-agent: a\nAllow: /\r\nUser-agent: vovcrawl\r\r\n\nDisallow: /tin", "/tin")

    @pytest.mark.parametrize("sign", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
    def test_nothing_else_does(self, sign: str) -> None:
        assert not forbids(f"User-agent: *\nDisallow: /khac # xem{sign}Disallow: /tin", "/tin")
        assert forbids(f"User-agent: *\nDisallow: /\nDisallow: /khac{sign}Allow: /tin", "/tin")


class TestGroups:
    ROBOTS = """Allow: /dau/
        User-agent: a
        Disallow: /
        Allow: /x/
        User-agent: b
        Disallow: /
        Allow: /y/


        Allow: /w/
        User-agent: c

        User-agent: a
        Allow: /z/
        Disallow: /
        """

    @pytest.mark.parametrize(("crawler", "allowed"), [("a", "xz"), ("b", "yw"), ("c", "z"), ("d", "xyzw")])
    def test_each_agent_has_the_rules_of_all_its_groups(self, crawler: str, allowed: str) -> None:
        assert [name for name in "xyzw" if not forbids(self.ROBOTS, f"/{name}/tin", crawler)] == sorted(
            allowed, key="xyzw".index
        )

    @pytest.mark.parametrize("crawler", "abc")
    def test_a_rule_above_every_agent_counts_for_nobody(self, crawler: str) -> None:
        assert forbids(self.ROBOTS, "/dau/tin", crawler)

    @pytest.mark.parametrize(
        "record",
        [
            "Sitemap: https://vov.vn/s.xml",
            "site-map: /s.xml",
            "Foo: bar",
            "Crawl-delay: 3",
            "Host: vov.vn",
            "",
            "# a",
            "?",
        ],
    )
    def test_another_record_does_not_part_agents_from_their_rules(self, record: str) -> None:
        robots = f"User-agent: vovcrawl\n{record}\nUser-agent: a\n{record}\nDisallow: /tin"
        assert forbids(robots, "/tin")
        assert forbids(robots, "/tin", "a")

    @pytest.mark.parametrize("record", ["Sitemap: /s.xml", "Foo: bar", "Crawl-delay: 3", "", "# a"])
    def test_another_record_does_not_end_a_group(self, record: str) -> None:
        robots = f"User-agent: vovcrawl\nDisallow: /a\n{record}\nDisallow: /tin\nUser-agent: b\nDisallow: /b"
        assert forbids(robots, "/tin")
        assert not forbids(robots, "/b")

    @pytest.mark.parametrize("rule", ["Disallow: /a", "Allow: /a", "Disallow:", "Allow:", "Disallow"])
    def test_an_agent_after_a_rule_begins_a_group(self, rule: str) -> None:
        assert not forbids(f"User-agent: vovcrawl\n{rule}\nUser-agent: a\nDisallow: /tin", "/tin")

    def test_an_agent_without_a_name_begins_a_group_for_nobody(self) -> None:
        assert not forbids("User-agent: *\nDisallow: /a\nUser-agent:\nDisallow: /tin", "/tin")

    def test_groups_for_everybody_are_merged_too(self) -> None:
        robots = "User-agent: *\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: *\nDisallow: /c"
        assert [path for path in ("/a", "/b", "/c") if forbids(robots, path)] == ["/a", "/c"]

    def test_the_group_for_everybody_counts_only_where_none_names_the_crawler(self) -> None:
        robots = "User-agent: *\nDisallow: /a\nUser-agent: vovcrawl\nDisallow: /b"
        assert [path for path in ("/a", "/b") if forbids(robots, path)] == ["/b"]
        assert [path for path in ("/a", "/b") if forbids(robots, path, "khac")] == ["/a"]

    @pytest.mark.parametrize("rules", ["", "Disallow:", "Allow: /", "Disallow: # gì cũng được"])
    def test_a_group_of_its_own_that_forbids_nothing_allows_all(self, rules: str) -> None:
        assert not forbids(f"User-agent: *\nDisallow: /\n\nUser-agent: vovcrawl\n{rules}", "/tin")

    def test_rules_for_others_are_not_written_out(self) -> None:
        agents = "".join(f"User-agent: a{number}\n" for number in range(3000))
        rules = "".join(f"Disallow: /{number}\n" for number in range(3000))
        assert robots_text.binding_rules(agents + rules, CRAWLER) == "User-agent: *\n"

    @pytest.mark.parametrize("robots", ["", "\n", "User-agent: a\nDisallow: /\nUser-agent: b\nDisallow: /"])
    def test_without_a_group_for_it_the_crawler_may_fetch_all(self, robots: str) -> None:
        assert not forbids(robots, "/tin")

    @pytest.mark.parametrize("value", ["*", " * ", "* mọi máy", "*\tx", "a, *"])
    def test_a_star_is_everybody_whatever_words_follow(self, value: str) -> None:
        assert forbids(f"User-agent:{value}\nDisallow: /tin", "/tin")


class TestName:
    ROBOTS = "User-agent: *\nDisallow: /\nUser-agent: {}\nDisallow: /tin"

    @pytest.mark.parametrize(
        "value",
        [
            "vovcrawl",
            "VOVcrawl",
            "vovcrawl/0.1",
            "vovcrawl/*",
            "vovcrawl*",
            "*vovcrawl*",
            "vovcrawl bot",
            "VovCrawl 0.1 (máy đọc tin)",
            "vovcrawl; bot",
            "vovcrawl2.0",
            "a, vovcrawl, b",
            "Mozilla/5.0 (compatible; vovcrawl/0.1; +https://example.org)",
        ],
    )
    def test_a_value_that_begins_with_the_product_token_binds(self, value: str) -> None:
        robots = self.ROBOTS.format(value)
        assert forbids(robots, "/tin")
        assert not forbids(robots, "/khac")

    @pytest.mark.parametrize(
        "value",
        [
            "vov",
            "crawl",
            "vovcrawlx",
            "xvovcrawl",
            "vovcrawl-news",
            "vovcrawl_news",
            "bot vovcrawl",
            "vov crawl",
            "Mozilla/5.0",
            "Mozilla/5.0 (compatible; a/1.0)",
            "ツ",
            "*x",
        ],
    )
    def test_any_other_value_does_not(self, value: str) -> None:
        assert forbids(self.ROBOTS.format(value), "/khac")

    @pytest.mark.parametrize(
        "crawler", ["vovcrawl", "vovcrawl/0.1", "VOVCRAWL bot", "Mozilla/5.0 (compatible; vovcrawl/0.1; +https://a.vn)"]
    )
    def test_the_crawler_may_be_named_with_its_version_or_by_its_header(self, crawler: str) -> None:
        assert not forbids(self.ROBOTS.format("vovcrawl"), "/khac", crawler)

    @pytest.mark.parametrize("crawler", ["", "*", "ツ"])
    def test_a_crawler_without_a_product_token_is_bound_by_the_rules_for_everybody(self, crawler: str) -> None:
        assert forbids(self.ROBOTS.format(crawler), "/khac", crawler)


class TestMatch:
    @pytest.mark.parametrize(
        ("rules", "forbidden", "allowed"),
        [
            ("Disallow: /x/tin.html\nAllow: /x/", ["/x/tin.html"], ["/x/"]),
            ("Allow: /x/tin.html\nDisallow: /x/", ["/x/", "/x/a"], ["/x/tin.html"]),
            ("Disallow:\nAllow:", [], ["/", "/x"]),
            ("Disallow: /\nAllow: /", [], ["/", "/x"]),
            ("Allow: /x\nDisallow: /x", [], ["/x"]),
            ("Disallow: /x\nAllow: /x/", ["/x", "/xa"], ["/x/", "/x/a"]),
            ("Allow: /tin\nDisallow: /*.html", ["/tin.html"], ["/tin"]),
            ("Allow: /x/tin.\nDisallow: /*.html", ["/x/a.html"], ["/x/tin.html"]),
            ("Allow: /t\nDisallow: /", ["/", "/a"], ["/tin"]),
            ("Allow: /$\nDisallow: /", ["/tin"], ["/"]),
        ],
    )
    def test_the_longest_rule_wins_and_allow_wins_ties(
        self, rules: str, forbidden: list[str], allowed: list[str]
    ) -> None:
        paths = [*forbidden, *allowed]
        assert [path for path in paths if forbids(f"User-agent: *\n{rules}", path)] == forbidden

    @pytest.mark.parametrize(
        ("rule", "matched", "other"),
        [
            ("/tin", ["/tin", "/tin.html", "/tin/a.html", "/tin-moi", "/tin?id=1"], ["/Tin", "/a/tin", "/?id=tin"]),
            ("/tin*", ["/tin", "/tin.html", "/tin/a.html", "/tin-moi/a"], ["/TIN", "/atin"]),
            ("/tin/", ["/tin/", "/tin/?a", "/tin/a.html"], ["/tin", "/tin.html", "/Tin/a"]),
            (
                "/*.vov",
                ["/a.vov", "/x/a.vov", "/x/a.vov?b", "//x/a.vov.html", "/?f=a.vov/"],
                ["/vov/", "/?vov", "/a.VOV"],
            ),
            ("/*.vov$", ["/a.vov", "/x/a.vov"], ["/a.vov?b", "/a.vov/", "/a.vov5", "/vov/", "/a.VOV"]),
            ("/tin*.vov", ["/tin.vov", "/tinmoi/a.vov?b"], ["/Tin.VOV", "/a/tin.vov"]),
            ("/a/*/c", ["/a/b/c", "/a//c", "/a/b/b/c/d"], ["/a/c", "/a/b"]),
            ("/tin/moi$", ["/tin/moi"], ["/tin/moi/", "/tin/moia", "/tin/moi?a"]),
            ("/a$b", ["/a$b"], ["/a", "/ab"]),
            ("*", ["/", "/tin"], []),
            ("*.vov", ["/a.vov"], ["/a"]),
            ("/**tin***", ["/tin", "/a/tin/b"], ["/ti"]),
            ("/*?*trang=", ["/a?trang=2", "/?b&trang=2"], ["/a", "/trang="]),
            ("/a;b", ["/a;b", "/a;bc"], ["/a", "/a;c"]),
            ("/a?b", ["/a?b", "/a?b=c"], ["/a", "/a?c"]),
            ("/tin#moi", ["/tin"], []),
        ],
    )
    def test_stars_and_the_dollar_are_special(self, rule: str, matched: list[str], other: list[str]) -> None:
        assert [path for path in [*matched, *other] if forbids(f"User-agent: *\nDisallow: {rule}", path)] == matched
        opposite = f"User-agent: *\nDisallow: *\nAllow: {rule}"
        assert [path for path in [*matched, *other] if not forbids(opposite, path)] == matched

    def test_case_counts(self) -> None:
        assert not forbids("User-agent: *\nDisallow: /TIN", "/tin")

    def test_what_follows_the_hash_of_a_url_does_not_count(self) -> None:
        assert not forbids("User-agent: *\nDisallow: /*moi", "/tin#moi")

    @pytest.mark.parametrize("url", ["https://vov.vn", "https://vov.vn/", "https://vov.vn#a"])
    def test_a_url_without_a_path_is_the_root(self, url: str) -> None:
        assert not read("User-agent: *\nDisallow: /$").can_fetch(url, CRAWLER)

    def test_index_html_that_is_allowed_allows_its_folder(self) -> None:
        robots = "User-agent: *\nAllow: /tin/index.html\nDisallow: /"
        assert [
            path for path in ("/tin/", "/tin/index.html", "/tin/index.htm", "/tin/a") if not forbids(robots, path)
        ] == [
            "/tin/",
            "/tin/index.html",
        ]

    def test_robots_txt_itself_is_allowed(self) -> None:
        assert not forbids("User-agent: *\nDisallow: /", "/robots.txt")


class TestEncoding:
    @pytest.mark.parametrize(
        ("rule", "path"),
        [
            ("/tin?a=b&c=https://vov.vn?d&e", "/tin?a=b&c=https://vov.vn?d&e"),
            ("/tin?a=https://vov.vn", "/tin?a=https%3A%2F%2Fvov.vn"),
            ("/tin?a=https%3a%2f%2fvov.vn", "/tin?a=https://vov.vn"),
            ("/thể-thao", "/th%E1%BB%83-thao"),
            ("/th%E1%BB%83-thao", "/th%E1%BB%83-thao"),
            ("/th%e1%bb%83-thao", "/th%E1%BB%83-thao"),
            ("/thể-thao", "/th%e1%bb%83-thao/bong-da"),
            ("/%74%69%6E", "/tin"),
            ("/tin", "/%74%69n"),
            ("/a%2Ab", "/a*b"),
            ("/a%24", "/a$b"),
            ("/a%23", "/a%23b"),
            ("/tin moi", "/tin%20moi"),
            ("/100%", "/100%"),
            ("/a%2fb", "/a%2Fb"),
        ],
    )
    def test_two_spellings_of_the_same_octets_match(self, rule: str, path: str) -> None:
        assert forbids(f"User-agent: *\nDisallow: {rule}", path)
        assert not forbids(f"User-agent: *\nDisallow: /\nAllow: {rule}", path)

    @pytest.mark.parametrize(
        ("rule", "path"), [("/a%2Fb", "/a/b"), ("/a/b", "/a%2Fb"), ("/a%2A", "/ab"), ("/a%25", "/a")]
    )
    def test_an_escaped_delimiter_is_not_the_delimiter(self, rule: str, path: str) -> None:
        assert not forbids(f"User-agent: *\nDisallow: {rule}", path)


class TestBytes:
    ROBOTS = "User-agent: vovcrawl\nDisallow: /thể-thao\n"
    PATH = "/th%E1%BB%83-thao"

    @pytest.mark.parametrize(
        "mark", [b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2, b"\xef\xbb", b"\xef", b"\xff\xfe", b"\xfe\xff", b"\xef\x11\xbf"]
    )
    def test_a_mark_before_utf_8_hides_nothing(self, mark: bytes) -> None:
        assert forbids(mark + self.ROBOTS.encode(), self.PATH)

    def test_a_mark_within_the_file_hides_nothing(self) -> None:
        assert forbids("User-agent: vovcrawl\n\ufeffDisallow: /tin", "/tin")

    @pytest.mark.parametrize(
        ("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
    )
    @pytest.mark.parametrize("times", [1, 2])
    def test_utf_16_is_read(self, mark: bytes, encoding: str, times: int) -> None:
        assert forbids(mark * times + self.ROBOTS.encode(encoding), self.PATH)
        assert forbids(mark * times + self.ROBOTS.strip().encode(encoding) + b"\0", self.PATH)

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
    def test_ascii_is_read_in_wide_letters_without_a_mark(self, encoding: str) -> None:
        assert forbids("User-agent: vovcrawl\nDisallow: /tin\n".encode(encoding), "/tin")

    def test_nuls_are_left_out(self) -> None:
        assert forbids(b"User-\0agent: vov\0crawl\nDis\0allow: /\0tin\0", "/tin")

    @pytest.mark.parametrize("path", ["/caf%E9", "/caf%C3%A9", "/caf%E9/tin"])
    def test_a_byte_in_an_unknown_encoding_stands_for_whatever_is_there_in_what_is_forbidden(self, path: str) -> None:
        assert forbids(b"User-agent: *\nDisallow: /caf\xe9", path)

    def test_it_stands_for_itself_in_what_is_allowed(self) -> None:
        robots = b"User-agent: *\nDisallow: /\nAllow: /caf\xe9"
        assert [path for path in ("/caf%E9", "/caf", "/cafx") if not forbids(robots, path)] == ["/caf%E9"]

    def test_control_characters_in_a_path_are_octets_like_others(self) -> None:
        robots = "User-agent: *\nDisallow: /\x07\x7f"
        assert forbids(robots, "/%07%7F")
        assert not forbids(robots, "/tin")

    def test_nothing_but_unreadable_bytes_forbids_nothing(self) -> None:
        assert not forbids(b"User-agent: *\nDisallow: \xff\xff", "/tin")


class TestPlainlyMeant:
    @pytest.mark.parametrize(
        "value", ["tin/", "https://vov.vn/tin/", "HTTP://www.vov.vn:80/tin/", "/a/ /tin/", "/tin/\t/a"]
    )
    def test_a_path_that_is_not_quite_a_path_forbids(self, value: str) -> None:
        robots = f"User-agent: *\nDisallow: {value}"
        assert forbids(robots, "/tin/moi")
        assert not forbids(robots, "/khac")

    def test_a_whole_site_may_be_forbidden_by_its_url(self) -> None:
        assert forbids("User-agent: *\nDisallow: https://vov.vn", "/tin")

    @pytest.mark.parametrize("value", ["https://cdn.example/tin", "https://vov.vn.example/tin", "/a / b", "/a *"])
    def test_the_rest_forbids_no_more_than_it_says(self, value: str) -> None:
        assert not forbids(f"User-agent: *\nDisallow: {value}", "/tin")

    @pytest.mark.parametrize("value", ["tin/", "https://vov.vn/tin/", "/a/ /tin/"])
    def test_what_is_allowed_is_taken_by_its_letter(self, value: str) -> None:
        assert forbids(f"User-agent: *\nDisallow: /\nAllow: {value}", "/tin/moi")


class TestDelay:
    @pytest.mark.parametrize(
        ("written", "seconds"),
        [
            ("4", 4),
            ("1.5", 1.5),
            ("1,5", 1.5),
            (".5", 0.5),
            ("10 # giây", 10),
            ("10 s", 10),
            ("1234567890123", 123456789),
        ],
    )
    def test_it_is_in_seconds(self, written: str, seconds: float) -> None:
        assert delay(f"User-agent: vovcrawl\nCrawl-delay: {written}") == seconds

    @pytest.mark.parametrize("written", ["", "soon", "-4", "nan", "inf", "٣"])
    def test_anything_else_is_none(self, written: str) -> None:
        assert delay(f"User-agent: *\nCrawl-delay: {written}") is None

    def test_it_holds_in_its_group_wherever_it_stands(self) -> None:
        for lines in ("Crawl-delay: 4\nDisallow: /tin", "Disallow: /tin\nCrawl-delay: 4", "Crawl delay 4"):
            assert delay(f"User-agent: a\nCrawl-delay: 9\nDisallow: /\nUser-agent: vovcrawl\n{lines}") == 4

    @pytest.mark.parametrize("first", ["a", "*"])
    def test_it_binds_the_agents_above_it(self, first: str) -> None:
        robots = f"User-agent: {first}\nCrawl-delay: 9\nUser-agent: vovcrawl\nDisallow: /tin"
        assert delay(robots) is None
        assert delay(f"{robots}\nCrawl-delay: 4") == 4

    def test_the_longest_of_several_counts(self) -> None:
        assert (
            delay("User-agent: *\nCrawl-delay: 10\nCrawl-delay: 9\nDisallow: /a\nUser-agent: *\nCrawl-delay: 2") == 10
        )

    def test_a_group_of_its_own_without_one_has_none(self) -> None:
        assert delay("User-agent: *\nCrawl-delay: 10\nDisallow:\nUser-agent: vovcrawl\nDisallow:") is None


class TestMarkup:
    @pytest.mark.parametrize(
        "page", ["<!DOCTYPE html>", "\ufeff\ufeff <HTML>", "\n\n<?xml version='1.0'?>", "\x00\ufeff<head>"]
    )
    def test_a_web_page_is_known_by_its_first_tag(self, page: str) -> None:
        assert robots_text.is_web_page(robots_text.decode(page.encode()))
        assert robots_text.is_web_page(robots_text.decode(page.encode("utf-16")))

    @pytest.mark.parametrize("text", ["", "# <html>", "User-agent: <b>", "<", "< a"])
    def test_rules_are_none(self, text: str) -> None:
        assert not robots_text.is_web_page(text)


class TestLastLine:
    @pytest.mark.parametrize(
        ("text", "left"),
        [("a\nb", "a\n"), ("a\rb", "a\r"), ("a\r\nb\rc", "a\r\nb\r"), ("a\n", "a\n"), ("a", ""), ("", "")],
    )
    def test_a_line_without_its_end_is_left_out(self, text: str, left: str) -> None:
        assert robots_text.without_last_line(text) == left


PATHS = ["/", "/tin", "/tin/moi", "/thể-thao", "/*.vov$", "/a?b=/c", ""]
RULES = st.lists(
    st.tuples(st.sampled_from(["Disallow", "Allow"]), st.sampled_from(PATHS)).map(": ".join), min_size=1, max_size=4
)
AGENTS = st.lists(
    st.sampled_from(["*", "a", "vovcrawl", "vovcrawl/0.1", "vovcrawlx"]).map("User-agent: {}".format),
    min_size=1,
    max_size=3,
)
GROUPS = st.lists(st.tuples(AGENTS, RULES).map(lambda group: group[0] + group[1]), max_size=4).map(
    lambda groups: [line for group in groups for line in group]
)
"""The lines of a robots.txt that shape groups."""

_IGNORED = st.one_of(
    st.sampled_from(
        ["", " ", "\t", "#", "Sitemap: https://vov.vn/s.xml", "Host: vov.vn", "Foo", "Foo: /", "Noindex: /"]
    ),
    st.text(alphabet="aế:/*# \t\f\v\x85\u2028", max_size=20).map("# Disallow{}".format),
)
_BLANKS = st.text(alphabet=" \t\f\v\u00a0\u2028\ufeff", max_size=3)
_JUNK = st.sampled_from([b"\0", b"\xff", b"\xfe", b"\x80", b"\xbf", b"\xc0"])


@st.composite
def disguised(draw: st.DrawFn, lines: list[str]) -> str:
    """The same file with blanks, comments, records that are ignored, any line ends and capitals."""
    written = []
    for line in lines:
        written += draw(st.lists(_IGNORED, max_size=2))
        key, _, value = line.partition(": ")
        key = draw(st.sampled_from([key, key.upper(), key.lower(), key.title()]))
        comment = draw(st.sampled_from(["", "#", " # x: y"]))
        written.append(f"{draw(_BLANKS)}{key}{draw(_BLANKS)}:{draw(_BLANKS)}{value}{draw(_BLANKS)}{comment}")
    return "".join(line + draw(st.sampled_from(["\n", "\r", "\r\n"])) for line in written)


def grouped(lines: list[str]) -> str:
    """The rules for the crawler, found the plain way."""
    rules: dict[str, list[str]] = {}
    names: list[str] = []
    before = ""
    for line in lines:
        key, _, value = line.partition(": ")
        if key == "User-agent":
            names = [*names, value] if before == key else [value]
            rules.setdefault(value.split("/")[0], [])
        else:
            for name in {name.split("/")[0] for name in names}:
                rules[name].append(line)
        before = key
    return "\n".join(["User-agent: *", *rules.get(CRAWLER, rules.get("*", []))])


@given(GROUPS)
def test_rules_go_to_the_agents_of_their_group(lines: list[str]) -> None:
    assert robots_text.binding_rules("\n".join(lines), CRAWLER) == robots_text.binding_rules(grouped(lines), CRAWLER)


@given(st.data(), GROUPS)
def test_what_binds_does_not_change_with_blanks_comments_other_records_or_line_ends(
    data: st.DataObject, lines: list[str]
) -> None:
    body = data.draw(disguised(lines)).encode()
    assert robots_text.binding_rules(robots_text.decode(body), CRAWLER) == robots_text.binding_rules(
        "\n".join(lines), CRAWLER
    )


@given(st.lists(st.tuples(st.integers(0, 60), _JUNK), max_size=5))
def test_what_is_forbidden_stays_forbidden_with_stray_bytes(stray: list[tuple[int, bytes]]) -> None:
    body = b"User-agent: vovcrawl\nDisallow: /tin\nDisallow: /the-thao/"
    for position, junk in stray:
        body = body[:position] + junk + body[position:]
    assert forbids(body, "/tin/moi")
    assert forbids(body, "/the-thao/bong-da")


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), GROUPS.map("\n".join).map(str.encode)))
def test_what_is_written_out_is_ascii_and_says_the_same_when_it_is_read_again(body: bytes) -> None:
    written = robots_text.binding_rules(robots_text.decode(body), CRAWLER)
    assert written.isascii()
    assert robots_text.binding_rules(written, CRAWLER) == written
