"""The real form KN-01 as a blank, for the tests of blanks: made once, shared by all of a run."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from generator.definitions.forms import Choice, Form
from generator.definitions.load import load_forms
from generator.model import Campaign, Scalar
from generator.stages.blank import Blank, compile_blank

ROOT = Path(__file__).resolve().parents[1]
CAMPAIGN = Campaign(
    2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "vanthu@bandantoc.example", ("KN-01",)
)
COMMUNES = tuple(
    Choice(f"XA-{number:04}", name)
    for number, name in enumerate(("xã A Tiêng", "xã Ch'ơm", "xã Trà Don", "xã Trà Dơn", "xã Trà Leng"), start=1)
)
LISTS = {"@communes": COMMUNES}
RECEIVER = "Ban Dân tộc tỉnh Quảng Nam"
PREFILL: dict[str, Scalar] = {
    "partner.code": "DV-0007",
    "partner.name": "Sở (minh họa) 07",
    "assigned.1": "xã Trà Leng, huyện Nam Trà My",
    "assigned.2": "xã Trà Don",
    "plan.1": "Tặng 10 con bò giống",
}
FILLED = ("Thông tin chung", "Triển khai", "Hoạt động hỗ trợ", "Đánh giá", "Kế hoạch năm sau", "Kiến nghị")


@cache
def kn01() -> Form:
    forms, _ = load_forms(ROOT / "templates" / "forms")
    return forms["KN-01"]


@cache
def blank() -> Blank:
    return compile_blank(kn01(), LISTS, CAMPAIGN, receiver=RECEIVER)


@cache
def shipped() -> Workbook:
    """The blank of one partner as plain openpyxl reads it."""
    return load_workbook(io.BytesIO(blank().fill(PREFILL)))


def sheet_named(title: str) -> Worksheet:
    found = shipped()[title]
    assert isinstance(found, Worksheet)
    return found
