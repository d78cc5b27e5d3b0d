"""The year that docs/huong-dan.md tells of: what people do between its commands, and the session itself.

In:   the guide's text, a folder. Out: a workspace in which everything that the guide says has happened.
The tests run it to prove the guide; `guide_pictures` runs it to take the pictures. All figures in it are invented.
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
import shlex
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import NamedTuple

import openpyxl
from click.testing import CliRunner

from docs_pages import DOCS
from generator.cli import main as ketnghia
from generator.definitions.load import load_forms
from generator.demo.answers import Answers, nil_answers, sample_answers
from generator.demo.five_years import Totals, five_year_answers
from generator.model import Campaign, Registry, Scalar
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import assigned, prefills
from generator.pipeline.judging import load_registry_or_refuse
from generator.pipeline.workspace import Workspace
from generator.stages.obligations import campaign_of

GUIDE = DOCS / "huong-dan.md"
FOLDER = "ket-nghia"
"""The workspace that the guide makes."""
PICTURED = "hinh"
"""Beside it: what stood in outputs/ when the year, and the five years, were done."""
YEAR, SEED = 2025, 4
REPLY = "replies/DV-0002-KN-01-r1.eml"
"""What goes back to the unit that wrote words for an amount."""
BOARD = "ketnghia@sodantoctongiao.example"

GIFTS = (
    ("2025-01-20", "XA-0322", "Thôn 1", "qua", "Tặng quà Tết cho hộ nghèo", "hien_vat", 50, "suất", 500_000, 50, 212),
    ("2025-04", "XA-0322", "Thôn 2", "con_giong", "Cấp bò giống sinh sản", "hien_vat", 8, "con", 14_000_000, 8, 35),
    ("2025-08-12", "XA-0322", "Thôn 3", "nha_o", "Xây mới nhà ở cho hộ nghèo", "tien", 2, "căn", 60_000_000, 2, 9),
    ("2025-09-05", "XA-0322", "", "hoc_bong", "Trao học bổng đầu năm học", "tien", 20, "suất", 1_000_000, None, 20),
    ("2025-10-17", "XA-0002", "Thôn 1", "luong_thuc", "Tặng gạo cứu đói", "hien_vat", 1_500, "kg", 16_000, 100, 430),
)
"""What DV-0001 reports: day, commune, village, kind, content, form, quantity, unit, price, households, people."""

EARLIER: Mapping[str, Mapping[int, Totals]] = {
    "DV-0001": {
        2021: {"an_sinh": (180_000_000, 90, 390)},
        2022: {"an_sinh": (150_000_000, 75, 320), "kinh_te": (96_000_000, 8, 34)},
        2023: {"an_sinh": (210_000_000, 84, 350), "kinh_te": (120_000_000, 10, 42)},
        2024: {"an_sinh": (165_000_000, 66, 280), "kinh_te": (140_000_000, 10, 45)},
    },
    "DV-0006": {year: {"an_sinh": (40_000_000 + 5_000_000 * (year - 2021), 50, 210)} for year in range(2021, 2026)},
    "DV-0012": {2023: {"quoc_phong": (30_000_000, 0, 0)}, 2024: {"chinh_tri": (65_000_000, 0, 0)}},
    "XA-0322": {2024: {"an_sinh": (48_000_000, 96, 400)}},
}
"""What KN-03 tells of earlier years: value in đồng, households, people. One of DV-0006 has its own return, too."""

COLUMNS = ("thoi_gian", "xa", "thon", "loai", "noi_dung", "hinh_thuc", "so_luong", "don_vi_tinh", "don_gia")

RULINGS = (
    ("DV-0008", "KN-01", "Sửa số liệu", None, "Hoạt động hỗ trợ", "L12", "{product}", None,
     "Đơn vị gõ thừa ba số 0; đã hỏi lại qua điện thoại ngày 22/12/2025."),
    ("DV-0010", "KN-01", "Chấp nhận", None, None, None, None, None,
     "Đơn vị giải trình bằng Công văn số 45/CV (minh họa)."),
    ("HU-0003", "KN-02", "Miễn báo cáo", None, None, None, None, None,
     "Huyện kết thúc hoạt động từ 01/7/2025; các xã mới báo cáo thay (minh họa)."),
    ("XA-0267", "KN-02", "Gia hạn", None, None, None, None, "31/12/2025", "Xã bị mưa lũ chia cắt (minh họa)."),
)  # fmt: skip


# --- filled returns -------------------------------------------------------------------------------


@functools.cache
def _known(folder: Path) -> tuple[Registry, Campaign]:
    """The registry and the campaign of YEAR: nobody changes them while returns arrive."""
    registry = load_registry_or_refuse(Workspace(folder))
    campaign = campaign_of(registry, YEAR)
    assert campaign is not None
    return registry, campaign


@functools.cache
def _returns(folder: Path, year: int = YEAR) -> Callable[[str, str, Answers], bytes]:
    """`filled(partner, form, answers)`: a return as the partner sends it, on a blank of the given year."""
    (registry, campaign), (forms, _) = _known(folder), load_forms(folder / "templates" / "forms")
    blanks = compile_blanks(forms, registry, replace(campaign, year=year))
    filled = {code: prefills(registry, campaign, {}, form.role) for code, form in forms.items()}
    return lambda partner, form, answers: blanks[form].fill(filled[form][partner], answers)


def _gives(folder: Path, partner: str) -> Answers:
    """A faultless KN-01 of the partner, its activities in the communes that it is twinned with."""
    registry, campaign = _known(folder)
    named = next(one for one in registry.partners if one.code == partner)
    pairs = assigned(registry, campaign)[partner]
    # what only DV-0001 gave to xã Trà Tập is compared; more would bury it
    elsewhere = [code for code in pairs if code not in {"XA-0322", "XA-0001", "XA-0002"}]
    return sample_answers(named, elsewhere or pairs, YEAR, SEED)


def first_return(folder: Path) -> Answers:
    """What DV-0001 reports: GIFTS, and the rest as any unit."""
    answers = {one: said for one, said in _gives(folder, "DV-0001").items() if one[0] not in {"hoat_dong", "ke_hoach"}}
    for row, gift in enumerate(GIFTS, start=1):
        answers.update({("hoat_dong", row, code): said for code, said in zip(COLUMNS, gift, strict=False) if said})
        quantity, price, (households, people) = gift[6], gift[8], gift[9:]
        answers["hoat_dong", row, "gia_tri"] = quantity * price
        answers["hoat_dong", row, "nguon"] = "don_vi"
        answers["hoat_dong", row, "so_ho"] = households
        answers["hoat_dong", row, "so_nguoi"] = people
    return {one: said for one, said in answers.items() if said is not None}


def first_workbook(folder: Path) -> bytes:
    """The return of DV-0001 as it is sent."""
    return _returns(folder)("DV-0001", "KN-01", first_return(folder))


def _receives(code: str) -> Answers:
    """A KN-02; xã Trà Tập tells of the gifts of DV-0001, one with another value, and of one that nobody reported."""
    facts: Mapping[str, Scalar] = {
        "thu_truong": "Chủ tịch UBND xã (minh họa)", "nguoi_phu_trach": "Cán bộ (minh họa)",
        "dien_thoai": "0235 000 0322", "thu_dien_tu": f"{code.lower()}@minhhoa.example",
        "so_thon": 7, "so_thon_dbkk": 5, "so_ho": 1100, "so_nguoi": 4600, "so_ho_dtts": 1000, "so_nguoi_dtts": 4200,
        "chuan_ngheo": "2021_2025", "ngheo_dau_ky": 420, "thoat_ngheo": 60, "thoat_ngheo_ket_nghia": 9,
        "tai_ngheo": 2, "ngheo_moi": 5, "ngheo_tang_giam_khac": 0, "ngheo_cuoi_ky": 367, "can_ngheo": 90,
        "hieu_qua": "Hộ được giúp có thêm vật nuôi (minh họa).", "ton_tai": "Chưa theo dõi đàn bò sau khi cấp.",
        "tam_tu_nguyen_vong": "Mong được giúp thêm giống cây.",
        "khong_phat_sinh": code != "XA-0322",
    }  # fmt: skip
    answers: Answers = {("", 0, name): said for name, said in facts.items()}
    if code != "XA-0322":
        answers["", 0, "ly_do_khong_phat_sinh"] = "Đơn vị kết nghĩa chưa đến trong kỳ (minh họa)."
        return answers
    extra = ("2025-11-02", "", "", "cay_giong_vat_tu", "Cấp giống quế", "hien_vat", 900, "cây", 9_000, 15, 60)
    for row, gift in enumerate([*GIFTS[:3], extra], start=1):
        day, _, _, kind, content, form, quantity, unit, price, households, people = gift
        said: dict[str, Scalar] = {
            "don_vi": "DV-0001", "thoi_gian": day, "loai": kind, "noi_dung": content, "hinh_thuc": form,
            "so_luong": quantity, "don_vi_tinh": unit, "gia_tri": quantity * price, "so_ho": households,
            "so_nguoi": people, "tinh_trang": "su_dung_tot",
        }  # fmt: skip
        answers.update({("nhan_duoc", row, name): one for name, one in said.items()})
    answers["nhan_duoc", 2, "so_luong"], answers["nhan_duoc", 2, "gia_tri"] = 7, 98_000_000
    answers["nhan_duoc", 2, "so_ho"], answers["nhan_duoc", 2, "so_nguoi"] = 7, 31
    return answers


# --- how they arrive --------------------------------------------------------------------------------


def _mail(sender: str, subject: str, day: int, attached: Mapping[str, bytes]) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    stamp = f"{day} Dec {YEAR} 09:15:00 +0700"
    message["Received"] = f"from mail.minhhoa.example by mail.sodantoctongiao.example; {stamp}"
    message["From"], message["To"], message["Subject"], message["Date"] = sender, BOARD, subject, stamp
    message["Message-ID"] = f"<{day}.{sender}>"
    message.set_content("Kính gửi báo cáo công tác kết nghĩa (minh họa).\n")
    for name, content in attached.items():
        kind = "pdf" if name.endswith(".pdf") else "octet-stream"
        message.add_attachment(content, maintype="application", subtype=kind, filename=name)
    # the library would draw another boundary every time
    message.set_boundary(f"phan-{day}")
    return message.as_bytes()


def _save(folder: Path, day: int, name: str, content: bytes) -> None:
    path = folder / "inputs" / str(YEAR) / f"{YEAR}-12-{day}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return written.getvalue()


def _someones_list() -> bytes:
    written, workbook = io.BytesIO(), openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = "Danh sách đại biểu dự họp (minh họa)"
    workbook.save(written)
    return written.getvalue()


# --- what people do between the commands ------------------------------------------------------------


def _mistype_registry(folder: Path) -> None:
    """An assignment to a commune that the registry does not know. All that follows is marked as invented."""
    (folder / "inputs" / ".minh-hoa").write_text("{}", encoding="utf-8")
    path = folder / "inputs" / "registry.xlsx"
    shutil.copy(path, folder.parent)
    workbook = openpyxl.load_workbook(path)
    workbook["Phân công"]["D12"] = "XA-9999"
    workbook.save(path)


def _mend_registry(folder: Path) -> None:
    shutil.copy(folder.parent / "registry.xlsx", folder / "inputs")


def _returns_arrive(folder: Path) -> None:
    filled = _returns(folder)

    def giving(partner: str, **changed: Scalar) -> bytes:
        answers = _gives(folder, partner)
        answers.update({("hoat_dong", 1, name): said for name, said in changed.items()})
        return filled(partner, "KN-01", answers)

    signed = {"cong-van.pdf": b"%PDF-1.4\n% (minh hoa)\n"}
    first = {"KN-01 So 01.xlsx": first_workbook(folder), **signed}
    _save(folder, 16, "So 01 gui bao cao.eml", _mail("so-01@minhhoa.example", "Báo cáo kết nghĩa 2025", 16, first))
    both = {"hoi-01.xlsx": giving("DV-0006"), "hoi-02.xlsx": giving("DV-0007")}
    _save(folder, 16, "Hai hoi gui chung.eml", _mail("hoi-01@minhhoa.example", "Biểu của hai hội", 16, both))
    communes = {f"{one}.xlsx": filled(one, "KN-02", _receives(one)) for one in ("XA-0322", "XA-0268", "XA-0269")}
    _save(folder, 17, "Bieu ba xa.zip", _zipped(communes))
    _save(folder, 17, "DV-0002.xlsx", giving("DV-0002", gia_tri="khoảng vài chục triệu"))
    _save(folder, 17, "DV-0003.xlsx", _returns(folder, YEAR - 1)("DV-0003", "KN-01", _gives(folder, "DV-0003")))
    _save(folder, 17, "danh sach du hop.xlsx", _someones_list())
    idle = next(one for one in _known(folder)[0].partners if one.code == "DV-0005")
    _save(folder, 18, "DV-0005.xlsx", filled("DV-0005", "KN-01", nil_answers(idle, YEAR, SEED)))
    _save(folder, 18, "DV-0008.xlsx", giving("DV-0008", gia_tri=_product(folder) * 1000))
    torn = giving("DV-0009")
    _save(folder, 18, "DV-0009.xlsx", torn[: len(torn) // 2])
    _save(folder, 18, "DV-0010.xlsx", giving("DV-0010", so_ho=40, so_nguoi=35))
    _save(folder, 18, "DV-0011.xlsx", giving("DV-0011", xa="XA-0325"))
    _save(folder, 18, "DV-0012.xlsx", giving("DV-0012"))


def _product(folder: Path) -> int:
    """What the first activity of DV-0008 is worth."""
    worth = _gives(folder, "DV-0008")["hoat_dong", 1, "gia_tri"]
    assert isinstance(worth, int)
    return worth


def marked_workbook(reply: Path) -> bytes:
    """The workbook with the sheet Cần sửa that goes back with a reply."""
    (attached,) = BytesParser(policy=policy.default).parsebytes(reply.read_bytes()).iter_attachments()
    workbook = attached.get_payload(decode=True)
    assert isinstance(workbook, bytes)
    return workbook


def _returns_come_again(folder: Path) -> None:
    """DV-0002 mends the one cell in the workbook of our reply; two more, one of them too late."""
    workbook = openpyxl.load_workbook(io.BytesIO(marked_workbook(folder / "outputs" / str(YEAR) / REPLY)))
    workbook["Hoạt động hỗ trợ"]["L12"] = _gives(folder, "DV-0002")["hoat_dong", 1, "gia_tri"]
    mended = io.BytesIO()
    workbook.save(mended)
    _save(folder, 19, "DV-0002-KN-01-2025-can-sua.xlsx", mended.getvalue())
    filled = _returns(folder)
    _save(folder, 19, "So 01 gui lai.xlsx", first_workbook(folder))
    _save(folder, 19, "DV-0009.xlsx", filled("DV-0009", "KN-01", _gives(folder, "DV-0009")))
    _save(folder, 29, "DV-0004.xlsx", filled("DV-0004", "KN-01", _gives(folder, "DV-0004")))


def _decide(folder: Path) -> None:
    path = folder / "inputs" / str(YEAR) / "quyet-dinh.xlsx"
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Quyết định"]
    for row, ruling in enumerate(RULINGS, start=12):
        sheet.row_dimensions[row].height = 32  # as Excel does for two lines of reasons
        signed = (*ruling, "Phó Giám đốc (minh họa)", "30/12/2025")
        for column, said in enumerate(signed, start=3):
            if said is not None:
                sheet.cell(row, column).value = said.format(product=_product(folder))
    workbook.save(path)


def _open_five_years(folder: Path) -> None:
    """Three earlier years in the registry, KN-03 for the last one; what the pictures show stays as it was."""
    shutil.copytree(folder / "outputs" / str(YEAR), folder.parent / PICTURED)
    path = folder / "inputs" / "registry.xlsx"
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Đợt báo cáo"]
    first, last = 12, 13  # rows of 2024 and YEAR
    sheet.cell(last, 9).value = f"{sheet.cell(last, 9).value}, KN-03"
    for row, year in enumerate((2021, 2022, 2023), start=last + 1):
        told = (year, f"15/12/{year - 1}", f"14/12/{year}", f"20/12/{year}", None)
        for column, said in enumerate((*told, sheet.cell(first, 8).value, "KN-01, KN-02, KN-00"), start=3):
            sheet.cell(row, column).value = said
    workbook.save(path)
    _known.cache_clear()
    _returns.cache_clear()


def _five_years_are_told(folder: Path) -> None:
    filled, registry = _returns(folder), _known(folder)[0]
    for code, totals in EARLIER.items():
        partner = next(one for one in reversed(registry.partners) if one.code == code)
        answers = five_year_answers(partner, totals, YEAR, SEED)
        _save(folder, 30, f"{code} tong ket.xlsx", filled(code, "KN-03", answers))


def _lose_outputs(folder: Path) -> None:
    shutil.copytree(folder / "outputs" / f"2021-{YEAR}", folder.parent / PICTURED, dirs_exist_ok=True)
    shutil.rmtree(folder / "outputs")


ACTS: Mapping[str, Callable[[Path], None]] = {
    "ghi nhầm danh bạ": _mistype_registry,
    "sửa danh bạ": _mend_registry,
    "biểu gửi về": _returns_arrive,
    "gửi lại": _returns_come_again,
    "ghi quyết định": _decide,
    "mở năm tổng kết": _open_five_years,
    "biểu tổng kết gửi về": _five_years_are_told,
    "mất outputs": _lose_outputs,
}
"""What a comment `<!-- làm: … -->` in the guide stands for."""


# --- the session -----------------------------------------------------------------------------------


class Typed(NamedTuple):
    """One command of the guide: what was typed, what the guide says is printed, what was printed."""

    command: str
    told: str
    printed: str


def play(root: Path) -> Iterator[Typed]:
    """Everything that the guide says, done in its order; the commands of a session start in `root`."""
    folder = root
    for found in _STEPS.finditer(GUIDE.read_text(encoding="utf-8")):
        if found["act"]:
            ACTS[found["act"]](folder)
            continue
        for part in re.split(r"^\$ ", found["console"], flags=re.MULTILINE)[1:]:
            command, _, told = part.partition("\n")
            if command.startswith("cd "):
                folder /= command.removeprefix("cd ")
            else:
                yield Typed(command, told, printed(command, folder))


def printed(command: str, folder: Path) -> str:
    """What a person sees of the command, run in the folder, without the lines of progress."""
    name, *arguments = shlex.split(command)
    assert name == "ketnghia", command
    with contextlib.chdir(folder):
        # in this process: a dozen commands would spend most of their time on importing
        done = CliRunner().invoke(ketnghia, arguments, prog_name=name)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    lines = [line for line in done.output.splitlines() if not _PROGRESS.fullmatch(line)]
    return "".join(f"{line.rstrip()}\n" for line in lines).replace("\t", "  ").replace("\u00a0", " ")


def pattern(told: str) -> re.Pattern[str]:
    """What the documentation says is printed: "…" stands for anything, on a line of its own for any lines."""
    lines = told.splitlines()
    said = (r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n" for line in lines)
    return re.compile("".join(said))


_STEPS = re.compile(r"^<!-- làm: (?P<act>.+?) -->$|^```console\n(?P<console>.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRESS = re.compile(r".+: \d+/\d+")
