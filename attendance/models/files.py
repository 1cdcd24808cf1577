"""Month files that somebody asked for: written once by a worker, removed after a day."""

from datetime import datetime

from django.conf import settings
from django.db import models

from attendance.models.recaps import Recap
from organization.models import Agency, User
from organization.permissions import agencies_where


class MonthFileQuerySet(models.QuerySet["MonthFile"]):
    def visible_to(self, user: User, at: datetime) -> "MonthFileQuerySet":
        """Those of the agencies whose months a role shows, whoever asked for them."""
        return self.filter(agency__in=agencies_where(user, "recap.view", at).values("pk"))


class MonthFile(models.Model):
    """A month of an agency as a file: a frozen version of the recap, or as it is judged now."""

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        JSON = "json", "JSON"
        XLSX = "xlsx", "Excel"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="month_files")
    month = models.DateField("bulan")  # its first day
    form = models.CharField("bentuk", max_length=4, choices=Form.choices)
    # The version that was asked for; None: as judged when the worker gets to it.
    recap = models.ForeignKey(
        Recap, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    people_done = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)  # 0 until a worker has begun
    written_at = models.DateTimeField(null=True)
    path = models.CharField(max_length=200, blank=True)  # below the storage of files
    name = models.CharField("nama berkas", max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    failure = models.TextField("gagal karena", blank=True)

    objects = MonthFileQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["agency", "month"], name="month_file_of_agency")]

    def __str__(self) -> str:
        return self.name or f"{self.agency_id} {self.month:%Y-%m} {self.form}"

    @property
    def is_written(self) -> bool:
        return self.written_at is not None
