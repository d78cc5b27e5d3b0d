"""Events become sentences that an official report can print, and the basis of comparison is said only when needed."""

from __future__ import annotations

from datetime import date

import pytest

from generator.model import Event, EventKind, Partner, Registry
from generator.pipeline.changes import basis_of_comparison, changes, cited, summaries

JULY = date(2025, 7, 1)
EVE = date(2025, 6, 30)
RESOLUTION = "Nghị quyết 1659/NQ-UBTVQH15 ngày 16/6/2025"
START, END = date(2024, 12, 15), date(2025, 12, 14)


def commune(code: str, name: str, since: date | None = None, until: date | None = None, **more: object) -> Partner:
    return Partner(code, name, "xa", False, True, since=since, until=until, **more)  # type: ignore[arg-type]


def giver(code: str, name: str, since: date | None = None, until: date | None = None) -> Partner:
    return Partner(code, name, "so_ban_nganh", True, False, since=since, until=until)


def told(partners: tuple[Partner, ...], *events: Event) -> list[str]:
    return [one.sentence for one in changes(Registry(partners, events=events), START, END)]


TRA_TAP = (
    commune("XA-1", "xã Trà Tập", until=EVE),
    commune("XA-2", "xã Trà Cang", until=EVE),
    commune("XA-3", "xã Trà Tập", since=JULY),
)


@pytest.mark.parametrize(
    ("partners", "events", "sentence"),
    [
        (
            TRA_TAP,
            [Event(JULY, EventKind.MERGE, ("XA-1", "XA-2"), "XA-3", "Nghị quyết 9/NQ ngày 16/6/2025")],
            "Từ ngày 01/7/2025, sắp xếp xã Trà Tập và xã Trà Cang thành xã Trà Tập (Nghị quyết số 9/NQ ngày 16/6/2025)",
        ),
        (
            (giver("DV-1", "Sở A", until=EVE), giver("DV-2", "Sở B", until=EVE), giver("DV-3", "Sở C", since=JULY)),
            [Event(JULY, EventKind.MERGE, ("DV-1", "DV-2"), "DV-3")],
            "Từ ngày 01/7/2025, sáp nhập Sở A và Sở B thành Sở C",
        ),
        (
            (giver("DV-1", "Sở A", until=EVE), giver("DV-2", "Sở B")),
            [Event(JULY, EventKind.MERGE, ("DV-1", "DV-2"), "DV-2", "Quyết định 12/QĐ-UBND")],
            "Từ ngày 01/7/2025, sáp nhập Sở A vào Sở B (Quyết định số 12/QĐ-UBND)",
        ),
        (
            (commune("XA-1", "xã A", until=EVE), commune("XA-2", "xã B", JULY), commune("XA-3", "xã C", JULY)),
            [Event(JULY, EventKind.SPLIT, ("XA-1",), one) for one in ("XA-2", "XA-3")],
            "Từ ngày 01/7/2025, chia xã A thành xã B và xã C",
        ),
        (
            (giver("DV-1", "Ban A", until=EVE), giver("DV-1", "Sở A", since=JULY)),
            [Event(JULY, EventKind.RENAME, ("DV-1",), "DV-1", "Chưa rõ số, ngày")],
            "Từ ngày 01/7/2025, Ban A đổi tên thành Sở A",
        ),
        (
            (commune("XA-1", "xã Quế Trung", until=EVE), commune("XA-1", "thị trấn Trung Phước", JULY)),
            [Event(JULY, EventKind.RETYPE, ("XA-1",), "XA-1")],
            "Từ ngày 01/7/2025, xã Quế Trung chuyển thành thị trấn Trung Phước",
        ),
        (
            (commune("XA-1", "xã A", district="Nông Sơn"), commune("XA-1", "xã A", JULY, district="Quế Sơn")),
            [Event(JULY, EventKind.MOVE, ("XA-1",), "XA-1")],
            "Từ ngày 01/7/2025, chuyển xã A từ địa bàn Nông Sơn về địa bàn Quế Sơn",
        ),
        (
            (giver("DV-1", "Hội A", until=EVE), giver("DV-2", "Hội B", until=EVE)),
            [Event(JULY, EventKind.DISSOLVE, (one,), "") for one in ("DV-1", "DV-2")],
            "Từ ngày 01/7/2025, kết thúc hoạt động của Hội A và Hội B",
        ),
        (
            (giver("DV-1", "Hội A", JULY),),
            [Event(JULY, EventKind.FOUND, (), "DV-1")],
            "Từ ngày 01/7/2025, thành lập Hội A",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_event_is_told_in_one_sentence(partners, events, sentence):
    assert told(partners, *events) == [sentence]


def test_events_of_others_and_of_other_days_are_left_out():
    outside = Partner("XA-9", "phường Xa", "xa", False, False)
    events = (
        Event(JULY, EventKind.RETYPE, ("XA-9",), "XA-9"),
        Event(date(2025, 12, 15), EventKind.RENAME, ("XA-1",), "XA-1"),
        Event(date(2024, 12, 14), EventKind.RENAME, ("XA-1",), "XA-1"),
    )
    assert told((outside, commune("XA-1", "xã A")), *events) == []


def test_a_district_belongs_to_the_report_when_a_receiver_lies_in_it():
    partners = (
        Partner("HU-1", "huyện Nam Trà My", "huyen", False, False, until=EVE),
        Partner("HU-2", "huyện Xa", "huyen", False, False, until=EVE),
        commune("XA-1", "xã A", district="Nam Trà My"),
    )
    events = [Event(JULY, EventKind.DISSOLVE, (code,), "") for code in ("HU-1", "HU-2")]
    assert told(partners, events[0]) == ["Từ ngày 01/7/2025, kết thúc hoạt động của huyện Nam Trà My"]
    assert told(partners, events[1]) == []


def many_mergers(count: int) -> tuple[tuple[Partner, ...], tuple[Event, ...]]:
    """So many mergers of two communes each into a ward, all by one resolution."""
    partners, events = [], []
    for at in range(count):
        old = [
            commune(f"XA-{at}{side}", f"{kind} Cũ {at}{side}", until=EVE)
            for side, kind in (("a", "xã"), ("b", "thị trấn"))
        ]
        partners += [*old, commune(f"XA-{at}c", f"phường Mới {at}", since=JULY)]
        events.append(Event(JULY, EventKind.MERGE, tuple(one.code for one in old), f"XA-{at}c", RESOLUTION))
    return tuple(partners), tuple(events)  # fmt: skip


def test_many_mergers_of_one_resolution_are_counted_by_type_and_few_are_named():
    partners, events = many_mergers(33)
    found = changes(Registry(partners, events=events), START, END)
    assert len(found) == 33
    (short,) = summaries(found)
    assert short.row()["cau"] == (
        "Từ ngày 01/7/2025, sắp xếp 33 xã và 33 thị trấn thành 33 phường"
        " (Nghị quyết số 1659/NQ-UBTVQH15 ngày 16/6/2025)"
    )
    assert {(figure.value, text) for figure, text in short.printed.items()} == {
        (33, "33 xã"), (33, "33 thị trấn"), (33, "33 phường"),
    }  # fmt: skip
    (named,) = summaries(
        changes(Registry(TRA_TAP, events=(Event(JULY, EventKind.MERGE, ("XA-1", "XA-2"), "XA-3"),)), START, END)
    )
    assert named.told == "sắp xếp xã Trà Tập và xã Trà Cang thành xã Trà Tập"
    assert named.printed == {}  # fmt: skip


def test_the_basis_of_comparison_is_told_only_when_somebody_merged_split_or_moved():
    partners, events = many_mergers(1)
    merged = changes(Registry(partners, events=events), START, END)
    renamed = changes(
        Registry((giver("DV-1", "Ban A"),), events=(Event(JULY, EventKind.RENAME, ("DV-1",), "DV-1"),)), START, END
    )
    assert basis_of_comparison(renamed, END) == ""
    assert basis_of_comparison(merged, END) == (
        "Để so sánh được giữa các năm, số liệu của đơn vị đã sắp xếp, sáp nhập được cộng vào đơn vị kế thừa"
        " theo địa giới hành chính và tổ chức tại ngày 14/12/2025 (theo Nghị quyết số 1659/NQ-UBTVQH15)"
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Nghị quyết 203/2025/QH15; Luật 72/2025/QH15", "Nghị quyết số 203/2025/QH15; Luật số 72/2025/QH15"),
        ("Nghị quyết số 5/NQ", "Nghị quyết số 5/NQ"),
        ("Nghị quyết sáp nhập sở (minh họa)", "Nghị quyết sáp nhập sở (minh họa)"),
        ("Chưa rõ số, ngày", ""),
        ("", ""),
    ],
)
def test_a_document_is_cited_as_prose_does(written, shown):
    assert cited(written) == shown
