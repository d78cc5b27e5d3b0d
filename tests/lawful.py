"""Documents laid out after Decree 30 with python-docx, as a careful clerk types them; tests spoil one thing each."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import docx
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
SENTENCE = (
    "Các cơ quan, đơn vị đã phối hợp với chính quyền địa phương tổ chức khảo sát, thống nhất nội dung giúp đỡ, "
    "bố trí kinh phí và triển khai thực hiện theo đúng kế hoạch đã ký kết với các xã, bảo đảm thiết thực, hiệu quả"
)


@dataclass
class Lawful:
    """A document and its paragraphs by name."""

    file: Docx
    parts: dict[str, Paragraph] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def bytes(self) -> bytes:
        kept = io.BytesIO()
        self.file.save(kept)
        return kept.getvalue()

    def section(self, number: int) -> Section:
        return self.file.sections[number - 1]


def write(
    paragraph: Paragraph,
    text: str,
    size: float = 14,
    *,
    bold: bool = False,
    italic: bool = False,
    align: ALIGN = ALIGN.CENTER,
    first: float = 0,
    before: float = 0,
) -> Paragraph:
    """Fills a paragraph with one run and sets it."""
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    form = paragraph.paragraph_format
    form.alignment, form.first_line_indent = align, Mm(first)
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(0), 1.0
    return paragraph


def ruled(paragraph: Paragraph, indent: float) -> Paragraph:
    """An empty paragraph with a line on top, so many millimetres in from both sides."""
    write(paragraph, "", 2)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in {"val": "single", "sz": "6", "space": "1", "color": "000000"}.items():
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent)
    form = paragraph._p.get_or_add_pPr()
    form.insert(0, border)
    return paragraph


def _start(name_of_style: str = "Normal") -> Lawful:
    made = Lawful(docx.Document())
    style = made.file.styles[name_of_style]
    style.font.name, style.font.size = FONT, Pt(14)
    _set_up(made.file.sections[0])
    return made


def _set_up(section: Section, *, wide: bool = False) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = (Mm(25), Mm(20)) if wide else (Mm(30), Mm(15))
    section.header_distance = Mm(10)


def number_pages(made: Lawful, *, start: int | None = None) -> Paragraph:
    """A page number in the middle of the top margin of the last section, not on its first page."""
    section = made.file.sections[-1]
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    for kind, text in (("begin", None), (None, " PAGE "), ("end", None)):
        run = paragraph.add_run()
        run.font.size, run.font.name = Pt(14), FONT
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        mark.text = text
        run._r.append(mark)
    paragraph.add_run("2").font.size = Pt(14)
    if start is not None:
        pages = OxmlElement("w:pgNumType")
        pages.set(qn("w:start"), str(start))
        section._sectPr.insert_element_before(pages, "w:cols", "w:titlePg", "w:docGrid")
    return paragraph


def _head(made: Lawful, number: str, subject: str = "") -> None:
    table = made.tables["head"] = made.file.add_table(2, 2)
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(66), Mm(99)
    left, right = table.rows[0].cells
    parts = made.parts
    parts["chu_quan"] = write(left.paragraphs[0], "UBND TỈNH QUẢNG NAM", 12)
    parts["ban_hanh"] = write(left.add_paragraph(), "BAN DÂN TỘC", 12, bold=True)
    parts["ke_ban_hanh"] = ruled(left.add_paragraph(), 27)
    parts["quoc_hieu"] = write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    parts["tieu_ngu"] = write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    parts["ke_tieu_ngu"] = ruled(right.add_paragraph(), 21.5)
    below, day = table.rows[1].cells
    parts["so"] = write(below.paragraphs[0], number, 13)
    if subject:
        parts["ve_viec"] = write(below.add_paragraph(), subject, 12, before=6)
    parts["ngay"] = write(day.paragraphs[0], "Tam Kỳ, ngày 05 tháng 3 năm 2026", 13, italic=True)


def _body(made: Lawful, name: str, text: str, *, bold: bool = False, italic: bool = False) -> None:
    made.parts[name] = write(
        made.file.add_paragraph(), text, bold=bold, italic=italic, align=ALIGN.JUSTIFY, first=12.7, before=6
    )


def _middle(made: Lawful, name: str, text: str, *, bold: bool = False, italic: bool = False, size: float = 14) -> None:
    made.parts[name] = write(made.file.add_paragraph(), text, size, bold=bold, italic=italic, before=6)


def _signature(made: Lawful, recipients: list[str], authority: list[str]) -> None:
    table = made.tables["signature"] = made.file.add_table(1, 2)
    left, right = table.rows[0].cells
    made.parts["noi_nhan"] = write(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True, align=ALIGN.LEFT)
    for at, text in enumerate(recipients, 1):
        made.parts[f"noi_nhan_{at}"] = write(left.add_paragraph(), text, 11, align=ALIGN.LEFT)
    right.paragraphs[0].clear()
    for at, text in enumerate(authority, 1):
        paragraph = right.paragraphs[0] if at == 1 else right.add_paragraph()
        made.parts[f"quyen_han_{at}"] = write(paragraph, text, bold=True)
    for _ in range(3):
        right.add_paragraph()
    made.parts["ho_ten"] = write(right.add_paragraph(), "Nguyễn Văn Minh Họa", bold=True)


def _annex(made: Lawful, number: str, title: str, *, wide: bool) -> None:
    made.file.add_section(WD_SECTION.NEW_PAGE)
    _set_up(made.file.sections[-1], wide=wide)
    number_pages(made, start=1)
    _middle(made, f"phu_luc_{number}", f"Phụ lục {number}", bold=True)
    _middle(made, f"ten_phu_luc_{number}", title, bold=True)
    text = "(Kèm theo Báo cáo số 05/BC-BDT ngày 05 tháng 3 năm 2026 của Ban Dân tộc)"
    _middle(made, f"kem_theo_{number}", text, italic=True)
    table = made.tables[f"phu_luc_{number}"] = made.file.add_table(3, 3)
    table.style = "Table Grid"
    for row in table.rows:
        for at, cell in enumerate(row.cells):
            write(cell.paragraphs[0], "Nội dung" if at else "1", 12)


def lawful_report() -> Lawful:
    """A report with everything a report has."""
    made = _start()
    number_pages(made)
    _head(made, "Số: 05/BC-BDT")
    _middle(made, "ten_loai", "BÁO CÁO", bold=True)
    _middle(made, "trich_yeu", "Sơ kết công tác kết nghĩa năm 2025", bold=True)
    made.parts["ke_trich_yeu"] = ruled(made.file.add_paragraph(), 65)
    made.parts["kinh_gui"] = write(made.file.add_paragraph(), "Kính gửi:", align=ALIGN.LEFT, before=6)
    made.parts["noi_gui_1"] = write(made.file.add_paragraph(), "- Tỉnh ủy Quảng Nam;", align=ALIGN.LEFT)
    made.parts["noi_gui_2"] = write(made.file.add_paragraph(), "- Ủy ban nhân dân tỉnh.", align=ALIGN.LEFT)
    _body(made, "can_cu_1", "Căn cứ Chỉ thị số 23-CT/TU ngày 22 tháng 10 năm 2012 của Tỉnh ủy;", italic=True)
    _body(made, "can_cu_2", "Căn cứ Kế hoạch số 9295/KH-UBND ngày 24 tháng 12 năm 2021 của UBND tỉnh.", italic=True)
    _body(made, "mo_dau", f"Ban Dân tộc báo cáo kết quả công tác kết nghĩa năm 2025 như sau: {SENTENCE}.")
    _body(made, "muc_1", "I. KẾT QUẢ THỰC HIỆN", bold=True)
    _body(made, "khoan_1", "1. Công tác chỉ đạo", bold=True)
    _body(made, "doan_1", f"{SENTENCE}. Theo Chỉ thị số 23-CT/TU, ngày 15 tháng 02 các xã đã ký kết.")
    for letter in "abcdđe":
        _body(made, f"diem_{letter}", f"{letter}) {SENTENCE};")
    _body(made, "khoan_2", "2. Kết quả", bold=True)
    _body(made, "doan_2", f"{SENTENCE}. Số liệu nêu tại Phụ lục I và Phụ lục II kèm theo.")
    _middle(made, "ten_bang", "Bảng 1. Kết quả", bold=True, size=13)
    table = made.tables["bang"] = made.file.add_table(2, 3)
    table.style = "Table Grid"
    for cell in table.rows[0].cells:
        write(cell.paragraphs[0], "Cột", 12)
    _body(made, "doan_3", f"{SENTENCE}. Xã nêu: “Đề nghị ủy ban Nhân Dân tỉnh hỗ trợ từ ngày 1 tháng 03”.")
    _body(made, "muc_2", "II. PHƯƠNG HƯỚNG", bold=True)
    _body(made, "doan_4", f"{SENTENCE}.")
    _body(made, "ket", f"Trên đây là báo cáo của Ban Dân tộc về công tác kết nghĩa. {SENTENCE}./.")
    _signature(
        made, ["- Như trên;", "- Các đơn vị kết nghĩa;", "- Lưu: VT, KHTH."], ["KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"]
    )
    _annex(made, "I", "KẾT QUẢ HỖ TRỢ THEO ĐƠN VỊ", wide=True)
    _annex(made, "II", "KẾT QUẢ HỖ TRỢ THEO XÃ", wide=False)
    return made


def lawful_letter() -> Lawful:
    """A công văn to one body."""
    made = _start()
    number_pages(made)
    _head(made, "Số: 12/BDT-KHTH", "V/v đôn đốc báo cáo công tác kết nghĩa")
    made.parts["kinh_gui"] = write(made.file.add_paragraph(), "Kính gửi: Sở Tài chính tỉnh Quảng Nam.", before=6)
    _body(made, "doan_1", f"Căn cứ Kế hoạch số 15/KH-BDT, Ban Dân tộc đề nghị Sở Tài chính: {SENTENCE}.")
    _body(made, "ket", f"Ban Dân tộc đề nghị Quý cơ quan quan tâm phối hợp. {SENTENCE}./.")
    _signature(made, ["- Như trên;", "- Lưu: VT."], ["TRƯỞNG BAN"])
    return made


def lawful_decision() -> Lawful:
    """A decision in chapters, sections and articles."""
    made = _start()
    number_pages(made)
    _head(made, "Số: 05/QĐ-BDT")
    _middle(made, "ten_loai", "QUYẾT ĐỊNH", bold=True)
    _middle(made, "trich_yeu", "Về việc ban hành quy định công tác kết nghĩa", bold=True)
    made.parts["ke_trich_yeu"] = ruled(made.file.add_paragraph(), 62)
    _middle(made, "chuong_1", "Chương I", bold=True)
    _middle(made, "ten_chuong_1", "QUY ĐỊNH CHUNG", bold=True)
    _middle(made, "muc_1", "Mục 1", bold=True)
    _middle(made, "ten_muc_1", "PHẠM VI", bold=True)
    _body(made, "dieu_1", "Điều 1. Phạm vi điều chỉnh", bold=True)
    _body(made, "khoan_1", f"1. {SENTENCE}.")
    _body(made, "khoan_2", f"2. {SENTENCE}.")
    _body(made, "dieu_2", "Điều 2. Đối tượng", bold=True)
    _body(made, "doan_1", f"{SENTENCE}.")
    _middle(made, "chuong_2", "Chương II", bold=True)
    _middle(made, "ten_chuong_2", "TỔ CHỨC THỰC HIỆN", bold=True)
    _body(made, "dieu_3", "Điều 3. Hiệu lực thi hành", bold=True)
    _body(made, "ket", f"{SENTENCE}./.")
    _signature(made, ["- Như Điều 3;", "- Lưu: VT."], ["TRƯỞNG BAN"])
    return made


@cache
def _saved(build: Callable[[], Lawful]) -> tuple[bytes, dict[str, int], dict[str, int]]:
    """A document saved, with where its named paragraphs and tables stand."""
    made = build()
    body = made.file.element.body
    paragraphs, tables = list(body.iter(qn("w:p"))), list(body.iter(qn("w:tbl")))
    named = {name: paragraphs.index(one._p) for name, one in made.parts.items()}
    return made.bytes(), named, {name: tables.index(one._tbl) for name, one in made.tables.items()}


def fresh(build: Callable[[], Lawful]) -> Lawful:
    """A document of one's own to spoil: building takes long, opening what was saved does not."""
    content, parts, tables = _saved(build)
    made = Lawful(docx.Document(io.BytesIO(content)))
    body = made.file.element.body
    paragraphs, grids = list(body.iter(qn("w:p"))), list(body.iter(qn("w:tbl")))
    made.parts = {name: Paragraph(paragraphs[at], made.file._body) for name, at in parts.items()}
    made.tables = {name: Table(grids[at], made.file._body) for name, at in tables.items()}
    return made
