"""Names of a report: what every Word template may use beside the names of its plan, and what they have below them.

In:   nothing. Out: closed tables. Pure; imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COUNTS: Mapping[str, str] = MappingProxyType(
    {
        "so_don_vi": "số đơn vị phải báo cáo",
        "so_don_vi_da_bao_cao": "số đơn vị đã có báo cáo được tổng hợp",
        "so_don_vi_chua_tong_hop": "số đơn vị chưa có báo cáo được tổng hợp",
        "so_don_vi_dung_han": "số đơn vị gửi đúng hạn",
        "so_don_vi_muon": "số đơn vị gửi muộn",
        "so_don_vi_khong_phat_sinh": "số đơn vị báo cáo không phát sinh",
        "so_don_vi_cho_chinh_sua": "số đơn vị phải chỉnh sửa báo cáo",
        "so_don_vi_chua_gui": "số đơn vị chưa gửi báo cáo",
        "so_don_vi_duoc_mien": "số đơn vị được miễn báo cáo",
    }
)
"""Figures that every report has: how many of how many have reported. The last year's, in a report of several."""
STATES: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            (
                "phai_bao_cao",
                "da_bao_cao",
                "chua_tong_hop",
                "dung_han",
                "muon",
                "khong_phat_sinh",
                "cho_chinh_sua",
                "chua_gui",
                "duoc_mien",
            ),
            COUNTS,
            strict=True,
        )
    )
)
"""What a figure of `states` may count, with the code of COUNTS that counts the same for the report's own form."""
ADDED: Mapping[str, str] = MappingProxyType(
    {
        "so_khoan_chi_noi_nhan_ke": "số khoản hỗ trợ chỉ bên nhận kê",
        "gia_tri_chi_noi_nhan_ke": "giá trị các khoản hỗ trợ chỉ bên nhận kê",
        "so_khoan_don_vi_chua_tong_hop": "trong đó số khoản của đơn vị chưa có báo cáo được tổng hợp",
        "gia_tri_don_vi_chua_tong_hop": "giá trị các khoản của đơn vị chưa có báo cáo được tổng hợp",
        "so_dong_ke_lai": "số dòng kê lại những năm đã có báo cáo được tổng hợp, không tính",
        "gia_tri_ke_lai": "giá trị các dòng kê lại, không tính",
    }
)
"""Figures that the pipeline adds: what only the receiver of a gift tells, and what a summary form tells again."""

STANDARD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "minh_hoa": "có phải số liệu minh họa không (dùng sau if)",
        "nam": "năm báo cáo",
        "nam_truoc": "năm trước năm báo cáo",
        "nam_sau": "năm sau năm báo cáo",
        "ky_tu": "ngày đầu kỳ báo cáo",
        "ky_den": "ngày cuối kỳ báo cáo",
        "han_gui": "hạn gửi báo cáo của các đơn vị",
        "can_cu": "danh sách văn bản căn cứ còn hiệu lực tại ngày cuối kỳ",
        "co_quan_chu_quan": "cơ quan chủ quản, chữ hoa",
        "co_quan_ban_hanh": "cơ quan ban hành, chữ hoa",
        "ten_co_quan": "tên cơ quan ban hành viết trong câu",
        "ky_hieu": "ký hiệu văn bản, ví dụ BC-BDT",
        "dia_danh": "địa danh ghi ở ngày tháng",
        "kinh_gui": "danh sách nơi được gửi báo cáo",
        "noi_nhan": "danh sách nơi nhận",
        "chuc_vu_ky": "các dòng quyền hạn, chức vụ của người ký",
        "nguoi_ky": "họ tên người ký",
        "ten_don_vi_chua_gui": "danh sách tên đơn vị chưa gửi",
        "ten_don_vi_cho_chinh_sua": "danh sách tên đơn vị phải chỉnh sửa",
        "ten_don_vi_muon": "danh sách tên đơn vị gửi muộn",
        "ten_don_vi_khong_phat_sinh": "danh sách tên đơn vị không phát sinh",
        "ten_don_vi_duoc_mien": "danh sách tên đơn vị được miễn",
        "tu_nam": "năm đầu của giai đoạn",
        "den_nam": "năm cuối của giai đoạn",
        "so_nam": "số năm của giai đoạn",
        "cac_nam": "danh sách các năm của giai đoạn",
        "bien_dong": "danh sách sáp nhập, đổi tên… trong kỳ có liên quan đến các đơn vị",
        "bien_dong_tom_tat": "danh sách biến động gộp theo ngày, văn bản; nhiều thì chỉ nêu số lượng",
        "ghi_chu_so_sanh": "câu nói rõ cơ sở so sánh khi địa bàn, đơn vị thay đổi; để trống khi không đổi",
        "xa_chua_co_don_vi": "danh sách tên xã chưa có đơn vị kết nghĩa",
        "don_vi_khong_bao_cao": "danh sách đơn vị nhiều năm không báo cáo",
        "xa_khong_con_dbkk": "danh sách tên xã không còn đặc biệt khó khăn",
        "don_vi_sap_nhap": "danh sách đơn vị kết nghĩa đã sáp nhập, kèm đơn vị kế thừa",
        "ban_do_ngay": "ngày của bản đồ dùng để quy đổi theo địa bàn hiện nay",
    }
)
"""Names that every template may use beside those of its plan, with their meaning."""
STANDARD_LISTS = (
    "kinh_gui",
    "noi_nhan",
    "chuc_vu_ky",
    "ten_don_vi_chua_gui",
    "ten_don_vi_cho_chinh_sua",
    "ten_don_vi_muon",
    "ten_don_vi_khong_phat_sinh",
    "ten_don_vi_duoc_mien",
    "cac_nam",
    "xa_chua_co_don_vi",
    "xa_khong_con_dbkk",
)
"""Those of them that are lists of texts."""
LEGAL_BASIS = "can_cu"
LEGAL_BASIS_PARTS = ("loai", "so", "ngay", "co_quan", "trich_yeu")
"""What each document of `can_cu` has."""
STANDARD_RECORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        LEGAL_BASIS: LEGAL_BASIS_PARTS,
        "bien_dong": ("ngay", "noi_dung", "van_ban", "cau"),
        "bien_dong_tom_tat": ("ngay", "noi_dung", "van_ban", "cau"),
        "don_vi_khong_bao_cao": ("ten", "so_nam"),
        "don_vi_sap_nhap": ("ten", "ke_thua"),
    }
)
"""Those of them that are lists of records, with what each record has."""

ROW_NAMES = (
    *("tt", "ma", "ten", "nhom", "trang_thai", "da_tong_hop", "ghi_chu", "xa_phan_cong"),
    *("huyen", "ten_nay", "cap"),
)
"""What every row of a listing has beside its figures. `cap` is 1 for the heading of a group, 2 for its members."""
STANDING_NAMES = (
    *("tt", "ma", "ten", "bieu", "huyen", "han", "ngay_nhan", "lan"),
    *("trang_thai", "trang_thai_chu", "ghi_chu"),
)
"""What every row of a listing of standings has; with `by: nam` also `nam`, a list with YEAR_STATE_NAMES each."""
YEAR_STATE_NAMES = ("nam", "trang_thai", "chu")
COMPARISON_NAMES = ("co", "tang", "giam", "khong_doi", "muc", "dut_doan")
"""What every comparison has. `co`: there is a number; `dut_doan`: the series is broken, so there is none."""
SAID_NAMES = ("ma", "don_vi", "noi_dung", "nam")
"""What every quote has beside what the plan puts there. `ma` is empty where several wrote the same."""
GROUP_NAMES = ("ten", "y_kien")
"""What each group of quotes has, by topic or by what stands beside: its name and its list of quotes."""
TOTAL_GROUP = "tong"
"""Group of a scaled figure that is its total."""
