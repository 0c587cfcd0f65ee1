"""Croissant metadata of a dataset in Parquet: its files with their hashes, and its fields.

Croissant 1.0 (https://docs.mlcommons.org/croissant/docs/croissant-spec.html) is what `mlcroissant`, the hub and dataset
search engines read. A field is named `articles/FIELD`, a field of an element `articles/FIELD/PART`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

import pyarrow as pa

from vovcrawl.export.arrow import arrow_schema, description
from vovcrawl.export.dataset_card import RIGHTS, citation, period, title
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ExportRequest
from vovcrawl.export.splits import SHARES, Split

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The specification's own, which readers expect word for word."""

_PARQUET = "application/x-parquet"
_RECORDS = "articles"
_FILES = "parquet-files"
_SPLITS = "splits"


def encoded_croissant(request: ExportRequest, counts: Counts, splits: Sequence[Split], place: Path) -> bytes:
    """The metadata as they are written.

    Args:
        request: what was asked for.
        counts: what came of it.
        splits: those that have articles.
        place: the folder that holds their files.

    Raises:
        OSError: a file cannot be read.
    """
    files = [name for split in splits for name in split.files]
    days = period(counts)
    document = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": title(counts),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "description": f"{counts.articles:,} articles of the online newspaper of the Voice of Vietnam, as records.",
        "license": RIGHTS,
        "url": "https://vov.vn",
        "citeAs": citation(request, counts),
        "creator": {"@type": "sc:Organization", "name": "Voice of Vietnam", "url": "https://vov.vn"},
        "inLanguage": "vi",
        "version": request.version,
        # The day of the newest article: the same articles give the same metadata.
        **({"datePublished": days[1]} if days is not None else {}),
        "distribution": [
            *(_file(name, place) for name in files),
            {
                "@type": "cr:FileSet",
                "@id": _FILES,
                "name": _FILES,
                "encodingFormat": _PARQUET,
                "includes": "data/*.parquet",
            },
        ],
        "recordSet": [_split_names(splits), _articles(request)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")


def _file(name: str, place: Path) -> dict[str, Any]:
    with (place / name).open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name.rpartition("/")[2],
        "contentUrl": name,
        "contentSize": f"{(place / name).stat().st_size} B",
        "encodingFormat": _PARQUET,
        "sha256": digest,
    }


def _split_names(splits: Sequence[Split]) -> dict[str, Any]:
    key = f"{_SPLITS}/name"
    return {
        "@type": "cr:RecordSet",
        "@id": _SPLITS,
        "name": _SPLITS,
        "description": "The splits of the dataset.",
        "dataType": "cr:Split",
        "key": {"@id": key},
        "field": [{"@type": "cr:Field", "@id": key, "name": "name", "dataType": "sc:Text"}],
        "data": [{key: split.name} for split in splits],
    }


def _articles(request: ExportRequest) -> dict[str, Any]:
    split = {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/split",
        "name": "split",
        "description": "The split that the article is in, by the name of its file.",
        "dataType": "sc:Text",
        "references": {"field": {"@id": f"{_SPLITS}/name"}},
        "source": {
            "fileSet": {"@id": _FILES},
            "extract": {"fileProperty": "filename"},
            # It is applied to what it gave, too.
            "transform": {"regex": f"({'|'.join(SHARES)})"},
        },
    }
    return {
        "@type": "cr:RecordSet",
        "@id": _RECORDS,
        "name": _RECORDS,
        "description": "One record an article.",
        **({"key": {"@id": f"{_RECORDS}/canonical_url"}} if "canonical_url" in request.fields else {}),
        "field": [split, *(_field(field) for field in arrow_schema(request.fields))],
    }


def _field(field: pa.Field) -> dict[str, Any]:
    described = {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/{field.name}",
        "name": field.name,
        "description": description(field),
    }
    source = {"fileSet": {"@id": _FILES}, "extract": {"column": field.name}}
    if not pa.types.is_list(field.type):
        return {**described, "dataType": _data_type(field.type), "source": source}
    element = field.type.value_type
    if not pa.types.is_struct(element):
        return {**described, "dataType": _data_type(element), "repeated": True, "source": source}
    parts = [
        {
            "@type": "cr:Field",
            "@id": f"{_RECORDS}/{field.name}/{part.name}",
            "name": part.name,
            "description": description(part),
            "dataType": _data_type(part.type),
            "source": {**source, "transform": {"jsonPath": part.name}},
        }
        for part in element
    ]
    return {**described, "repeated": True, "subField": parts}


def _data_type(type: pa.DataType) -> str:
    if pa.types.is_timestamp(type):
        return "sc:DateTime"
    if pa.types.is_boolean(type):
        return "sc:Boolean"
    return "sc:Integer" if pa.types.is_integer(type) else "sc:Text"
