"""Export: the merged dataset, flat, each value with its cell, as xlsx, csv or json.

In:   counted submissions, forms, names of partners. Out: rows of the contract (design, section 5), written to a stream.
Imports definitions.forms and fieldtypes, office.workbook.draw, model. Streams: one submission at a time, never the
whole year.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import BinaryIO, NamedTuple, TextIO

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Field, Form
from generator.model import Counted, Scalar, Verdict
from generator.office.workbook.draw import Column, Rows, TableSheet, write_workbook

SHEET_ROWS = 1_000_000
"""Rows on one sheet; Excel's own limit is 1 048 576. What is beyond goes on to a further sheet."""

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
_OPENING = " \u00a0\"'"
"""What a program may drop before it looks whether a cell is a formula."""
# a program whose lists are separated by ";" cuts our lines there, and takes what follows for a cell of its own
_DEFUSED = r"\1'"
_CUT = re.compile(r"([;\t\r\n])(?=[ \u00a0\"']*(?:[=@+＝＋－＠]|-\S))")


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
        name, revision = names.get(said.partner, ""), _revision(one)
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
    """The text, with an apostrophe before what a spreadsheet program would run as a formula.

    Also after spaces or a quotation mark, and where a program cuts a line at ";" instead of ",": a dash that
    only begins a line of a list ("- Tặng quà") stays as it is there.
    """
    if text.lstrip(_OPENING).startswith(_FORMULA_START) and not _PLAIN_NUMBER.fullmatch(text.strip()):
        return f"'{text[0]}{_CUT.sub(_DEFUSED, text[1:])}"
    return _CUT.sub(_DEFUSED, text)


# --- xlsx ------------------------------------------------------------------------------------


class Source(NamedTuple):
    """A submission that counts, as the sheet of sources lists it."""

    key: str
    form: str
    partner: str
    partner_name: str
    revision: int
    received: datetime
    verdict: str
    values: int
    file: str
    sha256: str


class Definition(NamedTuple):
    """A question of a form, as the sheet of definitions explains it."""

    form: str
    sheet: str
    table: str
    field: str
    label: str
    unit: str
    type: str
    required: bool
    choices: str
    """Each code, which is what stands among the values, with what it means."""
    help: str


def sources(counted: Iterable[Counted], names: Mapping[str, str], verdicts: Mapping[Verdict, str]) -> list[Source]:
    """Every submission that counts, in the order in which its values are exported."""
    return [
        Source(
            one.key,
            one.submission.form,
            one.submission.partner,
            names.get(one.submission.partner, ""),
            _revision(one),
            # the wall time as it was journalled: a workbook knows no zones
            one.received.replace(tzinfo=None),
            verdicts[one.verdict],
            len(one.submission.values),
            one.submission.file,
            one.submission.sha256,
        )
        for one in counted
    ]


def definitions(forms: Iterable[Form]) -> list[Definition]:
    """Every question that the forms ask, in their order."""
    found = []
    for form in forms:
        for path, asked in form.paths():
            table, _, code = path.rpartition(".")
            labels = "; ".join(f"{one.code} = {one.label}" for one in form.choices.get(asked.choices, ()))
            told = FIELD_TYPES[asked.type].guide(asked)
            sheet = form.sheet_of(path).title
            found.append(
                Definition(
                    form.code, sheet, table, code, asked.label, asked.unit, told, asked.required, labels, asked.help
                )
            )
    return found


def _revision(counted: Counted) -> int:
    return int(counted.key.rpartition("/r")[2])


@dataclass(frozen=True, slots=True)
class _Slice:
    """Some of the rows. Slices of one iterator, walked in their order, are walked once together."""

    rows: Iterator[ExportRow]
    size: int

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[ExportRow]:
        return islice(self.rows, self.size)


def write_xlsx(
    rows: Iterable[ExportRow],
    told: Iterable[Source],
    explained: Iterable[Definition],
    stream: BinaryIO,
    *,
    title: str,
    creator: str,
    day: date,
) -> None:
    """A workbook of values, sources and definitions, each sheet with headings and a filter.

    `told` says how many rows there are. Equal rows give equal bytes on every day.
    """
    listed, walked = tuple(told), iter(rows)
    total = sum(one.values for one in listed)
    sheets = []
    for number, start in enumerate(range(0, max(total, 1), SHEET_ROWS), start=1):
        name = "Số liệu" if number == 1 else f"Số liệu {number}"
        sheets.append(_plain_sheet(name, _VALUES, _Slice(walked, min(SHEET_ROWS, total - start))))
    sheets.append(_plain_sheet("Nguồn", _SOURCES, listed))
    sheets.append(_plain_sheet("Giải thích", _DEFINITIONS, tuple(explained)))
    write_workbook(sheets, stream, title=title, creator=creator, day=day)


def _plain_sheet(title: str, columns: tuple[Column, ...], rows: Rows) -> TableSheet:
    """A sheet with nothing above its headings, so that a pivot table or another program takes it as it is."""
    return TableSheet(title, "", (), columns, rows, empty="")


_WIDTHS = (26, 7, 8, 10, 30, 16, 7, 18, 30, 18, 11, 24, 30, 18, 18, 8, 8)
_VALUES = tuple(
    Column(heading, width, "value" if heading in ("Giá trị", "Năm", "Dòng", "Lần nộp") else "text")
    for heading, width in zip(HEADINGS, _WIDTHS, strict=True)
)
_SOURCES = (
    Column("Mã bản nộp", 24),
    Column("Biểu", 8, "code"),
    Column("Mã đơn vị", 10, "code"),
    Column("Đơn vị", 34, "wrapped"),
    Column("Lần nộp", 8, "whole"),
    Column("Nhận lúc", 17, "moment"),
    Column("Tình trạng", 18),
    Column("Số giá trị", 10, "whole", total=True),
    Column("Tệp", 44, "wrapped"),
    Column("SHA-256", 30),
)
_DEFINITIONS = (
    Column("Biểu", 8, "code"),
    Column("Trang tính", 20, "wrapped"),
    Column("Bảng", 14),
    Column("Mã chỉ tiêu", 22),
    Column("Chỉ tiêu", 36, "wrapped"),
    Column("Đơn vị tính", 12, "wrapped"),
    Column("Cách ghi", 30, "wrapped"),
    Column("Bắt buộc", 9, "code"),
    Column("Các mục để chọn", 44, "wrapped"),
    Column("Giải thích", 44, "wrapped"),
)
