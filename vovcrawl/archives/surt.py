"""The key by which an index of a web archive sorts and finds a url: its Sort-friendly URI Reordering Transform.

The host comes first, from its last part on, so that what belongs to one site stands together. Urls that mean one page
to a replay program have one key: written in small letters, without `www.`, user name, usual port, fragment, a last
slash and an empty query, what stands in the query in order (the rule of the Wayback Machine's index, which CDXJ takes).
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

_WWW = re.compile(r"www[0-9]*\.")
_PORTS = {"http": 80, "https": 443}
_KEPT = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What stands in a key as it is, beside letters and digits; spaces, `#`, `%` and all that is no ASCII are encoded."""

_LONE = "surrogatepass"
"""Half a pair of UTF-16, which is no character, is written like any other."""

_ESCAPE = re.compile("%[0-9a-f]{2}", re.IGNORECASE)
_MOST_ESCAPES = 3
"""So often a url may be encoded for its key to be found: each time takes another pass over it."""


def surt(url: str) -> str:
    """The key of a url of http or https; another one is its own, as the rule has it, but for spaces."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url.replace(" ", "%20")
    if parts.scheme not in _PORTS or not host:
        return url.replace(" ", "%20")
    name = _WWW.sub("", host.rstrip("."), count=1) if _WWW.match(host) else host.rstrip(".")
    key = ",".join(reversed(name.split(".")))
    if port is not None and port != _PORTS[parts.scheme]:
        key += f":{port}"
    path = "/".join(_steps(_normal(parts.path))) or "/"
    query = "&".join(sorted(_normal(parts.query).split("&"))) if parts.query else ""
    return f"{key}){path}" + (f"?{query}" if query else "")


def _steps(path: str) -> list[str]:
    """The parts of a path between its slashes, with '' before the first; none for the root."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == ".." and steps and steps[-1] != "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return ["", *steps] if steps else []


def _normal(part: str) -> str:
    """A part of a url, every character of it written in one way."""
    plain = part
    for _ in range(_MOST_ESCAPES):
        if not _ESCAPE.search(plain):
            break
        plain = unquote_to_bytes(plain.encode(errors=_LONE)).decode("latin-1")
    else:
        return part.lower()
    if plain is part:
        return quote(part, safe=_KEPT, errors=_LONE).lower()
    return quote(plain.encode("latin-1", "ignore"), safe=_KEPT).lower()
