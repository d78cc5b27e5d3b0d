"""`ketnghia issues`: the faults of the current revisions, grouped.

In:   a year, perhaps a partner. Out: sentences with cells and cures, or with --json the contract of design section 5.
"""

from __future__ import annotations

import click

from generator.cli.output import emit_issues, emit_json, emit_line, guarded, messages_for, progress


@click.command("issues")
@click.argument("year", type=int, metavar="NĂM")
@click.option("--partner", metavar="MÃ", help="Chỉ một đơn vị, ví dụ DV-0001.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
@click.pass_obj
@guarded
def command(workspace: str, year: int, partner: str | None, as_json: bool) -> None:
    """Liệt kê lỗi, cảnh báo của các bản nộp hiện hành, gộp các ô cùng lỗi."""
    from generator.pipeline.intake import refreshed
    from generator.pipeline.issues_list import decision_rows, grouped, issue_rows
    from generator.pipeline.judging import judge_of, load_registry_or_refuse
    from generator.pipeline.workspace import open_workspace

    opened = open_workspace(workspace)
    judge = judge_of(opened, load_registry_or_refuse(opened))
    judge.require(year)
    with progress("Đang lập lại sổ") as show:
        register, faults = refreshed(opened, judge=judge, progress=show)
    messages = messages_for(workspace)
    with register:
        rows = issue_rows(register, messages, year, partner)
        if partner is None:
            rows = [*decision_rows(register, messages, year), *rows]
    emit_issues(faults, messages, err=True)
    if as_json:
        emit_json([row.contract() for row in rows])
        return
    for group in grouped(rows):
        emit_line(group.text())
    emit_line(f"Năm {year}: {len(rows)} lỗi, cảnh báo trong các bản nộp hiện hành và sổ quyết định.")
