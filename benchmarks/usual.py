"""The usual way: what a competent office programmer writes, and the floor: what no program can do without.

In:   files, a Word template with its context. Out: frames, documents; from the floor nothing at all.
Imports none of our code: openpyxl, pandas, docxtpl, the standard library.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat

FIELD_SHEETS = ("Thông tin chung", "Triển khai", "Đánh giá")
TABLE_SHEETS = ("Hoạt động hỗ trợ", "Kế hoạch năm sau", "Kiến nghị")
AMOUNTS = "Hoạt động hỗ trợ"

Return = dict[str, Any]
"""By sheet: a frame for a table, code -> value for single fields."""


def read_return(path: Path) -> Return:
    """The answers of one return, sheet by sheet."""
    import pandas

    found: Return = {}
    for sheet in (*FIELD_SHEETS, *TABLE_SHEETS):
        frame = pandas.read_excel(path, sheet_name=sheet, header=None, engine="openpyxl")
        marks = frame[0].astype(str)
        codes = frame.index[marks == "#cot"][0]
        if sheet in FIELD_SHEETS:
            column = list(frame.loc[codes]).index("#gia_tri")
            rows = frame.iloc[codes + 1 :]
            found[sheet] = {row[0]: row[column] for row in rows.itertuples(index=False) if isinstance(row[0], str)}
            continue
        end = frame.index[marks == "#het"][0]
        table = frame.loc[codes + 1 : end - 1]
        table.columns = [str(name) for name in frame.loc[codes]]
        first = next(number for number, mark in enumerate(marks[codes + 1 :]) if mark == "#tong") + 1
        asked = [name for name in table.columns if name[0].isalpha() and name != "nan"]
        found[sheet] = table[first:][asked].dropna(how="all")
    return found


def merged(returns: Mapping[str, Return]) -> Any:
    """One frame of all activities, with the sum of each unit and of each kind."""
    import pandas

    tables = [found[AMOUNTS].assign(don_vi=code) for code, found in returns.items()]
    whole = pandas.concat(tables, ignore_index=True)
    whole["gia_tri"] = pandas.to_numeric(whole["gia_tri"])
    return whole, whole.groupby("don_vi")["gia_tri"].sum(), whole.groupby("loai")["gia_tri"].sum()


def load_edit_save(template: Path, target: Path, cells: Iterable[tuple[str, str, str]]) -> None:
    """A copy of a workbook with other values in these cells (sheet, cell, value)."""
    import openpyxl

    workbook = openpyxl.load_workbook(template)
    for sheet, cell, value in cells:
        workbook[sheet][cell] = value
    workbook.save(target)


def rendered(template: bytes, context: Mapping[str, object], filters: Mapping[str, Callable[..., object]]) -> bytes:
    """The document by docxtpl."""
    import docxtpl
    import jinja2

    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(filters)
    document = docxtpl.DocxTemplate(io.BytesIO(template))
    document.render(dict(context), environment)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def inflate_and_parse(contents: Sequence[Path]) -> None:
    """The floor: every member inflated, all XML parsed without a handler, nothing kept."""
    for path in contents:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
            for name in package.namelist():
                part = package.read(name)
                if name.endswith((".xml", ".rels")):
                    expat.ParserCreate().Parse(part, True)
