"""What was given in the year, told by the giver in KN-01 and by the receiver in KN-02; and the rest of both forms.

In:   the world. Out: gifts by giver; the papers of givers, receivers and the board, without any fault.
Imports the modules beside it; nothing of the project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from year import world
from year.paper import ACTIVITIES, CONDUCT, GENERAL, JUDGED, NEEDS, PLAN, RECEIVED, STATE, Paper

HOUSES, SCHOLARSHIPS, ANIMALS, ROADS, LAWS = (
    "Nhà ở",
    "Học bổng, đỡ đầu học sinh",
    "Con giống",
    "Công trình hạ tầng",
    "Tuyên truyền pháp luật",
)
PRESENTS, MODELS, RELIEF = "Quà", "Mô hình kinh tế", "Cứu trợ, khắc phục thiên tai"
KIND_CODES: Mapping[str, str] = {
    HOUSES: "nha_o",
    SCHOLARSHIPS: "hoc_bong",
    ANIMALS: "con_giong",
    ROADS: "cong_trinh_ha_tang",
    LAWS: "tuyen_truyen_phap_luat",
    PRESENTS: "qua",
    MODELS: "mo_hinh_kinh_te",
    RELIEF: "cuu_tro_thien_tai",
}
OWN, STAFF, CALLED, BUDGET, MERGED_IN = (
    "Kinh phí của đơn vị, doanh nghiệp",
    "Đóng góp của cán bộ, công chức, viên chức, người lao động",
    "Vận động tổ chức, cá nhân",
    "Ngân sách nhà nước",
    "Lồng ghép chương trình, dự án",
)
SOURCE_CODES: Mapping[str, str] = {
    OWN: "don_vi",
    STAFF: "dong_gop",
    CALLED: "van_dong",
    BUDGET: "ngan_sach",
    MERGED_IN: "long_ghep",
}
MILLION = 10**6


@dataclass(frozen=True, slots=True)
class Gift:
    """One gift, as whoever tells it tells it."""

    giver: str
    receiver: str
    kind: str
    content: str
    help: str
    day: Any
    """A date, or the month as text."""
    source: str
    value: int | None
    amount: int | None = None
    unit: str = ""
    price: int | None = None
    households: int | None = None
    people: int | None = None
    plan_line: int | None = None
    with_whom: str = ""
    typed: str = ""
    """The value as it was typed, where not as a number."""
    key: str = ""
    """What both sides know a gift by; several rows may tell one gift."""

    @property
    def known_as(self) -> tuple[str, str, str]:
        """What makes a row of the giver and a row of the receiver one gift."""
        return self.giver, self.receiver, self.key or self.kind

    def row_of_giver(self) -> dict[str, Any]:
        """The row by the headings of KN-01."""
        return _given(
            {
                "Thời gian": self.day,
                "Xã": world.label(self.receiver, "receives"),
                "Loại hoạt động": self.kind,
                "Nội dung hỗ trợ": self.content,
                "Hình thức": self.help,
                "Số lượng": self.amount,
                "Đơn vị tính": self.unit,
                "Đơn giá": self.price,
                "Giá trị": self.typed or self.value,
                "Nguồn kinh phí": self.source,
                "Số hộ hưởng lợi": self.households,
                "Số người hưởng lợi": self.people,
                "Dòng kế hoạch": self.plan_line,
                "Phối hợp với đơn vị": self.with_whom,
            }
        )

    def row_of_receiver(self) -> dict[str, Any]:
        """The row by the headings of KN-02."""
        return _given(
            {
                "Đơn vị kết nghĩa": world.label(self.giver, "gives"),
                "Thời gian": self.day,
                "Loại hỗ trợ": self.kind,
                "Nội dung hỗ trợ": self.content,
                "Hình thức": self.help,
                "Số lượng": self.amount,
                "Đơn vị tính": self.unit,
                "Giá trị": self.value,
                "Số hộ hưởng lợi": self.households,
                "Số người hưởng lợi": self.people,
                "Tình trạng sử dụng": "Đang sử dụng tốt",
            }
        )


def _given(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value not in (None, "")}


def grouped(number: int) -> str:
    """1234567 as people type it: 1.234.567."""
    return f"{number:,}".replace(",", ".")


# --- what everybody gave ---------------------------------------------------------------------------


def usual_gifts(number: int, giver: str, receiver: str) -> Iterator[Gift]:
    """Two to six gifts of one giver, each of another kind, month and value."""
    houses, students, animals = 1 + number % 3, 10 + number % 30, 3 + number % 7
    month = 1 + number % 9
    yield Gift(
        giver, receiver, HOUSES, f"Xây {houses} nhà đại đoàn kết", "Tiền", date(2025, month, 10 + number % 15), OWN,
        houses * 60 * MILLION, houses, "nhà", 60 * MILLION, houses, houses * 4,
    )  # fmt: skip
    value = students * 500_000
    yield Gift(
        giver, receiver, SCHOLARSHIPS, f"Tặng {students} suất học bổng", "Hiện vật",
        f"tháng {month + 1}/2025" if number % 4 == 1 else date(2025, month + 1, 5), STAFF, value, students, "suất",
        500_000, None, students, typed=f"{grouped(value)} đồng" if number % 3 == 0 else "",
    )  # fmt: skip
    if number % 2 == 0:
        yield Gift(
            giver, receiver, ANIMALS, f"Cấp {animals} bò giống", "Hiện vật", date(2025, month + 2, 20), CALLED,
            animals * 15 * MILLION, animals, "con", 15 * MILLION, animals, animals * 5,
        )  # fmt: skip
    if number % 5 == 0:
        yield Gift(
            giver, receiver, ROADS, "Bê tông hóa đường thôn", "Tiền", date(2025, month + 2, 27), MERGED_IN,
            (300 + number) * MILLION, households=20, people=85, typed=f"{300 + number} triệu" if number % 2 else "",
        )  # fmt: skip
    if number % 7 == 0:
        yield Gift(
            giver, receiver, LAWS, "Nói chuyện pháp luật tại thôn", "Ngày công", date(2025, month, 28), BUDGET, None,
            6, "công", people=60,
        )  # fmt: skip


@cache
def usual() -> Mapping[str, tuple[Gift, ...]]:
    """The gifts of every giver that owes a report, before anybody makes a mistake."""
    receivers = world.receivers_of()
    found = {}
    for number, giver in enumerate(world.owing("gives"), start=1):
        found[giver] = tuple(usual_gifts(number, giver, receivers[giver][0]))
    return found


def received(receiver: str) -> list[Gift]:
    """What was given to a receiver, in the order of the givers."""
    return [gift for gifts in usual().values() for gift in gifts if gift.receiver == receiver]


# --- whole papers ----------------------------------------------------------------------------------


def paper_of_giver(giver: str, gifts: list[Gift]) -> Paper:
    """KN-01 without a fault."""
    paper = Paper("KN-01", giver)
    _persons(paper)
    paper.singles.update(
        {
            (GENERAL, "Không phát sinh hoạt động trong kỳ"): "Không",
            (CONDUCT, "Số buổi quán triệt, tuyên truyền về công tác kết nghĩa"): 2,
            (CONDUCT, "Số lượt người dự"): 64,
            (CONDUCT, "Số văn bản chỉ đạo đã ban hành"): 1,
            (CONDUCT, "Số đợt khảo sát cùng với xã"): 1,
            (CONDUCT, "Có kế hoạch giúp đỡ thống nhất với xã"): "Có",
            (CONDUCT, "Số kế hoạch"): "05/KH",
            (CONDUCT, "Ngày kế hoạch"): date(2025, 2, 20),
            (JUDGED, "Kết quả nổi bật"): "Giúp được các hộ khó khăn nhất của xã.",
            (JUDGED, "Tồn tại, hạn chế"): "Đi lại khó khăn vào mùa mưa.",
        }
    )
    paper.rows[ACTIVITIES] = [gift.row_of_giver() for gift in gifts]
    if gifts:
        planned = {
            "Nội dung": "Cấp bò giống sinh sản",
            "Xã": world.label(gifts[0].receiver, "receives"),
            "Loại hoạt động": ANIMALS,
        }
        paper.rows[PLAN] = [{**planned, "Số lượng": 10, "Đơn vị tính": "con", "Giá trị dự kiến": 150 * MILLION}]
    return paper


def nil_of_giver(giver: str, reason: str = "Năm nay dồn sức khắc phục bão tại đơn vị.") -> Paper:
    """KN-01 of a giver that did nothing."""
    paper = paper_of_giver(giver, [])
    paper.rows.pop(PLAN, None)
    paper.singles[GENERAL, "Không phát sinh hoạt động trong kỳ"] = "Có"
    if reason:
        paper.singles[GENERAL, "Lý do không phát sinh"] = reason
    return paper


HOUSEHOLDS = 600


def paper_of_receiver(receiver: str, gifts: list[Gift]) -> Paper:
    """KN-02 without a fault."""
    paper = Paper("KN-02", receiver)
    _persons(paper)
    paper.singles[GENERAL, "Không nhận được hỗ trợ trong kỳ"] = "Không" if gifts else "Có"
    if not gifts:
        paper.singles[GENERAL, "Lý do"] = "Chưa có đơn vị nào về xã trong kỳ."
    counts = {
        "Số thôn": 8,
        "Thôn đặc biệt khó khăn": 5,
        "Tổng số hộ": HOUSEHOLDS,
        "Tổng số nhân khẩu": 2600,
        "Hộ dân tộc thiểu số": 540,
        "Người dân tộc thiểu số": 2380,
        "Chuẩn nghèo áp dụng khi rà soát": "Giai đoạn 2021-2025 (Nghị định 07/2021/NĐ-CP)",
        "Hộ nghèo đầu kỳ": 200,
        "Hộ thoát nghèo trong kỳ": 30,
        "Hộ thoát nghèo qua kết nghĩa": 12,
        "Hộ tái nghèo": 2,
        "Hộ nghèo phát sinh mới": 5,
        "Hộ nghèo tăng, giảm khác": -3,
        "Hộ nghèo cuối kỳ": 174,
        "Hộ cận nghèo cuối kỳ": 80,
    }
    paper.singles.update({(STATE, label): value for label, value in counts.items()})
    paper.singles.update(
        {
            (JUDGED, "Tác dụng của việc giúp đỡ"): "Nhiều hộ có nhà mới trước Tết.",
            (JUDGED, "Tồn tại, hạn chế"): "Việc giúp còn theo dịp lễ, Tết.",
            (JUDGED, "Tâm tư, nguyện vọng của Nhân dân"): "Mong được giúp bò giống.",
        }
    )
    paper.rows[RECEIVED] = [gift.row_of_receiver() for gift in gifts]
    paper.rows[NEEDS] = [
        {"Nội dung": "Làm đường thôn", "Loại hỗ trợ": ROADS, "Mức ưu tiên": "Rất cần", "Số hộ hưởng lợi": 40}
    ]
    return paper


def paper_of_board() -> Paper:
    """KN-00."""
    paper = Paper("KN-00", world.BOARD)
    paper.singles.update(
        {
            (GENERAL, "Người tổng hợp"): "Trần Thị Minh Họa, chuyên viên",
            ("Nhận định", "Ưu điểm"): "Các đơn vị đã vào cuộc sớm.",
            ("Nhận định", "Tồn tại, hạn chế"): "Một số đơn vị gửi báo cáo muộn.",
            ("Phương hướng", "Phương hướng chung"): "Tiếp tục giúp các xã mới sau sáp nhập.",
        }
    )
    return paper


def _persons(paper: Paper) -> None:
    paper.singles.update(
        {
            (GENERAL, "Thủ trưởng đơn vị"): "Nguyễn Văn Minh Họa",
            (GENERAL, "Người phụ trách công tác kết nghĩa"): "Lê Thị Ví Dụ",
            (GENERAL, "Điện thoại"): "0905 123 456",
        }
    )


def changed(gift: Gift, **changes: Any) -> Gift:
    """The gift as somebody else tells it."""
    return replace(gift, **changes)
