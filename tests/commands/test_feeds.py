"""What a crawl writes, read back in every format, equals the record in JSON Lines."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import marshal
import pickle
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sample_site.server import SampleServer
from sample_site.site import FORBIDDEN_FOLDER
from tests.conftest import PROJECT, command, environment, run_line
from vovcrawl.feeds.formats import COMPRESSED, with_compression
from vovcrawl.items import json_schema

pytestmark = pytest.mark.long

Record = dict[str, Any]

SCHEMA = json_schema()
FORMULAS = tuple("=+-@\t\r\n＝＋－＠")


def from_lines(data: bytes) -> list[Record]:
    return [json.loads(line) for line in data.decode().splitlines()]


def from_csv(data: bytes) -> list[Record]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [{name: from_cell(cell, SCHEMA["properties"][name]) for name, cell in row.items()} for row in rows]


def from_cell(cell: str, schema: Record) -> Any:
    if schema.get("type") in ("array", "object"):
        return json.loads(cell)
    return from_text(cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULAS) else cell, schema)


def from_xml(data: bytes) -> list[Record]:
    return [from_element(item, SCHEMA) for item in ElementTree.fromstring(data)]


def from_element(element: ElementTree.Element, schema: Record) -> Any:
    match schema.get("type"):
        case "object":
            return {part.tag: from_element(part, schema["properties"][part.tag]) for part in element}
        case "array":
            return [from_element(part, schema["items"]) for part in element]
    return from_text(element.text or "", schema)


def from_text(text: str, schema: Record) -> Any:
    """The value of a text, by what the record's schema says of its field."""
    if not text and ("null" in schema.get("type", ()) or None in schema.get("enum", ())):
        return None
    match schema.get("type"):
        case "integer":
            return int(text)
        case "boolean":
            return {"true": True, "false": False}[text]
    return text


def one_after_another(load: Callable[[io.BytesIO], Record]) -> Callable[[bytes], list[Record]]:
    def read(data: bytes) -> list[Record]:
        file, found = io.BytesIO(data), []
        while file.tell() < len(data):
            found.append(load(file))
        return found

    return read


class OnlyPlainTypes(pickle.Unpickler):
    """Refuses what needs a package to be unpickled."""

    def find_class(self, module: str, name: str) -> Any:
        raise AssertionError(f"{module}.{name}")


READERS: dict[str, Callable[[bytes], list[Record]]] = {
    **dict.fromkeys(("jsonlines", "jsonl", "jl"), from_lines),
    "json": json.loads,
    "csv": from_csv,
    "xml": from_xml,
    "pickle": one_after_another(lambda file: OnlyPlainTypes(file).load()),
    "marshal": one_after_another(marshal.load),
}
UNPACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".lzma": lambda data: lzma.decompress(data, lzma.FORMAT_ALONE),
}
SOME = ["headline", "authors", "date_published", "reader_version"]
RENAMED = {"headline": "tiêu đề", "related": "lien-quan", "duplicate_of": "2"}


def feeds() -> dict[str, dict[str, Any]]:
    """The feeds of one crawl, by what each is a test of."""
    made: dict[str, dict[str, Any]] = {}
    packed: dict[str, dict[str, Any]] = {}
    for kind in READERS:
        made[f"whole.{kind}"] = {"format": kind}
        made[f"indented.{kind}"] = {"format": kind, "indent": 3}
        made[f"some.{kind}"] = {"format": kind, "fields": SOME}
        made[f"renamed.{kind}"] = {"format": kind, "fields": RENAMED}
        packed |= {f"packed.{kind}{end}": {"format": kind} for end in COMPRESSED}
    return made | with_compression(packed, packed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where one crawl of articles of all kinds has written all feeds."""
    there = tmp_path_factory.mktemp("feeds")
    with SampleServer() as site:
        urls = [story.url for story in site.site.newest if FORBIDDEN_FOLDER not in f"/{story.path}/"]
        (there / "urls.txt").write_text("\n".join(urls))
        table = {str(there / name): options for name, options in feeds().items()}
        given = ("-s", f"FEEDS={json.dumps(table)}")
        line = command(there, site.url, (f"urls={there / 'urls.txt'}", "-O", str(there / "gold.jsonl"), *given))
        ended = run_line(line)
    assert ended.returncode == 0, ended.stderr
    yield there


@pytest.fixture(scope="module")
def gold(folder: Path) -> list[Record]:
    records = from_lines((folder / "gold.jsonl").read_bytes())
    assert len({record["content_type"] for record in records}) > 3
    assert any(record["related"] and record["links"] and record["time_expressions"] for record in records)
    return records


@pytest.mark.parametrize("shape", ["whole", "indented"])
@pytest.mark.parametrize("kind", READERS)
def test_every_format_gives_the_record(folder: Path, gold: list[Record], shape: str, kind: str) -> None:
    assert READERS[kind]((folder / f"{shape}.{kind}").read_bytes()) == gold


@pytest.mark.parametrize("kind", READERS)
def test_the_fields_stand_in_their_order(folder: Path, gold: list[Record], kind: str) -> None:
    assert list(READERS[kind]((folder / f"whole.{kind}").read_bytes())[0]) == list(gold[0])


@pytest.mark.parametrize("kind", READERS)
def test_a_feed_of_some_fields_has_those(folder: Path, gold: list[Record], kind: str) -> None:
    found = READERS[kind]((folder / f"some.{kind}").read_bytes())
    assert [list(record.items()) for record in found] == [[(name, record[name]) for name in SOME] for record in gold]


@pytest.mark.parametrize("kind", [kind for kind in READERS if kind not in ("csv", "xml")])
def test_fields_are_renamed(folder: Path, gold: list[Record], kind: str) -> None:
    found = READERS[kind]((folder / f"renamed.{kind}").read_bytes())
    assert found == [{new: record[name] for name, new in RENAMED.items()} for record in gold]


def test_columns_are_renamed(folder: Path, gold: list[Record]) -> None:
    text = (folder / "renamed.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["tiêu đề"], json.loads(row["lien-quan"]), row["2"]) for row in rows] == [
        (record["headline"], record["related"], "") for record in gold
    ]


def test_a_name_that_is_no_element_s_is_an_attribute(folder: Path, gold: list[Record]) -> None:
    items = ElementTree.parse(folder / "renamed.xml").getroot()
    assert [(part.tag, part.attrib) for part in items[0]] == [
        ("field", {"name": "tiêu đề"}),
        ("lien-quan", {}),
        ("field", {"name": "2"}),
    ]
    assert [item[0].text for item in items] == [record["headline"] for record in gold]


@pytest.mark.parametrize("end", COMPRESSED)
@pytest.mark.parametrize("kind", READERS)
def test_a_compressed_feed_holds_what_the_plain_one_does(folder: Path, kind: str, end: str) -> None:
    packed = (folder / f"packed.{kind}{end}").read_bytes()
    assert UNPACKED[end](packed) == (folder / f"whole.{kind}").read_bytes()


@pytest.fixture(scope="module")
def set_for_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a crawl has written feeds whose fields and indent are set for all of them."""
    there = tmp_path_factory.mktemp("all")
    with SampleServer() as site:
        given = [part for kind in READERS for part in ("-O", str(there / f"a.{kind}"))]
        given += ["-O", str(there / "named.jsonl.gz")]
        given += ["-s", f"FEED_EXPORT_FIELDS={','.join(SOME)}", "-s", "FEED_EXPORT_INDENT=2"]
        line = command(there, site.url, (f"urls={site.site.newest[0].url}", *given))
        ended = run_line(line)
    assert ended.returncode == 0, ended.stderr
    return there


@pytest.mark.parametrize("kind", READERS)
def test_fields_and_indent_set_for_all_feeds_hold_for_each(set_for_all: Path, kind: str) -> None:
    (gold,) = from_lines((set_for_all / "a.jsonl").read_bytes())
    assert READERS[kind]((set_for_all / f"a.{kind}").read_bytes()) == [gold]
    assert list(gold) == SOME


def test_a_feed_is_compressed_by_the_end_of_its_name(set_for_all: Path) -> None:
    assert gzip.decompress((set_for_all / "named.jsonl.gz").read_bytes()) == (set_for_all / "a.jsonl").read_bytes()


@pytest.mark.parametrize("kind", ["json", "xml", "csv.lzma"])
def test_what_cannot_be_appended_to_is_refused_and_left(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"a.{kind}").write_text("whole", encoding="utf-8")
    line = command(tmp_path, None, ("since=1d", "-o", str(tmp_path / f"a.{kind}")))
    ended = run_line(line)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert "right would be -O" in ended.stderr
    assert (tmp_path / f"a.{kind}").read_text(encoding="utf-8") == "whole"


@pytest.mark.parametrize("redirected", [False, True], ids=["pipe", "file"])
def test_csv_on_standard_output_has_no_byte_order_mark(tmp_path: Path, site: SampleServer, redirected: bool) -> None:
    line = command(tmp_path, site.url, (f"urls={site.site.newest[0].url}", "-o", "-:csv"))
    target = tmp_path / "out.csv"
    with target.open("wb") as file:
        ended = subprocess.run(
            line,
            cwd=PROJECT,
            env=environment(),
            stdout=file if redirected else subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    written = target.read_bytes() if redirected else ended.stdout
    assert written.startswith(b'"id","url"')
