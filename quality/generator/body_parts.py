"""The blocks of a text as HTML. What only one family of layouts has stands in `drupal.py` and `aspnet.py`."""

from __future__ import annotations

import json
from html import escape

from quality.generator.facts import (
    Block,
    Card,
    Clutter,
    Entry,
    Gallery,
    Items,
    Joined,
    Picture,
    Player,
    Pointer,
    Prose,
    Quote,
    Rich,
    Story,
    Table,
)
from quality.generator.gold import picture_url
from quality.generator.ink import Ink, attribute, text

_PROSE = {
    "p": "<p>{}</p>",
    "p-ads": '<p class=" ads-detail-center">{}</p>',
    "p-style": '<p style="text-align: justify;">{}</p>',
    "p-word": '<p class="MsoNormal" style="margin-bottom:6pt"><span lang="VI" style="font-size:14.0pt">{}</span></p>',
    "p-ltr": '<p dir="ltr"><span>{}</span></p>',
    "p-within": '<div class="content_block"><div><p>{}</p></div></div>',
    "p-font": '<p align="justify"><font face="Arial" size="2">{}</font></p>',
    "p-upper": "<P ALIGN=justify>{}</P>",
    "p-open": "<p>{}",
    "p-stray": "<p>{}</span></p></p>",
    "p-part-hidden": '<p>{}<span style="display: none">chỉ máy thấy</span></p>',
    "p-pixel": '<p>{}<img src="https://stats.example/t.gif?x=1" width="1" height="1" alt=""></p>',
    "p-ends-with-break": "<p>{}<br />\n&nbsp;</p>",
    "p-bookmark": '<p><a id="_Hlk99"></a><!--StartFragment-->{}<!--EndFragment--><o:p></o:p></p>',
    "div": "<div>{}</div>",
    "bare": "{}",
    "question": "<p><strong>{}</strong></p>",
    "h2": "<h2>{}</h2>",
    "h3": '<h3 class="sub">{}</h3>',
    "strong": "<p><strong>{}</strong></p>",
    "b": '<p style="text-align:justify"><b>{}</b></p>',
    "h4": "<h4><strong>{}</strong></h4>",
    "strong-break": "<p><strong>{}</strong><br />\n</p>",
    "strong-span": "<p><strong><span>{}</span></strong></p>",
}

_CLUTTER = {
    "ad": '<div><div id="block-ads-69" class="block-ads block-ads69" data-position="69">\n</div></div>',
    "ad-label": '<div><div id="block-ads-70" class="block-ads block-ads70"><span>Quảng cáo</span></div></div>',
    "ads-box": '<div class="ads_detail_middle_3 advertisement"><a href="https://ads.example/k">Mua ngay</a></div>',
    "hidden-p": '<p style="display:none">Đoạn này chỉ dành cho máy tìm kiếm.</p>',
    "hidden-div": "<div hidden><p>Bản nháp chưa duyệt.</p></div>",
    "unseen-div": '<div aria-hidden="true"><p>Nhãn dành cho trình đọc màn hình cũ.</p></div>',
    "template": "<template><p>Mẫu: {{ headline }}</p></template>",
    "comment": "<!-- <p>Đoạn đã bỏ khỏi bài.</p> -->",
    "script": "<script>var lazy = ['<p>không phải văn bản</p>'];</script>",
    "style": "<style>.text-long p{margin:0}</style>",
    "empty-p": "<p>&nbsp;</p>",
    "share": '<div class="socials-share"><button>Copy link thành công!</button></div>',
    "frame-ad": '<iframe src="https://googleads.g.doubleclick.net/pagead/ads?client=x" width="1" height="1"></iframe>',
    "noscript": '<noscript><img src="https://stats.example/p.gif?id=1" width="1" height="1"></noscript>',
    "rule": "<hr />",
    "call": "<p>Mời quý độc giả theo dõi VOV.VN trên Google News</p>",
    "button": "<button>Nghe bài viết</button>",
    "unseen-style": '<p style="visibility:hidden">Nội dung đã gỡ.</p>',
    "map": '<iframe src="https://www.google.com/maps/embed?pb=1" width="600" height="400"></iframe>',
    "fallback": "<noscript><p>Hãy bật JavaScript.</p></noscript>",
    "google": '<ins class="adsbygoogle" style="display:block" data-ad-slot="1"></ins>',
    "icon": '<svg viewBox="0 0 9 9"><title>Biểu tượng</title><path d="M0 0h9"></path></svg>',
    "poll": '<div class="poll"><h3>Bạn nghĩ sao?</h3><label><input type="radio"> Đồng ý</label></div>',
}
CLUTTER = tuple(_CLUTTER)
"""Forms of `Clutter`."""


class BodyWriter:
    """Writes the blocks of one article."""

    def __init__(self, story: Story, ink: Ink) -> None:
        self.story = story
        self.ink = ink

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        """The blocks one below the other."""
        return "\n".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        """One block."""
        ink = self.ink
        match block:
            case Prose(_, rich, form):
                return _PROSE[form].format(ink.rich(rich))
            case Joined(paragraphs):
                return "<p>" + "<br />\n<br />\n".join(map(ink.rich, paragraphs)) + "</p>"
            case Items(items, _, True):
                return self.nested(items)
            case Items(items, ordered):
                tag = "ol" if ordered else "ul"
                return f"<{tag}>\n" + "\n".join(f"\t<li>{ink.rich(item)}</li>" for item in items) + f"\n</{tag}>"
            case Quote(paragraphs, form):
                inner = "\n".join(f"<p>{ink.rich(paragraph)}</p>" for paragraph in paragraphs)
                if form == "blockquote":
                    return f"<blockquote>\n{inner}\n</blockquote>"
                return f'<div class="quote--block-highlighted">{inner}</div>'
            case Table():
                return table(block)
            case Picture():
                return self.picture(block)
            case Gallery(pictures, form):
                return self.gallery(pictures, form)
            case Pointer(cards, form):
                return self.pointer(cards, form)
            case Player():
                return player(block)
            case Entry():
                return self.entry(block)
            case Clutter(form):
                return _CLUTTER[form]

    def entry(self, entry: Entry) -> str:
        """An entry of a live page."""
        inner = "\n".join(f"<p>{self.ink.rich(paragraph)}</p>" for paragraph in entry.paragraphs)
        manner = self.story.manner
        if "live:item" in manner:
            return f"""<div class="news-list-live__item"><span class="news-list-live__time">{entry.time}</span>
<div class="news-list-live__content">{inner}</div></div>"""
        if "live:time" in manner:
            return f'<div class="news-list-live__content"><span class="time">{entry.time}</span>{inner}</div>'
        return f'<div class="news-list-live__content"><h3>{entry.time}</h3>{inner}</div>'

    def picture(self, picture: Picture) -> str:
        """A picture and its caption."""
        story = self.story
        large, medium, small = (picture_url(story, picture.file, size) for size in ("large", "medium", "small"))
        shown = text(picture.shown)
        if picture.form == "set":
            caption = f"<figcaption>{shown}</figcaption>" if shown else ""
            sizes = f"{small} 480w, {medium} 800w, {large} 1170w"
            return f'<figure><img src="{small}" srcset="{sizes}" alt="">{caption}</figure>'
        if picture.form == "lazy":
            caption = f"<figcaption>{shown}</figcaption>" if shown else ""
            return (
                f'<figure><img class="lazy" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="{large}" alt="">'
                f'<noscript><img src="{large}" alt=""></noscript>{caption}</figure>'
            )
        if picture.form == "italics":
            return f'<p><img src="{large}" alt="hinh anh 1" /></p>\n<p><em>{shown}</em></p>'
        if picture.form == "italics-within":
            return f'<p style="text-align:center"><img src="{large}" alt="" /><br />\n<em>{shown}</em></p>'
        if picture.form == "table":
            return f"""<table align="center"><tbody><tr><td><img src="{large}" alt=""></td></tr>
<tr><td>{shown}</td></tr></tbody></table>"""
        return self.own_picture(picture, large, medium)

    def nested(self, items: tuple[Rich, ...]) -> str:
        """A list in whose items stand lists of one item each."""
        parts = []
        for place in range(0, len(items), 2):
            below = "".join(f"<ul><li>{self.ink.rich(item)}</li></ul>" for item in items[place + 1 : place + 2])
            parts.append(f"<li>{self.ink.rich(items[place])}{below}</li>")
        return "<ul>" + "\n".join(parts) + "</ul>"

    def gallery(self, pictures: tuple[Picture, ...], form: str) -> str:
        """Pictures side by side, or one below the other in one frame."""
        large = [picture_url(self.story, picture.file) for picture in pictures]
        shown = [text(picture.shown) for picture in pictures]
        if form == "figures":
            inner = "\n".join(
                f'<figure><img src="{url}" alt=""><figcaption>{caption}</figcaption></figure>'
                for url, caption in zip(large, shown, strict=True)
            )
            return f'<figure class="gallery">{inner}</figure>'
        if form == "cells":
            cells = "".join(
                f'<td><img src="{url}" alt=""><br><em>{caption}</em></td>'
                for url, caption in zip(large, shown, strict=True)
            )
            return f"<table><tbody><tr>{cells}</tr></tbody></table>"
        above = "".join(f'<td><img src="{url}" alt=""></td>' for url in large)
        below = "".join(f"<td>{caption}</td>" for caption in shown)
        return f"<table><tbody><tr>{above}</tr><tr>{below}</tr></tbody></table>"

    def own_picture(self, picture: Picture, large: str, medium: str) -> str:
        """A picture as only this family of layouts has it."""
        raise NotImplementedError

    def pointer(self, cards: tuple[Card, ...], form: str) -> str:
        """What points to other articles."""
        links = [f'<a href="{attribute(card.written)}">{text(card.headline)}</a>' for card in cards]
        if form == "arrows":
            return "\n".join(
                f'<p><a href="{attribute(card.written)}"><strong>&gt;&gt; {text(card.headline)}</strong></a></p>'
                for card in cards
            )
        if form == "see-also":
            return f"<p><strong>Xem thêm:</strong> {' và '.join(links)}</p>"
        if form == "label":
            items = "".join(f"<li>{link}</li>" for link in links)
            return f"<p><strong>Tin liên quan:</strong></p>\n<ul>{items}</ul>"
        if form == "listing":
            return '<ul class="story-listing">' + "".join(f"<li>{link}</li>" for link in links) + "</ul>"
        return "\n".join(self.own_pointer(card, form) for card in cards)

    def own_pointer(self, card: Card, form: str) -> str:
        """A box for another article as only this family of layouts has it."""
        raise NotImplementedError


def table(block: Table) -> str:
    """A table of data."""
    is_framed = block.form == "framed"
    title = f"<caption>{text(block.title)}</caption>" if block.title and not is_framed else ""
    lines = []
    for number, row in enumerate(block.rows):
        tag = "th" if block.form == "th" and number == 0 else "td"
        cell = {"p": "<p>{}</p>", "flags": '<img src="/co/vn.png" width="16" height="11" alt=""> {}'}.get(
            block.form, "{}"
        )
        wide = ' colspan="9"' if len(row) == 1 else ""
        lines.append("<tr>" + "".join(f"<{tag}{wide}>{cell.format(text(value))}</{tag}>" for value in row) + "</tr>")
    if block.form == "th":
        inner = f"<thead>{lines[0]}</thead>\n<tbody>" + "\n".join(lines[1:]) + "</tbody>"
    else:
        inner = "<tbody>" + "\n".join(lines) + "</tbody>"
    written = f'<table border="1" cellpadding="1" style="width:100%">{title}\n{inner}\n</table>'
    if not is_framed:
        return written
    below = f"<figcaption>{text(block.title)}</figcaption>" if block.title else ""
    return f'<figure class="table">{written}{below}</figure>'


def player(block: Player) -> str:
    """A video or an audio file."""
    still = f' data-thumb="{block.thumbnail}"' if block.thumbnail else ""
    if block.form == "frame":
        return f'<p><iframe width="560" height="315" src="{escape(block.url)}" allowfullscreen></iframe></p>'
    if block.form == "script":
        settings = f"file: '{block.url}'" + (f", image: '{block.thumbnail}'" if block.thumbnail else "")
        return f"<div id=\"v1\"></div><script>$('#v1').jadsVideo({{{settings}}});</script>"
    if block.form == "video":
        poster = f' poster="{block.thumbnail}"' if block.thumbnail else ""
        return f'<video controls{poster}><source src="{block.url}" type="video/mp4"></video>'
    if block.form == "audio":
        return (
            f'<div class="node-content-audio"><audio class="stream-audio" controls preload="none" src="{block.url}">'
            "</audio></div>"
        )
    return f'<div class="gallery-embed video_file videojs-player" data-url="{block.url}"{still}></div>'


def meta(name: str, content: str) -> str:
    """A `meta` element; names with a colon are properties."""
    return f'<meta {"property" if ":" in name else "name"}="{name}" content="{attribute(content)}" />'


def json_ld(data: dict[str, object]) -> str:
    """JSON-LD as the site writes it, all but ASCII escaped, slashes too."""
    return json.dumps(data, separators=(",", ":")).replace("/", "\\/")
