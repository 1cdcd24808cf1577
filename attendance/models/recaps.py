"""Recaps of a month, frozen when approved; what comes too late for them; what was sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from attendance.models.frozen import FrozenQuerySet, first_of, refuse
from attendance.models.seeing import people_of
from organization.models import Agency, Employee, User
from organization.permissions import agencies_where
from processes.models import Instance


class RecapQuerySet(FrozenQuerySet["Recap"]):
    def frozen(self) -> Self:
        return self.filter(status=Recap.Status.FROZEN)

    def newest_frozen(self) -> "RecapQuerySet":
        """Return of each agency and month what holds now: the last frozen version."""
        later = Recap.objects.frozen().filter(
            agency=OuterRef("agency"), month=OuterRef("month"), version__gt=OuterRef("version")
        )
        return self.frozen().filter(~Exists(later))

    def visible_to(self, user: User, at: datetime) -> "RecapQuerySet":
        """Those of the agencies where a role shows recaps."""
        return self.filter(agency__in=agencies_where(user, "recap.view", at).values("pk"))


class Recap(models.Model):
    """What a month of an agency came to.

    A draft is rebuilt as a whole until it is approved; a frozen one stays. What changes afterwards
    is another version, an amendment (ralat), that names the one it replaces and what changed.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draf"
        SUBMITTED = "submitted", "Diajukan"
        FROZEN = "frozen", "Dibekukan"

    OPEN = (Status.DRAFT, Status.SUBMITTED)

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="recaps")
    month = models.DateField("bulan")  # its first day
    version = models.PositiveSmallIntegerField("versi", default=1)
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, blank=True, related_name="recaps"
    )
    round = models.PositiveSmallIntegerField("putaran", default=1)
    builds = models.PositiveSmallIntegerField("disusun", default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    built_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True)
    # Of an amendment: what it replaces, its number among them, why, and each day that changed.
    amends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    amendment = models.PositiveSmallIntegerField("ralat ke", default=0)
    reason = models.TextField("alasan", blank=True)
    changes = models.JSONField(default=list, blank=True)

    objects = RecapQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-month", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "month", "version"], name="recap_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["agency", "month"],
                condition=Q(status__in=["draft", "submitted"]),
                name="recap_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"Rekap {self.subject} versi {self.version}"

    def save(self, *args: Any, **options: Any) -> None:
        """Write the recap; RecapRefused where it is frozen already."""
        if found := Recap.objects.frozen_among([self]):
            refuse(found)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Drop a draft; RecapRefused for a frozen recap."""
        if found := Recap.objects.frozen_among([self]):
            refuse(found)
        return super().delete(*args, **options)

    @property
    def subject(self) -> str:
        """The month as processes name it: "2026-04"."""
        return f"{self.month:%Y-%m}"

    @property
    def is_frozen(self) -> bool:
        return self.status == self.Status.FROZEN

    @property
    def title(self) -> str:
        """How people name this version: "versi 1", or "ralat ke-2" for an amendment."""
        return f"ralat ke-{self.amendment}" if self.amendment else f"versi {self.version}"


WITHOUT_UNIT = "Pimpinan"  # what stands in place of the unit of those who lead the agency


class RecapRowQuerySet(FrozenQuerySet["RecapRow"]):
    def frozen(self) -> Self:
        return self.filter(recap__status=Recap.Status.FROZEN)

    def frozen_among(self, rows: Iterable["RecapRow"]) -> "RecapRow | None":
        rows = list(rows)
        goal = first_of(Recap.objects.all(), {row.recap_id for row in rows if row.recap_id})
        if goal is not None:
            return next(row for row in rows if row.recap_id == goal.pk)
        return super().frozen_among(rows)

    def visible_to(self, user: User, at: datetime) -> "RecapRowQuerySet":
        """Those of the agencies where a role shows recaps, one's own, and those of one's staff."""
        agencies = agencies_where(user, "recap.view", at).values("pk")
        people = people_of(user)
        return self.filter(Q(recap__agency__in=agencies) | Q(employee__in=people))


class RecapRow(models.Model):
    """One person in a recap, with the identity as it was when the recap was built."""

    recap = models.ForeignKey(Recap, on_delete=models.PROTECT, related_name="rows")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="recap_rows")
    order = models.PositiveIntegerField()
    name = models.CharField(max_length=150)
    number = models.CharField(max_length=30)
    employment = models.CharField(max_length=10)
    grade = models.CharField(max_length=10, blank=True)
    position = models.CharField(max_length=150, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    superior = models.JSONField(default=dict)  # id, nama, nip, jabatan
    codes = models.JSONField(default=list)  # one per day of the month
    counters = models.JSONField(default=dict)
    days = models.JSONField(default=list)  # the verdicts with their reasons

    objects = RecapRowQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["recap", "employee"], name="recap_row_once")]

    def __str__(self) -> str:
        return f"{self.name} - {self.recap}"

    def save(self, *args: Any, **options: Any) -> None:
        """Write the row; RecapRefused where its recap is frozen."""
        if found := RecapRow.objects.frozen_among([self]):
            refuse(found)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Drop the row of a draft; RecapRefused where its recap is frozen."""
        if found := RecapRow.objects.frozen_among([self]):
            refuse(found)
        return super().delete(*args, **options)

    def content(self) -> dict[str, Any]:
        """Return what the recap's hash is taken over."""
        return {
            "nama": self.name,
            "nip": self.number,
            "status": self.employment,
            "gol": self.grade,
            "jabatan": self.position,
            "bidang": self.unit,
            "atasan": self.superior,
            "kode": self.codes,
            "angka": self.counters,
            "hari": self.days,
        }


class LateFinding(models.Model):
    """A day of a frozen recap that would be judged otherwise by what is known now (data susulan).

    It changes nothing until BKD makes an amendment of it, or dismisses it with a reason.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Menunggu BKD"
        AMENDED = "amended", "Masuk ralat"
        DISMISSED = "dismissed", "Tidak dipakai"
        GONE = "gone", "Tidak berbeda lagi"

    recap = models.ForeignKey(Recap, on_delete=models.PROTECT, related_name="late_findings")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="late_findings")
    day = models.DateField("tanggal")
    was = models.JSONField()  # the day as it is frozen
    becomes = models.JSONField()  # the day as it would be judged now
    cause = models.CharField("sebab", max_length=300)
    found_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    amendment = models.ForeignKey(
        Recap, on_delete=models.PROTECT, null=True, blank=True, related_name="amended_findings"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField("catatan", max_length=300, blank=True)

    class Meta:
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recap", "employee", "day"],
                condition=Q(status="open"),
                name="late_finding_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"Susulan {self.employee_id} {self.day}"


class PeriodicRecapQuerySet(FrozenQuerySet["PeriodicRecap"]):
    def frozen(self) -> Self:
        return self.all()  # each is closed from the moment it is made


class PeriodicRecap(models.Model):
    """The daily or weekly recap of an agency (Pergub NTT 67/2019 art. 11(1)), as it was sent.

    It says what was known then: nothing changes it.
    """

    class Kind(models.TextChoices):
        DAILY = "daily", "Harian"
        WEEKLY = "weekly", "Mingguan"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="periodic_recaps")
    kind = models.CharField("jenis", max_length=10, choices=Kind.choices)
    first = models.DateField("dari")
    last = models.DateField("sampai")
    made_at = models.DateTimeField()
    figures = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)

    objects = PeriodicRecapQuerySet.as_manager()

    class Meta:
        ordering = ["-first", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind", "first"], name="periodic_recap_once")
        ]

    def __str__(self) -> str:
        return f"Rekap {self.get_kind_display().lower()} {self.agency} {self.first}"

    def save(self, *args: Any, **options: Any) -> None:
        """Write a new one; RecapRefused for one that was made already."""
        if found := PeriodicRecap.objects.frozen_among([self]):
            refuse(found)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Refuse: what was sent stays."""
        refuse(self)


class Delivery(models.Model):
    """A recap was handed to somebody: to whom, how, and when he said that he has it."""

    recap = models.ForeignKey(
        Recap, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    periodic = models.ForeignKey(
        PeriodicRecap, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    recipient = models.CharField("penerima", max_length=150)  # the office: a role or a title
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.CharField("lewat", max_length=40)
    sent_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recap__isnull=False, periodic=None)
                | Q(recap=None, periodic__isnull=False),
                name="delivery_of_one_recap",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recap or self.periodic} kepada {self.recipient}"
