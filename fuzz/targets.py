"""What is fuzzed: how each target reads an input, and what its result promises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from fuzz import invariants, seeds, shown, words
from vovcrawl import urls
from vovcrawl.archives.files import FileOptions, UnreadableFile
from vovcrawl.archives.json_lines import JsonLines
from vovcrawl.archives.records import Form, Packed, unpack
from vovcrawl.archives.unpacking import GZIP, Place
from vovcrawl.archives.warc import WarcFile, WarcRecord
from vovcrawl.cleaning.end_marks import with_plain_marks
from vovcrawl.cleaning.lines import mark_of, without_prefix
from vovcrawl.cleaning.signatures import is_signature, name_and_affiliation, split_signature
from vovcrawl.dates import find_dates
from vovcrawl.pages import NotAnArticle, PageError, Reading, listing, menu, parse_text, read, rss, sitemap
from vovcrawl.pages.article import read_whole
from vovcrawl.text import clean, sentence_around

_LARGEST = 1_000_000
"""Bytes that a record may have."""

_DECODED = "decoded"
"""Stands for an encoding where the page is handed over as text."""


@dataclass(frozen=True)
class Target:
    """One way text comes in from outside."""

    name: str
    read: Callable[[bytes], Any]
    """Reads an input; a refusal as no article is a result too. Nothing else may be raised."""
    check: Callable[[Any], None]
    """Raises `Broken` where a result breaks a promise."""
    seeds: Callable[[], list[bytes]]
    words: Callable[[], Sequence[bytes]]
    """The dictionary."""
    longest: int = 64 * 1024
    """Bytes of the longest input."""
    yardstick: Callable[[bytes], Any] | None = None
    """Reads a seed the way of inputs that are not ordinary, for `Budget`."""

    def run(self, data: bytes) -> None:
        """Reads an input and checks the result."""
        self.check(self.read(data))


def _head(data: bytes) -> tuple[str, bytes]:
    """The first line, which says where or when, and what is to be read."""
    line, _, rest = data.partition(b"\n")
    return line.decode("utf-8", "replace"), rest


def _text(data: bytes) -> str:
    """Any text at all: what is no UTF-8 becomes lone surrogates, as a careless caller may hand them over."""
    return data.decode("utf-8", "surrogateescape")


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written.strip())
    except ValueError:
        return None


def _article(data: bytes) -> Any:
    return _article_by(read, data)


def _article_of_whole_page(data: bytes) -> Any:
    return _article_by(read_whole, data)


def _article_by(reader: Callable[[str | bytes, str, str | None], Reading], data: bytes) -> Any:
    line, page = _head(data)
    url, _, charset = line.partition(" ")
    try:
        return reader(_text(page) if charset == _DECODED else page, url, charset or None).article
    except NotAnArticle as refusal:
        return refusal


def _both_ways(data: bytes) -> Any:
    """An article out of the part of its page that holds it, where there is one, and out of the whole page."""
    line, page = _head(data)
    url, _, charset = line.partition(" ")
    html = _text(page) if charset == _DECODED else page
    given = html, url, None if charset == _DECODED else charset or None
    return _or_refusal(lambda: read(*given)), _or_refusal(lambda: read_whole(*given))


def _check_both_ways(result: Any) -> None:
    found, whole = result
    if isinstance(whole, PageError):
        same = type(found) is type(whole) and (str(found), found.target) == (str(whole), whole.target)
        invariants.hold(same, "another refusal", found, whole)
    else:
        invariants.hold(found == whole, "another reading", found, whole)


def _flat_text(data: bytes) -> Any:
    line, rest = _head(data)
    url, _, published = line.partition(" ")
    try:
        return parse_text(_text(rest), url or None, _moment(published))
    except NotAnArticle as refusal:
        return refusal


def _check_article(result: Any) -> None:
    if isinstance(result, NotAnArticle):
        invariants.check_refusal(result)
    else:
        invariants.check_article(result)


def _dates(data: bytes) -> Any:
    reference, rest = _head(data)
    text = _text(rest)
    return text, find_dates(text, _moment(reference))


def _or_refusal(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except PageError as refusal:
        return refusal


def _listing(data: bytes) -> Any:
    url, page = _head(data)
    return _or_refusal(lambda: listing.read(page, url)), _or_refusal(lambda: menu.read(page, url))


def _check_listing(result: Any) -> None:
    found, sections = result
    if isinstance(found, PageError):
        invariants.check_refusal(found)
    else:
        invariants.check_listing(found)
    if isinstance(sections, list):
        invariants.check_menu(sections)


def _sitemap(data: bytes) -> Any:
    return _or_refusal(lambda: sitemap.read(data, sitemap.INDEX))


def _check_sitemap(result: Any) -> None:
    if isinstance(result, PageError):
        invariants.check_refusal(result)
    else:
        invariants.check_sitemap(result)


def _feed(data: bytes) -> Any:
    index = _or_refusal(lambda: rss.find_feeds(data, "https://vov.vn/rss"))
    return _or_refusal(lambda: rss.read_feed(data, "https://vov.vn/rss/xa-hoi.rss")), index


def _check_feed(result: Any) -> None:
    found, index = result
    if isinstance(found, PageError):
        invariants.check_refusal(found)
    else:
        invariants.check_feed(found)
    if isinstance(index, list):
        for url in index:
            invariants.check_site_url(urls.parse(url))


def _found_urls(data: bytes) -> Any:
    line, rest = data.partition(b"\n")[::2]
    url, base = _text(line), _text(rest)
    found = [urls._parse.__wrapped__(url, f"{urls.SITE}/"), urls._parse.__wrapped__(url, base)]
    for site_url in found:
        if site_url is not None:
            urls.content_type(site_url)
            urls.nth_page(site_url.listing, 1)
    urls.is_out_of_scope(url)
    urls.article(url, base)
    return found, [urls.absolute(url, base), urls.absolute(base, urls.SITE)]


def _check_urls(result: Any) -> None:
    found, absolute = result
    for site_url in found:
        invariants.check_site_url(site_url)
        if site_url is not None and site_url.kind is urls.Kind.ARTICLE:
            invariants.hold(urls.article_id(site_url.url) == site_url.id, "another id", site_url)
    for url in absolute:
        invariants.check_absolute(url)


def _cleaning(data: bytes) -> Any:
    text = _text(data)
    cleaned = clean(text)
    rest, signature = split_signature(cleaned)
    mark_of(cleaned)
    is_signature(cleaned)
    step = max(1, len(text) // 20)
    sentences = [sentence_around(text, place, place + 3) for place in range(0, len(text), step)]
    name, _ = name_and_affiliation(signature or cleaned[:200])
    return text, cleaned, [with_plain_marks(without_prefix(rest)), signature or "", name], sentences


def _check_cleaning(result: Any) -> None:
    text, cleaned, parts, sentences = result
    invariants.check_clean(text, cleaned)
    for part in parts:
        invariants.check_clean(cleaned, part)
    for sentence in sentences:
        invariants.hold(sentence in text, "a sentence that is not in the text", sentence)


def _page_words() -> Sequence[bytes]:
    return (*words.tags(), *(word.encode() for word in (*words.PAGE, *words.TROUBLE)))


def _landmark_words() -> Sequence[bytes]:
    return (*words.tags()[:200], *(word.encode() for word in (*words.LANDMARKS * 3, *words.PAGE, *words.TROUBLE)))


def _sentence_words() -> Sequence[bytes]:
    return tuple(f" {word} ".encode() for word in (*words.time_words(), *words.TROUBLE))


def _line_words() -> Sequence[bytes]:
    return tuple(word.encode() for word in (*words.PAGE, *words.PAGE, *words.TROUBLE, *words.DATES))


class _Bytes:
    """A file in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read_at(self, offset: int, count: int) -> bytes:
        """So many bytes from there on."""
        return self._data[offset : offset + count]


def _warc(data: bytes) -> Any:
    """The records of a web archive, packed or not, what each holds, and those from the second one on."""
    name = "a.warc.gz" if data.startswith(GZIP) else "a.warc"

    def records(start: Place) -> list[WarcRecord]:
        return list(WarcFile(_Bytes(data), name, _LARGEST).records(start, lambda fields: True))

    found = records(Place(0))
    for one in found:
        if one.block is not None:
            unpack(Packed(one.fields.get("warc-target-uri"), one.block, name, Form.RESPONSE), _LARGEST)
    return found, records(found[0].after) if found else []


def _check_warc(result: Any) -> None:
    found, rest = result
    for one, following in pairwise(found):
        invariants.hold(one.place < one.after <= following.place, "records that overlap", one, following)
    places = [one.place for one in found[1:]]
    invariants.hold([one.place for one in rest] == places, "other records where reading is resumed", places, rest)
    for one in found:
        invariants.hold(one.block is None or not (one.is_broken or one.is_too_large), "a block of a broken one", one)


def _json_lines(data: bytes) -> Any:
    try:
        return list(JsonLines(_Bytes(data), "a.jsonl", "a.jsonl", FileOptions(largest=_LARGEST)).entries(""))
    except UnreadableFile as refusal:
        return refusal


def _check_json_lines(result: Any) -> None:
    if isinstance(result, UnreadableFile):
        return
    for entry in result:
        text = entry.found.data if isinstance(entry.found, Packed) else b""
        invariants.hold(len(text) <= _LARGEST, "a text that is too large", entry)
        text.decode("utf-8")


def _archive_words() -> Sequence[bytes]:
    return tuple(word.encode() for word in (*words.ARCHIVE, *words.TROUBLE))


def _xml_words() -> Sequence[bytes]:
    return tuple(word.encode() for word in (*words.xml_words(), *words.xml_words(), *words.PAGE, *words.TROUBLE))


TARGETS = {
    target.name: target
    for target in (
        Target(
            "article",
            _article,
            _check_article,
            seeds.articles,
            _page_words,
            yardstick=_article_of_whole_page,
        ),
        Target("excerpt", _both_ways, _check_both_ways, seeds.ordinary_articles, _landmark_words),
        Target("markup", shown.broken, lambda made: shown.check(*made), seeds.numbers, lambda: [b"\0", b"\x7f"], 8),
        Target("text", _flat_text, _check_article, seeds.texts, _line_words),
        Target("dates", _dates, lambda found: invariants.check_dates(*found), seeds.sentences, _sentence_words, 16384),
        Target("listing", _listing, _check_listing, seeds.listings, _page_words),
        Target("sitemap", _sitemap, _check_sitemap, seeds.sitemaps, _xml_words),
        Target("feed", _feed, _check_feed, seeds.feeds, _xml_words),
        Target("urls", _found_urls, _check_urls, seeds.written_urls, _line_words, 8192),
        Target("warc", _warc, _check_warc, seeds.web_archives, _archive_words),
        Target("json_lines", _json_lines, _check_json_lines, seeds.json_lines, _archive_words),
        Target("cleaning", _cleaning, _check_cleaning, seeds.sentences, _line_words, 16384),
    )
}
