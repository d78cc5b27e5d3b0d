"""`ketnghia blank YEAR [--partner CODE]…`: writes the blanks that are owed, prefilled.

In:   the workspace, the year, codes of partners. Out: how many blanks were written, and where.
Imports cli.output; pipeline.blanks when it runs.
"""

from __future__ import annotations

import click

from generator.cli.output import emit_line, guarded, progress


@click.command(name="blank", help="Xuất biểu trống đã điền sẵn cho các đơn vị phải báo cáo.")
@click.argument("year", metavar="NĂM", type=click.IntRange(2000, 2100))
@click.option(
    "--partner", "-p", "partners", metavar="MÃ", multiple=True, help="Chỉ xuất cho đơn vị này; dùng được nhiều lần."
)
@click.pass_obj
@guarded
def command(workspace: str, year: int, partners: tuple[str, ...]) -> None:
    """Writes the blanks and says where they are."""
    from generator.pipeline.blanks import write_blanks
    from generator.pipeline.workspace import open_workspace

    opened = open_workspace(workspace)
    with progress("Xuất biểu") as tell:
        written = write_blanks(opened, year, partners, tell=tell)
    if not written.files:
        emit_line(f"Năm {year} không có đơn vị nào phải báo cáo, nên không có biểu nào được xuất.")
        return
    emit_line(f"Đã xuất {len(written.files)} biểu vào {written.folder}/.")
    emit_line(f"Việc tiếp theo: gửi mỗi đơn vị một tệp; tệp gửi về thì chép vào inputs/{year}/.")
