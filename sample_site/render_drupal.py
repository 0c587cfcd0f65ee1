"""Article pages of the designs in use since October 2020."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sample_site.expected import shown_date
from sample_site.media import audio_url, image_url, video_thumbnail, video_url
from sample_site.menu import TAXONOMY_IDS
from sample_site.page_frame import (
    attribute,
    footer,
    head,
    header,
    json_ld,
    meta,
    page,
    side_boxes,
    story_cards,
    text,
)
from sample_site.page_scripts import article_scripts
from sample_site.site import Tag
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
    strip_marks,
)

if TYPE_CHECKING:
    from sample_site.site import Site

_BODY_CLASS = {
    "emagazine": "path-node page-node-type-emagazine",
    "podcast": "path-node page-node-type-audiobook",
    "live": "path-node page-node-type-article page-live",
}
_DETAIL_CLASS = {
    "article": "detail--normal",
    "podcast": "detail--audio",
}
_SUBHEAD = {"drupal-2026": "h2", "drupal-2022": "h3"}
_INLINE_AD = (
    '<div><div id="block-ads-69" class="block-ads block-ads69" data-position="69" data-width="1200">'
    '<span class="ads-label">Quảng cáo</span>\n</div></div>'
)
_HIDDEN = (
    '<p style="display: none">Chèn quảng cáo ở đây</p>\n<div aria-hidden="true"><p>Bản mẫu của khung</p></div>\n'
    "<p hidden>Đọc thêm trên ứng dụng</p>"
)
_BREAKS = "<br />\n&nbsp;<br />\n"
_PICTURE_WIDTHS = (("1200px", "large"), ("992px", "large"), ("768px", "medium"), ("576px", "small"))


class _BodyRenderer:
    """Writes the blocks of one story."""

    def __init__(self, story: Story, site: Site) -> None:
        self._story = story
        self._site = site
        self._figure_count = 0
        self._paragraph_count = 0
        texts = [b for b in story.blocks if isinstance(b, Paragraph | Subhead | ItemList | Quote | Table)]
        last = texts[-1] if texts else None
        self._slash_ended = last if story.template == "drupal-2020" else None

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        """The blocks one below the other, with the clutter that the site puts between them."""
        parts = []
        for block in blocks:
            parts.append(self._block(block))
            if isinstance(block, Paragraph):
                if self._paragraph_count == 2:
                    parts[-1] += _INLINE_AD
                if "nbsp" in self._story.traps:
                    parts.append("<p>&nbsp;</p>")
                if "hidden-text" in self._story.traps:
                    parts.append(_HIDDEN)
        html = "\n".join(parts)
        return html.replace("</p>\n<p>", _BREAKS) if "joined-paragraphs" in self._story.traps else html

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(rich):
                return self._paragraph(rich, ends_with_slash=block is self._slash_ended)
            case Subhead(rich):
                tag = _SUBHEAD.get(self._story.template)
                inner = self.inline(rich)
                return f"<{tag}>{inner}</{tag}>" if tag else f"<p><strong>{inner}</strong></p>"
            case ItemList(items, ordered):
                tag = "ol" if ordered else "ul"
                lines = "\n".join(f"\t<li>{self.inline(item)}</li>" for item in items)
                return f"<{tag}>\n{lines}\n</{tag}>"
            case Quote(paragraphs):
                inner = "\n".join(f"<p>{self.inline(paragraph)}</p>" for paragraph in paragraphs)
                return f"<blockquote>\n{inner}\n</blockquote>"
            case Table(rows):
                return _table(rows)
            case Figure():
                return self._figure(block)
            case Teaser(story_id):
                return self._teaser(story_id)
            case Video():
                return _video(self._story, block)
            case Audio():
                return _audio(self._story, block)
            case LiveEntry(title, paragraphs) if "times-beside" in self._story.traps:
                inner = "\n".join(f"<p>{self.inline(paragraph)}</p>" for paragraph in paragraphs)
                return f"""<div class="news-list-live">
<div class="news-list-live__time">{self.inline(title)}</div>
<div class="news-list-live__content">
{inner}
</div>
</div>"""
            case LiveEntry(title, paragraphs):
                inner = "\n".join(f"<p>{self.inline(paragraph)}</p>" for paragraph in paragraphs)
                return f"""<div class="news-list-live">
<div class="news-list-live__content">
<h3>{self.inline(title)}</h3>
{inner}
</div>
</div>"""

    def inline(self, rich: RichText) -> str:
        """Running text with its links."""
        parts = []
        for span in rich.spans:
            inner = text(span.text).replace("\n", "<br />\n")
            if span.target is not None:
                href = self._href(span.target)
                outside = "" if span.target in self._site.stories else ' target="_blank" rel="nofollow"'
                inner = f'<a href="{attribute(href)}"{outside}>{inner}</a>'
            parts.append(f"<strong>{inner}</strong>" if span.bold else inner)
        return "".join(parts)

    def _href(self, target: str) -> str:
        story = self._site.stories.get(target)
        if story is None:
            return target
        return story.address if self._story.template == "drupal-2026" else story.url

    def _paragraph(self, rich: RichText, *, ends_with_slash: bool) -> str:
        self._paragraph_count += 1
        traps = self._story.traps
        inner = self.inline(rich)
        if ends_with_slash and inner.endswith("."):
            inner = inner.removesuffix(".") + "./."
        if "hidden-text" in traps:
            inner += '<span style="visibility:hidden"> vov.vn</span>'
        if "zero-width" in traps:
            words = inner.split(" ")
            inner = "\ufeff" + " ".join(word + "\u200b" if index % 4 == 3 else word for index, word in enumerate(words))
        if self._paragraph_count == 1:
            if "carriage-returns" in traps:
                inner = inner.replace(" ", "&#13;\n", 1)
            if "nbsp" in traps:
                inner = inner.replace(" ", "&nbsp;", 1)
        css = ' class=" ads-detail-center"' if "ads-class" in traps and self._paragraph_count == 2 else ""
        return f"<p{css}>{inner}</p>"

    def _figure(self, figure: Figure) -> str:
        self._figure_count += 1
        story = self._story
        large, medium, small = (image_url(story, figure.file, s) for s in ("large", "medium", "small"))
        addresses = {"large": large, "medium": medium, "small": small}
        label = f"{strip_marks(story.slug.replace('-', ' '))} hinh anh {self._figure_count}"
        title = f"{story.headline.lower()} hình ảnh {self._figure_count}"
        caption = figure.shown_caption
        if "loose-captions" in story.traps:
            return f"""<p class="text-align-center"><img alt="{attribute(label)}" src="{large}" /></p>
<p class="text-align-center"><em>{text(caption)}</em></p>"""
        quoted = attribute(caption)
        if "plain-images" in story.traps:
            sizes = ""
            source = f"{large}?resize=p_8,w_800"
        else:
            sizes = (
                f'data-large-size="1170x790" data-large-src="{large}" '
                f'data-medium-size="800x540" data-medium-src="{medium}" '
            )
            source = large
        sources = "\n".join(
            f'              <source data-srcset="{addresses[size]} 1x" '
            f'media="all and (min-width: {width})" type="image/jpeg"></source>'
            for width, size in _PICTURE_WIDTHS
        )
        shown = f"\n<figcaption>{text(caption)}</figcaption>" if caption else ""
        identity = uuid.uuid5(uuid.NAMESPACE_URL, large)
        return f"""<figure role="group" \
class="gallery-embed embedded-entity image process-filter-image align-center">
<div alt="{quoted}" data-alt="{quoted}" data-embed-button="media_browser" \
data-entity-embed-display="view_mode:media.embedded" data-entity-type="media" data-entity-uuid="{identity}" \
data-langcode="vi" {sizes}data-title="{quoted}" style="width: 800px" title="{quoted}"><article>
            <div>    <picture>
{sources}
            <img alt="{attribute(label)}" src="{source}" typeof="foaf:Image" title="{attribute(title)}" />
  </picture>
</div>
  </article>
</div>{shown}
</figure>"""

    def _teaser(self, story_id: str) -> str:
        card = self._site.card(story_id)
        href = attribute(card.href)
        if "pointer-lines" in self._story.traps:
            return f'<p><strong>&gt;&gt;&nbsp;<a href="{href}">{text(card.headline)}</a></strong></p>'
        file = card.image.rpartition("/")[2]
        return f"""<article class="inner-article hzol-clear">
  <div class="article-media media media-embed">
    <figure class="cover" style="width:200px; height:120px; ">
      <a href="{href}">              <img src="{card.image}" alt="{attribute(file)}" />
</a>
    </figure>
    <div class="media-body">
      <a class="vovvn-title" href="{href}">
        <h5 class="media-title"><h2 class="article-title mb-0">{text(card.headline)}</h2>
</h5>
      </a>
              <p class="mt-2 d-none d-md-block">
          {text(card.lead)}<br />&#13;
<br />&#13;
        </p>
          </div>
  </div>
</article>"""


def render_rest(story: Story, site: Site) -> str:
    """The part of a text that the script of its page brings."""
    writer = _BodyRenderer(story, site)
    blocks = story.blocks_by_script
    return _emagazine_columns(blocks, writer) if story.kind == "emagazine" else writer.blocks(blocks)


def render_drupal_article(story: Story, site: Site, *, empty: bool = False) -> str:
    """The page of a story; `empty` leaves out the text, as the site does at times."""
    crumbs = site.breadcrumbs(story)
    first = (crumbs[0].path, crumbs[0].name) if crumbs else None
    content = f"""{header(site, first)}
<section class="vovvn-body page-normal">
  <div class="container">
    <div class="row">
      <div class="col">
          <div class="ads_detail_top advertisement ads-bg">
              <div id="block-ads-60" class="block-ads block-ads60" data-position="60" data-width="1170">
</div>
          </div>
      </div>
    </div>
    <div class="row">
      <div class="col-md-12 col-lg-9 col-xl-870">
                    <div data-drupal-messages-fallback class="hidden"></div>
{_detail(story, site, empty)}
{_comments()}
{_related(story, site)}
      </div>
      <div class="col-md-12 col-lg-3 col-xl-330">
{side_boxes(site)}
      </div>
    </div>
  </div>
</section>
{footer(site)}"""
    body_class = _BODY_CLASS.get(story.kind, "path-node page-node-type-article")
    html = page(_head(story, site), body_class, content, _scripts(story, site))
    return _with_broken_head(html) if "broken-head" in story.traps else html


def _with_broken_head(html: str) -> str:
    """The page with a picture at the top of its head, which ends there for browsers, and slips in its JSON-LD."""
    html = html.replace("<head>", '<head>\n    <img src="https://dem.vov.vn/1.gif" width="1" height="1" alt="" />', 1)
    script = '<script type="application/ld+json">'
    before, opened, linked = html.rpartition(script)
    data, closed, after = linked.partition("</script>")
    opened = opened.replace("ld+json", "ld+json; charset=utf-8")
    return f"{before}{opened}//<![CDATA[\n{data};\n//]]>{closed}{after}"


def _head(story: Story, site: Site) -> str:
    image = image_url(story, story.lead_image, "og_image") + f"?v={int(story.modified.timestamp())}"
    crumbs = site.breadcrumbs(story)
    tags = list(story.keywords)
    shown_tags = tags
    if "doubled-tags" in story.traps and tags:
        shown_tags = [tags[0], *tags[:1], *tags, tags[0].upper(), tags[-1]]
    short = story.short_description
    metas = [
        meta("title", story.headline),
        meta("twitter:card", "summary_large_image"),
        meta("robots", "index, follow, noarchive, noodp"),
        meta("og:site_name", "VOV.VN"),
        f'<link rel="canonical" href="{story.url}" />',
        meta("og:type", "article"),
        meta("description", story.lead_prefix + short if short else story.lead),
        meta("twitter:title", story.headline),
        meta("twitter:description", story.lead),
        meta("og:url", story.url),
        meta("keywords", " ,     ".join(shown_tags[:2]) + "".join(f", {tag}" for tag in shown_tags[2:])),
        meta("og:title", story.headline),
        meta("og:description", story.lead),
        meta("twitter:image", image),
        meta("og:image", image),
        meta("og:image:type", "image/jpeg"),
        meta("og:image:width", "600"),
        meta("og:image:height", "315"),
        meta("og:image:alt", story.headline),
        meta("article:publisher", "https://www.facebook.com/baodientuvov.vn/"),
        *(meta("article:section", crumb.name) for crumb in crumbs[-1:]),
        *(meta("article:tag", tag) for tag in shown_tags),
        meta("article:published_time", story.published.isoformat()),
    ]
    return head(story.headline, story.url, metas)


def _detail(story: Story, site: Site, empty: bool) -> str:
    detail = _DETAIL_CLASS.get(story.kind, f"detail--{story.kind}")
    crumbs = "\n".join(
        f"""                      <li class="breadcrumb-item{" breadcrumb-item-first" if index == 0 else ""}">
                          <a href="{crumb.path}">{text(crumb.name)}</a>
                      </li>"""
        for index, crumb in enumerate(site.breadcrumbs(story))
    )
    date_class = "col-md-4 mb-3 mb-lg-2" if story.template == "drupal-2026" else "col-md-4 mb-2"
    bar = " |" if "date-bar" in story.traps else ""
    share = quote(story.url, safe="")
    return f"""<article data-history-node-id="{story.number}" role="article" about="{story.address}" \
class="detail {detail}" itemprop="articleBody">
   <div class="row article-breadcrumb d-none d-md-block">
    <div class="col">
        <nav role="navigation" aria-labelledby="system-breadcrumb">
    <ol class="breadcrumb bg-transparent">
{crumbs}
                  </ol>
  </nav>
    </div>
  </div>
  <div class="row article-subtitle">
    <div class="col">
    </div>
  </div>
  <div class="row article-title">
    <div class="col">
      <h1 class="article-title mb-0">{text(story.headline)}</h1>
    </div>
  </div>
  <div class="row article-date align-items-center mb-0">
    <div class="{date_class}">
      {shown_date(story.published)}{bar}
    </div>
    <div class="col-md-8 mb-2 hidden-is-mobile justify-content-md-end d-flex">
      <div class="socials-share socials">
  <div class="fb-like" data-href="{story.url}" data-layout="button_count" data-share="false"></div>
  <a class="icons social-icon social-facebook" href="https://www.facebook.com/sharer/sharer.php?u={share}">
    <i class="zmdi zmdi-facebook"></i>
  </a>
  <button class="icons social-icon social-copy-link" title="Sao chép liên kết">
    <span class="copy-tooltip">
            Copy link thành công!
        </span>
  </button>
</div>
      <div class="socials-share socials">
        <a class="icons social-icon social-print" href="#"><i class="zmdi zmdi-print"></i></a>
      </div>
    </div>
  </div>
{_summary_and_text(story, site, empty)}
  <div class="row article-author">
    {_authors(story)}
  </div>
  <div class="row article-tags" id="list-tags" data-nid="{story.number}">
    <div class="col">
{_visible_tags(story)}
          </div>
  </div>
  <div class="row align-items-center justify-content-end">
    <div class="col-auto">
      Mời quý độc giả theo dõi VOV.VN trên
    </div>
    <div class="col-auto">
      <a class="menu-social mx-1" href="https://www.facebook.com/baodientuvov.vn/" target="_blank">
        <i class="vovvn-icon vovvn-icon-facebook"></i>
      </a>
    </div>
  </div>
</article>
  <div class="ads_detail_middle_1 advertisement ads-bg">
    <div id="block-ads-80" class="block-ads block-ads80" data-position="80" data-width="870"></div>
  </div>"""


def _summary_and_text(story: Story, site: Site, empty: bool) -> str:
    writer = _BodyRenderer(story, site)
    if story.kind == "video":
        return _video_page_text(story, writer)
    breaks = "<br />\n<br />\n"
    lead = text(story.lead)
    if "carriage-returns" in story.traps:
        breaks = "<br />&#13;\n<br />&#13;\n"
    if "zero-width" in story.traps:
        lead = lead.replace(" ", " \u200b", 3)
    blocks = () if empty else story.blocks_as_served
    audio = "\n".join(_audio(story, block) for block in blocks if isinstance(block, Audio))
    blocks = tuple(block for block in blocks if not isinstance(block, Audio))
    body = _emagazine_columns(blocks, writer) if story.kind == "emagazine" else writer.blocks(blocks)
    return f"""  <div class="row article-summary mb-3">
    <div class="col">
      <h2 class="mb-0 mb-lg-2">
            <div>{lead}{breaks}</div>
      </h2>
    </div>
  </div>
      <div class="row">
      <div class="col">
        <div class="ads_detail_middle_6 advertisement ads-bg">
          <div id="block-ads-75" class="block-ads block-ads75" data-position="75" data-width="800">
</div>
        </div>
      </div>
    </div>
    <div class="row article-content">
    <div class="col">
                  {audio}<div class="text-long">{body}
</div>
    </div>
  </div>"""


def _video_page_text(story: Story, writer: _BodyRenderer) -> str:
    player = "\n".join(_video(story, block) for block in story.blocks if isinstance(block, Video))
    summary = " ".join(writer.inline(block.text) for block in story.blocks if isinstance(block, Paragraph))
    return f"""  <div class="row article-content">
    <div class="col">
{player}
      <div class="video__summary">
        {story.lead_prefix}{summary}
      </div>
    </div>
  </div>"""


def _emagazine_columns(blocks: tuple[Block, ...], writer: _BodyRenderer) -> str:
    columns = [blocks[start : start + 3] for start in range(0, len(blocks), 3)]
    return "\n".join(
        f'<div class="wp-block-columns">\n<div class="wp-block-column">\n{writer.blocks(column)}</div></div>'
        for column in columns
    )


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    lines = "\n".join(
        "\t\t<tr>\n" + "\n".join(f"\t\t\t<td>{text(cell)}</td>" for cell in row) + "\n\t\t</tr>" for row in rows
    )
    return f'<table border="1" style="width:100%">\n\t<tbody>\n{lines}\n\t</tbody>\n</table>'


def _video(story: Story, video: Video) -> str:
    thumbnail = video_thumbnail(story, video)
    still = f' data-thumb="{thumbnail}"' if thumbnail else ""
    address = video_url(story, video)
    return f'<div class="gallery-embed video_file videojs-player" data-url="{address}"{still}></div>'


def _audio(story: Story, audio: Audio) -> str:
    address = audio_url(story, audio)
    return f"""<div class="node-content-audio">
<audio class="stream-audio" controls preload="none" src="{address}"></audio>
</div>"""


def _authors(story: Story) -> str:
    if story.template == "drupal-2020":
        return f'<div class="col text-end">{text(", ".join(story.authors))}</div>'
    links = "\n      ".join(
        f'<a href="/author?keyword={attribute(author)}">{text(author)}</a>' for author in story.authors
    )
    return f"""<div class="col text-end">
      {links}
      <br/>
              <span class="fw-normal"></span>
          </div>"""


def _visible_tags(story: Story) -> str:
    if story.template == "drupal-2026":
        return ""
    return "\n".join(
        f'      <a class="tag-item" href="/{Tag(keyword).path}">{text(keyword)}</a>' for keyword in story.keywords
    )


def _comments() -> str:
    return """<div class=" comment-block">
  <form id="commentForm" action="" class="box-comment mt-3">
    <div class="vovvn-title">Viết bình luận</div>
    <textarea id="commentText" name="content" rows="3" placeholder="Thêm bình luận hoặc câu hỏi"></textarea>
    <p class="vov-google-captcha mb-2">This site is protected by reCAPTCHA.</p>
    <button type="submit" class="btn-vov-red btn m-auto">Gửi tin</button>
  </form>
  <div id="load-more-comments" style="display: none;" class="comment-item text-center">
    <label class="text-vov-red pointer fw-bold">Xem thêm</label>
  </div>
</div>
<div id="modal-comment" class="modal justify-content-center">
    <span class="fw-semibold fs-5">Gửi bình luận thành công</span>
    <p class="my-2">Bình luận của bạn đang được xem xét</p>
</div>"""


def _related(story: Story, site: Site) -> str:
    if not story.related:
        return ""
    cards = [site.card(story_id) for story_id in story.related]
    joined = "\n".join(story_cards(card, card.href) for card in cards)
    return f"""<div class="field-related-article">
      <h2 class="vovvn-title">Tin liên quan</h2>
{joined}
      </div>"""


def _scripts(story: Story, site: Site) -> str:
    crumbs = site.breadcrumbs(story)
    tids = [TAXONOMY_IDS[path] for path in (story.path, *story.sections) if path in TAXONOMY_IDS]
    settings: dict[str, Any] = {
        "path": {"baseUrl": "/", "currentPath": f"node/{story.number}", "currentLanguage": "vi"},
        "cmsAds": {"type": "node", "show_ads": "1", "tids": tids},
        "statistics": {"data": {"nid": story.number}, "url": "https://statistics.vov.vn/nid"},
    }
    settings_json = json.dumps(settings, separators=(",", ":")).replace("/", "\\/")
    organisation = {
        "@context": "http://schema.org",
        "@type": "Organization",
        "name": "Báo điện tử VOV",
        "url": "https://vov.vn",
    }
    trail = {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb.name,
                "item": "https://vov.vn" + crumb.path,
            }
            for position, crumb in enumerate(crumbs, start=1)
        ],
    }
    article = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "dateModified": story.modified.isoformat(),
        "datePublished": story.published.isoformat(),
        "description": story.lead,
        "headline": story.headline,
        "about": [keyword.lower() for keyword in story.keywords],
        "author": organisation,
        "mainEntityOfPage": {"@context": "http://schema.org", "@id": story.url, "@type": "WebPage"},
        "publisher": organisation,
        "image": {
            "@context": "http://schema.org",
            "@type": "ImageObject",
            "url": image_url(story, story.lead_image, "og_image"),
            "width": "600px",
            "height": "315px",
        },
    }
    return f"""<script type="application/json" data-drupal-selector="drupal-settings-json">\
{settings_json}</script>
<script>
var domainApi="https://vov-api.vov.vn/vov-data";
</script>
{json_ld(organisation)}
{json_ld(trail)}
    <meta property="dable:item_id" content="{story.number}">{json_ld(article)}{article_scripts(story)}"""
