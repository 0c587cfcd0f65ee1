"""What stretches of markup leave open, foretold as the parser does it, and what is not foretold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from vovcrawl.pages.plain_markup import NotPlain, Passage

NESTED = "div section main header footer nav aside ul ol li form noscript blockquote svg g".split()
OTHERS = [
    *("<a href='x'>", "</a>", "<p>", "</p>", "<span>", "</span>", "<li>x</li>", "<td>", "<br>", "<img>", "<b>", "</b>"),
    *('<a class="nav-link" href="/xa-hoi?a=b&amp;c">Xã hội</a>', "<h5>a<a>b</a></h5>", '<input type="text" hidden>'),
    *("<table><tr><td>a</td></tr></table>", "<p>a<br>b</p>", "<style>a>b{}</style>", "<textarea>a</textarea>"),
    *("<script>if(a<b){'<div>'}</script>", "<!-- a -->", '<path d="M0"/>', "<rect></rect>", "<iframe></iframe>"),
    *("<hr>", "<meta>", '<link rel="x">', "chữ", " ", "<h2>a</h2>", "<label>a<input></label>", "<div>a</div>"),
    *('<div title="a > b">', "<div/>", "<!-->", "a < b", "<DIV>", "</nav >", "<div class>", "<a><a>", "<p><div>"),
    *("<select>", "<option>", "<article>", "</article>", "<title>", "<plaintext>", "<script>", "</script>", '"', "<"),
]
TAGS = [
    *(f"<{name}>" for name in NESTED),
    *(f"</{name}>" for name in NESTED),
    *(f'<{name} class="a b">' for name in NESTED),
]


def passed(markup: str) -> list[str]:
    """Names of the elements that a stretch leaves open, outermost first."""
    data = markup.encode()
    passage = Passage(data, b"field-related-article")
    passage.over(0, len(data))
    return [name.decode() for name in passage.opened]


def parsed(markup: str) -> list[str]:
    """The same, as the parser has it."""
    page = f"<html><body>{markup}<x-mark></x-mark>".encode()
    root = etree.fromstring(page, etree.HTMLParser(encoding="utf-8", remove_comments=True))
    mark = next(root.iter("x-mark"))
    return [str(above.tag) for above in mark.iterancestors()][-3::-1]


@given(st.lists(st.sampled_from(TAGS), max_size=40).map("".join))
def test_what_nested_elements_leave_open_is_what_the_parser_leaves_open(markup: str) -> None:
    try:
        opened = passed(markup)
    except NotPlain:
        return
    assert opened == parsed(markup)


@given(st.lists(st.sampled_from([*TAGS, *OTHERS]), max_size=30).map("".join))
def test_what_any_markup_leaves_open_is_what_the_parser_leaves_open_unless_it_is_refused(markup: str) -> None:
    try:
        opened = passed(markup)
    except NotPlain:
        return
    assert opened == parsed(markup)


@given(st.lists(st.sampled_from([*TAGS, *OTHERS]), max_size=20), st.integers(0, 20))
def test_a_stretch_leaves_open_the_same_in_two_parts_as_in_one(pieces: list[str], place: int) -> None:
    whole, part = "".join(pieces).encode(), len("".join(pieces[:place]).encode())
    one, two = Passage(whole, b"word"), Passage(whole, b"word")
    try:
        two.over(0, part)
        two.over(part, len(whole))
    except NotPlain:
        return
    one.over(0, len(whole))
    assert (one.opened, one.linked_data) == (two.opened, two.linked_data)


@pytest.mark.parametrize(
    "markup", [piece for piece in OTHERS if "<div>a" in piece or "<table>" in piece or "Xã" in piece]
)
def test_whole_elements_leave_nothing_open(markup: str) -> None:
    assert passed(f"<section>{markup}") == ["section"]


@pytest.mark.parametrize(
    "markup",
    [
        *(
            "a < b",
            "<div/>",
            "<DIV>",
            "<div class=a>",
            "<div class='a'>",
            "<div class='a\">",
            '<div class="a>',
            "<!-->",
        ),
        *(
            "<!-- a -- b -->",
            "<!-- <p> -->",
            "<!-- ",
            "<![CDATA[a]]>",
            "<?a?>",
            "<!DOCTYPE html>",
            "<p>a",
            "</p>",
            "<a>",
        ),
        *(
            "<p><div></div></p>",
            "<a><a></a></a>",
            "<li><li></li></li>",
            "<ul><form></form></ul>",
            "<plaintext>",
            "<td>",
        ),
        *("<script>", "<script>'<script>'</script>", "<script src=x></script>", "<textarea><p></textarea>", "<b><i>"),
        *("<article>", "<select>", "<title>a</title>", "<path>", "<path></rect>", '<a b"c="d></a>', '<a b" ="d></a>'),
        *('<a title="<b>">a</a>', '<i class="a&#45;b"></i>', '<script type="application/ld+json" id="a">{}</script>'),
        '<i class="field-related-article"></i>',
    ],
)
def test_what_is_not_plain_is_refused(markup: str) -> None:
    with pytest.raises(NotPlain):
        passed(f"<div>{markup}</div>")


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    for data in (b"<div>\xff</div>", b"<script>\xff</script>"):
        with pytest.raises(NotPlain):
            Passage(data, b"word").over(0, len(data))


def test_elements_too_deep_are_refused() -> None:
    assert passed("<div>" * 50) == ["div"] * 50
    for markup in ("<div>" * 51, "<div>" * 30 + "</nav>" + "<div>" * 30):
        with pytest.raises(NotPlain):
            passed(markup)


def test_json_ld_scripts_are_kept_in_order() -> None:
    data = b'<div><script type="application/ld+json">{"a":1}</script><script>b</script>'
    data += b'</div><script type="application/ld+json">{"c":"<p>"}</script>'
    passage = Passage(data, b"word")
    passage.over(0, len(data))
    assert passage.linked_data == [b'{"a":1}', b'{"c":"<p>"}']
    assert passage.opened == []
