"""Words that only look like a time. One that is longer than the time it hides, or begins before it, wins."""

from __future__ import annotations

from vovcrawl.dates.rules import Rules
from vovcrawl.dates.syllables import Row

RULES = Rules()

RULES.define("a_set", "{any_number} / {any_number}")
RULES.define("a_score", "{any_number} (/ | - | : | ~) {any_number}")


def _numbers_a_document(row: Row, start: int, end: int) -> bool:
    """A year or letters follow the number: "42/2017", "10/12/QĐ", but not "thông báo 8/6"."""
    return len(row.token(end - 1)) > 2 or row.codes[end : end + 1] in ("/", "-")


# Ordinals.
RULES.lookalike("thứ {any_number}", "thứ {count}", "phút thứ? {any_number} (+ {any_number})?")

# Documents.
RULES.lookalike(
    "{document} số? {any_number} / {any_number}",
    "{document} số? {any_number} / {any_number} / {any_number}",
    where=_numbers_a_document,
)
RULES.lookalike(
    "(điều | khoản | mục | nghị định | thông tư | nghị quyết | quyết định) {any_number}",
    not_before="{unit} | / | {month}",
)

# What is called by a date, and street addresses.
RULES.lookalike(
    "({named_by_date} | (đường | phố | trường) (mang tên | tên)) {day} (/ | - | tháng) {month}",
    "{institution} {word} {word}? {word}? {day} (/ | - | tháng) {month}",
    "(ở | tại | địa chỉ) {day} / {month} {name}",
    "xô viết tháng mười",
    "cách mạng tháng {in_month}",
)


# Scores and fractions.
def _one_is_no_date(row: Row, start: int, end: int) -> bool:
    """Of sets such as "25/20, 23/25, 25/12" one at least has no month."""
    return any(int(row.token(place + 2)) > 12 for place in range(start, end, 4))


RULES.lookalike(
    "{a_set} , {a_set} (, {a_set})? (, {a_set})? (, {a_set})?",
    where=_one_is_no_date,
    not_before="/",
)
RULES.lookalike(
    "{scored} {word}? {a_score} (, {a_score})? (, {a_score})? (, {a_score})?",
    not_before="(/ | - | .) {year}",
)
RULES.lookalike(
    "{any_number} / {any_number} (trong (đó | số) | số | tổng)",
    "{any_number} / {any_number} / {any_number} / {any_number}",
)

# Other words and names that begin like one of time.
RULES.lookalike(
    "tối (đa | thiểu | ưu | hậu | mật | tân | nghĩa)",
    "sáng (kiến | tạo | lập | tác | chế | giá | suốt)",
    "chiều (cao | dài | rộng | sâu | ngang | hướng | lòng)",
    "năm (học | người | sinh)",
    "(bắt | khởi | lần | đứng | mở | dẫn | hàng | ban | cầm | tiên | chưa | bước) đầu",
    "năm tháng trôi",
    "{two} h / {two} h",
    "{any_number} / {any_number} bị (cáo | can | hại | đơn)",
    "{title} (năm | mai | quý | sáng | tư | bảy | ba | hai | sáu | tám)",
    "ban (ngày | đêm)",
    "ngày một ngày hai",
    "năm lần bảy lượt",
    "(theo | qua | những | bao | dấu | cùng | cả) năm tháng",
)
