"""A person says how he wants to be told."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from organization.exceptions import AccountRefused
from organization.models import User
from organization.services.accounts import agency_of
from processes.models import NoticePreference
from processes.notices.channels import open_ways
from processes.notices.kinds import KINDS
from processes.notices.wishes import SITE


@dataclass(frozen=True, kw_only=True)
class Preference:
    """What is chosen: by kind the channels, hours that are quiet, and when mail is summed up."""

    ways: Mapping[str, Collection[str]]
    quiet_starts: time
    quiet_ends: time
    is_quiet_on_days_off: bool
    alarms_break_quiet: bool
    summary_at: time | None


@transaction.atomic
def set_preference(
    *, actor_user: User, actor: Actor, chosen: Preference, now: datetime
) -> NoticePreference:
    """Keep what a person chose for himself.

    What is planned already goes as planned. A channel that this server does not offer now stays as
    it was chosen before: nobody was asked about it.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor_user.pk)
    row = NoticePreference.objects.filter(user=actor_user).first()
    before = dict(row.ways) if row else {}
    asked = {SITE, *open_ways()}
    ways = {
        kind: sorted((set(chosen.ways.get(kind, ())) & asked) | (set(before.get(kind, ())) - asked))
        for kind in KINDS
    }
    changes = asdict(chosen) | {"ways": ways, "changed_at": now}
    row, _ = NoticePreference.objects.update_or_create(user=actor_user, defaults=changes)
    _note(actor_user, actor, now, {name: str(changes[name]) for name in changes} | {"ways": ways})
    return row


def _note(user: User, actor: Actor, now: datetime, told: Mapping[str, object]) -> None:
    try:
        stream = agency_of(user)
    except AccountRefused:
        return  # an account of no agency: there is no ledger that would speak of it
    ledger.record(
        stream=stream,
        actor=actor,
        verb="notice_preference_set",
        subject=f"organization.user:{user.pk}",
        after={name: told[name] for name in told if name != "changed_at"},
        now=now,
    )
