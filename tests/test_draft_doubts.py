"""The draft of a report marks what is missing and what is doubtful, each where it would stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from draft_cases import GIVERS, KNOWN, drafted, empty_workspace
from draft_reading import Spoken, spoken, texts
from generator.issues import Issue, Place, Severity, issue
from generator.model import Correction, Decision, Ruling, Setting, Verdict
from generator.pipeline.draft import REVIEW, SOURCE
from generator.pipeline.draft_places import places
from generator.pipeline.report_files import Made
from generator.pipeline.report_period import years_period
from generator.pipeline.workspace import Workspace
from generator.stages.register.blocks import Ruled
from generator.stages.render import Kind, Line, Mark
from report_cases import FORM, RECEIVED_FORM, counted, gift, need, registry, taken


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return empty_workspace(tmp_path_factory.mktemp("du-thao"))


def review(made: Made) -> list[Spoken]:
    return [one for one in spoken(made.rendered.content) if one.author == REVIEW]


def test_with_all_reported_only_what_is_written_by_hand_is_left(workspace: Workspace) -> None:
    known = registry(*GIVERS[:2], owed=(FORM, RECEIVED_FORM))
    plans = {"ke_hoach": [{"noi_dung": "Làm nhà", "loai": "nha_o", "xa": "XA-0001", "gia_tri_du_kien": 7_000_000}]}
    wishes = {"nhu_cau": [need(9_000_000)]}
    returns = [
        counted(one.code, [gift(5_000_000)], {"ma_don_vi": one.code}, year=year, tables=plans)
        for one in GIVERS[:2]
        for year in (2024, 2025)
    ]
    returns += [counted(code, [taken(5)], form=RECEIVED_FORM, tables=wishes) for code in ("XA-0001", "XA-0002")]
    made = drafted(workspace, returns, known=known)
    assert [one.text for one in review(made)] == [
        "Còn để trống: số văn bản, ghi khi phát hành (cả ở đầu các phụ lục).",
        "Còn để trống: ngày, tháng ký.",
    ]
    assert {one.author for one in spoken(made.rendered.content)} == {SOURCE, REVIEW}


def test_who_has_not_reported_is_said_where_the_report_counts_them(workspace: Workspace) -> None:
    returns = [
        counted("DV-0001", [gift(5)]),
        counted("DV-0002", [gift(5)], verdict=Verdict.WAITING_FOR_CORRECTION),
        counted("XA-0001", form=RECEIVED_FORM),
        counted("XA-0002", form=RECEIVED_FORM),
    ]
    made = drafted(workspace, returns, known=registry(*GIVERS, owed=(FORM, RECEIVED_FORM)))
    (found,) = [one for one in review(made) if "chưa tổng hợp" in one.text]
    assert "có 01/12\u00a0đơn vị kết nghĩa có báo cáo được tổng hợp" in found.words
    named = ", ".join(f"Sở (minh họa) {at:02d}" for at in range(3, 11))
    assert found.text.split("\n") == [
        f"KN-01 năm 2025: chưa tổng hợp 11/12 nơi; chưa gửi: {named} và 2 nơi khác; chờ chỉnh sửa: Sở (minh họa) 02.",
        "Xem từng nơi: ketnghia status 2025",
    ]
    counts = {one.asked[-1]: one.text for one in spoken(made.rendered.content) if one.asked}
    assert "Gồm: Sở (minh họa) 02." in counts["so_don_vi_cho_chinh_sua"].split("\n")
    assert f"Gồm: {named}, Sở (minh họa) 11, Sở (minh họa) 12." in counts["so_don_vi_chua_gui"].split("\n")
    assert "Gồm" not in counts["so_don_vi"]


def test_signs_in_the_place_of_numbers_are_marked_once_a_table(workspace: Workspace) -> None:
    made = drafted(workspace, [])
    paragraphs = texts(made.rendered.content)
    marked = [one for one in review(made) if "chưa có số liệu" in one.text]
    assert {one.words for one in marked} == {"…"}
    assert [one.text.partition(" ")[0] for one in marked] == ["9", "10", "7", "5"], "totals of annexes I, II, III, V"
    assert all("đây không phải là số 0" in one.text for one in marked)
    assert sum(text == "…" for text in paragraphs) > 40, "rows are left to what the annex says of them"


UNSET = {
    "ten_co_quan": ("…", "Danh bạ chưa có thiết lập “ten_co_quan” tại ngày 14/12/2025"),
    "ky_hieu": ("…", "Danh bạ chưa có thiết lập “ky_hieu”"),
    "noi_nhan": ("BÁO CÁO", "Danh bạ chưa có thiết lập “noi_nhan”"),
    "nguoi_ky": ("", "Chưa có họ tên người ký."),
}
"""By setting: what its comment stands beside, and says."""


def test_a_setting_that_is_missing_is_marked_once_where_it_would_stand(workspace: Workspace) -> None:
    known = registry(GIVERS[0])
    kept = [one for one in known.settings if one.name not in UNSET]
    found = review(drafted(workspace, [], known=replace(known, settings=(*kept, Setting("nguoi_ky", "")))))
    for words, told in UNSET.values():
        assert [one.words for one in found if one.text.startswith(told)] == [words], told


FILE = "inputs/2025/dv-0001-r1.xlsx"
DECIDED = Decision(
    2025, FORM, "DV-0001", Ruling.CORRECT, "đã hỏi lại", "Chuyên viên", date(2025, 12, 22),
    "inputs/2025/quyet-dinh.xlsx:Quyết định!B14", 1, "hoat_dong", "E12", "5000000",
)  # fmt: skip
CELL = Place(FILE, "hoat_dong", "F12")
DOUBTS: Mapping[str, tuple[Sequence[Issue], Ruled, str, str]] = {
    "a warning that stands": (
        [issue("rule.unique", CELL, field="Giá trị")],
        Ruled(),
        "Cảnh báo còn đứng ở các ô đã tính:\n- hoat_dong!F12 (Sở (minh họa) 01): ",
        REVIEW,
    ),
    "a warning of another cell, and a note": (
        [issue("rule.unique", Place(FILE, "hoat_dong", "Z99")), issue("cell.not_read", CELL)],
        Ruled(),
        "",
        SOURCE,
    ),
    "an accepted fault": (
        [
            issue("rule.product", CELL, Severity.NOTE),
            issue("decision.accepted", Place(FILE), count=1, reason="đã giải trình", place="quyet-dinh.xlsx:A!B2"),
        ],
        Ruled(),
        " Đã chấp nhận theo quyết định: đã giải trình (quyet-dinh.xlsx:A!B2).",
        REVIEW,
    ),
    "a corrected cell": (
        [issue("decision.corrected", CELL, field="Giá trị", old="5 tỷ", new="5000000", place=DECIDED.place)],
        Ruled(
            (DECIDED,),
            (Correction("hoat_dong", 1, "gia_tri", "hoat_dong", "F12", "5 tỷ", "5000000", DECIDED.place),),
            (),
        ),
        "Quyết định: Sở (minh họa) 01, hoat_dong!F12: đơn vị ghi “5 tỷ”, sửa thành “5000000” theo quyết định của",
        SOURCE,
    ),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_what_stands_against_a_figure_is_said_beside_it(workspace: Workspace, name: str) -> None:
    faults, ruled, told, author = DOUBTS[name]
    one = counted("DV-0001", [gift(5_000_000)], {"ma_don_vi": "DV-0001"})
    decided = {one.key: ruled} if ruled.decisions else {}
    made = drafted(workspace, [one], known=registry(GIVERS[0]), faults={one.key: faults}, ruled=decided)
    (found,) = {
        (each.text, each.author)
        for each in spoken(made.rendered.content)
        if each.asked[-1:] == ["tong_gia_tri"] and "làm tròn" not in each.text
    }
    assert told in found[0]
    assert ("Cảnh báo" in found[0]) == (author == REVIEW)
    assert found[1] == author


def test_a_return_that_counts_while_its_correction_waits_is_said_at_its_figures(workspace: Workspace) -> None:
    returns = [
        counted("DV-0001", [gift(5_000_000)]),
        counted("DV-0001", [gift(-7)], revision=2, verdict=Verdict.WAITING_FOR_CORRECTION),
    ]
    made = drafted(workspace, returns, known=registry(GIVERS[0]))
    told = {one.text for one in review(made) if one.asked[-1:] == ["tong_gia_tri"]}
    assert all("Đang tính bản cũ, bản sửa còn chờ chỉnh: Sở (minh họa) 01." in text for text in told)
    assert told


def test_a_series_that_is_broken_is_said_at_both_its_ends(workspace: Workspace) -> None:
    returns = [
        counted(
            code,
            fields={"so_ho": 100, "ngheo_dau_ky": 50, "ngheo_cuoi_ky": 40, "chuan_ngheo": standard},
            year=year,
            form=RECEIVED_FORM,
        )
        for year, standard in ((2024, "2016_2020"), (2025, "2021_2025"))
        for code in ("XA-0001", "XA-0002")
    ]
    made = drafted(workspace, returns, years_period(KNOWN, 2024, 2025))
    told = {one.asked[-1] for one in review(made) if "Không so sánh được" in one.text}
    assert {"ho_ngheo_dau", "ho_ngheo_cuoi"} <= told


# --- which lines are told of ----------------------------------------------------------------


def line(number: int, text: str, *codes: str, row: int = 0, kind: Kind = Kind.FIGURE) -> Line:
    """A line that prints a figure of 5 for each code, in a table where it has a row."""
    marks = tuple((Mark(kind, code, "5"), at, at + 1) for at, code in enumerate(codes))
    return Line(number, text, int(row > 0), row, marks)


def test_a_sign_within_a_sentence_is_marked_and_that_in_a_cell_counts_with_its_table() -> None:
    found = places(
        [
            line(0, "có … hộ", "so_ho", kind=Kind.UNTOLD),
            line(1, "…", "so_nguoi", row=1, kind=Kind.UNTOLD),
            line(2, "…", row=1),
            line(3, "Phụ lục IIa"),
            line(4, "chưa rõ", "so_thon[XA-0001]", row=2, kind=Kind.UNTOLD),
        ]
    )
    assert [one.mark.name for one in found.untold] == ["so_ho"]
    assert [(one.line, one.cells) for one in found.empty] == [(1, 2)]


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (["tong", "theo[a]", "theo[b]"], True),
        (["tong", "theo[2024]"], True),
        (["theo[2024]", "theo[2025]"], True),
        (["theo[tong]"], True),
        (["theo[DV-0001]", "khac[DV-0001,a]"], False),
        (["theo[a,2024]", "theo[a,2025]", "theo[a]"], False),
        (["beside.so[KN-01/2025/DV-0001/r1/5]"], False),
    ],
)
def test_a_row_whose_figures_share_a_group_is_of_a_member_and_any_other_is_a_total(
    codes: list[str], told: bool
) -> None:
    annex = [line(0, "Phụ lục I"), line(1, "5", *codes, row=1), line(2, "Chú thích 5", "tong")]
    assert [one.mark.name for one in places(annex).figures] == [*(codes if told else ()), "tong"]
    body = [line(1, "5", *codes, row=1)]
    assert [one.mark.name for one in places(body).figures] == codes
