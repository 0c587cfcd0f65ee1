"""Texts in encodings of old."""

from __future__ import annotations

import unicodedata

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def in_windows_1258(text: str) -> bytes:
    """Vietnamese as Windows wrote it: tones are letters of their own."""
    written = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        written.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES)))
        written.extend(part for part in parts if part in _TONES)
    return "".join(written).encode("cp1258", "xmlcharrefreplace")
