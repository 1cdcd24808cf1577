"""Letters of absence, and recaps: derived from punches and letters, then frozen."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from attendance.codes import NAMES, OFFERED
from attendance.superiors import Superiors
from organization.models import Agency, Employee, User
from organization.permissions import agencies_where
from processes.models import Instance

LETTER_KINDS = [(str(code), NAMES[code].capitalize()) for code in OFFERED]


def people_of(user: User) -> set[int]:
    """Return the ids of the user's own employee row and of everyone below."""
    if user.employee is None:
        return set()
    superiors = Superiors.of_agency(user.employee.agency_id)
    return {user.employee.pk} | superiors.below(user.employee.pk)


class AbsenceLetterQuerySet(models.QuerySet["AbsenceLetter"]):
    def overlapping(self, first: date, last: date) -> "AbsenceLetterQuerySet":
        return self.filter(first_on__lte=last, last_on__gte=first)

    def alive(self) -> "AbsenceLetterQuerySet":
        """Those that still may excuse a day, or do."""
        return self.exclude(
            status__in=[AbsenceLetter.Status.REJECTED, AbsenceLetter.Status.WITHDRAWN]
        )

    def undecided(self) -> "AbsenceLetterQuerySet":
        return self.filter(status__in=AbsenceLetter.UNDECIDED)

    def visible_to(self, user: User, at: datetime) -> "AbsenceLetterQuerySet":
        """Those of the agencies where a role shows them, one's own, and those of one's staff."""
        agencies = agencies_where(user, "letters.view", at).values("pk")
        people = people_of(user)
        return self.filter(Q(employee__agency__in=agencies) | Q(employee__in=people))


class AbsenceLetter(models.Model):
    """The proof of an absence (Pergub NTT 67/2019 art. 9(3)), scanned (9(5)) and decided."""

    class Status(models.TextChoices):
        ENTERED = "entered", "Dicatat, belum diajukan"
        SUBMITTED = "submitted", "Menunggu atasan langsung"
        APPROVED = "approved", "Disetujui"
        REJECTED = "rejected", "Ditolak"
        RETURNED = "returned", "Dikembalikan untuk diperbaiki"
        WITHDRAWN = "withdrawn", "Dibatalkan"

    UNDECIDED = (Status.ENTERED, Status.SUBMITTED, Status.RETURNED)
    OPEN_TO_CHANGE = (Status.ENTERED, Status.RETURNED)

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="absence_letters", verbose_name="pegawai"
    )
    kind = models.CharField("jenis", max_length=10, choices=LETTER_KINDS)
    first_on = models.DateField("dari tanggal")
    last_on = models.DateField("sampai tanggal")
    before_leaving = models.BooleanField("pulang sebelum jam kerja berakhir", default=False)
    number = models.CharField("nomor surat", max_length=100, blank=True)
    issuer = models.CharField("pejabat penerbit", max_length=150, blank=True)
    reason = models.CharField("keterangan", max_length=300, blank=True)

    scan = models.FileField("pindaian", upload_to="letters/%Y/%m", blank=True)
    scan_name = models.CharField(max_length=200, blank=True)
    scan_type = models.CharField(max_length=80, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    scan_size = models.PositiveIntegerField(default=0)
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    scanned_at = models.DateTimeField(null=True)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ENTERED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_as = models.CharField(max_length=200, blank=True)
    note = models.TextField("catatan keputusan", blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField()

    objects = AbsenceLetterQuerySet.as_manager()

    class Meta:
        ordering = ["-first_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="letter_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "approved"]) | ~Q(scan_sha256=""),
                name="letter_needs_a_scan",
            ),
        ]
        indexes = [models.Index(fields=["employee", "first_on"], name="letter_of_employee")]

    def __str__(self) -> str:
        return f"Surat {self.get_kind_display().lower()} {self.employee.name}"

    @property
    def is_undecided(self) -> bool:
        return self.status in self.UNDECIDED

    @property
    def is_open_to_change(self) -> bool:
        return self.status in self.OPEN_TO_CHANGE


class RecapQuerySet(models.QuerySet["Recap"]):
    def visible_to(self, user: User, at: datetime) -> "RecapQuerySet":
        """Those of the agencies where a role shows recaps."""
        return self.filter(agency__in=agencies_where(user, "recap.view", at).values("pk"))


class Recap(models.Model):
    """What a month of an agency came to. A draft is rebuilt as a whole; a frozen one stays."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draf"
        FROZEN = "frozen", "Dibekukan"

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

    objects = RecapQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "month", "version"], name="recap_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["agency", "month"], condition=Q(status="draft"), name="recap_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"Rekap {self.subject} versi {self.version}"

    @property
    def subject(self) -> str:
        """The month as processes name it: "2026-04"."""
        return f"{self.month:%Y-%m}"

    @property
    def is_frozen(self) -> bool:
        return self.status == self.Status.FROZEN


class RecapRowQuerySet(models.QuerySet["RecapRow"]):
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
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["recap", "employee"], name="recap_row_once")]

    def __str__(self) -> str:
        return f"{self.name} - {self.recap}"

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
