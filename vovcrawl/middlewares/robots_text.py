"""The rules of a robots.txt that bind one crawler, written out plainly.

Protego, which Scrapy asks, compares urls with rules as RFC 9309 has it, but departs from the standard before that:

- It looks for what follows "User-agent:" within the crawler's name, so that "vovcrawl/0.1" does not name vovcrawl.
- It takes a record that it does not know for a rule, so that the next agent begins a group.
- It ends lines at form feeds and the like, reads nothing in UTF-16, and drops bytes that are no UTF-8, which makes
  another rule of a rule.
- Where many agents share many rules, its time is the product.

So it is handed one group for everybody, in ASCII, with the rules that bind this crawler.

A line to which the standard gives no meaning is read as its administrator plainly meant it; where that is not plain, as
what forbids more. The time is linear in the text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from vovcrawl.urls import HOSTS

_SIGNS = [*map(chr, range(0x3001)), "\ufeff"]
_BLANK = "".join(sign for sign in _SIGNS if sign.isspace())
_CONTROLS = "".join(sign for sign in _SIGNS if unicodedata.category(sign) == "Cc" and not sign.isspace())
_INVISIBLE = "".join(sign for sign in _SIGNS if unicodedata.category(sign) == "Cf")
_UNREADABLE = "".join(map(chr, range(0xDC80, 0xDD00))) + "\ufffd"
"""What `decode` makes of bytes that it cannot read."""
_INDENT = _BLANK + _INVISIBLE + _CONTROLS + _UNREADABLE
_NOISE = re.compile(f"[{re.escape(_INVISIBLE + _CONTROLS + _UNREADABLE)}]+")
_UNREADABLE_BYTES = re.compile(f"[{_UNREADABLE}]+")

_LINE_ENDS = re.compile(r"[\r\n]+")
# The misspellings are those that Protego and Google's parser know.
_KEYS = r"user[\W_]?agents?|dis+al+[ao]w(?:s|ed)?|diasllow|allow|crawl[\W_]?delays?"
_RECORD = re.compile(rf"({_KEYS})(?:[{re.escape(_INDENT)}]*[:\uff1a]|\s|$)(.*)", re.IGNORECASE | re.DOTALL)
_RUN_ON = re.compile(rf"(?<=[ \t])(?=(?:{_KEYS})[ \t]*:)", re.IGNORECASE)
"""Where the next line begins in a file that lost its line ends."""
_MARKUP = re.compile("<[!?a-z]", re.IGNORECASE)

_PRODUCT = re.compile(r"\**(?:mozilla/[\d.]+ \(compatible; ?)?([a-z_-]+)", re.IGNORECASE | re.ASCII)
_EVERYBODY = re.compile(r"\*(?:\s|$)")
_ABSOLUTE = re.compile(r"https?://([a-z0-9.-]+)(?::\d{1,5})?(?![^/?*$])", re.IGNORECASE | re.ASCII)
_SECONDS = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?|[.,]\d{1,9}", re.ASCII)
_ESCAPED_SLASH = re.compile("%2f", re.IGNORECASE)
_KEPT = "!\"$%&'()*+,/:;<=>?@[\\]^`{|}"
"""ASCII that a rule keeps, beside letters, digits and what `quote` never touches."""


@dataclass(eq=False)
class _Rules:
    """What all groups for one product token say together."""

    named: bool = False
    """Whether there is a group, be it without rules."""
    lines: dict[str, None] = field(default_factory=dict)
    """Rules as they are written out, each once."""
    delays: list[str] = field(default_factory=list)
    """Seconds."""

    def written(self) -> str:
        """One group for everybody, with the longest of the delays."""
        delay = [f"Crawl-delay: {max(self.delays, key=float)}"] if self.delays else []
        return "\n".join(["User-agent: *", *self.lines, *delay, ""])


def decode(body: bytes) -> str:
    """The text of a robots.txt in UTF-8, or in UTF-16 with its byte order mark.

    NULs are left out, which also makes ASCII of UTF-16 without a mark. A byte that cannot be read is a lone surrogate,
    or U+FFFD in UTF-16.
    """
    # UTF-16 has a NUL beside every ASCII letter; where they are few, the mark stands before UTF-8 by mistake.
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and body.count(0) * 4 >= len(body):
        text = body.decode("utf-16", "replace")
    else:
        text = body.decode("utf-8", "surrogateescape")
    return text.replace("\0", "")


def is_web_page(text: str) -> bool:
    """Whether markup stands in the place of rules."""
    return _MARKUP.match(text.lstrip(_INDENT)) is not None


def without_last_line(text: str) -> str:
    """The text up to its last line end; nothing if there is none."""
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1]


def binding_rules(text: str, crawler: str) -> str:
    """A robots.txt, in ASCII, of one group for everybody with the rules and the delay that bind the crawler.

    `crawler` is a name such as "vovcrawl", "vovcrawl/0.1" or "Mozilla/5.0 (compatible; vovcrawl/0.1)". Every group that
    names its product token counts, and those for "*" only where none does (section 2.2.1).
    """
    product = _product(crawler)
    own, everybody = _Rules(), _Rules()
    bound: set[_Rules] = set()
    has_rules = False
    for key, value in _records(text):
        match key:
            case "u":
                if has_rules:
                    bound, has_rules = set(), False
                names = [name.strip() for name in _NOISE.sub("", value).split(",")]
                if product is not None and any(_product(name) == product for name in names):
                    bound.add(own)
                if any(_EVERYBODY.match(name) for name in names):
                    bound.add(everybody)
                for rules in bound:
                    rules.named = True
            case "c":
                # Not a rule: it neither ends a group nor parts agents from their rules, and binds the agents above it.
                seconds = _SECONDS.match(_NOISE.sub("", value).strip())
                if seconds is not None:
                    for rules in bound:
                        rules.delays.append(seconds[0].replace(",", "."))
            case _:
                has_rules = True
                written = _allow_lines(value) if key == "a" else _disallow_lines(value)
                for rules in bound:
                    rules.lines |= written
    return (own if own.named else everybody).written()


def _product(name: str) -> str | None:
    """The product token that a name begins with, or that the usual header of a crawler holds."""
    found = _PRODUCT.match(name)
    return found[1].lower() if found is not None else None


def _records(text: str) -> Iterator[tuple[str, str]]:
    """The first letter of the key, and the value, of each record that counts."""
    for line in _LINE_ENDS.split(text):
        for part in _RUN_ON.split(line.partition("#")[0].lstrip(_INDENT)):
            record = _RECORD.match(part) or _RECORD.match(_NOISE.sub("", part))
            if record is None:
                break
            yield record[1][0].lower(), record[2]


def _allow_lines(value: str) -> dict[str, None]:
    """The octets as they are."""
    value = value.strip(_BLANK + _INVISIBLE)
    return _lines("Allow", value) if value else {}


def _disallow_lines(value: str) -> dict[str, None]:
    """The rule, and those that it plainly means.

    A byte that cannot be read may be a letter in any encoding, so it stands for whatever is there. A whole url of the
    newspaper means its path, a path without "/" at its beginning the one with it, and several paths each of them.
    """
    paths = [_UNREADABLE_BYTES.sub("*", value.lstrip(_INDENT).rstrip(_BLANK + _INVISIBLE))]
    words = paths[0].split()
    if len(words) > 1 and all(word[0] == "/" != word for word in words):
        paths += words
    lines: dict[str, None] = {}
    for path in paths if paths[0] else ():
        lines |= _lines("Disallow", _from_root(path))
    return lines


def _from_root(path: str) -> str:
    url = _ABSOLUTE.match(path)
    if url is not None and url[1].lower() in HOSTS:
        path = path[url.end() :]
    return path if path.startswith(("/", "*")) else f"/{path}"


def _lines(key: str, path: str) -> dict[str, None]:
    """The rule in ASCII, with either spelling of "/" in its query, which Protego takes for different octets."""
    path = quote(path, safe=_KEPT, errors="surrogateescape")
    before, mark, query = path.partition("?")
    spellings = path, before + mark + query.replace("/", "%2F"), before + mark + _ESCAPED_SLASH.sub("/", query)
    return {f"{key}: {spelling}": None for spelling in spellings}
