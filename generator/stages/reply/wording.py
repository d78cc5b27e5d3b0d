"""Wording: the reply templates that the office may edit, checked like a compiler, rendered in a sandbox.

In:   templates/replies/*.txt (Jinja2), the names of one reply. Out: subject and body; issues with file:line.
Imports jinja2 (immutable sandbox, strict undefined, no code), facts, names, issues. A template names everything by
`NAMES`; files whose name begins with "_" are parts that others include.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.definitions.schema import nearest
from generator.issues import Issue, Place, RefusedError, issue
from generator.stages.reply.facts import Outcome, ReplyFacts
from generator.stages.reply.names import NAMES, names
from generator.stages.reply.specimens import specimens

SUBJECT = "Tiêu đề:"
"""How the first line of a template begins."""
FOLDER = "templates/replies"
LARGEST = 100_000
"""Bytes of a template; ours have a thousand."""

_FILTERS = ("default", "first", "join", "last", "length", "lower", "upper", "trim")


class Worded(NamedTuple):
    """A reply in words."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ReplyTemplates:
    """The templates by name ("dat.txt"), and the environment they are compiled in."""

    texts: Mapping[str, str]
    _environment: ImmutableSandboxedEnvironment

    def words(self, facts: ReplyFacts) -> Worded:
        """Subject and body of one reply; RefusedError with file and line when a template fails."""
        name = file_of(facts.outcome)
        try:
            text = self._environment.get_template(name).render(names(facts))
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as fault:
            raise RefusedError(_failed(fault, name)) from fault
        head, _, rest = text.strip().partition("\n")
        if not head.startswith(SUBJECT) or not rest.strip():
            raise RefusedError(issue("reply.no_subject", Place(f"{FOLDER}/{name}", line=1), begin=SUBJECT))
        return Worded(" ".join(head[len(SUBJECT) :].split()), _spaced(rest))


def file_of(outcome: Outcome) -> str:
    """The file of an outcome's template."""
    return f"{outcome.value}.txt"


def load_replies(folder: Path, shipped: Path | None = None) -> tuple[ReplyTemplates | None, list[Issue]]:
    """Every template of the folder, compiled and tried on replies of all kinds; None when one is faulty.

    A workspace older than the program may lack a template: then the one in `shipped` stands. Codes: reply.missing,
    reply.unreadable, reply.syntax, reply.unknown_name, reply.failed, reply.no_subject.
    """
    texts, issues = _texts(folder)
    if shipped is not None:
        texts = {**_texts(shipped)[0], **texts}
    environment = _environment(texts)
    for name in sorted(texts):
        issues += _syntax(environment, texts[name], name)
    told = {one.place.file for one in issues}
    for name in (file_of(one) for one in Outcome):
        if name not in texts and f"{FOLDER}/{name}" not in told:
            issues.append(issue("reply.missing", Place(f"{FOLDER}/{name}"), file=name))
    if issues:
        return None, issues
    templates = ReplyTemplates(texts, environment)
    for facts in specimens():
        try:
            templates.words(facts)
        except RefusedError as refused:
            issues += [one for one in refused.issues if one not in issues]
    return (None if issues else templates), issues


def _texts(folder: Path) -> tuple[dict[str, str], list[Issue]]:
    texts: dict[str, str] = {}
    issues: list[Issue] = []
    for path in sorted(folder.glob("*.txt")):
        try:
            content = path.read_bytes()
            if len(content) > LARGEST:
                raise ValueError(path.name)
            texts[path.name] = content.decode("utf-8-sig").replace("\r\n", "\n")
        except (OSError, ValueError):
            issues.append(issue("reply.unreadable", Place(f"{FOLDER}/{path.name}")))
    return texts, issues


def _environment(texts: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(texts)),
        undefined=StrictUndefined,
        autoescape=False,  # plain text: nothing in it is markup
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def _syntax(environment: ImmutableSandboxedEnvironment, text: str, name: str) -> Iterator[Issue]:
    """Faults of spelling, names that no reply has, and parts that do not exist."""
    file = f"{FOLDER}/{name}"
    try:
        tree = environment.parse(text, name)
        environment.get_template(name)
    except TemplateSyntaxError as fault:
        yield issue("reply.syntax", Place(file, line=fault.lineno), reason=fault.message or "")
        return
    known = {*NAMES, "loop", *(node.name for node in tree.find_all(nodes.Name) if node.ctx != "load")}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in known:
            near = nearest(node.name, NAMES)
            yield issue("reply.unknown_name", Place(file, line=node.lineno), name=node.name, near=near)


def _failed(fault: Exception, name: str) -> Issue:
    """The fault at the line of the template in which it came up."""
    frames = [
        one for one in traceback.extract_tb(fault.__traceback__) if one.name in ("root", "top-level template code")
    ]
    line = frames[-1].lineno if frames else getattr(fault, "lineno", 0)
    file = next((one.filename for one in reversed(frames)), name)
    at = file if file.endswith(".txt") else name
    return issue("reply.failed", Place(f"{FOLDER}/{at}", line=line or 0), reason=str(fault)[:200])


def _spaced(text: str) -> str:
    """The body without spaces at the ends of lines, and never two empty lines together."""
    lines: list[str] = []
    for line in (one.rstrip() for one in text.strip().split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
