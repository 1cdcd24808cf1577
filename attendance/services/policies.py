"""An office decides where the Pergub is silent: a value, by decree, from a day on."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from attendance.days.policies import Policies, problem_of
from attendance.exceptions import DataRefused
from attendance.law.policy import DEFAULT, PolicyError, settings
from attendance.models import PolicySetting
from attendance.services.evidence_rows import judge_again, record
from foundation import ledger
from foundation.actors import Actor
from foundation.indonesian import date_text
from organization.models import Agency, User
from organization.permissions import actor_allowed, agencies_where, refusal

SET = "policy.set"
IN_FORCE = date(2019, 7, 22)  # Pergub NTT 67/2019 art. 15
# The other values say when something happens, not how a day is judged.
BEAR_ON_DAYS = frozenset({"repeated_tap", "single_span", "missing_punch", "manual_tolerance"})


@transaction.atomic
def set_policy(
    *,
    name: str,
    value: str,
    agency: Agency | None,
    decree_number: str,
    valid_from: date,
    user: User,
    now: datetime,
) -> PolicySetting:
    """Override a value of `policy.toml` from a day on, for an agency or (None) for all.

    Rows are only added: what held before stays known. Days that are over are judged anew, in frozen
    months as late findings. Raises DataRefused with a sentence per field, PermissionDenied.
    """
    stream, actor = _authority(user, agency, now)
    ledger.lock(stream)
    wanted = PolicySetting(
        agency=agency, name=name, value=str(value).strip()[:60],
        decree_number=decree_number.strip()[:150], valid_from=valid_from, set_by=user, set_at=now,
    )  # fmt: skip
    if errors := _problems(wanted):
        raise DataRefused(errors)
    before = _state(_held(wanted))
    wanted.save()
    record(
        stream, actor, "policy_set", f"policysetting:{wanted.pk}", now=now, before=before,
        after=_state(wanted),
    )  # fmt: skip
    if name in BEAR_ON_DAYS:
        judge_again(
            agency, None, valid_from, None, cause=f"Aturan: {settings()[name].title}",
            now=now,
        )  # fmt: skip
    return wanted


def _authority(user: User, agency: Agency | None, now: datetime) -> tuple[Agency, Actor]:
    """Return in whose ledger it is noted, and who does it; for all: the person's own agency's.

    Who may set values anywhere is an official of the province, and may set them for all.
    """
    if agency is not None:
        return agency, actor_allowed(user, SET, agency, now)
    found = list(agencies_where(user, SET, now).order_by("pk"))
    if not found:
        raise PermissionDenied(refusal(user, SET, None, now))
    own = user.employee.agency_id if user.employee else None
    stream = next((one for one in found if one.pk == own), found[0])
    return stream, actor_allowed(user, SET, stream, now)


def _problems(wanted: PolicySetting) -> dict[str, str]:
    setting = settings().get(wanted.name)
    if setting is None:
        return {"": f"Tidak ada aturan bernama {wanted.name}."}
    errors = {}
    if setting.fixed:
        return {"value": f"{setting.title} tidak dapat diubah dengan keputusan."}
    try:
        setting.read(wanted.value)
    except PolicyError as error:
        errors["value"] = str(error)
    if not wanted.decree_number:
        errors["decree_number"] = "Isi nomor keputusan yang menetapkannya."
    if wanted.valid_from < IN_FORCE:
        text = f"Pergub NTT 67/2019 berlaku sejak {date_text(IN_FORCE)}; periksa tahunnya."
        errors["valid_from"] = text
    return errors or _problems_together(wanted)


def _problems_together(wanted: PolicySetting) -> dict[str, str]:
    """Say where the value does not fit the others that hold on some day, for some agency."""
    agencies: list[int | None] = [wanted.agency_id]
    if wanted.agency_id is None:
        own = PolicySetting.objects.exclude(agency=None).order_by("agency")
        agencies += list(own.values_list("agency", flat=True).distinct())
    for agency_id in agencies:
        rows = [row for row in _rows(agency_id) if not problem_of(row)]
        policies = Policies([*rows, wanted])
        for day in [day for day in policies.changes if day >= wanted.valid_from]:
            held = {name: row.value for name, row in policies.overrides(day).items()}
            try:
                DEFAULT.changed(held)
            except PolicyError as error:
                return {"value": f"{error} Nilai lain berlaku sejak {date_text(day)}."}
    held_now = _held(wanted)
    if held_now is not None and _same(held_now, wanted):
        return {"value": f"Nilai ini sudah berlaku menurut {held_now.decree_number}."}
    return {}


def _rows(agency_id: int | None) -> list[PolicySetting]:
    rows = PolicySetting.objects.order_by("pk")
    common = rows.filter(agency=None)
    return list(common if agency_id is None else common | rows.filter(agency=agency_id))


def _held(wanted: PolicySetting) -> PolicySetting | None:
    """Return the row of the same scope that holds on the day the new one begins."""
    rows = [row for row in _rows(wanted.agency_id) if row.agency_id == wanted.agency_id]
    return Policies(rows).overrides(wanted.valid_from).get(wanted.name)


def _same(one: PolicySetting, other: PolicySetting) -> bool:
    return (one.value, one.decree_number) == (other.value, other.decree_number)


def _state(row: PolicySetting | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "name": row.name,
        "value": row.value,
        "decree_number": row.decree_number,
        "valid_from": row.valid_from,
        "agency": row.agency_id,
    }
