"""Who owes a blank, and the files that `ketnghia blank` writes for them."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from generator.cli import main
from generator.issues import RefusedError
from generator.model import Campaign, Decision, Event, EventKind, Partner, Registry, Ruling
from generator.pipeline.blanks import write_blanks
from generator.pipeline.init import init
from generator.pipeline.workspace import Workspace, open_workspace
from generator.stages.obligations import obligations

CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "", ("KN-01", "KN-02"))


def giver(code: str, since: date | None = None, until: date | None = None, name: str = "Sở") -> Partner:
    return Partner(code, name, "so_ban_nganh", gives=True, receives=False, since=since, until=until)


def commune(code: str, until: date | None = None, since: date | None = None) -> Partner:
    return Partner(code, "xã", "xa", gives=False, receives=True, since=since, until=until)


def decided(ruling: Ruling, partner: str = "DV-0001", due: date | None = None, form: str = "KN-01") -> Decision:
    day = date(2025, 12, 1)
    return Decision(2025, form, partner, ruling, "thiên tai", "Trưởng ban", day, "quyet-dinh.xlsx:B14", due=due)


@pytest.mark.parametrize(
    ("partner", "owes"),
    [
        (giver("DV-0001"), True),
        (giver("DV-0001", since=date(2025, 12, 14)), True),
        (giver("DV-0001", since=date(2025, 12, 15)), False),
        (giver("DV-0001", until=date(2024, 12, 15)), True),
        (giver("DV-0001", until=date(2024, 12, 14)), False),
        (commune("DV-0001"), False),
    ],
    ids=["always", "from the last day", "from the day after", "to the first day", "to the day before", "receives only"],
)
def test_whoever_gave_on_any_day_of_the_period_owes_the_givers_form(partner: Partner, owes: bool) -> None:
    found = obligations(Registry((partner,), campaigns=(CAMPAIGN,)), 2025)
    assert ("KN-01" in [one.form for one in found]) is owes


def test_a_partner_that_changed_owes_once_as_what_it_became() -> None:
    old = giver("DV-0001", until=date(2025, 6, 30), name="Ban Dân vận")
    new = giver("DV-0001", since=date(2025, 7, 1), name="Ban Tuyên giáo và Dân vận")
    for order in ((old, new), (new, old)):
        (found,) = obligations(Registry(order, campaigns=(CAMPAIGN,)), 2025)
        assert found.partner.name == "Ban Tuyên giáo và Dân vận"
        assert found.due == date(2025, 12, 20)


def test_obligations_come_form_by_form_and_by_code() -> None:
    registry = Registry((giver("DV-0002"), commune("XA-0001"), giver("DV-0001")), campaigns=(CAMPAIGN,))
    assert [(one.form, one.partner.code) for one in obligations(registry, 2025)] == [
        ("KN-01", "DV-0001"),
        ("KN-01", "DV-0002"),
        ("KN-02", "XA-0001"),
    ]


def test_a_year_without_a_campaign_owes_nothing() -> None:
    assert obligations(Registry((giver("DV-0001"),), campaigns=(CAMPAIGN,)), 2024) == ()


DAY = date(2025, 7, 1)
OLD = date(2025, 6, 30)


def owed(partners: list[Partner], *events: Event, form: str = "KN-02") -> list[str]:
    registry = Registry(tuple(partners), campaigns=(CAMPAIGN,), events=events)
    return [one.partner.code for one in obligations(registry, 2025) if one.form == form]


def test_after_a_merger_in_the_period_the_successor_owes_alone() -> None:
    three = [commune("XA-0001", OLD), commune("XA-0002", OLD), commune("XA-0003", since=DAY)]
    assert owed(three, Event(DAY, EventKind.MERGE, ("XA-0001", "XA-0002"), "XA-0003")) == ["XA-0003"]


def test_a_successor_that_no_longer_receives_still_answers_for_the_period() -> None:
    heir = Partner("XA-0003", "xã", "xa", gives=False, receives=False, since=DAY)
    assert owed([commune("XA-0001", OLD), heir], Event(DAY, EventKind.MERGE, ("XA-0001",), "XA-0003")) == ["XA-0003"]


def test_a_merger_after_the_period_changes_nothing_in_it() -> None:
    day = date(2025, 12, 15)
    two = [commune("XA-0001", date(2025, 12, 14)), commune("XA-0003", since=day)]
    assert owed(two, Event(day, EventKind.MERGE, ("XA-0001",), "XA-0003")) == ["XA-0001"]


def test_after_a_split_each_part_owes() -> None:
    three = [commune("XA-0001", OLD), commune("XA-0002", since=DAY), commune("XA-0003", since=DAY)]
    parts = [Event(DAY, EventKind.SPLIT, ("XA-0001",), part) for part in ("XA-0003", "XA-0002")]
    assert owed(three, *parts) == ["XA-0002", "XA-0003"]


def test_whoever_is_dissolved_without_an_heir_owes_what_it_did() -> None:
    assert owed([commune("XA-0001", OLD)], Event(DAY, EventKind.DISSOLVE, ("XA-0001",), "")) == ["XA-0001"]


def test_merged_and_then_dissolved_in_one_period_only_the_merged_one_owes() -> None:
    two = [commune("HU-0018", date(2024, 12, 31)), commune("HU-0019", OLD, since=date(2025, 1, 1))]
    merger = Event(date(2025, 1, 1), EventKind.MERGE, ("HU-0018",), "HU-0019")
    assert owed(two, merger, Event(DAY, EventKind.DISSOLVE, ("HU-0019",), "")) == ["HU-0019"]


def test_whoever_was_founded_in_the_period_owes() -> None:
    assert owed([commune("XA-0001", since=DAY)], Event(DAY, EventKind.FOUND, (), "XA-0001")) == ["XA-0001"]


def test_an_heir_that_the_registry_does_not_know_leaves_the_partner_owing() -> None:
    assert owed([commune("XA-0001", OLD)], Event(DAY, EventKind.MERGE, ("XA-0001",), "XA-0009")) == ["XA-0001"]


def test_a_role_held_only_at_the_beginning_of_the_period_is_answered_for() -> None:
    now = Partner("DV-0001", "Công ty", "doanh_nghiep", gives=False, receives=False, since=DAY)
    assert owed([giver("DV-0001", until=OLD), now], form="KN-01") == ["DV-0001"]


def test_each_form_is_owed_by_its_role() -> None:
    campaign = Campaign(2025, CAMPAIGN.start, CAMPAIGN.end, CAMPAIGN.deadline, "", ("KN-00", "KN-03", "KN-77"))
    board = Partner("TT-0001", "Ban Dân tộc", "thuong_truc", gives=False, receives=False)
    registry = Registry((giver("DV-0001"), commune("XA-0001"), board), campaigns=(campaign,))
    assert [(one.form, one.partner.code) for one in obligations(registry, 2025)] == [
        ("KN-00", "TT-0001"),
        ("KN-03", "DV-0001"),
        ("KN-03", "XA-0001"),
    ]


@pytest.mark.parametrize(
    ("extended", "granted", "due"),
    [
        (None, None, date(2025, 12, 20)),
        (date(2025, 12, 27), None, date(2025, 12, 27)),
        (None, date(2026, 1, 5), date(2026, 1, 5)),
        (date(2025, 12, 27), date(2026, 1, 5), date(2026, 1, 5)),
        (date(2026, 1, 10), date(2026, 1, 5), date(2026, 1, 10)),
        (None, date(2025, 12, 1), date(2025, 12, 20)),
    ],
)
def test_a_partner_has_until_the_latest_day_it_was_granted(
    extended: date | None, granted: date | None, due: date
) -> None:
    campaign = Campaign(2025, CAMPAIGN.start, CAMPAIGN.end, CAMPAIGN.deadline, "", ("KN-01",), extended)
    decisions = [decided(Ruling.EXTEND, due=granted), decided(Ruling.EXTEND, "DV-0002", date(2026, 6, 1))]
    (found,) = obligations(Registry((giver("DV-0001"),), campaigns=(campaign,)), 2025, decisions)
    assert (found.due, found.exempt) == (due, "")


@pytest.mark.parametrize(
    ("decision", "exempt"),
    [
        (decided(Ruling.EXEMPT), "thiên tai"),
        (decided(Ruling.EXEMPT, "DV-0002"), ""),
        (decided(Ruling.EXEMPT, form="KN-02"), ""),
        (decided(Ruling.ACCEPT), ""),
    ],
    ids=["this partner and form", "another partner", "another form", "another ruling"],
)
def test_only_an_exemption_of_the_partner_and_form_lets_off(decision: Decision, exempt: str) -> None:
    (found,) = obligations(Registry((giver("DV-0001"),), campaigns=(CAMPAIGN,)), 2025, [decision])
    assert found.exempt == exempt


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("blanks") / "ws"
    init(root)
    return open_workspace(root)


def test_everybody_who_owes_gets_its_own_blank(workspace: Workspace) -> None:
    written = write_blanks(workspace, 2025)
    folder = workspace.root / written.folder
    assert written.folder == "outputs/2025/blanks"
    assert sorted(written.files) == sorted(path.name for path in folder.iterdir())
    assert {f"DV-{number:04d}-KN-01-2025.xlsx" for number in range(1, 13)} <= set(written.files)
    # the commune that the ten of the district became owes their form; they themselves owe none
    kinds = {name[:7]: name[8:13] for name in written.files}
    assert "KN-02" in kinds.values()
    assert not {f"XA-{number:04d}" for number in range(1, 11)} & kinds.keys()


def test_a_blank_says_whose_it_is_and_whom_it_is_about(workspace: Workspace) -> None:
    folder = workspace.root / write_blanks(workspace, 2025, ["DV-0002"]).folder
    book = load_workbook(folder / "DV-0002-KN-01-2025.xlsx")
    fields = {row[0].value: row[4].value for row in book["Thông tin chung"].iter_rows(min_row=9) if row[0].value}
    assert fields["ma_don_vi"] == book["_KN"]["B3"].value == "DV-0002"
    assert str(fields["xa_phan_cong_1"]).startswith("xã ")
    # by the settings in force on the day of the deadline
    assert book["Triển khai"]["E4"].value == "Đơn vị nhận báo cáo: Sở Dân tộc và Tôn giáo thành phố Đà Nẵng"


def test_writing_again_changes_no_byte(workspace: Workspace) -> None:
    (name,) = write_blanks(workspace, 2025, ["DV-0003"]).files
    path = workspace.year_outputs(2025) / "blanks" / name
    first = path.read_bytes()
    write_blanks(workspace, 2025, ["DV-0003"])
    assert path.read_bytes() == first


def test_unknown_and_idle_partners_are_told_together_and_nothing_is_written(workspace: Workspace) -> None:
    with pytest.raises(RefusedError) as refused:
        write_blanks(workspace, 2024, ["DV-001", "XA-0011", "DV-0001"])
    assert [(one.code, one.params["partner"]) for one in refused.value.issues] == [
        ("blank.unknown_partner", "DV-001"),
        ("blank.owes_nothing", "XA-0011"),
    ]
    assert not (workspace.year_outputs(2024) / "blanks").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["2025", "--partner", "DV-0001"], 0, "Đã xuất 1 biểu vào outputs/2025/blanks/."),
        (["2025", "--partner", "DV-01"], 1, "Có phải là DV-0001?"),
        (["2031"], 1, "Danh bạ không có đợt báo cáo năm 2031"),
        (["mười"], 2, ""),
    ],
)
def test_the_command_says_what_it_did_or_why_not(
    workspace: Workspace, arguments: list[str], code: int, said: str
) -> None:
    done = CliRunner().invoke(main, ["--workspace", str(workspace.root), "blank", *arguments])
    assert done.exit_code == code, done.output
    assert said in done.output


def test_a_folder_that_cannot_be_written_is_told_and_left(workspace: Workspace) -> None:
    blocked = workspace.year_outputs(2024)
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("đây là một tệp")
    done = CliRunner().invoke(main, ["--workspace", str(workspace.root), "blank", "2024", "--partner", "DV-0001"])
    blocked.unlink()
    assert done.exit_code == 3, done.output
    assert "workspace." in done.output
