"""What a template may not hold, and what a template may not say: nothing runs, nothing passes."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from docx import Document as WordFile

from documents.exceptions import RenderingError, TemplateRefused
from documents.filling import fill_template, inspect_template
from documents.renderer.client import RENDERER
from documents.template_guard import check_template
from tests.documents.renderer_words import make_table, part, png, saved, with_body, with_part
from tests.documents.words import make_template, text_of

GOOD = make_template("Halo {{ nama }}")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def relations(kind: str, target: str, mode: str = "") -> bytes:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}" {mode}/>'
        "</Relationships>"
    ).encode()


def settings(content: str) -> bytes:
    return f"<w:settings {WORDS}>{content}</w:settings>".encode()


EXTERNAL = 'TargetMode="External"'
RELATED = "word/_rels/settings.xml.rels"
PARTS = {
    "macros": ("word/vbaProject.bin", b"x"),
    "macros under another name": ("word/gambar.bin", b"x"),
    "an embedded object": ("word/embeddings/oleObject1.bin", b"x"),
    "a remote template": (RELATED, relations("attachedTemplate", "https://a/b.dotm", EXTERNAL)),
    "a remote picture": (RELATED, relations("image", "https://a/b.png", EXTERNAL)),
    "a picture on a share": (RELATED, relations("image", "file://server/b.png", EXTERNAL)),
    "a link to a program": (RELATED, relations("hyperlink", "file:///c:/calc.exe", EXTERNAL)),
    "another document": (RELATED, relations("aFChunk", "bagian.html")),
    "an unknown relation": (RELATED, relations("oleObject", "bagian.xml")),
    "a main part elsewhere": ("word/_rels/x.xml.rels", relations("officeDocument", "word/x.xml")),
    "a DTD": ("word/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "a DTD in UTF-16": ("word/extra.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")),
    "broken XML": ("word/extra.xml", b"<a>"),
    "an embedded font": ("word/fonts/font1.odttf", b"x"),
    "a vector picture": ("word/media/a.emf", b"x"),
    "a picture with a script": ("word/media/a.svg", b"<svg/>"),
    "a program called a picture": ("word/media/a.png", b"MZ"),
    "a question to a database": ("word/settings.xml", settings("<w:mailMerge/>")),
    "an old drawing that fetches": (
        "word/extra.xml",
        b'<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://a/b.png"/>',
    ),
    "a million elements": ("word/extra.xml", b"<a>" + b"<b/>" * 400_001 + b"</a>"),
    "a bomb": ("word/extra.xml", b"<a>" + b" " * 21 * 1024 * 1024 + b"</a>"),
}


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.fault("F30")
def test_a_file_with_more_than_text_and_pictures_is_refused(kind: str) -> None:
    with pytest.raises(TemplateRefused, match=r"'uji\.docx' ditolak"):
        check_template(with_part(GOOD, *PARTS[kind]), name="uji.docx")


@pytest.mark.parametrize("content", [b"", b"bukan zip", b"PK\x03\x04rusak"])
def test_a_file_that_is_no_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(TemplateRefused):
        check_template(content, name="uji.docx")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("main+xml", "macroEnabled.main+xml"),
        ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"),
    ],
)
def test_a_file_of_another_kind_is_refused(old: str, new: str) -> None:
    types = part(GOOD, "[Content_Types].xml").decode().replace(old, new)
    with pytest.raises(TemplateRefused, match=r"\.docx"):
        check_template(with_part(GOOD, "[Content_Types].xml", types.encode()), name="uji.docx")


@pytest.mark.parametrize("name", ["altChunk", "subDoc", "object", "control"])
def test_an_element_that_brings_something_in_is_refused(name: str) -> None:
    spoilt = with_body(GOOD, "<w:sectPr", f"<w:{name}/><w:sectPr")
    with pytest.raises(TemplateRefused, match=name):
        check_template(spoilt, name="uji.docx")


def field(*runs: str) -> str:
    text = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{text}{end}</w:p>"


FIELDS = {
    "DDE": field("DDE c x"),
    "in two runs": field("DDE", "AUTO c x"),
    "of another case": field("includePicture http://a/b.png"),
    "IMPORT": field("IMPORT a.png"),
    "INCLUDETEXT": field("INCLUDETEXT a.docx"),
    "DATABASE": field("DATABASE \\d a"),
    "MACROBUTTON": field("MACROBUTTON x y"),
    "a link": field('HYPERLINK "file:///c:/calc.exe"'),
    "put together by Jinja": field("{{ 'D' }}DE c x"),
    "put together from fields": field("</w:instrText></w:r>" + field("QUOTE DDE")[5:-6]
                                      + "<w:r><w:instrText>c x"),
    "outside of a field": "<w:p><w:r><w:instrText>DDE c x</w:instrText></w:r></w:p>",
    "simple": '<w:p><w:fldSimple w:instr="DDEAUTO c x"/></w:p>',
}  # fmt: skip


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.fault("F30")
def test_a_field_that_fetches_or_starts_something_is_refused(kind: str) -> None:
    spoilt = with_body(GOOD, "<w:sectPr", f"{FIELDS[kind]}<w:sectPr")
    with pytest.raises(TemplateRefused, match="bidang"):
        check_template(spoilt, name="uji.docx")


def test_a_field_that_a_template_puts_together_when_filled_is_refused() -> None:
    hidden = field("PAGE").replace(
        "<w:r><w:instrText>PAGE",
        "<w:r><w:t>{% if tidak %}</w:t></w:r><w:r><w:instrText>PAGE </w:instrText></w:r>"
        "<w:r><w:t>{% endif %}</w:t></w:r><w:r><w:instrText>DDE c x",
    )
    template = with_body(GOOD, "<w:sectPr", f"{hidden}<w:sectPr")
    check_template(template, name="uji.docx")
    with pytest.raises(RenderingError, match="bidang"):
        fill_template(template, {"nama": "", "tidak": False}, name="uji.docx")


def test_what_an_ordinary_letter_has_is_accepted() -> None:
    word = WordFile()
    word.add_paragraph("Halaman")
    word.add_picture(io.BytesIO(png(4, 4)))
    link = word.part.relate_to("https://example.org/", f"{OFFICE}/hyperlink", is_external=True)
    assert link
    allowed = field(" PAGE ") + field("NUMPAGES") + field('HYPERLINK \\l "_Toc1"')
    check_template(with_body(saved(word), "<w:sectPr", f"{allowed}<w:sectPr"), name="uji.docx")


def test_data_of_add_ins_are_left_out_of_what_is_written() -> None:
    template = with_part(GOOD, "customXml/item1.xml", b"<rahasia/>")
    links = part(GOOD, "word/_rels/document.xml.rels").decode()
    own = relations("customXml", "../customXml/item1.xml").decode()
    links = links.replace("</Relationships>", own[own.index("<Relationship I") :])
    template = with_part(template, "word/_rels/document.xml.rels", links.encode())
    with zipfile.ZipFile(io.BytesIO(fill_template(template, {"nama": ""}, name="x"))) as archive:
        assert not [name for name in archive.namelist() if "customXml/" in name]


MARKER = Path("/tmp/sopan-templat-berjalan")  # noqa: S108  it must never come to be
RUN = f"system('touch {MARKER}')"
SAID = [
    f"{{{{ cycler.__init__.__globals__.os.{RUN} }}}}",
    f"{{{{ lipsum.__globals__['os'].{RUN} }}}}",
    f"{{{{ self.__init__.__globals__.__builtins__.__import__('os').{RUN} }}}}",
    f"{{{{ nama['__class__']['__mro__'][1]['__subclasses__']()[0].{RUN} }}}}",
    "{{ nama|attr('__class__') }}",
    "{{ [nama]|map(attribute='__class__')|list }}",
    "{{ [nama]|map('upper')|map('safe')|list }}",
    "{{ nama|safe }}",
    "{{ nama.upper() }}",
    "{{ nama.delete }}",
    "{{ '%s'.format(nama) }}",
    "{{ baris.update({}) }}",
    "{% set _ = baris.pop('isi') %}",
    "{{ namespace(a=1) }}",
    "{% for a in range(10**9) %}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import '/etc/passwd' as x %}",
    "{% from '/etc/passwd' import x %}",
    "{% extends '/etc/passwd' %}",
    "{% block a %}{% endblock %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% call baris() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% set a %}</w:t>{% endset %}{{ a }}",
    "{% autoescape false %}{{ nama }}{% endautoescape %}",
    "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
]
GREEDY = [
    "{% for a in x %}{% for b in x %}{% for c in x %}.{% endfor %}{% endfor %}{% endfor %}",
    "{{ 'a' * 10000000000 }}",
    "{{ 'a'|center(10000000000) }}",
    "{{ '%10000000000d'|format(1) }}",
    "{% for a in [1] * 10**9 %}{% endfor %}",
    "{{ 10 ** (10 ** 10) }}",
]


def the_worker_lives(pid: int | None) -> bool:
    content = fill_template(GOOD, {"nama": "Ani"}, name="baik.docx")
    return text_of(content) == ["Halo Ani"] and pid in (None, RENDERER.pid)


@pytest.mark.parametrize("said", SAID)
@pytest.mark.fault("F28")
def test_a_template_that_reaches_out_is_refused_and_nothing_runs(said: str) -> None:
    context = {"nama": "Petrus", "baris": {"isi": 1}}
    pid = RENDERER.pid
    for template in (
        make_template(said),
        make_table(["{%tr for o in [1] %}"], [said], ["{%tr endfor %}"]),
    ):
        with pytest.raises(RenderingError, match=r"serangan\.docx"):
            fill_template(template, context, name="serangan.docx")
    assert not MARKER.exists()
    assert the_worker_lives(pid)


@pytest.mark.parametrize("greedy", GREEDY)
def test_a_template_that_eats_time_or_memory_ends_and_the_worker_lives(greedy: str) -> None:
    pid = RENDERER.pid
    with pytest.raises(RenderingError, match=r"'rakus\.docx'"):
        fill_template(
            make_template(greedy), {"x": list(range(3000))}, name="rakus.docx", cpu_seconds=2
        )
    assert the_worker_lives(pid)


@pytest.mark.parametrize("greedy", GREEDY)
def test_reading_a_greedy_template_is_bounded_too(greedy: str) -> None:
    pid = RENDERER.pid
    with contextlib.suppress(RenderingError):
        inspect_template(make_template(greedy), name="rakus.docx")
    assert the_worker_lives(pid)
