"""Invented Vietnamese news text without end: sentences put together from fragments, no two stories alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_WHEN = """Sáng nay|Chiều qua|Tối qua|Ngay từ đầu tuần|Từ đầu tháng|Trong tuần này|Sau kỳ nghỉ|Ít ngày trước
Vào giờ cao điểm|Trước đó|Cũng trong ngày|Suốt nhiều tuần|Trong quý vừa rồi|Ngay sau cuộc họp|Từ giữa mùa mưa
Lúc tờ mờ sáng|Đến cuối buổi|Khi nắng vừa lên|Mỗi dịp cuối tuần|Sau gần hai năm|Trong đợt này|Vài hôm gần đây"""
_PLACES = """ở Ninh Bình|tại Cà Mau|ở Lạng Sơn|tại Đắk Lắk|ở Quảng Trị|tại Tây Ninh|ở Lào Cai|tại Khánh Hòa
ở Thanh Hóa|tại Vĩnh Long|ở Hải Phòng|tại Gia Lai|ở Sơn La|tại An Giang|ở Phú Thọ|tại Huế|ở Đồng Tháp|tại Bắc Ninh
ở Nghệ An|tại Cần Thơ|ở Điện Biên|tại Hà Tĩnh|ở Cao Bằng|tại Lâm Đồng|ở Quảng Ngãi|tại Hưng Yên|ở Tuyên Quang
tại Đồng Nai|ở vùng cao|tại ven biển|ở nội đô"""
_DID = """công bố|khảo sát|rà soát|bàn giao|thử nghiệm|mở rộng|giới thiệu|tổng kết|góp ý cho|tiếp nhận
đưa vào vận hành|lập hồ sơ|xem xét lại|khởi động|điều chỉnh|thống kê|kiểm tra|nghiệm thu|lấy ý kiến về
chia sẻ kinh nghiệm về|cam kết hỗ trợ|tạm dừng|hoàn thành|nâng cấp|số hóa|chấm điểm|tìm hiểu|đề xuất cách làm
công khai|bổ sung vốn cho"""
_WHY = """để người dân đỡ phải chờ|nhằm giảm chi phí đi lại|vì số đăng ký vượt dự tính|do thời tiết đổi khác
để kịp mùa sau|nhằm tránh lãng phí|vì thiếu người lành nghề|do giá vật tư leo thang|để giữ chân lớp trẻ
nhằm bớt khâu trung gian|vì đường sá còn xấu|do nguồn nước cạn dần|để có số liệu chung|nhằm lắng nghe nhiều phía
vì kết quả bước đầu khả quan|do bạn hàng đòi hỏi cao hơn|để trẻ nhỏ được hưởng lợi|nhằm khôi phục nghề xưa
vì lượng khách tăng gấp rưỡi|do máy móc đã cũ|để mỗi xã tự chủ hơn|nhằm rút ngắn thủ tục|vì chưa nơi nào làm thử
do mưa kéo dài|để khỏi phụ thuộc nơi khác"""
_STATE = """vẫn còn ngổn ngang|đã vào nếp|đang được đón nhận|chưa như mong đợi|tiến triển từng ngày
gặp không ít trở ngại|thu hút sự chú ý|khá hơn năm ngoái|có phần chững lại|được đánh giá công bằng
cần thêm thời gian|lộ ra vài điểm yếu|đi đúng hướng|khiến nhiều người bất ngờ|ổn định trở lại
phụ thuộc vào thời tiết|được giao cho lớp trẻ|vượt kế hoạch đề ra|mới xong phần thô|chờ ý kiến sau cùng"""
_BUT = """song chi phí còn cao|nhưng kinh phí mới về một nửa|tuy việc bảo trì chưa ai lo
song cách làm mỗi nơi một khác|nhưng người trẻ vẫn ngần ngại|dù hồ sơ đã gọn hơn|song khâu vận chuyển còn chậm
nhưng đầu ra chưa chắc chắn|tuy nhiều hộ đã quen|dù chưa có thống kê đầy đủ|song ai nấy đều kiên nhẫn
nhưng phải đợi mùa khô mới rõ|dù ít khi được nhắc tới|song chất lượng đồng đều hơn|nhưng nguồn thay thế rất ít
tuy lối đi chung còn hẹp"""
_UNITS = """hộ|lượt khách|suất học bổng|hồ sơ|tấn hàng|cây số|phiếu khảo sát|sản phẩm|gian hàng|lớp học|héc ta
thiết bị|tình nguyện viên|căn nhà|chuyến xe|đơn thư|cuốn sách|vé|ca khám|trận đấu"""
_ROLES = """ông|bà|anh|chị|kỹ sư|bác sĩ|nhà nghiên cứu|cô giáo|thầy|trưởng thôn|chủ cửa hàng|nghệ nhân"""
_NAMES = """Lò Văn Thiện|Hà Thục Quyên|Đinh Công Tráng|Vi Thị Lành|Mạc Đăng Khuê|Tạ Bảo Ngân|Phùng Duy Mạnh
Kiều Hồng Nhạn|Ngô Trí Hiếu|La Thị Sen|Quách Minh Đạo|Bế Ngọc Lam|Cao Sỹ Huân|Doãn Thu Vân|Âu Dương Thành|Lục Mỹ Hoa
Thái Bá Long|Nông Tuệ Nhi|Giáp Quang Hưng|Trịnh Lan Khuê|Hoàng Phúc Điền|Lưu Cẩm Tú|Đàm Gia Bách|Từ Hạ Uyên"""
_SAYS = """nói|kể lại|cho hay|nhận xét|bày tỏ|giải thích|nhớ lại|khẳng định|băn khoăn|tâm sự|so sánh|lưu ý"""
_WORDS = """Làm từng bước thì ai cũng theo được|Tôi chỉ mong việc này đừng bỏ dở|Có hôm cả xóm thức trắng
Con số ấy chưa nói hết câu chuyện|Mỗi nơi một cảnh, đừng bắt chước|Tiền không phải chuyện khó nhất
Lớp trẻ học nhanh hơn chúng tôi tưởng|Cái được lớn nhất là lòng tin|Ngày trước đi bộ nửa buổi mới tới
Chờ lâu quá thì ai cũng nản|Phải tính cho cả mười năm sau|Sai ở đâu thì sửa ở đó|Không ai giỏi một mình được
Nghe nhiều phía rồi hãy quyết|Khách đến rồi khách lại quay về|Chuyện nhỏ mà làm kỹ vẫn đáng
Cả nhà tôi sống nhờ nghề này|Bắt đầu muộn còn hơn đứng yên|Dữ liệu phải sạch thì máy mới đúng
Mùa nào cũng có cái khó riêng"""
_AND = """và đó mới là điều đáng quý|còn lại cứ để thời gian trả lời|nên chẳng ai đứng ngoài
rồi mọi thứ sẽ khác|dẫu phải đi đường vòng|miễn là minh bạch|chứ không vội được|vì người sau còn dùng
nhất là với bà con ở xa|bởi sức người có hạn|kể cả khi kinh phí eo hẹp"""
_TREND = """tăng nhẹ|giảm mạnh|gần như đi ngang|nhích lên|hạ dần|tăng gấp đôi|thấp hơn dự báo
cao hơn mặt bằng chung|hồi phục chậm"""
_BASE = """so với cùng kỳ|so với mục tiêu|tính từ đầu năm|sau ba lần điều chỉnh|theo cách tính mới
nếu trừ yếu tố mùa vụ|ở nhóm tuổi trẻ|khi cộng cả phần bổ sung|trong sáu địa bàn mẫu|tại những nơi làm sớm"""
_NEXT = """sẽ mở đợt hai|báo cáo lại trong tháng tới|chọn thêm bốn điểm làm mẫu|chuyển hồ sơ lên cấp trên
tổ chức đối thoại|tập huấn cho người mới|in sổ tay hướng dẫn|lắp thêm trạm đo|mời chuyên gia độc lập
gia hạn thời gian đăng ký|công khai toàn bộ chi phí|thay đổi lịch làm việc|ký kết với hai trường nghề
đưa lên bản đồ số|giữ nguyên mức thu"""
_GROUPS = """nhiều gia đình trẻ|người cao tuổi|các hộ kinh doanh|học sinh cuối cấp|thợ lành nghề|khách phương xa
cán bộ cơ sở|nhóm tình nguyện|bà con trong bản|giới chuyên môn|người lao động xa quê|các chủ vườn|hội phụ huynh
bạn đọc|khán giả địa phương|doanh nghiệp nhỏ"""
_FEELS = """thở phào|phấn khởi ra mặt|vẫn còn phân vân|chủ động thay đổi|phải xoay xở|đồng tình|lên tiếng góp ý
bắt tay vào làm|tỏ ra thận trọng|kiên trì bám việc|được hưởng lợi trước tiên|tìm lối đi riêng"""

_REPORTERS = """Bích Khuê|Minh Lũy|Tuệ Lâm|Hải Quân|Thu Trầm|Đông Giang|Lê Nguyên Vũ|Khánh Thy|Việt Hà|Ngọc Mẫn
Sơn Tùng Lĩnh|Hoài Diễm"""
_OFFICES = """VOV.VN|VOV1|VOV2|VOV-Tây Bắc|VOV-Miền Trung|VOV-ĐBSCL|VOV-Đông Bắc|VOV6"""


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for line in text.splitlines() for part in line.split("|"))


@dataclass(frozen=True)
class Topic:
    """What the stories of a section are about: who acts, on what, and under which keywords."""

    actors: tuple[str, ...]
    things: tuple[str, ...]
    keywords: tuple[str, ...]


def _topic(actors: str, things: str, keywords: str) -> Topic:
    return Topic(_split(actors), _split(things), _split(keywords))


_PUBLIC = _topic(
    """Hội đồng nhân dân xã|Tổ công tác|Ban pháp chế|Ủy ban thôn|Đoàn giám sát|Văn phòng một cửa
Tổ hòa giải|Hội cựu chiến binh""",
    """nghị quyết về nước sạch|quy chế một cửa|đề án sắp xếp thôn bản|bộ tiêu chí nông thôn mới
kế hoạch tiếp công dân|dự thảo quy định về chợ đêm|phương án trực bão|danh mục thủ tục rút gọn|quỹ khuyến học
lộ trình bỏ giấy tờ""",
    "hội đồng nhân dân|cải cách hành chính|tiếp công dân|nông thôn mới|cơ sở|nước sạch|một cửa|cử tri",
)
_SOCIETY = _topic(
    """Trường bán trú|Trạm khí tượng|Đội cứu hộ|Hội phụ nữ|Đoàn thanh niên|Trung tâm việc làm
Nhóm thiện nguyện|Ban quản lý bến xe""",
    """bếp ăn học đường|cầu dân sinh|lớp xóa mù chữ|tuyến xe buýt điện|nhà tránh lũ|thư viện lưu động
bản tin thời tiết|kè chắn sóng|chợ phiên|sàn việc làm trực tuyến|khu vui chơi cho trẻ""",
    "giáo dục|thời tiết|việc làm|an sinh|giao thông|mưa lũ|học sinh|biển đảo|thiện nguyện",
)
_WORLD = _topic(
    """Chính phủ lâm thời|Phái đoàn quan sát|Liên minh cảng biển|Tòa án khu vực|Hội đồng đô thị
Viện nghiên cứu khí hậu|Cơ quan hàng hải|Ủy ban bầu cử""",
    """thỏa thuận nghề cá|hành lang lúa mì|đường ống dẫn khí|cuộc trưng cầu ý dân|lệnh ngừng bắn
kế hoạch tái thiết|mạng lưới cáp ngầm|thuế qua biên giới|chương trình định cư|trạm vũ trụ chung""",
    "thế giới|ngoại giao|bầu cử|đàm phán|năng lượng|khí hậu|hàng hải|xung đột",
)
_MONEY = _topic(
    """Hiệp hội cà phê|Ngân hàng địa phương|Hợp tác xã|Sở giao dịch|Nhà máy chế biến|Chuỗi bán lẻ
Quỹ đầu tư|Ban quản lý khu công nghiệp""",
    """vùng nguyên liệu|giá vàng miếng|tín dụng xanh|sàn thương mại|kho lạnh|trái phiếu dự án|nhà ở xã hội
mã số vùng trồng|chuỗi cung ứng|hóa đơn điện tử|giống cà phê mới""",
    "thị trường|giá vàng|cà phê|chứng khoán|tỷ giá|bất động sản|xuất khẩu|doanh nghiệp|khởi nghiệp|tiêu dùng",
)
_LAW = _topic(
    """Cơ quan điều tra|Tòa án huyện|Viện kiểm sát|Công an phường|Luật sư bào chữa|Đội quản lý thị trường
Bộ đội biên phòng|Thanh tra giao thông""",
    """vụ làm giả tem nhãn|đường dây sim rác|hồ sơ đất đai|vụ lấn chiếm kênh|tranh chấp lối đi
lô hàng không nguồn gốc|vụ lừa bán vé|biên bản hiện trường|vụ đốt rừng""",
    "pháp luật|vụ án|lừa đảo|hàng giả|tố giác|an ninh trật tự|tư vấn luật|đất đai",
)
_SPORT = _topic(
    """Câu lạc bộ chủ nhà|Ban huấn luyện|Đội trẻ|Liên đoàn cờ|Tay vợt số một|Tổ trọng tài|Hội cổ động viên
Học viện bóng đá""",
    """giải hạng nhất|lối chơi pressing|sân vận động mới|suất dự vòng chung kết|lịch thi đấu
hợp đồng thủ môn|giải pickleball phong trào|học viện trẻ|công nghệ hỗ trợ trọng tài|đường chạy bán marathon""",
    "bóng đá|V-League|pickleball|eSports|điền kinh|huấn luyện viên|lịch thi đấu|hậu trường",
)
_TECH = _topic(
    """Nhóm kỹ sư trẻ|Hãng xe điện|Phòng thí nghiệm|Nhà mạng|Xưởng lắp ráp|Viện công nghệ|Câu lạc bộ xe cổ
Trung tâm dữ liệu""",
    """trạm sạc nhanh|mô hình ngôn ngữ|chip đo nước|xe máy điện đổi pin|ứng dụng nộp phạt|bản đồ ngập
camera hành trình|robot hái chè|thẻ vé liên thông|chữ ký số""",
    "công nghệ|xe điện|chuyển đổi số|trí tuệ nhân tạo|ô tô|xe máy|an toàn thông tin|trải nghiệm",
)
_HEALTH = _topic(
    """Bệnh viện tỉnh|Trạm y tế xã|Khoa dinh dưỡng|Hội đông y|Đội tiêm chủng|Phòng khám lưu động
Viện pasteur vùng|Câu lạc bộ dưỡng sinh""",
    """tủ thuốc bản làng|bữa ăn ít muối|phác đồ sốt xuất huyết|vườn cây thuốc nam|hồ sơ sức khỏe số
lịch tiêm nhắc|thực đơn cho người bệnh|máy thở cũ|góc tư vấn tâm lý""",
    "sức khỏe|dinh dưỡng|y tế|tiêm chủng|cây thuốc|nhi khoa|làm đẹp|sống khỏe",
)
_CULTURE = _topic(
    """Đoàn chèo|Nhà hát múa rối|Bảo tàng tỉnh|Ban quản lý di tích|Làng nghề gốm|Nhóm nhạc học đường
Xưởng phim|Hội văn nghệ|Công ty lữ hành""",
    """vở diễn về biển|bộ sưu tập tranh Đông Hồ|lễ hội cầu ngư|tour đêm phố cổ|album dân ca
triển lãm áo dài|tập thơ đầu tay|phim tài liệu|đường hoa ven sông|homestay trên núi|chợ sách cũ""",
    "văn hóa|du lịch|di sản|âm nhạc|điện ảnh|lễ hội|thời trang|nghệ sĩ|gia đình|nhà đẹp",
)
_ARMY = _topic(
    """Lữ đoàn công binh|Hải đội tuần tra|Trường sĩ quan|Xưởng quốc phòng|Đồn biên phòng
Trung đoàn không quân|Viện kỹ thuật""",
    """bãi tập bắn|tàu hậu cần|diễn tập cứu nạn|máy bay không người lái|cầu phao hạng nặng|hệ thống ra đa
kho quân nhu|giáo trình chiến thuật""",
    "quân sự|quốc phòng|diễn tập|vũ khí|biên phòng|hải quân",
)
_TALE = _topic(
    """Người kể chuyện|Tổ biên tập|Thính giả cũ|Ban thiếu nhi|Nhà văn trẻ|Phòng thu|Người dẫn chương trình""",
    """chuyện con đò|lá thư không gửi|bài hát ru|câu chuyện hạt giống|tiếng chuông chùa|mùa hoa gạo
bức ảnh gia đình|chuyến tàu đêm""",
    "podcast|đọc truyện|kể chuyện cho bé|hạt giống tâm hồn|gia đình",
)

_TOPIC_BY_SECTION = {
    **dict.fromkeys(("chinh-tri", "cai-chinh"), _PUBLIC),
    **dict.fromkeys(("xa-hoi", "multimedia"), _SOCIETY),
    "the-gioi": _WORLD,
    **dict.fromkeys(("kinh-te", "thi-truong", "kinh-te/doanh-nghiep"), _MONEY),
    "phap-luat": _LAW,
    "the-thao": _SPORT,
    **dict.fromkeys(("oto-xe-may", "cong-nghe"), _TECH),
    "suc-khoe": _HEALTH,
    **dict.fromkeys(("doi-song", "van-hoa", "giai-tri", "du-lich"), _CULTURE),
    "quan-su-quoc-phong": _ARMY,
    "podcast": _TALE,
}

_LISTS = {
    "when": _split(_WHEN),
    "place": _split(_PLACES),
    "did": _split(_DID),
    "why": _split(_WHY),
    "state": _split(_STATE),
    "but": _split(_BUT),
    "unit": _split(_UNITS),
    "role": _split(_ROLES),
    "name": _split(_NAMES),
    "says": _split(_SAYS),
    "words": _split(_WORDS),
    "also": _split(_AND),
    "trend": _split(_TREND),
    "base": _split(_BASE),
    "next": _split(_NEXT),
    "group": _split(_GROUPS),
    "feels": _split(_FEELS),
}

_SENTENCES = (
    "{when}, {actor} {place} {did} {thing} {why}.",
    "{actor} {place} {did} {thing}, {but}.",
    "{when}, {count} {unit} liên quan đến {thing} được {actor} {did}.",
    "“{words}, {also}”, {role} {name} {says}.",
    "“{words}. {words2}”, {role} {name} {place} {says}.",
    "Với {thing}, {group} {feels}, {but}.",
    "{thing} {place} {state}, {but}, {why}.",
    "Số {unit} {trend} {base}, còn {count} {unit2} {state}.",
    "{group} {place} {feels} {why}, trong khi {actor} {did} {thing}.",
    "Theo {role} {name}, {thing} {state} {why}.",
    "Riêng {thing}, {actor} {next}, {but}.",
    "{when}, {role} {name} cùng {group} {did} {thing} {place}.",
    "Có tới {percent}% {group} {feels} {base}, {trend} chỉ ở {count} {unit}.",
    "Tới đây, {actor} {next} và {next2}.",
    "Không chỉ {thing}, {actor} còn {did} {thing2} {place}.",
    "{actor} cho biết {thing} {trend} {base}, {count} {unit} {state}.",
)
_HEADLINES = (
    "{actor} {place} {did} {thing}",
    "{thing} {place}: {count} {unit} {state}",
    "{group} {place} {feels} {why}",
    "{role} {name}: {words}",
    "{actor} {next} {why}",
    "{thing} {state}, {group} {feels}",
    "Số {unit} {place} {trend} {base}",
    "Vì sao {thing} {place} {state}?",
)
_SUBHEADS = ("{thing} {state}", "{words}", "{actor} {next}", "{count} {unit} {place}")


def topic_of(section: str, parent: str | None) -> Topic:
    """What the stories of a section are about."""
    return _TOPIC_BY_SECTION.get(section) or _TOPIC_BY_SECTION.get(parent or "") or _SOCIETY


class Writer:
    """Writes text on a topic; the same state of `random` writes the same."""

    def __init__(self, topic: Topic, random: Random) -> None:
        self._topic = topic
        self._random = random

    def sentence(self) -> str:
        """One sentence."""
        return self._fill(_SENTENCES)

    def headline(self) -> str:
        """A headline."""
        return self._fill(_HEADLINES)

    def subhead(self) -> str:
        """A heading within a text."""
        return self._fill(_SUBHEADS)

    def paragraphs(self, words: int) -> list[str]:
        """Paragraphs of at least so many words, and at most a sentence more."""
        found: list[str] = []
        written = 0
        while written < words:
            sentences: list[str] = []
            for _ in range(self._random.randint(2, 4)):
                if written < words:
                    sentences.append(self.sentence())
                    written += len(sentences[-1].split())
            found.append(" ".join(sentences))
        return found

    def keywords(self) -> tuple[str, ...]:
        """Two to four of the topic's keywords, sometimes with a place."""
        chosen = self._random.sample(self._topic.keywords, self._random.randint(2, 4))
        if self._random.random() < 0.4:
            place = self._random.choice(_LISTS["place"]).partition(" ")[2]
            if place[0].isupper():
                chosen.append(place)
        return tuple(chosen)

    def author(self) -> str:
        """A reporter and the office that they work for."""
        return f"{self._random.choice(_split(_REPORTERS))}/{self._random.choice(_split(_OFFICES))}"

    def _fill(self, patterns: Sequence[str]) -> str:
        random = self._random
        values: dict[str, object] = {name: random.choice(words) for name, words in _LISTS.items()}
        values["actor"] = random.choice(self._topic.actors)
        values["thing"], values["thing2"] = random.sample(self._topic.things, 2)
        for name in ("words", "unit", "next"):
            values[name], values[f"{name}2"] = random.sample(_LISTS[name], 2)
        values["count"] = random.randint(12, 989)
        values["percent"] = random.randint(11, 96)
        text = random.choice(patterns).format_map(values)
        return text[0].upper() + text[1:]
