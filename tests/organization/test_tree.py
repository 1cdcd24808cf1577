"""Agencies and what stands under them: units, heads, numbers of people."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.exceptions import AgencyRefused
from organization.models import Agency, Substitution, Unit
from organization.services import place_agency
from organization.tree import AgencyBranch, tree_of
from tests.cast import NOW, Cast, appoint, make_agency, make_employee
from tests.pages import browser

ADDRESS = "/pegawai/organisasi/"


def place(agency: Agency, under: Agency | None) -> Agency:
    return place_agency(agency=agency, under=under, actor=SYSTEM, now=NOW)


def tree() -> dict[str, AgencyBranch]:
    rows = list(Agency.objects.select_related("parent"))
    return {branch.agency.code: branch for branch in tree_of(rows, NOW)}


def named(branch: AgencyBranch) -> dict[str, tuple[list[str], int]]:
    """Return the units of an agency: who leads each, and how many work there."""
    return {
        row.unit.name: ([head.person.name for head in row.heads], row.people)
        for row in branch.units
    }


def test_an_agency_shows_its_head_its_units_their_heads_and_how_many_work_there(cast: Cast) -> None:
    branch = tree()["diskominfo"]
    assert [head.person.name for head in branch.heads] == ["Ratna Seran"]
    assert named(branch) == {"Aplikasi Informatika": (["Maria Tefa"], 5)}
    assert (branch.people, branch.unplaced, branch.total) == (7, 2, 7)


def test_whoever_left_is_neither_head_nor_counted(cast: Cast) -> None:
    maria = cast.superior.employee
    assert maria is not None
    maria.left_on = date(2026, 4, 1)
    maria.save()
    assert named(tree()["diskominfo"]) == {"Aplikasi Informatika": ([], 4)}


def test_who_leads_a_part_of_a_unit_does_not_lead_the_unit(cast: Cast) -> None:
    make_employee(
        cast.agency, "Yasinta Bria", superior=cast.employee.employee,
        unit=Unit.objects.get(agency=cast.agency),
    )  # fmt: skip
    assert named(tree()["diskominfo"]) == {"Aplikasi Informatika": (["Maria Tefa"], 6)}


def test_who_stands_in_for_a_head_is_shown_with_letter_and_end(cast: Cast) -> None:
    principal, substitute = cast.kadis.employee, cast.secretary.employee
    assert principal is not None
    assert substitute is not None
    Substitution.objects.create(
        principal=principal, substitute=substitute, capacity="plh",
        letter_number="800/77/PLH/2026", valid_from=date(2026, 4, 13),
        valid_until=date(2026, 4, 24), created_at=NOW,
    )  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        page = browser(cast.admin).get(ADDRESS).content.decode()
        later = tree_of([cast.agency], NOW + timedelta(days=7))
    assert "Plh. Kepala Dinas" in page
    assert "800/77/PLH/2026" in page
    assert "Anselmus Lede" in page
    assert later[0].heads[0].substitutes == ()


def test_a_branch_stands_under_its_agency_and_is_counted_with_it(cast: Cast) -> None:
    place(cast.other_agency, cast.agency)
    branch = tree()["diskominfo"]
    assert [row.agency.code for row in branch.branches] == ["dinkes"]
    assert (branch.people, branch.total) == (7, 8)
    event = Event.objects.get(verb="agency_placed")
    assert (event.before, event.after) == ({"parent": None}, {"parent": cast.agency.pk})
    place(cast.other_agency, cast.agency)  # the same again
    assert Event.objects.filter(verb="agency_placed").count() == 1
    assert list(ledger.verify()) == []


def test_who_may_see_both_reads_the_branch_below_its_agency(cast: Cast) -> None:
    place(cast.other_agency, cast.agency)
    appoint(cast.admin, "Auditor", cast.other_agency)
    with time_machine.travel(NOW, tick=False):
        page = browser(cast.admin).get(ADDRESS).content.decode()
    assert "7 pegawai, 8 dengan 1 UPT" in page
    assert "di bawah Dinas Komunikasi dan Informatika, 1 pegawai" in page


def test_a_branch_gives_nobody_a_right_in_it(cast: Cast) -> None:
    place(cast.other_agency, cast.agency)
    with time_machine.travel(NOW, tick=False):
        above = browser(cast.kadis).get(ADDRESS).content.decode()
        below = browser(cast.outsider).get(ADDRESS).content.decode()
    assert "Dinas Kesehatan" not in above
    assert "Dinas Kesehatan" in below
    assert "Di bawah Dinas Komunikasi dan Informatika" in below
    assert "Ratna Seran" not in below


def test_a_ring_and_a_tree_too_deep_are_refused(cast: Cast) -> None:
    place(cast.other_agency, cast.agency)
    with pytest.raises(AgencyRefused, match="dirinya sendiri"):
        place(cast.agency, cast.other_agency)
    with pytest.raises(AgencyRefused, match="dirinya sendiri"):
        place(cast.agency, cast.agency)
    third, fourth = make_agency("puskesmas"), make_agency("pustu")
    place(third, cast.other_agency)
    with pytest.raises(AgencyRefused, match="3 tingkat"):
        place(fourth, third)
    with pytest.raises(AgencyRefused, match="3 tingkat"):
        place(cast.agency, fourth)
    assert Agency.objects.get(code="pustu").parent is None


def test_the_tree_of_many_agencies_costs_as_many_queries_as_that_of_one(
    cast: Cast,
) -> None:
    for number in range(5):
        agency = make_agency(f"pd{number}")
        appoint(cast.admin, "Auditor", agency)
        head = make_employee(agency, f"Kepala {number}")
        make_employee(agency, f"Staf {number}", superior=head)
    rows = list(Agency.objects.select_related("parent"))
    with CaptureQueriesContext(connection) as one:
        tree_of(rows[:1], NOW)
    with CaptureQueriesContext(connection) as all_of_them:
        assert len(tree_of(rows, NOW)) == 7
    assert len(all_of_them) == len(one)


def test_who_may_see_no_employees_finds_no_tree(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        assert browser(cast.employee).get(ADDRESS).status_code == 403


def test_agencies_are_founded_and_placed_on_the_command_line(cast: Cast) -> None:
    call_command("found_agency", "uptd-satu", name="UPTD Satu", under="dinkes")
    assert Agency.objects.get(code="uptd-satu").parent == cast.other_agency
    call_command("place_agency", "uptd-satu", under="diskominfo")
    assert Agency.objects.get(code="uptd-satu").parent == cast.agency
    call_command("place_agency", "uptd-satu")
    assert Agency.objects.get(code="uptd-satu").parent is None
    with pytest.raises(CommandError, match="sudah ada"):
        call_command("found_agency", "dinkes", name="Dinas Kesehatan")
    with pytest.raises(CommandError, match="huruf, angka"):
        call_command("found_agency", "dinas baru", name="Dinas Baru")
