"""Pages and documents made to cost memory or time: each has its outcome, and the crawl goes on within 400 MB."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import pytest

from sample_site.server import SampleServer
from tests.hostile.watching import MOST_MEMORY, WatchedCrawl, crawl_watched, healthy
from tests.pages.snippets import page
from vovcrawl.pages import Reason, bounds

pytestmark = pytest.mark.long

MB = 1024 * 1024


@dataclass
class Bomb:
    """A response, and why it is refused."""

    make: Callable[[], bytes]
    reason: str
    headers: dict[str, str] = field(default_factory=dict)


def big(size: int = 100 * MB) -> bytes:
    """An article page of so many bytes."""
    start, end = page("<p>Một.</p>@").split("@")
    return start.encode() + b" " * (size - len(start) - len(end)) + end.encode()


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=5)
    return bytes(packer.process(big()) + packer.finish())


def zstd_bomb() -> bytes:
    zstd = pytest.importorskip("backports.zstd")
    return bytes(zstd.compress(big()))


def of_unit(unit: str, size: int = 15 * MB) -> Callable[[], bytes]:
    return lambda: page(unit * (size // len(unit))).encode()


def numbered(form: str, count: int) -> Callable[[], bytes]:
    return lambda: page("".join(form % number for number in range(count))).encode()


UNPACKED_TOO_LARGE = "exceeded DOWNLOAD_MAXSIZE"
OVERSIZED = Reason.OVERSIZED.value
MANY_BYTES = f"{OVERSIZED}: more than {bounds.MOST_BYTES} bytes"
MANY_TAGS = f"{OVERSIZED}: more than {bounds.MOST_TAGS} tags"

BOMBS: dict[str, Bomb] = {
    "gzip": Bomb(lambda: gzip.compress(big()), UNPACKED_TOO_LARGE, {"Content-Encoding": "gzip"}),
    "deflate": Bomb(lambda: zlib.compress(big()), UNPACKED_TOO_LARGE, {"Content-Encoding": "deflate"}),
    "brotli": Bomb(brotli_bomb, UNPACKED_TOO_LARGE, {"Content-Encoding": "br"}),
    "zstd": Bomb(zstd_bomb, UNPACKED_TOO_LARGE, {"Content-Encoding": "zstd"}),
    "gzip twice": Bomb(
        lambda: gzip.compress(gzip.compress(big())), UNPACKED_TOO_LARGE, {"Content-Encoding": "gzip, gzip"}
    ),
    "gzip in brotli": Bomb(
        lambda: bytes(brotli.compress(gzip.compress(big()))), UNPACKED_TOO_LARGE, {"Content-Encoding": "gzip, br"}
    ),
    "100 MB with a length": Bomb(big, "larger than 16777216 bytes"),
    "100 MB without a length": Bomb(
        lambda: chunked(big()), "larger than 16777216 bytes", {"Transfer-Encoding": "chunked"}
    ),
    "15 MB": Bomb(lambda: big(15 * MB), MANY_BYTES),
    "15 MB of tags": Bomb(of_unit("<p>"), MANY_BYTES),
    "500,000 links of 15 MB": Bomb(numbered('<a href="/a-post%d.vov">', 500_000), MANY_BYTES),
    "100,000 tags": Bomb(of_unit("<p>a", 400_000), MANY_TAGS),
    "100,000 nested tags": Bomb(lambda: page("<div>" * 100_000).encode(), MANY_TAGS),
    "100,000 links": Bomb(numbered('<a href="/a-post%d.vov">a</a>', 100_000), MANY_TAGS),
    "2 MB of rare letters": Bomb(of_unit("\U0001f600", 600_000), f"{OVERSIZED}: more than 500000 characters"),
    "a million keywords": Bomb(
        lambda: page("<p>a</p>", head=f'<meta name="keywords" content="{"a," * 1_000_000}">').encode(),
        f"{OVERSIZED}: more than 10000 keywords",
    ),
    "20,000 pictures": Bomb(numbered("<img src=/%d.jpg>", 20_000), f"{OVERSIZED}: more than 10000 images"),
    "20,000 paragraphs": Bomb(numbered("<p>a%d</p>", 20_000), f"{OVERSIZED}: more than 10000 blocks"),
}


def address(name: str) -> str:
    return f"/xa-hoi/bom-post{9_100_000 + list(BOMBS).index(name)}.vov"


@pytest.fixture(scope="module")
def bombed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SampleServer, WatchedCrawl]]:
    folder = tmp_path_factory.mktemp("bombed")
    with SampleServer() as site:
        for name, bomb in BOMBS.items():
            site.answer(address(name), body=bomb.make(), headers=bomb.headers)
        wanted = folder / "addresses.txt"
        # A healthy article after each bomb.
        lines = [f"https://vov.vn{address(name)}" for name in BOMBS]
        lines += [story.url for story in healthy(site, len(BOMBS))]
        wanted.write_text("\n".join(lines[place::2][n] for n in range(len(lines) // 2) for place in (0, 1)))
        yield site, crawl_watched(folder, site.url, f"urls={wanted}", "-s", "LOG_LEVEL=DEBUG")


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_left_unread_with_its_reason(bombed: tuple[SampleServer, WatchedCrawl], name: str) -> None:
    state, outcome, reason = bombed[1].page(f"https://vov.vn{address(name)}")
    assert (state, outcome) == ("failed", "unreadable")
    assert reason is not None
    assert BOMBS[name].reason in reason


def test_a_crawl_among_bombs_says_so_in_its_status(bombed: tuple[SampleServer, WatchedCrawl]) -> None:
    assert bombed[1].status == 3


def test_a_crawl_among_bombs_keeps_every_healthy_story(bombed: tuple[SampleServer, WatchedCrawl]) -> None:
    site, crawl = bombed
    assert crawl.addresses() == {story.url for story in healthy(site, len(BOMBS))}


def test_a_crawl_among_bombs_stays_small(bombed: tuple[SampleServer, WatchedCrawl]) -> None:
    assert bombed[1].peak < MOST_MEMORY


@pytest.mark.parametrize("name", ["gzip", "15 MB"])
def test_bombs_in_a_row_do_not_pile_up(tmp_path: Path, name: str) -> None:
    with SampleServer() as site:
        own, body = healthy(site, 1)[0], BOMBS[name].make()
        paths = [f"/xa-hoi/bom-post{9_200_000 + number}.vov" for number in range(40)]
        for path in paths:
            site.answer(path, body=body, headers=BOMBS[name].headers)
        wanted = tmp_path / "addresses.txt"
        wanted.write_text("\n".join([*(f"https://vov.vn{path}" for path in paths), own.url]))
        crawl = crawl_watched(tmp_path, site.url, f"urls={wanted}")
        assert crawl.addresses() == {own.url}
        assert crawl.peak < MOST_MEMORY


# What is read all the same


@pytest.mark.parametrize(
    "body",
    [
        lambda: page("<b>" * 40_000 + "Một."),
        lambda: page("<p>" + "14/10 hôm qua " * 30_000 + "</p>"),
        lambda: page("".join(f"<p>đoạn {number}</p>" for number in range(9_000))),
        lambda: page("<p>\U0001f600" + "ngày 1 " * 60_000 + "</p>"),
    ],
    ids=["nested", "dates", "paragraphs", "rare letters"],
)
def test_a_page_just_within_the_bounds_leaves_the_crawl_small(tmp_path: Path, body: Callable[[], str]) -> None:
    with SampleServer() as site:
        own = healthy(site, 2)
        site.answer(own[0].address, body=body().replace("cho-noi-vao-mua-nuoc-post1315001", "a-post1"))
        crawl = crawl_watched(tmp_path, site.url, f"urls={own[0].url},{own[1].url}")
        assert own[1].url in crawl.addresses()
        assert crawl.peak < MOST_MEMORY
        assert crawl.status in (0, 3)


def test_an_answer_with_endless_headers_is_cut_off(tmp_path: Path) -> None:
    with SampleServer() as site:
        own, bomb = healthy(site, 2)
        site.answer(bomb.address, headers={f"X-{number}": "a" * 10_000 for number in range(10_000)})
        crawl = crawl_watched(tmp_path, site.url, f"urls={bomb.url},{own.url}", "-s", "RETRY_TIMES=0")
        state, outcome, reason = crawl.page(bomb.url)
        assert (state, outcome) == ("failed", "unreachable")
        assert reason is not None
        assert "bytes of headers" in reason
        assert (crawl.status, crawl.addresses()) == (3, {own.url})
        assert crawl.peak < MOST_MEMORY


@pytest.mark.parametrize(
    "rule",
    [
        "Disallow: /a{}\n",
        "Allow: /*a*b*c{}*$\n",
        "User-agent: a{}\nDisallow: /\n",
        "Sitemap: https://evil.example/{}\n",
    ],
)
def test_of_an_endless_robots_txt_the_beginning_is_obeyed(tmp_path: Path, rule: str) -> None:
    with SampleServer() as site:
        own, forbidden = healthy(site, 2)
        rules = "".join(rule.format(number) for number in range(15 * MB // (len(rule) + 6)))
        site.answer("/robots.txt", body=f"User-agent: *\nDisallow: {forbidden.address}\n{rules}")
        crawl = crawl_watched(tmp_path, site.url, f"urls={own.url},{forbidden.url}")
        assert crawl.addresses() == {own.url}
        assert crawl.page(forbidden.url)[1] == "forbidden by robots.txt"
        assert crawl.status == 0
        assert crawl.peak < MOST_MEMORY
