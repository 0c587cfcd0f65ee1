"""What a VOV url says: the one place that knows.

Every part of the crawler asks here whether a url is in scope, what kind of page it names, and which url is the same
page's canonical one. Scope is vov.vn in Vietnamese: `www.vov.vn` and `baoxuan.vov.vn` serve the same articles
and fold into it; `english.vov.vn`, language prefixes such as `/zh-CN/`, the channel sites and `vovworld.vn` do not
belong to it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import inet_aton, inet_ntoa
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from vovcrawl.items import ContentType

SITE = "https://vov.vn"
HOSTS = frozenset({"vov.vn", "www.vov.vn", "baoxuan.vov.vn"})
"""The hosts that serve the newspaper's Vietnamese articles."""

SERVICE_HOSTS = frozenset({"vov-api.vov.vn", "media.vov.vn"})
"""The newspaper's hosts that serve no page, but what the scripts of its pages ask for."""

LONGEST = 2000
"""Characters in the longest url that is read at all; real ones stay under 300."""

TEXT_PREFIX = "urn:vovcrawl:text:"
"""Opens the key of a text that has no url."""


class Kind(StrEnum):
    """What kind of page a url names."""

    HOME = "home"
    ARTICLE = "article"
    SECTION = "section"
    TAG = "tag"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SiteUrl:
    """A url in scope, read."""

    url: str
    """Canonical form: `https://vov.vn`, no fragment, no tracking parameters."""
    kind: Kind
    id: str | None = None
    """Of an article: `post1315698`, or `890562` for urls without "post"."""
    section: str | None = None
    """Of an article: the first path part, in lower case."""
    page: int = 0
    """Of a listing: the zero-based page."""

    @property
    def has_post(self) -> bool:
        """Whether this is an article's url in the form used since 2022."""
        return self.id is not None and self.id.startswith("post")

    @property
    def number(self) -> str | None:
        """The digits of `id`; the ranges of the eras overlap, so they identify nothing by themselves."""
        return self.id.removeprefix("post") if self.id else None

    @property
    def listing(self) -> str:
        """Of a listing: the url of its first page."""
        return self.url.partition("?")[0]


_ARTICLE = re.compile(r"^/(?:(?P<section>[^/]+)/(?:[^/]+/){0,3})?[^/]+-(?P<id>(?:post)?[0-9]{1,12})\.vov$")
# Before late 2013: /Van-hoa/<Slug>/228256.vov, /Home/<alias>/20114/171234.vov.
_EARLY_ARTICLE = re.compile(r"^/(?P<section>[^/]+)/(?:[^/]+/){1,3}(?P<id>[0-9]{4,12})\.vov$")
# Without "post", fewer digits are a year or a day, as in /the-thao/giai-dau-2026.
_WITHOUT_ENDING = re.compile(
    r"^/(?:[^/]+/){1,4}[^/]+-(?:post[0-9]{1,12}|[0-9]{5,7})$|^/[^/]+-post[0-9]{1,12}$|^/[^/]+/(?:[^/]+/){1,3}[0-9]{5,7}$"
)
_EARLY_FRONT_PAGE = "home"
_TAG = re.compile(r"^/(?:tu-khoa/[^/]+-tag[0-9]+|tag/[^/]+)$")
_SECTION = re.compile(r"^/[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*){0,2}$")
_EARLY_PAGER = re.compile(r"^(?P<listing>/.+)?/trang(?P<page>[0-9]{1,6})$")
_LANGUAGE = re.compile(r"^/(?:[a-z]{2}-[A-Z]{2}|en)(?:/|$)")
_NOT_SECTIONS = frozenset(
    "account admin api author bao-in core lien-he modules node quang-cao rss search sites sitemap sitemaps "
    "tac-gia tag themes tu-khoa user vov-data vov-plus".split()
)
# Urls that joining and splitting would leave as they are.
_PLAIN_ADDRESS = re.compile(
    r"^https?://[a-z0-9][a-z0-9.-]*(?:/[A-Za-z0-9_%-][A-Za-z0-9._%-]*)*(?:\?[A-Za-z0-9=&_.%-]*)?$"
)
_FRONT_PAGE = f"{SITE}/"
# What names the same page wherever on the site it stands.
_FROM_THE_ROOT = re.compile(r"/(?![/\\\s])|https?://[a-z0-9]")
# What is relative to no page, however it is read.
_WHOLE = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]*)?(?:[/?#][!-~]*)?", re.IGNORECASE)
_PLAIN_PATH = re.compile(r"^[A-Za-z0-9/._-]*$")
# Control characters, and what `vovcrawl.text` removes from texts: what each becomes in a url.
_UNSEEN: dict[int, str | None] = {
    code: quote(chr(code))
    for code in (
        *(*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F)),
        *(*range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC), 0xFFFE, 0xFFFF),
    )
}
_UNSEEN.update(dict.fromkeys(range(0xD800, 0xE000), "%3F"))
_UNSEEN.update(dict.fromkeys(map(ord, "\t\n\r")))
# What may stand around a url: white space, and control characters, as browsers do.
_EDGES = (
    "".join(map(chr, range(0x21)))
    + "\x7f\x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + ("\u2028\u2029\u202f\u205f\u3000")
)
# Numbers that programs take for an IPv4 address, in every base: 2130706433, 0x7f.1, 0177.0.0.1.
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}")
_PRIVATE_NAMES = frozenset("localhost localdomain local internal intranet private corp home lan arpa".split())
# NAT64: the last four bytes are an IPv4 address.
_EMBEDDING_NETWORK = IPv6Network("64:ff9b::/96")
_MOST_ROUNDS = 4
_PATH_CHARACTERS = "+:@,;=~!$&()*"
# Query parameters that change what a page shows; every other one (gidzl, fbclid, utm_..., resize, ...) is tracking.
_LISTING_PARAMETER = "page"

_CONTENT_TYPES: dict[str, ContentType] = {
    "multimedia/anh": "photo",
    "multimedia/video": "video",
    "video-clip": "video",
    "vov-plus/reels": "video",
    "multimedia/e-magazine": "emagazine",
    "e-magazine": "emagazine",
    "emagazine": "emagazine",
    "multimedia/infographic": "infographic",
    "podcast": "podcast",
    "vov-plus/podcast": "podcast",
}


def parse(url: str, base: str = SITE + "/") -> SiteUrl | None:
    """The page that `url`, as written on the page `base`, names; None if that is out of scope or no url."""
    if base != _FRONT_PAGE and base.startswith(_FRONT_PAGE) and _FROM_THE_ROOT.match(url):
        # The page does not matter, and the same links stand on many.
        base = _FRONT_PAGE
    return _parse(url, base)


def in_scope(url: str) -> SiteUrl | None:
    """The page that a request for `url` would ask for, if it is the newspaper's; else None.

    Unlike a link, a request stands on no page: only a whole url, with scheme and host, in visible ASCII, names one.
    """
    return parse(url) if _WHOLE.fullmatch(url) else None


@lru_cache(maxsize=4096)
def _parse(url: str, base: str) -> SiteUrl | None:
    url = url.strip(_EDGES)
    if not url or max(len(url), len(base)) > LONGEST or url[0] == "#":
        return None
    try:
        joined = urljoin(base, url)
        joined.encode()
        parts = urlsplit(joined)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.hostname not in HOSTS:
        return None
    if parts.username is not None or parts.password is not None or port not in (None, 80, 443):
        return None
    path = _canonical_path(parts.path or "/")
    if path is None:
        return None
    query = quote(parts.query, safe="=&+%/:,") if parts.query else ""
    if len(path) + len(query) > LONGEST - len(SITE) - 1:
        return None
    if path == "/":
        return SiteUrl(f"{SITE}/", Kind.HOME)
    if _LANGUAGE.match(path):
        return None
    named = _read_article(path) or _read_listing(path, parts.query)
    return named or SiteUrl(f"{SITE}{path}" + (f"?{query}" if query else ""), Kind.OTHER)


def _match_article(path: str) -> re.Match[str] | None:
    return _ARTICLE.match(path) or _EARLY_ARTICLE.match(path)


def _read_article(path: str) -> SiteUrl | None:
    match = _match_article(path)
    if match is None and _WITHOUT_ENDING.match(path) and path.split("/", 2)[1] not in _NOT_SECTIONS:
        path += ".vov"
        match = _match_article(path)
    if match is None:
        return None
    section = match["section"].lower() if match["section"] else None
    return SiteUrl(SITE + path, Kind.ARTICLE, id=match["id"], section=None if section == _EARLY_FRONT_PAGE else section)


def _read_listing(path: str, query: str) -> SiteUrl | None:
    pager = _EARLY_PAGER.match(path)
    if pager is not None:
        # It counted from one, and its urls had no query.
        path, query = pager["listing"] or "", f"{_LISTING_PARAMETER}={max(int(pager['page']) - 1, 0)}"
    if _TAG.match(path):
        # "+" and "%20" are the same blank in the older form /tag/<text>.
        return _listing(path.replace("+", "%20"), query, Kind.TAG)
    if _SECTION.match(path) and path.split("/", 2)[1] not in _NOT_SECTIONS:
        return _listing(path, query, Kind.SECTION)
    return None


def _canonical_path(path: str) -> str | None:
    """`path` without doubled or closing slashes or dot segments, each character encoded or not as it must be; None for
    one that hides such things in each other."""
    if "//" in path:
        path = re.sub(r"/{2,}", "/", path)
    if not _PLAIN_PATH.match(path):
        path = "/".join(quote(unquote(part), safe=_PATH_CHARACTERS) for part in path.split("/"))
    for _ in range(_MOST_ROUNDS):
        # Joining drops a last semicolon of some urls, and resolves the dots of relative ones alone.
        plain = path.rstrip("/;") or "/"
        if "/." in plain:
            plain = urlsplit(urljoin(SITE, plain)).path
        if plain == path:
            return path
        path = plain
    return None


def _listing(path: str, query: str, kind: Kind) -> SiteUrl:
    page = 0
    for name, value in parse_qsl(query, max_num_fields=50) if query.count("&") < 50 else []:
        if name == _LISTING_PARAMETER and value.isascii() and value.isdigit() and len(value) < 7:
            page = int(value)
    return SiteUrl(f"{SITE}{path}" + (f"?page={page}" if page else ""), kind, page=page)


def article(url: str, base: str = SITE + "/") -> SiteUrl | None:
    """The article's page that `url` names; None if it names no article in scope."""
    parsed = parse(url, base)
    return parsed if parsed is not None and parsed.kind is Kind.ARTICLE else None


def article_id(url: str) -> str | None:
    """The `id` in the url of an article of any edition, in scope or not."""
    match = _match_article(urlsplit(url).path)
    return match["id"] if match else None


def nth_page(listing: str, page: int) -> str:
    """The url of a listing's zero-based `page`; `listing` is the url of its first one."""
    return f"{listing}?page={page}" if page else listing


def content_type(site_url: SiteUrl) -> ContentType | None:
    """The kind of article that the path of a url promises; None where the path says nothing."""
    path = urlsplit(site_url.url).path.strip("/").lower()
    first, _, rest = path.partition("/")
    return _CONTENT_TYPES.get(f"{first}/{rest.partition('/')[0]}") or _CONTENT_TYPES.get(first)


def text_key(headline: str, body: str) -> str:
    """The identity of a text without a url: `urn:vovcrawl:text:<sha256 of headline, newline, body>`."""
    return TEXT_PREFIX + hashlib.sha256(f"{headline}\n{body}".encode()).hexdigest()


def short_key(key: str) -> str:
    """The `id` of a text without a url: the first 16 hexadecimal digits of its key."""
    return key.removeprefix(TEXT_PREFIX)[:16]


def absolute(url: str, base: str) -> str | None:
    """`url` made absolute, if its scheme is http or https; None for `data:`, `javascript:` and what cannot be read."""
    url = url.strip(_EDGES)
    if not url or len(url) > LONGEST or url[0] == "#":
        return None
    if _PLAIN_ADDRESS.match(url):
        return url
    if len(base) > LONGEST:
        return None
    try:
        joined = urljoin(base, url)
        joined.encode()
        parts = urlsplit(joined)
    except ValueError:
        return None
    return as_written(joined) if parts.scheme in ("http", "https") and parts.netloc else None


def is_public(url: str) -> bool:
    """Whether a whole `url` leads to a public host by http or https, as far as it tells by itself: to no private
    network, nor to this machine, however the address is written."""
    try:
        parts = urlsplit(url)
        written = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    host = unicodedata.normalize("NFKC", unquote(written)).lower().replace("\u3002", ".").rstrip(".")
    if ":" in host:
        return _is_public_ip(host.partition("%")[0])
    if _NUMBERS.fullmatch(host):
        try:
            return _is_public_ip(inet_ntoa(inet_aton(host)))
        except OSError:
            return False
    return "." in host and host.rpartition(".")[2] not in _PRIVATE_NAMES


def _is_public_ip(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if within is None and address in _EMBEDDING_NETWORK:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return within.is_global
    return address.is_global and not address.is_multicast


def as_written(url: str) -> str:
    """`url` as it is, but for characters that show nothing, which are encoded, and line breaks and tabs, which are
    dropped as browsers do: a url goes into logs and tables."""
    url = url.strip(_EDGES)
    return url if url.isprintable() else url.translate(_UNSEEN)


def is_out_of_scope(url: str) -> bool:
    """Whether `url` leads to another site by http or https; what cannot be read as a url does not."""
    made = absolute(url, SITE)
    return made is not None and made == as_written(url) and parse(url) is None
