"""Presences that people recorded themselves, what went wrong with them, and who was asked.

A press is never edited: an accepted one becomes a punch, a refused one says why. Coordinates are
personal data: they are kept encrypted, bound to their row, and stand in no event and no log.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from organization.models import Agency, Employee, User, Workplace
from organization.permissions import agencies_where

WATCH = "checkins.watch"


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def accepted(self) -> "CheckInQuerySet":
        return self.filter(reason="")

    def visible_to(self, user: User, at: datetime) -> "CheckInQuerySet":
        """One's own, and those of the agencies that one watches."""
        agencies = agencies_where(user, WATCH, at).values("pk")
        own = Q(employee__isnull=False, employee=user.employee_id)
        return self.filter(Q(agency__in=agencies) | own)


class CheckIn(models.Model):
    """One press on a phone. `received_at` is the server's clock; `measured_at` only as told."""

    class Kind(models.TextChoices):
        IN = "in", "Presensi masuk"
        OUT = "out", "Presensi pulang"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="check_ins")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="check_ins")
    key = models.UUIDField()  # made by the phone: the same press sent twice is one
    kind = models.CharField(max_length=3, choices=Kind.choices)
    day = models.DateField("hari absensi")
    received_at = models.DateTimeField("diterima server")
    measured_at = models.DateTimeField("jam menurut ponsel", null=True)
    sealed_place = models.BinaryField(default=bytes)  # latitude, longitude, accuracy; empty: none
    accuracy_m = models.PositiveIntegerField(null=True)
    distance_m = models.PositiveIntegerField(null=True)  # from the centre of the workplace
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, null=True, related_name="check_ins"
    )
    reason = models.CharField(max_length=20, blank=True)  # why it is no presence; empty: accepted
    problem = models.CharField(max_length=20, blank=True)  # why the phone told no place
    flags = models.JSONField(default=list)
    device_hint = models.CharField(max_length=120, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "key"], name="check_in_sent_once"),
            models.UniqueConstraint(
                fields=["employee", "day", "kind"],
                condition=Q(reason=""),
                name="check_in_accepted_once",
            ),
        ]
        indexes = [models.Index(fields=["agency", "day"], name="check_in_of_agency_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"

    @property
    def is_accepted(self) -> bool:
        return not self.reason


class HelpTicket(models.Model):
    """Somebody could not record his presence on a day; the managers answer (R-TP-06)."""

    class Topic(models.TextChoices):
        LOCATION = "location", "Lokasi tidak terbaca"
        LATE_SENT = "late_sent", "Presensi terkirim terlambat"
        OTHER = "other", "Lainnya"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="help_tickets")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="help_tickets")
    day = models.DateField("hari absensi")
    topic = models.CharField("pokok", max_length=10, choices=Topic.choices)
    problem = models.CharField("masalah", max_length=500, blank=True)
    check_in = models.ForeignKey(
        CheckIn, on_delete=models.PROTECT, null=True, related_name="tickets"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answer = models.CharField("jawaban", max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "day", "topic"],
                condition=Q(answered_at=None),
                name="one_open_ticket_per_topic",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="ticket_is_answered_in_words",
            ),
        ]
        indexes = [models.Index(fields=["agency", "day"], name="ticket_of_agency_day")]

    def __str__(self) -> str:
        return f"Tiket {self.get_topic_display()} {self.day}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None


class ContactNote(models.Model):
    """Somebody without presence was contacted: when, how, and what he said (R-TP-09)."""

    class Channel(models.TextChoices):
        PHONE = "phone", "Telepon"
        MESSAGE = "message", "Pesan"
        MEETING = "meeting", "Ditemui"
        SUPERIOR = "superior", "Lewat atasan"

    class Result(models.TextChoices):
        CLARIFIED = "clarified", "Klarifikasi diterima"
        LETTER_FOLLOWS = "letter", "Izin menyusul"
        UNEXPLAINED = "unexplained", "Tanpa keterangan"
        UNREACHED = "unreached", "Tidak terhubung"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contact_notes")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="contact_notes")
    day = models.DateField("hari absensi")
    at = models.DateTimeField("dihubungi")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField("cara", max_length=10, choices=Channel.choices)
    result = models.CharField("hasil", max_length=12, choices=Result.choices)
    answer = models.CharField("jawaban", max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["agency", "day"], name="contact_of_agency_day")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.get_result_display()}"


class DayFile(models.Model):
    """What a day's presences were, written out as a file with its hash (R-TP-10).

    No backup of the database (`manage.py backup` makes one): the day's own rows, readable by
    themselves.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="day_files")
    day = models.DateField("hari absensi")
    path = models.CharField(max_length=200)  # below the storage of files
    name = models.CharField("nama berkas", max_length=200)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    read_back_at = models.DateTimeField()  # when the stored file was read and its rows counted
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-id"]
        indexes = [models.Index(fields=["agency", "day"], name="day_file_of_agency_day")]

    def __str__(self) -> str:
        return self.name
