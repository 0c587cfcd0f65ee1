"""What every result promises, whatever was read."""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, get_args
from urllib.parse import urlsplit

from vovcrawl import urls
from vovcrawl.dates import TimeExpression, periods
from vovcrawl.items import WARNINGS, Article, Block, BlockType, ContentType, content_hash
from vovcrawl.pages import PageError
from vovcrawl.pages.listing import Listing
from vovcrawl.pages.rss import Feed
from vovcrawl.pages.sitemap import Sitemap
from vovcrawl.urls import SiteUrl

_UNSEEN = frozenset("\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\ufeff\ufffe\uffff")
_ADDRESS_FIELDS = frozenset({"url", "canonical_url", "thumbnail"})


class Broken(AssertionError):
    """Raised where a result breaks a promise."""


def hold(promise: bool, words: str, *values: object) -> None:
    """Fails with `words` and the values unless the promise is kept."""
    if not promise:
        raise Broken(f"{words}: {', '.join(map(repr, values))}"[:600])


def check_article(article: Article) -> None:
    """Fails unless the record keeps what `vovcrawl/items.py` promises."""
    record = asdict(article)
    json.dumps(record, ensure_ascii=False).encode()
    for name, text in _strings(record):
        _check_string(name, text)
    hold(article.headline.strip() != "", "an empty headline")
    hold(article.id != "", "an empty id")
    hold(article.content_type in get_args(ContentType), "no such content type", article.content_type)
    hold(set(article.warnings) <= WARNINGS.keys(), "warnings that are not in the vocabulary", article.warnings)
    _check_body(article)
    _check_identity(article)
    for date in (article.date_published, article.date_modified):
        if date is not None:
            hold(datetime.fromisoformat(date).utcoffset() == timedelta(hours=7), "not in +07:00", date)
    _distinct("keywords", [keyword.casefold() for keyword in article.keywords])
    _distinct("related", [related.url or related.headline for related in article.related])
    media = [one.url for one in article.images] + [one.url for one in (*article.videos, *article.audios)]
    for url in media:
        hold(urlsplit(url).scheme in ("http", "https"), "no url of the web", url)
    expected = content_hash(article.headline, article.description, article.body)
    hold(article.content_hash == expected, "another content hash", article.content_hash)


def _strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a record with the name of its field."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, name)


def _check_string(name: str, text: str) -> None:
    # Blocks are parted by a blank line, the rows and cells of a table by a line break and a tab.
    shown = text.replace("\n", "").replace("\t", "") if name == "body" else text
    hold(shown.isprintable() or not any(_is_unseen(letter) for letter in shown), "unseen characters", name, text)
    if name not in _ADDRESS_FIELDS:
        hold(unicodedata.is_normalized("NFC", text), "not in NFC", name, text)
        hold(shown == shown.strip() and "  " not in shown, "blanks not folded", name, text)


def _is_unseen(letter: str) -> bool:
    return letter in _UNSEEN or unicodedata.category(letter) in ("Cc", "Cs")


def _check_body(article: Article) -> None:
    body = article.body
    texts = [_cut(body, block) for block in article.blocks]
    hold("\n\n".join(texts) == body, "the blocks do not make up the body", texts, body)
    hold(all(text.strip() for text in texts), "an empty block", texts)
    hold(all(block.type in get_args(BlockType) for block in article.blocks), "no such block", article.blocks)
    starts = [block.start for block in article.blocks]
    for link in article.links:
        hold(0 <= link.start < link.end <= len(body), "offsets outside the body", link)
        hold(body[link.start : link.end] == link.text, "other words than the link's", link)
        block = article.blocks[bisect_right(starts, link.start) - 1]
        hold(link.end <= block.end, "a link in no block", link)


def _cut(body: str, block: Block) -> str:
    hold(0 <= block.start < block.end <= len(body), "offsets outside the body", block)
    return body[block.start : block.end]


def _check_identity(article: Article) -> None:
    key = article.canonical_url
    if key.startswith(urls.TEXT_PREFIX):
        hold(key == urls.text_key(article.headline, article.body), "another key", key)
        return
    site_url = urls.article(key)
    hold(site_url is not None and site_url.url == key and site_url.id == article.id, "no canonical url", key)


def _distinct(name: str, values: Sequence[object]) -> None:
    hold(len(set(values)) == len(values), f"the same of {name} twice", values)


def check_refusal(refusal: PageError) -> None:
    """Fails unless a refusal can be logged as it is, and what it names can be looked at."""
    words = str(refusal)
    hold(not any(_is_unseen(letter) for letter in words), "unseen characters", words)
    hold(len(words) < 400, "a long refusal", words)
    if refusal.target is not None:
        urls.parse(refusal.target)
        check_absolute(urls.absolute(refusal.target, urls.SITE))


def check_dates(text: str, found: Sequence[TimeExpression]) -> None:
    """Fails unless the expressions are in order, apart, and as they stand in the text."""
    position = 0
    for one in found:
        hold(position <= one.start < one.end <= len(text), "offsets out of order or outside", one)
        hold(text[one.start : one.end] == one.text, "another text", one)
        hold(one.value.isascii() and one.value != "" and one.value.isprintable(), "no TIMEX3 value", one)
        hold(("T" in one.value and one.value[0] != "P") or one.type != "TIME", "a time without an hour", one)
        days = periods.days(one.value)
        hold(days is None or days[0] <= days[1], "days that end before they begin", one)
        position = one.end


def check_listing(listing: Listing) -> None:
    """Fails unless all articles are canonical urls, each once."""
    _check_stories(listing.articles)
    hold(listing.last_page is None or 0 <= listing.last_page < 10**6, "no page", listing.last_page)


def check_menu(found: Sequence[str]) -> None:
    """Fails unless all urls are those of sections, each once."""
    _distinct("sections", found)
    for url in found:
        site_url = urls.parse(url)
        hold(site_url is not None and site_url.kind is urls.Kind.SECTION and site_url.url == url, "no section", url)


def check_sitemap(sitemap: Sitemap) -> None:
    """Fails unless entries and sitemaps are canonical urls, each once, and dates are in +07:00."""
    _check_stories([entry.url for entry in sitemap.entries])
    _distinct("sitemaps", sitemap.sitemaps)
    for url in sitemap.sitemaps:
        site_url = urls.parse(url)
        hold(site_url is not None and site_url.url == url, "no canonical url", url)
    for entry in sitemap.entries:
        _check_date(entry.modified)


def check_feed(feed: Feed) -> None:
    """Fails unless items are canonical urls, each once, with clean headlines and dates in +07:00."""
    _check_stories([item.url for item in feed.items])
    for item in feed.items:
        _check_date(item.published)
        if item.headline is not None:
            _check_string("headline", item.headline)


def _check_stories(found: Sequence[str]) -> None:
    _distinct("articles", found)
    for url in found:
        parsed = urls.article(url)
        hold(parsed is not None and parsed.url == url, "no canonical url", url)


def _check_date(date: str | None) -> None:
    if date is not None:
        hold(datetime.fromisoformat(date).utcoffset() == timedelta(hours=7), "not in +07:00", date)


def check_site_url(site_url: SiteUrl | None) -> None:
    """Fails unless a canonical url is plain, in scope, and its own canonical url."""
    if site_url is None:
        return
    hold(site_url.url.isascii() and site_url.url.isprintable() and " " not in site_url.url, "not plain", site_url)
    hold(site_url.url.startswith(urls.SITE + "/"), "out of scope", site_url)
    hold(urls.parse(site_url.url) == site_url, "another url when read again", site_url)


def check_absolute(url: str | None) -> None:
    """Fails unless an absolute url is one of the web, without characters that are not seen."""
    if url is None:
        return
    url.encode()
    hold(urlsplit(url).scheme in ("http", "https"), "no url of the web", url)
    _check_string("url", url)


def check_clean(text: str, cleaned: str) -> None:
    """Fails unless cleaned text keeps the promises of the record and stays as it is when cleaned again."""
    _check_string("text", cleaned)
    hold(len(cleaned) <= 3 * len(text), "longer than NFC can make it", text, cleaned)
