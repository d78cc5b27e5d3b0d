"""PDF: documents that were written -> the same as PDF beside them, with what is to be said about pages and fonts.

In:   a workspace, the paths of documents. Out: a .pdf beside each .docx. A PDF that somebody signed is kept.
Imports office (long_tables, pdf, pdf_pages), the pipeline's writing of files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from generator.issues import Issue, Place, UnusableError, issue
from generator.office.long_tables import cut_long_tables
from generator.office.pdf import convert, find_office
from generator.office.pdf_pages import (
    FontsJudged,
    PdfPages,
    asked_fonts,
    judge_fonts,
    made_of,
    read_pages,
    settled,
    untouched,
)
from generator.pipeline.letters_files import place_letters
from generator.pipeline.progress import Progress, silent
from generator.pipeline.report_files import names_beside
from generator.pipeline.workspace import Workspace, write_atomic

SUFFIX = ".pdf"


class Pdf(NamedTuple):
    """A PDF that was written."""

    path: Path
    pages: int


class Pdfs(NamedTuple):
    """What was written, in the order of the documents, and what is to be said about it."""

    written: tuple[Pdf, ...]
    issues: tuple[Issue, ...]


class _Made(NamedTuple):
    document: Path
    content: bytes
    pages: int
    fonts: FontsJudged
    asked: frozenset[str]
    fault: Issue | None


def write_pdf(workspace: Workspace, document: Path, day: date, progress: Progress = silent) -> Pdfs:
    """The PDF of a report beside it; `day` stands in it as the day of making, so that equal reports give equal PDFs.

    UnusableError pdf.no_office when LibreOffice is missing, and what the disk refuses.
    """
    made = list(_made(workspace, [document], day, progress))
    issues, written = list(_told(workspace, made)), []
    for one in made:
        if one.fault is None:
            path = next(free for free in names_beside(document.with_suffix(SUFFIX)) if _is_free(free, one.content))
            if path.stem != document.stem:
                place = Place(workspace.relative(document.with_suffix(SUFFIX)))
                issues.append(issue("report.edited", place, written=path.name))
            write_atomic(path, one.content)
            written.append(Pdf(path, one.pages))
    return Pdfs(tuple(written), tuple(issues))


def write_pdfs(
    workspace: Workspace, folder: Path, documents: Sequence[Path], day: date, progress: Progress = silent
) -> Pdfs:
    """The PDFs of letters below their folder, as `write_pdf`."""
    made = list(_made(workspace, documents, day, progress))
    sound = [one for one in made if one.fault is None]
    names = [one.document.relative_to(folder).with_suffix(SUFFIX).as_posix() for one in sound]
    placed = place_letters(workspace, folder, dict(zip(names, (one.content for one in sound), strict=True)))
    written = (Pdf(path, one.pages) for path, one in zip(placed.paths, sound, strict=True))
    return Pdfs(tuple(written), (*_told(workspace, made), *placed.issues))


def older_pdf(workspace: Workspace, document: Path) -> Iterator[Issue]:
    """A note when a PDF of ours lies beside a document and was made of another one."""
    path = document.with_suffix(SUFFIX)
    try:
        content = path.read_bytes()
    except OSError:
        return
    if untouched(content) and not made_of(content, document.read_bytes()):
        yield issue("pdf.older", Place(workspace.relative(path)))


# --- inside ---------------------------------------------------------------------------------


def _made(workspace: Workspace, documents: Sequence[Path], day: date, progress: Progress) -> Iterator[_Made]:
    office = find_office()
    if office is None:
        raise UnusableError(issue("pdf.no_office", Place()))
    contents = [path.read_bytes() for path in documents]
    cut = [cut_long_tables(content, partial(_printed, office)) for content in contents]
    for path, content, one in zip(documents, contents, convert(cut, office, step=progress), strict=True):
        pages = read_pages(one.content) if one.content else None
        asked = asked_fonts(content)
        if pages is None:
            reason = one.reason or "LibreOffice tạo ra tệp hỏng"
            fault = issue("pdf.failed", Place(workspace.relative(path)), reason=reason)
            yield _Made(path, b"", 0, FontsJudged((), (), ()), asked, fault)
        else:
            yield _judged(path, content, one.content, pages, asked, day)


def _printed(office: Path, documents: Sequence[bytes]) -> list[bytes]:
    return [one.content for one in convert(documents, office)]


def _judged(path: Path, document: bytes, content: bytes, pages: PdfPages, asked: frozenset[str], day: date) -> _Made:
    fonts = judge_fonts(pages.fonts, asked)
    return _Made(path, settled(content, document, day), pages.number, fonts, asked, None)


def _told(workspace: Workspace, made: Iterable[_Made]) -> Iterator[Issue]:
    """Each fault; of fonts one issue for all documents that have the same to tell."""
    known = list(made)
    yield from (one.fault for one in known if one.fault is not None)
    for code, names in (
        ("pdf.font_replaced", "replaced"),
        ("pdf.font_missing", "missing"),
        ("pdf.font_alike", "alike"),
    ):
        told = [(getattr(one.fonts, names), one) for one in known if getattr(one.fonts, names)]
        for fonts, same in groupby(sorted(told, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
            several = [one for _, one in same]
            place = Place(workspace.relative(several[0].document.with_suffix(SUFFIX)))
            asked = ", ".join(sorted(several[0].asked))
            more = len(several) - 1 or ""
            yield issue(code, place, fonts=", ".join(fonts), asked=asked, more=more)


def _is_free(path: Path, content: bytes) -> bool:
    """Whether nothing lies there, or a PDF of ours that nobody signed or changed."""
    if not path.exists():
        return True
    if not path.is_file():
        return False
    there = path.read_bytes()
    return there == content or untouched(there)
