"""Pages that lead to another one by themselves: by a script, as the site's firewall does, or by `meta` refresh.

Scripts are not run. A target counts where a script assigns it as one literal, percent-encoded as a whole or not; what a
script puts together of parts is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from vovcrawl import urls
from vovcrawl.pages.document import Document

_ASSIGNS = re.compile(
    r"""(?<![\w$.-])(?:(?:window|document|self|top|parent)\s*\.\s*){0,5}location
        (?:\s*\.\s*href)?\s*(?:=(?!=)|\.\s*(?:replace|assign)\s*\()\s*""",
    re.VERBOSE,
)
_LONGEST_LITERAL = 6 * urls.LONGEST
"""Characters of a literal that can be a url, each of them written as an escape."""
_LITERAL = re.compile(
    r"""(?:(?P<decoded>decodeURIComponent|decodeURI|unescape)\s*\(\s*)?
        (?P<quote>["'`])(?P<text>(?:(?!(?P=quote))[^\\\n]|\\.){0,"""
    rf"{_LONGEST_LITERAL}"
    r"""}+)(?P=quote)
        (?(decoded)\s*\))
        # Not the first part of a sum, nor what a method is called on.
        (?=\s*+(?:[;,)}]|$|//|/\*)|[^\S\n]*+\n\s*+\w)""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_REFRESH = re.compile(r"""\s*[0-9.]*\s*[;,]?\s*(?:url\s*=)?\s*(?P<quote>["'])?(?P<url>.*)""", re.IGNORECASE | re.DOTALL)
_ENCODED = re.compile(r"https?%3a%2f%2f", re.IGNORECASE)


def is_one(document: Document) -> bool:
    """Whether anything on the page leads elsewhere without the reader's doing."""
    return any(_ASSIGNS.search(script) for script in _scripts(document)) or bool(_refreshes(document))


def target(document: Document) -> str | None:
    """Where the page leads, as written; None where it does not say so plainly, or names more than one place."""
    found = set(_refreshes(document))
    for script in _scripts(document):
        for assigned in _ASSIGNS.finditer(script):
            literal = _LITERAL.match(script, assigned.end())
            if literal is None or (literal["quote"] == "`" and "${" in literal["text"]):
                return None
            written = _ESCAPE.sub(_unescaped, literal["text"]).strip()
            found.add(unquote(written) if literal["decoded"] or _ENCODED.match(written) else written)
    return found.pop() if len(found) == 1 else None


def _scripts(document: Document) -> Iterator[str]:
    return (script.text for script in document.root.iter("script") if script.text)


def _refreshes(document: Document) -> list[str]:
    """Targets of `meta` refresh, but for those meant for readers without scripts."""
    found = []
    for meta in document.root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            match = _REFRESH.match(meta.get("content") or "")
            url = match["url"] if match is not None else ""
            if match is not None and match["quote"]:
                url = url.partition(match["quote"])[0]
            if url.strip() and next(meta.iterancestors("noscript"), None) is None:
                found.append(url.strip())
    return found


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else match[3]
