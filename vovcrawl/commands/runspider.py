"""`scrapy runspider`: the spider in a file of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import runspider
from scrapy.exceptions import UsageError
from scrapy.utils.spider import iter_spider_classes

from vovcrawl.crawl_command import ARGUMENTS, CrawlCommand

if TYPE_CHECKING:
    from scrapy import Spider


class Command(CrawlCommand, runspider.Command):
    """Runs a spider from a file; a subclass of `VovSpider` crawls into the store."""

    def long_desc(self) -> str:
        """What `scrapy runspider -h` shows."""
        return f"Run the spider defined in the given file. For a subclass of VovSpider: {ARGUMENTS}"

    def find_spider(self, args: list[str]) -> type[Spider]:
        """The spider that the file defines."""
        if len(args) != 1:
            raise UsageError
        if not Path(args[0]).exists():
            raise UsageError(f"File not found: {args[0]}")
        try:
            module = runspider._import_file(args[0])
        except (ImportError, ValueError) as error:
            raise UsageError(f"Unable to load '{args[0]}': {error}") from None
        found = list(iter_spider_classes(module))
        if not found:
            raise UsageError(f"No spider found in file: {args[0]}")
        return found[-1]
