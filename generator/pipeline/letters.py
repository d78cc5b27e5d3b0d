"""Letters: a year's record -> letters of one kind in Word, one file each or one file to print.

In:   a workspace, the year, the kind, the day of the letters. Out: outputs/<year>/letters/<kind>/<code>-….docx, or
      outputs/<year>/letters/….docx with all of them; equal inputs and day give equal bytes.
Imports definitions.letters, office (joined, geometry, template), the pipeline's parts of a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from generator.definitions.letters import YEAR
from generator.definitions.load import load_messages
from generator.definitions.schema import nearest
from generator.issues import Issue, Place, RefusedError, has_errors, issue
from generator.model import Registry
from generator.office.geometry import Element, check_geometry
from generator.office.joined import DOCUMENT, joined
from generator.office.package import open_package
from generator.office.template import CompiledTemplate
from generator.pipeline.desk import Desk
from generator.pipeline.house import LETTER, house_of
from generator.pipeline.init import shipped_templates
from generator.pipeline.intake import refreshed
from generator.pipeline.judging import judge_of, load_forms_or_refuse, load_registry_or_refuse
from generator.pipeline.letters_check import LetterDefinition, compile_letter, load_letter
from generator.pipeline.letters_facts import Names, addressees, shared_names
from generator.pipeline.letters_files import place_letters
from generator.pipeline.papers import desk_of
from generator.pipeline.progress import Progress, silent
from generator.pipeline.report_files import with_properties
from generator.pipeline.workspace import Workspace, safe_name

FOLDER = "letters"
_STILL = re.compile(r"word/(?:header|footer)\d*\.xml")


class Letters(NamedTuple):
    """What was written."""

    paths: tuple[Path, ...]
    """The documents, in the order of the partners' codes; one where they were put together."""
    number: int
    """How many letters there are."""
    nobody: str
    """What to say when there is none."""
    issues: tuple[Issue, ...]


def write_letters(
    workspace: Workspace,
    year: int,
    kind: str,
    day: date,
    partners: Sequence[str] = (),
    *,
    together: bool = False,
    progress: Progress = silent,
) -> Letters:
    """Writes the letters of a kind that there is reason for, or of them only those to the given partners.

    `day` is the day of the letters: days late are counted to it, the settings of the letterhead are those in force.
    RefusedError when the year has no campaign, a partner is unknown, or templates or registry have a fault;
    UnusableError when the disk refuses.
    """
    registry = load_registry_or_refuse(workspace)
    judge = judge_of(workspace, registry)
    judge.require(year)
    _require_known(workspace, registry, partners)
    forms = load_forms_or_refuse(workspace)
    definition, found = _definition(workspace, kind)
    register, issues = refreshed(workspace, judge=judge, progress=progress)
    with register:
        desk = desk_of(workspace, year, registry, forms, register, ())
        made, missing = make_letters(desk, definition, day, partners)
    plan, folder = definition.plan, workspace.year_outputs(year) / FOLDER
    name = plan.output.replace(YEAR, str(year))
    if together:
        contents = {name: joined_letters(made, name)} if made.names else {}
        placed = place_letters(workspace, folder, contents)
    else:
        contents = {f"{kind}/{safe_name(f'{code}-{name}')}": content for code, content in _each(made, progress)}
        placed = place_letters(workspace, folder, contents, replaced="" if partners else f"{kind}/")
    told = (*issues, *found, *missing, *placed.issues)
    return Letters(placed.paths, len(made.names), plan.nobody, told)


def _require_known(workspace: Workspace, registry: Registry, partners: Sequence[str]) -> None:
    known = {partner.code for partner in registry.partners}
    place = Place(workspace.relative(workspace.registry))
    faults = [
        issue("blank.unknown_partner", place, partner=code, near=nearest(code, sorted(known)))
        for code in partners
        if code not in known
    ]
    if faults:
        raise RefusedError(*faults)


def _definition(workspace: Workspace, kind: str) -> tuple[LetterDefinition, list[Issue]]:
    """The kind's definition; a workspace older than the program may lack it: then the shipped one stands."""
    own = workspace.templates / FOLDER / f"{kind}.yaml"
    path = own if own.is_file() else shipped_templates() / FOLDER / f"{kind}.yaml"
    definition, found = load_letter(path)
    if definition is None:
        raise RefusedError(*found)
    return definition, found


# --- made in memory --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Making:
    """A compiled letter, and the names of everybody who gets one."""

    template: CompiledTemplate
    shared: Names
    names: Mapping[str, Names]
    file: str
    _still: Mapping[str, Element]
    """Trees of parts that need not be parsed for each letter; a part that a letter fills comes in their place."""

    def render(self, code: str) -> tuple[bytes, dict[str, Element]]:
        """One letter, checked, with the trees of its parts; RefusedError with every fault."""
        trees = dict(self._still)
        content, found = self.template.render({**self.shared, **self.names[code]}, trees)
        if content is not None:
            found = [*found, *check_geometry(content, f"{code}: {self.file}", trees)]
        if content is None or has_errors(found):
            raise RefusedError(*found)
        return content, trees


def make_letters(
    desk: Desk, definition: LetterDefinition, day: date, partners: Sequence[str] = ()
) -> tuple[Making, list[Issue]]:
    """Everything that the letters of a kind are rendered from; warnings about missing settings."""
    workspace = desk.workspace
    ours = house_of(workspace.root, LETTER, desk.registry, day)
    plan, desk = ours.words(definition.plan), replace(desk, forms=ours.words(desk.forms))
    shared, missing = shared_names(desk, plan, day)
    messages, _ = load_messages(workspace.templates / "messages", shipped_templates() / "messages")
    names = addressees(desk, plan, day, ours.words(messages))
    if partners:
        names = {code: own for code, own in names.items() if code in partners}
    # Title and dates are the same in all letters, so they are put in once, before the template is cut up.
    dated = with_properties(
        ours.template(definition.content), str(shared["trich_yeu"]), str(shared["ten_co_quan"]), day
    )
    template, found = compile_letter(definition, dated, ours.filters)
    if template is None:
        raise RefusedError(*found)
    return Making(template, shared, names, definition.file, _still_parts(dated, definition.file)), missing


def _still_parts(content: bytes, file: str) -> dict[str, Element]:
    """The trees of the template's headers and footers by name: those without tags are the same in every letter."""
    package, _ = open_package(content, file)
    names = package.names() if package is not None else ()
    read = etree.XMLParser(resolve_entities=False, no_network=True)
    return {name: etree.fromstring(package.read(name), read) for name in names if package and _STILL.fullmatch(name)}


def _each(made: Making, progress: Progress) -> Iterator[tuple[str, bytes]]:
    for done, code in enumerate(made.names, start=1):
        yield code, made.render(code)[0]
        progress(done, len(made.names))


def joined_letters(made: Making, name: str) -> bytes:
    """All letters behind each other in one document, checked as a whole."""
    first, trees = made.render(next(iter(made.names)))
    roots = (made.render(code)[1][DOCUMENT] for code in made.names)
    content, whole = joined(first, roots)
    found = check_geometry(content, name, {**trees, DOCUMENT: whole})
    if found:
        raise RefusedError(*found)
    return content
