"""Template lint: what its author should know of a Word template that the engine itself has nothing against.

In:   a template that was read. Out: issues in order of the parts: errors, warnings and notes.
Imports the modules of template_lint, document_styles; issues. Knows nothing of our business.
"""

from __future__ import annotations

from functools import cache

from generator.issues import Issue
from generator.office.document_styles import Styles
from generator.office.template_lint_parts import lint_fields, lint_links, lint_modes
from generator.office.template_lint_reading import STYLES, Manuscript
from generator.office.template_lint_tables import lint_headers, tables_of
from generator.office.template_lint_tags import lint_splits, lint_tags

_THEME = "word/theme/theme1.xml"


def lint(manuscript: Manuscript) -> list[Issue]:
    """Everything odd about a template: template.tag_cut, .near_tag, .tag_typing, .tag_format, .tag_split,
    .header_rows, .field, .outside, .mode_on. Nothing for a file that cannot be read.
    """
    if not manuscript.parts:
        return []
    file, found = manuscript.file, list[Issue]()

    @cache
    def styles() -> Styles:
        return Styles(manuscript.tree(STYLES), manuscript.tree(_THEME))

    for part in manuscript.parts:
        found += lint_tags(part, file, styles)
        found += lint_headers(tables_of(part), file)
        found += lint_fields(part, file)
    return [*found, *lint_splits(manuscript.parts, file), *lint_links(manuscript), *lint_modes(manuscript)]


__all__ = ["lint"]
