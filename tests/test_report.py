"""The year-end report: from the register to a Word document that holds what the returns say, and can be asked."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from generator.cli import main
from generator.issues import Place, RefusedError, issue
from generator.model import Counted, Delivery, Registry, Setting, Verdict
from generator.office.geometry import check_geometry
from generator.pipeline.init import init
from generator.pipeline.letterhead import setting
from generator.pipeline.report import make_report
from generator.pipeline.report_files import Made, Written, write_report
from generator.pipeline.report_period import year_period
from generator.pipeline.tracing import Answer, answer, document_figures, period_figures
from generator.pipeline.workspace import MARKER, Workspace
from generator.stages.register.blocks import pack
from generator.stages.register.database import Register
from report_cases import TEMPLATES, counted, forms, gift, partner, registry

LONG_NAME = "Hiệp hội & <các> doanh nghiệp " + "giúp đỡ xã miền núi " * 5
NAMES = {f"DV-{at:04d}": f"Sở (minh họa) {at:02d}" for at in range(1, 13)} | {"DV-0004": LONG_NAME.strip()}
PARTNERS = tuple(partner(code, name) for code, name in NAMES.items())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the shipped templates and nothing else."""
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    (tmp_path / "inputs").mkdir()
    (tmp_path / "outputs").mkdir()
    return Workspace(tmp_path)


def filled(workspace: Workspace, returns: Sequence[Counted]) -> Register:
    """A register that holds these returns, in this order of arrival."""
    register = Register.open(workspace.register)
    entries = []
    for number, one in enumerate(returns, start=1):
        said = one.submission
        delivery = Delivery(number, said.year, said.file, said.sha256, one.received)
        faults = [] if one.verdict is not Verdict.WAITING_FOR_CORRECTION else [issue("cell.negative", Place(said.file))]
        entries.append(pack(delivery, said, one.verdict, faults))
    register.add(entries, "x")
    return register


def made(workspace: Workspace, returns: Sequence[Counted], known: Registry | None = None) -> Made:
    with filled(workspace, returns) as register:
        known = known or registry(*PARTNERS)
        return make_report(workspace, year_period(known, 2025), known, forms(), register)


def written(workspace: Workspace, returns: Sequence[Counted]) -> Written:
    workspace.register.unlink(missing_ok=True)
    return write_report(workspace, made(workspace, returns))


def text_of(content: bytes) -> str:
    """The paragraphs of the body, then the cells of its tables, one a line; no-break spaces as spaces."""
    document = Document(io.BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        lines += ["\t".join(cell.text for cell in row.cells) for row in table.rows]
    return "\n".join(lines).replace("\u00a0", " ")


def returns_of(count: int) -> list[Counted]:
    """So many returns of this year, all of this and last year's values different."""
    found = []
    for at, code in enumerate(list(NAMES)[:count], start=1):
        rows = [gift(1_000_000 * at, so_ho=at, so_nguoi=4 * at), gift(500_000, "con_giong", "long_ghep", so_ho=1)]
        fields = {"ma_don_vi": code, "so_buoi_quan_triet": 1, "co_ke_hoach": True, "ton_tai": f"Thiếu vốn {at}"}
        found.append(counted(code, rows, fields))
        found.append(counted(code, [gift(800_000 * at)], {"ma_don_vi": code}, year=2024))
    return found


# --- what the document says -----------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 12])
def test_a_report_is_written_for_any_number_of_returns(workspace, count):
    document = made(workspace, returns_of(count)).rendered.content
    text = text_of(document)
    told = f"có {count:02d}/12 đơn vị kết nghĩa có báo cáo được tổng hợp"
    assert (told if count else "chưa có báo cáo nào của 12 đơn vị kết nghĩa được tổng hợp") in text
    assert check_geometry(document, "x.docx") == []
    assert not re.search(r"\{\{|\{%|\bNone\b|nan|\[\]", text)
    for name in NAMES.values():
        assert name in text


def test_totals_in_prose_and_in_the_annex_are_those_of_the_cells(workspace):
    text = text_of(made(workspace, returns_of(12)).rendered.content)
    gifts = sum(1_000_000 * at for at in range(1, 13)) + 12 * 500_000
    assert gifts == 84_000_000
    assert "24 hoạt động hỗ trợ tại 01 xã, huyện, tổng giá trị 84 triệu đồng" in text
    assert "lồng ghép các chương trình, dự án là 6 triệu đồng" in text
    assert "So với năm 2024 (62,4 triệu đồng, tổng hợp từ 12 đơn vị), tổng giá trị hỗ trợ tăng 34,6%" in text
    assert "90 lượt hộ, 312 lượt người" in text
    assert "Tổng cộng\t24\t84.000.000\t0\t6.000.000\t78.000.000\t0\t6.000.000\t90\t312\t" in text
    assert f"\t{LONG_NAME.strip()}\n(xã Trà Tập)\t2\t4.500.000\t0\t500.000\t4.000.000\t0\t500.000\t5\t16\t" in text


def test_words_of_partners_are_quoted_with_their_source(workspace):
    text = text_of(made(workspace, returns_of(4)[-4:]).rendered.content)
    assert "- Sở (minh họa) 03: “Thiếu vốn 3”." in text
    assert f"- {LONG_NAME.strip()}: “Thiếu vốn 4”." in text
    assert "Các báo cáo được tổng hợp không có kiến nghị, đề xuất." in text


def test_who_did_not_send_who_waits_and_who_has_nothing_differ(workspace):
    returns = [
        counted("DV-0001", [gift(5_000_000)], received=datetime(2025, 12, 25, tzinfo=UTC)),
        counted("DV-0002", [gift(9)], verdict=Verdict.WAITING_FOR_CORRECTION),
        counted("DV-0003", fields={"khong_phat_sinh": True}, verdict=Verdict.NIL),
    ]
    text = text_of(made(workspace, returns, registry(*PARTNERS[:5])).rendered.content)
    assert "có 02/05 đơn vị" in text
    assert "trong đó 01 đơn vị gửi muộn" in text
    assert "không phát sinh hoạt động (Sở (minh họa) 03)" in text
    assert "01 đơn vị đang chỉnh sửa báo cáo (Sở (minh họa) 02)" in text
    assert "5.000.000\t0\t0\t5.000.000\t0\t0\t0\t0\tGửi muộn" in text
    assert "…\t…\t…\t…\t…\t…\t…\t…\t…\tChờ chỉnh sửa" in text
    assert "0\t0\t0\t0\t0\t0\t0\t0\t0\tKhông phát sinh" in text
    assert "…\t…\t…\t…\t…\t…\t…\t…\t…\tChưa gửi" in text


def test_an_accepted_return_stands_while_its_correction_waits(workspace):
    returns = [
        counted("DV-0001", [gift(5_000_000)]),
        counted("DV-0001", [gift(-7)], revision=2, verdict=Verdict.WAITING_FOR_CORRECTION),
    ]
    text = text_of(made(workspace, returns, registry(*PARTNERS[:1])).rendered.content)
    assert "5.000.000\t0\t0\t5.000.000\t0\t0\t0\t0\tBản sửa đang chờ chỉnh" in text


def test_nothing_is_compared_with_a_year_without_returns(workspace):
    text = text_of(made(workspace, [counted("DV-0001", [gift(5)])]).rendered.content)
    assert "Chưa có số liệu năm 2024 để so sánh." in text
    assert "so với năm 2024" not in text


def test_only_documents_in_force_at_the_end_of_the_period_are_cited(workspace):
    text = text_of(made(workspace, []).rendered.content)
    assert "Căn cứ Chỉ thị số 23-CT/TU ngày 22 tháng 10 năm 2012 của Ban Thường vụ Tỉnh ủy" in text
    assert "3651/QĐ-UBND" not in text


@pytest.mark.parametrize("illustrative", [True, False])
def test_the_pages_of_a_demo_and_only_they_say_so(workspace, illustrative):
    if illustrative:
        (workspace.inputs / MARKER).touch()
    document = Document(io.BytesIO(made(workspace, []).rendered.content))
    footers = [foot.paragraphs[0].text for part in document.sections for foot in (part.footer, part.first_page_footer)]
    assert set(footers) == {"SỐ LIỆU MINH HỌA - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG" if illustrative else ""}


def test_a_setting_is_the_one_in_force_and_may_have_several_lines():
    known = Registry(
        settings=(
            Setting("kinh_gui", "A"),
            Setting("kinh_gui", "B", date(2025, 7, 1)),
            Setting("kinh_gui", "C", date(2025, 7, 1)),
            Setting("kinh_gui", "D", date(2026, 1, 1)),
        )
    )
    assert setting(known, "kinh_gui", date(2025, 6, 30)) == ["A"]
    assert setting(known, "kinh_gui", date(2025, 12, 14)) == ["B", "C"]
    assert setting(known, "dia_danh", date(2025, 12, 14)) is None


def test_a_missing_setting_is_told_and_leaves_dots(workspace):
    known = registry(*PARTNERS[:1])
    bare = Registry(known.partners, known.assignments, known.campaigns)
    report = made(workspace, [], bare)
    assert {found.params["name"] for found in report.issues} >= {"ten_co_quan", "kinh_gui"}
    assert "/…" in text_of(report.rendered.content)


# --- files ----------------------------------------------------------------------------------


def test_a_second_run_writes_the_same_bytes(workspace, tmp_path):
    first = written(workspace, returns_of(3))
    before = {path.name: path.read_bytes() for path in first.document.parent.iterdir()}
    second = written(workspace, list(reversed(returns_of(3))))
    assert {path.name: path.read_bytes() for path in second.document.parent.iterdir()} == before
    assert set(before) == {"bao-cao-so-ket-2025.docx", "bao-cao-so-ket-2025.manifest.json"}


def test_the_manifest_says_what_the_document_was_made_from(workspace):
    report = written(workspace, returns_of(2))
    told = json.loads(report.manifest.read_text(encoding="utf-8"))
    assert told["sha256"] == hashlib.sha256(report.document.read_bytes()).hexdigest()
    template = workspace.templates / "reports" / "so-ket.docx"
    assert told["template"]["sha256"] == hashlib.sha256(template.read_bytes()).hexdigest()
    assert [one["key"] for one in told["inputs"]] == [
        f"KN-01/{year}/{code}/r1" for year in (2024, 2025) for code in ("DV-0001", "DV-0002")
    ]
    total = next(one for one in told["figures"] if one["code"] == "tong_gia_tri")
    assert total["printed"] == ["4\u00a0triệu đồng", "4.000.000"]
    assert total["values"] == ["KN-01/2025/DV-0001/r1/8,15", "KN-01/2025/DV-0002/r1/8,15"]


def test_a_document_that_somebody_edited_is_never_overwritten(workspace):
    first = written(workspace, returns_of(1))
    edited = first.document.read_bytes() + b" "
    first.document.write_bytes(edited)
    second = written(workspace, returns_of(2))
    assert first.document.read_bytes() == edited
    assert second.document.name == "bao-cao-so-ket-2025-moi.docx"
    assert [(found.code, found.params["written"]) for found in second.issues] == [
        ("report.edited", second.document.name)
    ]
    again = written(workspace, returns_of(3))
    assert again.document == second.document
    second.document.write_bytes(b"edited too")
    assert written(workspace, returns_of(3)).document.name == "bao-cao-so-ket-2025-moi-2.docx"


def test_an_edited_document_without_a_manifest_is_not_ours_to_overwrite(workspace):
    first = written(workspace, returns_of(1))
    first.manifest.unlink()
    assert written(workspace, returns_of(1)).document == first.document
    first.manifest.write_text("[1, ", encoding="utf-8")
    assert written(workspace, returns_of(2)).document.name == "bao-cao-so-ket-2025-moi.docx"


def test_a_faulty_plan_refuses_the_report(workspace):
    plan = workspace.templates / "reports" / "so-ket.yaml"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("aggregation: sum", "aggregation: summ", 1), encoding="utf-8"
    )
    with pytest.raises(RefusedError) as refused:
        made(workspace, [])
    assert [found.code for found in refused.value.issues] == ["plan.unknown_aggregation"]
    assert not list(workspace.outputs.glob("2025/*"))


# --- trace ----------------------------------------------------------------------------------


def ask(workspace: Workspace, what: str, document: Path | None = None) -> Answer:
    with Register.open(workspace.register) as register:
        known = registry(*PARTNERS)
        figures = (
            document_figures(workspace, document)
            if document
            else period_figures(workspace, year_period(known, 2025), known, forms(), register)
        )
        return answer(register, figures, what, "2025")


def test_the_cells_that_trace_lists_add_up_to_what_the_report_prints(workspace):
    report = written(workspace, returns_of(5))
    for document in (None, report.document):
        told = ask(workspace, "", document).contract()
        assert {one["figure"] for one in told} == {figure.code for figure in report.made.figures}
        for one in told:
            cells = [cell["value"] for cell in one["cells"]]
            assert len(cells) == len(one["values"])
            if one["aggregation"] == "sum":
                assert one["value"] == sum(cells)
            elif one["aggregation"] in ("count", "distinct"):
                assert one["value"] == len(cells if one["aggregation"] == "count" else set(cells))


def test_every_number_of_a_table_is_a_figure_that_trace_finds_by_its_text(workspace):
    report = written(workspace, returns_of(3))
    found = ask(workspace, "9.000.000", report.document)
    assert "tong_gia_tri" not in [one.figure.code for one in found.figures]
    found = ask(workspace, "7,5 triệu đồng", report.document)
    assert "tong_gia_tri" in [one.figure.code for one in found.figures]


def test_a_document_is_known_by_its_content_wherever_it_lies(workspace, tmp_path):
    report = written(workspace, returns_of(2))
    sent = tmp_path / "thu-den" / "Báo cáo gửi UBND.docx"
    sent.parent.mkdir()
    shutil.copy(report.document, sent)
    assert ask(workspace, "tong_gia_tri", sent).figures[0].figure.value == 4_000_000


def test_an_edited_document_is_known_by_its_name(workspace):
    report = written(workspace, returns_of(2))
    report.document.write_bytes(b"edited")
    assert ask(workspace, "tong_gia_tri", report.document).figures


@pytest.mark.parametrize(
    "manifest", ["{}", '{"figures": 5}', '{"figures": [5, {"code": 1}, {"code": "a", "value": "b"}]}']
)
def test_a_manifest_without_usable_figures_has_none(workspace, manifest):
    report = written(workspace, returns_of(1))
    report.document.write_bytes(b"edited")
    report.manifest.write_text(manifest, encoding="utf-8")
    assert ask(workspace, "", report.document).figures == ()


@pytest.mark.parametrize("manifest", ["", "[]", "\x00"])
def test_a_document_whose_manifest_cannot_be_read_is_not_known(workspace, manifest):
    report = written(workspace, returns_of(1))
    report.document.write_bytes(b"edited")
    report.manifest.write_text(manifest, encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        document_figures(workspace, report.document)
    assert [found.code for found in refused.value.issues] == ["trace.no_report"]


def test_what_is_not_there_is_answered_with_near_misses(workspace):
    written(workspace, returns_of(1))
    told = ask(workspace, "tong_gia_trii")
    assert told.contract() == []
    assert "tong_gia_tri" in told.issues[0].params["near"]


# --- the layout of the template -------------------------------------------------------------


def test_the_template_keeps_to_the_page_of_the_decree():
    document = Document(str(TEMPLATES / "reports" / "so-ket.docx"))
    body, *annexes = document.sections
    wide = {(297, 210): True, (210, 297): False}
    sizes = [(round(one.page_width.mm), round(one.page_height.mm)) for one in document.sections]
    assert [wide[size] for size in sizes] == [False, True, True, True, False, True, False]
    assert Mm(20) <= body.top_margin <= Mm(25)
    for one in (body, annexes[3], annexes[5]):
        assert (round(one.left_margin.mm), round(one.right_margin.mm)) == (30, 15)
    assert body.different_first_page_header_footer
    assert "PAGE" in body.header._element.xml
    assert "PAGE" not in body.first_page_header._element.xml
    assert {one._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for one in annexes} == {"1"}
    for table in document.tables:
        assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows) or table.style.name == "Normal Table"


def test_the_template_is_in_times_new_roman_everywhere():
    document = Document(str(TEMPLATES / "reports" / "so-ket.docx"))
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        assert set(fonts.attrib.values()) == {"Times New Roman"}
    assert not list(document.element.iter(qn("w:rFonts")))


def test_the_annex_repeats_its_header_on_every_page_of_the_pdf(workspace, tmp_path, soffice: Callable[..., Path]):
    report = written(workspace, returns_of(12))
    pdf = soffice(report.document, "pdf", tmp_path / "pdf")
    listing = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, encoding="utf-8")
    pages = listing.stdout.split("\f")
    heads = [next(at for at, page in enumerate(pages) if f"Phụ lục {number}\n" in page) for number in ("I", "II")]
    annex = pages[heads[0] : heads[1]]
    assert len(annex) >= 2
    assert all("2=3+4+5+6" in page and "Ghi chú" in page for page in annex)
    for _, page in pairwise(["", *annex[1:]]):
        assert page.lstrip().startswith(str(annex.index(page) + 1))
    assert not pages[0].lstrip().startswith("1\n")


# --- the commands ---------------------------------------------------------------------------


def test_report_and_trace_work_from_the_command_line(tmp_path):
    root = tmp_path / "viec"
    init(root)
    run = CliRunner()
    report = run.invoke(main, ["-w", str(root), "report", "year", "2025"])
    assert (report.exit_code, report.exception) == (0, None), report.output
    assert "outputs/2025/bao-cao-so-ket-2025.docx" in report.output
    told = run.invoke(main, ["-w", str(root), "trace", "2025", "so_don_vi", "--json"])
    assert told.exit_code == 0
    assert [one["figure"] for one in json.loads(told.stdout)] == ["so_don_vi"]
    shown = run.invoke(main, ["-w", str(root), "trace", str(root / "outputs/2025/bao-cao-so-ket-2025.docx")])
    assert "so_don_vi_chua_gui" in shown.output
    assert "tong_gia_tri" not in shown.output, "nobody has reported, so there is no such number"
    nothing = run.invoke(main, ["-w", str(root), "trace", "2025", "xyz", "--json"])
    assert (nothing.exit_code, json.loads(nothing.stdout)) == (0, [])
    for command, code in (
        (["report", "year", "2031"], "year.no_campaign"),
        (["trace", "khong-co.docx"], "trace.no_report"),
    ):
        refused = run.invoke(main, ["-w", str(root), *command])
        assert refused.exit_code == 1
        assert code in refused.output
