"""Lines of boilerplate as the table has them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import MESSY_TEXT
from vovcrawl.cleaning import templates
from vovcrawl.cleaning.templates import TemplateError


def fits(template: str, line: str) -> bool:
    return re.fullmatch(templates.read(template).pattern, line, re.IGNORECASE) is not None


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("chia sẻ", ["Chia sẻ", "CHIA SẺ"]),
        ("từ khóa", ["Từ khóa", "từ khoá", "TỪ KHOÁ"]),
        ("Toà soạn", ["Tòa soạn", "TOÀ SOẠN"]),
        ("mời [quý] độc giả", ["Mời quý độc giả", "mời độc giả", "Mời quý độc giả"]),
        ("[kính] mời", ["Kính mời", "Mời"]),
        ("{độc giả|bạn đọc} thân mến", ["Độc giả thân mến", "Bạn đọc thân mến"]),
        ("copy link [thành công][!]", ["Copy link", "Copy link thành công", "Copy link thành công!", "copy link!"]),
        ("nghe ... tại đây", ["Nghe tại đây", "Nghe bản tin sáng tại đây", "Nghe ở đây và tại đây"]),
        ("xem ...", ["Xem", "Xem chợ nổi"]),
        ("tags: ...", ["Tags:", "Tags: chợ", "Tags :chợ"]),
        ("VOV -", ["VOV - ", "VOV –", "VOV—"]),
        ("*@vov.vn", ["toasoan@vov.vn", "a.b-c@vov.vn"]),
        ("bình luận (#)", ["Bình luận (12)", "Bình luận (1.200)"]),
        ("giá | sỉ", ["giá | sỉ", "giá|sỉ"]),
    ],
)
def test_a_template_fits_what_it_is_for(template: str, lines: list[str]) -> None:
    assert [line for line in lines if not fits(template, line)] == []


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("chia sẻ", ["Chia sẻ nhé", "chia xẻ", ""]),
        ("mời [quý] độc giả", ["Mời quýđộc giả", "Mời quý quý độc giả"]),
        ("nghe ... tại đây", ["Nghenhạc tại đây", "Nghe ngoại đây", "Nghe " + "a" * 61 + " tại đây"]),
        ("nghe ...5 tại đây", ["Nghe bản tin tại đây"]),
        ("VOV -", ["VOV", "VOV1 - "]),
        ("*@vov.vn", ["gửi về toasoan@vov.vn"]),
        ("bình luận (#)", ["Bình luận (hay)"]),
    ],
)
def test_a_template_fits_nothing_else(template: str, lines: list[str]) -> None:
    assert [line for line in lines if fits(template, line)] == []


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (" ", "no words"),
        ("{}", "no words"),
        ("...", "would match every line"),
        ("[chợ]", "would match every line"),
        ("{chợ", "is not closed"),
        ("chợ]", "closes nothing"),
        ("[chợ ...] hoa", "within brackets"),
        ("a ... b ... c ... d ... e", "more than 3 times"),
        ("chợ ...700", "longer than 600"),
        ("a * b * c *", "more than 2 times"),
        ("a" + "[b]" * 20, "too many brackets"),
        ("[a[b[c[d]]]]e", "too many brackets"),
        ("a" * 500, "more than 400 characters"),
    ],
)
def test_what_is_no_template_is_refused(template: str, said: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(said)):
        templates.read(template)


@given(st.lists(st.sampled_from([*"[]{}|*#:-. chợ", "...", "...30", "độc giả"]), max_size=12).map("".join), MESSY_TEXT)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_template_that_can_be_matched_or_is_refused(template: str, line: str) -> None:
    try:
        read = templates.read(template)
    except TemplateError:
        return
    match = re.match(read.pattern, line, re.IGNORECASE)
    if match is not None:
        assert match.end() <= read.longest
        assert read.first is None or match[0][:1] in read.first
