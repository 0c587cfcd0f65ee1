"""The card of a dataset: `README.md` with what the hub reads in front, in YAML, and what people read after it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from vovcrawl import sections
from vovcrawl.crawl.coverage import holes, span_of
from vovcrawl.crawl.window import Window
from vovcrawl.export.arrow import arrow_schema, description
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ExportRequest
from vovcrawl.export.splits import SHARES, Split
from vovcrawl.items import SCHEMA_VERSION
from vovcrawl.pages.publication import from_iso
from vovcrawl.store.crawls import whole_crawls
from vovcrawl.store.known import unread_articles

NAME = "VOV.VN news articles"

RIGHTS = (
    "The texts and pictures are VOV's own, and its pages forbid copying them without written consent. This dataset "
    "gives nobody a right to them: do not publish full texts without permission."
)

_ABOUT = (
    "Articles of VOV.VN, the online newspaper of the Voice of Vietnam, in Vietnamese: headline, lead and body as clean "
    "text, with authors, tags, times, pictures, links, related articles and what the texts say of time."
)

_MOST_HOLES = 50
"""So many are named."""

_SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)


def dataset_card(request: ExportRequest, counts: Counts, splits: Sequence[Split]) -> str:
    """The card of a dataset.

    Raises:
        StoreError: the store cannot be read.
    """
    front = "\n".join(_yaml(_front(request, counts, splits)))
    text = "\n\n".join(_text(request, counts, splits))
    return f"---\n{front}\n---\n\n{text}\n"


def title(counts: Counts) -> str:
    """What to call the dataset."""
    days = period(counts)
    return f"{NAME}, {days[0]} to {days[1]}" if days is not None else NAME


def period(counts: Counts) -> tuple[str, str] | None:
    """The first and the last day of publication, in Vietnam; None where no article has one."""
    first, last = from_iso(counts.first), from_iso(counts.last)
    return (f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}") if first is not None and last is not None else None


def citation(request: ExportRequest, counts: Counts) -> str:
    """How to cite the dataset, for BibTeX."""
    days = period(counts)
    fields = {
        "title": title(counts),
        "author": "{Voice of Vietnam (VOV.VN)}",
        **({"year": days[1][:4]} if days is not None else {}),
        "howpublished": f"Collected with vovcrawl {request.version}",
        "url": "https://vov.vn",
    }
    listed = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{vov_vn_articles,\n{listed}\n}}"


def _front(request: ExportRequest, counts: Counts, splits: Sequence[Split]) -> dict[str, Any]:
    return {
        "pretty_name": NAME,
        "language": ["vi"],
        "license": "other",
        "license_name": "all-rights-reserved-by-vov",
        "license_link": "https://vov.vn",
        "multilinguality": ["monolingual"],
        "language_creators": ["found"],
        "annotations_creators": ["machine-generated"],
        "source_datasets": ["original"],
        "size_categories": [_size(counts.articles)],
        "task_categories": ["text-generation", "summarization", "text-classification"],
        "task_ids": ["language-modeling", "news-articles-headline-generation", "topic-classification"],
        "tags": ["news", "vietnamese", "croissant"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": split.name, "path": f"data/{split.name}-*.parquet"} for split in splits],
            }
        ],
        "dataset_info": {
            "features": [_feature(field) for field in arrow_schema(request.fields)],
            "splits": [
                {"name": split.name, "num_bytes": split.bytes, "num_examples": split.articles} for split in splits
            ],
            "dataset_size": sum(split.bytes for split in splits),
        },
    }


def _size(articles: int) -> str:
    """The hub's name for a number of examples."""
    below = 0
    for size in _SIZES:
        if articles < size:
            return f"{_short(below)}<n<{_short(size)}" if below else f"n<{_short(size)}"
        below = size
    return f"n>{_short(below)}"


def _short(number: int) -> str:
    return f"{number // 1_000_000}M" if number >= 1_000_000 else f"{number // 1_000}K"


def _feature(field: pa.Field) -> dict[str, Any]:
    """A field as `datasets` writes its features."""
    if not pa.types.is_list(field.type):
        return {"name": field.name, "dtype": str(field.type)}
    element = field.type.value_type
    listed = [_feature(part) for part in element] if pa.types.is_struct(element) else str(element)
    return {"name": field.name, "list": listed}


def _yaml(value: Any) -> Iterator[str]:
    """The lines of a value in YAML; texts are in quotes."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(inner, (Mapping, list)):
                yield f"{name}:"
                yield from (f"  {line}" for line in _yaml(inner))
            else:
                yield f"{name}: {_scalar(inner)}"
    else:
        for inner in value:
            first, *others = _yaml(inner) if isinstance(inner, (Mapping, list)) else [_scalar(inner)]
            yield f"- {first}"
            yield from (f"  {line}" for line in others)


def _scalar(value: str | int) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(request: ExportRequest, counts: Counts, splits: Sequence[Split]) -> Iterator[str]:
    yield f"# {title(counts)}"
    yield _ABOUT
    yield "## What is in it"
    yield _what(request, counts)
    yield _table(("split", "articles", "files"), [(split.name, split.articles, len(split.files)) for split in splits])
    yield _about_splits(splits)
    yield _table(("kind", "articles"), sorted(counts.kinds.items()))
    named = [(_section(slug), f"`{slug}`" if slug else "", count) for slug, count in sorted(counts.sections.items())]
    yield _table(("section", "`section`", "articles"), named)
    yield "## Fields"
    yield _table(("field", "type", "what it holds"), list(_fields(request)))
    yield (
        "Times are moments with a time zone; a time of the record that is none is null, and stands as it was in "
        "`extra` under the field's name. `extra` is text in JSON. Offsets count Unicode code points."
    )
    yield "## How it was made"
    yield "\n".join(_how(request, counts))
    yield "## What is missing"
    yield "\n".join(_missing(request, counts))
    yield "## Rights"
    yield RIGHTS
    yield (
        "The articles name people as the newspaper does. What was published may have been corrected or withdrawn "
        "since: the newspaper's page, `canonical_url`, is what counts."
    )
    yield "## How to cite"
    yield f"```bibtex\n{citation(request, counts)}\n```"


def _what(request: ExportRequest, counts: Counts) -> str:
    chosen = {name: value for name, value in request.arguments.items() if value is not None and value is not False}
    limits = "; ".join(f"`{name}`: {_plain(value)}" for name, value in chosen.items() if name != "fields")
    days = period(counts)
    published = f"published {days[0]} to {days[1]}" if days is not None else "published at unknown times"
    lines = [f"- {counts.articles:,} articles, {published}"]
    if counts.undated:
        lines.append(f"- {counts.undated:,} of them without a time of publication")
    lines.append(
        f"- {counts.duplicates:,} that nearly repeat another one, which `duplicate_of` names; "
        "`duplicate_of is None` leaves one of each group"
    )
    lines.append(f"- chosen by {limits}" if limits else "- all articles of the store that it was made from")
    return "\n".join(lines)


def _plain(value: Any) -> str:
    if value is True:
        return "yes"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _about_splits(splits: Sequence[Split]) -> str:
    shares = ", ".join(f"{name} {share} %" for name, share in SHARES.items())
    about = (
        "An article's split follows from a hash of its `canonical_url`, or of that of the article that it nearly "
        f"repeats ({shares}): it stays the same in later versions, and near-duplicates are never on two sides."
    )
    absent = [name for name in SHARES if name not in {split.name for split in splits}]
    return f"{about} There are too few articles for any to be in: {', '.join(absent)}." if absent else about


def _section(slug: str) -> str:
    return (sections.name_of(slug) or "") if slug else "(none)"


def _fields(request: ExportRequest) -> Iterator[tuple[str, str, str]]:
    for field in arrow_schema(request.fields):
        is_list = pa.types.is_list(field.type)
        yield (
            f"`{field.name}`",
            f"list of {_kind(field.type.value_type)}" if is_list else _kind(field.type),
            description(field),
        )
        if is_list and pa.types.is_struct(field.type.value_type):
            for part in field.type.value_type:
                yield f"`{field.name}[].{part.name}`", _kind(part.type), description(part)


def _kind(type: pa.DataType) -> str:
    return "struct" if pa.types.is_struct(type) else str(type)


def _how(request: ExportRequest, counts: Counts) -> Iterator[str]:
    readers = ", ".join(str(version) for version in sorted(counts.readers))
    yield f"- Collected with vovcrawl {request.version}: `schema_version` {SCHEMA_VERSION}, `reader_version` {readers}."
    yield "- Pages were fetched as sitemaps, feeds, section pages and links name them, or read from saved copies."
    yield "- Each page was read by the rules of its layout; `template` names the layout, `warnings` what is in doubt."
    yield "- Teasers, captions, signatures, calls to follow and other boilerplate were taken out of `body`."
    yield "- `time_expressions` are TIMEX3, found by rules and reckoned from the time of publication, not by hand."
    yield "- `duplicate_of` marks articles whose texts nearly agree; the earliest of a group leads it."


def _missing(request: ExportRequest, counts: Counts) -> Iterator[str]:
    connection = request.database.connection
    with request.reading():
        spans = [span for crawl in whole_crawls(connection) if (span := span_of(crawl)) is not None]
        unread = unread_articles(connection)
    if not spans:
        yield "- No whole crawl of all sections is known: how much of the newspaper is missing is not known either."
    else:
        found = holes(spans, request.selection.window or Window())
        yield f"- Whole crawls of all sections: {len(spans)}; times between them that none was to cover: {len(found)}."
        yield from (f"  - {hole.start:%Y-%m-%d %H:%M} to {hole.end:%Y-%m-%d %H:%M}" for hole in found[:_MOST_HOLES])
        if len(found) > _MOST_HOLES:
            yield f"  - and {len(found) - _MOST_HOLES} more"
    if unread:
        listed = ", ".join(f"{outcome} {count:,}" for outcome, count in sorted(unread.items()))
        yield f"- Urls of articles known to the store whose pages could not be read: {listed}."
    else:
        yield "- The store knows of no article whose page could not be read."
    if counts.undated:
        yield f"- {counts.undated:,} articles show no time of publication that could be read."


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "\\|")
