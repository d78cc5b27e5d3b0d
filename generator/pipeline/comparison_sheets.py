"""Comparison sheets: outputs/<year>/doi-chieu.xlsx, both cells of every difference side by side.

In:   Desk, what the returns show together. Out: the workbook.
Imports pipeline.comparing, compiled, desk and workspace, office.workbook.draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from generator.office.workbook.draw import Column, TableSheet, draw_workbook
from generator.pipeline.comparing import Compared, by_receiver, differences, kind_labels
from generator.pipeline.compiled import receiver_at
from generator.pipeline.context import partner_names
from generator.pipeline.desk import Desk
from generator.pipeline.status_sheets import ILLUSTRATIVE
from generator.pipeline.workspace import write_atomic
from generator.stages.compare import Gift, Pair, total
from generator.vietnamese.dates import format_date
from generator.vietnamese.order import order_key

NAME = "doi-chieu.xlsx"

_GIVER, _RECEIVER = Column("Đơn vị giúp đỡ", 26, "wrapped"), Column("Nơi nhận", 18, "wrapped")
_KIND, _DAY = Column("Loại hoạt động", 18, "wrapped"), Column("Thời gian", 14)
_PLACE = 30
_Names = Callable[[str], str]


def write_comparison(desk: Desk, compared: Compared) -> Path:
    """Writes outputs/<year>/doi-chieu.xlsx whole and returns its path; equal inputs give equal bytes."""
    path = desk.workspace.year_outputs(desk.year) / NAME
    write_atomic(path, comparison_sheets(desk, compared))
    return path


def comparison_sheets(desk: Desk, compared: Compared) -> bytes:
    """The workbook; equal inputs give equal bytes."""
    names, kinds = partner_names(desk.registry, desk.campaign), kind_labels(desk)
    comparison = compared.comparison
    pairs = [pair for pair in comparison.pairs if pair.differs]
    agreeing = [pair for pair in comparison.pairs if not pair.differs]

    def named(code: str) -> str:
        return names.get(code, kinds.get(code, code))

    sheets: tuple[TableSheet, ...] = (
        _totals(desk, compared, named),
        _pairs("Khác nhau", "KHOẢN HỖ TRỢ HAI BÊN GHI KHÁC NHAU", pairs, named),
        _gifts("Chỉ bên cho kê", "KHOẢN CHỈ ĐƠN VỊ GIÚP ĐỠ KÊ", comparison.only_given, named),
        _gifts("Chỉ bên nhận kê", "KHOẢN CHỈ NƠI NHẬN KÊ", comparison.only_received, named),
        _joint(compared, named),
        _unlike(compared, named),
        _gifts("Chưa đối chiếu được", "KHOẢN CHỜ BÊN KIA GỬI BÁO CÁO", comparison.unanswered, named),
        _pairs("Khớp", "KHOẢN HAI BÊN GHI KHỚP NHAU", agreeing, named),
    )
    if desk.workspace.illustrative:
        sheets = tuple(replace(sheet, lines=(*sheet.lines, ILLUSTRATIVE)) for sheet in sheets)
    title = f"Đối chiếu hai bên năm {desk.year}"
    creator = receiver_at(desk.registry, desk.campaign.deadline)
    return draw_workbook(sheets, title=title, creator=creator, day=desk.campaign.end)


def _totals(desk: Desk, compared: Compared, named: _Names) -> TableSheet:
    columns = (
        Column("Mã", 10),
        Column("Nơi nhận", 30, "wrapped"),
        Column("Đơn vị giúp đỡ ghi (đồng)", 20, "money", total=True),
        Column("Nơi nhận ghi (đồng)", 20, "money", total=True),
        Column("Nơi nhận đã báo cáo", 12),
        Column("Số khoản hai bên cùng ghi", 13, "whole", total=True),
        Column("Trong đó khác giá trị", 12, "whole", total=True),
    )
    heard = compared.sides.receivers_heard
    rows = [
        (code, named(code), ours, theirs, "Có" if code in heard else "Chưa", pairs, differing)
        for code, (ours, theirs, pairs, differing) in by_receiver(compared)
    ]
    lines = (
        f"Kỳ báo cáo: từ ngày {desk.campaign.start:%d/%m/%Y} đến ngày {desk.campaign.end:%d/%m/%Y}.",
        "Hai cột tiền là hai bên của cùng những khoản hỗ trợ: không cộng với nhau. Báo cáo lấy số của đơn vị giúp đỡ.",
    )
    ordered = sorted(rows, key=lambda row: (order_key(row[1]), row[0]))
    return TableSheet("Tổng hợp", f"ĐỐI CHIẾU HAI BÊN NĂM {desk.year}", lines, columns, ordered)


def _pairs(title: str, heading: str, pairs: Sequence[Pair], named: _Names) -> TableSheet:
    columns = (
        _GIVER,
        _RECEIVER,
        _KIND,
        _DAY,
        Column("Nội dung (đơn vị giúp đỡ)", 26, "wrapped"),
        Column("Nội dung (nơi nhận)", 26, "wrapped"),
        Column("Đơn vị giúp đỡ ghi (đồng)", 16, "money", total=True),
        Column("Nơi nhận ghi (đồng)", 16, "money", total=True),
        Column("Chênh lệch (đồng)", 15, "money"),
        Column("Khác nhau về", 15, "wrapped"),
        Column("Ô của đơn vị giúp đỡ", _PLACE, "wrapped"),
        Column("Ô của nơi nhận", _PLACE, "wrapped"),
    )
    lines = ("Mỗi dòng là một khoản (hoặc các khoản cùng loại cộng lại) mà cả hai bên đều ghi.",)
    return TableSheet(title, heading, lines, columns, _by_name(_pair_row(pair, named) for pair in pairs))


def _pair_row(pair: Pair, named: _Names) -> Sequence[object]:
    first = pair.given[0]
    ours, theirs = (total(gift.value for gift in side) for side in (pair.given, pair.received))
    return (
        named(first.giver),
        named(first.receiver),
        named(first.kind),
        _day(first),
        _texts(gift.content for gift in pair.given),
        _texts(gift.content for gift in pair.received),
        ours,
        theirs,
        ours - theirs if ours is not None and theirs is not None else None,
        differences(pair),
        _texts(map(place, pair.given)),
        _texts(map(place, pair.received)),
    )


def _gifts(title: str, heading: str, gifts: Sequence[Gift], named: _Names) -> TableSheet:
    columns = (
        _GIVER,
        _RECEIVER,
        _KIND,
        _DAY,
        Column("Nội dung", 36, "wrapped"),
        Column("Giá trị (đồng)", 18, "money", total=True),
        Column("Số hộ", 9, "whole"),
        Column("Ô", 40, "wrapped"),
    )
    rows = _by_name((*_gift_row(gift, named), place(gift)) for gift in gifts)
    return TableSheet(title, heading, (), columns, rows)


def _by_name(rows: Iterable[Sequence[object]]) -> list[Sequence[object]]:
    """Rows that begin with the giver and the receiver, in the order of their names; else as they came."""
    return sorted(rows, key=lambda row: (order_key(str(row[0])), order_key(str(row[1]))))


def _gift_row(gift: Gift, named: _Names) -> Sequence[object]:
    who = (named(gift.giver), named(gift.receiver), named(gift.kind), _day(gift))
    return (*who, gift.content, gift.value, gift.households)


def _joint(compared: Compared, named: _Names) -> TableSheet:
    columns = (
        Column("Đơn vị thứ nhất", 26, "wrapped"),
        Column("Đơn vị thứ hai", 26, "wrapped"),
        _RECEIVER,
        _KIND,
        Column("Giá trị mỗi bên ghi (đồng)", 18, "money"),
        Column("Ô của đơn vị thứ nhất", _PLACE, "wrapped"),
        Column("Ô của đơn vị thứ hai", _PLACE, "wrapped"),
    )
    rows = [
        (
            named(one.first.giver),
            named(one.second.giver),
            named(one.first.receiver),
            named(one.first.kind),
            one.first.value,
            place(one.first),
            place(one.second),
        )
        for one in compared.joint
    ]
    lines = ("Có thể là một món quà chung mà mỗi đơn vị đều ghi toàn bộ giá trị.",)
    return TableSheet("Nghi kê hai lần", "QUÀ CHUNG NGHI KÊ HAI LẦN", lines, columns, _by_name(rows))


def _unlike(compared: Compared, named: _Names) -> TableSheet:
    columns = (
        _GIVER,
        _RECEIVER,
        _KIND,
        Column("Đơn vị tính", 11),
        Column("Đơn giá đã ghi (đồng)", 18, "money"),
        Column("Mức giữa của đơn vị khác (đồng)", 20, "money"),
        Column("Số đơn vị so sánh", 11, "whole"),
        Column("Ô", 40, "wrapped"),
    )
    rows = [
        (
            named(one.gift.giver),
            named(one.gift.receiver),
            named(one.gift.kind),
            one.gift.unit,
            one.gift.price,
            one.typical,
            one.peers,
            place(one.gift),
        )
        for one in compared.unlike
    ]
    return TableSheet("Giá khác thường", "ĐƠN GIÁ KHÁC HẲN CÁC ĐƠN VỊ KHÁC", (), columns, _by_name(rows))


def place(gift: Gift) -> str:
    """File, sheet and cell, as every issue names them."""
    return str(gift.place)


def _texts(texts: Iterable[str]) -> str:
    return "; ".join(_once(text for text in texts if text))


def _once(texts: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(texts)


def _day(gift: Gift) -> str:
    return format_date(gift.day) if gift.day else ""
