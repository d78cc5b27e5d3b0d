"""What people get wrong in a form: each slip changes a paper and says what must be told of it, at which cell.

Imports the modules beside it; nothing of the project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from year.paper import ACTIVITIES, CONDUCT, GENERAL, RECEIVED, STATE, TOTAL_ROW, Paper, Seen
from year.sent import Fault

Slip = Callable[[Paper, Seen], list[Fault]]
VALUE, PRICE, HOUSEHOLDS, PEOPLE = "Giá trị", "Đơn giá", "Số hộ hưởng lợi", "Số người hưởng lợi"


def _single(title: str, label: str, value: object, code: str, *, warns: bool = False) -> Slip:
    """A single answer typed wrongly, or left out."""

    def slip(paper: Paper, look: Seen) -> list[Fault]:
        if value is None:
            del paper.singles[title, label]
        else:
            paper.singles[title, label] = value
        return [Fault(code, title, look.cell(title, label), warns)]

    return slip


def _in_row(name: str, value: object, code: str, row: int = 1) -> Slip:
    """An answer of KN-01's table typed wrongly."""

    def slip(paper: Paper, look: Seen) -> list[Fault]:
        paper.rows[ACTIVITIES][row - 1][name] = value
        return [Fault(code, ACTIVITIES, look.cell(ACTIVITIES, name, row))]

    return slip


def _error_value(paper: Paper, look: Seen) -> list[Fault]:
    paper.rows[ACTIVITIES][1][VALUE] = "#REF!"
    return [Fault("cell.error_value", ACTIVITIES, look.cell(ACTIVITIES, VALUE, 2))]


def _wrong_product(paper: Paper, look: Seen) -> list[Fault]:
    paper.rows[ACTIVITIES][0][VALUE] += 1_000_000
    return [Fault("rule.product", ACTIVITIES, look.cell(ACTIVITIES, VALUE, 1))]


def _fewer_people(paper: Paper, look: Seen) -> list[Fault]:
    row = paper.rows[ACTIVITIES][0]
    row[PEOPLE], row[HOUSEHOLDS] = row[HOUSEHOLDS], row[PEOPLE]
    return [Fault("rule.compare", ACTIVITIES, look.cell(ACTIVITIES, PEOPLE, 1))]


def _plan_without_number(paper: Paper, look: Seen) -> list[Fault]:
    del paper.singles[CONDUCT, "Số kế hoạch"]
    return [Fault("rule.requires", CONDUCT, look.cell(CONDUCT, "Số kế hoạch"))]


ERRORS: Mapping[str, Slip] = {
    "words for a number": _single(CONDUCT, "Số văn bản chỉ đạo đã ban hành", "vài văn bản", "cell.not_a_number"),
    "an error value": _error_value,
    "a wrong product": _wrong_product,
    "more households than people": _fewer_people,
    "a source that is not listed": _in_row("Nguồn kinh phí", "zzz qqq", "cell.choice_not_listed"),
    "half a household": _in_row(HOUSEHOLDS, 1.5, "cell.not_whole"),
    "a negative value": _in_row(VALUE, -5, "cell.negative", 2),
    "nobody in charge": _single(GENERAL, "Người phụ trách công tác kết nghĩa", None, "rule.required"),
    "no day": _in_row("Thời gian", "hôm nọ", "cell.not_a_date"),
    "a plan without its number": _plan_without_number,
    "neither yes nor no": _single(CONDUCT, "Có kế hoạch giúp đỡ thống nhất với xã", "hình như có", "cell.not_yes_no"),
    "a date for a number": _single(CONDUCT, "Số đợt khảo sát cùng với xã", date(2025, 3, 1), "cell.date_for_number"),
}
"""Slips in KN-01 that make a return wait."""


def _typed_over_total(paper: Paper, look: Seen) -> list[Fault]:
    cell = f"{look.columns[ACTIVITIES, VALUE]}{TOTAL_ROW}"
    paper.beside[ACTIVITIES, cell] = 36_000_000_000
    return [Fault("table.total_differs", ACTIVITIES, cell)]


def _outside_period(paper: Paper, look: Seen) -> list[Fault]:
    paper.rows[ACTIVITIES][0]["Thời gian"] = date(2024, 11, 20)
    return [Fault("rule.within_period", ACTIVITIES, look.cell(ACTIVITIES, "Thời gian", 1))]


def _beside_the_table(paper: Paper, look: Seen) -> list[Fault]:
    del look
    paper.beside[ACTIVITIES, "W15"] = "chị Hoa gọi lại sau"
    return [Fault("cell.not_read", ACTIVITIES, "W15")]


WARNINGS: Mapping[str, Slip] = {
    "a total typed over": _typed_over_total,
    "a day outside the period": _outside_period,
    "no telephone": _single(GENERAL, "Điện thoại", "không có máy", "rule.matches"),
    "sessions left open": _single(
        CONDUCT, "Số buổi quán triệt, tuyên truyền về công tác kết nghĩa", None, "rule.required", warns=True
    ),
    "a word beside the table": _beside_the_table,
    "surveys every day": _single(CONDUCT, "Số đợt khảo sát cùng với xã", 100, "rule.range"),
}
"""Slips in KN-01 that only ask for a reason."""


def _poverty(paper: Paper, look: Seen) -> list[Fault]:
    paper.singles[STATE, "Hộ nghèo cuối kỳ"] = 170
    return [Fault("rule.sum", STATE, look.cell(STATE, "Hộ nghèo cuối kỳ"))]


def _through_twinning(paper: Paper, look: Seen) -> list[Fault]:
    paper.singles[STATE, "Hộ thoát nghèo qua kết nghĩa"] = 31
    return [Fault("rule.compare", STATE, look.cell(STATE, "Hộ thoát nghèo qua kết nghĩa"))]


def _from_nobody(paper: Paper, look: Seen) -> list[Fault]:
    paper.rows[RECEIVED][0].pop("Đơn vị kết nghĩa")
    return [Fault("rule.required", RECEIVED, look.cell(RECEIVED, "Đơn vị kết nghĩa", 1))]


RECEIVERS: Mapping[str, Slip] = {
    "poverty that does not add up": _poverty,
    "more through twinning than at all": _through_twinning,
    "a gift from nobody": _from_nobody,
}
"""Slips in KN-02 that make a return wait."""
