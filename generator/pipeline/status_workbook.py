"""Status workbook: outputs/<year>/tinh-hinh-bao-cao.xlsx, who has sent what, for the wall and for chasing.

In:   Desk. Out: the workbook's path. Nothing in it depends on today: late is judged by the journal, and what has
      not arrived waits until its own deadline.
Imports pipeline.status_sheets, state_of_reporting, status, replies, compiled, desk and workspace, office.workbook.draw.
"""

from __future__ import annotations

from pathlib import Path

from generator.office.workbook.draw import draw_workbook
from generator.pipeline.compiled import receiver_at
from generator.pipeline.desk import Desk
from generator.pipeline.replies import name_of
from generator.pipeline.state_of_reporting import StateOfReporting
from generator.pipeline.status import status
from generator.pipeline.status_sheets import status_sheets
from generator.pipeline.workspace import write_atomic

NAME = "tinh-hinh-bao-cao.xlsx"
REPLIES = "replies"
REGISTRY_FORM, KINDS = "DM-01", "loai_don_vi"


def write_status_workbook(desk: Desk) -> Path:
    """Writes the state of reporting of the desk's year whole; the same bytes for the same inputs on every day.

    Replies are linked when they lie there, so they are written first. UnusableError when the disk refuses.
    """
    folder = desk.workspace.year_outputs(desk.year)
    content = draw_workbook(
        status_sheets(state_of_reporting(desk, folder / REPLIES)),
        title=f"Tình hình báo cáo năm {desk.year}",
        creator=receiver_at(desk.registry, desk.campaign.deadline),
        day=desk.campaign.due,
    )
    path = folder / NAME
    write_atomic(path, content)
    return path


def state_of_reporting(desk: Desk, replies: Path) -> StateOfReporting:
    """What the sheets are made from."""
    campaign = desk.campaign
    valid = [one for one in desk.registry.partners if one.valid_within(campaign.start, campaign.end)]
    partners = {one.code: one for one in (*desk.registry.partners, *valid)}
    registry_form = desk.forms.get(REGISTRY_FORM)
    kinds = registry_form.choices.get(KINDS, ()) if registry_form else ()
    arrived, lying = tuple(desk.register.arrived(desk.year)), {one.name for one in replies.glob("*.eml")}
    return StateOfReporting(
        year=desk.year,
        campaign=campaign,
        rows=tuple(status(desk.registry, desk.register, desk.year, campaign.due, desk.decisions)),
        partners=partners,
        kinds={one.code: one.label for one in kinds},
        arrived=arrived,
        deliveries=desk.deliveries,
        replies={one.sequence: name for one in arrived if (name := name_of(one)) in lying},
        illustrative=desk.workspace.illustrative,
    )
