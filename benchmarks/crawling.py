"""The command line and the environment of the crawls that are measured."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def crawl_command(
    arguments: Sequence[str], settings: Mapping[str, str], feed: Path, *, by: Sequence[str] = ("-m", "scrapy")
) -> list[str]:
    """`scrapy crawl vov`, which appends to a feed.

    Args:
        arguments: of the spider, as `name=value`.
        settings: for `-s`.
        feed: the file to append to.
        by: how Python runs Scrapy.
    """
    command = [sys.executable, *by, "crawl", "vov", "-o", str(feed)]
    command += [part for argument in arguments for part in ("-a", argument)]
    return command + [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]


def environment() -> dict[str, str]:
    """This environment with the project importable, and without settings for Scrapy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")}
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return kept
