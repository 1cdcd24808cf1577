"""Codes of the second step: six digits of half a minute (RFC 6238), and those on paper. Pure."""

import secrets
from datetime import datetime, timedelta

import pyotp
from django.utils.crypto import constant_time_compare, salted_hmac

STEP_SECONDS = 30
# A telephone's clock may be half a minute off, either way.
TOLERATED_STEPS = 1
RECOVERY_CODES = 10
RECOVERY_DIGITS = 12
# So many wrong codes cost nothing; each further one doubles the wait.
FREE_FAILURES = 3
LONGEST_WAIT = timedelta(minutes=15)
SALT = "organization.RecoveryCode"


def new_key() -> str:
    """Return a key of 160 bits as base32, as apps read it."""
    return pyotp.random_base32()


def address_of(key: str, username: str) -> str:
    """Return what the picture says: `otpauth://totp/SOPan:username?secret=...&issuer=SOPan`."""
    return pyotp.TOTP(key).provisioning_uri(name=username, issuer_name="SOPan")


def in_groups(text: str) -> str:
    """Return a key or a code as people copy it: in groups of four."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def digits_of(text: str) -> str:
    """Return what somebody typed without the blanks and lines between."""
    return "".join(sign for sign in text if sign not in " -\t\u00a0")


def matching_step(key: str, code: str, now: datetime) -> int | None:
    """Return the half minute that the code belongs to, if it is one of those around `now`."""
    totp, current = pyotp.TOTP(key), int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(current - TOLERATED_STEPS, current + TOLERATED_STEPS + 1):
        # All are looked at, so that the time taken tells nothing.
        if constant_time_compare(totp.at(step * STEP_SECONDS), code):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Return ten codes of twelve digits: forty bits each, and typed on any telephone."""
    return [
        f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}d}"
        for _ in range(RECOVERY_CODES)
    ]


def digest_of(code: str, key: str) -> str:
    """Return what is kept of a code on paper: without the sealed key nobody finds the code by it.

    The secret of the installation does not go into it: a new one would end all codes unnoticed.
    """
    return salted_hmac(SALT, code, secret=key, algorithm="sha256").hexdigest()


def wait_after(failures: int) -> timedelta:
    """Return how long nobody is listened to after so many wrong codes in a row."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES + 1, 20)), LONGEST_WAIT)
