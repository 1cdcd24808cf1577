"""Letters that give a role no SOP gives: noted on a page, by somebody else, for their days."""

from datetime import date

import pytest
import time_machine

from foundation.actors import SYSTEM
from foundation.models import Event
from organization.exceptions import OfficersRefused
from organization.models import Appointment, User
from organization.permissions import may
from organization.permissions import person as himself
from organization.services import appoint_official, end_official
from tests.cast import NOW, Cast, appoint, make_agency, make_employee, make_user
from tests.pages import browser

pytestmark = pytest.mark.django_db
PAGE = "/pegawai/pejabat/"


@pytest.fixture
def board(cast: Cast) -> User:
    """Somebody of BKD who serves the agency."""
    office = make_agency("bkd", name="Badan Kepegawaian Daerah")
    user = make_user(make_employee(office, "Selfina Rihi"), "selfina")
    appoint(user, "BKD", cast.agency)
    return user


def sent(**values: str) -> dict[str, str]:
    return {
        "role": "Kadis", "capacity": "definitive", "letter_number": "821.2/14/2026",
        "valid_from": "2026-04-20", **values,
    }  # fmt: skip


def test_a_letter_noted_on_the_page_opens_the_account_and_shows_its_password_once(
    cast: Cast, board: User
) -> None:
    head = make_employee(cast.agency, "Kornelis Ndun")
    with time_machine.travel(NOW, tick=False):
        window = browser(board)
        told = window.post(PAGE, sent(employee=str(head.pk))).content.decode()
        again = window.get(PAGE).content.decode()
    account = User.objects.get(employee=head)
    assert may(account, "processes.cancel", cast.agency, NOW)
    assert account.must_change_password
    password = told.partition('<code class="figure">')[2].partition("<")[0]
    assert account.check_password(password)
    assert password not in again
    assert "Kornelis Ndun" in again


def test_somebody_of_another_office_is_named_by_his_nip(cast: Cast, board: User) -> None:
    other = make_employee(cast.other_agency, "Yakob Lani")
    with time_machine.travel(NOW, tick=False):
        wrong = browser(board).post(PAGE, sent(role="Auditor", number="1"))
        browser(board).post(
            PAGE, sent(role="Auditor", number=f"{other.number[:8]} {other.number[8:]}")
        )
    assert wrong.status_code == 422
    assert "Tidak ada pegawai dengan NIP 1." in wrong.content.decode()
    row = Appointment.objects.get(user__employee=other)
    assert (row.role, row.agency, row.appointed_by) == ("Auditor", cast.agency, board)


def test_who_acts_needs_the_end_of_his_letter(cast: Cast, board: User) -> None:
    person = str(cast.secretary.employee_id)
    with time_machine.travel(NOW, tick=False):
        refused = browser(board).post(PAGE, sent(employee=person, capacity="plh"))
        assert "Plt. dan Plh. memerlukan" in refused.content.decode()
        browser(board).post(PAGE, sent(employee=person, capacity="plh", valid_until="2026-04-24"))
    row = Appointment.objects.get(user=cast.secretary, role="Kadis")
    assert (row.capacity, row.valid_until) == ("plh", date(2026, 4, 24))


def test_nobody_appoints_or_releases_himself_nor_notes_a_role_of_a_sop(
    cast: Cast, board: User
) -> None:
    assert board.employee is not None
    own = Appointment.objects.get(user=board)

    for role in ("Kadis", "Operator"):
        with pytest.raises(OfficersRefused):
            appoint_official(
                agency=cast.agency, employee=board.employee, role=role,
                letter_number="821.2/15/2026", actor=himself(board), now=NOW,
            )  # fmt: skip
    with pytest.raises(OfficersRefused):
        end_official(appointment=own, actor=himself(board), now=NOW)


def test_the_same_role_is_not_given_twice(cast: Cast) -> None:
    assert cast.kadis.employee is not None
    with pytest.raises(OfficersRefused, match="sudah bertugas sebagai Kadis"):
        appoint_official(
            agency=cast.agency, employee=cast.kadis.employee, role="Kadis",
            letter_number="821.2/16/2026", actor=SYSTEM, now=NOW,
        )  # fmt: skip


def test_an_appointment_ends_at_once_with_its_event(cast: Cast, board: User) -> None:
    row = cast.kadis.appointments.get()
    with time_machine.travel(NOW, tick=False):
        answer = browser(board).post(f"{PAGE}{row.pk}/akhiri/", follow=True)
    assert "berakhir" in answer.content.decode()
    assert not may(cast.kadis, "processes.cancel", cast.agency, NOW)
    assert Event.objects.filter(stream=cast.agency.stream).last().actor_id == board.pk  # type: ignore[union-attr]
