"""What stands out in an agency's indicators, for the side that looks at it; no database."""

from typing import Any

import pytest

from attendance.recaps.evaluation_periods import months_of_quarter, quarter_before
from attendance.recaps.evaluation_texts import remarks_of
from tests.attendance.people import APRIL

GOOD: dict[str, Any] = {
    "bulan": 3, "disahkan": 3, "tepat": 3, "pegawai": 20, "terekam": 20, "mesin": 2,
    "hari_mesin": 182, "hari_mesin_terganggu": 0, "hari_gangguan": 0, "M": 0, "non_jari": 0,
    "TK": 0, "KJK": 40, "surat_terlambat": 0, "resume_kembali": 0, "lewat_baku": 0,
    "koreksi_menunggu": 0, "petugas": 2,
}  # fmt: skip


def said(side: str, **changed: Any) -> list[str]:
    return [remark.text for remark in remarks_of(GOOD | changed, side)]


def test_nothing_stands_out_where_all_is_well() -> None:
    assert said("discipline") == said("machines") == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"disahkan": 1, "tepat": 1}, "2 bulan belum disahkan"),
        ({"tepat": 2}, "1 bulan disahkan terlambat"),
        ({"TK": 4}, "4 hari tanpa keterangan"),
        ({"KJK": 9000}, "KJK 450 menit per pegawai"),
        ({"surat_terlambat": 2}, "2 surat terlambat diputuskan"),
        ({"resume_kembali": 3}, "resume dikembalikan 3 kali"),
        ({"lewat_baku": 5}, "5 langkah melebihi waktu baku"),
        ({"koreksi_menunggu": 1}, "1 koreksi menunggu keputusan"),
    ],
)
def test_what_bkd_looks_at_is_no_matter_of_the_machines(
    changed: dict[str, int], words: str
) -> None:
    assert said("discipline", **changed) == [words]
    assert said("machines", **changed) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"mesin": 0}, "tidak ada mesin aktif"),
        ({"terekam": 17}, "3 dari 20 pegawai belum terekam"),
        ({"hari_mesin_terganggu": 91, "hari_gangguan": 60}, "mesin bekerja 50,0 % (60 hari"),
        ({"M": 7}, "7 hari orang memakai daftar manual"),
        ({"non_jari": 2}, "2 hari orang absen tanpa sidik jari"),
        ({"petugas": 1}, "1 petugas e-absensi, paling sedikit 2"),
    ],
)
def test_what_the_managers_look_at_is_no_matter_of_discipline(
    changed: dict[str, int], words: str
) -> None:
    (text,) = said("machines", **changed)
    assert text.startswith(words)
    assert said("discipline", **changed) == []


def test_a_quarter_has_three_months_and_follows_the_one_before() -> None:
    assert months_of_quarter("2026-Q2")[0] == APRIL
    assert len(months_of_quarter("2026-Q2")) == 3
    assert quarter_before(APRIL.first) == "2026-Q1"
    assert quarter_before(APRIL.first, back=2) == "2025-Q4"
    for wrong in ("2026-Q5", "2026-04", "triwulan"):
        with pytest.raises(ValueError, match="bukan triwulan"):
            months_of_quarter(wrong)
