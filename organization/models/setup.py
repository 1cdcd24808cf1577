"""The code by which whoever has the server begins an empty installation."""

from django.db import models


class SetupCode(models.Model):
    """A code that was printed on the server's terminal; what is kept is its digest."""

    digest = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    # What was begun with it lasts until then, or until it is closed.
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"kode penyiapan {self.pk}"
