"""The tags that the site's own tag service names for an article: the script of a page shows them below its text.

A page asks for them by the number of its node: `GET https://vov-api.vov.vn/api/tags/by-article?lang=vi&nid=1315698`
gives `{"data": [{"tag": "...", "url": "..."}]}`.
"""

from __future__ import annotations

import re
from html import unescape

import msgspec

from vovcrawl.text import clean, distinct

HOST = "vov-api.vov.vn"

MOST_BYTES = 64 * 1024
"""Bytes of an answer; real ones have some hundred."""

MOST_TAGS = 60
"""Tags of an answer that are read; articles have some ten."""

_LONGEST_TAG = 200
_LONGEST_ELEMENT = 1000
_MARK = b'id="list-tags"'
_NUMBER = re.compile(rb'\sdata-nid="([0-9]{1,12})"')
_URL = re.compile(rf"https://{re.escape(HOST)}/api/tags/by-article\?lang=vi&nid=[0-9]{{1,12}}")
_MARKUP = re.compile(r"<[^<>]*+>")


class UnreadableTags(ValueError):
    """The answer is none of the tag service's."""


class _Tag(msgspec.Struct):
    tag: str


class _Answer(msgspec.Struct):
    data: list[_Tag]


def node_of(page: bytes) -> str | None:
    """The number by which the service knows an article; None where its page leaves no place for tags, or has them.

    Args:
        page: as it was served or rendered, unpacked.
    """
    at = page.find(_MARK)
    start = page.rfind(b"<", max(0, at - _LONGEST_ELEMENT), at)
    if at < 0 or start < 0:
        return None
    tag, closed, content = page[start : at + 2 * _LONGEST_ELEMENT].partition(b">")
    number = _NUMBER.search(tag) if closed else None
    is_filled = b"<a" in content.partition(b"</div>")[0]
    return number[1].decode() if number is not None and not is_filled else None


def url_of(node: str) -> str:
    """The url of the answer for an article."""
    return f"https://{HOST}/api/tags/by-article?lang=vi&nid={node}"


def is_tag_service(url: str) -> bool:
    """Whether a url is one that `url_of` gives."""
    return _URL.fullmatch(url) is not None


def read_tags(answer: bytes) -> list[str]:
    """The tags of an answer as readers see them, each once.

    Raises:
        UnreadableTags: the answer is something else.
    """
    if len(answer) > MOST_BYTES:
        raise UnreadableTags(f"larger than {MOST_BYTES} bytes")
    try:
        found = msgspec.json.decode(answer, type=_Answer).data
    except msgspec.ValidationError as error:
        raise UnreadableTags(f"its JSON is another: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnreadableTags("no JSON") from None
    texts = (_text(one.tag) for one in found[:MOST_TAGS])
    return distinct(text for text in texts if len(text) <= _LONGEST_TAG)


def _text(tag: str) -> str:
    return clean(unescape(_MARKUP.sub("", tag[: 2 * _LONGEST_TAG])))
