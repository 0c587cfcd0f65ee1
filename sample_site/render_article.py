"""The page of any story."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sample_site.render_aspnet import render_aspnet_article
from sample_site.render_aspnet_2011 import render_aspnet_2011_article
from sample_site.render_drupal import render_drupal_article

if TYPE_CHECKING:
    from sample_site.site import Site
    from sample_site.story import Story


def render_article(story: Story, site: Site) -> str:
    """The page of a story in the design of its time."""
    if story.template == "aspnet-2011":
        html = render_aspnet_2011_article(story, site)
    elif story.is_old:
        html = render_aspnet_article(story, site)
    else:
        html = render_drupal_article(story, site)
    return unicodedata.normalize("NFD", html) if "nfd" in story.traps else html
