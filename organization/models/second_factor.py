"""The second step of signing in: a key that a telephone shares, and codes on paper for its loss."""

from django.db import models

from organization.models.accounts import User


class SecondFactor(models.Model):
    """The key of one account, sealed. It asks for codes once its owner has shown that he has it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    sealed_key = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # The number of the half minute whose code was used last: none is good twice.
    used_step = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"kode masuk akun {self.user_id}"


class RecoveryCode(models.Model):
    """A code on paper that stands in for the telephone, once."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"kode cadangan {self.pk}"
