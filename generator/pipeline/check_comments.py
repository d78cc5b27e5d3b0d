"""Check comments: copies of faulty Word templates with a comment at each spot that `check` tells of.

In:   what was checked. Out: files under outputs/, beside no template; where they lie.
Imports definitions (load, messages), office (comment, template_lint_reading, template), pipeline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from generator.definitions.load import shown_path
from generator.definitions.messages import Messages
from generator.issues import Issue, RefusedError, Severity
from generator.office.comment import Remark, commented
from generator.office.template_lint_reading import Manuscript, anchors, read_manuscript
from generator.pipeline.check import Checked
from generator.pipeline.check_templates import place_of
from generator.pipeline.inspecting import remark_of, write_copy

AUTHOR = "Soát mẫu"
FOLDER = "mau-co-nhan-xet"
KINDS = ("reports", "letters")
_WORDS = {Severity.ERROR: "Lỗi", Severity.WARNING: "Cảnh báo", Severity.NOTE: "Lưu ý"}


def write_comments(checked: Checked) -> list[Path]:
    """Writes a copy of each template with an error or a warning, and says where; a file that is no .docx has none.

    A copy that somebody has worked in is never overwritten: the next free name is taken.
    """
    told: dict[str, list[Issue]] = defaultdict(list)
    for one in checked.issues:
        told[one.place.file].append(one)
    written: list[Path] = []
    for kind in KINDS:
        for path in sorted((checked.workspace.templates / kind).glob("*.docx")):
            found = told.get(shown_path(path), [])
            faulty = any(one.severity is not Severity.NOTE for one in found)
            if not faulty or any(one.code == "template.not_docx" for one in found):
                continue
            content = _annotated(path.read_bytes(), found, checked.messages)
            target = write_copy(checked.workspace.outputs / FOLDER, path.stem, content) if content else None
            written += [target] if target is not None else []
    return written


def _annotated(content: bytes, found: Sequence[Issue], messages: Messages) -> bytes | None:
    """The template with its comments; None where it cannot be opened, so that nothing can be put into it."""
    manuscript = read_manuscript(content, found[0].place.file)
    if not manuscript.parts:
        return None
    try:
        return commented(content, list(_remarks(manuscript, found, messages)), author=AUTHOR, day=None)
    except RefusedError:
        return None


def _remarks(manuscript: Manuscript, found: Sequence[Issue], messages: Messages) -> Iterator[Remark]:
    there: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for spot, text, number in anchors(manuscript):
        there[spot].append((" ".join(text.split()), number))
    for one in found:
        text = remark_of(one, messages) if one.place.spot else remark_of(one, messages).removeprefix(": ")
        yield Remark(_number(one, there), f"{_WORDS[one.severity]}{', ' if one.place.spot else ': '}{text}")


def _number(one: Issue, there: Mapping[str, Sequence[tuple[str, int]]]) -> int:
    """The paragraph of a spot that holds what the issue quotes; the first one of the spot, else of the body."""
    paragraphs = there.get(place_of(one), [])
    tag = one.params.get("tag", "") or one.params.get("begun", "") or one.params.get("name", "")
    quoting = [number for text, number in paragraphs if tag and " ".join(tag.split()) in text]
    return next(iter((*quoting, *(number for _, number in paragraphs))), 0)
