"""What a letter may say: hours, days, overlaps; and what is done to one that is approved."""

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance import services
from attendance.exceptions import AlreadyDecided, InvalidLetter, LetterRefused
from attendance.models import AbsenceLetter
from foundation.models import Event, OutboxJob
from tests.attendance.letter_runs import answer, checked
from tests.attendance.people import decide, enter, submitted
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 7)
HOURS: dict[str, Any] = {
    "kind": "I", "first_on": DAY, "last_on": DAY, "from_time": time(9), "to_time": time(11),
}  # fmt: skip


def test_permission_for_hours_of_a_day_is_kept(cast: Cast) -> None:
    letter = enter(cast, **HOURS)

    letter.refresh_from_db()
    assert (letter.from_time, letter.to_time) == (time(9), time(11))


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"to_time": None}, "from_time", "Isi jam mulai dan jam selesai"),
        ({"to_time": time(9)}, "to_time", "sesudah jam mulai"),
        ({"to_time": time(8)}, "to_time", "sesudah jam mulai"),
        ({"kind": "CT"}, "from_time", "tidak berlaku untuk cuti tahunan"),
        ({"kind": "TB"}, "from_time", "tidak berlaku untuk tugas belajar"),
        ({"before_leaving": True}, "from_time", "Pilih salah satu"),
        ({"last_on": date(2026, 4, 8)}, "last_on", "berlaku untuk satu hari"),
        ({"last_on": date(2026, 4, 6)}, "last_on", "mendahului"),
        (
            {"last_on": date(2029, 5, 7), "from_time": None, "to_time": None},
            "last_on",
            "tiga tahun",
        ),
    ],
)
def test_hours_and_days_that_contradict_each_other_are_named(
    cast: Cast, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidLetter, match=words) as refusal:
        enter(cast, **(HOURS | values))
    assert list(refusal.value.errors) == [field]


def test_two_letters_may_share_a_day_but_no_hour(cast: Cast) -> None:
    enter(cast, **HOURS)
    enter(cast, **(HOURS | {"from_time": time(11), "to_time": time(12)}))

    for values in (
        {"from_time": time(10), "to_time": time(13)},
        {"from_time": None, "to_time": None},
        {"from_time": None, "to_time": None, "before_leaving": True},
    ):
        with pytest.raises(InvalidLetter, match="Surat izin Joko Tallo 7 April 2026"):
            enter(cast, **(HOURS | values))


def test_a_rejected_letter_may_be_entered_again_with_new_evidence(cast: Cast) -> None:
    decide(submitted(cast), cast.superior, "reject", "tidak ada perintah")

    assert enter(cast).status == "entered"


def cut(letter: AbsenceLetter, cast: Cast, last: int = 8, **values: Any) -> AbsenceLetter:
    given: dict[str, Any] = {"reason": "selesai lebih awal", "user": cast.operator} | values
    return services.shorten_letter(
        letter_id=letter.pk, last_on=date(2026, 4, last), now=NOW, **given
    )


def test_an_approved_letter_is_cut_short_and_its_last_days_are_judged_again(cast: Cast) -> None:
    letter = answer(checked(cast), cast.superior)
    OutboxJob.objects.filter(kind="attendance.rejudge").delete()

    letter = cut(letter, cast)

    assert (letter.last_on, letter.status) == (date(2026, 4, 8), "approved")
    assert letter.note == "Dipersingkat sampai 08-04-2026: selesai lebih awal"
    (job,) = OutboxJob.objects.filter(kind="attendance.rejudge")
    assert (job.payload["first"], job.payload["last"]) == ("2026-04-09", "2026-04-09")
    event = Event.objects.get(verb="letter_shortened")
    assert (event.before["last_on"], event.after["last_on"]) == ("2026-04-09", "2026-04-08")
    assert enter(cast, first_on=date(2026, 4, 9), last_on=date(2026, 4, 9)).status == "entered"


@pytest.mark.parametrize("last", [6, 9, 10])
def test_a_letter_is_cut_within_its_days_only(cast: Cast, last: int) -> None:
    letter = answer(checked(cast), cast.superior)

    with pytest.raises(InvalidLetter, match="antara 07-04-2026 dan 08-04-2026"):
        cut(letter, cast, last)


def test_a_letter_is_cut_by_an_officer_with_a_reason_once_it_is_approved(cast: Cast) -> None:
    letter = checked(cast)
    with pytest.raises(AlreadyDecided, match="sudah disetujui"):
        cut(letter, cast)
    letter = answer(letter, cast.superior)

    with pytest.raises(LetterRefused, match="mengapa"):
        cut(letter, cast, reason=" ")
    for stranger in (cast.employee, cast.superior, cast.outsider):
        with pytest.raises(PermissionDenied):
            cut(letter, cast, user=stranger)


def test_an_officer_does_not_cut_his_own_letter(cast: Cast) -> None:
    letter = answer(checked(cast, cast.operator), cast.superior)

    with pytest.raises(LetterRefused, match="petugas lain"):
        cut(letter, cast)


def test_what_is_written_down_has_its_days_judged(cast: Cast) -> None:
    letter = enter(cast)
    services.correct_letter(
        letter_id=letter.pk,
        data=services.LetterData(
            kind="DL", first_on=date(2026, 4, 13), last_on=date(2026, 4, 14), number="1", issuer="X"
        ),
        user=cast.operator,
        now=NOW,
    )
    services.withdraw_letter(letter_id=letter.pk, user=cast.operator, now=NOW)

    jobs = OutboxJob.objects.filter(kind="attendance.rejudge").order_by("id")
    assert [(job.payload["first"], job.payload["last"]) for job in jobs] == [
        ("2026-04-07", "2026-04-09"), ("2026-04-07", "2026-04-14"), ("2026-04-13", "2026-04-14"),
    ]  # fmt: skip
