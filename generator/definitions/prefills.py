"""Prefills: what the board writes into a blank before it is sent, by name.

In:   a name as a form says it. Out: whether it exists, and its parts.
Pure. Imports nothing of the house. The blank's pipeline gives the values, `definitions.load` checks the names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PREFILLS: Mapping[str, str] = MappingProxyType(
    {
        "partner.code": "mã đơn vị",
        "partner.name": "tên đơn vị tại kỳ báo cáo",
        "campaign.year": "năm báo cáo",
        "campaign.first_year": "năm đầu của giai đoạn báo cáo (biểu một năm: chính năm ấy)",
        "campaign.period": "kỳ báo cáo (từ ngày … đến ngày …)",
        "campaign.deadline": "hạn gửi báo cáo",
        "campaign.send_to": "nơi nhận báo cáo",
        "assigned.N": "xã (với xã: đơn vị giúp đỡ) được phân công thứ N",
        "plan.N": "dòng thứ N của kế hoạch đơn vị đã gửi năm trước",
    }
)
"""Every prefill there is. N stands for a number from 1."""


def prefill_name(written: str) -> tuple[str, int]:
    """The name in PREFILLS and the number it carries: "plan.3" -> ("plan.N", 3); ("", 0) when there is none."""
    head, _, tail = written.partition(".")
    if tail.isascii() and tail.isdigit() and 1 <= int(tail[:4]) <= 999 and f"{head}.N" in PREFILLS:
        return f"{head}.N", int(tail[:4])
    return (written, 0) if written in PREFILLS and not written.endswith(".N") else ("", 0)
