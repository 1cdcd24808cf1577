"""Word out of a template, with hostile data and hostile templates."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordFile

from documents.exceptions import NotPlain, RenderingError, TemplateRefused
from documents.filling import fill_template, inspect_template, plain
from tests.documents.words import make_template, text_of

HOSTILE = [
    "R&D <Sub Bag> Umum",
    "</w:t></w:r></w:p><w:p><w:r><w:t>PALSU</w:t></w:r></w:p>",
    "{{ 7 * 7 }} {% if x %} {# c #}",
    "{_{ nama }_} {_% for %_}",
    "&lt;b&gt; &amp; &#65; ]]>",
    'O\'Brien "Yos" \\ / % { }',
    "=cmd|' /C calc'!A0",
    "naïve “kutip” 漢字 🙂 \u202eterbalik",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_data_stay_literal_text_in_one_paragraph(hostile: str) -> None:
    template = make_template("Nama: {{ nama }}.", "{% for x in daftar %}{{ x.isi }}{% endfor %}")
    content = fill_template(
        template, {"nama": hostile, "daftar": [{"isi": hostile}]}, name="uji.docx"
    )
    assert text_of(content) == [f"Nama: {hostile}.", hostile]


def test_what_xml_cannot_carry_and_what_would_become_a_paragraph_is_replaced() -> None:
    content = fill_template(
        make_template("[{{ x }}]"), {"x": "a\x00b\ac\fd\x0be\ud800f"}, name="uji.docx"
    )
    assert text_of(content) == ["[a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf]"]


def test_lines_of_a_comment_stay_lines_and_tabs_stay_tabs() -> None:
    content = fill_template(make_template("{{ x }}"), {"x": "satu\r\ndua\ttiga"}, name="uji.docx")
    assert text_of(content) == ["satu\ndua\ttiga"]


def test_nothing_prints_as_nothing_and_numbers_as_an_office_writes_them() -> None:
    content = fill_template(
        make_template("{{ a }}|{{ b }}|{{ c }}|{{ d }}"),
        {"a": None, "b": 97.5, "c": True, "d": 12},
        name="uji.docx",
    )
    assert text_of(content) == ["|97,5|ya|12"]


ATTACKS = [
    "{{ cycler.__init__.__globals__.os.system('touch /tmp/x') }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os') }}",
    "{{ nama.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.__base__ }}",
    "{{ daftar.append(1) }}",
    "{{ baris.pop('isi') }}",
    "{% set _ = baris.__setitem__('isi', 2) %}",
    "{{ '{0.__class__}'.format(nama) }}",
    "{{ namespace(a=1) }}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_template_that_reaches_out_is_refused(attack: str) -> None:
    context = {"nama": "Petrus", "daftar": [], "baris": {"isi": 1}}
    with pytest.raises(RenderingError, match=r"serangan\.docx"):
        fill_template(make_template(attack), context, name="serangan.docx")


@pytest.mark.parametrize(
    "greedy",
    [
        "{% for a in x %}{% for b in x %}{% for c in x %}.{% endfor %}{% endfor %}{% endfor %}",
        "{{ 'a' * 10000000000 }}",
    ],
)
def test_a_template_that_eats_time_or_memory_ends_with_an_error(greedy: str) -> None:
    context = {"x": list(range(3000))}
    with pytest.raises(RenderingError, match=r"Templat Word 'rakus\.docx'"):
        fill_template(make_template(greedy), context, name="rakus.docx")


def test_a_missing_name_is_told_with_its_path_and_the_template() -> None:
    template = make_template("{% for p in pegawai %}{{ p.nip }}{% endfor %}")
    with pytest.raises(RenderingError) as caught:
        fill_template(template, {"pegawai": [{"nip": "1"}, {"nama": "B"}]}, name="resume.docx")
    assert "'resume.docx'" in str(caught.value)
    assert "'pegawai[2].nip'" in str(caught.value)
    assert "B" not in str(caught.value).replace("Templat", "").replace("Perbaiki", "")


@pytest.mark.parametrize("code", ["{{ nomor }}", "{% if nomor %}a{% endif %}", "{{ kop.copy }}"])
def test_every_use_of_a_missing_name_is_an_error(code: str) -> None:
    with pytest.raises(RenderingError, match=r"nomor|kop\.copy"):
        fill_template(make_template(code), {"kop": {"nama": "a"}}, name="uji.docx")


def test_a_key_named_like_a_method_is_a_key() -> None:
    content = fill_template(
        make_template("{{ x.items }} {{ x.keys }}"),
        {"x": {"items": "barang", "keys": "kunci"}},
        name="uji.docx",
    )
    assert text_of(content) == ["barang kunci"]


def test_a_slip_in_a_tag_is_told_with_its_place() -> None:
    with pytest.raises(RenderingError, match="salah tulis"):
        fill_template(make_template("{% for x in y %}Halo"), {"y": []}, name="uji.docx")


def test_names_a_template_asks_for_are_listed() -> None:
    template = make_template("{{ kop.nama }}", "{% for p in pegawai %}{{ p.nama }}{% endfor %}")
    assert inspect_template(template, name="uji.docx").names == ["kop", "pegawai"]


class Person:
    password = "rahasia"

    def delete(self) -> None:
        raise AssertionError("called from a template")


@pytest.mark.parametrize("value", [Person(), b"bytes", {1: "a"}, {"a": {"b": [Person()]}}, {1, 2}])
def test_a_context_of_anything_but_plain_data_is_refused(value: Any) -> None:
    with pytest.raises(NotPlain, match="data"):
        plain({"x": value})


def test_the_place_of_a_foreign_value_is_told() -> None:
    with pytest.raises(NotPlain, match=r"Person di data\.pegawai\[2\]\.orang"):
        plain({"pegawai": [{"orang": "a"}, {"orang": Person()}]})


def test_a_safe_string_of_django_is_refused_since_it_would_not_be_escaped() -> None:
    from django.utils.safestring import mark_safe

    with pytest.raises(NotPlain):
        plain({"x": mark_safe("<w:br/>")})


def _with_part(template: bytes, name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(target, "w") as copy:
        for member in source.namelist():
            if member != name:
                copy.writestr(member, source.read(member))
        copy.writestr(name, content)
    return target.getvalue()


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relation(kind: str, target: str, mode: str = "") -> bytes:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{RELATIONS}/{kind}" Target="{target}" {mode}/>'
        "</Relationships>"
    ).encode()


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/vbaProject.bin", b"x"),
        ("word/embeddings/oleObject1.bin", b"x"),
        (
            "word/_rels/settings.xml.rels",
            _relation("attachedTemplate", "http://example.org/a.dotm", 'TargetMode="External"'),
        ),
        ("word/_rels/comments.xml.rels", _relation("aFChunk", "chunk.html")),
        ("word/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        (
            "word/footer9.xml",
            b"<a><w:instrText>DDE</w:instrText><w:instrText>AUTO c</w:instrText></a>",
        ),
    ],
)
def test_a_template_with_more_than_text_is_refused(part: str, content: bytes) -> None:
    template = _with_part(make_template("Halo"), part, content)
    with pytest.raises(TemplateRefused, match=r"'uji\.docx' ditolak"):
        fill_template(template, {}, name="uji.docx")


@pytest.mark.parametrize("content", [b"", b"bukan zip", b"PK\x03\x04rusak"])
def test_a_file_that_is_no_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(TemplateRefused):
        fill_template(content, {}, name="uji.docx")


def test_the_child_gets_none_of_our_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import os, sys, json; sys.stdin.buffer.read();"
        "print(json.dumps({'error': 'other', 'detail': ','.join(sorted(os.environ))}))"
    )
    monkeypatch.setattr("documents.filling.SCRIPT", spy)
    monkeypatch.setenv("SOPAN_SECRET_KEY", "rahasia")
    with pytest.raises(RenderingError) as caught:
        fill_template(make_template("Halo"), {}, name="uji.docx")
    assert "SOPAN" not in str(caught.value)
    assert "LANG" in str(caught.value)


def test_a_child_that_does_not_end_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time; time.sleep(60)")
    monkeypatch.setattr("documents.filling.SCRIPT", sleeper)
    monkeypatch.setattr("documents.filling.WALL_SECONDS", 1)
    with pytest.raises(RenderingError, match="tidak selesai"):
        fill_template(make_template("Halo"), {}, name="uji.docx")


def test_a_loop_over_columns_keeps_the_width_of_each_cell() -> None:
    from documents.template_builder.matrix import recap_report
    from tests.documents.samples import context_for

    context = context_for("laporan_rekapitulasi.docx")
    content = fill_template(recap_report(), context, name="laporan_rekapitulasi.docx")
    table = max(WordFile(io.BytesIO(content)).tables, key=lambda t: len(t.columns))
    widths = [column.width for column in table.columns]
    assert len(widths) == 3 + 30 + 16
    assert len(set(widths[3:33])) == 1
    assert widths[1] > 5 * widths[3]
