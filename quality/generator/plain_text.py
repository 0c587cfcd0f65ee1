"""Articles as other people's scripts save them: plain text, a paragraph a line."""

from __future__ import annotations

import unicodedata
from random import Random

from quality.generator.facts import Card, Items, Pointer, Prose, Quote, Story, plain, shown_date

SHAPES = (
    *("cards", "browser", "paragraphs", "tags", "bare", "beside", "pointers", "signed-above"),
    *("resumed", "trail", "repeated", "plain-lead"),
)
"""What a dump may look like; a shape stands in `Story.manner`."""

_MENU = (
    "Trang chủ",
    "Chính trị",
    "Xã hội",
    "Thế giới",
    "Kinh tế",
    "Pháp luật",
    "Thể thao",
    "Văn hóa",
    "Giải trí",
    "Podcast",
)
_FOOTER = (
    "Báo điện tử VOV",
    "Chính trị",
    "Xã hội",
    "Thế giới",
    "BÁO ĐIỆN TỬ TIẾNG NÓI VIỆT NAM",
    "Trụ sở: 37 Bà Triệu, phường Cửa Nam, Hà Nội",
    "Tổng Biên tập: Người Được Nêu Tên",
    "Cơ quan chủ quản: ĐÀI TIẾNG NÓI VIỆT NAM",
    "Không được sao chép lại bất kỳ thông tin nào từ website này khi chưa có sự đồng ý bằng văn bản của Báo Điện tử "
    "Tiếng nói Việt Nam",
)
_CALL = "Mời quý độc giả theo dõi VOV.VN trên"


def page(story: Story, random: Random) -> str:
    """The dump of an article."""
    shape = shape_of(story)
    lines = [*_above(story, shape), *[story.headline] * (2 if shape == "repeated" else 1)]
    if shows_date(story):
        lines.append(shown_date(story))
        if shape == "browser":
            lines += ["Copy link thành công!"]
    if shape == "signed-above":
        lines += [signature.printed for signature in story.authors]
    if shape == "plain-lead":
        lines.append(story.lead)
    else:
        lines.append(f"VOV.VN - {story.lead}")
    if shape == "repeated":
        lines.insert(-1 if "lead:above" in story.manner else len(lines), story.lead)
    text = _text(story)
    if shape == "resumed":
        # The last two paragraphs stand below the related articles.
        text[-2:-2] = ["Tin liên quan", *(card.headline for card in story.related)]
    lines += text
    if shape != "signed-above":
        lines = _signed(lines, story)
    lines += _below(story, shape)
    return _written(lines, story, random)


def shape_of(story: Story) -> str:
    """The shape of a dump."""
    return next(shape for shape in SHAPES if shape in story.manner)


def shows_date(story: Story) -> bool:
    """Whether a dump holds the date that the page prints."""
    return shape_of(story) in ("browser", "tags", "beside", "trail")


def shows_tags(story: Story) -> bool:
    """Whether a dump holds the tags."""
    return shape_of(story) in ("browser", "tags")


def shows_titles(story: Story) -> bool:
    """Whether a dump holds the headlines of other articles, and not their leads alone."""
    return shape_of(story) not in ("paragraphs",)


def shows_leads(story: Story) -> bool:
    """Whether other articles have their leads under their headlines."""
    return shape_of(story) != "resumed"


def _above(story: Story, shape: str) -> list[str]:
    if shape == "trail":
        trail = [name for name, _ in story.crumbs]
        if "above:url" in story.manner:
            return [story.url]
        return [" > ".join(["Trang chủ", *trail])] if "above:line" in story.manner and trail else trail
    if shape != "browser":
        return []
    return ["Nhảy đến nội dung", *_MENU, *(name for name, _ in story.crumbs)]


def _text(story: Story) -> list[str]:
    lines: list[str] = []
    for block in story.blocks:
        match block:
            case Prose(_, text):
                lines.append(plain(text))
            case Items(items):
                lines += map(plain, items)
            case Quote(paragraphs):
                lines += map(plain, paragraphs)
            case Pointer(cards, "arrows"):
                lines += [f">> {card.headline}" for card in cards]
            case Pointer(cards, "see-also"):
                lines += [f"Xem thêm: {card.headline}" for card in cards]
            case Pointer(cards):
                for card in cards:
                    lines += (
                        [f"VOV.VN - {card.lead}"]
                        if not shows_titles(story)
                        else [card.headline, f"VOV.VN - {card.lead}"]
                    )
            case _:
                pass
    return lines


def _signed(lines: list[str], story: Story) -> list[str]:
    # After a quotation, editors differ in where they put the mark.
    if "end-mark" in story.manner and lines[-1].endswith(".") and lines[-1][-2].isalnum():
        lines[-1] = lines[-1].removesuffix(".") + "./."
    names = ", ".join(signature.printed for signature in story.authors)
    if not names:
        return lines
    if "signature:run-on" in story.manner:
        return [*lines[:-1], f"{lines[-1]} {names}"]
    return [*lines, names]


def _below(story: Story, shape: str) -> list[str]:
    lines: list[str] = []
    if shape == "browser":
        lines += ["Tag:", *story.keywords]
    if shape == "tags":
        return [f"Từ khóa: {', '.join(story.keywords)}"] if "tags:line" in story.manner else ["Tags:", *story.keywords]
    if shape in ("bare", "resumed"):
        return []
    lines.append(_CALL)
    if shape == "trail":
        lines += ["Theo dõi VOV.VN trên Google News", "Chia sẻ", "In bài"]
    if shape == "browser":
        lines += ["Viết bình luận", "This site is protected by reCAPTCHA.", "Gửi tin"]
    if shape == "paragraphs":
        return [*lines, *(f"VOV.VN - {card.lead}" for card in story.related for _ in range(2)), *_FOOTER[5:]]
    if story.related:
        lines.append("Tin liên quan")
        for card in story.related:
            lines += [card.headline, card.headline, f"VOV.VN - {card.lead}"] * 2
    if shape == "beside":
        lines += ["Đọc nhiều", "Hồ chứa cạn, cá vào lưới", "Giá chè búp nhích lên", "Xe buýt đường sông chạy lại"]
    if shape in ("browser", "beside"):
        lines += _FOOTER
    return lines


def _written(lines: list[str], story: Story, random: Random) -> str:
    between = "\n"
    for manner, written in (("lines:blank", "\n\n"), ("lines:windows", "\r\n"), ("lines:blanks", "\n  \n")):
        if manner in story.manner:
            between = written
    text = between.join(lines)
    if "nfd" in story.manner:
        text = unicodedata.normalize("NFD", text)
    if "nbsp" in story.manner:
        text = "".join("\u00a0" if letter == " " and random.random() < 0.05 else letter for letter in text)
    return ("\ufeff" if "lines:windows" in story.manner else "") + text + between


def related_of(story: Story) -> list[tuple[Card, str]]:
    """The articles that a dump names by their headlines, with where it does."""
    if not shows_titles(story):
        return []
    within = [(card, "inline") for block in story.blocks if isinstance(block, Pointer) for card in block.cards]
    below = [] if shape_of(story) in ("tags", "bare") else [(card, "related") for card in story.related]
    return [*within, *below]
