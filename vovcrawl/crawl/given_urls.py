"""Urls as users give them, typed or in a file: one of the newspaper's own, as the site writes it, or refused.

A page's links may be careless, since a wrong one costs a request. A url that was given is what the crawl is for: a
quote or a full stop that was copied along would make it the url of another page, which the site says is gone.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import parse_qsl, unquote_to_bytes

from vovcrawl import urls
from vovcrawl.crawl.values import ArgumentError, items, quoted, why_unreadable
from vovcrawl.opening import read_at_most
from vovcrawl.urls import Kind, SiteUrl

LARGEST_LIST = 100_000_000
"""Bytes that a file of urls may have: room for a million of them."""

_NOTE = re.compile(r"(?:^|\s)#.*")
_LINE_END = re.compile("\r\n|\r|\n")
# No url begins and ends with these: spreadsheets, mails and word processors put them around one.
_AROUND = {'"': '"', "'": "'", "<": ">", "“": "”", "‘": "’", "«": "»"}
# ASCII: without it, ignoring case takes a few letters of other scripts for ours.
_SHAPE = re.compile(
    r"(?:https?://)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_PATH = re.compile(r"(?:/[A-Za-z0-9](?:[A-Za-z0-9._~+-]*[A-Za-z0-9])?)*/?")
_TAG = re.compile(r"/tag/(?P<text>[^/]+)/?")
# Without the semicolon: "&amp;" is a link copied out of a page's source.
_QUERY = re.compile(r"[A-Za-z0-9_&](?:[A-Za-z0-9._~%+=&/:@!$*,?-]*[A-Za-z0-9_=&/-])?")
_FRAGMENT = re.compile(r"(?:[A-Za-z0-9._~%+=&/:@!$*,;?-]*[A-Za-z0-9_=/-])?")
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_FOREIGN = "is no page of vov.vn in Vietnamese"
_NOT_SO_WRITTEN = "is no url as the site writes one"
_NEVER = frozenset('"<>[]\\^`{|}')
_IN_TAGS = frozenset(" -._&+:@;=~!$*()',")


def looks_like_url(text: str) -> bool:
    """Whether `text` is meant as a url, right or wrong."""
    text = _bare(text)
    return "://" in text or re.split("[/?#]", text, maxsplit=1)[0].lower() in urls.HOSTS


def read_url(where: str, text: str) -> SiteUrl:
    """The page that a url names; quotes or angle brackets around it and its scheme may be there or not.

    Args:
        where: opens the message.
        text: the url as given.

    Raises:
        ArgumentError: it is none of the newspaper's, or something is glued to it.
    """
    bare = _bare(text)
    wrong = _unfit(bare)
    parsed = urls.parse(bare if "://" in bare else f"https://{bare}") if wrong is None else None
    if wrong is None and parsed is None:
        wrong = _FOREIGN
    elif parsed is not None and not _is_as_written(bare, parsed):
        wrong = _NOT_SO_WRITTEN
    if wrong is not None or parsed is None:
        raise ArgumentError(f"{where}: {quoted(text)} {wrong}")
    return parsed


def read_urls(text: str) -> tuple[str, ...]:
    """The urls of the argument `urls`, canonical, each once, in order: those it lists, or those in the file it names.

    Raises:
        ArgumentError: one of them is wrong, or the file cannot be read.
    """
    written = items(text)
    if any(looks_like_url(item) for item in written):
        found = [read_url("-a urls", item) for item in written]
    else:
        name = quoted(text)
        found = [read_url(f"-a urls: {name}, line {number}", line) for number, line in _lines(text)]
        if not found:
            raise ArgumentError(f"-a urls: {name}: no url in the file")
    return tuple(dict.fromkeys(parsed.url for parsed in found))


def _lines(name: str) -> list[tuple[int, str]]:
    """The lines of a file that hold more than a note, and their numbers from 1 on."""
    where = f"-a urls: {quoted(name)}"
    try:
        # It may be a pipe, or another that does not end.
        with Path(name).open("rb") as file:
            data = read_at_most(file.fileno(), LARGEST_LIST + 1)
    except (OSError, ValueError) as error:
        raise ArgumentError(f"-a urls: cannot read {quoted(name)}: {why_unreadable(error)}") from None
    if len(data) > LARGEST_LIST:
        raise ArgumentError(f"{where}: larger than {LARGEST_LIST} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = len(_LINE_END.findall(data[: error.start].decode("latin-1"))) + 1
        raise ArgumentError(f"{where}, line {number}: {why_unreadable(error)}") from None
    # A note may also stand after a url; within one, # has no blank before it. Not splitlines(): it would part a line at
    # control characters, and make two urls of a broken one.
    stripped = ((number, _NOTE.sub("", line).strip()) for number, line in enumerate(_LINE_END.split(text), 1))
    return [(number, line) for number, line in stripped if line]


def _bare(text: str) -> str:
    """`text` without one pair of quotes or angle brackets around it."""
    text = text.strip()
    if len(text) > 1 and _AROUND.get(text[0]) == text[-1]:
        return text[1:-1].strip()
    return text


def _unfit(text: str) -> str | None:
    """What is wrong with the form of a url, as the end of a message; None where nothing is."""
    if text.count("://") > 1:
        return "holds more than one url"
    for letter in text:
        if letter.isspace() or not letter.isprintable() or letter in _NEVER:
            return f"is no url: {_named(letter)} has no place in one"
    match = _SHAPE.fullmatch(text)
    if match is None:
        return f"{_FOREIGN}, nor any url"
    if match["host"].lower() not in urls.HOSTS:
        return _FOREIGN
    path, query, fragment = match["path"] or "", match["query"], match["fragment"]
    tag = _TAG.fullmatch(path)
    fits = (
        _is_tag_text(tag["text"]) if tag else _PATH.fullmatch(path) is not None,
        query is None or (_QUERY.fullmatch(query) is not None and _decodes(query)),
        fragment is None or (_FRAGMENT.fullmatch(fragment) is not None and _decodes(fragment)),
    )
    for part, fit in zip((path, f"?{query}", f"#{fragment}"), fits, strict=True):
        if not fit:
            is_glued = text.endswith(part) and not part[-1].isalnum()
            return f"{_NOT_SO_WRITTEN}: {f'it ends with {quoted(part[-1])}' if is_glued else f'see {quoted(part)}'}"
    return None


def _named(letter: str) -> str:
    if letter == " ":
        return "a blank"
    return quoted(letter) if letter.isprintable() else f"U+{ord(letter):04X}"


def _decodes(text: str) -> bool:
    """Whether what is percent-encoded in a query or fragment is text that somebody typed."""
    decoded = _decoded(text)
    return decoded is not None and decoded.isprintable() and not _NEVER & set(decoded) - set("[]{|}")


def _is_tag_text(text: str) -> bool:
    """Whether a path's part names a tag of the older form: words, each letter in one way only."""
    decoded = _decoded(text)
    if decoded is None or not unicodedata.is_normalized("NFKC", decoded):
        return False
    words = [unicodedata.category(letter)[0] in "LMN" for letter in decoded]
    closed = decoded[-1] == ")" and decoded.count("(") == decoded.count(")")
    return (
        words[0]
        and (words[-1] or closed)
        and all(is_word or letter in _IN_TAGS for is_word, letter in zip(words, decoded, strict=True))
    )


def _decoded(text: str) -> str | None:
    """`text` with its percent-encoding undone; None where that gives no text."""
    if _BROKEN_ESCAPE.search(text):
        return None
    try:
        return unquote_to_bytes(text).decode()
    except ValueError:
        return None


def _is_as_written(text: str, parsed: SiteUrl) -> bool:
    """Whether `parsed` names what was written, with nothing glued to an article's end and no page of a listing lost."""
    path = parsed.listing
    if ".vov" in path and not path.endswith(".vov"):
        return False
    if parsed.kind not in (Kind.SECTION, Kind.TAG):
        return True
    query = text.partition("#")[0].partition("?")[2]
    pages = [value for name, value in parse_qsl(query, keep_blank_values=True) if name == "page"]
    return pages in ([], [str(parsed.page)])
