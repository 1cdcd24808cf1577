"""The second step of signing in: taken up, asked for, given up, reset by the office."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from foundation import crypto, ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.codes import (
    RECOVERY_DIGITS,
    digest_of,
    digits_of,
    matching_step,
    new_key,
    new_recovery_codes,
    wait_after,
)
from organization.exceptions import AccountRefused
from organization.models import RecoveryCode, SecondFactor, User
from organization.services.accounts import agency_of
from organization.services.employees import append
from organization.services.sessions import end_sessions

WRONG = "Kode itu salah atau sudah terpakai. Tunggu kode berikutnya di ponsel, lalu isi yang baru."


@dataclass(frozen=True)
class Checked:
    """Whether a code opens; `wait` is how long nobody is listened to now."""

    opens: bool
    wait: timedelta = timedelta(0)


def key_of(factor: SecondFactor) -> str:
    """Return the key in clear: for its owner's screen, once, and to compare a code with."""
    return crypto.decrypt(factor.sealed_key, bound_to=_bound_to(factor)).decode()


def seal_key(factor: SecondFactor, key: str) -> None:
    factor.sealed_key = crypto.encrypt(key.encode(), bound_to=_bound_to(factor))


def _bound_to(factor: SecondFactor) -> str:
    return f"organization.secondfactor:{factor.user_id}:key"


def has_second_factor(user: User) -> bool:
    """Say whether the account asks for a code; one query."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


@transaction.atomic
def begin_second_factor(*, user: User, actor: Actor, now: datetime) -> SecondFactor:
    """Return a new key for its owner's telephone; it asks for nothing until he confirms it."""
    if actor.user_id != user.pk:
        raise AccountRefused("Kode masuk hanya dapat dipasang oleh pemilik akun.")
    agency = ledger.lock(agency_of(user))
    if has_second_factor(user):
        raise AccountRefused("Kode masuk sudah aktif.")
    SecondFactor.objects.filter(user=user).delete()
    factor = SecondFactor(user=user, created_at=now)
    seal_key(factor, new_key())
    factor.save()
    append(agency, [_entry("second_factor_begun", user, actor)], now=now)
    return factor


@transaction.atomic
def confirm_second_factor(*, user: User, code: str, actor: Actor, now: datetime) -> list[str]:
    """Let the account ask for codes from now on; return those for paper, shown once.

    Whatever the password alone had opened ends: the view keeps the session in which this was done.
    Raises AccountRefused with a code that the key does not give.
    """
    agency = ledger.lock(agency_of(user))
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise AccountRefused("Mulailah lagi dari halaman Keamanan akun.")
    step = matching_step(key_of(factor), digits_of(code), now)
    if step is None:
        raise AccountRefused(
            "Kode itu tidak cocok. Periksa jam ponsel (harus otomatis), lalu isi kode yang baru."
        )
    factor.confirmed_at, factor.used_step = now, step
    factor.save(update_fields=["confirmed_at", "used_step"])
    codes = _renew(factor)
    end_sessions(user_id=user.pk)
    append(agency, [_entry("second_factor_enrolled", user, actor)], now=now)
    return codes


@transaction.atomic
def check_code(*, user: User, code: str, actor: Actor, now: datetime) -> Checked:
    """Say whether a code opens the account now: six digits, or one from paper; each only once.

    Wrong ones are counted; after some of them nobody is listened to for a while.
    """
    typed = digits_of(code)
    from_paper = len(typed) == RECOVERY_DIGITS
    # Only a code from paper leaves an event: whoever signs in otherwise waits for nobody.
    agency = ledger.lock(agency_of(user)) if from_paper else None
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None or factor.confirmed_at is None:
        return Checked(False)
    wait = _wait_of(factor, now)
    if wait:
        return Checked(False, wait)
    if from_paper:
        opens = _use_paper(factor, typed, now)
    else:
        step = matching_step(key_of(factor), typed, now)
        opens = step is not None and step > factor.used_step
        factor.used_step = step if opens and step is not None else factor.used_step
    factor.failures = 0 if opens else factor.failures + 1
    factor.failed_at = None if opens else now
    factor.save(update_fields=["used_step", "failures", "failed_at"])
    if opens and agency is not None:
        left = factor.codes.filter(used_at=None).count()
        append(agency, [_entry("recovery_code_used", user, actor, left=left)], now=now)
    return Checked(opens, _wait_of(factor, now))


@transaction.atomic
def renew_recovery_codes(*, user: User, actor: Actor, now: datetime) -> list[str]:
    """Return ten new codes for paper; those from before open nothing any more."""
    agency = ledger.lock(agency_of(user))
    factor = _own(user, actor)
    codes = _renew(factor)
    append(agency, [_entry("recovery_codes_renewed", user, actor)], now=now)
    return codes


@transaction.atomic
def give_up_second_factor(*, user: User, actor: Actor, now: datetime) -> None:
    """Let the account ask for no code any more; its owner has just given one."""
    agency = ledger.lock(agency_of(user))
    _own(user, actor).delete()
    append(agency, [_entry("second_factor_given_up", user, actor)], now=now)


@transaction.atomic
def reset_second_factor(*, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Take the second step from an account whose telephone is lost; it is signed out everywhere.

    Its password still has to be known. Raises AccountRefused without a reason, or for oneself.
    """
    reason = reason.strip()
    if not reason:
        raise AccountRefused("Isi alasannya, misalnya: ponsel pemilik akun hilang.")
    if actor.user_id == user.pk:
        raise AccountRefused("Kode masuk akun sendiri diatur ulang oleh pejabat lain.")
    agency = ledger.lock(agency_of(user))
    if not SecondFactor.objects.filter(user=user).exists():
        raise AccountRefused("Akun ini tidak memakai kode masuk.")
    SecondFactor.objects.filter(user=user).delete()
    end_sessions(user_id=user.pk)
    append(agency, [_entry("second_factor_reset", user, actor, reason=reason)], now=now)


def _own(user: User, actor: Actor) -> SecondFactor:
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None or actor.user_id != user.pk:
        raise AccountRefused("Akun ini tidak memakai kode masuk.")
    return factor


def _renew(factor: SecondFactor) -> list[str]:
    codes, key = new_recovery_codes(), key_of(factor)
    factor.codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=digest_of(code, key)) for code in codes
    )
    return codes


def _use_paper(factor: SecondFactor, code: str, now: datetime) -> bool:
    unused = factor.codes.filter(digest=digest_of(code, key_of(factor)), used_at=None)
    return bool(unused.update(used_at=now))


def _wait_of(factor: SecondFactor, now: datetime) -> timedelta:
    if factor.failed_at is None:
        return timedelta(0)
    return max(factor.failed_at + wait_after(factor.failures) - now, timedelta(0))


def _entry(verb: str, user: User, actor: Actor, **after: object) -> Entry:
    return Entry(actor=actor, verb=verb, subject=f"organization.user:{user.pk}", after=after)
