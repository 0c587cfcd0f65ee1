"""Which page answers at which url; every page is rendered once."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from sample_site import special_pages as special
from sample_site.page_scripts import TAG_SERVICE, json_of, visible_tags
from sample_site.render_article import render_article
from sample_site.render_drupal import render_rest
from sample_site.render_feeds import (
    render_month_sitemap,
    render_robots,
    render_rss,
    render_rss_index,
    render_sitemap_index,
)
from sample_site.render_listing import render_cards_by_script, render_home, render_listing, render_message
from sample_site.site import Site
from sample_site.story import Story

HTML = "text/html; charset=UTF-8"
XML = "text/xml; charset=UTF-8"
RSS = "application/rss+xml; charset=utf-8"
PLAIN = "text/plain; charset=UTF-8"

JSON = "application/json"

_FOR_EVERY_PAGE = (("Access-Control-Allow-Origin", "*"),)
_EARLY_PAGER = re.compile(r"(/.+)/trang([1-9][0-9]{0,3})")
_MONTH_SITEMAP = re.compile(r"/sitemaps/(\d{4})/(\d{1,2})/article\.xml")
_FEED = re.compile(r"/rss/(.+)\.rss")
_REST_OF_ARTICLE = re.compile(r"/ajax/article/(\d{1,12})")
_CARDS = re.compile(r"/ajax/listing/(.+)")


@dataclass(frozen=True)
class Page:
    """A response of the site."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    """The mark of this state of the page, made of its body unless it is given; an empty one is not sent."""

    def __post_init__(self) -> None:
        if self.etag is None:
            object.__setattr__(self, "etag", mark_of(self.body))


def mark_of(content: bytes) -> str:
    """An entity tag that changes with the content."""
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'


class Pages:
    """All pages of a site by url."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._rendered: dict[str, Page] = {}
        self._edition = site.edition

    def get(self, target: str) -> Page:
        """The page at a url with or without a query."""
        if self._edition != self.site.edition:
            self._edition, self._rendered = self.site.edition, {}
        parts = urlsplit(target)
        key = parts.path or "/"
        number = self._page_number(parts.query)
        if self._is_listing(key):
            key = f"{key}?page={number}"
        elif key in ("/search", "/author"):
            key = f"{key}?"
        if key not in self._rendered:
            page = self._render(key.partition("?")[0], number)
            if page.status == 404:
                # Not kept: there is no end to the urls that hold nothing.
                return page
            self._rendered[key] = page
        return self._rendered[key]

    def get_of_service(self, target: str) -> Page:
        """What the tag service has at a url."""
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return self._text("User-agent: *\nDisallow: /vov-data/\n", PLAIN)
        asked = parse_qs(parts.query)
        story = self.site.story_of_node(asked.get("nid", [""])[0])
        if parts.path != TAG_SERVICE or asked.get("lang") != ["vi"]:
            return Page(b"", JSON, 404, headers=_FOR_EVERY_PAGE)
        return Page(visible_tags(story).encode(), JSON, headers=_FOR_EVERY_PAGE, etag="")

    def _is_listing(self, path: str) -> bool:
        return path[1:] in self.site.listings

    @staticmethod
    def _page_number(query: str) -> int:
        value = parse_qs(query).get("page", ["0"])[0]
        return int(value) if value.isdecimal() and len(value) < 8 else 0

    def _render(self, path: str, number: int) -> Page:
        site = self.site
        story = site.story_by_address.get(path)
        if story is not None:
            return self._article(story)
        target = site.redirects.get(path) or (f"{path}.vov" if f"{path}.vov" in site.story_by_address else None)
        if target is not None:
            return Page(b"", status=301, headers=(("Location", "https://vov.vn" + target),))
        if early := _EARLY_PAGER.fullmatch(path):
            path, number = early[1], int(early[2]) - 1
        listing = site.listing_page(path[1:], number)
        if listing is not None:
            return self._html(render_listing(listing, site))
        return self._fixed(path) or self._special(path) or self._not_found()

    def _fixed(self, path: str) -> Page | None:
        site = self.site
        if month := _MONTH_SITEMAP.fullmatch(path):
            year_and_month = int(month[1]), int(month[2])
            if year_and_month not in site.months():
                return None
            modified = site.sitemap_modified(*year_and_month)
            return self._text(render_month_sitemap(site, *year_and_month), XML, modified=modified)
        if feed := _FEED.fullmatch(path):
            rss = render_rss(site, feed[1])
            return self._text(rss, RSS) if rss is not None else None
        if asked := _REST_OF_ARTICLE.fullmatch(path):
            story = site.story_of_node(asked[1])
            return self._text(json_of(render_rest(story, site)), JSON) if story is not None else None
        if (asked := _CARDS.fullmatch(path)) and site.listed_by_script(asked[1]):
            return self._text(json_of(render_cards_by_script(asked[1], site)), JSON)
        match path:
            case "/":
                return self._html(render_home(site))
            case "/robots.txt":
                return self._text(render_robots(), PLAIN)
            case "/sitemap.xml":
                return self._text(render_sitemap_index(site), XML)
            case "/rss":
                return self._html(render_rss_index(site))
            case "/search":
                return self._html(render_message(site, "Tìm kiếm", "Nhập từ khóa để tìm bài viết."))
            case "/author":
                return self._html(render_message(site, "Tác giả", "Các bài viết của tác giả."))
        return None

    def _special(self, path: str) -> Page | None:
        site = self.site
        match path:
            case special.GONE_ADDRESS:
                return self._html(special.render_gone(site), status=410)
            case special.SOFT_ERROR_ADDRESS:
                return self._html(special.render_soft_error(site))
            case special.EMPTY_SHELL_ADDRESS:
                model = next(story for story in site.newest if not story.is_old)
                return self._html(special.render_empty_shell(model, site))
            case special.BLOCK_PAGE_ADDRESS:
                return self._html(special.render_block_page())
            case special.SCRIPT_REDIRECT_ADDRESS:
                return self._html(special.render_script_redirect(site.newest[0].url))
        return None

    def _article(self, story: Story) -> Page:
        body = render_article(story, self.site).encode()
        if not self.site.article_validators:
            return Page(body, etag="")
        # Of the story alone: cards of other stories on its page do not make it another one.
        # The order of a set is another one in every process.
        content = repr((replace(story, traps=frozenset()), sorted(story.traps)))
        return Page(body, modified=story.modified, etag=mark_of(content.encode()))

    def _not_found(self) -> Page:
        return self._html(special.render_not_found(self.site), status=404)

    def _html(self, html: str, *, status: int = 200) -> Page:
        return Page(html.encode(), HTML, status)

    def _text(self, text: str, content_type: str, *, modified: datetime | None = None) -> Page:
        return Page(text.encode(), content_type, modified=modified)
