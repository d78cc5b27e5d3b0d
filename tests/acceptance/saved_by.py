"""Workbooks saved again by real programs, in every format that a partner may send; one process for each program.

In:   workbooks as .xlsx bytes, by name. Out: for each program and format, the same workbooks by name.
Imports the standard library and openpyxl; of ours only where real programs are run.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from real_programs import CLIENTS, run

Books = Mapping[str, bytes]
OFFICE = ("xlsx", "xls", "ods")
NODE = {"exceljs.xlsx": "exceljs", "sheetjs.xlsx": "xlsx", "sheetjs.xlsm": "xlsm", "sheetjs.xlsb": "xlsb"}
NODE |= {"sheetjs.xls": "biff8", "sheetjs.ods": "ods"}

_TRANSITIONAL, _STRICT = "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/"
_NAMESPACES = {
    "spreadsheetml/2006/main": "spreadsheetml/main",
    "drawingml/2006/main": "drawingml/main",
    "officeDocument/2006/": "officeDocument/",
}
"""What the strict kind of Office Open XML calls otherwise; packages and core properties keep their names."""
_WORKBOOK_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_KIND = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def by_openpyxl(content: bytes) -> bytes:
    """Opened and saved by openpyxl."""
    saved = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(saved)
    return saved.getvalue()


def as_strict(content: bytes) -> bytes:
    """The workbook in the strict kind of Office Open XML, as Excel offers it among its formats."""

    def renamed(name: str, part: bytes) -> bytes:
        if not name.endswith((".xml", ".rels")) or name.startswith("[Content"):
            return part
        for old, new in _NAMESPACES.items():
            part = part.replace((_TRANSITIONAL + old).encode(), (_STRICT + new).encode())
        return part.replace(b"<workbook ", b'<workbook conformance="strict" ', 1)

    return _rewritten(content, renamed)


def as_xlsm(content: bytes) -> bytes:
    """The workbook as one with macros, as whoever records one saves it; the macro itself is never run."""

    def renamed(name: str, part: bytes) -> bytes:
        return part.replace(_WORKBOOK_KIND.encode(), _MACRO_KIND.encode()) if name.startswith("[Content") else part

    return _rewritten(content, renamed, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)})


def _rewritten(content: bytes, change: Callable[[str, bytes], bytes], more: Books | None = None) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), change(name, old.read(name)), zipfile.ZIP_DEFLATED)
        for name, part in (more or {}).items():
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def by_libreoffice(books: Books, folder: Path, endings: tuple[str, ...] = OFFICE) -> dict[str, dict[str, bytes]]:
    """ "libreoffice.ods" -> the workbooks as LibreOffice saves them, all of them in one call."""
    if shutil.which("soffice") is None:
        pytest.fail("LibreOffice is missing: apt-get install --no-install-recommends libreoffice-calc-nogui")
    sources = folder / "office"
    _written(books, sources)
    run(["/usr/bin/python3", CLIENTS / "save_uno.py", sources, *endings])
    return {
        f"libreoffice.{ending}": {name: (sources / ending / f"{name}.{ending}").read_bytes() for name in books}
        for ending in endings
    }


def by_node(books: Books, folder: Path, clients: tuple[str, ...] = tuple(NODE)) -> dict[str, dict[str, bytes]]:
    """ "sheetjs.xlsb" -> the workbooks as that program saves them, all programs and workbooks in one call."""
    if shutil.which("node") is None or not (CLIENTS / "node_modules").is_dir():
        pytest.fail('node or tests/clients/node_modules is missing: run "make test", which installs both')
    words: list[str | Path] = []
    for name, source in _written(books, folder / "sources").items():
        words += ["--", source]
        for client in clients:
            words += [folder / f"{name}-{client}", NODE[client]]
    run(["node", CLIENTS / "convert.mjs", *words[1:]])
    return {client: {name: (folder / f"{name}-{client}").read_bytes() for name in books} for client in clients}


def _written(books: Books, folder: Path) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, content in books.items():
        assert re.fullmatch(r"[a-z0-9-]+", name)
        paths[name] = folder / f"{name}.xlsx"
        paths[name].write_bytes(content)
    return paths
