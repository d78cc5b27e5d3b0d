"""Papers: all that a year's record is written down as: comparison, replies, state of reporting.

In:   what was loaded of a workspace, a year whose register is up to date. Out: files under outputs/<year>/, the same
      on every run.
Imports pipeline.comparing, replies, status_workbook, decisions and desk; the stage obligations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.definitions.forms import Form
from generator.issues import Place, RefusedError, issue
from generator.model import Delivery, Registry
from generator.pipeline.comparing import compare_year
from generator.pipeline.comparison_sheets import write_comparison
from generator.pipeline.decisions import load_decisions
from generator.pipeline.desk import Desk
from generator.pipeline.progress import Progress, silent
from generator.pipeline.replies import write_replies
from generator.pipeline.status_workbook import write_status_workbook
from generator.pipeline.workspace import Workspace
from generator.stages.obligations import campaign_of
from generator.stages.register.database import Register


def write_papers(desk: Desk, progress: Progress = silent) -> None:
    """Writes every paper of the year. First the comparison: what it finds is told in the others.

    RefusedError for a faulty reply template; UnusableError when the disk refuses.
    """
    write_comparison(desk, compare_year(desk))
    write_replies(desk, progress)
    write_status_workbook(desk)


def desk_of(
    workspace: Workspace,
    year: int,
    registry: Registry,
    forms: Mapping[str, Form],
    register: Register,
    deliveries: Sequence[Delivery],
) -> Desk:
    """What the papers of the year are made from. RefusedError when the year has no campaign."""
    campaign = campaign_of(registry, year)
    if campaign is None:
        place, years = Place(workspace.relative(workspace.registry)), (str(one.year) for one in registry.campaigns)
        raise RefusedError(issue("year.no_campaign", place, year=year, years=", ".join(years)))
    decisions, _ = load_decisions(workspace, year, registry)  # what is wrong with them the intake tells
    return Desk(workspace, year, campaign, registry, forms, register, tuple(deliveries), decisions)
