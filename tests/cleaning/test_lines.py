"""Boilerplate in single lines: leads, headlines, calls to follow, what the site prints around every article."""

from __future__ import annotations

import pytest

from vovcrawl.cleaning.lines import has_prefix, is_boilerplate, mark_of, without_prefix
from vovcrawl.cleaning.rules import Where

AROUND = (Where.LINE, Where.FOOTER, Where.BLOCK)


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
    assert has_prefix(lead)
    assert without_prefix(lead) == bare


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
    assert not has_prefix(lead)
    assert without_prefix(lead) == lead


def test_only_one_prefix_is_taken() -> None:
    assert without_prefix("VOV.VN - VOV - kênh của bạn.") == "VOV - kênh của bạn."


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
    assert mark_of(line)[0] in AROUND


@pytest.mark.parametrize(
    "line", ["Mời quý độc giả theo dõi VOV.VN trên", "Mời bạn đọc theo dõi VOV.VN trên Google News"]
)
def test_the_call_to_follow_is_known(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize("line", ["Facebook", "Bình luận", "Mời bạn đọc đến chợ, xem ghe hoa và thưởng thức bánh."])
def test_a_line_that_a_text_may_hold_is_no_call(line: str) -> None:
    assert is_boilerplate(line) is None


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
    assert mark_of(line)[0] is None
