"""Check wording: what an author typed into a template by hand beside what the program fills in.

In:   a template that was read, the figures of its plan by label. Out: a warning for each paragraph or row with a typed
      number beside a figure. Imports definitions.plans, office (template_lint_reading, template_lint_tables); issues.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from generator.definitions.plans import ReportPlan
from generator.issues import Issue, Place, issue
from generator.office.template.heal import Typed, excerpt
from generator.office.template_lint import Tables
from generator.office.template_lint_reading import Manuscript, Written
from generator.office.template_lint_tables import Row, column_numbers

_VALUE, _COMMAND = "\x01", "\x02"
_NUMBER = re.compile(r"(?<![\w.,/=+\x02-])\d+(?:\.\d{3})*(?:,\d+)?(?![\w/]|[.,]\d)")
_ONLY_NUMBER = re.compile(r"\s*-?\d+(?:\.\d{3})*(?:,\d+)?\s*%?\s*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PERIOD = re.compile(r"\s?[-–]\s?(?:19|20)\d\d")
_MONEY = r"(?:nghìn |ngàn |triệu |tỷ |tỉ )*(?:đồng\b|triệu\b|tỷ\b|tỉ\b)|%"
_ORDINAL = re.compile(
    r"(?:\b(?:năm|tháng|ngày|quý|(?<!tổng )số|điều|khoản|điểm|mục|cột|dòng|bảng|biểu|đồ|phụ lục|chương|phần|hình|lần|"
    r"giai đoạn|kỳ|trang|thứ|khóa|tiêu chí|chuẩn|quốc lộ|tuổi|đợt|mức|cấp|nhóm|loại|vùng|khu vực|thôn|bản|tổ|khối)|"
    r"[-–])\s*$"
)
_TIME = re.compile(r"\s?(?:năm|tháng|ngày|tuần|quý|giờ|lần|kỳ|đợt|giai đoạn|tuổi)\b")
_FOLLOWS = re.compile(r"(?:\b(?:và|đến|tới)|,)\s*$")
_QUOTED = re.compile('[“"][^”"]*[”"]')
_SENTENCE = re.compile(r"[.;!?](?=\s|$)|\n")
_NAME = re.compile(r"\{\{\s*(\w+)[^|}]*(?:\|\s*(\w+))?")
_COUNTED = frozenset({"tien", "dong", "so", "dem", "phan_tram"})
_QUALIFIED = re.compile(r" (?:của|theo|trong|đầu kỳ|cuối kỳ|năm|qua|nhờ|không kể|cả)\b.*|,.*| \(.*")
_TOTALS = ("tổng cộng", "tổng số", "tổng giá trị", "tổng kinh phí", "tổng số tiền")
_NEAR_WORDS, _MOST = 3, 4


@dataclass(frozen=True, slots=True)
class Figures:
    """What a plan calls its figures: by the words a reader knows them by, the tag to type; and their units."""

    tags: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


def figures_of(plan: ReportPlan) -> Figures:
    """The figures, states and rates of a plan that have one value."""
    specs = [(one.label, one.code, one.unit, not one.by) for one in plan.figures]
    specs += [(one.label, one.code, one.unit, not one.by) for one in plan.states]
    specs += [(one.label, one.code, "%", True) for one in plan.ratios]
    tags: dict[str, str] = {}
    for label, code, unit, single in specs:
        heads = dict.fromkeys((_folded(label), _QUALIFIED.sub("", _folded(label))))
        for head in heads if single else ():
            if head.count(" ") > 0:
                shape = "tien" if unit == "đồng" else "so" if unit == "%" else "dem"
                tags.setdefault(head, f"{{{{ {code} | {shape} }}}}")
    units = frozenset(_folded(unit) for _, _, unit, _ in specs if unit and unit != "%")
    return Figures(tags, frozenset(code for _, code, _, _ in specs), units)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def typed_numbers(manuscript: Manuscript, tables: Tables, figures: Figures) -> Iterator[Issue]:
    """Numbers typed into a sentence or a row that names a figure: template.typed_number."""
    units = "|".join(sorted(map(re.escape, figures.units), key=len, reverse=True))
    counted = re.compile(rf"\s*(?:{_MONEY}{f'|(?:{units})' if units else ''})(?!\w)")
    for part in manuscript.parts:
        for written in part.lines:
            found = list(dict.fromkeys(_in_text(written, figures, counted)))
            yield from _told(found, Place(manuscript.file, spot=written.spot), written.line.text)
    for row in chain.from_iterable(chain.from_iterable(tables)):
        yield from _in_row(row, figures, manuscript.file)


def _told(found: list[tuple[str, str]], place: Place, text: str) -> Iterator[Issue]:
    if found:
        numbers = "; ".join(number for number, _ in found[:_MOST])
        near = next((tag for _, tag in found if tag), "")
        yield issue("template.typed_number", place, number=numbers, near=near, text=excerpt(text, 0, 200))


# --- in sentences ---------------------------------------------------------------------------


def _in_text(written: Written, figures: Figures, counted: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Each typed number of a paragraph with the tag that could stand for it."""
    text = written.line.text
    if not _NUMBER.search(text):
        return
    masked = _masked(text, written.typed)
    if not _NUMBER.search(masked):
        return
    for start, end in _sentences(masked):
        sentence, typed = masked[start:end], text[start:end]
        label, tag = _label(sentence, figures)
        named = label >= 0 or _holds_figure(typed, figures)
        for number in _NUMBER.finditer(sentence):
            before, after = sentence[: number.start()], sentence[number.end() :]
            glued = after[:1] == _VALUE or before[-1:] == _VALUE
            if _stays(number.group(), before, after, glued):
                continue
            unit = counted.match(after)
            beside = after.lstrip(" \u00a0")[:1] == _VALUE or before.rstrip(" \u00a0")[-1:] == _VALUE
            if beside or (named and unit) or _follows_label(before, label, number.group()):
                yield f"{typed[number.start() : number.end() + (unit.end() if unit else 0)]}", tag


def _masked(text: str, typed: Iterable[Typed]) -> str:
    """The text in small letters, of the same length, with tags and quotations made unreadable."""
    low = text.lower()
    if len(low) != len(text):  # a foreign capital that has two small letters
        low = text
    for tag in typed:
        mark = _VALUE if text[tag.start : tag.start + 2] == "{{" else _COMMAND
        low = low[: tag.start] + mark * (tag.end - tag.start) + low[tag.end :]
    return _QUOTED.sub(lambda quoted: re.sub(r"\d", _COMMAND, quoted.group()), low)


def _sentences(masked: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _SENTENCE.finditer(masked):
        yield start, stop.end()
        start = stop.end()
    if start < len(masked):
        yield start, len(masked)


def _label(sentence: str, figures: Figures) -> tuple[int, str]:
    """Where the longest name of a figure ends in a sentence, with its tag; -1 without one."""
    plain = unicodedata.normalize("NFC", sentence)
    named = max((head for head in figures.tags if head in plain), key=len, default="")
    if named:
        return plain.index(named) + len(named), figures.tags[named]
    total = next((word for word in _TOTALS if word in plain), "")
    return (plain.index(total) + len(total) if total else -1), ""


def _holds_figure(typed: str, figures: Figures) -> bool:
    return any(found[1] in figures.names or found[2] in _COUNTED for found in _NAME.finditer(typed))


def _stays(number: str, before: str, after: str, glued: bool) -> bool:
    """Whether a number names a period, a document, a column, or says how long or how often.

    One that is `glued` to a tag, without a space, is half of what the tag should be: "năm 20{{ nam }}".
    """
    if _YEAR.fullmatch(number) and _PERIOD.match(after):
        return True
    return not glued and bool(_ORDINAL.search(before) or _TIME.match(after))


def _follows_label(before: str, label: int, number: str) -> bool:
    """Whether a number stands so near behind the name of a figure that it can only be its value."""
    if label < 0 or label > len(before) or _YEAR.fullmatch(number) or _FOLLOWS.search(before):
        return False
    between = before[label:]
    return _VALUE not in between and _COMMAND not in between and len(between.split()) <= _NEAR_WORDS


# --- in rows --------------------------------------------------------------------------------


def _in_row(row: Row, figures: Figures, file: str) -> Iterator[Issue]:
    """Cells that are nothing but a typed number, in a row that other cells fill or that names a figure."""
    numbers = [(spot, text) for spot, text in row.cells[1:] if _ONLY_NUMBER.fullmatch(text)]
    if not numbers or row.repeated or column_numbers(row):
        return
    label, tag = _label(_folded(row.text), figures)
    if label >= 0 or _holds_figure(row.text, figures):
        found = [(text.strip(), tag) for _, text in numbers]
        yield from _told(found, Place(file, spot=numbers[0][0]), " | ".join(text for _, text in row.cells if text))
