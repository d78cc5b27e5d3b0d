"""Reading a workbook: values by the fast reader, and beside them what the fast reader hides.

In:   the bytes of an .xlsx, .xlsm, .xlsb, .ods or .xls file, hostile. Out: OpenedWorkbook, or the issue why it
      cannot be read. What it is, its content says and not its name.
Imports office.package, office.compound, office.workbook, model, issues, python-calamine. Safe to call from several
threads.

The fast reader reads .xlsx only. In the other formats the second look has to go through every cell anyhow, and the
fast reader (0.9.1) loses cells there: in .xlsb those that leave out their column, half of a sheet of some programs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import time, timedelta
from itertools import chain, islice

from python_calamine import CalamineWorkbook

from generator.issues import Issue, Place, RefusedError, issue
from generator.model import CellKey, Raw, RawSheet
from generator.office.compound import OLE2, open_compound
from generator.office.package import MAX_FILE, Package, open_package
from generator.office.workbook.far import near_cells
from generator.office.workbook.fonts import with_old_fonts
from generator.office.workbook.hidden import hidden_rows
from generator.office.workbook.look import Look, look, plainer
from generator.office.workbook.ods import is_ods, read_ods
from generator.office.workbook.opened import MAX_GRID, NOTHING_FAR, OpenedWorkbook, Seen, is_far, notes_of, too_large
from generator.office.workbook.other import other_kind
from generator.office.workbook.parts import (
    BINARY_WORKBOOK,
    WORKBOOK,
    SheetPart,
    WorkbookParts,
    custom_properties,
    macros,
    unreadable,
    workbook_parts,
)
from generator.office.workbook.scan import READ, scan
from generator.office.workbook.xls import STREAMS, read_xls
from generator.office.workbook.xlsb import read_xlsb

__all__ = ["MAX_GRID", "OpenedWorkbook", "read_workbook"]

MAX_TEXT = 512 << 20
"""Bytes of text that the reader may lay out: one long string can stand in very many cells."""

MAX_STRINGS = 1_000_000
"""Shared texts that the reader may lay out; a full return has 2,000."""

_LONG = 4 << 20
_STRINGS = "xl/sharedstrings.xml"
_ENCRYPTED = "EncryptedPackage"
_TIMES = frozenset({time, timedelta})
_ERROR_VALUE = re.compile(rb"""(\st=["']e["'][^>]*>(?:<[\w:]*f[^<]*</[\w:]*f>|<[\w:]*f[^>]*/>)?<[\w:]*v[^>]*>)[^<]*""")
_KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"})


def read_workbook(content: bytes, file: str) -> tuple[OpenedWorkbook | None, list[Issue]]:
    """All sheets with their values, error cells and uncalculated formulas; `file` only says where.

    Codes: those of open_package, office.other_kind, office.not_workbook, office.unreadable, office.unsafe,
    office.too_large; beside a workbook, what is no fault of reading: office.macros, office.linked_cell, cell.not_read.
    """
    try:
        if content.startswith(OLE2):
            opened = _old(content, file)
        else:
            if kind := other_kind(content):
                return None, [issue("office.other_kind", Place(file), kind=kind)]
            package, issues = open_package(content, file)
            if package is None:
                return None, issues
            opened = _opened(package, content)
        return opened, list(opened.notes)
    except RefusedError as refused:
        return None, list(refused.issues)


def _old(content: bytes, file: str) -> OpenedWorkbook:
    """A compound file: an old workbook, a workbook with a password around it, or something else of Office."""
    if len(content) > MAX_FILE:
        raise RefusedError(issue("office.too_large", Place(file), limit=f"{MAX_FILE >> 20} MB"))
    compound = open_compound(content, file)
    names = compound.names()
    if _ENCRYPTED in names:
        raise RefusedError(issue("office.encrypted", Place(file)))
    if not any(name in names for name in STREAMS):
        raise RefusedError(issue("office.not_workbook", Place(file)))
    return read_xls(compound)


def _opened(package: Package, content: bytes) -> OpenedWorkbook:
    if is_ods(package):
        return read_ods(package)
    spelled = {name.casefold() for name in package.names()}
    if BINARY_WORKBOOK in spelled and WORKBOOK not in spelled:
        return read_xlsb(package)
    return _opened_xml(package, content)


def _opened_xml(package: Package, content: bytes) -> OpenedWorkbook:
    parts = workbook_parts(package)
    plain = scan(package, parts, MAX_GRID)
    if plain is not None:
        read = {*READ, *(sheet.part for sheet in parts.sheets)}
        for name in _texts(package):
            if name not in read:
                package.read(name)  # a damaged part is told, whether it is needed or not
    seen = plain if plain is not None else _read_any(package, content, parts)
    notes = [*macros(package), *notes_of(seen, package.file)]
    sheets = with_old_fonts(package, parts.sheets, [one.sheet for one in seen])
    return OpenedWorkbook(sheets, custom_properties(package), parts.names, tuple(notes))


def _texts(package: Package) -> Iterator[str]:
    """Names of the parts that are XML."""
    return (name for name in package.names() if name.casefold().endswith((".xml", ".rels")))


def _read_any(package: Package, content: bytes, parts: WorkbookParts) -> tuple[Seen, ...]:
    """Every sheet of cells, by the fast reader and the second look at what it hides."""
    _check_texts(package, parts)
    changes = _plainer_strings(package)
    looks: dict[str, Look] = {}
    far: dict[str, Mapping[CellKey, str]] = {}
    for sheet in parts.sheets:
        if sheet.part:
            written = package.read(sheet.part)
            xml = plainer(written)
            if xml != written:
                changes[sheet.part] = xml
            found = _look(package, sheet, xml)
            wide = found.grid > MAX_GRID
            # of millions of formatted empty cells the fast reader takes a second each
            if (wide or (found.grid and len(xml) > _LONG)) and (near := near_cells(xml, _strings(package))):
                xml, far[sheet.part] = near
                changes[sheet.part] = xml
                wide = _look(package, sheet, xml).grid > MAX_GRID
                found = replace(found, errors={key: one for key, one in found.errors.items() if not is_far(key)})
            if wide:
                raise too_large(package.file, sheet.name)
            if not _KNOWN_ERRORS.issuperset(found.errors.values()):
                # an error that the fast reader does not know (#SPILL!) and gives up on, put as #N/A
                changes[sheet.part] = _ERROR_VALUE.sub(rb"\1#N/A", xml)
            looks[sheet.part] = found
    grids = _grids(package, package.replace(changes) if changes else content, parts)
    seen = []
    for sheet in parts.sheets:
        if sheet.part:
            found = looks[sheet.part]
            rows = _compact(grids[sheet.name])
            unseen = hidden_rows(package.read(sheet.part), len(rows))
            raw = RawSheet(sheet.name, rows, found.errors, found.uncalculated, sheet.visible, hidden=unseen)
            seen.append(Seen(raw, found.outside, far.get(sheet.part, NOTHING_FAR)))
    return tuple(seen)


def _look(package: Package, sheet: SheetPart, xml: bytes) -> Look:
    try:
        found = look(xml)
    except OverflowError:
        raise too_large(package.file, sheet.name) from None
    if found is None:
        raise unreadable(package, sheet.part)
    return found


def _strings(package: Package) -> bytes:
    part = next((name for name in package.names() if name.casefold() == _STRINGS), "")
    return package.read(part) if part else b""


def _plainer_strings(package: Package) -> dict[str, bytes]:
    """The shared texts, where they are written in a way that the fast reader passes over."""
    parts = (name for name in package.names() if name.casefold() == _STRINGS)
    return {name: plainer(xml) for name in parts if plainer(xml := package.read(name)) != xml}


def _check_texts(package: Package, parts: WorkbookParts) -> None:
    """Inflates within limits all that the fast reader will inflate, and refuses what no program writes.

    It trusts the zip: a member that lies about its size must be found before it gets there.
    """
    sheets = {sheet.part for sheet in parts.sheets}
    values, strings = 0, b""
    for name in {*_texts(package), *sheets} - {""}:
        xml = package.read(name)
        if b"<!DOCTYPE" in xml:
            raise RefusedError(issue("office.unsafe", Place(package.file, spot=name)))
        values += xml.count(b"v>") if name in sheets else 0
        strings = xml if name.casefold() == _STRINGS else strings
    _check_strings(package, strings, values)


def _check_strings(package: Package, strings: bytes, values: int) -> None:
    """Refuses more shared texts, or more of them laid out in that many cells, than any return has."""
    if strings.count(b"<si") > MAX_STRINGS:
        raise too_large(package.file, most=MAX_STRINGS)
    if len(strings) * values > MAX_TEXT and max(map(len, strings.split(b"</si>"))) * values > MAX_TEXT:
        raise too_large(package.file)


def _grids(package: Package, content: bytes, parts: WorkbookParts) -> dict[str, list[list[Raw]]]:
    """Sheet name -> rows of values from A1 on."""
    try:
        workbook = CalamineWorkbook.from_object(io.BytesIO(content))
        if len(workbook.sheet_names) != len(parts.sheets):
            raise unreadable(package, WORKBOOK)
        grids = {}
        total = 0
        for position, sheet in enumerate(parts.sheets):
            if sheet.part:
                grid = workbook.get_sheet_by_index(position)
                last_row, last_column = grid.end or (0, 0)
                total += (last_row + 1) * (last_column + 1)
                if total > MAX_GRID:
                    raise too_large(package.file, sheet.name)
                grids[sheet.name] = grid.to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, MemoryError, RefusedError):
        raise
    except BaseException as fault:
        # A panic of the reader is no Exception; whatever it dislikes, the sender can only save the file anew.
        if isinstance(fault, Exception) or type(fault).__name__ == "PanicException":
            raise unreadable(package, WORKBOOK) from fault
        raise
    return grids  # type: ignore[return-value]


def _compact(grid: list[list[Raw]]) -> tuple[tuple[Raw, ...], ...]:
    """The grid as tuples of equal length, without empty rows and columns at the end."""
    height = len(grid)
    while height and not any(cell != "" for cell in grid[height - 1]):
        height -= 1
    width = len(grid[0]) if height else 0
    while width and all(row[width - 1] == "" for row in islice(grid, height)):
        width -= 1
    whole = height and width == len(grid[0])
    rows = tuple(tuple(row) if whole else tuple(row[:width]) for row in islice(grid, height))
    kinds = set(map(type, chain.from_iterable(rows)))
    return rows if kinds.isdisjoint(_TIMES) else tuple(tuple(map(_plain, row)) for row in rows)


def _plain(value: object) -> Raw:
    """The value, with a time of day or a duration as text."""
    return str(value) if isinstance(value, (time, timedelta)) else value  # type: ignore[return-value]
