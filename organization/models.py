"""Agencies, employees, accounts and appointments.

Roles are appointments per agency (data), never groups and never named in code.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from foundation.models import LedgerStream


class Agency(LedgerStream):
    """Perangkat Daerah (PD). Its letterhead (kop) stands on every document it issues."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField("nama", max_length=200)
    government = models.CharField("pemerintah", max_length=200, blank=True)
    address = models.CharField("alamat", max_length=300, blank=True)
    city = models.CharField("tempat surat", max_length=80, blank=True)
    letter_code = models.CharField("kode surat", max_length=40, blank=True)
    time_zone = models.CharField("zona waktu", max_length=40, default="Asia/Makassar")

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """Bidang, bagian or UPT inside an agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    name = models.CharField("nama", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="unit_once_per_agency")
        ]

    def __str__(self) -> str:
        return self.name


class EmploymentStatus(models.TextChoices):
    """Pergub NTT 67/2019 art. 1(4-7); PPPK paruh waktu came later."""

    PNS = "PNS", "PNS"
    PPPK = "PPPK", "PPPK"
    PPPK_PART_TIME = "PPPK-PW", "PPPK paruh waktu"
    HONORER = "HONORER", "Tenaga honorer"


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def active(self, on: date) -> "EmployeeQuerySet":
        return self.filter(Q(joined_on=None) | Q(joined_on__lte=on)).filter(
            Q(left_on=None) | Q(left_on__gt=on)
        )

    def eligible_as_officer(self, on: date) -> "EmployeeQuerySet":
        """Only PNS may be Petugas Admin or Operator (Pergub 67/2019 art. 1(10))."""
        return self.active(on).filter(status=EmploymentStatus.PNS)

    def incomplete(self) -> "EmployeeQuerySet":
        """Those of whom `missing_data` would name something."""
        lacking = Q(name="") | Q(number="") | Q(position="") | Q(photo="")
        return self.filter(lacking | Q(rank="", status=EmploymentStatus.PNS))

    def search(self, text: str) -> "EmployeeQuerySet":
        """Those whose name, number (with or without spaces) or position contains the text."""
        number = "".join(text.split())
        return self.filter(
            Q(name__icontains=text) | Q(position__icontains=text) | Q(number__icontains=number)
        )


class Employee(models.Model):
    """A person who works for an agency and whose attendance is recorded."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="employees")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="employees"
    )
    number = models.CharField("NIP / nomor induk", max_length=30, unique=True)
    name = models.CharField("nama", max_length=150)
    status = models.CharField(max_length=10, choices=EmploymentStatus.choices)
    rank = models.CharField("pangkat", max_length=60, blank=True)
    grade = models.CharField("golongan", max_length=10, blank=True)
    position = models.CharField("jabatan", max_length=150, blank=True)
    photo = models.FileField("foto", upload_to="photos/%Y", blank=True)
    superior = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    joined_on = models.DateField("mulai bekerja", null=True, blank=True)
    left_on = models.DateField("berhenti", null=True, blank=True)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active_now(self) -> bool:
        return self.left_on is None

    def missing_data(self) -> list[str]:
        """Name which of the five data of SOP stage 2 this person lacks (nama, NIP, ...)."""
        wanted = {
            "nama": self.name,
            "NIP": self.number,
            "pangkat": self.rank or self.status != EmploymentStatus.PNS,
            "jabatan": self.position,
            "foto": self.photo,
        }
        return [label for label, value in wanted.items() if not value]


class User(AbstractUser):
    """A personal account. `must_change_password` is set until the person chose an own one."""

    employee = models.OneToOneField(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="user"
    )
    must_change_password = models.BooleanField(default=False)

    def get_full_name(self) -> str:
        return self.employee.name if self.employee else super().get_full_name() or self.username


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def valid_on(self, on: date) -> "AppointmentQuerySet":
        """Those whose dates include this day of the agency's calendar."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)

    def valid_at(self, at: datetime) -> "AppointmentQuerySet":
        """Those not revoked at this moment whose dates may include it in some time zone.

        The day itself depends on the agency's zone: ask `covers` of each row, or `valid_on`.
        """
        return self.valid_within(at, at.date() - timedelta(days=1), at.date() + timedelta(days=1))

    def valid_within(self, at: Any, earliest: Any, latest: Any) -> "AppointmentQuerySet":
        """Those not revoked at this moment that hold on a day from `earliest` to `latest`.

        The three may be values or expressions.
        """
        return self.filter(
            Q(revoked_at=None) | Q(revoked_at__gt=at),
            Q(valid_until=None) | Q(valid_until__gte=earliest),
            valid_from__lte=latest,
        )


class Appointment(models.Model):
    """A role in an agency, given by letter, for a time: the one source of permission."""

    class Capacity(models.TextChoices):
        DEFINITIVE = "definitive", "Definitif"
        ACTING = "plt", "Plt."
        DAILY_ACTING = "plh", "Plh."

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField("peran", max_length=80)
    capacity = models.CharField(
        max_length=10, choices=Capacity.choices, default=Capacity.DEFINITIVE
    )
    letter_number = models.CharField("nomor surat", max_length=100, blank=True)
    valid_from = models.DateField("berlaku sejak")
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    qualifications = models.JSONField(default=list, blank=True)
    integrity_pact_signed_at = models.DateTimeField(null=True, blank=True)
    appointed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="appointed"
    )
    letter_attachment = models.PositiveBigIntegerField(null=True, blank=True)  # id of the scan
    # What made this row ("processes.instance:12#step/visit"); the same cause never makes it twice.
    source = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "role", "agency"], name="appointment_mandate")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "user", "role", "agency"],
                condition=~Q(source=""),
                name="appointment_once_per_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.agency}"

    @property
    def title(self) -> str:
        """The role as it is shown: an acting officer is always called one."""
        if self.capacity == self.Capacity.DEFINITIVE:
            return self.role
        return f"{self.get_capacity_display()} {self.role}"

    def covers(self, on: date) -> bool:
        """Say whether the dates of the letter include this day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class PublicHoliday(models.Model):
    """A day without work for all: holiday or collective leave (cuti bersama)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Libur nasional"
        COLLECTIVE_LEAVE = "collective_leave", "Cuti bersama"

    on = models.DateField("tanggal", unique=True)
    name = models.CharField("nama", max_length=150)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.HOLIDAY)

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
