"""The demo: a workspace filled with sample returns, then taken the whole way to the reports.

In:   a folder, how many partners, which years, a seed. Out: returns under inputs/, blanks and reports under
      outputs/, and the answer key apart from both. The same call always writes the same bytes.
Imports the pipeline and the other modules of demo.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from generator.definitions.forms import Form
from generator.definitions.load import load_forms
from generator.demo import key
from generator.demo.habits import Arrival
from generator.demo.parcels import Parcel, parcels
from generator.demo.registry import demo_registry, most_partners
from generator.demo.rulings import decision_answers
from generator.demo.season import Season, seasons
from generator.demo.workspace import claim, seal
from generator.issues import Place, RefusedError, UnusableError, has_errors, issue
from generator.model import Registry, Scalar
from generator.office.package import open_package
from generator.pipeline.blanks import last_plans, write_blanks
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import prefills
from generator.pipeline.decisions import DECISIONS_FORM
from generator.pipeline.init import copy_templates, shipped_templates
from generator.pipeline.intake import IngestSummary, ingest
from generator.pipeline.judging import load_registry_or_refuse
from generator.pipeline.progress import Progress, silent
from generator.pipeline.registry import read_registry
from generator.pipeline.report import report_year, report_years
from generator.pipeline.rulings import decisions_file
from generator.pipeline.workspace import Workspace, write_atomic
from generator.stages.blank import Blank, compile_blank
from generator.stages.ingest.parts import VIETNAM

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

ANSWER_KEY = "minh-hoa/dap-an.json"
FOREIGN = "danh-sach-du-hop.xlsx"
"""A workbook that is nobody's return: somebody always sends one."""
_FIELDS_LIST = "loai"

_NO_DATES = b'<coreProperties xmlns="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'

Say = Callable[[str], None]
Show = Callable[[str], "AbstractContextManager[Progress]"]
"""Given what is being done, how its progress is shown."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo wrote."""

    documents: tuple[Path, ...]
    answer_key: Path
    summaries: tuple[IngestSummary, ...]


@contextlib.contextmanager
def _unseen(_: str) -> Iterator[Progress]:
    yield silent


def run_demo(root: Path, *, partners: int, years: Sequence[int], seed: int, say: Say, show: Show = _unseen) -> Demo:
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
    registry, wrong = read_registry(registry_bytes, workspace.relative(workspace.registry), forms)
    if registry is None:
        raise RefusedError(*wrong)
    addresses = {one.code: one.email for one in registry.partners if one.email}
    found = seasons(registry, years, seed, _fields(forms))
    sent = [parcels(one.arrivals, addresses) for one in found]
    claim(workspace, _planned(found, sent))
    write_atomic(workspace.registry, registry_bytes)
    run = _Run(workspace, forms, load_registry_or_refuse(workspace), say, show)
    for season, post in zip(found, sent, strict=True):
        run.year(season, post)
    answer_key = workspace.outputs / ANSWER_KEY
    told = [record for season, post in zip(found, sent, strict=True) for record in key.told(season, post)]
    write_atomic(answer_key, json.dumps(told, ensure_ascii=False, indent=1).encode())
    run.report(years)
    seal(workspace)
    return Demo(tuple(run.documents), answer_key, tuple(run.summaries))


def _registry_source(workspace: Workspace) -> Path:
    own = workspace.templates / "registry"
    return own if own.is_dir() else shipped_templates() / "registry"


def _fields(forms: Mapping[str, Form]) -> Mapping[str, str]:
    """Field of each kind of help."""
    return {choice.code: choice.group for choice in forms["KN-01"].choices[_FIELDS_LIST]}


def _planned(found: Iterable[Season], sent: Iterable[Sequence[Parcel]]) -> Iterator[str]:
    """Names under inputs/ of everything that will lie there, so that a demo cut short is known as one."""
    for season, post in zip(found, sent, strict=True):
        year = season.campaign.year
        yield from (f"{year}/{parcel.name}" for parcel in post)
        yield f"{year}/{_foreign_name(year)}"
        yield f"{year}/quyet-dinh.xlsx"


def _foreign_name(year: int) -> str:
    return f"{year}-12-17/{FOREIGN}"


@dataclass
class _Run:
    """The way through the years: blanks, post, intake; then the reports."""

    workspace: Workspace
    forms: Mapping[str, Form]
    registry: Registry
    say: Say
    show: Show
    documents: list[Path] = field(default_factory=list)
    summaries: list[IngestSummary] = field(default_factory=list)
    _blanks: dict[tuple[str, int], Blank] = field(default_factory=dict)
    _decisions: Blank | None = None

    def year(self, season: Season, post: Sequence[Parcel]) -> None:
        """One campaign from the blanks to the register."""
        year = season.campaign.year
        count = len(write_blanks(self.workspace, year).files)
        self.say(f"Năm {year}: đã xuất {count} biểu trống vào outputs/{year}/blanks/")
        self._send(season, post)
        self._decide(season)
        books = sum(len(parcel.arrivals) for parcel in post) + 1
        self.say(f"Năm {year}: {books} biểu minh họa đã đến inputs/{year}/ ({len(post) + 1} tệp, thư, tệp nén)")
        with self.show(f"Năm {year}: đang tiếp nhận") as tell:
            summary = ingest(self.workspace, year, progress=tell)
        self.summaries.append(summary)
        self.say(f"Năm {year}: đã tiếp nhận, {len(summary.issues)} điều cần lưu ý")

    def report(self, years: Sequence[int]) -> None:
        """The report of each year, then that of all of them."""
        with self.show("Đang lập báo cáo") as tell:
            for number, year in enumerate(years, start=1):
                self.documents.append(report_year(self.workspace, year).document)
                tell(number, len(years) + 1)
            if len(years) > 1:
                self.documents.append(report_years(self.workspace, years[0], years[-1]).document)
            tell(len(years) + 1, len(years) + 1)

    def _send(self, season: Season, post: Sequence[Parcel]) -> None:
        """Writes the year's returns where partners' files are dropped."""
        campaign, folder = season.campaign, self.workspace.year_inputs(season.campaign.year)
        compiled = compile_blanks(self.forms, self.registry, campaign)
        self._blanks.update({(form, campaign.year): blank for form, blank in compiled.items()})
        plans = last_plans(self.workspace, self.registry, campaign)
        prefilled = {form: prefills(self.registry, campaign, plans, self.forms[form].role) for form in compiled}

        def fill(one: Arrival) -> bytes:
            content = self._blank(one).fill(prefilled[one.form][one.partner], one.answers)
            return content[: len(content) // 2] if one.torn else content

        for parcel in post:
            _drop(folder / parcel.name, parcel.content(fill), parcel.day)
        _drop(folder / _foreign_name(campaign.year), _foreign_workbook(), f"{campaign.year}-12-17")

    def _blank(self, one: Arrival) -> Blank:
        wanted = (one.form, one.blank_year or one.year)
        if wanted not in self._blanks:
            campaign = next(each for each in self.registry.campaigns if each.year == one.year)
            older = replace(campaign, year=wanted[1])
            self._blanks[wanted] = compile_blanks({one.form: self.forms[one.form]}, self.registry, older)[one.form]
        return self._blanks[wanted]

    def _decide(self, season: Season) -> None:
        """Writes what the board rules on the year's returns."""
        if not season.rules or DECISIONS_FORM not in self.forms:
            return
        self._decisions = self._decisions or compile_blank(self.forms[DECISIONS_FORM], {}, None)
        nothing: Mapping[str, Scalar] = {}
        answers = decision_answers(season.rules, self.forms, season.campaign.year)
        path = decisions_file(self.workspace, season.campaign.year)
        _drop(path, self._decisions.fill(nothing, answers), f"{season.campaign.year}-12-30")


def _drop(path: Path, content: bytes, day: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all matters for what an officer gave; a demo that is cut short is made anew.
    path.write_bytes(content)
    # a loose file arrives at its time: "now" would be the one thing that differs between two runs
    moment = datetime.combine(datetime.fromisoformat(day), time(8), VIETNAM).timestamp()
    os.utime(path, (moment, moment))


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
