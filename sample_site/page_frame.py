"""What every page of the current design shares: head, header with the menu, side boxes, footer."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from sample_site.menu import NOT_IN_MAIN_MENU, TAXONOMY_IDS, Section

if TYPE_CHECKING:
    from sample_site.site import Card, Site

_CHANNELS = (
    ("https://vov1.vov.vn/", "VOV1"),
    ("https://vov2.vov.vn/", "VOV2"),
    ("https://vov3.vov.vn/", "VOV3"),
    ("https://vov4.vov.vn/", "VOV4"),
    ("https://vovworld.vn/", "VOV5"),
    ("https://vov6.vov.vn/", "VOV6"),
    ("https://vovgiaothong.vn/", "VOV GT"),
)
_LANGUAGES = (
    ("zh-CN", "中文"),
    ("fr-CH", "français"),
    ("de-DE", "Deutsch"),
    ("id-ID", "Bahasa Indonesia"),
    ("ja-JP", "日本語"),
    ("km-KH", "ខ្មែរ"),
    ("ko-KR", "한국어"),
    ("lo-LA", "ພາສາລາວ"),
    ("ru-RU", "Русский"),
    ("es-ES", "Español"),
    ("th-TH", "ไทย"),
)
_SIDE_BOXES = (
    "van-hoa",
    "doi-song",
    "the-thao/bong-da",
    "giai-tri",
    "du-lich",
    "xa-hoi",
    "the-gioi",
    "phap-luat",
    "kinh-te",
    "podcast",
    "van-hoa/van-hoc",
)
_PROVINCES = (
    *("An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Điện Biên"),
    *("Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Nội", "Hà Tĩnh", "Hải Phòng", "Huế", "Hưng Yên"),
    *("Khánh Hòa", "Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Nghệ An", "Ninh Bình", "Phú Thọ"),
    *("Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sơn La", "Tây Ninh", "Thái Nguyên", "Thanh Hóa"),
    *("TP. Hồ Chí Minh", "Tuyên Quang", "Vĩnh Long"),
)
_STYLE = """.title-custom{font-size:.875rem!important}.detail .text-long p{margin-bottom:1rem;line-height:1.6}
.detail--live .news-list-live__content{border-left:2px solid #b30000;padding-left:1rem}
.page-live .vov-breadcrumb-bar{display:flex;gap:.5rem;align-items:center;padding:.5rem 0}
.quote--block-highlighted.box-no-sapo .article__inner-story{font-style:italic;margin:1rem 0}
.node-content-audio .stream-audio{width:100%;margin:1rem 0}.page-node-type-audiobook .cover{max-width:330px}
.home-events-config-block.hot_news .item-first{margin-bottom:.5rem}
.home-events-config-block-title{color:#b30000}
@media (max-width:767px){.hidden-is-mobile{display:none!important}.sub-menu-mobile{padding:0 1rem}}"""


def attribute(text: str) -> str:
    """Text made safe for a quoted attribute."""
    return escape(text, quote=True)


def text(value: str) -> str:
    """Text made safe for an element."""
    return escape(value, quote=False)


def json_ld(data: dict[str, Any]) -> str:
    """A JSON-LD script as the site writes it: slashes and Vietnamese escaped."""
    body = json.dumps(data, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")
    return f'<script type="application/ld+json">{body}</script>'


def meta(name: str, content: str) -> str:
    """A meta element; names with a colon are properties, save those of Twitter."""
    key = "property" if ":" in name and not name.startswith("twitter:") else "name"
    return f'<meta {key}="{name}" content="{attribute(content)}" />'


def head(title: str, canonical: str, metas: list[str]) -> str:
    """The head of a page."""
    search = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "VOV.VN",
        "url": "https://vov.vn/",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": "https://vov.vn/search?keyword={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    }
    lines = "\n".join(metas)
    return f"""<head>
    <meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">
    <meta charset="utf-8" />
{lines}
<meta name="Generator" content="Drupal 8 (https://www.drupal.org)" />
<meta name="MobileOptimized" content="width" />
<meta name="HandheldFriendly" content="true" />
<meta name="viewport" content="width=device-width, initial-scale=1.0" />
<link rel="shortcut icon" href="/sites/default/files/favicon.ico" type="image/vnd.microsoft.icon" />
<link rel="alternate" hreflang="vi" href="{attribute(canonical)}" />
        <title>{text(title)}</title>
        <link rel="stylesheet" media="all" \
href="https://media.vov.vn/themes/custom/vovvn/css/style.css?ti69br" />
<style>{_STYLE}</style>
<script type="application/ld+json">
{json.dumps(search, indent=2)}
</script>
</head>"""


def main_menu(site: Site) -> str:
    """The menu bar with its drop-downs."""
    items = []
    for section in _top_sections(site):
        if section.path in NOT_IN_MAIN_MENU:
            continue
        children = "\n".join(
            f'              <a href="{child.address}" class="fw-normal nav-link nav-item">{text(child.name)}</a>'
            for child in _children(site, section)
        )
        items.append(
            f"""      <div class="nav-item ">
        <a href="{section.address}" class="nav-link fw-normal nowrap">{text(section.name)}</a>
                  <div class="navbar-nav-sub">
{children}
                      </div>
              </div>"""
        )
    joined = "\n".join(items)
    return f"""<nav class="navbar navbar-expand navbar-dark bg-vov-primary vovvn-navbar">
            <div class="d-none d-xl-flex px-0 menu-container">
    <div class="main-nav collapse navbar-collapse">
  <div class="navbar-nav justify-content-between main-menu">
{joined}
  </div></div></div></nav>"""


def fold_out_menu(site: Site) -> str:
    """The large menu that opens below the bar."""
    widgets = []
    for section in _top_sections(site):
        children = "\n".join(
            f'            <li class="navbar-item"><a href="{child.address}" '
            f'class="nav-link text-vov-black">{text(child.name)}</a></li>'
            for child in _children(site, section)
        )
        widgets.append(
            f"""      <div class="col-lg-2 col-md-4 col-6">
      <div class="widget">
        <h5 class="widget-title">
          <a href="{section.address}">{text(section.name)}</a>
        </h5>
        <ul class="list-unstyled">
{children}
                  </ul>
      </div>
    </div>"""
        )
    joined = "\n".join(widgets)
    return f"""<div class="sub-menu">
    <div class="container">
    <div class="search-box in-sub-menu">
              <form action="/search" method="GET" accept-charset="UTF-8">
                  <input type="text" id="edit-keyword" name="keyword" size="30" class="form-text">
      </form>
    </div>
<div class="row sub-menu-mobile">
{joined}
  </div>
    </div>
  </div>"""


def header(site: Site, breadcrumb: tuple[str, str] | None = None) -> str:
    """Everything above the content; `breadcrumb` is the url and name of the section shown."""
    channels = "\n".join(
        f'            <li class="nav-item"><a class="nav-link text-vov-red fw-bold py-1" target="_blank" '
        f'href="{address}">{name}</a></li>'
        for address, name in _CHANNELS
    )
    languages = " ".join(
        f'<a target="_blank" class="fs-12" href="https://vov.vn/{code}">{name}</a>' for code, name in _LANGUAGES
    )
    bar = ""
    if breadcrumb:
        bar = f"""<span class="vbb-sep">/</span>
                <a href="{breadcrumb[0]}" class="vbb-category">{text(breadcrumb[1])}</a>"""
    return f"""<div id="fb-root"></div>
<nav style="z-index: 6" class="bg-light nav-channel">
    <div class="container-fluid p-0">
        <div class="container hidden-list-chanel"><ul class="ps-2 ps-md-0 mb-0 d-flex gap-2">
{channels}
        </ul></div>
        <div class="container hidden-is-mobile">
          {languages}
        </div>
    </div>
</nav>
<a href="#main-content" class="visually-hidden focusable skip-link">
    Nhảy đến nội dung
</a>
  <div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas>
    <header class="vovvn-header menu-mobile-fixed">
  <div class="container pt-2 pt-md-4 pb-md-3 mt-md-2 vovvn-navbar-mobile">
            <div class="vov-breadcrumb-bar">
                <a href="/" class="nav-link"><i class="fa fa-home icon-home-custom"></i></a>
                {bar}
            </div>
  <div class="logo logo--image">
      <a class="branding" href="/" title="BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM" rel="home">
        <img src="https://media.vov.vn/vov-static/logo-vov.svg" alt="BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM"/>
      </a>
  </div>
  {_weather_menu()}
  </div>
  {main_menu(site)}
  {fold_out_menu(site)}
  </header>"""


def _weather_menu() -> str:
    items = "\n".join(
        f'      <li class="weather-item d-flex align-items-center" data-province="{index}">\n'
        f'        <a class="dropdown-item weather-province" href="#" data-index="{index}">{name}</a>\n'
        f'        <span class="weather-temperature text-vov-red" data-unit="C"></span>\n      </li>'
        for index, name in enumerate(_PROVINCES, start=1)
    )
    return f"""<div class="dropdown weather-dropdown hidden-is-mobile">
    <button class="btn dropdown-toggle" type="button" data-bs-toggle="dropdown">Thời tiết</button>
    <ul class="dropdown-menu weather-list">
{items}
    </ul>
  </div>"""


def side_boxes(site: Site) -> str:
    """The boxes beside the content, which scripts fill."""
    boxes = []
    for path in _SIDE_BOXES:
        section = site.section_by_path.get(path)
        if section is None:
            continue
        boxes.append(
            f"""  <div class="block-related-sticky side-related-sticky ajax-article-by-category d-none" \
data-display-type="relation_category_by_article" data-limit="5" data-tid="{TAXONOMY_IDS.get(path, "0")}">
    <div class="row row-title relation-category-by-article">
      <div class="col-12 main-category-title">
        <a class="title--red"
           href="{section.address}">{text(section.shouted_name)}</a>
      </div>
    </div>
    <div class="append-data"></div>
  </div>"""
        )
    return "\n".join(boxes)


def footer(site: Site) -> str:
    """Everything below the content."""
    links = "\n".join(
        f"""          <td class="menu-container">
        <a href="{section.address}" class="menu-link">{text(section.name)}</a>
      </td>"""
        for section in _top_sections(site)
    )
    return f"""<footer class="vovvn-footer bg-vov-primary">
  <div class="container">
<table class="table footer-menu d-none d-xl-table">
  <tr>
{links}
      </tr>
</table>
        <div class="footer__slogan">
          BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM
        </div>
          <div class="col-md-6 text-white">
            <p>
                              Trang mẫu dựng lại để thử nghiệm, không phải trang của tòa soạn <br/>
                              Cơ quan chủ quản: ĐÀI TIẾNG NÓI VIỆT NAM <br/>
                          </p>
          </div>
        <div class="footer__license">
            Không được sao chép lại bất kỳ thông tin nào từ website này khi chưa có sự đồng ý <br/>
            Giấy phép số 00/GP-MAU cấp ngày 01/01/2026
        </div>
  </div>
</footer>
  </div>
<div id="backToTop"><i class="zmdi zmdi-long-arrow-up"></i></div>"""


def page(head_html: str, body_class: str, content: str, tail: str = "") -> str:
    """A whole page."""
    return f"""<!DOCTYPE html>
<html lang="vi" dir="ltr" prefix="content: http://purl.org/rss/1.0/modules/content/  og: http://ogp.me/ns# ">
{head_html}
<body class="{body_class}">
{content}
{tail}
</body>
</html>
"""


def story_cards(card: Card, href: str) -> str:
    """The two cards of a story: one for wide screens, one for phones."""
    title = text(card.headline)
    icon = '\n                  <i class="has-media-icon zmdi zmdi-videocam"></i>' if card.is_video else ""
    link = attribute(href)
    return f"""                  <div class="article-media media d-none d-lg-flex">
  <a class="vovvn-title position-relative flex-shrink-0" href="{link}">
    {_picture(card, 370, "img-fluid me-2")}
      </a>
  <div class="media-body flex-grow-1">
    <a class="vovvn-title" href="{link}">
      <h5 class="media-title">
                {title}{icon}
                              </h5>
    </a>
                  <p class="mt-2">
          {text(card.lead)}
        </p>
            </div>
</div>
<div class="article-card card border-0 bg-transparent d-flex d-lg-none">
  <a class="vovvn-title position-relative" href="{link}">
    {_picture(card, 720, "img-fluid w-100")}
      </a>
  <div class="card-body p-0">
    <a class="vovvn-title" href="{link}">
      <h3 class="  card-title">
                {title}{icon}
                              </h3>
    </a>
                  <p class="mt-2">
          {text(card.lead)}
        </p>
            </div>
</div>
<style>.title-custom{{font-size:.875rem!important}}</style>"""


def _picture(card: Card, width: int, classes: str) -> str:
    image = f"{card.image}?resize=p_8,w_"
    return f"""<picture>
      <source media="(min-width:720px)" srcset="{image}{width} 1x, {image}{2 * width} 2x">
      <source media="(min-width:576px)" srcset="{image}">
      <source media="(min-width:0px)" srcset="{image}">
      <img src="{image}{width}" loading="lazy" alt="{attribute(card.headline)}" class="{classes}">
    </picture>"""


def _top_sections(site: Site) -> list[Section]:
    return [section for section in site.sections if section.parent is None]


def _children(site: Site, parent: Section) -> list[Section]:
    return [section for section in site.sections if section.parent == parent.path]
