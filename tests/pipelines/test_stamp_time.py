"""Stamping an article with its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from vovcrawl.items import Article
from vovcrawl.pipelines.stamp_time import StampTime


def test_the_stamp_is_now_in_utc_to_the_second() -> None:
    article = Article(id="1", url=None, canonical_url="urn:x", content_type="article", headline="Tin", template="text")
    stamped = StampTime().process_item(article).fetched_at
    assert stamped is not None
    assert stamped.endswith("+00:00")
    assert timedelta() <= datetime.now(UTC) - datetime.fromisoformat(stamped) < timedelta(minutes=1)
