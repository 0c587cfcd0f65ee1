"""What the files of `VOV_WARC` say of the run that wrote them."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import scrapy

from vovcrawl import __version__
from vovcrawl.archives.records import RENDERING

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


def about_run(settings: BaseSettings, arguments: str) -> dict[str, str]:
    """The fields of a `warcinfo` record (WARC 1.1, 6.3; Dublin Core), by their names.

    Args:
        settings: of the crawl.
        arguments: those that it was given, as JSON, without secrets.
    """
    agent = str(settings.get("USER_AGENT") or "")
    obeys = settings.getbool("ROBOTSTXT_OBEY")
    about = {
        "software": f"vovcrawl/{__version__} scrapy/{scrapy.__version__} warcio/{version('warcio')}",
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "description": "Responses of vov.vn to a crawl, and its requests",
        "arguments": arguments,
        "robots": f"obeyed as {settings.get('ROBOTSTXT_USER_AGENT') or agent}" if obeys else "ignored",
        "http-header-user-agent": agent,
        RENDERING: str(settings.get("VOV_RENDER") or ""),
        "operator": str(settings.get("VOV_CONTACT") or ""),
    }
    # A field ends with its line.
    return {name: " ".join(value.split()) for name, value in about.items() if value}
