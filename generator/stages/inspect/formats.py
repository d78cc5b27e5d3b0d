"""How an element looks against its rules: letters, size, weight, slant, place, spacing, lines.

In:   an element found, a rule. Out: faults with what was found and what is required, in words.
Pure. Imports stages.inspect.records, office.type_width, definitions.layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.definitions.layout import Rule
from generator.office.document import Run
from generator.office.type_width import width_mm
from generator.stages.inspect.records import Found, Piece, Recognised

_ALIGNMENTS = {"left": "căn trái", "right": "căn phải", "center": "căn giữa", "both": "căn đều hai bên"}
_SIDES = {"trai": "bên trái", "phai": "bên phải"}
_IN_TEXT = frozenset({"than_van_ban", "khoan", "diem"})
"""Elements in which single words may be slanted or bold."""
_MM, _POINTS, _MULTIPLE = 0.7, 0.05, 0.011
"""How far measures may be off: programs round to twips and back."""
_LINE_MM = 4.5
"""How far a line may be off its length: cells have inner margins, and nobody draws to the millimetre."""
_BRACKETED = re.compile(r"\([^()]*\)")
_LETTER = re.compile(r"[^\W\d_]")


class Fault(NamedTuple):
    """One fault of an element."""

    piece: Piece
    found: str
    required: str


def number(value: float) -> str:
    """A measure as people here write it: 12,7."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def between(low: float, high: float, unit: str = "") -> str:
    """A range in words; one number where both ends are the same."""
    shown = number(low) if low == high else f"từ {number(low)} đến {number(high)}"
    return f"{shown} {unit}".strip()


def _lettered(piece: Piece) -> list[Run]:
    return [run for run in piece.runs if _LETTER.search(run.text)]


def size(one: Found, rule: Rule, _: Recognised) -> Iterator[Fault]:
    """The size of its letters."""
    low, high = rule.value("min"), rule.value("max")
    for run in _lettered(one.piece):
        if not low - _POINTS <= run.face.size <= high + _POINTS:
            yield Fault(one.piece, f"cỡ {number(run.face.size)}", f"cỡ {between(low, high)}")
            return


def bold(one: Found, rule: Rule, _: Recognised) -> Iterator[Fault]:
    """Whether all its letters are bold, or none."""
    wanted = rule.value("wanted")
    if any(run.face.bold is not wanted for run in _lettered(one.piece)):
        yield Fault(one.piece, *_yes_no(wanted, "chữ đậm", "chữ không đậm"))


def italic(one: Found, rule: Rule, _: Recognised) -> Iterator[Fault]:
    """Whether all its letters slant, or none; text may slant single words and what stands in brackets."""
    wanted, runs = rule.value("wanted"), _lettered(one.piece)
    wrong = [run for run in runs if run.face.italic is not wanted]
    if one.element in _IN_TEXT and (len(wrong) < len(runs) or one.piece.text.startswith("(")):
        return
    if wrong:
        yield Fault(one.piece, *_yes_no(wanted, "chữ nghiêng", "chữ đứng"))


def _yes_no(wanted: bool, yes: str, no: str) -> tuple[str, str]:
    return (no, yes) if wanted else (yes, no)


def letters(one: Found, rule: Rule, _: Recognised) -> Iterator[Fault]:
    """Capitals or small letters."""
    text = _BRACKETED.sub("", one.piece.text)
    case, upper = rule.value("case"), text.isupper()
    if case == "hoa" and text != text.upper():
        yield Fault(one.piece, "có chữ thường", "chữ in hoa")
    elif case == "thuong" and upper and len(_LETTER.findall(text)) > 3:
        yield Fault(one.piece, "chữ in hoa", "chữ thường, viết hoa chữ cái đầu")
    elif case == "ten_rieng" and (upper or any(word[0].islower() for word in text.split())):
        yield Fault(one.piece, f"“{text}”", "chữ thường, viết hoa chữ cái đầu mỗi tiếng")


def alignment(one: Found, rule: Rule, _: Recognised) -> Iterator[Fault]:
    """How it is aligned; a justified line that is not full looks aligned left, and the other way round."""
    allowed, given = rule.value("allowed"), one.piece.paragraph.shape.alignment
    if one.piece.apart or given in allowed or given not in _ALIGNMENTS:
        return
    if given == "left" and "both" in allowed and _one_line(one.piece):
        return
    yield Fault(one.piece, _ALIGNMENTS[given], _ALIGNMENTS[allowed[0]])


def _one_line(piece: Piece) -> bool:
    room = piece.paragraph.room - piece.paragraph.shape.left - piece.paragraph.shape.right
    return _width(piece) < room - max(piece.paragraph.shape.first, 0)


def _width(piece: Piece) -> float:
    return sum(width_mm(run.text, run.face.size, bold=run.face.bold) for run in piece.runs)


def side(one: Found, rule: Rule, _: Recognised) -> Iterator[Fault]:
    """The side of the page it stands on."""
    wanted = rule.value("of")
    if one.piece.side and one.piece.side != wanted:
        yield Fault(one.piece, _SIDES[one.piece.side], _SIDES[wanted])


def indent(one: Found, rule: Rule, _: Recognised) -> Iterator[Fault]:
    """The indent of the first line; other lines begin at the margin. Lists that Word numbers are left alone."""
    shape, paragraph = one.piece.paragraph.shape, one.piece.paragraph
    low, high = rule.value("min"), rule.value("max")
    begun = "".join(run.text for run in paragraph.runs[:1])
    if paragraph.label or begun.startswith(("\t", "   ")) or shape.alignment in ("center", "right"):
        return
    required = f"lùi dòng đầu {number(low)} mm hoặc {number(high)} mm"
    if shape.left > _MM and shape.first <= _MM:
        yield Fault(one.piece, f"lùi cả đoạn {number(shape.left)} mm", required)
    elif not low - _MM <= shape.first + shape.left <= high + _MM:
        yield Fault(one.piece, f"lùi dòng đầu {number(shape.first + shape.left)} mm", required)


def spacing(one: Found, rule: Rule, found: Recognised) -> Iterator[Fault]:
    """The space between two paragraphs of text; judged once for the whole text, at its first element."""
    if not found.first(one):
        return
    judged = {each.piece.paragraph.number: each.piece for each in found.of(*_IN_TEXT, "khoan_co_ten")}
    for above, below in zip(found.body, found.body[1:], strict=False):
        first, second = judged.get(_number(above)), judged.get(_number(below))
        if first is None or second is None:
            continue
        upper, lower = first.paragraph, second.paragraph
        given = upper.shape.after + lower.shape.before
        if upper.style == lower.style and upper.shape.same_apart and lower.shape.same_apart:
            given = 0
        if given < rule.value("min") - _POINTS:
            yield Fault(second, f"cách đoạn trên {number(given)} pt", f"ít nhất {number(rule.value('min'))} pt")


def _number(block: object) -> int:
    number_: int = getattr(block, "number", -1) if hasattr(block, "runs") else -1
    return number_


def spacing_above(one: Found, rule: Rule, found: Recognised) -> Iterator[Fault]:
    """The space above the first line of it."""
    if found.first(one) and one.piece.paragraph.shape.before < rule.value("min") - _POINTS:
        head = found.of("so_ky_hieu")
        given = one.piece.paragraph.shape.before + (head[0].piece.paragraph.shape.after if head else 0)
        if given < rule.value("min") - _POINTS:
            yield Fault(one.piece, f"cách dòng trên {number(given)} pt", f"{number(rule.value('min'))} pt")


def line_spacing(one: Found, rule: Rule, _: Recognised) -> Iterator[Fault]:
    """The spacing of lines; an exact one is measured against the size of the letters."""
    shape = one.piece.paragraph.shape
    low, high = rule.value("min"), rule.value("max")
    if shape.exact:
        largest = max((run.face.size for run in one.piece.runs), default=0)
        if not largest * low - _POINTS <= shape.exact <= largest * 1.2 * high + _POINTS:
            yield Fault(one.piece, f"giãn dòng {number(shape.exact)} pt", f"{between(low, high)} dòng")
    elif not low - _MULTIPLE <= shape.line <= high + _MULTIPLE:
        yield Fault(one.piece, f"giãn dòng {number(shape.line)}", f"{between(low, high)} dòng")


def line_below(one: Found, rule: Rule, found: Recognised) -> Iterator[Fault]:
    """The line under it, as a share of its own length; judged once, at its last line of text."""
    if not found.last(one):
        return
    low, high = rule.value("min"), rule.value("max")
    required = "nét liền, dài bằng dòng chữ" if low == high else "nét liền, dài từ 1/3 đến 1/2 dòng chữ"
    drawn = found.lines.get(one.element, [])
    if not drawn:
        yield Fault(one.piece, "không có đường kẻ bên dưới", required)
        return
    shortest, longest = _line_lengths([each.piece for each in found.of(one.element)])
    measured = [length for length in drawn if length > 0]
    if measured and not any(low * shortest - _LINE_MM <= length <= high * longest + _LINE_MM for length in measured):
        yield Fault(
            one.piece, f"đường kẻ dài {number(round(measured[0]))} mm", f"{required} ({_shown(low, high, longest)})"
        )


def _shown(low: float, high: float, length: float) -> str:
    return f"khoảng {between(round(low * length), round(high * length), 'mm')}"


def _line_lengths(lines: Sequence[Piece]) -> tuple[float, float]:
    """Lengths in millimetres of the shortest and the longest printed line; long text wraps somewhere."""
    lengths: list[float] = []
    for piece in lines:
        wide, room = _width(piece), piece.paragraph.room or 1000
        lengths += [wide] if wide <= room else [room, room / 2]
    return min(lengths), max(lengths)


def no_line(one: Found, _: Rule, found: Recognised) -> Iterator[Fault]:
    """That nothing is drawn under it."""
    if found.last(one) and found.lines.get(one.element):
        yield Fault(one.piece, "có đường kẻ bên dưới", "không kẻ")
