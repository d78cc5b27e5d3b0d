"""The year-end review whole: every part and annex, filled from all three forms, and true when little has arrived."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from generator.issues import Place, issue
from generator.model import Assignment, Counted, Delivery, Event, EventKind, Partner, Registry, Scalar, Verdict
from generator.office.geometry import check_geometry
from generator.pipeline.report import make_report
from generator.pipeline.report_period import year_period
from generator.pipeline.workspace import Workspace
from generator.stages.register.blocks import pack
from generator.stages.register.database import Register
from report_cases import (
    BOARD_FORM,
    FORM,
    RECEIVED_FORM,
    TEMPLATES,
    counted,
    forms,
    gift,
    need,
    partner,
    registry,
    taken,
)

GIVERS = tuple(partner(f"DV-{at:04d}", f"Sở (minh họa) {at:02d}") for at in range(1, 5))
DISTRICT = Partner("HU-0099", "huyện Nam Trà My", "huyen", False, True)
BOARD = partner("TT-0001")
KNOWN = registry(*GIVERS, DISTRICT, BOARD, owed=(FORM, RECEIVED_FORM, BOARD_FORM))

SITUATION: Mapping[str, Scalar] = {
    "so_thon": 4, "so_thon_dbkk": 3, "so_ho": 500, "so_nguoi": 2100, "so_ho_dtts": 480, "so_nguoi_dtts": 2000,
    "chuan_ngheo": "2021_2025", "ngheo_dau_ky": 200, "thoat_ngheo": 30, "thoat_ngheo_ket_nghia": 12, "tai_ngheo": 1,
    "ngheo_moi": 2, "ngheo_cuoi_ky": 173, "can_ngheo": 40, "nha_da_xoa": 9, "nha_da_xoa_ket_nghia": 4,
}  # fmt: skip


def giver(code: str, *rows: Mapping[str, Scalar], year: int = 2025, **said: Scalar) -> Counted:
    """A giver's return with a plan for the next year and a petition."""
    plan = [{"noi_dung": "Làm nhà", "xa": "XA-0001", "loai": "nha_o", "gia_tri_du_kien": 70_000_000}]
    petition = [{"noi_nhan": "UBND tỉnh", "noi_dung": f"Bố trí kinh phí lần {int(code[3:])}."}]
    fields = {"ma_don_vi": code, "so_buoi_quan_triet": 2, "luot_nguoi_quan_triet": 80, "co_ke_hoach": True, **said}
    return counted(code, rows, fields, year=year, tables={"ke_hoach": plan, "kien_nghi": petition})


def commune(code: str, *rows: Mapping[str, Scalar], fields: Mapping[str, Scalar] = SITUATION) -> Counted:
    """A receiver's return with two needs."""
    needs = [need(300_000_000), need(50_000_000, "con_giong", "2")]
    return counted(code, rows, {"ma_don_vi": code, **fields}, tables={"nhu_cau": needs}, form=RECEIVED_FORM)


def board() -> Counted:
    """The board's own return, a sentence for each part."""
    tables: dict[str, Sequence[Mapping[str, Scalar]]] = {
        "van_ban": [
            {"so_ky_hieu": "125/KH-UBND", "ngay": "2025-03-14", "co_quan": "UBND tỉnh", "trich_yeu": "về kết nghĩa"}
        ],
        "dot_kiem_tra": [
            {"dot": "Đợt 1", "thoi_gian": "2025-05", "noi_dung": "Kiểm tra tại 02 xã", "ket_qua": "Đạt yêu cầu"}
        ],
        "hoi_nghi": [{"ten": "Hội nghị giao ban", "thoi_gian": "2025-06-10", "ket_qua": "Giao kế hoạch"}],
        "kien_nghi": [{"noi_nhan": "UBND tỉnh", "noi_dung": "Ban hành quy chế phối hợp."}],
        "cau_phai_co": [
            {"phan": part, "cau": f"Câu của phần {part.upper()}."} for part in ("i", "ii", "iii", "iv", "v")
        ],
    }
    said = {
        "uu_diem": "Các đơn vị đã vào cuộc.", "ton_tai": "Báo cáo còn chậm.", "phuong_huong": "Bám sát nhu cầu của xã.",
        "nguyen_nhan_khach_quan": "Sắp xếp đơn vị hành chính.", "nguyen_nhan_chu_quan": "Phối hợp chưa chặt.",
        "nhiem_vu": "Giao kế hoạch từ quý I.",
    }  # fmt: skip
    return counted("TT-0001", (), {"ma_don_vi": "TT-0001", **said}, tables=tables, form=BOARD_FORM)


FIRST = gift(40_000_000, so_ho=4, so_nguoi=15)
SECOND = gift(8_000_000, "con_giong", "long_ghep", "XA-0002", so_ho=2)
LAST_YEAR = giver("DV-0001", gift(30_000_000), year=2024)
WHOLE = (
    giver("DV-0001", FIRST, ton_tai="Thiếu kinh phí.", ket_qua_noi_bat="Làm 02 nhà cho hộ nghèo."),
    giver("DV-0002", SECOND, ton_tai="Đường đi lại khó khăn.", dien_hinh="Ông Hồ Văn (minh họa)."),
    LAST_YEAR,
    commune("XA-0001", taken(40_000_000, giver="DV-0001"), taken(6_000_000, "qua", "DV-0002")),
    commune("HU-0099", fields=dict.fromkeys(SITUATION, 9_999) | {"chuan_ngheo": "2021_2025"}),
    board(),
)
"""A year in which all three forms have arrived."""
SITUATIONS: Mapping[str, Sequence[Counted]] = {
    "nothing": (),
    "one giver": (giver("DV-0001", FIRST),),
    "nil returns only": (counted("DV-0001", fields={"khong_phat_sinh": True}, verdict=Verdict.NIL),),
    "givers only": (WHOLE[0], WHOLE[1]),
    "communes only": (WHOLE[3],),
    "last year only": (LAST_YEAR,),
    "the board only": (board(),),
    "whole": WHOLE,
}


def year_report(root: Path, returns: Sequence[Counted], known: Registry) -> bytes:
    """The year-end review of 2025 made from these returns with the shipped templates."""
    shutil.copytree(TEMPLATES, root / "templates")
    (root / "inputs").mkdir()
    (root / "outputs").mkdir()
    workspace = Workspace(root)
    entries = []
    for number, one in enumerate(returns, start=1):
        said = one.submission
        faults = [issue("cell.negative", Place(said.file))] if one.verdict is Verdict.WAITING_FOR_CORRECTION else []
        delivery = Delivery(number, said.year, said.file, said.sha256, one.received)
        entries.append(pack(delivery, said, one.verdict, faults))
    with Register.open(workspace.register) as register:
        register.add(entries, "x")
        made = make_report(workspace, year_period(known, 2025), known, forms(), register)
    return made.rendered.content


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The report of every situation."""
    return {name: year_report(tmp_path_factory.mktemp("nam"), returns, KNOWN) for name, returns in SITUATIONS.items()}


def lines(content: bytes) -> list[str]:
    """Paragraphs and table rows in the order of the document; cells parted by tabs, no-break spaces as spaces."""
    document = Document(io.BytesIO(content))
    found = []
    for child in document.element.body.iterchildren():
        if child.tag == qn("w:p"):
            found.append("".join(node.text or "" for node in child.iter(qn("w:t"))))
        elif child.tag == qn("w:tbl"):
            for row in child.iter(qn("w:tr")):
                cells = ["".join(n.text or "" for n in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
                found.append("\t".join(cells))
    return [line.replace("\u00a0", " ") for line in found if line.strip()]


def between(found: Sequence[str], start: str, end: str) -> str:
    """The lines from a heading to the next."""
    at = next(at for at, line in enumerate(found) if line.startswith(start))
    stop = next((at_ for at_, line in enumerate(found) if at_ > at and line.startswith(end)), len(found))
    return "\n".join(found[at:stop])


PARTS = ("I. CÔNG TÁC", "II. KẾT QUẢ", "III. ĐÁNH GIÁ", "IV. PHƯƠNG HƯỚNG", "V. KIẾN NGHỊ", "Trên đây")
ANNEXES = tuple(f"Phụ lục {number}" for number in ("I", "II", "III", "IV", "V", "VI"))


# --- in every situation -----------------------------------------------------------------------


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_part_and_every_annex_is_there_once_and_in_order(documents, situation):
    found = lines(documents[situation])
    heads = [line for line in found if line.startswith(PARTS) or line in ANNEXES]
    assert [head for head in heads if head.startswith(PARTS)] == [
        next(line for line in found if line.startswith(part)) for part in PARTS
    ]
    assert [head for head in heads if head in ANNEXES] == list(ANNEXES)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_code_no_path_no_tag_and_no_count_of_nothing_stands_in_the_text(documents, situation):
    assert check_geometry(documents[situation], "x.docx") == []
    text = "\n".join(lines(documents[situation]))
    assert not re.search(r"\{\{|\{%|\bNone\b|\bnan\b|\[\]|[a-z]_[a-z]|\b(?:DV|XA|HU|TT)-\d{4}|/tmp|\.xlsx", text)
    prose = "\n".join(line for line in lines(documents[situation]) if "\t" not in line)
    assert not re.search(r"(?<![\d.,/])0 (?:hoạt động|đơn vị|xã|văn bản|buổi|khoản|nhu cầu|lượt|hộ|nhà|đợt|bản)", prose)
    assert not re.search(r"  |\.\.|; ?\.|,\.|\( ?\)|:\.|;;", re.sub(r"(?:số|ngày|tháng) {2,}", "", prose)), prose


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_annex_has_its_own_section_and_page_numbers(documents, situation):
    sections = list(Document(io.BytesIO(documents[situation])).sections)
    wide = [one.page_width > one.page_height for one in sections]
    assert wide == [False, True, True, True, False, True, False]
    for one in sections[1:]:
        assert one._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert one.different_first_page_header_footer


def test_nothing_is_told_as_a_result_where_nothing_was_reported(documents):
    text = "\n".join(lines(documents["nothing"]))
    assert "chưa có báo cáo nào của 04 đơn vị kết nghĩa được tổng hợp" in text
    assert "chưa có báo cáo nào của 03 xã, huyện nhận kết nghĩa được tổng hợp" in text
    for word in ("tăng", "giảm", "%,", "Bảng 1", "triệu đồng"):
        assert word not in between(lines(documents["nothing"]), "I. CÔNG TÁC", "Trên đây"), word


def test_a_year_without_a_year_before_is_not_compared(documents):
    text = "\n".join(lines(documents["givers only"]))
    assert "Chưa có số liệu năm 2024 để so sánh." in text
    assert "so với năm 2024" not in text


# --- the whole year -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (0, "125/KH-UBND ngày 14/3/2025 của UBND tỉnh về kết nghĩa."),
        (0, "- Đợt 1 (tháng 5/2025): Kiểm tra tại 02 xã. Kết quả: Đạt yêu cầu."),
        (0, "đã tổ chức 04 buổi quán triệt, tuyên truyền với 160 lượt người dự"),
        (0, "Câu của phần I."),
        (1, "đã thực hiện 02 hoạt động hỗ trợ tại 02 xã, huyện, tổng giá trị 48 triệu đồng; trong đó nguồn lực của"),
        (1, "lồng ghép các chương trình, dự án là 8 triệu đồng"),
        (1, "các xã, huyện báo cáo đã nhận 01 khoản hỗ trợ trị giá 6 triệu đồng mà các báo cáo của đơn vị giúp đỡ"),
        (1, "Phát triển kinh tế - xã hội\t1\t8\t16,7\t0"),
        (1, "An sinh xã hội\t1\t40\t83,3\t30"),
        (1, "Tổng cộng\t2\t48\t100\t30"),
        (1, "Kinh phí của đơn vị, doanh nghiệp\t40\t100"),
        (1, "So với năm 2024 (30 triệu đồng, tổng hợp từ 01 đơn vị), tổng giá trị hỗ trợ tăng 60%"),
        (1, "cho năm 2025 là 70 triệu đồng; kết quả thực hiện thấp hơn kế hoạch 31,4%."),
        (1, "các xã có 04 thôn (trong đó 03 thôn đặc biệt khó khăn), 500 hộ, 2.100 nhân khẩu"),
        (1, "có 30 hộ thoát nghèo, trong đó 12 hộ thoát nghèo có sự giúp đỡ qua kết nghĩa"),
        (1, "Cuối kỳ còn 173 hộ nghèo, 40 hộ cận nghèo."),
        (1, "Câu của phần II."),
        (2, "Các đơn vị đã vào cuộc."),
        (2, "Kinh phí, nguồn lực:\n- Sở (minh họa) 01: “Thiếu kinh phí”."),
        (2, "- Sở (minh họa) 02: “Ông Hồ Văn (minh họa)”."),
        (2, "Câu của phần III."),
        (3, "Bám sát nhu cầu của xã."),
        (3, "Giao kế hoạch từ quý I."),
        (3, "An sinh xã hội\t2\t140\t0\t0"),
        (3, "Phát triển kinh tế - xã hội\t0\t0\t4\t700"),
        (3, "Câu của phần IV."),
        (4, "UBND tỉnh:\n- Ban hành quy chế phối hợp."),
        (4, "Câu của phần V."),
    ],
)
def test_each_sentence_stands_in_its_part(documents, part, sentence):
    assert sentence in between(lines(documents["whole"]), PARTS[part], PARTS[part + 1])


@pytest.mark.parametrize(
    ("annex", "row"),
    [
        (1, "Sở (minh họa) 01(xã Trà Tập)\t1\t40.000.000\t0\t0\t40.000.000\t0\t0\t4\t15\t"),
        (2, "Xã Trà Tập\t1\t40.000.000\t0\t0\t40.000.000\t0\t0\t4\t15\t46.000.000"),
        (2, "Tổng cộng\t2\t48.000.000\t0\t8.000.000\t40.000.000\t0\t8.000.000\t6\t15\t46.000.000"),
        (3, "An sinh xã hội\t1\t40.000.000\t0\t40.000.000\t0\t0\t0"),
        (3, "Con giống\t1\t8.000.000\t0\t0\t0\t0\t8.000.000"),
        (4, "Đơn vị kết nghĩa\t4\t2\t2\t0\t0\t0\t2\t0"),
        (4, "Xã, huyện nhận kết nghĩa\t3\t2\t2\t0\t0\t0\t1\t0"),
        (4, "1\tSở (minh họa) 01\t20/12/2025\t01/12/2025\t1\tĐúng hạn"),
        (4, "3\tSở (minh họa) 03\t20/12/2025\t\t\tChưa gửi"),
        (5, "Xã Trà Tập\t2\t140.000.000\t2\t350.000.000\t300.000.000"),
        (5, "Tổng cộng\t2\t140.000.000\t4\t700.000.000\t600.000.000"),
        (6, "Ban hành quy chế phối hợp"),
        (6, "Bố trí kinh phí lần 2\tSở (minh họa) 02"),
        (6, "Xã Trà Don\tKhông có phân công còn hiệu lực"),
    ],
)
def test_each_annex_is_filled(documents, annex, row):
    found = lines(documents["whole"])
    assert row in between(found, ANNEXES[annex - 1], (*ANNEXES, "–")[annex])


def test_what_a_district_says_of_itself_is_not_added_to_its_communes(documents):
    assert "9.999" not in "\n".join(lines(documents["whole"]))


# --- cases ----------------------------------------------------------------------------------------


def test_texts_of_one_topic_are_capped_and_told_so(tmp_path):
    returns = [giver(f"DV-{at:04d}", FIRST, ton_tai=f"Thiếu kinh phí lần {at}.") for at in range(1, 5)]
    found = lines(year_report(tmp_path, returns, KNOWN))
    part = between(found, "2. Tồn tại", "3. Nguyên nhân")
    assert part.count("Thiếu kinh phí") == 3
    assert "- Một số nơi khác cũng có ý kiến về nội dung này." in part


def test_a_commune_that_was_merged_within_the_year_is_named_with_its_heir(tmp_path):
    day = date(2025, 7, 1)
    old = Partner("XA-0009", "xã Trà Cang", "xa", False, True, "Nam Trà My", until=date(2025, 6, 30))
    new = Partner("XA-0010", "xã Trà Linh mới", "xa", False, True, since=day)
    event = Event(day, EventKind.MERGE, ("XA-0009",), "XA-0010", "Nghị quyết 1/NQ ngày 16/6/2025")
    known = Registry(
        (*KNOWN.partners, old, new), (*KNOWN.assignments, Assignment("DV-0001", "XA-0009")), KNOWN.campaigns,
        KNOWN.legal_bases, KNOWN.settings, (event,),
    )  # fmt: skip
    returns = [giver("DV-0001", gift(5_000_000, commune="XA-0009"))]
    found = lines(year_report(tmp_path, returns, known))
    assert "Xã Trà Cang(nay là xã Trà Linh mới)\t1\t5.000.000" in between(found, "Phụ lục II", "Phụ lục III")
    assert "Từ ngày 01/7/2025" in between(found, PARTS[0], PARTS[1])


def test_a_commune_named_like_its_predecessor_is_told_apart_and_no_cell_of_it_is_empty(tmp_path):
    day = date(2025, 7, 1)
    old = Partner("XA-0009", "xã Trà Leng", "xa", False, True, "Nam Trà My", until=date(2025, 6, 30))
    new = Partner("XA-0010", "xã Trà Leng", "xa", False, True, since=day)
    event = Event(day, EventKind.MERGE, ("XA-0009",), "XA-0010", "Nghị quyết 1/NQ ngày 16/6/2025")
    known = Registry(
        (*KNOWN.partners, old, new), (*KNOWN.assignments, Assignment("DV-0001", "XA-0009")), KNOWN.campaigns,
        KNOWN.legal_bases, KNOWN.settings, (event,),
    )  # fmt: skip
    gifts = (gift(5_000_000, commune="XA-0009", so_ho=3), gift(7_000_000, commune="XA-0010", so_ho=4))
    annex = between(lines(year_report(tmp_path, [giver("DV-0001", *gifts)], known)), "Phụ lục II", "Phụ lục III")
    assert "Xã Trà Leng (đến 30/6/2025)(nay là xã Trà Leng)\t1\t5.000.000\t0\t0\t5.000.000\t0\t0\t3\t0" in annex
    assert "Xã Trà Leng\t1\t7.000.000" in annex


def test_gifts_of_a_giver_that_has_not_reported_are_told_and_said_to_be_so(tmp_path):
    returns = [giver("DV-0001", FIRST), commune("XA-0001", taken(40_000_000), taken(6_000_000, "qua", "DV-0002"))]
    part = between(lines(year_report(tmp_path, returns, KNOWN)), PARTS[1], PARTS[2])
    assert "đã nhận 01 khoản hỗ trợ trị giá 6 triệu đồng mà các báo cáo của đơn vị giúp đỡ được tổng hợp" in part
    assert "trong đó 01 khoản trị giá 6 triệu đồng là của những đơn vị chưa có báo cáo được tổng hợp" in part


def test_what_rose_from_next_to_nothing_has_no_percentage(tmp_path):
    returns = [giver("DV-0001", FIRST), giver("DV-0001", gift(5_800), year=2024)]
    part = between(lines(year_report(tmp_path, returns, KNOWN)), "c) An sinh xã hội", "d) Quốc phòng")
    assert "tăng nhiều lần so với năm 2024 (5.800 đồng)" in part
    assert "%" not in part


def test_late_waiting_missing_and_exempt_are_told_apart(tmp_path):
    late = datetime.fromisoformat("2025-12-25T08:00:00+00:00")
    returns = [
        counted("DV-0001", [FIRST], {"ma_don_vi": "DV-0001"}, received=late),
        counted("DV-0002", [FIRST], verdict=Verdict.WAITING_FOR_CORRECTION),
        counted("DV-0003", fields={"khong_phat_sinh": True}, verdict=Verdict.NIL),
    ]
    found = between(lines(year_report(tmp_path, returns, KNOWN)), "Phụ lục IV", "Phụ lục V")
    for row in (
        "Sở (minh họa) 01\t20/12/2025\t25/12/2025\t1\tGửi muộn",
        "Sở (minh họa) 02\t20/12/2025\t01/12/2025\t1\tChờ chỉnh sửa",
        "Sở (minh họa) 03\t20/12/2025\t01/12/2025\t1\tKhông phát sinh",
        "Sở (minh họa) 04\t20/12/2025\t\t\tChưa gửi",
        "Đơn vị kết nghĩa\t4\t2\t1\t1\t1\t1\t1\t0",
    ):
        assert row in found, row
