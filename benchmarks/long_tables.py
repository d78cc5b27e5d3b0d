"""Long tables: rendering rows by a template, and LibreOffice's PDF of them, as one table and cut.

Run:  python -m benchmarks.long_tables [--rows 100,1000,10000] [--whole 2000]
In:   nothing; the template is made here. Out: a table on stdout: seconds for each number of rows.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from docx import Document

from generator.office.long_tables import cut_long_tables
from generator.office.pdf import convert, find_office
from generator.office.pdf_pages import read_pages
from generator.office.template import CompiledTemplate, compile_template

T = TypeVar("T")

COLUMNS = 6
NAME = "Đơn vị (minh họa) số "


def main() -> None:
    """Measures each number of rows and prints a line for it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.long_tables")
    parser.add_argument("--rows", default="100,1000,10000", help="numbers of rows")
    parser.add_argument("--whole", type=int, default=2000, help="longer tables are not printed uncut")
    asked = parser.parse_args()
    office = find_office()
    if office is None:
        sys.exit("LibreOffice is missing")
    print(f"{'rows':>7} {'render s':>9} {'PDF whole s':>12} {'cut s':>8} {'PDF cut s':>10} {'pages':>6}")
    for rows in (int(number) for number in asked.rows.split(",")):
        print(measured(rows, office, whole=rows <= asked.whole), flush=True)


def measured(rows: int, office: Path, *, whole: bool) -> str:
    """One line."""
    template = _template()
    table = [{"so": at, "ten": f"{NAME}{at}"} for at in range(1, rows + 1)]
    rendering, document = _timed(lambda: _rendered(template, table))
    uncut = f"{_timed(lambda: _printed(office, [document]))[0]:12.1f}" if whole else f"{'-':>12}"
    cutting, cut = _timed(lambda: cut_long_tables(document, partial(_printed, office)))
    printing, (pdf,) = _timed(lambda: _printed(office, [cut]))
    pages = read_pages(pdf)
    return f"{rows:7,} {rendering:9.2f} {uncut} {cutting:8.1f} {printing:10.1f} {pages.number if pages else 0:6,}"


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = perf_counter()
    made = work()
    return perf_counter() - start, made


def _template() -> CompiledTemplate:
    made = Document()
    table = made.add_table(4, COLUMNS, style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(table._tbl.makeelement(_w("tblHeader")))
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, table._tbl.makeelement(_w("cantSplit")))
    for at in range(COLUMNS):
        table.cell(0, at).text = f"Cột {at + 1}"
        table.cell(2, at).text = "{{ d.ten }}" if at == 1 else "{{ d.so }}"
    table.cell(1, 0).text, table.cell(3, 0).text = "{%tr for d in cac_dong %}", "{%tr endfor %}"
    saved = io.BytesIO()
    made.save(saved)
    template, found = compile_template(saved.getvalue(), "bench.docx")
    if template is None:
        raise SystemExit(str(found))
    return template


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _rendered(template: CompiledTemplate, rows: Sequence[object]) -> bytes:
    content, found = template.render({"cac_dong": rows})
    if content is None:
        raise SystemExit(str(found))
    return content


def _printed(office: Path, documents: Sequence[bytes]) -> list[bytes]:
    return [one.content for one in convert(documents, office)]


if __name__ == "__main__":
    main()
