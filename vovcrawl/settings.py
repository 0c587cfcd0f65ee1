"""Scrapy's settings for this project: polite, and closed to the outside.

They hold for every spider and command, and a settings module of your own can begin with `from vovcrawl.settings import
*`. What makes a crawl of `VovSpider` (the store, its queue, pipelines and feeds) comes with the spider: see
`vovcrawl.crawl.components`. Whatever is given with `-s` wins over what stands here.
"""

from __future__ import annotations

from vovcrawl.crawl.user_agent import user_agent

BOT_NAME = "vovcrawl"
SPIDER_MODULES = ["vovcrawl.spiders"]
NEWSPIDER_MODULE = "vovcrawl.spiders"
COMMANDS_MODULE = "vovcrawl.commands"

# Where things are kept. Relative paths given with -s start at the folder of scrapy.cfg (VOV_DATABASE) or, as Scrapy
# has it, at the current folder (feeds).
VOV_DATABASE = "data/vov.sqlite"
VOV_MIRROR = None
# A folder to which every response of a crawl is written; as for VOV_DATABASE, a relative path starts there.
VOV_WARC = None
# A url or mail address of whoever crawls, for the site's administrators: it goes into the user agent.
VOV_CONTACT = None
VOV_NOW = None
VOV_REVISIT = "30d"
VOV_CATCH_UP = "30d"
# A file of the user's own with more rules for what is boilerplate, see docs/cleaning.md.
VOV_CLEANING_RULES = None
# In a store on a server, crawls with the same arguments share their work; 0 has a crawl be alone there.
VOV_WORKERS_SHARE = True
# For cron: nothing is said unless something is wrong.
VOV_QUIET = False
# A crawl whose pages no longer look as expected fails (check), or they are taken for right from then on (accept).
VOV_DRIFT = "check"
# Which browser runs the scripts of pages: splash, which listens at SPLASH_URL, or playwright. None: no script is run.
VOV_RENDER = None
VOV_RENDER_KINDS = "emagazine,live"
# Seconds that a browser has for a page.
VOV_RENDER_TIMEOUT = "30"
SPLASH_URL = "http://127.0.0.1:8050"
# service: the site's tag service is asked for the tags that readers see, one request an article.
VOV_TAGS = None
FEED_EXPORT_ENCODING = "utf-8"

# Politeness: one request at a time, a delay of 1 to 3 seconds, a name that says who asks, robots.txt obeyed.
USER_AGENT = user_agent()
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "vovcrawl"
# A page is asked for when the one before it is kept, so that a kill repeats no more than one.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
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
# Where `VOV_MIRROR` stands in for the site, it does so for every command.
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "vovcrawl.downloader.mirror.MirrorHandler")
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = False

LOG_LEVEL = "INFO"
# A page that stays unread has one line of its own; each attempt is logged at DEBUG only.
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
