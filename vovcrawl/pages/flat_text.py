"""A page that was saved as plain text: the same record from lines instead of markup.

Such a dump holds one paragraph a line: the headline, the lead, the text, the call to follow the newspaper, and
"Tin liên quan" with every article's title up to four times and its lead twice, as the page carries each card for wide
and for narrow screens. Blank lines say nothing, since some dumps lack them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from vovcrawl import sections, urls
from vovcrawl.items import Article, Author, Block, Placement, Related, content_hash
from vovcrawl.pages import publication
from vovcrawl.pages.article import Reading, author, signatures
from vovcrawl.pages.bounds import check_article, check_characters
from vovcrawl.pages.document import damages
from vovcrawl.pages.errors import NotAnArticle, Reason, refused_as
from vovcrawl.text import (
    clean,
    distinct,
    has_prefix,
    is_furniture,
    split_signature,
    with_plain_end,
    without_prefix,
)

TEMPLATE = "text"

_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_RELATED_HEADING = re.compile(r"^(?:Tin|Bài|Tin bài|Các tin|Tin tức)\s+(?:bài\s+)?liên quan\s*:?$", re.IGNORECASE)
_TAGS = re.compile(r"^(?:Tags?|Từ khóa|Từ khoá)\s*:\s*(?P<tags>.*)$", re.IGNORECASE)
_DATE_LINE = re.compile(rf"^{publication.SHOWN.pattern}\s*\|?$", re.IGNORECASE)
_END_OF_PAGE = re.compile(
    r"^(?:BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM|Viết bình luận|Trụ sở: 37 Bà Triệu.*|Cơ quan chủ quản: ĐÀI .*)$", re.IGNORECASE
)
_TRAIL = frozenset(("trang chủ", *(name.casefold() for name in sections.NAMES.values())))
# What a lead has and a headline lacks, where neither repetition nor the prefix tells.
_LEAD_END = re.compile(r"[.…]$")
_LEAD_TO_TITLE = 1.4


def read(text: str, url: str | None = None, published: datetime | None = None) -> Reading:
    """The article in a flat text.

    Args:
        text: the saved text, with any line ends.
        url: the article's url, if known.
        published: the time of publication, if known; Vietnamese time unless it carries an offset.

    Raises:
        NotAnArticle: the text holds no headline or nothing under it, is oversized, or `url` is not this newspaper's.
    """
    with refused_as(NotAnArticle):
        check_characters(len(text))
    url = urls.as_written(url) if url is not None else None
    if url and urls.is_out_of_scope(url):
        raise NotAnArticle(Reason.OTHER_EDITION, clean(url)[:200])
    if url is not None and not url.startswith(("http://", "https://")):
        named = urls.article(url)
        url = named.url if named else None
    lines = [line for line in (clean(line) for line in _LINE_ENDS.split(text)) if line]
    above, below = _split(lines)
    headline, rest = _headline(above)
    raw = next((line.rstrip("| ") for line in rest[:3] if _DATE_LINE.match(line)), None)
    paragraphs = [line for line in rest if not (raw and _DATE_LINE.match(line))]
    description, paragraphs = _description(paragraphs)
    paragraphs, teasers = _without_teasers(paragraphs)
    keywords = distinct(
        clean(tag) for line in paragraphs if (tags := _TAGS.match(line)) for tag in re.split(r"[,;]", tags["tags"])
    )
    paragraphs = [line for line in paragraphs if not _TAGS.match(line)]
    signature: str | None = None
    if paragraphs:
        paragraphs[-1], signature = split_signature(paragraphs[-1])
        paragraphs = [with_plain_end(line) for line in paragraphs if line]
    if not headline or not (paragraphs or description):
        raise NotAnArticle(Reason.EMPTY, "nothing under the headline" if headline else "no text at all")
    body = "\n\n".join(paragraphs)
    site_url = urls.article(url) if url else None
    canonical_url = site_url.url if site_url else urls.text_key(headline, body)
    # What the text says of itself goes before what is said of a whole folder.
    shown = publication.from_shown(raw) if raw else None
    moment = shown or _moment(published)
    section = site_url.section if site_url else None
    authors: list[Author] = [author(name) for name in signatures(signature)] if signature else []
    warnings = [] if body else ["missing:body"]
    if description is None:
        warnings.append("missing:description")
    warnings.extend(damages(headline, description, body))
    article = Article(
        id=(site_url.id if site_url else None) or urls.short_key(canonical_url),
        url=url,
        canonical_url=canonical_url,
        content_type=(urls.content_type(site_url) if site_url else None) or "article",
        headline=headline,
        description=description,
        body=body,
        blocks=_blocks(paragraphs),
        section=section,
        section_name=sections.name_of(section) if section else None,
        authors=authors,
        keywords=keywords,
        date_published=publication.to_iso(moment) if moment else None,
        date_published_raw=raw,
        related=_once([*teasers, *_related(below)], headline),
        content_hash=content_hash(headline, description, body),
        source="archive",
        template=TEMPLATE,
        warnings=warnings,
    )
    with refused_as(NotAnArticle):
        check_article(article)
    sources = {"headline": "first line", "description": "second line" if description else "", "body": "lines"}
    if moment:
        sources["date_published"] = "shown" if shown else "argument"
    return Reading(article, {name: source for name, source in sources.items() if source})


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of the article, and those under "Tin liên quan"; what is boilerplate is in neither."""
    above: list[str] = []
    below: list[str] = []
    part = above
    ended = False
    for line in lines:
        if _RELATED_HEADING.match(line):
            part, ended = below, False
        elif _END_OF_PAGE.match(line):
            ended = True
        elif not ended and not is_furniture(line):
            part.append(line)
    return above, below


def _headline(lines: list[str]) -> tuple[str, list[str]]:
    if not lines:
        return "", []
    first = 0
    # The trail to the article may stand above it.
    while first + 2 < len(lines) and lines[first].casefold() in _TRAIL:
        first += 1
    following = first + 1
    while following < len(lines) and lines[following].casefold() == lines[first].casefold():
        following += 1
    return without_prefix(lines[first]), lines[following:]


def _description(paragraphs: list[str]) -> tuple[str | None, list[str]]:
    """The lead and the paragraphs after it; some dumps repeat the lead, once with its prefix and once without."""
    if not paragraphs:
        return None, []
    lead = without_prefix(paragraphs[0])
    following = 1
    while following < len(paragraphs) and without_prefix(paragraphs[following]) == lead:
        following += 1
    return lead or None, paragraphs[following:]


def _without_teasers(paragraphs: list[str]) -> tuple[list[str], list[Related]]:
    """The paragraphs, and the teaser boxes among them: another article's title, then its lead with the prefix."""
    kept: list[str] = []
    teasers: list[Related] = []
    for line in paragraphs:
        if has_prefix(line) and kept:
            title = kept.pop()
            while kept and kept[-1] == title:
                kept.pop()
            teasers.append(_pointed_to(title, without_prefix(line), "inline"))
        else:
            kept.append(line)
    return kept, teasers


def _related(lines: list[str]) -> list[Related]:
    """The articles under "Tin liên quan", out of lines that repeat each title and each lead."""
    titles = {line for line, following in pairwise(lines) if line == following}
    articles: list[Related] = []
    current: str | None = None
    for line in lines:
        if line in titles:
            is_title = True
        elif has_prefix(line):
            is_title = False
        elif current is None:
            is_title = True
        else:
            is_title = not (_LEAD_END.search(line) or len(line) > _LEAD_TO_TITLE * len(current))
        if is_title:
            current = line
            articles.append(_pointed_to(line, None, "related"))
        elif current is not None:
            articles.append(_pointed_to(current, without_prefix(line) or None, "related"))
    return articles


def _pointed_to(headline: str, description: str | None, placement: Placement) -> Related:
    return Related(id=None, url=None, headline=headline, description=description, placement=placement)


def _once(articles: Iterable[Related], own_headline: str) -> list[Related]:
    """Each article once, in order: without a url the same headline is the same article."""
    found: dict[str, Related] = {}
    for article in articles:
        key = article.headline.casefold()
        if key == own_headline.casefold():
            continue
        known = found.setdefault(key, article)
        known.description = known.description or article.description
    return list(found.values())


def _moment(published: datetime | None) -> datetime | None:
    if published is None:
        return None
    if published.tzinfo is None:
        return published.replace(tzinfo=publication.VIETNAM)
    return published.astimezone(publication.VIETNAM)


def _blocks(paragraphs: list[str]) -> list[Block]:
    blocks: list[Block] = []
    offset = 0
    for paragraph in paragraphs:
        blocks.append(Block("paragraph", offset, offset + len(paragraph)))
        offset += len(paragraph) + 2
    return blocks
