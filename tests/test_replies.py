"""A year's replies: one for every workbook that arrived, the same on every day, written again only when they change."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from generator.issues import RefusedError
from generator.model import (
    Decision,
    Ruling,
    Verdict,
)
from generator.pipeline.check import check
from generator.pipeline.init import init
from generator.pipeline.replies import INDEX, name_of, write_replies
from generator.stages.register.asking import Arrived
from generator.stages.register.database import Register
from reply_office import (
    DOUBTFUL,
    FAULTY,
    GOOD,
    OTHER,
    START,
    Office,
    attached,
    text,
    workbook,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Register.open(tmp_path / "outputs" / "register.sqlite") as register:
        yield Office(tmp_path, register)


# --- one for each ---------------------------------------------------------------------------


def test_every_verdict_is_answered_and_no_refusal_is_without_a_reason(office: Office) -> None:
    sent = {
        "DV-0001-KN-01-r1.eml": (workbook(GOOD), Verdict.ACCEPTED, "Biểu đạt"),
        "DV-0001-KN-01-r2.eml": (workbook(DOUBTFUL), Verdict.ACCEPTED_WITH_WARNINGS, "xã Trà Don"),
        "DV-0001-KN-01-r3.eml": (workbook(FAULTY), Verdict.WAITING_FOR_CORRECTION, "hai mươi triệu"),
        "DV-0002-KN-01-r1.eml": (
            workbook(
                {
                    **{where: said for where, said in GOOD.items() if not where[0]},
                    ("", 0, "khong_phat_sinh"): True,
                    ("", 0, "ly_do_khong_phat_sinh"): "Chưa bố trí được kinh phí",
                },
                "DV-0002",
            ),
            Verdict.NIL,
            "không phát sinh",
        ),
        "luot-5.eml": (workbook(GOOD, year=2024), Verdict.WRONG_PARTNER_OR_YEAR, "của năm 2024"),
        "luot-6.eml": (b"PK not a zip", Verdict.UNREADABLE, "bị hỏng"),
        "luot-7.eml": (somebodys_list(), Verdict.NOT_OUR_FORM, "không phải biểu báo cáo"),
        "DV-0001-KN-01-r3-luot-8.eml": (workbook(FAULTY), Verdict.WAITING_FOR_CORRECTION, "giống hệt bản nộp lần 3"),
    }
    verdicts = [office.receives(content) for content, _, _ in sent.values()]
    assert verdicts == [verdict for _, verdict, _ in sent.values()]
    answers = office.answers()
    assert sorted(answers) == sorted(sent)
    for name, (_, _, said) in sent.items():
        assert said in text(answers[name]), name
        assert answers[name].defects == []
    with_workbook = [name for name, answer in answers.items() if list(answer.iter_attachments())]
    assert with_workbook == ["DV-0001-KN-01-r2.eml", "DV-0001-KN-01-r3-luot-8.eml", "DV-0001-KN-01-r3.eml"]


def somebodys_list() -> bytes:
    book = Workbook()
    book.active.append(["TT", "Họ và tên", "Số tiền"])
    book.active.append([1, "Bà A (minh họa)", 200_000])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_what_was_mended_is_told_beside_the_revision_before(office: Office) -> None:
    office.receives(workbook(GOOD))
    office.receives(workbook(FAULTY))
    office.receives(workbook(OTHER))
    answers = office.answers()
    assert "bản nộp lần 1 vẫn được tính" in text(answers["DV-0001-KN-01-r2.eml"])
    told = text(answers["DV-0001-KN-01-r3.eml"])
    assert "BẢN NỘP LẦN 2" in told
    assert "“hai mươi triệu và hai con lợn” sửa thành “21.000.000”" in told


def test_the_workbook_that_goes_back_is_recognised_when_it_is_sent_again_as_it_is(office: Office) -> None:
    assert office.receives(workbook(FAULTY)) is Verdict.WAITING_FOR_CORRECTION
    back = attached(office.answers()["DV-0001-KN-01-r1.eml"])
    book = load_workbook(io.BytesIO(back))
    assert book["Cần sửa"]["C12"].hyperlink.location == "'Hoạt động hỗ trợ'!L12"
    assert office.receives(back) is Verdict.WAITING_FOR_CORRECTION
    assert "DV-0001-KN-01-r1-luot-2.eml" in office.answers()


def test_mended_in_the_workbook_that_went_back_it_is_accepted(office: Office) -> None:
    office.receives(workbook(FAULTY))
    book = load_workbook(io.BytesIO(attached(office.answers()["DV-0001-KN-01-r1.eml"])))
    book["Hoạt động hỗ trợ"]["L12"].value = 20_000_000
    written = io.BytesIO()
    book.save(written)
    assert office.receives(written.getvalue()) is Verdict.ACCEPTED
    assert "“hai mươi triệu" in text(office.answers()["DV-0001-KN-01-r2.eml"])


def test_what_came_from_another_partners_address_goes_to_both_and_says_why(office: Office) -> None:
    office.receives(workbook(GOOD, "DV-0002"), sender="vt@so-01.example", message="<1@so-01.example>")
    (answer,) = office.answers().values()
    assert "từ địa chỉ vt@so-01.example của Sở (minh họa) 01, nên thư này được gửi cho cả hai nơi" in text(answer)


def test_the_answer_goes_to_the_sender_else_to_whom_the_return_names_else_to_the_registry(office: Office) -> None:
    office.receives(workbook(GOOD), sender="nguoi.gui@so-01.example", message="<1@so-01.example>")
    office.receives(workbook({**GOOD, ("", 0, "thu_dien_tu"): "phu.trach@so-01.example"}))
    office.receives(workbook(OTHER))
    office.receives(workbook(GOOD, "DV-0002"))
    answers = office.answers()
    assert [answers[name]["To"] for name in sorted(answers)] == [
        "nguoi.gui@so-01.example",
        "phu.trach@so-01.example",
        "vt@so-01.example",
        None,
    ]
    assert answers["DV-0001-KN-01-r1.eml"]["In-Reply-To"] == "<1@so-01.example>"
    assert answers["DV-0001-KN-01-r2.eml"]["In-Reply-To"] is None


def test_what_came_along_and_what_is_still_owed_is_told_as_of_then(office: Office) -> None:
    office.receives(b"%PDF", "công văn 125.pdf", message="<1@x.example>")
    office.receives(workbook(GOOD), message="<1@x.example>")
    told = text(office.answers()["DV-0001-KN-01-r1.eml"])
    assert "công văn 125.pdf" in told
    assert "Biểu KN-03" in told
    assert "chưa nhận được, hạn 20/12/2025" in told
    assert "Biểu KN-01 –" not in told


def test_a_file_that_is_not_ours_is_answered_with_the_name_of_the_blank_of_whoever_sent_it(office: Office) -> None:
    office.receives(somebodys_list(), sender="VT@so-01.example")
    told = text(office.answers()["luot-1.eml"])
    assert "Kính gửi: Sở (minh họa) 01" in told
    assert "DV-0001-KN-01-2025.xlsx" in told
    assert "DV-0001-KN-03-2025.xlsx" in told


# --- decisions ------------------------------------------------------------------------------


def decision(ruling: Ruling, **more: object) -> Decision:
    place = "inputs/2025/quyet-dinh.xlsx:Quyết định!B12"
    made = Decision(2025, "KN-01", "DV-0001", ruling, "Đã xác minh", "Bà C (minh họa)", date(2025, 12, 18), place)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ruled", "expected"),
    [
        (decision(Ruling.ACCEPT), "Chấp nhận biểu; lý do: Đã xác minh (Bà C (minh họa), ngày 18/12/2025)"),
        (
            decision(Ruling.CORRECT, sheet="Hoạt động hỗ trợ", cell="L12", value="20000000"),
            "ô L12: “hai mươi triệu và hai con lợn” được sửa thành “20000000”",
        ),
        (decision(Ruling.EXEMPT), "được miễn báo cáo biểu này năm 2025 (lý do: Đã xác minh)"),
        (decision(Ruling.EXTEND, due=date(2026, 1, 15)), "trước hết ngày 15/01/2026"),
    ],
)
def test_what_an_officer_decided_is_told(office: Office, ruled: Decision, expected: str) -> None:
    office.decisions = (ruled,)
    office.receives(workbook(FAULTY))
    assert expected in text(office.answers()["DV-0001-KN-01-r1.eml"])


def test_a_repeat_of_what_an_officer_accepted_is_told_so_and_not_asked_to_mend(office: Office) -> None:
    office.decisions = (decision(Ruling.ACCEPT),)
    office.receives(workbook(FAULTY))
    office.decisions = ()
    office.receives(workbook(FAULTY))
    office.decisions = (decision(Ruling.ACCEPT),)
    told = office.answers()["DV-0001-KN-01-r1-luot-2.eml"]
    assert "được chấp nhận theo quyết định của cơ quan" in text(told)
    assert "PHẢI SỬA" not in text(told)
    assert not list(told.iter_attachments())


# --- the folder -----------------------------------------------------------------------------


def test_only_what_would_say_something_else_is_written_again(office: Office) -> None:
    for content in (workbook(GOOD), workbook(OTHER), b"PK broken"):
        office.receives(content)
    assert write_replies(office.desk()) == 3
    assert write_replies(office.desk()) == 0
    office.receives(workbook(GOOD, "DV-0002"))
    (office.folder / "DV-0001-KN-01-r1.eml").unlink()
    assert write_replies(office.desk()) == 2
    told: list[tuple[int, int]] = []
    assert write_replies(office.desk(), lambda done, total: told.append((done, total))) == 0
    assert told[-1] == (4, 4)


def test_deleted_and_made_again_they_are_the_same_bytes(office: Office) -> None:
    for content in (workbook(GOOD), workbook(FAULTY), workbook(FAULTY), b"PK broken"):
        office.receives(content)
    office.answers()
    first = {path.name: path.read_bytes() for path in office.folder.iterdir()}
    shutil.rmtree(office.folder)
    office.answers()
    assert {path.name: path.read_bytes() for path in office.folder.iterdir()} == first


def test_an_answer_says_the_same_whatever_came_later(office: Office) -> None:
    office.receives(workbook(OTHER))
    office.answers()
    first = (office.folder / "DV-0001-KN-01-r1.eml").read_bytes()
    office.receives(workbook(GOOD))
    office.answers()
    assert (office.folder / "DV-0001-KN-01-r1.eml").read_bytes() == first


def test_answers_to_what_is_gone_are_removed_and_nothing_else(office: Office) -> None:
    office.receives(workbook(GOOD))
    office.receives(b"PK broken")
    office.answers()
    (office.folder / "thu-tu-soan.eml").write_bytes(b"x")
    index = office.folder / INDEX
    outside = office.root / "outputs" / "2025" / "giu-lai.eml"
    outside.write_bytes(b"x")
    index.write_text(index.read_text("utf-8").replace("{", '{"../giu-lai.eml": "x",', 1), "utf-8")
    office.deliveries.pop()
    assert sorted(office.answers()) == ["DV-0001-KN-01-r1.eml", "thu-tu-soan.eml"]
    assert outside.exists()


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"a": 1}'])
def test_an_index_that_is_broken_only_costs_writing_again(office: Office, broken: str) -> None:
    office.receives(workbook(GOOD))
    office.answers()
    (office.folder / INDEX).write_text(broken, "utf-8")
    assert write_replies(office.desk()) == 1


def test_names_are_legal_everywhere_and_never_two_the_same() -> None:
    one = Arrived(7, 2025, "f", "0", START, "KN-01", "DV-0001", Verdict.ACCEPTED, 2, False, 0, 0)
    assert name_of(one) == "DV-0001-KN-01-r2.eml"
    assert name_of(one._replace(repeats=True)) == "DV-0001-KN-01-r2-luot-7.eml"
    assert name_of(one._replace(revision=0, partner="../con", form="a:b")) == "luot-7.eml"


def test_a_faulty_template_stops_before_anything_is_written(office: Office) -> None:
    folder = office.root / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / "dat.txt").write_text("Tiêu đề: a\n\n{{ khong_co_ten_nay }}", "utf-8")
    office.receives(workbook(GOOD))
    with pytest.raises(RefusedError, match=r"reply\.unknown_name"):
        write_replies(office.desk())
    assert not office.folder.exists()


def test_check_tells_a_faulty_template_with_its_line(tmp_path: Path) -> None:
    init(tmp_path / "moi")
    (tmp_path / "moi" / "templates" / "replies" / "dat.txt").write_text("Tiêu đề: a\n\n\n{{ don_vj }}", "utf-8")
    (found,) = (one for one in check(tmp_path / "moi").issues if one.code.startswith("reply."))
    assert str(found.place) == "templates/replies/dat.txt:4"
