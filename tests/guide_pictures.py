"""The pictures of docs/huong-dan.md and README, taken from the workspace in which all of the guide has happened.

In:   the guide, LibreOffice, pdftoppm, pdftotext. Out: docs/pictures/*.png and sources.json, which says what each
      was made from, so that a test without LibreOffice can tell a picture that has become stale.
`make pictures` runs it.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import struct
import subprocess
import sys
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from email import policy
from email.parser import BytesParser
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import docx
import numpy as np
import numpy.typing as npt
import openpyxl
from docx.oxml.ns import qn

import guide_year
from docs_pages import DOCS
from generator.office.package import open_package

PICTURES = DOCS / "pictures"
SOURCES = PICTURES / "sources.json"
WIDEST = 1200
PAGE_WIDE = 900
COLOURS = 256
SECONDS = 120
WHITE = 250
MARGIN = 12
"""White left around what is shown, in pixels."""

Pixels = npt.NDArray[np.uint8]
"""Height × width × red, green, blue."""

FOOTLESS = 0.94
"""Where the foot of a page begins, as part of its height."""


class Picture(NamedTuple):
    """One picture: where it comes from, and which part of the page it shows."""

    source: Callable[[Path], bytes]
    """The document, from the folder of the workspace."""
    sheet: str
    """The sheet of the workbook; "" for a text."""
    words: str
    """Words that only the page in question has."""
    bottom: float = FOOTLESS
    """How much of the page is shown, as part of its height; white around it is cut off."""
    until: str = ""
    """For a report: how the first paragraph begins that is no longer on the page."""

    @property
    def suffix(self) -> str:
        """What the document is."""
        return "docx" if self.until else "xlsx" if self.sheet else "html"

    @property
    def wide(self) -> int:
        """Pixels of the picture; an upright page needs fewer."""
        return PAGE_WIDE if self.until else WIDEST


def _file(name: str) -> Callable[[Path], bytes]:
    """A file of the outputs as it was when the guide told of it."""
    return lambda folder: (folder.parent / guide_year.PICTURED / name).read_bytes()


def _first_return(folder: Path) -> bytes:
    return guide_year.first_workbook(folder)


def _marked(folder: Path) -> bytes:
    return guide_year.marked_workbook(folder.parent / guide_year.PICTURED / guide_year.REPLY)


def _decisions(folder: Path) -> bytes:
    return (folder / f"inputs/{guide_year.YEAR}/quyet-dinh.xlsx").read_bytes()


TAKEN: Mapping[str, Picture] = {
    "bieu-hoat-dong.png": Picture(_first_return, "Hoạt động hỗ trợ", "HOẠT ĐỘNG HỖ TRỢ", 0.52),
    "thu-phan-hoi.png": Picture(_file(guide_year.REPLY), "", "KẾT QUẢ"),
    "trang-can-sua.png": Picture(_marked, "Cần sửa", "Bấm vào chữ xanh"),
    "o-can-sua.png": Picture(_marked, "Hoạt động hỗ trợ", "HOẠT ĐỘNG HỖ TRỢ", 0.6),
    "so-quyet-dinh.png": Picture(_decisions, "Quyết định", "Phó Giám đốc", 0.55),
    "tinh-hinh-don-vi.png": Picture(_file("tinh-hinh-bao-cao.xlsx"), "Theo đơn vị", "CỦA TỪNG ĐƠN VỊ"),
    "tinh-hinh-theo-ngay.png": Picture(_file("tinh-hinh-bao-cao.xlsx"), "Theo ngày", "SỐ LƯỢT GỬI THEO NGÀY"),
    "bao-cao-so-ket.png": Picture(_file("bao-cao-so-ket-2025.docx"), "", "Kính gửi", 1, until="I. CÔNG TÁC"),
    "bao-cao-tong-ket.png": Picture(_file("bao-cao-tong-ket-2021-2025.docx"), "", "Bảng 4.", 1, until="IV. ĐÁNH"),
    "doi-chieu.png": Picture(_file("doi-chieu.xlsx"), "Khác nhau", "HAI BÊN GHI KHÁC NHAU"),
}
"""Every picture that the guide shows, by its name in docs/pictures/; README shows some of them."""


# --- what a picture is made from --------------------------------------------------------------------


def told(picture: Picture, folder: Path) -> str:
    """Hash of what the picture shows: the cells of its sheet, the text of its mail or of its part of the report."""
    content = picture.source(folder)
    if picture.until:
        return hashlib.sha256(repr(_part(content, picture.words, picture.until)).encode()).hexdigest()
    if not picture.sheet:
        return hashlib.sha256(_letter(content).encode()).hexdigest()
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    cells = (cell for row in workbook[picture.sheet].iter_rows() for cell in row if cell.value is not None)
    said = [(cell.coordinate, str(cell.value)) for cell in cells]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _part(content: bytes, first: str, after: str) -> list[str]:
    """The report's paragraphs and rows of tables from the one with the words to the one that begins otherwise."""
    blocks = docx.Document(io.BytesIO(content)).element.body.iter(qn("w:p"))
    said = [unicodedata.normalize("NFC", "".join(one.itertext(qn("w:t")))) for one in blocks]
    begin = next(number for number, text in enumerate(said) if first in text)
    end = next(number for number, text in enumerate(said) if text.startswith(after))
    return said[begin:end]


def _letter(content: bytes) -> str:
    """The mail as it opens: its head, its text, the name of what is attached."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    body = message.get_body(("plain",))
    assert body is not None
    named = (("Từ", "From"), ("Đến", "To"), ("Tiêu đề", "Subject"))
    head = [f"{label}: {' '.join(str(message[name]).split())}" for label, name in named]
    attached = "; ".join(str(one.get_filename()) for one in message.iter_attachments())
    return "\n".join([*head, f"Kèm theo: {attached}", "", *body.get_content().splitlines()])


def _page_of(letter: str) -> bytes:
    """The letter as a page that a word processor opens."""
    lines = "".join(f"<p>{html.escape(line) or '&nbsp;'}</p>" for line in letter.splitlines())
    style = "p {font-family: 'Liberation Sans'; font-size: 11pt; margin: 0 0 2pt 0}"
    head = f"<head><meta charset='utf-8'><title>.</title><style>{style}</style></head>"
    return f"<!DOCTYPE html><html>{head}<body>{lines}</body></html>".encode()


def _with_notes_shown(content: bytes) -> bytes:
    """The workbook with every note open, as when the mouse rests on its cell."""
    package, _ = open_package(content, "x.xlsx")
    assert package is not None
    drawn = [name for name in package.names() if name.endswith(".vml")]
    shown = {name: package.read(name).replace(b"visibility:hidden", b"visibility:visible") for name in drawn}
    return package.replace(shown)


# --- from a document to a picture -------------------------------------------------------------------


def take(picture: Picture, folder: Path, scratch: Path) -> bytes:
    """The PNG."""
    content = picture.source(folder)
    path = scratch / f"document.{picture.suffix}"
    shown_as = {"xlsx": _with_notes_shown, "html": lambda mail: _page_of(_letter(mail)), "docx": bytes}
    path.write_bytes(shown_as[picture.suffix](content))
    kind = "pdf:writer_web_pdf_Export" if picture.suffix == "html" else "pdf"
    profile = f"-env:UserInstallation={_profile(scratch / 'profile').as_uri()}"
    _run("soffice", "--headless", profile, "--convert-to", kind, "--outdir", scratch, path)
    pdf = path.with_suffix(".pdf")
    number = _page_with(pdf, picture.words)
    wide = picture.wide
    for _ in range(2):
        # again with the page as wide as makes what is left of it as wide as wanted
        page = ("-f", str(number), "-l", str(number), "-scale-to-x", str(wide), "-scale-to-y", "-1")
        shown = _cut(_pixels(_run("pdftoppm", *page, pdf)), picture.bottom)
        wide = wide * picture.wide // shown.shape[1]
    return png(shown[:, : picture.wide])


def _profile(folder: Path) -> Path:
    """A profile of LibreOffice in which numbers look as they do in Vietnam."""
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(_LOCALE, encoding="utf-8")
    return folder


_LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi-VN</value></prop>
</item>
</oor:items>
"""


def _run(*command: str | Path) -> bytes:
    return subprocess.run([str(one) for one in command], check=True, capture_output=True, timeout=SECONDS).stdout


def _page_with(pdf: Path, words: str) -> int:
    pages = _run("pdftotext", "-layout", pdf, "-").decode("utf-8").split("\f")
    for number, text in enumerate(pages, start=1):
        if words in unicodedata.normalize("NFC", text):
            return number
    raise LookupError(f"no page says: {words}")


def _pixels(raw: bytes) -> Pixels:
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", raw)
    assert head is not None, raw[:40]
    return np.frombuffer(raw, np.uint8, offset=head.end()).reshape(int(head[2]), int(head[1]), 3)


def _cut(page: Pixels, bottom: float) -> Pixels:
    """What is not white on the page down to there, with a little white around it."""
    page = page[: round(len(page) * bottom)]
    inked = page.min(axis=2) < WHITE
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    top, left = max(rows[0] - MARGIN, 0), max(columns[0] - MARGIN, 0)
    return page[top : rows[-1] + MARGIN, left : columns[-1] + MARGIN]


def png(pixels: Pixels) -> bytes:
    """The picture with at most 256 colours: the most frequent ones, any other becomes the nearest of them."""
    high, wide, _ = pixels.shape
    # four bits less of noise at the edges of letters make the file half as large
    even = (np.round(pixels / 17) * 17).astype(np.uint8)
    colours, places, counts = np.unique(even.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:COLOURS]
    palette = colours[kept]
    apart = ((colours[:, None].astype(int) - palette[None].astype(int)) ** 2).sum(axis=2)
    indexed = apart.argmin(axis=1).astype(np.uint8)[places.reshape(high, wide)]
    lines = np.hstack([np.zeros((high, 1), np.uint8), indexed])
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def main() -> None:
    """Writes all pictures and what they were made from."""
    wanted = set(sys.argv[1:]) or set(TAKEN)
    known = json.loads(SOURCES.read_text(encoding="utf-8")) if SOURCES.is_file() else {}
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for _ in islice(guide_year.play(root), None):
            pass
        folder = root / guide_year.FOLDER
        for name in sorted(wanted):
            with tempfile.TemporaryDirectory(dir=root) as own:
                (PICTURES / name).write_bytes(take(TAKEN[name], folder, Path(own)))
            known[name] = told(TAKEN[name], folder)
            print(f"docs/pictures/{name}: {(PICTURES / name).stat().st_size // 1000} kB")
    SOURCES.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
