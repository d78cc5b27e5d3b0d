"""Quotes: what partners wrote -> texts for a report, each once with all who said it.

In:   the plan's quotes and topics, the submissions as they pass by. Out: lists of texts, plain, by what stands beside
      them, or by topic; and a figure for each number that is printed beside a text.
Pure. Imports model, definitions, vietnamese.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from generator.definitions.aggregations import VALUE
from generator.definitions.forms import Form
from generator.definitions.plans import OTHER_TOPIC, UNIT_KEY, YEAR_KEY, Quote, ReportPlan, Topic, years_of
from generator.model import Counted, Figure, Scalar
from generator.vietnamese.order import order_key
from generator.vietnamese.text import bare_key, clean, matching_key

_CODE = "ma"
"""Code of whoever wrote a text, as rows of listings have it; empty where several wrote the same."""
_NOTHING = frozenset({"", "khong", "khong co", "khong co gi", "chua co", "0"})
_OPEN_ENDED = frozenset(')]”"%')
"""Signs that a sentence can end with before its full stop."""
_MANY_LETTERS = re.compile(r"(?:\w\W*){20}")
"""More than any word for "nothing" has, told at a glance."""

Answers = tuple[Sequence[str], Sequence[int], Sequence[str], Sequence[Scalar]]
"""Table, row, field and value of all values of a submission, each as a column."""
Said = dict[str, object]
"""One quote as the template sees it: texts, and figures for numbers."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A value of a row, with its place in the submission from 1."""

    value: Scalar
    position: int


class Quotes:
    """Gathers the free text of partners while submissions pass by; keeps nothing else of them.

    `names` are those of partners by code, `forms` those of the plan (for the words of choices and the units of
    numbers), `years` the period; without `years` whatever passes by is quoted.
    """

    def __init__(
        self,
        plan: ReportPlan,
        names: Mapping[str, str],
        forms: Mapping[str, Form] | None = None,
        years: Sequence[int] = (),
    ) -> None:
        self._plan = plan
        self._names = names
        self._years = years
        self._found: dict[str, list[tuple[str, int, Said]]] = {quote.code: [] for quote in plan.quotes}
        self._figures: list[Figure] = []
        self._wanted: dict[str, set[tuple[str, str]]] = {}
        self._faces = {quote.code: _faces(quote, forms or {}) for quote in plan.quotes}
        for quote in plan.quotes:
            columns = ((quote.table, name) for name in (quote.column, *quote.beside, *quote.where))
            self._wanted.setdefault(quote.form, set()).update(columns)

    def take(self, one: Counted) -> None:
        """Adds what a submission says; a value that is no text is left out."""
        tables, rows, fields, values = list(zip(*one.submission.values, strict=True))[:4] or ((),) * 4
        self.take_answers(one, (tables, rows, fields, values))

    def take_answers(self, one: Counted, answers: Answers) -> None:
        """The same with the values given by column; those of the submission itself are not asked for."""
        said, rows = one.submission, dict[tuple[str, int], dict[str, _Cell]]()
        wanted = self._wanted.get(said.form, set())
        tables, numbers, fields, values = answers
        for at in (at for at, column in enumerate(zip(tables, fields, strict=True)) if column in wanted):
            rows.setdefault((tables[at], numbers[at]), {})[fields[at]] = _Cell(values[at], at + 1)
        quotes = [quote for quote in self._plan.quotes if quote.form == said.form and self._asks(quote, said.year)]
        for quote in quotes:
            for (table, row), cells in rows.items():
                if table == quote.table:
                    self._add(quote, one, row, cells)

    def _asks(self, quote: Quote, year: int) -> bool:
        return not self._years or year in years_of(quote.year, self._years)

    def _add(self, quote: Quote, one: Counted, row: int, cells: Mapping[str, _Cell]) -> None:
        spoken = cells.get(quote.column)
        if spoken is None or not isinstance(spoken.value, str):
            return
        texts = _said(quote, spoken.value)
        for key, codes in quote.where.items():
            if key not in cells or cells[key].value not in codes:
                return
        partner = one.submission.partner
        if not texts:
            return
        about: Said = {YEAR_KEY: str(one.submission.year)} if len(self._years) > 1 else {}
        for name in quote.beside:
            about[name] = self._beside(quote, name, cells.get(name), one.key)
        named = {_CODE: partner, UNIT_KEY: self._names.get(partner, partner)}
        self._found[quote.code] += [(one.key, row, {**named, "noi_dung": text, **about}) for text in texts]

    def _beside(self, quote: Quote, name: str, cell: _Cell | None, key: str) -> object:
        """What stands in another column of the row: a text, the words of a choice, or a figure for a number."""
        if cell is None or cell.value is None:
            return ""
        labels, label, unit = self._faces[quote.code].get(name, ({}, name, ""))
        if isinstance(cell.value, str):
            return labels.get(cell.value) or tidy(cell.value)
        if isinstance(cell.value, bool):
            return "Có" if cell.value else "Không"
        value: int | Decimal = cell.value
        value_id = f"{key}/{cell.position}"
        figure = Figure(f"{quote.code}.{name}[{value_id}]", label, value, unit, VALUE, (value_id,))
        self._figures.append(figure)
        return figure

    def figures(self) -> list[Figure]:
        """A figure for each number beside a text, in the order of its value's id; they join the report's figures."""
        return sorted(self._figures, key=lambda figure: figure.code)

    def texts(self) -> dict[str, list[Said]]:
        """By code of the quote: each text once, with all who said it, in the order of partners and rows.

        Of a quote with `group` or `topics`: a list of {ten, y_kien}.
        """
        return {quote.code: self._shaped(quote, _grouped_texts(self._found[quote.code])) for quote in self._plan.quotes}

    def _shaped(self, quote: Quote, texts: list[Said]) -> list[Said]:
        if quote.group:
            return _by_addressee(quote.group, texts)
        if quote.topics:
            return _by_topic(self._plan.topics, texts, self._plan.words.get("y_kien_khac", OTHER_TOPIC))
        return texts


def _faces(quote: Quote, forms: Mapping[str, Form]) -> dict[str, tuple[Mapping[str, str], str, str]]:
    """By column beside: the words of its choices, its label, its unit."""
    form = forms.get(quote.form)
    found: dict[str, tuple[Mapping[str, str], str, str]] = {}
    for name in quote.beside if form else ():
        column = form.field(f"{quote.table}.{name}" if quote.table else name) if form else None
        if form and column:
            labels = {choice.code: choice.label for choice in form.choices.get(column.choices, ())}
            unit = column.unit or ("đồng" if column.type == "money" else "")
            found[name] = (labels, f"{quote.label}: {column.label}", unit)
    return found


def _grouped_texts(found: Sequence[tuple[str, int, Said]]) -> list[Said]:
    """Texts that differ in case or spacing only become one, worded as its first partner has it, with all its years.

    What bears a number of its own stays alone: one gift of 5 and another of 5 are not one gift.
    """
    key_of = cache(matching_key)  # what stands beside a text, a recipient say, is often the same
    groups: dict[tuple[object, ...], Said] = {}
    sources: dict[tuple[object, ...], dict[str, str]] = {}
    years: dict[tuple[object, ...], set[int]] = {}
    for submission, row, said in sorted(found, key=lambda one: (order_key(str(one[2][UNIT_KEY])), *one[:2])):
        key: tuple[object, ...] = tuple(
            key_of(text) if isinstance(text, str) else (submission, row)
            for name, text in said.items()
            if name not in (_CODE, UNIT_KEY, YEAR_KEY)
        )
        groups.setdefault(key, said)
        sources.setdefault(key, {})[str(said[_CODE])] = str(said[UNIT_KEY])
        if YEAR_KEY in said:
            years.setdefault(key, set()).add(int(str(said[YEAR_KEY])))
    told = {key: {YEAR_KEY: spans(of_text)} for key, of_text in years.items()}
    names = {key: ", ".join(sorted({*of_text.values()}, key=order_key)) for key, of_text in sources.items()}
    codes = {key: "" if len(of_text) > 1 else next(iter(of_text)) for key, of_text in sources.items()}
    return [said | {_CODE: codes[key], UNIT_KEY: names[key]} | told.get(key, {}) for key, said in groups.items()]


def spans(years: Iterable[int]) -> str:
    """Years as a sentence has them, those in a row as a span: "2021, 2023 - 2025"."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]} - {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _by_addressee(column: str, texts: Iterable[Said]) -> list[Said]:
    """Groups by what stands in a column, spelled as it first was, in its order; those without it last."""
    groups: dict[str, tuple[str, list[Said]]] = {}
    for said in texts:
        name = str(said.get(column, ""))
        groups.setdefault(matching_key(name), (name, []))[1].append(said)
    ordered = sorted(groups.items(), key=lambda one: (not one[0], order_key(one[1][0])))
    return [{"ten": name, "y_kien": members} for _, (name, members) in ordered]


def _by_topic(topics: Sequence[Topic], texts: Iterable[Said], other: str) -> list[Said]:
    """Groups by topic, in the order of the plan; a text belongs to the first topic one of whose words it holds."""
    patterns = [(topic.label, _words(topic.words)) for topic in topics]
    groups: dict[str, list[Said]] = {label: [] for label, _ in patterns}
    groups.setdefault(other, [])
    for said in texts:
        key = matching_key(str(said["noi_dung"]))
        label = next((label for label, words in patterns if words.search(key)), other)
        groups[label].append(said)
    return [{"ten": label, "y_kien": members} for label, members in groups.items() if members]


def _words(words: Sequence[str]) -> re.Pattern[str]:
    keys = "|".join(re.escape(matching_key(word)) for word in words)
    return re.compile(rf"(?<!\w)(?:{keys})(?!\w)" if keys else r"(?!)")


def _said(quote: Quote, written: str) -> list[str]:
    """The texts of one answer: its lines as they were written, each with its full stop, or all of it as one."""
    texts = [line for line in (_lines(written) if quote.verbatim else [tidy(written)]) if _says_something(line)]
    return [f"{text}." if quote.verbatim and _lacks_stop(text) else text for text in texts]


def _lacks_stop(text: str) -> bool:
    return text[-1].isalnum() or text[-1] in _OPEN_ENDED


def tidy(text: str) -> str:
    """A partner's words as one piece of prose, no full stop at the end: a line that begins small goes on after "; "."""
    told = ""
    for line in (line.rstrip(" .;,") for line in _lines(text)):
        joint = " " if told.endswith(":") else ". " if line[:1].isupper() else "; "
        told += joint + line if told and line else line
    return told


def _lines(text: str) -> list[str]:
    """The lines that say something, without the signs of a list before them."""
    lines = (line.lstrip(" -+*•–\t").rstrip() for line in clean(text).splitlines())
    return [line for line in lines if line]


def _says_something(text: str) -> bool:
    """Whether it is more than a word for "nothing"."""
    return bool(_MANY_LETTERS.match(text)) or bare_key(text) not in _NOTHING
