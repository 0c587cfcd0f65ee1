"""How long a busy server is left alone."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from scrapy.http import Response

from vovcrawl.extensions.retry_after import wanted_pause


def answer(retry_after: str | None, **headers: str) -> Response:
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    return Response("https://vov.vn/xa-hoi", status=503, headers=headers)


@pytest.mark.parametrize(("written", "seconds"), [("1", 1), (" 120 ", 120), ("1.5", 1.5), ("9" * 400, float("inf"))])
def test_seconds(written: str, seconds: float) -> None:
    assert wanted_pause(answer(written)) == seconds


@pytest.mark.parametrize(
    "written",
    ["Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun, 06 Nov 1994 15:50:37 +0700"],
)
def test_a_date_is_reckoned_from_the_servers_clock(written: str) -> None:
    assert wanted_pause(answer(written, Date="Sun, 06 Nov 1994 08:49:37 GMT")) == 60


def test_a_date_is_reckoned_from_our_clock_where_the_server_shows_none() -> None:
    seconds = wanted_pause(answer(formatdate(time.time() + 1000, usegmt=True)))
    assert seconds is not None
    assert 900 < seconds <= 1000


@pytest.mark.parametrize(
    "written",
    [None, "", "0", "-5", "soon", "5 minutes", "nan", "inf", "1e3", "٣", "Sun, 06 Nov 1994 08:49:37 GMT", "31/12/2099"],
)
def test_nonsense_and_the_past_say_nothing(written: str | None) -> None:
    assert wanted_pause(answer(written)) is None
