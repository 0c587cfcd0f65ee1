"""Keys of urls in an index."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.strategies import ANY_TEXT
from vovcrawl.archives.surt import surt


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://vov.vn", "vn,vov)/"),
        ("https://vov.vn/", "vn,vov)/"),
        ("http://www.vov.vn/The-Gioi/Cau-post1.vov", "vn,vov)/the-gioi/cau-post1.vov"),
        ("https://www2.VOV.vn./a", "vn,vov)/a"),
        ("https://baoxuan.vov.vn/a/", "vn,vov,baoxuan)/a"),
        ("https://vov.vn:443/a", "vn,vov)/a"),
        ("http://vov.vn:80/a", "vn,vov)/a"),
        ("http://vov.vn:8080/a", "vn,vov:8080)/a"),
        ("https://ai:mat@vov.vn/a#cuoi", "vn,vov)/a"),
        ("https://vov.vn/xa-hoi?page=2", "vn,vov)/xa-hoi?page=2"),
        ("https://vov.vn/a?b=2&A=1", "vn,vov)/a?a=1&b=2"),
        ("https://vov.vn/a/?", "vn,vov)/a"),
        ("https://vov.vn/a//b/./c/../d", "vn,vov)/a/b/d"),
        ("https://vov.vn/tag/gạo", "vn,vov)/tag/g%e1%ba%a1o"),
        ("https://vov.vn/tag/g%E1%BA%A1o%20m%E1%BB%9Bi", "vn,vov)/tag/g%e1%ba%a1o%20m%e1%bb%9bi"),
        ("https://vov.vn/a%2Db", "vn,vov)/a-b"),
        ("https://vov.vn/a%2525b", "vn,vov)/a%25b"),
        ("dns:vov.vn", "dns:vov.vn"),
        ("https://vov.vn:cong/a b", "https://vov.vn:cong/a%20b"),
    ],
)
def test_a_key_is_that_of_the_wayback_machine(url: str, key: str) -> None:
    assert surt(url) == key


@pytest.mark.parametrize("path", ["\ud800", "\ud800%20"])
def test_half_a_pair_of_utf_16_has_a_key(path: str) -> None:
    assert surt(f"https://vov.vn/{path}").startswith("vn,vov)/%ed%a0%80")


@given(ANY_TEXT.map(lambda text: f"https://vov.vn/{text}"))
def test_a_key_has_no_space_in_it_by_which_a_line_would_part(url: str) -> None:
    assert " " not in surt(url)
    assert "\n" not in surt(url)
