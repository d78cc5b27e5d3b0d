"""Report words: what a report says of events and assignments, by the names a template may use, and their counts.

In:   registry, Period, standings, who was silent. Out: Words: values of standard names, figures that stand in them.
Pure. Imports pipeline.changes, proposals and report_period, the stages obligations and render.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.definitions.aggregations import OBLIGATIONS
from generator.model import Figure, Partner, Registry
from generator.pipeline.changes import Change, Versions, basis_of_comparison, changes, summaries
from generator.pipeline.proposals import no_longer_hard, silent_years, succeeded_givers, without_giver
from generator.pipeline.report_period import Period
from generator.stages.obligations import campaign_of
from generator.stages.render import Marks
from generator.vietnamese.house import HouseStyle
from generator.vietnamese.order import order_key

SUMMARIES = "bien_dong_tom_tat"
"""The name under which a template finds the sentences with counts."""
SILENT_FIGURE = "don_vi_khong_bao_cao.so_nam"
LEAST_SILENT = 2
"""Years in a row without a return from which a giver is named; one year alone is told with who has not sent."""


@dataclass(frozen=True, slots=True)
class Words:
    """Values of standard names, and the figures among them."""

    words: dict[str, object]
    figures: tuple[Figure, ...]
    printed: dict[str, str]
    """Of figures whose text is part of a sentence: the text by code."""
    sentences: dict[str, str]
    """The sentence each of them is part of, by code."""

    def marked(self, marks: Marks) -> Words:
        """The same words with the counts in sentences marked for a draft."""
        counts: dict[str, dict[str, str]] = {}
        for code, sentence in self.sentences.items():
            counts.setdefault(sentence, {})[code] = self.printed[code]
        shown = {sentence: marks.within(sentence, printed) for sentence, printed in counts.items()}
        rows = self.words[SUMMARIES]
        assert isinstance(rows, list)
        return replace(self, words={**self.words, SUMMARIES: [_shown(row, shown) for row in rows]})


def report_words(
    registry: Registry,
    period: Period,
    silent: Iterable[tuple[int, frozenset[str], frozenset[str]]],
    style: HouseStyle,
) -> Words:
    """What happened, what is compared with what, and whom the assignments should be changed for."""
    happened = changes(registry, period.start, period.end)
    short = summaries(happened, style)
    quiet = _silent(registry, period, silent)
    words: dict[str, object] = {
        "bien_dong": [one.row() for one in happened],
        SUMMARIES: [one.row() for one in short],
        "ghi_chu_so_sanh": basis_of_comparison(_compared(registry, period, happened), period.map_date),
        "xa_chua_co_don_vi": _names(without_giver(registry, period.map_date)),
        "xa_khong_con_dbkk": _names(no_longer_hard(registry, period.map_date)),
        "don_vi_khong_bao_cao": [{"ten": name, "so_nam": figure} for name, figure in quiet],
        "don_vi_sap_nhap": [
            {"ten": one.name, "ke_thua": ", ".join(sorted(one.heirs, key=order_key))}
            for one in sorted(
                succeeded_givers(registry, period.start, period.end, period.map_date),
                key=lambda one: order_key(one.name),
            )
        ],
    }
    counts = [(figure, text, one) for one in short for figure, text in one.printed.items()]
    return Words(
        words,
        (*(figure for _, figure in quiet), *(figure for figure, _, _ in counts)),
        {figure.code: text for figure, text, _ in counts},
        {figure.code: one.told for figure, _, one in counts},
    )


def _shown(row: Mapping[str, object], shown: Mapping[str, str]) -> dict[str, object]:
    """A row of the summaries with its sentence as it is shown."""
    told = str(row["noi_dung"])
    return {**row, "noi_dung": shown.get(told, told), "cau": str(row["cau"]).replace(told, shown.get(told, told))}


def _compared(registry: Registry, period: Period, happened: Sequence[Change]) -> Sequence[Change]:
    """The changes between what is compared: also those of the year before a single year, and up to the map's day."""
    before = campaign_of(registry, period.first - 1) if period.single else None
    start = before.start if before else period.start
    if start == period.start and period.map_date <= period.end:
        return happened
    return changes(registry, start, max(period.end, period.map_date))


def _silent(
    registry: Registry, period: Period, silent: Iterable[tuple[int, frozenset[str], frozenset[str]]]
) -> list[tuple[str, Figure]]:
    versions = Versions(registry.partners)
    found = []
    for code, years in sorted(silent_years(registry, silent, period.end).items()):
        if len(years) >= LEAST_SILENT:
            label = f"số năm liền {versions.name(code, period.end)} không gửi báo cáo"
            figure = Figure(f"{SILENT_FIGURE}[{code}]", label, len(years), "năm", OBLIGATIONS)
            found.append((versions.name(code, period.end), figure))
    return sorted(found, key=lambda one: order_key(one[0]))


def _names(partners: Sequence[Partner]) -> list[str]:
    return [one.name for one in partners]
