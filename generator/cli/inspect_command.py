"""`ketnghia inspect FILE.docx...`: judges Word files by the law on form.

In:   files, ours or typed by hand. Out: every fault with its place, rule and source; exit code 1 when one is an error.
Imports cli.output; pipeline.inspecting when it runs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.cli.output import FAULTY, emit_issues, emit_json, emit_line, guarded, messages_for


@click.command(name="inspect")
@click.argument("files", metavar="TỆP.docx...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--comments", is_flag=True, help="Ghi thêm bản sao …-nhan-xet.docx có nhận xét Word tại từng chỗ.")
@click.option("--json", "as_json", is_flag=True, help="In một văn bản JSON.")
@click.pass_obj
@guarded
def command(workspace: str, files: tuple[Path, ...], comments: bool, as_json: bool) -> None:
    """Soát thể thức văn bản Word (của phần mềm hoặc gõ tay) theo Nghị định 30/2020/NĐ-CP, nêu chỗ, quy tắc, nguồn."""
    from generator.issues import Severity, has_errors
    from generator.pipeline.inspecting import contract, inspect_files, write_comments

    messages = messages_for(workspace)
    judged = inspect_files(files, workspace)
    found = [one for each in judged for one in each.issues]
    copies = [copy for each in judged if comments and (copy := write_comments(each, messages)) is not None]
    if as_json:
        emit_json([contract(one, messages) for one in found])
    else:
        emit_issues(found, messages)
        errors = sum(one.severity is Severity.ERROR for one in found)
        emit_line(f"{len(judged)} văn bản: {errors} lỗi, {len(found) - errors} nhắc nhở.")
    for copy in copies:
        emit_line(f"Bản có nhận xét: {copy}", err=as_json)
    if has_errors(found):
        sys.exit(FAULTY)
