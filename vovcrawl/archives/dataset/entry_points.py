"""What `vovcrawl.archives` offers: the articles of an archive as a Dask bag, and as a dataset on the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from os import PathLike, fspath
from typing import Any

import dask.bag
from distributed import Client

from vovcrawl.archives.dataset import bags, engine, inputs, making
from vovcrawl.archives.dataset.choosing import options_of
from vovcrawl.archives.dataset.slices import SLICE
from vovcrawl.export.target import Target

Paths = Sequence[str | PathLike[str]] | str | PathLike[str]


def articles(
    paths: Paths,
    *,
    storage_options: Mapping[str, Any] | None = None,
    since: str | None = None,
    until: str | None = None,
    published: str | None = None,
    fields: str | None = None,
    cleaning_rules: str | PathLike[str] | None = None,
    read_at: str | None = None,
    slice_bytes: int = SLICE,
) -> dask.bag.Bag:
    """The articles of an archive as a bag of records, each once, as `scrapy crawl vov -a archive=` keeps them.

    It is computed on whichever scheduler of Dask is in use; large files are looked through at once, to cut them. All
    that one partition holds is in memory at a time. `duplicate_of` is None: that depends on all articles, see
    `write_dataset`, which also survives pages that kill their worker, and keeps what could not be read.

    Args:
        paths: files and folders, or urls as fsspec has them, such as `s3://bucket/crawl/*.warc.gz`.
        storage_options: what fsspec gets beside the urls.
        since: only articles published on this day or later; as of a crawl.
        until: only articles published on this day or earlier.
        published: when texts were published that do not say so: ISO 8601, Vietnamese time without an offset.
        fields: by which names the fields of JSON Lines are found: `text:content,url:source_url`.
        cleaning_rules: path of the user's own rules of cleaning.
        read_at: `fetched_at` of captures that do not say when they were made: ISO 8601; None for now.
        slice_bytes: how much of a file is one partition.

    Raises:
        ArgumentError: a file is not there, or an argument is wrong.
    """
    options = options_of(
        since=since,
        until=until,
        published=published,
        fields=fields,
        cleaning_rules=cleaning_rules,
        read_at=read_at,
        now=datetime.now(UTC),
    )
    return bags.bag(inputs.find(_several(paths), storage_options), options, slice_bytes)


def write_dataset(
    paths: Paths,
    folder: str | PathLike[str],
    *,
    client: Client | None = None,
    workers: int | None = None,
    storage_options: Mapping[str, Any] | None = None,
    since: str | None = None,
    until: str | None = None,
    published: str | None = None,
    fields: str | None = None,
    cleaning_rules: str | PathLike[str] | None = None,
    read_at: str | None = None,
    slice_bytes: int = SLICE,
    force: bool = False,
) -> making.Made:
    """Writes the articles of an archive as Parquet, by month of publication, with near-duplicates marked.

    The folder appears whole or not at all. What could not be read is in its `failures`, earlier texts in `revisions`.
    Other processes are started, so a program that calls this needs `if __name__ == "__main__":`.

    Args:
        paths: as of `articles`; so are `storage_options`, `since`, `until`, `published`, `fields`, `cleaning_rules`,
            `read_at` and `slice_bytes`.
        folder: the dataset to make; all workers have to see the folder that it is in.
        client: to the workers of a cluster; None for processes on this machine.
        workers: how many of them; None for one a processor.
        force: whether a dataset that is there is replaced.

    Raises:
        ArgumentError: a file is not there, an argument is wrong, or something is in the place of the folder.
        EngineError: the workers are gone.
        OSError: something cannot be written.
    """
    options = options_of(
        since=since,
        until=until,
        published=published,
        fields=fields,
        cleaning_rules=cleaning_rules,
        read_at=read_at,
        now=datetime.now(UTC),
    )
    target = Target(fspath(folder), is_folder=True, force=force)
    target.check()
    files = inputs.find(_several(paths), storage_options)
    at: Client | AbstractContextManager[Client]
    at = client if client is not None else engine.workers_of_this_machine(workers or engine.processors())
    return making.make(at, files, options, target, slice_bytes)


def _several(paths: Paths) -> Sequence[str | PathLike[str]]:
    return [paths] if isinstance(paths, str | PathLike) else paths
