"""The command `ketnghia`: parse, call the pipeline, print, exit.

In:   the command line. Out: text on the terminal and an exit code
      (0 done, 1 an error stands in what was judged, 2 wrong usage, 3 unusable workspace).
Each command lives in a module of its own, imported only when it runs, so that `--help` is instant.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "init": "Tạo một không gian làm việc mới với biểu mẫu và danh bạ kèm theo.",
    "demo": "Dựng số liệu minh họa và chạy trọn quy trình đến báo cáo.",
    "check": "Soát templates/ và danh bạ, nêu mọi lỗi cùng vị trí.",
    "blank": "Xuất biểu trống đã điền sẵn cho các đơn vị phải báo cáo.",
    "ingest": "Tiếp nhận mọi tệp mới, kiểm tra và ghi sổ.",
    "status": "Ai phải báo cáo, ai đã gửi, còn vướng gì.",
    "issues": "Liệt kê lỗi, cảnh báo của các bản nộp hiện hành.",
    "export": "Xuất số liệu tổng hợp, mỗi giá trị kèm ô gốc.",
    "report": "Lập báo cáo (DOCX).",
    "letters": "Lập công văn đôn đốc, đối chiếu, thông báo kết quả.",
    "trace": "Truy nguyên một số liệu về các ô đã tạo ra nó.",
    "inspect": "Soát thể thức văn bản Word theo Nghị định 30/2020/NĐ-CP.",
    "rebuild": "Lập lại sổ tiếp nhận từ inputs/.",
}
"""Every command that works, with its line in `--help`. Module `generator.cli.<name>_command`, object `command`."""


_WORDS = {
    "Options": "Tùy chọn",
    "Commands": "Các lệnh",
    "Arguments": "Tham số",
    "Show this message and exit.": "Hiện hướng dẫn này rồi thoát.",
    "Show the version and exit.": "Hiện phiên bản rồi thoát.",
}
"""Click's own English words that users would meet."""


_USAGE_WORDS = (("[OPTIONS]", "[TÙY CHỌN]"), ("COMMAND [ARGS]...", "LỆNH [THAM SỐ]..."))


class VietnameseFormatter(click.HelpFormatter):
    """Help pages whose headings and standard lines are Vietnamese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        for english, vietnamese in _USAGE_WORDS:
            args = args.replace(english, vietnamese)
        super().write_usage(prog, args, prefix or "Cách dùng: ")

    def write_heading(self, heading: str) -> None:
        """A heading, in Vietnamese where click has an English one."""
        super().write_heading(_WORDS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of terms; click's standard lines are put into Vietnamese."""
        super().write_dl(
            [
                (term, _WORDS.get(text, text).replace("[default: ", "[mặc định: ").replace("[required]", "[bắt buộc]"))
                for term, text in rows
            ],
            col_max,
            col_spacing,
        )


click.Context.formatter_class = VietnameseFormatter


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of a year's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command's click object, or None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"generator.cli.{cmd_name}_command").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands without importing them."""
        with formatter.section("Các lệnh"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the command. Wrong usage is said in Vietnamese and ends with exit code 2."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # a Windows console of code page 1258 cannot print composed letters
                reconfigure(encoding="utf-8", errors="replace")
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            sys.exit(super().main(args, prog_name, complete_var, standalone_mode=False, **extra))
        except click.UsageError as error:
            from generator.cli.usage import usage_message

            click.echo(usage_message(error), err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("Đã dừng theo yêu cầu; chạy lại lệnh để làm tiếp.", err=True)
            sys.exit(1)


@click.group(cls=LazyGroup)
@click.option(
    "--workspace",
    "-w",
    metavar="THƯ_MỤC",
    type=click.Path(file_okay=False),
    envvar="KETNGHIA_WORKSPACE",
    default=".",
    help="Không gian làm việc (thư mục có templates/, inputs/, outputs/); mặc định là thư mục hiện tại.",
)
@click.version_option(package_name="ketnghia-reports")
@click.pass_context
def main(ctx: click.Context, workspace: str) -> None:
    """Tổng hợp báo cáo kết nghĩa: từ biểu Excel của các đơn vị đến báo cáo Word, mỗi số liệu truy được về ô gốc."""
    ctx.obj = workspace
