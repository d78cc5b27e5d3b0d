"""Each rule finds what is wrong, lets stand what is right or cannot be judged, and points at the cell."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from generator.definitions.forms import Field, Rule, SheetKind
from generator.definitions.returned import Layout, Neighbours, Returned, TableLayout
from generator.definitions.rules import OPERATORS, PATTERNS, RULES, all_rules
from generator.definitions.rules.base import Param
from generator.issues import Issue, Severity
from generator.model import Value
from generator.stages.normalise import normalise
from spreadsheet_tables import FILE, LISTS, YEAR, drawn_sheets, found, normalised, small_form, workbook

PERIOD = Neighbours(date(2024, 12, 15), date(2025, 12, 14), frozenset({"XA-0001"}))


def judged(kind: str, text: str, params: Mapping[str, Any], neighbours: Neighbours = PERIOD) -> list[Issue]:
    form = small_form()
    returned, _ = normalised(form, text)
    return RULES[kind].check(Rule("luat", kind, "Luật", params), form, returned, neighbours)


def rows(*lines: str) -> str:
    return "# bang\n" + "\n".join(f"| {line} |" for line in lines)


def answers(**given: str) -> str:
    return "# chung\n" + "\n".join(f"{code} | {answer}" for code, answer in given.items())


REQUIRED_COLUMN = {"field": "bang.noi_dung"}
RANGE = {"field": "bang.so_ho", "minimum": 1, "maximum": 10}
COMPARE = {"left": "bang.so_nguoi", "operator": ">=", "right": "bang.so_ho"}
SUM = {"total": "bang.gia_tri", "parts": ("bang.don_gia", "bang.so_ho")}
MOVEMENT = {"total": "bang.gia_tri", "parts": ("bang.don_gia", "bang.so_ho"), "minus": ("bang.so_nguoi",)}
EITHER = {"field": "bang.xa", "or": "bang.noi_dung"}
BESIDE = {"left": "bang.so_ho", "operator": "<=", "right": "so_luot"}
PRODUCT = {"result": "bang.gia_tri", "factors": ("bang.so_luong", "bang.don_gia")}
UNIQUE = {"columns": ("bang.xa", "bang.noi_dung")}
REQUIRES = {"when": "bang.hinh_thuc", "is": ("tien", "hien_vat"), "then": "bang.gia_tri"}
PLAN = {"when": "co_ke_hoach", "is": (True,), "then": "so_ke_hoach"}
NIL = {"field": "khong_phat_sinh", "reason": "ly_do", "table": "bang"}
LOOKING_BACK: Mapping[str, Mapping[str, Any]] = {
    "trend": {"column": "bang.gia_tri", "ratio": 20},
    "repeated": {"columns": ("bang.noi_dung",)},
    "carried": {"field": "so_buoi", "from": "so_luot", "same": "dien_thoai"},
    "planned": {
        "line": "bang.so_ho", "value": "bang.gia_tri", "plan": "bang", "planned": "bang.don_gia", "ratio": 10
    },
}  # fmt: skip
PEERS = {"column": "bang.gia_tri", "lowest": 10_000, "highest": 20_000_000_000, "ratio": 1000}

CASES = [
    # required: the empty cell itself is named; a row that holds nothing asks for nothing
    ("required", REQUIRED_COLUMN, rows("noi_dung | so_ho", "Quà | 1", " | 2", " | ", "Bò | "), ["Hoạt động!E13"]),
    ("required", REQUIRED_COLUMN, rows("noi_dung | so_ho", "#REF! | 2", "=? | 3"), []),
    ("required", {"field": "dien_thoai"}, answers(so_buoi="3"), ["Thông tin chung!E14"]),
    ("required", {"field": "dien_thoai"}, answers(dien_thoai="0905123456"), []),
    ("required", {"field": "so_buoi"}, answers(so_buoi="ba"), []),
    ("required", EITHER, rows("xa | noi_dung | so_ho", "xã Trà Don | | 1", " | Quà | 1", " | | 1"), ["Hoạt động!D14"]),
    ("required", {"field": "dien_thoai", "or": "so_ke_hoach"}, answers(so_ke_hoach="15/KH"), []),
    ("required", {"field": "dien_thoai", "or": "so_ke_hoach"}, answers(so_buoi="1"), ["Thông tin chung!E14"]),
    # range: both bounds are allowed
    ("range", RANGE, rows("so_ho", "1", "10", "0", "11"), ["Hoạt động!J14", "Hoạt động!J15"]),
    ("range", RANGE, rows("so_ho", "nhiều", "-5", "", "5"), []),
    ("range", {"field": "so_buoi", "maximum": 5}, answers(so_buoi="6"), ["Thông tin chung!E15"]),
    ("range", {"field": "so_buoi"}, answers(so_buoi="6"), []),
    # compare: both must be given
    ("compare", COMPARE, rows("so_ho | so_nguoi", "2 | 2", "3 | 2", "3 | ", " | 2"), ["Hoạt động!K13"]),
    ("compare", COMPARE, rows("so_ho | so_nguoi", "3 | hai", "#N/A | 2"), []),
    (
        "compare",
        {"left": "so_luot", "operator": ">=", "right": "so_buoi"},
        answers(so_buoi="5", so_luot="4"),
        ["Thông tin chung!E16"],
    ),
    # compare: each row beside a single answer, which must be given
    ("compare", BESIDE, answers(so_luot="3") + "\n" + rows("so_ho", "3", "4", "", "2"), ["Hoạt động!J13"]),
    ("compare", BESIDE, rows("so_ho", "3", "4"), []),
    # sum: judged with a total and at least one part
    (
        "sum",
        SUM,
        rows("don_gia | so_ho | gia_tri", "5 | 2 | 7", "5 | 2 | 8", "5 | | 5", " | | 9", "5 | 2 | "),
        ["Hoạt động!I13"],
    ),
    # sum with minus: judged with the total and the opening stock; what else is empty counts as nothing
    (
        "sum",
        MOVEMENT,
        rows(
            "don_gia | so_ho | so_nguoi | gia_tri",
            "9 | 2 | 4 | 7",
            "9 | 2 | 4 | 8",
            "9 | | 4 | 5",
            "9 | | | 8",
            " | 2 | 4 | 5",
        ),
        ["Hoạt động!I13", "Hoạt động!I15"],
    ),
    (
        "sum",
        MOVEMENT,
        rows("don_gia | so_nguoi | gia_tri", "9 | 9 | 0", "9 | 10 | 0", "chín | 2 | 0"),
        ["Hoạt động!I13"],
    ),
    # product: a đồng apart is rounding; an empty factor is not 0
    (
        "product",
        PRODUCT,
        rows("so_luong | don_gia | gia_tri", "2 | 500 | 1000", "2 | 500 | 999", "2 | 500 | 998", "2 | | 7", " | 5 | 7"),
        ["Hoạt động!I14"],
    ),
    (
        "product",
        PRODUCT | {"tolerance": 0},
        rows("so_luong | don_gia | gia_tri", "1.5 | 3 | 4", "1.5 | 2 | 3", "hai | 2 | 3"),
        ["Hoạt động!I12"],
    ),
    # unique: the later row is named; spelling does not hide a twin, an empty cell is no twin
    (
        "unique",
        UNIQUE,
        rows("xa | noi_dung", "xã Trà Don | Quà", "xã Trà Dơn | Quà", "xã Trà Don | QUÀ", "xã Trà Don | ", "| "),
        ["Hoạt động!D14"],
    ),
    ("unique", UNIQUE, rows("xa | noi_dung", "xã lạ | Quà", "xã lạ | Quà"), []),
    # matches
    ("matches", {"field": "dien_thoai", "pattern": "phone"}, answers(dien_thoai="0905 123"), ["Thông tin chung!E14"]),
    ("matches", {"field": "dien_thoai", "pattern": "phone"}, answers(dien_thoai="#REF!"), []),
    ("matches", {"field": "dien_thoai", "pattern": "phone"}, answers(so_buoi="1"), []),
    # within_period: 15-12 to 14-12, as far as the precision tells
    (
        "within_period",
        {"field": "bang.thoi_gian"},
        rows("thoi_gian", "2024-12-14", "2024-12-15", "2025-12-14", "2025-12-15"),
        ["Hoạt động!C12", "Hoạt động!C15"],
    ),
    (
        "within_period",
        {"field": "bang.thoi_gian"},
        rows("thoi_gian", "11/2024", "12/2024", "12/2025", "1/2026", "quý I/2026", "2023", "Tết"),
        ["Hoạt động!C12", "Hoạt động!C15", "Hoạt động!C17"],
    ),
    # assigned
    ("assigned", {"field": "bang.xa"}, rows("xa", "xã Trà Tập", "xã Trà Don", "xã lạ", ""), ["Hoạt động!D13"]),
    # requires: help in kind needs a value, days of work do not; 0 is a value
    (
        "requires",
        REQUIRES,
        rows("hinh_thuc | gia_tri", "Tiền | 5", "Hiện vật | ", "Ngày công | ", "Tiền | 0", "Tiền | năm", "?? | "),
        ["Hoạt động!I13"],
    ),
    ("requires", PLAN, answers(co_ke_hoach="Có"), ["Thông tin chung!E18"]),
    ("requires", PLAN, answers(co_ke_hoach="TRUE"), ["Thông tin chung!E18"]),
    ("requires", PLAN, answers(co_ke_hoach="Không"), []),
    ("requires", PLAN, answers(co_ke_hoach="có lẽ"), []),
    ("requires", PLAN, answers(co_ke_hoach="Có", so_ke_hoach="15/KH"), []),
    # nil
    ("nil", NIL, answers(khong_phat_sinh="Có", ly_do="Sáp nhập"), []),
    ("nil", NIL, answers(khong_phat_sinh="Có"), ["Thông tin chung!E21"]),
    ("nil", NIL, answers(khong_phat_sinh="Có", ly_do="x") + "\n" + rows("so_ho", "1"), ["Thông tin chung!E20"]),
    ("nil", NIL, answers(so_buoi="1"), ["Thông tin chung!E20"]),
    ("nil", NIL, answers(khong_phat_sinh="Không") + "\n" + rows("so_ho", "1"), []),
    # peers: sums typed in thousands or millions; 0 is no slip
    ("peers", PEERS, rows("gia_tri", "12000", "12", "0", "30000000000"), ["Hoạt động!I13", "Hoạt động!I15"]),
    (
        "peers",
        {"column": "bang.gia_tri", "ratio": 1000},
        rows("gia_tri", "5000", "6000000", "7000000", "8000000"),
        ["Hoạt động!I12"],
    ),
    ("peers", {"column": "bang.gia_tri", "ratio": 1000}, rows("gia_tri", "5000", "6000000", "7000000"), []),
]


@pytest.mark.parametrize(("kind", "params", "text", "places"), CASES)
def test_a_rule_names_the_cells_that_are_wrong(
    kind: str, params: Mapping[str, Any], text: str, places: list[str]
) -> None:
    assert [f"{one.place.sheet}!{one.place.cell}" for one in judged(kind, text, params)] == places


def test_every_rule_type_has_a_case() -> None:
    # the cases of rules that look back a year stand below and in test_rules_of_years.py
    assert {case[0] for case in CASES} | set(LOOKING_BACK) == set(RULES)


@pytest.mark.parametrize("severity", list(Severity))
def test_an_issue_has_the_severity_that_the_form_chose(severity: Severity) -> None:
    form = small_form()
    returned, _ = normalised(form, rows("so_ho", "11"))
    rule = Rule("luat", "range", "Luật", RANGE, severity)
    assert [one.severity for one in RULES["range"].check(rule, form, returned, PERIOD)] == [severity]


@pytest.mark.parametrize(
    ("kind", "params", "text", "words"),
    [
        ("range", RANGE, rows("so_ho", "1234"), {"value": "1.234", "expected": "từ 1 đến 10"}),
        ("range", {"field": "so_buoi", "minimum": 2}, answers(so_buoi="1"), {"expected": "từ 2 trở lên"}),
        ("range", {"field": "so_buoi", "maximum": 2}, answers(so_buoi="3"), {"expected": "không quá 2"}),
        (
            "compare",
            COMPARE,
            rows("so_ho | so_nguoi", "3 | 2"),
            {"left_value": "2", "words": "không được nhỏ hơn", "right_value": "3", "right_cell": "J12"},
        ),
        (
            "product",
            PRODUCT,
            rows("so_luong | don_gia | gia_tri", "1.5 | 1000 | 9"),
            {"value": "9", "factors": "1,5 × 1.000", "expected": "1.500"},
        ),
        ("sum", SUM, rows("don_gia | so_ho | gia_tri", "5 | 2 | 8"), {"value": "8", "expected": "7", "terms": "5 + 2"}),
        (
            "sum",
            MOVEMENT,
            rows("don_gia | so_ho | so_nguoi | gia_tri", "1200 | 2 | 3 | 8"),
            {"value": "8", "terms": "1.200 + 2 − 3", "expected": "1.199"},
        ),
        (
            "compare",
            BESIDE,
            answers(so_luot="3") + "\n" + rows("so_ho", "4"),
            {"left_value": "4", "right_value": "3", "right_cell": "Thông tin chung!E16"},
        ),
        ("required", EITHER, rows("so_ho", "1"), {"field": "Cột xa", "other": "Cột noi_dung"}),
        ("unique", UNIQUE, rows("xa | noi_dung", "xã Trà Don | a", "xã Trà Don | A"), {"twin": "D12"}),
        (
            "within_period",
            {"field": "bang.thoi_gian"},
            rows("thoi_gian", "2025-12-15"),
            {"value": "15/12/2025", "start": "15/12/2024", "end": "14/12/2025"},
        ),
        ("assigned", {"field": "bang.xa"}, rows("xa", "Xã Trà Don"), {"value": "Xã Trà Don"}),
        ("peers", PEERS, rows("gia_tri", "12"), {"value": "12 đồng", "typical": "từ 10.000 đồng trở lên"}),
        (
            "peers",
            {"column": "bang.gia_tri", "ratio": 10},
            rows("gia_tri", "1", "100", "200", "300"),
            {"typical": "khoảng 200 đồng"},
        ),
        ("nil", NIL, answers(khong_phat_sinh="Có") + "\n" + rows("so_ho", "1", "2"), {"rows": "2"}),
    ],
)
def test_an_issue_says_what_was_found_and_what_is_expected(
    kind: str, params: Mapping[str, Any], text: str, words: Mapping[str, str]
) -> None:
    (one,) = judged(kind, text, params)
    assert {name: one.params[name] for name in words} == words


@pytest.mark.parametrize(
    ("operator", "left", "right", "holds"),
    [
        ("<=", 2, 2, True),
        ("<=", 3, 2, False),
        (">=", 2, 2, True),
        (">=", 2, 3, False),
        ("<", 2, 2, False),
        ("<", 1, 2, True),
        (">", 2, 2, False),
        (">", 3, 2, True),
        ("=", 2, 2, True),
        ("=", 2, 3, False),
    ],
)
def test_numbers_are_compared_as_written(operator: str, left: int, right: int, holds: bool) -> None:
    params = {"left": "so_buoi", "operator": operator, "right": "so_luot"}
    assert (judged("compare", answers(so_buoi=str(left), so_luot=str(right)), params) == []) is holds
    assert operator in OPERATORS


def test_cells_are_found_again_where_rows_and_columns_were_inserted() -> None:
    form = small_form()
    drawn = drawn_sheets(form, rows("noi_dung | so_ho", "Quà | 1", " | 2") + "\n" + answers(so_buoi="1"))
    drawn["bang"] = drawn["bang"].inserted(row=13, count=2).inserted(row=3).inserted(column=5)
    drawn["chung"] = drawn["chung"].inserted(row=12, count=3)
    returned, _ = normalise(workbook(drawn), form, LISTS, FILE, YEAR)
    for field, place in (("bang.noi_dung", "Hoạt động!F16"), ("dien_thoai", "Thông tin chung!E17")):
        rule = Rule("luat", "required", "Luật", {"field": field})
        assert found(RULES["required"].check(rule, form, returned, PERIOD)) == [f"{place} rule.required"]


@pytest.mark.parametrize(("field", "zero"), [("bang.noi_dung", ""), ("bang.so_ho", "0"), ("so_buoi", "0")])
def test_only_where_a_number_is_asked_is_a_zero_proposed(field: str, zero: str) -> None:
    told = judged("required", rows("noi_dung | so_ho | gia_tri", " |  | 5"), {"field": field})
    assert [one.params["zero"] for one in told] == [zero]


def test_a_missing_column_or_table_breaks_no_rule() -> None:
    form = small_form()
    for kind, params, *_ in CASES:
        rule = Rule("luat", kind, "Luật", params)
        for one in RULES[kind].check(rule, form, Returned(FILE), PERIOD):
            assert one.place.cell == ""


def test_fields_imply_that_they_are_required_and_bounded() -> None:
    form = small_form()
    fields = (Field("a", "A", "integer", required=True), Field("b", "B", "integer", minimum=0, maximum=9))
    own = Rule("rieng", "matches", "Riêng", {"field": "a", "pattern": "phone"})
    sheet = next(sheet for sheet in form.sheets if sheet.kind is SheetKind.FIELDS)
    rules = all_rules(replace(form, sheets=(replace(sheet, fields=fields),), rules=(own,)))
    assert [(rule.code, rule.type) for rule in rules] == [
        ("bat_buoc_a", "required"),
        ("khoang_b", "range"),
        ("rieng", "matches"),
    ]


@pytest.mark.parametrize("kind", sorted(RULES))
def test_every_rule_says_what_it_expects(kind: str) -> None:
    rule_type = RULES[kind]
    params = LOOKING_BACK.get(kind) or next(case[1] for case in CASES if case[0] == kind)
    hint = rule_type.hint(Rule("luat", kind, "Luật", params), small_form())
    assert hint.endswith(".")
    assert "{" not in hint
    assert rule_type.description.endswith(".")
    assert {param.name for param in rule_type.params if param.required} <= set(params)
    assert all(isinstance(param, Param) for param in rule_type.params)


SHAPES = [
    ("phone", "0905 123 456", True),
    ("phone", "0905123456", True),
    ("phone", "905123456", True),
    ("phone", "(0235) 3852 123", True),
    ("phone", "+84 905.123.456", True),
    ("phone", "0905123456; 0905123457", True),
    ("phone", "0235-3852123, 0905 123 456", True),
    ("phone", "0905123456 0905123457", True),
    ("phone", "0905", False),
    ("phone", "không có", False),
    ("phone", "0905 123 456 (anh Nam)", False),
    ("email", "vanthu@soyte.example", True),
    ("email", "van.thu@soyte.quangnam.example", True),
    ("email", "vanthu@", False),
    ("email", "vanthu", False),
    ("email", "a b@c.example", False),
    ("email", "@c.example", False),
]


@pytest.mark.parametrize(("pattern", "text", "fits"), SHAPES)
def test_telephones_and_addresses_are_known_by_their_shape(pattern: str, text: str, fits: bool) -> None:
    assert (PATTERNS[pattern][0].fullmatch(text) is not None) is fits
    assert PATTERNS[pattern][0].fullmatch(PATTERNS[pattern][1])


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
@pytest.mark.parametrize("text", ["1 " * 16_000 + "x", "0" * 32_000 + "x", "a@" + "." * 32_000 + "@", "a@a" * 10_000])
def test_no_text_makes_a_shape_slow(pattern: str, text: str) -> None:
    start = time.process_time()
    assert PATTERNS[pattern][0].fullmatch(text) is None
    assert time.process_time() - start < 0.2


@pytest.mark.usefixtures("no_collector")
def test_ten_times_the_rows_take_ten_times_as_long() -> None:
    form = small_form()
    layout = Layout({}, {"bang": TableLayout("Hoạt động", {"gia_tri": 9, "noi_dung": 5, "xa": 4}, 11)})

    def seconds(count: int) -> float:
        cells = [
            Value("bang", row, code, value, str(value), "Hoạt động", f"A{row}")
            for row in range(1, count + 1)
            for code, value in (("gia_tri", 1_000_000 + row), ("noi_dung", f"Quà {row}"), ("xa", "XA-0009"))
        ]
        returned = Returned(FILE, tuple(cells), layout)
        assert returned.rows("bang")
        start = time.process_time()
        for kind, params, *_ in CASES:
            RULES[kind].check(Rule("luat", kind, "Luật", params), form, returned, PERIOD)
        return time.process_time() - start

    assert min(seconds(4_000) for _ in range(3)) < 40 * min(seconds(400) for _ in range(3))
