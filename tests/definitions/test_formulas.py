"""What the sheet Kiểm tra tells a partner and what we tell afterwards is the same: each formula against its check.

All cases go into one workbook, which LibreOffice calculates once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import test_kn00
import test_kn02
import test_kn03
from openpyxl import Workbook, load_workbook
from shipped_forms import as_text, shipped
from test_rules import CASES

from generator.definitions.forms import Form, Rule, SheetKind
from generator.definitions.returned import Neighbours, Returned
from generator.definitions.rules import RULES, CellFormula, all_rules
from generator.office.workbook.address import address, parse_address
from spreadsheet_tables import SheetCells, drawn_sheets, found, normalised, small_form

NEIGHBOURS = Neighbours(date(2024, 12, 15), date(2025, 12, 14))
RESULTS = "Kết quả"
LONG = "Hỗ trợ làm nhà cho hộ nghèo " * 15
"""420 letters: more than Excel's criteria take."""

MORE: list[tuple[str, Mapping[str, Any], str]] = [
    ("required", {"field": "bang.noi_dung"}, "# bang\n| noi_dung | so_ho |\n| a | 1 |\n| | 0 |\n| | |\n| | 3 |"),
    ("required", {"field": "bang.noi_dung"}, '# bang\n| noi_dung | so_ho |\n| " " | 1 |\n| a | " " |\n| | " " |'),
    ("required", {"field": "bang.so_ho"}, "# bang\n| so_ho |\n| 0 |"),
    ("required", {"field": "dien_thoai"}, '# chung\ndien_thoai | "  "'),
    ("required", {"field": "so_buoi"}, "# chung\nso_buoi | 0"),
    ("required", {"field": "so_buoi"}, "# chung\nso_luot | 0"),
    ("range", {"field": "bang.so_ho", "minimum": 3}, "# bang\n| so_ho |\n| 2 |\n| |\n| 3 |\n| 1 |"),
    ("range", {"field": "bang.so_ho", "maximum": 3}, "# bang\n| so_ho |\n| 2 |\n| |\n| 4 |\n| 5 |"),
    ("range", {"field": "so_buoi", "minimum": 1, "maximum": 5}, "# chung\nso_buoi | 0"),
    ("compare", {"left": "bang.so_ho", "operator": "<", "right": "bang.so_nguoi"}, "# bang\n| so_ho |\n| 2 |"),
    *(
        (
            "compare",
            {"left": "so_buoi", "operator": operator, "right": "so_luot"},
            f"# chung\nso_buoi | {left}\nso_luot | 2",
        )
        for operator in ("<=", ">=", "<", ">", "=")
        for left in (1, 2, 3)
    ),
    (
        "sum",
        {"total": "so_luot", "parts": ("so_buoi", "nam")},
        "# chung\nso_buoi | 1\nnam | 2\nso_luot | 3",
    ),
    ("sum", {"total": "so_luot", "parts": ("so_buoi", "nam")}, "# chung\nso_buoi | 1\nso_luot | 3"),
    ("sum", {"total": "so_luot", "parts": ("so_buoi", "nam")}, "# chung\nso_luot | 3"),
    (
        "sum",
        {"total": "bang.so_luong", "parts": ("bang.don_gia", "bang.gia_tri")},
        "# bang\n| so_luong | don_gia | gia_tri |\n| 3 | 1 | 2 |\n| 0.3 | 0 | 0 |\n| 2 | 1 | 2 |\n| 2 | | |",
    ),
    (
        "product",
        {"result": "bang.gia_tri", "factors": ("bang.so_luong", "bang.don_gia"), "tolerance": 1},
        "# bang\n| so_luong | don_gia | gia_tri |\n| 0.1 | 3 | 0 |\n| 1.1 | 30 | 33 |\n| 0 | 5 | 3 |\n| 0 | 5 | 3 |",
    ),
    ("unique", {"columns": ("bang.noi_dung",)}, "# bang\n| noi_dung |\n| a |\n| A |\n| b |\n| |\n| |"),
    (
        "unique",
        {"columns": ("bang.noi_dung",)},
        '# bang\n| noi_dung |\n| a* |\n| ab |\n| a? |\n| a~ |\n| ">1" |',
    ),
    ("unique", {"columns": ("bang.noi_dung",)}, '# bang\n| noi_dung |\n| a* |\n| b |\n| ~a |\n| "=b" |\n| "~a" |'),
    ("unique", {"columns": ("bang.noi_dung",)}, f"# bang\n| noi_dung |\n| {LONG} |\n| b |\n| {LONG} |"),
    ("unique", {"columns": ("bang.noi_dung",)}, f"# bang\n| noi_dung |\n| {LONG} |\n| b |\n| Không phải {LONG} |"),
    (
        "unique",
        {"columns": ("bang.thoi_gian", "bang.xa", "bang.gia_tri")},
        """
        # bang
        | thoi_gian  | xa         | gia_tri |
        | 2025-03-14 | xã Trà Don | 5       |
        | 2025-03-14 | xã Trà Dơn | 5       |
        | 2025-03-14 | xã Trà Don | 6       |
        | 2025-03-15 | xã Trà Don | 5       |
        """,
    ),
    (
        "unique",
        {"columns": ("bang.thoi_gian", "bang.xa", "bang.gia_tri")},
        """
        # bang
        | thoi_gian  | xa         | gia_tri |
        | 2025-03-14 | xã Trà Don | 1       |
        |            |            |         |
        | 2025-03-14 | xã Trà Don | 7       |
        | 2025-03-14 | xã Trà Don | 7       |
        """,
    ),
    (
        "requires",
        {"when": "bang.xa", "is": ("XA-0009",), "then": "bang.noi_dung"},
        "# bang\n| xa | noi_dung |\n| xã Trà Don | |",
    ),
    ("nil", {"field": "khong_phat_sinh", "reason": "ly_do", "table": "bang"}, '# bang\n| noi_dung |\n| "  " |'),
    (
        "nil",
        {"field": "khong_phat_sinh", "reason": "ly_do", "table": "bang"},
        '# chung\nkhong_phat_sinh | Có\nly_do | " "\n# bang\n| noi_dung |\n| "  " |',
    ),
]

KN01 = """
    # thong_tin_chung
    ma_don_vi | DV-0001
    ten_don_vi | Sở (minh họa) 01
    nam_bao_cao | 2025
    thu_truong | Nguyễn Văn A
    nguoi_phu_trach | Trần Thị B
    dien_thoai | "0905 123 456"
    # trien_khai
    so_buoi_quan_triet | {buoi}
    luot_nguoi_quan_triet | 40
    co_ke_hoach | {ke_hoach}
    so_ke_hoach | 15/KH
    ngay_ke_hoach | 2025-02-20
    so_dot_khao_sat | {khao_sat}
    # danh_gia
    ket_qua_noi_bat | Tốt
    ton_tai | Không
    # hoat_dong
    | thoi_gian  | xa    | loai  | noi_dung   | hinh_thuc   | so_luong | don_gia | gia_tri   | nguon | so_ho | so_nguoi|
    | 2025-03-14 | {xa}1 | Quà   | Tặng quà   | Hiện vật    | 10       | 500000 | 5000000  | {von} | 10    | 40       |
    | 2025-04-15 | {xa}2 | Nhà ở | {noi_dung} | {hinh_thuc} | 2        | 1000000 | {gia_tri} | {von} | 5    | {nguoi} |
    | 2025-04-15 | {xa}2 | Nhà ở | Sửa nhà    | Ngày công   | 2        |         |          | {von} | 5     | 9        |
"""
RIGHT = {
    "buoi": "2",
    "ke_hoach": "Có",
    "khao_sat": "3",
    "noi_dung": "Làm nhà",
    "hinh_thuc": "Tiền",
    "gia_tri": "2000000",
    "nguoi": "9",
    "von": "Ngân sách nhà nước",
    "xa": "XA-000",
}
RETURNS = [
    RIGHT,
    RIGHT | {"gia_tri": "2500000", "nguoi": "4", "buoi": "367"},
    RIGHT | {"gia_tri": "", "noi_dung": "", "buoi": "", "khao_sat": "61"},
    RIGHT | {"noi_dung": "Sửa nhà", "hinh_thuc": "Ngày công", "gia_tri": ""},
    dict.fromkeys(RIGHT, ""),
]


class Case(NamedTuple):
    """A rule in a form with sheets of its own, what the return holds, and the formula to calculate."""

    form: Form
    rule: Rule
    sheets: Mapping[str, SheetCells]
    formula: CellFormula
    text: str
    returned: Returned
    unread: bool
    """Whether a cell could not be read."""


def apart(form: Form, name: str) -> Form:
    """The form with titles of its own, so that many returns fit into one workbook; one of them wants quoting."""
    sheets = tuple(
        # twelve rows show as much as a hundred, and LibreOffice is done sooner
        replace(sheet, title=f"{name}'{number}", table=replace(sheet.table, rows=12) if sheet.table else None)
        for number, sheet in enumerate(form.sheets)
    )
    return replace(form, sheets=sheets)


def cases() -> Iterator[Case]:
    single = [(kind, params, text) for kind, params, text, _ in CASES] + MORE
    for number, (kind, params, text) in enumerate(single):
        form, rule = apart(small_form(), f"Q{number}"), Rule("luat", kind, "Luật", params)
        formula = RULES[kind].formula(rule, form)
        if formula is not None:
            returned, issues = normalised(form, text)
            yield Case(form, rule, drawn_sheets(form, text), formula, text, returned, bool(issues))
    for number, (loaded, text) in enumerate(returns()):
        form = apart(loaded, f"KN{number}")
        sheets = drawn_sheets(form, text)
        returned, issues = normalised(form, text)
        for rule in all_rules(form):
            formula = RULES[rule.type].formula(rule, form)
            if formula is not None:
                yield Case(form, rule, sheets, formula, text, returned, bool(issues))


def returns() -> Iterator[tuple[Form, str]]:
    """Returns of the shipped forms: right ones, faulty ones, empty ones."""
    for answers in RETURNS:
        yield shipped("KN-01"), KN01.format(**answers)
    for code, tables in (("KN-00", test_kn00), ("KN-02", test_kn02), ("KN-03", test_kn03)):
        # two halves, so that a fault seldom covers another one's cell
        halves = [{path: answer for one, _ in tables.WRONG[half::2] for path, answer in one.items()} for half in (0, 1)]
        for changes in ({}, *halves):
            yield shipped(code), as_text(shipped(code), {**tables.RIGHT, **changes})


ALL = tuple(cases())


@pytest.fixture(scope="module")
def calculated(soffice: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, object]]:
    """Count and first row of each case, as a spreadsheet program calculates them."""
    folder = tmp_path_factory.mktemp("formulas")
    book = Workbook()
    results = book.worksheets[0]
    results.title = RESULTS
    judged = (SheetKind.FIELDS, SheetKind.TABLE)
    filled = {one.title: case.sheets[one.code] for case in ALL for one in case.form.sheets if one.kind in judged}
    for sheet in filled.values():
        page = book.create_sheet(sheet.name)
        for (row, column), raw in sheet.cells.items():
            page.cell(row, column).value = raw
            if isinstance(raw, str):
                page.cell(row, column).data_type = "s"
    for number, case in enumerate(ALL, start=1):
        results.cell(number, 1).value = f"={case.formula.count}"
        results.cell(number, 2).value = f'=IF({address(number, 1)}>0,{case.formula.first},"")'
    book.save(folder / "cases.xlsx")
    made = soffice(folder / "cases.xlsx", "xlsx", folder / "calculated")
    page = load_workbook(made, data_only=True)[RESULTS]
    return [(page.cell(number, 1).value, page.cell(number, 2).value) for number in range(1, len(ALL) + 1)]


def is_plain(case: Case) -> bool:
    """Whether all cells could be read and no number was typed as text: only then can a formula know the same."""
    raws = {(sheet.name, address(*key)): raw for sheet in case.sheets.values() for key, raw in sheet.cells.items()}
    # TRUE for Có and numbers typed as text are read, but a spreadsheet does not count with them
    other = [
        raw
        for one in case.returned.values
        for raw in [raws.get((one.sheet, one.cell))]
        if isinstance(raw, bool) or (isinstance(raw, str) and not isinstance(one.value, str | bool))
    ]
    return not case.unread and not other


def test_the_table_has_right_and_wrong_returns_of_each_formula() -> None:
    plain = [case for case in ALL if is_plain(case)]
    kinds: dict[str, set[bool]] = {}
    for case in plain:
        faults = RULES[case.rule.type].check(case.rule, case.form, case.returned, NEIGHBOURS)
        kinds.setdefault(case.rule.type, set()).add(bool(faults))
    assert kinds == {
        kind: {True, False} for kind in ("required", "range", "compare", "sum", "product", "unique", "requires", "nil")
    }


def test_a_formula_finds_what_the_check_finds(calculated: list[tuple[object, object]]) -> None:
    differences = []
    for case, (count, first) in zip(ALL, calculated, strict=True):
        faults = RULES[case.rule.type].check(case.rule, case.form, case.returned, NEIGHBOURS)
        rows = [parse_address(one.place.cell).row for one in faults]
        if case.rule.type == "unique":
            twins = {parse_address(one.params["twin"]).row for one in faults} | set(rows)
            agree = (count == 0) is (rows == []) and (not rows or first in twins)
        elif case.rule.type == "nil":  # one link for its three faults
            agree = count == len(rows) and (not rows or isinstance(first, int))
        else:
            agree = count == len(rows) and (first or None) == (rows[0] if rows else None)
        if not agree and is_plain(case):
            differences.append((case.rule.type, case.rule.params, case.text, count, first, found(faults)))
    assert differences == []


def test_a_formula_never_shows_an_error(calculated: list[tuple[object, object]]) -> None:
    for case, (count, first) in zip(ALL, calculated, strict=True):
        assert isinstance(count, int), (case.rule, count)
        assert first is None or first == "" or isinstance(first, int), (case.rule, first)


def test_text_where_a_number_belongs_asks_for_a_look(calculated: list[tuple[object, object]]) -> None:
    words = {"năm", "hai", "nhiều"}
    counts = [
        count
        for case, (count, _) in zip(ALL, calculated, strict=True)
        if case.rule.type in ("sum", "product") and words & set(case.text.split())
    ]
    assert counts
    assert all(isinstance(count, int) and count >= 1 for count in counts)


def test_a_link_leads_to_the_column_of_the_fault() -> None:
    for case in ALL:
        for one in RULES[case.rule.type].check(case.rule, case.form, case.returned, NEIGHBOURS):
            assert parse_address(one.place.cell).column == case.formula.column
            if case.rule.type != "nil":
                assert one.place.sheet == case.form.sheet_of(case.formula.sheet).title
