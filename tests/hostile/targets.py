"""Urls that lead off the newspaper, in all the ways to write them."""

from __future__ import annotations


def off_site(port: int) -> list[str]:
    """Such urls; `port` is that of a server on loopback."""
    return [*not_public(port), *of_others(port)]


def not_public(port: int) -> list[str]:
    """Those that lead to a private address, to this machine or away from http."""
    return [
        f"http://127.0.0.1:{port}/a-post1.vov",
        f"https://127.0.0.1:{port}/a-post1.vov",
        f"http://localhost:{port}/a-post1.vov",
        f"http://[::1]:{port}/a-post1.vov",
        f"http://[::ffff:127.0.0.1]:{port}/a-post1.vov",
        f"http://2130706433:{port}/a-post1.vov",
        f"http://0x7f.1:{port}/a-post1.vov",
        f"http://0177.0.0.1:{port}/a-post1.vov",
        f"//127.0.0.1:{port}/a-post1.vov",
        f"http://vov.vn@127.0.0.1:{port}/a-post1.vov",
        f"http://vov.vn:80@127.0.0.1:{port}/a-post1.vov",
        f"HTTP://127.0.0.1:{port}/a-post1.vov",
        "http://10.0.0.1/a-post1.vov",
        "http://192.168.1.1/a-post1.vov",
        "http://169.254.169.254/latest/meta-data/a-post1.vov",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file://vov.vn/etc/passwd",
        "ftp://vov.vn/a-post1.vov",
        "s3://vov.vn/a-post1.vov",
        "gopher://vov.vn/a-post1.vov",
        "data:text/html,<h1>tin</h1>",
        "javascript:alert(1)",
        "vbscript:alert(1)",
        "about:blank",
        "view-source:https://vov.vn/a-post1.vov",
    ]


def of_others(port: int) -> list[str]:
    """Those that lead to another public host, or to another port of the newspaper's."""
    return [
        f"http://vov.vn:{port}/a-post1.vov",
        "http://vov.vn:22/a-post1.vov",
        "https://vov.vn.evil.example/a-post1.vov",
        "HTTPS://VOV.VN.EVIL.EXAMPLE/a-post1.vov",
        "https://evil.example/https://vov.vn/a-post1.vov",
        "https://vov.vn@evil.example/a-post1.vov",
        "https://vov.vn%2eevil.example/a-post1.vov",
        "https://vov.vn%00.evil.example/a-post1.vov",
        "https://evil.example%2f@vov.vn/a-post1.vov",
        "https://evil.example\\@vov.vn/a-post1.vov",
        "https://evil.example#@vov.vn/a-post1.vov",
        "//evil.example/a-post1.vov",
        "https://english.vov.vn/en/a-post1.vov",
    ]
