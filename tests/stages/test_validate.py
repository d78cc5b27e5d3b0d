"""Validate judges a return by every rule of its form, those that fields imply first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from generator.definitions.forms import Form, Rule
from generator.definitions.returned import Neighbours, Returned
from generator.issues import Severity
from generator.stages.validate import validate
from spreadsheet_tables import FILE, found, normalised, small_form

PERIOD = Neighbours(date(2024, 12, 15), date(2025, 12, 14), frozenset({"XA-0001"}))
RULES = (
    Rule("du_dien_thoai", "matches", "Điện thoại", {"field": "dien_thoai", "pattern": "phone"}, Severity.WARNING),
    Rule("xa_phan_cong", "assigned", "Xã", {"field": "bang.xa"}, Severity.NOTE),
    Rule("khong_trung", "unique", "Trùng", {"columns": ("bang.xa",)}),
    Rule("nguoi_va_ho", "compare", "Người", {"left": "bang.so_nguoi", "operator": ">=", "right": "bang.so_ho"}),
)


def demanding(form: Form) -> Form:
    """The form with the number of sessions required and at most 10."""
    sheets = []
    for sheet in form.sheets:
        fields = (replace(one, required=True, maximum=10) if one.code == "so_buoi" else one for one in sheet.fields)
        sheets.append(replace(sheet, fields=tuple(fields)))
    return replace(form, sheets=tuple(sheets))


FORM = demanding(small_form(*RULES))


def test_issues_come_in_the_order_of_the_rules_and_within_one_by_row() -> None:
    returned, _ = normalised(
        FORM,
        """
        # chung
        dien_thoai | gọi sau
        so_buoi | 11
        # bang
        | xa         | so_ho | so_nguoi |
        | xã Trà Don | 2     | 1        |
        | xã Trà Don | 1     | 1        |
        | xã Trà Tập | 3     | 1        |
        """,
    )
    issues = validate(returned, FORM, PERIOD)
    assert found(issues) == [
        "Thông tin chung!E15 rule.range",
        "Thông tin chung!E14 rule.matches",
        "Hoạt động!D12 rule.assigned",
        "Hoạt động!D13 rule.assigned",
        "Hoạt động!D13 rule.unique",
        "Hoạt động!K12 rule.compare",
        "Hoạt động!K14 rule.compare",
    ]
    assert [one.severity for one in issues] == [
        Severity.ERROR,
        Severity.WARNING,
        Severity.NOTE,
        Severity.NOTE,
        Severity.ERROR,
        Severity.ERROR,
        Severity.ERROR,
    ]
    assert {one.place.file for one in issues} == {FILE}


def test_a_return_that_is_right_has_no_issues() -> None:
    returned, _ = normalised(FORM, "# chung\nso_buoi | 10\n# bang\n| xa |\n| xã Trà Tập |")
    assert validate(returned, FORM, PERIOD) == []


def test_an_unreadable_answer_is_not_judged_a_second_time() -> None:
    returned, issues = normalised(FORM, "# chung\nso_buoi | nhiều\n# bang\n| so_ho | so_nguoi |\n| #N/A | 1 |")
    assert len(issues) == 2
    assert validate(returned, FORM, PERIOD) == []


def test_an_empty_return_lacks_only_what_is_required() -> None:
    returned, _ = normalised(FORM, "")
    assert [line.rpartition(" ")[2] for line in found(validate(returned, FORM, PERIOD))] == ["rule.required"]


def test_a_question_that_the_workbook_does_not_have_is_not_required() -> None:
    assert found(validate(Returned(FILE), FORM, PERIOD)) == []


def test_judging_twice_finds_the_same() -> None:
    returned, _ = normalised(FORM, "# bang\n| xa |\n| xã Trà Don |\n| xã Trà Don |")
    assert validate(returned, FORM, PERIOD) == validate(returned, FORM, PERIOD)
