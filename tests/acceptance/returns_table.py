"""The table of the acceptance tests: what three officers type, and what must come out, cell by cell.

Written by hand. The codes are those of form KN-01; nothing here is computed by the code under test.
"""

from __future__ import annotations

import unicodedata

OWN_COMMUNE = "{xã được phân công}"
"""Stands for the commune that is assigned to whoever fills the blank."""


def decomposed(text: str) -> str:
    """The text as macOS and some phones type it."""
    return unicodedata.normalize("NFD", text)


def day(iso: str) -> dict[str, str]:
    """A real date, as a date cell holds it."""
    return {"date": iso}


HEAD = "Nguyễn Thị Hường, Giám đốc <Sở> & Bí thư"
RESULT = "Làm được 2 nhà & 1 đường.\nTrẻ em < 6 tuổi được khám > 95%."
SHORTCOMING = "Đường sá đi lại khó khăn; Nóc Ông Ruộng chưa có điện"
LIKE_A_TAG = "{{ 7 * 7 }} và {% for x in y %} là chữ của đơn vị"

Typed = object
SINGLE: tuple[tuple[str, str, Typed, object], ...] = (
    # sheet, code, typed, expected
    ("Thông tin chung", "thu_truong", decomposed(HEAD), HEAD),
    ("Thông tin chung", "nguoi_phu_trach", "Đỗ Văn Ơn", "Đỗ Văn Ơn"),
    ("Thông tin chung", "dien_thoai", "0905 123 456", "0905 123 456"),
    ("Thông tin chung", "thu_dien_tu", "ketnghia@so.example", "ketnghia@so.example"),
    ("Thông tin chung", "so_cong_van", "125/BC-SYT", "125/BC-SYT"),
    ("Thông tin chung", "ngay_cong_van", day("2025-12-12"), "2025-12-12"),
    ("Thông tin chung", "nguoi_ky", "=SUM(A1) không phải công thức", "=SUM(A1) không phải công thức"),
    ("Thông tin chung", "khong_phat_sinh", "Không", False),
    ("Triển khai", "so_buoi_quan_triet", 4, 4),
    ("Triển khai", "luot_nguoi_quan_triet", "1.250", 1250),
    ("Triển khai", "so_van_ban", 3, 3),
    ("Triển khai", "so_ky_ket", 0, 0),
    ("Triển khai", "so_dot_khao_sat", "02", 2),
    ("Triển khai", "thoi_gian_khao_sat", "tháng 3 và 15/8/2025", "tháng 3 và 15/8/2025"),
    ("Triển khai", "co_ke_hoach", decomposed("Có"), True),
    ("Triển khai", "so_ke_hoach", "15/KH-SYT", "15/KH-SYT"),
    ("Triển khai", "ngay_ke_hoach", "20/02/2025", "2025-02-20"),
    ("Triển khai", "so_cuoc_lam_viec", 5, 5),
    ("Triển khai", "luot_can_bo_tang_cuong", 1, 1),
    ("Triển khai", "thay_doi_phu_trach", "Không", False),
    ("Đánh giá", "ket_qua_noi_bat", RESULT, RESULT),
    ("Đánh giá", "ton_tai", decomposed(SHORTCOMING), SHORTCOMING),
    ("Đánh giá", "bai_hoc", LIKE_A_TAG, LIKE_A_TAG),
)  # fmt: skip

# Money as a number and as people type it; a row left empty between two; a day, a month and a day as text.
ACTIVITIES: dict[int, dict[str, tuple[Typed, object]]] = {
    1: {
        "thoi_gian": (day("2025-03-14"), "2025-03-14"),
        "xa": (OWN_COMMUNE, OWN_COMMUNE),
        "thon": (decomposed("Thôn 3 & <Nóc Ông Yên>"), "Thôn 3 & <Nóc Ông Yên>"),
        "loai": ("Nhà ở", "nha_o"),
        "noi_dung": (decomposed("Xây 02 nhà đại đoàn kết cho hộ nghèo"), "Xây 02 nhà đại đoàn kết cho hộ nghèo"),
        "hinh_thuc": ("Tiền", "tien"),
        "so_luong": (2, 2),
        "don_vi_tinh": ("nhà", "nhà"),
        "don_gia": (40_000_000, 40_000_000),
        "gia_tri": (80_000_000, 80_000_000),
        "nguon": ("Vận động tổ chức, cá nhân", "van_dong"),
        "so_ho": (2, 2),
        "so_nguoi": (9, 9),
    },
    2: {
        "thoi_gian": ("tháng 5/2025", "2025-05"),
        "xa": (decomposed(OWN_COMMUNE), OWN_COMMUNE),
        "loai": (decomposed("Học bổng, đỡ đầu học sinh"), "hoc_bong"),
        "noi_dung": ("Tặng 25 suất học bổng", "Tặng 25 suất học bổng"),
        "hinh_thuc": ("Hiện vật", "hien_vat"),
        "so_luong": (25, 25),
        "don_vi_tinh": ("suất", "suất"),
        "don_gia": ("500 nghìn", 500_000),
        "gia_tri": ("12.500.000 đồng", 12_500_000),
        "nguon": (
            "Đóng góp của cán bộ, công chức, viên chức, người lao động",
            "dong_gop",
        ),
        "so_nguoi": (25, 25),
    },
    4: {
        "thoi_gian": ("15/8/2025", "2025-08-15"),
        "xa": (OWN_COMMUNE, OWN_COMMUNE),
        "loai": ("Công trình hạ tầng", "cong_trinh_ha_tang"),
        "noi_dung": ("Đường bê tông\nThôn 1 - Thôn 2", "Đường bê tông\nThôn 1 - Thôn 2"),
        "hinh_thuc": ("Tiền", "tien"),
        "gia_tri": ("1,2 tỷ", 1_200_000_000),
        "nguon": ("Lồng ghép chương trình, dự án", "long_ghep"),
        "so_ho": ("120", 120),
        "so_nguoi": (480, 480),
        "ghi_chu": ("lồng ghép NTM", "lồng ghép NTM"),
    },
    5: {
        "thoi_gian": ("10/2025", "2025-10"),
        "xa": (OWN_COMMUNE, OWN_COMMUNE),
        "loai": ("Tuyên truyền pháp luật", "tuyen_truyen_phap_luat"),
        "noi_dung": ("Ra quân dọn vệ sinh, tuyên truyền", "Ra quân dọn vệ sinh, tuyên truyền"),
        "hinh_thuc": ("Ngày công", "ngay_cong"),
        "so_luong": (1.5, 1.5),
        "don_vi_tinh": ("công", "công"),
        "nguon": ("Kinh phí của đơn vị, doanh nghiệp", "don_vi"),
    },
}

PLAN: dict[int, dict[str, tuple[Typed, object]]] = {
    1: {
        "noi_dung": ("Cấp bò giống sinh sản", "Cấp bò giống sinh sản"),
        "xa": (OWN_COMMUNE, OWN_COMMUNE),
        "loai": ("Con giống", "con_giong"),
        "so_luong": (10, 10),
        "don_vi_tinh": ("con", "con"),
        "gia_tri_du_kien": ("180 triệu", 180_000_000),
        "nguon": ("Ngân sách nhà nước", "ngan_sach"),
        "quy": ("Quý II", "2"),
    },
}
PROPOSALS: dict[int, dict[str, tuple[Typed, object]]] = {
    1: {
        "noi_nhan": ("UBND tỉnh", "UBND tỉnh"),
        "noi_dung": ("Đề nghị:\n- bố trí vốn;\n- giao đất ở", "Đề nghị:\n- bố trí vốn;\n- giao đất ở"),
    },
}

TABLES = {
    "hoat_dong": ("Hoạt động hỗ trợ", ACTIVITIES),
    "ke_hoach": ("Kế hoạch năm sau", PLAN),
    "kien_nghi": ("Kiến nghị", PROPOSALS),
}
FIRST_ROW = 12
"""Where the rows of every table begin, as anybody sees who opens the blank."""

AMOUNTS = {"an_sinh": 80_000_000 + 12_500_000, "kinh_te": 1_200_000_000, "quoc_phong": 0, "chinh_tri": 0}
"""What one such return adds to each field, in đồng."""
TOTAL, MERGED_IN, HOUSEHOLDS, PEOPLE, COUNT = 1_292_500_000, 1_200_000_000, 122, 514, 4
