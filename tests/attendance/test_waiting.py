"""A superior reads in the inbox that letters of the staff wait."""

import io
from datetime import date

import pytest

from attendance.services import LetterData, attach_scan, enter_letter, submit_letter
from attendance.waiting import letters_to_decide
from tests.cast import NOW, Cast
from tests.files import pdf
from tests.processes.pages import browser, text_of

pytestmark = pytest.mark.django_db


def hand_in(cast: Cast) -> None:
    data = LetterData(kind="DL", first_on=date(2026, 4, 7), last_on=date(2026, 4, 8))
    person = cast.employee.employee
    assert person is not None
    letter = enter_letter(employee=person, data=data, user=cast.operator, now=NOW)
    attach_scan(
        letter_id=letter.pk, file=io.BytesIO(pdf()), name="s.pdf", user=cast.operator, now=NOW
    )
    submit_letter(letter_id=letter.pk, user=cast.operator, now=NOW)


def test_the_inbox_of_the_direct_superior_says_how_many_letters_wait(cast: Cast) -> None:
    hand_in(cast)
    page = browser(cast.superior).get("/tugas/")
    assert "1 surat ketidakhadiran staf Anda menunggu keputusan" in text_of(page)
    assert "/absensi/persetujuan/" in page.content.decode()


def test_nobody_else_is_told_and_nothing_is_asked_when_nothing_waits(cast: Cast) -> None:
    assert letters_to_decide(cast.superior.pk, NOW) == []
    hand_in(cast)
    for other in (cast.kadis, cast.operator, cast.employee, cast.outsider):
        assert letters_to_decide(other.pk, NOW) == []
