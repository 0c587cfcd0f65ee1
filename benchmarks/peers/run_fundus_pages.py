"""Reads pages with Fundus and a VOV publisher: `python -m benchmarks.peers.run_fundus_pages FOLDER ROUNDS`."""

from __future__ import annotations

from datetime import date

from benchmarks.peers.timed import Reading, main
from benchmarks.peers.vov_publisher import VovParser

_OLD = (b"cms-body", b"_lbBody")
_ERAS = {True: VovParser()(date(2019, 1, 1)), False: VovParser()(date(2026, 11, 1))}
"""A crawl knows when it was, which chooses the parser; here the markup tells."""


def read(page: bytes, url: str) -> Reading:
    """The article on a page."""
    parser = _ERAS[any(mark in page for mark in _OLD)]
    found = parser.parse(page.decode("utf-8", "replace"), "suppress")
    body, published = found.get("body"), found.get("publishing_date")
    return Reading(
        found.get("title"),
        " ".join(body.summary) if body else None,
        "\n\n".join(str(section).strip() for section in body.sections) if body else None,
        published.isoformat() if published else None,
        list(found.get("authors") or ()),
        list(found.get("topics") or ()),
    )


if __name__ == "__main__":
    main(read)
