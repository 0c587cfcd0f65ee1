"""Archives in which articles are captured again and again, moved, mixed up and broken; and datasets read back."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from tests.archives.warc_files import http, not_modified, packed, record, response, revisit
from tests.pages.snippets import page
from vovcrawl.archives.dataset import inputs, making
from vovcrawl.archives.dataset.choosing import options_of
from vovcrawl.export.target import Target

READ_AT = "2026-07-20T03:00:00+00:00"
_TIMES = {"date_published": "Asia/Ho_Chi_Minh", "date_modified": "Asia/Ho_Chi_Minh", "fetched_at": "UTC"}

_WORDS = "ghe thuyền chợ nổi nước lên trời sáng khách đến đông bến sông mùa lũ bán mua trái cây rau cá".split()
_BLOCKED = b"<html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry</body></html>"
_LISTING = page("<p>x</p>", address="https://vov.vn/xa-hoi", body_class="page-taxonomy").encode()


def text_of(seed: str, words: int = 60) -> str:
    """An invented text; the same for the same seed."""
    return " ".join(random.Random(seed).choices(_WORDS, k=words))


def article_page(
    url: str | None, headline: str, text: str, published: str | None = "2026-07-16T08:46:00+07:00"
) -> bytes:
    """The page of an article, whose canonical link is `url`."""
    h1 = f'<h1 class="article-title mb-0">{headline}</h1>'
    return page(f"<p>{text}</p>", address=url, h1=h1, published=published).encode()


def mixed_up(folder: Path, seed: int, records: int = 120) -> list[Path]:
    """An archive of some files in which few articles are captured often, in all the ways that make it hard to say which
    captures are of one article and which one is its current text."""
    chance = random.Random(seed)
    folder.mkdir()
    paths = []
    for number in range(3):
        path = folder / f"{number}.warc.gz"
        path.write_bytes(packed(record("warcinfo", b"software: invented\r\n"), *_captures(chance, records)))
        paths.append(path)
    plain = folder / "plain.warc"
    plain.write_bytes(b"".join(_captures(chance, records // 2)))
    lines = folder / "texts.jsonl.gz"
    lines.write_bytes(gzip.compress("".join(_lines(chance, records // 3)).encode(), mtime=0))
    return [*paths, plain, lines]


def _captures(chance: random.Random, count: int) -> Iterable[bytes]:
    before: list[tuple[str, bytes, str]] = []
    for _ in range(count):
        number = chance.randint(100001, 100012)
        post = chance.choice(["post", "post", "post", ""])
        url = (
            f"https://vov.vn/{chance.choice(['xa-hoi', 'doi-song'])}/{chance.choice(['mot', 'hai'])}-{post}{number}.vov"
        )
        other = f"https://vov.vn/xa-hoi/mot-post{number}.vov"
        canonical = chance.choice([url, url, url, url, other, None])
        date = f"2026-07-{chance.randint(16, 19)}T0{chance.randint(0, 9)}:00:00Z"
        version = chance.randint(1, 3)
        body = article_page(canonical, f"Bài số {number}", text_of(f"{number} {version}"))
        kind = chance.random()
        if kind < 0.7:
            before.append((url, body, date))
            yield response(url, body, date=date)
        elif kind < 0.8 and before:
            of_url, of_body, of_date = chance.choice(before)
            yield revisit(of_url, of_body, date=date, refers_to=of_url, refers_date=of_date)
        elif kind < 0.84:
            yield revisit(url, b"%d" % number, date=date)
        elif kind < 0.88:
            yield response(url, _BLOCKED, date=date)
        elif kind < 0.9:
            yield response(f"https://vov.vn/xa-hoi/lac-post{number + 500}.vov", _BLOCKED, date=date)
        elif kind < 0.93:
            yield response(url, body[:300], date=date, fields=[("WARC-Truncated", "length")])
        elif kind < 0.96:
            yield response("https://vov.vn/xa-hoi", _LISTING, date=date)
        elif kind < 0.98:
            yield not_modified(url)
        else:
            yield record("request", http(b""), [("WARC-Target-URI", url)])


def _lines(chance: random.Random, count: int) -> Iterable[str]:
    for place in range(count):
        number = chance.randint(100001, 100012)
        text = f"Bài số {number}\n\nVOV.VN - Chợ đông.\n\n{text_of(f'{number} {chance.randint(1, 4)}')}."
        line: dict[str, Any] = {"text": text}
        if chance.random() < 0.7:
            line["url"] = f"https://vov.vn/xa-hoi/mot-post{number}.vov"
        if chance.random() < 0.5:
            line["timestamp"] = f"2026-07-1{chance.randint(6, 9)}T05:00:00Z"
        if chance.random() < 0.5:
            line["published"] = "2026-07-16T08:00"
        yield "no object\n" if place == 3 else json.dumps(line, ensure_ascii=False) + "\n"


def made_here(paths: Iterable[Path | str], folder: Path, **given: Any) -> making.Made:
    """A dataset, made in this process."""
    slice_bytes = given.pop("slice_bytes", 1 << 25)
    storage_options = given.pop("storage_options", None)
    options = options_of(**{"read_at": READ_AT, "now": datetime(2026, 7, 20, tzinfo=UTC), **given})
    target = Target(str(folder), is_folder=True, force=False)
    target.check()
    return making.make(None, inputs.find(list(paths), storage_options), options, target, slice_bytes)


def records_of(folder: Path, table: str = "data") -> list[dict[str, Any]]:
    """The rows of a table of a dataset, records as a feed has them."""
    rows: list[dict[str, Any]] = ds.dataset(folder / table, format="parquet").to_table().to_pylist()
    for row in rows:
        for name in _TIMES.keys() & row.keys():
            if row[name] is not None:
                row[name] = row[name].astimezone(ZoneInfo(_TIMES[name])).isoformat()
        if "extra" in row:
            row["extra"] = json.loads(row["extra"])
    return rows


def failures_of(folder: Path) -> list[dict[str, Any]]:
    """What could not be read."""
    rows: list[dict[str, Any]] = pq.read_table(folder / "failures" / "part-0.parquet").to_pylist()
    return rows
