"""The record that a page must be read as, made from the facts alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from quality.generator import plain_text
from quality.generator.facts import (
    Card,
    Entry,
    Items,
    Joined,
    Picture,
    Player,
    Pointer,
    Prose,
    Quote,
    Rich,
    Signature,
    Span,
    Story,
    Table,
    pictures_of,
    plain,
    shown_date,
)

Record = dict[str, Any]


class _Body:
    """The text of the blocks, their places in it and those of its links."""

    def __init__(self) -> None:
        self.text = ""
        self.blocks: list[Record] = []
        self.links: list[Record] = []

    def add(self, kind: str, texts: Iterable[Rich]) -> None:
        """Adds a block; several texts of one block have a blank between them."""
        texts = list(texts)
        start = self._place(kind, " ".join(map(plain, texts)))
        for text in texts:
            for span in text:
                if span.url is not None:
                    end = start + len(span.text)
                    self.links.append({"url": span.url, "text": span.text, "start": start, "end": end})
                start += len(span.text)
            start += 1

    def _place(self, kind: str, text: str) -> int:
        start = len(self.text) + 2 if self.text else 0
        self.text += f"\n\n{text}" if self.text else text
        self.blocks.append({"type": kind, "start": start, "end": start + len(text)})
        return start

    def add_table(self, table: Table) -> None:
        """Adds a table: its title, then a line a row."""
        lines = ["\t".join(row) for row in table.rows]
        self._place("table", "\n".join([table.title, *lines] if table.title else lines))

    def add_caption(self, caption: str) -> None:
        """Adds the caption of a picture, where captions are the text."""
        self._place("caption", caption)


def _body(story: Story) -> _Body:
    body = _Body()
    for block in story.blocks:
        match block:
            case Prose(kind, text):
                body.add(kind, [text])
            case Joined(paragraphs):
                for paragraph in paragraphs:
                    body.add("paragraph", [paragraph])
            case Items(items):
                for item in items:
                    body.add("list_item", [item])
            case Quote(paragraphs):
                body.add("quote", paragraphs)
            case Table():
                body.add_table(block)
            case Entry(time, paragraphs):
                body.add("subhead", [_words(time)])
                for paragraph in paragraphs:
                    body.add("paragraph", [paragraph])
            case Picture(_, str(caption)) if story.kind == "photo":
                body.add_caption(caption)
            case _:
                pass
    return body


def _words(text: str) -> Rich:
    return (Span(text),)


def author(signature: Signature) -> Record:
    """An author of a record."""
    return {"name": signature.name, "affiliation": signature.affiliation, "name_raw": signature.printed}


def related(story: Story) -> list[Record]:
    """Every article pointed to, once: those in the text before those below it, and never the article itself."""
    found: dict[str, Record] = {}
    placed = [(card, "inline") for block in story.blocks if isinstance(block, Pointer) for card in block.cards]
    for card, placement in [*placed, *((card, "related") for card in story.related)]:
        if card.id == story.id:
            continue
        known = found.setdefault(card.id, _pointed(card, placement))
        known["description"] = known["description"] or card.lead
    return list(found.values())


def _pointed(card: Card, placement: str) -> Record:
    return {
        "id": card.id,
        "url": card.url,
        "headline": card.headline,
        "description": card.lead,
        "placement": placement,
    }


def content_hash(headline: str, description: str | None, body: str) -> str:
    """The hash of a record's texts."""
    return hashlib.sha256("\0".join((headline, description or "", body)).encode()).hexdigest()


_WARNED = {
    "h1": "fallback:headline",
    "summary": "fallback:description",
    "published_time": "fallback:date_published",
}
"""What a page of the layouts since 2020 may lack, where another part of it says the same."""


def warnings(story: Story) -> list[str]:
    """The warnings that what a page lacks gives."""
    if story.layout in ("aspnet-2011", "aspnet-cms-body"):
        return ["fallback:template"]
    found = [
        warning
        for part, warning in _WARNED.items()
        # Only ordinary articles and photo pages are known to print a summary.
        if part in story.lacks and not (part == "summary" and story.kind not in ("article", "photo"))
    ]
    if "lead" in story.lacks and story.kind == "article":
        found.append("missing:description")
    if not (story.authors or story.is_old):
        found.append("missing:authors")
    if "json-ld:damaged" in story.manner:
        found.append("damaged:json_ld")
    if "dates:differ" in story.manner:
        found.append("disagree:date_published")
    return sorted(found)


def record(story: Story) -> Record:
    """The record of a page."""
    body = _body(story)
    lacks = story.lacks
    description = None if "lead" in lacks else story.lead
    unmodified = story.is_old or not lacks.isdisjoint({"json-ld", "modified"}) or "json-ld:damaged" in story.manner
    unlinked = "json-ld" in lacks or "json-ld:damaged" in story.manner
    # The date that readers are shown has no seconds.
    to_minutes = story.is_old or ("published_time" in lacks and unlinked)
    published = story.published.replace(second=0) if to_minutes else story.published
    return {
        "id": story.id,
        "url": story.asked or story.url,
        "canonical_url": story.url,
        "content_type": story.kind,
        "headline": story.headline,
        "description": description,
        "body": body.text,
        "blocks": body.blocks,
        "section": story.path.partition("/")[0],
        "section_name": story.section_name,
        "breadcrumbs": [{"name": name, "url": f"https://vov.vn/{path}"} for name, path in story.crumbs],
        "authors": [author(signature) for signature in story.authors],
        "keywords": list(story.keywords),
        "date_published": published.isoformat(),
        "date_modified": None if unmodified else story.modified.isoformat(),
        "date_published_raw": None if "date" in lacks else shown_date(story),
        "images": [
            {"url": picture_url(story, picture.file), "caption": picture.caption, "credit": picture.credit}
            for picture in pictures_of(story)
        ],
        **{
            f"{kind}s": [
                {"url": block.url, "thumbnail": block.thumbnail}
                for block in story.blocks
                if isinstance(block, Player) and block.kind == kind
            ]
            for kind in ("video", "audio")
        },
        "related": related(story),
        "links": body.links,
        "in_language": "vi",
        "content_hash": content_hash(story.headline, description, body.text),
        "template": story.layout,
        "warnings": warnings(story),
    }


def picture_url(story: Story, file: str, size: str = "large") -> str:
    """Where a picture lies; of the old layouts the upload itself is the largest one."""
    if story.is_old:
        folder = f"uploaded/q{story.number}/{story.published:%Y_%m_%d}"
        return f"https://images.vov.vn/{'' if size == 'large' else size + '/'}{folder}/{file}"
    return f"https://media.vov.vn/sites/default/files/styles/{size}/public/{story.published:%Y-%m}/{file}"


def text_record(story: Story) -> Record:
    """The record of a dump, which has neither urls nor markup: every line of the text is a paragraph."""
    lines: list[str] = []
    for block in story.blocks:
        match block:
            case Prose(_, text):
                lines.append(plain(text))
            case Items(texts) | Quote(texts):
                lines += map(plain, texts)
            case _:
                pass
    body = _Body()
    for line in lines:
        body.add("paragraph", [_words(line)])
    digest = hashlib.sha256(f"{story.headline}\n{body.text}".encode()).hexdigest()
    has_url = story.asked is not None
    found: dict[str, Record] = {}
    for card, placement in plain_text.related_of(story):
        known = found.setdefault(
            card.headline, {**_pointed(card, placement), "id": None, "url": None, "description": None}
        )
        known["description"] = known["description"] or (card.lead if plain_text.shows_leads(story) else None)
    shown = plain_text.shows_date(story)
    published = story.published.replace(second=0).isoformat() if shown or "published:given" in story.manner else None
    return {
        "id": story.id if has_url else digest[:16],
        "url": story.asked,
        "canonical_url": story.url if has_url else f"urn:vovcrawl:text:{digest}",
        "content_type": "article",
        "headline": story.headline,
        "description": story.lead,
        "body": body.text,
        "blocks": body.blocks,
        "section": story.path.partition("/")[0] if has_url else None,
        "section_name": story.section_name if has_url else None,
        "breadcrumbs": [],
        "authors": [author(signature) for signature in story.authors],
        "keywords": list(story.keywords) if plain_text.shows_tags(story) else [],
        "date_published": published,
        "date_modified": None,
        "date_published_raw": shown_date(story) if shown else None,
        "images": [],
        "videos": [],
        "audios": [],
        "related": list(found.values()),
        "links": [],
        "in_language": "vi",
        "content_hash": content_hash(story.headline, story.lead, body.text),
        "template": "text",
        "warnings": [],
    }
