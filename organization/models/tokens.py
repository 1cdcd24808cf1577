"""Tokens by which programs act as a person."""

from datetime import datetime

from django.db import models

from organization.api_scopes import SCOPES
from organization.models.accounts import User


class ApiToken(models.Model):
    """A program's key to an account, for a time and for some uses; its secret is kept nowhere.

    The secret is random, 256 bits of it: a plain hash of it cannot be guessed back.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField("nama", max_length=80)
    public_id = models.CharField(max_length=12, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The day is enough to see which tokens nobody uses, and costs one write a day.
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"

    @property
    def scope_words(self) -> list[str]:
        """What the program may do, in the words of api_scopes.toml."""
        return [SCOPES.get(scope, scope) for scope in self.scopes]

    def holds_at(self, now: datetime) -> bool:
        """Say whether the token still opens something."""
        return self.revoked_at is None and now < self.expires_at
