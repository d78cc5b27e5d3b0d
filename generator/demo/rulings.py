"""The board's decisions of a year of the demo as its workbook holds them.

In:   rules, the forms. Out: answers of form QD-01. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.definitions.forms import Form
from generator.definitions.grid import FIRST_TABLE_ROW, sheet_grid
from generator.demo.answers import Answers, put_rows
from generator.demo.habits import Rule
from generator.model import Scalar
from generator.office.workbook.address import address

OFFICER = "Chuyên viên tổng hợp (minh họa)"
DAY = "12-30"
"""Month and day on which the board decides: after the last returns."""


def decision_answers(rules: Sequence[Rule], forms: Mapping[str, Form], year: int) -> Answers:
    """One row for each rule, in their order; a cell is named as the blank has it."""
    return put_rows("quyet_dinh", [_row(one, forms[one.form], year) for one in rules])


def _row(rule: Rule, form: Form, year: int) -> dict[str, Scalar]:
    row: dict[str, Scalar] = {
        "don_vi": rule.partner,
        "bieu": rule.form,
        "quyet_dinh": rule.ruling.value,
        "ly_do": rule.reason,
        "nguoi_quyet_dinh": OFFICER,
        "ngay": f"{year}-{DAY}",
    }
    if rule.where is not None:
        table, number, column = rule.where
        sheet = next(one for one in form.sheets if one.code == table)
        row["trang"] = sheet.title
        row["o"] = address(FIRST_TABLE_ROW - 1 + number, sheet_grid(sheet).columns[column])
    if rule.value:
        row["gia_tri_moi"] = rule.value
    if rule.due:
        row["han_moi"] = rule.due
    return row
