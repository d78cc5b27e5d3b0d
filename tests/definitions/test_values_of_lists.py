"""Choices, names, yes and no, and texts as people type them: what each must mean, or what must be asked."""

from __future__ import annotations

import pytest
from typed_values import asks, check, read

_YES = [
    "x",
    "X",
    "✓",
    "✔",
    "✅",
    "☑",
    "☒",
    "√",
    "v",
    "V",
    "Có",
    "CÓ",
    "có",
    " có ",
    "co",
    "Có.",
    "c",
    "có rồi",
    "đã có",
]
_YES += ["rồi", "đã", "Đúng", "yes", "Y", "true", "TRUE", "1", 1.0, True, "co\u0301", "ｘ", "[x]", "(x)"]
_NO = [
    "Không",
    "KHÔNG",
    "không",
    "khong",
    "ko",
    "k",
    "K",
    "chưa",
    "Chưa có",
    "chua",
    "không có",
    "Không.",
    "sai",
    "no",
    "n",
]
_NO += ["false", "0", 0.0, False, "✗", "✘"]
_UNSURE = [
    "có lẽ",
    "-",
    "?",
    "Có/Không",
    "2",
    2.0,
    "không rõ",
    "chưa rõ",
    "đang làm",
    "một phần",
    "xx",
    "☐",
    "50%",
    ".",
]


@pytest.mark.parametrize("raw", _YES)
def test_yes(raw: object) -> None:
    check(read("yes_no", raw), True)


@pytest.mark.parametrize("raw", _NO)
def test_no(raw: object) -> None:
    check(read("yes_no", raw), False)


@pytest.mark.parametrize("raw", _UNSURE)
def test_neither_yes_nor_no(raw: object) -> None:
    check(read("yes_no", raw), asks("not_yes_no"))


CHOICES = [
    ("choice", "Nhà ở", "nha_o"),
    ("choice", "nhà  Ở", "nha_o"),
    ("choice", "Nha\u0300 o\u031b\u0309", "nha_o"),
    ("choice", "NHÀ Ở.", "nha_o"),
    ("choice", "nha o", "nha_o"),
    ("choice", "Con giong", "con_giong"),
    ("choice", "Chuyển giao kĩ thuật", "ky_thuat"),
    ("choice", "chuyen giao ky thuat", "ky_thuat"),
    ("choice", "co so y te, thiet bi y te", "y_te"),
    ("choice", "Nhà o", asks("choice_unknown", near="Nhà ở")),
    ("choice", "Con giông", asks("choice_unknown", near="Con giống")),
    ("choice", "Cơ sở y tế", asks("choice_unknown", near="Cơ sở y tế, thiết bị y tế")),
    ("choice", "Nhµ ë", asks("choice_unknown", near="Nhà ở")),
    ("choice", "Nhaø ôû", asks("choice_unknown", near="Nhà ở")),
    ("choice", "Khác", asks("choice_not_listed")),
    ("choice", "1", asks("choice_not_listed")),
    ("choice", "Quà, Nhà ở", asks("choice_unknown", near="Quà” hay “Nhà ở")),
    ("partner", "xã Trà Don", "XA-0001"),
    ("partner", "Trà Don", "XA-0001"),
    ("partner", "TRÀ DƠN", "XA-0002"),
    ("partner", "Xã Trà Dơn", "XA-0002"),
    ("partner", "x. Trà Dơn", "XA-0002"),
    ("partner", "xã Tra\u0300 Do\u031bn", "XA-0002"),
    ("partner", "tra don", asks("choice_unknown", near="xã Trà Don” hay “xã Trà Dơn")),
    ("partner", "Xa Tra Don", asks("choice_unknown", near="xã Trà Don” hay “xã Trà Dơn")),
    ("partner", "xã Trà Đơn", asks("choice_unknown", near="xã Trà Don” hay “xã Trà Dơn")),
    ("partner", "xã Tra Dơn", asks("choice_unknown", near="xã Trà Don” hay “xã Trà Dơn")),
    ("partner", "xã Phước Hoà", "XA-0003"),
    ("partner", "Phuoc Hoa", "XA-0003"),
    ("partner", "phường Tam Kì", "XA-0004"),
    ("partner", "P. Tam Kỳ", "XA-0004"),
    ("partner", "xã Ch’ơm", "XA-0005"),
    ("partner", "Ch`ơm", "XA-0005"),
    ("partner", "Ch´ơm", "XA-0005"),
    ("partner", "TT Thạnh Mỹ", "XA-0006"),
    ("partner", "TT. Thạnh Mĩ", "XA-0006"),
    ("partner", "xã Thạnh Mỹ", asks("choice_unknown", near="thị trấn Thạnh Mỹ")),
    ("partner", "Trà My", asks("choice_unknown", near="xã Trà My” hay “thị trấn Trà My")),
    ("partner", "xã Ðắc Pring", "XA-0009"),
    ("partner", "Dac Pring", "XA-0009"),
    ("partner", "xã Trà Tâp", asks("choice_unknown", near="xã Trà Tập")),
    ("partner", "XA-0010", "XA-0010"),
    ("partner", "Mường Lát", asks("choice_not_listed")),
]


@pytest.mark.parametrize(("kind", "raw", "expected"), CHOICES)
def test_an_answer_of_a_list(kind: str, raw: object, expected: object) -> None:
    check(read(kind, raw), expected)


TEXTS = [
    ("hòa", "hòa"),
    ("Thăm hỏi gia đình chính sách", "Thăm hỏi gia đình chính sách"),
    ("QÐ-UBND", "QĐ-UBND"),
    ("Ống thép Ø16", "Ống thép Ø16"),
    ("Thép Ø16", "Thép Ø16"),
    ("100 m²", "100 m²"),
    ("½ con bò", "½ con bò"),
    ("Công ty TNHH Müller", "Công ty TNHH Müller"),
    ("35 °C ± 2", "35 °C ± 2"),
    ("3 × 4 m", "3 × 4 m"),
    ("Tam Kú", "Tam Kú"),
    ("Thôn 2", "Thôn 2"),
    ("Céng hßa x· héi chñ nghÜa ViÖt Nam", asks("legacy_text", reading="Cộng hòa xã hội chủ nghĩa Việt Nam")),
    ("Ban D©n téc tØnh Qu¶ng Nam", asks("legacy_text", reading="Ban Dân tộc tỉnh Quảng Nam")),
    ("TÆng bß gièng", asks("legacy_text", reading="Tặng bò giống")),
    ("§µ N½ng", asks("legacy_text", reading="Đà Nẵng")),
    ("Coäng hoøa xaõ hoäi", asks("legacy_text", reading="Cộng hòa xã hội")),
    ("Taëng boø gioáng cho hoä ngheøo", asks("legacy_text", reading="Tặng bò giống cho hộ nghèo")),
    ("Tam Kyø", asks("legacy_text", reading="Tam Kỳ")),
    ("Quáº£ng Nam", asks("legacy_text", reading="Quảng Nam")),
]


@pytest.mark.parametrize("kind", ["text", "paragraph"])
@pytest.mark.parametrize(("raw", "expected"), TEXTS)
def test_a_text(kind: str, raw: object, expected: object) -> None:
    check(read(kind, raw), expected)
