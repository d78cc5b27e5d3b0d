"""`ketnghia ingest`: takes in everything new of a year and registers it; safe to run again and again.

In:   a year, perhaps paths. Out: what was taken in and the faults in it; exit code 1 when an error stands in it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.output import FAULTY, emit_issues, emit_line, guarded, messages_for, progress

if TYPE_CHECKING:
    from generator.pipeline.intake import IngestSummary

MOST_ISSUES = 50
"""Faults printed at once; `ketnghia issues` lists them all."""


@click.command("ingest")
@click.argument("year", type=int, metavar="NĂM")
@click.argument("paths", type=click.Path(), nargs=-1, metavar="[TỆP-HOẶC-THƯ-MỤC]…")
@click.pass_obj
@guarded
def command(workspace: str, year: int, paths: tuple[str, ...]) -> None:
    """Tiếp nhận mọi tệp mới trong inputs/NĂM/ (hoặc các tệp, thư mục nêu tên), kiểm tra và ghi sổ.

    Chạy lại bao nhiêu lần cũng được: tệp đã tiếp nhận không bị tính hai lần.
    """
    from pathlib import Path

    from generator.pipeline.intake import ingest
    from generator.pipeline.workspace import open_workspace

    opened = open_workspace(workspace)
    with progress("Đang kiểm tra") as show:
        summary = ingest(opened, year, [Path(path) for path in paths], progress=show)
    _tell(summary, workspace)
    if summary.failed:
        sys.exit(FAULTY)


def _tell(summary: IngestSummary, workspace: str) -> None:
    from generator.model import DeliveryKind
    from generator.pipeline.verdicts import VERDICTS

    if summary.notes or summary.issues:  # the sentences take longer to load than a run that finds nothing new
        _tell_issues(summary, workspace)
    new = sum(one.kind is DeliveryKind.WORKBOOK for one in summary.new)
    emit_line(f"Năm {summary.year}: {summary.found} tệp, {new} tệp mới.")
    if others := len(summary.new) - new:
        emit_line(f"  kèm theo {others} thư, tệp nén và tệp đính kèm khác đã được lưu")
    again = summary.judged - new
    if again > 0:
        emit_line(f"Đã kiểm tra lại {again} tệp vì sổ, biểu mẫu, danh bạ, quyết định hoặc số liệu năm trước đã đổi.")
    if summary.decided:
        emit_line(f"Có {summary.decided} bản nộp được tính theo quyết định xử lý trong quyet-dinh.xlsx.")
    for verdict, label in VERDICTS.items():
        if count := summary.verdicts.get(verdict, 0):
            emit_line(f"  {label}: {count}")


def _tell_issues(summary: IngestSummary, workspace: str) -> None:
    from generator.pipeline.issues_list import SEVERITIES, grouped, issue_row

    messages = messages_for(workspace)
    emit_issues(summary.notes, messages)
    worst_first = sorted(summary.issues, key=lambda found: SEVERITIES.index(found.severity))
    groups = grouped(issue_row(found, messages, summary.year) for found in worst_first)
    for group in groups[:MOST_ISSUES]:
        emit_line(group.text())
    if len(groups) > MOST_ISSUES:
        emit_line(f"… còn {len(groups) - MOST_ISSUES} lỗi, cảnh báo nữa: ketnghia issues {summary.year}")
