"""What an article of the evaluation set says, whatever its page looks like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


@dataclass(frozen=True)
class Span:
    """A run of words; `written` is what its link says, `url` what that link leads to."""

    text: str
    written: str | None = None
    url: str | None = None
    bold: bool = False


Rich = tuple[Span, ...]


@dataclass(frozen=True)
class Card:
    """Another article as this one's page shows it; `written` is the link to it."""

    id: str
    url: str
    headline: str
    lead: str | None
    written: str


@dataclass(frozen=True)
class Prose:
    """A paragraph or a subhead."""

    kind: str
    text: Rich
    form: str = "p"


@dataclass(frozen=True)
class Joined:
    """Paragraphs that one element holds, parted by empty lines."""

    paragraphs: tuple[Rich, ...]


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Rich, ...]
    ordered: bool = False
    nested: bool = False
    """Whether every second item stands in a list within the item above it."""


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    paragraphs: tuple[Rich, ...]
    form: str = "blockquote"


@dataclass(frozen=True)
class Table:
    """A table of data."""

    rows: tuple[tuple[str, ...], ...]
    title: str | None = None
    form: str = "td"


@dataclass(frozen=True)
class Picture:
    """A picture; `shown` is the caption as printed, with its credit."""

    file: str
    caption: str | None
    credit: str | None
    shown: str
    form: str = "figure"


@dataclass(frozen=True)
class Gallery:
    """Pictures that stand together."""

    pictures: tuple[Picture, ...]
    form: str


@dataclass(frozen=True)
class Pointer:
    """A box or a line in the text that points to other articles."""

    cards: tuple[Card, ...]
    form: str


@dataclass(frozen=True)
class Player:
    """A video or an audio file."""

    kind: str
    url: str
    thumbnail: str | None
    form: str


@dataclass(frozen=True)
class Entry:
    """An entry of a live page."""

    time: str
    paragraphs: tuple[Rich, ...]


@dataclass(frozen=True)
class Clutter:
    """What stands in the text and is none of it."""

    form: str


Block = Prose | Joined | Items | Quote | Table | Picture | Gallery | Pointer | Player | Entry | Clutter


@dataclass(frozen=True)
class Signature:
    """An author as printed, and who that is."""

    printed: str
    name: str
    affiliation: str | None


@dataclass(frozen=True)
class Story:
    """One article and the manner in which its page is written."""

    name: str
    layout: str
    kind: str
    id: str
    path: str
    slug: str
    section_name: str
    crumbs: tuple[tuple[str, str], ...]
    """Name and path of each step of the trail."""
    headline: str
    lead: str
    blocks: tuple[Block, ...]
    authors: tuple[Signature, ...]
    keywords: tuple[str, ...]
    published: datetime
    modified: datetime
    related: tuple[Card, ...] = ()
    lacks: frozenset[str] = field(default_factory=frozenset)
    """Parts that the page does not have."""
    manner: frozenset[str] = field(default_factory=frozenset)
    """How the page is written where there is a choice."""
    asked: str | None = None
    """The url that answered, where it is not the canonical one."""

    @property
    def url(self) -> str:
        """The canonical url."""
        return f"https://vov.vn/{self.path}/{self.slug}-{self.id}.vov"

    @property
    def number(self) -> str:
        """The number in the url."""
        return self.id.removeprefix("post")

    @property
    def is_old(self) -> bool:
        """Whether the page is of a layout before October 2020."""
        return self.layout.startswith("aspnet")


def pictures_of(story: Story) -> list[Picture]:
    """Every picture of the text, in order."""
    found: list[Picture] = []
    for block in story.blocks:
        if isinstance(block, Picture):
            found.append(block)
        elif isinstance(block, Gallery):
            found += block.pictures
    return found


def plain(rich: Rich) -> str:
    """The words alone; a line break is a blank."""
    return "".join(span.text for span in rich).replace("\n", " ")


def slug_of(headline: str) -> str:
    """A headline as the site writes it in urls."""
    letters = unicodedata.normalize("NFD", headline.lower().replace("đ", "d"))
    plain_letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\"'“”‘’.…]", "", plain_letters)).strip("-")


_WEEKDAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy")


def shown_date(story: Story) -> str:
    """The time of publication as the page prints it."""
    moment = story.published
    if story.layout == "aspnet-2011":
        half = "PM" if moment.hour >= 12 else "AM"
        return f"{(moment.hour - 1) % 12 + 1}:{moment:%M} {half}, {moment:%d/%m/%Y}"
    day = moment.weekday()
    weekday = "Chủ Nhật" if day == 6 else f"Thứ {day + 2 if story.is_old else _WEEKDAYS[day]}"
    return f"{weekday}, {moment:%H:%M, %d/%m/%Y}"
