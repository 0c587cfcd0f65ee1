"""An article read out of the part of its page that holds it reads as out of the whole page, or is read out of that."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.seeds import html_pages
from fuzz.words import LANDMARKS
from sample_site.full_pages import full_pages
from tests.pages.snippets import STORY, page
from tests.strategies import damaged
from vovcrawl.pages import NotAnArticle, Reading, bounds, excerpt, read
from vovcrawl.pages.article import read_whole

FULL = full_pages(40)
MADE = next(
    made for made in reversed(FULL) if len(made.record["related"]) > 3 and made.record["content_type"] == "article"
)
URL, HTML = MADE.url, MADE.html.decode()

PLACES = (
    *(
        "<html",
        "<head>",
        "<title>",
        "<style>",
        "</head>",
        "<body",
        "<div id=",
        "</nav>",
        "</header>",
        "<section",
        "<article",
    ),
    *('<div class="row article-title', "</h1>", '<div class="text-long">', "<p>", "</article>", "<textarea"),
    *('<div class="field-related-article">', "<picture>", "<h5", "</h5>", '<p class="mt-2">', "<footer", "</footer>"),
    *('<div id="backToTop">', "<script", 'script type="application/ld+json">', "</body>", "</html>"),
)
"""What mutations are made at: the first and the last of each."""

Result = Reading | tuple[str, str, str | None]


def outcome(reader: Callable[..., Reading], html: str | bytes, url: str = URL) -> Result:
    """What a reader makes of a page, its refusal included."""
    try:
        return reader(html, url)
    except NotAnArticle as refusal:
        return type(refusal).__name__, str(refusal), refusal.target


def assert_same(html: str | bytes, url: str = URL) -> None:
    assert outcome(read, html, url) == outcome(read_whole, html, url)


def is_cut(html: str | bytes) -> bool:
    return excerpt.cut(html if isinstance(html, bytes) else html.encode()) is not None


def places(html: str) -> list[int]:
    """Where the landmarks begin and end."""
    found = {0, len(html)}
    for landmark in PLACES:
        for start in (html.find(landmark), html.rfind(landmark)):
            if start >= 0:
                found.update((start, start + len(landmark)))
    return sorted(found)


def test_pages_as_large_as_real_ones_are_read_out_of_a_part() -> None:
    for made in FULL:
        part = excerpt.cut(made.html)
        assert part is not None
        assert len(part.html) < len(made.html) / 3
        assert_same(made.html, made.url)


def test_other_pages_read_the_same() -> None:
    for url, html in html_pages():
        assert_same(html, url)


def test_an_ordinary_page_reads_as_it_was_written() -> None:
    for made in FULL:
        article = read(made.html, made.url).article
        assert (article.headline, article.body) == (made.record["headline"], made.record["body"])
        assert [one.url for one in article.related] == [one["url"] for one in made.record["related"]]
        assert article.date_modified == made.record["date_modified"]


@pytest.mark.parametrize("number", range(len(places(HTML))))
def test_what_stands_at_a_landmark_is_read_the_same(number: int) -> None:
    place = places(HTML)[number]
    for piece in LANDMARKS[number % 3 :: 3]:
        assert_same(HTML[:place] + piece + HTML[place:])


def test_a_page_is_cut_with_most_of_what_may_stand_in_its_text() -> None:
    start = HTML.index('<div class="text-long">') + len('<div class="text-long">')
    cut = [is_cut(HTML[:start] + piece + HTML[start:]) for piece in LANDMARKS]
    assert sum(cut) > len(cut) / 2


@pytest.mark.parametrize("place", places(HTML))
def test_a_tag_that_is_missing_or_doubled_at_a_landmark_is_read_the_same(place: int) -> None:
    tag = re.compile(r"<[^<>]*>").search(HTML, place)
    if tag is None:
        return
    start, end = tag.span()
    assert_same(HTML[:start] + HTML[end:])
    assert_same(HTML[:end] + HTML[start:])
    # Cut within a tag, and within the quotes of its last attribute.
    assert_same(HTML[: end - 1] + HTML[end:])
    assert_same(HTML[: end - 2] + HTML[end - 1 :])


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A page with pieces put in, left out, doubled or moved at its landmarks."""
    html = HTML
    for _ in range(draw(st.integers(1, 4))):
        known = places(html)
        start = draw(st.sampled_from(known))
        end = draw(st.sampled_from(known))
        start, end = min(start, end), max(start, end)
        match draw(st.sampled_from(("insert", "insert", "drop", "double", "move"))):
            case "insert":
                html = html[:start] + draw(st.sampled_from(LANDMARKS)) + html[start:]
            case "drop":
                html = html[:start] + html[end:]
            case "double":
                html = html[:end] + html[start:end] + html[end:]
            case _:
                to = draw(st.sampled_from(known))
                html = (html[:to] + html[start:end] + html[to:]) if not start < to < end else html[start:end] + html
    return html


@given(changed())
@settings(max_examples=150, deadline=None)
def test_a_page_changed_at_its_landmarks_is_read_the_same(html: str) -> None:
    assert_same(html)


@given(damaged(page("<p>Một.</p><p>Hai.</p>", outside="<script>a</script>")))
def test_a_damaged_page_is_read_the_same(html: str) -> None:
    assert_same(html, STORY)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_page_with_a_broken_byte_anywhere_is_read_the_same(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(MADE.html) - 1))
    byte = data.draw(st.sampled_from([b"\xff", b"\xe1\xbb", b"\xc3", b"\x80", b"\xed\xa0\x80"]))
    broken = MADE.html[:place] + byte + MADE.html[place:]
    charset = data.draw(st.sampled_from([None, "utf-8", "windows-1258"]))
    results = []
    for reader in (read, read_whole):
        try:
            results.append(reader(broken, URL, charset))
        except NotAnArticle as refusal:
            results.append(Reading(None, {"": str(refusal)}))  # type: ignore[arg-type]
    assert results[0] == results[1]


def within(before: str, added: str) -> str:
    """The page with something put before the first place where `before` stands."""
    assert before in HTML
    return HTML.replace(before, added + before, 1)


def test_an_article_before_the_article_is_the_one_that_is_read() -> None:
    other = '<article class="detail"><h1 class="article-title">Tin khác</h1></article>'
    assert not is_cut(within("<article", other))
    assert_same(within("<article", other))
    assert is_cut(within('<div class="row article-title', other))
    assert_same(within('<div class="row article-title', other))


def test_an_article_in_a_comment_or_a_script_is_none() -> None:
    other = '<article class="detail"><h1 class="article-title">Tin khác</h1></article>'
    for markup in (f"<!-- {other} -->", f"<script>'{other}'</script>", f"<textarea>{other}</textarea>"):
        html = within("<article", markup)
        assert_same(html)
        assert read(html, URL).article.headline == MADE.record["headline"]


def test_an_article_that_is_never_closed_is_read_to_the_end() -> None:
    assert_same(HTML.replace("</article>", ""))


def test_a_quote_that_is_never_closed_swallows_the_landmarks() -> None:
    for mark in ("<article", '<div class="field-related-article"', "<footer"):
        assert_same(within(mark, '<a title="'))
        assert_same(within(mark, "<a title='"))


def test_the_json_ld_of_the_article_is_the_first_of_the_page_wherever_it_stands() -> None:
    def linked(date: str) -> str:
        return f'<script type="application/ld+json">{{"@type":"NewsArticle","dateModified":"{date}"}}</script>'

    for mark in ("</head>", "<header", "<article", "</article>", "<textarea", "<footer"):
        html = within(mark, linked("2026-08-01T00:00:00+07:00"))
        assert read(html, URL).article.date_modified == "2026-08-01T00:00:00+07:00"
        assert_same(html)
    both = within("<header", linked("2026-08-02T00:00:00+07:00"))
    both = both.replace("</h1>", f"</h1>{linked('2026-08-03T00:00:00+07:00')}")
    assert read(both, URL).article.date_modified == "2026-08-02T00:00:00+07:00"
    assert_same(both)


def test_json_ld_that_only_seems_to_be_some_is_not_read() -> None:
    fake = '<script type="application/ld+json">{"@type":"NewsArticle","dateModified":"2026-08-01T00:00:00"}</script>'
    for markup in (f"<!-- {fake} -->", f"<a title='{fake}'>a</a>", f"<textarea>{fake}</textarea>"):
        html = within("<footer", markup)
        assert read(html, URL).article.date_modified == MADE.record["date_modified"]
        assert_same(html)


def test_a_second_box_of_related_articles_is_read_as_well() -> None:
    box = '<div class="field-related-article"><h2>Tin</h2><a href="/xa-hoi/them-post77.vov">Thêm một tin</a></div>'
    for mark in ("<header", "<article", '<div class=" comment-block"', "<footer"):
        html = within(mark, box)
        assert "post77" in [one.id for one in read(html, URL).article.related]
        assert_same(html)
        assert_same(within(mark, box.replace("-related-", "&#45;related-")))


def test_cards_that_are_not_all_alike_are_read_one_by_one() -> None:
    for old, new in (
        ('<p class="mt-2">', '<p class="mt-2"><b>'),
        ('<p class="mt-2">', '<p class="mt-2">VOV.VN - </p><p>'),
        ('<h5 class="media-title">', '<h5 class="media-title">&#8203;'),
        ('<h3 class="  card-title">', '<h3 class="card-title">Tựa khác '),
        ('loading="lazy"', 'loading="eager"'),
        ('<div class="media-body', '<div class="row media-body'),
        ("</picture>", "</picture><i></i>"),
    ):
        for count in (1, -1):
            assert_same(HTML.replace(old, new, count))


def test_the_head_is_read_the_same_however_it_is_written() -> None:
    title = re.compile(r'<meta property="og:title" content="([^"]*)" />')
    for written in (
        r'<meta content="\1" property="og:title">',
        r"<meta property='og:title' content='\1'>",
        r'<meta property=og:title content="\1">',
        r'<META PROPERTY="OG:TITLE" CONTENT="\1">',
        r'<meta property="og&#58;title" content="\1">',
        r'<meta property="og:title" content="&quot;\1&quot; &amp; &lt;b&gt;">',
        r'<meta property="og:title" content="&ldquo;\1&rdquo;&nbsp;">',
        r'<noscript><meta property="og:title" content="\1"></noscript>',
        r'<!-- <meta property="og:title" content="\1"> -->',
        r'<script>\'<meta property="og:title" content="\1">\'</script>',
    ):
        html = title.sub(written, HTML, count=1)
        assert html != HTML
        assert_same(html)
        assert_same(html.replace("<h1", "<h6").replace("</h1>", "</h6>"))


def test_a_doubtful_name_in_the_head_is_no_other_name() -> None:
    description = re.compile(r'<meta name="(?:twitter:)?description"[^>]*>|<meta property="og:description"[^>]*>')
    bare = description.sub("", HTML)
    bare = re.sub(r'(?s)<div class="row article-summary.*?<div class="row">', '<div class="row">', bare, count=1)
    bare = re.sub(r'"description":"[^"]*",', "", bare)
    for name in ("description", "descri&#112;tion", "DESCRIPTION", "og:descript\u0130on", "\u212aeywords"):
        assert_same(bare.replace("</head>", f'<meta name="{name}" content="Lời dẫn">\n</head>', 1))


@pytest.mark.parametrize("mark", ["<header", "<article", "</article>", "<footer", "</body>"])
def test_a_page_too_deep_anywhere_is_refused_the_same(mark: str) -> None:
    for name in ("div", "b"):
        for count in (40, 240, 300):
            assert_same(within(mark, f"<{name}>" * count))
            assert_same(within(mark, f"<{name}>" * count + f"</{name}>" * count))


@pytest.mark.parametrize("mark", ["<header", "<article", "</article>", "<footer"])
def test_a_page_too_large_anywhere_is_refused_the_same(mark: str) -> None:
    assert_same(within(mark, "<br>" * bounds.MOST_TAGS))
    assert_same(within(mark, f"<i>{'x' * bounds.MOST_BYTES}</i>"))
    many = " ".join(f"a{number}" for number in range(20_000))
    assert_same(within(mark, f'<div {many} class="field-related-article"><a href="/a-post9.vov">A</a></div>'))


def test_a_page_with_nuls_is_read_the_same() -> None:
    for place in places(HTML):
        assert_same(HTML[:place] + "\0" + HTML[place:])


def test_what_stands_above_one_article_says_nothing_of_another_page() -> None:
    read(HTML, URL)
    start = HTML.index("<article")
    other = HTML[:start] + "<section>" + HTML[start:].replace("</article>", "</article></section>", 1)
    assert_same(other)
    assert_same(HTML[:start] + "</div>" + HTML[start:])
    assert_same(HTML)
