"""The verdicts of people's months as they stand now: derived, rebuilt, never patched."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from attendance.models.seeing import people_of
from organization.models import Agency, Employee, User
from organization.permissions import agencies_where


class MonthSheetQuerySet(models.QuerySet["MonthSheet"]):
    def visible_to(self, user: User, at: datetime) -> "MonthSheetQuerySet":
        """Those of the agencies where a role shows recaps, one's own, and those of one's staff."""
        agencies = agencies_where(user, "recap.view", at).values("pk")
        return self.filter(Q(agency__in=agencies) | Q(employee__in=people_of(user, at)))


class MonthSheet(models.Model):
    """One person's month as the rules judge it now.

    `days` holds the verdicts in a short form (`attendance.stored`), `codes` what the matrix prints;
    the reasons are told anew whenever somebody asks. Anything may rebuild a sheet at any time; what
    was approved stands in a recap.
    """

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="month_sheets", db_index=False
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="month_sheets", db_index=False
    )
    month = models.DateField("bulan")  # its first day
    codes = models.TextField()
    days = models.TextField()
    counters = models.TextField()
    unexplained = models.PositiveSmallIntegerField("TK", default=0)
    built_at = models.DateTimeField()

    objects = MonthSheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employee", "month"], name="sheet_once_per_month")
        ]
        indexes = [models.Index(fields=["agency", "month"], name="sheet_of_agency")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.month:%Y-%m}"


class PunchLook(models.Model):
    """A stretch of the punches' ids that was searched for late ones, and how many it held.

    A transaction may commit after a later id was seen: a stretch of the last hour that holds more
    than it did is searched again.
    """

    after_id = models.PositiveBigIntegerField()  # not in it
    last_id = models.PositiveBigIntegerField(unique=True)
    held = models.PositiveIntegerField()
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["last_id"]

    def __str__(self) -> str:
        return f"{self.after_id}-{self.last_id}: {self.held}"
