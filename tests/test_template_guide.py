"""The guide for staff who change a report: its own steps, done on a copy, lead to the report that they promise."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from five_year_sample import TEMPLATES, five_year_workspace
from generator.cli import main
from generator.pipeline.workspace import Workspace

GUIDE = (TEMPLATES.parent / "docs" / "huong-dan-mau-bao-cao.md").read_text(encoding="utf-8")
YEARS = (2024, 2025)
DOCUMENT = "outputs/2024-2025/bao-cao-tong-ket-2024-2025.docx"
_SNIPPET = r"^( *)```[a-z-]+ {name}\n(.*?)^ *```$"


def snippet(name: str) -> str:
    """A piece of the guide by its name, as the reader copies it."""
    found = re.search(_SNIPPET.format(name=name), GUIDE, re.MULTILINE | re.DOTALL)
    assert found, f"the guide has no snippet {name}"
    lines = found[2].rstrip("\n").split("\n")
    return "\n".join(line.removeprefix(found[1]) for line in lines).replace("\\|", "|")


def said(name: str) -> str:
    """What stands in a row of the guide's tables under this name."""
    found = re.search(rf"^\| {re.escape(name)}[^|]*\| `(.+?)` \|$", GUIDE, re.MULTILINE)
    assert found, f"the guide has no row {name}"
    return found[1].replace("\\|", "|")


def guide_table(start: str) -> list[list[str]]:
    """The rows of the guide's table that begins with these words, without its rule."""
    lines = [line.strip() for line in GUIDE[GUIDE.index(start) :].split("\n\n")[0].split("\n")]
    cells = ([cell.strip(" `") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines if "---" not in line)
    return [[cell.replace("\\|", "|") for cell in row] for row in cells]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years taken in: as long as the steps need."""
    return five_year_workspace(
        tmp_path_factory.mktemp("huong-dan"), givers=3, communes=2, years=YEARS, forms=("KN-01", "KN-02")
    ).root


@pytest.fixture
def office(pristine: Path, tmp_path: Path) -> Office:
    return Office(Path(shutil.copytree(pristine, tmp_path / "w")))


class Office:
    """A clerk's hands: Notepad, Word and the command line, in one workspace."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)
        self.reports = self.workspace.templates / "reports"

    def notepad(self, below: str, *pasted: str, after: str = "") -> None:
        """Pastes lines just below a line of the plan; `after`: the first such line after this one."""
        path = self.reports / "tong-ket.yaml"
        lines = path.read_text(encoding="utf-8").split("\n")
        start = lines.index(after) if after else 0
        at = lines.index(below, start) + 1
        path.write_text("\n".join([*lines[:at], *pasted, *lines[at:]]), encoding="utf-8")

    def word(self, change: Callable[[Any], None]) -> None:
        """Opens the template, changes it and saves it."""
        path = self.reports / "tong-ket.docx"
        document = Document(str(path))
        change(document)
        document.save(str(path))

    def ketnghia(self, *words: object) -> Result:
        return CliRunner().invoke(main, ["-w", str(self.workspace.root), *map(str, words)])

    def sound(self) -> None:
        """`check` as the guide says: nothing is wrong."""
        checked = self.ketnghia("check")
        assert checked.exit_code == 0, checked.output

    def report(self) -> Any:
        """The report made anew, opened."""
        self.sound()
        made = self.ketnghia("report", "five-year", *YEARS)
        assert made.exit_code == 0, made.output
        return Document(str(self.workspace.root / DOCUMENT))


def paragraph(document: Any, text: str) -> Paragraph:
    return next(one for one in document.paragraphs if one.text == text)


def table_of(document: Any, annex: str) -> Table:
    """The first table after the heading of an annex."""
    heading = paragraph(document, annex)._element
    found = next(one for one in heading.itersiblings() if one.tag == qn("w:tbl"))
    return Table(found, document)


def retype(where: Paragraph, text: str) -> None:
    """Types over what stands in a paragraph."""
    for run in where.runs[1:]:
        run._element.getparent().remove(run._element)
    where.runs[0].text = text


def new_sentence(document: Any, text: str) -> None:
    paragraph(document, snippet("cho-them-cau")).insert_paragraph_before(text, style="KN Thân văn bản")


def test_a_heading_is_changed_by_typing_over_it(office: Office) -> None:
    office.word(lambda document: retype(paragraph(document, snippet("de-muc-cu")), snippet("de-muc-moi")))
    texts = [one.text for one in office.report().paragraphs]
    assert snippet("de-muc-moi") in texts
    assert snippet("de-muc-cu") not in texts


def test_a_sentence_with_a_new_figure_takes_a_few_lines_of_the_plan(office: Office) -> None:
    office.notepad("figures:", snippet("so-lieu-moi"))
    office.word(lambda document: new_sentence(document, snippet("cau-moi")))
    texts = [one.text.replace("\u00a0", " ") for one in office.report().paragraphs]
    # three givers and the heir of two of them report one house each, in each of two years
    houses = sum(1 for _ in office.workspace.root.glob("inputs/20*/*/*-KN-01.xlsx"))
    sentence = f"Riêng về nhà ở, các đơn vị đã thực hiện {houses:02d} hoạt động trong cả giai đoạn."
    assert sentence in texts
    assert texts.index(sentence) + 1 == texts.index(snippet("cho-them-cau"))


def test_an_annex_gets_a_column(office: Office) -> None:
    office.notepad("figures:", snippet("so-lieu-cua-cot"))
    office.notepad("    columns:", snippet("cot-moi"), after="  phu_luc_4:")
    office.word(_insert_right)
    rows = [[cell.text for cell in row.cells] for row in table_of(office.report(), "Phụ lục IV").rows]
    assert [row[-1] for row in rows[:3]] == ["Hộ cận nghèo cuối năm 2025"] * 2 + ["10"]
    # both communes became one, which tells of twelve households in its first return
    assert [(row[1], row[-1]) for row in rows[3:-1]] == [("Xã Trà Tập", "12"), ("Tổng cộng", "12")]


def _insert_right(document: Any) -> None:
    """What Word's "Insert Right" does, and the four cells that the guide has typed."""
    table = table_of(document, "Phụ lục IV")
    typed = {0: "tiêu đề", 2: "dòng đánh số cột", 4: "dòng số liệu", 7: "dòng tổng cộng"}
    for at, row in enumerate(table._tbl.tr_lst):
        last = row.tc_lst[-1]
        span = last.tcPr.find(qn("w:gridSpan"))
        if span is not None:  # a row that holds a tag
            span.set(qn("w:val"), str(len(table._tbl.tblGrid) + 1))
            continue
        added = copy.deepcopy(last)
        last.addnext(added)
        if at in typed:
            retype(Paragraph(added.find(qn("w:p")), table), said(typed[at]))
    table._tbl.tblGrid.append(copy.deepcopy(table._tbl.tblGrid[-1]))


def test_an_annex_is_added_with_plan_and_word_only(office: Office) -> None:
    office.notepad("figures:", snippet("so-lieu-cua-phu-luc"))
    office.notepad("listings:", snippet("bang-ke-cua-phu-luc"))
    office.word(_add_annex)
    forgotten = office.ketnghia("report", "five-year", *YEARS)
    assert forgotten.exit_code == 1
    assert "report.section_lost" in forgotten.output
    assert f"Đã ghi {DOCUMENT}" in forgotten.output, "a fault of layout is listed, and the report is there"
    office.notepad("  phu_luc_viii: {page: ngang, begins: Phụ lục VIII, header_rows: 2}", snippet("phan-moi"))
    table = table_of(office.report(), "Phụ lục IX")
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Năm", "Số nhà đã xóa", "Trong đó nhờ kết nghĩa"]
    # two communes remove three houses each, one of them through twinning; their heir reports alone in 2025
    assert rows[1:] == [["2024", "6", "2"], ["2025", "3", "1"]]


def _add_annex(document: Any) -> None:
    """A section break, the first lines of Annex VI again, and the guide's table."""
    body = document.element.body
    last_section = body[-1]
    old = paragraph(document, "Phụ lục VI")._element
    head = [old, *list(old.itersiblings())[:4]]
    breaking = document.add_paragraph()._element
    breaking.get_or_add_pPr().append(copy.deepcopy(last_section))
    copied = [copy.deepcopy(one) for one in head]
    for one in copied:
        last_section.addprevious(one)
    for at, name in ((0, "so-phu-luc"), (1, "ten-phu-luc"), (4, "don-vi-tinh")):
        retype(Paragraph(copied[at], document), snippet(name))
    rows = guide_table("| Năm |")
    styles = ("KN Bảng: giữa", "KN Bảng: số", "KN Bảng: số")
    table = document.add_table(len(rows), 3)
    table.style = "Table Grid"
    for at, row in enumerate(rows):
        for column, cell in enumerate(table.rows[at].cells):
            cell.text = row[column]
            cell.paragraphs[0].style = styles[column] if at else "KN Bảng: tiêu đề"
    table.rows[0]._tr.get_or_add_trPr().append(document.element.makeelement(qn("w:tblHeader")))


def test_check_says_what_the_guide_says_of_a_misspelt_name(office: Office) -> None:
    office.notepad("figures:", snippet("so-lieu-moi"))
    office.word(lambda document: new_sentence(document, snippet("cau-go-sai")))
    checked = office.ketnghia("check")
    assert checked.exit_code == 1
    # the number of the paragraph is that of the day; a narrow window breaks lines elsewhere
    promised, told = (re.sub(r"đoạn \d+|\s+", " ", text).strip() for text in (snippet("go-sai"), checked.output))
    assert promised.count("so_hoat_dong_nha_") == 3
    assert promised in told
    commented = office.ketnghia("check", "--comments")
    assert commented.output.splitlines()[-1] == snippet("ban-nhan-xet")
    copy = Document(str(office.workspace.root / snippet("ban-nhan-xet").rpartition(": ")[2]))
    (comment,) = copy.comments
    assert "“so_hoat_dong_nha_o”" in comment.text
    refused = office.ketnghia("report", "five-year", *YEARS)
    assert refused.exit_code == 1
    assert not (office.workspace.root / DOCUMENT).exists()
