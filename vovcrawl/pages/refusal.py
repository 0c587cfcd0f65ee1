"""Pages that are no article, and why."""

from __future__ import annotations

import re

from vovcrawl.pages import markup, page_redirect
from vovcrawl.pages.document import Document, classes, text_of
from vovcrawl.pages.errors import PageError, Reason
from vovcrawl.text import clean


def opened(html: str | bytes, charset: str | None = None) -> Document:
    """The page, parsed; `charset` is the encoding that the server declares.

    Raises:
        PageError: EMPTY without a single element; OVERSIZED where only a part of it could be read.
    """
    document = Document.of(html, charset)
    if document is None:
        raise PageError(Reason.EMPTY, "no markup at all")
    return document


_BLOCK_TITLE = re.compile(
    r"attention required|just a moment|access denied|forbidden|you have been blocked|are you a robot|captcha"
    r"|request rejected|security check|ddos|truy cập bị (?:chặn|từ chối)",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"\b(?:404|50[0234])\b|not found|không (?:tìm thấy|tồn tại)|(?:service )?unavailable|bad gateway|gateway time-?out"
    r"|internal server error|(?:có|đã) (?:có )?lỗi xảy ra|đã xảy ra lỗi|đang bảo trì|lỗi hệ thống"
    r"|website encountered an unexpected error",
    re.IGNORECASE,
)
_TITLE_WITHIN, _TEXT_WITHIN = 5_000, 500_000
"""Characters of a title and of a whole page, blanks included, that are looked at."""
# The longest text that a page which only redirects shows beside its script ("Please wait ...").
_LITTLE_TEXT = 400


def claims_article(document: Document) -> bool:
    """Whether the page says in its metadata that it is an article, whatever it shows."""
    document.need_whole()
    if document.meta("article:published_time"):
        return True
    for meta in document.root.iter("meta"):
        name, content = meta.get("property") or meta.get("name") or "", meta.get("content") or ""
        if name.lower() == "og:type" and content.strip().lower() in ("article", "video.other"):
            return True
    return bool(document.json_ld("NewsArticle"))


def why_not(document: Document) -> PageError:
    """The refusal for a page on which no article was found, by what the page shows instead."""
    document.need_whole()
    body = document.body
    title = clean((document.title or "")[:_TITLE_WITHIN])
    heading = next((clean(text_of(h1)[:_TITLE_WITHIN]) for h1 in body.iter("h1")), "") if body is not None else ""
    shown = (title or heading)[:120]
    tokens = classes(body) if body is not None else []

    text = clean(text_of(body)[:_TEXT_WITHIN]) if body is not None else ""
    if _BLOCK_TITLE.search(title) or _BLOCK_TITLE.search(heading):
        return PageError(Reason.BLOCKED, shown)
    if _ERROR_TITLE.search(title) or _ERROR_TITLE.search(heading):
        return PageError(Reason.ERROR, shown)
    if len(text) <= _LITTLE_TEXT:
        if page_redirect.is_one(document):
            target = page_redirect.target(document)
            return PageError(Reason.REDIRECT, clean(target or "to where a script computes")[:200], target)
        if _BLOCK_TITLE.search(text):
            return PageError(Reason.BLOCKED, text[:80])
        if _ERROR_TITLE.search(text):
            return PageError(Reason.ERROR, text[:80])
    language = document.root.get("lang") or "vi"
    if not language.lower().startswith("vi"):
        return PageError(Reason.OTHER_EDITION, f"in {clean(language)[:20]}")
    if markup.LISTING_PAGE in tokens or any(
        not markup.LISTING_PARTS.isdisjoint(classes(div)) for div in document.root.iter("div")
    ):
        return PageError(Reason.LISTING, shown)
    if not text and not shown:
        return PageError(Reason.EMPTY, "nothing on the page")
    return PageError(Reason.NO_ARTICLE, shown)
