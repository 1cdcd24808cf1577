"""Letters of absence: the proof that excuses a day or hours of it."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from attendance.law.codes import NAMES, OFFERED
from attendance.models.seeing import people_of
from organization.models import Employee, User
from organization.permissions import agencies_where
from processes.models import Instance

LETTER_KINDS = [(str(code), NAMES[code].capitalize()) for code in OFFERED]


class AbsenceLetterQuerySet(models.QuerySet["AbsenceLetter"]):
    def overlapping(self, first: date, last: date) -> "AbsenceLetterQuerySet":
        return self.filter(first_on__lte=last, last_on__gte=first)

    def alive(self) -> "AbsenceLetterQuerySet":
        """Those that still may excuse a day, or do."""
        return self.exclude(status__in=AbsenceLetter.DEAD)

    def undecided(self) -> "AbsenceLetterQuerySet":
        return self.filter(status__in=AbsenceLetter.UNDECIDED)

    def visible_to(self, user: User, at: datetime) -> "AbsenceLetterQuerySet":
        """Those of the agencies where a role shows them, one's own, and those of one's staff."""
        agencies = agencies_where(user, "letters.view", at).values("pk")
        people = people_of(user, at)
        return self.filter(Q(employee__agency__in=agencies) | Q(employee__in=people))


class AbsenceLetter(models.Model):
    """The proof of an absence (Pergub NTT 67/2019 art. 9(3)), scanned (9(5)) and decided."""

    class Status(models.TextChoices):
        ENTERED = "entered", "Dicatat, belum diajukan"
        SUBMITTED = "submitted", "Menunggu pemeriksaan kelengkapan"
        CHECKED = "checked", "Menunggu atasan langsung"
        APPROVED = "approved", "Disetujui"
        REJECTED = "rejected", "Ditolak"
        RETURNED = "returned", "Dikembalikan untuk diperbaiki"
        WITHDRAWN = "withdrawn", "Dibatalkan"
        REVOKED = "revoked", "Dicabut oleh BKD"

    UNDECIDED = (Status.ENTERED, Status.SUBMITTED, Status.CHECKED, Status.RETURNED)
    DEAD = (Status.REJECTED, Status.WITHDRAWN, Status.REVOKED)
    OPEN_TO_CHANGE = (Status.ENTERED, Status.RETURNED)

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="absence_letters", verbose_name="pegawai"
    )
    kind = models.CharField("jenis", max_length=10, choices=LETTER_KINDS)
    first_on = models.DateField("dari tanggal")
    last_on = models.DateField("sampai tanggal")
    before_leaving = models.BooleanField("pulang sebelum jam kerja berakhir", default=False)
    # Hours of one day, where it is not about the whole of it (izin per jam).
    from_time = models.TimeField("dari jam", null=True, blank=True)
    to_time = models.TimeField("sampai jam", null=True, blank=True)
    number = models.CharField("nomor surat", max_length=100, blank=True)
    issuer = models.CharField("pejabat penerbit", max_length=150, blank=True)
    reason = models.CharField("keterangan", max_length=300, blank=True)

    scan = models.FileField("pindaian", upload_to="letters/%Y/%m", blank=True)
    scan_name = models.CharField(max_length=200, blank=True)
    scan_type = models.CharField(max_length=80, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    scan_size = models.PositiveIntegerField(default=0)
    scan_pages = models.PositiveSmallIntegerField(default=0)
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    scanned_at = models.DateTimeField(null=True)

    # The run of its own procedure; letters of before have none.
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, null=True, blank=True, related_name="absence_letters"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ENTERED)
    escalated_at = models.DateTimeField(null=True)  # since then the next superior may decide too
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
                condition=~Q(status__in=["submitted", "checked", "approved"]) | ~Q(scan_sha256=""),
                name="letter_needs_a_scan",
            ),
            models.CheckConstraint(
                condition=Q(from_time=None, to_time=None)
                | Q(from_time__lt=F("to_time"), first_on=F("last_on")),
                name="letter_hours_of_one_day",
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
