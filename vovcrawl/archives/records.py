"""A record of an archive as it stands there, and what becomes of it.

Whoever finds the records of a file packs as little work into it as can be: unpacking and reading them can be done in
other processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from vovcrawl import urls
from vovcrawl.archives import http_message
from vovcrawl.archives.http_message import BrokenBody, TooLarge
from vovcrawl.evidence import Evidence, page_hash
from vovcrawl.pages import NotAnArticle, Reading, flat_text
from vovcrawl.pages import read as read_page
from vovcrawl.pages.errors import READ_BUT_NO_ARTICLE
from vovcrawl.visits import RENDERED

RENDERING = "rendering"
"""The field of a `warcinfo` record that says which browser rendered pages: its file may hold what became of them."""

_OK = 200
_SITE_HOST = "vov.vn"
_LONGEST_MOMENT = 40


class Became(StrEnum):
    """What became of a record of an archive; the words of stats, log lines and `archive_files.counts`."""

    ARTICLE = "article"
    OUTSIDE_WINDOW = "outside window"
    NO_ARTICLE = "no article"
    """A page that was read and holds none: a listing, an error page, what a pipeline of the user's dropped."""
    UNREADABLE = "unreadable"
    """A page in the place of an article from which none could be read: a block page, an empty one."""
    NOT_A_RESPONSE = "not a response"
    """What archives keep beside pages: `warcinfo`, `request`, `metadata`."""
    OTHER_HOST = "other host"
    OUT_OF_SCOPE = "out of scope"
    """Of the newspaper's hosts, but no page of it in Vietnamese."""
    NOT_200 = "not 200"
    NOT_HTML = "not HTML"
    NOT_MODIFIED = "not modified"
    """A visit on which the server said that the page was as it had been."""
    UNRESOLVED_REVISIT = "unresolved revisit"
    """A visit on which the page was as it had been, at a time of which the archive holds no page."""
    RENDERED = "rendered"
    """A response whose page was read as a browser left it, which another record holds."""
    BROKEN = "broken"
    TRUNCATED = "truncated"
    TOO_LARGE = "too large"
    UNSUPPORTED = "unsupported"
    """A WACZ within a WACZ."""
    NOT_JSON = "not JSON"
    NO_TEXT = "no text"
    GIVEN_UP = "given up"
    """The crawl was killed three times while reading it."""


@dataclass(frozen=True, slots=True)
class Capture:
    """A page or text as an archive holds it."""

    url: str | None
    """Where the archive says that it was captured, as written there; None where it does not say, as of a saved file."""
    data: bytes
    """The page as its reader gets it: no HTTP header, unpacked; of a text, UTF-8. `page_hash` of it knows it again."""
    where: str
    """The file and the place in it, for people."""
    charset: str | None = None
    """The encoding that the server declared."""
    is_text: bool = False
    """Whether it is a flat text, and no page."""
    published: datetime | None = None
    """Of a text: when it was published, as far as its file or `FileOptions.published` says."""
    captured_at: str | None = None
    """When it was captured: ISO 8601 in UTC, to the second; None where the archive does not say."""
    is_rendered: bool = False
    """Whether it is a page as a browser left it that had run its scripts."""

    @property
    def evidence(self) -> Evidence:
        """What the store keeps of it with its article."""
        return Evidence(page_hash(self.data), self.captured_at)

    def read(self) -> Reading:
        """The article in it, with `source` archive, and `fetched_at` where it is known when it was captured.

        `cleaning.rules.use_also` says which rules of the user's hold.

        Raises:
            NotAnArticle: it holds none; the error says why.
        """
        if self.is_text:
            reading = flat_text.read(self.data.decode("utf-8"), self.url, self.published)
        else:
            reading = read_page(self.data, self.url or "", self.charset)
        reading.article.source = "archive"
        if self.is_rendered:
            reading.article.warnings.insert(0, RENDERED)
        if self.captured_at is not None:
            reading.article.fetched_at = self.captured_at
        return reading


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record, or a whole file, that holds no page of the newspaper's, or that cannot be read."""

    became: Became
    where: str
    """As of a `Capture`."""
    url: str | None = None
    """As of a `Capture`."""
    reason: str | None = None
    """More about it, for people."""
    is_unread: bool = False
    """Whether an article may be lost with it: its url is that of an article, or it was named as a saved page."""


class Form(StrEnum):
    """What the data of a packed record is."""

    RESPONSE = "response"
    """An HTTP response, header and all."""
    PAGE = "page"
    TEXT = "text"
    """In UTF-8."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A record that holds a page or text of the newspaper's, as far as can be seen before it is unpacked."""

    url: str | None
    data: bytes
    where: str
    form: Form
    charset: str | None = None
    published: datetime | None = None
    captured_at: str | None = None
    is_rendered: bool = False
    """All as of a `Capture`."""


class Entry(NamedTuple):
    """What a file holds at one place."""

    found: Packed | Skipped
    position: str
    """The place, as the file's reader has it."""
    after: str
    """Where to read on."""


def unpack(packed: Packed, largest: int) -> Capture | Skipped:
    """The page or text of a record.

    Args:
        packed: the record.
        largest: bytes that it may have; 0 is no limit.
    """
    data, charset = packed.data, packed.charset
    if packed.form is Form.RESPONSE:
        try:
            response = http_message.read_response(data)
            if response.status != _OK:
                return Skipped(Became.NOT_200, packed.where, packed.url)
            if response.content_type and not response.is_html:
                return Skipped(Became.NOT_HTML, packed.where, packed.url)
            data, charset = http_message.unpacked(response, largest), response.charset
        except BrokenBody as error:
            became = Became.TRUNCATED if error.breaks_off else Became.BROKEN
            return unread(became, packed.where, packed.url, str(error))
        except TooLarge:
            return unread(Became.TOO_LARGE, packed.where, packed.url, f"larger than {largest} bytes")
        if not response.content_type and not http_message.looks_like_html(data):
            return Skipped(Became.NOT_HTML, packed.where, packed.url)
    return Capture(
        packed.url,
        data,
        packed.where,
        charset,
        is_text=packed.form is Form.TEXT,
        published=packed.published,
        captured_at=packed.captured_at,
        is_rendered=packed.is_rendered,
    )


def unread(became: Became, where: str, url: str | None, reason: str) -> Skipped:
    """A record that cannot be read; an article is lost with it only if its url is that of one."""
    return Skipped(became, where, url, reason, is_unread=url is not None and urls.article(url) is not None)


def target_of(url: str | None) -> str | None:
    """The canonical url of the article that a record is about, as far as its url says; None where it names none."""
    named = urls.article(url) if url else None
    return named.url if named is not None else None


def holds_no_article(refusal: NotAnArticle) -> bool:
    """Whether a page plainly is none of an article, so that none is lost with it."""
    return refusal.reason in READ_BUT_NO_ARTICLE and not refusal.claims_article


def leaves_nothing_unread(refusal: NotAnArticle, target: str | None) -> bool:
    """Whether no article is lost with a record whose page holds none.

    Args:
        refusal: what its reader says.
        target: `target_of` its url.
    """
    if refusal.claims_article:
        return False
    if holds_no_article(refusal):
        return True
    leads_to = urls.parse(refusal.target, target) if refusal.target and target else None
    # Nobody expects an article there, or it stands elsewhere.
    return target is None or (leads_to is not None and leads_to.url != target)


def outside(url: str) -> Became | None:
    """Why a page with this url is none of the newspaper's in Vietnamese; None where it is one."""
    # Most records of a large archive are of other sites.
    if _SITE_HOST not in url.lower():
        return Became.OTHER_HOST
    if url.startswith(("http://", "https://", "HTTP://", "HTTPS://")) and urls.parse(url) is not None:
        return None
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    return Became.OUT_OF_SCOPE if host == _SITE_HOST or host.endswith(f".{_SITE_HOST}") else Became.OTHER_HOST


def moment(written: str | None) -> str | None:
    """A capture's time as records have it, ISO 8601 in UTC to the second; None where it cannot be read.

    Args:
        written: ISO 8601, as WARC-Date is, also with another offset or without one, which is UTC then, or with a blank.
    """
    if not written or len(written) > _LONGEST_MOMENT:
        return None
    try:
        read = datetime.fromisoformat(written.strip().replace("/", "-"))
        read = read if read.tzinfo is not None else read.replace(tzinfo=UTC)
        return read.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return None
