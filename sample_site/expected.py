"""The record that a reader of the sample site must produce, made from the data and never from HTML."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sample_site.media import audio_url, body_image_url, video_thumbnail, video_url
from sample_site.site import Site
from sample_site.story import (
    Audio,
    Block,
    Figure,
    ItemList,
    LiveEntry,
    Paragraph,
    Quote,
    RichText,
    Story,
    Subhead,
    Table,
    Video,
)

Record = dict[str, Any]

_TEMPLATES_SEEN_IN_PARTS = ("aspnet-cms-body", "aspnet-2011")
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def shown_date(published: datetime, *, digits: bool = False) -> str:
    """A publication time as readers see it; the old layout writes the weekday as a digit."""
    weekday = _WEEKDAYS[published.weekday()]
    if digits and published.weekday() < 6:
        weekday = f"Thứ {published.weekday() + 2}"
    return f"{weekday}, {published:%H:%M, %d/%m/%Y}"


def early_shown_date(published: datetime) -> str:
    """A publication time as pages of 2011 to 2013 show it."""
    return f"{published.hour % 12 or 12}:{published:%M %p, %d/%m/%Y}"


class _Body:
    """Collects the blocks of a body with their offsets and links."""

    def __init__(self, story: Story, site: Site, blocks: Iterable[Block]) -> None:
        self._story = story
        self._site = site
        self.text = ""
        self.blocks: list[Record] = []
        self.links: list[Record] = []
        for block in blocks:
            self._add_block(block)

    def _add_block(self, block: Block) -> None:
        match block:
            case Paragraph(text):
                self._add("paragraph", (text,))
            case Subhead(text):
                self._add("subhead", (text,))
            case ItemList(items):
                for item in items:
                    self._add("list_item", (item,))
            case Quote(paragraphs):
                self._add("quote", paragraphs)
            case Table(rows):
                self._add_plain("table", "\n".join("\t".join(row) for row in rows))
            case LiveEntry(title, paragraphs):
                self._add("subhead", (title,))
                for paragraph in paragraphs:
                    self._add("paragraph", (paragraph,))
            case Figure(_, str(caption)) if self._story.kind == "photo":
                self._add_plain("caption", caption)
            case _:
                pass

    def _add_plain(self, kind: str, text: str) -> int:
        if self.text:
            self.text += "\n\n"
        start = len(self.text)
        self.text += text
        self.blocks.append({"type": kind, "start": start, "end": len(self.text)})
        return start

    def _add(self, kind: str, texts: tuple[RichText, ...]) -> None:
        start = self._add_plain(kind, " ".join(text.plain for text in texts))
        for text in texts:
            for span in text.spans:
                if span.target is not None:
                    linked = self._site.stories.get(span.target)
                    self.links.append(
                        {
                            "url": linked.url if linked else span.target,
                            "text": span.text,
                            "start": start,
                            "end": start + len(span.text),
                        }
                    )
                start += len(span.text)
            start += 1


def _author(raw: str) -> Record:
    name, slash, affiliation = raw.partition("/")
    return {"name": name.strip(), "affiliation": affiliation.strip() if slash else None, "name_raw": raw}


def _related(story: Story, site: Site) -> list[Record]:
    placements = dict.fromkeys(story.teasers, "inline")
    for story_id in story.related:
        placements.setdefault(story_id, "related")
    found = []
    for story_id, placement in placements.items():
        card = site.card(story_id)
        # Teasers of the old layout show a headline and nothing else, and so do links in the text.
        is_line = placement == "inline" and "pointer-lines" in story.traps
        description = None if story.is_old or is_line else card.description
        found.append(
            {
                "id": card.id,
                "url": card.url,
                "headline": card.headline,
                "description": description,
                "placement": placement,
            }
        )
    return found


def _warnings(story: Story) -> list[str]:
    if story.template in _TEMPLATES_SEEN_IN_PARTS:
        return ["fallback:template"]
    # The templates before 2020 have no place for authors but the text.
    return [] if story.authors or story.template == "aspnet" else ["missing:authors"]


def expected_record(story: Story, site: Site, *, rendered: bool = False) -> Record:
    """The article record of a story, without what depends on the run or on the reader's version.

    Args:
        story: of the site.
        site: that it stands on.
        rendered: whether the scripts of the page have run.
    """
    blocks = story.blocks if rendered else story.blocks_as_served
    keywords = (*story.keywords, *story.visible_tags) if rendered and story.by_script else story.keywords
    body = _Body(story, site, blocks)
    old = story.is_old
    early = story.template == "aspnet-2011"
    shown = early_shown_date(story.published) if early else shown_date(story.published, digits=old)
    crumbs = () if old else site.breadcrumbs(story)
    return {
        "id": story.id,
        "url": story.url,
        "canonical_url": story.url,
        "content_type": story.kind,
        "headline": story.headline,
        "description": story.description,
        "body": body.text,
        "blocks": body.blocks,
        "section": story.section,
        "section_name": site.section_name(story),
        "breadcrumbs": [{"name": crumb.name, "url": "https://vov.vn" + crumb.path} for crumb in crumbs],
        "authors": [_author(raw) for raw in story.authors],
        "keywords": list(keywords),
        "date_published": story.published.isoformat(),
        "date_modified": None if old else story.modified.isoformat(),
        "date_published_raw": shown,
        "images": [
            {"url": body_image_url(story, figure.file), "caption": figure.caption, "credit": figure.credit}
            for figure in blocks
            if isinstance(figure, Figure)
        ],
        "videos": [
            {"url": video_url(story, block), "thumbnail": video_thumbnail(story, block)}
            for block in blocks
            if isinstance(block, Video)
        ],
        "audios": [{"url": audio_url(story, block), "thumbnail": None} for block in blocks if isinstance(block, Audio)],
        "related": _related(story, site),
        "links": body.links,
        "in_language": "vi",
        "warnings": _warnings(story),
    }
