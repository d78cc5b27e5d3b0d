"""Text from before Unicode: read by the font it was typed in, or recognised where the font was lost.

In:   text as the file has it, before any cleaning; the name of its font. Out: the same words in Unicode (NFC).
Pure. Imports vietnamese.text. Sources: TCVN 5712:1993 (ABC, fonts .Vn…), VNI for Windows (fonts VNI-…); domain
facts, section 5.1. What a font says is certain; what the letters look like is a guess, and only ever asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from generator.vietnamese.text import clean


class Encoding(StrEnum):
    """How a font of before Unicode numbers its letters."""

    TCVN3 = "TCVN3"
    VNI = "VNI"
    VPS = "VPS"


_FONTS = (
    (re.compile(r"\.vn[a-z]", re.IGNORECASE), Encoding.TCVN3),
    (re.compile(r"vni[- ]", re.IGNORECASE), Encoding.VNI),
)
_VPS_FONT = re.compile(r"vps[- ]", re.IGNORECASE)

_TCVN3_LETTERS = (
    "¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ¨ă©âªê«ô¬ơ\xadư®đµà¶ả·ã¸á¹ạ»ằ¼ẳ½ẵ¾ắÆặÇầÈẩÉẫÊấËậÌèÎẻÏẽÐéÑẹÒềÓểÔễÕếÖệ×ìØỉÜĩÝíÞịßòáỏâõãóäọ"
    "åồæổçỗèốéộêờëởìỡíớîợïùñủòũóúôụõừöửøứ÷ữùựúỳûỷüỹýýþỵ"
)
_TCVN3 = str.maketrans(dict(zip(_TCVN3_LETTERS[::2], _TCVN3_LETTERS[1::2], strict=True)))

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT, _HAT, _BREVE = "\u0300\u0301\u0309\u0303\u0323\u0302\u0306"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _HAT, "à": _HAT + _GRAVE, "á": _HAT + _ACUTE, "å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
"""A mark stands behind its vowel: "aø" is à. The same letters carry the hat on a, e, o and the breve on a."""
_VNI_VOWELS = {"ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "í": "í", "ì": "ì"}
_VNI_MARKED = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])", re.IGNORECASE)
_VNI_ALONE = re.compile(f"[{''.join(_VNI_VOWELS)}]", re.IGNORECASE)
_VNI_TONES = frozenset("øùûõï")


def encoding_of(font: str) -> Encoding | None:
    """How the font numbers its letters; None for a font of Unicode."""
    name = font.strip()
    if _VPS_FONT.match(name):
        return Encoding.VPS
    return next((encoding for shape, encoding in _FONTS if shape.match(name)), None)


def decoded(text: str, font: str) -> str | None:
    """The text as the font shows it, in Unicode; None where its encoding is one we have no table for (VPS).

    TCVN3 has no capitals with a tone: a font whose name ends in H shows all letters as capitals, elsewhere a word
    whose other letters are capitals is one of capitals. Text of a Unicode font comes back as it is.
    """
    encoding = encoding_of(font)
    if encoding is None or _OURS.search(text):  # Unicode pasted into a cell of the old font stays what it is
        return text
    if encoding is Encoding.VPS:
        return None if not text.isascii() else text
    if encoding is Encoding.VNI:
        return _from_vni(text)
    found = _from_tcvn3(text)
    return found.upper() if font.strip()[-1:] in ("H", "h") else found


def decoded_runs(runs: Iterable[tuple[str, str]]) -> str | None:
    """The text of a cell whose parts are in different fonts, given as (text, font); None as for `decoded`."""
    parts = [decoded(text, font) for text, font in runs]
    return None if None in parts else unicodedata.normalize("NFC", "".join(part or "" for part in parts))


def _from_tcvn3(text: str) -> str:
    return _CAPITALS.sub(lambda word: word[0].upper(), text.translate(_TCVN3))


_CAPITALS = re.compile(
    r"(?<![^\W\d_])(?=[^\W\d_]*[A-ZĂÂÊÔƠƯĐ][^\W\d_]*[A-ZĂÂÊÔƠƯĐ])[A-ZĂÂÊÔƠƯĐ][^\W\d_a-z]*(?![^\W\d_])"
)


def _from_vni(text: str) -> str:
    def marked(found: re.Match[str]) -> str:
        vowel, mark = found[1], found[2].lower()
        if mark not in _VNI_TONES and vowel not in "aAeEoO":
            return found[0]
        base = _cased(_VNI_VOWELS.get(vowel.lower(), vowel.lower()), vowel)
        return unicodedata.normalize("NFC", base + _VNI_MARKS[mark])

    kept: list[str] = []
    at = 0
    for found in _VNI_MARKED.finditer(text):
        kept += [_vni_alone(text[at : found.start()]), marked(found)]
        at = found.end()
    return "".join([*kept, _vni_alone(text[at:])])


def _vni_alone(text: str) -> str:
    return _VNI_ALONE.sub(lambda found: _cased(_VNI_VOWELS[found[0].lower()], found[0]), text)


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter


# --- the font was lost --------------------------------------------------------------------------

_NOT_OURS = re.compile("[¡-¯±´-¾ÄÅÆÇËÎÏÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþÿ\xad]")
"""Signs of Latin-1 that no Vietnamese word has in Unicode."""
_OURS = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1ea0-\u1ef9]"
)
"""Letters that only Unicode has: where one stands, the text is no older."""
_MEASURE = re.compile(r"(?<![^\W\d_])µ[mlg](?![^\W_])")
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}\"'“”/+*=<>%&_-]+")
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
    "(?:(?:a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|iê|yê|uô|ươ|oa|oă|oe|oo|uâ|uê|uơ|uy|uyê)(?:ch|c|m|ng|nh|n|p|t)?"
    "|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu|uya|uyu|iêu|yêu|uôi|ươi|ươu|oai|oay|oao|oeo|uây|uêu)"
)
_TONES = re.compile("[\u0300\u0301\u0309\u0303\u0323]")
_MISREAD = re.compile("[ÃÄÅÆá][\x80-\xbf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_LONGEST_GUESS = 2_000


def guessed(text: str) -> str:
    """What a text reads if it was typed in TCVN3 or VNI, or its UTF-8 was read as Latin; "" when it does not look so.

    Every word with a foreign letter must become a Vietnamese syllable: "Tam Kú" alone could be a name and stays.
    """
    # nearly every text is Vietnamese in Unicode, and its first words show it
    if text.isascii() or _OURS.search(text) or not (_NOT_OURS.search(text) or _MISREAD.search(text)):
        return ""
    sample = _MEASURE.sub("", text[:_LONGEST_GUESS])
    if _MISREAD.search(sample) and (repaired := _from_misread(text[:_LONGEST_GUESS])):
        return clean(repaired)
    for read in (_from_tcvn3, _from_vni):
        words = [word for word in _WORD.findall(sample) if not word.isascii()]
        odd = [word for word in words if len(word) > 1 and _NOT_OURS.search(word)]
        if odd and all(_is_syllable(read(word)) for word in words if any(map(str.isalpha, read(word)))):
            return clean(read(text[:_LONGEST_GUESS]))
    return ""


def _is_syllable(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word.casefold())
    bare = unicodedata.normalize("NFC", _TONES.sub("", parts))
    return len(_TONES.findall(parts)) <= 1 and _SYLLABLE.fullmatch(bare) is not None


def _from_misread(text: str) -> str:
    """The text whose UTF-8 was read letter by letter as Windows-1252; "" when it is none."""
    octets = bytearray()
    for sign in text:
        try:
            octets += sign.encode("cp1252")
        except UnicodeEncodeError:
            if ord(sign) > 0xFF:  # five octets have no sign there, and come through as they are
                return ""
            octets.append(ord(sign))
    try:
        found = octets.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return found if _OURS.search(found) else ""
