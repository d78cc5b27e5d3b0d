"""Export: one year's dataset into a file or onto a stream.

In:   workspace, register, forms, names, a format. Out: the file written whole, or text on the stream.
Imports the stages register and export, pipeline.workspace.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from generator.definitions.forms import Form
from generator.model import Registry
from generator.pipeline.workspace import Workspace, whole_file
from generator.stages.export import ExportRow, export_rows, write_csv, write_json, write_xlsx
from generator.stages.register.database import Register


def default_file(workspace: Workspace, year: int) -> Path:
    """Where the workbook of a year is written when nobody says otherwise."""
    return workspace.year_outputs(year) / f"so-lieu-{year}.xlsx"


def year_rows(register: Register, registry: Registry, forms: Mapping[str, Form], year: int) -> Iterator[ExportRow]:
    """Every value that counts in the year; a partner bears the last name the registry knows."""
    names = {partner.code: partner.name for partner in registry.partners}
    return export_rows(register.counted(year), forms, names)


def export_text(rows: Iterator[ExportRow], kind: str, stream: TextIO) -> None:
    """Writes csv or json as it comes."""
    if kind == "csv":
        write_csv(rows, stream)
    else:
        write_json(rows, stream)


def export_file(rows: Iterator[ExportRow], kind: str, path: Path) -> None:
    """Writes the file whole; an older one stays when that fails. UnusableError says why."""
    with whole_file(path) as stream:
        if kind == "xlsx":
            with tempfile.TemporaryFile() as scratch:
                write_xlsx(rows, stream, scratch)
        else:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            export_text(rows, kind, text)
            text.flush()
            text.detach()
