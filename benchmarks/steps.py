"""The steps that are timed, each run in a process of its own: python -m benchmarks.steps NAME WORKSPACE COUNT [MORE].

In:   a workspace of benchmarks.sample. Out: one line of JSON: CPU and wall seconds of the work alone.
A step that begins with the result of the one before it makes that first, without counting it.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from benchmarks.measure import Clock, start_clock

if TYPE_CHECKING:
    from generator.pipeline.house import House

YEAR, FORM = 2025, "KN-01"
CHUNK = 25
Told = dict[str, Any]
Step = Callable[[Path, int, Clock], Told]


def _files(root: Path, count: int) -> list[Path]:
    return sorted((root / "inputs" / str(YEAR)).rglob("*.xlsx"))[:count]


# --- ours -----------------------------------------------------------------------------------------


def prepare(root: Path, _: int, clock: Clock) -> Told:
    """What a run needs before the first file: forms, registry, the drawn blank."""
    with clock.running():
        judging_context(root)
    return {}


def blank(root: Path, count: int, clock: Clock) -> Told:
    """Fills and writes so many prefilled blanks; the blank is drawn before."""
    from generator.pipeline.compiled import compile_blanks
    from generator.pipeline.context import prefills
    from generator.pipeline.judging import load_forms_or_refuse, load_registry_or_refuse
    from generator.pipeline.workspace import Workspace

    workspace = Workspace(root)
    registry = load_registry_or_refuse(workspace)
    campaign = next(one for one in registry.campaigns if one.year == YEAR)
    once = start_clock()
    with once.running():
        compiled = compile_blanks(load_forms_or_refuse(workspace), registry, campaign)[FORM]
    named = list(prefills(registry, campaign, {}).values())[:count]
    compiled.fill(named[0])
    with tempfile.TemporaryDirectory() as folder, clock.running():
        for number, names in enumerate(named):
            (Path(folder) / f"{number}.xlsx").write_bytes(compiled.fill(names))
    (root / "blank.xlsx").write_bytes(compiled.fill(named[0]))
    return {"once": once.cpu}


def read(root: Path, count: int, clock: Clock) -> Told:
    """Opens the returns: every cell of every sheet, errors, formulas, identity."""
    from generator.definitions.load import load_forms
    from generator.stages.read import read as read_one

    forms, _ = load_forms(root / "templates" / "forms")
    files, bad = _files(root, count), 0
    read_one(files[0].read_bytes(), "", forms)
    with clock.running():
        for path in files:
            bad += read_one(path.read_bytes(), path.name, forms)[0] is None
    assert not bad
    return {}


@cache
def judging_context(root: Path) -> Any:
    """What an ingest judges the sample's returns by."""
    from generator.pipeline.judging import judge_of
    from generator.pipeline.workspace import Workspace

    return judge_of(Workspace(root)).context(YEAR, ())


def judge(root: Path, count: int, clock: Clock) -> Told:
    """Normalises and validates: raw cells to typed values, every rule."""
    from generator.definitions.returned import Neighbours
    from generator.stages.normalise import normalise
    from generator.stages.read import read as read_one
    from generator.stages.validate import validate

    context, values = judging_context(root), 0
    form, campaign = context.forms[FORM], context.campaign
    for path in _files(root, count):
        raw, _ = read_one(path.read_bytes(), path.name, context.forms)
        assert raw is not None
        near = Neighbours(campaign.start, campaign.end, context.assigned.get(path.stem, frozenset()))
        with clock.running():
            returned, _ = normalise(
                raw, form, context.lists, path.name, YEAR, context.printed[FORM], context.own_texts[path.stem]
            )
            validate(returned, form, near)
        values += len(returned.values)
    return {"values": values}


def _examined(root: Path, count: int) -> Iterator[list[tuple[Any, Any]]]:
    from generator.model import Delivery
    from generator.pipeline.examine import examine

    context, chunk = judging_context(root), []
    for number, path in enumerate(_files(root, count), start=1):
        delivery = Delivery(number, YEAR, path.name, f"{number:064}", datetime(YEAR, 12, 17).astimezone())
        chunk.append((delivery, examine(path.read_bytes(), delivery, context)))
        if len(chunk) == CHUNK or number == count:
            yield chunk
            chunk = []


def register(root: Path, count: int, clock: Clock) -> Told:
    """Packs what was examined and writes it into an empty register."""
    from generator.stages.register.blocks import pack
    from generator.stages.register.database import Register

    with tempfile.TemporaryDirectory() as folder, Register.open(Path(folder) / "register.sqlite") as found:
        for chunk in _examined(root, count):
            with clock.running():
                found.add([pack(one, said.submission, said.verdict, said.issues) for one, said in chunk], "")
        size = (Path(folder) / "register.sqlite").stat().st_size
    return {"kilobytes": size / 1024}


def merge(root: Path, _: int, clock: Clock) -> Told:
    """Takes what counts out of the register and merges it."""
    from generator.pipeline.judging import load_forms_or_refuse, load_registry_or_refuse
    from generator.pipeline.workspace import Workspace
    from generator.stages.merge import merge_answers
    from generator.stages.register.database import Register

    workspace = Workspace(root)
    forms, registry = load_forms_or_refuse(workspace), load_registry_or_refuse(workspace)
    with Register.open(workspace.register) as found, clock.running():
        dataset = merge_answers(found.answers(YEAR), registry, forms)
    return {"submissions": len(dataset.submissions)}


def context(root: Path, _: int, clock: Clock) -> Told:
    """The figures and the context of the report; kept, so that docxtpl and we fill in the very same."""
    import generator.pipeline.report as pipeline
    from generator.pipeline.judging import load_forms_or_refuse, load_registry_or_refuse
    from generator.pipeline.workspace import Workspace
    from generator.stages.figures import figures
    from generator.stages.register.database import Register
    from generator.stages.render import context as context_of
    from generator.stages.render import render

    workspace, seen, figuring = Workspace(root), [], Clock()

    def spied(template: Any, content: Any, plan: Any, *rest: Any) -> Any:
        seen.append((content, plan))
        return render(template, content, plan, *rest)

    def counted(*arguments: Any) -> Any:
        with figuring.running():
            return figures(*arguments)

    forms, registry = load_forms_or_refuse(workspace), load_registry_or_refuse(workspace)
    spies = patch.object(pipeline, "render", spied), patch.object(pipeline, "figures", counted)
    with spies[0], spies[1], Register.open(workspace.register) as found:
        pipeline.make_report(workspace, pipeline.year_period(registry, YEAR), registry, forms, found)
    with clock.running():
        names = context_of(*seen[0], {})
    (root / "context.pickle").write_bytes(pickle.dumps(names))
    return {"figures": figuring.cpu}


def report(root: Path, _: int, clock: Clock) -> Told:
    """Compiles the Word template, fills it with the year's figures and checks what Word would repair.

    Like docxtpl in a process of its own, which has made no report before. The parts are told apart.
    """
    from generator.definitions.load_plans import survey_plan
    from generator.office.geometry import check_geometry
    from generator.office.package import open_package
    from generator.office.sections import DOCUMENT
    from generator.office.table_rows import settle_rows
    from generator.office.template import compile_template
    from generator.office.wordpart import Element
    from generator.pipeline.judging import load_forms_or_refuse
    from generator.pipeline.workspace import Workspace
    from generator.stages.render import check_sections

    names, filters = _document(root)
    house, source = _house(root), _template(root)
    plan = survey_plan(root / "templates" / "reports" / "so-ket.yaml", load_forms_or_refuse(Workspace(root)))[0]
    assert plan is not None
    parts, trees = {name: Clock() for name in ("compile", "fill", "check")}, dict[str, Element]()
    with clock.running():
        with parts["compile"].running():
            template, faults = compile_template(house.template(source), "", filters)
        assert template is not None, faults
        with parts["fill"].running():
            document, faults = template.render(names, trees)
        assert document is not None, faults
        with parts["check"].running():
            package, _ = open_package(document, "")
            assert package is not None
            settle_rows(trees[DOCUMENT])
            assert not check_sections(trees[DOCUMENT], package, plan, "")
            assert not check_geometry(document, "", trees)
    (root / "ours.docx").write_bytes(document)
    return {name: part.cpu for name, part in parts.items()}


# --- the usual way and the floor ----------------------------------------------------------------------


def usual_blank(root: Path, count: int, clock: Clock) -> Told:
    """openpyxl: load the blank, write the partner's cells, save."""
    from benchmarks.usual import load_edit_save
    from generator.definitions.grid import sheet_grid
    from generator.definitions.load import load_forms
    from generator.office.workbook.address import address

    form = load_forms(root / "templates" / "forms")[0][FORM]
    cells = [
        (sheet.title, address(*sheet_grid(sheet).fields[single.code]), f"Giá trị {single.code}")
        for sheet in form.sheets
        for single in sheet.fields
        if single.prefill
    ]
    load_edit_save(root / "blank.xlsx", root / "copy.xlsx", cells)
    with clock.running():
        for _ in range(count):
            load_edit_save(root / "blank.xlsx", root / "copy.xlsx", cells)
    return {"cells": len(cells)}


def usual_report(root: Path, _: int, clock: Clock) -> Told:
    """docxtpl with the same template and the same context."""
    from benchmarks.usual import rendered

    context, filters = _document(root)
    template = _house(root).template(_template(root))
    import docxtpl  # noqa: F401  its import is not the report's cost

    with clock.running():
        content = rendered(template, context, filters)
    (root / "usual.docx").write_bytes(content)
    return {}


def _template(root: Path) -> bytes:
    return (root / "templates" / "reports" / "so-ket.docx").read_bytes()


def _house(root: Path) -> House:
    """How the office writes: both ways are given a template in its words."""
    from generator.pipeline.house import REPORT, house_of
    from generator.pipeline.judging import load_registry_or_refuse
    from generator.pipeline.report_period import year_period
    from generator.pipeline.workspace import Workspace

    registry = load_registry_or_refuse(Workspace(root))
    return house_of(root, REPORT, registry, year_period(registry, YEAR).end)


def _document(root: Path) -> tuple[Mapping[str, object], Mapping[str, Callable[..., object]]]:
    from generator.stages.render import FILTERS

    return pickle.loads((root / "context.pickle").read_bytes()), FILTERS


def floor_read(root: Path, count: int, clock: Clock) -> Told:
    """Inflates and parses the returns."""
    from benchmarks.usual import inflate_and_parse

    files = _files(root, count)
    with clock.running():
        inflate_and_parse(files)
    return {}


def floor_blank(root: Path, count: int, clock: Clock) -> Told:
    """Writes the same bytes so many times."""
    content = (root / "blank.xlsx").read_bytes()
    with tempfile.TemporaryDirectory() as folder, clock.running():
        for number in range(count):
            (Path(folder) / f"{number}.xlsx").write_bytes(content)
    return {}


def floor_report(root: Path, _: int, clock: Clock) -> Told:
    """Inflates and parses the finished document."""
    from benchmarks.usual import inflate_and_parse

    with clock.running():
        inflate_and_parse([root / "ours.docx"])
    return {}


def usual_whole(root: Path, count: int, clock: Clock) -> Told:
    """All of the usual way, from files to report; the figures of the report come to it for nothing."""
    reading, merging = Clock(), Clock()
    with clock.running():
        import docxtpl  # noqa: F401  what is imported is paid once, not with the first file
        import openpyxl  # noqa: F401
        import pandas  # noqa: F401

        from benchmarks.usual import merged, read_return, rendered

        with reading.running():
            returns = {path.stem: read_return(path) for path in _files(root, count)}
        with merging.running():
            whole, _, _ = merged(returns)
        context, filters = _document(root)
        rendered(_template(root), context, filters)
    return {
        "read": (reading.cpu, reading.wall),
        "merge": (merging.cpu, merging.wall),
        "total": int(whole["gia_tri"].sum()),
    }


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            *(prepare, blank, read, judge, register, merge, context, report),
            *(usual_blank, usual_report, usual_whole),
            *(floor_blank, floor_read, floor_report),
        )
    }
)


def main(name: str, root: str, count: str) -> None:
    """Runs one step and prints what it took."""
    clock = start_clock()
    told = STEPS[name](Path(root), int(count), clock)
    print(json.dumps({"cpu": clock.cpu, "wall": clock.wall, **told}))


if __name__ == "__main__":
    main(*sys.argv[1:])
