"""Scrapy's settings for this project: polite, closed to the outside, and resumable.

Whatever is given with `-s` wins over what stands here.
"""

from __future__ import annotations

from typing import Any

from vovcrawl import __version__
from vovcrawl.crawl.configuration import project_folder

BOT_NAME = "vovcrawl"
SPIDER_MODULES = ["vovcrawl.spiders"]
NEWSPIDER_MODULE = "vovcrawl.spiders"
COMMANDS_MODULE = "vovcrawl.commands"

# Where things are kept. Relative paths given with -s start at the folder of scrapy.cfg (VOV_DATABASE) or, as Scrapy
# has it, at the current folder (feeds).
VOV_DATABASE = "data/vov.sqlite"
VOV_MIRROR = None
VOV_NOW = None
VOV_REVISIT = "30d"
VOV_CATCH_UP = "30d"
# For cron: nothing is said unless something is wrong.
VOV_QUIET = False
FEEDS: dict[str, dict[str, Any]] = {
    str(project_folder() / "data" / "vov.jsonl"): {"format": "jsonlines", "encoding": "utf-8", "overwrite": False}
}
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {
    **dict.fromkeys(("jsonlines", "jsonl", "jl"), "vovcrawl.feeds.exporters.JsonLinesExporter"),
    "csv": "vovcrawl.feeds.exporters.CsvExporter",
}

# Politeness: one request at a time, a delay of 1 to 3 seconds, a name that says who asks, robots.txt obeyed.
USER_AGENT = f"Mozilla/5.0 (compatible; vovcrawl/{__version__})"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "vovcrawl"
# A page is asked for when the one before it is kept, so that a kill repeats no more than one.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOADER = "vovcrawl.downloader.slots.CountingDownloader"
DOWNLOAD_DELAY = 2
DOWNLOAD_DELAY_JITTER = 0.5
# A server is left alone as long again as it took to respond: with one request at a time, a target of 1 would never add
# a pause.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 0.5
AUTOTHROTTLE_START_DELAY = 0
AUTOTHROTTLE_MAX_DELAY = 60
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
RETRY_TIMES = 2
REDIRECT_MAX_TIMES = 5
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi",
    # Only encodings in which a response that breaks off can be recognised.
    "Accept-Encoding": "gzip, deflate",
}

# Nothing but the newspaper is fetched, and nothing listens.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "vovcrawl.downloader.mirror.MirrorHandler",
    "https": "vovcrawl.downloader.mirror.MirrorHandler",
    "data": None,
    # An archive's files are read without a request.
    "file": None,
    "ftp": None,
    "s3": None,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = False

# The queue is kept in the store.
SCHEDULER = "vovcrawl.crawl.scheduler.StoreScheduler"
# A page gives one article at most: more workers for each response would have nothing to do.
CONCURRENT_ITEMS = 1
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "vovcrawl.middlewares.scope.ScopeMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "vovcrawl.middlewares.robots.RobotsMiddleware": 100,
    # Before the response is unpacked, at 590.
    "vovcrawl.middlewares.whole_response.WholeResponseMiddleware": 595,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "vovcrawl.middlewares.redirect.SameSiteRedirectMiddleware": 600,
}
SPIDER_MIDDLEWARES: dict[str, int | None] = {
    # Closest to the engine, so that a user's own middlewares see what the spider yields.
    "vovcrawl.middlewares.visit_results.VisitResultMiddleware": 10,
    # The queue makes its own requests of what a spider yields, so that the mark would be lost.
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    # Another attempt at a page carries on how often it was redirected, which this one takes for a mistake.
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    # Depth and length of urls are kept by the store and by `vovcrawl.urls`.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
ITEM_PIPELINES = {
    "vovcrawl.pipelines.stamp_time.StampTime": 200,
    "vovcrawl.pipelines.tag_dates.TagDates": 300,
    "vovcrawl.pipelines.keep_article.KeepArticle": 900,
}
EXTENSIONS: dict[str, int | None] = {
    # Off in any case, and even so it imports an HTTP server.
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "vovcrawl.feeds.writer.FeedWriter": 0,
    "vovcrawl.extensions.plain_log.PlainLog": 0,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "vovcrawl.extensions.throttle.Throttle": 100,
    "vovcrawl.extensions.crawl_delay.CrawlDelay": 110,
    "vovcrawl.extensions.retry_after.RetryAfter": 120,
    "vovcrawl.extensions.free_memory.FreeMemory": 400,
    "vovcrawl.extensions.summary.Summary": 500,
    # Says what Scrapy's own line a minute would say, and what is left.
    "scrapy.extensions.logstats.LogStats": None,
    "vovcrawl.extensions.progress.Progress": 600,
}

# Scrapy would read the source of a callback anew for each response to warn of a mistake that strict types exclude.
WARN_ON_GENERATOR_RETURN_VALUE = False

# A page that stays unread has one line of its own; each attempt is logged at DEBUG only.
LOG_LEVEL = "INFO"
LOG_FORMATTER = "vovcrawl.crawl.log_formatter.LogFormatter"
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
