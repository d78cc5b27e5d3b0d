"""A small office for tests: a year with four partners, on whose desk deliveries arrive one after the other."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import cast

from blank_cases import ROOT
from generator.definitions.forms import Form
from generator.definitions.load import load_forms, load_messages
from generator.model import (
    Assignment,
    Campaign,
    Decision,
    Delivery,
    DeliveryKind,
    Partner,
    Registry,
    Ruling,
    Scalar,
    Setting,
    Verdict,
)
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import examine_context, prefills
from generator.pipeline.desk import Desk
from generator.pipeline.examine import ExamineContext, examine
from generator.pipeline.judging import addresses_of
from generator.pipeline.replies import write_replies
from generator.pipeline.workspace import Workspace
from generator.stages.blank import Address, Blank
from generator.stages.register.blocks import pack
from generator.stages.register.database import Register

CAMPAIGN = Campaign(
    2025, date(2024, 12, 15), date(2025, 12, 14), date(2025, 12, 20), "vanthu@bandantoc.example", ("KN-01", "KN-03")
)
REGISTRY = Registry(
    partners=(
        Partner("DV-0001", "Sở (minh họa) 01", "so_ban_nganh", gives=True, receives=False, email="vt@so-01.example"),
        Partner("DV-0002", "Sở (minh họa) 02", "so_ban_nganh", gives=True, receives=False),
        Partner("XA-0001", "xã Trà Tập", "xa", gives=False, receives=True),
        Partner("XA-0002", "xã Trà Don", "xa", gives=False, receives=True),
    ),
    assignments=(Assignment("DV-0001", "XA-0001"),),
    campaigns=(CAMPAIGN,),
    settings=(Setting("ten_co_quan", "Ban Dân tộc (minh họa)"),),
)
MESSAGES, _ = load_messages(ROOT / "templates" / "messages")
START = datetime(2025, 12, 16, 3, tzinfo=UTC)
GOOD: dict[Address, Scalar] = {
    ("", 0, "thu_truong"): "Bà A (minh họa)",
    ("", 0, "nguoi_phu_trach"): "Ông B (minh họa)",
    ("", 0, "dien_thoai"): "0905 123 456",
    ("", 0, "so_buoi_quan_triet"): 2,
    ("", 0, "luot_nguoi_quan_triet"): 40,
    ("", 0, "ket_qua_noi_bat"): "Các hộ nhận bò đều nuôi tốt.",
    ("", 0, "ton_tai"): "Đường xa.",
    ("hoat_dong", 1, "thoi_gian"): "2025-03-14",
    ("hoat_dong", 1, "xa"): "XA-0001",
    ("hoat_dong", 1, "loai"): "con_giong",
    ("hoat_dong", 1, "noi_dung"): "Tặng bò giống",
    ("hoat_dong", 1, "hinh_thuc"): "hien_vat",
    ("hoat_dong", 1, "gia_tri"): 20_000_000,
    ("hoat_dong", 1, "nguon"): "don_vi",
}
FAULTY: dict[Address, Scalar] = {**GOOD, ("hoat_dong", 1, "gia_tri"): "hai mươi triệu và hai con lợn"}
OTHER: dict[Address, Scalar] = {**GOOD, ("hoat_dong", 1, "gia_tri"): 21_000_000}
DOUBTFUL: dict[Address, Scalar] = {**GOOD, ("hoat_dong", 1, "xa"): "XA-0002"}


@cache
def forms() -> Mapping[str, Form]:
    return load_forms(ROOT / "templates" / "forms")[0]


@cache
def blanks() -> Mapping[str, Blank]:
    return compile_blanks(forms(), REGISTRY, CAMPAIGN)


@cache
def context() -> ExamineContext:
    printed = {code: blank.printed for code, blank in blanks().items()}
    return replace(
        examine_context(REGISTRY, CAMPAIGN, forms(), printed), addresses=addresses_of(REGISTRY, CAMPAIGN.end)
    )


def workbook(answers: dict[Address, Scalar], partner: str = "DV-0001", year: int = 2025) -> bytes:
    made = blanks()["KN-01"]
    if year != CAMPAIGN.year:
        other = replace(CAMPAIGN, year=year)
        made = compile_blanks(forms(), replace(REGISTRY, campaigns=(other,)), other)["KN-01"]
    return made.fill(prefills(REGISTRY, CAMPAIGN, {})[partner], answers)


@dataclass
class Office:
    """A desk on which deliveries arrive one after the other, a day apart."""

    root: Path
    register: Register
    deliveries: list[Delivery] = field(default_factory=list)
    decisions: tuple[Decision, ...] = ()

    def receives(self, content: bytes, file: str = "bieu.xlsx", sender: str = "", message: str = "") -> Verdict:
        number = len(self.deliveries) + 1
        received, told = START + timedelta(days=number - 1), sha256(content).hexdigest()
        kind = DeliveryKind.WORKBOOK if file.endswith(".xlsx") else DeliveryKind.ENCLOSURE
        delivery = Delivery(number, 2025, f"inputs/2025/{number}/{file}", told, received, kind, sender, message)
        self.deliveries.append(delivery)
        if kind is DeliveryKind.ENCLOSURE:
            return Verdict.MISSING
        found = examine(content, delivery, context())
        self.register.add([pack(delivery, found.submission, found.verdict, found.issues)], "")
        meant = tuple(one for one in self.decisions if one.ruling in (Ruling.ACCEPT, Ruling.CORRECT))
        if meant:
            found = examine(content, delivery, replace(context(), decisions={number: meant}))
            entry = pack(delivery, found.submission, found.verdict, found.issues, found.ruled)
            self.register.rule(2025, "ruled", {number: "ruled"}, [entry], [])
        return found.verdict

    def desk(self) -> Desk:
        workspace = Workspace(self.root)
        deliveries = tuple(self.deliveries)
        return Desk(workspace, 2025, CAMPAIGN, REGISTRY, forms(), self.register, deliveries, self.decisions)

    def answers(self) -> dict[str, EmailMessage]:
        write_replies(self.desk())
        return {
            path.name: cast("EmailMessage", email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
            for path in sorted(self.folder.glob("*.eml"))
        }

    @property
    def folder(self) -> Path:
        return self.root / "outputs" / "2025" / "replies"


def text(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content())


def attached(message: EmailMessage) -> bytes:
    (one,) = message.iter_attachments()
    return bytes(one.get_content())
