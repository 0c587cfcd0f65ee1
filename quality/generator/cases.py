"""The articles of the evaluation set: so many of each layout, every one with another choice of what the site has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from quality.generator import plain_text
from quality.generator.body_parts import CLUTTER
from quality.generator.facts import (
    VIETNAM,
    Block,
    Card,
    Clutter,
    Entry,
    Gallery,
    Items,
    Joined,
    Picture,
    Player,
    Pointer,
    Prose,
    Quote,
    Rich,
    Signature,
    Span,
    Story,
    Table,
    slug_of,
)
from quality.generator.ink import MESSES
from quality.generator.writing import Writer

NUMBERS: dict[tuple[str, str], int] = {
    ("drupal-2026", "article"): 52,
    ("drupal-2026", "photo"): 9,
    ("drupal-2026", "video"): 10,
    ("drupal-2026", "podcast"): 6,
    ("drupal-2026", "emagazine"): 8,
    ("drupal-2026", "infographic"): 5,
    ("drupal-2026", "live"): 9,
    ("drupal-2022", "article"): 28,
    ("drupal-2022", "photo"): 4,
    ("drupal-2020", "article"): 20,
    ("aspnet", "article"): 26,
    ("aspnet-cms-body", "article"): 8,
    ("aspnet-2011", "article"): 13,
    ("text", "article"): 60,
}
"""How many pages there are of each layout and kind."""

_PLACES = (
    ("the-thao", "Thể thao", (("THỂ THAO", "the-thao"),)),
    ("xa-hoi/giao-duc", "Xã hội", (("Xã hội", "xa-hoi"), ("Giáo dục", "xa-hoi/giao-duc"))),
    ("kinh-te", "Kinh tế", (("KINH TẾ", "kinh-te"),)),
    ("van-hoa/am-nhac", "Văn hóa", (("Văn hóa", "van-hoa"), ("Âm nhạc", "van-hoa/am-nhac"))),
    ("suc-khoe", "Sức khỏe", (("Sức khỏe", "suc-khoe"),)),
    ("oto-xe-may/oto", "Ô tô - Xe máy", (("Ô TÔ - XE MÁY", "oto-xe-may"),)),
    ("quan-su-quoc-phong", "Quân sự - Quốc phòng", (("Quân sự - Quốc phòng", "quan-su-quoc-phong"),)),
    ("phap-luat/tin-nong", "Pháp luật", (("PHÁP LUẬT", "phap-luat"), ("Tin nóng", "tin-nong"))),
    ("du-lich", "Du lịch", (("Du lịch", "du-lich"),)),
    ("the-gioi/quan-sat", "Thế giới", (("THẾ GIỚI", "the-gioi"), ("Quan sát", "the-gioi/quan-sat"))),
    ("chinh-tri/quoc-hoi", "Chính trị", (("Chính trị", "chinh-tri"), ("Quốc hội", "chinh-tri/quoc-hoi"))),
    ("cong-nghe", "Công nghệ", ()),
)
_PLACES_OF_KINDS = {
    "photo": ("multimedia/anh", "Multimedia", (("Ảnh", "multimedia/anh"),)),
    "video": ("multimedia/video", "Multimedia", (("Video", "multimedia/video"),)),
    "emagazine": ("multimedia/e-magazine", "Multimedia", (("E-Magazine", "multimedia/e-magazine"),)),
    "infographic": ("multimedia/infographic", "Multimedia", (("Infographic", "multimedia/infographic"),)),
    "podcast": ("podcast/cau-chuyen-thoi-su", "Podcast", (("PODCAST", "podcast"),)),
}
_YEARS = {
    "drupal-2026": (2026, 2026),
    "drupal-2022": (2022, 2025),
    "drupal-2020": (2021, 2021),
    "aspnet": (2017, 2019),
    "aspnet-cms-body": (2015, 2016),
    "aspnet-2011": (2011, 2012),
    "text": (2018, 2025),
}
_FIRST_NUMBERS = {
    "drupal-2026": 1310000,
    "drupal-2022": 1100000,
    "drupal-2020": 860000,
    "aspnet": 700000,
    "aspnet-cms-body": 500000,
    "aspnet-2011": 171000,
    "text": 1050000,
}

# What an author block prints: whatever stands before the slash is the name, whatever after it the affiliation.
_IN_BLOCKS = (
    Signature("PV/VOV.VN", "PV", "VOV.VN"),
    Signature("Thu Hạnh/VOV1", "Thu Hạnh", "VOV1"),
    Signature("Lan Vy VOV-Sydney", "Lan Vy VOV-Sydney", None),
    Signature("Hùng Lâm/VOV.VN (biên tập)", "Hùng Lâm", "VOV.VN (biên tập)"),
    Signature("M.K./VOV.VN(biên dịch)", "M.K.", "VOV.VN(biên dịch)"),
    Signature("Thiên Ái /VOV-TP HCM", "Thiên Ái", "VOV-TP HCM"),
    Signature("Theo TTXVN- Tuổi trẻ", "Theo TTXVN- Tuổi trẻ", None),
    Signature("Theo Kessel News", "Theo Kessel News", None),
    Signature("Theo Đức Bảo/Báo QĐND", "Theo Đức Bảo", "Báo QĐND"),
    Signature("TS.Vũ Hoàng Lam- Viện trưởng Viện Nước", "TS.Vũ Hoàng Lam- Viện trưởng Viện Nước", None),
    Signature("Y Đan/VOV-Tây Nguyên", "Y Đan", "VOV-Tây Nguyên"),
    Signature("Bích Đàn/VOV-Bắc Kinh", "Bích Đàn", "VOV-Bắc Kinh"),
    Signature("Hải Yên", "Hải Yên", None),
)
# What stands in a text may name roles and sources, which are no part of either.
_IN_TEXTS = (
    Signature("Bích Đàn/VOV online", "Bích Đàn", "VOV online"),
    Signature("Lại Thịnh/VOV online (ghi)", "Lại Thịnh", "VOV online"),
    Signature("Hoài An/ VOV- Miền Trung", "Hoài An", "VOV- Miền Trung"),
    Signature("Nhóm PV/ VOV Online", "Nhóm PV", "VOV Online"),
    Signature("CTV Cường Lê/VOV online (theo AP, Reuters)", "Cường Lê", "VOV online"),
    Signature("PV/VOV.VN", "PV", "VOV.VN"),
    Signature("Thu Hạnh/VOV1", "Thu Hạnh", "VOV1"),
    Signature("M.K./VOV.VN(biên dịch)", "M.K.", "VOV.VN"),
    Signature("Thiên Ái/VOV-TP.HCM", "Thiên Ái", "VOV-TP.HCM"),
    Signature("Y Đan/VOV-Tây Nguyên", "Y Đan", "VOV-Tây Nguyên"),
)
_SIMPLE = tuple(one for one in _IN_TEXTS if one.printed == f"{one.name}/{one.affiliation}")
_CREDITS = (
    "Reuters",
    "TTXVN",
    "Hải Quân",
    "AP",
    "Getty Images",
    "CTV",
    "Sở Xây dựng",
    "Kessel Weather",
    "NVCC",
    "Minh Đức/VOV",
)
_CLOCKS = ("20h15", "20h03", "19:48", "19h30", "7h05", "22:10")
_OUTSIDE = (
    "https://www.example.org/bao-cao?nam=2019&trang=2",
    "http://thuyvan.example.vn/so-lieu.pdf",
    "/tu-khoa/de-bien-tag70011",
    "mailto:toasoan@example.vn",
)


class _Case:
    """Chooses what one article says and how."""

    def __init__(self, layout: str, kind: str, number: int, seed: int) -> None:
        self.layout, self.kind, self.number = layout, kind, number
        self.random = Random(f"{seed} {layout} {kind} {number}")
        self.writer = Writer(self.random)
        self.cards_made = 0

    # --- words ---

    def rich(self, text: str, *, marks: bool = True) -> Rich:
        """A text with, at times, a link, bold words or a line break in it."""
        random = self.random
        words = text.split(" ")
        if not marks or len(words) < 12 or random.random() < 0.6:
            return (Span(text),)
        if random.random() < 0.15:
            return Span(f"{words[0]} {words[1]}", bold=True), Span(" " + " ".join(words[2:]))
        start = random.randrange(2, len(words) - 7)
        end = start + random.randint(1, 5)
        before, within, after = (" ".join(part) for part in (words[:start], words[start:end], words[end:]))
        what = random.random()
        if what < 0.55:
            written, url = self.link()
            marked = Span(within, written, url)
        elif what < 0.85:
            marked = Span(within, bold=True)
        else:
            return (Span(f"{before}\n{within} {after}"),)
        return Span(f"{before} "), marked, Span(f" {after}")

    def link(self) -> tuple[str, str]:
        """What a link says and where it leads."""
        if self.random.random() < 0.3:
            written = self.random.choice(_OUTSIDE)
            return written, written
        card = self.card()
        return card.written, card.url

    def card(self, *, lead: bool = True) -> Card:
        """Another article."""
        random = self.random
        headline = self.writer.headline()
        self.cards_made += 1
        number = 400000 + 97 * self.number + 13 * self.cards_made + random.randrange(12)
        name = f"post{number + 700000}" if self.layout in ("drupal-2026", "drupal-2022", "text") else str(number)
        path = f"/{random.choice(_PLACES)[0]}/{slug_of(headline)}-{name}.vov"
        url = f"https://vov.vn{path}"
        written = random.choice(
            (path, path, url, f"http://vov.vn{path}", f"https://www.vov.vn{path}?gidzl=a1&utm_source=zalo")
        )
        return Card(name, url, headline, self.writer.lead() if lead else None, written)

    # --- blocks ---

    def paragraph(self, form: str = "p") -> Prose:
        """A paragraph."""
        return Prose("paragraph", self.rich(self.writer.paragraph()), form)

    def subhead(self, *forms: str) -> Prose:
        """A subhead."""
        return Prose("subhead", (Span(self.writer.subhead()),), self.random.choice(forms))

    def picture(self, *forms: str, captioned: bool = False) -> Picture:
        """A picture, most with a caption and many with a credit."""
        random = self.random
        form = random.choice(forms)
        file = f"{random.choice(('ben_pha', 'cho_noi', 'dap-nuoc', 'IMG_20'))}_{random.randrange(10**6)}.jpg"
        must = captioned or form in ("italics", "italics-within", "table", "story-photo")
        if not must and random.random() < 0.15:
            return Picture(file, None, None, "", form)
        caption, credit = self.writer.caption(), random.choice(_CREDITS)
        if must and form.startswith("italics"):
            caption = caption.rstrip(".") + "."
        ends = [
            ("", None),
            (f" (Ảnh: {credit})", credit),
            (f" (Ảnh: {credit}).", credit),
            (f" (Nguồn: {credit})", credit),
        ]
        if caption.endswith("."):
            ends.append((f" Ảnh: {credit}", credit))
        else:
            ends.append((f" - Ảnh: {credit}", credit))
        printed, credited = random.choice(ends)
        return Picture(file, caption, credited, caption + printed, form)

    def pointer(self, form: str) -> Pointer:
        """A box or a line that points to other articles."""
        many = 1 if form in ("inner-article", "box-no-sapo", "cms-relate") else self.random.randint(1, 3)
        return Pointer(tuple(self.card(lead=form == "inner-article") for _ in range(many)), form)

    def table(self) -> Table:
        """A table of data."""
        random = self.random
        columns = random.randint(2, 4)
        rows = tuple(tuple(self.writer.cell() for _ in range(columns)) for _ in range(random.randint(2, 6)))
        title = self.writer.subhead() if random.random() < 0.3 else None
        form = random.choice(("td", "th", "p", "flags", "framed"))
        if form == "td" and random.random() < 0.3:
            rows = ((self.writer.subhead(),), *rows)
        return Table(rows, title, form)

    def items(self) -> Items:
        """A list."""
        random = self.random
        items = tuple((Span(self.writer.item()),) for _ in range(random.randint(2, 6)))
        nested = self.layout != "text" and random.random() < 0.25
        return Items(items, random.random() < 0.4, nested)

    def gallery(self, *forms: str) -> Gallery:
        """Two or three pictures that stand together, each with a caption."""
        random = self.random
        form = random.choice(forms)
        return Gallery(tuple(self.picture("in a gallery", captioned=True) for _ in range(random.randint(2, 3))), form)

    def quote(self) -> Quote:
        """A quotation."""
        random = self.random
        paragraphs = tuple((Span(self.writer.sentence()),) for _ in range(random.randint(1, 2)))
        return Quote(paragraphs, random.choice(("blockquote", "blockquote", "highlighted")))

    def video(self, *forms: str) -> Player:
        """A video."""
        random = self.random
        form = random.choice(forms)
        number = random.randrange(10**6)
        if form == "frame":
            return Player("video", f"https://www.youtube.com/embed/vw{number}?rel=0", None, form)
        still = f"https://media.vov.vn/stills/{number}.jpg" if random.random() < 0.6 else None
        return Player("video", f"https://streaming.vov.vn/{number}.mp4", still, form)

    # --- articles ---

    def text(self, forms: Sequence[str], extras: Sequence[Callable[[], Block]], most: int = 14) -> tuple[Block, ...]:
        """Paragraphs with so many of the extras between them; never one of these first or last."""
        random = self.random
        length = random.choice((3, 3, 4, 5, 6, 8, 10, most, most, 60 if self.number % 17 == 4 else 7))
        paragraphs = [self.paragraph(random.choice(forms)) for _ in range(length)]
        paragraphs[-1] = Prose("paragraph", (Span(self.writer.plain()),))
        chosen = [make() for make in random.sample(list(extras), min(len(extras), random.randint(0, 6)))]
        blocks: list[Block] = list(paragraphs)
        for block in chosen:
            blocks.insert(random.randrange(1, len(blocks)), block)
        return tuple(_settled(blocks))

    def story(self, blocks: tuple[Block, ...], **parts: object) -> Story:
        """The article around its blocks."""
        random, layout = self.random, self.layout
        path, section, crumbs = _PLACES_OF_KINDS.get(self.kind) or _PLACES[self.number % len(_PLACES)]
        first, last = _YEARS[layout]
        published = datetime(random.randint(first, last), random.randint(1, 9), random.randint(1, 28), tzinfo=VIETNAM)
        published += timedelta(minutes=random.randrange(24 * 60), seconds=random.choice((0, 0, 0, 27)))
        headline = self.writer.headline()
        number = _FIRST_NUMBERS[layout] + 1000 * sorted(_KINDS).index(self.kind) + 7 * self.number
        has_post = layout in ("drupal-2026", "drupal-2022", "text")
        story = Story(
            name=f"{layout}-{self.kind}-{self.number:02}",
            layout=layout,
            kind=self.kind,
            id=f"post{number}" if has_post else str(number),
            path=path,
            slug=slug_of(headline if random.random() < 0.9 else self.writer.headline()),
            section_name=section,
            crumbs=crumbs,
            headline=headline,
            lead=self.writer.lead(),
            blocks=blocks,
            authors=(),
            keywords=self.writer.keywords(random.randint(0, 7)),
            published=published,
            modified=published + timedelta(minutes=random.randrange(600)),
        )
        return replace(story, **parts)  # type: ignore[arg-type]

    def messes(self) -> set[str]:
        """How untidy the page is: mostly not."""
        return set(self.random.sample(MESSES, self.random.choice((0, 0, 1, 2, 4))))

    def some(self, chances: dict[str, float]) -> set[str]:
        """Names, each with its chance."""
        return {name for name, chance in chances.items() if self.random.random() < chance}


_KINDS = ("article", "photo", "video", "podcast", "emagazine", "infographic", "live")
_FIGURES = ("figure", "figure", "figure", "figure-resized", "set", "lazy")
_PARAGRAPHS = (
    *("p-ads", "p-style", "p-word", "p-ltr", "div", "bare", "p-within", "p-font", "p-upper", "p-open", "p-stray"),
    *("p-part-hidden", "p-pixel", "p-ends-with-break", "p-bookmark"),
)
_OLD_PARAGRAPHS = ("p-style", "p-word", "p-font", "p-upper", "p-pixel", "p-ends-with-break", "div", "p-bookmark")
_LAID_OUT = ("italics", "italics-within", "table")


def _settled(blocks: list[Block]) -> list[Block]:
    """The blocks, none below a picture without a caption that could be one: a plain paragraph parts them."""
    settled: list[Block] = []
    for block in blocks:
        above = settled[-1] if settled else None
        open_above = isinstance(above, Picture) and not above.shown
        if open_above and not (isinstance(block, Prose) and block.form == "p"):
            continue
        # Two lists, or a list under links, would run into each other.
        if isinstance(block, Pointer) and isinstance(above, Pointer | Items):
            continue
        if isinstance(block, Items | Pointer) and isinstance(above, Pointer):
            continue
        # Nothing would part two texts that have no element of their own.
        if isinstance(block, Prose) and block.form == "bare":
            texts = [one for one in settled if not isinstance(one, Clutter)]
            if texts and isinstance(texts[-1], Prose) and texts[-1].form in ("bare", "p-open"):
                block = replace(block, form="p")
        settled.append(block)
    return settled


def _extras_of_drupal(case: _Case) -> list[Callable[[], Block]]:
    subheads = {"drupal-2026": ("h2", "h2", "h4", "strong", "strong-span"), "drupal-2022": ("h3", "strong", "b")}
    forms = subheads.get(case.layout, ("strong", "b", "strong-break"))
    clutter = case.random.sample(CLUTTER, 5)
    return [
        lambda: case.subhead(*forms),
        lambda: case.subhead(*forms),
        lambda: case.picture(*_FIGURES),
        lambda: case.picture(*_FIGURES),
        lambda: case.picture(*_LAID_OUT),
        lambda: case.pointer("inner-article"),
        lambda: case.pointer(case.random.choice(("box-no-sapo", "arrows", "see-also", "label"))),
        case.table,
        case.items,
        case.quote,
        lambda: case.gallery("figures", "cells", "rows"),
        lambda: case.video("player", "frame", "video"),
        lambda: Joined(tuple(case.rich(case.writer.plain()) for _ in range(2))),
        lambda: Prose("paragraph", (Span(f"PV: {case.writer.sentence()}"),), "question"),
        *((lambda form=form: Clutter(form)) for form in clutter),
    ]


def _drupal(case: _Case) -> Story:
    random = case.random
    forms = ("p", "p", "p", *random.sample(_PARAGRAPHS, 3))
    manner, lacks = case.messes(), set[str]()
    blocks: tuple[Block, ...]
    if case.kind == "photo":
        pictures = [
            case.picture("figure", "figure-resized", "set", captioned=True) for _ in range(random.randint(3, 14))
        ]
        blocks = (*(case.paragraph() for _ in range(random.choice((0, 0, 1, 2)))), *pictures)
    elif case.kind == "video" and case.number % 2:
        blocks = (case.video("player"), Prose("paragraph", case.rich(case.writer.plain())))
        lacks.add("summary")
    elif case.kind == "video":
        manner.add("video:text")
        blocks = (case.video("player", "frame", "script"), *case.text(forms, _extras_of_drupal(case)[:4], 5))
    elif case.kind == "podcast":
        audio = Player("audio", f"https://stream.vov.vn/podcast/{random.randrange(10**6)}.mp3", None, "audio")
        blocks = (audio, *case.text(("p",), (), 6))
    elif case.kind == "infographic":
        blocks = (case.picture("figure", "set", captioned=case.number % 2 == 0),)
        blocks = (*blocks, *(case.paragraph() for _ in range(case.number % 3)))
        blocks = tuple(_settled(list(blocks)))
    elif case.kind == "live":
        manner.add(("live:item", "live:time", "live:h3")[case.number % 3])
        entries = tuple(
            Entry(clock, tuple(case.rich(case.writer.paragraph()) for _ in range(random.randint(1, 3))))
            for clock in random.sample(_CLOCKS, random.randint(3, 6))
        )
        blocks = (case.paragraph(), *entries)
    else:
        blocks = case.text(forms, _extras_of_drupal(case))
        # Every form of clutter is met, whatever the choices.
        blocks = tuple(_settled([blocks[0], Clutter(CLUTTER[case.number % len(CLUTTER)]), *blocks[1:]]))
    related = [case.card() for _ in range(random.choice((0, 2, 4, 6)))]
    boxed = [card for block in blocks if isinstance(block, Pointer) for card in block.cards]
    story = case.story(blocks)
    if related and boxed and random.random() < 0.5:
        # What stands in the text also stands below it.
        related.insert(1, replace(boxed[0], lead=boxed[0].lead or case.writer.lead()))
    if related and random.random() < 0.2:
        related.insert(0, Card(story.id, story.url, story.headline, story.lead, story.url[14:]))
    manner |= case.some({"tags:doubled": 0.3, "date:bar": 0.15, "prefix:close": 0.1, "description:short": 0.3})
    manner |= case.some({"canonical:query": 0.05, "json-ld:comma": 0.05, "json-ld:cdata": 0.05, "json-ld:graph": 0.05})
    manner |= case.some(
        {"lead:strong": 0.1, "lead:wide": 0.07, "lead:p": 0.07, "prefix:dash": 0.07, "title:suffix": 0.2}
    )
    manner |= case.some({"time:utc": 0.05, "time:naive": 0.05, "related:within": 0.15})
    lacks |= case.some({"breadcrumb": 0.06, "canonical": 0.04, "modified": 0.05, "article:tag": 0.1})
    authors = tuple(random.sample(_IN_BLOCKS, random.choice((0, 1, 1, 1, 2, 3))))
    if case.layout == "drupal-2020" and all("/" in one.printed for one in authors):
        manner.add("authors:text")
    elif len(authors) > 1 and all("/" in one.printed for one in authors) and random.random() < 0.8:
        manner.add(("authors:lines", "authors:paragraphs")[case.number % 2])
    if case.kind == "article":
        lacks, manner = _odd(case, lacks, manner)
        if authors and random.random() < 0.12:
            manner.add("signature:again")
    asked = None
    if random.random() < 0.15:
        asked = random.choice(
            (
                f"{story.url}?gidzl=a&gidzl=b",
                story.url.replace("https://", "http://www."),
                story.url.replace("//", "//baoxuan."),
            )
        )
    return replace(
        story,
        related=tuple(related),
        authors=authors,
        lacks=frozenset(lacks),
        manner=frozenset(manner),
        asked=asked,
    )


def _odd(case: _Case, lacks: set[str], manner: set[str]) -> tuple[set[str], set[str]]:
    """What one page in some lacks or says wrongly, one thing a page."""
    odd = {2: "h1", 5: "summary", 8: "published_time", 11: "lead", 14: "json-ld", 17: "date"}.get(case.number % 24)
    if odd is not None:
        lacks = lacks | {odd}
    if case.number % 24 == 20:
        manner = manner - {"json-ld:comma", "json-ld:cdata", "json-ld:graph"} | {"json-ld:damaged"}
    if case.number % 24 == 22:
        manner = manner | {"dates:differ"}
    return lacks, manner


def _aspnet(case: _Case) -> Story:
    random = case.random
    manner = case.messes() | case.some({"end-mark": 0.5})
    extras: list[Callable[[], Block]] = [
        lambda: case.subhead("strong", "b"),
        lambda: case.subhead("strong", "b"),
        lambda: case.picture("contentimg", "swipebox", "story-photo"),
        lambda: case.picture("contentimg", "swipebox"),
        lambda: case.pointer("cms-relate"),
        lambda: case.pointer(random.choice(("arrows", "see-also", "listing"))),
        case.table,
        case.items,
        lambda: case.video("player", "frame", "script"),
        lambda: Joined(tuple(case.rich(case.writer.plain()) for _ in range(3))),
        lambda: Prose("paragraph", (Span(f"PV: {case.writer.sentence()}"),), "question"),
        *((lambda form=form: Clutter(form)) for form in random.sample(CLUTTER, 2)),
    ]
    blocks = case.text(("p", "p", *random.sample(_OLD_PARAGRAPHS, 2)), extras)
    authors: tuple[Signature, ...] = ()
    where = random.choice(("block", "block", "signature:run-on", "signature:line", "none"))
    if where == "block":
        authors = tuple(random.sample(_SIMPLE, random.choice((1, 1, 2))))
    elif where != "none":
        manner.add(where)
        authors = (random.choice(_IN_TEXTS),)
    related = tuple(case.card(lead=False) for _ in range(random.choice((0, 0, 3))))
    return case.story(
        blocks,
        authors=authors,
        related=related,
        crumbs=(),
        manner=frozenset(manner),
        lacks=frozenset(case.some({"canonical": 0.5})),
    )


def _aspnet_2011(case: _Case) -> Story:
    random = case.random
    manner = case.messes() | case.some({"old:controls": 0.3, "old:author-within": 0.3})
    if case.number % 4 == 1:
        manner.add("old:breaks")
        blocks: tuple[Block, ...] = case.text(("bare",), ())
        blocks = tuple(replace(block, form="bare") if isinstance(block, Prose) else block for block in blocks)
    else:
        extras: list[Callable[[], Block]] = [
            lambda: case.subhead("strong", "b"),
            lambda: case.picture("story-photo"),
            lambda: case.picture("contentimg"),
            lambda: case.pointer("arrows"),
            lambda: case.pointer("listing"),
            lambda: case.video("script"),
            case.table,
        ]
        blocks = case.text(("p", "p", *random.sample(_OLD_PARAGRAPHS, 2)), extras)
    authors = (random.choice(_SIMPLE),) if random.random() < 0.7 else ()
    related = tuple(case.card(lead=False) for _ in range(random.choice((0, 3))))
    return case.story(blocks, authors=authors, related=related, crumbs=(), keywords=(), manner=frozenset(manner))


def _text(case: _Case) -> Story:
    random = case.random
    shape = plain_text.SHAPES[case.number % len(plain_text.SHAPES)]
    manner = {shape} | case.some({"end-mark": 0.3, "published:given": 0.4, "tags:line": 0.5, "nfd": 0.2, "nbsp": 0.2})
    if shape == "trail":
        manner.add(random.choice(("above:url", "above:line", "above:lines")))
    if shape == "repeated":
        manner |= case.some({"lead:above": 0.5})
    manner.add(random.choice(("lines:blank", "lines:windows", "lines:blanks", "lines:single")))
    extras: list[Callable[[], Block]] = [
        lambda: case.subhead("strong"),
        lambda: case.subhead("strong"),
        case.items,
        case.quote,
    ]
    if shape in ("cards", "browser", "paragraphs", "beside"):
        extras += [lambda: case.pointer("inner-article")] * 2
    if shape == "pointers":
        extras += [lambda: case.pointer("arrows"), lambda: case.pointer("see-also")]
    blocks = case.text(("p",), extras)
    related = tuple(case.card() for _ in range(random.choice((0, 2, 5))))
    if shape == "paragraphs":
        # Of a subhead right above a lead without its title, nothing tells that it is not that title.
        above = (None, *blocks)
        blocks = tuple(
            block
            for before, block in zip(above, blocks, strict=False)
            if not isinstance(block, Pointer) or (isinstance(before, Prose) and before.kind == "paragraph")
        )
    if shape == "resumed":
        blocks = (*blocks, *(Prose("paragraph", (Span(case.writer.plain()),)) for _ in range(2)))
        related = related or (case.card(), case.card())
    if not related:
        # Without other headlines in the dump, nothing tells a question that is one from a paragraph.
        blocks = tuple(_unasked(block, case) if isinstance(block, Pointer) else block for block in blocks)
    authors: tuple[Signature, ...] = ()
    if random.random() < 0.7:
        authors = (random.choice(_IN_TEXTS),)
        manner |= case.some({"signature:run-on": 0.5})
    story = case.story(blocks, authors=authors, related=related, manner=frozenset(manner))
    if len(story.keywords) < 2:
        story = replace(story, keywords=case.writer.keywords(3))
    return replace(story, asked=story.url) if random.random() < 0.3 else story


def _unasked(pointer: Pointer, case: _Case) -> Pointer:
    """The same box with headlines that are no questions."""
    if pointer.form != "inner-article":
        return pointer
    cards = []
    for card in pointer.cards:
        while card.headline.endswith("?"):
            card = case.card()
        cards.append(card)
    return replace(pointer, cards=tuple(cards))


_MAKERS: dict[str, Callable[[_Case], Story]] = {
    "aspnet": _aspnet,
    "aspnet-cms-body": _aspnet,
    "aspnet-2011": _aspnet_2011,
    "text": _text,
}


def stories(seed: int = 1) -> list[Story]:
    """Every article of the evaluation set; another seed gives another set of the same kinds."""
    return [
        _MAKERS.get(layout, _drupal)(_Case(layout, kind, number, seed))
        for (layout, kind), count in NUMBERS.items()
        for number in range(count)
    ]
