"""`ketnghia demo [DIR]`: sample returns, and the whole way with them.

In:   a folder, how many partners, which years, a seed. Out: the documents it made, by name.
Imports cli.output; demo when it runs.
"""

from __future__ import annotations

import click

from generator.cli.output import emit_line, guarded, progress


class YearRange(click.ParamType[tuple[int, ...]]):
    """ "2024-2025" or "2025" as the years in order."""

    name = "năm"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """The years; a span that is none fails with an example."""
        if isinstance(value, tuple):
            return value
        first, dash, last = str(value).partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            self.fail("viết như 2024-2025 hoặc 2025", param, ctx)
        years = tuple(range(int(first), int(last or first) + 1))
        if not years or len(years) > 20 or not 2001 <= years[0] <= years[-1] <= 2100:
            self.fail("viết như 2024-2025, không quá 20 năm", param, ctx)
        return years


@click.command(
    name="demo", help="Dựng số liệu minh họa trong THƯ_MỤC (mặc định: không gian làm việc) và chạy trọn quy trình."
)
@click.argument("folder", metavar="[THƯ_MỤC]", required=False, type=click.Path(file_okay=False))
@click.option("--partners", default=89, show_default=True, metavar="N", help="Số đơn vị kết nghĩa minh họa.")
@click.option("--years", type=YearRange(), default="2021-2025", show_default=True, metavar="NĂM-NĂM", help="Các năm.")
@click.option("--seed", default=1, show_default=True, metavar="N", help="Số gieo: cùng số thì cùng dữ liệu.")
@click.pass_obj
@guarded
def command(workspace: str, folder: str | None, partners: int, years: tuple[int, ...], seed: int) -> None:
    """Runs the demo and names the documents."""
    from pathlib import Path

    from generator.demo.run import run_demo

    root = Path(folder or workspace)
    done = run_demo(root, partners=partners, years=years, seed=seed, say=emit_line, show=progress)
    emit_line("")
    emit_line("Số liệu minh họa, không có giá trị sử dụng. Các tài liệu đã lập:")
    for document in done.documents:
        emit_line(f"  {document}")
    emit_line(f"Đáp án của số liệu minh họa: {done.answer_key}")
