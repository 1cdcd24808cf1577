"""What the SOP that appoints officers finds in this room (Pergub NTT 67/2019 art. 7).

Its subject is the id of an `OfficerNeed`. All operations may be repeated safely.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.indonesian import list_text
from foundation.outbox import Refused
from organization import links
from organization.choosing import answered_date, choosing_himself, chosen_officers, wrong_dates
from organization.exceptions import OfficersRefused
from organization.mandates.duties import officer_roles
from organization.models import Agency, Appointment, OfficerNeed
from organization.operations import cause
from organization.permissions import local_date
from organization.questions import officers_of
from organization.services import (
    AppointmentLetter,
    Signature,
    add_officers,
    addition_refusals,
    keep_signatures,
)
from organization.services.officer_needs import finish, need_of
from organization.services.pacts import standing
from workflows.registry import (
    Fact,
    Missing,
    Result,
    Row,
    StepContext,
    choices,
    fact,
    guard,
    operation,
    panel,
    performer,
    rows,
)

UNSIGNED = "Belum semua petugas yang ditunjuk menandatangani pakta integritas."


def need_of_step(context: StepContext) -> OfficerNeed:
    rows = OfficerNeed.objects.select_related("agency")
    return rows.get(pk=int(context.subject), agency=context.agency_id)


def _officers(context: StepContext) -> list[Appointment]:
    agency = Agency.objects.get(pk=context.agency_id)
    return officers_of(agency, context.now, roles=officer_roles())


def _released(context: StepContext, answers: Mapping[str, Any]) -> set[int]:
    values = answers.get(context.parameters["releases"]) or []
    return {int(value) for value in values if str(value).isdecimal()}


# Who is appointed ---------------------------------------------------------------------------------


@choices("organization.serving_officers")
def serving_officers(context: StepContext) -> Sequence[tuple[str, str]]:
    """List who serves as an officer now: only they may be released."""
    return [
        (str(row.pk), f"{row.user.get_full_name()} - {row.title}") for row in _officers(context)
    ]


@guard("organization.officers_added")
def officers_added(context: StepContext) -> Sequence[Missing]:
    """Refuse changes after which not every role is filled and two distinct PNS serve.

    Parameters: `fields` (role = form field), `releases` (field with the appointments that end);
    optional `valid_from` and `valid_until` (names of date fields).
    """
    agency = Agency.objects.get(pk=context.agency_id)
    answers = context.answers
    added = chosen_officers(context.parameters["fields"], answers)
    reasons = choosing_himself(added, context.actor) + addition_refusals(
        agency=agency,
        added=added,
        released=_released(context, answers),
        now=context.now,
    )
    first = answered_date(context.parameters.get("valid_from"), answers)
    last = answered_date(context.parameters.get("valid_until"), answers)
    wrong = wrong_dates(first, last, local_date(agency, context.now))
    return [Missing(reason) for reason in [*reasons, *wrong]]


@operation("organization.add_officers")
def appoint_beside(context: StepContext) -> Result:
    """Appoint the people chosen in the form beside those who serve, once per visit.

    Parameters: `fields` (role = form field), `releases`; optional fields `letter` (a file),
    `checklist` (qualifications), `ability` (a note on them), `letter_number`, `valid_from` and
    `valid_until`.
    """
    parameters, form = context.parameters, context.form

    def answer(name: str) -> Any:
        field = parameters.get(name)
        return form.get(field) if field else None

    ability, need = answer("ability"), need_of_step(context)
    letter = AppointmentLetter(
        number=str(answer("letter_number") or "")[:100],
        attachment=_file(answer("letter")),
        qualifications=[*map(str, answer("checklist") or []), *([str(ability)] if ability else [])],
        valid_from=answered_date(parameters.get("valid_from"), form),
        valid_until=answered_date(parameters.get("valid_until"), form),
        source=cause(context),
        need=need,
    )
    try:
        appointments = add_officers(
            need=need,
            added=chosen_officers(parameters["fields"], form),
            released=_released(context, form),
            letter=letter,
            actor=context.actor,
            now=context.now,
        )
    except OfficersRefused as refused:  # what was right when it was chosen is right no longer
        raise Refused(str(refused)) from refused
    people = list_text([f"{a.user.get_full_name()} ({a.title})" for a in appointments])
    return Result(note=f"Ditugaskan: {people}.", link=links.OFFICERS)


# Who signs ----------------------------------------------------------------------------------------


@rows("organization.pacts_to_sign")
def pacts_to_sign(context: StepContext) -> Sequence[Row]:
    """List the appointed people who have not signed their pact, once each."""
    wanted = _unsigned(context)
    return [Row(str(pk), row.user.get_full_name()) for pk, row in wanted.items()]


@performer("organization.pact_signer")
def pact_signer(context: StepContext) -> Sequence[int]:
    """Return the person of the row while his appointment holds: nobody signs for another."""
    return [pk for pk in _unsigned(context) if str(pk) == context.row]


@operation("organization.keep_pacts")
def keep_pacts(context: StepContext) -> Result:
    """Note on the appointments who signed by now, and the scan from the field `scan`."""
    field = context.parameters["scan"]
    signatures = [
        Signature(row.user_id, row.at, _file(row.answers.get(field)))
        for key, row in context.rows_done.items()
        if row.user_id is not None and str(row.user_id) == key
    ]
    need = need_of_step(context)
    unsigned = keep_signatures(need=need, signatures=signatures, now=context.now)
    if not unsigned:
        finish(need, now=context.now)
        return Result("Semua petugas yang ditunjuk menandatangani.", links.OFFICERS)
    names = list_text(list(dict.fromkeys(row.user.get_full_name() for row in unsigned)))
    return Result(f"Belum menandatangani: {names}.", links.OFFICERS)


@fact("organization.pacts_signed")
def pacts_signed(context: StepContext) -> Fact:
    """Say whether everybody whom this need appointed, and who still serves, has signed."""
    unsigned = len(_unsigned(context))
    text = f"{unsigned} petugas belum menandatangani." if unsigned else "Semua menandatangani."
    return Fact(value=not unsigned, evidence=text, link=links.OFFICERS)


@operation("organization.request_officers")
def ask_for_others(context: StepContext) -> Result:
    """Open a need for others in place of who does not sign; this one is over."""
    need = need_of_step(context)
    finish(need, now=context.now)
    need_of(need.agency, UNSIGNED, actor=context.actor, now=context.now)
    return Result("Penggantian petugas diminta; berkasnya tersendiri.", links.OFFICERS)


def _unsigned(context: StepContext) -> dict[int, Appointment]:
    """Return one standing appointment without signature per account."""
    rows = standing(need_of_step(context), context.now)
    return {row.user_id: row for row in rows if row.integrity_pact_signed_at is None}


def _file(value: Any) -> int | None:
    return int(str(value)) if str(value or "").isdecimal() else None


# What people see ----------------------------------------------------------------------------------


@fact("organization.officer_need")
def officer_need(context: StepContext) -> Fact:
    """Tell why officers are needed; the value is the kind of the need."""
    need = need_of_step(context)
    return Fact(value=str(need.kind), evidence=need.reason, link=links.OFFICERS)


@panel("organization.officer_need", template="organization/panels/officer_need.html")
def need_panel(context: StepContext) -> Mapping[str, Any]:
    """Show why officers are needed and who left last; of those appointed, who signed."""
    need = need_of_step(context)
    appointed = standing(need, context.now)
    ended = Appointment.objects.filter(agency=need.agency, role__in=officer_roles())
    serving = [row.pk for row in _officers(context)]
    last = ended.exclude(pk__in=serving).select_related("user__employee").order_by("-pk")[:3]
    unsigned = [row for row in appointed if row.integrity_pact_signed_at is None]
    names = list_text(list(dict.fromkeys(row.user.get_full_name() for row in unsigned)))
    return {
        "need": need,
        "ended": last,
        "appointed": appointed,
        "headline": f"Belum menandatangani: {names}." if names else "",
    }
