"""Sample returns to measure with: a workspace of so many giving units, each with a filled return of some 400 values.

In:   a folder, how many returns, whether LibreOffice saves them again. Out: Sample; a workspace that can be ingested.
The first fifty returns are filled by Blank.fill and saved again by LibreOffice in one call, for what a unit sends
comes out of an office program; further ones are those fifty under the names of other units.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.definitions.load import load_forms
from generator.demo.answers import Answers, sample_answers
from generator.demo.registry import demo_registry
from generator.model import Partner, Registry, Scalar
from generator.office.package import open_package
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import assigned, prefills
from generator.pipeline.init import copy_templates, shipped_templates
from generator.pipeline.judging import load_forms_or_refuse, load_registry_or_refuse
from generator.pipeline.workspace import Workspace
from generator.stages.obligations import obligations

YEAR, FORM, SEED = 2025, "KN-01", 7
DISTINCT = 50
"""So many returns differ: LibreOffice needs about a second for each, so a thousand would take the whole morning."""
ACTIVITIES, PLANS = 27, 6
_SAVE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Originals:
    """The returns that differ, one file a unit."""

    folder: Path
    resaved: bool
    """Whether LibreOffice saved them; else they are as Blank.fill wrote them."""
    answers: Mapping[str, Answers]
    """What was filled in, by unit."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A workspace with returns, and what stands in them."""

    workspace: Workspace
    partners: tuple[str, ...]
    """Codes of the units that sent a return, in order."""
    total: int
    """Sum of all amounts given, in đồng, from the answers themselves."""

    @property
    def folder(self) -> Path:
        """Where the returns lie."""
        return self.workspace.year_inputs(YEAR) / f"{YEAR}-12-17"

    @property
    def files(self) -> list[Path]:
        """The returns by name."""
        return sorted(self.folder.glob("*.xlsx"))


def make_originals(root: Path, most: int, *, resave: bool) -> Originals:
    """The returns that all samples of at most so many are made of, in that folder."""
    workspace, registry = _workspace(root / "workspace", min(most, DISTINCT))
    answers = dict(_answers(registry, min(most, DISTINCT)))
    folder = root / "returns"
    folder.mkdir()
    _fill(workspace, registry, answers, folder)
    return Originals(folder, resave and _resave(folder), answers)


def make_sample(root: Path, returns: int, originals: Originals) -> Sample:
    """A new workspace in that folder with so many returns under inputs/2025/."""
    workspace, registry = _workspace(root, returns)
    names = {one.code: one.name for one in registry.partners}
    codes = _owing(registry)[:returns]
    sample = Sample(workspace, tuple(codes), _total(originals.answers, returns))
    sample.folder.mkdir(parents=True)
    for number, own in enumerate(codes):
        source = codes[number % DISTINCT]
        content = (originals.folder / f"{source}.xlsx").read_bytes()
        if own != source:
            content = _renamed(content, {source: own, names[source]: names[own]})
        (sample.folder / f"{own}.xlsx").write_bytes(content)
    return sample


def _workspace(root: Path, returns: int) -> tuple[Workspace, Registry]:
    workspace = Workspace(root)
    copy_templates(workspace)
    _fit(workspace.templates / "forms" / "registry.yaml", 2 * returns + 60)
    forms, _ = load_forms(workspace.templates / "forms")
    workspace.inputs.mkdir(parents=True)
    workspace.outputs.mkdir()
    shipped = shipped_templates() / "registry"
    # two givers of the demo become one within the year
    workspace.registry.write_bytes(demo_registry(shipped, forms, returns + 1, [YEAR - 1, YEAR]))
    return workspace, load_registry_or_refuse(workspace)


def _total(answers: Mapping[str, Answers], returns: int) -> int:
    amounts = [_amount(answers[code]) for code in sorted(answers)]
    return sum(amounts[number % DISTINCT] for number in range(returns))


def _fit(form: Path, rows: int) -> None:
    """Gives the registry's two large tables so many rows: as shipped they hold 400."""
    text = form.read_text(encoding="utf-8")
    form.write_text(re.sub(r"\brows: 400\b", f"rows: {rows}", text), encoding="utf-8")


def _answers(registry: Registry, count: int) -> Iterator[tuple[str, Answers]]:
    campaign = next(one for one in registry.campaigns if one.year == YEAR)
    communes, givers = assigned(registry, campaign), {one.code: one for one in registry.partners}
    for code in _owing(registry)[:count]:
        yield code, _full_answers(givers[code], communes[code])


def _owing(registry: Registry) -> list[str]:
    """Codes of the giving units that owe a return, in order: those that were merged within the year do not."""
    owed = obligations(registry, YEAR)
    return sorted(one.partner.code for one in owed if one.form == FORM and one.partner.code.startswith("DV-"))


def _full_answers(partner: Partner, communes: Sequence[str]) -> Answers:
    """A return of some 400 values: the activities and plans of several sample returns one below the other."""
    answers = sample_answers(partner, communes, YEAR, SEED)
    for table, most in (("hoat_dong", ACTIVITIES), ("ke_hoach", PLANS)):
        rows = [_rows(sample_answers(partner, communes, YEAR, SEED + step), table) for step in range(8)]
        lines = [line for lines in rows for line in lines][:most]
        for row, line in enumerate(lines, start=1):
            answers.update({(table, row, code): value for code, value in line.items()})
    return answers


def _rows(answers: Answers, table: str) -> list[dict[str, Scalar]]:
    found: dict[int, dict[str, Scalar]] = {}
    for (where, row, code), value in answers.items():
        if where == table:
            found.setdefault(row, {})[code] = value
    return [found[row] for row in sorted(found)]


def _amount(answers: Answers) -> int:
    amounts = [value for (table, _, code), value in answers.items() if (table, code) == ("hoat_dong", "gia_tri")]
    return sum(value for value in amounts if isinstance(value, int))


def _fill(workspace: Workspace, registry: Registry, answers: Mapping[str, Answers], folder: Path) -> None:
    campaign = next(one for one in registry.campaigns if one.year == YEAR)
    blank = compile_blanks(load_forms_or_refuse(workspace), registry, campaign)[FORM]
    prefilled = prefills(registry, campaign, {})
    for code, found in answers.items():
        (folder / f"{code}.xlsx").write_bytes(blank.fill(prefilled[code], found))


def _resave(folder: Path) -> bool:
    """Has LibreOffice save every workbook of a folder again, in one call; False where it is not to be had."""
    program = shutil.which("soffice")
    if program is None:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        profile = f"-env:UserInstallation={(Path(scratch) / 'profile').as_uri()}"
        saved = Path(scratch) / "saved"
        command = [
            program,
            "--headless",
            profile,
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(saved),
        ]
        files = sorted(folder.glob("*.xlsx"))
        subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=_SAVE_SECONDS)
        for file in files:
            shutil.copyfile(saved / file.name, file)
    return True


def _renamed(content: bytes, texts: Mapping[str, str]) -> bytes:
    """The workbook with other texts in place of these, wherever its parts carry them."""
    package, faults = open_package(content, "")
    if package is None:
        raise SystemExit(str(faults))
    changed = {}
    for name in package.names():
        part = package.read(name)
        for old, new in texts.items():
            part = part.replace(old.encode(), new.encode())
        changed[name] = part
    return package.replace(changed)
