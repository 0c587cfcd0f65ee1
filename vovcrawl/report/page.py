"""The report as one HTML page that stands alone, without scripts: its figures in their order, between head and foot."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from importlib.resources import files
from pathlib import PurePath

from vovcrawl import __version__
from vovcrawl.report import by_article, by_time, charts
from vovcrawl.report.facts import Facts
from vovcrawl.report.language import Language
from vovcrawl.report.parts import Drawing, Figure
from vovcrawl.report.verdict import judge, plain


def render(facts: Facts, language: Language, store: str) -> str:
    """The page.

    Args:
        facts: what it says.
        language: in which it says it.
        store: path or URL of the store, of which the page shows the last part.

    Raises:
        ImportError: a library of the extra `report` is not installed.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    style = files(__package__).joinpath("page.css").read_text("utf-8")
    # Whatever else a text might smuggle in, browsers take neither a script nor a style nor a picture from it.
    style_hash = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=PackageLoader(__package__, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    first, *others = figures(facts, language)
    count = 0

    def drawn(drawing: Drawing, label: str) -> str:
        nonlocal count
        count += 1
        return charts.sized(drawing.svg, count, label)

    return environment.get_template("page.html.jinja").render(
        say=language,
        verdict=judge(facts, language),
        stats=_stats(facts, language),
        first=first,
        figures=others,
        drawn=drawn,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'",
        version=__version__,
        store=plain(_called(store), 60),
    )


def figures(facts: Facts, language: Language) -> list[Figure]:
    """All figures of the report, that of the days first."""
    found = [
        by_time.days(facts, language),
        by_time.sections(facts, language),
        by_time.drifts(facts, language),
        by_time.templates(facts, language),
        by_time.runs(facts, language),
        by_article.missing(facts, language),
        by_article.warnings(facts, language),
        by_article.kinds(facts, language),
        by_article.authors(facts, language),
        by_article.lengths(facts, language),
        by_article.duplicates(facts, language),
        by_article.edits(facts, language),
        by_article.times(facts, language),
        by_article.linked(facts, language),
    ]
    for figure in found:
        if not (figure.drawings or figure.lists or figure.texts):
            figure.texts = [language("nothing")]
    return found


def _stats(facts: Facts, language: Language) -> list[tuple[str, str]]:
    characters = facts.totals.characters
    millions = characters / 1e6
    written = language.number(millions, 0 if millions >= 10 else 1) if millions >= 0.1 else language.number(characters)
    return [
        (language.number(facts.totals.articles), language("stat_articles")),
        (language.number(len(facts.days)), language("stat_days")),
        (language.number(facts.number_of_authors), language("stat_authors")),
        (written, language("stat_characters" if millions >= 0.1 else "stat_few_characters")),
    ]


def _called(store: str) -> str:
    """The last part of a path or URL; what follows it in a URL may hold a password."""
    return PurePath(store.partition("?")[0] if "://" in store else store).name
