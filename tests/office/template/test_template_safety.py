"""A template never runs code and never outgrows its limits; a value is never read as a template or as XML."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from dataclasses import dataclass
from decimal import Decimal

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wordfile import Grid, main_part, texts, with_body, word

from generator.office.template import compile_template

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Row:
    ten: str
    so: int = 0


class Words:
    def __str__(self) -> str:
        return "mười hai <xã>"


def rendered(content, **context):
    compiled, issues = compile_template(content, "mau.docx")
    assert issues == []
    result, issues = compiled.render(context)
    assert issues == []
    return result


ATTACKS = [
    # docxtpl's issues 549 and 632, and their relatives
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').system('id') }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os }}",
    "{{ namespace.__init__.__globals__.os }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ten|attr('__class__') }}",
    "{{ [ten]|map(attribute='__class__')|list }}",
    "{{ '{0.__class__}'.format(ten) }}",
    "{{ ten.format(1) }}",
    "{{ '%s' % ten }}{{ ten.__format__ }}",
    "{{ ten.upper() }}",
    "{{ ds.append(1) }}",
    "{{ range(1000000000) }}",
    "{{ dict(a=1) }}",
    "{{ loop.cycle(*ds) }}",
    "{{ 2 ** 100000 }}",
    "{{ ten|_steps }}",
    "{{ _steps }}",
    "{% for x in ds recursive %}{{ loop(x) }}{% endfor %}",
    "{% set ns = namespace(a=1) %}",
    "{% set ten.x = 1 %}",
    "{% import 'os' as os %}",
    "{% extends 'a' %}",
    "{% for x in [ds, ds] %}{% endfor %}",
    "{{ " + "(" * 245 + "1" + ")" * 245 + " }}",
    "{{ " + "1+" * 400 + "1 }}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_template_that_tries_to_run_code_is_refused_before_it_runs(attack):
    compiled, issues = compile_template(word("Trước", attack), "mau.docx")
    assert compiled is None
    assert {found.place.spot for found in issues} == {"đoạn 2"}


@pytest.mark.parametrize(
    "attack",
    ["{{ ten[khoa] }}", "{{ ds[khoa] }}", "{{ ds|join(', ', khoa) }}", "{{ ds|join(', ', attribute='__class__') }}"],
)
def test_an_attribute_named_by_a_value_stays_in_the_sandbox(attack):
    compiled, issues = compile_template(word(attack), "mau.docx")
    assert issues == []
    result, issues = compiled.render({"ten": "a", "ds": [Row("x")], "khoa": "__class__"})
    assert result is None
    assert [found.place.spot for found in issues] == ["đoạn 1"]


@pytest.mark.parametrize(
    "attack",
    [
        "{% for a in ds %}{% for b in ds %}{% for c in ds %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in ds %}{% for b in ds %}" + "x" * 2000 + "{% endfor %}{% endfor %}",
        "{% set a = ten %}" + "{% set a = a ~ a %}" * 40,
        "{% set a = so %}" + "{% set a = a * a %}" * 40,
    ],
    ids=["empty loops", "long output", "a doubled text", "a squared number"],
)
def test_a_template_that_grows_without_end_is_stopped(attack):
    compiled, issues = compile_template(word(attack), "mau.docx")
    assert issues == []
    result, issues = compiled.render({"ds": list(range(1000)), "ten": "a" * 100, "so": 99})
    assert (result, [found.code for found in issues]) == (None, ["template.too_long"])


# --- values ---------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["{{ ten }}", "{% for x in y %}", "{# a #}", "\ufdd00\ufdd1", "${x}", "&lt;w:p/&gt;"])
def test_a_value_that_looks_like_a_template_is_printed_as_it_is(value):
    assert texts(rendered(word("[{{ x }}]"), x=value)) == [f"[{value}]"]


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("A & B <C> \"d\" 'e'", "A & B <C> \"d\" 'e'"),
        ("một\nhai", "một\nhai"),
        ("một\r\nhai", "một\nhai"),
        ("một_x000D_\nhai_x000D_", "một\nhai"),
        ("một\rhai", "một\nhai"),
        ("một\x0bhai", "một\nhai"),
        ("cột\tsau", "cột\tsau"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("a\ud800b\uffff", "ab"),
        ("  hai đầu  ", "  hai đầu  "),
        ("a_b", "a_b"),
        ("", ""),
        (12, "12"),
        (-5, "-5"),
        (Decimal("12.50"), "12.50"),
        (Words(), "mười hai <xã>"),
    ],
)
def test_values_print_as_their_cleaned_text(value, printed):
    assert texts(rendered(word("[{{ x }}]"), x=value)) == [f"[{printed}]"]


def test_records_and_rows_of_a_dict_are_read_alike():
    content = word("{% for d in ds %}{{ d.ten }}={{ d.so }};{% endfor %}", "{{ ds|join(', ', attribute='ten') }}")
    rows = [Row("A", 1), {"ten": "B", "so": 2, "items": 3}]
    assert texts(rendered(content, ds=rows)) == ["A=1;B=2;", "A, B"]


def test_a_key_named_like_a_method_is_the_key():
    assert texts(rendered(word("{{ d.items }} {{ d.keys }}"), d={"items": "a", "keys": "b"})) == ["a b"]


printable = st.text(st.characters(codec="utf-8"), max_size=40)


def expected(text):
    """Written apart from the engine: what Word can show of a text."""
    text = re.sub(r"(?i)_x000d_", "\r", text)
    text = re.sub(r"\r\n|\r(?=\r*$(?![\s\S]))", lambda found: found[0].strip("\r"), text)
    text = re.sub("[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return "".join(
        sign
        for sign in text
        if sign in "\n\t" or (sign >= " " and not "\x7f" <= sign <= "\x9f" and sign not in "\ufffe\uffff")
    )


READY, _ = compile_template(word("[{{ x }}]", Grid([["{{ x }}", "{% for y in ys %}{{ y }}|{% endfor %}"]])), "mau.docx")


@given(text=printable, rows=st.lists(printable, max_size=3))
def test_any_text_comes_back_from_a_document_that_opens(text, rows):
    content, issues = READY.render({"x": text, "ys": rows})
    assert issues == []
    document = docx.Document(io.BytesIO(content))
    assert document.paragraphs[0].text == f"[{expected(text)}]"
    assert texts(content)[1] == f"{expected(text)} | " + "".join(f"{expected(row)}|" for row in rows)


@given(
    st.lists(
        st.sampled_from(
            ["{{", "}}", "{%", "%}", "{#", "#}", " for ", "x", " in ", "if ", "endif", "endfor", "¦", "p "]
        ),
        max_size=14,
    )
)
def test_no_typing_breaks_the_compiler(pieces):
    compiled, issues = compile_template(word("".join(pieces)), "mau.docx")
    assert (compiled is None) == bool(issues)
    if compiled:
        result, faults = compiled.render({"x": [1]})
        assert (result is None) == bool(faults)


# --- what comes out -------------------------------------------------------------------------


def test_a_second_rendering_is_byte_identical_and_compiling_again_changes_nothing():
    content = word("{{ x }}", Grid([["{{ x }}"]]), header=["{{ x }}"])
    compiled, _ = compile_template(content, "mau.docx")
    first, _ = compiled.render({"x": "a"})
    compiled.render({"x": "b"})
    assert compiled.render({"x": "a"})[0] == first == rendered(content, x="a")


def part(content):
    return docx.Document(io.BytesIO(content)).element


def test_a_cell_that_lost_its_paragraphs_gets_one():
    grid = Grid([["x"]])
    content = word(grid)
    xml = main_part(content).decode()
    cell = xml[xml.index("<w:tcPr>") : xml.index("</w:tc>")]
    tags = "".join(f"<w:p><w:r><w:t>{{%p {tag} %}}</w:t></w:r></w:p>" for tag in ("if co", "endif"))
    body = xml[xml.index("<w:tbl>") : xml.index("</w:tbl>") + 8].replace(cell, f"<w:tcPr/>{tags}")
    result = rendered(with_body(body), co=False)
    assert [child.tag for child in next(part(result).iter(f"{W}tc"))] == [f"{W}tcPr", f"{W}p"]


def test_a_table_left_without_rows_is_taken_out():
    content = word("Đầu", Grid([["{%tr for d in ds %}"], ["{{ d }}"], ["{%tr endfor %}"]]), "Cuối")
    assert texts(rendered(content, ds=[])) == ["Đầu", "Cuối"]
    assert list(part(rendered(content, ds=[])).iter(f"{W}tbl")) == []


def test_the_grid_follows_columns_that_a_loop_made():
    row = ["Chỉ tiêu", "{%tc for n in nam %}", "{{ n }}", "{%tc endfor %}"]
    root = part(rendered(word(Grid([row, row])), nam=[1, 2, 3, 4, 5]))
    widths = [int(column.get(f"{W}w")) for column in root.iter(f"{W}gridCol")]
    before = [int(column.get(f"{W}w")) for column in part(word(Grid([row]))).iter(f"{W}gridCol")]
    cells = [[int(cell.get(f"{W}w")) for cell in row.iter(f"{W}tcW")] for row in root.iter(f"{W}tr")]
    assert len(widths) == 6
    assert sum(widths) == sum(before)
    assert cells == [widths, widths]


@pytest.mark.parametrize("years", [[1], [1, 2], [1, 2, 3, 4, 5]])
def test_a_cell_across_the_table_stays_across_it_whatever_a_loop_made(years):
    row = ["Chỉ tiêu", "{%tc for n in nam %}", "{{ n }}", "{%tc endfor %}"]
    xml = main_part(word(Grid([row, ["Chú thích", "", "", ""]]))).decode()
    cells = "".join(re.findall(r"<w:tc>.*?</w:tc>", xml[xml.rindex("<w:tr>") :], re.DOTALL)[1:])
    body = xml[xml.index("<w:tbl>") : xml.index("</w:tbl>") + 8].replace(cells, "")
    first, note, last = body.rpartition("<w:tcPr>")
    root = part(rendered(with_body(f'{first}{note}<w:gridSpan w:val="4"/>{last}'), nam=years))
    widths = [int(column.get(f"{W}w")) for column in root.iter(f"{W}gridCol")]
    across = list(root.iter(f"{W}tr"))[-1]
    assert len(widths) == 1 + len(years)
    assert [int(span.get(f"{W}val")) for span in across.iter(f"{W}gridSpan")] == [len(widths)]
    assert [int(width.get(f"{W}w")) for width in across.iter(f"{W}tcW")] == [sum(widths)]


def test_ids_and_names_repeated_by_a_loop_become_unique():
    drawing = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="7" name="x"/></wp:inline></w:drawing></w:r>'
    )
    body = (
        "<w:p><w:r><w:t>{%p for x in ds %}</w:t></w:r></w:p>"
        '<w:p><w:bookmarkStart w:id="3" w:name="a"/><w:r><w:t>{{ x }}</w:t></w:r><w:bookmarkEnd w:id="3"/>'
        f"{drawing}</w:p>"
        "<w:p><w:r><w:t>{%p endfor %}</w:t></w:r></w:p>"
    )
    root = part(rendered(with_body(body), ds=[1, 2, 3]))
    starts, ends = (list(root.iter(f"{W}bookmark{end}")) for end in ("Start", "End"))
    ids = [start.get(f"{W}id") for start in starts]
    assert len(set(ids)) == len({start.get(f"{W}name") for start in starts}) == 3
    assert ids == [end.get(f"{W}id") for end in ends]
    assert len({drawing.get("id") for drawing in root.iter() if str(drawing.tag).endswith("}docPr")}) == 3


def test_marks_of_spelling_and_bookmarks_inside_a_tag_do_not_hide_it():
    body = (
        '<w:p><w:r><w:t>Số {{</w:t></w:r><w:proofErr w:type="spellStart"/>'
        "<w:r><w:rPr><w:b/></w:rPr><w:t> to</w:t></w:r>"
        '<w:bookmarkStart w:id="1" w:name="_GoBack"/><w:bookmarkEnd w:id="1"/><w:r><w:t>ng</w:t></w:r>'
        "<w:r><w:tab/><w:t>}</w:t></w:r><w:r><w:t>} xã</w:t></w:r></w:p>"
    )
    assert texts(rendered(with_body(body), tong=5)) == ["Số 5 xã"]


def test_a_hoisted_tag_takes_both_ends_of_a_bookmark_with_it():
    body = (
        '<w:p><w:bookmarkStart w:id="1" w:name="a"/><w:r><w:t>{%p if co %}</w:t></w:r></w:p>'
        '<w:p><w:r><w:t>x</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p><w:p><w:r><w:t>{%p endif %}</w:t></w:r></w:p>'
    )
    root = part(rendered(with_body(body), co=1))
    assert [str(found.tag) for found in root.iter() if "bookmark" in str(found.tag)] == []


def test_text_boxes_are_filled_and_placed():
    box = (
        '<w:p><w:r><w:t>{{ a }}</w:t></w:r><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
        "<w:txbxContent><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        "<w:r><w:t> sau {{ b }}</w:t></w:r></w:p>"
    )
    result = rendered(with_body(box % "hộp {{ c }}"), a="A", b="B", c="C")
    assert "".join(text.text for text in part(result).iter(f"{W}t")) == "Ahộp C sau B"
    _, (found,) = compile_template(with_body(box % "{{ c c }}"), "mau.docx")
    assert found.place.spot == "đoạn 1, hộp văn bản"


def test_members_that_hold_no_tags_stay_as_they_are():
    content = word("{{ x }}", header=["Đầu trang"])
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(rendered(content, x=1))) as new:
        assert new.namelist()[0] == "[Content_Types].xml"
        assert sorted(new.namelist()) == sorted(old.namelist())
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        assert changed == {"word/document.xml"}
        assert {member.date_time for member in new.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_value_takes_the_format_of_the_first_letter_of_its_tag():
    document = docx.Document(io.BytesIO(rendered(word("Số ¦{{ ¦tong }¦} xã"), tong=5)))
    assert [(run.text, run.bold) for run in document.paragraphs[0].runs if run.text] == [
        ("Số ", False),
        ("5", True),
        (" xã", True),
    ]


def work(compiled, rows):
    """How many functions a rendering of so many rows calls."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    context = {"ds": [{"ten": "A & B", "so": 1}] * rows}
    sys.setprofile(count)
    try:
        compiled.render(context)
    finally:
        sys.setprofile(None)
    return calls


def test_the_work_grows_with_the_rows_and_no_faster():
    grid = Grid([["{%tr for d in ds %}", ""], ["{{ d.ten }}", "{{ loop.index }}"], ["{%tr endfor %}", ""], ["", ""]])
    compiled, _ = compile_template(word(grid), "mau.docx")
    work(compiled, 1)
    few, more, many = (work(compiled, rows) for rows in (500, 1000, 2000))
    assert (many - more) / (more - few) == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize("count", [1, 50_000])
def test_a_batch_of_empty_values_does_not_end_the_document(count):
    assert texts(rendered(word("[{% for x in xs %}{{ x }}{% endfor %}]"), xs=[""] * count)) == ["[]"]
