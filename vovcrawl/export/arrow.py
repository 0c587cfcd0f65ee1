"""The record as Arrow types, and articles of the store as batches of them: what Parquet is written from."""

from __future__ import annotations

import json
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import accumulate
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from vovcrawl.export.request import ExportRequest
from vovcrawl.items import Article
from vovcrawl.store.article_columns import ListColumn

TIMES = {"date_published": "Asia/Ho_Chi_Minh", "date_modified": "Asia/Ho_Chi_Minh", "fetched_at": "UTC"}
"""The fields that are moments, with the time zone in which they are shown."""

_DESCRIPTION = b"description"
"""Key of a field's metadata."""

_DISTINCT = frozenset("id url canonical_url headline description body content_hash caption thumbnail start end".split())
"""Fields, also of the elements of lists, of which hardly a value comes twice: a dictionary saves nothing."""

_EXTRA = "extra"


def arrow_schema(names: Iterable[str]) -> pa.Schema:
    """The types of these fields of the record; each field, also of an element, has its description as metadata.

    Times are moments in microseconds, with a zone; `extra` is text in JSON. What the record declares as never null, is
    never null, but for times, which may be unreadable.
    """
    hints = get_type_hints(Article, include_extras=True)
    return pa.schema([_field(name, hints[name]) for name in names])


def repeated_paths(schema: pa.Schema) -> list[str]:
    """The columns, as Parquet names them, of which values come again and again."""
    found = []
    for field in schema:
        element = field.type.value_type if pa.types.is_list(field.type) else None
        if element is None:
            inner = [(field.name, field.name)]
        elif pa.types.is_struct(element):
            inner = [(each.name, f"{field.name}.list.element.{each.name}") for each in element]
        else:
            inner = [(field.name, f"{field.name}.list.element")]
        found += [path for name, path in inner if name not in _DISTINCT]
    return found


def description(field: pa.Field) -> str:
    """What a field holds, in a few words."""
    return ((field.metadata or {}).get(_DESCRIPTION) or b"").decode()


def read_batch(request: ExportRequest, schema: pa.Schema, urls: Sequence[str]) -> pa.RecordBatch:
    """Some articles, at most 400, in the order given.

    Args:
        request: what was asked for.
        schema: of its fields.
        urls: the articles' `canonical_url`.

    Raises:
        StoreError: the store cannot be read.
    """
    columns = request.columns(urls)
    values = dict(columns.scalars)
    unreadable: dict[int, dict[str, str]] = {}
    times = {
        name: _moments(name, values.pop(name), schema.field(name).type, unreadable) for name in TIMES if name in values
    }
    if unreadable and _EXTRA in values:
        values[_EXTRA] = [_with(extra, unreadable.get(row)) for row, extra in enumerate(values[_EXTRA])]
    arrays = [
        times[field.name]
        if field.name in times
        else _list(columns.lists[field.name], field.type)
        if field.name in columns.lists
        else pa.array(values[field.name], field.type)
        for field in schema
    ]
    batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
    places = {url: place for place, url in enumerate(columns.urls)}
    return batch.take(pa.array([places[url] for url in urls], pa.int32()))


def batch_of(records: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Records, as `Article.to_dict` gives them, in the order given; fields that `schema` lacks are left out."""
    unreadable: dict[int, dict[str, str]] = {}
    values: dict[str, Any] = {field.name: [record[field.name] for record in records] for field in schema}
    for name in TIMES:
        if name in values:
            values[name] = _moments(name, values[name], schema.field(name).type, unreadable)
    if _EXTRA in values:
        written = [json.dumps(extra, ensure_ascii=False) for extra in values[_EXTRA]]
        values[_EXTRA] = [_with(extra, unreadable.get(row)) for row, extra in enumerate(written)]
    arrays = [
        made if isinstance(made := values[field.name], pa.Array) else pa.array(made, field.type) for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _list(column: ListColumn, type: pa.ListType) -> pa.ListArray:
    element = type.value_type
    offsets = pa.array([0, *accumulate(column.lengths)], pa.int32())
    if pa.types.is_struct(element):
        parts = [pa.array(part, field.type) for part, field in zip(column.parts, element, strict=True)]
        elements = pa.StructArray.from_arrays(parts, fields=list(element))
    else:
        (only,) = column.parts
        elements = pa.array(only, element)
    return pa.ListArray.from_arrays(offsets, elements, type=type)


def _moments(
    name: str, values: Sequence[str | None], type: pa.TimestampType, unreadable: dict[int, dict[str, str]]
) -> pa.Array:
    """Times of the record as moments; those that are none are null, and are added to `unreadable` by row and field."""
    try:
        return pa.array(values, pa.string()).cast(type)
    except pa.ArrowInvalid:
        pass
    found = []
    for row, value in enumerate(values):
        moment = _moment(value, type)
        if moment is None and value is not None:
            unreadable.setdefault(row, {})[name] = value
        found.append(moment)
    return pa.array(found, type)


def _moment(value: str | None, type: pa.TimestampType) -> Any:
    try:
        return pa.scalar(value, pa.string()).cast(type).as_py()
    except pa.ArrowInvalid:
        return None


def _with(extra: str, more: Mapping[str, str] | None) -> str:
    """The JSON of `extra` with the times that no moment stands for."""
    return json.dumps({**json.loads(extra), **more}, ensure_ascii=False) if more else extra


def _field(name: str, hint: Any) -> pa.Field:
    plain, description = get_args(hint)
    is_time = name in TIMES
    type = pa.timestamp("us", TIMES[name]) if is_time else _type(plain)
    may_be_null = is_time or types.NoneType in get_args(plain)
    return pa.field(name, type, nullable=may_be_null, metadata={_DESCRIPTION: description.encode()})


def _type(hint: Any) -> pa.DataType:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (hint,) = (arg for arg in get_args(hint) if arg is not types.NoneType)
        return _type(hint)
    if origin is list:
        return pa.list_(pa.field("element", _type(get_args(hint)[0]), nullable=False))
    if is_dataclass(hint):
        hints = get_type_hints(hint, include_extras=True)
        return pa.struct([_field(each.name, hints[each.name]) for each in fields(hint)])
    if origin is Literal or origin is dict:
        return pa.string()
    return {str: pa.string(), int: pa.int32(), bool: pa.bool_()}[hint]
