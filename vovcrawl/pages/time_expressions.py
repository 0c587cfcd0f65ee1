"""What the texts of an article say of time: its `time_expressions`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from vovcrawl.dates import Recognition, recognize
from vovcrawl.dates import TimeExpression as Found
from vovcrawl.items import Article, TimeExpression, texts
from vovcrawl.pages.publication import from_iso

MOST_EXPRESSIONS = 2_000
"""Time expressions of one article that are kept: the store writes a sentence with each."""

MOST_RECOGNIZED = 5 * MOST_EXPRESSIONS
"""Time expressions after which an article is read no further. They are more than are kept, as some have no value."""

EARLY = time(6)
"""Before this hour an article may still speak from the day before."""

_RELATED = "related."
_OWN = ("headline", "body")
_LONGEST_LEAD = 1_000
"""Characters of a lead that is remembered; real ones have up to 400."""


def tag(article: Article) -> list[TimeExpression]:
    """The time expressions of a Vietnamese article, as of `date_published`; without it those that need no reference.

    Headline, lead, body and the leads of related articles are read, in this order, up to the place where
    `MOST_RECOGNIZED` are found.
    """
    if article.in_language != "vi":
        return []
    published = from_iso(article.date_published)
    recognized: dict[str, Recognition] = {}
    left = MOST_RECOGNIZED
    for name, text in texts(article).items():
        # The lead of an article stands on the pages of all that point to it.
        is_lead = name not in _OWN and len(text) <= _LONGEST_LEAD
        recognized[name] = _recognized_lead(text) if is_lead else recognize(text, left)
        left -= len(recognized[name])
        if left <= 0:
            break
    found = {name: one.normalize(published) for name, one in recognized.items()}
    if published is not None and published.time() < EARLY:
        own = (one for name, expressions in found.items() if not name.startswith(_RELATED) for one in expressions)
        if any(_speaks_from(one, published.date() - timedelta(days=1)) for one in own):
            published = datetime.combine(published.date(), time(), published.tzinfo) - timedelta(minutes=1)
            found = {name: one.normalize(published) for name, one in recognized.items()}
    return [
        TimeExpression(name, one.start, one.end, one.text, one.type, one.value, one.mod, one.conflict)
        for name, expressions in found.items()
        for one in expressions
    ]


@lru_cache(maxsize=2048)
def _recognized_lead(text: str) -> Recognition:
    return recognize(text)


def _speaks_from(one: Found, day: date) -> bool:
    """Whether the words say "today" and the date written beside them is `day`: "hôm nay (8/6)"."""
    return one.conflict and "nay" in one.text.casefold().split("(")[0].split() and one.value.startswith(day.isoformat())
