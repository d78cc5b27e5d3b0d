"""Wrong usage in words: what was typed, what is wrong with it, what to type instead.

In:   a click error. Out: the lines for the terminal. Imported only when somebody mistyped.
"""

from __future__ import annotations

import click
from rapidfuzz import process

from generator.cli import COMMANDS

_NEAR_ENOUGH = 75


def usage_message(error: click.UsageError) -> str:
    """The usage line, the fault and the cure; the whole help page where no command was named."""
    if error.ctx is not None and isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.ctx.get_help()
    path = error.ctx.command_path if error.ctx else "ketnghia"
    usage = [error.ctx.get_usage(), ""] if error.ctx else []
    return "\n".join([*usage, f"Lỗi: {_sentence(error)}", f"Gõ “{path} --help” để xem cách dùng."])


def _sentence(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            said = f"không có tùy chọn “{error.option_name}”.{_hint(error.option_name, _options(error.ctx))}"
        case click.MissingParameter():
            said = f"thiếu {_parameter(error)}."
        case click.BadOptionUsage():
            said = f"tùy chọn “{error.option_name}” cần một giá trị đi kèm."
        case click.BadParameter():
            said = f"giá trị của {_parameter(error)} không dùng được: {_expected(error)}."
        case _ if error.message.startswith("No such command"):
            typed = error.message.split("'")[1] if "'" in error.message else ""
            said = f"không có lệnh “{typed}”.{_hint(typed, list(COMMANDS))}"
        case _ if error.message.startswith("Got unexpected extra argument"):
            said = f"thừa tham số: {error.message.partition('(')[2].rstrip(')')}."
        case _:
            said = error.message
    return said


def _expected(error: click.BadParameter) -> str:
    """What the parameter takes; a type of our own says it itself."""
    kind = error.param.type if error.param else None
    match kind:
        case click.IntRange():
            return f"phải là số từ {kind.min} đến {kind.max}" if kind.max is not None else f"phải là số từ {kind.min}"
        case click.Choice():
            return f"chọn một trong {', '.join(str(choice) for choice in kind.choices)}"
        case click.Path():
            return "không có tệp hoặc thư mục như vậy, hoặc không mở được"
        case _ if kind is click.INT:
            return "phải là số nguyên"
        case _:
            return error.message


def _parameter(error: click.BadParameter) -> str:
    parameter = error.param
    if isinstance(parameter, click.Argument) and error.ctx is not None:
        return f"“{parameter.make_metavar(error.ctx)}”"
    return f"“{parameter.opts[0]}”" if parameter else "tham số"


def _options(ctx: click.Context | None) -> list[str]:
    return [name for one in ctx.command.get_params(ctx) for name in one.opts] if ctx else []


def _hint(typed: str, known: list[str]) -> str:
    found = process.extractOne(typed, known)
    return f" Có phải là “{found[0]}”?" if found and found[1] >= _NEAR_ENOUGH else ""
