"""Verdicts: what users read for each of them.

In:   nothing. Out: VERDICTS. Imports model.
"""

from __future__ import annotations

from generator.model import Verdict

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
