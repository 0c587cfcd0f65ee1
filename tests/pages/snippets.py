"""A small article page around a snippet of markup, for tests that look at one behaviour."""

from __future__ import annotations

import json
from typing import Any

from vovcrawl.items import Article
from vovcrawl.pages import parse_article

STORY = "https://vov.vn/xa-hoi/cho-noi-vao-mua-nuoc-post1315001.vov"
HEADLINE = "Chợ nổi vào mùa nước"
LEAD = "Chợ đông từ tờ mờ sáng."
PUBLISHED = "2026-07-16T08:46:00+07:00"

DATE_ROW = """<div class="row article-date"><div class="col-md-4 mb-3 mb-lg-2">Thứ Năm, 08:46, 16/07/2026</div>
<div class="col-md-8"><button><span>Copy link thành công!</span></button></div></div>"""
SUMMARY_ROW = f"""<div class="row article-summary mb-3"><div class="col"><h2><div>VOV.VN - {LEAD}<br /><br />
</div></h2></div></div>"""
H1 = f'<h1 class="article-title mb-0">{HEADLINE}</h1>'


def page(
    body: str,
    *,
    address: str | None = STORY,
    head: str = "",
    published: str | None = PUBLISHED,
    h1: str = H1,
    date_row: str = DATE_ROW,
    summary_row: str = SUMMARY_ROW,
    after: str = "",
    outside: str = "",
    body_class: str = "page-node-type-article",
    article_class: str = "detail detail--normal",
    json_ld: dict[str, Any] | None = None,
) -> str:
    """An article page of 2026 whose `div.text-long` holds `body`.

    `after` stands below the text within the article, `outside` below the article.
    """
    links = f'<link rel="canonical" href="{address}"><meta property="og:url" content="{address}">' if address else ""
    time = f'<meta property="article:published_time" content="{published}">' if published else ""
    script = f'<script type="application/ld+json">{json.dumps(json_ld)}</script>' if json_ld else ""
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">{links}{time}{head}
<title>{HEADLINE}</title></head><body class="path-node {body_class}"><header class="vovvn-header"></header>
<article role="article" class="{article_class}">
<div class="row article-title"><div class="col">{h1}</div></div>{date_row}{summary_row}
<div class="row article-content"><div class="col"><div class="text-long">{body}</div></div></div>{after}</article>
{outside}{script}<footer class="vovvn-footer">Tổng Biên tập: Người Nào Đó</footer></body></html>"""


def read_page(body: str, **parts: Any) -> Article:
    """The article on `page(body, **parts)`, asked for at its canonical url."""
    return parse_article(page(body, **parts), STORY)


def blocks(article: Article) -> list[tuple[str, str]]:
    """The blocks of the body as (type, text)."""
    return [(block.type, article.body[block.start : block.end]) for block in article.blocks]


def assert_offsets_hold(article: Article) -> None:
    """Fails unless the blocks make up the body and every link's offsets cut out its words."""
    texts = [article.body[block.start : block.end] for block in article.blocks]
    assert "\n\n".join(texts) == article.body
    for link in article.links:
        assert article.body[link.start : link.end] == link.text
        assert any(block.start <= link.start < link.end <= block.end for block in article.blocks)
