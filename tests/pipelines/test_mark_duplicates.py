"""Reading the words of an article before the store is locked for writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawlers import make_crawler
from tests.store.test_duplicate_store import ORIGINAL, at
from vovcrawl import near_duplicates
from vovcrawl.pipelines.mark_duplicates import MarkDuplicates


def test_the_store_need_not_read_the_words_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crawler, context, _ = make_crawler(tmp_path)
    article = at(1, ORIGINAL)
    assert MarkDuplicates.from_crawler(crawler).process_item(article) is article
    monkeypatch.setattr(near_duplicates, "read", None)
    assert context.articles.duplicates.put(article) is None
    context.close()


def test_an_item_of_the_user_s_own_passes(tmp_path: Path) -> None:
    crawler, context, _ = make_crawler(tmp_path)
    item = {"a": 1}
    assert MarkDuplicates.from_crawler(crawler).process_item(item) is item
    context.close()
