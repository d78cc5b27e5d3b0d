"""`check` as a clerk needs it: planted faults in copies of our templates, each with its place, sentence and cure."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn

from generator.cli import main
from generator.definitions.load import load_forms
from generator.issues import Issue, Place, Severity
from generator.pipeline.check import Checked, check
from generator.pipeline.check_comments import AUTHOR, write_comments
from generator.pipeline.check_reports import check_reports, load_report
from generator.pipeline.init import init, shipped_templates
from generator.pipeline.letters_check import check_letters
from planted_faults import READABLE, REFUSED, Case
from planting import BELOW, macro_part

TEMPLATES = {"tong-ket": READABLE, "so-ket": REFUSED}
CASES = [(template, name) for template, cases in TEMPLATES.items() for name in cases]
COPIES = "outputs/mau-co-nhan-xet"


class Told:
    """A workspace with planted faults, and what `check` says of each template."""

    def __init__(self, root: Path, checked: Checked, spots: dict[str, str]) -> None:
        self.root, self.checked, self.spots, self.messages = root, checked, spots, checked.messages
        issues = checked.issues
        self.by_file = {
            name: [one for one in issues if one.place.file == f"templates/reports/{name}.docx"] for name in TEMPLATES
        }
        self.elsewhere = [one for one in issues if not one.place.file.endswith(".docx")]
        self.forms, _ = load_forms(root / "templates" / "forms")


def planted(path: Path, cases: dict[str, Case]) -> dict[str, str]:
    """Plants all cases in a file; the spot of each."""
    document = docx.Document(str(path))
    spots: dict[str, Any] = {name: case.plant(document) for name, case in cases.items()}
    document.save(str(path))
    return {name: spot() if callable(spot) else spot for name, spot in spots.items()}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    root = tmp_path_factory.mktemp("soat-mau") / "w"
    init(root)
    spots: dict[str, str] = {}
    for template, cases in TEMPLATES.items():
        spots |= planted(root / "templates" / "reports" / f"{template}.docx", cases)
    return Told(root, check(root), spots)


def matching(told: Told, template: str, name: str) -> list[Issue]:
    """What is told with the code of a case at its spot; of paragraphs also the heading that they stand under."""
    case, spot = TEMPLATES[template][name], told.spots[name]
    found = [one for one in told.by_file[template] if one.code == case.code]
    if spot.startswith("đoạn"):
        return [one for one in found if one.place.spot == f"{spot} (dưới “{BELOW}”)"]
    return [one for one in found if one.place.spot.partition(" (dưới")[0] == spot]


@pytest.mark.parametrize(("template", "name"), CASES)
def test_a_planted_fault_is_told_with_its_place_and_its_cure(told: Told, template: str, name: str) -> None:
    case = TEMPLATES[template][name]
    found = [
        one
        for one in matching(told, template, name)
        if case.also in told.messages.sentence(one) and case.cure in told.messages.cure(one)
    ]
    assert [one.severity.value for one in found] == [case.severity], [
        told.messages.render(one) for one in told.by_file[template]
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_fault_is_told_once_and_nothing_else_is(told: Told, template: str) -> None:
    expected = sorted((case.code, told.spots[name]) for name, case in TEMPLATES[template].items())
    found = sorted((one.code, one.place.spot.partition(" (dưới")[0]) for one in told.by_file[template])
    assert found == expected
    assert told.elsewhere == []


# --- files that are no templates --------------------------------------------------------------------

MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LETTER = shipped_templates() / "letters" / "don-doc.docx"


def with_main_type(kind: bytes) -> bytes:
    """The letter declared as another kind of Word file, as it is inside a .docm or .dotx."""
    changed = io.BytesIO()
    with zipfile.ZipFile(LETTER) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(MAIN_TYPE, kind))
    return changed.getvalue()


def with_macros() -> bytes:
    document = docx.Document(str(LETTER))
    macro_part(document)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def packed(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return made.getvalue()


OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
WORD_2003 = OLE2 + "WordDocument".encode("utf-16-le") + bytes(2000)
LOCKED = OLE2 + "EncryptedPackage".encode("utf-16-le") + bytes(2000)
FOREIGN = {
    "an old .doc": (WORD_2003, "tệp Word đời cũ (.doc)", "Đổi đuôi tệp lại thành .doc."),
    "a password": (LOCKED, "có mật khẩu mở", "xóa mật khẩu"),
    "a .docm": (with_main_type(b"application/vnd.ms-word.document.macroEnabled.main+xml"), "có macro (.docm)", ".docm"),
    "a .docx with macros": (with_macros(), "có macro", "Đổi đuôi tệp lại thành .docm."),
    "a .dotx": (with_main_type(MAIN_TYPE.replace(b"document.main", b"template.main")), "(.dotx)", ".dotx"),
    "an OpenDocument": (packed(mimetype=b"application/vnd.oasis.opendocument.text"), "(.odt)", ".odt"),
    "a workbook": (packed(**{"[Content_Types].xml": b"<Types><!-- spreadsheetml --></Types>"}), "bảng tính", ".xlsx"),
    "a page of the web": (b"<html><body>{{ nam }}</body></html>", "trang web", "Save As"),
    "RTF": (rb"{\rtf1\ansi {{ nam }}}", "tệp RTF", ".rtf"),
    "a PDF": (b"%PDF-1.7 ...", "tệp PDF", "Save As"),
    "text": ("Kính gửi {{ kinh_gui }}".encode(), "không rõ loại", "Save As"),
    "nothing": (b"", "tệp rỗng", "Save As"),
}


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LETTER.parent, tmp_path / "templates" / "letters"))


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_only_has_the_ending_is_called_by_its_name(told: Told, letters: Path, name: str) -> None:
    content, kind, cure = FOREIGN[name]
    (letters / "don-doc.docx").write_bytes(content)
    (found,) = check_letters(letters)
    assert (found.code, found.place) == ("template.not_docx", Place("templates/letters/don-doc.docx"))
    assert kind in told.messages.sentence(found)
    assert cure in told.messages.cure(found)


# --- what is sound ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reports/tong-ket", "letters/ra-soat"])
def test_a_template_saved_by_libreoffice_raises_no_alarm(
    told: Told, tmp_path: Path, soffice: Callable[..., Path], name: str
) -> None:
    kind, stem = name.split("/")
    folder = tmp_path / "templates" / kind
    folder.mkdir(parents=True)
    shutil.copy(shipped_templates() / kind / f"{stem}.yaml", folder)
    saved = soffice(shipped_templates() / kind / f"{stem}.docx", "docx:MS Word 2007 XML", folder)
    assert b"LibreOffice" in zipfile.ZipFile(saved).read("docProps/app.xml")
    found = check_reports(folder, told.forms) if kind == "reports" else check_letters(folder)
    assert [(one.code, str(one.place), dict(one.params)) for one in found] == []


def test_faults_are_told_all_the_same_once_libreoffice_has_saved_the_template(
    told: Told, tmp_path: Path, soffice: Callable[..., Path]
) -> None:
    folder = tmp_path / "templates" / "reports"
    folder.mkdir(parents=True)
    shutil.copy(shipped_templates() / "reports" / "so-ket.yaml", folder)
    soffice(told.root / "templates" / "reports" / "so-ket.docx", "docx:MS Word 2007 XML", folder)

    def quoted(issues: list[Issue]) -> list[tuple[str, str, str]]:
        return sorted((one.code, one.params.get("tag", ""), told.messages.cure(one)) for one in issues)

    assert quoted(check_reports(folder, told.forms)) == quoted(told.by_file["so-ket"])


# --- copies with comments ---------------------------------------------------------------------------

VALIDATOR = Path(__file__).parent / "clients" / "node_modules" / ".bin" / "ooxml-validator"


@pytest.fixture(scope="module")
def commented(told: Told) -> tuple[str, dict[str, Path]]:
    """What `check --comments` printed, and the copies it wrote."""
    ran = CliRunner().invoke(main, ["-w", str(told.root), "check", "--comments"])
    assert ran.exit_code == 1
    kept = Path(shutil.move(told.root / COPIES, told.root / "kept"))
    return ran.output, {path.stem: path for path in kept.iterdir()}


def test_only_faulty_templates_are_copied_and_the_line_says_where(commented: tuple[str, dict[str, Path]]) -> None:
    output, copies = commented
    assert sorted(copies) == ["so-ket-nhan-xet", "tong-ket-nhan-xet"]
    for stem in copies:
        assert f"Bản có nhận xét: {COPIES}/{stem}.docx" in output


def test_a_template_with_nothing_but_notes_gets_no_copy(told: Told) -> None:
    notes = tuple(one for one in told.checked.issues if one.severity is Severity.NOTE)
    assert notes
    assert write_comments(told.checked._replace(issues=notes)) == []


def remarked(path: Path) -> dict[str, str]:
    """By text of a comment the paragraph it stands at."""
    document = docx.Document(str(path))
    texts = {str(one.comment_id): one.text for one in document.comments if one.author == AUTHOR}
    found: dict[str, str] = {}
    for mark in document.element.body.iter(qn("w:commentRangeStart")):
        if mark.get(qn("w:id")) in texts:
            found[texts[mark.get(qn("w:id"))]] = "".join(one.text or "" for one in mark.getparent().iter(qn("w:t")))
    return found


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_fault_has_its_comment_at_the_paragraph_that_it_quotes(
    told: Told, commented: tuple[str, dict[str, Path]], template: str
) -> None:
    remarks = remarked(commented[1][f"{template}-nhan-xet"])
    assert len(remarks) == len(told.by_file[template])
    for one in told.by_file[template]:
        (text,) = [text for text in remarks if one.place.spot in text and told.messages.sentence(one) in text]
        assert told.messages.cure(one) in text
        quoted = one.params.get("text", "")
        if one.place.spot.startswith("đoạn") and quoted and "hộp văn bản" not in one.place.spot:
            assert " ".join(unicodedata.normalize("NFC", remarks[text]).split())[:20] == quoted[:20]


def test_what_stands_in_a_text_box_or_footer_is_told_at_a_paragraph_of_the_body(
    commented: tuple[str, dict[str, Path]],
) -> None:
    remarks = remarked(commented[1]["tong-ket-nhan-xet"])
    (box,) = [where for text, where in remarks.items() if "hộp văn bản" in text]
    assert box.startswith("Hình:")
    assert any("Chân trang 1" in text for text in remarks)
    read = docx.Document(str(commented[1]["tong-ket-nhan-xet"]))
    assert not read.element.body.xpath(".//w:txbxContent//w:commentRangeStart")


def test_the_templates_themselves_are_left_as_they_were_and_a_copy_worked_in_is_kept(told: Told) -> None:
    templates = {path: path.read_bytes() for path in (told.root / "templates").rglob("*.docx")}
    copies = [told.root / COPIES / f"{stem}-nhan-xet.docx" for stem in ("so-ket", "tong-ket")]
    assert sorted(write_comments(told.checked)) == copies
    assert sorted(write_comments(told.checked)) == copies, "the same faults give the same bytes"
    copies[0].write_bytes(b"sua do")
    assert sorted(write_comments(told.checked)) == [copies[0].with_stem("so-ket-nhan-xet-2"), copies[1]]
    assert copies[0].read_bytes() == b"sua do"
    assert templates == {path: path.read_bytes() for path in templates}


def test_the_open_xml_sdk_finds_nothing_new_in_a_copy(told: Told, commented: tuple[str, dict[str, Path]]) -> None:
    counts = []
    for path in (told.root / "templates" / "reports" / "so-ket.docx", commented[1]["so-ket-nhan-xet"]):
        judged = subprocess.run([VALIDATOR, path], capture_output=True, text=True, timeout=120, check=False)
        counts.append(sorted(one["description"] for one in json.loads(judged.stdout)["errors"]))
    assert counts[0] == counts[1]


# --- what makes documents ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stops"), [("Đạt { { tong_gia_tri } }.", True), ("Đạt 12 {{ tong_gia_tri }}.", False)]
)
def test_only_errors_stop_a_report_and_what_concerns_authors_alone_is_left_to_check(
    told: Told, tmp_path: Path, text: str, stops: bool
) -> None:
    folder = Path(shutil.copytree(shipped_templates() / "reports", tmp_path / "templates" / "reports"))
    template = docx.Document(str(folder / "so-ket.docx"))
    template.add_paragraph(text)
    template.save(str(folder / "so-ket.docx"))
    definition, found = load_report(folder / "so-ket.yaml", told.forms)
    assert (definition is None, [one.code for one in found]) == (stops, ["template.near_tag"] if stops else [])


def test_footers_alike_are_told_once(told: Told, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(LETTER.parent, tmp_path / "templates" / "letters"))
    letter = docx.Document(str(LETTER))
    for footer in (letter.sections[0].footer, letter.sections[0].first_page_footer):
        footer.add_paragraph("{{ noi_gu }}")
    letter.save(str(folder / "don-doc.docx"))
    (found,) = check_letters(folder)
    assert found.place.spot == "Chân trang 1, đoạn 2 (và 1 đầu trang, chân trang giống vậy)"
    assert "“noi_gui”" in told.messages.cure(found)
