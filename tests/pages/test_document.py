"""A page as a tree: what is read, and what is refused because it would be read in part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from vovcrawl.pages import document
from vovcrawl.pages.bounds import MOST_ATTRIBUTES_OF_ONE, MOST_BYTES
from vovcrawl.pages.document import Document, classes, links_of, outermost, parse, text_of
from vovcrawl.pages.errors import PageError


@pytest.mark.parametrize("value", ["='>'", '=">"', "= '>\"'", "", "=x", '"', "='a b'"])
@pytest.mark.parametrize("separator", [" ", "/ ", "\n"])
def test_a_page_with_an_element_of_very_many_attributes_is_unreadable(separator: str, value: str) -> None:
    written = separator.join(f"a{number}{value}" for number in range(20_000))
    with pytest.raises(PageError, match="more than 200 attributes"):
        parse(f"<p {written}>Một</p><p class=b>Hai</p>")


def test_a_long_page_with_an_element_of_too_many_attributes_is_unreadable() -> None:
    written = " ".join(f"a{number}" for number in range(MOST_ATTRIBUTES_OF_ONE + 1))
    with pytest.raises(PageError, match="more than 200 attributes"):
        parse(f"<p>{'chữ ' * 100_000}<p {written}>")


def test_as_many_attributes_as_an_element_may_have_are_kept() -> None:
    written = " ".join(f"a{number}" for number in range(MOST_ATTRIBUTES_OF_ONE))
    root = parse(f"<p>{'chữ ' * 100_000}<p {written}>")
    assert root is not None
    assert len(list(root.iter("p"))[1].attrib) == MOST_ATTRIBUTES_OF_ONE


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


def test_the_first_hundred_classes_of_an_element_are_read() -> None:
    root = parse(f"<p class='{' '.join(f'a{number}' for number in range(500))}'>Một</p>")
    assert root is not None
    assert list(classes(next(root.iter("p")))) == [f"a{number}" for number in range(100)]


@given(tags=st.lists(st.sampled_from(["<div>", "<div class=a>", "</div>"]), max_size=60))
def test_outermost_elements_stand_in_no_other_one_however_they_are_nested(tags: list[str]) -> None:
    root = parse(f"<body><div>{''.join(tags)}")
    assert root is not None
    marked = [element for element in root.iter("div") if element.get("class")]
    expected = [element for element in marked if not any(above in marked for above in element.iterancestors())]
    assert outermost(marked) == expected


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


def test_json_ld_is_parsed_once() -> None:
    found = Document.of('<script type="application/ld+json">{"@type": "NewsArticle"}</script>')
    assert found is not None
    assert found.json_ld("NewsArticle") is found.json_ld("NewsArticle")
