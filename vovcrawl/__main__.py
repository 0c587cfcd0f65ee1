"""The command `vovcrawl`, also `python -m vovcrawl`: `scrapy` with this project's settings, from any folder.

A crawl whose spider is not named is one of `vov`, the only one there is.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import scrapy
from scrapy.cmdline import ScrapyArgumentParser, execute
from scrapy.settings import Settings

from vovcrawl import __version__


def main() -> None:
    """Runs the command that the process was started with, and leaves with its exit status."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"], ["version"]):
        print(f"vovcrawl {__version__}, Scrapy {scrapy.__version__}")
        return
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "vovcrawl.settings")
    execute(["vovcrawl", *with_spider(arguments)])


def with_spider(arguments: list[str]) -> list[str]:
    """The arguments of a command line, with the spider after `crawl` where none is named."""
    # Scrapy takes the first word without a dash for the command.
    place = next((place for place, word in enumerate(arguments) if not word.startswith("-")), None)
    if place is None or arguments[place] != "crawl" or _names_spider(arguments[:place] + arguments[place + 1 :]):
        return arguments
    return [*arguments[: place + 1], "vov", *arguments[place + 1 :]]


def _names_spider(arguments: list[str]) -> bool:
    """Whether a word is neither an option of `crawl` nor the value of one."""
    from vovcrawl.commands.crawl import Command

    command = Command()
    command.settings = Settings()
    parser = _Parser(add_help=False, conflict_handler="resolve")
    command.add_options(parser)
    try:
        _, words = parser.parse_known_args(arguments)
    except ValueError:
        # An option without its value, which Scrapy says better.
        return False
    return not all(word.startswith("-") for word in words)


class _Parser(ScrapyArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


if __name__ == "__main__":
    main()
