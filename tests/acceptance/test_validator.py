"""The Open XML SDK, a foreign judge, finds nothing wrong with the workbooks and documents we write."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path

import desk
import pytest

VALIDATOR = Path(__file__).parent.parent / "clients" / "node_modules" / ".bin" / "ooxml-validator"
OPENPYXL_FONT_ORDER = "/x:fonts["
"""openpyxl writes the children of a font in an order of its own, which every program reads."""


def faults(path: Path) -> list[str]:
    if not VALIDATOR.exists():
        pytest.fail('tests/clients/node_modules is missing: run "make test", which installs it')
    judged = subprocess.run([VALIDATOR, path], capture_output=True, text=True, timeout=120, check=False)
    return [
        f"{one['path']} {one['xPath']}: {one['description']}"
        for one in json.loads(judged.stdout)["errors"]
        if not (one["path"] == "/xl/styles.xml" and OPENPYXL_FONT_ORDER in one["xPath"])
    ]


@pytest.mark.parametrize(
    "name",
    [
        "outputs/2025/bao-cao-so-ket-2025.docx",
        "outputs/2025/blanks/DV-0001-KN-01-2025.xlsx",
        "inputs/2025/2025-12-17/DV-0004-KN-01-2025.xlsx",
        "inputs/registry.xlsx",
    ],
)
def test_a_file_that_we_wrote_is_valid(demo: Path, name: str) -> None:
    assert faults(demo / name) == []


@pytest.mark.parametrize("kind", ["don-doc", "ra-soat", "ket-qua"])
def test_the_letters_that_we_write_are_valid_alone_and_in_one_file(demo_copy: Path, kind: str) -> None:
    for options in ([], ["--one-file"]):
        desk.worked(demo_copy, "letters", 2025, "--kind", kind, "--day", "2025-12-29", *options)
    letters = demo_copy / "outputs/2025/letters"
    for path in (next(letters.glob(f"{kind}/*.docx")), letters / f"cong-van-{kind}-2025.docx"):
        assert faults(path) == []
    assert faults(Path(__file__).parents[2] / "templates" / "letters" / f"{kind}.docx") == []


def test_the_word_template_is_valid() -> None:
    assert faults(Path(__file__).parents[2] / "templates" / "reports" / "so-ket.docx") == []


def test_the_judge_sees_a_fault_that_is_there(demo: Path, tmp_path: Path) -> None:
    broken = tmp_path / "hong.docx"
    content = (demo / "outputs/2025/bao-cao-so-ket-2025.docx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(broken, "w") as changed:
        for name in whole.namelist():
            part = whole.read(name)
            changed.writestr(name, part.replace(b"<w:body>", b"<w:body><w:nonsense/>") if "document" in name else part)
    assert any("nonsense" in fault for fault in faults(broken))
