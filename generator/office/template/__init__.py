"""The Word template engine: docxtpl's tag dialect, compiled once, rendered many times.

In:   the bytes of a .docx with tags; values by name. Out: the bytes of the filled .docx; every fault with its place.
Imports office.package and issues; knows nothing of our business. The way through the modules:
heal (find tags in the tree) -> tags (check each) -> source (one Jinja2 source a part; blocks) -> compiled (render).
"""

from __future__ import annotations

from generator.office.template.compiled import CompiledTemplate, compile_template
from generator.office.template.tags import Reference

__all__ = ["CompiledTemplate", "Reference", "compile_template"]
