"""A cell read by its field type, and what the tests of typed values expect of it."""

from __future__ import annotations

from generator.definitions.fieldtypes import FIELD_TYPES, Reading
from generator.definitions.forms import Choice, Field

KINDS = (
    Choice("qua", "Quà"),
    Choice("nha_o", "Nhà ở"),
    Choice("con_giong", "Con giống"),
    Choice("y_te", "Cơ sở y tế, thiết bị y tế"),
    Choice("hoc_bong", "Học bổng, đỡ đầu học sinh"),
    Choice("ky_thuat", "Chuyển giao kỹ thuật"),
)
COMMUNES = (
    Choice("XA-0001", "xã Trà Don"),
    Choice("XA-0002", "xã Trà Dơn"),
    Choice("XA-0003", "xã Phước Hòa"),
    Choice("XA-0004", "phường Tam Kỳ"),
    Choice("XA-0005", "xã Ch'ơm"),
    Choice("XA-0006", "thị trấn Thạnh Mỹ"),
    Choice("XA-0007", "xã Trà My"),
    Choice("XA-0008", "thị trấn Trà My"),
    Choice("XA-0009", "xã Đắc Pring"),
    Choice("XA-0010", "xã Trà Tập"),
)
LISTS = {"choice": KINDS, "partner": COMMUNES}
UNITS = {"integer": "hộ", "money": "đồng"}


def read(kind: str, raw: object, *, unit: str | None = None, minimum: int | None = None) -> Reading:
    asked = Field("cot", "Cột", kind, unit=UNITS.get(kind, "") if unit is None else unit, minimum=minimum)
    return FIELD_TYPES[kind].parse(raw, asked, LISTS.get(kind, ()), 2025)  # type: ignore[arg-type]


def asks(code: str, **told: str) -> tuple[str, dict[str, str]]:
    """The issue to be told, with some of its params."""
    return f"cell.{code}", told


def check(reading: Reading, expected: object) -> None:
    if isinstance(expected, tuple):
        code, told = expected
        assert (reading.issue, reading.value) == (code, None)
        assert {name: reading.params.get(name, "") for name in told} == told
    else:
        assert (reading.issue, reading.value) == ("", expected)
        assert type(reading.value) is type(expected)
