"""What every command prints with: issues, tables, JSON, progress; and how a failure becomes an exit code.

In:   issues, rows, JSON values. Out: text on the terminal (rich there, plain lines elsewhere), exit codes.
Imports pipeline.workspace, definitions.load and rich only when they are needed, so that commands start at once.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

import click

from generator.issues import Issue, KetnghiaError, RefusedError, UnusableError

if TYPE_CHECKING:
    from generator.definitions.messages import Messages
    from generator.pipeline.pdf import Pdfs
    from generator.pipeline.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")

FAULTY, UNUSABLE = 1, 3
"""Exit codes (design, section 5): an error stands in what was judged; the workspace cannot be used."""

SHORT = 10
"""Columns whose cells all have at most so many characters are never folded."""

PLAIN_STEPS = 10
"""How many lines of progress there are at most where no terminal shows a bar."""


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """The command, with what it cannot do printed as issues: exit code 1 when it refuses, 3 when it cannot work.

    An OSError (disk full, read-only, file open in Excel or Word) is explained in Vietnamese and exits with 3.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            raise  # the reader of our output has seen enough; click ends quietly
        except RefusedError as error:
            _print_failure(error)
            sys.exit(FAULTY)
        except UnusableError as error:
            _print_failure(error)
            sys.exit(UNUSABLE)
        except Exception as error:
            refused = error if isinstance(error, OSError) else _refused_to_lxml(error)
            if refused is None:
                raise
            from generator.pipeline.workspace import unusable

            _print_failure(unusable(refused))
            sys.exit(UNUSABLE)

    return run


def _refused_to_lxml(error: Exception) -> OSError | None:
    """What the disk said to lxml, through which openpyxl writes its temporary files; None for any other failure."""
    etree = sys.modules.get("lxml.etree")
    if etree is None or not isinstance(error, etree.SerialisationError):
        return None
    import errno
    import os
    import tempfile

    number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
    # the sheets left half-written complain once more, with a traceback, when they are thrown away
    sys.unraisablehook = lambda _: None
    return OSError(number, os.strerror(number), tempfile.gettempdir())


def _print_failure(error: KetnghiaError) -> None:
    context = click.get_current_context(silent=True)
    workspace = context.obj if context is not None and isinstance(context.obj, str) else "."
    emit_issues(error.issues, messages_for(workspace), err=True)


def messages_for(workspace: str | Path) -> Messages:
    """The sentences of the workspace, or the shipped ones where it has none."""
    from generator.definitions.load import load_messages
    from generator.pipeline.init import shipped_templates

    folder = Path(workspace) / "templates" / "messages"
    shipped = shipped_templates() / "messages"
    messages, _ = load_messages(folder if folder.is_dir() else shipped, shipped)
    return messages


def emit_issues(issues: Iterable[Issue], messages: Messages, err: bool = False) -> None:
    """Prints each issue as `place: sentence`, its cure and `[code]`; to stderr when stdout belongs to JSON."""
    for found in issues:
        click.echo(messages.render(found), err=err)


def emit_line(text: str, err: bool = False) -> None:
    """Prints one line."""
    click.echo(text, err=err)


def emit_pdfs(workspace: Workspace, made: Pdfs, messages: Messages, most: int = 5) -> tuple[Issue, ...]:
    """Says which PDFs were written, with their pages, and what is to be said about them; gives these issues back."""
    emit_issues(made.issues, messages, err=True)
    for one in made.written[:most]:
        emit_line(f"Đã ghi {workspace.relative(one.path)} ({one.pages} trang)")
    if len(made.written) > most:
        total = sum(one.pages for one in made.written)
        emit_line(f"… và {len(made.written) - most} tệp PDF nữa; tất cả {total} trang.")
    return made.issues


def _encode(value: object) -> str:
    """Decimals, dates and paths as JSON text; a whole object that knows no JSON form is a mistake of ours."""
    from datetime import date
    from decimal import Decimal

    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | Path):
        return str(value)
    raise TypeError(f"no JSON form: {type(value).__name__}")


def emit_json(value: Any) -> None:
    """Prints the one JSON document of a `--json` run."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=_encode))


def on_terminal() -> bool:
    """Whether stdout is a person's terminal."""
    return sys.stdout.isatty()


def emit_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> None:
    """Prints a table: ruled on a terminal, elsewhere one line a row with tabs between the cells.

    `right` are the positions of columns of numbers.
    """
    texts = [[_one_line(cell) for cell in row] for row in rows]
    if not on_terminal():
        click.echo(f"# {title}")
        click.echo("\t".join(columns))
        for row in texts:
            click.echo("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for position, column in enumerate(columns):
        # Codes, dates and numbers stay on one line: a narrow terminal folds the sentences
        short = max((len(row[position]) for row in texts), default=0) <= SHORT
        justify: Literal["left", "right"] = "right" if position in right else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=short)
    for row in texts:
        # Text, not a string: square brackets in a partner's words are no markup
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _one_line(cell: object) -> str:
    text = "" if cell is None else str(cell)
    # control characters of a sender's text must not move the cursor of the terminal
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A callable `(done, total)` that shows how far the work is: a bar on a terminal, a few plain lines elsewhere.

    Written to stderr, so that stdout holds results only.
    """
    if not sys.stderr.isatty():
        yield _plain_progress(label)
        return
    with ExitStack() as shown:
        yield _bar(label, shown)


def _bar(label: str, shown: ExitStack) -> Callable[[int, int], None]:
    """A bar that appears with the first step: most runs have nothing to wait for."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=None)

    def step(done: int, total: int) -> None:
        if not bar.live.is_started:
            shown.enter_context(bar)
        bar.update(task, completed=done, total=total)

    return step


def _plain_progress(label: str) -> Callable[[int, int], None]:
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        step = done * PLAIN_STEPS // total if total else 0
        if step > told:
            told = step
            click.echo(f"{label}: {done}/{total}", err=True)

    return tell
