"""The sections of VOV.VN as its menu spells them.

A crawl of every section reads the menu of the site itself; this table says which names an argument may use before
anything is requested, and spells `section_name`. Taken from the menu of July 2026, with the slugs of older urls added.
"""

from __future__ import annotations

MENU: dict[str, str] = {
    "chinh-tri": "Chính trị",
    "chinh-tri/dang": "Đảng",
    "nhan-su": "Tổ chức nhân sự",
    "chinh-tri/quoc-hoi": "Quốc hội",
    "chinh-tri/nhan-dien-su-that": "Nhận diện sự thật",
    "xa-hoi": "Xã hội",
    "xa-hoi/tin-24h": "Tin 24h",
    "du-bao-thoi-tiet": "Dự báo thời tiết",
    "xa-hoi/giao-duc": "Giáo dục",
    "xa-hoi/dau-an-vov": "Dấu ấn VOV",
    "viec-lam": "Việc làm",
    "bien-dao": "Biển đảo",
    "the-gioi": "Thế giới",
    "the-gioi/quan-sat": "Quan sát",
    "the-gioi/cuoc-song-do-day": "Cuộc sống đó đây",
    "the-gioi/ho-so": "Hồ sơ",
    "multimedia": "Multimedia",
    "multimedia/video": "Video",
    "multimedia/anh": "Ảnh",
    "multimedia/e-magazine": "E-Magazine",
    "multimedia/infographic": "Infographic",
    "kinh-te": "Kinh tế",
    "kinh-te/bat-dong-san": "Bất động sản",
    "khoi-nghiep": "Khởi nghiệp",
    "thi-truong": "Thị trường",
    "thi-truong/gia-vang": "Giá vàng",
    "thi-truong/tieu-dung": "Tiêu dùng",
    "thi-truong/ty-gia": "Tỷ giá",
    "thi-truong/chung-khoan": "Chứng khoán",
    "thi-truong/gia-ca-phe": "Giá cà phê",
    "phap-luat": "Pháp luật",
    "vu-an": "Vụ án",
    "tin-nong": "Tin nóng",
    "phap-luat/tu-van-luat": "Tư vấn luật",
    "the-thao": "Thể thao",
    "the-thao/pickleball": "Pickleball",
    "the-thao/bong-da": "Bóng đá Việt Nam",
    "the-thao/bong-da-quoc-te": "Bóng đá quốc tế",
    "the-thao/lich-thi-dau-bong-da": "Lịch thi đấu bóng đá",
    "the-thao/the-gioi-the-thao": "Thế giới thể thao",
    "the-thao/esports": "eSports",
    "the-thao/hau-truong": "Hậu trường",
    "oto-xe-may": "Ô tô - Xe máy",
    "oto-xe-may/oto": "Ô tô",
    "oto-xe-may/xe-may": "Xe máy",
    "oto-xe-may/tuvan": "Tư vấn",
    "kinh-te/doanh-nghiep": "Doanh nghiệp",
    "thong-tin-doanh-nghiep": "Thông tin doanh nghiệp",
    "doanh-nghiep-24h": "Doanh nghiệp 24h",
    "doanh-nhan": "Doanh nhân",
    "vi-cong-dong": "Vì cộng đồng",
    "cong-nghe": "Công nghệ",
    "cong-nghe/sanh-dieu": "Sành điệu",
    "cong-nghe/tin-cong-nghe": "Tin Công nghệ",
    "cong-nghe/trai-nghiem": "Trải nghiệm",
    "chuyen-doi-so": "Chuyển đổi số",
    "suc-khoe": "Sức khỏe",
    "dinh-duong-mon-ngon": "Dinh dưỡng - món ngon",
    "suc-khoe/cay-thuoc": "Cây thuốc",
    "suc-khoe/san-phu-khoa": "Sản phụ khoa",
    "suc-khoe/nhi-khoa": "Nhi khoa",
    "suc-khoe/nam-khoa": "Nam khoa",
    "lam-dep-giam-can": "Làm đẹp - giảm cân",
    "suc-khoe/phong-mach-online": "Phòng mạch online",
    "an-sach-song-khoe": "Ăn sạch sống khỏe",
    "doi-song": "Đời sống",
    "nha-dep": "Nhà đẹp",
    "blog": "Blog",
    "tinh-yeu-gia-dinh": "Tình yêu - Gia đình",
    "van-hoa": "Văn hóa",
    "van-hoa/dien-anh": "Sân khấu - Điện ảnh",
    "van-hoa/van-hoc": "Văn học",
    "van-hoa/am-nhac": "Âm nhạc",
    "di-san": "Di sản",
    "giai-tri": "Giải trí",
    "van-hoa/nghe-si": "Nghệ sĩ",
    "thoi-trang-lam-dep": "Thời trang",
    "giai-tri/hau-truong-showbiz": "Sao Việt",
    "du-lich": "Du lịch",
    "du-lich/tu-van": "Tư vấn",
    "du-lich/san-tour": "Săn Tour",
    "du-lich/checkin": "check-in",
    "quan-su-quoc-phong": "Quân sự - Quốc phòng",
    "quan-su-quoc-phong/vu-khi": "Vũ khí",
    "quan-su-quoc-phong/viet-nam": "Việt Nam",
    "quan-su-quoc-phong/phan-tich": "Phân tích",
    "podcast": "Podcast",
    "podcast/cau-chuyen-thoi-su": "Câu chuyện thời sự",
    "podcast/doc-truyen-dem-khuya": "Đọc truyện đêm khuya",
    "podcast/cua-so-tinh-yeu": "Cửa sổ tình yêu",
    "podcast/ke-chuyen-cho-be": "Kể chuyện cho bé",
    "podcast/hat-giong-tam-hon": "Hạt giống tâm hồn",
    "cai-chinh": "Cải chính",
}
"""Path of every listing in the menu, without the leading slash, and its name; in the menu's order."""

FORMER: dict[str, str] = {
    "binh-luan": "Bình luận",
    "emagazine": "E-Magazine",
    "giai-tri/sao-viet": "Sao Việt",
    "kinh-te/dia-oc": "Địa ốc",
    "kinh-te/thi-truong": "Thị trường",
    "media": "Media",
    "nguoi-viet": "Người Việt",
    "tin-moi-cap-nhat": "Tin mới cập nhật",
    "van-hoa-giai-tri": "Văn hóa - Giải trí",
    "video-clip": "Video",
    "vov-binh-luan": "VOV Bình luận",
}
"""Listings and first path parts that older urls use and the menu no longer names."""

NAMES: dict[str, str] = FORMER | MENU


def name_of(slug: str) -> str | None:
    """The name that the menu gives the section with the path `slug`, or None if the menu does not have it."""
    return MENU.get(slug)


def path_of(name: str) -> str | None:
    """The path of the listing that an argument names: a path, or the last part of one where that says which.

    `the-thao/bong-da`, `/the-thao/bong-da` and `bong-da` all give `the-thao/bong-da`; an unknown or ambiguous name
    gives None.
    """
    path = name.strip().strip("/")
    if path in NAMES:
        return path
    ends = [known for known in NAMES if known.rpartition("/")[2] == path]
    return ends[0] if len(ends) == 1 else None
