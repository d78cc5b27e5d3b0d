"""PDFs by LibreOffice: one bad document costs one document, nothing hangs, and what is replaced is told."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil
import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter

from generator.office.pdf import Converted, allowed, convert, find_office
from generator.office.pdf_pages import PdfFont, asked_fonts, judge_fonts, made_of, read_pages, settled, untouched
from stand_in_program import written_program

DAY = date(2025, 12, 14)
VIETNAMESE = "Độc lập - Tự do - Hạnh phúc: ỷ lại, chuyển biến, xã Trà Nú"


def document(text: str, font: str = "Times New Roman", pages: int = 1) -> bytes:
    """A letter of so many pages, all in one font."""
    made = Document()
    made.styles["Normal"].font.name = font
    fonts = made.styles["Normal"].element.rPr.rFonts
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), font)
    for page in range(pages):
        made.add_paragraph(text).paragraph_format.page_break_before = page > 0
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


@pytest.fixture(scope="module")
def office() -> Path:
    found = find_office()
    assert found is not None, "LibreOffice is missing: see OFFICE_PACKAGES in conftest.py"
    return found


@pytest.fixture(scope="module")
def made(office: Path) -> list[Converted]:
    """A letter of two pages, a file that is no document, a letter in a font that nobody has; in one start."""
    letters = [document(VIETNAMESE, pages=2), b"PK\x03\x04 not a document", document(VIETNAMESE, "Chữ Lạ Sans")]
    told: list[tuple[int, int]] = []
    found = list(convert(letters, office, step=lambda done, total: told.append((done, total))))
    assert told[-1] == (3, 3)
    assert told == sorted(told)
    return found


def test_one_bad_document_costs_one_document(made: list[Converted]) -> None:
    assert [bool(one.content) for one in made] == [True, False, True]
    assert [bool(one.reason) for one in made] == [False, True, False]


def test_pages_are_counted_and_the_words_can_be_searched(made: list[Converted]) -> None:
    pages = read_pages(made[0].content)
    assert pages is not None
    assert pages.number == 2
    assert VIETNAMESE in PdfReader(io.BytesIO(made[0].content)).pages[0].extract_text().replace("\n", " ")


def test_fonts_are_in_the_file_and_one_as_wide_is_no_fault(made: list[Converted]) -> None:
    pages = read_pages(made[0].content)
    assert pages is not None
    assert pages.fonts
    judged = judge_fonts(pages.fonts, {"Times New Roman"})
    assert (judged.replaced, judged.missing) == ((), ())


def test_a_font_that_is_replaced_by_another_one_is_found(made: list[Converted]) -> None:
    asked = asked_fonts(document(VIETNAMESE, "Chữ Lạ Sans"))
    assert "Chữ Lạ Sans" in asked
    pages = read_pages(made[2].content)
    assert pages is not None
    assert judge_fonts(pages.fonts, {"Chữ Lạ Sans"}).replaced


def test_the_same_document_gives_the_same_pdf(office: Path, made: list[Converted]) -> None:
    letter = document(VIETNAMESE, pages=2)
    again = next(iter(convert([letter], office)))
    assert again.content != made[0].content, "LibreOffice writes the time and a random id"
    first, second = (settled(one.content, letter, DAY) for one in (made[0], again))
    assert first == second
    assert len(first) == len(again.content)
    assert PdfReader(io.BytesIO(first)).metadata["/CreationDate"].startswith("D:20251214000000")  # type: ignore[index]


def test_a_pdf_that_somebody_signed_or_changed_is_known(made: list[Converted]) -> None:
    letter = document(VIETNAMESE, pages=2)
    ours = settled(made[0].content, letter, DAY)
    assert untouched(ours)
    assert made_of(ours, letter)
    assert not made_of(ours, document("Khác"))
    stamped = PdfWriter(clone_from=io.BytesIO(ours))
    stamped.add_metadata({"/Stamp": "1"})
    rewritten = io.BytesIO()
    stamped.write(rewritten)
    incremental = ours + b"\n9 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
    for changed in (rewritten.getvalue(), incremental, ours.replace(b"/Producer", b"/Produced", 1), b"%PDF-1.4 %%EOF"):
        assert not untouched(changed)


def test_what_is_no_pdf_has_no_pages() -> None:
    for content in (b"", b"%PDF-1.6\n%%EOF", b"PK\x03\x04", b"%PDF-1.6\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF"):
        assert read_pages(content) is None


@pytest.mark.parametrize(
    ("shown", "asked", "expected"),
    [
        ("TimesNewRomanPSMT", "Times New Roman", ((), ())),
        ("TimesNewRomanPS-BoldItalicMT", "Times New Roman", ((), ())),
        ("Times New Roman,Bold", "Times New Roman", ((), ())),
        ("LiberationSerif-Bold", "Times New Roman", (("LiberationSerif",), ())),
        ("Tinos-Regular", "Times New Roman", (("Tinos",), ())),
        ("DejaVuSerif", "Times New Roman", ((), ("DejaVuSerif",))),
        ("LiberationSans", "Times New Roman", ((), ("LiberationSans",))),
        ("LiberationSans", "Arial", (("LiberationSans",), ())),
        ("Carlito-Italic", "Calibri", (("Carlito",), ())),
    ],
)
def test_a_font_is_judged_by_its_family(shown: str, asked: str, expected: tuple[object, object]) -> None:
    judged = judge_fonts((PdfFont(shown, True),), {asked})
    assert (judged.alike, judged.replaced) == expected
    assert judge_fonts((PdfFont(shown, False),), {asked}).missing == (re.split("[-,]", shown)[0],)


# --- a program that does not do as it should ----------------------------------------------------


@pytest.fixture
def stand_in(tmp_path: Path) -> Callable[[str], Path]:
    """A program in LibreOffice's place: `files` are the documents, `out(name)` writes what it makes of one."""
    head = """import pathlib, subprocess, sys, time
files = [pathlib.Path(one) for one in sys.argv if one.endswith(".docx")]
def out(path, content=None):
    (pathlib.Path("pdf") / (path.stem + ".pdf")).write_bytes(content or b"%PDF-1.6 " + path.read_bytes() + b"%%EOF")
"""

    def made(body: str) -> Path:
        return written_program(tmp_path / "office", head + body)

    return made


def test_a_program_that_hangs_is_ended_with_its_children(stand_in: Callable[[str], Path], tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    child = "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    told = f"print(child.pid, file=open({str(pids)!r}, 'a'), flush=True)\n"
    hangs = stand_in(child + told + "if files[0].read_bytes() == b'a': out(files[0])\nwhile True: time.sleep(1)\n")
    start = time.monotonic()
    found = list(convert([b"a", b"b"], hangs, seconds=1.5))
    assert time.monotonic() - start < 15
    assert [bool(one.content) for one in found] == [True, False]
    assert "quá lâu" in found[1].reason
    children = [int(line) for line in pids.read_text(encoding="utf-8").split()]
    assert len(children) == 2, "the one that was left is tried once more"
    alive = [psutil.Process(pid) for pid in children if psutil.pid_exists(pid)]
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


def test_a_program_that_always_hangs_is_given_up(stand_in: Callable[[str], Path], tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    hangs = stand_in(f"print(len(files), file=open({str(starts)!r}, 'a'), flush=True)\nwhile True: time.sleep(1)\n")
    found = list(convert([b"x"] * 20, hangs, seconds=0.4))
    assert all("quá lâu" in one.reason for one in found)
    assert starts.read_text(encoding="utf-8").split() == ["20", "1", "1", "1"]


def test_the_documents_that_a_crash_left_are_tried_alone(stand_in: Callable[[str], Path]) -> None:
    crashes = "for one in files:\n    if b'bad' in one.read_bytes(): sys.exit('Abgebrochen')\n    out(one)\n"
    found = list(convert([b"1", b"bad", b"3", b"4"], stand_in(crashes)))
    assert [one.content for one in found] == [b"%PDF-1.6 1%%EOF", b"", b"%PDF-1.6 3%%EOF", b"%PDF-1.6 4%%EOF"]
    assert "Abgebrochen" in found[1].reason


@pytest.mark.parametrize("half", [b"%PDF-1.6 cut sho", b"an error page %%EOF", b""])
def test_half_a_pdf_is_none(stand_in: Callable[[str], Path], half: bytes) -> None:
    (found,) = convert([b"x"], stand_in(f"out(files[0], {half!r} or b' ')\n"))
    assert found == Converted(b"", "LibreOffice không tạo ra tệp nào")


def test_so_many_documents_are_given_at_a_time(stand_in: Callable[[str], Path]) -> None:
    counts = stand_in("for one in files: out(one, b'%PDF- ' + str(len(files)).encode() + b' %%EOF')\n")
    found = [one.content for one in convert([b"x"] * 5, counts, batch=2)]
    assert found == [b"%PDF- 2 %%EOF"] * 4 + [b"%PDF- 1 %%EOF"]


def test_nothing_is_started_for_no_document(tmp_path: Path) -> None:
    assert list(convert([], tmp_path / "none")) == []


def test_the_time_grows_with_number_and_size() -> None:
    assert 60 < allowed([b"x"]) < 120
    assert 200 < allowed([b"x" * 15_000] * 100) < 600, "a hundred letters that hang must not cost an hour"
    assert allowed([b"x" * 2_000_000]) > 1000


def test_libreoffice_is_found_on_the_path_and_where_its_installers_put_it(tmp_path: Path) -> None:
    def put(*where: str) -> Path:
        path = tmp_path.joinpath(*where)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        path.chmod(0o755)
        return path

    mac = put("home", "Applications", "LibreOffice.app", "Contents", "MacOS", "soffice")
    assert find_office({"HOME": str(tmp_path / "home")}) == mac
    windows = put("Program Files", "LibreOffice", "program", "soffice.exe")
    assert find_office({"ProgramFiles": str(tmp_path / "Program Files")}) == windows
    console = put("Program Files", "LibreOffice", "program", "soffice.com")
    assert find_office({"ProgramFiles": str(tmp_path / "Program Files")}) == console
    own = put("bin", "soffice.exe" if os.name == "nt" else "soffice")
    assert find_office({"PATH": str(own.parent), "ProgramFiles": str(tmp_path / "Program Files")}) == own
