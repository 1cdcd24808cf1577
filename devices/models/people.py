"""People on machines: their numbers, where these were put, and which fingers are recorded."""

from datetime import date, datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from devices.models.machines import Device
from organization.models import Employee, User

MAX_PIN = 999_999_999  # nine digits: what most machines hold (~PIN2Width=9)
FINGERS = (
    "kelingking kiri", "jari manis kiri", "jari tengah kiri", "telunjuk kiri", "ibu jari kiri",
    "ibu jari kanan", "telunjuk kanan", "jari tengah kanan", "jari manis kanan",
    "kelingking kanan",
)  # fmt: skip

FINGER_CHOICES = list(enumerate(FINGERS))


class DevicePinQuerySet(models.QuerySet["DevicePin"]):
    def valid_on(self, on: date) -> "DevicePinQuerySet":
        open_end = Q(valid_until=None) | Q(valid_until__gte=on)
        return self.filter(open_end, valid_from__lte=on)


class DevicePin(models.Model):
    """The number of an employee on the machines. Never the NIP, never given to anybody else."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="device_pins")
    number = models.PositiveIntegerField(
        "PIN", unique=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_PIN)]
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DevicePinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee"], condition=Q(valid_until=None), name="one_open_pin_per_employee"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MAX_PIN), name="pin_fits_nine_digits"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def covers(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class DeviceUser(models.Model):
    """A PIN that we put on a machine. A PIN found there that we did not put is a stranger's."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="users")
    pin = models.ForeignKey(DevicePin, on_delete=models.PROTECT, related_name="device_users")
    name = models.CharField(max_length=150)  # as it was sent; the machine keeps less of it
    pushed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "pin"], name="device_user_once")]

    def __str__(self) -> str:
        return f"{self.pin} @ {self.device}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def current(self) -> "EnrolmentQuerySet":
        return self.filter(withdrawn_at=None)

    def waiting(self) -> "EnrolmentQuerySet":
        """Recorded, and no supervisor has confirmed it yet: does not count (art. 8(3))."""
        return self.current().filter(status=Enrolment.Status.RECORDED, supervised_at=None)

    def counting(self) -> "EnrolmentQuerySet":
        """Recorded under supervision."""
        return self.current().filter(status=Enrolment.Status.RECORDED, supervised_at__isnull=False)


class Enrolment(models.Model):
    """What is known about an employee's fingers: recorded, excepted, or promised for a day.

    A finger has one current row per generation of machines (`template`), and one that was noted by
    hand at a machine which cannot be read.
    """

    class Status(models.TextChoices):
        RECORDED = "recorded", "Terekam"
        EXCEPTION = "exception", "Pengecualian"
        LATER = "later", "Menyusul"

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=10, choices=Status.choices)
    finger = models.PositiveSmallIntegerField(null=True, blank=True, choices=FINGER_CHOICES)
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    due_on = models.DateField("menyusul pada", null=True, blank=True)
    reason = models.CharField("alasan", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="recorded_enrolments"
    )
    at = models.DateTimeField()
    # The finger as it was read; empty where the machine cannot be read.
    template = models.OneToOneField(
        "devices.FingerprintTemplate",
        on_delete=models.PROTECT,
        null=True,
        related_name="enrolment",
    )
    # Recorded under whose eyes (art. 8(3)): until then a recording does not count.
    supervised_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="supervised_enrolments"
    )
    supervised_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "finger"],
                condition=Q(status="recorded", withdrawn_at=None, template=None),
                name="finger_noted_once",
            ),
            models.CheckConstraint(
                condition=Q(supervised_by=None, supervised_at=None)
                | Q(supervised_by__isnull=False, supervised_at__isnull=False, status="recorded"),
                name="supervised_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(supervised_by=F("recorded_by")), name="nobody_supervises_himself"
            ),
            models.UniqueConstraint(
                fields=["employee"],
                condition=~Q(status="recorded") & Q(withdrawn_at=None),
                name="one_reason_per_employee",
            ),
            models.CheckConstraint(
                condition=(Q(status="recorded", finger__range=(0, 9)))
                | (Q(status="exception") & ~Q(reason=""))
                | (Q(status="later", due_on__isnull=False) & ~Q(reason="")),
                name="enrolment_says_what_it_must",
            ),
        ]
        indexes = [
            models.Index(fields=["employee", "status"], name="enrolment_of_employee"),
            models.Index(
                fields=["employee"],
                name="enrolment_waiting",
                condition=Q(status="recorded", supervised_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.get_status_display()}"


class RerecordingPermitQuerySet(models.QuerySet["RerecordingPermit"]):
    def open_at(self, at: datetime) -> "RerecordingPermitQuerySet":
        return self.filter(closed_at=None, given_at__lte=at, valid_until__gt=at)


class RerecordingPermit(models.Model):
    """Leave to record a person's fingers anew (art. 8(4)), given by whoever supervises it.

    Without one a changed finger raises an alarm and the old one stays.
    """

    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="rerecording_permits"
    )
    reason = models.CharField("alasan", max_length=200)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="given_permits")
    given_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # used or withdrawn

    objects = RerecordingPermitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee"], condition=Q(closed_at=None), name="one_open_permit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.given_at:%Y-%m-%d}"


class SeenUser(models.Model):
    """A PIN that a machine showed when it was last read, whoever put it there, and its fingers."""

    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, related_name="seen_users", db_index=False
    )
    pin = models.CharField(max_length=24)
    name = models.CharField(max_length=150, blank=True)  # as far as the machine keeps it
    fingers = models.JSONField(default=list)  # numbers 0-9, in order
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "pin"], name="seen_user_once")]

    def __str__(self) -> str:
        return f"{self.pin} @ {self.device}"
