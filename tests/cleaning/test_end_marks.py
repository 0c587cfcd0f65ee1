"""The newspaper's end mark."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.strategies import ANY_TEXT
from vovcrawl import text
from vovcrawl.cleaning.end_marks import with_plain_end, with_plain_marks


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
    assert with_plain_end(raw) == plain


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
    assert with_plain_marks(raw) == plain


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_plain_marks_cost_no_letter(raw: str) -> None:
    cleaned = text.clean(raw)
    assert [one for one in with_plain_marks(cleaned) if one.isalnum()] == [one for one in cleaned if one.isalnum()]
