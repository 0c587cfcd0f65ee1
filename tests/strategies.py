"""Inputs that property tests draw: urls, texts, damaged pages and whole records."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from hypothesis import strategies as st

from vovcrawl.items import (
    WARNINGS,
    Article,
    Author,
    Block,
    Breadcrumb,
    Image,
    Link,
    Media,
    Related,
    TimeExpression,
    content_hash,
)

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)
"""Text with everything that a string can hold, lone surrogates included."""

_VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_UNSEEN = "\u200b\u200c\u200d\ufeff\u00ad\u2060\u0000\u0007\u001b\u007f\u0080\u009f"
_BLANK = " \t\n\r\u00a0\u2003\u3000\u2028"

MESSY_TEXT = st.text(
    alphabet=_VIETNAMESE + _VIETNAMESE.upper() + _UNSEEN + _BLANK + "\u0300\u0301\u0323.,-/()“”…1", max_size=120
)
"""Vietnamese letters among blanks, invisible characters and loose marks."""

WORD = st.text(alphabet=_VIETNAMESE, min_size=1, max_size=7)
SENTENCE = st.lists(WORD, min_size=2, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")
"""A sentence-like line in small letters that ends in a full stop."""

TRACKING = st.sampled_from(
    ["gidzl", "fbclid", "gclid", "utm_source", "utm_medium", "utm_campaign", "output", "resize", "keyDevice", "zarsrc"]
)

_SLUG = st.from_regex(r"[a-z0-9]{1,8}(?:-[a-z0-9]{1,8}){0,3}", fullmatch=True)
_SEGMENT = st.one_of(
    _SLUG,
    st.sampled_from(
        ["tu-khoa", "tag", "zh-CN", "en", "node", "rss", "..", ".", "", "%20", "a b", "việt", "+", "@", "~"]
    ),
)
_LAST = st.one_of(
    _SEGMENT,
    st.builds("{}-post{}.vov".format, _SLUG, st.integers(1, 10**13)),
    st.builds("{}-{}.vov".format, _SLUG, st.integers(1, 10**7)),
    st.builds("{}-tag{}".format, _SLUG, st.integers(1, 10**6)),
)
_HOST = st.sampled_from(
    [
        *("vov.vn", "www.vov.vn", "baoxuan.vov.vn", "VOV.VN", "vov.vn:443", "vov.vn:8080", "vov.vn:x", "a@vov.vn"),
        *("english.vov.vn", "vov1.vov.vn", "vovworld.vn", "vov.gov.vn", "vov.vn.example", "xvov.vn", "[::1", "", "vov"),
    ]
)
_QUERY = st.lists(
    st.builds("{}={}".format, st.one_of(TRACKING, st.just("page"), _SLUG), _SLUG | st.just("7")), max_size=4
)


@st.composite
def url_like(draw: st.DrawFn) -> str:
    """Something that looks like a url, of this newspaper or of another."""
    scheme = draw(st.sampled_from(["https://", "http://", "//", "ftp://", "javascript:", "HTTPS://", ""]))
    path = "/".join([*draw(st.lists(_SEGMENT, max_size=3)), draw(_LAST)])
    query = "&".join(draw(_QUERY))
    fragment = draw(st.sampled_from(["", "", "#", "#binh-luan"]))
    return f"{scheme}{draw(_HOST)}/{path}{'?' if query else ''}{query}{fragment}"


STORY_URLS = st.builds(
    "https://vov.vn/{}/{}-{}{}.vov".format,
    st.sampled_from(["the-thao", "phap-luat/tin-nong", "emagazine"]),
    _SLUG,
    st.sampled_from(["post", ""]),
    st.integers(10_000, 2_000_000),
)
LISTING_URLS = st.sampled_from(
    ["https://vov.vn/xa-hoi", "https://vov.vn/the-thao/bong-da", "https://vov.vn/tu-khoa/bao-so-4-tag77001"]
)

_TAG = re.compile(r"(<[^<>]+>)")


@st.composite
def damaged(draw: st.DrawFn, page: str) -> str:
    """The page with a few of its tags dropped, doubled or moved."""
    pieces = _TAG.split(page)
    for _ in range(draw(st.integers(1, 10))):
        place = 2 * draw(st.integers(0, len(pieces) // 2 - 1)) + 1
        other = 2 * draw(st.integers(0, len(pieces) // 2 - 1)) + 1
        match draw(st.sampled_from(["drop", "double", "swap"])):
            case "drop":
                pieces[place] = ""
            case "double":
                pieces[place] *= 2
            case _:
                pieces[place], pieces[other] = pieces[other], pieces[place]
    return "".join(pieces)


HTML_SOUP = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<div class='text-long'>",
                "</div>",
                "<article class='detail'>",
                "</article>",
                "<br>",
                "<a>",
            ),
            *("<h1 class='article-title'>", "</h1>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>", "</table>"),
            *("<figure>", "<img src='/a.jpg'>", "<figcaption>", "</figure>", "<a href='/x-post12345.vov'>", "</a>"),
            *("<script>", "</script>", "<div id='article-body'>", "<body class='page-node-type-article'>", "&nbsp;"),
            *('<script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":1}</script>', "&#0;", "<!--"),
            *(
                "<div class='video_file' data-url='x.mp4'>",
                "<time>",
                "99:99, 99/99/9999",
                "Chữ",
                " ",
                "./.",
                "VOV.VN - ",
            ),
            *("<meta property='og:title' content=x>", "<link rel=canonical href='http://['>", "<strong>", "</strong>"),
            *(
                "<blockquote>",
                "</blockquote>",
                "<div class='inner-article'>",
                "<div class='field-related-article'>",
                "-->",
            ),
        ]
    ),
    max_size=40,
).map("".join)
"""Pieces of article pages in any order."""


def decomposed(text: str) -> str:
    """`text` in NFD."""
    return unicodedata.normalize("NFD", text)


_PLAIN = st.text(alphabet=_VIETNAMESE + "\"'\\/{}[]:,%\u2028\U0001f600 ", max_size=40)
_MAYBE = st.none() | _PLAIN
_OFFSET = st.integers(0, 10_000)
_MOMENT = st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31)).map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}+07:00")


def _found_in(text: str) -> st.SearchStrategy[TimeExpression]:
    """A time expression somewhere in the body."""
    stretch = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    value = st.sampled_from(["2026-07-16", "2023-10-05/2023-10-09", "P3D", "2026", "XXXX-XX-XXT08:00"])
    return st.builds(
        lambda at, value, mod, conflict: TimeExpression(
            "body", at[0], at[1], text[at[0] : at[1]], "DATE", value, mod, conflict
        ),
        stretch,
        value,
        st.sampled_from([None, "START", "MID", "END"]),
        st.booleans(),
    )


@st.composite
def articles(draw: st.DrawFn, canonical_url: str = "https://vov.vn/xa-hoi/a-post1.vov") -> Article:
    """A whole record of an article, with any values that its fields may have."""
    body = draw(_PLAIN)
    made = draw(
        st.builds(
            Article,
            id=_PLAIN,
            url=st.none() | st.just(canonical_url),
            canonical_url=st.just(canonical_url),
            content_type=st.sampled_from(["article", "photo", "live"]),
            headline=_PLAIN,
            description=_MAYBE,
            body=st.just(body),
            blocks=st.lists(st.builds(Block, st.sampled_from(["paragraph", "quote"]), _OFFSET, _OFFSET), max_size=3),
            section=_MAYBE,
            section_name=_MAYBE,
            breadcrumbs=st.lists(st.builds(Breadcrumb, _PLAIN, _MAYBE), max_size=2),
            authors=st.lists(st.builds(Author, _PLAIN, _MAYBE, _PLAIN), max_size=2),
            keywords=st.lists(_PLAIN, max_size=3),
            date_published=st.none() | _MOMENT,
            date_published_raw=_MAYBE,
            images=st.lists(st.builds(Image, _PLAIN, _MAYBE, _MAYBE), max_size=2),
            videos=st.lists(st.builds(Media, _PLAIN, _MAYBE), max_size=2),
            audios=st.lists(st.builds(Media, _PLAIN, _MAYBE), max_size=1),
            related=st.lists(
                st.builds(Related, _MAYBE, _MAYBE, _PLAIN, _MAYBE, st.sampled_from(["inline", "related"])), max_size=2
            ),
            links=st.lists(st.builds(Link, _PLAIN, _PLAIN, _OFFSET, _OFFSET), max_size=2),
            time_expressions=st.lists(_found_in(body), max_size=3 if body else 0),
            fetched_at=_MOMENT,
            template=st.just("drupal-2026"),
            warnings=st.lists(st.sampled_from(sorted(WARNINGS)), max_size=2),
            reader_version=st.integers(1, 5),
        )
    )
    made.content_hash = content_hash(made.headline, made.description, made.body)
    return made
