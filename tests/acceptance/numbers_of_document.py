"""Numbers of a document: every number that it prints, and which of them came from nobody's answers.

    python tests/acceptance/numbers_of_document.py WORKSPACE MARKED.docx TRACE.json

In:   a DOCX that marked.py made, the trace of its report, texts that partners wrote, names of the registry.
Out:  which figure each number is; numbers that are passed over, with the reason; numbers that nobody can trace.
Plain python-docx, no code of the project.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph
from marked import parted
from recount import recount
from recount_archive import rows
from recount_registry import Registry, read_registry

NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d{3})*(?:,\d+)?(?![\w]|[.,]\d)%?")
ROMAN = r"[IVX]+"

PASSED: Sequence[tuple[str, str]] = (
    ("between quotation marks: words of partners, signs that a note explains", r"“[^”]*”"),
    ("number of a document", r"\d+/(?:\d{4}/)?[A-ZĐ][\w-]*(?:[-/][A-ZĐ][\w-]*)*|\d+-[A-ZĐ]+/[A-ZĐ]+"),
    ("form", r"KN-\d+"),
    ("date", r"ngày \d+ tháng \d+ năm \d{4}|\d{1,2}/\d{1,2}/\d{4}|tháng \d{1,2}/\d{4}|(?<!\d)\d{1,2}/\d{4}"),
    ("years", r"(?i:năm) 20\d\d(?:(?:, | - | và )20\d\d)+(?!\d)"),
    ("years of a period", r"(?<!\d)20\d\d ?[-–] ?20\d\d(?!\d)"),
    ("year", r"(?i:năm) 20\d\d(?!\d)"),
    ("number of years of the report", r"(?<!\d)0?{years} (?i:năm)(?! liền)"),
    ("the whole of shares, 100 by definition", r"^100$"),
    (
        "number of a table, annex, part or column",
        rf"(?:Bảng|Biểu|Hình|Biểu đồ) \d+|Phụ lục {ROMAN}[a-z]?|[Cc]ột \d+(?:(?:,| đến| và) \d+)*",
    ),
    ("number of a table, annex, part or column", rf"mục {ROMAN}\.\d+"),
    ("number of a heading", r"^\d+(?:\.\d+)*\. "),
)
"""What is no number from an answer, by the words around it; the reason is told. In the order of looking."""


HEADS = {"TT": "row number", "Năm": "year of a row", "Lần gửi": "number of a return's revision, by the register"}
"""Why numbers of a column are passed over, by its head."""


@dataclass(frozen=True)
class Place:
    """A paragraph, or a cell of a table, and what stands around it."""

    where: str
    text: str
    figures: Sequence[tuple[int, int, str]] = ()
    """Start, end and code of each figure in the text."""
    reason: str = ""
    """Why all its numbers are passed over: a key row, a row number."""


@dataclass
class Numbers:
    """All numbers of a document, sorted."""

    traced: list[tuple[str, str, str]] = field(default_factory=list)
    """Of each number: its place, the code of its figure, what was printed."""
    passed: dict[str, list[str]] = field(default_factory=dict)
    """By reason: number and the text around it."""
    lost: list[str] = field(default_factory=list)
    """Numbers that nobody can trace, with their place."""

    def told(self) -> str:
        """What was checked, and what was passed over and why."""
        counts = Counter({reason: len(found) for reason, found in self.passed.items()})
        lines = [f"{len(self.traced)} numbers traced, {sum(counts.values())} passed over, {len(self.lost)} lost"]
        for reason, count in counts.most_common():
            samples = "; ".join(list(dict.fromkeys(self.passed[reason]))[:4])
            lines.append(f"  passed over, {reason}: {count} ({samples})")
        return "\n".join([*lines, *(f"  LOST {one}" for one in self.lost)])


def plain(text: str) -> str:
    """The text with plain spaces, in NFC."""
    return unicodedata.normalize("NFC", text.replace("\u00a0", " "))


# --- where numbers stand ------------------------------------------------------------------------


def places(path: Path) -> Iterator[Place]:
    """Every paragraph and cell in reading order; a merged cell once."""
    tables = 0
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Paragraph):
            if block.text.strip():
                yield Place("paragraph", *parted(plain(block.text)))
            continue
        tables += 1
        yield from _cells(block, f"table {tables}")


def _cells(table: Table, name: str) -> Iterator[Place]:
    heads = [cell.text.strip() for cell in table.rows[0].cells]
    for at, row in enumerate(table.rows, start=1):
        key_row = row.cells[0].text.strip() == "A"
        seen = set()
        for column, cell in enumerate(row.cells):
            if cell._tc in seen or not cell.text.strip():  # python-docx has no other mark of a merged cell
                continue
            seen.add(cell._tc)
            reason = "key row" if key_row else HEADS.get(heads[column], "")
            for line in plain(cell.text).split("\n"):
                yield Place(f"{name}, row {at}, column {column + 1}", *parted(line), reason)


# --- what is passed over ------------------------------------------------------------------------


def own_words(workspace: Path, map_date: date) -> re.Pattern[str]:
    """Names of partners and whatever partners and the board wrote with a number in it, as one pattern."""
    registry = read_registry(workspace / "inputs" / "registry.xlsx")
    found = {one.name for one in registry.versions} | {*registry.subjects}
    for row in rows(workspace, map_date):
        for answer in row.answers.values():
            if isinstance(answer, str):
                found |= {_tidy(line) for line in plain(answer).splitlines()} | {_tidy(plain(answer))}
    numbered = sorted((one for one in found if re.search(r"\d", one) and re.search(r"[^\W\d_]", one)), key=len)
    return re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in reversed(numbered)) or r"(?!)")


def _tidy(line: str) -> str:
    return line.strip(" -+*•–\t").rstrip(" .;,")


def _passed(place: Place, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> Iterator[tuple[int, int, str]]:
    if place.reason:
        yield 0, len(place.text), place.reason
    for reason, pattern in patterns:
        for found in pattern.finditer(place.text):
            yield found.start(), found.end(), reason


# --- which figure printed a number ------------------------------------------------------------


def numbers(marked: Path, words: re.Pattern[str], years: int, in_sentences: Mapping[str, str]) -> Numbers:
    """Every number of a marked document, sorted.

    `in_sentences`: code by printed text of the figures in sentences that the program writes, which bear no marks.
    """
    passing = [(reason, re.compile(pattern.replace("{years}", str(years)))) for reason, pattern in PASSED]
    patterns = [("names and words of partners and of the board", words), *passing]
    found = Numbers()
    for place in places(marked):
        spans, sentences = list(_passed(place, patterns)), list(_sentences(place.text, in_sentences))
        for token in NUMBER.finditer(place.text):
            start, end = token.span()
            around = place.text[max(0, start - 25) : end + 15]
            inside = next((one for one in (*place.figures, *sentences) if one[0] <= start and end <= one[1]), None)
            reason = next((why for first, last, why in spans if first <= start and end <= last), "")
            if inside:
                found.traced.append((place.where, inside[2], place.text[inside[0] : inside[1]]))
            elif reason:
                found.passed.setdefault(reason, []).append(around)
            else:
                found.lost.append(f"{place.where}: “{token.group()}” in “{around}”")
    return found


def _sentences(text: str, in_sentences: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    for printed, code in in_sentences.items():
        for found in re.finditer(rf"(?<!\w){re.escape(printed)}(?!\w)", text):
            yield found.start(), found.end(), code


def unmarked(trace: Iterable[Mapping[str, Any]], marked: Path) -> dict[str, str]:
    """Code by printed text of the figures that trace knows as printed and that no mark shows."""
    shown = {code for place in places(marked) for _, _, code in place.figures}
    return {plain(one["printed"]): one["figure"] for one in trace if one["printed"] and one["figure"] not in shown}


def misplaced(marked: Path, registry: Registry) -> tuple[int, list[str]]:
    """How many figures of a partner or year stand in a table, and those in another one's row or column."""
    names: dict[str, set[str]] = {}
    for one in registry.versions:
        names.setdefault(one.code, set()).add(one.name.casefold())  # a name begins its cell with a capital
    checked, wrong = 0, []
    for at, table in enumerate(docx.Document(str(marked)).tables, start=1):
        heads = [plain(cell.text) for cell in table.rows[0].cells]
        for row in table.rows[1:]:
            told = [parted(plain(cell.text)) for cell in row.cells]
            first = " ".join(text.partition("\n")[0] for text, _ in told[:2])
            for head, (text, figures) in zip(heads, told, strict=False):
                for code in (code for _, _, code in figures):
                    for key in code.rpartition("[")[2].removesuffix("]").split(","):
                        if key in names:
                            checked += 1
                            there = any(name in first.casefold() for name in names[key])
                        elif re.fullmatch(r"20\d\d", key):
                            checked += 1
                            there = key in first or key in head or not re.search(r"20\d\d", f"{head} {first}")
                        else:
                            continue
                        if not there:
                            wrong.append(f"table {at}: {code} printed “{text}” beside “{first}” under “{head}”")
    return checked, wrong


# --- how a number may be printed ------------------------------------------------------------------


def grouped(value: Decimal) -> str:
    """1234567.5 as Vietnamese print it: 1.234.567,5."""
    whole, _, decimals = f"{abs(value):,f}".partition(".")
    decimals = decimals.rstrip("0")
    return ("-" if value < 0 else "") + whole.replace(",", ".") + (f",{decimals}" if decimals else "")


def scaled(amount: Decimal) -> str:
    """An amount as prose says it: tỷ or triệu with one decimal, "hơn" or "gần" only where it was rounded."""
    if amount < 1_000_000:
        return f"{grouped(amount)} đồng"
    unit, word = (10**9, "tỷ") if amount >= 999_950_000 else (10**6, "triệu")
    exact = amount / unit
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    adverb = "" if rounded == exact else "hơn " if rounded < exact else "gần "
    return f"{adverb}{grouped(rounded)} {word} đồng"


def printings(value: Decimal) -> set[str]:
    """Every text that a report may print a number as."""
    return {
        grouped(value),
        scaled(value),
        f"{grouped(abs(value))}%",
        f"0{value:f}" if 0 < value < 10 and value == int(value) else grouped(value),
    }


def badly_printed(found: Numbers, trace: Sequence[Mapping[str, Any]], values: Mapping[str, Decimal]) -> list[str]:
    """Numbers that trace does not know by what is printed, or that are not what their cells give."""
    known = {(one["figure"], plain(one["printed"])) for one in trace}
    units = {one["figure"]: one["unit"] for one in trace}
    wrong = [f"{where}: trace knows no {code} printed “{text}”" for where, code, text in found.traced
             if (code, text) not in known]  # fmt: skip
    for where, code, text in dict.fromkeys(found.traced):
        if not {text, text.removesuffix(f" {units.get(code)}")} & printings(values[code]):
            wrong.append(f"{where}: {code} printed “{text}”, its cells give {values[code]}")
    return wrong


def checked(workspace: Path, marked: Path, trace: Sequence[Mapping[str, Any]]) -> tuple[Numbers, list[str]]:
    """The numbers of a document, and whatever is wrong with those that can be traced."""
    years = [int(year) for year in re.findall(r"20\d\d", marked.stem)]
    done = recount(trace, workspace / "inputs")
    words = own_words(workspace, date(years[-1], 12, 14))
    found = numbers(marked, words, years[-1] - years[0] + 1, unmarked(trace, marked))
    return found, [*done.differences, *badly_printed(found, trace, done.values)]


def main(workspace: Path, marked: Path, trace: Path) -> int:
    """Prints what was checked; how many numbers are lost, badly printed or recounted otherwise."""
    found, wrong = checked(workspace, marked, json.loads(trace.read_text(encoding="utf-8")))
    print(marked.name, found.told(), *wrong, sep="\n")
    return len(found.lost) + len(wrong)


if __name__ == "__main__":
    sys.exit(bool(main(*map(Path, sys.argv[1:4]))))
