"""Letters of absence: who enters, scans, submits and decides, and what the ledger keeps."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendance import services
from attendance.exceptions import AlreadyDecided, InvalidLetter, LetterRefused, NotTheSuperior
from attendance.letters.deciders import approver_of
from attendance.models import AbsenceLetter
from foundation import ledger
from foundation.models import Event
from tests.attendance.people import (
    decide,
    employee_of,
    enter,
    letter_data,
    scan,
    submitted,
)
from tests.cast import NOW, TODAY, Cast, make_employee, make_user


def verbs(letter: AbsenceLetter) -> list[str]:
    events = Event.objects.filter(subject=f"attendance.absenceletter:{letter.pk}")
    return list(events.order_by("sequence").values_list("verb", flat=True))


def test_a_letter_goes_from_entry_to_the_superiors_approval(cast: Cast) -> None:
    letter = decide(submitted(cast), cast.superior)

    assert letter.status == AbsenceLetter.Status.APPROVED
    assert (letter.decided_by, letter.decided_as) == (cast.superior, "Atasan langsung")
    assert verbs(letter) == [
        "letter_entered", "letter_scanned", "letter_submitted", "letter_approved",
    ]  # fmt: skip
    assert list(ledger.verify()) == []


def test_the_scan_is_kept_with_its_hash_and_who_scanned(cast: Cast) -> None:
    letter = scan(cast, enter(cast))

    assert len(letter.scan_sha256) == 64
    assert (letter.scan_type, letter.scanned_by) == ("application/pdf", cast.operator)
    assert letter.scan.read().startswith(b"%PDF")


def test_events_tell_nothing_about_why_somebody_was_away(cast: Cast) -> None:
    letter = submitted(cast, kind="S", reason="Demam berdarah", last_on=date(2026, 4, 7))

    for event in Event.objects.filter(subject=f"attendance.absenceletter:{letter.pk}"):
        assert "Demam" not in str(event.after)
        assert set(event.after) == {"status", "first_on", "last_on", "scan", "content"}


def test_32_without_a_scan_a_letter_is_neither_submitted_nor_approved(cast: Cast) -> None:
    letter = enter(cast)

    with pytest.raises(
        LetterRefused, match="Surat dinas luar Joko Tallo 7-9 April 2026 belum dipindai"
    ):
        services.submit_letter(letter_id=letter.pk, user=cast.operator, now=NOW)
    with pytest.raises(AlreadyDecided, match="dicatat, belum diajukan"):
        decide(letter, cast.superior)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<html>", b"MZ\x90\x00"], ids=["empty", "gif", "html", "exe"]
)
def test_a_scan_must_be_a_pdf_or_a_picture(cast: Cast, content: bytes) -> None:
    letter = enter(cast)

    with pytest.raises(LetterRefused, match=r"surat\.pdf"):
        scan(cast, letter, content)
    assert AbsenceLetter.objects.get().scan_sha256 == ""


def test_only_the_direct_superior_decides(cast: Cast) -> None:
    letter = submitted(cast)

    for stranger in (cast.kadis, cast.admin, cast.operator, cast.employee, cast.outsider):
        with pytest.raises(NotTheSuperior, match="Maria Tefa"):
            decide(letter, stranger)
    letter.refresh_from_db()
    assert letter.status == AbsenceLetter.Status.SUBMITTED


def test_65_nobody_decides_on_his_own_letter_but_the_next_superior_does(cast: Cast) -> None:
    letter = submitted(cast, cast.superior)

    with pytest.raises(NotTheSuperior, match="Surat sendiri"):
        decide(letter, cast.superior)
    assert decide(letter, cast.kadis).status == AbsenceLetter.Status.APPROVED


def test_the_next_superior_decides_while_the_post_is_vacant(cast: Cast) -> None:
    letter = submitted(cast)
    superior = employee_of(cast.superior)
    superior.left_on = TODAY
    superior.save()

    assert decide(letter, cast.kadis).status == AbsenceLetter.Status.APPROVED


def test_a_superior_without_an_account_is_passed_over(cast: Cast) -> None:
    chief = make_employee(cast.agency, "Petrus Riwu", superior=cast.superior.employee)
    person = make_user(make_employee(cast.agency, "Yuliana Keraf", superior=chief), "yuliana")
    letter = submitted(cast, person)

    assert approver_of(letter, NOW) == cast.superior.employee


def test_the_letter_of_the_head_rests_on_a_written_approval_from_outside(cast: Cast) -> None:
    letter = submitted(cast, cast.kadis)

    with pytest.raises(NotTheSuperior):
        decide(letter, cast.superior)
    noted = services.confirm_outside_approval(
        letter_id=letter.pk, official="Sekretaris Daerah", user=cast.operator, now=NOW
    )
    assert noted.status == AbsenceLetter.Status.APPROVED
    assert "Sekretaris Daerah" in noted.decided_as


def test_an_outside_approval_is_refused_where_a_superior_could_decide(cast: Cast) -> None:
    letter = submitted(cast)

    with pytest.raises(LetterRefused, match="atasan langsung"):
        services.confirm_outside_approval(
            letter_id=letter.pk, official="Sekda", user=cast.operator, now=NOW
        )


def test_a_letter_is_decided_once(cast: Cast) -> None:
    letter = decide(submitted(cast), cast.superior)

    with pytest.raises(AlreadyDecided, match="disetujui"):
        decide(letter, cast.superior, "reject", "keliru")


@pytest.mark.parametrize("decision", ["reject", "return"])
def test_refusing_a_letter_needs_a_reason(cast: Cast, decision: str) -> None:
    letter = submitted(cast)

    with pytest.raises(LetterRefused, match="alasan"):
        decide(letter, cast.superior, decision, "  ")


def test_a_returned_letter_is_corrected_and_submitted_again(cast: Cast) -> None:
    letter = decide(submitted(cast), cast.superior, "return", "tanggal keliru")

    services.correct_letter(
        letter_id=letter.pk,
        data=letter_data(last_on=date(2026, 4, 8)),
        user=cast.operator,
        now=NOW,
    )
    services.submit_letter(letter_id=letter.pk, user=cast.operator, now=NOW)
    decided = decide(letter, cast.superior)

    assert (decided.last_on, decided.status) == (date(2026, 4, 8), "approved")


def test_a_submitted_letter_is_not_changed_under_the_superiors_eyes(cast: Cast) -> None:
    letter = submitted(cast)

    with pytest.raises(AlreadyDecided):
        services.correct_letter(
            letter_id=letter.pk, data=letter_data(kind="CT"), user=cast.operator, now=NOW
        )
    with pytest.raises(AlreadyDecided):
        scan(cast, letter)


def test_a_letter_is_withdrawn_only_before_it_is_decided(cast: Cast) -> None:
    letter = enter(cast)
    services.withdraw_letter(letter_id=letter.pk, user=cast.operator, now=NOW)
    approved = decide(submitted(cast), cast.superior)

    with pytest.raises(AlreadyDecided):
        services.withdraw_letter(letter_id=approved.pk, user=cast.operator, now=NOW)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "CB"}, "kind"),
        ({"last_on": date(2026, 4, 6)}, "last_on"),
        ({"last_on": date(2036, 4, 6)}, "last_on"),
        ({"before_leaving": True, "last_on": date(2026, 4, 7)}, "before_leaving"),
        ({"kind": "S", "before_leaving": True}, "last_on"),
        ({"first_on": date(2009, 4, 7), "last_on": date(2009, 4, 9)}, "first_on"),
    ],
    ids=["kind", "backwards", "ten years", "DL early", "early for days", "before joining"],
)
def test_a_letter_with_a_mistake_is_refused_with_the_field(
    cast: Cast, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidLetter) as refusal:
        enter(cast, **values)
    assert list(refusal.value.errors) == [field]


def test_letters_of_a_person_do_not_overlap(cast: Cast) -> None:
    enter(cast)

    with pytest.raises(InvalidLetter, match="Bertumpuk dengan Surat dinas luar Joko Tallo"):
        enter(cast, first_on=date(2026, 4, 9), last_on=date(2026, 4, 10))
    enter(cast, cast.admin)  # another person's days are his own


def test_an_employee_enters_his_own_letter_but_no_other(cast: Cast) -> None:
    own = services.enter_letter(
        employee=employee_of(cast.employee), data=letter_data(), user=cast.employee, now=NOW
    )

    with pytest.raises(PermissionDenied):
        services.enter_letter(
            employee=employee_of(cast.admin), data=letter_data(), user=cast.employee, now=NOW
        )
    with pytest.raises(PermissionDenied):
        services.submit_letter(letter_id=own.pk, user=cast.employee, now=NOW)


def test_an_officer_of_another_agency_enters_nothing_here(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        services.enter_letter(
            employee=employee_of(cast.employee), data=letter_data(), user=cast.outsider, now=NOW
        )


def test_letters_are_seen_by_officers_the_person_and_those_above(cast: Cast) -> None:
    letter = enter(cast)

    def sees(user: object) -> bool:
        return AbsenceLetter.objects.visible_to(user, NOW).filter(pk=letter.pk).exists()  # type: ignore[arg-type]

    for user in (cast.operator, cast.admin, cast.kadis, cast.superior, cast.employee):
        assert sees(user)
    colleague = make_user(make_employee(cast.agency, "Siti Djami"), "siti")
    for user in (cast.outsider, colleague):
        assert not sees(user)
