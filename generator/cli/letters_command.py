"""`ketnghia letters YEAR --kind KIND [--partner CODE]… [--one-file] [--pdf]`: letters to partners, in Word.

In:   a year, the kind of letter, codes of partners, the day of the letters. Out: documents under outputs/YEAR/letters/,
      PDFs when asked for; exit code 1 when templates or registry have a fault or a PDF could not be made.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from generator.cli.output import FAULTY, emit_issues, emit_line, emit_pdfs, guarded, messages_for, progress

if TYPE_CHECKING:
    from generator.pipeline.letters import Letters
    from generator.pipeline.workspace import Workspace

KINDS = ("don-doc", "ra-soat", "ket-qua")
"""Said here once more, so that `--help` reads no definitions; a test compares."""
_SHOWN = 5


def _day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """The day that was typed; the usual error of usage for what is none."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter("ghi ngày theo dạng 2025-12-22 (năm-tháng-ngày)") from None


@click.command("letters")
@click.argument("year", type=int, metavar="NĂM")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(KINDS),
    help="don-doc: đôn đốc; ra-soat: đề nghị hai bên rà soát, đối chiếu; ket-qua: thông báo kết quả tiếp nhận.",
)
@click.option("--partner", "-p", "partners", metavar="MÃ", multiple=True, help="Chỉ đơn vị này; dùng được nhiều lần.")
@click.option("--one-file", is_flag=True, help="Ghi tất cả vào một tệp để in.")
@click.option(
    "--day",
    callback=_day,
    metavar="NĂM-THÁNG-NGÀY",
    help="Ngày của công văn, để tính số ngày quá hạn; mặc định là hôm nay.",
)
@click.option("--pdf", is_flag=True, help="Ghi thêm bản PDF bên cạnh mỗi bản Word (cần LibreOffice).")
@click.pass_obj
@guarded
def command(
    workspace: str, year: int, kind: str, partners: tuple[str, ...], one_file: bool, day: date | None, pdf: bool
) -> None:
    """Lập công văn gửi từng đơn vị: đôn đốc, đề nghị rà soát số liệu, thông báo kết quả tiếp nhận."""
    from datetime import datetime

    from generator.issues import has_errors
    from generator.pipeline.letters import FOLDER, write_letters
    from generator.pipeline.pdf import write_pdfs
    from generator.pipeline.workspace import open_workspace
    from generator.stages.ingest.folder import VIETNAM

    opened = open_workspace(workspace)
    dated = day or datetime.now(VIETNAM).date()
    with progress("Lập công văn") as show:
        written = write_letters(opened, year, kind, dated, partners, together=one_file, progress=show)
    if written.issues:
        emit_issues(written.issues, messages_for(workspace), err=True)
    if not written.number:
        emit_line(written.nobody)
        return
    _tell(opened, written, one_file)
    if pdf:
        with progress("Lập PDF") as show:
            made = write_pdfs(opened, opened.year_outputs(year) / FOLDER, written.paths, dated, show)
        if has_errors(emit_pdfs(opened, made, messages_for(workspace))):
            sys.exit(FAULTY)


def _tell(workspace: Workspace, written: Letters, one_file: bool) -> None:
    if one_file:
        emit_line(f"Đã ghi {written.number} công văn vào {workspace.relative(written.paths[0])}")
        return
    for path in written.paths[:_SHOWN]:
        emit_line(f"Đã ghi {workspace.relative(path)}")
    if written.number > _SHOWN:
        emit_line(f"… và {written.number - _SHOWN} công văn nữa trong {workspace.relative(written.paths[0].parent)}/")
