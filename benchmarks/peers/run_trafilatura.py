"""Reads pages with trafilatura: `python -m benchmarks.peers.run_trafilatura FOLDER ROUNDS`."""

from __future__ import annotations

from trafilatura import bare_extraction

from benchmarks.peers.timed import Reading, main

_DATES = {"original_date": True, "outputformat": "%Y-%m-%dT%H:%M%z"}


def read(page: bytes, url: str) -> Reading:
    """The article on a page, dates to the minute and no readers' comments.

    Of its modes, `fast` with `favor_recall` gets most of this site's texts.
    """
    found = bare_extraction(
        page,
        url=url,
        with_metadata=True,
        include_comments=False,
        fast=True,
        favor_recall=True,
        date_extraction_params=dict(_DATES),
    )
    if found is None:
        return Reading()
    names = [name.strip() for name in (found.author or "").split(";")]
    names = [name for name in names if name]
    return Reading(found.title, found.description, found.text, found.date, names, list(found.tags or ()))


if __name__ == "__main__":
    main(read)
