"""The figures that count articles: what they lack, what they are, and what they say."""

from __future__ import annotations

from collections import Counter

from vovcrawl.report import charts
from vovcrawl.report.charts import Bar, Column
from vovcrawl.report.facts import Facts
from vovcrawl.report.language import Language, messages
from vovcrawl.report.parts import (
    Cell,
    Drawing,
    Figure,
    Table,
    add_bars,
    largest,
    number_cell,
    share_cell,
    table_of_articles,
    with_share,
)
from vovcrawl.report.verdict import plain
from vovcrawl.store.report import LENGTH_STEP

_LENGTHS = 40
"""Columns of the figure of lengths; the last one holds whatever is longer."""
_LARGE_GROUP = 6


def missing(facts: Facts, language: Language) -> Figure:
    """The fields that articles lack."""
    found = [(language(f"field_{name}"), count) for name, count in largest(facts.missing)]
    figure = Figure("missing", language("missing"), [language("missing_text" if found else "missing_none")])
    if facts.odd_dates:
        figure.texts.append(language("odd_dates", n=facts.odd_dates))
    add_bars(figure, found, language("field"), language("articles"), facts.totals.articles, language)
    return figure


def warnings(facts: Facts, language: Language) -> Figure:
    """What the reader was not sure of."""
    found = largest(facts.warnings)
    figure = Figure("warnings", language("warnings"), [language("warnings_text" if found else "warnings_none")])
    if found:
        total = facts.totals.articles
        rows = [Bar(_meaning(name, language), count, with_share(count, total, language)) for name, count in found]
        figure.drawings.append(Drawing(charts.bars(rows)))
        cells = [
            [
                Cell(plain(name, 60)),
                Cell(_meaning(name, language)),
                number_cell(count, language),
                share_cell(count, total, language),
            ]
            for name, count in found
        ]
        head = [language("warning"), language("meaning"), language("articles"), language("share")]
        figure.tables.append(Table(head, cells))
    return figure


def _meaning(warning: str, language: Language) -> str:
    return language(warning) if ":" in warning and warning in messages() else plain(warning, 60)


def kinds(facts: Facts, language: Language) -> Figure:
    """The content types."""
    found = [(_kind(named.name, language), named.count) for named in facts.kinds]
    figure = Figure("kinds", language("kinds"), [])
    if found:
        share = language.percent(found[0][1] / facts.totals.articles)
        figure.texts.append(language("kinds_text", share=share, kind=found[0][0]))
    add_bars(figure, found, language("kind"), language("articles"), facts.totals.articles, language)
    return figure


def _kind(kind: str | None, language: Language) -> str:
    name = f"kind_{kind}"
    return language(name) if name in messages() else plain(kind, 40)


def authors(facts: Facts, language: Language) -> Figure:
    """The names that sign most articles."""
    figure = Figure("authors", language("authors"), [])
    if facts.totals.articles:
        share = language.percent(facts.missing["authors"] / facts.totals.articles)
        figure.texts.append(language("authors_text", n=facts.number_of_authors, share=share))
    found = [(plain(named.name, 60), named.count) for named in facts.authors]
    add_bars(figure, found, language("author"), language("articles"), None, language)
    return figure


def lengths(facts: Facts, language: Language) -> Figure:
    """How long the texts are."""
    figure = Figure("lengths", language("lengths"), [])
    if not facts.lengths:
        return figure
    by_step: Counter[int] = Counter()
    for step, count in facts.lengths:
        by_step[min(step, _LENGTHS - 1)] += count
    last = max(by_step)
    rows = [
        Column((by_step[step],), language.number(step * LENGTH_STEP) if step % max(2, (last + 4) // 5) == 0 else "")
        for step in range(last + 1)
    ]
    figure.drawings.append(Drawing(charts.columns(rows, language)))
    articles = facts.totals.articles
    mean = round(facts.totals.characters / articles)
    figure.texts.append(language("lengths_text", median=_median_length(facts), mean=mean, step=LENGTH_STEP))
    cells = []
    for step in range(last + 1):
        start, end = step * LENGTH_STEP, (step + 1) * LENGTH_STEP - 1
        is_open = step == _LENGTHS - 1
        written = f"{language.number(start)}–{language.number(end)}"
        name = language("length_and_more", **{"from": start}) if is_open else written
        cells.append(
            [
                Cell(name),
                number_cell(by_step[step], language),
                share_cell(by_step[step], articles, language),
            ]
        )
    figure.tables.append(Table([language("length"), language("articles"), language("share")], cells))
    return figure


def _median_length(facts: Facts) -> int:
    """The middle of the step in which half of the articles are reached."""
    half, count = facts.totals.articles / 2, 0
    for step, own in facts.lengths:
        count += own
        if count >= half:
            return step * LENGTH_STEP + LENGTH_STEP // 2
    return 0


def duplicates(facts: Facts, language: Language) -> Figure:
    """The articles that nearly repeat others."""
    count = facts.duplicates
    figure = Figure("duplicates", language("duplicates"), [])
    if not count:
        figure.texts.append(language("duplicates_none"))
        return figure
    groups = facts.group_sizes.total()
    share = language.percent(count / facts.totals.articles)
    figure.texts.append(language("duplicates_text", n=count, share=share, groups=groups))
    sizes: Counter[int] = Counter()
    for size, number in facts.group_sizes.items():
        sizes[min(size, _LARGE_GROUP)] += number
    found = [
        (language("group_size_more" if size == _LARGE_GROUP else "group_size", n=size), sizes[size])
        for size in sorted(sizes)
    ]
    add_bars(figure, found, language("duplicates"), language("groups"), None, language)
    figure.tables.append(table_of_articles(facts.groups, language("repeats"), language("largest_groups"), language))
    return figure


def edits(facts: Facts, language: Language) -> Figure:
    """How long after publication articles were edited."""
    count = sum(facts.delays)
    figure = Figure("edits", language("edits"), [])
    if not count:
        figure.texts.append(language("edits_none"))
        return figure
    figure.texts.append(language("edits_text", n=count, share=language.percent(sum(facts.delays[:3]) / count)))
    found = [(language(f"delay_{place}"), number) for place, number in enumerate(facts.delays)]
    add_bars(figure, found, language("delay"), language("edit_count"), count, language)
    return figure


def times(facts: Facts, language: Language) -> Figure:
    """How far from publication the days lie that articles speak of."""
    count = sum(facts.distances)
    figure = Figure("times", language("times"), [])
    if not count:
        figure.texts.append(language("times_none"))
        return figure
    same = facts.distances[len(facts.distances) // 2]
    figure.texts.append(language("times_text", n=count, share=language.percent(same / count)))
    found = [(language(f"distance_{place}"), number) for place, number in enumerate(facts.distances)]
    add_bars(figure, found, language("distance"), language("expressions"), count, language)
    return figure


def linked(facts: Facts, language: Language) -> Figure:
    """The articles that most others point to."""
    figure = Figure(
        "linked", language("linked"), [language("linked_text" if facts.linked else "linked_none")], is_wide=True
    )
    if facts.linked:
        figure.lists.append(table_of_articles(facts.linked, language("pointers"), "", language))
    return figure
