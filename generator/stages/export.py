"""Export: the merged dataset, flat, each value with its cell, as xlsx, csv or json.

In:   counted submissions, forms, names of partners. Out: rows of the contract (design, section 5), written to a stream.
Imports definitions.forms, model; openpyxl only for xlsx. Streams: one submission at a time, never the whole year.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import BinaryIO, NamedTuple, TextIO

from generator.definitions.forms import Field, Form
from generator.model import Counted, Scalar

SHEET_ROWS = 1_000_000
"""Rows on one sheet; Excel's own limit is 1 048 576. What is beyond goes on to a further sheet."""
LONGEST_CELL = 32_767

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


class ExportRow(NamedTuple):
    """One value; the names are the JSON contract."""

    id: str
    year: int
    form: str
    partner: str
    partner_name: str
    table: str
    row: int
    field: str
    label: str
    value: Scalar
    unit: str
    raw: str
    file: str
    sha256: str
    sheet: str
    cell: str
    revision: int


HEADINGS = (
    "Mã giá trị",
    "Năm",
    "Biểu",
    "Mã đơn vị",
    "Đơn vị",
    "Bảng",
    "Dòng",
    "Mã chỉ tiêu",
    "Chỉ tiêu",
    "Giá trị",
    "Đơn vị tính",
    "Nội dung gốc",
    "Tệp",
    "SHA-256",
    "Trang tính",
    "Ô",
    "Lần nộp",
)
"""Vietnamese headings of the columns, for csv and xlsx."""


def export_rows(counted: Iterable[Counted], forms: Mapping[str, Form], names: Mapping[str, str]) -> Iterator[ExportRow]:
    """Every value that counts, in the order of the submissions and of their values."""
    for one in counted:
        said = one.submission
        asked = {path: (question.label, question.unit) for path, question in _paths(forms.get(said.form))}
        name, revision = names.get(said.partner, ""), int(one.key.rpartition("/r")[2])
        for position, value in enumerate(said.values, start=1):
            path = f"{value.table}.{value.field}" if value.table else value.field
            label, unit = asked.get(path, ("", ""))
            yield ExportRow(
                f"{one.key}/{position}",
                said.year,
                said.form,
                said.partner,
                name,
                value.table,
                value.row,
                value.field,
                label,
                value.value,
                unit,
                value.raw,
                said.file,
                said.sha256,
                value.sheet,
                value.cell,
                revision,
            )


def _paths(form: Form | None) -> Iterator[tuple[str, Field]]:
    return form.paths() if form is not None else iter(())


def write_json(rows: Iterable[ExportRow], stream: TextIO) -> None:
    """One JSON list, an object a line."""
    separator = "[\n"
    for row in rows:
        told = {**row._asdict(), "value": _json_number(row.value)}
        stream.write(separator + json.dumps(told, ensure_ascii=False))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def _json_number(value: Scalar) -> str | int | float | bool | None:
    """A Decimal as a JSON number where that says the same, else as text: no digit is ever lost."""
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def write_csv(rows: Iterable[ExportRow], stream: TextIO) -> None:
    """Lines with commas that Excel opens as text in UTF-8, headings in Vietnamese; nothing in them is a formula."""
    stream.write("\ufeff")  # without the mark Excel takes the letters for an old encoding
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else _csv_cell(cell) for cell in row])


def _csv_cell(cell: Scalar) -> object:
    if isinstance(cell, bool):
        return "Có" if cell else "Không"
    return "" if cell is None else cell


def harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet program would run as a formula."""
    if text.startswith(_FORMULA_START) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def write_xlsx(rows: Iterable[ExportRow], stream: BinaryIO, scratch: BinaryIO) -> None:
    """A workbook with headings, a frozen first row and a filter; equal rows give equal bytes on every day.

    `scratch` is an empty temporary file: openpyxl writes there first, with the time of day in it.
    """
    from openpyxl import Workbook  # noqa: PLC0415  124 ms that csv and json need not pay
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = None
    for number, row in enumerate(rows):
        if sheet is None or number % SHEET_ROWS == 0:
            sheet = book.create_sheet(f"Số liệu {number // SHEET_ROWS + 1}" if number else "Số liệu")
            sheet.freeze_panes = "A2"
            sheet.append(list(HEADINGS))
        cells: list[object] = []
        for cell in row:
            if isinstance(cell, str):
                text = WriteOnlyCell(sheet, _NOT_IN_XML.sub("", cell)[:LONGEST_CELL])
                text.data_type = "s"  # text also where it begins with "=" or reads "#N/A"
                cells.append(text)
            else:
                cells.append(_csv_cell(cell))
        sheet.append(cells)
    if sheet is None:
        book.create_sheet("Số liệu").append(list(HEADINGS))
    book.save(scratch)
    _without_time(scratch, stream)


def _without_time(scratch: BinaryIO, stream: BinaryIO) -> None:
    """Copies the zip with fixed times, outside and in its properties."""
    with zipfile.ZipFile(scratch) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _FIXED_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            with source.open(name) as old, target.open(member, "w", force_zip64=True) as new:
                if name == "docProps/core.xml":
                    new.write(re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", old.read()))
                    continue
                while piece := old.read(1 << 20):
                    new.write(piece)
