"""Whole articles without boilerplate, and their related articles once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import HTML_SOUP, SENTENCE
from vovcrawl.cleaning import drop_repeated_related, strip_boilerplate, stripping
from vovcrawl.items import Article, Author, Block, Image, Link, Related, TimeExpression, content_hash
from vovcrawl.pages import NotAnArticle, parse_article, parse_text

URL = "https://vov.vn/xa-hoi/cho-noi-post1.vov"
FIRST, SECOND = "Chợ họp từ ba giờ sáng.", "Ghe hoa về bến lúc rạng đông"
CALL, SIGNED = "Mời quý độc giả theo dõi VOV.VN trên", "Hạ Lan/VOV-TP.HCM"
EMPTY = Article(
    id="post1", url=URL, canonical_url=URL, content_type="article", headline="Chợ nổi", template="by hand", body=FIRST
)


def by_hand(*blocks: str, **changes: object) -> Article:
    """An article as a spider of a user's own may make one, with nothing cleaned."""
    made: list[Block] = []
    place = 0
    for text in blocks:
        made.append(Block("paragraph", place, place + len(text)))
        place += len(text) + 2
    return replace(EMPTY, body="\n\n".join(blocks), blocks=made, **changes)  # type: ignore[arg-type]


def texts(article: Article) -> list[str]:
    return [article.body[block.start : block.end] for block in article.blocks]


def test_an_article_made_by_hand_comes_out_as_the_reader_gives_it() -> None:
    raw = by_hand(
        "VOV.VN - " + FIRST,
        f"“{SECOND}”./. {SIGNED}",
        CALL,
        headline="Chợ nổi | VOV.VN",
        description="VOV.VN - Chợ đông.",
        related=[Related("post2", "https://vov.vn/a/b-post2.vov", "Hoa", "VOV.VN - Hoa nở.", "related")],
        images=[Image("https://vov.vn/a.jpg", "Ghe hoa. (Ảnh: Hạ Lan)", None)],
    )
    clean = strip_boilerplate(raw)
    assert (clean.headline, clean.description) == ("Chợ nổi", "Chợ đông.")
    assert clean.body == f"{FIRST}\n\n“{SECOND}”."
    assert texts(clean) == [FIRST, f"“{SECOND}”."]
    assert clean.authors == [Author("Hạ Lan", "VOV-TP.HCM", SIGNED)]
    assert clean.related[0].description == "Hoa nở."
    assert clean.images == [Image("https://vov.vn/a.jpg", "Ghe hoa.", "Hạ Lan")]
    assert clean.content_hash == content_hash(clean.headline, clean.description, clean.body)
    assert (raw.headline, len(raw.blocks)) == ("Chợ nổi | VOV.VN", 3)


def test_what_was_stripped_is_told_with_its_rule_and_field() -> None:
    found = stripping(by_hand(FIRST, SIGNED, CALL, description="VOV.VN - Chợ đông.")).stripped
    assert [(one.rule, one.field, one.text) for one in found] == [
        ("lead-prefix", "description", "VOV.VN - "),
        ("call-to-follow", "body", CALL),
        ("signature", "body", SIGNED),
    ]


def test_links_keep_their_words() -> None:
    words = "chợ nổi"
    first, second = f"VOV.VN - Ghe về {words}.", f"Khách đến {words}./. Rồi về {words} xem."
    body = f"{first}\n\n{CALL}\n\n{second}"
    places = [place for place in range(len(body)) if body.startswith(words, place)]
    links = [Link(f"https://x.vn/{place}", words, place, place + len(words)) for place in places]
    clean = strip_boilerplate(by_hand(first, CALL, second, links=links))
    assert [(link.url, clean.body[link.start : link.end]) for link in clean.links] == [
        (one.url, words) for one in links
    ]
    assert clean.body == "Ghe về chợ nổi.\n\nKhách đến chợ nổi. Rồi về chợ nổi xem."


def test_a_link_in_what_goes_is_left_out() -> None:
    link = Link(
        "https://x.vn", "VOV.VN", len(FIRST) + 2 + CALL.index("VOV.VN"), len(FIRST) + 2 + CALL.index("VOV.VN") + 6
    )
    assert strip_boilerplate(by_hand(FIRST, CALL, links=[link])).links == []


def test_authors_that_are_known_stay() -> None:
    known = [Author("Minh Quý", None, "Minh Quý")]
    assert strip_boilerplate(by_hand(FIRST, SIGNED, authors=known)).authors == known


def test_a_body_whose_blocks_do_not_fit_it_loses_no_text() -> None:
    raw = replace(EMPTY, body=f"{FIRST}\n\n{SECOND}\n\n{CALL}", blocks=[Block("paragraph", 0, 5)])
    assert strip_boilerplate(raw).body == f"{FIRST}\n\n{SECOND}"


def test_time_expressions_stay_only_where_their_texts_do() -> None:
    times = [TimeExpression("body", 0, 3, "Chợ", "DATE", "2026", None, False)]
    assert strip_boilerplate(by_hand(FIRST, time_expressions=times)).time_expressions == times
    assert strip_boilerplate(by_hand(FIRST, CALL, time_expressions=times)).time_expressions == []


def test_a_body_of_nothing_but_boilerplate_carries_the_warning() -> None:
    assert strip_boilerplate(by_hand(CALL)).warnings == ["missing:body"]


def test_a_lead_that_was_read_keeps_what_only_looks_like_a_prefix() -> None:
    lead = "VOV.VN - VOV - đài của bạn đổi giờ phát."
    read = parse_text(f"Đài đổi giờ\n{lead}\n{FIRST}")
    assert read.description == "VOV - đài của bạn đổi giờ phát."
    assert strip_boilerplate(read) is read
    assert strip_boilerplate(replace(read, description=lead)).description == read.description


PIECES = st.one_of(
    SENTENCE,
    st.sampled_from(
        [
            *(CALL, SIGNED, "./.", ".", "VOV.VN - ", "VOV - Chợ đông.", "VOV.VN - VOV.VN - Chợ đông.", "Theo Reuters"),
            *("Chợ tan./.", f"Chợ tan./. {SIGNED}", f"Chợ tan {SIGNED} Minh Quý/VOV1", "Chợ tan.././../.", "Xem thêm:"),
            *("Nghe tại đây", "Tin liên quan", "Mời bạn đọc ghé chợ", "Chợ họp./. Chợ tan./. Hết", "(Ảnh: Hạ Lan)"),
        ]
    ),
)


@given(st.lists(PIECES, max_size=8), st.one_of(st.none(), PIECES))
@settings(max_examples=400, deadline=None)
def test_stripping_twice_is_stripping_once(blocks: list[str], lead: str | None) -> None:
    once = strip_boilerplate(by_hand(*blocks, description=lead))
    assert strip_boilerplate(once) is once
    assert once.body == "\n\n".join(texts(once))


@given(st.lists(PIECES, min_size=1, max_size=10))
@settings(max_examples=300, deadline=None)
def test_a_saved_text_that_was_read_comes_out_of_the_pipelines_as_it_is(lines: list[str]) -> None:
    try:
        article = parse_text("\n".join(["Chợ nổi vào mùa nước", *lines]))
    except NotAnArticle:
        return
    assert drop_repeated_related(strip_boilerplate(article)) is article


@given(st.lists(st.one_of(PIECES, HTML_SOUP), max_size=8), st.sampled_from(["", " class='text-align-right'"]))
@settings(max_examples=300, deadline=None)
def test_a_page_that_was_read_comes_out_of_the_pipelines_as_it_is(pieces: list[str], right: str) -> None:
    text = "".join(f"<p{right}>{piece}</p>" for piece in pieces)
    html = f"<article class='detail'><h1 class='article-title'>Chợ</h1><div class='text-long'>{text}</div></article>"
    try:
        article = parse_article(html, URL)
    except NotAnArticle:
        return
    assert drop_repeated_related(strip_boilerplate(article)) is article


def related(number: int | None, headline: str, lead: str | None = None, placement: str = "related") -> Related:
    url = f"https://vov.vn/a/b-post{number}.vov" if number is not None else None
    return Related(f"post{number}" if number is not None else None, url, headline, lead, placement)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ([], []),
        ([related(2, "Hoa"), related(3, "Hoa")], [related(2, "Hoa"), related(3, "Hoa")]),
        ([related(2, "Hoa"), related(2, "Hoa nở", "Hoa nở rồi.")], [related(2, "Hoa", "Hoa nở rồi.")]),
        ([related(2, "Hoa"), related(3, "Ghe"), related(2, "Hoa", None, "inline")], None),
        ([related(None, "Hoa"), related(None, "HOA", "Hoa nở.")], [related(None, "Hoa", "Hoa nở.")]),
        ([related(None, "Hoa"), related(2, "Hoa")], [related(2, "Hoa")]),
        ([related(2, "Hoa"), related(None, "Hoa", "Hoa nở.")], [related(2, "Hoa", "Hoa nở.")]),
        ([related(1, "Chợ nổi xưa"), related(None, "Chợ nổi"), related(2, "Hoa")], [related(2, "Hoa")]),
        ([Related(None, URL, "Chợ nổi xưa", None, "inline")], []),
    ],
)
def test_each_related_article_stands_once_and_never_the_article_itself(
    found: list[Related], kept: list[Related] | None
) -> None:
    if kept is None:
        kept = [related(2, "Hoa", None, "inline"), related(3, "Ghe")]
    done = drop_repeated_related(replace(EMPTY, related=found))
    assert done.related == kept
    assert drop_repeated_related(done) is done


def test_dates_of_leads_go_where_the_leads_move() -> None:
    times = [TimeExpression("related.1.description", 0, 7, "Hôm nay", "DATE", "2026-07-16", None, False)]
    found = [related(1, "Chợ nổi"), related(2, "Hoa", "Hôm nay hoa nở.")]
    assert drop_repeated_related(replace(EMPTY, related=found, time_expressions=times)).time_expressions == []
