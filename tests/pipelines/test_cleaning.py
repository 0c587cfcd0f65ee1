"""The pipelines that clean an article."""

from __future__ import annotations

from dataclasses import replace

from vovcrawl.crawl.components import OF_CRAWLS
from vovcrawl.items import Article, Related
from vovcrawl.pages import parse_text
from vovcrawl.pipelines.drop_repeated_related import DropRepeatedRelated
from vovcrawl.pipelines.strip_boilerplate import StripBoilerplate

ARTICLE = parse_text("Chợ nổi vào mùa nước\nVOV.VN - Chợ đông.\nGhe hoa về bến.")


def test_boilerplate_is_stripped() -> None:
    raw: Article = replace(ARTICLE, description="VOV.VN - Chợ đông.")
    assert StripBoilerplate().process_item(raw) == ARTICLE


def test_repeated_related_articles_are_dropped() -> None:
    other = Related(None, None, "Hoa", None, "related")
    done: Article = DropRepeatedRelated().process_item(replace(ARTICLE, related=[other, other]))
    assert done.related == [other]


def test_an_article_that_was_read_passes_as_it_is() -> None:
    assert DropRepeatedRelated().process_item(StripBoilerplate().process_item(ARTICLE)) is ARTICLE


def test_an_item_of_the_user_s_own_passes_as_it_is() -> None:
    item = {"body": "Mời quý độc giả theo dõi VOV.VN trên"}
    assert DropRepeatedRelated().process_item(StripBoilerplate().process_item(item)) is item


def test_texts_are_clean_before_their_dates_are_read() -> None:
    names = sorted(OF_CRAWLS["ITEM_PIPELINES"], key=OF_CRAWLS["ITEM_PIPELINES"].__getitem__)
    assert [name.rpartition(".")[2] for name in names] == [
        "StampTime",
        "StripBoilerplate",
        "DropRepeatedRelated",
        "TagDates",
        "MarkDuplicates",
        "KeepArticle",
    ]
