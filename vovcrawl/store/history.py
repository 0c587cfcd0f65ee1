"""The texts of one article in their order. Pure: what the store holds of it goes in, what it is to hold comes out.

A crawl meets the texts of an article one after the other, and an archive in any order. Where an archive says when the
site sent a page, what is kept follows from what was seen and when, whatever came first. So every sighting of an article
of which there are such captures is remembered; without them, the first and the last one of each text say enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import eq

from vovcrawl.items import Article

NEW = 0
"""`Revision.sequence` of a text that has no place among the texts of the store yet."""

EDIT, READING = "edit", "reading"
"""`Revision.replaced_by`."""

MOST_SIGHTINGS = 200
"""Sightings of an article that are remembered; of one that was seen more often, only the first and last of a text."""

NOT_SAID = ("fetched_at", "source", "template", "reader_version", "schema_version", "duplicate_of", "extra")
"""Fields in which two readings of one page may differ and yet say the same of it."""

_BOUND_TO_TEXT = ("headline", "description", "body", "content_hash", "blocks", "links", "time_expressions")
"""Fields that are of no use with the text of another reading."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A text that an article has, or had, or an earlier reading of it."""

    number: int
    """From 1 on."""
    sequence: int
    """Its place among all texts that the store kept, of whichever article."""
    run: int | None
    """The run that kept it; None where that is not known, and where no feed gets it."""
    first_seen: str
    """When the site had it first, as far as it was seen: ISO 8601 in UTC."""
    last_seen: str
    article: Article
    page_hash: str | None = None
    """`vovcrawl.evidence.page_hash` of the page that it was read from; None where that is not known."""
    replaced_by: str | None = None
    """Why there is a next one: `edit`, since the newspaper changed the text, or `reading`, since a later reader read
    the same page otherwise; None of the current text."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A text as a page showed it at one moment."""

    at: str
    """ISO 8601 in UTC; '' for a saved page that does not say when the site sent it."""
    article: Article
    page_hash: str | None

    @property
    def is_live(self) -> bool:
        """Whether the site itself showed it."""
        return self.article.source == "live"


@dataclass(slots=True)
class Text:
    """A text of an article, with all its readings and sightings."""

    readings: list[Revision]
    """The last one is the one that counts."""
    sightings: list[Sighting] = field(default_factory=list)
    """In the order in which they are taken."""

    @property
    def current(self) -> Revision:
        """The reading that counts."""
        return self.readings[-1]


def texts_of(history: Sequence[Revision], remembered: dict[int, list[Sighting]]) -> list[Text]:
    """The texts of an article.

    Args:
        history: its revisions, the first one first.
        remembered: by the number of a revision, the sightings that the store remembers.
    """
    texts: list[Text] = []
    is_reading_again = False
    for revision in history:
        if is_reading_again:
            texts[-1].readings.append(revision)
        else:
            texts.append(Text([revision]))
        is_reading_again = revision.replaced_by == READING
    for text in texts:
        text.sightings = _sightings(text.current, remembered.get(text.current.number, []))
    return texts


def _sightings(revision: Revision, remembered: list[Sighting]) -> list[Sighting]:
    if not remembered and revision.article.source == "archive":
        return [Sighting("", revision.article, revision.page_hash)]
    known = [sighting.at for sighting in remembered]
    found = list(remembered)
    for at in dict.fromkeys((revision.first_seen, revision.last_seen)):
        if not known or at < min(known) or at > max(known):
            found.append(Sighting(at, revision.article, revision.page_hash))
    return found


def arranged(texts: Sequence[Text], more: Sequence[Sighting] = ()) -> list[Text]:
    """Texts in the order that follows from when they were seen and from the dates of change that they name.

    Equal ones next to each other are one. A text is read as its last sighting says, and as the site itself showed it
    where it did. Texts keep their places in the store, and those that are seen between others get new ones.
    """
    owner = {id(sighting): text for text in texts for sighting in text.sightings}
    ordered = _in_order([*(sighting for text in texts for sighting in text.sightings), *more])
    spells = [list(spell) for _, spell in groupby(ordered, key=_is_said)]
    claimed: dict[int, int] = {}
    origins: list[Text | None] = []
    # A text that another one parts goes on with the later half.
    for place in range(len(spells) - 1, -1, -1):
        origin = None
        for sighting in reversed(spells[place]):
            text = owner.get(id(sighting))
            if text is not None and id(text) not in claimed:
                claimed[id(text)] = place
                if origin is None or origin.current.sequence == NEW:
                    origin = text
        origins.append(origin)
    origins.reverse()
    earlier: list[list[Revision]] = [[] for _ in spells]
    for text in texts:
        earlier[claimed[id(text)]] = united(earlier[claimed[id(text)]], text.readings[:-1])
    return [
        Text([*before, _current(spell, origin)], spell)
        for spell, origin, before in zip(spells, origins, earlier, strict=True)
    ]


def united(readings: Sequence[Revision], others: Sequence[Revision]) -> list[Revision]:
    """The readings of a text, and those of the same one that are not among them."""
    more = [
        other
        for other in others
        if not any(one.page_hash == other.page_hash and says_the_same(one.article, other.article) for one in readings)
    ]
    return [*readings, *more]


def has_captures(texts: Iterable[Text]) -> bool:
    """Whether an archive says of one of the texts when the site had it."""
    return any(seen.at and not seen.is_live for text in texts for seen in text.sightings)


def _is_said(sighting: Sighting) -> tuple[str, str]:
    return sighting.article.content_hash, sighting.article.canonical_url


def _current(spell: list[Sighting], origin: Text | None) -> Revision:
    shown = next((sighting for sighting in reversed(spell) if sighting.is_live), spell[-1])
    before = origin.current if origin is not None else None
    at = [sighting.at for sighting in spell if sighting.at]
    if at:
        first, last = min(at), max(at)
    else:
        assert before is not None, "a saved page without a date is a text of its own already"
        first, last = before.first_seen, before.last_seen
    if before is None:
        return Revision(0, NEW, None, first, last, shown.article, shown.page_hash)
    return replace(before, first_seen=first, last_seen=last, article=shown.article, page_hash=shown.page_hash)


def _in_order(sightings: Iterable[Sighting]) -> list[Sighting]:
    """By time; those whose pages name a date of change, among themselves, by that date first."""
    ordered = sorted(sightings, key=_moment)
    places = [place for place, sighting in enumerate(ordered) if sighting.article.date_modified]
    by_date = sorted((ordered[place] for place in places), key=lambda each: each.article.date_modified or "")
    for place, sighting in zip(places, by_date, strict=True):
        ordered[place] = sighting
    return ordered


def _moment(sighting: Sighting) -> tuple[str, bool, str, str]:
    if not sighting.at:
        return "", False, "", ""
    return sighting.at, sighting.is_live, sighting.page_hash or "", sighting.article.content_hash


def remembered(texts: Sequence[Text]) -> list[tuple[int, Sighting]]:
    """What the store is to remember: sightings with the place of their text; nothing where no capture has a date."""
    sightings = [
        (place, sighting, number in (0, len(text.sightings) - 1))
        for place, text in enumerate(texts)
        for number, sighting in enumerate(sorted(text.sightings, key=_moment))
        if sighting.at
    ]
    if not has_captures(texts):
        return []
    is_full = len(sightings) > MOST_SIGHTINGS
    return [(place, sighting) for place, sighting, is_end in sightings if is_end or not is_full]


def says_the_same(one: Article, other: Article) -> bool:
    """Whether two readings of a page say the same of it, whoever read it and whenever."""
    changed = {name: getattr(one, name) for name in NOT_SAID}
    return replace(other, **changed) == one


def reading_of(texts: Sequence[Text], page_hash: str) -> Article | None:
    """How a page was read last, the one seen last first; None where no text was seen on it."""
    for text in reversed(texts):
        if text.current.page_hash == page_hash:
            return text.current.article
        for sighting in reversed(text.sightings):
            if sighting.page_hash == page_hash:
                return sighting.article
    return None


def read_again(texts: Sequence[Text], article: Article, page_hash: str) -> list[Text]:
    """The texts of an article once one of its pages is read otherwise.

    A text that is read from that page goes on as `article`, as of when the page was seen, and what it was read as
    before is one of its readings. What other pages showed alike is taken to be read alike.
    """
    texts = [Text(list(text.readings), list(text.sightings)) for text in texts]
    for text in texts:
        before = text.current
        if before.page_hash == page_hash:
            reading = _as_seen(article, before.article)
            if says_the_same(before.article, reading):
                text.readings[-1] = replace(before, article=reading)
            else:
                text.readings += [replace(before, sequence=NEW, run=None, article=reading)]
            if before.article.content_hash != article.content_hash:
                text.sightings = [replace(seen, article=_with_text(seen.article, article)) for seen in text.sightings]
        text.sightings = [
            replace(seen, article=_as_seen(article, seen.article)) if seen.page_hash == page_hash else seen
            for seen in text.sightings
        ]
    hashes = [text.current.article.content_hash for text in texts]
    return arranged(texts) if has_captures(texts) or any(map(eq, hashes, hashes[1:])) else texts


def _as_seen(article: Article, seen: Article) -> Article:
    """A reading of a page that was seen before, as of then."""
    return replace(article, fetched_at=seen.fetched_at, source=seen.source)


def _with_text(article: Article, other: Article) -> Article:
    """An article with the text of another reading."""
    return replace(article, **{name: getattr(other, name) for name in _BOUND_TO_TEXT})
