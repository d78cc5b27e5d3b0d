"""Reply: what goes back to the sender of a delivery: a mail ready to be sent, in the words of templates/replies/.

In:   ReplyFacts, templates, the annotated workbook. Out: the bytes of an .eml, equal for equal input.
`changes`, `faults` and `places` find the facts; the pipeline puts them together and hands over the workbook.
"""

from __future__ import annotations

from dataclasses import replace

from generator.issues import Severity
from generator.stages.reply.facts import FAULTY, ReplyFacts
from generator.stages.reply.listing import FILE, listing
from generator.stages.reply.mail import Mail, addresses, message_id, written
from generator.stages.reply.wording import ReplyTemplates, load_replies

__all__ = ["ReplyFacts", "ReplyTemplates", "load_replies", "reply"]


def reply(facts: ReplyFacts, templates: ReplyTemplates, workbook: bytes = b"") -> bytes:
    """The mail that answers a delivery; `workbook` is attached under the name in the facts.

    ValueError for an outcome that refuses something and names no fault: such a letter helps nobody.
    RefusedError when a template fails.
    """
    if facts.outcome in FAULTY and not any(one.severity is Severity.ERROR for one in facts.faults):
        raise ValueError(f"{facts.file}: {facts.outcome} without a fault")
    facts = replace(facts, workbook=facts.workbook if workbook else "")
    whole = listing(facts)
    facts = replace(facts, listing=FILE if whole else "")
    said = templates.words(facts)
    sender = addresses(facts.office.address)
    return written(
        Mail(
            sender=sender[0] if sender else "",
            sender_name=facts.office.name,
            recipients=facts.recipients,
            subject=said.subject,
            body=said.body,
            answers=message_id(facts.message),
            files=tuple((name, content) for name, content in ((facts.workbook, workbook), (FILE, whole)) if content),
        )
    )
