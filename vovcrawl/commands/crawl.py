"""`scrapy crawl`: a spider of the project, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.commands import crawl
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from vovcrawl.crawl_command import ARGUMENTS, CrawlCommand

if TYPE_CHECKING:
    from scrapy import Spider


class Command(CrawlCommand, crawl.Command):
    """Runs `vov`, or another spider of the project."""

    def long_desc(self) -> str:
        """What `scrapy crawl -h` shows."""
        return f"Crawl VOV.VN, or read saved pages of it. With no argument: the last two days. {ARGUMENTS}"

    def find_spider(self, args: list[str]) -> type[Spider]:
        """The spider of that name."""
        if len(args) != 1 or args[0].startswith("-"):
            raise UsageError
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        try:
            return loader.load(args[0])
        except KeyError:
            raise UsageError(
                f"unknown spider '{args[0]}'; the project has {', '.join(loader.list())}", print_help=False
            ) from None
