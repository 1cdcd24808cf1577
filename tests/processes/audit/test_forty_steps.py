"""Forty acts at known instants: what the pages say is what a pencil says.

The figures by hand stand in `forty_steps.py`; here they stand in the words of the pages. A median
between two minutes is told to the nearest even one.
"""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html

from foundation.indonesian import DAYS
from tests.cast import Cast
from tests.pages import browser, html_of
from tests.processes.audit.forty_steps import KEY, NOW, SUBJECT, VISITS, at, play
from tests.processes.audit.pages import table, words

SCOPE = {"sop": KEY, "dari": SUBJECT, "sampai": SUBJECT}
HALF = "50,0 % 15-85 % · 2 lebih"
ONE, ALL, NONE = "1 data sedikit", "100,0 % 21-100 %", "0,0 % 0-79 % · 1 lebih"


@pytest.fixture
def kadis(cast: Cast) -> Client:
    play(cast)
    return browser(cast.kadis)


def shown(client: Client, name: str, **parameters: str) -> html.HtmlElement:
    with time_machine.travel(NOW, tick=False):
        response = client.get(reverse(f"audit:{name}"), SCOPE | parameters)
    assert response.status_code == 200
    return html.fromstring(html_of(response))


def test_the_summary_says_every_figure_of_every_step(kadis: Client) -> None:
    columns = ("n", "Kerja", "Sesuai baku", "Tunggu", "Kembali", "Ulang", "Berlaku")
    rows = table(shown(kadis, "index"), "tahap")
    assert [tuple(row[column] for column in columns) for row in rows[:-1]] == [
        ("0", "-", "-", "-", "0", "0", "1"),
        (ONE, "4 mnt p90 4 mnt", ALL, "30 mnt p90 30 mnt", "0", "0", "0"),
        (ONE, "18 mnt p90 18 mnt", ALL, "3 jam 15 mnt p90 3 jam 15 mnt", "0", "0", "0"),
        (ONE, "7 mnt p90 7 mnt", NONE, "2 jam 47 mnt p90 2 jam 47 mnt", "0", "0", "0"),
        (
            "4 data sedikit", "10 mnt p90 17 mnt 48 dtk", HALF,
            "3 jam 22 mnt p90 8 jam 36 mnt", "0", "3", "0",
        ),
        ("4 data sedikit", "20 mnt p90 37 mnt", HALF, "34 mnt p90 3 jam 44 mnt", "0", "3", "0"),
        (
            "4 data sedikit", "21 mnt p90 31 mnt 6 dtk", HALF,
            "1 jam 38 mnt p90 3 jam 57 mnt", "3", "3", "0",
        ),
        (ONE, "1 jam p90 1 jam", NONE, "2 jam 48 mnt p90 2 jam 48 mnt", "0", "0", "0"),
        (ONE, "4 mnt p90 4 mnt", ALL, "1 mnt p90 1 mnt", "0", "0", "0"),
    ]  # fmt: skip
    assert rows[-1] == {
        "Baku": "62 menit", "n": "17", "Sesuai baku": "52,9 % 31-74 % · 8 lebih",
        "Kembali": "3", "Ulang": "9", "Berlaku": "1",
    }  # fmt: skip


def test_the_heat_map_divides_by_the_standard(kadis: Client) -> None:
    rows = table(shown(kadis, "heat", ukuran="kerja"), "tabel-peta")
    ratios = ["tanpa data", "0,8", "0,9", "1,4", "3,6", "3,7", "1,6", "12", "0,8"]
    assert [row["Kerja"].removesuffix("\N{MULTIPLICATION SIGN} baku") for row in rows] == ratios


def test_the_returns_say_what_they_cost(kadis: Client) -> None:
    page = shown(kadis, "returns")
    text = words(page.xpath("//main")[0])
    assert "Sekali jalan 0,0 % 0 dari 1 berkas selesai tanpa pengembalian" in text
    assert "1 dari 1 berkas selesai; 3 pengembalian" in text
    # 515 + 360 + 232 and 90 + 53 + 35 minutes.
    assert "Waktu hilang 18 jam 27 mnt" in text
    assert "rata-rata 6 jam 9 mnt setiap kali" in text
    assert "Kerja ulang 2 jam 58 mnt" in text
    reasons = ["Tanggal 9 kurang", "Tanggal 3 kurang", "Surat sakit Joko belum ada"]
    places = [text.index(f"“{reason}”") for reason in reasons]
    assert places == sorted(places)
    for round_, lost in (("1", "8 jam 35 mnt"), ("2", "6 jam"), ("3", "3 jam 52 mnt")):
        assert f"putaran {round_} {lost} hilang" in text


def test_waiting_is_summed_by_lane_role_and_weekday(kadis: Client) -> None:
    page = shown(kadis, "waiting")
    text = words(page.xpath("//main")[0])
    assert "Seluruh waktu tunggu 39 jam 31 mnt" in text  # 2,371 minutes
    people = [visit for visit in VISITS if visit.owner != "system"]
    assert sum(visit.work[0] for visit in people) == 2371
    for part in (
        "Operator 65,3 % 25 jam 49 mnt 10 34 mnt 6 jam 52 mnt",
        "Kadis 19,3 % 7 jam 37 mnt 4 data sedikit",
        "Admin 15,4 % 6 jam 5 mnt 3 data sedikit",
        "Plh. Kadis 0,6 % 15 mnt 1 data sedikit",
    ):
        assert part in text
    minutes = [0] * 7
    for visit in people:
        minutes[at(visit.offered).weekday()] += visit.work[0]
    for day, waited in zip(DAYS, minutes, strict=True):
        if waited:
            hours, rest = divmod(waited, 60)
            share = f"{waited / 2371:.1%}".replace(".", ",").replace("%", " %")
            assert f"{day} {share} {hours} jam {rest} mnt" in text


def test_the_month_and_what_was_noted(kadis: Client) -> None:
    (month,) = table(shown(kadis, "trends"), "bulan")
    assert (month["n"], month["Kembali"], month["Lama berkas"]) == ("17", "3", "45 jam 5 mnt")
    text = words(shown(kadis, "conformance").xpath("//main")[0])
    assert "Berjalan menurut BPMN 100,0 % 1 dari 1 berkas selesai" in text
    for remark in (
        "Dipaksa: 6. Mencetak resume", "Oleh pengganti: 7. Meneliti resume",
        "Di luar jam kerja: 6. Mencetak resume", "Berlaku mundur: 8. Melaporkan",
    ):  # fmt: skip
        assert remark in text
