"""What the sample returns tell: kinds of help with their usual content, amounts and beneficiaries.

In:   nothing. Out: records only. Every sentence here is invented for illustration; nothing reports a real event.
Pure. Imports the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of help as a giving unit might report it. Prices are thousands of đồng per unit of measure."""

    kind: str
    contents: tuple[str, ...]
    form: str
    quantities: tuple[int, int]
    measure: str
    prices: tuple[int, int]
    households_each: int = 0
    """Households that one unit of measure reaches; 0 where help is not counted in households."""


STORIES: tuple[Story, ...] = (
    Story("qua", ("Tặng quà Tết Nguyên đán cho hộ nghèo", "Tặng quà hộ chính sách"), "hien_vat", (20, 60), "suất", (300, 600), 1),
    Story("nha_o", ("Hỗ trợ xây mới nhà ở cho hộ nghèo", "Hỗ trợ sửa chữa nhà ở bị hư hỏng"), "tien", (1, 4), "căn", (30_000, 80_000), 1),
    Story("con_giong", ("Cấp bò giống sinh sản", "Cấp heo giống địa phương"), "hien_vat", (4, 15), "con", (3_500, 14_000), 1),
    Story("cay_giong_vat_tu", ("Cấp giống quế Trà My và phân bón", "Cấp giống cây ăn quả"), "hien_vat", (500, 3_000), "cây", (4, 15)),
    Story("hoc_bong", ("Trao học bổng cho học sinh vượt khó", "Đỡ đầu học sinh mồ côi"), "tien", (10, 40), "suất", (500, 1_500)),
    Story("truong_hoc", ("Trang bị máy vi tính cho trường bán trú", "Tặng bàn ghế, tủ sách"), "hien_vat", (3, 12), "bộ", (2_500, 11_000)),
    Story("kham_chua_benh", ("Khám bệnh, cấp thuốc miễn phí", "Khám sức khỏe học sinh"), "ky_thuat", (80, 200), "lượt người", (60, 150)),
    Story("cong_trinh_ha_tang", ("Xây dựng công trình nước tự chảy", "Bê tông hóa đường vào thôn"), "tien", (1, 2), "công trình", (90_000, 350_000), 35),
    Story("mo_hinh_kinh_te", ("Xây dựng mô hình chăn nuôi bán công nghiệp", "Mô hình trồng sâm dưới tán rừng"), "tien", (1, 3), "mô hình", (25_000, 90_000), 6),
    Story("chuyen_giao_ky_thuat", ("Tập huấn kỹ thuật chăm sóc cây dược liệu", "Tập huấn phòng bệnh gia súc"), "ky_thuat", (1, 3), "lớp", (6_000, 14_000), 25),
    Story("tap_huan_can_bo", ("Tập huấn nghiệp vụ cho cán bộ xã", "Bồi dưỡng kỹ năng quản lý, điều hành"), "ky_thuat", (1, 2), "lớp", (8_000, 18_000)),
    Story("thiet_bi_lam_viec", ("Trang bị máy tính, máy in cho trụ sở xã",), "hien_vat", (1, 4), "bộ", (9_000, 16_000)),
    Story("cuu_tro_thien_tai", ("Hỗ trợ khắc phục sạt lở sau mưa bão",), "tien", (5, 20), "hộ", (2_000, 6_000), 1),
    Story("tuyen_truyen_phap_luat", ("Tuyên truyền phòng, chống tảo hôn", "Tuyên truyền pháp luật về bảo vệ rừng"), "ky_thuat", (1, 3), "buổi", (2_000, 5_000), 30),
    Story("luong_thuc", ("Cấp gạo cứu đói giáp hạt",), "hien_vat", (500, 2_000), "kg", (14, 17)),
)  # fmt: skip

VILLAGES = ("Thôn 1", "Thôn 2", "Thôn 3", "Thôn 4", "Thôn 5")
RESULTS = (
    "Đơn vị đã bám sát nhu cầu của xã, tập trung vào sinh kế và nhà ở cho hộ nghèo.",
    "Phối hợp chặt chẽ với cấp ủy, chính quyền xã; các nội dung cam kết đều hoàn thành.",
    "Cán bộ, đoàn viên của đơn vị hưởng ứng tích cực, nguồn vận động tăng so với năm trước.",
    "Mô hình sinh kế bước đầu có thu nhập, hộ hưởng lợi giữ được con giống.",
)
SHORTCOMINGS = (
    "Số lần đi cơ sở còn ít do đường xa, mùa mưa thường bị sạt lở.",
    "Kinh phí hỗ trợ còn phụ thuộc vào nguồn vận động nên chưa ổn định.",
    "Việc theo dõi mô hình sau hỗ trợ chưa thường xuyên.",
    "Nội dung hỗ trợ còn dàn trải, chưa có công trình trọng điểm.",
)
CAUSES_OUTSIDE = (
    "Thời tiết diễn biến bất thường, giao thông đi lại khó khăn.",
    "Địa bàn rộng, dân cư phân tán.",
    "Giá vật tư, con giống tăng.",
)
CAUSES_INSIDE = (
    "Cán bộ phụ trách kiêm nhiệm, thay đổi trong năm.",
    "Kế hoạch phối hợp với xã ký kết chậm.",
    "Công tác khảo sát nhu cầu chưa sâu.",
)
LESSONS = (
    "Khảo sát nhu cầu cùng xã trước khi lập kế hoạch thì hỗ trợ mới thiết thực.",
    "Giao một đầu mối cố định theo dõi từng xã.",
)
EXAMPLES = (
    "Mô hình nuôi bò sinh sản theo nhóm hộ ở Thôn 2 (số liệu minh họa).",
    "Nhóm hộ trồng quế liên kết tiêu thụ sản phẩm (số liệu minh họa).",
)
PROPOSALS = (
    ("Cơ quan thường trực", "Sớm ban hành văn bản phân công kết nghĩa cho giai đoạn tới."),
    ("Ủy ban nhân dân xã", "Cung cấp danh sách hộ có nhu cầu trước ngày 15 tháng 11 hằng năm."),
    ("Cơ quan thường trực", "Tổ chức tập huấn cách ghi biểu báo cáo cho cán bộ phụ trách."),
)
IDLE_REASON = "Đơn vị đang sắp xếp lại tổ chức, chưa bố trí được kinh phí và nhân sự (minh họa)."
