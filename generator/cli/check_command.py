"""`ketnghia check`: lints templates/ and the registry.

In:   the workspace. Out: every fault with its place and cure, copies of Word templates with comments where asked for;
      exit code 1 when one fault is an error.
Imports cli.output; pipeline.check, check_comments when it runs.
"""

from __future__ import annotations

import sys

import click

from generator.cli.output import FAULTY, emit_issues, emit_line, guarded


@click.command(name="check", help="Soát templates/ và danh bạ, nêu mọi lỗi cùng vị trí.")
@click.option("--comments", is_flag=True, help="Ghi thêm vào outputs/ bản sao mẫu Word có nhận xét tại từng chỗ.")
@click.pass_obj
@guarded
def command(workspace: str, comments: bool) -> None:
    """Prints all faults, then how many there are, then where the copies lie."""
    from generator.issues import Severity, has_errors
    from generator.pipeline.check import check

    checked = check(workspace)
    emit_issues(checked.issues, checked.messages)
    if not checked.issues:
        emit_line(f"Không có lỗi: {checked.forms} biểu, mẫu báo cáo, danh bạ và các câu báo đều dùng được.")
        return
    errors, warnings, notes = (sum(one.severity is kind for one in checked.issues) for kind in Severity)
    emit_line(f"{errors} lỗi, {warnings} cảnh báo{f', {notes} lưu ý' if notes else ''}.")
    if comments:
        from generator.pipeline.check_comments import write_comments

        copies = write_comments(checked)
        for copy in copies:
            emit_line(f"Bản có nhận xét: {checked.workspace.relative(copy)}")
        if not copies:
            emit_line("Không có mẫu Word nào phải ghi nhận xét.")
    if has_errors(checked.issues):
        sys.exit(FAULTY)
