"""Employees: everybody whose attendance is recorded."""

from datetime import date

from django.db import models
from django.db.models import Q

from organization.models.agencies import Agency, Unit


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


class EarlierUnit(models.Model):
    """Where somebody worked up to and including a day, before his next or his present unit.

    Of a day the row with the nearest later end tells; after the last one, the employee himself.
    """

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="earlier_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="earlier_people")
    last_on = models.DateField("hari terakhir")

    class Meta:
        ordering = ["employee", "last_on"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "last_on"], name="one_unit_up_to_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.unit} s.d. {self.last_on}"
