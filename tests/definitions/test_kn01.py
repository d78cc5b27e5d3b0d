"""The shipped form KN-01 says what forms-and-reports asks for, under the codes that the other pieces use."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.definitions.fieldtypes import FIELD_TYPES
from generator.definitions.forms import Form
from generator.definitions.load import load_form
from generator.definitions.rules import RULES
from generator.issues import Severity

PATH = Path(__file__).resolve().parents[2] / "templates" / "forms" / "kn-01.yaml"

SHEETS = {
    "huong_dan": ("guide", "Hướng dẫn"),
    "thong_tin_chung": ("fields", "Thông tin chung"),
    "trien_khai": ("fields", "Triển khai"),
    "hoat_dong": ("table", "Hoạt động hỗ trợ"),
    "danh_gia": ("fields", "Đánh giá"),
    "ke_hoach": ("table", "Kế hoạch năm sau"),
    "kien_nghi": ("table", "Kiến nghị"),
    "kiem_tra": ("checks", "Kiểm tra"),
}
FIELDS = {
    **dict.fromkeys(["ma_don_vi", "ten_don_vi", "ky_bao_cao", "thu_truong", "nguoi_phu_trach"], "text"),
    **dict.fromkeys(["dien_thoai", "thu_dien_tu", "so_cong_van", "nguoi_ky"], "text"),
    "nam_bao_cao": "integer",
    "ngay_cong_van": "date",
    **{f"xa_phan_cong_{number}": "text" for number in range(1, 7)},
    **{f"ke_hoach_nam_nay_{number}": "text" for number in range(1, 11)},
    "khong_phat_sinh": "yes_no",
    "ly_do_khong_phat_sinh": "paragraph",
    **dict.fromkeys(["so_buoi_quan_triet", "luot_nguoi_quan_triet", "so_van_ban", "so_ky_ket"], "integer"),
    **dict.fromkeys(["so_dot_khao_sat", "so_cuoc_lam_viec", "luot_can_bo_tang_cuong"], "integer"),
    **dict.fromkeys(["thoi_gian_khao_sat", "so_ke_hoach"], "text"),
    **dict.fromkeys(["co_ke_hoach", "thay_doi_phu_trach"], "yes_no"),
    "ngay_ke_hoach": "date",
    **dict.fromkeys(["ket_qua_noi_bat", "ton_tai", "nguyen_nhan_khach_quan", "nguyen_nhan_chu_quan"], "paragraph"),
    **dict.fromkeys(["bai_hoc", "dien_hinh", "de_nghi_khen_thuong"], "paragraph"),
    "hoat_dong.thoi_gian": "date",
    "hoat_dong.xa": "partner",
    **dict.fromkeys(["hoat_dong.thon", "hoat_dong.noi_dung", "hoat_dong.don_vi_tinh"], "text"),
    **dict.fromkeys(["hoat_dong.phoi_hop", "hoat_dong.ghi_chu"], "text"),
    **dict.fromkeys(["hoat_dong.loai", "hoat_dong.hinh_thuc", "hoat_dong.nguon"], "choice"),
    "hoat_dong.so_luong": "quantity",
    **dict.fromkeys(["hoat_dong.don_gia", "hoat_dong.gia_tri"], "money"),
    **dict.fromkeys(["hoat_dong.so_ho", "hoat_dong.so_nguoi", "hoat_dong.dong_ke_hoach"], "integer"),
    **dict.fromkeys(["ke_hoach.noi_dung", "ke_hoach.don_vi_tinh"], "text"),
    "ke_hoach.xa": "partner",
    **dict.fromkeys(["ke_hoach.loai", "ke_hoach.nguon", "ke_hoach.quy"], "choice"),
    "ke_hoach.so_luong": "quantity",
    "ke_hoach.gia_tri_du_kien": "money",
    "kien_nghi.noi_nhan": "text",
    "kien_nghi.noi_dung": "paragraph",
}


@pytest.fixture(scope="module")
def form() -> Form:
    loaded, issues = load_form(PATH)
    assert issues == []
    assert loaded is not None
    return loaded


def test_it_has_the_eight_sheets_in_order(form: Form) -> None:
    assert {sheet.code: (str(sheet.kind), sheet.title) for sheet in form.sheets} == SHEETS
    assert [sheet.code for sheet in form.sheets] == list(SHEETS)


def test_it_asks_exactly_the_agreed_fields_with_their_types(form: Form) -> None:
    assert {path: field.type for path, field in form.paths()} == FIELDS


def test_its_lists_hold_the_agreed_codes_and_every_kind_belongs_to_a_field_of_work(form: Form) -> None:
    codes = {name: [choice.code for choice in choices] for name, choices in form.choices.items()}
    assert codes["linh_vuc"] == ["chinh_tri", "kinh_te", "an_sinh", "quoc_phong"]
    assert codes["hinh_thuc"] == ["tien", "hien_vat", "ngay_cong", "ky_thuat"]
    assert codes["nguon"] == ["ngan_sach", "don_vi", "dong_gop", "van_dong", "long_ghep"]
    assert codes["quy"] == ["1", "2", "3", "4"]
    assert codes["co_khong"] == ["co", "khong"]
    groups = [choice.group for choice in form.choices["loai"]]
    assert [groups.count(code) for code in codes["linh_vuc"]] == [4, 9, 7, 3]


def test_what_the_board_knows_is_prefilled_and_locked(form: Form) -> None:
    prefills = {path: field.prefill for path, field in form.paths() if field.prefill}
    assert prefills == {
        "ma_don_vi": "partner.code",
        "ten_don_vi": "partner.name",
        "nam_bao_cao": "campaign.year",
        "ky_bao_cao": "campaign.period",
        **{f"xa_phan_cong_{number}": f"assigned.{number}" for number in range(1, 7)},
        **{f"ke_hoach_nam_nay_{number}": f"plan.{number}" for number in range(1, 11)},
    }
    assert {path for path, field in form.paths() if field.locked} == set(prefills)


def test_every_field_has_help_that_fits_an_input_hint(form: Form) -> None:
    # Excel cuts the text of an input hint at 255 characters
    assert {path for path, field in form.paths() if not 0 < len(field.help) <= 255} == set()


def test_the_key_row_is_complete_and_says_how_the_value_comes_about(form: Form) -> None:
    for sheet in form.sheets:
        keys = [column.key for column in sheet.table.columns] if sheet.table else []
        assert "" not in keys
        assert len(set(keys)) == len(keys)
    value = form.field("hoat_dong.gia_tri")
    assert value is not None
    assert value.key == "3=1×2"


def test_a_money_column_is_in_dong_and_has_a_total_where_it_can_be_added(form: Form) -> None:
    totals = {path for path, field in form.paths() if field.total}
    assert totals == {"hoat_dong.gia_tri", "hoat_dong.so_ho", "hoat_dong.so_nguoi", "ke_hoach.gia_tri_du_kien"}
    assert {field.unit for _, field in form.paths() if field.type == "money"} == {"đồng"}


def test_every_rule_names_what_exists_and_says_why(form: Form) -> None:
    paths = {path for path, _ in form.paths()}
    tables = {sheet.table.code for sheet in form.sheets if sheet.table}
    for rule in form.rules:
        assert rule.why
        assert rule.label
        for param in RULES[rule.type].params:
            value = rule.params.get(param.name)
            if param.kind.removesuffix("s") in ("field", "column") and value is not None:
                assert {value} if isinstance(value, str) else set(value) <= paths
            if param.kind == "table":
                assert value in tables
        assert RULES[rule.type].hint(rule, form)


@pytest.mark.parametrize(
    ("kind", "field", "severity"),
    [
        ("product", "hoat_dong.gia_tri", Severity.ERROR),
        ("requires", "hoat_dong.gia_tri", Severity.ERROR),
        ("compare", "hoat_dong.so_nguoi", Severity.ERROR),
        ("compare", "luot_nguoi_quan_triet", Severity.ERROR),
        ("requires", "so_ke_hoach", Severity.ERROR),
        ("nil", "khong_phat_sinh", Severity.ERROR),
        ("within_period", "hoat_dong.thoi_gian", Severity.WARNING),
        ("assigned", "hoat_dong.xa", Severity.WARNING),
        ("peers", "hoat_dong.gia_tri", Severity.WARNING),
        ("trend", "hoat_dong.gia_tri", Severity.WARNING),
        ("unique", "hoat_dong.gia_tri", Severity.WARNING),
        ("matches", "dien_thoai", Severity.WARNING),
        ("matches", "thu_dien_tu", Severity.WARNING),
    ],
)
def test_it_states_the_rule(form: Form, kind: str, field: str, severity: Severity) -> None:
    named = [rule.severity for rule in form.rules if rule.type == kind and field in _words(rule.params.values())]
    assert severity in named


def _words(values: object) -> set[str]:
    found: set[str] = set()
    for value in values if isinstance(values, list | tuple) else list(values):  # type: ignore[call-overload]
        found |= {value} if isinstance(value, str) else set(value) if isinstance(value, tuple) else set()
    return found


def test_every_rule_type_of_the_house_is_known_to_fields_of_the_right_kind(form: Form) -> None:
    for rule in form.rules:
        for name in ("result", "left", "right", "column"):
            field = form.field(str(rule.params.get(name, "")))
            assert field is None or FIELD_TYPES[field.type].numeric
