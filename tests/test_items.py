"""The record's published schema, its hash and its closed list of warnings."""

from __future__ import annotations

import ast
import json
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vovcrawl.pages
from sample_site.render_article import render_article
from sample_site.site import load_site
from sample_site.story import Story
from tests.strategies import articles
from vovcrawl import items
from vovcrawl.items import TAGGED, UNTAGGED, Article, content_hash
from vovcrawl.pages import parse_article, parse_text
from vovcrawl.visits import RENDERED, UNRENDERED

ROOT = Path(__file__).parent.parent
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "article.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SITE = load_site()


def as_line(article: Article) -> dict[str, Any]:
    """The article as a line of a feed gives it back."""
    record: dict[str, Any] = json.loads(json.dumps(asdict(article), ensure_ascii=False))
    return record


def stamped(article: Article) -> Article:
    article.fetched_at = "2026-07-16T05:00:00+00:00"
    return article


@pytest.fixture
def record() -> dict[str, Any]:
    text = "Chợ nổi vào mùa nước\nVOV.VN - Chợ đông từ tờ mờ sáng.\nGhe thuyền đậu kín bến."
    return as_line(stamped(parse_text(text)))


def test_the_published_schema_is_the_record_s() -> None:
    published = (ROOT / "docs" / "article.schema.json").read_text(encoding="utf-8")
    assert published == json.dumps(items.json_schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_field_is_required_and_described() -> None:
    names = [field.name for field in fields(Article)]
    assert SCHEMA["required"] == list(SCHEMA["properties"]) == names
    assert all(part["description"] for part in SCHEMA["properties"].values())


@pytest.mark.parametrize("story", SITE.stories.values(), ids=lambda story: story.id)
def test_the_record_of_every_story_fits_the_schema(story: Story) -> None:
    article = stamped(parse_article(render_article(story, SITE), story.url))
    assert [error.message for error in VALIDATOR.iter_errors(as_line(article))] == []


def test_the_record_of_a_text_fits_the_schema(record: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(record)


@pytest.mark.parametrize(
    "change",
    [
        {"fetched_at": None},
        {"headline": None},
        {"content_type": "interview"},
        {"source": "cache"},
        {"keywords": None},
        {"keywords": [1]},
        {"blocks": [{"type": "heading", "start": 0, "end": 1}]},
        {"blocks": [{"type": "paragraph", "start": 0}]},
        {"related": [{"id": None, "url": None, "headline": "a", "description": None, "placement": "footer"}]},
        {"images": [{"url": "https://vov.vn/a.jpg", "caption": None, "credit": None, "width": 3}]},
        {"extra": 1},
    ],
)
def test_the_schema_refuses_what_is_no_record(record: dict[str, Any], change: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(record | change)


def test_the_schema_misses_a_missing_field(record: dict[str, Any]) -> None:
    del record["duplicate_of"]
    assert not VALIDATOR.is_valid(record)


def test_an_edit_of_any_text_changes_the_hash() -> None:
    hashes = {
        content_hash("Chợ", "Đông", "Vui"),
        content_hash("Chợ.", "Đông", "Vui"),
        content_hash("Chợ", "Đông.", "Vui"),
        content_hash("Chợ", "Đông", "Vui."),
        content_hash("Chợ", "ĐôngVui", ""),
        content_hash("ChợĐông", None, "Vui"),
        content_hash("Chợ", None, "ĐôngVui"),
    }
    assert len(hashes) == 7


def test_the_hash_is_of_headline_lead_and_body_alone() -> None:
    story = SITE.newest[0]
    article = parse_article(render_article(story, SITE), story.url)
    assert article.content_hash == content_hash(article.headline, article.description, article.body)


def test_the_vocabulary_of_warnings_is_what_the_readers_say() -> None:
    folder = Path(str(vovcrawl.pages.__file__)).parent
    said = {
        node.value
        for source in folder.glob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.partition(":")[0] in ("missing", "fallback", "disagree", "damaged")
        and " " not in node.value
    }
    of_crawls = {RENDERED, UNRENDERED, TAGGED, UNTAGGED}
    assert said == items.WARNINGS.keys() - of_crawls
    assert of_crawls <= items.WARNINGS.keys()


def test_every_warning_names_a_field_or_a_part_of_the_page_and_says_what_it_means() -> None:
    names = {field.name for field in fields(Article)} | {"json_ld", "markup"}
    assert {
        warning.partition(":")[2] for warning in items.WARNINGS.keys() - {RENDERED, UNRENDERED, TAGGED, UNTAGGED}
    } <= names
    assert all(items.WARNINGS.values())


@given(articles())
def test_a_record_as_json_is_the_record(article: Article) -> None:
    assert json.loads(article.to_json()) == article.to_dict() == asdict(article)


@given(articles())
def test_an_article_comes_back_from_its_record(article: Article) -> None:
    assert Article.from_dict(article.to_dict()) == article
    assert Article.from_dict(json.loads(article.to_json())) == article


def test_a_record_has_the_fields_of_the_schema_in_their_order() -> None:
    story = SITE.newest[0]
    article = parse_article(render_article(story, SITE), story.url)
    assert list(article.to_dict()) == list(json.loads(article.to_json())) == SCHEMA["required"]


def names(*, required: bool) -> list[str]:
    """The record's fields that have no default, or those that have one."""
    return [
        one.name for one in fields(Article) if (one.default is MISSING and one.default_factory is MISSING) == required
    ]


@given(articles(), st.sets(st.sampled_from(names(required=False))))
def test_a_record_of_an_earlier_shape_has_the_defaults_of_what_it_lacks(article: Article, lacking: set[str]) -> None:
    record = article.to_dict()
    read = Article.from_dict({name: value for name, value in record.items() if name not in lacking})
    bare = Article(id="", url=None, canonical_url="", content_type="article", headline="", template="").to_dict()
    assert read.to_dict() == record | {name: bare[name] for name in lacking}


def test_an_earlier_version_of_the_record_stays_what_it_says(record: dict[str, Any]) -> None:
    assert Article.from_dict(record | {"schema_version": 1, "reader_version": 1}).schema_version == 1


@given(articles(), st.sets(st.sampled_from(names(required=True)), min_size=1))
def test_a_record_that_lacks_what_has_no_default_is_refused_by_name(article: Article, lacking: set[str]) -> None:
    kept = {name: value for name, value in article.to_dict().items() if name not in lacking}
    with pytest.raises(TypeError) as caught:
        Article.from_dict(kept)
    assert (
        str(caught.value) == f"the record lacks {', '.join(name for name in names(required=True) if name in lacking)}"
    )


@given(articles(), st.sets(st.text().filter(lambda name: name not in SCHEMA["properties"]), min_size=1))
def test_a_record_with_fields_that_are_none_of_the_articles_is_refused_by_name(article: Article, own: set[str]) -> None:
    with pytest.raises(TypeError) as caught:
        Article.from_dict(article.to_dict() | dict.fromkeys(own))
    assert str(caught.value) == f"the record has unknown {', '.join(own)}"


PARTS = [
    ({"blocks": [{"type": "quote", "start": 0, "end": 1}, {"start": 0}]}, "blocks[1] lacks type, end"),
    (
        {"authors": [{"name": "A", "affiliation": None, "nickname": "B"}]},
        "authors[0] lacks name_raw and has unknown nickname",
    ),
    ({"images": ["https://vov.vn/a.jpg"]}, "images[0] is no object but of type str"),
    ({"keywords": "chợ"}, "keywords is no list but of type str"),
    ({"related": None}, "related is no list but of type NoneType"),
]


@pytest.mark.parametrize(("change", "says"), PARTS, ids=[says for _, says in PARTS])
def test_a_wrong_part_of_a_record_is_refused_by_its_place(
    record: dict[str, Any], change: dict[str, Any], says: str
) -> None:
    with pytest.raises(TypeError) as caught:
        Article.from_dict(record | change)
    assert str(caught.value) == says


@pytest.mark.parametrize("wrong", ["{}", None, [("id", "post1")]], ids=repr)
def test_what_is_no_record_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"^the record is no object but of type {type(wrong).__name__}$"):
        Article.from_dict(wrong)


def test_an_article_shares_no_list_with_its_record(record: dict[str, Any]) -> None:
    Article.from_dict(record).keywords.append("chợ")
    assert record["keywords"] == []


def test_a_record_may_lack_what_has_a_default(record: dict[str, Any]) -> None:
    del record["keywords"], record["blocks"]
    article = Article.from_dict(record)
    assert (article.keywords, article.blocks) == ([], [])
