"""Text of before Unicode: read by its font, and recognised where the font was lost."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vietnamese.legacy import Encoding, decoded, decoded_runs, encoding_of, guessed

_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
"""Letters by the first of their octets in a row, as the C library's TCVN5712-1 has them."""
TCVN3_OCTETS = {letter: first + place for first, letters in _RUNS.items() for place, letter in enumerate(letters)}
_TONES = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_HATS = dict(zip(_TONES, "àáåãä", strict=True))
_BREVES = dict(zip(_TONES, "èéúüë", strict=True))
_HORNED = {"ơ": "ô", "ư": "ö"}
_ALONE = {"í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ"}
SENTENCES = [
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Tặng bò giống cho 30 hộ nghèo ở thôn 2, xã Trà Dơn",
    "Hỗ trợ xây nhà ở, sửa chữa trường học",
    "Khám, chữa bệnh và cấp thuốc miễn phí",
    "đường giao thông nông thôn, kỹ thuật trồng quế",
    "Thăm hỏi gia đình chính sách dịp Tết Nguyên đán",
]


def in_tcvn3(text: str) -> str:
    return "".join(chr(TCVN3_OCTETS.get(letter, ord(letter))) for letter in text)


def in_vni(text: str) -> str:
    """The text as the VNI keyboard program writes it: vowel, then a letter for its marks."""
    written = ""
    for letter in text:
        low = letter.lower()
        if low in _ALONE:
            typed = _ALONE[low]
        else:
            base, marks = low, ""
            parts = unicodedata.normalize("NFD", low)
            tone = next((mark for mark in parts if mark in _TONES), "")
            bare = unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts)
            if bare in _HORNED:
                base, marks = _HORNED[bare], _TONES.get(tone, "")
            elif bare in ("â", "ê", "ô"):
                base, marks = parts[0], _HATS[tone] if tone else "â"
            elif bare == "ă":
                base, marks = "a", _BREVES[tone] if tone else "ê"
            elif tone:
                base, marks = parts[0], _TONES[tone]
            typed = base + marks
        written += typed.upper() if letter.isupper() else typed
    return written


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", Encoding.TCVN3),
        (".VnTimeH", Encoding.TCVN3),
        (".vnarial narrow", Encoding.TCVN3),
        ("VNI-Times", Encoding.VNI),
        ("VNI Helve", Encoding.VNI),
        ("VPS Times", Encoding.VPS),
        ("Times New Roman", None),
        ("Arial", None),
        ("UVN Thoi Nay", None),
        ("", None),
    ],
)
def test_a_font_is_known_by_its_name(font: str, encoding: Encoding | None) -> None:
    assert encoding_of(font) is encoding


@pytest.mark.parametrize("letter", sorted(TCVN3_OCTETS))
def test_every_letter_of_tcvn3_is_the_one_of_the_standard(letter: str) -> None:
    assert decoded(chr(TCVN3_OCTETS[letter]), ".VnTime") == letter


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_of_an_old_font_is_read_and_recognised_without_it(text: str) -> None:
    assert decoded(in_tcvn3(text), ".VnTime") == text
    assert decoded(in_vni(text), "VNI-Times") == text
    assert guessed(in_tcvn3(text)) == text
    assert guessed(in_vni(text)) == text
    assert guessed(text.encode().decode("latin-1")) == text
    assert guessed(text) == ""
    assert guessed(unicodedata.normalize("NFD", text)) == ""


@pytest.mark.parametrize(
    ("text", "font", "read"),
    [
        ("tr\xadêng ban", ".VnTimeH", "TRƯỜNG BAN"),
        ("TR¦êNG BAN D©n téc", ".VnTime", "TRƯỜNG BAN Dân tộc"),
        ("Tam Kú", ".VnTime", "Tam Kỳ"),
        ("ÑAØ NAÜNG", "VNI-Times", "ĐÀ NẴNG"),
        ("Đà Nẵng", ".VnTime", "Đà Nẵng"),
        ("15/KH-UBND", ".VnTime", "15/KH-UBND"),
        ("VPS", "VPS Times", "VPS"),
        ("T£ng", "VPS Times", None),
    ],
)
def test_capitals_names_and_numbers_of_old_fonts(text: str, font: str, read: str | None) -> None:
    assert decoded(text, font) == read


def test_parts_in_several_fonts_become_one_text() -> None:
    assert decoded_runs([("TÆng ", ".VnTime"), ("bò", "Arial"), (" gioáng", "VNI-Times")]) == "Tặng bò giống"
    assert decoded_runs([("T£ng", "VPS Times"), ("bò", "Arial")]) is None


@pytest.mark.parametrize(
    "text",
    [
        "Tam Kú",
        "xã Hà Lam",
        "Ống Ø16",
        "Thép Ø16 × 2 m",
        "5 µm",
        "½ con",
        "35 °C ± 1",
        "Müller GmbH",
        "Société Générale",
        "Façade",
        "QÐ-UBND",
        "Ðông Giang",
        "São Tomé",
        "naïve",
        "«Nhà»",
        "5 £",
        "© 2025",
        "100 m²",
        "Ka Dăng",
        "A Vương",
        "§ 5",
        "Điều 5 §",
        "a·b",
        "1·2",
        "",
    ],
)
def test_what_is_no_old_text_is_left_alone(text: str) -> None:
    assert guessed(text) == ""


@given(st.text(st.characters(max_codepoint=0x1EFF), max_size=40))
def test_guessing_never_raises_and_tells_clean_text(text: str) -> None:
    meant = guessed(text)
    assert meant == unicodedata.normalize("NFC", meant)
    assert all(isinstance(decoded(text, font), str) for font in (".VnTime", ".VnTimeH", "VNI-Times", "Arial"))


def test_a_huge_text_takes_no_time() -> None:
    begun = time.process_time()
    for signs in ("µ", "aø", "Ã¡", "¶ ", "x×", "ø"):
        guessed(signs * 16_000)
        decoded(signs * 16_000, ".VnTime")
        decoded(signs * 16_000, "VNI-Times")
    assert time.process_time() - begun < 2
