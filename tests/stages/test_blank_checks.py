"""The sheet Kiểm tra, calculated by LibreOffice: what is missing, what is wrong and where, and when all is good."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import load_workbook

from generator.definitions.forms import Choice
from generator.definitions.load import load_forms
from generator.model import Campaign, Scalar
from generator.stages.blank import Address, compile_blank

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "a@b.example", ("KN-01",))
LISTS = {"@communes": (Choice("XA-0001", "xã Trà Don"), Choice("XA-0002", "xã Trà Dơn"))}
PREFILL: Mapping[str, Scalar] = {"partner.code": "DV-0001", "partner.name": "Sở A", "assigned.1": "xã Trà Don"}

Answers = dict[Address, Scalar]


class Calculated(NamedTuple):
    """The sheet as a partner sees it: its summary; result and link of each line that is not good, by sheet and text."""

    summary: str
    lines: int
    faults: Mapping[str, tuple[str, str]]
    links: Mapping[str, str]


def row(number: int, **changes: Scalar) -> Answers:
    """A good row of Hoạt động hỗ trợ, with some answers changed; None leaves a cell empty."""
    good: dict[str, Scalar] = {
        "thoi_gian": f"2025-0{number}-14",
        "xa": "XA-0001",
        "loai": "con_giong",
        "noi_dung": f"Tặng bò giống đợt {number}",
        "hinh_thuc": "hien_vat",
        "so_luong": 10,
        "don_vi_tinh": "con",
        "don_gia": 15_000_000,
        "gia_tri": 150_000_000,
        "nguon": "don_vi",
        "so_ho": 10,
        "so_nguoi": 42,
    }
    return {("hoat_dong", number, code): value for code, value in (good | changes).items()}


def single(**answers: Scalar) -> Answers:
    return {("", 0, code): value for code, value in answers.items()}


GOOD: Answers = single(
    thu_truong="Nguyễn Văn A, Giám đốc",
    nguoi_phu_trach="Trần Thị B",
    dien_thoai="0905 123 456",
    khong_phat_sinh=False,
    so_buoi_quan_triet=4,
    luot_nguoi_quan_triet=120,
    co_ke_hoach=True,
    so_ke_hoach="15/KH-SYT",
    ngay_ke_hoach="2025-02-20",
    ket_qua_noi_bat="Đạt.",
    ton_tai="Chậm.",
) | {address: value for number in (1, 2, 3, 4) for address, value in row(number).items()}

NIL: Answers = {address: value for address, value in GOOD.items() if not address[0]} | single(
    khong_phat_sinh=True, ly_do_khong_phat_sinh="Sáp nhập đơn vị."
)

FAULTY: Answers = (
    GOOD
    | single(so_buoi_quan_triet=400, luot_nguoi_quan_triet=300, so_ke_hoach=None, thu_truong="   ")
    | row(1, loai=None)
    | row(2, gia_tri=7)
    | row(3, so_nguoi=3, gia_tri=None)
    | row(4, so_nguoi=None)
    | row(5, thoi_gian="2025-04-14", noi_dung="Tặng bò giống đợt 4", so_nguoi=9)
    | {("ke_hoach", 100, "noi_dung"): "Nhà ở"}
)


def _calculated(path: Path) -> Calculated:
    sheet = load_workbook(path, data_only=True)["Kiểm tra"]
    formulas = load_workbook(path)["Kiểm tra"]
    lines, faults, links, title = 0, {}, {}, ""
    for line in sheet.iter_rows(min_row=11):
        title = str(line[1].value).removeprefix("Trang ") if isinstance(line[1].value, str) else title
        text, result, link = (str(cell.value or "") for cell in line[2:5])
        text = f"{title}: {text}"
        if isinstance(line[1].value, int) and result:
            lines += 1
            if result != "Đạt":
                faults[text] = (result, link)
                links[text] = str(formulas.cell(line[4].row, 5).value)
    return Calculated(str(sheet["B7"].value), lines, faults, links)


@pytest.fixture(scope="module")
def calculated(soffice: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Calculated]:
    """Each workbook recalculated and saved by LibreOffice; one call for all, since it takes two seconds to start."""
    del soffice  # only for its word on a missing LibreOffice
    folder = tmp_path_factory.mktemp("checks")
    forms, _ = load_forms(ROOT / "templates" / "forms")
    blank = compile_blank(forms["KN-01"], LISTS, CAMPAIGN)
    for name, answers in {"empty": {}, "good": GOOD, "nil": NIL, "faulty": FAULTY}.items():
        (folder / f"{name}.xlsx").write_bytes(blank.fill(PREFILL, answers))
    command = [
        shutil.which("soffice") or "soffice",
        "--headless",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(folder / "saved"),
        *(str(path) for path in sorted(folder.glob("*.xlsx"))),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {path.stem: _calculated(path) for path in (folder / "saved").glob("*.xlsx")}


def test_an_empty_blank_says_what_is_missing_and_where(calculated: Mapping[str, Calculated]) -> None:
    empty = calculated["empty"]
    assert empty.faults["Thông tin chung: Đã ghi “Thủ trưởng đơn vị”"] == ("Cần xem lại: 1 chỗ", "Đến ô E16")
    assert re.fullmatch(r"Còn \d nội dung cần xem lại", empty.summary)
    errors = [result for result, _ in empty.faults.values() if result.startswith("Cần")]
    assert empty.summary == f"Còn {len(errors)} nội dung cần xem lại"


def test_a_good_return_may_be_sent(calculated: Mapping[str, Calculated]) -> None:
    assert calculated["good"].faults == {}
    assert calculated["good"].summary == "Biểu đã đủ, có thể gửi"
    assert calculated["good"].lines > 30


def test_a_nil_return_with_its_reason_may_be_sent(calculated: Mapping[str, Calculated]) -> None:
    assert calculated["nil"].faults == {}
    assert calculated["nil"].summary == "Biểu đã đủ, có thể gửi"


@pytest.mark.parametrize(
    ("text", "result", "link"),
    [
        ("Thông tin chung: Đã ghi “Thủ trưởng đơn vị”", "Cần xem lại: 1 chỗ", "Đến ô E16"),
        ("Triển khai: Số lượt người dự không ít hơn số buổi", "Cần xem lại: 1 chỗ", "Đến ô E13"),
        ("Triển khai: Số buổi quán triệt không quá 366", "Nên xem lại: 1 chỗ", "Đến ô E12"),
        ("Triển khai: Có kế hoạch thì ghi số kế hoạch", "Cần xem lại: 1 chỗ", "Đến ô E20"),
        ("Hoạt động hỗ trợ: Đã ghi “Loại hoạt động”", "Cần xem lại: 1 chỗ", "Đến ô F12"),
        ("Hoạt động hỗ trợ: Giá trị bằng số lượng × đơn giá", "Cần xem lại: 1 chỗ", "Đến ô L13"),
        ("Hoạt động hỗ trợ: Hỗ trợ bằng tiền, hiện vật thì ghi giá trị", "Cần xem lại: 1 chỗ", "Đến ô L14"),
        ("Hoạt động hỗ trợ: Số người hưởng lợi không ít hơn số hộ", "Cần xem lại: 2 chỗ", "Đến ô O14"),
        ("Hoạt động hỗ trợ: Không có hai dòng hoạt động giống nhau", "Nên xem lại: 2 chỗ", "Đến ô C15"),
        ("Kế hoạch năm sau: Đã ghi “Xã”", "Cần xem lại: 1 chỗ", "Đến ô D111"),
    ],
)
def test_a_planted_fault_is_found_at_its_cell(
    calculated: Mapping[str, Calculated], text: str, result: str, link: str
) -> None:
    assert calculated["faulty"].faults[text] == (result, link)


def test_the_summary_counts_errors_and_not_doubts(calculated: Mapping[str, Calculated]) -> None:
    results = [result for result, _ in calculated["faulty"].faults.values()]
    errors = sum(result.startswith("Cần") for result in results)
    assert 0 < errors < len(results)
    assert calculated["faulty"].summary == f"Còn {errors} nội dung cần xem lại"


def test_a_link_names_sheet_and_column(calculated: Mapping[str, Calculated]) -> None:
    link = calculated["faulty"].links["Hoạt động hỗ trợ: Giá trị bằng số lượng × đơn giá"]
    assert "#'Hoạt động hỗ trợ'!L" in link
