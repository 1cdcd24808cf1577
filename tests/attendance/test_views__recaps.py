"""Pages of recaps: the matrix, the days of a person, files, and who sees them."""

import pytest

from attendance import services
from attendance.models import Recap
from foundation.actors import SYSTEM
from tests.attendance.people import (
    AFTER_APRIL,
    APRIL,
    decide,
    employee_of,
    fill_april,
    submitted,
)
from tests.cast import Cast, make_employee, make_user
from tests.pages import browser, html_of

pytestmark = pytest.mark.usefixtures("the_fourth_of_may")


def build(cast: Cast) -> Recap:
    return services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)


def test_the_matrix_shows_everyone_and_why(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    recap = build(cast)

    html = html_of(browser(cast.kadis).get(f"/absensi/rekap/{recap.pk}/"))

    for user in cast.everyone:
        assert user.get_full_name() in html
    assert "Tidak ada surat keterangan untuk hari ini." in html
    assert "matrix__day--unexplained" in html
    assert recap.sha256 in html
    assert "Susun ulang draf" not in html  # the head does not enter letters


def test_the_matrix_is_filtered_by_unit_and_name(cast: Cast) -> None:
    recap = build(cast)
    client = browser(cast.operator)

    by_name = html_of(client.get(f"/absensi/rekap/{recap.pk}/?q=joko"))
    table = by_name[by_name.index("<tbody>") : by_name.index("</tbody>")]

    assert "Joko Tallo" in table
    assert "Budi Manafe" not in table
    other_unit = html_of(client.get(f"/absensi/rekap/{recap.pk}/?bidang=Pimpinan"))
    table = other_unit[other_unit.index("<tbody>") : other_unit.index("</tbody>")]
    assert "Ratna Seran" in table
    assert "Joko Tallo" not in table


def test_recaps_are_for_roles_that_see_them(cast: Cast) -> None:
    recap = build(cast)

    url = f"/absensi/rekap/{recap.pk}/"
    assert browser(cast.kadis).get(url).status_code == 200
    for user in (cast.employee, cast.superior, cast.outsider):
        assert browser(user).get(url).status_code == 404, (user, url)
    assert browser(cast.employee).get("/absensi/rekap/").status_code == 404


def test_the_days_of_a_person_are_for_him_and_those_above(cast: Cast) -> None:
    fill_april(cast.everyone)
    recap = build(cast)
    url = f"/absensi/rekap/{recap.pk}/pegawai/{employee_of(cast.employee).pk}/"

    for user in (cast.kadis, cast.superior, cast.employee, cast.operator):
        assert "Masuk 07.21, tepat waktu." in html_of(browser(user).get(url))
    colleague = make_user(make_employee(cast.agency, "Siti Djami"), "siti")
    for user in (cast.outsider, colleague):
        assert browser(user).get(url).status_code == 404


def test_an_operator_builds_a_draft_by_hand_and_others_may_not(cast: Cast) -> None:
    data = {"pd": cast.agency.code, "bulan": "2026-04"}

    for user in (cast.kadis, cast.employee, cast.outsider):
        assert browser(user).post("/absensi/rekap/susun/", data).status_code == 404
    assert not Recap.objects.exists()
    response = browser(cast.operator).post("/absensi/rekap/susun/", data, follow=True)

    assert "Draf rekap disusun ulang." in html_of(response)
    assert Recap.objects.get().subject == "2026-04"


def test_a_frozen_month_is_not_rebuilt_from_the_screen(cast: Cast) -> None:
    build(cast)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)

    response = browser(cast.operator).post(
        "/absensi/rekap/susun/", {"pd": cast.agency.code, "bulan": "2026-04"}, follow=True
    )

    assert "perubahan memerlukan ralat" in html_of(response)


def test_a_letter_approved_after_the_freeze_is_shown_as_matter_for_an_amendment(
    cast: Cast,
) -> None:
    letter = submitted(cast)
    build(cast)
    recap = services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    decide(letter, cast.superior, now=AFTER_APRIL.replace(hour=5))

    html = html_of(browser(cast.operator).get(f"/absensi/rekap/{recap.pk}/"))

    assert "perubahannya memerlukan ralat" in html
