"""Records of WARC 1.1, as warcio reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.checker import Checker

from tests.archives.exchanges import HEAD, PAGE, Record, exchange, records, warcs
from vovcrawl.archives.warc_writing import Exchange, ResponseArchive

URN = re.compile("<urn:uuid:[0-9a-f-]{36}>")


def written(*exchanges: Exchange) -> list[Record]:
    """What becomes of them, beside what is said of the file."""
    with TemporaryDirectory() as folder:
        responses = ResponseArchive(Path(folder), {"software": "a"})
        for each in exchanges:
            responses.write(each)
        responses.close()
        return records(warcs(Path(folder)))[1:]


def head_of(head: bytes) -> str:
    return written(exchange(head=head))[0].head


def test_a_response_and_its_request_stand_as_they_came_and_point_to_each_other() -> None:
    response, request = written(exchange())
    assert (response.kind, request.kind) == ("response", "request")
    assert response.head.encode() == HEAD
    assert response.body == b"<p>C\xe1\xba\xa7u</p>"
    assert request.head == "GET /xa-hoi/cau-moi-post1.vov HTTP/1.1\r\nHost: vov.vn\r\n"
    assert {response.url, request.url} == {PAGE}
    assert response.fields["WARC-Concurrent-To"] == request.id
    assert request.fields["WARC-Concurrent-To"] == response.id
    assert {each.fields["WARC-Date"] for each in (response, request)} == {"2026-07-16T05:00:00.123456Z"}
    assert all(URN.fullmatch(each.id) for each in (response, request))


def test_every_record_has_digests_that_are_right() -> None:
    response, request = written(exchange())
    for record in (response, request):
        assert record.problems == ()
        assert record.fields["WARC-Payload-Digest"].startswith("sha256:")
        assert record.fields["WARC-Block-Digest"].startswith("sha256:")


def test_a_page_that_has_not_changed_is_a_revisit_without_a_body() -> None:
    revisit, request = written(replace(exchange(body=b""), is_not_modified=True))
    assert (revisit.kind, request.kind) == ("revisit", "request")
    assert revisit.fields["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.fields["WARC-Refers-To-Target-URI"] == PAGE
    assert "WARC-Payload-Digest" not in revisit.fields
    assert revisit.head.encode() == HEAD
    assert revisit.problems == ()


def test_two_attempts_at_a_page_are_two_records() -> None:
    found = written(exchange(), exchange())
    assert len({record.id for record in found}) == 4


def test_what_is_known_of_the_server_and_of_a_body_cut_short_is_said() -> None:
    response, request = written(replace(exchange(), ip_address="192.0.2.1", truncated="disconnect"))
    assert response.fields["WARC-IP-Address"] == request.fields["WARC-IP-Address"] == "192.0.2.1"
    assert response.fields["WARC-Truncated"] == "disconnect"
    assert "WARC-Truncated" not in request.fields


def test_headers_that_are_no_ascii_stand_as_they_came() -> None:
    with TemporaryDirectory() as folder:
        responses = ResponseArchive(Path(folder), {})
        responses.write(exchange(head=HEAD + "X-Tên: cầu\r\n".encode()))
        responses.close()
        import gzip

        assert "X-Tên: cầu\r\n".encode() in gzip.decompress(warcs(Path(folder))[0].read_bytes())


def test_what_says_how_long_a_body_in_chunks_is_is_left_out() -> None:
    head = b"HTTP/1.1 200 OK\r\nTRANSFER-encoding: chunked,\r\n gzip\r\nContent-Length: 9\r\nETag: a\r\n"
    assert head_of(head) == "HTTP/1.1 200 OK\r\nETag: a\r\n"


def test_a_length_without_chunks_stays() -> None:
    assert "Content-Length: 9\r\n" in head_of(HEAD + b"Content-Length: 9\r\n")


@pytest.mark.parametrize(
    ("line", "became"),
    [
        (b"ICY/1.0 200 OK", "HTTP/1.1 200 OK"),
        (b"HTTP/9.9 301 Moved", "HTTP/1.1 301 Moved"),
        (b"http/1.1 200", "HTTP/1.1 200"),
        (b"HTTP/1.0 404 Not Found", "HTTP/1.0 404 Not Found"),
    ],
)
def test_a_status_line_is_one_that_readers_of_warc_know(line: bytes, became: str) -> None:
    assert head_of(line + b"\r\nETag: a\r\n").split("\r\n")[0].strip() == became


@pytest.mark.parametrize("line", [b" ", b"\t\x0b", b"no header", b" \xe3\x80\x80", b"\xc2\xa0", b": nothing"])
def test_a_line_that_would_end_the_head_too_early_is_left_out(line: bytes) -> None:
    response, _ = written(exchange(head=HEAD + line + b"\r\nServer: a\r\n", body=b"body"))
    assert response.body == b"body"
    assert response.problems == ()
    assert "Server: a\r\n" in response.head


LINES = st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"").removesuffix(b"\r")), max_size=6)


@given(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"").removesuffix(b"\r")), LINES, st.binary())
def test_whatever_a_server_sends_its_body_is_read_back_and_the_file_is_clean(
    status: bytes, lines: list[bytes], body: bytes
) -> None:
    head = b"".join(line + b"\r\n" for line in [status, *filter(None, lines)])
    response, request = written(exchange(head=head, body=body))
    assert response.body == body
    assert response.problems == request.problems == ()


def test_warcio_finds_nothing_wrong_with_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    responses = ResponseArchive(tmp_path, {"software": "a"})
    responses.write(exchange())
    responses.write(replace(exchange(body=b""), is_not_modified=True))
    responses.close()

    class Asked:
        inputs = tuple(str(path) for path in warcs(tmp_path))
        verbose = False

    assert Checker(Asked()).process_all() == 0
    assert capsys.readouterr().out == ""
