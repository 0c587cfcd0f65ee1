"""Urls, linked from nowhere, where the site answers something other than a story."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from sample_site.render_drupal import render_drupal_article
from sample_site.render_listing import render_message

if TYPE_CHECKING:
    from sample_site.site import Site
    from sample_site.story import Story

MISSING_ADDRESS = "/xa-hoi/tin-nay-chua-tung-co-post1309999.vov"
"""Answers 404."""

GONE_ADDRESS = "/xa-hoi/tin-da-go-bo-post1309001.vov"
"""Answers 410."""

SOFT_ERROR_ADDRESS = "/the-gioi/trang-khong-con-noi-dung-post1309002.vov"
"""Answers 200 with an apology instead of a story."""

EMPTY_SHELL_ADDRESS = "/kinh-te/bai-viet-chua-kip-hien-noi-dung-post1309003.vov"
"""Answers 200 with an article page whose text is empty."""

BLOCK_PAGE_ADDRESS = "/the-gioi/trang-bi-tuong-lua-chan-post1309004.vov"
"""Answers 200 with the notice of a firewall."""

SCRIPT_REDIRECT_ADDRESS = "/the-thao/trang-chuyen-huong-bang-ma-lenh-post1309005.vov"
"""Answers 200 with a script that leads to a story."""

_BLOCK_PAGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>Attention Required! | Cloudflare</title>
<meta name="robots" content="noindex, nofollow" /></head>
<body><div id="cf-wrapper"><div class="cf-alert cf-alert-error">Please enable cookies.</div>
<h1>Sorry, you have been blocked</h1><h2>You are unable to access vov.vn</h2>
<p>This website is using a security service to protect itself from online attacks.</p>
</div></body></html>
"""


def render_not_found(site: Site) -> str:
    """The page of a url that holds nothing."""
    return render_message(site, "Không tìm thấy trang", "Trang bạn tìm không tồn tại hoặc đã được chuyển đi.")


def render_gone(site: Site) -> str:
    """The page of a story that was taken down."""
    return render_message(site, "Bài viết đã gỡ", "Bài viết này không còn được lưu giữ.")


def render_soft_error(site: Site) -> str:
    """An error in words only."""
    return render_message(site, "Có lỗi xảy ra", "Nội dung tạm thời không hiển thị được, hãy quay lại sau.")


def render_empty_shell(story: Story, site: Site) -> str:
    """An article page whose text is missing."""
    number = "1309003"
    slug = EMPTY_SHELL_ADDRESS.rpartition("/")[2].partition("-post")[0]
    shell = replace(story, id=f"post{number}", slug=slug, path="kinh-te", related=())
    return render_drupal_article(shell, site, empty=True)


def render_block_page() -> str:
    """The notice of a firewall."""
    return _BLOCK_PAGE


def render_script_redirect(url: str) -> str:
    """A page with nothing but a script that leads elsewhere."""
    address = quote(url, safe="")
    return (
        f'<html><head></head><body><script>window.location.href=decodeURIComponent("{address}");</script>'
        "</body></html>\n"
    )
