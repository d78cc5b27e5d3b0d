"""Blocks: a submission's values, or a delivery's issues and rulings, as one compressed block each; and back again.

In:   an examined delivery. Out: an Entry, small enough to travel between processes; records out of its blocks.
Pure: no files, no database. Imports definitions.reasons, model, issues.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from generator.definitions.reasons import GIVEN
from generator.issues import Issue, Place, Severity
from generator.model import Correction, Decision, Delivery, Ruling, Scalar, Submission, Value, Verdict

Answers = tuple[Sequence[str], Sequence[int], Sequence[str], Sequence[Scalar]]
"""Table, row, field and value of all values of a submission, each as a column."""

_OF_THE_WAY = frozenset({"delivery.other_sender"})
"""Faults of how a file came, not of what it says: sent again by the right person it says nothing new."""

_LEVEL = 1  # twice as quick as zlib's usual level, for a tenth more bytes


class Ruled(NamedTuple):
    """What officers' decisions did to one delivery."""

    decisions: tuple[Decision, ...] = ()
    """Those that were applied."""
    corrections: tuple[Correction, ...] = ()
    faults: tuple[Issue, ...] = ()
    """What kept a decision from being applied; stands at the decision, not in the return."""


class Entry(NamedTuple):
    """A delivery with all that the register keeps of it."""

    delivery: Delivery
    verdict: Verdict
    form: str
    version: str
    partner: str
    year: int
    """The year the workbook itself states; 0 when it could not be identified."""
    content: str
    """Hash of what the submission says; the same for a file that was only saved again."""
    errors: int
    warnings: int
    values: bytes
    issues: bytes
    ruled: bytes = b""
    """What decisions did; empty where none was applied."""
    reasons: tuple[tuple[str, str], ...] = ()
    """Key and text of each reason that the partner gave for a warning."""


def pack(
    delivery: Delivery,
    submission: Submission | None,
    verdict: Verdict,
    issues: Sequence[Issue],
    ruled: Ruled | None = None,
) -> Entry:
    """The entry of an examined delivery. Done where the file was read: packing is most of the work of registering."""
    values = submission.values if submission is not None else ()
    return Entry(
        delivery=delivery,
        verdict=verdict,
        form=submission.form if submission is not None else "",
        version=submission.version if submission is not None else "",
        partner=submission.partner if submission is not None else "",
        year=submission.year if submission is not None else 0,
        content=content_hash(values, issues),
        errors=sum(one.severity is Severity.ERROR for one in issues),
        warnings=sum(one.severity is Severity.WARNING for one in issues),
        values=_packed_values(values),
        issues=pack_issues(issues),
        ruled=_packed_ruled(ruled) if ruled else b"",
        reasons=tuple((one.params["key"], one.params["reason"]) for one in issues if one.code == GIVEN),
    )


def content_hash(values: Iterable[Value], issues: Iterable[Issue]) -> str:
    """The hash of table, row, field and value of every value, in whatever order, and of which faults there are.

    Not of the file: every program writes its own bytes. What could not be read counts by its raw text, and the
    kinds of faults count because a missing sheet put back may add no value and still is a correction. A reason
    given for a warning says something new even where no value changed.
    """
    told = sorted(
        [
            # nearly all values are text: one comparison each
            f"{table}\t{row}\t{field}\tstr:{value}\t"
            if type(value) is str
            else f"{table}\t{row}\t{field}\t{_canonical(value)}\t{raw if value is None else ''}"
            for table, row, field, value, raw, _, _ in values
        ]
    )
    faults = sorted({f"{one.severity}\t{one.code}" for one in issues if one.code not in _OF_THE_WAY})
    reasons = sorted(f"{one.params['key']}\t{one.params['reason']}" for one in issues if one.code == GIVEN)
    text = json.dumps([told, faults, reasons] if reasons else [told, faults])
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Scalar) -> str:
    if isinstance(value, Decimal):  # 1.50 and 1.5 are one quantity
        value = value.normalize()
    return f"{type(value).__name__}:{value}"


def _stored(values: Sequence[Value]) -> list[Sequence[object]]:
    """The values column by column."""
    columns: list[Sequence[object]] = list(zip(*values, strict=True))
    if columns:
        # A Decimal is the one scalar that JSON does not have: a list of its text says which it is.
        columns[3] = [[str(kept)] if type(kept) is Decimal else kept for kept in columns[3]]
    return columns


def _packed_values(values: Sequence[Value]) -> bytes:
    """Two blocks one after the other, before them the length of the first: the answers, then raw texts and places."""
    columns = _stored(values) or [()] * len(Value._fields)
    answers = _packed(columns[:4])
    return len(answers).to_bytes(4, "big") + answers + _packed(columns[4:])


def unpack_answers(packed: bytes) -> Answers:
    """The answers that were packed, typed as they were: all that a merge asks for, without raw texts and places."""
    tables, rows, fields, values = _unpacked(packed[4 : 4 + int.from_bytes(packed[:4], "big")])
    return tables, rows, fields, [Decimal(kept[0]) if type(kept) is list else kept for kept in values]


def unpack_values(packed: bytes) -> tuple[Value, ...]:
    """The values that were packed, with raw texts and places."""
    places = _unpacked(packed[4 + int.from_bytes(packed[:4], "big") :])
    return tuple(map(Value._make, zip(*unpack_answers(packed), *places, strict=True)))


def _told(one: Issue) -> list[object]:
    place = one.place
    where = [place.file, place.sheet, place.cell, place.line, place.spot]
    return [one.code, one.severity.value, where, dict(one.params)]


def pack_issues(issues: Iterable[Issue]) -> bytes:
    """The issues as one block."""
    return _packed([_told(one) for one in issues])


def unpack_issues(packed: bytes) -> list[Issue]:
    """The issues that were packed, in their order."""
    return [_issue(told) for told in _unpacked(packed)]


def _issue(told: Any) -> Issue:
    code, severity, where, params = told
    return Issue(code, Severity(severity), Place(*where), params)


def _packed_ruled(ruled: Ruled) -> bytes:
    decisions = [[day.isoformat() if isinstance(day, date) else day for day in astuple(one)] for one in ruled.decisions]
    return _packed([decisions, [astuple(one) for one in ruled.corrections], [_told(one) for one in ruled.faults]])


def unpack_ruled(packed: bytes | None) -> Ruled:
    """What decisions did to a delivery; nothing where none was applied."""
    if not packed:
        return Ruled()
    decisions, corrections, faults = _unpacked(packed)
    return Ruled(
        tuple(map(_decision, decisions)),
        tuple(Correction(*told) for told in corrections),
        tuple(map(_issue, faults)),
    )


def faults_of(entry: Entry) -> tuple[Issue, ...]:
    """What was wrong with the decisions on a delivery."""
    return unpack_ruled(entry.ruled).faults


def _decision(told: Sequence[Any]) -> Decision:
    year, form, partner, ruling, reason, by, day, place, revision, sheet, cell, value, due = told
    return Decision(
        year,
        form,
        partner,
        Ruling(ruling),
        reason,
        by,
        date.fromisoformat(day),
        place,
        revision,
        sheet,
        cell,
        value,
        date.fromisoformat(due) if due else None,
    )


def _packed(told: object) -> bytes:
    # "surrogatepass": half a letter in a hostile file is kept as it is rather than ending the run
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return zlib.compress(text, _LEVEL)


def _unpacked(packed: bytes) -> list[Any]:
    told: list[Any] = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
    return told
