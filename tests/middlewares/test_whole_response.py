"""Responses that break off."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import Response

from tests.crawlers import make_crawler
from vovcrawl.middlewares.whole_response import WholeResponseMiddleware, unpacks
from vovcrawl.pages.page_end import ends
from vovcrawl.visits import PAGE

STORY = "https://vov.vn/xa-hoi/cau-moi-post890562.vov"
HTML = b"<!DOCTYPE html><html><body><p>M\xe1\xbb\x99t.</p></body></html>\n"


def deflated(body: bytes, wbits: int) -> bytes:
    packing = zlib.compressobj(wbits=wbits)
    return packing.compress(body) + packing.flush()


PACKED = {b"gzip": gzip.compress(HTML), b"deflate": zlib.compress(HTML), b"x-gzip": gzip.compress(HTML)}


@pytest.fixture
def middleware(tmp_path: Path) -> Iterator[WholeResponseMiddleware]:
    crawler, context, _ = make_crawler(tmp_path)
    yield WholeResponseMiddleware.from_crawler(crawler)
    context.close()


def request(**meta: bool) -> Request:
    return Request(STORY, meta={PAGE: STORY, **meta})


def test_a_broken_answer_is_asked_for_again_until_no_attempt_is_left(middleware: WholeResponseMiddleware) -> None:
    broken = Response(STORY, headers={"Content-Encoding": "gzip"}, body=PACKED[b"gzip"][:-9])
    asked = [request()]
    for _ in range(2):
        again = middleware.process_response(asked[-1], broken)
        assert isinstance(again, Request)
        asked.append(again)
    assert [one.meta.get("retry_times") for one in asked] == [None, 1, 2]
    with pytest.raises(ResponseDataLossError):
        middleware.process_response(asked[-1], broken)


@pytest.mark.parametrize("status", [200, 302, 404])
@pytest.mark.parametrize("written", [["gzip, gzip, gzip, gzip"], ["gzip", "br", "x", "deflate"], ["gzip,"] * 1000])
def test_a_response_in_more_than_three_encodings_is_refused(
    middleware: WholeResponseMiddleware, written: list[str], status: int
) -> None:
    with pytest.raises(IgnoreRequest, match="more than 3 encodings"):
        middleware.process_response(
            Request(STORY), Response(STORY, status, headers={"Content-Encoding": written}, body=b"a")
        )


def test_three_encodings_are_for_scrapy_to_unpack(middleware: WholeResponseMiddleware) -> None:
    packed = Response(STORY, headers={"Content-Encoding": "gzip, gzip , , gzip"}, body=gzip.compress(b"a"))
    assert middleware.process_response(request(), packed) is packed


@pytest.mark.parametrize(
    "response",
    [
        Response(STORY, body=HTML[:-20]),
        Response(STORY, body=HTML, flags=["partial"]),
        Response(STORY, body=b"", flags=["partial"]),
        Response(STORY, body=HTML[:20], flags=["partial"], status=404),
        Response(STORY, body=PACKED[b"gzip"], headers={"Content-Encoding": "gzip"}, flags=["partial"]),
    ],
)
def test_what_does_not_show_that_it_is_broken_passes(middleware: WholeResponseMiddleware, response: Response) -> None:
    assert middleware.process_response(request(), response) is response


def test_a_robots_txt_need_not_end_as_a_page_does(middleware: WholeResponseMiddleware) -> None:
    rules = Response("https://vov.vn/robots.txt", body=b"User-agent: *", flags=["partial"])
    assert middleware.process_response(Request(rules.url), rules) is rules


def test_without_retries_a_broken_answer_is_given_up_at_once(middleware: WholeResponseMiddleware) -> None:
    broken = Response(STORY, body=HTML[:20], flags=["partial"])
    with pytest.raises(ResponseDataLossError):
        middleware.process_response(request(dont_retry=True), broken)


@pytest.mark.parametrize("encoding", list(PACKED))
@given(data=st.data())
def test_packed_data_that_lacks_anything_does_not_unpack(encoding: bytes, data: st.DataObject) -> None:
    packed = PACKED[encoding]
    assert unpacks(packed, encoding, 0)
    assert not unpacks(packed[: data.draw(st.integers(0, len(packed) - 1))], encoding, 0)


def test_deflate_without_a_header_is_understood() -> None:
    raw = deflated(HTML, -zlib.MAX_WBITS)
    assert unpacks(raw, b"deflate", 0)
    assert not unpacks(raw[:-1], b"deflate", 0)


def test_packed_data_with_noise_in_it_does_not_unpack() -> None:
    packed = bytearray(gzip.compress(HTML * 100))
    packed[len(packed) // 2] ^= 0xFF
    assert not unpacks(bytes(packed), b"gzip", 0)


def test_what_is_larger_than_allowed_is_left_to_others_to_judge() -> None:
    packed = gzip.compress(bytes(100_000))
    assert unpacks(packed[:-9], b"gzip", 50_000)
    assert not unpacks(packed[:-9], b"gzip", 200_000)


@pytest.mark.parametrize("tail", [b"</html>", b"</HTML >\r\n", b"</html><!-- 0.2 s --> <!-- b -->\n"])
def test_html_ends_with_its_last_tag_and_comments(tail: bytes) -> None:
    assert ends(b"<html><body>Tin</body>" + tail)


@pytest.mark.parametrize("tail", [b"", b"</body>", b"</html", b"</html><!-- 0.2", b"</html><p>"])
def test_html_that_ends_otherwise_is_broken(tail: bytes) -> None:
    assert not ends(b"<html><body>Tin" + tail)


def test_xml_is_left_to_its_reader() -> None:
    assert ends(b"\xef\xbb\xbf<?xml version='1.0'?><urlset><url>")
