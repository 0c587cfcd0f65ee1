"""Connections to which the sample server gives something else than a response."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from sample_site import misbehaviour
from sample_site.server import Misdeed, SampleServer

PATH = "/xa-hoi"


@contextmanager
def asking(site: SampleServer, misdeed: Misdeed) -> Iterator[http.client.HTTPConnection]:
    """A connection on which a page was asked for that this is done to instead."""
    site.answer(PATH, lambda request: misdeed)
    parts = urlsplit(site.url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=1)
    connection.request("GET", PATH)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("misdeed", "error"),
    [
        (misbehaviour.reset, ConnectionResetError),
        (misbehaviour.hang_up, http.client.RemoteDisconnected),
        (misbehaviour.stall, TimeoutError),
    ],
)
def test_there_is_no_answer(site: SampleServer, misdeed: Misdeed, error: type[Exception]) -> None:
    with asking(site, misdeed) as connection, pytest.raises(error):
        connection.getresponse()


@pytest.mark.parametrize("misdeed", [misbehaviour.cut_short, misbehaviour.cut_chunks])
def test_the_answer_lacks_what_it_announces(site: SampleServer, misdeed: Misdeed) -> None:
    with asking(site, misdeed) as connection, pytest.raises(http.client.IncompleteRead):
        connection.getresponse().read()


def test_a_packed_answer_lacks_its_end_alone(site: SampleServer) -> None:
    with asking(site, misbehaviour.cut_packed) as connection:
        response = connection.getresponse()
        body = response.read()
    assert response.headers["Content-Encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(body)


@pytest.mark.parametrize(("misdeed", "share"), [(misbehaviour.cut_unannounced, 2), (misbehaviour.whole_unannounced, 1)])
def test_an_answer_of_no_length_ends_with_its_connection(site: SampleServer, misdeed: Misdeed, share: int) -> None:
    with asking(site, misdeed) as connection:
        response = connection.getresponse()
        assert response.length is None
        due = site.pages.get(PATH).body
        assert response.read() == due[: len(due) // share]


def test_a_drip_goes_on_for_longer_than_a_client_waits_for_all_of_it(site: SampleServer) -> None:
    with asking(site, misbehaviour.drip) as connection:
        response = connection.getresponse()
        assert response.read(1) + response.read(1) == site.pages.get(PATH).body[:2]
