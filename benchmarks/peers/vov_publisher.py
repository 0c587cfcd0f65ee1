"""A VOV publisher for Fundus, as its own publishers are written: a parser for each era of the templates.

Fundus has none for VOV; this one is as good as its helpers allow.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, cast

from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
from fundus.parser.utility import (
    extract_article_body_with_selector,
    generic_author_parsing,
    generic_date_parsing,
    generic_nodes_to_text,
    generic_topic_parsing,
    transform_breaks_to_tag,
)
from lxml.etree import XPath

_SHOWN = re.compile(r"(?:(\d{1,2}):(\d{2})( PM)?, )?(\d{1,2})/(\d{1,2})/(\d{4})")
_BOLD = "(strong or b) and not(text()[normalize-space()])"
# What stands in a text and is none of it: boxes, captions, tables, what is hidden.
_APART = (
    "ancestor::article[contains(@class, 'inner-article') or contains(@class, 'cms-relate')] or ancestor::figure"
    " or ancestor::table or ancestor::blockquote or ancestor-or-self::*[@hidden or @aria-hidden='true' or"
    " contains(translate(@style, ' ', ''), 'display:none') or contains(@style, 'visibility:hidden')]"
    " or ancestor::div[contains(@class, 'ads') or contains(@class, 'poll') or contains(@class, 'box-no-sapo')]"
    " or ancestor::noscript or ancestor::template or starts-with(normalize-space(), 'Mời quý độc giả theo dõi VOV.VN')"
    " or (.//a[strong[starts-with(normalize-space(), '>>')]]) or starts-with(normalize-space(), 'Xem thêm:')"
    " or starts-with(normalize-space(), 'Tin liên quan:') or contains(@class, 'author') or contains(@class, 'caption')"
    " or ancestor::div[@class='story-photo'] or (count(.//em) and preceding-sibling::*[1]/img)"
)


def _paragraphs(text: str) -> str:
    return (
        f"{text}//p[not({_APART}) and (not({_BOLD}) or starts-with(normalize-space(), 'PV:'))]"
        f" | {text}//ul[not(@class)"
        " and not(preceding-sibling::p[1][starts-with(normalize-space(), 'Tin liên quan')])]/li"
        f" | {text}//ol/li | {text}//blockquote"
        f" | {text}//table[not(.//img[not(@width)])]//*[self::td or self::th or self::caption]"
        f" | {text}/div[not(*) and normalize-space()]"
    )


def _texts(selector: XPath, page: Any) -> list[str]:
    found: list[str] = generic_nodes_to_text(cast("list[Any]", selector(page)), normalize=True)
    return found


class VovParser(ParserProxy):
    """Reads the pages before October 2020, and those since."""

    class V1(BaseParser):
        """ASP.NET, as archives hold it."""

        VALID_UNTIL = date(2020, 9, 30)

        _text = "//*[contains(@class, 'cms-body') or contains(@id, 'lbBody')]"
        _paragraphs = XPath(_paragraphs(_text))
        _subheads = XPath(f"{_text}/p[{_BOLD} and not(starts-with(., 'PV:')) and not({_APART})]")
        _unparted = XPath("//*[contains(@id, 'lbBody') and not(.//p)]")
        _summary = XPath("//div[@class='article__sapo'] | //p[@class='summary']")
        _title = XPath("//h1[@class='title'] | //div[@class='main-article']/h1")
        _date = XPath("//time | //*[contains(@id, 'lbDate')]")
        _authors = XPath("//p[contains(@class, 'author')]")
        _tags = XPath("//div[@class='box-content']/a")

        @attribute
        def title(self) -> str | None:
            return next(iter(_texts(self._title, self.precomputed.doc)), None)

        @attribute
        def body(self) -> ArticleBody | None:
            for text in cast("list[Any]", self._unparted(self.precomputed.doc)):
                transform_breaks_to_tag(text)
            return extract_article_body_with_selector(
                self.precomputed.doc,
                paragraph_selector=self._paragraphs,
                summary_selector=self._summary,
                subheadline_selector=self._subheads,
            )

        @attribute
        def publishing_date(self) -> datetime | None:
            shown = " ".join(_texts(self._date, self.precomputed.doc)[:1])
            if (match := _SHOWN.search(shown)) is None:
                return None
            hour, minute, afternoon, day, month, year = match.groups()
            clock = int(hour or 0) % 12 + 12 if afternoon else int(hour or 0)
            return datetime(int(year), int(month), int(day), clock, int(minute or 0))

        @attribute
        def authors(self) -> list[str]:
            return generic_author_parsing(_texts(self._authors, self.precomputed.doc))

        @attribute
        def topics(self) -> list[str]:
            return generic_topic_parsing(_texts(self._tags, self.precomputed.doc))

    class V2(BaseParser):
        """Drupal."""

        _text = "//div[@class='text-long']"
        _paragraphs = XPath(
            f"{_paragraphs(_text)} | //div[@class='video__summary'] | //div[@class='news-list-live__content']/p"
            " | //article[contains(@class, 'detail--photo')]//figcaption"
        )
        _subheads = XPath(
            f"{_text}//*[(self::h2 or self::h3 or self::h4) and not({_APART})]"
            f" | {_text}//p[{_BOLD} and not(starts-with(., 'PV:')) and not({_APART})]"
            " | //div[@class='news-list-live']//*[self::h3 or self::span[contains(@class, 'time')]]"
        )
        _summary = XPath("//div[contains(@class, 'article-summary')]//div[not(.//div)]")
        _title = XPath("//h1[contains(@class, 'article-title')]")
        _authors = XPath("//div[contains(@class, 'article-author')]//a")

        @attribute
        def title(self) -> str | None:
            found = _texts(self._title, self.precomputed.doc)
            return next(iter(found), self.precomputed.meta.get("og:title"))

        @attribute
        def body(self) -> ArticleBody | None:
            return extract_article_body_with_selector(
                self.precomputed.doc,
                paragraph_selector=self._paragraphs,
                summary_selector=self._summary,
                subheadline_selector=self._subheads,
            )

        @attribute
        def publishing_date(self) -> datetime | None:
            published = self.precomputed.meta.get("article:published_time")
            return generic_date_parsing(published or self.precomputed.ld.bf_search("datePublished"))

        @attribute
        def authors(self) -> list[str]:
            return generic_author_parsing(_texts(self._authors, self.precomputed.doc))

        @attribute
        def topics(self) -> list[str]:
            return generic_topic_parsing(self.precomputed.meta.get("article:tag"))
