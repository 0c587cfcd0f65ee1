"""What counts as a secret in a text."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.masking import mask_log, masked, told_apart

PLAIN = [
    "https://vov.vn/xa-hoi/a-post1.vov?gidzl=1&page=2",
    "https://vov.vn:443/xa-hoi/@b",
    "postgresql://user@host:5432/db?passfile=/home/me/.pgpass&sslmode=require",
    "lúc 10:30, hỏi a@b.vn",
    "mailto:a@b.vn",
    "bypass=1",
    "data/vov.sqlite",
]
SECRET = st.text("abcXYZ019._~+-%!", min_size=8, max_size=20).filter(lambda text: text not in "passwordtokensecret")
FORMS = [
    "postgresql://user:{}@host/db",
    "postgresql://:{}@host/db",
    "http://user:{}@127.0.0.1:8080 is down",
    "http://user:a@b{}@127.0.0.1/",
    "postgresql://user:a/b{}@host/db",
    "invalid hostname: user:{}@127.0.0.1",
    "postgresql://user@host/db?password={}&sslmode=require",
    "postgresql://user@host/db?sslmode=require&sslpassword={}",
    "connection failed: host=h user=u password={} dbname=d",
    "connection failed: password='{} b' dbname=d",
    "{{'FTP_PASSWORD': '{}', 'LOG_LEVEL': 'INFO'}}",
    "{{'AWS_SECRET_ACCESS_KEY': \"it's {}\"}}",
    "HTTPAUTH_PASS={}",
    "https://vov.vn/tim?api_key={}",
    "PGPASSWORD = {}",
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert masked(text) == text


@given(SECRET, st.sampled_from(FORMS))
def test_a_secret_is_shown_in_no_form(secret: str, form: str) -> None:
    text = form.format(secret)
    assert secret not in masked(text)
    assert "***" in masked(text)
    assert secret not in told_apart(text)


@given(SECRET, st.sampled_from(FORMS))
def test_what_is_masked_stays_as_it_is(secret: str, form: str) -> None:
    once = masked(form.format(secret))
    assert masked(once) == once


def test_two_secrets_are_told_apart_and_one_is_the_same_each_time() -> None:
    one, other = (told_apart(f"https://vov.vn/tim?token={secret}") for secret in ("một", "hai"))
    assert one != other
    assert one == told_apart("https://vov.vn/tim?token=một")


def test_the_log_holds_no_secret_of_a_message_or_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    mask_log()
    try:
        try:
            raise ValueError("no such host: ftp://user:kingfisher@host/b")
        except ValueError:
            logging.getLogger("any").exception("cannot write %s", "ftp://user:kingfisher@host/a")
    finally:
        logging.setLogRecordFactory(before)
    assert "cannot write ftp://user:***@host/a" in caplog.text
    assert "no such host: ftp://user:***@host/b" in caplog.text
    assert "kingfisher@" not in caplog.text
