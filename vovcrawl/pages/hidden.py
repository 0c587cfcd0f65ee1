"""What a page holds and no reader sees: elements that say so themselves, whatever the style sheets say."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from vovcrawl.pages.document import BLOCK_TAGS, Element, empty

_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+(?:\*/)?")
_HIDING = {
    "display": frozenset(("none",)),
    "visibility": frozenset(("hidden", "collapse")),
    "content-visibility": frozenset(("hidden",)),
}
"""Properties of a style, and their values that hide an element."""

_MOST_SEARCHED = 200
"""Elements in a block that are looked at for words: blocks may stand within each other."""
_PICTURES = frozenset(("img", "picture", "source"))

_LONGEST_KNOWN = 200
"""Characters of a style whose meaning is remembered."""


def drop(root: Element) -> None:
    """Empties every element in `root` that is hidden."""
    # A picture that loads late may be hidden until then.
    for element in [one for one in root.iter() if one.keys() and is_hidden(one) and one.tag not in _PICTURES]:
        if element is not root:
            empty(element)


def is_hidden(element: Element) -> bool:
    """Whether an element says of itself that it is not shown."""
    style = element.get("style")
    if style and (_hides(style) if len(style) <= _LONGEST_KNOWN else _hides.__wrapped__(style)):
        return True
    return element.get("hidden") is not None or (element.get("aria-hidden") is not None and _is_hidden_box(element))


def _is_hidden_box(element: Element) -> bool:
    """Whether an element is a block with words that is hidden from those who listen. What stands within a line and
    icons have the same attribute, and are seen."""
    return (
        element.tag in BLOCK_TAGS
        and (element.get("aria-hidden") or "").strip().lower() == "true"
        and _has_words(element)
    )


def _has_words(element: Element) -> bool:
    if element.text and not element.text.isspace():
        return True
    within = islice(element.iterdescendants(), _MOST_SEARCHED)
    return any(text and not text.isspace() for inner in within for text in (inner.text, inner.tail))


@lru_cache(maxsize=1024)
def _hides(style: str) -> bool:
    """Whether a style hides: of two values of a property the last holds, unless another one is `!important`."""
    held: dict[str, tuple[bool, bool]] = {}
    for declaration in _COMMENT.sub("", style.lower()).split(";"):
        name, _, written = declaration.partition(":")
        values = _HIDING.get(name.strip())
        if values is not None:
            value, _, important = written.partition("!")
            is_important = important.strip() == "important"
            if is_important or not held.get(name.strip(), (False, False))[0]:
                held[name.strip()] = is_important, value.strip() in values
    return any(hides for _, hides in held.values())
