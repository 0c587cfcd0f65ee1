"""The stories of the sample site: what they are made of, and how they are read from TOML."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

VIETNAM = timezone(timedelta(hours=7))
STORY_FOLDER = Path(__file__).parent / "stories"

TEMPLATES = ("drupal-2026", "drupal-2022", "drupal-2020", "aspnet", "aspnet-cms-body", "aspnet-2011")
SCRIPTS = ("xhr", "fetch")
"""How the script of a page asks for what it brings: by XMLHttpRequest, or by fetch in async functions."""
KINDS = ("article", "photo", "video", "podcast", "emagazine", "infographic", "live")
CARD_LINKS = ("plain", "tracking", "www", "baoxuan")
TRAPS = frozenset(
    {
        "ads-class",
        "broken-head",
        "carriage-returns",
        "date-bar",
        "doubled-tags",
        "hidden-text",
        "joined-paragraphs",
        "loose-captions",
        "nbsp",
        "nfd",
        "picture-table",
        "plain-images",
        "pointer-lines",
        "raw-ampersand",
        "run-on-signature",
        "script-videos",
        "times-beside",
        "zero-width",
    }
)

_KIND_BY_PATH = {
    "multimedia/video": "video",
    "multimedia/anh": "photo",
    "multimedia/e-magazine": "emagazine",
    "multimedia/infographic": "infographic",
    "emagazine": "emagazine",
    "podcast": "podcast",
}
_INLINE = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)|\*\*(.+?)\*\*")
_ID = re.compile(r"(?:post)?\d{5,8}")


class StoryError(ValueError):
    """A story file says something that cannot be."""


@dataclass(frozen=True)
class Span:
    """A run of text; `target` is the id of a story or an outside url where the run is a link."""

    text: str
    target: str | None = None
    bold: bool = False


@dataclass(frozen=True)
class RichText:
    """Running text with links `[words](target)`, bold `**words**` and line breaks."""

    spans: tuple[Span, ...]

    @classmethod
    def parse(cls, source: str) -> RichText:
        """Read the light markup of the story files."""
        spans: list[Span] = []
        end = 0
        for match in _INLINE.finditer(source):
            if match.start() > end:
                spans.append(Span(source[end : match.start()]))
            if match[3] is not None:
                spans.append(Span(match[3], bold=True))
            else:
                spans.append(Span(match[1], target=match[2]))
            end = match.end()
        if end < len(source):
            spans.append(Span(source[end:]))
        return cls(tuple(spans))

    @property
    def plain(self) -> str:
        """The text alone, a line break being a blank."""
        return "".join(span.text for span in self.spans).replace("\n", " ")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    text: RichText


@dataclass(frozen=True)
class Subhead:
    """A heading within the body."""

    text: RichText


@dataclass(frozen=True)
class ItemList:
    """A bulleted or numbered list."""

    items: tuple[RichText, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Quote:
    """A block quotation of one or more paragraphs."""

    paragraphs: tuple[RichText, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """An image with its caption; `credit` is who took it, `credit_end` what closes the credit."""

    file: str
    caption: str | None = None
    credit: str | None = None
    credit_end: str = "."

    @property
    def shown_caption(self) -> str:
        """The caption as readers see it."""
        if self.credit is None:
            return self.caption or ""
        return f"{self.caption or ''} (Ảnh: {self.credit}){self.credit_end}".strip()


@dataclass(frozen=True)
class Teaser:
    """A box in the text that points to another story."""

    story_id: str


@dataclass(frozen=True)
class Video:
    """A video player."""

    file: str
    thumbnail: str | None = None


@dataclass(frozen=True)
class Audio:
    """An audio player."""

    file: str


@dataclass(frozen=True)
class LiveEntry:
    """One entry of a live report: a heading with the time and its paragraphs."""

    title: RichText
    paragraphs: tuple[RichText, ...]


Block = Paragraph | Subhead | ItemList | Quote | Table | Figure | Teaser | Video | Audio | LiveEntry


@dataclass(frozen=True)
class Breadcrumb:
    """One step of the path shown above a story; `path` starts at the root."""

    name: str
    path: str


@dataclass(frozen=True)
class ForeignStory:
    """A story outside the crawler's scope that other stories point to."""

    id: str
    url: str
    headline: str
    description: str


@dataclass(frozen=True)
class Story:
    """One story: everything that its page, its cards and its record are made from."""

    id: str
    headline: str
    description: str
    slug: str
    path: str
    published: datetime
    modified: datetime
    template: str
    kind: str
    blocks: tuple[Block, ...]
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    breadcrumbs: tuple[Breadcrumb, ...] | None = None
    short_description: str | None = None
    lead_prefix: str = "VOV.VN - "
    early_address: str | None = None
    """The url below the host, where it has the form of before late 2013."""
    old_addresses: tuple[str, ...] = ()
    listed: bool = True
    card_link: str = "plain"
    traps: frozenset[str] = frozenset()
    by_script: str | None = None
    """One of `SCRIPTS`, where the page has a script that brings its visible tags, and blocks if some are not served."""
    visible_tags: tuple[str, ...] = ()
    """Tags that the tag service names beside the keywords of the page."""
    served_blocks: int | None = None
    """How many of the blocks the page holds as it is served; None where it holds all."""
    listed_by_script: bool = False
    """Whether the script of its listing shows the story, which no other listing, feed or sitemap names."""

    @property
    def number(self) -> str:
        """The node number, without the word before it."""
        return self.id.removeprefix("post")

    @property
    def address(self) -> str:
        """The url below the host: `/the-thao/slug-post1.vov`."""
        return self.early_address or f"/{self.path}/{self.slug}-{self.id}.vov"

    @property
    def is_old(self) -> bool:
        """Whether its page is one of the system before October 2020."""
        return self.template.startswith("aspnet")

    @property
    def url(self) -> str:
        """The canonical url."""
        return "https://vov.vn" + self.address

    @property
    def section(self) -> str | None:
        """The first part of the url in lower case; None for the front page's, under which early articles stood."""
        first = self.address.split("/")[1].lower()
        return None if first == "home" else first

    @property
    def lead(self) -> str:
        """The lead as the site writes it, with the paper's name before it."""
        return self.lead_prefix + self.description

    @property
    def blocks_as_served(self) -> tuple[Block, ...]:
        """The blocks that the page holds before its script has run."""
        return self.blocks[: self.served_blocks]

    @property
    def blocks_by_script(self) -> tuple[Block, ...]:
        """The blocks that its script brings."""
        return () if self.served_blocks is None else self.blocks[self.served_blocks :]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The images of the body."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))

    @property
    def lead_image(self) -> str:
        """File name of the image that stands for the story on cards."""
        return self.figures[0].file if self.figures else f"{self.slug[:60].rstrip('-')}.jpg"

    @property
    def teasers(self) -> tuple[str, ...]:
        """Ids of the stories in teaser boxes, in page order."""
        return tuple(block.story_id for block in self.blocks if isinstance(block, Teaser))

    @property
    def linked_ids(self) -> tuple[str, ...]:
        """Ids of the stories linked within running text."""
        targets = (span.target for text in rich_texts(self.blocks) for span in text.spans)
        return tuple(target for target in targets if target is not None and _ID.fullmatch(target))


def rich_texts(blocks: Iterable[Block]) -> Iterator[RichText]:
    """Every running text of the blocks, in order."""
    for block in blocks:
        match block:
            case Paragraph(text) | Subhead(text):
                yield text
            case ItemList(items):
                yield from items
            case Quote(paragraphs):
                yield from paragraphs
            case LiveEntry(title, paragraphs):
                yield title
                yield from paragraphs
            case _:
                pass


def strip_marks(text: str) -> str:
    """Vietnamese text without its diacritics."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def slugify(headline: str) -> str:
    """The slug the site would give a headline; quotes and dots vanish without a separator."""
    plain = re.sub(r"[\"'“”‘’.…]", "", strip_marks(headline).lower())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def template_of(published: datetime) -> str:
    """The page layout in use at a time."""
    month = (published.year, published.month)
    if month >= (2026, 1):
        return "drupal-2026"
    if month >= (2022, 1):
        return "drupal-2022"
    return "drupal-2020" if month >= (2020, 10) else "aspnet"


def kind_of(path: str) -> str:
    """The kind of story that a path holds."""
    return _KIND_BY_PATH.get(path) or _KIND_BY_PATH.get(path.partition("/")[0]) or "article"


def _rich(texts: Iterable[str]) -> tuple[RichText, ...]:
    return tuple(RichText.parse(text) for text in texts)


def parse_block(table: Mapping[str, Any]) -> Block:
    """One block of a story file; its first key says what it is."""
    match table:
        case {"p": str(text)}:
            return Paragraph(RichText.parse(text))
        case {"h": str(text)}:
            return Subhead(RichText.parse(text))
        case {"ul": list(items)}:
            return ItemList(_rich(items))
        case {"ol": list(items)}:
            return ItemList(_rich(items), ordered=True)
        case {"quote": list(items)}:
            return Quote(_rich(items))
        case {"table": list(rows)}:
            return Table(tuple(tuple(row) for row in rows))
        case {"figure": str(file)}:
            return Figure(file, table.get("caption"), table.get("credit"), table.get("credit_end", "."))
        case {"teaser": str(story_id)}:
            return Teaser(story_id)
        case {"video": str(file)}:
            return Video(file, table.get("thumbnail"))
        case {"audio": str(file)}:
            return Audio(file)
        case {"live": str(title), "text": list(items)}:
            return LiveEntry(RichText.parse(title), _rich(items))
    raise StoryError(f"unknown block: {sorted(table)}")


def parse_story(table: Mapping[str, Any]) -> Story:
    """One `[[story]]` table; what can be derived may be left out."""
    given = dict(table)
    try:
        published = given.pop("published")
        path = given.pop("path")
        headline = given.pop("headline")
        crumbs = given.pop("breadcrumbs", None)
        story = Story(
            id=given.pop("id"),
            headline=headline,
            description=given.pop("description"),
            slug=given.pop("slug", None) or slugify(headline),
            path=path,
            published=published,
            modified=given.pop("modified", published),
            template=given.pop("template", None) or template_of(published),
            kind=given.pop("kind", None) or kind_of(path),
            blocks=tuple(parse_block(block) for block in given.pop("blocks")),
            authors=tuple(given.pop("authors", ())),
            keywords=tuple(given.pop("keywords", ())),
            related=tuple(given.pop("related", ())),
            sections=tuple(given.pop("sections", ())),
            breadcrumbs=None if crumbs is None else tuple(Breadcrumb(*crumb) for crumb in crumbs),
            short_description=given.pop("short_description", None),
            lead_prefix=given.pop("lead_prefix", "VOV.VN - "),
            early_address=given.pop("early_address", None),
            old_addresses=tuple(given.pop("old_addresses", ())),
            listed=given.pop("listed", True),
            card_link=given.pop("card_link", "plain"),
            traps=frozenset(given.pop("traps", ())),
            by_script=given.pop("by_script", None),
            visible_tags=tuple(given.pop("visible_tags", ())),
            served_blocks=given.pop("served_blocks", None),
            listed_by_script=given.pop("listed_by_script", False),
        )
    except KeyError as error:
        raise StoryError(f"{table.get('id', '?')}: {error} is missing") from None
    except StoryError as error:
        raise StoryError(f"{table.get('id', '?')}: {error}") from None
    if given:
        raise StoryError(f"{story.id}: unknown fields {sorted(given)}")
    _check(story)
    return story


def _check(story: Story) -> None:
    problems = []
    if not _ID.fullmatch(story.id):
        problems.append("malformed id")
    if story.template not in TEMPLATES:
        problems.append(f"unknown template {story.template}")
    if story.kind not in KINDS:
        problems.append(f"unknown kind {story.kind}")
    if story.card_link not in CARD_LINKS:
        problems.append(f"unknown card_link {story.card_link}")
    if story.traps - TRAPS:
        problems.append(f"unknown traps {sorted(story.traps - TRAPS)}")
    if story.published.utcoffset() != timedelta(hours=7):
        problems.append("publication time without +07:00")
    if story.modified < story.published:
        problems.append("modified before it was published")
    if story.id.startswith("post") != (story.template in ("drupal-2026", "drupal-2022")):
        problems.append(f"id does not fit the template {story.template}")
    if story.is_old and story.related:
        problems.append("the old template has no related cards, only teasers")
    if story.early_address and not story.early_address.endswith(f"/{story.id}.vov"):
        problems.append("early url without its id")
    tags = (*story.keywords, *story.visible_tags)
    if len({keyword.casefold() for keyword in tags}) < len(tags):
        problems.append("keywords repeat")
    if story.by_script not in (None, *SCRIPTS):
        problems.append(f"unknown script {story.by_script}")
    if story.by_script is None and story.served_blocks is not None:
        problems.append("no script brings what is not served")
    if story.by_script and story.template != "drupal-2026":
        problems.append("only pages of 2026 have scripts that bring something")
    if story.listed and story.listed_by_script:
        problems.append("listed twice")
    texts = [story.headline, story.description, *(text.plain for text in rich_texts(story.blocks))]
    if any(text != " ".join(unicodedata.normalize("NFC", text).split()) for text in texts):
        problems.append("text is not NFC with single blanks")
    if problems:
        raise StoryError(f"{story.id}: {', '.join(problems)}")


def check_references(stories: Iterable[Story], foreign: Iterable[ForeignStory] = ()) -> None:
    """Ids and urls must be unique, and every story pointed to must exist."""
    stories = list(stories)
    known: set[str] = set()
    addresses: set[str] = set()
    for story_id in [story.id for story in stories] + [other.id for other in foreign]:
        if story_id in known:
            raise StoryError(f"{story_id}: id used twice")
        known.add(story_id)
    for story in stories:
        for address in (story.address, *story.old_addresses):
            if address in addresses:
                raise StoryError(f"{story.id}: address used twice: {address}")
            addresses.add(address)
        missing = [i for i in (*story.related, *story.teasers, *story.linked_ids) if i not in known]
        if missing:
            raise StoryError(f"{story.id}: points to unknown stories {missing}")
        if story.id in (*story.related, *story.teasers, *story.linked_ids):
            raise StoryError(f"{story.id}: points to itself")


def load_stories(folder: Path = STORY_FOLDER) -> tuple[list[Story], list[ForeignStory]]:
    """All stories of a folder of TOML files, checked against each other."""
    stories: list[Story] = []
    foreign: list[ForeignStory] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            stories.extend(parse_story(table) for table in data.get("story", ()))
            foreign.extend(ForeignStory(**table) for table in data.get("foreign", ()))
        except (StoryError, tomllib.TOMLDecodeError, TypeError) as error:
            raise StoryError(f"{file.name}: {error}") from error
    check_references(stories, foreign)
    return stories, foreign
