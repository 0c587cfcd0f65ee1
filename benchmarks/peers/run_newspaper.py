"""Reads pages with newspaper4k: `python -m benchmarks.peers.run_newspaper FOLDER ROUNDS`."""

from __future__ import annotations

import tldextract.tldextract
from newspaper import Article

from benchmarks.peers.timed import Reading, main


def read(page: bytes, url: str) -> Reading:
    """The article on a page, its pictures left alone."""
    article = Article(url=url, language="vi", fetch_images=False)
    article.download(input_html=page.decode("utf-8", "replace"))
    article.parse()
    published = article.publish_date
    return Reading(
        article.title or None,
        article.meta_description or None,
        article.text or None,
        published.isoformat() if published else None,
        list(article.authors),
        list(article.meta_keywords),
    )


if __name__ == "__main__":
    # The list of public suffixes that the package ships; it would otherwise be fetched at first use.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    main(read)
