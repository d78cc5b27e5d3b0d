"""`ketnghia report year YEAR`, `ketnghia report five-year FROM TO`: the official documents in Word.

In:   a year or the first and last of several; the day whose map restated figures are shown on; whether it is a draft.
      Out: the document with its manifest under outputs/, a PDF when asked for; exit code 1 when templates or registry
      have a fault, the document would be broken, or its sections are not as the plan declares them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import click

from generator.cli.output import FAULTY, emit_issues, emit_line, emit_pdfs, guarded, messages_for, progress

if TYPE_CHECKING:
    from generator.pipeline.progress import Progress
    from generator.pipeline.report import Maker
    from generator.pipeline.report_files import Written
    from generator.pipeline.workspace import Workspace


def _day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """The day that was typed; the usual error of usage for what is none."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter("ghi ngày theo dạng 2025-07-01 (năm-tháng-ngày)") from None


map_date_option = click.option(
    "--map-date",
    callback=_day,
    metavar="NĂM-THÁNG-NGÀY",
    help="Ngày của bản đồ hành chính dùng để quy đổi; mặc định là ngày cuối kỳ.",
)

draft_option = click.option(
    "--draft",
    is_flag=True,
    help="Chỉ ghi bản dự thảo …-du-thao.docx: cạnh mỗi số liệu có nhận xét Word nêu nguồn, chỗ thiếu, chỗ cần xem lại.",
)


pdf_option = click.option("--pdf", is_flag=True, help="Ghi thêm bản PDF bên cạnh bản Word (cần LibreOffice).")


@click.group("report")
def command() -> None:
    """Lập báo cáo (DOCX)."""


@command.command("year")
@click.argument("year", type=int, metavar="NĂM")
@map_date_option
@draft_option
@pdf_option
@click.pass_obj
@guarded
def year_report(workspace: str, year: int, map_date: date | None, draft: bool, pdf: bool) -> None:
    """Lập báo cáo sơ kết năm, ghi vào outputs/NĂM/ kèm bản kê nguồn gốc từng số liệu."""
    from generator.pipeline.report import report_year

    make = _maker(workspace, draft)
    _write(workspace, lambda opened, show: report_year(opened, year, show, map_date, make), pdf)


@command.command("five-year")
@click.argument("first", type=int, metavar="TỪ_NĂM")
@click.argument("last", type=int, metavar="ĐẾN_NĂM")
@map_date_option
@draft_option
@pdf_option
@click.pass_obj
@guarded
def years_report(workspace: str, first: int, last: int, map_date: date | None, draft: bool, pdf: bool) -> None:
    """Lập báo cáo tổng kết nhiều năm, ghi vào outputs/TỪ_NĂM-ĐẾN_NĂM/ kèm bản kê nguồn gốc từng số liệu."""
    from generator.pipeline.report import report_years

    make = _maker(workspace, draft)
    _write(workspace, lambda opened, show: report_years(opened, first, last, show, map_date, make), pdf)


def _maker(workspace: str, draft: bool) -> Maker | None:
    """What makes the draft; None for the report itself."""
    if not draft:
        return None
    from generator.pipeline.draft import make_draft

    return partial(make_draft, messages_for(workspace))


def _write(workspace: str, make: Callable[[Workspace, Progress], Written], pdf: bool) -> None:
    from generator.issues import has_errors
    from generator.pipeline.pdf import older_pdf, write_pdf
    from generator.pipeline.workspace import open_workspace

    opened = open_workspace(workspace)
    with progress("Đang lập lại sổ") as show:
        written = make(opened, show)
    emit_issues(written.issues, messages_for(workspace), err=True)
    counts = {figure.code: figure.value for figure in written.made.figures}
    emit_line(f"Đã ghi {opened.relative(written.document)}")
    emit_line(f"Tổng hợp {counts['so_don_vi_da_bao_cao']}/{counts['so_don_vi']} đơn vị.")
    faults = list(written.made.issues)
    if pdf:
        with progress("Đang lập PDF") as show:
            made = write_pdf(opened, written.document, written.made.period.end, show)
        faults += emit_pdfs(opened, made, messages_for(workspace))
    else:
        emit_issues(older_pdf(opened, written.document), messages_for(workspace), err=True)
    if has_errors(faults):
        sys.exit(FAULTY)
