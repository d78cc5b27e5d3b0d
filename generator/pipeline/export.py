"""Export: one year's dataset into a file or onto a stream.

In:   workspace, register, forms, registry, a year and a format. Out: the file written whole, or text on the stream.
Imports the stages register and export, pipeline.compiled, verdicts and workspace.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from generator.definitions.forms import Form
from generator.model import Campaign, Registry
from generator.pipeline.compiled import receiver_at
from generator.pipeline.verdicts import VERDICTS
from generator.pipeline.workspace import Workspace, whole_file
from generator.stages.export import (
    Definition,
    ExportRow,
    Source,
    definitions,
    export_rows,
    sources,
    write_csv,
    write_json,
    write_xlsx,
)
from generator.stages.register.database import Register


@dataclass(frozen=True, slots=True)
class YearExport:
    """What counts in a year, to be walked as often as it is asked for."""

    register: Register
    registry: Registry
    forms: Mapping[str, Form]
    campaign: Campaign

    def rows(self) -> Iterator[ExportRow]:
        """Every value; a partner bears the last name the registry knows."""
        return export_rows(self.register.counted(self.campaign.year), self.forms, self._names())

    def sources(self) -> list[Source]:
        """Every submission whose values count."""
        return sources(self.register.counted(self.campaign.year), self._names(), VERDICTS)

    def definitions(self) -> list[Definition]:
        """Every question of the forms that partners owe; the board's own tables are no part of the dataset."""
        return definitions(form for _, form in sorted(self.forms.items()) if form.role)

    def _names(self) -> dict[str, str]:
        return {partner.code: partner.name for partner in self.registry.partners}


def default_file(workspace: Workspace, year: int) -> Path:
    """Where the workbook of a year is written when nobody says otherwise."""
    return workspace.year_outputs(year) / f"so-lieu-{year}.xlsx"


def export_text(year: YearExport, kind: str, stream: TextIO) -> None:
    """Writes csv or json as it comes."""
    if kind == "csv":
        write_csv(year.rows(), stream)
    else:
        write_json(year.rows(), stream)


def export_file(year: YearExport, kind: str, path: Path) -> None:
    """Writes the file whole; an older one stays when that fails. UnusableError says why."""
    campaign = year.campaign
    with whole_file(path) as stream:
        if kind == "xlsx":
            write_xlsx(
                year.rows(),
                year.sources(),
                year.definitions(),
                stream,
                title=f"Số liệu công tác kết nghĩa năm {campaign.year}",
                creator=receiver_at(year.registry, campaign.deadline),
                day=campaign.due,
            )
        else:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            export_text(year, kind, text)
            text.flush()
            text.detach()
