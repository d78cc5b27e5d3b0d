"""Chart workbook: the small .xlsx that stands behind a chart, which Word opens at "Edit Data".

In:   what a chart shows. Out: bytes of a workbook with one sheet, the same for the same content.
Imports office.package, office.chart_parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from generator.issues import RefusedError
from generator.office.chart_parts import SHEET, ChartContent, number_text, printable
from generator.office.package import open_package
from generator.office.workbook.address import address

_EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIXED = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
}
_NAMES_WIDTH, _NUMBERS_WIDTH = 44, 18


def chart_workbook(content: ChartContent) -> bytes:
    """Categories down the first column, a series in each further one, a cell left empty for a missing value."""
    package, issues = open_package(_EMPTY_ZIP, "")
    if package is None:
        raise RefusedError(*issues)
    parts = _FIXED | {"xl/styles.xml": _styles(content.number_format), "xl/worksheets/sheet1.xml": _sheet(content)}
    return package.replace({name: (_HEAD + text).encode() for name, text in parts.items()})


def _styles(number_format: str) -> str:
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="1">'
        f'<numFmt numFmtId="164" formatCode={quoteattr(number_format)}/></numFmts>'
        '<fonts count="1"><font><sz val="12"/><name val="Times New Roman"/><family val="1"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _sheet(content: ChartContent) -> str:
    return (
        f'<worksheet xmlns="{_MAIN}"><cols><col min="1" max="1" width="{_NAMES_WIDTH}" customWidth="1"/>'
        f'<col min="2" max="{1 + max(1, len(content.series))}" width="{_NUMBERS_WIDTH}" customWidth="1"/></cols>'
        f"<sheetData>{''.join(_rows(content))}</sheetData></worksheet>"
    )


def _rows(content: ChartContent) -> Iterator[str]:
    names = (_text(1, at, series.name) for at, series in enumerate(content.series, start=2))
    yield f'<row r="1">{"".join(names)}</row>'
    for row, category in enumerate(content.categories, start=2):
        told = ((at, series.values[row - 2]) for at, series in enumerate(content.series, start=2))
        numbers = "".join(
            f'<c r="{address(row, at)}" s="1"><v>{number_text(value)}</v></c>'
            for at, value in told
            if value is not None
        )
        yield f'<row r="{row}">{_text(row, 1, category)}{numbers}</row>'


def _text(row: int, column: int, text: str) -> str:
    written = escape(printable(text))
    return f'<c r="{address(row, column)}" t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'
