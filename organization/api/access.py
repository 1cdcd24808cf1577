"""Whose request it is: a token acts as its owner, and for no more than its scopes."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from organization.api.limits import count
from organization.api.problems import ApiProblem
from organization.api_scopes import SCOPES
from organization.models import ApiToken, User
from organization.services.api_tokens import MARK, digest_of

UNKNOWN = "Token tidak dikenal, sudah dicabut, atau sudah tidak berlaku."
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="SOPan"'}


@dataclass(frozen=True)
class Caller:
    """The owner of the token, and the moment for which the request is answered."""

    user: User
    token: ApiToken
    now: datetime


class Token(HttpBearer):
    """Lets a request in whose token has this scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        if scope not in SCOPES:
            raise LookupError(f"{scope} stands not in api_scopes.toml")
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, text.strip() if kind.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        now = timezone.now()
        row = _row(token)
        if row is None or not row.holds_at(now) or not row.user.is_active:
            address = request.META.get("REMOTE_ADDR", "")
            count(f"failed:{address}", most=settings.API_FAILURES_PER_MINUTE)
            raise ApiProblem(401, UNKNOWN if token else "", headers=CHALLENGE)
        if row.user.must_change_password:
            told = "Pemilik token harus mengganti sandinya lebih dahulu di SOPan."
            raise ApiProblem(401, told, headers=CHALLENGE)
        count(f"token:{row.pk}", most=settings.API_REQUESTS_PER_MINUTE)
        if self.scope not in row.scopes:
            raise ApiProblem(403, f"Token ini tidak memuat lingkup {self.scope}.")
        _note_use(row, now)
        return Caller(row.user, row, now)


def caller(request: HttpRequest) -> Caller:
    """Return whose request this is; only behind `Token`."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Caller):
        raise ApiProblem(401, headers=CHALLENGE)
    return found


def _row(text: str) -> ApiToken | None:
    """Return the token that this text is, compared in constant time."""
    public_id, _, secret = text.removeprefix(MARK).partition("_")
    if not text.startswith(MARK) or not public_id.isalnum() or not text.isascii():
        return None
    rows = ApiToken.objects.select_related("user__employee__agency")
    row = rows.filter(public_id=public_id).first()
    if row is None or not hmac.compare_digest(row.secret_sha256, digest_of(secret)):
        return None
    return row


def _note_use(row: ApiToken, now: datetime) -> None:
    """Keep the day of the last use: one write a day."""
    today = timezone.localdate(now)
    if row.last_used_on != today:
        ApiToken.objects.filter(pk=row.pk).exclude(last_used_on=today).update(last_used_on=today)
