"""Invented Vietnamese news text: the same state of `random` writes the same."""

from __future__ import annotations

from random import Random

_SLOTS = {
    "who": """Ban quản lý cảng cá|Hợp tác xã chè Suối Mây|Trạm thủy văn|Tổ dân phố số 9|Xưởng mộc Bình Phú
Trung tâm cứu hộ|Câu lạc bộ đua thuyền|Hãng tàu Nordsee|Viện hải dương Marlow|Nhóm sinh viên bách khoa
Đội tuần tra rừng|Nhà máy nước|Liên đoàn bơi lội|Ủy ban nghề cá châu Âu|Quỹ Alder|Trường nội trú vùng cao
Đài quan sát Kessel|Hiệp hội làm vườn|Công ty AT&T-Mekong|Bộ phận R&D của xưởng|Ngân hàng hạt giống
Tòa thị chính Oldenbrück|Lữ đoàn cầu đường""",
    "what": """tuyến phà đêm|mẻ lưới đầu vụ|bản đồ ngập mới|lò sấy chạy bằng trấu|giống lúa chịu mặn|cây cầu treo cũ
đường ống dẫn nước suối|kho dữ liệu khí tượng|tàu khảo sát Älvsborg|giải bơi vượt sông|vé tháng điện tử
lớp học buổi tối|mô hình nuôi ong|trạm đo mưa tự động|khu chợ nổi|dự án đê biển|sổ tay phòng cháy|chuyến bay thử VX-9
thỏa thuận chia sẻ nước|bộ phim về người gác đèn|vườn ươm đước|máy lọc phèn|phần mềm đặt lịch khám|con dấu số""",
    "did": """vừa bàn giao|đã thử nghiệm|quyết định hoãn|bắt đầu mở rộng|công bố kết quả kiểm tra|gấp rút sửa chữa
thông báo tạm dừng|mời chuyên gia xem lại|ký biên bản tiếp nhận|rà soát toàn bộ|đề nghị lùi thời hạn của
giảm một nửa chi phí cho|chọn ra năm nơi làm điểm cho|trình phương án cuối cùng về|đã kịp hoàn thành""",
    "where": """ở cửa sông Lạch Mới|tại xã Trung Dương|trên cao nguyên Tà Lài|giữa hai bờ sông Cái
ở ngoại ô Rotterdam|tại bến Gò Sậy|dọc bờ biển phía đông|trong khu phố cũ|ở ba huyện miền núi|tại thành phố Hồ Châu
gần cửa khẩu Na Pheo|trên đảo Hòn Tro|ở bang Oregon|tại TP. Vinh Quang|quanh hồ Nậm Cát""",
    "when": """Sáng 12/3|Chiều qua|Rạng sáng 4/7|Đầu tháng này|Tối 28/11|Trong tuần|Ngày 9/5/2019|Từ 6h30
Trước đó hai ngày|Cuối quý III|Giữa đợt nắng nóng|Sau cơn mưa đêm|Khoảng 17h cùng ngày|Năm 2008|Mùa khô năm ngoái
Ít giờ sau khi nước rút""",
    "why": """vì mực nước xuống thấp|để kịp mùa gió chướng|sau ba lần lỡ hẹn|do thiếu phụ tùng thay thế
nhằm bớt khâu giấy tờ|bất chấp ý kiến trái chiều|để bà con khỏi đi vòng 40 km|vì chi phí vượt 12,5%
khi vốn mới về được một phần ba|cho tới khi có kết luận chính thức|theo yêu cầu của các hộ ven sông
với giá 18.500 đồng/kg|ở mức 2 triệu đồng/tháng""",
    "person": """Phan Thị Gấm|Lý Seo Pao|Trần Đức Hoài|Y Nhiên Êban|Đỗ Hạnh An|Johan Lindqvist|Maria Fernández
Kenji Okabe|Vũ Quý Lộc|Tô Bạch Yến|Rơ Châm Hlan|Emma O’Neill|Nguyễn Khắc Tường|Hồ Thị Lụa|Bùi Sĩ Nguyên|Chu Tất Đạt
Anne-Marie Dupré""",
    "role": """ông|bà|anh|chị|thuyền trưởng|kỹ sư|bác sĩ|nhà địa chất|cô giáo|già làng|huấn luyện viên|thị trưởng
nghiên cứu sinh""",
    "say": """nói|cho biết|kể lại|giải thích|thừa nhận|nhấn mạnh|nhận định|chia sẻ|lưu ý|phàn nàn|trả lời ngắn gọn""",
    "quote": """Nước lên tới đâu, chúng tôi kê đồ tới đó|Cái khó nhất là giữ được người làm|Chưa ai dám chắc điều gì
Tôi đi từ 3 giờ sáng mà vẫn muộn|Máy móc thì mua được, kinh nghiệm thì không|Đừng hỏi bao giờ, hãy hỏi bằng cách nào
Có những đêm cả bến không tắt đèn|Số liệu ấy cũ rồi, phải đo lại từ đầu|Lũ trẻ quen đường hơn cả chúng tôi
Ba thế hệ nhà tôi sống bằng con thuyền này|Làm ẩu một lần là mất khách mười năm|Xem thêm vài ngày nữa rồi hãy tính
Ai cũng muốn nhanh, chỉ có con nước là không|Không có phép màu nào cả|Tin đồn chạy nhanh hơn tàu cao tốc""",
    "unit": """hộ dân|mét khối nước|chuyến tàu|tấn hàng|héc ta rừng|đơn đăng ký|cây số đường|trạm đo|học viên
lượt khách|tỷ đồng|ca trực|thùng hàng cứu trợ|con thuyền""",
    "trend": """tăng gấp đôi|giảm 7,4%|gần như không đổi|vượt mọi dự báo|thấp nhất từ năm 1998|nhích lên từng ngày
chững lại|cao hơn cùng kỳ 1,2 lần""",
    "but": """song chưa nơi nào dám làm tiếp|nhưng việc bảo trì vẫn bỏ ngỏ|dù kinh phí đã duyệt từ lâu
tuy cách tính mỗi nơi một khác|còn dân làng thì vẫn kiên nhẫn đợi|trong khi mùa mưa đang tới gần
mà không cần thêm người|và đó mới là khởi đầu|nếu thời tiết cho phép|chứ không phải ngược lại""",
    "group": """Các chủ thuyền|Người trồng chè|Phụ huynh học sinh|Cư dân mạng|Giới quan sát|Thợ máy lâu năm
Khách du lịch Hàn Quốc|Các nhà khoa học trẻ|Tiểu thương chợ đêm|Cổ động viên đội khách|Những người gác rừng""",
    "feel": """thở phào|tỏ ra dè dặt|phản đối ra mặt|vẫn chờ câu trả lời|đã quen dần|chia làm hai phe|xếp hàng từ sớm
không giấu được vui mừng|tính chuyện đổi nghề""",
}
_LISTS = {
    name: tuple(part.strip() for line in words.splitlines() for part in line.split("|"))
    for name, words in _SLOTS.items()
}

_SENTENCES = (
    "{when}, {who} {did} {what} {where}.",
    "{who} {did} {what} {why}, {but}.",
    "“{quote}”, {role} {person} {say}.",
    "“{quote}. {quote2}”, {role} {person} {say} {where}.",
    "{role} {person} {say} rằng {what} {where} {trend}, {but}.",
    "{group} {where} {feel}, {but}.",
    "Theo {role} {person}, {number} {unit} {where} {trend}.",
    "Có {number} {unit} bị ảnh hưởng, {trend} so với đợt trước.",
    "{when}, mực nước đo được là {decimal} m, {trend}.",
    "{who} cùng {who2} {did} {what} {why}.",
    "Ngoài {what}, {who} còn {did} {what2} {where}.",
    "Vì sao {what} {where} lại {trend}? {group} {feel}.",
    "{number} {unit}; {number2} {unit2}; và {what}: đó là tất cả những gì {role} {person} còn giữ được.",
    "Tỷ lệ ấy ở mức {percent}%, {trend}, {why}.",
    "{person} ({age} tuổi, {where}) {feel} {why}.",
    "Tàu chạy với tốc độ {age} km/h, {but}.",
    "Trên trang riêng, {person} viết: “{quote}!”.",
    "“{quote}…” - {role} {person} bỏ lửng câu nói.",
    "Báo Oldenbrücker Bote dẫn lời {person}: “{quote}”.",
    "Kể từ {year}, {who} chỉ {did} {what} đúng {age} lần.",
    "{group} {feel}. {group2} thì không.",
    "Mẫu số {number}/QĐ-{age} ghi rõ: {what} {where} {trend}.",
)
_PARAGRAPHS = (
    "“Xem thêm làm gì nữa”, bà cụ xua tay, “cứ để con nước nó trả lời”.",
    "Mời quý độc giả gần xa ghé bến: tấm biển gỗ do {person} viết vẫn treo ở đầu chợ {where}.",
    "Tin liên quan đến {what} lan đi chỉ trong một buổi sáng.",
    "Theo dõi {what} suốt {age} ngày đêm, {role} {person} mới dám kết luận.",
    "Bình luận dưới bài viết của {person} có tới {number} lượt thích.",
    "Quảng cáo về {what} xuất hiện khắp nơi {where}, {but}.",
    "Ảnh chụp từ vệ tinh cho thấy {what} {where} đã dịch đi {age} m.",
    "Chia sẻ với VOV.VN, {role} {person} {say}: “{quote}”.",
    "Phóng viên VOV có mặt {where} ghi nhận {number} {unit} đã rời đi.",
    "Nguồn tin của {who} nói thêm rằng {what} {trend}.",
    "Vâng, đúng là như vậy.",
    "Không ai trả lời.",
    "Tổng Biên tập tờ báo làng, {role} {person}, tự tay dán từng bản tin.",
    "Tỷ số 3-1 (25-19, 23-25, 25-21, 25-17) giữ nguyên đến hết trận.",
    "Công thức là a < b, còn b > c, theo lời {role} {person}.",
    "Liên hệ: tổ trực cứu hộ {where} nghe máy 24/7.",
    "Xe buýt số {age} chạy từ 5h đến 22h/ngày, giá vé 7.000 đồng/lượt.",
    "Đọc thêm sách về {what} là lời khuyên duy nhất của {person}.",
    "In bài, đóng tập, gửi đi: mỗi đêm {person} làm việc ấy {age} lần.",
    "Hình ảnh {what} {where} khiến {group} {feel}.",
)
_HEADLINES = (
    "{who} {did} {what}",
    "{what} {where}: {number} {unit} {trend}",
    "{role} {person}: “{quote}”",
    "Vì sao {what} {where} {trend}?",
    "{group} {feel} {why}",
    "{number} {unit} {where} và câu chuyện {what}",
    "{what} - {age} năm nhìn lại",
    "{who} & {who2}: ai {did} {what}?",
)
_SUBHEADS = (
    "{what} {trend}",
    "{quote}",
    "{group} {feel}",
    "Chuyện {what}",
    "{number} {unit} {where}",
    "{what} hay {what2}?",
)
_LEADS = (
    "{when}, {who} {did} {what} {where}, {but}.",
    "{group} {where} {feel} {why}. {number} {unit} {trend}.",
    "“{quote}”, {role} {person} {say} khi {who} {did} {what} {where}.",
    "Sau {age} năm, {what} {where} {trend}. {who} {did} {what2} {why}.",
)
_CAPTIONS = (
    "{what} {where}.",
    "{role} {person} bên {what}",
    "{group} {where} trong buổi sáng {trend}",
    "Toàn cảnh {what} {where}",
)
_ITEMS = (
    "{number} {unit} {where}",
    "{what}: {trend};",
    "{role} {person}, {age} tuổi",
    "Giữ nguyên {what} {why}.",
    "{who} {did} {what}",
)
_TAGS = """phà đêm|khí tượng|Suối Mây|đê biển|hạt giống|R&D|Tà Lài|cứu hộ|vé điện tử|nước sạch|Rotterdam|bơi lội|VX-9
làng nghề|Hồ Châu|nuôi ong|Liên đoàn bơi lội|giá chè|lũ quét|e-sport|cầu treo|Đài quan sát Kessel|gạo ST|rừng đước"""
KEYWORDS = tuple(tag for line in _TAGS.splitlines() for tag in line.split("|"))


class Writer:
    """Writes sentences; each call draws from `random`."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def headline(self) -> str:
        """A headline, without a full stop."""
        return self._one_of(_HEADLINES)

    def lead(self) -> str:
        """A lead of one or two sentences."""
        return self._one_of(_LEADS)

    def subhead(self) -> str:
        """A heading within a text."""
        return self._one_of(_SUBHEADS)

    def caption(self) -> str:
        """What stands under a picture."""
        return self._one_of(_CAPTIONS)

    def item(self) -> str:
        """An entry of a list."""
        return self._one_of(_ITEMS)

    def sentence(self) -> str:
        """One sentence or two short ones."""
        return self._one_of(_SENTENCES)

    def paragraph(self) -> str:
        """A paragraph; some read like what stands around articles, and are text all the same."""
        if self._random.random() < 0.12:
            return self._one_of(_PARAGRAPHS)
        return " ".join(self.sentence() for _ in range(self._random.choice((1, 2, 2, 3, 3, 4, 6))))

    def plain(self) -> str:
        """A paragraph that is certainly running text: three sentences."""
        return " ".join(self.sentence() for _ in range(3))

    def cell(self) -> str:
        """A cell of a table."""
        return self._random.choice((*_LISTS["unit"], *_LISTS["what"], f"{self._random.randint(2, 999)},5"))

    def keywords(self, count: int) -> tuple[str, ...]:
        """So many different tags."""
        return tuple(self._random.sample(KEYWORDS, count))

    def _one_of(self, patterns: tuple[str, ...]) -> str:
        random = self._random
        values: dict[str, object] = {name: random.choice(words) for name, words in _LISTS.items()}
        for name in ("who", "what", "quote", "unit", "group"):
            values[name], values[f"{name}2"] = random.sample(_LISTS[name], 2)
        values |= {"number": random.randint(3, 980), "number2": random.randint(3, 980), "age": random.randint(4, 96)}
        values |= {"percent": f"{random.randint(3, 97)},{random.randint(1, 9)}", "year": random.randint(1975, 2018)}
        values["decimal"] = f"{random.randint(1, 9)},{random.randint(10, 99)}"
        text = random.choice(patterns).format_map(values)
        first = next(place for place, letter in enumerate(text) if letter.isalnum())
        return text[:first] + text[first].upper() + text[first + 1 :]
