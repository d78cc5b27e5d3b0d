# XML reads better whole than broken at a column:
# ruff: noqa: E501
"""Charts as somebody draws them in Word: samples with styles, caches and a workbook, in a document with tags.

In:   what the sample shows. Out: the XML of a chart, the bytes of a .docx that holds it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import openpyxl

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
FILLS = (
    '<a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill>',
    '<a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill>',
    '<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="404040"/></a:fgClr><a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>',
    '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>',
    '<a:solidFill><a:srgbClr val="404040"/></a:solidFill>',
)
OUTLINE = '<a:ln w="9525"><a:solidFill><a:srgbClr val="262626"/></a:solidFill></a:ln>'
WHITE = '<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>'


def letters(size: int) -> str:
    """Times New Roman of a size in hundredths of a point."""
    font = '<a:latin typeface="Times New Roman"/><a:ea typeface="Times New Roman"/><a:cs typeface="Times New Roman"/>'
    black = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}" b="0">{black}{font}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )


def labels(position: str, boxed: bool = False) -> str:
    shown = "".join(
        f'<c:{name} val="{int(name == "showVal")}"/>'
        for name in ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
    )
    where = f'<c:dLblPos val="{position}"/>' if position else ""
    form = '<c:numFmt formatCode="#,##0" sourceLinked="1"/>'
    return f"<c:dLbls>{form}{WHITE if boxed else '<c:spPr><a:noFill/></c:spPr>'}{letters(1000)}{where}{shown}</c:dLbls>"


def chart_xml(
    kind: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    *,
    stacked: bool = False,
    title: str = "",
    workbook: str | None = "rId1",
    legend: bool = True,
    gap: int = 60,
) -> bytes:
    """A chart of the kind column, bar, line or pie, with caches of its sample."""
    drawn = "".join(
        _series(kind, at, name, values, categories, stacked) for at, (name, values) in enumerate(series.items())
    )
    legend_xml = f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{letters(1100)}</c:legend>' if legend else ""
    heading = (
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:rPr b="1"/><a:t>{escape(title)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/>'
        if title
        else '<c:autoTitleDeleted val="1"/>'
    )
    outside = f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData>' if workbook else ""
    return (
        f'{HEAD}<c:chartSpace xmlns:c="{C}" xmlns:a="{A}" xmlns:r="{R}"><c:date1904 val="0"/><c:lang val="vi-VN"/>'
        f'<c:roundedCorners val="0"/><c:chart>{heading}<c:plotArea><c:layout/>{_group(kind, drawn, stacked, gap)}</c:plotArea>'
        f'{legend_xml}<c:plotVisOnly val="1"/><c:dispBlanksAs val="zero"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{letters(1100)}{outside}</c:chartSpace>"
    ).encode()


def _group(kind: str, drawn: str, stacked: bool, gap: int) -> str:
    if kind == "pie":
        return f'<c:pieChart><c:varyColors val="1"/>{drawn}<c:firstSliceAng val="0"/></c:pieChart>'
    axes = '<c:axId val="111111111"/><c:axId val="222222222"/>'
    if kind == "line":
        group = f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{drawn}<c:marker val="1"/>{axes}</c:lineChart>'
    else:
        grouping, overlap = ("stacked", 100) if stacked else ("clustered", 0)
        direction = "bar" if kind == "bar" else "col"
        group = (
            f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{drawn}'
            f'<c:gapWidth val="{gap}"/><c:overlap val="{overlap}"/>{axes}</c:barChart>'
        )
    across, upward = ("l", "b") if kind == "bar" else ("b", "l")
    order = "maxMin" if kind == "bar" else "minMax"
    line = '<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="595959"/></a:solidFill></a:ln></c:spPr>'
    return (
        f'{group}<c:catAx><c:axId val="111111111"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{across}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{line}{letters(1100)}<c:crossAx val="222222222"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/>'
        '</c:catAx><c:valAx><c:axId val="222222222"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{upward}"/>'
        '<c:numFmt formatCode="#,##0" sourceLinked="1"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{line}{letters(1000)}<c:crossAx val="111111111"/>'
        f'<c:crosses val="{"max" if kind == "bar" else "autoZero"}"/><c:crossBetween val="between"/></c:valAx>'
    )


def _series(
    kind: str, at: int, name: str, values: Sequence[float | None], categories: Sequence[str], stacked: bool
) -> str:
    column = chr(66 + at)
    look = f"<c:spPr>{FILLS[at % len(FILLS)]}{OUTLINE}</c:spPr>"
    before, after, points = '<c:invertIfNegative val="0"/>', "", ""
    if kind == "line":
        look = '<c:spPr><a:ln w="22225"><a:solidFill><a:srgbClr val="262626"/></a:solidFill></a:ln></c:spPr>'
        before, after = '<c:marker><c:symbol val="circle"/><c:size val="7"/></c:marker>', '<c:smooth val="0"/>'
    elif kind == "pie":
        look = before = ""
        points = "".join(
            f'<c:dPt><c:idx val="{place}"/><c:bubble3D val="0"/><c:spPr>{FILLS[place % len(FILLS)]}{OUTLINE}</c:spPr></c:dPt>'
            for place in range(len(values))
        )
    position = {"line": "t", "pie": "outEnd"}.get(kind, "ctr" if stacked else "outEnd")
    cells = "".join(
        f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>' for place, value in enumerate(values) if value is not None
    )
    names = "".join(f'<c:pt idx="{place}"><c:v>{escape(one)}</c:v></c:pt>' for place, one in enumerate(categories))
    last = 1 + len(categories)
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f"{look}{before}{points}{labels(position, boxed=stacked)}<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache>"
        f'<c:ptCount val="{len(categories)}"/>{names}</c:strCache></c:strRef></c:cat><c:val><c:numRef>'
        f"<c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>#,##0</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{cells}</c:numCache></c:numRef></c:val>{after}</c:ser>'
    )


def drawing(link_id: str, number: int, description: str, *, title: str = "", size: tuple[int, int] = (16, 7)) -> str:
    """A chart in a paragraph of its own; size in centimetres."""
    width, height = (round(side * 360_000) for side in size)
    named = f" title={quoteattr(title)}" if title else ""
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{WP}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name="Biểu đồ {number}" descr={quoteattr(description)}{named}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{C}"><c:chart xmlns:c="{C}" xmlns:r="{R}" r:id="{link_id}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def sample_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["", "mẫu"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def paragraph(content: str) -> str:
    """A paragraph of text, or of a run."""
    return f"<w:p>{content if content.startswith('<') else f'<w:r><w:t>{escape(content)}</w:t></w:r>'}</w:p>"


def document(charts: Sequence[bytes], body: Sequence[str], *, workbooks: bool = True) -> bytes:
    """A .docx with these charts as rId11, rId12 …, each with a workbook of its own."""
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{R}/chart" Target="charts/chart{at - 10}.xml"/>'
        for at in range(11, 11 + len(charts))
    )
    overrides = "".join(
        f'<Override PartName="/word/charts/chart{at}.xml" ContentType="{CHART_TYPE}"/>'
        for at in range(1, 1 + len(charts))
    )
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="xlsx" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{"".join(map(paragraph, body))}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
    }
    for at, chart in enumerate(charts, start=1):
        parts[f"word/charts/chart{at}.xml"] = chart
        if workbooks:
            parts[f"word/embeddings/Microsoft_Excel_Sheet{at}.xlsx"] = sample_workbook()
            parts[f"word/charts/_rels/chart{at}.xml.rels"] = (
                f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{R}/package" '
                f'Target="../embeddings/Microsoft_Excel_Sheet{at}.xlsx"/></Relationships>'
            )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, part in parts.items():
            zipped.writestr(name, part if isinstance(part, bytes) else HEAD + part)
    return stream.getvalue()
