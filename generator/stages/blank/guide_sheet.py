"""The sheet Hướng dẫn, generated: how to fill in, by when, where to, what the colours and fields mean.

In:   a draft and its guide sheet. Out: the sheet drawn.
Imports openpyxl and definitions.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.definitions import grid
from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Field, Sheet
from generator.stages.blank import styles
from generator.stages.blank.draft import Draft, Page, format_day
from generator.stages.blank.styles import text_height

_WIDTHS = {2: 6.0, 3: 30.0, 4: 14.0, 5: 62.0}
_LEGEND = (
    (styles.ANSWER_FILL, "Màu vàng nhạt", "Ô để đơn vị ghi."),
    (styles.PREFILLED_FILL, "Màu xám", "Ô đã điền sẵn hoặc tự tính, không cần ghi, không sửa được."),
    (styles.FAULT_FILL, "Màu đỏ nhạt", "Ô bắt buộc còn trống, hoặc nội dung chưa đạt ở trang Kiểm tra."),
    (styles.DOUBT_FILL, "Màu vàng đậm", "Nội dung nên xem lại ở trang Kiểm tra; vẫn gửi được."),
    (styles.GOOD_FILL, "Màu xanh", "Nội dung đã đạt ở trang Kiểm tra."),
)
_TIPS = (
    "Muốn tìm, sắp xếp dòng trong bảng: bấm mũi tên ở dòng Tổng cộng.",
    "Trước khi in bảng có nhiều dòng trống: bấm mũi tên ở dòng Tổng cộng, bỏ chọn ô trống (Blanks), rồi in.",
    "Chữ dài không hiện hết: kéo cao dòng hoặc kéo rộng cột; trang khóa vẫn cho làm việc này.",
)


def draw_guide(draft: Draft, sheet: Sheet) -> None:
    """Draws the guide; everything in it comes from the form and the campaign."""
    page = draft.page(sheet, _WIDTHS)
    row = grid.UNIT_ROW + 2
    page.span(grid.PERIOD_ROW, 2, page.last_column, draft.form.title, styles.PERIOD_LINE)
    page.height(grid.PERIOD_ROW, text_height(draft.form.title, page.width(2, page.last_column)) + 4)
    row = _section(page, row, "I. CÁCH GHI")
    for number, text in enumerate((*draft.form.intro, *_TIPS), start=1):
        row = _paragraph(page, row, str(number), text)
    row = _section(page, row, "II. THỜI HẠN VÀ NƠI GỬI")
    for number, text in enumerate(_deadline_lines(draft), start=1):
        row = _paragraph(page, row, str(number), text)
    row = _section(page, row, "III. Ý NGHĨA CÁC MÀU")
    for fill, name, text in _LEGEND:
        page.put(row, 3, name, styles.LABEL._replace(fill=fill))
        page.span(row, 4, 5, text, styles.LABEL)
        page.height(row, 20)
        row += 1
    row = _section(page, row, "IV. Ý NGHĨA TỪNG Ô, TỪNG CỘT")
    for filled in draft.form.sheets:
        row = _draw_sheet(page, row, filled)
    page.worksheet.print_title_rows = None
    page.finish(row, f"A{grid.UNIT_ROW}", "B9")


def _deadline_lines(draft: Draft) -> Iterator[str]:
    campaign = draft.campaign
    if campaign is None:
        yield "Ghi xong thì lưu tệp vào đúng chỗ cũ."
        return
    yield f"Gửi trước hết ngày {format_day(campaign.deadline)}, kèm công văn đã ký."
    to = f"Gửi đến: {campaign.send_to}" if campaign.send_to else "Gửi đến địa chỉ đã gửi biểu này"
    yield f"{to}." if not to.endswith(".") else to
    yield "Gửi nguyên tệp Excel này (không đổi sang PDF, không chép sang tệp khác); bản ký gửi kèm dạng PDF."


def _section(page: Page, row: int, title: str) -> int:
    page.span(row, 2, page.last_column, title, styles.SECTION)
    page.height(row, 28)
    return row + 1


def _paragraph(page: Page, row: int, number: str, text: str) -> int:
    page.put(row, 2, number, styles.STEP)
    page.span(row, 3, page.last_column, text, styles.TEXT)
    page.height(row, max(19, text_height(text, page.width(3, page.last_column))))
    return row + 1


def _draw_sheet(page: Page, row: int, sheet: Sheet) -> int:
    """One block for a sheet that is filled in; a run of numbered fields that say the same is one line."""
    fields = sheet.table.columns if sheet.table else sheet.fields
    if not fields:
        return row
    page.span(row, 2, page.last_column, f"Trang {sheet.title}", styles.HEADING)
    page.height(row, 21)
    row += 1
    for column, text in zip((2, 3, 4, 5), ("TT", "Nội dung", "Bắt buộc", "Ý nghĩa, cách ghi"), strict=True):
        page.put(row, column, text, styles.HEADER)
    page.height(row, 20)
    row += 1
    for number, (single, label) in enumerate(_merged(fields), start=1):
        page.put(row, 2, single.key if sheet.table else number, styles.NUMBER)
        page.put(row, 3, label, styles.LABEL)
        page.put(row, 4, _duty(single), styles.UNIT)
        meaning = _meaning(single)
        page.put(row, 5, meaning, styles.LABEL)
        page.height(row, max(20, text_height(label, page.widths[3]), text_height(meaning, page.widths[5])))
        row += 1
    page.height(row, 10)
    return row + 1


def _duty(single: Field) -> str:
    if single.locked:
        return "Điền sẵn"
    return "Bắt buộc" if single.required else ""


def _meaning(single: Field) -> str:
    if single.locked:
        return single.help or "Đã điền sẵn, không sửa."
    guide = FIELD_TYPES[single.type].guide(single)
    return f"{single.help} {guide}".strip() if guide not in single.help else single.help


def _merged(fields: tuple[Field, ...]) -> Iterator[tuple[Field, str]]:
    """Fields with their labels; neighbours that differ in a number only are told once."""
    shape: str | None = None
    for single in fields:
        own = "".join("#" if letter.isdigit() else letter for letter in single.label).replace("##", "#")
        if own != shape or not single.locked:
            yield (
                single,
                single.label.replace("(1)", "").replace(", dòng 1", "").strip() if single.locked else single.label,
            )
        shape = own
