"""A page that was saved as plain text: the same record from lines instead of markup.

Such a dump holds one paragraph a line: the headline, the lead, the text, the call to follow the newspaper, and
"Tin liên quan" with every article's title up to four times and its lead twice, as the page carries each card for wide
and for narrow screens. Blank lines say nothing, since some dumps lack them. Some scripts save the whole page, with the
menu above and the footer below; others nothing but paragraphs, so that the leads of other articles stand without their
titles. Where a line may be a paragraph of the article, it stays one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from vovcrawl import sections, urls
from vovcrawl.cleaning.articles import assembled
from vovcrawl.cleaning.authors import signed_by
from vovcrawl.cleaning.blocks import SIGNATURE, TextBlock, clean_text
from vovcrawl.cleaning.end_marks import has_end_mark
from vovcrawl.cleaning.lines import has_prefix, in_footer, mark_of, without_prefix, without_suffix
from vovcrawl.cleaning.pointers import title_after_pointer
from vovcrawl.cleaning.related import distinct_related
from vovcrawl.cleaning.rules import Stripped, Where
from vovcrawl.cleaning.signatures import (
    FAMILY_NAMES,
    is_person,
    is_plain_signature,
    is_signature,
    is_signed,
    split_inner_signature,
    split_signature,
    with_sources,
)
from vovcrawl.items import Article, Placement, Related, content_hash
from vovcrawl.pages import publication
from vovcrawl.pages.article import Reading
from vovcrawl.pages.bounds import check_article, check_characters
from vovcrawl.pages.document import damages
from vovcrawl.pages.errors import NotAnArticle, Reason, refused_as
from vovcrawl.text import UPPER, clean, distinct

TEMPLATE = "text"

_BEFORE_TAG = re.compile(r"^(?:[#•*·]|[-–+](?=\s))\s*")
_DATE_LINE = re.compile(
    rf"^(?:(?:cập nhật|đăng|ngày đăng|xuất bản)(?: lúc)?\s*:?\s*)?{publication.SHOWN.pattern}"
    r"\s*(?:\(?GMT\s?\+\s?7\)?)?\s*\|?$",
    re.IGNORECASE,
)
_LONGEST_BOILERPLATE = 200
_MENU = frozenset(
    (
        *(name.casefold() for name in sections.NAMES.values()),
        *("trang chủ", "home", "menu", "mới nhất", "tin mới", "tin mới nhất", "mới cập nhật", "đọc nhiều", "nổi bật"),
        *("english", "tiếng việt", "vov1", "vov2", "vov3", "vov4", "vov5", "vov6", "vov giao thông", "vovtv", "vov+"),
        *("vov world", "vovworld", "vov live", "radio", "reels", "truyền hình", "nghe đài", "báo in", "giới thiệu"),
        "vov online",
        *("tìm kiếm", "đăng nhập", "đăng ký", "liên hệ", "liên hệ quảng cáo", "rss", "tòa soạn", "toà soạn", "vov"),
        *("bình luận", "media", "bóng đá", "tin tức", "thời sự", "quốc tế", "trong nước", "tư liệu", "sân khấu"),
    )
)
"""What the menu and the footer are made of, one a line."""
_LONGEST_OF_A_MENU = max(map(len, _MENU)) + 5
_AROUND_CRUMBS = "/»›>|• "
_BETWEEN_CRUMBS = re.compile(r"\s*+[/»›>|•]\s*+")
_URL = re.compile(r"https?://\S++", re.IGNORECASE)
_FEWEST_OF_A_MENU = 3
_MOST_TAGS_OF_A_MENU = 6
"""So many tags in a row may be named as sections are."""
_ARROWS = re.compile(r"\s*+>{2,3}+\s*+")
_MOST_POINTERS_IN_LINE = 8
# First syllables of what stands in capitals within a title after "và", as in "Tổng Bí thư và Chủ tịch nước".
_OF_OFFICES = frozenset(
    "ban bệnh biên bộ báo chánh chính chủ công cảnh cục hiệp huyện học hội khoa kiểm liên mặt ngân nhà phó phòng quân"
    " quận quốc sở thành thị thủ toà trung trường tòa tập tỉnh tổng uỷ viện xã ủy đài đoàn đại đảng".split()
)
_STOP = re.compile(r"[.!?…:;,][”\"’»)\]]*$")
_FULL_STOP = re.compile(r"[.…][”\"’»)\]]*$")
_INNER_STOP = re.compile(rf"(?<!\bTP)(?<!\bTp)[.!?…][”\"’»)]*\s+[“\"]?[{UPPER}]")
_LONGEST_TITLE = 160
_FEWEST_WORDS_OF_A_TITLE = 3
_SHORTEST_LEAD = 60
_SHORTEST_PARAGRAPH = 100
_LONGEST_CRUMB = 25
_MOST_WORDS_OF_A_CRUMB = 4
_LONGEST_MENU = 400
"""Lines."""
_LONGEST_LABEL = 10
_LONGEST_SHOWN = 200
"""Characters of a line of boilerplate that are told."""
_LONGEST_TAG = 60
_MOST_TAGS = 60
_MOST_SIGNATURES = 30
"""Under one text."""
_HEAD = 8
"""Lines at the top among which the date, the author and the lead are looked for."""
# What a lead has and a headline lacks, where neither repetition nor the prefix tells.
_LEAD_TO_TITLE = 1.4


def read(text: str, url: str | None = None, published: datetime | None = None) -> Reading:
    """The article in a flat text.

    Args:
        text: the saved text, with any line ends.
        url: the article's url, if known.
        published: the time of publication, if known; Vietnamese time unless it carries an offset.

    Raises:
        NotAnArticle: the text holds no headline or nothing under it, is oversized, or `url` is not this newspaper's.
    """
    with refused_as(NotAnArticle):
        check_characters(len(text))
    url = urls.as_written(url) if url is not None else None
    if url and urls.is_out_of_scope(url):
        raise NotAnArticle(Reason.OTHER_EDITION, clean(url)[:200])
    if url is not None and not url.startswith(("http://", "https://")):
        named = urls.article(url)
        url = named.url if named else None
    lines = [line for line in (clean(line) for line in text.splitlines()) if line]
    parts = _parted(lines)
    headline, rest = _headline(parts.above)
    raw = next((line.rstrip("| ") for line in rest[:_HEAD] if _DATE_LINE.match(line)), None)
    paragraphs = [line for line in rest if not (raw and _DATE_LINE.match(line))]
    description, paragraphs, signed_above = _description(paragraphs, headline)
    related, resumed = _related(parts.below, text_is_over=parts.is_over)
    # Nothing of a box beside the article is the article's, unless its text goes on under it.
    resumed += _related(parts.beside, text_is_over=parts.is_over)[1]
    paragraphs, teasers = _without_teasers(paragraphs, titles_are_shown=_shows_titles(parts.below))
    paragraphs, signatures = _without_signatures([*paragraphs, *resumed, *parts.signed])
    stripped = [*parts.stripped, *(Stripped(SIGNATURE, "body", one) for one in signatures)]
    text_read = clean_text([TextBlock("paragraph", line) for line in paragraphs])
    signatures += text_read.signatures
    paragraphs = [block.text for block in text_read.blocks]
    if not headline or not (paragraphs or description):
        raise NotAnArticle(Reason.EMPTY, "nothing under the headline" if headline else "no text at all")
    body, blocks, _ = assembled(text_read.blocks, [])
    site_url = urls.article(url) if url else None
    canonical_url = site_url.url if site_url else urls.text_key(headline, body)
    # What the text says of itself goes before what is said of a whole folder.
    shown = publication.from_shown(raw) if raw else None
    moment = shown or _moment(published)
    section = site_url.section if site_url else None
    warnings = [] if body else ["missing:body"]
    if description is None:
        warnings.append("missing:description")
    warnings.extend(damages(headline, description, body))
    article = Article(
        id=(site_url.id if site_url else None) or urls.short_key(canonical_url),
        url=url,
        canonical_url=canonical_url,
        content_type=(urls.content_type(site_url) if site_url else None) or "article",
        headline=headline,
        description=description,
        body=body,
        blocks=blocks,
        section=section,
        section_name=sections.name_of(section) if section else None,
        authors=signed_by(signatures or signed_above),
        keywords=distinct(parts.tags),
        date_published=publication.to_iso(moment) if moment else None,
        date_published_raw=raw,
        related=distinct_related([*teasers, *related], headline),
        content_hash=content_hash(headline, description, body),
        source="archive",
        template=TEMPLATE,
        warnings=warnings,
    )
    with refused_as(NotAnArticle):
        check_article(article)
    sources = {"headline": "first line", "description": "second line" if description else "", "body": "lines"}
    if moment:
        sources["date_published"] = "shown" if shown else "argument"
    sources = {name: source for name, source in sources.items() if source}
    return Reading(article, sources, stripped=[*stripped, *text_read.stripped])


@dataclass
class _Parts:
    """The lines of a dump by what they belong to; what is boilerplate is in none."""

    above: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    """Under "Tin liên quan"."""
    signed: list[str] = field(default_factory=list)
    """Signatures among those, where the box stands above the author."""
    beside: list[str] = field(default_factory=list)
    """In other boxes with other articles."""
    stripped: list[Stripped] = field(default_factory=list)
    is_over: bool = False
    """Whether something stood under the text that stands under whole texts only."""


def _parted(lines: list[str]) -> _Parts:
    parts = _Parts()
    part = parts.above
    ended = False
    in_tags = False
    for line in _without_menus(lines):
        # Nothing but text is so long.
        text = len(line) > _LONGEST_BOILERPLATE and line[-1] == "." and not in_footer(line)
        mark, rule = (None, None) if text else mark_of(line)
        if rule is not None and mark is not Where.TAGS:
            parts.stripped.append(Stripped(rule.name, "body", line[:_LONGEST_SHOWN]))
        if mark is Where.RELATED:
            part, ended, in_tags = parts.below, False, False
        elif mark is Where.TAGS:
            named = line.partition(":")[2].strip()
            parts.tags += _tags(named)
            in_tags = not named or named[-1] in ",;"
        elif in_tags and mark is None and not text and len(parts.tags) < _MOST_TAGS and _is_tag(line):
            parts.tags += _tags(line)
        else:
            in_tags = False
            if mark is Where.FOOTER:
                # The header of the page may name the newspaper as its footer does.
                ended = ended or _has_text(parts.above)
            elif mark is Where.BLOCK:
                parts.is_over = parts.is_over or part is parts.above
            elif mark in (Where.OTHERS, Where.NEWSPAPER) and _has_text(parts.above):
                part = parts.beside
            elif mark in (None, Where.OTHERS) and not ended and not (part is not parts.above and _is_crumb(line)):
                (parts.signed if part is parts.below and _is_signed_below(line) else part).append(line)
    while len(parts.above) > 2 and _is_crumb(parts.above[-1]) and not _is_sentence(parts.above[-2]):
        parts.above.pop()
    last = parts.above[-1] if parts.above else ""
    parts.is_over = parts.is_over or bool(parts.tags) or has_end_mark(last) or split_signature(last)[1] is not None
    return parts


def _without_menus(lines: list[str]) -> list[str]:
    """The lines without those that stand in a row of names of the site's sections; a short row may be tags."""
    kept: list[str] = []
    row: list[str] = []
    in_tags = False
    for line in [*lines, ""]:
        if _is_crumb(line):
            row.append(line)
            continue
        if len(row) < (_MOST_TAGS_OF_A_MENU if in_tags else _FEWEST_OF_A_MENU):
            kept += row
        row = []
        kept.append(line)
        if in_tags or (line[:1] in ("T", "t") and (len(line) < _LONGEST_LABEL or ":" in line[:_LONGEST_LABEL])):
            mark, _ = mark_of(line)
            in_tags = mark is Where.TAGS or (in_tags and mark is None and _is_tag(line))
    return kept[:-1]


def _is_crumb(line: str) -> bool:
    return len(line) <= _LONGEST_OF_A_MENU and line.strip(_AROUND_CRUMBS).casefold() in _MENU


def _is_trail(line: str) -> bool:
    """Whether a line that may stand above the headline is the whole trail to the article, or a url."""
    if _URL.fullmatch(line):
        return True
    crumbs = _BETWEEN_CRUMBS.split(line[:_LONGEST_TITLE])
    return len(crumbs) > 1 and len(line) <= _LONGEST_TITLE and all(map(_is_crumb, crumbs))


def _has_text(lines: list[str]) -> bool:
    return any(len(line) >= _SHORTEST_LEAD or _FULL_STOP.search(line) for line in lines[1:])


def _tags(line: str) -> list[str]:
    return [tag for part in re.split(r"[,;|]", line) if (tag := _BEFORE_TAG.sub("", part.strip()))]


def _is_tag(line: str) -> bool:
    """Whether a line in the list of tags is one more."""
    return (
        len(line) <= _LONGEST_TAG
        and not _FULL_STOP.search(line)
        and not has_prefix(line)
        and not is_plain_signature(line)
    )


def _headline(lines: list[str]) -> tuple[str, list[str]]:
    """The headline, and the lines after it; the trail to the article or the whole menu may stand above."""
    first = 0
    while first + 2 < len(lines) and (
        _is_trail(lines[first]) or (_is_crumb(lines[first]) and not has_prefix(lines[first + 1]))
    ):
        first += 1
    if first >= len(lines):
        return "", []
    first = _title_above(lines, first)
    headline = without_prefix(without_suffix(lines[first])) or lines[first]
    following = first + 1
    while following < len(lines) and lines[following].casefold() in (lines[first].casefold(), headline.casefold()):
        following += 1
    return headline, lines[following:]


def _title_above(lines: list[str], first: int) -> int:
    """The place of the headline, where `first` is the first line that may be it: right above the date or the lead, if
    what stands further above is no headline or too much."""
    for place in range(first + 1, min(len(lines), first + _LONGEST_MENU)):
        line = lines[place]
        if not (_DATE_LINE.match(line) or _is_marked_lead(line)):
            if _FULL_STOP.search(line) and len(line) > _SHORTEST_LEAD:
                break
            continue
        if place - first > _HEAD or _is_short(lines[first]):
            dated = _DATE_LINE.match(line) is not None
            for title in range(place - 1, max(first, place - _HEAD), -1):
                if _may_head(lines[title], anything=dated):
                    is_near = dated and place - first <= _HEAD
                    return title if is_near or _is_menu(lines[first:title]) else first
        break
    return first


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST_CRUMB and len(line.split()) <= _MOST_WORDS_OF_A_CRUMB


def _is_menu(lines: list[str]) -> bool:
    """Whether lines are a menu or a trail for the most part, and no list that belongs to a text."""
    return 4 * sum(map(_is_short, lines)) >= 3 * len(lines)


def _may_head(line: str, *, anything: bool) -> bool:
    """Whether a line above the lead may be the headline; above a date, it is `anything` but a crumb, a date, a name."""
    if _is_crumb(line) or _DATE_LINE.match(line) or is_plain_signature(line):
        return False
    if not anything:
        return _is_title(line)
    return len(line) <= _LONGEST_TITLE and len(line.split()) >= _FEWEST_WORDS_OF_A_TITLE


def _description(paragraphs: list[str], headline: str) -> tuple[str | None, list[str], list[str]]:
    """The lead, the paragraphs after it, and the signatures above it; some dumps repeat the lead, with and without its
    prefix."""
    signed: list[str] = []
    above: list[str] = []
    place = 0
    while place < min(_HEAD, len(paragraphs)):
        line = paragraphs[place]
        if is_signed(line) and len(paragraphs) > place + 1:
            signed.append(line)
        elif line.casefold() == headline.casefold() and len(paragraphs) > place + 1:
            pass
        elif _is_marked_lead(line) or _STOP.search(line) or len(line) > _SHORTEST_LEAD:
            break
        else:
            above.append(line)
        place += 1
    if not (place < len(paragraphs) and (_is_marked_lead(paragraphs[place]) or not above)):
        place, above = paragraphs.index(above[0]) if above else 0, []
    if place >= len(paragraphs):
        return None, [], signed
    if (
        not above
        and not _is_marked_lead(paragraphs[place])
        and any(map(_is_marked_lead, paragraphs[place + 1 : place + 2]))
    ):
        # A caption may stand above the lead.
        place, above = place + 1, [paragraphs[place]]
    lead = without_prefix(paragraphs[place])
    after = [line for line in paragraphs[place + 1 :] if not (line.endswith(lead) and without_prefix(line) == lead)]
    return lead or None, [*(line for line in above if not _is_crumb(line) and line != lead), *after], signed


def _is_marked_lead(line: str) -> bool:
    """Whether a line is a lead with the prefix that this newspaper puts before it since it is VOV.VN."""
    return line[:7].upper().lstrip("(").startswith("VOV.VN") and has_prefix(line) and len(line) > _SHORTEST_LEAD // 2


def _is_title(line: str) -> bool:
    """Whether a line can be the title of an article, and no paragraph or list item."""
    return (
        len(line) <= _LONGEST_TITLE
        and not _STOP.search(line)
        and not _INNER_STOP.search(line)
        and not line.startswith(("- ", "+ ", "• ", "* "))
        and len(line.split()) >= _FEWEST_WORDS_OF_A_TITLE
        and split_signature(line)[1] is None
    )


def _shows_titles(below: list[str]) -> bool:
    """Whether a dump prints the titles of other articles with their leads, as those under "Tin liên quan" tell."""
    return any(not has_prefix(line) and has_prefix(lead) for line, lead in pairwise(below))


def _without_teasers(paragraphs: list[str], *, titles_are_shown: bool) -> tuple[list[str], list[Related]]:
    """The paragraphs, and the teaser boxes among them: another article's title, then its lead with the prefix.

    Where only paragraphs were saved, the lead stands there without its title. Nothing tells then whether what precedes
    it is a subhead of the text, so that it stays.
    """
    leads = [place for place, line in enumerate(paragraphs) if has_prefix(line)]
    bare = not titles_are_shown and any(
        place and not _title_before(paragraphs, place, titles_are_shown) and _is_marked_lead(paragraphs[place])
        for place in leads
    )
    kept: list[str] = []
    teasers: list[Related] = []
    for place, line in enumerate(paragraphs):
        if not has_prefix(line):
            if not (bare and _is_double_lead(paragraphs, place)):
                kept.append(line)
        elif not bare and kept and _is_lead_under_title(paragraphs, place, titles_are_shown):
            above = kept.pop()
            while kept and kept[-1] == above:
                kept.pop()
            teasers.append(_pointed_to(above, without_prefix(line), "inline"))
        elif not _is_marked_lead(line):
            kept.append(line)
    for place, other in enumerate(kept):
        kept[place], titles = _without_pointers(other)
        teasers += [_pointed_to(title, None, "inline") for title in titles]
    return [line for line in kept if line], teasers


def _is_double_lead(paragraphs: list[str], place: int) -> bool:
    """Whether a line without the prefix is printed twice among leads with it: the lead of a card for either screen."""
    line = paragraphs[place]
    start, end = place, place + 1
    while start and paragraphs[start - 1] == line and place - start < 2:
        start -= 1
    while end < len(paragraphs) and paragraphs[end] == line and end - place < 3:
        end += 1
    beside = [*paragraphs[max(0, start - 1) : start], *paragraphs[end : end + 1]]
    return end - start > 1 and len(line) >= _SHORTEST_LEAD and any(map(_is_marked_lead, beside))


def _without_pointers(line: str) -> tuple[str, list[str]]:
    """The text of a line, and the titles of other articles that it names after ">>" or "Xem thêm:"."""
    pointed_at = title_after_pointer(line)
    text, titles = "", _titles(pointed_at) if pointed_at is not None else []
    if ">>" in line and line.count(">>") <= _MOST_POINTERS_IN_LINE:
        text, *titles = _ARROWS.split(line)
    is_text = not text or _FULL_STOP.search(text)
    return (text, titles) if is_text and titles and all(map(_is_pointed_title, titles)) else (line, [])


def _titles(text: str) -> list[str]:
    """The titles after "Xem thêm:", parted by "và" or a semicolon; in doubt it is all one title."""
    titles: list[str] = []
    for part in text.split("; "):
        for number, words in enumerate(part.split(" và ")):
            if number and not _may_follow_a_title(words):
                titles[-1] += f" và {words}"
            else:
                titles.append(words)
    return titles if all(map(_is_pointed_title, titles)) else [text]


def _may_follow_a_title(words: str) -> bool:
    """Whether what follows "và" begins as a title does, and not as a name or an office."""
    opening = words.split(" ", 3)[:3]
    first = opening[0].lstrip('“"')
    return first[:1].isupper() and first.casefold() not in _OF_OFFICES and all(map(str.islower, opening[1:]))


def _is_pointed_title(words: str) -> bool:
    """Whether words after a pointer are a title: many titles ask a question or end in a quotation."""
    return _is_title(words.rstrip('?!”"…'))


def _is_lead_under_title(paragraphs: list[str], place: int, titles_are_shown: bool) -> bool:
    line = paragraphs[place]
    return (_is_marked_lead(line) or _is_lead(line, None)) and _title_before(paragraphs, place, titles_are_shown)


def _title_before(paragraphs: list[str], place: int, titles_are_shown: bool) -> bool:
    if not place:
        return False
    line = paragraphs[place - 1]
    twice = place > 1 and paragraphs[place - 2] == line
    shown = (
        titles_are_shown
        and len(line) <= _LONGEST_TITLE
        and line[-1:] not in tuple(".:;,")
        and not _INNER_STOP.search(line)
    )
    return not has_prefix(line) and (twice or shown or _is_title(line))


def _related(lines: list[str], *, text_is_over: bool = False) -> tuple[list[Related], list[str]]:
    """The articles under "Tin liên quan", out of lines that repeat each title and each lead, and the paragraphs of the
    article's text where it goes on after them.

    A paragraph that stands once and lacks the prefix of leads is a lead only under a text that is over, and where every
    title has one like it.
    """
    repeated = {line for line, count in Counter(lines).items() if count > 1}
    alternates = text_is_over and _alternates(lines)
    articles: list[Related] = []
    resumed: list[str] = []
    current: Related | None = None
    for line in lines:
        once = line not in repeated and not has_prefix(line)
        is_lead = has_prefix(line) or _is_lead(line, current.headline if current else None)
        if once and (resumed or (is_lead and not alternates)):
            resumed.append(line)
        elif not is_lead:
            current = _pointed_to(line, None, "related")
            articles.append(current)
        elif current is not None and current.description is None:
            current.description = without_prefix(line) or None
    paragraphs = [line for line in resumed if len(line) >= _SHORTEST_PARAGRAPH]
    return articles, resumed if len(paragraphs) > 1 or not text_is_over else []


def _is_signed_below(line: str) -> bool:
    """Whether a line under "Tin liên quan" is a signature: no title is so short or has such a slash."""
    return is_plain_signature(line) and ("/" in line or len(line.split()) < _FEWEST_WORDS_OF_A_TITLE)


def _alternates(lines: list[str]) -> bool:
    """Whether several titles have a lead each, so that nothing is left for a text."""
    kinds = [_is_lead(line, None) for line in lines]
    return kinds[:4] == [False, True, False, True] and all(one != other for one, other in pairwise(kinds))


def _is_lead(line: str, title: str | None) -> bool:
    """Whether a line without the prefix is a lead or a paragraph, and no title."""
    if len(line) > _LONGEST_TITLE or (_FULL_STOP.search(line) and not line.endswith("...")):
        return True
    # What is cut short is a lead where it is long; titles have no full stop, of whatever length.
    return title is not None and line.endswith("...") and len(line) > max(_SHORTEST_LEAD, _LEAD_TO_TITLE * len(title))


def _without_signatures(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """The paragraphs, and the signatures at their end and among them, in order."""
    paragraphs = _to_signature(paragraphs)
    closing: list[str] = []
    while paragraphs and len(closing) < _MOST_SIGNATURES:
        text, signature = split_signature(paragraphs[-1])
        if not signature and _is_name_under(paragraphs):
            text, signature = "", paragraphs[-1]
        if not signature:
            break
        closing.append(signature)
        if text:
            paragraphs[-1] = text
            break
        paragraphs.pop()
    closing.reverse()
    kept: list[str] = []
    inner: list[str] = []
    for line, following in zip(paragraphs, [*paragraphs[1:], *closing, ""], strict=False):
        whole = is_signed(line) or (is_signed(following) and is_person(line))
        text, signature = ("", line) if whole else split_inner_signature(line)
        if signature:
            inner.append(signature)
        if text:
            kept.append(text)
    return kept, with_sources([*inner, *closing])


def _to_signature(paragraphs: list[str]) -> list[str]:
    """The paragraphs without the lines under the signature, such as tags, if none of them is a sentence."""
    last = len(paragraphs) - 1
    while last > 0 and not _is_sentence(paragraphs[last]) and not _closes(paragraphs[last]):
        last -= 1
    return paragraphs[: last + 1] if last > 0 and _closes(paragraphs[last]) else paragraphs.copy()


def _closes(line: str) -> bool:
    return is_plain_signature(line) or split_inner_signature(line)[1] is not None


def _is_sentence(line: str) -> bool:
    return _STOP.search(line) is not None or len(line) > _LONGEST_TITLE


def _is_name_under(paragraphs: list[str]) -> bool:
    """Whether the last line is a person's name in full, or stands under the end mark as only a signature does."""
    line = paragraphs[-1]
    if len(paragraphs) < 2 or not is_signature(line) or _STOP.search(line):
        return False
    above = paragraphs[-2]
    if has_end_mark(above):
        return True
    # In a list, names stand under names.
    return _is_sentence(above) and above[-1] != ":" and is_person(line) and line.split(" ")[0] in FAMILY_NAMES


def _pointed_to(headline: str, description: str | None, placement: Placement) -> Related:
    return Related(id=None, url=None, headline=headline, description=description, placement=placement)


def _moment(published: datetime | None) -> datetime | None:
    if published is None:
        return None
    if published.tzinfo is None:
        return published.replace(tzinfo=publication.VIETNAM)
    return published.astimezone(publication.VIETNAM)
