"""Replies: an answer to every workbook that arrived, written to outputs/<year>/replies/ as mails ready to be sent.

In:   Desk. Out: how many replies were written; only those whose facts changed are.
Imports the stages reply and blank, definitions.load, pipeline.reply_facts, compiled, context, desk and workspace.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from generator.definitions.load import load_messages
from generator.issues import RefusedError, Severity
from generator.model import Scalar
from generator.pipeline.compiled import receiver_at
from generator.pipeline.context import commune_labels, plan_lines, prefills, run_time_lists
from generator.pipeline.desk import Desk
from generator.pipeline.init import shipped_templates
from generator.pipeline.progress import Progress, silent
from generator.pipeline.reply_facts import Answered, Case, YearBook, answered, cases, year_book
from generator.pipeline.workspace import safe_name, unusable, write_atomic
from generator.stages.blank import Annotator
from generator.stages.register.asking import Arrived, Details
from generator.stages.reply import ReplyTemplates, load_replies, reply

FOLDER, INDEX = "replies", ".index.json"
_BATCH = 50
"""Deliveries whose details are held at a time."""
_CODE = ("stages/reply", "stages/blank", "definitions", "pipeline/replies.py", "pipeline/reply_facts.py")
"""Our own code that decides what a reply says."""


@dataclass(frozen=True, slots=True)
class _Writer:
    """What every reply of the year is written with."""

    book: YearBook
    templates: ReplyTemplates
    annotators: Mapping[str, Annotator]
    prefilled: Mapping[str, Mapping[str, Scalar]]
    made_from: str


def write_replies(desk: Desk, progress: Progress = silent) -> int:
    """Writes one reply for every workbook of the desk's year, and removes those of deliveries that are gone.

    A reply that would say the same as before is left as it lies there. RefusedError with all faults of the
    templates; UnusableError when the disk refuses.
    """
    writer = _writer(desk)
    folder = desk.workspace.year_outputs(desk.year) / FOLDER
    known, lying = _index(folder / INDEX), _lying(folder)
    told: dict[str, str] = {}
    written = 0
    found = list(cases(writer.book))
    for batch in _batches(found):
        details = desk.register.details(_needed(batch))
        for case in batch:
            before = details.get(case.earlier.sequence) if case.earlier else None
            name = name_of(case.arrived)
            own = details[case.judged.sequence]
            told[name] = _fingerprint(writer, case, own, before)
            if known.get(name) != told[name] or name not in lying:
                content = _mail(writer, answered(writer.book, case, own, before))
                write_atomic(folder / name, content)
                written += 1
        progress(min(len(told), len(found)), len(found))
    _remove(folder, [name for name in known if name not in told and name in lying])
    if told != known:
        write_atomic(folder / INDEX, json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True).encode())
    return written


def name_of(arrived: Arrived) -> str:
    """The file of a delivery's reply: legal everywhere, and no other delivery's."""
    if not arrived.revision:
        return f"luot-{arrived.sequence}.eml"
    again = f"-luot-{arrived.sequence}" if arrived.repeats else ""
    return safe_name(f"{arrived.partner}-{arrived.form}-r{arrived.revision}{again}.eml")


def _needed(batch: Sequence[Case]) -> set[int]:
    return {one.sequence for case in batch for one in (case.judged, case.earlier) if one is not None}


def _batches(found: Sequence[Case]) -> Iterator[list[Case]]:
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        yield batch


# --- one reply ------------------------------------------------------------------------------


def _mail(writer: _Writer, one: Answered) -> bytes:
    workbook, facts = b"", one.facts
    annotator = writer.annotators.get(facts.form)
    if one.marked and annotator is not None and annotator.fits(one.answers):
        facts = replace(facts, workbook=safe_name(f"{facts.partner}-{facts.form}-{facts.year}-can-sua.xlsx"))
        prefill = writer.prefilled.get(facts.partner) or {
            "partner.code": facts.partner,
            "partner.name": facts.partner_name,
        }
        workbook = annotator.fill(prefill, one.answers, one.marks, one.leftovers, _summary(one))
    return reply(facts, writer.templates, workbook)


def _summary(one: Answered) -> str:
    """The line on top of the sheet Cần sửa."""
    errors = sum(mark.severity is Severity.ERROR for mark in one.marks)
    doubts = len(one.marks) - errors
    parts = [f"phải sửa {errors} chỗ"] * bool(errors) + [f"nên xem lại {doubts} chỗ"] * bool(doubts)
    line = "; ".join(parts).capitalize()
    shown = "(Minh họa) " if one.facts.illustrative else ""
    return f"{shown}{line}. Bấm vào chữ xanh ở cột “Ở đâu” để đến ô cần sửa. Sửa xong, lưu tệp này và gửi lại."


# --- what they are written with -------------------------------------------------------------


def _writer(desk: Desk) -> _Writer:
    shipped = shipped_templates()
    templates, faults = load_replies(desk.workspace.templates / "replies", shipped / "replies")
    if templates is None:
        raise RefusedError(*faults)
    messages, _ = load_messages(desk.workspace.templates / "messages", shipped / "messages")
    lists = run_time_lists(desk.registry, desk.campaign)
    book = year_book(desk, messages, lists)
    receiver = receiver_at(desk.registry, desk.campaign.deadline)
    annotators = {
        code: Annotator(desk.forms[code], lists, desk.campaign, receiver)
        for code in desk.campaign.forms
        if code in desk.forms
    }
    plans = plan_lines(desk.register.counted(desk.year - 1), commune_labels(desk.registry, desk.campaign))
    forms = [desk.forms[code] for code in annotators]
    told = hashlib.sha256(_sources())
    said = (
        forms, lists, desk.campaign, desk.registry.settings, sorted(messages.texts.items()),
        sorted(templates.texts.items()), desk.workspace.illustrative,
    )  # fmt: skip
    told.update(repr(said).encode("utf-8", "replace"))
    return _Writer(book, templates, annotators, prefills(desk.registry, desk.campaign, plans), told.hexdigest())


def _sources() -> bytes:
    """Hash of our own code: a new version may write otherwise."""
    told = hashlib.sha256()
    here = Path(__file__).resolve().parents[1]
    for source in _CODE:
        path = here / source
        for one in sorted(path.rglob("*.py")) if path.is_dir() else (path,):
            told.update(one.read_bytes() if one.is_file() else b"")
    return told.digest()


def _fingerprint(writer: _Writer, case: Case, details: Details, before: Details | None) -> str:
    """A hash that changes whenever the reply might: of everything that it is made from."""
    partner = writer.book.partners.get(case.arrived.partner)
    sender = writer.book.senders.get(case.delivery.sender.casefold(), "")
    ruled = [writer.book.by_place.get(place) for place in details.decided]
    prefill = writer.prefilled.get(case.arrived.partner)
    said = (writer.made_from, case, partner, sender, prefill, ruled, details, before.values if before else ())
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()


# --- the folder -----------------------------------------------------------------------------


def _index(path: Path) -> dict[str, str]:
    """What the replies were made from when they were written; nothing when that is not known."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return {str(name): str(told) for name, told in json.loads(path.read_bytes()).items()}
    return {}


def _lying(folder: Path) -> frozenset[str]:
    return frozenset(one.name for one in folder.glob("*.eml"))


def _remove(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise unusable(error, folder / name) from error
