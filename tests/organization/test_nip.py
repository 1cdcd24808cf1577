"""The number of an employee: every defect has a sentence of its own."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organization.models import EmploymentStatus
from organization.nip import NumberRefused, display, parse_nip, read_number
from organization.ranks import RANKS, RankRefused, read_rank

TODAY = date(2026, 4, 20)
GOOD = "198503122010012001"


def refusal(text: str, status: str = EmploymentStatus.PNS) -> str:
    with pytest.raises(NumberRefused) as caught:
        read_number(text, status, today=TODAY)
    return str(caught.value)


def test_a_nip_tells_birth_appointment_sex_and_serial() -> None:
    nip = parse_nip(GOOD, today=TODAY)
    assert (nip.born_on, nip.appointed_on) == (date(1985, 3, 12), date(2010, 1, 1))
    assert (nip.sex, nip.serial) == ("P", 1)


@pytest.mark.parametrize("text", ["19850312 201001 2 001", f"  {GOOD} ", f"'{GOOD}"])
def test_the_spaced_form_and_surrounding_blanks_are_normalised(text: str) -> None:
    assert read_number(text, EmploymentStatus.PNS, today=TODAY) == GOOD


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "kosong"),
        ("19850312201001200", "17 angka; seharusnya 18"),
        ("1985031220100120012", "19 angka; seharusnya 18"),
        ("1985 0312 2010 0120 01", "Spasi di dalam NIP tidak pada tempatnya"),
        ("19850312-201001-2-001", "hanya boleh berisi angka"),
        ("NIP. 198503122010012001", "hanya boleh berisi angka"),
        ("１９８５０３１２２０１００１２００１", "hanya boleh berisi angka"),  # noqa: RUF001
        ("1,98503E+17", "ubah format kolom menjadi Teks"),
        ("198513122010012001", "19851312) bukan tanggal lahir"),
        ("198502302010012001", "bukan tanggal lahir"),
        ("202604212045012001", "Tahun lahir"),
        ("190003122010012001", "Tahun lahir"),
        ("198503122010132001", "201013) bukan tahun dan bulan"),
        ("198503122026052001", "masih akan datang"),
        ("198503122003022001", "sebelum berumur 18"),
        ("198503122010013001", "Angka ke-15"),
        ("198503122010012000", "nomor urut dimulai dari 001"),
    ],
)
def test_each_defect_of_a_nip_is_told_in_one_sentence(text: str, sentence: str) -> None:
    assert sentence in refusal(text)


def test_appointment_in_the_month_of_the_eighteenth_birthday_is_possible() -> None:
    assert read_number("198503122003032001", EmploymentStatus.PNS, today=TODAY)


def test_of_a_pppk_only_length_and_date_of_birth_are_sure() -> None:
    number = "198503122023999005"
    assert read_number(number, EmploymentStatus.PPPK, today=TODAY) == number
    assert "tanggal lahir" in refusal("198513122023999005", EmploymentStatus.PPPK)
    assert "17 angka" in refusal(number[1:], EmploymentStatus.PPPK_PART_TIME)


def test_an_honorer_has_an_internal_number_and_never_a_nip() -> None:
    assert read_number("hnr-012", EmploymentStatus.HONORER, today=TODAY) == "HNR-012"
    assert "tidak memiliki NIP" in refusal(GOOD, EmploymentStatus.HONORER)
    assert "HNR-" in refusal("A/12", EmploymentStatus.HONORER)


def test_a_nip_is_printed_in_four_groups_and_other_numbers_as_they_are() -> None:
    assert display("197111152000121003") == "19711115 200012 1 003"
    assert display("HNR-012") == "HNR-012"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_number_or_gets_a_sentence(text: str) -> None:
    for status in EmploymentStatus.values:
        try:
            number = read_number(text, status, today=TODAY)
        except NumberRefused as error:
            assert str(error).endswith(".")  # noqa: PT017  both ways out are asserted
        else:
            assert read_number(number, status, today=TODAY) == number


@pytest.mark.parametrize(
    ("rank", "grade", "expected"),
    [
        ("Penata Muda", "III/a", ("Penata Muda", "III/a")),
        ("Penata Muda Tk.I", "III/b", ("Penata Muda Tingkat I", "III/b")),
        ("penata muda tingkat 1", "iii / B", ("Penata Muda Tingkat I", "III/b")),
        ("Penata Muda (III/a)", "", ("Penata Muda", "III/a")),
        ("Penata Tk. I / III/d", "", ("Penata Tingkat I", "III/d")),
        ("", "IV/c", ("Pembina Utama Muda", "IV/c")),
        ("Pengatur", "", ("Pengatur", "II/c")),
        ("IX", "", ("IX", "")),
        ("", "IX", ("", "IX")),
        ("", "", ("", "")),
    ],
)
def test_rank_and_grade_complete_each_other(rank: str, grade: str, expected: object) -> None:
    assert read_rank(rank, grade) == expected


def test_a_rank_of_another_grade_is_refused_with_the_right_one() -> None:
    with pytest.raises(RankRefused, match="III/a; pangkat golongan itu Penata Muda"):
        read_rank("Pembina", "III/a")


@pytest.mark.parametrize(("grade", "rank"), RANKS.items())
def test_every_rank_of_the_list_reads_back(grade: str, rank: str) -> None:
    assert read_rank(rank, "") == (rank, grade)
    assert read_rank(f"{rank} ({grade})", "") == (rank, grade)
