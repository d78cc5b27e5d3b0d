"""What a reply says of a return: where its cells stand in the blank, its faults by sentence, its changes and totals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from blank_cases import LISTS, ROOT, kn01
from generator.definitions.load import load_messages
from generator.issues import Issue, Place, issue
from generator.model import Scalar, Value
from generator.office.workbook.address import address
from generator.stages.reply.changes import changes, totals
from generator.stages.reply.facts import Change, TableTotals, Unread
from generator.stages.reply.faults import grouped, told, unread
from generator.stages.reply.places import Places, Spot

TABLE = "Hoạt động hỗ trợ"


# --- places ---------------------------------------------------------------------------------


def value(table: str, row: int, code: str, content: Scalar, sheet: str, cell: str, raw: str = "") -> Value:
    return Value(table, row, code, content, raw or str(content), sheet, cell)


# two rows and one column were inserted before the table, whose sheet was renamed
MOVED = (
    value("hoat_dong", 1, "thoi_gian", "2025-03", "Của tôi", "D14"),
    value("hoat_dong", 2, "gia_tri", 5, "Của tôi", "M15"),
    value("", 0, "thu_truong", "Bà A", "Thông tin chung", "E17"),
)


@pytest.mark.parametrize(
    ("sheet", "cell", "label", "expected"),
    [
        ("Của tôi", "D14", "", Spot(TABLE, "C12")),
        ("Của tôi", "M14", "", Spot(TABLE, "L12")),
        ("Của tôi", "E15", "Xã", Spot(TABLE, "D13")),
        ("Của tôi", "M13", "", Spot(TABLE, "L11")),
        ("Của tôi", "", "", Spot(TABLE, "")),
        ("Thông tin chung", "E17", "", Spot("Thông tin chung", "E16")),
        ("Thông tin chung", "E18", "Điện thoại", Spot("Thông tin chung", "E18")),
        ("Đánh giá", "E12", "", Spot("Đánh giá", "E12")),
        ("Đánh giá", "Z99", "", Spot("Đánh giá", "")),
        ("Nháp", "A1", "", Spot("", "")),
    ],
)
def test_a_cell_of_the_sender_is_found_in_the_blank(sheet: str, cell: str, label: str, expected: Spot) -> None:
    assert Places(kn01(), MOVED).spot(sheet, cell, label) == expected


def test_a_deleted_question_is_found_by_its_code() -> None:
    found = issue("field.missing", Place("f", "Triển khai"), field="Số kế hoạch", code="so_ke_hoach")
    assert Places(kn01(), ()).of(found).sheet == "Triển khai"
    assert Places(kn01(), ()).of(found).cell.startswith("E")


def faults_of(*issues: Issue) -> list[tuple[str, tuple[str, ...]]]:
    messages, _ = load_messages(ROOT / "templates" / "messages")
    return [
        (f"{one.sheet}: {one.sentence}", one.cells)
        for one in grouped(told(issues, messages, Places(kn01(), MOVED)), kn01())
    ]


def test_one_sentence_is_said_once_of_all_its_cells_errors_first_in_the_order_of_the_sheets() -> None:
    at = "Của tôi"
    assert faults_of(
        issue("rule.matches", Place("f", "Thông tin chung", "E18"), field="Điện thoại", value="x", example="09"),
        issue("rule.required", Place("f", at, "E15"), field="Xã"),
        issue("rule.required", Place("f", at, "E14"), field="Xã"),
        issue("rule.required", Place("f", "Thông tin chung", "E18"), field="Điện thoại"),
        issue("rule.unique", Place("f", at, "D15"), twin="D14"),
        issue("cell.not_read", Place("f", "Nháp", "C5"), value="x"),
        issue("decision.accepted", Place("f"), count=1, reason="r", place="p"),
        issue("delivery.other_sender", Place("f"), value="DV-1", sender="bi.mat@x.example", owner="DV-2"),
    ) == [
        ("Thông tin chung: Chưa ghi “Điện thoại”.", ("E18",)),
        (f"{TABLE}: Chưa ghi “Xã”.", ("D12", "D13")),
        ("Thông tin chung: “Điện thoại” ghi “x”, không đúng dạng.", ("E18",)),
        (f"{TABLE}: Dòng này trùng với dòng của ô C12.", ("C13",)),
    ]


def test_cells_that_were_not_read_are_told_where_the_sender_put_them() -> None:
    found = unread(
        [
            issue("cell.not_read", Place("f", "Nháp", "C5"), value="gọi lại"),
            issue("cell.more_not_read", Place("f"), count=7),
        ]
    )
    assert found == ((Unread("Nháp", "C5", "gọi lại"),), 7)


# --- changes and totals ---------------------------------------------------------------------


def row(number: int, **answers: Scalar) -> list[Value]:
    return [
        value("hoat_dong", number, code, content, TABLE, address(11 + number, 3 + place))
        for place, (code, content) in enumerate(answers.items())
    ]


ONE = {"thoi_gian": "2025-03-14", "xa": "XA-0001", "noi_dung": "Tặng bò", "gia_tri": 5_000_000}
TWO = {"thoi_gian": "2025-04", "xa": "XA-0002", "noi_dung": "Tặng lợn", "gia_tri": 7_000_000}
TOLD_ONE = "14/3/2025; xã A Tiêng; Tặng bò; 5.000.000 đồng"
TOLD_TWO = "tháng 4/2025; xã Ch'ơm; Tặng lợn; 7.000.000 đồng"
THREE = {"thoi_gian": "2025-05", "xa": "XA-0003", "noi_dung": "Tập huấn"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (row(1, **ONE), row(1, **ONE), []),
        (row(1, **ONE) + row(2, **TWO), row(1, **TWO) + row(2, **ONE), []),
        (row(1, **ONE), row(1, **{**ONE, "gia_tri": 6_000_000}), [("dòng 1, Giá trị", "5.000.000", "6.000.000")]),
        (row(1, **ONE), row(1, **TWO) + row(2, **ONE), [("dòng 1", "", TOLD_TWO)]),
        (row(1, **ONE) + row(2, **TWO), row(1, **TWO), [("dòng 1", TOLD_ONE, "")]),
        (
            row(1, **ONE),
            row(1, **THREE),
            [
                ("dòng 1", TOLD_ONE, ""),
                ("dòng 1", "", "tháng 5/2025; xã Trà Don; Tập huấn"),
            ],
        ),
    ],
    ids=["equal", "only moved", "one cell", "inserted above", "deleted", "another row in its place"],
)  # fmt: skip
def test_changes_are_told_row_by_row_and_cell_by_cell(
    before: list[Value], after: list[Value], expected: list[tuple[str, str, str]]
) -> None:
    found = changes(kn01(), LISTS, before, after)
    assert [(one.place.removeprefix(f"{TABLE}, "), one.before, one.after) for one in found] == expected


def test_a_changed_answer_is_told_and_what_was_never_read_as_it_was_typed() -> None:
    before = [value("", 0, "co_ke_hoach", content=False, sheet="Triển khai", cell="E20")]
    after = [
        value("", 0, "co_ke_hoach", content=True, sheet="Triển khai", cell="E20"),
        value("", 0, "so_ky_ket", None, "Triển khai", "E16", "hai bản"),
    ]
    assert changes(kn01(), LISTS, before, after) == (
        Change("Triển khai, Số bản ký kết với xã còn hiệu lực trong kỳ", "", "hai bản"),
        Change("Triển khai, Có kế hoạch giúp đỡ thống nhất với xã", "Không", "Có"),
    )


def test_totals_are_of_the_forms_own_columns() -> None:
    values = [*row(1, gia_tri=5_000_000, so_ho=3, so_luong=Decimal("1.5")), *row(4, gia_tri=None, so_ho=4)]
    assert totals(kn01(), values) == (
        TableTotals(TABLE, 2, (("Giá trị", "5.000.000 đồng"), ("Số hộ hưởng lợi", "7 hộ"))),
    )
