"""The demo: a workspace filled with sample returns, then taken the whole way to the reports.

In:   a folder, how many partners, which years, a seed. Out: returns under inputs/, blanks and reports under
      outputs/, and the answer key apart from both. The same call always writes the same bytes.
Imports the pipeline and the other modules of demo.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from generator.definitions.forms import Form
from generator.definitions.load import load_forms
from generator.demo.habits import Arrival, arrivals
from generator.demo.registry import demo_registry, most_partners
from generator.demo.workspace import claim, seal
from generator.issues import Place, RefusedError, UnusableError, has_errors, issue
from generator.model import Registry
from generator.office.package import open_package
from generator.pipeline.blanks import last_plans, write_blanks
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import assigned, communes, prefills
from generator.pipeline.init import copy_templates, shipped_templates
from generator.pipeline.intake import IngestSummary, ingest
from generator.pipeline.judging import load_registry_or_refuse
from generator.pipeline.report import Written, report_year
from generator.pipeline.workspace import Workspace, write_atomic
from generator.stages.blank import Blank

ANSWER_KEY = "minh-hoa/dap-an.json"
FORM = "KN-01"
FOREIGN = "danh-sach-du-hop.xlsx"
"""A workbook that is nobody's return: somebody always sends one."""

_NO_DATES = b'<coreProperties xmlns="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo wrote."""

    reports: tuple[Written, ...]
    answer_key: Path
    summaries: tuple[IngestSummary, ...]


def run_demo(root: Path, *, partners: int, years: Sequence[int], seed: int, say: Say) -> Demo:
    """Fills the workspace and runs the whole way. UnusableError when it holds anything a demo did not write."""
    workspace = Workspace(root.absolute())
    if not workspace.templates.is_dir():
        copy_templates(workspace)
    forms, faults = load_forms(workspace.templates / "forms")
    if has_errors(faults):
        raise RefusedError(*faults)
    most = most_partners(forms)
    if not 1 <= partners <= most:
        raise UnusableError(issue("demo.too_many", Place("--partners"), value=partners, most=most))
    registry_bytes = demo_registry(_registry_source(workspace), forms, partners, years)
    claim(workspace, _planned(partners, years))
    write_atomic(workspace.registry, registry_bytes)
    registry = load_registry_or_refuse(workspace)
    reports, summaries, key = [], [], []
    for year in years:
        count = len(write_blanks(workspace, year).files)
        say(f"Năm {year}: đã xuất {count} biểu trống vào outputs/{year}/blanks/")
        sent = _send(workspace, registry, forms, year, seed)
        key += [_told(one) for one in sent]
        say(f"Năm {year}: {len(sent)} tệp báo cáo minh họa đã đến inputs/{year}/")
        summary = ingest(workspace, year)
        summaries.append(summary)
        say(f"Năm {year}: đã tiếp nhận {len(summary.new)} tệp, {len(summary.issues)} điều cần lưu ý")
        reports.append(report_year(workspace, year))
    answer_key = workspace.outputs / ANSWER_KEY
    write_atomic(answer_key, json.dumps(key, ensure_ascii=False, indent=1).encode())
    seal(workspace)
    return Demo(tuple(reports), answer_key, tuple(summaries))


def _registry_source(workspace: Workspace) -> Path:
    own = workspace.templates / "registry"
    return own if own.is_dir() else shipped_templates() / "registry"


def _planned(partners: int, years: Iterable[int]) -> Iterable[str]:
    """Names under inputs/ that arrivals may get, so that a demo cut short is known as one."""
    for year in years:
        days = [f"{year}-12-{day}" for day in (15, 16, 17, 18, 19, 29)]
        names = [f"DV-{n:04d}-{FORM}-{year}{end}" for n in range(1, partners + 1) for end in ("", "-sua", "-gui-lai")]
        yield from (f"{year}/{day}/{name}.xlsx" for day in days for name in names)
        yield f"{year}/{days[2]}/{FOREIGN}"


def _send(
    workspace: Workspace, registry: Registry, forms: Mapping[str, Form], year: int, seed: int
) -> tuple[Arrival, ...]:
    """Writes the year's returns where partners' files are dropped."""
    campaign = next(one for one in registry.campaigns if one.year == year)
    pairs = assigned(registry, campaign)
    givers = [one for one in registry.partners if one.code in pairs]
    receivers = [choice.code for choice in communes(registry, campaign)]
    sent = arrivals(givers, pairs, receivers, year, seed)
    blanks: dict[int, Blank] = {}
    filled = prefills(registry, campaign, last_plans(workspace, registry, campaign), forms[FORM].role)
    for one in sent:
        if one.year not in blanks:
            blanks[one.year] = compile_blanks(forms, registry, replace(campaign, year=one.year))[FORM]
        content = blanks[one.year].fill(filled[one.partner], one.answers)
        if one.torn:
            content = content[: len(content) // 2]
        _drop(workspace.year_inputs(year) / one.folder / one.name, content)
    _drop(workspace.year_inputs(year) / f"{year}-12-17" / FOREIGN, _foreign_workbook())
    return sent


def _drop(path: Path, content: bytes) -> None:
    write_atomic(path, content)
    # the day of arrival is the folder's; a file time of "now" would be the one thing that differs between two runs
    day = datetime.fromisoformat(path.parent.name).timestamp()
    os.utime(path, (day, day))


def _foreign_workbook() -> bytes:
    from openpyxl import Workbook as SomeWorkbook  # noqa: PLC0415  only the demo makes foreign files

    workbook = SomeWorkbook()
    workbook.active["A1"] = "Danh sách đại biểu dự họp (minh họa)"  # type: ignore[index]
    written = io.BytesIO()
    workbook.save(written)
    package, _ = open_package(written.getvalue(), FOREIGN)
    assert package is not None
    # openpyxl stamps the moment of writing; the same demo must give the same bytes on another day
    return package.replace({"docProps/core.xml": _NO_DATES})


def _told(one: Arrival) -> dict[str, object]:
    """One line of the answer key."""
    values = [[table, row, field, str(value)] for (table, row, field), value in one.answers.items()]
    return {
        "year": one.year,
        "partner": one.partner,
        "file": f"{one.folder}/{one.name}",
        "verdict": one.verdict.value,
        "fault": one.fault,
        "values": values,
    }
