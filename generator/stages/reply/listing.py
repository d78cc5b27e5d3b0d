"""Listing: the text file that goes along when a mail cuts its lists short and no attached workbook has them whole.

In:   ReplyFacts. Out: its bytes, or b"" where the mail and the workbook say everything.
Pure. Imports issues, vietnamese.text, facts, names. A byte order mark and CR LF, so that Notepad shows it right.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.issues import Severity
from generator.stages.reply.facts import Fault, ReplyFacts
from generator.stages.reply.names import MOST_ALIKE, MOST_CELLS, MOST_CHANGES, MOST_FAULTS, MOST_UNREAD
from generator.vietnamese.text import clean

FILE = "danh-sach-day-du.txt"
_HEADS = {Severity.ERROR: "CÁC CHỖ PHẢI SỬA", Severity.WARNING: "CÁC CHỖ NÊN XEM LẠI"}


def listing(facts: ReplyFacts) -> bytes:
    """Everything that the mail cuts short, whole."""
    if not _is_cut(facts):
        return b""
    lines = [f"Tệp đã nhận: {_line(facts.file)}", *_faults(facts), *_cells(facts), *_changes(facts)]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig", "replace")


def _is_cut(facts: ReplyFacts) -> bool:
    if len(facts.changes) > MOST_CHANGES or len(facts.corrected) > MOST_CHANGES:
        return True
    if facts.workbook:  # the sheet Cần sửa has every fault, reason and unread cell
        return False
    several = any(len(one.cells) > MOST_CELLS or len(one.alike) > MOST_ALIKE for one in facts.faults)
    most = max(sum(one.severity is severity for one in facts.faults) for severity in _HEADS)
    return several or max(most, len(facts.explained)) > MOST_FAULTS or len(facts.unread) > MOST_UNREAD


def _faults(facts: ReplyFacts) -> Iterator[str]:
    for severity, head in _HEADS.items():
        own = [one for one in facts.faults if one.severity is severity]
        if own:
            yield from ("", f"{head} ({sum(one.count for one in own)} chỗ)")
        for number, one in enumerate(own, start=1):
            yield f"{number}. {_place(one)}{_line(one.sentence)}"
            yield from (f"   Cùng lỗi: ô {cell}{f' ({_line(said)})' if said else ''}" for cell, said in one.alike)
            yield f"   Cách sửa: {_line(one.cure)}"
    if facts.explained:
        yield from ("", f"ĐÃ NÊU LÝ DO ({len(facts.explained)} chỗ)")
    for told in facts.explained:
        where = f"Trang {_line(told.sheet)}, ô {told.cell}: " if told.cell else ""
        yield f"- {where}{_line(told.sentence)} Lý do: {_line(told.reason)}"


def _place(fault: Fault) -> str:
    cells = f", ô {', '.join(fault.cells)}" if fault.cells else ""
    return f"Trang {_line(fault.sheet)}{cells}: " if fault.sheet else ""


def _cells(facts: ReplyFacts) -> Iterator[str]:
    if facts.unread:
        yield from ("", f"CÁC Ô KHÔNG ĐƯỢC ĐỌC ({len(facts.unread) + facts.unread_more} ô)")
    yield from (f"- {_line(one.sheet)}, ô {one.cell}: “{_line(one.content)}”" for one in facts.unread)
    if facts.unread_more:
        yield f"… và {facts.unread_more} ô khác."


def _changes(facts: ReplyFacts) -> Iterator[str]:
    if facts.changes:
        yield from ("", f"THAY ĐỔI SO VỚI BẢN NỘP LẦN {facts.earlier} ({len(facts.changes)} chỗ)")
    for one in facts.changes:
        before, after = _line(one.before), _line(one.after)
        said = (
            f"“{before}” sửa thành “{after}”" if before and after else f"thêm “{after}”" if after else f"bỏ “{before}”"
        )
        yield f"- {_line(one.place)}: {said}"
    if facts.corrected:
        yield from ("", "SỐ LIỆU CƠ QUAN ĐÃ SỬA")
    for told in facts.corrected:
        yield f"- {_line(told.place)}: “{_line(told.before)}” sửa thành “{_line(told.after)}”; {_line(told.reason)}"


def _line(text: str) -> str:
    """The text on one line: a sender's words must not look like a line of ours."""
    return " ".join(clean(text).split())
