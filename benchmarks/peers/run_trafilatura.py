"""Reads pages with trafilatura: `python -m benchmarks.peers.run_trafilatura FOLDER ROUNDS`."""

from __future__ import annotations

from trafilatura import bare_extraction

from benchmarks.peers.timed import Reading, main

_DATES = {"original_date": True, "outputformat": "%Y-%m-%dT%H:%M"}


def read(page: bytes, url: str) -> Reading:
    """The article on a page, dates to the minute and no readers' comments."""
    found = bare_extraction(
        page, url=url, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATES)
    )
    if found is None:
        return Reading()
    names = [name.strip() for name in (found.author or "").split(";")]
    return Reading(found.title, found.description, found.text, found.date, [name for name in names if name])


if __name__ == "__main__":
    main(read)
