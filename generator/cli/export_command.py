"""`ketnghia export`: the merged dataset, flat, each value with its cell.

In:   a year, a format, perhaps a file. Out: json and csv on stdout unless a file is named; xlsx into outputs/YEAR/.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.cli.output import emit_issues, emit_line, guarded, messages_for, progress


@click.command("export")
@click.argument("year", type=int, metavar="NĂM")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["xlsx", "csv", "json"]),
    default="xlsx",
    help="Kiểu tệp; mặc định xlsx, ghi vào outputs/NĂM/.",
)
@click.option("--output", type=click.Path(dir_okay=False), metavar="TỆP", help="Ghi vào tệp này.")
@click.pass_obj
@guarded
def command(workspace: str, year: int, kind: str, output: str | None) -> None:
    """Xuất số liệu của các bản nộp được tính, mỗi giá trị kèm tệp, trang tính và ô gốc."""
    from generator.pipeline.export import YearExport, default_file, export_file, export_text
    from generator.pipeline.intake import refreshed
    from generator.pipeline.judging import judge_of, load_forms_or_refuse, load_registry_or_refuse
    from generator.pipeline.workspace import open_workspace

    opened = open_workspace(workspace)
    registry = load_registry_or_refuse(opened)
    judge = judge_of(opened, registry)
    judge.require(year)
    forms = load_forms_or_refuse(opened)
    with progress("Đang lập lại sổ") as show:
        register, issues = refreshed(opened, judge=judge, progress=show)
    if issues:
        emit_issues(issues, messages_for(workspace), err=True)
    with register:
        campaign = next(one for one in registry.campaigns if one.year == year)
        counted = YearExport(register, registry, forms, campaign)
        target = Path(output) if output else default_file(opened, year) if kind == "xlsx" else None
        if target is None:
            _own_line_ends()
            export_text(counted, kind, sys.stdout)
        else:
            export_file(counted, kind, target)
            emit_line(f"Đã ghi {opened.relative(target)}", err=True)


def _own_line_ends() -> None:
    # a Windows console would write each line end of the csv twice
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(newline="")
