"""The words of an article as a search index has them: one string of tokens, which is split at blanks alone.

It has the text, the captions, the authors and the tags three times: folded, as it is spelt, and what of it is written
without marks. Words of the headline, of what stands at the head, of tags and authors come once more with a sign before
them, so that to ask for these alone is a short list of articles and no look into long ones.

Nothing here knows of a store, so that whoever reads pages in other processes can find the words there.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vovcrawl.folding import WORD, forms
from vovcrawl.items import Article

BARE, HEADLINE, HEAD, TAG, AUTHOR, SECTION, KIND, PATH = "~^%#@/_:"
"""What stands before a token: a word of a text without marks, or a name without them; the headline; the head, which is
headline, lead and tags; a tag; an author; the section's name; the kind of page; a part of the url."""

EVERY = KIND
"""A token that every article has."""

APART = "|"
"""A token between two lines, so that no phrase is found across them."""

SIGNS = f"{BARE}{HEADLINE}{HEAD}{TAG}{AUTHOR}{SECTION}{KIND}{PATH}{APART}-"
"""The characters of tokens in ASCII, beside letters and digits."""

_SITE = "https://vov.vn/"
_LONGEST_URL = 200
_MOST_REMEMBERED = 1 << 16
_NO_TOKEN = re.compile(f"(?:[\\x00-\\x7f](?<![A-Za-z0-9{re.escape(SIGNS)}]))++")
_CAPITALS = re.compile("[A-Z]++")


class Document(NamedTuple):
    """What the index has of an article."""

    tokens: str
    words: frozenset[str]
    """Folded."""


class _Tokens(dict[str, tuple[str, str, str, str]]):
    """Of each word: folded, its spelling, and the token of a bare one where it has no marks, and where it is a name.

    A dictionary takes a third of the time that a function with a memory takes.
    """

    def __missing__(self, word: str) -> tuple[str, str, str, str]:
        folded, spelling = map(normal, forms(word))
        bare = BARE + folded if folded == spelling else ""
        if len(self) == _MOST_REMEMBERED:
            self.clear()
        self[word] = found = folded, spelling, bare, bare if word[0].isupper() else ""
        return found


_TOKENS = _Tokens()


class IndexedParts(NamedTuple):
    """All of an article that its document is made of; equal ones have equal documents."""

    headline: str
    description: str
    body: str
    keywords: tuple[str, ...]
    signed: tuple[str, ...]
    captions: tuple[str, ...]
    section: str
    section_name: str
    content_type: str
    canonical_url: str


def indexed_parts(article: Article) -> IndexedParts:
    """What the document of an article is made of."""
    return IndexedParts(
        article.headline,
        article.description or "",
        article.body,
        tuple(article.keywords),
        tuple(each for one in article.authors for each in _signed(one.name, one.affiliation, one.name_raw)),
        tuple(image.caption for image in article.images if image.caption and image.caption not in article.body),
        article.section or "",
        article.section_name or "",
        article.content_type,
        article.canonical_url,
    )


def document(article: Article) -> Document:
    """The tokens of an article."""
    return document_of(indexed_parts(article))


def document_of(parts: IndexedParts) -> Document:
    """The tokens of the article that these are parts of."""
    head = [parts.headline, parts.description, *parts.keywords]
    folded, spelt, bare = streams([*head, *parts.body.split("\n"), *parts.captions, *parts.signed])
    tokens = [
        *folded,
        *spelt,
        *bare,
        *_lines(HEADLINE, head[:1]),
        *_lines(HEAD, head),
        *_lines(TAG, parts.keywords),
        *_lines(AUTHOR, parts.signed),
        *_lines(SECTION, [parts.section.replace("-", " "), parts.section_name]),
        EVERY,
        *(f"{KIND}{token}" for token in folded_words(parts.content_type)),
        *_paths(parts.section, parts.canonical_url),
    ]
    words = frozenset(folded)
    return Document(" ".join(tokens), words - {APART})


def streams(lines: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """The tokens of some lines: folded, as they are spelt, and what of them is written without marks."""
    folded: list[str] = []
    spelt: list[str] = []
    bare: list[str] = []
    for line in lines:
        found = [_TOKENS[word] for word in WORD.findall(line)]
        if not found:
            continue
        of_line, as_spelt, without_marks, names = zip(*found, strict=True)
        folded += of_line
        spelt += as_spelt
        folded.append(APART)
        spelt.append(APART)
        if without := without_marks if all(without_marks) else tuple(filter(None, names)):
            bare += without
            bare.append(APART)
    return folded, spelt, bare


def _signed(name: str, affiliation: str | None, raw: str) -> Iterator[str]:
    yield raw
    yield from (each for each in (name, affiliation) if each and each not in raw)


def folded_words(text: str) -> list[str]:
    """The folded words of a text."""
    return [_TOKENS[word][0] for word in WORD.findall(text)]


def _lines(sign: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if found := folded_words(line):
            yield from (f"{sign}{token}" for token in found)
            yield APART


def mark_of(of_document: Document) -> int:
    """What a document is known by, 32 bits."""
    return zlib.crc32(of_document.tokens.encode(errors="replace"))


def normal(text: str) -> str:
    """A text as tokens have it: a blank for what is no part of one, as within the digit "⑴", which folds to "(1)"."""
    if text.isalnum() and text.islower():
        return text
    return _CAPITALS.sub(lambda found: found[0].lower(), _NO_TOKEN.sub(" ", text).strip(" "))


def path_of(url: str) -> str:
    """The token of the articles whose section is that of a listing's url."""
    return normal(PATH + url.removeprefix(_SITE)[:_LONGEST_URL])


def _paths(section: str, canonical_url: str) -> list[str]:
    """The tokens by which `path_of` finds an article: its section, and each folder of its url."""
    found = [PATH + section[:_LONGEST_URL]] if section else []
    url = canonical_url[:_LONGEST_URL]
    if url.startswith(_SITE):
        *folders, _ = url.removeprefix(_SITE).split("/")
        found += [PATH + "/".join(folders[: length + 1]) for length in range(len(folders))]
    return list(map(normal, dict.fromkeys(found)))
