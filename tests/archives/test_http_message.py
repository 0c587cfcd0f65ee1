"""The page in an HTTP response of an archive, however it was sent or recorded."""

from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archives.warc_files import article, chunked, encoded, http
from vovcrawl.archives.http_message import BrokenBody, TooLarge, read_response, unpacked

PAGE = article(1)
HTML = ("Content-Type", "text/html; charset=utf-8")
LARGEST = 1_000_000
ENCODINGS = ["gzip", "deflate", "raw deflate", "br", "zstd"]


def sent(body: bytes, *headers: tuple[str, str], largest: int = LARGEST) -> bytes:
    return unpacked(read_response(http(body, headers=[HTML, *headers])), largest)


def named(encoding: str) -> tuple[str, str]:
    return "Content-Encoding", encoding.removeprefix("raw ")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_packed_page_is_unpacked(encoding: str) -> None:
    assert sent(encoded(PAGE, encoding), named(encoding)) == PAGE


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_packed_page_in_chunks_is_unpacked(encoding: str) -> None:
    assert sent(chunked(encoded(PAGE, encoding)), named(encoding), ("Transfer-Encoding", "chunked")) == PAGE


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_packed_page_that_breaks_off_is_broken(encoding: str) -> None:
    with pytest.raises(BrokenBody):
        sent(encoded(PAGE, encoding)[:-30], named(encoding))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_page_that_is_too_large_once_it_is_unpacked_is_refused_without_being_held(encoding: str) -> None:
    with pytest.raises(TooLarge):
        sent(encoded(bytes(30_000_000), encoding), named(encoding), largest=10_000)


def test_a_page_that_was_packed_twice_is_unpacked_twice() -> None:
    assert sent(encoded(encoded(PAGE, "br"), "gzip"), ("Content-Encoding", "br, gzip")) == PAGE


def test_a_page_that_is_packed_more_often_than_servers_do_is_refused() -> None:
    with pytest.raises(BrokenBody, match="more than 3 encodings"):
        sent(PAGE, ("Content-Encoding", "gzip, gzip, gzip, gzip"))


def test_a_page_in_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(BrokenBody, match="unknown encoding"):
        sent(b"\x00\x01", ("Content-Encoding", "rot13"))


@pytest.mark.parametrize("encoding", [*ENCODINGS, "rot13"])
def test_a_page_that_whoever_recorded_it_unpacked_is_taken_as_it_is(encoding: str) -> None:
    headers = [named(encoding), ("Transfer-Encoding", "chunked"), ("Content-Length", "12")]
    assert sent(PAGE, *headers) == PAGE


def test_a_page_whose_length_is_that_of_before_it_was_unpacked_is_taken_as_it_is() -> None:
    assert sent(PAGE, ("Content-Length", str(len(PAGE) + 5000))) == PAGE


def test_a_packed_page_whose_header_names_no_encoding_is_unpacked() -> None:
    assert sent(gzip.compress(PAGE), ("X-Crawler-Content-Encoding", "gzip")) == PAGE


@pytest.mark.parametrize("headers", [[("Content-Length", str(len(PAGE)))], [], [("Transfer-Encoding", "chunked")]])
def test_a_plain_page_that_breaks_off_is_broken(headers: list[tuple[str, str]]) -> None:
    body = chunked(PAGE)[:-200] if headers and headers[0][0] == "Transfer-Encoding" else PAGE[:-200]
    with pytest.raises(BrokenBody) as refusal:
        sent(body, *headers)
    assert refusal.value.breaks_off


def test_chunks_may_carry_extensions_and_trailers() -> None:
    body = b"5;name=value\r\n<html\r\n8 \r\n></html>\r\n0\r\nX-Trailer: 1\r\n\r\n"
    assert sent(body, ("Transfer-Encoding", "chunked")) == b"<html></html>"


@pytest.mark.parametrize(
    "block", [b"", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200"]
)
def test_what_is_no_response_is_refused(block: bytes) -> None:
    with pytest.raises(BrokenBody):
        read_response(block)


@pytest.mark.parametrize("first", ["HTTP/1.0 200 OK", "HTTP/1.1 200", "HTTP/2 200", "HTTP/1.1 200 Tất cả đều ổn"])
def test_the_status_is_read_from_any_first_line(first: str) -> None:
    assert read_response(f"{first}\r\nContent-Type: text/html\r\n\r\n".encode()).status == 200


@pytest.mark.parametrize(
    ("written", "content_type", "charset"),
    [
        ("text/html; charset=UTF-8", "text/html", "utf-8"),
        ('TEXT/HTML;charset="windows-1258"', "text/html", "cp1258"),
        ("text/html", "text/html", None),
        ("", "", None),
    ],
)
def test_the_type_and_the_encoding_are_those_of_the_header(
    written: str, content_type: str, charset: str | None
) -> None:
    response = read_response(http(PAGE, headers=[("Content-Type", written)]))
    assert (response.content_type, response.charset) == (content_type, charset)


@settings(max_examples=200, deadline=None)
@given(
    body=st.binary(max_size=300),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["Content-Encoding", "Transfer-Encoding", "Content-Length"]),
            st.sampled_from(["gzip", "deflate", "br", "zstd", "chunked", "12", "0", "x"]),
        ),
        max_size=4,
    ),
)
def test_any_bytes_are_unpacked_or_refused(body: bytes, headers: list[tuple[str, str]]) -> None:
    with suppress(BrokenBody, TooLarge):
        assert len(sent(body, *headers, largest=1000)) <= 1000
