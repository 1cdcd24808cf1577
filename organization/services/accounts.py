"""Personal accounts: opened without a password, given a first one, taken over by their owner."""

import secrets
from datetime import datetime

from django.db import transaction

from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.ledger import Entry
from foundation.models import Event
from organization.exceptions import AccountRefused
from organization.locked import cool_off, forget_failures
from organization.models import Agency, Appointment, Employee, User
from organization.permissions import local_date
from organization.services.employees import append
from organization.services.offering import offer_anew_under
from organization.services.sessions import end_sessions
from organization.usernames import username_for

# Without letters and digits that look alike on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4
# After these an account is listened to again, so that it can be locked anew.
UNLOCKING = ("account_unlocked", "initial_password_issued", "password_reset")


@transaction.atomic
def open_account(*, employee: Employee, actor: Actor, now: datetime, username: str = "") -> User:
    """Return the employee's account, opened if there is none: no password opens it yet.

    A closed account of somebody who works again is opened anew. Raises AccountRefused.
    """
    agency = ledger.lock(employee.agency)
    user, entries = account_of(employee, agency=agency, actor=actor, now=now, username=username)
    append(agency, entries, now=now)
    return user


def account_of(
    employee: Employee, *, agency: Agency, actor: Actor, now: datetime, username: str = ""
) -> tuple[User, list[Entry]]:
    """Return the account and its events; the caller has locked the agency and appends them."""
    today = local_date(agency, now)
    if employee.left_on is not None and employee.left_on <= today:
        raise AccountRefused(f"{employee.name} sudah berhenti; akun tidak dapat dibuka.")
    user = User.objects.filter(employee=employee).first()
    if user is not None and user.is_active:
        return user, []
    if user is None:
        taken = set(User.objects.values_list("username", flat=True))
        if username and username in taken:
            raise AccountRefused(f"Nama pengguna {username} sudah dipakai; pilih yang lain.")
        user = User(username=username or username_for(employee.name, taken), employee=employee)
    user.is_active, user.must_change_password = True, True
    user.set_unusable_password()
    user.save()
    offer_anew_under(employee, now=now)
    entry = Entry(
        actor=actor,
        verb="account_opened",
        subject=f"organization.user:{user.pk}",
        after={"employee": employee.pk},
    )
    return user, [entry]


@transaction.atomic
def issue_initial_password(
    *, user: User, actor: Actor, now: datetime, replace_own: bool = False
) -> str:
    """Return a new random password, to be shown once and kept nowhere; its owner must change it.

    An account whose owner has chosen a password already is refused unless `replace_own`: who may
    hand out first passwords must not be able to step into somebody's account that way.
    """
    agency = ledger.lock(agency_of(user))
    row = User.objects.get(pk=user.pk)
    if not row.is_active:
        raise AccountRefused("Akun ini ditutup; buka kembali sebelum memberi sandi.")
    if row.pk == actor.user_id:
        raise AccountRefused("Sandi akun sendiri diganti lewat menu Ganti sandi.")
    if owner_chose_password(row) and not replace_own:
        raise AccountRefused(
            "Pemilik akun sudah memilih sandi sendiri; mintalah pimpinan yang berwenang mengatur "
            "ulang sandi."
        )
    password = random_password()
    row.set_password(password)
    row.must_change_password = True
    row.save(update_fields=["password", "must_change_password"])
    forget_failures(username=row.username)
    verb = "password_reset" if replace_own else "initial_password_issued"
    entry = Entry(actor=actor, verb=verb, subject=f"organization.user:{row.pk}")
    append(agency, [entry], now=now)
    return password


@transaction.atomic
def change_own_password(*, user: User, password: str, actor: Actor, now: datetime) -> None:
    """Set the password that its owner chose (already validated) and lift the forced change."""
    if user.pk != actor.user_id:
        raise AccountRefused("Sandi hanya dapat diganti oleh pemilik akun.")
    agency = ledger.lock(agency_of(user))
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    entry = Entry(actor=actor, verb="password_changed", subject=f"organization.user:{user.pk}")
    append(agency, [entry], now=now)


@transaction.atomic
def sign_out_everywhere(*, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """End every session of an account: on its owner's wish or, for a reason, on the office's.

    Raises AccountRefused where somebody else names no reason.
    """
    if actor.user_id != user.pk and not reason.strip():
        raise AccountRefused("Isi alasannya, misalnya: ponsel pemilik akun hilang.")
    agency = ledger.lock(agency_of(user))
    end_sessions(user_id=user.pk)
    entry = Entry(
        actor=actor,
        verb="sessions_ended",
        subject=f"organization.user:{user.pk}",
        after={"reason": reason.strip()},
    )
    append(agency, [entry], now=now)


@transaction.atomic
def unlock_account(*, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Listen to a name again at once that wrong passwords had locked. Raises AccountRefused."""
    if not reason.strip():
        raise AccountRefused("Isi alasannya, misalnya: pemilik akun lupa sandinya.")
    agency = ledger.lock(agency_of(user))
    if not forget_failures(username=user.username):
        raise AccountRefused("Akun ini tidak terkunci.")
    entry = Entry(
        actor=actor,
        verb="account_unlocked",
        subject=f"organization.user:{user.pk}",
        after={"reason": reason.strip()},
    )
    append(agency, [entry], now=now)


@transaction.atomic
def note_lock(*, user: User, now: datetime) -> None:
    """Leave an event of a lock, without the address: it may be somebody's home.

    Guesses that come at once all find the account locked: the first to get here tells.
    """
    agency = ledger.lock(agency_of(user))
    subject = f"organization.user:{user.pk}"
    told = Event.objects.filter(subject=subject, verb__in=("account_locked", *UNLOCKING))
    last = told.order_by("-pk").first()
    if last is not None and last.verb == "account_locked" and last.at > now - cool_off():
        return
    append(agency, [Entry(actor=SYSTEM, verb="account_locked", subject=subject)], now=now)


def owner_chose_password(user: User) -> bool:
    return user.has_usable_password() and not user.must_change_password


def random_password() -> str:
    """Return 16 characters in four groups: 79 bits, and readable from a slip of paper."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def agency_of(user: User) -> Agency:
    """Return the agency in whose ledger the account's events stand."""
    if user.employee is not None:
        return user.employee.agency
    appointment = Appointment.objects.filter(user=user).select_related("agency").first()
    if appointment is None:
        raise AccountRefused(
            "Akun ini belum terhubung dengan pegawai atau penugasan; hubungkan dahulu."
        )
    return appointment.agency
