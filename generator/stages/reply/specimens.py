"""Specimens: replies of every kind, full and bare, on which the templates are tried before anybody is answered.

In:   nothing. Out: ReplyFacts. Pure. Imports facts. All names in them are illustrative.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from generator.issues import Severity
from generator.stages.reply.facts import (
    FAULTY,
    Change,
    Corrected,
    Explained,
    Fault,
    Office,
    Outcome,
    Owed,
    ReplyFacts,
    Ruled,
    TableTotals,
    Unread,
)

_FAULTS = (
    Fault(
        Severity.ERROR,
        "“12 triệu” ở mục “Giá trị” không phải là số.",
        "Chỉ ghi chữ số.",
        "Hoạt động",
        ("L14", "L15"),
        (("L16", "“13 triệu”"),),
    ),
    Fault(Severity.ERROR, "Thiếu trang “Kiến nghị”.", "Chép số liệu sang biểu nguyên vẹn.", "", ()),
    Fault(
        Severity.WARNING,
        "“Thời gian” nằm ngoài kỳ báo cáo.",
        "Kiểm tra lại; nếu đúng, ghi lý do.",
        "Hoạt động",
        ("C12",),
    ),
)
_BARE = ReplyFacts(
    Outcome.ACCEPTED,
    Office("Ban Dân tộc (minh họa)", "vanthu@bandantoc.example"),
    2025,
    "bieu.xlsx",
    datetime(2025, 12, 17, 9, 5),  # noqa: DTZ001  a specimen of no place
)
_FULL = replace(
    _BARE,
    message="<1@don-vi.example>",
    recipients=("a@don-vi.example",),
    form="KN-01",
    form_title="Báo cáo (minh họa)",
    partner="DV-0001",
    partner_name="Sở (minh họa) 01",
    revision=2,
    standing=1,
    repeated=Outcome.WAITING,
    due=date(2025, 12, 20),
    late=True,
    stated_year=2024,
    exempt="Mới thành lập",
    faults=_FAULTS,
    unread=(Unread("Nháp", "C5", "gọi lại"),),
    unread_more=3,
    totals=(TableTotals("Hoạt động", 12, (("Giá trị", "125.000.000 đồng"),)),),
    earlier=1,
    changes=(Change("Hoạt động, dòng 3", "", "Tặng bò"), Change("Hoạt động, dòng 4", "5", ""), Change("A", "1", "2")),
    enclosures=("cong-van.pdf",),
    owed=(Owed("KN-03", "Phiếu (minh họa)", date(2025, 12, 20), waiting=True),),
    ruled=(Ruled("Chấp nhận biểu", "Đã xác minh qua điện thoại", "Ông B (minh họa)", date(2025, 12, 18)),),
    corrected=(
        Corrected("Hoạt động, ô L14", "12 triệu", "12000000", "Đã hỏi lại", "Ông B (minh họa)", date(2025, 12, 18)),
    ),
    explained=(Explained("Hoạt động", "L14", "“Giá trị” khác xa mức thường gặp.", "Công trình lớn"),),
    repaired=("Trang Nháp: đã đổi tên, vẫn được đọc.",),
    elsewhere=(("b@don-vi.example", "Hội (minh họa) 01"),),
    listing="danh-sach-day-du.txt",
    forms=(("KN-01", "Báo cáo (minh họa)"),),
    workbook="KN-01-DV-0001-2025-can-sua.xlsx",
)


def specimens() -> Iterator[ReplyFacts]:
    """For each outcome a reply that says everything there is to say, and one that says as little as it may."""
    for outcome in Outcome:
        yield replace(_FULL, outcome=outcome)
        yield replace(_FULL, outcome=outcome, internal=True, ruled=(), workbook="")
        yield replace(_BARE, outcome=outcome, faults=_FAULTS[:1] if outcome in FAULTY else ())
