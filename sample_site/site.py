"""The sample site as data: its stories, sections, tags and listings."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote_plus

from sample_site.media import image_url
from sample_site.menu import SECTIONS, Section
from sample_site.story import (
    VIETNAM,
    Breadcrumb,
    ForeignStory,
    Story,
    check_references,
    load_stories,
    strip_marks,
)

NOW = datetime(2026, 7, 16, 12, 0, tzinfo=VIETNAM)
HOSTS = ("vov.vn", "www.vov.vn", "baoxuan.vov.vn")
SERVICE_HOST = "vov-api.vov.vn"
"""The host of the tag service, which the scripts of pages ask."""
NEWEST_PATH = "tin-moi-cap-nhat"
FORBIDDEN_FOLDER = "/thong-tin-doanh-nghiep/"
LISTED_ELSEWHERE = {"o-to-xe-may": "oto-xe-may", "doanh-nghiep": "kinh-te/doanh-nghiep"}
"""First parts of urls below which no listing has its path, and the listing that shows those stories."""
SITEMAP_DATES = ("modified", "published", "none")
REPEATING_LISTINGS = frozenset({"the-thao", "the-gioi", "xa-hoi", NEWEST_PATH})


@dataclass(frozen=True)
class Tag:
    """A keyword with a listing of its own."""

    name: str

    @property
    def slug(self) -> str:
        """The slug of a tag, in which `đ` simply vanishes."""
        plain = strip_marks(self.name.lower().replace("đ", ""))
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")

    @property
    def id(self) -> int:
        """A number that depends on the name alone."""
        return 10_000 + zlib.crc32(self.name.casefold().encode()) % 900_000

    @property
    def path(self) -> str:
        """The path of its listing."""
        return f"tu-khoa/{self.slug}-tag{self.id}"

    @property
    def old_path(self) -> str:
        """The older path of the same listing."""
        return "tag/" + quote_plus(self.name)


@dataclass(frozen=True)
class Card:
    """What other pages show of a story."""

    id: str
    href: str
    url: str
    headline: str
    lead: str
    description: str
    image: str
    is_video: bool = False


@dataclass(frozen=True)
class ListingPage:
    """One page of a listing; `number` counts from zero."""

    path: str
    title: str
    number: int
    page_count: int
    stories: tuple[Story, ...]
    section: Section | None = None


class Site:
    """A replica of the newspaper made of any set of stories.

    Args:
        sitemap_dates: what a sitemap's `lastmod` says of a story: when it was `modified`, when it was `published`, or
            `none`.
        article_validators: whether story pages carry an ETag and a Last-Modified.
    """

    def __init__(
        self,
        stories: Iterable[Story],
        foreign: Iterable[ForeignStory] = (),
        *,
        sections: Sequence[Section] = SECTIONS,
        now: datetime = NOW,
        page_size: int = 15,
        repeating_listings: frozenset[str] = REPEATING_LISTINGS,
        sitemap_dates: str = "modified",
        article_validators: bool = True,
    ) -> None:
        if sitemap_dates not in SITEMAP_DATES:
            raise ValueError(f"sitemap_dates is none of {', '.join(SITEMAP_DATES)}: {sitemap_dates}")
        self.sections = tuple(sections)
        self.page_size = page_size
        self.repeating_listings = repeating_listings
        self.sitemap_dates = sitemap_dates
        self.article_validators = article_validators
        self.foreign = {story.id: story for story in foreign}
        self.section_by_path = {section.path: section for section in self.sections}
        self.edition = 0
        self._removed: set[str] = set()
        self._publish(stories, now)

    def remove(self, url: str) -> None:
        """Takes a story off the site: its page is gone, and no sitemap, feed or listing names it; other pages may."""
        self._removed.add(self._id_of(url))
        self._publish(list(self.stories.values()), self.now)

    def restore(self, url: str) -> None:
        """Puts a story back that was removed."""
        self._removed.discard(self._id_of(url))
        self._publish(list(self.stories.values()), self.now)

    def _id_of(self, url: str) -> str:
        return next(story.id for story in self.stories.values() if story.url == url)

    def _publish(self, stories: Iterable[Story], now: datetime) -> None:
        """Makes these the stories of the site, and `now` its time."""
        self.now = now
        self.edition += 1
        for derived in ("tags", "listings"):
            self.__dict__.pop(derived, None)
        self.stories = {story.id: story for story in stories}
        check_references(self.stories.values(), self.foreign.values())
        there = [story for story in self.stories.values() if story.id not in self._removed]
        self.story_by_address = {story.address: story for story in there}
        self.redirects = {old: story.address for story in self.stories.values() for old in story.old_addresses}
        self.newest = sorted(
            (story for story in there if story.listed),
            key=lambda story: (story.published, story.id),
            reverse=True,
        )

    @cached_property
    def tags(self) -> dict[str, Tag]:
        """Tags by their path, the older path included; a tag is spelled as in its newest story."""
        found: dict[str, Tag] = {}
        for story in self.newest:
            for keyword in story.keywords:
                tag = Tag(keyword)
                found.setdefault(tag.path, tag)
                found.setdefault(tag.old_path, tag)
        return found

    @cached_property
    def listings(self) -> dict[str, list[Story]]:
        """Listed stories by the path of each listing, newest first."""
        found: dict[str, list[Story]] = {section.path: [] for section in self.sections}
        found[NEWEST_PATH] = self.newest
        for story in self.newest:
            for path in self.listings_of(story):
                found.setdefault(path, []).append(story)
        for path, tag in self.tags.items():
            found[path] = found[tag.path]
        return found

    def listings_of(self, story: Story) -> tuple[str, ...]:
        """Paths of the section and tag listings that a story stands in."""
        steps = story.path.split("/")
        paths = ["/".join(steps[: count + 1]) for count in range(len(steps))]
        known = [path for path in (*paths, *story.sections) if path in self.section_by_path]
        return tuple(dict.fromkeys([*known, *(Tag(keyword).path for keyword in story.keywords)]))

    def listed_by_script(self, path: str) -> list[Story]:
        """The stories that the script of a listing shows, newest first."""
        there = (story for story in self.stories.values() if story.listed_by_script and story.id not in self._removed)
        return sorted((story for story in there if path in self.listings_of(story)), key=lambda story: story.id)[::-1]

    def story_of_node(self, number: str) -> Story | None:
        """The story whose page has a node number, if it is one of the Drupal templates."""
        found = (self.stories.get(story_id) for story_id in (f"post{number}", number))
        return next((story for story in found if story and not story.is_old and story.id not in self._removed), None)

    def listing_page(self, path: str, number: int) -> ListingPage | None:
        """A page of a listing, or nothing where there is no such listing.

        Beyond the end some listings show their last page again, the others an empty one.
        """
        stories = self.listings.get(path)
        if stories is None:
            return None
        count = max(1, -(-len(stories) // self.page_size))
        if number >= count and (path in self.repeating_listings or path in self.tags):
            number = count - 1
        start = number * self.page_size
        return ListingPage(
            path=path,
            title=self.listing_title(path),
            number=number,
            page_count=count,
            stories=tuple(stories[start : start + self.page_size]),
            section=self.section_by_path.get(path),
        )

    def listing_title(self, path: str) -> str:
        """The heading of a listing."""
        if path == NEWEST_PATH:
            return "Mới cập nhật"
        if path in self.section_by_path:
            return self.section_by_path[path].shouted_name
        return self.tags[path].name

    def card(self, story_id: str) -> Card:
        """What other pages show of a story, here or elsewhere."""
        if story_id in self.foreign:
            other = self.foreign[story_id]
            image = "https://static.english.vov.vn/sites/default/files/styles/front_large/public/card.jpg"
            return Card(other.id, other.url, other.url, other.headline, other.description, other.description, image)
        story = self.stories[story_id]
        return Card(
            id=story.id,
            href=story.address,
            url=story.url,
            headline=story.headline,
            lead=story.lead,
            description=story.description,
            image=image_url(story, story.lead_image, "front_large"),
            is_video=story.kind == "video",
        )

    def listing_href(self, story: Story) -> str:
        """The link of a story on listing cards, which need not be its plain url."""
        match story.card_link:
            case "tracking":
                token = f"{zlib.crc32(story.id.encode()):08x}"
                return f"{story.address}?gidzl={token}&gidzl={token}&utm_source=zalo"
            case "www":
                return "http://www.vov.vn" + story.address
            case "baoxuan":
                return "https://baoxuan.vov.vn" + story.address
        return story.address

    def breadcrumbs(self, story: Story) -> tuple[Breadcrumb, ...]:
        """The path shown above a story."""
        if story.breadcrumbs is not None:
            return story.breadcrumbs
        steps = story.path.split("/")
        paths = ("/".join(steps[: count + 1]) for count in range(len(steps)))
        found = (self.section_by_path.get(path) for path in paths)
        return tuple(Breadcrumb(section.shouted_name, section.address) for section in found if section)

    def section_name(self, story: Story) -> str | None:
        """The name of the story's section as the menu spells it."""
        name = story.section
        section = self.section_by_path.get(LISTED_ELSEWHERE.get(name, name)) if name else None
        return section.name if section else None

    def months(self) -> list[tuple[int, int]]:
        """The months in which listed stories were published, latest first."""
        return sorted({(s.published.year, s.published.month) for s in self.newest}, reverse=True)

    def published_in(self, year: int, month: int) -> list[Story]:
        """The listed stories of a month, newest first."""
        return [s for s in self.newest if (s.published.year, s.published.month) == (year, month)]

    def sitemap_date(self, story: Story) -> datetime | None:
        """The date that the sitemap gives for a story."""
        match self.sitemap_dates:
            case "modified":
                return story.modified
            case "published":
                return story.published
        return None

    def sitemap_modified(self, year: int, month: int) -> datetime:
        """When a month's sitemap changed last."""
        return max(self.sitemap_date(story) or story.published for story in self.published_in(year, month))


def load_site() -> Site:
    """The sample site as it is delivered."""
    stories, foreign = load_stories()
    return Site(stories, foreign)
