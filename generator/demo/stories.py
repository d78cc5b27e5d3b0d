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
    "Trường bán trú có đủ máy vi tính cho học sinh thực hành; tỷ lệ chuyên cần tăng.",
    "Hỗ trợ trồng quế gắn với hướng dẫn kỹ thuật nên tỷ lệ cây sống cao.",
    "Công trình nước tự chảy đưa vào sử dụng, Nhân dân không còn phải đi lấy nước xa.",
    "Công tác khám bệnh, cấp thuốc miễn phí được Nhân dân đồng tình.",
)
SHORTCOMINGS = (
    "Số lần đi cơ sở còn ít do đường xa, mùa mưa thường bị sạt lở.",
    "Kinh phí hỗ trợ còn phụ thuộc vào nguồn vận động nên chưa ổn định.",
    "Việc theo dõi mô hình sau hỗ trợ chưa thường xuyên.",
    "Nội dung hỗ trợ còn dàn trải, chưa có công trình trọng điểm.",
    "Việc tuyên truyền trong cán bộ, người lao động của đơn vị chưa thường xuyên.",
    "Chưa hướng dẫn được đầu ra cho sản phẩm của hộ nghèo.",
    "Một số con giống cấp vào mùa rét nên bị hao hụt.",
)
CAUSES_OUTSIDE = (
    "Thời tiết diễn biến bất thường, giao thông đi lại khó khăn.",
    "Địa bàn rộng, dân cư phân tán.",
    "Giá vật tư, con giống tăng.",
    "Dịch bệnh trên gia súc diễn biến phức tạp.",
)
CAUSES_INSIDE = (
    "Cán bộ phụ trách kiêm nhiệm, thay đổi trong năm.",
    "Kế hoạch phối hợp với xã ký kết chậm.",
    "Công tác khảo sát nhu cầu chưa sâu.",
    "Đơn vị chưa bố trí kinh phí riêng cho công tác kết nghĩa.",
)
LESSONS = (
    "Khảo sát nhu cầu cùng xã trước khi lập kế hoạch thì hỗ trợ mới thiết thực.",
    "Giao một đầu mối cố định theo dõi từng xã.",
    "Hỗ trợ con giống phải đi cùng tập huấn và theo dõi ít nhất một năm.",
    "Vận động người có uy tín ở thôn cùng tham gia thì Nhân dân mới tin và làm theo.",
    "Tập trung vào một, hai công trình trọng điểm hiệu quả hơn dàn trải.",
)
EXAMPLES = (
    "Mô hình nuôi bò sinh sản theo nhóm hộ ở Thôn 2 (số liệu minh họa).",
    "Nhóm hộ trồng quế liên kết tiêu thụ sản phẩm (số liệu minh họa).",
    "Tổ thanh niên xung kích sửa nhà tạm ở Thôn 4 (số liệu minh họa).",
)
PROPOSALS = (
    ("Cơ quan thường trực", "Sớm ban hành văn bản phân công kết nghĩa cho giai đoạn tới."),
    ("Ủy ban nhân dân xã", "Cung cấp danh sách hộ có nhu cầu trước ngày 15 tháng 11 hằng năm."),
    ("Cơ quan thường trực", "Tổ chức tập huấn cách ghi biểu báo cáo cho cán bộ phụ trách."),
    ("Ủy ban nhân dân tỉnh", "Bố trí kinh phí đầu tư đường giao thông vào các thôn thường bị sạt lở."),
    ("Ủy ban nhân dân tỉnh", "Có cơ chế lồng ghép nguồn vốn các chương trình mục tiêu quốc gia với nguồn kết nghĩa."),
    ("Ủy ban nhân dân xã", "Cử cán bộ đầu mối ổn định để phối hợp theo dõi mô hình sinh kế."),
    ("Cơ quan thường trực", "Khen thưởng kịp thời các tập thể, cá nhân làm tốt công tác kết nghĩa."),
)
IDLE_REASON = "Đơn vị đang sắp xếp lại tổ chức, chưa bố trí được kinh phí và nhân sự (minh họa)."

# --- what communes and districts tell -------------------------------------------------------------

NOTHING_RECEIVED = "Xã chưa được đơn vị nào giúp đỡ trong kỳ (minh họa)."
EFFECTS = (
    "Hộ nghèo có thêm con giống, cây giống để phát triển sản xuất; nhiều hộ thoát nghèo nhờ mô hình sinh kế.",
    "Nhà tạm giảm, học sinh nghèo có học bổng để tiếp tục đến trường.",
    "Cán bộ xã được tập huấn, trụ sở có thêm máy vi tính nên giải quyết công việc nhanh hơn.",
    "Nhân dân được khám bệnh, cấp thuốc tại chỗ, không phải đi xa.",
)
WEAKNESSES = (
    "Một số hỗ trợ đến vào mùa mưa nên việc vận chuyển khó khăn.",
    "Con giống chưa phù hợp khí hậu địa phương, tỷ lệ sống chưa cao.",
    "Xã chưa chủ động đề xuất nhu cầu nên đơn vị giúp đỡ bị động.",
    "Việc bảo quản công trình nước sau khi nhận bàn giao chưa tốt.",
)
WISHES = (
    "Nhân dân mong được đầu tư đường giao thông nông thôn đến các thôn còn cách trở.",
    "Nhân dân mong có điện lưới ổn định và nước sạch hợp vệ sinh.",
    "Nhân dân mong được hỗ trợ giống cây dược liệu và đầu ra cho sản phẩm.",
    "Nhân dân mong con em được hỗ trợ học nghề, giới thiệu việc làm.",
)
COMMUNE_PROPOSALS = (
    ("Ủy ban nhân dân tỉnh", "Đầu tư kiên cố đường giao thông vào các thôn bị chia cắt mùa mưa."),
    ("Ủy ban nhân dân tỉnh", "Hỗ trợ kinh phí sửa chữa công trình nước sinh hoạt xuống cấp."),
    ("Cơ quan thường trực", "Phân công thêm đơn vị kết nghĩa giúp đỡ xã trong giai đoạn tới."),
    ("Các đơn vị kết nghĩa", "Ưu tiên hỗ trợ mô hình sinh kế lâu dài thay cho tặng quà."),
    ("Cơ quan thường trực", "Giữ ổn định đơn vị giúp đỡ sau khi sắp xếp đơn vị hành chính."),
)
OTHER_DONORS = ("Nhóm thiện nguyện (minh họa)", "Mạnh thường quân (minh họa)", "Câu lạc bộ từ thiện (minh họa)")

# --- what five years have taught ------------------------------------------------------------------

FIVE_YEAR_RESULTS = (
    "Sau năm năm, công tác kết nghĩa đã thành việc thường xuyên của đơn vị; đời sống các hộ được giúp có chuyển biến.",
    "Đơn vị đã chuyển dần từ tặng quà sang hỗ trợ sinh kế, nhà ở và công trình phục vụ cộng đồng.",
    "Nguồn lực huy động qua từng năm tăng đều; quan hệ giữa đơn vị và xã ngày càng gắn bó.",
)
FIVE_YEAR_SHORTCOMINGS = (
    "Nguồn lực chưa đều giữa các năm, còn phụ thuộc vào vận động.",
    "Chưa đánh giá được đầy đủ hiệu quả của các mô hình sau hỗ trợ.",
    "Việc bàn giao đầu mối khi sắp xếp tổ chức còn chậm.",
)
FIVE_YEAR_CAUSES_OUTSIDE = (
    "Thiên tai, dịch bệnh những năm đầu giai đoạn làm gián đoạn nhiều hoạt động.",
    "Xuất phát điểm của các xã thấp, hạ tầng chưa đồng bộ.",
    "Giá vật tư, chi phí vận chuyển lên vùng cao tăng qua từng năm.",
    "Địa bàn, tổ chức bộ máy thay đổi trong giai đoạn.",
)
FIVE_YEAR_CAUSES_INSIDE = (
    "Người phụ trách thay đổi nhiều lần trong giai đoạn.",
    "Chưa xây dựng kế hoạch giúp đỡ cho cả giai đoạn ngay từ đầu.",
    "Một số năm bố trí nguồn lực chậm, dồn vào cuối năm.",
    "Việc sơ kết, rút kinh nghiệm giữa kỳ chưa được chú trọng.",
)
FIVE_YEAR_LESSONS = (
    "Có kế hoạch cho cả giai đoạn thì nguồn lực mới tập trung, không dàn trải.",
    "Cấp ủy, thủ trưởng trực tiếp chỉ đạo thì kết quả chuyển biến rõ.",
    "Giúp đỡ phải để xã và hộ cùng đóng góp, cùng chịu trách nhiệm.",
    "Chọn đúng mô hình phù hợp tập quán canh tác thì mới duy trì được.",
    "Sơ kết hằng năm cùng với xã để điều chỉnh kịp thời.",
)
FIVE_YEAR_EXAMPLES = (
    "Nhóm hộ nuôi bò sinh sản tăng đàn qua năm năm, giúp giống cho hộ khác (số liệu minh họa).",
    "Công trình nước tự chảy do Nhân dân tự quản từ ngày bàn giao (số liệu minh họa).",
    "Câu lạc bộ đỡ đầu học sinh bán trú duy trì suốt giai đoạn (số liệu minh họa).",
)
DIRECTIONS = (
    "Tiếp tục giúp đỡ các xã theo hướng bền vững, gắn với chương trình mục tiêu quốc gia.",
    "Tập trung hỗ trợ sinh kế, đào tạo nghề và tiêu thụ sản phẩm cho đồng bào dân tộc thiểu số.",
)
TASKS = (
    "Ký kết lại với xã mới sau sắp xếp đơn vị hành chính.\nKhảo sát nhu cầu từng thôn vào quý I hằng năm.",
    "Duy trì các mô hình sinh kế đã có.\nXóa hết nhà tạm của các hộ được phân công đỡ đầu.",
)
SOLUTIONS = (
    "Giao chỉ tiêu đến từng phòng, đoàn thể; kiểm tra hằng quý.",
    "Huy động đoàn viên, người lao động đóng góp; lồng ghép nguồn vốn của ngành.",
)
MERITS = (
    ("Công đoàn cơ quan (minh họa) {number}", "tap_the", "Vận động đóng góp đều đặn năm năm, đỡ đầu 12 học sinh (minh họa)."),
    ("Cán bộ (minh họa) {number}", "ca_nhan", "Theo dõi xã liên tục năm năm, trực tiếp hướng dẫn 3 mô hình sinh kế (minh họa)."),
    ("Chi đoàn thanh niên (minh họa) {number}", "tap_the", "Đóng góp 450 ngày công sửa nhà, làm đường thôn (minh họa)."),
    ("Hộ (minh họa) {number}", "ho", "Thoát nghèo nhờ nuôi bò sinh sản, giúp lại 2 hộ khác (minh họa)."),
)  # fmt: skip

# --- what the board writes ------------------------------------------------------------------------

GUIDANCE = (
    ("KH-MH", "về công tác kết nghĩa, giúp đỡ các xã miền núi đặc biệt khó khăn năm {year} (minh họa)", 1),
    ("CV-MH", "về hướng dẫn báo cáo kết quả công tác kết nghĩa năm {year} (minh họa)", 10),
    ("TB-MH", "về kết luận hội nghị giao ban công tác kết nghĩa năm {year} (minh họa)", 7),
)
"""Sign, subject and month of the documents that the board issues each year."""
INSPECTIONS = (
    (
        "Kiểm tra việc ký kết, sử dụng kinh phí ở một số đơn vị (minh họa)",
        "Các đơn vị cơ bản thực hiện đúng cam kết; yêu cầu bổ sung hồ sơ bàn giao",
    ),
    (
        "Khảo sát việc quản lý, nhân rộng mô hình sinh kế ở một số xã (minh họa)",
        "Phần lớn mô hình được duy trì; một số mô hình cần cán bộ kỹ thuật theo dõi",
    ),
    (
        "Kiểm tra chất lượng nhà ở, công trình đã bàn giao (minh họa)",
        "Nhà ở, công trình được sử dụng đúng mục đích; hai công trình nước cần sửa chữa nhỏ",
    ),
)
"""What is inspected, and with what result."""
MEETINGS = (
    "Thống nhất nâng tỷ lệ hỗ trợ sinh kế, giảm tặng quà (minh họa)",
    "Thống nhất thời hạn ký kết, đăng ký nội dung giúp đỡ trước quý II (minh họa)",
    "Thống nhất cách đối chiếu số liệu giữa đơn vị kết nghĩa và xã (minh họa)",
)
STRENGTHS = (
    "Các đơn vị kết nghĩa chủ động hơn trong khảo sát, ký kết với xã.\nHình thức giúp đỡ chuyển dần sang hỗ trợ sinh kế.",
    "Đơn vị giúp đỡ và xã nhận kết nghĩa phối hợp chặt chẽ hơn.\nNguồn lực xã hội hóa được huy động tốt hơn.",
)
WEAK_POINTS = (
    "Một số đơn vị báo cáo chậm, số liệu phải chỉnh sửa nhiều lần.\nViệc đối chiếu số liệu giữa hai bên còn chậm.",
    "Mức giúp đỡ giữa các xã chưa đều; còn xã chưa có đơn vị kết nghĩa.",
)
BOARD_CAUSES = (
    "Thiên tai, sạt lở làm gián đoạn việc đi lại, vận chuyển vào các xã.",
    "Cán bộ phụ trách ở nhiều đơn vị kiêm nhiệm, hay thay đổi.",
)
BOARD_DIRECTION = "Tiếp tục thực hiện nghiêm các chỉ thị về công tác kết nghĩa; lấy sinh kế bền vững làm trọng tâm."
BOARD_TASKS = (
    "Rà soát, điều chỉnh phân công đơn vị kết nghĩa cho phù hợp tình hình.\n"
    "Đôn đốc các đơn vị ký kết, xây dựng kế hoạch trước ngày 31 tháng 3.\n"
    "Kiểm tra, khảo sát tại cơ sở ít nhất hai đợt trong năm."
)
BOARD_PROPOSALS = (
    ("Ủy ban nhân dân tỉnh", "Phân công đơn vị giúp đỡ các xã chưa có đơn vị kết nghĩa."),
    ("Các đơn vị kết nghĩa", "Gửi báo cáo đúng biểu, đúng hạn; đối chiếu số liệu với xã trước khi gửi."),
)
SENTENCES = (
    ("i", "Công tác kết nghĩa tiếp tục nhận được sự quan tâm lãnh đạo, chỉ đạo của các cấp ủy, chính quyền."),
    ("iii", "Nhìn chung, kết quả năm {year} đã góp phần giảm nghèo ở các xã được giúp đỡ."),
)
REFORM_SENTENCE = "Từ ngày 01/7/2025, các xã mới tiếp nhận toàn bộ cam kết kết nghĩa của các xã trước sắp xếp."
