"""Videos and audio files: those of the site's own players, of frames of other sites, and those that a script starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vovcrawl import urls
from vovcrawl.items import Media
from vovcrawl.pages.document import Element, classes

FRAMES = frozenset(("iframe", "embed", "object"))
"""Elements that show another page or a file."""

_SITES = re.compile(
    r"^https?://(?:[a-z0-9-]{1,40}\.){0,3}(?:"
    r"youtube(?:-nocookie)?\.com/(?:embed/|v/|shorts/|watch\?)|youtu\.be/|player\.vimeo\.com/video/|vimeo\.com/\d"
    r"|dailymotion\.com/(?:embed/|player)|facebook\.com/(?:v\d{1,2}\.\d{1,2}/)?(?:plugins/video|video/embed)"
    r"|tiktok\.com/(?:embed|player|@[^/]{1,60}/video)|ok\.ru/videoembed|vk\.com/video_ext|rutube\.ru/play/embed"
    r"|rumble\.com/embed|streamable\.com|twitch\.tv/|players\.brightcove\.net/|jwplatform\.com/players"
    r"|instagram\.com/(?:reel|tv)/)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:mp4|m3u8|webm|mov|flv)(?:$|[?#])", re.IGNORECASE)
_SOUND = re.compile(r"\.(?:mp3|m4a|aac|ogg|wav)(?:$|[?#])", re.IGNORECASE)
_NO_VIDEO = re.compile(
    r"\.(?:json|js|css|xml|vtt|srt|jpe?g|png|gif|webp|svg|html?|vov|swf)(?:$|[?#])"
    r"|comments?(?:\.|/|$)|/vast|doubleclick|googlesyndication|admicro|adtima|eclick|/maps?/|soundcloud|spotify|podcast"
    r"|^https?://ads?\.",
    re.IGNORECASE,
)
_OWN_PLAYER = re.compile(r"^https?://(?:[a-z0-9-]{1,40}\.){0,3}vov\.vn/.{0,200}?(?:video|player|embed)", re.IGNORECASE)
_PLAYER_PATH = re.compile(r"(?:video|player)", re.IGNORECASE)
_POSTERS = ("data-thumb", "data-thumbnail", "data-poster", "poster")

_STARTED = re.compile(r"jadsVideo|jwplayer|videojs|flowplayer|mediaelement|Clappr|Plyr|[Pp]layer", re.ASCII)
_ANY_FILE_STARTED = re.compile(r"jadsVideo", re.ASCII)
_SETTING = re.compile(
    r"""(?P<sources>\bsources["']?\s*+:\s*+\[)|(?P<close>\])
    |\b(?:(?P<file>file|src|source|url|hls|mp4)|(?P<still>image|poster|thumb|thumbnail|preview))["']?\s*+
    :\s*+(?:"(?P<double>[^"<>\n]*+)"|'(?P<single>[^'<>\n]*+)')""",
    re.VERBOSE | re.ASCII,
)
_LONGEST_SCRIPT = 100_000
_MOST_SETTINGS = 2_000


def video(element: Element, base: str) -> Media | None:
    """The video that `element` plays, or None: `div.videojs-player[data-url]`, or a `video` with its sources."""
    return _media(element, base, _SOUND)


def audio(element: Element, base: str) -> Media | None:
    """The audio file that `element` plays, or None."""
    return _media(element, base, _FILE)


def _media(element: Element, base: str, not_this: re.Pattern[str]) -> Media | None:
    for node in element.iter():
        for name in ("data-url", "data-src", "src", "data-file"):
            written = node.get(name)
            if node.tag in ("img", "script", "iframe") or not written:
                continue
            url = urls.absolute(written, base)
            if url and not not_this.search(url):
                still = next(
                    (
                        value
                        for at in (node, element)
                        for name in ("data-thumb", "poster", "data-thumbnail")
                        if (value := at.get(name))
                    ),
                    None,
                )
                return Media(url=url, thumbnail=urls.absolute(still, base) if still else None)
    return None


def plays(element: Element) -> str | None:
    """What the element plays, `video` or `audio`; None where it is no player."""
    if element.tag in ("video", "audio"):
        return "audio" if element.tag == "audio" else "video"
    written = element.get("data-url") or element.get("data-file") or ""
    if not written and "audio" not in (element.get("class") or ""):
        return None
    tokens = classes(element)
    if _SOUND.search(written) or any("audio" in token for token in tokens):
        return "audio" if written or any(True for _ in element.iter("audio", "source")) else None
    if written and (_FILE.search(written) or any("video" in token for token in tokens)):
        return "video"
    return None


def framed(element: Element, base: str) -> Media | None:
    """The video that a frame plays, with the url of the frame; None where it shows something else.

    Comments, advertisements, maps and audio players are none.
    """
    for written in _frame_urls(element):
        url = urls.absolute(written, base)
        if url is not None and _is_video(url, element):
            return Media(url=url, thumbnail=_still(element, base))
    return None


def quoted(element: Element, base: str) -> Media | None:
    """The video for which a quotation or a box stands until a script of its site replaces it; else None."""
    written = element.get("cite") or element.get("data-href") or ""
    url = urls.absolute(written, base)
    return Media(url=url, thumbnail=None) if url is not None and (_SITES.match(url) or "/videos/" in url) else None


def started(script: str, base: str) -> tuple[list[Media], list[Media]]:
    """The videos and the audio files that a script plays, `jadsVideo({file: ...})` and the like.

    Of the versions of one video the first is taken.
    """
    script = script[:_LONGEST_SCRIPT]
    videos: list[Media] = []
    audios: list[Media] = []
    if not _STARTED.search(script):
        return videos, audios
    any_file = _ANY_FILE_STARTED.search(script) is not None
    pending: str | None = None
    last: Media | None = None
    in_sources = has_source = False
    for number, setting in enumerate(_SETTING.finditer(script)):
        if number >= _MOST_SETTINGS:
            break
        if setting["sources"] or setting["close"]:
            in_sources, has_source = bool(setting["sources"]), False
            continue
        written = setting["double"] if setting["double"] is not None else setting["single"]
        url = urls.absolute(written.replace("\\/", "/"), base)
        if url is None:
            continue
        if setting["still"]:
            if last is not None and last.thumbnail is None:
                last.thumbnail = url
            else:
                pending = url
            continue
        kept = _kind(url, any_file and setting["file"] == "file", videos, audios)
        if kept is None or (in_sources and has_source):
            continue
        has_source = in_sources
        last = Media(url=url, thumbnail=pending)
        pending = None
        kept.append(last)
    return videos, audios


def _kind(url: str, any_file: bool, videos: list[Media], audios: list[Media]) -> list[Media] | None:
    if _NO_VIDEO.search(url):
        return None
    if _SOUND.search(url):
        return audios
    return videos if any_file or _FILE.search(url) or _SITES.match(url) else None


def _is_video(url: str, element: Element) -> bool:
    if _SITES.match(url):
        return True
    if _NO_VIDEO.search(url) or _SOUND.search(url):
        return False
    if _FILE.search(url) or _OWN_PLAYER.match(url):
        return True
    return element.get("allowfullscreen") is not None and _PLAYER_PATH.search(url) is not None


def _frame_urls(element: Element) -> Iterator[str]:
    for name in ("data-src", "data-lazy-src", "src", "data"):
        if written := element.get(name):
            yield written
    if element.tag == "object":
        for child in element:
            written = None
            if child.tag == "param" and (child.get("name") or "").lower() in ("movie", "src"):
                written = child.get("value")
            elif child.tag == "embed":
                written = child.get("src")
            if written:
                yield written


def _still(element: Element, base: str) -> str | None:
    parent = element.getparent()
    for node in (element, parent):
        for name in _POSTERS if node is not None else ():
            if node is not None and (written := node.get(name)):
                return urls.absolute(written, base)
    return None
