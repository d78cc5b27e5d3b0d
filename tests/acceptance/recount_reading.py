"""Recount: what stands in an archived workbook, by a library that knows nothing of the project.

In:   a file of inputs/archive/. Out: its sheets as rows of values.
openpyxl reads, or calamine where RECOUNT_BY says so: the same values (a test compares them) in a thirtieth of the time,
without which the whole demo could not be recounted in every run of the tests. No code of the project.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from types import MappingProxyType

import openpyxl
from openpyxl.workbook.workbook import Workbook
from python_calamine import CalamineWorkbook

Rows = Sequence[tuple[object, ...]]
END = "#het"
"""What the first column says below the last row of a sheet."""


def opened_book(content: bytes) -> Workbook:
    """A workbook of which only values are asked."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)


def grid(book: Workbook, sheet: str) -> list[tuple[object, ...]]:
    """The values of a sheet down to its end mark."""
    found = []
    for row in book[sheet].iter_rows(values_only=True):
        if row and row[0] == END:
            break
        found.append(_trimmed(row))
    return found


def by_openpyxl(path: Path, sheet: str) -> Rows:
    """The values of a sheet by row and column from 0. The archive's names have no suffix: it is opened as a stream."""
    return grid(_openpyxl_book(path), sheet)


def by_calamine(path: Path, sheet: str) -> Rows:
    """The same by another library."""
    found = []
    for row in _calamine_book(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False):
        if row and row[0] == END:
            break
        found.append(tuple(map(_as_openpyxl_says, _trimmed(row))))
    return found


BY: Mapping[str, Callable[[Path, str], Rows]] = MappingProxyType({"openpyxl": by_openpyxl, "calamine": by_calamine})


@cache
def sheet_of(path: Path, sheet: str) -> Rows:
    """The values of a sheet of an archived return; rows end with their last value."""
    return BY[os.environ.get("RECOUNT_BY", "openpyxl")](path, sheet)


@cache
def _openpyxl_book(path: Path) -> Workbook:
    return opened_book(path.read_bytes())


@cache
def _calamine_book(path: Path) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))


def _as_openpyxl_says(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value


def _trimmed(row: Sequence[object]) -> tuple[object, ...]:
    last = len(row)
    while last and row[last - 1] in (None, ""):
        last -= 1
    return tuple(None if value == "" else value for value in row[:last])
