"""Rows that go around the library come out as they would through it, whatever they hold."""

import io
from typing import Any

import pytest
from docx import Document as WordFile
from docx.shared import Cm
from jinja2 import nodes
from lxml import etree

from documents.exceptions import RenderingError
from documents.filling import fill_template
from documents.renderer.names import w
from documents.renderer.rows import Rows
from documents.renderer.word import fill
from tests.documents.renderer_words import (
    HOSTILE,
    make_table,
    part,
    rows_of,
    same_xml,
    saved,
    with_body,
)

PEOPLE: dict[str, Any] = {
    "unit": [
        {"nama": "Sekretariat", "orang": [{"n": "Ani", "k": ["H", "S"]}, {"n": "B", "k": ["C"]}]},
        {"nama": "Aptika", "orang": []},
        {"nama": "IKP", "orang": [{"n": "Cici", "k": ["H", "H", "TK"]}]},
    ],
    "hari": [1, 2],
}
SIMPLE = make_table(
    ["No", "Nama"],
    ["{%tr for u in unit %}"],
    ["{{ loop.index }}", "{{ u.nama }}"],
    ["{%tr endfor %}"],
    ["", "JUMLAH"],
)
NESTED = make_table(
    ["{%tr for u in unit %}"],
    ["{{ u.nama }}", "{% if u.orang %}ada{% else %}kosong{% endif %}"],
    ["{%tr for o in u.orang %}"],
    ["{{ o.n }}", "{% for k in o.k %}{{ k }}{% if not loop.last %}, {% endif %}{% endfor %}"],
    ["{%tr endfor %}"],
    ["{%tr endfor %}"],
)
SHADED = "{% cellbg 'FF0000' if h > 1 else 'auto' %}{{ h }}"
COLUMNS = make_table(
    ["Nama", "{%tc for h in hari %}", "{{ h }}", "{%tc endfor %}", "n"],
    ["{%tr for u in unit %}"],
    ["{{ u.nama }}", "{%tc for h in hari %}", SHADED, "{%tc endfor %}", "{{ u.orang|length }}"],
    ["{%tr endfor %}"],
)
RAGGED = make_table(
    ["{%tr for u in unit %}"],
    ["{%tr for o in u.orang %}"],
    ["{{ o.n }}", "{%tc for k in o.k %}", "{{ k }}", "{%tc endfor %}"],
    ["{%tr endfor %}"],
    ["{%tr endfor %}"],
)
OUTER = make_table(
    ["{%tr for o in u.orang %}"],
    ["{{ o.n }}", "{{ o.k|join(' ') }}"],
    ["{%tr else %}"],
    ["kosong", ""],
    ["{%tr endfor %}"],
    before=["{%p for u in unit %}", "Unit {{ u.nama }}"],
    after=["{%p endfor %}"],
)
SPANS = make_table(
    ["Nama", "{%tc for h in hari %}", "{{ h }}", "{%tc endfor %}", "n"],
    ["{%tr for u in unit %}"],
    ["{% colspan hari|length + 2 %}{{ u.nama }}"],
    ["{%tr for o in u.orang %}"],
    ["{{ o.n }}", "{%tc for k in o.k %}", "{{ k }}", "{%tc endfor %}"],
    ["{%tr endfor %}"],
    ["{%tr endfor %}"],
    ["{%tr if unit %}"],
    ["JUMLAH", "{{ unit|length }}"],
    ["{%tr endif %}"],
)
SPANNED = make_table(
    ["Nama"],
    ["{%tr for u in unit %}"],
    ["{% colspan hari|length + u.orang|length %}{{ u.nama }}"],
    ["{%tr endfor %}"],
)
NAMED = make_table(
    ["{% set judul = 'Unit' %}{{ judul }}"],
    ["{%tr for u in unit %}"],
    ["{{ judul }} {{ u.nama }}"],
    ["{%tr endfor %}"],
)
KINDS = {
    "one row a turn": SIMPLE,
    "cells over several columns": SPANS,
    "one cell over several columns": SPANNED,
    "a name given in the heading": NAMED,
    "a heading per unit": NESTED,
    "columns by a loop": COLUMNS,
    "rows of different length": RAGGED,
    "a table per unit": OUTER,
}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tables each filling here has spliced."""
    seen: list[int] = []
    spliced = Rows.spliced

    def count(self: Rows, xml: bytes) -> Any:
        seen.append(len(self.tables))
        return spliced(self, xml)

    monkeypatch.setattr(Rows, "spliced", count)
    return seen


def slowly(monkeypatch: pytest.MonkeyPatch, template: bytes, context: dict[str, Any]) -> bytes:
    with monkeypatch.context() as patched:
        patched.setattr(Rows, "catch", lambda self, tree: None)
        return fill(template, context, {})


@pytest.mark.parametrize("kind", KINDS)
def test_caught_rows_come_out_as_those_that_went_through_the_library(
    kind: str, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = fill(KINDS[kind], PEOPLE, {})
    assert same_xml(fast) == same_xml(slowly(monkeypatch, KINDS[kind], PEOPLE))
    assert counted == [2 if kind == "a table per unit" else 1, 0]


def test_a_table_takes_the_columns_of_its_longest_row() -> None:
    word = WordFile(io.BytesIO(fill(RAGGED, PEOPLE, {})))
    assert len(word.tables[0].columns) == 4


def test_a_loop_over_columns_keeps_the_width_of_each_cell() -> None:
    word = WordFile(io.BytesIO(COLUMNS))
    for row in word.tables[0].rows:
        row.cells[0].width = Cm(6)
    table = WordFile(io.BytesIO(fill(saved(word), PEOPLE | {"hari": [1, 2, 3, 4]}, {}))).tables[0]
    assert [round((column.width or 0) / Cm(1)) for column in table.columns] == [6] + [2] * 5


def test_the_order_of_rows_and_tables_is_that_of_the_data() -> None:
    content = fill(OUTER, PEOPLE, {})
    assert rows_of(content, 0) == [["Ani", "H S"], ["B", "C"]]
    assert rows_of(content, 1) == [["kosong", ""]]
    assert rows_of(content, 2) == [["Cici", "H H TK"]]


def test_a_table_that_lost_all_its_rows_is_taken_out() -> None:
    template = make_table(["{%tr for u in unit %}"], ["{{ u }}"], ["{%tr endfor %}"])
    assert WordFile(io.BytesIO(fill(template, {"unit": []}, {}))).tables == []


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("kind", ["a heading per unit", "a table per unit"])
def test_hostile_texts_in_caught_rows_are_literal(
    kind: str, hostile: str, counted: list[int]
) -> None:
    def people(text: str) -> dict[str, Any]:
        return {"unit": [{"nama": text, "orang": [{"n": text, "k": [text, text]}] * 3}] * 2}

    content, control = fill(KINDS[kind], people(hostile), {}), fill(KINDS[kind], people("x"), {})
    texts = [cell for row in rows_of(content) for cell in row]
    assert counted[0] > 0
    assert sum(text.count(hostile) for text in texts) == len(
        [t for row in rows_of(control) for cell in row for t in cell if t == "x"]
    )
    assert _paragraphs(content) == _paragraphs(control)


def _paragraphs(content: bytes) -> int:
    return len(list(etree.fromstring(part(content)).iter(w("p"))))


@pytest.mark.parametrize("text", ["a\x00b", "c\ufffed", "e\ud800f", "g\x0bh\x0ci\aj"])
def test_what_xml_cannot_carry_is_replaced_in_caught_rows_too(text: str) -> None:
    content = fill_template(SIMPLE, {"unit": [{"nama": text}]}, name="uji.docx")
    cell = rows_of(content)[1][1]
    assert "\ufffd" in cell
    assert len(cell) == len(text)


def test_lines_and_tabs_stay_lines_and_tabs_in_one_paragraph() -> None:
    content = fill(SIMPLE, {"unit": [{"nama": "satu\r\ndua\ttiga"}]}, {})
    assert rows_of(content)[1][1] == "satu\ndua\ttiga"


CODES = ["H", "1", 1, True, 1.0, None, "H", 1, True, 1.0, "<&>", "H" * 50, "H" * 50]


@pytest.mark.parametrize(
    "cell",
    [
        "{{ k }}",
        "{% cellbg 'FF0000' if k == 1 else 'auto' %}{{ k }}",
        "{% if k == 'H' %}hadir{% else %}{{ k }}{% endif %}",
        "{{ k }}/{{ loop.index }}",
        "{{ k }}/{{ hari[0] }}",
    ],
)
def test_each_turn_shows_its_own_value_however_often_it_comes(
    cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ["{{ u.n }}", "{%tc for k in u.k %}", cell, "{%tc endfor %}"]
    template = make_table(["{%tr for u in unit %}"], row, ["{%tr endfor %}"])
    context = {"unit": [{"n": 1, "k": CODES}, {"n": 2, "k": CODES[::-1]}], "hari": [7]}
    assert same_xml(fill(template, context, {})) == same_xml(slowly(monkeypatch, template, context))


def test_a_name_that_is_missing_in_a_turn_alone_is_told() -> None:
    row = ["{%tc for k in kode %}", "{% if k == 'X' %}{{ k.lain }}{% endif %}", "{%tc endfor %}"]
    template = make_table(["{%tr for u in unit %}"], ["a", *row], ["{%tr endfor %}"])
    with pytest.raises(RenderingError, match="lain"):
        fill_template(template, {"unit": [1], "kode": ["H", "H", "X"]}, name="uji.docx")


def test_the_rows_of_a_whole_table_are_caught_with_its_heading() -> None:
    from documents.renderer.sandbox import Sandbox
    from documents.renderer.word import patched

    word: Any = WordFile(io.BytesIO(SIMPLE))
    tree = Sandbox(Rows().catch).parse(patched(word._element))
    table, *_ = tree.find_all(nodes.FilterBlock)
    texts = "".join(data.data for data in table.find_all(nodes.TemplateData))
    assert "Nama" in texts
    assert "JUMLAH" in texts


def test_rows_beyond_what_any_part_may_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.renderer.rows.MAX_PART", 100_000)
    people = [{"nama": "A"}] * 1000
    fill(SIMPLE, {"unit": people[:10]}, {})
    with pytest.raises(MemoryError):
        fill(SIMPLE, {"unit": people}, {})


UNPROVABLE = {
    "a comment that prints": ("{{ u.nama }}</w:t>", "</w:t><!-- {{ u.nama }} -->"),
    "a cell that may lose its paragraph": ("<w:p><w:r><w:t>{{ u.nama }}</w:t></w:r></w:p>", ""),
    "a drawing": ("{{ u.nama }}</w:t>", "{{ u.nama }}</w:t><w:drawing/>"),
    "a field": ("{{ u.nama }}</w:t>", '{{ u.nama }}</w:t><w:fldChar w:fldCharType="begin"/>'),
    "a loop across cells": ("{{ u.nama }}", "{% for x in [1] %}{{ u.nama }}"),
}


@pytest.mark.parametrize("kind", UNPROVABLE)
def test_a_loop_that_proves_nothing_is_not_caught(kind: str) -> None:
    from documents.renderer.sandbox import Sandbox
    from documents.renderer.word import patched

    old, new = UNPROVABLE[kind]
    word: Any = WordFile(io.BytesIO(with_body(SIMPLE, old, new)))
    source = patched(word._element)
    if "loop" in kind:
        source = source.replace("{% endfor %}", "{% endfor %}{% endfor %}")
    tree = Sandbox(Rows().catch).parse(source)
    assert not list(tree.find_all(nodes.FilterBlock))


def test_cells_keep_the_order_of_their_properties_that_the_schema_asks_for() -> None:
    body = etree.fromstring(part(fill(COLUMNS, PEOPLE, {})))
    shaded = [each for each in body.iter(w("tcPr")) if each.find(w("shd")) is not None]
    assert len(shaded) == 6
    for properties in shaded:
        assert [child.tag for child in properties][:2] == [w("tcW"), w("shd")]
