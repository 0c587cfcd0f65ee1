"""Pages that lead to another one by themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.snippets import STORY, page
from vovcrawl.pages import NotAnArticle, Reason, parse_article

TARGET = "https://vov.vn/the-gioi/cau-moi-post1315002.vov"
ENCODED = "https%3A%2F%2Fvov.vn%2Fthe-gioi%2Fcau-moi-post1315002.vov"


def refused(html: str) -> NotAnArticle:
    with pytest.raises(NotAnArticle) as caught:
        parse_article(html, STORY)
    return caught.value


def by_script(script: str) -> NotAnArticle:
    return refused(f"<html><head></head><body><script>{script}</script></body></html>")


@pytest.mark.parametrize(
    "script",
    [
        f'window.location.href="{TARGET}"',
        f'window.location.href="{ENCODED}";',
        f"location = '{TARGET}'\nsend()",
        f"document.location.replace('{TARGET}');",
        f"self.location.assign(`{TARGET}`)",
        f"setTimeout(function () {{ top.location.href = '{TARGET}' }}, 100)",
        f"window.location.href=decodeURIComponent('{ENCODED}');",
        'location.href = "https:\\/\\/vov.vn\\/the-gioi\\/cau-moi-post1315002.vov"',
        'location.href = "https:\\x2f\\u002fvov.vn/the-gioi/cau-moi-post1315002.vov"',
        f'if (a) {{ location = "{TARGET}" }} else {{ location = "{TARGET}" }}',
    ],
)
def test_a_target_written_as_one_literal_is_found(script: str) -> None:
    refusal = by_script(script)
    assert (refusal.reason, refusal.target) == (Reason.REDIRECT, TARGET)
    assert str(refusal) == f"a page that only leads to another: {TARGET}"


@pytest.mark.parametrize(
    "script",
    [
        "location.href = '/the-gioi/' + number",
        "location.href = '/the-gioi'\n  + number",
        "location.href = '/the-gioi'.concat(number)",
        "location.href = `/the-gioi/${number}`",
        "location.href = target;",
        "location.replace(decodeURIComponent(target))",
        "location.href = mobile ? '/m' : '/';",
        "if (mobile) location = '/m'; else location = '/d'",
        "location.href = '/the-gioi",
        f"location.href = '{'/xa-hoi' * 2_000}'",
    ],
)
def test_a_target_that_a_script_computes_is_not_guessed(script: str) -> None:
    refusal = by_script(script)
    assert (refusal.reason, refusal.target) == (Reason.REDIRECT, None)


@pytest.mark.parametrize(
    "script",
    ["if (location.href == '/x') show()", "var here = location.href", "relocation = '/x'", "my.location = '/x'"],
)
def test_a_script_that_leads_nowhere_is_no_redirect(script: str) -> None:
    assert by_script(script).reason is not Reason.REDIRECT


@pytest.mark.parametrize(
    "content",
    [
        f"0; url={TARGET}",
        f"0;URL='{TARGET}'",
        f'3 ; url = "{TARGET}" x',
        f"0 {TARGET}",
        f"0, {TARGET}",
    ],
)
def test_a_refresh_names_its_target(content: str) -> None:
    escaped = content.replace('"', "&quot;")
    assert refused(f'<html><head><meta http-equiv="Refresh" content="{escaped}"></head></html>').target == TARGET


@pytest.mark.parametrize(
    "html",
    [
        "<meta http-equiv='refresh' content='30'>",
        "<meta http-equiv='refresh' content=''>",
        "<meta http-equiv='refresh'>",
        f"<meta name='refresh' content='0; url={TARGET}'>",
        f"<noscript><meta http-equiv='refresh' content='0; url={TARGET}'></noscript>",
    ],
)
def test_a_refresh_without_a_target_is_no_redirect(html: str) -> None:
    assert refused(f"<html><body>{html}</body></html>").reason is not Reason.REDIRECT


def test_an_article_with_such_a_script_is_an_article() -> None:
    script = f"<script>function back() {{ location.href = '{TARGET}' }}</script>"
    assert parse_article(page(f"<p>Một.</p>{script}"), STORY).body == "Một."


def test_a_target_in_a_message_is_one_clean_line() -> None:
    refusal = by_script(r'location.href = "https://example.org/\x1b[31m\n' + "a" * 1000 + '"')
    assert str(refusal).isprintable()
    assert len(str(refusal)) < 300


@given(st.text(alphabet="location.href=()'\"`\\/+; \n\tx", max_size=200))
def test_any_script_is_read_without_harm(script: str) -> None:
    by_script(script)


@pytest.mark.parametrize(("behind", "target"), [("next()", "/a"), (";", "/a"), (".x", None)])
def test_any_number_of_line_ends_may_stand_behind_a_target(behind: str, target: str | None) -> None:
    assert by_script("location = '/a'" + " \n" * 50_000 + behind).target == target
