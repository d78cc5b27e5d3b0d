"""Verdicts: where a delivery stands, from its issues alone; and what users read for each verdict.

In:   the issues of a delivery, and whether it says that nothing happened. Out: a Verdict; VERDICTS.
Pure. Imports issues, model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.issues import Issue, Severity
from generator.model import Verdict

REFUSING: Mapping[str, Verdict] = {
    "delivery.not_our_form": Verdict.NOT_OUR_FORM,
    "delivery.wrong_partner": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.wrong_year": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.no_year": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.unknown_partner": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.partner_succeeded": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.partner_closed": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.no_partner": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.partner_unclear": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.name_of_another": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.year_forgotten": Verdict.WRONG_PARTNER_OR_YEAR,
    "delivery.identity_disagrees": Verdict.WRONG_PARTNER_OR_YEAR,
}
"""Errors that leave nothing to be counted, and the verdict that each stands for."""

_UNREADABLE = ("office.", "archive.", "delivery.reader_failed", "delivery.unopenable")
"""How the codes of errors begin that keep a file from being read at all."""


def verdict(issues: Iterable[Issue], *, nil: bool = False) -> Verdict:
    """Where a delivery stands; `nil` for a return that says that nothing happened in the period.

    The gravest issue decides, in whatever order they come: unreadable, not ours, of the wrong partner or year,
    with errors, with warnings.
    """
    found = tuple(issues)
    if any(one.severity is Severity.ERROR and one.code.startswith(_UNREADABLE) for one in found):
        return Verdict.UNREADABLE
    refused = {REFUSING[one.code] for one in found if one.code in REFUSING}
    for grave in (Verdict.NOT_OUR_FORM, Verdict.WRONG_PARTNER_OR_YEAR):
        if grave in refused:
            return grave
    severities = {one.severity for one in found}
    if Severity.ERROR in severities:
        return Verdict.WAITING_FOR_CORRECTION
    if nil:
        return Verdict.NIL
    return Verdict.ACCEPTED_WITH_WARNINGS if Severity.WARNING in severities else Verdict.ACCEPTED


VERDICTS: dict[Verdict, str] = {
    Verdict.MISSING: "chưa gửi",
    Verdict.EXEMPT: "được miễn",
    Verdict.NIL: "không phát sinh",
    Verdict.UNREADABLE: "không đọc được",
    Verdict.NOT_OUR_FORM: "không đúng biểu mẫu",
    Verdict.WRONG_PARTNER_OR_YEAR: "sai đơn vị hoặc sai năm",
    Verdict.WAITING_FOR_CORRECTION: "chờ chỉnh sửa",
    Verdict.ACCEPTED_WITH_WARNINGS: "đạt, có cảnh báo",
    Verdict.ACCEPTED: "đạt",
}
"""What users read for each verdict."""
