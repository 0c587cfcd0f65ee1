"""Related articles: each once, and not the article itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vovcrawl.items import Article, Related


def drop_repeated_related(article: Article) -> Article:
    """The article with each of its related articles once, and without itself among them; it comes back as it is where
    there is nothing to drop. The time expressions of their leads go where the leads have other places.
    """
    if not article.related:
        return article
    kept = distinct_related(article.related, article.headline, id=article.id, canonical_url=article.canonical_url)
    if kept == article.related:
        return article
    times = article.time_expressions
    if any(one.field.startswith("related.") for one in times):
        times = []
    return replace(article, related=kept, time_expressions=times)


def distinct_related(
    found: Iterable[Related], headline: str, *, id: str | None = None, canonical_url: str | None = None
) -> list[Related]:
    """Each related article once, in order, at the place where it is met first.

    The same id is the same article, as its slug may differ from place to place; else the same url; where a source gives
    neither, the same headline. One met in the text and below it is `inline`; the first lead that there is stays.

    Args:
        found: in page order.
        headline: of the article that they are related to.
        id: its `id`.
        canonical_url: its canonical url.
    """
    found = list(found)
    keys = {one.id or one.url for one in found}
    if len(keys) == len(found) and keys.isdisjoint((None, id, canonical_url)):
        return found
    kept: list[Related] = []
    by_key: dict[str, int] = {}
    by_headline: dict[str, int] = {}
    own_headline = headline.casefold()
    for one in found:
        key = one.id or one.url
        words = one.headline.casefold()
        if key is None:
            if words == own_headline:
                continue
            place = by_headline.get(words)
        else:
            if (one.url is not None and one.url == canonical_url) or (one.id is not None and one.id == id):
                continue
            place = by_key.get(key)
            if place is None and (named := by_headline.get(words)) is not None and kept[named].url is None:
                # The same article, whose url was not known before.
                place = named
                kept[place] = replace(kept[place], id=one.id, url=one.url)
        if place is None:
            place = len(kept)
            kept.append(one)
        else:
            first = kept[place]
            description = first.description or one.description
            placement = "inline" if "inline" in (first.placement, one.placement) else first.placement
            if description != first.description or placement != first.placement:
                kept[place] = replace(first, description=description, placement=placement)
        if key is not None:
            by_key.setdefault(key, place)
        by_headline.setdefault(words, place)
    return kept
