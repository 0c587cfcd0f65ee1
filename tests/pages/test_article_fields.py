"""The fields of a record that stand outside the text, and the warnings where a source had to stand in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pages.snippets import HEADLINE, LEAD, PUBLISHED, STORY, page, read_page
from vovcrawl.items import ContentType
from vovcrawl.pages import parse_article, read
from vovcrawl.pages.article import UNREAD_RELATED

TEXT = "<p>Chợ họp sớm.</p>"


def test_a_clean_page_gives_no_warning() -> None:
    article = read_page(TEXT)
    assert (article.headline, article.description, article.body) == (HEADLINE, LEAD, "Chợ họp sớm.")
    assert (article.id, article.url, article.canonical_url) == ("post1315001", STORY, STORY)
    assert (article.section, article.section_name) == ("xa-hoi", "Xã hội")
    assert (article.content_type, article.source, article.in_language) == ("article", "live", "vi")
    assert article.warnings == []


def test_reading_is_pure() -> None:
    assert read_page(TEXT) == read_page(TEXT)


class TestIdentity:
    @pytest.mark.parametrize(
        "url",
        [
            f"{STORY}?gidzl=x",
            STORY.replace("https://", "http://www."),
            STORY.replace("https://", "https://baoxuan."),
            "https://vov.vn/tin-nong/ten-cu-post1315001.vov",
        ],
    )
    def test_the_address_that_answered_is_kept_and_the_page_names_the_story(self, url: str) -> None:
        article = parse_article(page(TEXT), url)
        assert (article.url, article.canonical_url) == (url, STORY)
        assert article.warnings == []

    def test_a_page_of_another_story_is_told(self) -> None:
        article = parse_article(page(TEXT), "https://vov.vn/xa-hoi/tin-khac-post1315009.vov")
        assert article.canonical_url == STORY
        assert article.warnings == ["disagree:canonical_url"]

    @pytest.mark.parametrize("address", [None, "", "/", "http://[", "https://vov.vn/", "https://vov.vn/xa-hoi"])
    def test_without_a_usable_canonical_link_the_address_that_answered_counts(self, address: str | None) -> None:
        article = parse_article(page(TEXT, address=address), f"{STORY}?gidzl=x")
        assert article.canonical_url == STORY

    def test_a_canonical_link_loses_its_tracking(self) -> None:
        article = parse_article(page(TEXT, address=f"http://www.vov.vn{STORY[14:]}?utm_source=x"), STORY)
        assert article.canonical_url == STORY

    @pytest.mark.parametrize(
        ("path", "section", "name"),
        [
            ("o-to-xe-may/xe-dien-ve-lang-post1315002.vov", "o-to-xe-may", "Ô tô - Xe máy"),
            ("doanh-nghiep/doanh-nghiep-24h/xuong-moc-post1315003.vov", "doanh-nghiep", "Doanh nghiệp"),
            ("van-hoa/san-khau-dien-anh/dem-cheo-post1315004.vov", "van-hoa", "Văn hóa"),
            ("goc-nhin/mot-goc-pho-post1315005.vov", "goc-nhin", "Góc nhìn"),
            ("Van-hoa/Dem-Cheo-San-Dinh/228256.vov", "van-hoa", "Văn hóa"),
            ("chuyen-muc-la/dem-cheo-post1315006.vov", "chuyen-muc-la", None),
        ],
    )
    def test_the_section_has_the_name_of_its_listing(self, path: str, section: str, name: str | None) -> None:
        url = f"https://vov.vn/{path}"
        article = parse_article(page(TEXT, address=url), url)
        assert (article.canonical_url, article.section, article.section_name) == (url, section, name)

    @pytest.mark.parametrize(
        ("crumbs", "name"),
        [
            ('<a href="/">Trang chủ</a><a href="/muc-la">Mục lạ</a>', "Mục lạ"),
            ('<a href="/khac">Khác</a><a href="/chuyen-muc-la">Chuyên mục lạ</a>', "Chuyên mục lạ"),
            ('<a href="/">Trang chủ</a>', None),
        ],
    )
    def test_a_breadcrumb_names_a_section_that_the_menu_does_not_have(self, crumbs: str, name: str | None) -> None:
        url = "https://vov.vn/chuyen-muc-la/dem-cheo-post1315006.vov"
        row = f'<div class="row article-breadcrumb"><ol class="breadcrumb">{crumbs}</ol></div>'
        article = parse_article(page(TEXT, address=url, h1=f'{row}<h1 class="article-title">Đêm chèo</h1>'), url)
        assert article.section_name == name

    def test_an_address_of_the_first_years_is_another_template(self) -> None:
        old = "https://vov.vn/xa-hoi/cho-noi-890001.vov"
        article = parse_article(page(TEXT, address=old), old)
        assert (article.id, article.template) == ("890001", "drupal-2020")


class TestHeadline:
    def test_a_headline_is_one_clean_line(self) -> None:
        article = read_page(TEXT, h1='<h1 class="article-title">\n Chợ&nbsp;nổi<br>vào <i>mùa</i> </h1>')
        assert article.headline == "Chợ nổi vào mùa"

    @pytest.mark.parametrize("h1", ["", '<h1 class="article-title"> </h1>'])
    def test_metadata_stand_in_for_it_with_a_warning(self, h1: str) -> None:
        article = read_page(TEXT, h1=h1, head='<meta property="og:title" content="Chợ trên mạng">')
        assert article.headline == "Chợ trên mạng"
        assert article.warnings == ["fallback:headline"]

    def test_the_name_of_the_newspaper_is_no_part_of_it(self) -> None:
        article = read_page(TEXT, h1="", head='<meta property="og:title" content="Chợ nổi | VOV.VN">')
        assert article.headline == "Chợ nổi"

    def test_the_headline_of_a_teaser_is_not_taken(self) -> None:
        teaser = (
            '<article class="inner-article"><h2 class="article-title"><a href="/a/b-post1.vov">Khác</a></h2></article>'
        )
        article = read_page(TEXT + teaser, h1="")
        assert article.headline == HEADLINE


class TestDescription:
    @pytest.mark.parametrize("prefix", ["VOV.VN - ", "VOV.VN -", "VOV.VN – ", "VOV.VN — ", "VOV - ", ""])
    def test_a_lead_has_no_prefix(self, prefix: str) -> None:
        row = f'<div class="row article-summary"><h2><div>{prefix}Chợ đông.<br /><br /></div></h2></div>'
        assert read_page(TEXT, summary_row=row).description == "Chợ đông."

    def test_the_full_lead_of_the_metadata_stands_in_with_a_warning(self) -> None:
        short = '<meta name="description" content="VOV.VN - Ngắn.">'
        head = short + '<meta property="og:description" content="VOV.VN - Đủ cả.">'
        article = read_page(TEXT, summary_row="", head=head)
        assert article.description == "Đủ cả."
        assert article.warnings == ["fallback:description"]

    def test_the_parts_of_a_lead_do_not_run_together(self) -> None:
        row = '<div class="row article-summary"><h2><div>Một.</div><div>Hai.</div></h2></div>'
        assert read_page(TEXT, summary_row=row).description == "Một. Hai."

    def test_a_missing_lead_is_told(self) -> None:
        article = read_page(TEXT, summary_row="")
        assert article.description is None
        assert article.warnings == ["missing:description"]


class TestAuthors:
    @staticmethod
    def signed(*names: str) -> list[tuple[str, str | None, str]]:
        links = "<br/>".join(f'<a href="/author?keyword={name}">{name}</a>' for name in names)
        row = f'<div class="row article-author"><div class="col text-end">{links}<br/><span></span></div></div>'
        return [(one.name, one.affiliation, one.name_raw) for one in read_page(TEXT, after=row).authors]

    @pytest.mark.parametrize(
        ("raw", "name", "affiliation"),
        [
            ("Lan Chi/VOV-Tây Bắc", "Lan Chi", "VOV-Tây Bắc"),
            ("PV/VOV.VN", "PV", "VOV.VN"),
            ("Thu Cúc /VOV-TP HCM", "Thu Cúc", "VOV-TP HCM"),
            ("M.K./VOV.VN(biên dịch)", "M.K.", "VOV.VN(biên dịch)"),
            ("Lan Chi VOV-Sydney", "Lan Chi VOV-Sydney", None),
            ("Theo TTXVN", "Theo TTXVN", None),
            ("Lan Chi/", "Lan Chi", None),
            ("Theo Minh Quý/Báo Bến/Sông", "Theo Minh Quý", "Báo Bến/Sông"),
        ],
    )
    def test_a_signature_is_parted_at_the_slash(self, raw: str, name: str, affiliation: str | None) -> None:
        assert self.signed(raw) == [(name, affiliation, raw)]

    def test_several_authors_stand_in_order_each_once(self) -> None:
        names = [name for name, _, _ in self.signed("Lan Chi/VOV", "Minh Quý/VOV", "Lan Chi/VOV")]
        assert names == ["Lan Chi", "Minh Quý"]

    def test_an_author_without_a_link_is_read(self) -> None:
        row = '<div class="row article-author"><div>Lan Chi/VOV1</div></div>'
        assert [one.name_raw for one in read_page(TEXT, after=row).authors] == ["Lan Chi/VOV1"]

    def test_authors_in_paragraphs_of_their_own_are_several(self) -> None:
        row = '<div class="row article-author"><div><p>Lan Chi/VOV1</p><p>Minh Quý/VOV2</p></div></div>'
        found = [(one.name, one.affiliation) for one in read_page(TEXT, after=row).authors]
        assert found == [("Lan Chi", "VOV1"), ("Minh Quý", "VOV2")]

    @pytest.mark.parametrize("again", ["TS.Vũ Lam- Viện trưởng Viện Nước", "Lan Chi/VOV.VN"])
    def test_an_author_of_the_block_under_the_text_is_no_text(self, again: str) -> None:
        links = '<a href="/a">Lan Chi/VOV.VN</a> <a href="/b">TS.Vũ Lam- Viện trưởng Viện Nước</a>'
        row = f'<div class="row article-author"><div class="col">{links}</div></div>'
        article = read_page(f"{TEXT}<p><strong>{again}</strong></p>", after=row)
        assert article.body == read_page(TEXT).body
        assert len(article.authors) == 2

    def test_the_author_block_is_believed_before_the_signature(self) -> None:
        row = '<div class="row article-author"><a href="/x">Lan Chi/VOV.VN</a></div>'
        article = read_page(f"{TEXT}<p>Hạ Lan/VOV.VN</p>", after=row)
        assert [one.name for one in article.authors] == ["Lan Chi"]
        assert article.body == "Chợ họp sớm."

    def test_the_organisation_is_no_author(self) -> None:
        organisation = {"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Báo điện tử VOV"}}
        assert read_page(TEXT, json_ld=organisation).authors == []


class TestKeywords:
    def test_tags_are_distinct_regardless_of_case(self) -> None:
        tags = ("Chợ nổi", "chợ nổi", " Chợ nổi ", "Ghe", "", "CHỢ NỔI", "R&amp;D")
        head = "".join(f'<meta property="article:tag" content="{tag}">' for tag in tags)
        assert read_page(TEXT, head=head).keywords == ["Chợ nổi", "Ghe", "R&D"]

    def test_messy_keywords_stand_in_for_missing_tags(self) -> None:
        head = '<meta name="keywords" content="Chợ nổi ,     chợ nổi , Ghe,, ">'
        assert read_page(TEXT, head=head).keywords == ["Chợ nổi", "Ghe"]

    def test_tags_that_a_script_has_filled_in_come_after_those_of_the_page(self) -> None:
        head = '<meta property="article:tag" content="Chợ nổi"><meta property="article:tag" content="Ghe">'
        links = '<a href="/tu-khoa/ghe-tag7">ghe</a> <a href="https://vov.vn/tag/S%C3%B4ng+H%E1%BA%ADu">Sông Hậu</a>'
        row = f'<div class="row article-tags" id="list-tags" data-nid="1"><div class="col">{links}</div></div>'
        assert read_page(TEXT, head=head, after=row).keywords == ["Chợ nổi", "Ghe", "Sông Hậu"]

    def test_links_to_other_pages_are_no_tags(self) -> None:
        head = '<meta property="article:tag" content="Chợ nổi">'
        links = '<a href="/xa-hoi/ben-song-post12.vov">Bến sông</a><a href="/xa-hoi">XÃ HỘI</a>'
        row = f'<div class="row article-tags" id="list-tags"><div class="col">{links}</div></div>'
        assert read_page(TEXT, head=head, after=row).keywords == ["Chợ nổi"]

    def test_a_page_without_tags_has_none(self) -> None:
        assert read_page(TEXT).keywords == []


class TestSection:
    @pytest.mark.parametrize(
        ("path", "section", "name"),
        [
            ("the-thao/bong-da", "the-thao", "Thể thao"),
            ("oto-xe-may", "oto-xe-may", "Ô tô - Xe máy"),
            ("nhan-su", "nhan-su", "Tổ chức nhân sự"),
            ("muc-la", "muc-la", None),
        ],
    )
    def test_it_is_the_first_part_of_the_address_spelled_as_in_the_menu(
        self, path: str, section: str, name: str | None
    ) -> None:
        address = f"https://vov.vn/{path}/cho-noi-post1315001.vov"
        article = parse_article(page(TEXT, address=address), address)
        assert (article.section, article.section_name) == (section, name)

    def test_a_section_that_the_menu_lacks_is_spelled_by_the_page(self) -> None:
        address = "https://vov.vn/muc-la/cho-noi-post1315001.vov"
        crumbs = '<ol class="breadcrumb"><li><a href="/muc-la">Mục lạ</a></li></ol>'
        assert parse_article(page(TEXT, address=address, after=crumbs), address).section_name == "Mục lạ"

    def test_breadcrumbs_are_kept_as_shown(self) -> None:
        crumbs = """<ol class="breadcrumb"><li><a href="/xa-hoi">XÃ HỘI</a></li><li><a href="/xa-hoi/tin-24h">Tin
        24h</a></li><li><a href="/x"></a></li></ol>"""
        found = [(crumb.name, crumb.url) for crumb in read_page(TEXT, after=crumbs).breadcrumbs]
        assert found == [("XÃ HỘI", "https://vov.vn/xa-hoi"), ("Tin 24h", "https://vov.vn/xa-hoi/tin-24h")]


class TestContentType:
    @pytest.mark.parametrize(
        ("article_class", "kind"),
        [
            ("detail detail--normal", "article"),
            ("detail detail--video", "video"),
            ("detail detail--emagazine", "emagazine"),
            ("detail detail--infographic", "infographic"),
            ("detail detail--live", "live"),
        ],
    )
    def test_the_markup_names_it(self, article_class: str, kind: ContentType) -> None:
        assert read_page(TEXT, article_class=article_class).content_type == kind

    def test_the_address_names_it_where_the_markup_does_not(self) -> None:
        address = "https://vov.vn/multimedia/infographic/cho-noi-post1315001.vov"
        assert parse_article(page(TEXT, address=address), address).content_type == "infographic"

    def test_the_markup_outranks_the_address(self) -> None:
        address = "https://vov.vn/multimedia/infographic/cho-noi-post1315001.vov"
        html = page(TEXT, address=address, body_class="page-node-type-video")
        assert parse_article(html, address).content_type == "video"


@pytest.mark.parametrize(
    "json",
    [
        '{"@type": "NewsArticle", ',
        '{"@type": "NewsArticle", "headline": "Chợ "nổi""}',
        '{"@type": "NewsArticle"} rồi',
        '{"@type": "NewsArticle",, "headline": "a"}',
        "<NewsArticle/>",
    ],
)
def test_broken_json_is_passed_over_with_a_warning(json: str) -> None:
    outside = f'<script type="application/ld+json">{json}</script>'
    assert read_page(TEXT, outside=outside) == replace(read_page(TEXT), warnings=["damaged:json_ld"])


def test_broken_json_of_something_else_is_passed_over() -> None:
    outside = '<script type="application/ld+json">{"@type": "WebSite", </script>'
    assert read_page(TEXT, outside=outside) == read_page(TEXT)


NEWS = '{"@type": "NewsArticle", "dateModified": "2026-07-16T11:23:01+07:00"}'


@pytest.mark.parametrize(
    "json",
    [
        f"//<![CDATA[\n{NEWS}\n//]]>",
        f"<![CDATA[{NEWS}]]>",
        f"/*<![CDATA[*/ {NEWS} /*]]>*/",
        f"<!--\n{NEWS}\n-->",
        f"{NEWS};",
        f"\ufeff{NEWS},",
        NEWS.replace("}", ",}"),
        NEWS.replace("}", " ,\n}"),
        f"[{NEWS},]",
        f'{{"@type": "WebSite"}}{NEWS}',
        f'{{"@type": "WebSite"}},\n{NEWS};',
        f'{{"@graph": [{NEWS},],}}',
        f'{{"@graph": {NEWS}}}',
        NEWS.replace('"', "&quot;"),
        NEWS.replace("NewsArticle", "https://schema.org/NewsArticle"),
        NEWS.replace('"NewsArticle"', '["schema:NewsArticle"]'),
        NEWS.replace("{", '{"description": "a, } b,] \\" ,}", ', 1).replace("}", ",}"),
    ],
)
@pytest.mark.parametrize("kind", ["application/ld+json", "application/ld+json; charset=utf-8", " Application/LD+JSON"])
def test_json_that_is_written_loosely_is_read(json: str, kind: str) -> None:
    article = read_page(TEXT, outside=f'<script type="{kind}">{json}</script>')
    assert (article.date_modified, article.warnings) == ("2026-07-16T11:23:01+07:00", [])


STRAY = ("<div></div>", "<div>", "<img src='/a.gif'>", "chữ rơi", "<p>", "<span></span>", "<body>", "</head>")


@pytest.mark.parametrize("stray", STRAY)
def test_metadata_below_a_stray_element_in_the_head_is_found(stray: str) -> None:
    metadata = (
        '<meta property="og:description" content="VOV.VN - Chợ đông."><meta name="keywords" content="Chợ, Sông">'
        f'<meta property="article:published_time" content="{PUBLISHED}"><link rel="canonical" href="{STORY}">'
    )
    html = page(TEXT, address=None, published=None, date_row="", summary_row="", head=stray + metadata)
    article = parse_article(html, "")
    assert (article.canonical_url, article.description) == (STORY, "Chợ đông.")
    assert (article.date_published, article.keywords) == (PUBLISHED, ["Chợ", "Sông"])


def test_a_title_below_a_stray_element_is_the_headline_where_there_is_no_other() -> None:
    article = read_page(TEXT, head="<div><svg><title>Kính lúp</title></svg></div>", h1="")
    assert (article.headline, article.warnings) == (HEADLINE, ["fallback:headline"])


def test_the_head_outranks_what_stands_below_it() -> None:
    other = '<meta property="article:published_time" content="2026-07-20T08:46:00+07:00">'
    article = read_page(TEXT, outside=f'{other}<link rel="canonical" href="/a/b-post9.vov">')
    assert (article.date_published, article.canonical_url) == (PUBLISHED, STORY)


@pytest.mark.parametrize("rel", ["canonical", "Canonical", "shortlink canonical"])
def test_a_canonical_link_is_known_by_one_of_its_relations(rel: str) -> None:
    html = page(TEXT, address=None, head=f'<link rel="{rel}" href="{STORY}">')
    assert parse_article(html, "").canonical_url == STORY


class TestBase:
    BODY = (
        '<p>Theo <a href="tin-cu-post1315002.vov">tin cũ</a>.</p><figure><img src="anh/a.jpg"></figure>'
        '<div class="inner-article"><a href="le-hoi-post1315003.vov">Lễ hội bến sông</a></div>'
    )

    @pytest.mark.parametrize("base", ["https://vov.vn/van-hoa/", "/van-hoa/", "//vov.vn/van-hoa/x"])
    @pytest.mark.parametrize("place", ["head", "outside"])
    def test_relative_urls_are_relative_to_what_the_page_says(self, base: str, place: str) -> None:
        article = read_page(self.BODY, **{place: f'<base target="_top"><base href="{base}"><base href="/khac/">'})
        assert [link.url for link in article.links] == ["https://vov.vn/van-hoa/tin-cu-post1315002.vov"]
        assert [image.url for image in article.images] == ["https://vov.vn/van-hoa/anh/a.jpg"]
        assert [story.url for story in article.related] == ["https://vov.vn/van-hoa/le-hoi-post1315003.vov"]

    def test_a_relative_canonical_link_is_too(self) -> None:
        head = '<base href="https://vov.vn/xa-hoi/"><link rel="canonical" href="cho-noi-vao-mua-nuoc-post1315001.vov">'
        assert parse_article(page(TEXT, address=None, head=head), "").canonical_url == STORY

    @pytest.mark.parametrize("base", ["", "javascript:x", "http://[bad", "data:,x"])
    def test_what_is_no_url_is_no_base(self, base: str) -> None:
        article = read_page(self.BODY, head=f'<base href="{base}">')
        assert [image.url for image in article.images] == ["https://vov.vn/xa-hoi/anh/a.jpg"]


@pytest.mark.parametrize(
    "json_ld",
    [
        {"@type": "NewsArticle", "headline": 5, "description": [], "datePublished": {}, "dateModified": None},
        {"@type": ["NewsArticle", 3, None], "headline": None},
        {"@type": "BreadcrumbList", "itemListElement": [None, 1, {"item": 4}, {"name": 3}]},
        {"@type": "BreadcrumbList", "itemListElement": {"a": 1}},
        {"@graph": [1, None, {"@type": {}}]},
    ],
)
def test_odd_json_is_passed_over(json_ld: dict[str, object]) -> None:
    assert read_page(TEXT, json_ld=json_ld) == read_page(TEXT)


def test_the_reading_tells_where_a_field_came_from() -> None:
    sources = read(page(TEXT), STORY).sources
    assert sources["headline"] == "h1"
    assert sources["description"] == "summary"
    assert sources["date_published"] == "article:published_time"
    assert "keywords" not in sources


class TestOfTheTemplate:
    def test_an_author_block_without_a_name_is_told(self) -> None:
        empty = '<div class="row article-author"><div class="col text-end"><br/></div></div>'
        assert read_page(TEXT, after=empty).warnings == ["missing:authors"]
        assert read_page(TEXT).warnings == []

    @pytest.mark.parametrize(
        ("name", "field", "source"),
        [
            ("article-title", "headline", "unmarked h1"),
            ("text-long", "body", "article-content"),
            ("article-date", "date_published_raw", "date column"),
            ("detail", "template", "body"),
        ],
    )
    def test_a_part_without_its_class_has_another_source(self, name: str, field: str, source: str) -> None:
        plain = page(TEXT)
        renamed = plain.replace(f'"{name} ', '"x ').replace(f" {name}", " x").replace(f'"{name}"', '"x"')
        assert read(plain, STORY).sources[field] != source
        reading = read(renamed, STORY)
        assert reading.sources[field] == source
        assert reading.marks == read(plain, STORY).marks - {name, "detail--" if name == "detail" else name}

    def test_a_box_of_related_articles_without_its_class_is_marked(self) -> None:
        box = '<div class="x"><h2>Tin liên quan</h2></div>'
        assert UNREAD_RELATED in read(page(TEXT, outside=box), STORY).marks
        assert UNREAD_RELATED not in read(page(TEXT), STORY).marks
