"""Status: who owes what, who sent it, how it stands, and what the board should do next.

In:   registry, register, a year, today. Out: StatusRow for each obligation and each stray delivery, in order.
Imports the stages obligations and register, model. Counts nothing itself: verdicts come from the register.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from generator.model import Obligation, Partner, Registry, Verdict
from generator.stages.obligations import obligations
from generator.stages.register.database import Register
from generator.stages.register.states import ObligationState


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One line of `ketnghia status`; its fields are the JSON contract (design, section 5)."""

    year: int
    form: str
    partner: str
    partner_name: str
    due: date | None
    received: datetime | None
    revision: int
    verdict: Verdict
    errors: int
    warnings: int
    late: bool
    """Whether the first revision came after the deadline; for what is missing, whether the deadline is past."""
    counted_revision: int
    """The revision that is in the dataset; 0 for none."""
    file: str
    next: str
    """What to do next, in Vietnamese; "" for nothing."""

    def contract(self) -> dict[str, object]:
        """The row as `status --json` gives it."""
        return asdict(self)


def status(registry: Registry, register: Register, year: int, today: date) -> list[StatusRow]:
    """Every obligation of the year in the registry's order, then what arrived beside them.

    The partner of an obligation has exactly one row; a delivery that belongs to none is never left out.
    """
    states = {(state.form, state.partner): state for state in register.states(year)}
    rows = [_owed(one, states.pop((one.form, one.partner.code), None), today) for one in obligations(registry, year)]
    names = _names(registry.partners)
    beside = [*states.values(), *register.strays(year)]
    return rows + [_beside(state, names.get(state.partner, "")) for state in beside]


def _names(partners: Iterable[Partner]) -> dict[str, str]:
    return {partner.code: partner.name for partner in partners}


def _owed(owed: Obligation, state: ObligationState | None, today: date) -> StatusRow:
    verdict = state.verdict if state else Verdict.MISSING
    arrived = state.first_received.date() if state and state.revision else None
    return StatusRow(
        year=owed.year,
        form=owed.form,
        partner=owed.partner.code,
        partner_name=owed.partner.name,
        due=owed.due,
        received=state.received if state else None,
        revision=state.revision if state else 0,
        verdict=verdict,
        errors=state.errors if state else 0,
        warnings=state.warnings if state else 0,
        late=arrived > owed.due if arrived else state is None and today > owed.due,
        counted_revision=state.counted if state else 0,
        file=state.file if state else "",
        next=_next(verdict, state.counted if state else 0, owed.due, today),
    )


def _beside(state: ObligationState, name: str) -> StatusRow:
    return StatusRow(
        year=state.year,
        form=state.form,
        partner=state.partner,
        partner_name=name,
        due=None,
        received=state.received,
        revision=state.revision,
        verdict=state.verdict,
        errors=state.errors,
        warnings=state.warnings,
        late=False,
        counted_revision=state.counted,
        file=state.file,
        next=_next(state.verdict, state.counted, None, None),
    )


_NEXT: dict[Verdict, str] = {
    Verdict.WAITING_FOR_CORRECTION: "Đề nghị đơn vị sửa lỗi và gửi lại",
    Verdict.UNREADABLE: "Đề nghị đơn vị gửi lại tệp đọc được.",
    Verdict.NOT_OUR_FORM: "Gửi lại biểu trống cho đơn vị và đề nghị điền đúng biểu.",
    Verdict.WRONG_PARTNER_OR_YEAR: "Xem tệp của đơn vị nào, năm nào; chuyển đúng thư mục năm hoặc đề nghị gửi lại.",
    Verdict.ACCEPTED_WITH_WARNINGS: "Xem cảnh báo, hỏi lại đơn vị nếu cần.",
}


def _next(verdict: Verdict, counted: int, due: date | None, today: date | None) -> str:
    if verdict is Verdict.MISSING:
        return _remind(due, today)
    told = _NEXT.get(verdict, "")
    if verdict is Verdict.WAITING_FOR_CORRECTION:
        told += f"; bản nộp lần {counted} vẫn được tính." if counted else "; số liệu chưa được tính."
    return told


def _remind(due: date | None, today: date | None) -> str:
    if due is None or today is None:
        return "Đôn đốc đơn vị gửi báo cáo."
    if today <= due:
        return f"Chờ đơn vị gửi, hạn {due:%d/%m/%Y}."
    return f"Đôn đốc: quá hạn {(today - due).days} ngày."
