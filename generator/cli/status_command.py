"""`ketnghia status`: who owes, who sent, how it stands, what to do next.

In:   a year. Out: a table, or with --json the contract of design section 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.output import emit_issues, emit_json, emit_line, emit_table, guarded, messages_for, progress

if TYPE_CHECKING:
    from generator.pipeline.status import StatusRow

COLUMNS = ("Mã", "Đơn vị", "Biểu", "Ngày nhận", "Lần", "Tình trạng", "Việc tiếp theo")


@click.command("status")
@click.argument("year", type=int, metavar="NĂM")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
@click.pass_obj
@guarded
def command(workspace: str, year: int, as_json: bool) -> None:
    """Ai phải báo cáo, ai đã gửi, đúng hạn hay muộn, còn vướng gì và việc cần làm tiếp."""
    from datetime import datetime

    from generator.pipeline.context import roles_of
    from generator.pipeline.decisions import load_decisions
    from generator.pipeline.intake import refreshed
    from generator.pipeline.judging import judge_of, load_forms_or_refuse, load_registry_or_refuse
    from generator.pipeline.status import status
    from generator.pipeline.workspace import open_workspace
    from generator.stages.ingest.folder import VIETNAM

    opened = open_workspace(workspace)
    registry = load_registry_or_refuse(opened)
    judge = judge_of(opened, registry)
    judge.require(year)
    with progress("Đang lập lại sổ") as show:
        register, issues = refreshed(opened, judge=judge, progress=show)
    decisions, _ = load_decisions(opened, year, registry)  # what is wrong with them is told below, with all that is
    roles = roles_of(load_forms_or_refuse(opened))
    with register:
        rows = status(registry, register, year, datetime.now(VIETNAM).date(), decisions, roles)
        issues += register.decision_issues(year)
    if issues:
        emit_issues(issues, messages_for(workspace), err=True)
    if as_json:
        emit_json([row.contract() for row in rows])
    else:
        _print_rows(rows, year)


def _print_rows(rows: list[StatusRow], year: int) -> None:
    from collections import Counter

    from generator.pipeline.status import completeness
    from generator.pipeline.verdicts import VERDICTS

    table = [
        (
            row.partner or "?",
            row.partner_name or row.file,
            row.form,
            f"{row.received:%d/%m/%Y}" if row.received else "",
            row.revision or "",
            _standing(row),
            row.next,
        )
        for row in rows
    ]
    emit_table(f"Tình hình báo cáo năm {year}{_deadline(rows)}", COLUMNS, table, right=(4,))
    counts = Counter(row.verdict for row in rows if row.due)
    owed = sum(counts.values())
    told = ", ".join(f"{label} {counts[verdict]}" for verdict, label in VERDICTS.items() if counts[verdict])
    emit_line(f"Tổng số {owed} nghĩa vụ báo cáo: {told}." if owed else "Năm này không có nghĩa vụ báo cáo nào.")
    whole = completeness(rows)
    if whole.expected:
        share = f"{int(whole.received_share * 100)} %"  # rounded down: 100 % is said only when nothing is missing
        emit_line(
            f"Đã nhận {whole.received}/{whole.expected} ({share}), trong đó muộn {whole.late}; "
            f"đã tính {whole.counted}, chờ chỉnh sửa {whole.waiting}, chưa nhận {whole.missing}."
        )


def _standing(row: StatusRow) -> str:
    """The verdict in words with what is remarkable about it: "chờ chỉnh sửa (muộn, 8 lỗi)"."""
    from generator.pipeline.verdicts import VERDICTS

    remarks = [
        "muộn" if row.late and row.received else "",
        f"{row.errors} lỗi" if row.errors else "",
        f"{row.warnings} cảnh báo" if row.warnings else "",
    ]
    told = ", ".join(filter(None, remarks))
    return f"{VERDICTS[row.verdict]} ({told})" if told else VERDICTS[row.verdict]


def _deadline(rows: list[StatusRow]) -> str:
    """The deadline that most have, and how many were given more time."""
    days = sorted(row.due for row in rows if row.due)
    if not days:
        return ""
    later = sum(day > days[0] for day in days)
    return f", hạn {days[0]:%d/%m/%Y}" + (f" ({later} nơi được gia hạn)" if later else "")
