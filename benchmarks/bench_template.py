"""What the Word template engine costs beside docxtpl, in one run: a 25-page report, a letter, and growth in rows.

In:   nothing; templates are made here. Out: a table on stdout: CPU and wall milliseconds, ratios, slope.
Run: python -m benchmarks.bench_template. Each figure is the median of rounds in which both engines ran in turn.
"""

from __future__ import annotations

import gc
import io
import math
import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import docx
import docxtpl
import jinja2
from docx.document import Document
from lxml import etree

from generator.office.geometry import check_geometry
from generator.office.package import open_package
from generator.office.sections import DOCUMENT
from generator.office.table_rows import settle_rows
from generator.office.template import CompiledTemplate, compile_template
from generator.office.wordpart import Element

Context = Mapping[str, object]


class Cost(NamedTuple):
    """Milliseconds of one call."""

    cpu: float
    wall: float


def report_template() -> bytes:
    """A report of some 25 pages: prose, ten small tables, two static tables of 69 rows, an annex by rows."""
    document = docx.Document()
    document.add_heading("BÁO CÁO {{ ten }}", 1)
    for number in range(30):
        document.add_paragraph(f"{number}. " + "Kết quả kết nghĩa năm {{ nam }} của {{ ten }} đạt mức khá. " * 8)
    for _ in range(10):
        _table(document, [["Chỉ tiêu", "{{ ten }}", "{{ nam }}"]] * 4)
    for _ in range(2):
        _table(document, [["TT", "Nội dung", "Số", "Ghi chú"]] * 69)
    _annex(document)
    return _saved(document)


def letter_template() -> bytes:
    document = docx.Document()
    for number in range(20):
        document.add_paragraph(f"{number}. Kính gửi {{{{ ten }}}}: " + "đề nghị đơn vị gửi báo cáo đúng hạn. " * 9)
    document.add_paragraph("{% if nam > 2000 %}Hạn: 14-12-{{ nam }}{% endif %}")
    return _saved(document)


def annex_template() -> bytes:
    document = docx.Document()
    _annex(document)
    return _saved(document)


def _annex(document: Document) -> None:
    cells = ["{{ loop.index }}", *(f"{{{{ d.c{number} }}}}" for number in range(1, 10))]
    loop, end = ["{%tr for d in dong %}"] + [""] * 9, ["{%tr endfor %}"] + [""] * 9
    _table(document, [[f"Cột {number}" for number in range(10)], loop, cells, end])


def _table(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def values(rows: int) -> Context:
    """Rows of nine values, some of which need escaping."""
    row = {f"c{number}": f"Giá trị {number}" for number in range(1, 9)}
    dong = [{**row, "c1": f"Công ty A & B số {number}", "c9": number} for number in range(rows)]
    return {"ten": "Sở Y tế", "nam": 2025, "dong": dong}


def by_docxtpl(template: bytes, context: Context) -> bytes:
    document = docxtpl.DocxTemplate(io.BytesIO(template))
    document.render(context, jinja2.Environment(autoescape=True))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def compiled(template: bytes) -> CompiledTemplate:
    found, issues = compile_template(template, "mau.docx")
    if found is None:
        raise SystemExit(str(issues))
    return found


def by_us(template: CompiledTemplate, context: Context) -> bytes:
    rendered, issues = template.render(context)
    if rendered is None:
        raise SystemExit(str(issues))
    return rendered


def by_us_checked(template: CompiledTemplate, context: Context) -> bytes:
    """As a report is made: rows settled on pages, then everything that Word would repair looked for."""
    trees: dict[str, Element] = {}
    rendered, issues = template.render(context, trees)
    package, _ = open_package(rendered or b"", "")
    if rendered is None or package is None:
        raise SystemExit(str(issues))
    if settle_rows(trees[DOCUMENT]):
        rendered = package.replace({DOCUMENT: etree.tostring(trees[DOCUMENT], encoding="UTF-8", standalone=True)})
    if found := check_geometry(rendered, "", trees):
        raise SystemExit(str(found))
    return rendered


def in_turn(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Cost]:
    """Median cost of each call; the calls take turns, so that a slow minute hits all of them."""
    costs: dict[str, list[Cost]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            gc.collect()
            wall, cpu = time.perf_counter(), time.process_time()
            call()
            costs[name].append(Cost((time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3))
    return {
        name: Cost(statistics.median(c.cpu for c in found), statistics.median(c.wall for c in found))
        for name, found in costs.items()
    }


def same_text(ours: bytes, theirs: bytes) -> bool:
    """Speed without equality is worthless: both documents must print the same."""
    first, second = ("".join(docx.Document(io.BytesIO(content)).element.body.itertext()) for content in (ours, theirs))
    return first == second


def beside_docxtpl() -> None:
    print(f"{'':26}{'docxtpl cpu':>12}{'ours cpu':>10}{'ratio':>7}{'checked':>9}{'ratio':>7}{'compile':>9}  same text")
    for name, template, rows in (("report, annex 300 x 10", report_template(), 300), ("letter", letter_template(), 0)):
        context, ready = values(rows), compiled(template)
        costs = in_turn(
            {
                "docxtpl": lambda template=template, context=context: by_docxtpl(template, context),
                "ours": lambda ready=ready, context=context: by_us(ready, context),
                "checked": lambda ready=ready, context=context: by_us_checked(ready, context),
                "compile": lambda template=template: compiled(template),
            },
            9,
        )
        same = same_text(by_us_checked(ready, context), by_docxtpl(template, context))
        theirs, ours, checked = (costs[way].cpu for way in ("docxtpl", "ours", "checked"))
        line = f"{theirs:12.2f}{ours:10.2f}{theirs / ours:7.1f}{checked:9.2f}{theirs / checked:7.1f}"
        print(f"{name:26}{line}{costs['compile'].cpu:9.2f}  {same}")


def growth() -> None:
    template, sizes = compiled(annex_template()), (100, 1_000, 10_000)
    contexts = {rows: values(rows) for rows in sizes}
    costs = in_turn({str(rows): lambda rows=rows: by_us(template, contexts[rows]) for rows in sizes}, 5)
    print(f"\n{'annex rows x 10':26}{'cpu':>12}{'wall':>10}{'us/row':>8}")
    for rows in sizes:
        cost = costs[str(rows)]
        print(f"{rows:<26}{cost.cpu:12.2f}{cost.wall:10.2f}{cost.cpu * 1e3 / rows:8.1f}")
    print(f"slope 1,000 to 10,000: {math.log10(costs['10000'].cpu / costs['1000'].cpu):.2f} (1 is linear)")


if __name__ == "__main__":
    beside_docxtpl()
    growth()
