"""Trace: what somebody asks of a report leads to its figures and their cells."""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal

import pytest

from generator.model import Figure
from generator.stages.trace import Source, Traced, arithmetic, as_objects, find, near, parts_of, wanted_ids

FIGURES = [
    Traced(
        Figure("tong_gia_tri", "tổng giá trị hỗ trợ", 33_312_000_000, "đồng", "sum", ("a/1", "a/2")),
        ("hơn 33,3\u00a0tỷ đồng", "33.312.000.000"),
    ),
    Traced(Figure("gia_tri[DV-0001]", "giá trị của đơn vị", 5, "đồng", "sum", ("a/1",)), ("5",)),
    Traced(Figure("gia_tri[DV-0002]", "giá trị của đơn vị", 33, "đồng", "sum", ("b/1",))),
    Traced(Figure("so_don_vi", "số đơn vị phải báo cáo", 12, "đơn vị", "obligations"), ("12",)),
    Traced(Figure("thay_doi", "tổng giá trị", Decimal("12.5"), "%", "change", ("a/1", "c/1")), ("12,5%",)),
]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("tong_gia_tri", ["tong_gia_tri"]),
        ("gia_tri[*]", ["gia_tri[DV-0001]", "gia_tri[DV-0002]"]),
        ("gia_tri[DV-0002]", ["gia_tri[DV-0002]"]),
        ("*gia_tri*", ["tong_gia_tri", "gia_tri[DV-0001]", "gia_tri[DV-0002]"]),
        ("33,3 tỷ", ["tong_gia_tri"]),
        ("  HƠN  33,3 tỷ   đồng ", ["tong_gia_tri"]),
        (unicodedata.normalize("NFD", "33,3 tỷ đồng"), ["tong_gia_tri"]),
        ("33.312.000.000", ["tong_gia_tri"]),
        ("12,5%", ["thay_doi"]),
        ("33", ["gia_tri[DV-0002]"]),
        ("3", []),
        ("33,3 triệu", []),
        ("khong_co", []),
        ("[", []),
    ],
)
def test_a_figure_is_found_by_its_code_or_by_what_the_report_says(asked, codes):
    assert [one.figure.code for one in find(FIGURES, asked)] == codes


def test_asking_for_nothing_gives_every_figure():
    assert find(FIGURES, " ") == FIGURES


@pytest.mark.parametrize("asked", ["tong_gia_try", "tổng giá trị", "TONG GIA TRI"])
def test_a_slip_is_answered_with_the_near_miss(asked):
    assert "tong_gia_tri" in near(FIGURES, asked)


def test_ids_are_wanted_once_each():
    assert wanted_ids(FIGURES) == ["a/1", "a/2", "b/1", "c/1"]


def test_the_json_contract_keeps_the_order_of_the_values_and_loses_no_number():
    sources = {
        "a/1": Source("a/1", "inputs/2025/a.xlsx", "f" * 64, "Hoạt động hỗ trợ", "K12", 5, "5"),
        "c/1": Source("c/1", "inputs/2024/a.xlsx", "e" * 64, "Hoạt động hỗ trợ", "K13", Decimal("2.50"), "2,5"),
    }
    told = json.loads(json.dumps(as_objects(FIGURES[-1:], sources)))
    assert told == [
        {
            "figure": "thay_doi",
            "label": "tổng giá trị",
            "printed": "12,5%",
            "value": "12.5",
            "unit": "%",
            "aggregation": "change",
            "values": ["a/1", "c/1"],
            "cells": [
                {
                    "id": "a/1",
                    "file": "inputs/2025/a.xlsx",
                    "sha256": "f" * 64,
                    "sheet": "Hoạt động hỗ trợ",
                    "cell": "K12",
                    "value": 5,
                    "raw": "5",
                },
                {
                    "id": "c/1",
                    "file": "inputs/2024/a.xlsx",
                    "sha256": "e" * 64,
                    "sheet": "Hoạt động hỗ trợ",
                    "cell": "K13",
                    "value": "2.50",
                    "raw": "2,5",
                },
            ],
            "formula": "",
            "parts": [],
        }
    ]


COMPUTED = [
    Traced(Figure("nam_nay", "giá trị", 150, "đồng", "sum", ("a/1",)), ("150",)),
    Traced(Figure("nam_truoc", "giá trị", 100, "đồng", "sum", ("c/1",))),
    Traced(
        Figure("tang", "giá trị", Decimal("50.0"), "%", "change", ("a/1", "c/1"), ("nam_nay", "nam_truoc")), ("50%",)
    ),
    Traced(Figure("ty_trong[a]", "tỷ trọng", Decimal("60.0"), "%", "share", ("a/1",), ("nam_nay", "nam_truoc"))),
    Traced(Figure("tren", "trên cả hai", 1, "%", "change", ("a/1",), ("tang", "khong_co"))),
]


def test_a_computed_figure_tells_its_formula_and_the_figures_in_it():
    parts = parts_of(COMPUTED[2:3], COMPUTED)
    (told,) = as_objects(COMPUTED[2:3], {}, parts)
    assert told["formula"] == "(A − B) / B × 100"
    assert told["parts"] == [
        {"code": "nam_nay", "printed": "150", "value": 150},
        {"code": "nam_truoc", "printed": "100", "value": 100},
    ]
    a, b = (part["value"] for part in told["parts"])
    assert str(Decimal((a - b) * 100) / b) + ".0" == told["value"]
    assert arithmetic(COMPUTED[2], parts) == ["tang = (A − B) / B × 100", "  A = nam_nay: 150", "  B = nam_truoc: 100"]
    assert arithmetic(COMPUTED[0], parts) == []


def test_parts_of_parts_are_known_and_a_part_that_is_not_there_is_left_out():
    assert set(parts_of(COMPUTED[4:], COMPUTED)) == {"tang", "nam_nay", "nam_truoc"}
    assert "làm tròn" in as_objects(COMPUTED[3:4], {}, parts_of(COMPUTED[3:4], COMPUTED))[0]["formula"]


def test_the_origin_of_a_figure_reads_as_a_sentence():
    assert FIGURES[0].origin == "tổng giá trị hỗ trợ: tổng của 2 ô"
    assert FIGURES[3].origin == "số đơn vị phải báo cáo: đếm theo danh bạ và sổ tiếp nhận"
