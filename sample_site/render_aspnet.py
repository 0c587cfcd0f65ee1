"""Article pages of the design in use before October 2020."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from sample_site.expected import shown_date
from sample_site.media import audio_url, old_image_url, video_url
from sample_site.page_frame import attribute, fold_out_menu, footer, main_menu, meta, side_boxes, text
from sample_site.story import (
    Audio,
    Block,
    Figure,
    ItemList,
    LiveEntry,
    Paragraph,
    Quote,
    RichText,
    Story,
    Subhead,
    Table,
    Teaser,
    Video,
)

if TYPE_CHECKING:
    from sample_site.site import Site


def render_aspnet_article(story: Story, site: Site) -> str:
    """The page of a story as the old system wrote it."""
    signature = ", ".join(story.authors)
    run_on = "run-on-signature" in story.traps
    author = ""
    if signature and not run_on:
        author = f'\n<p class="article__author cms-author">{text(signature)}</p>'
    holder = 'class="cms-body"' if story.template == "aspnet-cms-body" else 'id="article-body" class="cms-body"'
    tags = "\n".join(f'<a href="/tag/{quote_plus(tag)}">{text(tag)}</a>' for tag in story.keywords)
    metas = "\n ".join(
        [
            meta("og:title", story.headline),
            meta("og:url", story.url),
            meta("description", story.lead),
        ]
    )
    return f"""<!DOCTYPE html>
<html lang="vi">
<head>
 <meta charset="utf-8">
 <title>{text(story.headline)} | VOV.VN</title>
 {metas}
</head>
<body>
{main_menu(site)}
{fold_out_menu(site)}
<div class="main-article">
 <h1>{text(story.headline)}</h1>
 <div id="ctl00_mainContent_ctl00_pnMeta" class="meta">\
<time>{shown_date(story.published, digits=True)}</time></div>
 <div class="article__sapo">{text(story.lead)}</div>
 <div {holder}>
{_body(story, site, signature if run_on else "")}{author}
 </div>
 <div class="box-content">
{tags}
 </div>
 <div class="related-events"></div>
 <div class="article-relate-bottom"></div>
 <div class="relate-right">
{side_boxes(site)}
 </div>
 <div class="social-button"><a href="#">In bài viết</a></div>
</div>
{footer(site)}
</body>
</html>
"""


def _body(story: Story, site: Site, signature: str) -> str:
    texts = [block for block in story.blocks if not isinstance(block, Figure | Teaser | Video | Audio)]
    parts = []
    for is_figure, run in groupby(story.blocks, key=lambda block: isinstance(block, Figure)):
        if is_figure and "picture-table" in story.traps:
            parts.append(_picture_table(story, run))
            continue
        for block in run:
            html = _block(block, story, site)
            if block is texts[-1] and isinstance(block, Paragraph):
                sentence = html.removesuffix("</p>").removesuffix(".")
                html = f"{sentence}./. {text(signature)}".rstrip() + "</p>"
            parts.append(html)
    return "\n".join(parts)


def _picture_table(story: Story, figures: Iterable[Block]) -> str:
    """Pictures side by side with their captions below, laid out by a table."""
    pictures = captions = ""
    for figure in figures:
        if isinstance(figure, Figure):
            pictures += f'<td><img src="{old_image_url(story, figure.file)}" alt="" width="240" /></td>'
            captions += f"<td><em>{text(figure.shown_caption)}</em></td>"
    return f'<table border="0" align="center"><tr>{pictures}</tr><tr>{captions}</tr></table>'


def _block(block: Block, story: Story, site: Site) -> str:
    match block:
        case Paragraph(rich):
            return f"<p>{_inline(rich, site)}</p>"
        case Subhead(rich):
            return f"<p><strong>{_inline(rich, site)}</strong></p>"
        case ItemList(items, ordered):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>" + "".join(f"<li>{_inline(item, site)}</li>" for item in items) + f"</{tag}>"
        case Quote(paragraphs):
            inner = "".join(f"<p>{_inline(paragraph, site)}</p>" for paragraph in paragraphs)
            return f"<blockquote>{inner}</blockquote>"
        case Table(rows):
            lines = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
            return f"<table>{lines}</table>"
        case Figure():
            caption = attribute(block.shown_caption)
            shown = f"<tr><td>{text(block.shown_caption)}</td></tr>" if caption else ""
            return f"""<table class="contentimg"><tr><td><img class="cms-photo" \
src="{old_image_url(story, block.file)}" cms-photo-caption="{caption}"></td></tr>{shown}</table>"""
        case Teaser(story_id):
            card = site.card(story_id)
            return f"""<article class="cms-relate"><div class="relatedHead">\
<a href="{card.href}">{text(card.headline)}</a></div></article>
<div class="boxVideoRelated"></div>"""
        case Video() if "script-videos" in story.traps:
            return f"""<div id="player-{story.number}"></div>
<script type="text/javascript">jadsVideo({{
  file: '{video_url(story, block)}', width: 600, height: 400
}});</script>"""
        case Video():
            return f'<div class="video_file videojs-player" data-url="{video_url(story, block)}"></div>'
        case Audio():
            return f'<audio src="{audio_url(story, block)}" controls></audio>'
        case LiveEntry(title, paragraphs):
            inner = "".join(f"<p>{_inline(paragraph, site)}</p>" for paragraph in paragraphs)
            return f"<p><strong>{_inline(title, site)}</strong></p>{inner}"


def _inline(rich: RichText, site: Site) -> str:
    parts = []
    for span in rich.spans:
        inner = text(span.text).replace("\n", "<br />\n")
        if span.target is not None:
            linked = site.stories.get(span.target)
            href = "http://vov.vn" + linked.address if linked else span.target
            inner = f'<a href="{attribute(href)}">{inner}</a>'
        parts.append(f"<strong>{inner}</strong>" if span.bold else inner)
    return "".join(parts)
