"""Inspection tells where a text leaves the house style, and nothing of names, quotations and what counts nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.definitions.load_layout import load_layers
from generator.issues import Issue
from generator.office.document import read_document
from generator.stages.inspect import inspect
from lawful import SENTENCE, fresh, lawful_report

STANDARDS = Path(__file__).parents[2] / "templates" / "standards"


def judged(content: bytes) -> list[Issue]:
    layers, faults = load_layers(STANDARDS)
    assert faults == []
    document, broken = read_document(content, "van-ban.docx")
    assert broken == []
    assert document is not None
    return [one.issue for one in inspect(document, layers)]


def told(words: str) -> list[tuple[str, str, str]]:
    """What is found in a sentence of an otherwise lawful report: code, found, required; all at its place."""
    made = fresh(lawful_report)
    made.parts["doan_4"].runs[0].text = f"{SENTENCE}: {words}."
    found = judged(made.bytes())
    assert {one.place.spot for one in found} <= {"đoạn 24"}
    return [(one.code, one.params["found"], one.params["required"]) for one in found]


@pytest.mark.parametrize(
    ("words", "found", "required"),
    [
        ("tại 5 xã", "“5 xã”", "“05 xã”"),
        ("có 3/12 đơn vị, 2\u00a0đơn vị gửi muộn", "“2 đơn vị”", "“02 đơn vị”"),
        ("góp phần xoá nhà tạm", "“xoá”", "“xóa”"),
        ("hai bên thoả thuận, chăm lo sức khoẻ", "“thoả”", "“thỏa”"),
        ("(bằng chữ: một trăm linh năm đồng)", "“trăm linh năm”", "“trăm lẻ năm”"),
        ("ba nghìn linh bốn hộ", "“nghìn linh bốn”", "“nghìn lẻ bốn”"),
    ],
)
def test_what_leaves_the_house_style_is_told_with_what_is_right(words: str, found: str, required: str) -> None:
    assert ("inspect.house_style", found, required) in told(words)


def test_a_body_with_wrong_capitals_is_told_wherever_its_tone_stands() -> None:
    assert ("inspect.capitals", "“Uỷ Ban Nhân Dân”", "“Uỷ ban nhân dân”") in told("của Uỷ Ban Nhân Dân tỉnh")


def test_the_title_of_a_document_that_is_cited_as_ground_is_left_as_it_was_issued() -> None:
    made = fresh(lawful_report)
    made.parts["can_cu_1"].runs[0].text = "Căn cứ Kế hoạch số 12/KH-UBND về thí điểm, xoá nghèo tại 6 huyện;"
    assert judged(made.bytes()) == []


@pytest.mark.parametrize(
    "words",
    [
        "tại 05 xã, 12 xã, 0 xã, 5 hộ, 5 tỷ đồng, 2,5 ha",
        "ở mục 5 xã đã báo cáo, tại Bảng 3 khoản 1 Điều 5, đợt 2 xã chưa gửi báo cáo lần 3",
        "phường Hoà Khánh, xã Trà Thuỷ, Uỷ ban nhân dân tỉnh, quý I, hoàn toàn",
        "Sở Văn hoá, Thể thao và Du lịch, đơn vị (minh hoạ) đã gửi",
        "theo “Chương trình xoá nhà tạm, 5 xã, một trăm linh năm hộ”",
        "bằng chữ: một trăm lẻ năm đồng; bán lẻ một cửa hàng",
    ],
)
def test_nothing_is_said_of_names_quotations_and_what_counts_nothing(words: str) -> None:
    assert told(words) == []
