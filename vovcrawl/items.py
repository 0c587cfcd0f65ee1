"""The record: what one VOV.VN article becomes.

`Article` is the item that spiders yield, pipelines complete, the store keeps and the feeds write, one JSON object
a line. Every field carries its description; `json_schema()` publishes them as a JSON Schema.

Absent scalars are `None`, absent lists empty. All text is Unicode NFC with entities resolved, runs of blanks folded,
and no zero-width or control characters. Offsets count Unicode code points, start inclusive, end exclusive.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

SCHEMA_VERSION = 5
"""Raised when the shape of the record or of the store's tables changes."""

READER_VERSION = 6
"""Raised when the same page would be read differently."""

ContentType = Literal["article", "photo", "video", "podcast", "emagazine", "infographic", "live"]
BlockType = Literal["paragraph", "subhead", "list_item", "quote", "table", "caption"]
Placement = Literal["inline", "related"]

WARNINGS: dict[str, str] = {
    "missing:date_published": "no source on the page gives the time of publication",
    "missing:description": "the page has no lead",
    "missing:body": "an article without a single block of text",
    "missing:authors": "nobody signed, though the page has the place where its template names the authors",
    "fallback:headline": "the headline is not from the page's h1 but from its metadata",
    "fallback:description": "the lead is not from the page's summary but from its metadata",
    "fallback:date_published": "the time of publication is not from the source that this template should have",
    "fallback:template": "the page has an old layout of which little is known; what was read is less certain",
    "disagree:date_published": "the sources of the time of publication differ; the most trusted one was taken",
    "disagree:canonical_url": "the page's canonical link names another article than the url that answered",
    "damaged:json_ld": "the page's JSON-LD could not be read, as it is not JSON",
    "damaged:markup": "tags without their partners leave doubts whether all of the article was read",
    "damaged:headline": "characters of the headline could not be decoded; each is U+FFFD",
    "damaged:description": "characters of the lead could not be decoded; each is U+FFFD",
    "damaged:body": "characters of the body could not be decoded; each is U+FFFD",
    "rendered": "the page was read as a browser left it that had run its scripts",
    "unrendered": "a browser was to run the page's scripts and could not: it was read as served",
    "tagged": "the keywords hold those that the site's tag service names, beside those of the page",
    "untagged": "the site's tag service was to name the visible tags, and did not: the keywords are those of the page",
}
"""The closed vocabulary of `Article.warnings`, with what each one means."""

TAGGED, UNTAGGED = "tagged", "untagged"
"""Warnings of articles for which the tag service was asked."""

_RENDERING = ("rendered", "unrendered")


@dataclass(slots=True)
class Block:
    """One block of the body."""

    type: Annotated[BlockType, "What kind of block this is"]
    start: Annotated[int, "Offset of the block's first character in `body`"]
    end: Annotated[int, "Offset after the block's last character in `body`"]


@dataclass(slots=True)
class Breadcrumb:
    """One step of the trail from the front page to the article."""

    name: Annotated[str, "As the page shows it"]
    url: Annotated[str | None, "Absolute url of the listing"]


@dataclass(slots=True)
class Author:
    """One author as signed."""

    name: Annotated[str, "The part before the slash: `Bích Thuận` of `Bích Thuận/VOV-Bắc Kinh`"]
    affiliation: Annotated[str | None, "The part after the slash, null if there is none"]
    name_raw: Annotated[str, "The signature as printed"]


@dataclass(slots=True)
class Image:
    """One picture of the body."""

    url: Annotated[str, "Absolute url of the largest version offered"]
    caption: Annotated[str | None, "The caption without its credit"]
    credit: Annotated[str | None, "`Reuters` of `(Ảnh: Reuters)`"]


@dataclass(slots=True)
class Media:
    """One video or audio file."""

    url: Annotated[str, "Absolute url of the file"]
    thumbnail: Annotated[str | None, "Absolute url of the still picture"]


@dataclass(slots=True)
class Related:
    """Another article that the page points to from a teaser box or from "Tin liên quan"."""

    id: Annotated[str | None, "The other article's `id`, null where the source gives no url"]
    url: Annotated[str | None, "The other article's canonical url, null where the source gives none"]
    headline: Annotated[str, "Its headline as shown on this page"]
    description: Annotated[str | None, "Its lead as shown on this page"]
    placement: Annotated[Placement, '`inline`: a teaser box in the text; `related`: under "Tin liên quan"']


@dataclass(slots=True)
class Link:
    """A link within running text."""

    url: Annotated[str, "Canonical url of a VOV article; any other link as written"]
    text: Annotated[str, "The linked words"]
    start: Annotated[int, "Offset of `text` in `body`"]
    end: Annotated[int, "Offset after `text` in `body`"]


@dataclass(slots=True)
class TimeExpression:
    """One time expression in one of the record's texts, in TIMEX3 terms."""

    field: Annotated[str, "`headline`, `description`, `body`, or `related.N.description`"]
    start: Annotated[int, "Offset in that field"]
    end: Annotated[int, "Offset after the expression in that field"]
    text: Annotated[str, "The expression as written"]
    type: Annotated[Literal["DATE", "TIME", "DURATION", "SET"], "TIMEX3 type"]
    value: Annotated[str, "TIMEX3 value, in +07:00"]
    mod: Annotated[Literal["START", "MID", "END"] | None, "Part of the period that is meant"]
    conflict: Annotated[bool, "True where a written date overrode a word or a weekday"]


@dataclass(kw_only=True)
class Article:
    """One article of VOV.VN."""

    id: Annotated[str, 'Last token of the url: `post1315698`, or `890562` for urls without "post"']
    url: Annotated[str | None, "The url that answered; null for text without a url"]
    canonical_url: Annotated[str, "The article's identity: `https://vov.vn/...`, or `urn:vovcrawl:text:<sha256>`"]
    content_type: Annotated[ContentType, "Kind of page"]
    headline: Annotated[str, "The headline"]
    description: Annotated[str | None, "The lead (sapo), without the `VOV.VN - ` prefix"] = None
    body: Annotated[str, "The text: blocks in reading order, separated by one blank line"] = ""
    blocks: Annotated[list[Block], "The blocks of `body`"] = field(default_factory=list)
    section: Annotated[str | None, "First path part of the url: `the-thao`"] = None
    section_name: Annotated[str | None, "The section as the site's menu spells it: `Thể thao`"] = None
    breadcrumbs: Annotated[list[Breadcrumb], "The trail from the front page"] = field(default_factory=list)
    authors: Annotated[list[Author], "The reporters as signed"] = field(default_factory=list)
    keywords: Annotated[list[str], "Tags, distinct regardless of case, in the page's order"] = field(
        default_factory=list
    )
    date_published: Annotated[str | None, "ISO 8601 with offset: `2023-10-14T14:05:00+07:00`"] = None
    date_modified: Annotated[str | None, "ISO 8601 with offset"] = None
    date_published_raw: Annotated[str | None, "As shown to readers: `Thứ Bảy, 14:05, 14/10/2023`"] = None
    images: Annotated[list[Image], "Pictures of the body, in order"] = field(default_factory=list)
    videos: Annotated[list[Media], "Videos of the body, in order"] = field(default_factory=list)
    audios: Annotated[list[Media], "Audio files of the body, in order"] = field(default_factory=list)
    related: Annotated[list[Related], "Other articles the page points to, each once, in page order"] = field(
        default_factory=list
    )
    links: Annotated[list[Link], "Links within running text"] = field(default_factory=list)
    time_expressions: Annotated[list[TimeExpression], "What the texts say of time"] = field(default_factory=list)
    in_language: Annotated[str, "BCP 47 language tag"] = "vi"
    duplicate_of: Annotated[str | None, "`canonical_url` of the article that this one nearly repeats"] = None
    content_hash: Annotated[str, "SHA-256 of headline, description and body, in hexadecimal"] = ""
    fetched_at: Annotated[str | None, "When the page was fetched or the file read: ISO 8601, UTC"] = None
    source: Annotated[Literal["live", "archive"], "From the site, or from a saved copy"] = "live"
    template: Annotated[str, "The page layout that was recognised"]
    warnings: Annotated[list[str], "Closed vocabulary; empty on a clean page"] = field(default_factory=list)
    extra: Annotated[dict[str, Any], "Fields that a user's own pipeline added; empty otherwise"] = field(
        default_factory=dict
    )
    reader_version: Annotated[int, "Version of the rules that read the page"] = READER_VERSION
    schema_version: Annotated[int, "Version of this record's shape"] = SCHEMA_VERSION

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dicts, lists, strings and numbers, its fields in their order."""
        record: dict[str, Any] = to_plain(self)
        return record

    def to_json(self) -> str:
        """The record as one line of JSON without its end, as a feed in JSON Lines has it.

        Raises:
            UnicodeEncodeError: a text holds half a surrogate pair, which is no character.
        """
        return encoded(self).decode()

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Article:
        """The article of a record that `to_dict` or a line of a feed gives.

        A record may lack fields that have a default, as one of an earlier `schema_version` does. Values are taken as
        they are.

        Raises:
            TypeError: `record`, or a part of it, lacks a field without a default or has one that is none of its own, or
                a list is none; the message says where.
        """
        values = _checked(cls, record, "the record")
        for name, element in _ELEMENT_TYPES.items():
            if name not in values:
                continue
            parts = values[name]
            if not isinstance(parts, (list, tuple)):
                raise TypeError(f"{name} is no list but of type {type(parts).__name__}")
            values[name] = (
                list(parts)
                if element is str
                else [element(**_checked(element, part, f"{name}[{place}]")) for place, part in enumerate(parts)]
            )
        return cls(**values)


def _checked(cls: type, record: Any, where: str) -> dict[str, Any]:
    """The fields of a record, or of a part of it, which are those of `cls`."""
    if not isinstance(record, Mapping):
        raise TypeError(f"{where} is no object but of type {type(record).__name__}")
    known, required = _names(cls)
    faults = []
    if missing := [name for name in required if name not in record]:
        faults.append(f"lacks {', '.join(missing)}")
    if unknown := [str(name) for name in record if name not in known]:
        faults.append(f"has unknown {', '.join(unknown)}")
    if faults:
        raise TypeError(f"{where} {' and '.join(faults)}")
    return dict(record)


@lru_cache
def _names(cls: type) -> tuple[frozenset[str], tuple[str, ...]]:
    """The fields of a dataclass, and those without a default."""
    declared = fields(cls)
    required = (one.name for one in declared if one.default is MISSING and one.default_factory is MISSING)
    return frozenset(one.name for one in declared), tuple(required)


def texts(article: Article) -> dict[str, str]:
    """The texts that time expressions are read from, by the name that `TimeExpression.field` gives them."""
    named = {"headline": article.headline, "description": article.description, "body": article.body}
    named |= {f"related.{place}.description": related.description for place, related in enumerate(article.related)}
    return {name: text for name, text in named.items() if text}


encoded = msgspec.json.Encoder().encode
"""A record, or a part of it, as JSON in UTF-8."""

to_plain: Callable[[Any], Any] = msgspec.to_builtins
"""A record, or a part of it, as plain dicts, lists, strings and numbers."""


def element_types() -> dict[str, type]:
    """The record's list fields, with the type of their elements."""
    hints = get_type_hints(Article)
    return {f.name: get_args(hints[f.name])[0] for f in fields(Article) if get_origin(hints[f.name]) is list}


_ELEMENT_TYPES = element_types()


def content_hash(headline: str, description: str | None, body: str) -> str:
    """The hash by which an edited article is told from an unchanged one.

    Parts are joined by a NUL, which no text holds, so that moving words between them changes the hash.
    """
    return hashlib.sha256("\0".join((headline, description or "", body)).encode()).hexdigest()


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line of a feed, built from the dataclasses."""
    schema = _object_schema(Article)
    # A line in a feed has always been stamped; only a record fresh from the reader lacks the time.
    schema["properties"]["fetched_at"]["type"] = "string"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vovcrawl article",
        **schema,
    }


def _object_schema(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls, include_extras=True)
    names = [f.name for f in fields(cls)]
    return {
        "type": "object",
        "description": (cls.__doc__ or "").strip(),
        "properties": {name: _described(hints[name]) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _described(hint: Any) -> dict[str, Any]:
    plain, description = get_args(hint)
    return {"description": description, **_type_schema(plain)}


def _type_schema(hint: Any) -> dict[str, Any]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (arg for arg in get_args(hint) if arg is not types.NoneType)
        schema = _type_schema(inner)
        if "enum" in schema:
            return {"enum": [*schema["enum"], None]}
        return {**schema, "type": [schema["type"], "null"]}
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin is list:
        return {"type": "array", "items": _type_schema(get_args(hint)[0])}
    if origin is dict:
        return {"type": "object"}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object_schema(hint)
    return {"type": {str: "string", int: "integer", bool: "boolean"}[hint]}


if __name__ == "__main__":
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def mark_tagged(article: Article, *, has_tags: bool = True) -> None:
    """Says in the warnings of an article whether the tag service has named its tags, after those that say how its page
    was rendered."""
    others = [warning for warning in article.warnings if warning not in (TAGGED, UNTAGGED)]
    at = next((place for place, warning in enumerate(others) if warning not in _RENDERING), len(others))
    article.warnings = [*others[:at], TAGGED if has_tags else UNTAGGED, *others[at:]]
