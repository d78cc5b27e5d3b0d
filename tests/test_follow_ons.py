"""Who has one thing to mend is told of one thing."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from generator.model import Delivery
from generator.pipeline.examine import examine
from reply_office import GOOD, context, workbook

DELIVERY = Delivery(1, 2025, "inputs/2025/bieu.xlsx", "", datetime(2025, 12, 16, tzinfo=UTC))
ACTIVITIES = "Hoạt động hỗ trợ"


def asked_of(change: Any) -> list[tuple[str, str]]:
    """Code and cell of every error and warning of a right return that somebody changed."""
    book = load_workbook(io.BytesIO(workbook(GOOD)))
    change(book)
    written = io.BytesIO()
    book.save(written)
    found = examine(written.getvalue(), DELIVERY, context()).issues
    return [(one.code, one.place.cell) for one in found if one.severity != "note"]


def _typed(**cells: object) -> Any:
    def change(book: Any) -> None:
        for cell, value in cells.items():
            book[ACTIVITIES][cell].value = value

    return change


def _without_table(book: Any) -> None:
    del book[ACTIVITIES]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_typed(L12="hai con lợn", L11=20_000_000), [("cell.not_a_number", "L12")]),
        (_typed(L11=19_000_000), [("table.total_differs", "L11")]),
        (_typed(N12="vài hộ", L11=19_000_000), [("cell.not_a_number", "N12"), ("table.total_differs", "L11")]),
        (_without_table, [("sheet.missing", "")]),
    ],
)
def test_only_the_cause_is_told(change: Any, expected: list[tuple[str, str]]) -> None:
    assert asked_of(change) == expected
