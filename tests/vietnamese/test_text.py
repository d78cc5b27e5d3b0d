"""Cleaning and matching keys: what the same name looks like from different keyboards."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vietnamese.text import bare_key, clean, halfwidth, matching_key

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ’'-QĐÐHÒÀ"
ODD = "\u00a0\u200b\u0301\u0323\u0302\u031b_x000D_\r\n\t  ﻿\u202eＡ１"
messy = st.text(alphabet=st.one_of(st.sampled_from(VIETNAMESE + ODD), st.characters()), max_size=40)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Trà Tập", "Trà Tập"),
        (unicodedata.normalize("NFD", "Ắc-quy Đắc Pring"), "Ắc-quy Đắc Pring"),
        ("ă\u0301", "ắ"),
        ("  Sở\u00a0Y\u2009tế  ", "Sở Y tế"),
        ("Sở\u200b Y\ufeff tế\u00ad", "Sở Y tế"),
        ("Trà\u3000Linh", "Trà Linh"),
        ("dòng 1_x000D_\ndòng 2", "dòng 1\ndòng 2"),
        ("dòng 1_x000D_dòng 2", "dòng 1\ndòng 2"),
        ("a\r\nb\rc\u2028d\ve", "a\nb\nc\nd\ne"),
        ("a   b \n  c", "a b\nc"),
        ("cột\tcột", "cột\tcột"),
        ("xấu\x00\x07 số", "xấu số"),
        ("gãy\ud800 đôi", "gãy đôi"),
        ("Ðông Giang", "Đông Giang"),
        ("Ɖại Lộc, quyết ðịnh", "Đại Lộc, quyết định"),
        ("3651/QÐ-UBND", "3651/QĐ-UBND"),
        ("", ""),
        (" \u200b\n\t ", ""),
    ],
)
def test_clean_keeps_what_a_reader_sees(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_clean_leaves_every_precomposed_latin_letter_alone_but_the_three_false_ones() -> None:
    letters = [chr(code) for span in (range(0xC0, 0x250), range(0x1E00, 0x1F00)) for code in span]
    assert [letter for letter in letters if clean(letter) != letter] == ["Ð", "ð", "Ɖ"]


@given(messy)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(
    st.lists(st.sampled_from(["_x0", "00D_", "_x000D_", "_x0009_", "\u200b", " ", "a", "\u0301", "\n"]), max_size=12)
)
def test_cleaning_twice_changes_nothing_where_escapes_hide_in_escapes(pieces: list[str]) -> None:
    once = clean("".join(pieces))
    assert clean(once) == once
    assert "_x000D_" not in once


@given(messy)
def test_clean_text_is_composed_printable_and_fits_in_xml(text: str) -> None:
    kept = clean(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert kept == kept.strip()
    assert "  " not in kept
    kept.encode("utf-8")
    assert {unicodedata.category(sign) for sign in kept.replace("\n", "").replace("\t", "")}.isdisjoint({"Cc", "Cs"})


@given(messy)
def test_the_matching_key_does_not_depend_on_cleaning_first(text: str) -> None:
    assert matching_key(clean(text)) == matching_key(text)


@given(st.text(alphabet=VIETNAMESE, max_size=30))
def test_the_matching_key_does_not_depend_on_how_letters_are_composed(text: str) -> None:
    assert matching_key(unicodedata.normalize("NFD", text)) == matching_key(text)
    assert matching_key(matching_key(text)) == matching_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phước Hoà", "Phước Hòa"),
        ("thuý", "thúy"),
        ("KHOẺ", "khỏe"),
        ("Thuỷ sản", "Thủy sản"),
        ("hoàn", "hòan"),
        ("Tam Kỳ", "Tam Kì"),
        ("mỹ lệ", "mĩ lệ"),
        ("Quý", "quí"),
        ("Ch’ơm", "Ch'ơm"),
        ("Tr`Hy", "Tr'hy"),
        ("giai đoạn 2021–2025", "giai đoạn 2021-2025"),
        ("SỞ  Y TẾ", "Sở\u00a0Y\ntế"),
        ("Ðông Giang", "đông giang"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert matching_key(one) == matching_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trà Don", "Trà Dơn"),
        ("Tam Thanh", "Tam Thạnh"),
        ("Tam Đàn", "Tam Dân"),
        ("La Dêê", "La Êê"),
        ("Phước Ninh", "Ninh Phước"),
        ("tay", "tai"),
        ("thúy", "thúi"),
        ("giá", "già"),
        ("quý", "quỳ"),
        ("Kà Dăng", "Ka Dăng"),
        ("Chàvál", "Chávàl"),
    ],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert matching_key(one) != matching_key(other)


@pytest.mark.parametrize(
    "syllable", ["quý", "giá", "già", "hoàn", "của", "thuở", "khuya", "tế", "đường", "nguyễn", "y tế"]
)
def test_folding_a_syllable_keeps_its_letters_and_its_tone(syllable: str) -> None:
    def parts(text: str) -> list[str]:
        return sorted(unicodedata.normalize("NFD", text.replace("ý", "í")))

    assert parts(matching_key(syllable)) == parts(syllable)


@pytest.mark.parametrize(
    ("name", "bare"),
    [("Trà Dơn", "tra don"), ("Đông Giang", "dong giang"), ("Ch’ơm", "ch'om"), ("Tam Kỳ", "tam ki"), ("Êê", "ee")],
)
def test_the_bare_key_has_no_accents(name: str, bare: str) -> None:
    assert bare_key(name) == bare


def test_halfwidth_reads_full_width_signs() -> None:
    assert halfwidth("１．２３４，５ＶＮＤ") == "1.234,5VND"
    assert halfwidth("Trà Dơn") == "Trà Dơn"


def test_a_heap_of_combining_marks_costs_linear_time() -> None:
    heap = "Trà" + "\u0301\u0323" * 200_000
    begun = time.process_time()
    assert len(clean(heap)) < 40
    matching_key(heap)
    assert time.process_time() - begun < 5
