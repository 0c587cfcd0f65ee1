"""The body of an article: one walk over its element, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from vovcrawl import addresses
from vovcrawl.items import Block, BlockType, Image, Link, Media
from vovcrawl.pages import pictures
from vovcrawl.pages.document import Element, classes, text_of
from vovcrawl.text import clean, is_boilerplate, split_signature, visible, with_plain_end, without_prefix

# Never part of the text, whatever they hold.
_SKIPPED_TAGS = frozenset(
    "script style noscript template form button input select textarea svg nav header footer object embed map".split()
)
# Elements that run on within a line; every other one begins a block of its own.
_INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd label mark q s samp small span strike "
    "strong sub sup time tt u var wbr img picture".split()
)
_SUBHEAD_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD_TAGS = frozenset(("strong", "b"))
_ROW_TAGS = frozenset(("td", "th"))

TEASER_CLASSES = frozenset(
    "inner-article cms-relate relatedHead mainRelated boxVideoRelated article__inner-story article-media article-card "
    "box-no-sapo related-news".split()
)
"""Boxes in the text that point to another story: current templates first, then those before 2020."""

_NOISE_CLASSES = frozenset(
    "advertisement ads-bg block-ads field-related-article related-events article-relate-bottom relate-right "
    "box--sponsor position-code social-button socials-share gallery-pagination meta comment-block article-tags "
    "article-date article-title article-summary article-subtitle article-breadcrumb box-content visually-hidden "
    "article__sapo article__meta fyi-full-width breadcrumb poll vote-box".split()
)
_NOISE_PREFIXES = ("ads_", "block-ads", "ajax-article")
SIGNATURE_CLASSES = frozenset(("article__author", "cms-author", "article-author"))
"""Paragraphs of the body that hold the signature."""

_CAPTION_CLASSES = frozenset(("cms-photo-caption", "caption", "image-caption", "photo-caption", "fig"))
_QUOTE_CLASSES = frozenset(("quote--block-highlighted", "quote", "blockquote"))

# An interview's questions are bold paragraphs, not subheads.
_QUESTION = re.compile(r"^(?:PV|P\.V|Phóng viên|Hỏi|BTV|MC|VOV(?:\.VN)?|Nhà báo)\b[^:]{0,40}:", re.IGNORECASE)
_POINTER = re.compile(r"^(?:[>»]{1,3}|(?:xem|đọc|mời độc giả xem) thêm\s*:?)\s*", re.IGNORECASE)
_LONGEST_SUBHEAD = 200


@dataclass(slots=True)
class _Run:
    """Running text being gathered: its pieces, and for each link the range of pieces that it covers."""

    pieces: list[str] = field(default_factory=list)
    links: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Chunk:
    """A block before it has its place in the body."""

    type: BlockType
    text: str
    links: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Body:
    """What the walk found."""

    chunks: list[_Chunk] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    videos: list[Media] = field(default_factory=list)
    audios: list[Media] = field(default_factory=list)
    teasers: list[Element] = field(default_factory=list)
    signature: str | None = None

    def assemble(self, base: str) -> tuple[str, list[Block], list[Link]]:
        """The body's text, its blocks and its links."""
        parts: list[str] = []
        blocks: list[Block] = []
        links: list[Link] = []
        offset = 0
        for chunk in self.chunks:
            if parts:
                offset += 2
            blocks.append(Block(chunk.type, offset, offset + len(chunk.text)))
            for href, start, end in chunk.links:
                story = addresses.article(href, base)
                links.append(
                    Link(
                        url=story.url if story else visible(href.strip()),
                        text=chunk.text[start:end],
                        start=offset + start,
                        end=offset + end,
                    )
                )
            parts.append(chunk.text)
            offset += len(chunk.text)
        return "\n\n".join(parts), blocks, links

    def add_paragraph(self, text: str) -> None:
        """Adds a paragraph that stands outside the walked elements."""
        if text:
            self.chunks.append(_Chunk("paragraph", with_plain_end(text)))

    @property
    def is_empty(self) -> bool:
        """Whether there is neither text nor anything to see or hear."""
        return not (self.chunks or self.images or self.videos or self.audios)


class BodyReader:
    """Walks the elements that hold an article's text."""

    def __init__(self, base: str, *, captions_are_text: bool = False) -> None:
        self._base = base
        self._captions_are_text = captions_are_text
        self.body = Body()

    def read(self, roots: Iterable[Element]) -> Body:
        """Everything in `roots`, in reading order, the closing signature taken off."""
        for root in roots:
            self._container(root)
        self._close()
        return self.body

    def _close(self) -> None:
        chunks = self.body.chunks
        if chunks and chunks[-1].type not in ("table", "caption"):
            last = chunks[-1]
            text, signature = split_signature(last.text)
            # A heading does not run on into a signature, but a bold signature looks like a heading.
            if signature and (last.type != "subhead" or not text):
                last.text = text
                self.body.signature = self.body.signature or signature
                last.links = [link for link in last.links if link[2] <= len(last.text)]
                if not last.text:
                    chunks.pop()
        if chunks:
            # The text of some video pages opens like a lead.
            first = chunks[0]
            cut = len(first.text) - len(without_prefix(first.text))
            first.text = first.text[cut:]
            first.links = [(href, start - cut, end - cut) for href, start, end in first.links if start >= cut]
        for chunk in chunks:
            chunk.text = with_plain_end(chunk.text)

    def _container(self, element: Element) -> None:
        """A block element that may hold blocks, running text, or both."""
        run = _Run()
        if element.text:
            run.pieces.append(element.text)
        breaks = 0
        for child in element:
            tag = child.tag
            if tag in _INLINE_TAGS and not self._is_special(child):
                # Old texts part their paragraphs by two line breaks.
                breaks = breaks + 1 if tag == "br" else 0
                if breaks == 2:
                    self._flush(run, "paragraph")
                    run = _Run()
                else:
                    self._inline(child, run)
            else:
                self._flush(run, "paragraph")
                run = _Run()
                breaks = 0
                self._block(child)
            if child.tail:
                if not child.tail.isspace():
                    breaks = 0
                run.pieces.append(child.tail)
        self._flush(run, "paragraph")

    @staticmethod
    def _is_special(element: Element) -> bool:
        tokens = element.get("class")
        return tokens is not None and not TEASER_CLASSES.isdisjoint(tokens.split())

    def _block(self, element: Element) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED_TAGS:
            return
        tokens = classes(element)
        # A paragraph with an ad's class is a real one ("ads-detail-center").
        if tag != "p" and tokens and self._is_noise(tokens):
            return
        if tokens and not TEASER_CLASSES.isdisjoint(tokens):
            self.body.teasers.append(element)
            return
        if tokens and not SIGNATURE_CLASSES.isdisjoint(tokens):
            self.body.signature = clean(text_of(element)) or self.body.signature
            return
        if self._player(element):
            return
        if tag == "p":
            self._paragraph(element, tokens)
        elif tag in _SUBHEAD_TAGS:
            self._leaf(element, "subhead")
        elif tag == "figure":
            self._figure(element)
        elif tag in ("ul", "ol"):
            self._list(element)
        elif tag == "blockquote" or not _QUOTE_CLASSES.isdisjoint(tokens):
            self._quote(element)
        elif tag == "table":
            self._table(element)
        elif tag in ("img", "picture"):
            self._image(element, element.get("cms-photo-caption"))
        elif tag not in ("iframe", "hr", "audio", "video"):
            self._container(element)

    @staticmethod
    def _is_noise(tokens: list[str]) -> bool:
        return not _NOISE_CLASSES.isdisjoint(tokens) or any(t.startswith(_NOISE_PREFIXES) for t in tokens)

    def _paragraph(self, element: Element, tokens: list[str]) -> None:
        if not _CAPTION_CLASSES.isdisjoint(tokens) and self.body.images and not self.body.images[-1].caption:
            last = self.body.images[-1]
            last.caption, last.credit = pictures.split_credit(clean(text_of(element)))
            return
        bold = _is_bold(element)
        run = self._leaf_run(element)
        text, links = _settle(run)
        if len(links) == 1 and _POINTER.match(text) and _POINTER.sub("", text) == text[links[0][1] : links[0][2]]:
            self.body.teasers.append(element)
            return
        subhead = bold and len(text) <= _LONGEST_SUBHEAD and text[-1:] not in (".", ":", ";", ",")
        self._add("subhead" if subhead and not _QUESTION.match(text) else "paragraph", text, links)

    def _leaf(self, element: Element, block_type: BlockType) -> None:
        self._add(block_type, *_settle(self._leaf_run(element)))

    def _leaf_run(self, element: Element) -> _Run:
        run = _Run()
        self._inline(element, run)
        return run

    def _inline(self, element: Element, run: _Run) -> None:
        """Adds the running text in `element` to `run`, and keeps the pictures that stand in it."""
        tag = element.tag
        if tag == "br" or tag == "wbr":
            if tag == "br":
                run.pieces.append(" ")
            return
        if tag in ("img", "picture"):
            self._image(element, element.get("cms-photo-caption"))
            return
        if not isinstance(tag, str) or tag in _SKIPPED_TAGS or tag == "iframe":
            return
        if tag not in _INLINE_TAGS and tag != "p":
            tokens = classes(element)
            if self._is_noise(tokens):
                return
            if not TEASER_CLASSES.isdisjoint(tokens):
                self.body.teasers.append(element)
                return
            if tag == "figure":
                self._figure(element)
                return
            if self._player(element):
                return
        first = len(run.pieces)
        if tag not in _INLINE_TAGS:
            run.pieces.append(" ")
        if element.text:
            run.pieces.append(element.text)
        for child in element:
            self._inline(child, run)
            if child.tail:
                run.pieces.append(child.tail)
        if tag not in _INLINE_TAGS:
            run.pieces.append(" ")
        if tag == "a":
            href = (element.get("href") or "").strip()
            if href and href[0] != "#" and not href.lower().startswith(("javascript:", "data:", "vbscript:")):
                run.links.append((href, first, len(run.pieces)))

    def _flush(self, run: _Run, block_type: BlockType) -> None:
        if run.pieces:
            self._add(block_type, *_settle(run))

    def _add(self, block_type: BlockType, text: str, links: list[tuple[str, int, int]]) -> None:
        if text and not is_boilerplate(text):
            self.body.chunks.append(_Chunk(block_type, text, links))

    def _list(self, element: Element) -> None:
        for item in element:
            if item.tag != "li":
                continue
            run = _Run()
            nested = []
            if item.text:
                run.pieces.append(item.text)
            for child in item:
                if child.tag in ("ul", "ol"):
                    nested.append(child)
                else:
                    self._inline(child, run)
                if child.tail:
                    run.pieces.append(child.tail)
            self._flush(run, "list_item")
            for child in nested:
                self._list(child)

    def _quote(self, element: Element) -> None:
        run = _Run()
        self._inline(element, run)
        self._flush(run, "quote")

    def _table(self, element: Element) -> None:
        rows: list[str] = []
        pictured = next(element.iter("img"), None) is not None
        texts: list[str] = []
        images = 0
        for row in element.iter("tr"):
            cells = []
            for cell in row:
                if cell.tag not in _ROW_TAGS:
                    continue
                for img in cell.iter("img"):
                    images += self._image(img, img.get("cms-photo-caption"))
                text = clean(text_of(cell))
                cells.append(text)
                if text:
                    texts.append(text)
            if any(cells):
                rows.append("\t".join(cells))
        if pictured and images and len(texts) <= 1:
            # A table laid out for one picture: what text it holds is the caption.
            if texts and not self.body.images[-1].caption:
                last = self.body.images[-1]
                last.caption, last.credit = pictures.split_credit(texts[0])
                if self._captions_are_text:
                    self._add("caption", last.caption or "", [])
            return
        self._add("table", "\n".join(rows), [])

    def _figure(self, element: Element) -> None:
        if self._player(element) or any(self._player(inner) for inner in element.iter("div", "video", "audio")):
            return
        if next(element.iter("img"), None) is None:
            table = next(element.iter("table"), None)
            if table is not None:
                self._table(table)
                return
        self._image(element, pictures.caption_of(element))

    def _player(self, element: Element) -> bool:
        what = pictures.plays(element)
        if what is None:
            return False
        kept, found = (
            (self.body.videos, pictures.video(element, self._base))
            if what == "video"
            else (self.body.audios, pictures.audio(element, self._base))
        )
        if found is None:
            return False
        if found not in kept:
            kept.append(found)
        return True

    def _image(self, element: Element, caption: str | None) -> bool:
        image = pictures.image(element, self._base, caption)
        if image is None:
            return False
        self.body.images.append(image)
        if self._captions_are_text and image.caption:
            self._add("caption", image.caption, [])
        return True


def _is_bold(element: Element) -> bool:
    """Whether all the text in `element` is bold."""
    return _bold_parts(element) == (True, False)


def _bold_parts(element: Element) -> tuple[bool, bool]:
    """(some text is bold, some text is not) for what stands in `element`."""
    bold, plain = False, bool(element.text and element.text.strip())
    for child in element:
        if child.tag in _BOLD_TAGS:
            bold = bold or bool(text_of(child).strip())
        elif child.tag != "br":
            inner = _bold_parts(child)
            bold, plain = bold or inner[0], plain or inner[1]
        plain = plain or bool(child.tail and child.tail.strip())
        if plain:
            break
    return bold, plain


def _settle(run: _Run) -> tuple[str, list[tuple[str, int, int]]]:
    """The clean text of a run, and its links as (href, start, end) in that text."""
    if not run.links:
        return clean("".join(run.pieces)), []
    edges = sorted({edge for _, first, last in run.links for edge in (first, last)})
    text = ""
    places: dict[int, int] = {}
    position = 0
    for edge in [*edges, len(run.pieces)]:
        piece = " ".join(visible("".join(run.pieces[position:edge])).split("\xa0"))
        folded = re.sub(r"\s+", " ", piece)
        text += folded.lstrip() if not text or text[-1] == " " else folded
        places.setdefault(edge, len(text))
        position = edge
    links = []
    for href, first, last in run.links:
        start, end = places[first], places[last]
        while start < end and text[start] == " ":
            start += 1
        while end > start and text[end - 1] == " ":
            end -= 1
        if end > start:
            links.append((href, start, end))
    return text.rstrip(), links


def summary(element: Element) -> str:
    """The text of an element as a lead: clean, without the newspaper's prefix."""
    return without_prefix(clean(text_of(element)))
