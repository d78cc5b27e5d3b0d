"""Ketnghia Reports: filled Excel forms in, an official document out, every figure traceable to its cell.

The way:   templates/forms -> blank -> inputs -> ingest -> read -> normalise -> validate -> register
           -> merge -> figures -> render -> outputs; trace goes back from a figure to its cells.
The floors, top to bottom: cli, demo, pipeline, stages, definitions, office | vietnamese, issues, model.
The words: form, blank, partner, assignment, event, campaign, obligation, delivery, submission, decision,
           cell, issue, register, dataset, figure, report, reply. One word per thing, in code and commands alike.
This module imports nothing, and nobody inside imports it.
"""

__version__ = "0.1.0"
