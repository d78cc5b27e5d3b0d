"""`ketnghia rebuild`: makes the register anew from inputs/.

In:   nothing. Out: how many deliveries were registered; exit code 0 also when returns have faults.
"""

from __future__ import annotations

import click

from generator.cli.output import emit_issues, emit_line, guarded, messages_for, progress


@click.command("rebuild")
@click.pass_obj
@guarded
def command(workspace: str) -> None:
    """Lập lại sổ tiếp nhận từ nhật ký, kho lưu, biểu mẫu và danh bạ."""
    from generator.pipeline.intake import rebuild
    from generator.pipeline.workspace import open_workspace

    opened = open_workspace(workspace)
    with progress("Đang lập lại sổ") as show:
        count, issues = rebuild(opened, progress=show)
    emit_issues(issues, messages_for(workspace))
    emit_line(f"Đã lập lại sổ: {count} lượt gửi.")
