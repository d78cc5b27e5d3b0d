"""How faults come into a Word template: typed, pasted, marked, linked, as Word and LibreOffice write them.

In:   a document opened with python-docx. Out: plants, which change it and say where a reader finds the fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

Plant = Callable[[Any], str]
"""Changes an opened document; gives the spot of what it planted as a reader counts: paragraphs, tables, rows."""

HEADING = "3. Kết quả theo nguồn lực"
BELOW = "d) Quốc phòng, an ninh, trật tự an toàn xã hội"
"""New paragraphs are put before the one heading, so they stand under the other one."""


def _after_all(document: Any, element: Any) -> Callable[[], str]:
    """The spot of a body paragraph, counted once everything is planted."""
    return lambda: f"đoạn {document.element.body.findall(qn('w:p')).index(element) + 1}"


def _new_paragraph(document: Any) -> Any:
    ends = (one for one in document.element.body.iterchildren(qn("w:p")) if one.text.endswith(HEADING))
    return Paragraph(next(ends), document._body).insert_paragraph_before(style="KN Thân văn bản")


def typed(text: str) -> Plant:
    """A new paragraph; "¦" is where Word cut the runs, of which every other one is bold."""

    def plant(document: Any) -> Any:
        paragraph = _new_paragraph(document)
        for number, piece in enumerate(text.split("¦")):
            paragraph.add_run(piece).bold = True if number % 2 else None
        return _after_all(document, paragraph._p)

    return plant


def runs(xml: str) -> Plant:
    """A new paragraph with these runs as Word writes them."""

    def plant(document: Any) -> Any:
        paragraph = _new_paragraph(document)
        for run in parse_xml(f"<w:p {nsdecls('w', 'r')}>{xml}</w:p>"):
            paragraph._p.append(run)
        return _after_all(document, paragraph._p)

    return plant


def several(*texts: str, faulty: int = 0) -> Plant:
    """New paragraphs below each other, of which one is told."""

    def plant(document: Any) -> Any:
        made = [_new_paragraph(document) for _ in texts]
        for paragraph, text in zip(made, texts, strict=True):
            paragraph.add_run(text)
        return _after_all(document, made[faulty]._p)

    return plant


def cells(table: int, row: int, texts: dict[int, str], faulty: int) -> Plant:
    """Texts typed over those of some cells, counted from 1."""

    def plant(document: Any) -> str:
        found = document.tables[table - 1].rows[row - 1]._tr.tc_lst
        for column, text in texts.items():
            paragraphs = found[column - 1].p_lst
            for run in paragraphs[0].r_lst[1:]:
                paragraphs[0].remove(run)
            if not paragraphs[0].r_lst:
                paragraphs[0].add_r()
            paragraphs[0].r_lst[0].text = text
        return f"Bảng {table}, dòng {row}, cột {faulty}"

    return plant


def remarked(text: str) -> Plant:
    """A new paragraph with somebody's comment."""

    def plant(document: Any) -> Any:
        paragraph = _new_paragraph(document)
        document.add_comment(paragraph.add_run(text), text="Xem lại", author="An")
        return _after_all(document, paragraph._p)

    return plant


def header_rows(table: int, marked: Sequence[int], told: int) -> Plant:
    """Exactly these rows repeat."""

    def plant(document: Any) -> str:
        for number, row in enumerate(document.tables[table - 1].rows, 1):
            form = row._tr.get_or_add_trPr()
            for mark in form.findall(qn("w:tblHeader")):
                form.remove(mark)
            if number in marked:
                form.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        return f"Bảng {table}, dòng {told}, cột 1"

    return plant


def field(code: str, shown: str) -> Plant:
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    # Word cuts the code of a field wherever its cursor stood
    pieces = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in code.split("¦"))
    return runs(f"{begin}{pieces}{middle}<w:r><w:t>{shown}</w:t></w:r>{end}")


def footer(text: str) -> Plant:
    """A paragraph at the end of the first footer part."""

    def plant(document: Any) -> str:
        made = document.sections[0].footer.add_paragraph(text)
        number = [one._p for one in document.sections[0].footer.paragraphs].index(made._p) + 1
        name = str(document.sections[0].footer.part.partname)
        return f"Chân trang {name.removeprefix('/word/footer').removesuffix('.xml')}, đoạn {number}"

    return plant


def text_box(text: str) -> Plant:
    """A box as Word writes it: once for itself, once for older programs."""
    words = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    shape = f'<mc:Choice Requires="wps"><w:pict><v:shape><v:textbox>{words}</v:textbox></v:shape></w:pict></mc:Choice>'
    old = f"<mc:Fallback><w:pict><v:shape><v:textbox>{words}</v:textbox></v:shape></w:pict></mc:Fallback>"
    box = f"<w:r><mc:AlternateContent {spaces}>{shape}{old}</mc:AlternateContent></w:r>"
    plain = runs(f"<w:r><w:t>Hình: </w:t></w:r>{box}")

    def plant(document: Any) -> Any:
        spot: Any = plain(document)
        return lambda: f"{spot()}, hộp văn bản"

    return plant


def linked_picture(document: Any) -> Any:
    """A picture that Word shows from a disk."""
    target = "file:///D:/anh/ban-do.png"
    identifier = document.part.relate_to(target, RELATIONSHIP_TYPE.IMAGE, is_external=True)
    shape = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata r:id="{identifier}"/></v:shape>'
    return runs(f"<w:r><w:pict>{shape}</w:pict></w:r><w:r><w:t>Ảnh</w:t></w:r>")(document)


def linked_file(document: Any) -> Any:
    target = "\\\\may-chu\\chung\\so-lieu.xlsx"
    identifier = document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return runs(f'<w:hyperlink r:id="{identifier}"><w:r><w:t>Số liệu gốc</w:t></w:r></w:hyperlink>')(document)


def attached_template(document: Any) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    document.part._settings_part.relate_to("file:///D:/mau/Mau.dotx", kind, is_external=True)
    return ""


def mode(xml: str) -> Plant:
    def plant(document: Any) -> str:
        document.settings.element.insert(0, parse_xml(f"<w:{xml} {nsdecls('w')}/>"))
        return ""

    return plant


def macro_part(document: Any) -> None:
    """Macros, as a .docm carries them."""
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    part = Part(PackURI("/word/vbaProject.bin"), "application/vnd.ms-office.vbaProject", b"x", document.part.package)
    document.part.relate_to(part, kind)
