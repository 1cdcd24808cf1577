"""Which names a template may use, and what somebody meant by one that is not there."""

import pytest

from documents.office.shape import shape_of

SAMPLE = {
    "kop": {"nama": "Dinas", "alamat": ""},
    "pegawai": [{"nama": "Ani", "kode": ["H", "TK"]}, {"nama": "Petrus", "nip": "1"}],
    "total": {"H": 3, "TK": 1},
    "hari": [1, 2],
    "kosong": [],
}
SHAPE = shape_of([SAMPLE, {"ralat": {"nomor": "800/1"}}])


@pytest.mark.parametrize(
    "path",
    [
        "kop", "kop.nama", "pegawai", "pegawai[]", "pegawai[].nip", "pegawai[].kode[]", "hari[]",
        "total[]", "total.TK", "kosong", "kosong[]", "ralat.nomor",
    ],
)  # fmt: skip
def test_whatever_a_sample_has_is_known(path: str) -> None:
    assert SHAPE.knows(path)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("kop.nam", "kop.nama"),
        ("kopp.nama", "kop.nama"),
        ("pegawai[].nma", "pegawai[].nama"),
        ("pegawai.nama", "pegawai[].nama"),
        ("nip", "pegawai[].nip"),
        ("kop.nama.panjang", ""),
        ("hari[].jam", ""),
        ("xyz", ""),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(path: str, meant: str) -> None:
    assert not SHAPE.knows(path)
    assert SHAPE.meant(path) == meant


def test_names_are_shown_as_one_writes_them_with_an_example() -> None:
    written = {name.path: (name.written, name.example) for name in SHAPE.names()}
    assert written["kop.nama"] == ("{{ kop.nama }}", "Dinas")
    assert written["pegawai"] == ("{% for baris_pegawai in pegawai %} … {% endfor %}", "")
    assert written["pegawai[].nama"] == ("{{ baris_pegawai.nama }}", "Ani")
    assert written["pegawai[].kode"][0] == (
        "{% for baris_kode in baris_pegawai.kode %} … {% endfor %}"
    )
    assert written["pegawai[].kode[]"] == ("{{ baris_kode }}", "H")
    assert written["hari[]"] == ("{{ baris_hari }}", "1")
