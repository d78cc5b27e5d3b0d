"""Drafts of small registers: returns, what is wrong with them, and one report made in four ways."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from draft_reading import spoken
from generator.definitions.load import load_messages
from generator.issues import Issue
from generator.model import Counted, Delivery, Event, EventKind, Registry
from generator.pipeline.draft import make_draft
from generator.pipeline.report import make_report
from generator.pipeline.report_files import Made
from generator.pipeline.report_period import Period, year_period
from generator.pipeline.workspace import Workspace
from generator.stages.register.blocks import Ruled, pack
from generator.stages.register.database import Register
from generator.stages.render.printing import Printed
from report_cases import (
    BOARD_FORM,
    FORM,
    RECEIVED_FORM,
    TEMPLATES,
    counted,
    forms,
    gift,
    need,
    partner,
    registry,
    taken,
)

MESSAGES, _ = load_messages(TEMPLATES / "messages")
GIVERS = tuple(partner(f"DV-{at:04d}", f"Sở (minh họa) {at:02d}") for at in range(1, 13))
REFORM = date(2025, 3, 1)
KNOWN = replace(
    registry(*GIVERS, owed=(FORM, RECEIVED_FORM, BOARD_FORM)),
    events=tuple(Event(REFORM, EventKind.RETYPE, (one.code,), one.code, "Quyết định 5/QĐ-UBND") for one in GIVERS[:10]),
)
"""Ten givers became of another kind by one document: a sentence with two counts."""


def empty_workspace(root: Path) -> Workspace:
    """A workspace with the shipped templates and nothing else."""
    shutil.copytree(TEMPLATES, root / "templates")
    (root / "inputs").mkdir()
    (root / "outputs").mkdir()
    return Workspace(root)


def filled(
    workspace: Workspace,
    returns: Sequence[Counted],
    faults: Mapping[str, Sequence[Issue]] = {},
    ruled: Mapping[str, Ruled] = {},
) -> Register:
    """A register of these returns; by key of a return: what is wrong with it, what was decided of it."""
    workspace.register.unlink(missing_ok=True)
    register, entries, decided = Register.open(workspace.register), [], []
    for number, one in enumerate(returns, start=1):
        said = one.submission
        delivery = Delivery(number, said.year, said.file, said.sha256, one.received)
        entries.append(pack(delivery, said, one.verdict, faults.get(one.key, ())))
        if one.key in ruled:
            decided.append(pack(delivery, said, one.verdict, faults.get(one.key, ()), ruled[one.key]))
    register.add(entries, "x")
    register.rule(2025, "x", {one.delivery.sequence: "x" for one in decided}, decided, [])
    return register


def many_returns() -> list[Counted]:
    """Returns of two years, giver by giver other amounts; two communes with the same poverty standard."""
    found = [
        counted("TT-0001", tables={"van_ban": [{"trich_yeu": "về kết nghĩa", "co_quan": "UBND"}]}, form=BOARD_FORM)
    ]
    for at, one in enumerate(GIVERS[:4], start=1):
        rows = [gift(1_234_000 * at, so_ho=at, so_nguoi=4 * at), gift(500_000, "con_giong", "long_ghep", "XA-0002")]
        told = {"ma_don_vi": one.code, "so_buoi_quan_triet": at, "co_ke_hoach": True, "ton_tai": f"Thiếu 5 tỷ {at} …"}
        plans = {"ke_hoach": [{"noi_dung": "Làm nhà", "loai": "nha_o", "xa": "XA-0001", "gia_tri_du_kien": 7_000_000}]}
        found.append(counted(one.code, rows, told, tables=plans))
        found.append(counted(one.code, [gift(800_000 * at)], {"ma_don_vi": one.code}, year=2024))
    for year in (2024, 2025):
        for at, code in enumerate(("XA-0001", "XA-0002"), start=1):
            told = {"so_thon": 5, "so_ho": 100 * at, "so_nguoi": 400, "ngheo_dau_ky": 50 * at, "ngheo_cuoi_ky": 40 * at}
            told |= {"chuan_ngheo": "2021_2025", "thoat_ngheo": 12, "nha_da_xoa": 3}
            wishes = {"nhu_cau": [need(9_000_000 * at)]}
            rows = [taken(2_000_000, giver="DV-0009")]
            found.append(counted(code, rows, told, year=year, tables=wishes, form=RECEIVED_FORM))
    return found


def drafted(
    workspace: Workspace,
    returns: Sequence[Counted],
    period: Period | None = None,
    known: Registry = KNOWN,
    faults: Mapping[str, Sequence[Issue]] = {},
    ruled: Mapping[str, Ruled] = {},
) -> Made:
    with filled(workspace, returns, faults, ruled) as register:
        return make_draft(MESSAGES, workspace, period or year_period(known, 2025), known, forms(), register)


class Case:
    """One report four ways: signed, marked, draft, and with every figure between signs of the test's own."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        returns = many_returns()
        with filled(workspace, returns) as register:
            asked = (workspace, period, KNOWN, forms(), register)
            self.signed = make_report(*asked)
            self.marked = make_report(*asked, marked=True)
            self.draft = make_draft(MESSAGES, *asked)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Printed, "noted", lambda one, text: f"⟦{one.figure.code}|{text}⟧")
                self.by_hand = make_report(*asked).rendered.content
        self.comments = spoken(self.draft.rendered.content)
        self.figures = [one for one in self.comments if one.asked]
