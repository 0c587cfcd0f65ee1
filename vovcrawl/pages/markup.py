"""The class names and ids of the site's templates, by what they mark."""

from __future__ import annotations

from vovcrawl.items import ContentType

# Articles since October 2020, by Drupal.

DETAIL = "detail"
"""The `article` element of the page's own article."""
TITLE, DATE, SUMMARY, AUTHORS = "article-title", "article-date", "article-summary", "article-author"
BREADCRUMB, TAGS = "breadcrumb", "article-tags"
TEXT, TEXT_ROW = "text-long", "article-content"
LIVE_ENTRY, COLUMN = "news-list-live__content", "wp-block-column"
"""The text of an entry of a live page; a column of an e-magazine."""
LIVE_LIST = "news-list-live"
"""Begins the classes of what a live page's entries stand in."""
VIDEO_SUMMARY = "video__summary"
VIDEO_PLAYER = "videojs-player"
PLAYERS = (VIDEO_PLAYER, "video_file", "node-content-audio", "stream-audio")
RELATED = "field-related-article"
"""The box "Tin liên quan" under an article."""
DATE_COLUMN = "col-md-4"
DATE_COLUMN_OF_2026 = "mb-lg-2"
TITLE_OF_2026 = "mb-0"
"""Spacing classes by which the templates of 2022-25 and of 2026 differ."""

NODE_TYPE = "page-node-type-"
"""Begins the class of `body` that names the kind of page."""
DETAIL_KIND = "detail--"
"""Begins the class of the `article` element that does."""
PLAIN_PAGE = "page-node-type-page"
"""A page that is no article: the imprint, say."""
LIVE_PAGE = "page-live"
CONTENT_TYPES: dict[str, ContentType] = {
    "page-node-type-emagazine": "emagazine",
    "page-node-type-photo": "photo",
    "page-node-type-video": "video",
    "page-node-type-audiobook": "podcast",
    "page-node-type-podcast": "podcast",
    "page-node-type-audio": "podcast",
    "page-node-type-infographic": "infographic",
    LIVE_PAGE: "live",
    "detail--emagazine": "emagazine",
    "detail--photo": "photo",
    "detail--video": "video",
    "detail--audio": "podcast",
    "detail--podcast": "podcast",
    "detail--audiobook": "podcast",
    "detail--infographic": "infographic",
    "detail--live": "live",
}
"""Classes of `body` and of the article element."""

RELATED_CARDS = frozenset(("article-media", "media-body", "media-title", "article-card", "card-body", "card-title"))
"""The names in the two cards of each article under "Tin liên quan", and in listings."""
DRUPAL_MARKS = RELATED_CARDS | frozenset(
    (
        *(DETAIL, DETAIL_KIND, NODE_TYPE, TITLE, DATE, SUMMARY, AUTHORS, BREADCRUMB, TAGS, TEXT, TEXT_ROW, RELATED),
        *(VIDEO_SUMMARY, LIVE_ENTRY, COLUMN, DATE_COLUMN),
    )
)
"""The names by which a crawl notices that the template has changed."""

# Articles before, by ASP.NET, as archives hold them.

ASPNET_TEXT_ID = "article-body"
ASPNET_TEXT = "cms-body"
ASPNET_ARTICLE = "main-article"
ASPNET_SUMMARIES = frozenset(("article__sapo", "sapo", "article-sapo"))
ASPNET_DATE = "meta"
ASPNET_TAGS = "box-content"
ASPNET_RELATED = frozenset(("article-relate-bottom", "relate-right", "related-events"))
ASPNET_CAPTION = "cms-photo-caption"
"""An attribute of a picture."""
PHOTO = "cms-photo"
"""A class of a picture in the text."""

# Articles of 2011 to 2013. A control's id ends in its name: `ctl00_mContent_lbBody`.

OLD_TEXT, OLD_DATE = "lbBody", "lbDate"
OLD_HEADLINES, OLD_SUMMARIES = frozenset(("lbTitle", "lbHeadline")), frozenset(("lbSummary", "lbLead", "lbSapo"))
OLD_AUTHORS = frozenset(("lbAuthor",))
OLD_TITLE, OLD_SUMMARY, OLD_AUTHOR = "title", "summary", "author"
"""Classes of its `h1` and of paragraphs."""
OLD_RELATED = "story-listing"

# In the text, of either design.

SIGNATURES = frozenset(("article__author", "cms-author", "article-author"))
"""Paragraphs that hold the signature."""
TEASERS = frozenset(
    (
        *("inner-article", "article__inner-story", "article-media", "article-card", "box-no-sapo", "related-news"),
        *("cms-relate", "relatedHead", "mainRelated", "boxVideoRelated", "story-listing"),
    )
)
"""Boxes that point to another article."""
NOISE = frozenset(
    (
        *(
            "advertisement",
            "ads-bg",
            "block-ads",
            RELATED,
            "socials-share",
            "comment-block",
            TAGS,
            DATE,
            TITLE,
            SUMMARY,
        ),
        *("article-subtitle", "article-breadcrumb", BREADCRUMB, "visually-hidden", "poll", "vote-box"),
        *(*ASPNET_RELATED, "box--sponsor", "position-code", "social-button", "gallery-pagination", ASPNET_DATE),
        *(ASPNET_TAGS, "article__sapo", "article__meta", "fyi-full-width"),
    )
)
"""What is none of the text."""
NOISE_PREFIXES = ("ads_", "block-ads", "ajax-article")
CAPTIONS = frozenset((ASPNET_CAPTION, "caption", "image-caption", "photo-caption", "fig"))
PICTURE_BOXES = frozenset(("story-photo", "wp-caption", "photo", "picture", "image", "photo-box", "image-box"))
"""Boxes of one picture and its caption."""
QUOTED_PLAYERS = frozenset(("tiktok-embed", "fb-video"))
"""What stands for a video until a script of another site replaces it."""
MEDIA_BOXES = PICTURE_BOXES | QUOTED_PLAYERS
QUOTES = frozenset(("quote--block-highlighted", "quote", "blockquote"))
AT_THE_RIGHT = frozenset(("text-align-right", "align-right", "text-right", "text-end"))

# Cards of other articles, of either design.

CARDS = frozenset(
    (
        *("article-media", "article-card", "media-body", "card-body", "inner-article", "article__inner-story", "card"),
        "story",
    )
)
CARD_TITLES = frozenset(("media-title", "card-title", TITLE, "story__heading", "title"))

# Listings.

LISTING_PAGE = "path-taxonomy"
"""A class of `body`."""
LISTING_PARTS = frozenset(("taxonomy-content", "views-content"))
LISTINGS = frozenset((*LISTING_PARTS, "views-element-container", "col-main"))
SIDE_BOXES = frozenset(
    ("vovvn-header", "vovvn-footer", "sub-menu", "block-related-sticky", "ajax-article-by-category", "most-view")
)
"""What stands around a listing."""
PAGERS = frozenset(("pagination", "pager"))
NEXT_PAGE = "btn--read-more"
LISTING_MARKS = LISTINGS | PAGERS | RELATED_CARDS
"""The names by which a crawl notices that listings have changed."""

# Menus.

MENUS = frozenset(("vovvn-header", "main-menu", "sub-menu", "widget-title", "footer-menu"))
MENU_LINKS = frozenset(("nav-link", "menu-link"))
MENU_MARKS = MENUS | MENU_LINKS
"""The names by which a crawl notices that the menu has changed."""
