"""Pages that were saved as plain text give the same record as pages do."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.pages.snippets import STORY, assert_offsets_hold, blocks
from tests.strategies import ANY_TEXT, SENTENCE, decomposed
from vovcrawl.items import Related
from vovcrawl.pages import NotAnArticle, Reason, parse_text

HEADLINE = "Chợ nổi vào mùa nước"
LEAD = "Từ tờ mờ sáng hôm nay (14/10), ghe hoa đã đậu kín bến chợ nổi bên sông."
PARAGRAPHS = [
    "Theo ban quản lý chợ, có khoảng 300 ghe cập bến trong buổi sáng, đông gấp đôi ngày thường.",
    "“Nước lên thì chợ vui”, một chủ ghe nói. Giá hoa vẫn giữ như năm ngoái.",
    "Chợ họp đến hết ngày 20/10.",
]
STORIES = [
    ("Lễ hội bến sông mở cửa", "Lễ hội năm nay có thêm hội đua ghe và phiên chợ đêm bên bờ kè."),
    ("Giá hoa “nhích” nhẹ", "Nhà vườn cho biết giá hoa tăng vài nghìn đồng mỗi chậu so với tháng trước đó."),
]


def related_lines() -> list[str]:
    """Each title four times and each lead twice, as both cards of a page are saved."""
    return [
        line for title, lead in STORIES for line in (title, title, f"VOV.VN - {lead}", title, title, f"VOV.VN - {lead}")
    ]


LINES = [
    HEADLINE,
    f"VOV.VN - {LEAD}",
    *PARAGRAPHS,
    "Mời quý độc giả theo dõi VOV.VN trên",
    "Tin liên quan",
    *related_lines(),
]
TEXT = "\n\n".join(LINES)


def test_a_text_becomes_a_record() -> None:
    article = parse_text(TEXT)
    assert (article.headline, article.description) == (HEADLINE, LEAD)
    assert blocks(article) == [("paragraph", paragraph) for paragraph in PARAGRAPHS]
    assert article.related == [Related(None, None, title, lead, "related") for title, lead in STORIES]
    assert (article.content_type, article.source, article.template) == ("article", "archive", "text")
    assert article.warnings == []
    assert_offsets_hold(article)


def test_reading_is_pure() -> None:
    assert parse_text(TEXT) == parse_text(TEXT)


class TestIdentity:
    def test_a_text_without_an_address_is_named_by_its_words(self) -> None:
        article = parse_text(TEXT)
        digest = hashlib.sha256("\n".join([HEADLINE, "\n\n".join(PARAGRAPHS)]).encode()).hexdigest()
        assert article.canonical_url == f"urn:vovcrawl:text:{digest}"
        assert article.id == digest[:16]
        assert (article.url, article.section, article.section_name) == (None, None, None)

    def test_an_address_names_a_text(self) -> None:
        url = STORY.replace("https://", "http://www.") + "?gidzl=x"
        article = parse_text(TEXT, url)
        assert (article.id, article.url, article.canonical_url) == ("post1315001", url, STORY)
        assert (article.section, article.section_name) == ("xa-hoi", "Xã hội")

    def test_the_address_tells_the_kind_of_story(self) -> None:
        assert parse_text(TEXT, "https://vov.vn/podcast/x/cho-noi-post1315001.vov").content_type == "podcast"

    @pytest.mark.parametrize("url", ["https://english.vov.vn/en/x-post1.vov", "https://example.org/x.vov"])
    def test_an_address_out_of_scope_is_refused(self, url: str) -> None:
        with pytest.raises(NotAnArticle) as refusal:
            parse_text(TEXT, url)
        assert refusal.value.reason is Reason.OTHER_EDITION

    def test_another_text_is_another_story(self) -> None:
        assert parse_text(TEXT).canonical_url != parse_text(TEXT.replace("300 ghe", "301 ghe")).canonical_url


class TestVariants:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n\n\n\n", " \n", "\n\t", "\u2028"])
    def test_line_ends_say_nothing(self, end: str) -> None:
        assert parse_text(end.join(LINES)) == parse_text(TEXT)

    def test_the_spelling_of_letters_says_nothing(self) -> None:
        assert parse_text(decomposed(TEXT)) == parse_text(TEXT)

    @pytest.mark.parametrize("mark", ["\ufeff", "\n\n", "  ", "\u200b"])
    def test_what_stands_before_the_headline_unseen_says_nothing(self, mark: str) -> None:
        assert parse_text(mark + TEXT + "\n") == parse_text(TEXT)

    @given(st.lists(st.sampled_from(["\n", "\r\n", "\n\n", "\n \n", "\xa0\n", "\n\u200b\n"]), min_size=30, max_size=30))
    @settings(max_examples=60, deadline=None)
    def test_any_mixture_of_line_ends_gives_the_same_record(self, ends: list[str]) -> None:
        mixed = "".join(line + end for line, end in zip(LINES, ends, strict=False))
        assert parse_text(decomposed(mixed)) == parse_text(TEXT)


class TestDates:
    @pytest.mark.parametrize(
        ("published", "expected"),
        [
            (datetime(2023, 10, 14, 14, 5), "2023-10-14T14:05:00+07:00"),
            (datetime(2023, 10, 14, 7, 5, tzinfo=UTC), "2023-10-14T14:05:00+07:00"),
        ],
    )
    def test_the_time_given_is_vietnamese_unless_it_says_otherwise(self, published: datetime, expected: str) -> None:
        article = parse_text(TEXT, published=published)
        assert (article.date_published, article.date_published_raw) == (expected, None)

    def test_no_year_is_invented(self) -> None:
        article = parse_text(TEXT)
        assert (article.date_published, article.date_modified, article.date_published_raw) == (None, None, None)

    @pytest.mark.parametrize(
        ("line", "shown"),
        [
            ("Thứ Bảy, 14:05, 14/10/2023", "Thứ Bảy, 14:05, 14/10/2023"),
            ("Thứ Bảy, 14:05, 14/10/2023 |", "Thứ Bảy, 14:05, 14/10/2023"),
            ("Thứ 7, 14:05, 14/10/2023", "Thứ 7, 14:05, 14/10/2023"),
        ],
    )
    def test_a_shown_date_is_read_and_is_no_text(self, line: str, shown: str) -> None:
        article = parse_text("\n".join([HEADLINE, line, *LINES[1:]]))
        assert (article.date_published, article.date_published_raw) == ("2023-10-14T14:05:00+07:00", shown)
        assert article.description == LEAD
        assert article.body == "\n\n".join(PARAGRAPHS)

    def test_the_time_given_is_for_texts_that_carry_none(self) -> None:
        text = "\n".join([HEADLINE, "Thứ Bảy, 14:05, 14/10/2023", *LINES[1:]])
        article = parse_text(text, published=datetime(2023, 10, 15))
        assert article.date_published == "2023-10-14T14:05:00+07:00"

    def test_a_date_within_the_text_is_no_time_of_publication(self) -> None:
        article = parse_text(f"{HEADLINE}\n{LEAD}\nMột.\nHai.\nNgày 14/10/2023 lúc 14:05, chợ họp.")
        assert article.date_published is None
        assert article.body.endswith("chợ họp.")


class TestLead:
    @pytest.mark.parametrize("prefix", ["VOV.VN - ", "VOV.VN -", "VOV.VN – ", "(VOV) - ", "VOV - ", ""])
    def test_a_lead_has_no_prefix(self, prefix: str) -> None:
        article = parse_text("\n".join([HEADLINE, prefix + LEAD, *PARAGRAPHS]))
        assert article.description == LEAD
        assert article.body == "\n\n".join(PARAGRAPHS)

    def test_a_headline_and_a_lead_that_are_repeated_count_once(self) -> None:
        text = "\n".join([HEADLINE, HEADLINE, f"VOV.VN - {LEAD}", LEAD, *PARAGRAPHS])
        assert parse_text(text) == parse_text("\n".join([HEADLINE, LEAD, *PARAGRAPHS]))

    def test_a_lead_alone_is_an_article_without_a_body(self) -> None:
        article = parse_text(f"{HEADLINE}\nVOV.VN - {LEAD}")
        assert (article.description, article.body, article.blocks) == (LEAD, "", [])
        assert article.warnings == ["missing:body"]


class TestBody:
    @pytest.mark.parametrize(
        "line",
        [
            *(
                "Copy link thành công!",
                "Sao chép liên kết",
                "Chia sẻ",
                "Facebook",
                "Zalo",
                "Bình luận (3)",
                "In bài viết",
            ),
            *("Nghe bài viết", "Nhảy đến nội dung", "Mời quý độc giả theo dõi VOV.VN trên", "Quảng cáo"),
        ],
    )
    @pytest.mark.parametrize("place", [0, 1, 2, 4, 5])
    def test_what_the_site_prints_around_every_article_is_no_text(self, line: str, place: int) -> None:
        lines = [HEADLINE, LEAD, *PARAGRAPHS]
        lines.insert(place, line)
        assert parse_text("\n".join(lines)) == parse_text("\n".join([HEADLINE, LEAD, *PARAGRAPHS]))

    @pytest.mark.parametrize(
        "signature", ["Hạ Lan/VOV.VN", "Hạ Lan/VOV-Tây Bắc", "Nhóm PV/ VOV Online", "CTV Lan Chi/VOV online (theo AP)"]
    )
    @pytest.mark.parametrize("join", ["\n", " ", "/. "])
    def test_the_signature_is_the_author(self, signature: str, join: str) -> None:
        article = parse_text("\n".join([HEADLINE, LEAD, *PARAGRAPHS]) + join + signature)
        assert article.body == "\n\n".join(PARAGRAPHS)
        assert [author.name_raw for author in article.authors] == [signature]

    def test_the_end_mark_is_a_full_stop(self) -> None:
        assert parse_text(f"{HEADLINE}\n{LEAD}\nMột.\nHết./.").body == "Một.\n\nHết."

    def test_a_teaser_in_the_text_is_inline(self) -> None:
        lines = [HEADLINE, LEAD, PARAGRAPHS[0], STORIES[0][0], f"VOV.VN - {STORIES[0][1]}", PARAGRAPHS[1]]
        article = parse_text("\n".join(lines))
        assert article.body == "\n\n".join(PARAGRAPHS[:2])
        assert article.related == [Related(None, None, *STORIES[0], "inline")]

    def test_keywords_are_read_and_are_no_text(self) -> None:
        article = parse_text("\n".join([HEADLINE, LEAD, *PARAGRAPHS, "Tags: Chợ nổi, chợ nổi; Ghe"]))
        assert article.keywords == ["Chợ nổi", "Ghe"]
        assert article.body == "\n\n".join(PARAGRAPHS)

    @given(st.lists(SENTENCE, min_size=1, max_size=10))
    @settings(max_examples=80, deadline=None)
    def test_every_plain_line_is_a_paragraph(self, sentences: list[str]) -> None:
        kept = [sentence for sentence in sentences if sentence != LEAD]
        article = parse_text("\n".join([HEADLINE, LEAD, "Mở đầu.", *kept]))
        assert article.body == "\n\n".join(["Mở đầu.", *kept])
        assert_offsets_hold(article)


class TestRelated:
    def test_a_story_counts_once_however_often_it_is_named(self) -> None:
        twice = "\n".join([*LINES, *related_lines()])
        assert parse_text(twice) == parse_text(TEXT)

    @pytest.mark.parametrize("heading", ["Tin liên quan", "TIN LIÊN QUAN", "Tin liên quan:", "Bài liên quan"])
    def test_the_heading_is_known_in_its_spellings(self, heading: str) -> None:
        assert parse_text(TEXT.replace("Tin liên quan", heading)) == parse_text(TEXT)

    def test_a_text_without_the_block_has_no_related_story(self) -> None:
        article = parse_text("\n\n".join(LINES[:6]))
        assert article.related == []
        assert article.body == "\n\n".join(PARAGRAPHS)

    def test_titles_without_leads_are_stories(self) -> None:
        lines = [*LINES[:7], *(title for title, _ in STORIES for _ in range(2))]
        found = [(story.headline, story.description) for story in parse_text("\n".join(lines)).related]
        assert found == [(title, None) for title, _ in STORIES]

    def test_leads_without_the_prefix_are_leads(self) -> None:
        assert parse_text(TEXT.replace("VOV.VN - ", "")) == parse_text(TEXT)

    def test_the_imprint_ends_the_block(self) -> None:
        imprint = ["Viết bình luận", "BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM", "Một dòng nào đó của trang"]
        assert parse_text("\n".join([*LINES, *imprint])) == parse_text(TEXT)

    def test_the_text_itself_is_not_related(self) -> None:
        own = "\n".join([*LINES, HEADLINE, HEADLINE, f"VOV.VN - {LEAD}"])
        assert parse_text(own) == parse_text(TEXT)

    def test_a_story_met_in_the_text_and_below_is_inline(self) -> None:
        lines = LINES.copy()
        lines[3:3] = [STORIES[0][0], f"VOV.VN - {STORIES[0][1]}"]
        placements = {story.headline: story.placement for story in parse_text("\n".join(lines)).related}
        assert placements == {STORIES[0][0]: "inline", STORIES[1][0]: "related"}


@pytest.mark.parametrize("text", ["", " \n\t\r\n ", "\u200b", HEADLINE, f"{HEADLINE}\n{HEADLINE}", "Chia sẻ\nFacebook"])
def test_a_text_without_a_headline_or_anything_under_it_is_refused(text: str) -> None:
    with pytest.raises(NotAnArticle) as refusal:
        parse_text(text)
    assert refusal.value.reason is Reason.EMPTY


@given(
    st.one_of(
        ANY_TEXT, st.lists(st.sampled_from([*LINES, "Tags:", "./.", "VOV.VN -", "|"]), max_size=12).map("\n".join)
    )
)
@example("VOV.VN -\nVOV.VN -")
@example("A\nTin liên quan\nA")
@example("A\n./.")
@example("A\n14:05, 14/10/0000\nB")
@settings(max_examples=300, deadline=None)
def test_whatever_a_text_holds_it_is_read_or_refused(text: str) -> None:
    try:
        article = parse_text(text)
    except NotAnArticle as error:
        assert error.reason is Reason.EMPTY
    else:
        assert_offsets_hold(article)
        assert article.headline
        assert len(asdict(article)["related"]) == len({story.headline.casefold() for story in article.related})
