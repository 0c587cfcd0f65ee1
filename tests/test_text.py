"""Cleaning of text, leads, end marks and boilerplate."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.strategies import ANY_TEXT, MESSY_TEXT
from vovcrawl import text

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202e"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Chợ   hoa\t họp\r\n sớm  ", "Chợ hoa họp sớm"),
        ("Chợ\u00a0hoa\u2003họp\u3000sớm", "Chợ hoa họp sớm"),
        ("Chợ&nbsp;hoa &amp; chợ cá", "Chợ hoa & chợ cá"),
        ("&ldquo;Xong&rdquo; &#8211; &#x1EBF;", "“Xong” – ế"),
        ("R&D và AT&T", "R&D và AT&T"),
        ("ho\u200ba \ufeffmai\u00ad", "hoa mai"),
        ("hoa&#8203;mai", "hoamai"),
        ("ho\x07a\x1b mai\x7f\x80", "hoa mai"),
        ("hoa\x85mai", "hoa mai"),
        ("hoa\ud800 mai\ufffe", "hoa mai"),
        ("Tiê\u0301ng Viê\u0323t", "Tiếng Việt"),
        ("\u200b \ufeff", ""),
        ("", ""),
    ],
)
def test_text_is_cleaned(raw: str, clean: str) -> None:
    assert text.clean(raw) == clean


@given(st.one_of(ANY_TEXT, MESSY_TEXT))
@settings(max_examples=300, deadline=None)
def test_clean_text_holds_nothing_that_a_reader_does_not_see(raw: str) -> None:
    clean = text.clean(raw)
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in clean)
    assert not set(clean) & set(ZERO_WIDTH)
    assert clean.split() == clean.split(" ") or clean == ""


@given(MESSY_TEXT)
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    clean = text.clean(raw)
    assert text.clean(clean) == clean


@given(MESSY_TEXT)
@example("a\u200b\u0301")
@example("a\u0301\u200b\u0323")
@settings(max_examples=300, deadline=None)
def test_both_spellings_of_a_letter_come_out_alike(raw: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", raw), unicodedata.normalize("NFD", raw)
    assert text.clean(composed) == text.clean(decomposed)


@given(MESSY_TEXT)
@settings(max_examples=200, deadline=None)
def test_cleaning_loses_no_letter(raw: str) -> None:
    def letters(value: str) -> list[str]:
        return [letter for letter in unicodedata.normalize("NFD", value) if letter.isalnum()]

    assert letters(text.clean(raw)) == letters(raw)


def test_visible_text_keeps_its_blanks() -> None:
    assert text.visible(" ho\u200ba\u00a0\n ma\u0301i ") == " hoa\u00a0\n mái "


@pytest.mark.parametrize(
    ("lead", "bare"),
    [
        ("VOV.VN - Sáng nay trời mưa.", "Sáng nay trời mưa."),
        ("VOV.VN -Sáng nay trời mưa.", "Sáng nay trời mưa."),
        ("VOV.VN – Sáng nay trời mưa.", "Sáng nay trời mưa."),
        ("VOV.VN — Sáng nay trời mưa.", "Sáng nay trời mưa."),
        ("VOV - Sáng nay trời mưa.", "Sáng nay trời mưa."),
        ("(VOV) - Sáng nay trời mưa.", "Sáng nay trời mưa."),
        ("(VOV.VN) - Sáng nay trời mưa.", "Sáng nay trời mưa."),
    ],
)
def test_a_lead_loses_its_prefix(lead: str, bare: str) -> None:
    assert text.has_prefix(lead)
    assert text.without_prefix(lead) == bare


@pytest.mark.parametrize(
    "lead",
    [
        "Sáng nay trời mưa.",
        "VOV.VN đưa tin trời mưa.",
        "Kênh VOV - Giao thông báo kẹt xe.",
        "VOVGT - Đường đông.",
        "VOV1 - kênh thời sự.",
    ],
)
def test_a_line_without_the_prefix_stays(lead: str) -> None:
    assert not text.has_prefix(lead)
    assert text.without_prefix(lead) == lead


def test_only_one_prefix_is_taken() -> None:
    assert text.without_prefix("VOV.VN - VOV - kênh của bạn.") == "VOV - kênh của bạn."


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("Hội chợ đóng cửa./.", "Hội chợ đóng cửa."),
        ("Hội chợ đóng cửa. / .", "Hội chợ đóng cửa."),
        ("Hội chợ đóng cửa ./. ", "Hội chợ đóng cửa."),
        ("Hội chợ đóng cửa.", "Hội chợ đóng cửa."),
        ("Tỷ số ./. chưa rõ", "Tỷ số ./. chưa rõ"),
        ("Địa chỉ: vov.vn/.", "Địa chỉ: vov.vn/."),
        ("Vui quá ông!./.", "Vui quá ông!"),
        ("Ai đi?./.", "Ai đi?"),
        ("Rồi thôi…./.", "Rồi thôi…"),
        ("“Chợ vui.”/.", "“Chợ vui.”"),
        ("“Chợ vui!”./.", "“Chợ vui!”"),
        ("“Chợ vui”./.", "“Chợ vui”."),
        ("“Chợ vui”/.", "“Chợ vui”."),
        ("Chợ tan (lúc 9h)./.", "Chợ tan (lúc 9h)."),
        ("Chợ tan (lúc 9h.)/.", "Chợ tan (lúc 9h.)"),
        ("Vui quá! / .", "Vui quá!"),
    ],
)
def test_the_end_mark_becomes_a_full_stop(raw: str, plain: str) -> None:
    assert text.with_plain_end(raw) == plain


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("Chợ họp./. Chợ tan.", "Chợ họp. Chợ tan."),
        ("Vui quá!./. “Mai lại đến”./.", "Vui quá! “Mai lại đến”."),
        ("“Vui.”/. Chợ tan./.", "“Vui.” Chợ tan."),
        ("Hết./. (Còn nữa)", "Hết./. (Còn nữa)"),
        ("Tỷ số ./. chưa rõ", "Tỷ số ./. chưa rõ"),
        ("Xem ở ./. Rồi về.", "Xem ở ./. Rồi về."),
        ("Tỷ lệ 1/3. Chợ tan.", "Tỷ lệ 1/3. Chợ tan."),
    ],
)
def test_the_end_mark_between_sentences_becomes_a_full_stop_too(raw: str, plain: str) -> None:
    assert text.with_plain_marks(raw) == plain


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_plain_marks_cost_no_letter(raw: str) -> None:
    cleaned = text.clean(raw)
    assert [one for one in text.with_plain_marks(cleaned) if one.isalnum()] == [one for one in cleaned if one.isalnum()]


@pytest.mark.parametrize(
    "line",
    [
        "Mời quý độc giả theo dõi VOV.VN trên",
        "Copy link thành công!",
        "Sao chép liên kết",
        "Chia sẻ",
        "Facebook",
        "Bình luận (12)",
        "Viết bình luận",
        "Thêm bình luận hoặc câu hỏi",
        "This site is protected by reCAPTCHA and the Google Privacy Policy apply.",
        "Nhảy đến nội dung",
        "Nghe bài viết",
        "Xem thêm",
        "BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM",
        "Cơ quan chủ quản: ĐÀI TIẾNG NÓI VIỆT NAM",
        "Giấy phép số 27/GP-BVHTTDL do Bộ Văn hóa, Thể thao và Du lịch cấp",
    ],
)
def test_what_the_site_prints_around_every_article_is_furniture(line: str) -> None:
    assert text.is_furniture(line)


@pytest.mark.parametrize(
    "line", ["Mời quý độc giả theo dõi VOV.VN trên", "Mời bạn đọc theo dõi VOV.VN trên Google News"]
)
def test_the_call_to_follow_is_known(line: str) -> None:
    assert text.is_call(line)


@pytest.mark.parametrize("line", ["Facebook", "Bình luận", "Mời bạn đọc đến chợ, xem ghe hoa và thưởng thức bánh."])
def test_a_line_that_a_text_may_hold_is_no_call(line: str) -> None:
    assert not text.is_call(line)


@pytest.mark.parametrize(
    "line",
    [
        "Mời quý vị ngồi, ông nói với khách.",
        "Facebook vừa đổi giao diện.",
        "Chia sẻ với phóng viên, bà Hoa nói chợ vắng.",
        "Bình luận về trận đấu, huấn luyện viên khen hàng thủ.",
        "Nghe bài viết xong, ông gật đầu.",
        "Xem thêm phim cùng con là cách ông thư giãn.",
        "Thích thì chơi.",
        "Email của ông bị lộ.",
        "Điện thoại: 0123 là đường dây nóng của chợ.",
        "Trụ sở: số 5, bến sông, được xây lại năm ngoái.",
        "",
    ],
)
def test_a_sentence_that_opens_like_furniture_stays(line: str) -> None:
    assert not text.is_furniture(line)


def test_distinct_values_keep_their_first_spelling_and_order() -> None:
    assert text.distinct(["Chè", "", "chè", "Sen", "CHÈ", "sen"]) == ["Chè", "Sen"]


@pytest.mark.parametrize("marks", ["\u0323\u0301", "\u0f71\u0f39", "\U0001d165\U0001d16d\U0001d17b", "\u05b0\u0591"])
def test_a_letter_keeps_no_more_than_some_marks_of_any_script(marks: str) -> None:
    cleaned = text.clean(f"a{marks * 5000} b")
    assert len(cleaned) < 50
    assert cleaned[-2:] == " b"
    assert unicodedata.is_normalized("NFC", cleaned)


def test_signs_that_are_no_marks_stay() -> None:
    assert text.clean("…" * 1000 + "ô") == "…" * 1000 + "ô"


STORY = "Ông đến TP. Huế ngày 8/6. “Mai tôi về.” Rồi thôi! Bà đi…\nDòng hai, PGS. Lê nói 5/7: “Xong.”"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ngày 8/6", "Ông đến TP. Huế ngày 8/6."),
        ("Ông", "Ông đến TP. Huế ngày 8/6."),
        ("Mai", "“Mai tôi về.”"),
        ("thôi", "Rồi thôi!"),
        ("Bà", "Bà đi…"),
        ("5/7", "Dòng hai, PGS. Lê nói 5/7: “Xong.”"),
        ("8/6. “Mai", "Ông đến TP. Huế ngày 8/6. “Mai tôi về.”"),
    ],
)
def test_a_sentence_is_found_around_words(words: str, sentence: str) -> None:
    start = STORY.index(words)
    assert text.sentence_around(STORY, start, start + len(words)) == sentence


def test_a_sentence_without_an_end_is_cut() -> None:
    endless = "a " * 100_000
    assert len(text.sentence_around(endless, 100_000, 100_001)) <= 2 * 2_000 + 1


def test_marks_without_a_blank_end_no_sentence() -> None:
    words = "Hay quá" + "!?" * 300 + "và “rồi”" + "." * 300
    assert text.sentence_around(f"Một. {words} Hai.", 6, 8) == words


@given(MESSY_TEXT, st.integers(0, 120), st.integers(1, 10))
def test_the_words_are_in_their_sentence(given_text: str, start: int, length: int) -> None:
    end = min(len(given_text), start + length)
    if start < end:
        assert given_text[start:end].strip() in text.sentence_around(given_text, start, end)
