"""The law on form as records: which rules hold for which element of a document, and who says so.

In:   nothing; definitions.load_layout makes them from templates/standards/. Out: LayoutStandard, Rule.
Pure. Imports schema, vietnamese.house. The families and elements are closed tables: a standard names them and gives
their values, and stages.inspect has a check for each family.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from generator.definitions.schema import Key, Kind, Shape
from generator.issues import Severity
from generator.vietnamese.house import NEW_TONES, OLD_TONES, TENS_WORDS, HouseStyle

LAYERS = ("quoc_gia", "co_quan", "mau")
"""Who may say something, the weakest first: the nation, the agency, the template of one kind of document."""

ELEMENTS = (
    "trang_doc", "trang_ngang", "so_trang", "van_ban", "quoc_hieu", "tieu_ngu", "co_quan_chu_quan",
    "co_quan_ban_hanh", "so_ky_hieu", "dia_danh_ngay", "ten_loai", "trich_yeu", "trich_yeu_cong_van", "kinh_gui",
    "noi_kinh_gui", "can_cu", "phan_chuong", "ten_phan_chuong", "muc", "ten_muc", "dieu", "muc_la_ma", "khoan",
    "khoan_co_ten", "diem", "than_van_ban", "quyen_han", "ho_ten", "noi_nhan", "danh_sach_noi_nhan", "phu_luc",
    "ten_phu_luc", "kem_theo", "dau_mat_khan", "pham_vi", "ky_hieu_soan_thao", "dia_chi", "ky_so",
)  # fmt: skip
"""Every element that stages.inspect finds, and the pages and the text as a whole."""


class Family(NamedTuple):
    """A kind of rule: the code of its fault, and the values that a standard gives it."""

    code: str
    values: Shape


_RANGE: Shape = {"min": Key(Kind.NUMBER, required=True), "max": Key(Kind.NUMBER, required=True)}
_WANTED: Shape = {"wanted": Key(Kind.FLAG, required=True)}
_NOTHING: Shape = {}

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "paper": Family(code="inspect.paper", values={"width": Key(Kind.NUMBER), "height": Key(Kind.NUMBER)}),
        "landscape": Family(code="inspect.landscape", values={"only": Key(Kind.TEXT)}),
        "margin_top": Family(code="inspect.margin", values=_RANGE),
        "margin_bottom": Family(code="inspect.margin", values=_RANGE),
        "margin_left": Family(code="inspect.margin", values=_RANGE),
        "margin_right": Family(code="inspect.margin", values=_RANGE),
        "page_number": Family(code="inspect.page_number", values={"alignment": Key(Kind.TEXT, required=True)}),
        "first_page": Family(code="inspect.page_number_first", values=_NOTHING),
        "own_pages": Family(code="inspect.page_number_restart", values=_NOTHING),
        "present": Family(code="inspect.missing", values={"when": Key(Kind.TEXT)}),
        "font": Family(code="inspect.font", values={"name": Key(Kind.TEXT, required=True)}),
        "colour": Family(code="inspect.colour", values=_NOTHING),
        "size": Family(code="inspect.size", values=_RANGE),
        "bold": Family(code="inspect.bold", values=_WANTED),
        "italic": Family(code="inspect.italic", values=_WANTED),
        "letters": Family(code="inspect.letters", values={"case": Key(Kind.TEXT, required=True)}),
        "alignment": Family(code="inspect.alignment", values={"allowed": Key(Kind.TEXTS, required=True)}),
        "side": Family(code="inspect.side", values={"of": Key(Kind.TEXT, required=True)}),
        "indent": Family(code="inspect.indent", values=_RANGE),
        "spacing": Family(code="inspect.spacing", values={"min": Key(Kind.NUMBER, required=True)}),
        "spacing_above": Family(code="inspect.spacing", values={"min": Key(Kind.NUMBER, required=True)}),
        "line_spacing": Family(code="inspect.line_spacing", values=_RANGE),
        "line_below": Family(code="inspect.line_below", values=_RANGE),
        "no_line": Family(code="inspect.line_unwanted", values=_NOTHING),
        "wording": Family(code="inspect.wording", values={"text": Key(Kind.TEXT), "form": Key(Kind.TEXT)}),
        "punctuation": Family(code="inspect.punctuation", values={"each": Key(Kind.TEXT), "last": Key(Kind.TEXT)}),
        "ending": Family(code="inspect.ending", values={"allowed": Key(Kind.TEXTS, required=True)}),
        "numerals": Family(code="inspect.numerals", values={"kind": Key(Kind.TEXT, required=True)}),
        "sequence": Family(code="inspect.sequence", values=_NOTHING),
        "cited": Family(code="inspect.not_cited", values=_NOTHING),
        "citation_dates": Family(code="inspect.citation_dates", values=_NOTHING),
        "citation_again": Family(code="inspect.citation_again", values=_NOTHING),
        "dates": Family(code="inspect.date_zero", values=_NOTHING),
        "abbreviations": Family(code="inspect.abbreviation", values=_NOTHING),
        "capitals": Family(code="inspect.capitals", values={"phrases": Key(Kind.TEXTS, required=True)}),
        "places": Family(code="inspect.place_capitals", values=_NOTHING),
        "cited_parts": Family(code="inspect.part_capitals", values=_NOTHING),
        "list_letters": Family(code="inspect.list_letters", values={"letters": Key(Kind.TEXT, required=True)}),
        "count_zeros": Family(code="inspect.house_style", values={**_WANTED, "nouns": Key(Kind.TEXTS)}),
        "tones": Family(code="inspect.house_style", values={"like": Key(Kind.TEXT, required=True)}),
        "tens_word": Family(code="inspect.house_style", values={"word": Key(Kind.TEXT, required=True)}),
    }
)
"""Every family of rules by name."""


PARAMS = ("element", "found", "required", "source", "rule", "layer", "more")
"""What a fault of any family is told with."""

_FORMS = ("so_ky_hieu", "dia_danh_ngay", "ve_viec", "kinh_gui", "dieu", "quyen_han", "ho_ten", "noi_nhan", "kem_theo")
_FORMS = ("so_ky_hieu", "dia_danh_ngay", "ve_viec", "kinh_gui", "dieu", "quyen_han", "ho_ten", "noi_nhan", "kem_theo")
NAMES: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("landscape", "only"): ("bang",),
        ("page_number", "alignment"): ("left", "center", "right"),
        ("present", "when"): ("co_ten_loai", "cong_van", "co_noi_nhan", "co_phu_luc"),
        ("letters", "case"): ("hoa", "thuong", "ten_rieng"),
        ("alignment", "allowed"): ("left", "center", "right", "both"),
        ("side", "of"): ("trai", "phai"),
        ("numerals", "kind"): ("la_ma", "a_rap"),
        ("wording", "form"): _FORMS,
        ("tones", "like"): (OLD_TONES, NEW_TONES),
        ("tens_word", "word"): TENS_WORDS,
    }
)
"""Values that are names from a closed table, by family and key."""


class Setting(NamedTuple):
    """A value that a standard gives, with the layer that gave it and where."""

    value: Any
    layer: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule for one element, merged from the layers."""

    element: str
    family: str
    label: str
    """What people call the element."""
    source: str
    severity: Severity
    settings: Mapping[str, Setting] = field(default_factory=dict)
    layer: str = LAYERS[0]
    """The strongest layer that said anything about the rule."""

    def value(self, key: str, default: Any = None) -> Any:
        """A value by its key."""
        given = self.settings.get(key)
        return default if given is None else given.value

    @property
    def code(self) -> str:
        """The code of its fault."""
        return FAMILIES[self.family].code


@dataclass(frozen=True, slots=True)
class ElementPart:
    """What one layer says of one element; None and empty where it says nothing."""

    label: str = ""
    source: str = ""
    severity: str = ""
    rules: Mapping[str, RulePart] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RulePart:
    """What one layer says of one rule."""

    source: str = ""
    severity: str = ""
    wanted: bool = True
    """False where the layer lifts the rule."""
    settings: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of templates/standards/."""

    code: str
    layer: str
    document: str = ""
    """The law that it states, as its sources are introduced."""
    kinds: tuple[str, ...] = ()
    """Kinds of document it holds for, as their names are printed; empty for all."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elements: Mapping[str, ElementPart] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True, slots=True)
class LayoutStandard:
    """The rules that hold for one kind of document, and the words by which elements are known."""

    rules: Mapping[str, tuple[Rule, ...]]
    """By element."""
    words: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]

    def rule(self, element: str, family: str) -> Rule | None:
        """The rule of a family for an element, if there is one."""
        return next((rule for rule in self.rules.get(element, ()) if rule.family == family), None)

    def kinds(self) -> Mapping[str, str]:
        """Names of the kinds of document -> their abbreviation, from the words "BÁO CÁO = BC"."""
        pairs = (word.partition("=") for word in self.words.get("kinds", ()))
        return {name.strip(): short.strip() for name, _, short in pairs}


def house_style(standard: LayoutStandard) -> HouseStyle:
    """What the agency chose where the law leaves it free: what inspection asks for is what our documents have."""
    usual, element = HouseStyle(), "van_ban"
    zeros, tones, tens = (standard.rule(element, family) for family in ("count_zeros", "tones", "tens_word"))
    return HouseStyle(
        leading_zero=zeros.value("wanted") if zeros else usual.leading_zero,
        tones=tones.value("like") if tones else usual.tones,
        tens_word=tens.value("word") if tens else usual.tens_word,
    )


def merged(layers: Iterable[Layer], kind: str = "") -> LayoutStandard:
    """The standard for a kind of document: layers from weak to strong, each value from the strongest that gives it."""
    chosen = sorted((one for one in layers if not one.kinds or kind in one.kinds), key=lambda one: _rank(one.layer))
    parts: dict[str, dict[str, Rule]] = {}
    heads: dict[str, tuple[str, str, str]] = {}
    words: dict[str, tuple[str, ...]] = {}
    for layer in chosen:
        words |= layer.words
        for element, part in layer.elements.items():
            label, source, severity = heads.get(element, (element, "", ""))
            own = f"{layer.document}, {part.source}" if part.source else source
            heads[element] = (part.label or label, own, part.severity or severity)
            rules = parts.setdefault(element, {})
            for family, said in part.rules.items():
                if said.wanted:
                    rules[family] = _over(rules.get(family), element, family, said, layer, heads[element])
                else:
                    rules.pop(family, None)
    labels = {element: head[0] for element, head in heads.items()}
    whole = {element: tuple(filter(_complete, rules.values())) for element, rules in parts.items()}
    return LayoutStandard(whole, words, labels)


def _complete(rule: Rule) -> bool:
    """Whether the layers together give all the values that the family needs."""
    return all(key in rule.settings for key, wanted in FAMILIES[rule.family].values.items() if wanted.required)


def _over(
    below: Rule | None, element: str, family: str, said: RulePart, layer: Layer, head: tuple[str, str, str]
) -> Rule:
    """A rule with what a stronger layer says of it."""
    label, source, severity = head
    given = said.severity or (below.severity if below else severity) or Severity.ERROR
    own = f"{layer.document}, {said.source}" if said.source else below.source if below else source
    settings = {**(below.settings if below else {}), **said.settings}
    return Rule(element, family, label, own, Severity(given), settings, layer.layer)


def _rank(layer: str) -> int:
    return LAYERS.index(layer) if layer in LAYERS else len(LAYERS)
