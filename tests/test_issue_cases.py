"""The cases of issue codes that the tests of no stage make, with the words that the user reads."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

import stand_in
from generator.cli import main
from generator.definitions.forms import Field
from generator.definitions.grid import edition
from generator.definitions.load import load_form, load_messages
from generator.issues import Issue, Place, issue
from generator.model import Identity
from generator.office.template import compile_template
from generator.pipeline.init import init
from generator.pipeline.intake import ingest
from generator.pipeline.letterhead import letterhead
from generator.pipeline.registry import load_registry
from generator.pipeline.report_period import year_period
from generator.pipeline.tracing import Known, answer
from generator.pipeline.workspace import Workspace
from generator.stages.normalise import normalise
from generator.stages.register.database import Register
from report_cases import partner, registry
from spreadsheet_tables import FILE, LISTS, YEAR, drawn_sheets, normalised, small_form, workbook

MESSAGES, _ = load_messages(Path(__file__).resolve().parents[1] / "templates" / "messages")


def told(found: Issue) -> str:
    """What the user reads."""
    return MESSAGES.render(found)


def ketnghia(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("issue-codes") / "ws"
    init(root)
    return root


@pytest.fixture
def fresh(pristine: Path, tmp_path: Path) -> Path:
    """A new workspace."""
    return Path(shutil.copytree(pristine, tmp_path / "ws"))


class Smuggled(str):
    """A text that says of itself that it needs no escaping."""

    __slots__ = ()

    def __str__(self) -> str:
        return self

    def isprintable(self) -> bool:
        return True

    def __contains__(self, sign: object) -> bool:
        return False


def test_a_document_that_word_would_repair_is_never_given_back() -> None:
    template, stream = docx.Document(), BytesIO()
    template.add_paragraph("Tổng: {{ tong }}")
    template.save(stream)
    compiled, _ = compile_template(stream.getvalue(), "mau.docx")
    assert compiled is not None
    content, (found,) = compiled.render({"tong": Smuggled("</w:p>")})
    assert (content, found.code) == (None, "template.output_broken")
    assert told(found).startswith(
        "mau.docx: Văn bản tạo ra từ mẫu không hợp lệ, nên không được ghi: word/document.xml: "
    )


def test_a_definition_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "forms"
    folder.mkdir(parents=True)
    form, (found,) = load_form(folder / "kn-01.yaml")
    assert (form, found.code) == (None, "definition.unreadable")
    assert told(found).startswith("templates/forms/kn-01.yaml: Không mở được tệp.\n    Kiểm tra tệp còn ở đó")


def test_a_report_without_its_plan_says_which_file_is_gone(fresh: Path) -> None:
    (fresh / "templates" / "reports" / "so-ket.yaml").unlink()
    done = ketnghia("-w", fresh, "report", "year", 2025)
    assert done.exit_code == 1
    assert "templates/reports/so-ket.yaml: Không mở được tệp." in done.output
    assert "[definition.unreadable]" in done.output


WITH_LISTS = """\
form: KN-09
version: "1"
title: Biểu thử
issued_with: Ban hành để thử
role: gives
choices:
  loai: {nha_o: Nhà ở}
  nguon: {ngan_sach: Ngân sách}
sheets:
  - {code: chung, title: Chung, kind: fields, fields: [{code: ho, label: Số hộ, type: integer}]}
"""


@pytest.mark.parametrize(
    ("written", "instead", "sentence", "cure"),
    [
        (
            "  nguon:",
            "  loai:",
            "templates/forms/thu.yaml:8: Hai danh sách lựa chọn cùng mã “loai”.",
            "    Gộp hai danh sách, hoặc đổi mã của một danh sách.  [form.two_lists]",
        ),
        (
            "{nha_o:",
            "{nhà ở:",
            "templates/forms/thu.yaml:7: Mã lựa chọn “nhà ở” không hợp lệ.",
            "    Chỉ dùng chữ thường không dấu, chữ số và dấu gạch dưới.  [form.bad_choice_code]",
        ),
    ],
)
def test_a_fault_in_the_lists_of_a_form_is_told_with_its_line(
    written: str, instead: str, sentence: str, cure: str
) -> None:
    assert load_form(Path("templates/forms/thu.yaml"), WITH_LISTS)[1] == []
    form, faults = load_form(Path("templates/forms/thu.yaml"), WITH_LISTS.replace(written, instead))
    assert form is None
    assert [told(found).splitlines() for found in faults] == [[sentence, cure]]


def test_a_registry_whose_form_is_gone_is_not_guessed_at(fresh: Path) -> None:
    (fresh / "templates" / "forms" / "registry.yaml").unlink()
    known, faults = load_registry(fresh)
    assert (known, [found.code for found in faults]) == (None, ["registry.no_form"])
    done = ketnghia("-w", fresh, "status", 2025)
    assert done.exit_code == 1
    assert "templates/forms: Không có mẫu danh bạ DM-01 dùng được nên không đọc được danh bạ." in done.output


def test_a_demo_never_writes_where_somebody_works(fresh: Path) -> None:
    before = {path: path.read_bytes() for path in fresh.rglob("*") if path.is_file()}
    done = ketnghia("demo", fresh)
    assert (done.exit_code, "[workspace.not_demo]" in done.output) == (3, True)
    assert "Thư mục này có dữ liệu không do lệnh demo tạo ra, ví dụ inputs/registry.xlsx." in done.output
    assert {path: path.read_bytes() for path in fresh.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("partners", [0, -3, 100_000])
def test_a_demo_of_too_many_partners_says_how_many_there_may_be(tmp_path: Path, partners: int) -> None:
    done = ketnghia("demo", tmp_path / "thu", "--partners", partners)
    assert (done.exit_code, "[demo.too_many]" in done.output) == (3, True)
    assert re.search(rf"--partners: Lệnh demo dựng được từ 1 đến \d+ đơn vị, không phải {partners}\.", done.output)
    assert not (tmp_path / "thu" / "inputs").exists()


def test_a_file_on_which_the_reader_gives_up_is_told_with_the_reason(tmp_path: Path) -> None:
    workspace = stand_in.workspace(tmp_path / "ws")
    stand_in.drop(workspace.root, "la.xlsx", do="raise")
    stand_in.drop(workspace.root, "tot.xlsx", amounts=[1])
    with ThreadPoolExecutor(1) as executor:
        summary = ingest(workspace, 2025, judge=stand_in.judge("today"), executor=executor)
    (found,) = summary.issues
    assert (found.code, len(summary.new)) == ("delivery.reader_failed", 2)
    assert told(found).startswith(
        "inputs/2025/la.xlsx: Việc đọc tệp phải dừng giữa chừng (ValueError); các tệp khác không bị ảnh hưởng.\n"
    )


def test_a_missing_setting_is_a_warning_with_its_name_and_day() -> None:
    known = registry(partner("DV-0001"))
    campaign = known.campaigns[-1]
    bare = type(known)(known.partners, known.assignments, known.campaigns, known.legal_bases, known.settings[1:])
    period = year_period(bare, campaign.year)
    _, (found,) = letterhead(bare, period, (), illustrative=False)
    assert told(found) == (
        "inputs/registry.xlsx: Danh bạ chưa có thiết lập “co_quan_chu_quan” tại ngày 14/12/2025; chỗ này để dấu "
        "chấm lửng.\n    Thêm một dòng co_quan_chu_quan vào trang thiết lập của inputs/registry.xlsx rồi chạy lại."
        "  [report.no_setting]"
    )


def test_what_is_in_no_report_is_answered_with_the_way_to_all_figures(tmp_path: Path) -> None:
    with Register.open(Workspace(tmp_path).register) as register:
        found = answer(register, Known(()), "33,3 tỷ", "2025")
    (one,) = found.issues
    assert told(one) == (
        "Không có số liệu nào có mã hoặc được in là “33,3 tỷ”.\n"
        "    Chạy `ketnghia trace 2025` để xem mọi số liệu.  [trace.no_figure]"
    )


WITH_YEAR = small_form()
WITH_YEAR = replace(
    WITH_YEAR,
    sheets=tuple(
        replace(one, fields=(*one.fields, Field("nam_xay", "Năm xây", "year"))) if one.code == "chung" else one
        for one in WITH_YEAR.sheets
    ),
)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            '# bang\n| thoi_gian |\n| "03/14/2025" |',
            "Hoạt động!C12: “03/14/2025” ở mục “Cột thoi_gian” không rõ là ngày nào; có phải là 14/3/2025?",
        ),
        (
            "# bang\n| thoi_gian |\n| 45730 |",
            "Hoạt động!C12: Ô “Cột thoi_gian” chứa con số 45730, được hiểu là ngày 14/3/2025.",
        ),
        ('# chung\n| nam_xay | "23" |', "Thông tin chung!E22: “23” ở mục “Năm xây” không phải là năm."),
    ],
)
def test_a_doubtful_date_or_year_is_told_as_it_was_written(written: str, sentence: str) -> None:
    (found,) = normalised(WITH_YEAR, written)[1]
    assert told(found).splitlines()[0] == f"{FILE}:{sentence}"


def test_a_question_that_is_newer_than_the_blank_is_no_fault_of_the_partner() -> None:
    older = small_form()
    raw = workbook(drawn_sheets(older, ""), Identity("KN-01", edition(older), "DV-0001", YEAR))
    (found,) = normalise(raw, WITH_YEAR, LISTS, FILE, YEAR)[1]
    assert (found.code, found.severity) == ("field.newer", "note")
    assert told(found) == (
        f"{FILE}:Thông tin chung: Biểu mà đơn vị dùng được lập trước khi có mục “Năm xây”, nên mục này "
        "chưa có trả lời.\n    Không cần làm gì; nếu cần số liệu này, gửi đơn vị biểu mới.  [field.newer]"
    )


@pytest.mark.parametrize(
    ("code", "params", "sentence"),
    [
        ("delivery.other_version", {"value": "1"}, "Tệp này không lập từ bản hiện hành của biểu KN-01."),
        ("year.no_campaign", {"years": ""}, "Danh bạ không có đợt báo cáo năm 2031."),
    ],
)
def test_what_is_not_known_is_left_out_of_the_sentence(code: str, params: dict[str, str], sentence: str) -> None:
    found = issue(code, Place(), **params, form="KN-01", expected="2", year="2031")
    assert MESSAGES.sentence(found) == sentence
