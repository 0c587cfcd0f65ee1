"""Signatures: found at the end of a text, told from sentences, and read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import ANY_TEXT, SENTENCE
from vovcrawl.cleaning.signature_words import LISTS
from vovcrawl.cleaning.signatures import in_list, is_signature, name_and_affiliation, split_signature, with_sources
from vovcrawl.text import clean

SIGNATURES = [
    "Hạ Lan/VOV online",
    "Đoàn Thu Đào/VOV online",
    "Ân Ưu, Ở Ơn/VOV.VN",
    "Thu Cúc/VOV1",
    "Lại Thành/VOV online (ghi)",
    "Hoài An/ VOV- Miền Trung",
    "Nhóm PV/ VOV Online",
    "CTV Cường Lê/VOV online (theo AP, Reuters)",
    "Hồng Vân/VOV - Trung tâm Tin Theo Reuters",
    "PV/VOV.VN",
    "Bích Thu/VOV-Bắc Kinh",
    "Hùng Sơn/VOV.VN (biên tập)",
    "M.K./VOV.VN(biên dịch)",
    "Thiên Nga /VOV-TP HCM",
    "Lan Chi, Minh Quý/VOV.VN",
    "Lan Chi - Minh Quý/VOV Tây Bắc",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_block_that_is_a_signature_is_taken_whole(signature: str) -> None:
    assert split_signature(signature) == ("", signature)


@pytest.mark.parametrize("signature", [*SIGNATURES, "Theo Đài Bắc Âu", "Thu Cúc VOV-Sydney", "Theo TTXVN- Tuổi trẻ"])
def test_a_signature_after_the_end_mark_is_taken_off(signature: str) -> None:
    assert split_signature(f"Chợ tan lúc 9h./. {signature}") == ("Chợ tan lúc 9h.", signature)


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("end", [".", "!", "?", "”", "…"])
def test_a_signature_after_a_sentence_is_taken_off(signature: str, end: str) -> None:
    assert split_signature(f"Chợ tan lúc 9h{end} {signature}") == (f"Chợ tan lúc 9h{end}", signature)


def test_a_signature_after_a_long_text_is_taken_off() -> None:
    long = "Chợ họp từ sáng sớm. " * 200
    assert split_signature(long + "Hạ Lan/VOV online") == (long.rstrip(), "Hạ Lan/VOV online")


@pytest.mark.parametrize(
    "block",
    [
        "Chợ tan lúc 9h.",
        "Ông Nam nghe tin qua kênh VOV Giao thông từ sáng sớm.",
        "Nhiều người nghe đài. Ông Nam cho biết VOV phát tin từ 5h.",
        "Tốc độ 60 km/h được áp dụng. Xe tải chạy 40 km/h.",
        "Giá vé là 50.000 đồng/người. Trẻ em được miễn phí.",
        "Phóng viên Lan Chi/VOV đã hỏi chuyện bà con trong chợ.",
        "Đội A thắng 3/1. Đội B hòa 2/2.",
        "Xem lịch tại vov.vn/lich-phat-song",
        "Ngày 14/10, chợ đóng cửa. Ngày 15/10, chợ mở lại.",
        "Ông nói: “Và/hoặc đều được”.",
        "",
    ],
)
def test_an_ordinary_sentence_is_no_signature(block: str) -> None:
    assert split_signature(block) == (block, None)


@given(st.lists(SENTENCE, min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_text_without_a_signature_comes_back_whole(sentences: list[str]) -> None:
    block = " ".join(sentences)
    assert split_signature(block) == (block, None)


@given(st.lists(SENTENCE, min_size=1, max_size=30), st.sampled_from(SIGNATURES), st.sampled_from([" ", "/. "]))
@settings(max_examples=150, deadline=None)
def test_nothing_but_the_signature_is_lost(sentences: list[str], signature: str, between: str) -> None:
    block = " ".join(sentences)
    assert split_signature(block + between + signature) == (block, signature)


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_a_split_keeps_every_letter_in_order(raw: str) -> None:
    block = clean(raw)
    rest, signature = split_signature(block)
    together = [letter for letter in rest + (signature or "") if letter.isalnum()]
    assert together == [letter for letter in block if letter.isalnum()]


NAMES = [
    *("Hạ", "Hạ Lan", "Nguyễn Văn An", "Nguyễn Thị Thu Hà", "Tôn Nữ Hoàng Thu Hà", "HẠ LAN", "M.K.", "K.Ngân", "T. Hà"),
    *("A Chỉnh", "K’Bảo", "H'Mai Êban", "Đặng-Ngọc", "TS. Vũ Hà", "Hạ Lan, Minh Quý", "Hạ Lan - Minh Quý"),
    *("Hạ Lan–Minh Quý", "Hạ Lan & Minh", "Hạ Lan và Minh Quý", "Nguyễn Văn An, Trần Thị Bình, Lê Hoàng Nam"),
    *("CTV Hà My", "PV Hà My", "BTV Thu", "Hà An, CTV Bình", "Phóng viên Hạ Lan", "Nhóm PV", "Nhóm phóng viên", "PV"),
    *("CTV", "Theo Thái Sơn", "Bài, ảnh: Hạ Lan", "Thực hiện: Hạ Lan", "Hạ Lan (CTV)"),
]
AFFILIATIONS = [
    *("VOV", "VOV.VN", "VOV.vn", "VOV1", "VOVTV", "VOVGT", "VOV online", "VOV-TP.HCM", "VOV - TP.HCM", "VOV–TP.HCM"),
    *(
        "VOV – TP. HCM",
        "VOV TP.HCM",
        "VOV-TP HCM",
        "VOV-Tp.Hồ Chí Minh",
        "VOV - Tây Bắc",
        "VOV ĐBSCL",
        "VOV- Miền Trung",
    ),
    *("VOV Đồng bằng sông Cửu Long", "VOV khu vực miền Trung", "VOV tại Lào", "VOV thường trú tại Pháp", "VOV/TP.HCM"),
    *("VOV-Bắc Kinh", "VOV Giao thông", "VOV Miền Trung-Tây Nguyên", "VOV - Trung tâm Tin Theo Reuters"),
    *(
        "VOV.VN (biên dịch)",
        "VOV.VN(biên dịch)",
        "VOV.VN (Ảnh: BTC)",
        "VOV.VN (theo AP, Reuters)",
        "VOV.VN Theo Reuters",
    ),
    *("VOV.VN, ảnh: BTC", "VOV online (lược dịch)", "VOV.VN biên dịch", "VOV.VN - Theo CNN", "Báo điện tử VOV"),
]


@pytest.mark.parametrize("slash", ["/", " / ", "/ "])
@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("", ""),
        ("Chợ tan lúc 9h./. ", "Chợ tan lúc 9h."),
        ("Chợ tan lúc 9h. ", "Chợ tan lúc 9h."),
        ("Chợ tan lúc 9h/. ", "Chợ tan lúc 9h."),
        ("Chợ vui quá!./. ", "Chợ vui quá!"),
        ("Bà nói: “Vui.”/. ", "Bà nói: “Vui.”"),
        ("Bà nói: “Vui” ", "Bà nói: “Vui”"),
    ],
)
def test_every_name_goes_with_every_affiliation(before: str, kept: str, slash: str) -> None:
    for name in NAMES:
        for affiliation in AFFILIATIONS:
            signature = name + slash + affiliation
            assert split_signature(before + signature) == (kept, signature)


@pytest.mark.parametrize(
    ("kept", "signature"),
    [
        ("Hết giờ, Đội A 1-1 Đội B", "Lê Minh/VOV online"),
        ("Đội A 1-1 Đội B", "Lê Minh/VOV online"),
        ("Đội A 1-1 Đội B", "Lê Minh/VOV-TP.HCM (Ảnh: BTC)"),
        ("Đội A 1-1 Đội B", "Lê Minh/VOV online theo AFP"),
        ("Đội A 1-1 Đội B", "Lê Minh/VOV.VN theo AFP"),
        ("Đội A 1-1 Đội B", "Hạ Lan, Minh Quý, Thu Cúc/VOV.VN"),
        ("Đội A 1-1 Đội B", "Lê Hạ - Minh Quý/VOV.VN"),
        ("Đội A 1-1 Đội B", "Hạ Lan và Minh Quý/VOV.VN"),
        ("Đội A 1-1 Đội B", "Bài, ảnh: Hạ Lan/VOV.VN"),
        ("Đội A 1-1 Đội B", "PV/VOV - Tây Bắc"),
        ("Đội A 1-1 Đội B", "TS. Vũ Hà/VOV.VN"),
        ("Trận đấu khép lại với tỷ số 2-0", "Hạ Lan/VOV.VN"),
        ("Vòng cuối: Sông Hồng - Bến Chợ", "Nguyễn Văn An/VOV1"),
        ("Kết quả: Việt Nam 3-0 Lào", "Thu Hoài/VOV-TP.HCM"),
        ("Vòng cuối đá ở Hà Nội", "Trần Thị Thu Hà/VOV - Tây Bắc"),
        ("Chung kết diễn ra lúc 19h", "(Hạ Lan/VOV.VN)"),
        ("Giá hoa tăng 200 nghìn đồng", "Nhóm PV/VOV.VN"),
        ("Giá hoa tăng", "CTV Lê Minh/VOV.VN"),
        ("Giá hoa tăng", "Lê Minh, Hà An/VOV1"),
        ("Đội A thua 0-2", "Theo Lê Minh/VOV"),
        ("Chợ hoa đóng cửa sớm", "(Theo Reuters)"),
    ],
)
def test_a_signature_after_no_full_stop_is_taken_off(kept: str, signature: str) -> None:
    assert split_signature(f"{kept} {signature}") == (kept, signature)


@pytest.mark.parametrize(
    "signature",
    [
        *("Theo Reuters", "Theo VOV.VN", "Theo Zing.vn", "Theo Vietnam+", "Theo AP, Reuters", "Theo báo Tuổi trẻ"),
        *("Theo Sức khỏe & Đời sống", "Theo Thái Sơn/Báo QĐND", "(Theo Dân trí)", "Nguồn: Reuters", "(Tổng hợp)"),
        *(
            "(biên dịch)",
            "Hạ Lan (tổng hợp)",
            "Hạ Lan (Theo AFP, CNN)",
            "VOV.VN (tổng hợp)",
            "Tổng hợp từ Reuters, AFP",
        ),
        *(
            "Phóng viên VOV thường trú tại Pháp",
            "Hạ Lan - Phóng viên VOV tại Lào",
            "Nhóm PV VOV",
            "Việt Nga VOV-Sydney",
        ),
        *("Hạ Lan (VOV-TP.HCM)", "Thanh Nga/TTXVN", "Hạ Lan/Theo AFP", "Lê Minh/VOV.VN.", "Nhóm PV"),
        *("Hạ Lan/VOV.VN. Ảnh: Minh Tú", "Hạ Lan/VOV1, Minh Quý/VOV-TP.HCM", "CTV Hà An", "P.V", "H.L", "N.T.H"),
        *("TTXVN", "Theo N.L (Dân trí)", "Đình Khuê/ĐSPL", "Theo báo chí nước ngoài", "Hạ Lan, VOV.VN"),
    ],
)
def test_a_block_without_a_name_for_the_newspaper_may_be_a_signature(signature: str) -> None:
    assert split_signature(signature) == ("", signature)


@pytest.mark.parametrize(
    "block",
    [
        *(
            "Ông Nam cho biết theo VOV",
            "Ông A/Bà B",
            "Tốc độ 60 km/h",
            "Chợ mở cửa 24/7",
            "Hai miền Bắc/Nam",
            "TP.HCM/Hà Nội",
        ),
        *("Phóng viên Lan Chi/VOV hỏi chuyện bà con trong chợ", "Ông nói với PV/VOV.VN", "Bài của Lê Minh/VOV"),
        *(
            "Khán giả xếp hàng. Ảnh: Lê Minh/VOV",
            "Theo kế hoạch, cầu sẽ thông xe vào năm sau",
            "Theo Ông An",
            "Theo đó",
        ),
        *("Theo Bộ Y tế, số ca mắc tăng", "Theo kế hoạch cầu thông xe", "Theo Luật Đất đai", "Theo Nghị định 15/2020"),
        *(
            "Kênh VOV Giao thông",
            "Nghe đài VOV1 lúc 5h",
            "VOV phát sóng lúc 5h",
            "Đài VOV đưa tin lúc 5h",
            "Ghi bàn: Lê Minh",
        ),
        *("Giá vé 50.000 đồng/người", "Việt Nam", "Anh/Chị", "Liên hệ: Lê Minh/090123456", "Tổng hợp kết quả vòng 5"),
        *(
            "Biên dịch là nghề khó",
            "Ông chia sẻ với VOV",
            "Tải tại VOV.VN/app",
            "Hai tỉnh Sơn La/Lai Châu",
            "Nguồn cội",
        ),
        *("Chương trình do VOV2 thực hiện", "Tin tưởng/Hy vọng", "Nam 60 tuổi/Nữ 55 tuổi", "Lê Minh - Hà An", "Hạ Lan"),
        *(
            "Theo chân Lê Minh",
            "Ông về quê (theo Lê Minh)",
            "Ông Nam thực hiện",
            "Hà Nội/TPHCM",
            "Theo báo chí đưa tin",
            "Bảng giá như sau: Hạ Lan/VOV",
        ),
    ],
)
@pytest.mark.parametrize("before", ["", "Chợ tan lúc 9h. "])
@pytest.mark.parametrize("end", ["", "."])
def test_a_block_that_only_looks_like_a_signature_stays(block: str, before: str, end: str) -> None:
    assert split_signature(before + block + end) == (before + block + end, None)


@pytest.mark.parametrize("line", ["Hạ Lan", "Hạ Lan/Báo Bến Sông", "Theo Đài Bắc Âu", "Việt Nga VOV-Sydney", "Nhóm PV"])
def test_less_is_asked_of_a_line_that_stands_as_signatures_do(line: str) -> None:
    assert is_signature(line)


@pytest.mark.parametrize("line", ["Chợ tan lúc 9h.", "(Còn nữa)", "Ông nói: “Vui”.", "hạ lan", ""])
def test_a_sentence_is_no_signature_wherever_it_stands(line: str) -> None:
    assert not is_signature(line)


@pytest.mark.parametrize(
    ("signature", "name", "affiliation"),
    [
        ("Kim Lan/VOV-TP.HCM", "Kim Lan", "VOV-TP.HCM"),
        ("Lan/VOV - TP.HCM", "Lan", "VOV - TP.HCM"),
        ("Hà A, CTV B/VOV-TP.HCM", "Hà A, B", "VOV-TP.HCM"),
        ("CTV Hà My/VOV online (theo AP)", "Hà My", "VOV online"),
        ("Hồng Vân/VOV - Trung tâm Tin Theo Reuters", "Hồng Vân", "VOV - Trung tâm Tin"),
        ("M.K./VOV.VN(biên dịch)", "M.K.", "VOV.VN"),
        ("Hạ Lan/VOV.VN (Ảnh: BTC)", "Hạ Lan", "VOV.VN"),
        ("Hạ Lan/VOV.VN; ảnh: Minh Tú", "Hạ Lan", "VOV.VN"),
        ("Hạ Lan/VOV online tổng hợp", "Hạ Lan", "VOV online"),
        ("Theo Thái Sơn/Báo QĐND", "Thái Sơn", "Báo QĐND"),
        ("Theo Reuters", "Reuters", None),
        ("Hạ Lan (tổng hợp)", "Hạ Lan", None),
        ("Hạ Lan (VOV.VN)", "Hạ Lan", "VOV.VN"),
        ("(Hạ Lan/VOV1)", "Hạ Lan", "VOV1"),
        ("Bài, ảnh: Hạ Lan/VOV1", "Hạ Lan", "VOV1"),
        ("Lược dịch: Hạ Lan/VOV1", "Hạ Lan", "VOV1"),
        ("Hạ Lan, VOV.VN", "Hạ Lan", "VOV.VN"),
        ("CTV Hà An", "Hà An", None),
        ("Nhóm PV/VOV.VN", "Nhóm PV", "VOV.VN"),
        ("PV/VOV.VN", "PV", "VOV.VN"),
        ("PV Hạ Lan/VOV.VN", "Hạ Lan", "VOV.VN"),
        ("/VOV.VN", "VOV.VN", None),
        ("(Tổng hợp)", "Tổng hợp", None),
        ("Phóng viên VOV thường trú tại Pháp", "Phóng viên VOV thường trú tại Pháp", None),
    ],
)
def test_roles_sources_and_credits_are_no_part_of_who_signed(
    signature: str, name: str, affiliation: str | None
) -> None:
    assert name_and_affiliation(signature) == (name, affiliation)


@pytest.mark.parametrize(
    ("line", "signatures"),
    [
        ("Lan Anh/VOV1, Hà My/VOV2", ["Lan Anh/VOV1", "Hà My/VOV2"]),
        ("Lan Anh/VOV1 - Hà My/VOV2", ["Lan Anh/VOV1", "Hà My/VOV2"]),
        ("Lan Anh/VOV-TP.HCM và CTV Hà My/VOV2", ["Lan Anh/VOV-TP.HCM", "CTV Hà My/VOV2"]),
        ("Lan Anh/VOV - TP.HCM; Hà My/VOV - Tây Bắc", ["Lan Anh/VOV - TP.HCM", "Hà My/VOV - Tây Bắc"]),
        ("A, B/VOV1, C/VOV2", ["A, B/VOV1", "C/VOV2"]),
        ("Lan Anh/VOV1 (theo A/B), Hà/VOV2", ["Lan Anh/VOV1 (theo A/B)", "Hà/VOV2"]),
        ("Lan Anh/VOV online (theo AP, A/B)", ["Lan Anh/VOV online (theo AP, A/B)"]),
        ("Lan Anh, Hà My/VOV2", ["Lan Anh, Hà My/VOV2"]),
        ("Lan Anh/VOV - Trung tâm Tin", ["Lan Anh/VOV - Trung tâm Tin"]),
    ],
)
def test_each_signature_of_a_line_is_one(line: str, signatures: list[str]) -> None:
    assert in_list(line) == signatures


def test_a_source_belongs_to_who_is_named_above_it() -> None:
    lines = ["Hạ Lan/VOV1", "Theo AFP", "Minh Quý/VOV2", "(Tổng hợp)", "Ảnh: Thu Cúc"]
    assert with_sources(lines) == ["Hạ Lan/VOV1 Theo AFP", "Minh Quý/VOV2 (Tổng hợp) Ảnh: Thu Cúc"]


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_whoever_signed_has_a_name(raw: str) -> None:
    for signature in in_list(clean(raw) or "x"):
        name, affiliation = name_and_affiliation(signature)
        assert affiliation is None or affiliation in signature
        assert name or not signature


@pytest.mark.parametrize("name", LISTS)
def test_each_list_of_words_does_what_the_lines_beside_it_say(name: str) -> None:
    assert split_signature(LISTS[name].before)[0] == LISTS[name].after
