"""Names: what a reply template may say, made from the facts of one reply.

In:   ReplyFacts. Out: values by name, all of them text, numbers, truth values, or lists of such by name.
Pure. Imports vietnamese, definitions.reasons, facts. Names are unaccented Vietnamese, as everywhere clerks type them.
Every text is put on one line and cut: a sender's words must not look like ours, nor fill the mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType

from generator.definitions.reasons import HEADER
from generator.issues import Severity
from generator.stages.reply.facts import Change, Corrected, Fault, Outcome, ReplyFacts
from generator.vietnamese.text import clean

MOST_FAULTS, MOST_CHANGES, MOST_UNREAD, MOST_CELLS, MOST_ALIKE = 10, 12, 8, 12, 4
"""So much of each list stands in the mail, which is to fit on a screen; the workbook or the full list has all."""
LONGEST = 160
"""Letters of a text of the sender's that are quoted."""

_VIETNAM = timezone(timedelta(hours=7))

RESULTS = MappingProxyType(
    {
        Outcome.ACCEPTED: "đạt, đã được tính",
        Outcome.WARNED: "được chấp nhận, còn chỗ nên xem lại",
        Outcome.NIL: "không phát sinh, đã được ghi nhận",
        Outcome.WAITING: "chưa được tính vì còn lỗi phải sửa",
        Outcome.DECIDED: "được chấp nhận theo quyết định của cơ quan",
    }
)

NAMES = MappingProxyType(
    {
        "co_quan": "tên cơ quan nhận báo cáo",
        "lien_he": "địa chỉ thư của cơ quan",
        "don_vi": "tên đơn vị gửi; rỗng khi chưa biết",
        "ma_don_vi": "mã đơn vị",
        "bieu": "mã biểu; rỗng khi chưa biết",
        "ten_bieu": "tên biểu",
        "nam": "năm báo cáo",
        "nam_ghi": "năm ghi trong tệp; 0 khi không có",
        "lan": "bản nộp lần thứ mấy; 0 khi không phải bản nộp",
        "tep": "tên tệp đã nhận",
        "nhan_luc": "lúc nào đã nhận: “lúc 09 giờ 05 ngày 17/12/2025”",
        "han": "hạn gửi; rỗng khi không có",
        "con_han": "khi nhận còn trong hạn hay không",
        "tre": "bản nộp đầu tiên đến sau hạn hay không",
        "loi": "các lỗi phải sửa (trang, o, cau, sua, cung_loi)",
        "so_loi": "số chỗ phải sửa",
        "loi_con_lai": "số câu lỗi không nêu trong thư",
        "canh_bao": "các chỗ nên xem lại (trang, o, cau, sua, cung_loi)",
        "so_canh_bao": "số chỗ nên xem lại",
        "canh_bao_con_lai": "số câu không nêu trong thư",
        "da_neu_ly_do": "các cảnh báo đơn vị đã nêu lý do (trang, o, cau, ly_do)",
        "so_da_neu_ly_do": "số cảnh báo đã nêu lý do",
        "da_khac_phuc": "những chỗ tệp khác biểu đã cấp mà vẫn đọc được",
        "chua_doc": "các ô không được đọc (o, noi_dung)",
        "so_chua_doc": "số ô không được đọc",
        "so_lieu": "số liệu đã đọc của từng bảng (trang, so_dong, tong)",
        "lan_truoc": "bản nộp trước đó để so sánh; 0 khi là bản đầu",
        "thay_doi": "các thay đổi so với bản trước (o, cu, moi)",
        "so_thay_doi": "số thay đổi",
        "kem_theo": "tên các tệp khác gửi cùng thư",
        "con_thieu": "các biểu đơn vị còn phải gửi (bieu, ten, han, cho_sua)",
        "tep_dinh_kem": "tên tệp đính kèm; rỗng khi không có",
        "lan_dang_tinh": "bản nộp trước vẫn được tính; 0 khi không có",
        "quyet_dinh": "quyết định của cán bộ (noi_dung, ly_do, nguoi, ngay)",
        "da_sua": "số liệu cán bộ đã sửa (o, cu, moi, ly_do, nguoi, ngay)",
        "mien": "lý do được miễn báo cáo; rỗng khi không được miễn",
        "ket_qua_truoc": "kết quả của bản nộp mà tệp này lặp lại",
        "cot_ghi_chu": "tên cột ghi lý do ở trang Cần sửa của tệp kèm theo; rỗng khi không có tệp",
        "danh_sach_day_du": "tên tệp liệt kê đủ những gì thư không nêu hết; rỗng khi không có",
        "dia_chi_khac": "khi tệp đến từ địa chỉ của đơn vị khác (dia_chi, cua)",
        "noi_bo": "biểu của chính cơ quan, phản hồi chỉ để lưu",
        "bieu_cua_nam": "các biểu của đợt báo cáo (bieu, ten)",
        "minh_hoa": "mọi số liệu chỉ để minh họa hay không",
    }
)
"""Every name a template may use, and what it means."""


def names(facts: ReplyFacts) -> dict[str, object]:
    """The values of all NAMES."""
    errors = [one for one in facts.faults if one.severity is Severity.ERROR]
    doubts = [one for one in facts.faults if one.severity is Severity.WARNING]
    return {
        "co_quan": _line(facts.office.name),
        "lien_he": _line(facts.office.address),
        "don_vi": _line(facts.partner_name),
        "ma_don_vi": _line(facts.partner),
        "bieu": _line(facts.form),
        "ten_bieu": _line(facts.form_title),
        "nam": facts.year,
        "nam_ghi": facts.stated_year,
        "lan": facts.revision,
        "tep": _line(facts.file),
        "nhan_luc": _moment(facts.received),
        "han": _day(facts.due),
        "con_han": facts.due is not None and _local(facts.received).date() <= facts.due,
        "tre": facts.late,
        "loi": _faults(errors),
        "so_loi": _places(errors),
        "loi_con_lai": max(0, len(errors) - MOST_FAULTS),
        "canh_bao": _faults(doubts),
        "so_canh_bao": _places(doubts),
        "canh_bao_con_lai": max(0, len(doubts) - MOST_FAULTS),
        **_read(facts),
        "lan_truoc": facts.earlier,
        "thay_doi": _changes(facts.changes),
        "so_thay_doi": len(facts.changes),
        "kem_theo": [_line(one) for one in facts.enclosures],
        "con_thieu": [
            {"bieu": one.form, "ten": _line(one.title), "han": _day(one.due), "cho_sua": one.waiting}
            for one in facts.owed
        ],
        "tep_dinh_kem": facts.workbook,
        "lan_dang_tinh": facts.standing,
        "quyet_dinh": [
            {"noi_dung": _line(one.words), "ly_do": _line(one.reason), "nguoi": _line(one.by), "ngay": _day(one.day)}
            for one in facts.ruled
        ],
        "da_sua": [_corrected(one) for one in facts.corrected[:MOST_CHANGES]],
        "mien": _line(facts.exempt),
        "ket_qua_truoc": RESULTS.get(facts.repeated, "") if facts.repeated else "",
        "cot_ghi_chu": HEADER if facts.workbook else "",
        "danh_sach_day_du": facts.listing,
        "dia_chi_khac": [{"dia_chi": _line(address), "cua": _line(owners)} for address, owners in facts.elsewhere],
        "noi_bo": facts.internal,
        "minh_hoa": facts.illustrative,
        "bieu_cua_nam": [{"bieu": code, "ten": _line(title)} for code, title in facts.forms],
    }


def _read(facts: ReplyFacts) -> dict[str, object]:
    """What was read, and what was not."""
    return {
        "da_neu_ly_do": [
            {
                "trang": _line(one.sheet),
                "o": f"ô {one.cell}" if one.cell else "",
                "cau": _sentence(one.sentence),
                "ly_do": _line(one.reason),
            }
            for one in facts.explained[:MOST_FAULTS]
        ],
        "so_da_neu_ly_do": len(facts.explained),
        "da_khac_phuc": [_sentence(one) for one in facts.repaired[:MOST_FAULTS]],
        "chua_doc": [
            {"o": _line(f"{one.sheet}, ô {one.cell}"), "noi_dung": _line(one.content)}
            for one in facts.unread[:MOST_UNREAD]
        ],
        "so_chua_doc": len(facts.unread) + facts.unread_more,
        "so_lieu": [
            {
                "trang": one.title,
                "so_dong": one.rows,
                "tong": [{"ten": label, "so": _line(text)} for label, text in one.sums],
            }
            for one in facts.totals
        ],
    }


def _line(text: str) -> str:
    """The text on one line, not too long."""
    line = " ".join(clean(text[: 4 * LONGEST]).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()}…"


def _sentence(text: str) -> str:
    return " ".join(clean(text).split())


def _local(moment: datetime) -> datetime:
    """The moment by the clock of Vietnam, whatever the sender's was."""
    return moment.astimezone(_VIETNAM) if moment.tzinfo else moment


def _moment(moment: datetime) -> str:
    local = _local(moment)
    # of a file in a folder named by a day, only the day is known
    shown = "ngày" if (local.hour, local.minute) == (0, 0) else f"lúc {local:%H} giờ {local:%M} ngày"
    return f"{shown} {local:%d/%m/%Y}"


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _places(faults: Iterable[Fault]) -> int:
    return sum(one.count for one in faults)


def _faults(faults: list[Fault]) -> list[dict[str, object]]:
    return [
        {
            "trang": _line(one.sheet),
            "o": _cells(one),
            "cau": _sentence(one.sentence),
            "sua": _sentence(one.cure),
            "cung_loi": _alike(one),
        }
        for one in faults[:MOST_FAULTS]
    ]


def _alike(fault: Fault) -> str:
    """ "ô L14 (“5 tạ”), L15 (“hai con”) và 7 ô khác"; "" for none."""
    shown = ", ".join(f"{cell} ({_line(said)})" if said else cell for cell, said in fault.alike[:MOST_ALIKE])
    more = len(fault.alike) - MOST_ALIKE
    return (f"ô {shown} và {more} ô khác" if more > 0 else f"ô {shown}") if shown else ""


def _cells(fault: Fault) -> str:
    """ "ô D12, D13 và 5 ô khác"; "" for a whole sheet or file."""
    if not fault.cells:
        return ""
    shown = ", ".join(fault.cells[:MOST_CELLS])
    more = len(fault.cells) - MOST_CELLS
    return f"ô {shown} và {more} ô khác" if more > 0 else f"ô {shown}"


def _corrected(one: Corrected) -> dict[str, object]:
    return {
        "o": _line(one.place),
        "cu": _line(one.before),
        "moi": _line(one.after),
        "ly_do": _line(one.reason),
        "nguoi": _line(one.by),
        "ngay": _day(one.day),
    }


def _changes(changes: tuple[Change, ...]) -> list[dict[str, object]]:
    return [{"o": _line(one.place), "cu": _line(one.before), "moi": _line(one.after)} for one in changes[:MOST_CHANGES]]
