"""Cells of a workbook by its raw XML: which hold something, which are unlocked; and typing into any of them.

zipfile and lxml only: nothing of the reader that is put to the test.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Typed = str | int | float | bool
Address = tuple[str, str]
"""Title of the sheet, address of the cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is written in the file."""

    filled: bool
    unlocked: bool


class RawBook:
    """The members of a workbook, its visible sheets by title, its styles by lock."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self._members = {name: package.read(name) for name in package.namelist()}
        styles = etree.fromstring(self._members["xl/styles.xml"])
        formats = styles.find(f"{MAIN}cellXfs")
        assert formats is not None
        self._unlocked = [_is_unlocked(one) for one in formats]
        self.parts = self._visible_parts()

    def _visible_parts(self) -> dict[str, str]:
        relations = {
            one.get("Id"): one.get("Target") for one in etree.fromstring(self._members["xl/_rels/workbook.xml.rels"])
        }
        found = {}
        for sheet in etree.fromstring(self._members["xl/workbook.xml"]).iter(f"{MAIN}sheet"):
            if sheet.get("state", "visible") == "visible":
                target = str(relations[sheet.get(RELATION)])
                found[str(sheet.get("name"))] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return found

    def cells(self) -> dict[Address, Cell]:
        """Every cell of the visible sheets that is written in the file."""
        found = {}
        for title, part in self.parts.items():
            for cell in etree.fromstring(self._members[part]).iter(f"{MAIN}c"):
                unlocked = self._unlocked[int(cell.get("s", "0"))]
                found[title, str(cell.get("r"))] = Cell(_is_filled(cell), unlocked)
        return found

    def with_typed(self, typed: Mapping[Address, Typed]) -> bytes:
        """The workbook with these cells typed over, each in the style that it had."""
        members = dict(self._members)
        for title in {title for title, _ in typed}:
            tree = etree.fromstring(members[self.parts[title]])
            own = {cell: value for (sheet, cell), value in typed.items() if sheet == title}
            _type_into(tree, own)
            members[self.parts[title]] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, content in members.items():
                package.writestr(name, content)
        return written.getvalue()


def _is_unlocked(form: etree._Element) -> bool:
    protection = form.find(f"{MAIN}protection")
    return protection is not None and protection.get("locked") in ("0", "false")


def _is_filled(cell: etree._Element) -> bool:
    """Whether it shows something: a value, a text, or a formula's result."""
    return any((node.text or "") != "" for tag in ("v", "t") for node in cell.iter(f"{MAIN}{tag}"))


def _type_into(tree: etree._Element, typed: Mapping[str, Typed]) -> None:
    body = tree.find(f"{MAIN}sheetData")
    assert body is not None
    rows = {int(row.get("r", "0")): row for row in body}
    for address in typed:
        number = row_of(address)
        if number not in rows:
            rows[number] = etree.Element(f"{MAIN}row", r=str(number))
    body[:] = [rows[number] for number in sorted(rows)]
    for address, value in typed.items():
        row = rows[row_of(address)]
        cells = {str(cell.get("r")): cell for cell in row}
        before = cells.get(address)
        style = before.get("s") if before is not None else None
        cells[address] = _cell(address, value, style)
        row[:] = [cells[one] for one in sorted(cells, key=column_of)]


def _cell(address: str, value: Typed, style: str | None) -> etree._Element:
    cell = etree.Element(f"{MAIN}c", r=address)
    if style is not None:
        cell.set("s", style)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
        text.text = value
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return cell
    if isinstance(value, bool):
        cell.set("t", "b")
    etree.SubElement(cell, f"{MAIN}v").text = str(int(value)) if isinstance(value, bool) else repr(value)
    return cell


def row_of(address: str) -> int:
    """12 of "AB12"."""
    return int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def column_of(address: str) -> int:
    """28 of "AB12"."""
    number = 0
    for letter in address.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number
