"""What a file is that only bears the name of a workbook.

In:   the bytes of a file that is neither a zip nor a compound file. Out: in Vietnamese, what it is. Pure.
"""

from __future__ import annotations

import re

_TEXTS = (
    (r"urn:schemas-microsoft-com:office:spreadsheet|progid\s*=\s*[\"']Excel\.Sheet", "bảng tính XML đời 2003"),
    (r"\A(?:mime-version|from|content-type|x-document-type):", "trang web lưu thành một tệp (MHT) hoặc thư"),
    (r"<(?:!doctype\s+html|html|head|body|table|meta)[\s>]", "trang web (HTML)"),
    (r"opendocument\.spreadsheet|xmlns:office=", "bảng tính OpenDocument dạng một tệp XML (.fods)"),
    (r"\A[\xef\xbb\xbf\s]*<", "tệp XML"),
    (r"\A[^\0-\x08][^\r\n]*(?:\r?\n[^\r\n]*){0,3}[,;\t]", "văn bản CSV"),
)
"""What a text is by what stands in its beginning, the first that fits."""
_PATTERNS = tuple((re.compile(pattern.encode(), re.IGNORECASE), kind) for pattern, kind in _TEXTS)
_MAGIC = (
    (b"%PDF", "tệp PDF"),
    (b"\xff\xd8\xff", "ảnh chụp"),
    (b"\x89PNG", "ảnh chụp"),
    (b"GIF8", "ảnh"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7-Zip"),
    (b"\x1f\x8b", "tệp nén GZ"),
    (b"{\\rtf", "văn bản RTF"),
)
_OLDEST = re.compile(rb"\x09(?:\x00\x04\x00|\x02\x06\x00|\x04\x06\x00)[\x02\x05\x07]\x00.\x00", re.DOTALL)
_LOOKED_AT = 8192


def other_kind(content: bytes) -> str:
    """What the file is in Vietnamese, as it follows "tệp này là"; "" for a zip and for what nobody knows."""
    head = content[:_LOOKED_AT]
    if not content.strip(b"\0 \r\n\t"):
        return "tệp rỗng, không có nội dung"
    if head.startswith(b"PK"):
        return ""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _OLDEST.match(head):
        return "bảng tính đời rất cũ (Excel 4.0 trở về trước)"
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    if b"\0" in head:
        return ""
    return next((kind for pattern, kind in _PATTERNS if pattern.search(head)), "")
