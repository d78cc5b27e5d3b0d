"""The house style: counts, tones and numbers in words as one office writes them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vietnamese.house import NEW_TONES, NO_BREAK, OLD_TONES, TENS_WORDS, HouseStyle, number_words, toned
from generator.vietnamese.text import matching_key

# --- tones ----------------------------------------------------------------------------------

PAIRS = [
    ("hòa", "hoà"),
    ("xóa", "xoá"),
    ("tỏa", "toả"),
    ("lõa", "loã"),
    ("họa", "hoạ"),
    ("khỏe", "khoẻ"),
    ("xòe", "xoè"),
    ("thủy", "thuỷ"),
    ("lũy", "luỹ"),
    ("tùy", "tuỳ"),
    ("thúy", "thuý"),
    ("tụy", "tuỵ"),
    ("Ủy ban nhân dân", "Uỷ ban nhân dân"),
    ("ỦY BAN", "UỶ BAN"),
    ("HỎA TỐC", "HOẢ TỐC"),
    ("Văn hóa - xã hội", "Văn hoá - xã hội"),
    ("(xóa), “khỏe”; hòa.", "(xoá), “khoẻ”; hoà."),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_tone_moves_between_its_two_places(old: str, new: str) -> None:
    assert (toned(old, NEW_TONES), toned(new, OLD_TONES)) == (new, old)
    assert (toned(old, OLD_TONES), toned(new, NEW_TONES), toned(old, ""), toned(new, "")) == (old, new, old, new)


@pytest.mark.parametrize(
    "text",
    [
        "quý quỳ quỷ Quý QUÝ quà quá qué",
        "hoàn toàn khoảng hoạt thuyền khuỷu nguyễn khuya",
        "của mùa giữa khỏi cúi tài",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Boa Noe 12 oa",
    ],
)
def test_what_has_no_choice_stays(text: str) -> None:
    assert toned(text, NEW_TONES) == toned(text, OLD_TONES) == text


WORDS = st.lists(
    st.sampled_from([word for pair in PAIRS for word in pair] + ["quý", "hoàn", "xã Trà Don", "Đ", " ", "12"]),
    max_size=8,
).map(" ".join)


@given(WORDS)
def test_to_the_new_place_and_back_is_the_old_text_and_letters_never_change(text: str) -> None:
    old, new = toned(text, OLD_TONES), toned(text, NEW_TONES)
    assert toned(new, OLD_TONES) == old
    assert toned(old, NEW_TONES) == new
    assert matching_key(old) == matching_key(text) == matching_key(new)


@given(st.text())
def test_any_text_can_be_respelled_and_doing_it_twice_is_doing_it_once(text: str) -> None:
    for style in (HouseStyle(tones=OLD_TONES), HouseStyle(leading_zero=False, tones=NEW_TONES)):
        once = style.own_words(text)
        assert style.own_words(once) == once
    assert sorted(unicodedata.normalize("NFD", toned(text, NEW_TONES))) == sorted(unicodedata.normalize("NFD", text))


# --- counts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "zero", "text"),
    [(0, True, "0 xã"), (5, True, "05 xã"), (5, False, "5 xã"), (10, True, "10 xã"), (1234, False, "1.234 xã")],
)
def test_a_count_has_its_zero_where_the_house_wants_it(number: int, zero: bool, text: str) -> None:
    assert HouseStyle(leading_zero=zero).count(number, "xã") == text


@pytest.mark.parametrize(
    ("written", "zeros", "none"),
    [
        ("trong thời hạn 05 ngày làm việc", "trong thời hạn 05_ngày làm việc", "trong thời hạn 5_ngày làm việc"),
        ("05 xã, 03 huyện", "05_xã, 03_huyện", "5_xã, 3_huyện"),
        ("ngày 05 tháng 02 năm 2025", "ngày 05 tháng 02 năm 2025", "ngày 05 tháng 02 năm 2025"),
        ("Nghị quyết 202/2025/QH15, 1.05 xã, 12-05 xã", None, None),
        ("mục 05; 05/12; 2005 xã", None, None),
        ("5 xã", None, None),
    ],
)
def test_zeros_in_our_own_words_follow_the_house_but_not_in_dates_and_numbers(
    written: str, zeros: str | None, none: str | None
) -> None:
    for zero, expected in ((True, zeros), (False, none)):
        wanted = (expected or written).replace("_", NO_BREAK)
        assert HouseStyle(leading_zero=zero).own_words(written) == wanted


# --- numbers in words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm lẻ năm"),
        (110, "một trăm mười"),
        (1_001, "một nghìn không trăm lẻ một"),
        (2_015, "hai nghìn không trăm mười lăm"),
        (21_000, "hai mươi mốt nghìn"),
        (1_000_005, "một triệu không trăm lẻ năm"),
        (1_005_000, "một triệu không trăm lẻ năm nghìn"),
        (33_312_500_000, "ba mươi ba tỷ ba trăm mười hai triệu năm trăm nghìn"),
        (1_234_000_000_000, "một nghìn hai trăm ba mươi tư tỷ"),
        (10**18, "một tỷ tỷ"),
        (-105, "âm một trăm lẻ năm"),
    ],
)
def test_a_number_is_read_out(number: int, words: str) -> None:
    assert number_words(number) == words
    assert number_words(number, "linh") == words.replace("lẻ", "linh")


_ONES = {word: value for value, word in enumerate(re.findall(r"\w+", "không một hai ba bốn năm sáu bảy tám chín"))}
_ONES |= {"mốt": 1, "tư": 4, "lăm": 5}


def spoken(words: str) -> int:
    """The number that the words say, by the rules of counting and not by those of our reading out."""
    if words.startswith("âm "):
        return -spoken(words.removeprefix("âm "))
    if " tỷ" in f" {words}":
        whole, _, rest = words.rpartition("tỷ")
        return spoken(whole.strip()) * 10**9 + (spoken(rest.strip()) if rest else 0)
    total, group, digit = 0, 0, 0
    for word in words.split():
        if word in _ONES:
            digit = _ONES[word]
            group += digit
        elif word == "mười":
            group += 10
        elif word in ("mươi", "trăm"):
            group += digit * ((10 if word == "mươi" else 100) - 1)
        elif word in ("nghìn", "triệu"):
            total += group * (1_000 if word == "nghìn" else 1_000_000)
            group = 0
        else:
            assert word in TENS_WORDS, word
    return total + group


@given(st.one_of(st.integers(-(10**18), 10**18), st.integers(0, 9_999)), st.sampled_from(TENS_WORDS))
def test_the_words_say_the_number_whichever_word_stands_for_empty_tens(number: int, tens_word: str) -> None:
    words = number_words(number, tens_word)
    assert spoken(words) == number
    assert not set(words.split()) & (set(TENS_WORDS) - {tens_word})
