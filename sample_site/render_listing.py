"""Section, tag, newest and home pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_site.page_frame import attribute, footer, head, header, meta, page, side_boxes, story_cards, text
from sample_site.page_scripts import listing_script

if TYPE_CHECKING:
    from sample_site.site import ListingPage, Site
    from sample_site.story import Story


def render_listing(listing: ListingPage, site: Site) -> str:
    """One page of a listing."""
    section = listing.section
    crumb = (section.address, section.shouted_name) if section else None
    content = f"""{header(site, crumb)}
<section class="vovvn-body">
  <div class="container">
{_heading(listing, site)}
    <div class="row">
      <div class="col-md-12 col-lg-9">
<div class="views-element-container"><div class="views-content">
{_items(listing.stories, site)}
</div></div>
{_pager(listing)}
      </div>
      <div class="col-md-12 col-lg-3">
{side_boxes(site)}
      </div>
    </div>
  </div>
</section>
{footer(site)}"""
    script = listing_script(listing.path) if site.listed_by_script(listing.path) and listing.number == 0 else ""
    return page(_head(listing.title, f"https://vov.vn/{listing.path}"), "path-taxonomy", content, script)


def render_cards_by_script(path: str, site: Site) -> str:
    """What the script of a listing adds to it."""
    return _items(site.listed_by_script(path), site)


def render_home(site: Site) -> str:
    """The front page: the menu, the newest stories and a few of every section."""
    fresh = "\n".join(
        f'      <div class="item-first"><a class="vovvn-title" href="{attribute(site.listing_href(story))}">'
        f"{text(story.headline)}</a></div>"
        for story in site.newest[:8]
    )
    blocks = []
    for section in site.sections:
        stories = site.listings[section.path][:3]
        if section.parent is None and stories:
            blocks.append(
                f'<div class="row home-category"><h3><a href="{section.address}">{text(section.shouted_name)}'
                f"</a></h3>\n{_items(stories, site)}\n</div>"
            )
    joined = "\n".join(blocks)
    content = f"""{header(site)}
<section class="vovvn-body">
  <div class="container">
    <div class="home-events-config-block hot_news">
      <h4 class="home-events-config-block-title"><a href="/tin-moi-cap-nhat">Mới cập nhật</a></h4>
{fresh}
    </div>
{joined}
  </div>
</section>
{footer(site)}"""
    return page(_head("Báo điện tử VOV", "https://vov.vn/"), "path-frontpage", content)


def render_message(site: Site, title: str, message: str) -> str:
    """A page in the site's design that holds nothing but a message."""
    content = f"""{header(site)}
<section class="vovvn-body">
  <div class="container">
    <h1 class="page-title">{text(title)}</h1>
    <p class="page-message">{text(message)}</p>
  </div>
</section>
{footer(site)}"""
    return page(_head(title, "https://vov.vn/"), "path-message", content)


def _head(title: str, canonical: str) -> str:
    metas = [
        meta("title", title),
        meta("robots", "index, follow"),
        meta("og:site_name", "VOV.VN"),
        f'<link rel="canonical" href="{attribute(canonical)}" />',
        meta("og:type", "website"),
    ]
    return head(title, canonical, metas)


def _heading(listing: ListingPage, site: Site) -> str:
    section = listing.section
    if section is None:
        return f'    <h1 class="tag-title">{text(listing.title)}</h1>'
    children = "".join(
        f'<div><a href="{child.address}">{text(child.name)}</a></div>'
        for child in site.sections
        if child.parent == section.path
    )
    return f"""    <div class="row children-category">
      <div class="parent-category"><a href="{section.address}">{text(section.shouted_name)}</a></div>
      {children}
    </div>"""


def _items(stories: tuple[Story, ...] | list[Story], site: Site) -> str:
    return "\n".join(
        f'  <div class="taxonomy-content">\n{story_cards(site.card(story.id), site.listing_href(story))}\n  </div>'
        for story in stories
    )


def _pager(listing: ListingPage) -> str:
    if listing.page_count < 2:
        return ""
    items = []
    for number in range(listing.page_count):
        active = " active" if number == listing.number else ""
        items.append(
            f'  <li class="page-item{active}"><a class="page-link" href="?page={number}">'
            f'<span class="visually-hidden">Trang</span> {number + 1}</a></li>'
        )
    more = ""
    if listing.number + 1 < listing.page_count:
        more = f'\n<a class="btn--read-more" href="?page={listing.number + 1}">Xem thêm</a>'
    joined = "\n".join(items)
    return f"""<nav><ul class="pagination justify-content-center">
{joined}
</ul></nav>{more}"""
