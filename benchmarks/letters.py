"""What a letter costs beside docxtpl, in one run: the shipped reminder, all checks on, in memory and on the disk.

Run:  python -m benchmarks.letters [--count 1000] [--usual 15]
In:   nothing; a registry of so many partners is made here. Out: a table on stdout; first it is proved that both print
      the same text.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docxtpl
import jinja2
from docx import Document
from docx.oxml.ns import qn

from generator.definitions.load import load_forms
from generator.model import Campaign, Partner, Registry, Setting
from generator.pipeline.desk import Desk
from generator.pipeline.house import LETTER, house_of
from generator.pipeline.init import copy_templates
from generator.pipeline.letters import Making, joined_letters, make_letters
from generator.pipeline.letters_check import load_letter
from generator.pipeline.letters_files import place_letters
from generator.pipeline.workspace import Workspace
from generator.stages.register.database import Register
from generator.stages.render import FILTERS

DAY = date(2025, 12, 29)
KIND = "don-doc"
AIM = 20


def main() -> None:
    """Makes the letters both ways and prints what they cost."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="ketnghia-bench-") as folder:
        workspace = Workspace(Path(folder))
        workspace.inputs.mkdir()
        copy_templates(workspace)
        started = time.process_time()
        made, template = _made(workspace, asked.count)
        ready = time.process_time() - started
        codes = list(made.names)
        _same_text(made.render(codes[0])[0], _usual(template, made, codes[0]))
        ours, usual = _in_turn(made, template, asked.usual)
        print(f"{'one letter, CPU ms':34}{'docxtpl':>10}{'ours':>8}{'ratio':>8}")
        print(f"{'rendered and checked':34}{usual:10.2f}{ours:8.2f}{usual / ours:8.1f}  (aim {AIM})")
        _whole(workspace, made, ready)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.letters", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--count", type=int, default=1000, help="letters")
    parser.add_argument("--usual", type=int, default=15, help="rounds in which both ways take turns")
    return parser.parse_args()


def _made(workspace: Workspace, count: int) -> tuple[Making, bytes]:
    """A reminder for each of so many partners that sent nothing; the template in the office's words, for both ways."""
    partners = tuple(
        Partner(f"DV-{at:04d}", f"Sở & hội (minh họa) {at:04d}", "so_ban_nganh", True, False) for at in range(count)
    )
    campaign = Campaign(2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "a@b.example", ("KN-01",))
    registry = Registry(partners, campaigns=(campaign,), settings=tuple(_settings()))
    forms, _ = load_forms(workspace.templates / "forms")
    definition, found = load_letter(workspace.templates / "letters" / f"{KIND}.yaml")
    if definition is None:
        raise SystemExit(str(found))
    with Register.open(workspace.register) as register:
        desk = Desk(workspace, 2025, campaign, registry, forms, register, (), ())
        template = house_of(workspace.root, LETTER, registry, DAY).template(definition.content)
        return make_letters(desk, definition, DAY)[0], template


def _settings() -> Iterator[Setting]:
    texts = {
        "co_quan_chu_quan": "UBND TỈNH (MINH HỌA)",
        "co_quan_ban_hanh": "BAN DÂN TỘC",
        "ten_co_quan": "Ban Dân tộc",
    }
    texts |= {"ky_hieu": "BC-BDT", "dia_danh": "Tam Kỳ", "chuc_vu_ky": "TRƯỞNG BAN", "nguoi_ky": ""}
    texts |= {"kinh_gui": "Ủy ban nhân dân tỉnh", "noi_nhan": "Như trên"}
    return (Setting(name, value) for name, value in texts.items())


def _usual(template: bytes, made: Making, code: str) -> bytes:
    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(FILTERS)
    document = docxtpl.DocxTemplate(io.BytesIO(template))
    document.render({**made.shared, **made.names[code]}, environment)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _in_turn(made: Making, template: bytes, rounds: int) -> tuple[float, float]:
    """Median CPU milliseconds of a letter: ours, docxtpl's. They take turns, so that a slow minute hits both."""
    codes = list(made.names)
    ours, usual = [], []
    for at in range(rounds):
        ten = [codes[(10 * at + step) % len(codes)] for step in range(10)]
        start = time.process_time()
        for code in ten:
            made.render(code)
        ours.append((time.process_time() - start) * 1e3 / len(ten))
        start = time.process_time()
        _usual(template, made, ten[0])
        usual.append((time.process_time() - start) * 1e3)
    return statistics.median(ours), statistics.median(usual)


def _whole(workspace: Workspace, made: Making, ready: float) -> None:
    """All letters: who gets one and the template cut up; rendered and written each to its file; in one file."""
    count, folder = len(made.names), workspace.year_outputs(2025) / "letters"
    print(f"\n{f'{count} letters, seconds':34}{'CPU':>10}{'wall':>8}")
    print(f"{'who gets one, template cut up':34}{ready:10.2f}")
    cpu, wall = time.process_time(), time.perf_counter()
    place_letters(workspace, folder, {f"{KIND}/{code}.docx": made.render(code)[0] for code in made.names})
    print(f"{'one file each, written':34}{time.process_time() - cpu:10.2f}{time.perf_counter() - wall:8.2f}")
    cpu, wall = time.process_time(), time.perf_counter()
    place_letters(workspace, folder, {"in.docx": joined_letters(made, "in.docx")})
    print(f"{'one file to print, written':34}{time.process_time() - cpu:10.2f}{time.perf_counter() - wall:8.2f}")


def _same_text(ours: bytes, theirs: bytes) -> None:
    """Speed without equality is worthless: both must print the same."""
    first, second = ([paragraph for paragraph in _lines(content) if paragraph] for content in (ours, theirs))
    if first != second:
        raise SystemExit("the two letters do not say the same")


def _lines(content: bytes) -> list[str]:
    body = Document(io.BytesIO(content)).element.body
    return ["".join(text.text or "" for text in one.iter(qn("w:t"))) for one in body]


if __name__ == "__main__":
    main()
