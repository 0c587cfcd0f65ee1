"""The sections of VOV.VN as its menu spells them.

A crawl of every section reads the menu of the site itself; these tables say which names an argument may use before
anything is requested, spell `section_name`, and know below which paths the articles of a listing stand. Taken from the
menu of July 2026, with the slugs of other urls added.
"""

from __future__ import annotations

from functools import cache

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
    "goc-nhin": "Góc nhìn",
    "nguoi-viet": "Người Việt",
}
"""Path of every listing in the menu, without the leading slash, and its name; in the menu's order."""

FORMER: dict[str, str] = {
    "binh-luan": "Bình luận",
    "emagazine": "E-Magazine",
    "giai-tri/sao-viet": "Sao Việt",
    "kinh-te/dia-oc": "Địa ốc",
    "kinh-te/thi-truong": "Thị trường",
    "media": "Media",
    "tin-moi-cap-nhat": "Tin mới cập nhật",
    "van-hoa-giai-tri": "Văn hóa - Giải trí",
    "video-clip": "Video",
    "vov-binh-luan": "VOV Bình luận",
}
"""Listings and first path parts that older urls use and the menu no longer names."""

NAMES: dict[str, str] = FORMER | MENU

ELSEWHERE: dict[str, str] = {
    "o-to-xe-may": "oto-xe-may",
    "doanh-nghiep": "kinh-te/doanh-nghiep",
    "van-hoa/san-khau-dien-anh": "van-hoa/dien-anh",
    "e-magazine": "multimedia/e-magazine",
    "emagazine": "multimedia/e-magazine",
    "video-clip": "multimedia/video",
}
"""Paths below which articles stand, and the listing that shows them."""

PARENTS: dict[str, str] = {
    "nhan-su": "chinh-tri",
    "du-bao-thoi-tiet": "xa-hoi",
    "viec-lam": "xa-hoi",
    "bien-dao": "xa-hoi",
    "khoi-nghiep": "kinh-te",
    "vu-an": "phap-luat",
    "tin-nong": "phap-luat",
    "thong-tin-doanh-nghiep": "kinh-te/doanh-nghiep",
    "doanh-nghiep-24h": "kinh-te/doanh-nghiep",
    "doanh-nhan": "kinh-te/doanh-nghiep",
    "vi-cong-dong": "kinh-te/doanh-nghiep",
    "chuyen-doi-so": "cong-nghe",
    "dinh-duong-mon-ngon": "suc-khoe",
    "lam-dep-giam-can": "suc-khoe",
    "an-sach-song-khoe": "suc-khoe",
    "nha-dep": "doi-song",
    "blog": "doi-song",
    "tinh-yeu-gia-dinh": "doi-song",
    "di-san": "van-hoa",
    "van-hoa/nghe-si": "giai-tri",
    "thoi-trang-lam-dep": "giai-tri",
}
"""Sections that the menu shows under another one than their path says. Their articles may stand below either:
`/tin-nong/` and `/phap-luat/tin-nong/`."""


def name_of(slug: str) -> str | None:
    """The name that the menu gives the section with the path `slug`, or None if the menu does not have it."""
    return MENU.get(slug if slug in FORMER else listing_of(slug))


def path_of(name: str) -> str | None:
    """The path of the listing that an argument names: a path, or the last part of one where that says which.

    `the-thao/bong-da`, `/the-thao/bong-da` and `bong-da` all give `the-thao/bong-da`; an unknown or ambiguous name
    gives None.
    """
    path = name.strip().strip("/")
    if path in NAMES:
        return path
    if (listing := listing_of(path)) != path:
        return listing
    ends = {listing_of(known) for known in (*NAMES, *_listings()) if known.rpartition("/")[2] == path}
    return ends.pop() if len(ends) == 1 else None


def listing_of(path: str) -> str:
    """The path of the listing that shows the articles which stand right below `path`; `path` itself where it is one."""
    return _listings().get(path, path)


def paths_of(listing: str) -> tuple[str, ...]:
    """The paths below which the articles of a listing and of the sections under it stand, that of the listing first."""
    under = (known for known in NAMES if known != listing and _parent(known) == listing)
    return tuple(dict.fromkeys((*_own_paths(listing), *(path for each in under for path in paths_of(each)))))


@cache
def _listings() -> dict[str, str]:
    """The listing for each path below which articles stand, where the two differ."""
    found = {path: listing for listing in MENU for path in _own_paths(listing) if path not in MENU}
    return found | ELSEWHERE


def _parent(path: str) -> str:
    return PARENTS.get(path) or ELSEWHERE.get(path) or path.rpartition("/")[0]


def _own_paths(listing: str) -> list[str]:
    """The paths below which a listing's own articles stand, that of the listing first."""
    above, _, last = listing.rpartition("/")
    parents = [parent for parent in (above, PARENTS.get(listing)) if parent]
    others = [elsewhere for elsewhere, shown in ELSEWHERE.items() if shown == listing]
    others += [f"{path}/{last}" for parent in parents for path in _own_paths(parent)]
    return [listing, *(path for path in others if path != listing)]
