"""A page as a tree: what is read, and what is refused because it would be read in part."""

from __future__ import annotations

import pytest
from lxml import etree

from fuzz.seeds import html_pages
from vovcrawl.pages import document
from vovcrawl.pages.bounds import MOST_BYTES
from vovcrawl.pages.document import links_of, outermost, parse, text_of
from vovcrawl.pages.errors import PageError


@pytest.mark.parametrize("value", ["='>'", '=">"', "= '>\"'", "", "=x", '"', "='a b'"])
@pytest.mark.parametrize("separator", [" ", "/ ", "\n"])
def test_of_very_many_attributes_the_first_are_kept(separator: str, value: str) -> None:
    written = separator.join(f"a{number}{value}" for number in range(20_000))
    root = parse(f"<p {written}>Một</p><p class=b>Hai</p>")
    assert root is not None
    first, second = root.iter("p")
    assert str(next(iter(first.attrib))).startswith("a0")
    assert len(first.attrib) == document.MOST_ATTRIBUTES
    assert (text_of(first), text_of(second), second.get("class")) == ("Một", "Hai", "b")


def test_a_page_reads_the_same_with_an_element_of_many_attributes() -> None:
    names = [b"a%d" % number for number in range(10_000)]
    many = b"<i " + b" ".join(names) + b"></i>"
    few = b"<i " + b" ".join(names[: document.MOST_ATTRIBUTES]) + b"></i>"
    for _, page in html_pages():
        plain, cut = parse(page + few), parse(page + many)
        assert plain is not None
        assert cut is not None
        assert etree.tostring(cut) == etree.tostring(plain)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>if (a <b {}) x</script>",
        "<SCRIPT src=x>a <b {} </scripts> <c {} </SCRIPT >",
        "<textarea><p {}></textarea>",
        "<!-- <p {} -->",
        "<!--><p b><!-- <p {} --!>",
        "<p title='<a {}>'>",
    ],
)
def test_what_only_looks_like_an_element_of_many_attributes_stays(markup: str) -> None:
    names = " ".join(f"a{number}" for number in range(10_000))
    html = f"<body>{markup.format(names, names)}<p>Hai</p>"
    root, plain = parse(html), etree.fromstring(html, etree.HTMLParser(remove_comments=True))
    assert root is not None
    assert etree.tostring(root) == etree.tostring(plain)


def test_a_page_without_elements_is_none_even_with_many_attributes_in_a_comment() -> None:
    assert parse(f"<!-- <a {'b ' * 1000} -->") is None


def test_a_page_that_is_too_long_is_unreadable() -> None:
    with pytest.raises(PageError):
        parse(b"<p>" + b"x" * MOST_BYTES)


def test_a_long_page_is_read_to_its_end() -> None:
    root = parse(b"<p>" + b"x " * (MOST_BYTES // 2 - 20) + b"</p><p>Hai.")
    assert root is not None
    assert text_of(root).rstrip().endswith("Hai.")


def test_a_page_that_is_too_deep_is_unreadable() -> None:
    with pytest.raises(PageError):
        parse("<div>" * 100_000 + "x")


@pytest.mark.parametrize("charset", ["punycode", "idna", "rot13", "base64", "no-such-thing"])
def test_a_charset_that_is_none_of_pages_is_read_as_utf_8(charset: str) -> None:
    root = parse(f"<meta charset={charset}><p>Mưa-".encode() + b"9a" * 100_000 + b"\xff")
    assert root is not None
    assert "Mưa-" in text_of(root)


def test_the_outermost_elements_are_those_in_none_of_the_others() -> None:
    root = parse("<div id=a><div id=b><div id=c></div></div></div><div id=d></div>")
    assert root is not None
    inner = [element for element in root.iter("div") if element.get("id") != "a"]
    assert [element.get("id") for element in outermost(inner)] == ["b", "d"]


def test_links_within_links_have_the_text_of_all_that_stands_in_them() -> None:
    root = parse("<p><a id=1>Một<div><a id=2>Hai <b>ba</b><br>bốn</a> năm</div></a><a id=3>sáu</a><a id=4></a></p>")
    assert root is not None
    found = links_of(root)
    assert [(link.get("id"), text) for link, text in found] == [
        (link.get("id"), text_of(link)) for link in root.iter("a")
    ]
    assert found[0][1].split() == ["Một", "Hai", "ba", "bốn", "năm"]


def test_the_text_of_a_link_is_bounded() -> None:
    root = parse(f"<a>{'<div><a>' * 50}{'x' * 10_000}")
    assert root is not None
    assert {len(text) for _, text in links_of(root)} == {document.LONGEST_LABEL}
