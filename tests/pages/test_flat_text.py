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
from vovcrawl.items import Article, Related
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

    def test_a_lead_that_stands_above_itself_without_its_prefix_counts_once(self) -> None:
        assert parse_text("\n".join([HEADLINE, LEAD, *LINES[1:]])) == parse_text(TEXT)

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

    def test_a_title_much_longer_than_the_one_before_it_is_a_title(self) -> None:
        long = "Vì sao lễ hội bến sông năm nay mở cửa sớm hơn mọi năm đến nửa tháng, và ai được lợi?"
        lead = f"VOV.VN - {STORIES[0][1]}"
        cards = [line for title in ("Giá hoa nhích nhẹ", long) for line in (title, title, lead, title, title, lead)]
        for lines in (cards, ["Giá hoa nhích nhẹ", "Giá hoa nhích nhẹ", long, long]):
            found = [story.headline for story in parse_text("\n".join([*LINES[:7], *lines])).related]
            assert found == ["Giá hoa nhích nhẹ", long]

    def test_a_lead_that_is_cut_short_is_a_lead(self) -> None:
        lead = "Nhà vườn cho biết giá hoa tăng vài nghìn đồng mỗi chậu so với..."
        lines = [*LINES[:7], "Giá hoa nhích nhẹ", "Giá hoa nhích nhẹ", lead, lead]
        found = [(story.headline, story.description) for story in parse_text("\n".join(lines)).related]
        assert found == [("Giá hoa nhích nhẹ", lead)]

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


FIRST, SECOND = (f"VOV.VN - {lead}" for _, lead in STORIES)
FOOTER = ["Báo điện tử VOV", "Thế giới", "Thể thao", "Kinh tế", "Pháp luật", "Trụ sở: 37 Bà Triệu, Hà Nội"]


def read_lines(*lines: str) -> Article:
    return parse_text("\n".join([HEADLINE, f"VOV.VN - {LEAD}", *lines]))


class TestParagraphsAlone:
    """Dumps of nothing but the headline and each `p`."""

    @pytest.mark.parametrize("leads", [[FIRST], [FIRST, FIRST], [FIRST, FIRST, SECOND, SECOND]])
    def test_a_lead_without_its_title_takes_no_paragraph_with_it(self, leads: list[str]) -> None:
        article = read_lines(*PARAGRAPHS, *leads)
        assert (article.body, article.related) == ("\n\n".join(PARAGRAPHS), [])

    @pytest.mark.parametrize("end", [".", "!", "?", "…", ":", ".”", "?”", ".)"])
    def test_what_ends_like_a_sentence_is_no_title(self, end: str) -> None:
        article = read_lines(PARAGRAPHS[0], f"Bà con gọi nhau ra bến{end}", FIRST, PARAGRAPHS[1])
        assert article.body == "\n\n".join([PARAGRAPHS[0], f"Bà con gọi nhau ra bến{end}", PARAGRAPHS[1]])

    def test_what_holds_more_than_a_sentence_is_no_title(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Ghe về. Bà con gọi nhau ra bến", FIRST)
        assert article.body.endswith("Ghe về. Bà con gọi nhau ra bến")

    def test_a_subhead_stays_where_other_leads_have_no_title(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Chợ đông hơn năm ngoái", FIRST, PARAGRAPHS[1], SECOND, SECOND)
        assert article.body == "\n\n".join([PARAGRAPHS[0], "Chợ đông hơn năm ngoái", PARAGRAPHS[1]])

    def test_a_last_paragraph_without_a_full_stop_stays_where_other_leads_have_no_title(self) -> None:
        article = read_lines(*PARAGRAPHS, "Bến Chợ thắng Bờ Sông với tỷ số 2-1", FIRST, FIRST, SECOND, SECOND)
        assert article.body.endswith("Bến Chợ thắng Bờ Sông với tỷ số 2-1")

    def test_a_signature_above_a_lead_is_no_title(self) -> None:
        article = read_lines(*PARAGRAPHS, "Bến Chợ 2-1 Bờ Sông Lê Minh/VOV online", FIRST)
        assert article.body.endswith("Bến Chợ 2-1 Bờ Sông")
        assert [author.name for author in article.authors] == ["Lê Minh"]

    def test_a_lead_that_is_printed_twice_without_the_prefix_is_no_paragraph(self) -> None:
        bare = "Nhà vườn kể chuyện giữ đất trồng hoa qua ba mùa nước nổi liên tiếp."
        assert read_lines(*PARAGRAPHS, FIRST, FIRST, bare, bare, SECOND).body == "\n\n".join(PARAGRAPHS)

    def test_a_paragraph_that_is_printed_twice_stays(self) -> None:
        twice = "Ghe ơi ghe, về bến mà vui, một chuyến đi là mấy mùa thương nhớ."
        assert read_lines(PARAGRAPHS[0], twice, twice).body == "\n\n".join([PARAGRAPHS[0], twice, twice])

    def test_a_title_is_one_even_with_a_question_mark_where_titles_are_shown(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Vì sao hoa tăng giá?", FIRST, "Tin liên quan", STORIES[1][0], SECOND)
        assert article.body == PARAGRAPHS[0]
        assert [story.headline for story in article.related] == ["Vì sao hoa tăng giá?", STORIES[1][0]]

    def test_the_own_lead_may_be_missing(self) -> None:
        article = parse_text("\n".join([HEADLINE, *PARAGRAPHS, FIRST, FIRST]))
        assert [article.description, *article.body.split("\n\n")] == PARAGRAPHS

    def test_a_line_that_opens_with_the_name_of_the_radio_is_no_lead(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Chặng đường phía trước", "VOV - 75 năm cùng đất nước", PARAGRAPHS[1])
        assert article.related == []
        assert "VOV - 75 năm cùng đất nước" in article.body


class TestWholePages:
    """Dumps of all that a browser shows."""

    def test_the_menu_and_the_trail_above_the_headline_are_no_text(self) -> None:
        menu = ["Trang chủ", "Thời sự", "Thế giới", "Kinh tế", "An Giang", "Bắc Ninh", "/ Xã hội"]
        lines = [*menu, HEADLINE, "Thứ Bảy, 14:05, 14/10/2023", f"VOV.VN - {LEAD}", *PARAGRAPHS]
        article = parse_text("\n".join(lines))
        assert (article.headline, article.description) == (HEADLINE, LEAD)
        assert article.body == "\n\n".join(PARAGRAPHS)

    @pytest.mark.parametrize(
        "above",
        ["Xã hội > Tin 24h", "Trang chủ » Xã hội", "Xã hội / Giáo dục", "https://vov.vn/xa-hoi/cho-noi-post1.vov"],
    )
    def test_a_line_with_the_whole_trail_or_the_url_is_no_headline(self, above: str) -> None:
        assert parse_text(f"{above}\n{TEXT}") == parse_text(TEXT)

    def test_a_headline_with_words_of_the_menu_is_one(self) -> None:
        headline = "Xã hội và giáo dục"
        assert parse_text(f"{headline}\n{TEXT}").headline == headline

    def test_a_list_above_a_teaser_is_no_menu(self) -> None:
        items = [f"Bến số {number} đón được {number} trăm ghe hoa" for number in range(1, 12)]
        article = parse_text("\n".join([HEADLINE, *items, STORIES[0][0], FIRST]))
        assert article.headline == HEADLINE
        assert [article.description, *article.body.split("\n\n")] == items

    def test_a_caption_above_the_lead_is_not_the_lead(self) -> None:
        article = parse_text("\n".join([HEADLINE, "Ghe hoa cập bến lúc rạng đông.", f"VOV.VN - {LEAD}", *PARAGRAPHS]))
        assert article.description == LEAD
        assert article.body == "\n\n".join(["Ghe hoa cập bến lúc rạng đông.", *PARAGRAPHS])

    def test_the_name_of_the_newspaper_above_the_article_does_not_end_it(self) -> None:
        text = "\n".join(["BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM", "Báo điện tử VOV", *LINES])
        assert parse_text(text) == parse_text(TEXT)

    def test_a_date_after_its_kind_is_shown_too(self) -> None:
        article = parse_text("\n".join([HEADLINE, "Cập nhật lúc 14:05, 14/10/2023 (GMT+7)", *LINES[1:]]))
        assert (article.date_published, article.description) == ("2023-10-14T14:05:00+07:00", LEAD)

    def test_a_signature_above_the_lead_is_the_author(self) -> None:
        article = parse_text("\n".join([HEADLINE, "Hạ Lan/VOV-TP.HCM", f"VOV.VN - {LEAD}", *PARAGRAPHS]))
        assert (article.description, article.authors[0].name) == (LEAD, "Hạ Lan")
        assert article.body == "\n\n".join(PARAGRAPHS)

    def test_the_lead_is_the_one_with_the_prefix_under_what_is_short(self) -> None:
        article = parse_text("\n".join([HEADLINE, "Chợ lúc rạng đông", f"VOV.VN - {LEAD}", *PARAGRAPHS]))
        assert article.description == LEAD
        assert article.body == "\n\n".join(["Chợ lúc rạng đông", *PARAGRAPHS])

    @pytest.mark.parametrize("label", ["Tag:", "Tags:", "TAG", "Từ khóa:", "Từ khoá:", "Từ khóa"])
    @pytest.mark.parametrize("mark", ["", "# ", "#", "• ", "- "])
    def test_tags_one_a_line_are_keywords(self, label: str, mark: str) -> None:
        tags = ["Chợ nổi", "ghe hoa", "Việt Nam"]
        article = read_lines(*PARAGRAPHS, label, *(mark + tag for tag in tags), "Mời quý độc giả theo dõi VOV.VN trên")
        assert article.keywords == tags
        assert article.body == "\n\n".join(PARAGRAPHS)

    def test_a_paragraph_after_the_tags_is_no_tag(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Từ khóa:", "Chợ nổi", PARAGRAPHS[1])
        assert (article.keywords, article.body) == (["Chợ nổi"], "\n\n".join(PARAGRAPHS[:2]))

    def test_the_footer_is_no_related_story(self) -> None:
        assert parse_text("\n".join([*LINES, *FOOTER])) == parse_text(TEXT)

    @pytest.mark.parametrize("count", range(1, len(FOOTER) + 1))
    def test_the_footer_is_no_text(self, count: int) -> None:
        article = read_lines(*PARAGRAPHS, "Hạ Lan/VOV.VN", *FOOTER[:count])
        assert (article.body, article.related) == ("\n\n".join(PARAGRAPHS), [])

    @pytest.mark.parametrize(
        "line",
        [
            "Tổng Biên tập: Người Nào Đó",
            "Phó Tổng Biên tập: Người Nào Đó",
            "Tòa soạn: 58 Quán Sứ, Hà Nội",
            "® Ghi rõ nguồn “VOV” khi phát lại thông tin từ trang này",
            "© Bản quyền thuộc về Báo điện tử VOV",
            "Email: toasoan@vov.vn",
            "Hotline: 024 22105148",
            "baodientuvov@vov.vn",
            "Tổng Biên tập: Người Nào Đó Cơ quan chủ quản: ĐÀI TIẾNG NÓI VIỆT NAM",
        ],
    )
    def test_a_line_of_the_imprint_is_no_text(self, line: str) -> None:
        assert read_lines(*PARAGRAPHS, line).body == "\n\n".join(PARAGRAPHS)

    @pytest.mark.parametrize(
        "line",
        [
            "Hotline: 1900 1234",
            "Địa chỉ: 120 Bà Triệu, Hà Nội",
            "Nổi bật",
            "> 300 ghe mỗi ngày",
            "Địa chỉ: bến chợ, xã Sông Hậu",
            "Việt Nam",
            "Tổng Biên tập tờ báo đến dự.",
            "Ghi rõ nguồn gốc là yêu cầu của chợ.",
        ],
    )
    def test_a_line_that_a_text_may_hold_stays(self, line: str) -> None:
        article = read_lines(PARAGRAPHS[0], line, PARAGRAPHS[1])
        assert article.body == "\n\n".join([PARAGRAPHS[0], line, PARAGRAPHS[1]])

    def test_other_boxes_beside_the_article_are_none_of_it(self) -> None:
        article = read_lines(
            *PARAGRAPHS, "Tin cùng chuyên mục", *(title for title, _ in STORIES), "Đọc nhiều", "Tin khác"
        )
        assert (article.body, article.related) == ("\n\n".join(PARAGRAPHS), [])

    @pytest.mark.parametrize("pointer", [">>", "Xem thêm:"])
    @pytest.mark.parametrize(
        "title",
        ["Lễ hội bến sông mở cửa", "Vì sao lễ hội mở cửa sớm?", "Chủ ghe: “Ai cũng vui!”", "Lễ hội bến sông và…"],
    )
    def test_a_line_that_points_to_another_article_is_inline(self, pointer: str, title: str) -> None:
        article = read_lines(PARAGRAPHS[0], f"{pointer} {title}", PARAGRAPHS[1])
        assert article.body == "\n\n".join(PARAGRAPHS[:2])
        assert article.related == [Related(None, None, title, None, "inline")]

    def test_a_sentence_after_words_that_point_on_stays(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Xem thêm: lịch chợ dán ở đầu bến, ai cũng đọc được.", PARAGRAPHS[1])
        assert article.related == []
        assert len(article.blocks) == 3

    @pytest.mark.parametrize(
        ("line", "titles"),
        [
            ("Xem thêm: Lễ hội bến sông và Chợ hoa ven đê", ["Lễ hội bến sông", "Chợ hoa ven đê"]),
            ("Xem thêm: Lễ hội bến sông; Giá hoa cuối năm", ["Lễ hội bến sông", "Giá hoa cuối năm"]),
            (">> Lễ hội bến sông >> Chợ hoa ven đê", ["Lễ hội bến sông", "Chợ hoa ven đê"]),
            ("Xem thêm: Chợ hoa và bến thuyền mở cửa", ["Chợ hoa và bến thuyền mở cửa"]),
            ("Xem thêm: Mưa lớn ở Cà Mau và Bạc Liêu", ["Mưa lớn ở Cà Mau và Bạc Liêu"]),
            ("Xem thêm: Đi lại giữa Huế và Thành phố Đà Nẵng", ["Đi lại giữa Huế và Thành phố Đà Nẵng"]),
            ("Xem thêm: Trưởng ban quản lý và Chủ tịch phường dự lễ", ["Trưởng ban quản lý và Chủ tịch phường dự lễ"]),
        ],
    )
    def test_a_line_points_to_several_articles_where_each_reads_like_a_title(
        self, line: str, titles: list[str]
    ) -> None:
        article = read_lines(PARAGRAPHS[0], line, PARAGRAPHS[1])
        assert article.body == "\n\n".join(PARAGRAPHS[:2])
        assert [(story.headline, story.placement) for story in article.related] == [(one, "inline") for one in titles]

    def test_a_pointer_that_a_paragraph_runs_on_into_is_none_of_it(self) -> None:
        article = read_lines(f"{PARAGRAPHS[0]} >> Lễ hội bến sông mở cửa", PARAGRAPHS[1])
        assert article.body == "\n\n".join(PARAGRAPHS[:2])
        assert [story.headline for story in article.related] == ["Lễ hội bến sông mở cửa"]

    @pytest.mark.parametrize("line", ["Lệnh gõ vào là sort >> bang ghi moi", "Giá hoa >> giá lá."])
    def test_arrows_in_a_text_that_may_be_text_stay(self, line: str) -> None:
        article = read_lines(PARAGRAPHS[0], line, PARAGRAPHS[1])
        assert (article.body, article.related) == ("\n\n".join([PARAGRAPHS[0], line, PARAGRAPHS[1]]), [])

    def test_the_name_of_the_newspaper_until_2012_above_the_headline_is_none(self) -> None:
        lines = ["VOV Online", "Xã hội", "Thế giới", HEADLINE, f"(VOV) - {LEAD}", *PARAGRAPHS]
        article = parse_text("\n".join(lines))
        assert (article.headline, article.description) == (HEADLINE, LEAD)
        assert article.body == "\n\n".join(PARAGRAPHS)

    def test_a_lead_under_the_name_of_the_newspaper_is_no_headline(self) -> None:
        article = parse_text("\n".join(["VOV Online", f"(VOV) - {LEAD}", *PARAGRAPHS]))
        assert (article.description, article.body) == (LEAD, "\n\n".join(PARAGRAPHS))


class TestLeadsBelow:
    @pytest.mark.parametrize("prefix", ["VOV.VN - ", ""])
    def test_a_lead_printed_twice_is_no_headline(self, prefix: str) -> None:
        lines = [part for title, lead in STORIES for part in (title, prefix + lead, prefix + lead)]
        article = read_lines(*PARAGRAPHS, "Mời quý độc giả theo dõi VOV.VN trên", "Tin liên quan", *lines)
        assert article.related == [Related(None, None, title, lead, "related") for title, lead in STORIES]

    @pytest.mark.parametrize("prefix", ["VOV.VN - ", ""])
    def test_leads_printed_twice_without_titles_are_no_stories(self, prefix: str) -> None:
        lines = [prefix + lead for _, lead in STORIES for _ in range(2)]
        article = read_lines(*PARAGRAPHS, "Tin liên quan", *lines)
        assert (article.body, article.related) == ("\n\n".join(PARAGRAPHS), [])

    @pytest.mark.parametrize("signature", ["Hạ Lan/VOV.VN", "CTV Hạ Lan/VOV-Miền Trung", "Theo Reuters"])
    def test_a_signature_under_the_box_is_no_story(self, signature: str) -> None:
        titles = [title for title, _ in STORIES]
        article = read_lines(*PARAGRAPHS[:2], "Chợ họp đến rằm./.", "Tin liên quan:", *titles, signature)
        assert [author.name_raw for author in article.authors] == [signature]
        assert [story.headline for story in article.related] == titles
        assert article.body == "\n\n".join([*PARAGRAPHS[:2], "Chợ họp đến rằm."])

    def test_a_text_that_goes_on_after_the_box_is_whole(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Tin liên quan", *(title for title, _ in STORIES), *PARAGRAPHS[1:])
        assert article.body == "\n\n".join(PARAGRAPHS)
        assert [story.headline for story in article.related] == [title for title, _ in STORIES]

    def test_a_subhead_of_a_text_that_goes_on_is_text(self) -> None:
        after = [PARAGRAPHS[1], "Chợ hoa ngày cuối năm", PARAGRAPHS[2]]
        article = read_lines(PARAGRAPHS[0], "Tin liên quan:", STORIES[0][0], *after)
        assert article.body == "\n\n".join([PARAGRAPHS[0], *after])


class TestSignatures:
    @pytest.mark.parametrize(
        "signature",
        ["Kim Lan/VOV-TP.HCM", "Lan/VOV - TP.HCM", "Hà A, CTV B/VOV-TP.HCM", "Theo Reuters", "Nhóm PV", "(Tổng hợp)"],
    )
    @pytest.mark.parametrize("after", [[], ["Chợ nổi", "ghe hoa"], ["Tag:", "Chợ nổi"], FOOTER])
    def test_a_signature_is_none_of_the_text_whatever_follows(self, signature: str, after: list[str]) -> None:
        if signature == "(Tổng hợp)" and after[:1] == ["Chợ nổi"]:
            after = []
        article = read_lines(*PARAGRAPHS, signature, *after)
        assert (article.body, article.related) == ("\n\n".join(PARAGRAPHS), [])
        assert [author.name_raw for author in article.authors] == [signature]

    def test_a_signature_among_the_paragraphs_is_none(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Hạ Lan/VOV.VN", PARAGRAPHS[1])
        assert article.body == "\n\n".join(PARAGRAPHS[:2])
        assert [author.name for author in article.authors] == ["Hạ Lan"]

    def test_a_signature_after_the_end_mark_of_an_earlier_paragraph_is_none(self) -> None:
        article = read_lines(PARAGRAPHS[0][:-1] + "./. Hạ Lan/VOV.VN", "Ghe cập bến (Ảnh: KT).")
        assert article.body == f"{PARAGRAPHS[0]}\n\nGhe cập bến (Ảnh: KT)."
        assert [author.name for author in article.authors] == ["Hạ Lan"]

    def test_a_signature_that_an_earlier_paragraph_runs_on_into_is_none(self) -> None:
        article = read_lines(PARAGRAPHS[0], "Bến Chợ 2-1 Bờ Sông Lê Minh/VOV-TP.HCM (Ảnh: BTC)", "Ghe cập bến.")
        assert article.body == f"{PARAGRAPHS[0]}\n\nBến Chợ 2-1 Bờ Sông\n\nGhe cập bến."
        assert [author.name for author in article.authors] == ["Lê Minh"]

    def test_a_source_under_the_author_is_no_author(self) -> None:
        (author,) = read_lines(*PARAGRAPHS, "Hạ Lan/VOV.VN", "Theo Reuters").authors
        assert (author.name, author.affiliation, author.name_raw) == ("Hạ Lan", "VOV.VN", "Hạ Lan/VOV.VN Theo Reuters")

    def test_authors_one_a_line_are_each_one(self) -> None:
        article = read_lines(*PARAGRAPHS, "Hải Yến", "Hạ Lan/VOV1", "Thu Cúc/VOV2")
        assert [author.name for author in article.authors] == ["Hải Yến", "Hạ Lan", "Thu Cúc"]
        assert article.body == "\n\n".join(PARAGRAPHS)

    @pytest.mark.parametrize("name", ["Nguyễn Văn An", "Lê Minh", "Trần Thị Thu Hà"])
    def test_a_name_in_full_under_the_text_is_the_author(self, name: str) -> None:
        article = read_lines(*PARAGRAPHS, name)
        assert (article.body, [author.name for author in article.authors]) == ("\n\n".join(PARAGRAPHS), [name])

    def test_a_name_under_the_end_mark_is_the_author(self) -> None:
        article = read_lines(*PARAGRAPHS[:-1], PARAGRAPHS[-1] + "/.", "Hạ Lan")
        assert (article.body, [author.name for author in article.authors]) == ("\n\n".join(PARAGRAPHS), ["Hạ Lan"])

    def test_names_in_a_list_at_the_end_stay(self) -> None:
        names = ["Nguyễn Văn An", "Lê Minh", "Trần Thị Thu Hà"]
        article = read_lines(*PARAGRAPHS, "Ba chủ ghe đoạt giải:", *names)
        assert article.body == "\n\n".join([*PARAGRAPHS, "Ba chủ ghe đoạt giải:", *names])

    @pytest.mark.parametrize("line", ["Sông Hậu", "Bến Chợ thắng 2-1", "Lịch đua ghe:", "Ông A/Bà B", "Nam/Nữ"])
    def test_a_last_line_that_may_be_text_stays(self, line: str) -> None:
        article = read_lines(*PARAGRAPHS, line)
        assert (article.body, article.authors) == ("\n\n".join([*PARAGRAPHS, line]), [])

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("Vui quá ông!./.", "Vui quá ông!"),
            ("“Chợ vui.”/.", "“Chợ vui.”"),
            ("Chợ họp./. Chợ tan.", "Chợ họp. Chợ tan."),
        ],
    )
    def test_end_marks_are_plain_in_every_paragraph(self, written: str, read: str) -> None:
        assert read_lines(written, PARAGRAPHS[0], written).body == f"{read}\n\n{PARAGRAPHS[0]}\n\n{read}"
