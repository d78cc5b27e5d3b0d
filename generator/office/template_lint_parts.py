"""Template lint, parts: what the file is, and what in it lives outside it or changes by itself.

In:   a template that was read, or the bytes of what is none. Out: issues; what kind of file it really is.
Imports office.wordpart, template_lint_reading; issues; the standard library.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.issues import Issue, Place, RefusedError, issue
from generator.office.package import open_package
from generator.office.template.heal import excerpt
from generator.office.template_lint_reading import Manuscript, Part
from generator.office.wordpart import PARAGRAPH, VALUE, WORD, Element, above

_W = f"{{{WORD}}}"
_LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SETTINGS = "word/settings.xml"

# --- what kind of file ----------------------------------------------------------------------


class Kind(NamedTuple):
    """A file that is no .docx: what it is, and the ending with which its own program opens it."""

    name: str
    ending: str = ""
    locked: str = ""
    """What comes before saving it anew: taking the password away."""


_OLD = Kind("tệp Word đời cũ (.doc) đổi đuôi", ".doc")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PASSWORD = Kind(
    "tệp Word có mật khẩu mở",
    locked="vào Tệp (File) > Thông tin (Info) > Bảo vệ tài liệu (Protect Document), xóa mật khẩu",
)
_BEGINNINGS = (
    (re.compile(rb"\Z"), Kind("tệp rỗng")),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _OLD),
    (re.compile(rb"\{\\rtf"), Kind("tệp RTF đổi đuôi", ".rtf")),
    (re.compile(rb"%PDF"), Kind("tệp PDF đổi đuôi", ".pdf")),
    (re.compile(rb"\s*(?:<!doctype html|<html|mime-version:)", re.IGNORECASE), Kind("trang web đổi đuôi", ".htm")),
)
_TYPES = (
    (b"macroEnabledTemplate", Kind("mẫu Word có macro (.dotm) đổi đuôi", ".dotm")),
    (b"ms-word.document.macroEnabled", Kind("tệp Word có macro (.docm) đổi đuôi", ".docm")),
    (b"wordprocessingml.template.main", Kind("mẫu Word (.dotx) đổi đuôi", ".dotx")),
    (b"spreadsheetml", Kind("bảng tính Excel đổi đuôi", ".xlsx")),
    (b"presentationml", Kind("tệp trình chiếu PowerPoint đổi đuôi", ".pptx")),
)


def foreign_kind(content: bytes) -> Kind | None:
    """What a file really is that cannot be used as a template; None for a .docx, and for a broken one."""
    kind = next((kind for beginning, kind in _BEGINNINGS if beginning.match(content[:200])), None)
    # A file with a password is packed in the same way as an old one.
    if kind is _OLD and _ENCRYPTED in content:
        return _PASSWORD
    if kind is None and not content.startswith(b"PK"):
        return Kind("tệp không rõ loại")
    return kind or _packed_kind(content)


def _packed_kind(content: bytes) -> Kind | None:
    package, _ = open_package(content, "")
    if package is None:
        return None
    try:
        if "mimetype" in package and b"opendocument.text" in package.read("mimetype"):
            return Kind("tệp OpenDocument (.odt) đổi đuôi", ".odt")
        types = package.read("[Content_Types].xml") if "[Content_Types].xml" in package else b""
    except RefusedError:  # told by compile_template
        return None
    # A workbook stands inside a .docx too, behind a chart: only a package without a Word text is one.
    if b"wordprocessingml.document.main+xml" in types:
        macros = any(name.endswith("vbaProject.bin") for name in package.names())
        return Kind("tệp Word có macro đổi đuôi", ".docm") if macros else None
    return next((kind for mark, kind in _TYPES if mark in types), None)


# --- fields ---------------------------------------------------------------------------------

_CHANGING = """DATE TIME SAVEDATE PRINTDATE CREATEDATE EDITTIME FILENAME FILESIZE AUTHOR LASTSAVEDBY USERNAME
USERINITIALS USERADDRESS REVNUM NUMWORDS NUMCHARS"""
_MERGING = "MERGEFIELD MERGEREC MERGESEQ NEXT NEXTIF SKIPIF ADDRESSBLOCK GREETINGLINE DATABASE ASK FILLIN"
_FETCHING = "INCLUDETEXT INCLUDEPICTURE LINK DDE DDEAUTO IMPORT RD"
_FIELDS = {
    **dict.fromkeys(_CHANGING.split(), "tự đổi theo ngày, theo máy mở tệp"),
    **dict.fromkeys(_MERGING.split(), "chờ trộn thư của Word, không được điền khi lập văn bản"),
    **dict.fromkeys(_FETCHING.split(), "lấy nội dung từ một tệp khác"),
}


def lint_fields(part: Part, file: str) -> Iterator[Issue]:
    """Word's own fields whose text would not stay as it is: template.field."""
    for element, code in _codes(part.root):
        words = code.replace('"', " ").split()
        does = _FIELDS.get(words[0].upper()) if words else None
        host = above(element, PARAGRAPH)
        if does is None or host is None:
            continue
        name = words[1] if words[0].upper() == "MERGEFIELD" and len(words) > 1 else ""
        place = Place(file, spot=part.spots.get(host, part.label))
        yield issue("template.field", place, field=words[0].upper(), does=does, name=name, code=excerpt(code), near="")


def _codes(root: Element) -> Iterator[tuple[Element, str]]:
    """Each field with its code, which Word may cut over runs; one inside another's code counts by itself."""
    open_codes: list[tuple[Element, list[str]]] = []
    for element in root.iter(_W + "fldSimple", _W + "fldChar", _W + "instrText"):
        if element.tag == _W + "fldSimple":
            yield element, element.get(_W + "instr", "")
        elif element.tag == _W + "instrText":
            if open_codes:
                open_codes[-1][1].append(element.text or "")
        elif (kind := element.get(_W + "fldCharType")) == "begin":
            open_codes.append((element, []))
        elif kind == "end" and open_codes:
            begin, pieces = open_codes.pop()
            yield begin, "".join(pieces)


# --- what lies outside ----------------------------------------------------------------------

_KINDS = {
    "image": "hình ảnh",
    "oleObject": "đối tượng nhúng",
    "attachedTemplate": "tệp mẫu gắn kèm",
    "subDocument": "tài liệu con",
    "package": "bảng số liệu của biểu đồ",
    "externalLink": "bảng số liệu của biểu đồ",
    "frame": "khung",
    "video": "phim",
    "hyperlink": "đường dẫn",
}
_WEB = re.compile(r"(?:https?|mailto|tel):|#", re.IGNORECASE)


def lint_links(manuscript: Manuscript) -> Iterator[Issue]:
    """What is fetched from a disk or the net when the document is opened: template.outside.

    A link to a page of the web or a mail address stays in the document as it is.
    """
    package = manuscript.package
    for name in package.names() if package is not None else ():
        relations = manuscript.tree(name) if name.endswith(".rels") else None
        found = relations.iter(_RELATION) if relations is not None else ()
        outside = [one for one in found if one.get("TargetMode") == "External" and not _stays(one)]
        folder, _, file = name.rpartition("_rels/")
        shown = _shown(manuscript, folder + file.removesuffix(".rels")) if outside else {}
        for one in outside:
            place = Place(manuscript.file, spot=shown.get(one.get("Id", ""), shown.get("", "")))
            kind = _KINDS.get(_kind(one), "phần ngoài tệp")
            yield issue("template.outside", place, kind=kind, target=one.get("Target", ""))


def _kind(relation: Element) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _stays(relation: Element) -> bool:
    return _kind(relation) == "hyperlink" and _WEB.match(relation.get("Target", "")) is not None


def _shown(manuscript: Manuscript, owner: str) -> dict[str, str]:
    """By id of a relation the spot that shows what it leads to; for a chart, under "", where the body shows it."""
    part = next((one for one in manuscript.parts if one.name == owner), None)
    if part is not None:
        return _linked_in(part)
    relations = manuscript.tree("word/_rels/document.xml.rels")
    linked = _linked_in(manuscript.parts[0])
    for relation in relations.iter(_RELATION) if relations is not None else ():
        if posixpath.normpath(posixpath.join("word", relation.get("Target", ""))) == owner:
            return {"": linked.get(relation.get("Id", ""), "")}
    return {}


def _linked_in(part: Part) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in part.root.iter():
        for key, value in element.attrib.items():
            host = above(element, PARAGRAPH) if str(key).startswith(_LINKED) else None
            if host is not None:
                found.setdefault(str(value), part.spots.get(host, part.label))
    return found


_MODES = {
    "trackRevisions": ("Track Changes", "đang bật theo dõi thay đổi"),
    "documentProtection": ("Restrict Editing", "đang khóa không cho sửa"),
    "mailMerge": ("Mailings", "đang nối với một danh sách trộn thư"),
}
_OFF = frozenset({"0", "false", "off"})


def lint_modes(manuscript: Manuscript) -> Iterator[Issue]:
    """What is switched on in the template and would be in each document: template.mode_on."""
    settings = manuscript.tree(_SETTINGS)
    for name, (command, does) in _MODES.items():
        mark = settings.find(_W + name) if settings is not None else None
        if mark is None or mark.get(VALUE, "1") in _OFF:
            continue
        if name != "documentProtection" or mark.get(_W + "enforcement", "0") not in _OFF:
            yield issue("template.mode_on", Place(manuscript.file), command=command, does=does)
