"""What a year's returns show together: told to both sides with the other's cell, and laid out for the officer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.definitions.load import load_messages
from generator.issues import Issue
from generator.model import Campaign, Counted, Event, EventKind, Partner, Registry, Submission, Value, Verdict
from generator.pipeline.comparing import Compared, by_receiver, issues_of
from generator.pipeline.context import partner_names
from generator.pipeline.gifts import sides_of, standing
from generator.stages.compare import compare, joint_gifts, unlike_peers

CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "a@b.example", ("KN-01", "KN-02"))
REGISTRY = Registry(
    partners=(
        Partner("DV-0001", "Sở (minh họa) 01", "so_ban_nganh", gives=True, receives=False),
        Partner("DV-0002", "Hội (minh họa) 02", "hoi_doan_the", gives=True, receives=False),
        Partner("XA-0001", "xã Trà Tập", "xa", gives=False, receives=True, until=date(2025, 6, 30)),
        Partner("XA-0300", "xã Trà Tập", "xa", gives=False, receives=True, since=date(2025, 7, 1)),
    ),
    campaigns=(CAMPAIGN,),
    events=(Event(date(2025, 7, 1), EventKind.MERGE, ("XA-0001",), "XA-0300", "Nghị quyết 1659/NQ-UBTVQH15"),),
)


def counted(form: str, partner: str, *rows: dict[str, object], **singles: object) -> Counted:
    """A counted return: rows of its table of help, each cell in a column of its own."""
    table, sheet = ("hoat_dong", "Hoạt động hỗ trợ") if form == "KN-01" else ("nhan_duoc", "Hỗ trợ nhận được")
    values = [Value("", 0, code, said, str(said), "Tình hình", "E11") for code, said in singles.items()]
    for number, row in enumerate(rows, start=1):
        for column, (code, said) in enumerate(row.items()):
            cell = f"{chr(ord('C') + column)}{number + 11}"
            values.append(Value(table, number, code, said, str(said), sheet, cell))  # type: ignore[arg-type]
    file = f"inputs/2025/{partner}.xlsx"
    submission = Submission(form, "1", partner, 2025, "0" * 64, file, tuple(values))
    return Counted(f"{form}/2025/{partner}/r1", submission, datetime(2025, 12, 16, tzinfo=UTC), Verdict.ACCEPTED)


def help_row(**told: object) -> dict[str, object]:
    return {"loai": "qua", "thoi_gian": "2025-02-10", "noi_dung": "Quà Tết", "gia_tri": 15_000_000, **told}


def compared(*returns: Counted) -> Compared:
    sides = sides_of(returns, standing(REGISTRY, CAMPAIGN))
    comparison = compare(sides.given, sides.received, sides.givers_heard, sides.receivers_heard)
    names = partner_names(REGISTRY, CAMPAIGN).items()
    return Compared(sides, comparison, joint_gifts(sides.given, names), unlike_peers(sides.given))


def told(*returns: Counted) -> list[tuple[str, Issue]]:
    return list(issues_of(compared(*returns), partner_names(REGISTRY, CAMPAIGN)))


def test_a_gift_to_a_commune_that_was_merged_meets_the_row_of_its_successor() -> None:
    giver = counted("KN-01", "DV-0001", help_row(xa="XA-0001"))
    receiver = counted("KN-02", "XA-0300", help_row(don_vi="DV-0001"))
    (pair,) = compared(giver, receiver).comparison.pairs
    assert (pair.differs, told(giver, receiver)) == ((), [])


def test_a_value_that_differs_is_told_to_both_with_the_others_cell() -> None:
    giver = counted("KN-01", "DV-0001", help_row(xa="XA-0300"))
    receiver = counted("KN-02", "XA-0300", help_row(don_vi="DV-0001", gia_tri=1_500_000))
    found = dict(told(giver, receiver))
    ours, theirs = found["KN-01/2025/DV-0001/r1"], found["KN-02/2025/XA-0300/r1"]
    assert (ours.code, str(ours.place)) == ("between.value_differs", "inputs/2025/DV-0001.xlsx:Hoạt động hỗ trợ!F12")
    assert ours.params["other"] == "xã Trà Tập"
    assert ours.params["other_place"] == "trang Hỗ trợ nhận được, ô F12"
    assert (theirs.params["value"], theirs.params["other_value"]) == (ours.params["other_value"], ours.params["value"])


@pytest.mark.parametrize(
    ("returns", "codes"),
    [
        pytest.param(
            [
                counted("KN-01", "DV-0001", help_row(xa="XA-0300", so_ho=9)),
                counted("KN-02", "XA-0300", help_row(don_vi="DV-0001", so_ho=8)),
            ],
            {"KN-01/2025/DV-0001/r1": "between.differs", "KN-02/2025/XA-0300/r1": "between.differs"},
            id="other households",
        ),
        pytest.param(
            [counted("KN-01", "DV-0001", help_row(xa="XA-0300")), counted("KN-02", "XA-0300", so_ho=200)],
            {"KN-01/2025/DV-0001/r1": "between.only_given"},
            id="the receiver tells nothing of it",
        ),
        pytest.param(
            [
                counted("KN-02", "XA-0300", help_row(don_vi="DV-0001")),
                counted("KN-01", "DV-0001", so_buoi_quan_triet=1),
            ],
            {"KN-02/2025/XA-0300/r1": "between.only_received"},
            id="the giver tells nothing of it",
        ),
        pytest.param(
            [counted("KN-01", "DV-0001", help_row(xa="XA-0300"))], {}, id="the receiver has not reported at all"
        ),
        pytest.param(
            [
                counted("KN-01", "DV-0001", help_row(xa="XA-0300", phoi_hop="Hội (minh họa) 02")),
                counted("KN-01", "DV-0002", help_row(xa="XA-0300", noi_dung="Chung tay")),
            ],
            {"KN-01/2025/DV-0001/r1": "between.joint_gift", "KN-01/2025/DV-0002/r1": "between.joint_gift"},
            id="one gift reported by two givers",
        ),
        pytest.param(
            [
                counted("KN-01", "DV-0001", help_row(xa="XA-0300", so_ho=900)),
                counted("KN-02", "XA-0300", help_row(don_vi="DV-0001", so_ho=900), so_ho=800),
            ],
            {"KN-01/2025/DV-0001/r1": "between.households"},
            id="more households than the commune has",
        ),
    ],
)
def test_each_thing_that_returns_show_together_is_told_where_it_stands(
    returns: list[Counted], codes: dict[str, str]
) -> None:
    assert {key: found.code for key, found in told(*returns)} == codes


def test_more_households_than_there_are_are_told_at_their_own_cell() -> None:
    giver = counted("KN-01", "DV-0001", help_row(xa="XA-0300", so_ho=900))
    receiver = counted("KN-02", "XA-0300", help_row(don_vi="DV-0001", so_ho=900), so_ho=800)
    (found,) = dict(told(giver, receiver)).values()
    assert (found.place.sheet, found.place.cell) == ("Hoạt động hỗ trợ", "H12")


def test_a_price_far_from_other_givers_is_told_at_the_price() -> None:
    returns = [
        counted("KN-01", f"DV-{n:04}", help_row(xa="XA-0300", noi_dung=f"Bò {n}", don_gia=price, don_vi_tinh="con"))
        for n, price in enumerate((15_000, 14_000_000, 15_000_000, 16_000_000, 15_500_000), start=1)
    ]
    found = [(key, one.code, one.place.cell) for key, one in told(*returns)]
    assert found == [("KN-01/2025/DV-0001/r1", "between.unlike_peers", "H12")]


def test_the_two_amounts_of_a_receiver_stand_side_by_side_and_are_never_added() -> None:
    giver = counted("KN-01", "DV-0001", help_row(xa="XA-0001"), help_row(xa="XA-0300", gia_tri=5_000_000, loai="y_te"))
    receiver = counted("KN-02", "XA-0300", help_row(don_vi="DV-0001", gia_tri=14_000_000))
    assert by_receiver(compared(giver, receiver)) == [("XA-0300", (20_000_000, 14_000_000, 1, 1))]


def test_every_such_issue_reads_as_a_sentence_with_a_cure() -> None:
    messages, faults = load_messages(Path("templates/messages"))
    assert [one for one in faults if "between" in str(one)] == []
    giver = counted("KN-01", "DV-0001", help_row(xa="XA-0300", so_ho=900))
    receiver = counted("KN-02", "XA-0300", help_row(don_vi="DV-0001", gia_tri=1), so_ho=800)
    said = [messages.sentence(one) for _, one in told(giver, receiver)]
    assert said == [
        "Khoản này ghi 15 triệu đồng, còn xã Trà Tập ghi 1 đồng (trang Hỗ trợ nhận được, ô F12).",
        "Khoản này ghi 1 đồng, còn Sở (minh họa) 01 ghi 15 triệu đồng (trang Hoạt động hỗ trợ, ô F12).",
        "Số hộ hưởng lợi là 900, nhiều hơn tổng số 800 hộ mà xã Trà Tập báo cáo.",
    ]


def test_the_last_name_of_the_period_is_told_in_whatever_order_its_versions_stand() -> None:
    old = Partner("DV-0009", "Ban (minh họa) cũ", "so_ban_nganh", gives=True, receives=False, until=date(2025, 2, 28))
    new = Partner("DV-0009", "Sở (minh họa) mới", "so_ban_nganh", gives=True, receives=False, since=date(2025, 3, 1))
    for versions in ((old, new), (new, old)):
        assert partner_names(Registry(partners=versions), CAMPAIGN) == {"DV-0009": "Sở (minh họa) mới"}
