"""Plt. and Plh.: by letter, one at a time for an official, never in a ring."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from foundation.models import Event
from organization.exceptions import CalendarRefused
from organization.models import Employee, Substitution, User
from organization.services import appoint_substitute, revoke_substitution
from tests.cast import NOW, TODAY, Cast

Capacity = Substitution.Capacity


def staff(user: User) -> Employee:
    assert user.employee is not None
    return user.employee


def put(cast: Cast, who: User, by: User, **values: object) -> Substitution:
    defaults = {
        "principal": staff(who), "substitute": staff(by), "capacity": Capacity.DAILY_ACTING,
        "letter_number": "800/77/2026", "valid_from": TODAY, "valid_until": date(2026, 4, 30),
        "user": cast.admin, "now": NOW,
    }  # fmt: skip
    return appoint_substitute(**(defaults | values))  # type: ignore[arg-type]


def refusal(cast: Cast, who: User, by: User, **values: object) -> dict[str, str]:
    before = Substitution.objects.count(), Event.objects.count()
    with pytest.raises(CalendarRefused) as caught:
        put(cast, who, by, **values)
    assert (Substitution.objects.count(), Event.objects.count()) == before
    return caught.value.problems


def test_a_substitute_is_appointed_and_revoked(cast: Cast) -> None:
    row = put(cast, cast.superior, cast.secretary)
    assert row.title == "Plh. Kepala Bidang"
    assert list(Substitution.objects.valid_on(TODAY)) == [row]
    revoke_substitution(substitution_id=row.pk, user=cast.kadis, now=NOW)
    assert not Substitution.objects.valid_on(TODAY).exists()
    verbs = Event.objects.values_list("verb", flat=True)
    assert {"substitute_appointed", "substitution_revoked"} <= set(verbs)
    with pytest.raises(CalendarRefused, match="sudah dicabut"):
        revoke_substitution(substitution_id=row.pk, user=cast.kadis, now=NOW)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"letter_number": " "}, "letter_number", "Nomor surat kosong"),
        ({"capacity": "lain"}, "capacity", "Pilih Plt."),
        ({"valid_until": None}, "valid_until", "Plh. memerlukan tanggal akhir"),
        ({"valid_until": date(2026, 4, 1)}, "valid_until", "berakhir sebelum mulai"),
    ],
)
def test_what_a_letter_must_say_is_named(
    cast: Cast, values: dict[str, object], field: str, words: str
) -> None:
    problems = refusal(cast, cast.superior, cast.secretary, **values)
    assert list(problems) == [field]
    assert words in problems[field]


def test_a_plt_may_serve_without_an_end(cast: Cast) -> None:
    row = put(cast, cast.superior, cast.secretary, capacity=Capacity.ACTING, valid_until=None)
    assert row.valid_until is None


def test_two_for_one_official_at_a_time_are_refused_naming_both(cast: Cast) -> None:
    put(cast, cast.superior, cast.secretary)
    text = refusal(cast, cast.superior, cast.admin, valid_from=date(2026, 4, 30))["valid_from"]
    assert "Maria Tefa sudah digantikan Anselmus Lede (Plh., 800/77/2026)" in text
    assert "Cabut penunjukan itu dahulu" in text
    later = {"valid_from": date(2026, 5, 1), "valid_until": date(2026, 5, 3)}
    put(cast, cast.superior, cast.admin, **later)


def test_a_revoked_one_makes_room(cast: Cast) -> None:
    row = put(cast, cast.superior, cast.secretary)
    revoke_substitution(substitution_id=row.pk, user=cast.admin, now=NOW)
    put(cast, cast.superior, cast.admin)


def test_nobody_stands_in_for_himself_or_in_a_ring(cast: Cast) -> None:
    own = refusal(cast, cast.superior, cast.superior)["substitute"]
    assert "dirinya sendiri" in own
    put(cast, cast.superior, cast.secretary)
    put(cast, cast.secretary, cast.admin)
    ring = refusal(cast, cast.admin, cast.superior)["substitute"]
    assert "Budi Manafe digantikan Maria Tefa digantikan Anselmus Lede digantikan Budi" in ring
    after = {"valid_from": date(2026, 5, 1), "valid_until": date(2026, 5, 3)}
    put(cast, cast.admin, cast.superior, **after)


def test_the_substitute_works_here_still(cast: Cast) -> None:
    assert "bukan pegawai" in refusal(cast, cast.superior, cast.outsider)["substitute"]
    gone = staff(cast.secretary)
    gone.left_on = TODAY - timedelta(days=3)
    gone.save()
    assert "sudah berhenti" in refusal(cast, cast.superior, cast.secretary)["substitute"]


def test_only_who_may_appoints(cast: Cast) -> None:
    row = put(cast, cast.superior, cast.secretary, user=cast.kadis)
    for user in (cast.operator, cast.employee, cast.superior, cast.outsider):
        with pytest.raises(PermissionDenied):
            put(cast, cast.secretary, cast.admin, user=user)
        with pytest.raises(PermissionDenied):
            revoke_substitution(substitution_id=row.pk, user=user, now=NOW)
