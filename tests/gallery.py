"""The gallery: every way a return can go wrong, as a case; brought about in one workspace, and what came of it.

In:   tests/cases/<name>/ with inputs/recipe.yaml, command and expected/. Out: Case records; for each case what the
      commands said of it. `python tests/gallery.py --write NAME…` writes expected/ anew: read it before you commit.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner
from openpyxl.utils import get_column_letter

from gallery_cases import YEAR, YEARS, Case, cases, names_of, write_registry
from gallery_spoil import named, spoiled
from gallery_workbook import key_of
from generator.cli import main
from generator.issues import CODES
from generator.pipeline.replies import name_of
from generator.stages.register.database import Register

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = yaml.safe_load((Path(__file__).parent / "gallery_answers.yaml").read_text(encoding="utf-8"))
OFFICE_FILTERS = {"xls": "xls:MS Excel 97", "ods": "ods:calc8"}
"""Formats in which LibreOffice saves a return, with the name of its filter."""

RUNS = ("ingest", "issues")
"""The commands of every case, each with its year."""

# --- the files ----------------------------------------------------------------------------------


def _filled(text: Any, names: Mapping[str, str]) -> Any:
    """A value of a recipe with the partners' names put in."""
    if isinstance(text, str):
        for mark, name in names.items():
            text = text.replace(mark, name)
        return text
    if isinstance(text, Mapping):
        return {_filled(key, names): _filled(value, names) for key, value in text.items()}
    return [_filled(one, names) for one in text] if isinstance(text, list) else text


def _marks(case: Case) -> dict[str, str]:
    names = names_of(case)
    own = {f"{{giver{at}}}": names[code] for at, code in enumerate(case.givers, start=1)}
    return {"{giver}": names[case.givers[0]], "{commune}": names[case.commune], **own}


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is to arrive."""

    path: Path
    case: Case
    steps: Sequence[Mapping[str, Any]]
    blank: Path
    """What it is made from: a blank, or the workbook that came with a reply."""
    received: datetime
    after: bool
    """Whether it is sent when the others were answered."""


def _files(workspace: Path, case: Case) -> Iterator[_File]:
    for said in case.said["files"]:
        form, year = said.get("form", "KN-01"), int(said.get("year", YEAR))
        partner = said.get("partner") or (case.givers[0] if form == "KN-01" else case.commune)
        blank_year = int(said.get("blank_year", year))
        after = said.get("from") == "reply"
        wanted = said.get("answers", "none" if after else "good")
        answers = ANSWERS.get(form, {}) if wanted == "good" else {}
        blank = workspace / "outputs" / str(blank_year) / "blanks" / f"{partner}-{form}-{blank_year}.xlsx"
        reply = workspace / "outputs" / str(year) / "replies" / f"{partner}-{form}-r1.eml"
        steps = [{"type": answers}, *said.get("steps", ())] if answers else list(said.get("steps", ()))
        day = datetime.fromisoformat(str(said.get("received", f"{year}-12-10")))
        yield _File(
            workspace / "inputs" / str(year) / case.name / str(said["name"]),
            case,
            [_filled(one, _marks(case)) for one in steps],
            reply if after else blank,
            day.replace(hour=8, tzinfo=UTC),
            after,
        )


def _asked_for(workspace: Path, chosen: Sequence[Case], year: int) -> list[str]:
    """Options that name the partners whose blank of the year is wanted."""
    blanks = {one.blank for case in chosen for one in _files(workspace, case) if one.blank.match(f"{year}/blanks/*")}
    return [word for code in sorted({blank.name[:7] for blank in blanks}) for word in ("--partner", code)]


def _put(workspace: Path, files: Sequence[_File]) -> None:
    """The files into inputs/, in the hour in which they arrived."""
    for one in files:
        one.path.parent.mkdir(parents=True, exist_ok=True)
        at = next((at for at, step in enumerate(one.steps) if named(step)[0] == "save_as"), len(one.steps))
        source = _attached(one.blank) if one.after else one.blank.read_bytes()
        one.path.write_bytes(spoiled(source, one.steps[:at], one.case.folder / "inputs"))
    _save_elsewhere(files)
    for one in files:
        stamp = one.received.timestamp()
        os.utime(one.path, (stamp, stamp))


def _attached(reply: Path) -> bytes:
    """The workbook that came with a reply."""
    message = message_from_bytes(reply.read_bytes(), policy=policy.default)
    content = next(iter(message.iter_attachments())).get_content()
    assert isinstance(content, bytes)
    return content


def _save_elsewhere(files: Sequence[_File]) -> None:
    """Lets LibreOffice save what a case wants in another format: one start of the program for each format."""
    for suffix, office_filter in OFFICE_FILTERS.items():
        wanted = [
            (one, one.steps[at + 1 :])
            for one in files
            for at, step in enumerate(one.steps)
            if step == {"save_as": suffix}
        ]
        if not wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            sources = [Path(folder) / f"{number}.xlsx" for number in range(len(wanted))]
            for source, (one, _) in zip(sources, wanted, strict=True):
                shutil.copy(one.path, source)
            profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
            subprocess.run(
                ["soffice", "--headless", "--norestore", profile, "--convert-to", office_filter, "--outdir", folder]
                + [str(source) for source in sources],
                check=True,
                capture_output=True,
                timeout=120,
            )
            for source, (one, rest) in zip(sources, wanted, strict=True):
                saved = source.with_suffix(f".{suffix}").read_bytes()
                one.path.write_bytes(spoiled(saved, rest, one.case.folder / "inputs"))


# --- the run ------------------------------------------------------------------------------------


def _ketnghia(workspace: Path, *words: object) -> str:
    done = CliRunner().invoke(main, ["-w", str(workspace), *map(str, words)])
    assert done.exit_code == 0 or (words[0], done.exit_code) == ("ingest", 1), done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.stdout


def build(workspace: Path, chosen: Sequence[Case]) -> None:
    """A workspace in which every case has gone wrong; what came of each lies in results.json."""
    # as `init` makes it, but for the shipped registry, which would only be thrown away
    shutil.copytree(ROOT / "templates", workspace / "templates")
    (workspace / "inputs").mkdir()
    write_registry(workspace, chosen)
    for year in YEARS:
        _ketnghia(workspace, "blank", year, *_asked_for(workspace, chosen, year))
    files = [one for case in chosen for one in _files(workspace, case)]
    _put(workspace, [one for one in files if not one.after])
    # in the order of years, as it happened
    told = {year: _ketnghia(workspace, "ingest", year) for year in YEARS}
    _put(workspace, [one for one in files if one.after])
    told[YEAR] += _ketnghia(workspace, "ingest", YEAR)
    rows = {year: json.loads(_ketnghia(workspace, "issues", year, "--json")) for year in YEARS}
    deliveries = list(_deliveries(workspace))
    results = {case.name: _result(case, told[case.year], rows[case.year], deliveries) for case in chosen}
    (workspace / "results.json").write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")


def _deliveries(workspace: Path) -> Iterator[tuple[str, str, str]]:
    """File, verdict and reply of each workbook of the year, in the order of arrival."""
    journal = (workspace / "inputs" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    files = {line["sequence"]: line["file"] for line in map(json.loads, journal) if "sequence" in line}
    with Register.open(workspace / "outputs" / "register.sqlite") as register:
        for one in (one for year in YEARS for one in register.arrived(year)):
            reply = workspace / "outputs" / str(one.year) / "replies" / name_of(one)
            if reply.is_file():
                yield files[one.sequence], one.verdict.value, _letter(reply)


def _letter(path: Path) -> str:
    """A reply as its receiver sees it: subject, to whom, what is attached, the text."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    attached = [str(one.get_filename()) for one in message.iter_attachments()]
    head = [f"Tiêu đề: {message['Subject']}", f"Gửi đến: {message['To'] or '(chưa biết địa chỉ)'}"]
    head += [f"Kèm theo: {', '.join(attached)}"] * bool(attached)
    text = body.get_content().replace("\r\n", "\n").strip()
    return "\n".join([*head, "", text, ""])


def _result(case: Case, told: str, rows: Sequence[Any], deliveries: Sequence[Any]) -> dict[str, Any]:
    """What the commands said of one case: issues with their cells, verdicts, letters, and what the office reads."""
    root = f"inputs/{case.year}/{case.name}/"
    own = [row for row in rows if row["file"].startswith(root)]
    known = {(row["code"], row["file"]) for row in own}
    notes = {
        (code, file): text
        for file, code, text in _notes(told, root)
        if (code, file) not in known and code.startswith("delivery.")
    }
    cells: dict[tuple[str, ...], list[str]] = {}
    for row in own:
        key = (row["code"], row["severity"], row["file"].removeprefix(root), row["sheet"])
        cells.setdefault(key, []).append(row["cell"])
    for code, file in notes:
        cells.setdefault((code, CODES[code].value, file.removeprefix(root), ""), []).append("")
    letters = [(file.removeprefix(root), *rest) for file, *rest in deliveries if file.startswith(root)]
    wanted = case.said.get("letters")
    return {
        "issues": [[*key, " ".join(_spans(found))] for key, found in sorted(cells.items())],
        "verdicts": [[file, verdict] for file, verdict, _ in letters],
        "reply": "\n".join(letter for file, _, letter in letters if wanted is None or file in wanted),
        "told": "".join(text.replace(root, "") for text in notes.values()),
    }


def _spans(found: Iterable[str]) -> Iterator[str]:
    """Addresses in order, those below one another as one: T12:T40."""
    at = sorted({(get_column_letter(key[1]), key[0]) for key in map(key_of, filter(None, found))})
    for _, run in groupby(enumerate(at), key=lambda pair: (pair[1][0], pair[1][1] - pair[0])):
        (column, first), *rest = [cell for _, cell in run]
        yield f"{column}{first}:{column}{rest[-1][1]}" if rest else f"{column}{first}"


def _notes(told: str, root: str) -> Iterator[tuple[str, str, str]]:
    """File, code and text of everything that `ingest` printed of the files below `root`."""
    for block in re.split(r"^(?=inputs/|Năm )", told, flags=re.MULTILINE):
        code = re.search(r"\[([a-z]+\.[a-z_]+)\]", block)
        if block.startswith(root) and code:
            yield block.partition(": ")[0].partition(":")[0], code[1], block


def write(case: Case, result: Mapping[str, Any]) -> None:
    """Writes expected/ of a case anew."""
    folder = case.folder / "expected"
    folder.mkdir(exist_ok=True)
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in result["issues"])
    verdicts = json.dumps(result["verdicts"], ensure_ascii=False)
    listed = f"[\n{lines}\n ]" if lines else "[]"
    text = f'{{\n "verdicts": {verdicts},\n "issues": {listed}\n}}\n'
    (folder / "issues.json").write_text(text, encoding="utf-8", newline="\n")
    for name in ("reply", "told"):
        if result[name]:
            (folder / f"{name}.txt").write_text(result[name], encoding="utf-8", newline="\n")
        else:
            (folder / f"{name}.txt").unlink(missing_ok=True)


def _write_named(names: Sequence[str]) -> None:
    """All cases are run, as in the tests: each sees the same neighbours."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "ws", list(cases().values()))
        results = json.loads((Path(folder) / "ws" / "results.json").read_text(encoding="utf-8"))
    for name in names or results:
        write(cases()[name], results[name])
        print(f"--- {name}\n{json.dumps(results[name]['issues'], ensure_ascii=False)}\n{results[name]['reply']}")


if __name__ == "__main__":
    if sys.argv[1:2] != ["--write"]:
        sys.exit("usage: python tests/gallery.py --write NAME…   (no name: every case)")
    _write_named(sys.argv[2:])
