"""Letters' facts: who gets a letter of a kind, and what stands in it by the names of definitions.letters.

In:   Desk, the day of the letter, messages. Out: what every letter says alike; by code of a partner its own names.
Imports pipeline (desk, status, issues_list, letterhead, letters_differences, verdicts), stages.render, definitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from generator.definitions.letters import NAME, RECONCILE, REMIND, YEAR, LetterPlan
from generator.definitions.messages import Messages
from generator.issues import Issue, Severity
from generator.model import COUNTED, Partner, Verdict
from generator.pipeline.comparing import compared_year
from generator.pipeline.context import roles_of
from generator.pipeline.desk import Desk
from generator.pipeline.issues_list import IssueGroup, grouped, issue_row
from generator.pipeline.letterhead import heading
from generator.pipeline.letters_differences import differences_of
from generator.pipeline.status import StatusRow, status
from generator.pipeline.verdicts import VERDICTS
from generator.stages.obligations import BOARD, last_versions
from generator.stages.render import shown_text

CODES: Mapping[Verdict, str] = {
    Verdict.MISSING: "chua_gui",
    Verdict.EXEMPT: "duoc_mien",
    Verdict.NIL: "khong_phat_sinh",
    Verdict.UNREADABLE: "khong_doc_duoc",
    Verdict.NOT_OUR_FORM: "khong_dung_bieu",
    Verdict.WRONG_PARTNER_OR_YEAR: "sai_don_vi_hoac_nam",
    Verdict.WAITING_FOR_CORRECTION: "cho_chinh_sua",
    Verdict.ACCEPTED_WITH_WARNINGS: "dat_co_canh_bao",
    Verdict.ACCEPTED: "dat",
}
"""What a template's `if` calls each verdict."""
SETTLED = COUNTED | {Verdict.EXEMPT}
"""Verdicts after which nothing more is asked."""
MOST_FAULTS = 10
"""Faults told in one letter for one form; the reply by mail has all of them, with the workbook marked."""
MOST_CELLS = 6
_KEPT = re.compile(r"Lưu: ?VT")
"""The last line of "Nơi nhận" while it does not say yet who drafted."""

Names = dict[str, object]
Addressees = Mapping[str, Names]
"""By code of a partner the names that are its own."""


def shared_names(desk: Desk, plan: LetterPlan, day: date) -> tuple[Names, list[Issue]]:
    """What every letter of the run says alike; settings in force on the day. A warning for each missing setting."""
    head, found = heading(desk.registry, day)
    kept = [line for line in _lines(head["noi_nhan"]) if line not in plan.leave_out]
    drafted = plan.drafted_by
    names: Names = {
        **head,
        "minh_hoa": desk.workspace.illustrative,
        "nam": str(desk.year),
        "ngay": day,
        "nam_ban_hanh": str(day.year),
        "ky_tu": desk.campaign.start,
        "ky_den": desk.campaign.end,
        "han_gui": desk.campaign.due,
        "noi_gui": desk.campaign.send_to,
        "ky_hieu": _number_code(str(head["ky_hieu"]), drafted),
        "trich_yeu": plan.subject.replace(YEAR, str(desk.year)),
        "noi_nhan": [f"{line}, {drafted}" if drafted and _KEPT.fullmatch(line) else line for line in kept],
    }
    names.pop("kinh_gui", None)
    shown = {name: shown_text(value) if isinstance(value, str) else value for name, value in names.items()}
    return {**shown, **plan.words}, found


def addressees(desk: Desk, plan: LetterPlan, day: date, messages: Messages) -> Addressees:
    """Who gets a letter of the kind, in the order of codes, with the names that are its own; the board gets none."""
    partners = last_versions(desk.registry.partners, desk.campaign)
    own: Iterable[tuple[str, Names]]
    if plan.kind == RECONCILE:
        own = differences_of(desk, compared_year(desk))
    else:
        forms = _forms_of(desk, day)
        own = _reminded(forms) if plan.kind == REMIND else _told(desk, forms, messages)
    found: dict[str, Names] = {}
    for code, names in sorted(own, key=lambda one: one[0]):
        partner = partners.get(code)
        if partner is not None and partner.kind != BOARD:
            found[code] = {**_addressed(partner, plan), **names}
    return found


def _lines(value: object) -> Sequence[str]:
    return value if isinstance(value, list) else ()


def _number_code(report_code: str, drafted_by: str) -> str:
    """The code of a công văn: the office's own short name, without the kind of document, and who drafts it."""
    office = report_code.partition("-")[2] or report_code
    return f"{office}-{drafted_by}" if drafted_by else office


def _addressed(partner: Partner, plan: LetterPlan) -> Names:
    """Name and address. Inside an address the name is no beginning of a line: "Ủy ban nhân dân huyện …"."""
    pattern = plan.addressed.get(partner.kind, NAME)
    name = shown_text(partner.name)
    inner = name[:1].lower() + name[1:] if not pattern.startswith(NAME) else name[:1].upper() + name[1:]
    return {"ma": partner.code, "ten": name, "kinh_gui": pattern.replace(NAME, inner)}


# --- who is reminded, who is told a result --------------------------------------------------------


def _forms_of(desk: Desk, day: date) -> Mapping[str, Sequence[tuple[StatusRow, Names]]]:
    """By partner every form it owes, with what a letter says of it."""
    rows = status(desk.registry, desk.register, desk.year, day, desk.decisions, roles_of(desk.forms))
    found: dict[str, list[tuple[StatusRow, Names]]] = {}
    for row in rows:
        if row.due is not None:
            form = desk.forms.get(row.form)
            title = form.title if form else row.form
            found.setdefault(row.partner, []).append((row, _form_names(row, row.due, title, day)))
    return found


def _form_names(row: StatusRow, due: date, title: str, day: date) -> Names:
    return {
        "bieu": row.form,
        "ten_bieu": shown_text(title[:1] + title[1:].lower() if title.isupper() else title),
        "han": due,
        "so_ngay": max(0, (day - due).days),
        "con_ngay": max(0, (due - day).days),
        "lan": row.revision,
        "ngay_nhan": row.received.date() if row.received else "",
        "tinh_trang": CODES[row.verdict],
        "tinh_trang_chu": VERDICTS[row.verdict],
        "so_loi": row.errors,
        "so_canh_bao": row.warnings,
        "da_tinh": row.counted_revision,
        "muon": row.late,
    }


def _reminded(forms: Mapping[str, Sequence[tuple[StatusRow, Names]]]) -> Iterator[tuple[str, Names]]:
    """Whoever sent nothing; and, once the deadline is past, whoever sent what cannot be used as it is."""
    for code, rows in forms.items():
        missing = [names for row, names in rows if row.verdict is Verdict.MISSING]
        waiting = [
            names
            for row, names in rows
            if row.verdict not in SETTLED and row.verdict is not Verdict.MISSING and names["so_ngay"]
        ]
        if missing or waiting:
            yield code, {"chua_gui": missing, "cho_sua": waiting}


def _told(
    desk: Desk, forms: Mapping[str, Sequence[tuple[StatusRow, Names]]], messages: Messages
) -> Iterator[tuple[str, Names]]:
    """Whoever sent anything: all forms it owes, since what has not come is still asked for."""
    faults = _faults(desk, messages)
    for code, rows in forms.items():
        if all(row.received is None for row, _ in rows):
            continue
        told = []
        for row, names in rows:
            groups = faults.get((row.form, code), []) if row.verdict not in SETTLED else []
            shown = [_fault(group) for group in groups[:MOST_FAULTS]]
            told.append({**names, "can_sua": shown, "so_con_lai": len(groups) - len(shown)})
        yield code, {"cac_bieu": told, "con_phai_lam": any(row.verdict not in SETTLED for row, _ in rows)}


def _faults(desk: Desk, messages: Messages) -> Mapping[tuple[str, str], list[IssueGroup]]:
    """Errors by form and partner; equal ones of a sheet together."""
    rows: dict[tuple[str, str], list[tuple[object, Issue]]] = {}
    for state, found in desk.register.issues(desk.year):
        if found.severity is Severity.ERROR:
            rows.setdefault((state.form, state.partner), []).append((state, found))
    return {key: grouped(issue_row(found, messages, desk.year) for _, found in told) for key, told in rows.items()}


def _fault(group: IssueGroup) -> Names:
    cells = ", ".join(group.cells[:MOST_CELLS]) + (" …" if len(group.cells) > MOST_CELLS else "")
    place = [f"trang {group.row.sheet}"] * bool(group.row.sheet) + [f"ô {cells}"] * bool(cells)
    said = {"o": ", ".join(place), "noi_dung": group.row.message, "cach_sua": group.row.cure}
    return {name: shown_text(text) for name, text in said.items()}
