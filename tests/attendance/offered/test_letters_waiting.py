"""A superior reads in the inbox that letters of the staff wait too long."""

import pytest

from attendance.offered.letters_waiting import letters_to_decide
from attendance.services import escalate_letter, remind_superior
from foundation.actors import SYSTEM
from tests.attendance.letter_runs import answer, checked
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of

pytestmark = pytest.mark.django_db
WORDS = "1 surat ketidakhadiran staf Anda sudah lewat waktu dan menunggu keputusan"


def test_a_letter_stands_among_the_tasks_and_is_told_apart_once_reminded(cast: Cast) -> None:
    letter = checked(cast)
    before = text_of(browser(cast.superior).get("/tugas/"))
    assert "Surat dinas luar Joko Tallo 7-9 April 2026" in before
    assert WORDS not in before

    remind_superior(letter_id=letter.pk, actor=SYSTEM, now=NOW)

    page = browser(cast.superior).get("/tugas/")
    assert WORDS in text_of(page)
    assert "/absensi/persetujuan/" in page.content.decode()


def test_nobody_else_is_told_and_nothing_is_asked_when_nothing_waits(cast: Cast) -> None:
    assert letters_to_decide(cast.superior.pk, NOW) == []
    letter = checked(cast)
    remind_superior(letter_id=letter.pk, actor=SYSTEM, now=NOW)
    for other in (cast.kadis, cast.operator, cast.employee, cast.outsider):
        assert letters_to_decide(other.pk, NOW) == []


def test_the_next_superior_is_told_once_it_was_escalated(cast: Cast) -> None:
    letter = checked(cast)
    escalate_letter(letter_id=letter.pk, actor=SYSTEM, now=NOW)

    assert len(letters_to_decide(cast.kadis.pk, NOW)) == 1
    assert len(letters_to_decide(cast.superior.pk, NOW)) == 1


def test_a_letter_that_came_back_begins_its_time_anew(cast: Cast) -> None:
    letter = checked(cast)
    remind_superior(letter_id=letter.pk, actor=SYSTEM, now=NOW)
    letter = answer(letter, cast.superior, "return", "Tanggalnya keliru.")
    answer(answer(letter, cast.operator), cast.admin)

    assert letters_to_decide(cast.superior.pk, NOW) == []
