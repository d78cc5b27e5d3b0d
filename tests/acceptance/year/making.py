"""How each file was made: typed into the blank, then saved by LibreOffice, odfpy, SheetJS or openpyxl.

In:   what was sent, the folders of blanks, a folder to work in. Out: the bytes of every delivery.
Imports the modules beside it, odfpy and other programs; nothing of the project.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from odf import teletype
from odf.opendocument import load
from odf.table import TableCell
from odf.text import P

from year.paper import GENERAL, Seen, fill_openpyxl, fill_raw
from year.sent import Sent

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
SECONDS = 240
OFFICE: Mapping[str, tuple[str, str]] = {
    "lo-xlsx": ("xlsx", "xlsx:Calc MS Excel 2007 XML"),
    "lo-ods": ("ods", "ods"),
    "lo-xls": ("xls", "xls:MS Excel 97"),
}
SHEETJS: Mapping[str, tuple[str, str]] = {"js-xlsb": ("xlsb", "xlsb"), "js-xls": ("xls", "biff8")}
PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
BEFORE_ODFPY, TELEPHONE = "0999 999 999", "0905 123 456"
ASKED = (GENERAL, "Điện thoại")


SAVED_FIRST_BY: Mapping[str, str] = {**{program: program for program in (*OFFICE, *SHEETJS)}, "odfpy": "lo-ods"}
"""Which converter a file goes through; odfpy edits what LibreOffice saved."""


def ending(program: str) -> str:
    """How a name ends that this program gives."""
    plain = (program if program == "xlsm" else "xlsx",)
    return {**OFFICE, **SHEETJS}.get(SAVED_FIRST_BY.get(program, ""), plain)[0]


def make(sent: Sequence[Sent], looks: Mapping[str, Seen], blanks: Mapping[str, Path], folder: Path) -> None:
    """Gives every delivery its bytes."""
    for number, one in enumerate(sent):
        if one.paper is not None:
            one.content = _typed(one, looks[one.form], blanks[one.blank])
        if one.program == "torn":
            whole = sent[0].content
            one.content = whole[: len(whole) // 2]
        if one.program in SAVED_FIRST_BY:
            target = folder / SAVED_FIRST_BY[one.program] / f"{number}.xlsx"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(one.content)
    with ThreadPoolExecutor(2) as several:  # other programs work while this one waits
        saved = [several.submit(_by_office, folder / program, *how) for program, how in OFFICE.items()]
        for program, how in SHEETJS.items():
            saved += [several.submit(_by_sheetjs, path, *how) for path in sorted((folder / program).glob("*.xlsx"))]
        locked = [one for one in sent if one.program.startswith("locked-")]
        saved.append(several.submit(_locked, locked, sent[0].content, folder))
        for one_of_them in saved:
            one_of_them.result()
    for number, one in enumerate(sent):
        if one.program in SAVED_FIRST_BY:
            saved_in = folder / f"{SAVED_FIRST_BY[one.program]}-saved"
            one.content = (saved_in / f"{number}.{ending(one.program)}").read_bytes()
        if one.program == "odfpy":
            one.content = _by_odfpy(one.content)
        elif one.program == "xlsm":
            one.content = _with_macros(one.content)


def _typed(one: Sent, look: Seen, blanks: Path) -> bytes:
    paper = one.paper
    assert paper is not None
    year = 2024 if one.blank == "2024" else 2025
    blank = (blanks / f"{one.partner}-{one.form}-{year}.xlsx").read_bytes()
    typed = paper.typed(look)
    if one.program == "odfpy":
        typed[GENERAL, look.cell(*ASKED)] = BEFORE_ODFPY
    return fill_openpyxl(blank, typed, paper) if one.program == "openpyxl" else fill_raw(blank, typed)


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command[:4]}: {done.stdout!r} {done.stderr!r}"


def _by_office(folder: Path, suffix: str, how: str) -> None:
    """All files of one kind at once: starting LibreOffice takes longer than a conversion."""
    files = sorted(folder.glob("*.xlsx"))
    if not files:
        return
    target = folder.with_name(f"{folder.name}-saved")
    profile = f"-env:UserInstallation={(folder.parent / f'profile of {folder.name}').as_uri()}"
    _run(_program("soffice"), "--headless", "--norestore", profile, "--convert-to", how, "--outdir", target, *files)
    assert {one.stem for one in target.glob(f"*.{suffix}")} == {one.stem for one in files}


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is missing"
    return found


def _by_sheetjs(path: Path, suffix: str, kind: str) -> None:
    target = path.parent.with_name(f"{path.parent.name}-saved") / f"{path.stem}.{suffix}"
    target.parent.mkdir(exist_ok=True)
    _run(_program("node"), CLIENTS / "convert.mjs", path, target, kind)


def _by_odfpy(content: bytes) -> bytes:
    """The telephone corrected in place in an .ods."""
    document = load(io.BytesIO(content))
    cells = [
        one for one in document.spreadsheet.getElementsByType(TableCell) if teletype.extractText(one) == BEFORE_ODFPY
    ]
    assert len(cells) == 1
    for child in list(cells[0].childNodes):
        cells[0].removeChild(child)
    cells[0].addElement(P(text=TELEPHONE))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _with_macros(content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = old.read(name)
            new.writestr(name, member.replace(PLAIN, WITH_MACROS) if name == "[Content_Types].xml" else member)
    return written.getvalue()


def _locked(sent: Sequence[Sent], content: bytes, folder: Path) -> None:
    """The same workbook with a password, saved by LibreOffice."""
    source = folder / "locked" / "open.xlsx"
    source.parent.mkdir()
    source.write_bytes(content)
    targets = [source.with_name(f"locked.{one.program.removeprefix('locked-')}") for one in sent]
    _run("/usr/bin/python3", CLIENTS / "lock_uno.py", source, "bí mật", *targets)
    for one, target in zip(sent, targets, strict=True):
        one.content = target.read_bytes()
