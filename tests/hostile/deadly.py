"""A user's own parts of a crawl that some pages are deadly to: they kill the crawl, or hang it, where they read one."""

from __future__ import annotations

import json
import os
import signal
import time

from scrapy import Request
from scrapy.http import Response

from vovcrawl.items import Article

KILLING = "giết chương trình"
HANGING = "treo chương trình"


def meet(text: str) -> None:
    """Does to this process what the text asks for."""
    if KILLING in text:
        os.kill(os.getpid(), signal.SIGKILL)
    while HANGING in text:
        time.sleep(1)


class DeadlyResponses:
    """A downloader middleware that reads every response."""

    def process_response(self, request: Request, response: Response) -> Response:
        meet(response.body.decode(errors="replace"))
        return response


class DeadlyArticles:
    """A pipeline that reads every headline."""

    def process_item(self, item: Article) -> Article:
        meet(item.headline)
        return item


def _setting(part: type, order: int) -> str:
    return json.dumps({f"{part.__module__}.{part.__name__}": order})


DEADLY_RESPONSES = _setting(DeadlyResponses, 560)
"""The setting `DOWNLOADER_MIDDLEWARES` that adds the one, where responses are unpacked."""
DEADLY_ARTICLES = _setting(DeadlyArticles, 100)
"""The setting `ITEM_PIPELINES` that adds the other."""
