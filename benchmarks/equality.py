"""Equality first: what is read fast must be what stands in the cells, else its speed is worth nothing.

In:   returns, what was filled into them, the report. Out: SystemExit with the first difference.
The cells are read by plain openpyxl; of our code only the reader and the typing, which are on trial.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl

from generator.model import Value


def same_values(path: Path, values: tuple[Value, ...], filled: Mapping[tuple[str, int, str], object]) -> int:
    """Compares one return: each value with its cell, and all of them with what was filled in. How many there are."""
    workbook = openpyxl.load_workbook(path, data_only=True)
    for value in values:
        cell = workbook[value.sheet][value.cell].value
        if not _same(value, cell):
            raise SystemExit(f"{path.name}: {value.sheet}!{value.cell}: {value.value!r} is read, {cell!r} stands there")
    typed = {(value.table, value.row, value.field): value.value for value in values}
    for where, expected in filled.items():
        if typed.get(where) != expected:
            raise SystemExit(f"{path.name}: {where}: {typed.get(where)!r} is read, {expected!r} was filled in")
    return len(values)


def _same(value: Value, cell: object) -> bool:
    typed = value.value
    if isinstance(typed, bool):
        return cell == ("Có" if typed else "Không")
    if isinstance(typed, int | Decimal) and isinstance(cell, int | float):
        return Decimal(str(cell)) == typed
    if isinstance(cell, datetime):
        return cell.date().isoformat() == typed
    return str(cell) == value.raw


def same_report(ours: bytes, theirs: bytes, total: int) -> None:
    """Both documents print the same, and the sum of all amounts in full."""
    first, second = _text(ours), _text(theirs)
    if first != second:
        at = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
        raise SystemExit(f"the reports differ: {first[at - 20 : at + 40]!r}, by docxtpl {second[at - 20 : at + 40]!r}")
    printed = f"{total:,}".replace(",", ".")
    if printed not in first:
        raise SystemExit(f"the report does not print {printed}")


def _text(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(paragraph.itertext()) for paragraph in body.iter(f"{{{body.nsmap['w']}}}p"))
