"""Reads pages with news-please: `python -m benchmarks.peers.run_news_please FOLDER ROUNDS`."""

from __future__ import annotations

import tldextract.tldextract
from newsplease import NewsPlease

from benchmarks.peers.timed import Reading, main


def read(page: bytes, url: str) -> Reading:
    """The article on a page, its pictures left alone."""
    found = NewsPlease.from_html(page.decode("utf-8", "replace"), url=url, fetch_images=False)
    published = found.date_publish
    return Reading(
        found.title,
        found.description,
        found.maintext,
        published.isoformat() if published else None,
        list(found.authors or ()),
    )


if __name__ == "__main__":
    # The list of public suffixes that the package ships; it would otherwise be fetched at first use.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    main(read)
