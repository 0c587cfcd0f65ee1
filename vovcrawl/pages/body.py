"""The body of an article: one walk over its element, in reading order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, takewhile

from vovcrawl import urls
from vovcrawl.cleaning import rules
from vovcrawl.cleaning.blocks import LinkRange, TextBlock, clean_text
from vovcrawl.cleaning.credits import split_credit
from vovcrawl.cleaning.pointers import LONGEST_LABEL, is_label
from vovcrawl.cleaning.rules import Stripped
from vovcrawl.items import Block, BlockType, Image, Link, Media
from vovcrawl.pages import captions, hidden, markup, picture_tables, picture_urls, pictures, players
from vovcrawl.pages.bounds import check_characters, check_elements
from vovcrawl.pages.document import BLOCK_TAGS, Element, classes, empty, links_of
from vovcrawl.pages.picture_tables import CELL_TAGS, Cell
from vovcrawl.pages.publication import is_clock
from vovcrawl.pages.related import is_all_links, is_article, points_on
from vovcrawl.pages.running_text import BREAK, Run, href_of, is_bold, is_only_caption, plain_text
from vovcrawl.text import clean

# Never part of the text, whatever they hold.
_SKIPPED_TAGS = frozenset(
    "script style noscript template form button input select textarea svg nav object map dialog".split()
)
_SUBHEAD_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD_TAGS = frozenset(("strong", "b"))
_MEDIA_TAGS = frozenset(("source", "track", "iframe", "script", "style", "noscript", "svg", "path", "param", "input"))

# An interview's questions are bold paragraphs, not subheads.
_QUESTION = re.compile(r"^(?:PV|P\.V|Phóng viên|Hỏi|BTV|MC|VOV(?:\.VN)?|Nhà báo)\b[^:]{0,40}:", re.IGNORECASE)
_RIGHT_STYLE = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
_TIME_CLASS = re.compile(r"time|clock|hour|minute|date", re.IGNORECASE)
_MOST_BLANK = 20
"""Pieces of a text that are looked at for its first words."""
_LONGEST_TIME = 300
"""Characters that are looked at for it."""
_LONGEST_SUBHEAD = 200
_MOST_PLAYERS = 200
"""Videos of one page that are kept, and audio files as many."""
_MOST_OF_A_LINE, _MOST_OF_A_BOX = 12, 60
"""Elements in a line of text that may be a caption, and in a box of a picture."""


@dataclass(slots=True)
class Body:
    """What the walk found."""

    chunks: list[TextBlock] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    videos: list[Media] = field(default_factory=list)
    audios: list[Media] = field(default_factory=list)
    teasers: list[Element] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    stripped: list[Stripped] = field(default_factory=list)

    def clean(self, signatures: Collection[str], *, is_read: bool = False) -> None:
        """Takes what is boilerplate in words off the text; the arguments are those of `clean_text`."""
        text = clean_text(self.chunks, signatures=signatures, is_read=is_read)
        self.chunks = text.blocks
        self.signatures = self.signatures or text.signatures
        self.stripped += text.stripped

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
                article = urls.article(href, base)
                links.append(
                    Link(
                        url=article.url if article else urls.as_written(href),
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
            self.chunks.append(TextBlock("paragraph", text))

    def drop_heading(self, headline: str) -> None:
        """Drops the headline itself, where the walked elements held it."""
        self.chunks = [chunk for chunk in self.chunks if chunk.type != "subhead" or chunk.text != headline]

    @property
    def is_empty(self) -> bool:
        """Whether there is neither text nor anything to see or hear."""
        return not (self.chunks or self.images or self.videos or self.audios)


class BodyReader:
    """Walks the elements that hold an article's text.

    Args:
        base: the page's url, for relative ones on it.
        captions_are_text: whether captions are blocks of the text, as on photo pages.
        is_live: whether the text is that of a live page, whose entries stand under their times.
        signatures: what the page's author block says, as a whole and each of its links, which some texts repeat at
            their end.
    """

    def __init__(
        self, base: str, *, captions_are_text: bool = False, is_live: bool = False, signatures: Collection[str] = ()
    ) -> None:
        self._base = base
        self._captions_are_text = captions_are_text
        self._is_live = is_live
        self._known_signatures = signatures
        self._boilerplate = rules.in_use().block
        self._holders: set[Element] = set()
        self._mute: dict[str, set[Element]] = {"video": set(), "audio": set()}
        self._characters = 0
        self._pictures = 0
        self._known_media: dict[str, Media] = {}
        self._is_among_data = False
        """Whether a table of data is being read, in which small pictures are flags."""
        self._places: list[int] = []
        """Pieces of their run that stand before each picture within a line."""
        self._lacks_caption = False
        """Whether nothing stands between here and a picture without a caption."""
        self._label: TextBlock | None = None
        """The last block, where it announces other articles."""
        self._points_on = False
        """Whether the last line was a link to another article that is none of the text."""
        self.body = Body()

    def read(self, roots: Iterable[Element]) -> Body:
        """Everything in `roots`, in reading order, nothing of its text taken off but calls to follow the newspaper.

        Raises:
            PageError: OVERSIZED, as soon as there is more than an article may hold.
        """
        for root in roots:
            self._container(root)
        self._drop_label()
        return self.body

    def _container(self, element: Element) -> None:
        """A block element that may hold blocks, running text, or both."""
        if self._is_live:
            self._take_time(element)
        run = Run()
        if text := element.text:
            run.pieces.append(text)
        for child in element:
            if child.tag not in BLOCK_TAGS and not self._holds_blocks(child):
                if self._lacks_caption and self._is_caption_in_line(child, run):
                    self._caption(plain_text(child))
                else:
                    self._inline(child, run)
            else:
                run = self._flush(run, "paragraph")
                self._block(child)
            if tail := child.tail:
                run.pieces.append(tail)
        self._flush(run, "paragraph")

    def _take_time(self, element: Element) -> None:
        """Makes the time that an element opens with, where it is marked as one, a subhead of its own."""
        first = next(element.iterchildren("*"), None)
        if first is not None and first.tag not in BLOCK_TAGS and self._opens_with_time(element):
            self._add("subhead", plain_text(first), [])
            empty(first)

    @staticmethod
    def _opens_with_time(element: Element) -> bool:
        first = next(element.iterchildren("*"), None)
        if first is None or (element.text and element.text.strip()):
            return False
        is_marked = first.tag in BLOCK_TAGS or first.tag == "time" or any(map(_TIME_CLASS.search, classes(first)))
        return is_marked and is_clock(clean("".join(map(str, islice(first.itertext(), _MOST_BLANK)))[:_LONGEST_TIME]))

    def _holds_blocks(self, element: Element) -> bool:
        """Whether an inline element wraps whole blocks, or is itself a teaser.

        What was found is kept for the elements within, so that nested ones are not looked through at every level.
        """
        tokens = element.get("class")
        if tokens is not None and not markup.TEASERS.isdisjoint(tokens.split()):
            return True
        if element in self._holders:
            return True
        for inner in element.iterdescendants():
            if inner.tag in BLOCK_TAGS and inner.tag not in _MEDIA_TAGS:
                for above in inner.iterancestors():
                    self._holders.add(above)
                    if above is element:
                        return True
        return False

    def _block(self, element: Element) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED_TAGS:
            self._silent(element)
            return
        if tag == "p" and not len(element) and not element.attrib and not self._lacks_caption:
            # Most paragraphs are so plain.
            text = element.text or ""
            check_characters(len(text))
            self._add("paragraph", clean(text), [])
            return
        if element.keys() and hidden.is_hidden(element):
            empty(element)
            return
        tokens = classes(element)
        # A paragraph with an ad's class is a real one ("ads-detail-center").
        if tag != "p" and tokens and self._is_noise(tokens) and not (self._is_live and is_clock(plain_text(element))):
            return
        if tokens and not markup.TEASERS.isdisjoint(tokens):
            self._tease(element)
            return
        if tokens and (not markup.SIGNATURES.isdisjoint(tokens) or (tag == "p" and markup.OLD_AUTHOR in tokens)):
            if signature := plain_text(element):
                self.body.signatures = [signature]
            return
        if self._player(element):
            return
        if (
            tokens
            and (self._lacks_caption or not markup.MEDIA_BOXES.isdisjoint(tokens))
            and self._marked_media(element, tokens)
        ):
            return
        if tag == "p":
            self._paragraph(element, tokens)
        elif tag in _SUBHEAD_TAGS:
            self._leaf(element, "subhead")
        elif tag == "figure":
            self._figure(element)
        elif tag == "figcaption" and self._lacks_caption:
            self._caption(plain_text(element))
        elif tag in ("ul", "ol"):
            hidden.drop(element)
            self._list(element)
        elif tag == "blockquote" or not markup.QUOTES.isdisjoint(tokens):
            self._quote(element)
        elif tag == "table":
            hidden.drop(element)
            if self._is_box_of_links(element):
                self._tease(element)
            else:
                self._table(element)
        elif tag in ("img", "picture"):
            self._image(element, element.get(markup.ASPNET_CAPTION))
        elif tag == "iframe":
            self._iframe(element)
        elif tag in ("div", "center") and self._is_line_of_picture(element):
            self._paragraph(element, tokens)
        elif tag not in ("hr", "audio", "video"):
            self._container(element)

    def _marked_media(self, element: Element, tokens: Sequence[str]) -> bool:
        """Whether classes mark an element as a picture's box, a picture's caption or a video, which is then kept."""
        if not markup.QUOTED_PLAYERS.isdisjoint(tokens):
            video = players.quoted(element, self._base)
            if video is not None:
                self._keep(video, self.body.videos)
            return video is not None
        if element.tag != "div":
            return False
        nodes = list(islice(element.iter(), _MOST_OF_A_BOX + 1))
        pictured = sum(node.tag == "img" for node in nodes)
        if len(nodes) > _MOST_OF_A_BOX or pictured > 1:
            return False
        if self._lacks_caption and not pictured and captions.is_marked(tokens):
            self._caption(plain_text(element))
            return True
        if not pictured or markup.PICTURE_BOXES.isdisjoint(tokens):
            return False
        text = plain_text(element)
        if captions.runs_on(text):
            return False
        self._image(element, text)
        return True

    def _iframe(self, element: Element) -> None:
        self._plays(element)

    def _plays(self, frame: Element) -> bool:
        """Whether a frame plays a video, which is then kept."""
        video = players.framed(frame, self._base)
        if video is not None:
            self._keep(video, self.body.videos)
        return video is not None

    def _silent(self, element: Element) -> None:
        """Keeps what an element without text plays: a script that starts a player, a frame of an old one."""
        if element.tag == "script":
            self.read_script(element)
        elif element.tag in players.FRAMES:
            self._plays(element)

    def read_script(self, script: Element) -> None:
        """Keeps the videos and the audio files that a script plays."""
        if script.text:
            videos, audios = players.started(script.text, self._base)
            for found, kept in ((videos, self.body.videos), (audios, self.body.audios)):
                for media in found:
                    self._keep(media, kept)

    def _keep(self, media: Media, kept: list[Media]) -> None:
        """Keeps a video or an audio file, once."""
        self._lacks_caption = False
        same = self._known_media.get(media.url)
        if same is not None:
            same.thumbnail = same.thumbnail or media.thumbnail
        elif len(kept) < _MOST_PLAYERS:
            self._known_media[media.url] = media
            kept.append(media)

    @staticmethod
    def _is_noise(tokens: Sequence[str]) -> bool:
        return not markup.NOISE.isdisjoint(tokens) or any(t.startswith(markup.NOISE_PREFIXES) for t in tokens)

    def _paragraph(self, element: Element, tokens: Sequence[str]) -> None:
        if tokens and self.body.images and not self.body.images[-1].caption and captions.is_marked(tokens):
            self._caption(plain_text(element))
            return
        if self._is_live:
            self._take_time(element)
        below_picture = self._lacks_caption
        images, places = len(self.body.images), len(self._places)
        run = self._leaf_run(element)
        # What is hidden in it was emptied on the way.
        bold = is_bold(element)
        found = len(self.body.images) - images
        text = run.settle()[0] if found or below_picture else ""
        if found and text and found == len(self._places) - places and self._captions_in(element, run, found, bold):
            return
        if below_picture and not found and self._reads_as_caption(element, text, bold):
            self._caption(text)
            return
        style = element.get("style")
        at_the_right = not markup.AT_THE_RIGHT.isdisjoint(tokens) or bool(style and _RIGHT_STYLE.search(style))
        self._add_run("paragraph", run, bold=bold, at_the_right=at_the_right)

    def _add_run(
        self,
        block_type: BlockType,
        run: Run,
        *,
        bold: bool | None = None,
        at_the_right: bool = False,
    ) -> None:
        """Adds running text, unless it only points to other articles. Two line breaks in a row part paragraphs.

        Args:
            block_type: what the text is.
            run: the text.
            bold: whether all of it is bold, so that it may be a subhead; None where it is none in any case.
            at_the_right: whether it is set at the right margin.
        """
        if block_type == "paragraph" and run.breaks and (run.breaks > 1 or run.links or self._label is not None):
            self._add_lines(run, bold is not None, at_the_right)
            return
        text, links = run.settle()
        if links and self._is_pointer(text, links):
            self._tease(*self._pointed(run))
            return
        if bold and len(text) <= _LONGEST_SUBHEAD and text[-1:] not in (".", ":", ";", ","):
            block_type = "paragraph" if _QUESTION.match(text) else "subhead"
        self._add(block_type, text, links, at_the_right)

    def _add_lines(self, run: Run, may_be_subheads: bool, at_the_right: bool) -> None:
        """Adds a text of several lines: those that an empty one parts are paragraphs, the others run on."""
        kept: list[Run] = []

        def flush() -> None:
            if kept:
                joined = Run.joined(kept)
                kept.clear()
                joined.breaks = 0
                self._add_run(
                    "paragraph",
                    joined,
                    bold=joined.is_bold() if may_be_subheads else None,
                    at_the_right=at_the_right,
                )

        for line, is_after_gap in run.lines():
            if is_after_gap:
                flush()
            text, links = line.settle()
            if is_label(text):
                flush()
                self._add("paragraph", text, links)
            elif links and (not kept or points_on(text, links, self._base)) and self._is_pointer(text, links):
                flush()
                self._tease(*self._pointed(line))
            else:
                kept.append(line)
        flush()

    def _is_pointer(self, text: str, links: list[LinkRange]) -> bool:
        """Whether a line with links does nothing but point to other articles, by its words or by those before it."""
        if (self._label is not None or self._points_on) and is_all_links(text, links, self._base):
            return True
        return points_on(text, links, self._base)

    def _pointed(self, run: Run) -> list[Element]:
        """The links of a run that lead to articles and have words."""
        links = [link for link, first, last in run.links if any(map(clean, run.pieces[first:last]))]
        return [link for link in links if is_article(href_of(link), self._base)]

    def _tease(self, *boxes: Element) -> None:
        """Keeps what points to other articles, and drops the line that announced it."""
        self._drop_label()
        self.body.teasers += boxes
        self._points_on = True

    def _drop_label(self) -> None:
        if self._label is not None and self.body.chunks and self.body.chunks[-1] is self._label:
            self.body.chunks.pop()
        self._label = None

    def _is_box_of_links(self, table: Element) -> bool:
        """Whether a table is laid out for links to other articles, under a line that announces them."""
        texts = (clean(str(text)) for text in table.itertext())
        opening = next((text for text in islice(texts, _MOST_BLANK) if text), "")
        if not is_label(opening):
            return False
        links = links_of(table)
        words, linked = sum(map(len, texts)), sum(len(clean(text)) for _, text in links)
        return linked >= words > 0 and all(is_article(href_of(link), self._base) for link, _ in links)

    def _caption(self, text: str, image: Image | None = None) -> None:
        """Makes `text` the caption of a picture, the last one unless it is given."""
        image = image or self.body.images[-1]
        image.caption, image.credit = split_credit(text)
        self._lacks_caption = False
        if self._captions_are_text:
            self._add("caption", image.caption or "", [])

    def _reads_as_caption(self, element: Element, text: str, bold: bool) -> bool:
        return text not in self._known_signatures and captions.is_caption(
            text, italic=captions.is_italic(element), centred=captions.is_centred(element), bold=bold
        )

    def _captions_in(self, element: Element, run: Run, found: int, bold: bool) -> bool:
        """Whether all the text of a paragraph with so many pictures is their captions, which they then have."""
        images = self.body.images[-found:]
        if any(image.caption for image in images):
            return False
        only_caption = is_only_caption(element) or captions.is_italic(element)
        if only_caption and found == 1:
            self._caption(run.settle()[0])
            return True
        texts = self._below_pictures(run, found)
        if texts is None:
            return False
        if not only_caption:
            centred = captions.is_centred(element)
            if not all(captions.is_caption(text, italic=False, centred=centred, bold=bold) for text in texts if text):
                return False
        for image, text in zip(images, texts, strict=True):
            if text:
                self._caption(text, image)
        return True

    def _below_pictures(self, run: Run, found: int) -> list[str] | None:
        """The clean text after each of the last pictures of a run; None where there is text before the first one."""
        places = [*self._places[-found:], len(run.pieces)]
        if any(not piece.isspace() for piece in run.pieces[: places[0]]):
            return None
        return [clean("".join(run.pieces[start:end])) for start, end in pairwise(places)]

    def _is_caption_in_line(self, element: Element, run: Run) -> bool:
        """Whether an element that follows a picture in a line, and fills the rest of it, is its caption."""
        if any(not piece.isspace() for piece in run.pieces) or (element.tail or "").strip():
            return False
        after = element.getnext()
        if after is not None and after.tag not in BLOCK_TAGS and after.tag != "br":
            return False
        return captions.is_marked(classes(element)) or self._reads_as_caption(
            element, plain_text(element), is_bold(element)
        )

    def _is_line_of_picture(self, element: Element) -> bool:
        """Whether a box is but one line, with a picture in it or right below one."""
        if not self._lacks_caption and not (len(element) and element[0].tag not in BLOCK_TAGS):
            return False
        nodes = list(islice(element.iter(), _MOST_OF_A_LINE + 1))
        if len(nodes) > _MOST_OF_A_LINE or not (self._lacks_caption or any(node.tag == "img" for node in nodes)):
            return False
        return all(child.tag not in BLOCK_TAGS and not self._holds_blocks(child) for child in element)

    def _leaf(self, element: Element, block_type: BlockType) -> None:
        self._add_run(block_type, self._leaf_run(element))

    def _leaf_run(self, element: Element) -> Run:
        run = Run()
        self._inline(element, run)
        return run

    def _inline(self, element: Element, run: Run) -> None:
        """Adds the running text in `element` to `run`, and keeps the pictures that stand in it."""
        tag = element.tag
        if tag == "br":
            run.pieces.append(BREAK)
            run.breaks += 1
            return
        if tag in ("img", "picture"):
            images = len(self.body.images)
            self._image(element, element.get(markup.ASPNET_CAPTION))
            if len(self.body.images) > images:
                self._places.append(len(run.pieces))
            return
        if tag == "iframe":
            self._iframe(element)
            return
        if not isinstance(tag, str) or tag in _SKIPPED_TAGS:
            self._silent(element)
            return
        if tag == "embed":
            self._iframe(element)
        if element.keys() and hidden.is_hidden(element):
            empty(element)
            return
        if tag in BLOCK_TAGS and tag != "p":
            tokens = classes(element)
            if self._is_noise(tokens):
                return
            if not markup.TEASERS.isdisjoint(tokens):
                self._tease(element)
                return
            if tag == "figure":
                self._figure(element)
                return
            if self._player(element) or (tag == "table" and self._pictured_table(element)):
                return
        first = len(run.pieces)
        if tag in BLOCK_TAGS:
            run.pieces.append(" ")
        if element.text:
            run.pieces.append(element.text)
        for child in element:
            self._inline(child, run)
            if child.tail:
                run.pieces.append(child.tail)
        if tag in BLOCK_TAGS:
            run.pieces.append(" ")
        if tag == "a":
            href = href_of(element)
            if href and href[0] != "#" and not href.lower().startswith(("javascript:", "data:", "vbscript:")):
                run.links.append((element, first, len(run.pieces)))
        elif tag in _BOLD_TAGS:
            run.add_bold(first)

    def _flush(self, run: Run, block_type: BlockType) -> Run:
        """Adds what was gathered; the run for what follows."""
        if not run.pieces:
            return run
        # Between two blocks stands a line break, as a rule.
        if len(run.pieces) > 1 or not run.pieces[0].isspace():
            self._add_run(block_type, run)
        return Run()

    def _add(self, block_type: BlockType, text: str, links: list[LinkRange], at_the_right: bool = False) -> None:
        if text and len(text) <= self._boilerplate.longest and (rule := self._boilerplate.whole(text)) is not None:
            self.body.stripped.append(Stripped(rule.name, "body", text))
        elif text:
            self._lacks_caption = False
            self._characters += len(text)
            check_characters(self._characters)
            if self._is_live and block_type == "paragraph" and is_clock(text):
                block_type = "subhead"
            chunk = TextBlock(block_type, text, links, at_the_right)
            self.body.chunks.append(chunk)
            self._label = chunk if len(text) <= LONGEST_LABEL and is_label(text) else None
            self._points_on = False

    def _list(self, element: Element) -> None:
        if element.text and element.text.strip():
            self._add("paragraph", clean(element.text), [])
        for item in element:
            if item.tag == "li" and self._is_live and self._opens_with_time(item):
                self._container(item)
            elif item.tag == "li":
                self._list_item(item)
            elif item.tag in ("ul", "ol"):
                self._list(item)
            else:
                self._block(item)
            if item.tail and item.tail.strip():
                self._add("paragraph", clean(item.tail), [])

    def _list_item(self, item: Element) -> None:
        run = Run()
        if item.text:
            run.pieces.append(item.text)
        for child in item:
            if child.tag in ("ul", "ol"):
                run = self._flush(run, "list_item")
                self._list(child)
            else:
                self._inline(child, run)
            if child.tail:
                run.pieces.append(child.tail)
        self._flush(run, "list_item")

    def _quote(self, element: Element) -> None:
        run = Run()
        self._inline(element, run)
        self._flush(run, "quote")

    def _table(self, element: Element) -> None:
        if self._pictured_table(element):
            return
        rows: list[str] = []
        links: list[LinkRange] = []
        offset = 0
        title = element.find("caption")
        if title is not None:
            text, links = self._leaf_run(title).settle()
            if text:
                rows.append(text)
                offset = len(text) + 1
        for row in element.iter("tr"):
            if next(row.iterancestors("table")) is not element:
                continue
            cells: list[str] = []
            start = offset
            for cell in row:
                if cell.tag in CELL_TAGS:
                    text, found = self._leaf_run(cell).settle()
                    links += [(href, start + first, start + last) for href, first, last in found]
                    start += len(text) + 1
                    cells.append(text)
            if any(cells):
                rows.append("\t".join(cells))
                offset += len(rows[-1]) + 1
        self._is_among_data = False
        self._add("table", "\n".join(rows), links)

    def _pictured_table(self, table: Element) -> bool:
        """Whether a table lays out pictures, or pictures and text one below the other, which are then kept."""
        rows = picture_tables.rows_of(table)
        if rows is None:
            return False
        kind = picture_tables.kind_of(rows)
        if kind == "data":
            self._is_among_data = picture_tables.is_data(rows)
            return False
        title = table.find("caption")
        if kind == "box":
            for element in ([title] if title is not None else []) + [cell.element for row in rows for cell in row]:
                self._container(element)
            return True
        below: list[list[Image]] = []
        # A caption may stand above its picture.
        above = list(takewhile(lambda row: not any(cell.pictures for cell in row), rows))
        for row in [*rows[len(above) :], *above]:
            below = self._pictured_row(row, below)
        if title is not None and below and not below[-1][-1].caption:
            self._caption(plain_text(title), below[-1][-1])
        return True

    def _pictured_row(self, row: list[Cell], below: list[list[Image]]) -> list[list[Image]]:
        """Keeps the pictures and captions of a row; the pictures in its cells, or else those in the row above."""
        found: list[list[Image]] = []
        texts: list[str] = []
        for cell in row:
            images, places = len(self.body.images), len(self._places)
            run = self._leaf_run(cell.element)
            count = len(self.body.images) - images
            if count:
                found.append(self.body.images[images:])
                own = self._below_pictures(run, count) if count == len(self._places) - places else None
                for image, text in zip(found[-1], own or [*[""] * (count - 1), run.settle()[0]], strict=True):
                    self._add_caption(text, image)
            elif text := run.settle()[0]:
                texts.append(text)
        found = found or below
        if len(texts) == len(found):
            for images_above, text in zip(found, texts, strict=True):
                self._add_caption(text, images_above[-1])
        elif found:
            self._add_caption(" ".join(texts), found[-1][-1])
        else:
            self._add("paragraph", " ".join(texts), [])
        return found

    def _add_caption(self, text: str, image: Image) -> None:
        """Makes `text` the caption of a picture that has none, or its credit."""
        if not text:
            return
        if not image.caption:
            self._caption(text if image.credit is None else f"{text} (Ảnh: {image.credit})", image)
        elif image.credit is None:
            image.credit = split_credit(text)[1]

    def _figure(self, element: Element) -> None:
        inner = list(element.iterdescendants("figure"))
        # Of a gallery the figures are read that hold no other one.
        galleries = {next(figure.iterancestors("figure")) for figure in inner}
        for figure in inner or [element]:
            if figure not in galleries:
                self._lone_figure(figure)

    def _lone_figure(self, element: Element) -> None:
        silent: list[Element] = []
        for inner in element.iter("figure", "div", "video", "audio", "iframe", "script", "object"):
            if inner.tag in ("iframe", "script", "object"):
                silent.append(inner)
            elif self._player(inner):
                return
        pictured = [img for img in element.iter("img") if not picture_urls.is_furniture(img)]
        # Without scripts the same picture may stand a second time.
        images = [img for img in pictured if next(img.iterancestors("noscript"), None) is None] or pictured[:1]
        if not images:
            if any(self._plays(inner) for inner in silent if inner.tag == "iframe"):
                return
            table, below = next(element.iter("table"), None), next(element.iter("figcaption"), None)
            if table is not None and below is not None and table.find("caption") is None:
                # The frame that editors put around a table, with what is the table's own caption elsewhere.
                below.tag = "caption"
                table.insert(0, below)
            self._container(element)
            return
        for inner in silent:
            self._silent(inner)
        for shown in list(element.iter("figcaption")) or [element]:
            if len(shown):
                hidden.drop(shown)
        caption = pictures.caption_of(element)
        if len(images) == 1:
            self._image(element, caption)
            return
        first = len(self.body.images)
        for number, image in enumerate(images):
            self._image(image, caption if number == len(images) - 1 else None)
            if len(self.body.images) > first + 1 and self.body.images[-2].url == self.body.images[-1].url:
                # Wide and narrow screens are shown it each in a place of its own.
                del self.body.images[-2]

    def _player(self, element: Element) -> bool:
        what = players.plays(element)
        if what is None or element in self._mute[what]:
            return False
        kept, found = (
            (self.body.videos, players.video(element, self._base))
            if what == "video"
            else (self.body.audios, players.audio(element, self._base))
        )
        if found is None:
            # Nor is there anything in the elements within it.
            self._mute[what].update(element.iter())
            return False
        self._keep(found, kept)
        return True

    def _image(self, element: Element, caption: str | None) -> None:
        self._pictures += 1
        check_elements("images", self._pictures)
        if self._is_among_data and not any(map(picture_urls.is_photo, element.iter("img"))):
            return
        image = pictures.image(element, self._base, caption)
        if image is None and (plain := element.getnext()) is not None and plain.tag == "noscript":
            image = pictures.image(plain, self._base, caption)
        if image is None:
            return
        self.body.images.append(image)
        self._lacks_caption = not (image.caption or image.credit)
        if self._captions_are_text and image.caption:
            self._add("caption", image.caption, [])
