"""The skeleton of a workbook: which sheet is in which part, defined names, custom properties.

In:   an opened Package. Out: WorkbookParts, custom properties; parsed XML with entities off.
Imports office.package, issues, lxml. Raises RefusedError with one issue; read.py turns it into a result.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from generator.issues import Issue, Place, RefusedError, issue
from generator.office.package import Package

WORKBOOK = "xl/workbook.xml"
BINARY_WORKBOOK = "xl/workbook.bin"
CUSTOM = "docProps/custom.xml"
_LARGEST = 16 << 20
"""Bytes of XML that become a tree, which takes ten times as much; our own skeletons have some 10 KB."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet in the order of the workbook; `part` is "" for a sheet that holds no cells (a chart)."""

    name: str
    part: str
    visible: bool


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """Sheets in order, and the names that are defined for the whole workbook with their references."""

    sheets: tuple[SheetPart, ...]
    names: Mapping[str, str]


def workbook_parts(package: Package) -> WorkbookParts:
    """The sheets and names of a package that is a workbook.

    Raises RefusedError: office.not_workbook without a workbook part, office.unreadable when it makes no sense.
    """
    spelled = {name.casefold(): name for name in package.names()}
    if WORKBOOK not in spelled:
        raise RefusedError(issue("office.not_workbook", Place(package.file)))
    root = parsed(package, spelled[WORKBOOK])
    listed = (
        (str(sheet.get("name") or ""), _attribute(sheet, "id"), sheet.get("state", "visible") == "visible")
        for sheet in _named(root, "sheet")
    )
    sheets = sheet_parts(package, WORKBOOK, listed)
    names = {
        str(name.get("name")): (name.text or "").strip()
        for name in _named(root, "definedName")
        if name.get("localSheetId") is None and name.get("name")
    }
    return WorkbookParts(sheets, names)


def sheet_parts(package: Package, workbook: str, listed: Iterable[tuple[str, str, bool]]) -> tuple[SheetPart, ...]:
    """The part of each sheet that the workbook part lists by name, relationship and whether it is visible.

    Raises RefusedError: office.unreadable when a sheet has no name or part, or shares it with another one.
    """
    spelled = {name.casefold(): name for name in package.names()}
    targets = _targets(package, spelled, workbook)
    sheets = []
    for name, relationship, visible in listed:
        target, is_grid = targets.get(relationship, ("", False))
        part = spelled.get(target.casefold(), "")
        if not part or not name:
            raise unreadable(package, spelled[workbook])
        sheets.append(SheetPart(name, part if is_grid else "", visible))
    grids = [sheet.part for sheet in sheets if sheet.part]
    # Excel allows no name twice; a part that is two sheets is only good for making a small file large.
    if len({sheet.name.casefold() for sheet in sheets}) < len(sheets) or len(set(grids)) < len(grids) or not grids:
        raise unreadable(package, spelled[workbook])
    return tuple(sheets)


def custom_properties(package: Package) -> dict[str, str]:
    """The custom document properties as text, empty when the package has none."""
    part = next((name for name in package.names() if name.casefold() == CUSTOM.casefold()), None)
    if part is None:
        return {}
    return {
        str(one.get("name")): "".join(map(str, one.itertext())).strip()
        for one in _named(parsed(package, part), "property")
        if one.get("name")
    }


def parsed(package: Package, part: str) -> etree._Element:
    """The root of an XML part. A document type is refused: office files have none, entity bombs do."""
    xml = package.read(part)
    if len(xml) > _LARGEST:
        raise RefusedError(issue("office.too_large", Place(package.file, spot=part), limit=f"{_LARGEST >> 20} MB"))
    if b"<!DOCTYPE" in xml:
        raise RefusedError(issue("office.unsafe", Place(package.file, spot=part)))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise unreadable(package, part) from fault


def unreadable(package: Package, part: str) -> RefusedError:
    """The exception for a part whose content makes no sense."""
    return RefusedError(issue("office.unreadable", Place(package.file, spot=part)))


def macros(package: Package) -> list[Issue]:
    """A note where the workbook carries macros: they are never run."""
    parts = [name for name in package.names() if name.casefold().endswith("vbaproject.bin")]
    return [issue("office.macros", Place(package.file))] if parts else []


def _targets(package: Package, spelled: Mapping[str, str], workbook: str) -> dict[str, tuple[str, bool]]:
    """Relationship id -> path of the part, and whether it is a sheet of cells."""
    folder, name = posixpath.split(workbook)
    relationships = f"{folder}/_rels/{name}.rels"
    if relationships not in spelled:
        raise unreadable(package, workbook)
    found = {}
    for one in _named(parsed(package, spelled[relationships]), "Relationship"):
        # Some programs write the target from the root ("/xl/…"), most from the workbook's folder.
        target = posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
        found[one.get("Id", "")] = (target, one.get("Type", "").endswith("/worksheet"))
    return found


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Elements of a local name: strict and transitional files differ in their namespaces."""
    return root.iter(f"{{*}}{name}")


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name that has a namespace (r:id)."""
    suffix = "}" + name
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(suffix)), "")
