"""The summary of several years with the shipped templates: nobody's silence is a 0, and proposals fit the map's day."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.model import Counted, Delivery, Scalar, Verdict
from generator.pipeline.report import make_report
from generator.pipeline.report_files import Made
from generator.pipeline.report_period import years_period
from generator.pipeline.workspace import Workspace
from generator.stages.register.blocks import pack
from generator.stages.register.database import Register
from generator.stages.trace import Traced, arithmetic
from report_cases import TEMPLATES, counted, forms
from report_years_cases import EVE, KNOWN, RETURNS, given
from test_year_report import between, lines

ZEROS = re.compile(r"(?<![\d.,/])0 (?:thôn|hộ|xã|người|buổi|lượt|văn bản|đợt|cuộc|nhà|tập thể|cá nhân|nhân khẩu)")


def summary(root: Path, returns: Sequence[Counted], day: date | None = None) -> list[str]:
    """The lines of the summary 2023-2025 made from these returns with the shipped templates."""
    return lines(made_from(root, returns, day).rendered.content)


def made_from(root: Path, returns: Sequence[Counted], day: date | None = None) -> Made:
    """The summary and all its figures."""
    if not (root / "templates").exists():
        shutil.copytree(TEMPLATES, root / "templates")
        (root / "inputs").mkdir()
        (root / "outputs").mkdir()
    workspace = Workspace(root)
    entries = []
    for number, one in enumerate(returns, start=1):
        said = one.submission
        entries.append(pack(Delivery(number, said.year, said.file, said.sha256, one.received), said, one.verdict, []))
    with Register.open(workspace.register) as register:
        register.add(entries, "x")
        return make_report(workspace, years_period(KNOWN, 2023, 2025, day), KNOWN, forms(), register)


def commune(code: str, year: int, **said: Scalar) -> Counted:
    """A commune's return with these answers only."""
    return counted(code, fields={"ma_don_vi": code, **said}, year=year, form="KN-02", received=_late_in(year))


def _late_in(year: int) -> datetime:
    return datetime(year, 12, 1, tzinfo=UTC)


def test_what_no_commune_answered_is_left_out_of_the_prose(tmp_path):
    found = summary(
        tmp_path, [given("DV-0001", 2025, 5_000_000, "XA-0003"), commune("XA-0003", 2025, so_ho=500, so_thon=21)]
    )
    part = between(found, "1. Địa bàn, dân cư", "2. Sắp xếp")
    assert "Theo báo cáo năm 2025 của 01 xã nhận kết nghĩa, địa bàn có 21 thôn; 500 hộ." in part
    assert "Cuối năm 2025" not in part
    assert not ZEROS.search("\n".join(line for line in found if "\t" not in line))


def test_what_a_commune_answered_with_0_is_printed_as_0(tmp_path):
    found = summary(tmp_path, [commune("XA-0003", 2025, so_ho=500, nha_tam=0, ho_co_dien=480)])
    assert "Cuối năm 2025, các xã có 0 hộ còn ở nhà tạm, nhà dột nát; 480 hộ có điện dùng ổn định." in found


def test_a_year_without_returns_is_no_year_of_zeros_and_a_nil_return_is_one(tmp_path):
    nil = counted(
        "DV-0001",
        fields={"ma_don_vi": "DV-0001", "khong_phat_sinh": True},
        year=2024,
        verdict=Verdict.NIL,
        received=_late_in(2024),
    )
    last = given("DV-0001", 2025, 5_000_000, "XA-0003")
    found = summary(tmp_path, [nil, last])
    row = next(line for line in found if line.startswith("Buổi quán triệt, tuyên truyền\t"))
    assert row.split("\t")[1:3] == ["…", "0"]
    years = {line.split("\t")[0]: line.split("\t")[1:] for line in between(found, "Bảng 3.", "Chú thích").split("\n")}
    assert years["2023"] == ["…"] * 6
    assert years["2024"] == ["0"] * 6
    assert years["2025"] == ["1", "1", "5", "0", "0", "0"]


@pytest.mark.parametrize("returns", [(), (commune("XA-0003", 2025),)], ids=["nothing", "an empty return"])
def test_nothing_is_told_as_a_number_where_nothing_was_reported(tmp_path, returns):
    body = between(summary(tmp_path, returns), "I. ĐẶC ĐIỂM", "Trên đây")
    assert not ZEROS.search("\n".join(line for line in body.split("\n") if "\t" not in line)), body


def test_what_givers_tell_of_years_without_returns_is_told_year_by_year_with_its_amount(tmp_path):
    found = summary(tmp_path, RETURNS)
    part = between(found, "5. Số liệu nêu riêng", "IV. ĐÁNH GIÁ")
    assert "- Đơn vị giúp đỡ kê đã hỗ trợ 5 triệu đồng (năm 2024: 5 triệu đồng)." in part
    annex = between(found, "Phụ lục VII", "Phụ lục VIII")
    assert "1\tHội E (minh họa)\t\t5.000.000\t\t5.000.000" in annex
    assert "\tTổng cộng\t0\t5.000.000\t0\t5.000.000" in annex


@pytest.mark.parametrize(("day", "asked"), [(None, 2), (EVE, 2), (date(2025, 2, 28), 0)])
def test_an_heir_is_asked_to_take_over_only_where_the_map_has_it(tmp_path, day, asked):
    found = summary(tmp_path, RETURNS, day)
    assert sum(line.startswith("- Giao Sở D (minh họa) tiếp nhận") for line in found) == asked
    assert not any(re.search(r"Giao (.+) tiếp nhận các xã đã phân công cho \1\.", line) for line in found)


HALF = (
    commune("XA-0001", 2023, so_ho=400, ngheo_dau_ky=180),
    commune("XA-0002", 2023, ngheo_dau_ky=70),
    commune("XA-0003", 2025, so_ho=820, ngheo_dau_ky=110, ngheo_cuoi_ky=97),
)
"""At the beginning one of two communes tells its households too; at the end there is one, made of both."""


def test_a_rate_is_of_those_who_gave_both_numbers_and_says_so_where_not_all_did(tmp_path):
    part = between(summary(tmp_path, HALF), "4. Giảm nghèo", "5. Số liệu")
    assert (
        "02 xã báo cáo có 250 hộ nghèo (riêng 01 xã báo cáo cả tổng số hộ có 180/400 hộ nghèo, tỷ lệ 45%);"
        " cuối năm 2025, 01 xã báo cáo có 97 hộ nghèo trên tổng số 820 hộ, tỷ lệ 11,8%." in part
    )


def test_the_annex_on_poverty_has_a_rate_beside_the_numbers_where_there_is_one(tmp_path):
    annex = between(summary(tmp_path, HALF), "Phụ lục IV", "Phụ lục V")
    assert "1\tXã Trà Tập\t2\t400\t250\t45\t…\t820\t97\t11,8\t…\tx\t…" in annex
    assert "\tTổng cộng\t2\t400\t250\t45\t\t820\t97\t11,8\t\tx\t…" in annex
    assert "Xã Trà Vân" not in annex


def test_a_rate_can_be_traced_to_both_its_sides_and_their_cells(tmp_path):
    made = made_from(tmp_path, HALF)
    found = {one.code: one for one in made.figures}
    rate = found["ty_le_ngheo_dau_theo_xa[XA-0003]"]
    part, whole = (found[code] for code in rate.parts)
    assert (rate.value, rate.unit, part.value, whole.value) == (45, "%", 180, 400)
    assert rate.values == (*part.values, *whole.values)
    traced = Traced(rate, made.rendered.printed[rate.code])
    assert (traced.formula, traced.printed) == ("A / B × 100", ("45",))
    assert arithmetic(traced, {one.code: Traced(one) for one in (part, whole)})[1:] == [
        "  A = ho_ngheo_du_dau_theo_xa[XA-0003]: 180",
        "  B = so_ho_du_dau_theo_xa[XA-0003]: 400",
    ]


@pytest.mark.parametrize("households", [0, None])
def test_there_is_no_rate_over_nothing(tmp_path, households):
    made = made_from(tmp_path, [commune("XA-0003", 2025, so_ho=households, ngheo_cuoi_ky=0)])
    assert not any(one.code.startswith("ty_le_ngheo") for one in made.figures)
    assert "tỷ lệ" not in between(lines(made.rendered.content), "4. Giảm nghèo", "5. Số liệu")
