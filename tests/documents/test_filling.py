"""Word out of a template, with hostile data and hostile templates."""

from typing import Any

import pytest

from documents.exceptions import NotPlain, RenderingError
from documents.filling import fill_template, inspect_template, plain
from tests.documents.renderer_words import HOSTILE
from tests.documents.words import make_template, text_of


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.fault("F29")
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


@pytest.mark.parametrize("code", ["{{ daftar }}", "{{ baris }}", "{{ daftar|map('upper') }}"])
def test_what_no_letter_would_say_is_not_printed(code: str) -> None:
    with pytest.raises(RenderingError, match="tidak cocok"):
        fill_template(make_template(code), {"daftar": ["a"], "baris": {"a": 1}}, name="uji.docx")


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
