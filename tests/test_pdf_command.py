"""`--pdf` as people meet it: what is written beside the Word file, what is said, what becomes of what they signed."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from generator.cli import main
from generator.office import pdf
from generator.pipeline.init import init
from stand_in_program import written_program

REPORT = Path("outputs/2025/bao-cao-so-ket-2025.docx")
NAME = "outputs/2025/bao-cao-so-ket-2025"
Office = Callable[[bytes], None]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pdf") / "ws"
    init(root)
    return root


@pytest.fixture
def root(pristine: Path, tmp_path: Path) -> Path:
    """A new workspace: nobody has reported, so the report is short."""
    return Path(shutil.copytree(pristine, tmp_path / "ws"))


def ketnghia(root: Path, *words: object) -> Result:
    return CliRunner().invoke(main, ["-w", str(root), *map(str, words)])


def drawn(*fonts: str, pages: int = 1) -> bytes:
    """A PDF with these fonts, none of them embedded."""
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(595, 842)
        named = {
            NameObject(f"/F{at}"): DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/TrueType"),
                    NameObject("/BaseFont"): NameObject(f"/{font}"),
                }
            )
            for at, font in enumerate(fonts)
        }
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject(named)})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A LibreOffice that makes this PDF of every document; of none when it is empty."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def install(made: bytes) -> None:
        (folder / "made").write_bytes(made)
        written_program(
            folder / "soffice",
            f"import pathlib, sys\nmade = pathlib.Path({str(folder / 'made')!r}).read_bytes()\n"
            "for one in sys.argv:\n    if one.endswith('.docx') and made:\n"
            "        pathlib.Path('pdf', one[:-4] + 'pdf').write_bytes(made)\n",
        )
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return install


def test_a_report_as_pdf_has_the_pages_it_says_and_the_fonts_in_it(root: Path) -> None:
    made = ketnghia(root, "report", "year", 2025, "--pdf")
    assert made.exit_code == 0, made.output
    written = root / f"{NAME}.pdf"
    pages = len(PdfReader(written).pages)
    assert f"Đã ghi {NAME}.docx\n" in made.stdout
    assert f"Đã ghi {NAME}.pdf ({pages} trang)\n" in made.stdout
    assert "pdf.font_replaced" not in made.output
    assert "pdf.font_missing" not in made.output


def test_without_libreoffice_the_word_file_stands_and_the_cure_is_told(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_usual", lambda _: iter(()))
    made = ketnghia(root, "report", "year", 2025, "--pdf")
    assert made.exit_code == 3
    assert "[pdf.no_office]" in made.stderr
    assert "Cài LibreOffice" in made.stderr
    assert f"Đã ghi {NAME}.docx" in made.stdout
    assert (root / REPORT).is_file()
    assert not (root / f"{NAME}.pdf").exists()


def test_a_document_that_cannot_be_converted_is_told_and_leaves_what_was_there(root: Path, office: Office) -> None:
    office(b"")
    made = ketnghia(root, "report", "year", 2025, "--pdf")
    assert made.exit_code == 1
    assert f"{NAME}.docx: Không lập được PDF" in made.stderr
    assert "[pdf.failed]" in made.stderr
    office(b"%PDF-1.6 no pages %%EOF")
    assert "LibreOffice tạo ra tệp hỏng" in ketnghia(root, "report", "year", 2025, "--pdf").stderr
    assert list((root / "outputs/2025").glob("*.pdf")) == []


@pytest.mark.parametrize(
    ("fonts", "told"),
    [
        (("ABCDEF+DejaVuSerif",), ["pdf.font_replaced", "pdf.font_missing"]),
        (("ABCDEF+LiberationSerif-Bold", "ABCDEF+LiberationSerif"), ["pdf.font_missing", "pdf.font_alike"]),
        (("TimesNewRomanPSMT",), ["pdf.font_missing"]),
        ((), []),
    ],
)
def test_what_became_of_the_fonts_is_told(root: Path, office: Office, fonts: tuple[str, ...], told: list[str]) -> None:
    office(drawn(*fonts))
    made = ketnghia(root, "report", "year", 2025, "--pdf")
    assert made.exit_code == 0, "the PDF is there; a font is a warning"
    assert [line.partition("[pdf")[2].rstrip("]") for line in made.stderr.splitlines() if "[pdf" in line] == [
        code.removeprefix("pdf") for code in told
    ]
    for font in fonts:
        assert font.removeprefix("ABCDEF+").partition("-")[0] in made.stderr


def test_a_pdf_that_is_not_ours_is_never_overwritten(root: Path, office: Office) -> None:
    office(drawn())
    target = root / f"{NAME}.pdf"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"%PDF-1.6 a signed scan %%EOF")
    made = ketnghia(root, "report", "year", 2025, "--pdf")
    assert target.read_bytes() == b"%PDF-1.6 a signed scan %%EOF"
    assert f"Đã ghi {NAME}-moi.pdf (1 trang)" in made.stdout
    assert "[report.edited]" in made.stderr


def test_a_pdf_of_an_older_word_file_is_told(root: Path) -> None:
    assert ketnghia(root, "report", "year", 2025, "--pdf").exit_code == 0
    again = ketnghia(root, "report", "year", 2025)
    assert "pdf.older" not in again.output
    plan = root / "templates/reports/so-ket.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("title: ", "title: Mới ", 1), encoding="utf-8")
    changed = ketnghia(root, "report", "year", 2025)
    assert (changed.exit_code, f"{NAME}.pdf: " in changed.stderr, "[pdf.older]" in changed.stderr) == (0, True, True)


def test_letters_have_their_pdfs_beside_them_and_lose_them_with_them(root: Path, office: Office) -> None:
    office(drawn(pages=2))
    made = ketnghia(root, "letters", 2025, "--kind", "don-doc", "--day", "2026-01-05", "--pdf")
    assert made.exit_code == 0, made.output
    folder = root / "outputs/2025/letters/don-doc"
    letters, pdfs = (sorted(path.stem for path in folder.glob(f"*.{kind}")) for kind in ("docx", "pdf"))
    assert letters == pdfs
    assert len(letters) > 10
    assert f"… và {len(letters) - 5} tệp PDF nữa; tất cả {2 * len(letters)} trang." in made.stdout
    ketnghia(root, "letters", 2025, "--kind", "don-doc", "--day", "2026-01-06")
    assert list(folder.glob("*.pdf")) == [], "letters of another day stand there without a PDF of the day before"
    joined = ketnghia(root, "letters", 2025, "--kind", "don-doc", "--day", "2026-01-05", "--one-file", "--pdf")
    assert ".pdf (2 trang)" in joined.stdout
