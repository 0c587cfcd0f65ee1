"""The table of rules: every line beside a rule, files of the user's own, what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vovcrawl.cleaning import examples, rules
from vovcrawl.cleaning.rules import SHIPPED, Rule, RuleError, Where, read_table
from vovcrawl.pages import parse_article, parse_text

HEADLINE, LEAD = "Chợ nổi vào mùa nước", "Chợ nổi đông khách từ tờ mờ sáng, ghe hoa đậu kín bến."
PARAGRAPHS = (
    "Chợ họp từ ba giờ sáng, khi sương còn dày trên sông.",
    "Ghe hoa về bến lúc rạng đông, bà con mua bán vui.",
)
OF_TEXTS = (Where.LINE, Where.FOOTER, Where.FOOTER_WORDS, Where.NEWSPAPER, Where.RELATED, Where.OTHERS, Where.TAGS)
OF_BLOCKS = (Where.BLOCK, Where.END)
ROWS = pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.name)


def own(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    """The rules of a file of the user's own."""
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return examples.read_own(path)


def page(*paragraphs: str) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<html lang="vi"><body><article class="detail"><h1 class="article-title">{HEADLINE}</h1>
    <div class="article-summary">VOV.VN - {LEAD}</div><div class="text-long">{text}</div></article></body></html>"""


def body_of_page(*paragraphs: str) -> str:
    return parse_article(page(*paragraphs), "https://vov.vn/a/cho-noi-post1.vov").body


def body_of_text(*lines: str) -> str:
    return parse_text("\n".join([HEADLINE, f"VOV.VN - {LEAD}", *lines])).body


@ROWS
def test_each_rule_does_what_the_lines_beside_it_say(rule: Rule) -> None:
    examples.check(rule)


@ROWS
def test_each_line_of_the_table_comes_out_so_among_all_other_rules(rule: Rule) -> None:
    assert examples.applied(rule.where, rule.before) == rule.after
    assert [line for line in rule.stays if examples.applied(rule.where, line) != line] == []


@pytest.mark.parametrize("rule", [one for one in SHIPPED.rules if one.where in OF_BLOCKS], ids=lambda rule: rule.name)
def test_what_a_rule_for_paragraphs_drops_is_in_no_body(rule: Rule) -> None:
    whole = "\n\n".join(PARAGRAPHS)
    assert body_of_page(*PARAGRAPHS, rule.before) == body_of_text(*PARAGRAPHS, rule.before) == whole
    for line in rule.stays:
        assert body_of_page(PARAGRAPHS[0], line, PARAGRAPHS[1]) == f"{PARAGRAPHS[0]}\n\n{line}\n\n{PARAGRAPHS[1]}"


@pytest.mark.parametrize("rule", [one for one in SHIPPED.rules if one.where in OF_TEXTS], ids=lambda rule: rule.name)
def test_what_a_rule_for_saved_texts_drops_is_in_no_body_of_one_but_on_a_page_stays(rule: Rule) -> None:
    assert body_of_text(*PARAGRAPHS, rule.before) == "\n\n".join(PARAGRAPHS)
    assert rule.before in body_of_page(PARAGRAPHS[0], rule.before, PARAGRAPHS[1])


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        ("Mời quý độc giả theo dõi VOV.VN trên", False),
        ("Mời quí độc giả theo dõi VOV.VN trên Google News", False),
        ("Mời quý vị theo dõi VOV trên YouTube tại đây.", False),
        ("“Mời quý độc giả theo dõi chợ nổi trên VOV.VN”, ông chủ ghe hoa nói.", True),
        ("Ông Hai treo tấm bảng: Mời quý độc giả theo dõi VOV.VN trên Facebook.", True),
        ("Mời quý vị theo dõi cuộc trò chuyện của phóng viên với ông Hai.", True),
        ("Nút “Xem thêm” trên bảng giá làm khách khó chịu.", True),
        ("Chia sẻ", True),
        ("Bình luận", True),
    ],
)
def test_in_the_middle_of_a_page_s_text_a_line_stays_unless_it_is_a_call_beyond_doubt(line: str, is_kept: bool) -> None:
    kept = (PARAGRAPHS[0], line, PARAGRAPHS[1]) if is_kept else PARAGRAPHS
    assert body_of_page(PARAGRAPHS[0], line, PARAGRAPHS[1]) == "\n\n".join(kept)


@pytest.mark.parametrize("line", ["Nghe tại đây", "Bấm vào đây để nghe", "Xem thêm", "Ý kiến của bạn:"])
def test_what_is_dropped_at_the_end_of_a_text_stays_within_it(line: str) -> None:
    assert body_of_page(*PARAGRAPHS, line) == "\n\n".join(PARAGRAPHS)
    assert line in body_of_page(PARAGRAPHS[0], line, PARAGRAPHS[1])


def test_a_list_at_the_end_of_a_text_loses_nothing() -> None:
    html = page(*PARAGRAPHS).replace("</div></article>", "<ul><li>Chợ</li><li>Nghe tại đây</li></ul></div></article>")
    assert parse_article(html, "https://vov.vn/a/cho-noi-post1.vov").body.endswith("Chợ\n\nNghe tại đây")


def test_the_places_of_rules_are_all_used() -> None:
    assert {rule.where for rule in SHIPPED.rules} == set(Where)


RULE = """[[rule]]
name = "farewell"
where = "block"
text = ["chào tạm biệt [và] hẹn gặp lại[.|!]"]
before = "Chào tạm biệt và hẹn gặp lại!"
after = ""
stays = ["Chào tạm biệt và hẹn gặp lại, bà Hoa xuống ghe."]
"""


def test_a_file_of_the_user_s_own_adds_rules(tmp_path: Path) -> None:
    farewell = "Chào tạm biệt và hẹn gặp lại."
    try:
        rules.use_also(own(tmp_path, RULE))
        assert body_of_page(PARAGRAPHS[0], farewell, PARAGRAPHS[1]) == "\n\n".join(PARAGRAPHS)
        assert body_of_page(*PARAGRAPHS, "Mời quý độc giả theo dõi VOV.VN trên") == "\n\n".join(PARAGRAPHS)
    finally:
        rules.use_also(())
    assert farewell in body_of_page(PARAGRAPHS[0], farewell, PARAGRAPHS[1])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (RULE.replace("stays =", "keeps ="), "rule \"farewell\": unknown key 'keeps'"),
        (RULE.replace('after = ""\n', ""), 'rule "farewell": lacks after'),
        (RULE.replace('"block"', '"footer"'), "rule \"farewell\": unknown place 'footer'"),
        (RULE.replace('"block"', "3"), 'rule "farewell": where is to be a text'),
        (RULE.replace('after = ""', 'after = "Chào."'), "becomes '', not 'Chào.'"),
        (RULE.replace('before = "Chào', 'before = "Xin chào'), "becomes 'Xin chào tạm biệt"),
        (RULE.replace(", bà Hoa xuống ghe.", "."), "is to stay, but becomes ''"),
        (RULE.replace("[.|!]", "[.|!"), "'[' is not closed"),
        (RULE.replace("chào tạm biệt [và] hẹn gặp lại[.|!]", "..."), "would match every line"),
        (RULE.replace("farewell", "Lời chào"), "rule 1: its name has more than small letters"),
        (RULE + RULE, 'rule "farewell": a second one of this name'),
        (RULE.replace("farewell", "share"), 'rule "share": one of the project\'s own has this name'),
        (RULE.replace("text = [", "text = [1, "), "text is to be a list of texts"),
        ("[[rules]]", "right would be [[rule]]"),
        ("name = ", "not TOML"),
    ],
)
def test_a_file_with_a_mistake_is_refused_in_one_line_that_says_which(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(RuleError, match=re.escape(said)) as refusal:
        own(tmp_path, wrong)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_or_no_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="there is no such file"):
        examples.read_own(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("name = 'Chào'".encode("utf-16"))
    with pytest.raises(RuleError, match="not UTF-8: byte 0"):
        examples.read_own(tmp_path / "latin.toml")


def test_a_file_from_another_system_is_read() -> None:
    assert [rule.name for rule in read_table(b"\xef\xbb\xbf" + RULE.replace("\n", "\r\n").encode())] == ["farewell"]
