"""Letters: who gets one, what it says, and what becomes of it when somebody edits it in Word."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from generator.definitions.letters import KINDS
from generator.issues import Place, issue
from generator.model import Counted, Decision, Delivery, Partner, Registry, Ruling, Setting, Verdict
from generator.office.geometry import check_geometry
from generator.office.joined import DOCUMENT, joined
from generator.office.package import open_package
from generator.pipeline.desk import Desk
from generator.pipeline.letters import Making, joined_letters, make_letters
from generator.pipeline.letters_check import load_letter
from generator.pipeline.workspace import MARKER, Workspace
from generator.stages.register.blocks import pack
from generator.stages.register.database import Register
from report_cases import TEMPLATES, counted, forms, gift, registry, taken

DAY = date(2025, 12, 29)
LONG = ("Hiệp hội & <các> doanh nghiệp (minh họa) " + "giúp đỡ xã miền núi " * 5)[:120].strip()
PARTNERS = (
    Partner("DV-0001", "Sở (minh họa) 01", "so_ban_nganh", True, False),
    Partner("DV-0002", LONG, "hoi_doan_the", True, False),
    Partner("DV-0003", "huyện Đồng Bằng (minh họa)", "huyen", True, False),
    Partner("TT-0001", "Ban Dân tộc (minh họa)", "thuong_truc", False, False),
    Partner("XA-0001", "xã Trà Tập", "xa", False, True),
    Partner("XA-0002", "xã Trà Cang", "xa", False, True),
)
OWED = ("KN-01", "KN-02", "KN-00")
WAITING = Verdict.WAITING_FOR_CORRECTION


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the shipped templates and nothing else."""
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    (tmp_path / "inputs").mkdir()
    (tmp_path / "outputs").mkdir()
    return Workspace(tmp_path)


def known() -> Registry:
    found = registry(owed=OWED)
    settings = [one for one in found.settings if one.name != "noi_nhan"]
    settings += [Setting("noi_nhan", line) for line in ("Như trên", "Các đơn vị kết nghĩa", "Lưu: VT")]
    return replace(found, partners=PARTNERS, settings=tuple(settings))


def making(
    workspace: Workspace,
    kind: str,
    returns: Sequence[Counted] = (),
    *,
    day: date = DAY,
    decisions: tuple[Decision, ...] = (),
    only: Sequence[str] = (),
    of: Registry | None = None,
) -> Making:
    """The letters of a kind after these returns, in this order of arrival."""
    of = of or known()
    workspace.register.unlink(missing_ok=True)
    with Register.open(workspace.register) as register:
        entries = []
        for number, one in enumerate(returns, start=1):
            said = one.submission
            delivery = Delivery(number, said.year, said.file, said.sha256, one.received)
            place = Place(said.file, "Thông tin chung", "E1")
            faults = [issue("cell.negative", place)] if one.verdict is WAITING else []
            entries.append(pack(delivery, said, one.verdict, faults))
        register.add(entries, "x")
        campaign = next(one for one in of.campaigns if one.year == 2025)
        desk = Desk(workspace, 2025, campaign, of, forms(), register, (), decisions)
        definition, found = load_letter(workspace.templates / "letters" / f"{kind}.yaml")
        assert definition is not None, found
        return make_letters(desk, definition, day, only)[0]


def written(made: Making) -> Mapping[str, bytes]:
    return {code: made.render(code)[0] for code in made.names}


def text_of(content: bytes) -> str:
    """Everything that stands in the body, a paragraph a line; a row of cells with tabs."""
    body = Document(io.BytesIO(content)).element.body
    lines = []
    for block in body:
        if block.tag == qn("w:tbl"):
            rows = (row.iter(qn("w:tc")) for row in block.iter(qn("w:tr")))
            lines += ["\t".join(" ".join(_paragraphs(cell)) for cell in cells) for cells in rows]
        else:
            lines += _paragraphs(block)
    return "\n".join(lines).replace("\u00a0", " ")


def _paragraphs(block) -> list[str]:
    found = ["".join(t.text or "" for t in one.iter(qn("w:t"))) for one in block.iter(qn("w:p"))]
    return [line for line in found if line]


def by_partner(made: Making) -> Mapping[str, str]:
    return {code: text_of(content) for code, content in written(made).items()}


# --- who is reminded ------------------------------------------------------------------------


def test_whoever_sent_nothing_is_reminded_and_the_board_never_is(workspace):
    made = making(workspace, "don-doc", [counted("DV-0001", [gift(5)]), counted("XA-0002", form="KN-02")])
    assert list(made.names) == ["DV-0002", "DV-0003", "XA-0001"]
    text = by_partner(made)["XA-0001"]
    assert "Kính gửi: Ủy ban nhân dân xã Trà Tập." in text
    assert "V/v đôn đốc gửi báo cáo công tác kết nghĩa năm 2025" in text
    assert "Đến ngày 29 tháng 12 năm 2025" in text
    assert (
        "- Biểu KN-02 “Báo cáo tình hình và kết quả tiếp nhận giúp đỡ của xã, huyện nhận kết nghĩa”: "
        "hạn gửi ngày 20 tháng 12 năm 2025, đã quá hạn 09 ngày." in text
    )
    assert "Địa chỉ nhận: ban@example." in text
    assert text.count("./.") == 1


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2025, 12, 10), "còn 10 ngày."),
        (date(2025, 12, 20), "là ngày cuối cùng."),
        (date(2025, 12, 21), "đã quá hạn 01 ngày."),
        (date(2026, 3, 30), "đã quá hạn 100 ngày."),
    ],
)
def test_days_late_are_counted_to_the_day_of_the_letter(workspace, day, told):
    assert told in by_partner(making(workspace, "don-doc", day=day, only=["DV-0001"]))["DV-0001"]


def test_an_extension_moves_the_day_and_an_exemption_lets_off(workspace):
    said = {"reason": "bão", "by": "A", "day": date(2025, 12, 1), "place": "quyet-dinh.xlsx"}
    made = making(
        workspace,
        "don-doc",
        decisions=(
            Decision(2025, "KN-01", "DV-0001", Ruling.EXTEND, **said, due=date(2025, 12, 27)),
            Decision(2025, "KN-01", "DV-0003", Ruling.EXEMPT, **said),
        ),
    )
    assert "DV-0003" not in made.names
    assert "hạn gửi ngày 27 tháng 12 năm 2025, đã quá hạn 02 ngày." in by_partner(made)["DV-0001"]


def test_a_return_that_waits_is_reminded_of_only_past_the_deadline(workspace):
    returns = [
        counted("DV-0001", [gift(5)], received=datetime(2025, 12, 1, tzinfo=UTC)),
        counted("DV-0001", [gift(-5)], revision=2, verdict=WAITING, received=datetime(2025, 12, 18, tzinfo=UTC)),
    ]
    assert "DV-0001" not in making(workspace, "don-doc", returns, day=date(2025, 12, 20)).names
    text = by_partner(making(workspace, "don-doc", returns))["DV-0001"]
    assert "đã nhận báo cáo sau đây của quý đơn vị nhưng chưa tổng hợp được" in text
    assert "bản nộp lần 2 nhận ngày 18 tháng 12 năm 2025, còn 01 lỗi phải sửa" in text
    assert "(tạm dùng số liệu của bản nộp lần 1)" in text
    assert "không phát sinh" not in text


def test_nobody_is_reminded_when_all_have_sent(workspace):
    sent = [counted(one.code, form="KN-02" if one.receives else "KN-01") for one in PARTNERS if one.code != "TT-0001"]
    assert not making(workspace, "don-doc", sent).names


def test_a_name_of_120_letters_with_signs_of_xml_stands_as_it_is(workspace):
    text = by_partner(making(workspace, "don-doc"))["DV-0002"]
    assert f"Kính gửi: {LONG}." in text
    assert len(LONG) == 120 or len(LONG) == 119


def test_a_name_that_looks_like_a_tag_is_no_tag(workspace):
    odd = replace(known(), partners=(Partner("DV-0009", "Sở {{ nam }} {% if %}", "so_ban_nganh", True, False),))
    text = by_partner(making(workspace, "don-doc", of=odd))["DV-0009"]
    assert "Sở { { nam } } { % if % }" in text


# --- both sides of a difference ---------------------------------------------------------------


def differing() -> list[Counted]:
    given = [
        gift(50_000_000, thoi_gian="2025-05-10", noi_dung="Hỗ trợ xây nhà", so_ho=2),
        gift(9_000_000, "qua", thoi_gian="2025-02-01", noi_dung="Quà Tết"),
    ]
    return [
        counted("DV-0001", given),
        counted("XA-0001", [taken(40_000_000, giver="DV-0001", thoi_gian="2025-05-10", so_ho=3)], form="KN-02"),
    ]


def test_both_sides_of_a_difference_get_the_same_rows_with_both_cells(workspace):
    letters = by_partner(making(workspace, "ra-soat", differing()))
    assert list(letters) == ["DV-0001", "XA-0001"]
    value = (
        "1\tHỗ trợ xây nhà Ngày 10/5/2025; giá trị (đồng)\t50.000.000 (tệp dv-0001-r1.xlsx, trang hoat_dong, ô F12)"
        "\t40.000.000 (tệp xa-0001-r1.xlsx, trang nhan_duoc, ô F12)\t10.000.000"
    ).replace("Ngày 10/5/2025", "10/5/2025")
    households = (
        "2\tHỗ trợ xây nhà 10/5/2025; số hộ\t2 (tệp dv-0001-r1.xlsx, trang hoat_dong, dòng 12)"
        "\t3 (tệp xa-0001-r1.xlsx, trang nhan_duoc, dòng 12)\t-1"
    )
    one_sided = "3\tQuà Tết 01/02/2025; giá trị (đồng)\t9.000.000 (tệp dv-0001-r1.xlsx, trang hoat_dong, ô F13)"
    for code, other in (("DV-0001", "Với xã Trà Tập"), ("XA-0001", "Với Sở (minh họa) 01")):
        assert value in letters[code]
        assert households in letters[code]
        assert f"{one_sided}\tkhông kê khoản này\t9.000.000" in letters[code]
        assert other in letters[code]
        assert "còn 03 chỗ khác nhau như sau:" in letters[code]


def test_one_letter_tells_a_partner_all_its_differences(workspace):
    returns = [
        counted("DV-0001", [gift(50_000_000, commune=code, thoi_gian="2025-05-10") for code in ("XA-0001", "XA-0002")]),
        *(counted(code, [taken(1_000_000, giver="DV-0001", thoi_gian="2025-05-10")], form="KN-02")
          for code in ("XA-0001", "XA-0002")),
    ]  # fmt: skip
    letters = by_partner(making(workspace, "ra-soat", returns))
    # in Vietnamese order: xã Trà Cang before xã Trà Tập, numbered through
    assert re.findall(r"Với (xã [^\n]*)\n(\d)", letters["DV-0001"]) == [("xã Trà Cang", "1"), ("xã Trà Tập", "2")]
    assert letters["XA-0002"].count("49.000.000") == 1


def test_sides_that_agree_get_no_letter(workspace):
    agreed = [
        counted("DV-0001", [gift(5_000_000, thoi_gian="2025-05-10")]),
        counted("XA-0001", [taken(5_000_000, giver="DV-0001", thoi_gian="2025-05-10")], form="KN-02"),
    ]
    assert not making(workspace, "ra-soat", agreed).names


# --- what became of a return --------------------------------------------------------------------


def test_each_sender_is_told_form_day_revision_verdict_and_what_is_asked(workspace):
    returns = [
        counted("DV-0001", [gift(5)], received=datetime(2025, 12, 1, tzinfo=UTC)),
        counted("DV-0003", [gift(-5)], verdict=WAITING, received=datetime(2025, 12, 28, tzinfo=UTC)),
        counted("XA-0001", form="KN-02", verdict=Verdict.NIL),
    ]
    letters = by_partner(making(workspace, "ket-qua", returns))
    assert list(letters) == ["DV-0001", "DV-0003", "XA-0001"]
    title = "Báo cáo kết quả công tác kết nghĩa, giúp đỡ các xã miền núi đặc biệt khó khăn"
    assert f"1\tKN-01: {title}\t01/12/2025\t1\tĐạt\tKhông" in letters["DV-0001"]
    assert "Số liệu của quý đơn vị đã được tổng hợp." in letters["DV-0001"]
    assert "28/12/2025\t1\tChờ chỉnh sửa (gửi muộn)\tSửa 01 lỗi và gửi lại" in letters["DV-0003"]
    assert "Những chỗ phải sửa ở biểu KN-01:" in letters["DV-0003"]
    assert "- Trang Thông tin chung, ô E1:" in letters["DV-0003"]
    assert "Kính gửi: Ủy ban nhân dân huyện Đồng Bằng (minh họa)." in letters["DV-0003"]
    assert "Không phát sinh\tKhông" in letters["XA-0001"]


# --- the document ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_laid_out_by_the_law(workspace, kind):
    for content in written(making(workspace, kind, differing())).values():
        assert check_geometry(content, "x.docx") == []
        document = Document(io.BytesIO(content))
        (section,) = document.sections
        assert section.different_first_page_header_footer
        assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (30, 15)
        head, sign = document.tables[0], document.tables[-1]
        left = [one for one in head.cell(1, 0).paragraphs if one.text]
        assert re.fullmatch(r"Số: +/BDT-VP", left[0].text)
        assert left[1].text.startswith("V/v ")
        assert left[1].style.font.size.pt == 12
        assert sign.cell(0, 0).paragraphs[1].text == "- Như trên;"
        assert sign.cell(0, 0).paragraphs[-1].text == "- Lưu: VT, VP."
        (ending,) = [one for one in document.paragraphs if one.text.endswith("./.")]
        assert ending.style.paragraph_format.first_line_indent.cm == pytest.approx(1.27, abs=0.01)
        assert document.core_properties.title.startswith("V/v ")


def test_equal_inputs_and_day_give_equal_bytes(workspace):
    assert written(making(workspace, "don-doc")) == written(making(workspace, "don-doc"))


def test_a_demo_says_on_every_page_that_its_numbers_are_invented(workspace):
    (workspace.inputs / MARKER).write_text("", encoding="utf-8")
    content = written(making(workspace, "don-doc", only=["DV-0001"]))["DV-0001"]
    package, _ = open_package(content, "x.docx")
    assert package is not None
    assert b"MINH H" in package.read("word/footer1.xml")
    assert "SỐ LIỆU MINH HỌA" in package.read("word/footer2.xml").decode()


def test_letters_in_one_file_begin_a_page_each_with_page_numbers_of_their_own(workspace):
    made = making(workspace, "don-doc")
    content = joined_letters(made, "in.docx")
    document = Document(io.BytesIO(content))
    assert len(document.sections) == len(made.names) == 5
    for section in document.sections:
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert section._sectPr.find(qn("w:type")).get(qn("w:val")) == "nextPage"
        assert section.different_first_page_header_footer
    assert text_of(content).replace("\n", "") == "".join(by_partner(made).values()).replace("\n", "")
    assert content == joined_letters(made, "in.docx")


def test_marks_of_joined_letters_get_ids_of_their_own(workspace):
    made = making(workspace, "don-doc")
    content, trees = made.render("DV-0001")
    _, others = made.render("DV-0003")
    for root in (trees[DOCUMENT], others[DOCUMENT]):
        paragraph = root.find(f"{qn('w:body')}/{qn('w:p')}")
        paragraph.append(paragraph.makeelement(qn("w:bookmarkStart"), {qn("w:id"): "1", qn("w:name"): "dau"}))
        paragraph.append(paragraph.makeelement(qn("w:bookmarkEnd"), {qn("w:id"): "1"}))
    both, _ = joined(content, [trees[DOCUMENT], others[DOCUMENT]])
    assert check_geometry(both, "x.docx") == []
