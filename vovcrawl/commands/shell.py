"""`scrapy shell`: Scrapy's own, with the article of the page at hand."""

from __future__ import annotations

from typing import Any

from scrapy.commands import shell

from vovcrawl.archives.files import UnreadableFile
from vovcrawl.cleaning.rules import use_also
from vovcrawl.crawl import single_page
from vovcrawl.crawl.configuration import cleaning_rules
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.pages import PageError


class Command(shell.Command):
    """The interactive console."""

    def long_desc(self) -> str:
        """What `scrapy shell -h` shows."""
        return f"{super().long_desc()} For a page of VOV.VN, 'article' is what was read from it."

    def update_vars(self, vars: dict[str, Any]) -> None:
        """Adds `article`: None where the page has none."""
        response = vars.get("response")
        try:
            if self.settings is not None:
                use_also(cleaning_rules(self.settings))
            vars["article"] = single_page.article_of(response) if response is not None else None
        except (ArgumentError, PageError, UnreadableFile) as error:
            print(f"No article: {error}")
            vars["article"] = None
