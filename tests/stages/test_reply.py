"""Replies: what is said, in which words, as which mail; and what is found out for them."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blank_cases import ROOT
from generator.definitions.load import load_messages
from generator.issues import CODES, Severity
from generator.stages.reply import FAULTY, ReplyFacts, ReplyTemplates, load_replies, reply
from generator.stages.reply.facts import (
    Change,
    Corrected,
    Explained,
    Fault,
    Office,
    Outcome,
    Owed,
    Ruled,
    TableTotals,
    Unread,
)
from generator.stages.reply.mail import Mail, addresses, message_id, written
from generator.stages.reply.names import NAMES, names
from generator.stages.reply.specimens import specimens

SHIPPED = ROOT / "templates" / "replies"
TABLE = "Hoạt động hỗ trợ"
BARE = ReplyFacts(
    Outcome.ACCEPTED,
    Office("Ban Dân tộc (minh họa)", "Văn thư <vanthu@bandantoc.example>"),
    2025,
    "bieu.xlsx",
    datetime(2025, 12, 17, 2, 5, tzinfo=UTC),
    recipients=("a@so-yte.example",),
    form="KN-01",
    form_title="Báo cáo (minh họa)",
    partner="DV-0007",
    partner_name="Sở (minh họa) 07",
    revision=1,
    due=date(2025, 12, 20),
)
ERROR = Fault(Severity.ERROR, "“12 triệu” không phải là số.", "Chỉ ghi chữ số.", TABLE, ("L14", "L15"))
CORRECTED = Corrected("A, ô L14", "12 tr", "12000000", "Đã hỏi lại", "Ông B", date(2025, 12, 18))
WARNING = Fault(Severity.WARNING, "Ngoài kỳ báo cáo.", "Nếu đúng, ghi lý do.", TABLE, ("C12",))


@cache
def templates() -> ReplyTemplates:
    found, issues = load_replies(SHIPPED)
    assert found is not None, issues
    return found


def parsed(content: bytes) -> EmailMessage:
    return cast("EmailMessage", email.message_from_bytes(content, policy=email.policy.default))


def body(facts: ReplyFacts) -> str:
    return templates().words(facts).body


# --- what is said ---------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_subject_a_result_and_a_farewell(outcome: Outcome) -> None:
    said = templates().words(replace(BARE, outcome=outcome, faults=(ERROR,) if outcome in FAULTY else ()))
    assert said.subject
    assert "\n" not in said.subject
    assert len(re.findall(r"^KẾT QUẢ: ", said.body, re.MULTILINE)) == 1
    assert said.body.startswith("Kính gửi: Sở (minh họa) 07\n")
    assert "“bieu.xlsx” lúc 09 giờ 05 ngày 17/12/2025" in said.body
    assert said.body.endswith("Trân trọng,\nBan Dân tộc (minh họa)\n")
    assert "\n\n\n" not in said.body


@pytest.mark.parametrize("outcome", sorted(FAULTY))
def test_nobody_is_refused_without_a_reason(outcome: Outcome) -> None:
    refused = replace(BARE, outcome=outcome, faults=(ERROR,))
    assert ERROR.sentence in parsed(reply(refused, templates())).get_body().get_content()  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="without a fault"):
        reply(replace(refused, faults=()), templates())


def test_a_clerk_who_has_to_mend_learns_what_where_how_and_by_when() -> None:
    facts = replace(BARE, outcome=Outcome.WAITING, faults=(ERROR, WARNING), workbook="can-sua.xlsx", standing=1)
    said = body(facts)
    assert "2 chỗ phải sửa" in said
    assert "bản nộp lần 1 vẫn được tính" in said
    assert "“can-sua.xlsx”" in said
    assert "trước hết ngày 20/12/2025" in said
    assert f"1. Trang {TABLE}, ô L14, L15: “12 triệu” không phải là số.\n   Cách sửa: Chỉ ghi chữ số." in said
    assert said.index("PHẢI SỬA") < said.index("NÊN XEM LẠI")


def test_after_the_deadline_the_letter_says_so_and_asks_for_haste() -> None:
    late = replace(BARE, received=datetime(2025, 12, 20, 17, 30, tzinfo=UTC), outcome=Outcome.WAITING, faults=(ERROR,))
    assert "sớm nhất có thể (đã quá hạn 20/12/2025)" in body(late), "half past midnight in Vietnam"
    assert "Biểu đến sau hạn 20/12/2025" in body(replace(BARE, late=True))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            replace(BARE, outcome=Outcome.WARNED, faults=(WARNING,), workbook="a.xlsx"),
            "vào cột “Lý do (nếu số liệu đúng)”",
        ),
        (replace(BARE, totals=(TableTotals(TABLE, 12, (("Giá trị", "5 đồng"),)),)), "12 dòng; giá trị: 5 đồng."),
        (replace(BARE, earlier=1, changes=(Change("A, dòng 3", "", "Tặng bò"),)), "A, dòng 3: thêm “Tặng bò”"),
        (replace(BARE, earlier=1, changes=(Change("A, dòng 3", "Tặng bò", ""),)), "A, dòng 3: bỏ “Tặng bò”"),
        (replace(BARE, earlier=1, changes=(Change("A", "5", "6"),)), "A: “5” sửa thành “6”"),
        (replace(BARE, earlier=1), "BẢN NỘP LẦN 1\n- Không có số liệu nào thay đổi."),
        (replace(BARE, enclosures=("cv.pdf", "anh.jpg")), "Gửi kèm trong cùng thư: cv.pdf; anh.jpg."),
        (replace(BARE, unread=(Unread("Nháp", "C5", "x"),), unread_more=3), "4 ô nằm ngoài các mục"),
        (
            replace(BARE, owed=(Owed("KN-03", "Phiếu", date(2026, 1, 5), waiting=False),)),
            "Biểu KN-03 – Phiếu: chưa nhận được, hạn 05/01/2026.",
        ),
        (
            replace(BARE, owed=(Owed("KN-03", "Phiếu", date(2026, 1, 5), waiting=True),)),
            "đã nhận nhưng còn phải sửa",
        ),
        (
            replace(BARE, outcome=Outcome.DECIDED, ruled=(Ruled("Chấp nhận biểu", "Rõ", "Ông B", date(2025, 12, 18)),)),
            "- Chấp nhận biểu; lý do: Rõ (Ông B, ngày 18/12/2025).",
        ),
        (
            replace(BARE, outcome=Outcome.DECIDED, corrected=(CORRECTED,)),
            "A, ô L14: “12 tr” được sửa thành “12000000”; lý do: Đã hỏi lại (Ông B, ngày 18/12/2025).",
        ),
        (replace(BARE, outcome=Outcome.DECIDED, corrected=(CORRECTED,)), "Cơ quan đã sửa số liệu nêu dưới đây"),
        (
            replace(BARE, elsewhere=(("b@hoi.example", "Hội (minh họa) 02"),)),
            "gửi từ địa chỉ b@hoi.example của Hội (minh họa) 02, nên thư này được gửi cho cả hai nơi",
        ),
        (replace(BARE, internal=True), "GHI CHÚ NỘI BỘ"),
        (replace(BARE, repaired=("Trang Nháp: đã đổi tên.",)), "vẫn đọc được; đề nghị xem lại số liệu đã đọc"),
        (
            replace(BARE, explained=(Explained(TABLE, "L14", "Giá trị lớn.", "Công trình cấp xã"),)),
            f"Trang {TABLE}, ô L14: Giá trị lớn. Lý do: “Công trình cấp xã”",
        ),
        (
            replace(BARE, outcome=Outcome.WAITING, faults=(replace(ERROR, alike=(("L16", "“13 tạ”"), ("L17", ""))),)),
            "Cùng lỗi: ô L16 (“13 tạ”), L17.",
        ),
        (replace(BARE, outcome=Outcome.EXEMPT, exempt="Mới thành lập"), "lý do: Mới thành lập"),
        (
            replace(BARE, outcome=Outcome.IDENTICAL, revision=2, repeated=Outcome.WAITING, faults=(ERROR,)),
            "giống hệt bản nộp lần 2",
        ),
        (
            replace(BARE, outcome=Outcome.IDENTICAL, repeated=Outcome.WAITING, faults=(ERROR,)),
            "12 triệu",
        ),
        (
            replace(BARE, outcome=Outcome.NOT_OUR_FORM, faults=(ERROR,), forms=(("KN-01", "Báo cáo"),)),
            "DV-0007-KN-01-2025.xlsx – Báo cáo",
        ),
        (replace(BARE, illustrative=True), "THƯ MINH HỌA"),
    ],
)  # fmt: skip
def test_the_letter_tells(facts: ReplyFacts, expected: str) -> None:
    assert expected in body(facts)


def test_long_lists_are_cut_and_say_how_much_more_there_is() -> None:
    faults = tuple(replace(ERROR, sentence=f"Lỗi {number}.", cells=("A1",)) for number in range(45))
    many = replace(ERROR, cells=tuple(f"A{row}" for row in range(1, 41)))
    said = body(replace(BARE, outcome=Outcome.WAITING, faults=(many, *faults), workbook="x.xlsx"))
    assert "A12 và 28 ô khác" in said
    assert "… và 36 lỗi khác, xem đủ ở trang “Cần sửa”" in said
    assert "85 chỗ phải sửa" in said


def attachments(facts: ReplyFacts, workbook: bytes = b"") -> dict[str, bytes]:
    found = parsed(reply(facts, templates(), workbook)).iter_attachments()
    return {str(one.get_filename()): cast("bytes", one.get_payload(decode=True)) for one in found}


def test_what_the_letter_cuts_short_goes_along_whole() -> None:
    unread = tuple(Unread("Nháp", f"C{row}", f"ghi chép {row}") for row in range(1, 60))
    whole = attachments(replace(BARE, unread=unread))
    assert list(whole) == ["danh-sach-day-du.txt"]
    text = whole["danh-sach-day-du.txt"].decode("utf-8-sig")
    assert [f"- Nháp, ô C{row}: “ghi chép {row}”" in text for row in range(1, 60)] == [True] * 59
    assert "\r\n" in text
    assert "xem đủ trong tệp kèm theo “danh-sach-day-du.txt”" in body(
        replace(BARE, unread=unread, listing=next(iter(whole)))
    )


def test_nothing_goes_along_where_letter_and_workbook_say_everything() -> None:
    many = replace(ERROR, cells=tuple(f"A{row}" for row in range(1, 41)))
    assert attachments(BARE) == {}
    waiting = replace(BARE, outcome=Outcome.WAITING, faults=(many,))
    assert list(attachments(replace(waiting, workbook="x.xlsx"), b"PK")) == ["x.xlsx"]
    assert list(attachments(waiting)) == ["danh-sach-day-du.txt"], "no workbook went along"
    changes = tuple(Change(f"A, dòng {row}", "1", "2") for row in range(30))
    assert list(attachments(replace(waiting, workbook="x.xlsx", changes=changes), b"PK")) == [
        "x.xlsx",
        "danh-sach-day-du.txt",
    ]


@given(text=st.text(max_size=300))
def test_no_text_of_a_sender_can_look_like_a_line_of_ours(text: str) -> None:
    hostile = f"{text}\nKẾT QUẢ: Biểu đạt{{{{ 7*7 }}}}"
    facts = replace(BARE, partner_name=hostile, file=hostile, unread=(Unread(hostile, "A1", hostile),))
    message = parsed(reply(facts, templates()))
    said = message.get_body().get_content()  # type: ignore[union-attr]
    assert len(re.findall(r"^KẾT QUẢ: ", said, re.MULTILINE)) == 1
    assert message.keys() == [
        "X-Unsent",
        "From",
        "To",
        "Subject",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]


# --- the mail -------------------------------------------------------------------------------


def test_the_mail_opens_as_a_draft_that_answers_the_senders() -> None:
    facts = replace(BARE, message="<abc@so-yte.example>", workbook="KN-01-can-sua.xlsx")
    content = reply(facts, templates(), b"PK\x03\x04" + bytes(range(256)) * 30)
    message = parsed(content)
    assert message.defects == []
    assert message["X-Unsent"] == "1"
    assert message["Date"] is None
    assert message["From"].addresses[0].addr_spec == "vanthu@bandantoc.example"
    assert message["To"] == "a@so-yte.example"
    assert message["In-Reply-To"] == message["References"] == "<abc@so-yte.example>"
    assert message["Subject"] == "[KN-01 năm 2025] Sở (minh họa) 07: biểu đạt"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "KN-01-can-sua.xlsx"
    assert attached.get_content() == b"PK\x03\x04" + bytes(range(256)) * 30
    assert max(map(len, content.split(b"\r\n"))) <= 80
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content == reply(facts, templates(), b"PK\x03\x04" + bytes(range(256)) * 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@b.example", ("a@b.example",)),
        ("Văn thư <a@b.example>; c.d@e.f.example, a@b.example", ("a@b.example", "c.d@e.f.example")),
        ("không có", ()),
        ("a@b.example\nBcc: x@y.example", ("a@b.example", "x@y.example")),
        ("a@localhost", ()),
    ],
)
def test_addresses_are_found_and_nothing_else(text: str, expected: tuple[str, ...]) -> None:
    assert addresses(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a.b@c.example>", "<a.b@c.example>"),
        ("a.b@c.example", "<a.b@c.example>"),
        ("9f86d081884c7d65", ""),
        ("<a@b>\r\nBcc: x@y.example", ""),
        ("", ""),
    ],
)
def test_only_a_message_id_is_answered(text: str, expected: str) -> None:
    assert message_id(text) == expected


@given(subject=st.text(max_size=200), name=st.text(max_size=80), said=st.text(max_size=500))
def test_any_text_makes_a_mail_without_defects(subject: str, name: str, said: str) -> None:
    made = written(Mail("a@b.example", name, ("c@d.example",), subject, said))
    message = parsed(made)
    assert message.defects == []
    assert made.isascii()
    assert message["To"] == "c@d.example"


# --- templates ------------------------------------------------------------------------------


def folder_with(tmp_path: Path, name: str, text: str | bytes | None) -> Path:
    for path in SHIPPED.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    if text is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (None, "reply.missing", 0),
        (b"\xff\xfe", "reply.unreadable", 0),
        (b"x" * 100_001, "reply.unreadable", 0),
        ("Tiêu đề: a\n\n{% if lan %}", "reply.syntax", 3),
        ("Tiêu đề: a\n\n{{ lan | tojson }}", "reply.syntax", 3),
        ("Tiêu đề: a\n\nx\n{{ don_vj }}", "reply.unknown_name", 4),
        ("Tiêu đề: a\n\nb{% for mot in so_lieu %}\n{{ mot.so_dongg }}{% endfor %}", "reply.failed", 4),
        ('Tiêu đề: a\n\n{% include "khong-co.txt" %}', "reply.failed", 3),
        ("Tiêu đề: a\n\n{{ don_vi.__class__.__mro__ }}", "reply.failed", 3),
        ("Kính gửi\n\n{{ don_vi }}", "reply.no_subject", 1),
        ("Tiêu đề: chỉ có tiêu đề", "reply.no_subject", 1),
    ],
)
def test_a_faulty_template_is_told_with_its_line(
    tmp_path: Path, text: str | bytes | None, code: str, line: int
) -> None:
    found, issues = load_replies(folder_with(tmp_path, "dat.txt", text))
    assert found is None
    assert {(one.code, one.place.file, one.place.line) for one in issues} == {(code, "templates/replies/dat.txt", line)}


def test_a_mistyped_name_is_answered_with_the_one_meant(tmp_path: Path) -> None:
    _, (found,) = load_replies(folder_with(tmp_path, "dat.txt", "Tiêu đề: a\n\n{{ don_vj }}"))
    messages, _ = load_messages(ROOT / "templates" / "messages")
    assert "“don_vi”" in messages.cure(found)


def test_a_workspace_older_than_the_program_borrows_the_template_it_lacks(tmp_path: Path) -> None:
    found, issues = load_replies(folder_with(tmp_path, "gui-trung.txt", None), SHIPPED)
    assert issues == []
    assert found is not None


def test_an_edited_template_is_used(tmp_path: Path) -> None:
    found, issues = load_replies(
        folder_with(tmp_path, "dat.txt", "Tiêu đề: Xong {{ nam }}\r\n\r\nCảm ơn {{ don_vi }}.")
    )
    assert found is not None, issues
    assert found.words(BARE) == ("Xong 2025", "Cảm ơn Sở (minh họa) 07.\n")


def test_every_name_has_a_value_in_every_reply_and_every_code_a_sentence() -> None:
    for facts in specimens():
        assert set(names(facts)) == set(NAMES)
    messages, _ = load_messages(ROOT / "templates" / "messages")
    assert {code for code in CODES if code.startswith("reply.")} <= set(messages.texts)


def test_the_guide_beside_the_templates_names_every_template_and_every_name() -> None:
    guide = (SHIPPED / "huong-dan.md").read_text("utf-8")
    for path in SHIPPED.glob("[a-z]*.txt"):
        assert f"| `{path.name}` |" in guide
    told = dict(re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", guide, re.MULTILINE))
    assert told == {name: meaning[0].upper() + meaning[1:] for name, meaning in NAMES.items()}
