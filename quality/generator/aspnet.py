"""Article pages of the layouts before October 2020."""

from __future__ import annotations

from random import Random
from urllib.parse import quote_plus

from quality.generator.body_parts import BodyWriter, meta
from quality.generator.facts import Card, Picture, Prose, Story, shown_date
from quality.generator.ink import Ink, attribute, text


class AspnetWriter(BodyWriter):
    """Writes texts with the pictures and boxes of these layouts."""

    def own_picture(self, picture: Picture, large: str, medium: str) -> str:
        """A table around the picture, a link to it, or a box."""
        shown, quoted = text(picture.shown), attribute(picture.shown)
        if picture.form == "swipebox":
            wide = large.replace("/uploaded/", "/w990/uploaded/", 1)
            caption = f'\n<p class="caption">{shown}</p>' if shown else ""
            return (
                f'<p><a class="swipebox" href="{wide}"><img class="cms-photo" src="{wide.replace("w990", "w800")}" '
                f'data-photo-original-src="{large}" alt=""></a></p>{caption}'
            )
        if picture.form == "story-photo":
            return f'<div class="story-photo"><img src="{large}"><p>{shown}</p></div>'
        row = f"<tr><td>{shown}</td></tr>" if shown else ""
        image = f'<img class="cms-photo" src="{large}" cms-photo-caption="{quoted}">'
        return f'<table class="contentimg"><tr><td>{image}</td></tr>\n{row}</table>'

    def own_pointer(self, card: Card, form: str) -> str:
        """A box that shows a headline."""
        link = f'<a href="{attribute(card.written)}">{text(card.headline)}</a>'
        box = f'<article class="cms-relate"><div class="relatedHead">{link}</div></article>'
        return f'{box}<div class="boxVideoRelated"></div>'


def page(story: Story, random: Random) -> str:
    """The page of an article."""
    ink = Ink(story.manner, random)
    if story.layout == "aspnet-2011":
        return _page_of_2011(story, ink)
    signature = ""
    if story.authors and "signature:run-on" not in story.manner and "signature:line" not in story.manner:
        names = ", ".join(signature.printed for signature in story.authors)
        signature = f'\n<p class="article__author cms-author">{text(names)}</p>'
    tags = "\n".join(f'<a href="/tag/{quote_plus(tag)}">{text(tag)}</a>' for tag in story.keywords)
    metas = "\n".join(
        [meta("og:title", story.headline), meta("og:url", story.url), meta("description", f"VOV.VN - {story.lead}")]
    )
    canonical = "" if "canonical" in story.lacks else f'<link rel="canonical" href="{story.url}">'
    related = "".join(
        f'<li><a href="{attribute(card.written)}">{text(card.headline)}</a></li>' for card in story.related
    )
    identity = 'id="article-body" ' if story.layout == "aspnet" else ""
    return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{text(story.headline)} | VOV.VN</title>{canonical}
{metas}</head><body>
<div class="navbar"><a href="/">Trang chủ</a><a href="/xa-hoi">Xã hội</a><a href="/the-gioi">Thế giới</a></div>
<div class="main-article">
<h1>{ink.words(story.headline)}</h1>
<div id="ctl00_mainContent_ctl00_pnMeta" class="meta"><time>{shown_date(story)}</time></div>
<div class="social-button"><a href="#">In bài viết</a> <a href="#">Chia sẻ</a></div>
<div class="article__sapo">VOV.VN - {ink.words(story.lead)}</div>
<div {identity}class="cms-body">
{_text(story, ink)}{signature}
</div>
<div class="box-content">
{tags}
</div>
<div class="related-events"></div>
<div class="article-relate-bottom"><h3>Tin liên quan</h3><ul>{related}</ul></div>
<div class="relate-right"></div>
</div>
<div class="most-view panel"><div class="list-stories-1"><article class="story"><h2 class="story__heading">\
<a href="/xa-hoi/doc-nhieu-nhat-tuan-qua-990001.vov">Đọc nhiều nhất tuần qua</a></h2></article></div></div>
<div class="footer"><p>Cơ quan chủ quản: Đài Tiếng nói Việt Nam</p></div>
</body></html>
"""


def _text(story: Story, ink: Ink) -> str:
    writer = AspnetWriter(story, ink)
    names = ", ".join(signature.printed for signature in story.authors)
    parts = []
    last = max(place for place, block in enumerate(story.blocks) if isinstance(block, Prose))
    for place, block in enumerate(story.blocks):
        html = writer.block(block)
        if place == last and isinstance(block, Prose) and block.form == "p":
            # After a quotation, editors differ in where they put the mark.
            if "end-mark" in story.manner and html.endswith(".</p>") and html[-6].isalnum():
                html = html.removesuffix(".</p>") + "./.</p>"
            if names and "signature:run-on" in story.manner:
                html = html.removesuffix("</p>") + f" {text(names)}</p>"
            elif names and "signature:line" in story.manner:
                html += f"\n<p><strong>{text(names)}</strong></p>"
        parts.append(html)
    return "\n".join(parts)


def _page_of_2011(story: Story, ink: Ink) -> str:
    writer = AspnetWriter(story, ink)
    if "old:breaks" in story.manner:
        inner = "<br />\n<br />\n".join(
            ink.rich(block.text) if isinstance(block, Prose) else writer.block(block) for block in story.blocks
        )
    else:
        inner = writer.blocks(story.blocks)
    names = ", ".join(signature.printed for signature in story.authors)
    author = f'<p class="author">{text(names)}</p>' if names else ""
    within = author if "old:author-within" in story.manner else ""
    below = "" if within else author
    related = "".join(
        f'<li><a href="{attribute(card.written)}">{text(card.headline)}</a></li>' for card in story.related
    )
    listing = f'<ul class="story-listing">{related}</ul>' if related else ""
    headline = f'<h1 class="title">{ink.words(story.headline)}</h1>'
    if "old:controls" in story.manner:
        headline = f'<span id="ctl00_mContent_lbTitle">{ink.words(story.headline)}</span>'
    return f"""<html><head><meta charset="utf-8"><title>{text(story.headline)} | VOV</title></head><body>
<div id="menu"><a href="/">Trang chủ</a><a href="/xa-hoi">Xã hội</a></div>
<div class="left">{headline}
<span id="ctl00_mContent_lbDate">{shown_date(story)}</span>
<p class="summary">(VOV) - {ink.words(story.lead)}</p>
<span id="ctl00_mContent_lbBody">{inner}{within}</span>
{below}{listing}</div>
<div class="right"><p>Tin đọc nhiều</p></div><div id="footer">Tòa soạn: một nơi nào đó</div></body></html>
"""
