"""The command line itself: help without imports, and wrong usage answered in Vietnamese."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from generator.cli import COMMANDS, main


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_in_the_list_exists_and_explains_itself(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "Cách dùng:" in result.output
    assert "Hiện hướng dẫn này rồi thoát." in result.output
    assert "Show this message" not in result.output
    assert "[required]" not in result.output


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["ingset", "2025"], "không có lệnh “ingset”. Có phải là “ingest”?"),
        (["--wrkspace", "x"], "không có tùy chọn “--wrkspace”. Có phải là “--workspace”?"),
        (["status"], "thiếu “NĂM”."),
        (["status", "hai nghìn"], "giá trị của “NĂM” không dùng được: phải là số nguyên"),
        (["check", "thêm", "nữa"], "thừa tham số: thêm nữa."),
        (["demo", "--years", "2030-2020"], "viết như 2024-2025"),
        (["letters", "2025"], "thiếu “--kind”."),
        (["letters", "2025", "--kind", "nhac"], "chọn một trong don-doc, ra-soat, ket-qua"),
        (["letters", "2025", "--kind", "don-doc", "--day", "29/12"], "ghi ngày theo dạng 2025-12-22"),
        (["blank", "2025", "--partner"], "tùy chọn “--partner” cần một giá trị đi kèm."),
    ],
)
def test_wrong_usage_says_what_was_meant_and_exits_with_2(typed: list[str], sentence: str) -> None:
    result = CliRunner().invoke(main, typed)
    assert result.exit_code == 2
    assert sentence in result.output
    assert "--help” để xem cách dùng." in result.output


def test_no_command_at_all_prints_the_list() -> None:
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 2
    for command, line in COMMANDS.items():
        assert command in result.output
        assert line.split(",")[0] in result.output
