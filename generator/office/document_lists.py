"""The numbers and letters that Word writes itself before the paragraphs of a list.

In:   the tree of numbering.xml; number and level of each paragraph in reading order. Out: the label as printed,
      and the format of the level. Imports office.wordpart, lxml.
"""

from __future__ import annotations

import re

from lxml import etree

from generator.office.wordpart import VALUE, WORD, number

Element = etree._Element

_W = f"{{{WORD}}}"
_LEVELS = 9
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)
_HIGHEST = 3999
"""A list may be told to start anywhere; nobody reads further than this."""


class Lists:
    """The lists of one file and how far each has counted."""

    def __init__(self, root: Element | None) -> None:
        self._abstract: dict[str, Element] = {}
        self._of: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        for element in root if root is not None else ():
            if element.tag == _W + "abstractNum":
                self._abstract[element.get(_W + "abstractNumId", "")] = element
            elif element.tag == _W + "num":
                target = element.find(_W + "abstractNumId")
                self._of[element.get(_W + "numId", "")] = "" if target is None else target.get(VALUE, "")

    def level(self, list_number: str, depth: str) -> Element | None:
        """The definition of a level; None where the list has none."""
        abstract = self._abstract.get(self._of.get(list_number, ""))
        for level in abstract.iterchildren(_W + "lvl") if abstract is not None else ():
            if level.get(_W + "ilvl", "0") == depth:
                return level
        return None

    def label(self, list_number: str, depth: str) -> str:
        """The label of the next paragraph of a list at this depth, such as "1.", "a)" or "-"; counts on."""
        level = self.level(list_number, depth)
        if level is None or not depth.isdigit() or int(depth) >= _LEVELS:
            return ""
        abstract = self._of[list_number]
        counts = self._counts.setdefault(abstract, [0] * _LEVELS)
        at = int(depth)
        start = number(level.find(_W + "start"), VALUE, 1)
        counts[at] = counts[at] + 1 if counts[at] else start
        counts[at + 1 :] = [0] * (_LEVELS - at - 1)
        text = level.find(_W + "lvlText")
        pattern = "" if text is None else text.get(VALUE, "")
        if _format(level) == "bullet":
            return "-" if pattern in ("-", "–", "—", "\uf02d") else "•"
        return re.sub("%([1-9])", lambda found: self._shown(list_number, counts, int(found[1]) - 1), pattern)

    def _shown(self, list_number: str, counts: list[int], at: int) -> str:
        level = self.level(list_number, str(at))
        return counted(max(counts[at], 1), "decimal" if level is None else _format(level))


def _format(level: Element) -> str:
    found = level.find(_W + "numFmt")
    return "decimal" if found is None else found.get(VALUE, "decimal")


def counted(count: int, kind: str) -> str:
    """A number in one of Word's formats; letters by the English alphabet, as Word has them."""
    count = min(count, _HIGHEST)
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman"):
        left, shown = count, ""
        for worth, sign in _ROMAN:
            shown += sign * (left // worth)
            left %= worth
        return shown if kind == "lowerRoman" else shown.upper()
    return f"{count:02d}" if kind == "decimalZero" else str(count)
