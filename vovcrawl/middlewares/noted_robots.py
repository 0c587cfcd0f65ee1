"""robots.txt, obeyed as in a crawl, and kept to be looked at."""

from __future__ import annotations

from typing import cast

from scrapy import Request
from scrapy.http import Response

from vovcrawl.crawl.asking import AskingSpider
from vovcrawl.middlewares.robots import RobotsMiddleware


class NotedRobots(RobotsMiddleware):
    """Gives an `AskingSpider` the answer that the rules are read from."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        cast("AskingSpider", self.crawler.spider).note_robots(response)
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        cast("AskingSpider", self.crawler.spider).note_robots(exc)
        super()._robots_error(exc, netloc)
