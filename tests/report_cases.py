"""Hand-made returns for the tests of merge, figures, render, trace and report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from generator.definitions.forms import Form
from generator.definitions.load import load_forms
from generator.model import (
    Assignment,
    Campaign,
    Counted,
    LegalBasis,
    Obligation,
    Partner,
    Registry,
    Scalar,
    Setting,
    Submission,
    Value,
    Verdict,
)
from generator.stages.figures import Standing

TEMPLATES = Path(__file__).parents[1] / "templates"
FORM = "KN-01"
RECEIVED_FORM = "KN-02"
BOARD_FORM = "KN-00"
DUE = date(2025, 12, 20)


@cache
def forms() -> Mapping[str, Form]:
    """The forms that are shipped."""
    found, issues = load_forms(TEMPLATES / "forms")
    assert not issues, issues
    return found


def counted(
    partner: str,
    rows: Sequence[Mapping[str, Scalar]] = (),
    fields: Mapping[str, Scalar] | None = None,
    *,
    year: int = 2025,
    revision: int = 1,
    verdict: Verdict = Verdict.ACCEPTED,
    received: datetime = datetime(2025, 12, 1, 8, tzinfo=UTC),
    tables: Mapping[str, Sequence[Mapping[str, Scalar]]] | None = None,
    form: str = FORM,
) -> Counted:
    """A return with these activities and answers; its cells are numbered in the order of the values.

    `rows` are those of the form's own table of gifts.
    """
    all_tables = {"nhan_duoc" if form == RECEIVED_FORM else "hoat_dong": rows, **(tables or {})}
    values = [Value("", 0, name, value, str(value), "Thông tin chung", f"E{at}") for at, (name, value) in _at(fields)]
    for table, table_rows in all_tables.items():
        for number, row in enumerate(table_rows, start=1):
            for at, (name, value) in _at(row):
                values.append(Value(table, number, name, value, str(value), table, f"{chr(66 + at)}{11 + number}"))
    submission = Submission(
        form, "1", partner, year, f"{partner}{year}{revision}".encode().hex().ljust(64, "0")[:64],
        f"inputs/{year}/{partner.lower()}-r{revision}.xlsx", tuple(values),
    )  # fmt: skip
    return Counted(f"{form}/{year}/{partner}/r{revision}", submission, received, verdict)


def _at(named: Mapping[str, Scalar] | None) -> Iterable[tuple[int, tuple[str, Scalar]]]:
    return enumerate((named or {}).items(), start=1)


def gift(
    value: int | None, kind: str = "nha_o", source: str = "don_vi", commune: str = "XA-0001", **more: Scalar
) -> dict[str, Scalar]:
    """An activity of this value; None: nothing was entered."""
    return {"xa": commune, "loai": kind, "noi_dung": "Hỗ trợ", "gia_tri": value, "nguon": source, **more}


def taken(value: int | None, kind: str = "nha_o", giver: str = "", **more: Scalar) -> dict[str, Scalar]:
    """A gift as the commune that received it tells it."""
    return {"don_vi": giver, "loai": kind, "noi_dung": "Nhận", "gia_tri": value, **more}


def need(value: int, kind: str = "cong_trinh_ha_tang", urgent: str = "1") -> dict[str, Scalar]:
    """What a commune asks for next year."""
    return {"noi_dung": "Làm đường thôn", "loai": kind, "uu_tien": urgent, "gia_tri_du_kien": value}


def partner(code: str, name: str = "") -> Partner:
    """A giving unit, a receiving commune, or the board ("TT…"), by its code."""
    if code.startswith("TT"):
        return Partner(code, name or "Ban Dân tộc tỉnh", "thuong_truc", False, False)
    gives = code.startswith("DV")
    return Partner(
        code, name or f"{'Sở (minh họa)' if gives else 'xã'} {code}", "", gives, not gives, district="Nam Trà My"
    )


def standing(
    code: str,
    verdict: Verdict = Verdict.ACCEPTED,
    received: date | None = date(2025, 12, 1),
    name: str = "",
    year: int = 2025,
) -> Standing:
    """An obligation of a giving unit and where it stands."""
    at = datetime(received.year, received.month, received.day, 8, tzinfo=UTC) if received else None
    return Standing(Obligation(partner(code, name), FORM, year, DUE.replace(year=year)), verdict, at)


def registry(*partners: Partner, owed: tuple[str, ...] = (FORM,)) -> Registry:
    """A registry with these partners, communes XA-0001 and XA-0002, and campaigns for 2024 and 2025.

    `owed` are the forms of both campaigns.
    """
    campaigns = tuple(
        Campaign(year, date(year - 1, 12, 15), date(year, 12, 14), date(year, 12, 20), "ban@example", owed)
        for year in (2024, 2025)
    )
    communes = (partner("XA-0001", "xã Trà Tập"), partner("XA-0002", "xã Trà Don"))
    assignments = tuple(Assignment(one.code, "XA-0001", date(2020, 4, 16)) for one in partners if one.gives)
    bases = (
        LegalBasis(
            "23-CT/TU", date(2012, 10, 22), "Ban Thường vụ Tỉnh ủy", "về tăng cường công tác kết nghĩa", "Chỉ thị"
        ),
        LegalBasis(
            "3651/QĐ-UBND", date(2021, 12, 13), "UBND tỉnh", "ban hành Kế hoạch", "Quyết định", until=date(2025, 6, 30)
        ),
    )
    return Registry((*partners, *communes), assignments, campaigns, bases, SETTINGS)


SETTINGS = tuple(
    Setting(name, value)
    for name, value in (
        ("co_quan_chu_quan", "UBND TỈNH QUẢNG NAM"),
        ("co_quan_ban_hanh", "BAN DÂN TỘC"),
        ("ten_co_quan", "Ban Dân tộc tỉnh"),
        ("ky_hieu", "BC-BDT"),
        ("dia_danh", "Quảng Nam"),
        ("chuc_vu_ky", "TRƯỞNG BAN"),
        ("nguoi_ky", "Nguyễn Văn A"),
        ("kinh_gui", "Ủy ban nhân dân tỉnh Quảng Nam"),
        ("noi_nhan", "Như trên; Lưu: VT, CS"),
    )
)


def values_by_id(counted: Iterable[Counted], wanted: Iterable[str]) -> dict[str, Value]:
    """The values of these ids, with their places and raw text; an id that leads nowhere is left out."""
    positions: dict[str, list[int]] = {}
    for value_id in wanted:
        key, _, tail = value_id.rpartition("/")
        if tail.isascii() and tail.isdigit():
            positions.setdefault(key, []).append(int(tail))
    found = {}
    for one in counted:
        values = one.submission.values
        for wanted_position in positions.get(one.key, ()):
            if 0 < wanted_position <= len(values):
                found[f"{one.key}/{wanted_position}"] = values[wanted_position - 1]
    return found
