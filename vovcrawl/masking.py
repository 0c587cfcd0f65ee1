"""What nobody is to see of what users give: passwords, keys and tokens, in urls, in settings, in what libraries say.

Text alone decides: a secret is what stands for the password in a url, or is the value of a name that smells of one
(`sslpassword=...`, `'FTP_PASSWORD': '...'`), so that it is found wherever it has come to.
"""

from __future__ import annotations

import hashlib
import logging
import re
import traceback
from collections.abc import Callable
from typing import Any

_NAME = (
    r"[\w.-]{0,40}(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|(?:api|access|account|private)[_-]?key)"
    r"[\w.-]{0,40}+|(?:[\w.-]{0,40}_)?pass"
)
# In a url: up to the last @ before its path, or, with what should have been encoded, up to the first. A port is none.
_PASSWORD = re.compile(
    r"(?P<before>://[^\s/?#:@]{0,200}:)"
    r"(?P<secret>[^\s/?#]{1,1000}(?=@)|(?!\d{1,5}[/?#])[^\s@]{1,1000}(?=@))"
)
# As libraries say whom they ask: `user:password@host`.
_BARE = re.compile(r"(?P<before>(?<![\w.:/@-])(?!mailto:)[\w.-]{1,60}:)(?P<secret>[^\s/?#@]{1,1000}(?=@[\w\[]))")
_VALUE = re.compile(
    rf"(?P<before>(?<![\w.-])(?:{_NAME})(?:\s?=\s?|['\"]\s?:\s?))"
    r"(?P<secret>'(?:[^'\\]|\\.){1,4000}'|\"(?:[^\"\\]|\\.){1,4000}\"|[^\s&]+)",
    re.IGNORECASE,
)
_AROUND = "'\")}],;"
_HIDDEN = "***"


def masked(text: str) -> str:
    """`text` with `***` for each secret in it."""
    return _hide(text, lambda secret: _HIDDEN)


def told_apart(text: str) -> str:
    """`text` with `***` and four digits for each secret: two hardly look the same, and none can be read back."""
    return _hide(text, lambda secret: _HIDDEN + hashlib.sha256(secret.encode(errors="replace")).hexdigest()[:4])


def _hide(text: str, hidden: Callable[[str], str]) -> str:
    def replace(found: re.Match[str]) -> str:
        secret = found["secret"]
        bare = secret.strip(_AROUND)
        return found["before"] + (secret.replace(bare, hidden(bare)) if bare else secret)

    for pattern in (_PASSWORD, _BARE, _VALUE):
        text = pattern.sub(replace, text)
    return text


class _Masking:
    """Makes the records of the log without secrets."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *given: Any, **named: Any) -> logging.LogRecord:
        record = self._make(*given, **named)
        try:
            text = record.getMessage()
        except Exception:
            # Arguments that do not fit: whoever writes the record says so.
            return record
        if (hidden := masked(text)) != text:
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[0] is not None:
            text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            if (hidden := masked(text)) != text:
                record.exc_text = hidden
        return record


def mask_log() -> None:
    """Has no record of this process's log hold a secret, whoever writes it; once more changes nothing.

    Handlers come and go while Scrapy begins, and some lines come before any filter of a crawl's.
    """
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Masking):
        logging.setLogRecordFactory(_Masking(make))
