"""A small workspace of several years, made the way an office makes one: registry, blanks, returns, intake.

Cut from the shipped registry: so many givers (the last two of them merged in 2025), communes that became others on
1-7-2025, one mountain district, the board. Whoever reports is illustrative; amounts grow with giver, year and row, so
that every sum of a table can be told from any other.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from generator.definitions.forms import Form
from generator.definitions.load import load_forms
from generator.model import Campaign, Obligation, Scalar
from generator.pipeline.compiled import compile_blanks
from generator.pipeline.context import assigned, prefills
from generator.pipeline.intake import ingest
from generator.pipeline.judging import load_registry_or_refuse
from generator.pipeline.registry import registry_workbook
from generator.pipeline.workspace import Workspace
from generator.stages.obligations import obligations

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
FIVE_YEARS = tuple(range(2021, 2026))
FORMS = ("KN-01", "KN-02", "KN-00", "KN-03")
"""Asked for every year, KN-03 in the last one only."""
MERGED = ("DV-0013", "DV-0014")
HEIR = "DV-0015"
DISTRICT, DISTRICT_GIVER, BOARD = "HU-0015", "HU-0007", "TT-0001"

Answers = dict[tuple[str, int, str], Scalar]
_Line = dict[str, str]

_KINDS = (
    ("tap_huan_can_bo", "Tập huấn nghiệp vụ cho cán bộ xã", "ky_thuat", "dong_gop"),
    ("con_giong", "Cấp bò giống sinh sản cho hộ nghèo", "hien_vat", "don_vi"),
    ("nha_o", "Hỗ trợ xây mới nhà ở cho hộ nghèo", "tien", "van_dong"),
    ("cong_trinh_ha_tang", "Bê tông hóa đường vào thôn", "tien", "long_ghep"),
    ("tuyen_truyen_phap_luat", "Tuyên truyền phòng, chống tảo hôn", "ky_thuat", "ngan_sach"),
)
RESULTS = (
    "Phối hợp chặt chẽ với xã; các nội dung cam kết đều hoàn thành",
    "Nguồn lực vận động tăng đều qua các năm",
    "Mô hình chăn nuôi bò sinh sản được nhân rộng",
)
SHORTCOMINGS = (
    "Kinh phí vận động còn ít, chưa ổn định",
    "Đường xa, mùa mưa thường sạt lở nên ít đi cơ sở",
    "Việc theo dõi mô hình sau hỗ trợ chưa thường xuyên",
)
LESSONS = (
    "Khảo sát nhu cầu cùng xã trước khi lập kế hoạch",
    "Giao một đầu mối cố định theo dõi từng xã",
    "Hỗ trợ có trọng điểm, tránh dàn trải",
)
PROPOSALS = ("Sớm phân công kết nghĩa cho giai đoạn tới", "Bố trí kinh phí đối ứng cho công trình")
WISHES = ("Hỗ trợ sửa đường vào thôn", "Hỗ trợ nước sinh hoạt cho hai thôn")
AIMS = ("Tập trung sinh kế bền vững cho hộ nghèo", "Ưu tiên nhà ở, học bổng cho học sinh")


def five_year_workspace(
    root: Path,
    *,
    givers: int = 5,
    communes: int = 4,
    years: Sequence[int] = FIVE_YEARS,
    broken: bool = True,
    forms: Sequence[str] = FORMS,
) -> Workspace:
    """The workspace with every return taken in. `broken`: the first year still reports by the older poverty standard.

    The second giver sends nothing in the second year and tells it in KN-03; the third has nothing in the first year
    and is late in the last.
    """
    shutil.copytree(TEMPLATES, root / "templates")
    (root / "outputs").mkdir()
    workspace = Workspace(root)
    known, _ = load_forms(workspace.templates / "forms")
    workspace.registry.parent.mkdir()
    workspace.registry.write_bytes(_registry(known, root / "registry", givers, communes, _asked(years, forms)))
    # one thread: a dozen files a year are read before worker processes have started
    with ThreadPoolExecutor(1) as executor:
        for year in years:
            _send(workspace, known, year, years, broken=broken)
            ingest(workspace, year, executor=executor)
    return workspace


# --- the registry -----------------------------------------------------------------------------


def _asked(years: Sequence[int], forms: Sequence[str]) -> Mapping[int, str]:
    return {year: ", ".join(one for one in forms if one != "KN-03" or year == years[-1]) for year in years}


def _registry(forms: Mapping[str, Form], folder: Path, givers: int, communes: int, asked: Mapping[int, str]) -> bytes:
    shutil.copytree(TEMPLATES / "registry", folder)
    receiving = [f"XA-{number:04d}" for number in range(1, communes + 1)]
    giving = [f"DV-{number:04d}" for number in range(1, givers - 1)] + list(MERGED)
    events = _read(folder / "events.csv")
    became = {one["den_ma"] for one in events if set(receiving) & set(_codes(one["tu_ma"]))}
    kept = {*receiving, *became, *giving, HEIR, DISTRICT, DISTRICT_GIVER, BOARD}
    _rewrite(folder / "partners.csv", lambda rows: (row for row in rows if row["ma"] in kept))
    _rewrite(folder / "events.csv", lambda rows: (row for row in rows if _named(row) <= kept))
    _rewrite(folder / "assignments.csv", lambda rows: _assignments(rows[0], giving, receiving))
    _rewrite(folder / "campaigns.csv", lambda rows: _campaigns(rows[0], asked))
    content, faults = registry_workbook(forms, folder)
    shutil.rmtree(folder)
    assert not faults, faults
    return content


def _read(path: Path) -> list[_Line]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _rewrite(path: Path, change: Callable[[list[_Line]], Iterable[_Line]]) -> None:
    rows = _read(path)
    changed = list(change(rows))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(changed)


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


def _named(event: _Line) -> set[str]:
    return {*_codes(event["tu_ma"]), *_codes(event["den_ma"])}


def _assignments(row: _Line, giving: Sequence[str], receiving: Sequence[str]) -> Iterable[_Line]:
    """Each giver has one commune, as far as there are communes two: the last one stays without a giver."""
    helped = receiving[:-1]
    for at, giver in enumerate(giving):
        end = "2025-02-28" if giver in MERGED else "2025-06-30"
        for step in range(min(2, len(helped))):
            yield row | {"don_vi": giver, "xa": helped[(at + step) % len(helped)], "den_ngay": end}
    yield row | {"don_vi": DISTRICT_GIVER, "xa": DISTRICT, "den_ngay": "2025-06-30"}


def _campaigns(row: _Line, asked: Mapping[int, str]) -> Iterable[_Line]:
    for year, forms in asked.items():
        dates = {"tu_ngay": f"{year - 1}-12-15", "den_ngay": f"{year}-12-14", "han_gui": f"{year}-12-20"}
        yield row | dates | {"nam": str(year), "gia_han": "", "bieu": forms}


# --- the returns ------------------------------------------------------------------------------


def _send(workspace: Workspace, forms: Mapping[str, Form], year: int, years: Sequence[int], *, broken: bool) -> None:
    """Fills a blank for everybody who owes one and sends something, and puts it where the mail would be saved."""
    registry = load_registry_or_refuse(workspace)
    campaign = next(one for one in registry.campaigns if one.year == year)
    blanks = compile_blanks(forms, registry, campaign)
    pairs = assigned(registry, campaign)
    for owed in obligations(registry, year):
        answers = _answers(owed, campaign, years, pairs.get(owed.partner.code, ()), broken=broken)
        if answers is None:
            continue
        late = owed.partner.code == "DV-0003" and year == years[-1]
        folder = workspace.year_inputs(year) / (f"{year}-12-28" if late else f"{year}-12-18")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{owed.partner.code}-{owed.form}.xlsx"
        filled = prefills(registry, campaign, {}, forms[owed.form].role)[owed.partner.code]
        path.write_bytes(blanks[owed.form].fill(filled, answers))
        day = datetime.fromisoformat(folder.name).timestamp()
        os.utime(path, (day, day))


def _answers(
    owed: Obligation, campaign: Campaign, years: Sequence[int], communes: Sequence[str], *, broken: bool
) -> Answers | None:
    """What one partner sends; None for nothing."""
    code, year = owed.partner.code, campaign.year
    silent = code == "DV-0002" and len(years) > 1 and year == years[1]
    match owed.form:
        case "KN-01":
            return None if silent else _given(code, year, years, communes)
        case "KN-02":
            return _received(code, year, years, broken=broken)
        case "KN-03":
            return _five_years(code, years)
    return _of_board(year)


def _single(**answers: Scalar) -> Answers:
    return {("", 0, name): answer for name, answer in answers.items()}


def _row(table: str, row: int, **answers: Scalar) -> Answers:
    return {(table, row, name): answer for name, answer in answers.items()}


def _contact(code: str) -> Answers:
    told = {"thu_truong": f"Thủ trưởng {code} (minh họa)", "nguoi_phu_trach": f"Cán bộ {code} (minh họa)"}
    return _single(**told, dien_thoai="0235 000 0001")


def _one_of(texts: Sequence[str], code: str) -> str:
    """Partners do not all say the same."""
    return texts[int(code[-4:]) % len(texts)]


def _given(code: str, year: int, years: Sequence[int], communes: Sequence[str]) -> Answers:
    number, since = int(code[-4:]), year - years[0]
    found = _contact(code) | _single(
        so_buoi_quan_triet=2 + since,
        luot_nguoi_quan_triet=40 + 10 * since,
        so_van_ban=2,
        so_ky_ket=1,
        so_dot_khao_sat=1 + since,
        so_cuoc_lam_viec=3,
        luot_can_bo_tang_cuong=number % 3,
        co_ke_hoach=True,
        so_ke_hoach=f"{number}/KH-MH",
        ngay_ke_hoach=f"{year}-02-20",
        khong_phat_sinh=False,
        ton_tai=_one_of(SHORTCOMINGS, code),
        ket_qua_noi_bat=_one_of(RESULTS, code),
        nguyen_nhan_chu_quan="Cán bộ phụ trách kiêm nhiệm",
        bai_hoc=_one_of(LESSONS, code),
    )
    if code == "DV-0003" and since == 0:
        return found | _single(khong_phat_sinh=True, ly_do_khong_phat_sinh="Đang sắp xếp tổ chức (minh họa)")
    places = communes or (DISTRICT,)
    for row, (kind, content, form, source) in enumerate(_KINDS, start=1):
        value = (number * 1_000 + since * 7_000 + row * 1_300) * 1_000
        gift = {"thoi_gian": f"{year}-0{row + 1}-10", "xa": places[row % len(places)], "loai": kind, "nguon": source}
        found |= _row("hoat_dong", row, **gift, noi_dung=f"{content} năm {year}", hinh_thuc=form)
        numbers = {"so_luong": Decimal(1), "don_gia": value, "gia_tri": value, "so_ho": row * 3, "so_nguoi": row * 12}
        found |= _row("hoat_dong", row, **numbers)
    return found | _row("kien_nghi", 1, noi_nhan="Ủy ban nhân dân thành phố", noi_dung=_one_of(PROPOSALS, code))


def _received(code: str, year: int, years: Sequence[int], *, broken: bool) -> Answers:
    """A commune's year: fewer poor households each year, counted by the standard in force."""
    since, size = year - years[0], 100 + int(code[-4:]) % 100
    poor = max(size // 2 - 5 * since, 10)
    found = _contact(code) | _single(
        so_thon=5,
        so_thon_dbkk=4,
        so_ho=size,
        so_nguoi=4 * size,
        so_ho_dtts=size - 10,
        so_nguoi_dtts=4 * size - 40,
        ngheo_dau_ky=poor,
        thoat_ngheo=5,
        thoat_ngheo_ket_nghia=2,
        tai_ngheo=0,
        ngheo_moi=0,
        ngheo_tang_giam_khac=0,
        ngheo_cuoi_ky=poor - 5,
        can_ngheo=12,
        thon_co_duong_o_to=3,
        ho_co_dien=size - 5,
        ho_co_nuoc=size - 20,
        nha_tam=8,
        nha_da_xoa=3,
        chuan_ngheo="2016_2020" if broken and since == 0 else "2021_2025",
        nha_da_xoa_ket_nghia=1,
        khong_phat_sinh=False,
        hieu_qua="Thêm hộ có bò sinh sản",
        dien_hinh=f"Nhóm hộ nuôi bò ở Thôn {int(code[-4:]) % 5 + 1} (minh họa)",
    )
    gift = {"don_vi": "DV-0001", "thoi_gian": f"{year}-10-01", "loai": "luong_thuc", "hinh_thuc": "hien_vat"}
    found |= _row("nhan_duoc", 1, **gift, noi_dung=f"Gạo cứu đói {year}", gia_tri=5_000_000, so_ho=10, so_nguoi=40)
    return found | _row("kien_nghi", 1, noi_nhan="Đơn vị kết nghĩa", noi_dung=_one_of(WISHES, code))


def _five_years(code: str, years: Sequence[int]) -> Answers:
    found = _contact(code) | _single(
        ket_qua_noi_bat=_one_of(RESULTS[::-1], code),
        ton_tai=_one_of(SHORTCOMINGS[::-1], code),
        bai_hoc=_one_of(LESSONS[::-1], code),
        dien_hinh=f"Mô hình trồng quế ở Thôn {int(code[-4:]) % 5 + 1} (minh họa)",
        phuong_huong=_one_of(AIMS, code),
        nhiem_vu="Hỗ trợ con giống mỗi năm một thôn",
    )
    if code == "DV-0002" and len(years) > 1:
        found |= _row("tong_hop", 1, nam=years[1], linh_vuc="kinh_te", gia_tri=45_000_000)
    if code in ("DV-0001", HEIR):
        name = f"Phòng chuyên môn của {code} (minh họa)"
        merit = "Nhiều năm liền hoàn thành kế hoạch giúp đỡ"
        found |= _row("khen_thuong", 1, ten=name, loai="tap_the", thanh_tich=merit)
    return found


def _of_board(year: int) -> Answers:
    found = _single(
        nguoi_tong_hop="Cán bộ tổng hợp (minh họa)",
        uu_diem=f"Các đơn vị chủ động hơn; {year % 7 + 2} đơn vị có cách làm mới",
        ton_tai=f"Còn {year % 3 + 1} đơn vị báo cáo muộn",
        phuong_huong="Tiếp tục đổi mới công tác kết nghĩa",
        nhiem_vu="Rà soát phân công; tập huấn ghi biểu",
    )
    paper = {"so_ky_hieu": f"{year % 100}/KH-MH", "ngay": f"{year}-01-15", "co_quan": "Cơ quan (minh họa)"}
    found |= _row("van_ban", 1, **paper, trich_yeu=f"về công tác kết nghĩa năm {year}")
    visit = {"dot": "Đoàn kiểm tra liên ngành", "thoi_gian": f"{year}-06", "ket_qua": "đã yêu cầu khắc phục việc chậm"}
    found |= _row("dot_kiem_tra", 1, **visit, noi_dung="kiểm tra việc ký kết, khảo sát tại các xã")
    meeting = {"ten": f"Hội nghị sơ kết năm {year}", "thoi_gian": f"{year}-11", "so_dai_bieu": 60}
    found |= _row("hoi_nghi", 1, **meeting, ket_qua="thống nhất kế hoạch năm sau")
    found |= _row("kien_nghi", 1, noi_nhan="Ủy ban nhân dân thành phố", noi_dung="Bố trí kinh phí khảo sát")
    sentence = "Công tác kết nghĩa đã góp phần củng cố khối đại đoàn kết."
    return found | _row("cau_phai_co", 1, phan="iii", cau=sentence)
