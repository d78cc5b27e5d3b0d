"""Charts: the native charts of a Word document, found by their alternative text and refilled with numbers.

In:   the bytes of a .docx in which somebody drew charts; content by code. Out: bytes of a .docx whose charts show that
      content in their picture, in their embedded workbook and in their alternative text; everything else as it was.
A chart is named by its alternative text (Word: right click, "Edit Alt Text"): "bieu_do.linh_vuc" or the same as a tag;
or by the name of its first series.
Imports issues, office.package, office.wordpart, office.chart_parts, office.chart_workbook.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from posixpath import basename, dirname, join, normpath, relpath, splitext
from typing import NamedTuple

from lxml import etree

from generator.issues import Issue, Place, RefusedError, issue
from generator.office.chart_parts import CHART, ChartContent, ChartSeries, first_name, is_refillable, rewrite
from generator.office.chart_workbook import chart_workbook
from generator.office.package import Package, open_package
from generator.office.wordpart import BODY, DRAWING_ID, PARAGRAPH, TEXT, Element, above, spots

__all__ = [
    "CHART_NAME",
    "ChartContent",
    "ChartSeries",
    "DrawnChart",
    "chart_code",
    "charts_of",
    "name_charts",
    "refilled",
]

CHART_NAME = "bieu_do"
"""What the alternative text of a chart begins with: "bieu_do.<code>"."""

_NAMED = re.compile(rf"\s*(?:\{{\{{)?\s*{CHART_NAME}\s*\.\s*(\w+)\s*(?:\}}\}})?\s*")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_LOOP = re.compile(r"\{%\s*(?:p|tr|tc)?\s*(for|endfor)\b")
_MODERN = "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart"
"""Kinds of charts that Word knows since 2016 (waterfall, sunburst …); of another make altogether."""
_DRAWINGS = tuple(
    f"{{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}}{kind}" for kind in ("inline", "anchor")
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CHART_TYPES = (f"{_OFFICE}/chart", "http://schemas.microsoft.com/office/2014/relationships/chartEx")
_ID, _EMBEDDED = f"{{{_OFFICE}}}id", f"{_OFFICE}/package"
_LINK = f"{{{_PACKAGE}/relationships}}Relationship"
_DEFAULT, _OVERRIDE = (f"{{{_PACKAGE}/content-types}}{kind}" for kind in ("Default", "Override"))
_CONTENT_TYPES, _TOP = "[Content_Types].xml", "_rels/.rels"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STRICT = partial(etree.XMLParser, resolve_entities=False, no_network=True, load_dtd=False, collect_ids=False)

ContentOf = Callable[[str], ChartContent | None]


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """A chart in a template. `code` is "" where its alternative text names none."""

    code: str
    place: Place
    refillable: bool
    """Whether it is of a kind that can be refilled, with a sample series to take the style from."""
    in_loop: bool
    """Whether a loop repeats it, which would show the same chart again and again."""
    tag: str = ""
    """A tag in the chart's own words, where nothing is filled in; "" for none."""


class _Found(NamedTuple):
    """A chart where it stands in the body: the mark that names its part, and the name that people gave it."""

    mark: Element
    name: Element | None

    def part(self, targets: Mapping[str, str]) -> str:
        """The part that draws it, by the body's relationships."""
        return targets.get(self.mark.get(_ID, ""), "")


def chart_code(text: str) -> str:
    """The code that an alternative text names: "bieu_do.linh_vuc" or "{{ bieu_do.linh_vuc }}"; "" for any other."""
    named = _NAMED.fullmatch(unicodedata.normalize("NFC", text))
    return named[1] if named else ""


def name_charts(root: Element) -> None:
    """Lets a chart's name that was typed as a tag stand without its braces: charts are filled after the text is."""
    for drawing in root.iter(DRAWING_ID):
        for attribute in ("descr", "title"):
            if code := chart_code(drawing.get(attribute, "")):
                drawing.set(attribute, f"{CHART_NAME}.{code}")


def charts_of(content: bytes, file: str) -> tuple[tuple[DrawnChart, ...], list[Issue]]:
    """Every chart of a template in document order, with and without a code; or why the file cannot be read."""
    package, issues = open_package(content, file)
    if package is None:
        return (), issues
    try:
        main = _main(package)
        body = _tree(package, main)
        targets = _Links(package, main).targets()
        spot_of = spots(body, "")
        looped = _looped(body)
        return tuple(
            DrawnChart(
                _code(package, found, targets),
                Place(file, spot=spot_of.get(host, "") if (host := above(found.mark, PARAGRAPH)) is not None else ""),
                _is_refillable(package, found, targets),
                host in looped,
                _tag_in(package, found.part(targets)),
            )
            for found in _charts(body)
        ), []
    except RefusedError as refused:
        return (), list(refused.issues)


def refilled(content: bytes, content_of: ContentOf, trees: Mapping[str, Element] | None = None) -> bytes:
    """The document with its charts refilled; equal input gives equal bytes, and nothing to do the same bytes.

    `content_of` gives by code what a chart is to show; it is asked only for charts that the document does show.
    Charts that are there without content stay as they are. Parts of charts that the body no longer shows are left
    out, so that no sample number travels with a document. `trees` holds parts that are parsed already, by name, and
    the alternative texts are changed in them too. RefusedError (office.*) where the package is damaged.
    """
    package, issues = open_package(content, "")
    if package is None:
        raise RefusedError(*issues)
    main = _main(package)
    known = trees or {}
    body = known[main] if main in known else _tree(package, main)
    return _Refill(package, main, body, content_of).done() or content


# --- one document -----------------------------------------------------------------------------


class _Links:
    """The relationships of one part."""

    def __init__(self, package: Package, part: str) -> None:
        self.part = part
        self.file = f"{dirname(part)}/_rels/{basename(part)}.rels".lstrip("/")
        if self.file in package:
            self.root = _tree(package, self.file)
        else:
            self.root = etree.fromstring(f'<Relationships xmlns="{_PACKAGE}/relationships"/>')

    def targets(self) -> dict[str, str]:
        """By id: the part that is meant; nothing for what lies outside the file."""
        inside = (link for link in self.root.iter(_LINK) if link.get("TargetMode") != "External")
        return {link.get("Id", ""): self._resolved(link.get("Target", "")) for link in inside}

    def _resolved(self, target: str) -> str:
        return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(self.part), target))

    def point(self, link_id: str, target: str) -> str:
        """Makes the link, or a new one for an unknown id, mean this embedded part; gives its id."""
        link = next((one for one in self.root.iter(_LINK) if link_id and one.get("Id") == link_id), None)
        if link is None:
            used = {one.get("Id", "") for one in self.root.iter(_LINK)}
            link_id = next(name for at in range(1, len(used) + 2) if (name := f"rId{at}") not in used)
            link = etree.SubElement(self.root, _LINK, {"Id": link_id})
        if "TargetMode" in link.attrib:
            del link.attrib["TargetMode"]
        link.set("Type", _EMBEDDED)
        link.set("Target", relpath(target, dirname(self.part) or "."))
        return link_id

    def charts(self) -> set[str]:
        """The ids that mean charts."""
        return {link.get("Id", "") for link in self.root.iter(_LINK) if link.get("Type") in _CHART_TYPES}

    def without(self, ids: set[str]) -> None:
        for link in list(self.root.iter(_LINK)):
            if link.get("Id") in ids:
                self.root.remove(link)


class _Refill:
    """The refilling of one document: gathers what changes, part by part."""

    def __init__(self, package: Package, main: str, body: Element, content_of: ContentOf) -> None:
        self.package, self.main, self.body, self.content_of = package, main, body, content_of
        self.changes: dict[str, bytes | None] = {}
        self.workbooks: set[str] = set()
        self.links = _Links(package, main)

    def done(self) -> bytes | None:
        """The new document; None when there is nothing to change."""
        targets = self.links.targets()
        shown = list(_charts(self.body))
        filled: set[str] = set()
        for found in shown:
            part, code = found.part(targets), _code(self.package, found, targets)
            if not code or not _is_refillable(self.package, found, targets):
                continue
            content = self.content_of(code)
            if content is None:
                continue
            if part not in filled:
                filled.add(part)
                self._fill(part, content)
            _describe(found.name, content)
        if filled:
            self.changes[self.main] = _bytes(self.body)
        self._drop_unshown(targets, {found.mark.get(_ID, "") for found in shown})
        if not self.changes:
            return None
        self._declare()
        return self.package.replace(self.changes)

    def _fill(self, part: str, content: ChartContent) -> None:
        """Picture and workbook of one chart: the same numbers in both, by construction."""
        root, links = _tree(self.package, part), _Links(self.package, part)
        outside = rewrite(root, content)
        link_id = outside.get(_ID, "")
        before = links.targets().get(link_id, "")
        workbook = self._workbook_name(before)
        outside.set(_ID, links.point(link_id, workbook))
        self.workbooks.add(workbook)
        self.changes |= {
            part: _bytes(root),
            links.file: _bytes(links.root),
            workbook: chart_workbook(content),
        }
        if before and before != workbook and before in self.package and not self._is_linked(before, {part}):
            self.changes[before] = None

    def _workbook_name(self, before: str) -> str:
        """The part that held the sample's workbook, else a new one: a chart's workbook is its own."""
        if before in self.package and before.endswith(".xlsx") and before not in self.workbooks:
            return before
        names = (f"word/embeddings/bieu_do_{at}.xlsx" for at in range(1, len(self.package.names()) + 2))
        return next(name for name in names if name not in self.package and name not in self.workbooks)

    def _is_linked(self, part: str, apart_from: set[str]) -> bool:
        """Whether any other part still means this one."""
        return any(
            part in _Links(self.package, source).targets().values()
            for source in map(_source_of, self.package.names())
            if source is not None and source not in apart_from
        )

    def _drop_unshown(self, targets: Mapping[str, str], shown: set[str]) -> None:
        """Leave out the charts of the template that this document does not show, with all that only they have."""
        gone = self.links.charts() - shown
        kept = {part for link_id, part in targets.items() if link_id not in gone}
        dropped = {targets[link_id] for link_id in gone if link_id in targets} - kept
        if not gone:
            return
        self.links.without(gone)
        self.changes[self.links.file] = _bytes(self.links.root)
        owned = {part: _Links(self.package, part) for part in dropped}
        for part, links in owned.items():
            below = [one for one in links.targets().values() if one in self.package]
            lost = (part, links.file, *(one for one in below if not self._is_linked(one, dropped)))
            self.changes |= dict.fromkeys(name for name in lost if name in self.package)

    def _declare(self) -> None:
        """The list of content types, with what is new and without what is gone."""
        root = _tree(self.package, _CONTENT_TYPES)
        gone = {f"/{name}" for name, change in self.changes.items() if change is None}
        for override in list(root.iter(_OVERRIDE)):
            if override.get("PartName") in gone:
                root.remove(override)
        if self.workbooks and all(one.get("Extension", "").lower() != "xlsx" for one in root.iter(_DEFAULT)):
            root.insert(0, etree.Element(_DEFAULT, {"Extension": "xlsx", "ContentType": _XLSX}))
        self.changes[_CONTENT_TYPES] = _bytes(root)


# --- reading ----------------------------------------------------------------------------------


def _charts(body: Element) -> Iterator[_Found]:
    for mark in body.iter(CHART + "chart", _MODERN):
        drawing = above(mark, *_DRAWINGS)
        yield _Found(mark, None if drawing is None else drawing.find(DRAWING_ID))


def _looped(body: Element) -> set[Element]:
    """The paragraphs that stand between a `for` and its `endfor`."""
    depth, found = 0, set()
    for paragraph in body.iter(PARAGRAPH):
        text = "".join(piece.text or "" for piece in paragraph.iter(TEXT)) if above(paragraph, BODY) is not None else ""
        for word in _LOOP.findall(text):
            depth = depth + 1 if word == "for" else max(0, depth - 1)
        if depth:
            found.add(paragraph)
    return found


def _code(package: Package, found: _Found, targets: Mapping[str, str]) -> str:
    """The name a chart was given: in its alternative text, else as the name of its sample's first series.

    LibreOffice drops the alternative texts of charts when it saves a Word file.
    """
    texts = () if found.name is None else (found.name.get("descr", ""), found.name.get("title", ""))
    given = next((code for text in texts if (code := chart_code(text))), "")
    part = found.part(targets)
    if given or part not in package or found.mark.tag == _MODERN:
        return given
    return chart_code(first_name(_tree(package, part)))


def _is_refillable(package: Package, found: _Found, targets: Mapping[str, str]) -> bool:
    part = found.part(targets)
    return found.mark.tag == CHART + "chart" and part in package and is_refillable(_tree(package, part))


def _tag_in(package: Package, part: str) -> str:
    if part not in package:
        return ""
    found = _TAG.search("".join(map(str, _tree(package, part).itertext(f"{_DRAWN}t"))))
    return found[0] if found else ""


def _describe(name: Element | None, content: ChartContent) -> None:
    """What a reader who cannot see the picture is told, in the place of the code."""
    if name is not None:
        name.set("descr", content.description)
        if chart_code(name.get("title", "")):
            del name.attrib["title"]


def _main(package: Package) -> str:
    """The part that is the document's body."""
    for link in _tree(package, _TOP).iter(_LINK) if _TOP in package else ():
        if link.get("Type") == f"{_OFFICE}/officeDocument":
            name = normpath(link.get("Target", "").lstrip("/"))
            if name in package:
                return name
    raise RefusedError(issue("office.damaged", Place(package.file, spot=_TOP)))


def _source_of(name: str) -> str | None:
    """The part whose relationships a member holds; None for any other member."""
    folder, file = dirname(name), basename(name)
    if basename(folder) != "_rels" or splitext(file)[1] != ".rels" or file == ".rels":
        return None
    return f"{dirname(folder)}/{file.removesuffix('.rels')}".lstrip("/")


def _tree(package: Package, name: str) -> Element:
    try:
        return etree.fromstring(package.read(name), _STRICT())
    except (etree.XMLSyntaxError, ValueError, KeyError) as fault:
        raise RefusedError(issue("office.damaged", Place(package.file, spot=name))) from fault


def _bytes(root: Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", standalone=True)
