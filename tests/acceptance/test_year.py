"""The whole record of a year, as a script expects it that knows nothing of our readers.

80 givers, 65 communes and what became of them on 1-7-2025, 15 districts, 200 workbooks in every way of arriving.
"""

from __future__ import annotations

import ast
import email
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from email import policy
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from desk import annex_one, document, export, grouped, paragraphs, report, scaled, told_json
from year import build, expected, stories, world
from year.build import Record
from year.expected import COUNTED, FILED, State
from year.sent import Fault, Sent

YEAR = world.YEAR
LABELS = {
    "accepted": "đạt",
    "accepted_with_warnings": "đạt, có cảnh báo",
    "waiting_for_correction": "chờ chỉnh sửa",
    "nil": "không phát sinh",
    "missing": "chưa gửi",
    "exempt": "được miễn",
    "unreadable": "không đọc được",
    "not_our_form": "không đúng biểu mẫu",
    "wrong_partner_or_year": "sai đơn vị hoặc sai năm",
}
Told = Counter[tuple[str, str, str, str]]


@pytest.fixture(scope="session")
def states(record: Record) -> Mapping[tuple[str, str], State]:
    """Where the script says that every obligation ends."""
    return expected.states(record.sent, record.looks)


@pytest.fixture(scope="session")
def status(record: Record) -> Sequence[Mapping[str, Any]]:
    """Where the command says so."""
    return told_json(record.workspace, "status", YEAR, "--json")


@pytest.fixture(scope="session")
def exported(record: Record) -> Sequence[Mapping[str, Any]]:
    """Every value that counts."""
    return export(record.workspace, YEAR)


def base(file: str) -> str:
    """The name of a file, which occurs once in the year."""
    return file.rpartition("/")[2]


# --- the script itself ----------------------------------------------------------------------------------


def test_the_script_knows_nothing_of_the_project() -> None:
    for path in Path(build.__file__).parent.glob("*.py"):
        told = ast.parse(path.read_text(encoding="utf-8"))
        imports = [node for node in ast.walk(told) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert "generator" not in ast.dump(ast.Module(list(imports), [])), path.name


def test_the_year_is_as_large_and_as_mixed_as_it_claims(record: Record) -> None:
    owed = world.owed()
    assert Counter(code[:2] for form, code in owed if form == "KN-01") == {"DV": 80, "HU": 8}
    assert Counter(code[:2] for form, code in owed if form == "KN-02") == {"XA": 28, "HU": 8}
    assert len(world.old_communes()) == 65
    assert {heir for one in world.old_communes() for heir in world.answers_for(one.code)} == {
        code for form, code in owed if form == "KN-02" and code.startswith("XA")
    }
    assert len({code for _, code in owed if code.startswith("HU")}) == 15
    assert len(record.sent) == 200
    assert {base(one.name).rpartition(".")[2] for one in record.sent} >= {"xlsx", "xlsm", "ods", "xls", "xlsb"}
    assert len({one.program for one in record.sent}) == 12
    assert len({one.way for one in record.sent}) == 18


def test_the_blanks_that_were_written_are_those_that_are_owed(record: Record) -> None:
    found = {path.name for path in (record.workspace / "outputs" / str(YEAR) / "blanks").iterdir()}
    assert found == {f"{partner}-{form}-{YEAR}.xlsx" for form, partner in world.owed()}


def test_last_year_s_plan_stands_in_this_year_s_blank(record: Record) -> None:
    look = record.looks["KN-01"]
    for giver in (*stories.LAST_YEAR, "DV-0011"):
        path = record.workspace / "outputs" / str(YEAR) / "blanks" / f"{giver}-KN-01-{YEAR}.xlsx"
        sheet = openpyxl.load_workbook(path)["Thông tin chung"]
        cells = [look.cell("Thông tin chung", f"Kế hoạch năm nay, dòng {line}") for line in (1, 2, 3, 4)]
        told = [str(sheet[cell].value or "").partition(" - ")[0] for cell in cells]
        assert told == (["Việc 1", "Việc 2", "Việc 3", ""] if giver in stories.LAST_YEAR else [""] * 4)


# --- statuses, revisions, issues --------------------------------------------------------------------------


def test_every_obligation_ends_as_expected(
    states: Mapping[tuple[str, str], State], status: Sequence[Mapping[str, Any]]
) -> None:
    owed = [row for row in status if row["due"]]
    found = {(row["form"], row["partner"]): row for row in owed}
    assert len(found) == len(owed)
    assert found.keys() == states.keys()
    differing = {}
    for key, state in states.items():
        row = found[key]
        is_late = row["late"] and bool(row["revision"])
        got = (row["verdict"], row["revision"], row["counted_revision"], is_late, row["due"], base(row["file"]))
        counted = state.counted.revision if state.counted else 0
        name = base(state.current.name) if state.current else ""
        want = (state.verdict, state.revision, counted, state.late, state.due.isoformat(), name)
        if got != want:
            differing[key] = {"found": got, "expected": want}
    assert differing == {}
    for key, state in states.items():
        severities = Counter(one.severity for one in state.told)
        assert (found[key]["errors"], found[key]["warnings"]) == (severities["error"], severities["warning"]), key
        if state.current is not None:
            assert found[key]["received"] == state.current.received.isoformat(), key


def test_what_belongs_to_no_obligation_is_listed_beside_them(
    record: Record, states: Mapping[tuple[str, str], State], status: Sequence[Mapping[str, Any]]
) -> None:
    beside = {base(row["file"]): (row["verdict"], row["partner"]) for row in status if not row["due"]}
    assert beside == {base(one.name): (one.stands, one.partner) for one in _strays(record, states)}


def _strays(record: Record, states: Mapping[tuple[str, str], State]) -> Iterator[Sent]:
    taken = {id(state.current) for state in states.values()}
    return (one for one in record.sent if one.stands not in FILED and id(one) not in taken)


def test_every_issue_is_told_at_its_cell_and_none_besides(
    record: Record, states: Mapping[tuple[str, str], State]
) -> None:
    found: dict[str, Told] = {}
    for row in told_json(record.workspace, "issues", YEAR, "--json"):
        told = found.setdefault(base(row["file"]), Counter())
        told[row["code"], row["sheet"], row["cell"], row["severity"]] += 1
        assert row["message"]
        assert row["cure"]
    wanted = {
        base(state.current.name): _counted(state.told) for state in states.values() if state.current and state.told
    }
    wanted |= {base(one.name): _counted(one.faults) for one in _strays(record, states)}
    differing = {
        name: (found.get(name), wanted.get(name)) for name in {*found, *wanted} if found.get(name) != wanted.get(name)
    }
    assert differing == {}


def _counted(faults: Sequence[Fault]) -> Told:
    return Counter((one.code, one.sheet, one.cell, one.severity) for one in faults)


def test_every_delivery_has_its_line_and_exactly_one_reply(record: Record) -> None:
    workbook = openpyxl.load_workbook(_paper(record.workspace, "tinh-hinh-bao-cao"), read_only=True)
    lines = {base(str(row["Tệp"])): row for row in _table(workbook["Lượt gửi"]) if row["Loại"] == "tệp biểu"}
    assert lines.keys() == {base(one.name) for one in record.sent}
    replies = {
        path.stem: path
        for path in (record.workspace / "outputs" / str(YEAR) / "replies").iterdir()
        if path.suffix == ".eml"
    }
    assert {str(line["Phản hồi"]) for line in lines.values()} == replies.keys()
    assert len(replies) == len(record.sent) == stories.DELIVERIES
    for one in record.sent:
        line = lines[base(one.name)]
        told = (line["Mã"] or "", line["Lần nộp"] or 0, line["Nhận lúc"], line["Người gửi"] or "")
        assert told == (one.partner, one.revision, one.received.replace(tzinfo=None), one.sender), one.name
        if one.partner not in expected.DECIDED and one.stands not in COUNTED:
            assert line["Tình trạng"] == LABELS[one.stands], one.name
        _check_reply(replies[str(line["Phản hồi"])], one)


def _check_reply(path: Path, one: Sent) -> None:
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert message["Subject"]
    if one.stands in FILED:
        own = one.sender or world.address_of(one.partner)
        assert one.partner == world.BOARD or own in str(message["To"]).casefold(), path.name
    attached = [part.get_filename() for part in message.iter_attachments()]
    waits = one.stands == "waiting_for_correction" and one.repeats is None and one.partner not in expected.DECIDED
    if waits:
        assert attached, f"{path.name} has no workbook with the faults marked"


def test_what_was_not_a_workbook_is_told_or_kept_and_no_mail_counts_twice(record: Record) -> None:
    lines = [
        json.loads(line) for line in (record.workspace / "inputs" / "journal.jsonl").read_text("utf-8").splitlines()
    ]
    of_year = [one for one in lines if one["year"] == YEAR]
    kinds = Counter(one.get("kind", "workbook") for one in of_year)
    assert kinds["workbook"] == stories.DELIVERIES
    assert (kinds["bundle"], kinds["enclosure"]) == (3, 3)
    assert "delivery.mail_without_workbook" in record.first_run
    assert "delivery.known_mail" in record.first_run


# --- totals, to the đồng ------------------------------------------------------------------------------------


def test_totals_by_giver_receiver_kind_and_source_are_those_that_were_typed(
    record: Record, states: Mapping[tuple[str, str], State], exported: Sequence[Mapping[str, Any]]
) -> None:
    for form, table in (("KN-01", "hoat_dong"), ("KN-02", "nhan_duoc")):
        found, wanted = _summed(exported, form, table), expected.sums(states, record.looks, form)
        assert found.total == wanted.total
        if form == "KN-01":
            assert (found.givers, found.sources) == (+wanted.givers, +wanted.sources)
            assert found.receivers == +wanted.receivers
        assert found.kinds == +wanted.kinds
        assert (found.households, found.people) == (wanted.households, wanted.people)


def _summed(exported: Sequence[Mapping[str, Any]], form: str, table: str) -> expected.Sums:
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for one in exported:
        if (one["form"], one["table"]) == (form, table):
            rows.setdefault((one["partner"], one["row"]), {})[one["field"]] = one["value"]
    done = expected.Sums()
    for (partner, _), answers in rows.items():
        value = answers.get("gia_tri") or 0
        done.total += value
        done.kinds[answers["loai"]] += value
        done.givers[partner if form == "KN-01" else answers["don_vi"]] += value
        done.receivers[answers["xa"] if form == "KN-01" else partner] += value
        done.sources[answers.get("nguon", "")] += value
        done.households += answers.get("so_ho") or 0
        done.people += answers.get("so_nguoi") or 0
    for counter in (done.kinds, done.givers, done.receivers, done.sources):
        for key in [key for key, value in counter.items() if not value]:
            del counter[key]
    return done


def test_every_cell_that_was_typed_comes_out_once_and_no_obligation_counts_twice(
    record: Record, states: Mapping[tuple[str, str], State], exported: Sequence[Mapping[str, Any]]
) -> None:
    cells: dict[tuple[str, str], list[tuple[str, str]]] = {}
    files: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for one in exported:
        key = one["form"], one["partner"]
        cells.setdefault(key, []).append((one["sheet"], one["cell"]))
        files.setdefault(key, set()).add((base(one["file"]), one["revision"]))
    counted = {key: state.counted for key, state in states.items() if state.counted}
    assert files == {key: {(base(one.name), one.revision)} for key, one in counted.items()}
    for key, one in counted.items():
        typed = expected.own_cells(one, record.looks[one.form])
        found = cells[key]
        assert len(found) == len(set(found)), key
        # who is assigned is printed too, and stands beside what was typed
        assert typed <= set(found), (key, typed - set(found))
        assert {cell for cell in set(found) - typed if cell[0] != "Thông tin chung"} == set(), key


def test_the_report_says_the_same_total(record: Record, states: Mapping[tuple[str, str], State]) -> None:
    copy = record.workspace.with_name("reported")
    if not copy.exists():
        shutil.copytree(record.workspace, copy)
    report(copy, YEAR)
    wanted = expected.sums(states, record.looks)
    said = " ".join(paragraphs(document(copy, YEAR)))
    counted = sum(state.counted is not None for state in states.values() if state.form == "KN-01")
    # of 88 that owe, one is exempt
    assert f"tổng giá trị {scaled(wanted.total)}" in said
    assert f"{counted}/87 đơn vị kết nghĩa có báo cáo được tổng hợp" in said
    annex = annex_one(document(copy, YEAR))
    assert annex["Tổng cộng"][1] == grouped(wanted.total)
    for code, value in wanted.givers.items():
        if value:
            # a name begins a cell of the annex, and bears its last day beside another of the same name
            name = re.compile(re.escape(world.versions()[code].name) + r"(?: \(đến .*\))?", re.IGNORECASE)
            assert grouped(value) in [row[1] for told, row in annex.items() if name.fullmatch(told)]


# --- the officer's two workbooks ------------------------------------------------------------------------------


def _paper(workspace: Path, name: str) -> Path:
    return workspace / "outputs" / str(YEAR) / f"{name}.xlsx"


def _table(sheet: Any) -> Iterator[dict[str, Any]]:
    """The rows under the headings: those are the first row with more than two cells filled."""
    rows = iter(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if sum(cell is not None for cell in row) > 2)
    for row in rows:
        if row[0] is None and row[1] is None:
            return
        yield dict(zip(head, row, strict=False))


def test_the_state_of_reporting_agrees_with_the_table(record: Record, states: Mapping[tuple[str, str], State]) -> None:
    workbook = openpyxl.load_workbook(_paper(record.workspace, "tinh-hinh-bao-cao"), data_only=True)
    for row in _table(workbook["Theo đơn vị"]):
        if (row["Biểu"], row["Mã"]) in states and row["Hạn nộp"]:
            state = states[row["Biểu"], row["Mã"]]
            assert (row["Tình trạng"], row["Lần nộp"] or 0) == (LABELS[state.verdict], state.revision)
    for form in ("KN-01", "KN-02"):
        line = next(
            row
            for row in _table(workbook["Tổng hợp"])
            if row["Loại đơn vị"] == f"Cộng biểu {form}" or row["Biểu"] == f"Cộng biểu {form}"
        )
        of_form = [state for state in states.values() if state.form == form]
        verdicts = Counter(state.verdict for state in of_form)
        received = [state for state in of_form if state.revision]
        late = sum(state.late for state in received)
        assert (line["Phải báo cáo"], line["Được miễn"]) == (len(of_form), verdicts["exempt"])
        assert (line["Đã nhận"], line["Muộn"], line["Đúng hạn"]) == (len(received), late, len(received) - late)
        told = [line[name] for name in ("Đạt", "Đạt, có cảnh báo", "Không phát sinh", "Chờ chỉnh sửa", "Chưa gửi")]
        assert told == [
            verdicts[name]
            for name in ("accepted", "accepted_with_warnings", "nil", "waiting_for_correction", "missing")
        ]
        for name in ("Tỷ lệ đã nhận", "Tỷ lệ được tính"):
            assert 0 <= line[name] <= 1
    silent = {row["Mã"] for row in _table(workbook["Chưa gửi"]) if isinstance(row["TT"], int)}
    assert silent == {
        state.partner for state in states.values() if state.verdict == "missing" or not state.revision
    } - {stories.EXEMPT}


def test_the_comparison_agrees_with_the_table(record: Record, states: Mapping[tuple[str, str], State]) -> None:
    workbook = openpyxl.load_workbook(_paper(record.workspace, "doi-chieu"), data_only=True)
    told = {
        title: sum(
            row[at] not in (None, "")
            for row in _table(workbook[title])
            if not str(row[next(iter(row))]).startswith("Tổng")
        )
        for title, at in (
            ("Khác nhau", "Khác nhau về"),
            ("Chỉ bên cho kê", "Ô"),
            ("Chỉ bên nhận kê", "Ô"),
            ("Nghi kê hai lần", "Ô của đơn vị thứ nhất"),
            ("Giá khác thường", "Ô"),
        )
    }
    codes = Counter(fault.code for state in states.values() for fault in state.told)
    assert told == {
        "Khác nhau": (codes["between.value_differs"] + codes["between.differs"]) // 2,
        "Chỉ bên cho kê": codes["between.only_given"],
        "Chỉ bên nhận kê": codes["between.only_received"],
        "Nghi kê hai lần": codes["between.joint_gift"] // 2,
        "Giá khác thường": codes["between.unlike_peers"],
    }
    assert min(told.values()) > 0
    given, received = (expected.sums(states, record.looks, form).total for form in ("KN-01", "KN-02"))
    line = next(row for row in _table(workbook["Tổng hợp"]) if "Tổng cộng" in row.values())
    assert (line["Đơn vị giúp đỡ ghi (đồng)"], line["Nơi nhận ghi (đồng)"]) == (given, received)
