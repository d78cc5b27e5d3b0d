"""Loading a form: every fault of a file at once, each on its line, with the near miss and what is allowed."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.definitions.load import load_form, load_forms, load_messages
from generator.definitions.prefills import prefill_name
from generator.definitions.schema import as_code, nearest
from generator.issues import CODES, Issue

WHOLE = """\
form: KN-09
version: 1.10
title: Biểu thử
issued_with: Ban hành để thử
role: gives
choices:
  linh_vuc:
    kinh_te: Kinh tế
  loai:
    nha_o: {label: Nhà ở, group: kinh_te}
sheets:
  - code: chung
    title: Chung
    kind: fields
    fields:
      - {code: ho, label: Số hộ, type: integer}
      - {code: co_ke_hoach, label: Có kế hoạch, type: yes_no}
      - {code: xa_phan_cong, repeat: 3, label: "Xã {n}", type: text, prefill: "assigned.{n}"}
  - code: bang
    title: Bảng
    kind: table
    columns:
      - {code: loai, label: Loại, type: choice, choices: loai}
      - {code: gia_tri, label: Giá trị, type: money, total: true}
rules:
  - {code: duong, type: range, field: bang.gia_tri, minimum: 1, label: Dương, why: Để thử}
  - {code: cho, type: requires, when: bang.loai, is: [nha_o], then: bang.gia_tri, label: Chờ, why: Để thử}
"""

FORM = Path("templates/forms/thu.yaml")


def faults(text: str) -> list[tuple[int, str]]:
    _, issues = load_form(FORM, text)
    return [(found.place.line, found.code) for found in issues]


def only(text: str) -> Issue:
    _, issues = load_form(FORM, text)
    assert len(issues) == 1, issues
    return issues[0]


def test_a_form_without_fault_becomes_records() -> None:
    form, issues = load_form(FORM, WHOLE)
    assert issues == []
    assert form is not None
    # a version is text: YAML's own number would lose the zero
    assert (form.code, form.version, form.role, form.unit) == ("KN-09", "1.10", "gives", "đồng")
    assert [path for path, _ in form.paths()] == [
        "ho",
        "co_ke_hoach",
        "xa_phan_cong_1",
        "xa_phan_cong_2",
        "xa_phan_cong_3",
        "bang.loai",
        "bang.gia_tri",
    ]
    third = form.field("xa_phan_cong_3")
    assert third is not None
    assert (third.label, third.prefill) == ("Xã 3", "assigned.3")
    assert form.choices["loai"][0].group == "kinh_te"
    assert form.rules[0].params == {"field": "bang.gia_tri", "minimum": 1}
    assert form.rules[1].params["is"] == ("nha_o",)


def test_a_width_with_decimals_can_be_added_to_others() -> None:
    form, issues = load_form(FORM, WHOLE.replace("total: true", "total: true, width: 9.5"))
    assert issues == []
    assert form is not None
    assert [type(field.width) for _, field in form.paths() if field.width == 9.5] == [float]


@pytest.mark.parametrize("years", ["0", "21", "-5"])
def test_a_form_covers_a_year_or_some_years(years: str) -> None:
    text = WHOLE.replace("role: gives", "role: gives\nyears: 5")
    form, issues = load_form(FORM, text)
    assert (form.years if form else 0, issues) == (5, [])
    issues = load_form(FORM, text.replace("years: 5", f"years: {years}"))[1]
    assert [(one.code, one.place.line) for one in issues] == [("form.bad_count", 6)]


@pytest.mark.parametrize("role", ["receives", "both", "board"])
def test_a_form_may_be_owed_by_any_role_and_draw_on_the_lists_of_partners(role: str) -> None:
    text = WHOLE.replace("role: gives", f"role: {role}").replace("choices: loai}", 'choices: "@givers"}')
    form, issues = load_form(FORM, text)
    # the rule that waits for a kind of help cannot judge a partner
    assert [one.code for one in issues] in ([], ["form.unknown_answer"])
    assert form is not None
    assert form.role == role


def test_a_row_may_be_compared_with_a_single_answer_but_not_the_other_way_round() -> None:
    rule = "  - {code: so, type: compare, left: LEFT, operator: '<=', right: RIGHT, label: a, why: b}\n"
    there = WHOLE.rstrip() + "\n" + rule.replace("LEFT", "bang.gia_tri").replace("RIGHT", "ho")
    back = WHOLE.rstrip() + "\n" + rule.replace("LEFT", "ho").replace("RIGHT", "bang.gia_tri")
    assert load_form(FORM, there)[1] == []
    assert [one.code for one in load_form(FORM, back)[1]] == ["form.rule_mixed_tables"]


PLANTED = [
    ("role: gives", "role: give", 5, "form.unknown_role", {"near": "gives"}),
    ("form: KN-09", "form: kn9", 1, "form.bad_form_code", {"name": "kn9"}),
    ("title: Biểu thử", "tille: Biểu thử", 3, "definition.unknown_key", {"name": "tille", "near": "title"}),
    ("type: integer}", "type: integr}", 16, "form.unknown_type", {"near": "integer", "field": "ho"}),
    ("type: integer}", "type: [integer]}", 16, "definition.wrong_type", {"key": "type", "found": "danh sách"}),
    ("label: Số hộ, ", "", 16, "definition.missing_key", {"key": "label"}),
    ("label: Số hộ, ", "label: , ", 16, "definition.wrong_type", {"key": "label", "found": "để trống"}),
    ("code: co_ke_hoach", "code: ho", 17, "form.two_fields", {"name": "ho", "first": "16"}),
    ("code: gia_tri", "code: loai", 24, "form.two_fields", {"name": "loai", "first": "23"}),
    ("code: bang", "code: chung", 19, "form.two_sheets", {"first": "12"}),
    ("title: Bảng", "title: CHUNG", 20, "form.two_titles", {"first": "13"}),
    ("title: Bảng", "title: Bảng 1/2", 20, "form.bad_title", {}),
    ("kind: table", "kind: tabel", 21, "form.unknown_kind", {"near": "table"}),
    ("code: ho,", "code: Số hộ,", 16, "definition.bad_code", {"suggestion": "so_ho"}),
    ("code: ho,", "code: hộ,", 16, "definition.bad_code", {"suggestion": "ho"}),
    ("code: ho,", "code: 2_ho,", 16, "definition.bad_code", {"suggestion": ""}),
    ("code: ho,", unicodedata.normalize("NFD", "code: hộ,"), 16, "definition.decomposed_code", {"suggestion": "ho"}),
    ("repeat: 3", "repeat: ba", 18, "definition.wrong_type", {"key": "repeat", "found": "“ba”"}),
    ("repeat: 3", "repeat: 9999", 18, "form.bad_count", {"key": "repeat"}),
    ("choices: loai}", "choices: lpai}", 23, "form.unknown_choices", {"near": "loai", "field": "loai"}),
    (", choices: loai}", "}", 23, "definition.missing_key", {"key": "choices"}),
    ("group: kinh_te", "group: kinh_tế", 10, "form.unknown_group", {"near": "kinh_te", "choice": "nha_o"}),
    ("total: true", "total: maybe", 24, "definition.wrong_type", {"key": "total"}),
    ("type: yes_no}", "type: yes_no, total: yes}", 17, "form.total_not_numeric", {"field": "co_ke_hoach"}),
    ("type: integer}", "type: integer, minimum: 9, maximum: 1}", 16, "form.empty_range", {"field": "ho"}),
    ("type: integer}", "type: integer, prefill: partner.nam}", 16, "form.unknown_prefill", {"near": "partner.name"}),
    ("    kind: table", "    kind: table\n    fields: []", 22, "form.wrong_place", {"key": "fields"}),
    ("type: range", "type: rangge", 26, "form.unknown_rule", {"near": "range"}),
    ("code: cho,", "code: duong,", 27, "form.two_rules", {"first": "26"}),
    ("field: bang.gia_tri", "field: bang.gia_tr", 26, "form.unknown_field", {"near": "bang.gia_tri", "param": "field"}),
    ("field: bang.gia_tri", "feild: bang.gia_tri", 26, "definition.unknown_key", {"near": "field"}),
    ("minimum: 1,", "minimum: một,", 26, "definition.wrong_type", {"key": "minimum", "expected": "số"}),
    ("is: [nha_o]", "is: [nha_oo]", 27, "form.unknown_answer", {"near": "nha_o"}),
    ("is: [nha_o]", "is: nha_o", 27, "definition.wrong_type", {"key": "is"}),
    ("then: bang.gia_tri", "then: ho", 27, "form.rule_mixed_tables", {"name": "ho", "first": "bang.loai"}),
    ("why: Để thử}\n  - {code: cho", "severity: fatal, why: a}\n  - {code: cho", 26, "form.unknown_severity", {}),
]


@pytest.mark.parametrize(
    ("written", "instead", "line", "code", "params"), PLANTED, ids=[f"{row[3]}@{row[1][:24]}" for row in PLANTED]
)
def test_a_fault_is_told_with_its_line_and_what_was_meant(
    written: str, instead: str, line: int, code: str, params: dict[str, str]
) -> None:
    assert WHOLE.count(written) == 1
    issues = load_form(FORM, WHOLE.replace(written, instead))[1]
    found = next((one for one in issues if one.code == code and one.place.line == line), None)
    assert found is not None, issues
    assert found.place.file == "templates/forms/thu.yaml"
    assert params.items() <= found.params.items()


def test_all_faults_of_a_file_are_told_at_once_in_order_of_lines() -> None:
    text = WHOLE
    for written, instead in [
        ("role: gives", "role: give"),
        ("type: integer}", "type: integr}"),
        ("choices: loai}", "choices: lpai}"),
        ("type: range", "type: rangge"),
        ("then: bang.gia_tri", "then: bang.gia_trị"),
    ]:
        text = text.replace(written, instead)
    assert faults(text) == [
        (5, "form.unknown_role"),
        (16, "form.unknown_type"),
        (23, "form.unknown_choices"),
        (26, "form.unknown_rule"),
        (27, "form.unknown_field"),
    ]


def test_a_faulty_field_still_exists_for_the_rules_that_name_it() -> None:
    assert faults(WHOLE.replace("type: money", "type: mony")) == [(24, "form.unknown_type")]


def test_an_operator_and_a_pattern_must_exist() -> None:
    rules = """\
      - {code: a, type: compare, left: ho, operator: "=>", right: ho, label: A, why: B}
      - {code: b, type: matches, field: ho, pattern: fone, label: A, why: B}
      - {code: c, type: product, result: ho, factors: [bang.gia_tri, bang.gia], label: A, why: B}
      - {code: d, type: nil, field: co_ke_hoach, reason: ho, table: bangg, label: A, why: B}
    """
    text = WHOLE[: WHOLE.index("rules:")] + "rules:\n" + dedent(rules)
    assert faults(text) == [
        (26, "form.unknown_operator"),
        (27, "form.unknown_pattern"),
        (28, "form.unknown_column"),
        (28, "form.unknown_column"),
        (28, "form.rule_mixed_tables"),
        (29, "form.unknown_table"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "yaml.empty"),
        ("# chỉ có chú thích\n", 1, "yaml.empty"),
        ("a: 1\n\tb: 2\n", 2, "yaml.syntax"),
        ("a: 1\nb: 'mở mà không đóng\n", 3, "yaml.syntax"),
        ("a: b: c\n", 1, "yaml.syntax"),
        ("a: \x07\n", 1, "yaml.syntax"),
        ("a: &x 1\nb: *x\n", 1, "yaml.alias"),
        ("a: 1\nb: *x\n", 2, "yaml.alias"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "yaml.tag"),
        ("a: 1\n---\nb: 2\n", 2, "yaml.second_document"),
        ("[" * 100_000, 1, "yaml.too_deep"),
        ("x" * 1_000_001, 0, "yaml.too_large"),
        ("- a\n- b\n", 1, "definition.wrong_type"),
        ("chỉ một câu\n", 1, "definition.wrong_type"),
    ],
)
def test_a_file_that_is_no_form_at_all_is_told_where_it_breaks(text: str, line: int, code: str) -> None:
    found = only(text)
    assert (found.place.line, found.code) == (line, code)


def test_a_key_written_twice_is_told_with_the_first_line() -> None:
    found = only(WHOLE + "title: Lần nữa\n")
    assert (found.code, found.place.line, found.params["first"]) == ("yaml.duplicate_key", 28, "3")


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    form, issues = load_form(FORM, WHOLE.replace("kinh_te: Kinh tế", "kinh_te: no").replace("Số hộ", "2012-10-22"))
    assert issues == []
    assert form is not None
    assert form.choices["linh_vuc"][0].label == "no"
    field = form.field("ho")
    assert field is not None
    assert field.label == "2012-10-22"


def test_labels_typed_in_decomposed_unicode_are_composed() -> None:
    form, issues = load_form(FORM, WHOLE.replace("Số hộ", unicodedata.normalize("NFD", "Số hộ")))
    assert issues == []
    assert form is not None
    field = form.field("ho")
    assert field is not None
    assert field.label == "Số hộ"


@given(st.text(max_size=300))
def test_no_text_whatever_makes_the_loader_raise(text: str) -> None:
    _, issues = load_form(FORM, text)
    assert all(found.code in CODES for found in issues)


@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text("[]{}:-\"'\n #&*!|>é\u0301", max_size=6))
def test_a_form_damaged_anywhere_gives_a_form_or_an_issue(start: int, length: int, dirt: str) -> None:
    form, issues = load_form(FORM, WHOLE[:start] + dirt + WHOLE[start + length :])
    assert form is not None or issues


def test_a_long_form_loads_in_time_proportional_to_its_length() -> None:
    fields = "".join(f"      - {{code: truong_{number}, label: Số, type: integr}}\n" for number in range(4_000))
    text = WHOLE.replace("    fields:\n", f"    fields:\n{fields}")
    begun = time.process_time()
    assert len(faults(text)) == 4_000
    assert time.process_time() - begun < 5


def test_a_folder_gives_its_forms_by_code_and_tells_of_two_with_one_code(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "c.yaml").write_bytes("form: KN-01\ntitle: Biểu".encode("utf-16"))
    (tmp_path / "d.yaml").write_text("\ufeff" + WHOLE.replace("KN-09", "KN-10"), encoding="utf-8")
    forms, issues = load_forms(tmp_path)
    assert sorted(forms) == ["KN-09", "KN-10"]
    assert [(Path(found.place.file).name, found.code) for found in issues] == [
        ("b.yaml", "form.two_forms"),
        ("c.yaml", "yaml.encoding"),
    ]


def test_a_folder_without_definitions_is_a_fault(tmp_path: Path) -> None:
    assert [found.code for found in load_forms(tmp_path / "khong-co")[1]] == ["definition.no_files"]


def test_messages_of_unknown_codes_and_codes_without_message_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "office.not_zip:\n  sentence: A\n  cure: B\noffice.damagd:\n  sentence: A\n  cure: B\n", encoding="utf-8"
    )
    (tmp_path / "b.yaml").write_text("office.not_zip:\n  sentence: A\n  cure: B\n", encoding="utf-8")
    messages, issues = load_messages(tmp_path)
    told = [(found.place.line, found.code, found.params["name"]) for found in issues]
    assert told[:2] == [(4, "message.unknown_code", "office.damagd"), (1, "message.twice", "office.not_zip")]
    assert issues[0].params["near"] == "office.damaged"
    assert {name for _, code, name in told[2:] if code == "message.missing"} == set(CODES) - {"office.not_zip"}
    assert set(messages.texts) >= {"office.not_zip"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("partner.code", ("partner.code", 0)),
        ("assigned.6", ("assigned.N", 6)),
        ("plan.10", ("plan.N", 10)),
        ("plan.0", ("", 0)),
        ("plan.N", ("", 0)),
        ("plan.²", ("", 0)),
        ("plan", ("", 0)),
        ("", ("", 0)),
    ],
)
def test_a_prefill_is_a_name_of_the_table_and_a_number(written: str, expected: tuple[str, int]) -> None:
    assert prefill_name(written) == expected


@pytest.mark.parametrize(
    ("written", "known", "expected"),
    [
        ("gia_trị", ["gia_tri", "don_gia"], "gia_tri"),
        ("gia tri", ["gia_tri", "don_gia"], "gia_tri"),
        ("integr", ["integer", "text"], "integer"),
        ("zzzz", ["integer", "text"], ""),
        ("", ["integer"], ""),
        ("a", [], ""),
    ],
)
def test_the_nearest_name_is_found_or_none(written: str, known: list[str], expected: str) -> None:
    assert nearest(written, known) == expected


def test_a_suggested_code_keeps_the_spelling_of_the_label() -> None:
    assert as_code("Kỳ báo cáo Đợt 1") == "ky_bao_cao_dot_1"


@given(st.text(max_size=100))
@example("ÇY")
def test_a_suggested_code_can_be_used_or_is_empty(text: str) -> None:
    assert as_code(text) == "" or as_code(text).replace("_", "").isalnum()
    assert as_code(as_code(text)) == as_code(text)
