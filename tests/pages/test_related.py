"""Articles that a page points to: each once, whatever number of cards and links it has."""

from __future__ import annotations

import pytest

from tests.pages.snippets import STORY, read_page
from vovcrawl.items import Related
from vovcrawl.pages import related
from vovcrawl.pages.document import Element

TEXT = "<p>Chợ họp sớm.</p>"


def cards(href: str, headline: str, lead: str | None = "VOV.VN - Lễ mở lúc 7h.") -> str:
    """The two cards of one article, for wide and for narrow screens."""
    below = f'<p class="mt-2">{lead}</p>' if lead else ""
    picture = f'<picture><img alt="{headline}" src="/a.jpg?resize=p_8,w_370"></picture>'
    return f"""<div class="article-media media d-none d-lg-flex"><a class="vovvn-title" href="{href}">{picture}</a>
<div class="media-body"><a class="vovvn-title" href="{href}"><h5 class="media-title"> {headline} </h5></a>
{below}</div></div>
<div class="article-card card d-lg-none"><a class="vovvn-title" href="{href}">{picture}</a>
<div class="card-body"><a class="vovvn-title" href="{href}"><h3 class="  card-title">{headline}</h3></a>
{below}</div></div>
<style>.title-custom{{font-size:.875rem}}</style>"""


def box(*stories: str) -> str:
    return f'<div class="field-related-article"><h2 class="vovvn-title">Tin liên quan</h2>{"".join(stories)}</div>'


def teaser(href: str, headline: str, lead: str = "VOV.VN - Lễ mở lúc 7h.") -> str:
    return f"""<article class="inner-article hzol-clear"><div class="article-media media media-embed">
<figure class="cover"><a href="{href}"><img alt="le-hoi.jpg" src="/front_medium/a.jpg"></a></figure>
<div class="media-body"><a class="vovvn-title" href="{href}"><h5 class="media-title">
<h2 class="article-title mb-0">{headline}</h2></h5></a><p class="mt-2 d-none d-md-block">{lead}<br />&#13;</p>
</div></div></article>"""


def fair(placement: str = "related") -> Related:
    return Related(
        id="post1315002",
        url="https://vov.vn/van-hoa/le-hoi-ben-song-post1315002.vov",
        headline="Lễ hội bến sông",
        description="Lễ mở lúc 7h.",
        placement="inline" if placement == "inline" else "related",
    )


FAIR = "/van-hoa/le-hoi-ben-song-post1315002.vov"


def test_a_story_shown_on_two_cards_is_one() -> None:
    assert read_page(TEXT, outside=box(cards(FAIR, "Lễ hội bến sông"))).related == [fair()]


def test_a_teaser_is_inline_and_no_part_of_the_text() -> None:
    article = read_page(TEXT + teaser(FAIR, "Lễ hội bến sông") + "<p>Hết.</p>")
    assert article.related == [fair("inline")]
    assert article.body == "Chợ họp sớm.\n\nHết."
    assert article.links == []
    assert article.images == []


def test_a_story_met_in_both_places_is_inline() -> None:
    article = read_page(TEXT + teaser(FAIR, "Lễ hội bến sông"), outside=box(cards(FAIR, "Lễ hội bến sông")))
    assert article.related == [fair("inline")]


def test_stories_stand_in_page_order_teasers_first() -> None:
    body = TEXT + teaser("/a/b-post1315003.vov", "Ba")
    article = read_page(body, outside=box(cards("/a/b-post1315004.vov", "Một"), cards("/a/b-post1315002.vov", "Hai")))
    assert [(story.headline, story.placement) for story in article.related] == [
        ("Ba", "inline"),
        ("Một", "related"),
        ("Hai", "related"),
    ]


def test_the_headline_of_the_box_is_no_story() -> None:
    assert read_page(TEXT, outside=box()).related == []


@pytest.mark.parametrize(
    "href",
    [
        f"https://vov.vn{FAIR}",
        f"http://www.vov.vn{FAIR}?gidzl=x&gidzl=x",
        f"https://baoxuan.vov.vn{FAIR}#x",
        f" {FAIR} ",
    ],
)
def test_a_story_has_its_canonical_address(href: str) -> None:
    assert read_page(TEXT, outside=box(cards(href, "Lễ hội bến sông"))).related == [fair()]


def test_two_spellings_of_an_address_are_one_story() -> None:
    twice = cards(FAIR, "Lễ hội bến sông") + cards(f"http://www.vov.vn{FAIR}?utm_source=zalo", "Lễ hội bến sông")
    assert read_page(TEXT, outside=box(twice)).related == [fair()]


def test_the_same_number_of_two_eras_is_two_stories() -> None:
    two = cards("/a/b-post1076232.vov", "Một") + cards("/a/b-1076232.vov", "Hai")
    assert [story.id for story in read_page(TEXT, outside=box(two)).related] == ["post1076232", "1076232"]


def test_a_story_of_another_edition_keeps_its_address() -> None:
    href = "https://english.vov.vn/en/society/market-day-post1311001.vov"
    (story,) = read_page(TEXT, outside=box(cards(href, "Market day"))).related
    assert (story.id, story.url) == ("post1311001", href)


@pytest.mark.parametrize(
    "href", [STORY, "", "#", "javascript:void(0)", "/the-thao", "https://example.org/a", "http://["]
)
def test_the_page_itself_and_what_is_no_story_are_not_related(href: str) -> None:
    assert read_page(TEXT, outside=box(cards(href, "Khác"))).related == []


def test_the_page_itself_under_a_former_address_is_not_related() -> None:
    assert read_page(TEXT, outside=box(cards("/muc-cu/ten-cu-post1315001.vov", "Khác"))).related == []


def test_a_card_without_a_lead_has_no_description() -> None:
    (story,) = read_page(TEXT, outside=box(cards(FAIR, "Lễ hội bến sông", lead=None))).related
    assert story.description is None


def test_a_lead_that_only_one_place_has_is_kept() -> None:
    body = TEXT + f'<div class="cms-relate"><a href="{FAIR}">Lễ hội bến sông</a></div>'
    assert read_page(body, outside=box(cards(FAIR, "Lễ hội bến sông"))).related == [fair("inline")]


def test_a_list_of_links_gives_each_its_own_headline() -> None:
    links = '<ul><li><a href="/a/b-post1315004.vov">» Một</a></li><li><a href="/a/b-post1315002.vov">Hai</a></li></ul>'
    article = read_page(TEXT + f'<div class="relatedHead">{links}</div>')
    assert [(story.headline, story.description) for story in article.related] == [("Một", None), ("Hai", None)]


def test_a_picture_alone_gives_the_headline_by_its_text() -> None:
    picture = f'<div class="article-card"><a href="{FAIR}"><img alt="Lễ hội bến sông" src="/a.jpg"></a></div>'
    (story,) = read_page(TEXT, outside=box(picture)).related
    assert story.headline == "Lễ hội bến sông"


def test_stories_of_menus_and_side_boxes_are_not_related() -> None:
    side = f'<div class="block-related-sticky ajax-article-by-category"><a href="{FAIR}">Lễ hội bến sông</a></div>'
    assert read_page(TEXT, outside=side).related == []


def test_a_card_with_very_many_links_names_all_that_are_looked_at() -> None:
    inner = "".join(f"<a href='/xa-hoi/a-post{number}.vov'>Tin {number}</a>" for number in range(1, 1001))
    found = read_page(f"{TEXT}<div class='inner-article card'>{inner}</div>").related
    assert [(one.id, one.headline) for one in found] == [(f"post{n}", f"Tin {n}") for n in range(1, 501)]


def test_cards_within_each_other_keep_their_own_headlines() -> None:
    cards = "".join(f"<div class='card'><a href='/xa-hoi/a-post{n}.vov'>Tin {n}</a>" for n in range(1, 101))
    found = read_page(f"{TEXT}<div class='inner-article'>{cards}{'</div>' * 101}").related
    assert [one.headline for one in found] == [f"Tin {n}" for n in range(1, 101)]


def test_a_box_within_a_box_is_read_once() -> None:
    nested = box(box(cards("/xa-hoi/le-hoi-post1315002.vov", "Lễ hội")), cards("/xa-hoi/b-post1315003.vov", "Chợ"))
    assert [one.headline for one in read_page(TEXT, after=nested).related] == ["Lễ hội", "Chợ"]


def test_a_link_around_many_pointing_lines_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = []

    class Counted(related._Box):
        def __init__(self, element: Element) -> None:
            super().__init__(element)
            boxes.append(element)

    monkeypatch.setattr(related, "_Box", Counted)
    lines = "".join(f"<br>&gt;&gt; <a href='/xa-hoi/a-post{n}.vov'>Tin {n}</a>" for n in range(2, 40))
    found = read_page(f"{TEXT}<p><a href='/xa-hoi/a-post1.vov'>Tin<div>x{lines}</div></a></p>").related
    assert {one.id for one in found} == {f"post{n}" for n in range(1, 40)}
    assert len(boxes) == len(set(boxes))
