"""Forty queries as people type them, each with the articles that it must find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.store.test_search import article, found, make
from tests.stores import store_at
from vovcrawl.items import Author, Image
from vovcrawl.store import Database, read_database

THUAN, MINH = Author("Bích Thuận", "VOV-Bắc Kinh", "Bích Thuận/VOV-Bắc Kinh"), Author("Minh Đức", None, "Minh Đức")

ARTICLES: list[dict[str, Any]] = [
    {
        "headline": "Bão số 4 áp sát Đà Nẵng",
        "body": "Tâm bão cách bờ 120 km.\n\nSóng cao 5-7 m.",
        "keywords": ["bão số 4"],
    },
    {"headline": "Báo cáo số 4 của tổ giám sát", "body": "Tờ báo đăng lại. Giá đã bao gồm thuế.", "authors": [MINH]},
    {"headline": "Bao so 4 vao Da Nang", "body": "Tin khong dau gui tu dien thoai."},
    {"headline": "Hội nghị hoà bình ở Kathmandu", "body": "Đại biểu khoẻ mạnh.", "authors": [THUAN]},
    {"headline": "Hòa Bình xả lũ", "body": "Thủy điện mở 3 cửa. Hồ thuỷ lợi đầy.", "keywords": ["lũ lụt", "thủy điện"]},
    {"headline": "Giá vàng ngày 14/10", "body": "Tăng 3,5% so với hôm qua, lên 1.200.000 đồng."},
    {"headline": "COVID-19 lui dần", "body": "Biến thể Omicron BA.5 còn ít.", "description": "Cả nước thở phào."},
    {"headline": "Đường sắt Bắc - Nam", "body": "Ông Nguyễn Văn Đường nói về con đường."},
    {"headline": "U23 Việt Nam thắng 2-0", "body": "HLV cười.", "section": "the-thao", "section_name": "Thể thao"},
    {
        "headline": "Chợ nổi",
        "body": "Thuyền.",
        "images": [Image("https://vov.vn/a.jpg", "Rằm tháng Giêng bên sông", None)],
    },
    {"headline": "Phim về Điện Biên", "body": "Chiếu.", "content_type": "video", "section": "van-hoa"},
    {"headline": "Lễ hội & ẩm thực", "body": "Món “bún chả” và 'nem'. Ai cũng thích!"},
]
QUERIES = [
    ("bão số 4", {1, 3}),
    ("bao so 4", {1, 2, 3}),
    ("BÃO SỐ 4", {1, 3}),
    ("ba\u0303o so\u0302\u0301 4", {1, 3}),
    ('"bão số 4"', {1, 3}),
    ("“bão số 4”", {1, 3}),
    ("báo", {2, 3}),
    ("bao gồm", {2}),
    ("da nang", {1, 3}),
    ("Đà Nẵng", {1, 3}),
    ("đà nẵng", {1, 3}),
    ("hoà bình", {4, 5}),
    ("hòa bình", {4, 5}),
    ("hoa binh", {4, 5}),
    ("hoà bình -lũ", {4}),
    ("thuỷ", {5}),
    ("thủy điện", {5}),
    ("khỏe", {4}),
    ("Bích Thuận", {4}),
    ("author:thuận", {4}),
    ('tác-giả:"Minh Đức"', {2}),
    ("VOV-Bắc Kinh", {4}),
    ("14/10", {6}),
    ("3,5%", {6}),
    ("3.5", {6}),
    ("1.200.000 đồng", {6}),
    ("covid-19", {7}),
    ("covid 19", {7}),
    ("BA.5", {7}),
    ("duong", {8}),
    ("đường sắt bắc-nam", {8}),
    ("Nguyễn Văn Đường", {8}),
    ("u23 viet nam", {9}),
    ("2-0", {9}),
    ("mục:thể-thao", {9}),
    ("rằm tháng giêng", {10}),
    ("kind:video", {11}),
    ("dien bien", {11}),
    ("lễ hội & ẩm thực", {12}),
    ("'bún chả'", {12}),
    ('tag:"bão số 4"', {1}),
    ("thẻ:lũ", {5}),
    ("vàng OR bão", {1, 3, 6}),
    ("(vàng OR covid) NOT omicron", {6}),
    ("kath*", {4}),
    ("NEAR(giá vàng)", {6}),
    ('"bão số', {1, 3}),
    ("vàng; DROP TABLE articles;--", set()),
    ("chợ 😀 nổi", {10}),
]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    kept = [article(number, **dict(fields)) for number, fields in enumerate(ARTICLES, 1)]
    database = read_database(store_at(make(tmp_path_factory.mktemp("queries") / "vov.sqlite", kept)))
    yield database
    database.close()


@pytest.mark.parametrize(("typed", "right"), QUERIES)
def test_a_query_finds_every_right_article_and_no_other(searched: Database, typed: str, right: set[int]) -> None:
    assert set(found(searched, typed)) == right
