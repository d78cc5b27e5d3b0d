"""The year told from its first return to its last: 200 workbooks, by the stories of `stories`.

In:   what a person sees of each form. Out: every delivery.
Imports the modules beside it and openpyxl; nothing of the project.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta
from itertools import cycle

import openpyxl

from year import faults, stories, world
from year.gifts import paper_of_board, paper_of_giver, paper_of_receiver, usual
from year.paper import ACTIVITIES, GENERAL, Seen
from year.sent import Fault, Sent, at
from year.stories import Stories

PROGRAMS = (
    *("raw", "openpyxl", "raw", "lo-xlsx", "raw", "raw", "lo-ods", "raw"),
    *("js-xlsb", "raw", "lo-xls", "raw", "odfpy", "raw", "js-xls", "xlsm"),
)
SAVED_AGAIN = {
    "DV-0016": "lo-ods",
    "DV-0017": "lo-xlsx",
    "DV-0019": "js-xlsb",
    "DV-0020": "js-xls",
    "DV-0028": "openpyxl",
    "DV-0029": "lo-xls",
}
"""Who sends the same once more, and which program saved it the second time."""
RECEIVERS_CORRECTED = ("XA-0266", "XA-0267", "XA-0268")
RECEIVER_WAITING = "XA-0269"

MAILS: Mapping[str, tuple[str, ...]] = {
    "several": ("XA-0270", "XA-0271", "XA-0272"),
    "forwarded": ("XA-0293",),
    "nested": ("XA-0294",),
    "long names": ("DV-0045",),
    "zip attached": ("DV-0046", "DV-0047"),
    "winmail": ("DV-0048",),
    "outlook": ("XA-0295",),
    "twice": ("XA-0296",),
    "two addresses": ("DV-0074",),
    "swapped 1": (stories.SWAPPED[0],),
    "swapped 2": (stories.SWAPPED[1],),
    "signed": ("DV-0012",),
    "html": ("DV-0011",),
}
"""Whose returns come by which mail."""
BUNDLES: Mapping[str, tuple[str, ...]] = {
    "district": ("XA-0297", "XA-0298", "XA-0299", "XA-0300"),
    "in it": ("XA-0301", "XA-0302"),
    "old names": ("XA-0304", "XA-0316"),
}
"""Whose returns come in which archive."""
ALONE = frozenset(
    {
        *stories.SILENT, stories.EXEMPT, *stories.CORRECTED, *stories.WAITING, *stories.WORSE, stories.WRONG_CODE,
        stories.WRONG_YEAR, stories.WRONG_YEAR_FIRST, stories.NIL_WITHOUT_REASON, stories.NIL_WITH_ROWS,
        stories.NOTHING, stories.ACCEPTED_BY_DECISION, stories.CORRECTED_BY_DECISION, *stories.WARNED,
        stories.MANY_ROWS, stories.EXTRA_COLUMN, *RECEIVERS_CORRECTED, RECEIVER_WAITING, *SAVED_AGAIN,
    }
)  # fmt: skip
"""Who has a story of its own, told by hand."""


def everything(looks: Mapping[str, Seen]) -> list[Sent]:
    """Every workbook of the year."""
    told = Stories(looks)
    programs = cycle(PROGRAMS)
    ways = {code: f"mail {way}" for way, codes in MAILS.items() for code in codes}
    ways |= {code: f"zip {way}" for way, codes in BUNDLES.items() for code in codes}
    plain: list[Sent] = []
    for form, code in world.owed():
        if code in ALONE:
            continue
        sent = told.giver(code) if form == "KN-01" else told.receiver(code) if form == "KN-02" else _board()
        sent.way = ways.get(code, "folder")
        sent.program = next(programs) if sent.way == "folder" else "raw"
        _calculated(sent, looks)
        if sent.way.startswith("mail swapped"):
            sent.faults.append(Fault("delivery.other_sender"))
        plain.append(told.add(sent))
    _with_stories(told)
    _of_receivers(told)
    _strays(told)
    _more(told, [sent for sent in plain if sent.way == "folder" and sent.form != "KN-00" and not sent.nil])
    assert len(told.sent) == stories.DELIVERIES, len(told.sent)
    return told.sent


def _board() -> Sent:
    return Sent("KN-00", world.BOARD, at(12, 18), paper_of_board())


def _calculated(sent: Sent, looks: Mapping[str, Seen]) -> None:
    """LibreOffice calculates the totals when it saves, and a sum does not count what was typed as text."""
    if (
        sent.program in ("lo-xlsx", "lo-ods", "lo-xls", "odfpy")
        and any(gift.typed for gift in sent.gifts)
        and sent.form == "KN-01"
    ):
        sent.faults.append(
            Fault("table.total_differs", ACTIVITIES, f"{looks['KN-01'].columns[ACTIVITIES, 'Giá trị']}11")
        )


def _later(sent: Sent, days: int) -> Sent:
    sent.received += timedelta(days=days)
    return sent


# --- stories of givers ---------------------------------------------------------------------------------


def _with_stories(told: Stories) -> None:
    errors = list(faults.ERRORS.values())
    for code, slip in zip((*stories.CORRECTED, *stories.WAITING), errors, strict=True):
        sent = told.add(told.slipped(told.giver(code), slip))
        # an error and a real date are kinds of their own, which openpyxl knows how to write
        sent.program = (
            "openpyxl" if slip in map(faults.ERRORS.get, ("an error value", "a date for a number")) else "raw"
        )
    for code in stories.CORRECTED:
        told.add(_later(told.giver(code), 3))
    told.add(told.slipped(told.giver(stories.ACCEPTED_BY_DECISION), faults.ERRORS["words for a number"]))
    told.add(told.slipped(told.giver(stories.CORRECTED_BY_DECISION), faults.ERRORS["a wrong product"]))
    for code in stories.WORSE:
        told.add(told.giver(code))
        told.add(_later(told.slipped(told.giver(code), faults.ERRORS["nobody in charge"]), 2))
    for code, slip in zip(stories.WARNED, faults.WARNINGS.values(), strict=True):
        told.add(told.slipped(told.giver(code), slip))
    _nil_in_three_wrong_ways(told)
    _other_shapes(told)
    _for_somebody_else(told)
    for code, program in SAVED_AGAIN.items():
        first = told.add(told.giver(code))
        again = told.add(_later(told.giver(code), 2))
        again.program, again.repeats = program, first


def _nil_in_three_wrong_ways(told: Stories) -> None:
    look = told.looks["KN-01"]
    reason = look.cell(GENERAL, "Lý do không phát sinh")
    asked = look.cell(GENERAL, "Không phát sinh hoạt động trong kỳ")
    without = told.add(told.giver(stories.NIL_WITHOUT_REASON))
    assert without.paper is not None
    del without.paper.singles[GENERAL, "Lý do không phát sinh"]
    without.faults.append(Fault("rule.nil_without_reason", GENERAL, reason))
    rows = told.add(told.giver(stories.NIL_WITH_ROWS))
    assert rows.paper is not None
    rows.paper.singles[GENERAL, "Không phát sinh hoạt động trong kỳ"] = "Có"
    rows.paper.singles[GENERAL, "Lý do không phát sinh"] = "Bận"
    rows.faults.append(Fault("rule.nil_with_rows", GENERAL, asked))
    nothing = told.add(told.giver(stories.NOTHING))
    nothing.nil = False
    nothing.paper = paper_of_giver(stories.NOTHING, [])
    nothing.faults.append(Fault("rule.nothing_reported", GENERAL, asked))


def _other_shapes(told: Stories) -> None:
    """A table with rows inserted, so that it is longer than 100; and one with a column of the officer's own."""
    many = told.add(told.giver(stories.MANY_ROWS))
    assert many.paper is not None
    many.paper.inserted, many.program = (ACTIVITIES, 60, 40), "openpyxl"
    column = told.add(told.giver(stories.EXTRA_COLUMN))
    assert column.paper is not None
    column.paper.inserted_column, column.program = (ACTIVITIES, "G", "Ghi riêng của đơn vị"), "openpyxl"
    column.faults += [Fault("cell.not_read", ACTIVITIES, "G9"), Fault("cell.not_read", ACTIVITIES, "G12")]


def _for_somebody_else(told: Stories) -> None:
    """Another's code, last year's blank, and partners that are gone."""
    wrong = told.add(told.giver(stories.WRONG_CODE))
    assert wrong.paper is not None
    wrong.paper.singles[GENERAL, "Mã đơn vị"] = stories.WRONG_YEAR
    wrong.verdict = "wrong_partner_or_year"
    wrong.faults = [Fault("delivery.wrong_partner", GENERAL, told.looks["KN-01"].cell(GENERAL, "Mã đơn vị"))]
    told.add(_later(told.giver(stories.WRONG_CODE), 3))
    for code in (stories.WRONG_YEAR, stories.WRONG_YEAR_FIRST):
        old = told.add(told.giver(code))
        old.blank, old.verdict, old.faults = "2024", "wrong_partner_or_year", [Fault("delivery.year_forgotten")]
    told.add(_later(told.giver(stories.WRONG_YEAR_FIRST), 4))
    early = [usual()["DV-0001"][0]]
    for code, fault in (
        (world.MERGED[0], "delivery.partner_succeeded"),
        (world.CLOSED_BEFORE, "delivery.partner_closed"),
        ("XA-0001", "delivery.partner_succeeded"),
    ):
        paper = paper_of_giver(code, early) if code.startswith("DV-") else paper_of_receiver(code, early)
        told.add(
            Sent(paper.form, code, at(12, 9), paper, [Fault(fault)], blank="early", verdict="wrong_partner_or_year")
        )


def _of_receivers(told: Stories) -> None:
    for code, slip in zip(RECEIVERS_CORRECTED, faults.RECEIVERS.values(), strict=True):
        told.add(told.slipped(told.receiver(code), slip))
        told.add(_later(told.receiver(code), 2))
    told.add(told.slipped(told.receiver(RECEIVER_WAITING), faults.RECEIVERS["poverty that does not add up"]))


# --- what is no return at all ---------------------------------------------------------------------------


def _strays(told: Stories) -> None:
    for number in range(1, 4):
        stray = _stray(told, f"Bảng kê {number}.xlsx", "not_our_form", "delivery.not_our_form")
        stray.content = _own_table(number)
    _stray(told, "rách.xlsx", "unreadable", "office.damaged").program = "torn"
    _stray(told, "that ra la csv.xlsx", "unreadable", "office.other_kind").content = b"Don vi,Xa\n1,2\n"
    for ending in ("xls", "ods"):
        stray = _stray(told, f"có mật khẩu.{ending}", "unreadable", "office.encrypted")
        stray.program = f"locked-{ending}"


def _stray(told: Stories, name: str, verdict: str, code: str) -> Sent:
    return told.add(Sent("", "", at(12, 11), name=name, verdict=verdict, faults=[Fault(code)]))


def _own_table(number: int) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["TT", "Nội dung", "Số tiền"])
    sheet.append([1, f"Hỗ trợ làm nhà ({number})", 50_000_000])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


# --- and once more, and again ---------------------------------------------------------------------------


def _more(told: Stories, plain: list[Sent]) -> None:
    """Second and third revisions that change a little, and files sent twice, until there are enough."""
    second = _later(told.giver("DV-0074"), 1)
    second.way, second.repeats = "mail two addresses again", next(one for one in told.sent if one.partner == "DV-0074")
    told.add(second)
    for number, first in enumerate(plain):
        if first.received >= stories.LATE_DAY:
            continue
        tell = told.giver if first.form == "KN-01" else told.receiver
        for days, telephone in enumerate(("", "0914 000 222") if number % 2 else ("0914 000 111",), 3):
            again = _later(tell(first.partner), days)
            assert again.paper is not None
            if telephone:
                again.paper.singles[GENERAL, "Điện thoại"] = telephone
            elif first.faults == again.faults:
                again.repeats = first
            else:
                continue
            if len(told.sent) < stories.DELIVERIES:
                told.add(again)
