"""The dictionary: what the site's templates, sitemaps, feeds and sentences are made of, and what troubles parsers."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from fuzz import seeds
from vovcrawl.dates.words import LISTS

_TAG = re.compile(rb"<[^<>]{1,120}>")
_CLASS = re.compile(rb"class=[\"']([^\"']+)[\"']")
_MOST_TAGS = 400

TROUBLE: tuple[str, ...] = (
    "\u0301",
    "\u0f71\u0f39",
    "\u200b",
    "\ufeff",
    "\u202e",
    "\x1b[31m",
    "\x00",
    "\x85",
    "\u2028",
    "\u1100\u1161",
    "İ",
    "ﬁ",
    "&#27;",
    "&#0;",
    "&#xD800;",
    "&#x200b;",
    "&nbsp;",
    "&lt;",
    "&amp;amp;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml",
    "<!DOCTYPE a [",
    "<!ENTITY a 'b'>",
    "\\ud800",
    '"',
    "'",
    "=",
    "://",
    "[::1]",
    "%00",
    "%ff",
    "\t",
    "\r\n",
    "\n",
    "  ",
    "9" * 20,
    "0",
)
"""Combining marks, unseen characters, entities, openings without an end."""

PAGE: tuple[str, ...] = (
    "Ảnh: Reuters",
    "(Ảnh: KT).",
    "[Nguồn: AP]",
    "Nguyễn A/VOV.VN",
    "CTV Lê B/VOV-Hà Nội",
    "./.",
    "VOV.VN - ",
    "Tin liên quan",
    "Từ khóa: ",
    ">> Xem thêm: ",
    "Thứ Bảy, 14:05, 14/10/2023",
    "2023-10-14T14:05:00+07:00",
    "https://vov.vn/xa-hoi/a-post1300000.vov",
    "/the-thao/b-890562.vov",
    "?page=7",
    "Mời quý độc giả theo dõi VOV.VN trên",
    "PV: ",
    "<script>window.location.href='/xa-hoi/a-post1300000.vov';</script>",
    'location.replace(decodeURIComponent("https%3A%2F%2Fvov.vn"))',
    "<meta http-equiv=refresh content='0;url=/xa-hoi'>",
    "!" * 5,
    " (",
    "[",
    ")",
    "]",
)
"""Phrases of pages that a rule looks for."""

LANDMARKS: tuple[str, ...] = (
    "<!-- ",
    " -->",
    "<!-->",
    "<!doctype html>",
    "<script>",
    "</script>",
    "</script >",
    "<script>'<script>'</script>",
    "<script><!-- <script> </script> --></script>",
    "<script>document.write('</div><article class=\"detail\">')</script>",
    "<style>",
    "</style>",
    "<style>a>b{}</style>",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<noscript>",
    "</noscript>",
    "<iframe>",
    "</iframe>",
    "<plaintext>",
    "<svg><title>x</title>",
    "<article>",
    '<article class="detail detail--photo">',
    "</article>",
    "</article ",
    "<ARTICLE class='detail'>",
    "<div>",
    "</div>",
    "</DIV>",
    "<div",
    "<div/>",
    "<section>",
    "</section>",
    "<header>",
    "</header>",
    "<nav>",
    "</nav>",
    "<ul>",
    "</ul>",
    "<li>",
    "<li><li>",
    "</li>",
    "<form>",
    "<ul><form>",
    "</form>",
    "<p>",
    "</p>",
    "<p><div></p>",
    "<a href='/xa-hoi/c-post1300002.vov'>c",
    "<a><a>",
    "</a>",
    "<table><td>",
    "</table>",
    "<td>",
    "<b>",
    "</b>",
    "</h2>",
    "<picture>",
    "<source>",
    "<body class='page-live'>",
    "</body>",
    "</html>",
    "</head>",
    "<head>",
    "<html lang='en'>",
    '<meta property="og:url" content="https://english.vov.vn/a-post1.vov">',
    '<meta name="description" content="a &quot;b&quot; &amp;lt; c">',
    '<meta content="c" name="description">',
    '<meta NAME="description" content="d" property="x">',
    '<meta property="article:modified_time" content="2020-02-02T02:02:02+07:00">',
    '<base href="/van-hoa/">',
    "<p hidden>",
    '<span style="display:none">',
    '<div aria-hidden="true">',
    "<template>",
    "</template>",
    "<br><br>",
    '<p>Tin liên quan:<br><a href="/xa-hoi/f-post1300005.vov">Đây là tin</a></p>',
    '<script type="Application/LD+JSON">{"@type":"NewsArticle","dateModified":"2020-03-03T03:03:03"}</script>',
    '<script type="application/ld+json">//<![CDATA[ {"@type":"NewsArticle","dateModified":"2020-03-03"},;</script>',
    '<meta property="article:tag" content="&nbsp;&hellip; x">',
    "<link href='https://vov.vn/xa-hoi/d-post1300003.vov' rel='Canonical'>",
    '<link rel="canonical" href="">',
    '<div class="field-related-article">',
    '<div class="field&#45;related-article"><a href="/xa-hoi/e-post1300004.vov">Đây là tin</a></div>',
    '<div CLASS="x field-related-article">',
    '<script type="application/ld+json">{"@type":"NewsArticle","dateModified":"2020-02-02T02:02:02"}</script>',
    '<script type="application&sol;ld&plus;json">{"@type":"NewsArticle"}</script>',
    "<script type='application/ld+json'>",
    '<script class="a" type="application/ld+json">{}',
    "<a title=\"<article class='detail'>\">",
    "<a title='>\"'>",
    '<a b"c="d>',
    '<a b=c"d>',
    '<a ="b" c=\'d>',
    "<x-0>",
    "< ",
    "</",
    "<>",
    "&",
    "\r",
    "\x0b",
    "\x0c",
    "\x01",
    "\ufffe",
)
"""What could mislead a search for the article's part of a page, or change what the parser makes of it."""

DATES: tuple[str, ...] = (
    "8/6",
    "(8/6",
    "(8/6)",
    "8/6-9/6",
    "8h30",
    "8 giờ",
    "ngày 1 tháng 2",
    "ngày 1 tháng",
    "mùng 2",
    "mùng",
    "thứ Hai",
    "năm 2023",
    "quý I/2023",
    "thế kỷ 19",
    "sáng mai",
    "đến nay",
    "từ",
    "đến",
    "và",
    "tức",
    "tức là",
    "hôm qua",
    "giờ Việt Nam",
    "GMT+7",
    "thập niên 90",
    "âm lịch",
    "3 ngày",
    "mỗi tuần",
    ",",
    ".",
    "-",
    "–",
    ";",
    "(",
    ")",
    '"',
    "1/1/1/",
    "năm sau",
    "một trăm linh",
    "rằm tháng Giêng",
    "năm Giáp Thìn",
)
"""Words of time."""

ARCHIVE = (
    *("WARC/1.0\r\n", "WARC/1.1\r\n", "WARC-Type: response\r\n", "WARC-Type: revisit\r\n", "\r\n\r\n"),
    *("WARC-Target-URI: https://vov.vn/a-post1.vov\r\n", "WARC-Truncated: length\r\n", "Content-Length: 9999999\r\n"),
    *("HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip\r\n", "Content-Encoding: br\r\n", "Content-Length: "),
    *("Transfer-Encoding: chunked\r\n", "Content-Type: text/html\r\n", "5\r\n", "0\r\n\r\n", "\x1f\x8b\x08"),
    *('{"text": "', '"url": "https://vov.vn/a-post1.vov"}', '"metadata": {', '"schema_version": 1', "[[[[[[[["),
)
"""Parts of web archives and of corpora in JSON Lines."""


@cache
def tags() -> tuple[bytes, ...]:
    """The tags that stand on most of the pages, and one for every class that any of them has."""
    counts: Counter[bytes] = Counter()
    names: dict[bytes, None] = {}
    for _, page in (*seeds.html_pages(), *seeds.listing_pages()):
        counts.update(set(_TAG.findall(page)))
        for written in _CLASS.findall(page):
            names.update(dict.fromkeys(written.split()))
    common = [tag for tag, _ in counts.most_common(_MOST_TAGS)]
    return (*common, *(b'<div class="' + name + b'">' for name in names))


@cache
def time_words() -> tuple[str, ...]:
    """The words that the grammar of dates knows, and phrases of them."""
    return (*DATES, *sorted({phrase for phrases in LISTS.values() for phrase in phrases}))


@cache
def xml_words() -> tuple[str, ...]:
    """Elements of sitemaps and feeds, and what is no XML in them or hides it."""
    names = "urlset url loc lastmod sitemapindex sitemap rss channel item title link guid pubDate feed entry id".split()
    slips = (
        "&",
        " & ",
        "&nbsp;",
        "&ocirc;",
        "&x;",
        "&#1;",
        "&#xD800;",
        "&#",
        "< ",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?",
        "?>",
    )
    return (*slips, *(form for name in names for form in (f"<{name}>", f"</{name}>", f"<{name}/>")))


STRAY_ENDS = tuple(
    f"</{name}>"
    for name in "div body html article section form table td tr ul li figure blockquote span a p svg header h2".split()
)
LEFT_OPEN = (
    *("<form>", "<svg>", "<svg><path d=x>", "<figure>", "<table>", "<table><tr><td>", "<table><tbody><tr>"),
    *("<div>", "<div><div>", "<section>", "<ul>", "<ul><li>", "<li>", "<ol><li>", "<blockquote>", "<nav>", "<button>"),
    *("<object>", "<select>", "<template>", "<noscript>", "<textarea>", "<iframe>", "<video>", "<audio>", "<b>", "<i>"),
    *("<a href='/x'>", "<span>", "<em><strong>", "<h2>", "<center>", "<header>", "<footer>", "<aside>", "<dl><dt>"),
    *("<fieldset>", "<map>", "<math>", "<script>", "<style>", "<title>", "<xmp>", "<p>", "<font>", "<main>", "<td>"),
    *("<tr>", "<option>", "<frameset>", "<head>", "<body>", "<html>", "<plaintext>"),
)
_CUT = (
    *('<p class="x>', '<p class=x">', "<p class='x>", '<div class="x>', '<img src="a.jpg>', "<", "<!-- x", "<![CDATA["),
    *("<?xml", "<a", "<input", "<div", "<b><i></b></i>", "</div></div>", "</div></article>", "</div><div>"),
)
UNPAIRED = (*STRAY_ENDS, *LEFT_OPEN, *_CUT)
"""Tags without their partners, and beginnings of tags, values, comments and sections without an end."""
