"""Texts that repeat each other and texts that only look alike, invented, for `benchmarks.near_duplicates`.

A re-issue is an article that an editor has gone over: words replaced, left out and put in, sentences moved, a paragraph
added, another headline and lead, a number corrected. A look-alike is the next part of a series: the same frame, other
numbers, some other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from sample_site.invented_text import Writer, topic_of

_SECTIONS = ("xa-hoi", "kinh-te", "the-thao", "the-gioi", "phap-luat", "van-hoa", "doi-song", "chinh-tri")
_SYLLABLES = """và của là có được cho không với các trong một người những đã khi này đến năm ra từ cũng trên còn
nhiều đó việc như sẽ về nhưng lại sau phải vì theo đang làm nước tại thì vào mới rất nhà nên quốc
công dân hội đồng chính phủ tỉnh thành phố xã huyện thôn đường giao thông bộ ngành sở ban trường học
sinh viên giáo dục y tế bệnh nhân kinh doanh thị trường giá tăng giảm mạnh nhẹ cao thấp nhanh chậm
tốt xấu mưa nắng gió bão lũ rừng biển sông núi trời đất""".split()


@dataclass(frozen=True, slots=True)
class Text:
    """An article's texts."""

    headline: str
    description: str
    body: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """As `vovcrawl.near_duplicates.read` takes them."""
        return self.headline, self.description, self.body


def article(seed: str, words: int, numbers: int) -> Text:
    """An article of about so many words, with so many numbers among them."""
    random = Random(seed)
    writer = Writer(topic_of(random.choice(_SECTIONS), None), random)
    paragraphs = writer.paragraphs(words)
    for _ in range(numbers):
        place = random.randrange(len(paragraphs))
        said = paragraphs[place].split(" ")
        said.insert(random.randrange(1, len(said) + 1), _number(random))
        paragraphs[place] = " ".join(said)
    return Text(writer.headline(), writer.sentence(), "\n\n".join(paragraphs))


def _number(random: Random) -> str:
    return random.choice(
        (
            lambda: f"{random.randint(2, 990)}",
            lambda: f"{random.randint(1, 28)}/{random.randint(1, 12)}",
            lambda: f"{random.randint(1, 99)},{random.randint(1, 9)}%",
            lambda: f"{random.randint(1, 99)}.{random.randint(100, 999)}",
            lambda: f"{random.randint(1995, 2026)}",
        )
    )()


def edited(text: Text, share: float, random: Random, extra: str = "") -> Text:
    """The article with a share of the words of its body edited, evenly spread; `extra` names a further edit."""
    paragraphs = [paragraph.split(" ") for paragraph in text.body.split("\n\n")]
    places = [(row, column) for row, words in enumerate(paragraphs) for column in range(len(words))]
    count = round(share * len(places))
    step = len(places) / max(1, count)
    chosen = {places[min(len(places) - 1, int((at + random.random()) * step))] for at in range(count)}
    made = []
    for row, words in enumerate(paragraphs):
        kept = []
        for column, word in enumerate(words):
            kind = random.random() if (row, column) in chosen else None
            if kind is None:
                kept.append(word)
            elif kind < 0.6:
                kept.append(random.choice(_SYLLABLES))
            elif kind < 0.8:
                kept += [word, random.choice(_SYLLABLES)]
        made.append(" ".join(kept))
    writer = Writer(topic_of("xa-hoi", None), random)
    headline, description = text.headline, text.description
    if extra == "headline":
        headline, description = writer.headline(), writer.sentence()
    elif extra == "paragraph":
        wanted = max(25, sum(map(len, paragraphs)) // 8)
        made.insert(random.randrange(len(made) + 1), " ".join(writer.paragraphs(wanted))[: wanted * 6])
    elif extra == "moved":
        sentences = re.findall(r".+?[.!?](?= |\n|$)", "\n".join(made))
        for _ in range(max(1, len(sentences) // 10)):
            sentences.insert(random.randrange(len(sentences)), sentences.pop(random.randrange(len(sentences))))
        made = [" ".join(sentence.strip() for sentence in sentences)]
    elif extra == "numbers":
        body = "\n\n".join(made)
        found = list(re.finditer(r"\d+", body))
        for match in random.sample(found, min(len(found) // 6, 2)):
            body = body[: match.start()] + str(random.randint(2, 90)) + body[match.end() :]
        made = [body]
    elif extra == "spelling":
        made = [made_.replace("òa", "oà").replace("Đ", "Ð").replace("ủy", "uỷ") for made_ in made]
    return Text(headline, description, "\n\n".join(made))


EXTRAS = ("", "headline", "paragraph", "moved", "numbers", "spelling")


@dataclass(frozen=True, slots=True)
class Series:
    """What comes again and again with other numbers."""

    name: str
    headline: str
    opening: str
    line: str
    """Of the table, or of the paragraphs that stand for one."""
    rows: Sequence[str]
    constant: int
    """Words of paragraphs that are the same each time."""

    def part(self, number: int, changed: float = 0.0) -> Text:
        """One part of the series, with a share of the words of what is the same each time replaced."""
        random = Random(f"{self.name} {number}")
        same = Random(self.name)
        writer = Writer(topic_of(same.choice(_SECTIONS), None), same)
        fill = _filler(random)
        # What is said with figures belongs to the day.
        paragraphs = [re.sub(r"[0-9][0-9.,]*", "nhiều", text) for text in writer.paragraphs(self.constant)]
        words = [
            " ".join(random.choice(_SYLLABLES) if random.random() < changed else word for word in text.split(" "))
            for text in paragraphs
        ]
        table = [fill(self.line.replace("{row}", row)) for row in self.rows]
        return Text(fill(self.headline), fill(self.opening), "\n\n".join([fill(self.opening), *table, *words]))


def _filler(random: Random) -> Callable[[str], str]:
    """What fills the slots of a part: the day is the same in all of it."""
    day, month = random.randint(1, 28), random.randint(1, 12)
    made: dict[str, Callable[[], str]] = {
        "day": lambda: f"{day}/{month}",
        "price": lambda: f"{random.randint(20, 190)}.{random.randint(0, 99):02}0.000",
        "small": lambda: f"{random.randint(10, 99)}.{random.randint(100, 999)}",
        "pct": lambda: f"{random.randint(0, 9)},{random.randint(1, 99):02}%",
        "int": lambda: str(random.randint(2, 999)),
        "two": lambda: f"{random.randint(0, 99):02}",
        "range": lambda: f"{(low := random.randint(9, 28))}-{low + random.randint(2, 5)}",
        "hour": lambda: f"{random.randint(0, 23):02}:{random.choice(('00', '15', '30', '45'))}",
        "way": lambda: random.choice(("tăng", "giảm", "đi ngang", "nhích lên", "hạ nhẹ")),
        "sky": lambda: random.choice(
            ("có mưa vài nơi", "ngày nắng", "nhiều mây", "có dông", "sương mù nhẹ", "trời rét")
        ),
        "team": lambda: random.choice(("Hải Đăng", "Sông Lam Xanh", "Đồng Bằng", "Ngọn Núi", "Thép Mới", "Phố Hiến")),
        "mood": lambda: random.choice(("gặp may", "nên chậm lại", "có tin vui", "cần tiết kiệm", "được giúp đỡ")),
    }
    return lambda text: re.sub(r"\{(\w+)\}", lambda slot: made[slot[1]](), text)


_CITIES = ("Hà Nội", "Hải Phòng", "Thanh Hóa", "Đà Nẵng", "Gia Lai", "TP.HCM", "Cần Thơ", "Cà Mau")

SERIES = (
    Series(
        "gold",
        "Giá vàng hôm nay {day}: {way} {int} nghìn đồng",
        "Sáng {day}, giá vàng trong nước {way}, mua vào {price} đồng mỗi lượng, bán ra {price} đồng mỗi lượng.",
        "Vàng {row}: mua vào {price} đồng, bán ra {price} đồng, {way} {int} nghìn đồng so với hôm trước.",
        ("miếng", "nhẫn", "trang sức", "nguyên liệu"),
        130,
    ),
    Series(
        "exchange",
        "Tỷ giá ngày {day}: đồng bạc xanh {way}",
        "Ngân hàng công bố tỷ giá trung tâm ngày {day} ở mức {small} đồng, {way} {int} đồng.",
        "{row}: mua {small} đồng, bán {small} đồng.",
        ("Đô la", "Euro", "Bảng Anh", "Yên", "Nhân dân tệ"),
        150,
    ),
    Series(
        "petrol",
        "Giá xăng dầu chiều {day} {way}",
        "Từ {hour} chiều {day}, giá xăng dầu {way} theo quyết định của liên bộ.",
        "{row} không cao hơn {small} đồng một lít, {way} {int} đồng.",
        ("Xăng E5", "Xăng A95", "Dầu diesel", "Dầu hỏa"),
        160,
    ),
    Series(
        "weather",
        "Thời tiết ngày {day}",
        "Dự báo ngày {day}, cả nước {sky}, miền núi {sky}.",
        "{row} {sky}, nhiệt độ từ {range} độ, độ ẩm {two}%.",
        _CITIES,
        120,
    ),
    Series(
        "lottery",
        "Kết quả xổ số ngày {day}",
        "Kết quả mở thưởng ngày {day} như sau, giải đặc biệt {int}{two}.",
        "{row}: {two}{two}, {two}{two}, {two}{two}.",
        ("Giải nhất", "Giải nhì", "Giải ba", "Giải tư", "Giải năm", "Giải sáu"),
        110,
    ),
    Series(
        "fixtures",
        "Lịch thi đấu bóng đá ngày {day}",
        "Lịch thi đấu ngày {day}, đáng chú ý là trận {team} gặp {team} lúc {hour}.",
        "{hour}: {team} - {team}, {row}.",
        ("vòng loại", "hạng nhất", "cúp quốc gia", "giải trẻ", "giao hữu"),
        140,
    ),
    Series(
        "epidemic",
        "Ngày {day} cả nước có {int} ca mắc mới",
        "Tính từ hôm qua đến {hour} ngày {day}, cả nước ghi nhận {small} ca mắc mới, {int} ca khỏi bệnh.",
        "{row} có {int} ca.",
        _CITIES,
        150,
    ),
    Series(
        "stocks",
        "Chứng khoán phiên {day}: chỉ số {way} {int} điểm",
        "Kết phiên {day}, chỉ số chung {way} {pct}, còn {small} điểm.",
        "Nhóm {row} {way} {pct}, thanh khoản {small} tỷ đồng.",
        ("ngân hàng", "thép", "bất động sản", "bán lẻ", "dầu khí"),
        170,
    ),
    Series(
        "horoscope",
        "Tử vi ngày {day} của các con giáp",
        "Tử vi ngày {day}, số may mắn chung là {two}.",
        "Tuổi {row} {mood}, {mood} về cuối ngày, số hợp {two} và {two}, giờ tốt {hour}.",
        ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ"),
        100,
    ),
    Series(
        "coffee",
        "Giá cà phê ngày {day} {way}",
        "Giá cà phê sáng {day} {way} {int} đồng, dao động quanh mức {small} đồng một ký.",
        "{row}: {small} đồng một ký.",
        ("Đắk Lắk", "Lâm Đồng", "Gia Lai", "Đắk Nông"),
        160,
    ),
)
"""On these the limits of `vovcrawl.near_duplicates` were chosen."""

HELD_OUT = (
    Series(
        "rates",
        "Lãi suất ngân hàng ngày {day}",
        "Lãi suất huy động ngày {day} {way} nhẹ, cao nhất {pct} một năm.",
        "Kỳ hạn {row}: {pct}, gửi tại quầy {pct}.",
        ("một tháng", "ba tháng", "sáu tháng", "chín tháng", "một năm"),
        150,
    ),
    Series(
        "air",
        "Chất lượng không khí sáng {day}",
        "Lúc {hour} ngày {day}, chỉ số chất lượng không khí trung bình là {int}.",
        "Trạm {row} đo được {int}, bụi mịn {two} phần.",
        ("Cầu Giấy", "Hồ Tây", "Long Biên", "Hà Đông", "Thanh Trì"),
        180,
    ),
    Series(
        "rice",
        "Giá lúa gạo hôm nay {day}",
        "Thị trường lúa gạo ngày {day} {way}, gạo nguyên liệu ở mức {small} đồng.",
        "Giống {row} giá {small} đồng một ký, {way} {int} đồng.",
        ("thơm", "dẻo", "tấm", "nếp"),
        200,
    ),
    Series(
        "accidents",
        "Ngày nghỉ {day}: {int} vụ tai nạn giao thông",
        "Trong ngày {day}, cả nước xảy ra {int} vụ tai nạn, làm {int} người bị thương.",
        "{row} xử lý {int} trường hợp, phạt {int} triệu đồng.",
        _CITIES[:5],
        220,
    ),
    Series(
        "reservoirs",
        "Mực nước các hồ thủy điện ngày {day}",
        "Lúc {hour} ngày {day}, lưu lượng về hồ {way}.",
        "Hồ {row}: mực nước {two},{two} mét, xả {small} khối một giây.",
        ("Lai Châu", "Sơn La", "Hòa Bình", "Thác Bà"),
        160,
    ),
    Series(
        "quake",
        "Xảy ra động đất {pct} độ ngày {day}",
        "Vào lúc {hour} ngày {day}, một trận động đất có độ lớn {two} xảy ra, tâm chấn sâu {two} km.",
        "Khu vực {row} cảm nhận rung lắc lúc {hour}, cách tâm chấn {int} km.",
        ("thị trấn", "xã ven suối", "lòng hồ"),
        190,
    ),
    Series(
        "few numbers",
        "Điểm báo ngày {day}",
        "Điểm báo sáng {day}, {int} tin đáng chú ý, phát lúc {hour}.",
        "Mục {row} {mood}.",
        ("kinh tế", "xã hội"),
        240,
    ),
)
"""On these nothing was chosen."""
