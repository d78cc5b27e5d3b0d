"""Recipes: how a returned file of the gallery comes to be, step by step, from the real blank.

In:   the blank's bytes, the steps of inputs/recipe.yaml. Out: the bytes that arrive. Steps up to `save_as` work on the
      workbook, later ones on the file: zipped, mailed, cut, renamed. Nothing of the program that is put to the test.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl

from gallery_workbook import MAIN, Book

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ASCII = 127
ZEROS = b"\0" * (1 << 20)
LETTER = "Kính gửi cơ quan thường trực, xin gửi biểu báo cáo (minh họa)."

Steps = Sequence[Mapping[str, Any]]
Bytes = Callable[[bytes, Any, Path], bytes]


def named(step: Mapping[str, Any]) -> tuple[str, Any]:
    """A step's only key and what stands under it."""
    ((name, said),) = step.items()
    return name, said


def spoiled(content: bytes, steps: Steps, folder: Path) -> bytes:
    """The file after its steps; `folder` is the inputs/ of the case, where stored files lie."""
    book: Book | None = None
    for name, said in map(named, steps):
        if name in ON_FILES:
            content = book.save() if book else content
            book = None
            content = ON_FILES[name](content, said, folder)
        else:
            book = book or Book(content)
            ON_BOOKS[name](book, said)
    return book.save() if book else content


# --- in the workbook ----------------------------------------------------------------------------


def _identity(book: Book, said: Mapping[str, str | None]) -> None:
    """The hidden sheet _KN rewritten: form, version, partner, year; None empties the cell."""
    rows = {"form": 1, "version": 2, "partner": 3, "year": 4}
    book.type({f"_KN!B{rows[name]}": value for name, value in said.items()})


def _replace(book: Book, said: Mapping[str, str]) -> None:
    """A text of a part replaced, once."""
    book.settle()
    part = book.part_of(said["sheet"]) if "sheet" in said else said["part"]
    before, old = book.members[part], said["old"].encode()
    assert old in before, said
    book.members[part] = before.replace(old, said["new"].encode(), 1)


def _replace_all(book: Book, said: Mapping[str, str]) -> None:
    """A text replaced wherever it stands in the file."""
    book.settle()
    for part, content in book.members.items():
        told = content.decode("utf-8", "surrogateescape")
        # the blank writes some letters as numbered entities
        entities = "".join(f"&#{ord(letter)};" if ord(letter) > ASCII else letter for letter in said["old"])
        told = told.replace(said["old"], said["new"]).replace(entities, said["new"])
        book.members[part] = told.encode("utf-8", "surrogateescape")


def _drop(book: Book, part: str) -> None:
    book.settle()
    del book.members[part]


def _member(book: Book, said: Mapping[str, Any]) -> None:
    book.members[said["name"]] = ZEROS * said["megabytes"] if "megabytes" in said else said["text"].encode()


def _many_sheets(book: Book, count: int) -> None:
    empty = f'<worksheet xmlns="{MAIN[1:-1]}"><sheetData/></worksheet>'.encode()
    for number in range(count):
        book.add(f"Trang {number}", empty)


def _many_rows(book: Book, said: Mapping[str, Any]) -> None:
    """Empty rows with a format, as dragging a border down to the end makes them."""
    book.settle()
    part = book.part_of(said["sheet"])
    rows = "".join(f'<row r="{at}"><c r="C{at}" s="1"/></row>' for at in range(said["from"], said["to"]))
    book.members[part] = book.members[part].replace(b"</sheetData>", rows.encode() + b"</sheetData>")


def _notes(book: Book, said: Mapping[str, Any]) -> None:
    """A column of private notes."""
    title, column = said["sheet"], said["column"]
    book.type({f"{title}!{column}{row}": f"ghi chép {row}" for row in range(said["from"], said["to"])})


ON_BOOKS: Mapping[str, Callable[[Book, Any], None]] = {
    "type": Book.type,
    "rename": Book.rename,
    "remove": Book.remove,
    "move": lambda book, said: book.move(**said),
    "hide": Book.hide,
    "copy": lambda book, said: book.copy(**said),
    "insert_rows": lambda book, said: book.insert_rows(**said),
    "delete_rows": lambda book, said: book.delete_rows(**said),
    "insert_columns": lambda book, said: book.insert_columns(**said),
    "delete_columns": lambda book, said: book.delete_columns(**said),
    "swap_columns": lambda book, said: book.swap_columns(**said),
    "hide_row": lambda book, said: book.hide_row(**said),
    "merge": lambda book, said: book.merge(**said),
    "identity": _identity,
    "replace": _replace,
    "replace_all": _replace_all,
    "drop_part": _drop,
    "member": _member,
    "many_sheets": _many_sheets,
    "many_rows": _many_rows,
    "notes": _notes,
}
"""Steps on an opened workbook, by name."""


# --- on the file --------------------------------------------------------------------------------


def _values_only(content: bytes, said: Any, _: Path) -> bytes:
    """The visible sheets copied into a new workbook by "paste values": no hidden sheet, no name, no format.

    `said` names what does not come along: "marks" are the hidden column A and the hidden rows 1 and 8.
    """
    source, target = openpyxl.load_workbook(io.BytesIO(content), data_only=True), openpyxl.Workbook()
    target.remove(target.worksheets[0])
    for sheet in source.worksheets:
        if sheet.sheet_state == "visible":
            copy = target.create_sheet(sheet.title)
            for row in sheet.iter_rows():
                for cell in row:
                    hidden = cell.column == 1 or cell.row in (1, 8)
                    if cell.value is not None and not (hidden and said == "without marks"):
                        copy.cell(cell.row, cell.column, cell.value).number_format = cell.number_format
    written = io.BytesIO()
    target.save(written)
    return written.getvalue()


def _workbook(_: bytes, said: Mapping[str, Mapping[str, Any]], __: Path) -> bytes:
    """Quite another workbook: by sheet, cells and values."""
    target = openpyxl.Workbook()
    target.remove(target.worksheets[0])
    for title, cells in said.items():
        sheet = target.create_sheet(title)
        for address, value in cells.items():
            sheet[address] = value
    written = io.BytesIO()
    target.save(written)
    return written.getvalue()


def _cut(content: bytes, part: float, _: Path) -> bytes:
    return content[: int(len(content) * part)]


def _flip(content: bytes, said: Sequence[float], _: Path) -> bytes:
    """A bit turned at each of these places (0 to 1)."""
    broken = bytearray(content)
    for at in said:
        broken[int(at * (len(broken) - 1))] ^= 0x10
    return bytes(broken)


def _zip(content: bytes, said: Mapping[str, Any], folder: Path) -> bytes:
    """A zip that holds the file under `name` and whatever else is listed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        if said.get("name"):
            package.writestr(zipfile.ZipInfo(said["name"]), content)
        for name in said.get("folders", ()):
            package.writestr(zipfile.ZipInfo(name), b"")
        for name, text in said.get("also", {}).items():
            package.writestr(zipfile.ZipInfo(name), text.encode())
        for number in range(said.get("copies", 0)):
            package.writestr(zipfile.ZipInfo(f"tep-{number:03}.pdf"), f"%PDF-1.4 {number}")
        if "megabytes" in said:
            package.writestr(zipfile.ZipInfo("lon.xlsx"), ZEROS * said["megabytes"], zipfile.ZIP_DEFLATED, 9)
    return written.getvalue()


def _lock_zip(content: bytes, _: Any, __: Path) -> bytes:
    """The zip marked as having a password: the flag of each entry, in both places where it stands."""
    locked = bytearray(content)
    # the zip holds one workbook, packed so that no mark of its own shows
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.rindex(mark) + offset] |= 1
    return bytes(locked)


def _nested(content: bytes, depth: int, folder: Path) -> bytes:
    """A zip in a zip in a zip."""
    for level in range(depth):
        content = _zip(content, {"name": "bao-cao.xlsx" if not level else f"lop-{level}.zip"}, folder)
    return content


def _mail(content: bytes, said: Mapping[str, Any], _: Path) -> bytes:
    """A saved mail with the file attached under `name`; without a name nothing is attached."""
    message = EmailMessage()
    message["From"] = said["from"]
    message["To"] = "ketnghia@minhhoa.example"
    message["Subject"] = said.get("subject", "Báo cáo kết nghĩa năm 2025")
    message["Message-ID"] = said["id"]
    message["Date"] = said.get("date", "Wed, 10 Dec 2025 08:00:00 +0700")
    message.set_content(said.get("text", LETTER))
    if said.get("name"):
        message.add_attachment(content, *XLSX, filename=said["name"])
    for name, text in said.get("also", {}).items():
        message.add_attachment(text.encode(), "application", "pdf", filename=name)
    message.set_boundary(f"ranh-gioi-{said['id'].strip('<>').partition('@')[0]}") if message.is_multipart() else None
    return bytes(message)


ON_FILES: Mapping[str, Bytes] = {
    "values_only": _values_only,
    "workbook": _workbook,
    "cut": _cut,
    "flip": _flip,
    "zip": _zip,
    "nested_zips": _nested,
    "lock_zip": _lock_zip,
    "mail": _mail,
    "text": lambda _, said, __: str(said).encode(),
    "zeros": lambda _, megabytes, __: ZEROS * int(megabytes),
    "stored": lambda _, name, folder: (folder / str(name)).read_bytes(),
}
"""Steps on the file as a whole, by name."""
