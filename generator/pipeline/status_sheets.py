"""Status sheets: the state of reporting as tables: summary, by partner, not sent, deliveries, by day.

In:   StateOfReporting. Out: TableSheets.
Imports office.workbook.draw, pipeline.state_of_reporting, status and verdicts, model.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta, timezone

from generator.model import DeliveryKind, Partner, Verdict
from generator.office.workbook.draw import Chart, Column, Link, TableSheet, Tone
from generator.pipeline.state_of_reporting import UNUSABLE, StateOfReporting, share, tally
from generator.pipeline.status import StatusRow
from generator.pipeline.verdicts import VERDICTS
from generator.stages.register.asking import Arrived
from generator.stages.register.states import FILED

TONES: Mapping[Verdict, Tone] = {
    Verdict.ACCEPTED: Tone.GOOD,
    Verdict.NIL: Tone.GOOD,
    Verdict.ACCEPTED_WITH_WARNINGS: Tone.DOUBT,
    Verdict.EXEMPT: Tone.QUIET,
    Verdict.MISSING: Tone.FAULT,
    Verdict.WAITING_FOR_CORRECTION: Tone.FAULT,
    **dict.fromkeys(UNUSABLE, Tone.FAULT),
}
DELIVERY_KINDS: Mapping[DeliveryKind, str] = {
    DeliveryKind.WORKBOOK: "tệp biểu",
    DeliveryKind.MESSAGE: "thư",
    DeliveryKind.BUNDLE: "tệp nén",
    DeliveryKind.ENCLOSURE: "tệp kèm theo",
}
ILLUSTRATIVE = "SỐ LIỆU MINH HỌA - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG"
_VIETNAM = timezone(timedelta(hours=7))
_MOST_DAYS = 120
"""Days that are listed without a gap; over a longer time only those on which something came."""


def status_sheets(state: StateOfReporting) -> tuple[TableSheet, ...]:
    """The five sheets in their order."""
    return (_summary(state), _by_partner(state), _missing(state), _deliveries(state), _by_day(state))


def _lines(state: StateOfReporting, *more: str) -> tuple[str, ...]:
    campaign = state.campaign
    due = f"hạn nộp {campaign.deadline:%d/%m/%Y}"
    if campaign.due > campaign.deadline:
        due += f", gia hạn chung đến {campaign.due:%d/%m/%Y}"
    period = f"Kỳ báo cáo từ {campaign.start:%d/%m/%Y} đến {campaign.end:%d/%m/%Y}; {due}"
    return tuple(line for line in (period, *more, ILLUSTRATIVE if state.illustrative else "") if line)


def _latest(state: StateOfReporting) -> str:
    moments = [_wall(one.received) for one in state.deliveries]
    if not moments:
        return "Chưa nhận được lượt gửi nào"
    return f"Tính đến lượt gửi nhận ngày {max(moments):%d/%m/%Y}"


def _wall(moment: datetime) -> datetime:
    """The moment on the office's clock."""
    return moment.astimezone(_VIETNAM).replace(tzinfo=None)


# --- summary -------------------------------------------------------------------------------------


def _summary(state: StateOfReporting) -> TableSheet:
    rows: list[tuple[object, ...]] = []
    tones: dict[tuple[int, int], Tone] = {}
    for form, owed in _grouped(state.owed, lambda row: row.form):
        kinds = sorted(_grouped(owed, lambda row: state.kind(row.partner)), key=lambda kind: _place(state, kind[0]))
        rows += [(form, kind, *tally(of_kind)) for kind, of_kind in kinds]
        tones[len(rows), -1] = Tone.STRONG
        rows.append((form, f"Cộng biểu {form}", *tally(owed)))
    if state.owed:
        tones[len(rows), -1] = Tone.STRONG
        rows.append(("", "TỔNG CỘNG", *tally(state.owed)))
    columns = (
        Column("Biểu", 9, "code"),
        Column("Loại đơn vị", 30, "wrapped"),
        *(Column(heading, 10, "whole") for heading in _COUNTED),
        Column("Tỷ lệ đã nhận", 10, "share"),
        Column("Tỷ lệ được tính", 10, "share"),
    )
    return TableSheet(
        "Tổng hợp",
        f"TÌNH HÌNH BÁO CÁO CÔNG TÁC KẾT NGHĨA NĂM {state.year}",
        _lines(state, _latest(state)),
        columns,
        rows,
        tones=tones,
        frozen=2,
        notes=_NOTES,
    )


_NOTES = (
    (
        "Đã nhận = đúng hạn + muộn = đạt + đạt, có cảnh báo + không phát sinh + chờ chỉnh sửa. "
        "Đúng hạn hay muộn xét theo lần nộp đầu tiên và hạn của từng đơn vị (kể cả gia hạn)."
    ),
    (
        "Tỷ lệ tính trên số phải báo cáo trừ số được miễn. Được tính là có lần nộp đã đạt, kể cả khi lần nộp sau "
        "đang chờ chỉnh sửa. Chưa dùng được là tệp không đọc được, không đúng biểu, sai đơn vị hoặc sai năm."
    ),
)
_COUNTED = (
    "Phải báo cáo",
    "Được miễn",
    "Đã nhận",
    "Đúng hạn",
    "Muộn",
    "Đạt",
    "Đạt, có cảnh báo",
    "Không phát sinh",
    "Chờ chỉnh sửa",
    "Chưa dùng được",
    "Chưa gửi",
)


def _place(state: StateOfReporting, kind: str) -> int:
    labels = list(state.kinds.values())
    return labels.index(kind) if kind in labels else len(labels)


def _grouped(rows: Iterable[StatusRow], key: Callable[[StatusRow], str]) -> list[tuple[str, list[StatusRow]]]:
    groups: defaultdict[str, list[StatusRow]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return list(groups.items())


# --- by partner, and what is missing ---------------------------------------------------------------

_PARTNER_COLUMNS = (
    Column("Mã", 10, "code"),
    Column("Đơn vị", 28, "wrapped"),
    Column("Biểu", 8, "code"),
    Column("Hạn nộp", 12, "day"),
    Column("Ngày nhận", 12, "day"),
    Column("Thời hạn", 10, "code"),
    Column("Lần nộp", 7, "whole"),
    Column("Tình trạng", 17, "wrapped"),
    Column("Số lỗi", 7, "whole"),
    Column("Cảnh báo", 7, "whole"),
    Column("Lần được tính", 8, "whole"),
    Column("Tệp", 27, "wrapped"),
    Column("Phản hồi", 19, "link"),
    Column("Việc tiếp theo", 28, "wrapped"),
)
_VERDICT, _TIMELY = 7, 5


def _by_partner(state: StateOfReporting) -> TableSheet:
    tones: dict[tuple[int, int], Tone] = {}
    rows, answered = [], state.answered()
    for number, row in enumerate(state.rows):
        tones[number, _VERDICT] = TONES[row.verdict]
        if row.late and row.received:
            tones[number, _TIMELY] = Tone.DOUBT
        rows.append(_partner_row(state, answered, row))
    return TableSheet(
        "Theo đơn vị",
        f"TÌNH HÌNH BÁO CÁO CỦA TỪNG ĐƠN VỊ NĂM {state.year}",
        _lines(state, _latest(state)),
        _PARTNER_COLUMNS,
        rows,
        tones=tones,
        frozen=2,
    )


def _partner_row(
    state: StateOfReporting, answered: Mapping[tuple[str, str, int, str], str], row: StatusRow
) -> tuple[object, ...]:
    filed = row.verdict in FILED
    timely = ("muộn" if row.late else "đúng hạn") if filed and row.due else ""
    return (
        row.partner,
        row.partner_name or state.name(row.partner) or "(không rõ đơn vị)",
        row.form,
        row.due,
        _wall(row.received).date() if row.received else None,
        timely,
        row.revision or None,
        VERDICTS[row.verdict],
        row.errors or None,
        row.warnings or None,
        row.counted_revision or None,
        row.file.rpartition("/")[2],
        _reply(answered.get((row.form, row.partner, row.revision, row.file))),
        f"Được miễn: {row.exempt}" if row.verdict is Verdict.EXEMPT else row.next,
    )


def _short(file: str, year: int) -> str:
    """The path as it lies in the year's own folder."""
    return file.removeprefix(f"inputs/{year}/")


def _reply(name: str | None) -> Link | None:
    return Link(name.removesuffix(".eml"), f"replies/{name}") if name else None


def _missing(state: StateOfReporting) -> TableSheet:
    columns = (
        Column("TT", 6, "whole"),
        Column("Mã", 10, "code"),
        Column("Đơn vị", 34, "wrapped"),
        Column("Loại đơn vị", 24, "wrapped"),
        Column("Huyện", 18, "wrapped"),
        Column("Biểu", 8, "code"),
        Column("Hạn nộp", 12, "day"),
        Column("Tình trạng", 18, "wrapped"),
        Column("Thư điện tử", 32, "wrapped"),
        Column("Đôn đốc", 10, "link"),
        Column("Liên hệ", 28, "wrapped"),
    )
    wanted = [row for row in state.owed if row.verdict in UNUSABLE | {Verdict.MISSING}]
    rows = []
    for number, row in enumerate(wanted, start=1):
        partner = state.partners.get(row.partner)
        addresses = _addresses(partner)
        rows.append(
            (
                number,
                row.partner,
                row.partner_name,
                state.kind(row.partner),
                partner.district if partner else "",
                row.form,
                row.due,
                VERDICTS[row.verdict],
                "\n".join(addresses),
                _letter(addresses, row),
                partner.contact if partner else "",
            )
        )
    return TableSheet(
        "Chưa gửi",
        f"ĐƠN VỊ CHƯA CÓ BÁO CÁO DÙNG ĐƯỢC NĂM {state.year}",
        _lines(state, f"Còn thiếu {len(rows)} báo cáo. {_latest(state)}"),
        columns,
        rows,
        frozen=3,
        empty="Tất cả các đơn vị phải báo cáo đã gửi.",
    )


def _addresses(partner: Partner | None) -> list[str]:
    text = partner.email if partner else ""
    return [one.strip() for one in re.split(r"[;,\n]", text) if "@" in one]


def _letter(addresses: list[str], row: StatusRow) -> Link | None:
    """Opens a letter that already says to whom it goes and what it is about."""
    subject = f"Đôn đốc gửi báo cáo {row.form} năm {row.year}"
    return Link("Soạn thư", f"mailto:{','.join(addresses)}?subject={subject}") if addresses else None


# --- deliveries, and by day --------------------------------------------------------------------------


def _deliveries(state: StateOfReporting) -> TableSheet:
    columns = (
        Column("Lượt", 7, "code"),
        Column("Nhận lúc", 17, "moment"),
        Column("Người gửi", 28, "wrapped"),
        Column("Tệp", 44, "wrapped"),
        Column("Loại", 14, "wrapped"),
        Column("Biểu", 8, "code"),
        Column("Mã", 10, "code"),
        Column("Đơn vị", 28, "wrapped"),
        Column("Lần nộp", 7, "whole"),
        Column("Tình trạng", 18, "wrapped"),
        Column("Nội dung", 12, "wrapped"),
        Column("Số lỗi", 7, "whole"),
        Column("Cảnh báo", 7, "whole"),
        Column("Phản hồi", 19, "link"),
    )
    registered = {one.sequence: one for one in state.arrived}
    tones: dict[tuple[int, int], Tone] = {}
    rows = []
    for number, one in enumerate(state.deliveries):
        known = registered.get(one.sequence)
        if known is None:
            tones[number, -1] = Tone.QUIET
        else:
            tones[number, 9] = Tone.QUIET if known.repeats else TONES[known.verdict]
        head = (
            one.sequence,
            _wall(one.received),
            one.sender,
            _short(one.file, state.year),
            DELIVERY_KINDS[one.kind],
        )
        rows.append((*head, *_judged(state, known), _reply(state.replies.get(one.sequence))))
    kinds = [one.kind for one in state.deliveries]
    counted = [f"{kinds.count(kind)} {label}" for kind, label in DELIVERY_KINDS.items() if kind in kinds]
    return TableSheet(
        "Lượt gửi",
        f"CÁC LƯỢT GỬI ĐÃ TIẾP NHẬN NĂM {state.year}",
        _lines(state, ", ".join(counted)),
        columns,
        rows,
        tones=tones,
        frozen=2,
    )


def _judged(state: StateOfReporting, known: Arrived | None) -> tuple[object, ...]:
    if known is None:
        return (None,) * 8
    said = "" if not known.revision else f"như lần {known.revision}" if known.repeats else "mới"
    return (
        known.form,
        known.partner,
        state.name(known.partner),
        known.revision or None,
        VERDICTS[known.verdict],
        said,
        known.errors or None,
        known.warnings or None,
    )


def _by_day(state: StateOfReporting) -> TableSheet:
    due = {(row.form, row.partner): row.due for row in state.owed if row.due}
    on_time: defaultdict[date, int] = defaultdict(int)
    late: defaultdict[date, int] = defaultdict(int)
    other: defaultdict[date, int] = defaultdict(int)
    seen: set[tuple[str, str]] = set()
    for one in state.arrived:
        day, key = _wall(one.received).date(), (one.form, one.partner)
        if one.revision and key in due and key not in seen:
            seen.add(key)
            (late if day > due[key] else on_time)[day] += 1
        else:
            other[day] += 1
    rows: list[tuple[object, ...]] = []
    tones: dict[tuple[int, int], Tone] = {}
    deadline, so_far = state.campaign.due, 0
    expected = len([row for row in state.owed if row.verdict is not Verdict.EXEMPT])
    for day in _days({*on_time, *late, *other}, deadline):
        so_far += on_time[day] + late[day]
        if day == deadline:
            tones[len(rows), -1] = Tone.DOUBT
        rows.append((day, on_time[day], late[day], other[day], so_far, share(min(so_far, expected), expected)))
    columns = (
        Column("Ngày", 12, "day"),
        Column("Nộp lần đầu, đúng hạn", 11, "whole", total=True),
        Column("Nộp lần đầu, muộn", 11, "whole", total=True),
        Column("Nộp lại, tệp khác", 11, "whole", total=True),
        Column("Lũy kế đã nhận", 11, "whole"),
        Column("Tỷ lệ đã nhận", 10, "share"),
    )
    return TableSheet(
        "Theo ngày",
        f"SỐ LƯỢT GỬI THEO NGÀY NĂM {state.year}",
        _lines(state, f"Dòng tô vàng là ngày hết hạn {deadline:%d/%m/%Y}"),
        columns,
        rows,
        tones=tones,
        chart=Chart(f"Số biểu nhận được theo ngày (hạn nộp {deadline:%d/%m/%Y})", "column", 0, (1, 2, 3), stacked=True),
    )


def _days(with_arrivals: set[date], deadline: date) -> list[date]:
    """The days to list: from the first to the last, the deadline among them."""
    if not with_arrivals:
        return []
    listed = with_arrivals | {deadline}
    first, last = min(listed), max(listed)
    if (last - first).days >= _MOST_DAYS:
        return sorted(listed)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
