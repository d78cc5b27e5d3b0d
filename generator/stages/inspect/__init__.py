"""Inspect: a document as read, and the law on form -> issues, each with its place, rule, what was found and required.

In:   Document, the layers of the standard. Out: findings in reading order. Pure.
Imports stages.inspect.*, definitions.layout, office.document, issues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from generator.definitions.layout import PARAMS, Layer, LayoutStandard, Rule, merged
from generator.issues import Issue, Place, issue
from generator.office.document import Document, Paragraph
from generator.stages.inspect import formats, wording
from generator.stages.inspect.formats import Fault
from generator.stages.inspect.language import judge_language
from generator.stages.inspect.opening import LETTER
from generator.stages.inspect.pages import judge_pages
from generator.stages.inspect.recognise import recognise
from generator.stages.inspect.records import Finding, Found, Recognised

_Check = Callable[[Found, Rule, Recognised], Iterator[Fault]]

CHECKS: Mapping[str, _Check] = MappingProxyType(
    {
        "size": formats.size,
        "bold": formats.bold,
        "italic": formats.italic,
        "letters": formats.letters,
        "alignment": formats.alignment,
        "side": formats.side,
        "indent": formats.indent,
        "spacing": formats.spacing,
        "spacing_above": formats.spacing_above,
        "line_spacing": formats.line_spacing,
        "line_below": formats.line_below,
        "no_line": formats.no_line,
        "punctuation": wording.punctuation,
        "ending": wording.ending,
        "numerals": wording.numerals,
        "sequence": wording.sequence,
        "cited": wording.cited,
    }
)
"""The check of each family that looks at one element; pages, language, presence and fonts are judged as a whole."""

_HEAD = "phần đầu trang 1"
_END = "phần cuối văn bản"
_WHERE = {"quyen_han": _END, "noi_nhan": _END, "danh_sach_noi_nhan": _END, "than_van_ban": "nội dung văn bản"}
_Key = tuple[str, str, str, str]


def inspect(document: Document, layers: Sequence[Layer]) -> list[Finding]:
    """Everything that is wrong with a document, in reading order.

    Faults that repeat (the same rule, found and required) are told once, at the first place, with their number.
    A document of the Party is not judged by this law: its language only, and a note says so.
    """
    found = recognise(document, merged(layers))
    standard = merged(layers, found.kind)
    gathered = _Gathered(document)
    if found.party:
        gathered.tell_other_law()
    else:
        _missing(found, standard, gathered)
        for one in found.found:
            for rule in standard.rules.get(one.element, ()):
                for fault in _faults(one, rule, found, standard):
                    gathered.add(rule, fault)
        _faces(document, standard, gathered)
        for page in judge_pages(document, found, standard):
            gathered.add_page(page.rule, page.section, page.found, page.required)
    for told in judge_language(found, standard):
        gathered.add(told.rule, told.fault)
    return gathered.findings()


def _faults(one: Found, rule: Rule, found: Recognised, standard: LayoutStandard) -> Iterator[Fault]:
    if rule.family == "wording":
        yield from wording.wording(one, rule, found, standard)
    elif rule.family in CHECKS:
        yield from CHECKS[rule.family](one, rule, found)


def _missing(found: Recognised, standard: LayoutStandard, gathered: _Gathered) -> None:
    """Elements that must be there and are not."""
    holds = {
        "co_ten_loai": bool(found.kind) and found.kind != LETTER,
        "cong_van": found.kind == LETTER,
        "co_noi_nhan": bool(found.of("noi_nhan")),
        "co_phu_luc": False,
    }
    for element, rules in standard.rules.items():
        rule = next((one for one in rules if one.family == "present"), None)
        if rule is None:
            continue
        when = rule.value("when", "")
        wanted = not found.annex_only if not when else holds.get(when, False)
        if wanted and not found.of(element):
            place = _WHERE.get(element, _HEAD)
            gathered.add_plain(rule, place, 0, "không có", f"có {rule.label}")
        if when == "co_phu_luc":
            told = {one.group for one in found.of(element)}
            for annex in found.of("phu_luc"):
                if annex.group not in told:
                    gathered.add(rule, Fault(annex.piece, f"{annex.piece.text} không có", f"có {rule.label}"))


def _faces(document: Document, standard: LayoutStandard, gathered: _Gathered) -> None:
    """The typeface and colour of every letter, each look told once however often it is met."""
    font, colour = standard.rule("van_ban", "font"), standard.rule("van_ban", "colour")
    wanted = font.value("name") if font else ""
    for paragraph in _everything(document):
        for run in paragraph.runs:
            others = [name for name in run.face.fonts if name != wanted]
            if (others or run.face.colour) and run.text.strip():
                if others and font:
                    gathered.add_at(font, paragraph, f"phông {others[0]}", f"phông {wanted}")
                if run.face.colour and colour:
                    gathered.add_at(colour, paragraph, f"màu #{run.face.colour}", "màu đen")


def _everything(document: Document) -> Iterator[Paragraph]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row:
                    yield from cell.paragraphs


class _Gathered:
    """Faults as they come in; equal ones are counted."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._first: dict[_Key, tuple[Rule, str, int, int]] = {}
        self._count: dict[_Key, int] = {}
        self._seen: dict[_Key, int] = {}
        self._other: list[Finding] = []
        self._sections: dict[int, int] = {}

    def add(self, rule: Rule, fault: Fault) -> None:
        """A fault of a line."""
        self.add_at(rule, fault.piece.paragraph, fault.found, fault.required)

    def add_at(self, rule: Rule, paragraph: Paragraph, found: str, required: str) -> None:
        """A fault of a paragraph; several of one kind in it count once."""
        key = (rule.element, rule.family, found, required)
        if self._seen.get(key) != paragraph.number:
            self._seen[key] = paragraph.number
            self._note(key, rule, str(paragraph.spot), paragraph.number)

    def add_plain(self, rule: Rule, place: str, paragraph: int, found: str, required: str) -> None:
        """A fault that no line has."""
        self._note((rule.element, rule.family, found, required), rule, place, paragraph)

    def add_page(self, rule: Rule, section: int, found: str, required: str) -> None:
        """A fault of the pages of a section."""
        if not self._sections:  # once, however many sections there are
            for paragraph in _everything(self._document):
                self._sections.setdefault(paragraph.section, paragraph.number)
        key, first = (rule.element, rule.family, found, required), self._sections.get(section, 0)
        self._note(key, rule, f"mục (section) {section}", first)

    def _note(self, key: _Key, rule: Rule, place: str, paragraph: int) -> None:
        self._count[key] = self._count.get(key, 0) + 1
        self._first.setdefault(key, (rule, place, paragraph, len(self._first)))

    def tell_other_law(self) -> None:
        """Notes that the law on form is not the one this document follows."""
        self._other.append(Finding(issue("inspect.other_law", Place(self._document.file, spot=_HEAD)), 0))

    def findings(self) -> list[Finding]:
        """All faults in reading order."""
        told = [
            (paragraph, order, self._issue(rule, place, key))
            for key, (rule, place, paragraph, order) in self._first.items()
        ]
        told.sort(key=lambda one: one[:2])
        return self._other + [Finding(found, paragraph) for paragraph, _, found in told]

    def _issue(self, rule: Rule, place: str, key: _Key) -> Issue:
        more = self._count[key] - 1
        name, shown = f"{rule.element}.{rule.family}", str(more) if more else ""
        told = (rule.label, key[2], key[3], rule.source, name, rule.layer, shown)
        params = dict(zip(PARAMS, told, strict=True))
        return Issue(rule.code, rule.severity, Place(self._document.file, spot=place), params)


__all__ = ["CHECKS", "Finding", "inspect"]
