"""What a reply costs beside the usual way: the workbook with 8 notes by openpyxl's load, edit, save, and the mail.

In:   templates/ of the repository. Out: a table on stdout: CPU and wall milliseconds, bytes, ratios; growth.
Run: python -m benchmarks.bench_reply (also at the end of make bench). Each figure is the median of rounds in which
both ways ran in turn; that both workbooks say the same is proved first.
"""

from __future__ import annotations

import io
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from benchmarks.bench_blank import CAMPAIGN, Cost, measured, prefill
from generator.definitions.forms import Choice
from generator.definitions.load import load_forms
from generator.issues import Severity
from generator.model import Scalar
from generator.stages.blank import Address, Annotator, Mark, compile_blank
from generator.stages.reply import ReplyFacts, load_replies, reply
from generator.stages.reply.facts import Fault, Office, Outcome

ROOT = Path(__file__).resolve().parents[1]
ROUNDS, REPEATS = 7, 20
REPLIES = (100, 1_000)
TABLE = "Hoạt động hỗ trợ"
MARKS = tuple(
    Mark(TABLE, f"L{row}", Severity.ERROR, f"“khoảng {row} triệu” ở mục “Giá trị” không phải là số.", "Chỉ ghi chữ số.")
    for row in range(12, 20)
)


def answers(number: int) -> dict[Address, Scalar]:
    """A return of twenty rows and a page of text."""
    row: dict[str, Scalar] = {
        "thoi_gian": "2025-03-14",
        "xa": "XA-0001",
        "loai": "con_giong",
        "noi_dung": f"Tặng bò giống sinh sản cho hộ nghèo, đợt {number}",
        "hinh_thuc": "hien_vat",
        "so_luong": 2,
        "don_gia": 15_000_000,
        "gia_tri": 30_000_000 + number,
        "nguon": "don_vi",
        "so_ho": 2,
        "so_nguoi": 9,
    }
    found: dict[Address, Scalar] = {("hoat_dong", at, code): said for at in range(1, 21) for code, said in row.items()}
    texts = ("ket_qua_noi_bat", "ton_tai", "bai_hoc")
    return found | {("", 0, code): "Các hộ nhận bò đều nuôi tốt. " * 8 for code in texts}


def by_openpyxl(content: bytes, typed: Mapping[str, object], marks: Sequence[Mark]) -> bytes:
    """What an office programmer writes: load the blank, type the answers, comment and colour the cells, save."""
    book = load_workbook(io.BytesIO(content))
    for place, said in typed.items():
        title, _, cell = place.rpartition("!")
        book[title][cell] = said
    listed = book.create_sheet("Cần sửa", 0)
    for number, mark in enumerate(marks, start=1):
        cell = book[mark.sheet][mark.cell]
        cell.comment = Comment(f"{mark.sentence} {mark.cure}", "Ban Dân tộc")
        cell.fill = PatternFill("solid", start_color="F8B4AC")
        listed.append([number, mark.cell, mark.sentence, mark.cure])
        listed.cell(number, 2).hyperlink = f"#'{mark.sheet}'!{mark.cell}"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def typed_cells(content: bytes) -> dict[str, object]:
    """What stands in the cells for answers, by sheet and cell."""
    book = load_workbook(io.BytesIO(content))
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in book.worksheets
        if sheet.title != "Cần sửa"
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and not cell.protection.locked
    }


def notes(content: bytes) -> dict[str, str]:
    """The text after the head line of each note, by cell."""
    sheet = load_workbook(io.BytesIO(content))[TABLE]
    return {
        cell.coordinate: cell.comment.text.rpartition("\n")[2]
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def middle(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(one, kind) for one in costs) for kind in Cost._fields))


def main() -> None:
    forms, _ = load_forms(ROOT / "templates" / "forms")
    lists = {"@communes": tuple(Choice(f"XA-{number:04}", f"xã {number}") for number in range(1, 80))}
    templates, _ = load_replies(ROOT / "templates" / "replies")
    assert templates is not None
    blank = compile_blank(forms["KN-01"], lists, CAMPAIGN, receiver="Ban Dân tộc").fill(prefill(1))
    annotator = Annotator(forms["KN-01"], lists, CAMPAIGN, "Ban Dân tộc")
    ours = annotator.fill(prefill(1), answers(1), MARKS)
    typed = typed_cells(ours)
    usual = by_openpyxl(blank, typed, MARKS)
    assert typed_cells(usual) == typed
    assert notes(ours) == notes(usual)
    assert len(notes(ours)) == len(MARKS)
    office = Office("Ban Dân tộc", "a@b.example")
    moment = datetime(2025, 12, 17, 9, 5)  # noqa: DTZ001  of no place
    fault = Fault(Severity.ERROR, "“Giá trị” không phải là số.", "Chỉ ghi chữ số.", TABLE, tuple(m.cell for m in MARKS))
    facts = ReplyFacts(
        Outcome.WAITING, office, 2025, "bieu.xlsx", moment, faults=(fault,), form="KN-01", workbook="a.xlsx"
    )

    def whole(number: int) -> bytes:
        return reply(
            replace(facts, revision=number), templates, annotator.fill(prefill(number), answers(number), MARKS)
        )

    costs: dict[str, list[Cost]] = {"workbook, openpyxl": [], "workbook, ours": [], "whole reply, ours": []}
    for _ in range(ROUNDS):
        costs["workbook, openpyxl"].append(measured(lambda: by_openpyxl(blank, typed, MARKS), 1))
        costs["workbook, ours"].append(measured(lambda: annotator.fill(prefill(2), answers(2), MARKS), REPEATS))
        costs["whole reply, ours"].append(measured(lambda: whole(2), REPEATS))
    print(f"{len(MARKS)} notes, {len(typed)} answers; ours {len(ours):,} bytes, openpyxl's {len(usual):,}")
    print(f"{'way':<24}{'CPU ms':>10}{'wall ms':>10}{'ratio':>8}")
    base = middle(costs["workbook, openpyxl"]).cpu
    for name, found in costs.items():
        cost = middle(found)
        print(f"{name:<24}{cost.cpu:>10.2f}{cost.wall:>10.2f}{base / cost.cpu:>8.1f}")
    for count in REPLIES:
        cost = measured(lambda count=count: [whole(one) for one in range(count)], 1)  # type: ignore[misc]
        print(f"{count:>6} replies: {cost.cpu:8.0f} ms CPU, {cost.cpu / count:.2f} each")


if __name__ == "__main__":
    main()
