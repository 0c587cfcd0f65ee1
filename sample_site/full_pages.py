"""Pages as large as real ones: the sample site's frame with the scripts and styles that the site wraps its articles in.

The same number makes the same pages, each of them different. `FullServer` serves a whole site of them, with its
listings, sitemaps and feeds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any

from sample_site.expected import expected_record
from sample_site.pages import Page, Pages
from sample_site.replica import Replica
from sample_site.server import SampleServer
from sample_site.site import Site
from sample_site.story import Block, Figure, Paragraph, Story, Teaser

SIZE = 84_000
"""Bytes of a page; those with many related stories have a few thousand more."""

_WORDS = (525, 575)
"""Words of the shortest and the longest text: about 2,500 characters."""
_A_DAY = 66
_LEAST_WEIGHT = 6_000
_WEATHER = re.compile(r'<div class="dropdown weather-dropdown.*?</ul>\s*</div>', re.DOTALL)
_NAMES = "vovvn drupal cms ads menu related comment player share weather stats poll audio lazy sticky".split()
_PARTS = "item list box title link image footer header wrapper button icon label".split()


@dataclass(frozen=True)
class FullPage:
    """A page, where it stands, and the record that must be read from it."""

    url: str
    html: bytes
    record: dict[str, Any]


class FullSite(Replica):
    """So many stories, whose articles have two pictures, a teaser and related stories where there are earlier ones."""

    def __init__(self, stories: int = 300, seed: int = 1) -> None:
        days = max(1, -(-stories // _A_DAY))
        a_day = stories // days
        super().__init__(days=days, a_day=a_day, older=stories - days * a_day, words=_WORDS, seed=seed)

    def _write(self, published: datetime, before: Sequence[Story]) -> Story:
        story = super()._write(published, before)
        if story.kind != "article":
            return story
        random = Random(f"{self.seed} full {story.id}")
        kept: list[Block] = [block for block in story.blocks if not isinstance(block, Figure | Teaser)]
        texts = [block.text.plain for block in kept if isinstance(block, Paragraph)]
        name = f"{story.slug[:40].strip('-')}-{story.number}"
        added: list[Block] = [
            Figure(f"{name}-{place}.jpg", text.partition(".")[0], random.choice(("Hải Quân", "Bích Khuê")))
            for place, text in enumerate(texts[:2])
        ]
        if before:
            added.append(Teaser(random.choice(before[-400:]).id))
        for place, block in enumerate(added, 1):
            kept.insert(min(2 * place, len(kept)), block)
        return replace(story, blocks=tuple(kept))


def full_page(html: str, story: Story) -> str:
    """The page of a story, grown by inline scripts and styles to `SIZE`."""
    random = Random(f"full page {story.id}")
    # The real pages carry pictures there; what this one weighs is scripts.
    html = _WEATHER.sub("", html)
    weight = max(_LEAST_WEIGHT, SIZE - len(html.encode()))
    grown = [
        ("</head>", f"<style>{_filled(weight * 15 // 100, _rule, random)}</style>\n"),
        ("</head>", f"<script>{_filled(weight * 25 // 100, _statement, random)}</script>\n"),
        ("<footer", f"<script>\n{_filled(weight * 20 // 100, _statement, random)}</script>\n"),
        ('<div id="backToTop">', f"<script>{_filled(weight * 25 // 100, _statement, random)}</script>\n"),
    ]
    for mark, added in grown:
        html = html.replace(mark, added + mark, 1)
    settings = {_name(random): _filled(60, _word, random).split() for _ in range(weight * 15 // 100 // 90)}
    script = f'<script type="application/json" data-drupal-selector="settings">{json.dumps(settings)}</script>\n'
    return html.replace('<script type="application/json"', script + '<script type="application/json"', 1)


def _filled(length: int, piece: Callable[[Random], str], random: Random) -> str:
    pieces: list[str] = []
    while length > 0:
        pieces.append(piece(random))
        length -= len(pieces[-1]) + 1
    return "\n".join(pieces)


def _name(random: Random) -> str:
    return f"{random.choice(_NAMES)}_{random.choice(_PARTS)}_{random.randrange(16**4):04x}"


def _word(random: Random) -> str:
    return f"{random.choice(_PARTS)}/{random.randrange(9999)}"


def _rule(random: Random) -> str:
    names = f".{random.choice(_NAMES)}-{random.choice(_PARTS)}>.{random.choice(_PARTS)}:not(:last-child)"
    return f"{names}{{margin:{random.randrange(40)}px 0;color:#{random.randrange(16**6):06x}!important}}"


def _statement(random: Random) -> str:
    """A statement as scripts of such pages have them: markup in strings, comparisons, attributes."""
    name, other, part = _name(random), _name(random), random.choice(_PARTS)
    return random.choice(
        (
            f"var {name}=function(a,b){{if(a.length<b&&b>{random.randrange(99)}){{return a.slice(0,b)}}return '…'+a}};",
            f"$('.{part}').append('<div class=\"{name}\"><a href=\"'+u+'\">'+t+'</a></div>'); // {other}",
            f'window["{name}"] = window["{name}"] || {{id: {random.randrange(9999)}, type: "{part}", lazy: true}};',
            f'for(var i=0;i<{other}.length;i++){{{name}.push({{i:i,html:"<li class=\'{part}\'>"+i+"<\\/li>"}})}}',
        )
    )


class FullPages(Pages):
    """All pages of a site, its articles in their full size."""

    def _article(self, story: Story) -> Page:
        page = super()._article(story)
        return replace(page, body=full_page(page.body.decode(), story).encode())


class FullServer(SampleServer):
    """A site of `stories` articles in their full size."""

    def __init__(self, stories: int = 300, seed: int = 1) -> None:
        super().__init__(FullSite(stories, seed))
        self.pages = FullPages(self.site)

    def stories(self) -> int:
        """How many articles there are."""
        return len(self.site.stories)

    def asked(self) -> list[tuple[str, int]]:
        """What was asked for since the last time, and the statuses of the answers."""
        asked = [(record.path, record.status) for record in self.requests]
        self.reset()
        return asked


def full_pages(count: int, seed: int = 1) -> list[FullPage]:
    """The articles of a site of so many, oldest first."""
    site: Site = FullSite(count, seed)
    pages = FullPages(site)
    return [
        FullPage(story.url, pages.get(story.address).body, expected_record(story, site))
        for story in site.stories.values()
    ]
