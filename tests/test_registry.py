"""The registry: made from the reviewed CSV files, read like any form, its contradictions told with their cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generator.definitions.load import load_forms
from generator.definitions.returned import Layout, Returned, TableLayout
from generator.lineage import Lineage
from generator.model import Event, EventKind, Registry, Scalar, Value
from generator.pipeline.registry import REGISTRY_FORM, load_registry, read_registry, registry_of, registry_workbook
from histories import histories

ROOT = Path(__file__).resolve().parents[1]
FORMS, _ = load_forms(ROOT / "templates" / "forms")
FORM = FORMS[REGISTRY_FORM]

Rows = Mapping[str, list[Mapping[str, Scalar]]]

GIVER = {"ma": "DV-0001", "ten": "Sở A", "loai": "so_ban_nganh", "giup_do": True, "nhan": False}
COMMUNE = {"ma": "XA-0001", "ten": "xã B", "loai": "xa", "giup_do": False, "nhan": True}
PAIR = {"don_vi": "DV-0001", "xa": "XA-0001", "tu_ngay": "2020-04-16", "quyet_dinh": "QĐ"}
CAMPAIGN = {
    "nam": 2025,
    "tu_ngay": "2024-12-15",
    "den_ngay": "2025-12-14",
    "han_gui": "2025-12-20",
    "noi_gui": "a@b.example",
    "bieu": "KN-01",
}
PAPER = {"loai": "chi_thi", "so_ky_hieu": "23-CT/TU", "ngay_ban_hanh": "2012-10-22", "co_quan": "TU", "trich_yeu": "v"}
SETTING = {"ten": "dia_danh", "gia_tri": "Tam Kỳ"}
MERGED = COMMUNE | {"den_ngay": "2025-06-30"}
HEIR = COMMUNE | {"ma": "XA-0002", "ten": "xã C", "tu_ngay": "2025-07-01"}
MERGER = {"ngay": "2025-07-01", "loai": "sap_nhap", "tu_ma": "XA-0001", "den_ma": "XA-0002", "van_ban": "NQ"}
ENDED = PAIR | {"den_ngay": "2025-06-30"}
SOUND: Rows = {
    "partners": [GIVER, COMMUNE],
    "assignments": [PAIR],
    "campaigns": [CAMPAIGN],
    "documents": [PAPER],
    "settings": [SETTING],
}


def returned(rows: Rows) -> Returned:
    """The rows as normalise gives them: row 1 of a table stands in row 12, columns begin at C."""
    values, tables = [], {}
    for sheet in FORM.sheets:
        if sheet.table is None:
            continue
        columns = {column.code: number for number, column in enumerate(sheet.table.columns, start=3)}
        tables[sheet.code] = TableLayout(sheet.title, columns, 11)
        for number, row in enumerate(rows.get(sheet.code, []), start=1):
            for code, value in row.items():
                cell = f"{'ABCDEFGHIJKLMNOPQRSTUV'[columns[code] - 1]}{11 + number}"
                values.append(Value(sheet.code, number, code, value, str(value), sheet.title, cell))
    return Returned("inputs/registry.xlsx", tuple(values), Layout({}, tables))


def judged(rows: Rows) -> list[tuple[str, str]]:
    _, issues = registry_of(returned(rows), FORM, FORMS)
    return [(f"{found.place.sheet}!{found.place.cell}", found.code) for found in issues]


def merged(*events: Mapping[str, Scalar], partners: list[Mapping[str, Scalar]] | None = None) -> Rows:
    """A registry in which XA-0001 became XA-0002 on 1-7-2025, with the events that are given."""
    return {**SOUND, "assignments": [ENDED], "partners": [GIVER, *(partners or [MERGED, HEIR])], "events": list(events)}


def with_rows(table: str, *rows: Mapping[str, Scalar]) -> Rows:
    return {**SOUND, table: list(rows)}


def test_a_sound_registry_becomes_records() -> None:
    registry, issues = registry_of(returned(SOUND), FORM, FORMS)
    assert issues == []
    assert [(one.code, one.gives, one.receives) for one in registry.partners] == [
        ("DV-0001", True, False),
        ("XA-0001", False, True),
    ]
    assert registry.assignments[0].since == date(2020, 4, 16)
    assert registry.campaigns[0].deadline == date(2025, 12, 20)
    assert registry.campaigns[0].forms == ("KN-01",)
    assert (registry.legal_bases[0].kind, registry.legal_bases[0].since) == ("Chỉ thị", date(2012, 10, 22))
    assert (registry.settings[0].name, registry.settings[0].since) == ("dia_danh", None)


def test_events_areas_and_extensions_become_records() -> None:
    hard = MERGED | {"khu_vuc": "3", "dbkk": True, "ma_thong_ke": "20941"}
    rows: Rows = {
        **merged(MERGER | {"tu_ma": "XA-0001; XA-0003,XA-0001"}, partners=[hard, HEIR | {"dbkk": False}]),
        "campaigns": [CAMPAIGN | {"gia_han": "2025-12-27"}],
    }
    registry, _ = registry_of(returned(rows), FORM, FORMS)
    assert registry.events == (
        Event(date(2025, 7, 1), EventKind.MERGE, ("XA-0001", "XA-0003"), "XA-0002", document="NQ"),
    )
    _, first, second = registry.partners
    assert (first.area, first.hard, first.statistics_code) == ("III", True, "20941")
    assert (second.area, second.hard) == ("", False)
    assert registry.partners[0].hard is None
    assert registry.campaigns[0].due == date(2025, 12, 27)


@pytest.mark.parametrize(
    ("rows", "place", "code"),
    [
        (with_rows("partners", GIVER, COMMUNE, GIVER), "Đơn vị!C14", "registry.overlap"),
        (
            with_rows("partners", GIVER | {"den_ngay": "2025-03-01"}, GIVER | {"tu_ngay": "2025-03-01"}, COMMUNE),
            "Đơn vị!C13",
            "registry.overlap",
        ),
        (with_rows("partners", GIVER, COMMUNE, COMMUNE | {"ma": "XA-0002"}), "Đơn vị!D14", "registry.same_name"),
        (with_rows("partners", GIVER | {"ma": "dv1"}, COMMUNE), "Đơn vị!C12", "registry.bad_partner_code"),
        (with_rows("partners", GIVER | {"thu_dien_tu": "so.a.example"}, COMMUNE), "Đơn vị!P12", "registry.bad_email"),
        (
            with_rows("partners", GIVER, COMMUNE | {"tu_ngay": "2020-01-01", "den_ngay": "2019-01-01"}),
            "Đơn vị!O13",
            "registry.dates_swapped",
        ),
        (with_rows("partners", GIVER, COMMUNE | {"tu_ngay": "2020-01"}), "Đơn vị!N13", "registry.not_a_day"),
        (with_rows("assignments", PAIR | {"xa": "XA-0009"}), "Phân công!D12", "registry.unknown_partner"),
        (with_rows("assignments", PAIR | {"xa": "DV-0001"}), "Phân công!D12", "registry.wrong_role"),
        (with_rows("assignments", PAIR, PAIR), "Phân công!C13", "registry.twice"),
        (
            with_rows("partners", GIVER | {"tu_ngay": "2021-01-01"}, COMMUNE),
            "Phân công!E12",
            "registry.partner_not_valid",
        ),
        (
            with_rows("partners", GIVER, COMMUNE | {"den_ngay": "2025-06-30"}),
            "Phân công!F12",
            "registry.assignment_open",
        ),
        (with_rows("campaigns", CAMPAIGN, CAMPAIGN), "Đợt báo cáo!C13", "registry.twice"),
        (with_rows("campaigns", CAMPAIGN | {"nam": 2024}), "Đợt báo cáo!C12", "registry.campaign_year"),
        (with_rows("campaigns", CAMPAIGN | {"tu_ngay": "2025-12-01"}), "Đợt báo cáo!E12", "registry.campaign_length"),
        (with_rows("campaigns", CAMPAIGN | {"han_gui": "2025-11-20"}), "Đợt báo cáo!F12", "registry.deadline_early"),
        (with_rows("campaigns", CAMPAIGN | {"gia_han": "2025-12-20"}), "Đợt báo cáo!G12", "registry.extension_early"),
        (
            with_rows("campaigns", CAMPAIGN, CAMPAIGN | {"nam": 2026, "den_ngay": "2026-12-14"}),
            "Đợt báo cáo!D13",
            "registry.campaign_overlap",
        ),
        (with_rows("partners", GIVER, COMMUNE | {"khu_vuc_tu_ngay": "2021-06-04"}), "Đơn vị!K13", "registry.day_alone"),
        (with_rows("partners", GIVER, COMMUNE | {"dbkk_tu_ngay": "2021-06-04"}), "Đơn vị!M13", "registry.day_alone"),
        (
            merged(MERGER, partners=[MERGED | {"dbkk": True, "dbkk_tu_ngay": "2025-07-01"}, HEIR]),
            "Đơn vị!M13",
            "registry.day_after_end",
        ),
        (
            with_rows(
                "partners",
                GIVER | {"den_ngay": "2025-06-30"},
                GIVER | {"loai": "huyen", "tu_ngay": "2025-07-01"},
                COMMUNE,
            ),
            "Đơn vị!E13",
            "registry.kind_contradicts",
        ),
        (merged(), "Đơn vị!O13", "registry.ends_unexplained"),
        (merged(MERGER | {"tu_ma": "XA-1"}), "Biến động!E12", "registry.bad_partner_code"),
        (merged(MERGER | {"tu_ma": "XA-0001, XA-0009"}), "Biến động!E12", "registry.event_unknown"),
        (merged(MERGER | {"den_ma": "XA-0009"}), "Biến động!F12", "registry.event_unknown"),
        (merged(MERGER, MERGER), "Biến động!C13", "registry.twice"),
        (merged(MERGER | {"tu_ma": "XA-0001, XA-0002", "den_ma": None}), "Biến động!E12", "registry.event_codes"),
        (merged(MERGER | {"loai": "chia", "tu_ma": "XA-0001, XA-0009"}), "Biến động!E12", "registry.event_codes"),
        (merged(MERGER | {"loai": "doi_ten"}), "Biến động!E12", "registry.event_codes"),
        (merged(MERGER | {"loai": "giai_the"}), "Biến động!E12", "registry.event_codes"),
        (merged(MERGER | {"loai": "thanh_lap"}), "Biến động!E12", "registry.event_codes"),
        (
            merged(MERGER, MERGER | {"tu_ma": "XA-0002", "den_ma": "XA-0001"}),
            "Biến động!E13",
            "registry.event_circle",
        ),
        (merged(MERGER, MERGER | {"loai": "giai_the", "den_ma": None}), "Biến động!E13", "registry.event_contradicts"),
        (merged(MERGER, MERGER | {"loai": "chia"}), "Biến động!E13", "registry.event_contradicts"),
        (merged(MERGER | {"ngay": "2025-08-01"}), "Biến động!E12", "registry.event_source_gone"),
        (merged(MERGER, partners=[COMMUNE, HEIR]), "Biến động!E12", "registry.event_source_stays"),
        (
            merged(MERGER, partners=[MERGED, HEIR | {"tu_ngay": "2025-07-02"}]),
            "Biến động!F12",
            "registry.event_target_absent",
        ),
        (
            merged(MERGER, partners=[MERGED, HEIR | {"tu_ngay": "2020-01-01"}]),
            "Biến động!F12",
            "registry.event_target_older",
        ),
        (
            merged(MERGER | {"loai": "doi_ten", "den_ma": "XA-0001"}, partners=[COMMUNE]),
            "Biến động!F12",
            "registry.event_target_older",
        ),
        (with_rows("campaigns", CAMPAIGN | {"noi_gui": "Ban Dân tộc"}), "Đợt báo cáo!H12", "registry.bad_email"),
        (with_rows("campaigns", CAMPAIGN | {"bieu": "KN-01, KN-99"}), "Đợt báo cáo!I12", "registry.unknown_form"),
        (with_rows("campaigns", CAMPAIGN | {"bieu": "DM-01"}), "Đợt báo cáo!I12", "registry.unknown_form"),
        (with_rows("campaigns", CAMPAIGN | {"bieu": "KN-01, KN-00"}), "Đợt báo cáo!I12", "registry.form_unowed"),
        (with_rows("documents", PAPER, PAPER), "Văn bản!D13", "registry.twice"),
        (with_rows("settings", SETTING, SETTING | {"gia_tri": "Đà Nẵng"}), "Thiết lập!C13", "registry.twice"),
    ],
)
def test_a_contradiction_is_told_with_its_cell(rows: Rows, place: str, code: str) -> None:
    assert (place, code) in judged(rows)


@pytest.mark.parametrize(
    "rows",
    [
        merged(MERGER),
        merged(
            MERGER | {"loai": "chia"},
            MERGER | {"loai": "chia", "den_ma": "XA-0003"},
            partners=[MERGED, HEIR, HEIR | {"ma": "XA-0003", "ten": "xã D"}],
        ),
        merged(
            MERGER | {"loai": "doi_ten", "den_ma": "XA-0001"},
            MERGER | {"loai": "chuyen_dia_ban", "den_ma": "XA-0001"},
            partners=[MERGED, COMMUNE | {"ten": "xã C", "tu_ngay": "2025-07-01"}],
        ),
        merged(MERGER | {"loai": "giai_the", "den_ma": None}, partners=[MERGED]),
        merged(MERGER | {"ngay": "2025-07-01", "loai": "thanh_lap", "tu_ma": None}, MERGER),
        with_rows(
            "partners", GIVER, COMMUNE | {"huyen": "Núi Thành"}, COMMUNE | {"ma": "XA-0002", "huyen": "Phú Ninh"}
        ),
        with_rows("campaigns", CAMPAIGN | {"gia_han": "2025-12-27"}),
        with_rows("partners", GIVER | {"den_ngay": "2025-02-28"}, GIVER | {"tu_ngay": "2025-03-01"}, COMMUNE),
        with_rows("settings", SETTING, SETTING | {"gia_tri": "Đà Nẵng", "tu_ngay": "2025-07-01"}),
        with_rows("settings", {"ten": "noi_nhan", "gia_tri": "A"}, {"ten": "noi_nhan", "gia_tri": "B"}),
        with_rows("partners", GIVER | {"thu_dien_tu": "a@b.example; c@d.example"}, COMMUNE),
    ],
    ids=[
        "a merger",
        "a split",
        "two changes on one day",
        "dissolved",
        "a heir that is founded, too",
        "one name in two districts",
        "an extension",
        "one version after the other",
        "a setting from a later date",
        "several lines of one setting",
        "two addresses",
    ],
)
def test_what_only_looks_like_a_contradiction_is_let_be(rows: Rows) -> None:
    assert judged(rows) == []


def as_rows(registry: Registry) -> Rows:
    """The registry as its board would have typed it."""
    partners = [
        COMMUNE
        | {"ma": one.code, "ten": one.name}
        | {name: day.isoformat() for name, day in (("tu_ngay", one.since), ("den_ngay", one.until)) if day}
        for one in registry.partners
    ]
    events = [
        {"ngay": one.day.isoformat(), "loai": one.kind.value}
        | {name: code for name, code in (("tu_ma", ", ".join(one.sources)), ("den_ma", one.target)) if code}
        for one in registry.events
    ]
    return {**SOUND, "partners": [GIVER, *partners], "assignments": [], "events": events}


@given(histories())
@settings(max_examples=40, deadline=None)
def test_a_history_without_a_gap_has_no_fault(registry: Registry) -> None:
    assert judged(as_rows(registry)) == []
    read_back, _ = registry_of(returned(as_rows(registry)), FORM, FORMS)
    assert read_back.events == registry.events


@given(histories(), st.data())
@settings(max_examples=40, deadline=None)
def test_an_event_left_out_or_moved_is_noticed(registry: Registry, drawn: st.DataObject) -> None:
    ending = [one for one in registry.events if one.sources and one.sources != (one.target,)]
    assume(ending)
    lost = drawn.draw(st.sampled_from(ending))
    others = tuple(one for one in registry.events if one != lost)
    # one part of a split may be left out: the other one still says what became of the whole
    if not any(set(one.sources) & set(lost.sources) and one.day == lost.day for one in others):
        assert judged(as_rows(replace(registry, events=others)))
    moved = replace(lost, day=lost.day + timedelta(days=1))
    assert judged(as_rows(replace(registry, events=(*others, moved))))


@pytest.fixture(scope="module")
def shipped() -> tuple[bytes, Registry]:
    content, issues = registry_workbook(FORMS, ROOT / "templates" / "registry")
    assert issues == []
    registry, issues = read_registry(content, "inputs/registry.xlsx", FORMS)
    assert issues == []
    assert registry is not None
    return content, registry


def test_the_shipped_registry_holds_the_first_slice(shipped: tuple[bytes, Registry]) -> None:
    _, registry = shipped
    first = [f"XA-{number:04d}" for number in range(1, 11)]
    communes = [one for one in registry.partners if one.code in first]
    assert {one.name.removeprefix("xã ") for one in communes} == {
        *("Trà Tập", "Trà Cang", "Trà Mai", "Trà Don", "Trà Dơn"),
        *("Trà Leng", "Trà Linh", "Trà Nam", "Trà Vân", "Trà Vinh"),
    }
    assert {(one.district, one.until, one.receives) for one in communes} == {("Nam Trà My", date(2025, 6, 30), True)}
    givers = [one for one in registry.partners if one.code.startswith("DV-")]
    assert all(one.gives and "(minh họa)" in one.name and one.email.endswith(".example") for one in givers)
    pairs = {(one.giver, one.receiver) for one in registry.assignments}
    assert {(f"DV-{number:04d}", code) for number in range(1, 13) for code in first} & pairs
    assert {one.year: (one.start, one.end) for one in registry.campaigns}.items() >= {
        2024: (date(2023, 12, 15), date(2024, 12, 14)),
        2025: (date(2024, 12, 15), date(2025, 12, 14)),
    }.items()
    assert ("16-CT/TU", date(2021, 9, 9)) in {(one.number, one.issued) for one in registry.legal_bases}
    issuers = [(one.value, one.since) for one in registry.settings if one.name == "ten_co_quan"]
    assert issuers == [
        ("Ban Dân tộc tỉnh Quảng Nam", None),
        ("Sở Dân tộc và Tôn giáo tỉnh Quảng Nam", date(2025, 3, 1)),
        ("Sở Dân tộc và Tôn giáo thành phố Đà Nẵng", date(2025, 7, 1)),
    ]


@pytest.mark.parametrize(
    ("code", "heir", "name"),
    [
        ("XA-0001", "XA-0002", "xã Trà Tập"),
        ("XA-0002", "XA-0001", "xã Trà Tập"),
        ("XA-0005", "XA-0006", "xã Trà Leng"),
        ("XA-0004", "XA-0003", "xã Nam Trà My"),
    ],
    ids=["keeps its name", "merged with it", "Trà Dơn is in Trà Leng", "Trà Don is in Nam Trà My"],
)
def test_the_communes_of_one_merger_have_one_heir(
    shipped: tuple[bytes, Registry], code: str, heir: str, name: str
) -> None:
    _, registry = shipped
    lineage, day = Lineage(registry.events), date(2025, 7, 1)
    (one,) = lineage.heirs(code, day, day)
    assert lineage.heirs(heir, day, day) == (one,)
    assert [partner.name for partner in registry.partners if partner.code == one] == [name]
    assert one not in (code, heir)


def test_every_shipped_row_says_where_it_comes_from() -> None:
    for path in sorted((ROOT / "templates" / "registry").glob("*.csv")):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        assert header.endswith(",nguon")
        assert [line for line in lines if line.endswith(",")] == []


def test_the_same_csv_files_give_the_same_workbook(shipped: tuple[bytes, Registry]) -> None:
    assert registry_workbook(FORMS, ROOT / "templates" / "registry")[0] == shipped[0]


def test_a_csv_with_a_strange_column_or_value_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "settings.csv").write_text("ten,gia_tri,la\ndia_danh,Huế,\nten_la,x,\n", encoding="utf-8")
    (tmp_path / "partners.csv").write_bytes(b"ma,ten\nDV-0001,S\xff\n")
    _, issues = registry_workbook(FORMS, tmp_path)
    told = [(Path(found.place.file).name, found.place.line, found.code) for found in issues]
    assert ("partners.csv", 0, "registry.bad_csv") in told
    assert ("settings.csv", 2, "registry.csv_column") in told
    assert any(name == "settings.csv" and line == 3 and code.startswith("cell.choice") for name, line, code in told)


@pytest.mark.parametrize("content", [b"", b"khong phai excel", b"PK\x03\x04" + b"\0" * 50])
def test_a_file_that_is_no_workbook_is_an_issue(content: bytes) -> None:
    registry, issues = read_registry(content, "inputs/registry.xlsx", FORMS)
    assert registry is None
    assert issues


def test_a_workspace_without_registry_is_an_issue(tmp_path: Path) -> None:
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    registry, issues = load_registry(tmp_path)
    assert registry is None
    assert [(str(found.place), found.code) for found in issues] == [("inputs/registry.xlsx", "registry.missing")]
