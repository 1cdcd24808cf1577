"""The copy of what the system holds about a person, for him (UU 27/2022 art. 7 and 13)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from organization.models import Agency, Employee, User
from organization.permissions import agencies_where

EXPORT = "employees.export_data"


class PersonalCopyQuerySet(models.QuerySet["PersonalCopy"]):
    def visible_to(self, user: User, at: datetime) -> "PersonalCopyQuerySet":
        """Those that the person asked for about himself, or an office about its own people.

        What an office asked for is the office's; he sees that it was, on his page.
        """
        own = Q(asked_by=user, employee__isnull=False, employee=user.employee_id)
        return self.filter(own | Q(asked_by=user, agency__in=agencies_where(user, EXPORT, at)))


class PersonalCopy(models.Model):
    """All that is held about one person in one zip; written by a worker, kept for days."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        DONE = "done", "Selesai"
        FAILED = "failed", "Gagal"
        EXPIRED = "expired", "Dihapus"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="copies")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("diminta")
    reason = models.CharField("alasan", max_length=300, blank=True)  # of an office; himself: none
    rows = models.PositiveIntegerField("jumlah baris", default=0)
    file = models.FileField("berkas", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField("ukuran", default=0)
    made_at = models.DateTimeField("dibuat", null=True)
    expires_at = models.DateTimeField("disimpan sampai", null=True)
    error = models.CharField("kendala", max_length=500, blank=True)

    objects = PersonalCopyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "asked_by"],
                condition=Q(state="waiting"),
                name="personal_copy_written_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Salinan data {self.employee}"

    def get_absolute_url(self) -> str:
        return reverse("data_pribadi:copy", args=[self.pk])

    @property
    def is_own(self) -> bool:
        return self.asked_by.employee_id == self.employee_id
