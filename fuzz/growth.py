"""How reading time grows with hostile inputs: `python -m fuzz.growth [TARGET...] [--size BYTES]`.

Every shape is read at a size and at ten times that size. Prints the slowest and the fastest growing of each target;
the exit status is 1 where one grows by more than `MOST_GROWTH` or takes more than `budget.MOST` times its fair share.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import process_time

from fuzz import words
from fuzz.budget import MOST, Budget
from fuzz.targets import TARGETS, Target

MOST_GROWTH = 25.0
"""So many times the time, at most, for ten times the input: ten, and what caches and noise add."""

_TOO_SHORT_S = 0.02
"""Growth is not judged below this time, where it is that of the clock."""

_STORY = "https://vov.vn/xa-hoi/mot-trang-post1300000.vov\n"
_HEAD = (
    "<html lang=vi><head><meta property='article:published_time' content='2023-10-14T14:05:00+07:00'>"
    "</head><body><article class=detail><h1 class=article-title>Tựa đề</h1>"
    "<div class=article-date>14:05, 14/10/2023</div><div class=article-summary>Sapo.</div>"
)
_TEXT = "<div class='text-long'><p>Mở đầu.</p>"
_ROLES = (
    *("text-long", "article-content", "news-list-live__content", "wp-block-column"),
    *("videojs-player", "video_file", "node-content-audio", "stream-audio"),
)
"""Classes of which a page holds any number of elements."""


@dataclass(frozen=True)
class Shape:
    """An input of any length: a beginning, pieces that are numbered where they hold a `#`, and an end."""

    name: str
    piece: str
    before: str = ""
    after: str = ""
    closing: str = ""
    """Piece that is repeated after the others, as often: the end of what they open."""
    depth: int | None = None
    """So many pieces and closings at most, with text between them for the rest of the length."""
    filling: str = "<i>x</i>"

    def make(self, size: int) -> bytes:
        """The input, about `size` bytes long."""
        length = len((self.piece + self.closing).encode())
        count = max(1, size // length)
        if self.depth is not None:
            count = min(count, self.depth)
        opened = "".join(self.piece.replace("#", str(number)) for number in range(count))
        rest = max(0, size - count * length) // len(self.filling.encode()) if self.depth is not None else 0
        middle = "".join(self.filling.replace("#", str(number)) for number in range(rest))
        return (self.before + opened + middle + self.closing * count + self.after).encode("utf-8", "surrogateescape")


def made_for(name: str) -> Iterator[Shape]:
    """The hostile shapes that were made for a target; none where its inputs have a few bytes alone."""
    if name in _SHAPES:
        yield from _SHAPES[name]()


def shapes(name: str) -> Iterator[Shape]:
    """The hostile shapes of a target: those made for it, and one for every word of its dictionary."""
    before, after = _frames(name)
    yield from made_for(name)
    for word in TARGETS[name].words():
        text = word.decode("utf-8", "replace").replace("#", "")
        yield Shape(f"{text!r} ...", text, before, after)
        if name == "dates" and text.strip() in words.DATES:
            yield Shape(f"{text!r} 8/6 ...", f"{text} 8/6 ", before, after)


def _frames(name: str) -> tuple[str, str]:
    match name:
        case "article" | "excerpt" | "listing":
            return _STORY + _HEAD + _TEXT, "<p>Hết.</p></div></article></body></html>"
        case "text":
            return "\nTựa đề\nSapo.\nMở đầu.\n", "\nHết."
        case "dates":
            return "2023-10-14T14:05\n", ""
        case "sitemap":
            return "<urlset><url><loc>", "</loc></url></urlset>"
        case "feed":
            return "<rss><channel><item><title>", "</title></item></channel></rss>"
        case _:
            return "", ""


def _broken_shapes(text: str) -> Iterator[Shape]:
    """Tags without their partners, and what swallows others."""
    for piece in (
        *("</div>", "<div></div></div>", "<form></div>", "</p></b>", "<figure></figure></figure>", "<h2>a<p>"),
        *('<p class="x>', "<p class='x>", "<a b=\"<a c='", "<a <p>", "<!--", "<!-- <p> ", "<?x", "</ x", "<![CDATA["),
        *("<script>", "<title>", "<textarea>", "<iframe>", "<xmp>x", "<iframe><div>", "<textarea></div>"),
        *("<table>x<td>y</table>", "<table><tr>x<p>y</table>", "<div class=text-long></div></div>x<p>y</p>"),
        *("<div class=news-list-live__content></div></div>", "<div class=article-author></div></div>"),
        *("<div class=field-related-article></div></div>", "</article>", "<article></article></article>", "</body>"),
    ):
        yield Shape(f"broken {piece}", piece, text, "<p>Hết.</p></div></article></body></html>")
        yield Shape(f"broken {piece} with words", piece + "x " * 50, text, "<p>Hết.</p></div></article></body></html>")


def _article_shapes() -> Iterator[Shape]:
    text = _STORY + _HEAD + _TEXT
    block_tags = "div section p ul ol li table tr td blockquote figure figcaption h2 a b span font em picture video"
    for tag in block_tags.split():
        yield Shape(f"<{tag}> nested", f"<{tag}>", text, "", f"</{tag}>")
        yield Shape(f"<{tag}> never closed", f"<{tag}>x", text)
        yield Shape(f"<{tag}> 240 deep", f"<{tag}>", text, "<p>Hết.</p>", f"</{tag}>", 240)
        yield Shape(f"<{tag}><p> 240 deep", f"<{tag}>", text, "<p>Hết.</p>", f"<p>x</p></{tag}>", 240)
        yield Shape(f"<{tag}> side by side", f"<{tag}>x# </{tag}>", text)
    for name in (
        *("text-long", "article-content", "col-md-4", "field-related-article", "inner-article", "article-card"),
        *("article-author", "article-tags", "breadcrumb", "videojs-player", "video_file", "audio", "article-title"),
        *("article-date", "article-summary", "wp-block-column", "news-list-live__content", "video__summary", "card"),
        *("col-main", "views-content", "pagination", "pager", "sub-menu", "main-menu", "media-title", "caption"),
    ):
        tag = f"<div class='{name}'>"
        link = f"{tag}<a href='/xa-hoi/a-post#.vov'>Tin #</a>"
        yield Shape(f"{name} nested", tag, text, "", "</div>", 100, "<a href='/xa-hoi/a-post1#.vov'>x</a>")
        yield Shape(f"{name} nested with links", link, text, "", "</div>", 100, "<a href='/xa-hoi/b-post2#.vov'>x</a>")
        yield Shape(f"{name} deep", tag, text, "", "</div>", 240, "<div>x</div>")
        yield Shape(f"{name} side by side", f"{link}</div>", text)
        yield Shape(f"{name} of an article, links", "<a href='/xa-hoi/a-post1#.vov'>Tin</a>", text + tag, "</div>")
        yield Shape(f"{name} of an article, cards", f"{link}<p>a</p><h3>b</h3></div>", text + tag, "</div>")
        yield Shape(f"{name} outside", f"{link}</div>", _STORY + _HEAD)
        lists = f"<ul class='{name}'><li>"
        yield Shape(f"ul.{name} deep", lists, text, "", "</li></ul>", 100, "<a href='/xa-hoi/c-post3#.vov'>x</a>")
        yield Shape(f"video data-url {name}", f"<div class='{name}' data-url='x.mp3'>", text, "", "</div>", 240)
        yield Shape(f"{name} at the bottom", "<div>", text, "", "</div>", 200, tag + "</div>")
        yield Shape(f"no data-url {name}", f"<div class='{name}' data-url='#:x.mp3'>", text, "", "</div>", 240)
    roles = " ".join((*_ROLES, "field-related-article"))
    with_roles = f"<div class='{roles}'></div>"
    yield Shape("all roles", with_roles, _STORY + _HEAD)
    yield Shape("all roles at the bottom", "<div>", _STORY + _HEAD, "", "</div>", 200, with_roles)
    for long in ("a ", "a#" * 100):
        deep = f"<div class='{long * 200}'>"
        link, box = "<a href='/a-post#.vov'>x</a>", text + "<div class=inner-article>"
        yield Shape(f"classes above links {long[:2]}", deep, box, "", "</div>", 200, link)
    for mark in ("hidden", "aria-hidden=true", "style='display:none'", "style='color:red;a'", "style='/**a:b;c:d'"):
        yield Shape(f"div {mark} nested", f"<div {mark}>", text, "", "</div>", 240, "<i>&nbsp;</i>")
        yield Shape(f"span {mark} side by side", f"<span {mark}>x#</span>y", text + "<p>")
        yield Shape(f"figcaption {mark}", f"<b {mark}>", text + "<figure><img src=a.jpg><figcaption>", "", "</b>", 240)
    yield Shape("a long style", "a:b;display:", text + "<p style='", "'>Hết.</p>")
    yield Shape("comments in a style", "/*a", text + "<p style='", "'>Hết.</p>")
    yield Shape("line breaks", "a<br><br>", text + "<p>")
    yield Shape("links and line breaks", "<a href='/xa-hoi/a-post#.vov'>x<br>y</a><br><br>", text + "<p>")
    yield Shape("one link over line breaks", "x<br>", text + "<p><a href='/xa-hoi/a-post1.vov'>")
    yield Shape("bold words nested over line breaks", "<b>", text + "<p>", "", "</b>", 240, "x<br><br>")
    yield Shape("links under a label", "<li><a href='/xa-hoi/a-post#.vov'>x</a>", text + "<p>Tin liên quan:</p><ul>")
    yield Shape("links in a pointer", "<a href='/xa-hoi/a-post#.vov'>x</a>, ", text + "<p>Xem thêm: ")
    yield Shape("pointers", ">> ", text + "<p>", "<a href='/xa-hoi/a-post1.vov'>x</a>")
    one = "<a href='/xa-hoi/a-post1.vov'>x"
    yield Shape("pointers within one link", f"<br>&gt;&gt; {one}</a>", f"{text}<p>{one}<ul><li>y")
    yield Shape("blanks in a pointer", "1 ", text + "<p>Xem thêm: ", "<a href='/xa-hoi/a-post1.vov'>x</a>")
    yield Shape("labels", "<p>Tin liên quan:</p>", text)
    yield Shape("a table of links", "<tr><td><a href='/a-post#.vov'>x</a>", text + "<table><tr><td>Tin liên quan:")
    live = _STORY + _HEAD.replace("class=detail", "class='detail detail--live'") + _TEXT + "</div>"
    entry = "<div class=news-list-live__content><p>x</p></div>"
    yield Shape("live entries", f"<div><i class=time>20:15</i>{entry}</div>", live)
    yield Shape("live entries in lists", f"<div class=news-list-live>20:15{entry}</div>", live)
    yield Shape("live entries deep", "<div>", live, "", "</div>", 200, entry)
    yield Shape("times", "<p>20:15</p>", live)
    json_ld = _STORY + _HEAD + "<script type='application/ld+json'>"
    for piece in (
        '{"@type":"NewsArticle"},',
        ",",
        ",   ",
        '"\\"NewsArticle',
        "NewsArticle[",
        "NewsArticle//",
        "&quot;a,",
    ):
        yield Shape(f"JSON-LD {piece[:12]}", piece, json_ld, "</script>")
    for one in (
        "<meta name=keywords content=a>",
        "<link rel='a canonical' href='/a'>",
        "<base href='#/'>",
        "<svg><title>",
    ):
        yield Shape(f"{one} in the text", one, text)
    old = _STORY + "<body><h1 class=title>Tựa đề</h1><span id=a_lbBody>"
    for one in (
        "<p class=summary>x</p>",
        "<p class=author>x</p>",
        "<div class=story-photo><img src=#.jpg>",
        "<ul class=story-listing>",
    ):
        yield Shape(f"2011 {one}", one, old)
    boxed = text + "<div class='inner-article card'>"
    yield Shape("500 links in one card", "<a href='/xa-hoi/a-post1#.vov'></a>", boxed, "</div>", "", 500)
    yield Shape("links without words", "<a href='/xa-hoi/a-post1#.vov'></a>", boxed, "<i>x</i>" * 9 + "</div>")
    yield Shape("headings of a card", "<h3></h3>", boxed, "<a href='/a-post1.vov'>x</a></div>", "", 10**9)
    yield Shape("links in leads of a card", "<p><a href='/a-post1#.vov'>x</a>y</p>", boxed + "<h3>Tin</h3>", "</div>")
    yield Shape("attributes", "a#=1 ", text + "<p ", ">x</p>")
    yield Shape("attributes in quotes", "a#='>' ", text + "<p ", ">x</p>")
    yield Shape("attributes of a tag in a tag", "<a a#='<a' ", text + "<p ", ">x</p>")
    yield Shape("chains of 200 tags in a tag", "<a " * 199 + "> ", text)
    yield Shape("chains of tags and quotes", "<a b='" * 150 + "> ", text)
    yield Shape("tags of many attributes", f"<i {' '.join(f'a{number}' for number in range(1500))}>", text)
    yield Shape("elements of as many attributes as may be", f"<i {' '.join(f'a{n}' for n in range(199))}>", text)
    yield Shape("names", "<x#></x#>", text)
    yield Shape("names of attributes", "<i a#></i>", text)
    yield Shape("the same attribute", "class=a ", text + "<p ", ">x</p>")
    yield Shape("classes", "inner# ", text + "<p class='", "'>x</p>")
    yield Shape("a long style", "text-align : ", text + "<p style='", "'>x</p>")
    yield Shape("links in a paragraph", "<a href='/a'>x</a> ", text + "<p>", "</p>")
    yield Shape("links and marks", "<a href='/a'>x</a>\u0323\u0301", text + "<p>", "</p>")
    yield Shape("links and one mark", "<a href='/a'>x</a> ", text + "<p>a<b>\u0323</b><b>\u0302</b>", "</p>")
    yield from _broken_shapes(text)
    yield Shape("links and jamo", "<a href='/a'>\u1100</a>\u1161", text + "<p>", "</p>")
    yield Shape("marks", "\u0323\u0301", text + "<p>a", "</p>")
    yield Shape("marks of Tibetan", "\u0f71\u0f39", text + "<p>a", "</p>")
    yield Shape("marks of music", "\U0001d165\U0001d16d\U0001d17b", text + "<p>a", "</p>")
    yield Shape("entities", "&amp;", text + "<p>", "</p>")
    yield Shape("entities of entities", "&amp;amp;", text + "<p>", "</p>")
    yield Shape("entities without an end", "&#", text + "<p>", "</p>")
    yield Shape("a word", "abcdefghij", text + "<p>", "</p>")
    yield Shape("line breaks", "<br>x", text)
    yield Shape("pairs of line breaks", "x<br><br>", text)
    yield Shape("signatures", "<p>Nguyễn A#/VOV.VN</p>", text)
    yield Shape("signatures at the right", "<p style='text-align:right'>Nguyễn Văn A, Lê B - Trần C</p>", text)
    yield Shape("signature-like", f"<p>{'A.A-' * 70}</p>", text)
    yield Shape("sentence-like signatures", f"<p>{'Ai. ' * 70}/VOV.VN</p>", text)
    yield Shape("names without an end", "A-A’", text + "<p>", "/VOV.</p>")
    yield Shape("authors", "Nguyễn A#/VOV, ", text + "<p class='article-author'>", "</p>")
    yield Shape("lines of authors", "A, B (C/VOV<br>", _STORY + _HEAD + "<div class=article-author>", "</div>" + _TEXT)
    yield Shape("captions", "<figure><img src='/a#.jpg'><figcaption>x (Ảnh: Y)</figcaption></figure>", text)
    yield Shape(
        "captions of one picture", "<figcaption>x</figcaption>", text + "<figure><img src='/a.jpg'>", "</figure>"
    )
    yield Shape(
        "pictures of one figure", "<img src='/a#.jpg'>", text + "<figure>", "<figcaption>x</figcaption></figure>"
    )
    yield Shape(
        "credit-like caption", "Ảnh: (", text + "<figure><img src='/a.jpg'><figcaption>", "</figcaption></figure>"
    )
    yield Shape("sources of a picture", "/a#.jpg #w, ", text + "<img srcset='", "'>")
    yield Shape("candidates of a picture", "a 1w, ", text + "<img srcset='", "'>")
    yield Shape("candidates without a width", "a, ", text + "<img data-srcset='", "'>")
    yield Shape("pictures of many candidates", f"<img srcset='{'data:# 1w, ' * 50}'>", text)
    yield Shape("pictures without a url", "<img>", text)
    yield Shape("a srcset of blanks and commas", ", \n", text + "<img srcset='", "'>")
    yield Shape("a srcset of descriptors", "1x 2w ", text + "<img srcset='/a ", "'>")
    yield Shape(
        "a media query", "(min-width:1px) and ", text + "<picture><source srcset=/a media='", "'><img></picture>"
    )
    yield Shape("a style of a picture", "width : 1", text + "<img src=/a style='", "'>")
    yield Shape("pictures in one link", "<img src=/a#.jpg>", text + "<a href=/b.jpg>", "</a>")
    yield Shape(
        "links around pictures deep", "<div data-large-src=/a#.jpg>", text, "", "</div>", 200, "<img src=/#.jpg>"
    )
    yield Shape("boxes of a picture", "<div class=image>", text, "", "</div>", 200, "<i>x</i>")
    yield Shape("boxes of pictures", "<div class=image><img src=/#.jpg><p>x</p></div>", text)
    yield Shape("pictures and captions", "<p><img src=/#.jpg></p><p><i>Chợ</i></p>", text)
    yield Shape("a paragraph of pictures", "<img src=/#.jpg><em>Chợ</em>", text + "<p>", "</p>")
    yield Shape("italics below a picture", "<i>", text + "<p><img src=/a.jpg></p><p>", "", "</i>", 200, "<b>x</b>")
    yield Shape("a credit-like line", "Ảnh (", text + "<p><img src=/a.jpg></p><p>", "</p>")
    yield Shape("tables of a picture", "<table><tr><td><img src=/#.jpg></td></tr><tr><td>x</td></tr></table>", text)
    yield Shape("rows of pictures", "<tr><td><img src=/#.jpg><td>x", text + "<table>", "</table>")
    yield Shape("pictures of a cell", "<img src=/#.jpg>x", text + "<table><tr><td>", "</table>")
    yield Shape("picture tables deep", "<table><tr><td>", text, "", "</td></tr></table>", 70, "<img src=/#.jpg>")
    yield Shape("frames", "<iframe src=https://www.youtube.com/embed/#></iframe>", text)
    yield Shape("parameters of a player", "<param name=movie value=#:>", text + "<object>", "</object>")
    for setting in ("file:'/#.mp4',", "file : ", "sources:[", "image:'/#.jpg',", "file:'", "player"):
        yield Shape(f"a script of {setting}", setting, text + "<script>jadsVideo ", "</script>")
    yield Shape("digits of a width", "1", text + "<img data-large-src=/a data-large-size='", "x1'>")
    yield Shape("figures", "<figure></figure>", text)
    yield Shape("figures of a gallery", "<figure></figure>", text + "<figure>", "</figure>")
    yield Shape("figures deep in galleries", "<figure>", text, "", "</figure>", 200, "<figure></figure>")
    pictured = text + "<figure><img src='/a.jpg'>"
    yield Shape("captions in each other", "<figcaption>", pictured, "</figure>", "</figcaption>", 200, "x ")
    yield Shape("captions deep", "<figcaption>", pictured, "", "</figcaption>", 200, "<figcaption>x</figcaption>")
    yield Shape("players of a figure", "<video src='#.mp4'></video>", text + "<figure>", "</figure>")
    yield Shape("players of one url", "<video src='a.mp4'></video>", text)
    yield Shape("players without a url", "<div class=audio></div>", text)
    yield Shape("figures in a figure", "<figure>", text, "", "<img src='/a.jpg'></figure>", 200)
    yield Shape("videos", "<div class='videojs-player' data-url='https://a.vn/#.mp4'></div>", text)
    yield Shape("sources of a video", "<source src='data:'>", text + "<video>", "</video>")
    yield Shape("tables", "<table><tr><td>x<td>y</table>", text)
    yield Shape("cells", "<td>x", text + "<table><tr>", "</table>")
    yield Shape("rows", "<tr><td>x", text + "<table>", "</table>")
    yield Shape("tables in tables", "<table><tr><td>", text, "", "</td></tr></table>", 70, "<tr><td>x</td></tr>")
    yield Shape("list items", "<li>x", text + "<ul>", "</ul>")
    yield Shape("questions", "<p><b>PV: x</b></p>", text)
    yield Shape("pointers", ">> ", text + "<p>", "<a href='/a-post1.vov'>x</a></p>")
    yield Shape("bold", "<b>x</b><br>", text + "<p>", "</p>")
    yield Shape("metas", "<meta property=og:title content=x#>", _STORY + "<html><head>", "</head>" + _HEAD + _TEXT)
    yield Shape("tags of a page", "x#,", _STORY + "<head><meta name=keywords content='", "'>" + _HEAD + _TEXT)
    for kind in ("NewsArticle", "BreadcrumbList"):
        written = f'{{"@type":"{kind}x", "a":"NewsArticle Article LiveBlogPosting"}}'
        script = f'<script type="application/ld+json">{written}</script>'
        yield Shape(f"scripts of {kind}", script, _STORY + _HEAD + _TEXT)
    linked = _STORY + _HEAD + '<script type="application/ld+json">{"@type":"NewsArticle","a":'
    yield Shape("empty objects in JSON", "{},", linked + "[", "1]}</script>" + _TEXT)
    yield Shape("brackets in JSON", "[", linked, "</script>" + _TEXT)
    yield Shape("objects in JSON", '{"a":', linked, "</script>" + _TEXT)
    yield Shape("digits in JSON", "9", linked, "}</script>" + _TEXT)
    crumbs = _STORY + _HEAD + '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":['
    yield Shape("breadcrumbs in JSON", '{"name":"a","item":"https://vov.vn/a#"},', crumbs, "1]}</script>" + _TEXT)
    yield Shape("comments", "<!-- a -->", text)
    yield Shape("comments without an end", "<!-- a ", text)
    yield Shape("less-than signs", "<", text)
    yield Shape("closing tags", "</b>", text)
    yield Shape("bodies", "<body class=a#>", text)
    for written in ("x ", "&amp;amp; ", "404", "- "):
        yield Shape(f"{written!r} of a title", written, _STORY + "<html><head><title>", "</title><body>x")
        yield Shape(f"{written!r} of a heading", written, _STORY + "<html><body><h1>", "</h1>")
        yield Shape(f"{written!r} of authors", written, _STORY + _HEAD + "<div class=article-author>", "</div>" + _TEXT)
        yield Shape(f"{written!r} of a signature", written, text + "<p class=article-author>", "</p>")
        yield Shape(f"{written!r} of a date", written, _STORY + _HEAD + "<div class=article-date>", "</div>")
        titled = _STORY + "<html><head><meta property=og:title content='"
        yield Shape(f"{written!r} of a meta", written, titled, f"'></head><body><article class=detail>{_TEXT}")
    yield Shape("titles", "<title>Attention", _STORY + "<html><head>")
    yield Shape("text without an article", "x 404 ", _STORY + "<html><body>")
    script = _STORY + "<html><body><script>"
    yield Shape("assignments", "location=", script, "</script>")
    yield Shape("assignments of urls", "location='/a#';", script, "</script>")
    yield Shape("assignments without an end", "location='", script, "\n</script>")
    yield Shape("line ends after an assignment", "\n", script + "location='/a'", ".</script>")
    yield Shape("blanks before an assignment", " ", script + "location", "x</script>")
    yield Shape("windows", "window . ", script, "location</script>")
    yield Shape("escapes", "\\x41\\ud800", script + "location='", "'</script>")
    yield Shape("refreshes", "<meta http-equiv=refresh content='0;url=/a#'>", _STORY)
    yield Shape("a long refresh", " ", _STORY + "<meta http-equiv=refresh content='0", "x'>")
    for charset in ("punycode", "utf-7", "idna", "unicode_escape", "shift_jis", "gb18030", "hz", "iso-2022-jp"):
        yield Shape(f"charset {charset}", "999a", f"{_STORY}<meta charset={charset}>-", "\udcff")


def _excerpt_shapes() -> Iterator[Shape]:
    head = f'{_STORY}<!DOCTYPE html>\n<html lang="vi"><head>'
    article = (
        '<article class="detail"><h1 class="article-title">Tựa đề</h1><div class="article-date">14:05, 14/10/2023</div>'
        '<div class="article-summary">Sapo.</div><div class="text-long"><p>Mở đầu.</p></div></article>'
    )
    box = '<div class="field-related-article"><h2 class="vovvn-title">Tin</h2>'
    end = "</div></body></html>"
    pieces = [
        *(
            "<div>",
            "<div>x<br>",
            "<div><a>x</a>",
            "<ul>",
            "<li>x",
            "<a>",
            "<a><b>",
            "<p>",
            "<p><a><b>",
            "<b>x</b>",
            "<form>",
        ),
        *(
            "</nav>",
            "</div>",
            "<div></nav>",
            "<nav></nav>",
            "<table>",
            "<table><tr>",
            "<tr><td>",
            "<svg>",
            '<path d=""/>',
        ),
        *(
            "<script>",
            "<script></script>",
            "<script><",
            "<script>'</script'",
            "</script>",
            "<style>",
            "<style></style>",
        ),
        *("<!-- ", "<!-- -", "<!-- - -->", "<textarea>", "<iframe></iframe>", "< ", "<", "<a b ", '<a b="', '<a b="c"'),
        *("<article>", "</article>", '<article class="detail">', "</article", "&#1;", '<meta name="a" content="b">'),
        *('<script type="application/ld+json">', '<script type="application/ld+json">{}</script>', "ld+json", "</ul>"),
    ]
    for piece in pieces:
        yield Shape(f"{piece} in the head", piece, head, f'</head><body class="a"><div>{article}{end}')
        before = f'{head}</head><body class="a"><div>'
        yield Shape(f"{piece} before the article", piece, before, article + end)
        yield Shape(f"{piece} after the article", piece, before + article, end)
        yield Shape(f"{piece} in the box", piece, before + article + box, "</div>" + end)
    for count in (30, 3000):
        top = f"{'<i></i>' * count}<b>#</b>"
        yield Shape(f"a top of {count}", "<b>#</b>", before + top, article + end)


def _text_shapes() -> Iterator[Shape]:
    text = "\nTựa đề\nSapo.\nMở đầu.\n"
    yield Shape("lines", "x# y.\n", text)
    yield Shape("the same line", "Đoạn.\n", text)
    yield Shape("a long line", "abcdefghij ", text)
    yield Shape("leads", "VOV.VN - x#\n", text)
    yield Shape("titles and leads", "Tựa #\nVOV.VN - x#\n", text)
    yield Shape("repeated titles and one lead", "Tựa\n", text, "VOV.VN - x\n")
    yield Shape("related", "Tựa #\nTựa #\nVOV.VN - x#\n", text + "Tin liên quan\n")
    yield Shape("related headings", "Tin liên quan\nx\n", text)
    yield Shape("sections", "Thể thao\n", "\n")
    yield Shape("tags", "x#,", text + "Từ khóa: ")
    yield Shape("lines of tags", "Từ khóa: x#, y\n", text)
    yield Shape("dates", "14:05, 14/10/2023\n", text)
    yield Shape("digits", "1", "\n")
    yield Shape("signatures", "A.A-A, ", text, "/VOV.VN")
    yield Shape("lines of signatures", "Hạ Lan#/VOV.VN\n", text)
    yield Shape("lines of names", "Lê Lan\n", text)
    yield Shape("lines with slashes", "A/\n", text)
    yield Shape("lines of sources", "Theo A#, B\n", text)
    yield Shape("lists of tags", "Từ khóa:\nx#\n", text)
    yield Shape("pointers", ">> x# y z\n", text)
    yield Shape("boxes beside", "Tin khác\nx#\nĐoạn #.\n", text)
    yield Shape("leads printed twice", "Đoạn dài.\nVOV.VN - x#\nVOV.VN - x#\n", text)
    yield Shape(
        "the same lead without the prefix", "Đoạn dài.\nVOV.VN - x#\n" + "Bà con chở hoa về bến. " * 3 + "\n", text
    )
    yield Shape("names of the newspaper", "Báo điện tử VOV\nx#\n", text)
    yield Shape("end marks", "./. ", text)
    yield Shape("end marks between sentences", "x!./. A", text)
    yield Shape("entities", "&amp;", text)
    yield Shape("marks", "\u0323\u0301", text)
    yield Shape("marks of Tibetan", "\u0f71\u0f39", text)


def _date_shapes() -> Iterator[Shape]:
    text = "2023-10-14T14:05\n"
    for piece in (
        *("8/6 ", "(8/6 ", "8/6 (", "(8/6) ", "8/6 (8/6) ", "8/6, ", "8/6 và ", "8/6 đến ", "8/6-", "1/1/", "1/", "1-"),
        *("1234567890", "ngày ", "ngày 1 tháng ", "mùng ", "mùng 1 tháng ", "năm ", "năm 2023 ", "8h", "8 giờ ", "1, "),
        *(
            "8 và 8 và ",
            "tức ",
            "8/6 tức ",
            "8/6, tức là ",
            "thứ Hai, ",
            "sáng ",
            "8h sáng ",
            "8h sáng 8/6 đến ",
            "(",
            ")",
        ),
        *(
            '"Tháng 1" ',
            '"',
            "hôm qua ",
            "hôm nay (8/6) ",
            "13, ",
            "13, 14, ",
            "13 và 14/",
            "ngày 13, ",
            "ngày 13 đến ",
        ),
        *(
            "một ",
            "một trăm ",
            "hai mươi ",
            "năm Giáp Thìn ",
            "rằm ",
            "quý 1, ",
            "từ ",
            "từ 8/6 ",
            "đến ",
            "hết ",
            "và ",
        ),
        *("cuối ", "cuối tháng này (30/6) ", "giờ Việt Nam ", "8h (giờ Việt Nam) ", "8h (", "năm 2023 (", "hôm qua, "),
        *("a\u0301\u0323", "\u0301", "a\u200b", "İ", "Σ'", "!", "! ", ". ", "x ", "X ", "Nguyễn ", "sẽ ", "8/6 sẽ "),
        *(
            "8/6\n",
            "3 ngày ",
            "3 năm trước ",
            "mỗi ",
            "thập niên 90, ",
            "2010, 2012, ",
            "năm 2010 đến 2011 đến ",
            "năm 2010, ",
            "tháng 1, ",
            "1 ",
        ),
        *("x. 8/6. ", "8.6.", "8.6. ", ".\u0301", "một năm x. ", "1.200 x ", "x#y ", "\n8", "a\u200b8/6. ", "x8/6\n\n"),
    ):
        yield Shape(f"{piece!r} ...", piece, text)
    for opening in ("8/6 (", "(", "hôm nay (8/6 ", "8h (giờ Việt Nam ", "8/6 tức ", "8/6 (tức 8/6 ", "năm 2023 ("):
        for closing in (")", " 8/6)", ") 8/6"):
            for depth in (3, 5, 8, 13, 20, 38):
                piece = opening * depth + "8/6" + closing * depth + ". "
                yield Shape(f"{opening!r} {depth} deep {closing!r} ...", piece, text)


def _listing_shapes() -> Iterator[Shape]:
    for shape in _article_shapes():
        yield Shape(shape.name, shape.piece, shape.before, shape.after, shape.closing, shape.depth, shape.filling)
    body = "https://vov.vn/xa-hoi\n<html><body><header>"
    yield Shape("menu links", "<a class=nav-link href='/xa-hoi#'>x</a>", body)
    link = "<a href='/xa-hoi#'>x</a>"
    yield Shape("deep menu links", "<div>", body, "", "</div>", 240, link)
    yield Shape("deep links", "<div>", body.replace("<header>", ""), "", "</div>", 240, link)
    yield Shape("deep pagers", "<ul class=pager>", body, "", "</ul>", 240, "<a href='/xa-hoi?page=#'>x</a>")
    yield Shape(
        "menu links in each other", "<div><a class=nav-link href='/xa-hoi'>", body, "", "</a></div>", 120, "<b></b>"
    )
    yield Shape("a pager", "<a href='?page=#'>x</a>", body + "<ul class=pager>", "</ul>")


def _sitemap_shapes() -> Iterator[Shape]:
    entry = "<url><loc>https://vov.vn/a/b-post#.vov</loc><lastmod>2023-10-14T14:05:00+07:00</lastmod></url>"
    yield Shape("entries", entry, "<urlset>", "</urlset>")
    yield Shape("nested", "<url>", "<urlset>", "</urlset>", "</url>")
    yield Shape("nested 250 deep", "<url>", "<urlset>", "</urlset>", "</url>", 250, "<loc>x</loc>")
    yield Shape("comments before", "<!-- a -->", "", "<urlset></urlset>")
    yield Shape("instructions before", "<?a b?>", "", "<urlset></urlset>")
    yield Shape("openings before", "<!--", "", "<urlset></urlset>")
    yield Shape("blanks before", "\t ", "", "<urlset></urlset>")
    yield Shape("byte order marks before", "\ufeff", "", "<urlset></urlset>")
    yield Shape("byte order marks and blanks before", "\ufeff \n", "", "<urlset></urlset>")
    yield Shape("names", "<a#/>", "<urlset>", "</urlset>")
    yield Shape("a declaration", "'a' ", "<!DOCTYPE urlset ", "><urlset></urlset>")
    yield Shape("entities", "&amp;", "<urlset><url><loc>", "</loc></url></urlset>")
    yield Shape("CDATA", "<![CDATA[a]]>", "<urlset><url><loc>", "</loc></url></urlset>")
    yield Shape("attributes", " a#='1'", "<urlset", "></urlset>")
    yield Shape("namespaces", " xmlns:a#='b'", "<urlset", "></urlset>")
    yield Shape("namespaces in each other", "<a xmlns:a#='b#'>", "<urlset>", "</urlset>", "</a>", 200)
    yield from _slips("<urlset>", entry, "</urlset>", "<url><loc>", "</loc></url>")
    yield Shape("no XML", "<p>x", "<html><body>")
    yield Shape("no XML, nested", "<div>", "<html><body>")


def _feed_shapes() -> Iterator[Shape]:
    yield from _sitemap_shapes()
    entry = (
        "<item><title>Tin #</title><link>https://vov.vn/a/b-post#.vov</link>"
        "<pubDate>Sat,14 Oct 2023 14:05:00 GMT+7</pubDate></item>"
    )
    before, after = "<rss><channel>", "</channel></rss>"
    yield Shape("items", entry, before, after)
    for shape in _slips(before, entry, after, "<item><title>", "</title></item>"):
        yield replace(shape, name=f"feed: {shape.name}")


def _slips(before: str, entry: str, after: str, opening: str, closing: str) -> Iterator[Shape]:
    """Documents that are no XML in some places, so that they are looked through for what was meant: a record with
    one slip or many in its text, and what XML takes as it stands."""
    for piece in (
        "a & b ",
        "&nbsp;",
        "&ẩn; ",
        "&a",
        f"&{'a' * 40}",
        "1 < 2 ",
        "&#1;",
        "&#xD800;",
        "&#",
        "&#65;",
        "&amp; &",
    ):
        yield Shape(f"slip {piece!r}", piece, before + opening, closing + after)
    slip = f"{before}{opening}a & b{closing}"
    for piece in (
        *("&#65;", "&amp;", "&lt;", "<!-- & -->", "<!--", "<!", "<![CDATA[", "<![CDATA[&]]>", "]]>", "<?a &?>", "<?"),
        *("<!DOCTYPE a>", "-", "?", "]", "&", ";"),
    ):
        yield Shape(f"one slip, then {piece}", piece, slip + opening, closing + after)
    yield Shape("one slip and entries", entry, slip, after)
    yield Shape("entries and one slip", entry, before, f"{opening}a & b{closing}{after}")
    yield Shape("entries with a slip", entry.replace("a/b", "a & b/c"), before, after)
    yield Shape("nearly as many slips as are mended", "& ", before + opening, closing + after, "", 9_900, "&#65;")
    yield Shape("a document type and names", "&nbsp;", f"<!DOCTYPE a>{before}{opening}", closing + after)
    yield Shape("slips that no mending helps", "a & b ", before + opening, after)


def _url_shapes() -> Iterator[Shape]:
    for piece in (
        "a",
        "/",
        "a/",
        "../",
        "./",
        "%",
        "%25",
        "%C3",
        "?",
        "&a=",
        "#",
        "@",
        ":",
        "[",
        "a-",
        "-post1",
        ".vov",
    ):
        for before in ("https://vov.vn/", "", "/", "//", "https://", "https://vov.vn/a?"):
            yield Shape(f"{before}{piece}...", piece.replace("#", "\\"), before)
            yield Shape(f"{before}{piece}... as base", piece.replace("#", "\\"), f"a\n{before}")


def _cleaning_shapes() -> Iterator[Shape]:
    for piece in (
        "!",
        "! ",
        "!”",
        "x!",
        ". ",
        "./",
        "./.",
        " . / .",
        "a./. A",
        "”/.",
        "A/VOV, ",
        "VOV - ",
        "A. ",
        "TP. ",
        "\t ",
        "\u0f71\u0f39",
    ):
        yield Shape(f"{piece!r} ...", piece)
    yield Shape("runs of marks", "!" * 1000 + "a 8/6")


_SHAPES = {
    "article": _article_shapes,
    "excerpt": _excerpt_shapes,
    "text": _text_shapes,
    "dates": _date_shapes,
    "listing": _listing_shapes,
    "sitemap": _sitemap_shapes,
    "feed": _feed_shapes,
    "urls": _url_shapes,
    "cleaning": _cleaning_shapes,
}


@dataclass(frozen=True)
class Growth:
    """What one shape took."""

    shape: str
    small_s: float
    large_s: float
    share: float
    """Times the fair share that the large one took."""
    raised: str | None = None
    """What came out instead of a result."""

    @property
    def times(self) -> float:
        """Times the time, for ten times the input."""
        return self.large_s / max(self.small_s, 1e-6)

    @property
    def is_too_much(self) -> bool:
        """Whether it grows by more than its length, or takes too long at any."""
        return (
            self.raised is not None or self.share > MOST or (self.times > MOST_GROWTH and self.large_s > _TOO_SHORT_S)
        )


def measure(target: Target, shape: Shape, size: int, budget: Budget) -> Growth:
    """Reads a shape in two sizes; the best of a few attempts counts where it looks bad."""
    small, large = shape.make(size), shape.make(10 * size)
    found = _once(target, shape, small, large, budget)
    for _ in range(3):
        if not found.is_too_much or found.large_s > 2:
            break
        again = _once(target, shape, small, large, budget)
        found = min(found, again, key=lambda one: (one.is_too_much, one.share))
    return found


def _once(target: Target, shape: Shape, small: bytes, large: bytes, budget: Budget) -> Growth:
    taken = []
    raised = None
    for data in (small, large):
        start = process_time()
        try:
            target.read(data)
        except Exception as error:
            raised = f"{type(error).__name__}: {error}"[:80]
        taken.append(process_time() - start)
    return Growth(shape.name, taken[0], taken[1], budget.share(large, int(taken[1] * 1e9)), raised)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints.

    Returns:
        0 where everything stays within bounds, 1 where something does not.
    """
    parser = argparse.ArgumentParser(prog="python -m fuzz.growth", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all of them when left out")
    parser.add_argument("--size", type=int, default=10_000, help="bytes of the smaller inputs")
    given = parser.parse_args(arguments)
    bad = 0
    for name in given.targets or TARGETS:
        target = TARGETS[name]
        budget = Budget(target.read, target.seeds(), target.yardstick)
        found = [measure(target, shape, given.size, budget) for shape in shapes(name)]
        print(f"\n{name}: {len(found)} shapes, fair share {budget.nanoseconds_a_byte:.0f} ns a byte")
        shown = [one for one in found if one.is_too_much]
        bad += len(shown)
        shown += sorted((one for one in found if not one.is_too_much), key=lambda one: -one.share)[:3]
        grown = (one for one in found if not one.is_too_much and one.large_s > _TOO_SHORT_S and one not in shown)
        shown += sorted(grown, key=lambda one: -one.times)[:2]
        for one in shown:
            verdict = f": TOO MUCH {one.raised or ''}".rstrip() if one.is_too_much else ""
            print(
                f"  {one.shape[:50]:50} {one.small_s * 1e3:9.1f} ms {one.large_s * 1e3:9.1f} ms, "
                f"{one.times:6.1f} times, {one.share:7.1f} times its share{verdict}",
                flush=True,
            )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
