"""A changed template is looked through whole: every slip in its place, then a trial."""

from typing import Any

import pytest

from documents import filling
from documents.exceptions import RendererAway
from documents.models import Document
from documents.office.checking import INVENTED, Checked, check_version
from documents.office.listing import Offered, offered_template
from documents.renderer.client import RENDERER, Unavailable
from processes.models import Instance
from tests.cast import Cast
from tests.documents.conftest import work
from tests.documents.renderer_words import make_table, part, with_part
from tests.documents.words import make_template, text_of

SLIP = "Paragraf 3: {{ isi lengkap }} {{ isii }}"
LASTING = ("{{ nomor }}", "{{ ttd.nama }}")


def check(offered: Offered, cast: Cast, content: bytes, newest: Document | None = None) -> Checked:
    return check_version(content, offered, agency=cast.agency, newest=newest)


def told(checked: Checked) -> list[tuple[str, str]]:
    return [(finding.place, finding.text) for finding in checked.findings]


def test_the_standard_template_itself_has_no_finding(cast: Cast, offered: Offered) -> None:
    checked = check(offered, cast, offered.standard)
    assert checked.is_good
    assert checked.findings == ()
    assert "Rapat koordinasi" in text_of(checked.preview)
    assert checked.preview_of == INVENTED


def test_all_slips_are_told_at_once_each_with_its_place(cast: Cast, offered: Offered) -> None:
    template = make_table(
        ["Nama", "{{ orang[0].nma }}"],
        before=[
            *LASTING,
            "{{ isi lengkap }} {{ isii }}",
            "{{ kop.nam }} {{ isi }}",
            "{{ isi|safe }}",
        ],
        after=["{{ tidak_ada }}", "{{ isi is genap }}"],
    )
    checked = check(offered, cast, template)
    assert not checked.is_good
    assert told(checked) == [
        (SLIP, "Salah tulis: 'lengkap' tidak pada tempatnya."),
        (SLIP, "Nama isii tidak dikenal."),
        ("Paragraf 5: {{ isi|safe }}", "Perintah |safe tidak diizinkan."),
        ("Paragraf 7: {{ isi is genap }}", "Salah tulis: tidak ada uji 'genap'."),
        ("Paragraf 4: {{ kop.nam }} {{ isi }}", "Nama kop.nam tidak dikenal."),
        ("Tabel 1, baris 1: {{ orang[0].nma }}", "Nama orang[].nma tidak dikenal."),
        ("Paragraf 6: {{ tidak_ada }}", "Nama tidak_ada tidak dikenal."),
    ]
    meant = {finding.text: finding.todo for finding in checked.findings}
    assert meant["Nama kop.nam tidak dikenal."].startswith("Maksudnya kop.nama?")
    assert meant["Nama orang[].nma tidak dikenal."].startswith("Maksudnya orang[].nama?")
    assert checked.preview == b""


def test_of_an_unknown_list_the_fields_are_not_told_again(cast: Cast, offered: Offered) -> None:
    template = make_template(*LASTING, "{% for o in orng %}{{ o.nama }}{{ o.nip }}{% endfor %}")
    checked = check(offered, cast, template)
    assert [text for _, text in told(checked)] == ["Nama orng tidak dikenal."]


def test_a_loop_without_its_end_does_not_hide_other_slips(cast: Cast, offered: Offered) -> None:
    checked = check(
        offered, cast, make_template(*LASTING, "{% for o in orang %}", "{{ a b }}", "{{ o.nama }}")
    )
    assert [place for place, _ in told(checked)] == [
        "Paragraf 4: {{ a b }}",
        "Paragraf 3: {% for o in orang %}",
    ]


def test_every_block_without_its_end_is_told_at_once(cast: Cast, offered: Offered) -> None:
    template = make_template(
        *LASTING,
        "{% endif %}",
        "{% for o in orang %}",
        "{% if isi %}",
        "{% endfor %}",
        "{% if 1 %}",
    )
    assert [text for _, text in told(check(offered, cast, template))] == [
        "Salah tulis: {% endif %} tidak punya pasangan.",
        "Salah tulis: {% if … %} belum ditutup dengan {% endif %}.",
        "Salah tulis: {% if … %} belum ditutup dengan {% endif %}.",
    ]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("{{ }}", "tanda ini kosong atau belum selesai"),
        ("{{ isi == }}", "tanda ini kosong atau belum selesai"),
        ("{{ isi. }}", "belum ada nama sesudah titik"),
        ("{{ (isi }}", "'}' tidak pada tempatnya"),
        ("{% if isi = 1 %}{% endif %}", "'=' tidak pada tempatnya"),
        ("{% %}", "tidak ada perintah di dalamnya"),
    ],
)
def test_what_jinja_says_of_a_slip_is_told_in_indonesian(
    cast: Cast, offered: Offered, tag: str, words: str
) -> None:
    checked = check(offered, cast, make_template(*LASTING, tag))
    assert f"Salah tulis: {words}." in [text for _, text in told(checked)]


def test_what_got_lost_is_a_warning_and_stops_nothing(cast: Cast, offered: Offered) -> None:
    checked = check(offered, cast, make_template("{{ isi }}"))
    assert checked.is_good
    assert [text for _, text in told(checked)] == [
        "Templat tidak lagi memuat nomor surat.",
        "Templat tidak lagi memuat nama dan jabatan penanda tangan.",
    ]
    assert not any(finding.is_error for finding in checked.findings)


def test_a_lost_code_and_a_lost_qr_are_warned_of(cast: Cast) -> None:
    receipt = offered_template("laporan/tanda_terima_akun.docx")
    checked = check(receipt, cast, make_template(*LASTING))
    texts = " ".join(text for _, text in told(checked))
    for word in ("kode verifikasi", "sidik data", "kode QR", "logo"):
        assert word in texts


def test_what_only_the_trial_shows_is_an_error(cast: Cast, offered: Offered) -> None:
    checked = check(offered, cast, make_template(*LASTING, "{{ isi + 1 }}"))
    assert not checked.is_good
    assert "tidak cocok (Paragraf 3" in checked.findings[0].text


def test_the_preview_shows_the_newest_document_of_the_office(
    cast: Cast, instance: Instance, offered: Offered
) -> None:
    work(instance)
    newest = Document.objects.get(kind="surat")
    checked = check(offered, cast, make_template(*LASTING, "{{ isi }}"), newest)
    assert "R&D <Sub Bag> {{ 7 * 7 }}" in text_of(checked.preview)
    assert checked.preview_of == newest.file_name


def test_data_of_before_that_lack_a_new_name_are_only_a_warning(
    cast: Cast, instance: Instance, offered: Offered
) -> None:
    work(instance)
    newest = Document.objects.get(kind="surat")
    newest.context["orang"] = []
    checked = check(offered, cast, make_template(*LASTING, "{{ orang[0].nama }}"), newest)
    assert checked.is_good
    assert newest.file_name in checked.findings[0].text
    assert checked.preview_of == INVENTED


def test_a_procedure_without_sample_data_is_checked_by_what_its_standard_uses(
    cast: Cast, offered: Offered
) -> None:
    letter = offered_template("surat_singkat/orang.docx")
    good = check(letter, cast, make_template(*LASTING, "{{ item.nama }}"))
    assert good.is_good
    assert "belum dapat dicoba" in good.findings[0].text
    bad = check(letter, cast, make_template(*LASTING, "{{ item.nma }}"))
    assert bad.findings[0].todo.startswith("Maksudnya item.nama?")


def test_a_file_that_became_hostile_is_one_finding(cast: Cast, offered: Offered) -> None:
    checked = check(offered, cast, with_part(offered.standard, "word/vbaProject.bin", b"x"))
    assert "makro" in checked.findings[0].text
    assert len(checked.findings) == 1


@pytest.mark.parametrize(
    "greedy",
    ["{{ 'a' * 10000000000 }}", "{% for a in [1] * 10**9 %}{% endfor %}"],
)
def test_a_greedy_template_ends_with_a_finding_and_the_worker_lives(
    cast: Cast, offered: Offered, greedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "CPU_SECONDS", 2)
    checked = check(offered, cast, make_template(*LASTING, greedy))
    assert not checked.is_good
    assert check(offered, cast, make_template(*LASTING)).is_good


def test_a_renderer_that_cannot_start_says_nothing_about_the_template(
    cast: Cast, offered: Offered, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(RENDERER, "run", away)
    with pytest.raises(RendererAway):
        check(offered, cast, offered.standard)


def test_a_picture_with_another_name_is_no_qr(cast: Cast) -> None:
    receipt = offered_template("laporan/tanda_terima_akun.docx")
    content = receipt.standard
    footer = next(
        name
        for name in (
            "word/footer1.xml",
            "word/footer2.xml",
            "word/footer3.xml",
            "word/document.xml",
        )
        if b'descr="qr"' in _part(content, name)
    )
    renamed = part(content, footer).replace(b'descr="qr"', b'descr="gambar"')
    checked = check(receipt, cast, with_part(content, footer, renamed))
    assert any("kode QR" in text for _, text in told(checked))


def _part(content: bytes, name: str) -> bytes:
    try:
        return part(content, name)
    except KeyError:
        return b""
