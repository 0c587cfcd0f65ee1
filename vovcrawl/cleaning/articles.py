"""A whole article without boilerplate."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

from vovcrawl.cleaning.authors import signed_by
from vovcrawl.cleaning.blocks import TextBlock, clean_text
from vovcrawl.cleaning.credits import split_credit
from vovcrawl.cleaning.lines import has_prefix, without_prefix, without_suffix
from vovcrawl.cleaning.rules import Stripped
from vovcrawl.items import Article, Block, Image, Link, Related, content_hash

_BETWEEN_BLOCKS = "\n\n"


@dataclass(frozen=True, slots=True)
class Stripping:
    """An article without boilerplate, and what was taken off it."""

    article: Article
    stripped: list[Stripped] = field(default_factory=list)


def strip_boilerplate(article: Article) -> Article:
    """The article without what is boilerplate in its words; one that the reader gave comes back as it is.

    Headline, lead, body, captions and the leads of related articles are cleaned, with the functions by which pages are
    read. Blocks and links keep their words; those who signed become the authors where there are none, and a credit in a
    caption the picture's. `content_hash` becomes that of the clean texts. Time expressions of texts that change are
    dropped, as their places would be wrong. `canonical_url` and `id` stay.
    """
    return stripping(article).article


def stripping(article: Article) -> Stripping:
    """As `strip_boilerplate`, with what was taken off."""
    stripped: list[Stripped] = []
    is_read = _is_read(article)
    headline = without_suffix(article.headline, stripped)
    description = article.description
    if description:
        description = without_prefix(description, "description", stripped, is_read=is_read) or None
    text = clean_text(_blocks(article), is_read=is_read)
    stripped += text.stripped
    images = [_image(image, number, stripped) for number, image in enumerate(article.images)]
    related = [_related(one, number, stripped, is_read) for number, one in enumerate(article.related)]
    if not stripped:
        return Stripping(article if article.content_hash else _hashed(article))
    body, blocks, links = assembled(text.blocks, [link.url for link in article.links])
    cleaned = replace(
        article,
        headline=headline,
        description=description,
        body=body,
        blocks=blocks,
        links=links,
        authors=article.authors or signed_by(text.signatures),
        images=images,
        related=related,
        time_expressions=[],
        warnings=_warnings(article, body),
    )
    return Stripping(_hashed(cleaned), stripped)


def _is_read(article: Article) -> bool:
    """Whether the texts were cleaned before, where that makes a difference."""
    texts = (article.description, article.body, *(one.description for one in article.related))
    if not any(text is not None and has_prefix(text) for text in texts):
        return True
    # The hash is that of the clean texts.
    return article.content_hash == content_hash(article.headline, article.description, article.body)


def _hashed(article: Article) -> Article:
    return replace(article, content_hash=content_hash(article.headline, article.description, article.body))


def _warnings(article: Article, body: str) -> list[str]:
    is_missing = article.content_type == "article" and not body and "missing:body" not in article.warnings
    return [*article.warnings, "missing:body"] if is_missing else article.warnings


def _blocks(article: Article) -> list[TextBlock]:
    """The blocks of a body, in which a link is named by its number.

    Where the blocks do not fit the body, there is a paragraph between each two blank lines; a link whose words stand
    elsewhere is left out.
    """
    body = article.body
    blocks = article.blocks if _fit(article.blocks, len(body)) else _paragraphs(body)
    found = [TextBlock(block.type, body[block.start : block.end]) for block in blocks]
    starts = [block.start for block in blocks]
    for number, link in enumerate(article.links):
        place = bisect_right(starts, link.start) - 1
        if place >= 0 and link.end <= blocks[place].end and body[link.start : link.end] == link.text:
            found[place].links.append((str(number), link.start - starts[place], link.end - starts[place]))
    return found


def _fit(blocks: list[Block], length: int) -> bool:
    """Whether blocks make up a body of this length, but for what stands between them."""
    place = -len(_BETWEEN_BLOCKS)
    for block in blocks:
        if block.start != place + len(_BETWEEN_BLOCKS) or block.end < block.start:
            return False
        place = block.end
    return place == length or (not blocks and not length)


def _paragraphs(body: str) -> list[Block]:
    blocks: list[Block] = []
    place = 0
    for text in body.split(_BETWEEN_BLOCKS) if body else ():
        blocks.append(Block("paragraph", place, place + len(text)))
        place += len(text) + len(_BETWEEN_BLOCKS)
    return blocks


def assembled(blocks: list[TextBlock], urls: list[str]) -> tuple[str, list[Block], list[Link]]:
    """The body that blocks make, with their places in it and those of the links.

    Args:
        blocks: in reading order.
        urls: of the links, by the number that stands for each in `TextBlock.links`.
    """
    kept: list[Block] = []
    links: list[Link] = []
    place = 0
    for block in blocks:
        if kept:
            place += len(_BETWEEN_BLOCKS)
        kept.append(Block(block.type, place, place + len(block.text)))
        for number, start, end in block.links:
            links.append(Link(urls[int(number)], block.text[start:end], place + start, place + end))
        place += len(block.text)
    return _BETWEEN_BLOCKS.join(block.text for block in blocks), kept, links


def _image(image: Image, number: int, stripped: list[Stripped]) -> Image:
    if image.caption is None or image.credit is not None:
        return image
    caption, credit = split_credit(image.caption)
    if credit is None:
        return image
    stripped.append(Stripped("credit", f"images.{number}.caption", image.caption[len(caption or "") :]))
    return replace(image, caption=caption, credit=credit)


def _related(one: Related, number: int, stripped: list[Stripped], is_read: bool) -> Related:
    if one.description is None:
        return one
    description = without_prefix(one.description, f"related.{number}.description", stripped, is_read=is_read)
    return one if description == one.description else replace(one, description=description or None)
