"""Template lint: what its author should know of a Word template that the engine itself has nothing against.

In:   a template that was read. Out: issues in order of the parts: errors, warnings and notes.
Imports the modules of template_lint, document_styles; issues. Knows nothing of our business.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from generator.issues import Issue
from generator.office.document_styles import Styles
from generator.office.template_lint_parts import lint_fields, lint_links, lint_modes
from generator.office.template_lint_reading import STYLES, Manuscript
from generator.office.template_lint_tables import Row, lint_headers, tables_of
from generator.office.template_lint_tags import lint_splits, lint_tags

Tables = Sequence[Sequence[Sequence[Row]]]
"""The rows of each table of each part."""
_THEME = "word/theme/theme1.xml"


def tables_in(manuscript: Manuscript) -> Tables:
    """The tables of a template, part by part."""
    return [tables_of(part) for part in manuscript.parts]


def lint(manuscript: Manuscript, tables: Tables) -> list[Issue]:
    """Everything odd about a template: template.tag_cut, .near_tag, .tag_typing, .tag_format, .tag_split,
    .header_rows, .field, .outside, .mode_on. Nothing for a file that cannot be read. `tables` are those of tables_in.
    """
    if not manuscript.parts:
        return []
    file, found = manuscript.file, list[Issue]()

    @cache
    def styles() -> Styles:
        return Styles(manuscript.tree(STYLES), manuscript.tree(_THEME))

    for part, within in zip(manuscript.parts, tables, strict=True):
        found += lint_tags(part, file, styles)
        found += lint_headers(within, file)
        found += lint_fields(part, file)
    return [*found, *lint_splits(manuscript.parts, file), *lint_links(manuscript), *lint_modes(manuscript)]
