"""Alphabetical order: hand-made tables, each as ICU 78 (vi_VN, numeric) orders it too."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vietnamese.order import order_key
from generator.vietnamese.text import clean

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TABLES = {
    "tones": ["ma", "mà", "mả", "mã", "má", "mạ"],
    "tones after all letters": ["Tà Bhing", "Tam Kỳ", "Tám Kỳ", "Tan", "Tản"],
    "the first difference of tone decides": ["mà má", "mà mạ", "má mà"],
    "capitals last": ["ma", "Ma", "MA", "mà", "Mà", "mab"],
    "đ after d": ["Dang", "Duy Xuyên", "Dư", "Đà Nẵng", "Đại Lộc", "Điện Bàn", "Đông Giang", "Em"],
    "letters with a sign": ["an", "át", "ăn", "ấn", "âu", "bo", "bô", "bơ", "bu", "bư"],
    "apostrophe before letters": ["Ch'ơm", "Chà Vàl", "Tr'Hy", "Trà My"],
    "spaces count": ["A Tiêng", "A Vương", "A Xan", "an", "Atiêng", "Axan", "Bha Lê", "Bhalêê"],
    "numbers by value": ["Sở 2", "Sở 10", "Sở 10a", "Sở 100", "Sở Y tế"],
    "districts": [
        "Bắc Trà My",
        "Duy Xuyên",
        "Đại Lộc",
        "Điện Bàn",
        "Đông Giang",
        "Hiệp Đức",
        "Hội An",
        "Nam Giang",
        "Nam Trà My",
        "Nông Sơn",
        "Núi Thành",
        "Phú Ninh",
        "Phước Sơn",
        "Quế Sơn",
        "Tam Kỳ",
        "Tây Giang",
        "Thăng Bình",
        "Tiên Phước",
    ],
    "near twins": [
        "Trà Don",
        "Trà Dơn",
        "Trà Đốc",
        "Trà Giác",
        "Trà Giáp",
        "Trà Leng",
        "Trà Linh",
        "Trà Tân",
        "Trà Tập",
    ],
    "signs": ["a b", "a_b", "a-b", "a, b", "a.b", "a'b", "a(b", "a/b", "a2b", "ab"],
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_texts_sort_as_a_vietnamese_reader_expects(table: list[str]) -> None:
    shuffled = random.Random(5).sample(table, len(table))
    assert sorted(shuffled, key=order_key) == table
    assert sorted((unicodedata.normalize("NFD", text) for text in shuffled), key=order_key) == [
        unicodedata.normalize("NFD", text) for text in table
    ]


def test_the_alphabet_is_in_order() -> None:
    assert "".join(sorted(set(ALPHABET), key=order_key)) == ALPHABET


@given(st.text(alphabet=ALPHABET + "àảãáạằộữ '-09", max_size=12))
def test_composition_does_not_matter(text: str) -> None:
    assert order_key(unicodedata.normalize("NFD", text)) == order_key(text)


@given(st.text(max_size=20), st.text(max_size=20))
def test_all_texts_can_be_compared_and_only_equal_ones_tie(one: str, other: str) -> None:
    assert (order_key(one) < order_key(other)) != (order_key(other) <= order_key(one))
    assert (order_key(one) == order_key(other)) == (clean(one) == clean(other))


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_inside_texts_go_by_value(one: int, other: int) -> None:
    assert (order_key(f"Sở {one} a") < order_key(f"Sở {other} a")) == (one < other)


def test_signs_of_one_kind_stand_together() -> None:
    assert sorted(["Ch’ơm", "Cha", "Ch'i", "Ch`a"], key=order_key)[0] == "Ch'i"


def test_a_huge_text_costs_linear_time() -> None:
    begun = time.process_time()
    order_key("9" * 100_000 + "ậ" * 100_000 + "e" + "\u0301\u0323" * 50_000)
    assert time.process_time() - begun < 5
