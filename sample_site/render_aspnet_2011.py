"""Article pages of 2011 to 2013, as far as they are known by the names that their readers relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_site.expected import early_shown_date
from sample_site.media import old_image_url
from sample_site.page_frame import attribute, fold_out_menu, footer, main_menu, side_boxes, text
from sample_site.story import Block, Figure, ItemList, Paragraph, RichText, Story, Subhead, Teaser

if TYPE_CHECKING:
    from sample_site.site import Site


def render_aspnet_2011_article(story: Story, site: Site) -> str:
    """The page of a story as the first system wrote it."""
    body = "\n".join(_block(block, story, site) for block in story.blocks)
    signature = ", ".join(story.authors)
    author = f'\n<p class="author">{text(signature)}</p>' if signature else ""
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
 <title>{text(story.headline)} | VOV Online</title>
 <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
 <base href="http://vov.vn/" />
</head>
<body>
<form name="aspnetForm" method="post" action="detail.aspx" id="aspnetForm">
{main_menu(site)}
{fold_out_menu(site)}
<div class="col-left">
 <h1 class="title">{text(story.headline)}</h1>
 <span id="ctl00_mContent_lbDate" class="date">{early_shown_date(story.published)}</span>
 <p class="summary">{text(story.lead)}</p>
 <span id="ctl00_mContent_lbBody">{body}{author}</span>
</div>
<div class="col-right">
{side_boxes(site)}
</div>
{footer(site)}
</form>
</body>
</html>
"""


def _block(block: Block, story: Story, site: Site) -> str:
    match block:
        case Paragraph(rich):
            return f"<p>{_inline(rich, site)}</p>"
        case Subhead(rich):
            return f"<p><strong>{_inline(rich, site)}</strong></p>"
        case ItemList(items):
            return "<ul>" + "".join(f"<li>{_inline(item, site)}</li>" for item in items) + "</ul>"
        case Figure():
            picture = f'<img src="{old_image_url(story, block.file)}" alt="" width="450" />'
            return f'<div class="story-photo">{picture}<p>{text(block.shown_caption)}</p></div>'
        case Teaser(story_id):
            card = site.card(story_id)
            link = f'<a href="{attribute(card.href.removeprefix("/"))}">{text(card.headline)}</a>'
            return f'<p>Tin liên quan:</p>\n<ul class="story-listing"><li>{link}</li></ul>'
        case _:
            raise ValueError(f"{story.id}: the template has no {type(block).__name__}")


def _inline(rich: RichText, site: Site) -> str:
    parts = []
    for span in rich.spans:
        inner = text(span.text).replace("\n", "<br />\n")
        if span.target is not None:
            linked = site.stories.get(span.target)
            inner = f'<a href="{attribute(linked.address if linked else span.target)}">{inner}</a>'
        parts.append(f"<strong>{inner}</strong>" if span.bold else inner)
    return "".join(parts)
