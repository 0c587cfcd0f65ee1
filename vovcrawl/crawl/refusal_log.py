"""Why a crawl did not begin, in the log that it was to have: scrapyd shows nothing else of it."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from vovcrawl.masking import masked
from vovcrawl.opening import open_regular
from vovcrawl.text import shown

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def log_refusal(settings: BaseSettings, status: int, line: str) -> None:
    """Adds a line to the file that `LOG_FILE` names, if it names one that can be written.

    It is added whatever `LOG_FILE_APPEND` says: the file may be the log of the crawl that holds the store.

    Args:
        settings: of the crawl.
        status: with which the process ends.
        line: why.
    """
    text = shown(masked(f"{line} (exit status {status:d})"))
    record = logging.LogRecord(__name__, logging.ERROR, "", 0, text, None, None)
    # What is wrong may be the log itself, or how it is to be written.
    with suppress(OSError, LookupError, TypeError, ValueError):
        name = settings.get("LOG_FILE")
        if not name or not settings.getbool("LOG_ENABLED"):
            return
        formatter = logging.Formatter(settings.get("LOG_FORMAT"), settings.get("LOG_DATEFORMAT"))
        written = f"{formatter.format(record)}\n".encode(settings.get("LOG_ENCODING") or "utf-8", "backslashreplace")
        descriptor = open_regular(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(descriptor, written)
        finally:
            os.close(descriptor)
