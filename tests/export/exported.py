"""Stores to export from, and the command in this process."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from scrapy.cmdline import ScrapyArgumentParser
from scrapy.settings import Settings

from tests.stores import open_store, store_at
from vovcrawl.commands.export import Command
from vovcrawl.items import Article, Author, Block, Image, Link, Related, TimeExpression, content_hash
from vovcrawl.store import ArticleStore

_WORDS = [
    f"{first}{last}" for first in "b c d đ g h k l m n p r s t v x".split() for last in "a ông inh ươc ên".split()
]


@dataclass(frozen=True)
class Ended:
    """How the command ended."""

    status: int
    out: str
    err: str


def export(store: Path, *given: str) -> Ended:
    """`scrapy export` with these words and options."""
    command = Command()
    settings = Settings()
    settings.setmodule("vovcrawl.settings")
    settings.set("VOV_DATABASE", store_at(store), priority="cmdline")
    command.settings = settings
    parser = ScrapyArgumentParser(prog="scrapy export", conflict_handler="resolve", add_help=False)
    out, err = StringIO(), StringIO()
    mask = os.umask(0o022)
    os.umask(mask)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            command.add_options(parser)
            opts, args = parser.parse_known_args(list(given))
            command.process_options(args, opts)
            command.run(args, opts)
        status = 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    finally:
        os.umask(mask)
    return Ended(status, out.getvalue(), err.getvalue())


def article(number: int, published: str | None = "2026-07-10", **changes: Any) -> Article:
    """An article of a number, published on a day at 08:00, that says something in each of its lists."""
    url = f"https://vov.vn/xa-hoi/tin-post{number}.vov"
    headline, description = f"Chợ phiên số {number} mở cửa", "“Đông vui”, chị Lành nói."
    # Words of its own, so that it repeats no other article.
    own = " ".join(Random(number).choices(_WORDS, k=30))
    body = f"Chợ phiên thứ {number} họp ngày 5/7.\n\nBà con đến từ sáng sớm: {own}."
    made = Article(
        id=f"post{number}",
        url=url,
        canonical_url=url,
        content_type="article",
        headline=headline,
        description=description,
        body=body,
        blocks=[Block("paragraph", 0, body.index("\n")), Block("paragraph", body.index("\n") + 2, len(body))],
        section="xa-hoi",
        section_name="Xã hội",
        authors=[Author("Bích Thuận", "VOV-Tây Bắc", "Bích Thuận/VOV-Tây Bắc"), Author("Vũ Mến", None, "Vũ Mến")],
        keywords=["chợ phiên", "Sa Pa"],
        date_published=f"{published}T08:00:00+07:00" if published and "T" not in published else published,
        images=[Image("https://media.vov.vn/a.jpg", "Một góc chợ", None)],
        related=[Related("post1", "https://vov.vn/xa-hoi/tin-post1.vov", "Tin khác", None, "related")],
        links=[Link("https://vov.vn/xa-hoi/tin-post2.vov", "Bà con", body.index("Bà"), body.index("Bà") + 6)],
        time_expressions=[
            TimeExpression("body", body.index("ngày"), body.index(".\n"), "ngày 5/7", "DATE", "2026-07-05", None, False)
        ],
        fetched_at="2026-07-11T05:00:00+00:00",
        template="drupal-2026",
    )
    made = replace(made, **changes)
    return replace(made, content_hash=content_hash(made.headline, made.description, made.body))


def stored(path: Path, kept: Iterable[Article]) -> Path:
    """A store with these articles."""
    database = open_store(path)
    articles = ArticleStore(database.connection)
    for each in kept:
        articles.keep(each)
    database.connection.commit()
    database.close()
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, hidden ones included, by its path from there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
