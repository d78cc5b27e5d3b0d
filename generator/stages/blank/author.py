"""Author a blank: the whole workbook of a form and a campaign, drawn once with openpyxl.

In:   form, lists of choices, campaign, name of the receiver.
Out:  the workbook with its holes, and where its answers stand.
Imports openpyxl, definitions, office, model. Slow on purpose: every partner's copy is a patch of this one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection

from generator.definitions.fieldtypes import YES_NO_CHOICES
from generator.definitions.forms import Choice, Form, SheetKind
from generator.definitions.grid import IDENTITY_SHEET, LISTS_SHEET, edition
from generator.model import Campaign
from generator.stages.blank import styles
from generator.stages.blank.answer_sheets import draw_fields, draw_table
from generator.stages.blank.checks_sheet import draw_checks
from generator.stages.blank.corrections_sheet import draw_corrections
from generator.stages.blank.draft import YES_NO, Draft, listed_hole, run_time_lists, spanning
from generator.stages.blank.guide_sheet import draw_guide
from generator.stages.blank.strings import PartnerStrings, gather, hole_mark, opened
from generator.vietnamese.text import clean

IDENTITY_KEYS = ("form", "version", "partner", "year")
PARTNER_CODE = "partner.code"

_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(?=</dcterms:modified>)")
_NO_CAMPAIGN_DAY = date(2012, 10, 22)
"""Day of the directive: the date of a workbook that belongs to no campaign."""

_DRAW = MappingProxyType(
    {
        SheetKind.GUIDE: draw_guide,
        SheetKind.FIELDS: draw_fields,
        SheetKind.TABLE: draw_table,
        SheetKind.CHECKS: draw_checks,
    }
)


def author(
    form: Form,
    lists: Mapping[str, tuple[Choice, ...]],
    campaign: Campaign | None,
    receiver: str,
    *,
    corrections: bool = False,
) -> tuple[PartnerStrings, Draft]:
    """The workbook with every hole empty, and the draft that knows where the holes are.

    With `corrections`, the sheet Cần sửa stands first and is the one that is opened.
    """
    campaign = spanning(campaign, form.years)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    # widths are counted in digits of the first font, and that is openpyxl's own unless it is replaced
    workbook._fonts = IndexedList([styles.font(styles.BODY)])  # type: ignore[attr-defined]
    for named in workbook._named_styles:  # type: ignore[attr-defined]
        named.font = styles.font(styles.BODY)
    asked = {single.choices for _, single in form.paths()}
    # a form that asks for no giver need not carry two hundred of them
    all_lists = {
        YES_NO: YES_NO_CHOICES,
        **form.choices,
        **{code: choices for code, choices in lists.items() if code in asked},
    }
    draft = Draft(form, all_lists, campaign, receiver, workbook)
    draft.sources = list_sources(all_lists)
    for sheet in form.sheets:
        _DRAW[sheet.kind](draft, sheet)
    _write_lists(draft)
    _write_identity(draft)
    _remember_printed(draft)
    _open_at_first_answer(draft)
    if corrections:
        draw_corrections(draft)
    workbook.security = WorkbookProtection(lockStructure=True)
    workbook.calculation.fullCalcOnLoad = True
    # the first moment of the period, so that copies made on another day are equal
    day = datetime.combine(campaign.start if campaign else _NO_CAMPAIGN_DAY, datetime.min.time())
    properties = workbook.properties
    properties.creator = properties.lastModifiedBy = receiver or form.code
    properties.title, properties.created = form.title, day
    written = io.BytesIO()
    workbook.save(written)
    # openpyxl numbers the parts in the order of the sheets
    for number, worksheet in enumerate(workbook.worksheets, start=1):
        draft.parts[worksheet.title] = f"xl/worksheets/sheet{number}.xml"
    return _gathered(written.getvalue(), day), draft


def list_sources(lists: Mapping[str, tuple[Choice, ...]]) -> dict[str, str]:
    """The range of each list on the hidden sheet; an empty list has none."""
    return {
        code: f"'{LISTS_SHEET}'!${get_column_letter(column)}$2:${get_column_letter(column)}${len(choices) + 1}"
        for column, (code, choices) in enumerate(lists.items(), start=1)
        if choices
    }


def _write_lists(draft: Draft) -> None:
    """One list a column, its code on top. Lists of partners are holes: each partner sees its own ones first."""
    sheet = draft.workbook.create_sheet(LISTS_SHEET)
    holes = run_time_lists(draft)
    for column, (code, choices) in enumerate(draft.lists.items(), start=1):
        for row, text in enumerate((code, *(choice.label for choice in choices)), start=1):
            cell = sheet.cell(row, column, text)
            cell.data_type = "s"
        if code in holes:
            for row in range(2, len(choices) + 2):
                draft.hole(listed_hole(code, row - 1), sheet, row, column)
    sheet.protection.sheet = True
    sheet.sheet_state = "hidden"


def _write_identity(draft: Draft) -> None:
    """Who the workbook is, in three places: a hidden sheet, defined names, custom properties."""
    workbook, form, campaign = draft.workbook, draft.form, draft.campaign
    sheet = workbook.create_sheet(IDENTITY_SHEET)
    properties = workbook.custom_doc_props  # type: ignore[attr-defined]
    values = (form.code, edition(form), "", campaign.year if campaign else "")
    for row, (key, value) in enumerate(zip(IDENTITY_KEYS, values, strict=True), start=1):
        sheet.cell(row, 1, key)
        cell = sheet.cell(row, 2, value)
        if isinstance(value, str):
            cell.number_format, cell.data_type = "@", "s"
        name = f"KN_{key.upper()}"
        workbook.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(IDENTITY_SHEET)}!$B${row}")
        shown = hole_mark(PARTNER_CODE) if key == "partner" else str(value)
        properties.append(StringProperty(name=f"ketnghia_{key}", value=shown))
    draft.hole(PARTNER_CODE, sheet, IDENTITY_KEYS.index("partner") + 1, 2)
    sheet.protection.sheet = True
    sheet.sheet_state = "hidden"


def _remember_printed(draft: Draft) -> None:
    """Keeps the texts of each sheet, so that a reader can tell ours from what was typed."""
    for sheet, worksheet in zip(draft.form.sheets, draft.workbook.worksheets, strict=False):
        shown = (str(cell.value) for row in worksheet.iter_rows() for cell in row if cell.value is not None)
        draft.printed[sheet.code] = frozenset(clean(text) for text in shown if not text.startswith("@@"))


def _open_at_first_answer(draft: Draft) -> None:
    """Opens on the first sheet that is filled in; the guide is the tab to its left."""
    kinds = [sheet.kind for sheet in draft.form.sheets]
    first = next((n for n, kind in enumerate(kinds) if kind in (SheetKind.FIELDS, SheetKind.TABLE)), 0)
    draft.workbook.active = first
    for number, sheet in enumerate(draft.workbook.worksheets):
        sheet.sheet_view.tabSelected = number == first


def _gathered(content: bytes, day: datetime) -> PartnerStrings:
    """The workbook without the clock: openpyxl stamps the moment of saving into the zip and its properties."""
    package = opened(content)
    stamp = rb"\g<1>" + day.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    members = {name: package.read(name) for name in package.names()}
    members[_CORE] = _MODIFIED.sub(stamp, members[_CORE])
    return gather(members, package)
