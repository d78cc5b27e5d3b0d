"""Check templates: the faults of a Word template and what else its author should know, each once and with its cure.

In:   a template that was read, its faults, the names and figures of its plan. Out: issues placed as a clerk finds them.
Imports definitions.schema, office (template_lint), pipeline (check_wording, report_names), stages.render.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.definitions.schema import nearest
from generator.issues import Issue, Place, Severity, issue
from generator.office.template_lint import lint, tables_in
from generator.office.template_lint_parts import foreign_kind
from generator.office.template_lint_reading import Manuscript, headings
from generator.pipeline.check_wording import Figures, typed_numbers
from generator.pipeline.report_names import Parts
from generator.stages.render import FILTERS

_FOREIGN = ("office.not_zip", "office.encrypted", "office.damaged", "template.broken")
_UNREAD = ("template.tag_syntax", "template.tag_unclosed", "template.tag_unopened")
_UNDER = " (dưới “"
_CELL = re.compile(r"(Bảng \d+), dòng (\d+), cột \d+")
_AROUND = re.compile(r"(?:Đầu|Chân) trang (\d+)")
_NAMED = re.compile(r"[^{}%|]*[^\W\d][^{}%|]*")


def judged(
    manuscript: Manuscript, content: bytes, found: Iterable[Issue], names: Mapping[str, Parts], figures: Figures
) -> list[Issue]:
    """The faults of a template with everything the lint has to say; what it explains better is told once."""
    kind = foreign_kind(content)
    if kind is not None:
        place = Place(manuscript.file)
        about = {"kind": kind.name, "ending": kind.ending, "locked": kind.locked}
        return [
            *(one for one in found if one.place.file != manuscript.file or one.code not in _FOREIGN),
            issue("template.not_docx", place, **about),
        ]
    tables = tables_in(manuscript)
    told = [*lint(manuscript, tables), *typed_numbers(manuscript, tables, figures)]
    explained = set(_explained(told))
    kept = [one for one in found if (one.code, one.place.spot, one.params.get("tag", "")) not in explained]
    return _placed([*(_suggested(one, names) for one in kept), *(_meant(one, names) for one in told)], manuscript)


def for_makers(found: Iterable[Issue]) -> list[Issue]:
    """Of what is told of a sound template: what concerns those who make documents from it, not only its author."""
    return [one for one in found if not one.code.startswith("template.")]


def _explained(told: Iterable[Issue]) -> Iterator[tuple[str, str, str]]:
    """Faults of the engine that a finding of the lint is the reason of: code, spot, tag."""
    for one in told:
        spot, params = one.place.spot, one.params
        if one.code == "template.tag_cut":
            yield "template.tag_unclosed", spot, params["begun"]
            yield "template.tag_unopened", params["other"], params["ended"][-2:]
        elif one.severity is not Severity.ERROR:
            continue
        elif one.code == "template.tag_typing":
            yield "template.tag_syntax", spot, params["tag"]
        elif one.code == "template.near_tag":
            yield "template.tag_unopened", spot, params["tag"][-2:]


def _suggested(found: Issue, names: Mapping[str, Parts]) -> Issue:
    """A tag that cannot be read, with what was probably meant: names of the report and shapes, in whole braces."""
    if found.code == "template.block_crosses":
        return replace(found, params={**found.params, "near": _scope(found.params["opened"], found.place.spot)})
    if found.code not in _UNREAD:
        return found
    tag = found.params.get("tag", "")
    name, *shapes = tag.strip("{} ").split("|")
    near = ""
    if tag.startswith("{{") and _NAMED.fullmatch(name) and len(name) < 60:
        parts = [nearest(name, names), *(nearest(shape, FILTERS) for shape in shapes)]
        near = f"{{{{ {' | '.join(parts)} }}}}" if all(parts) else ""
    return replace(found, params={**found.params, "near": near})


def _scope(opened: str, closed: str) -> str:
    """The kind of tag that repeats rows or columns, where a block begins in one cell of a table and ends in another."""
    first, last = _CELL.fullmatch(opened), _CELL.fullmatch(closed)
    if first is None or last is None or first[1] != last[1] or opened == closed:
        return ""
    return "{%tr" if first[2] != last[2] else "{%tc"


def _meant(found: Issue, names: Mapping[str, Parts]) -> Issue:
    """A field of Word's mail merge with the name that the report has for it."""
    if found.code != "template.field" or not found.params["name"]:
        return found
    near = nearest(found.params["name"], names)
    return replace(found, params={**found.params, "near": f"{{{{ {near} }}}}" if near else ""})


def _placed(found: list[Issue], manuscript: Manuscript) -> list[Issue]:
    """The issues with the heading they stand under: nobody counts four hundred paragraphs."""
    under = headings(manuscript) if found else {}

    def placed(one: Issue) -> Issue:
        heading = under.get(one.place.spot, "")
        if not heading or one.place.file != manuscript.file:
            return one
        return replace(one, place=replace(one.place, spot=f"{one.place.spot}{_UNDER}{heading}”)"))

    return [placed(one) for one in _once(found)]


def _once(found: Iterable[Issue]) -> Iterator[Issue]:
    """What several headers or footers have alike, told at the first one: LibreOffice gives each section its own."""
    alike: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Issue]] = {}
    for one in found:
        # The number of the header is left out of what must be alike.
        spot = _AROUND.sub("", one.place.spot, count=1) if _AROUND.match(one.place.spot) else f"={one.place}"
        alike.setdefault((one.code, spot, tuple(one.params.items())), []).append(one)
    for first, *others in alike.values():
        again = len({one.place for one in others} - {first.place})
        more = f" (và {again} đầu trang, chân trang giống vậy)" if again else ""
        yield replace(first, place=replace(first.place, spot=f"{first.place.spot}{more}"))


def place_of(found: Issue) -> str:
    """The spot of an issue without the heading it stands under."""
    return found.place.spot.partition(_UNDER)[0]
