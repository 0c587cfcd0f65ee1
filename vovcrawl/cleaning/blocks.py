"""The blocks of a text: what in them is boilerplate, who signed under them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from vovcrawl.cleaning import rules
from vovcrawl.cleaning.end_marks import inner_marks, with_plain_end
from vovcrawl.cleaning.lines import without_prefix
from vovcrawl.cleaning.rules import Stripped
from vovcrawl.cleaning.signatures import is_signature, may_be_signed, split_signature, with_sources
from vovcrawl.items import BlockType

LinkRange: TypeAlias = tuple[str, int, int]
"""A link as its `href`, and where its words begin and end."""

SIGNATURE, END_MARK = "signature", "end-mark"
"""Names in `Stripped.rule` of what no line of the table describes."""

_RUNNING = ("paragraph", "subhead")


@dataclass(slots=True)
class TextBlock:
    """A block before it has its place in the body."""

    type: BlockType
    text: str
    links: list[LinkRange] = field(default_factory=list)
    at_the_right: bool = False
    """Set at the right margin, as signatures are."""

    def shorten(self, text: str, cut: int = 0) -> None:
        """Makes `text` the block's text, `cut` characters less at its beginning, and trims the links to it."""
        self.text = text
        moved = ((href, max(0, start - cut), min(len(text), end - cut)) for href, start, end in self.links)
        self.links = [(href, start, end) for href, start, end in moved if start < end]

    def replace(self, stretches: list[tuple[int, int, str]]) -> None:
        """Puts shorter texts in the place of stretches, which stand in order, and moves what is linked after them."""
        pieces: list[str] = []
        ends: list[int] = []
        less = [0]
        place = 0
        for start, end, plain in stretches:
            pieces += [self.text[place:start], plain]
            place = end
            ends.append(end)
            less.append(less[-1] + end - start - len(plain))
        self.text = "".join([*pieces, self.text[place:]])

        def moved(at: int) -> int:
            number = bisect_right(ends, at)
            if number < len(stretches) and at > stretches[number][0]:
                start, _, plain = stretches[number]
                at = min(at, start + len(plain))
            return at - less[number]

        self.links = [(href, moved(first), moved(last)) for href, first, last in self.links]


_MOST_PASSES = 20
"""What is taken off may uncover more of it; in texts of people twice or three times."""


@dataclass(slots=True)
class CleanText:
    """The blocks of a text without boilerplate, and what was taken off them."""

    blocks: list[TextBlock]
    signatures: list[str] = field(default_factory=list)
    """Of those who wrote it, in order."""
    stripped: list[Stripped] = field(default_factory=list)


def clean_text(blocks: Iterable[TextBlock], *, signatures: Collection[str] = (), is_read: bool = False) -> CleanText:
    """A text without what is boilerplate in its words.

    Whole blocks that call readers to follow the newspaper go; so do the signatures under the text and the prefix that
    opens it. The end mark becomes a full stop. Cleaned again, the text stays as it is. The blocks given are changed.

    Args:
        blocks: in reading order.
        signatures: what is known to be a signature, and some texts repeat at their end.
        is_read: whether the text was cleaned before, so that it may begin with what only looks like a prefix.
    """
    text = CleanText(list(blocks))
    taken: list[str] = []
    is_first = not is_read
    for _ in range(_MOST_PASSES):
        done = len(text.stripped)
        _drop_boilerplate(text)
        _take_signatures(text, taken, signatures)
        _take_prefix(text, is_first)
        _end_plainly(text)
        if len(text.stripped) == done:
            break
        is_first = False
    text.signatures = with_sources(reversed(taken))
    return text


def _drop_boilerplate(text: CleanText) -> None:
    table = rules.in_use()
    longest, first = table.block.longest, table.block.first
    dropped: list[int] = []
    for number, block in enumerate(text.blocks):
        words = block.text
        if len(words) <= longest and words[:1] in first and (rule := table.block.whole(words)) is not None:
            dropped.append(number)
            text.stripped.append(Stripped(rule.name, "body", words))
    if dropped:
        gone = set(dropped)
        text.blocks = [block for number, block in enumerate(text.blocks) if number not in gone]
    ends = table.end
    while text.blocks and text.blocks[-1].type in _RUNNING:
        rule = ends.whole(text.blocks[-1].text)
        if rule is None:
            break
        text.stripped.append(Stripped(rule.name, "body", text.blocks.pop().text))


def _take_signatures(text: CleanText, signatures: list[str], known: Collection[str]) -> None:
    """Takes the signatures off the end of a text; the last one comes first."""
    blocks = text.blocks
    while blocks and blocks[-1].type not in ("table", "caption"):
        last = blocks[-1]
        rest, signature = _signed(last, known)
        # A heading does not run on into a signature, but a bold signature looks like a heading.
        if not signature or (last.type == "subhead" and rest):
            break
        signatures.append(signature)
        text.stripped.append(Stripped(SIGNATURE, "body", signature))
        if rest:
            last.shorten(rest)
        else:
            blocks.pop()


def _signed(last: TextBlock, known: Collection[str]) -> tuple[str, str | None]:
    """The last block without the signature in it, and that signature."""
    if last.text in known or (last.at_the_right and is_signature(last.text)):
        return "", last.text
    for signature in known:
        if "/" in signature and last.text.endswith(" " + signature):
            return last.text.removesuffix(signature).rstrip(), signature
    if not may_be_signed(last.text):
        return last.text, None
    text, signed = split_signature(last.text)
    # In a list or a quotation, a name or a source alone is one entry more.
    if signed and last.type in ("list_item", "quote") and "/" not in signed:
        return last.text, None
    return text, signed


def _take_prefix(text: CleanText, is_first: bool) -> None:
    """Takes the prefix of leads off a text: that of some video pages opens like a lead."""
    if text.blocks and text.blocks[0].type == "paragraph":
        first = text.blocks[0]
        rest = without_prefix(first.text, "body", text.stripped, is_read=not is_first)
        if len(rest) < len(first.text):
            first.shorten(rest, cut=len(first.text) - len(rest))


def _end_plainly(text: CleanText) -> None:
    """Makes end marks full stops; the mark may stand in a paragraph of its own."""
    for block in text.blocks:
        if "/" in block.text:
            before = len(block.text)
            if stretches := inner_marks(block.text):
                block.replace(stretches)
            if (plain := with_plain_end(block.text)) != block.text:
                block.shorten(plain)
            if len(block.text) < before:
                text.stripped.append(Stripped(END_MARK, "body", "./."))
    if any(block.text in ("", ".") for block in text.blocks):
        text.stripped += [Stripped(END_MARK, "body", block.text) for block in text.blocks if block.text == "."]
        text.blocks = [block for block in text.blocks if block.text not in ("", ".")]
