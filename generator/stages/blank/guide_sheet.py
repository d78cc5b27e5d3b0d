"""The sheet Hướng dẫn, generated: how to fill in, by when, where to, what the colours and fields mean.

In:   a draft and its guide sheet. Out: the sheet drawn.
Imports openpyxl and definitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.definitions import grid
from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Field, Form, Sheet, SheetKind
from generator.definitions.prefills import prefill_name
from generator.model import Campaign
from generator.stages.blank import styles
from generator.stages.blank.draft import Draft, Page, format_day
from generator.stages.blank.styles import text_height

_FIRST_OF_RUN = re.compile(r",? *(?:dòng )?\(?1\)?$")
_WIDTHS = {2: 6.0, 3: 30.0, 4: 14.0, 5: 62.0}
_LEGEND = (
    (styles.ANSWER_FILL, "Màu vàng nhạt", "Ô để đơn vị ghi."),
    (styles.PREFILLED_FILL, "Màu xám", "Ô đã điền sẵn hoặc tự tính, không cần ghi, không sửa được."),
    (styles.FAULT_FILL, "Màu đỏ nhạt", "Ô bắt buộc còn trống."),
)
_CHECKS_LEGEND = (
    (styles.FAULT_FILL, "Màu đỏ nhạt", "Ô bắt buộc còn trống, hoặc nội dung chưa đạt ở trang Kiểm tra."),
    (styles.DOUBT_FILL, "Màu vàng đậm", "Nội dung nên xem lại ở trang Kiểm tra; vẫn gửi được."),
    (styles.GOOD_FILL, "Màu xanh", "Nội dung đã đạt ở trang Kiểm tra."),
)
_TIPS = (
    "Muốn tìm hoặc sắp xếp các dòng của bảng: bấm mũi tên ở dòng ngay trên dòng số 1.",
    "Trước khi in bảng còn nhiều dòng trống: bấm mũi tên ấy ở cột Nội dung, bỏ chọn ô trống (Blanks), rồi in.",
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
    if draft.campaign:
        row = _section(page, row, "II. THỜI HẠN" if draft.form.role == "board" else "II. THỜI HẠN VÀ NƠI GỬI")
        for number, text in enumerate(_deadline_lines(draft.form, draft.campaign), start=1):
            row = _paragraph(page, row, str(number), text)
    row = _section(page, row, f"{'III' if draft.campaign else 'II'}. Ý NGHĨA CÁC MÀU")
    checked = any(one.kind is SheetKind.CHECKS for one in draft.form.sheets)
    for fill, name, text in (*_LEGEND[:-1], *_CHECKS_LEGEND) if checked else _LEGEND:
        page.put(row, 3, name, styles.LABEL._replace(fill=fill))
        page.span(row, 4, 5, text, styles.LABEL)
        page.height(row, 20)
        row += 1
    row = _section(page, row, f"{'IV' if draft.campaign else 'III'}. Ý NGHĨA TỪNG Ô, TỪNG CỘT")
    for filled in draft.form.sheets:
        row = _draw_sheet(page, row, filled)
    page.finish(row, f"A{grid.UNIT_ROW}", f"B{grid.UNIT_ROW + 2}")


def _deadline_lines(form: Form, campaign: Campaign) -> Iterator[str]:
    if form.role == "board":
        yield f"Ghi xong trước ngày {format_day(campaign.deadline)}; có thể bổ sung cho đến khi lập báo cáo."
        yield "Lưu tệp vào thư mục tiếp nhận của năm như biểu của các đơn vị, không cần gửi thư."
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


def _meaning(single: Field) -> str:
    if single.locked:
        return single.help or "Đã điền sẵn, không sửa."
    type_ = FIELD_TYPES[single.type]
    check = type_.cell_check(single)
    # what kind of text or list it is goes without saying beside a hint of its own
    plain = check is not None and check.kind in ("list", "length") and single.type != "paragraph"
    guide = type_.guide(single)
    return single.help if single.help and (plain or guide in single.help) else f"{single.help} {guide}".strip()


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


def _merged(fields: tuple[Field, ...]) -> Iterator[tuple[Field, str]]:
    """Fields with their labels; a run of numbered prefills ("assigned.1", "assigned.2" …) is told once."""
    for single in fields:
        name, number = prefill_name(single.prefill)
        if number <= 1:
            yield single, _FIRST_OF_RUN.sub("", single.label) if name and number else single.label
