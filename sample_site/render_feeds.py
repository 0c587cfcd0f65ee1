"""robots.txt, sitemaps and RSS."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sample_site.media import body_image_url, image_url
from sample_site.render_listing import render_message
from sample_site.site import FORBIDDEN_FOLDER

if TYPE_CHECKING:
    from sample_site.site import Site
    from sample_site.story import Story

_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAP_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWEST_FEED = "tin-moi-nhat"
FEED_LENGTH = 20


def render_robots() -> str:
    """The rules for crawlers, one of which forbids a listed story."""
    return f"""User-agent: *
Disallow: /admin/
Disallow: /search
Disallow: /user/login
Disallow: /node/add/
Disallow: {FORBIDDEN_FOLDER}

Sitemap: https://vov.vn/sitemap.xml
"""


def render_sitemap_index(site: Site) -> str:
    """The months with stories, the running month left out as on the real site."""
    running = (site.now.year, site.now.month)
    entries = "\n".join(
        f" <sitemap><loc>https://vov.vn/sitemaps/{year}/{month}/article.xml</loc></sitemap>"
        for year, month in site.months()
        if (year, month) != running
    )
    return f"{_XML}<sitemapindex {_SITEMAP_NAMESPACE}>\n{entries}\n</sitemapindex>\n"


def render_month_sitemap(site: Site, year: int, month: int) -> str:
    """The stories of a month."""
    image_namespace = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    entries = "\n".join(_sitemap_entry(story, site) for story in site.published_in(year, month))
    return f"{_XML}<urlset {_SITEMAP_NAMESPACE} {image_namespace}>\n{entries}\n</urlset>\n"


def _sitemap_entry(story: Story, site: Site) -> str:
    image = ""
    if story.figures:
        figure = story.figures[0]
        address = escape(body_image_url(story, figure.file))
        caption = figure.shown_caption
        if "raw-ampersand" not in story.traps:
            caption = escape(caption)
        image = f"<image:loc>{address}</image:loc><image:caption>{caption}</image:caption>"
        image = f"<image:image>{image}</image:image>"
    date = site.sitemap_date(story)
    changed = f"<lastmod>{date.isoformat()}</lastmod>" if date is not None else ""
    return f" <url><loc>{escape(story.url)}</loc>{changed}{image}</url>"


def render_rss_index(site: Site) -> str:
    """The page that lists the feeds."""
    names = [(NEWEST_FEED, "Tin mới nhất")]
    names += [(section.path, section.name) for section in site.sections if _has_feed(section.path)]
    links = "\n".join(f'<li><a href="/rss/{path}.rss">{escape(name)}</a></li>' for path, name in names)
    page = render_message(site, "RSS", "Chọn chuyên mục để lấy địa chỉ nguồn tin.")
    return page.replace("</section>", f'<ul class="rss-list">\n{links}\n</ul>\n</section>', 1)


def render_rss(site: Site, name: str) -> str | None:
    """The feed of a section, or nothing where there is no such feed."""
    if name == NEWEST_FEED:
        title, address, stories = "Tin mới nhất", "https://vov.vn/", site.newest
    elif _has_feed(name) and name in site.section_by_path:
        section = site.section_by_path[name]
        title, address = section.name, "https://vov.vn" + section.address
        stories = site.listings[name]
    else:
        return None
    items = "\n".join(_rss_item(story) for story in stories[:FEED_LENGTH])
    return f"""{_XML}<rss version="2.0"><channel><title>VOV.VN - {escape(title)}</title><link>{address}</link>
{items}
</channel></rss>
"""


def _has_feed(path: str) -> bool:
    return "/" not in path


def _rss_item(story: Story) -> str:
    image = image_url(story, story.lead_image, "medium")
    return f""" <item><title>{escape(story.headline)}</title><link>{escape(story.url)}</link>
  <description><![CDATA[<img src="{image}"/> {story.lead}]]></description>
  <pubDate>{format_datetime(story.published)}</pubDate>
  <guid isPermaLink="false">{story.number}</guid></item>"""
