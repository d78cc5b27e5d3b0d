"""Who owes a blank, and the files that `ketnghia blank` writes for them."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from generator.cli import main
from generator.issues import RefusedError
from generator.model import Campaign, Partner, Registry
from generator.pipeline.blanks import write_blanks
from generator.pipeline.init import init
from generator.pipeline.workspace import Workspace, open_workspace
from generator.stages.obligations import obligations

CAMPAIGN = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "", ("KN-01", "KN-02"))


def giver(code: str, since: date | None = None, until: date | None = None, name: str = "Sở") -> Partner:
    return Partner(code, name, "so_ban_nganh", gives=True, receives=False, since=since, until=until)


def commune(code: str, until: date | None = None) -> Partner:
    return Partner(code, "xã", "xa", gives=False, receives=True, until=until)


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


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("blanks") / "ws"
    init(root)
    return open_workspace(root)


def test_every_giver_gets_its_own_blank(workspace: Workspace) -> None:
    written = write_blanks(workspace, 2025)
    folder = workspace.root / written.folder
    assert written.folder == "outputs/2025/blanks"
    assert len(written.files) == len(list(folder.iterdir())) == 12
    assert written.files[1] == "DV-0002-KN-01-2025.xlsx"
    book = load_workbook(folder / written.files[1])
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
        write_blanks(workspace, 2024, ["DV-001", "XA-0001", "DV-0001"])
    assert [(one.code, one.params["partner"]) for one in refused.value.issues] == [
        ("blank.unknown_partner", "DV-001"),
        ("blank.owes_nothing", "XA-0001"),
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
    done = CliRunner().invoke(main, ["--workspace", str(workspace.root), "blank", "2024"])
    blocked.unlink()
    assert done.exit_code == 3, done.output
    assert "workspace." in done.output
