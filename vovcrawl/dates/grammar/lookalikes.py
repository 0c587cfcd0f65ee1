"""Words that only look like a time. One that is longer than the time it hides, or begins before it, wins."""

from __future__ import annotations

from vovcrawl.dates.patterns import VOCABULARY
from vovcrawl.dates.rules import Rules
from vovcrawl.dates.syllables import Row

RULES = Rules()

_NUMBER = VOCABULARY.code("số")
_MONTH = VOCABULARY.code("tháng")

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

# Days and months that no calendar has.
RULES.lookalike("({the} {any_number})? tháng {no_month}", "{the} {no_day} tháng {month}")
RULES.lookalike("(triệu | tỷ) năm ({ago_tail} | nay)?", "quý {any_number} / {year}")


# What is called by a date, and street addresses.
def _is_no_numbered_thing(row: Row, start: int, end: int) -> bool:
    """ "Gói thầu số 5 tháng 8" is the fifth one, in August."""
    return row.codes[start] != _NUMBER or row.codes[end - 2] != _MONTH


RULES.lookalike(
    "({named_by_date} | (đường | phố | trường) (mang tên | tên)) {day} (/ | - | tháng) {month}",
    "{institution} {word} {word}? {word}? {day} (/ | - | tháng) {month}",
    "(đại đội | tiểu đoàn | trung đoàn | lữ đoàn | sư đoàn) nữ? ({troops}) {day} (/ | - | tháng) {month}",
    "(ở | tại | địa chỉ) {day} / {month} {name}",
    "xô viết tháng mười",
    "cách mạng tháng {in_month}",
    where=_is_no_numbered_thing,
    not_after="ra",
)


# Five of something, and no middle of a year: "giữa năm tỉnh".
RULES.lookalike(
    "giữa năm (tỉnh | thành phố | nước | quốc gia | huyện | xã | phường | quận | làng | đội | nhóm | bên | công ty)",
    where=lambda row, start, end: not row.opens_sentence(start),
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


def _is_no_short_date(row: Row, start: int, end: int) -> bool:
    """Formations and phone numbers have no year at their end: "4-4-2", but not "17-5-2013"."""
    return all(len(row.token(place)) <= 2 for place in range(start, end, 2))


def _are_sets(row: Row, start: int, end: int) -> bool:
    """Of "6-4, 6-3" one pair is no date, or the dates go back, or nobody plays sets of so few games on dates."""
    pairs = [(int(row.token(place)), int(row.token(place + 2))) for place in range(start, end, 4)]
    if any(month > 12 or not 0 < day <= 31 or not month for day, month in pairs):
        return True
    days = [(month, day) for day, month in pairs]
    return days != sorted(days) or all(day <= 7 and month <= 7 for day, month in pairs)


RULES.define("a_dashed_pair", "{two} - {two}")
RULES.define("a_tie_break", "<(> {a_dashed_pair} <)>")
RULES.lookalike("{two} - {two} - {two} (- {two})?", where=_is_no_short_date, not_before="/ | - | tháng | . {year}")
RULES.lookalike(
    "{a_dashed_pair} (, | và) {a_dashed_pair} (, {a_dashed_pair})? (, {a_dashed_pair})? (, {a_dashed_pair})?",
    where=_are_sets,
    not_before="/ | - | . | h | g | giờ | tháng | {unit}",
    not_after="{part_of_day} | ngày | {holiday} | từ",
)
RULES.lookalike(
    "{a_dashed_pair} {a_tie_break} (, {a_dashed_pair} {a_tie_break}?)? (, {a_dashed_pair} {a_tie_break}?)?"
    " (, {a_dashed_pair} {a_tie_break}?)?"
)
RULES.lookalike(
    "{scored} ({word} | là | còn | chung cuộc)? {a_score} (, {a_score})? (, {a_score})? (, {a_score})?",
    not_before="(/ | - | .) {year}",
)
RULES.lookalike(
    "{any_number} / {any_number} (trong (đó | số) | số | tổng)",
    "{any_number} / {any_number} / {any_number} / {any_number}",
)

# What an attribute makes a noun: "một năm để lại nhiều dấu ấn", "một ngày đáng nhớ".
RULES.lookalike("một (ngày | tuần | tháng | quý | năm | thập kỷ) ({attribute})")

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
