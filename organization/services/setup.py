"""An empty installation is begun by whoever reads its terminal: one code, for a day, once.

Until somebody has signed in there is nobody who could allow anything; what is done meanwhile is
done by whoever has the server, as on its command line.
"""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q

from foundation.actors import Actor
from organization.exceptions import SetupRefused
from organization.models import SetupCode, User
from organization.services.accounts import ALPHABET

SETTER = Actor(user_id=None, name="Penyiapan pertama")
VALID = timedelta(hours=24)  # for the code, and again for what is begun with it
MOST_FAILURES = 10
GROUPS, GROUP_LENGTH = 3, 4


def is_untouched() -> bool:
    """Say whether no account has ever been its owner's: only then does a code open anything."""
    owned = Q(last_login__isnull=False) | Q(is_active=True, must_change_password=False)
    return not User.objects.filter(owned).exists()


@transaction.atomic
def issue_setup_code(*, now: datetime) -> str:
    """Return a new code to be shown once; earlier ones are void. Empty once somebody signed in."""
    if not is_untouched():
        return ""
    SetupCode.objects.filter(used_at=None).delete()
    signs = "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP_LENGTH))
    SetupCode.objects.create(digest=make_password(signs), made_at=now, expires_at=now + VALID)
    return "-".join(signs[n : n + GROUP_LENGTH] for n in range(0, len(signs), GROUP_LENGTH))


def redeem_setup_code(*, code: str, now: datetime) -> SetupCode:
    """Return the code's row, used now; raise `SetupRefused` for one that is wrong, used or old."""
    row = _redeemed(code, now)
    if row is None:
        raise SetupRefused(
            "Kode tidak cocok atau tidak berlaku lagi. Kode yang baru tampil di terminal server "
            "setiap kali SOPan dijalankan, selama belum ada yang masuk."
        )
    return row


@transaction.atomic
def _redeemed(code: str, now: datetime) -> SetupCode | None:
    signs = "".join(sign for sign in code.lower() if sign in ALPHABET)
    rows = SetupCode.objects.select_for_update().filter(used_at=None, expires_at__gt=now)
    row = rows.order_by("-pk").first()
    if row is None or row.failures >= MOST_FAILURES or not is_untouched():
        return None
    if not check_password(signs, row.digest):
        row.failures += 1
        row.save(update_fields=["failures"])
        return None
    row.used_at, row.expires_at = now, now + VALID
    row.save(update_fields=["used_at", "expires_at"])
    return row


def setup_under(*, code_id: int, now: datetime) -> SetupCode | None:
    """Return the code under which somebody goes on; None once it is closed, old, or he signed in.

    `code_id` comes from the session in which the code was typed.
    """
    rows = SetupCode.objects.filter(pk=code_id, closed_at=None, expires_at__gt=now)
    return rows.exclude(used_at=None).first() if is_untouched() else None


@transaction.atomic
def close_setup(*, code_id: int, now: datetime) -> None:
    """Let the code open nothing any more: the head goes on under his own account."""
    SetupCode.objects.filter(pk=code_id, closed_at=None).update(closed_at=now)
