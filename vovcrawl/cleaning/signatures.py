"""Signatures of reporters: whether a line is one, where one ends a text, and who signed.

A signature names persons, and after a slash what they work for: "Hạ Lan/VOV-TP.HCM", "CTV Hà My/VOV online (theo
AP)". Others name a source alone ("Theo Reuters"), or what was done ("(Tổng hợp)"). A sentence may hold all of that too,
so what is taken off the end of a text has to look like nothing else; where it stands as only signatures do, less is
asked of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from vovcrawl.cleaning.end_marks import with_plain_end
from vovcrawl.cleaning.signature_words import LISTS, any_of
from vovcrawl.text import UPPER

LONGEST_ENDING = 300
"""Characters at the end of a text in which a signature may stand."""

_SHORTEST = len("A/VOV")
_LONGEST = 160
_LONGEST_LIST = 500

_ROLE = (
    r"(?:(?i:nhóm|ctv|btv|pv|p\.v|phóng\s++viên|cộng\s++tác\s++viên|theo|đồ\s++họa|thực\s++hiện|biên\s++(?:dịch|tập)"
    r"|(?:tin|bài|chùm)(?:\s*+(?:[,&-]|và))?+(?:\s*+ảnh)?+|ảnh|video|clip)\b\s*+:?+\s*+)"
)
_DONE = f"(?i:{any_of('work-done')})"
# A dot before a blank follows a person's title or first letter: elsewhere a sentence ends there.
_TITLE = rf"(?:(?:{any_of('titles')})\.\s*+)"
_INITIALS = rf"(?:(?:[{UPPER}]\.)++\s*+)"
# A hyphen within a name is the name's; one that parts two names has a blank beside it.
_NAME = rf"[{UPPER}][\w’']*+(?:[.-][\w’']++)*+"
_PERSON = rf"(?:(?=[{UPPER}]){_TITLE}*+{_INITIALS}?+(?:{_NAME}(?:\s++{_NAME}){{0,6}}+)?+)"
_BETWEEN = r"(?:\s*+(?:[,;&+–—]|(?<=\s)-|-(?=\s)|(?<=\s)và(?=\s))\s*+)"
_PERSONS = rf"(?:{_PERSON}(?:{_BETWEEN}{_ROLE}*+{_PERSON}){{0,9}}+)"
_CREDIT = r"(?:[Ảả]nh\s*+:\s*+[^.!?:]{2,60}+)"
_BRACKET = r"(?:\([^()]{1,80}+\))"

# What no affiliation says, and a sentence about a reporter does.
_OF_SENTENCES = f"(?:{any_of('words-of-sentences')})"
_UNIT = (
    r"(?:(?:[Bb]áo\s++(?:[Đđ]iện\s++tử\s++)?+)?+(?:VOV|Vov|vov)\w*+(?:\.(?i:vn))?+"
    r"|[Đđ]ài\s++(?:TNVN|[Tt]iếng\s++nói\s++Việt\s++Nam))"
)
_TOKEN = rf"(?:(?!{_OF_SENTENCES}\b)(?:(?:TP|Tp|tp)\.|\w++(?:[.’'-]\w++)*+))"
_AFFILIATION = rf"(?:{_UNIT}(?:[\s,;:/&+–—-]*+(?:{_BRACKET}|{_TOKEN}))*+)"
_AGENCY = (
    rf"(?:{any_of('agencies')}"
    rf"|[Bb]áo\s++[{UPPER}]\w*+(?:\s++(?!{_OF_SENTENCES}\b)\w++){{0,4}}+)"
)

_SIGNED = re.compile(
    rf"\(?+(?:{_ROLE}++{_PERSONS}?+|{_PERSONS})(?:\s*+{_BRACKET})?+\s*+/\s*+(?P<affiliation>{_AFFILIATION})"
    rf"(?:[\s.;,–-]*+{_CREDIT})?+\)?+"
)
_KIND_OF_SOURCE = r"(?:(?i:báo|đài|tạp\s++chí|trang|hãng(?:\s++tin)?+|tờ|kênh|thông\s++tấn\s++xã|mạng)\s++)"
_SOURCE = (
    rf"(?:{_KIND_OF_SOURCE}*+(?!(?:Ông|Bà|Luật|Nghị|Quyết|Điều)\b)[{UPPER}\d][\w+’'-]*+(?:\.\w++)*+"
    rf"(?:\s++(?!(?:{_OF_SENTENCES}|\d\d+|tại|từ|trong|trên|đến|ở)\b)[\w+’'-]++(?:\.\w++)*+){{0,5}}+)"
)
_SOURCES = rf"(?:{_SOURCE}(?:\s*+(?:[,;/&–-]|và(?=\s))\s*+{_SOURCE}){{0,5}}+)"
_SIGNED_FOR_ANOTHER = re.compile(
    rf"\(?+{_ROLE}*+{_PERSONS}\s*+/\s*+(?:{_AGENCY}|[Tt]heo\s++{_SOURCES})(?:\s*+{_BRACKET})?+\)?+"
)
_OF_SOURCES = re.compile(
    rf"\(?+(?:[Tt]heo|[Nn]guồn)\s*+:?+\s*+{_SOURCES}(?:\s*+{_BRACKET})?+\)?+"
    rf"|[Tt]heo\s++(?:báo\s++chí|truyền\s++thông)(?:\s++(?!{_OF_SENTENCES}\b)\w++){{0,3}}+"
)
_WHAT_WAS_DONE = (
    rf"\(\s*+(?:{_DONE}(?:\s*+(?:[,;:–-]|từ\b|theo\b|và\b)[^()]{{0,60}}+)?+|(?:[Tt]heo|[Nn]guồn)\b[^()]{{2,60}}+)\)"
)
_OF_WORK = re.compile(
    rf"(?:{_PERSONS}|{_UNIT})?+\s*+(?:[–-]\s*+)?+{_WHAT_WAS_DONE}"
    rf"|(?!(?:Ông|Bà|Anh|Chị|Họ|Tôi|Chúng|Báo|Đài)\b){_PERSONS}\s*+[–-]?+\s*+(?:{_DONE}|[Tt]heo\s++{_SOURCES})"
    rf"|(?:Nhóm\s++(?:PV|CTV|BTV|[Pp]hóng\s++viên|[Tt]ác\s++giả)|(?:P\.?V|CTV|BTV)(?:\s++(?!VOV){_PERSON})?+)"
    rf"|[{UPPER}](?:\.[{UPPER}]){{1,3}}+|TTXVN|Vietnam\+|VietnamPlus|Reuters|AFP|Xinhua"
    rf"|{_NAME}\s++{_NAME}(?:\s++{_NAME}){{0,3}}+/(?!HCM|TPHCM)[{UPPER}]{{3,6}}+"
    rf"|(?i:tổng\s++hợp|biên\s++dịch|lược\s++dịch)(?:\s*+:|\s++(?:từ|theo))?+\s*+{_SOURCES}?+"
    rf"|{_PERSONS}\s*+\({_UNIT}[^()]{{0,40}}+\)"
)
_NO_PERSON = re.compile(rf"\(?+(?:[Tt]heo|[Nn]guồn)\s*+:?+\s*+{_SOURCES}\)?+|{_WHAT_WAS_DONE}|{_CREDIT}")
_PERSONS_ALONE = re.compile(rf"{_ROLE}*+{_PERSONS}")
_ROLES_ALONE = re.compile(rf"(?:{_PERSONS}{_BETWEEN})?+{_ROLE}*+")
_SOURCE_IN_BRACKETS = re.compile(rf"\s*+(?P<signature>\((?:Theo|Nguồn:?+)\s++{_SOURCES}\))$")
_BARE = re.compile(
    rf"\(?+(?:(?:[Tt]heo|[Nn]guồn:?+)\s++(?:[^.!?:]|\.(?=\w)){{2,70}}+"
    rf"|{_ROLE}*+{_PERSONS}(?:\s*+/\s*+(?:[^.!?/]|\.(?=\w)){{2,60}}+)?+)\.?+"
)
_AFTER_SENTENCE = re.compile(r"(?:(?<=[!?…”\"»)])\s*+|(?<=\.)\s++|(?<=[^\W_A-ZĐ]\.)(?=[(A-ZĐ]))(?=[(\w])")
_TITLES = tuple(f"{title}." for title in LISTS["titles"].words)
_WORK_BEFORE = re.compile(r"(?:^|\s)(?P<role>(?:(?:Tin|Bài)(?:,|\svà)?\sảnh|Tin|Bài|Thực\shiện|Biên\sdịch)\s?:)$")
_VOV_AFTER_SLASH = re.compile(r"\s*+/\s*+(?=VOV|[Bb]áo\s++[Đđ]iện\s++tử\s++VOV)")
_NAME_ALONE = re.compile(_NAME)

_OF_UNITS = frozenset(LISTS["words-of-affiliations"].words)
FAMILY_NAMES = frozenset(LISTS["family-names"].words)
"""First words of Vietnamese names in full."""

_MIDDLE_NAMES = frozenset(("Văn", "Thị", "Nữ"))
_BEFORE_A_MENTION = frozenset(LISTS["words-before-a-mention"].words)


def is_signature(line: str) -> bool:
    """Whether a line that stands as signatures do, at the right margin or after the end mark, reads like one."""
    return len(line) <= _LONGEST and (_BARE.fullmatch(line) is not None or is_plain_signature(line))


def is_plain_signature(line: str) -> bool:
    """Whether a line reads like a signature and like nothing else, wherever it stands."""
    return len(line) <= _LONGEST and _is_plain_signature(line)


# A line is asked about several times, as it may be a title, a tag or the end of a text.
@lru_cache(maxsize=256)
def _is_plain_signature(line: str) -> bool:
    line = line.rstrip(".") if "/VOV" in line else line
    return _is_signed(line) or _is_of_work(line) or _is_without_slash(line)


def is_signed(line: str) -> bool:
    """Whether a line is a name, a slash and an affiliation with this newspaper, and nothing else."""
    return _SHORTEST <= len(line) <= _LONGEST and _is_vov_signed(line.rstrip("."))


def is_person(line: str) -> bool:
    """Whether a line reads like the name of one person, as it also may where it is none."""
    words = line.split(" ")
    return 2 <= len(words) <= 5 and all(word.isalpha() and _NAME_ALONE.fullmatch(word) for word in words)


def split_signature(text: str) -> tuple[str, str | None]:
    """The last block of a text, and the signature that stands in it or is it.

    "... thành phố./. Hừng La/VOV online" gives ("... thành phố.", "Hừng La/VOV online"); a block that is nothing
    but a signature gives ("", signature); one without a signature comes back whole.
    """
    if not may_be_signed(text):
        return text, None
    head, tail = text[:-LONGEST_ENDING], text[-LONGEST_ENDING:]
    if not head and is_plain_signature(tail):
        return "", tail
    for place, signature in _endings(tail):
        if signature:
            return _closed(head + tail[:place].rstrip()), signature
    return text, None


def split_inner_signature(text: str) -> tuple[str, str | None]:
    """As `split_signature`, for a paragraph that others follow: only a signature with a slash can be told there."""
    if "/" not in text[-LONGEST_ENDING:] or len(text) < _SHORTEST or text[-1] == ".":
        return text, None
    head, tail = text[:-LONGEST_ENDING], text[-LONGEST_ENDING:]
    for place, signature in _endings(tail):
        if signature and "/" in signature:
            return _closed(head + tail[:place].rstrip()), signature
    return text, None


def _closed(text: str) -> str:
    """What stands before a signature; the mark before one may lack its first dot."""
    text = with_plain_end(text)
    return text[:-2].rstrip() + "." if text.endswith("/.") else text


def may_be_signed(text: str) -> bool:
    """Whether `split_signature` could find one: most texts end as sentences do, with no slash but those of dates."""
    if text[-1:] not in _ENDS_OF_SENTENCES:
        return True
    ending = text[-LONGEST_ENDING:]
    return "/" in ending and ("/." in ending or "/ ." in ending or _names_a_radio(ending))


def _names_a_radio(text: str) -> bool:
    """Whether a text can hold an affiliation with this newspaper; quick."""
    return "VOV" in text or "vov" in text or "Vov" in text or "ài T" in text or "ài t" in text


_ENDS_OF_SENTENCES = frozenset((".", "!", "?", "…", "”", '"', ""))


def _endings(tail: str) -> tuple[tuple[int, str | None], ...]:
    return _after_end_mark(tail), _after_sentence(tail), _after_no_stop(tail)


def _after_end_mark(tail: str) -> tuple[int, str | None]:
    for match in re.finditer(r"/\s*+\.\s*+", tail):
        signature = tail[match.end() :].strip()
        if (
            len(signature) >= 2
            and tail[: match.start()].rstrip()[-1:] in tuple('.!?…”"’»)')
            and is_signature(signature)
        ):
            return match.end(), signature
    return 0, None


def _after_sentence(tail: str) -> tuple[int, str | None]:
    for match in _AFTER_SENTENCE.finditer(tail):
        signature = tail[match.end() :]
        if tail[: match.start()].rstrip().endswith(_TITLES):
            continue
        # A photo's credit after a sentence belongs to a caption.
        if signature[:4].casefold() == "ảnh:" or len(signature) > _LONGEST or signature[-1:] == ".":
            continue
        if _is_signed(signature) or _is_of_work(signature):
            return match.end(), signature
    return 0, None


def _after_no_stop(tail: str) -> tuple[int, str | None]:
    """A signature that runs on from a text without a full stop: the last words before the slash that can be a name."""
    if tail.endswith(")") and (source := _SOURCE_IN_BRACKETS.search(tail)) is not None:
        return source.start(), source["signature"]
    slash = next(_VOV_AFTER_SLASH.finditer(tail), None)
    if slash is None:
        return 0, None
    affiliation = tail[slash.end() :]
    if not _is_affiliation(affiliation if "(" in affiliation else affiliation.removesuffix(")")):
        return 0, None
    words = tail[: slash.start()].split(" ")
    taken = _length_of_signers(words)
    if not taken:
        return 0, None
    if words[:-taken] and words[-taken - 1] in ("CTV", "PV", "BTV", "Theo", *_TITLES):
        taken += 1
    kept = " ".join(words[:-taken])
    if (role := _WORK_BEFORE.search(kept)) is not None:
        place = role.start("role")
        return len(tail[:place].rstrip()), tail[place:]
    before = kept.rpartition(" ")[2]
    if not before or before.casefold() in _BEFORE_A_MENTION or before[-1] in ",:;(/":
        return 0, None
    return len(kept.rstrip(" –-")), tail[len(kept) + 1 :]


def _length_of_signers(words: list[str]) -> int:
    """How many words at the end of `words` are the names of those who signed; 0 where none can be told."""
    for group in (["Nhóm", "PV"], ["Nhóm", "phóng", "viên"], ["PV"], ["CTV"], ["BTV"]):
        if words[-len(group) :] == group:
            return len(group)
    taken = _length_of_name(words)
    if taken < 2:
        return 0
    while True:
        above = words[:-taken]
        comma = bool(above) and above[-1].endswith(",")
        joined = len(above) > 1 and above[-1] in ("-", "–", "&", "và")
        if not comma and not joined:
            return taken
        others = [*above[:-1], above[-1][:-1]] if comma else above[:-1]
        length = _length_of_name(others)
        # After a comma stands one author more; a dash may also part the text from its author.
        if length < 2 or (joined and above[-1] in ("-", "–") and others[-length] not in FAMILY_NAMES):
            return 0 if comma else taken
        taken += length + joined


def _length_of_name(words: list[str]) -> int:
    """How many words at the end of `words` are the name of one person; the capitalised words may be more."""
    count = 0
    while count < min(6, len(words)) and _NAME_ALONE.fullmatch(words[-1 - count].removeprefix("(")):
        count += 1
        if words[-count].startswith("("):
            return count
    for length in range(min(count, 5), 2, -1):
        if words[-length] in FAMILY_NAMES and (length < 5 or words[1 - length] in _MIDDLE_NAMES):
            return length
    return min(count, 2)


def _is_signed(line: str) -> bool:
    return _is_vov_signed(line) or _SIGNED_FOR_ANOTHER.fullmatch(line) is not None


def _is_vov_signed(line: str) -> bool:
    match = _SIGNED.fullmatch(line) if "/" in line and _names_a_radio(line) else None
    return match is not None and _is_affiliation(match["affiliation"])


def _is_of_work(line: str) -> bool:
    return _OF_WORK.fullmatch(line) is not None or _OF_SOURCES.fullmatch(line) is not None


def _is_without_slash(line: str) -> bool:
    """Whether a line is "Lan Chi VOV-Sydney", "Phóng viên VOV thường trú tại Pháp" or "VOV.VN (tổng hợp)"."""
    place = line.find("VOV")
    if place < 0 or not _is_affiliation(line[place:]):
        return False
    names = line[:place].rstrip(" -–,")
    return (
        not names
        or _ROLES_ALONE.fullmatch(names) is not None
        or (_PERSONS_ALONE.fullmatch(names) is not None and len(names.split()) > 1)
    )


_SOLE_AFFILIATION = re.compile(_AFFILIATION)
_WITHIN_BRACKETS = re.compile(_BRACKET)
_WORDS = re.compile(r"\w++")


def _is_affiliation(text: str) -> bool:
    """Whether a text is an affiliation with this newspaper, as "VOV - Trung tâm Tin", and goes on as no sentence."""
    if len(text) > _LONGEST or not _SOLE_AFFILIATION.fullmatch(text):
        return False
    unknown = 0
    after_name = False
    for number, word in enumerate(_WORDS.findall(_WITHIN_BRACKETS.sub(" ", text))):
        if word.isdigit():
            if number != 1 or len(word) > 1:
                return False
        elif word[0].islower():
            unknown += not after_name and number > 0 and word not in _OF_UNITS
            after_name = False
        else:
            after_name = number > 0
    return unknown <= 1


def with_sources(signatures: Iterable[str]) -> list[str]:
    """The signatures that stand one under the other, where sources and credits belong to the persons above them."""
    found: list[str] = []
    for signature in signatures:
        if found and len(found[-1]) <= _LONGEST and _NO_PERSON.fullmatch(signature):
            found[-1] += f" {signature}"
        else:
            found.append(signature)
    return found


def in_list(text: str) -> list[str]:
    """The signatures in a line: "A/VOV1, B/VOV2" holds two, "A/VOV online (theo AP, Reuters)" and "A, B/VOV2" one."""
    if len(text) > _LONGEST_LIST or text.count("/") < 2:
        return [text]
    found: list[str] = []
    begin = 0
    for match in _NEXT_SIGNATURE.finditer(text):
        if "/" in text[begin : match.start()]:
            found.append(text[begin : match.start()].strip())
            begin = match.end()
    return [*found, text[begin:].strip()]


# Outside brackets, before names with a slash of their own.
_NEXT_SIGNATURE = re.compile(
    r"\s*+(?:[,;&+](?=[^()/;]{1,80}+/)|(?:(?<=\s)[–-](?=\s)|(?<=\s)và(?=\s))(?=[^()/;,–-]{1,80}+/))\s*+"
    rf"(?![^()]{{0,100}}+\))(?={_ROLE}*+[{UPPER}/])"
)
_SOURCE_WITHIN = re.compile(r"[\s,;–(-]+(?:theo|Theo)\s.*$")
_PHOTO_WITHIN = re.compile(r"[\s,;.–(-]+[ẢảAa]nh\s*:.*$")
_DONE_WITHIN = re.compile(rf"[\s,–-]+{_DONE}$")
_LEADING_ROLE = re.compile(
    rf"^(?:(?:Theo|Nguồn|CTV|PV|P\.V|BTV|Phóng viên|Cộng tác viên)\s*:?\s+(?!VOV)(?=[{UPPER}])"
    r"|(?:Tin|Bài|Ảnh|Đồ họa|Thực hiện|Biên dịch|Lược dịch|Biên tập|Clip|Video|(?:Tin|Bài)(?:,| và|-)?\s*ảnh)\s*:\s*)+"
)
_ROLE_WITHIN = re.compile(rf"([,;&–-]|\bvà)\s*(?:CTV|PV|BTV)\s+(?=[{UPPER}])")
_UNIT_AFTER_COMMA = re.compile(rf"^[^/]+?,\s*({_UNIT}[^/]*)$")
_UNIT_IN_BRACKETS = re.compile(rf"\(({_UNIT}[^()]*)\)$")


def name_and_affiliation(signature: str) -> tuple[str, str | None]:
    """Who signed, and for whom, without what else a signature in a text says: roles, sources, photographs.

    "CTV Hà My/VOV online (theo AP)" gives ("Hà My", "VOV online"); one that holds nothing else comes back whole.
    """
    plain = signature.strip()
    if plain.startswith("(") and plain.endswith(")") and plain.count("(") == 1:
        plain = plain[1:-1].strip()
    affiliation = ""
    if "/" not in plain and (unit := _UNIT_IN_BRACKETS.search(plain)) and unit.start():
        affiliation = unit[1].strip()
    plain = _WITHIN_BRACKETS.sub(" ", plain)
    plain = _LEADING_ROLE.sub("", " ".join(plain.split()), count=1)
    plain = _PHOTO_WITHIN.sub("", _SOURCE_WITHIN.sub("", plain))
    if (comma := _UNIT_AFTER_COMMA.search(plain)) is not None:
        plain = f"{plain[: comma.start(1)]}/{comma[1]}"
    name, slash, after = plain.partition("/")
    if slash:
        affiliation = _DONE_WITHIN.sub("", after.strip(" ,;–-."))
    name = _ROLE_WITHIN.sub(r"\1 ", _DONE_WITHIN.sub("", name)).strip(" ,;–-")
    if name:
        return name, affiliation or None
    return affiliation or signature, None
