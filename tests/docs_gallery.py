"""The page "Khi báo cáo bị trả lại" of docs/: every case of the gallery, for the officers of the giving units.

In:   tests/cases/*/inputs/recipe.yaml and expected/. Out: the text of the page; no return is read for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docs_markdown import HEAD, text
from gallery_cases import GROUPS, Case, cases

MOST_SAID = 3
"""Sentences of a letter that a case shows."""

INTRO = """# Khi báo cáo bị trả lại

Trang này dành cho cán bộ lập biểu. Mỗi mục là một việc hay gặp: đã làm gì, thư phản hồi viết gì, cần gõ lại thế nào.
Tìm nhanh: bấm Ctrl+F rồi gõ vài chữ của câu trong thư.

Thư phản hồi luôn ghi rõ trang và ô, theo tên trang và tên ô của biểu. **Chỗ phải sửa** thì sửa xong mới được tính.
**Chỗ nên xem lại** thì biểu đã được tính; số liệu đúng thì chỉ cần ghi lý do. Khi thư có tệp kèm theo, nên sửa ngay
trong tệp đó: số liệu đã ghi có sẵn, ô cần sửa được tô màu.

Mọi đơn vị, xã và số liệu ở đây đều là minh họa. Trang này được tạo ra từ các biểu đã thử thật, không sửa bằng tay.
"""

_NUMBERED = re.compile(r"(?:[0-9]+\.|-) (?=\S)(.+)")
_HEADING = re.compile(r"[^\W\d_]+ [^\W\d_]+")
_FAULTS = ("CÁC CHỖ PHẢI SỬA", "CÁC CHỖ NÊN XEM LẠI", "LÝ DO")
_REMARKS = ("TỆP ĐÃ THAY ĐỔI", "CÁC Ô KHÔNG ĐƯỢC ĐỌC")
_RESULT = "KẾT QUẢ: "


def said(case: Case) -> list[str]:
    """What the letters say of it: faults first, else the result; without a letter what the receiving office reads."""
    folder = case.folder / "expected"
    if not (folder / "reply.txt").is_file():
        return [_told(case.expected("told.txt"))]
    letter = case.expected("reply.txt")
    faults = list(dict.fromkeys(_listed(letter, _FAULTS)))
    return (faults or [*_results(letter), *_listed(letter, _REMARKS)])[:MOST_SAID]


def _listed(letter: str, headings: tuple[str, ...]) -> Iterator[str]:
    """The lines that stand below one of these headings."""
    within = False
    for line in letter.splitlines():
        first = _HEADING.match(line)
        if first and first[0].isupper():
            within = line.startswith(headings)
        elif within and (found := _NUMBERED.fullmatch(line)):
            yield found[1]


def _results(letter: str) -> list[str]:
    found = [line.removeprefix(_RESULT) for line in letter.splitlines() if line.startswith(_RESULT)]
    return list(dict.fromkeys(found))[-1:]


def _told(block: str) -> str:
    """The sentence of a line that `ingest` prints: "file: sentence"."""
    return block.splitlines()[0].partition(": ")[2]


def _section(case: Case) -> str:
    by_letter = (case.folder / "expected" / "reply.txt").is_file()
    who = "Thư phản hồi" if by_letter else "Cơ quan nhận thấy"
    quoted = "".join(f"\n  > {text(one)}\n" for one in said(case))
    return (
        f"\n### {text(case.said['title'])}\n\n- Đã làm: {text(case.said['did'])}\n- {who}:\n{quoted}\n"
        f"- Cần làm: {text(case.said['fix'])}\n"
    )


def gallery_page() -> str:
    """The whole page, by group."""
    parts = [HEAD, INTRO]
    for group, heading in GROUPS.items():
        own = sorted((one for one in cases().values() if one.said["group"] == group), key=lambda one: one.number)
        parts += [f"\n## {heading}\n", *map(_section, own)]
    return "".join(parts)
