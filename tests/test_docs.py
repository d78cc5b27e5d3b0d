"""What the documentation says is so: generated pages are fresh, links lead somewhere, and README's recipes work.

A recipe is a section of README: its diffs are applied to a copy of a demo (to a Word file as LibreOffice saves it),
its commands are run, and what they print is compared; "…" stands for anything.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import docx
import openpyxl
import pytest

from docs_pages import DOCS, PAGES, ROOT
from generator.cli import COMMANDS
from generator.definitions.aggregations import AGGREGATIONS
from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.rules import RULES
from generator.issues import CODES
from guide_year import pattern

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SECONDS = 120
LARGEST_PICTURE = 150_000
NO_BREAK = "\u00a0"

# --- generated pages ----------------------------------------------------------------------------


def _page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_fresh(name: str) -> None:
    assert (DOCS / name).is_file(), "run `make docs`"
    assert _page(name) == PAGES[name](), "run `make docs` and look at the difference"


@pytest.mark.parametrize(
    ("page", "line", "names"),
    [
        ("cli.md", "## ketnghia {}", [*COMMANDS, "report year", "report five-year"]),
        ("field-types.md", "## {}", list(FIELD_TYPES)),
        ("rules.md", "### {}", list(RULES)),
        ("aggregations.md", "| `{}` |", list(AGGREGATIONS)),
        ("issue-codes.md", "| `{}` |", list(CODES)),
    ],
)
def test_every_name_is_documented(page: str, line: str, names: list[str]) -> None:
    lines = _page(page).splitlines()
    assert [name for name in names if not any(found.startswith(line.format(name)) for found in lines)] == []


def test_every_field_type_shows_an_answer_it_takes_and_every_type_but_text_one_it_does_not() -> None:
    sections = dict(pairwise(re.split(r"^## (\w+)$", _page("field-types.md"), flags=re.MULTILINE)[1:]))
    for name in FIELD_TYPES:
        rows = [line for line in sections[name].splitlines() if line.startswith(("| “", "| number"))]
        assert any("| nothing |" not in row for row in rows), name
        assert name in ("text", "paragraph") or any("| nothing |" in row for row in rows), name


def test_every_rule_of_the_form_has_its_reason() -> None:
    form = (ROOT / "templates" / "forms" / "kn-01.yaml").read_text(encoding="utf-8")
    reasons = re.findall(r"^    why: (.+)$", form, re.MULTILINE)
    assert len(reasons) == len(re.findall(r"^- Vì sao: .+$", _page("rules.md"), re.MULTILINE)) > 0


# --- README as text -----------------------------------------------------------------------------


class Block(NamedTuple):
    """A fenced block: its language, and what stands in it."""

    language: str
    text: str


def _sections() -> dict[str, list[Block]]:
    """The fenced blocks of README under each heading, in order."""
    found: dict[str, list[Block]] = {}
    heading, language, lines = "", None, list[str]()
    for line in README.splitlines():
        if line.startswith("```"):
            if language is not None:
                found.setdefault(heading, []).append(Block(language, "\n".join(lines)))
            language, lines = (line[3:], []) if language is None else (None, [])
        elif language is not None:
            lines.append(line)
        elif line.startswith("#"):
            heading = line.lstrip("# ")
    return found


SECTIONS = _sections()
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
PAGES_WRITTEN = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES_WRITTEN, ids=lambda path: path.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    headings = {_anchor(line.lstrip("# ")) for line in text.splitlines() if line.startswith("#")}
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        if not (page.parent / path).exists() or (anchor and not path and anchor not in headings):
            dead.append(target)
    assert dead == []


def test_every_picture_is_small() -> None:
    large = {path.name for path in (DOCS / "pictures").iterdir() if path.stat().st_size > LARGEST_PICTURE}
    assert large == set()


def test_every_command_that_readme_names_exists() -> None:
    named = set(re.findall(r"`ketnghia ([a-z-]+)", PROSE + _page("gioi-thieu.md") + _page("huong-dan.md"))) | set(
        re.findall(r"^\$ ketnghia (\w+)", README, re.MULTILINE)
    )
    assert named - set(COMMANDS) == set()
    assert {"init", "check", "blank", "ingest", "status", "issues", "report", "trace", "demo"} <= named


def test_every_door_that_readme_names_exists() -> None:
    blocks = [block.text for blocks in SECTIONS.values() for block in blocks if block.language == "sh"]
    typed = [line.partition("#")[0].strip() for text in blocks for line in text.splitlines()]
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    assert typed == ["make demo", "make test"]
    assert targets.issuperset({"demo", "test"})
    assert set(re.findall(r"`make ([a-z]+)`", PROSE)) <= targets


def test_every_folder_that_readme_names_exists() -> None:
    (tree,) = [block.text for block in SECTIONS["Where things are"] if block.language == "text"]
    named = set(re.findall(r"(?<![\w/.])(\w[\w.-]*(?:/\w+)*/)", tree)) | {"setup.cfg", "Makefile"}
    inside = {"forms/", "reports/", "letters/", "standards/", "messages/", "replies/", "registry/"}
    missing = {name for name in named if not (ROOT / ("templates" if name in inside else "") / name).exists()}
    assert len(named) > 10
    assert missing == set()


# --- README as a session ------------------------------------------------------------------------


def _calls(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a session with what it should print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        typed, _, expected = part.partition("\n")
        yield typed, expected


def _printed(arguments: str, folder: Path) -> str:
    """What the command printed, with plain spaces; the test fails when the command does."""
    done = subprocess.run(
        [sys.executable, "-m", "generator", *shlex.split(arguments)],
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
    assert done.returncode == 0, f"ketnghia {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout.replace(NO_BREAK, " ")


def _type(text: str, folder: Path) -> Path:
    """Runs a session in the folder and compares; the folder it ends in."""
    for typed, expected in _calls(text):
        if typed.startswith("cd "):
            folder = folder / typed.removeprefix("cd ")
            continue
        assert typed.startswith("ketnghia "), typed
        printed = _printed(typed.removeprefix("ketnghia "), folder)
        wanted = expected.strip("\n") + "\n" if expected.strip() else ""
        assert pattern(wanted).fullmatch(printed), f"$ {typed}\n{printed}\nbut README says:\n{expected}"
    return folder


def _sides(diff: str) -> tuple[str, str, str]:
    """The file of a diff, what it finds there, and what it puts in its place."""
    head, *lines = diff.splitlines()
    assert head.startswith("--- "), head
    before = [line[1:] for line in lines if line[0] in " -"]
    after = [line[1:] for line in lines if line[0] in " +"]
    return head[4:], "\n".join(before), "\n".join(after)


def _edit_text(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{path.name} has this {text.count(before)} times:\n{before}"
    path.write_text(text.replace(before, after), encoding="utf-8", newline="\n")


def _edit_word(path: Path, before: str, after: str, soffice: Callable[..., Path]) -> None:
    """Types into the Word file, and lets a real word processor save it, with all that this changes inside."""
    document = docx.Document(str(path))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs if before in run.text]
    assert len(runs) == 1, f"{path.name} has this {len(runs)} times: {before}"
    runs[0].text = runs[0].text.replace(before, after)
    document.save(str(path))
    shutil.copy(soffice(path, "docx", path.parents[2] / "saved"), path)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that README's recipes start from, made by the commands that it names."""
    (session,) = [block.text for block in SECTIONS["How to change"] if block.language == "console"]
    return _type(session, tmp_path_factory.mktemp("readme"))


# --- what each recipe shows ---------------------------------------------------------------------


def _words(document: Path) -> str:
    found = docx.Document(str(document))
    return "\n".join(paragraph.text for paragraph in found.paragraphs).replace(NO_BREAK, " ")


def _form_shows(folder: Path) -> None:
    workbook = openpyxl.load_workbook(folder / "outputs" / "2025" / "blanks" / "DV-0004-KN-01-2025.xlsx")
    sheet, question = workbook["Triển khai"], "Số cuộc kiểm tra công tác kết nghĩa"
    (row,) = [cell.row for column in sheet.iter_cols(1, 3) for cell in column if cell.value == question]
    checks = sheet.data_validations.dataValidation
    checked = [one for one in checks if any(span.min_row <= row <= span.max_row for span in one.sqref.ranges)]
    assert [one.type for one in checked] == ["whole"]
    assert any(question in str(cell.value) for cells in workbook["Hướng dẫn"].iter_rows() for cell in cells)
    # what the section "An older blank" says
    received, counted = re.findall(r"Đã nhận (\d+)/.*; đã tính (\d+)", _printed("status 2024", folder))[0]
    assert int(received) == int(counted) > 10, "README, An older blank, has to be told anew"


def _reply_shows(folder: Path) -> None:
    replies = sorted((folder / "outputs" / "2025" / "replies").glob("*.eml"))
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in replies]
    bodies = [mail.get_body(("plain",)) for mail in mails if mail["To"]]  # the board's note to itself goes to nobody
    assert len(bodies) > 10
    assert all("Trân trọng cảm ơn sự phối hợp," in body.get_content() for body in bodies)


def _sentence_shows(folder: Path) -> None:
    text = _words(folder / "outputs" / "2025" / "bao-cao-so-ket-2025.docx")
    assert "Nơi nào đã gửi, nơi nào chưa gửi báo cáo được nêu tại Phụ lục IV." in text
    assert "Tình trạng báo cáo của từng đơn vị, từng xã, huyện" not in text


def _figure_shows(folder: Path) -> None:
    text = _words(folder / "outputs" / "2025" / "bao-cao-so-ket-2025.docx")
    assert re.search(r"Riêng hiện vật trị giá (?:gần |hơn )?[\d,]+ (?:tỷ|triệu) đồng\. Phần lồng ghép", text)


def _nothing_more(folder: Path) -> None:
    """The session itself shows the change."""


RECIPES: Mapping[str, Callable[[Path], None]] = {
    "A form: one more question in KN-01": _form_shows,
    "A rule: make a warning an error": _nothing_more,
    "A message: say a fault in other words": _nothing_more,
    "A reply: other words": _reply_shows,
    "The report: a sentence": _sentence_shows,
    "The report: one more figure": _figure_shows,
}


def test_every_recipe_is_run() -> None:
    assert {name for name, blocks in SECTIONS.items() if any(b.language == "diff" for b in blocks)} == set(RECIPES)
    assert {b.language for blocks in SECTIONS.values() for b in blocks} == {"sh", "console", "diff", "text"}


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_does_what_it_says(name: str, demo: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path / demo.name
    shutil.copytree(demo, folder)
    for block in SECTIONS[name]:
        if block.language == "diff":
            file, before, after = _sides(block.text)
            if file.endswith(".docx"):
                _edit_word(folder / file, before, after, request.getfixturevalue("soffice"))
            else:
                _edit_text(folder / file, before, after)
        else:
            _type(block.text, folder)
    RECIPES[name](folder)


def test_a_year_goes_as_readme_tells(tmp_path: Path) -> None:
    (session,) = [block.text for block in SECTIONS["Who types what"] if block.language == "console"]
    _type(session, tmp_path)


def test_the_figures_that_readme_asks_for_are_found(demo: Path) -> None:
    asked = re.findall(r"`ketnghia (trace [^`]+)`", README)
    assert len(asked) == 2
    assert all(_printed(one, demo).startswith("tong_gia_tri: ") for one in asked)


def test_the_comparison_sees_what_differs() -> None:
    assert pattern("Đã ghi …\n…\ncuối\n").fullmatch("Đã ghi a.docx\nx\ny\ncuối\n")
    assert not pattern("Đã ghi …\ncuối\n").fullmatch("Đã ghi a.docx\nx\ncuối\n")
