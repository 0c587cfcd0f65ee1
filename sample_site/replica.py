"""A month of an invented newspaper: as many stories a day as the real one has, and days that go by.

The same seed makes the same month. Pages are rendered when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from sample_site.invented_text import Writer, topic_of
from sample_site.menu import SECTIONS, Section
from sample_site.site import FORBIDDEN_FOLDER, NOW, Site
from sample_site.story import (
    VIETNAM,
    Audio,
    Block,
    Figure,
    Paragraph,
    RichText,
    Span,
    Story,
    Subhead,
    Teaser,
    Video,
    kind_of,
    slugify,
    template_of,
)

_DAY = timedelta(days=1)
_EDITED_SHARE = 0.04
_DRAFT_SHARE = 0.05
"""Stories begun hours before they are published: their ids are lower than those of their neighbours."""

# The ladder of ids and the times at which stories with them were published.
_LADDER = (datetime(2026, 7, 16, 8, 46, tzinfo=VIETNAM), 1_315_698)
_IDS_A_DAY = 270

# How much of a day's stories each hour from midnight on publishes.
_BY_HOUR = (1, 0, 0, 0, 1, 3, 6, 7, 7, 6, 6, 5, 4, 4, 5, 6, 6, 6, 5, 5, 4, 3, 3, 2)

_BUSIEST = ("xa-hoi", "the-gioi", "the-thao", "kinh-te", "chinh-tri", "phap-luat", "thi-truong", "van-hoa")


@dataclass(frozen=True)
class Day:
    """What a day brought: the urls of new stories, and of older ones that were edited."""

    new: tuple[str, ...]
    edited: tuple[str, ...]


class Replica(Site):
    """`days` days with `a_day` stories each, the last day ending `now`.

    Stories stand in all sections and point to others, mostly of the same month. Ids rise with the time at which a
    story is begun, so that a few are out of the order of publication; about 4 in 100 stories have been edited.

    Args:
        older: so many stories from before these days, which those of these days point to.
        words: how long the shortest and the longest texts are.
        sitemap_dates: as for `Site`.
        article_validators: as for `Site`.
    """

    def __init__(
        self,
        *,
        days: int = 30,
        a_day: int = 66,
        older: int = 40,
        words: tuple[int, int] = (170, 350),
        seed: int = 1,
        now: datetime = NOW,
        sitemap_dates: str = "modified",
        article_validators: bool = True,
    ) -> None:
        self.seed = seed
        self._words = words
        self._days_gone = 0
        self._written = 0
        self._numbers: set[int] = set()
        now = now.astimezone(VIETNAM).replace(second=0, microsecond=0)
        start = now - days * _DAY
        random = Random(f"{seed} older")
        long_ago = (start - timedelta(minutes=random.randint(2 * 1440, 400 * 1440)) for _ in range(older))
        stories = self._write_all(sorted(long_ago), earlier=())
        for number in range(days):
            times = _times(start + number * _DAY, a_day, Random(f"{seed} day {number}"))
            stories += self._write_all(times, earlier=stories)
        self._edit_some(stories, now)
        super().__init__(stories, now=now, sitemap_dates=sitemap_dates, article_validators=article_validators)

    def published_between(self, since: date | datetime, until: date | datetime) -> list[str]:
        """Urls of the stories published in a window, oldest first.

        Days are of Vietnam, the last one included; a time is the last moment that is not.
        """
        start, end = _moment(since), _moment(until)
        if not isinstance(until, datetime):
            end += _DAY
        return [story.url for story in reversed(self.newest) if start <= story.published < end]

    def advance(
        self,
        new: int = 66,
        edited: int = 40,
        *,
        span: timedelta = _DAY,
        edited_since: date | datetime | None = None,
        edited_until: date | datetime | None = None,
    ) -> Day:
        """Moves `now` on, by a day unless told otherwise, in which stories are published, and known ones edited.

        Args:
            span: at least two minutes and at most a day.
            edited_since: edit only stories published from then on.
            edited_until: edit only stories published before, or on that day.
        """
        self._days_gone += 1
        random = Random(f"{self.seed} advance {self._days_gone}")
        end = self.now + span
        open_to_edits = set(self.published_between(edited_since or date.min, edited_until or end))
        candidates = [story.id for story in self.newest if story.url in open_to_edits]
        if len(candidates) < edited:
            raise ValueError(f"{edited} stories to edit, but {len(candidates)} to choose from")
        chosen = random.sample(candidates, edited)
        stories = dict(self.stories)
        for story_id in chosen:
            at = self.now + timedelta(seconds=random.randint(1, int(span.total_seconds()) - 1))
            stories[story_id] = self._edited(stories[story_id], at, random)
        fresh = self._write_all(_times(self.now, new, random, span), earlier=list(reversed(self.newest)))
        stories |= {story.id: story for story in fresh}
        self._publish(stories.values(), end)
        return Day(tuple(story.url for story in fresh), tuple(self.stories[story_id].url for story_id in chosen))

    def _write_all(self, times: Sequence[datetime], earlier: Sequence[Story]) -> list[Story]:
        """Stories published at these times, which rise; each may point to those before it."""
        before = list(earlier)
        for published in times:
            before.append(self._write(published, before))
        return before[len(earlier) :]

    def _write(self, published: datetime, before: Sequence[Story]) -> Story:
        random = Random(f"{self.seed} story {self._written}")
        section = _section(self._written, random)
        self._written += 1
        writer = Writer(topic_of(section.path, section.parent), random)
        headline = writer.headline()
        number = self._number(published, random)
        path, others = _places(section, random)
        slug = slugify(headline)[:90].strip("-")
        return Story(
            id=f"post{number}",
            headline=headline,
            description=writer.sentence(),
            slug=slug,
            path=path,
            published=published,
            modified=published,
            template=template_of(published),
            kind=kind_of(path),
            blocks=_blocks(
                kind_of(path),
                f"{slug[:40].strip('-')}-{number}",
                writer.paragraphs(random.randint(*self._words)),
                writer,
                before,
                random,
            ),
            authors=(writer.author(),),
            keywords=writer.keywords(),
            related=_related(before, random),
            sections=others,
        )

    def _number(self, published: datetime, random: Random) -> int:
        """An id by the time at which the story was begun, or the next free one."""
        draft = random.random() < _DRAFT_SHARE
        ahead = timedelta(minutes=random.randint(90, 30 * 60) if draft else random.randint(0, 20))
        known, number = _LADDER
        number += int((published - ahead - known) / _DAY * _IDS_A_DAY)
        while number in self._numbers:
            number += 1
        self._numbers.add(number)
        return number

    def _edit_some(self, stories: list[Story], now: datetime) -> None:
        """Gives some stories a later time of change, as an edit leaves it."""
        random = Random(f"{self.seed} edits")
        for place, story in enumerate(stories):
            if random.random() >= _EDITED_SHARE:
                continue
            # Most edits follow within hours; the newest stories have had less time.
            longest = timedelta(hours=20) if random.random() < 0.6 else timedelta(days=10)
            after = min(longest, now - story.published) * random.uniform(0.1, 1)
            modified = (story.published + after).replace(microsecond=0)
            stories[place] = replace(story, modified=modified)

    def _edited(self, story: Story, at: datetime, random: Random) -> Story:
        """The story with another headline or another sentence."""
        section = self.section_by_path.get(story.path)
        writer = Writer(topic_of(story.path, section.parent if section else None), random)
        plain = [place for place, block in enumerate(story.blocks) if isinstance(block, Paragraph)]
        if not plain or random.random() < 0.4:
            return replace(story, headline=_other(story.headline, writer.headline), modified=at)
        place = random.choice(plain)
        block = story.blocks[place]
        assert isinstance(block, Paragraph)
        spans = block.text.spans
        kept, dot, _ = spans[-1].text.removesuffix(".").rpartition(". ")
        last = replace(spans[-1], text=_other(spans[-1].text, lambda: f"{kept}{dot}{writer.sentence()}"))
        changed = Paragraph(RichText((*spans[:-1], last)))
        return replace(story, blocks=(*story.blocks[:place], changed, *story.blocks[place + 1 :]), modified=at)


def _other(text: str, write: Callable[[], str]) -> str:
    """What is written, and differs from `text`."""
    while (written := write()) == text:
        pass
    return written


def _moment(when: date | datetime) -> datetime:
    return when if isinstance(when, datetime) else datetime.combine(when, time(), VIETNAM)


def _times(start: datetime, count: int, random: Random, span: timedelta = _DAY) -> list[datetime]:
    """Times within the span that begins at `start`, to the minute, more of them in busy hours."""
    within = range(1, int(span / timedelta(minutes=1)))
    shares = [_BY_HOUR[(start + timedelta(minutes=minute)).hour] for minute in within]
    if not any(shares):
        shares = [1] * len(shares)
    minutes = random.choices(within, cum_weights=list(accumulate(shares)), k=count)
    return [start + timedelta(minutes=minute) for minute in sorted(minutes)]


_FORBIDDEN = FORBIDDEN_FOLDER.strip("/")
_OPEN_SECTIONS = [section for section in SECTIONS if section.path != _FORBIDDEN]
Random(0).shuffle(_OPEN_SECTIONS)
_BUSY_SECTIONS = tuple(section for section in SECTIONS if section.path in _BUSIEST)


def _section(number: int, random: Random) -> Section:
    """The section of a story: every second time the next of all, else a busy one."""
    if number % 2 == 0:
        return _OPEN_SECTIONS[number // 2 % len(_OPEN_SECTIONS)]
    return random.choice(_BUSY_SECTIONS)


def _places(section: Section, random: Random) -> tuple[str, tuple[str, ...]]:
    """The path of a story's url and the further listings it stands in.

    What is special about a section's pages depends on the path; of the others some stand below the top section.
    """
    if section.parent is None:
        return section.path, ()
    if kind_of(section.path) == "article" and random.random() < 0.5:
        return section.parent, (section.path,)
    return section.path, (section.parent,)


def _related(before: Sequence[Story], random: Random) -> tuple[str, ...]:
    """Stories shown below a story: of the days before it, now and then a much older one."""
    if not before:
        return ()
    recent = before[-400:]
    chosen = [random.choice(recent).id for _ in range(random.randint(3, 6))]
    if random.random() < 0.15:
        chosen.append(random.choice(before).id)
    return tuple(dict.fromkeys(chosen))


def _blocks(
    kind: str, name: str, paragraphs: Sequence[str], writer: Writer, before: Sequence[Story], random: Random
) -> tuple[Block, ...]:
    if kind == "photo":
        return tuple(Figure(f"{name}-{place}.jpg", text, "Hải Quân") for place, text in enumerate(paragraphs))
    if kind == "video":
        # Their pages hold the text in one piece.
        return Video(f"{name}.mp4", f"{name}.jpg"), Paragraph(RichText((Span(" ".join(paragraphs)),)))
    blocks: list[Block] = [Paragraph(RichText((Span(text),))) for text in paragraphs]
    if kind == "podcast":
        return (Audio(f"{name}.mp3"), *blocks)
    if before and random.random() < 0.3:
        blocks[0] = _with_link(paragraphs[0], random.choice(before[-400:]).id)
    if random.random() < 0.7:
        figure = Figure(f"{name}.jpg", writer.subhead(), random.choice(("Hải Quân", "Bích Khuê", None)))
        blocks.insert(random.randint(1, len(blocks) - 1), figure)
    if before and random.random() < 0.4:
        blocks.insert(random.randint(1, len(blocks) - 1), Teaser(random.choice(before[-400:]).id))
    if random.random() < 0.3:
        blocks.insert(len(paragraphs) // 2, Subhead(RichText((Span(writer.subhead()),))))
    return tuple(blocks)


def _with_link(text: str, story_id: str) -> Paragraph:
    """The text with its third to fifth words as a link."""
    words = text.split(" ")
    spans = (" ".join(words[:2]) + " ", " ".join(words[2:5]), " " + " ".join(words[5:]))
    return Paragraph(RichText((Span(spans[0]), Span(spans[1], target=story_id), Span(spans[2]))))
