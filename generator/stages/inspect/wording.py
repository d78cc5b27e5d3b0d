"""What an element says against its rules: fixed words, forms of numbers and dates, punctuation, numbering.

In:   an element found, a rule. Out: faults. Pure. Imports stages.inspect.records, formats, definitions.layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from generator.definitions.layout import LayoutStandard, Rule
from generator.stages.inspect.formats import Fault
from generator.stages.inspect.records import Found, Recognised

ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_NUMBER = re.compile(r"Số:\s*(?:\d{2,5}|[\s.…_]*)\s*(?:/\d{4})?/[A-ZĐÂƯÔ][\w]*(?:[-/][A-ZĐ][\w.&]*)*(?:\s*\([^()]*\))?")
_DAY = re.compile(r"[^\W\d_][^,]*, ngày\s*([\d.…_]*)\s*tháng\s*([\d.…_]*)\s*năm\s*([\d.…_]*)")
_AUTHORITY = re.compile(r"(T/M|K/T|T/L|TM|KT|TL|TUQ|Q)(?!\w)")
_RIGHT_AUTHORITY = re.compile(r"(TM|KT|TL|TUQ|Q)\. \S")
_KEPT = re.compile(r"[-–—]?\s*lưu\b", re.IGNORECASE)
_AS_ABOVE = re.compile(r"[-–—]?\s*như (trên|kính gửi)", re.IGNORECASE)
_ANNEX = r"(?:phụ lục\s+)?(?:số\s+)?[ivxlc\d]+[a-h]?\b"
_CITED = re.compile(rf"phụ lục\s+({_ANNEX}(?:\s*(?:,|;|và|đến|-|–)\s*{_ANNEX})*)", re.IGNORECASE)
_PART = re.compile(r"(đến|-|–)|([ivxlc]+|\d+)", re.IGNORECASE)
_STARTS_AGAIN = {
    "muc_la_ma": ("phan_chuong", "muc"),
    "dieu": (),
    "phan_chuong": (),
    "muc": ("phan_chuong",),
    "khoan": (),
    "phu_luc": (),
}
_ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6}


def wording(one: Found, rule: Rule, found: Recognised, standard: LayoutStandard) -> Iterator[Fault]:
    """The words of an element: exactly so, or of a form."""
    exact, form = rule.value("text"), rule.value("form")
    shown = f"“{one.piece.text[:80]}”"
    if exact and one.piece.text != exact:
        yield Fault(one.piece, shown, f"“{exact}”")
    elif form:
        yield from FORMS[form](one, shown, found, standard)


def _matches(pattern: str, required: str) -> _Form:
    compiled = re.compile(pattern)

    def check(one: Found, shown: str, found: Recognised, _: LayoutStandard) -> Iterator[Fault]:
        # an element of several lines has its form in the first one
        if found.first(one) and not compiled.match(one.piece.text):
            yield Fault(one.piece, shown, required)

    return check


def _so_ky_hieu(one: Found, shown: str, found: Recognised, standard: LayoutStandard) -> Iterator[Fault]:
    text = one.piece.text
    if not _NUMBER.fullmatch(text):
        yield Fault(
            one.piece, shown, "“Số: 05/BC-BDT”: có dấu hai chấm, số dưới 10 có số 0, dấu / và dấu - không có dấu cách"
        )
        return
    short = standard.kinds().get(found.kind, "")
    code = text.rpartition(":")[2].split("/", 1)[1].split("-")[0].split("/")[-1].strip()
    if short and code != short:
        yield Fault(one.piece, shown, f"chữ viết tắt “{short}” của {found.kind.lower()}")


def _dia_danh_ngay(one: Found, shown: str, _: Recognised, __: LayoutStandard) -> Iterator[Fault]:
    read = _DAY.fullmatch(one.piece.text)
    if read is None:
        yield Fault(one.piece, shown, "“Tam Kỳ, ngày 05 tháng 3 năm 2026”: có dấu phẩy sau địa danh")
        return
    day, month = read[1], read[2]
    if day.isdigit() and int(day) < 10 and len(day) < 2:
        yield Fault(one.piece, f"ngày {day}", f"ngày 0{day}: ngày dưới 10 có số 0")
    if month.isdigit() and month != right_month(month):
        yield Fault(one.piece, f"tháng {month}", f"tháng {right_month(month)}: chỉ tháng 1, 2 có số 0")


def right_month(month: str) -> str:
    """A month as the decree writes it: a zero before 1 and 2 only."""
    return f"{int(month):02d}" if int(month) in (1, 2) else str(int(month))


def _quyen_han(one: Found, shown: str, _: Recognised, __: LayoutStandard) -> Iterator[Fault]:
    if _AUTHORITY.match(one.piece.text) and not _RIGHT_AUTHORITY.match(one.piece.text):
        yield Fault(one.piece, shown, "“TM.”, “KT.”, “TL.”, “TUQ.” hoặc “Q.”, sau dấu chấm có một dấu cách")


def _ho_ten(one: Found, shown: str, _: Recognised, standard: LayoutStandard) -> Iterator[Fault]:
    for word in standard.words.get("honours", ()):
        if re.match(rf"{re.escape(word)}(?!\w)", one.piece.text):
            yield Fault(one.piece, shown, "không ghi học hàm, học vị, danh hiệu")
            return


def _noi_nhan(one: Found, shown: str, found: Recognised, _: LayoutStandard) -> Iterator[Fault]:
    if not one.piece.text.startswith(("-", "–")):
        yield Fault(one.piece, shown, "mỗi nơi nhận có dấu gạch ngang ở đầu dòng")
    if found.first(one) and found.of("kinh_gui") and not _AS_ABOVE.match(one.piece.text):
        yield Fault(one.piece, shown, "“- Như trên;”, vì văn bản có Kính gửi")
    if found.last(one) and not _KEPT.match(one.piece.text):
        yield Fault(one.piece, shown, "dòng cuối là “- Lưu: VT, …”")


_Form = Callable[[Found, str, Recognised, LayoutStandard], Iterator[Fault]]
FORMS: Mapping[str, _Form] = MappingProxyType(
    {
        "so_ky_hieu": _so_ky_hieu,
        "dia_danh_ngay": _dia_danh_ngay,
        "ve_viec": _matches(r"V/v \S", "bắt đầu bằng “V/v ”"),
        "kinh_gui": _matches(r"Kính gửi:", "“Kính gửi:”"),
        "dieu": _matches(r"Điều \d+\.", "“Điều 1.”"),
        "quyen_han": _quyen_han,
        "ho_ten": _ho_ten,
        "noi_nhan": _noi_nhan,
        "kem_theo": _matches(r"\((Ban hành k|K)èm theo [^)]*\)?", "“(Kèm theo … số … ngày … của …)”"),
    }
)
"""The forms of words, by name."""


def punctuation(one: Found, rule: Rule, found: Recognised) -> Iterator[Fault]:
    """What each line of a list ends with, and the last."""
    at_end = found.last(one)
    wanted = rule.value("last") if at_end else rule.value("each")
    if wanted and not one.piece.text.endswith(wanted):
        last = "dòng cuối" if at_end else "dòng không phải dòng cuối"
        yield Fault(one.piece, f"{last} kết thúc bằng “{one.piece.text[-1:]}”", f"dấu “{wanted}”")


def ending(one: Found, rule: Rule, found: Recognised) -> Iterator[Fault]:
    """What the text ends with."""
    if not found.first(one):
        return
    own = [each.piece for each in found.of("than_van_ban", "khoan", "khoan_co_ten", "diem", "dieu")]
    last = max(own, key=lambda piece: piece.paragraph.number)
    if not last.text.endswith(tuple(rule.value("allowed"))):
        yield Fault(last, f"kết thúc bằng “{last.text[-3:]}”", f"“{rule.value('allowed')[0]}”")


def numerals(one: Found, rule: Rule, found: Recognised) -> Iterator[Fault]:
    """Roman or Arabic numbers; a single annex has none."""
    roman = rule.value("kind") == "la_ma"
    several = one.element != "phu_luc" or len(found.of("phu_luc")) > 1
    if not several and not one.number:
        return
    number = base_number(one.number)
    right = bool(number) and (all(sign in ROMAN for sign in number.upper()) if roman else number.isdigit())
    if not right:
        yield Fault(one.piece, f"“{one.piece.text[:40]}”", "số La Mã" if roman else "chữ số Ả Rập")


def sequence(one: Found, _: Rule, found: Recognised) -> Iterator[Fault]:
    """That numbers follow each other; judged once for all elements of the kind. They may begin again with 1."""
    if one is not found.of(one.element)[0]:
        return
    kinds = ("khoan", "khoan_co_ten") if one.element == "khoan" else (one.element,)
    latest = 0
    for each in found.found:
        if each.element in _STARTS_AGAIN.get(one.element, ()):
            latest = 0
        if each.element not in kinds:
            continue
        value = counted(each.number)
        again = value == latest and each.number[-1:].islower()  # Phụ lục IIa, IIb
        if value not in (latest + 1, 1) and value and not again:
            yield Fault(each.piece, f"số {each.number}", f"số thứ tự {latest + 1}, sau số {latest}")
        latest = value or latest + 1


def base_number(number: str) -> str:
    """The number without the letter of a part: "II" of "IIa"."""
    return number[:-1] if number[:-1] and number[0].isupper() and number[-1].islower() else number


def counted(number: str) -> int:
    """A Roman or Arabic number, or one in words; 0 when it is none."""
    number = base_number(number)
    if number.isdigit():
        return int(number)
    signs = [ROMAN.get(sign, 0) for sign in number.upper()]
    if not signs or 0 in signs:
        return _ORDINALS.get(number.casefold(), 0)
    return sum(-a if a < b else a for a, b in zip(signs, [*signs[1:], 0], strict=True))


def cited(one: Found, _: Rule, found: Recognised) -> Iterator[Fault]:
    """That the text points to each annex; judged once for all of them."""
    if found.annex_only or one is not found.of(one.element)[0]:
        return
    told = " ".join(piece.text for piece in found.told)
    plain = "phụ lục" in told.casefold()
    numbers: set[int] = set()
    for match in _CITED.finditer(told):
        numbers |= _numbers(match[1])
    for each in found.of(one.element):
        if not (counted(each.number) in numbers if each.number else plain):
            required = f"“{each.piece.text}” được dẫn trong nội dung"
            yield Fault(each.piece, "nội dung văn bản không nhắc đến phụ lục này", required)


def _numbers(text: str) -> set[int]:
    """The numbers of a list such as “I, III đến V”."""
    numbers: list[int] = []
    reaching = False
    for part in _PART.finditer(text):
        if part[1]:
            reaching = True
            continue
        value = counted(part[2])
        first = numbers[-1] + 1 if reaching and numbers else value
        numbers += range(first, min(value, first + 100) + 1)
        reaching = False
    return set(numbers)
