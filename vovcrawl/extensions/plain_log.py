"""A log that only shows: what pages and servers say reaches its lines, and must not steer a terminal."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.log import get_scrapy_root_handler

from vovcrawl.masking import masked
from vovcrawl.text import shown

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def plain(text: str) -> str:
    """`text` with what would steer a terminal written out.

    Lines after the first are set in, so that none can pass for a line of the log.
    """
    return "\n  ".join(shown(line.replace("\t", " ")) for line in text.split("\n"))


class PlainRecords(logging.Filter):
    """Makes the records that pass plain, whoever wrote them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass."""
        record.msg, record.args = plain(record.getMessage()), ()
        if record.exc_info and record.exc_info[0] is not None:
            text = masked("".join(traceback.format_exception(*record.exc_info)).rstrip())
            record.exc_text = "  " + plain(text)
        if record.stack_info:
            record.stack_info = plain(record.stack_info)
        return True


class PlainLog:
    """Sees to it that the log of a crawl is plain, on a terminal and in a file."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PlainLog:
        """The extension, at work from the first request on: until then Scrapy may change the log's handler."""
        extension = cls()
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        return extension

    def spider_opened(self) -> None:
        """Sees to the handler that Scrapy has settled on."""
        handler = get_scrapy_root_handler()
        if handler is not None:
            handler.addFilter(PlainRecords())
