"""Three documents as somebody lays them out in LibreOffice Writer after the models of Decree 30: flat ODF text.

Nothing here comes from our templates: other style names, other choices within the law, lines drawn as shapes.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

SENTENCE = (
    "Thời gian qua, các cơ quan, đơn vị, địa phương đã chủ động phối hợp khảo sát, ký kết, triển khai nhiều hoạt động "
    "giúp đỡ các xã miền núi đặc biệt khó khăn, được cán bộ và đồng bào các dân tộc đón nhận, đánh giá cao"
)
_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
}
_PAGE = """<style:page-layout style:name="{name}"><style:page-layout-properties fo:page-width="{width}"
 fo:page-height="{height}" style:print-orientation="{way}" fo:margin-top="1cm" fo:margin-bottom="2cm"
 fo:margin-left="3cm" fo:margin-right="{right}"/><style:header-style><style:header-footer-properties
 fo:min-height="1cm" fo:margin-bottom="0.3cm"/></style:header-style></style:page-layout>"""
_HEADER = """<style:master-page style:name="{name}" style:page-layout-name="{layout}"><style:header><text:p
 text:style-name="SoTrang"><text:page-number text:select-page="current">2</text:page-number></text:p></style:header>
 <style:header-first><text:p text:style-name="SoTrang"/></style:header-first></style:master-page>"""


def _style(
    name: str,
    size: float,
    align: str,
    *,
    bold: bool = False,
    italic: bool = False,
    indent: str = "0cm",
    top: str = "0pt",
) -> str:
    weight, slant = ("bold" if bold else "normal"), ("italic" if italic else "normal")
    return (
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties '
        f'fo:text-align="{align}" fo:text-indent="{indent}" fo:margin-top="{top}" fo:margin-bottom="0pt" '
        f'fo:line-height="100%" style:justify-single-word="false"/><style:text-properties '
        f'style:font-name="Times New Roman" fo:font-size="{size}pt" fo:font-weight="{weight}" fo:font-style="{slant}" '
        f'fo:language="vi" fo:country="VN"/></style:style>'
    )


_STYLES = (
    _style("Hoa12", 12, "center")
    + _style("HoaDam12", 12, "center", bold=True)
    + _style("HoaDam13", 13, "center", bold=True)
    + _style("HoaDam14", 14, "center", bold=True)
    + _style("TieuNgu", 14, "center", bold=True)
    + _style("So", 13, "center", top="8pt")
    + _style("VeViec", 12, "center", top="6pt")
    + _style("NgayThang", 14, "center", italic=True, top="8pt")
    + _style("KinhGui", 14, "center", top="12pt")
    + _style("CanCu", 14, "justify", italic=True, indent="1cm", top="6pt")
    + _style("Than", 14, "justify", indent="1cm", top="6pt")
    + _style("Muc", 14, "justify", bold=True, indent="1cm", top="6pt")
    + _style("NoiNhan", 12, "left", bold=True, italic=True)
    + _style("DanhSach", 11, "left")
    + _style("KyTen", 14, "center", bold=True)
    + _style("KemTheo", 14, "center", italic=True)
    + _style("Bang", 12, "left")
    + _style("SoTrang", 13, "center")
    + _style("PhuLuc", 14, "center", bold=True)
)
_ANNEX_BEGINS = (
    '<style:style style:name="DauPhuLuc" style:family="paragraph" style:parent-style-name="PhuLuc" '
    'style:master-page-name="Ngang"><style:paragraph-properties style:page-number="1"/></style:style>'
)
_GRAPHIC = (
    '<style:style style:name="Ke" style:family="graphic"><style:graphic-properties draw:stroke="solid" '
    'svg:stroke-width="0.02cm" svg:stroke-color="#000000" style:wrap="run-through" style:run-through="foreground" '
    'style:horizontal-pos="center" style:horizontal-rel="paragraph" style:vertical-pos="from-top" '
    'style:vertical-rel="paragraph"/></style:style>'
)


def _p(style: str, text: str = "", line: float = 0) -> str:
    drawn = (
        f'<draw:line text:anchor-type="paragraph" draw:style-name="Ke" svg:x1="0cm" svg:y1="0.1cm" '
        f'svg:x2="{line}cm" svg:y2="0.1cm"/>'
        if line
        else ""
    )
    return f'<text:p text:style-name="{style}">{drawn}{escape(text)}</text:p>'


def _table(rows: list[list[str]], widths: list[float], name: str) -> str:
    columns = "".join(f'<table:table-column table:style-name="C{width}"/>' for width in widths)
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string">{cell}</table:table-cell>' for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    return f'<table:table table:name="{name}">{columns}{cells}</table:table>'


def _document(body: str, *, right: str = "1.5cm") -> str:
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _SPACES.items())
    widths = (6.5, 10.0, 8.25)
    columns = "".join(
        f'<style:style style:name="C{width}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{width}cm"/></style:style>'
        for width in widths
    )
    pages = _PAGE.format(name="LDoc", width="21cm", height="29.7cm", way="portrait", right=right)
    pages += _PAGE.format(name="LNgang", width="29.7cm", height="21cm", way="landscape", right="2cm")
    masters = _HEADER.format(name="Standard", layout="LDoc") + _HEADER.format(name="Ngang", layout="LNgang")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.text"><office:font-face-decls><style:font-face '
        f'style:name="Times New Roman" svg:font-family="\'Times New Roman\'"/></office:font-face-decls>'
        f"<office:styles>{_STYLES}{_GRAPHIC}</office:styles>"
        f"<office:automatic-styles>{columns}{_ANNEX_BEGINS}{pages}</office:automatic-styles>"
        f"<office:master-styles>{masters}</office:master-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )


def _head(number: str, subject: str = "") -> str:
    left = _p("Hoa12", "UBND TỈNH QUẢNG NAM") + _p("HoaDam12", "SỞ TÀI CHÍNH") + _p("Hoa12", line=1.4)
    right = _p("HoaDam13", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + _p("TieuNgu", "Độc lập - Tự do - Hạnh phúc")
    right += _p("TieuNgu", line=6.05)
    below = _p("So", number) + (_p("VeViec", subject) if subject else "")
    return _table([[left, right], [below, _p("NgayThang", "Quảng Nam, ngày 12 tháng 02 năm 2025")]], [6.5, 10.0], "Dau")


def _foot(recipients: list[str], offices: list[str]) -> str:
    left = _p("NoiNhan", "Nơi nhận:") + "".join(_p("DanhSach", one) for one in recipients)
    right = "".join(_p("KyTen", one) for one in offices) + _p("KyTen") * 4 + _p("KyTen", "Trần Thị Minh Họa")
    return _table([[left, right]], [8.25, 8.25], "Cuoi")


def _annex(document: str) -> str:
    enclosed = f"(Kèm theo {document} ngày 12 tháng 02 năm 2025 của Sở Tài chính)"
    rows = [[_p("Bang", cell) for cell in ("1", "Xã Trà Tập", "Nhà ở")] for _ in range(40)]
    return (
        '<text:p text:style-name="DauPhuLuc">Phụ lục</text:p>'
        + _p("HoaDam14", "DANH SÁCH CÁC XÃ ĐƯỢC HỖ TRỢ NĂM 2024")
        + _p("KemTheo", enclosed)
        + _table(rows, [8.25, 8.25, 8.25], "So")
    )


def report() -> str:
    """A report with its annex on a page across."""
    body = _head("Số: 35/BC-STC") + _p("HoaDam14", "BÁO CÁO")
    body += _p("HoaDam14", "Kết quả thực hiện công tác kết nghĩa năm 2024") + _p("Hoa12", line=4.5)
    body += _p("KinhGui", "Kính gửi: Ủy ban nhân dân tỉnh Quảng Nam.")
    body += _p("CanCu", "Căn cứ Quyết định số 1100/QĐ-UBND ngày 16 tháng 4 năm 2020 của UBND tỉnh;")
    body += _p("CanCu", "Căn cứ Chỉ thị số 16-CT/TU ngày 09 tháng 9 năm 2021 của Ban Thường vụ Tỉnh ủy.")
    body += _p("Than", f"Sở Tài chính báo cáo như sau: {SENTENCE}.")
    for roman, title in (("I", "CÔNG TÁC CHỈ ĐẠO"), ("II", "KẾT QUẢ THỰC HIỆN"), ("III", "KIẾN NGHỊ, ĐỀ XUẤT")):
        body += _p("Muc", f"{roman}. {title}") + _p("Than", f"{SENTENCE}.")
        for number in (1, 2):
            body += _p("Muc", f"{number}. Nội dung thứ {number}")
            body += "".join(_p("Than", f"{letter}) {SENTENCE};") for letter in "abcdđeg")
    body += _p("Than", "Danh sách các xã được hỗ trợ tại Phụ lục kèm theo.")
    body += _p("Than", f"Trên đây là báo cáo kết quả công tác kết nghĩa năm 2024 của Sở Tài chính. {SENTENCE}./.")
    body += _foot(["- Như trên;", "- Ban Dân tộc tỉnh;", "- Lưu: VT, NS."], ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"])
    return _document(body + _annex("Báo cáo số 35/BC-STC"))


def letter() -> str:
    """A công văn to several bodies."""
    body = _head("Số: 07/STC-NS", "V/v báo cáo kết quả công tác kết nghĩa")
    body += _p("KinhGui", "Kính gửi:")
    body += "".join(_p("KinhGui", one) for one in ("- Ban Dân tộc tỉnh;", "- Ủy ban nhân dân xã Trà Tập."))
    body += _p("Than", f"Thực hiện Công văn số 25/BDT-KHTH, Sở Tài chính có ý kiến như sau: {SENTENCE}.")
    body += "".join(_p("Than", f"{number}. {SENTENCE}.") for number in (1, 2, 3))
    body += _p("Than", f"Sở Tài chính kính đề nghị các cơ quan quan tâm phối hợp. {SENTENCE}./.")
    return _document(body + _foot(["- Như trên;", "- Lưu: VT, NS."], ["GIÁM ĐỐC"]), right="2cm")


def annex() -> str:
    """An annex in a file of its own."""
    return _document(_annex("Công văn số 07/STC-NS"))


MODELS = {"bao-cao": report, "cong-van": letter, "phu-luc": annex}
