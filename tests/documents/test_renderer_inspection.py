"""What a template asks for, and the place in Word of each use and of each slip."""

import pytest
from docx import Document as WordFile

from documents.exceptions import RenderingError
from documents.filling import fill_template, inspect_template
from tests.documents.renderer_words import make_table, saved
from tests.documents.words import make_template


def paths(*paragraphs: str) -> list[str]:
    inspection = inspect_template(make_template(*paragraphs), name="uji.docx")
    return list(dict.fromkeys(use.path for use in inspection.uses))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("{{ kop.nama|upper }}", ["kop.nama"]),
        ("{{ kop['nama'] }}", ["kop.nama"]),
        (
            "{% for p in pegawai %}{{ loop.index }}{{ p.nama }}{% endfor %}",
            ["pegawai", "pegawai[].nama"],
        ),
        ("{% for h in hari %}{{ h }}{% endfor %}", ["hari", "hari[]"]),
        (
            "{% for u in unit %}{% for p in u.o if p.aktif %}{{ p.nip }}{% endfor %}{% endfor %}",
            ["unit", "unit[].o", "unit[].o[].aktif", "unit[].o[].nip"],
        ),
        ("{{ pegawai[0].nama }}{{ (pegawai|first).nip }}", ["pegawai[].nama", "pegawai[].nip"]),
        ("{{ pegawai|length }}", ["pegawai"]),
        ("{{ pegawai|sum(attribute='menit') }}", ["pegawai[].menit", "pegawai"]),
        ("{% set a = kop.atasan %}{{ a.nama }}", ["kop.atasan.nama"]),
        ("{% if x is defined %}ya{% endif %}", []),
        ("{% if ttd.a_n and n > 3 %}{{ 'a' ~ b }}{% endif %}", ["ttd.a_n", "n", "b"]),
        ("{% for p in a|sort(attribute='x') %}{{ p.y }}{% endfor %}", ["a", "a[].x", "a[].y"]),
        ("{{ total[kolom] }}", ["total[]", "kolom"]),
        ("Tanpa tanda", []),
    ],
)
def test_paths_are_followed_through_loops_names_and_filters(code: str, expected: list[str]) -> None:
    assert paths(code) == expected


def test_each_use_tells_its_place_in_word() -> None:
    word = WordFile()
    word.add_paragraph("Halo")
    broken = word.add_paragraph("Yth. ")
    for piece in ("{", "{ kepada", ".nama }", "} di tempat"):  # as Word splits what one types
        broken.add_run(piece)
    word.add_table(rows=1, cols=1)
    table = word.add_table(rows=4, cols=2)
    for row, texts in enumerate(
        [
            ("No", ""),
            ("{%tr for p in orang %}", ""),
            ("{{ p.no }}", "{% cellbg p.warna %}{{ p.nama }}"),
            ("{%tr endfor %}", ""),
        ]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    word.sections[0].footer.paragraphs[0].text = "{{ kode }}"
    places = {use.path: use.place for use in inspect_template(saved(word), name="x").uses}
    assert places == {
        "kepada.nama": "Paragraf 2: Yth. {{ kepada.nama }} di tempat",
        "orang": "Tabel 2, baris 2: {%tr for p in orang %}",
        "orang[].no": "Tabel 2, baris 3: {{ p.no }}",
        "orang[].warna": "Tabel 2, baris 3: {% cellbg p.warna %}{{ p.nama }}",
        "orang[].nama": "Tabel 2, baris 3: {% cellbg p.warna %}{{ p.nama }}",
        "kode": "Kaki halaman, paragraf 1: {{ kode }}",
    }


def test_a_long_paragraph_is_shown_around_the_tag() -> None:
    (use,) = inspect_template(make_template("kata " * 50 + "{{ x }}" + " lagi" * 50), name="x").uses
    assert use.place.startswith("Paragraf 1: …")
    assert "{{ x }}" in use.place
    assert len(use.place) < 90


SLIPS = [
    ("{% for x in y %}Halo", "{% for … %} belum ditutup dengan {% endfor %}"),
    ("{% if x %}Halo{% endfor %}", "{% endfor %} tidak punya pasangan"),
    ("Halo {% endif %}", "{% endif %} tidak punya pasangan"),
    ("{{ nama lengkap }}", "'lengkap' tidak pada tempatnya"),
    ("{{ nama|tebal }}", "tidak diizinkan (|tebal)"),
    ("{% jika x %}", "tidak ada perintah 'jika'"),
    ("{{ x is genap }}", "tidak ada uji 'genap'"),
]


@pytest.mark.parametrize(("code", "reason"), SLIPS)
def test_a_slip_is_told_with_its_place(code: str, reason: str) -> None:
    template = make_table(["Nama", code], before=["Kepada", "{{ siapa }}"])
    with pytest.raises(RenderingError) as read:
        inspect_template(template, name="uji.docx")
    with pytest.raises(RenderingError) as filled:
        fill_template(template, {"siapa": "x", "x": 1, "nama": "", "y": []}, name="uji.docx")
    for caught in (read, filled):
        assert reason in str(caught.value)
        assert "Tabel 1, baris 1" in str(caught.value)


def test_a_missing_name_is_told_with_its_place() -> None:
    with pytest.raises(RenderingError, match=r"'kop\.kontak'.*Paragraf 2: \{\{ kop.kontak \}\}"):
        fill_template(make_template("a", "{{ kop.kontak }}"), {"kop": {}}, name="uji.docx")


def test_a_value_used_in_a_way_that_does_not_fit_is_told_with_its_place() -> None:
    with pytest.raises(RenderingError, match=r"tidak cocok \(Paragraf 1"):
        fill_template(make_template("{{ nama + 1 }}"), {"nama": "Ani"}, name="uji.docx")


def test_nothing_of_the_template_runs_when_it_is_read() -> None:
    paths("{% for a in x %}{{ 1 / 0 }}{% endfor %}")
