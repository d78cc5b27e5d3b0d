"""Template lint, tags: what Word's typing help and formatting did to the tags of a part.

In:   a part that was read, the styles of the file. Out: issues, each with its place and with what to type instead.
Imports office.template, wordpart, document_styles, template_lint_reading; issues.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from lxml import etree

from generator.issues import Issue, Place, Severity, issue
from generator.office.document_styles import Face, Styles
from generator.office.template.heal import Typed, excerpt
from generator.office.template.tags import Tag, read_tag
from generator.office.template_lint_reading import Part, Written
from generator.office.wordpart import PARAGRAPH, RUN, TABLE, VALUE, WORD, Element, above

_W = f"{{{WORD}}}"
_SIGNS = (
    ("“”„‟″", "ngoặc kép cong"),
    ("‘’‚‛′", "nháy đơn cong"),
    ("\u00a0\u2007\u202f", "dấu cách liền"),
    ("\u00ad\u200b\u200c\u200d\u2060\ufeff", "ký tự ẩn"),
)
"""What the engine reads as it was meant."""
_WRONG_SIGNS = (("–—−", "gạch dài “–”"), ("…", "dấu ba chấm liền “…”"))
"""What it cannot read."""
_PLAIN_DASH = str.maketrans("–—−", "---")
_CAPITAL_SCOPE = re.compile(r"\{% ?(?=[A-Za-z]+ )(?!(?:p|tr|tc|r) )(?i:p|tr|tc|r) ")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_WORD = re.compile(r"\w")
# Braces torn apart or wide, with what stands between; then single signs around one name.
_TORN = re.compile(
    r"(?P<open>[{｛]\s*[{｛]|[{｛]\s*%)(?P<body>[^{}｛｝%\0]{1,120})(?P<close>[}｝]\s*[}｝]|%\s*[}｝])",
)
_ALONE = re.compile(
    r"(?<![{\w])\{\s*([^\W\d]\w{2,}(?:\.\w+)*(?:\s*\|\s*\w+)?)\s*\}(?!\})|«\s*([A-Za-z][A-Za-z0-9_]{2,})\s*»|"
    r"\[\[\s*([A-Za-z][A-Za-z0-9_]{2,})\s*\]\]|<<\s*([A-Za-z][A-Za-z0-9_]{2,})\s*>>"
)
# Looked for first: nearly every paragraph holds nothing of the kind, and looking closely costs ten times as much.
_PERHAPS_TORN = re.compile(r"[{｛]\s+[{｛%]|[}｝%]\s+[}｝]|[｛｝«]|\[\[|<<|(?<!\{)\{(?![{%#])")
_PERHAPS_TYPED = re.compile("[" + "".join(signs for signs, _ in (*_SIGNS, *_WRONG_SIGNS)) + r"]|\{% ?(?:[PTR]|t[RC])")
_UNSEEN = frozenset(_W + name for name in ("lang", "noProof", "webHidden", "bCs", "iCs", "szCs", "rtl", "cs"))
_EXTRA = ("strike", "vertAlign", "highlight")
_MOST_SPOTS = 6


def lint_tags(part: Part, file: str, styles: Callable[[], Styles]) -> Iterator[Issue]:
    """What is odd about the tags of a part; `styles` is only asked where a tag is split.

    Codes: template.tag_cut, .near_tag, .tag_typing, .tag_format.
    """
    for one, following in pairwise((*part.lines, None)):
        if one is None:
            continue
        place = Place(file, spot=one.spot)
        text, split = one.line.text, len(one.line.pieces) > 1
        if _PERHAPS_TORN.search(text):
            yield from _torn(one, place)
        if following is not None:
            yield from _cut(one, following, place)
        odd = _PERHAPS_TYPED.search(text) is not None
        for typed in one.typed if odd or split else ():
            if not typed.fault:
                tag = read_tag(typed, place)
                yield from _typing(typed, tag)
                yield from _formats(typed, tag, styles)


def lint_splits(parts: tuple[Part, ...], file: str) -> Iterator[Issue]:
    """One note for all tags that Word or LibreOffice wrote in several pieces: template.tag_split."""
    lines = (written for part in parts for written in part.lines if len(written.line.pieces) > 1)
    split = [(written.spot, typed) for written in lines for typed in written.typed]
    split = [(spot, typed) for spot, typed in split if not typed.fault and len({run for run, _ in _runs(typed)}) > 1]
    if split:
        places = list(dict.fromkeys(spot for spot, _ in split))
        shown = "; ".join(places[:_MOST_SPOTS]) + ("; …" if len(places) > _MOST_SPOTS else "")
        first = split[0][1]
        tag = first.line.text[first.start : first.end]
        yield issue("template.tag_split", Place(file, spot=split[0][0]), count=len(split), places=shown, tag=tag)


# --- tags that are none ---------------------------------------------------------------------


def _cut(one: Written, following: Written, place: Place) -> Iterator[Issue]:
    """A tag that begins at the end of a cell or paragraph and ends in the next one."""
    if not (one.typed and following.typed):
        return
    head, tail = one.typed[-1], following.typed[0]
    if head.fault != "template.tag_unclosed" or tail.fault != "template.tag_unopened" or head.end < len(one.line.text):
        return
    begun, ended = read_tag(head, place).typed, " ".join(following.line.text[: tail.end].split())
    if "{" in ended or "}" in begun or not _pair(begun[:2], ended[-2:]):
        return
    near = f"{begun} {ended}"
    yield issue("template.tag_cut", place, begun=begun, ended=ended, other=following.spot, near=near)


def _pair(opening: str, closing: str) -> bool:
    return (opening, closing) in (("{{", "}}"), ("{%", "%}"))


def _torn(written: Written, place: Place) -> Iterator[Issue]:
    """Braces that a space, another keyboard or another program's habit keeps from being a tag."""
    text = written.line.text
    for typed in written.typed:
        if typed.fault != "template.tag_unopened":
            text = text[: typed.start] + "\0" * (typed.end - typed.start) + text[typed.end :]
    for torn in _TORN.finditer(text):
        if torn["open"] in ("{{", "{%") and torn["close"] in ("}}", "%}"):
            continue
        command, body = "%" in torn["open"], " ".join(torn["body"].split())
        near = f"{{% {body} %}}" if command else f"{{{{ {body} }}}}"
        yield issue("template.near_tag", place, tag=torn.group(), near=near, text=excerpt(written.line.text))
    # What Word's mail merge shows is told with its field.
    alone_in = "" if _has_field(written.line.element) else _TORN.sub("\0", text)
    for alone in _ALONE.finditer(alone_in):
        name = next(filter(None, alone.groups()))
        params = {"tag": alone.group(), "near": f"{{{{ {name} }}}}", "text": excerpt(written.line.text)}
        # One brace may be meant as it stands; two never are.
        yield issue("template.near_tag", place, Severity.WARNING, **params)


def _has_field(paragraph: Element) -> bool:
    return next(paragraph.iter(_W + "fldChar", _W + "fldSimple"), None) is not None


# --- tags that are whole --------------------------------------------------------------------


def _typing(typed: Typed, tag: Tag) -> Iterator[Issue]:
    """Signs that typing help put into a tag: a note where they are understood, an error where they are not."""
    raw = typed.line.text[typed.start : typed.end]
    wrong = _QUOTED.sub("", tag.typed) if tag.kind != "{#" else ""
    found = [name for signs, name in _WRONG_SIGNS if any(sign in wrong for sign in signs)]
    if found:
        near, instead = tag.typed.translate(_PLAIN_DASH), ""
        if "…" in wrong:
            near, instead = "", "Thay dấu “…” bằng tên số liệu hoặc điều kiện"
        yield tag.fault("template.tag_typing", signs=", ".join(found), near=near, instead=instead, healed="")
        return
    found = [name for signs, name in _SIGNS if any(sign in raw for sign in signs)]
    near = tag.typed
    if _CAPITAL_SCOPE.match(near):
        found.append("chữ hoa")
        near = f"{{%{tag.scope} {tag.body} %}}"
    if found:
        params = {"tag": tag.typed, "text": excerpt(*tag.around), "signs": ", ".join(found), "near": near}
        healed = "chương trình vẫn hiểu đúng"
        yield issue("template.tag_typing", tag.place, Severity.NOTE, **params, healed=healed, instead="")


def _formats(typed: Typed, tag: Tag, styles: Callable[[], Styles]) -> Iterator[Issue]:
    """A printed tag whose name looks otherwise than its first brace, which is what the value will look like."""
    pieces = _runs(typed) if tag.kind == "{{" else []
    named = [run for run, text in pieces if _WORD.search(text)]
    if not named or all(_signature(run) == _signature(pieces[0][0]) for run in named):
        return
    first = _look(pieces[0][0], styles())
    other = next((look for run in named if (look := _look(run, styles())) != first), None)
    if other is not None:
        yield tag.fault("template.tag_format", first=_words(first, other), other=_words(other, first))


def _runs(typed: Typed) -> list[tuple[Element, str]]:
    """The runs that a tag stands in, with what each holds of it."""
    found: list[tuple[Element, str]] = []
    begins = 0
    for element, text in typed.line.pieces:
        shared = text[max(0, typed.start - begins) : max(0, typed.end - begins)]
        begins += len(text)
        run = above(element, RUN)
        if shared and run is not None:
            found.append((run, shared))
        if begins >= typed.end:
            break
    return found


def _signature(run: Element) -> bytes:
    """The format of a run as it is written, without what no reader sees."""
    form = run.find(_W + "rPr")
    marks = [] if form is None else [etree.tostring(one) for one in form if one.tag not in _UNSEEN]
    return b"".join(sorted(marks))


_Look = tuple[Face, tuple[str, ...]]


def _look(run: Element, styles: Styles) -> _Look:
    form, paragraph, table = run.find(_W + "rPr"), above(run, PARAGRAPH), above(run, TABLE)
    named = [
        "" if (mark := None if host is None else host.find(path)) is None else mark.get(VALUE, "")
        for host, path in (
            (table, f"{_W}tblPr/{_W}tblStyle"),
            (paragraph, f"{_W}pPr/{_W}pStyle"),
            (form, _W + "rStyle"),
        )
    ]
    extra = [None if form is None else form.find(_W + name) for name in _EXTRA]
    marks = tuple("" if one is None else one.get(VALUE, "1") for one in extra)
    return styles.face(named[0], named[1], named[2], form), marks


def _words(one: _Look, other: _Look) -> str:
    """What is seen of a look where it differs from another."""
    (face, marks), (beside, marks_beside) = one, other
    told = [
        (face.bold != beside.bold, "đậm" if face.bold else "không đậm"),
        (face.italic != beside.italic, "nghiêng" if face.italic else "đứng"),
        (face.underline != beside.underline, "gạch chân" if face.underline else "không gạch chân"),
        (face.size != beside.size, f"cỡ {face.size:g}"),
        (face.fonts != beside.fonts, f"phông {face.fonts[0]}"),
        (face.colour != beside.colour, f"màu {face.colour}" if face.colour else "màu đen"),
        (face.capitals != beside.capitals, "chữ hoa" if face.capitals else "chữ thường"),
        (face.hidden != beside.hidden, "ẩn" if face.hidden else "hiện"),
        (marks != marks_beside, "có tô nền, gạch ngang hoặc chỉ số" if any(marks) else "không tô nền, gạch ngang"),
    ]
    return ", ".join(words for differs, words in told if differs)
