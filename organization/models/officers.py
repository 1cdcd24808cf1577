"""That an agency needs officers: too few serve (Pergub 67/2019 art. 7(1)), or others are wanted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organization.models.agencies import Agency


class OfficerNeedQuerySet(models.QuerySet["OfficerNeed"]):
    def open(self) -> "OfficerNeedQuerySet":
        """Those for which nobody was appointed yet."""
        return self.filter(mended_at=None)

    def shortages(self) -> "OfficerNeedQuerySet":
        """The alarms that stand: too few serve, and nobody was appointed yet."""
        return self.open().filter(kind=OfficerNeed.Kind.SHORTAGE)


class OfficerNeed(models.Model):
    """One need, from the day it is found until officers serve; an agency has one open at a time.

    It is the subject of the SOP that appoints them.
    """

    class Kind(models.TextChoices):
        SHORTAGE = "shortage", "Kekurangan petugas"
        REQUEST = "request", "Penggantian petugas"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="officer_needs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=300)  # a sentence, without names
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    times_told = models.PositiveSmallIntegerField(default=0)  # how often its SOP was asked to begin
    mended_at = models.DateTimeField(null=True, blank=True)  # officers serve again
    finished_at = models.DateTimeField(null=True, blank=True)  # nobody's signature is waited for

    objects = OfficerNeedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(mended_at=None), name="one_open_officer_need"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} - {self.agency}"
