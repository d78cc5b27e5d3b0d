"""Issues: every fault is a value with a code and a place; its sentence and cure stand in templates/messages/.

In:   nothing. Out: Issue, Severity, Place, the closed table of codes, and the few exceptions.
Imports model at most. A stage returns its issues; only a broken program or an unusable workspace raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """What an issue does: an error blocks what it stands in, a warning asks for a reason, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an issue is, in a form that a person finds and a tool can jump to."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int = 0
    spot: str = ""
    """A place inside a Word file, in words: "Bảng 2, dòng 3, cột 4"."""

    def __str__(self) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(f"{self.sheet}!{self.cell}" if self.cell else self.sheet)
        if self.line:
            parts.append(str(self.line))
        if self.spot:
            parts.append(self.spot)
        return ":".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault. `params` fill the blanks of the code's sentence and cure."""

    code: str
    severity: Severity
    place: Place
    params: Mapping[str, str] = field(default_factory=dict)


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

_LAYOUT = """not_word paper landscape margin page_number page_number_first page_number_restart missing font colour size
bold italic letters alignment side indent spacing line_spacing line_below line_unwanted wording punctuation numerals
sequence not_cited"""
_LANGUAGE = """ending citation_dates citation_again date_zero abbreviation capitals place_capitals part_capitals
list_letters house_style"""

CODES: Mapping[str, Severity] = MappingProxyType(
    {
        # office.*: a file that is no office file we can open, found by office.package and office.workbook
        "office.not_zip": _E,
        "office.encrypted": _E,
        "office.damaged": _E,
        "office.unsafe": _E,
        "office.too_large": _E,
        "office.not_workbook": _E,
        "office.unreadable": _E,
        "office.other_kind": _E,
        "office.macros": _N,
        "office.linked_cell": _W,
        # template.*: a Word template, found by office.template and definitions.load
        "template.broken": _E,
        **dict.fromkeys(("template.tracked_changes", "template.comments", "template.not_docx"), _E),
        **dict.fromkeys(("template.tag_cut", "template.tag_typing", "template.near_tag"), _E),
        **dict.fromkeys(("template.tag_format", "template.typed_number", "template.header_rows"), _W),
        **dict.fromkeys(("template.field", "template.outside", "template.mode_on"), _W) | {"template.tag_split": _N},
        "template.tag_unclosed": _E,
        "template.tag_unopened": _E,
        "template.tag_syntax": _E,
        "template.tag_unsupported": _E,
        "template.tag_misplaced": _E,
        "template.tag_outside_table": _E,
        "template.tag_swallows_text": _E,
        "template.block_unclosed": _E,
        "template.block_unopened": _E,
        "template.block_crosses": _E,
        "template.block_too_deep": _E,
        "template.filter_unknown": _E,
        "template.unsafe": _E,
        **dict.fromkeys(("template.value_missing", "template.value_kind"), _E),
        "template.tag_failed": _E,
        "template.too_long": _E,
        "template.output_broken": _E,
        # blank.*: whom a blank is asked for, found by pipeline.blanks
        "blank.unknown_partner": _E,
        "blank.owes_nothing": _E,
        # reply.*: the templates of replies, found by stages.reply
        "reply.missing": _E,
        "reply.unreadable": _E,
        "reply.syntax": _E,
        "reply.unknown_name": _E,
        "reply.failed": _E,
        "reply.no_subject": _E,
        # delivery.*: a file as a whole; decides the verdict
        "delivery.not_our_form": _E,
        "delivery.identity_disagrees": _E,
        "delivery.wrong_partner": _E,
        **dict.fromkeys(("delivery.wrong_year", "delivery.no_year"), _E),
        "delivery.unknown_partner": _E,
        "delivery.no_partner": _E,
        "delivery.partner_by_name": _W,
        "delivery.partner_unclear": _E,
        "delivery.name_of_another": _E,
        "delivery.name_differs": _W,
        "delivery.two_returns": _E,
        "delivery.part_of_return": _E,
        "delivery.year_by_heading": _N,
        "delivery.year_line_differs": _W,
        "delivery.year_forgotten": _E,
        "delivery.partner_succeeded": _E,
        "delivery.partner_closed": _E,
        "delivery.other_sender": _W,
        "delivery.other_version": _N,
        # decision.*: what officers ruled in quyet-dinh.xlsx, found by pipeline.decisions, rulings and applying
        "decision.no_form": _E,
        "decision.unknown_partner": _E,
        "decision.unknown_form": _E,
        "decision.owes_nothing": _E,
        "decision.no_cell": _E,
        "decision.bad_cell": _E,
        "decision.no_value": _E,
        "decision.no_due": _E,
        "decision.due_early": _E,
        "decision.not_a_day": _E,
        "decision.not_used": _W,
        "decision.contradicts": _E,
        "decision.twice": _N,
        "decision.exempt_but_sent": _W,
        "decision.no_return": _W,
        "decision.no_revision": _W,
        "decision.cannot_accept": _E,
        "decision.no_such_cell": _E,
        "decision.locked_cell": _E,
        "decision.bad_value": _E,
        "decision.nothing_to_accept": _N,
        "decision.corrected": _N,
        "decision.accepted": _W,
        # sheet.*, table.*, field.*, cell.*: what a partner's workbook holds, found by normalise
        "sheet.missing": _E,
        "sheet.newer": _N,
        "sheet.twice": _E,
        "sheet.empty_copy": _N,
        "table.marks_missing": _E,
        "table.total_differs": _W,
        "field.missing": _E,
        "field.newer": _N,
        "field.twice": _E,
        "cell.error_value": _E,
        "cell.not_calculated": _E,
        "cell.not_a_number": _E,
        **dict.fromkeys(("cell.other_unit", "cell.not_exact", "cell.word_for_none", "cell.date_span"), _E),
        "cell.legacy_text": _E,
        "cell.legacy_font": _N,
        "cell.date_maybe_swapped": _W,
        "cell.ambiguous_number": _E,
        "cell.date_for_number": _E,
        "cell.not_whole": _E,
        "cell.negative": _E,
        "cell.too_large": _E,
        "cell.not_a_date": _E,
        "cell.ambiguous_date": _E,
        "cell.date_as_serial": _W,
        "cell.choice_unknown": _E,
        "cell.choice_not_listed": _E,
        "cell.not_yes_no": _E,
        "cell.not_a_year": _E,
        "cell.too_long": _W,
        "cell.not_read": _N,
        "cell.more_not_read": _N,
        "cell.reason_given": _N,
        # structure.*: how a workbook was read although it was changed, found by read and normalise
        "structure.form_by_text": _N,
        "structure.sheet_by_text": _N,
        "structure.fields_by_text": _N,
        **dict.fromkeys(("structure.field_by_place", "structure.hidden_rows"), _W),
        "structure.heading_contradicts": _E,
        "structure.rows_below": _E,
        # rule.*: what the rules of a form find; the form's rule may choose another severity
        "rule.required": _E,
        "rule.range": _E,
        "rule.compare": _E,
        "rule.sum": _E,
        "rule.product": _E,
        "rule.unique": _W,
        "rule.matches": _W,
        "rule.within_period": _W,
        "rule.assigned": _W,
        "rule.requires": _E,
        "rule.nil_with_rows": _E,
        "rule.nil_without_reason": _E,
        "rule.nothing_reported": _E,
        "rule.peers": _W,
        "rule.trend": _W,
        "rule.repeated": _W,
        "rule.plan_line": _W,
        "rule.plan_value": _W,
        "rule.carried": _W,
        # between.*: what only several returns together show, found by stages.compare
        "between.value_differs": _W,
        "between.differs": _N,
        "between.only_given": _N,
        "between.only_received": _N,
        "between.joint_gift": _W,
        "between.unlike_peers": _W,
        "between.households": _W,
        # yaml.*: a definition file that is no YAML we read, found by definitions.load
        **dict.fromkeys(("yaml.too_large", "yaml.encoding", "yaml.empty", "yaml.syntax", "yaml.alias"), _E),
        **dict.fromkeys(("yaml.tag", "yaml.too_deep", "yaml.second_document", "yaml.duplicate_key"), _E),
        # definition.*: what any file in templates/ may get wrong, found by definitions.schema
        "definition.no_files": _E,
        "definition.unreadable": _E,
        "definition.unknown_key": _E,
        "definition.unknown_value": _E,
        "definition.missing_key": _E,
        "definition.wrong_type": _E,
        "definition.bad_code": _E,
        "definition.decomposed_code": _E,
        # form.*: a form's own faults, found by definitions.form_reading and rule_reading
        "form.bad_form_code": _E,
        "form.unknown_role": _E,
        "form.two_forms": _E,
        "form.two_sheets": _E,
        "form.two_titles": _E,
        "form.two_fields": _E,
        "form.two_lists": _E,
        "form.two_rules": _E,
        "form.bad_title": _E,
        "form.unknown_kind": _E,
        "form.wrong_place": _E,
        "form.bad_count": _E,
        "form.unknown_type": _E,
        "form.unknown_choices": _E,
        "form.unknown_group": _E,
        "form.bad_choice_code": _E,
        "form.unknown_prefill": _E,
        "form.total_not_numeric": _E,
        "form.empty_range": _E,
        "form.unknown_rule": _E,
        "form.unknown_severity": _E,
        "form.unknown_field": _E,
        "form.unknown_column": _E,
        "form.unknown_table": _E,
        "form.unknown_operator": _E,
        "form.unknown_pattern": _E,
        "form.unknown_answer": _E,
        "form.rule_mixed_tables": _E,
        # registry.*: the board's workbook, found by pipeline.registry
        "registry.no_form": _E,
        "registry.missing": _E,
        "registry.not_a_day": _E,
        "registry.dates_swapped": _E,
        "registry.bad_partner_code": _E,
        "registry.bad_email": _E,
        "registry.overlap": _E,
        "registry.unknown_partner": _E,
        "registry.wrong_role": _E,
        "registry.partner_not_valid": _E,
        "registry.unknown_form": _E,
        "registry.twice": _E,
        "registry.kind_contradicts": _E,
        "registry.event_codes": _E,
        "registry.event_unknown": _E,
        "registry.event_circle": _E,
        "registry.event_contradicts": _E,
        "registry.event_source_gone": _E,
        "registry.event_source_stays": _E,
        "registry.event_target_absent": _E,
        "registry.campaign_overlap": _E,
        "registry.bad_csv": _E,
        "registry.csv_column": _E,
        "registry.same_name": _W,
        "registry.assignment_open": _W,
        "registry.campaign_year": _W,
        "registry.campaign_length": _W,
        "registry.deadline_early": _W,
        "registry.day_alone": _W,
        "registry.day_after_end": _W,
        "registry.ends_unexplained": _W,
        "registry.event_target_older": _W,
        "registry.extension_early": _W,
        "registry.form_unowed": _W,
        # message.*: the sentences of issues, found by definitions.messages
        "message.missing": _E,
        "message.unknown_code": _E,
        "message.twice": _E,
        # workspace.*, year.*: what a command was asked to work in
        "workspace.missing": _E,
        "workspace.would_overwrite": _E,
        "workspace.locked": _E,
        "workspace.not_demo": _E,
        "demo.too_many": _E,
        "workspace.disk_full": _E,
        "workspace.read_only": _E,
        "workspace.file_open": _E,
        "workspace.not_folder": _E,
        "workspace.refused": _E,
        "year.no_campaign": _E,
        # inputs.*, delivery.*, journal.*, archive.*: what arrives, and how it is kept
        "inputs.empty": _N,
        "inputs.no_path": _E,
        "delivery.skipped": _N,
        "delivery.too_large": _E,
        "delivery.unopenable": _E,
        "delivery.reader_failed": _E,
        "delivery.identical": _N,
        "delivery.known_mail": _N,
        "delivery.mail_without_workbook": _W,
        "delivery.mail_unreadable": _E,
        "delivery.bundle_without_workbook": _W,
        "delivery.bundle_unreadable": _E,
        "delivery.bundle_encrypted": _E,
        "delivery.other_archive": _E,
        "delivery.part_damaged": _E,
        "delivery.too_many_parts": _E,
        "delivery.too_much_inside": _E,
        "delivery.too_deep": _E,
        "journal.damaged": _E,
        "journal.healed": _N,
        "archive.missing": _E,
        "archive.damaged": _E,
        # plan.*: what a report is made of, found by definitions.load_plans
        **dict.fromkeys(("plan.unknown_form", "plan.unknown_field", "plan.unknown_aggregation"), _E),
        **dict.fromkeys(("plan.wrong_aggregation", "plan.unknown_key", "plan.too_many_keys"), _E),
        **dict.fromkeys(("plan.unknown_choice", "plan.unknown_figure", "plan.wrong_column"), _E),
        **dict.fromkeys(("plan.wrong_comparison", "plan.unknown_year", "plan.no_unit", "plan.reserved_name"), _E),
        **dict.fromkeys(("plan.duplicate_name", "plan.bad_file_name", "plan.unknown_period", "plan.unknown_state"), _E),
        **dict.fromkeys(("plan.unknown_scale", "plan.bad_digits", "plan.not_money", "plan.wrong_parts"), _E),
        **dict.fromkeys(("plan.wrong_total", "plan.wrong_series", "plan.unknown_members", "plan.wrong_members"), _E),
        **dict.fromkeys(("plan.wrong_under", "plan.column_not_below", "plan.no_columns", "plan.reserved_column"), _E),
        **dict.fromkeys(("plan.unknown_listing", "plan.wrong_group", "plan.wrong_topics", "plan.topic_word_twice"), _E),
        **dict.fromkeys(("plan.wrong_chart", "plan.unknown_chart_listing", "plan.unknown_chart_column"), _E),
        **dict.fromkeys(("plan.unknown_chart_year", "plan.divided_figure", "plan.unknown_page", "plan.wrong_page"), _E),
        **dict.fromkeys(("plan.wrong_page_number", "report.section_lost", "report.section_differs"), _E),
        # report.*: the names of a Word template, and the document as a whole
        **dict.fromkeys(("report.unknown_name", "report.unknown_part", "report.no_template"), _E),
        **dict.fromkeys(("report.decomposed_name", "report.no_setting", "pdf.font_replaced", "pdf.font_missing"), _W),
        **dict.fromkeys(("report.edited", "letters.kept", "pdf.font_alike", "pdf.older"), _N),
        **dict.fromkeys(("report.years_order", "report.map_date", "report.wrong_period"), _E),
        "letters.header_name": _E,
        **dict.fromkeys(("report.unknown_chart", "report.chart_kind", "report.chart_in_loop"), _E),
        **dict.fromkeys(("report.chart_unnamed", "report.chart_not_drawn"), _W),
        # geometry.*: what Word would repair in a document, found by office.geometry
        **dict.fromkeys(("geometry.row_width", "geometry.orphan_merge", "geometry.cell_without_paragraph"), _E),
        **dict.fromkeys(("geometry.part_without_paragraph", "geometry.row_without_cells"), _E),
        **dict.fromkeys(("geometry.table_without_rows", "geometry.header_gap", "geometry.duplicate_id"), _E),
        **dict.fromkeys(("geometry.tag_left", "pdf.no_office", "pdf.failed"), _E),
        # inspect.*: a document against the law on form, found by stages.inspect; a standard may choose the severity
        **{f"inspect.{name}": _E for name in _LAYOUT.split()},
        **{f"inspect.{name}": _W for name in _LANGUAGE.split()},
        "inspect.other_law": _N,
        # trace.*: what somebody asks of a report
        "trace.no_report": _E,
        "trace.no_figure": _N,
        "trace.left_out": _N,
    }
)
"""Every code there is, with its usual severity. A rule in a form may choose another one."""


def issue(code: str, place: Place, severity: Severity | None = None, /, **params: object) -> Issue:
    """An issue of a code that exists, with its usual severity unless another is given."""
    return Issue(code, severity or CODES[code], place, {name: str(value) for name, value in params.items()})


def has_errors(issues: Iterable[Issue]) -> bool:
    """Whether any of the issues is an error."""
    return any(found.severity is Severity.ERROR for found in issues)


class KetnghiaError(Exception):
    """Base of the few exceptions; carries the issues that explain it to the user."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__("; ".join(f"{found.place}: {found.code}" for found in issues))
        self.issues = issues


class UnusableError(KetnghiaError):
    """The workspace or the environment cannot be used (exit code 3)."""


class RefusedError(KetnghiaError):
    """The command judged what it was given and will not go on (exit code 1)."""
