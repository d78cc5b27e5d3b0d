"""`ketnghia init DIR`: a new workspace.

In:   a folder's path. Out: what was made, on the terminal.
Imports cli.output; pipeline.init when it runs.
"""

from __future__ import annotations

import click

from generator.cli.output import emit_line, guarded


@click.command(name="init", help="Tạo một không gian làm việc mới với biểu mẫu và danh bạ kèm theo.")
@click.argument("folder", metavar="THƯ_MỤC", type=click.Path(file_okay=False))
@guarded
def command(folder: str) -> None:
    """Makes the workspace and says what comes next."""
    from pathlib import Path

    from generator.pipeline.init import init

    written = init(Path(folder))
    emit_line(f"Đã tạo không gian làm việc {folder}: {len(written)} tệp.")
    emit_line("Việc tiếp theo: sửa danh bạ inputs/registry.xlsx, rồi chạy ketnghia check.")
