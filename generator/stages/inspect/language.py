"""The language of the text: citations, dates, abbreviations, capitals, letters of lists. What is quoted is skipped.

In:   the pieces of text in order, the standard. Out: faults with the rule they break.
Pure. Imports stages.inspect (records, wording, house), definitions.layout, vietnamese. Findings, not
verdicts: all are warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from generator.definitions.layout import LayoutStandard, Rule
from generator.stages.inspect.formats import Fault
from generator.stages.inspect.house import count_zeros, tens_word, tones
from generator.stages.inspect.records import Piece, Recognised
from generator.stages.inspect.wording import right_month
from generator.vietnamese.house import NEW_TONES, OLD_TONES, toned

_QUOTED = re.compile(r"“[^”]*(?:”|$)|«[^»]*(?:»|$)|\"[^\"]*(?:\"|$)")
_NUMBERED = r"(?P<number>\d{1,5}(?:/\d{4})?[-/][A-ZĐ][A-Za-zĐđÂƯÔâưôƯư]*(?:[-/][A-ZĐ][\wĐđ&]*)*)"
_DATED = re.compile(
    _NUMBERED + r",?\s+(?:ngày\s+)(?P<day>\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(?P<month>\d{1,2})"
    r"(?:\s*[/.-]\s*|\s+năm\s+)(?P<year>\d{4})"
)
_LONG_DATE = re.compile(r"\bngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\b")
_SHORT_DATE = re.compile(r"\b(?:ngày\s+)?(\d{1,2})/(\d{1,2})/(\d{4})\b")
_MONTH = re.compile(r"(?<!\d )\btháng\s+(0[3-9]|[12])(?=/\d{4}|\s+năm\s+\d{4})")
_KIND_NUMBER = re.compile(
    r"(?P<kind>[^\W\d_]+(?:\s[^\W\d_]+)?) số:?\s+(?P<number>\d{1,5})(?P<sign>[-/])(?P<code>[^\W\d_]+)(?=[-/])"
)
_UNIT = re.compile(r"(?<=[\w,;] )(Xã|Huyện|Tỉnh|Thôn|Thị trấn)\s+(?=[A-ZĐÂĂÊÔƠƯ][a-zà-ỹ])(?!Đoàn|Ủy|Hội|Đội|Nhà)")
_NUMBERED_UNIT = re.compile(r"\b(quận|phường)\s+(\d{1,2})\b")
_CITED_PART = re.compile(r"(?<=[a-zà-ỹ,] )(Khoản|Điểm)\s+[\da-zđ]{1,2}(?=\s+(?:khoản|Khoản|Điều|điều|Mục|mục))")
_CITED_ARTICLE = re.compile(r"\b(?:khoản\s+\d+|tại|theo)\s+(điều\s+\d+)\b")


class Told(NamedTuple):
    """A fault of the language."""

    rule: Rule
    fault: Fault


def judge_language(found: Recognised, standard: LayoutStandard) -> Iterator[Told]:
    """Every finding in reading order, family by family."""
    rules = {rule.family: rule for rule in standard.rules.get("van_ban", ())}
    # grounds stand before the text and belong to what is told
    before = [one.piece for one in found.of("trich_yeu", "can_cu")]
    texts = [(piece, unquoted(piece.text)) for piece in before + found.told]
    for family, check in _CHECKS.items():
        if family in rules:
            # the titles of cited documents are written as they were issued, whatever the house does
            judged = texts[len(before) :] if family in _OF_THE_HOUSE else texts
            yield from (Told(rules[family], fault) for fault in check(judged, rules[family], standard))
    if "list_letters" in rules:
        yield from (Told(rules["list_letters"], fault) for fault in _letters(found, rules["list_letters"]))


def unquoted(text: str) -> str:
    """The text with what others said blanked out; places stay the same."""
    return _QUOTED.sub(lambda quoted: "¤" * len(quoted[0]), text)


_Texts = list[tuple[Piece, str]]


def _citation_dates(texts: _Texts, _: Rule, __: LayoutStandard) -> Iterator[Fault]:
    """One number with two dates."""
    dated: dict[str, tuple[str, Piece]] = {}
    for piece, text in texts:
        for cited in _DATED.finditer(text):
            day = f"{int(cited['day'])}/{int(cited['month'])}/{cited['year']}"
            first = dated.setdefault(cited["number"], (day, piece))
            if first[0] != day:
                place = first[1].paragraph.spot
                yield Fault(
                    piece, f"số {cited['number']} ngày {day}, nhưng ở {place} là ngày {first[0]}", "một ngày ban hành"
                )


def _citation_again(texts: _Texts, _: Rule, __: LayoutStandard) -> Iterator[Fault]:
    """A document cited in full more than once."""
    seen: set[str] = set()
    for piece, text in texts:
        for cited in _DATED.finditer(text):
            if cited["number"] in seen:
                yield Fault(
                    piece, f"số {cited['number']} lại ghi ngày ban hành", "lần sau chỉ ghi tên loại và số, ký hiệu"
                )
            seen.add(cited["number"])


def _dates(texts: _Texts, _: Rule, __: LayoutStandard) -> Iterator[Fault]:
    """Zeros before days and months."""
    for piece, text in texts:
        for date in _LONG_DATE.finditer(text):
            yield from _zeros(piece, date[0], date[1], date[2])
        for date in _SHORT_DATE.finditer(text):
            # a month 05 between strokes is seen everywhere and misread by nobody: only what is missing is told
            yield from _zeros(piece, date[0], date[1], date[2] if len(date[2]) < 2 else right_month(date[2]))
        for month in _MONTH.finditer(text):
            yield Fault(piece, f"“{month[0]}”", f"“tháng {right_month(month[1])}”")


def _zeros(piece: Piece, shown: str, day: str, month: str) -> Iterator[Fault]:
    if not 1 <= int(month) <= 12:
        return
    if int(day) < 10 and len(day) < 2:
        yield Fault(piece, f"“{shown}”", f"ngày 0{day}: ngày dưới 10 có số 0")
    if month != right_month(month):
        yield Fault(piece, f"“{shown}”", f"tháng {right_month(month)}: chỉ tháng 1, 2 có số 0")


def _abbreviations(texts: _Texts, _: Rule, standard: LayoutStandard) -> Iterator[Fault]:
    """The abbreviation of the kind in a cited number."""
    kinds = {name.casefold(): short for name, short in standard.kinds().items() if short}
    for piece, text in texts:
        for cited in _KIND_NUMBER.finditer(text):
            kind = cited["kind"].casefold()
            short = kinds.get(kind) or kinds.get(kind.rpartition(" ")[2])
            if short and cited["code"] != short:
                shown = f"“{cited[0]}”"
                yield Fault(piece, shown, f"chữ viết tắt “{short}” của {cited['kind'].casefold()}")


@lru_cache(maxsize=4)
def _phrases(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, tuple[str, bool]]]:
    """One pattern for all wrong phrases, and by wrong phrase the right one and whether it must be mid-sentence.

    Each in both habits of placing a tone: the capitals are judged here, not the tones.
    """
    right: dict[str, tuple[str, bool]] = {}
    for phrase in (toned(one, placement) for one in phrases for placement in (OLD_TONES, NEW_TONES)):
        wrong, _, good = (part.strip() for part in phrase.partition(">"))
        right[wrong.removeprefix("~")] = (good, wrong.startswith("~"))
    choices = "|".join(map(re.escape, sorted(right, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)"), right


def _capitals(texts: _Texts, rule: Rule, _: LayoutStandard) -> Iterator[Fault]:
    """Names of bodies and other words that the decree spells in one way."""
    pattern, right = _phrases(tuple(rule.value("phrases")))
    for piece, text in texts:
        if text.isupper():
            continue
        for wrong in pattern.finditer(text):
            good, inside = right[wrong[0]]
            if not inside or _is_inside(text, wrong.start()):
                yield Fault(piece, f"“{wrong[0]}”", f"“{good}”")


def _is_inside(text: str, at: int) -> bool:
    """Whether a sentence has begun before."""
    before = text[:at].rstrip()
    return bool(before) and (before[-1].isalnum() or before[-1] == ",")


def _places(texts: _Texts, _: Rule, __: LayoutStandard) -> Iterator[Fault]:
    """Kinds of places: small before a name, capital before a number."""
    for piece, text in texts:
        if text.isupper():
            continue
        for unit in _UNIT.finditer(text):
            yield Fault(
                piece, f"“{text[unit.start() : unit.end() + 12].strip()}”", f"“{unit[1].casefold()}” viết thường"
            )
        for unit in _NUMBERED_UNIT.finditer(text):
            yield Fault(piece, f"“{unit[0]}”", f"“{unit[1].capitalize()} {unit[2]}”")


def _cited_parts(texts: _Texts, _: Rule, __: LayoutStandard) -> Iterator[Fault]:
    """Parts of laws that are cited: small for clause and point, capital for article."""
    for piece, text in texts:
        for part in _CITED_PART.finditer(text):
            yield Fault(piece, f"“{part[0]}”", f"“{part[0].casefold()}”")
        for article in _CITED_ARTICLE.finditer(text):
            yield Fault(piece, f"“{article[1]}”", f"“{article[1].capitalize()}”")


def _letters(found: Recognised, rule: Rule) -> Iterator[Fault]:
    """Points follow the Vietnamese alphabet; they may begin again with a."""
    alphabet = rule.value("letters").split()
    latest = -1
    for one in found.found:
        if one.element in ("khoan", "khoan_co_ten", "dieu", "muc_la_ma", "phan_chuong", "muc"):
            latest = -1
        if one.element != "diem":
            continue
        at = alphabet.index(one.number) if one.number in alphabet else -1
        if at not in (0, latest + 1):
            wanted = alphabet[min(latest + 1, len(alphabet) - 1)]
            yield Fault(one.piece, f"điểm {one.number})", f"điểm {wanted})")
        latest = at if at >= 0 else latest + 1


_OF_THE_HOUSE = {"count_zeros": count_zeros, "tones": tones, "tens_word": tens_word}
_CHECKS = {
    "citation_dates": _citation_dates,
    "citation_again": _citation_again,
    "dates": _dates,
    "abbreviations": _abbreviations,
    "capitals": _capitals,
    "places": _places,
    "cited_parts": _cited_parts,
    **_OF_THE_HOUSE,
}
