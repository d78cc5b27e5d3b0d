"""A workbook as the gallery spoils it: cells typed, rows moved, sheets renamed, parts replaced, in the raw XML.

In:   the bytes of a real blank, one step of a recipe. Out: bytes. zipfile and lxml only: nothing of the program that
      is put to the test. Addresses are "Trang!C12".
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
WORKBOOK, RELATIONS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
STYLES = "xl/styles.xml"
EPOCH = date(1899, 12, 30)
FIRST_OWN_FORMAT = 400
LARGE = 1 << 20

Where = Callable[[int, int], tuple[int, int] | None]
"""Where a cell (row, column) goes; None where it is deleted."""
_REFERENCE = re.compile(r"(?<![!'A-Za-z0-9_])(\$?)([A-Z]{1,3})(\$?)([0-9]+)(?![0-9(])")
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def key_of(address: str) -> tuple[int, int]:
    """(12, 3) of "C12"."""
    found = _CELL.fullmatch(address)
    assert found, address
    return int(found[2]), column_index_from_string(found[1])


class Book:
    """The members of a workbook by name; XML parts become trees when they are first worked on."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.members: dict[str, bytes] = {name: package.read(name) for name in package.namelist()}
        self._trees: dict[str, etree._Element] = {}

    def tree(self, part: str) -> etree._Element:
        """The root of an XML part."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.members[part])
        return self._trees[part]

    def settle(self) -> None:
        """Writes the trees back into the members."""
        for part, tree in self._trees.items():
            self.members[part] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        self._trees.clear()

    def save(self) -> bytes:
        """The workbook; the same bytes each time."""
        self.settle()
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as package:
            for name, content in self.members.items():
                # a bomb packs its zeros as well as it can
                level = 9 if len(content) > LARGE else 1
                package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, level)
        return written.getvalue()

    # --- sheets ---------------------------------------------------------------------------------

    def _sheets(self) -> etree._Element:
        found = self.tree(WORKBOOK).find(f"{MAIN}sheets")
        assert found is not None
        return found

    def _entry(self, title: str) -> etree._Element:
        (found,) = [one for one in self._sheets() if one.get("name") == title]
        return found

    def part_of(self, title: str) -> str:
        """The part that holds the cells of a sheet."""
        wanted = self._entry(title).get(RELATION)
        (target,) = [one.get("Target") for one in self.tree(RELATIONS) if one.get("Id") == wanted]
        return str(target).lstrip("/") if str(target).startswith("/") else f"xl/{target}"

    def sheet(self, title: str) -> etree._Element:
        """The tree of a sheet."""
        return self.tree(self.part_of(title))

    def rename(self, names: Mapping[str, str]) -> None:
        """Sheets under other names."""
        for before, after in names.items():
            self._entry(before).set("name", after)

    def remove(self, title: str) -> None:
        """A sheet deleted, with the names that point into sheets."""
        self._sheets().remove(self._entry(title))
        for names in self.tree(WORKBOOK).findall(f"{MAIN}definedNames"):
            self.tree(WORKBOOK).remove(names)

    def move(self, title: str, place: int) -> None:
        """A sheet dragged to another place among the tabs; local names would point to the wrong sheets."""
        entry = self._entry(title)
        self._sheets().remove(entry)
        self._sheets().insert(place, entry)
        for names in self.tree(WORKBOOK).findall(f"{MAIN}definedNames"):
            self.tree(WORKBOOK).remove(names)

    def hide(self, title: str, state: str = "hidden") -> None:
        """A sheet hidden, or shown: "visible"."""
        self._entry(title).set("state", state)

    def copy(self, title: str, name: str) -> None:
        """A second copy of a sheet, as Excel makes it: marks and all."""
        self.add(name, etree.tostring(self.sheet(title)))

    def add(self, name: str, xml: bytes) -> None:
        """A further sheet with the given XML."""
        number = 900 + len(self._sheets())
        part = f"xl/worksheets/sheet{number}.xml"
        self.members[part] = xml
        relation = etree.SubElement(self.tree(RELATIONS), "{*}Relationship".replace("{*}", _namespace(RELATIONS)))
        relation.set("Type", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet")
        relation.set("Target", f"/{part}")
        relation.set("Id", f"rId{number}")
        override = etree.SubElement(self.tree(TYPES), f"{_namespace(TYPES)}Override")
        override.set("PartName", f"/{part}")
        override.set("ContentType", SHEET_TYPE)
        entry = etree.SubElement(self._sheets(), f"{MAIN}sheet", name=name, sheetId=str(number))
        entry.set(RELATION, f"rId{number}")

    # --- cells ----------------------------------------------------------------------------------

    def type(self, typed: Mapping[str, Any]) -> None:
        """Values typed into cells, each in the style that the cell had unless `font` or `format` says otherwise."""
        by_sheet: dict[str, dict[str, Any]] = {}
        for place, value in typed.items():
            title, _, address = place.rpartition("!")
            by_sheet.setdefault(title, {})[address] = value
        for title, cells in by_sheet.items():
            self._type_into(self.sheet(title), cells)

    def _type_into(self, tree: etree._Element, typed: Mapping[str, Any]) -> None:
        body = tree.find(f"{MAIN}sheetData")
        assert body is not None
        rows = {int(row.get("r", "0")): row for row in body}
        for address, value in typed.items():
            number = key_of(address)[0]
            if number not in rows:
                rows[number] = etree.Element(f"{MAIN}row", r=str(number))
            row = rows[number]
            cells = {str(cell.get("r")): cell for cell in row}
            style = cells[address].get("s", "0") if address in cells else "0"
            cells[address] = self._cell(address, value, int(style))
            row[:] = [cells[one] for one in sorted(cells, key=key_of)]
        body[:] = [rows[number] for number in sorted(rows)]

    def _cell(self, address: str, value: Any, style: int) -> etree._Element:
        said = value if isinstance(value, dict) else {"value": value}
        if "font" in said or "format" in said:
            style = self._style(style, said.get("font"), said.get("format"))
        cell = etree.Element(f"{MAIN}c", r=address, s=str(style))
        if "formula" in said:
            etree.SubElement(cell, f"{MAIN}f").text = str(said["formula"]).removeprefix("=")
        if "rich" in said:
            _rich(cell, said["rich"])
        else:
            _put(cell, said.get("value"), said.get("error", ""))
        return cell

    def _style(self, style: int, font: str | None, number_format: str | None) -> int:
        """A further cell style like `style` with this font and number format."""
        tree = self.tree(STYLES)
        formats = tree.find(f"{MAIN}cellXfs")
        fonts = tree.find(f"{MAIN}fonts")
        assert formats is not None
        assert fonts is not None
        copy = deepcopy(formats[style])
        if font is not None:
            own = deepcopy(fonts[int(copy.get("fontId", "0"))])
            (name,) = own.findall(f"{MAIN}name")
            name.set("val", font)
            fonts.append(own)
            copy.set("fontId", str(len(fonts) - 1))
        if number_format is not None:
            kept = tree.find(f"{MAIN}numFmts")
            assert kept is not None
            number = str(FIRST_OWN_FORMAT + len(kept))
            etree.SubElement(kept, f"{MAIN}numFmt", numFmtId=number, formatCode=number_format)
            copy.set("numFmtId", number)
        formats.append(copy)
        return len(formats) - 1

    # --- rows and columns -----------------------------------------------------------------------

    def insert_rows(self, title: str, at: int, count: int = 1) -> None:
        """Empty rows inserted above row `at`."""
        self._shift(title, lambda row, column: (row + count * (row >= at), column))

    def delete_rows(self, title: str, at: int, count: int = 1) -> None:
        """Rows deleted from `at` on."""
        gone = range(at, at + count)
        self._shift(title, lambda row, column: None if row in gone else (row - count * (row >= at), column))

    def insert_columns(self, title: str, at: int, count: int = 1) -> None:
        """Empty columns inserted before column `at` (A is 1)."""
        self._shift(title, lambda row, column: (row, column + count * (column >= at)))

    def delete_columns(self, title: str, at: int, count: int = 1) -> None:
        """Columns deleted from `at` on."""
        gone = range(at, at + count)
        self._shift(title, lambda row, column: None if column in gone else (row, column - count * (column >= at)))

    def swap_columns(self, title: str, first: int, second: int) -> None:
        """Two columns that changed places."""
        other = {first: second, second: first}
        self._shift(title, lambda row, column: (row, other.get(column, column)))

    def _shift(self, title: str, where: Where) -> None:
        tree = self.sheet(title)
        body = tree.find(f"{MAIN}sheetData")
        assert body is not None
        kept: dict[int, dict[int, etree._Element]] = {}
        shells: dict[int, etree._Element] = {}
        for row in list(body):
            number = int(row.get("r", "0"))
            shell = where(number, 0)
            if shell is not None:
                shells[shell[0]] = row
            for cell in list(row):
                target = where(*key_of(str(cell.get("r"))))
                if target is not None:
                    cell.set("r", f"{get_column_letter(target[1])}{target[0]}")
                    for formula in cell.iter(f"{MAIN}f"):
                        formula.text = _shifted(formula.text or "", where)
                    kept.setdefault(target[0], {})[target[1]] = cell
        for number, row in shells.items():
            row.set("r", str(number))
            row[:] = [cell for _, cell in sorted(kept.get(number, {}).items())]
        body[:] = [shells[number] for number in sorted(shells)]
        # what else points to cells: merged ones, filters, checks while typing
        for name in ("mergeCells", "autoFilter", "dataValidations", "conditionalFormatting"):
            for node in tree.findall(f"{MAIN}{name}"):
                tree.remove(node)

    def hide_row(self, title: str, number: int) -> None:
        """A row that a filter or a hand has hidden."""
        for row in self.sheet(title).iter(f"{MAIN}row"):
            if row.get("r") == str(number):
                row.set("hidden", "1")

    def merge(self, title: str, reference: str) -> None:
        """Cells merged into one: only the first keeps its value."""
        tree = self.sheet(title)
        merged = tree.find(f"{MAIN}mergeCells")
        assert merged is not None
        etree.SubElement(merged, f"{MAIN}mergeCell", ref=reference)


def _namespace(part: str) -> str:
    kind = "relationships" if part == RELATIONS else "content-types"
    return f"{{http://schemas.openxmlformats.org/package/2006/{kind}}}"


def _put(cell: etree._Element, value: Any, error: str) -> None:
    """The value of a cell as a program writes it; None leaves it empty."""
    if error:
        cell.set("t", "e")
        etree.SubElement(cell, f"{MAIN}v").text = error
    elif isinstance(value, bool):
        cell.set("t", "b")
        etree.SubElement(cell, f"{MAIN}v").text = str(int(value))
    elif isinstance(value, date):
        etree.SubElement(cell, f"{MAIN}v").text = str((value - EPOCH).days)
    elif isinstance(value, int | float):
        etree.SubElement(cell, f"{MAIN}v").text = repr(value)
    elif isinstance(value, str):
        calculated = cell.find(f"{MAIN}f") is not None
        cell.set("t", "str" if calculated else "inlineStr")
        holder = cell if calculated else etree.SubElement(cell, f"{MAIN}is")
        text = etree.SubElement(holder, f"{MAIN}v" if calculated else f"{MAIN}t")
        text.text = value
        text.set(SPACE, "preserve")


def _rich(cell: etree._Element, runs: list[list[str]]) -> None:
    """A text of several fonts: [[text, font], …]."""
    cell.set("t", "inlineStr")
    holder = etree.SubElement(cell, f"{MAIN}is")
    for text, font in runs:
        run = etree.SubElement(holder, f"{MAIN}r")
        etree.SubElement(etree.SubElement(run, f"{MAIN}rPr"), f"{MAIN}rFont", val=font)
        shown = etree.SubElement(run, f"{MAIN}t")
        shown.text = text
        shown.set(SPACE, "preserve")


def _shifted(formula: str, where: Where) -> str:
    """A formula whose references to its own sheet follow the cells."""

    def moved(found: re.Match[str]) -> str:
        target = where(int(found[4]), column_index_from_string(found[2]))
        if target is None:
            return "#REF!"
        return f"{found[1]}{get_column_letter(target[1])}{found[3]}{target[0]}"

    return _REFERENCE.sub(moved, formula)
