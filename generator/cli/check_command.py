"""`ketnghia check`: lints templates/ and the registry.

In:   the workspace. Out: every fault with its place and cure; exit code 1 when one of them is an error.
Imports cli.output; pipeline.check when it runs.
"""

from __future__ import annotations

import sys

import click

from generator.cli.output import FAULTY, emit_issues, emit_line, guarded


@click.command(name="check", help="Soát templates/ và danh bạ, nêu mọi lỗi cùng vị trí.")
@click.pass_obj
@guarded
def command(workspace: str) -> None:
    """Prints all faults, then how many there are."""
    from generator.issues import Severity, has_errors
    from generator.pipeline.check import check

    checked = check(workspace)
    emit_issues(checked.issues, checked.messages)
    if not checked.issues:
        emit_line(f"Không có lỗi: {checked.forms} biểu, mẫu báo cáo, danh bạ và các câu báo đều dùng được.")
        return
    errors = sum(found.severity is Severity.ERROR for found in checked.issues)
    emit_line(f"{errors} lỗi, {len(checked.issues) - errors} cảnh báo.")
    if has_errors(checked.issues):
        sys.exit(FAULTY)
