"""What a crawl of `VovSpider` is made of, and how it comes into Scrapy's settings.

The spider itself adds it, to a crawl and to nothing else: `scrapy fetch`, `shell`, `parse`, `view` and `check`, other
spiders and other projects stay as Scrapy has them. Components stand in Scrapy's `*_BASE` settings, so that what a user
gives with `-s` or in a settings module is added to them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings

from vovcrawl import settings as project_settings
from vovcrawl.crawl.configuration import project_folder
from vovcrawl.crawl.user_agent import user_agent
from vovcrawl.masking import mask_log

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULTS: Mapping[str, Any] = {
    # A page gives one article at most: more workers for each response would have nothing to do.
    "CONCURRENT_ITEMS": 1,
    "LOG_FORMATTER": "vovcrawl.crawl.log_formatter.LogFormatter",
    # Scrapy would read the source of a callback anew for each response to warn of a mistake that strict types exclude.
    "WARN_ON_GENERATOR_RETURN_VALUE": False,
}
"""Settings that a settings module or `-s` may change."""

REQUIRED: Mapping[str, Any] = {
    # The queue is kept in the store.
    "SCHEDULER": "vovcrawl.crawl.scheduler.StoreScheduler",
    "DOWNLOADER": "vovcrawl.downloader.slots.CountingDownloader",
}
"""Settings that only `-s` may change: those of a settings module are for other spiders."""

OF_DOWNLOADS: Mapping[str, Mapping[str, Any]] = {
    "DOWNLOAD_HANDLERS": {
        "http": "vovcrawl.downloader.mirror.MirrorHandler",
        "https": "vovcrawl.downloader.mirror.MirrorHandler",
        "data": None,
        # An archive's files are read without a request.
        "file": None,
        "ftp": None,
        "s3": None,
    },
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "vovcrawl.middlewares.scope.ScopeMiddleware": 50,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "vovcrawl.middlewares.robots.RobotsMiddleware": 100,
        # Before the response is unpacked, at 590.
        "vovcrawl.middlewares.whole_response.WholeResponseMiddleware": 595,
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
        "vovcrawl.middlewares.redirect.SameSiteRedirectMiddleware": 600,
    },
    "EXTENSIONS": {
        # Off in any case, and even so it imports an HTTP server.
        "scrapy.extensions.remote_control.RemoteControl": None,
        "vovcrawl.extensions.plain_log.PlainLog": 0,
    },
}
"""What asks the newspaper for its pages and for nothing else, by robots.txt."""

OF_CRAWLS: Mapping[str, Mapping[str, Any]] = {
    "DOWNLOADER_MIDDLEWARES": {
        # Before the scope and robots.txt: nothing is asked for.
        "vovcrawl.middlewares.given_up.GivenUpMiddleware": 40,
    },
    "SPIDER_MIDDLEWARES": {
        # Closest to the engine, so that a user's own middlewares see what the spider yields.
        "vovcrawl.middlewares.visit_results.VisitResultMiddleware": 10,
        # The queue makes its own requests of what a spider yields, so that the mark would be lost.
        "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
        # Another attempt at a page carries on how often it was redirected, which this one takes for a mistake.
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
        # Depth and length of urls are kept by the store and by `vovcrawl.urls`.
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    },
    "ITEM_PIPELINES": {
        "vovcrawl.pipelines.stamp_time.StampTime": 200,
        "vovcrawl.pipelines.strip_boilerplate.StripBoilerplate": 220,
        "vovcrawl.pipelines.drop_repeated_related.DropRepeatedRelated": 240,
        "vovcrawl.pipelines.tag_dates.TagDates": 300,
        "vovcrawl.pipelines.mark_duplicates.MarkDuplicates": 800,
        "vovcrawl.pipelines.keep_article.KeepArticle": 900,
    },
    "EXTENSIONS": {
        "scrapy.extensions.feedexport.FeedExporter": None,
        "vovcrawl.feeds.writer.FeedWriter": 0,
        "scrapy.extensions.throttle.AutoThrottle": None,
        "vovcrawl.extensions.throttle.Throttle": 100,
        "vovcrawl.extensions.crawl_delay.CrawlDelay": 110,
        "vovcrawl.extensions.retry_after.RetryAfter": 120,
        "vovcrawl.extensions.make_room.MakeRoom": 130,
        "vovcrawl.extensions.share_work.ShareWork": 140,
        "vovcrawl.extensions.free_memory.FreeMemory": 400,
        "vovcrawl.extensions.summary.Summary": 500,
        "vovcrawl.extensions.drift.Drift": 510,
        # Says what Scrapy's own line a minute would say, and what is left.
        "scrapy.extensions.logstats.LogStats": None,
        "vovcrawl.extensions.progress.Progress": 600,
    },
    "FEED_EXPORTERS": {
        **dict.fromkeys(("jsonlines", "jsonl", "jl"), "vovcrawl.feeds.exporters.JsonLinesExporter"),
        "csv": "vovcrawl.feeds.exporters.CsvExporter",
        "json": "vovcrawl.feeds.exporters.JsonExporter",
        "xml": "vovcrawl.feeds.exporters.XmlExporter",
        "marshal": "vovcrawl.feeds.exporters.MarshalExporter",
        "pickle": "vovcrawl.feeds.exporters.PickleExporter",
    },
}
"""What keeps what they give."""


OF_RENDERING: Mapping[str, Mapping[str, Any]] = {
    # Outermost: it gets pages that are whole, unpacked, and what redirects and retries have led to.
    "DOWNLOADER_MIDDLEWARES": {"vovcrawl.middlewares.render.RenderMiddleware": 30},
}
"""What runs the scripts of pages, in crawls that render some."""

OF_TAGS: Mapping[str, Mapping[str, Any]] = {
    # Before a user's own pipelines, which see the whole record.
    "ITEM_PIPELINES": {"vovcrawl.pipelines.add_visible_tags.AddVisibleTags": 260},
}
"""What asks the tag service, in crawls that do."""

WRAPPED = "VOVCRAWL_DOWNLOADS_BY"
"""The setting that says by which handler a crawl downloads whose responses are written."""

_WRITES_RESPONSES = "vovcrawl.downloader.warc.WarcHandler"


def add_defaults(settings: BaseSettings) -> None:
    """Gives settings the project's values where nobody has given any, and the user agent its contact."""
    # Scrapy's own lines of the settings come before anything of a crawl is made.
    mask_log()
    settings.setmodule(project_settings, priority="addon")
    contact = settings.get("VOV_CONTACT")
    if contact and settings.get("USER_AGENT") in (project_settings.USER_AGENT, default_settings.USER_AGENT):
        settings.set("USER_AGENT", user_agent(str(contact)), priority="spider")


def add_download_components(settings: BaseSettings) -> None:
    """Has a spider ask as the project does, and for pages of the newspaper alone."""
    add_defaults(settings)
    _add(settings, OF_DOWNLOADS)


def _add(settings: BaseSettings, components: Mapping[str, Mapping[str, Any]]) -> None:
    for name, added in components.items():
        base = f"{name}_BASE"
        settings.set(base, {**settings.getdict(base), **added}, priority="spider")


def add_components(settings: BaseSettings) -> None:
    """Makes settings those of a crawl of `VovSpider`; once more changes nothing."""
    add_download_components(settings)
    settings.setdict(DEFAULTS, priority="addon")
    settings.setdict(REQUIRED, priority="spider")
    _add(settings, OF_CRAWLS)
    if settings.get("VOV_RENDER"):
        _add(settings, OF_RENDERING)
    if settings.get("VOV_TAGS"):
        _add(settings, OF_TAGS)
    if settings.get("VOV_WARC"):
        _write_responses(settings)
    if (settings.getpriority("FEEDS") or 0) < SETTINGS_PRIORITIES["addon"]:
        settings.set("FEEDS", {default_feed(str(settings.get("VOV_DATABASE"))): dict(_FEED)}, priority="addon")


def _write_responses(settings: BaseSettings) -> None:
    """Wraps the handler that downloads, be it the user's own, in the one that writes what it gives."""
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    if handlers.get("https") in (None, _WRITES_RESPONSES):
        return
    settings.set(WRAPPED, handlers["https"], priority="spider")
    priority = max(settings.getpriority("DOWNLOAD_HANDLERS") or 0, SETTINGS_PRIORITIES["spider"])
    own = settings.getdict("DOWNLOAD_HANDLERS")
    settings.set("DOWNLOAD_HANDLERS", {**own, **dict.fromkeys(("http", "https"), _WRITES_RESPONSES)}, priority)


_SUFFIXES = (".sqlite", ".sqlite3", ".db", ".db3")
_FEED = {"format": "jsonlines", "encoding": "utf-8", "overwrite": False}


def default_feed(database: str) -> str:
    """The file that articles are appended to when nobody says where: beside the store, by its name."""
    if "://" not in database:
        store = project_folder() / database
    else:
        url = urlsplit(database)
        is_file = url.scheme.startswith("sqlite")
        path = url.path.removeprefix("/")
        # As SQLAlchemy has it: the path of a file in a url starts at the current folder.
        store = Path(path).absolute() if is_file else project_folder() / "data" / (Path(path).name or "vov")
    return str(store.with_name(f"{store.stem if store.suffix in _SUFFIXES else store.name}.jsonl"))
