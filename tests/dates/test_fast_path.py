"""Reading only the sentences that can say a time finds what reading the whole text does."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from hypothesis import example, given
from hypothesis import strategies as st

from tests.dates.marked_sentences import load
from tests.dates.test_find_dates import TIME_LIKE_TEXT
from tests.strategies import ANY_TEXT, MESSY_TEXT
from tests.strategies import SENTENCE as PROSE
from vovcrawl.dates import Recognition, find_dates
from vovcrawl.dates.patterns import VOCABULARY
from vovcrawl.dates.recognition import recognized
from vovcrawl.dates.syllables import read_row

REFERENCE = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31))
MARKED = st.sampled_from([sentence.text for sentence in load()])
NEUTRAL = "Người dân trong vùng trồng lúa, nuôi cá và giữ rừng; chợ họp bên sông, ai cũng quen nhau. "
LONG_PROSE = st.integers(1, 6).map(lambda times: NEUTRAL * times)
HALF_WORDS = st.lists(
    st.sampled_from(
        ["một", "hai", "năm", "tháng", "sáng", "thứ", "đầu", "3", "12", "2015", "1.200", "70%", "bàn", "ghế,"]
    ),
    min_size=1,
    max_size=20,
).map(lambda words: " ".join(words).capitalize() + ".")
"""Words that begin a time and mostly come to none."""

CHANGE = st.sampled_from(
    [
        lambda text: text,
        lambda text: unicodedata.normalize("NFD", text),
        str.upper,
        str.title,
        lambda text: text.replace("oà", "òa").replace("úy", "uý").replace("ỷ", "ỉ"),
        lambda text: text.replace(" ", " \u200b"),
        lambda text: text.replace("n", "n\u00ad"),
        lambda text: text.replace(". ", ".\u00a0"),
        lambda text: text.replace(".", "…"),
        lambda text: text.removesuffix("."),
        lambda text: f"“{text}”",
    ]
)
PIECE = st.builds(
    lambda text, change: change(text),
    st.one_of(MARKED, MARKED, PROSE, LONG_PROSE, HALF_WORDS, TIME_LIKE_TEXT, MESSY_TEXT, ANY_TEXT),
    CHANGE,
)
ARTICLE = st.lists(
    st.tuples(PIECE, st.sampled_from([" ", " ", "\n", "\n\n", "", ", ", ". ", " \r\n"])), max_size=12
).map(lambda pieces: "".join(text + blank for text, blank in pieces))


@given(ARTICLE, REFERENCE)
@example("Trời mưa. Mai tôi ra đồng.", datetime(2023, 10, 14))
@example("Trận đấu vào 26-3. Trời mưa.", datetime(2023, 10, 14))
@example("Sông 3.000 mét. Ngày 8.6 trời mưa? Vâng! 8.6.2023…", datetime(2023, 10, 14))
def test_skipping_sentences_changes_nothing_that_is_found(text: str, reference: datetime | None) -> None:
    whole = Recognition(text, recognized([read_row(text, VOCABULARY)]))
    assert find_dates(text, reference) == whole.normalize(reference)


@given(st.lists(MARKED, min_size=2, max_size=4), LONG_PROSE, REFERENCE)
def test_prose_without_a_time_between_sentences_changes_no_value(
    sentences: list[str], prose: str, reference: datetime | None
) -> None:
    near = find_dates("\n".join(sentences), reference)
    far = find_dates(f"\n{prose}\n".join(sentences), reference)
    assert [(one.text, one.value, one.mod, one.conflict) for one in far] == [
        (one.text, one.value, one.mod, one.conflict) for one in near
    ]
