"""Status: who owes what, who sent it, how it stands, and what the board should do next.

In:   registry, register, a year, today, decisions. Out: StatusRow for each obligation and each stray delivery, in
      order; how complete the year is. Verdicts come from the register; only who is let off is decided here.
Imports the stages obligations and register, model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from fractions import Fraction

from generator.model import Decision, Obligation, Partner, Registry, Verdict
from generator.stages.obligations import ROLES, obligations
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
    exempt: str = ""
    """Why a decision lets the partner off; "" for none."""
    reasons: int = 0
    """How many warnings the partner gave a reason for."""

    def contract(self) -> dict[str, object]:
        """The row as `status --json` gives it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a year is. Only obligations are counted, each once, whatever else arrived beside them."""

    owed: int
    exempt: int
    """Let off by a decision; nothing of them counts."""
    expected: int
    """Owed and not let off: all shares are shares of these."""
    received: int
    """With a revision, whether it counts or waits."""
    counted: int
    """With a revision that counts."""
    waiting: int
    """The latest revision waits for its correction; an earlier one may count."""
    on_time: int
    late: int
    """Received, but first after the deadline; on time and late together are what was received."""
    missing: int
    """Nothing of them could be filed."""

    @property
    def received_share(self) -> Fraction:
        """From 0 to 1; 0 where nothing is expected."""
        return Fraction(self.received, self.expected or 1)

    @property
    def counted_share(self) -> Fraction:
        """From 0 to 1; 0 where nothing is expected."""
        return Fraction(self.counted, self.expected or 1)

    @property
    def on_time_share(self) -> Fraction:
        """From 0 to 1; 0 where nothing is expected."""
        return Fraction(self.on_time, self.expected or 1)


def completeness(rows: Iterable[StatusRow]) -> Completeness:
    """What the rows of `status` come to."""
    owed = [row for row in rows if row.due is not None]
    expected = [row for row in owed if row.verdict is not Verdict.EXEMPT]
    received = [row for row in expected if row.revision]
    late = sum(row.late for row in received)
    return Completeness(
        owed=len(owed),
        exempt=len(owed) - len(expected),
        expected=len(expected),
        received=len(received),
        counted=sum(bool(row.counted_revision) for row in expected),
        waiting=sum(row.verdict is Verdict.WAITING_FOR_CORRECTION for row in expected),
        on_time=len(received) - late,
        late=late,
        missing=len(expected) - len(received),
    )


def status(
    registry: Registry,
    register: Register,
    year: int,
    today: date,
    decisions: Sequence[Decision] = (),
    roles: Mapping[str, str] = ROLES,
) -> list[StatusRow]:
    """Every obligation of the year in the registry's order, then what arrived beside them.

    The partner of an obligation has exactly one row; a delivery that belongs to none is never left out.
    Decisions let partners off or give them until later; `roles` says who owes each form.
    """
    states = {(state.form, state.partner): state for state in register.states(year)}
    given = register.reasons(year)
    owed = obligations(registry, year, decisions, roles)
    rows = [
        _owed(
            one,
            states.pop((one.form, one.partner.code), None),
            today,
            len(given.get((one.form, one.partner.code), ())),
        )
        for one in owed
    ]
    names = _names(registry.partners)
    counted = {(row.form, row.partner) for row in rows if row.counted_revision}
    beside = [*states.values(), *register.strays(year)]
    return rows + [
        _beside(state, names.get(state.partner, ""), replaced=(state.form, state.partner) in counted)
        for state in beside
    ]


def _names(partners: Iterable[Partner]) -> dict[str, str]:
    return {partner.code: partner.name for partner in partners}


def _owed(owed: Obligation, state: ObligationState | None, today: date, reasons: int) -> StatusRow:
    verdict = state.verdict if state else Verdict.MISSING
    if owed.exempt and not (state and state.counted):
        verdict = Verdict.EXEMPT
    arrived = state.first_received.date() if state and state.revision else None
    late = arrived > owed.due if arrived else state is None and today > owed.due
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
        late=late and verdict is not Verdict.EXEMPT,
        counted_revision=state.counted if state else 0,
        file=state.file if state else "",
        next=_next(verdict, state.counted if state else 0, owed.due, today, reasons),
        exempt=owed.exempt,
        reasons=reasons,
    )


def _beside(state: ObligationState, name: str, *, replaced: bool) -> StatusRow:
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
        next=_REPLACED if replaced else _next(state.verdict, state.counted, None, None),
    )


_NEXT: dict[Verdict, str] = {
    Verdict.WAITING_FOR_CORRECTION: "Đề nghị đơn vị sửa lỗi và gửi lại",
    Verdict.UNREADABLE: "Đề nghị đơn vị gửi lại tệp đọc được.",
    Verdict.NOT_OUR_FORM: "Gửi lại biểu trống cho đơn vị và đề nghị điền đúng biểu.",
    Verdict.WRONG_PARTNER_OR_YEAR: "Xem tệp của đơn vị nào, năm nào; chuyển đúng thư mục năm hoặc đề nghị gửi lại.",
    Verdict.ACCEPTED_WITH_WARNINGS: "Xem cảnh báo, hỏi lại đơn vị nếu cần.",
}


_REPLACED = "Đã có bản dùng được của đơn vị, không phải làm gì."


def _next(verdict: Verdict, counted: int, due: date | None, today: date | None, reasons: int = 0) -> str:
    if verdict is Verdict.MISSING:
        return _remind(due, today)
    if verdict is Verdict.ACCEPTED_WITH_WARNINGS and reasons:
        return f"Xem cảnh báo và {reasons} lý do đơn vị đã nêu (lệnh issues), hỏi lại nếu chưa rõ."
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
