"""WARC files that tests read, made record by record."""

from __future__ import annotations

import base64
import gzip
import hashlib
import random
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import brotli
import zstandard

from tests.pages.snippets import page

DATE = "2023-10-14T07:05:00Z"
_LEADS = "Chợ họp sớm Ghe thuyền đậu kín Trời sáng dần Khách đến đông Nước lên nhanh".split()


def article_url(number: int) -> str:
    """The url of an invented article."""
    return f"https://vov.vn/xa-hoi/cho-noi-mua-nuoc-post{number}.vov"


def article(number: int, words: str = "") -> bytes:
    """The page of an invented article."""
    lead = " ".join(random.Random(number).choices(_LEADS, k=12))
    return page(f"<p>{lead} lần thứ {number}. {words}</p>", address=article_url(number)).encode()


def record(kind: str, block: bytes, fields: Iterable[tuple[str, str]] = (), length: int | None = None) -> bytes:
    """Any record, as it stands in a file that is not packed."""
    head = [("WARC-Type", kind), *fields, ("Content-Length", str(len(block) if length is None else length))]
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def digest(body: bytes) -> str:
    """A payload's digest, as WARC files name it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()}"


def http(body: bytes, status: str = "200 OK", headers: Sequence[tuple[str, str]] | None = None) -> bytes:
    """An HTTP response; without `headers` as those of the site."""
    if headers is None:
        headers = [("Content-Type", "text/html; charset=UTF-8"), ("Content-Length", str(len(body)))]
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def response(
    url: str,
    body: bytes,
    *,
    date: str = DATE,
    status: str = "200 OK",
    headers: Sequence[tuple[str, str]] | None = None,
    fields: Iterable[tuple[str, str]] = (),
    length: int | None = None,
) -> bytes:
    """A `response` record."""
    all_fields = [
        ("WARC-Target-URI", url),
        ("WARC-Date", date),
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Payload-Digest", digest(body)),
        *fields,
    ]
    return record("response", http(body, status, headers), all_fields, length)


def revisit(url: str, body: bytes, *, date: str, refers_to: str | None = None, refers_date: str = DATE) -> bytes:
    """A `revisit` record of a page that was as it had been."""
    fields = [
        ("WARC-Target-URI", url),
        ("WARC-Date", date),
        ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"),
        ("WARC-Payload-Digest", digest(body)),
        ("Content-Type", "application/http; msgtype=response"),
    ]
    if refers_to:
        fields += [("WARC-Refers-To-Target-URI", refers_to), ("WARC-Refers-To-Date", refers_date)]
    return record("revisit", http(b"", headers=[("Content-Type", "text/html")]), fields)


def not_modified(url: str) -> bytes:
    """A `revisit` record of a page of which the server said that it was as it had been."""
    profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    return record("revisit", b"", [("WARC-Target-URI", url), ("WARC-Date", DATE), ("WARC-Profile", profile)])


def packed(*records: bytes) -> bytes:
    """A file that is gzipped record by record."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def chunked(body: bytes, size: int = 1000) -> bytes:
    """A body in chunks, as servers send it."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts) + b"0\r\n\r\n"


def encoded(body: bytes, encoding: str) -> bytes:
    """A body packed as a server would."""
    if encoding == "gzip":
        return gzip.compress(body, mtime=0)
    if encoding == "deflate":
        return zlib.compress(body)
    if encoding == "raw deflate":
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return packer.compress(body) + packer.flush()
    if encoding == "br":
        made: bytes = brotli.compress(body)
        return made
    return zstandard.ZstdCompressor().compress(body)


@dataclass
class Crawled:
    """A file as Common Crawl makes them, and what is in it."""

    data: bytes = b""
    articles: dict[str, bytes] = field(default_factory=dict)
    """The pages of the newspaper's, by url."""
    counts: Counter[str] = field(default_factory=Counter)
    """What becomes of its records, in the words of `vovcrawl.archives.records.Became`."""
    lost: set[str] = field(default_factory=set)
    """Urls of articles whose only record is broken or truncated."""


def crawled(records: int, articles: int, lost: int = 0, seed: int = 1) -> Crawled:
    """A file of so many records, with so many articles of the newspaper's among pages of other sites.

    Args:
        records: how many there are.
        articles: how many of them give one each.
        lost: of how many more articles the record is broken.
        seed: the same makes the same file.
    """
    chance = random.Random(seed)
    made = Crawled()
    other = [page(f"<p>{'Another page. ' * chance.randint(10, 400)}</p>", address=None).encode() for _ in range(20)]
    kinds = ["vov"] * articles + ["lost"] * lost
    kinds += chance.choices(
        "response request metadata edition status image revisit unmodified broken truncated unresolved garbage".split(),
        [50, 20, 10, 2, 2, 1, 4, 2, 1, 1, 2, 1],
        k=records - len(kinds) - 1,
    )
    chance.shuffle(kinds)
    parts = [gzip.compress(record("warcinfo", b"software: invented\r\n"), mtime=0)]
    made.counts["not a response"] += 1
    seen: list[tuple[str, bytes]] = []
    before = ""
    for number, kind in enumerate(kinds, 1_000_000):
        url = f"https://site{number % 700}.example.org/{number}.html"
        body = chance.choice(other)
        became, made_record = "other host", response(url, body)
        if kind == "vov":
            url, body = article_url(number), article(number)
            made.articles[url] = body
            seen.append((url, body))
            how = chance.choice(["plain", "gzip", "br", "zstd", "deflate", "chunked", "left", "www"])
            became, made_record = "article", _article_record(url, body, how)
        elif kind == "lost":
            url, body = article_url(number), article(number)
            made.lost.add(url)
            became, made_record = "truncated", response(url, body[:500], fields=[("WARC-Truncated", "length")])
        elif kind == "request":
            became, made_record = (
                "not a response",
                record("request", b"GET / HTTP/1.1\r\n\r\n", [("WARC-Target-URI", url)]),
            )
        elif kind == "metadata":
            became, made_record = (
                "not a response",
                record("metadata", b"fetchTimeMs: 12\r\n", [("WARC-Target-URI", url)]),
            )
        elif kind == "edition":
            became, made_record = (
                "out of scope",
                response(f"https://english.vov.vn/en/society/a-post{number}.vov", body),
            )
        elif kind == "status":
            became, made_record = "not 200", response(article_url(number), b"", status="404 Not Found")
        elif kind == "image":
            headers = [("Content-Type", "image/jpeg")]
            became, made_record = "not HTML", response(f"https://vov.vn/{number}.jpg", b"\xff\xd8", headers=headers)
        elif kind == "revisit" and seen:
            # The same page again: it is read, and nothing of it is new.
            of_url, of_body = chance.choice(seen)
            date = "2023-11-01T00:00:00Z"
            became, made_record = "article", revisit(of_url, of_body, date=date, refers_to=of_url)
        elif kind == "unmodified":
            became, made_record = "not modified", not_modified(article_url(number))
        elif kind == "unresolved":
            became, made_record = "unresolved revisit", revisit(article_url(number), b"%d" % number, date=DATE)
        elif kind == "truncated":
            made_record = response(url, body, fields=[("WARC-Truncated", "length")])
        raw = gzip.compress(made_record, mtime=0)
        if kind == "broken":
            # Nothing but the header is left whole.
            became, raw = "broken", raw[:-20] + bytes(20)
        elif kind == "garbage":
            became, raw = "broken", chance.randbytes(100)
        # Nothing shows where one damage ends and another begins.
        made.counts[became] += not (kind == "garbage" and before in ("broken", "garbage"))
        before = kind
        parts.append(raw)
    made.data = b"".join(parts)
    return made


def _article_record(url: str, body: bytes, how: str) -> bytes:
    html = ("Content-Type", "text/html; charset=utf-8")
    if how in ("gzip", "br", "zstd", "deflate"):
        sent = encoded(body, how)
        return response(url, sent, headers=[html, ("Content-Encoding", how), ("Content-Length", str(len(sent)))])
    if how == "chunked":
        sent = chunked(encoded(body, "gzip"))
        return response(url, sent, headers=[html, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")])
    if how == "left":
        # Unpacked by whoever recorded it.
        headers = [html, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Length", "77")]
        return response(url, body, headers=headers)
    if how == "www":
        return response(url.replace("https://", "http://www."), body)
    return response(url, body)
