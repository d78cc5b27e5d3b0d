"""`ketnghia report year YEAR`: the year-end report as a Word document.

In:   a year. Out: outputs/YEAR/bao-cao-so-ket-YEAR.docx with its manifest; exit code 1 when templates or registry
      have a fault or the document would be broken.
"""

from __future__ import annotations

import click

from generator.cli.output import emit_issues, emit_line, guarded, messages_for, progress


@click.group("report")
def command() -> None:
    """Lập báo cáo (DOCX)."""


@command.command("year")
@click.argument("year", type=int, metavar="NĂM")
@click.pass_obj
@guarded
def year_report(workspace: str, year: int) -> None:
    """Lập báo cáo sơ kết năm, ghi vào outputs/NĂM/ kèm bản kê nguồn gốc từng số liệu."""
    from generator.pipeline.report import report_year
    from generator.pipeline.workspace import open_workspace

    opened = open_workspace(workspace)
    with progress("Đang lập lại sổ") as show:
        written = report_year(opened, year, show)
    emit_issues(written.issues, messages_for(workspace), err=True)
    counts = {figure.code: figure.value for figure in written.made.figures}
    emit_line(f"Đã ghi {opened.relative(written.document)}")
    emit_line(f"Tổng hợp {counts['so_don_vi_da_bao_cao']}/{counts['so_don_vi']} đơn vị.")
