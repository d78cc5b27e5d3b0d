"""Letters' check: a plan of letters and its Word template, checked against the names of definitions.letters.

In:   the folder templates/letters/. Out: LetterDefinition, and every fault with its place.
Imports definitions (letters, load_letters), office.template_lint_reading, pipeline (check_reports, check_templates …).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.definitions.letters import KINDS, LISTS, NAMES, OWN, SHARED, LetterPlan, Record
from generator.definitions.load import shown_path
from generator.definitions.load_letters import load_letter_plan
from generator.issues import Issue, Place, has_errors, issue
from generator.office.template import CompiledTemplate
from generator.office.template_lint_reading import Manuscript, read_manuscript
from generator.pipeline.check_reports import check_names
from generator.pipeline.check_templates import for_makers, judged
from generator.pipeline.check_wording import Figures
from generator.pipeline.report_names import EACH, Parts
from generator.stages.render import FILTERS, Filters

_AROUND = ("Đầu trang", "Chân trang")
"""How the spots of headers and footers begin."""
_TEXT_LISTS = ("noi_nhan", "chuc_vu_ky")


@dataclass(frozen=True, slots=True)
class LetterDefinition:
    """A kind of letter that can be written."""

    plan: LetterPlan
    content: bytes
    """The Word template."""
    file: str


def check_letters(folder: Path) -> list[Issue]:
    """Every fault of every kind that the folder has a plan of, and what the author of a template should know."""
    found: list[Issue] = []
    for kind in KINDS:
        path = folder / f"{kind}.yaml"
        if path.is_file():
            found += _survey(path)[1]
    return found


def load_letter(path: Path) -> tuple[LetterDefinition | None, list[Issue]]:
    """The letter of a plan file, or all faults of plan and template; warnings do not stop it.

    What only the author of the template should know is left to `check`.
    """
    definition, found = _survey(path)
    return (None, found) if has_errors(found) else (definition, for_makers(found))


def _survey(path: Path) -> tuple[LetterDefinition | None, list[Issue]]:
    """The letter as far as its files can be read, and everything there is to say of plan and template."""
    plan, found = load_letter_plan(path)
    if plan is None:
        return None, found
    template_path = path.parent / plan.template
    try:
        content = template_path.read_bytes()
    except OSError:
        return None, [*found, issue("report.no_template", Place(plan.file), name=plan.template, plan=plan.file)]
    definition = LetterDefinition(plan, content, shown_path(template_path))
    manuscript = read_manuscript(content, definition.file)
    found += _compiled(definition, manuscript, content)[1]
    return definition, judged(manuscript, content, found, names_of_letter(plan), Figures())


def compile_letter(
    definition: LetterDefinition, content: bytes, filters: Filters = FILTERS
) -> tuple[CompiledTemplate | None, list[Issue]]:
    """The template compiled, and what it asks for that such a letter does not have."""
    return _compiled(definition, read_manuscript(content, definition.file), content, filters)


def _compiled(
    definition: LetterDefinition, manuscript: Manuscript, content: bytes, filters: Filters = FILTERS
) -> tuple[CompiledTemplate | None, list[Issue]]:
    plan = definition.plan
    template, found = check_names(manuscript, content, names_of_letter(plan), plan.file, filters)
    own = {*OWN, *NAMES[plan.kind]}
    for reference in template.references if template else ():
        # Letters printed together share their headers and footers.
        if reference.name in own and reference.place.spot.startswith(_AROUND):
            found.append(issue("letters.header_name", reference.place, name=reference.name))
    return template, found


def names_of_letter(plan: LetterPlan) -> dict[str, Parts]:
    """Every name of such a letter with what it has below it."""
    found: dict[str, Parts] = {name: {} for name in (*SHARED, *OWN, *plan.words)}
    found |= {name: {EACH: {}} for name in _TEXT_LISTS}
    return found | {name: _parts(name, below) for name, below in NAMES[plan.kind].items()}


def _parts(name: str, below: str | Record) -> Parts:
    if isinstance(below, Mapping) and name in LISTS:
        return {EACH: {part: _parts(part, further) for part, further in below.items()}}
    return {}
