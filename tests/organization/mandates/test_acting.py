"""What an acting official may not do although his role may, and who tells him so."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from foundation.actors import SYSTEM
from organization.exceptions import CalendarRefused
from organization.mandates import acting
from organization.mandates.acting import Basis, UnknownDecision, read_withheld, withheld_decision
from organization.models import Appointment, User
from organization.permissions import CAPABILITIES, ROLES, mandates_of, may, require
from organization.services import appoint_substitute
from processes.exceptions import NotAllowed
from processes.services import cancel_process, start_process
from tests.cast import NOW, Cast, appoint
from tests.organization.steps import context
from tests.pages import browser, html_of
from workflows import registry

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 4, 30)


def acts(cast: Cast, capacity: str, role: str = "Kadis") -> User:
    """Let the one without a role act in a role until the end of April."""
    appoint(
        cast.employee, role, cast.agency, capacity=capacity, letter_number="800/7/2026",
        valid_until=UNTIL,
    )  # fmt: skip
    return cast.employee


def test_every_row_keeps_something_that_exists_and_says_where_that_stands() -> None:
    for row in acting.WITHHELD:
        assert row.capabilities <= CAPABILITIES
        assert row.capabilities or row.decisions
        assert (
            "Pasal" in row.source if row.basis is Basis.LAW else "belum diverifikasi" in row.source
        )
    assert dict(Appointment.Capacity.choices).items() >= acting.TITLES.items()


@pytest.mark.parametrize("capacity", acting.TITLES)
@pytest.mark.parametrize("role", ROLES)
def test_an_acting_official_may_what_his_role_may_less_what_is_withheld(
    cast: Cast, role: str, capacity: str
) -> None:
    user = acts(cast, capacity, role)
    kept = {c for row in acting.WITHHELD if capacity in row.capacities for c in row.capabilities}
    assert {c for c in CAPABILITIES if may(user, c, cast.agency, NOW)} == ROLES[role] - kept


def test_who_holds_a_role_himself_keeps_all_of_it_beside_acting_in_another(cast: Cast) -> None:
    appoint(cast.employee, "Admin", cast.agency)
    assert may(acts(cast, "plh"), "employees.retire", cast.agency, NOW)


def test_what_is_withheld_is_refused_with_the_law_and_who_may_instead(cast: Cast) -> None:
    with pytest.raises(PermissionDenied) as refused:
        require(acts(cast, "plt", "Admin"), "employees.retire", cast.agency, NOW)
    assert str(refused.value) == (
        "Sebagai Plt. Admin Anda tidak berwenang memindahkan atau memberhentikan pegawai "
        "(UU 30/2014 Pasal 14 ayat (7)). Mintalah pejabat definitif atau atasannya memutuskan."
    )


def test_a_service_refuses_what_only_the_holder_may(cast: Cast) -> None:
    user = acts(cast, "plh")
    assert cast.superior.employee is not None
    assert cast.secretary.employee is not None
    with pytest.raises(PermissionDenied, match=r"Plh\. Kadis Anda tidak berwenang menunjuk"):
        appoint_substitute(
            principal=cast.superior.employee, substitute=cast.secretary.employee, capacity="plh",
            letter_number="800/9", valid_from=UNTIL, valid_until=UNTIL, user=user, now=NOW,
        )  # fmt: skip
    with pytest.raises(CalendarRefused, match="Nomor surat"):
        appoint_substitute(
            principal=cast.superior.employee, substitute=cast.secretary.employee, capacity="plh",
            letter_number="", valid_from=UNTIL, valid_until=UNTIL, user=cast.kadis, now=NOW,
        )  # fmt: skip


def test_a_plh_stops_no_process_and_a_plt_does(cast: Cast) -> None:
    instance = start_process(
        definition_key="pengelolaan_e_absensi", agency=cast.agency, subject="2026-06",
        actor_user=cast.kadis, now=NOW,
    )  # fmt: skip
    user = acts(cast, "plh")
    with pytest.raises(NotAllowed, match=r"Plh\. Kadis Anda tidak berwenang membatalkan"):
        cancel_process(instance_id=instance.pk, actor_user=user, reason="salah", now=NOW)
    Appointment.objects.filter(user=user).update(capacity="plt")
    cancel_process(instance_id=instance.pk, actor_user=user, reason="salah", now=NOW)


def test_a_step_may_be_kept_from_acting_officials_by_its_guard(cast: Cast) -> None:
    guard = registry.guard.get("organization.within_mandate")
    by_plh = replace(SYSTEM, acting_as="Plh. Kadis")
    parameters = {"decision": "leave.unpaid", "when": {"keputusan": ["setuju"]}}
    asked = context(
        cast.agency, actor=by_plh, parameters=parameters, answers={"keputusan": "setuju"}
    )
    (missing,) = guard(asked)
    assert missing.text.startswith("Sebagai Plh. Kadis Anda tidak berwenang memutuskan cuti")
    assert not guard(replace(asked, answers={"keputusan": "kembali"}))
    assert not guard(replace(asked, actor=replace(SYSTEM, acting_as="Kadis")))
    assert guard(replace(asked, parameters={"decision": "leave.unpaid"}))


def test_a_decision_that_no_row_knows_is_an_error_and_not_a_yes() -> None:
    with pytest.raises(UnknownDecision):
        withheld_decision("plh", "leave.unpayd")


def test_a_capacity_that_nobody_can_have_is_refused_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "acting.toml"
    file.write_text('[[withheld]]\nwords = "x"\ncapacities = ["pj"]\nbasis = "law"\nsource = "y"\n')
    with pytest.raises(ValueError, match="pj"):
        read_withheld(file)


@time_machine.travel(NOW, tick=False)
def test_every_page_says_until_when_and_how_far_somebody_acts(cast: Cast) -> None:
    user = acts(cast, "plh")
    (mandate,) = mandates_of(user, NOW)
    words = mandate.acting_words
    assert words.startswith("Plh. Kadis s.d. 30 April 2026 (800/7/2026); tidak berwenang: ")
    assert "membatalkan berkas" in words
    page = browser(user)
    for name in ("tasks:index", "pegawai:officers", "processes:index"):
        assert words in html_of(page.get(reverse(name)))
    assert "tidak berwenang:" not in html_of(browser(cast.kadis).get(reverse("tasks:index")))


@time_machine.travel(NOW, tick=False)
def test_the_page_of_officers_says_it_of_each_one_who_acts(cast: Cast) -> None:
    acts(cast, "plh")
    text = html_of(browser(cast.admin).get(reverse("pegawai:officers")))
    assert text.count("tidak berwenang membatalkan berkas") == 1


@time_machine.travel(NOW, tick=False)
def test_who_acts_in_another_agency_reads_in_which_and_what_is_kept_from_him_there(
    cast: Cast,
) -> None:
    user = appoint_acting_elsewhere(cast)
    page = browser(user)
    shown = html_of(page.get(reverse("tasks:index")))
    assert f"{cast.other_agency.name}: Plh. Kadis s.d. 30 April 2026" in shown
    answer = page.get(reverse("kalender:substitution_new"), {"pd": cast.other_agency.code})
    assert answer.status_code == 403
    assert "Sebagai Plh. Kadis Anda tidak berwenang" in html_of(answer)


def appoint_acting_elsewhere(cast: Cast) -> User:
    appoint(
        cast.kadis, "Kadis", cast.other_agency, capacity="plh", letter_number="800/7/2026",
        valid_until=UNTIL,
    )  # fmt: skip
    return cast.kadis
