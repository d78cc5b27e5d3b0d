"""Inspection finds each planted fault at its place, and nothing in a document that follows Decree 30."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.definitions.layout import FAMILIES, Layer, merged
from generator.definitions.load_layout import load_layers
from generator.office.document import read_document
from generator.stages.inspect import CHECKS, Finding, inspect
from lawful import FONT, SENTENCE, Lawful, fresh, lawful_decision, lawful_letter, lawful_report, ruled

STANDARDS = Path(__file__).parents[2] / "templates" / "standards"


@cache
def layers() -> tuple[Layer, ...]:
    loaded, faults = load_layers(STANDARDS)
    assert faults == []
    return loaded


def judged(content: bytes) -> list[Finding]:
    document, faults = read_document(content, "van-ban.docx")
    assert faults == []
    assert document is not None
    return inspect(document, layers())


def told(content: bytes) -> set[tuple[str, str]]:
    """Code, without its group, and place of everything found."""
    return {(one.issue.code.removeprefix("inspect."), one.issue.place.spot) for one in judged(content)}


@pytest.mark.parametrize("build", [lawful_report, lawful_letter, lawful_decision])
def test_nothing_is_found_in_a_document_laid_out_by_the_law(build: Callable[[], Lawful]) -> None:
    assert told(build().bytes()) == set()


# --- one fault each ---------------------------------------------------------------------------------

Spoil = Callable[[Lawful], object]


def size(name: str, points: float) -> Spoil:
    return lambda made: setattr(made.parts[name].runs[0].font, "size", Pt(points))


def bold(name: str, wanted: bool) -> Spoil:
    return lambda made: setattr(made.parts[name].runs[0].font, "bold", wanted)


def italic(name: str, wanted: bool) -> Spoil:
    return lambda made: setattr(made.parts[name].runs[0].font, "italic", wanted)


def text(name: str, words: str) -> Spoil:
    return lambda made: setattr(made.parts[name].runs[0], "text", words)


def align(name: str, alignment: ALIGN) -> Spoil:
    return lambda made: setattr(made.parts[name], "alignment", alignment)


def form(name: str, attribute: str, value: object) -> Spoil:
    return lambda made: setattr(made.parts[name].paragraph_format, attribute, value)


def page(section: int, attribute: str, value: object) -> Spoil:
    return lambda made: setattr(made.section(section), attribute, value)


def removed(*names: str) -> Spoil:
    def spoil(made: Lawful) -> None:
        for name in names:
            element = made.parts[name]._p
            element.getparent().remove(element)

    return spoil


def typeface(name: str) -> Spoil:
    def spoil(made: Lawful) -> None:
        made.parts["doan_1"].runs[0].font.name = name

    return spoil


def by_style(made: Lawful) -> None:
    """The size comes from a style two steps up, and no run says anything."""
    style = made.file.styles["Heading 2"]
    style.base_style.font.size = Pt(14)
    style.font.size, style.font.name = Pt(16), FONT
    style.font.color.rgb = RGBColor(0, 0, 0)
    run = made.parts["khoan_2"].runs[0]
    run.font.size = None
    paragraph = made.parts["khoan_2"]
    paragraph.style = style


def number_at_foot(made: Lawful) -> None:
    section = made.section(1)
    moved = section.header.paragraphs[0]._p
    section.footer.is_linked_to_previous = False
    section.footer._element.append(moved)
    section.header._element.append(section.footer.paragraphs[0]._p)


def colour_in_table(made: Lawful) -> None:
    made.tables["phu_luc_I"].cell(2, 1).paragraphs[0].runs[0].font.color.rgb = RGBColor(0xFF, 0, 0)


def annex_continues(made: Lawful) -> None:
    pages = made.section(2)._sectPr.find(qn("w:pgNumType"))
    pages.getparent().remove(pages)


def swapped_sides(made: Lawful) -> None:
    left, right = made.tables["head"].rows[0].cells
    first = list(right._tc.iterchildren(qn("w:p")))
    for paragraph in list(left._tc.iterchildren(qn("w:p"))):
        right._tc.append(paragraph)
    for paragraph in first:
        left._tc.append(paragraph)


def line_under_subject(made: Lawful) -> None:
    ruled(made.tables["head"].rows[1].cells[0].add_paragraph(), 20)


def no_page_number(made: Lawful) -> None:
    for section in made.file.sections:
        for paragraph in section.header.paragraphs:
            paragraph.clear()


def tight(made: Lawful) -> None:
    for paragraph in made.parts.values():
        paragraph.paragraph_format.space_before = Pt(3)


HEAD, NUMBER = "Bảng 1, dòng 1, cột", "Bảng 1, dòng 2, cột"
REPORT: dict[str, tuple[Spoil, str, str]] = {
    "no nation": (removed("quoc_hieu"), "missing", "phần đầu trang 1"),
    "nation misspelt": (text("quoc_hieu", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"), "wording", f"{HEAD} 2"),
    "nation too large": (size("quoc_hieu", 14), "size", f"{HEAD} 2"),
    "nation not bold": (bold("quoc_hieu", False), "bold", f"{HEAD} 2"),
    "nation slants": (italic("quoc_hieu", True), "italic", f"{HEAD} 2"),
    "nation at the left edge": (align("quoc_hieu", ALIGN.LEFT), "alignment", f"{HEAD} 2"),
    "head the wrong way round": (swapped_sides, "side", f"{HEAD} 1"),
    "no motto": (removed("tieu_ngu"), "missing", "phần đầu trang 1"),
    "motto without spaces": (text("tieu_ngu", "Độc lập-Tự do-Hạnh phúc"), "wording", f"{HEAD} 2"),
    "motto too small": (size("tieu_ngu", 12), "size", f"{HEAD} 2"),
    "motto with wide lines": (form("tieu_ngu", "line_spacing", 1.5), "line_spacing", f"{HEAD} 2"),
    "no line under the motto": (removed("ke_tieu_ngu"), "line_below", f"{HEAD} 2"),
    "line under the motto too short": (form("ke_tieu_ngu", "left_indent", Mm(60)), "line_below", f"{HEAD} 2"),
    "superior body bold": (bold("chu_quan", True), "bold", f"{HEAD} 1"),
    "superior body in small letters": (text("chu_quan", "UBND tỉnh Quảng Nam"), "letters", f"{HEAD} 1"),
    "issuing body not bold": (bold("ban_hanh", False), "bold", f"{HEAD} 1"),
    "issuing body too large": (size("ban_hanh", 15), "size", f"{HEAD} 1"),
    "no line under the issuing body": (removed("ke_ban_hanh"), "line_below", f"{HEAD} 1"),
    "line under the issuing body too long": (form("ke_ban_hanh", "left_indent", Mm(2)), "line_below", f"{HEAD} 1"),
    "no number": (removed("so"), "missing", "phần đầu trang 1"),
    "number without colon": (text("so", "Số 05/BC-BDT"), "wording", f"{NUMBER} 1"),
    "number without zero": (text("so", "Số: 5/BC-BDT"), "wording", f"{NUMBER} 1"),
    "number with spaces": (text("so", "Số: 05/BC - BDT"), "wording", f"{NUMBER} 1"),
    "number of another kind": (text("so", "Số: 05/TTr-BDT"), "wording", f"{NUMBER} 1"),
    "number of size 14": (size("so", 14), "size", f"{NUMBER} 1"),
    "no day": (removed("ngay"), "missing", "phần đầu trang 1"),
    "day upright": (italic("ngay", False), "italic", f"{NUMBER} 2"),
    "day without comma": (text("ngay", "Tam Kỳ ngày 05 tháng 3 năm 2026"), "wording", f"{NUMBER} 2"),
    "day without zero": (text("ngay", "Tam Kỳ, ngày 5 tháng 3 năm 2026"), "wording", f"{NUMBER} 2"),
    "month with needless zero": (text("ngay", "Tam Kỳ, ngày 05 tháng 03 năm 2026"), "wording", f"{NUMBER} 2"),
    "January without zero": (text("ngay", "Tam Kỳ, ngày 05 tháng 1 năm 2026"), "wording", f"{NUMBER} 2"),
    "kind in small letters": (text("ten_loai", "Báo cáo"), "letters", "đoạn 1"),
    "kind at the left edge": (align("ten_loai", ALIGN.LEFT), "alignment", "đoạn 1"),
    "kind too large": (size("ten_loai", 16), "size", "đoạn 1"),
    "no subject": (removed("trich_yeu"), "missing", "phần đầu trang 1"),
    "subject not bold": (bold("trich_yeu", False), "bold", "đoạn 2"),
    "subject in capitals": (text("trich_yeu", "SƠ KẾT CÔNG TÁC KẾT NGHĨA"), "letters", "đoạn 2"),
    "no line under the subject": (removed("ke_trich_yeu"), "line_below", "đoạn 2"),
    "line under the subject too long": (form("ke_trich_yeu", "left_indent", Mm(2)), "line_below", "đoạn 2"),
    "addressee without colon": (text("kinh_gui", "Kính gửi"), "wording", "đoạn 4"),
    "addressee bold": (bold("kinh_gui", True), "bold", "đoạn 4"),
    "addressees without semicolon": (text("noi_gui_1", "- Tỉnh ủy Quảng Nam,"), "punctuation", "đoạn 5"),
    "addressees without full stop": (text("noi_gui_2", "- Ủy ban nhân dân tỉnh;"), "punctuation", "đoạn 6"),
    "ground upright": (italic("can_cu_1", False), "italic", "đoạn 7"),
    "ground without semicolon": (
        text("can_cu_1", "Căn cứ Chỉ thị số 23-CT/TU ngày 22 tháng 10 năm 2012 của Tỉnh ủy."),
        "punctuation",
        "đoạn 7",
    ),
    "heading not in capitals": (text("muc_1", "I. Kết quả thực hiện"), "letters", "đoạn 10"),
    "heading not bold": (bold("muc_1", False), "bold", "đoạn 10"),
    "heading out of order": (text("muc_2", "III. PHƯƠNG HƯỚNG"), "sequence", "đoạn 23"),
    "clause with a title not bold": (bold("khoan_1", False), "bold", "đoạn 11"),
    "point slants": (italic("diem_b", True), "italic", "đoạn 14"),
    "text too small": (size("doan_1", 12), "size", "đoạn 12"),
    "text aligned left": (align("doan_1", ALIGN.LEFT), "alignment", "đoạn 12"),
    "text centred": (align("doan_1", ALIGN.CENTER), "alignment", "đoạn 12"),
    "text without indent": (form("doan_1", "first_line_indent", Mm(0)), "indent", "đoạn 12"),
    "text indented too far": (form("doan_1", "first_line_indent", Mm(20)), "indent", "đoạn 12"),
    "text indented as a block": (form("doan_1", "left_indent", Mm(12.7)), "indent", "đoạn 12"),
    "text too close": (tight, "spacing", "đoạn 12"),
    "text with double lines": (form("doan_1", "line_spacing", 2.0), "line_spacing", "đoạn 12"),
    "text with squeezed lines": (form("doan_1", "line_spacing", Pt(11)), "line_spacing", "đoạn 12"),
    "text slants": (italic("doan_1", True), "italic", "đoạn 12"),
    "a page across without a table": (
        lambda made: made.tables["phu_luc_I"]._tbl.getparent().remove(made.tables["phu_luc_I"]._tbl),
        "landscape",
        "mục (section) 2",
    ),
    "another typeface": (typeface("Arial"), "font", "đoạn 12"),
    "a red letter in a table": (colour_in_table, "colour", "Bảng 4, dòng 3, cột 2"),
    "a size from a style": (by_style, "size", "đoạn 19"),
    "text without end": (text("ket", f"Trên đây là báo cáo. {SENTENCE}"), "ending", "đoạn 25"),
    "no recipients": (removed("noi_nhan", "noi_nhan_1", "noi_nhan_2", "noi_nhan_3"), "missing", "phần cuối văn bản"),
    "recipients upright": (italic("noi_nhan", False), "italic", "Bảng 3, dòng 1, cột 1"),
    "recipients without colon": (text("noi_nhan", "Nơi nhận"), "wording", "Bảng 3, dòng 1, cột 1"),
    "recipients of size 12": (size("noi_nhan_2", 12), "size", "Bảng 3, dòng 1, cột 1"),
    "recipient without dash": (text("noi_nhan_2", "Các đơn vị kết nghĩa;"), "wording", "Bảng 3, dòng 1, cột 1"),
    "recipient without semicolon": (text("noi_nhan_2", "- Các đơn vị."), "punctuation", "Bảng 3, dòng 1, cột 1"),
    "no copy kept": (text("noi_nhan_3", "- Văn phòng."), "wording", "Bảng 3, dòng 1, cột 1"),
    "addressed but not as above": (text("noi_nhan_1", "- Thường trực;"), "wording", "Bảng 3, dòng 1, cột 1"),
    "authority with a stroke": (text("quyen_han_1", "K/T TRƯỞNG BAN"), "wording", "Bảng 3, dòng 1, cột 2"),
    "authority not bold": (bold("quyen_han_2", False), "bold", "Bảng 3, dòng 1, cột 2"),
    "office in small letters": (text("quyen_han_2", "Phó Trưởng Ban"), "letters", "Bảng 3, dòng 1, cột 2"),
    "signer with a degree": (text("ho_ten", "TS. Nguyễn Văn Minh Họa"), "wording", "Bảng 3, dòng 1, cột 2"),
    "signer in capitals": (text("ho_ten", "NGUYỄN VĂN MINH HỌA"), "letters", "Bảng 3, dòng 1, cột 2"),
    "annex of size 13": (size("phu_luc_I", 13), "size", "đoạn 27"),
    "annex with an Arabic number": (text("phu_luc_II", "Phụ lục 2"), "numerals", "đoạn 31"),
    "annex out of order": (text("phu_luc_II", "Phụ lục III"), "sequence", "đoạn 31"),
    "annex that nothing points to": (text("doan_2", f"{SENTENCE}. Xem Phụ lục I."), "not_cited", "đoạn 31"),
    "title of an annex in small letters": (text("ten_phu_luc_I", "Kết quả hỗ trợ"), "letters", "đoạn 28"),
    "annex that goes with nothing": (removed("kem_theo_I"), "missing", "đoạn 27"),
    "enclosed line upright": (italic("kem_theo_I", False), "italic", "đoạn 29"),
    "annex whose pages go on": (annex_continues, "page_number_restart", "mục (section) 2"),
    "left margin too narrow": (page(1, "left_margin", Mm(20)), "margin", "mục (section) 1"),
    "top margin too wide": (page(1, "top_margin", Mm(40)), "margin", "mục (section) 1"),
    "right margin of an annex": (page(3, "right_margin", Mm(5)), "margin", "mục (section) 3"),
    "letter paper": (page(1, "page_width", Mm(216)), "paper", "mục (section) 1"),
    "number on the first page": (
        page(1, "different_first_page_header_footer", False),
        "page_number_first",
        "mục (section) 1",
    ),
    "number at the foot": (number_at_foot, "page_number", "mục (section) 1"),
    "number at the right": (
        lambda made: setattr(made.section(1).header.paragraphs[0], "alignment", ALIGN.RIGHT),
        "page_number",
        "mục (section) 1",
    ),
    "no number at all": (no_page_number, "page_number", "mục (section) 1"),
    "one number with two dates": (
        text("doan_4", f"{SENTENCE}. Chỉ thị số 23-CT/TU, ngày 24/10/2012 của Tỉnh ủy."),
        "citation_dates",
        "đoạn 24",
    ),
    "cited in full again": (
        text("doan_4", f"{SENTENCE}. Chỉ thị số 23-CT/TU ngày 22 tháng 10 năm 2012 của Tỉnh ủy."),
        "citation_again",
        "đoạn 24",
    ),
    "a day without zero": (text("doan_4", f"{SENTENCE} từ ngày 5 tháng 12 năm 2025."), "date_zero", "đoạn 24"),
    "a month with needless zero": (text("doan_4", f"{SENTENCE} từ ngày 15 tháng 04."), "date_zero", "đoạn 24"),
    "a short date without zero": (text("doan_4", f"{SENTENCE} ngày 7/12/2025."), "date_zero", "đoạn 24"),
    "an abbreviation of another kind": (
        text("doan_4", f"{SENTENCE} theo Kế hoạch số 12/QĐ-UBND."),
        "abbreviation",
        "đoạn 24",
    ),
    "a body in small letters": (text("doan_4", f"{SENTENCE} của ban dân tộc."), "capitals", "đoạn 24"),
    "a body with too many capitals": (text("doan_4", f"{SENTENCE} của Ủy Ban Nhân Dân tỉnh."), "capitals", "đoạn 24"),
    "the people in small letters": (text("doan_4", f"{SENTENCE} của nhân dân."), "capitals", "đoạn 24"),
    "a commune with a capital": (
        text("doan_4", f"{SENTENCE} tại các Xã Trà Tập."),
        "place_capitals",
        "đoạn 24",
    ),
    "a numbered ward": (text("doan_4", f"{SENTENCE} tại phường 5."), "place_capitals", "đoạn 24"),
    "a clause with a capital": (
        text("doan_4", f"{SENTENCE} theo Khoản 1 Điều 24."),
        "part_capitals",
        "đoạn 24",
    ),
    "letters of another alphabet": (text("diem_đ", f"e) {SENTENCE};"), "list_letters", "đoạn 17"),
}

LETTER: dict[str, tuple[Spoil, str, str]] = {
    "no subject under the number": (removed("ve_viec"), "missing", "phần đầu trang 1"),
    "subject without its sign": (text("ve_viec", "Về việc đôn đốc báo cáo"), "wording", f"{NUMBER} 1"),
    "subject bold": (bold("ve_viec", True), "bold", f"{NUMBER} 1"),
    "subject too large": (size("ve_viec", 14), "size", f"{NUMBER} 1"),
    "subject too close": (form("ve_viec", "space_before", Pt(0)), "spacing", f"{NUMBER} 1"),
    "subject with a line": (line_under_subject, "line_unwanted", f"{NUMBER} 1"),
    "letter without its end": (text("ket", f"{SENTENCE}."), "ending", "đoạn 3"),
}

DECISION: dict[str, tuple[Spoil, str, str]] = {
    "chapter with an Arabic number": (text("chuong_2", "Chương 2"), "numerals", "đoạn 13"),
    "chapter at the left edge": (align("chuong_1", ALIGN.LEFT), "alignment", "đoạn 4"),
    "chapter in capitals": (text("chuong_1", "CHƯƠNG I"), "letters", "đoạn 4"),
    "title of a chapter in small letters": (text("ten_chuong_1", "Quy định chung"), "letters", "đoạn 5"),
    "section with a Roman number": (text("muc_1", "Mục I"), "numerals", "đoạn 6"),
    "article not bold": (bold("dieu_2", False), "bold", "đoạn 11"),
    "article with a colon": (text("dieu_2", "Điều 2: Đối tượng"), "wording", "đoạn 11"),
    "article out of order": (text("dieu_3", "Điều 5. Hiệu lực thi hành"), "sequence", "đoạn 15"),
    "clause out of order": (text("khoan_2", f"3. {SENTENCE}."), "sequence", "đoạn 10"),
}

CASES = [  # one case each, with its code and its place
    pytest.param(build, *case, id=name)
    for build, cases in ((lawful_report, REPORT), (lawful_letter, LETTER), (lawful_decision, DECISION))
    for name, case in cases.items()
]


def test_there_are_enough_planted_faults() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(("build", "spoil", "code", "place"), CASES)
def test_a_planted_fault_is_found(build: Callable[[], Lawful], spoil: Spoil, code: str, place: str) -> None:
    made = fresh(build)
    spoil(made)
    assert (code, place) in told(made.bytes())


# --- whatever comes ---------------------------------------------------------------------------------


def test_every_family_of_rules_has_a_check() -> None:
    whole = {"paper", "landscape", "page_number", "first_page", "own_pages", "present", "font", "colour", "wording"}
    margins = {name for name in FAMILIES if name.startswith("margin_")}
    language = {"citation_dates", "citation_again", "dates", "abbreviations", "capitals", "places", "cited_parts"}
    language |= {"list_letters", "count_zeros", "tones", "tens_word"}
    assert set(CHECKS) | whole | margins | language == set(FAMILIES)


def test_every_rule_names_its_source() -> None:
    rules = [rule for rules in merged(layers()).rules.values() for rule in rules]
    assert len(rules) > 200
    assert [rule for rule in rules if "Phụ lục" not in rule.source and rule.layer == "quoc_gia"] == []


def test_what_partners_are_quoted_with_is_not_judged() -> None:
    made = fresh(lawful_report)
    made.parts["doan_4"].runs[0].text = f"{SENTENCE}: “của ban dân tộc, ngày 1 tháng 03”, «ủy ban nhân dân»."
    assert told(made.bytes()) == set()


def note(made: Lawful, words: str) -> None:
    """A last row of one cell across the table, as notes stand."""
    cells = made.tables["bang"].add_row().cells
    cells[0].merge(cells[-1]).text = words


def test_a_note_in_a_table_is_judged_as_the_text_it_is() -> None:
    made = fresh(lawful_report)
    text("doan_2", f"{SENTENCE}. Xem Phụ lục I.")(made)
    note(made, "Chú thích: chi tiết tại Phụ lục II, lập ngày 5 tháng 3 năm 2026.")
    assert {code for code, _ in told(made.bytes())} == {"date_zero"}


def test_equal_faults_are_told_once_with_their_number() -> None:
    made = fresh(lawful_report)
    for letter in "abcd":
        size(f"diem_{letter}", 12)(made)
    (only,) = judged(made.bytes())
    assert (only.issue.place.spot, only.issue.params["more"]) == ("đoạn 13", "3")


ODD = ("", "Phụ lục", "Nơi nhận", "Điều 1", "I.", "Kính gửi:", "____", "- ", "BÁO CÁO", "Căn cứ ", "\x85", "a)", "Số:")


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_a_document_in_disorder_is_judged_without_failing(chance: random.Random) -> None:
    made = fresh(chance.choice([lawful_report, lawful_letter, lawful_decision]))
    body = made.file.element.body
    blocks = list(body)
    for block in chance.sample(blocks, chance.randint(1, len(blocks))):
        body.remove(block)
    for block in chance.sample(blocks, chance.randint(0, len(blocks))):
        body.insert(chance.randint(0, len(body)), block)
    texts = list(body.iter(qn("w:t")))
    for element in chance.sample(texts, min(5, len(texts))):
        element.text = chance.choice(ODD)
    kept = judged(made.bytes())
    assert all(one.issue.place.spot for one in kept)
