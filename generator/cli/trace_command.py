"""`ketnghia trace TARGET [WHAT]`: where a figure comes from, down to file, sheet and cell.

In:   a year, years "2021-2025" or a DOCX; a figure's code (* allowed) or its printed text. Out: a table, or the JSON
      contract.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.output import emit_issues, emit_json, emit_line, emit_table, guarded, messages_for, progress

if TYPE_CHECKING:
    from generator.pipeline.tracing import Answer

MOST_DETAILED = 5
"""Up to so many figures are shown with their cells; more only as a list."""


@click.command("trace")
@click.argument("target", metavar="NĂM|NĂM-NĂM|TỆP.docx")
@click.argument("what", metavar="[SỐ LIỆU]", default="")
@click.option("--json", "as_json", is_flag=True, help="In một văn bản JSON.")
@click.pass_obj
@guarded
def command(workspace: str, target: str, what: str, as_json: bool) -> None:
    """Truy nguyên số liệu (mã, có thể dùng dấu *, hoặc chữ in trong báo cáo) về tệp, trang tính, ô."""
    from generator.pipeline.intake import refreshed
    from generator.pipeline.judging import judge_of, load_forms_or_refuse, load_registry_or_refuse
    from generator.pipeline.tracing import Known, answer, asked_period, document_figures, period_figures
    from generator.pipeline.workspace import open_workspace

    opened = open_workspace(workspace)
    registry = load_registry_or_refuse(opened)
    judge = judge_of(opened, registry)
    period = asked_period(registry, target)
    known = Known(()) if period else document_figures(opened, Path(target))
    with progress("Đang lập lại sổ") as show:
        register, issues = refreshed(opened, judge=judge, progress=show)
    with register:
        if period:
            known = period_figures(opened, period, registry, load_forms_or_refuse(opened), register)
        found = answer(register, known, what, target)
    emit_issues([*issues, *found.issues], messages_for(workspace), err=True)
    if as_json:
        emit_json(found.contract())
    else:
        _print(found)


def _print(found: Answer) -> None:
    from generator.stages.trace import arithmetic, decided

    if len(found.figures) > MOST_DETAILED:
        lines = [(one.figure.code, one.shown, one.figure.unit, one.origin) for one in found.figures]
        emit_table("Số liệu", ("Mã", "In trong báo cáo", "Đơn vị tính", "Cách tổng hợp"), lines)
        return
    for one in found.figures:
        unit = "" if one.shown.endswith(one.figure.unit) else f" {one.figure.unit}"
        emit_line(f"{one.figure.code}: {one.shown}{unit}; {one.origin}.")
        cells = [found.sources[value] for value in one.figure.values if value in found.sources]
        if cells:
            table = [(cell.file, cell.sheet, cell.cell, cell.value, cell.raw, cell.id) for cell in cells]
            columns = ("Tệp", "Trang tính", "Ô", "Giá trị", "Nội dung gốc", "Mã giá trị")
            emit_table(one.figure.label, columns, table, right=(3,))
        for line in arithmetic(one, found.parts):
            emit_line(line)
        for cell in cells:
            if told := decided(cell):
                emit_line(told)
