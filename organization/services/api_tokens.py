"""Tokens of the API: given to a person's account, taken back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.ledger import Entry
from organization.api_scopes import SCOPES
from organization.exceptions import TokenRefused
from organization.models import ApiToken, User
from organization.services.accounts import ALPHABET, agency_of
from organization.services.employees import append

MARK = "sopan_"
ID_LENGTH = 10
MOST_DAYS = 366


@dataclass(frozen=True)
class IssuedToken:
    """A new token and its text, to be shown once and kept nowhere."""

    token: ApiToken
    text: str


@transaction.atomic
def create_api_token(
    *, user: User, name: str, scopes: Sequence[str], days: int, actor: Actor, now: datetime
) -> IssuedToken:
    """Give a program a token that acts as this person for so many days. Raises TokenRefused."""
    chosen = sorted(set(scopes))
    unknown = [scope for scope in chosen if scope not in SCOPES]
    if unknown:
        raise TokenRefused(f"Lingkup {', '.join(unknown)} tidak ada; yang ada: {_known()}.")
    if not chosen:
        raise TokenRefused(f"Pilih paling sedikit satu lingkup: {_known()}.")
    if not 1 <= days <= MOST_DAYS:
        raise TokenRefused(f"Masa berlaku token 1 sampai {MOST_DAYS} hari.")
    if not name.strip():
        raise TokenRefused("Tuliskan untuk apa token ini.")
    if not user.is_active:
        raise TokenRefused("Akun ini ditutup; token tidak dapat dibuat untuknya.")
    agency = ledger.lock(agency_of(user))
    public_id = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip()[:80],
        public_id=public_id,
        secret_sha256=digest_of(secret),
        scopes=chosen,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    told = {"user": user.pk, "scopes": chosen, "expires_at": token.expires_at}
    entry = Entry(actor=actor, verb="api_token_created", subject=_subject(token), after=told)
    append(agency, [entry], now=now)
    return IssuedToken(token, f"{MARK}{public_id}_{secret}")


@transaction.atomic
def revoke_api_token(*, token: ApiToken, actor: Actor, now: datetime, reason: str = "") -> bool:
    """Let a token open nothing from now on; whether it still did.

    Raises TokenRefused where another person than its owner names no reason.
    """
    if actor.user_id not in (None, token.user_id) and not reason.strip():
        raise TokenRefused("Isi alasannya, misalnya: programnya tidak dipakai lagi.")
    agency = ledger.lock(agency_of(token.user))
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    if revoked:
        entry = Entry(
            actor=actor,
            verb="api_token_revoked",
            subject=_subject(token),
            after={"reason": reason.strip()},
        )
        append(agency, [entry], now=now)
    return bool(revoked)


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _known() -> str:
    return ", ".join(SCOPES)


def _subject(token: ApiToken) -> str:
    return f"organization.apitoken:{token.pk}"
