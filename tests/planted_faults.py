"""Faults planted into copies of the shipped Word templates, and what `check` has to say of each.

In:   planting. Out: READABLE and REFUSED: cases by name, for the report of several years and the report of one.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from planting import (
    Plant,
    attached_template,
    cells,
    field,
    footer,
    header_rows,
    linked_file,
    linked_picture,
    mode,
    remarked,
    runs,
    several,
    text_box,
    typed,
)


@dataclass(frozen=True)
class Case:
    """One fault. `cure` must be in what is to be done, `also` in the sentence."""

    plant: Plant
    code: str
    cure: str
    also: str = ""
    severity: str = "error"


def _run(text: str, form: str = "", before: str = "") -> str:
    return f'{before}<w:r w:rsidR="00A1B2C3"><w:rPr>{form}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


_SPELLING = '<w:proofErr w:type="spellStart"/>'
SPLIT_BY_WORD = (
    _run("Tổng {{ ")
    + _run("tong", '<w:lang w:val="vi-VN"/>', _SPELLING)
    + _run("_gia_tri", '<w:noProof/><w:lang w:val="en-US"/>')
    + _run(" | tien }}.", '<w:rFonts w:hint="eastAsia"/>', '<w:proofErr w:type="spellEnd"/>')
)
SIZES = _run("Đạt {{", '<w:sz w:val="28"/>') + _run(" tong_gia_tri ", '<w:sz w:val="24"/>') + _run("| tien }}.")

# What the engine reads, with a warning or a note: planted together into the report of several years.
READABLE: dict[str, Case] = {
    "an unknown name": Case(
        typed("Đã hỗ trợ {{ tong_gia_ti | tien }}."), "report.unknown_name", "Có phải “tong_gia_tri”?"
    ),
    "a capital letter at the beginning of a name": Case(
        typed("{{ Tong_gia_tri | tien }} đã hỗ trợ."), "report.unknown_name", "Có phải “tong_gia_tri”?"
    ),
    "a name with the accents of the language": Case(
        typed("Đã hỗ trợ {{ tổng_giá_trị | tien }}."), "report.unknown_name", "Có phải “tong_gia_tri”?"
    ),
    "an unknown part": Case(
        typed("{% for d in phu_luc_4 %}{{ d.ho_dua | so }}{% endfor %}."), "report.unknown_part", "Có phải “ho_dau”?"
    ),
    "curly double quotes": Case(
        typed("{% if ky_hieu == “BC” %}Có{% endif %}"),
        "template.tag_typing",
        '{% if ky_hieu == "BC" %}',
        "ngoặc kép cong; chương trình vẫn hiểu đúng",
        "note",
    ),
    "curly single quotes": Case(
        typed("{% if ky_hieu == ‘BC’ %}Không{% endif %}"),
        "template.tag_typing",
        "{% if ky_hieu == '",
        "nháy đơn cong",
        "note",
    ),
    "a no-break space": Case(
        typed("Số {{\u00a0tong_gia_tri\u00a0| tien }} là tổng."),
        "template.tag_typing",
        "{{ tong_gia_tri | tien }}",
        "dấu cách liền",
        "note",
    ),
    "a sign without width": Case(
        typed("Cộng {{ tong_\u200bgia_tri | tien }} là tổng."),
        "template.tag_typing",
        "{{ tong_gia_tri | tien }}",
        "ký tự ẩn",
        "note",
    ),
    "a capital letter that Word put at the beginning": Case(
        several("{%P if tong_gia_tri > 0 %}", "Có", "{%p endif %}"),
        "template.tag_typing",
        "{%p if tong_gia_tri > 0 %}",
        "chữ hoa",
        "note",
    ),
    "decomposed letters": Case(
        typed(unicodedata.normalize("NFD", "{% if ky_hieu == 'Đợt' %}Đúng{% endif %}")),
        "report.decomposed_name",
        "Unicode dựng sẵn",
        severity="warning",
    ),
    "runs cut by Word's spelling": Case(runs(SPLIT_BY_WORD), "template.tag_split", "Không cần làm gì", severity="note"),
    "a bold name between plain braces": Case(
        typed("Được {{ ¦tong_gia_tri¦ | tien }}."), "template.tag_format", "chọn một định dạng", "không đậm", "warning"
    ),
    "a name of another size": Case(runs(SIZES), "template.tag_format", "Chọn cả thẻ", "cỡ 12", "warning"),
    "a number beside a tag": Case(
        typed("Có 12 {{ so_xa_duoc_ho_tro }} xã."), "template.typed_number", "Xóa số, gõ thẻ", "“12”", "warning"
    ),
    "a sum beside the name of a figure": Case(
        typed("Tổng giá trị hỗ trợ là 1.234 triệu đồng."),
        "template.typed_number",
        "{{ tong_gia_tri | tien }}",
        "“1.234 triệu đồng”",
        "warning",
    ),
    "a total typed by hand": Case(
        typed("Tổng cộng 1.234,5 tỷ đồng trong cả giai đoạn."),
        "template.typed_number",
        "gõ thẻ thay vào",
        "“1.234,5 tỷ đồng”",
        "warning",
    ),
    "a typed count in a sentence with a figure": Case(
        typed("Với {{ tong_gia_tri | tien }}, 15 xã đã có nhà văn hóa."),
        "template.typed_number",
        "số cố định",
        "“15 xã”",
        "warning",
    ),
    "a number after the name of a figure": Case(
        typed("Lượt hộ hưởng lợi đạt 4.321, tăng so với trước."),
        "template.typed_number",
        "| dem }}",
        "“4.321”",
        "warning",
    ),
    "a typed cell beside cells that are filled": Case(
        cells(8, 5, {4: "1.250"}, 4), "template.typed_number", "gõ thẻ", "“1.250”", "warning"
    ),
    "one brace": Case(
        typed("Đã giúp { tong_gia_tri | tien }."),
        "template.near_tag",
        "gõ: {{ tong_gia_tri | tien }}",
        "“{ tong_gia_tri | tien }”",
        "warning",
    ),
    "the signs of a mail merge": Case(
        typed("Kính gửi «ten_don_vi» về việc này."), "template.near_tag", "{{ ten_don_vi }}", severity="warning"
    ),
    "braces with a space between": Case(
        typed("Tổng là { { tong_gia_tri | tien } } đồng."), "template.near_tag", "gõ: {{ tong_gia_tri | tien }}."
    ),
    "wide braces": Case(typed("Gồm ｛｛ tong_gia_tri ｝｝ đồng."), "template.near_tag", "gõ: {{ tong_gia_tri }}."),
    "only the second row repeats": Case(
        header_rows(4, [2], 1), "template.header_rows", "từ dòng 1 đến dòng 2", "chưa đánh dấu dòng 1", "warning"
    ),
    "two of three header rows repeat": Case(
        header_rows(12, [1, 2], 3), "template.header_rows", "từ dòng 1 đến dòng 3", "chưa đánh dấu dòng 3", "warning"
    ),
    "the first of a header merged downwards repeats": Case(
        header_rows(7, [1], 2), "template.header_rows", "từ dòng 1 đến dòng 2", "chưa đánh dấu dòng 2", "warning"
    ),
    "no header row repeats": Case(
        header_rows(14, [], 1), "template.header_rows", "từ dòng 1 đến dòng 2", "chưa đánh dấu dòng 1, 2", "warning"
    ),
    "a row of figures repeats": Case(
        header_rows(13, [1, 3], 3), "template.header_rows", "bỏ đánh dấu", "đánh dấu nhầm dòng số liệu 3", "warning"
    ),
    "the date of today": Case(
        field(r" DA¦TE \@ &quot;dd/MM/yyyy&quot; ", "01/02/2026"), "template.field", "Ctrl+Shift+F9", "DATE", "warning"
    ),
    "a field of a mail merge": Case(
        field(r" MERGEFIELD tong_gia_tr \* MERGEFORMAT ", "«tong_gia_tr»"),
        "template.field",
        "gõ thẻ {{ tong_gia_tri }}",
        "trộn thư",
        "warning",
    ),
    "a simple field": Case(
        runs('<w:fldSimple w:instr=" FILENAME \\p "><w:r><w:t>C:\\a.docx</w:t></w:r></w:fldSimple>'),
        "template.field",
        "Ctrl+Shift+F9",
        "FILENAME",
        "warning",
    ),
    "a picture on a disk": Case(
        linked_picture, "template.outside", "Insert > Pictures", "file:///D:/anh/ban-do.png", "warning"
    ),
    "a link to a file": Case(linked_file, "template.outside", "Remove Hyperlink", "đường dẫn", "warning"),
    "a template of Word's own": Case(attached_template, "template.outside", "Break Link", "Mau.dotx", "warning"),
    "tracking left on": Case(mode("trackRevisions"), "template.mode_on", "Tắt Track Changes", "", "warning"),
    "a lock against changes": Case(
        mode('documentProtection w:edit="readOnly" w:enforcement="1"'),
        "template.mode_on",
        "Tắt Restrict Editing",
        "",
        "warning",
    ),
    "a footer with an unknown name": Case(
        footer("Trang của {{ ten_co_qua }}"), "report.unknown_name", "Có phải “ten_co_quan”?"
    ),
    "a text box with an unknown name": Case(
        text_box("Hộp {{ tong_gia_t | tien }}"), "report.unknown_name", "Có phải “tong_gia_tri”?"
    ),
}

# What the engine refuses: planted together into the report of a year.
REFUSED: dict[str, Case] = {
    "an unknown filter": Case(
        typed("Đã hỗ trợ {{ tong_gia_tri | tein }}."), "template.filter_unknown", "Có phải định viết “tien”?"
    ),
    "an unknown name beside other faults": Case(
        typed("{% if tong_gia_ti > 0 %}Có hỗ trợ{% endif %}."), "report.unknown_name", "Có phải “tong_gia_tri”?"
    ),
    "a dash for a minus": Case(
        typed("Còn {{ tong_gia_tri – gia_tri_nam_truoc }} đồng."),
        "template.tag_typing",
        "{{ tong_gia_tri - gia_tri_nam_truoc }}",
        "gạch dài",
    ),
    "three dots made one": Case(
        typed("{% if … %}Có nhà tạm{% endif %}"), "template.tag_typing", "Thay dấu “…” bằng tên số liệu", "ba chấm liền"
    ),
    "a name with spaces": Case(
        typed("Đạt {{ tong gia tri | tien }} cả năm."), "template.tag_syntax", "{{ tong_gia_tri | tien }}"
    ),
    "a brace too few": Case(typed("Đạt {{ tong_gia_tri | tien } cả năm."), "template.tag_unclosed", "Gõ đủ dấu đóng"),
    "a brace too few at the beginning": Case(
        typed("Đạt tong_gia_tri | tien }} cả năm."), "template.tag_unopened", "gõ thêm dấu mở"
    ),
    "a capital letter in a command": Case(
        typed("{% If tong_gia_tri > 0 %}Có."), "template.tag_unsupported", "Có phải định viết “if”?"
    ),
    "an end without a beginning": Case(typed("Hết.{% endfor %}"), "template.block_unopened", "Xóa thẻ này"),
    "a loop without an end": Case(
        typed("{% for v in can_cu %}Căn cứ."), "template.block_unclosed", "Thêm thẻ {% endfor %}"
    ),
    "a tag half in one cell, half in the next": Case(
        cells(6, 5, {3: "{{ d.so_hoat_dong", 4: "| so }}"}, 3),
        "template.tag_cut",
        "{{ d.so_hoat_dong | so }}; xóa phần còn lại ở Bảng 6, dòng 5, cột 4",
        "“| so }}”",
    ),
    "a condition over two cells": Case(
        cells(7, 6, {3: "{% if d.muon %}x", 4: "y{% endif %}"}, 4),
        "template.block_crosses",
        "gõ {%tc … %} ở cả hai thẻ",
    ),
    "a row tag outside a table": Case(
        typed("{%tr set lon = tong_gia_tri > 0 %}"), "template.tag_outside_table", "{%p … %}"
    ),
    "text beside a paragraph tag": Case(
        several("Vì vậy {%p if tong_gia_tri > 2 %}", "a", "{%p endif %}"),
        "template.tag_swallows_text",
        "đứng một mình",
        "Vì vậy",
    ),
    "a row tag in a row with text": Case(
        cells(8, 3, {1: "{%tr set lon = tong_gia_tri > 0 %}", 2: "Tên xã"}, 1),
        "template.tag_swallows_text",
        "đứng một mình trong dòng",
        "Tên xã",
    ),
    "a change that nobody accepted": Case(
        runs('<w:ins w:id="901" w:author="An"><w:r><w:t>Câu thêm vào.</w:t></w:r></w:ins>'),
        "template.tracked_changes",
        "Accept All Changes",
        "Câu thêm vào.",
    ),
    "a change of format that nobody accepted": Case(
        runs(
            '<w:r><w:rPr><w:b/><w:rPrChange w:id="902" w:author="An"><w:rPr/></w:rPrChange></w:rPr>'
            "<w:t>Đậm.</w:t></w:r>"
        ),
        "template.tracked_changes",
        "Accept All Changes",
        "Đậm.",
    ),
    "a comment": Case(remarked("Hỏi lại."), "template.comments", "Delete All Comments", "Hỏi lại."),
    "a tag inside a field": Case(
        field(" QUOTE {{ tong_gia_tri }} ", "x"), "template.tag_misplaced", "đoạn văn hoặc ô bảng"
    ),
}
