"""What archives of every kind hold, read without a crawl."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
import zstandard

from tests.archives.warc_files import (
    DATE,
    article,
    article_url,
    chunked,
    crawled,
    encoded,
    http,
    not_modified,
    packed,
    record,
    response,
    revisit,
)
from vovcrawl.archives.captures import Became, Capture, Skipped, captures
from vovcrawl.archives.files import FileOptions
from vovcrawl.archives.paths import archive_paths
from vovcrawl.evidence import page_hash
from vovcrawl.pages import NotAnArticle, parse_article, parse_text

LARGEST = 1_000_000
TEXT = "Chợ nổi vào mùa nước\n\nVOV.VN - Chợ đông từ tờ mờ sáng.\n\nGhe thuyền đậu kín bến."


def read(*paths: Path, **options: object) -> list[Capture | Skipped]:
    """Everything in these files."""
    given = FileOptions(largest=LARGEST, **options)  # type: ignore[arg-type]
    return list(captures(archive_paths(",".join(map(str, paths))), given))


def became(found: Iterable[Capture | Skipped]) -> list[str]:
    return [one.became.value if isinstance(one, Skipped) else "capture" for one in found]


def unread(found: Iterable[Capture | Skipped]) -> list[str | None]:
    return [one.url for one in found if isinstance(one, Skipped) and one.is_unread]


def written(folder: Path, *records: bytes, name: str = "a.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(packed(*records) if name.endswith(".gz") else b"".join(records))
    return path


class TestWarc:
    def test_a_response_is_a_capture_with_its_own_url_date_and_encoding(self, tmp_path: Path) -> None:
        (found,) = read(written(tmp_path, response(article_url(1), article(1), date="2023-10-14T07:05:09.123456Z")))
        assert isinstance(found, Capture)
        assert (found.url, found.charset, found.captured_at) == (article_url(1), "utf-8", "2023-10-14T07:05:09+00:00")
        assert found.data == article(1)
        assert found.where == f"{tmp_path / 'a.warc.gz'}, byte 0"
        assert found.evidence.page_hash == page_hash(article(1))

    def test_its_article_is_that_of_the_page_but_for_when_and_whence_it_came(self, tmp_path: Path) -> None:
        (found,) = read(written(tmp_path, response(article_url(1), article(1))))
        assert isinstance(found, Capture)
        expected = parse_article(article(1), article_url(1))
        expected.fetched_at, expected.source = "2023-10-14T07:05:00+00:00", "archive"
        assert found.read().article == expected

    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
    def test_it_is_unpacked(self, tmp_path: Path, encoding: str) -> None:
        headers = [("Content-Type", "text/html"), ("Content-Encoding", encoding), ("Transfer-Encoding", "chunked")]
        (found,) = read(
            written(tmp_path, response(article_url(1), chunked(encoded(article(1), encoding)), headers=headers))
        )
        assert isinstance(found, Capture)
        assert found.data == article(1)

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("https://www.vov.vn/a-post1.vov", "capture"),
            ("http://baoxuan.vov.vn/a-post1.vov?gidzl=abc", "capture"),
            ("<https://vov.vn/a-post1.vov>", "capture"),
            ("https://english.vov.vn/en/a-post1.vov", "out of scope"),
            ("https://vov.vn/zh-CN/a-post1.vov", "out of scope"),
            ("https://media.vov.vn/a.jpg", "out of scope"),
            ("https://vovworld.vn/a.vov", "other host"),
            ("https://vov.vn.example.org/a-post1.vov", "other host"),
            ("https://example.org/?u=https://vov.vn/a-post1.vov", "other host"),
            ("dns:vov.vn", "other host"),
            ("", "other host"),
        ],
    )
    def test_only_pages_of_the_newspaper_in_vietnamese_are_captures(
        self, tmp_path: Path, url: str, expected: str
    ) -> None:
        assert became(read(written(tmp_path, response(url, article(1))))) == [expected]

    @pytest.mark.parametrize(
        ("status", "content_type", "expected"),
        [
            ("404 Not Found", "text/html", "not 200"),
            ("301 Moved Permanently", "text/html", "not 200"),
            ("304 Not Modified", "text/html", "not 200"),
            ("200 OK", "application/xml", "not HTML"),
            ("200 OK", "image/png", "not HTML"),
            ("200 OK", "application/xhtml+xml", "capture"),
            ("200 OK", "", "capture"),
        ],
    )
    def test_only_web_pages_that_were_found_are_captures(
        self, tmp_path: Path, status: str, content_type: str, expected: str
    ) -> None:
        one = response(article_url(1), article(1), status=status, headers=[("Content-Type", content_type)])
        found = read(written(tmp_path, one))
        assert (became(found), unread(found)) == ([expected], [])

    @pytest.mark.parametrize("kind", ["warcinfo", "request", "metadata", "continuation", "something"])
    def test_what_is_no_page_is_not_a_response(self, tmp_path: Path, kind: str) -> None:
        assert became(read(written(tmp_path, record(kind, b"x", [("WARC-Target-URI", article_url(1))])))) == [
            "not a response"
        ]

    @pytest.mark.parametrize("kind", ["resource", "conversion"])
    @pytest.mark.parametrize(("content_type", "expected"), [("text/html", "capture"), ("text/plain", "not HTML")])
    def test_a_page_without_its_response_is_a_capture(
        self, tmp_path: Path, kind: str, content_type: str, expected: str
    ) -> None:
        fields = [("WARC-Target-URI", article_url(1)), ("WARC-Date", DATE), ("Content-Type", content_type)]
        assert became(read(written(tmp_path, record(kind, article(1), fields)))) == [expected]

    @pytest.mark.parametrize(
        ("url", "expected"),
        [(article_url(1), [article_url(1)]), ("https://vov.vn/xa-hoi", []), ("https://example.org/a-post1.vov", [])],
    )
    def test_a_truncated_record_is_unread_where_its_url_is_that_of_an_article(
        self, tmp_path: Path, url: str, expected: list[str]
    ) -> None:
        found = read(written(tmp_path, response(url, article(1)[:500], fields=[("WARC-Truncated", "length")])))
        assert unread(found) == expected

    def test_a_record_too_large_to_be_held_is_unread(self, tmp_path: Path) -> None:
        found = read(
            written(tmp_path, response(article_url(1), bytes(2 * LARGEST)), response(article_url(2), article(2)))
        )
        assert (became(found), unread(found)) == (["too large", "capture"], [article_url(1)])

    def test_a_page_too_large_once_it_is_unpacked_is_unread(self, tmp_path: Path) -> None:
        headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
        bomb = response(article_url(1), gzip.compress(bytes(50 * LARGEST)), headers=headers)
        found = read(written(tmp_path, bomb))
        assert (became(found), unread(found)) == (["too large"], [article_url(1)])

    def test_a_broken_record_is_unread_where_its_header_names_an_article(self, tmp_path: Path) -> None:
        records = [packed(response(article_url(number), article(number))) for number in (1, 2)]
        path = tmp_path / "a.warc.gz"
        path.write_bytes(records[0][:-8] + bytes(8) + records[1])
        found = read(path)
        assert (became(found), unread(found)) == (["broken", "capture"], [article_url(1)])

    @pytest.mark.parametrize("date", ["", "hôm nay", "2023-13-01T00:00:00Z", "9" * 100])
    def test_a_date_that_is_none_is_left_out(self, tmp_path: Path, date: str) -> None:
        (found,) = read(written(tmp_path, response(article_url(1), article(1), date=date)))
        assert isinstance(found, Capture)
        assert found.captured_at is None

    @pytest.mark.parametrize(
        "content", [b"x", b"<html></html>" * 1000, bytes(10_000), gzip.compress(b"no record", mtime=0)]
    )
    def test_a_file_that_is_no_warc_file_is_unreadable(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "a.warc.gz"
        path.write_bytes(content)
        last = read(path)[-1]
        assert isinstance(last, Skipped)
        assert (last.became, last.reason, last.is_unread) == (Became.UNREADABLE, "there is no WARC record in it", True)

    def test_all_articles_and_nothing_else_come_out_of_a_file_of_many_sites(self, tmp_path: Path) -> None:
        made = crawled(1_500, 60, lost=4)
        path = tmp_path / "a.warc.gz"
        path.write_bytes(made.data)
        found = read(path)
        counts = Counter("article" if name == "capture" else name for name in became(found))
        assert counts == made.counts
        assert {one.read().article.canonical_url for one in found if isinstance(one, Capture)} == set(made.articles)
        assert set(unread(found)) == made.lost


class TestRevisits:
    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    @pytest.mark.parametrize("refers_to", [None, article_url(1), "http://vov.vn/xa-hoi/cho-noi-mua-nuoc-post1.vov"])
    def test_a_revisit_is_the_page_that_it_refers_to_at_its_own_date(
        self, tmp_path: Path, order: Sequence[int], refers_to: str | None
    ) -> None:
        both = [
            response(article_url(1), article(1)),
            revisit(article_url(1), article(1), date="2024-01-01T00:00:00Z", refers_to=refers_to),
        ]
        found = read(written(tmp_path, *(both[place] for place in order)))
        dates = {one.captured_at for one in found if isinstance(one, Capture) and one.data == article(1)}
        assert dates == {"2023-10-14T07:05:00+00:00", "2024-01-01T00:00:00+00:00"}

    def test_a_revisit_is_resolved_in_another_file_of_another_kind(self, tmp_path: Path) -> None:
        first = written(tmp_path, revisit(article_url(1), article(1), date="2024-01-01T00:00:00Z"), name="a.warc")
        with zipfile.ZipFile(tmp_path / "b.wacz", "w") as made:
            made.writestr("archive/b.warc.gz", packed(response(article_url(1), article(1))))
        assert became(read(first, tmp_path / "b.wacz")) == ["capture", "capture"]

    def test_a_revisit_of_what_the_archive_does_not_hold_is_counted(self, tmp_path: Path) -> None:
        found = read(written(tmp_path, revisit(article_url(1), b"x", date=DATE), response(article_url(1), article(1))))
        assert (became(found), unread(found)) == (["unresolved revisit", "capture"], [])

    def test_a_word_of_the_server_that_nothing_has_changed_is_counted(self, tmp_path: Path) -> None:
        assert became(read(written(tmp_path, not_modified(article_url(1))))) == ["not modified"]

    def test_a_revisit_of_another_host_is_not_looked_for(self, tmp_path: Path) -> None:
        one = revisit("https://example.org/", article(1), date=DATE)
        assert became(read(written(tmp_path, response(article_url(1), article(1)), one))) == ["capture", "other host"]


class TestWacz:
    @pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    @pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
    def test_all_warc_files_in_it_are_read_in_their_order(self, tmp_path: Path, compression: int, suffix: str) -> None:
        with zipfile.ZipFile(tmp_path / "a.wacz", "w", compression) as made:
            for number in (1, 2):
                one = response(article_url(number), article(number))
                made.writestr(f"archive/{number}{suffix}", packed(one) if suffix == ".warc.gz" else one)
            made.writestr("datapackage.json", "{}")
            made.writestr("indexes/index.cdx.gz", b"x")
            made.writestr("other/3.warc", response(article_url(3), article(3)))
        found = read(tmp_path / "a.wacz")
        assert [one.url for one in found] == [article_url(1), article_url(2)]
        assert found[1].where == f"{tmp_path / 'a.wacz'}, archive/2{suffix}, byte 0"

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 1000])
    def test_a_file_that_is_no_zip_file_is_unreadable(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "a.wacz").write_bytes(content)
        (found,) = read(tmp_path / "a.wacz")
        assert isinstance(found, Skipped)
        assert found.is_unread
        assert (found.reason or "").startswith("no WACZ: ")

    def test_a_zip_file_without_a_warc_file_is_unreadable(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.wacz", "w") as made:
            made.writestr("a.warc", response(article_url(1), article(1)))
        (found,) = read(tmp_path / "a.wacz")
        assert isinstance(found, Skipped)
        assert found.reason == "no WACZ: there is no WARC file in its folder archive"

    def test_a_wacz_within_a_wacz_is_counted(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.wacz", "w") as made:
            made.writestr("b.wacz", b"x")
        assert became(read(tmp_path / "a.wacz")) == ["unsupported"]

    def test_a_damaged_member_takes_no_other_with_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.wacz"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for number in (1, 2):
                made.writestr(f"archive/{number}.warc", response(article_url(number), article(number)))
        data = bytearray(path.read_bytes())
        data[200:400] = bytes(200)
        path.write_bytes(data)
        found = read(path)
        assert became(found)[-1] == "capture"
        assert "capture" not in became(found)[:-1]


class TestJsonLines:
    def lines(self, folder: Path, *lines: object, name: str = "a.jsonl") -> Path:
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        data = "\n".join(texts).encode()
        if name.endswith(".gz"):
            data = gzip.compress(data[:200]) + gzip.compress(data[200:])
        elif name.endswith(".zst"):
            data = zstandard.compress(data[:200]) + zstandard.compress(data[200:])
        (folder / name).write_bytes(data)
        return folder / name

    @pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
    def test_each_line_is_a_text(self, tmp_path: Path, name: str) -> None:
        made = [{"text": TEXT, "url": article_url(number)} for number in (1, 2, 3)]
        found = read(self.lines(tmp_path, *made, name=name))
        assert [one.url for one in found] == [article_url(number) for number in (1, 2, 3)]
        assert found[2].where == f"{tmp_path / name}, line 3"
        assert isinstance(found[0], Capture)
        assert found[0].read().article == parse_text(TEXT, article_url(1))

    @pytest.mark.parametrize(
        ("line", "captured"),
        [
            ({"text": TEXT, "url": article_url(1), "timestamp": "2019-04-25T12:57:54Z"}, "2019-04-25T12:57:54+00:00"),
            ({"text": TEXT, "url": article_url(1), "timestamp": "2019/04/25 12:57:54"}, "2019-04-25T12:57:54+00:00"),
            ({"text": TEXT, "url": article_url(1), "date": "2019-04-25T12:57:54Z"}, "2019-04-25T12:57:54+00:00"),
            ({"text": TEXT, "url": article_url(1), "date": "2019-04-25 12:57:54"}, None),
            (
                {"content": TEXT, "warc_headers": {"warc-target-uri": article_url(1), "warc-date": DATE}},
                "2023-10-14T07:05:00+00:00",
            ),
            ({"raw_content": TEXT, "url": article_url(1), "date_download": DATE}, "2023-10-14T07:05:00+00:00"),
            ({"text": TEXT, "metadata": {"url": article_url(1), "warc_date": DATE}}, "2023-10-14T07:05:00+00:00"),
        ],
    )
    def test_the_fields_of_known_corpora_are_found(
        self, tmp_path: Path, line: dict[str, object], captured: str | None
    ) -> None:
        (found,) = read(self.lines(tmp_path, line))
        assert isinstance(found, Capture)
        assert (found.url, found.captured_at, found.data.decode()) == (article_url(1), captured, TEXT)

    def test_fields_have_the_names_that_the_user_gives(self, tmp_path: Path) -> None:
        line = {"text": "khác", "bai": {"noi_dung": TEXT}, "link": article_url(1), "ngay": "2023-10-14T14:05"}
        names = {"text": "bai.noi_dung", "url": "link", "published": "ngay"}
        (found,) = read(self.lines(tmp_path, line), fields=names)
        assert isinstance(found, Capture)
        assert (found.url, found.data.decode()) == (article_url(1), TEXT)
        assert found.read().article.date_published == "2023-10-14T14:05:00+07:00"

    def test_the_time_of_publication_that_the_user_gives_is_for_lines_without_one(self, tmp_path: Path) -> None:
        given = datetime(2020, 1, 2)
        lines = [{"text": TEXT, "published": "2023-10-14T14:05"}, {"text": TEXT}]
        found = read(self.lines(tmp_path, *lines), published=given)
        dates = [one.read().article.date_published for one in found if isinstance(one, Capture)]
        assert dates == ["2023-10-14T14:05:00+07:00", "2020-01-02T00:00:00+07:00"]

    @pytest.mark.parametrize(
        ("line", "expected", "is_unread"),
        [
            ({"text": TEXT, "url": "https://example.org/a"}, "other host", False),
            ({"text": TEXT, "url": "https://english.vov.vn/a"}, "out of scope", False),
            ({"text": TEXT, "url": "https://vov.vn/the-thao"}, "no article", False),
            ({"url": article_url(1)}, "no text", True),
            ({"text": "  ", "url": article_url(1)}, "no text", True),
            ({"text": 7, "url": article_url(1)}, "no text", True),
            ("{", "not JSON", True),
            ("[1]", "not JSON", True),
            ("[" * 100_000, "not JSON", True),
            ({"text": "x" * (2 * LARGEST + 1)}, "too large", True),
            ({"text": TEXT}, "capture", False),
            ({"text": TEXT, "url": None}, "capture", False),
        ],
    )
    def test_a_line_is_a_text_of_the_newspaper_s_or_counted(
        self, tmp_path: Path, line: object, expected: str, is_unread: bool
    ) -> None:
        found = read(self.lines(tmp_path, line, {"text": TEXT}))
        assert became(found) == [expected, "capture"]
        assert (found[0].is_unread if isinstance(found[0], Skipped) else False) == is_unread

    def test_empty_lines_are_nothing(self, tmp_path: Path) -> None:
        assert became(read(self.lines(tmp_path, "", {"text": TEXT}, "", ""))) == ["capture"]

    def test_records_that_this_program_wrote_are_no_texts(self, tmp_path: Path) -> None:
        record_of_ours = parse_article(article(1), article_url(1)).to_dict()
        (found,) = read(self.lines(tmp_path, record_of_ours, record_of_ours))
        assert isinstance(found, Skipped)
        assert (found.reason or "").startswith("line 1 is a record that this program wrote, and no text")

    @pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
    def test_a_file_that_was_cut_gives_its_first_lines_and_is_unread(self, tmp_path: Path, name: str) -> None:
        made = [{"text": TEXT, "url": article_url(n), "x": random.Random(n).randbytes(2000).hex()} for n in range(500)]
        path = self.lines(tmp_path, *made, name=name)
        path.write_bytes(path.read_bytes()[:-2000])
        found = read(path)
        assert 0 < became(found).count("capture") < 500
        assert became(found)[-1] == "broken"
        assert isinstance(found[-1], Skipped)
        assert found[-1].is_unread


def test_files_of_every_kind_are_read_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_bytes(article(1))
    (tmp_path / "c.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "d.jsonl").write_text(json.dumps({"text": TEXT}), encoding="utf-8")
    warc = written(tmp_path, response(article_url(2), article(2)))
    found = read(tmp_path / "d.jsonl", tmp_path / "c.txt", warc, tmp_path / "b.html")
    assert [Path(one.where.partition(",")[0]).name for one in found] == ["d.jsonl", "c.txt", "a.warc.gz", "b.html"]


def test_a_page_that_is_no_article_is_a_capture_that_says_so_when_it_is_read(tmp_path: Path) -> None:
    (found,) = read(written(tmp_path, response("https://vov.vn/xa-hoi", b"<html><body></body></html>")))
    assert isinstance(found, Capture)
    with pytest.raises(NotAnArticle):
        found.read()


def test_a_response_that_is_none_is_broken(tmp_path: Path) -> None:
    fields = [("WARC-Target-URI", article_url(1)), ("WARC-Date", DATE), ("Content-Type", "application/http")]
    found = read(written(tmp_path, record("response", http(b"")[5:], fields)))
    assert (became(found), unread(found)) == (["broken"], [article_url(1)])
