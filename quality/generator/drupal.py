"""Article pages of the layouts since October 2020."""

from __future__ import annotations

from datetime import UTC, timedelta
from random import Random
from urllib.parse import quote

from quality.generator.body_parts import BodyWriter, json_ld, meta, player
from quality.generator.facts import Card, Entry, Picture, Player, Prose, Signature, Story, shown_date
from quality.generator.gold import picture_url
from quality.generator.ink import Ink, attribute, text

_BODY_CLASSES = {"emagazine": "page-node-type-emagazine", "podcast": "page-node-type-audiobook"}
_DETAIL_CLASSES = {"article": "detail--normal", "podcast": "detail--audio"}
_SIDE = (
    (
        "Hồ chứa cạn, cá vào lưới",
        "/xa-hoi/ho-chua-can-ca-vao-luoi-post1300002.vov",
        "VOV.VN - Mực nước chỉ còn một phần ba.",
    ),
    (
        "Giá chè búp nhích lên",
        "/thi-truong/gia-che-bup-nhich-len-post1300003.vov",
        "VOV.VN - Thương lái trở lại vùng cao.",
    ),
)
_MENU = (
    ("chinh-tri", "Chính trị"),
    ("xa-hoi", "Xã hội"),
    ("the-gioi", "Thế giới"),
    ("kinh-te", "Kinh tế"),
    ("the-thao", "Thể thao"),
)


class DrupalWriter(BodyWriter):
    """Writes texts with the pictures and boxes of these layouts."""

    def own_picture(self, picture: Picture, large: str, medium: str) -> str:
        """The figure of the site's editor; its `alt` says nothing."""
        quoted, caption = attribute(picture.shown), ""
        if picture.shown:
            caption = f"\n<figcaption>{self.ink.words(picture.shown)}</figcaption>"
        sizes = f'data-large-src="{large}" data-medium-src="{medium}"'
        source = large
        if picture.form == "figure-resized":
            sizes, source = "", f"{large}?resize=p_8,w_800"
        return f"""<figure role="group" class="gallery-embed embedded-entity image process-filter-image align-center">
<div alt="{quoted}" data-alt="{quoted}" data-entity-type="media" {sizes} data-langcode="vi">\
<article><div><picture>
<source data-srcset="{medium} 1x" media="all and (min-width: 576px)" type="image/jpeg"></source>
<img alt="hinh anh {len(picture.file)}" src="{source}" title="hình ảnh" /></picture></div></article></div>{caption}
</figure>"""

    def own_pointer(self, card: Card, form: str) -> str:
        """The box of the site's editor, or the highlighted one without a lead."""
        href, title = attribute(card.written), text(card.headline)
        if form == "box-no-sapo":
            return f"""<div class="quote--block-highlighted box-no-sapo"><div class="article__inner-story">
<a href="{href}">{title}</a></div></div>"""
        lead = ""
        if card.lead is not None:
            lead = f'<p class="mt-2 d-none d-md-block">\nVOV.VN - {text(card.lead)}<br />&#13;\n<br />&#13;\n</p>'
        return f"""<article class="inner-article hzol-clear"><div class="article-media media media-embed">
<figure class="cover" style="width:200px"><a href="{href}"><img src="https://media.vov.vn/sites/default/files/styles/\
front_medium/public/x-{card.id}.jpg" alt="x-{card.id}.jpg" /></a></figure>
<div class="media-body"><a class="vovvn-title" href="{href}"><h5 class="media-title"><h2 class="article-title mb-0">\
{title}</h2></h5></a>{lead}</div></div></article>"""


def page(story: Story, random: Random) -> str:
    """The page of an article."""
    ink = Ink(story.manner, random)
    kind = _BODY_CLASSES.get(story.kind, "page-node-type-article") + (" page-live" if story.kind == "live" else "")
    return f"""<!DOCTYPE html>
<html lang="vi" dir="ltr" prefix="og: https://ogp.me/ns#">
{_head(story)}
<body class="path-node {kind}">
<noscript><iframe src="https://www.googletagmanager.com/ns.html?id=GTM-X" style="display:none"></iframe></noscript>
<a href="#main-content" class="visually-hidden focusable skip-link">Nhảy đến nội dung</a>
{_header(story)}
<section class="vovvn-body page-normal"><div class="container"><div class="row"><div class="col-md-12 col-lg-9">
{_article(story, ink)}
{_comments()}
{"" if "related:within" in story.manner else _related(story)}
</div><div class="col-md-12 col-lg-3">{_side()}</div></div></div></section>
{_footer()}
{_scripts(story)}
</body></html>
"""


def _head(story: Story) -> str:
    lead = f"VOV.VN - {story.lead}"
    metas = [
        meta("title", story.headline),
        meta("robots", "index, follow, noarchive, noodp"),
        meta("og:site_name", "VOV.VN"),
        meta("og:type", "article"),
        meta("og:title", story.headline),
        meta("og:image", picture_url(story, "dai-dien.jpg", "og_image") + "?v=178422"),
        *(meta("article:section", name) for name, _ in story.crumbs[-1:]),
        meta("Generator", "Drupal 8 (https://www.drupal.org)"),
    ]
    if "canonical" not in story.lacks:
        query = "?output=amp" if "canonical:query" in story.manner else ""
        metas += [f'<link rel="canonical" href="{story.url}{query}" />', meta("og:url", story.url)]
    if "lead" not in story.lacks:
        short = story.lead.rpartition(" ")[0] if "description:short" in story.manner else story.lead
        metas += [meta("description", f"VOV.VN - {short}"), meta("og:description", lead)]
    if "published_time" not in story.lacks:
        metas.append(meta("article:published_time", _published(story)))
    tags = list(story.keywords)
    if tags and "tags:doubled" in story.manner:
        tags = [tags[0], tags[0], *tags, tags[-1].upper()]
    if "article:tag" not in story.lacks:
        metas += [meta("article:tag", tag) for tag in tags]
    metas.append(meta("keywords", " ,     ".join(tags)))
    lines = "\n".join(metas)
    search = '{"@context":"https://schema.org","@type":"WebSite","name":"VOV.VN","url":"https://vov.vn/"}'
    return f"""<head><meta charset="utf-8" />
{lines}
<title>{text(story.headline)}{" | VOV.VN" if "title:suffix" in story.manner else ""}</title>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-X"></script>
<script>window.dataLayer = window.dataLayer || []; function gtag(){{dataLayer.push(arguments);}}</script>
<script type="application/ld+json">{search}</script>
<style>.detail .text-long p{{margin-bottom:1rem}}</style></head>"""


def _published(story: Story) -> str:
    if "time:utc" in story.manner:
        return f"{story.published.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if "time:naive" in story.manner:
        return story.published.replace(tzinfo=None).isoformat()
    return story.published.isoformat()


def _header(story: Story) -> str:
    menu = "\n".join(
        f'<div class="nav-item"><a href="/{path}" class="nav-link fw-normal nowrap">{name}</a></div>'
        for path, name in _MENU
    )
    bar = "".join(f'<a href="/{path}" class="vbb-category">{text(name)}</a>' for name, path in story.crumbs[:1])
    return f"""<header class="vovvn-header menu-mobile-fixed">
<div class="vov-breadcrumb-bar"><a href="/" class="nav-link"></a>{bar}
</div><div class="main-nav"><div class="navbar-nav main-menu">{menu}</div></div>
<form action="/search"><input type="text" name="keyword" placeholder="Tìm kiếm"></form></header>"""


def _article(story: Story, ink: Ink) -> str:
    detail = _DETAIL_CLASSES.get(story.kind, f"detail--{story.kind}")
    crumbs = ""
    if "breadcrumb" not in story.lacks:
        crumbs = "".join(
            f'<li class="breadcrumb-item"><a href="/{path}">{text(name)}</a></li>' for name, path in story.crumbs
        )
        crumbs = f'<nav><ol class="breadcrumb bg-transparent">{crumbs}</ol></nav>'
    spaced = " mb-0" if story.layout == "drupal-2026" else ""
    title = "" if "h1" in story.lacks else f'<h1 class="article-title{spaced}">{ink.words(story.headline)}</h1>'
    return f"""<article data-history-node-id="{story.number}" role="article" about="{story.url[14:]}" \
class="detail {detail}" itemprop="articleBody">
<div class="row article-breadcrumb d-none d-md-block"><div class="col">{crumbs}</div></div>
<div class="row article-subtitle"><div class="col"></div></div>
<div class="row article-title"><div class="col">
{title}
</div></div>
{_date(story)}
{_summary(story, ink)}
<div class="row"><div class="col"><div class="ads_detail_middle_6 advertisement ads-bg"><div id="block-ads-75" \
class="block-ads block-ads75" data-position="75">
</div></div></div></div>
<div class="row article-content"><div class="col">{_text(story, ink)}</div></div>
<div class="row article-author"><div class="col text-end">{_authors(story)}</div></div>
<div class="row article-tags" id="list-tags" data-nid="{story.number}"><div class="col">{_tags(story)}</div></div>
<div class="row align-items-center"><div class="col-auto">Mời quý độc giả theo dõi VOV.VN trên</div>
<div class="col-auto"><a class="menu-social" href="https://www.facebook.com/baodientuvov.vn/"><i></i></a></div></div>
{_related(story) if "related:within" in story.manner else ""}
</article>"""


def _date(story: Story) -> str:
    if "date" in story.lacks:
        return ""
    spacing = "mb-3 mb-lg-2" if story.layout == "drupal-2026" else "mb-2"
    bar = " |" if "date:bar" in story.manner else ""
    return f"""<div class="row article-date align-items-center mb-0"><div class="col-md-4 {spacing}">
      {shown_date(story)}{bar}
    </div><div class="col-md-8 mb-2"><div class="socials-share socials">
<div class="fb-like" data-href="{story.url}"></div>
<a class="icons social-icon" href="https://www.facebook.com/sharer/sharer.php?u={quote(story.url, safe="")}"></a>
<button class="icons social-icon"><span class="copy-tooltip">Copy link thành công!</span></button></div></div>
</div>"""


def _summary(story: Story, ink: Ink) -> str:
    if not story.lacks.isdisjoint({"lead", "summary"}):
        return ""
    prefix = "VOV.VN – " if "prefix:dash" in story.manner else "VOV.VN - "
    if "prefix:close" in story.manner:
        prefix = prefix.rstrip()
    breaks = "<br />&#13;\n<br />&#13;\n" if "returns" in story.manner else "<br />\n<br />\n"
    lead = f"{prefix}{ink.words(story.lead)}"
    if "lead:strong" in story.manner:
        lead = f"<strong>{prefix}</strong>{ink.words(story.lead)}"
    if "lead:wide" in story.manner:
        return f'<div class="row article-summary"><div class="col-lg-8"><div>{lead}</div></div></div>'
    if "lead:p" in story.manner:
        return f'<div class="row article-summary mb-3"><div class="col"><p>{lead}</p></div></div>'
    return f"""<div class="row article-summary mb-3"><div class="col"><h2 class="mb-0 mb-lg-2">
<div>{lead}{breaks}</div></h2></div></div>"""


def _text(story: Story, ink: Ink) -> str:
    writer = DrupalWriter(story, ink)
    if story.kind == "video" and "video:text" not in story.manner:
        players = "\n".join(player(block) for block in story.blocks if isinstance(block, Player))
        said = " ".join(ink.rich(block.text) for block in story.blocks if isinstance(block, Prose))
        return f'{players}<div class="video__summary">VOV.VN - {said}</div>'
    above = "\n".join(player(block) for block in story.blocks if isinstance(block, Player) and block.kind == "audio")
    blocks = tuple(block for block in story.blocks if not (isinstance(block, Player) and block.kind == "audio"))
    if story.kind == "emagazine":
        columns = [blocks[start : start + 2] for start in range(0, len(blocks), 2)]
        inner = "\n".join(
            f'<div class="wp-block-columns"><div class="wp-block-column">{writer.blocks(column)}</div></div>'
            for column in columns
        )
    elif story.kind == "live":
        entries = tuple(block for block in blocks if isinstance(block, Entry))
        opening = tuple(block for block in blocks if not isinstance(block, Entry))
        inner = f'{writer.blocks(opening)}</div><div class="news-list-live">{writer.blocks(entries)}'
    else:
        inner = writer.blocks(blocks)
    end = ""
    if "signature:again" in story.manner:
        end = f'\n<p style="text-align:right"><strong>{text(story.authors[0].printed)}</strong></p>'
    return f'{above}<div class="text-long">{inner}{end}\n</div>'


def _authors(story: Story) -> str:
    names = [signature.printed for signature in story.authors]
    if "authors:text" in story.manner:
        return text(", ".join(names))
    if "authors:paragraphs" in story.manner:
        return "".join(f"<p>{text(name)}</p>" for name in names)
    if "authors:lines" in story.manner:
        return "<br />".join(map(text, names))
    return "\n".join(map(_author, story.authors)) + '\n<br/><span class="fw-normal"></span>'


def _author(signature: Signature) -> str:
    return f'<a href="/author?keyword={attribute(signature.printed)}">{text(signature.printed)}</a>'


def _tags(story: Story) -> str:
    if story.layout == "drupal-2026" and "article:tag" not in story.lacks:
        return ""
    return "".join(
        f'<a class="tag-item" href="/tu-khoa/the-tag{number}">{text(tag)}</a>'
        for number, tag in enumerate(story.keywords, 70)
    )


def _comments() -> str:
    return """<div class=" comment-block"><form id="commentForm" class="box-comment">
<div class="vovvn-title">Viết bình luận</div>
<textarea name="content" placeholder="Thêm bình luận hoặc câu hỏi"></textarea>
<p class="vov-google-captcha">This site is protected by reCAPTCHA.</p>
<button type="submit">Gửi tin</button></form></div>"""


def _related(story: Story) -> str:
    if not story.related:
        return ""
    cards = "\n".join(_cards(card, number) for number, card in enumerate(story.related))
    return f'<div class="field-related-article"><h2 class="vovvn-title">Tin liên quan</h2>\n{cards}</div>'


def _cards(card: Card, number: int) -> str:
    href, title, quoted = attribute(card.written), text(card.headline), attribute(card.headline)
    lead = f'<p class="mt-2">VOV.VN - {text(card.lead)}</p>' if card.lead is not None else ""
    icon = '<i class="has-media-icon zmdi zmdi-videocam"></i>' if number == 1 else ""
    picture = f'<picture><img loading="lazy" alt="{quoted}" src="https://media.vov.vn/x/{card.id}.jpg?resize=p_8,w_370"></picture>'
    pictured = f'<a class="vovvn-title position-relative" href="{href}">{picture}'
    wide = f'<a class="vovvn-title" href="{href}"><h5 class="media-title">{title}</h5></a>{lead}'
    narrow = f'<a class="vovvn-title" href="{href}"><h3 class="  card-title">{title}</h3></a>{lead}'
    return f"""<div class="article-media media d-none d-lg-flex">{pictured}{icon}
</a><div class="media-body flex-grow-1">{wide}</div></div>
<div class="article-card card border-0 bg-transparent d-flex d-lg-none">{pictured}
</a><div class="card-body p-0">{narrow}</div></div>
<style>.title-custom{{font-size:.875rem!important}}</style>"""


def _side() -> str:
    cards = "\n".join(
        f'<div class="article-media"><a class="vovvn-title" href="{href}"><h5 class="media-title">{title}</h5></a>'
        f'<p class="mt-2">{lead}</p></div>'
        for title, href, lead in _SIDE
    )
    return f"""<div class="most-view"><h4>Đọc nhiều</h4>{cards}</div>
<div class="block-related-sticky ajax-article-by-category d-none" data-tid="23">
<a class="title--red" href="/xa-hoi">XÃ HỘI</a></div>"""


def _footer() -> str:
    return """<footer class="vovvn-footer"><p>BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM</p>
<p>Trụ sở: 37 Bà Triệu, phường Cửa Nam, Hà Nội</p><p>Tổng Biên tập: Người Được Nêu Tên</p>
<p>Không được sao chép lại bất kỳ thông tin nào từ website này khi chưa có sự đồng ý bằng văn bản</p></footer>
<div id="modal-comment" class="modal"><p>Bình luận của bạn đang được xem xét</p></div>"""


def _scripts(story: Story) -> str:
    settings = json_ld({"path": {"currentPath": f"node/{story.number}"}, "cmsAds": {"tids": ["4", "23"]}})
    trail = json_ld(
        {
            "@context": "https://schema.org",
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name, "item": f"https://vov.vn/{path}"}
                for place, (name, path) in enumerate(story.crumbs, 1)
            ],
        }
    )
    parts = [f'<script type="application/json" data-drupal-selector="drupal-settings-json">{settings}</script>']
    if story.crumbs:
        parts.append(f'<script type="application/ld+json">{trail}</script>')
    if "json-ld" not in story.lacks:
        parts.append(_news_article(story))
    return "\n".join(parts)


def _news_article(story: Story) -> str:
    paper: dict[str, object] = {"@type": "Organization", "name": "Báo điện tử VOV", "url": "https://vov.vn"}
    published = story.published - timedelta(hours=9) if "dates:differ" in story.manner else story.published
    facts: dict[str, object] = {"@context": "http://schema.org", "@type": "NewsArticle"}
    if "modified" not in story.lacks:
        facts["dateModified"] = story.modified.isoformat()
    facts |= {"datePublished": published.isoformat(), "headline": story.headline, "author": paper, "publisher": paper}
    facts |= {
        "about": [tag.lower() for tag in story.keywords],
        "mainEntityOfPage": {"@id": story.url, "@type": "WebPage"},
    }
    if "lead" not in story.lacks:
        facts["description"] = f"VOV.VN - {story.lead}"
    written = json_ld(
        {"@context": "http://schema.org", "@graph": [facts]} if "json-ld:graph" in story.manner else facts
    )
    if "json-ld:comma" in story.manner:
        written = written[:-1] + ",}"
    elif "json-ld:cdata" in story.manner:
        written = f"//<![CDATA[\n{written}\n//]]>"
    elif "json-ld:damaged" in story.manner:
        written = written.replace('"headline":', '"headline":"', 1)
    return (
        f'<meta property="dable:item_id" content="{story.number}"><script type="application/ld+json">{written}</script>'
    )
