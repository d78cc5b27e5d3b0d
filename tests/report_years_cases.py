"""A small registry over three years with a reform in the last, its returns, and a small summary: plan and template."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime

from docx import Document

from generator.model import (
    Assignment,
    Campaign,
    Counted,
    Event,
    EventKind,
    LegalBasis,
    Partner,
    Registry,
    Scalar,
    Setting,
)
from report_cases import SETTINGS, counted, gift, taken

REFORM, EVE, END = date(2025, 7, 1), date(2025, 6, 30), date(2025, 12, 14)
RESOLUTION = "Nghị quyết 1659/NQ-UBTVQH15 ngày 16/6/2025"
YEARS = (2023, 2024, 2025)


def giver(code: str, name: str, since: date | None = None, until: date | None = None) -> Partner:
    return Partner(code, f"{name} (minh họa)", "so_ban_nganh", True, False, since=since, until=until)


def commune(code: str, name: str, district: str = "", since: date | None = None, until: date | None = None) -> Partner:
    return Partner(code, f"xã {name}", "xa", False, True, district, since, until)


PARTNERS = (
    giver("DV-0001", "Sở A"),
    giver("DV-0002", "Sở B", until=date(2025, 2, 28)),
    giver("DV-0003", "Sở C", until=date(2025, 2, 28)),
    giver("DV-0004", "Sở D", since=date(2025, 3, 1)),
    giver("DV-0005", "Hội E"),
    commune("XA-0001", "Trà Tập", "Nam Trà My", until=EVE),
    commune("XA-0002", "Trà Cang", "Nam Trà My", until=EVE),
    commune("XA-0003", "Trà Tập", since=REFORM),
    commune("XA-0004", "Trà Vân", "Nam Trà My"),
)
EVENTS = (
    Event(date(2025, 3, 1), EventKind.MERGE, ("DV-0002", "DV-0003"), "DV-0004", "Quyết định 5/QĐ-UBND"),
    Event(REFORM, EventKind.MERGE, ("XA-0001", "XA-0002"), "XA-0003", RESOLUTION),
)
ASSIGNED = tuple(Assignment(one, "XA-0001", date(2020, 4, 16)) for one in ("DV-0001", "DV-0002", "DV-0003", "DV-0005"))
CAMPAIGNS = tuple(
    Campaign(
        year,
        date(year - 1, 12, 15),
        date(year, 12, 14),
        date(year, 12, 20),
        "ban@x.example",
        ("KN-01", "KN-02") if year < 2025 else ("KN-01", "KN-02", "KN-03"),
    )
    for year in (2022, *YEARS)
)
BASES = (
    LegalBasis("2305/KH-UBND", date(2018, 5, 8), "UBND tỉnh", "về", "Kế hoạch", until=date(2022, 12, 31)),
    LegalBasis("16-CT/TU", date(2021, 9, 9), "Tỉnh ủy", "về", "Chỉ thị"),
)
ISSUERS = (
    *(one for one in SETTINGS if one.name != "ten_co_quan"),
    Setting("ten_co_quan", "Ban Dân tộc tỉnh"),
    Setting("ten_co_quan", "Sở Dân tộc và Tôn giáo", date(2025, 3, 1)),
)
KNOWN = Registry(PARTNERS, ASSIGNED, CAMPAIGNS, BASES, ISSUERS, EVENTS)

PLAN = """
code: tong-ket
title: Tổng kết công tác kết nghĩa
form: KN-01
period: years
template: tong-ket.docx
output: bao-cao-tong-ket-{from}-{to}.docx
figures:
  tong: {label: tổng giá trị, from: KN-01.hoat_dong.gia_tri, aggregation: sum, year: all}
  theo_nam: {label: giá trị từng năm, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [nam], year: all}
  theo_xa: {label: giá trị của xã, from: KN-01.hoat_dong.gia_tri, aggregation: sum, by: [noi_nhan], year: all}
  theo_xa_nay:
    label: giá trị của xã hiện nay
    from: KN-01.hoat_dong.gia_tri
    aggregation: sum
    by: [noi_nhan_nay]
    year: all
  theo_xa_nay_nam:
    label: giá trị của xã hiện nay từng năm
    from: KN-01.hoat_dong.gia_tri
    aggregation: sum
    by: [noi_nhan_nay, nam]
    year: all
  tu_ke: {label: tự kê, from: KN-03.tong_hop.gia_tri, aggregation: sum, by: [nam], year: all}
comparisons:
  thay_doi: {label: giá trị, current: "theo_nam[{to}]", previous: "theo_nam[{from}]"}
scaled:
  nam_trieu: {label: giá trị từng năm, of: theo_nam, total: tong, unit: trieu}
shares:
  ty_trong: {label: tỷ trọng từng năm, of: theo_nam}
listings:
  xa_nay:
    label: theo xã
    by: noi_nhan_nay
    columns: {gia_tri: theo_xa_nay}
    series: {tung_nam: theo_xa_nay_nam}
  ky_luat: {label: kỷ luật, of: standings, forms: [KN-01], by: nam}
"""
LINES = (
    "{{ so_nam }} năm {{ tu_nam }}-{{ den_nam }}, {{ ten_co_quan }}, bản đồ {{ ban_do_ngay | ngay }}",
    "{%p for n in cac_nam %}",
    "Năm {{ n }}: {{ theo_nam[n] | dong }} ({{ nam_trieu[n] | so }} triệu, {{ ty_trong[n] | phan_tram }})",
    "{%p endfor %}",
    "Cả kỳ {{ tong | dong }}, tăng {{ thay_doi.muc | phan_tram }}, tự kê 2024: {{ tu_ke['2024'] | dong }}",
    "Chỉ nơi nhận kê: {{ so_khoan_chi_noi_nhan_ke | dem }} khoản, {{ gia_tri_chi_noi_nhan_ke | dong }}",
    "{%p for b in can_cu %}",
    "Căn cứ {{ b.so }}",
    "{%p endfor %}",
    "{%p for b in bien_dong %}",
    "{{ b.cau }}",
    "{%p endfor %}",
    "{%p for b in bien_dong_tom_tat %}",
    "Tóm tắt: {{ b.noi_dung }}",
    "{%p endfor %}",
    "So sánh: {{ ghi_chu_so_sanh }}",
    "{%p for x in xa_chua_co_don_vi %}",
    "Chưa có: {{ x }}",
    "{%p endfor %}",
    "{%p for d in don_vi_khong_bao_cao %}",
    "{{ d.ten }}: {{ d.so_nam | dem }} năm liền",
    "{%p endfor %}",
    "{%p for d in don_vi_sap_nhap %}",
    "{{ d.ten }} thành {{ d.ke_thua }}",
    "{%p endfor %}",
    "{%p for d in ky_luat %}",
    "{{ d.ten }}: {% for n in d.nam %}{{ n.nam }} {{ n.trang_thai }} {% endfor %}",
    "{%p endfor %}",
)


def template() -> bytes:
    document = Document()
    for line in LINES:
        document.add_paragraph(line)
    table = document.add_table(rows=3, cols=3)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells),
        (
            *("{%tr for x in xa_nay %}", "", ""),
            *("{{ x.ten }}", "{{ x.gia_tri | dong }}", "{% for n in x.tung_nam %}{{ n | dong }}; {% endfor %}"),
            *("{%tr endfor %}", "", ""),
        ),
        strict=True,
    ):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def given(code: str, year: int, value: int, xa: str = "XA-0001") -> Counted:
    rows = [gift(value, commune=xa, thoi_gian=f"{year}-05-10")]
    return counted(code, rows, {"ma_don_vi": code}, year=year, received=datetime(year, 12, 1, tzinfo=UTC))


def received(code: str, year: int, *rows: Mapping[str, Scalar]) -> Counted:
    return counted(code, rows, {"ma_don_vi": code}, year=year, form="KN-02")


RETURNS = (
    given("DV-0001", 2023, 10_400_000),
    given("DV-0002", 2023, 20_400_000, "XA-0002"),
    given("DV-0003", 2023, 30_400_000, "XA-0002"),
    given("DV-0001", 2024, 40_400_000),
    given("DV-0002", 2024, 50_400_000),
    given("DV-0001", 2025, 60_400_000, "XA-0003"),
    given("DV-0004", 2025, 70_400_000, "XA-0003"),
    # the commune tells one gift that its giver tells, one that only it tells, and one of a giver not heard
    received(
        "XA-0001",
        2024,
        taken(40_400_000, giver="DV-0001", thoi_gian="2024-05-10"),
        taken(7_000_000, kind="con_giong", giver="DV-0001", thoi_gian="2024-09-01"),
        taken(9_000_000, kind="con_giong", giver="DV-0005", thoi_gian="2024-09-01"),
    ),
    received("XA-0003", 2025, taken(3_000_000, kind="qua", giver="DV-0004"), taken(None, kind="qua", giver="DV-0004")),
    # its own totals of a year of which the register has a return, and of one of which it has none
    counted(
        "DV-0004",
        fields={"ma_don_vi": "DV-0004"},
        form="KN-03",
        tables={
            "tong_hop": [
                {"nam": 2024, "linh_vuc": "an_sinh", "gia_tri": 111_000_000},
            ],
            "hoat_dong": [],
        },
    ),
    counted(
        "DV-0005",
        fields={"ma_don_vi": "DV-0005"},
        form="KN-03",
        tables={"tong_hop": [{"nam": 2024, "linh_vuc": "an_sinh", "gia_tri": 5_000_000}]},
    ),
)
BY_YEAR = {2023: 61_200_000, 2024: 90_800_000, 2025: 130_800_000}
TOTAL = 282_800_000
