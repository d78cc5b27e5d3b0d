"""Status workbook: nobody is counted twice or left out, shares stay under the whole, and no clock is asked."""

from __future__ import annotations

import io
import shutil
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from generator.model import COUNTED, Campaign, Delivery, DeliveryKind, Partner, Verdict
from generator.office.workbook.draw import TableSheet, draw_workbook
from generator.pipeline.init import init
from generator.pipeline.intake import ingest, refreshed
from generator.pipeline.judging import load_forms_or_refuse, load_registry_or_refuse
from generator.pipeline.papers import desk_of, write_papers
from generator.pipeline.state_of_reporting import StateOfReporting, share, tally
from generator.pipeline.status import StatusRow
from generator.pipeline.status_sheets import status_sheets
from generator.pipeline.workspace import Workspace, open_workspace
from generator.stages.ingest.journal import read_journal
from generator.stages.obligations import obligations
from generator.stages.register.asking import Arrived

VIETNAM = timezone(timedelta(hours=7))
CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "ban@minhhoa.example", ("KN-01",))
FILED = [*COUNTED, Verdict.WAITING_FOR_CORRECTION]
KINDS = {"so_ban_nganh": "Sở, ban, ngành", "xa": "Xã, phường, thị trấn"}


def _row(number: int, verdict: Verdict, *, late: bool = False, due: date | None = CAMPAIGN.due) -> StatusRow:
    filed = verdict in FILED
    return StatusRow(
        year=2025,
        form="KN-01",
        partner=f"DV-{number:04d}",
        partner_name=f"Sở (minh họa) {number:02d}",
        due=due,
        received=datetime(2025, 12, 26 if late else 18, 8, 30, tzinfo=VIETNAM) if filed else None,
        revision=int(filed),
        verdict=verdict,
        errors=int(verdict is Verdict.WAITING_FOR_CORRECTION),
        warnings=0,
        late=late,
        counted_revision=int(verdict in COUNTED),
        file=f"inputs/2025/2025-12-18/{number}.xlsx" if filed else "",
        next="",
        exempt="mới thành lập" if verdict is Verdict.EXEMPT else "",
    )


def _partner(number: int, kind: str = "so_ban_nganh") -> Partner:
    code = f"DV-{number:04d}"
    address = f"so-{number}@minhhoa.example; van-thu-{number}@minhhoa.example"
    return Partner(
        code, f"Sở (minh họa) {number:02d}", kind, gives=True, receives=False, email=address, contact="Bà An"
    )


def _arrived(sequence: int, number: int, day: int, verdict: Verdict = Verdict.ACCEPTED, **more: object) -> Arrived:
    told: dict[str, object] = {
        "sequence": sequence,
        "year": 2025,
        "file": f"inputs/2025/{sequence}.xlsx",
        "sha256": "0" * 64,
        "received": datetime(2025, 12, day, 20, 15, tzinfo=timezone(timedelta(0))),
        "form": "KN-01",
        "partner": f"DV-{number:04d}",
        "verdict": verdict,
        "revision": 1,
        "repeats": False,
        "errors": 0,
        "warnings": 0,
    }
    return Arrived(**(told | more))  # type: ignore[arg-type]


def _delivery(one: Arrived, kind: DeliveryKind = DeliveryKind.WORKBOOK) -> Delivery:
    return Delivery(one.sequence, 2025, one.file, one.sha256, one.received, kind, sender="so-1@minhhoa.example")


def _state(*rows: StatusRow, arrived: tuple[Arrived, ...] = (), **more: object) -> StateOfReporting:
    told: dict[str, object] = {
        "year": 2025,
        "campaign": CAMPAIGN,
        "rows": rows,
        "partners": {
            f"DV-{number:04d}": _partner(number, "xa" if number > 5 else "so_ban_nganh") for number in range(1, 9)
        },
        "kinds": KINDS,
        "arrived": arrived,
        "deliveries": tuple(map(_delivery, arrived)),
    }
    return StateOfReporting(**(told | more))  # type: ignore[arg-type]


def _sheet(state: StateOfReporting, title: str) -> TableSheet:
    return next(sheet for sheet in status_sheets(state) if sheet.title == title)


def _column(sheet: TableSheet, heading: str) -> list[object]:
    place = [column.heading for column in sheet.columns].index(heading)
    return [row[place] for row in sheet.rows]


def _drawn(state: StateOfReporting) -> Workbook:
    content = draw_workbook(status_sheets(state), title="T", creator="C", day=CAMPAIGN.due)
    return load_workbook(io.BytesIO(content), data_only=True)


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.booleans()), max_size=40))
@settings(max_examples=100, deadline=None)
def test_every_obligation_stands_in_one_column_and_no_share_exceeds_the_whole(told: list[tuple[Verdict, bool]]) -> None:
    counted = tally([_row(number, verdict, late=late) for number, (verdict, late) in enumerate(told)])
    assert counted.owed == len(told)
    assert counted.received == counted.on_time + counted.late
    assert counted.received == counted.accepted + counted.warned + counted.nil + counted.waiting
    assert counted.owed == counted.received + counted.exempt + counted.unusable + counted.missing
    for part in (counted.received_share, counted.counted_share):
        assert part is None or 0 <= part <= 1
    assert (counted.received_share == 1) == (counted.received == counted.owed - counted.exempt > 0)


def test_a_share_is_the_whole_only_when_nothing_is_missing() -> None:
    assert share(9_999, 10_000) == Decimal("0.999")
    assert share(10_000, 10_000) == 1
    assert share(0, 0) is None


def test_the_summary_counts_by_form_and_kind_of_partner_in_the_order_of_the_registry() -> None:
    rows = [
        _row(6, Verdict.ACCEPTED),
        _row(1, Verdict.ACCEPTED),
        _row(2, Verdict.NIL, late=True),
        _row(3, Verdict.EXEMPT),
        _row(4, Verdict.MISSING),
        _row(9, Verdict.UNREADABLE, due=None),
    ]
    sheet = _sheet(_state(*rows), "Tổng hợp")
    assert _column(sheet, "Loại đơn vị") == ["Sở, ban, ngành", "Xã, phường, thị trấn", "Cộng biểu KN-01", "TỔNG CỘNG"]
    assert _column(sheet, "Phải báo cáo") == [4, 1, 5, 5], "what nobody owes is not counted"
    assert _column(sheet, "Được miễn") == [1, 0, 1, 1]
    assert _column(sheet, "Đã nhận") == [2, 1, 3, 3]
    assert _column(sheet, "Đúng hạn") == [1, 1, 2, 2]
    assert _column(sheet, "Muộn") == [1, 0, 1, 1]
    assert _column(sheet, "Chưa gửi") == [1, 0, 1, 1]
    assert _column(sheet, "Tỷ lệ đã nhận") == [Decimal("0.666"), 1, Decimal("0.75"), Decimal("0.75")]


def test_each_obligation_has_a_row_in_words_and_its_reply_where_there_is_one() -> None:
    rows = [_row(1, Verdict.ACCEPTED), _row(2, Verdict.ACCEPTED, late=True), _row(3, Verdict.MISSING)]
    arrived = (_arrived(1, 1, 18, file=rows[0].file), _arrived(2, 2, 26, file=rows[1].file))
    book = _drawn(_state(*rows, arrived=arrived, replies={2: "DV-0002-KN-01-r1.eml"}))
    assert book["Lượt gửi"]["N7"].hyperlink.target == "replies/DV-0002-KN-01-r1.eml"
    shown = book["Theo đơn vị"]
    found = [[cell.value for cell in row[:8]] for row in shown.iter_rows(min_row=6)]
    due, received = datetime(2025, 12, 20), datetime(2025, 12, 18)  # noqa: DTZ001
    assert found == [
        ["DV-0001", "Sở (minh họa) 01", "KN-01", due, received, "đúng hạn", 1, "đạt"],
        ["DV-0002", "Sở (minh họa) 02", "KN-01", due, received.replace(day=26), "muộn", 1, "đạt"],
        ["DV-0003", "Sở (minh họa) 03", "KN-01", due, None, None, None, "chưa gửi"],
    ]
    assert [shown.cell(row, 12).value for row in (6, 7, 8)] == ["1.xlsx", "2.xlsx", None]
    links = [shown.cell(row, 13).hyperlink for row in (6, 7, 8)]
    assert [link and link.target for link in links] == [None, "replies/DV-0002-KN-01-r1.eml", None]


def test_who_has_not_sent_is_listed_with_an_address_to_write_to() -> None:
    rows = [_row(1, Verdict.ACCEPTED), _row(2, Verdict.MISSING), _row(3, Verdict.EXEMPT), _row(7, Verdict.NOT_OUR_FORM)]
    shown = _drawn(_state(*rows))["Chưa gửi"]
    found = [[cell.value for cell in row] for row in shown.iter_rows(min_row=6)]
    assert [(one[0], one[1], one[3], one[7]) for one in found] == [
        (1, "DV-0002", "Sở, ban, ngành", "chưa gửi"),
        (2, "DV-0007", "Xã, phường, thị trấn", "không đúng biểu mẫu"),
    ]
    assert found[0][8:] == ["so-2@minhhoa.example\nvan-thu-2@minhhoa.example", "Soạn thư", "Bà An"]
    target = shown["J6"].hyperlink.target
    assert target.startswith("mailto:so-2@minhhoa.example,van-thu-2@minhhoa.example?subject=")


def test_when_all_have_sent_nobody_is_listed() -> None:
    assert _drawn(_state(_row(1, Verdict.NIL)))["Chưa gửi"]["A6"].value == "Tất cả các đơn vị phải báo cáo đã gửi."


def test_every_delivery_is_listed_in_the_order_of_arrival_enclosures_too() -> None:
    arrived = (
        _arrived(1, 1, 10),
        _arrived(2, 1, 11, repeats=True),
        _arrived(3, 0, 12, Verdict.UNREADABLE, form="", partner="", revision=0, errors=1),
    )
    letter = _delivery(_arrived(4, 0, 13, file="inputs/2025/thư.eml"), DeliveryKind.MESSAGE)
    paper = _delivery(_arrived(5, 0, 13, file="inputs/2025/thư.eml/công văn.pdf"), DeliveryKind.ENCLOSURE)
    state = _state(_row(1, Verdict.ACCEPTED), arrived=arrived)
    listed = _sheet(_state(*state.rows, arrived=arrived, deliveries=(*state.deliveries, letter, paper)), "Lượt gửi")
    assert _column(listed, "Lượt") == [1, 2, 3, 4, 5]
    assert _column(listed, "Loại") == ["tệp biểu", "tệp biểu", "tệp biểu", "thư", "tệp kèm theo"]
    assert _column(listed, "Tệp")[-1] == "thư.eml/công văn.pdf"
    assert _column(listed, "Nội dung") == ["mới", "như lần 1", "", None, None]
    assert _column(listed, "Tình trạng") == ["đạt", "đạt", "không đọc được", None, None]
    assert _column(listed, "Nhận lúc")[0] == datetime(2025, 12, 11, 3, 15), "on the office's clock"  # noqa: DTZ001
    assert "3 tệp biểu, 1 thư, 1 tệp kèm theo" in listed.lines


def test_arrivals_by_day_show_first_returns_on_time_and_late_with_the_deadline_among_them() -> None:
    rows = [
        _row(1, Verdict.ACCEPTED),
        _row(2, Verdict.ACCEPTED, late=True),
        _row(3, Verdict.MISSING),
        _row(4, Verdict.EXEMPT),
    ]
    arrived = (
        _arrived(1, 1, 17),
        _arrived(2, 1, 18, revision=2),
        _arrived(3, 2, 21),
        _arrived(4, 0, 18, Verdict.NOT_OUR_FORM, form="", partner="", revision=0),
    )
    sheet = _sheet(_state(*rows, arrived=arrived), "Theo ngày")
    assert [tuple(row) for row in sheet.rows] == [
        (date(2025, 12, 18), 1, 0, 0, 1, Decimal("0.333")),
        (date(2025, 12, 19), 0, 0, 2, 1, Decimal("0.333")),
        (date(2025, 12, 20), 0, 0, 0, 1, Decimal("0.333")),
        (date(2025, 12, 21), 0, 0, 0, 1, Decimal("0.333")),
        (date(2025, 12, 22), 0, 1, 0, 2, Decimal("0.666")),
    ]
    assert set(sheet.tones) == {(2, -1)}, "the deadline stands out"
    assert sheet.chart is not None
    assert "20/12/2025" in sheet.chart.title


def test_arrivals_over_a_long_time_are_listed_without_the_empty_days() -> None:
    arrived = (_arrived(1, 1, 17), _arrived(2, 2, 17)._replace(received=datetime(2026, 12, 1, tzinfo=VIETNAM)))
    sheet = _sheet(_state(_row(1, Verdict.ACCEPTED), _row(2, Verdict.ACCEPTED), arrived=arrived), "Theo ngày")
    assert _column(sheet, "Ngày") == [date(2025, 12, 18), date(2025, 12, 20), date(2026, 12, 1)]


def test_a_year_in_which_nothing_arrived_is_drawn_all_the_same() -> None:
    book = _drawn(_state(illustrative=True))
    assert book.sheetnames == ["Tổng hợp", "Theo đơn vị", "Chưa gửi", "Lượt gửi", "Theo ngày"]
    assert "SỐ LIỆU MINH HỌA - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG" in [
        row[0] for row in book["Tổng hợp"].iter_rows(values_only=True)
    ]


@pytest.mark.parametrize("size", [5_000])
def test_a_large_year_is_drawn_at_once(size: int, tmp_path: Path) -> None:
    arrived = tuple(_arrived(number, number, 1 + number % 28) for number in range(1, size))
    rows = [_row(number, Verdict.ACCEPTED) for number in range(1, size)]
    target = tmp_path / "a.xlsx"
    target.write_bytes(
        draw_workbook(status_sheets(_state(*rows, arrived=arrived)), title="T", creator="C", day=CAMPAIGN.due)
    )
    assert load_workbook(target, read_only=True)["Theo đơn vị"].max_row == size + 4


# --- on a real workspace ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A new workspace with a file that is no workbook, and one beside it that is not read."""
    root = tmp_path_factory.mktemp("status") / "ws"
    init(root)
    folder = root / "inputs" / "2025" / "2025-12-10"
    folder.mkdir(parents=True)
    (folder / "một.xlsx").write_bytes(b"this is no workbook")
    (folder / "=công văn.pdf").write_bytes(b"%PDF-1.4")
    opened = open_workspace(root)
    ingest(opened, 2025)
    return opened


def _path(workspace: Workspace) -> Path:
    return workspace.root / "outputs" / "2025" / "tinh-hinh-bao-cao.xlsx"


def _write_again(workspace: Workspace) -> None:
    registry, forms = load_registry_or_refuse(workspace), load_forms_or_refuse(workspace)
    register, faults = refreshed(workspace)
    assert not faults
    deliveries = read_journal(workspace.journal, "journal")[0].deliveries
    with register:
        write_papers(desk_of(workspace, 2025, registry, forms, register, deliveries))


def test_the_workbook_is_made_again_byte_for_byte_after_outputs_were_deleted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _path(workspace).read_bytes()
    shutil.rmtree(workspace.outputs)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    _write_again(workspace)
    assert _path(workspace).read_bytes() == first


def test_the_workbook_of_a_real_year_lists_everybody_who_owes_and_all_that_came(workspace: Workspace) -> None:
    book = load_workbook(_path(workspace), data_only=True)
    registry = load_registry_or_refuse(workspace)
    owing = {(one.partner.code, one.form) for one in obligations(registry, 2025)}
    listed = [tuple(row[:3]) for row in book["Theo đơn vị"].iter_rows(min_row=6, values_only=True) if row[0]]
    assert {(code, form) for code, _, form in listed} == owing
    assert len(listed) == len(owing)
    assert book["Chưa gửi"].max_row == len(owing) + 5
    files = {row[3] for row in book["Lượt gửi"].iter_rows(min_row=6, values_only=True)}
    assert {"2025-12-10/một.xlsx", "2025-12-10/=công văn.pdf"} == files
    assert [cell.hyperlink.target for cell in book["Lượt gửi"]["N"] if cell.hyperlink] == ["replies/luot-2.eml"]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
