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
from datetime import time, timedelta
from itertools import chain, islice

from python_calamine import CalamineWorkbook

from generator.issues import Issue, Place, RefusedError, issue
from generator.model import Raw, RawSheet
from generator.office.compound import OLE2, open_compound
from generator.office.package import MAX_FILE, Package, open_package
from generator.office.workbook.look import Look, look
from generator.office.workbook.ods import is_ods, read_ods
from generator.office.workbook.opened import MAX_GRID, OpenedWorkbook, too_large
from generator.office.workbook.parts import (
    BINARY_WORKBOOK,
    WORKBOOK,
    WorkbookParts,
    custom_properties,
    unreadable,
    workbook_parts,
)
from generator.office.workbook.scan import READ, scan
from generator.office.workbook.xls import STREAMS, read_xls
from generator.office.workbook.xlsb import read_xlsb

__all__ = ["MAX_GRID", "OpenedWorkbook", "read_workbook"]

MAX_TEXT = 512 << 20
"""Bytes of text that the reader may lay out: one long string can stand in very many cells."""

_ENCRYPTED = "EncryptedPackage"
_TIMES = frozenset({time, timedelta})
_ERROR_VALUE = re.compile(rb"""(\st=["']e["'][^>]*>(?:<[\w:]*f[^<]*</[\w:]*f>|<[\w:]*f[^>]*/>)?<[\w:]*v[^>]*>)[^<]*""")
_KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"})


def read_workbook(content: bytes, file: str) -> tuple[OpenedWorkbook | None, list[Issue]]:
    """All sheets with their values, error cells and uncalculated formulas; `file` only says where.

    Codes: those of open_package, office.not_workbook, office.unreadable, office.unsafe, office.too_large.
    """
    try:
        if content.startswith(OLE2):
            return _old(content, file), []
        package, issues = open_package(content, file)
        return (_opened(package, content), []) if package is not None else (None, issues)
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
    sheets = plain if plain is not None else _read_any(package, content, parts)
    return OpenedWorkbook(sheets, custom_properties(package), parts.names)


def _texts(package: Package) -> Iterator[str]:
    """Names of the parts that are XML."""
    return (name for name in package.names() if name.casefold().endswith((".xml", ".rels")))


def _read_any(package: Package, content: bytes, parts: WorkbookParts) -> tuple[RawSheet, ...]:
    """Every sheet of cells, by the fast reader and the second look at what it hides."""
    looks = _looks(package, parts)
    changes = _known_errors_only(package, looks)
    grids = _grids(package, package.replace(changes) if changes else content, parts)
    sheets = []
    for sheet in parts.sheets:
        if sheet.part:
            found = looks[sheet.part]
            rows = _compact(grids[sheet.name])
            sheets.append(RawSheet(sheet.name, rows, found.errors, found.uncalculated, sheet.visible))
    return tuple(sheets)


def _looks(package: Package, parts: WorkbookParts) -> dict[str, Look]:
    """Part -> second look, having inflated within limits all that the fast reader will inflate."""
    looks: dict[str, Look] = {}
    sheet_bytes = 0
    for sheet in parts.sheets:
        if not sheet.part:
            continue
        xml = package.read(sheet.part)
        sheet_bytes += len(xml)
        found = look(xml)
        if found is None:
            raise unreadable(package, sheet.part)
        if found.grid > MAX_GRID:
            raise too_large(package.file, sheet.name)
        looks[sheet.part] = found
    # The fast reader trusts the zip: a member that lies about its size must be found before it gets there.
    for name in _texts(package):
        if name.casefold() == "xl/sharedstrings.xml":
            _check_strings(package, package.read(name), sheet_bytes)
        elif name not in looks:
            package.read(name)
    return looks


def _check_strings(package: Package, strings: bytes, sheet_bytes: int) -> None:
    # A cell that names a shared string takes at least 20 bytes of its sheet.
    cells = sheet_bytes // 20
    if len(strings) * cells > MAX_TEXT and max(map(len, strings.split(b"</si>"))) * cells > MAX_TEXT:
        raise too_large(package.file)


def _known_errors_only(package: Package, looks: Mapping[str, Look]) -> dict[str, bytes]:
    """Sheets with an error that the fast reader does not know (#SPILL!) and gives up on, put as #N/A."""
    return {
        part: _ERROR_VALUE.sub(rb"\1#N/A", package.read(part))
        for part, found in looks.items()
        if not _KNOWN_ERRORS.issuperset(found.errors.values())
    }


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
