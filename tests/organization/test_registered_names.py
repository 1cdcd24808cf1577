"""What SOP files call by name: choices, facts, guards, the operation, panels, contexts."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from foundation.actors import SYSTEM
from organization import links
from organization.models import Agency, Appointment, Employee, EmploymentStatus
from organization.permissions import mandates_of, person
from organization.services import issue_initial_password
from tests.cast import APPOINTED_ON, NOW, TODAY, Cast, appoint, make_agency, make_employee
from tests.organization.steps import context
from workflows import registry

FIELDS = {"Admin": "petugas_a", "Operator": "petugas_b"}


def ids(*people: Employee) -> list[str]:
    return [str(person.pk) for person in people]


@pytest.fixture
def people(cast: Cast) -> list[Employee]:
    return [make_employee(cast.agency, name) for name in ("Dominikus Riwu", "Adelheid Mbete")]


# Choices


def test_only_active_pns_of_the_agency_can_be_chosen(cast: Cast) -> None:
    make_employee(cast.agency, "Kontrak", status=EmploymentStatus.HONORER, number="HNR-1")
    make_employee(cast.agency, "Pensiun", left_on=date(2026, 4, 1))
    offered = registry.choices.get("organization.eligible_officers")(context(cast.agency))
    names = [label.split(" - ")[0] for _, label in offered]
    assert set(names) == {user.get_full_name() for user in cast.everyone}
    assert cast.admin.employee is not None
    assert (str(cast.admin.employee.pk), "Budi Manafe - 19850312 201001 1 003") in offered


# Facts


def officers_valid(cast: Cast, **values: object) -> registry.Fact:
    parameters = {"roles": ["Admin", "Operator"], "minimum": 2}
    asked = context(cast.agency, parameters=parameters, **values)
    return registry.fact.get("organization.officers_valid")(asked)


def test_officers_are_valid_while_their_letters_are(cast: Cast) -> None:
    fact = officers_valid(cast)
    assert fact.value is True
    assert "800/01/UJI/2026" in fact.evidence
    assert "Budi Manafe (Admin)" in fact.evidence
    Appointment.objects.filter(role="Admin").update(valid_until=date(2026, 4, 20))
    assert officers_valid(cast).value is True
    assert officers_valid(cast, now=NOW + timedelta(days=1)).value is False


def test_officers_are_not_valid_with_a_vacant_role_or_too_few_or_a_former_pns(cast: Cast) -> None:
    assert cast.admin.employee is not None
    Employee.objects.filter(pk=cast.admin.employee.pk).update(status=EmploymentStatus.PPPK)
    fact = officers_valid(cast)
    assert (fact.value, fact.evidence) == (False, "Belum ada petugas yang sah sebagai Admin.")
    Employee.objects.filter(pk=cast.admin.employee.pk).update(status=EmploymentStatus.PNS)
    Appointment.objects.filter(role="Operator").delete()
    appoint(cast.admin, "Operator", cast.agency)
    assert officers_valid(cast).evidence == "Baru 1 petugas yang sah; paling sedikit 2 orang."


def test_a_closed_account_is_no_officer(cast: Cast) -> None:
    cast.admin.is_active = False
    cast.admin.save()
    assert officers_valid(cast).value is False


def test_employees_are_complete_only_if_there_are_any(cast: Cast) -> None:
    ask = registry.fact.get("organization.employees_complete")
    assert ask(context(cast.agency)).value is True
    assert ask(context(make_agency("kosong"))).value is False
    make_employee(cast.agency, photo="")
    fact = ask(context(cast.agency))
    assert (fact.value, fact.evidence) == (False, "Data 1 dari 8 pegawai belum lengkap.")


# Guards


def chosen(cast: Cast, parameters: dict[str, object] | None = None, **answers: object) -> list[str]:
    asked = context(
        cast.agency, parameters={"fields": FIELDS, **(parameters or {})}, answers=answers
    )
    return [row.text for row in registry.guard.get("organization.officers_chosen")(asked)]


def test_a_form_without_a_choice_is_refused_naming_each_role(cast: Cast) -> None:
    assert chosen(cast) == [
        "Belum ada pegawai yang dipilih sebagai Admin.",
        "Belum ada pegawai yang dipilih sebagai Operator.",
        "Petugas paling sedikit 2 orang yang berbeda; baru 0 dipilih.",
    ]


def test_a_right_choice_passes_as_list_or_single_value(cast: Cast, people: list[Employee]) -> None:
    first, second = ids(*people)
    assert chosen(cast, petugas_a=[first], petugas_b=[second]) == []
    assert chosen(cast, petugas_a=first, petugas_b=second) == []


def test_a_wrong_choice_is_refused_with_its_reason(cast: Cast, people: list[Employee]) -> None:
    first, _ = ids(*people)
    other = make_employee(cast.agency, "Rambu Lede", status=EmploymentStatus.PPPK)
    assert chosen(cast, petugas_a=[first], petugas_b=[first]) == [
        "Dominikus Riwu dipilih untuk lebih dari satu peran.",
        "Petugas paling sedikit 2 orang yang berbeda; baru 1 dipilih.",
    ]
    assert chosen(cast, petugas_a=[first], petugas_b=ids(other)) == [
        "Rambu Lede berstatus PPPK; petugas harus PNS."
    ]
    for nobody in ("9999999", "abc", "-1", "1e3", None):
        assert chosen(cast, petugas_a=[first], petugas_b=[nobody])


def test_nobody_chooses_himself_as_an_officer(cast: Cast, people: list[Employee]) -> None:
    first, _ = ids(*people)
    assert cast.kadis.employee is not None
    own = ids(cast.kadis.employee)
    reason = "Tidak seorang pun menunjuk dirinya sendiri; pilih orang lain."
    told: dict[str, Any] = {
        "answers": {"petugas_a": [first], "petugas_b": own},
        "parameters": {"fields": FIELDS, "releases": "diakhiri"},
        "actor": person(cast.kadis),
    }
    for name in ("organization.officers_chosen", "organization.officers_added"):
        rows = registry.guard.get(name)(context(cast.agency, **told))
        assert reason in [row.text for row in rows]
        rows = registry.guard.get(name)(context(cast.agency, **told | {"actor": SYSTEM}))
        assert reason not in [row.text for row in rows]


def test_the_minimum_is_what_the_sop_says(cast: Cast, people: list[Employee]) -> None:
    first, second = ids(*people)
    reasons = chosen(cast, {"minimum": 3}, petugas_a=[first], petugas_b=[second])
    assert reasons == ["Petugas paling sedikit 3 orang yang berbeda; baru 2 dipilih."]


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-04-21", None, "masih akan datang"),
        ("2026-01-01", "2026-04-19", "sudah berakhir"),
        ("2026-04-20", "2026-04-20", ""),
        ("2026-04-01", "2026-03-01", "sudah berakhir"),
        (None, None, ""),
    ],
)
def test_dates_of_an_appointment_must_hold_today(
    cast: Cast, people: list[Employee], first: str | None, last: str | None, sentence: str
) -> None:
    reasons = chosen(
        cast,
        {"valid_from": "mulai", "valid_until": "akhir"},
        petugas_a=ids(people[0]),
        petugas_b=ids(people[1]),
        mulai=first,
        akhir=last,
    )
    assert [sentence in reason for reason in reasons] == [True] * bool(sentence)


def lacking(cast: Cast) -> list[registry.Missing]:
    return list(registry.guard.get("organization.employees_complete")(context(cast.agency)))


def test_whoever_lacks_a_datum_is_named_with_his_page(cast: Cast) -> None:
    assert lacking(cast) == []
    person = make_employee(cast.agency, "Stefanus Pandong", photo="", rank="")
    assert lacking(cast) == [
        registry.Missing("Stefanus Pandong: belum ada pangkat dan foto.", links.employee(person.pk))
    ]


def test_the_first_twenty_are_named_and_the_rest_counted(cast: Cast) -> None:
    for number in range(23):
        make_employee(cast.agency, f"Pegawai {number:02d}", photo="")
    rows = lacking(cast)
    assert len(rows) == 21
    assert rows[-1].text == "dan 3 lainnya."


def test_an_agency_without_employees_is_told_where_to_begin(cast: Cast) -> None:
    (row,) = registry.guard.get("organization.employees_complete")(context(make_agency("kosong")))
    assert row.link == links.IMPORT


# The operation and what Word gets of it


def perform(cast: Cast, people: list[Employee], **values: object) -> registry.Result:
    parameters = {
        "fields": FIELDS,
        "letter": "surat",
        "letter_number": "nomor",
        "checklist": "syarat",
        "valid_from": "mulai",
        "valid_until": "akhir",
    }
    form = {
        "petugas_a": ids(people[0]),
        "petugas_b": ids(people[1]),
        "surat": 17,
        "nomor": "094/11/2026",
        "syarat": ["integritas"],
        "mulai": "2026-04-01",
        "akhir": "2026-12-31",
    }
    asked = context(cast.agency, parameters=parameters, answers=form, **values)
    return registry.operation.get("organization.appoint_officers")(asked)


def test_the_operation_appoints_by_the_forms_answers_once_per_visit(
    cast: Cast, people: list[Employee]
) -> None:
    result = perform(cast, people)
    assert result.note == "Ditugaskan: Dominikus Riwu (Admin) dan Adelheid Mbete (Operator)."
    made = Appointment.objects.filter(source="processes.instance:12#langkah/1").order_by("pk")
    assert [(a.role, a.letter_number, a.letter_attachment) for a in made] == [
        ("Admin", "094/11/2026", 17),
        ("Operator", "094/11/2026", 17),
    ]
    assert (made[0].valid_from, made[0].valid_until) == (date(2026, 4, 1), date(2026, 12, 31))
    assert made[0].qualifications == ["integritas"]
    count = Appointment.objects.count()
    assert perform(cast, people) == result
    assert Appointment.objects.count() == count
    perform(cast, people, visit=2)
    assert Appointment.objects.count() == count + 2
    assert len(mandates_of(made[0].user, NOW)) == 1


def test_word_gets_the_people_this_instance_appointed(cast: Cast, people: list[Employee]) -> None:
    perform(cast, people)
    data = registry.document_context.get("organization.officers")(context(cast.agency))
    assert [(row["no"], row["nama"], row["peran"]) for row in data["petugas"]] == [
        (1, "Dominikus Riwu", "Admin"),
        (2, "Adelheid Mbete", "Operator"),
    ]
    assert data["petugas"][0]["pangkat"] == "Penata Muda (III/a)"
    assert data["petugas"][0]["nip"].count(" ") == 3
    assert len(data["petugas"][0]["tugas"]) == 6
    assert "094/11/2026" in data["dasar"][-1]
    assert data["berlaku"] == {"mulai": "1 April 2026", "sampai": "31 Desember 2026"}


def test_word_gets_who_serves_where_the_instance_appointed_nobody(cast: Cast) -> None:
    data = registry.document_context.get("organization.officers")(context(cast.agency))
    names = [row["nama"] for row in data["petugas"]]
    assert names == ["Budi Manafe", "Sari Benu", "Yohanes Klau"]
    assert data["berlaku"]["sampai"] == "dicabut"


def test_word_gets_who_signs_beside_the_signatory(cast: Cast) -> None:
    officers = registry.document_context.get("organization.officers")
    asked = context(cast.agency, parameters={"cosignatory": "Admin"})
    assert officers(asked)["pendamping"]["nama"] == "Budi Manafe"
    Appointment.objects.filter(role="Admin").update(revoked_at=NOW)
    assert officers(asked)["pendamping"] == {}


def test_each_officer_gets_one_receipt_for_his_account_and_no_password(cast: Cast) -> None:
    appoint(cast.operator, "Admin", cast.agency)
    receipts = registry.document_context.get("organization.account_receipts")
    entries = receipts(context(cast.agency))["akun"]
    sari = next(entry for entry in entries if entry["nama_pengguna"] == cast.operator.username)
    assert (sari["nama"], sari["peran"]) == ("Sari Benu", "Operator, Admin")
    assert sari["surat"] == "800/01/UJI/2026"
    assert len(entries) == 3
    assert set(sari) == {
        "no", "kunci", "nama", "nip", "pangkat", "jabatan", "nama_pengguna", "peran", "surat",
        "tanggal",
    }  # fmt: skip


def receipts_of(agency: Agency, day: date) -> list[str]:
    """Return whose receipts a report about a day writes."""
    about = registry.Request(agency_id=agency.pk, subject=f"{day}", actor=SYSTEM, now=NOW)
    assert registry.report_check.get("organization.account_receipts")(about) == ""
    entries = registry.report_context.get("organization.account_receipts")(about)["akun"]
    return [entry["nama"] for entry in entries]


def test_receipts_about_a_day_are_of_the_accounts_handed_over_on_it(cast: Cast) -> None:
    issue_initial_password(user=cast.operator, actor=person(cast.admin), now=NOW, replace_own=True)
    assert receipts_of(cast.agency, APPOINTED_ON) == ["Budi Manafe", "Sari Benu", "Yohanes Klau"]
    assert receipts_of(cast.agency, TODAY) == ["Sari Benu"]


def test_a_day_on_which_nothing_was_handed_over_is_refused(cast: Cast) -> None:
    about = registry.Request(agency_id=cast.agency.pk, subject="2026-04-17", actor=SYSTEM, now=NOW)
    refusal = registry.report_check.get("organization.account_receipts")(about)
    assert "Tidak ada akun petugas yang diserahkan" in refusal
    with pytest.raises(registry.NothingToReport, match="Tidak ada akun"):
        registry.report_context.get("organization.account_receipts")(about)


def test_each_person_signs_one_integrity_pact(cast: Cast) -> None:
    appoint(cast.operator, "Admin", cast.agency)
    data = registry.document_context.get("organization.integrity_pacts")(context(cast.agency))
    assert [(row["nama"], row["peran"]) for row in data["petugas"]] == [
        ("Budi Manafe", "Admin"),
        ("Sari Benu", "Operator, Admin"),
        ("Yohanes Klau", "Operator"),
    ]


def test_word_data_are_plain(cast: Cast) -> None:
    for name in ("organization.officers", "organization.integrity_pacts"):
        json.dumps(registry.document_context.get(name)(context(cast.agency)))


# The end of a subject


@pytest.mark.parametrize(
    ("subject", "moment"),
    [
        ("2026-04", datetime(2026, 4, 30, 16, tzinfo=UTC)),
        ("2026-12", datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ("2028-02", datetime(2028, 2, 29, 16, tzinfo=UTC)),
        ("2026-04-30", datetime(2026, 4, 30, 16, tzinfo=UTC)),
    ],
)
def test_a_subject_ends_at_midnight_of_the_agency(
    cast: Cast, subject: str, moment: datetime
) -> None:
    end = registry.deadline.get("organization.subject_end")(context(cast.agency, subject=subject))
    assert end == moment


def test_a_subject_that_is_no_time_has_no_end(cast: Cast) -> None:
    with pytest.raises(ValueError, match="Gangguan"):
        registry.deadline.get("organization.subject_end")(
            context(cast.agency, subject="Gangguan mesin")
        )


# Panels and links


def shown(name: str, cast: Cast) -> str:
    panel = registry.get_panel(name)
    return render_to_string(panel.template, dict(panel.data(context(cast.agency))))


def test_the_panel_of_officers_shows_who_serves(cast: Cast) -> None:
    page = shown("organization.officers", cast)
    assert "Budi Manafe" in page
    assert "800/01/UJI/2026" in page


def test_the_panel_of_employees_names_who_lacks_what(cast: Cast) -> None:
    assert "Data 7 pegawai lengkap" in shown("organization.employees", cast)
    person = make_employee(cast.agency, "Stefanus <b>", photo="")
    page = shown("organization.employees", cast)
    assert "Stefanus &lt;b&gt;" in page
    assert f'href="{links.employee(person.pk)}"' in page


def test_links_lead_to_the_pages(cast: Cast) -> None:
    assert reverse("pegawai:index") == links.EMPLOYEES
    assert reverse("pegawai:import") == links.IMPORT
    assert reverse("pegawai:photos") == links.PHOTOS
    assert reverse("pegawai:officers") == links.OFFICERS
    assert links.employee(7) == reverse("pegawai:detail", args=[7])
    assert links.INCOMPLETE.startswith(links.EMPLOYEES)
